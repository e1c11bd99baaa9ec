/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The same action as a new operation, as it stands: the old row becomes superseded. In a transaction. */
#ifndef DESK_RESEND_H
#define DESK_RESEND_H

#include "desk_private.h"
#include "store/outbox.h"

int resend(struct desk *d, const struct db_outbox *row, struct err *e);

#endif
