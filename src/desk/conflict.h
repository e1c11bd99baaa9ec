/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the platform changed of a person, an employment, an assignment, a company, a participant or a team, field by field. In the transaction that takes it. */
#ifndef DESK_CONFLICT_PRIVATE_H
#define DESK_CONFLICT_PRIVATE_H

#include "desk/conflict.h"
#include "desk/exchange.h"

struct conflict_subject { int64_t person; char name[NAME_TEXT]; }; /* name "": nobody of ours; person 0: something of the site */

/* Of a change "<subject>.changed". APPLIED_UNKNOWN_SUBJECT: nobody of ours. APPLIED_FORBIDDEN: it holds what cannot be read or may not be
 * made of it here, or is about an employment that is over; nothing of it is taken. APPLIED_BEFORE: all of it stood here already. */
int conflict_take(struct desk *d, const struct change *c, struct conflict_subject *whose, enum applied *result, struct err *e);

#endif
