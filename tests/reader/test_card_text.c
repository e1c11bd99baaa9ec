/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "reader/card_text.h"
#include "reader/hex.h"

static date_t day(const char *iso)
{
	date_t d = DATE_NONE;

	assert_true(date_parse(iso, &d));
	return d;
}

struct expected {
	const char *file;
	enum id_card_type type;
	const char *name, *latin;
	enum id_sex sex;
	const char *nation_code, *nation, *nationality, *birth, *address, *number, *authority, *from, *to, *permit, *times;
	unsigned checks; /* on 2026-11-20 */
};

static const struct expected cards[] = {
	{ "resident", ID_CARD_RESIDENT, "测试样张甲", "", ID_SEX_MALE, "01", "汉", "", "1990-03-07",
	  "某省某市虚构区示例路1号2栋303室", "11019919900307005X", "虚构市公安局示例分局", "2016-06-01", "2036-06-01", "", "",
	  0 },
	{ "hmt", ID_CARD_HMT, "测试样张丙", "", ID_SEX_MALE, "", "", "", "1901-02-03", "某省某市虚构区示例路3号",
	  "810000190102030050", "虚构市公安局示例分局", "2018-09-01", "2023-09-01", "H00000000", "01",
	  ID_CARD_CHECK_EXPIRED },
	{ "foreigner-2017", ID_CARD_FOREIGNER_2017, "测试丁", "SAMPLE, TEST ALPHA", ID_SEX_FEMALE, "", "", "CAN",
	  "1901-02-03", "", "CAN110001020350", "1500", "2017-06-16", "2027-06-16", "", "", 0 },
	{ "foreigner-2023", ID_CARD_FOREIGNER_2023, "测试丁", "SAMPLE, TEST ALPHA", ID_SEX_FEMALE, "", "", "CAN",
	  "1901-02-03", "", "911124190102030027", "", "2023-12-01", "2033-12-01", "", "01", 0 },
};

static void same(const struct expected *want, const struct id_card *got)
{
	assert_int_equal(got->type, want->type);
	assert_string_equal(got->name, want->name);
	assert_string_equal(got->name_latin, want->latin);
	assert_int_equal(got->sex, want->sex);
	assert_string_equal(got->nation_code, want->nation_code);
	assert_string_equal(got->nation, want->nation);
	assert_string_equal(got->nationality, want->nationality);
	assert_string_equal(got->birth_text, want->birth);
	assert_int_equal(got->birth, day(want->birth));
	assert_string_equal(got->address, want->address);
	assert_string_equal(got->number, want->number);
	assert_string_equal(got->authority, want->authority);
	assert_string_equal(got->valid_from_text, want->from);
	assert_int_equal(got->valid_from, day(want->from));
	assert_string_equal(got->valid_to_text, want->to);
	assert_int_equal(got->valid_to, day(want->to));
	assert_string_equal(got->permit_number, want->permit);
	assert_string_equal(got->times_issued, want->times);
	assert_int_equal(got->checks, want->checks);
}

static void test_layouts(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cards); i++) {
		uint8_t text[CARD_RAW_TEXT], back[CARD_RAW_TEXT];
		struct id_card card;

		assert_int_equal(hex_card(text, sizeof(text), cards[i].file), CARD_RAW_TEXT);
		card_text_parse(&card, text, day("2026-11-20"));
		same(&cards[i], &card);
		/* The opposite gives the same bytes, but for what no field shows (the card version of 2017). */
		assert_true(card_text_build(back, &card));
		if (card.type != ID_CARD_FOREIGNER_2017)
			assert_memory_equal(back, text, CARD_RAW_TEXT);
	}
}

