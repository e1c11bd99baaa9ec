/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Taking back (U4). Every transaction that writes a fact on behalf of an account is an act: the store makes its row with the first such
 * fact, marks the facts with it, and keeps with the commit what the transaction changed in the rows that show states (a changeset), and
 * which operations it withdrew or superseded. A group is one act; groups of one series (an import) are parts of the first one's act.
 *
 * Applying a changeset backwards checks every value against what the act had left: where anything has been changed since, nothing is
 * taken back. What is never in a changeset: facts and the outbox (append-only), persons (facts name them), the audit, lists and search
 * rows (made anew by db_member_save()), accounts, settings, attachments.
 *
 * Reversing and restating facts belong to no act: taking back is not taken back.
 */
#ifndef STORE_UNDO_H
#define STORE_UNDO_H

#include "store/fact.h"
#include "store/outbox.h"
#include "store/store.h"

struct db_act {
	int64_t id, project, account, part_of; /* part_of 0: the first of its parts */
	char cycle[16], event[32];
	int64_t at_ms, people;     /* of all its parts */
	bool kept;                 /* its changes are still on file */
	int64_t undone_ms;         /* 0: not taken back */
	char by[256], undone_by[256]; /* display names */
	char title[256];           /* of the first person, else of the first operation */
};
int db_act_get(struct store *s, int64_t id, struct db_act *out, struct err *e);
/* The whole act that a fact belongs to; 0: none. */
int db_act_of_fact(struct store *s, int64_t fact, int64_t *act, struct err *e);
/* Whole acts, newest first; before 0: from the newest. account 0: everybody's. */
int db_act_page(struct store *s, int64_t project, int64_t account, int64_t before, struct db_act *rows, size_t cap, size_t *n, bool *more,
		struct err *e);
/* The parts of an act, the newest first; an act without further parts is its own only one. */
int db_act_parts(struct store *s, int64_t act, int64_t before, int64_t *ids, size_t cap, size_t *n, struct err *e);
/* Facts of one part, newest first; before 0: from the newest. */
int db_act_facts(struct store *s, int64_t part, int64_t before, struct db_fact *rows, size_t cap, size_t *n, struct err *e);
/* Persons of a whole act, each once, by id. */
int db_act_persons(struct store *s, int64_t act, int64_t after, int64_t *ids, size_t cap, size_t *n, struct err *e);
/* Operations that have left the box (sending, waiting, unknown, accepted): those of its facts or saying the same again, and submissions made since that told what it changed. */
int db_act_sent(struct store *s, int64_t act, int64_t *out, struct err *e);
/* Operations of other acts, open or taken, that need a fact of this one to have reached the platform first. */
int db_act_needed(struct store *s, int64_t act, int64_t *out, struct err *e);
/* Operations that a part withdrew or superseded. */
int db_act_retired(struct store *s, int64_t part, int64_t after, int64_t *ids, size_t cap, size_t *n, struct err *e);

/* --- in the transaction that takes back --- */

/* Facts written from here to the end of this transaction belong to no act. */
void db_act_none(struct store *s);
/* The changes of one part backwards. ERR_CONFLICT: something of it has been changed since; ERR_NO_SUCH: they are not kept any more. */
int db_act_revert(struct store *s, int64_t part, struct err *e);
int db_act_undone(struct store *s, int64_t act, int64_t account, int64_t at_ms, struct err *e); /* the act and its parts */

#endif
