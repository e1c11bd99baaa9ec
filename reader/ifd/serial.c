/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "serial.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define QUIET_MS 60    /* a line that was silent for so long has nothing more to say */
#define DRAIN_MS 500   /* and one that talks for longer than this is not listening */

static const struct rate {
	unsigned bits;
	speed_t speed;
} rates[] = {
	{ 115200, B115200 }, { 57600, B57600 }, { 38400, B38400 }, { 19200, B19200 }, { 9600, B9600 },
};
#define RATES (sizeof(rates) / sizeof(rates[0]))

void serial_init(struct serial *s, const char *path, unsigned rate)
{
	memset(s, 0, sizeof(*s));
	snprintf(s->path, sizeof(s->path), "%s", path);
	s->rate = rate;
	s->fd = -1;
}

bool serial_rate_known(unsigned rate)
{
	for (size_t i = 0; i < RATES; i++) {
		if (rates[i].bits == rate)
			return true;
	}
	return false;
}

static speed_t speed_for(const struct serial *s, unsigned variant)
{
	for (size_t i = 0; i < RATES; i++) {
		if (rates[i].bits == s->rate)
			return rates[i].speed;
	}
	return rates[variant % RATES].speed;
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void serial_close(void *self)
{
	struct serial *s = self;

	/* The mark stays with the line while anybody has it open: left behind, it would shut ourselves out at the next rate. */
	if (s->exclusive)
		ioctl(s->fd, TIOCNXCL);
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
	s->exclusive = s->stale = false;
}

static enum transport_result from_errno(void)
{
	switch (errno) {
	case EACCES:
	case EPERM:
		return TRANSPORT_DENIED;
	case EBUSY:
	case EWOULDBLOCK:
		return TRANSPORT_HELD;
	default:
		return TRANSPORT_ABSENT;
	}
}

static bool set_line(int fd, speed_t speed)
{
	struct termios t;

	if (tcgetattr(fd, &t) < 0)
		return false;
	cfmakeraw(&t);
	t.c_cflag &= ~(tcflag_t)(CSTOPB | PARENB | CRTSCTS);
	t.c_cflag |= CLOCAL | CREAD | CS8;
	t.c_cc[VMIN] = 0;
	t.c_cc[VTIME] = 0;
	cfsetispeed(&t, speed);
	cfsetospeed(&t, speed);
	return tcsetattr(fd, TCSANOW, &t) == 0;
}

/* Never a regular file, a directory or a pipe, whatever the configuration says: opening such a one could
 * block or harm. */
static bool is_terminal(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISCHR(st.st_mode);
}

static enum transport_result serial_open(void *self, unsigned variant)
{
	struct serial *s = self;
	enum transport_result result;

	serial_close(s);
	errno = ENOENT;
	if (!is_terminal(s->path))
		return from_errno();
	s->fd = open(s->path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (s->fd < 0)
		return from_errno();
	s->exclusive = flock(s->fd, LOCK_EX | LOCK_NB) == 0 && ioctl(s->fd, TIOCEXCL) == 0;
	if (s->exclusive && set_line(s->fd, speed_for(s, variant))) {
		tcflush(s->fd, TCIOFLUSH);
		return TRANSPORT_OK;
	}
	result = from_errno();
	serial_close(s);
	return result;
}

/* Waits for `events`; POLLHUP and POLLERR mean that the line is gone. */
static enum transport_result wait_for(const struct serial *s, short events, int64_t until)
{
	struct pollfd p = { .fd = s->fd, .events = events };
	int64_t left = until - now_ms();
	int rc = poll(&p, 1, left > 0 ? (int)left : 0);

	if (rc < 0 && errno != EINTR)
		return TRANSPORT_ABSENT;
	if (rc > 0 && p.revents & events)
		return TRANSPORT_OK;
	if (rc > 0)
		return TRANSPORT_ABSENT;
	return now_ms() >= until ? TRANSPORT_TIMEOUT : TRANSPORT_OK;
}

static bool would_wait(ssize_t n)
{
	return n < 0 && (errno == EAGAIN || errno == EINTR);
}

static enum transport_result send_all(struct serial *s, const uint8_t *data, size_t n, int64_t until)
{
	while (n) {
		ssize_t sent = write(s->fd, data, n);
		enum transport_result result;

		if (sent > 0) {
			data += sent;
			n -= (size_t)sent;
			continue;
		}
		if (sent < 0 && !would_wait(sent))
			return TRANSPORT_ABSENT;
		result = wait_for(s, POLLOUT, until);
		if (result != TRANSPORT_OK)
			return result;
	}
	return TRANSPORT_OK;
}

/* A read of nothing where poll promised something is how a line that has gone looks. */
static enum transport_result receive_some(struct serial *s, uint8_t *data, size_t size, size_t *got, int64_t until)
{
	enum transport_result result = wait_for(s, POLLIN, until);
	ssize_t n;

	*got = 0;
	if (result != TRANSPORT_OK)
		return result;
	n = read(s->fd, data, size);
	if (would_wait(n))
		return TRANSPORT_OK;
	if (n <= 0)
		return TRANSPORT_ABSENT;
	*got = (size_t)n;
	return TRANSPORT_OK;
}

static enum transport_result receive_frame(struct serial *s, struct frame_receiver *reply, int64_t until)
{
	enum transport_result result;
	enum frame_result frame = FRAME_MORE;
	uint8_t bytes[512];
	size_t got;

	do {
		result = receive_some(s, bytes, sizeof(bytes), &got, until);
		if (result != TRANSPORT_OK)
			return result;
		frame_receiver_put(reply, bytes, got, &frame);
	} while (frame == FRAME_MORE);
	return frame == FRAME_WHOLE ? TRANSPORT_OK : TRANSPORT_GARBLED;
}

/* Until the line has been quiet for a moment: a late answer must not be taken for the answer to the next
 * question. */
static enum transport_result drain(struct serial *s)
{
	int64_t end = now_ms() + DRAIN_MS;
	enum transport_result result;
	uint8_t bytes[512];
	size_t got;

	do {
		result = receive_some(s, bytes, sizeof(bytes), &got, now_ms() + QUIET_MS);
	} while (result == TRANSPORT_OK && now_ms() < end);
	return result == TRANSPORT_ABSENT ? TRANSPORT_ABSENT : TRANSPORT_OK;
}

static enum transport_result serial_exchange(void *self, const uint8_t *request, size_t n,
					     struct frame_receiver *reply, int timeout_ms)
{
	struct serial *s = self;
	enum transport_result result = TRANSPORT_ABSENT;

	if (s->fd < 0)
		return TRANSPORT_ABSENT;
	if (s->stale && drain(s) == TRANSPORT_ABSENT)
		return TRANSPORT_ABSENT;
	tcflush(s->fd, TCIFLUSH);
	frame_receiver_init(reply, FRAME_LEAST_REPLY);
	result = send_all(s, request, n, now_ms() + timeout_ms);
	if (result == TRANSPORT_OK)
		result = receive_frame(s, reply, now_ms() + timeout_ms);
	s->stale = result != TRANSPORT_OK;
	return result;
}

struct transport serial_transport(struct serial *s)
{
	static const struct transport_ops ops = { serial_open, serial_exchange, serial_close };

	return (struct transport){ .ops = &ops, .self = s, .variants = s->rate ? 1 : RATES };
}