/* One change to a good resident's card, and what must be seen of it. units: hex of what stands at offset. */
static const struct change {
	const char *what;
	size_t offset;
	const char *units;
	size_t member;
	const char *text;
	unsigned checks;
} changes[] = {
#define SHOWS(m) offsetof(struct id_card, m)
	{ "pair of surrogates", 2, "42D8 B7DF", SHOWS(name), "测𠮷张甲", 0 },
	{ "high surrogate alone", 2, "42D8", SHOWS(name), "测[U+D842]样张甲", ID_CARD_CHECK_TEXT },
	{ "low surrogate alone", 2, "B7DF", SHOWS(name), "测[U+DFB7]样张甲", ID_CARD_CHECK_TEXT },
	{ "surrogates in the wrong order", 2, "B7DF 42D8", SHOWS(name), "测[U+DFB7][U+D842]张甲", ID_CARD_CHECK_TEXT },
	{ "high surrogate as the last unit", 28, "42D8", SHOWS(name), "测试样张甲         [U+D842]", ID_CARD_CHECK_TEXT },
	{ "escape", 2, "1B00", SHOWS(name), "测[U+001B]样张甲", ID_CARD_CHECK_TEXT },
	{ "zero", 2, "0000", SHOWS(name), "测[U+0000]样张甲", ID_CARD_CHECK_TEXT },
	{ "C1 control", 2, "9B00", SHOWS(name), "测[U+009B]样张甲", ID_CARD_CHECK_TEXT },
	{ "direction override", 2, "2E20", SHOWS(name), "测[U+202E]样张甲", ID_CARD_CHECK_TEXT },
	{ "zero width", 2, "0B20", SHOWS(name), "测[U+200B]样张甲", ID_CARD_CHECK_TEXT },
	{ "no character", 2, "FFFF", SHOWS(name), "测[U+FFFF]样张甲", ID_CARD_CHECK_TEXT },
	{ "private use", 2, "00E0", SHOWS(name), "测\xEE\x80\x80样张甲", ID_CARD_CHECK_TEXT },
	{ "blank inside", 2, "2000", SHOWS(name), "测 样张甲", 0 },
	{ "no name", 0, "2000 2000 2000 2000 2000", SHOWS(name), "", ID_CARD_CHECK_NAME },
	{ "sex unknown", 30, "3000", SHOWS(name), "测试样张甲", ID_CARD_CHECK_SEX },
	{ "sex not the number's", 30, "3200", SHOWS(name), "测试样张甲", ID_CARD_CHECK_SEX },
	{ "sex no code", 30, "4100", SHOWS(name), "测试样张甲", ID_CARD_CHECK_SEX },
	{ "nation unknown", 32, "3800 3100", SHOWS(nation), "81", ID_CARD_CHECK_NATION },
	{ "nation 46", 32, "3400 3600", SHOWS(nation), "德昂", 0 },
	{ "nation 05", 32, "3000 3500", SHOWS(nation), "维吾尔", 0 },
	{ "birth another day", 50, "3800", SHOWS(birth_text), "1990-03-08", ID_CARD_CHECK_BIRTH },
	{ "birth no day", 44, "3900 3900", SHOWS(birth_text), "19909907", ID_CARD_CHECK_BIRTH },
	{ "birth no digits", 36, "5831", SHOWS(birth_text), "ㅘ9900307", ID_CARD_CHECK_BIRTH },
	{ "check digit", 156, "3500", SHOWS(number), "110199199003070055", ID_CARD_CHECK_DIGIT },
	{ "number too short", 156, "2000", SHOWS(number), "11019919900307005", ID_CARD_CHECK_NUMBER },
	{ "no such province", 122, "3900 3900", SHOWS(number), "99019919900307005X", ID_CARD_CHECK_NUMBER | ID_CARD_CHECK_DIGIT },
	{ "long term", 204, "7F95 1F67 2000 2000 2000 2000 2000 2000", SHOWS(valid_to_text), "long-term", 0 },
	{ "long term and more", 204, "7F95 1F67 3100 2000 2000 2000 2000 2000", SHOWS(valid_to_text), "长期1", ID_CARD_CHECK_VALIDITY },
	{ "long term as a beginning", 188, "7F95 1F67 2000 2000 2000 2000 2000 2000", SHOWS(valid_from_text), "长期", ID_CARD_CHECK_VALIDITY },
	{ "long term in other words", 204, "6C00 6F00 6E00 6700 2D00 7400 6500 7200", SHOWS(valid_to_text), "long-ter", ID_CARD_CHECK_VALIDITY },
	{ "a date of another shape", 204, "3200 3000 3300 3000 2D00 3100 2D00 3100", SHOWS(valid_to_text), "2030-1-1", ID_CARD_CHECK_VALIDITY },
	{ "expired yesterday", 204, "3200 3000 3200 3600 3100 3100 3100 3900", SHOWS(valid_to_text), "2026-11-19", ID_CARD_CHECK_EXPIRED },
	{ "expires today", 204, "3200 3000 3200 3600 3100 3100 3200 3000", SHOWS(valid_to_text), "2026-11-20", 0 },
	{ "ends before it begins", 188, "3200 3000 3300 3700", SHOWS(valid_from_text), "2037-06-01", ID_CARD_CHECK_VALIDITY },
	{ "unknown kind", 248, "5A00", SHOWS(name), "测试样张甲", ID_CARD_CHECK_TYPE },
	{ "kind zero", 248, "0000", SHOWS(number), "11019919900307005X", ID_CARD_CHECK_TYPE },
};

