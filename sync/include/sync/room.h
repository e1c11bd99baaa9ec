/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is left to the runner of the machine's files (base/confine.h), once it has its key and before the
 * first foreign byte: the data directory, the witness's and the second place of backups to write, the lines'
 * certificates and the system's own folders to read. A setting that names another place later, or a stick
 * that comes, needs another room: rooms only get smaller, so the runner ends and is started anew.
 */
#ifndef SYNC_ROOM_H
#define SYNC_ROOM_H

#include <sys/types.h>

#include "desk/desk.h"

#define ROOM_PLACES 40
#define ROOM_PATH 4200

struct room_place {
	char path[ROOM_PATH];
	dev_t dev;
	ino_t ino; /* 0: it was not there */
};
struct room {
	struct room_place place[ROOM_PLACES]; /* named by settings */
	size_t n;
};

/* Of this process, from here on. What the kernel does not do is left out (doctor says so). A place beyond the
 * last is left out, too: it is missed, and said, when it is needed. */
int room_shut(struct room *r, struct desk *d, const char *dir, struct err *e);
/* ERR_RUNNER_ANEW: the setting names what this room has not. project: whose; 0: the box's own. r NULL: no
 * room was shut, nothing is missed. */
int room_has(const struct room *r, struct desk *d, const char *dir, int64_t project, const char *setting,
	     struct err *e);

#endif
