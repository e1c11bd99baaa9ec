/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rates of posts and of wages: the documents' own figures (CD 3.2.6, 3.3.4; JM-5 2.11.1), months' ends, leap
 * years, posts that change hands, absence over a month's end; and a slow, obvious reckoning, day by day, that
 * must agree with the quick one.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "domain/post_rate.h"

static date_t day(const char *text)
{
	date_t d;

	assert_true(date_parse(text, &d));
	return d;
}

static struct post_month month_at(const char *start, int grace, const char *today)
{
	struct month m = month_of(day(today));

	return (struct post_month){.month = m,
				   .counts_from = post_counts_from(day(start), grace),
				   .today = day(today),
				   .held = true,
				   .percent = 80,
				   .round_up = true};
}

/* --- the documents' examples
 * -------------------------------------------------------------------------------- */

/* Filed 18 May: no rate up to and with 2 June; 28 days; 23 needed, for 22 are 78.6 % (the document prints 9).
 */
static void chengdu_may(void **state)
{
	struct post_month m = month_at("2026-05-18", 15, "2026-06-30");
	struct post_rate r;

	(void)state;
	assert_int_equal(m.counts_from, day("2026-06-03"));
	m.clocked = month_span(m.month, day("2026-06-01"), day("2026-06-24"));
	r = post_month_rate(&m);
	assert_int_equal(r.counting, 28);
	assert_int_equal(r.needed, 23);
	assert_int_equal(r.present, 22);
	assert_false(r.met);
	assert_int_equal(rate_of(22, 28), 7857);
	m.clocked = month_span(m.month, day("2026-06-01"), day("2026-06-25"));
	assert_true(post_month_rate(&m).met);
	assert_int_equal(post_month_rate(&(struct post_month){.month = month_of(day("2026-05-31")),
							      .counts_from = m.counts_from,
							      .today = day("2026-05-31"),
							      .percent = 80})
				 .counting,
			 0);
}

/* Filed 25 February 2020, a leap year: grace to 11 March, 20 days, 16 needed (the document ends the grace on
 * the 14th and rounds 13.6 down). */
static void chengdu_february(void **state)
{
	struct post_month m = month_at("2020-02-25", 15, "2020-03-20");

	(void)state;
	assert_int_equal(m.counts_from, day("2020-03-12"));
	assert_int_equal(post_month_rate(&m).counting, 20);
	assert_int_equal(post_month_rate(&m).needed, 16);
	assert_int_equal(share_needed(17, 80, false), 13);
	assert_int_equal(share_needed(17, 80, true), 14);
	m = month_at("2021-02-25", 15, "2021-03-20"); /* not a leap year */
	assert_int_equal(m.counts_from, day("2021-03-13"));
	assert_int_equal(post_month_rate(&m).counting, 19);
}

/* The month after: 80 % of the calendar month; 28 of 31 days are 90.32 % (JM-5 2.11.1). */
static void whole_months(void **state)
{
	struct post_month m = month_at("2026-05-18", 15, "2026-07-31");

	(void)state;
	assert_int_equal(post_month_rate(&m).counting, 31);
	assert_int_equal(post_month_rate(&m).needed, 25);
	assert_int_equal(rate_of(28, 31), 9032);
	m = month_at("2023-05-18", 15, "2024-02-29");
	assert_int_equal(post_month_rate(&m).counting, 29);
	m = month_at("2023-05-18", 15, "2023-12-31");
	assert_int_equal(month_next(m.month, 1).first, day("2024-01-01"));
	assert_int_equal(month_next(month_of(day("2024-01-31")), -1).days, 31);
	assert_int_equal(month_next(month_of(day("2024-01-31")), 1).days, 29);
}

/* --- forecast
 * ------------------------------------------------------------------------------------------------- */

