/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/rekey.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "account_private.h"
#include "base/dates.h"
#include "base/text.h"
#include "blind.h"
#include "places.h"
#include "store_private.h"

#define GROUP_PICTURES 8 /* rows of this size and more: a group stays below a few MiB */
#define KEY_COLUMNS 3

/* --- turning to the new key ----------------------------------------------------------------------------- */

static int wrap_blob(struct query *q, const unsigned char with[VAULT_KEY_BYTES], unsigned char id, const char *column, const void *data, size_t n,
		     struct err *e)
{
	struct buf box;
	int last;

	buf_init(&box, n + VAULT_OVERHEAD);
	last = vault_wrap(with, id, VAULT_UID, column, data, n, &box, e);
	if (!last)
		bind_blob(q, box.data, box.len);
	buf_release(&box);
	return last;
}

static int put_key(struct store *s, unsigned char id, const unsigned char key[VAULT_KEY_BYTES], const unsigned char with[VAULT_KEY_BYTES], struct err *e)
{
	const struct keys *old = s->vault.keys;
	unsigned char data[CHECK_BYTES], audit[CHECK_BYTES], both[2 * VAULT_KEY_BYTES];
	struct query q;
	int last;

	memcpy(both, old->print, VAULT_KEY_BYTES);
	memcpy(both + VAULT_KEY_BYTES, old->audit, VAULT_KEY_BYTES);
	vault_check_value(key, data);
	vault_check_value(old->audit, audit);
	query_open(&q, s, "INSERT INTO vault_key(id, made_ms, data_check, audit_check, kept) VALUES (?, ?, ?, ?, ?)");
	bind_int(&q, id);
	bind_int(&q, clock_now_ms());
	bind_blob(&q, data, sizeof(data));
	bind_blob(&q, audit, sizeof(audit));
	last = wrap_blob(&q, with, id, KEPT_COLUMN, both, sizeof(both), e);
	wipe(both, sizeof(both));
	if (!last)
		return query_run(&q, e);
	query_close(&q);
	return -1;
}

static int put_former(struct store *s, int of, const unsigned char fields[VAULT_KEY_BYTES], unsigned char id, const unsigned char with[VAULT_KEY_BYTES],
		      struct err *e)
{
	struct query q;

	query_open(&q, s, "INSERT INTO vault_former(key_id, box) VALUES (?1, ?2) ON CONFLICT(key_id) DO UPDATE SET box = ?2");
	bind_int(&q, of);
	if (!wrap_blob(&q, with, id, FORMER_COLUMN, fields, VAULT_KEY_BYTES, e))
		return query_run(&q, e);
	query_close(&q);
	return -1;
}

static int put_formers(struct store *s, unsigned char id, const unsigned char with[VAULT_KEY_BYTES], struct err *e)
{
	const struct keys *old = s->vault.keys;

	for (int i = 0; i < VAULT_GENERATIONS; i++)
		if (old->has_former[i] && put_former(s, i, old->former[i], id, with, e))
			return -1;
	return put_former(s, s->vault.key_id, old->fields, id, with, e);
}

/* The vault turns; what it was is kept until the transaction has ended. */
static int turn(struct store *s, unsigned char id, const unsigned char key[VAULT_KEY_BYTES], struct err *e)
{
	struct keys *old = s->vault.keys;

	s->former = s->vault;
	s->vault = (struct vault){.level = VAULT_LOCKED, .account = s->former.account};
	if (vault_load(s, VAULT_DATA, id, key, e)) {
		s->vault = s->former;
		s->former = (struct vault){.level = VAULT_LOCKED};
		return -1;
	}
	if (!old->has_pair)
		return 0;
	sodium_mprotect_readwrite(s->vault.keys);
	memcpy(s->vault.keys->pair, old->pair, VAULT_KEY_BYTES);
	s->vault.keys->has_pair = true;
	sodium_mprotect_readonly(s->vault.keys);
	return 0;
}

static int seal_to(struct store *s, int64_t account, const unsigned char public[VAULT_KEY_BYTES], struct err *e)
{
	unsigned char sealed[PAIR_SEALED];
	struct query q;

	crypto_box_seal(sealed, s->vault.keys->data, VAULT_KEY_BYTES, public);
	query_open(&q, s, "UPDATE account_wrap SET key_id = ?, box = x'', sealed = ? WHERE account = ?");
	bind_int(&q, s->vault.key_id);
	bind_blob(&q, sealed, sizeof(sealed));
	bind_int(&q, account);
	return query_run(&q, e);
}

