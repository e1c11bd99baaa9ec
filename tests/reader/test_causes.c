/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From a byte to a sentence: simulated module, bulk pipes of both framings, the driver's middle, its answers as our errors, the watch.
 * Every status in every step, and every fault at every byte of find, select and read: what the clerk is told is the right one of
 * the table, nothing hangs, and the next card reads. Time is the test's own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <PCSC/winscard.h>

#include <cmocka.h>

#include "apdu.h"
#include "base/i18n.h"
#include "base/text.h"
#include "module.h"
#include "reader/bulk_sim.h"
#include "reader/hex.h"
#include "reader/pcsc.h"
#include "reader/plugged.h"
#include "reader/sam_status.h"
#include "reader/samv_failure.h"
#include "reader/watch.h"
#include "usb.h"

#define LONGEST_MS 120000 /* of the clerk's own time, until a failure has been told */

static struct bulk_sim device;
static struct usb usb;
static struct module module;
static struct watch watch;
static struct sim_card cards[2];
static enum err_code failed_with; /* told last, ERR_NONE: none */
static bool card_was_read, module_fault;

static int64_t device_clock(void)
{
	return device.now;
}

/* The driver's answers as a source of cards, as pcsc.c is one; a look takes 40 ms, as the driver's does. */
static int source_wait(void *self, int timeout_ms, struct seats *out, struct err *e)
{
	struct seat *seat = &out->seat[0];

	(void)self;
	(void)e;
	device.now += timeout_ms < 40 ? timeout_ms : 40;
	memset(out, 0, sizeof(*out));
	out->n = 1;
	strcpy(seat->name, "A");
	seat->kind = CARD_READER_SAMV;
	seat->card = module_look(&module);
	seat->trouble = seat->card ? ERR_NONE : samv_state_cause(module.state);
	return 0;
}

static int source_read(void *self, const char *reader, bool again, struct card_raw *out, struct err *e)
{
	static const uint8_t apdu[5] = { SAMV_CLA, SAMV_INS, SAMV_READ, 0, 0 };
	uint8_t answer[4096];
	size_t n = apdu_answer(&module, apdu, sizeof(apdu), answer, sizeof(answer));
	unsigned sw = (unsigned)answer[n - 2] << 8 | answer[n - 1];

	(void)self;
	(void)reader;
	if (sw != 0x9000)
		return samv_failure(e, answer, n - 2, sw, again);
	if (!card_raw_parse(out, answer, n - 2))
		return err_set(e, ERR_CARD_CONTENT, "content");
	return 0;
}

static void source_close(void *self)
{
	(void)self;
}

static void on_event(void *arg, const struct card_event *ev)
{
	(void)arg;
	if (ev->kind == CARD_EVENT_FAILED)
		failed_with = ev->cause;
	if (ev->kind == CARD_EVENT_READ)
		card_was_read = true;
	if (ev->kind == CARD_EVENT_READER && ev->cause == ERR_CARD_MODULE)
		module_fault = true;
	/* A failure has a sentence and an advice in both languages. */
	if (ev->cause != ERR_NONE) {
		assert_true(*err_sentence(ev->cause));
		assert_true(*err_advice(ev->cause));
	}
}

static void begin(unsigned pairs)
{
	static const struct card_source_ops ops = { source_wait, source_read, source_close };
	static const struct card_source source = { &ops, NULL };
	const struct module_settings settings = { .gone_count = 3, .gone_ms = 600 };

	bulk_sim_init(&device, pairs);
	hex_card(cards[0].text, sizeof(cards[0].text), "resident");
	hex_card(cards[1].text, sizeof(cards[1].text), "hmt");
	usb_init(&usb, bulk_sim(&device));
	usb.now_ms = device_clock;
	module_init(&module, usb_transport(&usb), &settings);
	module.now_ms = device_clock;
	watch_init(&watch, &source, on_event, NULL);
	watch.steady_ms = device_clock;
	failed_with = ERR_NONE;
	card_was_read = module_fault = false;
	watch_step(&watch, 100);
}

static void order(enum fault_kind kind, unsigned n, enum sam_step step, unsigned times)
{
	const struct fault f = { .kind = kind, .n = n, .step = step, .times = times };

	assert_true(sam_order_fault(&device.sam, &f));
}

