/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JPEG to pixels by libjpeg. Its errors become ours here; a jump leads out of it, so everything it touches
 * lives in struct jpeg_job. */
#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>

#include <jerror.h>

#include "base/text.h"
#include "decode.h"
#include "exif.h"
#include "picture/picture.h"

#define SCANS_MOST 100 /* cameras and editors write about ten; each costs a walk over all pixels */
#define EXIF_MARK (JPEG_APP0 + 1)
#define EXIF_HEAD 6 /* "Exif\0\0" */

struct jpeg_job {
	struct jpeg_decompress_struct cinfo;
	struct jpeg_error_mgr errors;
	struct jpeg_progress_mgr progress;
	jmp_buf out;
	const struct decode_job *ask;
	struct found found;
	struct bins bins;
	JSAMPARRAY row;
	bool swapped_ink; /* Adobe writes CMYK inverted, and nobody writes it without Adobe's marker */
	struct err *e;
};

static const struct {
	int theirs;
	enum err_code ours;
} from_libjpeg[] = {
	{JERR_OUT_OF_MEMORY, ERR_MEMORY},
	{JERR_NO_BACKING_STORE, ERR_PICTURE_TOO_LARGE},
	{JERR_IMAGE_TOO_BIG, ERR_PICTURE_TOO_LARGE},
	{JERR_WIDTH_OVERFLOW, ERR_PICTURE_TOO_LARGE},
	{JERR_SOF_UNSUPPORTED, ERR_PICTURE_FORMAT},
	{JERR_BAD_PRECISION, ERR_PICTURE_FORMAT},
	{JERR_ARITH_NOTIMPL, ERR_PICTURE_FORMAT},
	{JERR_NOT_COMPILED, ERR_PICTURE_FORMAT},
	{JERR_CONVERSION_NOTIMPL, ERR_PICTURE_FORMAT},
	{JERR_CCIR601_NOTIMPL, ERR_PICTURE_FORMAT},
	{JERR_FRACT_SAMPLE_NOTIMPL, ERR_PICTURE_FORMAT},
};

/* The warnings that mean that pixels are missing. libjpeg would fill them with grey. */
static const int losses[] = {JWRN_HIT_MARKER, JWRN_HUFF_BAD_CODE, JWRN_ARITH_BAD_CODE, JWRN_MUST_RESYNC};

static void give_up(struct jpeg_job *j, enum err_code code) __attribute__((noreturn));
static void give_up(struct jpeg_job *j, enum err_code code)
{
	char why[JMSG_LENGTH_MAX];

	j->errors.format_message((j_common_ptr)&j->cinfo, why);
	err_set(j->e, code, "JPEG: %s", why);
	longjmp(j->out, 1);
}

static void on_error(j_common_ptr cinfo) __attribute__((noreturn));
static void on_error(j_common_ptr cinfo)
{
	struct jpeg_job *j = cinfo->client_data;

	for (size_t i = 0; i < ARRAY_LEN(from_libjpeg); i++) {
		if (from_libjpeg[i].theirs == cinfo->err->msg_code)
			give_up(j, from_libjpeg[i].ours);
	}
	give_up(j, ERR_PICTURE_DAMAGED);
}

static void on_message(j_common_ptr cinfo, int level)
{
	struct jpeg_job *j = cinfo->client_data;
	int code = cinfo->err->msg_code;

	if (level >= 0)
		return;
	for (size_t i = 0; i < ARRAY_LEN(losses); i++) {
		if (losses[i] == code)
			give_up(j, ERR_PICTURE_DAMAGED);
	}
	/* The end is missing: in a single scan, whatever matters has been missed already; of several, the
	 * later ones were cut off. */
	if (code == JWRN_JPEG_EOF && jpeg_has_multiple_scans(&j->cinfo))
		give_up(j, ERR_PICTURE_DAMAGED);
}

static void on_progress(j_common_ptr cinfo)
{
	struct jpeg_job *j = cinfo->client_data;

	if (j->cinfo.input_scan_number <= SCANS_MOST)
		return;
	err_set(j->e, ERR_PICTURE_DAMAGED, "JPEG: more than %d scans", SCANS_MOST);
	longjmp(j->out, 1);
}

static void quiet(j_common_ptr cinfo)
{
	(void)cinfo;
}

static void attach(struct jpeg_job *j)
{
	j->cinfo.err = jpeg_std_error(&j->errors);
	j->cinfo.client_data = j;
	j->errors.error_exit = on_error;
	j->errors.emit_message = on_message;
	j->errors.output_message = quiet;
	j->progress.progress_monitor = on_progress;
}

