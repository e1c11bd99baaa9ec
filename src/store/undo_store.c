/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/undo.h"

#include <stdlib.h>
#include <string.h>

/* The session interface is declared only where these are defined; Debian's SQLite has both. */
#define SQLITE_ENABLE_SESSION 1
#define SQLITE_ENABLE_PREUPDATE_HOOK 1

#include "base/text.h"
#include "rows.h"
#include "store_private.h"
#include "undo.h"

#define KEPT_DAYS 30
#define NO_ACT (-1)

/* --- what a transaction changes ---------------------------------------------------------------------- */

/* Whole names; those with a star are beginnings. */
static const char *const never[] = {
	"fact",	    "act*",   "outbox*",  "audit*",  "member*", "search", "tally", "line",	  "inbox*",
	"message*", "draft*", "account*", "vault*",	"person", "alias", "attachment*", "worker_code", "attendance*",
};

static int tracked(void *arg, const char *table)
{
	(void)arg;
	for (size_t i = 0; i < ARRAY_LEN(never); i++) {
		size_t n = strcspn(never[i], "*");

		if (strncmp(table, never[i], n) == 0 && (never[i][n] == '*' || table[n] == '\0'))
			return 0;
	}
	return 1;
}

void undo_end(struct store *s)
{
	if (s->undo.session)
		sqlite3session_delete(s->undo.session);
	s->undo.session = NULL;
	s->undo.act = 0;
	s->undo.retired_n = 0;
}

int undo_begin(struct store *s, struct err *e)
{
	int rc;

	undo_end(s);
	if (!s->undo.series[0])
		s->undo.whole = 0;
	s->undo.whole_before = s->undo.whole;
	rc = sqlite3session_create(s->db, "main", &s->undo.session);
	if (rc != SQLITE_OK)
		return sql_error(e, s->db, rc, "session");
	sqlite3session_table_filter(s->undo.session, tracked, NULL);
	rc = sqlite3session_attach(s->undo.session, NULL);
	return rc == SQLITE_OK ? 0 : sql_error(e, s->db, rc, "session");
}

void undo_mark(struct store *s)
{
	s->undo.mark_act = s->undo.act;
	s->undo.mark_whole = s->undo.whole;
	s->undo.mark_retired = s->undo.retired_n;
}

/* The session need not know: it notes which rows were touched and what they were, and the changeset is made of what they are at its end. */
void undo_back(struct store *s)
{
	s->undo.act = s->undo.mark_act;
	s->undo.whole = s->undo.mark_whole;
	s->undo.retired_n = s->undo.mark_retired;
}

void undo_drop(struct store *s)
{
	undo_end(s);
	s->undo.whole = s->undo.whole_before;
}

void undo_series(struct store *s, const char *name)
{
	text_copy(s->undo.series, sizeof(s->undo.series), name ? name : "");
	s->undo.whole = 0;
}

bool store_acts_in(struct store *s, int64_t project)
{
	bool free = !s->undo.place;

	if (free || !project)
		s->undo.place = project;
	return free;
}

void db_act_none(struct store *s)
{
	s->undo.act = NO_ACT;
}

/* What has been taken back meanwhile has no further parts. */
static int whole_now(struct store *s, int64_t *whole, struct err *e)
{
	struct query q;

	*whole = 0;
	if (!s->in_group || !s->undo.whole)
		return 0;
	query_open(&q, s, "SELECT id FROM act WHERE id = ? AND undone_ms IS NULL");
	bind_int(&q, s->undo.whole);
	return query_int(&q, whole, 0, e);
}

static const char *event_of(const struct store *s, const struct db_fact *f)
{
	if (s->in_group && s->undo.series[0])
		return s->undo.series;
	return f->supersedes && strncmp(f->event, "ask:", 4) && strcmp(f->event, "remove") ? "amend" : f->event;
}

static int make_act(struct store *s, const struct db_fact *f, struct err *e)
{
	char uid[UID_TEXT];
	struct query q;
	int64_t whole;

	if (whole_now(s, &whole, e))
		return -1;
	uid_new(uid);
	query_open(&q, s,
		   "INSERT INTO act(uid, project, account, part_of, cycle, event, at_ms) VALUES (?, ?, ?, ?, "
		   "?, ?, ?)");
	bind_text(&q, uid);
	bind_int(&q, s->undo.place ? s->undo.place : f->project);
	bind_int(&q, f->account);
	bind_ref(&q, whole);
	bind_text(&q, f->cycle);
	bind_text(&q, event_of(s, f));
	bind_int(&q, f->at_ms ? f->at_ms : clock_now_ms());
	if (query_insert(&q, &s->undo.act, e))
		return -1;
	if (s->in_group && !whole)
		s->undo.whole = s->undo.act;
	return 0;
}

