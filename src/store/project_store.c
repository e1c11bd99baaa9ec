/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/project.h"

#include <string.h>

#include "rows.h"

int db_project_update(struct store *s, const struct db_project *p, struct err *e)
{
	struct query q;

	query_open(&q, s, "UPDATE project SET name = ?, code = ? WHERE id = ?");
	bind_text(&q, p->name);
	bind_text(&q, p->code);
	bind_int(&q, p->id);
	return query_run_one(&q, ERR_NO_SUCH, e);
}

int db_project_made(struct store *s, int64_t id, int64_t *ms, struct err *e)
{
	struct query q;

	query_open(&q, s, "SELECT made_ms FROM project WHERE id = ?");
	bind_int(&q, id);
	return query_int(&q, ms, 0, e);
}

int db_project_by_uid(struct store *s, const char *uid, struct db_project *out, struct err *e)
{
	struct query q;
	int64_t id;

	query_open(&q, s, "SELECT id FROM project WHERE uid = ?");
	bind_text(&q, uid);
	if (query_int(&q, &id, 0, e))
		return -1;
	return db_project_get(s, id, out, e);
}

int db_project_state(struct store *s, int64_t id, enum project_state from, enum project_state to, struct err *e)
{
	struct query q;

	query_open(&q, s, "UPDATE project SET status = ? WHERE id = ? AND status = ?");
	bind_state(&q, CYCLE_PROJECT, to);
	bind_int(&q, id);
	bind_state(&q, CYCLE_PROJECT, from);
	return query_run_one(&q, ERR_CONFLICT, e);
}

/* --- identifiers --------------------------------------------------------------------------------------- */

int db_project_number_set(struct store *s, int64_t project, const char *kind, const char *number, struct err *e)
{
	struct query q;

	query_open(&q, s, "DELETE FROM project_number WHERE project = ? AND kind = ?");
	bind_int(&q, project);
	bind_text(&q, kind);
	if (query_run(&q, e))
		return -1;
	if (!*number)
		return 0;
	query_open(&q, s, "INSERT INTO project_number(number, kind, project) VALUES (?, ?, ?)");
	bind_text(&q, number);
	bind_text(&q, kind);
	bind_int(&q, project);
	return query_run(&q, e);
}

int db_project_number(struct store *s, int64_t project, const char *kind, char *out, size_t size, struct err *e)
{
	struct query q;
	int got;

	*out = '\0';
	query_open(&q, s, "SELECT number FROM project_number WHERE project = ? AND kind = ?");
	bind_int(&q, project);
	bind_text(&q, kind);
	got = query_step(&q, e);
	if (got > 0)
		col_text(&q, 0, out, size);
	query_close(&q);
	return got < 0 ? -1 : 0;
}

/* Numbers are ASCII or short words: the highest character ends the range. Each project once: the least of its fitting numbers. */
const char sql_project_find[] =
	"SELECT p.id FROM project p WHERE p.id > ?1 AND EXISTS (SELECT 1 FROM project_number n WHERE n.project = p.id"
	" AND n.number >= ?2 AND n.number < ?2 || char(1114111)) ORDER BY p.id LIMIT ?3";

int db_project_find(struct store *s, const char *number, int64_t after, int64_t *ids, size_t cap, size_t *n, struct err *e)
{
	struct query q;

	query_open(&q, s, sql_project_find);
	bind_int(&q, after);
	bind_text(&q, number);
	bind_int(&q, (int64_t)cap);
	return rows_ids(&q, ids, cap, n, e);
}

int db_project_with(struct store *s, const char *kind, const char *number, int64_t *out, struct err *e)
{
	struct query q;

	query_open(&q, s, "SELECT project FROM project_number WHERE number = ? AND kind = ? LIMIT 1");
	bind_text(&q, number);
	bind_text(&q, kind);
	return query_int(&q, out, 0, e);
}

/* --- what the platform offers -------------------------------------------------------------------------- */

#define OFFER_COLUMNS                                                                                        \
	"SELECT o.id, o.project, o.uid, o.name, o.code, o.realname_code, o.levy_code, o.contract_code, o.kind, o.permit, o.taken " \
	"FROM project_offer o "

static int read_offer(struct query *q, void *row, struct err *e)
{
	struct db_project_offer *o = row;

	(void)e;
	*o = (struct db_project_offer){.id = col_int(q, 0), .project = col_int(q, 1), .taken = col_int(q, 10)};
	COL_TEXT(q, 2, o->uid);
	COL_TEXT(q, 3, o->name);
	COL_TEXT(q, 4, o->code);
	COL_TEXT(q, 5, o->realname_code);
	COL_TEXT(q, 6, o->levy_code);
	COL_TEXT(q, 7, o->contract_code);
	COL_TEXT(q, 8, o->kind);
	COL_TEXT(q, 9, o->permit);
	return 0;
}

