/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Acts on people: who can and who cannot and why, then one transaction for all who can (U11, C3, D4, E3, E4).
 */
#include "desk/acts.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "deed.h"
#include "folk.h"
#include "personal.h"
#include "store/outbox.h"
#include "store/undo.h"

/* --- judging ----------------------------------------------------------------------------------------- */

struct judged {
	struct folk folk;
	struct situation situation;
	struct subject subject;
	const struct transition *row; /* NULL: no way from here */
};

static void role_words(unsigned roles, char *out, size_t size)
{
	out[0] = '\0';
	for (unsigned r = ROLE_CLERK; r < ROLE_RUNNER; r <<= 1)
		if (roles & r) {
			desk_append(out, size, out[0] ? _("、") : "");
			desk_append(out, size, role_word((enum role)r));
		}
}

static bool may_fire(const struct desk *d, const struct transition *row, struct verdict *v)
{
	char words[120], would[sizeof(v->would)];

	if (d->session.roles & row->roles)
		return true;
	if (!row->roles) {
		verdict_refuse(v, _("这一步由本人或平台决定"), _("等结果自动送达"));
		return false;
	}
	role_words(row->roles, words, sizeof(words));
	text_format(would, sizeof(would), _("由以下人员登录办理：%s"), words);
	verdict_refuse(v, _("您的帐号无权办理此事"), would);
	return false;
}

static int judge_asked(struct desk *d, const struct judged *j, struct verdict *v, struct err *e)
{
	int64_t fact;
	bool pending;

	if (profile_authority(d->profile, j->row->event) != AUTHORITY_PLATFORM)
		return 0;
	if (deed_asked(d, j->subject.cycle, j->subject.id, j->row->event, &fact, &pending, e))
		return -1;
	if (pending)
		verdict_refuse(v, _("已向平台申请，还没有答复"), _("等结果自动送达，不必重复办理"));
	return 0;
}

/* Events that end an assignment, its team's leadership with it (C6). */
static bool goes_away(enum event event)
{
	static const enum event ends[] = {EVENT_EXIT, EVENT_WITHDRAW, EVENT_WORKS_COMPLETED, EVENT_DIED, EVENT_CONTRACT_ENDED, EVENT_AGREE_LEAVE,
					  EVENT_LEAVING_DAY};

	for (size_t i = 0; i < ARRAY_LEN(ends); i++)
		if (ends[i] == event)
			return true;
	return false;
}

/* What goes with it and is worth saying beforehand (C6, D8). */
static void consequences(const struct desk *d, const struct judged *j, struct verdict *v)
{
	if (j->row->event == EVENT_EXIT &&
	    strcmp(profile_text(d->profile, "leaving", "recorded"), "with_exit") == 0)
		verdict_warn(v, _("退场后在本项目显示为离职，但劳动合同不因此终止"));
	if (j->situation.other_project[0] && (j->row->event == EVENT_SUBMIT || j->row->event == EVENT_ENTER)) {
		char sentence[200];

		text_format(sentence, sizeof(sentence), _("同时在项目“%s”"), j->situation.other_project); /* D5: marked */
		verdict_warn(v, sentence);
	}
	if (goes_away(j->row->event) && j->folk.team.id && j->folk.team.leader == j->folk.person.id) {
		v->leads = j->folk.team.id;
		verdict_warn(v, _("是班组长：请同时指定接任的人，否则班组没有班组长"));
	}
}

/* E9: true time stands apart, lies behind, and says why. */
static bool true_day(const struct act *a, struct verdict *v)
{
	if (!a->true_on || a->true_on == DATE_NONE)
		return true;
	if (a->true_on > date_today())
		verdict_refuse(v, _("实际日期在今天之后"), _("填写今天或以前的日期"));
	else if (!a->note || !a->note[0])
		verdict_refuse(v, _("事后补记须写明原因"), _("填写原因，并保留印证材料"));
	return v->can;
}

static int judge(struct desk *d, int64_t person, const struct act *a, struct judged *j, struct verdict *v,
		 struct err *e)
{
	enum event event = a->event;
	date_t on = a->on;

