/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/device_line.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/dates.h"
#include "base/text.h"
#include "base/uid.h"

#define STEP_MS 200 /* how often go_on is asked while waiting */
#define READ_BYTES 65536

struct device_line {
	struct device_line_options o;
	char host[256];
	int fd;
	unsigned char session[DEVICE_SESSION];
	int64_t last_ms; /* steady clock: when something last came */
};

void device_reply_init(struct device_reply *r)
{
	*r = (struct device_reply){0};
	buf_init(&r->bytes, DEVICE_MAX + DEVICE_FRAME);
}

void device_reply_release(struct device_reply *r)
{
	buf_wipe_release(&r->bytes);
}

static void hang_up(struct device_line *l)
{
	if (l->fd >= 0)
		close(l->fd);
	l->fd = -1;
}

/* --- waiting ----------------------------------------------------------------------------------------- */

/* Until the descriptor is ready: 0; -1 with *e when the time is over or nobody wants it any more. */
static int wait_for(const struct device_line *l, int fd, short events, int64_t until_ms, struct err *e)
{
	struct pollfd p = {.fd = fd, .events = events};

	for (;;) {
		int64_t left = until_ms - clock_steady_ms();

		if (left <= 0)
			return err_set(e, ERR_NET_OFFLINE, "no reply in time");
		if (l->o.go_on && !l->o.go_on(l->o.go_on_arg))
			return err_set(e, ERR_NET_OFFLINE, "given up: the runner is ending");
		if (poll(&p, 1, left < STEP_MS ? (int)left : STEP_MS) > 0)
			return 0;
	}
}

static int finish_connect(const struct device_line *l, int fd, int64_t until_ms, struct err *e)
{
	socklen_t size = sizeof(int);
	int bad = 0;

	if (wait_for(l, fd, POLLOUT, until_ms, e))
		return -1;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &bad, &size) || bad)
		return err_set(e, ERR_NET_OFFLINE, "%s", strerror(bad ? bad : errno));
	return 0;
}

static int connect_to(struct device_line *l, const struct addrinfo *at, int64_t until_ms, struct err *e)
{
	int fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return err_set(e, ERR_NET_OFFLINE, "socket");
	if ((connect(fd, at->ai_addr, at->ai_addrlen) && errno != EINPROGRESS) ||
	    finish_connect(l, fd, until_ms, e)) {
		if (e && !e->code)
			err_set(e, ERR_NET_OFFLINE, "%s", strerror(errno));
		close(fd);
		return -1;
	}
	l->fd = fd;
	return 0;
}

static int dial(struct device_line *l, int64_t until_ms, struct err *e)
{
	struct addrinfo want = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV}, *found = NULL;
	char port[12];
	int last = -1;

	text_format(port, sizeof(port), "%d", l->o.port);
	if (getaddrinfo(l->host, port, &want, &found))
		return err_set(e, ERR_NET_OFFLINE, "the host is not known");
	for (struct addrinfo *at = found; at && last; at = at->ai_next) {
		err_clear(e);
		last = connect_to(l, at, until_ms, e);
	}
	freeaddrinfo(found);
	return last;
}

/* --- one question ------------------------------------------------------------------------------------ */

static int send_all(struct device_line *l, const struct buf *frame, int64_t until_ms, bool *left,
		    struct err *e)
{
	size_t at = 0;

	while (at < frame->len) {
		ssize_t n;

		if (wait_for(l, l->fd, POLLOUT, until_ms, e))
			return -1;
		n = send(l->fd, frame->data + at, frame->len - at, MSG_NOSIGNAL);
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return err_set(e, ERR_NET_OFFLINE, "%s", strerror(errno));
		at += n > 0 ? (size_t)n : 0;
		*left = *left || n > 0;
	}
	return 0;
}

static int read_some(struct device_line *l, struct buf *into, int64_t until_ms, struct err *e)
{
	char chunk[READ_BYTES];
	ssize_t n;
	int last = 0;

	if (wait_for(l, l->fd, POLLIN, until_ms, e))
		return -1;
	n = recv(l->fd, chunk, sizeof(chunk), 0);
	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		last = err_set(e, ERR_NET_OFFLINE, "%s", n ? strerror(errno) : "the platform hung up");
	else if (n > 0 && buf_add(into, chunk, (size_t)n))
		last = err_set(e, (size_t)n > into->ceiling - into->len ? ERR_NET_ANSWER : ERR_MEMORY, "reply of more than %zu bytes", into->len);
	wipe(chunk, sizeof(chunk));
	return last;
}

/* Replies that have a checksum; a success without content has none. */
static bool has_sum(const struct device_frame *f)
{
	return f->n && f->command != DEVICE_HEARTBEAT && !(f->flag && f->command != DEVICE_COLLECT);
}

