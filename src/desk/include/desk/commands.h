/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The programs of others that ours runs: camera, portrait decoder, printing (DESIGN 5). They come from files only, never
 * from the database and never from what a clerk types:
 *
 *   /etc/shiming/commands.conf     root's, not writable by anybody else
 *   ~/.config/shiming/commands.conf   the user's own ($XDG_CONFIG_HOME), over the first; not where the program is
 *                                     installed set-group-id, for there the clerk may not choose what it runs
 *
 *   [camera]
 *   command = /usr/bin/fswebcam --no-banner -r 1280x720 {out}
 *   seconds = 20
 *   [wlt]
 *   decoder = /opt/wlt/wlt2bmp {in} {out}
 *   [print]
 *   command = /usr/bin/lp -o media=A4
 *
 * How a command is written: picture/wlt.h. A file that is not there says nothing. ERR_COMMANDS_FILE (detail: file,
 * line, what) for anything that is not understood; ERR_COMMANDS_OWNER for a file that others could have written.
 */
#ifndef DESK_COMMANDS_H
#define DESK_COMMANDS_H

#include <sys/types.h>

#include "base/err.h"

#define COMMANDS_FILE "/etc/shiming/commands.conf"
#define COMMAND_TEXT 1024

struct commands {
	char camera[COMMAND_TEXT];  /* "": none */
	unsigned camera_seconds;    /* 0: the usual */
	char decoder[COMMAND_TEXT]; /* "": none */
	char printer[COMMAND_TEXT]; /* takes a PDF on its stdin; "": /usr/bin/lp */
};
int commands_load(struct commands *out, struct err *e);
/* One file over what stands in *c; owner: whose it may be besides root's. What commands_load() is made of. */
int commands_read(struct commands *c, const char *path, uid_t owner, struct err *e);

#endif
