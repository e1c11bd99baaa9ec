/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "usb.h"

#include <string.h>
#include <time.h>

#define QUIET_MS 20    /* a pipe that was silent for so long has nothing more to say */
#define DRAIN_MS 500   /* and one that talks for longer than this is not listening */
#define EMPTY_MAX 32   /* packets without a byte in a row */
#define REQUEST_MAX 128

static int64_t steady_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void usb_init(struct usb *u, struct bulk bulk)
{
	*u = (struct usb){ .bulk = bulk, .now_ms = steady_ms };
}

static void usb_close(void *self)
{
	struct usb *u = self;

	u->bulk.ops->close(u->bulk.self);
	u->open = false;
}

static enum transport_result usb_open(void *self, unsigned variant)
{
	struct usb *u = self;
	enum transport_result result;

	usb_close(u);
	result = u->bulk.ops->open(u->bulk.self, &u->pairs);
	if (result != TRANSPORT_OK)
		return result;
	u->open = true;
	u->split = u->pairs.n == 2 && variant % 2 == 0;
	u->stale = true; /* whoever had it before may have left an answer in it */
	return TRANSPORT_OK;
}

/* What one transfer means for the exchange. A stall is over once it was cleared, but what it cut off is lost. */
static enum transport_result judge(struct usb *u, uint8_t endpoint, enum bulk_result result)
{
	switch (result) {
	case BULK_OK:
		return TRANSPORT_OK;
	case BULK_TIMEOUT:
		return TRANSPORT_TIMEOUT;
	case BULK_GONE:
		return TRANSPORT_ABSENT;
	default:
		return u->bulk.ops->unstall(u->bulk.self, endpoint) == BULK_GONE ? TRANSPORT_ABSENT : TRANSPORT_GARBLED;
	}
}

/* At most n bytes either way. Time that is up without a byte is a time-out; nothing at all, again and again, is no answer. */
static enum transport_result transfer(struct usb *u, uint8_t endpoint, uint8_t *data, size_t n, size_t *moved, int64_t until)
{
	enum transport_result result = TRANSPORT_OK;

	*moved = 0;
	for (unsigned empty = 0; result == TRANSPORT_OK && *moved == 0; empty++) {
		int64_t left = until - u->now_ms();

		if (left <= 0)
			return TRANSPORT_TIMEOUT;
		if (empty == EMPTY_MAX)
			return TRANSPORT_GARBLED;
		result = judge(u, endpoint, u->bulk.ops->transfer(u->bulk.self, endpoint, data, n, moved, (int)left));
	}
	return result == TRANSPORT_TIMEOUT && *moved ? TRANSPORT_OK : result;
}

static enum transport_result send_all(struct usb *u, uint8_t endpoint, uint8_t *data, size_t n, int64_t until)
{
	enum transport_result result = TRANSPORT_OK;

	while (n && result == TRANSPORT_OK) {
		size_t moved;

		result = transfer(u, endpoint, data, n, &moved, until);
		data += moved;
		n -= moved;
	}
	return result;
}

static enum transport_result send_request(struct usb *u, const uint8_t *request, size_t n)
{
	const struct bulk_pair *pair = u->pairs.pair;
	int64_t until = u->now_ms() + USB_OUT_MS;
	enum transport_result result;
	uint8_t bytes[REQUEST_MAX];

	if (n > sizeof(bytes) || n < FRAME_HEADER)
		return TRANSPORT_GARBLED;
	memcpy(bytes, request, n);
	if (!u->split)
		return send_all(u, pair[0].out, bytes, n, until);
	result = send_all(u, pair[0].out, bytes, FRAME_HEADER, until);
	if (result != TRANSPORT_OK)
		return result;
	return send_all(u, pair[1].out, bytes + FRAME_HEADER, n - FRAME_HEADER, until);
}

/* Bytes that are still to come as far as can be told. */
static size_t missing(const struct frame_receiver *r, size_t end)
{
	if (r->have < FRAME_HEADER)
		return FRAME_HEADER - r->have;
	if (end == FRAME_HEADER)
		return 0;
	return FRAME_HEADER + ((size_t)r->bytes[5] << 8 | r->bytes[6]) - r->have;
}

/* Whole packets, so that none of them is larger than the room for it; the last ones alone, because a packet that is filled up
 * is no sign of the end. */
