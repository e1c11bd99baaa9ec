/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Accounts, passwords, and the wraps of the data key (QUALITY S2, S3; DESIGN 5).
 *
 * A password is never stored, nor a hash of it as such: Argon2id (RFC 9106; libsodium crypto_pwhash 1.3) makes a key of it that opens the account's
 * wrap, and the wrap opens or does not. Accounts with a role of ROLES_WITH_KEY wrap the data key, others the audit subkey. 64 MiB and 3
 * passes, less on machines with less than 1 GiB (db_kdf_mib() says what); parameters are stored with each wrap.
 * Deriving takes 0.1 to 0.5 s and must not hold the write lock: what derives is marked SLOW and must be called outside transactions.
 */
#ifndef STORE_ACCOUNT_H
#define STORE_ACCOUNT_H

#include "base/uid.h"
#include "domain/role.h"
#include "store/vault.h"

#define RECOVERY_TEXT 48          /* eight groups of five letters and digits (200 bits, no I L O U), dashes between, NUL */
#define ACCOUNT_FAILURES 5        /* S2: that many wrong passwords lock … */
#define ACCOUNT_LOCK_MS (10 * 60 * 1000) /* … for ten minutes */
#define ACCOUNT_HISTORY 3         /* S2: the last three passwords, the present one among them, are not taken again */

struct db_account {
	int64_t id;
	char uid[UID_TEXT];
	char name[64];
	char display[256];
	unsigned roles;
	int64_t participant;      /* scope; 0: the whole site */
	bool disabled;
	bool has_key;             /* its wrap holds the data key */
	int failures;             /* wrong passwords since the last right one */
	int64_t locked_until_ms;  /* 0: not locked */
};

/* Argon2id memory for this machine: 64, 32 below 1 GiB of RAM, 16 below 512 MiB. */
unsigned db_kdf_mib(void);
int db_password_strong(const char *password, struct err *e); /* S2: eight characters, three kinds; ERR_PASSWORD_WEAK */

/* A key made of a new password. Wiped by db_secret_wipe(). */
struct db_secret { unsigned char salt[16]; unsigned passes, kib; unsigned char key[32]; };
int db_secret_new(struct db_secret *out, const char *password, unsigned kdf_mib, struct err *e); /* SLOW; kdf_mib 0: db_kdf_mib(); checks strength */
void db_secret_wipe(struct db_secret *secret);

/* The beginning of a file: makes the data key, leaves the vault open at VAULT_DATA. code: shown once, never stored. In a transaction. */
int db_vault_create(struct store *s, char code[RECOVERY_TEXT], struct err *e);

/* In a transaction. Needs VAULT_DATA when the roles hold the key, VAULT_AUDIT at least. ERR_ACCOUNT_EXISTS. a->id, uid, disabled … are not read. */
int db_account_insert(struct store *s, const struct db_account *a, const struct db_secret *secret, int64_t *id, struct err *e);
int db_account_find(struct store *s, const char *name, struct db_account *out, struct err *e);
int db_account_get(struct store *s, int64_t id, struct db_account *out, struct err *e);
int db_account_list(struct store *s, const char *after_name, struct db_account *rows, size_t cap, size_t *n, struct err *e); /* by name; after "": from the start */
/* Disabling deletes the wrap (DESIGN 5); an account enabled again has no way in until db_account_put_secret(). In a transaction. */
int db_account_disable(struct store *s, int64_t id, bool disabled, struct err *e);
/* New password: new wrap at the level of the account's roles, old one into the history, failures forgotten. In a transaction; same needs as insert. */
int db_account_put_secret(struct store *s, int64_t id, const struct db_secret *secret, struct err *e);
int db_account_reused(struct store *s, int64_t id, const char *password, struct err *e); /* SLOW; ERR_PASSWORD_REUSED */

/*
 * SLOW. Counts the attempt durably before it derives (its own transaction), so that neither parallel guessing nor a kill gives free tries;
 * the fifth in a row locks. ERR_LOGIN (unknown name too, after the same time), ERR_ACCOUNT_LOCKED, ERR_ACCOUNT_DISABLED (right password or not: it
 * has no wrap). On success the vault is open at the account's level; the caller then clears the count with db_login_done() in the transaction
 * of its audit row.
 */
int db_login(struct store *s, const char *name, const char *password, struct db_account *out, struct err *e);
int db_login_done(struct store *s, int64_t id, struct err *e);
/* SLOW. The same for the idle lock: the vault is left as it is. */
int db_password_check(struct store *s, int64_t id, const char *password, struct err *e);
/* The recovery code opens the vault at VAULT_DATA: case, blanks and dashes do not matter; O reads as 0, I and L as 1. ERR_RECOVERY. */
int db_recover(struct store *s, const char *code, struct err *e);

/*
 * The unattended runner's way in (DESIGN 5): a random secret of its own, under which the file keeps a wrap of the data key; there is one at
 * most. The secret is a systemd credential and never in the file; without the wrap it opens nothing, so that ending it needs no hunt for copies.
 */
int db_unattended_make(struct store *s, unsigned char secret[VAULT_KEY_BYTES], struct err *e); /* needs VAULT_DATA; in a transaction; an older secret opens nothing from now on */
int db_unattended_end(struct store *s, struct err *e);                                         /* in a transaction */
int db_unattended_is(struct store *s, bool *on, struct err *e);
int db_unattended_open(struct store *s, const unsigned char secret[VAULT_KEY_BYTES], struct err *e); /* the vault at VAULT_DATA; ERR_UNATTENDED */

#endif
