/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Projects beside their line (site.h): states, identifiers, what the platform offers, applications; associations of teams. */
#ifndef STORE_PROJECT_H
#define STORE_PROJECT_H

#include "domain/particulars.h"
#include "store/site.h"

/* The sealed values of a sheet: those of rows that are no columns. uid: the owner's, what they are sealed under. Values that are
 * columns are left as they are. */
int db_particulars_load(struct store *s, struct particulars *p, int64_t owner, const char *uid, struct err *e);
int db_particulars_save(struct store *s, const struct particulars *p, int64_t owner, const char *uid, struct err *e);

int db_project_update(struct store *s, const struct db_project *p, struct err *e); /* name and code */
int db_project_made(struct store *s, int64_t id, int64_t *ms, struct err *e); /* when it was made in this file */
int db_project_by_uid(struct store *s, const char *uid, struct db_project *out, struct err *e);
/* from: what the caller saw; ERR_CONFLICT when it is something else by now. */
int db_project_state(struct store *s, int64_t id, enum project_state from, enum project_state to, struct err *e);

/* Identifiers (B9): kinds "code", "realname_code", "levy_code", "contract_code". "" takes the number away. */
int db_project_number_set(struct store *s, int64_t project, const char *kind, const char *number, struct err *e);
int db_project_number(struct store *s, int64_t project, const char *kind, char *out, size_t size, struct err *e); /* "": none */
/* Projects that bear a number that begins so, of any kind; each once, by id, after `after`. */
int db_project_find(struct store *s, const char *number, int64_t after, int64_t *ids, size_t cap, size_t *n, struct err *e);
/* The project that bears this very number of this kind; 0: none. */
int db_project_with(struct store *s, const char *kind, const char *number, int64_t *out, struct err *e);

/* --- what the platform offers (B2, B7) --- */

struct db_project_offer {
	int64_t id, project; char uid[UID_TEXT]; char name[DB_NAME];
	char code[64], realname_code[64], levy_code[64], contract_code[64], kind[16], permit[64];
	int64_t taken; /* project made of it; 0: none yet */
};
int db_project_offer_put(struct store *s, const struct db_project_offer *o, struct err *e); /* the same uid again: what it says now, if it is not taken */
int db_project_offer_get(struct store *s, int64_t id, struct db_project_offer *out, struct err *e);
int db_project_offer_take(struct store *s, int64_t id, int64_t project, struct err *e); /* ERR_CONFLICT when it was taken before */
/* Those not taken, and whose 征管编号 no project of this box bears (NJ 5 注意事项 1); by id, after `after`. */
int db_project_offer_list(struct store *s, int64_t project, int64_t after, struct db_project_offer *rows, size_t cap, size_t *n, struct err *e);

/* --- applications (B8) --- */

struct db_application { int64_t id, project; char uid[UID_TEXT]; char name[DB_NAME]; enum application_state state; date_t applied_on, answered_on; };
int db_application_insert(struct store *s, const struct db_application *a, int64_t *id, struct err *e);
int db_application_by_uid(struct store *s, const char *uid, struct db_application *out, struct err *e);
int db_application_name(struct store *s, int64_t id, const char *name, struct err *e);
int db_application_state(struct store *s, int64_t id, enum application_state from, enum application_state to, date_t on, struct err *e);
int db_application_list(struct store *s, int64_t project, int64_t after, struct db_application *rows, size_t cap, size_t *n, struct err *e); /* by id */

/* --- associations (C4, C7) --- */

/* Teams with this relation and a partner, by name; after NULL: from the start. */
int db_association_list(struct store *s, int64_t project, enum team_state relation, const struct db_team_cursor *after, struct db_team *rows,
			size_t cap, size_t *n, struct err *e);
/* How many are unassociated (no further than limit) and since when the longest is; DATE_NONE: none. */
int db_association_due(struct store *s, int64_t project, int64_t limit, int64_t *n, date_t *since, struct err *e);

#endif
