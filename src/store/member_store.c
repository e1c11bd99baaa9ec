/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The member row, and the lists, tallies and search rows that follow from it. */
#include <stdlib.h>
#include <string.h>

#include "member_private.h"
#include "search_keys.h"

int read_member(struct query *q, void *row, struct err *e)
{
	struct db_member *m = row;

	*m = (struct db_member){
		.project = col_int(q, 0),
		.person = col_int(q, 1),
		.team = col_int(q, 5),
		.participant = col_int(q, 6),
		.employment = col_int(q, 8),
		.assignment = col_int(q, 9),
		.employment_state = (enum employment_state)col_state(q, 10, CYCLE_EMPLOYMENT),
		.assignment_state = (enum assignment_state)col_state(q, 11, CYCLE_ASSIGNMENT),
		.manual = col_int(q, 12) != 0,
		.waiting = col_int(q, 13) != 0,
		.refused = col_int(q, 14) != 0,
		.entered_on = col_date(q, 15),
		.exited_on = col_date(q, 16),
		.views = (unsigned)col_int(q, 17),
	};
	COL_TEXT(q, 2, m->name);
	COL_TEXT(q, 3, m->sort_key);
	COL_TEXT(q, 7, m->trade);
	COL_TEXT(q, 18, m->person_uid);
	COL_TEXT(q, 19, m->team_name);
	COL_TEXT(q, 20, m->company_name);
	COL_TEXT(q, 21, m->key);
	return col_sealed_text_if_open(q, 4, m->person_uid, TAIL_AS, m->tail, sizeof(m->tail), e);
}

int db_member_get(struct store *s, int64_t project, int64_t person, struct db_member *out, struct err *e)
{
	struct query q;

	query_open(&q, s,
		   MEMBER_COLUMNS("m.sort_key") "FROM member m" MEMBER_JOINS
						"WHERE m.project = ? AND m.person = ?");
	bind_int(&q, project);
	bind_int(&q, person);
	return rows_one(&q, read_member, out, "member", e);
}

const char sql_member_persons[] = "SELECT person FROM member WHERE project = ? AND person > ? ORDER BY person LIMIT ?";

int db_member_persons(struct store *s, int64_t project, int64_t after, int64_t *ids, size_t cap, size_t *n, struct err *e)
{
	struct query q;

	query_open(&q, s, sql_member_persons);
	bind_int(&q, project);
	bind_int(&q, after);
	bind_int(&q, (int64_t)cap);
	return rows_ids(&q, ids, cap, n, e);
}

/* --- what was there
 * ---------------------------------------------------------------------------------------------------------------
 */

struct before {
	bool there;
	unsigned views;
	int64_t team, participant;
	char sort_key[256];
	char texts[SEARCH_TEXTS];
	char uid[UID_TEXT]; /* the person's */
};

static int read_before(struct store *s, const struct db_member *m, struct before *b, struct err *e)
{
	struct query q;
	int last;

	*b = (struct before){0};
	query_open(&q, s,
		   "SELECT p.uid, m.person IS NOT NULL, m.views, m.team, m.participant, m.sort_key, m.texts"
		   " FROM person p LEFT JOIN member m ON m.project = ?1 AND m.person = p.id WHERE p.id = ?2");
	bind_int(&q, m->project);
	bind_int(&q, m->person);
	last = query_one(&q, "person", e);
	if (!last) {
		COL_TEXT(&q, 0, b->uid);
		b->there = col_int(&q, 1) != 0;
		b->views = (unsigned)col_int(&q, 2);
		b->team = col_int(&q, 3);
		b->participant = col_int(&q, 4);
		COL_TEXT(&q, 5, b->sort_key);
		COL_TEXT(&q, 6, b->texts);
	}
	query_close(&q);
	return last;
}

/* --- lists
 * -------------------------------------------------------------------------------------------------------------------------
 */

static const char list_in[] =
	"INSERT INTO member_view(project, view, scope, scope_id, sort_key, person) VALUES (?, ?, ?, ?, ?, ?)";
static const char list_out[] = "DELETE FROM member_view WHERE project = ? AND view = ? AND scope = ? AND "
			       "scope_id = ? AND sort_key = ? AND person = ?";

struct place { /* one list that a member may stand in */
	enum db_scope scope;
	int64_t was, is; /* id of the scope before and now; -1: stands in none of the kind */
};

static int change_list(struct store *s, const char *sql, const struct db_member *m, unsigned view,
		       enum db_scope scope, int64_t scope_id, const char *sort_key, struct err *e)
{
	struct query q;

	query_open(&q, s, sql);
	bind_int(&q, m->project);
	bind_int(&q, view);
	bind_int(&q, scope);
	bind_int(&q, scope_id);
	bind_text(&q, sort_key);
	bind_int(&q, m->person);
	return query_run(&q, e);
}

static int one_list(struct store *s, const struct db_member *m, const struct before *b, unsigned view,
		    const struct place *p, struct err *e)
{
	bool was = b->there && b->views >> view & 1 && p->was >= 0, is = m->views >> view & 1 && p->is >= 0;

	if (was && is && p->was == p->is && !strcmp(b->sort_key, m->sort_key))
		return 0;
	if (was && change_list(s, list_out, m, view, p->scope, p->was, b->sort_key, e))
		return -1;
	return is ? change_list(s, list_in, m, view, p->scope, p->is, m->sort_key, e) : 0;
}

