/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The driver's middle: one module, asked in whole units, over a simulated one in the same process and with a clock of ours. Every
 * fault at every byte of find, select and read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "apdu.h"
#include "base/text.h"
#include "device_name.h"
#include "module.h"
#include "reader/card_raw.h"
#include "reader/hex.h"
#include "sam.h"

static int64_t now;

static int64_t test_clock(void)
{
	return now;
}

/* A line that loses no time: what the simulated module sends is there at once, what does not come costs the time-out. */
struct wire {
	struct sam sam;
	enum transport_result opens; /* what open answers */
	unsigned opened, variant;
	unsigned exchanges;
	bool gone;
	char log[64];                /* one letter for each command: s(tatus), n, f(ind), S(elect), r(ead) */
};

static enum transport_result wire_open(void *self, unsigned variant)
{
	struct wire *w = self;

	w->opened++;
	w->variant = variant;
	return w->opens;
}

static char letter(const uint8_t *request)
{
	if (request[7] == 0x20)
		return request[8] == 0x01 ? 'f' : 'S';
	return request[7] == 0x11 ? 's' : request[7] == 0x12 ? 'n' : 'r';
}

static enum transport_result wire_exchange(void *self, const uint8_t *request, size_t n, struct frame_receiver *reply,
					   int timeout_ms)
{
	struct wire *w = self;
	struct frame_receiver in;
	struct sam_reply out;
	enum frame_result result;
	const uint8_t *payload;
	size_t len = strlen(w->log);

	if (w->gone)
		return TRANSPORT_ABSENT;
	w->exchanges++;
	if (len + 1 < sizeof(w->log))
		w->log[len] = letter(request);
	frame_receiver_init(&in, FRAME_LEAST_REQUEST);
	assert_int_equal(frame_receiver_put(&in, request, n, &result), n);
	assert_int_equal(result, FRAME_WHOLE);
	payload = frame_receiver_payload(&in, &n);
	sam_answer(&w->sam, result, payload, n, &out);
	frame_receiver_init(reply, FRAME_LEAST_REPLY);
	frame_receiver_put(reply, out.bytes, out.n, &result);
	if (out.unplug && result != FRAME_WHOLE)
		return TRANSPORT_ABSENT;
	if (result == FRAME_MORE) {
		now += timeout_ms;
		return TRANSPORT_TIMEOUT;
	}
	return result == FRAME_WHOLE ? TRANSPORT_OK : TRANSPORT_GARBLED;
}

static void wire_close(void *self)
{
	(void)self;
}

static const struct transport_ops wire_ops = { wire_open, wire_exchange, wire_close };

static struct sim_card card;
static struct wire wire;
static struct module module;

static int setup(void **state)
{
	const struct module_settings settings = { .gone_count = 3, .gone_ms = 600 };

	(void)state;
	now = 1000;
	memset(&wire, 0, sizeof(wire));
	sam_init(&wire.sam);
	hex_card(card.text, sizeof(card.text), "resident");
	module_init(&module, (struct transport){ &wire_ops, &wire }, &settings);
	module.now_ms = test_clock;
	return 0;
}

static size_t ask(enum samv_p1 p1, uint8_t out[4096])
{
	const uint8_t apdu[5] = { SAMV_CLA, SAMV_INS, (uint8_t)p1, 0, 0 };

	return apdu_answer(&module, apdu, sizeof(apdu), out, 4096);
}

/* The answer's last bytes as text: "9000", or "step SW". */
static const char *outcome(const uint8_t *out, size_t n)
{
	static char text[16];

	if (n == 2 || n > 3)
		text_format(text, sizeof(text), "%02X%02X", out[n - 2], out[n - 1]);
	else
		text_format(text, sizeof(text), "%u %02X%02X", out[0], out[1], out[2]);
	return text;
}

static const char *read_outcome(void)
{
	uint8_t out[4096];

	return outcome(out, ask(SAMV_READ, out));
}

static void order(enum fault_kind kind, unsigned n, enum sam_step step, unsigned times)
{
	const struct fault f = { .kind = kind, .n = n, .step = step, .times = times };

	assert_true(sam_order_fault(&wire.sam, &f));
}

/* --- units --- */

