/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * json_parse() looks the text over itself before cJSON sees it: cJSON takes some things that are no JSON,
 * keeps the last of two equal keys, and its limits are its own.
 */
#include "base/json.h"

#include <ctype.h>
#include <malloc.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/held.h"
#include "base/text.h"

#define NUMBER_MAX_BYTES 40	     /* cJSON cuts at 63; no number of ours needs as many */
#define WHOLE_MAX 9007199254740992.0 /* 2^53 */

struct scan {
	const char *text;
	size_t at, n;
	size_t nodes, keys;
	size_t wanted_key, wanted_at; /* where key number wanted_key stands, for the message about it */
	int depth;
	const char *fault; /* what is wrong at `at`; NULL while nothing is */
};

static bool fault(struct scan *s, const char *what)
{
	if (!s->fault)
		s->fault = what;
	return false;
}

static int peek(const struct scan *s)
{
	return s->at < s->n ? (unsigned char)s->text[s->at] : -1;
}

static void skip_blanks(struct scan *s)
{
	while (s->at < s->n && memchr(" \t\r\n", s->text[s->at], 4))
		s->at++;
}

static bool take(struct scan *s, char c, const char *what)
{
	if (peek(s) != (unsigned char)c)
		return fault(s, what);
	s->at++;
	return true;
}

static bool scan_word(struct scan *s, const char *word)
{
	size_t n = strlen(word);

	if (s->n - s->at < n || memcmp(s->text + s->at, word, n))
		return fault(s, "not a value");
	s->at += n;
	return true;
}

