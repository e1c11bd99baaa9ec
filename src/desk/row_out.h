/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A row of the outbox as it is handed out: the platform's words and ours (upload.c). */
#ifndef DESK_ROW_OUT_H
#define DESK_ROW_OUT_H

#include "desk/upload.h"
#include "desk_private.h"
#include "store/outbox.h"

int outbox_row_out(struct desk *d, const struct db_outbox *row, struct outbox_row *out, struct err *e);

#endif
