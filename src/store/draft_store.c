/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/draft.h"

#include <string.h>

#include "rows.h"

#define SEALED_AS "draft.body_sealed"
#define DRAFT_COLUMNS                                                                                        \
	"SELECT d.id, d.account, d.project, d.person, d.form, d.at_ms, a.name, a.display, d.uid, "           \
	"d.body_sealed"                                                                                      \
	" FROM draft d JOIN account a ON a.id = d.account "

static int read_draft(struct query *q, void *row, struct err *e)
{
	struct db_draft *d = row;

	(void)e;
	*d = (struct db_draft){.id = col_int(q, 0),
			       .account = col_int(q, 1),
			       .project = col_int(q, 2),
			       .person = col_int(q, 3),
			       .at_ms = col_int(q, 5)};
	COL_TEXT(q, 4, d->form);
	COL_TEXT(q, 6, d->account_name);
	COL_TEXT(q, 7, d->display);
	return 0;
}

/* The uid under which the row is sealed stays for its life. */
static int row_uid(struct store *s, int64_t account, const char *form, char uid[UID_TEXT], struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, "SELECT uid FROM draft WHERE account = ? AND form = ?");
	bind_int(&q, account);
	bind_text(&q, form);
	got = query_step(&q, e);
	if (got > 0)
		col_text(&q, 0, uid, UID_TEXT);
	else if (!got)
		uid_new(uid);
	query_close(&q);
	return got < 0 ? -1 : 0;
}

int db_draft_save(struct store *s, const struct db_draft *d, const char *body, struct err *e)
{
	char uid[UID_TEXT];
	struct query q;

	if (row_uid(s, d->account, d->form, uid, e))
		return -1;
	query_open(&q, s,
		   "INSERT INTO draft(uid, account, form, project, person, at_ms, body_sealed) VALUES (?1, "
		   "?2, ?3, ?4, ?5, ?6, ?7)"
		   " ON CONFLICT(account, form) DO UPDATE SET project = ?4, person = ?5, at_ms = ?6, "
		   "body_sealed = ?7");
	bind_text(&q, uid);
	bind_int(&q, d->account);
	bind_text(&q, d->form);
	bind_ref(&q, d->project);
	bind_ref(&q, d->person);
	bind_int(&q, d->at_ms ? d->at_ms : clock_now_ms());
	bind_sealed_text(&q, uid, SEALED_AS, body);
	return query_run(&q, e);
}

static int load_row(struct query *q, struct db_draft *out, struct buf *body, struct err *e)
{
	char uid[UID_TEXT];

	read_draft(q, out, e);
	COL_TEXT(q, 8, uid);
	return col_sealed(q, 9, uid, SEALED_AS, body, e);
}

int db_draft_load(struct store *s, int64_t account, const char *form, struct db_draft *out, struct buf *body,
		  bool *found, struct err *e)
{
	struct db_draft d;
	struct query q;
	int got, last;

	query_open(&q, s, DRAFT_COLUMNS "WHERE d.account = ? AND d.form = ?");
	bind_int(&q, account);
	bind_text(&q, form);
	got = query_step(&q, e);
	last = got > 0 ? load_row(&q, &d, body, e) : got;
	query_close(&q);
	if (last)
		return -1;
	*found = got > 0;
	if (*found)
		*out = d;
	return 0;
}

int db_draft_drop(struct store *s, int64_t account, const char *form, struct err *e)
{
	struct query q;

	query_open(&q, s, "DELETE FROM draft WHERE account = ? AND form = ?");
	bind_int(&q, account);
	bind_text(&q, form);
	return query_run(&q, e);
}

int db_draft_list(struct store *s, int64_t after, struct db_draft *rows, size_t cap, size_t *n, struct err *e)
{
	struct query q;

	query_open(&q, s, DRAFT_COLUMNS "WHERE d.id > ? ORDER BY d.id LIMIT ?");
	bind_int(&q, after);
	bind_int(&q, (int64_t)cap);
	return rows_all(&q, read_draft, rows, sizeof(*rows), cap, n, e);
}
