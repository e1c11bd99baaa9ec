/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When to try again (QUALITY R4): 5 s, 10 s, 20 s … 15 min, each lengthened by up to a half at random, never
 * before what Retry-After asks. One attempt a step, however much waits.
 */
#ifndef SYNC_BACKOFF_H
#define SYNC_BACKOFF_H

#include <stdint.h>

#define BACKOFF_FIRST_MS 5000
#define BACKOFF_MOST_MS (15 * 60 * 1000)
#define BACKOFF_RETRY_AFTER_MOST_MS                                                                          \
	(24 * 60 * 60 * 1000) /* a platform may ask for more than our longest step, not for ever */

struct backoff {
	int failures;
};
void backoff_succeeded(struct backoff *b);
/* Milliseconds to wait after one more failure. random: 0 … 2^32-1. */
int64_t backoff_failed(struct backoff *b, int64_t retry_after_ms, uint32_t random);

#endif
