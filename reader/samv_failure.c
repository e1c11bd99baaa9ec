/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/samv_failure.h"

#include "base/text.h"
#include "reader/sam_status.h"
#include "reader/samv_apdu.h"

static const struct {
	enum err_code code;
	const char *meaning;
} lines[] = {
	[SAMV_LINE_CLOSED] = { ERR_CARD_READER_GONE, "the device is gone" },
	[SAMV_LINE_TIMEOUT] = { ERR_CARD_LINE, "no answer in time" },
	[SAMV_LINE_GARBLED] = { ERR_CARD_LINE, "answer garbled" },
};

static const enum err_code states[] = {
	[SAMV_READY] = ERR_NONE,
	[SAMV_ABSENT] = ERR_CARD_READER_GONE,
	[SAMV_HELD] = ERR_CARD_READER_HELD,
	[SAMV_DENIED] = ERR_CARD_READER_DENIED,
	[SAMV_SILENT] = ERR_CARD_SILENT,
	[SAMV_FAULT] = ERR_CARD_MODULE,
};

enum err_code samv_state_cause(unsigned state)
{
	return state < ARRAY_LEN(states) ? states[state] : ERR_CARD_LINE;
}

int samv_failure(struct err *e, const uint8_t *data, size_t n, unsigned sw, bool again)
{
	static const char *const steps[] = { "?", "find", "select", "read" };
	unsigned step = n ? data[0] : 0;
	const char *at = steps[step < ARRAY_LEN(steps) ? step : 0];
	uint8_t sw2 = (uint8_t)sw;

	if (sw >> 8 == SAMV_SW1_MODULE)
		return err_set(e, sam_status_cause(sw2, again), "%s: status %02X, %s", at, sw2, sam_status(sw2)->meaning);
	if (sw >> 8 == SAMV_SW1_LINE && sw2 < ARRAY_LEN(lines) && lines[sw2].meaning)
		return err_set(e, lines[sw2].code, "%s: %s", at, lines[sw2].meaning);
	return err_set(e, ERR_CARD_UNREADABLE, "driver: status word %04X", sw);
}
