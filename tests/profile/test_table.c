/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Code tables as files: each fault with its line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/text.h"
#include "profile_data.h"

static int read_text(const char *text, size_t n, struct table *t, struct table_fault *fault)
{
	char path[] = "/tmp/shiming-table-XXXXXX";
	int fd = mkstemp(path), ret;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, n), (ssize_t)n);
	close(fd);
	ret = table_read(t, path, fault);
	unlink(path);
	return ret;
}

static void test_good(void **state)
{
	static const char text[] = "# source: 某文件\n\ncode\tname\tshort\tgroup\r\n01\t汉族\t汉\tA\r\n02\t回族\n# x\n03\t满族\t\tB";
	struct table t = {0};
	struct table_fault fault;

	(void)state;
	assert_int_equal(read_text(text, strlen(text), &t, &fault), 0);
	assert_int_equal(t.n, 3);
	assert_string_equal(table_code(&t, "01")->short_name, "汉");
	assert_string_equal(table_code(&t, "02")->short_name, "回族");
	assert_string_equal(table_code(&t, "03")->group, "B");
	assert_null(table_code(&t, "1"));
	table_release(&t);
	table_release(&t);
}

static void test_bad(void **state)
{
	static const struct {
		const char *text;
		size_t line;
	} cases[] = {
		{"", 0},
		{"# source: x\n", 0},
		{"# source: x\ncode\tname\n", 0},
		{"code\tname\n1\ta\n", 0},
		{"# source: x\n1\ta\n", 2},
		{"# source: x\ncode\tname\n1\n", 3},
		{"# source: x\ncode\tname\n\ta\n", 3},
		{"# source: x\ncode\tname\n1\ta\n1\tb\n", 4},
		{"# source: x\ncode\tname\n12345678901234567\ta\n", 3},
		{"# source: x\ncode\tname\n1\ta\tb\tc\td\n", 3},
		{"# source: x\ncode\tname\n1\t\xff\n", 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct table t = {0};
		struct table_fault fault = {.line = 99};

		assert_int_equal(read_text(cases[i].text, strlen(cases[i].text), &t, &fault), -1);
		if (fault.line != cases[i].line)
			fail_msg("case %zu: line %zu: %s", i, fault.line, fault.reason);
		assert_true(*fault.reason);
		table_release(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_good), cmocka_unit_test(test_bad)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
