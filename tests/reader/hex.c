/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/hex.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

size_t hex_bytes(uint8_t *out, size_t size, const char *hex)
{
	static const char digits[] = "0123456789ABCDEF";
	size_t n = 0;

	for (const char *high = NULL; *hex; hex++) {
		const char *d = strchr(digits, *hex);

		if (!d)
			continue;
		if (!high) {
			high = d;
			continue;
		}
		assert_true(n < size);
		out[n++] = (uint8_t)((high - digits) << 4 | (d - digits));
		high = NULL;
	}
	return n;
}

size_t hex_card(uint8_t *out, size_t size, const char *name)
{
	char path[512], hex[4096];
	size_t n;
	FILE *f;

	snprintf(path, sizeof(path), "%s/cards/%s.hex", TEST_DATA, name);
	f = fopen(path, "r");
	if (!f)
		fail_msg("%s is missing", path);
	n = fread(hex, 1, sizeof(hex) - 1, f);
	fclose(f);
	hex[n] = '\0';
	return hex_bytes(out, size, hex);
}
