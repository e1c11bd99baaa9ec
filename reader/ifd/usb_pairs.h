/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a USB device's descriptors say about the way to its module. Pure.
 *
 * pcscd offers every interface of a device as a reader of its own; the module is behind one of them: the first of vendor class
 * (a module says FF; 00, "unspecified", is taken where no interface says FF) that has a pair of bulk endpoints. One pair: whole
 * frames. Two pairs (OUT 02 and 06, IN 81 and 85): lead and length go over the first, the rest over the second.
 */
#ifndef IFD_USB_PAIRS_H
#define IFD_USB_PAIRS_H

#include "bulk.h"

#define USB_ENDPOINTS_MAX 32
#define USB_INTERFACES_MAX 32

struct usb_endpoint {
	uint8_t address, attributes; /* as in the descriptor */
	uint16_t packet;             /* wMaxPacketSize */
};

struct usb_interface {
	uint8_t number, class;
	struct usb_endpoint endpoint[USB_ENDPOINTS_MAX];
	size_t n;
};

/* The module's interface among n; -1: none of them. *pairs is written on success only. */
int usb_pairs_choose(struct bulk_pairs *pairs, const struct usb_interface *interfaces, size_t n);

#endif
