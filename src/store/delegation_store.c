/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/delegation.h"

#include "rows.h"

int db_delegation_insert(struct store *s, const struct db_delegation *d, int64_t *id, struct err *e)
{
	char uid[UID_TEXT];
	struct query q;

	uid_or_new(uid, d->uid);
	query_open(&q, s, "INSERT INTO delegation(uid, account, by_account, roles, made_ms, until_on) VALUES (?, ?, ?, ?, ?, ?)");
	bind_text(&q, uid);
	bind_int(&q, d->account);
	bind_int(&q, d->by_account);
	bind_int(&q, d->roles);
	bind_int(&q, d->made_ms ? d->made_ms : clock_now_ms());
	bind_date(&q, d->until_on);
	return query_insert(&q, id, e);
}

#define COLUMNS                                                                                              \
	"SELECT d.id, d.uid, d.account, d.by_account, d.roles, d.made_ms, d.until_on, d.ended_ms, a.name, b.name FROM delegation d" \
	" JOIN account a ON a.id = d.account JOIN account b ON b.id = d.by_account "

static int read_row(struct query *q, void *row, struct err *e)
{
	struct db_delegation *d = row;

	(void)e;
	*d = (struct db_delegation){.id = col_int(q, 0),
				    .account = col_int(q, 2),
				    .by_account = col_int(q, 3),
				    .roles = (unsigned)col_int(q, 4),
				    .made_ms = col_int(q, 5),
				    .until_on = col_date(q, 6),
				    .ended_ms = col_int(q, 7)};
	COL_TEXT(q, 1, d->uid);
	COL_TEXT(q, 8, d->name);
	COL_TEXT(q, 9, d->by_name);
	return 0;
}

int db_delegation_get(struct store *s, int64_t id, struct db_delegation *out, struct err *e)
{
	struct query q;

	query_open(&q, s, COLUMNS "WHERE d.id = ?");
	bind_int(&q, id);
	return rows_one(&q, read_row, out, "delegation", e);
}

int db_delegation_list(struct store *s, int64_t account, date_t on, struct db_delegation *rows, size_t cap, size_t *n, struct err *e)
{
	struct query q;

	query_open(&q, s, COLUMNS "WHERE d.ended_ms IS NULL AND d.until_on >= ?1 AND (?2 IS NULL OR d.account = ?2) ORDER BY d.id LIMIT ?3");
	bind_date(&q, on);
	bind_ref(&q, account);
	bind_int(&q, (int64_t)cap);
	return rows_all(&q, read_row, rows, sizeof(*rows), cap, n, e);
}

int db_delegation_end(struct store *s, int64_t id, int64_t now_ms, struct err *e)
{
	struct query q;

	query_open(&q, s, "UPDATE delegation SET ended_ms = ?2 WHERE id = ?1 AND ended_ms IS NULL");
	bind_int(&q, id);
	bind_int(&q, now_ms);
	return query_run_one(&q, ERR_CONFLICT, e);
}