static size_t room_for(const struct bulk_pair *pair, size_t wanted, size_t size)
{
	if (wanted > size)
		wanted = size;
	wanted -= wanted % pair->in_packet;
	return wanted ? wanted : pair->in_packet;
}

/* Takes a packet's bytes up to `end` of the frame (FRAME_HEADER, or FRAME_MAX for its real end); what fills the packet is dropped. */
static void take(struct frame_receiver *reply, const uint8_t *data, size_t n, size_t end, enum frame_result *frame)
{
	while (n && *frame == FRAME_MORE && (end != FRAME_HEADER || reply->have < FRAME_HEADER)) {
		size_t some = missing(reply, end);
		size_t used = frame_receiver_put(reply, data, some < n ? some : n, frame);

		data += used;
		n -= used;
	}
}

static enum transport_result receive(struct usb *u, const struct bulk_pair *pair, struct frame_receiver *reply, size_t end,
				     enum frame_result *frame, int64_t until)
{
	enum transport_result result = TRANSPORT_OK;
	uint8_t bytes[FRAME_MAX + BULK_PACKET_MOST];

	while (result == TRANSPORT_OK && *frame == FRAME_MORE && missing(reply, end)) {
		size_t moved;

		result = transfer(u, pair->in, bytes, room_for(pair, missing(reply, end), sizeof(bytes)), &moved, until);
		if (result == TRANSPORT_OK)
			take(reply, bytes, moved, end, frame);
	}
	explicit_bzero(bytes, sizeof(bytes));
	return result;
}

static enum transport_result receive_reply(struct usb *u, struct frame_receiver *reply, int64_t until)
{
	enum frame_result frame = FRAME_MORE;
	enum transport_result result = TRANSPORT_OK;

	frame_receiver_init(reply, FRAME_LEAST_REPLY);
	if (u->split)
		result = receive(u, &u->pairs.pair[0], reply, FRAME_HEADER, &frame, until);
	if (result == TRANSPORT_OK)
		result = receive(u, &u->pairs.pair[u->split ? 1 : 0], reply, FRAME_MAX, &frame, until);
	if (result != TRANSPORT_OK)
		return result;
	return frame == FRAME_WHOLE ? TRANSPORT_OK : TRANSPORT_GARBLED;
}

static enum transport_result drain_pipe(struct usb *u, const struct bulk_pair *pair, int64_t end)
{
	enum transport_result result = TRANSPORT_OK;
	uint8_t bytes[4 * BULK_PACKET_MOST];
	size_t moved;

	do {
		result = transfer(u, pair->in, bytes, sizeof(bytes) - sizeof(bytes) % pair->in_packet, &moved,
				  u->now_ms() + QUIET_MS);
	} while (result != TRANSPORT_ABSENT && result != TRANSPORT_TIMEOUT && u->now_ms() < end);
	explicit_bzero(bytes, sizeof(bytes));
	return result;
}

/* Until the pipes have been quiet for a moment: a late answer must not be taken for the answer to the next question. */
static enum transport_result drain(struct usb *u)
{
	int64_t end = u->now_ms() + DRAIN_MS;
	enum transport_result result = TRANSPORT_OK;

	for (size_t i = 0; i < u->pairs.n && result != TRANSPORT_ABSENT; i++)
		result = drain_pipe(u, &u->pairs.pair[i], end);
	return result == TRANSPORT_ABSENT ? TRANSPORT_ABSENT : TRANSPORT_OK;
}

static enum transport_result usb_exchange(void *self, const uint8_t *request, size_t n, struct frame_receiver *reply,
					  int timeout_ms)
{
	struct usb *u = self;
	enum transport_result result;

	if (!u->open)
		return TRANSPORT_ABSENT;
	if (u->stale && drain(u) == TRANSPORT_ABSENT)
		return TRANSPORT_ABSENT;
	result = send_request(u, request, n);
	if (result == TRANSPORT_OK)
		result = receive_reply(u, reply, u->now_ms() + (int64_t)timeout_ms * USB_PATIENCE);
	u->stale = result != TRANSPORT_OK;
	return result;
}

struct transport usb_transport(struct usb *u)
{
	static const struct transport_ops ops = { usb_open, usb_exchange, usb_close };

	return (struct transport){ .ops = &ops, .self = u, .variants = 2 };
}