static int64_t or_none(int64_t id)
{
	return id ? id : -1;
}

static int change_lists(struct store *s, const struct db_member *m, const struct before *b, struct err *e)
{
	const struct place places[] = {
		{SCOPE_PROJECT, 0, 0},
		{SCOPE_TEAM, or_none(b->team), or_none(m->team)},
		{SCOPE_PARTICIPANT, or_none(b->participant), or_none(m->participant)},
	};

	for (unsigned view = 0; view < MEMBER_VIEWS; view++) {
		for (size_t i = 0; i < ARRAY_LEN(places); i++) {
			if (one_list(s, m, b, view, &places[i], e))
				return -1;
		}
	}
	return 0;
}

/* --- search rows
 * ---------------------------------------------------------------------------------------------------------------------
 */

static const char search_in[] = "INSERT INTO search(project, key, person, shared) VALUES (?, ?, ?, ?)";
static const char search_out[] = "DELETE FROM search WHERE project = ? AND key = ? AND person = ?";

static int change_search(struct store *s, const struct db_member *m, char *texts, bool in, struct err *e)
{
	struct search_key *keys = malloc(SEARCH_TEXTS * sizeof(*keys));
	size_t n = keys ? cut_search_keys(texts, keys, SEARCH_TEXTS) : 0;
	int last = keys ? 0 : err_set(e, ERR_MEMORY, "search rows");

	for (size_t i = 0; i < n && !last; i++) {
		struct query q;

		query_open(&q, s, in ? search_in : search_out);
		bind_int(&q, m->project);
		bind_text(&q, keys[i].text);
		bind_int(&q, m->person);
		if (in)
			bind_int(&q, keys[i].shared);
		last = query_run(&q, e);
	}
	free(keys);
	return last;
}

static int join_texts(const char *const *texts, size_t n, char out[SEARCH_TEXTS], struct err *e)
{
	size_t used = 0;

	if (n > MEMBER_TEXTS)
		return err_set(e, ERR_TOO_LARGE, "%zu search texts", n);
	out[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		size_t len = strlen(texts[i]);

		if (len > 255 || strchr(texts[i], '\n'))
			return err_set(e, ERR_TOO_LARGE, "search text of %zu bytes", len);
		memcpy(out + used, texts[i], len);
		used += len;
		out[used++] = i + 1 < n ? '\n' : '\0';
	}
	return 0;
}

/* --- the row
 * ---------------------------------------------------------------------------------------------------------------------------
 */

static int put_row(struct store *s, const struct db_member *m, const struct before *b, const char *texts,
		   struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "INSERT INTO member(project, person, name, sort_key, tail_sealed, team, participant, "
		   "trade, employment, assignment,"
		   " employment_state, assignment_state, manual, waiting, refused, entered_on, exited_on, "
		   "views, texts)"
		   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, "
		   "?18, ?19) ON CONFLICT(project, person)"
		   " DO UPDATE SET name = ?3, sort_key = ?4, tail_sealed = ?5, team = ?6, participant = ?7, "
		   "trade = ?8, employment = ?9,"
		   " assignment = ?10, employment_state = ?11, assignment_state = ?12, manual = ?13, waiting "
		   "= ?14, refused = ?15,"
		   " entered_on = ?16, exited_on = ?17, views = ?18, texts = ?19");
	bind_int(&q, m->project);
	bind_int(&q, m->person);
	bind_text(&q, m->name);
	bind_text(&q, m->sort_key);
	bind_sealed_text(&q, b->uid, TAIL_AS, m->tail);
	bind_ref(&q, m->team);
	bind_ref(&q, m->participant);
	bind_text(&q, m->trade);
	bind_ref(&q, m->employment);
	bind_ref(&q, m->assignment);
	bind_state(&q, CYCLE_EMPLOYMENT, m->employment_state);
	bind_state(&q, CYCLE_ASSIGNMENT, m->assignment_state);
	bind_int(&q, m->manual);
	bind_int(&q, m->waiting);
	bind_int(&q, m->refused);
	bind_date(&q, m->entered_on);
	bind_date(&q, m->exited_on);
	bind_int(&q, m->views);
	bind_text(&q, texts);
	return query_run(&q, e);
}

static int save(struct store *s, const struct db_member *m, struct before *b, char *texts, bool new_texts,
		struct err *e)
{
	bool differ = new_texts && (!b->there || strcmp(b->texts, texts));

	if (put_row(s, m, b, new_texts ? texts : b->texts, e) || change_lists(s, m, b, e))
		return -1;
	if (!differ)
		return 0;
	if (b->there && change_search(s, m, b->texts, false, e)) /* cuts b->texts: its last use */
		return -1;
	return change_search(s, m, texts, true, e);
}

int db_member_save(struct store *s, const struct db_member *m, const char *const *texts, size_t n_texts,
		   struct err *e)
{
	struct before *b = malloc(sizeof(*b));
	char joined[SEARCH_TEXTS] = "";
	int last = -1;

	if (!b)
		return err_set(e, ERR_MEMORY, "member");
	if (texts && join_texts(texts, n_texts, joined, e))
		goto out;
	if (read_before(s, m, b, e))
		goto out;
	last = save(s, m, b, joined, texts || !b->there, e);
out:
	free(b);
	return last;
}
