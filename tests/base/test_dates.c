/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/dates.h"
#include "base/text.h"

/* Every day of the range against the C library's calendar. */
static void calendar(void **state)
{
	date_t first, last;
	int y, m, d;

	(void)state;
	assert_true(date_from_ymd(1800, 1, 1, &first));
	assert_true(date_from_ymd(9999, 12, 31, &last));
	for (date_t day = first; day <= last; day++) {
		time_t t = (time_t)day * 86400;
		struct tm tm;
		date_t back;

		date_to_ymd(day, &y, &m, &d);
		assert_non_null(gmtime_r(&t, &tm));
		if (y != tm.tm_year + 1900 || m != tm.tm_mon + 1 || d != tm.tm_mday)
			fail_msg("day %d is %d-%d-%d", day, y, m, d);
		if (!date_from_ymd(y, m, d, &back) || back != day)
			fail_msg("%d-%d-%d is not day %d", y, m, d, day);
	}
}

static void parses(void **state)
{
	static const struct {
		const char *typed, *text; /* NULL: refused */
	} cases[] = {
		{"2026-11-20", "2026-11-20"},
		{"20261120", "2026-11-20"},
		{"2026/1/2", "2026-01-02"},
		{"2026.01.2", "2026-01-02"},
		{"2024-02-29", "2024-02-29"},
		{"2000-2-29", "2000-02-29"},
		{"1800-01-01", "1800-01-01"},
		{"9999-12-31", "9999-12-31"},
		{"long-term", "long-term"},
		{"长期", "long-term"},
		{"", NULL},
		{"2026-02-29", NULL},
		{"1900-02-29", NULL},
		{"2026-13-01", NULL},
		{"2026-00-10", NULL},
		{"2026-04-31", NULL},
		{"2026-1-0", NULL},
		{"2026-11/20", NULL},
		{"202611200", NULL},
		{"2026112", NULL},
		{"26-11-20", NULL},
		{"2026-11-20 ", NULL},
		{"2026-11", NULL},
		{"2026-", NULL},
		{"1799-12-31", NULL},
		{"2026-011-20", NULL},
		{"-2026-11-20", NULL},
		{"２０２６1120", NULL},
		{"长", NULL},
	};
	char text[DATE_TEXT];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		date_t date = 4711;

		assert_int_equal(date_parse(cases[i].typed, &date), cases[i].text != NULL);
		if (cases[i].text) {
			date_format(date, text);
			assert_string_equal(text, cases[i].text);
		} else {
			assert_int_equal(date, 4711);
		}
	}
	date_format(DATE_NONE, text);
	assert_string_equal(text, "");
}

static void ages(void **state)
{
	static const struct {
		const char *born, *on;
		int years;
	} cases[] = {
		{"2010-11-20", "2026-11-19", 15}, {"2010-11-20", "2026-11-20", 16},
		{"2008-02-29", "2026-02-28", 17}, {"2008-02-29", "2026-03-01", 18},
		{"2008-02-29", "2028-02-29", 20}, {"1966-01-01", "2026-12-31", 60},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		date_t born, on;

		assert_true(date_parse(cases[i].born, &born));
		assert_true(date_parse(cases[i].on, &on));
		assert_int_equal(date_years_between(born, on), cases[i].years);
	}
}

static void stamps(void **state)
{
	static const struct {
		int64_t ms;
		const char *stamp, *day;
	} cases[] = {
		{0, "1970-01-01 08:00:00", "1970-01-01"},
		{57599999, "1970-01-01 23:59:59", "1970-01-01"},
		{57600000, "1970-01-02 00:00:00", "1970-01-02"},
		{-28800001, "1969-12-31 23:59:59", "1969-12-31"},
		{1795154400000, "2026-11-20 14:00:00", "2026-11-20"},
	};
	char stamp[STAMP_TEXT], day[DATE_TEXT];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		stamp_format(cases[i].ms, stamp);
		assert_string_equal(stamp, cases[i].stamp);
		date_format(date_of_ms(cases[i].ms), day);
		assert_string_equal(day, cases[i].day);
	}
}

static void clock_stands_in(void **state)
{
	char day[DATE_TEXT];
	int64_t machine = (int64_t)time(NULL) * 1000;

	(void)state;
	clock_fix_ms(1795154400000);
	assert_int_equal(clock_now_ms(), 1795154400000);
	date_format(date_today(), day);
	assert_string_equal(day, "2026-11-20");
	clock_fix_ms(0);
	assert_in_range(clock_now_ms() - machine, 0, 60000);
}

static void clock_from_environment(void **state)
{
	static const struct {
		const char *value;
		int64_t start; /* -1: refused, the machine's clock */
	} cases[] = {
		{"2026-11-20T14:00:00", 1795154400000},
		{"2026-11-20T06:00:00Z", 1795154400000},
		{"2001-02-03T00:00:00", 981129600000},
		{"2026-11-20", -1},
		{"2026-11-20T14:00", -1},
		{"2026-11-20T14:00:00+08", -1},
		{"2026-02-30T14:00:00", -1},
		{"2026-11-20T25:00:00", -1},
		{"rubbish", -1},
		{"", -1},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int64_t start = cases[i].start < 0 ? (int64_t)time(NULL) * 1000 : cases[i].start;

		setenv("SHIMING_CLOCK", cases[i].value, 1);
		clock_fix_ms(0);
		clock_init();
		assert_in_range(clock_now_ms() - start, 0, 60000);
	}
	unsetenv("SHIMING_CLOCK");
	clock_fix_ms(0);
}

static void steady_clock_never_goes_back(void **state)
{
	int64_t before = clock_steady_ms();

	(void)state;
	clock_fix_ms(5);
	assert_true(clock_steady_ms() >= before);
	assert_true(clock_steady_ms() - before < 60000);
	clock_fix_ms(0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calendar),
		cmocka_unit_test(parses),
		cmocka_unit_test(ages),
		cmocka_unit_test(stamps),
		cmocka_unit_test(clock_stands_in),
		cmocka_unit_test(clock_from_environment),
		cmocka_unit_test(steady_clock_never_goes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
