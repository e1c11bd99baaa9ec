/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates of any bytes: what is taken prints as YYYY-MM-DD and reads back the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/dates.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *s = malloc(size + 1), text[DATE_TEXT];
	date_t date, again;

	memcpy(s, data, size);
	s[size] = '\0';
	if (date_parse(s, &date)) {
		date_format(date, text);
		if (!date_parse(text, &again) || again != date)
			abort();
		if (date != DATE_LONG_TERM && strlen(text) != 10)
			abort();
	}
	free(s);
	return 0;
}
