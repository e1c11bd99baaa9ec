/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/child.h"
#include "base/dates.h"
#include "base/io.h"
#include "base/text.h"

#define PATIENCE_MS 20000 /* far more than anything here takes */

static void wait_readable(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLIN};

	assert_int_equal(poll(&p, 1, PATIENCE_MS), 1);
}

/* All that a child writes until it closes its stdout; then it is reaped. */
static void hear_out(struct child *c, struct buf *b)
{
	int got;

	do {
		wait_readable(c->out);
		got = io_fill(c->out, b);
	} while (got >= 0);
	assert_true(child_wait(c, PATIENCE_MS));
}

static void run(const struct child_spec *spec, struct buf *b, int *status)
{
	struct child c = CHILD_NONE;
	struct err e = {0};

	buf_reset(b);
	if (child_start(&c, spec, &e))
		fail_msg("%s", e.detail);
	hear_out(&c, b);
	*status = c.status;
	child_release(&c);
	assert_int_equal(c.pid, 0);
	assert_int_equal(c.out, -1);
}

static void talks(void **state)
{
	static const char *const argv[] = {"/bin/cat", NULL};
	struct child_spec spec = {.argv = argv, .want_stdin = true, .want_stdout = true};
	struct child c = CHILD_NONE;
	struct buf b, line;
	struct err e = {0};

	(void)state;
	buf_init(&b, 4096);
	buf_init(&line, 4096);
	assert_int_equal(child_start(&c, &spec, &e), 0);
	assert_false(child_reap(&c));
	assert_int_equal(io_fill(c.out, &b), 0);
	assert_int_equal(io_write_all(c.in, "读卡\nmore", 11, &e), 0);
	while (!io_take_line(&b, &line)) {
		wait_readable(c.out);
		assert_int_equal(io_fill(c.out, &b), 1);
	}
	assert_string_equal(line.data, "读卡");
	close(c.in);
	c.in = -1;
	hear_out(&c, &b);
	assert_string_equal(b.data, "more");
	assert_true(WIFEXITED(c.status) && !WEXITSTATUS(c.status));
	child_release(&c);
	buf_release(&b);
	buf_release(&line);
}

static void reports_status(void **state)
{
	static const char *const argv[] = {"/bin/sh", "-c", "echo \"$A-$B-${HOME:+home}\"; exit 3", NULL};
	static const char *const env[] = {"A=1", "B=zwei", NULL};
	struct child_spec spec = {.argv = argv, .env = env, .want_stdout = true};
	struct buf b;
	int status;

	(void)state;
	setenv("A", "old", 1);
	setenv("HOME", "/", 1);
	buf_init(&b, 4096);
	run(&spec, &b, &status);
	assert_string_equal(b.data, "1-zwei-home\n");
	assert_int_equal(WEXITSTATUS(status), 3);
	buf_release(&b);
}

/* A child sees its three descriptors, what was passed, and nothing else that was open here; 3 is the folder
 * it lists. */
static void inherits_nothing(void **state)
{
	static const char *const argv[] = {"/bin/sh", "-c",
					   "for f in /proc/$$/fd/*; do echo ${f##*/}; done; cat <&7", NULL};
	struct child_spec spec = {.argv = argv, .want_stdout = true};
	int leaks[40], status, key[2];
	struct buf b;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(leaks); i++)
		leaks[i] = open("/dev/null", O_RDONLY);
	assert_int_equal(pipe(key), 0);
	assert_int_equal(write(key[1], "the key\n", 8), 8);
	close(key[1]);
	spec.pass_fd[0] = key[0];
	spec.pass_to[0] = 7;
	buf_init(&b, 4096);
	run(&spec, &b, &status);
	assert_string_equal(b.data, "0\n1\n2\n3\n7\nthe key\n");
	for (size_t i = 0; i < ARRAY_LEN(leaks); i++)
		close(leaks[i]);
	close(key[0]);
	buf_release(&b);
}