int db_project_offer_put(struct store *s, const struct db_project_offer *o, struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "INSERT INTO project_offer(uid, project, name, code, realname_code, levy_code, contract_code, kind, permit, made_ms)"
		   " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(uid) DO UPDATE SET name = excluded.name, code = excluded.code,"
		   " realname_code = excluded.realname_code, levy_code = excluded.levy_code, contract_code = excluded.contract_code,"
		   " kind = excluded.kind, permit = excluded.permit WHERE taken IS NULL");
	bind_text(&q, o->uid);
	bind_int(&q, o->project);
	bind_text(&q, o->name);
	bind_text(&q, o->code);
	bind_text(&q, o->realname_code);
	bind_text(&q, o->levy_code);
	bind_text(&q, o->contract_code);
	bind_text(&q, o->kind);
	bind_text(&q, o->permit);
	bind_int(&q, clock_now_ms());
	return query_run(&q, e);
}

int db_project_offer_get(struct store *s, int64_t id, struct db_project_offer *out, struct err *e)
{
	struct query q;

	query_open(&q, s, OFFER_COLUMNS "WHERE o.id = ?");
	bind_int(&q, id);
	return rows_one(&q, read_offer, out, "offer", e);
}

int db_project_offer_take(struct store *s, int64_t id, int64_t project, struct err *e)
{
	struct query q;

	query_open(&q, s, "UPDATE project_offer SET taken = ? WHERE id = ? AND taken IS NULL");
	bind_int(&q, project);
	bind_int(&q, id);
	return query_run_one(&q, ERR_CONFLICT, e);
}

const char sql_project_offers[] =
	OFFER_COLUMNS "WHERE o.project = ?1 AND o.taken IS NULL AND o.id > ?2 AND NOT EXISTS (SELECT 1 FROM project_number n"
		      " WHERE n.number = o.levy_code AND n.kind = 'levy_code') ORDER BY o.id LIMIT ?3";

int db_project_offer_list(struct store *s, int64_t project, int64_t after, struct db_project_offer *rows, size_t cap, size_t *n, struct err *e)
{
	struct query q;

	query_open(&q, s, sql_project_offers);
	bind_int(&q, project);
	bind_int(&q, after);
	bind_int(&q, (int64_t)cap);
	return rows_all(&q, read_offer, rows, sizeof(*rows), cap, n, e);
}

/* --- applications -------------------------------------------------------------------------------------- */

#define APPLICATION_COLUMNS "SELECT id, project, uid, name, state, applied_on, answered_on FROM application "

static int read_application(struct query *q, void *row, struct err *e)
{
	struct db_application *a = row;

	(void)e;
	*a = (struct db_application){.id = col_int(q, 0),
				     .project = col_int(q, 1),
				     .state = (enum application_state)col_state(q, 4, CYCLE_APPLICATION),
				     .applied_on = col_date(q, 5),
				     .answered_on = col_date(q, 6)};
	COL_TEXT(q, 2, a->uid);
	COL_TEXT(q, 3, a->name);
	return 0;
}

int db_application_insert(struct store *s, const struct db_application *a, int64_t *id, struct err *e)
{
	struct query q;

	query_open(&q, s, "INSERT INTO application(uid, project, name, state, made_ms) VALUES (?, ?, ?, ?, ?)");
	bind_text(&q, a->uid);
	bind_int(&q, a->project);
	bind_text(&q, a->name);
	bind_state(&q, CYCLE_APPLICATION, a->state);
	bind_int(&q, clock_now_ms());
	return query_insert(&q, id, e);
}

int db_application_by_uid(struct store *s, const char *uid, struct db_application *out, struct err *e)
{
	struct query q;

	query_open(&q, s, APPLICATION_COLUMNS "WHERE uid = ?");
	bind_text(&q, uid);
	return rows_one(&q, read_application, out, "application", e);
}

int db_application_name(struct store *s, int64_t id, const char *name, struct err *e)
{
	struct query q;

	query_open(&q, s, "UPDATE application SET name = ? WHERE id = ?");
	bind_text(&q, name);
	bind_int(&q, id);
	return query_run_one(&q, ERR_NO_SUCH, e);
}

int db_application_state(struct store *s, int64_t id, enum application_state from, enum application_state to, date_t on,
			 struct err *e)
{
	bool asks = to == APPLICATION_APPLIED;
	struct query q;

	query_open(&q, s,
		   "UPDATE application SET state = ?1, applied_on = CASE WHEN ?2 THEN ?3 ELSE applied_on END,"
		   " answered_on = CASE WHEN ?2 THEN NULL ELSE ?3 END WHERE id = ?4 AND state = ?5");
	bind_state(&q, CYCLE_APPLICATION, to);
	bind_int(&q, asks);
	bind_date(&q, on);
	bind_int(&q, id);
	bind_state(&q, CYCLE_APPLICATION, from);
	return query_run_one(&q, ERR_CONFLICT, e);
}

const char sql_application_list[] = APPLICATION_COLUMNS "WHERE project = ?1 AND id > ?2 ORDER BY id LIMIT ?3";

int db_application_list(struct store *s, int64_t project, int64_t after, struct db_application *rows, size_t cap, size_t *n,
			struct err *e)
{
	struct query q;

	query_open(&q, s, sql_application_list);
	bind_int(&q, project);
	bind_int(&q, after);
	bind_int(&q, (int64_t)cap);
	return rows_all(&q, read_application, rows, sizeof(*rows), cap, n, e);
}
