/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "picture_checks.h"

#include "base/text.h"

static struct buf source, wire;

static int set_up(void **state)
{
	(void)state;
	buf_init(&source, SAMPLE_CEILING);
	buf_init(&wire, GRID_WIRE_MAX);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	buf_release(&source);
	buf_release(&wire);
	text_set_ambiguous_width(1);
	return 0;
}

static void corners(uint32_t width, uint32_t height)
{
	sample_png(&(struct png_sample){width, height, 2, 8}, &source);
}

static void draw(const struct picture_cells_options *o, struct grid *g)
{
	struct err e = {0};

	if (picture_cells(source.data, source.len, o, g, &e))
		fail_msg("%s %s", err_name(e.code), e.detail);
}

static void shape__kept(void **state)
{
	static const struct {
		uint32_t width, height;
		unsigned columns, rows, want_columns, want_rows;
	} cases[] = {
		{400, 400, 40, 40, 40, 20},   {400, 400, 80, 20, 40, 20}, {102, 126, 40, 20, 32, 20},
		{400, 100, 40, 20, 40, 5},    {100, 400, 40, 20, 10, 20}, {1, 1, 40, 20, 40, 20},
		{1, 5000, 40, 20, 1, 20},     {5000, 1, 40, 20, 40, 1},	  {300, 300, 1, 1, 1, 1},
		{10, 10, 500, 500, 500, 250},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		for (int s = PICTURE_AUTO; s < PICTURE_SYMBOLS; s++) {
			struct picture_cells_options o = {.columns = cases[i].columns,
							  .rows = cases[i].rows,
							  .symbols = (enum picture_symbols)s};
			struct grid g;

			o.colours = s <= PICTURE_QUARTER ? GRID_256 : GRID_NONE;
			corners(cases[i].width, cases[i].height);
			draw(&o, &g);
			assert_int_equal(g.columns, cases[i].want_columns);
			assert_int_equal(g.rows, cases[i].want_rows);
			assert_int_equal(g.colours, o.colours);
			grid_release(&g);
		}
	}
}

/* One row of two cells over the four corners: the upper half is the foreground. */
static void half__two_colours_a_cell(void **state)
{
	struct picture_cells_options o = {.columns = 2, .rows = 1, .colours = GRID_TRUECOLOR};
	struct grid g;

	(void)state;
	corners(64, 64);
	draw(&o, &g);
	assert_int_equal(g.columns, 2);
	assert_int_equal(g.rows, 1);
	assert_int_equal(grid_at(&g, 0, 0)->cp, 0x2580);
	assert_int_equal(grid_at(&g, 0, 0)->fg, 0xC81E1E); /* 200,30,30 */
	assert_int_equal(grid_at(&g, 0, 0)->bg, 0x1E1EC8);
	assert_int_equal(grid_at(&g, 1, 0)->fg, 0x1EB41E);
	assert_int_equal(grid_at(&g, 1, 0)->bg, 0xDCC828);
	grid_release(&g);
	o.colours = GRID_256;
	draw(&o, &g);
	assert_int_equal(grid_at(&g, 0, 0)->fg, 16 + 36 * 4); /* 215,0,0: level 3 is 175, 4 is 215 */
	assert_int_equal(grid_at(&g, 1, 0)->bg, 16 + 36 * 4 + 6 * 4);
	grid_release(&g);
}

/* One grey in the whole picture; a BMP has no check sums. */
static void plain(uint8_t grey)
{
	sample_bmp(16, 16, false, &source);
	memset(source.data + 54, grey, source.len - 54);
}

static void palette__greys(void **state)
{
	static const struct {
		uint8_t grey;
		int want;
	} cases[] = {{0, 16},	 {8, 232},   {3, 16},	 {18, 233}, {95, 59},
		     {128, 244}, {238, 255}, {247, 231}, {255, 231}};
	struct picture_cells_options o = {.columns = 1, .rows = 1, .colours = GRID_256};
	struct grid g;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		plain(cases[i].grey);
		draw(&o, &g);
		if (grid_at(&g, 0, 0)->bg != cases[i].want)
			fail_msg("%d became %d", cases[i].grey, (int)grid_at(&g, 0, 0)->bg);
		assert_int_equal(grid_at(&g, 0, 0)->cp, ' '); /* one colour needs no block */
		grid_release(&g);
	}
}

