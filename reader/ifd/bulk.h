/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A USB module's bulk pipes, as far as usb.c needs them: libusb in the driver (usb_libusb.c), a simulated device in the tests. A
 * call never waits for longer than it is told, and what came in before the time was up is not lost.
 */
#ifndef IFD_BULK_H
#define IFD_BULK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "transport.h"

#define BULK_PAIRS_MAX 2
#define BULK_PACKET_LEAST 8
#define BULK_PACKET_MOST 1024 /* of any speed that USB has had so far */

struct bulk_pair {
	uint8_t in, out;     /* endpoint addresses; bit 7 is set in `in` */
	uint16_t in_packet;  /* largest packet of `in` */
};

struct bulk_pairs {
	struct bulk_pair pair[BULK_PAIRS_MAX]; /* by endpoint number */
	size_t n;
};

enum bulk_result {
	BULK_OK,       /* *moved bytes; fewer than asked for when the device sent a short packet */
	BULK_TIMEOUT,  /* *moved bytes so far */
	BULK_STALL,    /* the endpoint is halted until unstall */
	BULK_GARBLED,  /* more than was asked for, or an error on the cable */
	BULK_GONE,     /* unplugged */
};

struct bulk_ops {
	enum transport_result (*open)(void *self, struct bulk_pairs *pairs); /* *pairs is written on TRANSPORT_OK only */
	enum bulk_result (*transfer)(void *self, uint8_t endpoint, uint8_t *data, size_t n, size_t *moved, int timeout_ms);
	enum bulk_result (*unstall)(void *self, uint8_t endpoint);
	void (*close)(void *self); /* accepts a closed one */
};

struct bulk {
	const struct bulk_ops *ops;
	void *self;
};

#endif