static void test_changes(void **state)
{
	uint8_t good[CARD_RAW_TEXT];

	(void)state;
	hex_card(good, sizeof(good), "resident");
	for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
		const struct change *c = &changes[i];
		uint8_t text[CARD_RAW_TEXT], units[32];
		size_t n = hex_bytes(units, sizeof(units), c->units);
		struct id_card card;

		memcpy(text, good, sizeof(text));
		memcpy(text + c->offset, units, n);
		card_text_parse(&card, text, day("2026-11-20"));
		if (strcmp((const char *)&card + c->member, c->text) != 0)
			fail_msg("%s: %s", c->what, (const char *)&card + c->member);
		if (card.checks != c->checks)
			fail_msg("%s: checks %x, not %x", c->what, card.checks, c->checks);
	}
}

/* Every unit there is, at every place: always valid text, always within bounds. */
static void test_every_unit(void **state)
{
	uint8_t text[CARD_RAW_TEXT];
	struct id_card card;

	(void)state;
	for (unsigned unit = 0; unit <= 0xFFFF; unit += unit < 0x3000 || unit > 0xD700 ? 1 : 61) {
		for (size_t i = 0; i < CARD_RAW_TEXT; i += 2) {
			text[i] = (uint8_t)unit;
			text[i + 1] = (uint8_t)(unit >> 8);
		}
		card_text_parse(&card, text, DATE_NONE);
		assert_true(text_valid(card.name, strlen(card.name)));
		if (unit != 0x20)
			assert_true(strlen(card.name) >= 15);
	}
}

/* A pair that lies across the two parts of a long English name is one character. */
static void test_pair_across_parts(void **state)
{
	uint8_t text[CARD_RAW_TEXT];
	struct id_card card;

	(void)state;
	hex_card(text, sizeof(text), "foreigner-2023");
	for (size_t i = 52; i < 120; i += 2)
		text[i] = 'A';
	hex_bytes(text + 120, 2, "42D8");
	hex_bytes(text + 220, 2, "B7DF");
	card_text_parse(&card, text, DATE_NONE);
	assert_int_equal(text_chars(card.name_latin), 35);
	assert_string_equal(card.name_latin + 34, "𠮷");
	assert_int_equal(card.checks, 0);
}

static void test_build_refuses(void **state)
{
	struct id_card card = { .type = ID_CARD_RESIDENT, .name = "一二三四五六七八九十一二三四五六" };
	uint8_t text[CARD_RAW_TEXT];

	(void)state;
	assert_false(card_text_build(text, &card));
	strcpy(card.name, "一二三四五六七八九十一二三四五");
	assert_true(card_text_build(text, &card));
	strcpy(card.name, "一二三四五六七八九十一二三四𠮷");
	assert_false(card_text_build(text, &card));
	card.type = ID_CARD_UNKNOWN;
	assert_false(card_text_build(text, &card));
}

/* --- the stream before the text --- */

static size_t stream_of(uint8_t *out, unsigned text, unsigned photo, int finger)
{
	size_t n = 4;

	memset(out, 0x5A, 4096);
	out[0] = (uint8_t)(text >> 8);
	out[1] = (uint8_t)text;
	out[2] = (uint8_t)(photo >> 8);
	out[3] = (uint8_t)photo;
	if (finger >= 0) {
		out[4] = (uint8_t)((unsigned)finger >> 8);
		out[5] = (uint8_t)finger;
		n = 6 + (size_t)finger;
	}
	return n + text + photo;
}