int undo_act_of(struct store *s, const struct db_fact *f, int64_t *act, struct err *e)
{
	*act = 0;
	if (!f->account || !f->project || s->undo.act == NO_ACT)
		return 0;
	if (!s->undo.act && make_act(s, f, e))
		return -1;
	*act = s->undo.act;
	return 0;
}

int undo_retired(struct store *s, int64_t outbox, struct err *e)
{
	if (s->undo.retired_n == s->undo.retired_room) {
		size_t room = s->undo.retired_room ? 2 * s->undo.retired_room : 64;
		int64_t *more = realloc(s->undo.retired, room * sizeof(*more));

		if (!more)
			return err_set(e, ERR_MEMORY, "operations of an act");
		s->undo.retired = more;
		s->undo.retired_room = room;
	}
	s->undo.retired[s->undo.retired_n++] = outbox;
	return 0;
}

static int keep_retired(struct store *s, struct err *e)
{
	for (size_t i = 0; i < s->undo.retired_n; i++) {
		struct query q;

		query_open(&q, s, "INSERT OR IGNORE INTO act_outbox(act, outbox) VALUES (?, ?)");
		bind_int(&q, s->undo.act);
		bind_int(&q, s->undo.retired[i]);
		if (query_run(&q, e))
			return -1;
	}
	return 0;
}

static int keep_changes(struct store *s, const void *changes, int bytes, struct err *e)
{
	struct query q;

	query_open(&q, s, "UPDATE act SET changes = ? WHERE id = ?");
	bind_blob(&q, changes, (size_t)bytes);
	bind_int(&q, s->undo.act);
	return query_run(&q, e);
}

static int forget_old(struct store *s, struct err *e)
{
	struct query q;

	query_open(&q, s, "UPDATE act SET changes = NULL WHERE changes IS NOT NULL AND at_ms < ?");
	bind_int(&q, clock_now_ms() - KEPT_DAYS * 86400000LL);
	return query_run(&q, e);
}

int undo_keep(struct store *s, struct err *e)
{
	void *changes = NULL;
	int bytes = 0, rc, last;

	if (s->undo.act <= 0)
		return 0;
	rc = sqlite3session_changeset(s->undo.session, &bytes, &changes);
	if (rc == SQLITE_SCHEMA) /* a table with generated columns, which sessions do not know: done all the same, not to be taken back */
		return keep_retired(s, e);
	last = rc == SQLITE_OK ? 0 : sql_error(e, s->db, rc, "changes of an act");
	if (!last &&
	    (keep_changes(s, changes ? changes : "", bytes, e) || keep_retired(s, e) || forget_old(s, e)))
		last = -1;
	sqlite3_free(changes);
	return last;
}

/* --- reading ------------------------------------------------------------------------------------------ */

/* Rows would come back as they were under the former data key (store/rekey.h). */
#define NOT_MEANWHILE "NOT EXISTS (SELECT 1 FROM rekey WHERE one = 1)"
#define ACT_COLUMNS                                                                                          \
	"SELECT a.id, a.project, a.account, a.part_of, a.cycle, a.event, a.at_ms,"                           \
	" a.people + ifnull((SELECT sum(people) FROM act WHERE part_of = a.id), 0), a.changes IS NOT NULL AND " NOT_MEANWHILE "," \
	" a.undone_ms, w.display, ifnull(u.display, ''),"                                                    \
	" coalesce((SELECT p.name FROM fact f JOIN person p ON p.id = f.person WHERE f.act = a.id ORDER BY " \
	"f.person LIMIT 1),"                                                                                 \
	" (SELECT o.title FROM fact f JOIN outbox o ON o.fact = f.id WHERE f.act = a.id LIMIT 1), '')"       \
	" FROM act a JOIN account w ON w.id = a.account LEFT JOIN account u ON u.id = a.undone_by "

