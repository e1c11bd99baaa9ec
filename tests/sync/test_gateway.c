/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The gateway with simulated devices over real sockets (H2, H5, S7, R1): exactly the right records from many devices, some of which were an hour without a
 * network, say things twice, or talk nonsense; what a hostile peer gets; a kill at every commit. The long run prints its figures.
 */
#include <arpa/inet.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/io.h"
#include "base/text.h"
#include "desk/attendance.h"
#include "desk/device.h"
#include "desk_private.h"
#include "desk_site.h"
#include "gateway/server.h"
#include "sync/yard.h"

#ifndef DEVICES
#define DEVICES 30
#define PEOPLE 40
#define PUNCHES 1000
#endif
#define HOUR_MS 3600000LL
#define WAIT_MS 20000

/* --- exactly the right records ----------------------------------------------------------------------- */

static int64_t moment(size_t k)
{
	/* every third was kept by its device for an hour */
	return now_ms - now_ms % 1000 - (int64_t)(PUNCHES + 10 - k) * 1000 - (k % 3 == 0 ? HOUR_MS * 8 : 0);
}

static bool bad_way(size_t k)
{
	return k % 13 == 5;
}

/* What a broken device says before it says it right. */
static void nonsense(struct device *v, size_t k, const struct buf *content)
{
	char serial[DEVICE_SERIAL];
	struct buf cut;

	switch (k % 4) {
	case 0: /* the checksum is wrong */
		buf_init(&cut, 1 << 17);
		buf_add(&cut, content->data, content->len);
		buf_add(&cut, "\x7E\x11", 2);
		assert_true(device_ask(v, DEVICE_PUNCH, &cut, false) && v->reply.flag == 1);
		buf_release(&cut);
		return;
	case 1: /* shorter than any punch */
		buf_init(&cut, 64);
		buf_add(&cut, content->data, 3);
		assert_true(device_ask(v, DEVICE_PUNCH, &cut, true) && v->reply.flag == 1);
		buf_release(&cut);
		return;
	case 2: /* no frame at all: the line is closed, and the device comes again */
		assert_true(send(v->fd, "\x02GET / HTTP/1.1\r\n\r\n and more than a head", 41, MSG_NOSIGNAL) == 41);
		assert_false(device_hear(v));
		break;
	default: /* a command that there is not */
		assert_false(device_ask(v, 844, content, true));
		break;
	}
	device_hang_up(v);
	serial_of(v->number, serial);
	device_call(v);
	assert_true(device_log_in(v, serial));
}

static void one_punch(struct yard *y, struct device *v, size_t k)
{
	struct buf content;

	punch_content((uint32_t)y->person[k % PEOPLE], moment(k), bad_way(k) ? 2 : DEVICE_FACE, k % 5 ? 0 : 9000, &content);
	if (k % 11 == 3)
		nonsense(v, k / 11, &content);
	assert_true(device_ask(v, DEVICE_PUNCH, &content, true));
	assert_int_equal(v->reply.flag, bad_way(k));
	if (k % 7 == 2) { /* the answer was lost on the way: once more, from a new line */
		char serial[DEVICE_SERIAL];

		device_hang_up(v);
		serial_of(v->number, serial);
		device_call(v);
		assert_true(device_log_in(v, serial));
		assert_true(device_ask(v, DEVICE_PUNCH, &content, true));
		assert_int_equal(v->reply.flag, bad_way(k));
	}
	buf_release(&content);
}

static void count_records(struct yard *y)
{
	unsigned char *seen = calloc(PUNCHES, 1);
	struct clock_row *rows = calloc(256, sizeof(*rows)), before;
	char serial[DEVICE_SERIAL];
	size_t n, all = 0;
	bool first = true;

	do {
		OK(desk_clock_list(y->s.d, 0, first ? NULL : &before, rows, 256, &n, E));
		first = false;
		for (size_t i = 0; i < n; i++) {
			size_t k = 0;

			while (k < PUNCHES && moment(k) != rows[i].at_ms)
				k++;
			assert_true(k < PUNCHES && !seen[k]++);
			assert_int_equal(rows[i].person, y->person[k % PEOPLE]);
			assert_int_equal(rows[i].picture, k % 5 == 0);
			serial_of(k % DEVICES, serial);
			assert_string_equal(rows[i].device, serial);
		}
		all += n;
		if (n)
			before = rows[n - 1];
	} while (n);
	for (size_t k = 0; k < PUNCHES; k++)
		assert_int_equal(seen[k], !bad_way(k));
	free(rows);
	free(seen);
	print_message("%zu clockings of %d people from %d devices\n", all, PEOPLE, DEVICES);
}

