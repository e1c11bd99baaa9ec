/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The unattended runner's way into the vault: a wrap of the data key among the settings of the installation. */
#include <sodium.h>
#include <string.h>

#include "account_private.h"
#include "base/dates.h"
#include "base/text.h"
#include "store/site.h"
#include "store_private.h"

#define BOX_SETTING "unattended.box"
#define BOX_COLUMN "setting.unattended"
#define BOX_UID "unattended"
#define BOX_BYTES (VAULT_KEY_BYTES + VAULT_OVERHEAD)
#define BOX_TEXT (2 * BOX_BYTES + 1)

static int put_box(struct store *s, const unsigned char secret[VAULT_KEY_BYTES], const unsigned char key[VAULT_KEY_BYTES], struct err *e)
{
	char text[BOX_TEXT];
	struct buf box;
	int last;

	buf_init(&box, BOX_BYTES);
	last = vault_wrap(secret, s->vault.key_id, BOX_UID, BOX_COLUMN, key, VAULT_KEY_BYTES, &box, e);
	if (!last) {
		sodium_bin2hex(text, sizeof(text), (const unsigned char *)box.data, box.len);
		last = db_setting_set(s, 0, BOX_SETTING, text, false, e);
	}
	buf_release(&box);
	return last;
}

#define PUBLIC_SETTING "unattended.public"
#define PUBLIC_TEXT (2 * VAULT_KEY_BYTES + 1)
#define SEALED_TEXT (2 * PAIR_SEALED + 1)

/* What a new data key is sealed to; its secret half is made of the secret. */
static int put_public(struct store *s, const unsigned char secret[VAULT_KEY_BYTES], struct err *e)
{
	unsigned char pair[VAULT_KEY_BYTES], public[VAULT_KEY_BYTES];
	char text[PUBLIC_TEXT];

	pair_of(secret, pair, public);
	wipe(pair, sizeof(pair));
	sodium_bin2hex(text, sizeof(text), public, sizeof(public));
	return db_setting_set(s, 0, PUBLIC_SETTING, text, false, e);
}

int db_unattended_make(struct store *s, unsigned char secret[VAULT_KEY_BYTES], struct err *e)
{
	unsigned char key[VAULT_KEY_BYTES];
	int last;

	if (vault_export_key(store_vault(s), key, e))
		return -1;
	random_bytes(secret, VAULT_KEY_BYTES);
	last = put_box(s, secret, key, e) || put_public(s, secret, e) ? -1 : 0;
	wipe(key, sizeof(key));
	return last;
}

int db_unattended_end(struct store *s, struct err *e)
{
	return db_setting_set(s, 0, BOX_SETTING, NULL, false, e) || db_setting_set(s, 0, PUBLIC_SETTING, NULL, false, e) ? -1 : 0;
}

int db_unattended_is(struct store *s, bool *on, struct err *e)
{
	char text[SEALED_TEXT];

	if (db_setting_get(s, 0, BOX_SETTING, text, sizeof(text), e))
		return -1;
	*on = text[0] != '\0';
	return 0;
}

/* The box as made, or, since the data key was replaced, the key sealed to the pair: they differ in length. */
static int get_box(struct store *s, unsigned char box[PAIR_SEALED], size_t *n, struct err *e)
{
	char text[SEALED_TEXT];

	*n = 0;
	if (db_setting_get(s, 0, BOX_SETTING, text, sizeof(text), e))
		return -1;
	return sodium_hex2bin(box, PAIR_SEALED, text, strlen(text), NULL, n, NULL) ? err_set(e, ERR_UNATTENDED, "no box") : 0;
}

int unattended_sealed(struct store *s, unsigned char sealed[PAIR_SEALED], size_t *n, struct err *e)
{
	return get_box(s, sealed, n, e);
}

int unattended_reseal(struct store *s, bool *ended, struct err *e)
{
	unsigned char public[VAULT_KEY_BYTES], sealed[PAIR_SEALED];
	char text[SEALED_TEXT];
	size_t n = 0;
	bool on;

	*ended = false;
	if (db_unattended_is(s, &on, e) || db_setting_get(s, 0, PUBLIC_SETTING, text, sizeof(text), e))
		return -1;
	if (!on)
		return 0;
	if (sodium_hex2bin(public, sizeof(public), text, strlen(text), NULL, &n, NULL) || n != sizeof(public)) {
		*ended = true;
		return db_unattended_end(s, e);
	}
	crypto_box_seal(sealed, s->vault.keys->data, VAULT_KEY_BYTES, public);
	sodium_bin2hex(text, sizeof(text), sealed, sizeof(sealed));
	return db_setting_set(s, 0, BOX_SETTING, text, false, e);
}

static int box_key(const unsigned char *box, size_t n, const unsigned char secret[VAULT_KEY_BYTES], unsigned char key[VAULT_KEY_BYTES])
{
	unsigned char pair[VAULT_KEY_BYTES], public[VAULT_KEY_BYTES];
	struct buf clear;
	int last;

	if (n == PAIR_SEALED) {
		pair_of(secret, pair, public);
		last = pair_open(pair, box, n, key, NULL);
		wipe(pair, sizeof(pair));
		return last;
	}
	buf_init(&clear, VAULT_KEY_BYTES);
	last = vault_unwrap(secret, BOX_UID, BOX_COLUMN, box, n, &clear, NULL) || clear.len != VAULT_KEY_BYTES ? -1 : 0;
	if (!last)
		memcpy(key, clear.data, VAULT_KEY_BYTES);
	buf_wipe_release(&clear);
	return last;
}

int db_unattended_open(struct store *s, const unsigned char secret[VAULT_KEY_BYTES], struct err *e)
{
	unsigned char box[PAIR_SEALED], key[VAULT_KEY_BYTES];
	size_t n;
	int last;

	if (get_box(s, box, &n, e))
		return -1;
	if (!n)
		return err_set(e, ERR_UNATTENDED, "no account with the key has allowed it");
	last = box_key(box, n, secret, key) ? err_set(e, ERR_UNATTENDED, "the credential is of another time or another file")
					    : vault_adopt_key(s, key, e);
	wipe(key, sizeof(key));
	if (!last)
		vault_set_pair(&s->vault, VAULT_UNATTENDED, secret);
	return last;
}
