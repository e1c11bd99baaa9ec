/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/attendance.h"

#include <stdlib.h>
#include <string.h>

#include "rows.h"

#define COLUMNS                                                                                              \
	"SELECT a.id, a.uid, a.project, a.person, a.assignment, a.at_ms, a.direction, a.means, a.device, "   \
	"a.source, a.picture, "                                                                              \
	"a.account, a.fact, p.name FROM attendance a CROSS JOIN person p ON p.id = a.person "

static int read_row(struct query *q, void *row, struct err *e)
{
	struct db_attendance *a = row;
	char means[24], source[16];

	*a = (struct db_attendance){.id = col_int(q, 0),
				    .project = col_int(q, 2),
				    .person = col_int(q, 3),
				    .assignment = col_int(q, 4),
				    .at_ms = col_int(q, 5),
				    .way = (enum clock_way)col_int(q, 6),
				    .account = col_int(q, 11),
				    .fact = col_int(q, 12)};
	COL_TEXT(q, 1, a->uid);
	COL_TEXT(q, 7, means);
	COL_TEXT(q, 8, a->device);
	COL_TEXT(q, 9, source);
	COL_TEXT(q, 10, a->picture);
	COL_TEXT(q, 13, a->name);
	if (!clock_means_parse(means, &a->means) || !clock_source_parse(source, &a->source))
		return err_set(e, ERR_DATA_DAMAGED, "attendance %lld", (long long)a->id);
	return 0;
}

/* --- clockings --- */

#define KEY_TEXT (CLOCK_DEVICE_TEXT + 32 + UID_TEXT + 40)

static int key_of(struct store *s, const struct db_attendance *a, char *out, size_t size, struct err *e)
{
	struct query q;
	char uid[UID_TEXT];

	query_open(&q, s, "SELECT uid FROM person WHERE id = ?");
	bind_int(&q, a->person);
	if (query_one(&q, "person", e)) {
		query_close(&q);
		return -1;
	}
	COL_TEXT(&q, 0, uid);
	query_close(&q);
	text_format(out, size, "%s|%s|%s|%lld|%d", a->device, a->number, uid, (long long)(a->at_ms / 1000),
		    a->device[0] ? 0 : (int)a->way);
	return 0;
}

static int by_key(struct store *s, const char *key, int64_t *id, struct err *e)
{
	struct query q;

	query_open(&q, s, "SELECT id FROM attendance WHERE natural_key = ?");
	bind_text(&q, key);
	return query_int(&q, id, 0, e);
}

int db_attendance_known(struct store *s, const struct db_attendance *a, int64_t *id, struct err *e)
{
	char key[KEY_TEXT];

	return key_of(s, a, key, sizeof(key), e) ? -1 : by_key(s, key, id, e);
}

