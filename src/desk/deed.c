/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "deed.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "sister.h"
#include "store/hiring.h"
#include "store/outbox.h"
#include "store/post.h"
#include "store/upload.h"
#include "store/person.h"
#include "store/project.h"
#include "store/site.h"

#define ASK                                                                                                  \
	"ask:" /* an event asked for at the platform is a fact of its own, which no fold takes for the event \
		*/

enum actor deed_actor(const struct desk *d, enum cycle cycle)
{
	if (d->session.roles & ROLE_RUNNER)
		return ACTOR_PLATFORM;
	if (d->session.roles & ROLE_SUBCONTRACTOR_CLERK)
		return ACTOR_SUBCONTRACTOR;
	return cycle == CYCLE_EMPLOYMENT || cycle == CYCLE_CONTRACT ? ACTOR_COMPANY : ACTOR_SITE;
}

/* --- states ------------------------------------------------------------------------------------------ */

static int move_employment(struct desk *d, const struct subject *s, const struct transition *row, date_t on,
			   struct err *e)
{
	struct db_employment m;

	if (db_employment_state(d->store, s->id, (enum employment_state)row->from,
				(enum employment_state)row->to, e))
		return -1;
	if (row->event != EVENT_RECORD_LEAVING && row->event != EVENT_TAKE_BACK)
		return 0;
	if (db_employment_get(d->store, s->id, &m, e))
		return -1;
	m.leaves_on = row->event == EVENT_RECORD_LEAVING ? on : DATE_NONE;
	return db_employment_update(d->store, &m, e);
}

static int move_assignment(struct desk *d, const struct subject *s, const struct transition *row, date_t on,
			   struct err *e)
{
	struct db_assignment a;

	if (db_assignment_state(d->store, s->id, (enum assignment_state)row->from,
				(enum assignment_state)row->to, e))
		return -1;
	if (row->to != ASSIGNMENT_ON_SITE && row->to != ASSIGNMENT_EXITED)
		return 0;
	if (db_assignment_get(d->store, s->id, &a, e))
		return -1;
	if (row->to == ASSIGNMENT_ON_SITE) {
		a.entered_on = on;
	} else {
		a.exited_on = on;
		text_copy(a.exit_cause, sizeof(a.exit_cause), event_name(row->event));
		text_copy(a.exit_actor, sizeof(a.exit_actor), actor_name(deed_actor(d, CYCLE_ASSIGNMENT)));
	}
	return db_assignment_update(d->store, &a, e);
}

static int move_team(struct desk *d, const struct subject *s, const struct transition *row, date_t on,
		     struct err *e)
{
	return db_team_relation(d->store, s->id, (enum team_state)row->from, (enum team_state)row->to, on, e);
}

static int move_team_site(struct desk *d, const struct subject *s, const struct transition *row, date_t on,
			  struct err *e)
{
	return db_team_state(d->store, s->id, (enum site_state)row->from, (enum site_state)row->to,
			     row->to == SITE_ENTERED ? on : DATE_NONE,
			     row->to == SITE_EXITED ? on : DATE_NONE, e);
}

static int move_participant(struct desk *d, const struct subject *s, const struct transition *row, date_t on,
			    struct err *e)
{
	return db_participant_state(d->store, s->id, (enum site_state)row->from, (enum site_state)row->to,
				    row->to == SITE_ENTERED ? on : DATE_NONE,
				    row->to == SITE_EXITED ? on : DATE_NONE, e);
}

static int move_contract(struct desk *d, const struct subject *s, const struct transition *row, date_t on,
			 struct err *e)
{
	(void)on;
	return db_contract_state(d->store, s->id, (enum contract_state)row->from, (enum contract_state)row->to, e);
}

static int move_app(struct desk *d, const struct subject *s, const struct transition *row, date_t on, struct err *e)
{
	return db_app_state(d->store, s->id, (enum app_state)row->from, (enum app_state)row->to, on, e);
}

static int move_project(struct desk *d, const struct subject *s, const struct transition *row, date_t on,
			struct err *e)
{
	(void)on;
	return db_project_state(d->store, s->id, (enum project_state)row->from, (enum project_state)row->to, e);
}

static int move_application(struct desk *d, const struct subject *s, const struct transition *row, date_t on,
			    struct err *e)
{
	return db_application_state(d->store, s->id, (enum application_state)row->from, (enum application_state)row->to, on, e);
}

