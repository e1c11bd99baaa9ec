/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "samples.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <png.h>

#include "base/text.h"

static const uint8_t corners[4][3] = {{200, 30, 30}, {30, 180, 30}, {30, 30, 200}, {220, 200, 40}};

static void need(bool good, const char *what)
{
	if (good)
		return;
	fprintf(stderr, "samples: %s\n", what);
	abort();
}

static uint32_t mixed(uint32_t v)
{
	v ^= v >> 16;
	v *= 0x7FEB352Du;
	v ^= v >> 15;
	v *= 0x846CA68Bu;
	return v ^ v >> 16;
}

void sample_pixel(uint32_t width, uint32_t height, uint32_t x, uint32_t y, bool noise, uint8_t rgb[3])
{
	const uint8_t *corner = corners[(x >= width / 2) + 2 * (y >= height / 2)];
	uint32_t value = mixed(y * 65537u + x);

	for (int c = 0; c < 3; c++)
		rgb[c] = noise ? (uint8_t)(value >> 8 * c) : corner[c];
}

/* --- bytes --- */

static void put_number(uint8_t *at, uint32_t value, int bytes, bool big_endian)
{
	for (int i = 0; i < bytes; i++)
		at[big_endian ? bytes - 1 - i : i] = (uint8_t)(value >> 8 * i);
}

static uint8_t *put_entry(uint8_t *at, unsigned tag, unsigned type, uint32_t count, uint32_t value, bool big)
{
	memset(at, 0, 12);
	put_number(at, tag, 2, big);
	put_number(at + 2, type, 2, big);
	put_number(at + 4, count, 4, big);
	put_number(at + 8, value, type == 3 ? 2 : 4, big);
	return at + 12;
}

size_t sample_exif(int orientation, bool big, uint8_t out[128])
{
	uint8_t *at = out;

	memcpy(at, big ? "MM\0*" : "II*\0", 4);
	put_number(at + 4, 8, 4, big);
	put_number(at + 8, 2, 2, big);
	at = put_entry(at + 10, 271, 2, sizeof(SAMPLE_SECRET), 8 + 2 + 24 + 4, big);
	at = put_entry(at, 274, 3, 1, (uint32_t)orientation, big);
	put_number(at, 0, 4, big);
	memcpy(at + 4, SAMPLE_SECRET, sizeof(SAMPLE_SECRET));
	return (size_t)(at + 4 - out) + sizeof(SAMPLE_SECRET);
}

/* --- JPEG --- */

static void write_metadata(struct jpeg_compress_struct *c, const struct jpeg_sample *s)
{
	uint8_t app1[6 + 128] = "Exif\0";

	if (s->orientation) {
		size_t n = sample_exif(s->orientation, s->big_endian, app1 + 6);

		jpeg_write_marker(c, JPEG_APP0 + 1, app1, (unsigned)n + 6);
	}
	if (!s->metadata)
		return;
	jpeg_write_marker(c, JPEG_APP0 + 1, (const JOCTET *)"http://ns.adobe.com/xap/1.0/\0" SAMPLE_SECRET,
			  29 + 21);
	jpeg_write_marker(c, JPEG_APP0 + 2, (const JOCTET *)"ICC_PROFILE\0\1\1" SAMPLE_SECRET, 14 + 21);
	jpeg_write_marker(c, JPEG_COM, (const JOCTET *)SAMPLE_SECRET, sizeof(SAMPLE_SECRET));
}

/* As Adobe does it: inverted ink, so that 255 is none. */
static void to_ink(const uint8_t rgb[3], uint8_t ink[4])
{
	uint8_t most = rgb[0];

	for (int i = 1; i < 3; i++)
		most = rgb[i] > most ? rgb[i] : most;
	for (int i = 0; i < 3; i++)
		ink[i] = most ? (uint8_t)(rgb[i] * 255 / most) : 255;
	ink[3] = most;
}

static void fill_row(const struct jpeg_sample *s, uint32_t y, uint8_t *row)
{
	for (uint32_t x = 0; x < s->width; x++) {
		uint8_t rgb[3];

		sample_pixel(s->width, s->height, x, y, s->noise, rgb);
		if (s->colour == SAMPLE_GREY)
			*row++ = rgb[1];
		else if (s->colour == SAMPLE_RGB)
			row = (uint8_t *)memcpy(row, rgb, 3) + 3;
		else
			to_ink(rgb, row), row += 4;
	}
}

