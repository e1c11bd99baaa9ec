/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A form: pairs of label and value, two beside each other where both are short, headings across, free lines
 * for signatures. */
#include "pdf.h"

#include <stdlib.h>
#include <string.h>

#define LABEL_SHARE 0.19 /* of the width; the value has as much of a half as is left */
#define SIZE 10.0
#define ROW_LEAST (7 * MM)

static int make_room(struct paper *p, double height, struct err *e)
{
	return p->y + height > pdf_bottom(p) ? pdf_page(p, e) : 0;
}

static double cell_height(struct paper *p, const char *text, double width)
{
	double h = pdf_text(p, text, width - 2 * PAD, SIZE, LOOK_PLAIN, 0) + 2 * PAD;

	return h > ROW_LEAST ? h : ROW_LEAST;
}

static void draw_cell(struct paper *p, const char *text, struct box b, bool shaded, unsigned look)
{
	double used;

	pdf_frame(p, &b, shaded);
	used = pdf_text(p, text, b.width - 2 * PAD, SIZE, look, 0);
	pdf_show(p, b.x + PAD, b.y + (b.height - used) / 2);
}

/* One pair from x on, `width` wide altogether. */
static void draw_pair(struct paper *p, const char *label, const char *value, double x, double width,
		      double height)
{
	double name = pdf_inner(p) * LABEL_SHARE;

	draw_cell(p, label, (struct box){x, p->y, name, height}, true, LOOK_PLAIN);
	draw_cell(p, value, (struct box){x + name, p->y, width - name, height}, false, LOOK_PLAIN);
}

static double half_value(const struct paper *p)
{
	return pdf_inner(p) * (0.5 - LABEL_SHARE);
}

static double label_height(struct paper *p, const char *label)
{
	return cell_height(p, label, pdf_inner(p) * LABEL_SHARE);
}

static int whole_row(struct paper *p, const char *label, const char *value, struct err *e)
{
	double width = pdf_inner(p), height = cell_height(p, value, width * (1 - LABEL_SHARE)),
	       name = label_height(p, label);

	if (height < name)
		height = name;
	if (make_room(p, height, e))
		return -1;
	draw_pair(p, label, value, MARGIN, width, height);
	p->y += height;
	return 0;
}

static void drop_waiting(struct paper *p)
{
	if (p->value)
		wipe(p->value, strlen(p->value));
	free(p->value);
	p->value = NULL;
}

static int end_waiting(struct paper *p, struct err *e)
{
	int last = p->value ? whole_row(p, p->label, p->value, e) : 0;

	drop_waiting(p);
	return last;
}

static int two(struct paper *p, const char *label, const char *value, struct err *e)
{
	double half = pdf_inner(p) / 2;
	int last = make_room(p, ROW_LEAST, e);

	if (!last) {
		draw_pair(p, p->label, p->value, MARGIN, half, ROW_LEAST);
		draw_pair(p, label, value, MARGIN + half, half, ROW_LEAST);
		p->y += ROW_LEAST;
	}
	drop_waiting(p);
	return last;
}

static int pair(struct paper *p, const char *label, const char *value, struct err *e)
{
	if (cell_height(p, value, half_value(p)) > ROW_LEAST || label_height(p, label) > ROW_LEAST)
		return end_waiting(p, e) ? -1 : whole_row(p, label, value, e);
	if (p->value)
		return two(p, label, value, e);
	text_copy(p->label, sizeof(p->label), label);
	p->value = strdup(value);
	return p->value ? 0 : err_set(e, ERR_MEMORY, "form");
}

static int heading(struct paper *p, const char *text, struct err *e)
{
	if (end_waiting(p, e) || make_room(p, 2 * ROW_LEAST, e))
		return -1;
	draw_cell(p, text, (struct box){MARGIN, p->y, pdf_inner(p), ROW_LEAST}, true, LOOK_BOLD);
	p->y += ROW_LEAST;
	return 0;
}

static int free_line(struct paper *p, const char *text, struct err *e)
{
	double height;

	if (end_waiting(p, e))
		return -1;
	height = pdf_text(p, text, pdf_inner(p), SIZE, LOOK_PLAIN, 0) + 3 * PAD;
	if (make_room(p, height, e))
		return -1;
	pdf_text(p, text, pdf_inner(p), SIZE, LOOK_PLAIN, 0);
	pdf_show(p, MARGIN, p->y + PAD);
	p->y += height;
	return 0;
}

static int row(struct paper *p, const cJSON *cells, struct err *e)
{
	const cJSON *first = cells->child, *second = first ? first->next : NULL;

	if (!first)
		return 0;
	if (!second)
		return heading(p, first->valuestring, e);
	return first->valuestring[0] ? pair(p, first->valuestring, second->valuestring, e)
				     : free_line(p, second->valuestring, e);
}

const struct pdf_part pdf_form = {row, end_waiting};
