/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * DEVICENAME of reader.conf: PATH:samv[/option…]. pcscd looks whether a path exists, and ends if it does not,
 * unless the name contains a ':'; so ours always does, and the last one ends the path. Its parser takes no
 * commas without quotes, and hands quotes on; hence the slashes. Options: rate=115200|57600|38400|19200|9600
 * (else probed), gone_count=1..20 (3), gone_ms=0..10000 (600).
 */
#ifndef IFD_DEVICE_NAME_H
#define IFD_DEVICE_NAME_H

#include "module.h"
#include "serial.h"

struct device_name {
	char path[SERIAL_PATH];
	unsigned rate;
	struct module_settings settings;
};

/* false: no absolute path, not "samv", or an unknown or impossible option. *out is written on success only.
 */
bool device_name_parse(struct device_name *out, const char *name);

#endif
