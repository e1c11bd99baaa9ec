/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * PDF through cairo and pango: fonts are embedded as subsets, so that what the printer shows does not depend
 * on the printer. Nothing stands in a file but the one that the clerk named.
 */
#include "pdf.h"

#include <cairo-pdf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/io.h"

/* Debian's packages of Chinese fonts, the ones with rare characters first; "Sans" finds whatever there is. */
#define FAMILY "Noto Sans CJK SC, WenQuanYi Zen Hei, Noto Sans Uyghur, Sans"
#define SAMPLE "\xE6\xB1\x89" /* 汉 */

static cairo_status_t write_out(void *arg, const unsigned char *data, unsigned n)
{
	struct paper *p = arg;

	if (!p->trouble && io_write_all(p->fd, data, n, NULL))
		p->trouble = errno ? errno : EIO;
	return p->trouble ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

double pdf_text(struct paper *p, const char *text, double width, double size, unsigned look, int lines)
{
	PangoFontDescription *font = pango_font_description_from_string(FAMILY);
	int height;

	pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
	pango_font_description_set_weight(font, look & LOOK_BOLD ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
	pango_layout_set_font_description(p->layout, font);
	pango_font_description_free(font);
	pango_layout_set_width(p->layout, width > 0 ? (int)(width * PANGO_SCALE) : -1);
	pango_layout_set_wrap(p->layout, PANGO_WRAP_WORD_CHAR);
	pango_layout_set_ellipsize(p->layout, lines ? PANGO_ELLIPSIZE_END : PANGO_ELLIPSIZE_NONE);
	pango_layout_set_height(p->layout, lines ? -lines : -1);
	pango_layout_set_alignment(p->layout, look & LOOK_CENTRE ? PANGO_ALIGN_CENTER : PANGO_ALIGN_LEFT);
	pango_layout_set_text(p->layout, text, -1);
	pango_layout_get_size(p->layout, NULL, &height);
	return (double)height / PANGO_SCALE;
}

void pdf_show(struct paper *p, double x, double y)
{
	p->unknown += pango_layout_get_unknown_glyphs_count(p->layout);
	cairo_move_to(p->cairo, x, y);
	pango_cairo_show_layout(p->cairo, p->layout);
}

void pdf_frame(struct paper *p, const struct box *b, bool shaded)
{
	cairo_rectangle(p->cairo, b->x, b->y, b->width, b->height);
	if (shaded) {
		cairo_set_source_rgb(p->cairo, 0.92, 0.92, 0.92);
		cairo_fill_preserve(p->cairo);
		cairo_set_source_rgb(p->cairo, 0, 0, 0);
	}
	cairo_set_line_width(p->cairo, HAIR);
	cairo_stroke(p->cairo);
}

double pdf_inner(const struct paper *p)
{
	return p->width - 2 * MARGIN;
}

double pdf_bottom(const struct paper *p)
{
	return p->height - MARGIN - FOOT_ROOM;
}

static void draw_foot(struct paper *p)
{
	double y = p->height - MARGIN - FOOT_ROOM / 2;
	char text[800], number[40];

	text_format(
		text, sizeof(text), "%s%s%s", p->foot, p->foot[0] && p->unknown ? "    " : "",
		p->unknown
			? _("方框里是本机字体没有的字，安装 fonts-noto-cjk-extra 或 fonts-hanazono 后再打印")
			: "");
	text_format(number, sizeof(number), _("第 %d 页"), p->page);
	pdf_text(p, text, pdf_inner(p) - 60, 8, LOOK_PLAIN, 1);
	pdf_show(p, MARGIN, y);
	pdf_text(p, number, 60, 8, LOOK_PLAIN, 1);
	pdf_show(p, p->width - MARGIN - 60, y);
}

static void end_page(struct paper *p)
{
	if (!p->on_page)
		return;
	if (!p->footless)
		draw_foot(p);
	cairo_show_page(p->cairo);
	p->on_page = false;
}

int pdf_page(struct paper *p, struct err *e)
{
	end_page(p);
	cairo_pdf_surface_set_size(p->surface, p->width, p->height);
	p->page++;
	p->unknown = 0;
	p->on_page = true;
	p->y = MARGIN;
	if (p->title[0]) {
		p->y += pdf_text(p, p->title, pdf_inner(p), 15, LOOK_BOLD | LOOK_CENTRE, 2) + 4;
		pdf_show(p, MARGIN, MARGIN);
	}
	if (p->note[0]) {
		double height = pdf_text(p, p->note, pdf_inner(p), 9, LOOK_PLAIN, 4);

		pdf_show(p, MARGIN, p->y);
		p->y += height + 4;
	}
	if (p->trouble) {
		errno = p->trouble;
		return err_errno(e, "pdf");
	}
	return cairo_status(p->cairo)
		       ? err_set(e, ERR_SYSTEM, "pdf: %s", cairo_status_to_string(cairo_status(p->cairo)))
		       : 0;
}

/* --- parts -------------------------------------------------------------------------------------------- */

static void take(const cJSON *head, const char *key, char *out, size_t size)
{
	const char *text = json_string(head, key);

	text_copy(out, size, text ? text : "");
}

void pdf_take_head(struct paper *p, const cJSON *head, const char *key)
{
	take(head, key, p->title, sizeof(p->title));
	take(head, "note", p->note, sizeof(p->note));
	take(head, "foot", p->foot, sizeof(p->foot));
	p->width = A4_SHORT;
	p->height = A4_LONG;
	p->page = 0;
}

static int begin(struct paper **out, int fd, struct err *e)
{
	struct paper *p = calloc(1, sizeof(*p));

	if (!p)
		return err_set(e, ERR_MEMORY, "pdf");
	p->fd = fd;
	*out = p;
	p->surface = cairo_pdf_surface_create_for_stream(write_out, p, A4_SHORT, A4_LONG);
	p->cairo = cairo_create(p->surface);
	if (cairo_status(p->cairo))
		return err_set(e, ERR_MEMORY, "pdf");
	p->layout = pango_cairo_create_layout(p->cairo);
	pdf_text(p, SAMPLE, 0, 9, LOOK_PLAIN, 0);
	return pango_layout_get_unknown_glyphs_count(p->layout) ? err_set(e, ERR_OFFICE_FONT, NULL) : 0;
}

static int end_part(struct paper *p, struct err *e)
{
	const struct pdf_part *was = p->part;

	p->part = NULL;
	return was && was->end ? was->end(p, e) : 0;
}

static int part(struct paper *p, const cJSON *head, struct err *e)
{
	if (end_part(p, e))
		return -1;
	end_page(p);
	p->footless = false;
	if (json_string(head, "form")) {
		pdf_take_head(p, head, "form");
		p->part = &pdf_form;
		return pdf_page(p, e);
	}
	if (json_string(head, "badges")) {
		pdf_take_head(p, head, "badges");
		p->title[0] = p->note[0] = '\0'; /* stands on each badge instead */
		take(head, "badges", p->heading[0], sizeof(p->heading[0]));
		p->badges = 0;
		p->footless = true;
		p->part = &pdf_badges;
		return 0;
	}
	if (!json_string(head, "title"))
		return err_set(e, ERR_JSON, "no part of a document");
	p->part = &pdf_table;
	return pdf_table_head(p, head, e);
}

static int row(struct paper *p, const cJSON *cells, struct err *e)
{
	return p->part ? p->part->row(p, cells, e) : err_set(e, ERR_JSON, "a row without a part");
}

static int end(struct paper *p, struct err *e)
{
	if (end_part(p, e))
		return -1;
	end_page(p);
	cairo_surface_finish(p->surface);
	if (p->trouble) {
		errno = p->trouble;
		return err_errno(e, "pdf");
	}
	return cairo_surface_status(p->surface)
		       ? err_set(e, ERR_SYSTEM, "pdf: %s",
				 cairo_status_to_string(cairo_surface_status(p->surface)))
		       : 0;
}

static void release(struct paper *p)
{
	if (p->value)
		wipe(p->value, strlen(p->value));
	free(p->value);
	if (p->layout)
		g_object_unref(p->layout);
	cairo_destroy(p->cairo);
	cairo_surface_destroy(p->surface);
	wipe(p, sizeof(*p));
	free(p);
}

const struct paper_kind paper_pdf = {"pdf", begin, part, row, end, release};
