/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "raster.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define CHANNELS 3

static size_t raster_bytes(const struct raster *r)
{
	return (size_t)r->width * r->height * CHANNELS;
}

int raster_init(struct raster *r, uint32_t width, uint32_t height, struct err *e)
{
	struct raster made = {.width = width, .height = height};

	made.rgb = calloc((size_t)width * height, CHANNELS);
	if (!made.rgb)
		return err_set(e, ERR_MEMORY, "%u x %u pixels", width, height);
	*r = made;
	return 0;
}

void raster_release(struct raster *r)
{
	if (r->rgb)
		wipe(r->rgb, raster_bytes(r));
	free(r->rgb);
	*r = (struct raster){0};
}

void raster_fit_size(uint32_t *width, uint32_t *height, uint32_t max_width, uint32_t max_height)
{
	uint64_t w = *width, h = *height;

	if (w <= max_width && h <= max_height)
		return;
	if (w * max_height >= h * max_width) { /* the width decides */
		*width = max_width;
		*height = (uint32_t)((h * max_width + w / 2) / w);
	} else {
		*height = max_height;
		*width = (uint32_t)((w * max_height + h / 2) / h);
	}
	*width += !*width;
	*height += !*height;
}

/* --- bins --- */

uint32_t bins_factor(uint32_t width, uint32_t height, uint32_t wanted_width, uint32_t wanted_height)
{
	uint32_t x = width / (wanted_width ? wanted_width : 1),
		 y = height / (wanted_height ? wanted_height : 1);
	uint32_t least = x < y ? x : y;

	if (least > BINS_FACTOR_MAX)
		return BINS_FACTOR_MAX;
	return least ? least : 1;
}

int bins_init(struct bins *b, uint32_t source_width, uint32_t source_height, uint32_t factor, struct err *e)
{
	struct bins made = {.source_width = source_width, .source_height = source_height, .factor = factor};

	made.width = (source_width + factor - 1) / factor;
	made.height = (source_height + factor - 1) / factor;
	made.sums = calloc((size_t)made.width * made.height, CHANNELS * sizeof(*made.sums));
	if (!made.sums)
		return err_set(e, ERR_MEMORY, "%u x %u bins", made.width, made.height);
	*b = made;
	return 0;
}

void bins_release(struct bins *b)
{
	if (b->sums)
		wipe(b->sums, (size_t)b->width * b->height * CHANNELS * sizeof(*b->sums));
	free(b->sums);
	*b = (struct bins){0};
}

void bins_add(struct bins *b, uint32_t y, const struct pixels *p)
{
	uint64_t x = p->x, end = (uint64_t)(p->x / b->factor + 1) * b->factor;
	const uint8_t *from = p->rgb;
	uint32_t *sum;

	if (y >= b->source_height || x >= b->source_width)
		return;
	sum = b->sums + ((size_t)(y / b->factor) * b->width + p->x / b->factor) * CHANNELS;
	for (uint32_t i = 0; i < p->n && x < b->source_width; i++) {
		sum[0] += from[0];
		sum[1] += from[1];
		sum[2] += from[2];
		from += CHANNELS;
		for (x += p->step; x >= end; end += b->factor)
			sum += CHANNELS;
	}
}

static uint32_t filled(uint32_t at, uint32_t factor, uint32_t source)
{
	uint32_t rest = source - at * factor;

	return rest < factor ? rest : factor;
}

int bins_finish(const struct bins *b, struct raster *out, struct err *e)
{
	const uint32_t *sum = b->sums;
	struct raster made;
	uint8_t *to;

	if (raster_init(&made, b->width, b->height, e))
		return -1;
	to = made.rgb;
	for (uint32_t y = 0; y < b->height; y++) {
		uint32_t high = filled(y, b->factor, b->source_height);

		for (uint32_t x = 0; x < b->width; x++) {
			uint32_t count = high * filled(x, b->factor, b->source_width);

			for (int c = 0; c < CHANNELS; c++)
				*to++ = (uint8_t)((*sum++ + count / 2) / count);
		}
	}
	*out = made;
	return 0;
}

/* --- resampling --- */

/* One line of one channel; values are 8.8 fixed point. */
struct line {
	uint16_t *at;
	size_t step;
	uint32_t n;
};

/*
 * Exact: a source sample covers to.n units, a wanted one from.n units of the same line, and what they share
 * is its weight. Sums stay below 65280 × 65535 < 2³².
 */