/* Two descriptors that change places. */
static void passes_crosswise(void **state)
{
	static const char *const argv[] = {"/bin/sh", "-c", "cat <&3; cat <&4", NULL};
	struct child_spec spec = {.argv = argv, .want_stdout = true, .pass_fd = {4, 3}, .pass_to = {3, 4}};
	int status, keep3 = fcntl(3, F_DUPFD_CLOEXEC, 100), keep4 = fcntl(4, F_DUPFD_CLOEXEC, 100), one[2],
		    two[2];
	struct buf b;

	(void)state;
	buf_init(&b, 4096);
	assert_int_equal(pipe2(one, O_CLOEXEC) | pipe2(two, O_CLOEXEC), 0);
	assert_int_equal(write(one[1], "three ", 6), 6);
	assert_int_equal(write(two[1], "four", 4), 4);
	close(one[1]);
	close(two[1]);
	one[0] = fcntl(one[0], F_DUPFD_CLOEXEC, 100);
	two[0] = fcntl(two[0], F_DUPFD_CLOEXEC, 100);
	dup2(one[0], 3);
	dup2(two[0], 4);
	close(one[0]);
	close(two[0]);
	run(&spec, &b, &status);
	assert_string_equal(b.data, "fourthree ");
	close(3);
	close(4);
	if (keep3 >= 0)
		dup2(keep3, 3);
	if (keep4 >= 0)
		dup2(keep4, 4);
	buf_release(&b);
}

static void notices_what_is_missing(void **state)
{
	static const char *const absolute[] = {"/no/such/program", NULL},
				 *const bare[] = {"shiming-no-such-helper", NULL},
				 *const folder[] = {"/tmp", NULL};
	const char *const *const cases[] = {absolute, bare, folder};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct child_spec spec = {.argv = cases[i], .want_stdin = true, .want_stdout = true};
		struct child c = CHILD_NONE;
		struct err e = {0};

		assert_int_equal(child_start(&c, &spec, &e), -1);
		assert_int_equal(e.code, ERR_HELPER_MISSING);
		assert_int_equal(c.pid, 0);
		child_release(&c);
	}
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
}

static int refuse(void *arg)
{
	errno = EXDEV;
	return *(int *)arg;
}

static void before_exec_may_refuse(void **state)
{
	static const char *const argv[] = {"/bin/true", NULL};
	int answer = 1;
	struct child_spec spec = {.argv = argv, .before_exec = refuse, .before_exec_arg = &answer};
	struct child c = CHILD_NONE;
	struct err e = {0};

	(void)state;
	assert_int_equal(child_start(&c, &spec, &e), -1);
	assert_int_equal(e.code, ERR_SYSTEM);
	answer = 0;
	assert_int_equal(child_start(&c, &spec, &e), 0);
	assert_true(child_wait(&c, PATIENCE_MS));
	assert_true(WIFEXITED(c.status));
	child_release(&c);
}

static void waits_only_so_long(void **state)
{
	static const char *const argv[] = {"/bin/cat", NULL};
	struct child_spec spec = {.argv = argv, .want_stdin = true};
	struct child c = CHILD_NONE;
	struct err e = {0};

	(void)state;
	assert_int_equal(child_start(&c, &spec, &e), 0);
	assert_false(child_wait(&c, 20));
	close(c.in);
	c.in = -1;
	assert_true(child_wait(&c, PATIENCE_MS));
	assert_true(WIFEXITED(c.status));
	child_release(&c);
}

static void stops_the_stubborn(void **state)
{
	static const char *const argv[] = {
		"/bin/sh", "-c", "trap '' TERM; echo up; read never; while :; do read never; done", NULL};
	struct child_spec spec = {.argv = argv, .want_stdin = true, .want_stdout = true};
	struct child c = CHILD_NONE;
	struct err e = {0};

	(void)state;
	assert_int_equal(child_start(&c, &spec, &e), 0);
	wait_readable(c.out);
	child_stop(&c, 50);
	assert_true(c.reaped && WIFSIGNALED(c.status) && WTERMSIG(c.status) == SIGKILL);
	child_release(&c);
}

static void stops_the_willing(void **state)
{
	static const char *const argv[] = {"/bin/sh", "-c",
					   "trap 'exit 5' TERM; echo up; while :; do read never; done", NULL};
	struct child_spec spec = {.argv = argv, .want_stdin = true, .want_stdout = true};
	struct child c = CHILD_NONE;
	struct err e = {0};

	(void)state;
	assert_int_equal(child_start(&c, &spec, &e), 0);
	wait_readable(c.out);
	child_stop(&c, PATIENCE_MS);
	assert_true(c.reaped && WIFEXITED(c.status) && WEXITSTATUS(c.status) == 5);
	child_release(&c);
}

/* Waits until a process that is a descendant of ours has ended. */
static void expect_end(pid_t pid)
{
	struct pollfd p = {.fd = (int)syscall(SYS_pidfd_open, pid, 0), .events = POLLIN};

	if (p.fd >= 0) {
		if (poll(&p, 1, PATIENCE_MS) != 1) {
			kill(pid, SIGKILL);
			fail_msg("it outlived its parent");
		}
		close(p.fd);
	}
	waitpid(pid, NULL, 0);
}

