/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Companies, participants and teams (B3, B4, C1–C4, C8). */
#include "desk/site.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "deed.h"
#include "domain/credit_code.h"
#include "domain/phone.h"
#include "folk.h"
#include "store/outbox.h"
#include "sheets.h"
#include "sister.h"

/* Who keeps the site's companies and teams: the roles of the row that makes one in the life cycle's table. */
unsigned site_adders(enum cycle cycle)
{
	const struct transition *rows;

	return lifecycle_rows(cycle, &rows) ? rows[0].roles : 0;
}

/* --- companies --------------------------------------------------------------------------------------- */

static int company_fact(struct desk *d, const struct db_company *c, struct err *e)
{
	struct db_fact fact = {.project = d->project.id,
			       .cycle = "company",
			       .subject = c->id,
			       .event = "add",
			       .authority = "desk",
			       .account = d->session.account,
			       .at_ms = clock_now_ms(),
			       .on = date_today(),
			       .true_on = DATE_NONE};
	int64_t id;

	text_copy(fact.actor, sizeof(fact.actor), actor_name(ACTOR_COMPANY));
	if (db_fact_insert(d->store, &fact, NULL, &id, e))
		return -1;
	return deed_queue(
		d, &(struct operation){.kind = "company.add", .uid = c->uid, .title = c->name, .fact = id},
		e);
}

/* A fact of this project, or of another one that tells the same platform of companies once for all (sister.h). */
static int told_here(struct desk *d, const struct db_fact *f, bool *told, struct err *e)
{
	*told = f->project == d->project.id;
	if (f->superseded_by || f->reversed_by || f->reverses) {
		*told = false;
		return 0;
	}
	return *told || !f->project || !sister_told_once(d) ? 0 : sister_one_platform(d, f->project, told, e);
}

int company_known_here(struct desk *d, const struct db_company *c, int64_t *fact, struct err *e)
{
	struct db_fact rows[16];
	int64_t after = 0;
	size_t n;

	do {
		if (db_fact_of_subject(d->store, "company", c->id, after, rows, ARRAY_LEN(rows), &n, e))
			return -1;
		for (size_t i = 0; i < n; i++) {
			bool told;

			after = rows[i].id;
			if (told_here(d, &rows[i], &told, e))
				return -1;
			if (told) {
				*fact = rows[i].id;
				return 0;
			}
		}
	} while (n == ARRAY_LEN(rows));
	if (company_fact(d, c, e))
		return -1;
	return db_fact_latest(d->store, "company", c->id, "add", fact, e);
}

int company_rows(struct desk *d, struct db_company *c, struct err *e)
{
	if (db_company_insert(d->store, c, &c->id, e) || company_fact(d, c, e))
		return -1;
	return desk_audit(
		d, &(struct audit_entry){.action = "company_add", .object = "company", .uid = c->uid}, e);
}

/* The first thing that is wrong, by the name of its field. */
static int sheet_wrong(const struct particulars *p, const struct sheet_findings *f, struct err *e)
{
	const struct particular *rows;

	particulars_rows(p->sheet, &rows);
	return err_set(e, ERR_FINDINGS, "%s: %s", rows[f->item[0].row].name, f->item[0].sentence);
}

int desk_company_add(struct desk *d, const struct company_new *c, char uid[UID_TEXT], struct err *e)
{
	struct particulars p = {.sheet = SHEET_COMPANY};
	struct sheet_findings findings;
	size_t changed;

	particulars_set(&p, "credit_code", c->credit_code ? c->credit_code : "");
	particulars_set(&p, "name", c->name ? c->name : "");
	particulars_set(&p, "short_name", c->short_name ? c->short_name : "");
	particulars_set(&p, "area_code", c->area_code ? c->area_code : "");
	particulars_set(&p, "registered_on", c->registered_on ? c->registered_on : "");
	uid[0] = '\0';
	if (desk_may_in_project(d, site_adders(CYCLE_PARTICIPANT), e))
		return -1;
	if (!desk_sheet_check(d, &p, &findings))
		return sheet_wrong(&p, &findings, e);
	return desk_sheet_save(d, &p, uid, &findings, &changed, e);
}

