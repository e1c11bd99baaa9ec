/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PICTURE_JPEG_OUT_H
#define PICTURE_JPEG_OUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "raster.h"

struct jpeg_bytes {
	uint8_t *data; /* room of `size` bytes, the caller's */
	size_t size, len;
	bool fits; /* false: it would be longer than size; the bytes are then worth nothing */
};

/* Baseline, three components, optimal Huffman tables, no markers but JFIF. Colour at half resolution below
 * quality 90. Fails for ERR_MEMORY and ERR_INTERNAL only: not fitting is an answer. */
int jpeg_out(const struct raster *r, int quality, struct jpeg_bytes *to, struct err *e);

#endif
