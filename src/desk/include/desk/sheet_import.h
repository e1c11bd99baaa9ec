/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A filled-in table (xlsx, csv) of something that is kept for people: a wage sheet (F6), a register (I3, I5). Columns in any order, the usual
 * synonyms, ids that a spreadsheet has rounded refused with row, column and cure (U13). Each row has its verdict; a dry run writes nothing.
 *
 * The rows are read beside the live screen; when all have come they are judged and written in one transaction, which is one undo. The same
 * file twice changes nothing.
 *
 *   open; while not over: poll desk_sheet_import_fd() for reading, desk_sheet_import_step(); then verdicts; close.
 */
#ifndef DESK_SHEET_IMPORT_H
#define DESK_SHEET_IMPORT_H

#include "desk/import.h"
#include "domain/post_rate.h"

struct sheet_import;
struct sheet_import_options {
	const char *path;
	const char *form;    /* "wages", or the name of a register of the profile */
	struct month month;  /* of a wage sheet whose rows do not say it */
	bool dry_run;
};
int desk_sheet_import_open(struct desk *d, const struct sheet_import_options *o, struct sheet_import **out, struct err *e);
int desk_sheet_import_fd(const struct sheet_import *i); /* -1: everything has come */
int desk_sheet_import_step(struct sheet_import *i, bool *over, struct err *e);
const struct import_counts *desk_sheet_import_counts(const struct sheet_import *i);
/* `why` may stand at a row that was taken too: what to look at (no attendance in the month). */
const struct import_verdict *desk_sheet_import_verdict(const struct sheet_import *i, size_t n); /* NULL: past the last */
/* The refused rows as they were, and why, into an open empty file (kind: "xlsx", "csv"): mended, it can be imported again. */
int desk_sheet_import_report(const struct sheet_import *i, const char *kind, int fd, struct err *e);
void desk_sheet_import_close(struct sheet_import *i); /* accepts NULL; before it is over: nothing was written */
/* The headings to fill in, into an open empty file (xlsx, csv). */
int desk_sheet_template(struct desk *d, const char *form, const char *kind, int fd, struct err *e);

#endif