static void forecast(void **state)
{
	struct post_month m = month_at("2026-01-01", 15, "2026-06-16");
	struct post_rate r;

	(void)state;
	m.clocked = month_span(m.month, day("2026-06-01"), day("2026-06-10"));
	r = post_month_rate(&m);
	assert_int_equal(r.needed, 24);
	assert_int_equal(r.missing, 14);
	assert_int_equal(r.left, 15);
	assert_false(r.lost);
	assert_int_equal(r.last_start, day("2026-06-17"));
	assert_int_equal(r.so_far, rate_of(10, 15));
	assert_int_equal(r.expected, rate_of(20, 30));
	m.held = false; /* nobody will clock in */
	assert_int_equal(post_month_rate(&m).expected, rate_of(10, 30));
	m.today = day("2026-06-17");
	assert_false(post_month_rate(&m).lost);
	m.today = day("2026-06-18");
	assert_true(post_month_rate(&m).lost);
	assert_int_equal(post_month_rate(&m).last_start, DATE_NONE);
}

/* Today's own clock-in is no day that is left. */
static void today_clocked(void **state)
{
	struct post_month m = month_at("2026-01-01", 15, "2026-06-30");

	(void)state;
	m.clocked = month_span(m.month, day("2026-06-08"), day("2026-06-30"));
	assert_int_equal(post_month_rate(&m).left, 0);
	assert_true(post_month_rate(&m).lost);
	m.clocked |= month_day(m.month, day("2026-06-02"));
	assert_true(post_month_rate(&m).met);
}

/* A day filed as absent is in neither number, clocked or not; one that lies over the month's end counts for
 * each month its part. */
static void filed_absent(void **state)
{
	struct post_month m = month_at("2026-01-01", 15, "2026-06-30");
	date_t from = day("2026-06-28"), to = day("2026-07-02");

	(void)state;
	m.excused = month_span(m.month, from, to);
	m.clocked = month_span(m.month, day("2026-06-07"), day("2026-06-30"));
	assert_int_equal(post_month_rate(&m).counting, 27);
	assert_int_equal(post_month_rate(&m).present, 21);
	assert_int_equal(post_month_rate(&m).needed, 22);
	m.month = month_next(m.month, 1);
	m.today = day("2026-07-31");
	m.excused = month_span(m.month, from, to);
	assert_int_equal(post_month_rate(&m).counting, 29);
	m.excused = month_span(m.month, m.month.first, DATE_NONE); /* stood still all month */
	assert_true(post_month_rate(&m).met);
	assert_int_equal(post_month_rate(&m).counting, 0);
}

static uint32_t days_of(int64_t person, struct month m, void *arg)
{
	(void)arg;
	return person == 1 ? month_span(m, day("2026-06-01"), day("2026-06-12"))
			   : month_span(m, day("2026-06-10"), day("2026-06-25"));
}

/* The post changes hands: what somebody clocks before or after holding it does not count; the vacant days
 * between do, as days without. */
static void changes_hands(void **state)
{
	const struct tenure held[] = {{1, day("2026-05-01"), day("2026-06-10")},
				      {2, day("2026-06-15"), DATE_NONE}};
	struct month june = month_of(day("2026-06-01"));
	uint32_t got = post_clocked(june, held, ARRAY_LEN(held), days_of, NULL);

	(void)state;
	assert_int_equal(got, month_span(june, day("2026-06-01"), day("2026-06-10")) |
				      month_span(june, day("2026-06-15"), day("2026-06-25")));
	assert_int_equal(post_clocked(june, held, 1, days_of, NULL),
			 month_span(june, day("2026-06-01"), day("2026-06-10")));
	assert_int_equal(post_clocked(month_next(june, 1), held, 1, days_of, NULL), 0);
}

/* --- the slow reckoning
 * ----------------------------------------------------------------------------------------- */

#define SPAN 140
struct world {
	date_t zero, start, today;
	int grace, percent;
	bool up, held, clocked[SPAN], excused[SPAN];
};

static struct post_rate slowly(const struct world *w, struct month m)
{
	struct post_rate r = {.last_start = DATE_NONE};
	int past = 0;

