/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "reader/plugged.h"

#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define ANY 0x10000u

/* Ids: of readers, as found in public programs and vendors' manuals, one source each but the first; of NFC readers, those that
 * Linux gives to pn533_usb (drivers/nfc/pn533/usb.c). 257B makes CCID readers as well: those pcscd lists, and then this row is
 * not asked. */
static const struct row {
	unsigned vendor, product;
	enum err_code cause;
	bool beside_reader;   /* holds although pcscd lists other readers */
	const char *module;   /* and only while this kernel module is loaded */
	const char *what;
} rows[] = {
	{ 0x0400, 0xC35A, ERR_CARD_NO_DRIVER, true, NULL, "SAM_V module" },
	{ 0x072F, 0x2200, ERR_CARD_NFC_KERNEL, false, "pn533_usb", "ACR122U" },
	{ 0x04CC, 0x2533, ERR_CARD_NFC_KERNEL, false, "pn533_usb", "PN533" },
	{ 0x04E6, 0x5591, ERR_CARD_NFC_KERNEL, false, "pn533_usb", "SCL3711" },
	{ 0x054C, 0x02E1, ERR_CARD_NFC_KERNEL, false, "pn533_usb", "PaSoRi" },
	{ 0x0425, 0x8159, ERR_CARD_READER_FOREIGN, false, NULL, "iDR210, HID" },
	{ 0x10C4, 0x8A1B, ERR_CARD_READER_FOREIGN, false, NULL, "Senter, HID" },
	{ 0x2015, 0x0008, ERR_CARD_READER_FOREIGN, false, NULL, "2015:0008, HID" },
	{ 0x9573, 0x4836, ERR_CARD_READER_FOREIGN, false, NULL, "9573:4836, HID" },
	{ 0xC216, 0x0102, ERR_CARD_READER_FOREIGN, false, NULL, "cloud reader, HID" },
	{ 0x257B, ANY, ERR_CARD_READER_FOREIGN, false, NULL, "257B, vendor's protocol" },
};

static bool read_id(const char *dir, const char *file, unsigned *out)
{
	char path[PATH_MAX];
	bool good;
	FILE *f;

	if (!text_format(path, sizeof(path), "%s/%s", dir, file))
		return false;
	f = fopen(path, "re");
	good = f && fscanf(f, "%4x", out) == 1;
	if (f)
		fclose(f);
	return good;
}

static bool module_loaded(const char *root, const char *name)
{
	char path[PATH_MAX], line[512];
	bool found = false;
	FILE *f;

	if (!text_format(path, sizeof(path), "%s/proc/modules", root))
		return false;
	f = fopen(path, "re");
	while (f && !found && fgets(line, sizeof(line), f)) {
		line[strcspn(line, " ")] = '\0';
		found = strcmp(line, name) == 0;
	}
	if (f)
		fclose(f);
	return found;
}

struct looking {
	const char *root;
	bool have_reader, have_module;
	size_t best; /* row; ARRAY_LEN: none yet */
	struct plugged *out;
};

static bool holds(const struct looking *l, const struct row *r)
{
	if (r->beside_reader ? l->have_module : l->have_reader)
		return false;
	return !r->module || module_loaded(l->root, r->module);
}

static void weigh(struct looking *l, unsigned vendor, unsigned product)
{
	for (size_t i = 0; i < l->best; i++) {
		const struct row *r = &rows[i];

		if (r->vendor != vendor || (r->product != product && r->product != ANY) || !holds(l, r))
			continue;
		l->best = i;
		*l->out = (struct plugged){ r->cause, (uint16_t)vendor, (uint16_t)product, r->what };
	}
}

void plugged_look(struct plugged *out, const char *root, bool have_reader, bool have_module)
{
	struct looking l = { root, have_reader, have_module, ARRAY_LEN(rows), out };
	char devices[PATH_MAX], one[PATH_MAX + 300];
	const struct dirent *d;
	DIR *dir;

	*out = (struct plugged){ .cause = ERR_NONE };
	if (!text_format(devices, sizeof(devices), "%s/sys/bus/usb/devices", root))
		return;
	dir = opendir(devices);
	while (dir && (d = readdir(dir))) {
		unsigned vendor, product;

		text_format(one, sizeof(one), "%s/%s", devices, d->d_name);
		if (d->d_name[0] != '.' && read_id(one, "idVendor", &vendor) && read_id(one, "idProduct", &product))
			weigh(&l, vendor, product);
	}
	if (dir)
		closedir(dir);
}

const char *plugged_root(void)
{
	const char *root = secure_getenv("SHIMING_SYSFS");

	if (root)
		return root;
	return getenv("PCSCLITE_CSOCK_NAME") ? NULL : "";
}
