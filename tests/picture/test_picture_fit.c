/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "picture_checks.h"

#include "base/text.h"

#define JPEG_MOST (PICTURE_BASE64_LIMIT / 4 * 3)

static struct buf source, result;

static int set_up(void **state)
{
	(void)state;
	buf_init(&source, SAMPLE_CEILING);
	buf_init(&result, PICTURE_BASE64_MOST);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	buf_release(&source);
	buf_release(&result);
	return 0;
}

static void fit(const struct picture_fit_options *o)
{
	static const struct picture_fit_options usual;
	struct err e = {0};

	if (picture_fit(source.data, source.len, o ? o : &usual, &result, &e))
		fail_msg("%s %s", err_name(e.code), e.detail);
}

static void assert_ours(const struct seen *s, const char *what)
{
	if (s->sof != 0xC0 || s->components != 3 || !s->bare)
		fail_msg("%s: marker %02X, %d components, bare %d", what, s->sof, s->components, s->bare);
	assert_true(result.len <= JPEG_MOST && (result.len + 2) / 3 * 4 <= PICTURE_BASE64_LIMIT);
}

/* Which corner of the stored picture is seen at upper left, upper right, lower left, lower right. */
static const int turned[9][4] = {{0, 1, 2, 3}, {0, 1, 2, 3}, {1, 0, 3, 2}, {3, 2, 1, 0}, {2, 3, 0, 1},
				 {0, 2, 1, 3}, {2, 0, 3, 1}, {3, 1, 2, 0}, {1, 3, 0, 2}};

static void assert_corners(const struct seen *s, int orientation, bool grey, const char *what)
{
	for (int i = 0; i < 4; i++) {
		int from = turned[orientation][i];
		uint8_t want[3];

		sample_pixel(4, 4, from % 2 ? 3 : 0, from / 2 ? 3 : 0, false, want);
		if (grey)
			want[0] = want[2] = want[1];
		assert_colour(s->corner[i], want, 12, what);
	}
}

static void jpeg__every_kind(void **state)
{
	static const struct {
		const char *what;
		struct jpeg_sample how;
		uint32_t width, height;
	} cases[] = {
		{"plain", {640, 480}, 640, 480},
		{"twice", {1600, 1200}, 800, 600},
		{"odd", {1237, 911}, 800, 589},
		{"progressive", {1000, 700, .progressive = true}, 800, 560},
		{"full colour", {300, 400, .full_colour = true}, 300, 400},
		{"grey", {900, 900, SAMPLE_GREY}, 800, 800},
		{"cmyk", {500, 300, SAMPLE_CMYK}, 500, 300},
		{"ycck progressive", {2000, 1000, SAMPLE_YCCK, .progressive = true}, 800, 400},
		{"restarts", {640, 640, .restart = 1}, 640, 640},
		{"a scan a component", {320, 240, .apart = true}, 320, 240},
		{"metadata", {320, 240, .metadata = true, .orientation = 1}, 320, 240},
		{"large", {4000, 3000}, 800, 600},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct seen s;

		sample_jpeg(&cases[i].how, &source);
		assert_true(!cases[i].how.metadata || memmem(source.data, source.len, SAMPLE_SECRET, 21));
		fit(NULL);
		look(&result, &s);
		assert_ours(&s, cases[i].what);
		assert_int_equal(s.width, cases[i].width);
		assert_int_equal(s.height, cases[i].height);
		assert_corners(&s, 1, cases[i].how.colour == SAMPLE_GREY, cases[i].what);
	}
}

static void jpeg__turned_as_exif_says(void **state)
{
	(void)state;
	for (int o = 1; o <= 8; o++) {
		for (int kind = 0; kind < 4; kind++) {
			struct jpeg_sample how = {kind < 2 ? 300 : 1800, kind < 2 ? 200 : 1200,
						  .orientation = o, .big_endian = kind % 2, .metadata = true};
			struct seen s;

			sample_jpeg(&how, &source);
			fit(NULL);
			look(&result, &s);
			assert_ours(&s, "turned");
			assert_int_equal(s.width, kind < 2 ? (o >= 5 ? 200 : 300) : o >= 5 ? 533 : 800);
			assert_int_equal(s.height, kind < 2 ? (o >= 5 ? 300 : 200) : o >= 5 ? 800 : 533);
			assert_corners(&s, o, false, "turned");
		}
	}
}

