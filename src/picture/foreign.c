/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "foreign.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child.h"
#include "base/dates.h"
#include "base/io.h"
#include "scratch.h"
#include "words.h"

#define SLICE_MS 100 /* how late `stop`, or an end without a closed pipe, may be seen */

/* One run, from the command to the bytes. */
struct running {
	const struct foreign *f;
	const struct foreign_kind *kind;
	struct scratch scratch;
	struct words words;
	bool wants_in, wants_out; /* as files */
	struct child child;
	struct buf said; /* its stdout: the picture, or chatter */
	bool late;
};

/* In the child. What is beyond these limits has gone wrong. */
static int before_exec(void *arg)
{
	const struct running *r = arg;
	struct confine_limits limits = r->kind->limits;

	limits.cpu_s = (unsigned)(r->f->timeout_ms / 1000) + 1;
	return fchdir(r->scratch.dir) || confine_limit(&limits);
}

static int split(struct running *r, struct place *places, struct err *e)
{
	struct err own = {ERR_NONE};

	if (words_split(r->f->command, places, &r->words, &own))
		return err_set(e, own.code == ERR_PICTURE_NO_DECODER ? r->kind->none : r->kind->command, "%s",
			       own.detail);
	return 0;
}

static int prepare(struct running *r, struct err *e)
{
	char in[300], out[300];
	struct place places[] = {
		{.name = "{in}", .value = in}, {.name = "{out}", .value = out}, {.name = NULL}};

	if (strlen(r->f->command) > WLT_COMMAND)
		return err_set(e, r->kind->command, "more than %d bytes", WLT_COMMAND);
	if (scratch_open(&r->scratch, r->f->directory, e))
		return err_set(e, r->kind->room, "%s", e ? e->detail : "");
	scratch_path(&r->scratch, r->kind->name_in, in, sizeof(in));
	scratch_path(&r->scratch, r->kind->name_out, out, sizeof(out));
	if (split(r, places, e))
		return -1;
	if (places[0].used && !r->f->in)
		return err_set(e, r->kind->command, "{in}: nothing is given to it");
	r->wants_in = places[0].used;
	r->wants_out = places[1].used;
	if (r->wants_in && scratch_write(&r->scratch, r->kind->name_in, r->f->in, r->f->in_bytes, e))
		return err_set(e, r->kind->room, "%s", e ? e->detail : "");
	return 0;
}

static int start(struct running *r, struct err *e)
{
	struct child_spec spec = {
		.argv = r->words.argv,
		.want_stdin = r->f->in && !r->wants_in,
		.want_stdout = true,
		.new_session = true,
		.before_exec = before_exec,
		.before_exec_arg = r,
	};
	int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC), last;

	if (nowhere < 0)
		return err_errno(e, "/dev/null");
	spec.stderr_fd = nowhere;
	last = child_start(&r->child, &spec, e);
	close(nowhere);
	return last ? err_set(e, r->kind->missing, "%s", e ? e->detail : "") : 0;
}

/* What is given always fits into the pipe: no waiting for a program that does not read. */
static void feed(struct running *r)
{
	if (r->child.in < 0)
		return;
	io_write_all(r->child.in, r->f->in, r->f->in_bytes,
		     NULL); /* a program that does not want it says so by what it makes */
	close(r->child.in);
	r->child.in = -1;
}

/* What it says beyond the ceiling is not kept. Negative: it has closed its stdout. */
static int hear_some(struct running *r)
{
	char more[4096];
	int got;

	if (r->said.failed)
		return io_read_some(r->child.out, more, sizeof(more)) ? 0 : -1;
	got = io_fill(r->child.out, &r->said);
	return r->said.failed ? 0 : got;
}

/* Listens until it has ended, or its time has, or nobody wants to know any more. */
static void hear(struct running *r)
{
	int64_t until = clock_steady_ms() + r->f->timeout_ms, left;
	struct pollfd p = {.fd = r->child.out, .events = POLLIN};

	while (!child_reap(&r->child) && (left = until - clock_steady_ms()) > 0) {
		int slice = left < SLICE_MS ? (int)left : SLICE_MS;

		if (r->f->stop && *r->f->stop)
			break;
		if (p.fd < 0)
			child_wait(&r->child, slice);
		else if (poll(&p, 1, slice) > 0 && hear_some(r) < 0)
			p.fd = -1;
	}
	while (hear_some(r) > 0)
		; /* what it left in the pipe */
	r->late = !child_reap(&r->child);
	child_stop(&r->child, 0); /* with all that it has started */
}

static int judge_end(const struct running *r, struct err *e)
{
	int status = r->child.status;

	if (r->late || (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU))
		return err_set(e, r->kind->slow, "after %d ms", r->f->timeout_ms);
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXFSZ)
		return err_set(e, r->kind->output, "it writes more than %zu bytes", r->kind->most_out);
	if (WIFSIGNALED(status))
		return err_set(e, r->kind->crashed, "signal %d", WTERMSIG(status));
	if (WEXITSTATUS(status))
		return err_set(e, r->kind->failed, "status %d", WEXITSTATUS(status));
	return 0;
}

static int collect(struct running *r, struct buf *picture, struct err *e)
{
	if (!r->wants_out && r->said.failed)
		return err_set(e, r->kind->output, "it writes more than %zu bytes", r->kind->most_out);
	if (!r->wants_out && r->said.len) {
		if (buf_add(picture, r->said.data, r->said.len))
			return err_set(e, ERR_MEMORY, "%zu bytes", r->said.len);
		return 0;
	}
	if (scratch_read(&r->scratch, r->kind->name_out, r->kind->most_out, picture, e))
		return err_set(e, r->kind->output, "%s", e ? e->detail : "");
	return 0;
}

static int run(struct running *r, struct buf *picture, struct err *e)
{
	if (prepare(r, e) || start(r, e))
		return -1;
	feed(r);
	hear(r);
	return judge_end(r, e) || collect(r, picture, e) ? -1 : 0;
}

int foreign_run(const struct foreign *f, struct buf *picture, struct err *e)
{
	struct running r = {.f = f, .kind = f->kind, .scratch = SCRATCH_NONE, .child = CHILD_NONE};
	int last;

	buf_init(&r.said, f->kind->most_out);
	buf_reset(picture);
	last = run(&r, picture, e);
	child_release(&r.child);
	buf_wipe_release(&r.said);
	scratch_close(&r.scratch);
	return last;
}
