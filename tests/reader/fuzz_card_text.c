/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any 256 bytes are a card: valid text within bounds, an event line that comes back as it went, and safe to print. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "reader/card_text.h"

static void check_text(const char *s, size_t size)
{
	size_t n = strnlen(s, size);

	if (n == size || !text_valid(s, n))
		abort();
	for (size_t i = 0; i < n; i++) {
		if ((uint8_t)s[i] < 0x20 || s[i] == 0x7F)
			abort();
	}
}

static void check_line(const struct id_card *card)
{
	struct card_event ev = { .kind = CARD_EVENT_READ, .card = *card }, back;
	struct buf line;

	buf_init(&line, CARD_EVENT_LINE);
	if (card_event_write(&ev, &line) < 0 || card_event_parse(&back, line.data, line.len, NULL) < 0)
		abort();
	if (memcmp(&back.card, card, sizeof(*card)) != 0)
		abort();
	buf_release(&line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct card_raw raw = { .has_photo = true };
	struct id_card card;

	memcpy(raw.text, data, size < sizeof(raw.text) ? size : sizeof(raw.text));
	card_raw_to_card(&card, &raw, 20000);
	check_text(card.name, sizeof(card.name));
	check_text(card.name_latin, sizeof(card.name_latin));
	check_text(card.address, sizeof(card.address));
	check_text(card.number, sizeof(card.number));
	check_text(card.authority, sizeof(card.authority));
	check_text(card.birth_text, sizeof(card.birth_text));
	check_text(card.valid_from_text, sizeof(card.valid_from_text));
	check_text(card.valid_to_text, sizeof(card.valid_to_text));
	check_line(&card);
	return 0;
}
