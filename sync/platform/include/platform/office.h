/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the reference platform decides: operations of boxes applied by the life cycles of domain/, decisions
 * of people and other sites, and the changes that tell the boxes. JSON in, JSON out, as sync/openapi.yaml
 * says; no network here.
 *
 * A batch is one transaction with a savepoint a record: one bad record takes nothing back but itself. An
 * operation is known by its op: the same content again gives the same result, another content gives
 * conflict-422. One refused because something it depends on is not known here is not kept: sent again later,
 * it is judged anew.
 */
#ifndef PLATFORM_OFFICE_H
#define PLATFORM_OFFICE_H

#include <cjson/cJSON.h>

#include "domain/lifecycle.h"
#include "platform/pstore.h"

#define OFFICE_BATCH_MAX 3000
#define OFFICE_PAGE 200

struct office {
	struct pstore *store;
	bool left_out[EVENT_COUNT]; /* steps that the boxes' profiles leave out: they fire with their
				       predecessor */
	bool consent_known; /* who is registered has agreed, whoever heard it: boxes that have weeks behind them when they first call */
	bool share;	   /* boxes share what is known of a person (share.h) */
	bool by_account;   /* a document is one person's within its box only: an account of the open.api is a project, and tells of its workers itself */
	int64_t refuse_at; /* test aid: the operation with this count is refused ("poisoned"); 0: none */
	bool refuse_phone; /* it is refused for its phone number instead */
	int64_t operations_seen;
};

/* 200 with *out a JSON text, or the HTTP status of the whole request's refusal with *out its JSON. Never 0.
 */
int office_operations(struct office *o, struct pbox *box, const cJSON *request, struct buf *out);
/* One deed on its own, for a door that keeps its own account of what was asked (open.api): judged and applied like an
 * operation, in the caller's transaction. 0 accepted, 1 refused (*op: code, field, reason), -1 failed. */
int office_apply(struct office *o, struct pbox *box, const char *kind, const cJSON *body, struct poperation *op,
		 struct err *e);
int office_lookup_one(struct office *o, const struct pbox *box, const char *op, struct buf *out);
int office_lookup(struct office *o, const struct pbox *box, const cJSON *request, struct buf *out);
int office_changes(struct office *o, const struct pbox *box, const char *cursor, struct buf *out);
int office_box(const struct pbox *box, struct buf *out);
/* 503 or 500 for what went wrong here; logged. */
int office_failed(const struct err *e, struct buf *out);
/* {"code","reason"} for any refusal. */
int office_refusal(int status, const char *code, const char *reason, struct buf *out);

/* A person, a platform clerk or another site decides: the record moves and its box is told. ERR_NO_SUCH,
 * ERR_FORBIDDEN. */
int office_decide(struct office *o, const char *subject, enum event event, const char *on, const char *by,
		  const char *note, struct err *e);
/* A filed project that a box may fetch (project.offer): the box that `known`, one of its records, came from is told. body (JSON:
 * name, projectCode, levyCode …) is kept as a record of the project's own. ERR_NO_SUCH. */
int office_offer(struct office *o, const char *known, const cJSON *body, char uid[UID_TEXT], struct err *e);
/* Somebody there changes one field of a person, an employment, a company, a participant or a team (its name in the body; a number as decimal text; "" empties it); the box
 * is told what it was and what it is. ERR_NO_SUCH, ERR_USAGE: no field of such a record, or no value for it. */
int office_change_field(struct office *o, const char *subject, const char *field, const char *to, const char *by, struct err *e);
/* Everything that has waited since before_ms for its person (consent …) or for another unit (confirmation …);
 * *n is how many. */
int office_decide_due(struct office *o, bool by_person, int64_t before_ms, size_t *n, struct err *e);

#endif
