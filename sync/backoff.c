/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/backoff.h"

void backoff_succeeded(struct backoff *b)
{
	b->failures = 0;
}

static int64_t step_of(int failures)
{
	int64_t step = BACKOFF_FIRST_MS;

	while (failures-- > 0 && step < BACKOFF_MOST_MS)
		step *= 2;
	return step < BACKOFF_MOST_MS ? step : BACKOFF_MOST_MS;
}

int64_t backoff_failed(struct backoff *b, int64_t retry_after_ms, uint32_t random)
{
	int64_t step = step_of(b->failures), wait = step + (step / 2) * random / UINT32_MAX;

	if (b->failures < 30)
		b->failures++;
	if (wait > BACKOFF_MOST_MS)
		wait = BACKOFF_MOST_MS -
		       (step / 2) * random /
			       UINT32_MAX; /* the cap must not gather everybody at one instant */
	if (retry_after_ms > BACKOFF_RETRY_AFTER_MOST_MS)
		retry_after_ms = BACKOFF_RETRY_AFTER_MOST_MS;
	if (retry_after_ms > 0 && wait < retry_after_ms)
		wait = retry_after_ms + (retry_after_ms / 10) * random / UINT32_MAX;
	return wait;
}
