/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Alarms of key posts (F3, F4, F10): rates, vacancies, the chief supervisor's days, duty, and what they cost in all. */
#include "alarm_fold.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "store/attendance.h"
#include "store/watch.h"

#define MONTHS_BACK 36 /* of posts' alarms; a box that is older has them counted by the platform */

/* --- posts
 * ----------------------------------------------------------------------------------------------------- */

static void post_costs(const struct folding *f, struct alarm_row *r)
{
	int enough = alarms_until_cost(f->w->site.months, alarm_limit(f, "limits.alarms_to_credit"),
				       alarm_limit(f, "limits.alarm_share"));

	if (enough)
		text_format(r->cost, sizeof(r->cost), _("每岗每月一次预警，不能消除；累计 %d 次扣信用分"),
			    enough);
}

/* A month that is over and was missed: it stands from the first of the next. Of several seats the first that
 * missed it. */
static int missed_month(struct folding *f, const struct post_row *p, struct month m, struct err *e)
{
	struct post_rate rate;
	struct alarm_row *r;
	bool reckoned;

	if (post_month(f->w, p, m, &rate, &reckoned, e))
		return -1;
	if (!reckoned || rate.met)
		return 0;
	for (size_t i = 0; i < f->set->n; i++)
		if (f->set->row[i].kind == WATCH_POST_RATE && f->set->row[i].month == alarm_month(m) &&
		    strcmp(f->set->row[i].subject, p->post) == 0)
			return 0;
	r = alarm_add(f, WATCH_POST_RATE, p->post, alarm_month(m), e);
	if (!r)
		return alarm_none(f);
	text_copy(r->who, sizeof(r->who), p->word);
	text_format(r->what, sizeof(r->what), _("%d-%02d 应到 %d 天，只到 %d 天（%d.%02d%%）"),
		    r->month / 100, r->month % 100, rate.needed, rate.present,
		    rate_of(rate.present, rate.counting) / 100, rate_of(rate.present, rate.counting) % 100);
	alarm_due(f, r, month_next(m, 1).first);
	post_costs(f, r);
	return 0;
}

/* This month: until it is met; what counts is the last day from which it can still be reached, once it is
 * lost the month's end. */
static int this_month(struct folding *f, const struct post_row *p, struct err *e)
{
	struct alarm_row *r;

	if (!p->rated || p->partial || p->rate.met || !p->person ||
	    p->gone) /* nobody there: the vacancy says it */
		return 0;
	r = alarm_add(f, WATCH_POST_RATE, p->uid[0] ? p->uid : p->word, alarm_month(month_of(f->today)), e);
	if (!r)
		return alarm_none(f);
	text_format(r->who, sizeof(r->who), "%s %s", p->word, p->name);
	text_copy(r->subject, sizeof(r->subject), p->post);
	text_copy(r->what, sizeof(r->what), p->says);
	r->due_on = p->rate.lost ? month_next(month_of(f->today), 1).first : p->rate.last_start;
	r->person = p->person;
	post_costs(f, r);
	return 0;
}

int alarm_rates(struct folding *f, struct err *e)
{
	struct month now = month_of(f->today), m;

	if (!f->w || !f->w->site.rated || f->w->site.counts_from == DATE_NONE)
		return 0;
	for (size_t i = 0; i < f->posts; i++)
		if (!f->post[i].five_days && this_month(f, &f->post[i], e))
			return -1;
	for (int back = 1; back <= MONTHS_BACK; back++) {
		m = month_next(now, -back);
		if (m.first + m.days <= f->w->site.counts_from)
			break;
		for (size_t i = 0; i < f->posts; i++)
			if (!f->post[i].five_days && missed_month(f, &f->post[i], m, e))
				return -1;
	}
	return 0;
}