/* A day of handing over is both holders' (domain/post_rate.h). */
static int hand_over(struct desk *d, const struct db_post *was, int64_t to, date_t on, struct err *e)
{
	if (was->person == to)
		return 0;
	if (was->person && db_tenure_end(d->store, was->id, on, e))
		return -1;
	return to ? db_tenure_begin(d->store, was->id, to, on, e) : 0;
}

static int move_post(struct desk *d, const struct subject *s, const struct transition *row, date_t on, struct err *e)
{
	struct db_post was, p;

	if (db_post_get(d->store, s->id, &was, e))
		return -1;
	p = was;
	p.state = (enum post_state)row->to;
	p.since = on;
	p.proposed = row->event == EVENT_POST_PROPOSE ? s->person : 0;
	if (row->event == EVENT_POST_FILL)
		p.person = s->person;
	else if (row->event == EVENT_POST_APPROVE)
		p.person = was.proposed;
	else if (row->event == EVENT_POST_VACATE)
		p.person = 0;
	return hand_over(d, &was, p.person, on, e) || db_post_state(d->store, &p, (enum post_state)row->from, e) ? -1 : 0;
}

static int move_alarm(struct desk *d, const struct subject *s, const struct transition *row, date_t on, struct err *e)
{
	return db_alarm_state(d->store, s->id, (enum alarm_state)row->from, (enum alarm_state)row->to, on, e);
}

static int (*const move[CYCLE_COUNT])(struct desk *, const struct subject *, const struct transition *,
				      date_t, struct err *) = {
	[CYCLE_EMPLOYMENT] = move_employment,
	[CYCLE_ASSIGNMENT] = move_assignment,
	[CYCLE_TEAM] = move_team,
	[CYCLE_TEAM_SITE] = move_team_site,
	[CYCLE_PARTICIPANT] = move_participant,
	[CYCLE_CONTRACT] = move_contract,
	[CYCLE_APP] = move_app,
	[CYCLE_PROJECT] = move_project,
	[CYCLE_APPLICATION] = move_application,
	[CYCLE_POST] = move_post,
	[CYCLE_ALARM] = move_alarm,
};

/* --- facts and operations ---------------------------------------------------------------------------- */

/* An asking holds up nothing: what comes after it had to wait for the platform's word anyway. */
int deed_reported(struct desk *d, enum cycle cycle, int64_t subject, int64_t *fact, struct err *e)
{
	struct db_reported what = { .cycle = cycle_name(cycle), .subject = subject, .project = cycle == CYCLE_EMPLOYMENT ? 0 : d->project.id, .but = ASK };

	return db_outbox_reported(d->store, &what, fact, e);
}

int deed_queue(struct desk *d, const struct operation *op, struct err *e)
{
	struct db_outbox_new row = {.project = d->project.id,
				    .kind = op->kind,
				    .fact = op->fact,
				    .subject = op->uid,
				    .title = op->title,
				    .person = op->person,
				    .needs = op->needs,
				    .n_needs = op->n_needs};
	int64_t hold, id;

	if (desk_hold_ms(d, &hold, e))
		return -1;
	row.made_ms = clock_now_ms();
	row.held_until_ms = hold > 0 ? row.made_ms + hold : 0;
	return db_outbox_insert(d->store, &row, &id, e);
}

static bool outcome_open(enum outbox_state s)
{
	return s != OUTBOX_REJECTED && s != OUTBOX_WITHDRAWN && s != OUTBOX_SUPERSEDED;
}

int deed_asked(struct desk *d, enum cycle cycle, int64_t subject, enum event event, int64_t *fact,
	       bool *pending, struct err *e)
{
	struct db_outbox row;
	struct err own = {ERR_NONE};
	char asked[32];
	int64_t found;

	text_format(asked, sizeof(asked), ASK "%s", event_name(event));
	if (db_fact_latest(d->store, cycle_name(cycle), subject, asked, &found, e))
		return -1;
	*fact = found;
	*pending = false;
	if (!found)
		return 0;
	if (db_outbox_by_fact(d->store, found, &row, &own) == 0)
		*pending = outcome_open(row.state);
	else if (own.code != ERR_NO_SUCH)
		return err_set(e, own.code, "%s", own.detail);
	return 0;
}

struct doing {
	struct desk *d;
	const struct deed *deed;
	date_t on;
	int64_t at_ms;
};

