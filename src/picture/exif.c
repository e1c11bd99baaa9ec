/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "exif.h"

#include <stdbool.h>
#include <string.h>

#define HEADER 8 /* order, 42, offset of the first directory */
#define ENTRY 12 /* tag, type, count, value */
#define TAG_ORIENTATION 274
#define TYPE_SHORT 3

struct tiff {
	const uint8_t *at;
	size_t n;
	bool big_endian;
};

/* The caller has checked that the bytes are there. */
static uint32_t number(const struct tiff *t, size_t at, int bytes)
{
	uint32_t value = 0;

	for (int i = 0; i < bytes; i++)
		value |= (uint32_t)t->at[at + (size_t)i] << 8 * (t->big_endian ? bytes - 1 - i : i);
	return value;
}

static int orientation_in(const struct tiff *t, size_t directory)
{
	size_t entries, at = directory + 2;

	if (directory < HEADER || directory > t->n - 2)
		return 1;
	entries = number(t, directory, 2);
	for (; entries && at + ENTRY <= t->n; entries--, at += ENTRY) {
		uint32_t value;

		if (number(t, at, 2) != TAG_ORIENTATION)
			continue;
		value = number(t, at + 8, 2);
		return number(t, at + 2, 2) == TYPE_SHORT && value >= 1 && value <= 8 ? (int)value : 1;
	}
	return 1;
}

int exif_orientation(const uint8_t *tiff, size_t n)
{
	struct tiff t = {.at = tiff, .n = n};

	if (n < HEADER)
		return 1;
	t.big_endian = !memcmp(tiff, "MM\0*", 4);
	if (!t.big_endian && memcmp(tiff, "II*\0", 4))
		return 1;
	return orientation_in(&t, number(&t, 4, 4));
}
