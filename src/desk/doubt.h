/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * After taking over from a newer copy of this file (R11): what this one has withdrawn or corrected before ever sending it, the newer one
 * may have sent. Such operations are looked up once. What the platform has of them is brought to what stands here: corrected to it, or
 * reversed by the life cycle's own event, both facts written; an event that none reverses stands here too; a message says so (DESIGN 6, 9).
 */
#ifndef DESK_DOUBT_H
#define DESK_DOUBT_H

#include "desk_private.h"
#include "desk/exchange.h"
#include "store/outbox.h"

#define DOUBT_MESSAGE "box.left_there" /* kinds of messages */
#define DOUBT_FOLLOWED "box.followed"
#define DOUBT_UNASKED "box.unasked"

/* The platform's word on a withdrawn or superseded row; nothing happens to one that was no doubt. In a transaction. */
int doubt_answer(struct desk *d, const struct db_outbox *row, const struct answer *a, struct err *e);
/*
 * An operation that was never sent from here was found there: the newer copy of the file sent it, with the contents that stood in that one. Where they
 * are not those that stand here, and nothing tells these, a correction does. content: struct answer's; NULL, the platform does not say what it took:
 * a correction made here since counts as a difference. row: as it was before the answer. In a transaction.
 */
int doubt_contents(struct desk *d, const struct db_outbox *row, const char *content, struct err *e);
/* Every subject all of whose doubts are looked up. In the same transaction. */
int doubt_settle(struct desk *d, struct err *e);

/*
 * Where a platform can only be asked by what a record says (the open.api), a thing that was taken back and is here no more cannot be asked about:
 * a message names it, and the doubt is over. In the transaction that takes over, or moves the box. *n: how many.
 */
int doubt_unasked(struct desk *d, int64_t *n, struct err *e);

#endif
