/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What pcscd calls a reader (reader.conf, or made from what was plugged in): a place inside its bounds and
 * settings inside theirs, or refused. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "device_name.h"

static void must(bool it)
{
	if (!it)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char name[1024];
	struct device_name d;

	if (size >= sizeof(name) || memchr(data, '\0', size))
		return 0;
	memcpy(name, data, size);
	name[size] = '\0';
	if (!device_name_parse(&d, name))
		return 0;
	must(memchr(d.path, '\0', sizeof(d.path)) && d.path[0] == '/');
	must(d.settings.gone_count >= 1 && d.settings.gone_count <= 20 && d.settings.gone_ms <= 10000);
	must(d.usb || !d.rate || serial_rate_known(d.rate));
	return 0;
}
