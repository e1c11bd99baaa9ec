/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text of any bytes: nothing reads or writes outside, and what comes out of valid text is valid text of the
 * promised width. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define CHECK(what)                                                                                          \
	do {                                                                                                 \
		if (!(what)) {                                                                               \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #what);                           \
			abort();                                                                             \
		}                                                                                            \
	} while (0)

static void check_copy(const char *s, size_t size, bool valid)
{
	char *copy = malloc(size);
	bool whole = text_copy(copy, size, s);

	CHECK(whole == (strlen(s) < size));
	CHECK(!strncmp(copy, s, strlen(copy)));
	CHECK(!valid || text_valid(copy, strlen(copy)));
	CHECK(text_format(copy, size, "%s", s) == whole);
	CHECK(!valid || text_valid(copy, strlen(copy)));
	text_mask(copy, size, s, 3, 4);
	CHECK(!valid || text_valid(copy, strlen(copy)));
	free(copy);
}

static void check_fit(const char *s, int columns)
{
	int used = -1;
	size_t n = text_fit(s, columns, &used);
	char *front = strndup(s, n);

	CHECK(used <= columns && used >= 0);
	CHECK(text_width(front) >= used);
	CHECK(text_valid(s, strlen(s)) ? text_width(front) == used : true);
	free(front);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *s = malloc(size + 1);
	bool valid;

	CHECK(s);
	memcpy(s, data, size);
	s[size] = '\0';
	valid = text_valid(s, strlen(s));
	CHECK(text_valid((const char *)data, size) == (valid && strlen(s) == size));
	text_set_ambiguous_width(size & 1 ? 2 : 1);
	for (int columns = 0; columns < 12; columns++)
		check_fit(s, columns);
	for (size_t room = 1; room < 24; room++)
		check_copy(s, room, valid);
	text_narrow(s);
	CHECK(!valid || text_valid(s, strlen(s)));
	text_trim(s);
	CHECK(!valid || text_valid(s, strlen(s)));
	CHECK(!strchr(" \t\r\n", s[0]) || !s[0]);
	free(s);
	return 0;
}
