/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * USB modules through Debian's pcscd: the driver as it is shipped but for libusb, whose place a pty takes (bulk_pty.c). Both
 * framings; a sample of the faults, which are played byte by byte in test_usb.c and test_causes.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/text.h"
#include "reader/rig.h"

static struct rig rig;

static int stop(void **state)
{
	(void)state;
	rig_stop(&rig);
	return 0;
}

static int start_whole(void **state)
{
	struct card_event ev;

	(void)state;
	rig_start_way(&rig, RIG_USB_WHOLE, 1, NULL);
	rig_expect(&rig, CARD_EVENT_READER, &ev);
	return 0;
}

static int start_split(void **state)
{
	struct card_event ev;

	(void)state;
	rig_start_way(&rig, RIG_USB_SPLIT, 1, NULL);
	rig_expect(&rig, CARD_EVENT_READER, &ev);
	return 0;
}

static void lay_and_read(size_t module, const char *card, struct card_event *ev)
{
	char command[64];

	text_format(command, sizeof(command), "place %s", card);
	rig_sim(&rig, module, command);
	rig_expect(&rig, CARD_EVENT_READ, ev);
}

static void lift(size_t module)
{
	struct card_event ev;

	rig_sim(&rig, module, "remove");
	rig_expect(&rig, CARD_EVENT_CARD_GONE, &ev);
}

static void test_cards(void **state)
{
	static const struct {
		const char *card, *name;
	} cards[] = { { "sun-jianguo", "孙建国" }, { "huang-jiahao", "黄家豪" }, { "alba-garcia", "加西亚" }, { "tom-sample", "汤姆" } };
	struct card_event ev;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cards); i++) {
		lay_and_read(0, cards[i].card, &ev);
		assert_string_equal(ev.card.name, cards[i].name);
		assert_int_equal(ev.reader_kind, CARD_READER_SAMV);
		assert_string_equal(ev.module, "05.03-20160101-0001234567-1234567890");
		lift(0);
	}
}

static void test_faults(void **state)
{
	static const struct {
		const char *fault;
		enum err_code told; /* ERR_NONE: mended without a word */
	} cases[] = {
		{ "fault sw 33 read x9", ERR_CARD_UNREADABLE }, { "fault sw 31 select x9", ERR_CARD_NOT_GENUINE },
		{ "fault sw 60 read x9", ERR_CARD_MODULE },     { "fault checksum read x99", ERR_CARD_LINE },
		{ "fault lift read", ERR_CARD_REMOVED },        { "fault checksum find", ERR_NONE },
		{ "fault sw 11 select", ERR_NONE },
	};
	struct card_event ev;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		rig_sim(&rig, 0, cases[i].fault);
		rig_sim(&rig, 0, "place li-xiulan");
		do {
			rig_next(&rig, &ev);
		} while (ev.kind != CARD_EVENT_FAILED && ev.kind != CARD_EVENT_READ && ev.kind != CARD_EVENT_SAME);
		if (ev.cause != cases[i].told)
			fail_msg("%s: %s %s", cases[i].fault, card_event_kind_name(ev.kind), err_name(ev.cause));
		rig_sim(&rig, 0, "fault clear");
		lift(0);
		lay_and_read(0, i % 2 ? "sun-jianguo" : "wang-daqiang", &ev);
		lift(0);
	}
}

/* Pulled out at rest and in the middle of a read, and plugged in again: nothing is restarted. */
static void test_unplugged(void **state)
{
	static const char *const faults[] = { "fault unplug 0 read", "fault unplug 7 read", "fault unplug 640 read" };
	struct card_event ev;

	(void)state;
	rig_sim(&rig, 0, "unplug");
	rig_expect(&rig, CARD_EVENT_READER, &ev);
	assert_int_equal(ev.cause, ERR_CARD_READER_GONE);
	rig_sim(&rig, 0, "plug");
	rig_expect(&rig, CARD_EVENT_READER, &ev);
	assert_int_equal(ev.cause, ERR_NONE);
	for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
		rig_sim(&rig, 0, faults[i]);
		rig_sim(&rig, 0, "place li-xiulan");
		rig_expect(&rig, CARD_EVENT_CARD_GONE, &ev);
		rig_sim(&rig, 0, "remove");
		rig_sim(&rig, 0, "plug");
		lay_and_read(0, i % 2 ? "wang-daqiang" : "sun-jianguo", &ev);
		lift(0);
	}
}

