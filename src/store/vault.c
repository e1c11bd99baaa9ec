/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/vault.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/uid.h"
#include "store_private.h"

#define VALUE_VERSION 1
#define NONCE crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG crypto_aead_xchacha20poly1305_ietf_ABYTES
#define HEAD (2 + NONCE)
#define AD_MAX 256
#define TEXT_MAX 256 /* longest text that a blind index takes */

_Static_assert(HEAD + TAG == VAULT_OVERHEAD, "the format of sealed values");
_Static_assert(VAULT_KEY_BYTES == crypto_aead_xchacha20poly1305_ietf_KEYBYTES &&
		       VAULT_KEY_BYTES == crypto_kdf_KEYBYTES,
	       "key sizes");

static const char context[crypto_kdf_CONTEXTBYTES + 1] = "shiming1";
enum subkey { SUBKEY_FIELDS = 1, SUBKEY_INDEX, SUBKEY_PRINT, SUBKEY_AUDIT, SUBKEY_CHECK, SUBKEY_BACKUP };

struct vault *store_vault(struct store *s)
{
	return &s->vault;
}

enum vault_level vault_level(const struct vault *v)
{
	return v->level;
}

void vault_lock(struct vault *v)
{
	sodium_free(v->keys); /* wipes */
	*v = (struct vault){.level = VAULT_LOCKED};
}

int vault_need(const struct vault *v, enum vault_level level, struct err *e)
{
	return v->level >= level ? 0 : err_set(e, ERR_NO_SESSION, "the vault is locked");
}

static void derive(unsigned char *out, enum subkey which, const unsigned char *key)
{
	crypto_kdf_derive_from_key(out, VAULT_KEY_BYTES, which, context, key);
}

void vault_check_value(const unsigned char key[VAULT_KEY_BYTES], unsigned char out[CHECK_BYTES])
{
	derive(out, SUBKEY_CHECK, key);
}

void vault_backup_key(const unsigned char key[VAULT_KEY_BYTES], unsigned char out[VAULT_KEY_BYTES])
{
	derive(out, SUBKEY_BACKUP, key);
}

int vault_load(struct vault *v, enum vault_level level, unsigned char key_id,
	       const unsigned char key[VAULT_KEY_BYTES], struct err *e)
{
	struct keys *keys = sodium_init() < 0 ? NULL : sodium_malloc(sizeof(*keys));

	if (!keys)
		return err_set(e, ERR_MEMORY, "locked memory");
	sodium_memzero(keys, sizeof(*keys));
	if (level == VAULT_DATA) {
		memcpy(keys->data, key, VAULT_KEY_BYTES);
		derive(keys->fields, SUBKEY_FIELDS, key);
		derive(keys->index, SUBKEY_INDEX, key);
		derive(keys->print, SUBKEY_PRINT, key);
		derive(keys->audit, SUBKEY_AUDIT, key);
	} else {
		memcpy(keys->audit, key, VAULT_KEY_BYTES);
	}
	vault_lock(v);
	sodium_mprotect_readonly(keys);
	*v = (struct vault){.keys = keys, .level = level, .key_id = key_id};
	return 0;
}

int vault_export_key(const struct vault *v, unsigned char key[VAULT_KEY_BYTES], struct err *e)
{
	if (vault_need(v, VAULT_DATA, e))
		return -1;
	memcpy(key, v->keys->data, VAULT_KEY_BYTES);
	return 0;
}

static int find_key(struct store *s, const unsigned char check[CHECK_BYTES], int64_t *id, struct err *e)
{
	struct query q;
	const void *known;
	size_t n;
	int got;

	*id = 0;
	query_open(&q, s, "SELECT id, data_check FROM vault_key ORDER BY id DESC LIMIT 1");
	got = query_step(&q, e);
	if (got > 0) {
		known = col_blob(&q, 1, &n);
		if (n == CHECK_BYTES && !sodium_memcmp(known, check, CHECK_BYTES))
			*id = col_int(&q, 0);
	}
	query_close(&q);
	return got < 0 ? -1 : 0;
}

int vault_adopt_key(struct store *s, const unsigned char key[VAULT_KEY_BYTES], struct err *e)
{
	unsigned char check[CHECK_BYTES];
	int64_t id;

	vault_check_value(key, check);
	if (find_key(s, check, &id, e))
		return -1;
	if (!id)
		return err_set(e, ERR_SEAL, "not the key of this file");
	return vault_load(&s->vault, VAULT_DATA, (unsigned char)id, key, e);
}

/* --- sealed values
 * ----------------------------------------------------------------------------------------------------------
 */

