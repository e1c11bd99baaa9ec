/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/child.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/close_range.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/dates.h"
#include "base/io.h"
#include "base/text.h"

extern char **environ;

#define PASS_MAX ARRAY_LEN(((struct child_spec *)0)->pass_fd)
#define CANNOT_EXEC 127

enum stage { STAGE_SETUP, STAGE_REFUSED, STAGE_EXEC };

/* What the child tells the parent when it does not come to run its program. */
struct trouble {
	int stage, number;
};

/* Everything the child needs, made ready before fork(): after it only async-signal-safe calls are allowed. */
struct launch {
	const struct child_spec *spec;
	char path[PATH_MAX];
	char **env;
	int in[2], out[2], told[2]; /* pipes: its stdin, its stdout, trouble */
	pid_t parent;
	sigset_t mask;
};

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void close_pipe(int fd[2])
{
	close_fd(&fd[0]);
	close_fd(&fd[1]);
}

int child_helper_path(const char *name, char *out, size_t size, struct err *e)
{
	char own[PATH_MAX] = "", path[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", own, sizeof(own) - 1);
	char *slash = n > 0 ? strrchr(own, '/') : NULL;
	/* secure_getenv: a set-group-id program must not start what its user names */
	const char *folders[] = {secure_getenv("SHIMING_LIBEXEC"), own, SHIMING_LIBEXEC_DIR};

	if (slash)
		*slash = '\0';
	for (size_t i = 0; i < ARRAY_LEN(folders); i++) {
		if (!folders[i] || !*folders[i] ||
		    !text_format(path, sizeof(path), "%s/%s", folders[i], name))
			continue;
		if (!access(path, X_OK) && text_copy(out, size, path))
			return 0;
	}
	return err_set(e, ERR_HELPER_MISSING, "%s", name);
}

static bool same_variable(const char *a, const char *b)
{
	size_t n = strcspn(a, "=");

	return !strncmp(a, b, n) && b[n] == '=';
}

static size_t count(char *const *list)
{
	size_t n = 0;

	while (list && list[n])
		n++;
	return n;
}

/* The inherited environment with what spec->env replaces or adds. The strings are not copied. */
static char **make_env(const struct child_spec *spec)
{
	char *const *add = (char *const *)spec->env;
	size_t n = 0, added = count(add);
	char **env = calloc(count(environ) + added + 1, sizeof(*env));

	if (!env)
		return NULL;
	for (char **old = environ; old && *old; old++) {
		size_t i = 0;

		while (i < added && !same_variable(add[i], *old))
			i++;
		if (i == added)
			env[n++] = *old;
	}
	for (size_t i = 0; i < added; i++)
		env[n++] = add[i];
	return env;
}

/* --- in the child --- */

static void give_up(int fd, enum stage stage, int number)
{
	struct trouble t = {.stage = stage, .number = number};

	if (write(fd, &t, sizeof(t)) != sizeof(t))
		_exit(CANNOT_EXEC - 1);
	_exit(CANNOT_EXEC);
}

static void die_with_parent(const struct launch *l)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != l->parent)
		_exit(CANNOT_EXEC); /* it died before we asked to be told */
}

/* No descriptor of the parent's survives exec. Older kernels and some sandboxes have no close_range(). */
static void hide_descriptors(void)
{
	struct rlimit most = {.rlim_cur = 1024};

	if (!syscall(SYS_close_range, 3u, ~0u, CLOSE_RANGE_CLOEXEC))
		return;
	getrlimit(RLIMIT_NOFILE, &most);
	for (rlim_t fd = 3; fd < most.rlim_cur && fd < INT_MAX; fd++)
		fcntl((int)fd, F_SETFD, FD_CLOEXEC);
}

/* Moves a descriptor out of the way of all targets. */
static int lift(int fd, int told)
{
	int high = fcntl(fd, F_DUPFD_CLOEXEC, 64);

	if (high < 0)
		give_up(told, STAGE_SETUP, errno);
	return high;
}

static void put(int fd, int target, int told)
{
	if (dup2(fd, target) < 0)
		give_up(told, STAGE_SETUP, errno);
}

static int open_null(int told)
{
	int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		give_up(told, STAGE_SETUP, errno);
	return fd;
}

static int stderr_or_null(int told)
{
	return fcntl(STDERR_FILENO, F_GETFD) < 0 ? open_null(told) : STDERR_FILENO;
}

/* Returns where trouble is to be told from now on. */
static int place_descriptors(struct launch *l)
{
	const struct child_spec *spec = l->spec;
	int told = lift(l->told[1], l->told[1]), passed[PASS_MAX];
	int in = lift(spec->want_stdin ? l->in[0] : open_null(told), told);
	int err = lift(spec->stderr_fd > 0 ? spec->stderr_fd : stderr_or_null(told), told);
	int out = lift(spec->want_stdout ? l->out[1] : stderr_or_null(told), told);
	size_t n;

	for (n = 0; n < PASS_MAX && spec->pass_fd[n] > 0; n++)
		passed[n] = lift(spec->pass_fd[n], told);
	hide_descriptors();
	put(in, STDIN_FILENO, told);
	put(out, STDOUT_FILENO, told);
	put(err, STDERR_FILENO, told);
	for (size_t i = 0; i < n; i++)
		put(passed[i], spec->pass_to[i], told);
	return told;
}

