/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/card_raw.h"

#include <string.h>

static size_t be16(const uint8_t *p)
{
	return (size_t)p[0] << 8 | p[1];
}

/* Where the text begins, 0 when the lengths do not add up. */
static size_t text_offset(const uint8_t *stream, size_t n)
{
	size_t body;

	if (n < 4)
		return 0;
	body = be16(stream) + be16(stream + 2);
	if (n == 4 + body)
		return 4;
	if (n >= 6 && n == 6 + body + be16(stream + 4))
		return 6;
	return 0;
}

bool card_raw_parse(struct card_raw *out, const uint8_t *stream, size_t n)
{
	size_t at = text_offset(stream, n), photo;

	if (!at || be16(stream) != CARD_RAW_TEXT)
		return false;
	photo = be16(stream + 2);
	if ((photo != 0 && photo != CARD_RAW_PHOTO) || (at == 6 && be16(stream + 4) > CARD_RAW_FINGER))
		return false;
	memset(out, 0, sizeof(*out));
	memcpy(out->text, stream + at, CARD_RAW_TEXT);
	out->has_photo = photo == CARD_RAW_PHOTO;
	memcpy(out->photo, stream + at + CARD_RAW_TEXT, photo);
	out->finger_len = at == 6 ? be16(stream + 4) : 0;
	memcpy(out->finger, stream + at + CARD_RAW_TEXT + photo, out->finger_len);
	return true;
}

enum card_pages_result card_pages_add(struct card_pages *p, const uint8_t *data, size_t n)
{
	size_t total;

	if (n == 0 || n > CARD_PAGE || n > sizeof(p->stream) - p->have)
		return CARD_PAGES_BAD;
	memcpy(p->stream + p->have, data, n);
	p->have += n;
	if (p->have < 4)
		return CARD_PAGES_BAD;
	total = 4 + be16(p->stream) + be16(p->stream + 2);
	if (total > sizeof(p->stream) || p->have > total)
		return CARD_PAGES_BAD;
	if (p->have == total)
		return CARD_PAGES_DONE;
	return n == CARD_PAGE ? CARD_PAGES_MORE : CARD_PAGES_BAD;
}