static int seal_to_all(struct store *s, struct err *e)
{
	struct query q, gone;
	size_t n;
	int got;

	query_open(&gone, s, "DELETE FROM account_wrap WHERE level = 2 AND public IS NULL");
	if (query_run(&gone, e))
		return -1;
	query_open(&q, s, "SELECT account, public FROM account_wrap WHERE level = 2 AND key_id <> ? ORDER BY account");
	bind_int(&q, s->vault.key_id);
	while ((got = query_step(&q, e)) > 0) {
		const void *public = col_blob(&q, 1, &n);

		if (n != VAULT_KEY_BYTES)
			got = err_set(e, ERR_SEAL, "public half of account %lld", (long long)col_int(&q, 0));
		else if (seal_to(s, col_int(&q, 0), public, e))
			got = -1;
		if (got < 0)
			break;
	}
	query_close(&q);
	return got;
}

/* --- beginning ------------------------------------------------------------------------------------------------ */

static int may_begin(struct store *s, struct err *e)
{
	struct db_rekey now;

	if (!s->in_tx || s->in_group)
		return err_set(e, ERR_INTERNAL, "a new data key outside a transaction of its own");
	if (vault_need(&s->vault, VAULT_DATA, e) || db_rekey_state(s, &now, e))
		return -1;
	if (now.under_way)
		return err_set(e, ERR_FORBIDDEN, "a data key is being replaced already");
	return s->vault.key_id + 1 < VAULT_GENERATIONS ? 0 : err_set(e, ERR_TOO_LARGE, "no more data keys");
}

int db_rekey_begin(struct store *s, char code[RECOVERY_TEXT], bool *ended, struct err *e)
{
	unsigned char key[VAULT_KEY_BYTES], with[VAULT_KEY_BYTES], id;
	int last;

	if (may_begin(s, e))
		return -1;
	id = (unsigned char)(s->vault.key_id + 1);
	random_bytes(key, sizeof(key));
	vault_kept_key(key, with);
	last = put_key(s, id, key, with, e) || put_formers(s, id, with, e) || blind_turn_begin(s, s->vault.keys->index, id, with, e) ||
			       turn(s, id, key, e)
		       ? -1
		       : 0;
	wipe(key, sizeof(key));
	wipe(with, sizeof(with));
	return last || seal_to_all(s, e) || recovery_put(s, code, e) || unattended_reseal(s, ended, e) ? -1 : 0;
}

int db_rekey_left_out(struct store *s, struct db_account *rows, size_t cap, size_t *n, struct err *e)
{
	struct query q;
	int64_t id[64];
	size_t k = 0;
	int got = 0;

	query_open(&q, s, "SELECT account FROM account_wrap WHERE level = 2 AND public IS NULL ORDER BY account");
	while (k < cap && k < ARRAY_LEN(id) && (got = query_step(&q, e)) > 0)
		id[k++] = col_int(&q, 0);
	query_close(&q);
	for (size_t i = 0; i < k && got >= 0; i++)
		got = db_account_get(s, id[i], &rows[i], e);
	if (got < 0)
		return -1;
	*n = k;
	return 0;
}

/* --- sealing anew ----------------------------------------------------------------------------------------- */

int db_rekey_state(struct store *s, struct db_rekey *out, struct err *e)
{
	struct query q;
	int got;

	*out = (struct db_rekey){.under_way = false};
	query_open(&q, s, "SELECT begun_ms, resealed, index_box IS NULL FROM rekey");
	got = query_step(&q, e);
	if (got > 0)
		*out = (struct db_rekey){.under_way = true, .turned = col_int(&q, 2) != 0, .begun_ms = col_int(&q, 0), .resealed = col_int(&q, 1)};
	query_close(&q);
	return got < 0 ? -1 : 0;
}

struct resealing {
	struct store *s;
	struct group group;
	struct place place[PLACES_MAX];
	size_t places;
	char tbl[48], col[48]; /* where it stands */
	sqlite3_value *upto[KEY_COLUMNS]; /* the key of the last row that is done, or its first columns only; none: before the first row */
	char key[KEY_COLUMNS][48];
	int keys;
};

