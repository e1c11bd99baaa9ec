/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cells.h"

#include <string.h>

#include "base/text.h"

#define ROW_TEXT_MAX ((size_t)TABLE_COLUMNS_MAX * (TABLE_CELL_MAX + 1))

void cells_init(struct cells *c)
{
	memset(c, 0, sizeof(*c));
	buf_init(&c->text, ROW_TEXT_MAX);
}

void cells_release(struct cells *c)
{
	buf_wipe_release(&c->text);
}

static void add_clean(struct buf *to, const char *text, size_t n)
{
	size_t begin = to->len, len;
	uint32_t cp;

	for (size_t i = 0; i < n && to->len - begin < TABLE_CELL_MAX - 4; i += len) {
		len = text_decode(text + i, n - i, &cp);
		if (!len) {
			buf_adds(to, "\xEF\xBF\xBD");
			len = 1;
		} else if ((cp >= 0x20 && cp != 0x7F) || cp == '\n' || cp == '\t') {
			buf_add(to, text + i, len);
		}
	}
}

int cells_put(struct cells *c, size_t column, const char *text, size_t n, bool number, struct err *e)
{
	size_t at = c->text.len;

	if (column >= TABLE_COLUMNS_MAX)
		return err_set(e, ERR_OFFICE_TOO_LARGE, "more than %d columns", TABLE_COLUMNS_MAX);
	if (c->at[column])
		return err_set(e, ERR_OFFICE_DAMAGED, "a cell twice in one row");
	add_clean(&c->text, text, n);
	if (c->text.len == at)
		return 0;
	buf_add(&c->text, "", 1);
	if (c->text.failed)
		return err_set(e, ERR_MEMORY, "row");
	c->at[column] = at + 1;
	c->cell[column] = (struct table_cell){.number = number};
	if (c->n <= column)
		c->n = column + 1;
	return 0;
}

void cells_date(struct cells *c, size_t column, const char date[DATE_TEXT])
{
	if (column < c->n && c->at[column])
		memcpy(c->cell[column].date, date, DATE_TEXT);
}

static void begin_next(struct cells *c)
{
	memset(c->at, 0, c->n * sizeof(c->at[0]));
	c->n = 0;
	buf_reset(&c->text);
}

int cells_row(struct cells *c, unsigned long row, const struct table_sink *sink, struct err *e)
{
	int last;

	if (!c->n)
		return 0;
	if (c->given++ == TABLE_ROWS_MAX)
		return err_set(e, ERR_OFFICE_TOO_LARGE, "more than %d rows", TABLE_ROWS_MAX);
	for (size_t i = 0; i < c->n; i++) {
		if (!c->at[i])
			c->cell[i] = (struct table_cell){.text = ""};
		else
			c->cell[i].text = c->text.data + c->at[i] - 1;
	}
	last = sink->row(sink->arg, row, c->cell, c->n, e);
	begin_next(c);
	return last;
}