static int insert(struct store *s, const struct db_attendance *a, const char *key, int64_t *id, struct err *e)
{
	char uid[UID_TEXT];
	struct query q;

	uid_or_new(uid, a->uid);
	query_open(&q, s,
		   "INSERT INTO attendance(uid, natural_key, project, person, assignment, at_ms, direction, "
		   "means, device, source, picture, "
		   "account, received_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	bind_text(&q, uid);
	bind_text(&q, key);
	bind_int(&q, a->project);
	bind_int(&q, a->person);
	bind_int(&q, a->assignment);
	bind_int(&q, a->at_ms);
	bind_int(&q, a->way);
	bind_text(&q, clock_means_name(a->means));
	bind_text(&q, a->device);
	bind_text(&q, clock_source_name(a->source));
	bind_text(&q, a->picture);
	bind_ref(&q, a->account);
	bind_int(&q, clock_now_ms());
	return query_insert(&q, id, e);
}

int db_attendance_insert(struct store *s, const struct db_attendance *a, bool *fresh, int64_t *id,
			 struct err *e)
{
	char key[KEY_TEXT];
	int64_t there;

	if (key_of(s, a, key, sizeof(key), e) || by_key(s, key, &there, e))
		return -1;
	*fresh = there == 0;
	if (there) {
		*id = there;
		return 0;
	}
	return insert(s, a, key, id, e);
}

int db_attendance_reported(struct store *s, int64_t id, int64_t fact, struct err *e)
{
	struct query q;

	query_open(&q, s, "UPDATE attendance SET fact = ? WHERE id = ? AND fact IS NULL");
	bind_int(&q, fact);
	bind_int(&q, id);
	return query_run_one(&q, ERR_CONFLICT, e);
}

int db_attendance_get(struct store *s, int64_t id, struct db_attendance *out, struct err *e)
{
	struct query q;

	query_open(&q, s, COLUMNS "WHERE a.id = ?");
	bind_int(&q, id);
	return rows_one(&q, read_row, out, "attendance", e);
}

int db_attendance_by_uid(struct store *s, const char *uid, struct db_attendance *out, struct err *e)
{
	struct query q;

	query_open(&q, s, COLUMNS "WHERE a.uid = ?");
	bind_text(&q, uid);
	return rows_one(&q, read_row, out, "attendance", e);
}

const char sql_attendance_last[] = COLUMNS "WHERE a.person = ? AND a.project = ? AND a.at_ms <= ? ORDER BY "
					   "a.at_ms DESC, a.direction DESC, a.id DESC LIMIT 1";
const char sql_attendance_of[] = COLUMNS "WHERE a.person = ? AND a.project = ? AND a.at_ms >= ? AND a.at_ms "
					 "< ? ORDER BY a.at_ms, a.direction, a.id LIMIT ?";
const char sql_attendance_page[] =
	COLUMNS "WHERE a.project = ? AND (a.at_ms, a.id) < (?, ?) ORDER BY a.at_ms DESC, a.id DESC LIMIT ?";

int db_attendance_last(struct store *s, int64_t project, int64_t person, int64_t until_ms,
		       struct db_attendance *out, bool *found, struct err *e)
{
	struct query q;
	size_t n;

	query_open(&q, s, sql_attendance_last);
	bind_int(&q, person);
	bind_int(&q, project);
	bind_int(&q, until_ms);
	if (rows_all(&q, read_row, out, sizeof(*out), 1, &n, e))
		return -1;
	*found = n > 0;
	return 0;
}

int db_attendance_of(struct store *s, int64_t project, int64_t person, int64_t from_ms, int64_t before_ms,
		     struct db_attendance *rows, size_t cap, size_t *n, struct err *e)
{
	struct query q;

	query_open(&q, s, sql_attendance_of);
	bind_int(&q, person);
	bind_int(&q, project);
	bind_int(&q, from_ms);
	bind_int(&q, before_ms);
	bind_int(&q, (int64_t)cap);
	return rows_all(&q, read_row, rows, sizeof(*rows), cap, n, e);
}

int db_attendance_page(struct store *s, int64_t project, int64_t before_ms, int64_t before_id,
		       struct db_attendance *rows, size_t cap, size_t *n, struct err *e)
{
	struct query q;

	query_open(&q, s, sql_attendance_page);
	bind_int(&q, project);
	bind_int(&q, before_ms ? before_ms : INT64_MAX);
	bind_int(&q, before_ms ? before_id : INT64_MAX);
	bind_int(&q, (int64_t)cap);
	return rows_all(&q, read_row, rows, sizeof(*rows), cap, n, e);
}

/* --- the fold --- */

struct marks {
	struct clock_mark *mark;
	size_t n, room;
};

static int add_mark(struct marks *m, const struct clock_mark *mark, struct err *e)
{
	if (m->n == m->room) {
		size_t room = m->room ? 2 * m->room : 32;
		struct clock_mark *more = realloc(m->mark, room * sizeof(*more));

		if (!more)
			return err_set(e, ERR_MEMORY, "clockings");
		m->mark = more;
		m->room = room;
	}
	m->mark[m->n++] = *mark;
	return 0;
}

static int step_mark(struct query *q, struct clock_mark *out, struct err *e)
{
	int got = query_step(q, e);

	if (got > 0)
		*out = (struct clock_mark){.at_ms = col_int(q, 0), .way = (enum clock_way)col_int(q, 1)};
	return got;
}

/* From at_ms back to the clocking that begins a shift whatever stood before. */
static int read_back(struct store *s, const struct clock_rules *r, int64_t project, int64_t person,
		     int64_t at_ms, struct marks *m, struct err *e)
{
	struct clock_mark mark;
	struct query q;
	int got, rc = 0;

	query_open(&q, s,
		   "SELECT at_ms, direction FROM attendance WHERE person = ? AND project = ? AND at_ms <= ? "
		   "ORDER BY at_ms DESC, direction DESC");
	bind_int(&q, person);
	bind_int(&q, project);
	bind_int(&q, at_ms);
	while (!rc && (got = step_mark(&q, &mark, e)) != 0) {
		if (got > 0 && m->n && clock_cut(r, &mark, &m->mark[m->n - 1]))
			break;
		rc = got < 0 ? -1 : add_mark(m, &mark, e);
	}
	query_close(&q);
	for (size_t i = 0, j = m->n; i + 1 < j; i++) {
		struct clock_mark swap = m->mark[i];

		m->mark[i] = m->mark[--j];
		m->mark[j] = swap;
	}
	return rc;
}

static int read_on(struct store *s, const struct clock_rules *r, int64_t project, int64_t person,
		   int64_t at_ms, struct marks *m, struct err *e)
{
	struct clock_mark mark;
	struct query q;
	int got, rc = 0;

	query_open(&q, s,
		   "SELECT at_ms, direction FROM attendance WHERE person = ? AND project = ? AND at_ms > ? "
		   "ORDER BY at_ms, direction");
	bind_int(&q, person);
	bind_int(&q, project);
	bind_int(&q, at_ms);
	while (!rc && (got = step_mark(&q, &mark, e)) != 0) {
		if (got > 0 && m->n && at_ms != INT64_MIN && clock_cut(r, &m->mark[m->n - 1], &mark))
			break;
		rc = got < 0 ? -1 : add_mark(m, &mark, e);
	}
	query_close(&q);
	return rc;
}

static int drop_days(struct store *s, int64_t project, int64_t person, date_t from, date_t to, struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "DELETE FROM attendance_day WHERE project = ? AND person = ? AND day >= ? AND day <= ?");
	bind_int(&q, project);
	bind_int(&q, person);
	bind_date(&q, from);
	bind_date(&q, to);
	return query_run(&q, e);
}

