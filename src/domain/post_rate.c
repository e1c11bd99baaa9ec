/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/post_rate.h"

/* --- months --------------------------------------------------------------------------------------------- */

static struct month month_from(int year, int month)
{
	struct month m;
	date_t next;

	(void)date_from_ymd(year, month, 1, &m.first);
	(void)date_from_ymd(month == 12 ? year + 1 : year, month == 12 ? 1 : month + 1, 1, &next);
	m.days = (int)(next - m.first);
	return m;
}

struct month month_of(date_t any)
{
	int year, month, day;

	date_to_ymd(any, &year, &month, &day);
	return month_from(year, month);
}

struct month month_next(struct month m, int by)
{
	int year, month, day, count;

	date_to_ymd(m.first, &year, &month, &day);
	count = year * 12 + month - 1 + by;
	return month_from(count / 12, count % 12 + 1);
}

uint32_t month_span(struct month m, date_t from, date_t to)
{
	date_t last = m.first + m.days - 1;
	int low, high;

	if (from == DATE_NONE || from > last || (to != DATE_NONE && (to < m.first || to < from)))
		return 0;
	low = from > m.first ? (int)(from - m.first) : 0;
	high = to != DATE_NONE && to < last ? (int)(to - m.first) : m.days - 1;
	return (uint32_t)(((UINT64_C(1) << (high + 1)) - 1) & ~((UINT64_C(1) << low) - 1));
}

uint32_t month_day(struct month m, date_t on)
{
	return month_span(m, on, on);
}

int days_in(uint32_t days)
{
	int n = 0;

	for (; days; days &= days - 1)
		n++;
	return n;
}

/* --- shares --------------------------------------------------------------------------------------------- */

int share_needed(int of, int percent, bool round_up)
{
	return (of * percent + (round_up ? 99 : 0)) / 100;
}

int rate_of(int part, int of)
{
	return of > 0 ? (int)((int64_t)part * 10000 / of) : 0;
}

/* --- a post's month ---------------------------------------------------------------------------------------
 */

date_t post_counts_from(date_t start, int grace_days)
{
	return start == DATE_NONE ? DATE_NONE : start + grace_days + 1;
}

/* The day on which, were every day left clocked from then on, just enough would be left. */
static date_t last_start(struct month m, uint32_t left, int missing)
{
	for (int i = m.days - 1; i >= 0; i--)
		if ((left >> i & 1) && --missing == 0)
			return m.first + i;
	return DATE_NONE;
}

struct post_rate post_month_rate(const struct post_month *m)
{
	uint32_t counting = month_span(m->month, m->counts_from, DATE_NONE) & ~m->excused;
	uint32_t clocked = m->clocked & counting;
	uint32_t left = month_span(m->month, m->today, DATE_NONE) & counting & ~clocked;
	uint32_t gone = counting & ~left;
	struct post_rate r = {.counting = days_in(counting),
			      .present = days_in(clocked),
			      .left = days_in(left),
			      .last_start = DATE_NONE};
	int past = days_in(gone);

	r.needed = share_needed(r.counting, m->percent, m->round_up);
	r.met = r.present >= r.needed;
	r.missing = r.met ? 0 : r.needed - r.present;
	r.lost = r.missing > r.left;
	r.so_far = rate_of(r.present, past);
	r.expected = rate_of(r.present + (m->held && past ? (int)((int64_t)r.left * r.present / past) : 0),
			     r.counting);
	if (!r.met && !r.lost)
		r.last_start = last_start(m->month, left, r.missing);
	return r;
}

uint32_t post_clocked(struct month m, const struct tenure *held, size_t n,
		      uint32_t (*days)(int64_t person, struct month m, void *arg), void *arg)
{
	uint32_t out = 0;

	for (size_t i = 0; i < n; i++) {
		uint32_t span = month_span(m, held[i].from, held[i].to);

		if (span)
			out |= span & days(held[i].person, m, arg);
	}
	return out;
}

/* --- days in a row ----------------------------------------------------------------------------------------
 */

