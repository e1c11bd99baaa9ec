/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the platform changed of a person or an employment, field by field. In the transaction that takes the change. */
#ifndef DESK_CONFLICT_PRIVATE_H
#define DESK_CONFLICT_PRIVATE_H

#include "desk/conflict.h"
#include "desk/exchange.h"

/* Of a change "person.changed" or "employment.changed". person: of the subject, 0 nobody of ours (APPLIED_UNKNOWN_SUBJECT). APPLIED_FORBIDDEN: it holds what cannot be read here, or is about an
 * employment that is over; nothing of it is taken. APPLIED_BEFORE: all of it stood here already. */
int conflict_take(struct desk *d, const struct change *c, int64_t *person, enum applied *result, struct err *e);

#endif
