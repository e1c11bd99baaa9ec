/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Memory for what is typed, read from cards, or opened to be shown (S1): every block is known, so that all of
 * it can be sealed at once while the screen is locked, and every block is wiped when it is given back. It may
 * be swapped out like any other.
 *
 * A block belongs to who asked for it and goes back through held_drop() and nothing else. One thread.
 */
#ifndef BASE_HELD_H
#define BASE_HELD_H

#include <stddef.h>

void *held_new(size_t n);	   /* n bytes of zero, aligned for anything; NULL: no memory */
char *held_copy(const char *text); /* NULL: no memory */
void held_drop(void *p);	   /* wipes; accepts NULL */

/* Every block there is, the newest first. turn() may change what is in them; it neither makes nor drops any.
 */
void held_each(void (*turn)(void *arg, void *bytes, size_t n), void *arg);

/* What calls that have returned left behind on the stack, as far as a deep one reaches. */
void wipe_stack(void);

#endif
