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

int db_unattended_make(struct store *s, unsigned char secret[VAULT_KEY_BYTES], struct err *e)
{
	unsigned char key[VAULT_KEY_BYTES];
	int last;

	if (vault_export_key(store_vault(s), key, e))
		return -1;
	random_bytes(secret, VAULT_KEY_BYTES);
	last = put_box(s, secret, key, e);
	wipe(key, sizeof(key));
	return last;
}

int db_unattended_end(struct store *s, struct err *e)
{
	return db_setting_set(s, 0, BOX_SETTING, NULL, false, e);
}

int db_unattended_is(struct store *s, bool *on, struct err *e)
{
	char text[BOX_TEXT];

	if (db_setting_get(s, 0, BOX_SETTING, text, sizeof(text), e))
		return -1;
	*on = text[0] != '\0';
	return 0;
}

static int get_box(struct store *s, unsigned char box[BOX_BYTES], struct err *e)
{
	char text[BOX_TEXT];
	size_t n = 0;

	if (db_setting_get(s, 0, BOX_SETTING, text, sizeof(text), e))
		return -1;
	if (sodium_hex2bin(box, BOX_BYTES, text, strlen(text), NULL, &n, NULL) || n != BOX_BYTES)
		return err_set(e, ERR_UNATTENDED, "no account with the key has allowed it");
	return 0;
}

int db_unattended_open(struct store *s, const unsigned char secret[VAULT_KEY_BYTES], struct err *e)
{
	unsigned char box[BOX_BYTES];
	struct buf key;
	int last;

	if (get_box(s, box, e))
		return -1;
	buf_init(&key, VAULT_KEY_BYTES);
	if (vault_unwrap(secret, BOX_UID, BOX_COLUMN, box, sizeof(box), &key, NULL) || key.len != VAULT_KEY_BYTES)
		last = err_set(e, ERR_UNATTENDED, "the credential is of another time or another file");
	else
		last = vault_adopt_key(s, (const unsigned char *)key.data, e);
	buf_wipe_release(&key);
	return last;
}
