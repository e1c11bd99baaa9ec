/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A module behind bulk pipes, down to the byte: both framings, and everything that a USB device does that a line does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "apdu.h"
#include "base/text.h"
#include "module.h"
#include "reader/bulk_sim.h"
#include "reader/card_raw.h"
#include "reader/hex.h"
#include "usb.h"
#include "usb_pairs.h"

#define REPLY_FIND 15
#define REPLY_SELECT 19
#define REPLY_READ 1295

static struct bulk_sim device;
static struct usb usb;
static struct module module;
static struct sim_card card;

static int64_t device_clock(void)
{
	return device.now;
}

static void begin(unsigned pairs)
{
	const struct module_settings settings = { .gone_count = 3, .gone_ms = 600 };

	bulk_sim_init(&device, pairs);
	hex_card(card.text, sizeof(card.text), "resident");
	for (size_t i = 0; i < sizeof(card.photo); i++)
		card.photo[i] = (uint8_t)(i * 7);
	sam_place(&device.sam, &card);
	usb_init(&usb, bulk_sim(&device));
	usb.now_ms = device_clock;
	module_init(&module, usb_transport(&usb), &settings);
	module.now_ms = device_clock;
}

static const char *read_outcome(void)
{
	static const uint8_t apdu[5] = { SAMV_CLA, SAMV_INS, SAMV_READ, 0, 0 };
	static char text[16];
	uint8_t out[4096];
	struct card_raw raw;
	size_t n = apdu_answer(&module, apdu, sizeof(apdu), out, sizeof(out));

	if (n == 3) {
		text_format(text, sizeof(text), "%u %02X%02X", out[0], out[1], out[2]);
		return text;
	}
	assert_int_equal(n, 4 + 256 + 1024 + 2);
	assert_true(card_raw_parse(&raw, out, n - 2));
	assert_memory_equal(raw.text, card.text, sizeof(raw.text));
	assert_memory_equal(raw.photo, card.photo, sizeof(raw.photo));
	return "9000";
}

static void order(enum fault_kind kind, unsigned n, enum sam_step step)
{
	const struct fault f = { .kind = kind, .n = n, .step = step, .times = 1 };

	assert_true(sam_order_fault(&device.sam, &f));
}

/* --- framings --- */

/* Every packet size, padding and piece gives the same card, by both framings. */
static void test_shapes(void **state)
{
	static const uint16_t packets[] = { 8, 16, 32, 64, 512, 1024 };
	static const size_t pads[] = { 0, 32, 64, 512 }, pieces[] = { 0, 1, 5, 31, 63 };

	(void)state;
	for (unsigned pairs = 1; pairs <= 2; pairs++) {
		for (size_t i = 0; i < ARRAY_LEN(packets) * ARRAY_LEN(pads) * ARRAY_LEN(pieces); i++) {
			begin(pairs);
			device.packet = packets[i % ARRAY_LEN(packets)];
			device.pad = pads[i / ARRAY_LEN(packets) % ARRAY_LEN(pads)];
			device.piece = pieces[i / ARRAY_LEN(packets) / ARRAY_LEN(pads)];
			device.empties = (unsigned)i % 4;
			if (pairs == 2 && device.pad && (device.pad > device.packet || device.piece))
				continue; /* what fills a packet ends with it; over a pair of its own nothing tells more of it from a body */
			for (int n = 0; n < 3; n++)
				assert_string_equal(read_outcome(), "9000");
			assert_int_equal(device.now, 1000 + 20 * pairs); /* what may be left was looked for once; else no time is lost */
		}
	}
}

/* Few transfers: a read must not cost a transfer a packet (P5). */
static void test_few_transfers(void **state)
{
	(void)state;
	for (unsigned pairs = 1; pairs <= 2; pairs++) {
		unsigned before;

		begin(pairs);
		read_outcome();
		before = device.transfers;
		assert_string_equal(read_outcome(), "9000");
		assert_true(device.transfers - before <= 14);
	}
}

/* Packets without end and without a byte: no hang. */
static void test_empty_for_ever(void **state)
{
	(void)state;
	begin(1);
	assert_string_equal(read_outcome(), "9000");
	device.empties = 1000000;
	assert_string_equal(read_outcome(), "1 6F03");
	device.empties = device.empties_left = 0;
	assert_string_equal(read_outcome(), "9000");
}

/* Two pairs, but a module that speaks whole frames over the first: found by the second try. */
static void test_two_pairs_whole(void **state)
{
	(void)state;
	begin(2);
	device.whole_frames = true;
	assert_false(module_look(&module));
	assert_int_equal(module.state, SAMV_SILENT);
	assert_true(module_look(&module));
	assert_string_equal(read_outcome(), "9000");
	assert_int_equal(device.opened, 2);
}

