/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decisions from elsewhere, for the rest of this folder. */
#ifndef DESK_INCOMING_H
#define DESK_INCOMING_H

#include "desk_private.h"

/* What stood in the way of a decision has been taken back: those of this subject that were kept are applied after all, in their order. What
 * still cannot be stays kept. In the use case's transaction. */
int incoming_kept(struct desk *d, const char *subject, struct err *e);

#endif
