/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The roster: one row per person and project, the fold of facts as lists show it, kept by the caller in the transaction of the fact.
 *
 * What a list filter means is the caller's: it hands a mask of views (bit i: the member stands in view i; bit 0 must be 'all'). The store
 * keeps, for every view and every scope (whole project, team, participant), an ordered list and an exact count (tally). Pages are keyset
 * pages: their cost does not grow with depth (P9). Search walks every suffix of the texts given (name, pinyin readings, initials: U12), lower
 * case and folded (ü, v → u) by the caller, who folds the query the same way.
 */
#ifndef STORE_MEMBER_H
#define STORE_MEMBER_H

#include "base/dates.h"
#include "base/uid.h"
#include "domain/lifecycle.h"
#include "store/store.h"

#define MEMBER_VIEWS 16         /* bits of the mask */
#define MEMBER_KEY 512
#define MEMBER_TEXTS 24         /* most search texts a member may have */

struct db_member {
	int64_t project, person;
	char name[256];
	char sort_key[256];            /* pinyin of the name, then the name: the order of lists */
	char tail[8];                  /* last four of the document number (sealed at rest) */
	int64_t team, participant;     /* of the current assignment, else of the employment; 0: none */
	char trade[16];
	int64_t employment, assignment; /* the current ones; 0: none */
	enum employment_state employment_state;
	enum assignment_state assignment_state;
	bool manual, waiting, refused;
	date_t entered_on, exited_on;
	unsigned views;
	/* read only: */
	char person_uid[UID_TEXT];
	char team_name[256], company_name[256]; /* company: short name, else full name */
	char key[MEMBER_KEY];          /* where this row stands in the list that was asked for: cursor with person */
};

/* Inserts or updates; lists, tallies and search rows are changed by what differs only. texts NULL: search texts as they were (not for a new one). */
int db_member_save(struct store *s, const struct db_member *m, const char *const *texts, size_t n_texts, struct err *e);
/* Out of every list, tally and search row of the project; nothing when it is not there. */
int db_member_drop(struct store *s, int64_t project, int64_t person, struct err *e);
/* By id, those after one. */
int db_member_persons(struct store *s, int64_t project, int64_t after, int64_t *ids, size_t cap, size_t *n, struct err *e);
int db_member_get(struct store *s, int64_t project, int64_t person, struct db_member *out, struct err *e); /* ERR_NO_SUCH */

enum db_scope { SCOPE_PROJECT, SCOPE_TEAM, SCOPE_PARTICIPANT };
enum db_match {
	MATCH_ALL,      /* no text: ordered by sort_key */
	MATCH_TEXT,     /* some suffix of a search text begins with it: ordered by the matching suffix */
	MATCH_TAIL,     /* last four of document or phone: ordered by person */
	MATCH_DOCUMENT, /* a whole document number, of any type */
	MATCH_PHONE,    /* a whole phone number */
	MATCH_CODE      /* a worker code, as worker_code_read() writes it: the one whom it names today */
};
struct db_roster_query {
	int64_t project;
	unsigned view;                 /* number of the view, not its bit */
	enum db_scope scope; int64_t scope_id;
	enum db_match match; const char *text;
	const char *also[2];           /* further words: some search text holds each of them; NULL or "": none */
	const char *after_key; int64_t after_person; /* the last row of the page before; NULL or "" and 0: from the start (backwards: from the end) */
	bool backwards;                /* rows before the cursor; still handed out in forward order */
};
/* At most cap rows, each person once; *more: there are further ones in the direction of the page. */
int db_roster(struct store *s, const struct db_roster_query *q, struct db_member *rows, size_t cap, size_t *n, bool *more, struct err *e);
int db_roster_count(struct store *s, const struct db_roster_query *q, int64_t limit, int64_t *out, struct err *e); /* counts no further than limit */
/* Exact, one row read: how many stand in a view of a scope. */
int db_tally(struct store *s, int64_t project, unsigned view, enum db_scope scope, int64_t scope_id, int64_t *out, struct err *e);

#endif
