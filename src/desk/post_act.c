/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Setting key posts: who could hold one and why others cannot, the events of a seat, absence and outages
 * filed. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "deed.h"
#include "folk.h"
#include "post.h"
#include "roster.h"
#include "sheets.h"
#include "store/outbox.h"

#define MAY_SET (lifecycle_find(CYCLE_POST, POST_NONE, EVENT_POST_FILL)->roles)
#define PAGE 64

/* I6: posts are the whole site's; an account of one participant has no business with them. */
static int may(struct desk *d, unsigned roles, struct err *e)
{
	if (desk_may_in_project(d, roles, e))
		return -1;
	return d->session.participant ? err_set(e, ERR_NOT_PERMITTED, "key posts are the whole site's") : 0;
}

static int refuse(struct err *e, const char *sentence)
{
	return err_set(e, ERR_FINDINGS, "%s", sentence);
}

/* --- what stands before it
 * ---------------------------------------------------------------------------------- */

struct setting {
	struct desk *d;
	const struct post *post; /* NULL: no such post here */
	int seat, seats;
	bool locked;
	struct db_post row; /* id 0: nothing was ever set */
};

static int find_seat(struct desk *d, const char *post, int seat, struct setting *out, struct err *e)
{
	struct post_world *w = malloc(sizeof(*w));
	int rc = -1;

	if (!w)
		return err_set(e, ERR_MEMORY, "posts");
	*out = (struct setting){.d = d, .post = profile_post(d->profile, post), .seat = seat};
	if (post_world(d, w, e))
		goto out;
	if (out->post) {
		out->seats = post_seats(w, out->post);
		out->locked = out->post->locked || !w->site.smart;
	}
	if (seat < 1 || seat > out->seats)
		out->post = NULL;
	rc = db_post_seat(d->store, d->project.id, post, seat, &out->row, e);
out:
	free(w);
	return rc;
}

static int candidate_facts(const struct setting *s, int64_t person, struct situation *out, struct err *e)
{
	struct desk *d = s->d;
	struct db_post held;
	struct folk f;

	if (folk_load(d, person, &f, e) || db_post_of_person(d->store, d->project.id, person, &held, e) ||
	    (s->post && post_lacks(d, s->post, person, out->lacks, sizeof(out->lacks), e)))
		return -1;
	out->candidate_employed = f.employment.id && !lifecycle_final(CYCLE_EMPLOYMENT, f.employment.state);
	out->candidate_manual = f.person.manual;
	out->candidate_new = profile_flag(d->profile, "posts.evening_sync", false) &&
			     date_of_ms(f.person.made_ms) == date_today();
	if (held.id)
		post_word(d, held.post, held.seat, s->seats, out->holds, sizeof(out->holds));
	return 0;
}

static int look(const struct setting *s, const struct post_act *a, struct situation *out, struct err *e)
{
	*out = (struct situation){.profile = s->d->profile,
				  .today = date_today(),
				  .on = a->on,
				  .event = a->event,
				  .not_before = s->row.since,
				  .post_locked = s->locked};
	if (s->post)
		post_word(s->d, s->post->code, s->seat, s->seats, out->post, sizeof(out->post));
	return a->person ? candidate_facts(s, a->person, out, e) : 0;
}

static struct subject subject_of(const struct setting *s, const char *word, int64_t person)
{
	struct subject out = {
		.cycle = CYCLE_POST, .id = s->row.id, .person = person, .state = (int)s->row.state};

	text_copy(out.uid, sizeof(out.uid), s->row.uid);
	text_copy(out.title, sizeof(out.title), word);
	return out;
}

/* --- candidates
 * ------------------------------------------------------------------------------------------------ */

/* Managers' trades are those that the table gives to the managers' role. */
static bool managers_trade(const struct desk *d, const char *trade)
{
	const struct code *c = profile_code(d->profile, "trades", trade);

	return c && strcmp(c->group, ROLE_CODE_MANAGER) == 0;
}