struct row_of_days {
	const struct absence *a;
	int days;
	bool raised; /* in the month looked at */
	date_t on;   /* … on this day */
	uint32_t clocked, excused;
};

/* One day that is over. */
static void day_over(struct row_of_days *r, struct month m, int i, void (*each)(date_t on, void *arg),
		     void *arg)
{
	if (r->excused >> i & 1)
		return;
	r->days = r->clocked >> i & 1 ? 0 : r->days + 1;
	if (r->raised || r->days < r->a->limit)
		return;
	r->raised = true;
	r->on = m.first + i;
	if (each)
		each(r->on, arg);
}

static void enter_month(struct row_of_days *r, struct month m)
{
	if (r->raised)
		r->days = 0;
	r->raised = false;
	r->clocked = r->a->clocked(m, r->a->arg);
	r->excused = r->a->excused(m, r->a->arg);
}

/* When the row is full if nobody clocks in: within this month, today with it. */
static date_t row_full(const struct row_of_days *r, struct month m)
{
	int more = r->a->limit - r->days, from = (int)(r->a->today - m.first);

	if (r->a->counts_from > r->a->today)
		from = (int)(r->a->counts_from - m.first);
	if (from < m.days && r->a->today >= m.first && month_day(m, r->a->today) & r->clocked) {
		more = r->a->limit;
		from++;
	}
	for (int i = from; i < m.days; i++)
		if (!(r->excused >> i & 1) && --more == 0)
			return m.first + i;
	return DATE_NONE;
}

struct absence_now absence_alarms(const struct absence *a, void (*each)(date_t on, void *arg), void *arg)
{
	struct absence_now now = {.alarm_on = DATE_NONE};
	struct row_of_days r = {.a = a};
	struct month m, last;

	if (!a->limit || a->counts_from == DATE_NONE)
		return now;
	last = month_of(a->today);
	for (m = month_of(a->counts_from < a->today ? a->counts_from : a->today); m.first <= last.first;
	     m = month_next(m, 1)) {
		enter_month(&r, m);
		for (int i = 0; i < m.days && m.first + i < a->today; i++)
			if (m.first + i >= a->counts_from)
				day_over(&r, m, i, each, arg);
	}
	now.days = r.days;
	now.raised = r.raised;
	now.alarm_on = r.raised ? r.on : row_full(&r, last);
	return now;
}

/* --- what alarms cost -------------------------------------------------------------------------------------
 */

int contract_months(date_t from, date_t to)
{
	int y1, m1, d1, y2, m2, d2, months;

	if (from == DATE_NONE || to == DATE_NONE || to == DATE_LONG_TERM || to < from)
		return 0;
	date_to_ymd(from, &y1, &m1, &d1);
	date_to_ymd(to, &y2, &m2, &d2);
	months = (y2 - y1) * 12 + m2 - m1 + (d2 >= d1 ? 1 : 0);
	return months > 0 ? months : 1;
}

int alarms_until_cost(int months, int most, int share)
{
	int third = share && months ? (months + share - 1) / share : 0;

	return most && third ? (third < most ? third : most) : most ? most : third;
}

bool alarms_cost(int alarms, int months, int most, int share)
{
	int enough = alarms_until_cost(months, most, share);

	return enough && alarms >= enough;
}

/* --- wages ------------------------------------------------------------------------------------------------
 */

struct match_rate match_rate(struct match m, int percent, bool round_up)
{
	struct match_rate r = {.rate = rate_of(m.attended, m.paid),
			       .needed = share_needed(m.paid, percent, round_up)};
	int short_by;

	r.met = m.attended >= r.needed;
	if (r.met)
		return r;
	short_by = percent * m.paid - 100 * m.attended;
	r.more = percent >= 100 ? -1 : (short_by + 99 - percent) / (100 - percent);
	/* Rounded down, fewer may be enough. */
	while (r.more > 0 && m.attended + r.more - 1 >= share_needed(m.paid + r.more - 1, percent, round_up))
		r.more--;
	return r;
}

date_t match_day(struct month wages, int day)
{
	return month_next(wages, 1).first + day - 1;
}
