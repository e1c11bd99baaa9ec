/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a site office prints about people (REQUIREMENTS L4, L5): the registration form, badges, the entry
 * sheet. Between desk_export_begin() and desk_export_end() (desk/export.h), which record it and say whether
 * numbers are whole; the lines go to shiming-office, which makes an A4 PDF of them.
 */
#ifndef DESK_PAPER_H
#define DESK_PAPER_H

#include "desk/desk.h"
#include "office/client.h"

enum paper_sort { PAPER_FORM, PAPER_BADGE, PAPER_ENTRY_SHEET, PAPER_SORTS };
const char *paper_name(enum paper_sort s); /* "form": --json, for the record */
const char *paper_word(enum paper_sort s); /* 登记表, translated */
bool paper_parse(const char *name, enum paper_sort *out);

/* What stands before the first person. */
int desk_paper_begin(struct desk *d, enum paper_sort s, struct office_out *out, struct err *e);
/* One person; number counts from 1. */
int desk_paper_person(struct desk *d, enum paper_sort s, struct office_out *out, int64_t person, long number,
		      struct err *e);

/*
 * A sheet about one matter, for signing: {"form": title, "note", "foot", "rows": [[heading] | [label, value] …]}. The caller deletes it.
 * A fact of somebody of this project: recorded afterwards (E9), a correction with before and after, an asking with its answer, any other.
 * An application (B8): what it says, who asked, what was answered. Masked, but for a correction in an export that is whole. ERR_NO_SUCH.
 */
int desk_paper_fact(struct desk *d, int64_t fact, cJSON **out, struct err *e);
int desk_paper_application(struct desk *d, const char *uid, cJSON **out, struct err *e);
/* Between begin and end, as the others. */
int desk_paper_put(cJSON *sheet, struct office_out *out, struct err *e);

/* Sends a finished PDF to the printer by the configured command (desk/commands.h), lp where none is
 * configured. fd: readable; from its beginning. ERR_PRINTER_NONE, ERR_PRINTER_FAILED. */
int desk_printer_send(int fd, struct err *e);

#endif
