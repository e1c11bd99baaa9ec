/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Alarms (F4, F6, F7, F9, F10, C7; CD 3.2.6, 3.3.3, 3.3.4; JM-5 2.11; NJ 1): one list of what falls due and
 * what stands: what, whom, until when, what it costs, what mends it. What falls due first comes first.
 *
 * Two kinds of rows. Most are reckoned anew from the facts each time and stand nowhere: our clock changes no
 * state (DESIGN 6), and what mends the cause takes the row away. What the platform has raised, or a clerk has
 * seen there, is a fact with a life cycle of its own (raised, withdrawn, counted, deducted, appealed, void,
 * upheld); it stands in the place of the reckoned row of the same kind, subject and month.
 *
 * A row is raised on its day, not before. Today is the platform's day where its clock was heard (QUALITY
 * R10), and never before the day on which it was last heard: a clock that was set back or forward raises
 * nothing, and is named.
 */
#ifndef DESK_ALARM_H
#define DESK_ALARM_H

#include "desk/desk.h"
#include "domain/lifecycle.h"

enum alarm_kind {
	WATCH_POST_RATE,   /* a month's attendance of a key post (F4) */
	WATCH_POST_VACANT, /* nobody holds it, or the holder has left or lacks a certificate (F3) */
	WATCH_SUPERVISOR,  /* the chief supervisor's days in a row (F4) */
	WATCH_MATCH,	   /* wages against attendance (F6) */
	WATCH_CREDIT,	   /* so many alarms that the next, or these, cost credit */
	WATCH_ASSOCIATION, /* a team unassociated (C7) */
	WATCH_MISMATCH,	   /* clocks in for a company not the own: automatic exit (F7) */
	WATCH_LEAVE,	   /* an answer to somebody who asked to leave (D6) */
	WATCH_CONTRACT,	   /* a contract runs out (D9) */
	WATCH_CERTIFICATE, /* a certificate lapses (L2) */
	WATCH_TRAINING,	   /* training has lapsed before entry (L1) */
	WATCH_APP,	   /* a registration in the app takes longer than usual (D12) */
	WATCH_OUTAGE,	   /* devices off, not all of them filed (F5) */
	WATCH_DEVICE,	   /* a device of the register is silent (H4) */
	WATCH_DUTY,	   /* not set, not on duty, month short (F10) */
	WATCH_CARD,	   /* an identity document has lapsed (A9) */
	WATCH_CLOCK,	   /* this box's clock and the platform's differ */
	WATCH_KINDS
};
const char *alarm_kind_name(enum alarm_kind k); /* "post_rate": stored, command line */
const char *alarm_kind_word(enum alarm_kind k); /* translated */
bool alarm_kind_parse(const char *name, enum alarm_kind *out);

enum alarm_standing { ALARM_COMES, ALARM_STANDS, ALARM_OVER /* recorded, and done with */ };
enum alarm_remedy {
	REMEDY_NONE,
	REMEDY_POSTS,
	REMEDY_ASSOCIATIONS,
	REMEDY_PERSON,
	REMEDY_HIRING,
	REMEDY_CONTRACTS,
	REMEDY_CERTIFICATES,
	REMEDY_FILINGS,
	REMEDY_WAGES,
	REMEDY_CONNECTION,
	REMEDY_PARTICIPANTS,
	REMEDY_DEVICES
};
const char *alarm_remedy_word(enum alarm_remedy r); /* translated: what Enter does */

struct alarm_row {
	int64_t id; /* of the list: the same row has the same one as long as it stands */
	enum alarm_kind kind;
	enum alarm_standing standing;
	date_t due_on;		   /* from this day it stands; DATE_NONE: no day */
	char who[NAME_TEXT];	   /* person, team, post */
	char what[200], cost[200]; /* translated */
	char subject[UID_TEXT];	   /* as alarms are recorded: code of a post, uid; "" the project */
	int month;		   /* yyyymm, 0: none */
	enum alarm_remedy remedy;
	int64_t person;		/* whose file REMEDY_PERSON and others open; 0: nobody's */
	int64_t record;		/* what platform or clerk have said of it; 0: nothing */
	enum alarm_state state; /* … as it stands */
};
struct alarm_query {
	size_t most; /* rows a kind, those that fall due first */
	bool people; /* look through all people as well, for documents and training: some tenths of a second for 20,000 */
	bool over;  /* recorded ones that are done with, too */
};
struct alarm_set {
	struct alarm_row *row;
	size_t n;
	bool cut /* some kind has more */, unchecked /* no platform has been heard for a day */;
	date_t today;
};
/* Freed by desk_alarms_free(), also after a failure. */
int desk_alarms(struct desk *d, const struct alarm_query *q, struct alarm_set *out, struct err *e);
void desk_alarms_free(struct alarm_set *s);

/* For the day's screen: none further than 100 a kind. first: what falls due first; kind and due_on only where
 * n is 0. */
struct alarm_counts {
	int64_t stand, come;
	char first[260];
};
int desk_alarm_counts(struct desk *d, struct alarm_counts *out, struct err *e);

/* What was seen on the platform's page: EVENT_ALARM_RAISE of a row, or the next event of one that is
 * recorded. ERR_FORBIDDEN with why as detail: alarms of posts are not withdrawn (CD 3.2.6). */
struct alarm_act {
	enum event event;
	enum alarm_kind kind;
	const char *subject;
	int month;
	date_t on; /* DATE_NONE: today */
	const char *note;
};
int desk_alarm_act(struct desk *d, const struct alarm_act *a, struct err *e);
/* What may come next for a row by this account. */
size_t desk_alarm_possible(struct desk *d, const struct alarm_row *r, enum event *events, size_t cap);

#endif
