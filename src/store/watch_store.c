/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/watch.h"

#include <string.h>

#include "rows.h"

static int read_watch(struct query *q, void *row, struct err *e)
{
	struct db_watch *w = row;

	(void)e;
	*w = (struct db_watch){.id = col_int(q, 0), .person = col_int(q, 1), .on = col_date(q, 2)};
	COL_TEXT(q, 3, w->uid);
	COL_TEXT(q, 4, w->name);
	return 0;
}

const char sql_watch_teams[] = "SELECT id, 0, unassociated_on, uid, name FROM team WHERE project = ?1 AND "
			       "unassociated_on IS NOT NULL "
			       "ORDER BY unassociated_on LIMIT ?2";

int db_watch_teams(struct store *s, int64_t project, struct db_watch *rows, size_t cap, size_t *n,
		   struct err *e)
{
	struct query q;

	query_open(&q, s, sql_watch_teams);
	bind_int(&q, project);
	bind_int(&q, (int64_t)cap);
	return rows_all(&q, read_watch, rows, sizeof(*rows), cap, n, e);
}

const char sql_watch_apps[] =
	"SELECT a.id, a.person, a.since, p.uid, p.name FROM app_registration a JOIN person p ON p.id = "
	"a.person "
	"WHERE a.project = ?1 AND a.state = 'processing' ORDER BY a.since, a.id LIMIT ?2";

int db_watch_apps(struct store *s, int64_t project, struct db_watch *rows, size_t cap, size_t *n,
		  struct err *e)
{
	struct query q;

	query_open(&q, s, sql_watch_apps);
	bind_int(&q, project);
	bind_int(&q, (int64_t)cap);
	return rows_all(&q, read_watch, rows, sizeof(*rows), cap, n, e);
}

const char sql_watch_trade[] =
	"SELECT m.person, m.person, NULL, p.uid, m.name FROM member m JOIN person p ON p.id = m.person "
	"WHERE m.project = ?1 AND m.trade = ?2 AND m.employment_state IN ('registered', 'leaving', "
	"'dismissing', 'leaving_on') "
	"ORDER BY m.person LIMIT ?3";

int db_watch_trade(struct store *s, int64_t project, const char *trade, struct db_watch *rows, size_t cap,
		   size_t *n, struct err *e)
{
	struct query q;

	query_open(&q, s, sql_watch_trade);
	bind_int(&q, project);
	bind_text(&q, trade);
	bind_int(&q, (int64_t)cap);
	return rows_all(&q, read_watch, rows, sizeof(*rows), cap, n, e);
}

#define VALID_AS "document.valid_to_sealed"

struct card_row {
	struct db_watch watch;
	char sort_key[512];
};

static int read_card(struct query *q, void *row, struct err *e)
{
	struct card_row *c = row;

	c->watch = (struct db_watch){.id = col_int(q, 0), .person = col_int(q, 0), .on = DATE_NONE};
	COL_TEXT(q, 1, c->watch.uid);
	COL_TEXT(q, 2, c->watch.name);
	COL_TEXT(q, 3, c->sort_key);
	return col_sealed_date(q, 4, c->watch.uid, VALID_AS, &c->watch.on, e);
}

const char sql_watch_cards[] = "SELECT v.person, d.uid, m.name, v.sort_key, d.valid_to_sealed FROM "
			       "member_view v JOIN member m ON m.project = v.project AND m.person = v.person "
			       "JOIN document d ON d.person = v.person AND d.current = 1 WHERE v.project = "
			       "?1 AND v.view = ?2 AND v.scope = 0 AND v.scope_id = 0 AND "
			       "(v.sort_key, v.person) > (?3, ?4) ORDER BY v.sort_key, v.person LIMIT ?5";

const char sql_watch_trainings[] = "SELECT v.person, p.uid, m.name, v.sort_key, (SELECT max(on_date) FROM "
				   "training WHERE person = v.person AND removed IS NULL) "
				   "FROM member_view v JOIN member m ON m.project = v.project AND m.person = "
				   "v.person JOIN person p ON p.id = v.person "
				   "WHERE v.project = ?1 AND v.view = ?2 AND v.scope = 0 AND v.scope_id = 0 "
				   "AND (v.sort_key, v.person) > (?3, ?4) "
				   "ORDER BY v.sort_key, v.person LIMIT ?5";

struct people_query {
	int64_t project;
	unsigned view;
	int (*read)(struct query *q, void *row, struct err *e);
};

static int people(struct store *s, const char *sql, const struct people_query *w,
		  struct db_watch_cursor *after, struct db_watch *rows, size_t cap, size_t *n, struct err *e)
{
	struct card_row row;
	struct query q;
	int got = 0;

	query_open(&q, s, sql);
	bind_int(&q, w->project);
	bind_int(&q, w->view);
	bind_text(&q, after->sort_key);
	bind_int(&q, after->person);
	bind_int(&q, (int64_t)cap);
	for (*n = 0; *n < cap && (got = query_step(&q, e)) > 0; (*n)++) {
		if (w->read(&q, &row, e)) {
			got = -1;
			break;
		}
		rows[*n] = row.watch;
	}
	query_close(&q);
	if (got < 0)
		return -1;
	if (*n) {
		text_copy(after->sort_key, sizeof(after->sort_key), row.sort_key);
		after->person = row.watch.person;
	}
	return 0;
}

int db_watch_cards(struct store *s, int64_t project, unsigned view, struct db_watch_cursor *after,
		   struct db_watch *rows, size_t cap, size_t *n, struct err *e)
{
	return people(s, sql_watch_cards, &(struct people_query){project, view, read_card}, after, rows, cap,
		      n, e);
}

static int read_training(struct query *q, void *row, struct err *e)
{
	struct card_row *c = row;

	(void)e;
	c->watch = (struct db_watch){.id = col_int(q, 0), .person = col_int(q, 0), .on = col_date(q, 4)};
	COL_TEXT(q, 1, c->watch.uid);
	COL_TEXT(q, 2, c->watch.name);
	COL_TEXT(q, 3, c->sort_key);
	return 0;
}

int db_watch_trainings(struct store *s, int64_t project, unsigned view, struct db_watch_cursor *after,
		       struct db_watch *rows, size_t cap, size_t *n, struct err *e)
{
	return people(s, sql_watch_trainings, &(struct people_query){project, view, read_training}, after,
		      rows, cap, n, e);
}
