/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The practice directory and the runtime directory: found, made, locked, begun anew, cleaned. No process is started here. */
#ifndef CLI_PRACTICE_DIR_H
#define CLI_PRACTICE_DIR_H

#include <limits.h>
#include <stdbool.h>

#include "base/err.h"

#define PRACTICE_SECRET 44
#define PRACTICE_RULES "rules" /* of a door that is not the region's own (practice_door.h) */

struct practice_dirs {
	char dir[PATH_MAX];      /* the practice directory */
	char data[PATH_MAX];     /* dir/data */
	char platform[PATH_MAX]; /* dir/platform: the reference platform's */
	char runtime[80];        /* short: sockets lie here (their paths must stay below 108 bytes); "" until made */
	char profile[32]; /* with its door: practice_door_name() */
	char admin[PRACTICE_SECRET]; /* password of practice's own account */
	char token[PRACTICE_SECRET]; /* the box's, for the platform */
	bool made;               /* the invented site is in it; else the caller makes it, then practice_dirs_made() */
	int lock;                /* -1: none */
};

/* ERR_DATA_LOCKED: practised already in another terminal; ERR_DATA_FOREIGN: the directory holds something else; ERR_PROFILE: it was
 * begun with another profile. */
int practice_dirs_open(struct practice_dirs *p, const char *dir, const char *profile, bool fresh, struct err *e);
int practice_dirs_made(struct practice_dirs *p, struct err *e); /* writes practice.json: the site is whole from here on */
void practice_dirs_close(struct practice_dirs *p);              /* removes the runtime directory; accepts half-opened */

#endif
