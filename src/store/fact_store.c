/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/fact.h"

#include <string.h>

#include "rows.h"
#include "store/undo.h"
#include "undo.h"

#define NOTE_AS "fact.note_sealed"
#define BODY_AS "fact.body_sealed"
#define FACT_COLUMNS                                                                                         \
	"SELECT f.id, f.uid, f.project, f.cycle, f.subject, f.person, f.event, f.actor, f.authority, "       \
	"f.account, f.at_ms, f.on_date,"                                                                     \
	" f.true_date, f.supersedes, f.reverses, f.superseded_by, f.reversed_by, f.note_sealed, "            \
	"f.body_sealed IS NOT NULL,"                                                                         \
	" ifnull(a.display, ''), f.restates FROM fact f LEFT JOIN account a ON a.id = f.account "

static int read_fact(struct query *q, void *row, struct err *e)
{
	struct db_fact *f = row;

	*f = (struct db_fact){
		.id = col_int(q, 0),
		.project = col_int(q, 2),
		.subject = col_int(q, 4),
		.person = col_int(q, 5),
		.account = col_int(q, 9),
		.at_ms = col_int(q, 10),
		.on = col_date(q, 11),
		.true_on = col_date(q, 12),
		.supersedes = col_int(q, 13),
		.reverses = col_int(q, 14),
		.superseded_by = col_int(q, 15),
		.reversed_by = col_int(q, 16),
		.has_body = col_int(q, 18) != 0,
		.restates = col_int(q, 20),
	};
	COL_TEXT(q, 1, f->uid);
	COL_TEXT(q, 3, f->cycle);
	COL_TEXT(q, 6, f->event);
	COL_TEXT(q, 7, f->actor);
	COL_TEXT(q, 8, f->authority);
	COL_TEXT(q, 19, f->by);
	return col_sealed_text_if_open(q, 17, f->uid, NOTE_AS, f->note, sizeof(f->note), e);
}

static int insert_fact(struct store *s, const struct db_fact *f, const char *body, int64_t *id, struct err *e)
{
	char uid[UID_TEXT];
	struct query q;
	int64_t act;

	if (undo_act_of(s, f, &act, e))
		return -1;
	uid_or_new(uid, f->uid);
	query_open(&q, s,
		   "INSERT INTO fact(uid, project, cycle, subject, person, event, actor, authority, account, "
		   "at_ms, on_date, true_date, supersedes,"
		   " reverses, restates, act, note_sealed, body_sealed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
		   "?, ?, ?, ?, ?, ?, ?, ?)");
	bind_text(&q, uid);
	bind_ref(&q, f->project);
	bind_text(&q, f->cycle);
	bind_int(&q, f->subject);
	bind_ref(&q, f->person);
	bind_text(&q, f->event);
	bind_text(&q, f->actor);
	bind_text(&q, f->authority);
	bind_ref(&q, f->account);
	bind_int(&q, f->at_ms ? f->at_ms : clock_now_ms());
	bind_date(&q, f->on);
	bind_date(&q, f->true_on);
	bind_ref(&q, f->supersedes);
	bind_ref(&q, f->reverses);
	bind_ref(&q, f->restates);
	bind_ref(&q, act);
	bind_sealed_text(&q, uid, NOTE_AS, f->note);
	bind_sealed_text(&q, uid, BODY_AS, body);
	return query_insert(&q, id, e);
}

static const char mark_superseded[] =
	"UPDATE fact SET superseded_by = ? WHERE id = ? AND superseded_by IS NULL AND reversed_by IS NULL";
static const char mark_reversed[] =
	"UPDATE fact SET reversed_by = ? WHERE id = ? AND superseded_by IS NULL AND reversed_by IS NULL";

static int mark(struct store *s, const char *sql, int64_t fact, int64_t by, struct err *e)
{
	struct query q;

	if (!fact)
		return 0;
	query_open(&q, s, sql);
	bind_int(&q, by);
	bind_int(&q, fact);
	return query_run_one(&q, ERR_CONFLICT, e);
}

int db_fact_insert(struct store *s, const struct db_fact *f, const char *body, int64_t *id, struct err *e)
{
	int64_t made;

	if (insert_fact(s, f, body, &made, e) || mark(s, mark_superseded, f->supersedes, made, e) ||
	    mark(s, mark_reversed, f->reverses, made, e))
		return -1;
	if (id)
		*id = made;
	return 0;
}

