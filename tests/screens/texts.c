/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "screens/texts.h"

#include <string.h>

#include "base/text.h"

uint32_t texts_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

static const char *const pieces[] = {
	"张", "木工班", "阿卜杜拉·买买提", "𠮷", "𰻝", "e\xCC\x81", "a\xCC\x8A\xCC\x81", "ABC", " ", "12", "①", "…", "▶", "（退回）", "é", "ü", "Ω", "“引”",
	"欧阳", "ｅ", "-", "\xEF\xBD\xB1", "→", "×",
};

void texts_make(uint32_t *seed, char *out, size_t size)
{
	size_t n = texts_random(seed) % 12;

	out[0] = '\0';
	for (size_t i = 0; i < n; i++) {
		const char *piece = pieces[texts_random(seed) % ARRAY_LEN(pieces)];

		if (strlen(out) + strlen(piece) + 1 > size)
			return;
		strcat(out, piece);
	}
}
