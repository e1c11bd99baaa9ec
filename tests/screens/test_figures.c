/* SPDX-License-Identifier: GPL-3.0-or-later */
/* QUALITY P3: bytes to the terminal at 80×24, counted from the key to the next read. */
#include "screens/stage.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static const char *const types[] = {"xterm-256color", "vt100"};

static void assert_bytes(struct stage *s, const char *what, size_t got, size_t least, size_t most)
{
	print_message("%-28s %4zu (%zu)\n", what, got, most);
	if (got < least || got > most) {
		glass_print(s->glass);
		fail_msg("%s: %zu bytes", what, got);
	}
}

static void each(void (*measure)(struct stage *s), unsigned people)
{
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		struct stage *s = calloc(1, sizeof(*s));

		stage_open(s, types[i]);
		stage_people(s, people);
		print_message("%s\n", types[i]);
		measure(s);
		stage_close(s);
		free(s);
	}
}

/* The widest of some moves: names differ in length. */
static size_t most_of(struct stage *s, int key, int times)
{
	size_t most = 0;

	for (int i = 0; i < times; i++) {
		size_t n = stage_bytes(s, key);

		most = n > most ? n : most;
	}
	return most;
}

static void measure_list(struct stage *s)
{
	int rows;

	stage_login(s, "clerk");
	assert_bytes(s, "roster, first paint", stage_bytes(s, 'r'), 500, 3000);
	rows = (int)term_canvas(s->term)->rows;
	assert_bytes(s, "cursor down", most_of(s, K_DOWN, 10), 1, 60);
	assert_bytes(s, "cursor up", most_of(s, K_UP, 10), 1, 60);
	most_of(s, K_DOWN, rows); /* to the bottom of the window */
	assert_bytes(s, "scroll one line", most_of(s, K_DOWN, 20), 1, 350);
	assert_bytes(s, "page down", most_of(s, K_PAGE_DOWN, 3), 1, 1800);
	assert_bytes(s, "page up", most_of(s, K_PAGE_UP, 3), 1, 1800);
	stage_keys(s, "<Home>");
	assert_bytes(s, "mark", most_of(s, ' ', 2), 1, 120);
}

static void figures__list(void **state)
{
	(void)state;
	each(measure_list, 150);
}

/* The focus rests in each field, so that its whole help stands in the status line: it comes by itself, and costs its leaving little. */
static void measure_hints(struct stage *s)
{
	size_t most = 0, shown = 0;

	for (int i = 0; i < 6; i++) {
		uint64_t before = term_bytes(s->term);
		size_t n;

		stage_tick(s, 1000);
		shown += term_bytes(s->term) > before;
		n = stage_bytes(s, K_TAB);
		most = n > most ? n : most;
	}
	assert_bytes(s, "fields whose hint was cut", shown, 1, 6);
	assert_bytes(s, "next field, from a hint", most, 1, 60);
}

/* A whole record, as a form is met whose values were carried over: no finding comes or goes on the way. */
static void measure_form(struct stage *s)
{
	stage_login(s, "clerk");
	stage_keys(s, "r<Enter>m");
	stage_on(s, "register");
	stage_keys(s, "<BackTab><BackTab><BackTab><BackTab><BackTab><BackTab>");
	assert_bytes(s, "next field", most_of(s, K_TAB, 6), 1, 60);
	assert_bytes(s, "previous field", most_of(s, K_BACKTAB, 6), 1, 60);
	measure_hints(s);
	most_of(s, K_BACKTAB, 6);
	stage_keys(s, "<PgDn><PgUp>");
	assert_bytes(s, "next field, scrolling", most_of(s, K_TAB, 12), 1, 350);
	stage_keys(s, "<F6>");
	assert_bytes(s, "first ASCII character", stage_bytes(s, '1'), 1, 4);
	assert_bytes(s, "ASCII character", most_of(s, '3', 5), 1, 4);
	assert_bytes(s, "Backspace", stage_bytes(s, K_BACKSPACE), 1, 4);
	stage_tick(s, 1000);
	assert_bytes(s, "ASCII, under a hint", most_of(s, '3', 5), 1, 4);
}

static void figures__form(void **state)
{
	(void)state;
	each(measure_form, 1);
}

static void measure_manual(struct stage *s)
{
	stage_login(s, "clerk");
	assert_bytes(s, "manual form, first paint", stage_bytes(s, 'n'), 500, 3000);
	for (int i = 0; i < 30; i++) {
		int row, col;

		glass_cursor(s->glass, &row, &col);
		if (strstr(glass_row(s->glass, row), "姓名"))
			break;
		stage_keys(s, "<Tab>");
	}
	stage_keys(s, "<F6>");
	assert_bytes(s, "Chinese character", stage_bytes(s, 0x5F20), 1, 8);
	assert_bytes(s, "Chinese character", stage_bytes(s, 0x4F1F), 1, 8);
	assert_bytes(s, "rare character", stage_bytes(s, 0x20BB7), 1, 24);
}

static void figures__manual(void **state)
{
	(void)state;
	each(measure_manual, 0);
}

/* An hour in which nobody does anything: not one byte, but for the lock. */
static void measure_idle(struct stage *s)
{
	uint64_t before;

	stage_login(s, "clerk");
	stage_keys(s, "r");
	before = term_bytes(s->term);
	for (int second = 1; second <= 540; second++)
		stage_tick(s, second * 1000);
	assert_bytes(s, "nine idle minutes", (size_t)(term_bytes(s->term) - before), 0, 0);
}

static void figures__idle(void **state)
{
	(void)state;
	each(measure_idle, 3);
}

static void figures__login_and_home(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		struct stage *s = calloc(1, sizeof(*s));
		uint64_t before;

		stage_open(s, types[i]);
		assert_bytes(s, "login, first paint", (size_t)term_bytes(s->term), 50, 3000);
		stage_keys(s, "clerk<Tab>" PASSWORD);
		before = term_bytes(s->term);
		stage_keys(s, "<Enter>");
		assert_bytes(s, "home, first paint", (size_t)(term_bytes(s->term) - before), 300, 3000);
		stage_close(s);
		free(s);
	}
}

/* Every screen, painted whole: help is the longest. */
static void figures__screens(void **state)
{
	static const struct { const char *name, *keys; } screens[] = {
		{"person", "r<Enter>"}, {"teams", "t"}, {"upload", "u"}, {"help of the roster", "r<F1>"}, {"acts", "rw"}, {"messages", "m"}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		for (size_t k = 0; k < ARRAY_LEN(screens); k++) {
			struct stage *s = calloc(1, sizeof(*s));
			uint64_t before;

			stage_open(s, types[i]);
			stage_people(s, 30);
			stage_login(s, "clerk");
			stage_keys(s, screens[k].keys);
			before = term_bytes(s->term);
			ui_repaint(s->ui);
			stage_paint(s);
			assert_bytes(s, screens[k].name, (size_t)(term_bytes(s->term) - before), 100, 3000);
			stage_close(s);
			free(s);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(figures__login_and_home), cmocka_unit_test(figures__list), cmocka_unit_test(figures__form),
		cmocka_unit_test(figures__manual), cmocka_unit_test(figures__idle), cmocka_unit_test(figures__screens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
