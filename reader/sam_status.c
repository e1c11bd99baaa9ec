/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/sam_status.h"

#include "base/text.h"

/* 33, 40, 41 and 81 come from a card that is being lifted as well as from a damaged one: what lasts decides.
 * 80 in answer to a read means that the card which began it is gone. */
static const struct sam_status rows[] = {
	{ 0x90, ERR_NONE, ERR_NONE, "done" },
	{ 0x9F, ERR_NONE, ERR_NONE, "card found" },
	{ 0x91, ERR_CARD_UNREADABLE, ERR_CARD_UNREADABLE, "the card holds no such content" },
	{ 0x10, ERR_CARD_LINE, ERR_CARD_LINE, "checksum of the request wrong" },
	{ 0x11, ERR_CARD_LINE, ERR_CARD_LINE, "length of the request wrong" },
	{ 0x21, ERR_CARD_MODULE, ERR_CARD_MODULE, "command or value not valid" },
	{ 0x23, ERR_CARD_MODULE, ERR_CARD_MODULE, "operation not allowed" },
	{ 0x24, ERR_CARD_UNREADABLE, ERR_CARD_UNREADABLE, "unrecognised error" },
	{ 0x31, ERR_CARD_NOT_GENUINE, ERR_CARD_NOT_GENUINE, "the card refused the module" },
	{ 0x32, ERR_CARD_NOT_GENUINE, ERR_CARD_NOT_GENUINE, "the module refused the card" },
	{ 0x33, ERR_CARD_REMOVED, ERR_CARD_UNREADABLE, "information check failed" },
	{ 0x34, ERR_CARD_REMOVED, ERR_CARD_UNREADABLE, "no card found yet" },
	{ 0x37, ERR_CARD_UNREADABLE, ERR_CARD_UNREADABLE, "fingerprint check failed" },
	{ 0x3F, ERR_CARD_UNREADABLE, ERR_CARD_UNREADABLE, "information length wrong" },
	{ 0x40, ERR_CARD_REMOVED, ERR_CARD_UNREADABLE, "card type not recognised" },
	{ 0x41, ERR_CARD_REMOVED, ERR_CARD_UNREADABLE, "reading the card failed" },
	{ 0x47, ERR_CARD_REMOVED, ERR_CARD_UNREADABLE, "getting a random number failed" },
	{ 0x50, ERR_CARD_MODULE, ERR_CARD_MODULE, "writing failed" },
	{ 0x60, ERR_CARD_MODULE, ERR_CARD_MODULE, "self-test failed" },
	{ 0x61, ERR_CARD_MODULE, ERR_CARD_MODULE, "user login failed" },
	{ 0x66, ERR_CARD_MODULE, ERR_CARD_MODULE, "not authorised, or no working key" },
	{ 0x80, ERR_CARD_REMOVED, ERR_CARD_REMOVED, "no card found" },
	{ 0x81, ERR_CARD_REMOVED, ERR_CARD_UNREADABLE, "selecting the card failed" },
};

const struct sam_status *sam_status(uint8_t sw3)
{
	static const struct sam_status unknown = { 0, ERR_CARD_UNREADABLE, ERR_CARD_UNREADABLE, "undocumented status" };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (rows[i].sw3 == sw3)
			return &rows[i];
	}
	return &unknown;
}

enum err_code sam_status_cause(uint8_t sw3, bool again)
{
	const struct sam_status *row = sam_status(sw3);

	return again ? row->again : row->first;
}
