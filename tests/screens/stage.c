/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "screens/stage.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/text.h"

#include "../../screens/screen_list.h"
#include "../../screens/ui_private.h"

static const struct screens_card cards[] = {{"zhang", "张某 · 居民身份证"}, {"li", "李某 · 居民身份证"}, {"ouyang", "欧阳某某 · 港澳台居民居住证"}};

void stage_start_ui(struct stage *s)
{
	struct err e = {0};

	assert_int_equal(ui_new(&s->ui, s->site.d, s->term, &s->options, &e), 0);
	assert_int_equal(ui_push(s->ui, &login_screen, NULL), 0);
	stage_paint(s);
}

void stage_drop_ui(struct stage *s)
{
	ui_free(s->ui);
	s->ui = NULL;
}

void stage_open(struct stage *s, const char *type)
{
	stage_open_in(s, type, "national");
}

void stage_open_in(struct stage *s, const char *type, const char *profile)
{
	struct term_options o = {.type = type, .ambiguous = 1};
	struct err e = {0};

	memset(s, 0, sizeof(*s));
	log_open("test", -1, LOG_ERR);
	setenv("SHIMING_LIBEXEC", "/nonexistent", 1); /* no helpers here: cards come from the test */
	site_make(&s->site, profile);
	desk_logout(s->site.d);
	s->glass = glass_open(24, 80);
	assert_non_null(s->glass);
	o.in = o.out = glass_tty(s->glass);
	assert_int_equal(term_open(&s->term, &o, &e), 0);
	assert_int_equal(pipe2(s->control, O_CLOEXEC | O_NONBLOCK), 0);
	s->options = (struct screens_options){.dir = s->site.dir, .notice = "练习：clerk / manager", .card_control_fd = s->control[1], .card = cards,
					      .n_cards = ARRAY_LEN(cards)};
	s->now = clock_steady_ms();
	stage_start_ui(s);
}

void stage_close(struct stage *s)
{
	stage_drop_ui(s);
	term_close(s->term);
	glass_close(s->glass);
	close(s->control[0]);
	close(s->control[1]);
	site_drop(&s->site);
}

void stage_people(struct stage *s, unsigned n)
{
	bool out = !desk_session(s->site.d)->account;

	if (out)
		site_login(&s->site, "clerk");
	for (unsigned i = 1; i <= n; i++)
		person_register(&s->site, i, NULL);
	if (out)
		desk_logout(s->site.d);
}

void stage_paint(struct stage *s)
{
	struct err e = {0};

	assert_int_equal(ui_paint(s->ui, &e), 0);
	glass_catch_up(s->glass, term_bytes(s->term));
}

void stage_tick(struct stage *s, int64_t ms)
{
	s->now = clock_steady_ms() + ms;
	ui_tick(s->ui, s->now);
	stage_paint(s);
}

size_t stage_bytes(struct stage *s, int key)
{
	uint64_t before = term_bytes(s->term);

	ui_key(s->ui, key);
	stage_paint(s);
	return (size_t)(term_bytes(s->term) - before);
}

static const struct { const char *name; int key; } names[] = {
	{"Enter", K_ENTER}, {"Esc", K_ESC}, {"Tab", K_TAB}, {"BackTab", K_BACKTAB}, {"Backspace", K_BACKSPACE}, {"Del", K_DELETE}, {"Up", K_UP},
	{"Down", K_DOWN}, {"Left", K_LEFT}, {"Right", K_RIGHT}, {"Home", K_HOME}, {"End", K_END}, {"PgUp", K_PAGE_UP}, {"PgDn", K_PAGE_DOWN},
	{"F1", K_F1}, {"F2", K_F2}, {"F3", K_F3}, {"F4", K_F4}, {"F5", K_F5}, {"F6", K_F6}, {"F7", K_F7}, {"F8", K_F8}, {"F9", K_F9},
	{"F10", K_F10}, {"F11", K_F11}, {"F12", K_F12},
};

static int named(const char *name, size_t n)
{
	if (n == 3 && !strncmp(name, "C-", 2))
		return K_CTRL(name[2]);
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strlen(names[i].name) == n && !strncmp(names[i].name, name, n))
			return names[i].key;
	fail_msg("no such key: %.*s", (int)n, name);
	return 0;
}

void stage_keys(struct stage *s, const char *keys)
{
	while (*keys) {
		const char *end = *keys == '<' ? strchr(keys, '>') : NULL;
		uint32_t cp;
		size_t n;

		if (end) {
			stage_bytes(s, named(keys + 1, (size_t)(end - keys - 1)));
			keys = end + 1;
		} else {
			n = text_decode(keys, strlen(keys), &cp);
			assert_true(n > 0);
			stage_bytes(s, (int)cp);
			keys += n;
		}
		stage_assert_cursor(s);
		stage_assert_footer(s);
	}
}

void stage_login(struct stage *s, const char *account)
{
	stage_keys(s, account);
	stage_keys(s, "<Tab>" PASSWORD "<Enter>");
	stage_on(s, "home");
}

