/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

static void decodes(void **state)
{
	static const struct {
		const char *bytes;
		size_t n, len;
		uint32_t cp;
	} cases[] = {
		{"A", 1, 1, 'A'},
		{"\xc2\xb7", 2, 2, 0xB7},
		{"\xdf\xbf", 2, 2, 0x7FF},
		{"\xe0\xa0\x80", 3, 3, 0x800},
		{"\xe5\xbc\xa0", 3, 3, 0x5F20},
		{"\xef\xbf\xbf", 3, 3, 0xFFFF},
		{"\xf0\x90\x80\x80", 4, 4, 0x10000},
		{"\xf4\x8f\xbf\xbf", 4, 4, 0x10FFFF},
		{"", 1, 1, 0},
		{"", 0, 0, 0},
		{"\xc0\xaf", 2, 0, 0},
		{"\xc1\xbf", 2, 0, 0},
		{"\xe0\x9f\xbf", 3, 0, 0},
		{"\xf0\x8f\xbf\xbf", 4, 0, 0},
		{"\xed\xa0\x80", 3, 0, 0},
		{"\xed\xbf\xbf", 3, 0, 0},
		{"\xf4\x90\x80\x80", 4, 0, 0},
		{"\xf5\x80\x80\x80", 4, 0, 0},
		{"\x80", 1, 0, 0},
		{"\xe5\xbc", 2, 0, 0},
		{"\xe5\xbc\xa0", 2, 0, 0},
		{"\xe5(\xa0", 3, 0, 0},
		{"\xff", 1, 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		uint32_t cp = 0xDEAD;

		assert_int_equal(text_decode(cases[i].bytes, cases[i].n, &cp), cases[i].len);
		assert_int_equal(cp, cases[i].len ? cases[i].cp : 0xDEAD);
	}
}

static void encodes_what_decodes(void **state)
{
	char out[4];
	uint32_t back;

	(void)state;
	for (uint32_t cp = 0; cp <= 0x110010; cp++) {
		size_t n = text_encode(cp, out);

		if ((cp >= 0xD800 && cp <= 0xDFFF) || cp > 0x10FFFF) {
			assert_int_equal(n, 0);
		} else {
			assert_int_equal(text_decode(out, n, &back), n);
			assert_int_equal(back, cp);
		}
	}
}

static void widths(void **state)
{
	static const struct {
		const char *s;
		int narrow, wide; /* with ambiguous width 1 and 2 */
		size_t chars;
	} cases[] = {
		{"", 0, 0, 0},
		{"abc", 3, 3, 3},
		{"张伟", 4, 4, 2},
		{"古丽·热合曼", 11, 12, 6},
		{"𠀀", 2, 2, 1},
		{"e\xcc\x81", 1, 1, 2},
		{"①", 1, 2, 1},
		{"ＡＢ", 4, 4, 2},
		{"　", 2, 2, 1},
		{"\t\n", 0, 0, 2},
		{"葛\xf3\xa0\x84\x80", 2, 2, 2},
		{"\xe2\x80\x8d", 0, 0, 1},
		{"한", 2, 2, 1},
		{"\xc2\xad", 1, 1, 1},
		{"\xee\xa0\x95", 1, 2, 1},
		{"﹏", 2, 2, 1},
		{"\xf0\xb1\x8d\x90", 2, 2, 1}, /* U+31350, newer than the table: the block is wide */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		text_set_ambiguous_width(1);
		assert_int_equal(text_width(cases[i].s), cases[i].narrow);
		text_set_ambiguous_width(2);
		assert_int_equal(text_width(cases[i].s), cases[i].wide);
		assert_int_equal(text_chars(cases[i].s), cases[i].chars);
	}
	text_set_ambiguous_width(1);
	assert_int_equal(text_ambiguous_width(), 1);
}

static void fits(void **state)
{
	static const struct {
		const char *s;
		int columns;
		size_t bytes;
		int used;
	} cases[] = {
		{"张伟", 0, 0, 0},
		{"张伟", 1, 0, 0},
		{"张伟", 2, 3, 2},
		{"张伟", 3, 3, 2},
		{"张伟", 9, 6, 4},
		{"a张", 2, 1, 1},
		{"e\xcc\x81"
		 "a",
		 1, 3, 1},
		{"\xcc\x81"
		 "a",
		 0, 2, 0},
		{"", 5, 0, 0},
		{"张", -1, 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int used = -1;

		assert_int_equal(text_fit(cases[i].s, cases[i].columns, &used), cases[i].bytes);
		assert_int_equal(used, cases[i].used);
		assert_int_equal(text_fit(cases[i].s, cases[i].columns, NULL), cases[i].bytes);
	}
}

static void copies(void **state)
{
	static const struct {
		const char *from;
		size_t size;
		const char *to;
		bool whole;
	} cases[] = {
		{"abc", 4, "abc", true},
		{"abc", 3, "ab", false},
		{"abc", 1, "", false},
		{"张伟", 7, "张伟", true},
		{"张伟", 6, "张", false},
		{"张伟", 3, "", false},
		{"ae\xcc\x81", 5, "ae\xcc\x81", true},
		{"ae\xcc\x81", 4, "a", false},
		{"ae\xcc\x81", 3, "a", false},
		{"a𠀀", 5, "a", false},
		{"", 1, "", true},
	};
	char to[16];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		memset(to, '#', sizeof(to));
		assert_int_equal(text_copy(to, cases[i].size, cases[i].from), cases[i].whole);
		assert_string_equal(to, cases[i].to);
		assert_int_equal(to[cases[i].size], '#');
		memset(to, '#', sizeof(to));
		assert_int_equal(text_format(to, cases[i].size, "%s", cases[i].from), cases[i].whole);
		assert_string_equal(to, cases[i].to);
		assert_int_equal(to[cases[i].size], '#');
	}
	assert_false(text_copy(to, 0, "a"));
}

/* Longer than the room inside text_format(): the last character goes, for what followed it is unknown. */
static void formats_long(void **state)
{
	char from[2000], to[1500];

	(void)state;
	memset(from, 'a', sizeof(from));
	from[sizeof(from) - 1] = '\0';
	assert_false(text_format(to, sizeof(to), "张%s", from));
	assert_int_equal(strlen(to), sizeof(to) - 2);
	for (size_t i = 0; i + 3 < sizeof(from); i += 3)
		memcpy(from + i, "张", 3);
	from[1998] = '\0';
	assert_false(text_format(to, sizeof(to), "%s", from));
	assert_true(text_valid(to, strlen(to)));
	assert_true(strlen(to) > sizeof(to) - 8);
}

static void trims_and_narrows(void **state)
{
	static const struct {
		const char *from, *trimmed, *narrow;
	} cases[] = {
		{"  a b\t", "a b", "  a b\t"},
		{"　张　伟　\r\n", "张　伟", " 张 伟 \r\n"},
		{"", "", ""},
		{" 　", "", "  "},
		{"１３８ＡＢｘ", "１３８ＡＢｘ", "138ABx"},
		{"张！～", "张！～", "张!~"},
		{"e\xcc\x81 ", "e\xcc\x81", "e\xcc\x81 "},
	};
	char s[64];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		strcpy(s, cases[i].from);
		text_trim(s);
		assert_string_equal(s, cases[i].trimmed);
		strcpy(s, cases[i].from);
		text_narrow(s);
		assert_string_equal(s, cases[i].narrow);
	}
}

