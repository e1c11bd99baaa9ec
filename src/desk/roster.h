/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A row of the roster as screens see it, from the store's. */
#ifndef DESK_ROSTER_H
#define DESK_ROSTER_H

#include "desk_private.h"
#include "store/member.h"

void roster_row_out(const struct desk *d, const struct db_member *m, struct roster_row *out);

#endif