int db_fact_get(struct store *s, int64_t id, struct db_fact *out, struct err *e)
{
	struct query q;

	query_open(&q, s, FACT_COLUMNS "WHERE f.id = ?");
	bind_int(&q, id);
	return rows_one(&q, read_fact, out, "fact", e);
}

int db_fact_by_uid(struct store *s, const char *uid, struct db_fact *out, struct err *e)
{
	struct query q;

	query_open(&q, s, FACT_COLUMNS "WHERE f.uid = ?");
	bind_text(&q, uid);
	return rows_one(&q, read_fact, out, "fact", e);
}

int db_fact_body(struct store *s, int64_t id, struct buf *out, struct err *e)
{
	char uid[UID_TEXT];
	struct query q;
	int last;

	query_open(&q, s, "SELECT uid, body_sealed FROM fact WHERE id = ?");
	bind_int(&q, id);
	last = query_one(&q, "fact", e);
	if (!last) {
		COL_TEXT(&q, 0, uid);
		last = col_sealed(&q, 1, uid, BODY_AS, out, e);
	}
	query_close(&q);
	return last;
}

int db_fact_latest(struct store *s, const char *cycle, int64_t subject, const char *event, int64_t *id,
		   struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "SELECT id FROM fact WHERE cycle = ?1 AND subject = ?2 AND (?3 = '' OR event = ?3) AND "
		   "superseded_by IS NULL"
		   " AND reversed_by IS NULL AND reverses IS NULL ORDER BY id DESC LIMIT 1");
	bind_text(&q, cycle);
	bind_int(&q, subject);
	bind_text(&q, event);
	return query_int(&q, id, 0, e);
}

const char sql_fact_history[] =
	FACT_COLUMNS "WHERE f.person = ?1 AND f.project = ?2 AND f.id < ?3 ORDER BY f.id DESC LIMIT ?4";

int db_fact_history(struct store *s, int64_t project, int64_t person, int64_t before, struct db_fact *rows,
		    size_t cap, size_t *n, struct err *e)
{
	struct query q;

	query_open(&q, s, sql_fact_history);
	bind_int(&q, person);
	bind_int(&q, project);
	bind_int(&q, before ? before : INT64_MAX);
	bind_int(&q, (int64_t)cap);
	return rows_all(&q, read_fact, rows, sizeof(*rows), cap, n, e);
}

int db_fact_of_subject(struct store *s, const char *cycle, int64_t subject, int64_t after,
		       struct db_fact *rows, size_t cap, size_t *n, struct err *e)
{
	struct query q;

	query_open(&q, s,
		   FACT_COLUMNS "WHERE f.cycle = ? AND f.subject = ? AND f.id > ? ORDER BY f.id LIMIT ?");
	bind_text(&q, cycle);
	bind_int(&q, subject);
	bind_int(&q, after);
	bind_int(&q, (int64_t)cap);
	return rows_all(&q, read_fact, rows, sizeof(*rows), cap, n, e);
}

int db_fact_count_on(struct store *s, int64_t project, const char *event, date_t on, int64_t *out,
		     struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "SELECT count(*) FROM fact WHERE project = ? AND event = ? AND on_date = ? AND "
		   "superseded_by IS NULL AND reversed_by IS NULL");
	bind_int(&q, project);
	bind_text(&q, event);
	bind_date(&q, on);
	return query_int(&q, out, 0, e);
}

int db_act_facts(struct store *s, int64_t part, int64_t before, struct db_fact *rows, size_t cap, size_t *n,
		 struct err *e)
{
	struct query q;

	query_open(&q, s, FACT_COLUMNS "WHERE f.act = ? AND f.id < ? ORDER BY f.id DESC LIMIT ?");
	bind_int(&q, part);
	bind_int(&q, before ? before : INT64_MAX);
	bind_int(&q, (int64_t)cap);
	return rows_all(&q, read_fact, rows, sizeof(*rows), cap, n, e);
}

const char sql_fact_late[] = FACT_COLUMNS
	"WHERE f.project = ? AND f.true_date IS NOT NULL AND f.superseded_by IS NULL AND f.reversed_by IS NULL AND f.id < ?"
	" ORDER BY f.id DESC LIMIT ?";

int db_fact_late(struct store *s, int64_t project, int64_t before, struct db_fact *rows, size_t cap, size_t *n,
		 struct err *e)
{
	struct query q;

	query_open(&q, s, sql_fact_late);
	bind_int(&q, project);
	bind_int(&q, before ? before : INT64_MAX);
	bind_int(&q, (int64_t)cap);
	return rows_all(&q, read_fact, rows, sizeof(*rows), cap, n, e);
}
