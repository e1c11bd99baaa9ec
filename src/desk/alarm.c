/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fold from facts to alarms: each kind a function that adds its rows. What is recorded of them:
 * alarm_act.c. */
#include "alarm.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "desk/association.h"
#include "desk/attendance.h"
#include "desk/contract.h"
#include "desk/device.h"
#include "desk/hiring.h"
#include "dossier.h"
#include "folk.h"
#include "hiring.h"
#include "post.h"
#include "sheets.h"
#include "store/attendance.h"
#include "store/line.h"
#include "store/wage.h"
#include "store/watch.h"

#define PAGE 64
#define MONTHS_BACK 36	    /* of posts' alarms; a box that is older has them counted by the platform */
#define CLOCK_OFF_MS 300000 /* QUALITY R10: more than five minutes */
#define UNCHECKED_MS 86400000
#define RECORDS 2000

/* --- words -----------------------------------------------------------------------------------------------
 */

static const struct {
	const char *name, *word;
	enum alarm_remedy remedy;
} kinds[WATCH_KINDS] = {
	[WATCH_POST_RATE] = {"post_rate", N_("人岗分离"), REMEDY_POSTS},
	[WATCH_POST_VACANT] = {"post_vacant", N_("岗位空缺"), REMEDY_POSTS},
	[WATCH_SUPERVISOR] = {"supervisor", N_("总监未打卡"), REMEDY_POSTS},
	[WATCH_MATCH] = {"match", N_("人卡分离"), REMEDY_WAGES},
	[WATCH_CREDIT] = {"credit", N_("信用扣分"), REMEDY_NONE},
	[WATCH_ASSOCIATION] = {"association", N_("班组未关联"), REMEDY_ASSOCIATIONS},
	[WATCH_MISMATCH] = {"mismatch", N_("单位不一致"), REMEDY_PERSON},
	[WATCH_LEAVE] = {"leave", N_("离职待答复"), REMEDY_HIRING},
	[WATCH_CONTRACT] = {"contract", N_("合同到期"), REMEDY_CONTRACTS},
	[WATCH_CERTIFICATE] = {"certificate", N_("证书到期"), REMEDY_CERTIFICATES},
	[WATCH_TRAINING] = {"training", N_("培训过期"), REMEDY_PERSON},
	[WATCH_APP] = {"app", N_("手机登记"), REMEDY_PERSON},
	[WATCH_OUTAGE] = {"outage", N_("设备离线"), REMEDY_FILINGS},
	[WATCH_DEVICE] = {"device", N_("设备无联系"), REMEDY_DEVICES},
	[WATCH_DUTY] = {"duty", N_("到岗履职"), REMEDY_POSTS},
	[WATCH_CARD] = {"card", N_("证件过期"), REMEDY_PERSON},
	[WATCH_CLOCK] = {"clock", N_("时钟不符"), REMEDY_CONNECTION},
};

static const char *const remedies[] = {
	[REMEDY_NONE] = N_("到平台上办理"),	    [REMEDY_POSTS] = N_("打开关键岗位"),
	[REMEDY_ASSOCIATIONS] = N_("打开班组"),	    [REMEDY_PERSON] = N_("打开档案"),
	[REMEDY_HIRING] = N_("答复离职"),	    [REMEDY_CONTRACTS] = N_("打开合同"),
	[REMEDY_CERTIFICATES] = N_("打开证书"),	    [REMEDY_FILINGS] = N_("打开报备"),
	[REMEDY_WAGES] = N_("打开工资台账"),	    [REMEDY_CONNECTION] = N_("打开平台连接"),
	[REMEDY_PARTICIPANTS] = N_("打开参建单位"),	    [REMEDY_DEVICES] = N_("打开考勤设备"),
};

const char *alarm_kind_name(enum alarm_kind k)
{
	return (unsigned)k < WATCH_KINDS ? kinds[k].name : "";
}

const char *alarm_kind_word(enum alarm_kind k)
{
	return (unsigned)k < WATCH_KINDS ? _(kinds[k].word) : "";
}

bool alarm_kind_parse(const char *name, enum alarm_kind *out)
{
	for (int k = 0; k < WATCH_KINDS; k++)
		if (strcmp(kinds[k].name, name) == 0) {
			*out = (enum alarm_kind)k;
			return true;
		}
	return false;
}

const char *alarm_remedy_word(enum alarm_remedy r)
{
	return (unsigned)r < ARRAY_LEN(remedies) ? _(remedies[r]) : "";
}

