/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading tables that others made (REQUIREMENTS E7, QUALITY U13): xlsx (ECMA-376, the first visible sheet)
 * and csv. Bytes in, rows out; nothing is opened, nothing is resolved, no document type declaration is looked
 * at.
 *
 * Text is valid UTF-8 without controls but for line ends and tabs inside a cell. A number stays as it is
 * written in the file ("1.1E+17"): what a spreadsheet has rounded must be seen, not repaired. A number shown
 * as a date is text YYYY-MM-DD; a plain one that could be the serial of a day has the date beside it.
 */
#ifndef OFFICE_TABLE_H
#define OFFICE_TABLE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/dates.h"
#include "base/err.h"

#define TABLE_FILE_MAX ((size_t)32 << 20)  /* bytes of a file */
#define TABLE_PART_MAX ((size_t)128 << 20) /* bytes of an unpacked part of an xlsx */
#define TABLE_RATIO_MAX 400   /* how much larger than its file the unpacked part may be, beyond 1 MiB */
#define TABLE_ROWS_MAX 100000 /* rows with something in them */
#define TABLE_COLUMNS_MAX 256
#define TABLE_CELL_MAX 4096 /* bytes of a cell's text */

struct table_cell {
	const char *text;     /* "": nothing; lives until the row has been taken */
	bool number;	      /* text is a number as the file writes it */
	char date[DATE_TEXT]; /* of a number that could be a day's serial; "": none */
};
/* row: as the spreadsheet counts, from 1. Other than 0 ends the reading and is returned. Empty rows do not
 * come. */
struct table_sink {
	int (*row)(void *arg, unsigned long row, const struct table_cell *cells, size_t n, struct err *e);
	void *arg;
};

/* By content, never by name. ERR_OFFICE_FORMAT, _OLD, _DAMAGED, _TOO_LARGE, _ENCODING, _EMPTY; ERR_MEMORY. */
int table_read(const void *data, size_t n, const struct table_sink *sink, struct err *e);
int csv_read(const void *data, size_t n, const struct table_sink *sink, struct err *e);
int xlsx_read(const void *data, size_t n, const struct table_sink *sink, struct err *e);
/* iconv loads its tables from files: once, before the door is shut. */
void table_before_confinement(void);

#endif
