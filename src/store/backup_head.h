/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Private to the store: the clear head of a backup (form: store/backup.h) and the ways in that it holds. */
#ifndef STORE_BACKUP_HEAD_H
#define STORE_BACKUP_HEAD_H

#include "account_private.h"
#include "store/backup.h"

#define BACKUP_MAGIC "SHMGBK01"
#define BACKUP_MAGIC_BYTES 8
#define BACKUP_HEAD_MAX (256 * 1024)
#define WRAP_BOX (VAULT_KEY_BYTES + VAULT_OVERHEAD)

/* Of the open file as it stands; added to out. Needs VAULT_DATA. */
int backup_head_write(struct store *s, const struct backup_info *info, struct buf *out, struct err *e);

struct backup_head {
	struct backup_info info;
	unsigned char key_id;
	const unsigned char *salt, *box; /* of the recovery wrap; they point into the head's bytes */
	const unsigned char *accounts, *end;
	unsigned n_accounts;
};
/* ERR_BACKUP for anything that is not of the form. `bytes` must outlive it. */
int backup_head_read(struct backup_head *out, const void *bytes, size_t n, struct err *e);
/* The data key, by code or password; whether it is the file's shows when the chunks open. SLOW. */
int backup_head_open(const struct backup_head *h, const struct backup_way *way, unsigned char key[VAULT_KEY_BYTES], struct err *e);

#endif
