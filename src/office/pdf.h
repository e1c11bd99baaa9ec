/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A4 pages under way: what tables, forms and badges draw with. Lengths in points, from the top left. */
#ifndef OFFICE_PDF_H
#define OFFICE_PDF_H

#include <pango/pangocairo.h>

#include "base/text.h"
#include "office/paper.h"

#define MM (72.0 / 25.4)
#define A4_SHORT (210 * MM)
#define A4_LONG (297 * MM)
#define MARGIN (15 * MM)
#define FOOT_ROOM (8 * MM)
#define PAD 2.5 /* inside a cell */
#define HAIR 0.4

struct pdf_part { /* how the part under way takes rows */
	int (*row)(struct paper *p, const cJSON *cells, struct err *e);
	int (*end)(struct paper *p, struct err *e);
};

struct paper {
	int fd, trouble; /* errno of a failed write */
	cairo_surface_t *surface;
	cairo_t *cairo;
	PangoLayout *layout;
	double width, height, y; /* of the page; where the next row goes */
	bool on_page, footless;
	int page;    /* of this part */
	int unknown; /* characters that no font here has, on this page */
	char title[400], note[1000], foot[400];
	const struct pdf_part *part;
	/* a table's */
	size_t n;
	double column[PAPER_COLUMNS_MAX];
	char heading[PAPER_COLUMNS_MAX][200];
	double size; /* of its letters */
	/* a form's */
	char label[200], *value; /* a pair that waits for its neighbour; value is owned */
	/* the badges' */
	size_t badges;
};

extern const struct pdf_part pdf_table, pdf_form, pdf_badges;
int pdf_table_head(struct paper *p, const cJSON *head, struct err *e);

struct box {
	double x, y, width, height;
};
enum pdf_look { LOOK_PLAIN = 0, LOOK_BOLD = 1, LOOK_CENTRE = 2 };

/* Makes p->layout this text in this width (0: one line, as long as it is) and returns its height; lines 0:
 * any number, else cut with …. */
double pdf_text(struct paper *p, const char *text, double width, double size, unsigned look, int lines);
void pdf_show(struct paper *p, double x, double y); /* the layout */
void pdf_frame(struct paper *p, const struct box *b, bool shaded);
double pdf_inner(const struct paper *p);
double pdf_bottom(const struct paper *p);
/* Ends the page that is begun, with its foot, and begins another with title and note. */
int pdf_page(struct paper *p, struct err *e);
/* As much as stands on the head: title and note from `key` and "note", foot. */
void pdf_take_head(struct paper *p, const cJSON *head, const char *key);

#endif
