/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/account.h"

#include <sodium.h>
#include <string.h>
#include <sys/sysinfo.h>

#include "account_private.h"
#include "base/dates.h"
#include "base/text.h"
#include "store_private.h"

#define PASSES 3
#define PASSES_MAX 16 /* more, or more memory, was not written by us */
#define KIB_MAX (1024 * 1024)
#define PASSWORD_MAX 1024

_Static_assert(sizeof(((struct db_secret *)0)->salt) == crypto_pwhash_argon2id_SALTBYTES, "salt size");

unsigned db_kdf_mib(void)
{
	struct sysinfo info;
	uint64_t ram;

	if (sysinfo(&info))
		return 64;
	ram = (uint64_t)info.totalram * info.mem_unit >> 20;
	return ram < 512 ? 16 : ram < 1024 ? 32 : 64;
}

int db_password_strong(const char *password, struct err *e)
{
	int upper = 0, lower = 0, digit = 0, other = 0;

	if (!text_valid(password, strlen(password)))
		return err_set(e, ERR_PASSWORD_WEAK, "not UTF-8");
	for (const char *c = password; *c; c++) {
		if (*c >= 'A' && *c <= 'Z')
			upper = 1;
		else if (*c >= 'a' && *c <= 'z')
			lower = 1;
		else if (*c >= '0' && *c <= '9')
			digit = 1;
		else
			other = 1;
	}
	if (text_chars(password) < 8 || upper + lower + digit + other < 3)
		return err_set(e, ERR_PASSWORD_WEAK, "%zu characters, %d kinds", text_chars(password),
			       upper + lower + digit + other);
	return 0;
}

int derive_key(const char *password, const unsigned char salt[16], unsigned passes, unsigned kib,
	       unsigned char key[32], struct err *e)
{
	if (strlen(password) > PASSWORD_MAX)
		return err_set(e, ERR_TOO_LARGE, "password");
	if (passes < 1 || passes > PASSES_MAX || kib < 8 || kib > KIB_MAX)
		return err_set(e, ERR_SEAL, "%u passes over %u KiB", passes, kib);
	if (crypto_pwhash(key, 32, password, strlen(password), salt, passes, (size_t)kib * 1024,
			  crypto_pwhash_ALG_ARGON2ID13))
		return err_set(e, ERR_MEMORY, "%u KiB for the password", kib);
	return 0;
}

int db_secret_new(struct db_secret *out, const char *password, unsigned kdf_mib, struct err *e)
{
	struct db_secret made = {.passes = PASSES, .kib = (kdf_mib ? kdf_mib : db_kdf_mib()) * 1024};

	if (db_password_strong(password, e))
		return -1;
	random_bytes(made.salt, sizeof(made.salt));
	if (sodium_init() < 0 || derive_key(password, made.salt, made.passes, made.kib, made.key, e))
		return -1;
	*out = made;
	wipe(&made, sizeof(made));
	return 0;
}

void db_secret_wipe(struct db_secret *secret)
{
	wipe(secret, sizeof(*secret));
}

void password_mark(const unsigned char key[32], unsigned char out[32])
{
	static const unsigned char purpose[] = "history";

	crypto_generichash(out, 32, purpose, sizeof(purpose), key, 32);
}

/* --- wraps
 * ------------------------------------------------------------------------------------------------------------------
 */

static bool copy_blob(struct query *q, int col, void *out, size_t size)
{
	size_t n;
	const void *p = col_blob(q, col, &n);

	if (n != size)
		return false;
	memcpy(out, p, n);
	return true;
}

int wrap_load(struct store *s, int64_t account, struct wrap *out, struct err *e)
{
	struct wrap w = {0};
	struct query q;
	int got;

	query_open(&q, s, "SELECT key_id, level, salt, passes, kib, box, sealed, public IS NOT NULL FROM account_wrap WHERE account = ?");
	bind_int(&q, account);
	got = query_step(&q, e);
	if (got > 0) {
		w.key_id = (unsigned char)col_int(&q, 0);
		w.level = (enum vault_level)col_int(&q, 1);
		w.passes = (unsigned)col_int(&q, 3);
		w.kib = (unsigned)col_int(&q, 4);
		w.has_box = copy_blob(&q, 5, w.box, sizeof(w.box));
		w.has_public = col_int(&q, 7) != 0;
		if (!copy_blob(&q, 2, w.salt, sizeof(w.salt)) || (!w.has_box && !copy_blob(&q, 6, w.sealed, sizeof(w.sealed))))
			got = err_set(e, ERR_SEAL, "wrap of account %lld", (long long)account);
	} else if (!got) {
		got = err_set(e, ERR_ACCOUNT_DISABLED, "no wrap");
	}
	query_close(&q);
	if (got < 0)
		return -1;
	*out = w;
	return 0;
}

