/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "query.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "store_private.h"

static const struct {
	int rc;
	enum err_code code;
} from_sqlite[] = {
	{SQLITE_BUSY, ERR_BUSY},
	{SQLITE_LOCKED, ERR_BUSY},
	{SQLITE_FULL, ERR_DISK_FULL},
	{SQLITE_READONLY, ERR_READ_ONLY},
	{SQLITE_NOMEM, ERR_MEMORY},
	{SQLITE_CORRUPT, ERR_DATA_DAMAGED},
	{SQLITE_NOTADB, ERR_DATA_DAMAGED},
	{SQLITE_TOOBIG, ERR_TOO_LARGE},
	{SQLITE_PERM, ERR_NO_PERMISSION},
	{SQLITE_AUTH, ERR_NO_PERMISSION},
	{SQLITE_CANTOPEN, ERR_NO_PERMISSION},
	{SQLITE_IOERR, ERR_SYSTEM},
};

static enum err_code code_of(sqlite3 *db, int rc)
{
	if (rc == SQLITE_CONSTRAINT_UNIQUE || rc == SQLITE_CONSTRAINT_PRIMARYKEY)
		return ERR_DUPLICATE;
	if ((rc & 0xFF) == SQLITE_IOERR && db) {
		int number = sqlite3_system_errno(db);

		if (number == ENOSPC || number == EDQUOT)
			return ERR_DISK_FULL;
		if (number == EROFS)
			return ERR_READ_ONLY;
		if (rc == SQLITE_IOERR_NOMEM)
			return ERR_MEMORY;
	}
	for (size_t i = 0; i < ARRAY_LEN(from_sqlite); i++) {
		if (from_sqlite[i].rc == (rc & 0xFF))
			return from_sqlite[i].code;
	}
	return ERR_INTERNAL;
}

int sql_error(struct err *e, sqlite3 *db, int rc, const char *doing)
{
	return err_set(e, code_of(db, rc), "%s: %s (%d)", doing, db ? sqlite3_errmsg(db) : sqlite3_errstr(rc),
		       rc);
}

/* --- the cache
 * ------------------------------------------------------------------------------------------------------------
 */

static int slot_of(struct store *s, const char *sql)
{
	size_t at = ((uintptr_t)sql >> 3) * 2654435761u % CACHE_SLOTS;

	for (size_t i = 0; i < CACHE_SLOTS; i++, at = (at + 1) % CACHE_SLOTS) {
		if (s->cache[at].sql == sql || !s->cache[at].sql)
			return (int)at;
	}
	return -1;
}

static int prepare(struct query *q, const char *sql)
{
	struct store *s = q->s;
	unsigned flags = q->slot >= 0 ? SQLITE_PREPARE_PERSISTENT : 0;
	int rc = sqlite3_prepare_v3(s->db, sql, -1, flags, &q->st, NULL);

	if (rc != SQLITE_OK)
		return sql_error(&q->bad, s->db, rc, "prepare");
	if (q->slot >= 0)
		s->cache[q->slot] = (struct cached){.sql = sql, .st = q->st};
	return 0;
}

void query_open(struct query *q, struct store *s, const char *sql)
{
	*q = (struct query){.s = s, .slot = slot_of(s, sql)};
	if (q->slot >= 0 && s->cache[q->slot].busy)
		q->slot = -1; /* in use further up: one of its own */
	if (q->slot >= 0 && s->cache[q->slot].sql)
		q->st = s->cache[q->slot].st;
	else if (prepare(q, sql))
		return;
	if (q->slot >= 0)
		s->cache[q->slot].busy = true;
	if (!sqlite3_stmt_readonly(q->st) && !s->in_tx)
		err_set(&q->bad, ERR_INTERNAL, "write outside a transaction: %.60s", sql);
}

int query_close(struct query *q)
{
	if (q->st && q->slot < 0) {
		sqlite3_finalize(q->st);
	} else if (q->st) {
		sqlite3_reset(q->st);
		sqlite3_clear_bindings(q->st);
		q->s->cache[q->slot].busy = false;
	}
	q->st = NULL;
	return 0;
}

static enum err_code ask_seam(struct store *s)
{
	s->steps++;
	return s->seam && s->seam->before_step ? s->seam->before_step(s->seam->arg, s->steps) : ERR_NONE;
}

int query_step(struct query *q, struct err *e)
{
	enum err_code forced;
	int rc;

	if (!q->st && q->bad.code == ERR_NONE)
		return err_set(e, ERR_INTERNAL, "step of a closed statement");
	if (q->bad.code != ERR_NONE) {
		if (e)
			*e = q->bad;
		return -1;
	}
	forced = ask_seam(q->s);
	if (forced != ERR_NONE)
		return err_set(e, forced, "forced at step %ld", q->s->steps);
	rc = sqlite3_step(q->st);
	if (rc == SQLITE_ROW)
		return 1;
	if (rc == SQLITE_DONE)
		return 0;
	return sql_error(e, q->s->db, sqlite3_extended_errcode(q->s->db), "step");
}

int query_run(struct query *q, struct err *e)
{
	int got;

	do {
		got = query_step(q, e);
	} while (got > 0);
	query_close(q);
	return got;
}

int query_run_one(struct query *q, enum err_code none, struct err *e)
{
	if (query_run(q, e))
		return -1;
	return sqlite3_changes(q->s->db) ? 0 : err_set(e, none, "no row changed");
}

int query_insert(struct query *q, int64_t *id, struct err *e)
{
	if (query_run(q, e))
		return -1;
	if (id)
		*id = sqlite3_last_insert_rowid(q->s->db);
	return 0;
}

