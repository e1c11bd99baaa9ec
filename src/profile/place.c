/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * cJSON keeps no positions. Its tree has the order of the text, so that the number of a value in a walk of the tree is its number in the
 * text: we count there. The text was parsed already and is known to be JSON.
 */
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "profile_data.h"

#define PATH_MAX_BYTES 120

/* Walks to `want`, numbering the values passed, and writes the way there. */
static bool locate(const cJSON *at, const cJSON *want, size_t *number, char *path, size_t used)
{
	int index = 0;

	if (at == want)
		return true;
	for (const cJSON *c = at->child; c; c = c->next, index++) {
		char *end = path + used;
		size_t room = PATH_MAX_BYTES - used;

		*number += 1;
		if (cJSON_IsObject(at))
			text_format(end, room, "%s%s", used ? "." : "", c->string);
		else
			text_format(end, room, "[%d]", index);
		if (locate(c, want, number, path, used + strlen(end)))
			return true;
		*end = '\0';
	}
	return false;
}

static size_t end_of_string(const char *text, size_t n, size_t at)
{
	for (at++; at < n && text[at] != '"'; at++)
		if (text[at] == '\\')
			at++;
	return at + 1;
}

static size_t end_of_word(const char *text, size_t n, size_t at)
{
	while (at < n && !strchr(",]} \t\r\n", text[at]))
		at++;
	return at;
}

static bool colon_follows(const char *text, size_t n, size_t at)
{
	while (at < n && strchr(" \t\r\n", text[at]))
		at++;
	return at < n && text[at] == ':';
}

/* Where value `number` begins, or its key. */
static size_t offset_of(const char *text, size_t n, size_t number)
{
	size_t at = 0, next, begin = 0;
	bool keyed = false;

	if (n >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
		at = 3;
	while (at < n) {
		if (strchr(" \t\r\n,:]}", text[at])) {
			at++;
			continue;
		}
		next = text[at] == '"' ? end_of_string(text, n, at) : strchr("{[", text[at]) ? at + 1 : end_of_word(text, n, at);
		if (text[at] == '"' && colon_follows(text, n, next)) {
			begin = at;
			keyed = true;
		} else {
			if (!keyed)
				begin = at;
			if (number-- == 0)
				return begin;
			keyed = false;
		}
		at = next;
	}
	return n;
}

void place_of(const cJSON *root, const cJSON *node, const char *text, size_t n, char *out, size_t size)
{
	char path[PATH_MAX_BYTES] = "";
	size_t number = 0, line = 1, column = 1, end;

	locate(root, node, &number, path, 0);
	end = offset_of(text, n, number);
	for (size_t i = 0; i < end; i++) {
		if (text[i] == '\n') {
			line++;
			column = 1;
		} else if (((unsigned char)text[i] & 0xC0) != 0x80) {
			column++;
		}
	}
	text_format(out, size, "%zu:%zu%s%s", line, column, *path ? " " : "", path);
}