static void test_read(void **state)
{
	uint8_t out[4096];
	struct card_raw raw;
	size_t n;

	(void)state;
	sam_place(&wire.sam, &card);
	n = ask(SAMV_READ, out);
	assert_int_equal(n, 4 + 256 + 1024 + 2);
	assert_true(card_raw_parse(&raw, out, n - 2));
	assert_memory_equal(raw.text, card.text, sizeof(raw.text));
	assert_string_equal(wire.log, "sfSr"); /* status once, then the unit */
	n = ask(SAMV_READ_FINGER, out);
	assert_int_equal(n, 6 + 256 + 1024 + 2);
	assert_true(card_raw_parse(&raw, out, n - 2));
	assert_string_equal(wire.log, "sfSrfSr");
}

static void test_other_commands(void **state)
{
	uint8_t out[4096];

	(void)state;
	assert_int_equal(ask(SAMV_STATE, out), 5);
	assert_int_equal(out[0], SAMV_VERSION);
	assert_int_equal(out[1], SAMV_ABSENT);
	assert_int_equal(ask(SAMV_STATUS, out), 3);
	assert_int_equal(out[0], 0x90);
	assert_int_equal(ask(SAMV_NUMBER, out), 18);
	assert_int_equal(ask(SAMV_STATE, out), 5);
	assert_int_equal(out[1], SAMV_READY);
	sam_place(&wire.sam, &card);
	assert_string_equal(outcome(out, ask(SAMV_ADDRESS, out)), "3 6491");
	card.has_address = true;
	assert_int_equal(ask(SAMV_ADDRESS, out), 72);
	card.has_address = false;
	assert_int_equal(ask(SAMV_CARD_NUMBER, out), 26);
	/* A module that does not know the newer command for the address is asked the older one. */
	wire.log[0] = '\0';
	memset(wire.log, 0, sizeof(wire.log));
	card.has_address = true;
	order(FAULT_SW, 0x21, SAM_READ, 1);
	assert_int_equal(ask(SAMV_ADDRESS, out), 72);
	assert_string_equal(wire.log, "fSrfSr");
	card.has_address = false;
}

static void test_apdus(void **state)
{
	static const struct {
		const char *apdu, *outcome;
	} cases[] = {
		{ "", "6700" }, { "FF", "6700" }, { "FF 53 00", "6700" }, { "00 A4 00 00", "6E00" },
		{ "FF CA 00 00 00", "6D00" }, { "FF 53 00 01 00", "6A86" }, { "FF 53 99 00 00", "6A86" },
		{ "FF 53 01 00 00 00", "6700" }, { "FF 53 01 00 02 AA BB", "6700" }, { "FF 53 01 00", "9000" },
		{ "FF 53 01 00 00 00 00", "9000" }, { "FF 53 01 00 00 00 00 00", "6700" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		uint8_t apdu[16], out[4096];
		size_t n = apdu_answer(&module, apdu, hex_bytes(apdu, sizeof(apdu), cases[i].apdu), out, sizeof(out));
		char got[8];

		assert_true(n >= 2);
		text_format(got, sizeof(got), "%02X%02X", out[n - 2], out[n - 1]);
		if (strcmp(got, cases[i].outcome) != 0)
			fail_msg("%s: %s", cases[i].apdu, got);
	}
}

static void test_too_little_room(void **state)
{
	const uint8_t apdu[5] = { SAMV_CLA, SAMV_INS, SAMV_READ, 0, 0 };
	uint8_t out[4096];

	(void)state;
	sam_place(&wire.sam, &card);
	assert_int_equal(apdu_answer(&module, apdu, 5, out, 1285), 0);
	assert_int_equal(apdu_answer(&module, apdu, 5, out, 1286), 1286);
	assert_int_equal(apdu_answer(&module, apdu, 5, out, 1), 0);
}

/* --- statuses and faults --- */

static const uint8_t statuses[] = { 0x21, 0x23, 0x24, 0x31, 0x32, 0x33, 0x34, 0x37, 0x3F, 0x40, 0x41, 0x47,
				    0x50, 0x60, 0x61, 0x66, 0x80, 0x81, 0x91, 0x00, 0xFF };

static void test_statuses(void **state)
{
	static const enum sam_step steps[] = { SAM_FIND, SAM_SELECT, SAM_READ };

	for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
		for (size_t step = 0; step < ARRAY_LEN(steps); step++) {
			char want[16];

			setup(state);
			sam_place(&wire.sam, &card);
			order(FAULT_SW, statuses[i], steps[step], 1);
			text_format(want, sizeof(want), "%zu 64%02X", step + 1, statuses[i]);
			assert_string_equal(read_outcome(), want);
			assert_string_equal(read_outcome(), "9000");
		}
	}
}

