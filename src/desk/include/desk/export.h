/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Taking lists and files out of the program, as tables or on paper (REQUIREMENTS E8, L5; QUALITY S5): masked
 * as on the screen, unless a permitted choice says otherwise, with a reason. Both are recorded before the
 * first row is handed out, and how many rows it were at the end.
 */
#ifndef DESK_EXPORT_H
#define DESK_EXPORT_H

#include "desk/people.h"

struct export_spec {
	const char *list;   /* "roster": for the record */
	const char *form;   /* "xlsx", "csv", "pdf", "printer": for the record */
	bool whole;	    /* numbers, phones, addresses, wages not masked */
	const char *reason; /* needed with whole: ERR_USAGE without */
};
/* ERR_NOT_PERMITTED: whole is for accounts that may open single numbers too. */
int desk_export_begin(struct desk *d, const struct export_spec *spec, struct err *e);
/* As desk_person_file(); whole where the export is. */
int desk_export_person(struct desk *d, int64_t person, struct person_file *out, struct err *e);
/* Ends it in any case. rows -1: it failed or was stopped. */
int desk_export_end(struct desk *d, const struct export_spec *spec, long rows, struct err *e);

#endif
