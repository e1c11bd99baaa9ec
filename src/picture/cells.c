/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pixels to cells. Each way of drawing is a row: how many pixels a cell has, and a function that paints one
 * cell of them. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "decode.h"
#include "picture/picture.h"

#define CELL_PIXELS 8 /* most in a cell: braille, 2 × 4 */

struct colour {
	int rgb[3];
};

/* One cell's pixels, row by row, and what to make of them. */
struct patch {
	struct colour pixel[CELL_PIXELS];
	unsigned n;
	enum grid_colours colours;
};

struct drawing {
	const char *name;
	unsigned across, down;
	bool dithered; /* pixels come as black and white */
	void (*paint)(const struct patch *p, struct grid_cell *cell);
	uint32_t needs; /* a character that must be one column wide */
	enum picture_symbols instead;
};

/* --- colours --- */

/* xterm's palette: 16 + 36r + 6g + b with these levels, then 24 greys 8, 18, … 238 (xterm, 256colres.pl). */
static const int levels[] = {0, 95, 135, 175, 215, 255};

#define CUBE_FIRST 16
#define GREY_FIRST 232
#define GREYS 24

static long distance(const struct colour *a, const struct colour *b)
{
	long sum = 0;

	for (int c = 0; c < 3; c++)
		sum += (long)(a->rgb[c] - b->rgb[c]) * (a->rgb[c] - b->rgb[c]);
	return sum;
}

static int nearest_level(int value)
{
	int best = 0;

	for (int i = 1; i < (int)ARRAY_LEN(levels); i++) {
		if (abs(levels[i] - value) < abs(levels[best] - value))
			best = i;
	}
	return best;
}

static int32_t palette_of(const struct colour *c)
{
	int cube[3], grey = ((c->rgb[0] + c->rgb[1] + c->rgb[2]) / 3 - 3) / 10;
	struct colour in_cube, in_grey;

	grey = grey < 0 ? 0 : grey >= GREYS ? GREYS - 1 : grey;
	for (int i = 0; i < 3; i++) {
		cube[i] = nearest_level(c->rgb[i]);
		in_cube.rgb[i] = levels[cube[i]];
		in_grey.rgb[i] = 8 + 10 * grey;
	}
	if (distance(c, &in_grey) < distance(c, &in_cube))
		return GREY_FIRST + grey;
	return CUBE_FIRST + 36 * cube[0] + 6 * cube[1] + cube[2];
}

static int32_t colour_number(const struct colour *c, enum grid_colours colours)
{
	if (colours == GRID_256)
		return palette_of(c);
	return c->rgb[0] << 16 | c->rgb[1] << 8 | c->rgb[2];
}

static int brightness(const struct colour *c)
{
	return (299 * c->rgb[0] + 587 * c->rgb[1] + 114 * c->rgb[2] + 500) / 1000; /* ITU-R BT.601 */
}

/* --- cells --- */

static void set_two(struct grid_cell *cell, uint32_t cp, const struct colour *fg, const struct colour *bg,
		    enum grid_colours colours)
{
	*cell = (struct grid_cell){
		.cp = cp, .fg = colour_number(fg, colours), .bg = colour_number(bg, colours)};
	if (cell->fg == cell->bg)
		cell->cp = ' '; /* fewer bytes, and no seam in fonts that leave one */
}

static void paint_half(const struct patch *p, struct grid_cell *cell)
{
	set_two(cell, 0x2580, &p->pixel[0], &p->pixel[1], p->colours);
}

/* Bit 0 upper left, 1 upper right, 2 lower left, 3 lower right. The other eight are these with the colours
 * exchanged. */
static const uint32_t quarters[] = {' ', 0x2598, 0x259D, 0x2580, 0x2596, 0x258C, 0x259E, 0x259B};

/* The mean of the pixels whose bit in mask is `set`, and how far they are from it. */
static long mean_of(const struct patch *p, unsigned mask, bool set, struct colour *mean)
{
	struct colour sum = {{0, 0, 0}};
	long off = 0;
	int n = 0;

	for (unsigned i = 0; i < p->n; i++) {
		if ((mask >> i & 1) != set)
			continue;
		n++;
		for (int c = 0; c < 3; c++)
			sum.rgb[c] += p->pixel[i].rgb[c];
	}
	for (int c = 0; n && c < 3; c++)
		sum.rgb[c] = (sum.rgb[c] + n / 2) / n;
	for (unsigned i = 0; i < p->n; i++) {
		if ((mask >> i & 1) == set)
			off += distance(&p->pixel[i], &sum);
	}
	*mean = sum;
	return off;
}

