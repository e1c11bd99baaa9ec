/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Changes of what an assignment says (E2, E10, C5, C6): team, trade, wage, leader. Until the platform has the
 * submission it is corrected; after its reception the change is a new fact with its day, told where the dialect
 * has a place for it (wire_moves()); else kept here, and the clerk is told that the platform has no word for it. Company and project change by exit and a new assignment
 * only.
 */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "deed.h"
#include "desk/acts.h"
#include "json_out.h"
#include "personal.h"
#include "wire.h"
#include "sister.h"

#define MOVE "move" /* events of facts that are no steps of the life cycle */
#define LEADER "leader"

static unsigned assigners(void)
{
	return lifecycle_find(CYCLE_ASSIGNMENT, ASSIGNMENT_NONE, EVENT_DRAFT)->roles;
}

static bool live(const struct folk *f)
{
	return f->assignment.id && !lifecycle_final(CYCLE_ASSIGNMENT, f->assignment.state);
}

/* --- another team -------------------------------------------------------------------------------------- */

/* How far the platform has heard of the assignment. */
static int submission_sent(struct desk *d, const struct folk *f, enum sent *out, struct err *e)
{
	int64_t fact;
	bool reported;

	*out = SENT_NEVER;
	if (!live(f) || f->assignment.state == ASSIGNMENT_DRAFTED ||
	    f->assignment.state == ASSIGNMENT_RETURNED)
		return 0;
	if (db_fact_latest(d->store, cycle_name(CYCLE_ASSIGNMENT), f->assignment.id, event_name(EVENT_SUBMIT),
			   &fact, e))
		return -1;
	return fact ? correction_sent(d, fact, out, &reported, e) : 0;
}

/* D5: whom the team's company employs through another project can be assigned here as he is. */
static int join(struct desk *d, struct folk *f, const struct db_team *team, struct err *e)
{
	struct db_employment m;
	struct db_participant as;

	if (f->employment.id && !lifecycle_final(CYCLE_EMPLOYMENT, f->employment.state))
		return 0;
	if (db_participant_get(d->store, team->participant, &as, e) || sister_employment(d, f->person.id, &as, &m, e))
		return -1;
	if (!m.id)
		return 0;
	f->employment = m;
	f->participant = as;
	return 0;
}

/* Whose team he can be put in: his employer's, as it takes part here. */
static int64_t side_of(const struct folk *f, const struct db_team *team, bool moving)
{
	if (moving)
		return f->team.participant;
	if (f->employment.project == team->project)
		return f->employment.participant;
	return f->participant.company == f->employment.company ? f->participant.id : 0;
}

static void judge_team(const struct folk *f, const struct db_team *team, struct verdict *v)
{
	bool moving = live(f) && f->assignment.state != ASSIGNMENT_DRAFTED &&
		      f->assignment.state != ASSIGNMENT_RETURNED;

	if (!f->employment.id || lifecycle_final(CYCLE_EMPLOYMENT, f->employment.state))
		verdict_refuse(v, _("没有有效的聘用"), _("先登记聘用"));
	else if (team->state == SITE_EXITED)
		verdict_refuse(v, _("班组已退场"), _("另选在场的班组"));
	else if (team->participant != side_of(f, team, moving))
		verdict_refuse(v, _("班组不属于此人的用工单位"),
			       _("选择本单位的班组；换单位须先退场，再重新分配"));
	else if (live(f) && f->team.id == team->id)
		verdict_refuse(v, _("已经在这个班组"), "");
	else if (f->assignment.state == ASSIGNMENT_ON_SITE && team->state != SITE_ENTERED)
		verdict_refuse(v, _("此人在场，新班组还没有进场"), _("先办理班组进场"));
}

static int judge_move(struct desk *d, struct folk *f, const struct db_team *team, struct verdict *v,
		      struct err *e)
{
	struct situation situation;
	enum sent sent;

	if (join(d, f, team, e))
		return -1;
	judge_team(f, team, v);
	if (!v->can)
		return 0;
	if (!live(f)) {
		if (folk_situation(d, f, EVENT_DRAFT, DATE_NONE, &situation, e))
			return -1;
		guards_pass(lifecycle_find(CYCLE_ASSIGNMENT, ASSIGNMENT_NONE, EVENT_DRAFT), &situation, v);
		return 0;
	}
	if (f->team.leader == f->person.id)
		verdict_warn(v, _("是班组长：换走后原班组没有班组长，请指定接任的人"));
	if (submission_sent(d, f, &sent, e))
		return -1;
	if (sent >= SENT_ON_ITS_WAY && !wire_moves(d))
		verdict_warn(v, _("平台没有换班组的手续：记在本机，平台上须另行修改"));
	return 0;
}

