/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/hiring.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "desk/contract.h"
#include "alarm.h"
#include "deed.h"
#include "hiring.h"

#define HOUR_MS (60 * 60 * 1000LL)
#define MINUTE_MS (60 * 1000LL)
#define COUNT_LIMIT 1000

static const struct {
	const char *name, *word;
	enum pending first, last;
} filters[HIRING_FILTER_COUNT] = {
	[HIRING_ALL] = {"all", N_("全部"), PENDING_LEAVING, PENDING_OFFERED},
	[HIRING_LEAVING] = {"leaving", N_("申请离职"), PENDING_LEAVING, PENDING_LEAVING},
	[HIRING_LEAVING_ON] = {"leaving-on", N_("定期离职"), PENDING_LEAVING_ON, PENDING_LEAVING_ON},
	[HIRING_DISMISSING] = {"dismissing", N_("解聘中"), PENDING_DISMISSING, PENDING_DISMISSING},
	[HIRING_JOINING] = {"joining", N_("聘用中"), PENDING_ACCEPTED, PENDING_OFFERED},
	[HIRING_TO_REGISTER] = {"to-register", N_("待用工登记"), PENDING_ACCEPTED, PENDING_ACCEPTED},
};

const char *hiring_filter_word(enum hiring_filter f)
{
	return (unsigned)f < HIRING_FILTER_COUNT ? _(filters[f].word) : "";
}

const char *hiring_filter_name(enum hiring_filter f)
{
	return (unsigned)f < HIRING_FILTER_COUNT ? filters[f].name : "";
}

bool hiring_gone(const struct desk *d, enum employment_state employment, enum assignment_state assignment)
{
	return d->profile && employment == EMPLOYMENT_REGISTERED && assignment == ASSIGNMENT_EXITED &&
	       guard_leaving(d->profile) == LEAVING_WITH_EXIT;
}

/* --- the app (D12) ----------------------------------------------------------------------------------- */

static struct app_info app_info_of(const struct desk *d, enum app_state state, date_t since)
{
	struct app_info info = {.state = state,
				.since = since,
				.limit = (int)profile_number(d->profile, "limits.app_registration_days", 0)};

	if (state == APP_PROCESSING)
		info.days = date_working_days(since, date_today());
	return info;
}

int app_load(struct desk *d, int64_t person, struct db_app *out, struct err *e)
{
	struct db_app a;
	struct folk f;

	if (folk_load(d, person, &f, e))
		return -1;
	if (!f.employment.id)
		return err_set(e, ERR_NO_SUCH, "nobody of this project");
	if (db_app_get(d->store, d->project.id, person, &a, e) || (!a.id && db_app_insert(d->store, &a, &a.id, e)))
		return -1;
	memcpy(a.uid, f.person.uid, sizeof(a.uid));
	*out = a;
	return 0;
}

int desk_app_info(struct desk *d, int64_t person, struct app_info *out, struct err *e)
{
	struct db_app a;
	struct folk f;

	if (desk_may_in_project(d, 0, e) || folk_open(d, person, &f, e) || db_app_get(d->store, d->project.id, person, &a, e))
		return -1;
	*out = app_info_of(d, a.state, a.since);
	return 0;
}

static int record_app(struct desk *d, int64_t person, enum event event, date_t on, struct err *e)
{
	struct deed deed = {.event = event, .source = PLAN_DESK, .on = on, .actor = ACTOR_PERSON};
	struct subject s = {.cycle = CYCLE_APP, .person = person};
	struct verdict v = {.can = true};
	const struct transition *row;
	struct situation situation;
	struct db_app a;
	struct folk f;

	if (folk_open(d, person, &f, e) || app_load(d, person, &a, e) || folk_situation(d, &f, event, on, &situation, e))
		return -1;
	row = lifecycle_find(CYCLE_APP, a.state, event);
	situation.not_before = a.since;
	if (!row)
		guard_no_row(CYCLE_APP, a.state, event, &v);
	else if (!(d->session.roles & row->roles))
		return err_set(e, ERR_NOT_PERMITTED, "%s", event_name(event));
	if (!row || !guards_pass(row, &situation, &v))
		return err_set(e, ERR_FORBIDDEN, "%s%s%s", v.why, v.would[0] ? _("；") : "", v.would);
	s.id = a.id;
	s.state = a.state;
	text_copy(s.uid, sizeof(s.uid), f.person.uid);
	text_copy(s.title, sizeof(s.title), f.person.name);
	deed.subject = &s;
	if (deed_do(d, &deed, NULL, e))
		return -1;
	return desk_audit(d, &(struct audit_entry){.action = event_name(event), .object = "person", .uid = f.person.uid}, e);
}

