/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table over pages: headings on each, rows as high as their longest cell, at most CELL_LINES lines. */
#include "pdf.h"

#define CELL_LINES 3
#define WIDE 95 /* columns of text beyond which the page lies on its side */
#define VERY_WIDE 150
#define ROW_LEAST (6 * MM)

static void share_width(struct paper *p, const double *weight)
{
	double sum = 0;

	for (size_t i = 0; i < p->n; i++)
		sum += weight[i];
	if (sum > WIDE) {
		p->width = A4_LONG;
		p->height = A4_SHORT;
	}
	p->size = sum > VERY_WIDE ? 6.5 : sum > WIDE ? 8 : 9;
	for (size_t i = 0; i < p->n; i++)
		p->column[i] = pdf_inner(p) * weight[i] / (sum > 0 ? sum : 1);
}

/* Cells of one row in the same height. */
static void draw_row(struct paper *p, const char *const *text, size_t n, double height, bool heading)
{
	struct box b = {.x = MARGIN, .y = p->y, .height = height};

	for (size_t i = 0; i < p->n; i++) {
		double used;

		b.width = p->column[i];
		pdf_frame(p, &b, heading);
		used = pdf_text(p, i < n ? text[i] : "", b.width - 2 * PAD, p->size,
				heading ? LOOK_BOLD | LOOK_CENTRE : LOOK_PLAIN, CELL_LINES);
		pdf_show(p, b.x + PAD, b.y + (height - used) / 2);
		b.x += b.width;
	}
	p->y += height;
}

static double height_of(struct paper *p, const char *const *text, size_t n, bool heading)
{
	double most = ROW_LEAST;

	for (size_t i = 0; i < p->n && i < n; i++) {
		double h = pdf_text(p, text[i], p->column[i] - 2 * PAD, p->size,
				    heading ? LOOK_BOLD : LOOK_PLAIN, CELL_LINES) +
			   2 * PAD;

		if (h > most)
			most = h;
	}
	return most;
}

static int page_with_headings(struct paper *p, struct err *e)
{
	const char *text[PAPER_COLUMNS_MAX];

	if (pdf_page(p, e))
		return -1;
	for (size_t i = 0; i < p->n; i++)
		text[i] = p->heading[i];
	draw_row(p, text, p->n, height_of(p, text, p->n, true), true);
	return 0;
}

int pdf_table_head(struct paper *p, const cJSON *head, struct err *e)
{
	const cJSON *columns = json_get(head, "columns"), *column;
	double weight[PAPER_COLUMNS_MAX];

	pdf_take_head(p, head, "title");
	p->n = 0;
	if (!cJSON_IsArray(columns) || !columns->child || cJSON_GetArraySize(columns) > PAPER_COLUMNS_MAX)
		return err_set(e, ERR_JSON, "no columns");
	cJSON_ArrayForEach(column, columns)
	{
		const char *title = json_string(column, "title");
		int64_t width = json_int(column, "width", 0);
		int least;

		text_copy(p->heading[p->n], sizeof(p->heading[0]), title ? title : "");
		least = text_width(p->heading[p->n]) + 1;
		weight[p->n++] = (double)(width > least ? (width < 40 ? width : 40) : least);
	}
	share_width(p, weight);
	return page_with_headings(p, e);
}

static int row(struct paper *p, const cJSON *cells, struct err *e)
{
	const char *text[PAPER_COLUMNS_MAX];
	const cJSON *cell;
	size_t n = 0;
	double height;

	cJSON_ArrayForEach(cell, cells) text[n++] = cell->valuestring;
	height = height_of(p, text, n, false);
	if (p->y + height > pdf_bottom(p) && page_with_headings(p, e))
		return -1;
	draw_row(p, text, n, height, false);
	return 0;
}

const struct pdf_part pdf_table = {row, NULL};