/* Garbled on the way there or back: the unit is done again from find, once. */
static void test_repeated_once(void **state)
{
	static const struct {
		enum fault_kind kind;
		unsigned n;
		const char *twice;
	} cases[] = {
		{ FAULT_SW, 0x10, "6410" }, { FAULT_SW, 0x11, "6411" }, { FAULT_CHECKSUM, 0, "6F03" },
	};
	static const enum sam_step steps[] = { SAM_FIND, SAM_SELECT, SAM_READ };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		for (size_t step = 0; step < ARRAY_LEN(steps); step++) {
			char want[16];

			setup(state);
			sam_place(&wire.sam, &card);
			order(cases[i].kind, cases[i].n, steps[step], 1);
			assert_string_equal(read_outcome(), "9000");
			order(cases[i].kind, cases[i].n, steps[step], 2);
			text_format(want, sizeof(want), "%zu %s", step + 1, cases[i].twice);
			assert_string_equal(read_outcome(), want);
			assert_string_equal(read_outcome(), "9000");
		}
	}
}

/* The reply cut after every byte, in every step: no hang, a word for it, and the next card reads. */
static void test_cut_everywhere(void **state)
{
	static const struct {
		enum sam_step step;
		unsigned whole;
	} steps[] = { { SAM_FIND, 15 }, { SAM_SELECT, 19 }, { SAM_READ, 1295 } };

	for (size_t s = 0; s < ARRAY_LEN(steps); s++) {
		for (unsigned n = 0; n < steps[s].whole; n++) {
			char want[16];

			setup(state);
			sam_place(&wire.sam, &card);
			order(n % 2 ? FAULT_CUT : FAULT_UNPLUG, n, steps[s].step, 1);
			text_format(want, sizeof(want), "%zu 6F%s", s + 1, n % 2 ? "02" : "01");
			assert_string_equal(read_outcome(), want);
			now += 10000;
			assert_string_equal(read_outcome(), "9000");
		}
	}
}

static void test_noise_and_length(void **state)
{
	static const enum sam_step steps[] = { SAM_FIND, SAM_SELECT, SAM_READ };

	for (size_t s = 0; s < ARRAY_LEN(steps); s++) {
		for (unsigned n = 1; n < 40; n++) {
			setup(state);
			sam_place(&wire.sam, &card);
			order(FAULT_NOISE, n, steps[s], 1);
			/* Noise that looks like a frame's lead garbles one unit at most; the driver does it again. */
			assert_string_equal(read_outcome(), "9000");
			order(FAULT_LENGTH, n, steps[s], 1);
			assert_non_null(strstr(read_outcome(), "6F02"));
			now += 10000;
			assert_string_equal(read_outcome(), "9000");
		}
	}
}

/* A late answer to the question before is not taken for the answer to this one. */
static void test_order(void **state)
{
	static const enum sam_step steps[] = { SAM_SELECT, SAM_READ, SAM_FIND };

	for (size_t s = 0; s < ARRAY_LEN(steps); s++) {
		setup(state);
		sam_place(&wire.sam, &card);
		assert_string_equal(read_outcome(), "9000");
		order(FAULT_ORDER, 0, steps[s], 1);
		assert_string_equal(read_outcome(), "9000");
		assert_non_null(strstr(wire.log + 4, "f"));
	}
}

static void test_lifted(void **state)
{
	static const struct {
		enum sam_step step;
		const char *outcome;
	} cases[] = { { SAM_FIND, "1 6480" }, { SAM_SELECT, "2 6481" }, { SAM_READ, "3 6441" } };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		setup(state);
		sam_place(&wire.sam, &card);
		order(FAULT_LIFT, 0, cases[i].step, 1);
		assert_string_equal(read_outcome(), cases[i].outcome);
		assert_string_equal(read_outcome(), "1 6480");
		sam_place(&wire.sam, &card);
		assert_string_equal(read_outcome(), "9000");
	}
}

/* A module that finds a card once only: the second find says no, select works all the same. */
static void test_found_once(void **state)
{
	(void)state;
	sam_place(&wire.sam, &card);
	assert_true(module_look(&module));
	/* The fault overwrites the answer only: the module keeps the card found. */
	order(FAULT_SW, 0x80, SAM_FIND, 1);
	assert_string_equal(read_outcome(), "9000");
}

/* --- presence --- */

static bool look_after(int64_t ms)
{
	now += ms;
	return module_look(&module);
}

