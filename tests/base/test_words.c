/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is said: errors, the language, the catalogue. */
#include <errno.h>
#include <langinfo.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/i18n.h"
#include "base/text.h"
#include "mo.h"

static bool has_chinese(const char *s)
{
	uint32_t cp;

	for (size_t n; (n = text_decode(s, strlen(s), &cp)); s += n) {
		if (cp >= 0x2E80)
			return true;
	}
	return false;
}

/* A word that must be typed as it is stands between “ and ” in either language. */
static bool chinese_unquoted(const char *s)
{
	const char *open = strstr(s, "“"), *close = open ? strstr(open, "”") : NULL;
	char rest[400];

	if (!close)
		return has_chinese(s);
	assert_true((size_t)snprintf(rest, sizeof(rest), "%.*s%s", (int)(open - s), s, close + strlen("”")) < sizeof(rest));
	return has_chinese(rest);
}

static void every_error_speaks_both_languages(void **state)
{
	(void)state;
	for (int code = 1; code < ERR_CODE_COUNT; code++) {
		i18n_init("zh");
		assert_true(has_chinese(err_sentence(code)));
		assert_true(has_chinese(err_advice(code)));
		i18n_init("en");
		if (!err_sentence(code)[0] || chinese_unquoted(err_sentence(code)) ||
		    chinese_unquoted(err_advice(code)))
			fail_msg("%s has no English", err_name(code));
		assert_int_equal(strncmp(err_name(code), "ERR_", 4), 0);
		assert_in_range(err_exit_status(code), 1, 4);
		assert_int_not_equal(err_class_of(code), ERR_CLASS_NONE);
	}
	i18n_init("zh");
	assert_string_equal(err_sentence(ERR_NONE), "");
	assert_string_equal(err_name((enum err_code)9999), "ERR_INTERNAL");
}

static void sets(void **state)
{
	struct err e = {0};

	(void)state;
	assert_int_equal(err_set(&e, ERR_BUSY, "table %d\nline\x01 张\xff", 7), -1);
	assert_int_equal(e.code, ERR_BUSY);
	assert_string_equal(e.detail, "table 7 line  张?");
	assert_int_equal(err_set(&e, ERR_JSON, "again: %s", e.detail), -1);
	assert_string_equal(e.detail, "again: table 7 line  张?");
	assert_int_equal(err_set(&e, ERR_BUSY, NULL), -1);
	assert_string_equal(e.detail, "");
	assert_int_equal(err_set(NULL, ERR_BUSY, "nobody asks"), -1);
	err_set(&e, ERR_BUSY, "%0200d", 1);
	assert_int_equal(strlen(e.detail), sizeof(e.detail) - 1);
	err_clear(&e);
	assert_int_equal(e.code, ERR_NONE);
}

static void from_errno(void **state)
{
	static const struct {
		int number;
		enum err_code code;
	} cases[] = {
		{ENOSPC, ERR_DISK_FULL},     {EDQUOT, ERR_DISK_FULL},	 {EROFS, ERR_READ_ONLY},
		{EACCES, ERR_NO_PERMISSION}, {EPERM, ERR_NO_PERMISSION}, {ENOENT, ERR_NOT_FOUND},
		{ENOMEM, ERR_MEMORY},	     {EIO, ERR_SYSTEM},		 {0, ERR_SYSTEM},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err e = {0};

		errno = cases[i].number;
		assert_int_equal(err_errno(&e, "open"), -1);
		assert_int_equal(e.code, cases[i].code);
		assert_int_equal(strncmp(e.detail, "open: ", 6), 0);
	}
}

static void chooses_the_language(void **state)
{
	static const struct {
		const char *setting, *shiming_lang, *lc_all, *lang;
		enum language language;
	} cases[] = {
		{"en", "zh", "zh_CN.UTF-8", "zh_CN.UTF-8", LANGUAGE_EN},
		{NULL, "en", "zh_CN.UTF-8", NULL, LANGUAGE_EN},
		{"", "", NULL, "en_US.UTF-8", LANGUAGE_EN},
		{NULL, NULL, NULL, "zh_CN.UTF-8", LANGUAGE_ZH},
		{NULL, NULL, NULL, "zh_TW", LANGUAGE_ZH},
		{NULL, NULL, NULL, "C.UTF-8", LANGUAGE_ZH},
		{NULL, NULL, NULL, "POSIX", LANGUAGE_ZH},
		{NULL, NULL, NULL, NULL, LANGUAGE_ZH},
		{NULL, NULL, NULL, "C", LANGUAGE_ZH},
		{NULL, NULL, NULL, "de_DE.UTF-8", LANGUAGE_EN},
		{NULL, NULL, NULL, "Chinese", LANGUAGE_EN},
		{NULL, NULL, "en_GB", "zh_CN", LANGUAGE_EN},
		{"zh", NULL, "en_GB", NULL, LANGUAGE_ZH},
		{"zh_CN", NULL, NULL, "en", LANGUAGE_ZH},
	};
	static const char *const names[] = {"SHIMING_LANG", "LC_ALL", "LANG", "LC_MESSAGES"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *const values[] = {cases[i].shiming_lang, cases[i].lc_all, cases[i].lang, NULL};

		for (size_t k = 0; k < ARRAY_LEN(names); k++) {
			if (values[k])
				setenv(names[k], values[k], 1);
			else
				unsetenv(names[k]);
		}
		i18n_init(cases[i].setting);
		assert_int_equal(i18n_language(), cases[i].language);
		/* whatever the environment says, and with no locale installed */
		assert_string_equal(nl_langinfo(CODESET), "UTF-8");
		assert_string_equal(i18n_text("找不到"),
				    cases[i].language == LANGUAGE_EN ? "Not found" : "找不到");
	}
}

