/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A roster from a table that somebody filled in (REQUIREMENTS E7, QUALITY U13): xlsx or csv, columns in any
 * order, headings as the platforms' sheets and our template have them. Each row becomes a record and goes
 * through desk_register(), or through desk_amend() when the person is known here and a cell says something
 * else than the file: the same rules, rights and facts as in the form. An empty cell changes nothing, so that
 * the same file twice changes nothing.
 *
 * Rows are done in groups of at most IMPORT_GROUP, a transaction of some 200 ms each, of 50 where another process waits to write: other clerks never
 * wait for a whole file, and
 * what was done when it is stopped, or when the machine is, stays done and is "same" the next time. A dry run
 * does the same and takes every group back.
 *
 * A number that a spreadsheet has rounded (1.1E+17, more than 15 digits as a number, noughts at the end and a
 * wrong check digit) is refused with row, column and cure, never guessed.
 *
 *   open; while not over: poll desk_import_fd() for reading, desk_import_step(); then verdicts,
 * desk_import_report(); close.
 */
#ifndef DESK_IMPORT_H
#define DESK_IMPORT_H

#include "desk/people.h"

#define IMPORT_GROUP 256
#define IMPORT_GROUP_FEW 16 /* but never fewer than these: each group is a sync of the disk */
#define IMPORT_WHY 600

struct import;

enum import_outcome { IMPORT_NEW, IMPORT_CHANGED, IMPORT_SAME, IMPORT_REFUSED, IMPORT_OUTCOMES };
const char *import_outcome_name(enum import_outcome o); /* "new": --json */
const char *import_outcome_word(enum import_outcome o); /* 新登记, translated */

struct import_verdict {
	unsigned long row; /* as the spreadsheet counts, from 1 */
	enum import_outcome outcome;
	int64_t person;	      /* 0: refused, or new in a dry run */
	char name[NAME_TEXT]; /* as the row has it */
	char *why;	      /* of a refused row, translated: every fault with its column; else NULL */
	char *cells;	      /* of a refused row: as they were read, JSON; held (base/held.h) */
};
struct import_counts {
	unsigned long rows, n[IMPORT_OUTCOMES];
};

struct import_options {
	const char *path; /* opened with the clerk's own rights; "~/…" is below $HOME */
	bool dry_run;
};
/* ERR_NOT_PERMITTED for who may not register; ERR_NOT_FOUND, ERR_NO_PERMISSION: the file. */
int desk_import_open(struct desk *d, const struct import_options *o, struct import **out, struct err *e);
int desk_import_fd(const struct import *i); /* -1: everything has come */
/*
* Does what has come: a group, and at the end of the table the groups that are left. ERR_OFFICE_*: not to be read; ERR_IMPORT_HEADINGS: no headings that
 * we know; others (disk full, busy): the group is taken back, earlier ones stay. After an error it is over.
 */
int desk_import_step(struct import *i, bool *over, struct err *e);
const struct import_counts *desk_import_counts(const struct import *i);
const struct import_verdict *desk_import_verdict(const struct import *i,
						 size_t n); /* in the file's order; NULL: past the last */
const char *desk_import_ignored(const struct import *i);    /* headings that nobody knows, "A、B"; "" */
/* The refused rows as they were, and why, into an open empty file (kind: "xlsx", "csv"): mended, it can be
 * imported as it is. */
int desk_import_report(const struct import *i, const char *kind, int fd, struct err *e);
void desk_import_close(struct import *i); /* NULL is allowed; before it is over: stopped */

/* The template into an open empty file: headings and lists of this project's rules, and a sheet that says how
 * (xlsx). */
int desk_import_template(struct desk *d, int fd, struct err *e);

#endif
