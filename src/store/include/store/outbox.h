/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The outbox: one row, one action (DESIGN 9). Order is the integer id, never time. Dependencies are on facts: a need is met when the platform
 * has accepted the operation that reports the fact, or one that reports a fact superseding it (any length of chain), or when the fact is
 * reported by no operation at all. Rows are never deleted. The body is sealed, frozen with its keyed fingerprint, epoch and sequence when
 * the row first becomes `sending`, and never changes afterwards: the same op always has the same content.
 */
#ifndef STORE_OUTBOX_H
#define STORE_OUTBOX_H

#include "base/buf.h"
#include "base/uid.h"
#include "domain/outbox_state.h"
#include "store/store.h"

struct db_outbox {
	int64_t id; char op[UID_TEXT]; int64_t project; char kind[32];
	int64_t fact; char subject[UID_TEXT]; char title[256]; /* name of person, team or company, for lists */
	int64_t person;                                        /* 0: not a person's */
	enum outbox_state state; int rank;                     /* rank: order of the open view: 0 refused, 1 unknown, 2 on its way, 9 done with */
	int64_t held_until_ms, epoch, sequence;                /* epoch, sequence 0: not frozen yet */
	int64_t made_ms, sent_ms, answered_ms; int attempts;
	char code[32], reason[512], field[32], number[64];     /* the platform's answer; reason sealed at rest, "" when read without the data key */
	bool frozen;
	int area; /* enum db_area of store/upload.h */
};
struct db_outbox_new {
	const char *op;                 /* NULL: a new one */
	int64_t project; const char *kind; int64_t fact; const char *subject, *title; int64_t person;
	int64_t made_ms, held_until_ms; /* held until then; 0: ready at once */
	const int64_t *needs; size_t n_needs; /* facts; zeros are passed over */
};
/* Nothing of it has left this box: it may be taken back or put aside. What waits to be done by hand has not left either. */
bool db_outbox_is_here(const struct db_outbox *row);
int db_outbox_insert(struct store *s, const struct db_outbox_new *o, int64_t *id, struct err *e);
int db_outbox_get(struct store *s, int64_t id, struct db_outbox *out, struct err *e);
int db_outbox_by_op(struct store *s, const char *op, struct db_outbox *out, struct err *e);
int db_outbox_by_fact(struct store *s, int64_t fact, struct db_outbox *out, struct err *e);   /* the newest reporting it, one withdrawn or superseded only where there is no other; ERR_NO_SUCH */
struct db_reported {
	const char *cycle, *but; /* but: facts whose event begins with it do not count */
	int64_t subject, project; /* project 0: of whichever */
};
/* The subject's newest fact that is reported: what was withdrawn never gets there, and nothing waits for it. *fact 0: none. */
int db_outbox_reported(struct store *s, const struct db_reported *what, int64_t *fact, struct err *e);
#define DB_OUTBOX_ABOUT 64 /* as many operations of one thing are looked through */
int db_outbox_about(struct store *s, int64_t project, const char *subject, struct db_outbox *rows, size_t cap, size_t *n, struct err *e); /* of any kind, newest first */
int db_outbox_of_subject(struct store *s, int64_t project, const char *subject, const char *kind, struct db_outbox *out, struct err *e); /* the newest of this kind; ERR_NO_SUCH */
int db_outbox_needs(struct store *s, int64_t id, int64_t *facts, size_t cap, size_t *n, struct err *e);
/* All of them; *facts is freed by the caller, NULL after an error. */
int db_outbox_needs_all(struct store *s, int64_t id, int64_t **facts, size_t *n, struct err *e);
/* Title of the first row that this one waits for; "" when all its needs are met. */
int db_outbox_waits_for(struct store *s, int64_t id, char *title, size_t size, struct err *e);

enum db_outbox_view { DB_OUTBOX_OPEN /* by rank, id */, DB_OUTBOX_REFUSED /* by id */, DB_OUTBOX_ALL /* newest first */ };
struct db_outbox_query { int64_t project; enum db_outbox_view view; int after_rank; int64_t after_id; }; /* zeros: from the start */
int db_outbox_page(struct store *s, const struct db_outbox_query *q, struct db_outbox *rows, size_t cap, size_t *n, bool *more, struct err *e);
int db_outbox_counts(struct store *s, int64_t project, int64_t counts[OUTBOX_STATE_COUNT], struct err *e); /* kept, not counted */
/* A person's newest refused row; ERR_NO_SUCH. */
int db_outbox_refusal(struct store *s, int64_t project, int64_t person, struct db_outbox *out, struct err *e);
/* Has a person something open (waiting), something refused? For the member's flags. */
int db_outbox_of_person(struct store *s, int64_t project, int64_t person, bool *waiting, bool *refused, struct err *e);
/* Ids of rows in a state, ascending, after an id. */
int db_outbox_in_state(struct store *s, int64_t project, enum outbox_state state, int64_t after, int64_t *ids, size_t cap, size_t *n, struct err *e);

