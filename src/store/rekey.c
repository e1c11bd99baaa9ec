/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/rekey.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "account_private.h"
#include "base/dates.h"
#include "base/json.h"
#include "base/text.h"
#include "domain/record.h"
#include "places.h"
#include "store_private.h"

#define GROUP_ROWS 256
#define GROUP_PICTURES 8 /* rows of this size and more: a group stays below a few MiB */
#define KEY_COLUMNS 4

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

/* --- blind indexes under the new key: every number and phone on file, hashed both ways ------------------------ */

static int pair_hashes(struct store *s, enum vault_index kind, const char *text, struct err *e)
{
	unsigned char was[VAULT_BLIND_BYTES], is[VAULT_BLIND_BYTES];
	struct query q;

	if (vault_blind_with(s->former.keys, kind, text, was, e) || vault_blind_with(s->vault.keys, kind, text, is, e))
		return -1;
	query_open(&q, s, "INSERT INTO temp.rehash(was, now) VALUES (?, ?) ON CONFLICT DO NOTHING");
	bind_blob(&q, was, sizeof(was));
	bind_blob(&q, is, sizeof(is));
	return query_run(&q, e);
}

static int pair_number(struct store *s, enum vault_index whole, const char *text, struct err *e)
{
	size_t n = strlen(text);

	if (!n || pair_hashes(s, whole, text, e))
		return n ? -1 : 0;
	return n < 4 ? 0 : pair_hashes(s, INDEX_TAIL, text + n - 4, e);
}

static int pair_document(struct query *q, struct err *e)
{
	char uid[UID_TEXT], type[32], number[128], both[192];
	int last;

	COL_TEXT(q, 0, uid);
	COL_TEXT(q, 1, type);
	if (col_sealed_text(q, 2, uid, "document.number_sealed", number, sizeof(number), e))
		return -1;
	last = !text_format(both, sizeof(both), "%s %s", type, number) ? err_set(e, ERR_TOO_LARGE, "document number") : 0;
	last = last || pair_hashes(q->s, INDEX_DOCUMENT, both, e) || pair_number(q->s, INDEX_NUMBER, number, e) ? -1 : 0;
	wipe(number, sizeof(number));
	wipe(both, sizeof(both));
	return last;
}

static int pair_phone(struct query *q, struct err *e)
{
	char uid[UID_TEXT], phone[128];
	int last;

	COL_TEXT(q, 0, uid);
	if (col_sealed_text(q, 1, uid, "person_field.phone", phone, sizeof(phone), e))
		return -1;
	last = pair_number(q->s, INDEX_PHONE, phone, e);
	wipe(phone, sizeof(phone));
	return last;
}

static int number_of_body(const struct buf *body, char *out, size_t size, struct err *e)
{
	struct record r;
	cJSON *json = NULL;
	int last = 0;

	record_init(&r);
	out[0] = '\0';
	if (body->len)
		last = json_parse(&json, body->data, body->len, body->len, e) || record_from_json(&r, json, e) ? -1 : 0;
	if (!last)
		text_copy(out, size, record_get(&r, F_NUMBER));
	cJSON_Delete(json);
	record_release(&r);
	return last;
}

static int pair_collected(struct query *q, struct err *e)
{
	char uid[UID_TEXT], number[128];
	struct buf body;
	int last;

	buf_init(&body, VAULT_MAX);
	COL_TEXT(q, 0, uid);
	last = col_sealed(q, 1, uid, "device_collected.body_sealed", &body, e) || number_of_body(&body, number, sizeof(number), e) ? -1 : 0;
	if (!last && number[0])
		last = pair_hashes(q->s, INDEX_NUMBER, number, e);
	buf_wipe_release(&body);
	wipe(number, sizeof(number));
	return last;
}

static const struct {
	const char *sql;
	int (*pair)(struct query *q, struct err *e);
} numbers[] = {
	{"SELECT uid, type, number_sealed FROM document ORDER BY id", pair_document},
	{"SELECT p.uid, f.value_sealed FROM person_field f JOIN person p ON p.id = f.owner WHERE f.field = 'phone' ORDER BY f.owner", pair_phone},
	{"SELECT uid, body_sealed FROM device_collected ORDER BY id", pair_collected},
};

static int pair_all(struct store *s, struct err *e)
{
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++) {
		struct query q;
		int got;

		query_open(&q, s, numbers[i].sql);
		while ((got = query_step(&q, e)) > 0)
			if (numbers[i].pair(&q, e)) {
				got = -1;
				break;
			}
		query_close(&q);
		if (got < 0)
			return -1;
	}
	return 0;
}

