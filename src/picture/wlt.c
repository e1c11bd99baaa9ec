/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "picture/wlt.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child.h"
#include "base/dates.h"
#include "base/io.h"
#include "confine.h"
#include "scratch.h"
#include "words.h"

#define NAME_IN "photo.wlt"
#define NAME_OUT "photo.bmp"
#define SLICE_MS 100 /* how late `stop`, or an end without a closed pipe, may be seen */

/* One run, from the command to the bytes. */
struct decoding {
	const struct wlt_options *o;
	const void *wlt;
	struct scratch scratch;
	struct words words;
	bool wants_in, wants_out; /* as files */
	struct child child;
	struct buf said; /* its stdout: the picture, or chatter */
	bool late;
};

/* In the child. A decoder is small; what is beyond these limits has gone wrong. */
static int before_exec(void *arg)
{
	const struct decoding *d = arg;
	struct confine_limits limits = {.memory = 512ul << 20, .file = WLT_PICTURE_MAX, .files = 64};

	limits.cpu_s = (unsigned)(d->o->timeout_ms / 1000) + 1;
	return fchdir(d->scratch.dir) || confine_limit(&limits);
}

static int prepare(struct decoding *d, struct err *e)
{
	char in[300], out[300];
	struct place places[] = {
		{.name = "{in}", .value = in}, {.name = "{out}", .value = out}, {.name = NULL}};

	if (strlen(d->o->command) > WLT_COMMAND)
		return err_set(e, ERR_PICTURE_DECODER_COMMAND, "more than %d bytes", WLT_COMMAND);
	if (scratch_open(&d->scratch, d->o->directory, e))
		return err_set(e, ERR_PICTURE_DECODER_ROOM, "%s", e ? e->detail : "");
	scratch_path(&d->scratch, NAME_IN, in, sizeof(in));
	scratch_path(&d->scratch, NAME_OUT, out, sizeof(out));
	if (words_split(d->o->command, places, &d->words, e))
		return -1;
	d->wants_in = places[0].used;
	d->wants_out = places[1].used;
	if (d->wants_in && scratch_write(&d->scratch, NAME_IN, d->wlt, WLT_BYTES, e))
		return err_set(e, ERR_PICTURE_DECODER_ROOM, "%s", e ? e->detail : "");
	return 0;
}

static int start(struct decoding *d, struct err *e)
{
	struct child_spec spec = {
		.argv = d->words.argv,
		.want_stdin = !d->wants_in,
		.want_stdout = true,
		.new_session = true,
		.before_exec = before_exec,
		.before_exec_arg = d,
	};
	int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC), last;

	if (nowhere < 0)
		return err_errno(e, "/dev/null");
	spec.stderr_fd = nowhere;
	last = child_start(&d->child, &spec, e);
	close(nowhere);
	return last ? err_set(e, ERR_PICTURE_DECODER_MISSING, "%s", e ? e->detail : "") : 0;
}

/* A thousand bytes always fit into the pipe: no waiting for a decoder that does not read. */
static void feed(struct decoding *d)
{
	if (d->child.in < 0)
		return;
	io_write_all(d->child.in, d->wlt, WLT_BYTES,
		     NULL); /* a decoder that does not want them says so by what it makes */
	close(d->child.in);
	d->child.in = -1;
}

/* What it says beyond the ceiling is not kept. Negative: it has closed its stdout. */
static int hear_some(struct decoding *d)
{
	char more[4096];
	int got;

	if (d->said.failed)
		return io_read_some(d->child.out, more, sizeof(more)) ? 0 : -1;
	got = io_fill(d->child.out, &d->said);
	return d->said.failed ? 0 : got;
}

/* Listens until the decoder has ended, or its time has, or nobody wants to know any more. */
static void hear(struct decoding *d)
{
	int64_t until = clock_steady_ms() + d->o->timeout_ms, left;
	struct pollfd p = {.fd = d->child.out, .events = POLLIN};

	while (!child_reap(&d->child) && (left = until - clock_steady_ms()) > 0) {
		int slice = left < SLICE_MS ? (int)left : SLICE_MS;

		if (d->o->stop && *d->o->stop)
			break;
		if (p.fd < 0)
			child_wait(&d->child, slice);
		else if (poll(&p, 1, slice) > 0 && hear_some(d) < 0)
			p.fd = -1;
	}
	while (hear_some(d) > 0)
		; /* what it left in the pipe */
	d->late = !child_reap(&d->child);
	child_stop(&d->child, 0); /* with all that it has started */
}

static int judge_end(const struct decoding *d, struct err *e)
{
	int status = d->child.status;

	if (d->late || (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU))
		return err_set(e, ERR_PICTURE_DECODER_SLOW, "after %d ms", d->o->timeout_ms);
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXFSZ)
		return err_set(e, ERR_PICTURE_DECODER_OUTPUT, "it writes more than %zu bytes",
			       WLT_PICTURE_MAX);
	if (WIFSIGNALED(status))
		return err_set(e, ERR_PICTURE_DECODER_CRASHED, "signal %d", WTERMSIG(status));
	if (WEXITSTATUS(status))
		return err_set(e, ERR_PICTURE_DECODER_FAILED, "status %d", WEXITSTATUS(status));
	return 0;
}

static int collect(struct decoding *d, struct buf *picture, struct err *e)
{
	if (!d->wants_out && d->said.failed)
		return err_set(e, ERR_PICTURE_DECODER_OUTPUT, "it writes more than %zu bytes",
			       WLT_PICTURE_MAX);
	if (!d->wants_out && d->said.len) {
		if (buf_add(picture, d->said.data, d->said.len))
			return err_set(e, ERR_MEMORY, "%zu bytes", d->said.len);
		return 0;
	}
	if (scratch_read(&d->scratch, NAME_OUT, WLT_PICTURE_MAX, picture, e))
		return err_set(e, ERR_PICTURE_DECODER_OUTPUT, "%s", e ? e->detail : "");
	return 0;
}

static int run(struct decoding *d, struct buf *picture, struct err *e)
{
	if (prepare(d, e) || start(d, e))
		return -1;
	feed(d);
	hear(d);
	return judge_end(d, e) || collect(d, picture, e) ? -1 : 0;
}

int wlt_decode(const void *wlt, size_t n, const struct wlt_options *options, struct buf *picture,
	       struct err *e)
{
	struct wlt_options o = *options;
	struct decoding d = {.o = &o, .wlt = wlt, .scratch = SCRATCH_NONE, .child = CHILD_NONE};
	int last;

	if (n != WLT_BYTES)
		return err_set(e, ERR_PICTURE_PORTRAIT, "%zu bytes", n);
	o.timeout_ms = o.timeout_ms ? o.timeout_ms : WLT_TIMEOUT_MS;
	buf_init(&d.said, WLT_PICTURE_MAX);
	buf_reset(picture);
	last = run(&d, picture, e);
	child_release(&d.child);
	buf_wipe_release(&d.said);
	scratch_close(&d.scratch);
	return last;
}