static void paint_quarter(const struct patch *p, struct grid_cell *cell)
{
	struct colour fg, bg, best_fg = {{0}}, best_bg = {{0}};
	long least = -1;
	unsigned best = 0;

	for (unsigned mask = 0; mask < ARRAY_LEN(quarters); mask++) {
		long off = mean_of(p, mask, true, &fg) + mean_of(p, mask, false, &bg);

		if (text_cp_width(quarters[mask]) != 1 || (least >= 0 && off >= least))
			continue;
		least = off;
		best = mask;
		best_fg = best ? fg : bg;
		best_bg = bg;
	}
	set_two(cell, quarters[best], &best_fg, &best_bg, p->colours);
}

/* Dots 1–8 stand down the left column, then the right, with 7 and 8 below (ISO/TR 11548-1, U+2800). */
static void paint_braille(const struct patch *p, struct grid_cell *cell)
{
	static const unsigned dots[CELL_PIXELS] = {0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80};
	uint32_t cp = 0x2800;

	for (unsigned i = 0; i < p->n; i++)
		cp |= p->pixel[i].rgb[0] ? dots[i] : 0;
	cell->cp = cp == 0x2800 ? ' ' : cp;
}

static void paint_ramp(const struct patch *p, struct grid_cell *cell, const uint32_t *ramp, int n)
{
	cell->cp = ramp[brightness(&p->pixel[0]) * n / 256];
}

static void paint_shade(const struct patch *p, struct grid_cell *cell)
{
	static const uint32_t ramp[] = {' ', 0x2591, 0x2592, 0x2593, 0x2588};

	paint_ramp(p, cell, ramp, (int)ARRAY_LEN(ramp));
}

static void paint_ascii(const struct patch *p, struct grid_cell *cell)
{
	static const uint32_t ramp[] = {' ', '.', ':', '-', '=', '+', '*', '#', '%', '@'};

	paint_ramp(p, cell, ramp, (int)ARRAY_LEN(ramp));
}

static const struct drawing drawings[] = {
	[PICTURE_AUTO] = {.name = "auto"},
	[PICTURE_HALF] = {"half", 1, 2, false, paint_half, 0x2580, PICTURE_QUARTER},
	[PICTURE_QUARTER] = {"quarter", 2, 2, false, paint_quarter, ' ', PICTURE_QUARTER},
	[PICTURE_BRAILLE] = {"braille", 2, 4, true, paint_braille, 0x2801, PICTURE_ASCII},
	[PICTURE_SHADE] = {"shade", 1, 1, false, paint_shade, 0x2592, PICTURE_ASCII},
	[PICTURE_ASCII] = {"ascii", 1, 1, false, paint_ascii, ' ', PICTURE_ASCII},
};

int picture_symbols_of(const char *name)
{
	for (int i = 0; i < (int)ARRAY_LEN(drawings); i++) {
		if (!strcmp(drawings[i].name, name))
			return i;
	}
	return -1;
}

static bool is_coloured(enum picture_symbols s)
{
	return s == PICTURE_HALF || s == PICTURE_QUARTER;
}

/* NULL: these symbols cannot be drawn in these colours. */
static const struct drawing *drawing_of(const struct picture_cells_options *o)
{
	enum picture_symbols s = o->symbols;

	if (s == PICTURE_AUTO)
		s = o->colours == GRID_NONE ? PICTURE_BRAILLE : PICTURE_HALF;
	if ((unsigned)s >= PICTURE_SYMBOLS || is_coloured(s) != (o->colours != GRID_NONE))
		return NULL;
	if (text_cp_width(drawings[s].needs) != 1)
		s = drawings[s].instead;
	return &drawings[s];
}

/* --- the grid --- */

static int clamp(int value)
{
	return value < 0 ? 0 : value > 255 ? 255 : value;
}

