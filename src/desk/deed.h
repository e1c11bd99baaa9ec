/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A deed: one event on one subject, inside the use case's transaction. It plans (plan.h), writes the facts,
 * moves the state, queues what is reported, and does what follows for others (an employment's end ends its
 * assignments; a managers' team goes with its participant). Whether it may be done was judged before
 * (guard.h).
 */
#ifndef DESK_DEED_H
#define DESK_DEED_H

#include "desk_private.h"
#include "guard.h"
#include "plan.h"
#include "store/fact.h"

struct subject {
	enum cycle cycle;
	int64_t id; /* of the employment, assignment, team or participant */
	char uid[UID_TEXT];
	int64_t person;	       /* 0: not a person's */
	char title[NAME_TEXT]; /* of person, team, company: for the outbox */
	int state;	       /* as read in this transaction; moved on by deed_do() */
};

struct deed {
	struct subject *subject;
	enum event event;
	enum plan_source source;
	const struct situation
		*situation;	 /* for the guards of left-out steps; NULL: none of them fires on a guard */
	date_t on;		 /* DATE_NONE: the day of at_ms */
	int64_t at_ms;		 /* 0: now */
	int64_t since_ms;	 /* when the other side did it, for what is counted from then; 0: at_ms */
	date_t true_on;		 /* E9; 0 or DATE_NONE: none */
	const char *note, *body; /* of the first fact; may be NULL */
	enum actor actor;
	const int64_t *needs; /* facts that must reach the platform first, besides the subject's own */
	size_t n_needs;
};
struct deed_done {
	int64_t first, last; /* facts */
	bool asked;
};

/* ERR_FORBIDDEN when the life cycle has no such way. done may be NULL. */
int deed_do(struct desk *d, const struct deed *deed, struct deed_done *done, struct err *e);

/* The subject's newest fact that is reported by an operation; 0: none. What must come after it on the wire
 * needs this. */
int deed_reported(struct desk *d, enum cycle cycle, int64_t subject, int64_t *fact, struct err *e);
/* Queues the operation that reports a fact, held as the settings say. */
struct operation {
	const char *kind, *uid, *title;
	int64_t fact, person;
	const int64_t *needs;
	size_t n_needs;
};
int deed_queue(struct desk *d, const struct operation *op, struct err *e);
/* Has this event been asked for at the platform without an answer yet? *fact: the asking one, answered or
 * not; 0: none. */
int deed_asked(struct desk *d, enum cycle cycle, int64_t subject, enum event event, int64_t *fact,
	       bool *pending, struct err *e);
/* The actor as whom this session acts in a cycle. */
enum actor deed_actor(const struct desk *d, enum cycle cycle);
/* The fact that stands where this one stood: the last of the corrections that supersede it, itself where there is none. It may be reversed. */
int deed_chain_end(struct desk *d, int64_t fact, struct db_fact *end, struct err *e);
/* The subject's last event by the fold's order, in which a correction stands where what it corrects stood. *fact 0: none. */
int deed_last(struct desk *d, enum cycle cycle, int64_t subject, enum event *event, int64_t *fact, struct err *e);
/* State of a subject as its facts say: those neither superseded nor reversed, each in the place of the first
 * it superseded. */
int deed_fold(struct desk *d, enum cycle cycle, int64_t subject, int *state, struct err *e);

#endif
