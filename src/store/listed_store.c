/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/listed.h"

#include "rows.h"

static int read_listed(struct query *q, void *row, struct err *e)
{
	struct db_listed *l = row;

	(void)e;
	*l = (struct db_listed){.person = col_int(q, 0), .worker = col_int(q, 1), .since_ms = col_int(q, 2), .heard_ms = col_int(q, 3),
				.gone_ms = col_int(q, 4), .asked_ms = col_int(q, 5)};
	COL_TEXT(q, 6, l->differs);
	return 0;
}

int db_listed_get(struct store *s, int64_t project, int64_t person, struct db_listed *out, struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "SELECT person, worker, since_ms, heard_ms, gone_ms, asked_ms, differs FROM platform_list WHERE person = ? AND project = ? "
		   "ORDER BY heard_ms DESC, id DESC LIMIT 1");
	bind_int(&q, person);
	bind_int(&q, project);
	return rows_one(&q, read_listed, out, "platform's list", e);
}

static int come_back(struct store *s, int64_t project, int64_t person, int64_t worker, int64_t now_ms, int64_t *n, struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "UPDATE platform_list SET heard_ms = ?1, since_ms = CASE WHEN gone_ms OR worker <> ?2 THEN ?1 ELSE since_ms END,"
		   " asked_ms = CASE WHEN gone_ms OR worker <> ?2 THEN 0 ELSE asked_ms END, worker = ?2, gone_ms = 0"
		   " WHERE person = ?3 AND project = ?4");
	bind_int(&q, now_ms);
	bind_int(&q, worker);
	bind_int(&q, person);
	bind_int(&q, project);
	if (query_run(&q, e))
		return -1;
	query_open(&q, s, "SELECT changes()");
	return query_int(&q, n, 0, e);
}

int db_listed_heard(struct store *s, int64_t project, int64_t person, int64_t worker, int64_t now_ms, struct err *e)
{
	struct query q;
	int64_t n;

	if (come_back(s, project, person, worker, now_ms, &n, e) || n)
		return n ? 0 : -1;
	query_open(&q, s, "INSERT INTO platform_list(project, person, worker, since_ms, heard_ms) VALUES (?1, ?2, ?3, ?4, ?4)");
	bind_int(&q, project);
	bind_int(&q, person);
	bind_int(&q, worker);
	bind_int(&q, now_ms);
	return query_run(&q, e);
}

int db_listed_gone(struct store *s, int64_t project, int64_t now_ms, struct err *e)
{
	struct query q;

	query_open(&q, s, "UPDATE platform_list SET gone_ms = ?1 WHERE project = ?2 AND gone_ms = 0 AND heard_ms < ?1");
	bind_int(&q, now_ms);
	bind_int(&q, project);
	return query_run(&q, e);
}

static int read_person(struct query *q, void *row, struct err *e)
{
	(void)e;
	*(int64_t *)row = col_int(q, 0);
	return 0;
}

const char sql_listed_unasked[] = "SELECT person FROM platform_list WHERE project = ? AND gone_ms = 0 AND asked_ms = 0 ORDER BY id LIMIT ?";

int db_listed_unasked(struct store *s, int64_t project, int64_t *persons, size_t cap, size_t *n, struct err *e)
{
	struct query q;

	query_open(&q, s, sql_listed_unasked);
	bind_int(&q, project);
	bind_int(&q, (int64_t)cap);
	return rows_all(&q, read_person, persons, sizeof(*persons), cap, n, e);
}

int db_listed_asked(struct store *s, int64_t project, int64_t person, int64_t now_ms, const char *differs, struct err *e)
{
	struct query q;

	query_open(&q, s, "UPDATE platform_list SET asked_ms = ?, differs = ? WHERE person = ? AND project = ?");
	bind_int(&q, now_ms);
	bind_text(&q, differs);
	bind_int(&q, person);
	bind_int(&q, project);
	return query_run(&q, e);
}