/* --- teams ------------------------------------------------------------------------------------------- */

struct subject team_subject(const struct db_team *t, enum cycle cycle)
{
	struct subject s = {
		.cycle = cycle, .id = t->id, .state = cycle == CYCLE_TEAM ? (int)t->relation : (int)t->state};

	text_copy(s.uid, sizeof(s.uid), t->uid);
	text_copy(s.title, sizeof(s.title), t->name);
	return s;
}

static int begin_team(struct desk *d, struct db_team *t, struct err *e)
{
	struct subject relation, site;
	int64_t needs[1];

	t->relation = TEAM_NONE;
	t->state = SITE_NONE;
	t->entered_on = t->exited_on = DATE_NONE;
	uid_new(t->uid);
	if (db_team_insert(d->store, t, &t->id, e) ||
	    deed_reported(d, CYCLE_PARTICIPANT, t->participant, &needs[0], e))
		return -1;
	relation = team_subject(t, CYCLE_TEAM);
	site = team_subject(t, CYCLE_TEAM_SITE);
	if (deed_do(d,
		    &(struct deed){.subject = &relation,
				   .event = EVENT_SET_OWN,
				   .source = PLAN_DESK,
				   .on = DATE_NONE,
				   .actor = ACTOR_SITE},
		    NULL, e))
		return -1;
	return deed_do(d,
		       &(struct deed){.subject = &site,
				      .event = EVENT_ADD,
				      .source = PLAN_DESK,
				      .on = DATE_NONE,
				      .actor = ACTOR_SITE,
				      .needs = needs,
				      .n_needs = 1},
		       NULL, e);
}

static int team_rows(struct desk *d, struct db_team *t, struct err *e)
{
	return begin_team(d, t, e) ||
			       desk_audit(d,
					  &(struct audit_entry){
						  .action = "team_add", .object = "team", .uid = t->uid},
					  e)
		       ? -1
		       : 0;
}

int desk_team_add(struct desk *d, const struct team_new *t, char uid[UID_TEXT], struct err *e)
{
	struct db_team row = {.project = 0};
	struct db_participant p;

	if (desk_may_in_project(d, site_adders(CYCLE_TEAM_SITE), e) ||
	    participant_here(d, t->participant_uid, &p, e))
		return -1;
	if (!t->name || !t->name[0] || !text_copy(row.name, sizeof(row.name), t->name))
		return err_set(e, ERR_FINDINGS, "name");
	if (!t->kind || !profile_code(d->profile, "team_kinds", t->kind))
		return err_set(e, ERR_FINDINGS, "kind");
	if (strcmp(t->kind, "management") == 0 &&
	    profile_flag(d->profile, "teams.management_automatic", false))
		return err_set(e, ERR_FORBIDDEN, "managers' teams come into being by themselves");
	if (p.state == SITE_EXITED)
		return err_set(e, ERR_FORBIDDEN, "the participant has exited");
	text_copy(row.kind, sizeof(row.kind), t->kind);
	row.project = d->project.id;
	row.participant = p.id;
	if (store_begin(d->store, e) || store_end(d->store, team_rows(d, &row, e), e))
		return -1;
	memcpy(uid, row.uid, UID_TEXT);
	return 0;
}

int team_out(struct desk *d, const struct db_team *t, struct team_row *out, struct err *e)
{
	*out = (struct team_row){.id = t->id,
				 .relation = t->relation,
				 .state = t->state,
				 .automatic = t->automatic,
				 .entered_on = t->entered_on,
				 .exited_on = t->exited_on};
	text_copy(out->uid, sizeof(out->uid), t->uid);
	text_copy(out->name, sizeof(out->name), t->name);
	text_copy(out->kind, sizeof(out->kind), t->kind);
	text_copy(out->participant_uid, sizeof(out->participant_uid), t->participant_uid);
	text_copy(out->company, sizeof(out->company), t->company);
	text_copy(out->leader, sizeof(out->leader), t->leader_name);
	text_copy(out->partner, sizeof(out->partner), t->partner_name);
	out->unassociated_on = t->unassociated_on;
	return db_tally(d->store, d->project.id, ROSTER_ON_SITE, SCOPE_TEAM, t->id, &out->on_site, e);
}

