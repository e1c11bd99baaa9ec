/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "domain/record.h"

static void test_field_table(void **state)
{
	(void)state;
	for (int i = 0; i < FIELD_COUNT; i++) {
		const struct field *f = field_get((enum field_id)i);

		assert_int_equal(f->id, i);
		assert_ptr_equal(field_by_name(f->name), f);
		assert_true(*f->label && *f->help && f->max_chars > 0);
		assert_int_equal(f->kind == FIELD_CODE, f->codes && strcmp(f->codes, "long-term") != 0);
		/* whatever is masked is sealed; whatever is read from a card is identity */
		assert_true(!(f->flags & FIELD_MASKED) || (f->flags & FIELD_SEALED) || f->id == F_NUMBER);
		assert_true(!(f->flags & FIELD_FROM_CARD) || f->group == GROUP_IDENTITY);
		if (f->wire && f->group != GROUP_WORK)
			assert_ptr_equal(field_by_wire(f->group == GROUP_CONTRACT || f->id == F_INSURANCE ? "employment.offer"
															 : "person.add",
						       f->wire),
					 f);
	}
	assert_null(field_by_name("nobody"));
	assert_null(field_get(FIELD_COUNT));
}

/* Number, phone, bank card, address, wage, birth: sealed at rest, without exception (S1). */
static void test_what_is_sealed(void **state)
{
	static const enum field_id personal[] = {F_NUMBER, F_PHONE, F_BANK_NUMBER, F_ADDRESS, F_BIRTH, F_WAGE, F_PERMIT_NUMBER,
						 F_LOCAL_ADDRESS, F_EMERGENCY_PHONE, F_EMERGENCY_NAME};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(personal); i++)
		assert_true(field_get(personal[i])->flags & FIELD_SEALED);
}

static void test_wire_names(void **state)
{
	(void)state;
	assert_int_equal(field_by_wire("person.add", "startDate")->id, F_VALID_FROM);
	assert_int_equal(field_by_wire("employment.offer", "startDate")->id, F_CONTRACT_FROM);
	assert_int_equal(field_by_wire("person.amend", "cellPhone")->id, F_PHONE);
	assert_null(field_by_wire("employment.offer", "cellPhone"));
	assert_null(field_by_wire("person.add", "nothing"));
}

static void test_typed(void **state)
{
	static const struct {
		enum field_id id;
		const char *typed, *value;
		bool good;
	} cases[] = {
		{F_NAME, " 张三 ", "张三", true},
		{F_NAME, "阿依古丽•买买提", "阿依古丽·买买提", true},
		{F_NAME, "张 三", "张 三", false},
		{F_NAME, "张三2", "张三2", false},
		{F_NAME, "𠮷野甲", "𠮷野甲", true},
		{F_NAME_LATIN, "SMITH JOHN", "SMITH JOHN", true},
		{F_NUMBER, "１１０１９９199003070017", "110199199003070017", true},
		{F_NUMBER, "11019919900307001", "11019919900307001", false},
		{F_BIRTH, "1990/3/7", "1990-03-07", true},
		{F_BIRTH, "19900307", "1990-03-07", true},
		{F_BIRTH, "1990-02-30", "1990-02-30", false},
		{F_BIRTH, "长期", "长期", false},
		{F_VALID_TO, "长期", "long-term", true},
		{F_PHONE, "138 0000 0001", "13800000001", true},
		{F_PHONE, "1380000", "1380000", false},
		{F_WAGE, "380", "38000", true},
		{F_WAGE, "6,500.5", "650050", true},
		{F_WAGE, "0.05", "5", true},
		{F_WAGE, "380.123", "380.123", false},
		{F_WAGE, "1.2.3", "1.2.3", false},
		{F_WAGE, "-1", "-1", false},
		{F_WAGE, ".", ".", false},
		{F_WAGE, "99999999999999999999", "99999999999999999999", false},
		{F_LEADER, "是", "1", true},
		{F_LEADER, "n", "0", true},
		{F_LEADER, "也许", "也许", false},
		{F_BANK_NUMBER, "6222 0200 0000 0000 000", "6222020000000000000", true},
		{F_TIMES_ISSUED, "01", "01", true},
		{F_TIMES_ISSUED, "1a", "1a", false},
		{F_TIMES_ISSUED, "001", "001", false},
		{F_TRADE, " 020 ", "020", true},
		{F_ADDRESS, "　测试区练习路１号　", "测试区练习路１号", true},
		{F_NAME, "   ", "", true},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct record r;

		record_init(&r);
		if (record_put_typed(&r, cases[i].id, cases[i].typed) != cases[i].good)
			fail_msg("case %zu: %s", i, cases[i].typed);
		assert_string_equal(record_get(&r, cases[i].id), cases[i].value);
		assert_int_equal(r.origin[cases[i].id], *cases[i].value ? ORIGIN_TYPED : ORIGIN_NONE);
		record_release(&r);
	}
}