static void reset_signals(void)
{
	struct sigaction usual = {.sa_handler = SIG_DFL};
	sigset_t none;

	for (int i = 1; i < NSIG; i++)
		sigaction(i, &usual, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

static void become(struct launch *l) __attribute__((noreturn));
static void become(struct launch *l)
{
	const struct child_spec *spec = l->spec;
	int told;

	die_with_parent(l);
	reset_signals();
	if (spec->new_session)
		setsid();
	told = place_descriptors(l);
	if (spec->before_exec && spec->before_exec(spec->before_exec_arg))
		give_up(told, STAGE_REFUSED, errno);
	die_with_parent(l); /* again: a change of user or group has undone it */
	execve(l->path, (char *const *)spec->argv, l->env);
	give_up(told, STAGE_EXEC, errno);
	_exit(CANNOT_EXEC);
}

/* --- in the parent --- */

static int make_pipes(struct launch *l, struct err *e)
{
	if (l->spec->want_stdin && pipe2(l->in, O_CLOEXEC))
		return err_errno(e, "pipe");
	if (l->spec->want_stdout && pipe2(l->out, O_CLOEXEC))
		return err_errno(e, "pipe");
	if (pipe2(l->told, O_CLOEXEC))
		return err_errno(e, "pipe");
	return 0;
}

static int prepare(struct launch *l, struct err *e)
{
	const char *program = l->spec->argv[0];

	if (!strchr(program, '/')) {
		if (child_helper_path(program, l->path, sizeof(l->path), e))
			return -1;
	} else if (!text_copy(l->path, sizeof(l->path), program)) {
		return err_set(e, ERR_HELPER_MISSING, "path too long");
	}
	l->env = make_env(l->spec);
	if (!l->env)
		return err_set(e, ERR_MEMORY, "environment of %s", program);
	return make_pipes(l, e);
}

/* Signals wait while there are two of us, lest a handler of the parent's run in the child. */
static pid_t fork_child(struct launch *l)
{
	sigset_t all;
	pid_t pid;

	l->parent = getpid();
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &l->mask);
	pid = fork();
	if (!pid)
		become(l);
	pthread_sigmask(SIG_SETMASK, &l->mask, NULL);
	return pid;
}

/* End of input on the trouble pipe means that exec closed it: the program runs. Where that cannot be heard the child may be running and waiting
 * for us: it is not waited for but ended. */
static int hear(struct launch *l, pid_t pid, struct err *e)
{
	struct trouble t;
	ssize_t got;

	close_fd(&l->told[1]);
	got = io_read_some(l->told[0], &t, sizeof(t));
	if (got == 0)
		return 0;
	if (got < 0)
		kill(pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	if (got != sizeof(t))
		return err_set(e, ERR_HELPER_DIED, "%s", l->path);
	if (t.stage == STAGE_REFUSED)
		return err_set(e, ERR_SYSTEM, "%s: preparation failed: %s", l->path, strerror(t.number));
	if (t.stage == STAGE_EXEC)
		return err_set(e, ERR_HELPER_MISSING, "%s: %s", l->path, strerror(t.number));
	errno = t.number;
	return err_errno(e, l->path);
}

static int keep_end(int fd[2], int mine)
{
	int kept = fd[mine];

	fd[mine] = -1;
	if (kept >= 0)
		fcntl(kept, F_SETFL, fcntl(kept, F_GETFL) | O_NONBLOCK);
	return kept;
}

int child_start(struct child *c, const struct child_spec *spec, struct err *e)
{
	struct launch l = {.spec = spec, .in = {-1, -1}, .out = {-1, -1}, .told = {-1, -1}};
	int last = prepare(&l, e);
	pid_t pid;

	if (last)
		goto out;
	pid = fork_child(&l);
	last = pid < 0 ? err_errno(e, "fork") : hear(&l, pid, e);
	if (last)
		goto out;
	*c = (struct child){.pid = pid, .group = spec->new_session};
	c->in = keep_end(l.in, 1);
	c->out = keep_end(l.out, 0);
out:
	close_pipe(l.in);
	close_pipe(l.out);
	close_pipe(l.told);
	free(l.env);
	return last;
}

static void send_signal(const struct child *c, int number)
{
	kill(c->group ? -c->pid : c->pid, number);
}

/* Ended, but not reaped yet: its number cannot be another's, so the rest of its group can still be named by
 * it. */
static void reap_ended(struct child *c)
{
	if (c->group)
		kill(-c->pid, SIGKILL);
	while (waitpid(c->pid, &c->status, 0) < 0 && errno == EINTR)
		;
	c->reaped = true;
}

bool child_reap(struct child *c)
{
	siginfo_t info = {0};

	if (!c->pid || c->reaped)
		return true;
	if (waitid(P_PID, (id_t)c->pid, &info, WEXITED | WNOHANG | WNOWAIT)) {
		c->reaped = errno == ECHILD; /* somebody else reaped it */
		return c->reaped;
	}
	if (!info.si_pid)
		return false;
	reap_ended(c);
	return true;
}

bool child_wait(struct child *c, int ms)
{
	struct pollfd p = {.fd = (int)syscall(SYS_pidfd_open, c->pid, 0), .events = POLLIN};
	int64_t until = clock_steady_ms() + ms, left;

	while (!child_reap(c) && (left = until - clock_steady_ms()) > 0) {
		/* without pidfd (an old kernel, a sandbox): look again every 10 ms */
		poll(p.fd >= 0 ? &p : NULL, p.fd >= 0, p.fd >= 0 ? (int)left : 10);
	}
	if (p.fd >= 0)
		close(p.fd);
	return c->reaped;
}

void child_stop(struct child *c, int grace_ms)
{
	if (child_reap(c))
		return;
	if (grace_ms > 0) {
		send_signal(c, SIGTERM);
		if (child_wait(c, grace_ms))
			return;
	}
	send_signal(c, SIGKILL);
	reap_ended(c);
}

void child_release(struct child *c)
{
	child_stop(c, 0);
	close_fd(&c->in);
	close_fd(&c->out);
	*c = (struct child)CHILD_NONE;
}