static void png__every_kind(void **state)
{
	static const struct {
		int type, depth;
	} kinds[] = {{0, 1}, {0, 2}, {0, 4}, {0, 8}, {0, 16}, {2, 8}, {2, 16}, {3, 1},
		     {3, 2}, {3, 4}, {3, 8}, {4, 8}, {4, 16}, {6, 8}, {6, 16}};
	static const uint8_t white[3] = {255, 255, 255};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		for (int variant = 0; variant < 8; variant++) {
			struct png_sample how = {variant & 1 ? 401 : 101,
						 variant & 1 ? 300 : 67,
						 kinds[i].type,
						 kinds[i].depth,
						 .interlaced = variant & 2,
						 .keyed = variant & 4 && kinds[i].type < 4,
						 .metadata = true};
			char what[80];
			struct seen s;

			text_format(what, sizeof(what), "type %d depth %d variant %d", kinds[i].type,
				    kinds[i].depth, variant);
			sample_png(&how, &source);
			fit(&(struct picture_fit_options){.max_width = 150, .max_height = 150});
			look(&result, &s);
			assert_ours(&s, what);
			assert_int_equal(s.width, variant & 1 ? 150 : 101);
			for (int c = 0; c < 4; c++) {
				uint8_t want[3];
				int value;

				sample_pixel(4, 4, c % 2 ? 3 : 0,
					     kinds[i].depth == 1 && how.type == 3 ? 0
					     : c / 2				  ? 3
										  : 0,
					     false, want);
				if (how.type == 0 || how.type == 4) {
					value = how.depth < 8 ? (want[1] >> (8 - how.depth)) * 255 /
									((1 << how.depth) - 1)
							      : want[1];
					want[0] = want[1] = want[2] = (uint8_t)value;
				}
				/* clear: the right half with alpha; with a key palette entry 1, or what is as
				 * grey (or as RGB never) as 180 */
				if ((how.type >= 4 && c % 2) || (how.keyed && how.type == 3 && c == 1) ||
				    (how.keyed && how.type == 3 && how.depth == 1 && c % 2) ||
				    (how.keyed && how.type == 0 &&
				     (how.depth < 8 ? want[1] == (180 >> (8 - how.depth)) * 255 /
									 ((1 << how.depth) - 1)
						    : want[1] == 180)))
					memcpy(want, white, 3);
				assert_colour(s.corner[c], want, 12, what);
			}
		}
	}
}

static void png__turned_as_exif_says(void **state)
{
	(void)state;
	for (int o = 1; o <= 8; o++) {
		struct png_sample how = {300, 200, 2, 8, .orientation = o, .interlaced = o % 2};
		struct seen s;

		sample_png(&how, &source);
		fit(NULL);
		look(&result, &s);
		assert_int_equal(s.width, o >= 5 ? 200 : 300);
		assert_corners(&s, o, false, "PNG turned");
	}
}

static void bmp__both_ways_up(void **state)
{
	struct seen s;

	(void)state;
	for (int down = 0; down < 2; down++) {
		sample_bmp(102, 126, down, &source);
		assert_int_equal(source.len, 38862); /* what portrait decoders write */
		fit(NULL);
		look(&result, &s);
		assert_ours(&s, "BMP");
		assert_int_equal(s.width, 102);
		assert_int_equal(s.height, 126);
		assert_corners(&s, 1, false, "BMP");
	}
}

static void extreme__shapes_and_sizes(void **state)
{
	static const uint32_t sizes[][4] = {{1, 1, 1, 1}, {1, 10000, 1, 800}, {10000, 1, 800, 1},
					    {2, 2, 2, 2}, {7, 5000, 1, 800},  {65500, 16, 800, 1},
					    {3, 3, 3, 3}, {16, 65500, 1, 800}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		struct jpeg_sample jpeg = {sizes[i][0], sizes[i][1]};
		struct png_sample png = {sizes[i][0], sizes[i][1], 2, 8, .interlaced = i % 2};
		struct seen s;

		for (int k = 0; k < 2; k++) {
			k ? sample_jpeg(&jpeg, &source) : sample_png(&png, &source);
			fit(NULL);
			look(&result, &s);
			assert_ours(&s, "extreme");
			assert_int_equal(s.width, sizes[i][2]);
			assert_int_equal(s.height, sizes[i][3]);
		}
	}
}

/* Noise is what compresses worst. It is never refused, and the room is used: the next larger quality would
 * not have fitted. */
