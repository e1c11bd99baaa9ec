/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * `shiming practice`: the whole job on an invented site, with nothing real in reach.
 *
 * practice_open() takes the practice directory (one at a time, by a lock), makes the invented site in it the first time, and starts three
 * helpers on this machine: the reference platform over HTTPS on loopback with a certificate authority made afresh, a simulated
 * security module with made-up cards, and a pcscd of its own with our driver. It sets PCSCLITE_CSOCK_NAME for the card helper
 * that is started later. None of them outlives this process, kill -9 included: each gets PR_SET_PDEATHSIG and a lifeline, a pipe
 * whose end of input ends it. practice_close() ends them in order and removes what lay in the runtime directory.
 *
 * Directory (default ${XDG_STATE_HOME:-~/.local/state}/shiming/practice/PROFILE, mode 0700): practice.json names it as ours, data/ is the
 * data directory, platform/ the reference platform's. Nothing but these is ever removed, and only by --fresh.
 *
 * This folder knows no screens: main() gives the function that opens them.
 */
#ifndef CLI_PRACTICE_H
#define CLI_PRACTICE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct practice;

struct practice_options {
	const char *dir;     /* NULL: the default */
	const char *profile; /* NULL: "national"; must fit a directory that exists */
	const char *door;    /* the dialect to be practised ("open_api", "device"); NULL: the region's own */
	bool fresh;          /* begin anew: forget the invented site and what was done on it */
};

struct practice_card {
	const char *name;  /* "place NAME\n" on the control descriptor */
	const char *label; /* 张三 · 居民身份证 */
};

int practice_open(struct practice **out, const struct practice_options *options, struct err *e);
void practice_close(struct practice *p); /* accepts NULL and half-opened */

const char *practice_dir(const struct practice *p);       /* the practice directory */
const char *practice_data_dir(const struct practice *p);  /* the data directory in it */
const char *practice_notice(const struct practice *p);    /* for the login screen: accounts and passwords; translated */
int practice_card_control(const struct practice *p);      /* write "place NAME\n", "remove\n" here */
const struct practice_card *practice_cards(const struct practice *p, size_t *n);

/* The subcommand: parses argv (argv[0] is "practice"), opens, calls open_screens, closes. Returns the exit status. */
typedef int (*practice_screens)(const struct practice *p, struct err *e);
int practice_command(int argc, char **argv, practice_screens open_screens);

#endif
