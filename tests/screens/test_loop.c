/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The whole application in a process of its own on a pty: hang-up, signals, end of input, kill -9. It ends, it never spins, the draft
 * is kept, the terminal is given back. Nothing sleeps: the test waits for a text on the terminal or for the end of the process.
 */
#include "desk/desk_site.h"

#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "base/log.h"
#include "screens/screens.h"

#define DEADLINE_MS 20000

struct run {
	struct site site;
	pid_t pid;
	int master;
	char seen[1 << 20]; /* what came since the last wait */
	size_t n;
};

static void child(struct run *r)
{
	struct screens_options o = {.dir = r->site.dir, .profile_dir = PROFILE_DIR, .card_control_fd = -1, .ambiguous_width = 1};
	struct err e = {0};

	setenv("TERM", "xterm-256color", 1);
	setenv("SHIMING_LIBEXEC", "/nonexistent", 1);
	_exit(screens_main(&o, &e) ? 1 : 0);
}

static void start(struct run *r)
{
	struct winsize w = {.ws_row = 24, .ws_col = 80};

	r->n = 0;
	r->pid = forkpty(&r->master, NULL, NULL, &w);
	assert_true(r->pid >= 0);
	if (!r->pid)
		child(r);
}

static struct run *make(void)
{
	struct run *r = calloc(1, sizeof(*r));

	log_open("test", -1, LOG_ERR);
	site_make(&r->site, "national");
	clock_fix_ms(0);
	desk_close(r->site.d);
	r->site.d = NULL;
	start(r);
	return r;
}

static void drop(struct run *r)
{
	if (r->master >= 0)
		close(r->master);
	site_drop(&r->site);
	free(r);
}

/* Reads what there is; false: the other end is closed. */
static bool take(struct run *r, int wait_ms)
{
	struct pollfd p = {.fd = r->master, .events = POLLIN};
	ssize_t got;

	if (poll(&p, 1, wait_ms) <= 0)
		return true;
	if (r->n + 65536 > sizeof(r->seen))
		r->n = 0;
	got = read(r->master, r->seen + r->n, sizeof(r->seen) - r->n - 1);
	if (got > 0)
		r->n += (size_t)got;
	r->seen[r->n] = '\0';
	return got > 0;
}

static void wait_for(struct run *r, const char *text)
{
	int64_t until = clock_steady_ms() + DEADLINE_MS;

	while (!memmem(r->seen, r->n, text, strlen(text))) {
		if (!take(r, 200) || clock_steady_ms() > until) {
			fwrite(r->seen, 1, r->n, stderr);
			fail_msg("not on the terminal: %s", text);
		}
	}
	r->n = 0;
}

static void type(struct run *r, const char *keys)
{
	assert_int_equal(write(r->master, keys, strlen(keys)), strlen(keys));
}

static int wait_end(struct run *r)
{
	int64_t until = clock_steady_ms() + DEADLINE_MS;
	int status;

	while (waitpid(r->pid, &status, WNOHANG) == 0) {
		if (clock_steady_ms() > until) {
			kill(r->pid, SIGKILL);
			waitpid(r->pid, &status, 0);
			fail_msg("it did not end");
		}
		if (r->master >= 0)
			take(r, 20);
		else
			poll(NULL, 0, 5);
	}
	return status;
}

static void into_the_form(struct run *r)
{
	wait_for(r, "登录");
	type(r, "clerk\t" PASSWORD "\r");
	wait_for(r, "今日");
	type(r, "n");
	wait_for(r, "手工录入");
	type(r, "\t123456789");
	wait_for(r, "9");
}

static size_t drafts(struct run *r, char *number, size_t size)
{
	struct draft_row rows[8];
	struct record record;
	struct desk *d = site_open_another(&r->site, "clerk");
	size_t n = 0;
	int64_t person;
	bool found = false;

	OK(desk_draft_list(d, rows, 8, &n, E));
	record_init(&record);
	if (n)
		OK(desk_draft_load(d, rows[0].form, &person, &record, &found, E));
	snprintf(number, size, "%s%s", record_get(&record, F_NAME), record_get(&record, F_NUMBER));
	record_release(&record);
	desk_close(d);
	return n;
}

static void assert_draft(struct run *r)
{
	char typed[100];

	assert_int_equal(drafts(r, typed, sizeof(typed)), 1);
	assert_non_null(strstr(typed, "123456789"));
}