	*v = (struct verdict){.person = person, .can = true};
	if (folk_open(d, person, &j->folk, e) || folk_situation(d, &j->folk, event, on, &j->situation, e))
		return -1;
	text_copy(v->name, sizeof(v->name), j->folk.person.name);
	j->subject = event_cycle(event) == CYCLE_EMPLOYMENT ? folk_employment(&j->folk)
							    : folk_assignment(&j->folk);
	j->row = j->subject.id ? lifecycle_find(j->subject.cycle, j->subject.state, event) : NULL;
	if (!j->row)
		guard_no_row(j->subject.cycle, j->subject.state, event, v);
	else if (may_fire(d, j->row, v) && guards_pass(j->row, &j->situation, v) && true_day(a, v)) {
		consequences(d, j, v);
		return judge_asked(d, j, v, e);
	}
	return 0;
}

/* Acts on people are the events of these two cycles, but for the making of an employment or assignment. */
static int act_sane(const struct act *a, struct err *e)
{
	enum cycle c = event_cycle(a->event);

	if ((c != CYCLE_EMPLOYMENT && c != CYCLE_ASSIGNMENT) || a->event == EVENT_OFFER ||
	    a->event == EVENT_DRAFT)
		return err_set(e, ERR_USAGE, "%s is no act on people", event_name(a->event));
	return 0;
}

bool desk_act_needs_reason(enum event event)
{
	return event == EVENT_DISMISS; /* SH-OP 九 1 */
}

int desk_preview(struct desk *d, const struct act *a, struct verdict *verdicts, size_t *able, struct err *e)
{
	struct judged j;
	size_t n = 0;

	if (desk_may_in_project(d, 0, e) || act_sane(a, e))
		return -1;
	for (size_t i = 0; i < a->n; i++) {
		if (judge(d, a->persons[i], a, &j, &verdicts[i], e))
			return -1;
		n += verdicts[i].can;
	}
	*able = n;
	return 0;
}

/* --- acting ------------------------------------------------------------------------------------------ */

#define NEEDS 4

/* What must have reached the platform before this event of this person, besides what the subject itself
 * reported. */
static int needs_of(struct desk *d, const struct judged *j, enum event event, int64_t needs[NEEDS], size_t *n,
		    struct err *e)
{
	const struct folk *f = &j->folk;

	*n = 0;
	if (j->subject.cycle != CYCLE_ASSIGNMENT)
		return 0;
	if (event == EVENT_SUBMIT &&
	    deed_reported(d, CYCLE_EMPLOYMENT, f->assignment.employment, &needs[(*n)++], e))
		return -1;
	if ((event == EVENT_SUBMIT || event == EVENT_ENTER) && f->team.id &&
	    deed_reported(d, CYCLE_TEAM_SITE, f->team.id, &needs[(*n)++], e))
		return -1;
	if (event == EVENT_ENTER && f->participant.id &&
	    deed_reported(d, CYCLE_PARTICIPANT, f->participant.id, &needs[(*n)++], e))
		return -1;
	return 0;
}

static int fire(struct desk *d, struct judged *j, enum event event, const struct act *a, int64_t *fact,
		struct err *e)
{
	struct deed_done done;
	struct deed deed = {.subject = &j->subject,
			    .event = event,
			    .source = PLAN_DESK,
			    .situation = &j->situation,
			    .on = a->on,
			    .note = a->note,
			    .true_on = a->true_on,
			    .actor = deed_actor(d, j->subject.cycle)};
	int64_t needs[NEEDS];

	if (needs_of(d, j, event, needs, &deed.n_needs, e))
		return -1;
	deed.needs = needs;
	if (deed_do(d, &deed, &done, e))
		return -1;
	*fact = done.first;
	return 0;
}

/* E3: a manager assigning to his own project confirms in the same act: two facts. */
static int confirm_own(struct desk *d, struct judged *j, const struct act *a, struct err *e)
{
	static const enum event then[] = {EVENT_ACCEPT, EVENT_CONFIRM};
	struct act same = {.event = EVENT_NONE, .on = a->on};
	struct verdict v = {.can = true};
	int64_t fact;

	for (size_t i = 0; i < ARRAY_LEN(then); i++) {
		const struct transition *row = lifecycle_find(CYCLE_ASSIGNMENT, j->subject.state, then[i]);

		if (then[i] == EVENT_CONFIRM && j->situation.two_tiers) /* the second tier is another manager's */
			break;
		if (!row || !(d->session.roles & row->roles) ||
		    profile_authority(d->profile, then[i]) != AUTHORITY_DESK ||
		    !guards_pass(row, &j->situation, &v))
			continue;
		if (fire(d, j, then[i], &same, &fact, e))
			return -1;
	}
	return 0;
}

