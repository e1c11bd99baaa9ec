/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two files of one person: what goes over, what is given back, and the pairs that wait to be looked at. */
#include <string.h>

#include "blind.h"
#include "member_private.h"
#include "rows.h"
#include "store/dossier.h"
#include "store/person.h"

/* --- going over and coming back ---------------------------------------------------------------------- */

/* Each kind of row that names its person: remembered, moved, given back. A column of its own where it is not
 * `person`. Facts never change and keep their person: a history is read for all who became one. */
static const struct {
	const char *remember, *move; /* moving back is moving with the other person */
} moved[] = {
#define MOVED_AS(label, tbl, col)                                                                            \
	{                                                                                                    \
		"INSERT INTO merge_row(merge, tbl, row) SELECT ?1, '" label "', id FROM " tbl " WHERE " col  \
		" = ?2",                                                                                     \
			"UPDATE " tbl " SET " col                                                            \
			" = ?1 WHERE id IN (SELECT row FROM merge_row WHERE merge = ?2 AND tbl "             \
			"= '" label "')"                                                                     \
	}
#define MOVED(tbl, col) MOVED_AS(tbl, tbl, col)
#define MOVED_TOO(tbl, col) MOVED_AS(tbl "." col, tbl, col) /* another column of a table that has one above */
	MOVED("document", "person"),	 MOVED("attachment_link", "person"),
	MOVED("employment", "person"),	 MOVED("assignment", "person"),
	MOVED("team", "leader"),	 MOVED("outbox", "person"),
	MOVED("message", "person"),	 MOVED("training", "person"),
	MOVED("certificate", "person"),	 MOVED("mark", "person"),
	MOVED("work_history", "person"), MOVED("draft", "person"),
	MOVED("contract", "person"),	 MOVED("app_registration", "person"),
	MOVED("worker_code", "person"),	 MOVED("conflict", "person"),
	MOVED("attendance", "person"),	 MOVED("tenure", "person"),
	MOVED("key_post", "person"),	 MOVED_TOO("key_post", "proposed"),
	MOVED("wage", "person"),	 MOVED("book_entry", "person"),
	MOVED("book_people", "person"),	 MOVED("platform_list", "person"),
	MOVED("person", "merged_into"),
};

const char *sql_merge_moves(size_t i)
{
	return i < ARRAY_LEN(moved) ? moved[i].move : NULL;
}

/* Statements of two numbers. */
static int run2(struct store *s, const char *sql, int64_t a, int64_t b, struct err *e)
{
	struct query q;

	query_open(&q, s, sql);
	bind_int(&q, a);
	bind_int(&q, b);
	return query_run(&q, e);
}

/* The document that was current of the one that goes stays remembered as such, and becomes a former one. */
static int former(struct store *s, int64_t merge, int64_t gone, struct err *e)
{
	if (run2(s,
		 "INSERT INTO merge_row(merge, tbl, row) SELECT ?1, 'current', id FROM document WHERE person "
		 "= ?2 "
		 "AND current = 1",
		 merge, gone, e))
		return -1;
	return run2(s, "UPDATE document SET current = 0 WHERE person = ?1 AND current = ?2", gone, 1, e);
}

/* The blind index finds the one who stands for both. */
static int index_over(struct store *s, int64_t from, int64_t to, struct err *e)
{
	if (run2(s,
		 "INSERT INTO person_index(hash, person, source) SELECT hash, ?1, source FROM person_index "
		 "WHERE "
		 "person = ?2 ON CONFLICT DO NOTHING",
		 to, from, e))
		return -1;
	return run2(s, "DELETE FROM person_index WHERE person = ?1 AND person <> ?2", from, to, e);
}

int db_member_drop(struct store *s, int64_t project, int64_t person, struct err *e)
{
	struct db_member m;
	struct err own = {ERR_NONE};

	if (db_member_get(s, project, person, &m, &own))
		return own.code == ERR_NO_SUCH ? 0 : err_set(e, own.code, "%s", own.detail);
	m.views = 0;
	if (db_member_save(s, &m, (const char *const[]){""}, 0, e))
		return -1;
	return run2(s, "DELETE FROM member WHERE project = ?1 AND person = ?2", project, person, e);
}

#define PROJECTS 64

static int drop_members(struct store *s, int64_t person, struct err *e)
{
	int64_t ids[PROJECTS];
	size_t n;

	if (db_projects_of_person(s, person, ids, PROJECTS, &n, e))
		return -1;
	for (size_t i = 0; i < n; i++)
		if (db_member_drop(s, ids[i], person, e))
			return -1;
	return 0;
}