static void masks(void **state)
{
	static const struct {
		const char *from;
		size_t head, tail, size;
		const char *to;
	} cases[] = {
		{"13800001234", 3, 4, 32, "138****1234"},
		{"1234", 3, 4, 32, "****"},
		{"1234567", 3, 4, 32, "*******"},
		{"张三丰", 1, 0, 32, "张**"},
		{"张三", 0, 1, 32, "*三"},
		{"", 0, 4, 32, ""},
		{"12345678", 0, 4, 32, "****5678"},
		{"12345678", 0, 4, 4, "***"},
		{"12", (size_t)-1, 4, 32, "**"},
		{"张三丰", 0, 2, 6, "*三"},
	};
	char to[32];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		text_mask(to, cases[i].size, cases[i].from, cases[i].head, cases[i].tail);
		assert_string_equal(to, cases[i].to);
	}
}

static void small_questions(void **state)
{
	char key[8] = "secret!";

	(void)state;
	assert_true(text_valid("张", 3));
	assert_false(text_valid("张", 2));
	assert_false(text_valid("a\0b", 3));
	assert_true(text_valid("", 0));
	assert_true(text_is_digits("0123456789"));
	assert_false(text_is_digits(""));
	assert_false(text_is_digits("12x"));
	assert_false(text_is_digits("１"));
	wipe(key, sizeof(key));
	assert_memory_equal(key, "\0\0\0\0\0\0\0\0", 8);
	wipe(NULL, 8);
}

/* U8: random Chinese, Uyghur, rare and combining text, cut to a column and filled up, is always just as wide
 * as the column. */
static void columns_stay_straight(void **state)
{
	static const char *const piece[] = {"张",
					    "·",
					    "𠀀",
					    "e\xcc\x81",
					    "a",
					    "①",
					    "葛\xf3\xa0\x84\x80",
					    "ئۇيغۇر",
					    "\xe0\xbd\x96\xe0\xbd\xbc",
					    "　"};
	uint32_t random = 20261120;
	char s[256], cell[256 + 32];

	(void)state;
	for (int round = 0; round < 20000; round++) {
		int columns = 1 + round % 20, used;
		size_t n;

		text_set_ambiguous_width(1 + round % 2);
		s[0] = '\0';
		for (int i = 0; i < 12; i++) {
			random = random * 1664525 + 1013904223;
			strcat(s, piece[(random >> 16) % ARRAY_LEN(piece)]);
		}
		n = text_fit(s, columns, &used);
		memcpy(cell, s, n);
		memset(cell + n, ' ', (size_t)(columns - used));
		cell[n + (size_t)(columns - used)] = '\0';
		assert_int_equal(text_width(cell), columns);
		assert_true(text_valid(cell, strlen(cell)));
		assert_true(s[n] == '\0' || used == columns || used == columns - 1);
	}
	text_set_ambiguous_width(1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decodes),
		cmocka_unit_test(encodes_what_decodes),
		cmocka_unit_test(widths),
		cmocka_unit_test(fits),
		cmocka_unit_test(copies),
		cmocka_unit_test(formats_long),
		cmocka_unit_test(trims_and_narrows),
		cmocka_unit_test(masks),
		cmocka_unit_test(small_questions),
		cmocka_unit_test(columns_stay_straight),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
