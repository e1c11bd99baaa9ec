/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A dialect: how one family of platforms is spoken to. The runner (sync/runner.h) knows order, states and
 * trouble; a dialect knows bytes: requests out of frozen operations, answers out of what came, how an unknown
 * outcome is looked up, how decisions made elsewhere are fetched, how fast one may ask. Which one a project
 * speaks is its profile's `upload.dialect`.
 *
 * Rules for every dialect: functions that build are pure but for `self`; nothing here touches the database;
 * what arrives is foreign and bounded (see sync/native.h); what cannot be understood is ANSWER_UNKNOWN, never
 * a guess. Memory between two requests that must outlive a restart goes into the answer's `number` (a serial
 * number of an asynchronous result is ANSWER_WAITING with that number) and comes back with the operation.
 */
#ifndef SYNC_DIALECT_H
#define SYNC_DIALECT_H

#include <cjson/cJSON.h>

#include "base/buf.h"
#include "desk/exchange.h"
#include "domain/upload_way.h"
#include "sync/http.h"

#define REQUEST_MAX (16u << 20)

/* One request, built by the dialect, sent by the runner. */
struct request {
	const char *method; /* "GET", "POST" …; static */
	const char *name;   /* what the platform calls it, for pacing; static; may be NULL */
	bool form;	    /* the body is a form, not JSON */
	struct buf path, body;
	int64_t offset; /* of a piece of an attachment */
};
void request_init(struct request *q);
void request_release(struct request *q); /* wipes: bodies name people */

/* Answers in the order asked; strings live in doc. */
struct answers {
	struct answer *item; /* op points at the caller's ops */
	bool *absent;	     /* look-up only: the platform never had it */
	size_t n;
	size_t foreign; /* results for operations nobody asked about */
	cJSON *doc;
};
void answers_init(struct answers *a);
void answers_release(struct answers *a);
/* Room for n answers, all ANSWER_UNKNOWN; ops must outlive them. -1: ERR_MEMORY. */
int answers_for(struct answers *a, const char *const *ops, size_t n, struct err *e);

struct changes {
	struct change *item;
	size_t n;
	const char *cursor;
	bool more;
	cJSON *doc;
};
void changes_init(struct changes *c);
void changes_release(struct changes *c);

/* What the platform has seen of this box. known: it has heard of it before. */
struct far_box {
	bool known;
	char uid[UID_TEXT];
	int64_t epoch, sequence;
};

/* What the platform has of an attachment. */
struct far_attachment {
	int64_t offset;	 /* so many bytes from the front */
	bool known;	 /* it has been told what this is */
	bool done;	 /* it named the hash over the whole content */
	bool mismatched; /* what it had was not this content and was thrown away */
};

/* Where a dialect is opened: settings and profile come from the desk, relative file names lie in dir. */
struct dialect_at {
	struct desk *desk;
	const char *dir;
	bool (*go_on)(void *arg); /* false: give up what is under way */
	void *go_on_arg;
};
struct dialect;
struct dialect_link {
	const struct dialect *dialect;
	void *self;
	struct transport line; /* valid until dialect->close() */
};

enum look {
	LOOK_FAILED = -1,
	LOOK_READ = 0,
	LOOK_OTHERWISE = 1 /* not in this form: ask for the portion again */
};

/* Functions marked * may be NULL: the platform has nothing of the kind. */
struct dialect {
	const char *name;	     /* "native" */
	size_t max_items, max_bytes; /* of one batch taken from the desk, at most */
	bool bodies;		     /* looking up needs the operations' bodies */

	/* Opens the line as the settings say: ERR_NET_NOT_CONFIGURED. close() takes a half-open link too. */
	int (*open)(const struct dialect_at *at, struct dialect_link *out, struct err *e);
	void (*close)(struct dialect_link *link);

