/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One interface of a USB device, as pcscd names it: the driver's bulk pipes over libusb (usb_libusb.c, the one file that knows
 * libusb). The tests' driver has another implementation.
 */
#ifndef IFD_USB_DEVICE_H
#define IFD_USB_DEVICE_H

#include "bulk.h"
#include "device_name.h"

struct usb_device;

struct usb_device *usb_device_new(const struct device_name *name); /* NULL: no memory, or no USB on this machine */
/* Whether that interface is the one behind which the module is. Asks the descriptors only: needs no permission. */
bool usb_device_is_module(struct usb_device *d);
struct bulk usb_device_bulk(struct usb_device *d);
void usb_device_free(struct usb_device *d);

#endif
