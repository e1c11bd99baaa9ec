/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The way to a module: a serial line (serial.c), USB (usb.c), a script in the tests. Three functions.
 */
#ifndef IFD_TRANSPORT_H
#define IFD_TRANSPORT_H

#include <stddef.h>
#include <stdint.h>

#include "reader/frame.h"

enum transport_result {
	TRANSPORT_OK,
	TRANSPORT_ABSENT,  /* open: no such device. exchange: it went away; close and open again later */
	TRANSPORT_HELD,    /* open: another program holds it */
	TRANSPORT_DENIED,  /* open: no permission */
	TRANSPORT_TIMEOUT, /* exchange: no whole frame in time */
	TRANSPORT_GARBLED, /* exchange: a frame with a wrong checksum or length */
};

struct transport_ops {
	/* variant counts up with every try that nobody answered: a serial line takes its next rate. */
	enum transport_result (*open)(void *self, unsigned variant);
	/* Sends one whole frame and receives one. What came in unasked before is thrown away first. */
	enum transport_result (*exchange)(void *self, const uint8_t *request, size_t n, struct frame_receiver *reply,
					  int timeout_ms);
	void (*close)(void *self); /* accepts a closed one */
};

struct transport {
	const struct transport_ops *ops;
	void *self;
	unsigned variants; /* how many there are to try before it is worth a pause; 0 is 1 */
};

#endif
