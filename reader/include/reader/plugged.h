/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Devices on the USB that keep a clerk from a reader although it is plugged in: a module for which pcscd has no driver, a reader
 * that speaks its vendor's own protocol, an NFC reader that a kernel module has taken. One table; sysfs is only read.
 */
#ifndef READER_PLUGGED_H
#define READER_PLUGGED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct plugged {
	enum err_code cause; /* ERR_NONE: nothing of the kind */
	uint16_t vendor, product;
	const char *what;    /* English, for a detail */
};

/* root: "" or another place with sys/ and proc/ (the tests). have_reader: the service lists some reader; have_module: one of them
 * is a module of ours. What is worse for the clerk goes first. */
void plugged_look(struct plugged *out, const char *root, bool have_reader, bool have_module);
/* $SHIMING_SYSFS, else "" where the service is this machine's own, NULL where it is another's (PCSCLITE_CSOCK_NAME). */
const char *plugged_root(void);

#endif
