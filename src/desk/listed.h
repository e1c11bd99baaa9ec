/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Private to the desk: what the platform's own list says of the person of an operation. */
#ifndef DESK_LISTED_H
#define DESK_LISTED_H

#include "desk_private.h"
#include "store/outbox.h"

/* Translated; "" where the dialect has no list or the operation tells of nobody. */
int listed_words(struct desk *d, const struct db_outbox *row, char *out, size_t size, struct err *e);

#endif
