/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Identity numbers, the JSON form of a card, and event lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "domain/base64.h"
#include "domain/id_card.h"
#include "reader/card_text.h"
#include "reader/hex.h"

/* GB 11643-1999's own examples, and what a hand does to them. */
static void test_number(void **state)
{
	static const struct {
		const char *number;
		enum id_number_kind kind;
		unsigned faults;
		enum id_sex sex;
	} cases[] = {
		{ "11010519491231002X", ID_NUMBER_CITIZEN, 0, ID_SEX_FEMALE },
		{ "440524188001010014", ID_NUMBER_CITIZEN, 0, ID_SEX_MALE },
		{ "34052419800101001X", ID_NUMBER_CITIZEN, 0, ID_SEX_MALE },
		{ "340524198001010013", ID_NUMBER_CITIZEN, ID_NUMBER_FAULT_DIGIT, ID_SEX_MALE },
		{ "810000190102030050", ID_NUMBER_HMT, 0, ID_SEX_MALE },
		{ "911124190102030027", ID_NUMBER_FOREIGNER, 0, ID_SEX_FEMALE },
		{ "CAN110001020350", ID_NUMBER_FOREIGNER_OLD, 0, ID_SEX_UNKNOWN },
		{ "11010519491331002X", ID_NUMBER_CITIZEN, ID_NUMBER_FAULT_BIRTH | ID_NUMBER_FAULT_DIGIT, ID_SEX_FEMALE },
		{ "110105204912310021", ID_NUMBER_CITIZEN, ID_NUMBER_FAULT_BIRTH | ID_NUMBER_FAULT_DIGIT, ID_SEX_FEMALE },
		{ "100105194912310028", ID_NUMBER_CITIZEN, ID_NUMBER_FAULT_REGION, ID_SEX_FEMALE },
		{ "11010519491231002x", ID_NUMBER_NONE, ID_NUMBER_FAULT_SHAPE, ID_SEX_UNKNOWN },
		{ "1101051949123100", ID_NUMBER_NONE, ID_NUMBER_FAULT_SHAPE, ID_SEX_UNKNOWN },
		{ "CA1110001020350", ID_NUMBER_NONE, ID_NUMBER_FAULT_SHAPE, ID_SEX_UNKNOWN },
		{ "", ID_NUMBER_NONE, ID_NUMBER_FAULT_SHAPE, ID_SEX_UNKNOWN },
	};
	date_t today;

	(void)state;
	assert_true(date_parse("2026-11-20", &today));
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		assert_int_equal(id_number_kind_of(cases[i].number), cases[i].kind);
		if (id_number_faults(cases[i].number, today) != cases[i].faults)
			fail_msg("%s: %x", cases[i].number, id_number_faults(cases[i].number, today));
		assert_int_equal(id_number_sex(cases[i].number), cases[i].sex);
	}
}

static void test_normalise(void **state)
{
	static const struct {
		const char *typed, *stored; /* NULL: none */
	} cases[] = {
		{ "110105491231002", "11010519491231002X" },
		{ "11010519491231002x", "11010519491231002X" },
		{ " 110105 19491231 002X ", "11010519491231002X" },
		{ "１１０１０５１９４９１２３１００２Ｘ", "11010519491231002X" },
		{ "can110001020350", "CAN110001020350" },
		{ "11010549123100", NULL },
		{ "11010549123100X", NULL },
		{ "110105194912310021234567", NULL },
		{ "", NULL },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char out[ID_NUMBER_TEXT] = "untouched";

		assert_int_equal(id_number_normalise(cases[i].typed, out), cases[i].stored != NULL);
		assert_string_equal(out, cases[i].stored ? cases[i].stored : "untouched");
	}
}

/* A check digit notices every single wrong digit and every exchange of neighbours. */
static void test_check_digit(void **state)
{
	const char *good = "11019919900307005X";
	char s[19];

	(void)state;
	for (size_t i = 0; i < 17; i++) {
		for (char c = '0'; c <= '9'; c++) {
			strcpy(s, good);
			s[i] = c;
			assert_int_equal(id_number_check_digit_ok(s), c == good[i]);
		}
		strcpy(s, good);
		s[i] = good[i + 1];
		s[i + 1] = good[i];
		if (i < 16)
			assert_int_equal(id_number_check_digit_ok(s), good[i] == good[i + 1]);
	}
	assert_int_equal(id_number_check_digit("1101991990030700"), '\0');
}