/* Is this key, fresh out of a wrap, one of this file? */
static int verify_key(struct store *s, const struct wrap *w, const unsigned char *key, struct err *e)
{
	unsigned char check[CHECK_BYTES], known[CHECK_BYTES] = {0};
	struct query q;
	int last;

	vault_check_value(key, check);
	query_open(&q, s,
		   "SELECT CASE ?2 WHEN 2 THEN data_check ELSE audit_check END FROM vault_key WHERE id = ?1");
	bind_int(&q, w->key_id);
	bind_int(&q, w->level);
	last = query_one(&q, "key", e);
	if (!last && !copy_blob(&q, 0, known, sizeof(known)))
		last = err_set(e, ERR_SEAL, "check of key %d", w->key_id);
	query_close(&q);
	if (!last && sodium_memcmp(check, known, CHECK_BYTES))
		last = err_set(e, ERR_SEAL, "key %d is another", w->key_id);
	return last;
}

/* The key that the wrap holds: in its box, or, since the data key was replaced, sealed to the pair. */
static int wrap_key(const struct wrap *w, const unsigned char key[32], const char *uid, unsigned char out[VAULT_KEY_BYTES], struct err *e)
{
	unsigned char pair[VAULT_KEY_BYTES], public[VAULT_KEY_BYTES];
	struct buf clear;
	int last;

	if (!w->has_box) {
		pair_of(key, pair, public);
		last = pair_open(pair, w->sealed, sizeof(w->sealed), out, NULL);
		wipe(pair, sizeof(pair));
	} else {
		buf_init(&clear, VAULT_KEY_BYTES);
		last = vault_unwrap(key, uid, WRAP_COLUMN, w->box, sizeof(w->box), &clear, NULL) || clear.len != VAULT_KEY_BYTES ? -1 : 0;
		if (!last)
			memcpy(out, clear.data, VAULT_KEY_BYTES);
		buf_wipe_release(&clear);
	}
	return last ? err_set(e, ERR_LOGIN, "the password does not open the wrap") : 0;
}

int wrap_open(struct store *s, const struct wrap *w, const unsigned char key[32], const char *uid, bool load,
	      struct err *e)
{
	unsigned char data[VAULT_KEY_BYTES];
	int last = wrap_key(w, key, uid, data, e);

	if (!last && load)
		last = verify_key(s, w, data, e) || vault_load(s, w->level, w->key_id, data, e) ? -1 : 0;
	wipe(data, sizeof(data));
	return last;
}

static void bind_public(struct query *q, const unsigned char key[32])
{
	unsigned char pair[VAULT_KEY_BYTES], public[VAULT_KEY_BYTES];

	pair_of(key, pair, public);
	wipe(pair, sizeof(pair));
	bind_blob(q, public, sizeof(public));
}

static int write_renewed(struct store *s, int64_t account, const unsigned char key[32], const struct buf *box, struct err *e)
{
	struct query q;

	query_open(&q, s, "UPDATE account_wrap SET public = ?, box = CASE WHEN length(box) = 0 THEN ? ELSE box END WHERE account = ? AND key_id = ?");
	bind_public(&q, key);
	bind_blob(&q, box->data, box->len);
	bind_int(&q, account);
	bind_int(&q, s->vault.key_id);
	return query_run(&q, e);
}

int wrap_renew(struct store *s, const struct wrap *w, int64_t account, const char *uid, const unsigned char key[32], struct err *e)
{
	struct buf box;
	int last;

	if (w->level != VAULT_DATA || (w->has_box && w->has_public))
		return 0;
	buf_init(&box, 256);
	last = vault_wrap(key, s->vault.key_id, uid, WRAP_COLUMN, s->vault.keys->data, VAULT_KEY_BYTES, &box, e) || store_begin(s, e)
		       ? -1
		       : store_end(s, write_renewed(s, account, key, &box, e), e);
	buf_release(&box);
	return last;
}