/* A scan for every coefficient of every component: allowed, and a way to keep a decoder busy. */
static void many_scans(struct jpeg_compress_struct *c, jpeg_scan_info *scans)
{
	int n = 0;

	scans[n++] = (jpeg_scan_info){.comps_in_scan = 3, .component_index = {0, 1, 2}};
	for (int i = 0; i < 3; i++) {
		for (int k = 1; k < 64; k++)
			scans[n++] = (jpeg_scan_info){
				.comps_in_scan = 1, .component_index = {i}, .Ss = k, .Se = k};
	}
	c->scan_info = scans;
	c->num_scans = n;
}

static void set_scans(struct jpeg_compress_struct *c, const struct jpeg_sample *s, jpeg_scan_info *scans)
{
	if (s->progressive && s->apart) {
		many_scans(c, scans);
	} else if (s->progressive) {
		jpeg_simple_progression(c);
	} else if (s->apart) {
		for (int i = 0; i < 3; i++)
			scans[i] = (jpeg_scan_info){.comps_in_scan = 1, .component_index = {i}, .Se = 63};
		c->scan_info = scans;
		c->num_scans = 3;
	}
}

static void set_up(struct jpeg_compress_struct *c, const struct jpeg_sample *s, jpeg_scan_info *scans)
{
	static const J_COLOR_SPACE spaces[] = {JCS_RGB, JCS_GRAYSCALE, JCS_CMYK, JCS_CMYK};
	static const int components[] = {3, 1, 4, 4};

	c->image_width = s->width;
	c->image_height = s->height;
	c->in_color_space = spaces[s->colour];
	c->input_components = components[s->colour];
	jpeg_set_defaults(c);
	if (s->colour == SAMPLE_YCCK)
		jpeg_set_colorspace(c, JCS_YCCK);
	jpeg_set_quality(c, s->quality ? s->quality : 90, TRUE);
	if (s->full_colour)
		c->comp_info[0].h_samp_factor = c->comp_info[0].v_samp_factor = 1;
	c->restart_in_rows = (int)s->restart;
	set_scans(c, s, scans);
}

void sample_jpeg(const struct jpeg_sample *s, struct buf *out)
{
	struct jpeg_compress_struct c;
	struct jpeg_error_mgr errors;
	jpeg_scan_info scans[1 + 3 * 63];
	unsigned long n = 0;
	uint8_t *data = NULL, *row = malloc((size_t)s->width * 4);

	need(row, "memory");
	c.err = jpeg_std_error(&errors);
	jpeg_create_compress(&c);
	jpeg_mem_dest(&c, &data, &n);
	set_up(&c, s, scans);
	jpeg_start_compress(&c, TRUE);
	write_metadata(&c, s);
	for (uint32_t y = 0; y < s->height; y++) {
		fill_row(s, y, row);
		jpeg_write_scanlines(&c, &row, 1);
	}
	jpeg_finish_compress(&c);
	jpeg_destroy_compress(&c);
	buf_reset(out);
	need(!buf_add(out, data, n), "JPEG too long");
	free(data);
	free(row);
}

/* --- PNG --- */

static void write_png(png_structp png, png_bytep data, size_t n)
{
	need(!buf_add(png_get_io_ptr(png), data, n), "PNG too long");
}

static void flush_png(png_structp png)
{
	(void)png;
}

static int channels_of(int type)
{
	static const int channels[] = {1, 0, 3, 1, 2, 0, 4};

	return channels[type];
}

/* The values of one pixel, 0..255; a palette's is the number of the corner. The right half of pictures with
 * alpha is clear. */
static void png_values(const struct png_sample *s, uint32_t x, uint32_t y, uint8_t v[4])
{
	uint8_t rgb[3];

	sample_pixel(s->width, s->height, x, y, s->noise, rgb);
	memcpy(v, rgb, 3);
	if (s->type == PNG_COLOR_TYPE_GRAY || s->type == PNG_COLOR_TYPE_GRAY_ALPHA)
		v[0] = rgb[1];
	if (s->type == PNG_COLOR_TYPE_PALETTE)
		v[0] = (uint8_t)((x >= s->width / 2) + (s->depth > 1 ? 2 * (y >= s->height / 2) : 0));
	v[channels_of(s->type) - 1] =
		s->type & PNG_COLOR_MASK_ALPHA ? x < s->width / 2 ? 255 : 0 : v[channels_of(s->type) - 1];
}