/* Hashes are taken over by the map, so that merges keep what they did; what no number on file explains has no business there. */
static const char *const rehashing[] = {
	"CREATE TABLE temp.moved AS SELECT r.now AS hash, i.person, i.source FROM person_index i JOIN temp.rehash r ON r.was = i.hash",
	"DELETE FROM person_index",
	"INSERT INTO person_index(hash, person, source) SELECT hash, person, source FROM temp.moved ORDER BY hash ON CONFLICT DO NOTHING",
	"UPDATE document SET hash = (SELECT now FROM temp.rehash WHERE was = document.hash) WHERE hash IN (SELECT was FROM temp.rehash)",
	"UPDATE device_collected SET hash = (SELECT now FROM temp.rehash WHERE was = device_collected.hash) WHERE hash IN (SELECT was FROM temp.rehash)",
	"DELETE FROM book_word", /* made anew with the first search (db_book_words_owed()) */
	"UPDATE book_entry SET words = 0 WHERE words <> 0",
	"DROP TABLE temp.moved",
	"DELETE FROM temp.rehash",
};

static int blind_anew(struct store *s, struct err *e)
{
	if (store_exec(s, "CREATE TEMP TABLE IF NOT EXISTS rehash(was BLOB PRIMARY KEY, now BLOB NOT NULL) WITHOUT ROWID; DELETE FROM temp.rehash", e) ||
	    pair_all(s, e))
		return -1;
	for (size_t i = 0; i < ARRAY_LEN(rehashing); i++)
		if (store_exec(s, rehashing[i], e))
			return -1;
	return 0;
}

static int note_begun(struct store *s, struct err *e)
{
	struct query q;

	query_open(&q, s, "INSERT INTO rekey(one, key_id, begun_ms) VALUES (1, ?, ?)");
	bind_int(&q, s->vault.key_id);
	bind_int(&q, clock_now_ms());
	return query_run(&q, e);
}

static int forget_acts(struct store *s, struct err *e)
{
	struct query q;

	query_open(&q, s, "UPDATE act SET changes = NULL WHERE changes IS NOT NULL");
	return query_run(&q, e);
}

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
	last = put_key(s, id, key, with, e) || put_formers(s, id, with, e) || turn(s, id, key, e) ? -1 : 0;
	wipe(key, sizeof(key));
	wipe(with, sizeof(with));
	if (last || seal_to_all(s, e) || recovery_put(s, code, e) || unattended_reseal(s, ended, e) || blind_anew(s, e) || forget_acts(s, e))
		return -1;
	return note_begun(s, e);
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
	query_open(&q, s, "SELECT begun_ms, resealed FROM rekey");
	got = query_step(&q, e);
	if (got > 0)
		*out = (struct db_rekey){.under_way = true, .begun_ms = col_int(&q, 0), .resealed = col_int(&q, 1)};
	query_close(&q);
	return got < 0 ? -1 : 0;
}

struct resealing {
	struct store *s;
	struct place place[PLACES_MAX];
	size_t places;
	char tbl[48], col[48]; /* where it stands */
	sqlite3_value *upto;   /* NULL: before the first row */
	char key[KEY_COLUMNS][48];
	int keys;
	int64_t done;
};