void stage_card_event(struct stage *s, unsigned person, struct card_event *out)
{
	struct card_event ev = {.kind = CARD_EVENT_READ};
	struct record r;

	person_record(&s->site, &r, person, true);
	ev.card = (struct id_card){.type = ID_CARD_RESIDENT, .sex = ID_SEX_MALE, .birth = record_date(&r, F_BIRTH),
				   .valid_from = record_date(&r, F_VALID_FROM), .valid_to = record_date(&r, F_VALID_TO), .has_photo = true};
	text_copy(ev.card.name, sizeof(ev.card.name), record_get(&r, F_NAME));
	text_copy(ev.card.number, sizeof(ev.card.number), record_get(&r, F_NUMBER));
	text_copy(ev.card.nation_code, sizeof(ev.card.nation_code), "01");
	text_copy(ev.card.nation, sizeof(ev.card.nation), "汉");
	text_copy(ev.card.address, sizeof(ev.card.address), record_get(&r, F_ADDRESS));
	text_copy(ev.card.authority, sizeof(ev.card.authority), record_get(&r, F_AUTHORITY));
	text_copy(ev.card.birth_text, sizeof(ev.card.birth_text), record_get(&r, F_BIRTH));
	text_copy(ev.card.valid_from_text, sizeof(ev.card.valid_from_text), record_get(&r, F_VALID_FROM));
	text_copy(ev.card.valid_to_text, sizeof(ev.card.valid_to_text), record_get(&r, F_VALID_TO));
	record_release(&r);
	*out = ev;
}

void stage_card(struct stage *s, unsigned person)
{
	struct card_event ev;

	stage_card_event(s, person, &ev);
	ui_card_event(s->ui, &ev);
	stage_paint(s);
}

void stage_to_field(struct stage *s, const char *label)
{
	for (int i = 0; i < 60; i++) {
		int row, col;

		glass_cursor(s->glass, &row, &col);
		if (strstr(glass_row(s->glass, row), label))
			return;
		stage_keys(s, "<Tab>");
	}
	glass_print(s->glass);
	fail_msg("no field %s", label);
}

void stage_fill_work(struct stage *s)
{
	static const struct { const char *label, *typed; } fields[] = {
		{"手机号码", "13800004001"}, {"所属单位", "青禾"}, {"班组", "木工"}, {"合同终止", "2028-12-31"}, {"工资标准", "380"},
	};

	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		stage_to_field(s, fields[i].label);
		stage_keys(s, "<F6>");
		stage_keys(s, fields[i].typed);
		stage_keys(s, "<Tab>");
	}
}

void stage_save(struct stage *s)
{
	for (int i = 0; i < 12 && !strcmp(ui_top(s->ui)->name, "register"); i++) {
		int row, col;

		stage_keys(s, "<F2>");
		if (strcmp(ui_top(s->ui)->name, "register"))
			return;
		glass_cursor(s->glass, &row, &col);
		if (strstr(glass_row(s->glass, row), "日期") || strstr(glass_row(s->glass, row), "起始"))
			stage_keys(s, "<F6>2026-11-20");
		else if (strstr(glass_row(s->glass, row), "卡号"))
			stage_keys(s, "<F6>6222000000000000018");
		else if (strstr(glass_row(s->glass, row), "联系电话"))
			stage_keys(s, "<F6>13800004002");
		else
			stage_keys(s, "<F4><Enter>");
	}
}

bool stage_shows(struct stage *s, const char *text)
{
	return glass_shows(s->glass, text);
}

void stage_on(struct stage *s, const char *screen)
{
	if (!ui_top(s->ui) || strcmp(ui_top(s->ui)->name, screen)) {
		glass_print(s->glass);
		fail_msg("on screen %s instead of %s", ui_top(s->ui) ? ui_top(s->ui)->name : "(none)", screen);
	}
}

#define FOOTER_ITEMS 40

/* "F2 保存" after two blanks or at the beginning of a line: key and word. */
static size_t footer_items(struct stage *s, char items[FOOTER_ITEMS][2][40])
{
	int rows = term_canvas(s->term)->rows, height = frame_footer_height(s->ui);
	size_t n = 0;

	for (int row = rows - height; row < rows; row++) {
		char line[512], *p = line;

		text_copy(line, sizeof(line), glass_row(s->glass, row));
		while (*(p += strspn(p, " "))) {
			char *end = strstr(p, "  "), *blank = strchr(p, ' ');

			end = end ? end : p + strlen(p);
			assert_true(blank && blank < end && n < FOOTER_ITEMS);
			text_format(items[n][0], sizeof(items[n][0]), "%.*s", (int)(blank - p), p);
			text_format(items[n++][1], sizeof(items[n][1]), "%.*s", (int)(end - blank - 1), blank + 1);
			p = end;
		}
	}
	return n;
}

void stage_assert_footer(struct stage *s)
{
	char items[FOOTER_ITEMS][2][40];
	size_t n;

	if (term_canvas(s->term)->rows < MIN_ROWS || term_canvas(s->term)->cols < MIN_COLS || !ui_entry(s->ui))
		return;
	n = footer_items(s, items);
	if (!n) {
		glass_print(s->glass);
		fail_msg("no footer on screen %s", ui_top(s->ui)->name);
	}
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < i; k++)
			if (!strcmp(items[i][0], items[k][0]) || !strcmp(items[i][1], items[k][1])) {
				glass_print(s->glass);
				fail_msg("twice in the footer: %s %s, %s %s", items[k][0], items[k][1], items[i][0], items[i][1]);
			}
}

void stage_assert_cursor(struct stage *s)
{
	const struct canvas *c = term_canvas(s->term);
	int row, col;

	assert_true(c->cursor_row >= 0);
	glass_cursor(s->glass, &row, &col);
	if (row != c->cursor_row || col != c->cursor_col) {
		glass_print(s->glass);
		fail_msg("the cursor is at %d,%d instead of %d,%d", row, col, c->cursor_row, c->cursor_col);
	}
}