static int candidate_of(const struct setting *s, const struct roster_row *r, struct candidate *out,
			struct err *e)
{
	enum event event = s->locked ? EVENT_POST_PROPOSE : EVENT_POST_FILL;
	const struct transition *row = lifecycle_find(CYCLE_POST, (int)s->row.state, event);
	struct post_act a = {.event = event, .person = r->person, .on = DATE_NONE};
	struct verdict v = {.can = true};
	struct situation situation;

	*out = (struct candidate){.person = r->person};
	text_copy(out->name, sizeof(out->name), r->name);
	text_copy(out->tail, sizeof(out->tail), r->tail);
	text_copy(out->company, sizeof(out->company), r->company);
	text_copy(out->trade, sizeof(out->trade), r->trade);
	if (look(s, &a, &situation, e))
		return -1;
	if (row)
		(void)guards_pass(row, &situation, &v);
	else
		guard_no_row(CYCLE_POST, (int)s->row.state, event, &v);
	out->can = v.can;
	text_copy(out->why, sizeof(out->why), v.why);
	text_copy(out->would, sizeof(out->would), v.would);
	text_copy(out->warning, sizeof(out->warning), v.warning);
	return 0;
}

static int is_candidate(struct desk *d, const struct roster_row *r, bool all, bool *out, struct err *e)
{
	struct db_member m;

	*out = all;
	if (all)
		return 0;
	if (db_member_get(d->store, d->project.id, r->person, &m, e))
		return -1;
	*out = managers_trade(d, m.trade);
	return 0;
}

/* Pages of the roster until this page is full: people of the search, managers first where nobody else is
 * asked for. */
static int collect(const struct setting *s, const struct candidate_query *q, struct roster_page *roster,
		   struct candidate_page *page, struct err *e)
{
	struct roster_query rq = {.filter = ROSTER_ALL, .after = q->after};

	text_copy(rq.text, sizeof(rq.text), q->text);
	page->n = 0;
	do {
		size_t room = page->cap - page->n;

		roster->cap = room < PAGE ? room : PAGE;
		if (desk_roster(s->d, &rq, roster, e))
			return -1;
		for (size_t i = 0; i < roster->n; i++) {
			bool one;

			if (is_candidate(s->d, &roster->row[i], q->all || q->text[0], &one, e) ||
			    (one && candidate_of(s, &roster->row[i], &page->row[page->n++], e)))
				return -1;
		}
		rq.after = roster->last;
	} while (roster->more && page->n < page->cap);
	page->last = roster->last;
	page->more = roster->more;
	return 0;
}

int desk_post_candidates(struct desk *d, const struct candidate_query *q, struct candidate_page *page,
			 struct err *e)
{
	struct roster_page roster = {.n = 0};
	struct setting s;
	int rc;

	if (may(d, 0, e) || find_seat(d, q->post, q->seat, &s, e))
		return -1;
	roster.row = calloc(PAGE, sizeof(*roster.row));
	if (!roster.row)
		return err_set(e, ERR_MEMORY, "candidates");
	rc = collect(&s, q, &roster, page, e);
	wipe(roster.row, PAGE * sizeof(*roster.row));
	free(roster.row);
	return rc;
}

/* --- the events of a seat
 * ---------------------------------------------------------------------------------------- */

/* A seat comes into being with its first event. */
static int make_seat(struct setting *s, struct err *e)
{
	if (s->row.id || !s->post)
		return 0;
	uid_new(s->row.uid);
	s->row.project = s->d->project.id;
	s->row.state = POST_NONE;
	return db_post_insert(s->d->store, &s->row, &s->row.id, e);
}

static int write_act(struct setting *s, const struct post_act *a, const struct situation *situation,
		     struct err *e)
{
	struct desk *d = s->d;
	int64_t person = a->person ? a->person : s->row.proposed ? s->row.proposed : s->row.person, need = 0;
	struct subject subject = subject_of(s, situation->post, person);
	struct folk f;
	struct deed deed = {.subject = &subject,
			    .event = a->event,
			    .source = PLAN_DESK,
			    .situation = situation,
			    .on = a->on,
			    .note = a->note,
			    .actor = deed_actor(d, CYCLE_POST),
			    .needs = &need,
			    .n_needs = 1};