int desk_team_list(struct desk *d, struct team_row *rows, size_t cap, size_t *n, struct err *e)
{
	struct db_team_cursor after = {.participant = 0};
	struct db_team page[8];
	size_t count = 0, got;

	if (desk_may_in_project(d, 0, e))
		return -1;
	do {
		if (db_team_list(d->store, d->project.id, &after, page, ARRAY_LEN(page), &got, e))
			return -1;
		for (size_t i = 0; i < got && count < cap; i++)
			if (team_out(d, &page[i], &rows[count++], e))
				return -1;
		if (got) {
			after = (struct db_team_cursor){.participant = page[got - 1].participant,
							.id = page[got - 1].id};
			text_copy(after.name, sizeof(after.name), page[got - 1].name);
		}
	} while (got == ARRAY_LEN(page) && count < cap);
	*n = count;
	return 0;
}

int team_here(struct desk *d, const char *uid, struct db_team *t, struct err *e)
{
	if (db_team_by_uid(d->store, uid, t, e))
		return -1;
	return t->project == d->project.id && t->state != SITE_NONE && folk_in_scope(d, t->participant) ?
		       0 :
		       err_set(e, ERR_NO_SUCH, "team of another project");
}

int desk_team_get(struct desk *d, const char *uid, struct team_row *out, struct err *e)
{
	struct db_team t;

	if (desk_may_in_project(d, 0, e) || team_here(d, uid, &t, e))
		return -1;
	return team_out(d, &t, out, e);
}

/* --- participants ------------------------------------------------------------------------------------ */

struct subject participant_subject(const struct db_participant *p)
{
	struct subject s = {.cycle = CYCLE_PARTICIPANT, .id = p->id, .state = p->state};

	text_copy(s.uid, sizeof(s.uid), p->uid);
	text_copy(s.title, sizeof(s.title), p->company_name);
	return s;
}

static int managers_team(struct desk *d, const struct db_participant *p, struct err *e)
{
	struct db_team t = {
		.project = d->project.id, .participant = p->id, .kind = "management", .automatic = true};

	if (!profile_flag(d->profile, "teams.management_automatic", false))
		return 0;
	/* A name on file and on the platform, hence in Chinese whatever the language of the screen. */
	text_format(t.name, sizeof(t.name), "管理班组（%s）",
		    p->short_name[0] ? p->short_name : p->company_name);
	return begin_team(d, &t, e);
}

/* One that was deleted before it entered takes part again: the same row (the company is in the project once by each type). */
static int participant_row(struct desk *d, struct db_participant *p, struct err *e)
{
	struct db_participant was;
	struct err own = {ERR_NONE};

	if (db_participant_find(d->store, p->project, p->company, p->type, &was, &own)) {
		if (own.code != ERR_NO_SUCH)
			return err_set(e, own.code, "%s", own.detail);
		return db_participant_insert(d->store, p, &p->id, e);
	}
	if (was.state != SITE_NONE)
		return err_set(e, ERR_DUPLICATE, "participant of this type");
	p->id = was.id;
	text_copy(p->uid, sizeof(p->uid), was.uid);
	return db_participant_update(d->store, p, e);
}

int participant_rows(struct desk *d, struct db_participant *p, const struct db_company *c, struct err *e)
{
	struct subject s;
	int64_t needs[1];

	if (company_known_here(d, c, &needs[0], e) || participant_row(d, p, e) ||
	    db_participant_get(d->store, p->id, p, e))
		return -1;
	s = participant_subject(p);
	if (deed_do(d,
		    &(struct deed){.subject = &s,
				   .event = EVENT_ADD,
				   .source = PLAN_DESK,
				   .on = DATE_NONE,
				   .actor = ACTOR_SITE,
				   .needs = needs,
				   .n_needs = 1},
		    NULL, e) ||
	    managers_team(d, p, e))
		return -1;
	return desk_audit(
		d, &(struct audit_entry){.action = "participant_add", .object = "participant", .uid = p->uid},
		e);
}