static void test_typed_document_of_other_kinds(void **state)
{
	struct record r;

	(void)state;
	record_init(&r);
	assert_int_equal(record_set(&r, F_DOC_TYPE, "08", ORIGIN_TYPED), 0);
	assert_true(record_put_typed(&r, F_NUMBER, "e 12345678"));
	assert_string_equal(record_get(&r, F_NUMBER), "E12345678");
	assert_false(record_put_typed(&r, F_NUMBER, "E1234567#"));
	assert_string_equal(record_get(&r, F_NUMBER), "E1234567#");
	record_release(&r);
}

/* Wrong typed text of any length is kept as far as it can be, and never cut inside a character. */
static void test_typed_too_long(void **state)
{
	char typed[3 * 2000 + 1];
	struct record r;

	(void)state;
	for (size_t i = 0; i < 2000; i++)
		memcpy(typed + 3 * i, "测", 3);
	typed[sizeof(typed) - 1] = '\0';
	record_init(&r);
	for (int i = 0; i < FIELD_COUNT; i++) {
		assert_false(record_put_typed(&r, (enum field_id)i, typed));
		assert_true(text_valid(record_get(&r, (enum field_id)i), strlen(record_get(&r, (enum field_id)i))));
		assert_true(strlen(record_get(&r, (enum field_id)i)) > 900);
	}
	assert_false(record_put_typed(&r, F_NAME, "\xff\xfe"));
	record_release(&r);
}

static void test_shown(void **state)
{
	static const struct {
		enum field_id id;
		const char *value, *shown;
	} cases[] = {{F_WAGE, "38000", "380"},     {F_WAGE, "650050", "6500.50"}, {F_WAGE, "5", "0.05"}, {F_WAGE, "0", "0.00"},
		     {F_WAGE, "面议", "面议"},     {F_VALID_TO, "long-term", "长期"}, {F_LEADER, "1", "是"}, {F_LEADER, "0", "否"},
		     {F_BIRTH, "1990-03-07", "1990-03-07"}, {F_NAME, "", ""}};
	char out[128];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct record r;

		record_init(&r);
		assert_int_equal(record_set(&r, cases[i].id, cases[i].value, ORIGIN_TYPED), 0);
		record_show(&r, cases[i].id, out, sizeof(out));
		assert_string_equal(out, cases[i].shown);
		record_release(&r);
	}
}

static struct id_card card(void)
{
	struct id_card c = {.type = ID_CARD_RESIDENT, .sex = ID_SEX_MALE, .has_photo = true};

	strcpy(c.name, "测试甲");
	strcpy(c.nation_code, "01");
	strcpy(c.birth_text, "1990-03-07");
	strcpy(c.address, "测试区练习路1号");
	strcpy(c.number, "110199199003070017");
	strcpy(c.authority, "测试公安局");
	strcpy(c.valid_from_text, "2017-04-09");
	strcpy(c.valid_to_text, "long-term");
	for (size_t i = 0; i < sizeof(c.photo); i++)
		c.photo[i] = (uint8_t)(i * 7);
	return c;
}

static void test_from_card(void **state)
{
	struct id_card c = card();
	struct record r;

	(void)state;
	record_init(&r);
	assert_true(record_empty(&r));
	assert_true(record_put_typed(&r, F_PHONE, "13800000001"));
	assert_true(record_put_typed(&r, F_NATIONALITY, "CHN"));
	assert_int_equal(record_from_card(&r, &c), 0);
	assert_string_equal(record_get(&r, F_DOC_TYPE), "01");
	assert_string_equal(record_get(&r, F_NAME), "测试甲");
	assert_string_equal(record_get(&r, F_SEX), "male");
	assert_string_equal(record_get(&r, F_PHONE), "13800000001");
	assert_string_equal(record_get(&r, F_NATIONALITY), ""); /* the card has none: what was typed of the identity goes */
	assert_int_equal(record_date(&r, F_VALID_TO), DATE_LONG_TERM);
	assert_int_equal(record_date(&r, F_PHONE), DATE_NONE);
	for (int i = 0; i < FIELD_COUNT; i++)
		if (r.value[i])
			assert_int_equal(r.origin[i], i == F_PHONE ? ORIGIN_TYPED : ORIGIN_CARD);
	assert_true(r.from_card && r.has_portrait);
	assert_memory_equal(r.portrait, c.photo, sizeof(r.portrait));
	record_release(&r);
}

static void test_from_card_of_foreigner(void **state)
{
	struct id_card c = {.type = ID_CARD_FOREIGNER_2017, .sex = ID_SEX_FEMALE};
	struct record r;

	(void)state;
	strcpy(c.name_latin, "TEST, PERSON");
	strcpy(c.number, "ZZZ990119850615");
	record_init(&r);
	assert_int_equal(record_from_card(&r, &c), 0);
	assert_string_equal(record_get(&r, F_DOC_TYPE), "FPR");
	assert_string_equal(record_get(&r, F_NAME), "TEST, PERSON");
	assert_string_equal(record_get(&r, F_NATION), "");
	assert_false(r.has_portrait);
	record_release(&r);
}

