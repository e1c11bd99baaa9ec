/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A row of the outbox, and a line, as they are handed out (upload.c). */
#ifndef DESK_ROW_OUT_H
#define DESK_ROW_OUT_H

#include "desk/upload.h"
#include "desk_private.h"
#include "store/line.h"
#include "store/outbox.h"

int outbox_row_out(struct desk *d, const struct db_outbox *row, struct outbox_row *out, struct err *e);
/* But for `plain`, which only the project that is current can tell. */
void line_state_out(const struct desk *d, const struct db_line *line, struct line_state *out);

#endif
