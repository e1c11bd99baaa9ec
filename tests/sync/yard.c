/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/yard.h"

#include <arpa/inet.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/text.h"
#include "desk_private.h"

#define WAIT_MS 20000

/* --- the site ---------------------------------------------------------------------------------------- */

static void act_on_all(struct site *s, const int64_t *persons, size_t n, enum event event)
{
	struct act a = {.event = event, .persons = persons, .n = n, .on = DATE_NONE};
	struct verdict *v = calloc(n, sizeof(*v));
	size_t done;

	OK(desk_act(s->d, &a, v, &done, E));
	assert_int_equal(done, n);
	free(v);
}

static void people_enter(struct yard *y, size_t n)
{
	char employment[UID_TEXT];

	for (size_t i = 0; i < n; i++) {
		y->person[i] = person_register(&y->s, (unsigned)i + 1, NULL);
		person_employment(&y->s, y->person[i], employment);
		change_arrives(&y->s, "employment.consent", employment, APPLIED);
	}
	site_login(&y->s, "manager");
	act_on_all(&y->s, y->person, n, EVENT_SUBMIT);
	act_on_all(&y->s, y->person, n, EVENT_ENTER);
	site_login(&y->s, "clerk");
}

void serial_of(size_t i, char out[DEVICE_SERIAL])
{
	text_format(out, DEVICE_SERIAL, "KQ-%04zu", i);
}

static void add_devices(struct yard *y, size_t n)
{
	char serial[DEVICE_SERIAL], uid[UID_TEXT];

	for (size_t i = 0; i < n; i++) {
		serial_of(i, serial);
		OK(desk_device_add(y->s.d, &(struct device_new){.serial = serial}, uid, E));
	}
}

struct desk *runner_of(const struct site *s)
{
	struct desk *d = site_open_another(s, "clerk");
	unsigned char key[DESK_KEY_BYTES];

	OK(desk_export_key(d, key, E));
	OK(desk_adopt_key(d, key, E));
	wipe(key, sizeof(key));
	return d;
}

void yard_open(struct yard *y, size_t people, size_t devices)
{
	site_make(&y->s, "national");
	site_login(&y->s, "clerk");
	people_enter(y, people);
	add_devices(y, devices);
}

void yard_serve(struct yard *y)
{
	y->runner = runner_of(&y->s);
	gateway_init(&y->g, y->runner);
	OK(gateway_listen(&y->g, "127.0.0.1:0", E));
}

void yard_close(struct yard *y)
{
	gateway_release(&y->g);
	desk_close(y->runner);
	site_drop(&y->s);
}

/* --- a device ---------------------------------------------------------------------------------------- */


void device_call(struct device *v)
{
	struct sockaddr_in from = {.sin_family = AF_INET}, to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)v->port)};

	/* each device has an address of its own on the loopback network */
	from.sin_addr.s_addr = htonl(0x7F010000u + (uint32_t)v->number + 1);
	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	v->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(v->fd >= 0);
	assert_int_equal(bind(v->fd, (struct sockaddr *)&from, sizeof(from)), 0);
	assert_int_equal(connect(v->fd, (struct sockaddr *)&to, sizeof(to)), 0);
	buf_init(&v->in, 9u << 20);
}

void device_hang_up(struct device *v)
{
	close(v->fd);
	buf_release(&v->in);
	v->fd = -1;
}

static void device_say(struct device *v, uint16_t command, const struct buf *content, bool sum)
{
	struct device_frame f = {.command = command, .content = content ? (const unsigned char *)content->data : NULL, .n = content ? content->len : 0};
	struct device_manner m = {0};
	struct buf out;

	buf_init(&out, 1 << 20);
	OK(device_frame_write(&m, &f, sum, &out, E));
	(void)!send(v->fd, out.data, out.len, MSG_NOSIGNAL);
	buf_release(&out);
}

static void serves_or_fails(struct gateway *g)
{
	bool stored;

	OK(gateway_turn(g, &stored, E));
}

void (*device_serves)(struct gateway *g) = serves_or_fails;

bool device_hear(struct device *v)
{
	struct device_manner m = {0};
	int64_t until = clock_steady_ms() + WAIT_MS;
	char chunk[65536];
	size_t used;

	for (;;) {
		struct pollfd p = {.fd = v->fd, .events = POLLIN};
		ssize_t n;

		if (v->g)
			device_serves(v->g);
		assert_true(clock_steady_ms() < until);
		if (poll(&p, 1, v->g ? 0 : 100) <= 0)
			continue;
		n = recv(v->fd, chunk, sizeof(chunk), 0);
		if (n <= 0)
			return false;
		assert_int_equal(buf_add(&v->in, chunk, (size_t)n), 0);
		if (device_frame_read(&m, v->in.data, v->in.len, &v->reply, &used, NULL) == DEVICE_WHOLE)
			return true;
	}
}

bool device_ask(struct device *v, uint16_t command, const struct buf *content, bool sum)
{
	buf_reset(&v->in);
	device_say(v, command, content, sum);
	return device_hear(v);
}

bool device_log_in(struct device *v, const char *serial)
{
	struct device_manner m = {0};
	struct device_login l = {.maker = "MAKER"};
	struct buf content;
	bool there;

	text_copy(l.device, sizeof(l.device), serial);
	buf_init(&content, 1024);
	device_login_write(&m, &l, &content);
	there = device_ask(v, DEVICE_LOGIN, &content, true);
	buf_release(&content);
	return there && v->reply.flag == 0;
}

void device_start(struct device *v, struct gateway *g, int port, size_t number)
{
	char serial[DEVICE_SERIAL];

	*v = (struct device){.g = g, .port = port, .number = number};
	serial_of(number, serial);
	device_call(v);
	assert_true(device_log_in(v, serial));
}

void punch_content(uint32_t worker, int64_t at_ms, unsigned char mode, size_t picture, struct buf *out)
{
	static unsigned char jpeg[60000] = {0xFF, 0xD8, 0xFF, 0xE0};
	struct device_manner m = {0};
	struct device_punch p = {.worker = worker, .at_ms = at_ms, .mode = mode, .photo = {jpeg, picture}};

	memcpy(jpeg + 8, &at_ms, sizeof(at_ms)); /* no two are the same */
	buf_init(out, 1 << 17);
	device_punch_write(&m, &p, out);
}