static int take_reply(struct device_line *l, uint16_t command, struct device_reply *reply, int64_t until_ms,
		      struct err *e)
{
	enum device_read got = DEVICE_MORE;
	size_t used;
	bool by_frame;

	while (got == DEVICE_MORE) {
		if (read_some(l, &reply->bytes, until_ms, e))
			return -1;
		got = device_frame_read(&l->o.manner, reply->bytes.data, reply->bytes.len, &reply->frame,
					&used, e);
	}
	if (got == DEVICE_BROKEN)
		return -1;
	if (used != reply->bytes.len || reply->frame.command != command)
		return err_set(e, ERR_NET_ANSWER, "a reply to another question");
	if (reply->frame.parts > 1)
		return err_set(e, ERR_NET_ANSWER, "a reply in parts");
	if (has_sum(&reply->frame) && !device_frame_sum(&reply->frame, &by_frame))
		return err_set(e, ERR_NET_ANSWER, "a reply with a wrong checksum");
	l->last_ms = clock_steady_ms();
	return 0;
}

static int exchange(struct device_line *l, uint16_t command, const struct buf *content,
		    struct device_reply *reply, bool *left, struct err *e)
{
	int64_t until = clock_steady_ms() + l->o.reply_ms;
	struct device_frame f = {
		.command = command, .content = (const unsigned char *)content->data, .n = content->len};
	struct buf frame;
	int last = -1;

	memcpy(f.session, l->session, DEVICE_SESSION);
	buf_init(&frame, DEVICE_MAX + DEVICE_FRAME);
	buf_reset(&reply->bytes);
	if (!device_frame_write(&l->o.manner, &f, command != DEVICE_HEARTBEAT, &frame, e) &&
	    !send_all(l, &frame, until, left, e))
		last = take_reply(l, command, reply, until, e);
	if (last)
		hang_up(l);
	buf_wipe_release(&frame);
	return last;
}

/* --- being logged in --------------------------------------------------------------------------------- */

static int log_in(struct device_line *l, struct err *e)
{
	struct device_reply reply;
	struct buf content;
	char words[120];
	bool left = false;
	int last;

	random_bytes(l->session, sizeof(l->session));
	device_reply_init(&reply);
	buf_init(&content, 256);
	device_login_write(&l->o.manner, &l->o.who, &content);
	last = exchange(l, DEVICE_LOGIN, &content, &reply, &left, e);
	if (!last && reply.frame.flag) {
		device_frame_words(&reply.frame, words, sizeof(words));
		last = err_set(e, ERR_NET_REFUSED, "login: %s", words);
		hang_up(l);
	}
	if (!last)
		memcpy(l->session, reply.frame.session, DEVICE_SESSION);
	buf_release(&content);
	device_reply_release(&reply);
	return last;
}

/* A line that was silent for long may be dead without our knowing: a heartbeat tells, and costs nothing if it
 * is lost. */
static void try_line(struct device_line *l)
{
	struct device_reply reply;
	struct buf none = {0};
	bool left = false;

	if (l->fd < 0 || clock_steady_ms() - l->last_ms < l->o.heartbeat_ms)
		return;
	device_reply_init(&reply);
	exchange(l, DEVICE_HEARTBEAT, &none, &reply, &left, NULL);
	device_reply_release(&reply);
}

int device_line_ask(struct device_line *l, uint16_t command, const struct buf *content,
		    struct device_reply *reply, bool *may_have_left, struct err *e)
{
	*may_have_left = false;
	try_line(l);
	if (l->fd < 0 && (dial(l, clock_steady_ms() + l->o.reply_ms, e) || log_in(l, e))) {
		hang_up(l);
		return -1;
	}
	return exchange(l, command, content, reply, may_have_left, e);
}

/* --- opening ----------------------------------------------------------------------------------------- */

int device_line_open(struct device_line **out, const struct device_line_options *o, struct err *e)
{
	struct device_line *l = calloc(1, sizeof(*l));

	if (!l)
		return err_set(e, ERR_MEMORY, "device line");
	l->o = *o;
	l->fd = -1;
	l->o.reply_ms = o->reply_ms ? o->reply_ms : DEVICE_REPLY_MS;
	l->o.heartbeat_ms = o->heartbeat_ms ? o->heartbeat_ms : DEVICE_BEAT_MS;
	if (!text_copy(l->host, sizeof(l->host), o->host)) {
		free(l);
		return err_set(e, ERR_NET_NOT_CONFIGURED, "the host's name is too long");
	}
	l->o.host = l->host;
	*out = l;
	return 0;
}

void device_line_close(struct device_line *l)
{
	if (!l)
		return;
	hang_up(l);
	wipe(l, sizeof(*l));
	free(l);
}
