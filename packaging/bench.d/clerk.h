/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Another clerk who writes every 20 ms while something long goes on, in a process of his own, and how long he waits (P7). */
#ifndef BENCH_CLERK_H
#define BENCH_CLERK_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

#include "desk/desk.h"

#define CLERK_WAITS 60000

/* Shared with him. */
struct waits {
	volatile sig_atomic_t stop;
	size_t n;
	double ms[CLERK_WAITS];
};
struct waits *clerk_waits(void); /* NULL: no memory */

/* Logged in; checkpoint: as the command line does, the screens leave that to the runner. NULL: *e. */
struct desk *clerk_begin(const char *dir, bool checkpoint, struct err *e);
/* Returns when he has written once. -1: *e. */
pid_t clerk_start(const char *dir, struct waits *w, struct err *e);
int clerk_stop(pid_t clerk, struct waits *w, struct err *e);

#endif