	if (site_judged(d, &subject, a->event, situation, e) || make_seat(s, e))
		return -1;
	subject = subject_of(s, situation->post, person);
	if (person &&
	    (folk_load(d, person, &f, e) || deed_reported(d, CYCLE_EMPLOYMENT, f.employment.id, &need, e)))
		return -1;
	if (deed_do(d, &deed, NULL, e))
		return -1;
	return desk_audit(d,
			  &(struct audit_entry){.action = event_name(a->event),
						.object = cycle_name(CYCLE_POST),
						.uid = s->row.uid,
						.note = a->note},
			  e);
}

static int act(struct desk *d, const struct post_act *a, struct err *e)
{
	struct situation situation;
	struct setting s;

	return find_seat(d, a->post, a->seat, &s, e) || look(&s, a, &situation, e) ||
			       write_act(&s, a, &situation, e)
		       ? -1
		       : 0;
}

int desk_post_act(struct desk *d, const struct post_act *a, struct err *e)
{
	bool chooses = a->event == EVENT_POST_FILL || a->event == EVENT_POST_PROPOSE;

	if (may(d, 0, e))
		return -1;
	if (event_cycle(a->event) != CYCLE_POST || chooses != (a->person != 0))
		return err_set(e, ERR_USAGE, "%s is no act on a post", event_name(a->event));
	if (store_begin(d->store, e))
		return -1;
	return store_end(d->store, act(d, a, e), e);
}

/* --- filings
 * -------------------------------------------------------------------------------------------------------- */

struct filed {
	const char *event, *reason;
	struct db_filing row;
	int64_t subject, person, supersedes;
	const char *uid, *title,
		*post; /* of the operation that reports it, and the seat's; NULL: it is not reported */
};

static int write_filing(struct desk *d, struct filed *f, struct err *e)
{
	struct db_fact fact = {.project = d->project.id,
			       .subject = f->subject,
			       .person = f->person,
			       .account = d->session.account,
			       .at_ms = clock_now_ms(),
			       .on = f->row.from,
			       .true_on = DATE_NONE,
			       .supersedes = f->supersedes};
	int64_t id, need = 0;

	text_copy(fact.cycle, sizeof(fact.cycle), "filing");
	text_copy(fact.event, sizeof(fact.event), f->event);
	text_copy(fact.actor, sizeof(fact.actor), actor_name(deed_actor(d, CYCLE_POST)));
	text_copy(fact.authority, sizeof(fact.authority), "desk");
	text_copy(fact.note, sizeof(fact.note), f->reason);
	f->row.project = d->project.id;
	if (db_fact_insert(d->store, &fact, NULL, &f->row.fact, e) ||
	    db_filing_insert(d->store, &f->row, &id, e))
		return -1;
	if (f->uid && (deed_reported(d, CYCLE_POST, f->row.post, &need, e) ||
		       deed_queue(d,
				  &(struct operation){.kind = "post.absence",
						      .uid = f->uid,
						      .title = f->title,
						      .fact = f->row.fact,
						      .person = f->person,
						      .needs = &need,
						      .n_needs = 1},
				  e)))
		return -1;
	return desk_audit(d,
			  &(struct audit_entry){.action = f->event,
						.object = cycle_name(CYCLE_POST),
						.uid = f->post,
						.note = f->reason},
			  e);
}

/* CD 3.2.6: the day on which it is completed does not count, no other. */
static int check_absence(struct desk *d, const struct absence_new *a, struct err *e)
{
	bool spans = profile_flag(d->profile, "posts.absence_spans", false);

	if (!a->reason || !a->reason[0])
		return refuse(e, _("请写明不能到岗的原因"));
	if (a->from == DATE_NONE || (a->to != DATE_NONE && a->to < a->from) ||
	    (a->to != DATE_NONE && a->to - a->from > 366))
		return refuse(e, _("报备的日期不对"));
	if (!spans && (a->from != date_today() || (a->to != DATE_NONE && a->to != a->from)))
		return refuse(e, _("只有报备完成的当天不计考勤：缺勤当天报备当天，不能补报，也不能预报"));
	return 0;
}