static int alias(struct store *s, int64_t kept, int64_t gone, int64_t fact, struct err *e)
{
	struct db_person p;

	if (run2(s, "UPDATE alias SET person = ?1 WHERE person = ?2", kept, gone, e) ||
	    db_person_get(s, gone, &p, e))
		return -1;
	return db_alias_add(s, p.uid, kept, fact, e);
}

int db_merge_do(struct store *s, int64_t kept, int64_t gone, int64_t fact, int64_t *id, struct err *e)
{
	struct query q;
	int64_t made;

	query_open(&q, s, "INSERT INTO merge(kept, gone, fact) VALUES (?, ?, ?)");
	bind_int(&q, kept);
	bind_int(&q, gone);
	bind_int(&q, fact);
	if (query_insert(&q, &made, e) || former(s, made, gone, e) || drop_members(s, gone, e))
		return -1;
	for (size_t i = 0; i < ARRAY_LEN(moved); i++)
		if (run2(s, moved[i].remember, made, gone, e) || run2(s, moved[i].move, kept, made, e))
			return -1;
	if (index_over(s, gone, kept, e) || alias(s, kept, gone, fact, e) ||
	    run2(s, "UPDATE person SET merged_into = ?1 WHERE id = ?2", kept, gone, e))
		return -1;
	if (id)
		*id = made;
	return 0;
}

/* Aliases of those who had become `gone` lead to it again; its own is no alias any more. */
static int unalias(struct store *s, const struct db_merge *m, struct err *e)
{
	if (run2(s, "DELETE FROM alias WHERE uid = (SELECT uid FROM person WHERE id = ?1) AND person = ?2",
		 m->gone, m->kept, e))
		return -1;
	return run2(
		s,
		"UPDATE alias SET person = ?1 WHERE uid IN (SELECT p.uid FROM merge_row r JOIN person p ON "
		"p.id = r.row WHERE r.merge = ?2 AND r.tbl = 'person')",
		m->gone, m->id, e);
}

/* Documents' index rows go back with the documents; the phone's is written anew by the caller. */
static int index_back(struct store *s, const struct db_merge *m, struct err *e)
{
	if (run2(s,
		 "INSERT INTO person_index(hash, person, source) SELECT i.hash, ?1, i.source FROM merge_row "
		 "r "
		 "CROSS JOIN person_index i ON i.person = (SELECT kept FROM merge WHERE id = ?2) AND "
		 "i.source = "
		 "r.row WHERE r.merge = ?2 AND r.tbl = 'document' ON CONFLICT DO NOTHING",
		 m->gone, m->id, e))
		return -1;
	return run2(
		s,
		"DELETE FROM person_index WHERE person = ?1 AND source IN (SELECT row FROM merge_row WHERE "
		"merge = ?2 AND tbl = 'document')",
		m->kept, m->id, e);
}

int db_merge_undo(struct store *s, const struct db_merge *m, int64_t fact, struct err *e)
{
	struct query q;

	query_open(&q, s, "UPDATE merge SET undone = ? WHERE id = ? AND undone IS NULL");
	bind_int(&q, fact);
	bind_int(&q, m->id);
	if (query_run_one(&q, ERR_CONFLICT, e) ||
	    run2(s, "UPDATE person SET merged_into = NULL WHERE id = ?1 AND merged_into = ?2", m->gone,
		 m->kept, e) ||
	    index_back(s, m, e))
		return -1;
	for (size_t i = 0; i < ARRAY_LEN(moved); i++)
		if (run2(s, moved[i].move, m->gone, m->id, e))
			return -1;
	if (run2(s,
		 "UPDATE document SET current = 1 WHERE person = ?1 AND id IN (SELECT row FROM merge_row "
		 "WHERE "
		 "merge = ?2 AND tbl = 'current')",
		 m->gone, m->id, e))
		return -1;
	return unalias(s, m, e);
}

/* --- who and where ----------------------------------------------------------------------------------- */

static int read_merge(struct query *q, void *row, struct err *e)
{
	(void)e;
	*(struct db_merge *)row = (struct db_merge){
		.id = col_int(q, 0), .kept = col_int(q, 1), .gone = col_int(q, 2), .fact = col_int(q, 3)};
	return 0;
}