static int read_act(struct query *q, void *row, struct err *e)
{
	struct db_act *a = row;

	(void)e;
	*a = (struct db_act){
		.id = col_int(q, 0),
		.project = col_int(q, 1),
		.account = col_int(q, 2),
		.part_of = col_int(q, 3),
		.at_ms = col_int(q, 6),
		.people = col_int(q, 7),
		.kept = col_int(q, 8) != 0,
		.undone_ms = col_int(q, 9),
	};
	COL_TEXT(q, 4, a->cycle);
	COL_TEXT(q, 5, a->event);
	COL_TEXT(q, 10, a->by);
	COL_TEXT(q, 11, a->undone_by);
	COL_TEXT(q, 12, a->title);
	return 0;
}

int db_act_get(struct store *s, int64_t id, struct db_act *out, struct err *e)
{
	struct query q;

	query_open(&q, s, ACT_COLUMNS "WHERE a.id = ?");
	bind_int(&q, id);
	return rows_one(&q, read_act, out, "act", e);
}

int db_act_of_fact(struct store *s, int64_t fact, int64_t *act, struct err *e)
{
	struct query q;

	query_open(&q, s, "SELECT coalesce(a.part_of, a.id) FROM fact f JOIN act a ON a.id = f.act WHERE f.id = ?");
	bind_int(&q, fact);
	return query_int(&q, act, 0, e);
}

const char sql_act_page[] = ACT_COLUMNS "WHERE a.project = ?1 AND a.id < ?2 AND a.part_of IS NULL AND (?3 = "
					"0 OR a.account = ?3) ORDER BY a.id DESC LIMIT ?4";

int db_act_page(struct store *s, int64_t project, int64_t account, int64_t before, struct db_act *rows,
		size_t cap, size_t *n, bool *more, struct err *e)
{
	struct query q;

	query_open(&q, s, sql_act_page);
	bind_int(&q, project);
	bind_int(&q, before ? before : INT64_MAX);
	bind_int(&q, account);
	bind_int(&q, (int64_t)cap + 1);
	return rows_page(&q, read_act, rows, sizeof(*rows), cap, n, more, e);
}

int db_act_parts(struct store *s, int64_t act, int64_t before, int64_t *ids, size_t cap, size_t *n,
		 struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "SELECT id FROM act WHERE part_of = ?1 AND id < ?2 UNION ALL SELECT id FROM act WHERE id "
		   "= ?1 AND id < ?2"
		   " ORDER BY id DESC LIMIT ?3");
	bind_int(&q, act);
	bind_int(&q, before ? before : INT64_MAX);
	bind_int(&q, (int64_t)cap);
	return rows_ids(&q, ids, cap, n, e);
}

int db_act_persons(struct store *s, int64_t act, int64_t after, int64_t *ids, size_t cap, size_t *n,
		   struct err *e)
{
	struct query q;

	query_open(
		&q, s,
		"SELECT DISTINCT f.person FROM (SELECT id FROM act WHERE part_of = ?1 UNION ALL SELECT ?1) a"
		" JOIN fact f ON f.act = a.id WHERE f.person > ?2 ORDER BY f.person LIMIT ?3");
	bind_int(&q, act);
	bind_int(&q, after);
	bind_int(&q, (int64_t)cap);
	return rows_ids(&q, ids, cap, n, e);
}

/* The act's own, and those that say again what it said, after a later correction was taken back. */
static int own_sent(struct store *s, int64_t act, int64_t *out, struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "SELECT count(*) FROM (SELECT id FROM act WHERE part_of = ?1 UNION ALL SELECT ?1) a JOIN "
		   "fact f ON f.act = a.id"
		   " JOIN outbox o ON o.fact IN (SELECT f.id UNION ALL SELECT r.id FROM fact r WHERE r.restates = f.id)"
		   " WHERE o.state IN (?2, ?3, ?4, ?5) AND NOT (o.state = ?3 AND o.code IS '" OUTBOX_BY_HAND "')");
	bind_int(&q, act);
	bind_int(&q, OUTBOX_SENDING);
	bind_int(&q, OUTBOX_WAITING);
	bind_int(&q, OUTBOX_UNKNOWN);
	bind_int(&q, OUTBOX_ACCEPTED);
	return query_int(&q, out, 0, e);
}

/* Team and leader of an assignment that had not been submitted: the submission has told them since. What the act itself says anew with a
 * correction is its own operation, and goes back with it. */
