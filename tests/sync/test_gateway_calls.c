/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * R14 for the gateway: its calls on memory and on sockets fail once in turn while a device calls, logs in, clocks somebody with a picture,
 * asks for its list and tells of somebody it has collected. A device that gets no answer, or loses its line, comes again and says it again, as
 * devices do; a gateway that cannot go on says why and is started again, as a session does. Each time: the device is never told that what it
 * brought is wrong, everything is there once in the end, no descriptor is left open, and (the sanitizer's word) nothing leaks.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/text.h"
#include "desk/attendance.h"
#include "desk/device.h"
#include "sync/yard.h"

/* --- what fails ------------------------------------------------------------------------------------------------------- */

enum fault { NO_FAULT, MEMORY, SOCKETS };
static const char *const fault_names[] = {"nothing", "memory", "sockets"};

static bool inside; /* of the gateway: the device is this test's */
static enum fault armed;
static long at, made;
static const char *struck;

static bool strikes(enum fault f, const char *name)
{
	if (!inside || armed != f || ++made != at)
		return false;
	struck = name;
	return true;
}

#define WRAP(f, type, name, why, bad, parameters, arguments)          \
	type __real_##name parameters;                                \
	type __wrap_##name parameters;                                \
	type __wrap_##name parameters                                 \
	{                                                             \
		if (!strikes(f, #name))                               \
			return __real_##name arguments;               \
		errno = why;                                          \
		return bad;                                           \
	}

WRAP(MEMORY, void *, malloc, ENOMEM, NULL, (size_t n), (n))
WRAP(MEMORY, void *, calloc, ENOMEM, NULL, (size_t n, size_t size), (n, size))
WRAP(MEMORY, void *, realloc, ENOMEM, NULL, (void *p, size_t n), (p, n))
WRAP(SOCKETS, int, epoll_create1, EMFILE, -1, (int flags), (flags))
WRAP(SOCKETS, int, epoll_ctl, ENOSPC, -1, (int set, int op, int fd, struct epoll_event *ev), (set, op, fd, ev))
WRAP(SOCKETS, int, epoll_wait, EIO, -1, (int set, struct epoll_event *ev, int n, int ms), (set, ev, n, ms))
WRAP(SOCKETS, int, socket, EMFILE, -1, (int domain, int type, int protocol), (domain, type, protocol))
WRAP(SOCKETS, int, setsockopt, ENOBUFS, -1, (int fd, int level, int name, const void *p, socklen_t n), (fd, level, name, p, n))
WRAP(SOCKETS, int, bind, EADDRINUSE, -1, (int fd, const struct sockaddr *to, socklen_t n), (fd, to, n))
WRAP(SOCKETS, int, listen, EADDRINUSE, -1, (int fd, int n), (fd, n))
WRAP(SOCKETS, int, getsockname, ENOBUFS, -1, (int fd, struct sockaddr *to, socklen_t *n), (fd, to, n))
WRAP(SOCKETS, int, accept4, ENFILE, -1, (int fd, struct sockaddr *from, socklen_t *n, int flags), (fd, from, n, flags))
WRAP(SOCKETS, ssize_t, recv, ECONNRESET, -1, (int fd, void *p, size_t n, int flags), (fd, p, n, flags))
WRAP(SOCKETS, ssize_t, send, ENOBUFS, -1, (int fd, const void *p, size_t n, int flags), (fd, p, n, flags))

/* --- the gateway, as a session keeps it --------------------------------------------------------------------------------- */

static struct yard yard;
static bool down = true;
static unsigned restarts;

static void must_have_said(const struct err *e)
{
	if (e->code == ERR_NONE || e->code == ERR_INTERNAL || e->code == ERR_DATA_DAMAGED || !err_sentence(e->code)[0])
		fail_msg("%s at place %ld: %s: %s", struck, at, err_name(e->code), e->detail);
}

static void stop_gateway(void)
{
	inside = true;
	gateway_release(&yard.g);
	inside = false;
	down = true;
}

static bool start_gateway(void)
{
	struct err e = {ERR_NONE};
	int last;

	if (!down)
		return true;
	gateway_init(&yard.g, yard.runner);
	inside = true;
	last = gateway_listen(&yard.g, "127.0.0.1:0", &e);
	inside = false;
	restarts++;
	down = last != 0;
	if (!last)
		return true;
	must_have_said(&e);
	stop_gateway();
	return false;
}

static void turn(struct gateway *g)
{
	struct err e = {ERR_NONE};
	bool stored;
	int last;

	if (down)
		return;
	inside = true;
	last = gateway_turn(g, &stored, &e);
	inside = false;
	if (!last)
		return;
	must_have_said(&e);
	stop_gateway(); /* its lines are closed */
}

/* --- a device's day ------------------------------------------------------------------------------------------------------ */

#define TRIES 6

static struct device device = {.fd = -1};

static void hang_up(void)
{
	if (device.fd >= 0)
		device_hang_up(&device);
}

static bool called(void)
{
	char serial[DEVICE_SERIAL];

	if (device.fd >= 0)
		return true;
	if (!start_gateway())
		return false;
	device = (struct device){.g = &yard.g, .port = yard.g.port};
	device_call(&device);
	serial_of(0, serial);
	if (device_log_in(&device, serial))
		return true;
	hang_up();
	return false;
}

/* Said until there is an answer; the answer is never that it is wrong. */
static void say(uint16_t command, const struct buf *content, const char *what)
{
	for (int i = 0; i < TRIES; i++) {
		if (called() && device_ask(&device, command, content, true)) {
			if (device.reply.flag)
				fail_msg("%s at place %ld: %s is said to be wrong", struck, at, what);
			return;
		}
		hang_up();
	}
	fail_msg("%s at place %ld: %s finds no answer", struck, at, what);
}

static unsigned day;

static int64_t moment(void)
{
	return now_ms - now_ms % 1000 - 1000000 + (int64_t)day * 1000;
}

static void collected_content(struct buf *out)
{
	struct device_person p = {.name = "张试收", .sex = DEVICE_MALE, .nation = 1, .address = "虚构市示例路9号", .valid_to = DATE_LONG_TERM};
	char number[19];

	person_number(500 + day, number);
	text_copy(p.number, sizeof(p.number), number);
	assert_true(date_parse("1990-01-01", &p.birth) && date_parse("2017-04-09", &p.valid_from));
	buf_init(out, 1 << 16);
	device_person_write(&(struct device_manner){0}, &p, out);
}

static void a_day(void)
{
	struct buf content;

	punch_content((uint32_t)yard.person[0], moment(), DEVICE_FACE, 500, &content);
	say(DEVICE_PUNCH, &content, "a clocking");
	buf_reset(&content);
	device_list_ask_write(0, 0, &content);
	say(DEVICE_WHITELIST, &content, "the list");
	buf_release(&content);
	collected_content(&content);
	say(DEVICE_COLLECT, &content, "somebody collected");
	buf_wipe_release(&content);
}

/* --- in turn -------------------------------------------------------------------------------------------------------------- */

static size_t descriptors(void)
{
	size_t n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static void everything_once(void)
{
	struct collected_row *got = calloc(YARD_PEOPLE, sizeof(*got));
	struct clock_row row[2];
	size_t n;

	OK(desk_clock_list(yard.s.d, 0, NULL, row, 2, &n, E));
	if (!n || row[0].at_ms != moment() || (n == 2 && row[1].at_ms == moment()))
		fail_msg("%s at place %ld: the clocking is not there once", struck, at);
	assert_int_equal(row[0].picture, 1);
	OK(desk_collected_list(yard.s.d, 0, got, YARD_PEOPLE, &n, E));
	if (n != day)
		fail_msg("%s at place %ld: %zu collected, not %u", struck, at, n, day);
	free(got);
}

/* From the start of the gateway to its end. */
static bool fail_at(enum fault f, long place)
{
	size_t before = descriptors();

	day++;
	struck = NULL;
	made = 0;
	at = place;
	armed = f;
	a_day();
	hang_up();
	turn(&yard.g);
	if (!down)
		stop_gateway();
	armed = NO_FAULT;
	everything_once();
	if (descriptors() != before)
		fail_msg("%s at place %ld: %zu descriptors, before %zu", struck, place, descriptors(), before);
	return struck != NULL;
}

static void each_call(void **state)
{
	enum fault f = (enum fault)(size_t)*state;
	long place = 1;

	yard_open(&yard, 1, 1);
	yard.runner = runner_of(&yard.s);
	device_serves = turn;
	day = restarts = 0;
	fail_at(NO_FAULT, 0); /* what is made once: statements, profile */
	while (fail_at(f, place))
		place++;
	print_message("%s: %ld places, the gateway started %u times\n", fault_names[f], place - 1, restarts);
	assert_true(place > 10);
	desk_close(yard.runner);
	site_drop(&yard.s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {{"memory", each_call, NULL, NULL, (void *)MEMORY}, {"sockets", each_call, NULL, NULL, (void *)SOCKETS}};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
