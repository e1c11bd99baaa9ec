/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Exit in the reverse order of entry, at one stroke (C8): the people of a team, a participant or the whole project, then their teams,
 * then the participant, all with one date, in one transaction. Asked first (U11): whom it concerns, and who stands in the way. A project's people
 * exit because the works are completed (B1), others exit as anybody does.
 */
#ifndef DESK_CLEAR_OUT_H
#define DESK_CLEAR_OUT_H

#include "desk/desk.h"

enum clear_scope { CLEAR_TEAM, CLEAR_PARTICIPANT, CLEAR_PROJECT };
struct clear_out { enum clear_scope scope; const char *uid; /* of team or participant; unused for the project */ date_t on; /* DATE_NONE: today */ };
struct clear_out_view {
	int64_t people, teams, participants; /* that are there now */
	int64_t held_up;                     /* people who cannot exit: as long as there are any, nothing is done */
	char name[NAME_TEXT], why[200], would[200]; /* the first of them */
};
int desk_clear_out_preview(struct desk *d, const struct clear_out *c, struct clear_out_view *out, struct err *e);
int desk_clear_out(struct desk *d, const struct clear_out *c, struct clear_out_view *out, struct err *e); /* ERR_FORBIDDEN: held up */

#endif
