/* SPDX-License-Identifier: GPL-3.0-or-later */
/* F1, F2: clockings folded to days: the night shift, breaks, devices without direction, month ends; and
 * folding a window apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "domain/attendance.h"

static const struct clock_rules rules = {.shift_hours = 16, .break_hours = 3};

/* Day of November 2026 (from 1; 0 is the last of October), hours and minutes there. */
static struct clock_mark at(int day, int hour, int minute, enum clock_way way)
{
	date_t first;

	assert_true(date_from_ymd(2026, 11, 1, &first));
	return (struct clock_mark){.at_ms = date_begin_ms(first + day - 1) + (hour * 60 + minute) * 60000LL,
				   .way = way};
}

static int day_of(const struct clock_day *d)
{
	int y, m, day;

	date_to_ymd(d->day, &y, &m, &day);
	return m == 11 ? day : day - 31;
}

static void days_are(const struct clock_mark *marks, size_t n, const int *want, size_t days)
{
	struct clock_day got[64];

	assert_int_equal(clock_fold(&rules, marks, n, got), days);
	for (size_t i = 0; i < days; i++)
		assert_int_equal(day_of(&got[i]), want[i]);
}

static void ordinary_days(void **state)
{
	struct clock_mark m[] = {at(2, 7, 0, CLOCK_IN),	  at(2, 11, 30, CLOCK_OUT), at(2, 13, 0, CLOCK_IN),
				 at(2, 18, 0, CLOCK_OUT), at(3, 6, 55, CLOCK_IN),   at(3, 18, 10, CLOCK_OUT),
				 at(5, 18, 0, CLOCK_OUT)};
	struct clock_day got[8];

	(void)state;
	days_are(m, ARRAY_LEN(m), (int[]){2, 3, 5}, 3);
	clock_fold(&rules, m, 4, got);
	assert_int_equal(got[0].n, 4);
	assert_int_equal(got[0].first_in_ms, m[0].at_ms);
	assert_int_equal(got[0].last_out_ms, m[3].at_ms);
}

/* The night shift belongs to the day it began: over midnight, over the month's end, with a meal in between.
 */
static void night_shifts(void **state)
{
	struct clock_mark meal[] = {at(2, 20, 0, CLOCK_IN), at(3, 1, 0, CLOCK_OUT), at(3, 1, 45, CLOCK_IN),
				    at(3, 6, 0, CLOCK_OUT)};
	struct clock_mark month[] = {at(0, 21, 0, CLOCK_IN), at(1, 5, 0, CLOCK_OUT), at(1, 21, 0, CLOCK_IN),
				     at(2, 5, 0, CLOCK_OUT)};
	struct clock_mark late[] = {at(4, 0, 30, CLOCK_IN), at(4, 8, 0, CLOCK_OUT)};
	struct clock_mark forgot[] = {at(2, 14, 0, CLOCK_IN), at(3, 6, 0, CLOCK_IN), at(3, 18, 0, CLOCK_OUT)};
	struct clock_mark too_long[] = {at(2, 7, 0, CLOCK_IN), at(3, 0, 30, CLOCK_OUT)};

	(void)state;
	days_are(meal, 4, (int[]){2}, 1);
	days_are(month, 4, (int[]){0, 1}, 2);
	days_are(late, 2, (int[]){4}, 1);      /* began after midnight: that day */
	days_are(forgot, 3, (int[]){2, 3}, 2); /* the morning's entry is a new day's */
	days_are(too_long, 2, (int[]){2, 3}, 2);
}

/* A device that does not tell in from out: every second one ends a shift. */
static void without_direction(void **state)
{
	struct clock_mark day[] = {at(2, 7, 0, CLOCK_UNKNOWN), at(2, 18, 0, CLOCK_UNKNOWN),
				   at(3, 7, 0, CLOCK_UNKNOWN), at(3, 18, 0, CLOCK_UNKNOWN)};
	struct clock_mark night[] = {at(2, 20, 0, CLOCK_UNKNOWN), at(3, 6, 0, CLOCK_UNKNOWN),
				     at(3, 20, 0, CLOCK_UNKNOWN), at(4, 6, 0, CLOCK_UNKNOWN)};

	(void)state;
	days_are(day, 4, (int[]){2, 3}, 2);
	days_are(night, 4, (int[]){2, 3}, 2);
}

static int by_time(const void *a, const void *b)
{
	const struct clock_mark *x = a, *y = b;

	return x->at_ms < y->at_ms ? -1 : x->at_ms > y->at_ms;
}

/* What lies on the two sides of a cut can be folded apart: the same days as all at once. */
static void cuts_change_nothing(void **state)
{
	struct clock_mark m[60];
	struct clock_day whole[60], part[60];
	unsigned seed = 20261128;
	int cuts = 0;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		size_t n = 0, from = 0;

		for (size_t i = 0; i < ARRAY_LEN(m); i++) {
			seed = seed * 1103515245u + 12345u;
			m[i] = at((int)(seed >> 16) % 12 + 1, (int)(seed >> 8) % 24, (int)(seed >> 20) % 60,
				  (enum clock_way)((seed >> 12) % 3));
		}
		qsort(m, ARRAY_LEN(m) / (1 + round % 5), sizeof(m[0]), by_time);
		size_t all = ARRAY_LEN(m) / (1 + (size_t)round % 5), days = clock_fold(&rules, m, all, whole);

		for (size_t i = 1; i <= all; i++) {
			if (i < all && !clock_cut(&rules, &m[i - 1], &m[i]))
				continue;
			cuts += i < all;
			n += clock_fold(&rules, &m[from], i - from, &part[n]);
			from = i;
		}
		assert_int_equal(n, days);
		assert_memory_equal(part, whole, n * sizeof(part[0]));
	}
	assert_true(cuts > 1000);
}

static void months(void **state)
{
	struct month m;

	(void)state;
	assert_true(month_parse("2026-11", &m) && m.days == 30);
	assert_true(month_parse("202002", &m) && m.days == 29);
	assert_false(month_parse("2026-13", &m) || month_parse("20261", &m) || month_parse("2026-1-1", &m) || month_parse("", &m));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ordinary_days),
		cmocka_unit_test(night_shifts),
		cmocka_unit_test(without_direction),
		cmocka_unit_test(cuts_change_nothing),
		cmocka_unit_test(months),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
