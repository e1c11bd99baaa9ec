/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The outbox: rows in, rows read, pages, counts. */
#include <stdlib.h>
#include <string.h>

#include "outbox_private.h"
#include "store/upload.h"

#define OUTBOX_COLUMNS                                                                                       \
	"SELECT o.id, o.op, o.project, o.kind, o.fact, o.subject, o.title, o.person, o.state, o.rank, "      \
	"o.held_until_ms, o.epoch, o.sequence,"                                                              \
	" o.made_ms, o.sent_ms, o.answered_ms, o.attempts, o.code, o.reason_sealed, o.field, o.number, "     \
	"o.body_sealed IS NOT NULL, o.area FROM outbox o "


static int read_outbox(struct query *q, void *row, struct err *e)
{
	struct db_outbox *o = row;

	*o = (struct db_outbox){
		.id = col_int(q, 0),
		.project = col_int(q, 2),
		.fact = col_int(q, 4),
		.person = col_int(q, 7),
		.state = (enum outbox_state)col_int(q, 8),
		.rank = (int)col_int(q, 9),
		.held_until_ms = col_int(q, 10),
		.epoch = col_int(q, 11),
		.sequence = col_int(q, 12),
		.made_ms = col_int(q, 13),
		.sent_ms = col_int(q, 14),
		.answered_ms = col_int(q, 15),
		.attempts = (int)col_int(q, 16),
		.frozen = col_int(q, 21) != 0,
		.area = (int)col_int(q, 22),
	};
	COL_TEXT(q, 1, o->op);
	COL_TEXT(q, 3, o->kind);
	COL_TEXT(q, 5, o->subject);
	COL_TEXT(q, 6, o->title);
	COL_TEXT(q, 17, o->code);
	COL_TEXT(q, 19, o->field);
	COL_TEXT(q, 20, o->number);
	return col_sealed_text_if_open(q, 18, o->op, OUTBOX_REASON_AS, o->reason, sizeof(o->reason), e);
}

static int insert_row(struct store *s, const struct db_outbox_new *o, int64_t *id, struct err *e)
{
	char op[UID_TEXT];
	struct query q;

	uid_or_new(op, o->op);
	query_open(&q, s,
		   "INSERT INTO outbox(op, project, kind, fact, subject, title, person, state, "
		   "held_until_ms, made_ms)"
		   " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	bind_text(&q, op);
	bind_int(&q, o->project);
	bind_text(&q, o->kind);
	bind_int(&q, o->fact);
	bind_text(&q, o->subject);
	bind_text(&q, o->title);
	bind_ref(&q, o->person);
	bind_int(&q, o->held_until_ms > o->made_ms ? OUTBOX_HELD : OUTBOX_READY);
	bind_int(&q, o->held_until_ms);
	bind_int(&q, o->made_ms);
	return query_insert(&q, id, e);
}

int db_outbox_insert(struct store *s, const struct db_outbox_new *o, int64_t *id, struct err *e)
{
	int64_t made;

	if (insert_row(s, o, &made, e))
		return -1;
	for (size_t i = 0; i < o->n_needs; i++) {
		struct query q;

		if (!o->needs[i] || o->needs[i] == o->fact)
			continue;
		query_open(&q, s,
			   "INSERT INTO outbox_need(outbox, fact) VALUES (?, ?) ON CONFLICT DO NOTHING");
		bind_int(&q, made);
		bind_int(&q, o->needs[i]);
		if (query_run(&q, e))
			return -1;
	}
	if (id)
		*id = made;
	return 0;
}

int db_outbox_get(struct store *s, int64_t id, struct db_outbox *out, struct err *e)
{
	struct query q;

	query_open(&q, s, OUTBOX_COLUMNS "WHERE o.id = ?");
	bind_int(&q, id);
	return rows_one(&q, read_outbox, out, "operation", e);
}

int db_outbox_by_op(struct store *s, const char *op, struct db_outbox *out, struct err *e)
{
	struct query q;

	query_open(&q, s, OUTBOX_COLUMNS "WHERE o.op = ?");
	bind_text(&q, op);
	return rows_one(&q, read_outbox, out, "operation", e);
}

int db_outbox_by_fact(struct store *s, int64_t fact, struct db_outbox *out, struct err *e)
{
	struct query q;

	query_open(&q, s, OUTBOX_COLUMNS "WHERE o.fact = ? ORDER BY o.state IN (7, 8), o.id DESC LIMIT 1");
	bind_int(&q, fact);
	return rows_one(&q, read_outbox, out, "operation", e);
}

int db_outbox_reported(struct store *s, const struct db_reported *what, int64_t *fact, struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "SELECT f.id FROM fact f WHERE f.cycle = ?1 AND f.subject = ?2 AND (?3 = 0 OR f.project = ?3) AND substr(f.event, 1, length(?4)) <> ?4 "
		   "AND (SELECT o.state FROM outbox o WHERE o.fact = f.id ORDER BY o.id DESC LIMIT 1) <> ?5 ORDER BY f.id DESC LIMIT 1");
	bind_text(&q, what->cycle);
	bind_int(&q, what->subject);
	bind_int(&q, what->project);
	bind_text(&q, what->but);
	bind_int(&q, OUTBOX_WITHDRAWN);
	return query_int(&q, fact, 0, e);
}