static void forget_row(struct resealing *r)
{
	for (int i = 0; i < KEY_COLUMNS; i++) {
		sqlite3_value_free(r->upto[i]);
		r->upto[i] = NULL;
	}
}

static int note_row(struct resealing *r, sqlite3_stmt *from, int first, int n, struct err *e)
{
	forget_row(r);
	for (int i = 0; i < n && sqlite3_column_type(from, first + i) != SQLITE_NULL; i++) {
		r->upto[i] = sqlite3_value_dup(sqlite3_column_value(from, first + i));
		if (!r->upto[i])
			return err_set(e, ERR_MEMORY, "rekey");
	}
	return 0;
}

static int where_it_stands(struct resealing *r, struct err *e)
{
	struct query q;
	int last;

	query_open(&q, r->s, "SELECT tbl, col, upto, upto2, upto3 FROM rekey");
	last = query_one(&q, "rekey", e);
	if (!last) {
		COL_TEXT(&q, 0, r->tbl);
		COL_TEXT(&q, 1, r->col);
		last = note_row(r, q.st, 2, KEY_COLUMNS, e);
	}
	query_close(&q);
	return last;
}

/* The audit log is never rewritten: its notes stay as they are (store/rekey.h). */
static const struct place *place_at(const struct resealing *r, bool after)
{
	for (size_t i = 0; i < r->places; i++) {
		const struct place *p = &r->place[i];
		int order = strcmp(p->tbl, r->tbl) ? strcmp(p->tbl, r->tbl) : strcmp(p->col, r->col);

		if (strcmp(p->tbl, "audit") && (after ? order > 0 : order == 0))
			return p;
	}
	return NULL;
}

static int key_of(struct resealing *r, const char *tbl, struct err *e)
{
	struct query q;
	int got;

	r->keys = 0;
	query_open(&q, r->s, "SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk");
	bind_text(&q, tbl);
	while ((got = query_step(&q, e)) > 0 && r->keys < KEY_COLUMNS)
		COL_TEXT(&q, 0, r->key[r->keys++]);
	query_close(&q);
	return got || !r->keys ? err_set(e, ERR_INTERNAL, "key of %s", tbl) : 0;
}

static int group_rows(const char *tbl)
{
	return strcmp(tbl, "attachment_content") && strcmp(tbl, "device_collected") ? GROUP_ROWS : GROUP_PICTURES;
}

static void list_key(sqlite3_str *sql, const struct resealing *r, int n)
{
	for (int i = 0; i < n; i++)
		sqlite3_str_appendf(sql, "%st.\"%w\"", i ? ", " : "", r->key[i]);
}

static int known_of_row(const struct resealing *r)
{
	int n = 0;

	while (n < r->keys && r->upto[n])
		n++;
	return n;
}

/* The value where it is under another key, what it is sealed under, and the row's key; by the whole key, so that no group is longer than its
 * rows: the members of a project are as many as there are people. */
static char *select_group(const struct resealing *r, const struct place *p)
{
	sqlite3_str *sql = sqlite3_str_new(store_db(r->s));
	int known = known_of_row(r);

	sqlite3_str_appendf(sql, "SELECT CASE WHEN length(t.\"%w\") >= %d AND substr(t.\"%w\", 2, 1) <> ?1 THEN t.\"%w\" END, %s, %s, ", p->col,
			    VAULT_OVERHEAD, p->col, p->col, p->uid_sql, p->as_sql ? p->as_sql : "''");
	list_key(sql, r, r->keys);
	sqlite3_str_appendf(sql, " FROM \"%w\" t", p->tbl);
	if (known) {
		sqlite3_str_appendall(sql, " WHERE (");
		list_key(sql, r, known);
		sqlite3_str_appendf(sql, ") > (?2%s%s)", known > 1 ? ", ?3" : "", known > 2 ? ", ?4" : "");
	}
	sqlite3_str_appendall(sql, " ORDER BY ");
	list_key(sql, r, r->keys);
	sqlite3_str_appendf(sql, " LIMIT %d", group_rows(p->tbl));
	return sqlite3_str_finish(sql);
}

