/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "search_keys.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static bool starts_key(const char *s)
{
	return ((unsigned char)*s & 0xC0) != 0x80 && *s != ' ' && *s != '\n' && *s;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(((const struct search_key *)a)->text, ((const struct search_key *)b)->text);
}

/* Whole characters that two texts begin with in common. */
static int shared_chars(const char *a, const char *b)
{
	int chars = 0;
	size_t i = 0, len;
	uint32_t cp;

	while (a[i] && (len = text_decode(a + i, strlen(a + i), &cp)) && !strncmp(a + i, b + i, len)) {
		chars++;
		i += len;
	}
	return chars;
}

static size_t collect(const char *from, const char *end, struct search_key *keys, size_t cap)
{
	size_t n = 0;

	for (; from < end && n < cap; from++) {
		if (starts_key(from))
			keys[n++] = (struct search_key){.text = from};
	}
	return n;
}

static size_t without_doubles(struct search_key *keys, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		if (kept && !strcmp(keys[kept - 1].text, keys[i].text))
			continue;
		keys[i].shared = kept ? shared_chars(keys[kept - 1].text, keys[i].text) : 0;
		keys[kept++] = keys[i];
	}
	return kept;
}

size_t cut_search_keys(char *texts, struct search_key *keys, size_t cap)
{
	const char *end = texts + strlen(texts);
	size_t n;

	for (char *c = texts; *c; c++) {
		if (*c == '\n')
			*c = '\0';
	}
	n = collect(texts, end, keys, cap);
	if (n)
		qsort(keys, n, sizeof(*keys), by_text);
	return without_doubles(keys, n);
}

/* As strcmp, for texts that end at a line's end. */
static int compare_lines(const char *a, const char *b)
{
	size_t x = strcspn(a, "\n"), y = strcspn(b, "\n");
	int c = memcmp(a, b, x < y ? x : y);

	return c ? c : (x > y) - (x < y);
}

bool search_first(const char *texts, const char *prefix, char *out, size_t size)
{
	const char *best = NULL;
	size_t n = strlen(prefix);

	for (const char *s = texts; *s; s++) {
		if (starts_key(s) && !strncmp(s, prefix, n) && (!best || compare_lines(s, best) < 0))
			best = s;
	}
	if (!best)
		return false;
	text_format(out, size, "%.*s", (int)strcspn(best, "\n"), best);
	return true;
}
