/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/text.h"
#include "sync/backoff.h"

static void backoff__grows_to_a_quarter_of_an_hour(void **state)
{
	static const int64_t steps[] = {5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900};

	(void)state;
	for (uint32_t random = 0;; random = UINT32_MAX) {
		struct backoff b = {0};

		for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
			int64_t wait = backoff_failed(&b, 0, random), step = steps[i] * 1000;

			assert_in_range(wait, step * 3 / 2 > BACKOFF_MOST_MS ? BACKOFF_MOST_MS / 2 : step, step * 3 / 2);
			assert_true(wait >= BACKOFF_FIRST_MS && wait <= BACKOFF_MOST_MS);
		}
		if (random)
			break;
	}
}

static void backoff__success_begins_anew(void **state)
{
	struct backoff b = {0};

	(void)state;
	for (int i = 0; i < 100; i++)
		backoff_failed(&b, 0, 0);
	backoff_succeeded(&b);
	assert_int_equal(backoff_failed(&b, 0, 0), BACKOFF_FIRST_MS);
}

static void backoff__retry_after_is_obeyed(void **state)
{
	struct backoff b = {0};

	(void)state;
	assert_int_equal(backoff_failed(&b, 120000, 0), 120000);
	assert_true(backoff_failed(&b, 120000, UINT32_MAX) <= 132000);
	assert_true(backoff_failed(&b, 1000, 0) >= 20000); /* sooner than our step is not sooner */
	assert_int_equal(backoff_failed(&b, INT64_MAX, 0), BACKOFF_RETRY_AFTER_MOST_MS);
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* R4: 500 clients that failed at one instant and go on failing do not come back together: in the eighth step
 * no second has more than three times its share. (What comes back
 * after an outage is counted in test_counts.) */
static void backoff__spreads(void **state)
{
	enum { CLIENTS = 500 };
	static int64_t at[CLIENTS];
	uint64_t x = 88172645463325252u;
	int most = 0;

	(void)state;
	for (int i = 0; i < CLIENTS; i++) {
		struct backoff b = {0};

		for (int k = 0; k < 8; k++) {
			x ^= x << 13;
			x ^= x >> 7;
			x ^= x << 17;
			at[i] += backoff_failed(&b, 0, (uint32_t)(x >> 32));
		}
	}
	qsort(at, CLIENTS, sizeof(*at), by_size);
	for (int i = 0, from = 0; i < CLIENTS; i++) {
		while (at[i] - at[from] > 10000)
			from++;
		most = i - from + 1 > most ? i - from + 1 : most;
	}
	assert_true((at[CLIENTS - 1] - at[0]) > 200000);
	assert_true(most <= 3 * CLIENTS * 10000 / (at[CLIENTS - 1] - at[0]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(backoff__grows_to_a_quarter_of_an_hour),
		cmocka_unit_test(backoff__success_begins_anew),
		cmocka_unit_test(backoff__retry_after_is_obeyed),
		cmocka_unit_test(backoff__spreads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
