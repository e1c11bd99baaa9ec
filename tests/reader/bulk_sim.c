/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/bulk_sim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const struct bulk_pair pair[2] = { { 0x81, 0x02, 0 }, { 0x85, 0x06, 0 } };

void bulk_sim_init(struct bulk_sim *s, unsigned pairs)
{
	memset(s, 0, sizeof(*s));
	sam_init(&s->sam);
	s->now = 1000;
	s->pairs = pairs;
	s->packet = 64;
	s->stall_in = s->stall_out = s->gone_at = BULK_NEVER;
	frame_receiver_init(&s->request, FRAME_LEAST_REQUEST);
}

static bool split(const struct bulk_sim *s)
{
	return s->pairs == 2 && !s->whole_frames;
}

static enum transport_result sim_open(void *self, struct bulk_pairs *pairs)
{
	struct bulk_sim *s = self;

	s->opened++;
	if (s->opens != TRANSPORT_OK)
		return s->opens;
	pairs->n = s->pairs;
	for (unsigned i = 0; i < s->pairs; i++) {
		pairs->pair[i] = pair[i];
		pairs->pair[i].in_packet = s->packet;
	}
	s->gone = false;
	s->in[0].halted = s->in[1].halted = false;
	frame_receiver_init(&s->request, FRAME_LEAST_REQUEST);
	return TRANSPORT_OK;
}

static void put_in(const struct bulk_sim *s, struct bulk_pipe_sim *pipe, const uint8_t *data, size_t n)
{
	size_t fill = s->pad && n % s->pad ? s->pad - n % s->pad : 0;

	memmove(pipe->bytes, pipe->bytes + pipe->at, pipe->n - pipe->at);
	pipe->n -= pipe->at;
	pipe->at = 0;
	assert_true(pipe->n + n + fill <= sizeof(pipe->bytes));
	memcpy(pipe->bytes + pipe->n, data, n);
	memset(pipe->bytes + pipe->n + n, 0, fill);
	pipe->n += n + fill;
}

void bulk_sim_leave(struct bulk_sim *s, const uint8_t *data, size_t n)
{
	put_in(s, &s->in[split(s) ? 1 : 0], data, n);
}

static void answer(struct bulk_sim *s, enum frame_result result)
{
	struct sam_reply reply;
	const uint8_t *payload;
	size_t n, first;

	payload = frame_receiver_payload(&s->request, &n);
	sam_answer(&s->sam, result, payload, n, &reply);
	if (reply.unplug)
		s->gone_at = (long)reply.n;
	first = split(s) && reply.n > FRAME_HEADER ? FRAME_HEADER : reply.n;
	if (first)
		put_in(s, &s->in[0], reply.bytes, first);
	if (reply.n > first)
		put_in(s, &s->in[1], reply.bytes + first, reply.n - first);
}

static enum bulk_result halt(struct bulk_sim *s, struct bulk_pipe_sim *pipe, long *when)
{
	*when = BULK_NEVER;
	s->stalls++;
	pipe->halted = true;
	return BULK_STALL;
}

/* A request that stops in the middle never gets an answer; the module begins anew with the next lead bytes. */
static enum bulk_result take_request(struct bulk_sim *s, uint8_t endpoint, const uint8_t *data, size_t n, size_t *moved)
{
	enum frame_result result = FRAME_MORE;
	bool second = endpoint == pair[1].out;

