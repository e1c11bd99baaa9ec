/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The audit log: who, when, what, on whom, result (S4). Append-only by trigger and chained: each row's hash is the keyed BLAKE2b (audit subkey) of
 * the row before's hash and of this row's columns, so that a changed, removed or reordered row is found and named by whoever holds the
 * audit subkey. Rows written while no key is at hand (a failed login) wait unchained and enter the chain with the next row that has one.
 */
#ifndef STORE_AUDIT_H
#define STORE_AUDIT_H

#include "base/uid.h"
#include "store/vault.h"

#define AUDIT_HASH 32

struct db_audit {
	int64_t id, at_ms;
	int64_t account; char who[256];        /* account 0: nobody logged in, or the runner; who: its name then */
	int64_t project; char action[32];      /* "login", "register", "reveal" … */
	char object[16]; char object_uid[64];  /* "person" and its uid, "account" and its name … */
	char result[32];                       /* "done", or err_name() */
	char detail[300];                      /* field names, counts, codes: never personal data */
	char note[300];                        /* free text of a clerk (a reason): sealed; "" when written or read without the data key */
};
int db_audit_append(struct store *s, const struct db_audit *a, struct err *e); /* in a transaction; at_ms 0: now */
/* Newest first; before 0: from the newest. */
int db_audit_page(struct store *s, int64_t before, struct db_audit *rows, size_t cap, size_t *n, struct err *e);

/* The same of one action, else of one object; and of one account, where they are set. */
struct db_audit_filter { int64_t before; int64_t account; const char *action; const char *object_uid; };
int db_audit_find(struct store *s, const struct db_audit_filter *f, struct db_audit *rows, size_t cap, size_t *n, struct err *e);
/* The row to page on from so that the page begins with the last thing recorded before this instant; 1: nothing is older. */
int db_audit_before(struct store *s, int64_t at_ms, int64_t *before, struct err *e);

struct audit_head { int64_t count; unsigned char hash[AUDIT_HASH]; };
int db_audit_head(struct store *s, struct audit_head *out, struct err *e);   /* for platform and syslog */
struct audit_fault { int64_t id; char what[120]; };                          /* the first row that is not as it was written */
/* 0 and *sound; needs VAULT_AUDIT. witness: a head seen earlier, may be NULL: a chain cut short or rewritten since is found by it. */
int db_audit_verify(struct store *s, const struct audit_head *witness, bool *sound, struct audit_fault *fault, struct err *e);

#endif
