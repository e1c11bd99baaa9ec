/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../../screens/canvas.h"
#include "../../screens/edit.h"
#include "../../screens/keys.h"
#include "base/text.h"
#include "screens/texts.h"

#define ROUNDS 20000

/* Every row is as wide as the canvas: wide cells are followed by their right half, nothing is cut inside a character. */
static void assert_whole(const struct canvas *c)
{
	for (int y = 0; y < c->rows; y++)
		for (int x = 0; x < c->cols;) {
			const struct cell *at = canvas_at(c, y, x);

			assert_in_range(at->width, 1, 2);
			assert_true(text_valid(at->text, at->n));
			assert_true(at->n > 0);
			if (at->width == 2) {
				assert_true(x + 1 < c->cols);
				assert_int_equal(canvas_at(c, y, x + 1)->width, 0);
			}
			x += at->width;
		}
}

/* U8: random text in columns; what is in column k begins at column k, with ambiguous characters one and two wide. */
static void canvas__columns_are_straight(void **state)
{
	uint32_t seed = 20261120;

	(void)state;
	for (int ambiguous = 1; ambiguous <= 2; ambiguous++) {
		struct canvas c = {0};

		text_set_ambiguous_width(ambiguous);
		assert_int_equal(canvas_resize(&c, 5, 60), 0);
		for (int round = 0; round < ROUNDS; round++) {
			char text[4][400];

			canvas_clear(&c);
			for (int i = 0; i < 4; i++) {
				texts_make(&seed, text[i], sizeof(text[i]));
				assert_in_range(canvas_cut(&c, 2, i * 15, 14, 0, text[i]), 0, 14);
			}
			assert_whole(&c);
			for (int i = 0; i < 4; i++) {
				assert_int_equal(canvas_at(&c, 2, i * 15 + 14)->text[0], ' '); /* the gap between columns */
				if (text[i][0] && text_width(text[i]) > 0)
					assert_int_not_equal(canvas_at(&c, 2, i * 15)->width, 0);
			}
		}
		canvas_release(&c);
	}
	text_set_ambiguous_width(1);
}

static void canvas__overwriting_leaves_no_halves(void **state)
{
	struct canvas c = {0};
	uint32_t seed = 7;

	(void)state;
	assert_int_equal(canvas_resize(&c, 3, 21), 0);
	for (int round = 0; round < ROUNDS; round++) {
		char text[400];

		texts_make(&seed, text, sizeof(text));
		canvas_text(&c, (int)(texts_random(&seed) % 5) - 1, (int)(texts_random(&seed) % 24), (int)(texts_random(&seed) % 30), 0, text);
		if (round % 7 == 0)
			canvas_blank(&c, 0, (int)(texts_random(&seed) % 20), 3, 3);
		assert_whole(&c);
	}
	canvas_release(&c);
}

static void canvas__controls_cannot_reach_the_terminal(void **state)
{
	struct canvas c = {0};

	(void)state;
	assert_int_equal(canvas_resize(&c, 1, 20), 0);
	canvas_text(&c, 0, 0, 20, 0, "a\033[2J\x9B\x7F\xFF" "b");
	for (int x = 0; x < 20; x++)
		assert_true((unsigned char)canvas_at(&c, 0, x)->text[0] >= 0x20 && canvas_at(&c, 0, x)->text[0] != 0x7F);
	canvas_release(&c);
}

struct lines { char line[20][200]; int n; };

static void collect(void *arg, int index, const char *text, size_t n)
{
	struct lines *l = arg;

	text_format(l->line[index], sizeof(l->line[0]), "%.*s", (int)n, text);
	l->n = index + 1;
}

static void canvas__wrapping(void **state)
{
	struct lines l = {0};

	(void)state;
	assert_int_equal(canvas_wrap("连接不上平台，不影响办理", 12, collect, &l), 3);
	assert_string_equal(l.line[0], "连接不上平");   /* the comma does not begin a line */
	assert_string_equal(l.line[1], "台，不影响办");
	assert_string_equal(l.line[2], "理");
}

static void canvas__wrapped_lines_fit_and_lose_nothing(void **state)
{
	uint32_t seed = 99;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		char text[400], joined[4000] = "";
		int width = 4 + (int)(texts_random(&seed) % 30);
		struct lines *l = calloc(1, sizeof(*l));
		size_t a = 0, b = 0;

		texts_make(&seed, text, sizeof(text));
		if (canvas_wrap(text, width, NULL, NULL) <= 20)
			canvas_wrap(text, width, collect, l);
		for (int i = 0; i < l->n; i++) {
			assert_true(text_width(l->line[i]) <= width);
			strcat(joined, l->line[i]);
		}
		for (; l->n && (text[a] || joined[b]);) { /* the same but for blanks at line ends */
			if (text[a] == ' ' && joined[b] != ' ') {
				a++;
				continue;
			}
			assert_int_equal(text[a++], joined[b++]);
		}
		free(l);
	}
}

/* --- one line of text being typed --- */

static void edit__random_keys_keep_it_whole(void **state)
{
	static const int keys[] = {'a', '1', 0x5F20, 0x20BB7, 0x301, 0xB7, K_LEFT, K_RIGHT, K_HOME, K_END, K_BACKSPACE, K_DELETE};
	struct canvas c = {0};
	struct edit e = {.max_chars = 30};
	uint32_t seed = 5;

	(void)state;
	assert_int_equal(canvas_resize(&c, 1, 30), 0);
	for (int round = 0; round < ROUNDS; round++) {
		edit_key(&e, keys[texts_random(&seed) % ARRAY_LEN(keys)], NULL);
		assert_true(text_valid(e.text, strlen(e.text)));
		assert_true(text_valid(e.text + e.at, strlen(e.text + e.at)));
		assert_true(text_chars(e.text) <= 30);
		canvas_clear(&c);
		edit_draw(&e, &c, 0, 3, 12, 0, true);
		assert_whole(&c);
		assert_in_range(c.cursor_col, 3, 3 + 11); /* the caret is inside the field (U7) */
	}
	canvas_release(&c);
}

static void edit__secret_shows_stars(void **state)
{
	struct canvas c = {0};
	struct edit e = {.secret = true};

	(void)state;
	assert_int_equal(canvas_resize(&c, 1, 20), 0);
	for (const char *p = "Secret"; *p; p++)
		edit_key(&e, *p, NULL);
	edit_draw(&e, &c, 0, 0, 20, 0, true);
	for (int x = 0; x < 6; x++)
		assert_int_equal(canvas_at(&c, 0, x)->text[0], '*');
	assert_int_equal(c.cursor_col, 6);
	canvas_release(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(canvas__columns_are_straight),
		cmocka_unit_test(canvas__overwriting_leaves_no_halves),
		cmocka_unit_test(canvas__controls_cannot_reach_the_terminal),
		cmocka_unit_test(canvas__wrapping),
		cmocka_unit_test(canvas__wrapped_lines_fit_and_lose_nothing),
		cmocka_unit_test(edit__random_keys_keep_it_whole),
		cmocka_unit_test(edit__secret_shows_stars),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
