/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "picture/grid.h"

#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/text.h"

#define LINE_MAX_BYTES 65536 /* 500 characters and twice 500 numbers of at most nine characters */

static const char *const colours_names[GRID_COLOURS] = {"none", "256", "truecolor"};

const char *grid_colours_name(enum grid_colours colours)
{
	return colours_names[colours];
}

int grid_colours_of(const char *name)
{
	for (int i = 0; i < GRID_COLOURS; i++) {
		if (!strcmp(colours_names[i], name))
			return i;
	}
	return -1;
}

int grid_init(struct grid *g, unsigned columns, unsigned rows, enum grid_colours colours, struct err *e)
{
	struct grid made = {.columns = columns, .rows = rows, .colours = colours};

	made.cells = calloc((size_t)columns * rows, sizeof(*made.cells));
	if (!made.cells)
		return err_set(e, ERR_MEMORY, "%u x %u cells", columns, rows);
	for (size_t i = 0; i < (size_t)columns * rows; i++)
		made.cells[i] = (struct grid_cell){.cp = ' ', .fg = GRID_DEFAULT, .bg = GRID_DEFAULT};
	*g = made;
	return 0;
}

void grid_release(struct grid *g)
{
	if (g->cells)
		wipe(g->cells, (size_t)g->columns * g->rows * sizeof(*g->cells));
	free(g->cells);
	*g = (struct grid){0};
}

const struct grid_cell *grid_at(const struct grid *g, unsigned column, unsigned row)
{
	return &g->cells[(size_t)row * g->columns + column];
}

/* --- writing --- */

/* The characters are our own: none needs an escape. */
static void write_text(const struct grid_cell *cells, unsigned n, struct buf *out)
{
	char utf8[4];

	buf_adds(out, "{\"text\":\"");
	for (unsigned i = 0; i < n; i++)
		buf_add(out, utf8, text_encode(cells[i].cp, utf8));
	buf_adds(out, "\"");
}

static void write_row(const struct grid *g, unsigned row, struct buf *out)
{
	const struct grid_cell *cells = grid_at(g, 0, row);

	write_text(cells, g->columns, out);
	for (unsigned i = 0; g->colours != GRID_NONE && i < g->columns; i++)
		buf_addf(out, "%s%d", i ? "," : ",\"fg\":[", (int)cells[i].fg);
	for (unsigned i = 0; g->colours != GRID_NONE && i < g->columns; i++)
		buf_addf(out, "%s%d", i ? "," : "],\"bg\":[", (int)cells[i].bg);
	buf_adds(out, g->colours != GRID_NONE ? "]}\n" : "}\n");
}

int grid_write(const struct grid *g, struct buf *out, struct err *e)
{
	buf_addf(out, "{\"columns\":%u,\"rows\":%u,\"colours\":\"%s\"}\n", g->columns, g->rows,
		 grid_colours_name(g->colours));
	for (unsigned row = 0; row < g->rows; row++)
		write_row(g, row, out);
	return out->failed ? err_set(e, ERR_TOO_LARGE, "%u x %u cells", g->columns, g->rows) : 0;
}

/* --- reading --- */

struct reader {
	const char *at;
	size_t left;
};

static int next_line(struct reader *r, cJSON **out, struct err *e)
{
	const char *end = r->left ? memchr(r->at, '\n', r->left) : NULL, *line = r->at;
	size_t n;

	if (!end)
		return err_set(e, ERR_JSON, "grid: a line is missing");
	n = (size_t)(end - line);
	r->at += n + 1;
	r->left -= n + 1;
	return json_parse(out, line, n, LINE_MAX_BYTES, e);
}

static int read_head(struct reader *r, struct grid *g, struct err *e)
{
	int64_t columns, rows;
	const char *colours;
	cJSON *head = NULL;
	int which, last = -1;

	if (next_line(r, &head, e))
		return -1;
	columns = json_int(head, "columns", 0);
	rows = json_int(head, "rows", 0);
	colours = json_string(head, "colours");
	which = colours ? grid_colours_of(colours) : -1;
	if (columns < 1 || columns > GRID_MOST || rows < 1 || rows > GRID_MOST || which < 0)
		err_set(e, ERR_JSON, "grid: head");
	else
		last = grid_init(g, (unsigned)columns, (unsigned)rows, (enum grid_colours)which, e);
	cJSON_Delete(head);
	return last;
}

/* Exactly n characters, each one column wide. */
static int read_text(const char *text, struct grid_cell *cells, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		size_t len = text ? text_decode(text, strlen(text), &cells[i].cp) : 0;

		if (!len || text_cp_width(cells[i].cp) != 1)
			return -1;
		text += len;
	}
	return *text ? -1 : 0;
}

static int read_colours(const cJSON *list, const struct grid *g, struct grid_cell *cells, size_t member)
{
	const cJSON *item = cJSON_IsArray(list) ? list->child : NULL;
	double least = g->colours == GRID_256 ? 16 : 0, most = g->colours == GRID_256 ? 255 : 0xFFFFFF;
	unsigned n = 0;

	for (; item && n < g->columns; item = item->next, n++) {
		double v = cJSON_IsNumber(item) ? item->valuedouble : -2;

		if (v != GRID_DEFAULT && !(v >= least && v <= most))
			return -1;
		*(int32_t *)((char *)&cells[n] + member) = (int32_t)v;
	}
	return item || n < g->columns ? -1 : 0;
}

static int read_row(struct reader *r, struct grid *g, unsigned row, struct err *e)
{
	struct grid_cell *cells = g->cells + (size_t)row * g->columns;
	cJSON *line = NULL;
	int bad;

	if (next_line(r, &line, e))
		return -1;
	bad = read_text(json_string(line, "text"), cells, g->columns);
	if (!bad && g->colours != GRID_NONE)
		bad = read_colours(json_get(line, "fg"), g, cells, offsetof(struct grid_cell, fg)) ||
		      read_colours(json_get(line, "bg"), g, cells, offsetof(struct grid_cell, bg));
	cJSON_Delete(line);
	return bad ? err_set(e, ERR_JSON, "grid: row %u", row + 1) : 0;
}

int grid_read(struct grid *out, const char *text, size_t n, struct err *e)
{
	struct reader r = {.at = text, .left = n};
	struct grid g = {0};

	if (read_head(&r, &g, e))
		return -1;
	for (unsigned row = 0; row < g.rows; row++) {
		if (read_row(&r, &g, row, e))
			goto out;
	}
	if (!r.left) {
		*out = g;
		return 0;
	}
	err_set(e, ERR_JSON, "grid: more than its rows");
out:
	grid_release(&g);
	return -1;
}
