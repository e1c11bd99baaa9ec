/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bench-gateway DIR [DEVICES [PUNCHES]]: a gateway over a directory in which everybody is on site (bench-month), in a process of its own, and
 * devices that all ask at once: each has its next question on the way as soon as it has its answer. A fifth of the punches bring a picture
 * of 9 kB. Then one device alone: the latency of a question when nobody else asks.
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

#include "base/dates.h"
#include "base/i18n.h"
#include "base/io.h"
#include "base/text.h"
#include "bench.h"
#include "desk/attendance.h"
#include "desk/device.h"
#include "desk/people.h"
#include "gateway/server.h"

#define DEVICES_MOST 900
#define PEOPLE_MOST 20000
#define ALONE 500
#define PICTURE 9000
#define PAGE 64
#define SERIAL "BENCH-%04zu"

static int64_t person[PEOPLE_MOST];
static size_t people;
static const struct device_manner manner;

/* --- the site ------------------------------------------------------------------------------------------------------------------------- */

static int on_site(struct desk *d, struct err *e)
{
	struct roster_row rows[PAGE];
	struct roster_query q = { .filter = ROSTER_ON_SITE };
	struct roster_page page = { .row = rows, .cap = PAGE, .more = true };

	for (; page.more && people < PEOPLE_MOST; q.after = page.last) {
		if (desk_roster(d, &q, &page, e) != 0)
			return -1;
		for (size_t i = 0; i < page.n && people < PEOPLE_MOST; i++)
			person[people++] = rows[i].person;
	}
	return people ? 0 : err_set(e, ERR_NO_SUCH, "nobody is on site: run bench-month first");
}

static int add_devices(struct desk *d, size_t n, struct err *e)
{
	struct device_row row;
	char serial[DEVICE_SERIAL], uid[UID_TEXT];

	for (size_t i = 0; i < n; i++) {
		struct err own = { 0 };

		text_format(serial, sizeof(serial), SERIAL, i);
		if (desk_device_by_serial(d, serial, &row, &own) == 0)
			continue;
		if (desk_device_add(d, &(struct device_new){ .serial = serial, .biometric = "face" }, uid, e) != 0)
			return -1;
	}
	return 0;
}

/* --- the gateway ---------------------------------------------------------------------------------------------------------------------------- */

static unsigned char key[DESK_KEY_BYTES]; /* the runner's: no login in the gateway's process, whose memory is told */

static int serve(const char *dir, int ready)
{
	struct desk *d = NULL;
	struct gateway *g = calloc(1, sizeof(*g));
	struct err e = { 0 };
	bool stored;

	if (!g || desk_open(&d, &(struct desk_options){ .dir = dir, .checkpoint = true }, &e) != 0 || desk_adopt_key(d, key, &e) != 0 ||
	    desk_project_use(d, 1, &e) != 0)
		return 1;
	gateway_init(g, d);
	if (gateway_listen(g, "127.0.0.1:0", &e) != 0 || io_write_all(ready, &g->port, sizeof(g->port), NULL) != 0)
		return 1;
	for (;;) {
		poll(&(struct pollfd){ .fd = g->epoll_fd, .events = POLLIN }, 1, GATEWAY_TICK_MS);
		if (gateway_turn(g, &stored, &e) != 0)
			return 1;
	}
}

static pid_t start_gateway(const char *dir, int *port, struct err *e)
{
	int ready[2];
	pid_t pid = pipe(ready) == 0 ? fork() : -1;

	if (pid < 0)
		return err_errno(e, "gateway");
	if (pid == 0)
		_exit(serve(dir, ready[1]));
	close(ready[1]);
	if (read(ready[0], port, sizeof(*port)) != (ssize_t)sizeof(*port))
		err_set(e, ERR_INTERNAL, "the gateway did not begin");
	close(ready[0]);
	return pid;
}

/* --- devices --------------------------------------------------------------------------------------------------------------------------------- */

struct device { int fd; struct buf in; double asked; };

