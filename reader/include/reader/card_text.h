/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The 256 bytes of text on a card into struct id_card. Pure; cannot fail: what is not understood is shown and
 * reported.
 *
 * 128 units of UCS-2 little-endian, blank-padded. The unit at byte 248 tells the kind: blank = resident, 'J'
 * = residence permit for Hong Kong, Macao and Taiwan residents, 'I' = foreigner 2017, 'Y' = foreigner 2023.
 * Anything else is ID_CARD_UNKNOWN, read at the places that most layouts share (name, sex, birth, number,
 * validity). Surrogate pairs are joined (names beyond U+FFFF); see domain/id_card.h for how an unpaired one
 * is shown. (Layouts: GA 490 as found in several independent public programs; to the byte in
 * tests/reader/test_card_text.c.)
 */
#ifndef READER_CARD_TEXT_H
#define READER_CARD_TEXT_H

#include "domain/id_card.h"
#include "reader/card_raw.h"

/* Fills card, portrait apart, and its checks; today (DATE_NONE allowed) is for EXPIRED and births in the
 * future. */
void card_text_parse(struct id_card *card, const uint8_t text[CARD_RAW_TEXT], date_t today);
/* Text and portrait of what was read. */
void card_raw_to_card(struct id_card *card, const struct card_raw *raw, date_t today);
/* The opposite, for the simulator and the tests: false when a field does not fit its place or is no text. */
bool card_text_build(uint8_t text[CARD_RAW_TEXT], const struct id_card *card);

#endif