static int write_fact(const struct doing *w, const struct planned *p, bool first, int64_t *fact,
		      struct err *e)
{
	const struct deed *deed = w->deed;
	const struct subject *s = deed->subject;
	struct db_fact row = {.project = w->d->project.id,
			      .subject = s->id,
			      .person = s->person,
			      .account = w->d->session.account,
			      .at_ms = w->at_ms,
			      .on = w->on,
			      .true_on = first && deed->true_on ? deed->true_on : DATE_NONE};
	bool pending;

	text_copy(row.cycle, sizeof(row.cycle), cycle_name(s->cycle));
	text_format(row.event, sizeof(row.event), "%s%s", p->asked ? ASK : "", event_name(p->row->event));
	text_copy(row.actor, sizeof(row.actor), actor_name(deed->actor));
	text_copy(row.authority, sizeof(row.authority), deed->source == PLAN_MESSAGE ? "platform" : "desk");
	text_copy(row.note, sizeof(row.note), first && deed->note ? deed->note : "");
	/* What was asked for is now decided, or asked again: one fact stands for it. */
	if (first && deed_asked(w->d, s->cycle, s->id, p->row->event, &row.supersedes, &pending, e))
		return -1;
	return db_fact_insert(w->d->store, &row, first ? deed->body : NULL, fact, e);
}

/* Another operation for the same asking: the one that was refused is done with. */
static int retire_asking(const struct doing *w, const struct planned *p, struct err *e)
{
	struct db_outbox row;
	int64_t fact;
	bool pending;

	if (deed_asked(w->d, w->deed->subject->cycle, w->deed->subject->id, p->row->event, &fact, &pending,
		       e))
		return -1;
	if (!fact || pending || db_outbox_by_fact(w->d->store, fact, &row, NULL) ||
	    row.state != OUTBOX_REJECTED)
		return 0;
	return db_outbox_state(w->d->store, row.id, OUTBOX_REJECTED, OUTBOX_SUPERSEDED, e);
}

/* The operation needs what the deed names, and the subject's own last word. */
static int report(const struct doing *w, const struct planned *p, int64_t fact, int64_t own, struct err *e)
{
	const struct deed *deed = w->deed;
	const struct subject *s = deed->subject;
	struct operation op = {.kind = p->upload, .uid = s->uid, .title = s->title, .fact = fact, .person = s->person};
	int64_t *needs = malloc((deed->n_needs + 1) * sizeof(*needs));
	int rc;

	if (!needs)
		return err_set(e, ERR_MEMORY, "needs");
	for (size_t i = 0; i < deed->n_needs; i++)
		needs[op.n_needs++] = deed->needs[i];
	needs[op.n_needs++] = own;
	op.needs = needs;
	rc = deed_queue(w->d, &op, e);
	free(needs);
	return rc;
}

/* Calls each operation about the subject in this project; of one fact there may be several (doubt.h). */
static int each_operation(struct desk *d, const struct subject *s,
			  int (*each)(struct desk *, const struct db_outbox *, void *, struct err *), void *arg,
			  struct err *e)
{
	struct db_outbox rows[DB_OUTBOX_ABOUT];
	size_t n;
	int rc = db_outbox_about(d->store, d->project.id, s->uid, rows, DB_OUTBOX_ABOUT, &n, e);

	for (size_t i = 0; !rc && i < n; i++)
		rc = each(d, &rows[i], arg, e);
	wipe(rows, sizeof(rows));
	return rc;
}

static int note_left(struct desk *d, const struct db_outbox *row, void *arg, struct err *e)
{
	(void)d;
	(void)e;
	if (!db_outbox_is_here(row) && row->state != OUTBOX_WITHDRAWN && row->state != OUTBOX_SUPERSEDED)
		*(bool *)arg = true;
	return 0;
}

static int withdraw_operation(struct desk *d, const struct db_outbox *row, void *arg, struct err *e)
{
	(void)arg;
	return db_outbox_is_here(row) ? db_outbox_state(d->store, row->id, row->state, OUTBOX_WITHDRAWN, e) : 0;
}