static int same_days(struct desk *d, int64_t post, const struct absence_new *a, struct err *e)
{
	struct db_filing *rows = calloc(FILINGS, sizeof(*rows));
	date_t to = a->to == DATE_NONE ? a->from : a->to;
	size_t n = 0;
	int rc;

	if (!rows)
		return err_set(e, ERR_MEMORY, "filings");
	rc = db_filing_list(d->store, d->project.id, a->from, rows, FILINGS, &n, e);
	for (size_t i = 0; !rc && i < n; i++)
		if (rows[i].post == post && rows[i].from <= to && rows[i].to >= a->from)
			rc = refuse(e, _("这个岗位这一天已经报备过"));
	free(rows);
	return rc;
}

static int file_absence(struct desk *d, const struct absence_new *a, struct err *e)
{
	struct filed f = {.event = "absence",
			  .reason = a->reason,
			  .row = {.from = a->from, .to = a->to == DATE_NONE ? a->from : a->to}};
	char word[96];
	struct setting s;

	if (find_seat(d, a->post, a->seat, &s, e))
		return -1;
	if (!s.post || !s.row.person)
		return err_set(e, ERR_FORBIDDEN, "%s", _("岗位空缺；先设置岗位人员，空着的岗位不能报备"));
	if (same_days(d, s.row.id, a, e))
		return -1;
	post_word(d, a->post, a->seat, s.seats, word, sizeof(word));
	f.row.post = f.subject = s.row.id;
	f.person = s.row.person;
	uid_new(f.row.uid);
	f.uid = f.row.uid;
	f.title = word;
	f.post = s.row.uid;
	return write_filing(d, &f, e);
}

int desk_absence_file(struct desk *d, const struct absence_new *a, struct err *e)
{
	if (may(d, MAY_SET, e) || check_absence(d, a, e) || store_begin(d->store, e))
		return -1;
	return store_end(d->store, file_absence(d, a, e), e);
}

static int check_outage(const struct outage_new *o, struct err *e)
{
	if (!o->reason || !o->reason[0])
		return refuse(e, _("请写明设备离线的原因，例如断电、断网"));
	if (o->devices < 1 || o->devices > 999 || o->covered < 0 || o->covered > o->devices)
		return refuse(e, _("请填写考勤设备一共几台，其中已报备几台"));
	if (o->from == DATE_NONE || o->from > date_today() ||
	    (o->to != DATE_NONE && (o->to < o->from || o->to - o->from > 366)))
		return refuse(e, _("报备的日期不对"));
	return 0;
}

int desk_outage_file(struct desk *d, const struct outage_new *o, struct err *e)
{
	struct filed f = {.event = "outage",
			  .reason = o->reason,
			  .row = {.from = o->from,
				  .to = o->to == DATE_NONE ? o->from : o->to,
				  .devices = o->devices,
				  .covered = o->covered}};

	if (may(d, MAY_SET, e) || check_outage(o, e) || store_begin(d->store, e))
		return -1;
	f.subject = d->project.id;
	return store_end(d->store, write_filing(d, &f, e), e);
}

static int cover(struct desk *d, int64_t id, int covered, struct err *e)
{
	struct db_fact fact;
	struct filed f = {.event = "outage"};
	int64_t old;

	if (db_filing_get(d->store, id, &f.row, e) || db_fact_get(d->store, f.row.fact, &fact, e))
		return -1;
	if (f.row.project != d->project.id || f.row.post)
		return err_set(e, ERR_NO_SUCH, "no outage of this project");
	if (covered <= f.row.covered || covered > f.row.devices)
		return refuse(e, _("请填写考勤设备一共几台，其中已报备几台"));
	old = f.row.id;
	f.row.id = 0;
	f.row.uid[0] = '\0';
	f.row.covered = covered;
	f.reason = fact.note;
	f.subject = d->project.id;
	f.supersedes = fact.id;
	if (write_filing(d, &f, e) || db_filing_remove(d->store, old, f.row.fact, e))
		return -1;
	wipe(fact.note, sizeof(fact.note));
	return 0;
}

int desk_outage_cover(struct desk *d, int64_t filing, int covered, struct err *e)
{
	if (may(d, MAY_SET, e) || store_begin(d->store, e))
		return -1;
	return store_end(d->store, cover(d, filing, covered, e), e);
}