static int call(struct device *v, size_t number, int port, struct err *e)
{
	struct sockaddr_in from = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(0x7F010000u + (uint32_t)number + 1) };
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

	buf_init(&v->in, 1u << 20);
	v->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (v->fd < 0 || bind(v->fd, (struct sockaddr *)&from, sizeof(from)) != 0 || connect(v->fd, (struct sockaddr *)&to, sizeof(to)) != 0)
		return err_errno(e, "device");
	return 0;
}

static int say(struct device *v, uint16_t command, const struct buf *content, struct err *e)
{
	struct device_frame f = { .command = command, .content = (const unsigned char *)content->data, .n = content->len };
	struct buf out;
	int rc;

	buf_init(&out, 1u << 20);
	rc = device_frame_write(&manner, &f, true, &out, e);
	buf_reset(&v->in);
	v->asked = bench_ms();
	if (rc == 0 && io_write_all(v->fd, out.data, out.len, NULL) != 0)
		rc = err_errno(e, "device");
	buf_release(&out);
	return rc;
}

/* 1: the answer stands there; 0: not yet. An answer that says no is a failure of the measuring. */
static int hear(struct device *v, struct err *e)
{
	struct device_frame reply;
	char chunk[4096];
	size_t used;
	ssize_t n = recv(v->fd, chunk, sizeof(chunk), MSG_DONTWAIT);

	if (n <= 0 || buf_add(&v->in, chunk, (size_t)n) != 0)
		return err_set(e, ERR_INTERNAL, "the line was closed");
	if (device_frame_read(&manner, v->in.data, v->in.len, &reply, &used, NULL) != DEVICE_WHOLE)
		return 0;
	return reply.flag ? err_set(e, ERR_INTERNAL, "the gateway said no") : 1;
}

static int log_in(struct device *v, size_t number, struct err *e)
{
	struct device_login l = { .maker = "" };
	struct buf content;
	int rc;

	text_format(l.device, sizeof(l.device), SERIAL, number);
	buf_init(&content, 1024);
	device_login_write(&manner, &l, &content);
	rc = say(v, DEVICE_LOGIN, &content, e);
	buf_release(&content);
	while (rc == 0) {
		poll(&(struct pollfd){ .fd = v->fd, .events = POLLIN }, 1, -1);
		rc = hear(v, e);
	}
	return rc < 0 ? -1 : 0;
}

/* Punch k of all: no two at the same moment. */
static int punch(struct device *v, size_t k, int64_t begin_ms, struct err *e)
{
	static unsigned char jpeg[PICTURE] = { 0xFF, 0xD8, 0xFF, 0xE0 };
	struct device_punch p = { .worker = (uint32_t)person[k % people], .at_ms = begin_ms - (int64_t)k * 1000, .mode = DEVICE_FACE,
		.photo = { jpeg, k % 5 ? 0 : PICTURE } };
	struct buf content;
	int rc;

	memcpy(jpeg + 8, &p.at_ms, sizeof(p.at_ms));
	buf_init(&content, 1 << 16);
	device_punch_write(&manner, &p, &content);
	rc = say(v, DEVICE_PUNCH, &content, e);
	buf_release(&content);
	return rc;
}

struct run { struct device *v; size_t devices, punches, said, heard; int64_t begin_ms; double *took; };

/* Whoever has an answer asks again. */
static int turn(struct run *r, struct pollfd *p, struct err *e)
{
	for (size_t i = 0; i < r->devices; i++)
		p[i] = (struct pollfd){ .fd = r->v[i].fd, .events = POLLIN };
	if (poll(p, r->devices, 10000) <= 0)
		return err_set(e, ERR_INTERNAL, "no answer for ten seconds");
	for (size_t i = 0; i < r->devices; i++) {
		int got = p[i].revents ? hear(&r->v[i], e) : 0;

		if (got < 0)
			return -1;
		if (!got)
			continue;
		r->took[r->heard++] = bench_ms() - r->v[i].asked;
		if (r->said < r->punches && punch(&r->v[i], r->said++, r->begin_ms, e) != 0)
			return -1;
	}
	return 0;
}