static char *update_row(const struct resealing *r, const struct place *p)
{
	sqlite3_str *sql = sqlite3_str_new(store_db(r->s));

	sqlite3_str_appendf(sql, "UPDATE \"%w\" SET \"%w\" = ?1 WHERE ", p->tbl, p->col);
	for (int i = 0; i < r->keys; i++)
		sqlite3_str_appendf(sql, "%s\"%w\" = ?%d", i ? " AND " : "", r->key[i], i + 2);
	return sqlite3_str_finish(sql);
}

static int write_row(struct resealing *r, sqlite3_stmt *from, sqlite3_stmt *to, const struct buf *box, struct err *e)
{
	int rc;

	sqlite3_reset(to);
	sqlite3_bind_blob64(to, 1, box->data, box->len, SQLITE_STATIC);
	for (int i = 0; i < r->keys; i++)
		sqlite3_bind_value(to, i + 2, sqlite3_column_value(from, 3 + i));
	rc = sqlite3_step(to);
	r->group.rows++;
	return rc == SQLITE_DONE ? 0 : sql_error(e, store_db(r->s), rc, "seal anew");
}

/* A value that does not open (somebody changed it) stays as it is: it is no loss that this makes. */
static int reseal_row(struct resealing *r, const struct place *p, sqlite3_stmt *from, sqlite3_stmt *to, struct err *e)
{
	const char *uid = (const char *)sqlite3_column_text(from, 1), *as = (const char *)sqlite3_column_text(from, 2);
	const struct vault *v = store_vault(r->s);
	struct err own = {ERR_NONE};
	char column[120];
	struct buf clear, box;
	int last;

	if (sqlite3_column_type(from, 0) == SQLITE_NULL)
		return 0;
	text_format(column, sizeof(column), "%s.%s", p->tbl, p->col);
	as = as && as[0] ? as : column;
	buf_init(&clear, VAULT_MAX);
	buf_init(&box, VAULT_MAX + VAULT_OVERHEAD);
	last = vault_open(v, uid ? uid : "", as, sqlite3_column_blob(from, 0), (size_t)sqlite3_column_bytes(from, 0), &clear, &own);
	if (last && own.code != ERR_SEAL && own.code != ERR_INTERNAL)
		err_set(e, own.code, "%s", own.detail);
	else if (last)
		last = 0;
	else
		last = vault_seal(v, uid, as, clear.data ? clear.data : "", clear.len, &box, e) || write_row(r, from, to, &box, e) ? -1 : 0;
	buf_wipe_release(&clear);
	buf_release(&box);
	return last;
}

static void bind_group(const struct resealing *r, sqlite3_stmt *from)
{
	unsigned char id = r->s->vault.key_id;

	sqlite3_bind_blob(from, 1, &id, 1, SQLITE_TRANSIENT);
	for (int i = 0; i < known_of_row(r); i++)
		sqlite3_bind_value(from, i + 2, r->upto[i]);
}

/* *ended: no row of this column is left. */
static int reseal_group(struct resealing *r, const struct place *p, bool *ended, struct err *e)
{
	sqlite3_stmt *from = NULL, *to = NULL;
	int rc = SQLITE_ROW, last = -1, seen = 0;

	if (place_prepare(r->s, select_group(r, p), &from, e) || place_prepare(r->s, update_row(r, p), &to, e))
		goto out;
	bind_group(r, from);
	last = 0;
	while (!last && !group_full(&r->group) && (rc = sqlite3_step(from)) == SQLITE_ROW) {
		last = reseal_row(r, p, from, to, e) || note_row(r, from, 3, r->keys, e) ? -1 : 0;
		seen++;
	}
	if (!last && rc != SQLITE_DONE && rc != SQLITE_ROW)
		last = sql_error(e, store_db(r->s), rc, p->tbl);
	*ended = rc == SQLITE_DONE && seen < group_rows(p->tbl);
out:
	sqlite3_finalize(from);
	sqlite3_finalize(to);
	return last;
}