/* Two of them at once, both read. */
static void test_two(void **state)
{
	struct card_event ev, other;

	(void)state;
	rig_start_way(&rig, RIG_USB_SPLIT, 2, NULL);
	rig_expect(&rig, CARD_EVENT_READER, &ev);
	rig_expect(&rig, CARD_EVENT_READER, &other);
	assert_string_not_equal(ev.reader, other.reader);
	rig_sim(&rig, 0, "place wang-daqiang");
	rig_sim(&rig, 1, "place li-xiulan");
	rig_expect(&rig, CARD_EVENT_READ, &ev);
	rig_expect(&rig, CARD_EVENT_READ, &other);
	assert_string_not_equal(ev.reader, other.reader);
	assert_string_not_equal(ev.card.name, other.card.name);
}

/* --- interfaces behind which there is no module; plugged in, and no reader --- */

static void write_file(const char *dir, const char *name, const char *text)
{
	char path[256];
	FILE *f;

	text_format(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void plug(const char *root, const char *vendor, const char *product)
{
	char dir[200], command[256];

	text_format(dir, sizeof(dir), "%s/sys/bus/usb/devices/1-1", root);
	text_format(command, sizeof(command), "mkdir -p %s %s/proc", dir, root);
	assert_int_equal(system(command), 0);
	write_file(dir, "idVendor", vendor);
	write_file(dir, "idProduct", product);
}

/* A service without readers: what is plugged in says why, again when it changes, and no longer when it is over. */
static void test_plugged_and_no_reader(void **state)
{
	static const struct {
		const char *vendor, *product, *modules;
		enum err_code told;
	} cases[] = {
		{ "0400\n", "c35a\n", "", ERR_CARD_NO_DRIVER },
		{ "0425\n", "8159\n", "", ERR_CARD_READER_FOREIGN },
		{ "072f\n", "2200\n", "pn533_usb 20480 0 - Live 0x0\n", ERR_CARD_NFC_KERNEL },
	};
	static const char *const list[] = { BIN_DIR "/shiming-reader", "list", NULL };
	char root[128], env[160];
	struct card_event ev;

	(void)state;
	rig_start_way(&rig, RIG_VPCD, 0, NULL);
	pcscd_private_stop(&rig.pcscd);
	assert_int_equal(pcscd_private_start(&rig.pcscd, rig.dir, LIB_DIR "/libifdsamv.so", NULL, 0, -1, NULL), 0);
	text_format(root, sizeof(root), "%s/root", rig.dir);
	text_format(env, sizeof(env), "SHIMING_SYSFS=%s", root);
	rig.env = env;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		plug(root, cases[i].vendor, cases[i].product);
		text_format(root, sizeof(root), "%s/root", rig.dir);
		write_file(root, "proc/modules", cases[i].modules);
		rig_start_reader(&rig, list);
		rig_expect(&rig, CARD_EVENT_TROUBLE, &ev);
		assert_int_equal(ev.cause, cases[i].told);
	}
	rig_start_reader(&rig, NULL);
	rig_expect(&rig, CARD_EVENT_TROUBLE, &ev);
	assert_int_equal(ev.cause, ERR_CARD_NFC_KERNEL);
	write_file(root, "proc/modules", "");
	rig_expect(&rig, CARD_EVENT_TROUBLE, &ev);
	assert_int_equal(ev.cause, ERR_NONE);
}

#define WHOLE(f) cmocka_unit_test_setup_teardown(f, start_whole, stop)
#define SPLIT(f) cmocka_unit_test_setup_teardown(f, start_split, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WHOLE(test_cards),     SPLIT(test_cards),     WHOLE(test_faults), SPLIT(test_faults),
		WHOLE(test_unplugged), SPLIT(test_unplugged), cmocka_unit_test_teardown(test_two, stop),
		cmocka_unit_test_teardown(test_plugged_and_no_reader, stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
