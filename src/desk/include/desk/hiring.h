/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Hiring and leaving as the clerk sees them: who waits for whom, how long yet, and what there is to do (D1, D6, D7, D10–D12). What is
 * done is desk/acts.h's events and desk_offer(); our clock counts down and warns, it moves nothing (D6).
 */
#ifndef DESK_HIRING_H
#define DESK_HIRING_H

#include "desk/desk.h"
#include "domain/lifecycle.h"

enum hiring_filter { HIRING_ALL, HIRING_LEAVING, HIRING_LEAVING_ON, HIRING_DISMISSING, HIRING_JOINING, HIRING_TO_REGISTER, HIRING_FILTER_COUNT };
const char *hiring_filter_word(enum hiring_filter f); /* 申请离职 …, translated */
const char *hiring_filter_name(enum hiring_filter f); /* "leaving": command line */

/* Registration in the city's app (D12; SH-OP 一). days: working days since it was applied for; limit: within which it is usually done, 0: the
 * region has none. */
struct app_info { enum app_state state; date_t since; int days, limit; };

struct hiring_row {
	int64_t id, person; char uid[UID_TEXT]; char name[NAME_TEXT], company[NAME_TEXT];
	enum employment_state state;
	int64_t since_ms;        /* when it began; of what the person did, when the person did it */
	int64_t due_ms;          /* D6: until when the company has to answer; 0: nothing falls due */
	bool due;                /* that is past, or the day of leaving has come */
	date_t leaves_on;
	struct app_info app;
	char reason[200];        /* the other side's words, or ours; "" none */
	char says[200];          /* translated: what is waited for, how long yet */
	char todo[200];          /* translated: what the clerk does; "" nothing */
};
struct hiring_cursor { int group; int64_t since_ms, id; }; /* zeroed: from the start */
struct hiring_query { enum hiring_filter filter; struct hiring_cursor after; };
struct hiring_page { struct hiring_row *row; size_t cap, n; struct hiring_cursor last; bool more; };
/* Leaving first (the oldest first), then those who leave on a day, are dismissed, may be registered, are being registered, have an offer. */
int desk_hiring(struct desk *d, const struct hiring_query *q, struct hiring_page *page, struct err *e);

/* For the day's screen; none further than 1000. next_due_ms: when the next answer falls due, 0: none waits. */
struct hiring_counts { int64_t leaving, leaving_on, dismissing, joining, to_register, contracts_expiring, contracts_expired; int64_t next_due_ms; };
int desk_hiring_counts(struct desk *d, struct hiring_counts *out, struct err *e);

int desk_app_info(struct desk *d, int64_t person, struct app_info *out, struct err *e);
/* What the person shows on the phone: EVENT_APP_APPLY, DONE or FAIL on a day, today or before. ERR_FORBIDDEN with why as its detail. */
int desk_app_record(struct desk *d, int64_t person, enum event event, date_t on, struct err *e);

#endif
