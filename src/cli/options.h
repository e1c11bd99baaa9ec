/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading arguments. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "cli_private.h"

void options_of(struct cli *c, const struct command *command); /* NULL: the common ones */
/* The options before the command's first word, whose place is *word (argc: there is none). */
int options_before(struct cli *c, int argc, char **argv, int *word, struct err *e);
/* argv[0] is the command's last word. c->argv is allocated here; cli_main() frees it. */
int options_after(struct cli *c, const struct command *command, int argc, char **argv, struct err *e);

#endif