static void exactly_the_right_records(void **state)
{
	struct yard *y = calloc(1, sizeof(*y));
	struct device *v = calloc(DEVICES, sizeof(*v));
	struct rusage usage;
	int64_t began;

	(void)state;
	yard_open(y, PEOPLE, DEVICES);
	yard_serve(y);
	for (size_t i = 0; i < DEVICES; i++)
		device_start(&v[i], &y->g, y->g.port, i);
	began = clock_steady_ms();
	for (size_t k = 0; k < PUNCHES; k++)
		one_punch(y, &v[k % DEVICES], k);
	print_message("%d punches in %lld ms\n", PUNCHES, (long long)(clock_steady_ms() - began));
	getrusage(RUSAGE_SELF, &usage);
	print_message("memory at its most: %ld KiB\n", usage.ru_maxrss);
	count_records(y);
	for (size_t i = 0; i < DEVICES; i++)
		device_hang_up(&v[i]);
	yard_close(y);
	free(v);
	free(y);
}

/* --- list, features, collected ----------------------------------------------------------------------- */

static size_t list_of(struct device *v)
{
	struct device_manner m = {0};
	struct device_list l;
	struct buf content;
	bool by_frame;
	size_t n;

	buf_init(&content, 64);
	device_list_ask_write(0, 0, &content);
	assert_true(device_ask(v, DEVICE_WHITELIST, &content, true));
	assert_int_equal(v->reply.flag, 0);
	assert_true(device_frame_sum(&v->reply, &by_frame));
	OK(device_list_read(&m, &v->reply, &l, E));
	n = l.n;
	device_list_release(&l);
	buf_release(&content);
	return n;
}

static bool features_of(struct device *v, unsigned person)
{
	struct device_manner m = {0};
	char number[19];
	struct buf content;
	bool there;

	person_number(person, number);
	buf_init(&content, 128);
	device_features_ask_write(&m, "KQ-0000", number, &content);
	there = device_ask(v, DEVICE_FEATURES, &content, true);
	buf_release(&content);
	assert_true(there);
	return v->reply.flag == 0;
}

static void only_whom_the_list_needs(void **state)
{
	struct yard *y = calloc(1, sizeof(*y));
	struct device v;

	(void)state;
	yard_open(y, 3, 1);
	person_register(&y->s, 9, NULL); /* registered, not entered */
	yard_serve(y);
	device_start(&v, &y->g, y->g.port, 0);
	assert_int_equal(list_of(&v), 3);
	assert_false(features_of(&v, 9));
	site_login(&y->s, "manager");
	person_act(&y->s, y->person[1], EVENT_EXIT);
	assert_int_equal(list_of(&v), 2);
	assert_false(features_of(&v, 2));
	device_hang_up(&v);
	yard_close(y);
	free(y);
}

static void a_collected_person_waits(void **state)
{
	struct device_manner m = {0};
	struct yard *y = calloc(1, sizeof(*y));
	struct device_person p = {.name = "试采集", .sex = DEVICE_MALE, .nation = 14, .valid_to = DATE_LONG_TERM};
	struct collected_row rows[2];
	struct record r;
	struct device v;
	struct buf content;
	size_t n;

	(void)state;
	yard_open(y, 1, 1);
	yard_serve(y);
	device_start(&v, &y->g, y->g.port, 0);
	person_number(7, p.number);
	date_from_ymd(1990, 3, 7, &p.birth);
	date_from_ymd(2017, 4, 9, &p.valid_from);
	buf_init(&content, 4096);
	device_person_write(&m, &p, &content);
	for (int i = 0; i < 2; i++)
		assert_true(device_ask(&v, DEVICE_COLLECT, &content, true) && v.reply.flag == 0);
	OK(desk_collected_list(y->s.d, 0, rows, 2, &n, E));
	assert_int_equal(n, 1);
	record_init(&r);
	OK(desk_collected_open(y->s.d, rows[0].id, &r, E));
	assert_string_equal(record_get(&r, F_NUMBER), p.number);
	assert_string_equal(record_get(&r, F_SEX), "male");
	assert_string_equal(record_get(&r, F_NATION), "15"); /* 土家族: 14 in the annex, 15 on the card */
	assert_string_equal(record_get(&r, F_VALID_TO), "long-term");
	record_release(&r);
	buf_release(&content);
	device_hang_up(&v);
	yard_close(y);
	free(y);
}