int desk_participant_add(struct desk *d, const struct participant_new *p, char uid[UID_TEXT], struct err *e)
{
	struct db_participant row = {.state = SITE_NONE, .entered_on = DATE_NONE, .exited_on = DATE_NONE};
	char phone[PHONE_TEXT] = "";
	struct db_company c;

	if (desk_may_in_project(d, site_adders(CYCLE_PARTICIPANT), e) ||
	    db_company_by_uid(d->store, p->company_uid, &c, e))
		return -1;
	if (!p->type || !profile_code(d->profile, "participant_types", p->type))
		return err_set(e, ERR_FINDINGS, "type");
	if (p->manager_phone && p->manager_phone[0] && !phone_normalise(p->manager_phone, phone))
		return err_set(e, ERR_FINDINGS, "manager_phone");
	row.project = d->project.id;
	row.company = c.id;
	text_copy(row.type, sizeof(row.type), p->type);
	text_copy(row.manager_name, sizeof(row.manager_name), p->manager_name ? p->manager_name : "");
	text_copy(row.manager_phone, sizeof(row.manager_phone), phone);
	wipe(phone, sizeof(phone));
	uid_new(row.uid);
	if (store_begin(d->store, e) || store_end(d->store, participant_rows(d, &row, &c, e), e))
		return -1;
	memcpy(uid, row.uid, UID_TEXT);
	return 0;
}

static int participant_out(struct desk *d, const struct db_participant *p, struct participant_row *out,
			   struct err *e)
{
	*out = (struct participant_row){.id = p->id,
					.state = p->state,
					.entered_on = p->entered_on,
					.exited_on = p->exited_on,
					.teams = p->teams};
	text_copy(out->uid, sizeof(out->uid), p->uid);
	text_copy(out->credit_code, sizeof(out->credit_code), p->credit_code);
	text_copy(out->company, sizeof(out->company), p->company_name);
	text_copy(out->short_name, sizeof(out->short_name), p->short_name);
	text_copy(out->type, sizeof(out->type), p->type);
	text_copy(out->type_word, sizeof(out->type_word), desk_code_word(d, "participant_types", p->type));
	return db_tally(d->store, d->project.id, ROSTER_ON_SITE, SCOPE_PARTICIPANT, p->id, &out->on_site, e);
}

int desk_participant_list(struct desk *d, struct participant_row *rows, size_t cap, size_t *n, struct err *e)
{
	struct db_participant page[8];
	int64_t after = 0;
	size_t count = 0, got;

	if (desk_may_in_project(d, 0, e))
		return -1;
	do {
		if (db_participant_list(d->store, d->project.id, after, page, ARRAY_LEN(page), &got, e))
			return -1;
		for (size_t i = 0; i < got && count < cap; i++)
			if (participant_out(d, &page[i], &rows[count++], e))
				return -1;
		if (got)
			after = page[got - 1].id;
	} while (got == ARRAY_LEN(page) && count < cap);
	*n = count;
	return 0;
}

/* --- entry, exit, association ------------------------------------------------------------------------ */

/* The refusal as an error: its detail is why, and what would allow it, in words. */
int site_judged(struct desk *d, const struct subject *s, enum event event,
		  const struct situation *situation, struct err *e)
{
	const struct transition *row = lifecycle_find(s->cycle, s->state, event);
	struct verdict v = {.can = true};
	char both[sizeof(v.why) + sizeof(v.would)];

	if (!row)
		guard_no_row(s->cycle, s->state, event, &v);
	else if (!(d->session.roles & row->roles))
		return err_set(e, ERR_NOT_PERMITTED, "%s", event_name(event));
	else
		guards_pass(row, situation, &v);
	if (v.can)
		return 0;
	if (!v.would[0])
		return err_set(e, ERR_FORBIDDEN, "%s", v.why);
	text_format(both, sizeof(both), _("%s；%s"), v.why, v.would);
	return err_set(e, ERR_FORBIDDEN, "%s", both);
}

