/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/vault.h"

#include <sodium.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "account_private.h"
#include "base/uid.h"
#include "blind.h"
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
enum subkey { SUBKEY_FIELDS = 1, SUBKEY_INDEX, SUBKEY_PRINT, SUBKEY_AUDIT, SUBKEY_CHECK, SUBKEY_BACKUP, SUBKEY_KEPT };

_Static_assert(crypto_box_SEALBYTES + VAULT_KEY_BYTES == PAIR_SEALED && crypto_box_SECRETKEYBYTES == VAULT_KEY_BYTES &&
		       crypto_box_PUBLICKEYBYTES == VAULT_KEY_BYTES && crypto_box_SEEDBYTES == VAULT_KEY_BYTES,
	       "pair sizes");

struct vault *store_vault(struct store *s)
{
	return &s->vault;
}

/* A vault is always its store's. */
static struct store *store_of(const struct vault *v)
{
	return (struct store *)((char *)(uintptr_t)v - offsetof(struct store, vault));
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

void vault_kept_key(const unsigned char key[VAULT_KEY_BYTES], unsigned char out[VAULT_KEY_BYTES])
{
	derive(out, SUBKEY_KEPT, key);
}

static int open_kept(const unsigned char with[VAULT_KEY_BYTES], const char *column, struct query *q, int col, unsigned char *out, size_t want,
		     struct err *e)
{
	struct buf clear;
	size_t n;
	const void *box = col_blob(q, col, &n);
	int last;

	buf_init(&clear, want);
	last = vault_unwrap(with, VAULT_UID, column, box, n, &clear, e);
	if (!last && clear.len != want)
		last = err_set(e, ERR_SEAL, "%s of %zu bytes", column, clear.len);
	if (!last)
		memcpy(out, clear.data, want);
	buf_wipe_release(&clear);
	return last;
}

/* The first key's subkeys for fingerprints and audit, where this is not the first key. */
static int take_kept(struct store *s, struct keys *keys, unsigned char key_id, const unsigned char *with, struct err *e)
{
	unsigned char both[2 * VAULT_KEY_BYTES];
	struct query q;
	int got;

	query_open(&q, s, "SELECT kept FROM vault_key WHERE id = ? AND kept IS NOT NULL");
	bind_int(&q, key_id);
	got = query_step(&q, e);
	if (got > 0 && (got = open_kept(with, KEPT_COLUMN, &q, 0, both, sizeof(both), e)) == 0) {
		memcpy(keys->print, both, VAULT_KEY_BYTES);
		memcpy(keys->audit, both + VAULT_KEY_BYTES, VAULT_KEY_BYTES);
	}
	query_close(&q);
	wipe(both, sizeof(both));
	return got < 0 ? -1 : 0;
}

static int take_formers(struct store *s, struct keys *keys, const unsigned char *with, struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, "SELECT key_id, box FROM vault_former");
	while ((got = query_step(&q, e)) > 0) {
		int64_t id = col_int(&q, 0);

		if (id < 0 || id >= VAULT_GENERATIONS)
			got = err_set(e, ERR_SEAL, "former key %lld", (long long)id);
		else if (open_kept(with, FORMER_COLUMN, &q, 1, keys->former[id], VAULT_KEY_BYTES, e))
			got = -1;
		if (got < 0)
			break;
		keys->has_former[id] = true;
	}
	query_close(&q);
	return got;
}

static int fill(struct store *s, struct keys *keys, unsigned char key_id, const unsigned char key[VAULT_KEY_BYTES], struct err *e)
{
	unsigned char with[VAULT_KEY_BYTES];
	int last;

	memcpy(keys->data, key, VAULT_KEY_BYTES);
	derive(keys->fields, SUBKEY_FIELDS, key);
	derive(keys->index, SUBKEY_INDEX, key);
	derive(keys->print, SUBKEY_PRINT, key);
	derive(keys->audit, SUBKEY_AUDIT, key);
	derive(with, SUBKEY_KEPT, key);
	last = take_kept(s, keys, key_id, with, e) || take_formers(s, keys, with, e) ||
			       blind_former(s, key_id, with, keys->former_index, &keys->has_former_index, e)
		       ? -1
		       : 0;
	wipe(with, sizeof(with));
	return last;
}

int vault_load(struct store *s, enum vault_level level, unsigned char key_id,
	       const unsigned char key[VAULT_KEY_BYTES], struct err *e)
{
	struct keys *keys = sodium_init() < 0 ? NULL : sodium_malloc(sizeof(*keys));
	struct vault *v = &s->vault;
	int64_t account = v->account;

	if (!keys)
		return err_set(e, ERR_MEMORY, "locked memory");
	sodium_memzero(keys, sizeof(*keys));
	if (level != VAULT_DATA)
		memcpy(keys->audit, key, VAULT_KEY_BYTES);
	else if (fill(s, keys, key_id, key, e)) {
		sodium_free(keys);
		return -1;
	}
	if (v->keys && v->keys->has_pair) {
		memcpy(keys->pair, v->keys->pair, VAULT_KEY_BYTES);
		keys->has_pair = true;
	}
	vault_lock(v);
	sodium_mprotect_readonly(keys);
	*v = (struct vault){.keys = keys, .level = level, .key_id = key_id, .account = account};
	return 0;
}

