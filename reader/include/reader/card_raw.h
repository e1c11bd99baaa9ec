/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The bytes of a card before they mean anything: the answer to "read", cut into text and portrait. Pure.
 *
 * What follows the status of a 30 01 answer is  T_H T_L P_H P_L  text  portrait;  of a 30 10 answer  T P F
 * text portrait fingerprint (F = two bytes of length). Both shapes occur for both commands in public
 * programs, so the total length decides: 4 + T + P or 6 + T + P + F, else it is refused. Readers that serve
 * the card as FF B0 pages give the first shape, cut into pages of 256 bytes without regard to its parts:
 * pages are joined before anything is looked at.
 */
#ifndef READER_CARD_RAW_H
#define READER_CARD_RAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CARD_RAW_TEXT 256
#define CARD_RAW_PHOTO 1024
#define CARD_RAW_FINGER 1024
#define CARD_RAW_STREAM (6 + CARD_RAW_TEXT + CARD_RAW_PHOTO + CARD_RAW_FINGER)
#define CARD_PAGE 256

struct card_raw {
	uint8_t text[CARD_RAW_TEXT];
	uint8_t photo[CARD_RAW_PHOTO];
	bool has_photo;
	uint8_t finger[CARD_RAW_FINGER];
	size_t finger_len; /* 0, 512 or 1024 */
};

/* false, out untouched: not a stream of either shape. */
bool card_raw_parse(struct card_raw *out, const uint8_t *stream, size_t n);

struct card_pages {
	uint8_t stream[CARD_RAW_STREAM];
	size_t have;
};

enum card_pages_result { CARD_PAGES_MORE, CARD_PAGES_DONE, CARD_PAGES_BAD };

/* The next page's data, without the status word. BAD: empty, longer than a page, short before the end, or a
 * stream that does not begin as one. Zero the struct before the first page. */
enum card_pages_result card_pages_add(struct card_pages *p, const uint8_t *data, size_t n);

#endif
