/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pictures as pure functions: bytes in, bytes or cells out. For shiming-picture and the tests; everybody else
 * goes through picture/client.h, because what is decoded here comes from strangers and belongs into a process
 * that has nothing.
 *
 * Taken: JPEG (baseline, progressive, grey, CMYK, YCCK), PNG (all colour types and depths, interlaced,
 * transparent: on white), BMP (24 bit, what portrait decoders write). What it is tells the content, not a
 * name. Orientation of EXIF is honoured (JPEG; PNG when eXIf stands before the pixels). Nothing but pixels
 * comes out: no EXIF, no place, no thumbnail, no colour profile, no comment.
 *
 * Memory does not grow with the picture: JPEG is decoded scaled, PNG is averaged row by row into bins,
 * interlaced ones too. The exception is progressive JPEG, whose coefficients must all be kept (two bytes a
 * sample): bounded by PICTURE_WORK_BYTES. A picture that is cut off or broken inside is refused, never half
 * shown.
 */
#ifndef PICTURE_PICTURE_H
#define PICTURE_PICTURE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "picture/grid.h"

#define PICTURE_SOURCE_BYTES ((size_t)40 << 20)
#define PICTURE_SOURCE_PIXELS 100000000u
#define PICTURE_SOURCE_SIDE 65535u	     /* pixels; JPEG cannot have more */
#define PICTURE_WORK_BYTES ((long)640 << 20) /* of libjpeg: 100 megapixels of three, progressive */

/* The platforms' limit, read strictly: "50 KB" is the length of the Base64 text (several upload interfaces;
 * the JPEG is then at most 38,400 bytes). */
#define PICTURE_BASE64_LIMIT 51200u
#define PICTURE_BASE64_LEAST 2048u /* any picture can be brought under this */
#define PICTURE_BASE64_MOST 1048576u
#define PICTURE_SIDE 800u /* pixels of the longer side unless asked otherwise */
#define PICTURE_SIDE_LEAST 16u
#define PICTURE_SIDE_MOST 2048u

/* Zero means the default. */
struct picture_fit_options {
	unsigned base64_limit;		/* characters; LEAST..MOST */
	unsigned max_width, max_height; /* pixels; SIDE_LEAST..SIDE_MOST */
	unsigned source_pixels;		/* refuse above; at most PICTURE_SOURCE_PIXELS */
};

/*
 * The best baseline JPEG (three components) within the limits, never larger than the source: first as large
 * as max_width × max_height allows at a good quality, then smaller, at last coarser. jpeg is reset first and
 * needs room for the limit. ERR_PICTURE_EMPTY, _FORMAT, _DAMAGED, _TOO_LARGE; ERR_MEMORY; ERR_USAGE for
 * options outside their range.
 */
int picture_fit(const void *data, size_t n, const struct picture_fit_options *o, struct buf *jpeg,
		struct err *e);

/* How cells are drawn. The first colour way is half blocks; quarter blocks choose the best of sixteen forms.
 * Characters that are two columns wide in the present ambiguous width (base/text.h) are not used: then half
 * becomes quarter, and shade becomes ascii. */
enum picture_symbols {
	PICTURE_AUTO,
	PICTURE_HALF,
	PICTURE_QUARTER,
	PICTURE_BRAILLE,
	PICTURE_SHADE,
	PICTURE_ASCII,
	PICTURE_SYMBOLS
};

struct picture_cells_options {
	unsigned columns, rows; /* the room there is, 1..GRID_MOST; the grid keeps the picture's shape and may
				   be smaller */
	enum grid_colours colours;
	enum picture_symbols symbols; /* PICTURE_AUTO: half with colours, braille without */
	unsigned source_pixels;
};

int picture_symbols_of(
	const char *name); /* "auto", "half", "quarter", "braille", "shade", "ascii"; -1: no such */

/* A terminal cell counts as twice as high as wide. The grid is the caller's (grid_release). Errors as above.
 */
int picture_cells(const void *data, size_t n, const struct picture_cells_options *o, struct grid *out,
		  struct err *e);

#endif