static int run(struct run *r, struct err *e)
{
	struct pollfd *p = calloc(r->devices, sizeof(*p));
	int rc = p ? 0 : err_set(e, ERR_MEMORY, "devices");

	for (size_t i = 0; rc == 0 && i < r->devices && r->said < r->punches; i++)
		rc = punch(&r->v[i], r->said++, r->begin_ms, e);
	while (rc == 0 && r->heard < r->punches)
		rc = turn(r, p, e);
	free(p);
	return rc;
}

static int measure(struct device *v, size_t devices, size_t punches, int64_t begin_ms, const char *what, struct err *e)
{
	struct run r = { .v = v, .devices = devices, .punches = punches, .begin_ms = begin_ms, .took = calloc(punches, sizeof(double)) };
	double begin = bench_ms(), all;
	char row[96];
	int rc = r.took ? run(&r, e) : err_set(e, ERR_MEMORY, "punches");

	all = bench_ms() - begin;
	if (rc == 0) {
		snprintf(row, sizeof(row), "%s: %.0f a second", what, (double)punches / all * 1000);
		bench_row(row, r.took, punches, "");
	}
	free(r.took);
	return rc;
}

static int measure_all(struct device *v, size_t devices, size_t punches, struct err *e)
{
	int64_t now = clock_now_ms() / 1000 * 1000;
	char what[64];

	snprintf(what, sizeof(what), "%zu devices at once", devices);
	return measure(v, devices, punches, now, what, e) != 0 ? -1 : measure(v, 1, ALONE, now - (int64_t)punches * 1000, "one device alone", e);
}

static int with_devices(const char *dir, size_t devices, size_t punches, struct err *e)
{
	struct device *v = calloc(devices, sizeof(*v));
	int port = 0, rc = v ? 0 : err_set(e, ERR_MEMORY, "devices");
	pid_t pid = rc == 0 ? start_gateway(dir, &port, e) : -1;
	struct rusage used;

	if (pid < 0 || e->code != ERR_NONE)
		rc = -1;
	for (size_t i = 0; rc == 0 && i < devices; i++)
		rc = call(&v[i], i, port, e) != 0 || log_in(&v[i], i, e) != 0 ? -1 : 0;
	if (rc == 0)
		rc = measure_all(v, devices, punches, e);
	if (pid > 0) {
		kill(pid, SIGTERM);
		wait4(pid, NULL, 0, &used);
		printf("%-46s %6.1f MiB\n", "the gateway's memory, at most", (double)used.ru_maxrss / 1024);
	}
	for (size_t i = 0; v && i < devices; i++) {
		close(v[i].fd);
		buf_release(&v[i].in);
	}
	free(v);
	return rc;
}

int main(int argc, char **argv)
{
	size_t devices = argc > 2 ? strtoul(argv[2], NULL, 10) : 300, punches = argc > 3 ? strtoul(argv[3], NULL, 10) : 20000;
	struct desk *d = NULL;
	struct err e = { 0 };
	struct month m;
	int rc = 1;

	if (argc < 2 || !devices || devices > DEVICES_MOST || !punches) {
		fprintf(stderr, "usage: bench-gateway DIR [DEVICES [PUNCHES]]\n");
		return 2;
	}
	i18n_init("zh");
	signal(SIGPIPE, SIG_IGN);
	m = month_next(month_of(date_today()), 1); /* bench-month's: they have been on site since its first day */
	clock_fix_ms(date_begin_ms(m.first + m.days));
	if (desk_open(&d, &(struct desk_options){ .dir = argv[1], .checkpoint = true }, &e) == 0 &&
	    desk_login(d, BENCH_ACCOUNT, BENCH_PASSWORD, &e) == 0 && on_site(d, &e) == 0)
		rc = add_devices(d, devices, &e) != 0 || desk_export_key(d, key, &e) != 0 ? -1 : 0;
	desk_close(d);
	if (rc == 0)
		rc = with_devices(argv[1], devices, punches, &e);
	if (rc != 0)
		fprintf(stderr, "bench-gateway: %s: %s\n", err_name(e.code), e.detail);
	return rc ? 1 : 0;
}