static int team_body(const struct db_team *team, struct buf *body, struct err *e)
{
	json_out_open(body);
	json_out_text(body, "team", team->uid);
	json_out_close(body);
	return body->failed ? err_set(e, ERR_MEMORY, "body of a fact") : 0;
}

/* A change with its day, which no operation reports by itself. */
static int plain_fact(struct desk *d, const struct folk *f, const char *event, const char *body,
		      const char *note, struct err *e)
{
	struct db_fact row = {.project = d->project.id,
			      .subject = f->assignment.id,
			      .person = f->person.id,
			      .account = d->session.account,
			      .at_ms = clock_now_ms(),
			      .on = date_today(),
			      .true_on = DATE_NONE};

	text_copy(row.cycle, sizeof(row.cycle), cycle_name(CYCLE_ASSIGNMENT));
	text_copy(row.event, sizeof(row.event), event);
	text_copy(row.actor, sizeof(row.actor), actor_name(deed_actor(d, CYCLE_ASSIGNMENT)));
	text_copy(row.authority, sizeof(row.authority), "desk");
	text_copy(row.note, sizeof(row.note), note ? note : "");
	return db_fact_insert(d->store, &row, body, NULL, e);
}

/* Corrects what the platform has not heard yet, or has a place for; its operation follows the new team. */
static int correct_submission(struct desk *d, const struct folk *f, const struct db_team *team,
			      const char *body, struct err *e)
{
	bool drafted =
		f->assignment.state == ASSIGNMENT_DRAFTED || f->assignment.state == ASSIGNMENT_RETURNED;
	enum event event = drafted ? EVENT_DRAFT : EVENT_SUBMIT;
	struct correction c = {.cycle = cycle_name(CYCLE_ASSIGNMENT),
			       .event = event_name(event),
			       .add_kind = "assignment.submit",
			       .amend_kind = wire_moves(d) ? "assignment.amend" : NULL,
			       .subject = f->assignment.id,
			       .person = f->person.id,
			       .uid = f->assignment.uid,
			       .title = f->person.name,
			       .body = body};
	int64_t needs[2], fact;

	if (db_fact_latest(d->store, c.cycle, c.subject, c.event, &c.fact, e) ||
	    deed_reported(d, CYCLE_EMPLOYMENT, f->assignment.employment, &needs[0], e) ||
	    deed_reported(d, CYCLE_TEAM_SITE, team->id, &needs[1], e))
		return -1;
	c.needs = needs;
	c.n_needs = ARRAY_LEN(needs);
	return correction_write(d, &c, &fact, e);
}

/* The platform has the submission: the change stands as a fact of its own, and is told where it can be. */
static int change_received(struct desk *d, const struct folk *f, const struct db_team *team, const char *event, const char *note, struct err *e)
{
	struct buf body;
	int rc = -1;

	buf_init(&body, 4096);
	if (!team_body(team, &body, e) && !plain_fact(d, f, event, strcmp(event, MOVE) ? NULL : body.data, note, e))
		rc = wire_moves(d) ? correct_submission(d, f, team, body.data, e) : 0;
	buf_release(&body);
	return rc;
}

int assignment_trade_told(struct desk *d, const struct db_assignment *a, struct err *e)
{
	struct folk f;
	struct db_team team;
	enum sent sent;
	struct buf body;
	int rc = -1;

	if (!wire_moves(d))
		return 0;
	if (folk_load(d, a->person, &f, e))
		return -1;
	f.assignment = *a;
	if (submission_sent(d, &f, &sent, e))
		return -1;
	if (sent < SENT_ON_ITS_WAY)
		return 0;
	buf_init(&body, 4096);
	if (!db_team_get(d->store, a->team, &team, e) && !team_body(&team, &body, e))
		rc = correct_submission(d, &f, &team, body.data, e);
	buf_release(&body);
	return rc;
}

