/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "turn.h"

#include <errno.h>
#include <sys/file.h>
#include <time.h>

#include "base/dates.h"
#include "base/uid.h"

#define PATIENCE_MS 200

static void sleep_us(unsigned us)
{
	struct timespec t = {.tv_sec = us / 1000000, .tv_nsec = (long)(us % 1000000) * 1000};

	nanosleep(&t, NULL);
}

static unsigned between(unsigned least, unsigned most)
{
	uint32_t r;

	random_bytes(&r, sizeof(r));
	return least + r % (most - least + 1);
}

/* The first in the queue looks often, since nobody else does; after a while it must be a long piece of work,
 * and looking often helps nothing. */
void turn_pause(int64_t waited_ms, bool first_in_queue)
{
	if (waited_ms > 100)
		sleep_us(between(1000, 4000));
	else if (first_in_queue)
		sleep_us(between(30, 120));
	else
		sleep_us(between(300, 900));
}

/* The longer one waits, the oftener one looks: that makes it nearly first come, first served. */
bool turn_take(int dir_fd)
{
	int64_t start = 0, waited = 0;

	while (flock(dir_fd, LOCK_EX | LOCK_NB)) {
		if (!start)
			start = clock_steady_ms();
		waited = clock_steady_ms() - start;
		if (waited > PATIENCE_MS)
			return false;
		sleep_us(waited > 20 ? between(40, 160) : between(200, 600));
	}
	return true;
}

void turn_give(int dir_fd)
{
	flock(dir_fd, LOCK_UN);
}

/* Whoever waits for our transaction to end holds the turnstile. */
bool turn_awaited(int dir_fd)
{
	if (flock(dir_fd, LOCK_EX | LOCK_NB))
		return errno == EWOULDBLOCK;
	turn_give(dir_fd);
	return false;
}