static void test_base64(void **state)
{
	static const struct {
		const char *bytes, *text;
	} cases[] = {
		{ "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" }, { "foob", "Zm9vYg==" },
		{ "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" },
	};
	static const char *const bad[] = { "Z", "Zg", "Zg=", "Z===", "Zg==Zg==", "Zm9v\n", "Zm-v", "====", "Zm9vYmFyZm9v" };
	char text[32], bytes[8];
	size_t n;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) { /* RFC 4648, 10 */
		base64_encode(text, cases[i].bytes, strlen(cases[i].bytes));
		assert_string_equal(text, cases[i].text);
		assert_true(base64_decode(bytes, sizeof(bytes), &n, text));
		assert_int_equal(n, strlen(cases[i].bytes));
		assert_memory_equal(bytes, cases[i].bytes, n);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(base64_decode(bytes, sizeof(bytes), &n, bad[i]));
}

static void card_from_file(struct id_card *card, const char *file)
{
	struct card_raw raw = { .has_photo = true };

	assert_int_equal(hex_card(raw.text, sizeof(raw.text), file), sizeof(raw.text));
	for (size_t i = 0; i < sizeof(raw.photo); i++)
		raw.photo[i] = (uint8_t)(i * 7);
	card_raw_to_card(card, &raw, DATE_NONE);
}

/* DESIGN 12: exactly these keys. */
static void test_json_keys(void **state)
{
	static const struct {
		const char *file, *keys;
	} cases[] = {
		{ "resident", "type sex name nation_code nation birth address number authority valid_from valid_to photo checks " },
		{ "hmt", "type sex name birth address number authority valid_from valid_to permit_number times_issued photo checks " },
		{ "foreigner-2017", "type sex name name_latin nationality birth number authority valid_from valid_to photo checks " },
		{ "foreigner-2023", "type sex name name_latin nationality birth number valid_from valid_to times_issued photo checks " },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct id_card card;
		char keys[256] = "";
		cJSON *json, *item;

		card_from_file(&card, cases[i].file);
		json = id_card_to_json(&card);
		assert_non_null(json);
		cJSON_ArrayForEach(item, json) {
			strcat(keys, item->string);
			strcat(keys, " ");
		}
		assert_string_equal(keys, cases[i].keys);
		assert_string_equal(json_string(json, "type"), cases[i].file);
		cJSON_Delete(json);
	}
}

static void through_a_line(const struct card_event *ev, struct card_event *back)
{
	struct err e = { 0 };
	struct buf line;

	buf_init(&line, CARD_EVENT_LINE);
	assert_int_equal(card_event_write(ev, &line), 0);
	assert_null(memchr(line.data, '\n', line.len));
	assert_true(line.len < 4096); /* one write to a pipe */
	memset(back, 0, sizeof(*back));
	if (card_event_parse(back, line.data, line.len, &e) < 0)
		fail_msg("%s", e.detail);
	buf_release(&line);
}

static void test_event_round_trip(void **state)
{
	static const char *const files[] = { "resident", "hmt", "foreigner-2017", "foreigner-2023" };

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		struct card_event ev = { .kind = CARD_EVENT_READ, .reader_kind = CARD_READER_SAMV, .at = 1795140000123 };
		struct card_event back;

		strcpy(ev.reader, "Reader \"A\" 00 00");
		card_from_file(&ev.card, files[i]);
		ev.card.checks |= ID_CARD_CHECK_EXPIRED | ID_CARD_CHECK_TEXT;
		through_a_line(&ev, &back);
		assert_memory_equal(&back.card, &ev.card, sizeof(ev.card));
		assert_string_equal(back.reader, ev.reader);
		assert_int_equal(back.at, ev.at);
		assert_int_equal(back.kind, CARD_EVENT_READ);
		assert_int_equal(back.reader_kind, CARD_READER_SAMV);
	}
}

/* The worst text a card can hold still fits into its line and comes back as it went. */
static void test_event_worst(void **state)
{
	struct card_event ev = { .kind = CARD_EVENT_READ }, back;
	struct card_raw raw = { .has_photo = true };

	(void)state;
	memset(raw.text, 0xD8, sizeof(raw.text));
	card_raw_to_card(&ev.card, &raw, DATE_NONE);
	through_a_line(&ev, &back);
	assert_memory_equal(&back.card, &ev.card, sizeof(ev.card));
}

