/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A name of any bytes: keys are bounded valid text, and a name of one part is found by its own query. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "domain/pinyin.h"

struct seen {
	size_t n;
	const char *query;
	bool found;
};

static int see(void *arg, enum search_kind kind, const char *key)
{
	struct seen *s = arg;
	size_t n = strlen(key);

	if (!n || n >= SEARCH_KEY_SIZE || !text_valid(key, n) || ++s->n > SEARCH_KEYS_MAX)
		abort();
	if (kind == SEARCH_NAME && !strncmp(key, s->query, strlen(s->query)))
		s->found = true;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *name = malloc(size + 1), query[64];
	struct seen s = {.query = query};

	memcpy(name, data, size);
	name[size] = '\0';
	if (search_query(name, query, sizeof(query)) == QUERY_DIGITS)
		query[0] = '\0'; /* looked for elsewhere, X upper case */
	search_keys(name, see, &s);
	/* 20 characters are within all bounds */
	if (text_chars(name) <= 20 && query[0] && !s.found)
		abort();
	free(name);
	return 0;
}
