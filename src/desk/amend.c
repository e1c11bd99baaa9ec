/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Mending what is on file (E2, E10, G1): new facts that supersede, only for what differs. What the platform
 * has taken already is amended there where it can be, refused here where it cannot.
 */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "check.h"
#include "dossier.h"
#include "hiring.h"
#include "personal.h"
#include "wire.h"
#include "store/fact.h"

struct amending {
	struct desk *d;
	const struct record *r;
	struct record before;
	struct folk folk;
	struct record_site site;
	struct findings *findings;
	int differs[3]; /* by enum folk_part: how many fields */
	int64_t person_fact, employment_fact;
	enum sent submission; /* how far the platform has heard of the assignment */
};

static bool field_differs(const struct amending *g, enum field_id f)
{
	const char *is = record_get(g->r, f), *was = record_get(&g->before, f);

	/* "No leader" and nothing said are the same. */
	if (f == F_LEADER && !is[0])
		is = "0";
	if (f == F_LEADER && !was[0])
		was = "0";
	return strcmp(is, was) != 0;
}

static void compare(struct amending *g)
{
	for (enum field_id f = 0; f < FIELD_COUNT; f++) {
		if (!field_differs(g, f))
			continue;
		g->differs[folk_part_of(f)]++;
		/* What a card said is mended by a card only. */
		if ((field_get(f)->flags & FIELD_FROM_CARD) && g->before.from_card &&
		    g->before.origin[f] == ORIGIN_CARD && g->r->origin[f] != ORIGIN_CARD)
			check_refuse(g->findings, f, "card_locked", "",
				     _("这一项是读卡得来的，不能手工改；请重新读卡"));
	}
	if (g->r->has_portrait)
		g->differs[PART_PERSON] += g->r->from_card && !g->before.from_card;
}

/* The chain's newest standing fact of this event; what a correction supersedes. */
static int standing(struct amending *g, enum cycle cycle, int64_t subject, enum event event, int64_t *fact,
		    struct err *e)
{
	return db_fact_latest(g->d->store, cycle_name(cycle), subject, event_name(event), fact, e);
}

/* A company changes only as long as the platform has not taken the offer; then by leaving and hiring anew. */
static int may_change_company(struct amending *g, struct err *e)
{
	enum sent sent;
	bool reported;

	if (!field_differs(g, F_COMPANY) || !g->folk.employment.id)
		return 0;
	if (standing(g, CYCLE_EMPLOYMENT, g->folk.employment.id, EVENT_OFFER, &g->employment_fact, e) ||
	    correction_sent(g->d, g->employment_fact, &sent, &reported, e))
		return -1;
	if (sent >= SENT_ON_ITS_WAY)
		check_refuse(g->findings, F_COMPANY, "company_fixed", "",
			     _("平台已收到聘用，不能改单位；须先离职，再由新单位登记"));
	return 0;
}

static bool editable_assignment(const struct amending *g)
{
	enum assignment_state s = g->folk.assignment.state;

	return s == ASSIGNMENT_NONE || s == ASSIGNMENT_DRAFTED || s == ASSIGNMENT_RETURNED ||
	       lifecycle_final(CYCLE_ASSIGNMENT, s);
}

/* E2, E10: until received an assignment is corrected; afterwards team and leader change here, the company by exit and assignment only. */
static int may_change_assignment(struct amending *g, struct err *e)
{
	int64_t fact;
	bool reported;

	if (!g->differs[PART_ASSIGNMENT] || editable_assignment(g))
		return 0;
	if (standing(g, CYCLE_ASSIGNMENT, g->folk.assignment.id, EVENT_SUBMIT, &fact, e) ||
	    correction_sent(g->d, fact, &g->submission, &reported, e))
		return -1;
	if (g->submission < SENT_ON_ITS_WAY)
		return 0;
	if (g->site.team.id && g->site.team.participant != g->folk.assignment.participant)
		check_refuse(g->findings, F_TEAM, "team_fixed", "",
			     _("分配已提交平台，不能换单位；请办理退场，再重新分配"));
	else if (!wire_moves(g->d))
		check_warn(g->findings, F_TEAM, "team_local", _("平台没有换班组、换班组长的手续：记在本机，平台上须另行修改"));
	return 0;
}

/* --- writing ----------------------------------------------------------------------------------------- */

