/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Facts: append-only (triggers forbid all else). A correction supersedes, a taking-back reverses; state is the fold of facts neither superseded
 * nor reversed (DESIGN 5). The only columns ever written again are superseded_by and reversed_by, once, with the fact that does it.
 */
#ifndef STORE_FACT_H
#define STORE_FACT_H

#include "base/buf.h"
#include "base/dates.h"
#include "base/uid.h"
#include "store/store.h"

struct db_fact {
	int64_t id; char uid[UID_TEXT];       /* uid "" when inserting: a new one */
	int64_t project;                       /* 0: of no project (a company of the library) */
	char cycle[16];                        /* cycle_name(), or "person", "company": which table `subject` is of */
	int64_t subject, person;               /* person 0: not a person's */
	char event[32];                        /* event_name(), or "register", "amend", "add" … */
	char actor[16];                        /* actor_name() */
	char authority[16];                    /* "desk" or "platform": whose word made it true */
	int64_t account;                       /* 0: the platform, or the runner */
	int64_t at_ms; date_t on, true_on;     /* true_on: when it really happened, if recorded afterwards (E9) */
	int64_t supersedes, reverses;          /* facts; 0: none */
	int64_t restates;                      /* a correction taken back: what the fact said that this one says again; 0: none */
	int64_t superseded_by, reversed_by;    /* read only */
	char note[512];                        /* sealed; "" none. Read without the data key: "" */
	bool has_body;                         /* read only */
	char by[256];                          /* read only: display name of the account, "" for the platform */
};
/* body: sealed, may be NULL; marks what it supersedes or reverses (ERR_CONFLICT when that is marked already). */
int db_fact_insert(struct store *s, const struct db_fact *f, const char *body, int64_t *id, struct err *e);
int db_fact_get(struct store *s, int64_t id, struct db_fact *out, struct err *e);
int db_fact_by_uid(struct store *s, const char *uid, struct db_fact *out, struct err *e);
int db_fact_body(struct store *s, int64_t id, struct buf *out, struct err *e); /* added to out; nothing when it has none */
/* A subject's newest standing fact (neither superseded nor reversed, itself reversing nothing); event NULL: any. *id 0: none. */
int db_fact_latest(struct store *s, const char *cycle, int64_t subject, const char *event, int64_t *id, struct err *e);
/* Newest first; before 0: from the newest. */
int db_fact_history(struct store *s, int64_t project, int64_t person, int64_t before, struct db_fact *rows, size_t cap, size_t *n, struct err *e);
/* All facts of a subject, oldest first, for folding; after 0: from the start. */
int db_fact_of_subject(struct store *s, const char *cycle, int64_t subject, int64_t after, struct db_fact *rows, size_t cap, size_t *n, struct err *e);
/* Standing facts that were recorded afterwards (true_on), newest first; before 0: from the newest. */
int db_fact_late(struct store *s, int64_t project, int64_t before, struct db_fact *rows, size_t cap, size_t *n, struct err *e);
/* Standing facts of an event on a day ("registered today"), indexed. */
int db_fact_count_on(struct store *s, int64_t project, const char *event, date_t on, int64_t *out, struct err *e);

#endif
