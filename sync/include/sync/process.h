/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the runner and the gateway share as processes: their log, their signals, the end of what started them. */
#ifndef SYNC_PROCESS_H
#define SYNC_PROCESS_H

#include <argp.h>
#include <stdbool.h>

#include "base/err.h"

/* Attended, the terminal belongs to the screens: the log goes to a file of the data directory, which stays small. dir NULL: to standard error, for the
 * journal or a person. */
void process_log(const char *name, const char *dir, const char *file);
int process_signals(void);	   /* TERM, INT, HUP become readable there; PIPE is ignored. -1: none */
bool process_readable(int fd);	   /* now; -1: never */
bool process_ended(int fd);	   /* at its end: what comes before is read and thrown away */

/* What runner and gateway are started with alike: the data directory, where the key comes from, whether sessions keep it alive. As an argp child whose
 * input is a struct process_how with key_fd -1. */
struct process_how {
	const char *dir;
	int key_fd;
	bool attended, unattended;
};
extern const struct argp process_argp;
struct desk;
int process_take_key(struct desk *d, const struct process_how *how, struct err *e);

#endif
