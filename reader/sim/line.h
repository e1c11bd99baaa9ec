/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The module's end of a pty. The slave stays open here, so that the master does not read end of input
 * whenever the driver closes it; a symbolic link gives it a name that outlives the pty's number.
 */
#ifndef SIM_LINE_H
#define SIM_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct line {
	int master, slave;  /* -1: unplugged */
	char link[256];
	char slave_path[64];
};

void line_init(struct line *l, const char *link);
int line_plug(struct line *l, struct err *e);
void line_unplug(struct line *l);  /* the link goes with it, if it is still ours; accepts an unplugged one */
/* A driver that was killed cannot take back its TIOCEXCL, and with our slave open nobody else does. */
void line_forget_exclusive(struct line *l);

#endif
