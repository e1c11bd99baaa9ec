/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The command line (DESIGN 12): the same data, rules and accounts as the screens, without a screen. stdout carries the answer (with --json
 * one JSON value, stable, documented in the man page), stderr what went wrong and what to do. Nothing of a person's is ever
 * written unmasked, except a card that was read at the clerk's own reader.
 *
 * Passwords come from --password-file or the terminal with the echo off, never from an argument or the environment. Files that the
 * clerk names are opened with the clerk's own rights (DESIGN 5).
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "base/err.h"

#define CLI_OPEN_SCREENS (-1) /* no subcommand was given: the caller opens the screens */

/* What main() lends: this folder knows no screens. */
struct cli_hooks {
	int (*practice)(int argc, char **argv); /* `shiming practice …`, argv[0] is "practice"; returns the exit status */
};

/* Filled when CLI_OPEN_SCREENS is returned. */
struct cli_screens {
	char dir[4096];       /* the data directory: --data, SHIMING_DATA, else the usual one */
	char language[16]; /* --language, "": the setting or the environment */
};

/* The exit status of DESIGN 12: 0 done, 1 refused or failed, 2 usage, 3 no data directory or locked, 4 not permitted; or CLI_OPEN_SCREENS. */
int cli_main(int argc, char **argv, const struct cli_hooks *hooks, struct cli_screens *screens);

/* To stderr, when e is ERR_DATA_DAMAGED and the data directory has a backup made by itself: where it is and how it is restored (R16). */
void cli_say_last_backup(const struct err *e, const char *dir);

#endif
