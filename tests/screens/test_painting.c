/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The terminal against libvterm: what was drawn is what a terminal shows, in few bytes, and everything is given back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include <cmocka.h>

#include "../../screens/terminal.h"
#include "base/text.h"
#include "screens/glass.h"
#include "screens/texts.h"

struct rig { struct glass *glass; struct term *term; };

static void rig_open(struct rig *r, const char *type, int rows, int cols, int ambiguous)
{
	struct term_options o = {.type = type, .ambiguous = ambiguous};
	struct err e = {0};

	r->glass = glass_open(rows, cols);
	assert_non_null(r->glass);
	o.in = o.out = glass_tty(r->glass);
	assert_int_equal(term_open(&r->term, &o, &e), 0);
}

static void rig_close(struct rig *r)
{
	term_close(r->term);
	glass_close(r->glass);
	text_set_ambiguous_width(1);
}

static size_t flush(struct rig *r)
{
	uint64_t before = term_bytes(r->term);

	assert_int_equal(term_flush(r->term, NULL), 0);
	glass_catch_up(r->glass, term_bytes(r->term));
	return (size_t)(term_bytes(r->term) - before);
}

/* Is this a character whose place every terminal agrees on? */
static bool certain(uint32_t cp)
{
	return cp < 0x80 || (cp >= 0x4E00 && cp < 0xA000);
}

static void assert_same(struct rig *r, uint32_t seed)
{
	struct canvas *c = term_canvas(r->term);

	for (int y = 0; y < c->rows; y++)
		for (int x = 0; x < c->cols; x++) {
			struct cell *want = canvas_at(c, y, x);
			struct glass_cell got;
			uint32_t cp = ' ';

			if (y == c->rows - 1 && x >= c->cols - 2)
				continue; /* the last place is never written */
			if (!want->width || (text_decode(want->text, want->n, &cp), !certain(cp)))
				continue;
			glass_cell(r->glass, y, x, &got);
			if ((got.cp ? got.cp : ' ') != cp || (cp != ' ' && got.bold != ((want->attr & ATTR_BOLD) != 0))) {
				print_error("row %d column %d: U+%04X instead of U+%04X (seed %u)\n", y, x, got.cp, cp, seed);
				glass_print(r->glass);
				fail();
			}
		}
}

static void draw_something(struct canvas *c, uint32_t *seed)
{
	unsigned pieces = texts_random(seed) % 20;

	if (texts_random(seed) % 3 == 0)
		canvas_clear(c);
	for (unsigned i = 0; i < pieces; i++) {
		char text[400];

		texts_make(seed, text, sizeof(text));
		canvas_text(c, (int)(texts_random(seed) % (unsigned)c->rows), (int)(texts_random(seed) % (unsigned)c->cols),
			    (int)(texts_random(seed) % 40), texts_random(seed) % 3 == 0 ? ATTR_BOLD : ATTR_PLAIN, text);
	}
	canvas_cursor(c, (int)(texts_random(seed) % (unsigned)c->rows), (int)(texts_random(seed) % (unsigned)c->cols));
}

/* With ambiguous 2 the glass (which shows them narrow) disagrees with us about every · and ▶: what stands beside them stays straight. */
static void painting__is_what_was_drawn(void **state)
{
	static const struct { const char *type; int rows, cols, ambiguous; } rigs[] = {
		{"xterm-256color", 24, 80, 1}, {"vt100", 24, 80, 1}, {"xterm-256color", 17, 61, 2}, {"vt100", 40, 132, 2}, {"linux", 24, 80, 1}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rigs); i++) {
		struct rig r;
		uint32_t seed = 1000 + (uint32_t)i;

		rig_open(&r, rigs[i].type, rigs[i].rows, rigs[i].cols, rigs[i].ambiguous);
		for (int frame = 0; frame < 300; frame++) {
			int row, col;

			draw_something(term_canvas(r.term), &seed);
			if (texts_random(&seed) % 4 == 0)
				term_scrolled(r.term, 3, rigs[i].rows - 4, (int)(texts_random(&seed) % 7) - 3);
			flush(&r);
			assert_same(&r, seed);
			glass_cursor(r.glass, &row, &col);
			assert_int_equal(row, term_canvas(r.term)->cursor_row);
			assert_int_equal(col, term_canvas(r.term)->cursor_col);
		}
		rig_close(&r);
	}
}

