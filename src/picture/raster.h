/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pixels in memory, and the two ways of making them fewer: bins (exact averages of factor × factor source
 * pixels, filled in any order while decoding) and resampling (exact area averages to any size).
 */
#ifndef PICTURE_RASTER_H
#define PICTURE_RASTER_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct raster {
	uint32_t width, height;
	uint8_t *rgb; /* owned; three bytes a pixel, rows without gaps */
};

struct bins {
	uint32_t source_width, source_height, factor;
	uint32_t width, height; /* in bins, the last ones perhaps not full */
	uint32_t *sums;		/* owned; three a bin: 255 × factor² always fits */
};

/* Pixels of a source row: the first at x, each step columns from the one before (interlacing), in RGB. */
struct pixels {
	const uint8_t *rgb;
	uint32_t x, step, n;
};

#define BINS_FACTOR_MAX 4096

int raster_init(struct raster *r, uint32_t width, uint32_t height, struct err *e);
void raster_release(struct raster *r); /* wipes; accepts a zeroed one */

/* The largest size of the same shape in a box of max_width × max_height, never larger than the source, never
 * 0. */
void raster_fit_size(uint32_t *width, uint32_t *height, uint32_t max_width, uint32_t max_height);
/* The largest whole factor that still leaves at least wanted pixels in both directions. */
uint32_t bins_factor(uint32_t width, uint32_t height, uint32_t wanted_width, uint32_t wanted_height);

int bins_init(struct bins *b, uint32_t source_width, uint32_t source_height, uint32_t factor, struct err *e);
void bins_release(struct bins *b);
void bins_add(struct bins *b, uint32_t y, const struct pixels *p); /* what lies outside is left out */
int bins_finish(const struct bins *b, struct raster *out, struct err *e);

/* to: made here, width × height as asked. Works in both directions. */
int raster_resample(const struct raster *from, uint32_t width, uint32_t height, struct raster *to,
		    struct err *e);
/* Turns r as EXIF's orientation 1..8 says (TIFF 6.0, tag 274). */
int raster_orient(struct raster *r, int orientation, struct err *e);

#endif
