/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rows.h"
#include "store/site.h"

#define TEAM_COLUMNS                                                                                         \
	"SELECT t.id, t.uid, t.project, t.participant, t.name, t.kind, t.automatic, t.from_platform, "       \
	"t.leader, t.relation, t.state,"                                                                     \
	" t.entered_on, t.exited_on, p.uid, CASE c.short_name WHEN '' THEN c.name ELSE c.short_name END, "   \
	"ifnull(l.name, '')"                                                                                 \
	" FROM team t JOIN participant p ON p.id = t.participant JOIN company c ON c.id = p.company LEFT "   \
	"JOIN person l ON l.id = t.leader "

static int read_team(struct query *q, void *row, struct err *e)
{
	struct db_team *t = row;

	(void)e;
	*t = (struct db_team){
		.id = col_int(q, 0),
		.project = col_int(q, 2),
		.participant = col_int(q, 3),
		.automatic = col_int(q, 6) != 0,
		.foreign = col_int(q, 7) != 0,
		.leader = col_int(q, 8),
		.relation = (enum team_state)col_state(q, 9, CYCLE_TEAM),
		.state = (enum site_state)col_state(q, 10, CYCLE_TEAM_SITE),
		.entered_on = col_date(q, 11),
		.exited_on = col_date(q, 12),
	};
	COL_TEXT(q, 1, t->uid);
	COL_TEXT(q, 4, t->name);
	COL_TEXT(q, 5, t->kind);
	COL_TEXT(q, 13, t->participant_uid);
	COL_TEXT(q, 14, t->company);
	COL_TEXT(q, 15, t->leader_name);
	return 0;
}

int db_team_insert(struct store *s, const struct db_team *t, int64_t *id, struct err *e)
{
	char uid[UID_TEXT];
	struct query q;

	uid_or_new(uid, t->uid);
	query_open(&q, s,
		   "INSERT INTO team(id, uid, project, participant, name, kind, automatic, from_platform, "
		   "leader, relation, state, entered_on,"
		   " exited_on, made_ms) VALUES (" FRESH_ID("team", "team") ", ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	bind_text(&q, uid);
	bind_int(&q, t->project);
	bind_int(&q, t->participant);
	bind_text(&q, t->name);
	bind_text(&q, t->kind);
	bind_int(&q, t->automatic);
	bind_int(&q, t->foreign);
	bind_ref(&q, t->leader);
	bind_state(&q, CYCLE_TEAM, t->relation);
	bind_state(&q, CYCLE_TEAM_SITE, t->state);
	bind_date(&q, t->entered_on);
	bind_date(&q, t->exited_on);
	bind_int(&q, clock_now_ms());
	return query_insert(&q, id, e);
}

int db_team_get(struct store *s, int64_t id, struct db_team *out, struct err *e)
{
	struct query q;

	query_open(&q, s, TEAM_COLUMNS "WHERE t.id = ?");
	bind_int(&q, id);
	return rows_one(&q, read_team, out, "team", e);
}

int db_team_by_uid(struct store *s, const char *uid, struct db_team *out, struct err *e)
{
	struct query q;

	query_open(&q, s, TEAM_COLUMNS "WHERE t.uid = ?");
	bind_text(&q, uid);
	return rows_one(&q, read_team, out, "team", e);
}

const char sql_team_list[] =
	TEAM_COLUMNS "WHERE t.project = ?1 AND (t.participant, t.name, t.id) > (?2, ?3, ?4)"
		     " ORDER BY t.participant, t.name, t.id LIMIT ?5";

int db_team_list(struct store *s, int64_t project, const struct db_team_cursor *after, struct db_team *rows,
		 size_t cap, size_t *n, struct err *e)
{
	struct query q;

	query_open(&q, s, sql_team_list);
	bind_int(&q, project);
	bind_int(&q, after ? after->participant : 0);
	bind_text(&q, after ? after->name : "");
	bind_int(&q, after ? after->id : 0);
	bind_int(&q, (int64_t)cap);
	return rows_all(&q, read_team, rows, sizeof(*rows), cap, n, e);
}

int db_team_by_id(struct store *s, int64_t project, int64_t after, struct db_team *rows, size_t cap, size_t *n,
		  struct err *e)
{
	struct query q;

	query_open(&q, s, TEAM_COLUMNS "WHERE t.project = ? AND t.id > ? ORDER BY t.id LIMIT ?");
	bind_int(&q, project);
	bind_int(&q, after);
	bind_int(&q, (int64_t)cap);
	return rows_all(&q, read_team, rows, sizeof(*rows), cap, n, e);
}

int db_team_relation(struct store *s, int64_t id, enum team_state from, enum team_state to, struct err *e)
{
	struct query q;

	query_open(&q, s, "UPDATE team SET relation = ? WHERE id = ? AND relation = ?");
	bind_state(&q, CYCLE_TEAM, to);
	bind_int(&q, id);
	bind_state(&q, CYCLE_TEAM, from);
	return query_run_one(&q, ERR_CONFLICT, e);
}

int db_team_state(struct store *s, int64_t id, enum site_state from, enum site_state to, date_t entered_on,
		  date_t exited_on, struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "UPDATE team SET state = ?, entered_on = ifnull(?, entered_on), exited_on = ifnull(?, "
		   "exited_on) WHERE id = ? AND state = ?");
	bind_state(&q, CYCLE_TEAM_SITE, to);
	bind_date(&q, entered_on);
	bind_date(&q, exited_on);
	bind_int(&q, id);
	bind_state(&q, CYCLE_TEAM_SITE, from);
	return query_run_one(&q, ERR_CONFLICT, e);
}

int db_team_leader(struct store *s, int64_t id, int64_t person, struct err *e)
{
	struct query q;

	query_open(&q, s, "UPDATE team SET leader = ? WHERE id = ?");
	bind_ref(&q, person);
	bind_int(&q, id);
	return query_run_one(&q, ERR_NO_SUCH, e);
}

int db_team_automatic(struct store *s, int64_t participant, int64_t *team, struct err *e)
{
	struct query q;

	query_open(&q, s, "SELECT id FROM team WHERE participant = ? AND automatic = 1 ORDER BY id LIMIT 1");
	bind_int(&q, participant);
	return query_int(&q, team, 0, e);
}