int desk_app_record(struct desk *d, int64_t person, enum event event, date_t on, struct err *e)
{
	if (event_cycle(event) != CYCLE_APP)
		return err_set(e, ERR_USAGE, "%s is none of the app's", event_name(event));
	if (desk_may_in_project(d, 0, e))
		return -1;
	if (!profile_number(d->profile, "limits.app_registration_days", 0))
		return err_set(e, ERR_FORBIDDEN, "%s", _("本地区没有本人手机登记的手续"));
	if (store_begin(d->store, e))
		return -1;
	return store_end(d->store, record_app(d, person, event, on, e), e);
}

/* --- what each row says ------------------------------------------------------------------------------ */

static int64_t answer_ms(const struct desk *d)
{
	return profile_number(d->profile, "limits.leave_answer_hours", 24) * HOUR_MS;
}

static void say_leaving(struct desk *d, struct hiring_row *r)
{
	int64_t now = desk_checked_ms(d), left; /* the platform reckons by its own clock */

	r->due_ms = answer_ms(d) ? r->since_ms + answer_ms(d) : 0;
	left = r->due_ms - now;
	r->due = r->due_ms && left <= 0;
	if (!r->due_ms)
		text_copy(r->says, sizeof(r->says), _("本人申请离职，等单位答复"));
	else if (r->due)
		text_format(r->says, sizeof(r->says), _("已满 %d 小时没有答复，本人可在手机上自行离职"), (int)(answer_ms(d) / HOUR_MS));
	else
		text_format(r->says, sizeof(r->says), _("还有 %d 小时 %d 分答复"), (int)(left / HOUR_MS), (int)(left % HOUR_MS / MINUTE_MS));
	text_copy(r->todo, sizeof(r->todo), _("由用人单位同意离职；与本人说好不走的，取消"));
}

static void say_leaving_on(struct hiring_row *r)
{
	char on[DATE_TEXT];

	date_format(r->leaves_on, on);
	r->due = r->leaves_on != DATE_NONE && r->leaves_on <= date_today();
	text_format(r->says, sizeof(r->says), r->due ? _("离职日期 %s 已到") : _("将于 %s 离职"), on);
	text_copy(r->todo, sizeof(r->todo), r->due ? _("办理离职；不走了的，取消") : _("到那一天再办理；不走了的，取消"));
}

static void say_offered(struct hiring_row *r)
{
	text_copy(r->says, sizeof(r->says), _("等本人在手机上同意聘用"));
	if (!r->app.limit)
		return;
	if (r->app.state == APP_PROCESSING)
		text_format(r->todo, sizeof(r->todo),
			    r->app.days > r->app.limit ? _("手机登记处理中，第 %d 个工作日，已超过 %d 个：请本人向平台查问")
						       : _("手机登记处理中，第 %d 个工作日，一般 %d 个以内，不必重复登记"),
			    r->app.days, r->app.limit);
	else if (r->app.state == APP_NONE)
		text_copy(r->todo, sizeof(r->todo), _("手机登记：未登记。请本人先在手机上登记个人信息"));
}

static void say_others(struct hiring_row *r)
{
	switch (r->state) {
	case EMPLOYMENT_DISMISSING:
		text_copy(r->says, sizeof(r->says), _("已发起解聘，等本人在手机上同意"));
		text_copy(r->todo, sizeof(r->todo), _("同意之前可以取消"));
		break;
	case EMPLOYMENT_ACCEPTED:
		text_copy(r->says, sizeof(r->says), _("本人已同意聘用"));
		text_copy(r->todo, sizeof(r->todo), _("打开此人，补全资料，办理用工登记"));
		break;
	case EMPLOYMENT_PROCESSING:
		text_copy(r->says, sizeof(r->says), _("平台正在办理用工登记"));
		text_copy(r->todo, sizeof(r->todo), _("不必重复登记，等结果送达"));
		break;
	default:
		break;
	}
}

