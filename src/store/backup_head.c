/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "backup_head.h"

#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "store_private.h"

#define UID_BYTES 36
#define ACCOUNTS_MOST 2000

/* --- writing ------------------------------------------------------------------------------------------------------------------ */

static void put_number(struct buf *out, uint64_t v, int bytes)
{
	unsigned char raw[8];

	for (int i = 0; i < bytes; i++)
		raw[i] = (unsigned char)(v >> (8 * i));
	buf_add(out, raw, (size_t)bytes);
}

static int put_blob(struct query *q, int col, size_t want, struct buf *out, struct err *e)
{
	size_t n;
	const void *p = col_blob(q, col, &n);

	if (n != want)
		return err_set(e, ERR_SEAL, "%zu bytes in a wrap", n);
	buf_add(out, p, n);
	return 0;
}

static int put_recovery(struct store *s, struct buf *out, struct err *e)
{
	struct query q;
	int last;

	query_open(&q, s, "SELECT salt, box FROM vault_recovery WHERE key_id = ?");
	bind_int(&q, s->vault.key_id);
	last = query_one(&q, "recovery", e) || put_blob(&q, 0, RECOVERY_SALT, out, e) || put_blob(&q, 1, WRAP_BOX, out, e) ? -1 : 0;
	query_close(&q);
	return last;
}

static int put_account(struct query *q, struct buf *out, struct err *e)
{
	char name[64], uid[UID_TEXT];

	COL_TEXT(q, 0, name);
	COL_TEXT(q, 1, uid);
	put_number(out, strlen(name), 1);
	buf_adds(out, name);
	buf_add(out, uid, UID_BYTES);
	put_number(out, (uint64_t)col_int(q, 2), 4);
	put_number(out, (uint64_t)col_int(q, 3), 4);
	return put_blob(q, 4, RECOVERY_SALT, out, e) || put_blob(q, 5, WRAP_BOX, out, e) ? -1 : 0;
}

/* Those that hold the data key of this generation; since it was replaced, those that have logged in with it. */
static int put_accounts(struct store *s, struct buf *out, struct err *e)
{
	struct buf rows;
	struct query q;
	unsigned n = 0;
	int got;

	buf_init(&rows, BACKUP_HEAD_MAX);
	query_open(&q, s, "SELECT a.name, a.uid, w.passes, w.kib, w.salt, w.box FROM account_wrap w JOIN account a ON a.id = w.account"
			  " WHERE w.level = 2 AND w.key_id = ? AND length(w.box) > 0 ORDER BY a.id LIMIT 2000");
	bind_int(&q, s->vault.key_id);
	while ((got = query_step(&q, e)) > 0) {
		if (put_account(&q, &rows, e)) {
			got = -1;
			break;
		}
		n++;
	}
	query_close(&q);
	put_number(out, n, 2);
	buf_add(out, rows.data, rows.len);
	if (!got && (rows.failed || out->failed))
		got = err_set(e, ERR_TOO_LARGE, "%u accounts", n);
	buf_wipe_release(&rows);
	return got;
}

int backup_head_write(struct store *s, const struct backup_info *info, struct buf *out, struct err *e)
{
	if (vault_need(&s->vault, VAULT_DATA, e))
		return -1;
	put_number(out, s->vault.key_id, 1);
	put_number(out, (uint64_t)info->made_ms, 8);
	put_number(out, (uint64_t)info->schema, 4);
	put_number(out, (uint64_t)info->bytes, 8);
	return put_recovery(s, out, e) || put_accounts(s, out, e) ? -1 : 0;
}

/* --- reading ------------------------------------------------------------------------------------------------------------------ */

struct reading {
	const unsigned char *at, *end;
	bool bad;
};

static const unsigned char *take(struct reading *r, size_t n)
{
	const unsigned char *p = r->at;

	if (r->bad || (size_t)(r->end - r->at) < n) {
		r->bad = true;
		return NULL;
	}
	r->at += n;
	return p;
}

static uint64_t take_number(struct reading *r, int bytes)
{
	const unsigned char *p = take(r, (size_t)bytes);
	uint64_t v = 0;

	for (int i = 0; p && i < bytes; i++)
		v |= (uint64_t)p[i] << (8 * i);
	return v;
}

struct way_in {
	char name[256];
	char uid[UID_TEXT];
	unsigned passes, kib;
	const unsigned char *salt, *box;
};

static bool take_account(struct reading *r, struct way_in *w)
{
	size_t n = (size_t)take_number(r, 1);
	const unsigned char *name = take(r, n), *uid = take(r, UID_BYTES);

	w->passes = (unsigned)take_number(r, 4);
	w->kib = (unsigned)take_number(r, 4);
	w->salt = take(r, RECOVERY_SALT);
	w->box = take(r, WRAP_BOX);
	if (r->bad)
		return false;
	memcpy(w->name, name, n);
	w->name[n] = '\0';
	memcpy(w->uid, uid, UID_BYTES);
	w->uid[UID_BYTES] = '\0';
	return true;
}

int backup_head_read(struct backup_head *out, const void *bytes, size_t n, struct err *e)
{
	struct reading r = {.at = bytes, .end = (const unsigned char *)bytes + n};
	struct backup_head h = {0};
	struct way_in w;

	h.key_id = (unsigned char)take_number(&r, 1);
	h.info.made_ms = (int64_t)take_number(&r, 8);
	h.info.schema = (int)take_number(&r, 4);
	h.info.bytes = (int64_t)take_number(&r, 8);
	h.salt = take(&r, RECOVERY_SALT);
	h.box = take(&r, WRAP_BOX);
	h.n_accounts = (unsigned)take_number(&r, 2);
	h.accounts = r.at;
	h.end = r.end;
	if (h.n_accounts > ACCOUNTS_MOST || h.info.bytes <= 0 || h.info.schema < 1)
		return err_set(e, ERR_BACKUP, "head");
	for (unsigned i = 0; i < h.n_accounts && !r.bad; i++)
		take_account(&r, &w);
	if (r.bad || r.at != r.end)
		return err_set(e, ERR_BACKUP, "head of %zu bytes", n);
	*out = h;
	return 0;
}

static int by_password(const struct way_in *w, const char *password, unsigned char key[VAULT_KEY_BYTES],
		       struct err *e)
{
	unsigned char with[32];
	struct buf clear;
	int last;

	buf_init(&clear, VAULT_KEY_BYTES);
	last = derive_key(password, w->salt, w->passes, w->kib, with, e);
	if (!last && (vault_unwrap(with, w->uid, WRAP_COLUMN, w->box, WRAP_BOX, &clear, NULL) || clear.len != VAULT_KEY_BYTES))
		last = err_set(e, ERR_LOGIN, "the password does not open the wrap");
	if (!last)
		memcpy(key, clear.data, VAULT_KEY_BYTES);
	buf_wipe_release(&clear);
	wipe(with, sizeof(with));
	return last;
}

int backup_head_open(const struct backup_head *h, const struct backup_way *way, unsigned char key[VAULT_KEY_BYTES], struct err *e)
{
	struct reading r = {.at = h->accounts, .end = h->end};
	struct way_in w;

	if (way->recovery_code)
		return recovery_open(way->recovery_code, h->salt, h->box, WRAP_BOX, key, e);
	for (unsigned i = 0; i < h->n_accounts && take_account(&r, &w); i++)
		if (way->account && strcasecmp(w.name, way->account) == 0)
			return by_password(&w, way->password ? way->password : "", key, e);
	return err_set(e, ERR_LOGIN, "no such account in the backup");
}