static int orientation_of(const struct jpeg_decompress_struct *cinfo)
{
	for (jpeg_saved_marker_ptr m = cinfo->marker_list; m; m = m->next) {
		if (m->marker == EXIF_MARK && m->data_length > EXIF_HEAD &&
		    !memcmp(m->data, "Exif\0", EXIF_HEAD))
			return exif_orientation(m->data + EXIF_HEAD, m->data_length - EXIF_HEAD);
	}
	return 1;
}

static void read_head(struct jpeg_job *j)
{
	jpeg_create_decompress(&j->cinfo);
	j->cinfo.progress = &j->progress;
	j->cinfo.mem->max_memory_to_use = PICTURE_WORK_BYTES;
	jpeg_save_markers(&j->cinfo, EXIF_MARK, 0xFFFF);
	jpeg_mem_src(&j->cinfo, j->ask->data, j->ask->n);
	jpeg_read_header(&j->cinfo, TRUE);
	j->found.width = j->cinfo.image_width;
	j->found.height = j->cinfo.image_height;
	j->found.orientation = orientation_of(&j->cinfo);
	if (decode_check_size(j->ask, j->found.width, j->found.height, j->e))
		longjmp(j->out, 1);
}

/* The smallest of libjpeg's fast scales that still gives enough; the bins do the rest. */
static void choose_scale(struct jpeg_job *j, uint32_t width, uint32_t height)
{
	j->cinfo.scale_denom = 8;
	for (j->cinfo.scale_num = 1; j->cinfo.scale_num < 8; j->cinfo.scale_num *= 2) {
		jpeg_calc_output_dimensions(&j->cinfo);
		if (j->cinfo.output_width >= width && j->cinfo.output_height >= height)
			break;
	}
}

static void start(struct jpeg_job *j)
{
	bool ink = j->cinfo.jpeg_color_space == JCS_CMYK || j->cinfo.jpeg_color_space == JCS_YCCK;
	uint32_t width, height, factor;

	j->cinfo.out_color_space = ink ? JCS_CMYK : JCS_RGB;
	j->swapped_ink = j->cinfo.saw_Adobe_marker;
	decode_wanted(j->ask, &j->found, &width, &height);
	choose_scale(j, width, height);
	jpeg_start_decompress(&j->cinfo);
	factor = bins_factor(j->cinfo.output_width, j->cinfo.output_height, width, height);
	if (bins_init(&j->bins, j->cinfo.output_width, j->cinfo.output_height, factor, j->e))
		longjmp(j->out, 1);
	j->row =
		j->cinfo.mem->alloc_sarray((j_common_ptr)&j->cinfo, JPOOL_IMAGE,
					   j->cinfo.output_width * (JDIMENSION)j->cinfo.output_components, 1);
}

/* In place: four bytes of ink become three of light. */
static void ink_to_light(uint8_t *row, size_t n, bool swapped)
{
	uint8_t *to = row;

	for (size_t i = 0; i < n; i++, row += 4) {
		unsigned black = swapped ? row[3] : 255u - row[3];

		for (int c = 0; c < 3; c++) {
			unsigned light = swapped ? row[c] : 255u - row[c];

			*to++ = (uint8_t)((light * black + 127) / 255);
		}
	}
}

static void read_rows(struct jpeg_job *j)
{
	while (j->cinfo.output_scanline < j->cinfo.output_height) {
		uint32_t y = j->cinfo.output_scanline;
		struct pixels p = {.step = 1, .n = j->cinfo.output_width};

		if (jpeg_read_scanlines(&j->cinfo, j->row, 1) != 1)
			give_up(j, ERR_PICTURE_DAMAGED);
		if (j->cinfo.out_color_space == JCS_CMYK)
			ink_to_light(j->row[0], p.n, j->swapped_ink);
		p.rgb = j->row[0];
		bins_add(&j->bins, y, &p);
	}
}

static int decode(struct jpeg_job *j)
{
	if (setjmp(j->out))
		return -1;
	read_head(j);
	start(j);
	read_rows(j);
	return bins_finish(&j->bins, &j->found.raster, j->e);
}

int jpeg_in(const struct decode_job *job, struct found *out, struct err *e)
{
	struct jpeg_job j = {.ask = job, .e = e};
	int last;

	attach(&j);
	last = decode(&j);
	if (!last)
		*out = j.found;
	jpeg_destroy_decompress(&j.cinfo);
	bins_release(&j.bins);
	return last;
}