static void what_is_not_translated_stays(void **state)
{
	(void)state;
	i18n_init("en");
	assert_string_equal(i18n_text(""), "");
	assert_string_equal(i18n_text("没有这样的词条"), "没有这样的词条");
	assert_string_equal(i18n_ptext("no such context", "找不到"), "找不到");
	i18n_init("zh");
}

/* --- the catalogue's file --- */

static const char *const entries[][2] = {
	{"", "Language: en\n"}, {"abc", "first"}, {"verb\004open", "to open"},
	{"退场", "exit"},	{"退场人员", ""},
};

static void put_word(unsigned char *mo, size_t at, uint32_t value, bool big)
{
	for (int i = 0; i < 4; i++)
		mo[at + (size_t)i] = (unsigned char)(value >> (big ? 24 - 8 * i : 8 * i));
}

static size_t make_mo(unsigned char *mo, bool big)
{
	uint32_t n = ARRAY_LEN(entries), at = 28 + n * 16;

	put_word(mo, 0, 0x950412DE, big);
	put_word(mo, 4, 0, big);
	put_word(mo, 8, n, big);
	put_word(mo, 12, 28, big);
	put_word(mo, 16, 28 + n * 8, big);
	put_word(mo, 20, 0, big);
	put_word(mo, 24, 0, big);
	for (uint32_t i = 0; i < 2 * n; i++) {
		const char *s = entries[i % n][i / n];

		put_word(mo, 28 + i * 8, (uint32_t)strlen(s), big);
		put_word(mo, 32 + i * 8, at, big);
		memcpy(mo + at, s, strlen(s) + 1);
		at += (uint32_t)strlen(s) + 1;
	}
	return at;
}

static void reads_both_byte_orders(void **state)
{
	unsigned char mo[512];

	(void)state;
	for (int big = 0; big < 2; big++) {
		size_t size = make_mo(mo, big);

		assert_string_equal(mo_find(mo, size, NULL, "abc"), "first");
		assert_string_equal(mo_find(mo, size, NULL, "退场"), "exit");
		assert_string_equal(mo_find(mo, size, "verb", "open"), "to open");
		assert_null(mo_find(mo, size, NULL, "open"));
		assert_null(mo_find(mo, size, "noun", "open"));
		assert_null(mo_find(mo, size, "ver", "open"));
		assert_null(mo_find(mo, size, NULL, "退场人员"));
		assert_null(mo_find(mo, size, NULL, "zzz"));
	}
}

/* Cut at every length, every byte changed: nothing is read outside (the sanitizers watch), nothing loops. */
static void damaged_catalogues_find_nothing(void **state)
{
	unsigned char mo[512];
	size_t size = make_mo(mo, false);

	(void)state;
	for (size_t n = 0; n < size; n++) {
		unsigned char *cut = malloc(n ? n : 1);

		memcpy(cut, mo, n);
		mo_find(cut, n, NULL, "退场");
		assert_true(n >= 28 || !mo_find(cut, n, NULL, "abc"));
		free(cut);
	}
	for (size_t i = 0; i < size * 3; i++) {
		static const unsigned char change[] = {0xFF, 0x80, 0x01};
		unsigned char *bad = malloc(size);

		memcpy(bad, mo, size);
		bad[i / 3] ^= change[i % 3];
		mo_find(bad, size, NULL, "退场");
		mo_find(bad, size, "verb", "open");
		free(bad);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_error_speaks_both_languages),
		cmocka_unit_test(sets),
		cmocka_unit_test(from_errno),
		cmocka_unit_test(chooses_the_language),
		cmocka_unit_test(what_is_not_translated_stays),
		cmocka_unit_test(reads_both_byte_orders),
		cmocka_unit_test(damaged_catalogues_find_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