#define EVIDENCE_ROLE "evidence" /* of the attachments */
#define MAY_ADD_EVIDENCE (ROLE_CLERK | ROLE_SUBCONTRACTOR_CLERK | ROLE_PROJECT_MANAGER)

static int keep_evidence(struct desk *d, const struct act *a, int64_t person, int64_t fact, struct err *e)
{
	const struct evidence *v = a->evidence;
	int64_t id;

	return v ? db_attachment_add(d->store, d->project.id, person, fact, EVIDENCE_ROLE, v->mime, v->data, v->bytes, &id, e) : 0;
}

/* C6: the successor takes over in the same transaction; every member has him from then on. */
static int succeed(struct desk *d, const struct act *a, int64_t team, struct err *e)
{
	return a->successor && team ? team_lead(d, team, a->successor, e) : 0;
}

static int act_one(struct desk *d, const struct act *a, struct judged *j, const struct verdict *v, struct err *e)
{
	int64_t fact;

	if (fire(d, j, a->event, a, &fact, e) || keep_evidence(d, a, j->folk.person.id, fact, e) || succeed(d, a, v->leads, e))
		return -1;
	if (a->event == EVENT_SUBMIT && confirm_own(d, j, a, e))
		return -1;
	if (folk_refresh(d, j->folk.person.id, false, e))
		return -1;
	return desk_audit(d,
			  &(struct audit_entry){.action = event_name(a->event),
						.object = cycle_name(j->subject.cycle),
						.uid = j->subject.uid,
						.note = a->note},
			  e);
}

static int act_all(struct desk *d, const struct act *a, struct verdict *verdicts, size_t *done, struct err *e)
{
	struct judged j;

	for (size_t i = 0; i < a->n; i++) {
		if (judge(d, a->persons[i], a, &j, &verdicts[i], e))
			return -1;
		if (!verdicts[i].can)
			continue;
		if (act_one(d, a, &j, &verdicts[i], e))
			return -1;
		++*done;
	}
	return 0;
}

int desk_act(struct desk *d, const struct act *a, struct verdict *verdicts, size_t *done, struct err *e)
{
	size_t n = 0;

	if (desk_may_in_project(d, 0, e) || act_sane(a, e))
		return -1;
	if (desk_act_needs_reason(a->event) && (!a->note || !a->note[0]))
		return err_set(e, ERR_NO_REASON, "%s", event_name(a->event));
	if (a->evidence && a->evidence->bytes > EVIDENCE_MAX)
		return err_set(e, ERR_TOO_LARGE, "evidence of %zu bytes", a->evidence->bytes);
	if (store_begin(d->store, e))
		return -1;
	if (store_end(d->store, act_all(d, a, verdicts, &n, e), e))
		return -1;
	*done = n;
	return 0;
}

/* --- what is possible -------------------------------------------------------------------------------- */

/* Every event that leads on from here and that somebody at a desk may fire, the main way first. */
static int possible_of(struct desk *d, const struct folk *f, enum cycle cycle, struct possible *rows,
		       size_t cap, size_t *n, struct err *e)
{
	struct subject s = cycle == CYCLE_EMPLOYMENT ? folk_employment(f) : folk_assignment(f);
	enum event next = plan_next(cycle, s.state);
	const struct transition *all;
	size_t count = lifecycle_rows(cycle, &all), first = *n;
	struct judged j;

	for (size_t i = 0; s.id && i < count && *n < cap; i++) {
		struct possible *p = &rows[*n];

		if (all[i].from != s.state || !all[i].roles)
			continue;
		p->event = all[i].event;
		if (judge(d, f->person.id, &(struct act){.event = p->event, .on = DATE_NONE}, &j, &p->verdict, e))
			return -1;
		if (p->event == next && *n != first) {
			struct possible swap = rows[first];

			rows[first] = *p;
			*p = swap;
		}
		++*n;
	}
	return 0;
}

