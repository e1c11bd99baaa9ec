/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The vault: what is personal is sealed, field by field (DESIGN 5).
 *
 * Sealed value = version (1 byte) | key id (1 byte) | nonce (24) | box (n + 16): XChaCha20-Poly1305-IETF (draft-irtf-cfrg-xchacha-03; libsodium),
 * associated data = uid of the row, NUL, "table.column" (for tables of fields "table.field name"): a value moved to another row or column does
 * not open. Subkeys by crypto_kdf (BLAKE2b, libsodium 'Key derivation') with context "shiming1": 1 fields, 2 blind indexes, 3 fingerprints,
 * 4 audit, 5 check value, 6 backups. Indexes and fingerprints are keyed BLAKE2b (RFC 7693).
 *
 * Keys lie in sodium_malloc'ed memory (locked, guarded, wiped when freed). Levels: accounts that work with people hold the data key;
 * administrators and auditors only the audit subkey, so that what they do is chained too and the chain can be verified by them.
 * The table vault_columns of the database lists every sealed column; tests/store proves that the schema knows no other.
 */
#ifndef STORE_VAULT_H
#define STORE_VAULT_H

#include "base/buf.h"
#include "store/store.h"

#define VAULT_KEY_BYTES 32
#define VAULT_BLIND_BYTES 16
#define VAULT_PRINT_BYTES 32
#define VAULT_OVERHEAD (2 + 24 + 16)
#define VAULT_MAX (16 * 1024 * 1024) /* largest clear value */

enum vault_level { VAULT_LOCKED, VAULT_AUDIT, VAULT_DATA };

struct vault;
struct vault *store_vault(struct store *s); /* never NULL; the store's */
enum vault_level vault_level(const struct vault *v);
void vault_lock(struct vault *v);

/* The data key for the runner's pipe; wiped by the caller. ERR_NO_SESSION without the data key. */
int vault_export_key(const struct vault *v, unsigned char key[VAULT_KEY_BYTES], struct err *e);
/* Takes a data key; ERR_SEAL when it is not this file's. */
int vault_adopt_key(struct store *s, const unsigned char key[VAULT_KEY_BYTES], struct err *e);

/* out is added to. */
int vault_seal(const struct vault *v, const char *uid, const char *column, const void *data, size_t n, struct buf *out, struct err *e);
int vault_open(const struct vault *v, const char *uid, const char *column, const void *sealed, size_t n, struct buf *out, struct err *e);

enum vault_index { INDEX_DOCUMENT = 1 /* type, blank, number */, INDEX_NUMBER, INDEX_TAIL /* last four of document or phone */, INDEX_PHONE, INDEX_WORD /* of a register's entry */ };
int vault_blind(const struct vault *v, enum vault_index index, const char *text, unsigned char out[VAULT_BLIND_BYTES], struct err *e);
int vault_fingerprint(const struct vault *v, const void *data, size_t n, unsigned char out[VAULT_PRINT_BYTES], struct err *e);

#endif
