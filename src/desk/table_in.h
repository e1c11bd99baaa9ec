/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Private to the desk: what a form that is filled by a table says of its columns and does with a row. */
#ifndef DESK_TABLE_IN_H
#define DESK_TABLE_IN_H

#include "desk/sheet_import.h"
#include "desk_private.h"
#include "domain/particulars.h"

#define TABLE_COLUMNS 40
#define TABLE_CELL 512
#define TABLE_ALSO 6

struct table_column {
	const char *name, *label;      /* label: msgid, or a profile's own text */
	const char *also[TABLE_ALSO];  /* other headings */
	enum field_kind cell;          /* how a spreadsheet writes it */
	bool needed;                   /* the column must be there and filled */
};
/* One row on its way: canonical cells by the column's place. outcome: refused until the form says otherwise. */
struct table_row {
	unsigned long row;
	char cell[TABLE_COLUMNS][TABLE_CELL];
	enum import_outcome outcome;
	int64_t person;
	char name[NAME_TEXT];
	struct buf *why;
};
void table_refuse(struct table_row *r, const char *column, const char *sentence);

struct table_form {
	const struct table_column *column;
	size_t n;
	const char *audit;  /* object of the audit entry */
	/* In the one transaction. -1: all is taken back. */
	int (*row)(struct desk *d, void *arg, struct table_row *r, struct err *e);
	void (*drop)(void *arg);
	void *arg;          /* the import's, dropped with it */
};
/* Who may, and the form's columns: NULL rows when the form is none of these. */
int book_form(struct desk *d, const struct sheet_import_options *o, struct table_form *out, struct err *e); /* ERR_NO_SUCH: no such register */
int wage_form(struct desk *d, const struct sheet_import_options *o, struct table_form *out, struct err *e);

#endif
