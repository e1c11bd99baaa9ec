/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/runner_link.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/child.h"
#include "base/io.h"
#include "base/log.h"
#include "base/text.h"
#include "desk/connection.h"

#define KEY_FD 3
#define COME_UP_MS 150 /* how long opening waits for a runner it has started; later the reading finds it */
#define FIRST_WAIT_MS 1000 /* between starts of a runner that does not stay: doubled up to … */
#define LONGEST_WAIT_MS 60000
#define PATH_BYTES 4096
#define LINE_BYTES 32

struct helper_kind {
	const char *program, *socket;
	int (*configured)(struct desk *d, struct err *e);
};

struct runner_link {
	struct desk *desk;
	const struct helper_kind *kind;
	int fd, dir_fd; /* -1: none */
	struct buf in;
	int64_t start_again_ms; /* steady clock: no runner is started before */
	int64_t wait_ms;
	int64_t owes_now; /* the project for which "now" was asked while there was no runner; 0: nothing is owed */
	int64_t said_now; /* … for which it was said, and no word has come since: where the line ends it is owed again */
};

/* --- connecting --- */

static void disconnect(struct runner_link *l)
{
	if (l->fd >= 0)
		close(l->fd);
	l->fd = -1;
	buf_reset(&l->in);
	if (l->said_now)
		l->owes_now = l->said_now;
	l->said_now = 0;
}

/* "now 3", "nudge 3": the runner serves every project of the file, and is told which one is meant. */
static void say(struct runner_link *l, const char *word, int64_t project)
{
	char line[LINE_BYTES];
	ssize_t n, done;

	text_format(line, sizeof(line), "%s %lld\n", word, (long long)project);
	n = (ssize_t)strlen(line);
	done = send(l->fd, line, (size_t)n, MSG_NOSIGNAL);
	if (done == n && !strcmp(word, "now")) {
		l->said_now = project;
		l->owes_now = 0;
	} else if (done != n && (done >= 0 || errno != EAGAIN)) {
		disconnect(l);
	}
}

/* By way of the open directory: sun_path is short, a data directory's path may be long. Never waits. */
static bool connect_now(struct runner_link *l)
{
	struct sockaddr_un to = {.sun_family = AF_UNIX};

	l->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (l->fd >= 0 &&
	    text_format(to.sun_path, sizeof(to.sun_path), "/proc/self/fd/%d/%s", l->dir_fd, l->kind->socket) &&
	    !connect(l->fd, (struct sockaddr *)&to, sizeof(to))) {
		if (l->owes_now)
			say(l, "now", l->owes_now);
		return true;
	}
	disconnect(l);
	return false;
}

/* --- starting --- */

/* Only async-signal-safe calls from here to exec: the session may have threads. */
static void become_runner(int key_fd, const char *const *argv)
{
	int null = open("/dev/null", O_RDWR);
	sigset_t none;

	setsid();
	if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0 ||
	    dup2(null, STDERR_FILENO) < 0)
		_exit(126);
	if (key_fd == KEY_FD ? fcntl(KEY_FD, F_SETFD, 0) < 0 : dup2(key_fd, KEY_FD) < 0)
		_exit(126);
	close_range(KEY_FD + 1, ~0U, 0);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execv(argv[0], (char *const *)(uintptr_t)argv);
	_exit(127);
}

/* Forked twice: the runner is nobody's child here, so it neither dies with this session nor has to be waited
 * for. */
static int fork_runner(int key_fd, const char *const *argv, struct err *e)
{
	pid_t pid = fork();

	if (pid < 0)
		return err_errno(e, "fork");
	if (!pid) {
		pid = fork();
		if (!pid)
			become_runner(key_fd, argv);
		_exit(pid < 0);
	}
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	return 0;
}

/* The key goes into the pipe whole before the runner exists: 32 bytes always fit. */
static int start_with_key(const char *const *argv, const unsigned char key[DESK_KEY_BYTES], struct err *e)
{
	int ends[2], last;

	if (pipe2(ends, O_CLOEXEC))
		return err_errno(e, "pipe");
	last = io_write_all(ends[1], key, DESK_KEY_BYTES, e);
	close(ends[1]);
	if (!last)
		last = fork_runner(ends[0], argv, e);
	close(ends[0]);
	return last;
}

static int start_runner(struct runner_link *l, struct err *e)
{
	unsigned char key[DESK_KEY_BYTES];
	char program[PATH_BYTES];
	const char *argv[] = {program, "--data", desk_dir(l->desk), "--key-fd", "3", "--attended", NULL};
	int last;

	if (child_helper_path(l->kind->program, program, sizeof(program), e) || desk_export_key(l->desk, key, e))
		return -1;
	last = start_with_key(argv, key, e);
	wipe(key, sizeof(key));
	return last;
}

