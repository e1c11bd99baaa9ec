/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/post.h"

#include "rows.h"

/* --- seats ------------------------------------------------------------------------------------------- */

#define POST_COLUMNS                                                                                         \
	"SELECT k.id, k.uid, k.project, k.post, k.seat, k.state, k.person, k.proposed, k.since, "            \
	"ifnull(p.name, ''), ifnull(o.name, '') "                                                            \
	"FROM key_post k LEFT JOIN person p ON p.id = k.person LEFT JOIN person o ON o.id = k.proposed "

static int read_post(struct query *q, void *row, struct err *e)
{
	struct db_post *p = row;

	(void)e;
	*p = (struct db_post){.id = col_int(q, 0),
			      .project = col_int(q, 2),
			      .seat = (int)col_int(q, 4),
			      .state = (enum post_state)col_state(q, 5, CYCLE_POST),
			      .person = col_int(q, 6),
			      .proposed = col_int(q, 7),
			      .since = col_date(q, 8)};
	COL_TEXT(q, 1, p->uid);
	COL_TEXT(q, 3, p->post);
	COL_TEXT(q, 9, p->name);
	COL_TEXT(q, 10, p->proposed_name);
	return 0;
}

int db_post_insert(struct store *s, const struct db_post *p, int64_t *id, struct err *e)
{
	char uid[UID_TEXT];
	struct query q;

	uid_or_new(uid, p->uid);
	query_open(&q, s,
		   "INSERT INTO key_post(id, uid, project, post, seat, state, person, proposed, since, "
		   "made_ms) VALUES (" FRESH_ID("key_post", "post") ", ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	bind_text(&q, uid);
	bind_int(&q, p->project);
	bind_text(&q, p->post);
	bind_int(&q, p->seat);
	bind_state(&q, CYCLE_POST, p->state);
	bind_ref(&q, p->person);
	bind_ref(&q, p->proposed);
	bind_date(&q, p->since);
	bind_int(&q, clock_now_ms());
	return query_insert(&q, id, e);
}

int db_post_get(struct store *s, int64_t id, struct db_post *out, struct err *e)
{
	struct query q;

	query_open(&q, s, POST_COLUMNS "WHERE k.id = ?");
	bind_int(&q, id);
	return rows_one(&q, read_post, out, "key post", e);
}

int db_post_by_uid(struct store *s, const char *uid, struct db_post *out, struct err *e)
{
	struct query q;

	query_open(&q, s, POST_COLUMNS "WHERE k.uid = ?");
	bind_text(&q, uid);
	return rows_one(&q, read_post, out, "key post", e);
}

int db_post_seat(struct store *s, int64_t project, const char *post, int seat, struct db_post *out,
		 struct err *e)
{
	struct query q;
	size_t n;

	query_open(&q, s, POST_COLUMNS "WHERE k.project = ? AND k.post = ? AND k.seat = ?");
	bind_int(&q, project);
	bind_text(&q, post);
	bind_int(&q, seat);
	*out = (struct db_post){.project = project, .seat = seat, .since = DATE_NONE};
	text_copy(out->post, sizeof(out->post), post);
	return rows_all(&q, read_post, out, sizeof(*out), 1, &n, e);
}

const char sql_post_list[] = POST_COLUMNS "WHERE k.project = ?1 ORDER BY k.post, k.seat LIMIT ?2";

int db_post_list(struct store *s, int64_t project, struct db_post *rows, size_t cap, size_t *n, struct err *e)
{
	struct query q;

	query_open(&q, s, sql_post_list);
	bind_int(&q, project);
	bind_int(&q, (int64_t)cap);
	return rows_all(&q, read_post, rows, sizeof(*rows), cap, n, e);
}

int db_post_of_person(struct store *s, int64_t project, int64_t person, struct db_post *out, struct err *e)
{
	struct query q;
	size_t n;

	query_open(&q, s,
		   POST_COLUMNS "WHERE k.id = (SELECT min(id) FROM (SELECT id, project FROM key_post WHERE "
				"person = ?1 UNION ALL "
				"SELECT id, project FROM key_post WHERE proposed = ?1) WHERE project = ?2)");
	bind_int(&q, person);
	bind_int(&q, project);
	*out = (struct db_post){.since = DATE_NONE};
	return rows_all(&q, read_post, out, sizeof(*out), 1, &n, e);
}

int db_post_state(struct store *s, const struct db_post *p, enum post_state from, struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "UPDATE key_post SET state = ?, person = ?, proposed = ?, since = ? WHERE id = ? AND "
		   "state = ?");
	bind_state(&q, CYCLE_POST, p->state);
	bind_ref(&q, p->person);
	bind_ref(&q, p->proposed);
	bind_date(&q, p->since);
	bind_int(&q, p->id);
	bind_state(&q, CYCLE_POST, from);
	return query_run_one(&q, ERR_CONFLICT, e);
}

