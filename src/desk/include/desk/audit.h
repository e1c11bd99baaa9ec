/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading the audit log (QUALITY S4): who did what, when, on whom, and how it ended. Verifying its chain is desk/upkeep.h.
 *
 * Auditor, administrator, project manager, company HR and legal representative see everybody's; anybody else sees what he did himself. Reasons that
 * clerks gave (notes) come only to accounts with a key; the rest of a row is never personal but for the name of whom it was about.
 */
#ifndef DESK_AUDIT_H
#define DESK_AUDIT_H

#include "desk/desk.h"

struct audit_query {
	int64_t before;        /* the last row's id; 0: from the newest */
	date_t day;            /* with before 0: from the end of this day backwards; DATE_NONE: from the newest */
	int64_t account;       /* only this account's; 0: anybody's */
	char action[32];       /* and only this action: "reveal"; "" any */
	char object_uid[64];   /* without an action: and only on this object */
};
struct audit_row {
	int64_t id, at_ms, account;
	char who[NAME_TEXT];           /* display name; the runner's word; "" nobody was logged in */
	char action[32], action_word[64];
	char object[16], object_uid[64];
	char about[NAME_TEXT];         /* name of person, team, company, account; "" unknown */
	char result[32], result_word[120]; /* "done", or an error's name; its sentence */
	char detail[300], note[300];
	int64_t project;
};
/* Newest first. */
int desk_audit_list(struct desk *d, const struct audit_query *q, struct audit_row *rows, size_t cap, size_t *n, struct err *e);
/* Every action that has a word, for a list of values; NULL after the last. */
const char *desk_audit_action(size_t i, const char **word);

#endif
