/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Any bytes as PNG: fitted, or refused with a name. Once as they are, and once with the check sums of their
 * chunks put right, or hardly anything that is changed would come past libpng's first look.
 */
#include "fuzz_picture.h"

#define SIGNATURE 8
#define AROUND 12 /* length, name, check sum */

/* CRC-32 of the PNG specification, annex D. */
static uint32_t crc(const uint8_t *data, size_t n)
{
	uint32_t sum = 0xFFFFFFFFu;

	while (n--) {
		sum ^= *data++;
		for (int i = 0; i < 8; i++)
			sum = sum >> 1 ^ (sum & 1 ? 0xEDB88320u : 0);
	}
	return ~sum;
}

static uint32_t number(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

static void mend(uint8_t *data, size_t size)
{
	size_t at = SIGNATURE;

	while (at + AROUND <= size && number(data + at) <= size - at - AROUND) {
		uint32_t n = number(data + at), sum = crc(data + at + 4, n + 4);

		for (size_t i = 0; i < 4; i++)
			data[at + 8 + n + i] = (uint8_t)(sum >> (24 - 8 * i));
		at += n + AROUND;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint8_t *mended = malloc(size ? size : 1);

	fuzz_picture(data, size);
	if (!mended)
		abort();
	memcpy(mended, data, size);
	mend(mended, size);
	fuzz_picture(mended, size);
	free(mended);
	return 0;
}
