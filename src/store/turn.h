/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Private to the store: whose turn it is to write (P7).
 *
 * SQLite's write lock goes to whoever polls first, so that a busy process takes it again and again while
 * others sleep. Writers therefore queue at a turnstile, an flock() on the data directory, which the first in
 * the queue holds until it has SQLite's lock: whoever has just written cannot overtake those who wait. The
 * turnstile only orders: who does not get it in time goes on without it, so that a stopped process holds
 * nobody up, and correctness rests on SQLite's lock alone.
 */
#ifndef STORE_TURN_H
#define STORE_TURN_H

#include <stdbool.h>
#include <stdint.h>

bool turn_take(int dir_fd); /* whether it was got */
void turn_give(int dir_fd);
bool turn_awaited(int dir_fd); /* somebody queues; only for who writes and has given it back */
void turn_pause(int64_t waited_ms,
		bool first_in_queue); /* one sleep of a wait that has lasted so long, with jitter */

#endif
