/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A row under way: cells that own their text. */
#ifndef OFFICE_CELLS_H
#define OFFICE_CELLS_H

#include "base/buf.h"
#include "office/table.h"

struct cells {
	struct table_cell cell[TABLE_COLUMNS_MAX];
	size_t at[TABLE_COLUMNS_MAX]; /* of its text in `text`, +1; 0: nothing */
	size_t n;		      /* one beyond the last that has something */
	struct buf text;
	unsigned long given; /* rows handed out */
};

void cells_init(struct cells *c);
void cells_release(struct cells *c);
/* Text is cleaned (controls, invalid UTF-8 → U+FFFD) and trimmed to TABLE_CELL_MAX. ERR_OFFICE_TOO_LARGE
 * beyond the last column. */
int cells_put(struct cells *c, size_t column, const char *text, size_t n, bool number, struct err *e);
void cells_date(struct cells *c, size_t column, const char date[DATE_TEXT]);
/* Hands the row out, unless it is empty, and begins the next. */
int cells_row(struct cells *c, unsigned long row, const struct table_sink *sink, struct err *e);

#endif