	for (date_t d = m.first; d < m.first + m.days; d++) {
		bool counts = w->start != DATE_NONE && d > w->start + w->grace && !w->excused[d - w->zero];

		r.counting += counts;
		r.present += counts && w->clocked[d - w->zero];
		r.left += counts && d >= w->today && !w->clocked[d - w->zero];
		past += counts && (d < w->today || w->clocked[d - w->zero]);
	}
	while (w->up ? r.needed * 100 < r.counting * w->percent
		     : (r.needed + 1) * 100 <= r.counting * w->percent)
		r.needed++;
	r.met = r.present >= r.needed;
	for (r.missing = 0; r.present + r.missing < r.needed;)
		r.missing++;
	r.lost = r.missing > r.left;
	r.so_far = past ? r.present * 10000 / past : 0;
	r.expected = r.counting ? (r.present + (w->held && past ? r.left * r.present / past : 0)) * 10000 /
					  r.counting
				: 0;
	for (date_t d = m.first; !r.met && !r.lost && d < m.first + m.days; d++) {
		int after = 0;

		for (date_t x = d; x < m.first + m.days; x++)
			after += x >= w->today && w->start != DATE_NONE && x > w->start + w->grace &&
				 !w->excused[x - w->zero] && !w->clocked[x - w->zero];
		if (after >= r.missing)
			r.last_start = d;
	}
	return r;
}

static void draw_world(struct world *w)
{
	int gone = rand() % SPAN;

	w->zero = day("2023-12-01") + rand() % 800;
	w->zero = month_of(w->zero).first;
	w->start = rand() % 10 ? w->zero + rand() % 60 - 20 : DATE_NONE;
	w->today = w->zero + gone;
	w->grace = rand() % 20;
	w->percent = rand() % 5 ? 80 : 1 + rand() % 100;
	w->up = rand() % 2;
	w->held = rand() % 4 > 0;
	for (int i = 0; i < SPAN; i++) {
		w->excused[i] = rand() % 8 == 0;
		w->clocked[i] = i <= gone && rand() % 10 < 7;
	}
}

static uint32_t bits(const struct world *w, struct month m, const bool *of)
{
	uint32_t out = 0;

	for (int i = 0; i < m.days; i++)
		if (m.first + i - w->zero < SPAN && of[m.first + i - w->zero])
			out |= UINT32_C(1) << i;
	return out;
}

static void quick_is_slow(void **state)
{
	struct world w;

	(void)state;
	srand(20260618);
	for (int round = 0; round < 20000; round++) {
		struct month m;
		struct post_rate quick, slow;

		draw_world(&w);
		m = month_next(month_of(w.zero), rand() % 4);
		quick = post_month_rate(
			&(struct post_month){.month = m,
					     .counts_from = post_counts_from(w.start, w.grace),
					     .today = w.today,
					     .clocked = bits(&w, m, w.clocked),
					     .excused = bits(&w, m, w.excused),
					     .held = w.held,
					     .percent = w.percent,
					     .round_up = w.up});
		slow = slowly(&w, m);
		assert_int_equal(quick.counting, slow.counting);
		assert_int_equal(quick.needed, slow.needed);
		assert_int_equal(quick.present, slow.present);
		assert_int_equal(quick.missing, slow.missing);
		assert_int_equal(quick.left, slow.left);
		assert_int_equal(quick.so_far, slow.so_far);
		assert_int_equal(quick.expected, slow.expected);
		assert_int_equal(quick.met, slow.met);
		assert_int_equal(quick.lost, slow.lost);
		assert_int_equal(quick.last_start, slow.last_start);
	}
}

/* --- the chief supervisor
 * ------------------------------------------------------------------------------------------ */

static uint32_t world_clocked(struct month m, void *arg)
{
	return bits(arg, m, ((struct world *)arg)->clocked);
}

static uint32_t world_excused(struct month m, void *arg)
{
	return bits(arg, m, ((struct world *)arg)->excused);
}

struct alarms {
	date_t on[64];
	size_t n;
};

