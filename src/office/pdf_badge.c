/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Badges of a card's size (ISO/IEC 7810 ID-1), ten to a page with lines to cut along, the worker's code as QR
 * (L4). */
#include <errno.h>
#include <qrencode.h>

#include "pdf.h"

#define ACROSS 2
#define DOWN 5
#define CARD_WIDTH (85.6 * MM)
#define CARD_HEIGHT (54.0 * MM)
#define GAP (1.0 * MM)
#define QR_SIDE (24.0 * MM)
#define QR_QUIET 4 /* modules of white around (ISO/IEC 18004) */

enum { NAME, COMPANY, TEAM, TRADE, NUMBER, CODE, CELLS };

static int draw_qr(struct paper *p, const char *code, double x, double y, struct err *e)
{
	QRcode *qr = QRcode_encodeString8bit(code, 0, QR_ECLEVEL_M);
	double step;

	if (!qr)
		return err_set(e, errno == ENOMEM ? ERR_MEMORY : ERR_TOO_LARGE, "QR");
	step = QR_SIDE / (qr->width + 2 * QR_QUIET);
	for (int row = 0; row < qr->width; row++)
		for (int col = 0; col < qr->width; col++)
			if (qr->data[row * qr->width + col] & 1)
				cairo_rectangle(p->cairo, x + (col + QR_QUIET) * step,
						y + (row + QR_QUIET) * step, step, step);
	cairo_fill(p->cairo);
	QRcode_free(qr);
	return 0;
}

static double line(struct paper *p, const char *text, const struct box *b, double y, double size,
		   unsigned look)
{
	double height = pdf_text(p, text, b->width, size, look, 1);

	pdf_show(p, b->x, y);
	return y + height + 2;
}

static int draw(struct paper *p, const char *const *cell, double x, double y, struct err *e)
{
	struct box whole = {x, y, CARD_WIDTH, CARD_HEIGHT},
		   head = {x + 3 * MM, y + 3 * MM, CARD_WIDTH - 6 * MM, 0},
		   text = {x + 4 * MM, 0, CARD_WIDTH - QR_SIDE - 10 * MM, 0};
	double at;

	pdf_frame(p, &whole, false);
	at = line(p, p->heading[0], &head, head.y, 9, LOOK_BOLD | LOOK_CENTRE) + 2;
	at = line(p, cell[NAME], &text, at, 20, LOOK_BOLD) + 2;
	for (int i = COMPANY; i <= NUMBER; i++)
		if (cell[i][0])
			at = line(p, cell[i], &text, at, 9, LOOK_PLAIN);
	return cell[CODE][0] ? draw_qr(p, cell[CODE], x + CARD_WIDTH - QR_SIDE - 3 * MM,
				       y + (CARD_HEIGHT - QR_SIDE) / 2 + 3 * MM, e)
			     : 0;
}

static int row(struct paper *p, const cJSON *cells, struct err *e)
{
	const char *text[CELLS] = {"", "", "", "", "", ""};
	size_t place = p->badges % (ACROSS * DOWN), n = 0;
	double left = (p->width - ACROSS * CARD_WIDTH - (ACROSS - 1) * GAP) / 2;
	const cJSON *cell;

	cJSON_ArrayForEach(cell, cells)
	{
		if (n < CELLS)
			text[n++] = cell->valuestring;
	}
	if (!place && pdf_page(p, e))
		return -1;
	p->badges++;
	return draw(p, text, left + (double)(place % ACROSS) * (CARD_WIDTH + GAP),
		    5 * MM + (double)(place / ACROSS) * (CARD_HEIGHT + GAP), e);
}

const struct pdf_part pdf_badges = {row, NULL};
