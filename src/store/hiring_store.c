/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/hiring.h"

#include "rows.h"

/* --- the app registration --- */

static int read_app(struct query *q, void *row, struct err *e)
{
	struct db_app *a = row;

	(void)e;
	*a = (struct db_app){.id = col_int(q, 0),
			     .project = col_int(q, 2),
			     .person = col_int(q, 3),
			     .state = (enum app_state)col_state(q, 4, CYCLE_APP),
			     .since = col_date(q, 5)};
	COL_TEXT(q, 1, a->uid);
	return 0;
}

#define APP_COLUMNS "SELECT id, uid, project, person, state, since FROM app_registration "

int db_app_by_id(struct store *s, int64_t id, struct db_app *out, struct err *e)
{
	struct query q;

	query_open(&q, s, APP_COLUMNS "WHERE id = ?");
	bind_int(&q, id);
	return rows_one(&q, read_app, out, "app registration", e);
}

int db_app_get(struct store *s, int64_t project, int64_t person, struct db_app *out, struct err *e)
{
	struct query q;
	size_t n;

	query_open(&q, s, APP_COLUMNS "WHERE project = ? AND person = ? ORDER BY id DESC LIMIT 1");
	bind_int(&q, project);
	bind_int(&q, person);
	*out = (struct db_app){.id = 0, .project = project, .person = person, .since = DATE_NONE};
	return rows_all(&q, read_app, out, sizeof(*out), 1, &n, e);
}

int db_app_insert(struct store *s, const struct db_app *a, int64_t *id, struct err *e)
{
	char uid[UID_TEXT];
	struct query q;

	uid_or_new(uid, a->uid);
	query_open(&q, s, "INSERT INTO app_registration(uid, project, person, state, since) VALUES (?, ?, ?, ?, ?)");
	bind_text(&q, uid);
	bind_int(&q, a->project);
	bind_int(&q, a->person);
	bind_state(&q, CYCLE_APP, a->state);
	bind_date(&q, a->since);
	return query_insert(&q, id, e);
}

int db_app_state(struct store *s, int64_t id, enum app_state from, enum app_state to, date_t since, struct err *e)
{
	struct query q;

	query_open(&q, s, "UPDATE app_registration SET state = ?, since = ? WHERE id = ? AND state = ?");
	bind_state(&q, CYCLE_APP, to);
	bind_date(&q, since);
	bind_int(&q, id);
	bind_state(&q, CYCLE_APP, from);
	return query_run_one(&q, ERR_CONFLICT, e);
}

/* --- what is pending --- */

/* Few rows at any time: those of one participant are picked out of the project's. */
#define PENDING_WHERE                                                                                        \
	"WHERE m.project = ?1 AND m.pending IS NOT NULL AND (m.pending, m.since_ms, m.id) > (?2, ?3, ?4) AND m.pending <= ?5 AND " \
	"(?6 = 0 OR m.participant = ?6) "

const char sql_hiring_pending[] =
	"SELECT m.id, m.uid, m.person, p.name, ifnull(nullif(o.short_name, ''), ifnull(o.name, '')), m.state, m.pending, m.since_ms, "
	"m.leaves_on, m.ends_on, m.role, a.state, a.since FROM employment m JOIN person p ON p.id = m.person "
	"LEFT JOIN company o ON o.id = m.company LEFT JOIN app_registration a ON a.id = "
	"(SELECT max(id) FROM app_registration WHERE project = m.project AND person = m.person) "
	PENDING_WHERE "ORDER BY m.pending, m.since_ms, m.id LIMIT ?7";
const char sql_hiring_count[] =
	"SELECT m.since_ms FROM employment m " PENDING_WHERE "ORDER BY m.pending, m.since_ms, m.id LIMIT ?7";

static int read_pending(struct query *q, void *row, struct err *e)
{
	struct db_pending *p = row;

	(void)e;
	*p = (struct db_pending){.id = col_int(q, 0),
				 .person = col_int(q, 2),
				 .state = (enum employment_state)col_state(q, 5, CYCLE_EMPLOYMENT),
				 .pending = (enum pending)col_int(q, 6),
				 .since_ms = col_int(q, 7),
				 .leaves_on = col_date(q, 8),
				 .ends_on = col_date(q, 9),
				 .app = (enum app_state)col_state(q, 11, CYCLE_APP),
				 .app_since = col_date(q, 12)};
	COL_TEXT(q, 1, p->uid);
	COL_TEXT(q, 3, p->name);
	COL_TEXT(q, 4, p->company);
	COL_TEXT(q, 10, p->role);
	return 0;
}

static void bind_pending(struct query *q, const struct db_pending_query *w, int64_t limit)
{
	bind_int(q, w->project);
	bind_int(q, w->after ? w->after : w->first);
	bind_int(q, w->after ? w->after_ms : INT64_MIN);
	bind_int(q, w->after ? w->after_id : 0);
	bind_int(q, w->last);
	bind_int(q, w->participant);
	bind_int(q, limit);
}

int db_pending_list(struct store *s, const struct db_pending_query *w, struct db_pending *rows, size_t cap, size_t *n, bool *more, struct err *e)
{
	struct query q;

	query_open(&q, s, sql_hiring_pending);
	bind_pending(&q, w, (int64_t)cap + 1);
	return rows_page(&q, read_pending, rows, sizeof(*rows), cap, n, more, e);
}

int db_pending_count(struct store *s, const struct db_pending_query *w, int64_t limit, int64_t *out, int64_t *oldest_ms, struct err *e)
{
	int64_t count = 0, oldest = 0;
	struct query q;
	int got;

	query_open(&q, s, sql_hiring_count);
	bind_pending(&q, w, limit);
	while ((got = query_step(&q, e)) > 0)
		if (count++ == 0)
			oldest = col_int(&q, 0);
	query_close(&q);
	if (got < 0)
		return -1;
	*out = count;
	*oldest_ms = oldest;
	return 0;
}
