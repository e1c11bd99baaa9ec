/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line from the helper: what is taken goes out and in again unchanged. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "domain/id_card.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct card_event ev, back;
	struct buf line;

	memset(&ev, 0, sizeof(ev));
	memset(&back, 0, sizeof(back));
	if (card_event_parse(&ev, (const char *)data, size, NULL) < 0)
		return 0;
	buf_init(&line, 4 * CARD_EVENT_LINE);
	if (card_event_write(&ev, &line) == 0 && line.len <= CARD_EVENT_LINE) {
		if (card_event_parse(&back, line.data, line.len, NULL) < 0)
			abort();
		if (strcmp(ev.card.name, back.card.name) != 0 || ev.kind != back.kind)
			abort();
	}
	buf_release(&line);
	return 0;
}