static int told_since(struct store *s, int64_t act, int64_t *out, struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "SELECT count(*) FROM (SELECT id FROM act WHERE part_of = ?1 UNION ALL SELECT ?1) a JOIN "
		   "fact f ON f.act = a.id"
		   " JOIN fact later ON later.cycle = f.cycle AND later.subject = f.subject AND later.id > f.id"
		   " JOIN outbox o ON o.fact = later.id"
		   " WHERE ifnull(later.act, 0) NOT IN (SELECT id FROM act WHERE part_of = ?1 UNION ALL SELECT ?1) AND f.cycle = 'assignment' AND (f.event IN ('leader', 'move') OR (f.event = 'draft' AND f.supersedes IS NOT NULL))"
		   " AND later.event = 'submit' AND (o.state IN (?2, ?4, ?5) OR (o.state = ?6 AND o.body_sealed IS NOT NULL)"
		   " OR (o.state = ?3 AND o.code IS NOT '" OUTBOX_BY_HAND "'))");
	bind_int(&q, act);
	bind_int(&q, OUTBOX_SENDING);
	bind_int(&q, OUTBOX_WAITING);
	bind_int(&q, OUTBOX_UNKNOWN);
	bind_int(&q, OUTBOX_ACCEPTED);
	bind_int(&q, OUTBOX_READY);
	return query_int(&q, out, 0, e);
}

int db_act_sent(struct store *s, int64_t act, int64_t *out, struct err *e)
{
	int64_t since;

	if (own_sent(s, act, out, e) || told_since(s, act, &since, e))
		return -1;
	*out += since;
	return 0;
}

int db_act_needed(struct store *s, int64_t act, int64_t *out, struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "SELECT count(*) FROM (SELECT id FROM act WHERE part_of = ?1 UNION ALL SELECT ?1) a JOIN "
		   "fact f ON f.act = a.id"
		   " JOIN outbox_need n ON n.fact = f.id JOIN outbox o ON o.id = n.outbox JOIN fact r ON "
		   "r.id = o.fact"
		   " JOIN fact g ON g.id = ifnull(r.restates, r.id)"
		   " LEFT JOIN act b ON b.id = g.act WHERE o.state NOT IN (?2, ?3) AND coalesce(b.part_of, "
		   "b.id, 0) <> ?1");
	bind_int(&q, act);
	bind_int(&q, OUTBOX_WITHDRAWN);
	bind_int(&q, OUTBOX_SUPERSEDED);
	return query_int(&q, out, 0, e);
}

int db_act_retired(struct store *s, int64_t part, int64_t after, int64_t *ids, size_t cap, size_t *n,
		   struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "SELECT outbox FROM act_outbox WHERE act = ? AND outbox > ? ORDER BY outbox LIMIT ?");
	bind_int(&q, part);
	bind_int(&q, after);
	bind_int(&q, (int64_t)cap);
	return rows_ids(&q, ids, cap, n, e);
}

/* --- backwards ---------------------------------------------------------------------------------------- */

/* Anything but exactly what the act left: leave it all. */
static int on_conflict(void *arg, int kind, sqlite3_changeset_iter *it)
{
	(void)kind;
	(void)it;
	*(bool *)arg = true;
	return SQLITE_CHANGESET_ABORT;
}

static int apply_inverse(struct store *s, const void *changes, size_t bytes, struct err *e)
{
	void *inverse = NULL;
	bool conflict = false;
	int size = 0, rc;

	if (!bytes)
		return 0;
	rc = sqlite3changeset_invert((int)bytes, changes, &size, &inverse);
	if (rc == SQLITE_OK)
		rc = sqlite3changeset_apply(s->db, size, inverse, NULL, on_conflict, &conflict);
	sqlite3_free(inverse);
	if (conflict)
		return err_set(e, ERR_CONFLICT, "changed since");
	return rc == SQLITE_OK ? 0 : sql_error(e, s->db, rc, "taking back");
}

int db_act_revert(struct store *s, int64_t part, struct err *e)
{
	struct query q;
	const void *changes;
	size_t bytes;
	int last;

	query_open(&q, s, "SELECT changes FROM act WHERE id = ? AND changes IS NOT NULL AND " NOT_MEANWHILE);
	bind_int(&q, part);
	last = query_one(&q, "changes of the act", e);
	if (!last) {
		changes = col_blob(&q, 0, &bytes);
		last = apply_inverse(s, changes, bytes, e);
	}
	query_close(&q);
	return last;
}

int db_act_undone(struct store *s, int64_t act, int64_t account, int64_t at_ms, struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "UPDATE act SET undone_ms = ?1, undone_by = ?2 WHERE id = ?3 AND undone_ms IS NULL");
	bind_int(&q, at_ms);
	bind_int(&q, account);
	bind_int(&q, act);
	return query_run_one(&q, ERR_CONFLICT, e);
}