static int amend_person(struct amending *g, struct err *e)
{
	struct personal p = {.d = g->d, .r = g->r, .person = &g->folk.person};
	int64_t id;

	if (!g->differs[PART_PERSON])
		return 0;
	if (personal_update(&p, e) || personal_report(&p, &g->person_fact, e))
		return -1;
	if (!g->r->has_portrait)
		return 0;
	return db_attachment_add(g->d->store, 0, g->folk.person.id, g->person_fact, "portrait", "image/x-wlt",
				 g->r->portrait, sizeof(g->r->portrait), &id, e);
}

static int amend_employment(struct amending *g, struct err *e)
{
	struct employment_change c = {.d = g->d,
				      .r = g->r,
				      .folk = &g->folk,
				      .participant = &g->site.participant,
				      .person_fact = g->person_fact};

	if (!g->differs[PART_EMPLOYMENT] || !g->folk.employment.id)
		return 0;
	return employment_amend(&c, &g->employment_fact, e);
}

static int move_leader(struct amending *g, const struct db_assignment *was, const struct db_assignment *is,
		       struct err *e)
{
	struct db_team old;

	if (was->team && (was->team != is->team || !is->leader)) {
		if (db_team_get(g->d->store, was->team, &old, e))
			return -1;
		if (old.leader == g->folk.person.id && db_team_leader(g->d->store, old.id, 0, e))
			return -1;
	}
	return is->leader ? db_team_leader(g->d->store, is->team, g->folk.person.id, e) : 0;
}

static int correct_assignment(struct amending *g, struct db_assignment *a, struct err *e)
{
	bool submitted = a->state != ASSIGNMENT_DRAFTED && a->state != ASSIGNMENT_RETURNED;
	enum event event = submitted ? EVENT_SUBMIT : EVENT_DRAFT;
	struct correction c = {.cycle = cycle_name(CYCLE_ASSIGNMENT),
			       .event = event_name(event),
			       .add_kind = "assignment.submit",
			       .subject = a->id,
			       .person = g->folk.person.id,
			       .uid = a->uid,
			       .title = g->folk.person.name};
	int64_t needs[2], fact;
	struct buf body;
	int rc = -1;

	buf_init(&body, 16384);
	if (folk_body(g->r, PART_ASSIGNMENT, &body, e) ||
	    standing(g, CYCLE_ASSIGNMENT, a->id, event, &c.fact, e) ||
	    deed_reported(g->d, CYCLE_EMPLOYMENT, a->employment, &needs[0], e) ||
	    deed_reported(g->d, CYCLE_TEAM_SITE, a->team, &needs[1], e))
		goto out;
	c.body = body.data;
	c.needs = needs;
	c.n_needs = ARRAY_LEN(needs);
	rc = correction_write(g->d, &c, &fact, e);
out:
	buf_wipe_release(&body);
	return rc;
}

/* What the platform has already: kept here as facts of their own. */
static int move_received(struct amending *g, bool leader, struct err *e)
{
	struct folk *f = &g->folk;

	if (f->assignment.team != g->site.team.id && assignment_move(g->d, f, &g->site.team, NULL, e))
		return -1;
	if (leader)
		return team_lead(g->d, g->site.team.id, f->person.id, e);
	if (!f->assignment.leader)
		return 0;
	return assignment_leads(g->d, f, &g->site.team, false, e) || db_team_leader(g->d->store, g->site.team.id, 0, e) ? -1 : 0;
}

static int amend_assignment(struct amending *g, struct err *e)
{
	struct db_assignment *a = &g->folk.assignment, was = g->folk.assignment;
	bool leader = strcmp(record_get(g->r, F_LEADER), "1") == 0;

	if (!g->differs[PART_ASSIGNMENT] || !g->site.team.id)
		return 0;
	if (!a->id || lifecycle_final(CYCLE_ASSIGNMENT, a->state))
		return assignment_begin(g->d, &g->folk, &g->site.team, leader, e);
	if (g->submission >= SENT_ON_ITS_WAY)
		return move_received(g, leader, e);
	a->team = g->site.team.id;
	a->participant = g->site.team.participant;
	a->leader = leader;
	text_copy(a->trade, sizeof(a->trade), record_get(g->r, F_TRADE));
	if (db_assignment_update(g->d->store, a, e) || correct_assignment(g, a, e))
		return -1;
	return move_leader(g, &was, a, e);
}