static void fill_list(struct canvas *c, int first, int selected)
{
	canvas_clear(c);
	for (int y = 0; y < c->rows - 5; y++) {
		char name[40];

		text_format(name, sizeof(name), "工人%d号", first + y);
		canvas_text(c, y + 3, 4, 14, y == selected ? ATTR_BOLD : 0, name);
		canvas_text(c, y + 3, 18, 14, 0, "钢筋一班");
		canvas_text(c, y + 3, 32, 20, 0, "建筑劳务有限公司");
		if (y == selected)
			canvas_text(c, y + 3, 0, 2, 0, "▶");
	}
	canvas_cursor(c, selected + 3, 0);
}

static void painting__bytes_of_a_list(void **state)
{
	static const char *const types[] = {"xterm-256color", "vt100"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		struct rig r;

		rig_open(&r, types[i], 24, 80, 1);
		fill_list(term_canvas(r.term), 100, 3);
		assert_in_range(flush(&r), 1, 3000);
		assert_int_equal(flush(&r), 0); /* idle */
		fill_list(term_canvas(r.term), 100, 4);
		assert_in_range(flush(&r), 1, 60);
		fill_list(term_canvas(r.term), 101, 4);
		term_scrolled(r.term, 3, 21, 1);
		assert_in_range(flush(&r), 1, 350);
		assert_same(&r, 0);
		fill_list(term_canvas(r.term), 100, 4);
		term_scrolled(r.term, 3, 21, -1);
		assert_in_range(flush(&r), 1, 350);
		assert_same(&r, 0);
		rig_close(&r);
	}
}

static void painting__gives_the_terminal_back(void **state)
{
	struct rig r;
	struct termios before, during, after;

	(void)state;
	r.glass = glass_open(24, 80);
	tcgetattr(glass_tty(r.glass), &before);
	{
		struct term_options o = {.in = glass_tty(r.glass), .out = glass_tty(r.glass), .type = "xterm-256color", .ambiguous = 1};

		assert_int_equal(term_open(&r.term, &o, NULL), 0);
	}
	tcgetattr(glass_tty(r.glass), &during);
	assert_false(during.c_lflag & (ICANON | ECHO | ISIG));
	canvas_text(term_canvas(r.term), 5, 5, 20, 0, "个人信息");
	flush(&r);
	assert_true(glass_shows(r.glass, "个人信息"));
	term_close(r.term);
	tcgetattr(glass_tty(r.glass), &after);
	assert_memory_equal(&before.c_lflag, &after.c_lflag, sizeof(before.c_lflag));
	glass_close(r.glass);
}

static void painting__refuses_what_is_no_terminal(void **state)
{
	struct term *t = NULL;
	struct err e = {0};
	int fds[2];
	struct glass *g = glass_open(24, 80);
	struct term_options o = {.type = "xterm-256color"};

	(void)state;
	assert_int_equal(pipe(fds), 0);
	o.in = o.out = fds[1];
	assert_int_equal(term_open(&t, &o, &e), -1);
	assert_int_equal(e.code, ERR_TERMINAL);
	o.in = o.out = glass_tty(g);
	o.type = "no-such-terminal";
	assert_int_equal(term_open(&t, &o, &e), -1);
	assert_int_equal(e.code, ERR_TERMINAL);
	close(fds[0]);
	close(fds[1]);
	glass_close(g);
}

/* The answer to the question about ambiguous characters arrives as a key and is believed only in time. */
static void painting__measures_ambiguous_width(void **state)
{
	struct rig r;
	int key;

	(void)state;
	rig_open(&r, "xterm-256color", 24, 80, 0);
	flush(&r);
	glass_type(r.glass, "\033[1;3R", 6);
	while (term_read(r.term, 1000) <= 0)
		;
	key = keys_next(term_keys(r.term), 1000);
	assert_int_equal(key, K_REPORT);
	assert_true(term_reported(r.term));
	assert_int_equal(text_ambiguous_width(), 2);
	rig_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(painting__is_what_was_drawn),
		cmocka_unit_test(painting__bytes_of_a_list),
		cmocka_unit_test(painting__gives_the_terminal_back),
		cmocka_unit_test(painting__refuses_what_is_no_terminal),
		cmocka_unit_test(painting__measures_ambiguous_width),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
