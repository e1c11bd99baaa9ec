/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The terminal: raw mode, keys in, a canvas out in as few bytes as can be, and everything given back at the end.
 *
 * Of ncurses it uses the terminal descriptions (terminfo.h), not the screen
 * model: curses takes the width of a character from the C library, where it cannot be told that this terminal shows · and ▶ two
 * columns wide (U8), and it costs about twice the bytes a list needs (P3). Here the width is base/text.h's, and after a character on
 * which terminals disagree the cursor is placed anew, so that columns stay straight even where we are wrong about one.
 *
 * One terminal at a time (terminfo has one, and the signal handler restores one). The descriptors stay the caller's.
 */
#ifndef SCREENS_TERMINAL_H
#define SCREENS_TERMINAL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "canvas.h"
#include "keys.h"

struct term;

struct term_options {
	int in, out;
	const char *type;  /* NULL: $TERM */
	int ambiguous;     /* 1 or 2; 0: measure */
	bool no_color;
};

/* ERR_TERMINAL: not a terminal, or one that cannot move its cursor. */
int term_open(struct term **out, const struct term_options *options, struct err *e);
void term_close(struct term *t);    /* restores; accepts NULL */

struct canvas *term_canvas(struct term *t);  /* what is to be shown; drawn by the caller, then term_flush() */
struct keys *term_keys(struct term *t);
int term_in(const struct term *t);

/* Brings the terminal to the canvas and the cursor to its place. -1: the terminal is gone. */
int term_flush(struct term *t, struct err *e);
/* The list between rows top and bottom has moved by `lines` (> 0: upwards): a hint for the next term_flush() only; wrong hints cost bytes,
 * never correctness. */
void term_scrolled(struct term *t, int top, int bottom, int lines);
void term_resume(struct term *t);            /* after the process was stopped and goes on: raw mode again, painted whole */
void term_forget(struct term *t);            /* the screen's content is unknown: the next flush paints it whole */
int term_measure(struct term *t);            /* takes the window's size anew; 1: it changed, 0: not, -1: no memory */
/* A cursor report came (K_REPORT): true when it changed the ambiguous width. */
bool term_reported(struct term *t);
/* Reads what is there into the keys. 1: something, 0: nothing, -1: end of input or error. */
int term_read(struct term *t, int64_t now);

bool term_has_function_keys(const struct term *t); /* else the second ways are shown */
int term_palette(const struct term *t);            /* colours a picture may have: 256, or 0 */
bool term_console(const struct term *t);           /* the Linux console: no Chinese glyphs (U10) */
uint64_t term_bytes(const struct term *t);         /* bytes sent so far: for tests and bench */

#endif
