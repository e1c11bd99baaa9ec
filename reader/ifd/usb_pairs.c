/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "usb_pairs.h"

#define CLASS_VENDOR 0xFF
#define CLASS_UNSPECIFIED 0x00
#define TRANSFER_TYPE 0x03
#define TRANSFER_BULK 0x02
#define DIRECTION_IN 0x80
#define ADDRESS_NUMBER 0x0F
#define PACKET_BYTES 0x07FF /* the upper bits of wMaxPacketSize mean something else */

/* The n-th bulk endpoint of a direction, counted by endpoint number: descriptors come in any order. */
static const struct usb_endpoint *nth(const struct usb_interface *in, uint8_t direction, size_t n)
{
	for (unsigned number = 0; number <= ADDRESS_NUMBER; number++) {
		for (size_t i = 0; i < in->n; i++) {
			const struct usb_endpoint *e = &in->endpoint[i];

			if ((e->attributes & TRANSFER_TYPE) != TRANSFER_BULK || (e->address & DIRECTION_IN) != direction ||
			    (e->address & ADDRESS_NUMBER) != number)
				continue;
			if (n-- == 0)
				return e;
		}
	}
	return NULL;
}

static uint16_t packet_of(const struct usb_endpoint *e)
{
	uint16_t bytes = e->packet & PACKET_BYTES;

	return bytes < BULK_PACKET_LEAST ? BULK_PACKET_LEAST : bytes > BULK_PACKET_MOST ? BULK_PACKET_MOST : bytes;
}

static size_t pairs_of(struct bulk_pairs *pairs, const struct usb_interface *interface)
{
	*pairs = (struct bulk_pairs){ .n = 0 };
	while (pairs->n < BULK_PAIRS_MAX) {
		const struct usb_endpoint *in = nth(interface, DIRECTION_IN, pairs->n);
		const struct usb_endpoint *out = nth(interface, 0, pairs->n);

		if (!in || !out)
			break;
		pairs->pair[pairs->n++] = (struct bulk_pair){ in->address, out->address, packet_of(in) };
	}
	return pairs->n;
}

int usb_pairs_choose(struct bulk_pairs *pairs, const struct usb_interface *interfaces, size_t n)
{
	static const uint8_t classes[] = { CLASS_VENDOR, CLASS_UNSPECIFIED };
	struct bulk_pairs found;

	for (size_t c = 0; c < sizeof(classes); c++) {
		for (size_t i = 0; i < n; i++) {
			if (interfaces[i].class != classes[c] || pairs_of(&found, &interfaces[i]) == 0)
				continue;
			*pairs = found;
			return interfaces[i].number;
		}
	}
	return -1;
}