int desk_possible(struct desk *d, int64_t person, struct possible *rows, size_t cap, size_t *n, struct err *e)
{
	struct folk f;
	size_t count = 0;

	if (desk_may_in_project(d, 0, e) || folk_open(d, person, &f, e) ||
	    possible_of(d, &f, CYCLE_ASSIGNMENT, rows, cap, &count, e) ||
	    possible_of(d, &f, CYCLE_EMPLOYMENT, rows, cap, &count, e))
		return -1;
	*n = count;
	return 0;
}

/* --- recorded afterwards (E9) ------------------------------------------------------------------------ */

static int late_out(struct desk *d, const struct db_fact *f, struct late_row *out, struct err *e)
{
	struct db_person p;

	*out = (struct late_row){.fact = f->id, .person = f->person, .on = f->on, .true_on = f->true_on, .at_ms = f->at_ms};
	if (!event_parse(f->event, &out->event))
		out->event = EVENT_NONE;
	text_copy(out->by, sizeof(out->by), f->by);
	text_copy(out->note, sizeof(out->note), f->note);
	if (db_attachment_of_fact(d->store, f->id, &out->evidence, e) || db_person_get(d->store, f->person, &p, e))
		return -1;
	text_copy(out->name, sizeof(out->name), p.name);
	return 0;
}

int desk_late_list(struct desk *d, int64_t before, struct late_row *rows, size_t cap, size_t *n, struct err *e)
{
	struct db_fact page[8];
	size_t count = 0, got = ARRAY_LEN(page);

	if (desk_may_in_project(d, 0, e))
		return -1;
	while (count < cap && got == ARRAY_LEN(page)) {
		if (db_fact_late(d->store, d->project.id, before, page, cap - count < got ? cap - count : got, &got, e))
			return -1;
		for (size_t i = 0; i < got; i++) {
			bool sees;

			before = page[i].id;
			if (folk_sees(d, page[i].person, &sees, e) || (sees && late_out(d, &page[i], &rows[count++], e)))
				return -1;
		}
	}
	*n = count;
	return 0;
}

static int record_evidence(struct desk *d, const struct db_fact *f, struct err *e)
{
	if (store_begin(d->store, e))
		return -1;
	return store_end(d->store,
			 desk_audit(d, &(struct audit_entry){.action = "open", .object = "evidence", .uid = f->uid, .detail = f->event}, e),
			 e);
}

/* A fact of this project, recorded afterwards, about somebody whom this account sees. */
static int late_fact(struct desk *d, int64_t fact, struct db_fact *f, struct err *e)
{
	struct folk who;

	if (db_fact_get(d->store, fact, f, e))
		return -1;
	if (f->project != d->project.id || f->true_on == DATE_NONE || !f->person)
		return err_set(e, ERR_NO_SUCH, "no fact recorded afterwards");
	return folk_open(d, f->person, &who, e);
}

static int add_evidence(struct desk *d, const struct db_fact *f, const struct evidence *v, struct err *e)
{
	int64_t id;

	db_act_none(d->store);
	if (db_attachment_add(d->store, d->project.id, f->person, f->id, EVIDENCE_ROLE, v->mime, v->data, v->bytes, &id, e))
		return -1;
	return desk_audit(d, &(struct audit_entry){.action = "evidence_add", .object = "evidence", .uid = f->uid, .detail = f->event}, e);
}

int desk_late_evidence_add(struct desk *d, int64_t fact, const struct evidence *v, struct err *e)
{
	struct db_fact f;

	if (desk_may_in_project(d, MAY_ADD_EVIDENCE, e) || late_fact(d, fact, &f, e))
		return -1;
	if (v->bytes > EVIDENCE_MAX)
		return err_set(e, ERR_TOO_LARGE, "evidence of %zu bytes", v->bytes);
	if (!v->mime || !v->bytes)
		return err_set(e, ERR_EVIDENCE_FORMAT, NULL);
	if (store_begin(d->store, e))
		return -1;
	return store_end(d->store, add_evidence(d, &f, v, e), e);
}

int desk_late_evidence(struct desk *d, int64_t fact, struct buf *out, struct err *e)
{
	struct db_attachment a;
	struct db_fact f;

	if (desk_may_in_project(d, ROLES_WITH_KEY, e) || late_fact(d, fact, &f, e))
		return -1;
	if (db_attachment_by_fact(d->store, fact, &a, e) || record_evidence(d, &f, e))
		return -1;
	buf_reset(out);
	return db_attachment_content(d->store, a.id, out, e);
}