/* --- hostile peers ----------------------------------------------------------------------------------- */

static void nothing_before_the_log_in(void **state)
{
	static const uint16_t commands[] = {DEVICE_HEARTBEAT, DEVICE_WHITELIST, DEVICE_FEATURES, DEVICE_PUNCH, DEVICE_COLLECT};
	struct yard *y = calloc(1, sizeof(*y));
	struct device v = {.number = 1};

	(void)state;
	yard_open(y, 1, 1);
	yard_serve(y);
	v.g = &y->g;
	v.port = y->g.port;
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		device_call(&v);
		assert_false(device_ask(&v, commands[i], NULL, commands[i] != DEVICE_HEARTBEAT));
		device_hang_up(&v);
	}
	device_call(&v);
	assert_false(device_log_in(&v, "KQ-9999")); /* in no register */
	assert_int_equal(v.reply.flag, 1);
	assert_false(device_ask(&v, DEVICE_WHITELIST, NULL, true));
	device_hang_up(&v);
	yard_close(y);
	free(y);
}

static void a_long_frame_ends_it(void **state)
{
	unsigned char head[DEVICE_HEAD] = {0x01, 0, 0, 0, 0x40}; /* a GiB is announced */
	struct yard *y = calloc(1, sizeof(*y));
	struct device v = {.number = 1};

	(void)state;
	yard_open(y, 1, 1);
	yard_serve(y);
	v.g = &y->g;
	v.port = y->g.port;
	head[13] = 0x01;
	device_call(&v);
	assert_int_equal(send(v.fd, head, sizeof(head), MSG_NOSIGNAL), sizeof(head));
	assert_false(device_hear(&v));
	device_hang_up(&v);
	yard_close(y);
	free(y);
}

static void so_many_from_one_address(void **state)
{
	struct yard *y = calloc(1, sizeof(*y));
	struct device v[GATEWAY_PER_ADDRESS + 1], other;

	(void)state;
	yard_open(y, 1, 1);
	yard_serve(y);
	for (size_t i = 0; i < ARRAY_LEN(v); i++) {
		v[i] = (struct device){.g = &y->g, .port = y->g.port, .number = 5};
		device_call(&v[i]);
		device_serves(&y->g);
	}
	assert_int_equal(y->g.n, GATEWAY_PER_ADDRESS);
	assert_false(device_hear(&v[GATEWAY_PER_ADDRESS]));
	device_start(&other, &y->g, y->g.port, 0); /* from elsewhere there is room */
	for (size_t i = 0; i < ARRAY_LEN(v); i++)
		device_hang_up(&v[i]);
	device_hang_up(&other);
	yard_close(y);
	free(y);
}

static void one_line_a_device(void **state)
{
	struct yard *y = calloc(1, sizeof(*y));
	struct device old, new;

	(void)state;
	yard_open(y, 1, 1);
	yard_serve(y);
	device_start(&old, &y->g, y->g.port, 0);
	device_start(&new, &y->g, y->g.port, 0);
	assert_false(device_ask(&old, DEVICE_HEARTBEAT, NULL, false));
	assert_true(device_ask(&new, DEVICE_HEARTBEAT, NULL, false));
	device_hang_up(&old);
	device_hang_up(&new);
	yard_close(y);
	free(y);
}

static void who_dawdles(void **state)
{
	struct conversation c;

	(void)state;
	conversation_init(&c, 1000);
	assert_false(conversation_overdue(&c, 1000 + CONVERSATION_LOGIN_MS));
	assert_true(conversation_overdue(&c, 1001 + CONVERSATION_LOGIN_MS));
	c.device.id = 1;
	assert_false(conversation_overdue(&c, 1001 + CONVERSATION_LOGIN_MS));
	assert_true(conversation_overdue(&c, 1001 + CONVERSATION_IDLE_MS));
	conversation_take(&c, "\x01", 1, 5000);
	assert_false(conversation_overdue(&c, 5000 + CONVERSATION_FRAME_MS));
	assert_true(conversation_overdue(&c, 5001 + CONVERSATION_FRAME_MS));
	conversation_release(&c);
}

