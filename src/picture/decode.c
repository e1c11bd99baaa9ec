/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "decode.h"

#include <string.h>

#include "base/text.h"
#include "picture/picture.h"

static const struct format {
	const char *name;
	size_t at;
	const char *magic;
	size_t len;
	int (*decode)(const struct decode_job *job, struct found *out,
		      struct err *e); /* NULL: known, but not taken */
} formats[] = {
	{"JPEG", 0, "\xFF\xD8\xFF", 3, jpeg_in},
	{"PNG", 0, "\x89PNG\r\n\x1A\n", 8, png_in},
	{"BMP", 0, "BM", 2, bmp_in},
	{"HEIC", 4, "ftyp", 4, NULL},
	{"WebP", 8, "WEBP", 4, NULL},
	{"GIF", 0, "GIF8", 4, NULL},
	{"TIFF", 0, "II*\0", 4, NULL},
	{"TIFF", 0, "MM\0*", 4, NULL},
	{"PDF", 0, "%PDF", 4, NULL},
	{"JPEG 2000", 4, "jP  ", 4, NULL},
	{"JPEG XL", 0, "\xFF\x0A", 2, NULL},
	{"WLT", 0, "WLf", 3, NULL},
};

static const struct format *format_of(const struct decode_job *job)
{
	for (size_t i = 0; i < ARRAY_LEN(formats); i++) {
		const struct format *f = &formats[i];

		if (job->n >= f->at + f->len && !memcmp(job->data + f->at, f->magic, f->len))
			return f;
	}
	return NULL;
}

int decode_check_size(const struct decode_job *job, uint32_t width, uint32_t height, struct err *e)
{
	if (!width || !height)
		return err_set(e, ERR_PICTURE_DAMAGED, "%u x %u pixels", width, height);
	if (width > PICTURE_SOURCE_SIDE || height > PICTURE_SOURCE_SIDE ||
	    (uint64_t)width * height > job->most_pixels)
		return err_set(e, ERR_PICTURE_TOO_LARGE, "%u x %u pixels", width, height);
	return 0;
}

static void swap(uint32_t *a, uint32_t *b)
{
	uint32_t kept = *a;

	*a = *b;
	*b = kept;
}

static int lies_on_its_side(int orientation)
{
	return orientation >= 5;
}

void decode_wanted(const struct decode_job *job, const struct found *f, uint32_t *width, uint32_t *height)
{
	uint32_t box_width = job->box_width, box_height = job->box_height;

	if (lies_on_its_side(f->orientation))
		swap(&box_width, &box_height);
	*width = f->width;
	*height = f->height;
	raster_fit_size(width, height, box_width, box_height);
}

int picture_decode(const struct decode_job *job, struct decoded *out, struct err *e)
{
	struct found found = {.orientation = 1};
	const struct format *format;

	if (!job->n)
		return err_set(e, ERR_PICTURE_EMPTY, NULL);
	if (job->n > PICTURE_SOURCE_BYTES)
		return err_set(e, ERR_PICTURE_TOO_LARGE, "more than %zu bytes", PICTURE_SOURCE_BYTES);
	format = format_of(job);
	if (!format || !format->decode)
		return err_set(e, ERR_PICTURE_FORMAT, "%s", format ? format->name : "unknown format");
	if (format->decode(job, &found, e))
		return -1;
	if (raster_orient(&found.raster, found.orientation, e)) {
		raster_release(&found.raster);
		return -1;
	}
	if (lies_on_its_side(found.orientation))
		swap(&found.width, &found.height);
	*out = (struct decoded){.raster = found.raster, .width = found.width, .height = found.height};
	return 0;
}
