/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cases of the regions (*.cases) against the shipped profiles: a test a region. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "case_file.h"
#include "judge.h"

static void region(void **state)
{
	char path[512];
	size_t n;

	text_format(path, sizeof(path), CASES_DIR "/%s", (const char *)*state);
	n = judge_cases(PROFILE_DIR, path);
	print_message("%zu cases\n", n);
	assert_true(n > 0);
}

int main(void)
{
	static char names[16][64];
	struct CMUnitTest tests[16] = {0};
	size_t n = case_files(CASES_DIR, names, ARRAY_LEN(names));

	for (size_t i = 0; i < n; i++)
		tests[i] =
			(struct CMUnitTest){.name = names[i], .test_func = region, .initial_state = names[i]};
	return n ? _cmocka_run_group_tests("cases", tests, n, NULL, NULL) : 1;
}
