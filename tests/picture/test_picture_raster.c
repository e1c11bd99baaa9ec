/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "picture_checks.h"

#include "base/text.h"
#include "exif.h"

static void fit_size__cases(void **state)
{
	static const struct {
		uint32_t width, height, max_width, max_height, want_width, want_height;
	} cases[] = {
		{640, 480, 800, 800, 640, 480},
		{1600, 1200, 800, 800, 800, 600},
		{1200, 1600, 800, 800, 600, 800},
		{1, 10000, 800, 800, 1, 800},
		{10000, 1, 800, 800, 800, 1},
		{801, 800, 800, 800, 800, 799},
		{65535, 65535, 16, 16, 16, 16},
		{300, 300, 100, 50, 50, 50},
		{1, 1, 16, 16, 1, 1},
		{65535, 1525, 800, 800, 800, 19},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		uint32_t w = cases[i].width, h = cases[i].height;

		raster_fit_size(&w, &h, cases[i].max_width, cases[i].max_height);
		assert_int_equal(w, cases[i].want_width);
		assert_int_equal(h, cases[i].want_height);
	}
}

static void factor__never_too_large(void **state)
{
	(void)state;
	for (uint32_t w = 1; w < 3000; w += 37) {
		for (uint32_t h = 1; h < 3000; h += 41) {
			uint32_t tw = w, th = h, f;

			raster_fit_size(&tw, &th, 100, 80);
			f = bins_factor(w, h, tw, th);
			assert_true(f >= 1 && (w + f - 1) / f >= tw && (h + f - 1) / f >= th);
			assert_true(f == bins_factor(w, h, tw, th) &&
				    ((uint64_t)(f + 1) * tw > w || (uint64_t)(f + 1) * th > h));
		}
	}
}

/* Any order, any steps: the same bins as the plain mean. */
static void bins__equal_the_mean(void **state)
{
	enum { W = 23, H = 11 };
	static const uint32_t factors[] = {1, 2, 3, 5, 23, 40};
	uint8_t row[W * 3];

	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(factors); k++) {
		uint32_t f = factors[k];
		struct raster out;
		struct bins b;

		assert_int_equal(bins_init(&b, W, H, f, NULL), 0);
		for (uint32_t start = 0; start < 3; start++) { /* every third column, bottom up */
			for (uint32_t y = H; y-- > 0;) {
				struct pixels p = {
					.rgb = row, .x = start, .step = 3, .n = (W - start + 2) / 3};

				for (uint32_t i = 0; i < p.n; i++)
					sample_pixel(W, H, start + 3 * i, y, true, row + 3 * i);
				bins_add(&b, y, &p);
			}
		}
		assert_int_equal(bins_finish(&b, &out, NULL), 0);
		assert_int_equal(out.width, (W + f - 1) / f);
		for (uint32_t y = 0; y < out.height; y++) {
			for (uint32_t x = 0; x < out.width; x++) {
				unsigned sum = 0, n = 0;

				for (uint32_t v = y * f; v < (y + 1) * f && v < H; v++) {
					for (uint32_t u = x * f; u < (x + 1) * f && u < W; u++, n++) {
						uint8_t rgb[3];

						sample_pixel(W, H, u, v, true, rgb);
						sum += rgb[1];
					}
				}
				assert_int_equal(out.rgb[(y * out.width + x) * 3 + 1], (sum + n / 2) / n);
			}
		}
		raster_release(&out);
		bins_release(&b);
	}
}

static void bins__what_lies_outside_is_left_out(void **state)
{
	uint8_t row[300];
	struct pixels p = {.rgb = row, .x = 2, .step = 1, .n = 100};
	struct raster out;
	struct bins b;

	(void)state;
	memset(row, 200, sizeof(row));
	assert_int_equal(bins_init(&b, 4, 4, 1, NULL), 0);
	bins_add(&b, 1, &p);
	bins_add(&b, 4, &p);
	p.x = 4;
	bins_add(&b, 2, &p);
	assert_int_equal(bins_finish(&b, &out, NULL), 0);
	for (uint32_t i = 0; i < 16; i++)
		assert_int_equal(out.rgb[3 * i], i == 6 || i == 7 ? 200 : 0);
	raster_release(&out);
	bins_release(&b);
}

