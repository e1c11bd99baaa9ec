/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables of every screen: no key twice, no help empty, every function key with a second way, every form with U2's keys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../screens/form.h"
#include "../../screens/screen_list.h"
#include "base/text.h"

struct walk { const struct screen_ops *ops; int key[128]; const char *owner[128]; size_t n; };

static void take_key(struct walk *w, int key, const char *name)
{
	if (!key)
		return;
	for (size_t i = 0; i < w->n; i++)
		if (w->key[i] == key)
			fail_msg("screen %s: %s and %s have one key (%x)", w->ops->name, w->owner[i], name, (unsigned)key);
	assert_true(w->n < ARRAY_LEN(w->key));
	w->key[w->n] = key;
	w->owner[w->n++] = name;
}

static void walk_rows(struct walk *w, const struct action *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (!rows[i].help || !rows[i].help[0] || !rows[i].name || !rows[i].name[0] || !rows[i].run)
			fail_msg("screen %s: row %zu has no help, name or function", w->ops->name, i);
		if (rows[i].key >= K_F1 && rows[i].key <= K_F12 && !rows[i].key2)
			fail_msg("screen %s: %s has no second way", w->ops->name, rows[i].name);
		take_key(w, rows[i].key, rows[i].name);
		take_key(w, rows[i].key2, rows[i].name);
	}
}

/* A screen may have a global key for itself (Esc in a dialog); among its own and its kind's rows no key stands twice, nor among the global ones. */
static void tables__no_key_twice(void **state)
{
	struct walk global = {.ops = screen_table[0]};

	(void)state;
	walk_rows(&global, ui_global_actions, ui_global_actions_size);
	for (size_t i = 0; i < screen_table_size; i++) {
		struct walk w = {.ops = screen_table[i]};

		walk_rows(&w, w.ops->actions, w.ops->n_actions);
		walk_rows(&w, w.ops->shared, w.ops->n_shared);
	}
}

static bool overrides(const struct screen_ops *ops, const struct action *global)
{
	for (size_t i = 0; i < ops->n_actions; i++)
		if (ops->actions[i].key == global->key || ops->actions[i].key2 == global->key)
			return true;
	return false;
}

/* Only going back, and the key that opened a thing to close it, may stand before a global key. */
static void tables__global_keys_keep_their_meaning(void **state)
{
	(void)state;
	for (size_t i = 0; i < screen_table_size; i++)
		for (size_t g = 0; g < ui_global_actions_size; g++) {
			const struct screen_ops *ops = screen_table[i];
			const struct action *a = &ui_global_actions[g];
			bool allowed = a->key == K_ESC || (a->key == K_F1 && ops == &help_screen) || (a->key == K_F9 && ops == &cards_screen);

			if (!allowed && overrides(ops, a))
				fail_msg("screen %s: %s means something else", ops->name, a->name);
		}
}

static void tables__names_are_unique(void **state)
{
	(void)state;
	for (size_t i = 0; i < screen_table_size; i++) {
		assert_non_null(screen_table[i]->draw);
		assert_true(screen_table[i]->title[0] != '\0');
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(screen_table[i]->name, screen_table[j]->name);
	}
}

static void tables__forms_have_their_keys(void **state)
{
	static const char *const needed[] = {"next", "previous", "same", "clear", "restore", "values", "save"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(needed); i++) {
		const struct action *found = NULL;

		for (size_t j = 0; j < FORM_ACTIONS; j++)
			if (!strcmp(form_actions[j].name, needed[i]))
				found = &form_actions[j];
		assert_non_null(found);
		assert_non_null(found->word); /* in the footer */
		assert_false(key_is_text(found->key));
	}
}

/* U5: nothing in a form or while searching is on a letter. */
static void tables__letters_run_nothing_in_forms(void **state)
{
	(void)state;
	for (size_t i = 0; i < screen_table_size; i++) {
		const struct screen_ops *ops = screen_table[i];

		if (ops->shared != form_actions)
			continue;
		assert_non_null(ops->typing);
		for (size_t j = 0; j < ops->n_actions; j++)
			assert_false(key_is_text(ops->actions[j].key));
	}
}

/* --- values found by what is typed --- */

static const struct form_choice trades[] = {
	{"010", "砌筑工"}, {"020", "钢筋工"}, {"030", "架子工"}, {"040", "混凝土工"}, {"050", "模板工"}, {"060", "机械设备安装工"},
	{"390", "电工"}, {"391", "焊工"}, {"900", "管理人员"},
};

static void choices__by_code_words_pinyin_initials(void **state)
{
	static const struct { const char *typed; size_t fit; const char *value; } cases[] = {
		{"020", 1, "020"}, {"钢筋工", 1, "020"}, {"钢", 1, "020"}, {"gj", 1, "020"}, {"gangjin", 1, "020"}, {"ＧＪ", 1, "020"}, {" 040 ", 1, "040"},
		{"hg", 1, "391"}, {"39", 2, NULL}, {"zzz", 0, NULL}, {"工", 8, NULL}, {"g", 2, NULL}, {"gg", 0, NULL}, {"jj", 0, NULL}, {"管理", 1, "900"}, {"mbg", 1, "050"}, {"jz", 1, "030"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct form_choice one = {0};
		size_t fit = form_resolve(trades, ARRAY_LEN(trades), cases[i].typed, &one);

		if (fit != cases[i].fit || (cases[i].value && strcmp(one.value, cases[i].value)))
			fail_msg("%s: %zu fit, %s", cases[i].typed, fit, one.value);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tables__no_key_twice),
		cmocka_unit_test(tables__global_keys_keep_their_meaning),
		cmocka_unit_test(tables__names_are_unique),
		cmocka_unit_test(tables__forms_have_their_keys),
		cmocka_unit_test(tables__letters_run_nothing_in_forms),
		cmocka_unit_test(choices__by_code_words_pinyin_initials),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