/* Lays a card down and waits until it was read or its failure told. */
static enum err_code lay(const struct sim_card *card)
{
	int64_t until = device.now + LONGEST_MS;

	failed_with = ERR_NONE;
	card_was_read = false;
	if (card)
		sam_place(&device.sam, card);
	while (failed_with == ERR_NONE && !card_was_read) {
		if (device.now > until)
			fail_msg("nothing was told in %d s", LONGEST_MS / 1000);
		watch_step(&watch, 100);
	}
	return failed_with;
}

/* The fault is over, the card is lifted, another one is laid down. */
static void next_card_reads(void)
{
	device.sam.faults = 0;
	device.stall_in = device.stall_out = device.gone_at = BULK_NEVER;
	sam_place(&device.sam, NULL);
	for (int i = 0; i < 60; i++)
		watch_step(&watch, 100);
	assert_int_equal(lay(&cards[1]), ERR_NONE);
	assert_true(card_was_read);
	watch_release(&watch);
}

/* --- statuses --- */

static const enum sam_step steps[] = { SAM_FIND, SAM_SELECT, SAM_READ };

/* A status that lasts, in select and in read: told as what it means when it lasts. */
static void test_every_status(void **state)
{
	(void)state;
	for (unsigned sw = 0; sw < 256; sw++) {
		for (size_t s = 1; s < ARRAY_LEN(steps); s++) {
			enum err_code want = sam_status_cause((uint8_t)sw, true), told;

			if (sw == SAM_DONE || sw == SAM_FOUND)
				continue; /* in the wrong place they are garbled answers: test_good_in_the_wrong_place */
			begin(1 + sw % 2);
			order(FAULT_SW, sw, steps[s], 100000);
			told = lay(&cards[0]);
			if (told != want)
				fail_msg("status %02X in step %zu: %s, not %s", sw, s + 1, err_name(told), err_name(want));
			next_card_reads();
		}
	}
}

/* In find, a status that is no "found" is an empty reader; the two that mean a broken module are told as the reader's state. */
static void test_every_status_of_find(void **state)
{
	(void)state;
	for (unsigned sw = 0; sw < 256; sw++) {
		begin(1 + sw % 2);
		order(FAULT_SW, sw, SAM_FIND, 100000);
		sam_place(&device.sam, &cards[0]);
		for (int i = 0; i < 30; i++)
			watch_step(&watch, 100);
		assert_false(card_was_read);
		assert_int_equal(failed_with, ERR_NONE);
		assert_int_equal(module_fault, sw == 0x60 || sw == 0x66);
		next_card_reads();
	}
}

/* A "done" or "found" without what belongs to it is a garbled answer. */
static void test_good_in_the_wrong_place(void **state)
{
	static const unsigned good[] = { SAM_DONE, SAM_FOUND };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		for (size_t s = 1; s < ARRAY_LEN(steps); s++) {
			begin(1 + (unsigned)i);
			order(FAULT_SW, good[i], steps[s], 100000);
			assert_int_equal(lay(&cards[0]), ERR_CARD_LINE);
			next_card_reads();
		}
	}
}

/* Once only, as a hand that moves causes it: mended without a word where trying again may help. */
static void test_every_status_once(void **state)
{
	(void)state;
	for (unsigned sw = 0; sw < 256; sw++) {
		for (size_t s = 1; s < ARRAY_LEN(steps); s++) {
			enum err_code first = sam_status_cause((uint8_t)sw, false), told;
			bool at_once = first == ERR_CARD_MODULE;

			begin(1 + sw % 2);
			order(FAULT_SW, sw, steps[s], 1);
			told = lay(&cards[0]);
			if (told != (at_once ? first : ERR_NONE))
				fail_msg("status %02X once in step %zu: %s", sw, s + 1, err_name(told));
			next_card_reads();
		}
	}
}

/* --- faults at every byte --- */

static const unsigned whole[] = { 15, 19, 1295 }; /* bytes of the replies to find, select and read */

