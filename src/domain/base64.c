/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/base64.h"

#include <stdint.h>
#include <string.h>

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_encode(char *out, const void *data, size_t n)
{
	const uint8_t *p = data;

	for (size_t i = 0; i < n; i += 3) {
		uint32_t group = (uint32_t)p[i] << 16;

		if (i + 1 < n)
			group |= (uint32_t)p[i + 1] << 8;
		if (i + 2 < n)
			group |= p[i + 2];
		*out++ = alphabet[group >> 18];
		*out++ = alphabet[group >> 12 & 63];
		*out++ = i + 1 < n ? alphabet[group >> 6 & 63] : '=';
		*out++ = i + 2 < n ? alphabet[group & 63] : '=';
	}
	*out = '\0';
}

static int value_of(char c)
{
	const char *p = c ? strchr(alphabet, c) : NULL;

	return p ? (int)(p - alphabet) : -1;
}

/* One group of four characters; returns how many bytes it holds, 0 when it is none. Padding only where allowed. */
static size_t decode_group(const char *s, bool last, uint8_t out[3])
{
	size_t pad = s[3] != '=' ? 0 : s[2] != '=' ? 1 : 2;
	uint32_t group = 0;

	if (pad && !last)
		return 0;
	for (size_t i = 0; i < 4; i++) {
		int v = i < 4 - pad ? value_of(s[i]) : 0;

		if (v < 0)
			return 0;
		group = group << 6 | (uint32_t)v;
	}
	out[0] = (uint8_t)(group >> 16);
	out[1] = (uint8_t)(group >> 8);
	out[2] = (uint8_t)group;
	return 3 - pad;
}

bool base64_decode(void *out, size_t size, size_t *n, const char *text)
{
	size_t len = strlen(text), done = 0;
	uint8_t *to = out;

	if (len % 4)
		return false;
	for (size_t i = 0; i < len; i += 4) {
		uint8_t three[3];
		size_t got = decode_group(text + i, i + 4 == len, three);

		if (!got || got > size - done)
			return false;
		memcpy(to + done, three, got);
		done += got;
	}
	*n = done;
	return true;
}
