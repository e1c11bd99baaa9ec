/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a person's file holds besides person.h: safety training (L1), certificates (L2), marks (L3), work elsewhere (A12), merging (A6).
 * Rows are never deleted: `removed` names the fact that took them back. Writing functions run inside the use case's transaction.
 */
#ifndef STORE_DOSSIER_H
#define STORE_DOSSIER_H

#include "base/dates.h"
#include "base/uid.h"
#include "store/store.h"

struct db_training { int64_t id, project, person; char uid[UID_TEXT]; char kind[16]; date_t on; int64_t hours, fact; };
int db_training_insert(struct store *s, const struct db_training *t, int64_t *id, struct err *e);
int db_training_get(struct store *s, int64_t id, struct db_training *out, struct err *e);
int db_training_remove(struct store *s, int64_t id, int64_t fact, struct err *e); /* ERR_CONFLICT: removed already */
int db_training_by_fact(struct store *s, int64_t fact, struct db_training *out, struct err *e); /* standing or not; ERR_NO_SUCH */
/* The session of a register that it comes from (I1), and those that come from one: standing, by id, after an id. */
int db_training_link(struct store *s, int64_t training, int64_t entry, struct err *e);
int db_training_of_entry(struct store *s, int64_t entry, int64_t after, struct db_training *rows, size_t cap, size_t *n, struct err *e);
int db_training_list(struct store *s, int64_t person, struct db_training *rows, size_t cap, size_t *n, struct err *e); /* standing, newest day first */

struct db_certificate {
	int64_t id, person; char uid[UID_TEXT]; char kind[16]; char number[64]; char issuer[256]; date_t valid_to; int64_t fact;
	char name[256]; /* read only: of the person */
};
int db_certificate_insert(struct store *s, const struct db_certificate *c, int64_t *id, struct err *e);
int db_certificate_get(struct store *s, int64_t id, struct db_certificate *out, struct err *e);
int db_certificate_remove(struct store *s, int64_t id, int64_t fact, struct err *e);
int db_certificate_list(struct store *s, int64_t person, struct db_certificate *rows, size_t cap, size_t *n, struct err *e); /* standing */
/* Of the project's people, valid to `until` at most, after (valid_to, id) of the row before; DATE_NONE and 0: from the start. */
int db_certificate_due(struct store *s, int64_t project, date_t until, date_t after, int64_t after_id, struct db_certificate *rows, size_t cap,
		       size_t *n, struct err *e);

struct db_mark {
	int64_t id, person; char uid[UID_TEXT]; bool platform; char reason[512]; char author[256]; date_t until; int64_t fact, made_ms;
	bool overridden; /* read only: in the project asked for */
	char name[256];  /* read only */
};
int db_mark_insert(struct store *s, const struct db_mark *m, int64_t *id, struct err *e);
int db_mark_get(struct store *s, int64_t project, int64_t id, struct db_mark *out, struct err *e);
int db_mark_remove(struct store *s, int64_t id, int64_t fact, struct err *e);
int db_mark_override(struct store *s, int64_t id, int64_t project, int64_t fact, struct err *e);
/* Standing ones of a person, newest first, whether their last day has passed or not. */
int db_mark_list(struct store *s, int64_t project, int64_t person, struct db_mark *rows, size_t cap, size_t *n, struct err *e);
int db_mark_page(struct store *s, int64_t project, int64_t before, struct db_mark *rows, size_t cap, size_t *n, struct err *e); /* standing ones, newest first */

struct db_work {
	int64_t id, person; char uid[64]; char project[256], place[128], status[64], contractor[256], team[256], trade[64];
	date_t entered_on, exited_on;
};
int db_work_save(struct store *s, const struct db_work *w, struct err *e); /* by uid: the later word holds */
int db_work_list(struct store *s, int64_t person, struct db_work *rows, size_t cap, size_t *n, struct err *e); /* newest first */

/* --- merging (DESIGN 5) ------------------------------------------------------------------------------------------------------------ */

struct db_merge { int64_t id, kept, gone, fact; };
/* Every row of `gone` goes over to `kept` and is remembered; its uid stays as an alias, its sealed fields and its facts stay its own. */
int db_merge_do(struct store *s, int64_t kept, int64_t gone, int64_t fact, int64_t *id, struct err *e);
int db_merge_undo(struct store *s, const struct db_merge *m, int64_t fact, struct err *e);
/* The newest standing one into or of this person; ERR_NO_SUCH: none. */
int db_merge_latest(struct store *s, int64_t person, struct db_merge *out, struct err *e);
/* Persons whose files went into this one, in the order they came. */
int db_merged_into(struct store *s, int64_t person, int64_t *ids, size_t cap, size_t *n, struct err *e);
int db_projects_of_person(struct store *s, int64_t person, int64_t *ids, size_t cap, size_t *n, struct err *e); /* where it is a member */
int db_number_owner(struct store *s, const char *number, int64_t *person, struct err *e); /* of any type of document; 0: nobody */

struct db_offer { int64_t id, person, other; bool platform; int64_t made_ms; char name[256], other_name[256]; };
int db_offer_add(struct store *s, int64_t project, int64_t person, int64_t other, bool platform, struct err *e); /* the same pair again: nothing */
int db_offer_settle(struct store *s, int64_t project, int64_t person, int64_t other, int64_t fact, struct err *e); /* in either order */
int db_offer_page(struct store *s, int64_t project, int64_t before, struct db_offer *rows, size_t cap, size_t *n, struct err *e); /* open, newest first */

#endif
