/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the runner and the gateway share as processes: their log, their signals, the end of what started them. */
#ifndef SYNC_PROCESS_H
#define SYNC_PROCESS_H

#include <stdbool.h>

/* Attended, the terminal belongs to the screens: the log goes to a file of the data directory, which stays small. dir NULL: to standard error, for the
 * journal or a person. */
void process_log(const char *name, const char *dir, const char *file);
int process_signals(void);	   /* TERM, INT, HUP become readable there; PIPE is ignored. -1: none */
bool process_readable(int fd);	   /* now; -1: never */
bool process_ended(int fd);	   /* at its end: what comes before is read and thrown away */

#endif
