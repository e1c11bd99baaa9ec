/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/frame.h"

#include <string.h>

#include "base/text.h"
#include "device_private.h"

#define MARK 0x01
#define LEN_AT 1
#define PART_AT 5
#define PARTS_AT 9
#define VERSION_AT 13
#define COMMAND_AT 14
#define SESSION_AT 16

static const struct {
	uint16_t command;
	const char *name;
} names[] = {
	{DEVICE_LOGIN, "login"},	 {DEVICE_FEATURES, "features"}, {DEVICE_PUNCH, "punch"},
	{DEVICE_WHITELIST, "whitelist"}, {DEVICE_COLLECT, "collect"},	{DEVICE_HEARTBEAT, "heartbeat"},
};

const char *device_command_name(uint16_t command)
{
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (names[i].command == command)
			return names[i].name;
	}
	return NULL;
}

void device_put(struct buf *out, uint64_t value, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++) {
		unsigned char b = (unsigned char)(value >> 8 * i);

		buf_add(out, &b, 1);
	}
}

uint32_t device_get(const unsigned char *from, size_t bytes)
{
	uint32_t value = 0;

	for (size_t i = bytes; i > 0; i--)
		value = value << 8 | from[i - 1];
	return value;
}

static unsigned char xor_of(const unsigned char *bytes, size_t n)
{
	unsigned char sum = 0;

	for (size_t i = 0; i < n; i++)
		sum ^= bytes[i];
	return sum;
}

int device_frame_write(const struct device_manner *m, const struct device_frame *f, bool sum, struct buf *out,
		       struct err *e)
{
	size_t at = out->len, skip = m->xor_frame ? 0 : DEVICE_HEAD;

	device_put(out, MARK, 1);
	device_put(out, f->n + (sum ? 1 : 0), 4);
	device_put(out, f->part, 4);
	device_put(out, f->parts, 4);
	device_put(out, MARK, 1); /* version */
	device_put(out, f->command, 2);
	buf_add(out, f->session, DEVICE_SESSION);
	if (f->n)
		buf_add(out, f->content, f->n);
	if (sum && !out->failed)
		device_put(out, xor_of((const unsigned char *)out->data + at + skip, out->len - at - skip),
			   1);
	device_put(out, f->flag, 1);
	device_put(out, MARK, 1);
	return out->failed ? err_set(e, ERR_TOO_LARGE, "frame of %zu bytes", f->n) : 0;
}

static enum device_read broken(struct err *e, const char *what)
{
	err_set(e, ERR_NET_ANSWER, "device frame: %s", what);
	return DEVICE_BROKEN;
}

enum device_read device_frame_read(const struct device_manner *m, const void *bytes, size_t n,
				   struct device_frame *f, size_t *used, struct err *e)
{
	const unsigned char *b = bytes;
	uint32_t len, most = m->max_len ? m->max_len : DEVICE_MAX;

	if (n && b[0] != MARK)
		return broken(e, "no header");
	if (n < DEVICE_HEAD)
		return DEVICE_MORE;
	len = device_get(b + LEN_AT, 4);
	if (len > most)
		return broken(e, "too long");
	if (b[VERSION_AT] != MARK)
		return broken(e, "another version");
	if (n < DEVICE_FRAME + (size_t)len)
		return DEVICE_MORE;
	if (b[DEVICE_HEAD + len + 1] != MARK)
		return broken(e, "no tail");
	*f = (struct device_frame){.command = (uint16_t)device_get(b + COMMAND_AT, 2),
				   .part = device_get(b + PART_AT, 4),
				   .parts = device_get(b + PARTS_AT, 4),
				   .flag = b[DEVICE_HEAD + len],
				   .content = b + DEVICE_HEAD,
				   .n = len};
	memcpy(f->session, b + SESSION_AT, DEVICE_SESSION);
	*used = DEVICE_FRAME + (size_t)len;
	return DEVICE_WHOLE;
}

bool device_frame_sum(struct device_frame *f, bool *by_frame)
{
	unsigned char content, whole;

	if (!f->n)
		return false;
	content = xor_of(f->content, f->n - 1);
	whole = (unsigned char)(content ^ xor_of(f->content - DEVICE_HEAD,
						 DEVICE_HEAD)); /* content always stands behind its head */
	if (f->content[f->n - 1] != content && f->content[f->n - 1] != whole)
		return false;
	*by_frame = f->content[f->n - 1] != content;
	f->n--;
	return true;
}

void device_frame_words(const struct device_frame *f, char *out, size_t size)
{
	size_t at = 0, made = 0, len;
	uint32_t cp;

	while (at < f->n && (len = text_decode((const char *)f->content + at, f->n - at, &cp)) > 0 &&
	       made + len < size) {
		if (cp >= 0x20 && cp != 0x7F && !(cp > 0x7F && cp < 0xA0)) {
			memcpy(out + made, f->content + at, len);
			made += len;
		}
		at += len;
	}
	out[made] = '\0';
}