/* The best form of a cell: a vertical edge is ▌, not a mixture. */
static void quarter__takes_the_form(void **state)
{
	struct picture_cells_options o = {
		.columns = 1, .rows = 1, .colours = GRID_TRUECOLOR, .symbols = PICTURE_QUARTER};
	struct grid g;

	(void)state;
	sample_bmp(16, 32, false, &source);
	for (size_t i = 54; i < source.len; i++)
		source.data[i] = (i - 54) % 48 < 24 ? 0 : (char)0xFF;
	draw(&o, &g);
	assert_int_equal(grid_at(&g, 0, 0)->cp, 0x258C);
	assert_int_equal(grid_at(&g, 0, 0)->fg, 0);
	assert_int_equal(grid_at(&g, 0, 0)->bg, 0xFFFFFF);
	grid_release(&g);
	text_set_ambiguous_width(2); /* ▌ is then two columns wide and must not come */
	draw(&o, &g);
	assert_int_equal(text_cp_width(grid_at(&g, 0, 0)->cp), 1);
	assert_true(grid_at(&g, 0, 0)->cp != ' ');
	grid_release(&g);
	text_set_ambiguous_width(1);
}

static void wide_terminals__get_no_ambiguous_character(void **state)
{
	(void)state;
	sample_png(&(struct png_sample){120, 120, 2, 8, .noise = true}, &source);
	for (int width = 1; width <= 2; width++) {
		for (int s = PICTURE_AUTO; s < PICTURE_SYMBOLS; s++) {
			for (int c = 0; c < GRID_COLOURS; c++) {
				struct picture_cells_options o = {.columns = 60,
								  .rows = 30,
								  .colours = (enum grid_colours)c,
								  .symbols = (enum picture_symbols)s};
				struct err e = {0};
				struct grid g;
				size_t drawn = 0;

				text_set_ambiguous_width(width);
				if (picture_cells(source.data, source.len, &o, &g, &e)) {
					assert_int_equal(e.code,
							 ERR_USAGE); /* braille in colour, blocks without */
					assert_true(s != PICTURE_AUTO &&
						    (s <= PICTURE_QUARTER) == (c == GRID_NONE));
					continue;
				}
				for (size_t i = 0; i < (size_t)g.columns * g.rows; i++) {
					assert_int_equal(text_cp_width(g.cells[i].cp), 1);
					drawn += g.cells[i].cp != ' ';
				}
				assert_true(drawn > (size_t)g.columns * g.rows / 2);
				grid_release(&g);
			}
		}
	}
	text_set_ambiguous_width(1);
}

static void without_colour__light_and_dark(void **state)
{
	static const struct {
		enum picture_symbols symbols;
		uint32_t dark, light;
	} cases[] = {{PICTURE_AUTO, ' ', 0x28FF},
		     {PICTURE_BRAILLE, ' ', 0x28FF},
		     {PICTURE_SHADE, ' ', 0x2588},
		     {PICTURE_ASCII, ' ', '@'}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		for (int light = 0; light < 2; light++) {
			struct picture_cells_options o = {
				.columns = 3, .rows = 3, .symbols = cases[i].symbols};
			struct grid g;

			plain(light ? 255 : 0);
			draw(&o, &g);
			assert_int_equal(grid_at(&g, 2, 0)->cp, light ? cases[i].light : cases[i].dark);
			assert_int_equal(grid_at(&g, 2, 0)->fg, GRID_DEFAULT);
			grid_release(&g);
		}
	}
}

/* A grey of one half lights about half of the dots. */
static void braille__dithers(void **state)
{
	struct picture_cells_options o = {.columns = 20, .rows = 10};
	struct grid g;
	int dots = 0, all;

	(void)state;
	plain(128);
	draw(&o, &g);
	all = (int)(g.columns * g.rows * 8);
	for (size_t i = 0; i < (size_t)g.columns * g.rows; i++)
		dots += g.cells[i].cp == ' ' ? 0 : __builtin_popcount(g.cells[i].cp & 0xFF);
	assert_true(dots > all * 45 / 100 && dots < all * 55 / 100);
	grid_release(&g);
}

static void refused__room(void **state)
{
	static const struct picture_cells_options bad[] = {
		{.columns = 0, .rows = 1},
		{.columns = 1, .rows = 0},
		{.columns = 501, .rows = 1},
		{.columns = 1, .rows = 501},
		{.columns = 1, .rows = 1, .colours = GRID_256, .symbols = PICTURE_ASCII},
		{.columns = 1, .rows = 1, .symbols = PICTURE_SYMBOLS},
	};
	struct grid g = {0};
	struct err e;

	(void)state;
	corners(4, 4);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_int_equal(picture_cells(source.data, source.len, &bad[i], &g, &e), -1);
		assert_int_equal(e.code, ERR_USAGE);
	}
	assert_int_equal(picture_cells(source.data, source.len / 2,
				       &(struct picture_cells_options){.columns = 4, .rows = 4}, &g, &e),
			 -1);
	assert_int_equal(e.code, ERR_PICTURE_DAMAGED);
	assert_null(g.cells);
}

/* --- on the wire --- */