	assert_true(endpoint == pair[0].out || (s->pairs == 2 && second));
	for (; *moved < n; (*moved)++) {
		if (s->stall_out >= 0 && s->stall_out-- == 0) {
			s->stall_out = BULK_NEVER;
			s->stalls++;
			frame_receiver_init(&s->request, FRAME_LEAST_REQUEST);
			return BULK_STALL;
		}
		/* A byte on the wrong pipe is lost on a module that expects it on the other. */
		if (split(s) && second != (s->request.have >= FRAME_HEADER))
			continue;
		if (!split(s) && second)
			continue;
		frame_receiver_put(&s->request, data + *moved, 1, &result);
		if (result == FRAME_MORE)
			continue;
		answer(s, result);
		frame_receiver_init(&s->request, FRAME_LEAST_REQUEST);
	}
	return BULK_OK;
}

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* One packet. */
static enum bulk_result give_packet(struct bulk_sim *s, struct bulk_pipe_sim *pipe, uint8_t *data, size_t room, size_t *got)
{
	size_t n = least(least(s->packet, s->piece ? s->piece : s->packet), pipe->n - pipe->at);
	long passed = (long)(pipe == &s->in[1] ? FRAME_HEADER : 0) + (long)pipe->at;

	*got = 0;
	if (s->empties_left && n) {
		s->empties_left--;
		return BULK_OK;
	}
	s->empties_left = s->empties;
	if (s->stall_in >= passed && s->stall_in < passed + (long)n)
		n = (size_t)(s->stall_in - passed);
	if (s->gone_at >= passed && s->gone_at < passed + (long)n)
		n = (size_t)(s->gone_at - passed);
	if (n > room)
		return BULK_GARBLED;
	memcpy(data, pipe->bytes + pipe->at, n);
	pipe->at += n;
	*got = n;
	if (n == 0 && s->gone_at == passed) {
		s->gone = true;
		s->gone_at = BULK_NEVER;
		s->in[0].n = s->in[0].at = s->in[1].n = s->in[1].at = 0;
		return BULK_GONE;
	}
	if (n == 0 && s->stall_in == passed && pipe->at < pipe->n)
		return halt(s, pipe, &s->stall_in);
	if (pipe->at == pipe->n && s->gone_at != passed + (long)n)
		pipe->at = pipe->n = 0;
	return BULK_OK;
}

/* As a host controller does: until the room is full or a packet comes that is not. */
static enum bulk_result give_reply(struct bulk_sim *s, uint8_t endpoint, uint8_t *data, size_t n, size_t *moved, int timeout_ms)
{
	struct bulk_pipe_sim *pipe = &s->in[endpoint == pair[1].in];
	enum bulk_result result;
	size_t got;

	assert_true(endpoint == pair[0].in || (s->pairs == 2 && endpoint == pair[1].in));
	assert_int_equal(n % s->packet, 0); /* or a full packet would not fit */
	if (pipe->halted)
		return BULK_STALL;
	do {
		if (pipe->at == pipe->n && s->gone_at < 0) {
			s->now += timeout_ms;
			return BULK_TIMEOUT;
		}
		result = give_packet(s, pipe, data + *moved, n - *moved, &got);
		*moved += got;
	} while (result == BULK_OK && got == s->packet && *moved < n);
	return result;
}

static enum bulk_result sim_transfer(void *self, uint8_t endpoint, uint8_t *data, size_t n, size_t *moved, int timeout_ms)
{
	struct bulk_sim *s = self;

	*moved = 0;
	s->transfers++;
	assert_true(timeout_ms > 0 && timeout_ms <= 10000);
	if (s->gone)
		return BULK_GONE;
	if (endpoint & 0x80)
		return give_reply(s, endpoint, data, n, moved, timeout_ms);
	return take_request(s, endpoint, data, n, moved);
}

static enum bulk_result sim_unstall(void *self, uint8_t endpoint)
{
	struct bulk_sim *s = self;

	if (s->gone)
		return BULK_GONE;
	s->unstalled++;
	if (endpoint & 0x80)
		s->in[endpoint == pair[1].in].halted = false;
	return BULK_OK;
}

static void sim_close(void *self)
{
	(void)self;
}

struct bulk bulk_sim(struct bulk_sim *s)
{
	static const struct bulk_ops ops = { sim_open, sim_transfer, sim_unstall, sim_close };

	return (struct bulk){ .ops = &ops, .self = s };
}
