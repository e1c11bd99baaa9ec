/* SPDX-License-Identifier: GPL-3.0-or-later */
/* U9, U7: every screen through random sizes from 1×1 to 300×100 with random keys between; nothing crashes, nothing typed is lost. */
#include "screens/stage.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "screens/texts.h"

#ifndef STEPS
#define STEPS 1500 /* per screen; the long run has more */
#endif

static const struct { const char *screen, *keys; } places[] = {
	{"home", ""}, {"menu", "o"}, {"undo", "z"}, {"roster", "r"}, {"roster", "r/zh"}, {"person", "r<Enter>"}, {"possible", "r<Enter>p"}, {"photo", "r<Enter>z"}, {"acts", "r*w"}, {"dialog", "r*w<F2>"},
	{"teams", "t"}, {"participants", "c"}, {"site_form", "ta"}, {"values", "ta<F4>"}, {"upload", "u"}, {"outbox", "u<Enter>"},
	{"messages", "m"}, {"drafts", "n1<Esc><End><Up><Enter>"}, {"help", "<F1>"}, {"lock", "<F12>"}, {"quit", "<F10>"}, {"cards", "<F9>"},
	{"register", "n"}, {"devices", "o7"}, {"device_form", "o7n"}, {"collected", "o8"}, {"clockings", "o3"}, {"month_sheet", "o4"},
	{"wages", "o5"}, {"books", "o6"}, {"gate", "o2"}, {"alarms", "oa"}, {"posts", "ow"}, {"filings", "owl"},
};

static void some_size(uint32_t *seed, int *rows, int *cols)
{
	switch (texts_random(seed) % 4) {
	case 0:
		*rows = 1 + (int)(texts_random(seed) % 100);
		*cols = 1 + (int)(texts_random(seed) % 300);
		break;
	case 1:
		*rows = 1 + (int)(texts_random(seed) % 20);
		*cols = 1 + (int)(texts_random(seed) % 70);
		break;
	default: /* around the smallest and the usual */
		*rows = 14 + (int)(texts_random(seed) % 14);
		*cols = 56 + (int)(texts_random(seed) % 40);
		break;
	}
}

static void resize(struct stage *s, int rows, int cols)
{
	glass_resize(s->glass, rows, cols);
	ui_resized(s->ui);
	stage_paint(s);
	assert_int_equal(term_canvas(s->term)->rows, rows);
	assert_int_equal(term_canvas(s->term)->cols, cols);
	stage_assert_cursor(s);
}

static const int moves[] = {K_DOWN, K_UP, K_PAGE_DOWN, K_PAGE_UP, K_HOME, K_TAB, K_BACKTAB};

static void resize__every_screen(void **state)
{
	uint32_t seed = 4711;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		struct stage *s = calloc(1, sizeof(*s));

		stage_open(s, i % 2 ? "vt100" : "xterm-256color");
		stage_people(s, 40);
		stage_login(s, "clerk");
		stage_keys(s, places[i].keys);
		stage_on(s, places[i].screen);
		for (int step = 0; step < STEPS; step++) {
			int rows, cols;

			some_size(&seed, &rows, &cols);
			resize(s, rows, cols);
			if (step % 3 == 0 && strcmp(places[i].screen, "values"))
				stage_bytes(s, moves[texts_random(&seed) % ARRAY_LEN(moves)]);
			stage_assert_cursor(s);
			stage_on(s, places[i].screen);
		}
		resize(s, 24, 80);
		stage_close(s);
		free(s);
	}
}

static void resize__says_so_below_the_smallest_and_keeps_what_was_typed(void **state)
{
	struct stage *s = calloc(1, sizeof(*s));

	(void)state;
	stage_open(s, "xterm-256color");
	stage_login(s, "clerk");
	stage_keys(s, "n<Tab>1101990101");
	resize(s, 15, 80);
	stage_expect(s, "窗口太小");
	resize(s, 24, 59);
	stage_expect(s, "窗口太小");
	stage_keys(s, "22");
	resize(s, 16, 60);
	stage_expect_not(s, "窗口太小");
	stage_expect(s, "110199010122");
	resize(s, 1, 1);
	resize(s, 24, 80);
	stage_expect(s, "110199010122");
	stage_close(s);
	free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(resize__every_screen),
		cmocka_unit_test(resize__says_so_below_the_smallest_and_keeps_what_was_typed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