static void wire__there_and_back(void **state)
{
	(void)state;
	sample_png(&(struct png_sample){64, 64, 2, 8, .noise = true}, &source);
	for (int c = 0; c < GRID_COLOURS; c++) {
		struct picture_cells_options o = {
			.columns = 500, .rows = 500, .colours = (enum grid_colours)c};
		struct grid g, back;
		struct err e = {0};

		draw(&o, &g);
		buf_reset(&wire);
		assert_int_equal(grid_write(&g, &wire, &e), 0);
		if (grid_read(&back, wire.data, wire.len, &e))
			fail_msg("%s", e.detail);
		assert_int_equal(back.columns, g.columns);
		assert_int_equal(back.rows, g.rows);
		assert_int_equal(back.colours, g.colours);
		assert_memory_equal(back.cells, g.cells, (size_t)g.columns * g.rows * sizeof(*g.cells));
		grid_release(&g);
		grid_release(&back);
	}
}

static void wire__refused(void **state)
{
	static const char *const bad[] = {
		"",
		"{}\n",
		"{\"columns\":1,\"rows\":1,\"colours\":\"none\"}\n",
		"{\"columns\":1,\"rows\":1,\"colours\":\"none\"}\n{\"text\":\"ab\"}\n",
		"{\"columns\":2,\"rows\":1,\"colours\":\"none\"}\n{\"text\":\"a\"}\n",
		"{\"columns\":1,\"rows\":1,\"colours\":\"none\"}\n{\"text\":\"\\u001b\"}\n",
		"{\"columns\":1,\"rows\":1,\"colours\":\"none\"}\n{\"text\":\"\xE5\xAE\x9E\"}\n",
		"{\"columns\":1,\"rows\":1,\"colours\":\"none\"}\n{\"text\":\"a\"}\n{\"text\":\"a\"}\n",
		"{\"columns\":1,\"rows\":1,\"colours\":\"none\"}\n{\"text\":\"a\"}",
		"{\"columns\":0,\"rows\":1,\"colours\":\"none\"}\n",
		"{\"columns\":501,\"rows\":1,\"colours\":\"none\"}\n",
		"{\"columns\":1,\"rows\":1000000000,\"colours\":\"none\"}\n",
		"{\"columns\":1,\"rows\":1,\"colours\":\"16\"}\n{\"text\":\"a\"}\n",
		"{\"columns\":1,\"rows\":1,\"colours\":\"256\"}\n{\"text\":\"a\"}\n",
		"{\"columns\":1,\"rows\":1,\"colours\":\"256\"}\n{\"text\":\"a\",\"fg\":[16],\"bg\":[256]}\n",
		"{\"columns\":1,\"rows\":1,\"colours\":\"256\"}\n{\"text\":\"a\",\"fg\":[15],\"bg\":[16]}\n",
		"{\"columns\":1,\"rows\":1,\"colours\":\"256\"}\n{\"text\":\"a\",\"fg\":[16,16],\"bg\":[16]}"
		"\n",
		"{\"columns\":1,\"rows\":1,\"colours\":\"256\"}\n{\"text\":\"a\",\"fg\":[],\"bg\":[16]}\n",
		"{\"columns\":1,\"rows\":1,\"colours\":\"256\"}\n{\"text\":\"a\",\"fg\":[\"16\"],\"bg\":[16]}"
		"\n",
		"{\"columns\":1,\"rows\":1,\"colours\":\"truecolor\"}\n{\"text\":\"a\",\"fg\":[16777216],"
		"\"bg\":[0]}\n",
		"{\"columns\":1,\"rows\":1,\"colours\":\"truecolor\"}\n{\"text\":\"a\",\"fg\":[-2],\"bg\":[0]"
		"}\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct grid g = {0};
		struct err e = {0};

		if (!grid_read(&g, bad[i], strlen(bad[i]), &e))
			fail_msg("taken: %s", bad[i]);
		assert_int_equal(e.code, ERR_JSON);
		assert_null(g.cells);
	}
}

static void names(void **state)
{
	(void)state;
	assert_int_equal(grid_colours_of("256"), GRID_256);
	assert_int_equal(grid_colours_of(grid_colours_name(GRID_TRUECOLOR)), GRID_TRUECOLOR);
	assert_int_equal(grid_colours_of("16"), -1);
	assert_int_equal(picture_symbols_of("quarter"), PICTURE_QUARTER);
	assert_int_equal(picture_symbols_of("auto"), PICTURE_AUTO);
	assert_int_equal(picture_symbols_of("sixel"), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shape__kept),
		cmocka_unit_test(half__two_colours_a_cell),
		cmocka_unit_test(palette__greys),
		cmocka_unit_test(quarter__takes_the_form),
		cmocka_unit_test(wide_terminals__get_no_ambiguous_character),
		cmocka_unit_test(without_colour__light_and_dark),
		cmocka_unit_test(braille__dithers),
		cmocka_unit_test(refused__room),
		cmocka_unit_test(wire__there_and_back),
		cmocka_unit_test(wire__refused),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