/* The trade is the employment's; the assignment shows and sends the same. */
static int follow_trade(struct amending *g, struct err *e)
{
	struct db_assignment *a = &g->folk.assignment;

	if (!a->id || lifecycle_final(CYCLE_ASSIGNMENT, a->state) ||
	    strcmp(a->trade, g->folk.employment.trade) == 0)
		return 0;
	text_copy(a->trade, sizeof(a->trade), g->folk.employment.trade);
	return db_assignment_update(g->d->store, a, e);
}

static int amend_rows(struct amending *g, struct err *e)
{
	char detail[300] = "";

	for (enum field_id f = 0; f < FIELD_COUNT; f++)
		if (field_differs(g, f)) {
			desk_append(detail, sizeof(detail), detail[0] ? " " : "");
			desk_append(detail, sizeof(detail), field_get(f)->name);
		}
	if (field_differs(g, F_TRAINED_ON) &&
	    dossier_note_training(g->d, g->folk.person.id, record_date(g->r, F_TRAINED_ON), e))
		return -1;
	if (amend_person(g, e) || amend_employment(g, e) || amend_assignment(g, e) || follow_trade(g, e) ||
	    folk_refresh(g->d, g->folk.person.id, true, e))
		return -1;
	return desk_audit(
		g->d,
		&(struct audit_entry){
			.action = "amend", .object = "person", .uid = g->folk.person.uid, .detail = detail},
		e);
}

/* Loads what is, judges what is to be; findings say what stands against it. */
static int amend_judged(struct amending *g, int64_t person, struct err *e)
{
	if (folk_open(g->d, person, &g->folk, e) || folk_record(g->d, &g->folk, &g->before, e) ||
	    record_check(g->d, g->r, g->findings, &g->site, e))
		return -1;
	if (!g->site.participant.id && g->folk.participant.id)
		g->site.participant = g->folk.participant;
	compare(g);
	if (strcmp(g->folk.employment.role, ROLE_CODE_MANAGER) == 0 && guard_managers_elsewhere(g->d->profile))
		check_refuse(g->findings, F_ROLE, "managers_elsewhere", "SH-QA r1–r4",
			     _("本地区的管理人员在另外的系统里办理，这里只能查看"));
	if (may_change_company(g, e) || may_change_assignment(g, e))
		return -1;
	return check_blocks(g->findings) ? err_set(e, ERR_FINDINGS, "%zu findings", g->findings->n) : 0;
}

#define MAY_AMEND (ROLE_CLERK | ROLE_COMPANY_HR | ROLE_LEGAL_REPRESENTATIVE | ROLE_PROJECT_MANAGER)

static int amend_now(struct amending *g, int64_t person, bool write, int *changed, struct err *e)
{
	int n;

	g->findings->n = 0;
	if (amend_judged(g, person, e))
		return -1;
	n = g->differs[PART_PERSON] + g->differs[PART_EMPLOYMENT] + g->differs[PART_ASSIGNMENT];
	if (n && write && amend_rows(g, e))
		return -1;
	*changed = n;
	return 0;
}

int desk_amend(struct desk *d, int64_t person, const struct record *r, struct findings *findings,
	       int *changed, struct err *e)
{
	struct amending g = {.d = d, .r = r, .findings = findings};
	int rc, n = 0;

	findings->n = 0;
	if (desk_may_in_project(d, MAY_AMEND, e) || store_begin(d->store, e))
		return -1;
	record_init(&g.before);
	rc = store_end(d->store, amend_now(&g, person, true, &n, e), e);
	record_release(&g.before);
	if (!rc)
		*changed = n;
	return rc;
}

int amend_edited(struct desk *d, int64_t person, const struct amend_edit *edit, bool write, struct findings *findings, int *changed,
		 struct err *e)
{
	struct amending g = {.d = d, .findings = findings};
	struct record r;
	struct folk f;
	int rc = -1;

	record_init(&r);
	record_init(&g.before);
	g.r = &r;
	if (desk_may_in_project(d, MAY_AMEND, e) || folk_open(d, person, &f, e) || folk_record(d, &f, &r, e))
		goto out;
	rc = edit->edit(&r, edit->arg) ? err_set(e, ERR_MEMORY, "record") : amend_now(&g, person, write, changed, e);
out:
	record_release(&g.before);
	record_release(&r);
	return rc;
}
