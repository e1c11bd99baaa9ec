/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What taking back knows of life cycles, for others who go the way back (doubt.c, give_up.c). Nobody outside src/desk includes it. */
#ifndef DESK_UNDO_PARTS_H
#define DESK_UNDO_PARTS_H

#include "desk_private.h"
#include "domain/lifecycle.h"

/* The event that goes the way back of a fact's event, asked for or done; EVENT_NONE: there is none. */
enum event undo_reversing(const char *cycle, const char *event);
/* Where the subject stands by its row; ERR_NO_SUCH: it is there no more, or its cycle is never taken back. */
int undo_state_of(struct desk *d, enum cycle cycle, int64_t subject, int *state, struct err *e);
/* desk_undo() inside another use case's transaction, which is rolled back where this fails. */
int undo_take_back(struct desk *d, int64_t act, struct err *e);

#endif
