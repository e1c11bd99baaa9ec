/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct range {
	uint32_t first, last;
};
#include "width_table.h"

static int ambiguous_width = 1;

/* The smallest code point that a sequence of this length may stand for: anything below is an overlong form.
 */
static const uint32_t least_of_length[] = {0, 0, 0x80, 0x800, 0x10000};

static size_t sequence_length(unsigned char lead)
{
	if (lead < 0x80)
		return 1;
	if (lead >= 0xC2 && lead <= 0xDF)
		return 2;
	if (lead >= 0xE0 && lead <= 0xEF)
		return 3;
	if (lead >= 0xF0 && lead <= 0xF4)
		return 4;
	return 0;
}

size_t text_decode(const char *s, size_t n, uint32_t *cp)
{
	const unsigned char *u = (const unsigned char *)s;
	size_t len = n ? sequence_length(u[0]) : 0;
	uint32_t c;

	if (!len || len > n)
		return 0;
	c = len == 1 ? u[0] : u[0] & (0x7Fu >> len);
	for (size_t i = 1; i < len; i++) {
		if ((u[i] & 0xC0) != 0x80)
			return 0;
		c = c << 6 | (u[i] & 0x3F);
	}
	if (c < least_of_length[len] || (c >= 0xD800 && c <= 0xDFFF) || c > 0x10FFFF)
		return 0;
	*cp = c;
	return len;
}

size_t text_encode(uint32_t cp, char out[4])
{
	size_t len = cp < 0x80 ? 1 : cp < 0x800 ? 2 : cp < 0x10000 ? 3 : 4;
	static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};

	if ((cp >= 0xD800 && cp <= 0xDFFF) || cp > 0x10FFFF)
		return 0;
	for (size_t i = len - 1; i > 0; i--, cp >>= 6)
		out[i] = (char)(0x80 | (cp & 0x3F));
	out[0] = (char)(lead[len] | cp);
	return len;
}

bool text_valid(const char *s, size_t n)
{
	uint32_t cp;

	for (size_t i = 0, len; i < n; i += len) {
		len = text_decode(s + i, n - i, &cp);
		if (!len || !cp)
			return false;
	}
	return true;
}

/* One step through a string that may hold bad bytes: a bad byte counts as one replacement character. */
static size_t step(const char *s, uint32_t *cp)
{
	size_t len = text_decode(s, strnlen(s, 4), cp);

	if (len)
		return len;
	*cp = 0xFFFD;
	return 1;
}

size_t text_chars(const char *s)
{
	size_t n = 0;
	uint32_t cp;

	for (; *s; s += step(s, &cp))
		n++;
	return n;
}

static bool in_ranges(const struct range *r, size_t n, uint32_t cp)
{
	size_t low = 0;

	while (low < n) {
		size_t mid = (low + n) / 2;

		if (cp > r[mid].last)
			low = mid + 1;
		else if (cp < r[mid].first)
			n = mid;
		else
			return true;
	}
	return false;
}

int text_cp_width(uint32_t cp)
{
	if (cp >= 0x20 && cp < 0x7F)
		return 1;
	if (in_ranges(no_width, ARRAY_LEN(no_width), cp))
		return 0;
	if (in_ranges(wide, ARRAY_LEN(wide), cp))
		return 2;
	if (ambiguous_width == 2 && in_ranges(ambiguous, ARRAY_LEN(ambiguous), cp))
		return 2;
	return 1;
}

/* Marks join the character before them; control characters, also without width, do not. */
static bool joins(uint32_t cp)
{
	return cp >= 0x300 && text_cp_width(cp) == 0;
}

/* Bytes of the character at s with the marks that follow it; *width is that of the character. s is not at its
 * end. */
static size_t cluster(const char *s, int *width)
{
	uint32_t cp, next;
	size_t len = step(s, &cp), more;

	*width = text_cp_width(cp);
	while (s[len]) {
		more = step(s + len, &next);
		if (!joins(next))
			break;
		len += more;
	}
	return len;
}

int text_width(const char *s)
{
	int width = 0;
	uint32_t cp;

	for (; *s; width += text_cp_width(cp))
		s += step(s, &cp);
	return width;
}

