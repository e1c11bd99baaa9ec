/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device_name.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool number_after(const char *option, const char *key, unsigned least, unsigned most, unsigned *out)
{
	size_t n = strlen(key);
	char *end;
	unsigned long value;

	if (strncmp(option, key, n) != 0 || option[n] < '0' || option[n] > '9')
		return false;
	value = strtoul(option + n, &end, 10);
	if (*end || value < least || value > most)
		return false;
	*out = (unsigned)value;
	return true;
}

static bool take_option(struct device_name *d, const char *option)
{
	return (number_after(option, "rate=", 1, 115200, &d->rate) && serial_rate_known(d->rate)) ||
	       number_after(option, "gone_count=", 1, 20, &d->settings.gone_count) ||
	       number_after(option, "gone_ms=", 0, 10000, &d->settings.gone_ms);
}

static bool ids_from(struct device_name *d, unsigned vendor, unsigned product)
{
	d->usb = true;
	d->vendor = (uint16_t)vendor;
	d->product = (uint16_t)product;
	return vendor <= 0xFFFF && product <= 0xFFFF;
}

static bool parse_usb(struct device_name *d, const char *name)
{
	unsigned vendor, product, bus, address;
	int at = 0;

	if (sscanf(name, "usb:%4x/%4x:libudev:%3u:%n", &vendor, &product, &d->interface, &at) == 3 && at && name[at] == '/') {
		if (strlen(name + at) >= sizeof(d->path))
			return false;
		strcpy(d->path, name + at);
		return ids_from(d, vendor, product);
	}
	if (sscanf(name, "usb:%4x/%4x:libusb-1.0:%3u:%3u:%3u%n", &vendor, &product, &bus, &address, &d->interface, &at) != 5 ||
	    name[at])
		return false;
	snprintf(d->path, sizeof(d->path), "/dev/bus/usb/%03u/%03u", bus, address);
	return ids_from(d, vendor, product);
}

static bool parse_serial(struct device_name *d, const char *name)
{
	const char *colon = strrchr(name, ':');
	char options[128], *rest, *word;

	if (!colon || name[0] != '/' || (size_t)(colon - name) >= sizeof(d->path))
		return false;
	memcpy(d->path, name, (size_t)(colon - name));
	if (snprintf(options, sizeof(options), "%s", colon + 1) >= (int)sizeof(options))
		return false;
	word = strtok_r(options, "/", &rest);
	if (!word || strcmp(word, "samv") != 0)
		return false;
	while ((word = strtok_r(NULL, "/", &rest))) {
		if (!take_option(d, word))
			return false;
	}
	return true;
}

bool device_name_parse(struct device_name *out, const char *name)
{
	struct device_name d = { .settings = { .gone_count = 3, .gone_ms = 600 } };

	if (!(strncmp(name, "usb:", 4) == 0 ? parse_usb(&d, name) : parse_serial(&d, name)))
		return false;
	*out = d;
	return true;
}
