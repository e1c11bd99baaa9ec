/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "jpeg_out.h"

#include <setjmp.h>
#include <stdio.h>

#include <jpeglib.h>

#include <jerror.h>

#define FULL_COLOUR_FROM 90

struct jpeg_job {
	struct jpeg_compress_struct cinfo;
	struct jpeg_error_mgr errors;
	struct jpeg_destination_mgr to;
	jmp_buf out;
	struct err *e;
	bool full; /* the room is used up: no error */
};

static void on_error(j_common_ptr cinfo) __attribute__((noreturn));
static void on_error(j_common_ptr cinfo)
{
	struct jpeg_job *j = cinfo->client_data;
	char why[JMSG_LENGTH_MAX];

	cinfo->err->format_message(cinfo, why);
	err_set(j->e, cinfo->err->msg_code == JERR_OUT_OF_MEMORY ? ERR_MEMORY : ERR_INTERNAL, "JPEG: %s",
		why);
	longjmp(j->out, 1);
}

static void on_message(j_common_ptr cinfo, int level)
{
	(void)cinfo;
	(void)level;
}

static void nothing(j_compress_ptr cinfo)
{
	(void)cinfo;
}

static boolean on_full(j_compress_ptr cinfo)
{
	struct jpeg_job *j = cinfo->client_data;

	j->full = true;
	longjmp(j->out, 1);
}

static void attach(struct jpeg_job *j, const struct jpeg_bytes *to)
{
	j->cinfo.err = jpeg_std_error(&j->errors);
	j->cinfo.client_data = j;
	j->errors.error_exit = on_error;
	j->errors.emit_message = on_message;
	j->to.next_output_byte = to->data;
	j->to.free_in_buffer = to->size;
	j->to.init_destination = nothing;
	j->to.empty_output_buffer = on_full;
	j->to.term_destination = nothing;
}

static void set_up(struct jpeg_job *j, const struct raster *r, int quality)
{
	jpeg_create_compress(&j->cinfo);
	j->cinfo.dest = &j->to;
	j->cinfo.image_width = r->width;
	j->cinfo.image_height = r->height;
	j->cinfo.input_components = 3;
	j->cinfo.in_color_space = JCS_RGB;
	jpeg_set_defaults(&j->cinfo);
	jpeg_set_quality(&j->cinfo, quality, TRUE);
	j->cinfo.optimize_coding = TRUE;
	if (quality >= FULL_COLOUR_FROM) {
		j->cinfo.comp_info[0].h_samp_factor = 1;
		j->cinfo.comp_info[0].v_samp_factor = 1;
	}
}

static void write_rows(struct jpeg_job *j, const struct raster *r)
{
	jpeg_start_compress(&j->cinfo, TRUE);
	while (j->cinfo.next_scanline < j->cinfo.image_height) {
		JSAMPROW row = r->rgb + (size_t)j->cinfo.next_scanline * r->width * 3;

		jpeg_write_scanlines(&j->cinfo, &row, 1);
	}
	jpeg_finish_compress(&j->cinfo);
}

static int encode(struct jpeg_job *j, const struct raster *r, int quality)
{
	if (setjmp(j->out))
		return j->full ? 0 : -1;
	set_up(j, r, quality);
	write_rows(j, r);
	return 0;
}

int jpeg_out(const struct raster *r, int quality, struct jpeg_bytes *to, struct err *e)
{
	struct jpeg_job j = {.e = e};
	int last;

	attach(&j, to);
	last = encode(&j, r, quality);
	to->fits = !last && !j.full;
	to->len = to->fits ? to->size - j.to.free_in_buffer : 0;
	jpeg_destroy_compress(&j.cinfo);
	return last;
}