static void loop__hang_up_keeps_the_draft(void **state)
{
	struct run *r = make();
	int status;

	(void)state;
	into_the_form(r);
	close(r->master); /* the window is closed, the line is cut */
	r->master = -1;
	status = wait_end(r);
	assert_true(WIFEXITED(status));
	assert_draft(r);
	drop(r);
}

static void loop__signals_keep_the_draft(void **state)
{
	static const int signals[] = {SIGTERM, SIGHUP, SIGINT};

	(void)state;
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		struct run *r = make();
		struct termios t;
		int status;

		into_the_form(r);
		kill(r->pid, signals[i]);
		status = wait_end(r);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
		while (take(r, 0) && r->n && memmem(r->seen, r->n, "\033[?1049l", 8) == NULL)
			;
		assert_non_null(memmem(r->seen, r->n, "\033[?1049l", 8)); /* the other screen is back */
		if (!tcgetattr(r->master, &t))
			assert_true(t.c_lflag & ECHO);
		assert_draft(r);
		drop(r);
	}
}

/* The last second at most is lost: what was typed before is there. */
static void loop__kill_keeps_the_draft(void **state)
{
	struct run *r = make();
	char typed[100];
	int64_t until = clock_steady_ms() + DEADLINE_MS;

	(void)state;
	into_the_form(r);
	while ((!drafts(r, typed, sizeof(typed)) || !strstr(typed, "12345678")) && clock_steady_ms() < until)
		take(r, 50);
	kill(r->pid, SIGKILL);
	wait_end(r);
	assert_int_equal(drafts(r, typed, sizeof(typed)), 1);
	/* and the next start says so */
	close(r->master);
	start(r);
	wait_for(r, "登录");
	type(r, "clerk\t" PASSWORD "\r");
	wait_for(r, "保留着您填了一半的草稿");
	kill(r->pid, SIGTERM);
	wait_end(r);
	drop(r);
}

static void loop__end_of_input_does_not_spin(void **state)
{
	struct run *r = make();
	struct rusage usage;
	int status;

	(void)state;
	wait_for(r, "登录");
	close(r->master);
	r->master = -1;
	status = wait_end(r);
	assert_true(WIFEXITED(status));
	getrusage(RUSAGE_CHILDREN, &usage);
	assert_true(usage.ru_utime.tv_sec < 30);
	drop(r);
}

/* U2: a burst much longer than the terminal's buffer of one read, dealt with in order. */
static void loop__burst(void **state)
{
	struct run *r = make();

	(void)state;
	into_the_form(r);
	type(r, "\t\025");
	for (int i = 0; i < 60; i++)
		type(r, "张\177李四");
	type(r, "\025王五");
	wait_for(r, "王五");
	kill(r->pid, SIGTERM);
	wait_end(r);
	drop(r);
}

static void loop__leaving_by_key(void **state)
{
	struct run *r = make();
	int status;

	(void)state;
	wait_for(r, "登录");
	type(r, "\021");
	wait_for(r, "退出程序");
	type(r, "\t\r");
	status = wait_end(r);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	drop(r);
}

static void loop__no_terminal_is_said(void **state)
{
	struct run *r = make();
	struct screens_options o = {.dir = r->site.dir, .profile_dir = PROFILE_DIR, .card_control_fd = -1};
	int kept = dup(STDOUT_FILENO), fds[2];
	struct err e = {0};

	(void)state;
	assert_int_equal(pipe(fds), 0);
	dup2(fds[1], STDOUT_FILENO);
	assert_int_equal(screens_main(&o, &e), -1);
	dup2(kept, STDOUT_FILENO);
	assert_int_equal(e.code, ERR_TERMINAL);
	o.dir = "/nonexistent/shiming";
	e = (struct err){0};
	assert_int_equal(screens_main(&o, &e), -1);
	assert_int_equal(e.code, ERR_NO_DATA);
	close(kept);
	close(fds[0]);
	close(fds[1]);
	kill(r->pid, SIGTERM);
	wait_end(r);
	drop(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(loop__hang_up_keeps_the_draft), cmocka_unit_test(loop__signals_keep_the_draft),
		cmocka_unit_test(loop__kill_keeps_the_draft), cmocka_unit_test(loop__end_of_input_does_not_spin), cmocka_unit_test(loop__burst),
		cmocka_unit_test(loop__leaving_by_key), cmocka_unit_test(loop__no_terminal_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
