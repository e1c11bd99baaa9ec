/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sheets of companies, participants, projects and applications (domain/particulars.h): reading whole, checking, saving.
 *
 * Saving writes a fact that says what changed; what the platform has taken is amended there, what it has not is sent as it stands
 * now. Reading a sheet that holds personal values is on record (A7, S4). `values` are canonical or as typed: saving normalises.
 */
#ifndef DESK_PARTICULARS_H
#define DESK_PARTICULARS_H

#include "desk/desk.h"
#include "domain/particulars.h"

struct sheet_finding { int row; enum severity severity; char sentence[200]; }; /* row: place in particulars_rows() */
struct sheet_findings { struct sheet_finding item[PARTICULARS_MAX]; size_t n; };

/* Whole. uid NULL or "": a new one, with the values that a new one has. The caller wipes *out. */
int desk_sheet(struct desk *d, enum sheet_of s, const char *uid, struct particulars *out, struct err *e);
/* The same with what is personal masked (S5); nothing is recorded. */
int desk_sheet_masked(struct desk *d, enum sheet_of s, const char *uid, struct particulars *out, struct err *e);
bool desk_sheet_required(const struct desk *d, enum sheet_of s, const struct particular *row);
/* One choice after the other of a row that takes codes; false: no more. */
struct sheet_choice { char code[24], word[96], name[64], short_name[32]; /* word: in the program's language */ };
bool desk_sheet_choice(const struct desk *d, const struct particular *row, size_t i, struct sheet_choice *out);
/* Normalises in place and finds what is wrong. Returns whether nothing blocks. */
bool desk_sheet_check(struct desk *d, struct particulars *p, struct sheet_findings *out);
/* One transaction. uid "": makes it, and then has its uid. *changed: how many values (0: nothing was written). ERR_FINDINGS with
 * *findings; ERR_NOT_PERMITTED; ERR_DUPLICATE. Who may is the life cycle's "add", of the project its heads (I6). */
int desk_sheet_save(struct desk *d, struct particulars *p, char uid[UID_TEXT], struct sheet_findings *findings, size_t *changed,
		    struct err *e);

#endif
