/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Private to the store: the keys. */
#ifndef STORE_VAULT_PRIVATE_H
#define STORE_VAULT_PRIVATE_H

#include "store/vault.h"

#define VAULT_GENERATIONS 256

struct keys { /* in one sodium_malloc'ed block */
	unsigned char data[VAULT_KEY_BYTES];
	unsigned char fields[VAULT_KEY_BYTES], index[VAULT_KEY_BYTES], print[VAULT_KEY_BYTES],
		audit[VAULT_KEY_BYTES];
	unsigned char pair[VAULT_KEY_BYTES]; /* the secret half of whoever came in: what a new data key is sealed to */
	bool has_pair;
	bool has_former_index;
	unsigned char former_index[VAULT_KEY_BYTES]; /* while the blind indexes turn (blind.h) */
	bool has_former[VAULT_GENERATIONS];
	unsigned char former[VAULT_GENERATIONS][VAULT_KEY_BYTES]; /* field subkeys of data keys that were replaced */
};

struct vault {
	struct keys *keys; /* NULL: locked */
	enum vault_level level;
	unsigned char key_id;
	int64_t account; /* whose pair it is; VAULT_UNATTENDED, or 0: nobody's */
};
#define VAULT_UNATTENDED (-1)

#define CHECK_BYTES 32
#define PAIR_SEALED (VAULT_KEY_BYTES + 48) /* crypto_box_seal: a new data key on its way to an account */

/* Keyed hash that tells whether a key is the right one. */
void vault_check_value(const unsigned char key[VAULT_KEY_BYTES], unsigned char out[CHECK_BYTES]);
/* What whole backups are sealed with (store/backup.h). */
void vault_backup_key(const unsigned char key[VAULT_KEY_BYTES], unsigned char out[VAULT_KEY_BYTES]);
/* Opens the store's vault with a key of the level, which the caller has verified; with what that key's generation keeps of the former ones. The pair
 * of whoever came in stays. */
int vault_load(struct store *s, enum vault_level level, unsigned char key_id,
	       const unsigned char key[VAULT_KEY_BYTES], struct err *e);

/*
 * Replacing the data key (store/rekey.h). Fingerprints and the audit chain go on under the first key's subkeys, which each new key keeps
 * sealed; so do the field subkeys of former keys, because notes of the audit log are never written anew.
 */
void vault_kept_key(const unsigned char key[VAULT_KEY_BYTES], unsigned char out[VAULT_KEY_BYTES]); /* what those are sealed under */
#define VAULT_UID "vault"
#define KEPT_COLUMN "vault_key.kept"
#define FORMER_COLUMN "vault_former.box"
/* The pair that a password's key, or the unattended runner's secret, makes. */
void pair_of(const unsigned char secret[VAULT_KEY_BYTES], unsigned char pair[VAULT_KEY_BYTES], unsigned char public[VAULT_KEY_BYTES]);
void vault_set_pair(struct vault *v, int64_t account, const unsigned char secret[VAULT_KEY_BYTES]);
int pair_open(const unsigned char pair[VAULT_KEY_BYTES], const void *sealed, size_t n, unsigned char key[VAULT_KEY_BYTES], struct err *e);
/* Takes the newest data key where another session has replaced it. ERR_KEY_CHANGED: it is not sealed to whoever came in here. */
int vault_fresh(struct store *s, struct err *e);
int vault_blind_with(const unsigned char key[VAULT_KEY_BYTES], enum vault_index index, const char *text, unsigned char out[VAULT_BLIND_BYTES], struct err *e);
/* Any key over any small value, in the format of sealed values: wraps. */
int vault_wrap(const unsigned char with[VAULT_KEY_BYTES], unsigned char key_id, const char *uid,
	       const char *column, const void *data, size_t n, struct buf *out, struct err *e);
int vault_unwrap(const unsigned char with[VAULT_KEY_BYTES], const char *uid, const char *column,
		 const void *sealed, size_t n, struct buf *out, struct err *e);
int vault_need(const struct vault *v, enum vault_level level, struct err *e); /* ERR_NO_SESSION */

#endif