static void test_cut_for_ever(void **state)
{
	(void)state;
	for (unsigned pairs = 1; pairs <= 2; pairs++) {
		for (size_t s = 1; s < ARRAY_LEN(steps); s++) {
			for (unsigned at = 0; at < whole[s]; at += pairs == 1 ? 1 : 3) {
				begin(pairs);
				order(FAULT_CUT, at, steps[s], 100000);
				assert_int_equal(lay(&cards[0]), ERR_CARD_LINE);
				next_card_reads();
			}
		}
	}
}

/* Once, at every byte: read all the same. */
static void test_cut_once(void **state)
{
	(void)state;
	for (unsigned pairs = 1; pairs <= 2; pairs++) {
		for (size_t s = 0; s < ARRAY_LEN(steps); s++) {
			for (unsigned at = 0; at < whole[s]; at++) {
				begin(pairs);
				order(FAULT_CUT, at, steps[s], 1);
				assert_int_equal(lay(&cards[0]), ERR_NONE);
				next_card_reads();
			}
		}
	}
}

/* Unplugged at every byte, with the card left on the reader, and plugged in again. */
static void test_unplugged(void **state)
{
	(void)state;
	for (unsigned pairs = 1; pairs <= 2; pairs++) {
		for (size_t s = 0; s < ARRAY_LEN(steps); s++) {
			for (unsigned at = 0; at < whole[s]; at++) {
				begin(pairs);
				order(FAULT_UNPLUG, at, steps[s], 1);
				assert_true(lay(&cards[0]) == ERR_NONE || failed_with == ERR_CARD_REMOVED);
				next_card_reads();
			}
		}
	}
}

static void test_lifted(void **state)
{
	(void)state;
	for (unsigned pairs = 1; pairs <= 2; pairs++) {
		for (size_t s = 1; s < ARRAY_LEN(steps); s++) {
			begin(pairs);
			order(FAULT_LIFT, 0, steps[s], 1);
			assert_int_equal(lay(&cards[0]), ERR_CARD_REMOVED);
			next_card_reads();
		}
	}
}

static void test_garbled(void **state)
{
	(void)state;
	for (unsigned pairs = 1; pairs <= 2; pairs++) {
		for (size_t s = 1; s < ARRAY_LEN(steps); s++) {
			begin(pairs);
			order(FAULT_CHECKSUM, 0, steps[s], 100000);
			assert_int_equal(lay(&cards[0]), ERR_CARD_LINE);
			next_card_reads();
		}
	}
}

static void test_stalls(void **state)
{
	(void)state;
	for (unsigned pairs = 1; pairs <= 2; pairs++) {
		for (long at = 0; at < 1295; at++) {
			begin(pairs);
			device.stall_in = at;
			assert_int_equal(lay(&cards[0]), ERR_NONE);
			next_card_reads();
		}
	}
}

/* --- states and codes --- */

