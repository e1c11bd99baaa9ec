/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libusb behind the bulk table. Each device has a context of its own: readers in one pcscd do not share anything. */
#include "usb_device.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include <libusb.h>

#include "usb_pairs.h"

struct usb_device {
	libusb_context *context;
	libusb_device_handle *handle; /* NULL: closed */
	unsigned bus, address;
	uint16_t vendor, product;
	int interface;
};

struct usb_device *usb_device_new(const struct device_name *name)
{
	struct usb_device *d = calloc(1, sizeof(*d));

	if (!d)
		return NULL;
	d->vendor = name->vendor;
	d->product = name->product;
	d->interface = (int)name->interface;
	if (sscanf(name->path, "/dev/bus/usb/%3u/%3u", &d->bus, &d->address) == 2 && libusb_init(&d->context) == 0)
		return d;
	free(d);
	return NULL;
}

/* --- descriptors --- */

static void take_interface(struct usb_interface *out, const struct libusb_interface_descriptor *in)
{
	out->number = in->bInterfaceNumber;
	out->class = in->bInterfaceClass;
	for (out->n = 0; out->n < in->bNumEndpoints && out->n < USB_ENDPOINTS_MAX; out->n++) {
		const struct libusb_endpoint_descriptor *e = &in->endpoint[out->n];

		out->endpoint[out->n] = (struct usb_endpoint){ e->bEndpointAddress, e->bmAttributes, e->wMaxPacketSize };
	}
}

static int choose(libusb_device *device, struct bulk_pairs *pairs)
{
	struct usb_interface interfaces[USB_INTERFACES_MAX];
	struct libusb_config_descriptor *config;
	size_t n = 0;
	int chosen;

	if (libusb_get_active_config_descriptor(device, &config) != 0 &&
	    libusb_get_config_descriptor(device, 0, &config) != 0)
		return -1;
	for (size_t i = 0; i < config->bNumInterfaces && n < USB_INTERFACES_MAX; i++) {
		if (config->interface[i].num_altsetting > 0)
			take_interface(&interfaces[n++], &config->interface[i].altsetting[0]);
	}
	chosen = usb_pairs_choose(pairs, interfaces, n);
	libusb_free_config_descriptor(config);
	return chosen;
}

/* Addresses are used again: one with other ids is another device. */
static bool is_it(const struct usb_device *d, libusb_device *device)
{
	struct libusb_device_descriptor descriptor;

	return libusb_get_bus_number(device) == d->bus && libusb_get_device_address(device) == d->address &&
	       libusb_get_device_descriptor(device, &descriptor) == 0 && descriptor.idVendor == d->vendor &&
	       descriptor.idProduct == d->product;
}

/* With a reference of its own; NULL: not there. */
static libusb_device *find(const struct usb_device *d)
{
	libusb_device **list, *found = NULL;
	ssize_t n = libusb_get_device_list(d->context, &list);

	for (ssize_t i = 0; i < n && !found; i++) {
		if (is_it(d, list[i]))
			found = libusb_ref_device(list[i]);
	}
	if (n >= 0)
		libusb_free_device_list(list, 1);
	return found;
}

bool usb_device_is_module(struct usb_device *d)
{
	libusb_device *device = find(d);
	struct bulk_pairs pairs;
	bool yes = device && choose(device, &pairs) == d->interface;

	if (device)
		libusb_unref_device(device);
	return yes;
}

/* --- the table --- */

static void device_close(void *self)
{
	struct usb_device *d = self;

	if (!d->handle)
		return;
	libusb_release_interface(d->handle, d->interface);
	libusb_close(d->handle);
	d->handle = NULL;
}

static enum transport_result from_error(int error)
{
	switch (error) {
	case LIBUSB_ERROR_ACCESS:
		return TRANSPORT_DENIED;
	case LIBUSB_ERROR_BUSY:
		return TRANSPORT_HELD;
	default:
		return TRANSPORT_ABSENT;
	}
}

static enum transport_result claim(struct usb_device *d, libusb_device *device)
{
	int rc = libusb_open(device, &d->handle);

	if (rc != 0) {
		d->handle = NULL;
		return from_error(rc);
	}
	libusb_set_auto_detach_kernel_driver(d->handle, 1); /* given back when the interface is */
	rc = libusb_claim_interface(d->handle, d->interface);
	if (rc == 0)
		return TRANSPORT_OK;
	libusb_close(d->handle);
	d->handle = NULL;
	return from_error(rc);
}

static enum transport_result device_open(void *self, struct bulk_pairs *pairs)
{
	struct usb_device *d = self;
	enum transport_result result = TRANSPORT_ABSENT;
	libusb_device *device;
	struct bulk_pairs found;

	device_close(d);
	device = find(d);
	if (!device)
		return TRANSPORT_ABSENT;
	if (choose(device, &found) == d->interface)
		result = claim(d, device);
	libusb_unref_device(device);
	if (result == TRANSPORT_OK)
		*pairs = found;
	return result;
}

static enum bulk_result bulk_result(int error)
{
	switch (error) {
	case 0:
		return BULK_OK;
	case LIBUSB_ERROR_TIMEOUT:
	case LIBUSB_ERROR_INTERRUPTED:
		return BULK_TIMEOUT;
	case LIBUSB_ERROR_PIPE:
		return BULK_STALL;
	case LIBUSB_ERROR_OVERFLOW:
		return BULK_GARBLED;
	default: /* NO_DEVICE; IO is what a cable being pulled looks like at first: opening again tells */
		return BULK_GONE;
	}
}

static enum bulk_result device_transfer(void *self, uint8_t endpoint, uint8_t *data, size_t n, size_t *moved, int timeout_ms)
{
	struct usb_device *d = self;
	int got = 0, rc;

	*moved = 0;
	if (!d->handle)
		return BULK_GONE;
	/* 0 would mean without end. */
	rc = libusb_bulk_transfer(d->handle, endpoint, data, n > INT_MAX ? INT_MAX : (int)n, &got,
				  timeout_ms > 0 ? (unsigned)timeout_ms : 1);
	*moved = got > 0 ? (size_t)got : 0;
	return bulk_result(rc);
}

static enum bulk_result device_unstall(void *self, uint8_t endpoint)
{
	struct usb_device *d = self;

	return d->handle ? bulk_result(libusb_clear_halt(d->handle, endpoint)) : BULK_GONE;
}

struct bulk usb_device_bulk(struct usb_device *d)
{
	static const struct bulk_ops ops = { device_open, device_transfer, device_unstall, device_close };

	return (struct bulk){ .ops = &ops, .self = d };
}

void usb_device_free(struct usb_device *d)
{
	if (!d)
		return;
	device_close(d);
	libusb_exit(d->context);
	free(d);
}