/* --- the day -----------------------------------------------------------------------------------------------
 */

date_t desk_checked_day(struct desk *d)
{
	int64_t now = clock_now_ms();
	struct db_line line;

	if (!d->project.id || db_line_get(d->store, d->project.id, &line, NULL) || !line.clock_at_ms)
		return date_of_ms(now);
	/* Ours went back behind the moment at which the platform was heard: that moment is the latest known.
	 */
	return date_of_ms((now < line.clock_at_ms ? line.clock_at_ms : now) + line.clock_off_ms);
}

/* --- collecting --------------------------------------------------------------------------------------------
 */

struct folding {
	struct desk *d;
	const struct alarm_query *q;
	struct alarm_set *set;
	size_t room, of_kind;
	bool full, failed; /* enough of this kind; no memory */
	enum alarm_kind kind;
	date_t today;
	struct post_world *w; /* NULL: the account sees no posts */
	struct post_row *post;
	size_t posts;
	struct db_alarm *record;
	size_t records;
};

/* Stable across reckonings: the same thing has the same number. */
static int64_t id_of(enum alarm_kind kind, const char *subject, int month)
{
	uint64_t h = 1469598103934665603u ^ (uint64_t)kind;

	for (; *subject; subject++)
		h = (h ^ (unsigned char)*subject) * 1099511628211u;
	h = (h ^ (uint64_t)month) * 1099511628211u;
	return (int64_t)(h >> 1) | 1;
}

/* What add() gave no row for: enough of this kind, or no memory. */
static int none(const struct folding *f)
{
	return f->failed ? -1 : 0;
}

/* NULL: none(). */
static struct alarm_row *add(struct folding *f, enum alarm_kind kind, const char *subject, int month,
			     struct err *e)
{
	struct alarm_row *r;

	if (f->kind != kind) {
		f->kind = kind;
		f->of_kind = 0;
	}
	if (f->of_kind++ >= f->q->most) {
		f->full = f->set->cut = true;
		return NULL;
	}
	if (f->set->n == f->room) {
		size_t room = f->room ? f->room * 2 : 64;

		r = realloc(f->set->row, room * sizeof(*r));
		if (!r) {
			f->failed = true;
			err_set(e, ERR_MEMORY, "alarms");
			return NULL;
		}
		f->set->row = r;
		f->room = room;
	}
	r = &f->set->row[f->set->n++];
	*r = (struct alarm_row){.id = id_of(kind, subject, month),
				.kind = kind,
				.due_on = DATE_NONE,
				.month = month,
				.remedy = kinds[kind].remedy};
	text_copy(r->subject, sizeof(r->subject), subject);
	return r;
}

static void due(const struct folding *f, struct alarm_row *r, date_t on)
{
	r->due_on = on;
	r->standing = on != DATE_NONE && on <= f->today ? ALARM_STANDS : ALARM_COMES;
}

static int month_number(struct month m)
{
	int year, month, day;

	date_to_ymd(m.first, &year, &month, &day);
	return year * 100 + month;
}

/* --- posts
 * ----------------------------------------------------------------------------------------------------- */

static int limit(const struct folding *f, const char *key)
{
	return (int)profile_number(f->d->profile, key, 0);
}

static void post_costs(const struct folding *f, struct alarm_row *r)
{
	int enough = alarms_until_cost(f->w->site.months, limit(f, "limits.alarms_to_credit"),
				       limit(f, "limits.alarm_share"));

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
		if (f->set->row[i].kind == WATCH_POST_RATE && f->set->row[i].month == month_number(m) &&
		    strcmp(f->set->row[i].subject, p->post) == 0)
			return 0;
	r = add(f, WATCH_POST_RATE, p->post, month_number(m), e);
	if (!r)
		return none(f);
	text_copy(r->who, sizeof(r->who), p->word);
	text_format(r->what, sizeof(r->what), _("%d-%02d 应到 %d 天，只到 %d 天（%d.%02d%%）"),
		    r->month / 100, r->month % 100, rate.needed, rate.present,
		    rate_of(rate.present, rate.counting) / 100, rate_of(rate.present, rate.counting) % 100);
	due(f, r, month_next(m, 1).first);
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
	r = add(f, WATCH_POST_RATE, p->uid[0] ? p->uid : p->word, month_number(month_of(f->today)), e);
	if (!r)
		return none(f);
	text_format(r->who, sizeof(r->who), "%s %s", p->word, p->name);
	text_copy(r->subject, sizeof(r->subject), p->post);
	text_copy(r->what, sizeof(r->what), p->says);
	r->due_on = p->rate.lost ? month_next(month_of(f->today), 1).first : p->rate.last_start;
	r->person = p->person;
	post_costs(f, r);
	return 0;
}

