/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "edit.h"

#include <string.h>

#include "base/text.h"
#include "keys.h"

void edit_set(struct edit *e, const char *text)
{
	text_copy(e->text, sizeof(e->text), text);
	e->at = strlen(e->text);
	e->first = 0;
}

void edit_wipe(struct edit *e)
{
	wipe(e->text, sizeof(e->text));
	e->at = e->first = 0;
}

static size_t before(const char *s, size_t at)
{
	uint32_t cp;

	do {
		while (at && ((unsigned char)s[--at] & 0xC0) == 0x80)
			;
	} while (at && text_decode(s + at, strlen(s + at), &cp) && cp >= 0x300 && !text_cp_width(cp)); /* with its combining marks */
	return at;
}

static size_t after(const char *s, size_t at)
{
	uint32_t cp;
	size_t n = text_decode(s + at, strlen(s + at), &cp);

	at += n ? n : (s[at] != '\0');
	while (s[at] && (n = text_decode(s + at, strlen(s + at), &cp)) && cp >= 0x300 && !text_cp_width(cp))
		at += n;
	return at;
}

static bool insert(struct edit *e, uint32_t cp)
{
	char utf8[4];
	size_t n = text_encode(cp, utf8), len = strlen(e->text);

	if (!n || len + n >= sizeof(e->text) || (e->max_chars && text_chars(e->text) >= e->max_chars))
		return false;
	memmove(e->text + e->at + n, e->text + e->at, len - e->at + 1);
	memcpy(e->text + e->at, utf8, n);
	e->at += n;
	return true;
}

static bool erase(struct edit *e, size_t from, size_t to)
{
	size_t len = strlen(e->text);

	if (from == to)
		return false;
	memmove(e->text + from, e->text + to, len - to + 1);
	wipe(e->text + len - (to - from), to - from);
	e->at = from;
	return true;
}

bool edit_key(struct edit *e, int key, bool *changed)
{
	bool did = false;

	if (key_is_text(key)) {
		did = insert(e, key_char(key));
	} else {
		switch (key) {
		case K_LEFT:
			e->at = before(e->text, e->at);
			break;
		case K_RIGHT:
			e->at = after(e->text, e->at);
			break;
		case K_HOME:
		case K_CTRL('a'):
			e->at = 0;
			break;
		case K_END:
		case K_CTRL('e'):
			e->at = strlen(e->text);
			break;
		case K_BACKSPACE:
			did = erase(e, before(e->text, e->at), e->at);
			break;
		case K_DELETE:
		case K_CTRL('d'):
			did = erase(e, e->at, after(e->text, e->at));
			break;
		default:
			return false;
		}
	}
	if (changed)
		*changed = did;
	return true;
}

/* Columns from byte `from` up to byte `to`. */
static int columns(const struct edit *e, size_t from, size_t to)
{
	char part[EDIT_TEXT];

	text_format(part, sizeof(part), "%.*s", (int)(to - from), e->text + from);
	return e->secret ? (int)text_chars(part) : text_width(part);
}

/* Keeps the caret, with room for the next wide character, inside the window. */
static void follow(struct edit *e, int width)
{
	if (e->first > e->at)
		e->first = e->at;
	while (e->first < e->at && columns(e, e->first, e->at) > width - 2)
		e->first = after(e->text, e->first);
	while (e->first && columns(e, before(e->text, e->first), strlen(e->text)) <= width - 2)
		e->first = before(e->text, e->first);
}

void edit_draw(struct edit *e, struct canvas *c, int row, int col, int width, unsigned attr, bool focused)
{
	char stars[EDIT_TEXT] = "";

	follow(e, width);
	if (e->secret) {
		size_t n = text_chars(e->text + e->first);

		memset(stars, '*', n < sizeof(stars) - 1 ? n : sizeof(stars) - 1);
	}
	canvas_text(c, row, col, width, attr, e->secret ? stars : e->text + e->first);
	if (focused)
		canvas_cursor(c, row, col + columns(e, e->first, e->at));
}
