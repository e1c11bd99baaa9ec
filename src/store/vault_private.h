/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Private to the store: the keys. */
#ifndef STORE_VAULT_PRIVATE_H
#define STORE_VAULT_PRIVATE_H

#include "store/vault.h"

struct keys { /* in one sodium_malloc'ed block */
	unsigned char data[VAULT_KEY_BYTES];
	unsigned char fields[VAULT_KEY_BYTES], index[VAULT_KEY_BYTES], print[VAULT_KEY_BYTES],
		audit[VAULT_KEY_BYTES];
};

struct vault {
	struct keys *keys; /* NULL: locked */
	enum vault_level level;
	unsigned char key_id;
};

#define CHECK_BYTES 32

/* Keyed hash that tells whether a key is the right one. */
void vault_check_value(const unsigned char key[VAULT_KEY_BYTES], unsigned char out[CHECK_BYTES]);
/* What whole backups are sealed with (store/backup.h). */
void vault_backup_key(const unsigned char key[VAULT_KEY_BYTES], unsigned char out[VAULT_KEY_BYTES]);
/* Opens the vault with a key of the level, which the caller has verified. */
int vault_load(struct vault *v, enum vault_level level, unsigned char key_id,
	       const unsigned char key[VAULT_KEY_BYTES], struct err *e);
/* Any key over any small value, in the format of sealed values: wraps. */
int vault_wrap(const unsigned char with[VAULT_KEY_BYTES], unsigned char key_id, const char *uid,
	       const char *column, const void *data, size_t n, struct buf *out, struct err *e);
int vault_unwrap(const unsigned char with[VAULT_KEY_BYTES], const char *uid, const char *column,
		 const void *sealed, size_t n, struct buf *out, struct err *e);
int vault_need(const struct vault *v, enum vault_level level, struct err *e); /* ERR_NO_SESSION */

#endif
