/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Acts on people: submission, confirmation, entry, exit and the employment's events, for one person or for marked rows (U11).
 * First the preview (who can and who cannot and why), then one transaction for all who can.
 */
#ifndef DESK_ACTS_H
#define DESK_ACTS_H

#include "base/buf.h"
#include "desk/people.h"
#include "domain/worker_code.h"

struct verdict {
	int64_t person;
	char name[NAME_TEXT];
	bool can;
	char why[200];    /* translated: what forbids it */
	char would[200];  /* translated: what would allow it (C3, E3, E4, D4) */
	int64_t leads;    /* the team that he leads; 0: none (C6) */
	char warning[200];/* can, but: expired card, over age, no contract … as the profile says */
};
/* 印证材料: what shows that it was so. */
#define EVIDENCE_MAX (5 << 20)
struct evidence { const char *mime; const void *data; size_t bytes; };
struct act {
	enum event event;         /* of CYCLE_EMPLOYMENT or CYCLE_ASSIGNMENT; acts on the person's current one in the current project */
	const int64_t *persons; size_t n;
	date_t on;                /* DATE_NONE: now; other dates only where the profile allows (E4) */
	const char *note;         /* reason; may be NULL */
	date_t true_on;           /* E9: the day it really happened, recorded afterwards; DATE_NONE (or 0): as recorded. Wants a note; never sent */
	int64_t successor;        /* C6: becomes leader of the team whose leader goes with this act, in the same transaction; 0: nobody */
	const struct evidence *evidence; /* kept with each of the facts; may be NULL */
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
/*
 * What an assignment says is changed, for one or for many, in one transaction: team (E2, E10), trade and wage (C5). Before the platform has the
 * assignment it is corrected; after that the change is a new fact with its day, and the verdict's warning says what the platform cannot take.
 * Another company only by exit and a new assignment. Who has no open assignment is assigned to the team (E1).
 */
enum alteration_kind { ALTER_TEAM, ALTER_TRADE, ALTER_WAGE };
struct alteration {
	enum alteration_kind kind;
	const char *value;        /* uid of the team, code of the trade, wage as it is typed (yuan) */
	const int64_t *persons; size_t n;
	const char *note;         /* may be NULL */
};
int desk_alter_preview(struct desk *d, const struct alteration *a, struct verdict *verdicts, size_t *able, struct err *e);
int desk_alter(struct desk *d, const struct alteration *a, struct verdict *verdicts, size_t *done, struct err *e);
int desk_assign_team(struct desk *d, const int64_t *persons, size_t n, const char *team_uid, struct verdict *verdicts, size_t *done, struct err *e);
/* C6: a new leader for all members at once; only somebody with an open assignment in the team. */
int desk_team_lead(struct desk *d, const char *team_uid, int64_t person, struct err *e);

/* The worker code (E4), made when first asked for; renew: another one, the former names nobody any more. Recorded in the audit. */
int desk_worker_code(struct desk *d, int64_t person, bool renew, char out[WORKER_CODE_TEXT], struct err *e);
/* Whom a typed or scanned code names. ERR_NO_SUCH with the sentence: no code, mistyped, or nobody's. */
int desk_person_by_code(struct desk *d, const char *typed, int64_t *person, struct err *e);

/*
 * D5: whom the employers of this project have on other projects of this box, on the same platform, with nothing open here. Project after
 * project and employer after employer, each by pinyin, or by the matched key when searching. They are assigned by desk_assign_team() or
 * desk_alter() as they are.
 */
struct sister_row { int64_t person; char name[NAME_TEXT], tail[8], trade[64], company[NAME_TEXT], project[NAME_TEXT]; enum employment_state state; };
struct sister_cursor { int64_t project, participant; struct roster_cursor at; };
struct sister_query {
	const char *text; /* as in struct roster_query; "": anybody */
	struct sister_cursor after;
};
struct sister_page { struct sister_row *row; size_t cap, n; struct sister_cursor last; bool more; };
int desk_sister_list(struct desk *d, const struct sister_query *q, struct sister_page *page, struct err *e);

/* E9: what was recorded afterwards, newest first; before 0: from the newest. */
struct late_row { int64_t fact, person; char name[NAME_TEXT]; enum event event; date_t on, true_on; int64_t at_ms; char by[NAME_TEXT]; char note[200]; bool evidence; };
/* What shows it, as it was put in; recorded before it is handed out. out is wiped by the caller. ERR_NO_SUCH: there is nothing. */
int desk_late_evidence(struct desk *d, int64_t fact, struct buf *out, struct err *e);
/* Adds what shows it, also when there is something already: the newest is handed out from then on, the older stays. Not to be taken back.
 * Whoever may act on assignments here. ERR_NO_SUCH: no fact recorded afterwards; ERR_TOO_LARGE, ERR_EVIDENCE_FORMAT. */
int desk_late_evidence_add(struct desk *d, int64_t fact, const struct evidence *v, struct err *e);
int desk_late_list(struct desk *d, int64_t before, struct late_row *rows, size_t cap, size_t *n, struct err *e);

#endif
