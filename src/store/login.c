/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ways into the vault: the beginning of a file, passwords, the recovery code. */
#include <sodium.h>
#include <string.h>

#include "account_private.h"
#include "base/dates.h"
#include "base/text.h"
#include "store_private.h"

#define RECOVERY_COLUMN "vault_recovery.box"
#define RECOVERY_UID "recovery"
#define RECOVERY_LETTERS 40 /* of five bits each */

static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; /* Crockford's: no I, L, O, U */

/* --- the beginning
 * ----------------------------------------------------------------------------------------------------------
 */

static void make_code(char letters[RECOVERY_LETTERS + 1])
{
	unsigned char raw[RECOVERY_LETTERS];

	random_bytes(raw, sizeof(raw));
	for (int i = 0; i < RECOVERY_LETTERS; i++)
		letters[i] = alphabet[raw[i] & 31];
	letters[RECOVERY_LETTERS] = '\0';
	wipe(raw, sizeof(raw));
}

static void show_code(const char *letters, char code[RECOVERY_TEXT])
{
	for (int i = 0; i < RECOVERY_LETTERS; i++) {
		if (i && i % 5 == 0)
			*code++ = '-';
		*code++ = letters[i];
	}
	*code = '\0';
}

static bool read_code(const char *code, char letters[RECOVERY_LETTERS + 1])
{
	static const char looks[] = "OILU", means[] = "011V";
	int n = 0;

	for (; *code; code++) {
		char c = *code >= 'a' && *code <= 'z' ? (char)(*code - 32) : *code;
		const char *look = strchr(looks, c);

		if (c == '-' || c == ' ')
			continue;
		c = look ? means[look - looks] : c;
		if (n == RECOVERY_LETTERS || !strchr(alphabet, c))
			return false;
		letters[n++] = c;
	}
	letters[n] = '\0';
	return n == RECOVERY_LETTERS;
}

/* The code has 200 random bits: a plain hash is enough. */
static void code_key(const char *letters, const unsigned char salt[16], unsigned char key[32])
{
	crypto_generichash(key, 32, (const unsigned char *)letters, RECOVERY_LETTERS, salt, 16);
}

static int put_key(struct store *s, int64_t id, struct err *e)
{
	unsigned char data[CHECK_BYTES], audit[CHECK_BYTES];
	struct query q;

	vault_check_value(s->vault.keys->data, data);
	vault_check_value(s->vault.keys->audit, audit);
	query_open(&q, s, "INSERT INTO vault_key(id, made_ms, data_check, audit_check) VALUES (?, ?, ?, ?)");
	bind_int(&q, id);
	bind_int(&q, clock_now_ms());
	bind_blob(&q, data, sizeof(data));
	bind_blob(&q, audit, sizeof(audit));
	return query_run(&q, e);
}

static int put_recovery(struct store *s, int64_t id, const char *letters, struct err *e)
{
	unsigned char salt[16], key[32];
	struct query q;
	struct buf box;
	int last;

	buf_init(&box, 256);
	random_bytes(salt, sizeof(salt));
	code_key(letters, salt, key);
	last = vault_wrap(key, (unsigned char)id, RECOVERY_UID, RECOVERY_COLUMN, s->vault.keys->data,
			  VAULT_KEY_BYTES, &box, e);
	if (!last) {
		query_open(&q, s, "INSERT INTO vault_recovery(key_id, salt, box) VALUES (?, ?, ?)");
		bind_int(&q, id);
		bind_blob(&q, salt, sizeof(salt));
		bind_blob(&q, box.data, box.len);
		last = query_run(&q, e);
	}
	buf_release(&box);
	wipe(key, sizeof(key));
	return last;
}

int recovery_put(struct store *s, char code[RECOVERY_TEXT], struct err *e)
{
	char letters[RECOVERY_LETTERS + 1];
	struct query q;
	int last;

	query_open(&q, s, "DELETE FROM vault_recovery");
	if (query_run(&q, e))
		return -1;
	make_code(letters);
	last = put_recovery(s, s->vault.key_id, letters, e);
	if (!last)
		show_code(letters, code);
	wipe(letters, sizeof(letters));
	return last;
}

int db_vault_create(struct store *s, char code[RECOVERY_TEXT], struct err *e)
{
	unsigned char key[VAULT_KEY_BYTES];
	char letters[RECOVERY_LETTERS + 1];
	struct query q;
	int64_t there;
	int last;

	query_open(&q, s, "SELECT count(*) FROM vault_key");
	if (query_int(&q, &there, 0, e))
		return -1;
	if (there)
		return err_set(e, ERR_DATA_EXISTS, "the file has a key already");
	random_bytes(key, sizeof(key));
	make_code(letters);
	last = vault_load(s, VAULT_DATA, 1, key, e) || put_key(s, 1, e) ||
			       put_recovery(s, 1, letters, e)
		       ? -1
		       : 0;
	if (!last)
		show_code(letters, code);
	wipe(key, sizeof(key));
	wipe(letters, sizeof(letters));
	return last;
}

/* --- logging in
 * ---------------------------------------------------------------------------------------------------------------
 */

/* Still locked? A lock that lies further ahead than locks last was made before the clock was set back: it
 * starts anew. */
static bool is_locked(struct db_account *a, int64_t now)
{
	if (!a->locked_until_ms)
		return false;
	if (a->locked_until_ms - now > ACCOUNT_LOCK_MS)
		a->locked_until_ms = now + ACCOUNT_LOCK_MS;
	if (now < a->locked_until_ms)
		return true;
	a->locked_until_ms = 0;
	a->failures = 0;
	return false;
}

