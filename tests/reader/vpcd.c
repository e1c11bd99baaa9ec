/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/vpcd.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/dates.h"

#define DEADLINE_MS 20000
#define COMMAND_ATR 4

static int listen_on(unsigned port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
				 .sin_addr.s_addr = htonl(INADDR_ANY) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd >= 0 && bind(fd, (struct sockaddr *)&a, sizeof(a)) == 0 && listen(fd, 1) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

unsigned vpcd_free_port(void)
{
	for (unsigned i = 0; i < 1000; i++) {
		unsigned port = 20000 + ((unsigned)getpid() * 7 + i * 2) % 12000;
		int one = listen_on(port), two = listen_on(port + 1);

		if (one >= 0)
			close(one);
		if (two >= 0)
			close(two);
		if (one >= 0 && two >= 0)
			return port;
	}
	fail_msg("no free port");
	return 0;
}

/* Length and data come in segments of their own: without this each of them waits for a delayed acknowledgement. */
static bool receive(int fd, void *data, size_t n)
{
	uint8_t *p = data;

	while (n) {
		int one = 1;
		ssize_t got;

		setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &one, sizeof(one));
		got = recv(fd, p, n, 0);
		if (got <= 0)
			return false;
		p += got;
		n -= (size_t)got;
	}
	return true;
}

static bool reply(int fd, const uint8_t *data, size_t n)
{
	uint8_t whole[2 + 4096] = { (uint8_t)(n >> 8), (uint8_t)n };

	memcpy(whole + 2, data, n);
	return send(fd, whole, n + 2, MSG_NOSIGNAL) == (ssize_t)n + 2;
}

/* One byte is a command to the card (0 off, 1 on, 2 reset: no answer; 4: its ATR), all else an APDU. */
static void *play(void *arg)
{
	struct vpcd *v = arg;
	uint8_t head[2], apdu[4096], out[4096];

	while (receive(v->fd, head, 2)) {
		size_t n = (size_t)head[0] << 8 | head[1];

		if (n > sizeof(apdu) || !receive(v->fd, apdu, n))
			break;
		if (n == 1 && apdu[0] == COMMAND_ATR && !reply(v->fd, v->atr, v->atr_len))
			break;
		if (n > 1 && !reply(v->fd, out, v->answer(v->arg, apdu, n, out, sizeof(out))))
			break;
	}
	return NULL;
}

void vpcd_insert(struct vpcd *v)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)v->port),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int64_t until = clock_steady_ms() + DEADLINE_MS;

	do {
		v->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (connect(v->fd, (struct sockaddr *)&a, sizeof(a)) == 0)
			break;
		close(v->fd);
		v->fd = -1;
		poll(NULL, 0, 10);
	} while (clock_steady_ms() < until);
	if (v->fd < 0)
		fail_msg("nobody listens on port %u", v->port);
	assert_int_equal(pthread_create(&v->thread, NULL, play, v), 0);
	v->running = true;
}

void vpcd_remove(struct vpcd *v)
{
	if (!v->running)
		return;
	shutdown(v->fd, SHUT_RDWR);
	pthread_join(v->thread, NULL);
	close(v->fd);
	v->running = false;
}
