/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Readers that are PC/SC readers themselves, through Debian's pcscd and vpcd: those that serve an identity card as FF B0 pages, plain
 * contactless ones, and contact cards, which are none of our business.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/text.h"
#include "reader/card_raw.h"
#include "reader/hex.h"
#include "reader/rig.h"
#include "reader/vpcd.h"

#define STREAM (4 + CARD_RAW_TEXT + CARD_RAW_PHOTO)

/* What a reader serves; `bad` is the page at which something goes wrong, -1: none. */
struct pages {
	uint8_t stream[STREAM];
	int bad;
	enum { BAD_STATUS, BAD_SHORT, BAD_LONG, BAD_EMPTY, BAD_NONE_AT_ALL, BAD_LIFTED } how;
	int asked[16], n_asked;
	struct vpcd *card;
};

static struct rig rig;
static struct vpcd card;
static struct pages pages;

/* ISO 14443 card as PC/SC part 3 makes its ATR, with the mark of these readers in bytes 13 and 14. */
static const uint8_t atr_pages[] = { 0x3B, 0x8F, 0x80, 0x01, 0x80, 0x4F, 0x0C, 0xA0, 0x00, 0x00,
				     0x03, 0x06, 0x03, 0x90, 0x00, 0x00, 0x00, 0x00, 0x00, 0xFB };
static const uint8_t atr_plain[] = { 0x3B, 0x88, 0x80, 0x01, 0xD1, 0x03, 0x86, 0x05, 0x00, 0x80, 0x80, 0x00, 0x58 };
static const uint8_t atr_mifare[] = { 0x3B, 0x8F, 0x80, 0x01, 0x80, 0x4F, 0x0C, 0xA0, 0x00, 0x00,
				      0x03, 0x06, 0x03, 0x00, 0x01, 0x00, 0x00, 0x00, 0x00, 0x6A };
static const uint8_t atr_contact[] = { 0x3B, 0x65, 0x00, 0x00, 0x20, 0x63, 0xCB, 0x68, 0x00 };

static size_t status(uint8_t *out, size_t n, unsigned sw)
{
	out[n] = (uint8_t)(sw >> 8);
	out[n + 1] = (uint8_t)sw;
	return n + 2;
}

static size_t bad_page(struct pages *p, uint8_t *out, const uint8_t *from, size_t n)
{
	memcpy(out, from, n);
	switch (p->how) {
	case BAD_STATUS:
		return status(out, 0, 0x6A82);
	case BAD_SHORT:
		return status(out, n - 1, 0x9000);
	case BAD_LONG:
		out[n] = 0;
		return status(out, n + 1, 0x9000);
	case BAD_EMPTY:
		return status(out, 0, 0x9000);
	case BAD_LIFTED: /* no answer any more: the connection ends while the command waits */
		shutdown(card.fd, SHUT_RDWR);
		return 0;
	default:
		out[0] = 0x90;
		return 1;
	}
}

static size_t serve(void *arg, const uint8_t *apdu, size_t n, uint8_t *out, size_t size)
{
	struct pages *p = arg;
	size_t page, at, some;

	assert_true(size >= CARD_PAGE + 8);
	if (n != 5 || apdu[0] != 0xFF || apdu[1] != 0xB0 || apdu[3] || apdu[4])
		return status(out, 0, 0x6D00);
	page = apdu[2];
	if (p->n_asked < 16)
		p->asked[p->n_asked++] = (int)page;
	at = page * CARD_PAGE;
	if (at >= STREAM)
		return status(out, 0, 0x6B00);
	some = STREAM - at < CARD_PAGE ? STREAM - at : CARD_PAGE;
	if ((int)page == p->bad)
		return bad_page(p, out, p->stream + at, some);
	memcpy(out, p->stream + at, some);
	return status(out, some, 0x9000);
}

static void make_stream(const char *name)
{
	static const uint8_t lengths[] = { 0x01, 0x00, 0x04, 0x00 };

	memset(&pages, 0, sizeof(pages));
	pages.bad = -1;
	memcpy(pages.stream, lengths, sizeof(lengths));
	hex_card(pages.stream + 4, CARD_RAW_TEXT, name);
	for (size_t i = 0; i < CARD_RAW_PHOTO; i++)
		pages.stream[4 + CARD_RAW_TEXT + i] = (uint8_t)(i % 251);
}

static int start(void **state)
{
	struct card_event ev;

	(void)state;
	if (access(VPCD_DRIVER, R_OK) < 0)
		fail_msg("install the packages of packaging/packages-test.txt: " VPCD_DRIVER " is missing");
	rig_start_vpcd(&rig, vpcd_free_port());
	card = (struct vpcd){ .port = rig.port, .answer = serve, .arg = &pages, .fd = -1 };
	rig_expect(&rig, CARD_EVENT_READER, &ev);
	assert_int_equal(ev.reader_kind, CARD_READER_UNKNOWN);
	rig_expect(&rig, CARD_EVENT_READER, &ev);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	vpcd_remove(&card);
	rig_stop(&rig);
	return 0;
}

static void insert(const uint8_t *atr, size_t n)
{
	card.atr = atr;
	card.atr_len = n;
	vpcd_insert(&card);
}