static int where_it_stands(struct resealing *r, struct err *e)
{
	struct query q;
	int last;

	query_open(&q, r->s, "SELECT tbl, col, upto FROM rekey");
	last = query_one(&q, "rekey", e);
	if (!last) {
		COL_TEXT(&q, 0, r->tbl);
		COL_TEXT(&q, 1, r->col);
		if (!col_null(&q, 2))
			r->upto = sqlite3_value_dup(sqlite3_column_value(q.st, 2));
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

/* The first key column's value at the end of the next group; NULL: no row is left. */
static int end_of_group(struct resealing *r, const struct place *p, sqlite3_value **out, struct err *e)
{
	const char *key = r->key[0];
	sqlite3_stmt *st;
	int rc;

	*out = NULL;
	if (place_prepare(r->s,
			  r->upto ? sqlite3_mprintf("SELECT max(k) FROM (SELECT \"%w\" AS k FROM \"%w\" WHERE \"%w\" > ?1 ORDER BY 1 LIMIT %d)", key,
						    p->tbl, key, group_rows(p->tbl))
				  : sqlite3_mprintf("SELECT max(k) FROM (SELECT \"%w\" AS k FROM \"%w\" ORDER BY 1 LIMIT %d)", key, p->tbl,
						    group_rows(p->tbl)),
			  &st, e))
		return -1;
	if (r->upto)
		sqlite3_bind_value(st, 1, r->upto);
	rc = sqlite3_step(st);
	if (rc == SQLITE_ROW && sqlite3_column_type(st, 0) != SQLITE_NULL)
		*out = sqlite3_value_dup(sqlite3_column_value(st, 0));
	sqlite3_finalize(st);
	return rc == SQLITE_ROW ? 0 : sql_error(e, store_db(r->s), rc, p->tbl);
}

/* Rows of the group that are still under a former key: value, uid, name, then the key. */
static char *select_group(const struct resealing *r, const struct place *p)
{
	sqlite3_str *sql = sqlite3_str_new(store_db(r->s));

	sqlite3_str_appendf(sql, "SELECT t.\"%w\", %s, %s", p->col, p->uid_sql, p->as_sql ? p->as_sql : "''");
	for (int i = 0; i < r->keys; i++)
		sqlite3_str_appendf(sql, ", t.\"%w\"", r->key[i]);
	sqlite3_str_appendf(sql, " FROM \"%w\" t WHERE t.\"%w\" <= ?1 AND length(t.\"%w\") >= %d AND substr(t.\"%w\", 2, 1) <> ?2", p->tbl, r->key[0],
			    p->col, VAULT_OVERHEAD, p->col);
	if (r->upto)
		sqlite3_str_appendf(sql, " AND t.\"%w\" > ?3", r->key[0]);
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
	r->done++;
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

static int reseal_group(struct resealing *r, const struct place *p, const sqlite3_value *end, struct err *e)
{
	sqlite3_stmt *from = NULL, *to = NULL;
	unsigned char id = r->s->vault.key_id;
	int rc = SQLITE_DONE, last = -1;

	if (place_prepare(r->s, select_group(r, p), &from, e) || place_prepare(r->s, update_row(r, p), &to, e))
		goto out;
	sqlite3_bind_value(from, 1, end);
	sqlite3_bind_blob(from, 2, &id, 1, SQLITE_STATIC);
	if (r->upto)
		sqlite3_bind_value(from, 3, r->upto);
	last = 0;
	while (!last && (rc = sqlite3_step(from)) == SQLITE_ROW)
		last = reseal_row(r, p, from, to, e);
	if (!last && rc != SQLITE_DONE)
		last = sql_error(e, store_db(r->s), rc, p->tbl);
out:
	sqlite3_finalize(from);
	sqlite3_finalize(to);
	return last;
}

static int stand(struct resealing *r, const struct place *p, const sqlite3_value *upto, struct err *e)
{
	sqlite3_stmt *st;
	int rc;

	if (place_prepare(r->s, sqlite3_mprintf("UPDATE rekey SET tbl = ?1, col = ?2, upto = ?3, resealed = resealed + ?4"), &st, e))
		return -1;
	sqlite3_bind_text(st, 1, p->tbl, -1, SQLITE_STATIC);
	sqlite3_bind_text(st, 2, p->col, -1, SQLITE_STATIC);
	if (upto)
		sqlite3_bind_value(st, 3, upto);
	sqlite3_bind_int64(st, 4, r->done);
	rc = sqlite3_step(st);
	sqlite3_finalize(st);
	return rc == SQLITE_DONE ? 0 : sql_error(e, store_db(r->s), rc, "rekey");
}

static int finish(struct store *s, struct err *e)
{
	struct query q;

	if (forget_acts(s, e)) /* what was done meanwhile: rows of it were sealed anew since */
		return -1;
	query_open(&q, s, "DELETE FROM rekey");
	return query_run(&q, e);
}

static int one_group(struct resealing *r, const struct place *p, const sqlite3_value *end, struct err *e)
{
	int last = places_maintenance(r->s, true, e) || reseal_group(r, p, end, e) ? -1 : 0;

	return last || places_maintenance(r->s, false, e) || stand(r, p, end, e) ? -1 : 0;
}

/* On in the present column, else to the next that has rows, else done. */
static int go_on(struct resealing *r, bool *more, struct err *e)
{
	const struct place *p = r->tbl[0] ? place_at(r, false) : NULL;
	sqlite3_value *end = NULL;
	int last = 0;

	*more = true;
	do {
		if (p && (key_of(r, p->tbl, e) || end_of_group(r, p, &end, e)))
			return -1;
		if (end) {
			last = one_group(r, p, end, e);
			sqlite3_value_free(end);
			return last;
		}
		if (p) {
			text_copy(r->tbl, sizeof(r->tbl), p->tbl);
			text_copy(r->col, sizeof(r->col), p->col);
		}
		sqlite3_value_free(r->upto);
		r->upto = NULL;
		p = place_at(r, true);
	} while (p);
	*more = false;
	return finish(r->s, e);
}

int db_rekey_step(struct store *s, bool *more, struct err *e)
{
	struct resealing *r = calloc(1, sizeof(*r));
	struct db_rekey now;
	int last = -1;

	*more = false;
	if (!r)
		return err_set(e, ERR_MEMORY, "rekey");
	r->s = s;
	if (!vault_need(&s->vault, VAULT_DATA, e) && !db_rekey_state(s, &now, e))
		last = !now.under_way ? 0 : places_load(s, r->place, &r->places, e) || where_it_stands(r, e) || go_on(r, more, e) ? -1 : 0;
	sqlite3_value_free(r->upto);
	free(r);
	return last;
}

int db_key_fresh(struct store *s, struct err *e)
{
	return vault_fresh(s, e);
}