/* Another session may have started one at the same moment: the lock lets one live, and we connect to that
 * one. */
static int connect_or_start(struct runner_link *l, struct err *e)
{
	int64_t now = clock_steady_ms();

	if (connect_now(l) || now < l->start_again_ms)
		return 0;
	l->start_again_ms = now + l->wait_ms;
	l->wait_ms = l->wait_ms * 2 < LONGEST_WAIT_MS ? l->wait_ms * 2 : LONGEST_WAIT_MS;
	if (!desk_session(l->desk)->has_key)
		return 0; /* this session cannot start one; another may */
	return start_runner(l, e);
}

/* --- the link --- */

static int configured(struct desk *d, struct err *e)
{
	bool any;

	if (desk_any_line(d, &any, e))
		return -1;
	return any ? 0 : err_set(e, ERR_NET_NOT_CONFIGURED, "no project has a platform.url");
}

static void wait_to_come_up(struct runner_link *l)
{
	int64_t until = clock_steady_ms() + COME_UP_MS;

	while (l->fd < 0 && clock_steady_ms() < until && !connect_now(l))
		poll(NULL, 0, 10);
}

static int open_link(const struct helper_kind *kind, struct runner_link **out, struct desk *d, struct err *e)
{
	struct runner_link *l;

	if (kind->configured(d, e))
		return -1;
	l = calloc(1, sizeof(*l));
	if (!l)
		return err_set(e, ERR_MEMORY, "runner link");
	*l = (struct runner_link){.desk = d, .kind = kind, .fd = -1, .wait_ms = FIRST_WAIT_MS};
	buf_init(&l->in, 4096);
	l->dir_fd = open(desk_dir(d), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (l->dir_fd < 0) {
		err_errno(e, desk_dir(d));
		goto failed;
	}
	if (connect_or_start(l, e))
		goto failed;
	wait_to_come_up(l);
	*out = l;
	return 0;
failed:
	runner_link_close(l);
	return -1;
}

int runner_link_open(struct runner_link **out, struct desk *d, struct err *e)
{
	static const struct helper_kind runner = {"shiming-sync", DESK_SOCKET, configured};

	return open_link(&runner, out, d, e);
}

static int gateway_configured(struct desk *d, struct err *e)
{
	char at[64];

	if (desk_setting_get(d, "gateway.listen", at, sizeof(at), e))
		return -1;
	return at[0] ? 0 : err_set(e, ERR_GATEWAY_OFF, NULL);
}

int gateway_link_open(struct runner_link **out, struct desk *d, struct err *e)
{
	static const struct helper_kind gateway = {"shiming-gateway", DESK_GATEWAY_SOCKET, gateway_configured};

	return open_link(&gateway, out, d, e);
}

void runner_link_close(struct runner_link *l)
{
	if (!l)
		return;
	disconnect(l);
	buf_release(&l->in);
	if (l->dir_fd >= 0)
		close(l->dir_fd);
	free(l);
}

int runner_link_fd(const struct runner_link *l)
{
	return l->fd;
}

static bool take_lines(struct runner_link *l)
{
	bool changed = false;
	struct buf line;

	buf_init(&line, 64);
	while (io_take_line(&l->in, &line))
		changed |= line.failed || (line.data && !strcmp(line.data, "changed")); /* one that there is no memory for may be it */
	buf_release(&line);
	return changed;
}

bool runner_link_read(struct runner_link *l)
{
	struct err e = {0};
	bool changed;
	int got = 0;

	if (l->fd < 0) {
		if (connect_or_start(l, &e))
			log_write(LOG_DBG, "runner: %s: %s", err_name(e.code), e.detail);
		return l->fd >= 0; /* a runner there is again: its line state is worth a look */
	}
	while ((got = io_fill(l->fd, &l->in)) > 0)
		;
	changed = take_lines(l);
	if (changed) {
		l->wait_ms = FIRST_WAIT_MS; /* this one does its work */
		l->said_now = 0;
	}
	if (got < 0)
		disconnect(l);
	return changed || got < 0;
}

void runner_link_nudge(struct runner_link *l, bool now)
{
	int64_t project = desk_project(l->desk) ? desk_project(l->desk)->id : 0;

	if (!project)
		return;
	if (now)
		l->owes_now = project;
	if (l->fd < 0 && (connect_or_start(l, NULL) || l->fd < 0))
		return; /* a runner that comes up makes a pass by itself, and is told what is owed */
	if (!now || l->owes_now)
		say(l, now ? "now" : "nudge", project);
}

void runner_link_stop(struct runner_link *l)
{
	if (l->fd >= 0 && desk_project(l->desk))
		say(l, "stop", desk_project(l->desk)->id);
}
