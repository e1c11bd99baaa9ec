/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages whose sizes the input chooses (two bytes each, then the bytes), and the stream they make. */
#include <stdint.h>
#include <stdlib.h>

#include "reader/card_raw.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct card_pages pages = { .have = 0 };
	enum card_pages_result result = CARD_PAGES_MORE;
	struct card_raw raw;

	while (size > 2 && result == CARD_PAGES_MORE) {
		size_t n = (size_t)(data[0] << 8 | data[1]) % 300;

		data += 2;
		size -= 2;
		n = n < size ? n : size;
		result = card_pages_add(&pages, data, n);
		if (pages.have > sizeof(pages.stream))
			abort();
		data += n;
		size -= n;
	}
	if (card_raw_parse(&raw, pages.stream, pages.have) && raw.finger_len > sizeof(raw.finger))
		abort();
	card_raw_parse(&raw, data, size);
	return 0;
}
