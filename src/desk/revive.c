/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "revive.h"

#include "base/i18n.h"
#include "base/text.h"
#include "deed.h"
#include "folk.h"
#include "personal.h"
#include "sister.h"
#include "store/hiring.h"
#include "store/site.h"

#define ROWS 32 /* of one person */

int revive_reverse(struct desk *d, const struct db_fact *f, struct err *e)
{
	struct db_fact row = *f;
	int64_t made;

	row.uid[0] = row.note[0] = '\0';
	row.account = d->session.account;
	row.at_ms = clock_now_ms();
	row.on = date_of_ms(row.at_ms);
	row.true_on = DATE_NONE;
	row.supersedes = row.restates = 0;
	row.reverses = f->id;
	text_copy(row.authority, sizeof(row.authority), "desk");
	return db_fact_insert(d->store, &row, NULL, &made, e);
}

/* --- rows ---------------------------------------------------------------------------------------------- */

static int assignment_as(struct desk *d, int64_t id, int state, struct err *e)
{
	struct db_assignment a;

	if (db_assignment_get(d->store, id, &a, e) ||
	    db_assignment_state(d->store, id, a.state, (enum assignment_state)state, e))
		return -1;
	if (state < ASSIGNMENT_ON_SITE)
		a.entered_on = DATE_NONE;
	a.exited_on = DATE_NONE;
	a.exit_cause[0] = a.exit_actor[0] = '\0';
	return db_assignment_update(d->store, &a, e);
}

/* The day that was agreed on, where one stands. */
static int leaving_day(struct desk *d, int64_t employment, date_t *on, struct err *e)
{
	struct db_fact f;
	int64_t id;

	*on = DATE_NONE;
	if (db_fact_latest(d->store, cycle_name(CYCLE_EMPLOYMENT), employment,
			   event_name(EVENT_RECORD_LEAVING), &id, e) ||
	    (id && db_fact_get(d->store, id, &f, e)))
		return -1;
	if (id)
		*on = f.on;
	return 0;
}

static int employment_as(struct desk *d, int64_t id, int state, struct err *e)
{
	struct db_employment m;

	if (db_employment_get(d->store, id, &m, e) ||
	    db_employment_state(d->store, id, m.state, (enum employment_state)state, e))
		return -1;
	m.leaves_on = DATE_NONE;
	if (state == EMPLOYMENT_LEAVING_ON && leaving_day(d, id, &m.leaves_on, e))
		return -1;
	return db_employment_update(d->store, &m, e);
}

static int contract_as(struct desk *d, int64_t id, int state, struct err *e)
{
	struct db_contract c;
	int rc = db_contract_get(d->store, id, &c, e) ||
		 db_contract_state(d->store, id, c.state, (enum contract_state)state, e);

	wipe(&c, sizeof(c));
	return rc ? -1 : 0;
}

int revive_row(struct desk *d, enum cycle cycle, int64_t subject, int *state, struct err *e)
{
	if (deed_fold(d, cycle, subject, state, e))
		return -1;
	switch (cycle) {
	case CYCLE_EMPLOYMENT:
		return employment_as(d, subject, *state, e);
	case CYCLE_ASSIGNMENT:
		return assignment_as(d, subject, *state, e);
	case CYCLE_CONTRACT:
		return contract_as(d, subject, *state, e);
	default:
		return err_set(e, ERR_INTERNAL, "%s", cycle_name(cycle));
	}
}

/* --- what ended with it ----------------------------------------------------------------------------------
 */

struct reviving {
	struct desk *d;
	const struct db_fact *end;
};

/* The fact that ended the subject along with the employment; id 0: it ended otherwise, or goes on. */
static int ended_along(const struct reviving *r, enum cycle cycle, int64_t subject, struct db_fact *out,
		       struct err *e)
{
	enum event event;
	struct db_fact f;
	int64_t id;
	bool along;