static void test_presence(void **state)
{
	static const enum sam_mode modes[] = { SAM_REDISCOVER, SAM_ONCE };

	for (size_t i = 0; i < ARRAY_LEN(modes); i++) {
		setup(state);
		wire.sam.mode = modes[i];
		assert_false(look_after(400));
		sam_place(&wire.sam, &card);
		assert_true(look_after(400));
		assert_string_equal(read_outcome(), "9000");
		for (int n = 0; modes[i] == SAM_REDISCOVER && n < 10; n++)
			assert_true(look_after(400));
		sam_place(&wire.sam, NULL);
		assert_true(look_after(400)); /* failed once */
		assert_true(look_after(400)); /* twice */
		assert_false(look_after(400)); /* three times over 800 ms */
		sam_place(&wire.sam, &card);
		assert_true(look_after(400));
	}
}

/* Three failures alone are not enough, nor is the time. */
static void test_presence_needs_both(void **state)
{
	setup(state);
	sam_place(&wire.sam, &card);
	assert_true(look_after(400));
	sam_place(&wire.sam, NULL);
	for (int n = 0; n < 6; n++)
		assert_true(look_after(100)); /* failed 6 times in 500 ms */
	assert_false(look_after(100));
	setup(state);
	sam_place(&wire.sam, &card);
	assert_true(look_after(400));
	sam_place(&wire.sam, NULL);
	assert_true(look_after(5000));
	assert_true(look_after(5000));
	sam_place(&wire.sam, &card);
	assert_true(look_after(400)); /* there again: it begins anew */
	sam_place(&wire.sam, NULL);
	assert_true(look_after(5000));
	assert_true(look_after(5000));
	assert_false(look_after(5000));
}

/* --- lines that come and go --- */

static void expect_state(enum samv_state want)
{
	uint8_t out[4096];

	assert_int_equal(ask(SAMV_STATE, out), 5);
	assert_int_equal(out[1], want);
}

static void test_open_results(void **state)
{
	static const struct {
		enum transport_result result;
		enum samv_state want;
	} cases[] = {
		{ TRANSPORT_ABSENT, SAMV_ABSENT }, { TRANSPORT_HELD, SAMV_HELD }, { TRANSPORT_DENIED, SAMV_DENIED },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		setup(state);
		sam_place(&wire.sam, &card);
		wire.opens = cases[i].result;
		assert_false(look_after(400));
		expect_state(cases[i].want);
		assert_string_equal(read_outcome(), "1 6F01");
		assert_false(look_after(100)); /* not tried again at once */
		assert_int_equal(wire.opened, 1);
		wire.opens = TRANSPORT_OK;
		assert_true(look_after(400));
		expect_state(SAMV_READY);
	}
}

static void test_gone_and_back(void **state)
{
	(void)state;
	sam_place(&wire.sam, &card);
	assert_true(look_after(400));
	wire.gone = true;
	assert_false(look_after(400));
	expect_state(SAMV_ABSENT);
	assert_string_equal(read_outcome(), "1 6F01");
	wire.gone = false;
	assert_true(look_after(1500));
	assert_string_equal(read_outcome(), "9000");
}

/* Nobody answers: another rate each time; a module that was there and falls silent is looked for anew. */
static void test_silent(void **state)
{
	(void)state;
	order(FAULT_SILENCE, 0, SAM_ANY, 3);
	assert_false(look_after(400));
	expect_state(SAMV_SILENT);
	assert_false(look_after(1500));
	assert_int_equal(wire.variant, 1);
	assert_false(look_after(1500));
	assert_int_equal(wire.variant, 2);
	sam_place(&wire.sam, &card);
	assert_true(look_after(1500));
	assert_int_equal(wire.variant, 3);
	order(FAULT_SILENCE, 0, SAM_FIND, 2);
	assert_true(look_after(400)); /* once may happen */
	assert_false(look_after(400));
	expect_state(SAMV_SILENT);
	assert_true(look_after(400));
}

static void test_module_fault(void **state)
{
	(void)state;
	sam_place(&wire.sam, &card);
	wire.sam.health = 0x66;
	assert_false(look_after(400));
	expect_state(SAMV_FAULT);
	assert_string_equal(read_outcome(), "1 6466");
	wire.sam.health = 0x90;
	assert_true(look_after(1500));
	expect_state(SAMV_READY);
	wire.sam.health = 0x60;
	assert_false(look_after(400));
	expect_state(SAMV_FAULT);
}

