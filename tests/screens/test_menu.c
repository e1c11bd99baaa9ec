/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 更多: every row opens what it says, and going back leads to the menu again. */
#include "screens/stage.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

#include "../../screens/menu.h"
#include "../../screens/screen_list.h"

static int opened(void **state)
{
	struct stage *s = calloc(1, sizeof(*s));

	stage_open(s, "xterm-256color");
	*state = s;
	return 0;
}

static int closed(void **state)
{
	stage_close(*state);
	free(*state);
	return 0;
}

static void menu__every_row_opens_its_screen(void **state)
{
	struct stage *s = *state;
	const struct menu_row *rows;
	size_t n = menu_rows(&rows);

	stage_login(s, "clerk");
	stage_keys(s, "o");
	for (size_t i = 0; i < n; i++) {
		stage_on(s, "menu");
		stage_expect(s, _(rows[i].word));
		stage_keys(s, "<Enter>");
		stage_on(s, rows[i].screen->name);
		stage_keys(s, "<Esc>");
		stage_on(s, "menu");
		stage_keys(s, "<Down>");
	}
	stage_keys(s, "<Esc>");
	stage_on(s, "home");
}

static const struct {
	const char *name;
	unsigned roles;
} others[] = {
	{"operator", ROLE_SITE_OPERATOR}, {"subclerk", ROLE_SUBCONTRACTOR_CLERK},
	{"company", ROLE_COMPANY_HR},	  {"legal", ROLE_LEGAL_REPRESENTATIVE},
	{"admin", ROLE_ADMINISTRATOR},	  {"auditor", ROLE_AUDITOR},
};

static void add_others(struct stage *s)
{
	site_login(&s->site, "manager");
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		OK(desk_account_add(s->site.d,
				    &(struct account_new){.name = others[i].name,
							  .display = "试别人",
							  .password = PASSWORD,
							  .roles = others[i].roles,
							  .kdf_mib = 8},
				    E));
	desk_logout(s->site.d);
}

/* What is shown is never refused for want of a right, and is reached by its key alone. */
static void walk_by_keys(struct stage *s, const char *account)
{
	const struct menu_row *rows;
	size_t n = menu_rows(&rows), shown = 0, refused = 0;

	stage_login(s, account);
	stage_keys(s, "o");
	for (size_t i = 0; i < n; i++) {
		char key[2] = {(char)rows[i].key, '\0'};

		if (!menu_offers(s->ui, &rows[i]))
			continue;
		shown++;
		stage_keys(s, key);
		if (strstr(ui_status(s->ui), err_sentence(ERR_NOT_PERMITTED))) {
			print_message("%s is offered %s and refused it\n", account, rows[i].word);
			refused++;
		}
		if (ui_top(s->ui) != &menu_screen)
			stage_keys(s, "<Esc>");
		stage_on(s, "menu");
	}
	print_message("%s: %zu of %zu rows\n", account, shown, n);
	assert_int_equal(refused, 0);
}

static void menu__nobody_is_refused_what_is_shown(void **state)
{
	struct stage *s = *state;

	add_others(s);
	for (size_t i = 0; i < ARRAY_LEN(others); i++) {
		walk_by_keys(s, others[i].name);
		stage_drop_ui(s);
		desk_logout(s->site.d);
		stage_start_ui(s);
	}
}

static void menu__no_row_twice(void **state)
{
	const struct menu_row *rows;
	size_t n = menu_rows(&rows);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		assert_true(rows[i].help[0] != '\0');
		for (size_t j = 0; j < i; j++)
			assert_string_not_equal(rows[i].word, rows[j].word);
		for (size_t j = 0; j < i; j++)
			assert_int_not_equal(rows[i].key, rows[j].key);
		assert_true(i == 0 || rows[i].group >= rows[i - 1].group);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(menu__every_row_opens_its_screen, opened, closed),
		cmocka_unit_test_setup_teardown(menu__nobody_is_refused_what_is_shown, opened, closed),
		cmocka_unit_test(menu__no_row_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
