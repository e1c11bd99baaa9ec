/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Worker codes: read however they are typed, refused when one character is wrong, no two alike. */
#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "domain/worker_code.h"

static void read_as_typed(void **state)
{
	char code[WORKER_CODE_TEXT], typed[64], read[WORKER_CODE_TEXT];
	size_t n = 0;

	(void)state;
	for (int round = 0; round < 200; round++) {
		worker_code_new(code);
		assert_int_equal(strlen(code), WORKER_CODE_TEXT - 1);
		assert_true(worker_code_read(code, read));
		assert_string_equal(read, code);
		n = 0;
		for (size_t i = 0; code[i]; i++) {
			if (i % 4 == 2)
				typed[n++] = i % 8 == 2 ? '-' : ' ';
			typed[n++] = (char)(code[i] == '0' ? 'o' : code[i] == '1' ? 'l' : tolower((unsigned char)code[i]));
		}
		typed[n] = '\0';
		assert_true(worker_code_read(typed, read));
		assert_string_equal(read, code);
	}
}

static void one_wrong_character(void **state)
{
	static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	char code[WORKER_CODE_TEXT], wrong[WORKER_CODE_TEXT], read[WORKER_CODE_TEXT];

	(void)state;
	worker_code_new(code);
	for (size_t i = 2; code[i]; i++)
		for (const char *c = digits; *c; c++) {
			strcpy(wrong, code);
			wrong[i] = *c;
			assert_int_equal(worker_code_read(wrong, read), *c == code[i]);
		}
}

static void nothing_else(void **state)
{
	static const char *const others[] = {"", "SM", "110199199001010017", "SM0000000000000000", "XX00000000000000000", "SM000000000000000000", "SM0000U0000000000-0", "工人码"};
	char read[WORKER_CODE_TEXT], a[WORKER_CODE_TEXT], b[WORKER_CODE_TEXT];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		assert_false(worker_code_read(others[i], read));
	worker_code_new(a);
	worker_code_new(b);
	assert_string_not_equal(a, b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(read_as_typed), cmocka_unit_test(one_wrong_character), cmocka_unit_test(nothing_else)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
