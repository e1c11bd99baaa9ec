/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a module's SW3 means, and which of our errors it is: one row a code. Pure. */
#ifndef READER_SAM_STATUS_H
#define READER_SAM_STATUS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

#define SAM_DONE 0x90
#define SAM_FOUND 0x9F
#define SAM_NOTHING 0x91 /* the card holds no such content: not an error for the added address */
#define SAM_NO_CARD 0x80

struct sam_status {
	uint8_t sw3;
	enum err_code first;  /* met once: the card is most likely being moved */
	enum err_code again;  /* met again and again while the card lies still */
	const char *meaning;  /* English, technical, for a detail */
};

/* Never NULL: codes that nobody documents have a row of their own. */
const struct sam_status *sam_status(uint8_t sw3);
enum err_code sam_status_cause(uint8_t sw3, bool again);

#endif