int assignment_move(struct desk *d, struct folk *f, const struct db_team *team, const char *note,
		    struct err *e)
{
	struct db_assignment *a = &f->assignment;
	enum sent sent;
	struct buf body;
	int rc = -1;

	buf_init(&body, 4096);
	if (submission_sent(d, f, &sent, e) || team_body(team, &body, e))
		goto out;
	if (f->team.leader == f->person.id && db_team_leader(d->store, f->team.id, 0, e))
		goto out;
	a->team = team->id;
	a->participant = team->participant;
	a->leader = false;
	rc = db_assignment_update(d->store, a, e) ||
			     (sent >= SENT_ON_ITS_WAY ? change_received(d, f, team, MOVE, note, e)
						      : correct_submission(d, f, team, body.data, e))
		     ? -1
		     : 0;
out:
	buf_release(&body);
	return rc;
}

static int move_one(struct desk *d, struct folk *f, const struct db_team *team, const char *note,
		    struct err *e)
{
	if (live(f) ? assignment_move(d, f, team, note, e) : assignment_begin(d, f, team, false, e))
		return -1;
	if (folk_refresh(d, f->person.id, true, e))
		return -1;
	return desk_audit(d,
			  &(struct audit_entry){.action = "assign_team",
						.object = "person",
						.uid = f->person.uid,
						.detail = team->uid},
			  e);
}

/* --- another trade, another wage ------------------------------------------------------------------------ */

static const enum field_id altered[] = {[ALTER_TRADE] = F_TRADE, [ALTER_WAGE] = F_WAGE};

struct editing {
	enum field_id field;
	const char *value;
};

static int edit(struct record *r, void *arg)
{
	const struct editing *w = arg;

	record_put_typed(r, w->field, w->value); /* what is no wage stays as typed: the check says so */
	return 0;
}

static int alter_field(struct desk *d, const struct folk *f, const struct alteration *a, bool write,
		       struct verdict *v, struct err *e)
{
	struct editing w = {altered[a->kind], a->value};
	struct findings *found = calloc(1, sizeof(*found));
	struct err own = {ERR_NONE};
	int changed = 0, rc = -1;

	if (!found)
		return err_set(e, ERR_MEMORY, "findings");
	if (!f->employment.id || lifecycle_final(CYCLE_EMPLOYMENT, f->employment.state)) {
		verdict_refuse(v, _("没有有效的聘用"), _("先登记聘用"));
		rc = 0;
	} else if (amend_edited(d, f->person.id, &(struct amend_edit){edit, &w}, write, found, &changed,
				&own) == 0) {
		if (!changed)
			verdict_refuse(v, _("已经是这个内容"), "");
		rc = 0;
	} else if (own.code == ERR_FINDINGS) {
		for (size_t i = 0; v->can && i < found->n; i++)
			if (found->item[i].severity == SEVERITY_BLOCK)
				verdict_refuse(v, found->item[i].sentence, _("打开此人更正"));
		rc = 0;
	} else {
		err_set(e, own.code, "%s", own.detail);
	}
	free(found);
	return rc;
}

/* --- many at once --------------------------------------------------------------------------------------- */

struct altering {
	struct desk *d;
	const struct alteration *a;
	struct db_team team;
};

static int alter_one(struct altering *w, int64_t person, bool write, struct verdict *v, struct err *e)
{
	struct folk f;

	*v = (struct verdict){.person = person, .can = true};
	if (folk_open(w->d, person, &f, e))
		return -1;
	text_copy(v->name, sizeof(v->name), f.person.name);
	if (w->a->kind != ALTER_TEAM)
		return alter_field(w->d, &f, w->a, write, v, e);
	if (judge_move(w->d, &f, &w->team, v, e))
		return -1;
	return v->can && write ? move_one(w->d, &f, &w->team, w->a->note, e) : 0;
}

static int alter_all(struct desk *d, const struct alteration *a, bool write, struct verdict *verdicts,
		     size_t *able, struct err *e)
{
	struct altering w = {.d = d, .a = a};

	*able = 0;
	if (a->kind == ALTER_TEAM && db_team_by_uid(d->store, a->value, &w.team, e))
		return -1;
	if (a->kind == ALTER_TEAM && w.team.project != d->project.id)
		return err_set(e, ERR_NO_SUCH, "team of another project");
	for (size_t i = 0; i < a->n; i++) {
		if (alter_one(&w, a->persons[i], write, &verdicts[i], e))
			return -1;
		*able += verdicts[i].can;
	}
	return 0;
}