static void test_device_names(void **state)
{
	static const struct {
		const char *name, *path; /* NULL: refused */
		unsigned rate, count, ms;
	} cases[] = {
		{ "/dev/ttyUSB0:samv", "/dev/ttyUSB0", 0, 3, 600 },
		{ "/dev/a:b:samv", "/dev/a:b", 0, 3, 600 },
		{ "/dev/x:samv/rate=9600", "/dev/x", 9600, 3, 600 },
		{ "/dev/x:samv/gone_count=5/gone_ms=0", "/dev/x", 0, 5, 0 },
		{ "/dev/x:samv/rate=9601", NULL, 0, 0, 0 },
		{ "/dev/x:samv/gone_count=0", NULL, 0, 0, 0 },
		{ "/dev/x:samv/gone_ms=10001", NULL, 0, 0, 0 },
		{ "/dev/x:samv/gone_ms=-1", NULL, 0, 0, 0 },
		{ "/dev/x:samv/gone_ms=5x", NULL, 0, 0, 0 },
		{ "/dev/x:samv/odd", NULL, 0, 0, 0 },
		{ "/dev/x:reader", NULL, 0, 0, 0 },
		{ "/dev/x:", NULL, 0, 0, 0 },
		{ "/dev/x", NULL, 0, 0, 0 },
		{ "x:samv", NULL, 0, 0, 0 },
		{ "", NULL, 0, 0, 0 },
		{ "usb:0400/c35a:libudev:0:/dev/bus/usb/001/002", "/dev/bus/usb/001/002", 0, 3, 600 },
		{ "usb:0400/c35a:libusb-1.0:1:2:0", "/dev/bus/usb/001/002", 0, 3, 600 },
		{ "usb:0400/c35a:libusb-1.0:1:2", NULL, 0, 0, 0 },
		{ "usb:0400/c35a:libusb-1.0:1:2:0x", NULL, 0, 0, 0 },
		{ "usb:0400/c35a:libudev:0:", NULL, 0, 0, 0 },
		{ "usb:0400/c35a", NULL, 0, 0, 0 },
		{ "usb:", NULL, 0, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct device_name d = { .path = "untouched" };

		assert_int_equal(device_name_parse(&d, cases[i].name), cases[i].path != NULL);
		assert_string_equal(d.path, cases[i].path ? cases[i].path : "untouched");
		assert_int_equal(d.rate, cases[i].rate);
		assert_int_equal(d.settings.gone_count, cases[i].count);
		assert_int_equal(d.settings.gone_ms, cases[i].ms);
	}
}

static void test_usb_names(void **state)
{
	static const struct {
		const char *name;
		unsigned vendor, product, interface;
	} cases[] = {
		{ "usb:0400/c35a:libudev:2:/dev/bus/usb/001/002", 0x0400, 0xC35A, 2 },
		{ "usb:ffff/0001:libusb-1.0:1:2:3", 0xFFFF, 0x0001, 3 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct device_name d;

		assert_true(device_name_parse(&d, cases[i].name));
		assert_true(d.usb);
		assert_int_equal(d.vendor, cases[i].vendor);
		assert_int_equal(d.product, cases[i].product);
		assert_int_equal(d.interface, cases[i].interface);
	}
}

static void test_atr(void **state)
{
	static const uint8_t atr[SAMV_ATR_LEN] = SAMV_ATR;
	uint8_t x = 0;

	(void)state;
	for (size_t i = 1; i < sizeof(atr); i++)
		x ^= atr[i];
	assert_int_equal(x, 0);
	assert_int_equal(atr[1] & 0x0F, 7);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_read, setup),          cmocka_unit_test_setup(test_other_commands, setup),
		cmocka_unit_test_setup(test_apdus, setup),         cmocka_unit_test_setup(test_too_little_room, setup),
		cmocka_unit_test_setup(test_statuses, setup),      cmocka_unit_test_setup(test_repeated_once, setup),
		cmocka_unit_test_setup(test_cut_everywhere, setup), cmocka_unit_test_setup(test_noise_and_length, setup),
		cmocka_unit_test_setup(test_order, setup),         cmocka_unit_test_setup(test_lifted, setup),
		cmocka_unit_test_setup(test_found_once, setup),    cmocka_unit_test_setup(test_presence, setup),
		cmocka_unit_test_setup(test_presence_needs_both, setup), cmocka_unit_test_setup(test_open_results, setup),
		cmocka_unit_test_setup(test_gone_and_back, setup), cmocka_unit_test_setup(test_silent, setup),
		cmocka_unit_test_setup(test_module_fault, setup),  cmocka_unit_test(test_device_names),
		cmocka_unit_test(test_usb_names), cmocka_unit_test(test_atr),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