static int associate(unsigned char ad[AD_MAX], size_t *n, const char *uid, const char *column, struct err *e)
{
	size_t u = strlen(uid), c = strlen(column);

	if (!u || !c || u + c + 1 > AD_MAX)
		return err_set(e, ERR_INTERNAL, "seal without a place: %.40s", column);
	memcpy(ad, uid, u + 1);
	memcpy(ad + u + 1, column, c);
	*n = u + 1 + c;
	return 0;
}

int vault_wrap(const unsigned char with[VAULT_KEY_BYTES], unsigned char key_id, const char *uid,
	       const char *column, const void *data, size_t n, struct buf *out, struct err *e)
{
	unsigned char ad[AD_MAX], head[HEAD] = {VALUE_VERSION, key_id};
	unsigned char *box;
	size_t ad_bytes = 0;
	int last;

	if (n > VAULT_MAX)
		return err_set(e, ERR_TOO_LARGE, "%zu bytes to seal", n);
	if (associate(ad, &ad_bytes, uid, column, e))
		return -1;
	box = malloc(n + TAG);
	if (!box)
		return err_set(e, ERR_MEMORY, "seal");
	random_bytes(head + 2, NONCE);
	crypto_aead_xchacha20poly1305_ietf_encrypt(box, NULL, data, n, ad, ad_bytes, NULL, head + 2, with);
	last = buf_add(out, head, HEAD) || buf_add(out, box, n + TAG) ? err_set(e, ERR_MEMORY, "seal") : 0;
	free(box);
	return last;
}

int vault_unwrap(const unsigned char with[VAULT_KEY_BYTES], const char *uid, const char *column,
		 const void *sealed, size_t n, struct buf *out, struct err *e)
{
	const unsigned char *from = sealed;
	unsigned char ad[AD_MAX], *clear;
	size_t ad_bytes = 0;
	int last = -1;

	if (n < VAULT_OVERHEAD || n > VAULT_MAX + VAULT_OVERHEAD || from[0] != VALUE_VERSION)
		return err_set(e, ERR_SEAL, "%s: no sealed value", column);
	if (associate(ad, &ad_bytes, uid, column, e))
		return -1;
	clear = malloc(n - VAULT_OVERHEAD + 1);
	if (!clear)
		return err_set(e, ERR_MEMORY, "open");
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(clear, NULL, NULL, from + HEAD, n - HEAD, ad, ad_bytes,
						       from + 2, with))
		err_set(e, ERR_SEAL, "%s of %s does not open", column, uid);
	else
		last = buf_add(out, clear, n - VAULT_OVERHEAD) ? err_set(e, ERR_MEMORY, "open") : 0;
	wipe(clear, n - VAULT_OVERHEAD);
	free(clear);
	return last;
}

int vault_seal(const struct vault *v, const char *uid, const char *column, const void *data, size_t n,
	       struct buf *out, struct err *e)
{
	if (vault_need(v, VAULT_DATA, e))
		return -1;
	return vault_wrap(v->keys->fields, v->key_id, uid, column, data, n, out, e);
}

int vault_open(const struct vault *v, const char *uid, const char *column, const void *sealed, size_t n,
	       struct buf *out, struct err *e)
{
	if (vault_need(v, VAULT_DATA, e))
		return -1;
	return vault_unwrap(v->keys->fields, uid, column, sealed, n, out, e);
}

/* --- keyed hashes
 * -------------------------------------------------------------------------------------------------------------
 */

int vault_blind(const struct vault *v, enum vault_index index, const char *text,
		unsigned char out[VAULT_BLIND_BYTES], struct err *e)
{
	unsigned char message[TEXT_MAX + 1];
	size_t n = strlen(text);

	if (vault_need(v, VAULT_DATA, e))
		return -1;
	if (n > TEXT_MAX)
		return err_set(e, ERR_TOO_LARGE, "%zu bytes to index", n);
	message[0] = (unsigned char)index;
	memcpy(message + 1, text, n);
	crypto_generichash(out, VAULT_BLIND_BYTES, message, n + 1, v->keys->index, VAULT_KEY_BYTES);
	wipe(message, sizeof(message));
	return 0;
}

int vault_fingerprint(const struct vault *v, const void *data, size_t n, unsigned char out[VAULT_PRINT_BYTES],
		      struct err *e)
{
	if (vault_need(v, VAULT_DATA, e))
		return -1;
	crypto_generichash(out, VAULT_PRINT_BYTES, data, n, v->keys->print, VAULT_KEY_BYTES);
	return 0;
}
