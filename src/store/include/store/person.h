/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * People: the person, documents, phone, the sealed fields of a record, attachments, employments, assignments. A person belongs to no project
 * (A6: the same number is the same person on every site of the box); employments and assignments do.
 */
#ifndef STORE_PERSON_H
#define STORE_PERSON_H

#include "base/buf.h"
#include "base/dates.h"
#include "base/uid.h"
#include "domain/lifecycle.h"
#include "domain/record.h"
#include "domain/worker_code.h"
#include "store/store.h"

struct db_person { int64_t id; char uid[UID_TEXT]; char name[256]; bool manual; /* A4: typed, for ever */ int64_t made_ms; int64_t merged_into; /* 0: it stands for itself */ };
int db_person_insert(struct store *s, const struct db_person *p, int64_t *id, struct err *e); /* uid "": a new one */
int db_person_get(struct store *s, int64_t id, struct db_person *out, struct err *e);
int db_person_by_uid(struct store *s, const char *uid, struct db_person *out, struct err *e); /* old uids of merged persons lead to the person they became */
int db_person_rename(struct store *s, int64_t id, const char *name, struct err *e);
int db_person_list(struct store *s, int64_t after, struct db_person *rows, size_t cap, size_t *n, struct err *e); /* by id, for exports and bench */
int db_alias_add(struct store *s, const char *old_uid, int64_t person, int64_t fact, struct err *e);

/* Numbers come normalised (id_number_normalise() where that applies): the index compares bytes. */
struct db_document {
	int64_t id, person; char uid[UID_TEXT]; char type[8]; char number[64]; date_t valid_from, valid_to; bool from_card; bool current; int64_t read_ms;
};
int db_document_insert(struct store *s, const struct db_document *d, int64_t *id, struct err *e); /* ERR_DUPLICATE: (type, number) is somebody's; a current one makes the person's others former */
int db_document_update(struct store *s, const struct db_document *d, struct err *e); /* by id: validity, from_card, current, read_ms, and number (a typing mistake mended) */
int db_document_current(struct store *s, int64_t person, struct db_document *out, struct err *e);
int db_document_list(struct store *s, int64_t person, struct db_document *rows, size_t cap, size_t *n, struct err *e);
int db_person_by_document(struct store *s, const char *type, const char *number, int64_t *person, struct err *e); /* 0: nobody; merged persons followed */

int db_phone_set(struct store *s, int64_t person, const char *phone, struct err *e); /* the index only; the value is F_PHONE of the fields. "": none */
int db_persons_by_phone(struct store *s, const char *phone, int64_t *persons, size_t cap, size_t *n, struct err *e);

/* The sealed fields: one value a row, so that one is opened without the others. Which field is whose the caller decides. */
enum db_owner { OWNER_PERSON, OWNER_EMPLOYMENT };
/* Writes exactly these fields with their origins; an empty value deletes the row; unchanged ones are left alone. */
int db_fields_save(struct store *s, enum db_owner owner, int64_t id, const struct record *r, const enum field_id *fields, size_t n, struct err *e);
int db_fields_load(struct store *s, enum db_owner owner, int64_t id, struct record *r, struct err *e); /* adds to the record, with the stored origins */
int db_field_load(struct store *s, enum db_owner owner, int64_t id, enum field_id field, char *out, size_t size, struct err *e); /* "" when empty */