static void noise__twelve_megapixels(void **state)
{
	struct jpeg_sample jpeg = {4000, 3000, .noise = true, .full_colour = true, .quality = 95};
	struct png_sample png = {4000, 3000, 2, 8, .noise = true};
	static const unsigned limits[] = {PICTURE_BASE64_LIMIT, 20000, 8000, PICTURE_BASE64_LEAST};
	struct seen s;

	(void)state;
	for (int k = 0; k < 2; k++) {
		k ? sample_jpeg(&jpeg, &source) : sample_png(&png, &source);
		for (size_t i = 0; i < ARRAY_LEN(limits); i++) {
			fit(&(struct picture_fit_options){.base64_limit = limits[i]});
			look(&result, &s);
			assert_ours(&s, "noise");
			assert_true((result.len + 2) / 3 * 4 <= limits[i]);
			assert_true(s.width * 3 + 6 >= s.height * 4 && s.width * 3 <= s.height * 4 + 6);
			if (i == 0)
				assert_true(result.len > JPEG_MOST * 7 / 10 && s.width >= 200);
		}
	}
}

static void quality__the_best_that_fits(void **state)
{
	struct jpeg_sample how = {640, 480, .noise = true, .quality = 60};
	unsigned last = 0;

	(void)state;
	sample_jpeg(&how, &source);
	for (unsigned limit = 4096; limit <= 262144; limit *= 2) {
		fit(&(struct picture_fit_options){.base64_limit = limit});
		assert_true((result.len + 2) / 3 * 4 <= limit);
		assert_true(result.len > last); /* more room, more picture */
		last = (unsigned)result.len;
	}
}

static void options__pixels(void **state)
{
	struct jpeg_sample how = {1000, 500};
	struct seen s;

	(void)state;
	sample_jpeg(&how, &source);
	fit(&(struct picture_fit_options){.max_width = 358, .max_height = 441});
	look(&result, &s);
	assert_int_equal(s.width, 358);
	assert_int_equal(s.height, 179);
	fit(&(struct picture_fit_options){.max_width = 2048, .max_height = 2048});
	look(&result, &s);
	assert_int_equal(s.width, 1000);
}

static void assert_refused(const struct picture_fit_options *o, enum err_code code)
{
	struct err e = {0};

	buf_reset(&result);
	buf_adds(&result, "as it was");
	assert_int_equal(picture_fit(source.data, source.len, o, &result, &e), -1);
	if (e.code != code)
		fail_msg("%s %s instead of %s", err_name(e.code), e.detail, err_name(code));
	assert_string_equal(result.data, "as it was");
}

static void refused__by_name(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
		enum err_code code;
	} cases[] = {
		{"", 0, ERR_PICTURE_EMPTY},
		{"x", 1, ERR_PICTURE_FORMAT},
		{"hello, world", 12, ERR_PICTURE_FORMAT},
		{"\0\0\0\x18"
		 "ftypheic",
		 12, ERR_PICTURE_FORMAT},
		{"RIFF\0\0\0\0WEBPVP8 ", 16, ERR_PICTURE_FORMAT},
		{"GIF89a\1\0\1\0", 10, ERR_PICTURE_FORMAT},
		{"%PDF-1.7\n", 9, ERR_PICTURE_FORMAT},
		{"\xFF\xD8\xFF\xD9", 4, ERR_PICTURE_DAMAGED},
		{"\x89PNG\r\n\x1A\n", 8, ERR_PICTURE_DAMAGED},
		{"BM", 2, ERR_PICTURE_DAMAGED},
	};
	static const struct picture_fit_options usual;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		buf_reset(&source);
		buf_add(&source, cases[i].bytes, cases[i].n);
		assert_refused(&usual, cases[i].code);
	}
}

static void refused__too_many_pixels(void **state)
{
	struct jpeg_sample jpeg = {1000, 1001};
	struct png_sample png = {1001, 1000, 0, 1};
	struct picture_fit_options o = {.source_pixels = 1000000}, enough = {.source_pixels = 1001000};

	(void)state;
	sample_jpeg(&jpeg, &source);
	assert_refused(&o, ERR_PICTURE_TOO_LARGE);
	fit(&enough);
	sample_png(&png, &source);
	assert_refused(&o, ERR_PICTURE_TOO_LARGE);
	fit(&enough);
	png.width = 65536;
	png.height = 1;
	sample_png(&png, &source);
	assert_refused(&enough, ERR_PICTURE_TOO_LARGE);
}

static void refused__options(void **state)
{
	static const struct picture_fit_options bad[] = {
		{.base64_limit = PICTURE_BASE64_LEAST - 1},
		{.base64_limit = PICTURE_BASE64_MOST + 1},
		{.max_width = 15},
		{.max_height = 2049},
		{.source_pixels = PICTURE_SOURCE_PIXELS + 1},
	};
	struct jpeg_sample how = {10, 10};

	(void)state;
	sample_jpeg(&how, &source);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_refused(&bad[i], ERR_USAGE);
}

