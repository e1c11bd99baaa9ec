/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Contracts (D9), a person's registration in the city's app (D12), and the employments that somebody still waits for (D6, D7, D11).
 *
 * Lists are keyset pages in the order of an index: contracts by the day they end, what is pending by who is to act and since when.
 */
#ifndef STORE_HIRING_H
#define STORE_HIRING_H

#include "base/dates.h"
#include "base/uid.h"
#include "domain/lifecycle.h"
#include "store/store.h"

struct db_contract {
	int64_t id, project, person, employment, participant, company; char uid[UID_TEXT];
	enum contract_state state;
	char kind[16], unit[16];        /* codes of contract_kinds, contract_units; unit "": none */
	date_t starts_on, ends_on;      /* ends_on DATE_NONE: no day agreed */
	int64_t price;                  /* fen a unit, sealed at rest; -1: none */
	int64_t scan, renews, made_ms;  /* attachment, contract; 0: none */
	/* read only: */
	char person_name[256], company_name[256], project_name[256]; /* company: short name, else full name */
};
int db_contract_insert(struct store *s, const struct db_contract *c, int64_t *id, struct err *e);
int db_contract_update(struct store *s, const struct db_contract *c, struct err *e); /* kind, dates, unit, price, scan */
int db_contract_state(struct store *s, int64_t id, enum contract_state from, enum contract_state to, struct err *e); /* ERR_CONFLICT */
int db_contract_get(struct store *s, int64_t id, struct db_contract *out, struct err *e);
int db_contract_by_uid(struct store *s, const char *uid, struct db_contract *out, struct err *e);
/* The one in force that ends last; id 0: none. */
int db_contract_current(struct store *s, int64_t employment, struct db_contract *out, struct err *e);
int db_contract_of_employment(struct store *s, int64_t employment, struct db_contract *rows, size_t cap, size_t *n, struct err *e);

/* Which of a project's: those in force first (rank 0), drafted (1), over (2). */
enum contract_rank { CONTRACT_RANK_IN_FORCE, CONTRACT_RANK_DRAFTED, CONTRACT_RANK_OVER };
struct db_contract_query {
	int64_t project, participant;   /* participant 0: all of the project */
	enum contract_rank rank;
	date_t from, to;                /* days of ending, both included; DATE_NONE: open. No day agreed counts as after all days */
	date_t after_due; int64_t after_id; /* the last row of the page before; after_id 0: from the start. No day agreed: DATE_LONG_TERM */
};
int db_contract_list(struct store *s, const struct db_contract_query *q, struct db_contract *rows, size_t cap, size_t *n, bool *more,
		     struct err *e);
int db_contract_of_person(struct store *s, int64_t person, int64_t before_id, struct db_contract *rows, size_t cap, size_t *n, bool *more,
			  struct err *e); /* of all projects, newest first */
int db_contract_count(struct store *s, int64_t project, int64_t participant, date_t from, date_t to, int64_t limit, int64_t *out,
		      struct err *e); /* in force, ending on these days; counts no further than limit */

struct db_app { int64_t id, project, person; char uid[UID_TEXT]; enum app_state state; date_t since; };
int db_app_get(struct store *s, int64_t project, int64_t person, struct db_app *out, struct err *e); /* id 0: nothing is known */
int db_app_by_id(struct store *s, int64_t id, struct db_app *out, struct err *e);
int db_app_insert(struct store *s, const struct db_app *a, int64_t *id, struct err *e);
int db_app_state(struct store *s, int64_t id, enum app_state from, enum app_state to, date_t since, struct err *e); /* ERR_CONFLICT */

/* What somebody waits for, in the order of the clerk's attention. */
enum pending { PENDING_LEAVING = 1, PENDING_LEAVING_ON, PENDING_DISMISSING, PENDING_ACCEPTED, PENDING_PROCESSING, PENDING_OFFERED, PENDING_END };
struct db_pending {
	int64_t id, person; char uid[UID_TEXT]; char name[256], company[256];
	enum employment_state state; enum pending pending;
	int64_t since_ms; date_t leaves_on, ends_on; char role[16];
	enum app_state app; date_t app_since;
};
struct db_pending_query {
	int64_t project, participant;    /* participant 0: all */
	enum pending first, last;
	enum pending after; int64_t after_ms, after_id; /* the last row of the page before; after 0: from the start */
};
int db_pending_list(struct store *s, const struct db_pending_query *q, struct db_pending *rows, size_t cap, size_t *n, bool *more, struct err *e);
/* How many, and since when the first of them (0: none); counts no further than limit. */
int db_pending_count(struct store *s, const struct db_pending_query *q, int64_t limit, int64_t *out, int64_t *oldest_ms, struct err *e);

#endif