static int fire(struct desk *d, struct subject *s, enum event event, const struct situation *situation,
		const int64_t *needs, size_t n, struct err *e)
{
	struct deed deed = {.subject = s,
			    .event = event,
			    .source = PLAN_DESK,
			    .situation = situation,
			    .on = situation->on,
			    .actor = ACTOR_SITE,
			    .needs = needs,
			    .n_needs = n};

	if (site_judged(d, s, event, situation, e) || deed_do(d, &deed, NULL, e))
		return -1;
	return desk_audit(d,
			  &(struct audit_entry){
				  .action = event_name(event), .object = cycle_name(s->cycle), .uid = s->uid},
			  e);
}

static int entered_teams(struct desk *d, int64_t participant, int64_t *out, struct err *e)
{
	struct db_team_cursor after = {.participant = 0};
	struct db_team page[8];
	size_t got;

	*out = 0;
	do {
		if (db_team_list(d->store, d->project.id, &after, page, ARRAY_LEN(page), &got, e))
			return -1;
		for (size_t i = 0; i < got; i++)
			*out += page[i].participant == participant && !page[i].automatic &&
				page[i].state == SITE_ENTERED;
		if (got) {
			after = (struct db_team_cursor){.participant = page[got - 1].participant,
							.id = page[got - 1].id};
			text_copy(after.name, sizeof(after.name), page[got - 1].name);
		}
	} while (got == ARRAY_LEN(page));
	return 0;
}

/* Facts that must reach the platform before: exits of people before their team's, of teams before their participant's (C8). */
struct causes {
	int64_t *fact;
	size_t n, room;
};

static int cause(struct desk *d, struct causes *c, enum cycle cycle, int64_t subject, struct err *e)
{
	if (c->n == c->room) {
		size_t room = c->room ? c->room * 2 : 16;
		int64_t *more = realloc(c->fact, room * sizeof(*more));

		if (!more)
			return err_set(e, ERR_MEMORY, "needs");
		c->fact = more;
		c->room = room;
	}
	return deed_reported(d, cycle, subject, &c->fact[c->n++], e);
}

/* Those who are out, and of whom the platform has not confirmed everything yet. */
static int exits_of_team(struct desk *d, int64_t team, struct causes *c, struct err *e)
{
	struct db_member page[8];
	struct db_roster_query q = {.project = d->project.id, .view = ROSTER_EXITED, .scope = SCOPE_TEAM, .scope_id = team};
	char after[MEMBER_KEY];
	bool more;
	size_t n;

	do {
		if (db_roster(d->store, &q, page, ARRAY_LEN(page), &n, &more, e))
			return -1;
		for (size_t i = 0; i < n; i++)
			if (page[i].waiting && cause(d, c, CYCLE_ASSIGNMENT, page[i].assignment, e))
				return -1;
		if (n) {
			text_copy(after, sizeof(after), page[n - 1].key);
			q.after_key = after;
			q.after_person = page[n - 1].person;
		}
	} while (more);
	return 0;
}

static int exits_of_participant(struct desk *d, int64_t participant, struct causes *c, struct err *e)
{
	struct db_team_cursor after = {.participant = 0};
	struct db_team page[8];
	size_t n;

	do {
		if (db_team_list(d->store, d->project.id, &after, page, ARRAY_LEN(page), &n, e))
			return -1;
		for (size_t i = 0; i < n; i++)
			if (page[i].participant == participant && page[i].state == SITE_EXITED &&
			    cause(d, c, CYCLE_TEAM_SITE, page[i].id, e))
				return -1;
		if (n) {
			after = (struct db_team_cursor){.participant = page[n - 1].participant, .id = page[n - 1].id};
			text_copy(after.name, sizeof(after.name), page[n - 1].name);
		}
	} while (n == ARRAY_LEN(page));
	return 0;
}

