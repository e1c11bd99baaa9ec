/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A module on bulk pipes. With one pair of them a frame travels whole; with two, the seven bytes of lead and length go over the
 * first pair and the rest over the second. LEN is what counts: a reply may come in packets of any size, and the zeros with
 * which some devices fill their last packet are dropped. A stalled pipe is cleared and the exchange counts as garbled, so that
 * it is done again; an answer that came too late is thrown away before the next question.
 *
 * That two pairs mean split frames was not seen on a device of ours: where such a device does not answer, every second try
 * takes its first pair for a whole one.
 */
#ifndef IFD_USB_H
#define IFD_USB_H

#include "bulk.h"

#define USB_OUT_MS 5000
/* A read is waited for 10000 ms, twice as long as on a serial line; so with the rest. */
#define USB_PATIENCE 2

struct usb {
	struct bulk bulk;
	int64_t (*now_ms)(void);  /* steady */
	struct bulk_pairs pairs;  /* valid while open */
	bool open;
	bool split;
	bool stale;               /* an answer that nobody waits for any more may still come */
};

void usb_init(struct usb *u, struct bulk bulk);
struct transport usb_transport(struct usb *u);

#endif