static void test_stream(void **state)
{
	static const struct {
		unsigned text, photo;
		int finger, more;
		bool good;
		size_t finger_len;
	} cases[] = {
		{ 256, 1024, -1, 0, true, 0 },      { 256, 1024, 0, 0, true, 0 },   { 256, 1024, 512, 0, true, 512 },
		{ 256, 1024, 1024, 0, true, 1024 }, { 256, 0, -1, 0, true, 0 },     { 256, 1024, -1, 1, false, 0 },
		{ 256, 1024, -1, -1, false, 0 },    { 256, 1024, 512, 1, false, 0 }, { 256, 1024, 512, -1, false, 0 },
		{ 256, 512, -1, 0, false, 0 },      { 254, 1024, -1, 0, false, 0 },  { 0, 0, -1, 0, false, 0 },
		{ 256, 1024, 1100, 0, false, 0 },
	};
	uint8_t stream[4096];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		size_t n = stream_of(stream, cases[i].text, cases[i].photo, cases[i].finger);
		struct card_raw raw = { .finger_len = 77 };

		assert_int_equal(card_raw_parse(&raw, stream, n + (size_t)cases[i].more), cases[i].good);
		assert_int_equal(raw.finger_len, cases[i].good ? cases[i].finger_len : 77);
		if (cases[i].good)
			assert_int_equal(raw.has_photo, cases[i].photo == 1024);
	}
	for (size_t n = 0; n < 4; n++)
		assert_false(card_raw_parse(&(struct card_raw){ .finger_len = 0 }, stream, n));
}

static void test_whole_reply(void **state)
{
	static const char *const files[] = { "reply-3001-resident", "reply-3001-foreigner-2023" };
	static const size_t rows[] = { 0, 3 };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		uint8_t frame[2048];
		struct card_raw raw;
		struct id_card card;

		assert_int_equal(hex_card(frame, sizeof(frame), files[i]), 1295);
		assert_true(card_raw_parse(&raw, frame + 10, 1295 - 11));
		card_raw_to_card(&card, &raw, day("2026-11-20"));
		same(&cards[rows[i]], &card);
		assert_true(card.has_photo);
	}
}

/* Pages of 256 bytes, cut without regard to what they hold: the last text bytes are on the second. */
static void test_pages(void **state)
{
	struct card_pages pages = { .have = 0 };
	uint8_t frame[2048];
	struct card_raw raw;
	struct id_card card;

	(void)state;
	hex_card(frame, sizeof(frame), "reply-3001-foreigner-2023");
	for (size_t page = 0; page < 5; page++)
		assert_int_equal(card_pages_add(&pages, frame + 10 + page * 256, 256), CARD_PAGES_MORE);
	assert_int_equal(card_pages_add(&pages, frame + 10 + 5 * 256, 4), CARD_PAGES_DONE);
	assert_true(card_raw_parse(&raw, pages.stream, pages.have));
	card_raw_to_card(&card, &raw, day("2026-11-20"));
	same(&cards[3], &card);
}

static void test_bad_pages(void **state)
{
	uint8_t page[300] = { 0x01, 0x00, 0x04, 0x00 };
	struct card_pages pages;

	(void)state;
	static const size_t first[] = { 0, 1, 3, 255, 257 };
	for (size_t i = 0; i < ARRAY_LEN(first); i++) {
		memset(&pages, 0, sizeof(pages));
		assert_int_equal(card_pages_add(&pages, page, first[i]), CARD_PAGES_BAD);
	}
	memset(&pages, 0, sizeof(pages));
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(card_pages_add(&pages, page, 256), CARD_PAGES_MORE);
	assert_int_equal(card_pages_add(&pages, page, 5), CARD_PAGES_BAD);
	memset(&pages, 0, sizeof(pages));
	page[0] = 0xFF; /* promises more than any card has */
	assert_int_equal(card_pages_add(&pages, page, 256), CARD_PAGES_BAD);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_layouts),        cmocka_unit_test(test_changes),
		cmocka_unit_test(test_every_unit),     cmocka_unit_test(test_pair_across_parts),
		cmocka_unit_test(test_build_refuses),  cmocka_unit_test(test_stream),
		cmocka_unit_test(test_whole_reply),    cmocka_unit_test(test_pages),
		cmocka_unit_test(test_bad_pages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
