/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory that is sealed while the screen is locked (S1): not as it was, new blocks apart, and as it was
 * again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/held.h"
#include "desk/held.h"

#define MANY 40

static void sealed_and_opened(void **state)
{
	struct held_seal *seal = NULL;
	struct err e = {0};
	char *block[MANY], *behind;

	(void)state;
	for (int i = 0; i < MANY; i++) {
		block[i] = held_copy("440499198001010013");
		assert_non_null(block[i]);
	}
	held_drop(block[7]); /* in the middle */
	assert_int_equal(held_seal(&seal, &e), 0);
	for (int i = 0; i < MANY; i++)
		if (i != 7)
			assert_int_not_equal(memcmp(block[i], "440499198001010013", 19), 0);
	for (int i = 1; i < MANY; i++)
		if (i != 7)
			assert_int_not_equal(memcmp(block[i], block[0], 19), 0); /* each its own way */
	behind = held_copy("written behind the lock");
	held_open(&seal);
	assert_null(seal);
	assert_string_equal(behind, "written behind the lock");
	held_drop(behind);
	for (int i = 0; i < MANY; i++)
		if (i != 7) {
			assert_string_equal(block[i], "440499198001010013");
			held_drop(block[i]);
		}
	held_open(&seal); /* nothing is sealed: nothing happens */
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(sealed_and_opened)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