/* --- who held them ------------------------------------------------------------------------------------- */

int db_tenure_begin(struct store *s, int64_t post, int64_t person, date_t on, struct err *e)
{
	struct query q;

	query_open(&q, s, "INSERT INTO tenure(key_post, person, from_on) VALUES (?, ?, ?)");
	bind_int(&q, post);
	bind_int(&q, person);
	bind_date(&q, on);
	return query_insert(&q, NULL, e);
}

int db_tenure_end(struct store *s, int64_t post, date_t on, struct err *e)
{
	struct query q;

	query_open(&q, s, "UPDATE tenure SET to_on = ? WHERE key_post = ? AND to_on IS NULL");
	bind_date(&q, on);
	bind_int(&q, post);
	return query_run(&q, e);
}

static int read_tenure(struct query *q, void *row, struct err *e)
{
	(void)e;
	*(struct tenure *)row =
		(struct tenure){.person = col_int(q, 0), .from = col_date(q, 1), .to = col_date(q, 2)};
	return 0;
}

int db_tenures(struct store *s, int64_t post, struct tenure *rows, size_t cap, size_t *n, struct err *e)
{
	struct query q;

	query_open(
		&q, s,
		"SELECT person, from_on, to_on FROM tenure WHERE key_post = ? ORDER BY from_on, id LIMIT ?");
	bind_int(&q, post);
	bind_int(&q, (int64_t)cap);
	return rows_all(&q, read_tenure, rows, sizeof(*rows), cap, n, e);
}

/* --- filings -------------------------------------------------------------------------------------------- */

#define FILING_COLUMNS                                                                                       \
	"SELECT id, uid, project, key_post, from_on, to_on, devices, covered, fact FROM filing WHERE "       \
	"removed IS NULL AND "

static int read_filing(struct query *q, void *row, struct err *e)
{
	struct db_filing *f = row;

	(void)e;
	*f = (struct db_filing){.id = col_int(q, 0),
				.project = col_int(q, 2),
				.post = col_int(q, 3),
				.from = col_date(q, 4),
				.to = col_date(q, 5),
				.devices = (int)col_int(q, 6),
				.covered = (int)col_int(q, 7),
				.fact = col_int(q, 8)};
	COL_TEXT(q, 1, f->uid);
	return 0;
}