static void near_addresses_only(void **state)
{
	static const char *const bad[] = {"0.0.0.0:1", "8.8.8.8:1", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:70000", "localhost:1", ""};
	struct gateway g;
	struct err e = {ERR_NONE};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		gateway_init(&g, NULL);
		assert_int_equal(gateway_listen(&g, bad[i], &e), -1);
		assert_int_equal(e.code, ERR_GATEWAY_ADDRESS);
		gateway_release(&g);
	}
}

/* --- killed ------------------------------------------------------------------------------------------ */

static void die(void *arg, long n)
{
	if (n == *(const long *)arg)
		_exit(9);
}

/* A gateway in a process of its own, which dies before commit number `at`; 0: never. */
static pid_t gateway_process(const struct site *s, long at, int *port)
{
	int ends[2];
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		struct store_seam seam = {.arg = &at, .before_commit = die};
		struct gateway g;
		bool stored;

		gateway_init(&g, runner_of(s));
		at += at ? store_commits(g.desk->store) : 0;
		if (gateway_listen(&g, "127.0.0.1:0", NULL))
			_exit(8);
		store_set_seam(g.desk->store, &seam);
		if (write(ends[1], &g.port, sizeof(g.port)) != sizeof(g.port))
			_exit(8);
		close(ends[1]);
		for (;;) {
			struct pollfd p = {.fd = g.epoll_fd, .events = POLLIN};

			poll(&p, 1, 1000);
			if (gateway_turn(&g, &stored, NULL))
				_exit(7);
		}
	}
	close(ends[1]);
	assert_int_equal(read(ends[0], port, sizeof(*port)), sizeof(*port));
	close(ends[0]);
	return pid;
}

static void end_process(pid_t pid, bool *died)
{
	int status;

	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	*died = WIFEXITED(status) && WEXITSTATUS(status) == 9;
}

#define JOBS 4
/* Whatever had no answer is said again. False: the line went. */
static bool work(struct yard *y, struct device *v, bool done[JOBS])
{
	char serial[DEVICE_SERIAL];
	struct buf content;

	serial_of(0, serial);
	if (!device_log_in(v, serial))
		return false;
	for (size_t k = 0; k < JOBS; k++) {
		if (done[k])
			continue;
		punch_content((uint32_t)y->person[0], moment(k), DEVICE_FACE, 500, &content);
		done[k] = device_ask(v, DEVICE_PUNCH, &content, true) && v->reply.flag == 0;
		buf_release(&content);
		if (!done[k])
			return false;
	}
	return true;
}

static bool work_until_killed(struct yard *y, long at, bool done[JOBS])
{
	struct device v = {.number = 0};
	bool died, all;
	pid_t pid = gateway_process(&y->s, at, &v.port);

	device_call(&v);
	all = work(y, &v, done);
	device_hang_up(&v);
	end_process(pid, &died);
	assert_true(all || died);
	return died;
}

static void killed_at_every_commit(void **state)
{
	bool died = true;

	(void)state;
	for (long at = 1; died; at++) {
		struct yard *y = calloc(1, sizeof(*y));
		bool done[JOBS] = {false};
		struct clock_row rows[JOBS + 1];
		size_t n;

		yard_open(y, 1, 1);
		desk_close(y->s.d);
		y->s.d = site_open_another(&y->s, "clerk");
		died = work_until_killed(y, at, done);
		if (died)
			assert_false(work_until_killed(y, 0, done));
		OK(desk_clock_list(y->s.d, 0, NULL, rows, JOBS + 1, &n, E));
		assert_int_equal(n, JOBS); /* none lost, none twice */
		assert_true(at < 50);
		site_drop(&y->s);
		free(y);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(exactly_the_right_records), cmocka_unit_test(only_whom_the_list_needs), cmocka_unit_test(a_collected_person_waits),
		cmocka_unit_test(nothing_before_the_log_in), cmocka_unit_test(a_long_frame_ends_it),	 cmocka_unit_test(so_many_from_one_address),
		cmocka_unit_test(one_line_a_device),	     cmocka_unit_test(who_dawdles),		 cmocka_unit_test(near_addresses_only),
		cmocka_unit_test(killed_at_every_commit),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
