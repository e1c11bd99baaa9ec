/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The month sheet (F2): the roster's own pages, each row with its month's days, which are kept
 * (store/attendance.h). */
#include <string.h>

#include "attendance.h"
#include "base/i18n.h"
#include "base/text.h"
#include "folk.h"
#include "roster.h"

#define PAGE 32

/* --- days on which the project stood still
 * ------------------------------------------------------------------- */

static int stand_still(struct desk *d, struct month m, date_t *since, uint32_t *days, struct err *e)
{
	struct db_fact rows[16];
	int64_t after = 0;
	size_t n;

	do {
		if (db_fact_of_subject(d->store, cycle_name(CYCLE_PROJECT), d->project.id, after, rows,
				       ARRAY_LEN(rows), &n, e))
			return -1;
		for (size_t i = 0; i < n; i++) {
			enum event event;

			after = rows[i].id;
			if (rows[i].superseded_by || rows[i].reversed_by || rows[i].reverses ||
			    !event_parse(rows[i].event, &event))
				continue;
			if (*since != DATE_NONE &&
			    event != EVENT_STOP) { /* the day of resuming is worked again */
				*days |= month_span(m, *since, rows[i].on - 1);
				*since = DATE_NONE;
			}
			if (event == EVENT_STOP)
				*since = rows[i].on;
		}
	} while (n == ARRAY_LEN(rows));
	return 0;
}

int desk_stopped_days(struct desk *d, struct month month, uint32_t *days, struct err *e)
{
	date_t since = DATE_NONE;

	*days = 0;
	if (desk_may_in_project(d, 0, e) || stand_still(d, month, &since, days, e))
		return -1;
	if (since != DATE_NONE)
		*days |= month_span(month, since, DATE_NONE);
	return 0;
}

/* --- rows
 * ------------------------------------------------------------------------------------------------------ */

static bool fits(const struct sheet_query *q, const struct db_member *m, const struct sheet_row *r)
{
	return (r->there || r->days) && (!q->trade[0] || !strcmp(q->trade, m->trade));
}

static void reckon(struct sheet_row *r, struct month m, uint32_t stopped)
{
	r->counted = m.days - days_in(stopped);
	r->attended = days_in(r->days);
	r->rate = r->counted > 0 ? rate_of(days_in(r->days & ~stopped), r->counted) : -1;
}

static int sheet_row(struct desk *d, const struct sheet_query *q, const struct roster_row *from,
		     struct sheet_row *r, bool *wanted, uint32_t stopped, struct err *e)
{
	struct db_member m;
	int64_t last;

	if (db_member_get(d->store, d->project.id, from->person, &m, e))
		return -1;
	*r = (struct sheet_row){.person = from->person, .entered_on = m.entered_on, .exited_on = m.exited_on};
	if (m.entered_on != DATE_NONE)
		r->there = month_span(q->month, m.entered_on, m.exited_on);
	if (db_attendance_month(d->store, d->project.id, from->person, q->month, &r->days, &last, e))
		return -1;
	*wanted = fits(q, &m, r);
	if (!*wanted)
		return 0;
	text_copy(r->name, sizeof(r->name), from->name);
	text_copy(r->tail, sizeof(r->tail), from->tail);
	text_copy(r->team, sizeof(r->team), from->team);
	text_copy(r->company, sizeof(r->company), from->company);
	text_copy(r->trade, sizeof(r->trade), from->trade);
	text_copy(r->trade_code, sizeof(r->trade_code), m.trade);
	r->team_id = m.team;
	r->participant_id = m.participant;
	reckon(r, q->month, stopped);
	return 0;
}

int desk_month_sheet(struct desk *d, const struct sheet_query *q, struct sheet_page *page, struct err *e)
{
	struct roster_row rows[PAGE];
	struct roster_query ask = {
		.filter = ROSTER_ALL, .team = q->team, .participant = q->participant, .after = q->after};
	struct roster_page got = {.row = rows, .more = true};
	uint32_t stopped;
	bool wanted;

	page->n = 0;
	text_copy(ask.text, sizeof(ask.text), q->text);
	if (desk_stopped_days(d, q->month, &stopped, e))
		return -1;
	while (page->n < page->cap && got.more) {
		got.cap = page->cap - page->n < PAGE ? page->cap - page->n : PAGE;
		if (desk_roster(d, &ask, &got, e))
			return -1;
		for (size_t i = 0; i < got.n; i++) {
			if (sheet_row(d, q, &rows[i], &page->row[page->n], &wanted, stopped, e))
				return -1;
			page->n += wanted;
		}
		ask.after = got.last;
		got.more = got.more && got.n;
	}
	page->last = ask.after;
	page->more = got.more;
	return 0;
}

/* --- presence
 * -------------------------------------------------------------------------------------------------- */

int desk_presence_words(struct desk *d, int64_t person, char *out, size_t size, struct err *e)
{
	struct db_attendance a;
	char stamp[STAMP_TEXT];
	struct folk f;
	bool found;
	int64_t days;

	out[0] = '\0';
	if (desk_may_in_project(d, 0, e) || folk_open(d, person, &f, e))
		return -1;
	if (strcmp(profile_text(d->profile, "presence", ""), "attendance") ||
	    f.assignment.state != ASSIGNMENT_ON_SITE)
		return 0;
	if (db_attendance_last(d->store, d->project.id, f.person.id, INT64_MAX, &a, &found, e))
		return -1;
	if (!found) {
		text_copy(out, size, _("进场以后还没有考勤"));
		return 0;
	}
	stamp_format(a.at_ms, stamp);
	days = date_today() - date_of_ms(a.at_ms);
	if (days > 0)
		text_format(out, size, _("最近考勤 %.16s，%lld 天前"), stamp, (long long)days);
	else
		text_format(out, size, _("最近考勤 %.16s，今天"), stamp);
	return 0;
}