/* What is taken back before the platform had any of it is no news to it: its operations are withdrawn, and so is this report. */
static int taken_back_unsent(const struct doing *w, const struct planned *p, bool *unsent, struct err *e)
{
	const struct subject *s = w->deed->subject;
	bool left = false;

	*unsent = false;
	if (p->asked || (p->row->event != EVENT_WITHDRAW && p->row->event != EVENT_WITHDRAW_OFFER))
		return 0;
	if (each_operation(w->d, s, note_left, &left, e))
		return -1;
	*unsent = !left;
	return left ? 0 : each_operation(w->d, s, withdraw_operation, NULL, e);
}

/* D6: the hours count from when the person asked, not from when the message was fetched. */
static int counted_from(const struct doing *w, struct err *e)
{
	const struct deed *deed = w->deed;

	if (deed->subject->cycle != CYCLE_EMPLOYMENT || !deed->since_ms)
		return 0;
	return db_employment_since(w->d->store, deed->subject->id, deed->since_ms, e);
}

static int do_step(const struct doing *w, const struct planned *p, bool first, int64_t *fact, struct err *e)
{
	struct subject *s = w->deed->subject;
	int64_t own = 0;
	bool unsent;

	if (first && p->asked && retire_asking(w, p, e))
		return -1;
	if (p->upload && deed_reported(w->d, s->cycle, s->id, &own, e))
		return -1;
	if (write_fact(w, p, first, fact, e))
		return -1;
	if (!p->asked) {
		if (move[s->cycle](w->d, s, p->row, w->on, e) || counted_from(w, e))
			return -1;
		s->state = p->row->to;
	}
	if (!p->upload || taken_back_unsent(w, p, &unsent, e))
		return p->upload ? -1 : 0;
	return unsent ? 0 : report(w, p, *fact, own, e);
}

/* --- what follows for others ------------------------------------------------------------------------- */

static int follow_on(const struct doing *w, struct subject *s, enum event event, struct err *e)
{
	struct deed next = {.subject = s,
			    .event = event,
			    .source = PLAN_EFFECT,
			    .on = w->on,
			    .at_ms = w->at_ms,
			    .actor = w->deed->actor};

	return lifecycle_find(s->cycle, s->state, event) ? deed_do(w->d, &next, NULL, e) : 0;
}

/* D9: a labour contract ends with the employment: at its term or by death, else dissolved. Where exit is the leaving, nothing of this
 * comes about, for the exit moves no employment (D8). */
static int contracts_over(const struct doing *w, enum event event, struct err *e)
{
	bool ended = event == EVENT_CONTRACT_ENDED || event == EVENT_DIED;
	struct db_contract rows[16];
	size_t n;

	if (db_contract_of_employment(w->d->store, w->deed->subject->id, rows, ARRAY_LEN(rows), &n, e))
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct subject s = {.cycle = CYCLE_CONTRACT, .id = rows[i].id, .person = rows[i].person, .state = rows[i].state};

		text_copy(s.uid, sizeof(s.uid), rows[i].uid);
		text_copy(s.title, sizeof(s.title), w->deed->subject->title);
		if (follow_on(w, &s, ended && s.state == CONTRACT_IN_FORCE ? EVENT_CONTRACT_END : EVENT_CONTRACT_TERMINATE, e))
			return -1;
	}
	return 0;
}

/* A leader who left is no leader any more (C6). */
static int leads_no_longer(const struct doing *w, int64_t assignment, struct err *e)
{
	struct db_assignment a;
	struct db_team team;

	if (db_assignment_get(w->d->store, assignment, &a, e))
		return -1;
	if (!a.team || db_team_get(w->d->store, a.team, &team, e))
		return a.team ? -1 : 0;
	return team.leader == a.person ? db_team_leader(w->d->store, team.id, 0, e) : 0;
}

struct ending {
	const struct doing *w;
	const struct db_assignment *row;
	enum event event;
};

/* In the project of the assignment. D8, E6: leaving withdraws what has not entered; only death and the contract's end exit who is on site. */
static int assignment_over(struct desk *d, void *arg, struct err *e)
{
	const struct ending *x = arg;
	struct subject s = {.cycle = CYCLE_ASSIGNMENT, .id = x->row->id, .person = x->row->person, .state = x->row->state};

	(void)d;
	if (s.state == ASSIGNMENT_ON_SITE && x->event != EVENT_DIED && x->event != EVENT_CONTRACT_ENDED)
		return leads_no_longer(x->w, s.id, e); /* still there, but not to lead others (SH-QA r4 信息 2) */
	text_copy(s.uid, sizeof(s.uid), x->row->uid);
	text_copy(s.title, sizeof(s.title), x->w->deed->subject->title);
	return follow_on(x->w, &s, EVENT_EMPLOYMENT_ENDED, e);
}

