/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Alarms of the site as a whole: devices and their filings (F5, H4), wages against attendance (F6), teams (C7), the clock (QUALITY R10). */
#include "alarm_fold.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "desk/association.h"
#include "desk/device.h"
#include "store/line.h"
#include "store/wage.h"
#include "store/watch.h"

#define CLOCK_OFF_MS 300000 /* QUALITY R10: more than five minutes */
#define DAY_MS 86400000
#define UNCHECKED_MS DAY_MS

/* --- devices --- */

int alarm_outages(struct folding *f, struct err *e)
{
	for (size_t i = 0; f->w && i < f->w->filings; i++) {
		const struct db_filing *o = &f->w->filing[i];
		struct alarm_row *r;

		if (o->post || o->covered >= o->devices || o->to < month_next(month_of(f->today), -1).first)
			continue;
		r = alarm_add(f, WATCH_OUTAGE, o->uid, 0, e);
		if (!r)
			return alarm_none(f);
		text_format(r->what, sizeof(r->what), _("设备离线只报备了 %d/%d 台，全部报备才生效"),
			    o->covered, o->devices);
		text_copy(r->cost, sizeof(r->cost), _("离线的天数照常计考勤"));
		alarm_due(f, r, o->from);
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

	if (desk_checked_ms(f->d) < device->last_ms + DAY_MS)
		return 0;
	r = alarm_add(f, WATCH_DEVICE, device->uid, 0, e);
	if (!r)
		return alarm_none(f);
	text_copy(r->who, sizeof(r->who), device->place[0] ? device->place : device->serial);
	text_format(r->what, sizeof(r->what), _("设备 %s 已 %d 天没有联系：通知供应商修复或更换"), device->serial, (int)(f->today - last));
	if (limit > 0)
		text_format(r->cost, sizeof(r->cost), _("设备故障使考勤中止不得超过 %d 天"), (int)limit);
	alarm_due(f, r, last + 1);
	return 0;
}

int alarm_devices(struct folding *f, struct err *e)
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
	int percent = alarm_limit(f, "limits.match_percent");
	bool up = strcmp(profile_text(f->d->profile, "alarm_rounding", "up"), "up") == 0;
	date_t real_on = match_day(month, alarm_limit(f, "limits.match_day"));
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
	r = alarm_add(f, WATCH_MATCH, "", alarm_month(month), e);
	if (!r)
		return alarm_none(f);
	say_match(r, &rate, &said);
	text_copy(r->cost, sizeof(r->cost),
		  _("给有考勤的人补发，匹配率够了预警自动取消；累计或达到工期的三分之一扣信用分"));
	alarm_due(f, r, real_on);
	return 0;
}

int alarm_matches(struct folding *f, struct err *e)
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

/* --- teams, people
 * --------------------------------------------------------------------------------------------------- */

int alarm_associations(struct folding *f, struct err *e)
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
		struct alarm_row *r = alarm_add(f, WATCH_ASSOCIATION, rows[i].uid, 0, e);
		char credit[DATE_TEXT];

		if (!r) {
			rc = alarm_none(f);
			break;
		}
		date_format(days.credit_on, credit);
		text_copy(r->who, sizeof(r->who), rows[i].name);
		text_format(r->what, sizeof(r->what),
			    _("班组没有关联劳务单位，也没有设为本单位班组，已 %d 天"),
			    (int)(f->today - rows[i].on));
		text_format(r->cost, sizeof(r->cost), _("%s 仍没有关联扣信用分；关联成功后预警自动取消"),
			    credit);
		alarm_due(f, r, days.alarm_on);
	}
	free(rows);
	return rc;
}

/* --- the clock
 * ------------------------------------------------------------------------------------------------------- */

int alarm_clocks(struct folding *f, struct err *e)
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
	r = alarm_add(f, WATCH_CLOCK, "", 0, e);
	if (!r)
		return alarm_none(f);
	stamp_format(now, ours);
	stamp_format((now < line.clock_at_ms ? line.clock_at_ms : now) + line.clock_off_ms, theirs);
	text_format(r->what, sizeof(r->what), _("本机 %.16s，平台 %.16s：这里的日期按平台算，请校准本机时钟"),
		    ours, theirs);
	alarm_due(f, r, f->today);
	return 0;
}