/* --- changes of state (in a transaction) --- */

/* ERR_CONFLICT when the row is not in `from` any more. */
int db_outbox_state(struct store *s, int64_t id, enum outbox_state from, enum outbox_state to, struct err *e);
/* Held rows whose time has come (or all; also those made later than now: the clock was set back) become ready. *changed: how many; *next_ms: when the
 * next falls due, 0: none is held. */
int db_outbox_release(struct store *s, int64_t project, int64_t now_ms, bool all, int64_t *changed, int64_t *next_ms, struct err *e);
/* This held one becomes ready, and every held one that it rests on. */
int db_outbox_release_with(struct store *s, int64_t id, struct err *e);
/* Does a held row fall due by now? Without a transaction, so that an idle runner writes nothing. */
int db_outbox_due(struct store *s, int64_t project, int64_t now_ms, bool *due, int64_t *next_ms, struct err *e);
/* Ready rows in order, all of whose needs are met or stand earlier in this list. Any prefix of it is a good batch too. */
int db_outbox_select(struct store *s, int64_t project, int64_t *ids, size_t cap, size_t *n, struct err *e);
/* ready → sending: counts the attempt; the first time takes the body, its fingerprint and the next sequence, later keeps them (body may be NULL then). */
int db_outbox_freeze(struct store *s, int64_t id, const char *body, size_t bytes, int64_t now_ms, struct err *e);
int db_outbox_body(struct store *s, int64_t id, struct buf *out, struct err *e); /* checks the fingerprint: ERR_SEAL */
struct db_answer { enum outbox_state state; int64_t at_ms; const char *code, *reason, *field, *number; }; /* texts may be NULL */
/* From sending, waiting or unknown only: *taken false when the row is beyond that (the answer came before). */
int db_outbox_answer(struct store *s, int64_t id, const struct db_answer *a, bool *taken, struct err *e);
/* Given up: whatever of this fact, of those it supersedes and of what needs any of them is still here (held, ready, refused) is withdrawn. */
int db_outbox_give_up(struct store *s, int64_t fact, struct err *e);
/* What is still here (held, ready, refused) and needs this fact, or a correction of it, needs another one instead from now on. */
int db_outbox_rest_on(struct store *s, int64_t fact, int64_t instead, struct err *e);
/* What is still here of a person needs this fact too. */
int db_outbox_rest_first(struct store *s, int64_t person, int64_t fact, struct err *e);
/* What is still here of a person does not need this fact, or a correction of it, any more. */
int db_outbox_rest_free(struct store *s, int64_t person, int64_t fact, struct err *e);
/* What a clerk had noted as done on the platform's page waits for it again, without the number. ERR_CONFLICT: it is not that, or is so no more. */
int db_outbox_by_hand_again(struct store *s, int64_t id, struct err *e);
/* Operations that rest on this row's fact, or on one that it corrected, and have left, or were noted as done. */
int db_outbox_rested_on(struct store *s, int64_t id, int64_t *n, struct err *e);
int db_outbox_recover(struct store *s, int64_t project, int64_t *changed, struct err *e); /* sending → unknown */

/* --- taking over from a newer copy of this file (R11; in a transaction) --- */

/* Whatever has no final answer becomes unknown, to be looked up: the newer copy may have sent it. What was withdrawn or superseded here and
 * never sent from here may have been sent by it as well: that stays what it is and becomes a doubt. */
int db_outbox_doubt(struct store *s, int64_t project, int64_t *changed, struct err *e);
/* Doubts not looked up yet, ascending, after an id. */
int db_outbox_doubts(struct store *s, int64_t project, int64_t after, int64_t *ids, size_t cap, size_t *n, struct err *e);
/* The platform's word on a row; *doubted false: it is no doubt, nothing was written. there: it has the operation, which is accepted then (a's
 * time, number); else the doubt is over. */
int db_outbox_doubt_answer(struct store *s, int64_t id, bool there, const struct db_answer *a, bool *doubted, struct err *e);
/* Doubts of one subject that the platform has, ascending, none of the subject's being without an answer; *n 0: there is no such subject. */
int db_outbox_doubt_settled(struct store *s, int64_t project, int64_t *ids, size_t cap, size_t *n, struct err *e);
int db_outbox_doubt_over(struct store *s, int64_t id, struct err *e);

#endif