static void spread(struct raster *r, uint32_t x, uint32_t y, int part)
{
	uint8_t *at;

	if (x >= r->width || y >= r->height)
		return;
	at = r->rgb + ((size_t)y * r->width + x) * 3;
	at[0] = (uint8_t)clamp(at[0] + part);
}

/* Floyd and Steinberg's error diffusion, in the first channel. */
static void dither(struct raster *r)
{
	for (size_t i = 0; i < (size_t)r->width * r->height; i++) {
		uint8_t *at = r->rgb + 3 * i;

		at[0] = (uint8_t)brightness(&(struct colour){{at[0], at[1], at[2]}});
	}
	for (uint32_t y = 0; y < r->height; y++) {
		for (uint32_t x = 0; x < r->width; x++) {
			uint8_t *at = r->rgb + ((size_t)y * r->width + x) * 3;
			int off = at[0] < 128 ? at[0] : at[0] - 255;

			at[0] = at[0] < 128 ? 0 : 255;
			spread(r, x + 1, y, off * 7 / 16);
			spread(r, x - 1, y + 1, off * 3 / 16); /* x = 0 wraps round and lies outside */
			spread(r, x, y + 1, off * 5 / 16);
			spread(r, x + 1, y + 1, off / 16);
		}
	}
}

static void take_patch(const struct raster *r, const struct drawing *d, uint32_t column, uint32_t row,
		       struct patch *p)
{
	p->n = d->across * d->down;
	for (unsigned i = 0; i < p->n; i++) {
		size_t x = (size_t)column * d->across + i % d->across,
		       y = (size_t)row * d->down + i / d->across;

		for (int c = 0; c < 3; c++)
			p->pixel[i].rgb[c] = r->rgb[(y * r->width + x) * 3 + (size_t)c];
	}
}

static void paint(const struct raster *r, const struct drawing *d, struct grid *g)
{
	struct patch p = {.colours = g->colours};

	for (unsigned row = 0; row < g->rows; row++) {
		for (unsigned column = 0; column < g->columns; column++) {
			struct grid_cell *cell = &g->cells[(size_t)row * g->columns + column];

			take_patch(r, d, column, row, &p);
			d->paint(&p, cell);
		}
	}
}

/* Columns and rows that keep the picture's shape, cells being twice as high as wide. Small pictures are
 * enlarged: they are to be seen. */
static void grid_size(const struct decoded *d, const struct picture_cells_options *o, unsigned *columns,
		      unsigned *rows)
{
	uint64_t w = d->width, h = d->height, half_rows = 2 * (uint64_t)o->rows;

	if (w * half_rows >= h * o->columns) { /* the width decides */
		*columns = o->columns;
		*rows = (unsigned)((h * o->columns + w) / (2 * w));
	} else {
		*rows = o->rows;
		*columns = (unsigned)((w * half_rows + h / 2) / h);
	}
	*columns += !*columns;
	*rows += !*rows;
}

static int draw(const struct decoded *d, const struct picture_cells_options *o, const struct drawing *how,
		struct grid *out, struct err *e)
{
	unsigned columns, rows;
	struct raster r = {0};
	int last = -1;

	grid_size(d, o, &columns, &rows);
	if (raster_resample(&d->raster, columns * how->across, rows * how->down, &r, e) ||
	    grid_init(out, columns, rows, o->colours, e))
		goto out;
	if (how->dithered)
		dither(&r);
	paint(&r, how, out);
	last = 0;
out:
	raster_release(&r);
	return last;
}

int picture_cells(const void *data, size_t n, const struct picture_cells_options *o, struct grid *out,
		  struct err *e)
{
	const struct drawing *how = drawing_of(o);
	struct decoded d = {0};
	struct decode_job job;
	int last;

	if (!how || !o->columns || o->columns > GRID_MOST || !o->rows || o->rows > GRID_MOST)
		return err_set(e, ERR_USAGE, "%u x %u cells", o->columns, o->rows);
	job = (struct decode_job){data, n, o->columns * 2, o->rows * 4,
				  o->source_pixels ? o->source_pixels : PICTURE_SOURCE_PIXELS};
	if (picture_decode(&job, &d, e))
		return -1;
	last = draw(&d, o, how, out, e);
	raster_release(&d.raster);
	return last;
}
