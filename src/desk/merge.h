/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Private to the desk: somebody new who looks like somebody known. */
#ifndef DESK_MERGE_PRIVATE_H
#define DESK_MERGE_PRIVATE_H

#include "desk_private.h"
#include "store/outbox.h"

/* Inside the use case's transaction: the person is a member already. *other: whom he looks like, 0: nobody. */
int merge_offer_alike(struct desk *d, int64_t person, const char *name, int64_t *other, struct err *e);

/* The operation that registers, or is to register, the file into which this registration's file was merged, in the current project. id 0: none, or the
 * file stands for itself. */
int merge_stands_for_both(struct desk *d, const struct db_outbox *registration, struct db_outbox *out, struct err *e);
/*
 * In the use case's transaction: the registration of a file that was merged is needless, for the platform goes by the one that stays and refuses the same
 * document twice. It and its corrections that have not left this box are withdrawn; what waits for them waits for the other's registration. What may have
 * left is not touched: its outcome is asked for as ever.
 */
int merge_lay_down(struct desk *d, const char *gone_uid, int64_t stands, struct err *e);

#endif