static int put_day(struct store *s, int64_t project, int64_t person, const struct clock_day *d, struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "INSERT INTO attendance_day(project, person, day, first_ms, last_ms, first_in_ms, "
		   "last_out_ms, n) VALUES "
		   "(?, ?, ?, ?, ?, ?, ?, ?)");
	bind_int(&q, project);
	bind_int(&q, person);
	bind_date(&q, d->day);
	bind_int(&q, d->first_ms);
	bind_int(&q, d->last_ms);
	bind_ref(&q, d->first_in_ms);
	bind_ref(&q, d->last_out_ms);
	bind_int(&q, d->n);
	return query_run(&q, e);
}

const char sql_attendance_days[] = "SELECT day, first_ms, last_ms, first_in_ms, last_out_ms, n FROM "
				   "attendance_day WHERE project = ? AND "
				   "person = ? AND day >= ? AND day <= ? ORDER BY day LIMIT ?";

static int read_day(struct query *q, void *row, struct err *e)
{
	(void)e;
	*(struct clock_day *)row = (struct clock_day){.day = col_date(q, 0),
						      .first_ms = col_int(q, 1),
						      .last_ms = col_int(q, 2),
						      .first_in_ms = col_int(q, 3),
						      .last_out_ms = col_int(q, 4),
						      .n = (int)col_int(q, 5)};
	return 0;
}

int db_attendance_days(struct store *s, int64_t project, int64_t person, date_t from, date_t to,
		       struct clock_day *rows, size_t cap, size_t *n, struct err *e)
{
	struct query q;

