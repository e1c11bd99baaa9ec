/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "mo.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define MAGIC 0x950412DEu
#define HEADER_BYTES 28
#define CONTEXT_END '\004'

struct mo {
	const unsigned char *data;
	size_t size;
	bool big_endian;
	uint32_t count, originals, translations;
};

static uint32_t word(const struct mo *m, size_t at)
{
	const unsigned char *p = m->data + at;

	if (m->big_endian)
		return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
	return (uint32_t)p[3] << 24 | (uint32_t)p[2] << 16 | (uint32_t)p[1] << 8 | p[0];
}

static bool table_inside(const struct mo *m, uint32_t at)
{
	return at <= m->size && m->count <= (m->size - at) / 8;
}

static bool mo_open(struct mo *m, const unsigned char *data, size_t size)
{
	*m = (struct mo){.data = data, .size = size};
	if (size < HEADER_BYTES)
		return false;
	m->big_endian = data[0] == 0x95;
	if (word(m, 0) != MAGIC)
		return false;
	m->count = word(m, 8);
	m->originals = word(m, 12);
	m->translations = word(m, 16);
	return table_inside(m, m->originals) && table_inside(m, m->translations);
}

/* Entry i of a table, as a terminated string; NULL when it lies outside. */
static const char *string_at(const struct mo *m, uint32_t table, uint32_t i)
{
	uint32_t len = word(m, table + (size_t)i * 8), at = word(m, table + (size_t)i * 8 + 4);

	if (at >= m->size || len >= m->size - at || m->data[at + len])
		return NULL;
	return (const char *)m->data + at;
}

/* strcmp(context + U+0004 + msgid, original) without putting it together. */
static int compare(const char *context, const char *msgid, const char *original)
{
	const unsigned char *o = (const unsigned char *)original, *c = (const unsigned char *)context;

	if (!context)
		return strcmp(msgid, original);
	for (; *c; c++, o++) {
		if (*c != *o)
			return *c - *o;
	}
	if (*o != CONTEXT_END)
		return CONTEXT_END - *o;
	return strcmp(msgid, (const char *)o + 1);
}

const char *mo_find(const unsigned char *mo, size_t size, const char *context, const char *msgid)
{
	struct mo m;
	uint32_t low = 0, high;

	if (!mo_open(&m, mo, size))
		return NULL;
	for (high = m.count; low < high;) {
		uint32_t mid = low + (high - low) / 2;
		const char *original = string_at(&m, m.originals, mid), *found;
		int side = original ? compare(context, msgid, original) : 0;

		if (!original)
			return NULL;
		if (!side) {
			found = string_at(&m, m.translations, mid);
			return found && *found ? found : NULL;
		}
		if (side < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return NULL;
}