int db_merge_latest(struct store *s, int64_t person, struct db_merge *out, struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "SELECT id, kept, gone, fact FROM merge WHERE id = (SELECT max(id) FROM (SELECT max(id) "
		   "AS id "
		   "FROM merge WHERE kept = ?1 AND undone IS NULL UNION ALL SELECT max(id) FROM merge WHERE "
		   "gone "
		   "= ?1 AND undone IS NULL))");
	bind_int(&q, person);
	return rows_one(&q, read_merge, out, "merge", e);
}

int db_merged_into(struct store *s, int64_t person, int64_t *ids, size_t cap, size_t *n, struct err *e)
{
	struct query q;

	query_open(&q, s, "SELECT id FROM person WHERE merged_into = ? ORDER BY id");
	bind_int(&q, person);
	return rows_ids(&q, ids, cap, n, e);
}

int db_projects_of_person(struct store *s, int64_t person, int64_t *ids, size_t cap, size_t *n, struct err *e)
{
	struct query q;

	query_open(&q, s, "SELECT project FROM member WHERE person = ?");
	bind_int(&q, person);
	return rows_ids(&q, ids, cap, n, e);
}

static const char *const owner_of_number[] = {"SELECT min(person) FROM person_index WHERE hash = ?1 AND source > 0",
					      "SELECT min(person) FROM person_index WHERE hash IN (?1, ?2) AND source > 0"};

int db_number_owner(struct store *s, const char *number, int64_t *person, struct err *e)
{
	struct query hold, q;
	struct blind hash;
	int last;

	if (blind_ask(&hold, s, INDEX_NUMBER, number, &hash, e))
		return -1;
	query_open(&q, s, owner_of_number[hash.turning]);
	bind_blind(&q, &hash);
	last = query_int(&q, person, 0, e);
	query_close(&hold);
	return last;
}

/* --- pairs to be looked at --------------------------------------------------------------------------- */

int db_offer_add(struct store *s, int64_t project, int64_t person, int64_t other, bool platform,
		 struct err *e)
{
	struct query q;

	query_open(
		&q, s,
		"INSERT INTO merge_offer(project, person, other, source, made_ms) SELECT ?1, ?2, ?3, ?4, ?5 "
		"WHERE NOT EXISTS (SELECT 1 FROM merge_offer WHERE project = ?1 AND person = ?3 AND other = "
		"?2) ON CONFLICT DO NOTHING");
	bind_int(&q, project);
	bind_int(&q, person);
	bind_int(&q, other);
	bind_text(&q, platform ? "platform" : "desk");
	bind_int(&q, clock_now_ms());
	return query_run(&q, e);
}

int db_offer_settle(struct store *s, int64_t project, int64_t person, int64_t other, int64_t fact,
		    struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "UPDATE merge_offer SET settled = ?4 WHERE settled IS NULL AND project = ?1 AND ((person "
		   "= ?2 "
		   "AND other = ?3) OR (person = ?3 AND other = ?2))");
	bind_int(&q, project);
	bind_int(&q, person);
	bind_int(&q, other);
	bind_int(&q, fact);
	return query_run(&q, e);
}

static int read_offer(struct query *q, void *row, struct err *e)
{
	struct db_offer *o = row;
	char source[16];

	(void)e;
	*o = (struct db_offer){.id = col_int(q, 0),
			       .person = col_int(q, 1),
			       .other = col_int(q, 2),
			       .made_ms = col_int(q, 4)};
	COL_TEXT(q, 3, source);
	o->platform = source[0] == 'p';
	COL_TEXT(q, 5, o->name);
	COL_TEXT(q, 6, o->other_name);
	return 0;
}

const char sql_offer_page[] = "SELECT o.id, o.person, o.other, o.source, o.made_ms, p.name, r.name FROM "
			      "merge_offer o CROSS JOIN person p "
			      "ON p.id = o.person CROSS JOIN person r ON r.id = o.other WHERE o.project = ? "
			      "AND o.settled IS NULL AND "
			      "o.id < ? ORDER BY o.id DESC LIMIT ?";

int db_offer_page(struct store *s, int64_t project, int64_t before, struct db_offer *rows, size_t cap,
		  size_t *n, struct err *e)
{
	struct query q;

	query_open(&q, s, sql_offer_page);
	bind_int(&q, project);
	bind_int(&q, before ? before : INT64_MAX);
	bind_int(&q, (int64_t)cap);
	return rows_all(&q, read_offer, rows, sizeof(*rows), cap, n, e);
}
