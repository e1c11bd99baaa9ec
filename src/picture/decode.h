/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes to pixels, whatever the format: the one door to the decoders. */
#ifndef PICTURE_DECODE_H
#define PICTURE_DECODE_H

#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "raster.h"

/* What is asked of a decoder. Width and height are those of the picture as it is to be seen, orientation
 * done. */
struct decode_job {
	const uint8_t *data;
	size_t n;
	uint32_t box_width, box_height; /* enough pixels to fill this box; more (less than twice as many each
					   way) may come */
	uint32_t most_pixels;		/* refuse above */
};

struct decoded {
	struct raster raster;	/* oriented; the caller releases it */
	uint32_t width, height; /* of the source, oriented: the shape to keep */
};

/* ERR_PICTURE_EMPTY, _FORMAT, _DAMAGED, _TOO_LARGE, ERR_MEMORY. *out is set on success only. */
int picture_decode(const struct decode_job *job, struct decoded *out, struct err *e);

/* The formats' own parts, each in its file. They give pixels as stored and say how to turn them. */
struct found {
	struct raster raster;
	uint32_t width, height; /* of the source, as stored */
	int orientation;	/* 1..8 */
};

int jpeg_in(const struct decode_job *job, struct found *out, struct err *e);
int png_in(const struct decode_job *job, struct found *out, struct err *e);
int bmp_in(const struct decode_job *job, struct found *out, struct err *e);

/* For them: are the stored dimensions allowed? And how many stored pixels fill the box, seen through the
 * orientation? */
int decode_check_size(const struct decode_job *job, uint32_t width, uint32_t height, struct err *e);
void decode_wanted(const struct decode_job *job, const struct found *f, uint32_t *width, uint32_t *height);

#endif
