/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One matter onto paper: asked where to, a PDF file or the printer; written, recorded, said. */
#ifndef SCREENS_PAPER_ONE_H
#define SCREENS_PAPER_ONE_H

#include "office/client.h"
#include "ui.h"

struct paper_one {	  /* in the state of the screen that asks */
	const char *list; /* the export's name, for the record */
	int (*put)(struct desk *d, const struct paper_one *p, struct office_out *out, struct err *e);
	int64_t id; /* what it is about: put()'s own */
	char uid[UID_TEXT];
};
void paper_one_ask(struct ui *ui, struct paper_one *p);
/* put() of a sheet that the desk made; deletes it. */
int paper_one_put(cJSON *sheet, struct office_out *out, struct err *e);

#endif
