/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which backups stay: made every hour for two years, the newest hours, days, weeks and months of them do, never more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "domain/keeping.h"

#define HOUR 3600000LL
#define NOW 1795154400000LL /* 2026-11-20 14:00 in +08:00 */

static size_t kept(const bool *keep, size_t n)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += keep[i];
	return count;
}

/* One after another, what is not kept is gone: as the program does it. */
static void made_hourly_for_two_years(void **state)
{
	int64_t at[KEEPING_MOST + 2], made = NOW;
	bool keep[KEEPING_MOST + 2];
	size_t n = 0;

	(void)state;
	for (int hour = 0; hour < 2 * 365 * 24; hour++, made += HOUR) {
		size_t left = 0;

		memmove(at + 1, at, n * sizeof(at[0]));
		at[0] = made;
		keeping_choose(at, ++n, keep);
		assert_true(keep[0]);
		for (size_t i = 0; i < n; i++)
			if (keep[i])
				at[left++] = at[i];
		n = left;
		assert_true(n <= KEEPING_MOST);
	}
	made -= HOUR;
	for (int i = 0; i < 24; i++) /* each of the last 24 hours */
		assert_int_equal(at[i], made - i * HOUR);
	assert_true(at[n - 1] <= made - 300LL * 24 * HOUR); /* the oldest is most of a year old */
	assert_true(n >= 24 + 12 + 6 + 9); /* days, weeks and months beyond the hours share few */
}

static void what_there_is_counts(void **state)
{
	int64_t at[] = {NOW, NOW - 900 * 24 * HOUR, NOW - 901 * 24 * HOUR, NOW - 2000 * 24 * HOUR};
	bool keep[4];

	(void)state;
	keeping_choose(at, 4, keep);
	assert_int_equal(kept(keep, 4), 4); /* nothing is thrown away for its age */
}

static void of_one_hour_the_newest(void **state)
{
	int64_t at[] = {NOW + HOUR - 1, NOW + 2, NOW + 1, NOW};
	bool keep[4];

	(void)state;
	keeping_choose(at, 4, keep);
	assert_true(keep[0]);
	assert_int_equal(kept(keep, 4), 1);
	at[0] = NOW + HOUR; /* another hour */
	keeping_choose(at, 4, keep);
	assert_true(keep[0] && keep[1] && !keep[2] && !keep[3]);
	keeping_choose(at, 0, keep);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(made_hourly_for_two_years),
		cmocka_unit_test(what_there_is_counts),
		cmocka_unit_test(of_one_hour_the_newest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
