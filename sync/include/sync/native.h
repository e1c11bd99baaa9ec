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

#include "sync/dialect.h"

#define NATIVE_OPERATIONS "/v1/operations"
#define NATIVE_LOOKUP "/v1/operations/lookup"
#define NATIVE_BOX "/v1/box"
#define NATIVE_ATTACHMENTS "/v1/attachments"
#define NATIVE_ENROL "/v1/enrol"
#define NATIVE_PERSON "/v1/people/lookup"
#define NATIVE_REASON_BYTES 299 /* as outbox_row.reason */
#define NATIVE_CODE_BYTES 31
#define NATIVE_VALUE_BYTES 400 /* of a changed field */
#define NATIVE_NUMBER_BYTES 63
#define NATIVE_CURSOR_BYTES 200
/* Operations and bytes of one request: over a line of 200 ms each request costs more than what is in it (P4); the platform takes 2 MiB. */
#define NATIVE_BATCH_MAX 3000
#define NATIVE_BATCH_BYTES (1536u << 10)

/* The dialect's own memory of one line. */
struct native_self {
	struct http *http; /* closed with the link */
	bool no_lookup;	   /* this platform looks up one by one only */
};

/* {"box","epoch","lost":[…] where there are any,"operations":[…]}; the bodies go in as the desk froze them. madeAt is the instant inside the
 * op (UUIDv7). */
int native_request(const struct box *box, const struct outgoing *items, size_t n, struct buf *out,
		   struct err *e);
/* Asks, in a request made by native_request(), for the changes since the cursor as well; the answer may carry them or not. */
int native_ask_changes(const char *cursor, struct buf *request, struct err *e);
int native_lookup_request(const char *const *ops, size_t n, struct buf *out, struct err *e);

/* ops: the n that were asked about; they must outlive the answers. ERR_NET_ANSWER when the whole is not of
 * the contract's form. */
int native_parse_results(struct answers *out, const char *const *ops, size_t n, const char *text,
			 size_t bytes, struct err *e);
/* GET /v1/operations/{op}: one result object. */
int native_parse_result(struct answers *out, const char *op, const char *text, size_t bytes, struct err *e);

int native_parse_changes(struct changes *out, const char *text, size_t bytes, struct err *e);
/* Those in the answer to a batch. *there false: it carries none. */
int native_parse_inside(struct changes *out, const char *text, size_t bytes, bool *there, struct err *e);

int native_parse_box(struct far_box *out, const char *text, size_t bytes, struct err *e);
/* {"document"}: the SHA-256 of a document's number (L8). */
int native_person_request(const char *document, struct buf *out, struct err *e);
/* {"known","person","history"}: the whole answer, whose values are still foreign; freed by the caller. */
int native_parse_person(const char *text, size_t bytes, cJSON **out, struct err *e);
/* {"attachments":[{"sha256","bytes","mime","role","person"}]}: what contents are, before they come (R12). */
int native_announcement(const struct outgoing_attachment *items, size_t n, struct buf *out, struct err *e);
/* What the platform has of each, in the order asked. One that it does not name is not known. */
int native_parse_announced(const struct outgoing_attachment *items, size_t n, const char *text, size_t bytes,
			   struct far_attachment *out, struct err *e);
/* The answer to a piece. ERR_NET_ANSWER when it is about another content. */
int native_parse_piece(const struct outgoing_attachment *item, const char *text, size_t bytes,
		       struct far_attachment *out, struct err *e);
/* {"code","box","name"}: a one-time code for a token. */
int native_enrolment(const char *code, const char *box, const char *name, struct buf *out, struct err *e);
int native_parse_enrolled(const char *text, size_t bytes, char *token, size_t size, struct err *e);
/* The platform's own words about a refused request, cut and cleaned; false when it gave none. */
bool native_parse_refusal(const char *text, size_t bytes, char *code, size_t code_size, char *reason,
			  size_t reason_size);
/* "/v1/changes?cursor=…", percent-encoded. */
int native_changes_path(const char *cursor, struct buf *out);

#endif
