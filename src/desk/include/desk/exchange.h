/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The runner's side of the desk: what goes out and what comes in (DESIGN 9). The dialects turn struct outgoing into bytes and bytes
 * into struct answer and struct change; what these mean for the facts is decided here.
 *
 * Order is the outbox's integer, causal by dependencies on facts. A row becomes `sending`, durably, before desk_take_batch() returns;
 * its body is frozen then, with its keyed fingerprint. An answer is taken once; repeated ones change nothing.
 */
#ifndef DESK_EXCHANGE_H
#define DESK_EXCHANGE_H

#include "base/buf.h"
#include "desk/upload.h"

struct outgoing {
	int64_t id; char op[UID_TEXT]; char kind[32]; int64_t epoch, sequence;
	char *body;        /* JSON object in the words of the national data standard; whole personal data; wiped and freed by desk_release_batch() */
	size_t body_bytes;
	char number[64];   /* what the platform called it when it was last heard of ("" never): a dialect's own memory of an asynchronous result */
};
struct batch { struct outgoing *item; size_t n; };
/* At most max_items and max_bytes of bodies (at least one item, however large): ready rows all of whose dependencies are accepted or stand
 * earlier in this very batch. n 0: nothing to send now. *next_ms: when a held row falls due (0: none). */
int desk_take_batch(struct desk *d, size_t max_items, size_t max_bytes, struct batch *out, int64_t *next_ms, struct err *e);
void desk_release_batch(struct batch *b);

enum answer_kind { ANSWER_ACCEPTED, ANSWER_WAITING /* taken, decision later */, ANSWER_REJECTED, ANSWER_UNKNOWN /* no word: look it up */,
	ANSWER_NOT_SENT /* it never left, or the platform surely does not have it: back to ready */ };
/* Batches and answers of thousands are taken in groups, each in a transaction of some 25 ms, so that a clerk who saves meanwhile does not wait (P7).
 * -1: the groups before are written; an answer that was not taken leaves its row `sending`, to be looked up.
 * reason_code may be one of ours (domain/outbox_state.h): OUTBOX_TOLD_WITH with ANSWER_ACCEPTED, OUTBOX_BY_HAND with ANSWER_WAITING. */
struct answer { const char *op; enum answer_kind kind; const char *number, *reason_code, *reason, *field;
	/* With ANSWER_ACCEPTED to a look-up: SHA-256, in hexadecimal, over the kind, a zero byte and the body the platform took; NULL: it does not say. */
	const char *content;
	int64_t sequence; /* to a look-up: the number it came to the platform with; 0: it does not say */
};
int desk_take_answers(struct desk *d, const struct answer *answers, size_t n, struct err *e);
/* Operations whose outcome must be looked up: unknown ones, and those found `sending` when the runner starts. */
int desk_to_look_up(struct desk *d, size_t max_items, bool bodies, struct batch *out, struct err *e); /* without bodies, body is NULL */
int desk_recover_sending(struct desk *d, struct err *e); /* at the runner's start: sending → unknown */

/* A field by its wire name: what it was and what it is there, as the wire says it (numbers as decimal text); "" empty. */
struct changed_field { const char *wire, *from, *to; };
#define CHANGED_FIELDS_MAX 40
/* One decision from elsewhere. `uid` names the change (applied once); `subject` the employment's, assignment's, … uid. */
/* A filed project that may be fetched (B2, CD 3.1.3): texts NULL where nothing is said. */
struct change_project { const char *name, *code, *realname_code, *levy_code, *contract_code, *kind, *permit; };
/* A time on a site of another box (A12, L8): texts NULL where nothing is said; days as YYYY-MM-DD. */
struct change_work { const char *uid, *project, *contractor, *team, *trade /* wire code */, *status, *entered, *exited; };
struct change { const char *uid; const char *kind; /* "employment.consent" … */ const char *subject; int64_t at_ms; const char *on; const char *by; const char *note; struct change_project project; /* of "project.offer" */ struct change_work work; /* of "person.history" */
	/* Kind "<person, employment, company, participant, team>.changed": what was changed there, by field. base: the highest sequence of this box that the
	 * platform had when it did; -1: it does not say. */
	const struct changed_field *field; size_t n_fields; int64_t base; };
enum applied { APPLIED, APPLIED_BEFORE, APPLIED_UNKNOWN_SUBJECT, APPLIED_FORBIDDEN /* kept in the inbox, shown, state unchanged */ };
/* Applies changes and moves the cursor, all in one transaction. results: n of them. */
int desk_take_changes(struct desk *d, const struct change *changes, size_t n, const char *cursor, enum applied *results, struct err *e);
int desk_cursor(struct desk *d, char *out, size_t size, struct err *e);

/*
 * Who stands on the platform's own list (JM-3 849), by document number; a list counts as whole: who was on it and is not any more is off it, but an
 * empty one says nothing (nobody is taken off by it). Shown with the person's uploads (struct outbox_row listed). Nothing is written when nothing changed.
 */
struct listed { uint32_t worker; char number[24]; };
int desk_take_list(struct desk *d, const struct listed *rows, size_t n, struct err *e);
/* Those on the list whom the platform has not been asked about (845), and what it says of one: compared with the file, never written over it. */
struct unasked { int64_t person; char number[24]; };
int desk_list_unasked(struct desk *d, struct unasked *rows, size_t cap, size_t *n, struct err *e);
struct listed_features { bool known, male, female; char name[NAME_TEXT]; date_t birth; };
int desk_take_features(struct desk *d, int64_t person, const struct listed_features *f, struct err *e);

int desk_set_line_state(struct desk *d, enum err_code trouble, int64_t next_try_ms, const char *detail, struct err *e);
/*
 * Box identity: uid, epoch, highest sequence made. lost: numbers that a newer copy of the file gave and that this one, which took over, has no
 * operations of, the latest first; what they told the platform is here no more and is done again by the clerk.
 */
#define BOX_LOST_MAX 64
struct lost_numbers { int64_t first, last; };
struct box { char uid[UID_TEXT]; int64_t epoch, sequence; struct lost_numbers lost[BOX_LOST_MAX]; size_t n_lost; };
int desk_box(struct desk *d, struct box *out, struct err *e);

/* The platform's clock minus ours, as an answer told (R10). Written when it has changed by a minute. */
int desk_set_clock(struct desk *d, int64_t off_ms, struct err *e);

/* What stands in the witness outside the data directory (R11). */
struct head { struct box box; int64_t audit_count; char audit_hash[65]; };
int desk_head(struct desk *d, struct head *out, struct err *e);
/* This file is older than platform or witness: far, what they have seen. Sending stops until somebody takes over (desk/results.h). */
int desk_set_behind(struct desk *d, const struct box *far, struct err *e);
/* The platform has seen higher numbers of an earlier epoch (a copy that was moved here knows of no newer one): counts on from there. */
int desk_count_on(struct desk *d, int64_t sequence, struct err *e);

/* Contents that go after the texts (R12): those whose person the platform knows. announced: it has been told what they are. */
struct outgoing_attachment { int64_t id, bytes; char hash[65]; char mime[64]; char role[32]; char person[UID_TEXT]; bool announced; };
int desk_attachments_open(struct desk *d, int64_t after, struct outgoing_attachment *rows, size_t cap, size_t *n, struct err *e);
int desk_attachment_content(struct desk *d, int64_t id, struct buf *out, struct err *e); /* wiped by the caller */
/* done: the platform has named the hash; else it has been told what they are. */
int desk_attachments_mark(struct desk *d, const int64_t *ids, size_t n, bool done, struct err *e);

#endif