/* At the four digits behind "\u". */
static bool scan_hex(struct scan *s, uint32_t *out)
{
	uint32_t value = 0;

	for (int i = 0; i < 4; i++, s->at++) {
		int c = peek(s);

		if (c < 0 || !isxdigit(c))
			return fault(s, "bad \\u escape");
		value = value << 4 | (uint32_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
	}
	*out = value;
	return true;
}

static bool scan_unicode_escape(struct scan *s)
{
	uint32_t first, second;

	if (!scan_hex(s, &first))
		return false;
	if (!first)
		return fault(s, "NUL in a string");
	if (first < 0xD800 || first > 0xDFFF)
		return true;
	if (first > 0xDBFF || s->n - s->at < 2 || memcmp(s->text + s->at, "\\u", 2))
		return fault(s, "unpaired surrogate");
	s->at += 2;
	if (!scan_hex(s, &second))
		return false;
	return (second >= 0xDC00 && second <= 0xDFFF) || fault(s, "unpaired surrogate");
}

static bool scan_escape(struct scan *s)
{
	int c;

	s->at++;
	c = peek(s);
	if (c < 0 || !strchr("\"\\/bfnrtu", c) || !c)
		return fault(s, "bad escape");
	s->at++;
	return c != 'u' || scan_unicode_escape(s);
}

static bool scan_string(struct scan *s)
{
	uint32_t cp;
	size_t len;

	if (!take(s, '"', "a string was expected"))
		return false;
	while (peek(s) != '"') {
		if (peek(s) == '\\') {
			if (!scan_escape(s))
				return false;
			continue;
		}
		len = text_decode(s->text + s->at, s->n - s->at, &cp);
		if (!len)
			return fault(s, s->at < s->n ? "not UTF-8" : "ends inside a string");
		if (cp < 0x20)
			return fault(s, "control character in a string");
		s->at += len;
	}
	s->at++;
	return true;
}

static bool scan_digits(struct scan *s)
{
	size_t from = s->at;

	while (isdigit(peek(s)))
		s->at++;
	return s->at > from || fault(s, "a digit was expected");
}

static bool scan_number(struct scan *s)
{
	size_t from = s->at;

	if (peek(s) == '-')
		s->at++;
	if (peek(s) == '0')
		s->at++;
	else if (!scan_digits(s))
		return false;
	if (peek(s) == '.') {
		s->at++;
		if (!scan_digits(s))
			return false;
	}
	if (peek(s) == 'e' || peek(s) == 'E') {
		s->at++;
		if (peek(s) == '+' || peek(s) == '-')
			s->at++;
		if (!scan_digits(s))
			return false;
	}
	return s->at - from <= NUMBER_MAX_BYTES || fault(s, "number too long");
}

static bool scan_value(struct scan *s);

static bool scan_member(struct scan *s)
{
	skip_blanks(s);
	if (s->keys++ == s->wanted_key)
		s->wanted_at = s->at;
	if (!scan_string(s))
		return false;
	skip_blanks(s);
	return take(s, ':', "':' was expected") && scan_value(s);
}

/* An object or an array, from its opening bracket. Goes at most JSON_MAX_DEPTH deep. */
static bool scan_container(struct scan *s, char close, bool (*item)(struct scan *s))
{
	if (++s->depth > JSON_MAX_DEPTH)
		return fault(s, "nested too deep");
	s->at++;
	skip_blanks(s);
	if (peek(s) != close) {
		for (;;) {
			if (!item(s))
				return false;
			skip_blanks(s);
			if (peek(s) != ',')
				break;
			s->at++;
		}
	}
	s->depth--;
	return take(s, close, close == '}' ? "',' or '}' was expected" : "',' or ']' was expected");
}

static bool scan_value(struct scan *s)
{
	skip_blanks(s);
	if (++s->nodes > JSON_MAX_NODES)
		return fault(s, "too many values");
	switch (peek(s)) {
	case '{':
		return scan_container(s, '}', scan_member);
	case '[':
		return scan_container(s, ']', scan_value);
	case '"':
		return scan_string(s);
	case 't':
		return scan_word(s, "true");
	case 'f':
		return scan_word(s, "false");
	case 'n':
		return scan_word(s, "null");
	case -1:
		return fault(s, "ends too early");
	default:
		return scan_number(s);
	}
}

static bool scan_text(struct scan *s)
{
	static const char bom[] = "\xEF\xBB\xBF";

	/* RFC 8259 8.1: may be ignored; editors leave it in profiles */
	if (s->n >= 3 && !memcmp(s->text, bom, 3))
		s->at = 3;
	if (!scan_value(s))
		return false;
	skip_blanks(s);
	return s->at == s->n || fault(s, "more after the end");
}

static int report(const struct scan *s, size_t at, const char *what, struct err *e)
{
	size_t line = 1, column = 1;

	for (size_t i = 0; i < at && i < s->n; i++) {
		if (s->text[i] == '\n') {
			line++;
			column = 1;
		} else if ((s->text[i] & 0xC0) != 0x80) {
			column++;
		}
	}
	return err_set(e, ERR_JSON, "line %zu, column %zu: %s", line, column, what);
}

struct key {
	const char *name;
	size_t number; /* in the order of the text */
};

static int by_name(const void *a, const void *b)
{
	const struct key *x = a, *y = b;
	int side = strcmp(x->name, y->name);

	return side ? side : (x->number > y->number) - (x->number < y->number);
}

/* The number of the first key of a sorted list that repeats the one before it; -1 when none does. */
static long repeated(struct key *keys, size_t n)
{
	qsort(keys, n, sizeof(*keys), by_name);
	for (size_t i = 1; i < n; i++) {
		if (!strcmp(keys[i - 1].name, keys[i].name))
			return (long)keys[i].number;
	}
	return -1;
}

/*
 * Walks the tree in the order of the text and numbers its keys. `room` has space for all keys of the text:
 * those of the objects that are still open stand below `used`.
 */
static long find_repeated(const cJSON *value, struct key *room, size_t used, size_t *number)
{
	size_t own = used, n = 0;
	long found = -1;

	for (const cJSON *c = value->child; c; c = c->next) {
		if (cJSON_IsObject(value)) {
			room[own + n].name = c->string;
			room[own + n].number = *number;
			*number += 1;
			n++;
		}
		if (c->child && (found = find_repeated(c, room, own + n, number)) >= 0)
			return found;
	}
	return n > 1 ? repeated(room + own, n) : -1;
}

static int check_keys(const cJSON *tree, const struct scan *s, struct err *e)
{
	struct scan again = {.text = s->text, .n = s->n};
	struct key *room;
	size_t number = 0;
	long found;

	if (!s->keys)
		return 0;
	room = calloc(s->keys, sizeof(*room));
	if (!room)
		return err_set(e, ERR_MEMORY, "JSON keys");
	found = find_repeated(tree, room, 0, &number);
	free(room);
	if (found < 0)
		return 0;
	again.wanted_key = (size_t)found;
	scan_text(&again);
	return report(s, again.wanted_at, "the same key twice in one object", e);
}

/* cJSON says no more than where it stopped; there was no memory there, or it takes something else for wrong than we do. */
static _Thread_local bool starved;

int json_parse(cJSON **out, const char *text, size_t n, size_t max_bytes, struct err *e)
{
	struct scan s = {.text = text, .n = n, .wanted_key = SIZE_MAX};
	const char *end = NULL;
	cJSON *tree;

	if (n > max_bytes)
		return err_set(e, ERR_JSON, "%zu bytes, at most %zu are taken", n, max_bytes);
	if (!scan_text(&s))
		return report(&s, s.at, s.fault, e);
	starved = false;
	tree = cJSON_ParseWithLengthOpts(text, n, &end, false);
	if (!tree)
		return !starved && end && end < text + n ? report(&s, (size_t)(end - text), "not taken by cJSON", e)
					     : err_set(e, ERR_MEMORY, "JSON of %zu bytes", n);
	if (check_keys(tree, &s, e)) {
		cJSON_Delete(tree);
		return -1;
	}
	*out = tree;
	return 0;
}

const cJSON *json_get(const cJSON *object, const char *key)
{
	return cJSON_IsObject(object) ? cJSON_GetObjectItemCaseSensitive(object, key) : NULL;
}

const char *json_string(const cJSON *object, const char *key)
{
	return cJSON_GetStringValue(json_get(object, key));
}

bool json_bool(const cJSON *object, const char *key, bool fallback)
{
	const cJSON *value = json_get(object, key);

	return cJSON_IsBool(value) ? cJSON_IsTrue(value) : fallback;
}

static bool whole_number(const cJSON *value, int64_t *out)
{
	double d;

	if (!cJSON_IsNumber(value))
		return false;
	d = value->valuedouble;
	if (!(d >= -WHOLE_MAX && d <= WHOLE_MAX) || d != trunc(d))
		return false;
	*out = (int64_t)d;
	return true;
}

int64_t json_int(const cJSON *object, const char *key, int64_t fallback)
{
	int64_t value;

	return whole_number(json_get(object, key), &value) ? value : fallback;
}

int json_need_string(const cJSON *object, const char *key, const char **out, struct err *e)
{
	const char *s = json_string(object, key);

	if (!s)
		return err_set(e, ERR_JSON, "%s: a string is required", key);
	*out = s;
	return 0;
}

int json_need_int(const cJSON *object, const char *key, int64_t *out, struct err *e)
{
	int64_t value;

	if (!whole_number(json_get(object, key), &value))
		return err_set(e, ERR_JSON, "%s: a whole number is required", key);
	*out = value;
	return 0;
}

/* What stood in JSON, and what it was written in while it grew, does not stay behind in freed memory (S1). */
static void free_wiped(void *p)
{
	if (p)
		wipe(p, malloc_usable_size(p));
	free(p);
}

static void *malloc_told(size_t n)
{
	void *p = malloc(n);

	starved = starved || !p;
	return p;
}

static void __attribute__((constructor)) keep_json_private(void)
{
	cJSON_Hooks hooks = {.malloc_fn = malloc_told, .free_fn = free_wiped};

	cJSON_InitHooks(&hooks);
}

char *json_text(const cJSON *value)
{
	return cJSON_PrintUnformatted(value);
}

char *json_held(const cJSON *value)
{
	char *text = json_text(value), *held = text ? held_copy(text) : NULL;

	if (text)
		wipe(text, strlen(text));
	free(text);
	return held;
}
