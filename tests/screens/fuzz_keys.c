/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Escape sequences and UTF-8 from anywhere: every byte is dealt with, no key is out of range. The first byte steers the clock. */
#include <stdint.h>
#include <stdlib.h>

#include "../../screens/keys.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct keys k;
	int64_t now = 1000;
	int key;

	keys_init(&k);
	keys_know(&k, "\033Ot", K_F5);
	for (size_t i = 1; i < size; i++) {
		keys_feed(&k, data + i, 1, now);
		now += (data[0] >> (i & 3)) & 0x7F;
		while ((key = keys_next(&k, now)))
			if (key < 0 || (key & ~KEY_PASTED) >= KEY_LAST)
				abort();
	}
	now += 2 * KEYS_REST_MS;
	while (keys_next(&k, now))
		;
	if (k.n)
		abort();
	return 0;
}
