/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Search texts of an older version, made anew a few people at a time, in a transaction of its own. */
#ifndef DESK_RETEXT_H
#define DESK_RETEXT_H

#include "desk_private.h"

/* Nothing is done without the data key or a current project, or when all have the texts of today. *more: call again. */
int retext_some(struct desk *d, bool *more, struct err *e);

#endif
