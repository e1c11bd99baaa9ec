/* SPDX-License-Identifier: GPL-3.0-or-later */
/* BMP, 24 bit, uncompressed: what portrait decoders write. BITMAPFILEHEADER and BITMAPINFOHEADER,
 * little-endian. */
#include <stdbool.h>
#include <stdlib.h>

#include "decode.h"

#define FILE_HEADER 14
#define AT_PIXELS 10
#define AT_INFO_SIZE 14
#define AT_WIDTH 18
#define AT_HEIGHT 22
#define AT_BITS 28
#define AT_COMPRESSION 30
#define INFO_LEAST 40

struct bmp {
	uint32_t width, height;
	size_t stride, pixels; /* rows are padded to four bytes */
	bool top_down;
};

static uint32_t number(const uint8_t *at, int bytes)
{
	uint32_t value = 0;

	while (bytes--)
		value = value << 8 | at[bytes];
	return value;
}

static int read_head(const struct decode_job *job, struct bmp *b, struct err *e)
{
	int64_t height;

	if (job->n < FILE_HEADER + INFO_LEAST)
		return err_set(e, ERR_PICTURE_DAMAGED, "BMP: cut off in its head");
	height = (int32_t)number(job->data + AT_HEIGHT, 4);
	b->top_down = height < 0; /* written from the top when negative */
	b->height = (uint32_t)(height < 0 ? -height : height);
	b->width = number(job->data + AT_WIDTH, 4);
	b->pixels = number(job->data + AT_PIXELS, 4);
	if (number(job->data + AT_BITS, 2) != 24 || number(job->data + AT_COMPRESSION, 4))
		return err_set(e, ERR_PICTURE_FORMAT, "BMP, but not 24 bit");
	if (decode_check_size(job, b->width, b->height, e))
		return -1;
	b->stride = ((size_t)b->width * 3 + 3) & ~(size_t)3;
	if (number(job->data + AT_INFO_SIZE, 4) < INFO_LEAST || b->pixels < FILE_HEADER + INFO_LEAST ||
	    b->pixels > job->n || (job->n - b->pixels) / b->stride < b->height)
		return err_set(e, ERR_PICTURE_DAMAGED, "BMP: cut off");
	return 0;
}

static void read_row(const struct decode_job *job, const struct bmp *b, uint32_t y, uint8_t *rgb)
{
	size_t stored = b->top_down ? y : b->height - 1 - y;
	const uint8_t *bgr = job->data + b->pixels + stored * b->stride;

	for (uint32_t x = 0; x < b->width; x++, bgr += 3) {
		*rgb++ = bgr[2];
		*rgb++ = bgr[1];
		*rgb++ = bgr[0];
	}
}

int bmp_in(const struct decode_job *job, struct found *out, struct err *e)
{
	struct found found = {.orientation = 1};
	struct bins bins = {0};
	uint32_t width, height;
	uint8_t *row = NULL;
	struct bmp b = {0};
	int last = -1;

	if (read_head(job, &b, e))
		return -1;
	found.width = b.width;
	found.height = b.height;
	decode_wanted(job, &found, &width, &height);
	if (bins_init(&bins, b.width, b.height, bins_factor(b.width, b.height, width, height), e))
		goto out;
	row = malloc((size_t)b.width * 3);
	if (!row) {
		err_set(e, ERR_MEMORY, "BMP row");
		goto out;
	}
	for (uint32_t y = 0; y < b.height; y++) {
		read_row(job, &b, y, row);
		bins_add(&bins, y, &(struct pixels){.rgb = row, .step = 1, .n = b.width});
	}
	last = bins_finish(&bins, &found.raster, e);
out:
	if (!last)
		*out = found;
	bins_release(&bins);
	free(row);
	return last;
}
