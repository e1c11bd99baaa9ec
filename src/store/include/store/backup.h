/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Backups: the whole data file as one sealed file (REQUIREMENTS L9, QUALITY R16, S1).
 *
 * A backup is written from one moment of the data while others go on working, is sealed as a whole (names too, which lie clear in the data
 * file), and counts as made only when it was read back and every byte agreed. It is opened by the recovery code, or by the password of any
 * account that held the data key when it was made; no other key exists.
 *
 * Form, integers little-endian: "SHMGBK01" | u32 bytes of head | head | 24 bytes of stream header | chunks. The head is clear: u8 key id, i64 made
 * (ms of UTC), u32 schema, i64 bytes of the data file, salt (16) and box (74) of the recovery wrap, u16 count of accounts, each u8 length of name, name, 36
 * bytes of uid, u32 passes, u32 KiB, salt (16), box (74). Chunks are libsodium's secretstream (XChaCha20-Poly1305) of 64 KiB clear each, associated data of the
 * first: the head; the last is tagged final, so that a backup cut short does not open. Its key is subkey 6 of the data key (store/vault.h).
 * While it is made a copy of the data file, with what that file has sealed, lies in the data directory; a killed backup's copy is
 * removed by the next one.
 */
#ifndef STORE_BACKUP_H
#define STORE_BACKUP_H

#include "store/store.h"

struct backup_info {
	int64_t made_ms;
	int64_t bytes; /* of the data file in it */
	int schema;
};

/*
 * fd: an empty file, open for reading and writing; the caller's, as is what is left in it on failure. Outside transactions; needs the data
 * key (ERR_NO_SESSION). Returns when the file is on the disk and was read back. ERR_DISK_FULL, ERR_DATA_DAMAGED when the data file itself
 * is not sound, ERR_BACKUP when what was read back is not what was written.
 */
int store_backup(struct store *s, int fd, struct backup_info *out, struct err *e);
/* Reads a backup of this very file from end to end; writes nothing. ERR_BACKUP: cut short, changed, no backup; ERR_SEAL: of other data. */
int store_backup_check(struct store *s, int fd, struct backup_info *out, struct err *e);

/*
 * Where backups that the program makes by itself lie beside the data: the directory "backup" in the data directory, made if it is missing, with the data's own
 * modes. tag: what marks this file's backups among others' (keyed, hexadecimal; it says nothing): ERR_NO_SESSION without the data key.
 */
#define BACKUP_DIR "backup"
#define BACKUP_TAG_TEXT 13
int store_backup_place(struct store *s, char *dir, size_t size, char tag[BACKUP_TAG_TEXT], struct err *e);
int store_backup_new(const char *path, struct err *e); /* an empty file of the data's mode, never an existing one; a descriptor or -1 */

/* What opens a backup: the recovery code, or an account and its password. */
struct backup_way { const char *recovery_code; const char *account, *password; };
/*
 * Makes the data directory's file from a backup. Never replaces one: ERR_DATA_EXISTS. SLOW with a password. ERR_RECOVERY, ERR_LOGIN, ERR_BACKUP,
 * ERR_DATA_NEWER (made by a newer program); on failure nothing is left behind. The file is checked whole before it gets its name.
 */
int store_restore(const struct store_options *o, int fd, const struct backup_way *way, struct backup_info *out, struct err *e);

#endif