/* F3: to be filled within the grace; from its end on each day without counts. */
int alarm_vacancies(struct folding *f, struct err *e)
{
	for (size_t i = 0; f->w && f->w->site.smart && i < f->posts; i++) {
		const struct post_row *p = &f->post[i];
		struct alarm_row *r;

		if ((p->person && !p->gone && !p->lapsed) || p->state == POST_NOMINATED ||
		    p->state == POST_REPLACING)
			continue;
		r = alarm_add(f, WATCH_POST_VACANT, p->word, p->seat, e);
		if (!r)
			return alarm_none(f);
		text_copy(r->subject, sizeof(r->subject), p->post);
		r->month = 0;
		text_format(r->who, sizeof(r->who), p->person ? "%s %s" : "%s%s", p->word,
			    p->person ? p->name : "");
		text_copy(r->what, sizeof(r->what),
			  p->gone     ? _("岗位人员已离开，等于空缺")
			  : p->lapsed ? p->says
				      : _("没有岗位人员"));
		if (f->w->site.rated)
			text_copy(r->cost, sizeof(r->cost), _("空缺的天数也计入考勤率"));
		r->person = p->person;
		alarm_due(f, r, f->w->site.counts_from == DATE_NONE ? f->today : f->w->site.counts_from);
	}
	return 0;
}

struct absent {
	struct folding *f;
	const struct post_row *p;
	struct err *e;
	bool failed;
};

static void absence_row(date_t on, void *arg)
{
	struct absent *a = arg;
	struct alarm_row *r = alarm_add(a->f, WATCH_SUPERVISOR, a->p->post, alarm_month(month_of(on)), a->e);
	char day[DATE_TEXT];

	if (!r) {
		a->failed = alarm_none(a->f) != 0;
		return;
	}
	date_format(on, day);
	text_format(r->who, sizeof(r->who), "%s %s", a->p->word, a->p->name);
	text_format(r->what, sizeof(r->what), _("到 %s 连续 %d 天没有打卡"), day,
		    alarm_limit(a->f, "limits.supervisor_absent_days"));
	alarm_due(a->f, r, on + 1);
	post_costs(a->f, r);
}

static int absence(struct folding *f, const struct post_row *p, struct err *e)
{
	struct absent a = {.f = f, .p = p, .e = e};
	struct alarm_row *r;

	if (post_absences(f->w, p, absence_row, &a, e) || a.failed)
		return -1;
	if (p->absence.raised || !p->absence.days || p->absence.alarm_on == DATE_NONE)
		return 0;
	r = alarm_add(f, WATCH_SUPERVISOR, p->post, alarm_month(month_of(f->today)), e);
	if (!r)
		return alarm_none(f);
	text_format(r->who, sizeof(r->who), "%s %s", p->word, p->name);
	text_copy(r->what, sizeof(r->what), p->says);
	r->due_on = p->absence.alarm_on + 1;
	r->person = p->person;
	post_costs(f, r);
	return 0;
}

int alarm_supervisors(struct folding *f, struct err *e)
{
	for (size_t i = 0; f->w && i < f->posts; i++)
		if (f->post[i].five_days && absence(f, &f->post[i], e))
			return -1;
	return 0;
}

/* --- duty (F10)
 * --------------------------------------------------------------------------------------------------- */

static const char *const duty_posts[] = {
	"P01", "P05", "P08", "P02"}; /* manager, chief supervisor, safety officer, technical head */

static int best_days(struct folding *f, const char *trade, char *name, size_t size, int *people, int *best,
		     struct err *e)
{
	struct db_watch rows[16];
	size_t n;

	*best = *people = 0;
	if (db_watch_trade(f->d->store, f->d->project.id, trade, rows, ARRAY_LEN(rows), &n, e))
		return -1;
	for (size_t i = 0; i < n; i++) {
		uint32_t days = 0;
		int64_t last;

		if (db_attendance_month(f->d->store, f->d->project.id, rows[i].person, month_of(f->today),
					&days, &last, e))
			return -1;
		if (!i || days_in(days) > *best) {
			*best = days_in(days);
			text_copy(name, size, rows[i].name);
		}
		(*people)++;
	}
	return 0;
}