	*out = (struct db_fact){.id = 0};
	if (deed_last(r->d, cycle, subject, &event, &id, e))
		return -1;
	along = cycle == CYCLE_ASSIGNMENT ? event == EVENT_EMPLOYMENT_ENDED
					  : event == EVENT_CONTRACT_END || event == EVENT_CONTRACT_TERMINATE;
	if (!along || id < r->end->id)
		return 0;
	if (db_fact_get(r->d->store, id, &f, e))
		return -1;
	if (f.at_ms == r->end->at_ms && f.account == r->end->account)
		*out = f;
	return 0;
}

static int revive_one(const struct reviving *r, enum cycle cycle, int64_t subject, struct err *e)
{
	struct db_fact f;
	int state;

	if (ended_along(r, cycle, subject, &f, e))
		return -1;
	return f.id && (revive_reverse(r->d, &f, e) || revive_row(r->d, cycle, subject, &state, e)) ? -1 : 0;
}

/* Who led his team leads it again, unless another does by now: then he does so no more. In the project of the
 * assignment. */
static int lead_again(struct desk *d, void *arg, struct err *e)
{
	const struct db_assignment *was = arg;
	struct db_team team;
	struct folk f;

	if (!was->leader || !was->team || db_team_get(d->store, was->team, &team, e))
		return was->leader && was->team ? -1 : 0;
	if (!team.leader)
		return db_team_leader(d->store, team.id, was->person, e);
	if (team.leader == was->person || folk_load(d, was->person, &f, e))
		return team.leader == was->person ? 0 : -1;
	return f.assignment.id == was->id ? assignment_leads(d, &f, &team, false, e) : 0;
}

int revive_leading(struct desk *d, int64_t assignment, struct err *e)
{
	struct db_assignment now;

	if (db_assignment_get(d->store, assignment, &now, e))
		return -1;
	return lifecycle_final(CYCLE_ASSIGNMENT, now.state) ? 0 : sister_do(d, now.project, lead_again, &now, e);
}

static int assignments(const struct reviving *r, struct err *e)
{
	struct db_assignment rows[ROWS];
	size_t n;

	if (db_assignment_list(r->d->store, r->end->person, rows, ROWS, &n, e))
		return -1;
	for (size_t i = 0; i < n; i++)
		if (rows[i].employment == r->end->subject &&
		    (revive_one(r, CYCLE_ASSIGNMENT, rows[i].id, e) || revive_leading(r->d, rows[i].id, e)))
			return -1;
	return 0;
}

static int contracts(const struct reviving *r, struct err *e)
{
	struct db_contract rows[ROWS];
	int rc = -1;
	size_t n;

	if (db_contract_of_employment(r->d->store, r->end->subject, rows, ROWS, &n, e))
		goto out;
	for (size_t i = 0; i < n; i++)
		if (revive_one(r, CYCLE_CONTRACT, rows[i].id, e))
			goto out;
	rc = 0;
out:
	wipe(rows, sizeof(rows));
	return rc;
}

int revive_employed_anew(struct desk *d, const struct db_fact *end, bool *yes, struct err *e)
{
	struct db_employment rows[ROWS];
	size_t n;

	*yes = false;
	if (db_employment_list(d->store, end->person, rows, ROWS, &n, e))
		return -1;
	for (size_t i = 0; i < n; i++)
		*yes |= rows[i].id != end->subject && rows[i].project == d->project.id &&
			!lifecycle_final(CYCLE_EMPLOYMENT, rows[i].state);
	return 0;
}

int revive_others(struct desk *d, const struct db_fact *end, struct err *e)
{
	struct reviving r = {d, end};
	bool anew;

	if (revive_employed_anew(d, end, &anew, e))
		return -1;
	if (anew)
		return err_set(e, ERR_FORBIDDEN, "%s", _("此人已经重新聘用；先撤回新的聘用，再放弃"));
	return assignments(&r, e) || contracts(&r, e) ? -1 : 0;
}
