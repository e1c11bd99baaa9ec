/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Acts on people: submission, confirmation, entry, exit and the employment's events, for one person or for marked rows (U11).
 * First the preview (who can and who cannot and why), then one transaction for all who can.
 */
#ifndef DESK_ACTS_H
#define DESK_ACTS_H

#include "desk/people.h"

struct verdict {
	int64_t person;
	char name[NAME_TEXT];
	bool can;
	char why[200];    /* translated: what forbids it */
	char would[200];  /* translated: what would allow it (C3, E3, E4, D4) */
	char warning[200];/* can, but: expired card, over age, no contract … as the profile says */
};
struct act {
	enum event event;         /* of CYCLE_EMPLOYMENT or CYCLE_ASSIGNMENT; acts on the person's current one in the current project */
	const int64_t *persons; size_t n;
	date_t on;                /* DATE_NONE: now; other dates only where the profile allows (E4) */
	const char *note;         /* reason; may be NULL */
};
/* verdicts: n of them, in the order of persons; the caller's. */
int desk_preview(struct desk *d, const struct act *a, struct verdict *verdicts, size_t *able, struct err *e);
/* D7: these are refused whole (ERR_NO_REASON) without a note; a preview needs none. */
bool desk_act_needs_reason(enum event event);
/* Acts on those who can; *done is how many. The verdicts say the rest. */
int desk_act(struct desk *d, const struct act *a, struct verdict *verdicts, size_t *done, struct err *e);
/* What the logged-in account may do with this person now: events with verdicts, for the footer and the file; cap at most 16. */
struct possible { enum event event; struct verdict verdict; };
int desk_possible(struct desk *d, int64_t person, struct possible *rows, size_t cap, size_t *n, struct err *e);
/* Moves an assignment that is not yet submitted (or was returned) to another team, in bulk. */
int desk_assign_team(struct desk *d, const int64_t *persons, size_t n, const char *team_uid, struct verdict *verdicts, size_t *done, struct err *e);

#endif