static void lift(void)
{
	struct card_event ev;

	vpcd_remove(&card);
	rig_expect(&rig, CARD_EVENT_CARD_GONE, &ev);
}

static void test_every_kind(void **state)
{
	static const struct {
		const char *card, *name;
		enum id_card_type type;
	} cards[] = {
		{ "resident", "测试样张甲", ID_CARD_RESIDENT },
		{ "hmt", "测试样张丙", ID_CARD_HMT },
		{ "foreigner-2017", "测试丁", ID_CARD_FOREIGNER_2017 },
		{ "foreigner-2023", "测试丁", ID_CARD_FOREIGNER_2023 },
	};
	struct card_event ev;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cards); i++) {
		make_stream(cards[i].card);
		insert(atr_pages, sizeof(atr_pages));
		rig_expect(&rig, CARD_EVENT_READ, &ev);
		assert_int_equal(ev.reader_kind, CARD_READER_PAGES);
		assert_int_equal(ev.card.type, cards[i].type);
		assert_string_equal(ev.card.name, cards[i].name);
		assert_true(ev.card.has_photo);
		assert_memory_equal(ev.card.photo, pages.stream + 4 + CARD_RAW_TEXT, CARD_RAW_PHOTO);
		assert_int_equal(pages.n_asked, 6);
		for (int n = 0; n < 6; n++)
			assert_int_equal(pages.asked[n], n);
		lift();
	}
}

/* Whatever goes wrong at whatever page: a word for it, and the next card reads. */
static void test_bad_pages(void **state)
{
	static const struct {
		int how;
		enum err_code told;
	} ways[] = {
		{ BAD_STATUS, ERR_CARD_UNREADABLE }, { BAD_SHORT, ERR_CARD_CONTENT }, { BAD_LONG, ERR_CARD_CONTENT },
		{ BAD_EMPTY, ERR_CARD_CONTENT },     { BAD_NONE_AT_ALL, ERR_CARD_UNREADABLE },
	};
	static const int at[] = { 0, 2, 5 };
	struct card_event ev;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ways) * ARRAY_LEN(at); i++) {
		make_stream(i % 2 ? "resident" : "foreigner-2023");
		pages.bad = at[i / ARRAY_LEN(ways)];
		pages.how = ways[i % ARRAY_LEN(ways)].how;
		insert(atr_pages, sizeof(atr_pages));
		rig_expect(&rig, CARD_EVENT_FAILED, &ev);
		if (ev.cause != ways[i % ARRAY_LEN(ways)].told)
			fail_msg("page %d, way %d: %s (%s)", pages.bad, (int)pages.how, err_name(ev.cause), ev.detail);
		pages.bad = -1;
		rig_next(&rig, &ev);
		assert_true(ev.kind == CARD_EVENT_READ || ev.kind == CARD_EVENT_SAME);
		lift();
	}
}

/* Taken away in the middle of a page. */
static void test_lifted(void **state)
{
	struct card_event ev;

	(void)state;
	for (int page = 0; page < 6; page++) {
		make_stream("resident");
		pages.bad = page;
		pages.how = BAD_LIFTED;
		insert(atr_pages, sizeof(atr_pages));
		rig_expect(&rig, CARD_EVENT_FAILED, &ev);
		assert_int_equal(ev.cause, ERR_CARD_REMOVED);
		rig_expect(&rig, CARD_EVENT_CARD_GONE, &ev);
		vpcd_remove(&card);
		make_stream(page % 2 ? "hmt" : "foreigner-2023");
		insert(atr_pages, sizeof(atr_pages));
		rig_expect(&rig, CARD_EVENT_READ, &ev);
		lift();
	}
}

/* A reader without an identity module: said at once, said once, and the chip is asked nothing. */
static void test_plain(void **state)
{
	static const struct {
		const uint8_t *atr;
		size_t n;
	} atrs[] = { { atr_plain, sizeof(atr_plain) }, { atr_mifare, sizeof(atr_mifare) } };
	struct card_event ev;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(atrs); i++) {
		make_stream("resident");
		insert(atrs[i].atr, atrs[i].n);
		rig_expect(&rig, CARD_EVENT_FAILED, &ev);
		assert_int_equal(ev.cause, ERR_CARD_NO_MODULE);
		assert_int_equal(ev.reader_kind, CARD_READER_PLAIN);
		assert_true(rig_quiet(&rig, 1500, &ev));
		assert_int_equal(pages.n_asked, 0);
		lift();
	}
}

/* A bank token that is always plugged in is no card here. */
static void test_contact(void **state)
{
	struct card_event ev;

	(void)state;
	make_stream("resident");
	insert(atr_contact, sizeof(atr_contact));
	assert_true(rig_quiet(&rig, 2000, &ev));
	assert_int_equal(pages.n_asked, 0);
	vpcd_remove(&card);
	insert(atr_pages, sizeof(atr_pages));
	rig_expect(&rig, CARD_EVENT_READ, &ev);
}

#define RIGGED(f) cmocka_unit_test_setup_teardown(f, start, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		RIGGED(test_every_kind), RIGGED(test_bad_pages), RIGGED(test_lifted), RIGGED(test_plain), RIGGED(test_contact),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
