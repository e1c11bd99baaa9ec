/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rows.h"
#include "store/person.h"

#define ASSIGNMENT_COLUMNS                                                                                   \
	"SELECT id, uid, project, person, employment, team, participant, state, trade, leader, entered_on, " \
	"exited_on, exit_cause,"                                                                             \
	" exit_actor, made_ms FROM assignment "

static int read_assignment(struct query *q, void *row, struct err *e)
{
	struct db_assignment *a = row;

	(void)e;
	*a = (struct db_assignment){
		.id = col_int(q, 0),
		.project = col_int(q, 2),
		.person = col_int(q, 3),
		.employment = col_int(q, 4),
		.team = col_int(q, 5),
		.participant = col_int(q, 6),
		.state = (enum assignment_state)col_state(q, 7, CYCLE_ASSIGNMENT),
		.leader = col_int(q, 9) != 0,
		.entered_on = col_date(q, 10),
		.exited_on = col_date(q, 11),
		.made_ms = col_int(q, 14),
	};
	COL_TEXT(q, 1, a->uid);
	COL_TEXT(q, 8, a->trade);
	COL_TEXT(q, 12, a->exit_cause);
	COL_TEXT(q, 13, a->exit_actor);
	return 0;
}

static void bind_changeable(struct query *q, const struct db_assignment *a)
{
	bind_ref(q, a->team);
	bind_ref(q, a->participant);
	bind_text(q, a->trade);
	bind_int(q, a->leader);
	bind_date(q, a->entered_on);
	bind_date(q, a->exited_on);
	bind_text(q, a->exit_cause);
	bind_text(q, a->exit_actor);
}

int db_assignment_insert(struct store *s, const struct db_assignment *a, int64_t *id, struct err *e)
{
	char uid[UID_TEXT];
	struct query q;

	uid_or_new(uid, a->uid);
	query_open(&q, s,
		   "INSERT INTO assignment(id, team, participant, trade, leader, entered_on, exited_on, "
		   "exit_cause, exit_actor, uid, project, person,"
		   " employment, state, made_ms) VALUES (" FRESH_ID("assignment", "assignment") ", ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	bind_changeable(&q, a);
	bind_text(&q, uid);
	bind_int(&q, a->project);
	bind_int(&q, a->person);
	bind_int(&q, a->employment);
	bind_state(&q, CYCLE_ASSIGNMENT, a->state);
	bind_int(&q, a->made_ms ? a->made_ms : clock_now_ms());
	return query_insert(&q, id, e);
}

int db_assignment_update(struct store *s, const struct db_assignment *a, struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "UPDATE assignment SET team = ?, participant = ?, trade = ?, leader = ?, entered_on = ?, "
		   "exited_on = ?, exit_cause = ?,"
		   " exit_actor = ? WHERE id = ?");
	bind_changeable(&q, a);
	bind_int(&q, a->id);
	return query_run_one(&q, ERR_NO_SUCH, e);
}

int db_assignment_state(struct store *s, int64_t id, enum assignment_state from, enum assignment_state to,
			struct err *e)
{
	struct query q;

	query_open(&q, s, "UPDATE assignment SET state = ? WHERE id = ? AND state = ?");
	bind_state(&q, CYCLE_ASSIGNMENT, to);
	bind_int(&q, id);
	bind_state(&q, CYCLE_ASSIGNMENT, from);
	return query_run_one(&q, ERR_CONFLICT, e);
}

int db_assignment_get(struct store *s, int64_t id, struct db_assignment *out, struct err *e)
{
	struct query q;

	query_open(&q, s, ASSIGNMENT_COLUMNS "WHERE id = ?");
	bind_int(&q, id);
	return rows_one(&q, read_assignment, out, "assignment", e);
}

int db_assignment_by_uid(struct store *s, const char *uid, struct db_assignment *out, struct err *e)
{
	struct query q;

	query_open(&q, s, ASSIGNMENT_COLUMNS "WHERE uid = ?");
	bind_text(&q, uid);
	return rows_one(&q, read_assignment, out, "assignment", e);
}

int db_assignment_list(struct store *s, int64_t person, struct db_assignment *rows, size_t cap, size_t *n,
		       struct err *e)
{
	struct query q;

	query_open(&q, s, ASSIGNMENT_COLUMNS "WHERE person = ? ORDER BY id DESC");
	bind_int(&q, person);
	return rows_all(&q, read_assignment, rows, sizeof(*rows), cap, n, e);
}
