/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "picture/client.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/dates.h"
#include "base/helper.h"
#include "base/io.h"
#include "base/text.h"

#define PROGRAM "shiming-picture"
#define ARGS_MOST 16
#define SAID_MOST 16384	   /* of its stderr */
#define LAST_WORDS_MS 2000 /* from closing its pipes to its end */
#define CLEAN_UP_MS 1000   /* from being told to stop to its end */

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static int start(struct picture_run *r, const char *const *args, struct err *e)
{
	const char *argv[ARGS_MOST + 2] = {PROGRAM};
	struct child_spec spec = {
		.argv = argv, .want_stdin = true, .want_stdout = true, .before_exec = helper_drop_group};
	int trouble[2], last;

	for (size_t i = 0; args[i]; i++) {
		if (i == ARGS_MOST)
			return err_set(e, ERR_INTERNAL, "too many arguments");
		argv[i + 1] = args[i];
	}
	if (pipe2(trouble, O_CLOEXEC | O_NONBLOCK))
		return err_errno(e, "pipe");
	spec.stderr_fd = trouble[1];
	last = child_start(&r->child, &spec, e);
	close(trouble[1]);
	if (last)
		close(trouble[0]);
	else
		r->trouble = trouble[0];
	return last;
}

int picture_run_start(struct picture_run *r, const char *const *args, const void *data, size_t n, int ms,
		      struct err *e)
{
	struct picture_run made = {.child = CHILD_NONE, .data = data, .left = n, .trouble = -1};

	made.until = clock_steady_ms() + (ms > 0 ? ms : PICTURE_CLIENT_MS);
	if (start(&made, args, e))
		return -1;
	buf_init(&made.out, GRID_WIRE_MAX);
	buf_init(&made.said, SAID_MOST);
	*r = made;
	return 0;
}

nfds_t picture_run_fds(const struct picture_run *r, struct pollfd fds[PICTURE_RUN_FDS])
{
	struct pollfd all[PICTURE_RUN_FDS] = {
		{.fd = r->child.in, .events = POLLOUT},
		{.fd = r->child.out, .events = POLLIN},
		{.fd = r->trouble, .events = POLLIN},
	};
	nfds_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		if (all[i].fd >= 0)
			fds[n++] = all[i];
	}
	return n;
}

int picture_run_left(const struct picture_run *r)
{
	int64_t left = r->until - clock_steady_ms();

	return left > 0 ? (int)left : 0;
}

/* As much as goes in now. A helper that has refused the rest has said why. */
static void feed(struct picture_run *r)
{
	ssize_t n = 0;

	while (r->child.in >= 0 && r->left) {
		n = write(r->child.in, r->data, r->left);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break;
		r->data += n;
		r->left -= (size_t)n;
	}
	if (!r->left || (n < 0 && errno != EAGAIN))
		close_fd(&r->child.in);
}

static void hear(int *fd, struct buf *into)
{
	int got = 1;

	while (*fd >= 0 && got > 0)
		got = io_fill(*fd, into);
	if (got < 0)
		close_fd(fd);
}

bool picture_run_step(struct picture_run *r)
{
	if (r->over)
		return true;
	feed(r);
	hear(&r->child.out, &r->out);
	hear(&r->trouble, &r->said);
	if (r->child.out >= 0 || r->trouble >= 0) {
		r->late = !picture_run_left(r);
		if (!r->late)
			return false;
		child_stop(&r->child, CLEAN_UP_MS);
	} else if (!child_wait(&r->child, LAST_WORDS_MS)) {
		r->late = true;
		child_stop(&r->child, CLEAN_UP_MS);
	}
	r->over = true;
	return true;
}

/* --- what came of it --- */

static int failure(struct picture_run *r, struct err *e)
{
	int status = r->child.status;

	if (r->late)
		return err_set(e, ERR_PICTURE_SLOW, PROGRAM);
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
		return err_set(e, ERR_PICTURE_SLOW, PROGRAM ": processor time");
	if (WIFSIGNALED(status))
		return err_set(e, ERR_HELPER_DIED, PROGRAM ": signal %d", WTERMSIG(status));
	if (helper_said(&r->said, e))
		return -1;
	return err_set(e, ERR_HELPER_DIED, PROGRAM ": status %d", WEXITSTATUS(status));
}