static int filing_out(struct desk *d, const struct post_world *w, const struct db_filing *f,
		      struct filing_row *out, struct err *e)
{
	struct db_fact fact;

	if (db_fact_get(d->store, f->fact, &fact, e))
		return -1;
	*out = (struct filing_row){.id = f->id,
				   .from = f->from,
				   .to = f->to,
				   .devices = f->devices,
				   .covered = f->covered,
				   .counts = f->post || f->covered >= f->devices};
	text_copy(out->reason, sizeof(out->reason), fact.note);
	text_copy(out->what, sizeof(out->what), _("设备离线"));
	for (size_t i = 0; f->post && i < w->seats; i++)
		if (w->seat[i].id == f->post)
			post_word(d, w->seat[i].post, w->seat[i].seat, w->outside ? 2 : 1, out->what,
				  sizeof(out->what));
	wipe(fact.note, sizeof(fact.note));
	return 0;
}

static int list_filings(struct desk *d, struct post_world *w, struct filing_row *rows, size_t cap, size_t *n,
			struct err *e)
{
	if (post_world(d, w, e) ||
	    db_filing_list(d->store, d->project.id, month_next(month_of(w->today), -1).first, w->filing,
			   FILINGS, &w->filings, e))
		return -1;
	*n = 0;
	for (size_t i = w->filings; i > 0 && *n < cap; i--)
		if (filing_out(d, w, &w->filing[i - 1], &rows[(*n)++], e))
			return -1;
	return 0;
}

int desk_filing_list(struct desk *d, struct filing_row *rows, size_t cap, size_t *n, struct err *e)
{
	struct post_world *w;
	int rc;

	if (may(d, 0, e))
		return -1;
	w = malloc(sizeof(*w));
	if (!w)
		return err_set(e, ERR_MEMORY, "filings");
	rc = list_filings(d, w, rows, cap, n, e);
	free(w);
	return rc;
}

/* What has left is the platform's: its operation is withdrawn as long as it is still here. */
static int withdraw(struct desk *d, int64_t fact, struct err *e)
{
	struct err own = {ERR_NONE};
	struct db_outbox row;

	if (db_outbox_by_fact(d->store, fact, &row, &own))
		return own.code == ERR_NO_SUCH ? 0 : err_set(e, own.code, "%s", own.detail);
	if (row.state != OUTBOX_HELD && row.state != OUTBOX_READY && row.state != OUTBOX_REJECTED)
		return err_set(e, ERR_NOT_WITHDRAWABLE, NULL);
	return db_outbox_state(d->store, row.id, row.state, OUTBOX_WITHDRAWN, e);
}

static int remove_filing(struct desk *d, int64_t id, const char *note, struct err *e)
{
	struct db_fact fact = {.project = d->project.id,
			       .account = d->session.account,
			       .at_ms = clock_now_ms(),
			       .on = date_today(),
			       .true_on = DATE_NONE};
	struct db_filing f;
	int64_t made;

	if (db_filing_get(d->store, id, &f, e))
		return -1;
	if (f.project != d->project.id)
		return err_set(e, ERR_NO_SUCH, "filing of another project");
	fact.subject = f.post ? f.post : f.project;
	fact.reverses = f.fact;
	text_copy(fact.cycle, sizeof(fact.cycle), "filing");
	text_copy(fact.event, sizeof(fact.event), "remove");
	text_copy(fact.actor, sizeof(fact.actor), actor_name(deed_actor(d, CYCLE_POST)));
	text_copy(fact.authority, sizeof(fact.authority), "desk");
	text_copy(fact.note, sizeof(fact.note), note ? note : "");
	if (withdraw(d, f.fact, e) || db_fact_insert(d->store, &fact, NULL, &made, e) ||
	    db_filing_remove(d->store, id, made, e))
		return -1;
	return desk_audit(d,
			  &(struct audit_entry){
				  .action = "filing_remove", .object = cycle_name(CYCLE_POST), .note = note},
			  e);
}

int desk_filing_remove(struct desk *d, int64_t id, const char *note, struct err *e)
{
	if (may(d, MAY_SET, e) || store_begin(d->store, e))
		return -1;
	return store_end(d->store, remove_filing(d, id, note, e), e);
}