static void note_alarm(date_t on, void *arg)
{
	struct alarms *a = arg;

	assert_true(a->n < ARRAY_LEN(a->on));
	a->on[a->n++] = on;
}

static struct absence_now absent(struct world *w, struct alarms *a)
{
	a->n = 0;
	return absence_alarms(&(struct absence){.counts_from = post_counts_from(w->start, w->grace),
						.today = w->today,
						.limit = 5,
						.clocked = world_clocked,
						.excused = world_excused,
						.arg = w},
			      note_alarm, a);
}

static struct world june(void)
{
	struct world w = {.zero = day("2026-06-01"), .start = day("2026-05-10"), .grace = 15};

	w.clocked[9] = true; /* the tenth */
	return w;
}

/* Five days are full when the fifth is over, not while it lasts. */
static void five_days(void **state)
{
	struct world w = june();
	struct alarms a;
	struct absence_now now;

	(void)state;
	w.start = day("2026-06-09") - 15;
	w.today = day("2026-06-15");
	now = absent(&w, &a);
	assert_int_equal(a.n, 0);
	assert_int_equal(now.days, 4);
	assert_int_equal(now.alarm_on, day("2026-06-15"));
	assert_false(now.raised);
	w.today = day("2026-06-16");
	now = absent(&w, &a);
	assert_int_equal(a.n, 1);
	assert_int_equal(a.on[0], day("2026-06-15"));
	assert_true(now.raised);
	w.clocked[14] = true; /* clocked in on the fifth day */
	now = absent(&w, &a);
	assert_int_equal(a.n, 0);
	assert_int_equal(now.alarm_on, day("2026-06-20"));
	w.clocked[15] = true; /* today */
	assert_int_equal(absent(&w, &a).alarm_on, day("2026-06-21"));
}

/* A filed day is skipped; the row goes over the month's end; an absence that goes on is charged once a month,
 * with days of its own. */
static void rows_of_days(void **state)
{
	struct world w = june();
	struct alarms a;

	(void)state;
	w.start = day("2026-06-09") - 15;
	w.excused[11] = w.excused[12] = true;
	w.today = day("2026-06-17");
	assert_int_equal(absent(&w, &a).days, 4);
	assert_int_equal(a.n, 0);
	w.today = day("2026-06-18");
	absent(&w, &a);
	assert_int_equal(a.on[0], day("2026-06-17"));
	w.today = day("2026-08-04");
	absent(&w, &a);
	assert_int_equal(a.n, 2);
	assert_int_equal(a.on[1], day("2026-07-05"));
	for (int i = 0; i < 28; i++) /* to 28 June */
		w.clocked[i] = true;
	w.today = day("2026-07-04");
	absent(&w, &a);
	assert_int_equal(a.n, 1);
	assert_int_equal(a.on[0], day("2026-07-03"));
}

static void none_before_the_grace(void **state)
{
	struct world w = {.zero = day("2026-06-01"),
			  .start = day("2026-06-05"),
			  .grace = 15,
			  .today = day("2026-06-25")};
	struct alarms a;
	struct absence_now now = absent(&w, &a);

	(void)state;
	assert_int_equal(a.n, 0);
	assert_int_equal(now.days, 4);
	assert_int_equal(now.alarm_on, day("2026-06-25"));
	w.today = day("2026-06-10");
	assert_int_equal(absent(&w, &a).alarm_on, day("2026-06-25"));
	w.start = DATE_NONE;
	assert_int_equal(absent(&w, &a).alarm_on, DATE_NONE);
}

/* Slow: for every month, the first day at which five counting days without a clock-in end that no earlier
 * alarm has used. */
static void rows_slowly(const struct world *w, struct alarms *out)
{
	date_t used = DATE_NONE, month = DATE_NONE;

	out->n = 0;
	for (date_t d = w->zero; d < w->today; d++) {
		int empty = 0;

		if (month_of(d).first == month)
			continue;
		for (date_t x = d; x >= w->zero && empty < 5; x--) {
			if (w->start == DATE_NONE || x <= w->start + w->grace || x < used)
				break;
			if (w->excused[x - w->zero])
				continue;
			if (w->clocked[x - w->zero])
				break;
			empty++;
		}
		if (empty == 5 && !w->excused[d - w->zero]) {
			month = month_of(d).first;
			used = month_next(month_of(d), 1).first;
			note_alarm(d, out);
		}
	}
}

