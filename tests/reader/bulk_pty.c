/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * For the tests' driver: a USB module whose cable is the simulator's pty, so that real pcscd, driver and bulk framing run as they do
 * with libusb. Product C35A has one bulk pair, C35B has two. Interface 0 is the module; there are no others.
 */
#include "usb_device.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define PACKET 64

struct part {
	uint8_t bytes[FRAME_MAX + PACKET];
	size_t n, at;
};

struct usb_device {
	char path[SERIAL_PATH];
	bool split, module;
	int fd; /* -1: closed */
	struct frame_receiver reply;
	struct part in[2];
};

struct usb_device *usb_device_new(const struct device_name *name)
{
	struct usb_device *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	memcpy(d->path, name->path, sizeof(d->path));
	d->split = name->product == 0xC35B;
	d->module = name->interface == 0;
	d->fd = -1;
	return d;
}

bool usb_device_is_module(struct usb_device *d)
{
	return d->module;
}

static void pty_close(void *self)
{
	struct usb_device *d = self;

	if (d->fd >= 0)
		close(d->fd);
	d->fd = -1;
}

static enum transport_result pty_open(void *self, struct bulk_pairs *pairs)
{
	struct usb_device *d = self;
	struct termios t;

	pty_close(d);
	d->fd = open(d->path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	if (d->fd < 0)
		return errno == EACCES ? TRANSPORT_DENIED : TRANSPORT_ABSENT;
	if (tcgetattr(d->fd, &t) == 0) {
		cfmakeraw(&t);
		tcsetattr(d->fd, TCSANOW, &t);
	}
	d->in[0].n = d->in[0].at = d->in[1].n = d->in[1].at = 0;
	frame_receiver_init(&d->reply, FRAME_LEAST_REPLY);
	*pairs = (struct bulk_pairs){ { { 0x81, 0x02, PACKET }, { 0x85, 0x06, PACKET } }, d->split ? 2 : 1 };
	return TRANSPORT_OK;
}

/* As a device's controller does: what the module says goes into full packets, the last one filled up. */
static void put_part(struct part *p, const uint8_t *data, size_t n)
{
	if (p->n + n + PACKET > sizeof(p->bytes))
		p->n = p->at = 0;
	memcpy(p->bytes + p->n, data, n);
	p->n += n;
	while (p->n % PACKET)
		p->bytes[p->n++] = 0;
}

static void frame_came(struct usb_device *d)
{
	size_t first = d->split ? FRAME_HEADER : d->reply.have;

	put_part(&d->in[0], d->reply.bytes, first);
	if (d->reply.have > first)
		put_part(&d->in[1], d->reply.bytes + first, d->reply.have - first);
	frame_receiver_init(&d->reply, FRAME_LEAST_REPLY);
}

static enum bulk_result wait_line(struct usb_device *d, int timeout_ms)
{
	struct pollfd p = { .fd = d->fd, .events = POLLIN };
	enum frame_result result = FRAME_MORE;
	uint8_t byte;
	ssize_t n;

	if (poll(&p, 1, timeout_ms) == 0)
		return BULK_TIMEOUT;
	if (!(p.revents & POLLIN))
		return BULK_GONE;
	while (result == FRAME_MORE && (n = read(d->fd, &byte, 1)) == 1)
		frame_receiver_put(&d->reply, &byte, 1, &result);
	if (result == FRAME_MORE)
		return n < 0 && errno == EAGAIN ? BULK_OK : BULK_GONE; /* a read of nothing: hung up */
	frame_came(d);
	return BULK_OK;
}

static enum bulk_result pty_transfer(void *self, uint8_t endpoint, uint8_t *data, size_t n, size_t *moved, int timeout_ms)
{
	struct usb_device *d = self;
	struct part *p = &d->in[endpoint == 0x85];
	enum bulk_result result = BULK_OK;

	*moved = 0;
	if (d->fd < 0)
		return BULK_GONE;
	if (!(endpoint & 0x80)) {
		ssize_t sent = write(d->fd, data, n);

		*moved = sent > 0 ? (size_t)sent : 0;
		return sent == (ssize_t)n ? BULK_OK : BULK_GONE;
	}
	while (p->at == p->n && result == BULK_OK)
		result = wait_line(d, timeout_ms);
	if (p->at == p->n)
		return result;
	*moved = p->n - p->at < n ? p->n - p->at : n;
	memcpy(data, p->bytes + p->at, *moved);
	p->at += *moved;
	if (p->at == p->n)
		p->at = p->n = 0;
	return BULK_OK;
}

static enum bulk_result pty_unstall(void *self, uint8_t endpoint)
{
	(void)self;
	(void)endpoint;
	return BULK_OK;
}

struct bulk usb_device_bulk(struct usb_device *d)
{
	static const struct bulk_ops ops = { pty_open, pty_transfer, pty_unstall, pty_close };

	return (struct bulk){ .ops = &ops, .self = d };
}

void usb_device_free(struct usb_device *d)
{
	if (!d)
		return;
	pty_close(d);
	free(d);
}