int account_sealed(struct store *s, int64_t account, int64_t key_id, unsigned char sealed[PAIR_SEALED], size_t *n, struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, "SELECT sealed FROM account_wrap WHERE account = ? AND key_id = ?");
	bind_int(&q, account);
	bind_int(&q, key_id);
	got = query_step(&q, e);
	*n = got > 0 && copy_blob(&q, 0, sealed, PAIR_SEALED) ? PAIR_SEALED : 0;
	query_close(&q);
	return got < 0 ? -1 : 0;
}

static int put_wrap(struct store *s, const struct db_account *a, const struct db_secret *secret,
		    struct err *e)
{
	enum vault_level level = a->roles & ROLES_WITH_KEY ? VAULT_DATA : VAULT_AUDIT;
	const struct vault *v = &s->vault;
	struct query q;
	struct buf box;
	int last = -1;

	buf_init(&box, 256);
	if (vault_need(v, level, e) ||
	    vault_wrap(secret->key, v->key_id, a->uid, WRAP_COLUMN,
		       level == VAULT_DATA ? v->keys->data : v->keys->audit, VAULT_KEY_BYTES, &box, e))
		goto out;
	query_open(&q, s,
		   "INSERT INTO account_wrap(account, key_id, level, salt, passes, kib, box, public) VALUES (?1, ?2, "
		   "?3, ?4, ?5, ?6, ?7, ?8)"
		   " ON CONFLICT(account) DO UPDATE SET key_id = ?2, level = ?3, salt = ?4, passes = ?5, kib "
		   "= ?6, box = ?7, public = ?8, sealed = NULL");
	bind_int(&q, a->id);
	bind_int(&q, v->key_id);
	bind_int(&q, level);
	bind_blob(&q, secret->salt, sizeof(secret->salt));
	bind_int(&q, secret->passes);
	bind_int(&q, secret->kib);
	bind_blob(&q, box.data, box.len);
	bind_public(&q, secret->key);
	last = query_run(&q, e);
	if (!last && a->id == v->account)
		vault_set_pair(&s->vault, a->id, secret->key); /* one's own new password */
out:
	buf_release(&box);
	return last;
}

static int put_history(struct store *s, int64_t account, const struct db_secret *secret, struct err *e)
{
	unsigned char mark[32];
	struct query q;

	password_mark(secret->key, mark);
	query_open(&q, s,
		   "INSERT INTO account_password(account, salt, passes, kib, mark, made_ms) VALUES (?, ?, ?, "
		   "?, ?, ?)");
	bind_int(&q, account);
	bind_blob(&q, secret->salt, sizeof(secret->salt));
	bind_int(&q, secret->passes);
	bind_int(&q, secret->kib);
	bind_blob(&q, mark, sizeof(mark));
	bind_int(&q, clock_now_ms());
	if (query_run(&q, e))
		return -1;
	query_open(&q, s,
		   "DELETE FROM account_password WHERE account = ?1 AND id NOT IN"
		   " (SELECT id FROM account_password WHERE account = ?1 ORDER BY id DESC LIMIT ?2)");
	bind_int(&q, account);
	bind_int(&q, ACCOUNT_HISTORY);
	return query_run(&q, e);
}

/* --- accounts
 * -------------------------------------------------------------------------------------------------------------
 */

#define ACCOUNT_COLUMNS                                                                                      \
	"SELECT a.id, a.uid, a.name, a.display, a.roles, a.participant, a.disabled, ifnull(w.level, 0), "    \
	"a.failures, a.locked_until_ms"                                                                      \
	" FROM account a LEFT JOIN account_wrap w ON w.account = a.id "

static void read_account(struct query *q, struct db_account *a)
{
	*a = (struct db_account){
		.id = col_int(q, 0),
		.roles = (unsigned)col_int(q, 4),
		.participant = col_int(q, 5),
		.disabled = col_int(q, 6) != 0,
		.has_key = col_int(q, 7) == VAULT_DATA,
		.failures = (int)col_int(q, 8),
		.locked_until_ms = col_int(q, 9),
	};
	COL_TEXT(q, 1, a->uid);
	COL_TEXT(q, 2, a->name);
	COL_TEXT(q, 3, a->display);
}

static int one_account(struct query *q, struct db_account *out, struct err *e)
{
	int last = query_one(q, "account", e);

	if (!last)
		read_account(q, out);
	query_close(q);
	return last;
}

int db_account_find(struct store *s, const char *name, struct db_account *out, struct err *e)
{
	struct query q;

	query_open(&q, s, ACCOUNT_COLUMNS "WHERE a.name = ?");
	bind_text(&q, name);
	return one_account(&q, out, e);
}

