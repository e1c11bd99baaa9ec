/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a refused event had moved goes back, for give_up.c: rows to what their facts say, and with the end of
 * an employment what deed.c let end with it: its assignments in all projects, its contracts, the leading of a
 * team. All in the use case's transaction.
 */
#ifndef DESK_REVIVE_H
#define DESK_REVIVE_H

#include "desk_private.h"
#include "domain/lifecycle.h"
#include "store/fact.h"

int revive_reverse(struct desk *d, const struct db_fact *f, struct err *e);
/* The row of an employment, assignment or contract as its facts say now. *state may not be NULL. */
int revive_row(struct desk *d, enum cycle cycle, int64_t subject, int *state, struct err *e);
/* The assignment goes on: whoever led its team leads it again, unless another does by now. */
int revive_leading(struct desk *d, int64_t assignment, struct err *e);
/* Is the person of this fact's employment employed here by another one that is not over? Nothing of the former comes back then. */
int revive_employed_anew(struct desk *d, const struct db_fact *end, bool *yes, struct err *e);
/*
 * The end of an employment has been reversed: what ended with it, by the same hand at the same moment, comes
 * back too. The platform was told nothing of that: it derives it from the end (plan.h), which it has refused.
 * ERR_FORBIDDEN with the reason: the person is employed here anew.
 */
int revive_others(struct desk *d, const struct db_fact *end, struct err *e);

#endif
