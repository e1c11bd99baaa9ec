/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * R14 for the line between a session and its runner: the runner's calls on it, and the session's, fail once in turn from the runner's start to
 * "send now" and "changed". Each time: a start that fails says why; a line that is lost comes about again by itself; "send now", pressed once,
 * arrives; the session hears that something changed; no descriptor is left open.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "desk/runner_link.h"
#include "desk_site.h"
#include "sync/sessions.h"

enum fault { NO_FAULT, RUNNER, SESSION };
static const char *const fault_names[] = {"nothing", "the runner's calls", "the session's calls"};

static enum fault armed, inside; /* which one fails; whose call it is */
static long at, made;
static const char *struck;

static bool strikes(const char *name)
{
	if (!armed || inside != armed || ++made != at)
		return false;
	struck = name;
	return true;
}

#define WRAP(type, name, why, bad, parameters, arguments)             \
	type __real_##name parameters;                                \
	type __wrap_##name parameters;                                \
	type __wrap_##name parameters                                 \
	{                                                             \
		if (!strikes(#name))                                  \
			return __real_##name arguments;               \
		errno = why;                                          \
		return bad;                                           \
	}

WRAP(void *, malloc, ENOMEM, NULL, (size_t n), (n))
WRAP(void *, calloc, ENOMEM, NULL, (size_t n, size_t size), (n, size))
WRAP(int, open64, EMFILE, -1, (const char *path, int flags, mode_t mode), (path, flags, mode))
WRAP(int, openat64, EMFILE, -1, (int dir, const char *path, int flags, mode_t mode), (dir, path, flags, mode))
WRAP(int, fstat64, EIO, -1, (int fd, struct stat *st), (fd, st))
WRAP(int, unlinkat, EACCES, -1, (int dir, const char *path, int flags), (dir, path, flags))
WRAP(int, socket, EMFILE, -1, (int domain, int type, int protocol), (domain, type, protocol))
WRAP(int, bind, EADDRINUSE, -1, (int fd, const struct sockaddr *to, socklen_t n), (fd, to, n))
WRAP(int, listen, EADDRINUSE, -1, (int fd, int n), (fd, n))
WRAP(int, connect, ECONNREFUSED, -1, (int fd, const struct sockaddr *to, socklen_t n), (fd, to, n))
WRAP(int, accept4, ENFILE, -1, (int fd, struct sockaddr *from, socklen_t *n, int flags), (fd, from, n, flags))
WRAP(int, getsockopt, ENOBUFS, -1, (int fd, int level, int name, void *p, socklen_t *n), (fd, level, name, p, n))
WRAP(int, poll, ENOMEM, -1, (struct pollfd *p, nfds_t n, int ms), (p, n, ms))
WRAP(ssize_t, read, EIO, -1, (int fd, void *p, size_t n), (fd, p, n))
WRAP(ssize_t, send, EPIPE, -1, (int fd, const void *p, size_t n, int flags), (fd, p, n, flags))

static struct site site;
static struct sessions runner;
static struct runner_link *link_;

static void must_have_said(const struct err *e)
{
	if (e->code == ERR_NONE || e->code == ERR_INTERNAL || e->code == ERR_DATA_DAMAGED || !err_sentence(e->code)[0])
		fail_msg("%s at place %ld: %s: %s", struck, at, err_name(e->code), e->detail);
}

#define TRIES 12

/* One that does not come up is started again, as a session does. */
static void start_runner(void)
{
	for (int i = 0; i < TRIES; i++) {
		struct err e = {ERR_NONE};
		int last;

		sessions_init(&runner);
		inside = RUNNER;
		last = sessions_lock(&runner, site.dir, &e) || sessions_listen(&runner, &e);
		inside = NO_FAULT;
		if (!last)
			return;
		must_have_said(&e);
		sessions_release(&runner);
	}
	fail_msg("%s at place %ld: no runner comes up", struck, at);
}

static void open_link(void)
{
	for (int i = 0; i < TRIES; i++) {
		struct err e = {ERR_NONE};
		int last;

		inside = SESSION;
		last = runner_link_open(&link_, site.d, &e);
		inside = NO_FAULT;
		if (!last)
			return;
		must_have_said(&e);
	}
	fail_msg("%s at place %ld: no link comes about", struck, at);
}

static bool session_hears(void)
{
	bool changed;

	inside = SESSION;
	changed = runner_link_read(link_);
	inside = NO_FAULT;
	return changed;
}

static void runner_hears(void)
{
	inside = RUNNER;
	sessions_wait(&runner, -1, 5);
	inside = NO_FAULT;
}

static bool wished(void)
{
	return runner.wishes && runner.wish[0].now;
}

static void send_now(void)
{
	inside = SESSION;
	runner_link_nudge(link_, true);
	inside = NO_FAULT;
	for (int i = 0; i < TRIES && !wished(); i++) {
		runner_hears();
		session_hears();
	}
	if (!wished())
		fail_msg("%s at place %ld: 'send now' is lost", struck, at);
}

static void tell_changed(void)
{
	bool heard = false;

	for (int i = 0; i < TRIES && (session_hears() || !runner.n || i < 2); i++)
		runner_hears(); /* until the line stands, and what came with it has been heard */
	inside = RUNNER;
	sessions_tell_changed(&runner);
	inside = NO_FAULT;
	for (int i = 0; i < TRIES && !heard; i++) {
		heard = session_hears();
		runner_hears();
	}
	if (!heard)
		fail_msg("%s at place %ld: the session does not hear of it", struck, at);
}

static size_t descriptors(void)
{
	size_t n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static bool fail_at(enum fault f, long place)
{
	size_t before = descriptors();

	struck = NULL;
	made = 0;
	at = place;
	armed = f;
	start_runner();
	open_link();
	send_now();
	tell_changed();
	armed = NO_FAULT;
	runner_link_close(link_);
	sessions_release(&runner);
	if (descriptors() != before)
		fail_msg("%s at place %ld: %zu descriptors, before %zu", struck, place, descriptors(), before);
	return struck != NULL;
}

static void each_call(void **state)
{
	enum fault f = (enum fault)(size_t)*state;
	long place = 1;

	while (fail_at(f, place))
		place++;
	print_message("%s: %ld places\n", fault_names[f], place - 1);
	assert_true(place > 8);
}

static int begin(void **state)
{
	(void)state;
	site_make(&site, "national");
	OK(desk_setting_set(site.d, "platform.url", "https://127.0.0.1:9/", E));
	setenv("SHIMING_LIBEXEC", site.dir, 1); /* a runner is not to be started: it is this test */
	return 0;
}

static int end(void **state)
{
	(void)state;
	site_drop(&site);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {{"runner", each_call, begin, end, (void *)RUNNER}, {"session", each_call, begin, end, (void *)SESSION}};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