/* What a program before us left in the pipes is no answer to us. */
static void test_remains(void **state)
{
	uint8_t old[64];
	size_t n = frame_build(old, sizeof(old), (const uint8_t[]){ 0, 0, 0x90, 1, 2, 3, 4, 5, 6, 7, 8 }, 11);

	(void)state;
	for (unsigned pairs = 1; pairs <= 2; pairs++) {
		begin(pairs);
		bulk_sim_leave(&device, old, n);
		bulk_sim_leave(&device, old, n);
		assert_string_equal(read_outcome(), "9000");
	}
}

/* --- faults at every byte --- */

static const struct {
	enum sam_step step;
	long whole;
	unsigned before; /* replies before it in one read */
} steps[] = { { SAM_FIND, REPLY_FIND, 0 }, { SAM_SELECT, REPLY_SELECT, 1 }, { SAM_READ, REPLY_READ, 2 } };

static void next_must_read(void)
{
	device.now += 2000;
	assert_string_equal(read_outcome(), "9000");
}

/* A stall at any byte of any reply is cleared and the unit done again: the clerk does not notice. */
static void test_stall_in(void **state)
{
	(void)state;
	for (unsigned pairs = 1; pairs <= 2; pairs++) {
		for (long at = 0; at < REPLY_READ; at++) {
			begin(pairs);
			assert_string_equal(read_outcome(), "9000");
			device.stall_in = at;
			assert_string_equal(read_outcome(), "9000");
			assert_int_equal(device.stalls, 1);
			assert_int_equal(device.unstalled, 1);
		}
	}
}

static void test_stall_out(void **state)
{
	(void)state;
	for (unsigned pairs = 1; pairs <= 2; pairs++) {
		for (long at = 0; at < 3 * 10; at++) {
			begin(pairs);
			assert_string_equal(read_outcome(), "9000");
			device.stall_out = at;
			assert_string_equal(read_outcome(), "9000");
			assert_int_equal(device.stalls, 1);
			assert_int_equal(device.unstalled, 1);
		}
	}
}

static void test_unplugged(void **state)
{
	(void)state;
	for (unsigned pairs = 1; pairs <= 2; pairs++) {
		for (size_t s = 0; s < ARRAY_LEN(steps); s++) {
			for (long at = 0; at < steps[s].whole; at++) {
				char want[16];

				begin(pairs);
				assert_string_equal(read_outcome(), "9000");
				order(FAULT_UNPLUG, (unsigned)at, steps[s].step);
				text_format(want, sizeof(want), "%zu 6F01", s + 1);
				assert_string_equal(read_outcome(), want);
				assert_int_equal(module.state, SAMV_ABSENT);
				next_must_read();
				assert_int_equal(device.opened, 2);
			}
		}
	}
}

/* The reply ends before its end: no answer in time, and what comes late is not the next answer. */
static void test_cut(void **state)
{
	(void)state;
	for (unsigned pairs = 1; pairs <= 2; pairs++) {
		for (size_t s = 0; s < ARRAY_LEN(steps); s++) {
			for (long at = 0; at < steps[s].whole; at++) {
				char want[16];
				int64_t before;

				begin(pairs);
				assert_string_equal(read_outcome(), "9000");
				order(FAULT_CUT, (unsigned)at, steps[s].step);
				text_format(want, sizeof(want), "%zu 6F02", s + 1);
				before = device.now;
				assert_string_equal(read_outcome(), want);
				assert_in_range(device.now - before, 1000, 10100);
				next_must_read();
			}
		}
	}
}

static void test_noise_checksum_length(void **state)
{
	(void)state;
	for (unsigned pairs = 1; pairs <= 2; pairs++) {
		for (size_t s = 0; s < ARRAY_LEN(steps); s++) {
			for (unsigned n = 1; n < 40; n++) {
				begin(pairs);
				assert_string_equal(read_outcome(), "9000");
				if (pairs == 1) { /* with two pairs, noise is not where a frame is */
					order(FAULT_NOISE, n, steps[s].step);
					assert_string_equal(read_outcome(), "9000");
				}
				order(FAULT_CHECKSUM, 0, steps[s].step);
				assert_string_equal(read_outcome(), "9000");
				order(FAULT_LENGTH, n, steps[s].step);
				assert_non_null(strstr(read_outcome(), "6F02"));
				next_must_read();
			}
		}
	}
}

