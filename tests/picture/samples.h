/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures for the tests: four coloured corners (red, green / blue, yellow) on mid grey, or noise, in every
 * shape of JPEG, PNG and BMP. */
#ifndef TESTS_SAMPLES_H
#define TESTS_SAMPLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

/* A planted text stands in every metadata field that is written; it must never come out. */
#define SAMPLE_SECRET "PLANTED-LATITUDE-21.5"
#define SAMPLE_CEILING ((size_t)64 << 20)

enum sample_colour { SAMPLE_RGB, SAMPLE_GREY, SAMPLE_CMYK, SAMPLE_YCCK };

struct jpeg_sample {
	uint32_t width, height;
	enum sample_colour colour;
	bool noise, progressive, full_colour, metadata,
		apart;	 /* apart: a scan a component; progressive: a scan a coefficient */
	int orientation; /* 0: no EXIF */
	bool big_endian;
	unsigned restart; /* rows of blocks */
	int quality;	  /* 0: 90 */
};

struct png_sample {
	uint32_t width, height;
	int type, depth; /* as PNG's: 0 grey, 2 RGB, 3 palette, 4 grey + alpha, 6 RGB + alpha */
	bool noise, interlaced, keyed, metadata; /* keyed: tRNS */
	int orientation;
};

/* What the tests compare with: the colour of the corner that (x, y) lies in. */
void sample_pixel(uint32_t width, uint32_t height, uint32_t x, uint32_t y, bool noise, uint8_t rgb[3]);

void sample_jpeg(const struct jpeg_sample *s, struct buf *out);
void sample_png(const struct png_sample *s, struct buf *out);
void sample_bmp(uint32_t width, uint32_t height, bool top_down, struct buf *out);
/* A TIFF header with one directory: make, orientation, a text. */
size_t sample_exif(int orientation, bool big_endian, uint8_t out[128]);

#endif
