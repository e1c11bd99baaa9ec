/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one door to the terminal library: what this terminal can do and says (terminfo, from ncurses). One terminal at a time. */
#ifndef SCREENS_TERMINFO_H
#define SCREENS_TERMINFO_H

#include <stdbool.h>

#include "base/buf.h"

bool terminfo_open(const char *type, int fd);   /* false: no description of such a terminal */
void terminfo_close(void);
const char *terminfo_string(const char *name);  /* NULL: the terminal has no such capability. Valid until terminfo_close() */
int terminfo_number(const char *name);          /* negative: none */
bool terminfo_flag(const char *name);
/* Adds a capability's bytes, without padding delays; NULL adds nothing. */
void terminfo_put(struct buf *out, const char *cap);
void terminfo_put2(struct buf *out, const char *cap, int a, int b); /* with its parameters; superfluous ones do no harm */

#endif