/* --- pairs, and a key that was replaced ------------------------------------------------------------------------------------- */

void pair_of(const unsigned char secret[VAULT_KEY_BYTES], unsigned char pair[VAULT_KEY_BYTES], unsigned char public[VAULT_KEY_BYTES])
{
	static const unsigned char purpose[] = "pair";
	unsigned char seed[VAULT_KEY_BYTES];

	crypto_generichash(seed, sizeof(seed), purpose, sizeof(purpose), secret, VAULT_KEY_BYTES);
	crypto_box_seed_keypair(public, pair, seed);
	wipe(seed, sizeof(seed));
}

void vault_set_pair(struct vault *v, int64_t account, const unsigned char secret[VAULT_KEY_BYTES])
{
	unsigned char public[VAULT_KEY_BYTES];

	if (!v->keys)
		return;
	sodium_mprotect_readwrite(v->keys);
	pair_of(secret, v->keys->pair, public);
	v->keys->has_pair = true;
	sodium_mprotect_readonly(v->keys);
	v->account = account;
}

int pair_open(const unsigned char pair[VAULT_KEY_BYTES], const void *sealed, size_t n, unsigned char key[VAULT_KEY_BYTES], struct err *e)
{
	unsigned char public[VAULT_KEY_BYTES];

	if (n != PAIR_SEALED || crypto_scalarmult_base(public, pair) || crypto_box_seal_open(key, sealed, n, public, pair))
		return err_set(e, ERR_KEY_CHANGED, "the new key is not sealed to whoever came in");
	return 0;
}

/* The newest key as it is sealed to whoever came in here. */
static int follow(struct store *s, int64_t newest, struct err *e)
{
	unsigned char key[VAULT_KEY_BYTES], sealed[PAIR_SEALED];
	struct vault *v = &s->vault;
	size_t n = 0;
	int last;

	if (!v->keys->has_pair)
		return err_set(e, ERR_KEY_CHANGED, "no pair");
	if (v->account == VAULT_UNATTENDED ? unattended_sealed(s, sealed, &n, e) : account_sealed(s, v->account, newest, sealed, &n, e))
		return -1;
	last = pair_open(v->keys->pair, sealed, n, key, e) || vault_adopt_key(s, key, e) ? -1 : 0;
	wipe(key, sizeof(key));
	return last;
}

/* Nobody replaces the key while we hold the lock of writing, which begins with this question. */
int vault_fresh(struct store *s, struct err *e)
{
	struct query q;
	int64_t newest;

	if (s->vault.level != VAULT_DATA || s->in_tx || s->in_group)
		return 0;
	query_open(&q, s, "SELECT max(id) FROM vault_key");
	if (query_int(&q, &newest, 0, e))
		return -1;
	return !newest || newest == s->vault.key_id ? 0 : follow(s, newest, e);
}

int vault_export_key(const struct vault *v, unsigned char key[VAULT_KEY_BYTES], struct err *e)
{
	if (vault_need(v, VAULT_DATA, e) || vault_fresh(store_of(v), e))
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
	return vault_load(s, VAULT_DATA, (unsigned char)id, key, e);
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
	unsigned char id = n > 1 ? ((const unsigned char *)sealed)[1] : 0;

	if (vault_need(v, VAULT_DATA, e))
		return -1;
	if (id != v->key_id && !v->keys->has_former[id] && vault_fresh(store_of(v), e)) /* written since the key was replaced */
		return -1;
	return vault_unwrap(id != v->key_id && v->keys->has_former[id] ? v->keys->former[id] : v->keys->fields, uid, column, sealed, n, out, e);
}

/* --- keyed hashes
 * -------------------------------------------------------------------------------------------------------------
 */

int vault_blind_with(const unsigned char key[VAULT_KEY_BYTES], enum vault_index index, const char *text, unsigned char out[VAULT_BLIND_BYTES], struct err *e)
{
	unsigned char message[TEXT_MAX + 1];
	size_t n = strlen(text);

	if (n > TEXT_MAX)
		return err_set(e, ERR_TOO_LARGE, "%zu bytes to index", n);
	message[0] = (unsigned char)index;
	memcpy(message + 1, text, n);
	crypto_generichash(out, VAULT_BLIND_BYTES, message, n + 1, key, VAULT_KEY_BYTES);
	wipe(message, sizeof(message));
	return 0;
}

/* What is looked for must be found: never under a key that was replaced meanwhile. */
int vault_blind(const struct vault *v, enum vault_index index, const char *text,
		unsigned char out[VAULT_BLIND_BYTES], struct err *e)
{
	if (vault_need(v, VAULT_DATA, e) || vault_fresh(store_of(v), e))
		return -1;
	return vault_blind_with(v->keys->index, index, text, out, e);
}

int vault_fingerprint(const struct vault *v, const void *data, size_t n, unsigned char out[VAULT_PRINT_BYTES],
		      struct err *e)
{
	if (vault_need(v, VAULT_DATA, e))
		return -1;
	crypto_generichash(out, VAULT_PRINT_BYTES, data, n, v->keys->print, VAULT_KEY_BYTES);
	return 0;
}
