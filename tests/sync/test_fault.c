/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "platform/fault.h"

/* For each request to the target from 1 on: '.' nothing, '!' the fault. */
static void fault__rules(void **state)
{
	static const struct {
		const char *rule;
		enum fault_target target;
		enum fault_kind kind;
		const char *plan;
		int64_t arg;
	} cases[] = {
		{"drop@2", TARGET_POST, FAULT_DROP, ".!....", 0},
		{"drop@2-3", TARGET_POST, FAULT_DROP, ".!!...", 0},
		{"503=7@3-", TARGET_POST, FAULT_STATUS, "..!!!!", 7},
		{"changes:portal-html@1", TARGET_CHANGES, FAULT_PAGE, "!....", 0},
		{"changes:portal-html@1", TARGET_POST, FAULT_NONE, ".....", 0},
		{"any:401", TARGET_BOX, FAULT_STATUS, "!!!!", 0},
		{"lookup:deep=100", TARGET_LOOKUP, FAULT_DEEP, "!!!", 100},
		{"post:cut-answer=12@1", TARGET_POST, FAULT_CUT_ANSWER, "!..", 12},
		{"drop%0", TARGET_POST, FAULT_DROP, "......", 0},
		{"drop%100", TARGET_POST, FAULT_DROP, "!!!!!!", 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct faults f;
		struct err e = {0};

		faults_init(&f);
		if (faults_add(&f, cases[i].rule, &e))
			fail_msg("%s: %s", cases[i].rule, e.detail);
		for (const char *p = cases[i].plan; *p; p++) {
			struct fault got = faults_next(&f, cases[i].target);

			if (got.kind != (*p == '!' ? cases[i].kind : FAULT_NONE) ||
			    (*p == '!' && got.arg != cases[i].arg))
				fail_msg("%s: request %d", cases[i].rule, (int)(p - cases[i].plan) + 1);
		}
	}
}

static void fault__wrong_rules(void **state)
{
	static const char *const bad[] = {"",	   "dropp", "drop@", "drop@x", "drop@2x",   "nobody:drop",
					  ":drop", "drop=", "drop%", "503=-1", "drop@2%30x"};
	struct faults f;

	(void)state;
	faults_init(&f);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct err e = {0};

		if (!faults_add(&f, bad[i], &e))
			fail_msg("passed: %s", bad[i]);
		assert_int_equal(e.code, ERR_USAGE);
	}
	assert_int_equal(f.n, 0);
	for (int i = 0; i < FAULT_RULES; i++)
		assert_int_equal(faults_add(&f, "drop@9", NULL), 0);
	assert_int_equal(faults_add(&f, "drop@9", NULL), -1);
}

static void fault__three_in_ten(void **state)
{
	struct faults f;
	int hit = 0;

	(void)state;
	faults_init(&f);
	faults_add(&f, "drop%30", NULL);
	for (int i = 0; i < 10000; i++)
		hit += faults_next(&f, TARGET_POST).kind == FAULT_DROP;
	assert_in_range(hit, 2800, 3200);
}

static void fault__spoils(void **state)
{
	static const struct {
		enum fault_kind kind;
		int64_t arg;
		const char *becomes;
	} cases[] = {
		{FAULT_REORDER, 0, "{\"results\":[{\"op\":\"b\"},{\"op\":\"a\"}]}"},
		{FAULT_MISSING, 1, "{\"results\":[{\"op\":\"a\"}]}"},
		{FAULT_TWICE, 0,
		 "{\"results\":[{\"op\":\"a\"},{\"op\":\"b\"},{\"op\":\"a\"},{\"op\":\"b\"}]}"},
		{FAULT_TYPES, 0, "{\"results\":{}}"},
		{FAULT_TRUNCATED, 0, "{\"results\":[{\"op\""},
		{FAULT_DEEP, 3, "{\"results\":[[[]]]}"},
		{FAULT_HUGE, 3, "{\"results\":[],\"padding\":\"000\"}"},
		{FAULT_DELAY, 3, "{\"results\":[{\"op\":\"a\"},{\"op\":\"b\"}]}"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct fault f = {.kind = cases[i].kind, .arg = cases[i].arg};
		struct buf b;

		buf_init(&b, 4096);
		buf_adds(&b, "{\"results\":[{\"op\":\"a\"},{\"op\":\"b\"}]}");
		fault_spoil(&f, &b);
		assert_string_equal(b.data, cases[i].becomes);
		buf_release(&b);
	}
}

static void fault__every_name_has_help(void **state)
{
	const char *name, *help;
	unsigned i = 0;

	(void)state;
	for (; (name = fault_names(i, &help)); i++) {
		struct faults f;

		faults_init(&f);
		assert_true(*help);
		assert_int_equal(faults_add(&f, name, NULL), 0);
	}
	assert_true(i > 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fault__rules),
		cmocka_unit_test(fault__wrong_rules),
		cmocka_unit_test(fault__three_in_ten),
		cmocka_unit_test(fault__spoils),
		cmocka_unit_test(fault__every_name_has_help),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