int db_outbox_of_subject(struct store *s, int64_t project, const char *subject, const char *kind,
			 struct db_outbox *out, struct err *e)
{
	struct query q;

	query_open(&q, s,
		   OUTBOX_COLUMNS "WHERE o.project = ? AND o.subject = ? AND o.kind = ? ORDER BY o.id DESC LIMIT 1");
	bind_int(&q, project);
	bind_text(&q, subject);
	bind_text(&q, kind);
	return rows_one(&q, read_outbox, out, "operation", e);
}

const char sql_outbox_about[] = OUTBOX_COLUMNS "WHERE o.project = ? AND o.subject = ?";

static int newest_first(const void *a, const void *b)
{
	int64_t x = ((const struct db_outbox *)a)->id, y = ((const struct db_outbox *)b)->id;

	return (x < y) - (x > y);
}

/* A thing has few operations; where it has more, the oldest of a kind are left out. */
int db_outbox_about(struct store *s, int64_t project, const char *subject, struct db_outbox *rows, size_t cap, size_t *n, struct err *e)
{
	struct db_outbox all[DB_OUTBOX_ABOUT];
	size_t got;
	struct query q;

	query_open(&q, s, sql_outbox_about);
	bind_int(&q, project);
	bind_text(&q, subject);
	if (rows_all(&q, read_outbox, all, sizeof(*all), DB_OUTBOX_ABOUT, &got, e))
		return -1;
	qsort(all, got, sizeof(*all), newest_first);
	*n = got < cap ? got : cap;
	memcpy(rows, all, *n * sizeof(*rows));
	wipe(all, sizeof(all));
	return 0;
}

int db_outbox_needs(struct store *s, int64_t id, int64_t *facts, size_t cap, size_t *n, struct err *e)
{
	struct query q;

	query_open(&q, s, "SELECT fact FROM outbox_need WHERE outbox = ? ORDER BY fact");
	bind_int(&q, id);
	return rows_ids(&q, facts, cap, n, e);
}

int db_outbox_needs_all(struct store *s, int64_t id, int64_t **facts, size_t *n, struct err *e)
{
	int64_t count;
	struct query q;

	*facts = NULL;
	*n = 0;
	query_open(&q, s, "SELECT count(*) FROM outbox_need WHERE outbox = ?");
	bind_int(&q, id);
	if (query_int(&q, &count, 0, e))
		return -1;
	*facts = calloc((size_t)count + 1, sizeof(**facts));
	if (!*facts)
		return err_set(e, ERR_MEMORY, "needs");
	if (db_outbox_needs(s, id, *facts, (size_t)count, n, e) == 0)
		return 0;
	free(*facts);
	*facts = NULL;
	return -1;
}

/* --- pages
 * -----------------------------------------------------------------------------------------------------------------------
 */

const char sql_outbox_open[] = OUTBOX_COLUMNS
	"WHERE o.project = ?1 AND o.rank < 9 AND (o.rank, o.id) > (?2, ?3) ORDER BY o.rank, o.id LIMIT ?4";
const char sql_outbox_refused[] =
	OUTBOX_COLUMNS "WHERE o.project = ?1 AND o.state = 5 AND o.id > ?2 ORDER BY o.id LIMIT ?3";
const char sql_outbox_all[] = OUTBOX_COLUMNS "WHERE o.project = ?1 AND o.id < ?2 ORDER BY o.id DESC LIMIT ?3";
const char sql_outbox_counts[] = "SELECT state, n FROM outbox_count WHERE project = ?";

int db_outbox_page(struct store *s, const struct db_outbox_query *w, struct db_outbox *rows, size_t cap,
		   size_t *n, bool *more, struct err *e)
{
	static const char *const sql[] = {[DB_OUTBOX_OPEN] = sql_outbox_open,
					  [DB_OUTBOX_REFUSED] = sql_outbox_refused,
					  [DB_OUTBOX_ALL] = sql_outbox_all};
	struct query q;

	query_open(&q, s, sql[w->view]);
	bind_int(&q, w->project);
	if (w->view == DB_OUTBOX_OPEN)
		bind_int(&q, w->after_rank);
	bind_int(&q, w->view == DB_OUTBOX_ALL && !w->after_id ? INT64_MAX : w->after_id);
	bind_int(&q, (int64_t)cap + 1);
	return rows_page(&q, read_outbox, rows, sizeof(*rows), cap, n, more, e);
}

