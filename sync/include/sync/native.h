/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The native dialect: operations into bytes, bytes into answers and changes. Pure: no network, no database,
 * no clock. The contract is sync/openapi.yaml; both ends are held against it in the tests.
 *
 * What arrives is foreign: bounded, parsed through base/json.h, cut to the lengths named here, control
 * characters blanked. What is missing, contradictory or of a state nobody knows is ANSWER_UNKNOWN, never a
 * guess.
 */
#ifndef SYNC_NATIVE_H
#define SYNC_NATIVE_H

#include <cjson/cJSON.h>

#include "base/buf.h"
#include "desk/exchange.h"

#define NATIVE_OPERATIONS "/v1/operations"
#define NATIVE_LOOKUP "/v1/operations/lookup"
#define NATIVE_BOX "/v1/box"
#define NATIVE_REASON_BYTES 299 /* as outbox_row.reason */
#define NATIVE_CODE_BYTES 31
#define NATIVE_NUMBER_BYTES 63
#define NATIVE_CURSOR_BYTES 200
#define NATIVE_BATCH_MAX 500 /* operations of one request */
#define NATIVE_BATCH_BYTES (512u << 10)

/* {"box","epoch","operations":[…]}; the bodies go in as the desk froze them. madeAt is the instant inside the
 * op (UUIDv7). */
int native_request(const struct box *box, const struct outgoing *items, size_t n, struct buf *out,
		   struct err *e);
int native_lookup_request(const char (*ops)[UID_TEXT], size_t n, struct buf *out, struct err *e);

/* Answers in the order asked; strings live in doc. */
struct native_answers {
	struct answer *item; /* op points at the caller's ops */
	bool *absent;	     /* look-up only: the platform never had it */
	size_t n;
	size_t foreign; /* results for operations nobody asked about */
	cJSON *doc;
};
void native_answers_init(struct native_answers *a);
void native_answers_release(struct native_answers *a);
/* ops: the n that were asked about; they must outlive the answers. ERR_NET_ANSWER when the whole is not of
 * the contract's form. */
int native_parse_results(struct native_answers *out, const char *const *ops, size_t n, const char *text,
			 size_t bytes, struct err *e);
/* GET /v1/operations/{op}: one result object. */
int native_parse_result(struct native_answers *out, const char *op, const char *text, size_t bytes,
			struct err *e);

struct native_changes {
	struct change *item;
	size_t n;
	const char *cursor;
	bool more;
	cJSON *doc;
};
void native_changes_init(struct native_changes *c);
void native_changes_release(struct native_changes *c);
int native_parse_changes(struct native_changes *out, const char *text, size_t bytes, struct err *e);

struct native_box {
	bool known;
	char uid[UID_TEXT];
	int64_t epoch, sequence;
}; /* known: the platform has heard of this box before */
int native_parse_box(struct native_box *out, const char *text, size_t bytes, struct err *e);
/* The platform's own words about a refused request, cut and cleaned; false when it gave none. */
bool native_parse_refusal(const char *text, size_t bytes, char *code, size_t code_size, char *reason,
			  size_t reason_size);
/* "/v1/changes?cursor=…", percent-encoded. */
int native_changes_path(const char *cursor, struct buf *out);

#endif
