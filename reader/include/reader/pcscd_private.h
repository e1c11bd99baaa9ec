/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A pcscd of one's own: for `shiming practice` and the tests, beside whatever the system runs, as root or
 * not.
 *
 * It is started by socket activation (its own socket path is compiled in) in a mount namespace with a tmpfs
 * where its pid file lies, and for ordinary users in a user namespace; where namespaces are not to be had it
 * runs without, provided that /run/pcscd exists. It gets SIGKILL when the thread that started it ends, kill
 * -9 included. Clients need PCSCLITE_CSOCK_NAME=socket in their environment; they may connect at once.
 *
 * The directory belongs to the caller, who removes it, and must not lie under /run, which pcscd then cannot
 * see.
 */
#ifndef READER_PCSCD_PRIVATE_H
#define READER_PCSCD_PRIVATE_H

#include <stddef.h>
#include <sys/types.h>

#include "base/err.h"

struct pcscd_device {
	const char *name;   /* the reader's name in PC/SC, " 00 00" is added: ASCII without quotes */
	const char *device; /* DEVICENAME of the driver: "/abs/path:samv" */
};

struct pcscd_private {
	pid_t pid;          /* 0: not running */
	char dir[80];
	char socket[100];   /* DIR/pcscd.sock */
};

/* Writes DIR/reader.conf.d/shiming and starts. driver: absolute path, or NULL for pcscd_private_driver().
 * log_fd: where pcscd's own output goes (no APDUs among it), -1 for nowhere. ERR_CARD_SERVICE: pcscd is not
 * installed or did not start. */
int pcscd_private_start(struct pcscd_private *p, const char *dir, const char *driver, const struct pcscd_device *devices,
			size_t n, int log_fd, struct err *e);
void pcscd_private_stop(struct pcscd_private *p); /* SIGTERM, then SIGKILL; reaps; accepts one that does not run */

/* The driver: $SHIMING_DRIVER, else ../lib/libifdsamv.so beside this program, else where it is installed.
 * ERR_NOT_FOUND. */
int pcscd_private_driver(char *out, size_t size, struct err *e);

#endif
