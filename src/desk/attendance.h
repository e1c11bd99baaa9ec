/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Private to the desk: what merging, arriving messages and bodies ask of attendance. */
#ifndef DESK_ATTENDANCE_PRIVATE_H
#define DESK_ATTENDANCE_PRIVATE_H

#include "desk/attendance.h"
#include "desk_private.h"
#include "store/attendance.h"

struct clock_rules attendance_rules(const struct desk *d);
/* All days of a person in the current project made anew, after clockings went over to another file. In a
 * transaction. */
int attendance_refold(struct desk *d, int64_t person, struct err *e);
/* desk_clock() inside the caller's transaction, for what arrives. */
int attendance_take(struct desk *d, const struct clocking *c, struct verdict *v, struct clocked *out,
		    struct err *e);

#endif
