/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Private to the store: one statement from its text to its last row. sqlite3.h is seen here and in the files
 *that include this.
 *
 *	struct query q;
 *	query_open(&q, s, "SELECT name FROM person WHERE id = ?");
 *	bind_int(&q, id);
 *	while ((got = query_step(&q, e)) > 0) …col_text(&q, 0, …)…
 *	query_close(&q);
 *
 * Preparing and binding remember their first failure, and query_step() reports it: one place to look.
 *Statements are cached by the address of their text, which therefore must be static. Values are bound in
 *order.
 */
#ifndef STORE_QUERY_H
#define STORE_QUERY_H

#include <sqlite3.h>

#include "base/buf.h"
#include "base/dates.h"
#include "store/store.h"
#include "store/vault.h"

struct query {
	struct store *s;
	sqlite3_stmt *st;
	int slot;	/* in the cache; -1: a statement of its own */
	int bound;	/* values bound so far */
	struct err bad; /* first failure before stepping */
};

void query_open(struct query *q, struct store *s, const char *sql);
int query_step(struct query *q, struct err *e); /* 1: a row, 0: done, -1 */
int query_close(struct query *q);		/* always 0, so that it may stand in a return */
int query_run(struct query *q, struct err *e);	/* to the end, closed */
int query_run_one(struct query *q, enum err_code none,
		  struct err *e);			       /* the same; `none` when no row was changed */
int query_insert(struct query *q, int64_t *id, struct err *e); /* the same; id of the new row, may be NULL */
/* The first row or ERR_NO_SUCH, which names `what`; the caller closes either way. */
int query_one(struct query *q, const char *what, struct err *e);
int query_int(struct query *q, int64_t *out, int64_t none,
	      struct err *e); /* first column of the first row, else none; closed */
int query_rows(struct query *q, int64_t *n, struct err *e); /* how many rows come; closed. For statements with a LIMIT */

void bind_int(struct query *q, int64_t v);
void bind_ref(struct query *q, int64_t id);	/* 0: NULL */
void bind_text(struct query *q, const char *s); /* NULL: "" ; must live until the query is closed */
void bind_blob(struct query *q, const void *p, size_t n);
void bind_date(struct query *q, date_t d); /* DATE_NONE: NULL */
void bind_null(struct query *q);
/* Sealed under uid and column; nothing (NULL or no bytes): NULL, without needing a key. */
void bind_sealed(struct query *q, const char *uid, const char *column, const void *p, size_t n);
void bind_sealed_text(struct query *q, const char *uid, const char *column, const char *s);
void bind_sealed_date(struct query *q, const char *uid, const char *column, date_t d);

int64_t col_int(struct query *q, int col);
bool col_null(struct query *q, int col);
void col_text(struct query *q, int col, char *out, size_t size);
date_t col_date(struct query *q, int col);
const void *col_blob(struct query *q, int col, size_t *n);
/* "" (DATE_NONE, nothing added) for NULL. */
int col_sealed(struct query *q, int col, const char *uid, const char *column, struct buf *out, struct err *e);
int col_sealed_text(struct query *q, int col, const char *uid, const char *column, char *out, size_t size,
		    struct err *e);
int col_sealed_date(struct query *q, int col, const char *uid, const char *column, date_t *out,
		    struct err *e);
/* "" while the vault is locked: for what lists show beside clear columns. */
int col_sealed_text_if_open(struct query *q, int col, const char *uid, const char *column, char *out,
			    size_t size, struct err *e);
#define COL_TEXT(q, col, array) col_text((q), (col), (array), sizeof(array))

sqlite3 *store_db(struct store *s);

/* SQLite's code as ours; `doing` is technical. */
int sql_error(struct err *e, sqlite3 *db, int rc, const char *doing);

#endif