static void test_event_kinds(void **state)
{
	(void)state;
	for (int kind = CARD_EVENT_READER; kind < CARD_EVENT_COUNT; kind++) {
		struct card_event ev = { .kind = (enum card_event_kind)kind, .cause = ERR_CARD_MODULE }, back;

		strcpy(ev.detail, "find: status 60");
		through_a_line(&ev, &back);
		assert_int_equal(back.kind, kind);
		assert_int_equal(back.cause, ERR_CARD_MODULE);
		assert_string_equal(back.detail, ev.detail);
	}
}

static void test_event_refused(void **state)
{
	static const char *const lines[] = {
		"", "{", "[]", "7", "null", "{}", "{\"event\":7}", "{\"event\":\"none\"}", "{\"event\":\"other\"}",
		"{\"event\":\"read\"}", "{\"event\":\"read\",\"card\":[]}", "{\"event\":\"read\",\"card\":{}}",
		"{\"event\":\"read\",\"card\":{\"type\":\"passport\",\"sex\":\"male\"}}",
		"{\"event\":\"read\",\"card\":{\"type\":\"resident\",\"sex\":\"m\"}}",
		"{\"event\":\"read\",\"card\":{\"type\":\"resident\",\"sex\":\"male\",\"name\":7}}",
		"{\"event\":\"read\",\"card\":{\"type\":\"resident\",\"sex\":\"male\",\"birth\":\"long-term\"}}",
		"{\"event\":\"read\",\"card\":{\"type\":\"resident\",\"sex\":\"male\",\"checks\":[\"odd\"]}}",
		"{\"event\":\"read\",\"card\":{\"type\":\"resident\",\"sex\":\"male\",\"checks\":7}}",
		"{\"event\":\"read\",\"card\":{\"type\":\"resident\",\"sex\":\"male\",\"photo\":7}}",
		"{\"event\":\"read\",\"card\":{\"type\":\"resident\",\"sex\":\"male\",\"photo\":{\"format\":\"wlt\",\"bytes\":\"Zg==\"}}}",
		"{\"event\":\"card\",\"reader\":7}", "{\"event\":\"card\",\"reader_kind\":\"odd\"}",
		"{\"event\":\"card\",\"cause\":\"ERR_ODD\"}", "{\"event\":\"card\"} more",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		struct card_event ev, before;
		struct err e = { 0 };

		memset(&ev, 0x5A, sizeof(ev));
		before = ev;
		if (card_event_parse(&ev, lines[i], strlen(lines[i]), &e) == 0)
			fail_msg("taken: %s", lines[i]);
		assert_int_equal(e.code, ERR_JSON);
		assert_memory_equal(&ev, &before, sizeof(ev));
	}
}

/* A name longer than any card's is refused, not cut. */
static void test_event_too_long(void **state)
{
	char line[1024] = "{\"event\":\"read\",\"card\":{\"type\":\"resident\",\"sex\":\"male\",\"number\":\"";
	struct card_event ev;
	struct err e = { 0 };

	(void)state;
	memset(line + strlen(line), '1', 200);
	strcat(line, "\"}}");
	assert_int_equal(card_event_parse(&ev, line, strlen(line), &e), -1);
	assert_null(strstr(e.detail, "1111"));
}

static void test_same(void **state)
{
	struct id_card a, b;

	(void)state;
	card_from_file(&a, "resident");
	b = a;
	b.checks = ~0u;
	assert_true(id_card_same(&a, &b));
	strcpy(b.valid_to_text, "long-term");
	assert_false(id_card_same(&a, &b));
	card_from_file(&b, "hmt");
	assert_false(id_card_same(&a, &b));
}

static void test_words(void **state)
{
	(void)state;
	for (unsigned i = 0; i < ID_CARD_CHECKS; i++) {
		assert_true(*id_card_check_name((enum id_card_check)(1u << i)));
		assert_true(*id_card_check_word((enum id_card_check)(1u << i)));
	}
	assert_string_equal(id_card_nation_word("46"), "德昂");
	assert_string_equal(id_card_nation_word("56"), "基诺");
	assert_null(id_card_nation_word("57"));
	assert_null(id_card_nation_word("00"));
	assert_null(id_card_nation_word("1"));
	assert_null(id_card_nation_word(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_number),          cmocka_unit_test(test_normalise),
		cmocka_unit_test(test_check_digit),     cmocka_unit_test(test_base64),
		cmocka_unit_test(test_json_keys),       cmocka_unit_test(test_event_round_trip),
		cmocka_unit_test(test_event_worst),     cmocka_unit_test(test_event_kinds),
		cmocka_unit_test(test_event_refused),   cmocka_unit_test(test_event_too_long),
		cmocka_unit_test(test_same),            cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
