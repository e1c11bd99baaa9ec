/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "clerk.h"

#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"
#include "desk/people.h"

struct waits *clerk_waits(void)
{
	void *w = mmap(NULL, sizeof(struct waits), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return w == MAP_FAILED ? NULL : w;
}

struct desk *clerk_begin(const char *dir, bool checkpoint, struct err *e)
{
	struct desk *d = NULL;

	if (desk_open(&d, &(struct desk_options){ .dir = dir, .checkpoint = checkpoint }, e) != 0 || desk_login(d, BENCH_ACCOUNT, BENCH_PASSWORD, e) != 0) {
		desk_close(d);
		return NULL;
	}
	return d;
}

static int write_on(const char *dir, struct waits *w)
{
	const struct timespec between = { .tv_nsec = 20000000 };
	struct err e = { 0 };
	struct desk *d = clerk_begin(dir, false, &e);
	struct record r;
	int rc = d ? 0 : 1;

	record_init(&r);
	while (!rc && !w->stop && w->n < CLERK_WAITS) {
		double start = bench_ms();

		record_set(&r, F_NAME, w->n % 2 ? "甲" : "乙", ORIGIN_TYPED);
		rc = desk_draft_save(d, "bench", 0, &r, &e);
		w->ms[w->n++] = bench_ms() - start;
		nanosleep(&between, NULL);
	}
	record_release(&r);
	desk_close(d);
	return rc;
}

pid_t clerk_start(const char *dir, struct waits *w, struct err *e)
{
	pid_t clerk = fork();
	int status;

	if (clerk < 0)
		return err_errno(e, "fork");
	if (!clerk)
		_exit(write_on(dir, w));
	while (!w->n) {
		if (waitpid(clerk, &status, WNOHANG) != 0)
			return err_set(e, ERR_INTERNAL, "the other clerk failed");
		nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
	}
	return clerk;
}

int clerk_stop(pid_t clerk, struct waits *w, struct err *e)
{
	int status = 0;

	w->stop = 1;
	waitpid(clerk, &status, 0);
	return status ? err_set(e, ERR_INTERNAL, "the other clerk failed") : 0;
}
