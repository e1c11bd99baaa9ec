/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Private to the store: what accounts and logging in share. */
#ifndef STORE_ACCOUNT_PRIVATE_H
#define STORE_ACCOUNT_PRIVATE_H

#include "store/account.h"

#define WRAP_COLUMN "account_wrap.box"

struct wrap { /* one account's way in, as stored */
	unsigned char key_id;
	enum vault_level level;
	unsigned char salt[16];
	unsigned passes, kib;
	unsigned char box[VAULT_KEY_BYTES + VAULT_OVERHEAD];
};
int wrap_load(struct store *s, int64_t account, struct wrap *out,
	      struct err *e); /* ERR_ACCOUNT_DISABLED when there is none */
/* SLOW: password and stored parameters to a key. */
int derive_key(const char *password, const unsigned char salt[16], unsigned passes, unsigned kib,
	       unsigned char key[32], struct err *e);
/* ERR_LOGIN when the key does not open it; loads the vault when load. */
int wrap_open(struct store *s, const struct wrap *w, const unsigned char key[32], const char *uid, bool load,
	      struct err *e);
void password_mark(const unsigned char key[32], unsigned char out[32]); /* for the history */


/* The recovery wrap: the code opens the box to the data key. ERR_RECOVERY when it does not. */
#define RECOVERY_SALT 16
int recovery_open(const char *code, const unsigned char salt[RECOVERY_SALT], const void *box, size_t n, unsigned char key[VAULT_KEY_BYTES],
		  struct err *e);

#endif
