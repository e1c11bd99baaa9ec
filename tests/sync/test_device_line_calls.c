/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * R14 for the line to a platform that speaks the device protocol: each of its calls on memory and on its socket fails once in turn while the box
 * logs in, sends a heartbeat and tells of somebody, against the real platform. Each time: what is told has its sentence, the next question on the
 * same line is answered, the platform has everybody once, no descriptor is left open, and (the sanitizer's word) nothing leaks.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/json.h"
#include "base/text.h"
#include "desk/desk_site.h"
#include "sync/device_line.h"
#include "sync/place.h"

#define MAKER "TESTVENDOR0000000000000000000001"
#define DEVICE "TESTDEVICE0000000000000000000001"
#define TRIES 5

enum fault { NO_FAULT, MEMORY, SOCKETS };
static const char *const fault_names[] = {"nothing", "memory", "sockets"};

static bool inside; /* of the line */
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
WRAP(SOCKETS, int, socket, EMFILE, -1, (int domain, int type, int protocol), (domain, type, protocol))
WRAP(SOCKETS, int, connect, ECONNREFUSED, -1, (int fd, const struct sockaddr *to, socklen_t n), (fd, to, n))
WRAP(SOCKETS, int, getsockopt, ENOBUFS, -1, (int fd, int level, int name, void *p, socklen_t *n), (fd, level, name, p, n))
WRAP(SOCKETS, int, poll, ENOMEM, -1, (struct pollfd *p, nfds_t n, int ms), (p, n, ms))
WRAP(SOCKETS, ssize_t, recv, ECONNRESET, -1, (int fd, void *p, size_t n, int flags), (fd, p, n, flags))
WRAP(SOCKETS, ssize_t, send, EPIPE, -1, (int fd, const void *p, size_t n, int flags), (fd, p, n, flags))

static struct place place;
static struct device_line *line;
static unsigned people; /* told of */
static int port;

static void must_have_said(const struct err *e)
{
	if (e->code == ERR_NONE || e->code == ERR_INTERNAL || !err_sentence(e->code)[0] || !err_advice(e->code)[0])
		fail_msg("%s at place %ld: %s: %s", struck, at, err_name(e->code), e->detail);
}

static bool open_line(void)
{
	struct device_line_options o = {.host = "127.0.0.1", .port = port, .reply_ms = 5000, .who = {MAKER, DEVICE}};
	struct err e = {ERR_NONE};
	int last;

	if (line)
		return true;
	inside = true;
	last = device_line_open(&line, &o, &e);
	inside = false;
	if (last)
		must_have_said(&e);
	return !last;
}

/* Asked until there is an answer, on the same line. */
static void ask(uint16_t command, const struct buf *content, struct device_reply *reply)
{
	for (int i = 0; i < TRIES; i++) {
		struct err e = {ERR_NONE};
		bool left;
		int last;

		if (!open_line())
			continue;
		inside = true;
		last = device_line_ask(line, command, content, reply, &left, &e);
		inside = false;
		if (!last)
			return;
		must_have_said(&e);
	}
	fail_msg("%s at place %ld: no answer any more", struck, at);
}

static void tell_of_somebody(struct device_reply *reply)
{
	struct device_person p = {.name = "欧阳明月", .sex = DEVICE_FEMALE, .nation = 15, .address = "虚构市示例路1号", .valid_to = DATE_LONG_TERM};
	char reason[DEVICE_REASON], number[19];
	struct buf content;
	bool ok;

	person_number(700 + ++people, number);
	text_copy(p.number, sizeof(p.number), number);
	assert_true(date_parse("1990-01-01", &p.birth) && date_parse("2017-04-09", &p.valid_from));
	buf_init(&content, 1u << 16);
	device_person_write(&(struct device_manner){0}, &p, &content);
	ask(DEVICE_COLLECT, &content, reply);
	device_person_reply_read(&(struct device_manner){0}, &reply->frame, &ok, reason);
	if (!ok)
		fail_msg("%s at place %ld: %s", struck, at, reason);
	buf_wipe_release(&content);
}

static size_t descriptors(void)
{
	size_t n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static bool fail_at(enum fault f, long where)
{
	size_t before = descriptors();
	struct device_reply reply;
	struct buf none = {0};

	struck = NULL;
	made = 0;
	at = where;
	armed = f;
	device_reply_init(&reply);
	ask(DEVICE_HEARTBEAT, &none, &reply);
	tell_of_somebody(&reply);
	device_reply_release(&reply);
	device_line_close(line);
	line = NULL;
	armed = NO_FAULT;
	if (descriptors() != before)
		fail_msg("%s at place %ld: %zu descriptors, before %zu", struck, where, descriptors(), before);
	return struck != NULL;
}

static void each_call(void **state)
{
	enum fault f = (enum fault)(size_t)*state;
	long where = 1;

	while (fail_at(f, where))
		where++;
	print_message("%s: %ld places\n", fault_names[f], where - 1);
	assert_true(where > 8);
	assert_int_equal(place_count(&place, "person", ""), people);
}

static int begin(void **state)
{
	cJSON *status;

	(void)state;
	place_open(&place);
	setenv("SHIMING_CLOCK", "2026-11-20T14:00:00", 1);
	place_start(&place, (const char *const[]){"--device", MAKER "/" DEVICE, "--left-out", "consent", NULL});
	status = place_say(&place, "status");
	port = (int)json_int(status, "device_port", 0);
	cJSON_Delete(status);
	return port <= 0;
}

static int end(void **state)
{
	(void)state;
	place_close(&place);
	unsetenv("SHIMING_CLOCK");
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {{"memory", each_call, NULL, NULL, (void *)MEMORY}, {"sockets", each_call, NULL, NULL, (void *)SOCKETS}};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, begin, end);
}