static void refused__endless_scans(void **state)
{
	struct jpeg_sample how = {64, 64, .progressive = true, .apart = true};
	static const struct picture_fit_options usual;

	(void)state;
	sample_jpeg(&how, &source);
	assert_refused(&usual, ERR_PICTURE_DAMAGED);
}

/* --- cut and broken --- */

static void make(int kind)
{
	static const struct jpeg_sample jpegs[] = {
		{96, 64, .noise = true, .orientation = 6, .metadata = true},
		{96, 64, .noise = true, .progressive = true},
		{96, 64, .noise = true, .restart = 1},
		{96, 64, .noise = true, .apart = true},
		{64, 64, SAMPLE_CMYK, .noise = true},
	};
	static const struct png_sample pngs[] = {
		{48, 40, 2, 8, .noise = true},
		{48, 40, 6, 16, .noise = true, .interlaced = true},
		{64, 64, 3, 4, .keyed = true, .metadata = true},
	};

	if (kind < (int)ARRAY_LEN(jpegs))
		sample_jpeg(&jpegs[kind], &source);
	else if (kind < (int)(ARRAY_LEN(jpegs) + ARRAY_LEN(pngs)))
		sample_png(&pngs[kind - (int)ARRAY_LEN(jpegs)], &source);
	else
		sample_bmp(31, 20, false, &source);
}

#define KINDS 9

/* 0: fitted; else the code, which must be one of those that say what is wrong with a picture. */
static enum err_code try(const uint8_t *data, size_t n)
{
	struct picture_fit_options o = {.max_width = 64, .max_height = 64, .base64_limit = 8192};
	uint8_t *exact = malloc(n ? n : 1);
	struct err e = {0};
	int last;

	assert_non_null(exact);
	memcpy(exact, data, n);
	last = picture_fit(exact, n, &o, &result, &e);
	free(exact);
	if (!last) {
		assert_true((result.len + 2) / 3 * 4 <= 8192);
		return ERR_NONE;
	}
	assert_true(e.code == ERR_PICTURE_DAMAGED || e.code == ERR_PICTURE_FORMAT ||
		    e.code == ERR_PICTURE_EMPTY || e.code == ERR_PICTURE_TOO_LARGE);
	return e.code;
}

/* Where pixels are missing it is refused; a last marker or check sum may be. */
static void cut__at_every_byte(void **state)
{
	(void)state;
	for (int kind = 0; kind < KINDS; kind++) {
		size_t whole;

		make(kind);
		whole = source.len;
		assert_int_equal(try((const uint8_t *)source.data, whole), ERR_NONE);
		for (size_t n = 0; n < whole; n += 1 + n / 300) {
			enum err_code code = try((const uint8_t *)source.data, n);

			if (code == ERR_NONE && n + 24 < whole)
				fail_msg("kind %d: %zu of %zu bytes taken for whole", kind, n, whole);
		}
	}
}

static void broken__at_every_nth_byte(void **state)
{
	static const uint8_t flips[] = {0xFF, 0x01, 0x80};

	(void)state;
	for (int kind = 0; kind < KINDS; kind++) {
		size_t refused = 0;

		make(kind);
		for (size_t n = 0; n < source.len; n += 1 + source.len / 131) {
			for (size_t f = 0; f < ARRAY_LEN(flips); f++) {
				source.data[n] = (char)((uint8_t)source.data[n] ^ flips[f]);
				refused += try((const uint8_t *)source.data, source.len) != ERR_NONE;
				source.data[n] = (char)((uint8_t)source.data[n] ^ flips[f]);
			}
		}
		assert_true(refused > 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(jpeg__every_kind),	     cmocka_unit_test(jpeg__turned_as_exif_says),
		cmocka_unit_test(png__every_kind),	     cmocka_unit_test(png__turned_as_exif_says),
		cmocka_unit_test(bmp__both_ways_up),	     cmocka_unit_test(extreme__shapes_and_sizes),
		cmocka_unit_test(noise__twelve_megapixels),  cmocka_unit_test(quality__the_best_that_fits),
		cmocka_unit_test(options__pixels),	     cmocka_unit_test(refused__by_name),
		cmocka_unit_test(refused__too_many_pixels),  cmocka_unit_test(refused__options),
		cmocka_unit_test(refused__endless_scans),    cmocka_unit_test(cut__at_every_byte),
		cmocka_unit_test(broken__at_every_nth_byte),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