static void test_states(void **state)
{
	static const struct {
		enum samv_state state;
		enum err_code cause;
	} cases[] = {
		{ SAMV_READY, ERR_NONE },               { SAMV_ABSENT, ERR_CARD_READER_GONE },
		{ SAMV_HELD, ERR_CARD_READER_HELD },    { SAMV_DENIED, ERR_CARD_READER_DENIED },
		{ SAMV_SILENT, ERR_CARD_SILENT },       { SAMV_FAULT, ERR_CARD_MODULE },
		{ (enum samv_state)77, ERR_CARD_LINE },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(samv_state_cause(cases[i].state), cases[i].cause);
}

/* Every code of PC/SC is one of ours. */
static void test_pcsc_codes(void **state)
{
	static const struct {
		unsigned code;
		enum err_code cause;
	} cases[] = {
		{ 0x01, ERR_INTERNAL },             { 0x02, ERR_INTERNAL },             { 0x03, ERR_CARD_SERVICE },
		{ 0x04, ERR_INTERNAL },             { 0x05, ERR_INTERNAL },             { 0x06, ERR_MEMORY },
		{ 0x07, ERR_CARD_LINE },            { 0x08, ERR_INTERNAL },             { 0x09, ERR_CARD_READER_GONE },
		{ 0x0A, ERR_CARD_LINE },            { 0x0B, ERR_CARD_READER_BUSY },     { 0x0C, ERR_CARD_REMOVED },
		{ 0x0D, ERR_CARD_UNREADABLE },      { 0x0E, ERR_CARD_LINE },            { 0x0F, ERR_CARD_UNREADABLE },
		{ 0x10, ERR_CARD_LINE },            { 0x11, ERR_INTERNAL },             { 0x12, ERR_CARD_SERVICE },
		{ 0x13, ERR_CARD_SERVICE },         { 0x14, ERR_INTERNAL },             { 0x15, ERR_CARD_UNREADABLE },
		{ 0x16, ERR_CARD_LINE },            { 0x17, ERR_CARD_READER_GONE },     { 0x18, ERR_CARD_SERVICE },
		{ 0x19, ERR_INTERNAL },             { 0x1A, ERR_CARD_NO_DRIVER },       { 0x1B, ERR_INTERNAL },
		{ 0x1C, ERR_CARD_UNREADABLE },      { 0x1D, ERR_CARD_SERVICE },         { 0x1E, ERR_CARD_SERVICE },
		{ 0x1F, ERR_CARD_UNREADABLE },      { 0x20, ERR_INTERNAL },             { 0x21, ERR_INTERNAL },
		{ 0x23, ERR_CARD_UNREADABLE },      { 0x24, ERR_CARD_UNREADABLE },      { 0x25, ERR_CARD_UNREADABLE },
		{ 0x26, ERR_CARD_UNREADABLE },      { 0x27, ERR_CARD_REFUSED_SERVICE }, { 0x28, ERR_CARD_UNREADABLE },
		{ 0x29, ERR_CARD_UNREADABLE },      { 0x2A, ERR_CARD_UNREADABLE },      { 0x2B, ERR_CARD_SERVICE },
		{ 0x2C, ERR_INTERNAL },             { 0x2D, ERR_INTERNAL },             { 0x2E, ERR_CARD_NO_READER },
		{ 0x2F, ERR_CARD_LINE },            { 0x30, ERR_INTERNAL },             { 0x31, ERR_CARD_SERVICE },
		{ 0x65, ERR_CARD_UNREADABLE },      { 0x66, ERR_CARD_UNREADABLE },      { 0x67, ERR_CARD_UNREADABLE },
		{ 0x68, ERR_CARD_LINE },            { 0x69, ERR_CARD_REMOVED },         { 0x6A, ERR_CARD_REFUSED_SERVICE },
		{ 0x6B, ERR_CARD_UNREADABLE },      { 0x6C, ERR_CARD_UNREADABLE },      { 0x6D, ERR_CARD_UNREADABLE },
		{ 0x6E, ERR_INTERNAL },             { 0x6F, ERR_CARD_UNREADABLE },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		if (pcsc_cause((LONG)(0x80100000u | cases[i].code)) != cases[i].cause)
			fail_msg("%02X: %s", cases[i].code, err_name(pcsc_cause((LONG)(0x80100000u | cases[i].code))));
		assert_true(*err_sentence(cases[i].cause));
		assert_true(*err_advice(cases[i].cause));
	}
}

/* Every cause of a card or a reader is there in English too. */
static void test_english(void **state)
{
	(void)state;
	for (int code = ERR_CARD_SERVICE; code <= ERR_CARD_NFC_KERNEL; code++) {
		char zh[512];

		i18n_init("zh");
		text_copy(zh, sizeof(zh), err_sentence((enum err_code)code));
		i18n_init("en");
		if (strcmp(zh, err_sentence((enum err_code)code)) == 0)
			fail_msg("%s has no English sentence", err_name((enum err_code)code));
		i18n_init("zh");
		text_copy(zh, sizeof(zh), err_advice((enum err_code)code));
		i18n_init("en");
		if (strcmp(zh, err_advice((enum err_code)code)) == 0)
			fail_msg("%s has no English advice", err_name((enum err_code)code));
	}
	i18n_init("zh");
}

/* --- plugged in, and no reader --- */

static char root[64];

static void put(const char *name, const char *text)
{
	char path[256], command[300];
	FILE *f;

	text_format(path, sizeof(path), "%s/%s", root, name);
	text_format(command, sizeof(command), "mkdir -p $(dirname %s)", path);
	assert_int_equal(system(command), 0);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void test_plugged(void **state)
{
	static const struct {
		const char *vendor, *product, *modules;
		bool reader, module;
		enum err_code cause;
	} cases[] = {
		{ "0400", "c35a", "", false, false, ERR_CARD_NO_DRIVER },
		{ "0400", "c35a", "", true, false, ERR_CARD_NO_DRIVER },
		{ "0400", "c35a", "", true, true, ERR_NONE },
		{ "0400", "c35b", "", false, false, ERR_NONE },
		{ "0425", "8159", "", false, false, ERR_CARD_READER_FOREIGN },
		{ "0425", "8159", "", true, false, ERR_NONE },
		{ "10c4", "8a1b", "", false, false, ERR_CARD_READER_FOREIGN },
		{ "10c4", "ea60", "", false, false, ERR_NONE }, /* a serial adapter of the same maker */
		{ "2015", "0008", "", false, false, ERR_CARD_READER_FOREIGN },
		{ "9573", "4836", "", false, false, ERR_CARD_READER_FOREIGN },
		{ "c216", "0102", "", false, false, ERR_CARD_READER_FOREIGN },
		{ "257b", "c305", "", false, false, ERR_CARD_READER_FOREIGN },
		{ "257b", "c305", "", true, false, ERR_NONE },
		{ "072f", "2200", "", false, false, ERR_NONE },
		{ "072f", "2200", "nfc 1 2\npn533_usb 1 0 - Live 0x0\n", false, false, ERR_CARD_NFC_KERNEL },
		{ "072f", "2200", "pn533_usb_other 1 0\n", false, false, ERR_NONE },
		{ "072f", "2200", "pn533_usb 1 0\n", true, false, ERR_NONE },
		{ "04e6", "5591", "pn533_usb 1 0\n", false, false, ERR_CARD_NFC_KERNEL },
		{ "", "", "", false, false, ERR_NONE },
		{ "zzzz", "c35a", "", false, false, ERR_NONE },
	};
	struct plugged p;
	char command[96];

	(void)state;
	strcpy(root, "/tmp/shiming-sys-XXXXXX");
	assert_non_null(mkdtemp(root));
	plugged_look(&p, root, false, false); /* no USB at all */
	assert_int_equal(p.cause, ERR_NONE);
	put("sys/bus/usb/devices/usb1/idVendor", "1d6b\n");
	put("sys/bus/usb/devices/usb1/idProduct", "0002\n");
	put("sys/bus/usb/devices/1-1:1.0/bInterfaceClass", "ff\n");
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		put("sys/bus/usb/devices/1-1/idVendor", cases[i].vendor);
		put("sys/bus/usb/devices/1-1/idProduct", cases[i].product);
		put("proc/modules", cases[i].modules);
		plugged_look(&p, root, cases[i].reader, cases[i].module);
		if (p.cause != cases[i].cause)
			fail_msg("%s:%s: %s", cases[i].vendor, cases[i].product, err_name(p.cause));
	}
	/* Two of them: the one that can be mended goes first. */
	put("sys/bus/usb/devices/1-1/idVendor", "0425\n");
	put("sys/bus/usb/devices/1-1/idProduct", "8159\n");
	put("sys/bus/usb/devices/1-2/idVendor", "0400\n");
	put("sys/bus/usb/devices/1-2/idProduct", "c35a\n");
	plugged_look(&p, root, false, false);
	assert_int_equal(p.cause, ERR_CARD_NO_DRIVER);
	assert_int_equal(p.product, 0xC35A);
	text_format(command, sizeof(command), "rm -rf %s", root);
	assert_int_equal(system(command), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_status),  cmocka_unit_test(test_every_status_of_find),
		cmocka_unit_test(test_good_in_the_wrong_place), cmocka_unit_test(test_every_status_once),
		cmocka_unit_test(test_cut_for_ever),  cmocka_unit_test(test_cut_once),
		cmocka_unit_test(test_unplugged),     cmocka_unit_test(test_lifted),
		cmocka_unit_test(test_garbled),       cmocka_unit_test(test_stalls),
		cmocka_unit_test(test_states),        cmocka_unit_test(test_pcsc_codes),
		cmocka_unit_test(test_english),       cmocka_unit_test(test_plugged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