static int duty_row(struct folding *f, const char *trade, struct err *e)
{
	struct month m = month_of(f->today);
	int people, best, percent = alarm_limit(f, "limits.duty_percent");
	char name[NAME_TEXT] = "";
	struct alarm_row *r;
	bool is_short;

	if (best_days(f, trade, name, sizeof(name), &people, &best, e))
		return -1;
	is_short = percent && rate_of(best, m.days) < percent * 100 && f->today == m.first + m.days - 1;
	if (people && best && !is_short)
		return 0;
	r = alarm_add(f, WATCH_DUTY, trade, alarm_month(m), e);
	if (!r)
		return alarm_none(f);
	text_format(r->who, sizeof(r->who), people ? "%s %s" : "%s%s", desk_code_word(f->d, "trades", trade),
		    name);
	if (!people)
		text_copy(r->what, sizeof(r->what), _("没有设置"));
	else if (!best)
		text_copy(r->what, sizeof(r->what), _("本月没有到岗"));
	else
		text_format(r->what, sizeof(r->what), _("本月到岗 %d 天，%d.%02d%%"), best,
			    rate_of(best, m.days) / 100, rate_of(best, m.days) % 100);
	r->remedy = REMEDY_PARTICIPANTS;
	alarm_due(f, r, m.first);
	return 0;
}

int alarm_duties(struct folding *f, struct err *e)
{
	enum project_state state;

	if (f->d->session.participant || !profile_flag(f->d->profile, "duty.watched", false))
		return 0;
	if (desk_project_state(f->d, &state, e))
		return -1;
	for (size_t i = 0; state == PROJECT_RUNNING && i < ARRAY_LEN(duty_posts); i++)
		if (duty_row(f, duty_posts[i], e))
			return -1;
	return 0;
}

/* --- what they cost
 * --------------------------------------------------------------------------------------------------- */

/* CD 3.2.6: the points of the contractor or of the supervising firm, whichever the post belongs to; CD 3.3.4: the contractor's. */
enum purse { OF_CONTRACTOR, OF_SUPERVISION, OF_WAGES };
static const struct { const char *subject, *word; } purses[] = {
	[OF_CONTRACTOR] = {"post", N_("人岗分离（施工单位）")},
	[OF_SUPERVISION] = {"supervision", N_("人岗分离（监理单位）")},
	[OF_WAGES] = {"match", N_("人卡分离")},
};

static bool counts(const struct folding *f, const struct alarm_row *r, enum purse purse)
{
	const struct post *post = profile_post(f->d->profile, r->subject);
	bool of_post = r->kind == WATCH_POST_RATE || r->kind == WATCH_SUPERVISOR,
	     mine = purse == OF_WAGES ? r->kind == WATCH_MATCH
				      : of_post && (post && post->supervision) == (purse == OF_SUPERVISION);

	return mine && r->standing == ALARM_STANDS && r->state != ALARM_WITHDRAWN && r->state != ALARM_VOID;
}

static int credit_row(struct folding *f, enum purse purse, struct err *e)
{
	int n = 0, enough = alarms_until_cost(f->w->site.months, alarm_limit(f, "limits.alarms_to_credit"),
					      alarm_limit(f, "limits.alarm_share"));
	struct alarm_row *r;

	for (size_t i = 0; i < f->set->n; i++)
		n += counts(f, &f->set->row[i], purse);
	if (!enough || n + 1 < enough || !n)
		return 0;
	r = alarm_add(f, WATCH_CREDIT, purses[purse].subject, 0, e);
	if (!r)
		return alarm_none(f);
	text_copy(r->who, sizeof(r->who), _(purses[purse].word));
	text_format(r->what, sizeof(r->what),
		    n >= enough ? _("累计预警 %d 次，%d 次起扣信用分")
				: _("累计预警 %d 次，再有一次就满 %d 次"),
		    n, enough);
	text_copy(r->cost, sizeof(r->cost), _("扣分时可在公示期内到公示网提异议"));
	alarm_due(f, r, f->today);
	r->standing = n >= enough ? ALARM_STANDS : ALARM_COMES;
	return 0;
}

int alarm_credit(struct folding *f, struct err *e)
{
	for (size_t i = 0; f->w && i < ARRAY_LEN(purses); i++)
		if (credit_row(f, (enum purse)i, e))
			return -1;
	return 0;
}
