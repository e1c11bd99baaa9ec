/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Private to the store: what accounts and logging in share. */
#ifndef STORE_ACCOUNT_PRIVATE_H
#define STORE_ACCOUNT_PRIVATE_H

#include "store/account.h"
#include "vault_private.h"

#define WRAP_COLUMN "account_wrap.box"

struct wrap { /* one account's way in, as stored */
	unsigned char key_id;
	enum vault_level level;
	unsigned char salt[16];
	unsigned passes, kib;
	unsigned char box[VAULT_KEY_BYTES + VAULT_OVERHEAD];
	bool has_box;                      /* false: the data key was replaced since; it lies in `sealed` */
	unsigned char sealed[PAIR_SEALED]; /* to the account's pair; without has_box only */
	bool has_public;                   /* a new key can be sealed to this account */
};
int wrap_load(struct store *s, int64_t account, struct wrap *out,
	      struct err *e); /* ERR_ACCOUNT_DISABLED when there is none */
/* SLOW: password and stored parameters to a key. */
int derive_key(const char *password, const unsigned char salt[16], unsigned passes, unsigned kib,
	       unsigned char key[32], struct err *e);
/* ERR_LOGIN when the key does not open it; loads the vault when load. */
int wrap_open(struct store *s, const struct wrap *w, const unsigned char key[32], const char *uid, bool load,
	      struct err *e);
/* After it was opened by key: a box by that key again, and the public half of the pair, where they are missing. Makes its own transaction. */
int wrap_renew(struct store *s, const struct wrap *w, int64_t account, const char *uid, const unsigned char key[32], struct err *e);
/* The newest data key as it lies sealed to an account, to the unattended runner. ERR_KEY_CHANGED: it does not. */
int account_sealed(struct store *s, int64_t account, int64_t key_id, unsigned char sealed[PAIR_SEALED], size_t *n, struct err *e);
int unattended_sealed(struct store *s, unsigned char sealed[PAIR_SEALED], size_t *n, struct err *e);
/* Seals the key of the vault to the unattended runner, or ends its way in where it has no public half. */
int unattended_reseal(struct store *s, bool *ended, struct err *e);
int recovery_put(struct store *s, char code[RECOVERY_TEXT], struct err *e); /* a new code to the key of the vault; older ones open nothing here */
void password_mark(const unsigned char key[32], unsigned char out[32]); /* for the history */


/* The recovery wrap: the code opens the box to the data key. ERR_RECOVERY when it does not. */
#define RECOVERY_SALT 16
int recovery_open(const char *code, const unsigned char salt[RECOVERY_SALT], const void *box, size_t n, unsigned char key[VAULT_KEY_BYTES],
		  struct err *e);

#endif