static int employment_over(const struct doing *w, enum event event, struct err *e)
{
	struct db_assignment rows[16];
	size_t n;

	if (db_assignment_list(w->d->store, w->deed->subject->person, rows, ARRAY_LEN(rows), &n, e))
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct ending x = {w, &rows[i], event};

		if (rows[i].employment == w->deed->subject->id && sister_do(w->d, rows[i].project, assignment_over, &x, e))
			return -1;
	}
	return 0;
}

/* C2: a managers' team enters and exits with its participant. */
static int participant_moved(const struct doing *w, enum event event, struct err *e)
{
	struct subject s = {.cycle = CYCLE_TEAM_SITE};
	struct db_team team;

	if (db_team_automatic(w->d->store, w->deed->subject->id, &s.id, e))
		return -1;
	if (!s.id || db_team_get(w->d->store, s.id, &team, e))
		return s.id ? -1 : 0;
	s.state = team.state;
	text_copy(s.uid, sizeof(s.uid), team.uid);
	text_copy(s.title, sizeof(s.title), team.name);
	return follow_on(w, &s, event, e);
}

static int consequences(const struct doing *w, struct err *e)
{
	const struct subject *s = w->deed->subject;
	enum event event = w->deed->event;

	if (s->cycle == CYCLE_EMPLOYMENT && lifecycle_final(s->cycle, s->state))
		return employment_over(w, event, e) || contracts_over(w, event, e) ? -1 : 0;
	if (s->cycle == CYCLE_ASSIGNMENT && lifecycle_final(s->cycle, s->state))
		return leads_no_longer(w, s->id, e);
	if (s->cycle == CYCLE_PARTICIPANT && (event == EVENT_SITE_ENTER || event == EVENT_SITE_EXIT))
		return participant_moved(w, event, e);
	return 0;
}

/* --- the deed ---------------------------------------------------------------------------------------- */

/* Who may is not asked of a left-out step: nobody decides anything (domain/lifecycle.h). The employment may
 * have moved in this very deed. */
static bool lets(const struct transition *row, void *arg)
{
	const struct deed *deed = arg;
	struct transition facts_only = *row;
	struct verdict ignored = {.can = true};

	/* E3: of two tiers the first is an act of the specialist's manager, not a step to leave out */
	if (row->event == EVENT_ACCEPT && deed->situation && deed->situation->two_tiers)
		return false;

	facts_only.guards &= ~(unsigned)GUARD_RECEIVING_MANAGER;
	if (!facts_only.guards)
		return true;
	return deed->situation && guards_pass(&facts_only, deed->situation, &ignored);
}

static int do_here(struct desk *d, const struct deed *deed, struct deed_done *done, struct err *e)
{
	struct subject *s = deed->subject;
	struct plan_request request = {.profile = d->profile,
				       .cycle = s->cycle,
				       .state = s->state,
				       .event = deed->event,
				       .source = deed->source,
				       .lets = lets,
				       .arg = (void *)deed};
	struct doing w = {.d = d, .deed = deed, .at_ms = deed->at_ms ? deed->at_ms : clock_now_ms()};
	struct deed_done out = {.first = 0};
	struct plan plan;

	if (!plan_event(&request, &plan))
		return err_set(e, ERR_FORBIDDEN, "%s: %s from %s", cycle_name(s->cycle),
			       event_name(deed->event), state_name(s->cycle, s->state));
	w.on = deed->on != DATE_NONE ? deed->on : date_of_ms(w.at_ms);
	for (size_t i = 0; i < plan.n; i++) {
		if (do_step(&w, &plan.step[i], i == 0, &out.last, e))
			return -1;
		if (i == 0)
			out.first = out.last;
	}
	out.asked = plan.step[0].asked;
	if (!out.asked && consequences(&w, e))
		return -1;
	if (done)
		*done = out;
	return 0;
}

struct done_there {
	const struct deed *deed;
	struct deed_done *done;
};

static int do_there(struct desk *d, void *arg, struct err *e)
{
	struct done_there *x = arg;

	return do_here(d, x->deed, x->done, e);
}

