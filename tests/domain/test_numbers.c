/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Credit codes, phones and bank cards. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "domain/credit_code.h"
#include "domain/phone.h"

/* 91350100M000100Y is the worked example of GB 32100-2015, whose check character is 3; the other is of a district that does not exist. */
static void test_credit_code(void **state)
{
	static const struct {
		const char *code;
		bool valid;
	} cases[] = {
		{"91350100M000100Y43", true},  {"91350100M000100Y4Z", false}, {"91990101MA0XMXA19G", true},
		{"91990101MA0XMXA91G", false}, {"N2990101MA0WXYU887", true},  {"91350100M000100Y4", false},
		{"91350100M000100Y431", false}, {"", false},                   {"91350100I000100Y43", false},
		{"91350100m000100y43", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (credit_code_valid(cases[i].code) != cases[i].valid)
			fail_msg("case %zu", i);
}

/* Every single wrong character is noticed. */
static void test_credit_code_one_wrong(void **state)
{
	static const char set[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
	char code[] = "91350100M000100Y43";

	(void)state;
	for (size_t at = 0; at < 18; at++) {
		char right = code[at];

		for (const char *c = set; *c; c++) {
			code[at] = *c;
			assert_int_equal(credit_code_valid(code), *c == right);
		}
		code[at] = right;
	}
}

static void test_credit_code_typed(void **state)
{
	char out[CREDIT_CODE_TEXT] = "kept";

	(void)state;
	assert_true(credit_code_normalise(" ９１350100 m000100y43 ", out));
	assert_string_equal(out, "91350100M000100Y43");
	strcpy(out, "kept");
	assert_false(credit_code_normalise("91350100M000100Y4", out));
	assert_false(credit_code_normalise("91350100M000100Y4O", out));
	assert_false(credit_code_normalise("91350100M000100Y433", out));
	assert_string_equal(out, "kept");
}

static void test_phones(void **state)
{
	static const struct {
		const char *typed, *phone; /* NULL: refused */
	} cases[] = {
		{"13800000001", "13800000001"},      {" 138 0000 0001", "13800000001"},   {"１３８００００００01", "13800000001"},
		{"+86 138-0000-0001", "13800000001"}, {"008613800000001", "13800000001"},  {"8613800000001", "13800000001"},
		{"19900000000", "19900000000"},      {"12800000001", NULL},               {"1380000000", NULL},
		{"138000000011", NULL},              {"010-66660000", "010-66660000"},    {"(010)66660000", "010-66660000"},
		{"0750 3330000", "0750-3330000"},    {"07503330000", "0750-3330000"},     {"021-66660000-801", "021-66660000-801"},
		{"021-1666000", NULL},               {"00866", NULL},                     {"0000-6666000", NULL},
		{"1380000000a", NULL},               {"", NULL},                          {"0", NULL},
		{"010-66660000-", NULL},             {"010-666600001", NULL},             {"无", NULL},
	};
	char out[PHONE_TEXT];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		strcpy(out, "kept");
		if (phone_normalise(cases[i].typed, out) != (cases[i].phone != NULL))
			fail_msg("case %zu: %s", i, cases[i].typed);
		assert_string_equal(out, cases[i].phone ? cases[i].phone : "kept");
		if (cases[i].phone)
			assert_true(phone_valid(out));
	}
	assert_true(phone_is_mobile("13800000001"));
	assert_false(phone_is_mobile("010-66660000"));
	assert_false(phone_valid("+8613800000001"));
}

static void test_bank_cards(void **state)
{
	char out[BANK_CARD_TEXT] = "kept";

	(void)state;
	assert_false(bank_card_normalise("62220200000", out));
	assert_false(bank_card_normalise("6222020000000000000000", out));
	assert_false(bank_card_normalise("622202000000000000X", out));
	assert_string_equal(out, "kept");
	assert_true(bank_card_normalise("6222 0200 0000 0000 000", out));
	assert_string_equal(out, "6222020000000000000");
	assert_true(bank_card_luhn("6222020000000000000"));
	assert_true(bank_card_luhn("622202000000000122"));
	assert_false(bank_card_luhn("622202000000000121"));
	assert_false(bank_card_luhn("622202000000001022"));
	assert_false(bank_card_luhn(""));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_credit_code), cmocka_unit_test(test_credit_code_one_wrong),
		cmocka_unit_test(test_credit_code_typed), cmocka_unit_test(test_phones), cmocka_unit_test(test_bank_cards),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
