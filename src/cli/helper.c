/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "helper.h"

#include <errno.h>
#include <poll.h>
#include <sys/wait.h>

#include "base/dates.h"
#include "base/io.h"

#define GRACE_MS 2000
#define TICK_MS 1000

static bool hand_over(const struct helper_run *r, struct buf *in, struct buf *line)
{
	while (io_take_line(in, line))
		if (!r->line(r->arg, line->data ? line->data : "", line->len))
			return false;
	return true;
}

/* Its stdout has ended: so will it, with a status worth having. */
static void wait_for_end(struct child *c)
{
	int64_t until = clock_steady_ms() + GRACE_MS;

	while (!child_reap(c) && clock_steady_ms() < until)
		poll(NULL, 0, 2);
}

/* Until its stdout ends or somebody has had enough. */
static int read_lines(const struct helper_run *r, struct child *c, struct err *e)
{
	int64_t until = clock_steady_ms() + r->timeout_ms;
	struct buf in, line;
	int ret = 0;

	buf_init(&in, 2 * r->line_max);
	buf_init(&line, r->line_max);
	for (;;) {
		struct pollfd p = {.fd = c->out, .events = POLLIN};
		int64_t left = r->timeout_ms ? until - clock_steady_ms() : -1;
		bool ticking = r->tick && (left < 0 || left > TICK_MS);
		int got;

		if (r->timeout_ms && left <= 0) {
			ret = err_set(e, ERR_HELPER_DIED, "no answer in time");
			break;
		}
		if (poll(&p, 1, ticking ? TICK_MS : (int)left) < 0 && errno != EINTR) {
			ret = err_errno(e, "poll");
			break;
		}
		if (!p.revents && ticking && !r->tick(r->arg))
			break;
		if (!p.revents)
			continue;
		got = io_fill(c->out, &in);
		if (!hand_over(r, &in, &line))
			break;
		if (got < 0) {
			wait_for_end(c);
			break;
		}
	}
	buf_wipe_release(&in);
	buf_wipe_release(&line);
	return ret;
}

int helper_run(const struct helper_run *r, struct err *e)
{
	struct child c = CHILD_NONE;
	int ret;

	if (child_start(&c, r->spec, e))
		return -1;
	ret = read_lines(r, &c, e);
	child_stop(&c, GRACE_MS);
	if (ret == 0)
		ret = WIFEXITED(c.status) ? WEXITSTATUS(c.status) : 0;
	child_release(&c);
	return ret;
}
