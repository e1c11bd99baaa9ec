/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The card reader's helper as the screens see it: `shiming-reader watch`, a JSON line for each event, started again with back-off when
 * it ends. A hostile card meets that process, not this one. Nothing here blocks.
 */
#ifndef SCREENS_READER_LINK_H
#define SCREENS_READER_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/child.h"
#include "desk/card_socket.h"
#include "domain/id_card.h"

struct reader_link {
	bool wanted;               /* between reader_link_start() and reader_link_stop() */
	struct child child;
	struct buf in, line;
	bool starved;              /* an event could not be kept for want of memory */
	bool afresh;
	int64_t restart_at;        /* steady clock; 0: it runs, or is not wanted */
	int backoff_ms;
	struct card_socket socket; /* where the helper was sent */
	int64_t look_at;           /* when the place is looked at again */
	/* what the header says */
	enum card_event_kind state;
	enum card_reader_kind reader_kind;
	enum err_code cause;
	enum err_code said;        /* the helper's own word for it, before the place was weighed */
};

void reader_link_init(struct reader_link *r);
void reader_link_start(struct reader_link *r, int64_t now);
void reader_link_stop(struct reader_link *r);
void reader_link_afresh(struct reader_link *r);             /* at the next step another helper, to which every card is new */
int reader_link_fd(const struct reader_link *r);           /* -1: nothing to poll */
typedef void reader_link_fn(void *arg, const struct card_event *ev);
/* After POLLIN and once a second: reads events, calls each(), starts the helper again when it is due. */
void reader_link_step(struct reader_link *r, int64_t now, reader_link_fn *each, void *arg);
void reader_link_take(struct reader_link *r, const struct card_event *ev); /* the state for the header, from one event */
const char *reader_link_word(const struct reader_link *r); /* translated, short: 读卡器就绪 */

#endif