static void assert_same(const struct record *a, const struct record *b)
{
	for (int i = 0; i < FIELD_COUNT; i++) {
		assert_string_equal(record_get(a, (enum field_id)i), record_get(b, (enum field_id)i));
		assert_int_equal(a->origin[i], b->origin[i]);
	}
	assert_int_equal(a->from_card, b->from_card);
	assert_int_equal(a->has_portrait, b->has_portrait);
	if (a->has_portrait)
		assert_memory_equal(a->portrait, b->portrait, sizeof(a->portrait));
}

static void round_trip(const struct record *r)
{
	cJSON *json = record_to_json(r), *again = NULL;
	char *text = json_text(json);
	struct record back, copy;
	struct err e = {0};

	record_init(&back);
	record_init(&copy);
	assert_int_equal(json_parse(&again, text, strlen(text), 65536, &e), 0);
	assert_int_equal(record_from_json(&back, again, &e), 0);
	assert_same(r, &back);
	assert_int_equal(record_copy(&copy, r), 0);
	assert_int_equal(record_copy(&copy, r), 0); /* over a filled one */
	assert_same(r, &copy);
	record_release(&back);
	record_release(&copy);
	cJSON_Delete(json);
	cJSON_Delete(again);
	free(text);
}

static void test_json_round_trips(void **state)
{
	struct id_card c = card();
	struct record r;

	(void)state;
	record_init(&r);
	round_trip(&r);
	assert_int_equal(record_from_card(&r, &c), 0);
	round_trip(&r);
	for (int i = 0; i < FIELD_COUNT; i++)
		assert_int_equal(record_set(&r, (enum field_id)i, "\"值\\\n", (enum value_origin)(1 + i % ORIGIN_DEFAULT)), 0);
	round_trip(&r);
	record_release(&r);
}

static void test_json_refused(void **state)
{
	static const char *const bad[] = {"{}",
					  "[]",
					  "{\"values\":[]}",
					  "{\"values\":{\"name\":1}}",
					  "{\"values\":{\"name\":null}}",
					  "{\"values\":{},\"portrait\":1}",
					  "{\"values\":{},\"portrait\":\"AAAA\"}",
					  "{\"values\":{},\"portrait\":\"no base64!\"}"};
	struct record r;

	(void)state;
	record_init(&r);
	assert_int_equal(record_set(&r, F_NAME, "测试乙", ORIGIN_TYPED), 0);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct err e = {0};
		cJSON *json = NULL;

		assert_int_equal(json_parse(&json, bad[i], strlen(bad[i]), 65536, &e), 0);
		assert_int_equal(record_from_json(&r, json, &e), -1);
		assert_int_equal(e.code, ERR_JSON);
		assert_string_equal(record_get(&r, F_NAME), "测试乙"); /* untouched */
		cJSON_Delete(json);
	}
	record_release(&r);
}

static void test_json_of_a_newer_program(void **state)
{
	static const char text[] = "{\"values\":{\"name\":\"测试丙\",\"shoe_size\":42},\"origins\":{\"name\":\"q\"},\"more\":[]}";
	struct record r;
	struct err e = {0};
	cJSON *json = NULL;

	(void)state;
	record_init(&r);
	assert_int_equal(json_parse(&json, text, strlen(text), 65536, &e), 0);
	assert_int_equal(record_from_json(&r, json, &e), 0);
	assert_string_equal(record_get(&r, F_NAME), "测试丙");
	assert_int_equal(r.origin[F_NAME], ORIGIN_TYPED); /* an unknown origin never locks a field */
	cJSON_Delete(json);
	record_release(&r);
}

static void test_release_wipes(void **state)
{
	struct record r = {0};

	(void)state;
	record_release(&r); /* zeroed */
	r.has_portrait = true;
	memset(r.portrait, 7, sizeof(r.portrait));
	record_release(&r);
	assert_false(r.has_portrait);
	for (size_t i = 0; i < sizeof(r.portrait); i++)
		assert_int_equal(r.portrait[i], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_field_table),     cmocka_unit_test(test_what_is_sealed),
		cmocka_unit_test(test_wire_names),      cmocka_unit_test(test_typed),
		cmocka_unit_test(test_typed_document_of_other_kinds), cmocka_unit_test(test_typed_too_long),
		cmocka_unit_test(test_shown),           cmocka_unit_test(test_from_card),
		cmocka_unit_test(test_from_card_of_foreigner), cmocka_unit_test(test_json_round_trips),
		cmocka_unit_test(test_json_refused),    cmocka_unit_test(test_json_of_a_newer_program),
		cmocka_unit_test(test_release_wipes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
