/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rows.h"
#include "store/person.h"

#define EMPLOYMENT_COLUMNS                                                                                   \
	"SELECT id, uid, project, person, participant, company, state, role, trade, form, starts_on, "       \
	"ends_on, leaves_on, trained_on, contract,"                                                          \
	" made_ms, since_ms FROM employment "

static int read_employment(struct query *q, void *row, struct err *e)
{
	struct db_employment *m = row;

	(void)e;
	*m = (struct db_employment){
		.id = col_int(q, 0),
		.project = col_int(q, 2),
		.person = col_int(q, 3),
		.participant = col_int(q, 4),
		.company = col_int(q, 5),
		.state = (enum employment_state)col_state(q, 6, CYCLE_EMPLOYMENT),
		.starts_on = col_date(q, 10),
		.ends_on = col_date(q, 11),
		.leaves_on = col_date(q, 12),
		.trained_on = col_date(q, 13),
		.contract = col_int(q, 14) != 0,
		.made_ms = col_int(q, 15),
		.since_ms = col_int(q, 16),
	};
	COL_TEXT(q, 1, m->uid);
	COL_TEXT(q, 7, m->role);
	COL_TEXT(q, 8, m->trade);
	COL_TEXT(q, 9, m->form);
	return 0;
}

static void bind_changeable(struct query *q, const struct db_employment *m)
{
	bind_ref(q, m->participant);
	bind_ref(q, m->company);
	bind_text(q, m->role);
	bind_text(q, m->trade);
	bind_text(q, m->form);
	bind_date(q, m->starts_on);
	bind_date(q, m->ends_on);
	bind_date(q, m->leaves_on);
	bind_date(q, m->trained_on);
	bind_int(q, m->contract);
}

int db_employment_insert(struct store *s, const struct db_employment *m, int64_t *id, struct err *e)
{
	int64_t made = m->made_ms ? m->made_ms : clock_now_ms();
	char uid[UID_TEXT];
	struct query q;

	uid_or_new(uid, m->uid);
	query_open(&q, s,
		   "INSERT INTO employment(id, participant, company, role, trade, form, starts_on, ends_on, "
		   "leaves_on, trained_on, contract, uid, project,"
		   " person, state, made_ms, since_ms) VALUES (" FRESH_ID("employment", "employment") ", ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	bind_changeable(&q, m);
	bind_text(&q, uid);
	bind_int(&q, m->project);
	bind_int(&q, m->person);
	bind_state(&q, CYCLE_EMPLOYMENT, m->state);
	bind_int(&q, made);
	bind_int(&q, m->since_ms ? m->since_ms : made);
	return query_insert(&q, id, e);
}

int db_employment_update(struct store *s, const struct db_employment *m, struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "UPDATE employment SET participant = ?, company = ?, role = ?, trade = ?, form = ?, "
		   "starts_on = ?, ends_on = ?, leaves_on = ?,"
		   " trained_on = ?, contract = ? WHERE id = ?");
	bind_changeable(&q, m);
	bind_int(&q, m->id);
	return query_run_one(&q, ERR_NO_SUCH, e);
}

int db_employment_state(struct store *s, int64_t id, enum employment_state from, enum employment_state to,
			struct err *e)
{
	struct query q;

	query_open(&q, s, "UPDATE employment SET state = ?, since_ms = ? WHERE id = ? AND state = ?");
	bind_state(&q, CYCLE_EMPLOYMENT, to);
	bind_int(&q, clock_now_ms());
	bind_int(&q, id);
	bind_state(&q, CYCLE_EMPLOYMENT, from);
	return query_run_one(&q, ERR_CONFLICT, e);
}

int db_employment_since(struct store *s, int64_t id, int64_t since_ms, struct err *e)
{
	struct query q;

	query_open(&q, s, "UPDATE employment SET since_ms = ? WHERE id = ?");
	bind_int(&q, since_ms);
	bind_int(&q, id);
	return query_run_one(&q, ERR_NO_SUCH, e);
}

int db_employment_get(struct store *s, int64_t id, struct db_employment *out, struct err *e)
{
	struct query q;

	query_open(&q, s, EMPLOYMENT_COLUMNS "WHERE id = ?");
	bind_int(&q, id);
	return rows_one(&q, read_employment, out, "employment", e);
}

int db_employment_by_uid(struct store *s, const char *uid, struct db_employment *out, struct err *e)
{
	struct query q;

	query_open(&q, s, EMPLOYMENT_COLUMNS "WHERE uid = ?");
	bind_text(&q, uid);
	return rows_one(&q, read_employment, out, "employment", e);
}

int db_employment_list(struct store *s, int64_t person, struct db_employment *rows, size_t cap, size_t *n,
		       struct err *e)
{
	struct query q;

	query_open(&q, s, EMPLOYMENT_COLUMNS "WHERE person = ? ORDER BY id DESC");
	bind_int(&q, person);
	return rows_all(&q, read_employment, rows, sizeof(*rows), cap, n, e);
}
