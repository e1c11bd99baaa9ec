/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A picture as a grid of terminal cells: what shiming-picture answers and the screens paint. No escape codes,
 * no terminal.
 *
 * On the wire (`shiming-picture cells`) it is JSON lines: a head {"columns":C,"rows":R,"colours":"256"}, then
 * R lines
 * {"text":"…","fg":[…],"bg":[…]} with C characters and, unless colours is "none", C numbers each. A colour is
 * a number of xterm's palette (16..255; 0..15 are the user's own and never used) or 0xRRGGBB; GRID_DEFAULT is
 * the terminal's own. Every character is one column wide in the ambiguous width that was asked for.
 */
#ifndef PICTURE_GRID_H
#define PICTURE_GRID_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

#define GRID_MOST 500			/* columns, rows */
#define GRID_WIRE_MAX ((size_t)8 << 20) /* bytes of the largest grid on the wire, with room */
#define GRID_DEFAULT (-1)

enum grid_colours { GRID_NONE, GRID_256, GRID_TRUECOLOR, GRID_COLOURS };

struct grid_cell {
	uint32_t cp;
	int32_t fg, bg;
};

struct grid {
	unsigned columns, rows;
	enum grid_colours colours;
	struct grid_cell *cells; /* owned; rows × columns, row by row */
};

int grid_init(struct grid *g, unsigned columns, unsigned rows, enum grid_colours colours, struct err *e);
void grid_release(struct grid *g); /* accepts a zeroed one */
const struct grid_cell *grid_at(const struct grid *g, unsigned column, unsigned row);

const char *grid_colours_name(enum grid_colours colours); /* "none", "256", "truecolor" */
int grid_colours_of(const char *name);			  /* -1: no such */
int grid_write(const struct grid *g, struct buf *out, struct err *e);
/* ERR_JSON for anything that is not exactly such a grid. *g is set on success only. */
int grid_read(struct grid *g, const char *text, size_t n, struct err *e);

#endif