/* Whose words the state goes back to. */
static enum event begun_by(enum employment_state s)
{
	switch (s) {
	case EMPLOYMENT_LEAVING:
		return EVENT_ASK_LEAVE;
	case EMPLOYMENT_DISMISSING:
		return EVENT_DISMISS;
	case EMPLOYMENT_LEAVING_ON:
		return EVENT_RECORD_LEAVING;
	default:
		return EVENT_NONE;
	}
}

static int take_reason(struct desk *d, struct hiring_row *r, struct err *e)
{
	enum event event = begun_by(r->state);
	struct db_fact f;
	int64_t fact;

	if (event == EVENT_NONE)
		return 0;
	if (db_fact_latest(d->store, cycle_name(CYCLE_EMPLOYMENT), r->id, event_name(event), &fact, e))
		return -1;
	if (!fact)
		return 0;
	if (db_fact_get(d->store, fact, &f, e))
		return -1;
	text_copy(r->reason, sizeof(r->reason), f.note);
	wipe(f.note, sizeof(f.note));
	return 0;
}

static int row_out(struct desk *d, const struct db_pending *p, struct hiring_row *out, struct err *e)
{
	*out = (struct hiring_row){.id = p->id,
				   .person = p->person,
				   .state = p->state,
				   .since_ms = p->since_ms,
				   .leaves_on = p->leaves_on,
				   .app = app_info_of(d, p->app, p->app_since)};
	text_copy(out->uid, sizeof(out->uid), p->uid);
	text_copy(out->name, sizeof(out->name), p->name);
	text_copy(out->company, sizeof(out->company), p->company);
	if (p->state == EMPLOYMENT_LEAVING)
		say_leaving(d, out);
	else if (p->state == EMPLOYMENT_LEAVING_ON)
		say_leaving_on(out);
	else if (p->state == EMPLOYMENT_OFFERED)
		say_offered(out);
	else
		say_others(out);
	return take_reason(d, out, e);
}

/* --- the list ---------------------------------------------------------------------------------------- */

static struct db_pending_query asked(const struct desk *d, enum hiring_filter f, const struct hiring_cursor *after)
{
	return (struct db_pending_query){.project = d->project.id,
					 .participant = d->session.participant,
					 .first = filters[f].first,
					 .last = filters[f].last,
					 .after = after ? (enum pending)after->group : 0,
					 .after_ms = after ? after->since_ms : 0,
					 .after_id = after ? after->id : 0};
}

int desk_hiring(struct desk *d, const struct hiring_query *q, struct hiring_page *page, struct err *e)
{
	struct db_pending_query w;
	struct db_pending *rows;
	int rc = -1;

	if (desk_may_in_project(d, 0, e))
		return -1;
	w = asked(d, q->filter, &q->after);
	rows = calloc(page->cap ? page->cap : 1, sizeof(*rows));
	if (!rows)
		return err_set(e, ERR_MEMORY, "hiring");
	if (db_pending_list(d->store, &w, rows, page->cap, &page->n, &page->more, e))
		goto out;
	for (size_t i = 0; i < page->n; i++) {
		if (row_out(d, &rows[i], &page->row[i], e))
			goto out;
		page->last = (struct hiring_cursor){rows[i].pending, rows[i].since_ms, rows[i].id};
	}
	rc = 0;
out:
	wipe(rows, page->cap * sizeof(*rows));
	free(rows);
	return rc;
}

static int count(struct desk *d, enum hiring_filter f, int64_t *out, int64_t *oldest, struct err *e)
{
	struct db_pending_query w = asked(d, f, NULL);

	return db_pending_count(d->store, &w, COUNT_LIMIT, out, oldest, e);
}

int desk_hiring_counts(struct desk *d, struct hiring_counts *out, struct err *e)
{
	struct hiring_counts c = {.leaving = 0};
	int64_t asked_ms, ignored;

	if (desk_may_in_project(d, 0, e) || count(d, HIRING_LEAVING, &c.leaving, &asked_ms, e) ||
	    count(d, HIRING_LEAVING_ON, &c.leaving_on, &ignored, e) || count(d, HIRING_DISMISSING, &c.dismissing, &ignored, e) ||
	    count(d, HIRING_JOINING, &c.joining, &ignored, e) || count(d, HIRING_TO_REGISTER, &c.to_register, &ignored, e) ||
	    desk_contract_counts(d, &c.contracts_expiring, &c.contracts_expired, e))
		return -1;
	if (c.leaving && answer_ms(d))
		c.next_due_ms = asked_ms + answer_ms(d);
	*out = c;
	return 0;
}
