/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the reference platform keeps, and the only file of it that knows SQLite (pstore.c): another database
 * can stand behind these functions. One struct pstore, one thread at a time (the server holds a lock around
 * it).
 *
 * Every written thing is a record: company, participant, team, person, employment, assignment, each by the
 * uid its box gave it, with its state in the words of the life cycles and its facts as JSON in the words of
 * the wire. `applied` counts what took effect on it, so that a test can tell one effect from two. Views named
 * like the things show them as columns.
 */
#ifndef PLATFORM_PSTORE_H
#define PLATFORM_PSTORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/uid.h"

#define PSTORE_HASH 32
#define PSTORE_STATE 24
#define PSTORE_LABEL 64
#define PSTORE_NAME 256
#define SHARE_HASH 65 /* SHA-256 in hexadecimal, and its end */

struct pstore;
int pstore_open(struct pstore **out, const char *path, struct err *e);
void pstore_close(struct pstore *s);
int pstore_begin(struct pstore *s, struct err *e);
int pstore_end(struct pstore *s, bool keep, struct err *e);
int pstore_mark(struct pstore *s, struct err *e); /* a savepoint: one record's work */
int pstore_unmark(struct pstore *s, bool keep, struct err *e);

/* --- boxes --- */

struct pbox {
	int64_t id;
	char label[PSTORE_LABEL];
	char uid[UID_TEXT]; /* "" until it has spoken */
	int64_t epoch, sequence;
};
int pstore_token_put(struct pstore *s, const char *label, const unsigned char hash[PSTORE_HASH],
		     struct err *e);
int pstore_box_by_token(struct pstore *s, const unsigned char hash[PSTORE_HASH], struct pbox *out,
			bool *found, struct err *e);
int pstore_box_seen(struct pstore *s, const struct pbox *box,
		    struct err *e); /* binds the uid, raises epoch and sequence */

/* --- operations --- */

struct poperation {
	int64_t id, box, sequence, received_ms;
	char op[UID_TEXT], kind[32], subject[UID_TEXT], status[12];
	unsigned char hash[PSTORE_HASH];
	char code[32], reason[200], field[32];
};
int pstore_operation_get(struct pstore *s, int64_t box, const char *op, struct poperation *out, bool *found,
			 struct err *e);
int pstore_operation_put(struct pstore *s, struct poperation *op, struct err *e); /* sets id */

/* --- records --- */

struct precord {
	int64_t box;
	char uid[UID_TEXT], entity[16], state[PSTORE_STATE], relation[PSTORE_STATE];
	char person[UID_TEXT], parent[UID_TEXT]; /* whose it is; what it belongs to (employment of an
						    assignment, participant of a team) */
	char corp[32], entered_on[12], exited_on[12];
	char *body; /* JSON; owned */
	int64_t applied, changed_ms;
};
void precord_release(struct precord *r);
int pstore_record_get(struct pstore *s, const char *uid, struct precord *out, bool *found, struct err *e);
int pstore_record_put(struct pstore *s, const struct precord *r, struct err *e);
/* Another person with this document; "" when there is none. One "replaced" by a later registration counts no more. */
int pstore_document_owner(struct pstore *s, const char *type, const char *number, const char *but,
			  char uid[UID_TEXT], struct err *e);
/* As before, among the records of one box alone. */
int pstore_document_owner_in(struct pstore *s, int64_t box, const char *type, const char *number, const char *but,
			     char uid[UID_TEXT], struct err *e);
/* Records not replaced that this box made by accepted operations of a kind with numbers first to last, but this one; in order, a page at a time: first
 * is moved on behind the page, and *n < cap ends it. */
struct pstore_made { int64_t box, first, last; const char *kind, *but; };
int pstore_made_by(struct pstore *s, struct pstore_made *by, char (*uids)[UID_TEXT], size_t cap, size_t *n, struct err *e);
/* It and whatever belongs to it counts no more. */
int pstore_replace(struct pstore *s, const char *uid, struct err *e);
/* There have been employments of this person, and all are over. */
int pstore_given_up(struct pstore *s, const char *person, bool *yes, struct err *e);
/* A live employment of this person (or of the same document) with another company. */
int pstore_employed_elsewhere(struct pstore *s, const char *person, const char *corp, bool *yes,
			      struct err *e);
/* Records of an entity in a state (or with a relation, when `by_relation`) that have not changed since. */
int pstore_due(struct pstore *s, const char *entity, const char *state, bool by_relation, int64_t before_ms,
	       char (*uids)[UID_TEXT], size_t cap, size_t *n, struct err *e);

/* What belongs to a record: the assignments of an employment. */
int pstore_children(struct pstore *s, const char *parent, const char *entity, char (*uids)[UID_TEXT],
		    size_t cap, size_t *n, struct err *e);

/* People with an assignment on site. */
int pstore_on_site(struct pstore *s, char (*uids)[UID_TEXT], size_t cap, size_t *n, struct err *e);
/* People who have no assignment at all and have not changed since. */
int pstore_unassigned(struct pstore *s, int64_t before_ms, char (*uids)[UID_TEXT], size_t cap, size_t *n, struct err *e);
/* How many records of an entity there are. */
int pstore_count(struct pstore *s, const char *entity, int64_t *n, struct err *e);
/* The record of an entity whose body has this whole number at a JSON path; "" when there is none. */
int pstore_find_number(struct pstore *s, const char *entity, const char *path, int64_t number, char uid[UID_TEXT],
		       struct err *e);