	/* * How this one reaches the platform, and by hand: why (a sentence in Chinese, static; NULL: the dialect has no place for its kind). NULL: all are
	 * sent. What kinds are sent at all stands in domain/upload_way.h. */
	enum upload_way (*carries)(void *self, const struct outgoing *item, const char **why);
	/* * How many of these, from the first, go into one request: 1 … n. NULL: all. */
	size_t (*portion)(void *self, const struct outgoing *items, size_t n);
	int (*request)(void *self, const struct box *box, const struct outgoing *items, size_t n,
		       struct request *out, struct err *e);
	/* What the head of an answer means (http_fate() or the family's own). */
	enum fate (*fate)(void *self, const struct http_answer *a, enum err_code *trouble);
	/* An answer of FATE_READ: one answer an item. -1: not readable; the outcome is unknown. */
	int (*results)(void *self, const struct outgoing *items, size_t n, const struct http_answer *a,
		       struct answers *out, struct err *e);
	/* * A single operation refused as a whole (FATE_SPLIT): the platform's code and words. */
	bool (*refusal)(void *self, const struct http_answer *a, char *code, size_t code_size, char *reason,
			size_t reason_size);

	/* * Unknown outcomes, and those that wait for a result. NULL: they go back to ready, which is right
	 * only where sending again is recognised. */
	size_t (*look_portion)(void *self, const struct outgoing *items, size_t n);
	int (*look_request)(void *self, const struct outgoing *items, size_t n, struct request *out,
			    struct err *e);
	/* Judges the head too (404: never had it). */
	enum look (*look_results)(void *self, const struct outgoing *items, size_t n,
				  const struct http_answer *a, struct answers *out, struct err *e);

	/* * What the platform has seen of this box (R11). */
	int (*box_request)(void *self, struct request *out, struct err *e);
	int (*box_results)(void *self, const struct http_answer *a, struct far_box *out, struct err *e);

	/* * Decisions made elsewhere, since the cursor. */
	int (*changes_request)(void *self, const char *cursor, struct request *out, struct err *e);
	int (*changes_results)(void *self, const struct http_answer *a, struct changes *out, struct err *e);

	/* * The same on the back of a batch, to save a round trip: adds the question to a request made by request(); what the answer to it
	 * carries, *there false: nothing. */
	int (*ask_changes)(void *self, const char *cursor, struct request *q, struct err *e);
	int (*changes_inside)(void *self, const struct http_answer *a, struct changes *out, bool *there, struct err *e);

	/* * Contents of attachments by hash, after the texts (R12): told what they are, many at once; how much is there;
	 * a piece at an offset. NULL: the dialect has them in its bodies, or nowhere. */
	int (*announce_request)(void *self, const struct outgoing_attachment *items, size_t n,
				struct request *out, struct err *e);
	int (*announce_results)(void *self, const struct outgoing_attachment *items, size_t n,
				const struct http_answer *a, struct far_attachment *out, struct err *e);
	int (*offset_request)(void *self, const struct outgoing_attachment *item, struct request *out,
			      struct err *e);
	int (*piece_request)(void *self, const struct outgoing_attachment *item, const char *data, size_t n,
			     int64_t offset, struct request *out, struct err *e);
	/* Judges the head of both too: nothing known, a piece at the wrong place. */
	int (*piece_results)(void *self, const struct outgoing_attachment *item, const struct http_answer *a,
			     struct far_attachment *out, struct err *e);

	/* * Whom the platform has on its own list, by document and number there, and what it says of one of them (desk_take_list()). rows: the caller's. */
	int (*list_request)(void *self, struct request *out, struct err *e);
	int (*list_results)(void *self, const struct http_answer *a, struct listed **rows, size_t *n, struct err *e);
	int (*features_request)(void *self, const char *number, struct request *out, struct err *e);
	int (*features_results)(void *self, const struct http_answer *a, struct listed_features *out, struct err *e);

	/* * Milliseconds to wait before this request may be sent (steady clock); counts it as sent when 0. */
	int64_t (*pause_ms)(void *self, const struct request *q, int64_t now_ms);
};

/* By the profile's name; NULL: none of ours. */
const struct dialect *dialect_find(const char *name);

extern const struct dialect dialect_native;   /* sync/openapi.yaml */
extern const struct dialect dialect_device;   /* the device protocol of JM-3 (device/) */
extern const struct dialect dialect_open_api; /* the national standard's interface (open_api/) */

/* For open(): a relative name in a setting lies in the data directory. "" stays "". */
int dialect_path(const struct dialect_at *at, const char *setting, char *out, size_t size, struct err *e);

#endif