int participant_here(struct desk *d, const char *uid, struct db_participant *out, struct err *e)
{
	if (db_participant_by_uid(d->store, uid, out, e))
		return -1;
	return out->project == d->project.id && out->state != SITE_NONE && folk_in_scope(d, out->id) ?
		       0 :
		       err_set(e, ERR_NO_SUCH, "participant of another project");
}

static int participant_act(struct desk *d, const char *uid, enum event event, date_t on, struct err *e)
{
	struct situation situation = {.profile = d->profile, .today = date_today(), .on = on, .event = event};
	struct causes c = {.n = 0};
	struct db_participant p;
	struct subject s;
	int rc = -1;

	if (participant_here(d, uid, &p, e) || desk_project_state(d, &situation.project, e))
		return -1;
	situation.not_before = p.entered_on;
	text_copy(situation.company, sizeof(situation.company), p.company_name);
	if (entered_teams(d, p.id, &situation.teams_on_site, e) ||
	    db_tally(d->store, d->project.id, ROSTER_ON_SITE, SCOPE_PARTICIPANT, p.id,
		     &situation.people_on_site, e))
		return -1;
	s = participant_subject(&p);
	if (event != EVENT_SITE_EXIT || exits_of_participant(d, p.id, &c, e) == 0)
		rc = fire(d, &s, event, &situation, c.fact, c.n, e);
	free(c.fact);
	return rc;
}

int desk_participant_act(struct desk *d, const char *uid, enum event event, date_t on, struct err *e)
{
	if (desk_may_in_project(d, 0, e) || store_begin(d->store, e))
		return -1;
	return store_end(d->store, participant_act(d, uid, event, on, e), e);
}

static int team_act(struct desk *d, const char *uid, enum event event, date_t on, struct err *e)
{
	struct situation situation = {
		.profile = d->profile, .today = date_today(), .on = on, .event = event, .has_team = true};
	struct db_participant p;
	struct causes c = {.n = 0};
	struct db_team t;
	struct subject s;
	int rc = -1;

	if (team_here(d, uid, &t, e) || db_participant_get(d->store, t.participant, &p, e) ||
	    desk_project_state(d, &situation.project, e))
		return -1;
	situation.participant_site = p.state;
	situation.relation = t.relation;
	situation.team_site = t.state;
	situation.not_before = t.state == SITE_ENTERED ? t.entered_on : p.entered_on;
	text_copy(situation.team, sizeof(situation.team), t.name);
	text_copy(situation.team_kind, sizeof(situation.team_kind), t.automatic ? t.kind : "");
	text_copy(situation.company, sizeof(situation.company), p.company_name);
	if (db_tally(d->store, d->project.id, ROSTER_ON_SITE, SCOPE_TEAM, t.id, &situation.people_on_site,
		     e))
		return -1;
	s = team_subject(&t, event_cycle(event) == CYCLE_TEAM ? CYCLE_TEAM : CYCLE_TEAM_SITE);
	if (cause(d, &c, CYCLE_PARTICIPANT, t.participant, e) == 0 &&
	    (event != EVENT_SITE_EXIT || exits_of_team(d, t.id, &c, e) == 0))
		rc = fire(d, &s, event, &situation, c.fact, c.n, e);
	free(c.fact);
	return rc;
}

int desk_team_act(struct desk *d, const char *uid, enum event event, date_t on, struct err *e)
{
	if (event == EVENT_ASSOCIATE || event == EVENT_UNBIND || event == EVENT_ASSOCIATION_CONFIRMED ||
	    event == EVENT_ASSOCIATION_REFUSED)
		return err_set(e, ERR_USAGE, "%s: see desk/association.h", event_name(event));
	if (desk_may_in_project(d, 0, e) || store_begin(d->store, e))
		return -1;
	return store_end(d->store, team_act(d, uid, event, on, e), e);
}
