/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a catalogue of translations: a sentence that lies inside it, terminated, or none. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "mo.h"

static void look(const uint8_t *data, size_t size, const char *context, const char *msgid)
{
	const char *found = mo_find(data, size, context, msgid), *base = (const char *)data;

	if (!found)
		return;
	if (found < base || found >= base + size || !memchr(found, '\0', (size_t)(base + size - found)) ||
	    !*found)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const ids[] = {"", "保存", "班组", "退场", "zz"};

	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		look(data, size, NULL, ids[i]);
		look(data, size, "key", ids[i]);
	}
	return 0;
}