static int rates(struct folding *f, struct err *e)
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
static int vacancies(struct folding *f, struct err *e)
{
	for (size_t i = 0; f->w && f->w->site.smart && i < f->posts; i++) {
		const struct post_row *p = &f->post[i];
		struct alarm_row *r;

		if ((p->person && !p->gone && !p->lapsed) || p->state == POST_NOMINATED ||
		    p->state == POST_REPLACING)
			continue;
		r = add(f, WATCH_POST_VACANT, p->word, p->seat, e);
		if (!r)
			return none(f);
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
		due(f, r, f->w->site.counts_from == DATE_NONE ? f->today : f->w->site.counts_from);
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
	struct alarm_row *r = add(a->f, WATCH_SUPERVISOR, a->p->post, month_number(month_of(on)), a->e);
	char day[DATE_TEXT];

	if (!r) {
		a->failed = none(a->f) != 0;
		return;
	}
	date_format(on, day);
	text_format(r->who, sizeof(r->who), "%s %s", a->p->word, a->p->name);
	text_format(r->what, sizeof(r->what), _("到 %s 连续 %d 天没有打卡"), day,
		    limit(a->f, "limits.supervisor_absent_days"));
	due(a->f, r, on + 1);
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
	r = add(f, WATCH_SUPERVISOR, p->post, month_number(month_of(f->today)), e);
	if (!r)
		return none(f);
	text_format(r->who, sizeof(r->who), "%s %s", p->word, p->name);
	text_copy(r->what, sizeof(r->what), p->says);
	r->due_on = p->absence.alarm_on + 1;
	r->person = p->person;
	post_costs(f, r);
	return 0;
}

static int supervisors(struct folding *f, struct err *e)
{
	for (size_t i = 0; f->w && i < f->posts; i++)
		if (f->post[i].five_days && absence(f, &f->post[i], e))
			return -1;
	return 0;
}

static int outages(struct folding *f, struct err *e)
{
	for (size_t i = 0; f->w && i < f->w->filings; i++) {
		const struct db_filing *o = &f->w->filing[i];
		struct alarm_row *r;

		if (o->post || o->covered >= o->devices || o->to < month_next(month_of(f->today), -1).first)
			continue;
		r = add(f, WATCH_OUTAGE, o->uid, 0, e);
		if (!r)
			return none(f);
		text_format(r->what, sizeof(r->what), _("设备离线只报备了 %d/%d 台，全部报备才生效"),
			    o->covered, o->devices);
		text_copy(r->cost, sizeof(r->cost), _("离线的天数照常计考勤"));
		due(f, r, o->from);
	}
	return 0;
}

/* H4: after a day the supplier is to be told; from the region's limit on it is a breach (JM-N 六(十八)). By the checked day: a clock that was set
 * forward makes no device silent. */
static int device_row_out(struct folding *f, const struct device_row *device, struct err *e)
{
	int64_t limit = profile_number(f->d->profile, "limits.device_silent_days", 0);
	date_t last = date_of_ms(device->last_ms);
	struct alarm_row *r;

	if (f->today <= last)
		return 0;
	r = add(f, WATCH_DEVICE, device->uid, 0, e);
	if (!r)
		return none(f);
	text_copy(r->who, sizeof(r->who), device->place[0] ? device->place : device->serial);
	text_format(r->what, sizeof(r->what), _("设备 %s 已 %d 天没有联系：通知供应商修复或更换"), device->serial, (int)(f->today - last));
	if (limit > 0)
		text_format(r->cost, sizeof(r->cost), _("设备故障使考勤中止不得超过 %d 天"), (int)limit);
	due(f, r, last + 1);
	return 0;
}

static int devices(struct folding *f, struct err *e)
{
	struct device_row *rows;
	size_t n = 0;
	int rc;

	if (f->d->session.participant)
		return 0;
	rows = calloc(f->q->most + 1, sizeof(*rows));
	if (!rows)
		return err_set(e, ERR_MEMORY, "alarms");
	rc = desk_device_silent(f->d, NULL, rows, f->q->most + 1, &n, e);
	for (size_t i = 0; !rc && i < n && !f->full; i++)
		rc = device_row_out(f, &rows[i], e);
	free(rows);
	return rc;
}

/* --- wages (F6) --- */

#define WAGE_MONTHS 12 /* back: those before are the platform's to tell */

static void say_match(struct alarm_row *r, const struct match_rate *rate, const struct match *m)
{
	int shown = rate->more;

	if (shown >= 0)
		text_format(r->what, sizeof(r->what),
			    _("%d-%02d 发工资 %d 人，有考勤 %d 人（%d.%02d%%）；再给 %d 个有考勤的人发就够"),
			    r->month / 100, r->month % 100, m->paid, m->attended, rate->rate / 100,
			    rate->rate % 100, shown);
	else
		text_format(r->what, sizeof(r->what), _("%d-%02d 发工资 %d 人，有考勤 %d 人（%d.%02d%%）"),
			    r->month / 100, r->month % 100, m->paid, m->attended, rate->rate / 100,
			    rate->rate % 100);
}

/* The forecast, until the day on which the real figure is taken; from then on the real one alone, from what
 * has been paid (CD 3.3.4). */
static int match_row(struct folding *f, struct month month, struct err *e)
{
	int percent = limit(f, "limits.match_percent");
	bool up = strcmp(profile_text(f->d->profile, "alarm_rounding", "up"), "up") == 0;
	date_t real_on = match_day(month, limit(f, "limits.match_day"));
	struct db_wage_match m;
	struct match_rate rate;
	struct alarm_row *r;
	struct match said;

	if (db_wage_match(f->d->store, f->d->project.id, wage_month_key(month), &m, e))
		return -1;
	said = f->today >= real_on ? (struct match){m.paid, m.paid_attended}
				   : (struct match){m.planned, m.planned_attended};
	rate = match_rate(said, percent, up);
	if (rate.met)
		return 0;
	r = add(f, WATCH_MATCH, "", month_number(month), e);
	if (!r)
		return none(f);
	say_match(r, &rate, &said);
	text_copy(r->cost, sizeof(r->cost),
		  _("给有考勤的人补发，匹配率够了预警自动取消；累计或达到工期的三分之一扣信用分"));
	due(f, r, real_on);
	return 0;
}

static int matches(struct folding *f, struct err *e)
{
	struct month now = month_of(f->today), m;
	date_t since = profile_since(f->d->profile, "limits.match_percent");

	for (int back = 0; f->w && f->w->site.matched && back < WAGE_MONTHS; back++) {
		m = month_next(now, -back);
		if (since != DATE_NONE && m.first < since)
			break;
		if (match_row(f, m, e))
			return -1;
	}
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
	int people, best, percent = limit(f, "limits.duty_percent");
	char name[NAME_TEXT] = "";
	struct alarm_row *r;
	bool is_short;

	if (best_days(f, trade, name, sizeof(name), &people, &best, e))
		return -1;
	is_short = percent && rate_of(best, m.days) < percent * 100 && f->today == m.first + m.days - 1;
	if (people && best && !is_short)
		return 0;
	r = add(f, WATCH_DUTY, trade, month_number(m), e);
	if (!r)
		return none(f);
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
	due(f, r, m.first);
	return 0;
}

static int duties(struct folding *f, struct err *e)
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

/* --- teams, people
 * --------------------------------------------------------------------------------------------------- */

static int associations(struct folding *f, struct err *e)
{
	struct db_watch *rows;
	size_t n = 0;
	int rc;

	if (f->d->session.participant || !profile_flag(f->d->profile, "teams.association", false))
		return 0;
	rows = calloc(f->q->most + 1, sizeof(*rows));
	if (!rows)
		return err_set(e, ERR_MEMORY, "alarms");
	rc = db_watch_teams(f->d->store, f->d->project.id, rows, f->q->most + 1, &n, e);
	for (size_t i = 0; !rc && i < n; i++) {
		struct association_days days = desk_association_days(f->d, rows[i].on);
		struct alarm_row *r = add(f, WATCH_ASSOCIATION, rows[i].uid, 0, e);
		char credit[DATE_TEXT];

		if (!r) {
			rc = none(f);
			break;
		}
		date_format(days.credit_on, credit);
		text_copy(r->who, sizeof(r->who), rows[i].name);
		text_format(r->what, sizeof(r->what),
			    _("班组没有关联劳务单位，也没有设为本单位班组，已 %d 天"),
			    (int)(f->today - rows[i].on));
		text_format(r->cost, sizeof(r->cost), _("%s 仍没有关联扣信用分；关联成功后预警自动取消"),
			    credit);
		due(f, r, days.alarm_on);
	}
	free(rows);
	return rc;
}

static int leaves(struct folding *f, struct err *e)
{
	struct hiring_query q = {.filter = HIRING_LEAVING};
	struct hiring_page page = {.cap = PAGE};
	int rc = -1;

	page.row = calloc(PAGE, sizeof(*page.row));
	if (!page.row)
		return err_set(e, ERR_MEMORY, "alarms");
	do {
		if (desk_hiring(f->d, &q, &page, e))
			goto out;
		for (size_t i = 0; i < page.n; i++) {
			const struct hiring_row *h = &page.row[i];
			struct alarm_row *r = h->due_ms ? add(f, WATCH_LEAVE, h->uid, 0, e) : NULL;

			if (!r)
				continue;
			text_copy(r->who, sizeof(r->who), h->name);
			text_copy(r->what, sizeof(r->what), h->says);
			text_copy(r->cost, sizeof(r->cost), _("过时不答复，本人可以自行离职"));
			r->person = h->person;
			due(f, r, date_of_ms(h->due_ms));
			r->standing = h->due ? ALARM_STANDS : ALARM_COMES;
		}
		q.after = page.last;
	} while (page.more && !f->full);
	rc = 0;
out:
	wipe(page.row, PAGE * sizeof(*page.row));
	free(page.row);
	return rc;
}

static int contracts_of(struct folding *f, enum contract_filter filter, struct contract_page *page,
			struct err *e)
{
	struct contract_query q = {.filter = filter};

	do {
		if (desk_contracts(f->d, &q, page, e))
			return -1;
		for (size_t i = 0; i < page->n; i++) {
			const struct contract_row *c = &page->row[i];
			struct alarm_row *r = add(f, WATCH_CONTRACT, c->uid, 0, e);

			if (!r)
				return none(f);
			text_copy(r->who, sizeof(r->who), c->name);
			text_format(r->what, sizeof(r->what), "%s %s", c->kind_word, c->says);
			text_copy(r->cost, sizeof(r->cost), _("没有合同不能进场；在场的须续签"));
			r->person = c->person;
			due(f, r, c->ends_on + 1);
		}
		q.after_due = page->last_due;
		q.after_id = page->last_id;
	} while (page->more);
	return 0;
}

static int contracts(struct folding *f, struct err *e)
{
	struct contract_page page = {.cap = PAGE};
	int rc;

	page.row = calloc(PAGE, sizeof(*page.row));
	if (!page.row)
		return err_set(e, ERR_MEMORY, "alarms");
	rc = contracts_of(f, CONTRACTS_EXPIRED, &page, e) || contracts_of(f, CONTRACTS_EXPIRING, &page, e)
		     ? -1
		     : 0;
	free(page.row);
	return rc;
}

static int certificates(struct folding *f, struct err *e)
{
	struct certificate_row *rows = calloc(PAGE, sizeof(*rows)), last;
	bool first = true;
	size_t n = 0;
	int rc = -1;

	if (!rows)
		return err_set(e, ERR_MEMORY, "alarms");
	do {
		if (desk_certificate_due(f->d, first ? NULL : &last, rows, PAGE, &n, e))
			goto out;
		for (size_t i = 0; i < n; i++) {
			char subject[UID_TEXT];
			struct alarm_row *r;

			last = rows[i];
			first = false;
			text_format(subject, sizeof(subject), "certificate:%lld", (long long)rows[i].id);
			r = add(f, WATCH_CERTIFICATE, subject, 0, e);
			if (!r)
				break;
			text_copy(r->who, sizeof(r->who), rows[i].name);
			text_format(r->what, sizeof(r->what),
				    rows[i].standing == CERTIFICATE_LAPSED ? _("%s 已过有效期")
									   : _("%s 快到期"),
				    rows[i].kind);
			text_copy(r->cost, sizeof(r->cost), _("没有有效证书不得上岗；期满前申请延期复核"));
			r->person = rows[i].person;
			due(f, r, rows[i].valid_to + 1);
		}
	} while (n == PAGE && !f->full);
	rc = 0;
out:
	wipe(rows, PAGE * sizeof(*rows));
	free(rows);
	return rc;
}

/* D12: so many working days is usual. */
static int apps(struct folding *f, struct err *e)
{
	int64_t usual = profile_number(f->d->profile, "limits.app_registration_days", 0);
	struct db_watch rows[PAGE];
	bool sees;
	size_t n;

	if (!usual)
		return 0;
	if (db_watch_apps(f->d->store, f->d->project.id, rows, PAGE, &n, e))
		return -1;
	for (size_t i = 0; i < n; i++) {
		int days = date_working_days(rows[i].on, f->today);
		struct alarm_row *r;

		if (folk_sees(f->d, rows[i].person, &sees, e))
			return -1;
		if (!sees || days <= usual)
			continue;
		r = add(f, WATCH_APP, rows[i].uid, 0, e);
		if (!r)
			return none(f);
		text_copy(r->who, sizeof(r->who), rows[i].name);
		text_format(r->what, sizeof(r->what), _("手机登记已 %d 个工作日，一般 %d 个工作日以内"), days,
			    (int)usual);
		r->person = rows[i].person;
		due(f, r, f->today);
	}
	return 0;
}

/* L1: of those who wait for entry. On site training does not lapse. */
static int training_row(struct folding *f, const struct db_watch *w, struct err *e)
{
	date_t days = (date_t)profile_number(f->d->profile, "limits.training_days", 365), worked,
	       since = w->on;
	struct alarm_row *r;
	char subject[UID_TEXT];
	bool sees;

	if (w->on == DATE_NONE || w->on + days >= f->today)
		return 0;
	if (folk_sees(f->d, w->person, &sees, e) || dossier_worked(f->d, w->person, f->today, &worked, e))
		return -1;
	if (worked != DATE_NONE && worked > since)
		since = worked;
	if (!sees || since + days >= f->today)
		return 0;
	text_format(subject, sizeof(subject), "training:%lld", (long long)w->person);
	r = add(f, WATCH_TRAINING, subject, 0, e);
	if (!r)
		return none(f);
	text_copy(r->who, sizeof(r->who), w->name);
	text_format(r->what, sizeof(r->what), _("安全培训超过 %d 天没有上岗，进场前须重新培训"), (int)days);
	text_copy(r->cost, sizeof(r->cost), _("不能进场"));
	r->person = w->person;
	due(f, r, since + days + 1);
	return 0;
}

/* Looks through the people of one list, a page after the other. */
static int people_of(struct folding *f, enum roster_filter view,
		     int (*page)(struct store *s, int64_t project, unsigned view,
				 struct db_watch_cursor *after, struct db_watch *rows, size_t cap, size_t *n,
				 struct err *e),
		     int (*each)(struct folding *f, const struct db_watch *w, struct err *e), struct err *e)
{
	struct db_watch_cursor after = {.person = 0};
	struct db_watch *rows;
	size_t n = 0;
	int rc = 0;

	if (!f->q->people || !f->d->session.has_key)
		return 0;
	rows = calloc(PAGE, sizeof(*rows));
	if (!rows)
		return err_set(e, ERR_MEMORY, "alarms");
	do {
		rc = page(f->d->store, f->d->project.id, view, &after, rows, PAGE, &n, e);
		for (size_t i = 0; !rc && i < n; i++)
			rc = each(f, &rows[i], e);
	} while (!rc && n == PAGE);
	wipe(rows, PAGE * sizeof(*rows));
	free(rows);
	return rc;
}

static int trainings(struct folding *f, struct err *e)
{
	return people_of(f, ROSTER_TO_ENTER, db_watch_trainings, training_row, e);
}

static int card_row(struct folding *f, const struct db_watch *w, struct err *e)
{
	struct alarm_row *r;
	bool sees;

	if (w->on == DATE_NONE || w->on == DATE_LONG_TERM || w->on >= f->today)
		return 0;
	if (folk_sees(f->d, w->person, &sees, e))
		return -1;
	r = sees ? add(f, WATCH_CARD, w->uid, 0, e) : NULL;
	if (!r)
		return sees ? none(f) : 0;
	text_copy(r->who, sizeof(r->who), w->name);
	text_copy(r->what, sizeof(r->what), _("证件已过有效期：请本人换证后重新读卡"));
	r->person = w->person;
	due(f, r, w->on + 1);
	return 0;
}

static int cards(struct folding *f, struct err *e)
{
	return people_of(f, ROSTER_ON_SITE, db_watch_cards, card_row, e);
}

/* --- the clock
 * ------------------------------------------------------------------------------------------------------- */

static int clocks(struct folding *f, struct err *e)
{
	char ours[STAMP_TEXT], theirs[STAMP_TEXT];
	int64_t now = clock_now_ms(), heard;
	struct alarm_row *r;
	struct db_line line;

	if (db_line_get(f->d->store, f->d->project.id, &line, e))
		return -1;
	heard = line.confirmed_ms > line.clock_at_ms ? line.confirmed_ms : line.clock_at_ms;
	f->set->unchecked = heard && now - heard > UNCHECKED_MS;
	if (!line.clock_at_ms ||
	    (llabs(line.clock_off_ms) <= CLOCK_OFF_MS && now >= line.clock_at_ms - CLOCK_OFF_MS))
		return 0;
	r = add(f, WATCH_CLOCK, "", 0, e);
	if (!r)
		return none(f);
	stamp_format(now, ours);
	stamp_format((now < line.clock_at_ms ? line.clock_at_ms : now) + line.clock_off_ms, theirs);
	text_format(r->what, sizeof(r->what), _("本机 %.16s，平台 %.16s：这里的日期按平台算，请校准本机时钟"),
		    ours, theirs);
	due(f, r, f->today);
	return 0;
}

/* --- what is recorded
 * --------------------------------------------------------------------------------------------------- */

static bool over(enum alarm_state s)
{
	return lifecycle_final(CYCLE_ALARM, (int)s);
}

static void say_record(struct alarm_row *r, const struct db_alarm *a)
{
	char on[DATE_TEXT];

	r->record = a->id;
	r->state = a->state;
	r->standing = over(a->state) ? ALARM_OVER : ALARM_STANDS;
	if (!r->what[0]) {
		date_format(a->raised_on, on);
		text_format(r->what, sizeof(r->what), _("平台 %s 预警；%s"), on,
			    state_word(CYCLE_ALARM, (int)a->state));
	}
}

/* F7: counted from the day of the clock-in, to the exit that the platform makes by itself. */
static void say_mismatch(const struct folding *f, struct alarm_row *r, const struct db_alarm *a)
{
	int days = limit(f, "limits.mismatch_days");

	if (!days || a->state != ALARM_RAISED)
		return;
	text_format(r->what, sizeof(r->what), _("打卡的单位不是本单位：%d 天后平台自动退场"), days);
	text_copy(r->cost, sizeof(r->cost), _("已离职的办理退场；没有离职的在平台核对并更新人员信息"));
	due(f, r, a->raised_on + days);
	r->standing = r->due_on <= f->today ? ALARM_STANDS : ALARM_COMES;
}

static int record_row(struct folding *f, const struct db_alarm *a, struct err *e)
{
	struct db_person p;
	enum alarm_kind kind;
	struct alarm_row *r;
	char title[NAME_TEXT * 2];

	if (!alarm_kind_parse(a->kind, &kind))
		return 0;
	r = add(f, kind, a->subject, a->month, e);
	if (!r)
		return none(f);
	r->due_on = a->raised_on;
	alarm_title(f->d, a, title, sizeof(title));
	text_copy(r->who, sizeof(r->who), title);
	say_record(r, a);
	if (uid_valid(a->subject) && db_person_by_uid(f->d->store, a->subject, &p, NULL) == 0)
		r->person = p.id;
	if (kind == WATCH_MISMATCH)
		say_mismatch(f, r, a);
	return 0;
}

/* The platform's word takes the place of ours: what it has withdrawn or voided is over, whatever we reckon.
 */
static int join_records(struct folding *f, struct err *e)
{
	for (size_t k = 0; k < f->records; k++) {
		const struct db_alarm *a = &f->record[k];
		bool joined = false;

		for (size_t i = 0; i < f->set->n; i++) {
			struct alarm_row *r = &f->set->row[i];

			if (strcmp(alarm_kind_name(r->kind), a->kind) || r->month != a->month ||
			    strcmp(r->subject, a->subject))
				continue;
			say_record(r, a);
			joined = true;
		}
		if (!joined && (f->q->over || !over(a->state)) && record_row(f, a, e))
			return -1;
	}
	return 0;
}

static int read_records(struct folding *f, struct err *e)
{
	f->record = calloc(RECORDS, sizeof(*f->record));
	if (!f->record)
		return err_set(e, ERR_MEMORY, "alarms");
	return f->d->session.participant
		       ? 0
		       : db_alarm_list(f->d->store, f->d->project.id, 0, f->record, RECORDS, &f->records, e);
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
	int n = 0, enough = alarms_until_cost(f->w->site.months, limit(f, "limits.alarms_to_credit"),
					      limit(f, "limits.alarm_share"));
	struct alarm_row *r;

	for (size_t i = 0; i < f->set->n; i++)
		n += counts(f, &f->set->row[i], purse);
	if (!enough || n + 1 < enough || !n)
		return 0;
	r = add(f, WATCH_CREDIT, purses[purse].subject, 0, e);
	if (!r)
		return none(f);
	text_copy(r->who, sizeof(r->who), _(purses[purse].word));
	text_format(r->what, sizeof(r->what),
		    n >= enough ? _("累计预警 %d 次，%d 次起扣信用分")
				: _("累计预警 %d 次，再有一次就满 %d 次"),
		    n, enough);
	text_copy(r->cost, sizeof(r->cost), _("扣分时可在公示期内到公示网提异议"));
	due(f, r, f->today);
	r->standing = n >= enough ? ALARM_STANDS : ALARM_COMES;
	return 0;
}

static int credit(struct folding *f, struct err *e)
{
	for (size_t i = 0; f->w && i < ARRAY_LEN(purses); i++)
		if (credit_row(f, (enum purse)i, e))
			return -1;
	return 0;
}

/* --- the whole
 * ----------------------------------------------------------------------------------------------------------
 */

static int read_posts(struct folding *f, struct err *e)
{
	if (f->d->session.participant || !f->d->session.has_key)
		return 0;
	f->w = malloc(sizeof(*f->w));
	f->post = calloc(POST_SEATS, sizeof(*f->post));
	if (!f->w || !f->post)
		return err_set(e, ERR_MEMORY, "alarms");
	return post_world(f->d, f->w, e) || post_rows(f->w, f->post, POST_SEATS, &f->posts, e) ? -1 : 0;
}

static int (*const steps[])(struct folding *f, struct err *e) = {
	read_records, read_posts, rates,	vacancies, supervisors,	 matches,
	outages,      devices,	  duties,	  associations, leaves,	   contracts,	 certificates,
	trainings,    apps,	  cards,	clocks,	   join_records, credit,
};

/* What stands first, then by the day; without a day last. */
static int by_due(const void *a, const void *b)
{
	const struct alarm_row *x = a, *y = b;
	bool x_over = x->standing == ALARM_OVER, y_over = y->standing == ALARM_OVER;
	date_t x_on = x->due_on == DATE_NONE ? DATE_LONG_TERM : x->due_on,
	       y_on = y->due_on == DATE_NONE ? DATE_LONG_TERM : y->due_on;

	if (x_over != y_over)
		return x_over ? 1 : -1;
	if (x_on != y_on)
		return x_on < y_on ? -1 : 1;
	if (x->kind != y->kind)
		return (int)x->kind - (int)y->kind;
	return strcmp(x->who, y->who);
}

int desk_alarms(struct desk *d, const struct alarm_query *q, struct alarm_set *out, struct err *e)
{
	struct folding f = {.d = d, .q = q, .set = out, .kind = WATCH_KINDS};
	int rc = 0;

	*out = (struct alarm_set){.row = NULL};
	if (desk_may_in_project(d, 0, e))
		return -1;
	f.today = out->today = desk_checked_day(d);
	for (size_t i = 0; !rc && i < ARRAY_LEN(steps); i++) {
		f.full = false;
		rc = steps[i](&f, e);
	}
	if (!rc && out->n)
		qsort(out->row, out->n, sizeof(*out->row), by_due);
	free(f.w);
	free(f.post);
	free(f.record);
	return rc;
}

void desk_alarms_free(struct alarm_set *s)
{
	if (s->row)
		wipe(s->row, s->n * sizeof(*s->row));
	free(s->row);
	*s = (struct alarm_set){.row = NULL};
}

int desk_alarm_counts(struct desk *d, struct alarm_counts *out, struct err *e)
{
	const struct alarm_query q = {.most = 100};
	struct alarm_set set;
	int rc = desk_alarms(d, &q, &set, e);

	*out = (struct alarm_counts){.stand = 0};
	for (size_t i = 0; !rc && i < set.n; i++) {
		out->stand += set.row[i].standing == ALARM_STANDS;
		out->come += set.row[i].standing == ALARM_COMES;
	}
	if (!rc && set.n)
		text_format(out->first, sizeof(out->first), "%s %s", set.row[0].who, set.row[0].what);
	desk_alarms_free(&set);
	return rc;
}