size_t text_fit(const char *s, int columns, int *used)
{
	size_t at = 0, len;
	int taken = 0, width;

	for (; s[at]; at += len, taken += width) {
		len = cluster(s + at, &width);
		if (taken + width > columns)
			break;
	}
	if (used)
		*used = taken;
	return at;
}

void text_set_ambiguous_width(int width)
{
	ambiguous_width = width == 2 ? 2 : 1;
}

int text_ambiguous_width(void)
{
	return ambiguous_width;
}

bool text_copy(char *dst, size_t size, const char *src)
{
	size_t n = strlen(src), at = 0, len;
	int width;

	if (!size)
		return false;
	if (n < size) {
		memmove(dst, src, n + 1);
		return true;
	}
	for (; src[at]; at += len) {
		len = cluster(src + at, &width);
		if (at + len >= size)
			break;
	}
	memmove(dst, src, at);
	dst[at] = '\0';
	return false;
}

/*
 * Mends the end of a text that vsnprintf cut: the bytes of a cut character go, and the last whole character
 * with its marks, for what followed it is not known and may have been a mark.
 */
static void drop_last(char *s)
{
	size_t at = 0, last = 0, len;
	int width;
	uint32_t cp;

	for (; text_decode(s + at, strnlen(s + at, 4), &cp) && cp; at += len) {
		len = cluster(s + at, &width);
		last = at;
	}
	s[last] = '\0';
}

bool text_vformat(char *dst, size_t size, const char *fmt, va_list ap)
{
	char room[1024];
	bool fits, roomy = size <= sizeof(room) / 2;
	char *to = roomy ? room : dst; /* formatted with room to spare, the cut sees what follows it */
	int n;

	if (!size)
		return false;
	n = vsnprintf(to, roomy ? sizeof(room) : size, fmt, ap);
	if (n < 0) {
		dst[0] = '\0';
		return false;
	}
	fits = (size_t)n < size;
	if (roomy)
		text_copy(dst, size, room);
	else if (!fits)
		drop_last(dst);
	if (roomy)
		wipe(room, sizeof(room));
	return fits;
}

bool text_format(char *dst, size_t size, const char *fmt, ...)
{
	va_list ap;
	bool fits;

	va_start(ap, fmt);
	fits = text_vformat(dst, size, fmt, ap);
	va_end(ap);
	return fits;
}

static bool is_blank(uint32_t cp)
{
	return cp == ' ' || (cp >= '\t' && cp <= '\r') || cp == 0x3000;
}

void text_trim(char *s)
{
	char *from = s, *end = s;
	uint32_t cp;

	for (size_t len; *from; from += len) {
		len = step(from, &cp);
		if (!is_blank(cp))
			break;
	}
	memmove(s, from, strlen(from) + 1);
	for (char *p = s; *p;) {
		p += step(p, &cp);
		if (!is_blank(cp))
			end = p;
	}
	*end = '\0';
}

void text_narrow(char *s)
{
	char *to = s;
	uint32_t cp;

	for (size_t len; *s; s += len) {
		len = step(s, &cp);
		if (cp == 0x3000)
			*to++ = ' ';
		else if (cp >= 0xFF01 && cp <= 0xFF5E)
			*to++ = (char)(cp - 0xFF01 + '!');
		else
			to = (char *)memmove(to, s, len) + len;
	}
	*to = '\0';
}

bool text_is_digits(const char *s)
{
	return *s && s[strspn(s, "0123456789")] == '\0';
}

void text_mask(char *dst, size_t size, const char *src, size_t head, size_t tail)
{
	size_t chars = text_chars(src), at = 0, len;
	bool all = chars <= head || chars - head <= tail;
	uint32_t cp;

	if (!size)
		return;
	for (size_t i = 0; i < chars; i++, src += len) {
		bool open = !all && (i < head || i >= chars - tail);
		size_t need;

		len = step(src, &cp);
		need = open ? len : 1;
		if (at + need >= size)
			break;
		memcpy(dst + at, open ? src : "*", need);
		at += need;
	}
	dst[at] = '\0';
}

void wipe(void *p, size_t n)
{
	if (p && n)
		explicit_bzero(p, n);
}
