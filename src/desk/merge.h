/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Private to the desk: somebody new who looks like somebody known. */
#ifndef DESK_MERGE_PRIVATE_H
#define DESK_MERGE_PRIVATE_H

#include "desk_private.h"

/* Inside the use case's transaction: the person is a member already. *other: whom he looks like, 0: nobody. */
int merge_offer_alike(struct desk *d, int64_t person, const char *name, int64_t *other, struct err *e);

#endif