int db_filing_insert(struct store *s, const struct db_filing *f, int64_t *id, struct err *e)
{
	char uid[UID_TEXT];
	struct query q;

	uid_or_new(uid, f->uid);
	query_open(&q, s,
		   "INSERT INTO filing(uid, project, key_post, from_on, to_on, devices, covered, fact, "
		   "made_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
	bind_text(&q, uid);
	bind_int(&q, f->project);
	bind_ref(&q, f->post);
	bind_date(&q, f->from);
	bind_date(&q, f->to);
	bind_int(&q, f->devices);
	bind_int(&q, f->covered);
	bind_int(&q, f->fact);
	bind_int(&q, clock_now_ms());
	return query_insert(&q, id, e);
}

int db_filing_get(struct store *s, int64_t id, struct db_filing *out, struct err *e)
{
	struct query q;

	query_open(&q, s, FILING_COLUMNS "id = ?");
	bind_int(&q, id);
	return rows_one(&q, read_filing, out, "filing", e);
}

int db_filing_remove(struct store *s, int64_t id, int64_t fact, struct err *e)
{
	struct query q;

	query_open(&q, s, "UPDATE filing SET removed = ? WHERE id = ? AND removed IS NULL");
	bind_int(&q, fact);
	bind_int(&q, id);
	return query_run_one(&q, ERR_CONFLICT, e);
}

const char sql_filing_list[] = FILING_COLUMNS "project = ?1 AND to_on >= ?2 ORDER BY to_on, id LIMIT ?3";

int db_filing_list(struct store *s, int64_t project, date_t since, struct db_filing *rows, size_t cap,
		   size_t *n, struct err *e)
{
	struct query q;

	query_open(&q, s, sql_filing_list);
	bind_int(&q, project);
	bind_date(&q, since);
	bind_int(&q, (int64_t)cap);
	return rows_all(&q, read_filing, rows, sizeof(*rows), cap, n, e);
}

/* --- alarms --------------------------------------------------------------------------------------------- */

#define ALARM_COLUMNS                                                                                        \
	"SELECT id, uid, project, kind, subject, month, state, since, raised_on FROM alarm WHERE "

static int read_alarm(struct query *q, void *row, struct err *e)
{
	struct db_alarm *a = row;

	(void)e;
	*a = (struct db_alarm){.id = col_int(q, 0),
			       .project = col_int(q, 2),
			       .month = (int)col_int(q, 5),
			       .state = (enum alarm_state)col_state(q, 6, CYCLE_ALARM),
			       .since = col_date(q, 7),
			       .raised_on = col_date(q, 8)};
	COL_TEXT(q, 1, a->uid);
	COL_TEXT(q, 3, a->kind);
	COL_TEXT(q, 4, a->subject);
	return 0;
}

int db_alarm_insert(struct store *s, const struct db_alarm *a, int64_t *id, struct err *e)
{
	char uid[UID_TEXT];
	struct query q;

	uid_or_new(uid, a->uid);
	query_open(&q, s,
		   "INSERT INTO alarm(id, uid, project, kind, subject, month, state, since, raised_on, "
		   "made_ms) VALUES (" FRESH_ID("alarm", "alarm") ", ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	bind_text(&q, uid);
	bind_int(&q, a->project);
	bind_text(&q, a->kind);
	bind_text(&q, a->subject);
	bind_int(&q, a->month);
	bind_state(&q, CYCLE_ALARM, a->state);
	bind_date(&q, a->since);
	bind_date(&q, a->raised_on);
	bind_int(&q, clock_now_ms());
	return query_insert(&q, id, e);
}

int db_alarm_get(struct store *s, int64_t id, struct db_alarm *out, struct err *e)
{
	struct query q;

	query_open(&q, s, ALARM_COLUMNS "id = ?");
	bind_int(&q, id);
	return rows_one(&q, read_alarm, out, "alarm", e);
}

int db_alarm_by_uid(struct store *s, const char *uid, struct db_alarm *out, struct err *e)
{
	struct query q;

	query_open(&q, s, ALARM_COLUMNS "uid = ?");
	bind_text(&q, uid);
	return rows_one(&q, read_alarm, out, "alarm", e);
}

int db_alarm_find(struct store *s, const struct db_alarm *like, struct db_alarm *out, struct err *e)
{
	struct query q;
	size_t n;

	query_open(&q, s, ALARM_COLUMNS "project = ? AND kind = ? AND subject = ? AND month = ?");
	bind_int(&q, like->project);
	bind_text(&q, like->kind);
	bind_text(&q, like->subject);
	bind_int(&q, like->month);
	*out = (struct db_alarm){.since = DATE_NONE, .raised_on = DATE_NONE};
	return rows_all(&q, read_alarm, out, sizeof(*out), 1, &n, e);
}

int db_alarm_state(struct store *s, int64_t id, enum alarm_state from, enum alarm_state to, date_t on,
		   struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "UPDATE alarm SET state = ?1, since = ?2, raised_on = CASE ?1 WHEN 'raised' THEN ?2 ELSE "
		   "raised_on END WHERE id = ?3 AND "
		   "state = ?4");
	bind_state(&q, CYCLE_ALARM, to);
	bind_date(&q, on);
	bind_int(&q, id);
	bind_state(&q, CYCLE_ALARM, from);
	return query_run_one(&q, ERR_CONFLICT, e);
}

const char sql_alarm_list[] = ALARM_COLUMNS "project = ?1 AND id > ?2 ORDER BY id LIMIT ?3";

int db_alarm_list(struct store *s, int64_t project, int64_t after, struct db_alarm *rows, size_t cap,
		  size_t *n, struct err *e)
{
	struct query q;

	query_open(&q, s, sql_alarm_list);
	bind_int(&q, project);
	bind_int(&q, after);
	bind_int(&q, (int64_t)cap);
	return rows_all(&q, read_alarm, rows, sizeof(*rows), cap, n, e);
}
