/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rows.h"
#include "store/project.h"

#define TEAM_COLUMNS                                                                                         \
	"SELECT t.id, t.uid, t.project, t.participant, t.name, t.kind, t.automatic, t.from_platform, "       \
	"t.leader, t.relation, t.state,"                                                                     \
	" t.entered_on, t.exited_on, p.uid, CASE c.short_name WHEN '' THEN c.name ELSE c.short_name END, "   \
	"ifnull(l.name, ''), t.partner, t.unassociated_on, ifnull(b.name, '')"                               \
	" FROM team t JOIN participant p ON p.id = t.participant JOIN company c ON c.id = p.company LEFT "   \
	"JOIN person l ON l.id = t.leader LEFT JOIN company b ON b.id = t.partner "

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
		.partner = col_int(q, 16),
		.unassociated_on = col_date(q, 17),
	};
	COL_TEXT(q, 1, t->uid);
	COL_TEXT(q, 4, t->name);
	COL_TEXT(q, 5, t->kind);
	COL_TEXT(q, 13, t->participant_uid);
	COL_TEXT(q, 14, t->company);
	COL_TEXT(q, 15, t->leader_name);
	COL_TEXT(q, 18, t->partner_name);
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
	TEAM_COLUMNS "WHERE t.project = ?1 AND (t.participant, t.name, t.id) > (?2, ?3, ?4) AND t.state <> 'none'"
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

/* C7: a request counts only once it is confirmed; asking again does not begin the days anew. */
static bool associated(enum team_state s)
{
	return s == TEAM_NONE || s == TEAM_OWN || s == TEAM_ASSOCIATED;
}

int db_team_relation(struct store *s, int64_t id, enum team_state from, enum team_state to, date_t on, struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "UPDATE team SET relation = ?1, unassociated_on = CASE WHEN ?2 THEN NULL ELSE ifnull(unassociated_on, ?3) END "
		   "WHERE id = ?4 AND relation = ?5");
	bind_state(&q, CYCLE_TEAM, to);
	bind_int(&q, associated(to));
	bind_date(&q, on);
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

/* Whoever is replaced or goes to another team leads no longer in his own row; only who left bears the mark still. */
int db_team_leaderless(struct store *s, int64_t project, int64_t participant, int64_t *n, struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "SELECT count(*) FROM team t WHERE t.project = ?1 AND t.leader IS NULL AND t.state = 'entered' AND "
		   "(?2 IS NULL OR t.participant = ?2) AND EXISTS (SELECT 1 FROM assignment a WHERE a.team = t.id AND a.leader = 1) AND "
		   "EXISTS (SELECT 1 FROM assignment a WHERE a.team = t.id AND a.leader = 0 AND a.state = 'on_site')");
	bind_int(&q, project);
	bind_ref(&q, participant);
	return query_int(&q, n, 0, e);
}

int db_team_automatic(struct store *s, int64_t participant, int64_t *team, struct err *e)
{
	struct query q;

	query_open(&q, s, "SELECT id FROM team WHERE participant = ? AND automatic = 1 AND state <> 'none' ORDER BY id LIMIT 1");
	bind_int(&q, participant);
	return query_int(&q, team, 0, e);
}

int db_team_partner(struct store *s, int64_t id, int64_t company, struct err *e)
{
	struct query q;

	query_open(&q, s, "UPDATE team SET partner = ? WHERE id = ?");
	bind_ref(&q, company);
	bind_int(&q, id);
	return query_run_one(&q, ERR_NO_SUCH, e);
}

int db_team_update(struct store *s, const struct db_team *t, struct err *e)
{
	struct query q;

	query_open(&q, s, "UPDATE team SET name = ?, kind = ? WHERE id = ?");
	bind_text(&q, t->name);
	bind_text(&q, t->kind);
	bind_int(&q, t->id);
	return query_run_one(&q, ERR_NO_SUCH, e);
}

int db_team_members(struct store *s, int64_t id, int64_t *out, struct err *e)
{
	struct query q;

	query_open(&q, s, "SELECT 1 FROM assignment WHERE team = ? LIMIT 1");
	bind_int(&q, id);
	return query_int(&q, out, 0, e);
}

/* --- associations (C4, C7) ------------------------------------------------------------------------------ */

const char sql_association_list[] =
	TEAM_COLUMNS "WHERE t.project = ?1 AND t.relation = ?2 AND (t.name, t.id) > (?3, ?4) AND t.partner IS NOT NULL"
		     " AND t.state <> 'none' ORDER BY t.name, t.id LIMIT ?5";

int db_association_list(struct store *s, int64_t project, enum team_state relation, const struct db_team_cursor *after,
			struct db_team *rows, size_t cap, size_t *n, struct err *e)
{
	struct query q;

	query_open(&q, s, sql_association_list);
	bind_int(&q, project);
	bind_state(&q, CYCLE_TEAM, relation);
	bind_text(&q, after ? after->name : "");
	bind_int(&q, after ? after->id : 0);
	bind_int(&q, (int64_t)cap);
	return rows_all(&q, read_team, rows, sizeof(*rows), cap, n, e);
}

const char sql_association_due[] =
	"SELECT unassociated_on FROM team WHERE project = ?1 AND unassociated_on IS NOT NULL AND state <> 'none' AND state <> 'exited'"
	" ORDER BY unassociated_on LIMIT ?2";

int db_association_due(struct store *s, int64_t project, int64_t limit, int64_t *n, date_t *since, struct err *e)
{
	struct query q;
	int got;

	*n = 0;
	*since = DATE_NONE;
	query_open(&q, s, sql_association_due);
	bind_int(&q, project);
	bind_int(&q, limit);
	while ((got = query_step(&q, e)) > 0)
		if ((*n)++ == 0)
			*since = col_date(&q, 0);
	query_close(&q);
	return got;
}