int picture_run_result(struct picture_run *r, struct buf *out, struct err *e)
{
	if (!r->over)
		return err_set(e, ERR_INTERNAL, PROGRAM " is not done");
	if (r->late || !WIFEXITED(r->child.status) || WEXITSTATUS(r->child.status))
		return failure(r, e);
	if (!r->out.len || r->out.failed)
		return err_set(e, ERR_HELPER_DIED, PROGRAM ": %s", r->out.failed ? "too much" : "nothing");
	buf_reset(out);
	return buf_add(out, r->out.data, r->out.len) ? err_set(e, ERR_TOO_LARGE, "%zu bytes", r->out.len) : 0;
}

void picture_run_release(struct picture_run *r)
{
	if (!r->child.pid)
		return;
	child_stop(&r->child, CLEAN_UP_MS);
	child_release(&r->child);
	close_fd(&r->trouble);
	buf_wipe_release(&r->out);
	buf_wipe_release(&r->said);
	*r = (struct picture_run){.child = CHILD_NONE, .trouble = -1};
}

/* --- what is asked for --- */

static void add(struct picture_args *a, const char *option, const char *value)
{
	size_t n = 0;

	while (a->arg[n])
		n++;
	a->arg[n] = option;
	a->arg[n + 1] = value;
}

static void add_number(struct picture_args *a, const char *option, unsigned value)
{
	size_t n = 0;

	while (a->text[n][0])
		n++;
	text_format(a->text[n], sizeof(a->text[n]), "%u", value);
	add(a, option, a->text[n]);
}

void picture_args_fit(struct picture_args *a, unsigned base64_limit)
{
	*a = (struct picture_args){.arg = {"fit"}};
	if (base64_limit)
		add_number(a, "--base64-limit", base64_limit);
}

void picture_args_cells(struct picture_args *a, unsigned columns, unsigned rows, enum grid_colours colours,
			const char *symbols)
{
	*a = (struct picture_args){.arg = {"cells"}};
	add_number(a, "--columns", columns);
	add_number(a, "--rows", rows);
	add_number(a, "--ambiguous-width", (unsigned)text_ambiguous_width());
	add(a, "--colours", grid_colours_name(colours));
	if (symbols)
		add(a, "--symbols", symbols);
}

void picture_args_wlt(struct picture_args *a, const char *decoder)
{
	*a = (struct picture_args){.arg = {"wlt"}};
	add(a, "--decoder", decoder);
}

void picture_args_camera(struct picture_args *a, const char *command, unsigned seconds, unsigned base64_limit)
{
	*a = (struct picture_args){.arg = {"camera"}};
	add(a, "--command", command);
	if (seconds)
		add_number(a, "--timeout", seconds);
	if (base64_limit)
		add_number(a, "--base64-limit", base64_limit);
}

/* --- all at once --- */

static int ask(const char *const *args, const void *data, size_t n, struct buf *out, struct err *e)
{
	struct pollfd fds[PICTURE_RUN_FDS];
	struct picture_run r;
	int last;

	if (picture_run_start(&r, args, data, n, 0, e))
		return -1;
	while (!picture_run_step(&r))
		poll(fds, picture_run_fds(&r, fds), picture_run_left(&r));
	last = picture_run_result(&r, out, e);
	picture_run_release(&r);
	return last;
}

int picture_client_fit(const void *data, size_t n, unsigned base64_limit, struct buf *jpeg, struct err *e)
{
	struct picture_args a;

	picture_args_fit(&a, base64_limit);
	return ask(a.arg, data, n, jpeg, e);
}

int picture_client_cells(const void *data, size_t n, unsigned columns, unsigned rows,
			 enum grid_colours colours, struct grid *out, struct err *e)
{
	struct picture_args a;
	struct buf wire;
	int last;

	picture_args_cells(&a, columns, rows, colours, NULL);
	buf_init(&wire, GRID_WIRE_MAX);
	last = ask(a.arg, data, n, &wire, e);
	if (!last)
		last = grid_read(out, wire.data, wire.len, e);
	buf_wipe_release(&wire);
	return last;
}

int picture_client_wlt(const uint8_t wlt[PICTURE_WLT_BYTES], const char *decoder, struct buf *jpeg,
		       struct err *e)
{
	struct picture_args a;

	if (!decoder || !*decoder)
		return err_set(e, ERR_PICTURE_NO_DECODER, NULL);
	picture_args_wlt(&a, decoder);
	return ask(a.arg, wlt, PICTURE_WLT_BYTES, jpeg, e);
}

int picture_client_camera(const char *command, unsigned seconds, unsigned base64_limit, struct buf *jpeg,
			  struct err *e)
{
	struct picture_args a;

	if (!command || !*command)
		return err_set(e, ERR_CAMERA_NONE, NULL);
	picture_args_camera(&a, command, seconds, base64_limit);
	return ask(a.arg, NULL, 0, jpeg, e);
}
