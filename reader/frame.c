/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/frame.h"

#include <string.h>

static const uint8_t lead[FRAME_LEAD] = { 0xAA, 0xAA, 0xAA, 0x96, 0x69 };

static uint8_t xor_of(const uint8_t *p, size_t n)
{
	uint8_t x = 0;

	while (n--)
		x ^= *p++;
	return x;
}

size_t frame_build(uint8_t *out, size_t size, const uint8_t *payload, size_t n)
{
	size_t whole = FRAME_HEADER + n + 1;

	if (n >= FRAME_LEN_MAX || whole > size)
		return 0;
	memcpy(out, lead, FRAME_LEAD);
	out[5] = (uint8_t)((n + 1) >> 8);
	out[6] = (uint8_t)(n + 1);
	memcpy(out + FRAME_HEADER, payload, n);
	out[whole - 1] = xor_of(out + FRAME_LEAD, n + 2);
	return whole;
}

size_t frame_build_request(uint8_t *out, size_t size, uint8_t cmd, uint8_t para, const uint8_t *data, size_t n)
{
	uint8_t payload[64];

	if (n > sizeof(payload) - 2)
		return 0;
	payload[0] = cmd;
	payload[1] = para;
	if (n)
		memcpy(payload + 2, data, n);
	return frame_build(out, size, payload, n + 2);
}

void frame_receiver_init(struct frame_receiver *r, size_t least)
{
	r->least = least;
	r->have = 0;
	r->skipped = 0;
}

static size_t len_of(const struct frame_receiver *r)
{
	return (size_t)r->bytes[5] << 8 | r->bytes[6];
}

static bool whole(const struct frame_receiver *r)
{
	return r->have >= FRAME_HEADER && r->have == FRAME_HEADER + len_of(r);
}

static bool bad_length(const struct frame_receiver *r)
{
	return r->have == FRAME_HEADER && (len_of(r) < r->least || len_of(r) > FRAME_LEN_MAX);
}

/* One byte of the hunt. A longer run of AA than three still leads into a frame, so the run's end is what
 * counts. */
static void hunt(struct frame_receiver *r, uint8_t byte)
{
	if (byte == lead[r->have]) {
		r->bytes[r->have++] = byte;
		return;
	}
	if (byte == 0xAA && r->have == 3) {
		r->skipped++;
		return;
	}
	r->skipped += r->have + (byte != 0xAA);
	r->have = byte == 0xAA;
}

static bool ended(const struct frame_receiver *r)
{
	return bad_length(r) || whole(r);
}

size_t frame_receiver_put(struct frame_receiver *r, const uint8_t *data, size_t n, enum frame_result *result)
{
	size_t used = 0;

	if (ended(r))
		r->have = 0;
	while (used < n && !ended(r)) {
		if (r->have < FRAME_LEAD)
			hunt(r, data[used++]);
		else
			r->bytes[r->have++] = data[used++];
	}
	if (bad_length(r))
		*result = FRAME_BAD_LENGTH;
	else if (!whole(r))
		*result = FRAME_MORE;
	else if (xor_of(r->bytes + FRAME_LEAD, r->have - FRAME_LEAD) != 0)
		*result = FRAME_BAD_CHECKSUM;
	else
		*result = FRAME_WHOLE;
	return used;
}

const uint8_t *frame_receiver_payload(const struct frame_receiver *r, size_t *n)
{
	*n = r->have > FRAME_HEADER ? r->have - FRAME_HEADER - 1 : 0;
	return r->bytes + FRAME_HEADER;
}
