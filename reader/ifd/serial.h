/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A module on a serial line or pty. The line is raw, 8N1, at 115200 and then the other rates a module can be
 * set to, one a try. It is locked (TIOCEXCL for others who open it, flock for those who are root as we are):
 * two programs on one line both seem to work and garble each other.
 */
#ifndef IFD_SERIAL_H
#define IFD_SERIAL_H

#include <stdbool.h>

#include "transport.h"

#define SERIAL_PATH 256

struct serial {
	char path[SERIAL_PATH];
	unsigned rate;     /* fixed rate, 0: probe */
	int fd;            /* -1: closed */
	bool exclusive;    /* the line is closed to others by us */
	bool stale;        /* an answer that nobody waits for any more may still come */
};

void serial_init(struct serial *s, const char *path, unsigned rate);
bool serial_rate_known(unsigned rate);
struct transport serial_transport(struct serial *s);

#endif
