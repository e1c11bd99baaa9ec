/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What pcscd says about where a reader is.
 *
 * Serial, from DEVICENAME of reader.conf: PATH:samv[/option…]. pcscd looks whether a path exists, and ends if it does not,
 * unless the name contains a ':'; so ours always does, and the last one ends the path. Its parser takes no commas without
 * quotes, and hands quotes on; hence the slashes. Options: rate=115200|57600|38400|19200|9600 (else probed),
 * gone_count=1..20 (3), gone_ms=0..10000 (600).
 *
 * USB, made by pcscd itself: usb:VVVV/PPPP:libudev:INTERFACE:/dev/bus/usb/BBB/DDD, or, where it was built with libusb instead,
 * usb:VVVV/PPPP:libusb-1.0:BUS:DEVICE:INTERFACE (pcsc-lite, ifdhandler.h, IFDHCreateChannelByName).
 */
#ifndef IFD_DEVICE_NAME_H
#define IFD_DEVICE_NAME_H

#include "module.h"
#include "serial.h"

struct device_name {
	bool usb;
	char path[SERIAL_PATH];     /* the line, or the USB device's node */
	unsigned rate;              /* serial only */
	uint16_t vendor, product;   /* USB only */
	unsigned interface;         /* USB only */
	struct module_settings settings;
};

/* false: neither of the two, or an unknown or impossible option. *out is written on success only. */
bool device_name_parse(struct device_name *out, const char *name);

#endif
