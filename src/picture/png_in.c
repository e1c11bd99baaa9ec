/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PNG to pixels by libpng, row by row, interlaced ones pass by pass into the bins: no whole picture in
 * memory. */
#include <setjmp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <png.h>

#include "base/text.h"
#include "decode.h"
#include "exif.h"
#include "picture/picture.h"

#define CHUNK_MOST ((size_t)8 << 20)

struct png_job {
	png_structp png;
	png_infop info;
	const struct decode_job *ask;
	size_t at; /* of ask->data */
	struct found found;
	struct bins bins;
	uint8_t *row;
	unsigned channels;
	bool short_of_memory;
	struct err *e;
};

static void on_error(png_structp png, png_const_charp why) __attribute__((noreturn));
static void on_error(png_structp png, png_const_charp why)
{
	struct png_job *j = png_get_error_ptr(png);

	err_set(j->e, j->short_of_memory ? ERR_MEMORY : ERR_PICTURE_DAMAGED, "PNG: %s", why);
	png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp why)
{
	(void)png;
	(void)why;
}

static png_voidp allocate(png_structp png, png_alloc_size_t n)
{
	struct png_job *j = png_get_mem_ptr(png);
	void *p = malloc(n);

	if (!p)
		j->short_of_memory = true;
	return p;
}

static void release(png_structp png, png_voidp p)
{
	(void)png;
	free(p);
}

static void feed(png_structp png, png_bytep to, size_t n)
{
	struct png_job *j = png_get_io_ptr(png);

	if (n > j->ask->n - j->at)
		png_error(png, "cut off");
	memcpy(to, j->ask->data + j->at, n);
	j->at += n;
}

/* What is not needed is not even looked at: texts, profiles, palettes' suggestions. */
static void skip_the_rest(png_structp png)
{
	static const png_byte names[] = "bKGD\0cHRM\0gAMA\0hIST\0iCCP\0iTXt\0oFFs\0pCAL\0pHYs\0sBIT\0sCAL\0sP"
					"LT\0sRGB\0tEXt\0tIME\0zTXt";

	png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, 0);
	png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, names, sizeof(names) / 5);
	png_set_chunk_malloc_max(png, CHUNK_MOST);
	png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX); /* ours are checked by us, and named */
}

static void read_head(struct png_job *j)
{
	png_bytep exif;
	png_uint_32 n;

	skip_the_rest(j->png);
	png_set_read_fn(j->png, j, feed);
	png_read_info(j->png, j->info);
	j->found.width = png_get_image_width(j->png, j->info);
	j->found.height = png_get_image_height(j->png, j->info);
	if (png_get_eXIf_1(j->png, j->info, &n, &exif))
		j->found.orientation = exif_orientation(exif, n);
	if (decode_check_size(j->ask, j->found.width, j->found.height, j->e))
		png_longjmp(j->png, 1);
}

/* Everything becomes eight-bit RGB, or RGBA when something is transparent. */
static void set_transforms(png_structp png)
{
	png_set_expand(png);
	png_set_scale_16(png);
	png_set_gray_to_rgb(png);
}

static void start(struct png_job *j)
{
	uint32_t width, height;

	set_transforms(j->png);
	png_read_update_info(j->png, j->info);
	j->channels = png_get_channels(j->png, j->info);
	if ((j->channels != 3 && j->channels != 4) || png_get_bit_depth(j->png, j->info) != 8)
		png_error(j->png, "not RGB");
	decode_wanted(j->ask, &j->found, &width, &height);
	if (bins_init(&j->bins, j->found.width, j->found.height,
		      bins_factor(j->found.width, j->found.height, width, height), j->e))
		png_longjmp(j->png, 1);
	j->row = allocate(j->png, (size_t)j->found.width * j->channels);
	if (!j->row)
		png_error(j->png, "row");
}

/* In place: what is transparent shows white paper. */
static void lay_on_white(uint8_t *row, size_t n)
{
	uint8_t *to = row;

	for (size_t i = 0; i < n; i++, row += 4) {
		for (int c = 0; c < 3; c++)
			*to++ = (uint8_t)((row[c] * row[3] + 255 * (255 - row[3]) + 127) / 255);
	}
}

/* The pixels of a pass of Adam7 lie apart; without interlacing one pass has all of them. */
static void read_pass(struct png_job *j, int pass)
{
	bool all = pass < 0;
	struct pixels p = {.rgb = j->row, .step = 1, .n = j->found.width};
	uint32_t rows = all ? j->found.height : PNG_PASS_ROWS(j->found.height, pass);

	if (!all) {
		p.n = PNG_PASS_COLS(j->found.width, pass);
		p.x = PNG_PASS_START_COL(pass);
		p.step = 1u << PNG_PASS_COL_SHIFT(pass);
	}
	for (uint32_t i = 0; p.n && i < rows; i++) {
		png_read_row(j->png, j->row, NULL);
		if (j->channels == 4)
			lay_on_white(j->row, p.n);
		bins_add(&j->bins, all ? i : PNG_ROW_FROM_PASS_ROW(i, pass), &p);
	}
}

static void read_rows(struct png_job *j)
{
	if (png_get_interlace_type(j->png, j->info) == PNG_INTERLACE_NONE) {
		read_pass(j, -1);
		return;
	}
	for (int pass = 0; pass < PNG_INTERLACE_ADAM7_PASSES; pass++)
		read_pass(j, pass);
}

static int decode(struct png_job *j)
{
	if (setjmp(png_jmpbuf(j->png)))
		return -1;
	read_head(j);
	start(j);
	read_rows(j);
	return bins_finish(&j->bins, &j->found.raster, j->e);
}

int png_in(const struct decode_job *job, struct found *out, struct err *e)
{
	struct png_job j = {.ask = job, .found.orientation = 1, .e = e};
	int last = -1;

	j.png = png_create_read_struct_2(PNG_LIBPNG_VER_STRING, &j, on_error, on_warning, &j, allocate,
					 release);
	j.info = j.png ? png_create_info_struct(j.png) : NULL;
	if (!j.info)
		err_set(e, ERR_MEMORY, "libpng");
	else
		last = decode(&j);
	if (!last)
		*out = j.found;
	png_destroy_read_struct(&j.png, &j.info, NULL);
	bins_release(&j.bins);
	free(j.row);
	return last;
}
