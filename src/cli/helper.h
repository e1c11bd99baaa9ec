/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A helper whose lines we read (DESIGN 2): started with argv and pipes, its lifeline held until it has ended. */
#ifndef CLI_HELPER_H
#define CLI_HELPER_H

#include "base/buf.h"
#include "base/child.h"

/* Each line of its stdout goes to `line`; a line that says false ends it. Returns the helper's exit status, or -1. timeout_ms: 0: none.
 * tick, where there is one, is called once a second in which it said nothing; it may end it as well. */
struct helper_run {
	const struct child_spec *spec;
	size_t line_max;
	int timeout_ms;
	bool (*line)(void *arg, const char *text, size_t n);
	bool (*tick)(void *arg);
	void *arg;
};
int helper_run(const struct helper_run *r, struct err *e);

#endif