int db_account_get(struct store *s, int64_t id, struct db_account *out, struct err *e)
{
	struct query q;

	query_open(&q, s, ACCOUNT_COLUMNS "WHERE a.id = ?");
	bind_int(&q, id);
	return one_account(&q, out, e);
}

int db_account_list(struct store *s, const char *after_name, struct db_account *rows, size_t cap, size_t *n,
		    struct err *e)
{
	struct query q;
	size_t k = 0;
	int got = 0;

	query_open(&q, s, ACCOUNT_COLUMNS "WHERE a.name > ? ORDER BY a.name LIMIT ?");
	bind_text(&q, after_name);
	bind_int(&q, (int64_t)cap);
	while (k < cap && (got = query_step(&q, e)) > 0)
		read_account(&q, &rows[k++]);
	query_close(&q);
	if (got < 0)
		return -1;
	*n = k;
	return 0;
}

static int insert_row(struct store *s, struct db_account *a, struct err *e)
{
	struct query q;
	struct err own = {0};

	e = e ? e : &own;
	query_open(&q, s,
		   "INSERT INTO account(uid, name, display, roles, participant, made_ms) VALUES (?, ?, ?, ?, "
		   "?, ?)");
	bind_text(&q, a->uid);
	bind_text(&q, a->name);
	bind_text(&q, a->display);
	bind_int(&q, a->roles);
	bind_ref(&q, a->participant);
	bind_int(&q, clock_now_ms());
	if (!query_insert(&q, &a->id, e))
		return 0;
	return e->code == ERR_DUPLICATE ? err_set(e, ERR_ACCOUNT_EXISTS, "account name") : -1;
}

int db_account_insert(struct store *s, const struct db_account *a, const struct db_secret *secret,
		      int64_t *id, struct err *e)
{
	struct db_account made = *a;

	uid_new(made.uid);
	if (insert_row(s, &made, e) || put_wrap(s, &made, secret, e) || put_history(s, made.id, secret, e))
		return -1;
	if (id)
		*id = made.id;
	return 0;
}

static int forget_failures(struct store *s, int64_t id, struct err *e)
{
	struct query q;

	query_open(&q, s, "UPDATE account SET failures = 0, locked_until_ms = NULL WHERE id = ?");
	bind_int(&q, id);
	return query_run_one(&q, ERR_NO_SUCH, e);
}

int db_login_done(struct store *s, int64_t id, struct err *e)
{
	return forget_failures(s, id, e);
}

int db_account_put_secret(struct store *s, int64_t id, const struct db_secret *secret, struct err *e)
{
	struct db_account a;

	if (db_account_get(s, id, &a, e) || put_wrap(s, &a, secret, e) || put_history(s, id, secret, e))
		return -1;
	return forget_failures(s, id, e);
}

int db_account_disable(struct store *s, int64_t id, bool disabled, struct err *e)
{
	struct query q;

	query_open(&q, s, "UPDATE account SET disabled = ? WHERE id = ?");
	bind_int(&q, disabled);
	bind_int(&q, id);
	if (query_run_one(&q, ERR_NO_SUCH, e))
		return -1;
	if (!disabled)
		return 0;
	query_open(&q, s, "DELETE FROM account_wrap WHERE account = ?");
	bind_int(&q, id);
	return query_run(&q, e);
}

int db_account_reused(struct store *s, int64_t id, const char *password, struct err *e)
{
	unsigned char salt[16], mark[32], key[32], again[32];
	struct query q;
	int got, last = 0;

	query_open(&q, s,
		   "SELECT salt, passes, kib, mark FROM account_password WHERE account = ? ORDER BY id DESC");
	bind_int(&q, id);
	while (!last && (got = query_step(&q, e)) != 0) {
		if (got < 0 || !copy_blob(&q, 0, salt, sizeof(salt)) || !copy_blob(&q, 3, mark, sizeof(mark)))
			last = got < 0 ? -1
				       : err_set(e, ERR_SEAL, "password history of account %lld",
						 (long long)id);
		else if (!(last = derive_key(password, salt, (unsigned)col_int(&q, 1),
					     (unsigned)col_int(&q, 2), key, e)))
			password_mark(key, again);
		if (!last && !sodium_memcmp(mark, again, sizeof(mark)))
			last = err_set(e, ERR_PASSWORD_REUSED, "one of the last %d", ACCOUNT_HISTORY);
	}
	query_close(&q);
	wipe(key, sizeof(key));
	return last;
}