int desk_alter_preview(struct desk *d, const struct alteration *a, struct verdict *verdicts, size_t *able,
		       struct err *e)
{
	return desk_may_in_project(d, assigners(), e) ? -1 : alter_all(d, a, false, verdicts, able, e);
}

int desk_alter(struct desk *d, const struct alteration *a, struct verdict *verdicts, size_t *done,
	       struct err *e)
{
	size_t n = 0;

	if (desk_may_in_project(d, assigners(), e) || store_begin(d->store, e))
		return -1;
	if (store_end(d->store, alter_all(d, a, true, verdicts, &n, e), e))
		return -1;
	*done = n;
	return 0;
}

int desk_assign_team(struct desk *d, const int64_t *persons, size_t n, const char *team_uid,
		     struct verdict *verdicts, size_t *done, struct err *e)
{
	return desk_alter(
		d, &(struct alteration){.kind = ALTER_TEAM, .value = team_uid, .persons = persons, .n = n},
		verdicts, done, e);
}

/* --- the leader (C6) --------------------------------------------------------------------------------------
 */

/* The submission that waits takes it along, as this act's own: taken back once that has left, it would stay there. */
static int goes_along(struct desk *d, const struct folk *f, const struct db_team *team, struct err *e)
{
	struct buf body;
	int rc = -1;

	/* whatever submits a draft later tells it (store/undo.h); of one that is over nothing is told */
	if (f->assignment.state == ASSIGNMENT_DRAFTED || lifecycle_final(CYCLE_ASSIGNMENT, f->assignment.state))
		return 0;
	buf_init(&body, 4096);
	if (!team_body(team, &body, e))
		rc = correct_submission(d, f, team, body.data, e);
	buf_release(&body);
	return rc;
}

/* Told where the submission has gone already; else it goes with that. */
static int leader_fact(struct desk *d, const struct folk *f, const struct db_team *team, struct err *e)
{
	enum sent sent;

	if (submission_sent(d, f, &sent, e))
		return -1;
	if (sent >= SENT_ON_ITS_WAY)
		return change_received(d, f, team, LEADER, NULL, e);
	return plain_fact(d, f, LEADER, NULL, NULL, e) || goes_along(d, f, team, e) ? -1 : 0;
}

int assignment_leads(struct desk *d, struct folk *f, const struct db_team *team, bool leads, struct err *e)
{
	f->assignment.leader = leads;
	return db_assignment_update(d->store, &f->assignment, e) || leader_fact(d, f, team, e) ? -1 : 0;
}

int team_leader_gone(struct desk *d, const struct db_team *team, struct err *e)
{
	struct folk f;

	if (!team->leader)
		return 0;
	if (folk_load(d, team->leader, &f, e))
		return -1;
	return f.team.id == team->id && f.assignment.leader ? assignment_leads(d, &f, team, false, e) : 0;
}

int team_lead(struct desk *d, int64_t team_id, int64_t person, struct err *e)
{
	struct db_team team;
	struct folk f;

	if (db_team_get(d->store, team_id, &team, e) || folk_open(d, person, &f, e))
		return -1;
	if (!live(&f) || f.team.id != team_id)
		return err_set(e, ERR_FORBIDDEN, "%s", _("接任的人不在这个班组；请选班组里在场的人"));
	if (team.leader == person)
		return err_set(e, ERR_FORBIDDEN, "%s", _("此人已经是班组长"));
	if (team_leader_gone(d, &team, e) || assignment_leads(d, &f, &team, true, e) || db_team_leader(d->store, team_id, person, e))
		return -1;
	return desk_audit(
		d,
		&(struct audit_entry){
			.action = "leader", .object = "team", .uid = team.uid, .detail = f.person.uid},
		e);
}

int desk_team_lead(struct desk *d, const char *team_uid, int64_t person, struct err *e)
{
	struct db_team team;

	if (desk_may_in_project(d, assigners(), e) || db_team_by_uid(d->store, team_uid, &team, e))
		return -1;
	if (team.project != d->project.id || !folk_in_scope(d, team.participant))
		return err_set(e, ERR_NO_SUCH, "team of another project");
	return store_begin(d->store, e) ? -1 : store_end(d->store, team_lead(d, team.id, person, e), e);
}