/* The project that what happens to the subject is told in (sister.h). */
static int home_of(struct desk *d, const struct subject *s, int64_t *project, struct err *e)
{
	struct db_employment m;

	*project = d->project.id;
	if (s->cycle != CYCLE_EMPLOYMENT)
		return 0;
	if (db_employment_get(d->store, s->id, &m, e))
		return -1;
	*project = m.project;
	return 0;
}

int deed_do(struct desk *d, const struct deed *deed, struct deed_done *done, struct err *e)
{
	struct done_there there = {deed, done};
	int64_t home;

	return home_of(d, deed->subject, &home, e) ? -1 : sister_do(d, home, do_there, &there, e);
}

/* --- the fold ---------------------------------------------------------------------------------------- */

struct folding {
	int64_t place, fact;
	enum event event;
};

static int by_place(const void *a, const void *b)
{
	const struct folding *x = a, *y = b;

	return x->place < y->place ? -1 : x->place > y->place;
}

/* The fact that stood first where this one stands now. An asking is no event: what it led to stands in its
 * own place. */
static int place_of(struct desk *d, const struct db_fact *f, int64_t *place, struct err *e)
{
	struct db_fact up = *f;

	while (up.supersedes) {
		int64_t next = up.supersedes, here = up.id;

		if (db_fact_get(d->store, next, &up, e))
			return -1;
		if (strncmp(up.event, ASK, strlen(ASK)) == 0) {
			*place = here;
			return 0;
		}
	}
	*place = up.id;
	return 0;
}

#define FOLD_MAX 512

static int fold_rows(struct desk *d, enum cycle cycle, int64_t subject, struct folding *list, size_t *n,
		     struct err *e)
{
	struct db_fact rows[16];
	int64_t after = 0;
	size_t got;

	*n = 0;
	do {
		if (db_fact_of_subject(d->store, cycle_name(cycle), subject, after, rows, ARRAY_LEN(rows),
				       &got, e))
			return -1;
		for (size_t i = 0; i < got; i++) {
			struct folding f;

			after = rows[i].id;
			if (rows[i].superseded_by || rows[i].reversed_by || rows[i].reverses ||
			    !event_parse(rows[i].event, &f.event))
				continue;
			if (*n == FOLD_MAX)
				return err_set(e, ERR_TOO_LARGE, "facts of one %s", cycle_name(cycle));
			f.fact = rows[i].id;
			if (place_of(d, &rows[i], &f.place, e))
				return -1;
			list[(*n)++] = f;
		}
	} while (got == ARRAY_LEN(rows));
	return 0;
}

/* In their order; *list is freed by the caller, also after an error. */
static int fold_sorted(struct desk *d, enum cycle cycle, int64_t subject, struct folding **list, size_t *n, struct err *e)
{
	*list = calloc(FOLD_MAX, sizeof(**list));
	if (!*list)
		return err_set(e, ERR_MEMORY, "folding");
	if (fold_rows(d, cycle, subject, *list, n, e))
		return -1;
	qsort(*list, *n, sizeof(**list), by_place);
	return 0;
}

int deed_chain_end(struct desk *d, int64_t fact, struct db_fact *end, struct err *e)
{
	do {
		if (db_fact_get(d->store, fact, end, e))
			return -1;
		fact = end->superseded_by;
	} while (fact);
	return 0;
}

int deed_last(struct desk *d, enum cycle cycle, int64_t subject, enum event *event, int64_t *fact, struct err *e)
{
	struct folding *list;
	size_t n = 0;
	int rc = fold_sorted(d, cycle, subject, &list, &n, e);

	*event = n ? list[n - 1].event : EVENT_NONE;
	*fact = n ? list[n - 1].fact : 0;
	free(list);
	return rc;
}

int deed_fold(struct desk *d, enum cycle cycle, int64_t subject, int *state, struct err *e)
{
	struct folding *list;
	int at = 0, rc = -1;
	size_t n = 0;

	if (fold_sorted(d, cycle, subject, &list, &n, e))
		goto out;
	for (size_t i = 0; i < n; i++) {
		const struct transition *row = lifecycle_find(cycle, at, list[i].event);

		if (!row) {
			err_set(e, ERR_INTERNAL, "%s %lld: %s from %s", cycle_name(cycle), (long long)subject,
				event_name(list[i].event), state_name(cycle, at));
			goto out;
		}
		at = row->to;
	}
	*state = at;
	rc = 0;
out:
	free(list);
	return rc;
}
