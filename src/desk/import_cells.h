/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a table's cells to a record: which column is which field, and what a cell says in the field's own
 * form. */
#ifndef DESK_IMPORT_CELLS_H
#define DESK_IMPORT_CELLS_H

#include "base/json.h"
#include "desk/site.h"
#include "desk_private.h"

#define IMPORT_COLUMNS 256
#define IMPORT_HEADING 128

enum import_column { COLUMN_UNKNOWN = -1, COLUMN_IGNORED = -2 /* ours: row number, reasons */ };

struct import_sheet {
	struct desk *d;
	int field[IMPORT_COLUMNS]; /* enum field_id, or enum import_column */
	char (*heading)[IMPORT_HEADING];
	size_t n;
	/* what names of this project stand for */
	struct participant_row *participant;
	struct team_row *team;
	size_t participants, teams;
};
int import_sheet_open(struct import_sheet *s, struct desk *d, struct err *e);
void import_sheet_release(struct import_sheet *s);

/* Is this row the headings? true: taken. A field twice: ERR_IMPORT_HEADINGS. */
int import_headings(struct import_sheet *s, const cJSON *cells, bool *taken, struct err *e);
int import_heading_field(const char *heading); /* enum field_id, or enum import_column */
/* The same heading but for blanks, stars, brackets and capitals? */
bool import_heading_is(const char *wanted, const char *heading);
/* What a cell says, as a value of this kind is written; false: a spreadsheet has lost digits of it. */
bool import_cell(enum field_kind kind, const cJSON *cell, char *out, size_t size);
int import_open_file(const char *path, struct err *e); /* import.c: with the clerk's own rights; a descriptor or -1 */
void import_ignored(const struct import_sheet *s, char *out, size_t size);

/* The row's values into r, origin ORIGIN_TYPED; a fault that no check of the record would see goes to why,
 * with its column. */
int import_record(const struct import_sheet *s, const cJSON *cells, struct record *r, struct buf *why,
		  struct err *e);
/* The column's own heading for a field; the field's label when it has none. */
const char *import_column_of(const struct import_sheet *s, enum field_id f);
/* The refused rows of an import as they came, each with its reasons, for mending: under the file's own headings. */
struct refused_rows {
	char (*heading)[IMPORT_HEADING];
	size_t n;
	const struct import_verdict *(*verdict)(const void *of, size_t k); /* NULL: past the last */
	const void *of;
};
int import_report(const struct refused_rows *rows, const char *kind, int fd, struct err *e);
void import_why(struct buf *why, const char *column, const char *sentence);

#endif