/* Attachments: sealed content by the SHA-256 of its clear bytes (the platform names it so, R12); the same content is kept once. */
#define ATTACHMENT_HASH 65 /* 64 hex digits and NUL */
struct db_attachment { int64_t id; char hash[ATTACHMENT_HASH]; char mime[64]; int64_t bytes; char role[32]; int64_t link, made_ms; };
/* role "portrait", "card_front", … of a person; project 0: of the person everywhere. fact may be 0. A new one of the same role stands beside the old. */
int db_attachment_add(struct store *s, int64_t project, int64_t person, int64_t fact, const char *role, const char *mime, const void *data, size_t bytes, int64_t *id, struct err *e);
/* What is on file stands for another fact too: it goes to that project's platform as well. */
int db_attachment_share(struct store *s, int64_t attachment, int64_t person, int64_t fact, const char *role, struct err *e);
int db_attachment_latest(struct store *s, int64_t person, const char *role, struct db_attachment *out, struct err *e);
int db_attachment_get(struct store *s, int64_t id, struct db_attachment *out, struct err *e); /* by its id; role, link: of none */
int db_attachment_by_hash(struct store *s, const char *hash, struct db_attachment *out, struct err *e); /* role, link: of none */
int db_attachment_by_fact(struct store *s, int64_t fact, struct db_attachment *out, struct err *e); /* the newest of what shows it */
int db_attachment_of_fact(struct store *s, int64_t fact, bool *any, struct err *e); /* is something evidence of this fact */
int db_attachment_content(struct store *s, int64_t id, struct buf *out, struct err *e);

/* The worker code (E4): "" when the person has none; person 0: nobody's. Setting another one ends the former. */
int db_worker_code_set(struct store *s, int64_t person, const char *code, int64_t made_ms, struct err *e);
int db_worker_code_of(struct store *s, int64_t person, char out[WORKER_CODE_TEXT], struct err *e);
int db_worker_code_person(struct store *s, const char *code, int64_t *person, struct err *e);

struct db_employment {
	int64_t id, project, person, participant, company; char uid[UID_TEXT];
	enum employment_state state;
	char role[16], trade[16], form[16];       /* codes */
	date_t starts_on, ends_on, leaves_on, trained_on;
	bool contract;                             /* a contract or written agreement is on record (L1) */
	int64_t made_ms, since_ms;                 /* since_ms: when the present state began; inserting 0: made_ms */
};
int db_employment_insert(struct store *s, const struct db_employment *m, int64_t *id, struct err *e);
int db_employment_update(struct store *s, const struct db_employment *m, struct err *e); /* all but uid, person, project, state, made_ms */
int db_employment_state(struct store *s, int64_t id, enum employment_state from, enum employment_state to, struct err *e); /* ERR_CONFLICT; since_ms becomes now */
int db_employment_since(struct store *s, int64_t id, int64_t since_ms, struct err *e); /* when the other side itself did what moved it */
int db_employment_get(struct store *s, int64_t id, struct db_employment *out, struct err *e);
int db_employment_by_uid(struct store *s, const char *uid, struct db_employment *out, struct err *e);
/* D5: does the employment belong to that project, with no open assignment under it in the other one? */
int db_sister_free(struct store *s, int64_t employment, int64_t home, int64_t here, bool *yes, struct err *e);
int db_employment_list(struct store *s, int64_t person, struct db_employment *rows, size_t cap, size_t *n, struct err *e); /* of all projects, newest first (D4) */

struct db_assignment {
	int64_t id, project, person, employment, team, participant; char uid[UID_TEXT];
	enum assignment_state state;
	char trade[16]; bool leader;
	date_t entered_on, exited_on; char exit_cause[32], exit_actor[16];
	int64_t made_ms;
};
int db_assignment_insert(struct store *s, const struct db_assignment *a, int64_t *id, struct err *e);
int db_assignment_update(struct store *s, const struct db_assignment *a, struct err *e); /* all but uid, person, project, employment, state, made_ms */
int db_assignment_state(struct store *s, int64_t id, enum assignment_state from, enum assignment_state to, struct err *e); /* ERR_CONFLICT */
int db_assignment_get(struct store *s, int64_t id, struct db_assignment *out, struct err *e);
int db_assignment_by_uid(struct store *s, const char *uid, struct db_assignment *out, struct err *e);
int db_assignment_list(struct store *s, int64_t person, struct db_assignment *rows, size_t cap, size_t *n, struct err *e); /* newest first */

#endif
