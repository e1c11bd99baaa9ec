/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "reader/frame.h"
#include "reader/hex.h"

/* Whole frames as several public programs send and get them. */
static void test_build(void **state)
{
	static const struct {
		const char *payload, *frame;
	} cases[] = {
		{ "10 FF", "AA AA AA 96 69 00 03 10 FF EC" },
		{ "11 FF", "AA AA AA 96 69 00 03 11 FF ED" },
		{ "12 FF", "AA AA AA 96 69 00 03 12 FF EE" },
		{ "20 01", "AA AA AA 96 69 00 03 20 01 22" },
		{ "20 02", "AA AA AA 96 69 00 03 20 02 21" },
		{ "30 01", "AA AA AA 96 69 00 03 30 01 32" },
		{ "30 10", "AA AA AA 96 69 00 03 30 10 23" },
		{ "30 03", "AA AA AA 96 69 00 03 30 03 30" },
		{ "30 05", "AA AA AA 96 69 00 03 30 05 36" },
		{ "60 04", "AA AA AA 96 69 00 03 60 04 67" },
		{ "61 FF 50", "AA AA AA 96 69 00 04 61 FF 50 CA" },
		{ "00 00 90", "AA AA AA 96 69 00 04 00 00 90 94" },
		{ "00 00 80", "AA AA AA 96 69 00 04 00 00 80 84" },
		{ "00 00 9F 00 00 00 00", "AA AA AA 96 69 00 08 00 00 9F 00 00 00 00 97" },
		{ "00 00 90 00 00 00 00 00 00 00 00", "AA AA AA 96 69 00 0C 00 00 90 00 00 00 00 00 00 00 00 9C" },
		{ "00 00 90 05 00 03 00 65 9E 33 01 87 D6 12 00 D2 02 96 49",
		  "AA AA AA 96 69 00 14 00 00 90 05 00 03 00 65 9E 33 01 87 D6 12 00 D2 02 96 49 07" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		uint8_t payload[64], want[64], got[64];
		size_t n = hex_bytes(payload, sizeof(payload), cases[i].payload);
		size_t whole = hex_bytes(want, sizeof(want), cases[i].frame);

		assert_int_equal(frame_build(got, sizeof(got), payload, n), whole);
		assert_memory_equal(got, want, whole);
		assert_int_equal(frame_build(got, whole - 1, payload, n), 0);
	}
}

static void test_request(void **state)
{
	uint8_t want[16], got[16];
	const uint8_t size = 0x50;

	(void)state;
	hex_bytes(want, sizeof(want), "AA AA AA 96 69 00 04 61 FF 50 CA");
	assert_int_equal(frame_build_request(got, sizeof(got), 0x61, 0xFF, &size, 1), 11);
	assert_memory_equal(got, want, 11);
}

/* What comes out of a stream that arrives whole, and byte by byte: w(hole), c(hecksum), l(ength). */
static void run_stream(const uint8_t *bytes, size_t n, size_t piece, char *out, size_t size)
{
	static const char letters[] = { '-', 'w', 'c', 'l' };
	struct frame_receiver r;
	size_t at = 0, results = 0;

	frame_receiver_init(&r, FRAME_LEAST_REPLY);
	while (at < n) {
		size_t left = n - at < piece ? n - at : piece;

		while (left) {
			enum frame_result result;
			size_t used = frame_receiver_put(&r, bytes + at, left, &result);

			assert_true(used > 0);
			at += used;
			left -= used;
			if (result != FRAME_MORE && results + 1 < size)
				out[results++] = letters[result];
		}
	}
	out[results] = '\0';
}

static void test_receive(void **state)
{
	static const struct {
		const char *what, *bytes, *results;
	} cases[] = {
		{ "one frame", "AA AA AA 96 69 00 04 00 00 90 94", "w" },
		{ "two frames", "AA AA AA 96 69 00 04 00 00 90 94 AA AA AA 96 69 00 04 00 00 80 84", "ww" },
		{ "noise before", "00 FF 12 AA AA AA 96 69 00 04 00 00 90 94", "w" },
		{ "a longer run of AA", "AA AA AA AA AA AA 96 69 00 04 00 00 90 94", "w" },
		{ "part of a lead before", "AA AA AA 96 AA AA AA 96 69 00 04 00 00 90 94", "w" },
		{ "part of a lead, then other", "AA AA 96 69 AA AA AA 96 69 00 04 00 00 90 94", "w" },
		{ "lead without the last", "AA AA AA 96 00 AA AA AA 96 69 00 04 00 00 90 94", "w" },
		{ "cut", "AA AA AA 96 69 00 04 00 00 90", "" },
		{ "nothing", "", "" },
		{ "wrong checksum", "AA AA AA 96 69 00 04 00 00 90 95", "c" },
		{ "wrong checksum, then a good one",
		  "AA AA AA 96 69 00 04 00 00 90 95 AA AA AA 96 69 00 04 00 00 80 84", "cw" },
		{ "length of nothing", "AA AA AA 96 69 00 00", "l" },
		{ "length too short for a reply", "AA AA AA 96 69 00 03 20 01 22", "l" },
		{ "length beyond the limit", "AA AA AA 96 69 10 01", "l" },
		{ "longest length", "AA AA AA 96 69 FF FF", "l" },
		{ "good one after a bad length", "AA AA AA 96 69 FF FF AA AA AA 96 69 00 04 00 00 80 84", "lw" },
		{ "lead inside the payload", "AA AA AA 96 69 00 09 00 00 90 AA AA AA 96 69 CC", "w" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		uint8_t bytes[64];
		size_t n = hex_bytes(bytes, sizeof(bytes), cases[i].bytes);
		char got[8];

		for (size_t piece = 1; piece <= 64; piece++) {
			run_stream(bytes, n, piece, got, sizeof(got));
			if (strcmp(got, cases[i].results) != 0)
				fail_msg("%s, in pieces of %zu: %s", cases[i].what, piece, got);
		}
	}
}

static void test_payload(void **state)
{
	uint8_t bytes[2048];
	size_t n = hex_card(bytes, sizeof(bytes), "reply-3001-resident"), payload_n;
	struct frame_receiver r;
	enum frame_result result;

	(void)state;
	assert_int_equal(n, 1295);
	frame_receiver_init(&r, FRAME_LEAST_REPLY);
	assert_int_equal(frame_receiver_put(&r, bytes, n, &result), n);
	assert_int_equal(result, FRAME_WHOLE);
	assert_int_equal(frame_receiver_payload(&r, &payload_n)[2], 0x90);
	assert_int_equal(payload_n, 3 + 4 + 256 + 1024);
	/* Any one bit wrong is noticed, wherever it is. */
	for (size_t i = 0; i < n; i++) {
		bytes[i] ^= 0x10;
		frame_receiver_init(&r, FRAME_LEAST_REPLY);
		frame_receiver_put(&r, bytes, n, &result);
		assert_int_not_equal(result, FRAME_WHOLE);
		bytes[i] ^= 0x10;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_build),
		cmocka_unit_test(test_request),
		cmocka_unit_test(test_receive),
		cmocka_unit_test(test_payload),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