static void resample__exact(void **state)
{
	static const struct {
		uint32_t n;
		uint8_t from[6];
		uint32_t to_n;
		uint8_t to[9];
	} cases[] = {
		{4, {0, 100, 200, 40}, 2, {50, 120}},
		{3, {0, 90, 180}, 2, {30, 150}},
		{2, {10, 250}, 4, {10, 10, 250, 250}},
		{1, {77}, 5, {77, 77, 77, 77, 77}},
		{6, {255, 255, 255, 255, 255, 255}, 4, {255, 255, 255, 255}},
		{2, {0, 240}, 3, {0, 120, 240}},
	};

	(void)state;
	for (int flat = 0; flat < 2; flat++) {
		for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
			struct raster from, to;

			assert_int_equal(
				raster_init(&from, flat ? cases[i].n : 1, flat ? 1 : cases[i].n, NULL), 0);
			for (uint32_t k = 0; k < cases[i].n; k++)
				from.rgb[3 * k + 2] = cases[i].from[k];
			assert_int_equal(raster_resample(&from, flat ? cases[i].to_n : 1,
							 flat ? 1 : cases[i].to_n, &to, NULL),
					 0);
			for (uint32_t k = 0; k < cases[i].to_n; k++) {
				assert_int_equal(to.rgb[3 * k + 2], cases[i].to[k]);
				assert_int_equal(to.rgb[3 * k], 0);
			}
			raster_release(&from);
			raster_release(&to);
		}
	}
}

/* 3 × 2: A B C / D E F, as each orientation is to be seen (TIFF 6.0, tag 274: where row 0 and column 0 lie).
 */
static void orient__all_eight(void **state)
{
	static const char *const seen[] = {NULL,     "ABCDEF", "CBAFED", "FEDCBA", "DEFABC",
					   "ADBECF", "DAEBFC", "FCEBDA", "CFBEAD"};

	(void)state;
	for (int o = 0; o <= 9; o++) {
		struct raster r;

		assert_int_equal(raster_init(&r, 3, 2, NULL), 0);
		for (int i = 0; i < 6; i++)
			r.rgb[3 * i] = (uint8_t)('A' + i);
		assert_int_equal(raster_orient(&r, o, NULL), 0);
		assert_int_equal(r.width, o >= 5 && o <= 8 ? 2 : 3);
		for (int i = 0; i < 6; i++)
			assert_int_equal(r.rgb[3 * i], seen[o >= 1 && o <= 8 ? o : 1][i]);
		raster_release(&r);
	}
}

static void exif__read_whole_and_never_beyond(void **state)
{
	(void)state;
	for (int big = 0; big < 2; big++) {
		for (int o = 0; o <= 9; o++) {
			uint8_t exif[128], *exact;
			size_t n = sample_exif(o, big, exif);

			assert_int_equal(exif_orientation(exif, n), o >= 1 && o <= 8 ? o : 1);
			for (size_t cut = 0; cut < n; cut++) {
				int got;

				exact = malloc(cut ? cut : 1);
				memcpy(exact, exif, cut);
				got = exif_orientation(exact, cut);
				free(exact);
				assert_true(got == 1 || got == o);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fit_size__cases),
		cmocka_unit_test(factor__never_too_large),
		cmocka_unit_test(bins__equal_the_mean),
		cmocka_unit_test(bins__what_lies_outside_is_left_out),
		cmocka_unit_test(resample__exact),
		cmocka_unit_test(orient__all_eight),
		cmocka_unit_test(exif__read_whole_and_never_beyond),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