	query_open(&q, s, sql_attendance_days);
	bind_int(&q, project);
	bind_int(&q, person);
	bind_date(&q, from);
	bind_date(&q, to);
	bind_int(&q, (int64_t)cap);
	return rows_all(&q, read_day, rows, sizeof(*rows), cap, n, e);
}

/* yyyymm */
static int64_t month_key(struct month m)
{
	int year, month, day;

	date_to_ymd(m.first, &year, &month, &day);
	return year * 100 + month;
}

static int put_month(struct store *s, int64_t project, int64_t person, struct month month, struct err *e)
{
	struct clock_day days[31];
	uint32_t bits = 0;
	struct query q;
	size_t n;

	if (db_attendance_days(s, project, person, month.first, month.first + month.days - 1, days,
			       ARRAY_LEN(days), &n, e))
		return -1;
	for (size_t i = 0; i < n; i++)
		bits |= month_day(month, days[i].day);
	query_open(&q, s,
		   "INSERT INTO attendance_month(project, month, person, days, last_ms) VALUES (?1, ?2, ?3, "
		   "?4, ?5) ON CONFLICT DO UPDATE SET "
		   "days = ?4, last_ms = ?5");
	bind_int(&q, project);
	bind_int(&q, month_key(month));
	bind_int(&q, person);
	bind_int(&q, bits);
	bind_int(&q, n ? days[n - 1].last_ms : 0);
	return query_run(&q, e);
}

static int put_days(struct store *s, const struct clock_rules *r, int64_t project, int64_t person,
		    const struct marks *m, struct err *e)
{
	struct clock_day *days = calloc(m->n, sizeof(*days));
	date_t last = date_of_ms(m->mark[m->n - 1].at_ms);
	int rc = -1;
	size_t n;

	if (!days)
		return err_set(e, ERR_MEMORY, "days");
	n = clock_fold(r, m->mark, m->n, days);
	if (drop_days(s, project, person, days[0].day, last, e))
		goto out;
	for (size_t i = 0; i < n; i++)
		if (put_day(s, project, person, &days[i], e))
			goto out;
	for (struct month at = month_of(days[0].day); at.first <= last; at = month_next(at, 1))
		if (put_month(s, project, person, at, e))
			goto out;
	rc = 0;
out:
	free(days);
	return rc;
}

static int forget(struct store *s, int64_t project, int64_t person, struct err *e)
{
	struct query q;

	query_open(&q, s, "DELETE FROM attendance_day WHERE project = ? AND person = ?");
	bind_int(&q, project);
	bind_int(&q, person);
	if (query_run(&q, e))
		return -1;
	query_open(&q, s, "DELETE FROM attendance_month WHERE person = ? AND project = ?");
	bind_int(&q, person);
	bind_int(&q, project);
	return query_run(&q, e);
}

int db_attendance_fold(struct store *s, const struct clock_rules *r, int64_t project, int64_t person,
		       int64_t at_ms, struct err *e)
{
	struct marks m = {.n = 0};
	bool whole = at_ms == INT64_MIN;
	int rc;

	rc = whole ? forget(s, project, person, e) : read_back(s, r, project, person, at_ms, &m, e);
	if (!rc)
		rc = read_on(s, r, project, person, at_ms, &m, e);
	if (!rc && m.n)
		rc = put_days(s, r, project, person, &m, e);
	free(m.mark);
	return rc;
}

int db_attendance_month(struct store *s, int64_t project, int64_t person, struct month month, uint32_t *days,
			int64_t *last_ms, struct err *e)
{
	struct query q;
	int got;

	query_open(
		&q, s,
		"SELECT days, last_ms FROM attendance_month WHERE project = ? AND month = ? AND person = ?");
	bind_int(&q, project);
	bind_int(&q, month_key(month));
	bind_int(&q, person);
	got = query_step(&q, e);
	*days = got > 0 ? (uint32_t)col_int(&q, 0) : 0;
	*last_ms = got > 0 ? col_int(&q, 1) : 0;
	query_close(&q);
	return got < 0 ? -1 : 0;
}