/* --- the same person in several boxes (share.h) --- */

struct pperson {
	int64_t box;
	char uid[UID_TEXT];
};
int pstore_document_put(struct pstore *s, const char *person, const char *hash, struct err *e);
/* Records of persons with this document, the one that was heard of last first. */
int pstore_with_document(struct pstore *s, const char *hash, struct pperson *rows, size_t cap, size_t *n, struct err *e);
int pstore_same_document(struct pstore *s, const char *person, struct pperson *rows, size_t cap, size_t *n, struct err *e);
/* Assignments of a person that have been on a site. */
int pstore_works(struct pstore *s, const char *person, char (*uids)[UID_TEXT], size_t cap, size_t *n, struct err *e);
int pstore_change_work_add(struct pstore *s, const char *change, const char *work, struct err *e);
int pstore_change_work(struct pstore *s, const char *change, char work[UID_TEXT], struct err *e); /* "": it is of another kind */
/* What a box calls itself: its project. Its label where it never said. */
int pstore_box_name_put(struct pstore *s, const char *label, const char *name, struct err *e);
int pstore_box_name(struct pstore *s, int64_t box, char *out, size_t size, struct err *e);

/* --- calls accepted and not judged yet (open.api) --- */

struct pticket {
	int64_t id; /* 0: a new one */
	int64_t box, due_ms;
	char serial[80], method[40];
	int status; /* 0 waiting, 10 refused, 20 done */
	char *data, *result; /* JSON text; words or JSON; owned */
};
void pticket_release(struct pticket *t);
int pstore_ticket_put(struct pstore *s, struct pticket *t, struct err *e); /* sets id */
int pstore_ticket_get(struct pstore *s, int64_t box, const char *serial, struct pticket *out, bool *found, struct err *e);
/* The oldest that waits and is due. */
int pstore_ticket_due(struct pstore *s, int64_t until_ms, struct pticket *out, bool *found, struct err *e);
int pstore_ticket_count(struct pstore *s, int64_t *n, struct err *e);

/* --- changes for boxes --- */

struct pchange {
	int64_t seq, box, at_ms;
	char uid[UID_TEXT], kind[40], subject[UID_TEXT], on[12], by[64], note[200];
};
int pstore_change_add(struct pstore *s, const struct pchange *c, struct err *e);
int pstore_changes(struct pstore *s, int64_t box, int64_t after, struct pchange *rows, size_t cap, size_t *n,
		   struct err *e);

/* What a change says of fields: a JSON array of {name, from, to}; *base: the box's highest sequence when it was made. *fields: freed by the
 * caller; NULL: it is of another kind. */
int pstore_change_fields_add(struct pstore *s, const struct pchange *c, const char *fields, struct err *e);
int pstore_change_fields(struct pstore *s, const char *uid, int64_t *base, char **fields, struct err *e);

/* --- contents of attachments --- */

struct pattachment {
	char sha256[65], mime[64];
	int64_t bytes, offset; /* so much of it is there, from the front */
	bool complete;	       /* it hashes to its name */
};
int pstore_attachment_get(struct pstore *s, const char *sha256, struct pattachment *out, bool *found, struct err *e);
int pstore_attachment_put(struct pstore *s, const struct pattachment *a, struct err *e); /* a new one */
int pstore_attachment_link(struct pstore *s, int64_t box, const char *sha256, const char *person, const char *role,
			   struct err *e); /* once */
int pstore_attachment_part(struct pstore *s, const char *sha256, int64_t at, const void *data, size_t n, struct err *e);
int pstore_attachment_content(struct pstore *s, const char *sha256, struct buf *out, struct err *e);
int pstore_attachment_done(struct pstore *s, const char *sha256, struct err *e);
int pstore_attachment_drop(struct pstore *s, const char *sha256, struct err *e); /* its parts: it begins anew */

/* --- enrolment, accounts --- */

struct penrolment {
	unsigned char hash[PSTORE_HASH]; /* of the code */
	char label[PSTORE_LABEL], box[UID_TEXT]; /* box "": not used yet */
	int64_t expires_ms;
};
int pstore_enrolment_put(struct pstore *s, const struct penrolment *p, struct err *e);
int pstore_enrolment_get(struct pstore *s, const unsigned char hash[PSTORE_HASH], struct penrolment *out, bool *found,
			 struct err *e);
/* The box that is called so from now on; ERR_CONFLICT when another one is. */
int pstore_box_bind(struct pstore *s, const char *label, const char *uid, struct err *e);

struct paccount {
	char name[PSTORE_LABEL], hash[128]; /* Argon2id, as libsodium writes it */
	int64_t failures, locked_until_ms;
};
int pstore_account_put(struct pstore *s, const struct paccount *a, struct err *e);
int pstore_account_get(struct pstore *s, const char *name, struct paccount *out, bool *found, struct err *e);
/* Records that wait for somebody's decision, oldest first, as JSON objects with commas between. */
int pstore_pending(struct pstore *s, int64_t most, struct buf *out, struct err *e);

/* A whole copy into a new file, while boxes are served. */
int pstore_backup(struct pstore *s, const char *path, struct err *e);

/* One line of JSON an entity, state and count; or one an exported record. */
int pstore_status(struct pstore *s, struct buf *out, struct err *e);
int pstore_export(struct pstore *s, const char *entity, struct buf *out, struct err *e);

#endif