static void rows_quick_is_slow(void **state)
{
	struct world w;
	struct alarms quick, slow;
	size_t seen = 0;

	(void)state;
	srand(19);
	for (int round = 0; round < 5000; round++) {
		draw_world(&w);
		if (w.start != DATE_NONE && w.start < w.zero)
			w.start = w.zero;
		for (int i = 0; i < SPAN; i++)
			w.clocked[i] = w.clocked[i] && rand() % 3;
		absent(&w, &quick);
		rows_slowly(&w, &slow);
		assert_int_equal(quick.n, slow.n);
		for (size_t i = 0; i < slow.n; i++)
			assert_int_equal(quick.on[i], slow.on[i]);
		seen += slow.n;
	}
	assert_true(seen > 1000);
}

/* --- cost, wages
 * ------------------------------------------------------------------------------------------------------ */

static void what_alarms_cost(void **state)
{
	(void)state;
	assert_int_equal(contract_months(day("2026-01-01"), day("2026-12-31")), 12);
	assert_int_equal(contract_months(day("2026-01-15"), day("2026-02-14")), 1);
	assert_int_equal(contract_months(day("2026-01-15"), day("2026-02-15")), 2);
	assert_int_equal(contract_months(day("2026-01-15"), day("2026-01-20")), 1);
	assert_int_equal(contract_months(day("2026-01-15"), DATE_NONE), 0);
	assert_int_equal(alarms_until_cost(24, 3, 3), 3);
	assert_int_equal(alarms_until_cost(6, 3, 3), 2);
	assert_int_equal(alarms_until_cost(4, 3, 3), 2);
	assert_int_equal(alarms_until_cost(0, 3, 3), 3);
	assert_int_equal(alarms_until_cost(12, 0, 0), 0);
	assert_true(alarms_cost(2, 6, 3, 3));
	assert_false(alarms_cost(2, 7, 3, 3));
	assert_true(alarms_cost(3, 24, 3, 3));
	assert_false(alarms_cost(30, 24, 0, 0));
}

static void wages(void **state)
{
	struct match_rate r = match_rate((struct match){.paid = 100, .attended = 79}, 80, true);

	(void)state;
	assert_false(r.met);
	assert_int_equal(r.rate, 7900);
	assert_int_equal(r.more, 5); /* 84 of 105 */
	assert_true(match_rate((struct match){100, 80}, 80, true).met);
	assert_true(match_rate((struct match){0, 0}, 80, true).met);
	assert_int_equal(match_rate((struct match){10, 9}, 100, true).more, -1);
	for (int percent = 1; percent < 100; percent += 7)
		for (int paid = 1; paid < 40; paid++)
			for (int attended = 0; attended <= paid; attended++)
				for (int up = 0; up < 2; up++) {
					int more = 0;

					while (attended + more < share_needed(paid + more, percent, up))
						more++;
					assert_int_equal(
						match_rate((struct match){paid, attended}, percent, up).more,
						more);
				}
	assert_int_equal(match_day(month_of(day("2026-12-05")), 11), day("2027-01-11"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(chengdu_may),
		cmocka_unit_test(chengdu_february),
		cmocka_unit_test(whole_months),
		cmocka_unit_test(forecast),
		cmocka_unit_test(today_clocked),
		cmocka_unit_test(filed_absent),
		cmocka_unit_test(changes_hands),
		cmocka_unit_test(quick_is_slow),
		cmocka_unit_test(five_days),
		cmocka_unit_test(rows_of_days),
		cmocka_unit_test(none_before_the_grace),
		cmocka_unit_test(rows_quick_is_slow),
		cmocka_unit_test(what_alarms_cost),
		cmocka_unit_test(wages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
