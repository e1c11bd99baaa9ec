/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <iconv.h>
#include <string.h>

#include "base/text.h"
#include "device_private.h"

#define CHARACTER 8 /* bytes of one, in any of the encodings */

/* One character in the wire's encoding; 0: it has none there. */
static size_t encode(enum device_text how, iconv_t gb, const char *s, size_t len, char out[CHARACTER])
{
	char *in = (char *)(uintptr_t)s, *to = out;
	size_t left = len, room = CHARACTER;
	uint32_t cp;

	if (how == DEVICE_UTF8) {
		memcpy(out, s, len);
		return len;
	}
	if (how == DEVICE_GB18030)
		return iconv(gb, &in, &left, &to, &room) == (size_t)-1 ? 0 : CHARACTER - room;
	text_decode(s, len, &cp);
	if (cp > 0xFFFF)
		cp = 0xFFFD; /* the card's own fields are UCS-2 */
	out[0] = (char)(cp & 0xFF);
	out[1] = (char)(cp >> 8);
	return 2;
}

void device_put_text(const struct device_manner *m, bool ascii, const char *text, size_t width,
		     struct buf *out)
{
	enum device_text how = ascii ? DEVICE_UTF8 : m->text;
	iconv_t gb = how == DEVICE_GB18030 ? iconv_open("GB18030", "UTF-8") : (iconv_t)-1;
	size_t used = 0, len, made;
	char one[CHARACTER];
	uint32_t cp;

	if (how == DEVICE_GB18030 && gb == (iconv_t)-1)
		how = DEVICE_UTF8;
	for (; *text && (len = text_decode(text, strlen(text), &cp)) > 0; text += len) {
		made = encode(how, gb, text, len, one);
		if (used + made > width)
			break;
		buf_add(out, one, made);
		used += made;
	}
	for (; used < width; used++)
		buf_add(out, &m->pad, 1);
	if (gb != (iconv_t)-1)
		iconv_close(gb);
}

/* A field of a frame as UTF-8: no field is longer than 281 bytes. On the stack, so that reading a frame asks for no memory. */
struct piece {
	char bytes[1024];
	size_t n;
};

static void put(struct piece *p, const void *bytes, size_t n)
{
	if (n > sizeof(p->bytes) - p->n)
		return;
	memcpy(p->bytes + p->n, bytes, n);
	p->n += n;
}

/* As far as it is valid; whether all of it was. */
static bool from_utf8(const unsigned char *from, size_t n, struct piece *out)
{
	size_t at = 0, len;
	uint32_t cp;

	for (; at < n && (len = text_decode((const char *)from + at, n - at, &cp)) > 0; at += len)
		put(out, from + at, len);
	return at == n || (n - at < 4 && from[at] >= 0xC2); /* a last character cut */
}

/* False: there was no memory or no descriptor for the converter. */
static bool from_gb18030(const unsigned char *from, size_t n, struct piece *out)
{
	iconv_t gb = iconv_open("UTF-8", "GB18030");
	char *in = (char *)(uintptr_t)from, *to = out->bytes;
	size_t left = n, room = sizeof(out->bytes);

	if (gb == (iconv_t)-1)
		return false;
	iconv(gb, &in, &left, &to, &room); /* what it could not read is left out */
	iconv_close(gb);
	out->n = sizeof(out->bytes) - room;
	return true;
}

static void from_utf16(const unsigned char *from, size_t n, struct piece *out)
{
	char one[4];

	for (size_t at = 0; at + 1 < n; at += 2) {
		uint32_t cp = device_get(from + at, 2);
		size_t len = cp ? text_encode(cp, one) : 0;

		if (!cp)
			return;
		put(out, one, len);
	}
}

static void tame(const struct piece *in, char *out, size_t size)
{
	size_t made = 0, len;
	uint32_t cp;

	for (size_t at = 0; at < in->n && (len = text_decode(in->bytes + at, in->n - at, &cp)) > 0;
	     at += len) {
		if (cp < 0x20 || (cp >= 0x7F && cp < 0xA0))
			continue;
		if (made + len >= size)
			break;
		memcpy(out + made, in->bytes + at, len);
		made += len;
	}
	out[made] = '\0';
	text_trim(out);
}

bool device_get_text(const struct device_manner *m, bool ascii, const unsigned char *from, size_t width,
		     char *out, size_t size)
{
	enum device_text how = ascii ? DEVICE_UTF8 : m->text;
	const unsigned char *end = how == DEVICE_UTF16LE ? NULL : memchr(from, 0, width);
	size_t n = end ? (size_t)(end - from) : width;
	struct piece text = {.n = 0};
	bool got = true;

	if (how == DEVICE_UTF16LE)
		from_utf16(from, n, &text);
	else if (how == DEVICE_GB18030 || !from_utf8(from, n, &text))
		got = from_gb18030(from, n, &text);
	tame(&text, out, size);
	wipe(&text, sizeof(text));
	return got;
}