static void put_sample(uint8_t *row, size_t at, int depth, uint8_t value, bool index)
{
	if (depth == 16) {
		row[2 * at] = row[2 * at + 1] = value;
	} else if (depth == 8) {
		row[at] = value;
	} else {
		size_t bit = at * (size_t)depth;
		int v = index ? value : value >> (8 - depth);

		row[bit / 8] |= (uint8_t)(v << (8 - depth - (int)(bit % 8)));
	}
}

static void fill_png_row(const struct png_sample *s, uint32_t y, uint8_t *row)
{
	int channels = channels_of(s->type);
	uint8_t v[4];

	memset(row, 0, (size_t)s->width * 8);
	for (uint32_t x = 0; x < s->width; x++) {
		png_values(s, x, y, v);
		for (int c = 0; c < channels; c++)
			put_sample(row, (size_t)x * (size_t)channels + (size_t)c, s->depth, v[c],
				   s->type == PNG_COLOR_TYPE_PALETTE);
	}
}

static void set_chunks(png_structp png, png_infop info, const struct png_sample *s)
{
	png_color palette[4];
	png_byte clear[2] = {255, 0};
	png_color_16 key = {.gray = (png_uint_16)(s->depth == 16  ? 180 * 257
						  : s->depth == 8 ? 180
								  : 180 >> (8 - s->depth))};
	png_text text = {.compression = PNG_TEXT_COMPRESSION_zTXt,
			 .key = (char *)"Comment",
			 .text = (char *)SAMPLE_SECRET};
	uint8_t exif[128];

	for (int i = 0; i < 4; i++)
		palette[i] = (png_color){corners[i][0], corners[i][1], corners[i][2]};
	if (s->type == PNG_COLOR_TYPE_PALETTE)
		png_set_PLTE(png, info, palette, s->depth == 1 ? 2 : 4);
	if (s->keyed && s->type == PNG_COLOR_TYPE_PALETTE)
		png_set_tRNS(png, info, clear, 2, NULL);
	else if (s->keyed)
		png_set_tRNS(png, info, NULL, 0, &key);
	if (s->metadata)
		png_set_text(png, info, &text, 1);
	if (s->orientation)
		png_set_eXIf_1(png, info, (png_uint_32)sample_exif(s->orientation, true, exif), exif);
}

void sample_png(const struct png_sample *s, struct buf *out)
{
	png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
	png_infop info = png_create_info_struct(png);
	uint8_t *row = malloc((size_t)s->width * 8);
	int passes;

	need(png && info && row, "memory");
	buf_reset(out);
	png_set_write_fn(png, out, write_png, flush_png);
	png_set_compression_level(png, s->noise ? 1 : 9);
	png_set_IHDR(png, info, s->width, s->height, s->depth, s->type,
		     s->interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_BASE,
		     PNG_FILTER_TYPE_BASE);
	set_chunks(png, info, s);
	png_write_info(png, info);
	passes = png_set_interlace_handling(png);
	while (passes--) {
		for (uint32_t y = 0; y < s->height; y++) {
			fill_png_row(s, y, row);
			png_write_row(png, row);
		}
	}
	png_write_end(png, info);
	png_destroy_write_struct(&png, &info);
	free(row);
}

/* --- BMP --- */

void sample_bmp(uint32_t width, uint32_t height, bool top_down, struct buf *out)
{
	uint8_t head[54] = "BM", bgr[4] = {0};
	size_t padding = (4 - width * 3 % 4) % 4;

	put_number(head + 2, (uint32_t)(sizeof(head) + (width * 3 + padding) * height), 4, false);
	put_number(head + 10, sizeof(head), 4, false);
	put_number(head + 14, 40, 4, false);
	put_number(head + 18, width, 4, false);
	put_number(head + 22, top_down ? 0 - height : height, 4, false);
	put_number(head + 26, 1, 2, false);
	put_number(head + 28, 24, 2, false);
	buf_reset(out);
	need(!buf_add(out, head, sizeof(head)), "BMP");
	for (uint32_t i = 0; i < height; i++) {
		for (uint32_t x = 0; x < width; x++) {
			uint8_t rgb[3];

			sample_pixel(width, height, x, top_down ? i : height - 1 - i, false, rgb);
			bgr[0] = rgb[2], bgr[1] = rgb[1], bgr[2] = rgb[0];
			need(!buf_add(out, bgr, 3), "BMP");
		}
		need(!buf_add(out, "\0\0\0", padding), "BMP");
	}
}
