/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The heap of our programs: what is given back holds nothing of what it held. Built without sanitizers, which
 * have a heap of their own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER "440499198001010013"
#define FIRST 32 /* bytes that the heap writes its own notes into */

/* The place of freed memory, as a number: the compiler is not to see that it is looked at. */
static volatile uintptr_t place;

static void *noted(void *p)
{
	place = (uintptr_t)p;
	return p;
}

static void nothing_left(size_t n)
{
	const volatile unsigned char *p = (const volatile unsigned char *)place;

	for (size_t i = FIRST; i < n; i++)
		assert_int_equal(p[i], 0);
}

static char *filled(size_t n)
{
	char *p = noted(malloc(n));

	assert_non_null(p);
	memset(p, '4', n);
	return p;
}

static void given_back(void **state)
{
	static const size_t sizes[] = {48, 200, 1000, 5000, 60000};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		char *behind = NULL, *p = filled(sizes[i]);

		behind = malloc(64); /* keeps the heap from giving its end to the kernel */
		free(p);
		nothing_left(sizes[i]);
		free(behind);
	}
}

static void moved(void **state)
{
	char *p = filled(400), *behind = malloc(64);

	(void)state;
	p = realloc(p, 40000);
	assert_non_null(p);
	assert_int_equal(p[399], '4');
	nothing_left(400);
	free(p);
	assert_non_null(p = realloc(NULL, 10));
	assert_null(realloc(p, 0));
	free(behind);
}

/* A library's own strings go the same way: here the C library's. */
static void of_a_library(void **state)
{
	char *line = NULL, *behind;
	size_t room = 0;
	FILE *f = fmemopen((char[]){NUMBER NUMBER NUMBER NUMBER "\n"}, 73, "r");

	(void)state;
	assert_non_null(f);
	assert_int_equal(getline(&line, &room, f), 73);
	noted(line);
	behind = malloc(64);
	free(line);
	nothing_left(room);
	fclose(f);
	free(behind);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(given_back), cmocka_unit_test(moved),
					   cmocka_unit_test(of_a_library)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