static void test_opens(void **state)
{
	static const struct {
		enum transport_result result;
		enum samv_state want;
	} cases[] = {
		{ TRANSPORT_ABSENT, SAMV_ABSENT }, { TRANSPORT_HELD, SAMV_HELD }, { TRANSPORT_DENIED, SAMV_DENIED },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		begin(1 + (unsigned)i % 2);
		device.opens = cases[i].result;
		assert_string_equal(read_outcome(), "1 6F01");
		assert_int_equal(module.state, cases[i].want);
		device.opens = TRANSPORT_OK;
		next_must_read();
	}
}

/* --- descriptors --- */

static struct usb_interface interface(uint8_t number, uint8_t class, const struct usb_endpoint *endpoints, size_t n)
{
	struct usb_interface i = { .number = number, .class = class, .n = n };

	memcpy(i.endpoint, endpoints, n * sizeof(*endpoints));
	return i;
}

#define IN(i, number, class, ...)                                                                                   \
	list[i] = interface(number, class, (const struct usb_endpoint[]){ __VA_ARGS__ },                            \
			    sizeof((const struct usb_endpoint[]){ __VA_ARGS__ }) / sizeof(struct usb_endpoint))

static void test_pairs(void **state)
{
	struct bulk_pairs pairs = { .n = 9 };
	struct usb_interface list[3] = { { .number = 0 } };

	(void)state;
	assert_int_equal(usb_pairs_choose(&pairs, list, 0), -1);
	IN(0, 0, 0xFF, { 0x81, 2, 64 }, { 0x02, 2, 64 });
	assert_int_equal(usb_pairs_choose(&pairs, list, 1), 0);
	assert_int_equal(pairs.n, 1);
	assert_int_equal(pairs.pair[0].in, 0x81);
	assert_int_equal(pairs.pair[0].out, 0x02);
	assert_int_equal(pairs.pair[0].in_packet, 64);
	/* Out of order, with an interrupt endpoint among them. */
	IN(0, 0, 0xFF, { 0x06, 2, 64 }, { 0x85, 2, 64 }, { 0x84, 3, 8 }, { 0x81, 2, 32 }, { 0x02, 2, 64 });
	assert_int_equal(usb_pairs_choose(&pairs, list, 1), 0);
	assert_int_equal(pairs.n, 2);
	assert_memory_equal(&pairs.pair[0], (&(struct bulk_pair){ 0x81, 0x02, 32 }), sizeof(struct bulk_pair));
	assert_memory_equal(&pairs.pair[1], (&(struct bulk_pair){ 0x85, 0x06, 64 }), sizeof(struct bulk_pair));
	/* A composite device: keyboard, storage, module. */
	IN(0, 0, 0x03, { 0x81, 3, 8 });
	IN(1, 1, 0x08, { 0x82, 2, 512 }, { 0x03, 2, 512 });
	IN(2, 2, 0xFF, { 0x83, 2, 512 }, { 0x04, 2, 512 });
	assert_int_equal(usb_pairs_choose(&pairs, list, 3), 2);
	assert_int_equal(pairs.pair[0].in, 0x83);
	assert_int_equal(usb_pairs_choose(&pairs, list, 2), -1);
	/* FF goes before 00; 00 is better than none. Half a pair is none. */
	IN(0, 0, 0x00, { 0x81, 2, 64 }, { 0x02, 2, 64 });
	assert_int_equal(usb_pairs_choose(&pairs, list, 3), 2);
	assert_int_equal(usb_pairs_choose(&pairs, list, 1), 0);
	IN(0, 0, 0xFF, { 0x81, 2, 64 });
	assert_int_equal(usb_pairs_choose(&pairs, list, 1), -1);
	/* Sizes that no device should have do no harm. */
	IN(0, 0, 0xFF, { 0x81, 2, 0 }, { 0x02, 2, 0 }, { 0x85, 2, 0xFFFF }, { 0x06, 2, 0xFFFF });
	assert_int_equal(usb_pairs_choose(&pairs, list, 1), 0);
	assert_int_equal(pairs.pair[0].in_packet, BULK_PACKET_LEAST);
	assert_int_equal(pairs.pair[1].in_packet, BULK_PACKET_MOST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shapes),        cmocka_unit_test(test_few_transfers),
		cmocka_unit_test(test_empty_for_ever), cmocka_unit_test(test_two_pairs_whole),
		cmocka_unit_test(test_remains),       cmocka_unit_test(test_stall_in),
		cmocka_unit_test(test_stall_out),     cmocka_unit_test(test_unplugged),
		cmocka_unit_test(test_cut),           cmocka_unit_test(test_noise_checksum_length),
		cmocka_unit_test(test_opens),         cmocka_unit_test(test_pairs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
