/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/keeping.h"

#include "base/text.h"

#define HOUR_MS 3600000LL
#define DAY_MS (24 * HOUR_MS)
#define ZONE_MS (8 * HOUR_MS)

static const struct {
	int64_t ms;
	int count;
} spans[] = {
	{HOUR_MS, 24},
	{DAY_MS, 14},
	{7 * DAY_MS, 8},
	{30 * DAY_MS, 12},
};

static int64_t slot_of(int64_t ms, int64_t span)
{
	int64_t local = ms + ZONE_MS;

	return local / span - (local % span < 0);
}

static void keep_newest_of_each(const int64_t *made_ms, size_t n, int64_t span, int count, bool *keep)
{
	int64_t last = 0;

	for (size_t i = 0; i < n && count > 0; i++) {
		int64_t slot = slot_of(made_ms[i], span);

		if (i && slot == last)
			continue;
		keep[i] = true;
		last = slot;
		count--;
	}
}

void keeping_choose(const int64_t *made_ms, size_t n, bool *keep)
{
	for (size_t i = 0; i < n; i++)
		keep[i] = false;
	for (size_t i = 0; i < ARRAY_LEN(spans); i++)
		keep_newest_of_each(made_ms, n, spans[i].ms, spans[i].count, keep);
}