static void average_line(struct line from, struct line to)
{
	uint64_t at = 0; /* in units */
	uint32_t source = 0;

	for (uint32_t i = 0; i < to.n; i++) {
		uint64_t end = (uint64_t)(i + 1) * from.n;
		uint32_t sum = from.n / 2;

		while (at < end) {
			uint64_t next = (uint64_t)(source + 1) * to.n;
			uint64_t stop = next < end ? next : end;

			sum += (uint32_t)(stop - at) * from.at[source * from.step];
			at = stop;
			source += stop == next;
		}
		to.at[i * to.step] = (uint16_t)(sum / from.n);
	}
}

static uint16_t *widen(const struct raster *from)
{
	size_t n = raster_bytes(from);
	uint16_t *wide = malloc(n * sizeof(*wide));

	for (size_t i = 0; wide && i < n; i++)
		wide[i] = (uint16_t)(from->rgb[i] << 8);
	return wide;
}

static void average_rows(uint16_t *from, uint32_t from_width, uint16_t *to, uint32_t to_width,
			 uint32_t height)
{
	for (uint32_t y = 0; y < height; y++) {
		for (int c = 0; c < CHANNELS; c++) {
			average_line(
				(struct line){from + (size_t)y * from_width * CHANNELS + c, CHANNELS,
					      from_width},
				(struct line){to + (size_t)y * to_width * CHANNELS + c, CHANNELS, to_width});
		}
	}
}

static void average_columns(uint16_t *from, uint32_t from_height, uint16_t *to, uint32_t to_height,
			    uint32_t width)
{
	size_t step = (size_t)width * CHANNELS;

	for (size_t x = 0; x < step; x++)
		average_line((struct line){from + x, step, from_height},
			     (struct line){to + x, step, to_height});
}

static void wipe_free(uint16_t *p, size_t n)
{
	if (p)
		wipe(p, n * sizeof(*p));
	free(p);
}

int raster_resample(const struct raster *from, uint32_t width, uint32_t height, struct raster *to,
		    struct err *e)
{
	size_t n_from = raster_bytes(from), n_flat = (size_t)width * from->height * CHANNELS;
	size_t n_to = (size_t)width * height * CHANNELS;
	uint16_t *wide = widen(from), *flat = malloc(n_flat * sizeof(*flat)),
		 *done = malloc(n_to * sizeof(*done));
	int last = -1;

	if (!wide || !flat || !done) {
		err_set(e, ERR_MEMORY, "resampling to %u x %u", width, height);
		goto out;
	}
	average_rows(wide, from->width, flat, width, from->height);
	average_columns(flat, from->height, done, height, width);
	last = raster_init(to, width, height, e);
	for (size_t i = 0; !last && i < n_to; i++)
		to->rgb[i] = (uint8_t)((done[i] + 127) >> 8);
out:
	wipe_free(wide, n_from);
	wipe_free(flat, n_flat);
	wipe_free(done, n_to);
	return last;
}

/* --- orientation --- */

static const struct turn {
	bool transpose, flip_x, flip_y; /* first transposed, then flipped */
} turns[] = {
	[1] = {false, false, false}, [2] = {false, true, false}, [3] = {false, true, true},
	[4] = {false, false, true},  [5] = {true, false, false}, [6] = {true, true, false},
	[7] = {true, true, true},    [8] = {true, false, true},
};

static void turn_pixels(const struct raster *from, struct raster *to, const struct turn *t)
{
	uint8_t *put = to->rgb;

	for (uint32_t y = 0; y < to->height; y++) {
		for (uint32_t x = 0; x < to->width; x++, put += CHANNELS) {
			uint32_t u = t->flip_x ? to->width - 1 - x : x,
				 v = t->flip_y ? to->height - 1 - y : y;
			size_t at = t->transpose ? (size_t)u * from->width + v : (size_t)v * from->width + u;

			memcpy(put, from->rgb + at * CHANNELS, CHANNELS);
		}
	}
}

int raster_orient(struct raster *r, int orientation, struct err *e)
{
	const struct turn *t = &turns[orientation >= 1 && orientation <= 8 ? orientation : 1];
	struct raster turned;

	if (!t->transpose && !t->flip_x && !t->flip_y)
		return 0;
	if (raster_init(&turned, t->transpose ? r->height : r->width, t->transpose ? r->width : r->height, e))
		return -1;
	turn_pixels(r, &turned, t);
	raster_release(r);
	*r = turned;
	return 0;
}
