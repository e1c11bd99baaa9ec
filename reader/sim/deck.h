/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The cards at hand: a directory of NAME.hex (256 bytes of text as hex), each with NAME.wlt beside it if it
 * has a portrait (1024 bytes; zeros otherwise) and NAME.address (70 bytes) if it has an added address.
 * index.tsv gives order and descriptions; cards that it does not name follow by name.
 */
#ifndef SIM_DECK_H
#define SIM_DECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "reader/card_raw.h"

#define DECK_MAX 64
#define CARD_ADDRESS 70

struct sim_card {
	char name[64];
	char zh[128];
	char en[128];
	uint8_t text[CARD_RAW_TEXT];
	uint8_t photo[CARD_RAW_PHOTO];
	uint8_t address[CARD_ADDRESS];
	bool has_address;
};

struct deck {
	struct sim_card card[DECK_MAX];
	size_t n;
};

int deck_load(struct deck *d, const char *dir, struct err *e);
const struct sim_card *deck_find(const struct deck *d, const char *name); /* NULL: none of that name */

#endif