const char sql_outbox_area[] =
	OUTBOX_COLUMNS "WHERE o.project = ?1 AND o.area = ?2 AND (o.rank, o.id) > (?3, ?4) ORDER BY o.rank, o.id LIMIT ?5";

int db_outbox_of_area(struct store *s, int64_t project, enum db_area area, int after_rank, int64_t after_id,
		      struct db_outbox *rows, size_t cap, size_t *n, bool *more, struct err *e)
{
	struct query q;

	query_open(&q, s, sql_outbox_area);
	bind_int(&q, project);
	bind_int(&q, area);
	bind_int(&q, after_rank);
	bind_int(&q, after_id);
	bind_int(&q, (int64_t)cap + 1);
	return rows_page(&q, read_outbox, rows, sizeof(*rows), cap, n, more, e);
}

const char sql_outbox_by_hand[] = OUTBOX_COLUMNS
	"WHERE o.project = ?1 AND o.state = 3 AND o.code = 'by-hand' AND o.id > ?2 ORDER BY o.id LIMIT ?3";

int db_outbox_by_hand_page(struct store *s, int64_t project, int64_t after_id, struct db_outbox *rows,
			   size_t cap, size_t *n, bool *more, struct err *e)
{
	struct query q;

	query_open(&q, s, sql_outbox_by_hand);
	bind_int(&q, project);
	bind_int(&q, after_id);
	bind_int(&q, (int64_t)cap + 1);
	return rows_page(&q, read_outbox, rows, sizeof(*rows), cap, n, more, e);
}

const char sql_outbox_by_hand_count[] = "SELECT 1 FROM outbox WHERE project = ?1 AND state = 3 AND code = 'by-hand' LIMIT ?2";

int db_outbox_by_hand_count(struct store *s, int64_t project, int64_t limit, int64_t *n, struct err *e)
{
	struct query q;

	query_open(&q, s, sql_outbox_by_hand_count);
	bind_int(&q, project);
	bind_int(&q, limit);
	return query_rows(&q, n, e);
}

int db_outbox_counts(struct store *s, int64_t project, int64_t counts[OUTBOX_STATE_COUNT], struct err *e)
{
	int64_t found[OUTBOX_STATE_COUNT] = {0};
	struct query q;
	int got;

	query_open(&q, s, sql_outbox_counts);
	bind_int(&q, project);
	while ((got = query_step(&q, e)) > 0) {
		int64_t state = col_int(&q, 0);

		if (state >= 0 && state < OUTBOX_STATE_COUNT)
			found[state] = col_int(&q, 1);
	}
	query_close(&q);
	if (got < 0)
		return -1;
	memcpy(counts, found, sizeof(found));
	return 0;
}

int db_outbox_refusal(struct store *s, int64_t project, int64_t person, struct db_outbox *out, struct err *e)
{
	struct query q;
	int64_t id;

	query_open(&q, s,
		   "SELECT max(id) FROM outbox WHERE project = ? AND person = ? AND rank < 9 AND state = 5");
	bind_int(&q, project);
	bind_int(&q, person);
	if (query_int(&q, &id, 0, e))
		return -1;
	return id ? db_outbox_get(s, id, out, e) : err_set(e, ERR_NO_SUCH, "refused operation");
}

int db_outbox_of_person(struct store *s, int64_t project, int64_t person, bool *waiting, bool *refused,
			struct err *e)
{
	bool open = false, back = false;
	struct query q;
	int got;

	/* Clockings on their way are nothing that anybody waits for: they would mark everybody, every day. */
	query_open(&q, s, "SELECT rank FROM outbox WHERE project = ? AND person = ? AND rank < 9 AND (rank = 0 OR kind <> 'attendance.clock')");
	bind_int(&q, project);
	bind_int(&q, person);
	while ((got = query_step(&q, e)) > 0) {
		if (col_int(&q, 0))
			open = true;
		else
			back = true;
	}
	query_close(&q);
	if (got < 0)
		return -1;
	*waiting = open;
	*refused = back;
	return 0;
}

int db_outbox_in_state(struct store *s, int64_t project, enum outbox_state state, int64_t after, int64_t *ids,
		       size_t cap, size_t *n, struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "SELECT id FROM outbox WHERE project = ? AND state = ? AND id > ? ORDER BY id LIMIT ?");
	bind_int(&q, project);
	bind_int(&q, state);
	bind_int(&q, after);
	bind_int(&q, (int64_t)cap);
	return rows_ids(&q, ids, cap, n, e);
}
