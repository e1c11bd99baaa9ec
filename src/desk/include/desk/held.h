/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * While the screen is locked (S1, S2): everything that forms, files and lists hold (base/held.h) is sealed
 * where it lies, under a key made for this lock in locked pages, which is thrown away when it is opened.
 * Nobody reads or frees these blocks in between; new ones may be made.
 */
#ifndef DESK_HELD_H
#define DESK_HELD_H

#include <stdbool.h>

#include "base/err.h"

struct held_seal;				      /* NULL: nothing is sealed */
int held_seal(struct held_seal **out, struct err *e); /* ERR_MEMORY: nothing is sealed */
void held_open(struct held_seal **seal); /* as it was, to the bit; *seal is NULL then; accepts NULL in it */

#endif