static int put_attempt(struct store *s, const struct db_account *a, struct err *e)
{
	struct query q;

	query_open(&q, s, "UPDATE account SET failures = ?, locked_until_ms = ? WHERE id = ?");
	bind_int(&q, a->failures);
	bind_ref(&q, a->locked_until_ms);
	bind_int(&q, a->id);
	return query_run_one(&q, ERR_NO_SUCH, e);
}

/* Counts the attempt before it is judged. */
static int admit(struct store *s, struct db_account *a, struct err *e)
{
	int64_t now = clock_now_ms();

	if (a->disabled)
		return err_set(e, ERR_ACCOUNT_DISABLED, "account %lld", (long long)a->id);
	if (is_locked(a, now)) {
		if (put_attempt(s, a, e))
			return -1;
		err_set(e, ERR_ACCOUNT_LOCKED, "for %lld s", (long long)(a->locked_until_ms - now) / 1000);
		return 1; /* the lock stands as written */
	}
	a->failures++;
	if (a->failures >= ACCOUNT_FAILURES)
		a->locked_until_ms = now + ACCOUNT_LOCK_MS;
	return put_attempt(s, a, e);
}

static int count_attempt(struct store *s, const char *name, int64_t id, struct db_account *a, struct err *e)
{
	struct err own = {0}, told;
	int last;

	e = e ? e : &own;
	if (store_begin(s, e))
		return -1;
	last = name ? db_account_find(s, name, a, e) : db_account_get(s, id, a, e);
	last = last ? last : admit(s, a, e);
	told = *e;
	if (last == 1) {
		last = store_commit(s, e);
		if (!last)
			*e = told;
		return -1;
	}
	return store_end(s, last, e);
}

/* An unknown name takes as long as a known one. */
static int no_such_account(const char *password, struct err *e)
{
	unsigned char salt[16] = {0}, key[32];

	derive_key(password, salt, 3, db_kdf_mib() * 1024, key, NULL);
	wipe(key, sizeof(key));
	return err_set(e, ERR_LOGIN, "no such account");
}

static int judge(struct store *s, const struct db_account *a, const char *password, bool load, struct err *e)
{
	unsigned char key[32];
	struct wrap w;
	int last;

	if (wrap_load(s, a->id, &w, e))
		return -1;
	last = derive_key(password, w.salt, w.passes, w.kib, key, e);
	if (!last)
		last = wrap_open(s, &w, key, a->uid, load, e);
	if (!last && load && w.level == VAULT_DATA) {
		vault_set_pair(&s->vault, a->id, key);
		last = wrap_renew(s, &w, a->id, a->uid, key, e);
	}
	wipe(key, sizeof(key));
	return last;
}

int db_login(struct store *s, const char *name, const char *password, struct db_account *out, struct err *e)
{
	struct err own = {0};
	struct db_account a;

	e = e ? e : &own;
	if (count_attempt(s, name, 0, &a, e))
		return e->code == ERR_NO_SUCH ? no_such_account(password, e) : -1;
	if (judge(s, &a, password, true, e))
		return -1;
	*out = a;
	return 0;
}

int db_password_check(struct store *s, int64_t id, const char *password, struct err *e)
{
	struct db_account a;
	int last;

	if (count_attempt(s, NULL, id, &a, e) || judge(s, &a, password, false, e))
		return -1;
	if (store_begin(s, e))
		return -1;
	last = db_login_done(s, id, e);
	return store_end(s, last, e);
}

/* --- recovery
 * ------------------------------------------------------------------------------------------------------------------
 */

int recovery_open(const char *code, const unsigned char salt[RECOVERY_SALT], const void *box, size_t n, unsigned char key[VAULT_KEY_BYTES],
		  struct err *e)
{
	char letters[RECOVERY_LETTERS + 1];
	unsigned char with[32];
	struct buf clear;
	int last = 0;

	if (!read_code(code, letters))
		return err_set(e, ERR_RECOVERY, "not %d letters and digits", RECOVERY_LETTERS);
	buf_init(&clear, VAULT_KEY_BYTES);
	code_key(letters, salt, with);
	if (vault_unwrap(with, RECOVERY_UID, RECOVERY_COLUMN, box, n, &clear, NULL) || clear.len != VAULT_KEY_BYTES)
		last = err_set(e, ERR_RECOVERY, "the code does not open the wrap");
	else
		memcpy(key, clear.data, VAULT_KEY_BYTES);
	buf_wipe_release(&clear);
	wipe(with, sizeof(with));
	wipe(letters, sizeof(letters));
	return last;
}

int db_recover(struct store *s, const char *code, struct err *e)
{
	unsigned char key[VAULT_KEY_BYTES];
	const void *salt, *box;
	size_t salt_bytes = 0, box_bytes;
	struct query q;
	int last;

	query_open(&q, s, "SELECT salt, box FROM vault_recovery ORDER BY key_id DESC LIMIT 1");
	last = query_one(&q, "recovery", e);
	if (!last) {
		salt = col_blob(&q, 0, &salt_bytes);
		box = col_blob(&q, 1, &box_bytes);
		last = salt_bytes == RECOVERY_SALT ? recovery_open(code, salt, box, box_bytes, key, e)
						   : err_set(e, ERR_RECOVERY, "salt of %zu bytes", salt_bytes);
	}
	query_close(&q);
	if (!last)
		last = vault_adopt_key(s, key, e);
	wipe(key, sizeof(key));
	return last;
}