/* A program that starts a child, tells its process number and waits to be killed. */
static void parent_to_be_killed(int tell)
{
	static const char *const argv[] = {"/bin/sleep", "600", NULL};
	struct child_spec spec = {.argv = argv};
	struct child c = CHILD_NONE;
	ssize_t done;

	if (child_start(&c, &spec, NULL))
		_exit(1);
	done = write(tell, &c.pid, sizeof(c.pid));
	(void)done;
	for (;;)
		pause();
}

static void does_not_outlive_a_killed_parent(void **state)
{
	int told[2];
	pid_t parent, child = 0;

	(void)state;
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	assert_int_equal(pipe2(told, O_CLOEXEC), 0);
	parent = fork();
	if (!parent)
		parent_to_be_killed(told[1]);
	assert_int_equal(read(told[0], &child, sizeof(child)), sizeof(child));
	assert_int_equal(kill(child, 0), 0);
	kill(parent, SIGKILL);
	assert_int_equal(waitpid(parent, NULL, 0), parent);
	expect_end(child);
	close(told[0]);
	close(told[1]);
}

/* What a session's leader has started goes with it. */
static void group_goes_with_its_leader(void **state)
{
	static const char *const argv[] = {"/bin/sh", "-c", "sleep 600 & echo $!; wait", NULL};
	struct child_spec spec = {.argv = argv, .want_stdout = true, .new_session = true};
	struct child c = CHILD_NONE;
	char text[32] = "";
	struct err e = {0};

	(void)state;
	assert_int_equal(child_start(&c, &spec, &e), 0);
	wait_readable(c.out);
	assert_true(io_read_some(c.out, text, sizeof(text) - 1) > 1);
	child_release(&c);
	expect_end((pid_t)atoi(text));
}

static int count_calls;
static void count_signal(int number)
{
	(void)number;
	count_calls++;
}

/* Ignored, handled and blocked signals of the parent are not the child's. */
static void signals_are_reset(void **state)
{
	static const char *const argv[] = {"/bin/sed", "-n", "/^Sig[BIC]/p", "/proc/self/status", NULL};
	struct child_spec spec = {.argv = argv, .want_stdout = true};
	sigset_t some, old;
	struct buf b;
	int status;

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	signal(SIGUSR1, count_signal);
	sigemptyset(&some);
	sigaddset(&some, SIGTERM);
	sigprocmask(SIG_BLOCK, &some, &old);
	buf_init(&b, 4096);
	run(&spec, &b, &status);
	assert_string_equal(
		b.data, "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\nSigCgt:\t0000000000000000\n");
	sigprocmask(SIG_SETMASK, &old, NULL);
	raise(SIGUSR1);
	assert_int_equal(count_calls, 1);
	buf_release(&b);
}

static void finds_helpers(void **state)
{
	char dir[] = "/tmp/shiming-child-XXXXXX", path[64], found[256];
	struct err e = {0};
	int fd;

	(void)state;
	assert_non_null(mkdtemp(dir));
	text_format(path, sizeof(path), "%s/shiming-x", dir);
	setenv("SHIMING_LIBEXEC", dir, 1);
	assert_int_equal(child_helper_path("shiming-x", found, sizeof(found), &e), -1);
	assert_int_equal(e.code, ERR_HELPER_MISSING);
	fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0755);
	close(fd);
	assert_int_equal(child_helper_path("shiming-x", found, sizeof(found), &e), 0);
	assert_string_equal(found, path);
	assert_int_equal(child_helper_path("shiming-x", found, 8, &e), -1);
	unsetenv("SHIMING_LIBEXEC");
	/* beside this program */
	assert_int_equal(child_helper_path("test_child", found, sizeof(found), &e), 0);
	unlink(path);
	rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(talks),
		cmocka_unit_test(reports_status),
		cmocka_unit_test(inherits_nothing),
		cmocka_unit_test(passes_crosswise),
		cmocka_unit_test(notices_what_is_missing),
		cmocka_unit_test(before_exec_may_refuse),
		cmocka_unit_test(waits_only_so_long),
		cmocka_unit_test(stops_the_stubborn),
		cmocka_unit_test(stops_the_willing),
		cmocka_unit_test(does_not_outlive_a_killed_parent),
		cmocka_unit_test(group_goes_with_its_leader),
		cmocka_unit_test(signals_are_reset),
		cmocka_unit_test(finds_helpers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