int query_one(struct query *q, const char *what, struct err *e)
{
	int got = query_step(q, e);

	if (got > 0)
		return 0;
	return got < 0 ? -1 : err_set(e, ERR_NO_SUCH, "%s", what);
}

int query_int(struct query *q, int64_t *out, int64_t none, struct err *e)
{
	int got = query_step(q, e);

	if (got >= 0)
		*out = got ? col_int(q, 0) : none;
	query_close(q);
	return got < 0 ? -1 : 0;
}

int query_rows(struct query *q, int64_t *n, struct err *e)
{
	int64_t rows = 0;
	int got;

	while ((got = query_step(q, e)) > 0)
		rows++;
	query_close(q);
	if (got < 0)
		return -1;
	*n = rows;
	return 0;
}

/* --- values in
 * ------------------------------------------------------------------------------------------------------------
 */

static void note(struct query *q, int rc)
{
	if (rc != SQLITE_OK && q->bad.code == ERR_NONE)
		sql_error(&q->bad, q->s->db, rc, "bind");
}

static bool ready(struct query *q)
{
	q->bound++;
	return q->st && q->bad.code == ERR_NONE;
}

void bind_int(struct query *q, int64_t v)
{
	if (ready(q))
		note(q, sqlite3_bind_int64(q->st, q->bound, v));
}

void bind_null(struct query *q)
{
	if (ready(q))
		note(q, sqlite3_bind_null(q->st, q->bound));
}

void bind_ref(struct query *q, int64_t id)
{
	if (id)
		bind_int(q, id);
	else
		bind_null(q);
}

void bind_text(struct query *q, const char *s)
{
	if (ready(q))
		note(q, sqlite3_bind_text(q->st, q->bound, s ? s : "", -1, SQLITE_STATIC));
}

void bind_blob(struct query *q, const void *p, size_t n)
{
	if (ready(q))
		note(q, sqlite3_bind_blob64(q->st, q->bound, p, n, SQLITE_TRANSIENT));
}

void bind_date(struct query *q, date_t d)
{
	char text[DATE_TEXT];

	if (d == DATE_NONE) {
		bind_null(q);
		return;
	}
	date_format(d, text);
	if (ready(q))
		note(q, sqlite3_bind_text(q->st, q->bound, text, -1, SQLITE_TRANSIENT));
}

void bind_sealed(struct query *q, const char *uid, const char *column, const void *p, size_t n)
{
	struct buf sealed;

	if (!p || !n) {
		bind_null(q);
		return;
	}
	buf_init(&sealed, n + VAULT_OVERHEAD);
	if (q->bad.code != ERR_NONE || vault_seal(store_vault(q->s), uid, column, p, n, &sealed, &q->bad))
		q->bound++;
	else
		bind_blob(q, sealed.data, sealed.len);
	buf_release(&sealed);
}

void bind_sealed_text(struct query *q, const char *uid, const char *column, const char *s)
{
	bind_sealed(q, uid, column, s, s ? strlen(s) : 0);
}

void bind_sealed_date(struct query *q, const char *uid, const char *column, date_t d)
{
	char text[DATE_TEXT] = "";

	if (d != DATE_NONE)
		date_format(d, text);
	bind_sealed_text(q, uid, column, text);
	wipe(text, sizeof(text));
}

/* --- values out
 * -----------------------------------------------------------------------------------------------------------
 */

int64_t col_int(struct query *q, int col)
{
	return sqlite3_column_int64(q->st, col);
}

bool col_null(struct query *q, int col)
{
	return sqlite3_column_type(q->st, col) == SQLITE_NULL;
}

void col_text(struct query *q, int col, char *out, size_t size)
{
	const unsigned char *text = sqlite3_column_text(q->st, col);

	text_copy(out, size, text ? (const char *)text : "");
}

date_t col_date(struct query *q, int col)
{
	char text[DATE_TEXT];
	date_t d;

	COL_TEXT(q, col, text);
	return date_parse(text, &d) ? d : DATE_NONE;
}

const void *col_blob(struct query *q, int col, size_t *n)
{
	const void *p = sqlite3_column_blob(q->st, col);

	*n = p ? (size_t)sqlite3_column_bytes(q->st, col) : 0;
	return p;
}

int col_sealed(struct query *q, int col, const char *uid, const char *column, struct buf *out, struct err *e)
{
	size_t n;
	const void *p = col_blob(q, col, &n);

	return n ? vault_open(store_vault(q->s), uid, column, p, n, out, e) : 0;
}

int col_sealed_text(struct query *q, int col, const char *uid, const char *column, char *out, size_t size,
		    struct err *e)
{
	struct buf clear;
	int last;

	buf_init(&clear, VAULT_MAX);
	last = col_sealed(q, col, uid, column, &clear, e);
	if (!last)
		text_copy(out, size, clear.data ? clear.data : "");
	buf_wipe_release(&clear);
	return last;
}

int col_sealed_date(struct query *q, int col, const char *uid, const char *column, date_t *out, struct err *e)
{
	char text[DATE_TEXT];
	date_t d;

	if (col_sealed_text(q, col, uid, column, text, sizeof(text), e))
		return -1;
	*out = date_parse(text, &d) ? d : DATE_NONE;
	wipe(text, sizeof(text));
	return 0;
}

int col_sealed_text_if_open(struct query *q, int col, const char *uid, const char *column, char *out,
			    size_t size, struct err *e)
{
	if (vault_level(store_vault(q->s)) == VAULT_DATA)
		return col_sealed_text(q, col, uid, column, out, size, e);
	*out = '\0';
	return 0;
}
