/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A grid of cells: what a screen draws on and what the terminal is brought to. Pure; no terminal here.
 *
 * A cell holds one character with its combining marks, or is the right half of a wide one (width 0). Widths are those of
 * base/text.h. Drawing clips at the canvas and never leaves half a character: overwriting one half of a wide character blanks
 * the other. Control characters never get in (they become '?'), so that nothing stored can act on a terminal.
 */
#ifndef SCREENS_CANVAS_H
#define SCREENS_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum attr { ATTR_PLAIN = 0, ATTR_BOLD = 1, ATTR_REVERSE = 2, ATTR_UNDERLINE = 4, ATTR_DIM = 8,
	ATTR_RED = 0x10, ATTR_GREEN = 0x20, ATTR_YELLOW = 0x30, ATTR_COLOR = 0x70 };

#define CELL_BYTES 21 /* a character and as many combining marks as fit; more are not shown (they stay in the data) */

struct cell {
	char text[CELL_BYTES]; /* UTF-8, not terminated */
	uint8_t n;
	uint8_t width;         /* 1 or 2; 0: right half of the cell before */
	uint8_t attr;          /* enum attr bits */
	uint16_t fg, bg;       /* of a picture: number of xterm's palette + 1; 0: the terminal's own */
};

struct canvas {
	int rows, cols;
	struct cell *cell;
	int cursor_row, cursor_col; /* where the hardware cursor belongs; row -1: nobody placed it */
};

int canvas_resize(struct canvas *c, int rows, int cols); /* blank afterwards; -1: no memory, unchanged */
void canvas_release(struct canvas *c);                   /* wipes */
void canvas_clear(struct canvas *c);
struct cell *canvas_at(const struct canvas *c, int row, int col);
void canvas_cursor(struct canvas *c, int row, int col);  /* clipped to the canvas */

/* Draws text from (row, col) within `width` columns, cut at a character's end. Returns the columns taken. */
int canvas_text(struct canvas *c, int row, int col, int width, unsigned attr, const char *text);
/* The same, but what does not fit ends in "…". */
int canvas_cut(struct canvas *c, int row, int col, int width, unsigned attr, const char *text);
void canvas_blank(struct canvas *c, int row, int col, int height, int width);
/* One cell of a picture: a character one column wide (others become a blank). fg, bg: palette numbers, negative: the terminal's own. */
void canvas_picture(struct canvas *c, int row, int col, uint32_t cp, int fg, int bg);

/* Breaks text into lines of at most `width` columns: calls line() for each; closing punctuation does not begin a line where it can be
 * helped. Returns the number of lines. line may be NULL (to count). */
typedef void canvas_line(void *arg, int index, const char *text, size_t n);
int canvas_wrap(const char *text, int width, canvas_line *line, void *arg);
/* Wraps onto the canvas, at most `height` lines; returns the lines taken. */
int canvas_paragraph(struct canvas *c, int row, int col, int height, int width, unsigned attr, const char *text);

#endif