static int stand(struct resealing *r, struct err *e)
{
	sqlite3_stmt *st;
	int rc;

	if (place_prepare(r->s, sqlite3_mprintf("UPDATE rekey SET tbl = ?1, col = ?2, resealed = resealed + ?3, upto = ?4, upto2 = ?5, upto3 = ?6"), &st, e))
		return -1;
	sqlite3_bind_text(st, 1, r->tbl, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 2, r->col, -1, SQLITE_STATIC);
	sqlite3_bind_int64(st, 3, r->group.rows);
	for (int i = 0; i < KEY_COLUMNS; i++)
		if (r->upto[i])
			sqlite3_bind_value(st, 4 + i, r->upto[i]);
	rc = sqlite3_step(st);
	sqlite3_finalize(st);
	return rc == SQLITE_DONE ? 0 : sql_error(e, store_db(r->s), rc, "rekey");
}

static int one_column(struct resealing *r, const struct place *p, bool *ended, struct err *e)
{
	if (strcmp(p->tbl, r->tbl) || strcmp(p->col, r->col))
		forget_row(r);
	text_copy(r->tbl, sizeof(r->tbl), p->tbl);
	text_copy(r->col, sizeof(r->col), p->col);
	return key_of(r, p->tbl, e) || reseal_group(r, p, ended, e) ? -1 : 0;
}

/* On in the present column, then in those after it, until the group is full or nothing is left; afterwards the last column is what it stands at. */
static int reseal_columns(struct resealing *r, bool *ended, struct err *e)
{
	const struct place *p = r->tbl[0] ? place_at(r, false) : place_at(r, true);

	*ended = true;
	while (p && *ended) {
		if (one_column(r, p, ended, e))
			return -1;
		if (*ended)
			p = place_at(r, true);
	}
	return 0;
}

/* --- what could be taken back ------------------------------------------------------------------------------------ */

#define PAGE 4096

static int next_act(struct store *s, int64_t *id, int64_t *bytes, struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, "SELECT id, length(changes) FROM act WHERE changes IS NOT NULL ORDER BY at_ms LIMIT 1");
	got = query_step(&q, e);
	*id = got > 0 ? col_int(&q, 0) : 0;
	*bytes = got > 0 ? col_int(&q, 1) : 0;
	query_close(&q);
	return got < 0 ? -1 : 0;
}

/* Rows of acts were sealed and hashed under the former key, whoever did them. One that was done to thousands is as long as many rows: its pages are
 * overwritten. *ended: none is left. */
static int forget_acts(struct store *s, struct group *g, bool *ended, struct err *e)
{
	int64_t id, bytes;
	struct query q;

	do {
		if (next_act(s, &id, &bytes, e))
			return -1;
		*ended = !id;
		if (!id || group_full(g))
			return 0;
		query_open(&q, s, "UPDATE act SET changes = NULL WHERE id = ?");
		bind_int(&q, id);
		if (query_run(&q, e))
			return -1;
		g->rows += 1 + bytes / PAGE;
	} while (true);
}

static int finish(struct store *s, struct err *e)
{
	struct query q;

	query_open(&q, s, "DELETE FROM rekey");
	return query_run(&q, e);
}

static int go_on(struct resealing *r, bool *more, struct err *e)
{
	bool ended;

	if (places_load(r->s, r->place, &r->places, e) || where_it_stands(r, e) || places_maintenance(r->s, true, e) || reseal_columns(r, &ended, e) ||
	    places_maintenance(r->s, false, e) || stand(r, e))
		return -1;
	if (ended && forget_acts(r->s, &r->group, &ended, e))
		return -1;
	*more = !ended;
	return ended ? finish(r->s, e) : 0;
}

static int reseal_step(struct store *s, bool *more, struct err *e)
{
	struct resealing *r = calloc(1, sizeof(*r));
	int last;

	if (!r)
		return err_set(e, ERR_MEMORY, "rekey");
	r->s = s;
	r->group = group_begin(s);
	last = go_on(r, more, e);
	forget_row(r);
	free(r);
	return last;
}

int db_rekey_step(struct store *s, bool *more, struct err *e)
{
	struct db_rekey now;
	bool turned;

	*more = false;
	if (vault_need(&s->vault, VAULT_DATA, e) || db_rekey_state(s, &now, e))
		return -1;
	if (!now.under_way)
		return 0;
	if (now.turned)
		return reseal_step(s, more, e);
	if (blind_turn_step(s, &turned, e))
		return -1;
	*more = true;
	return 0;
}

int db_key_fresh(struct store *s, struct err *e)
{
	return vault_fresh(s, e);
}
