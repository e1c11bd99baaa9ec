/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How a helper and whoever started it speak of failure: one line {"error":"ERR_…","detail":"…"} on the helper's
 * stderr and the exit status of DESIGN 12. Other lines (a sanitizer's, a library's) may stand before it.
 */
#ifndef BASE_HELPER_H
#define BASE_HELPER_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

/* In the helper. Never fails; the exit status is the caller's. */
void helper_tell(const struct err *e);
/* In the program: takes whole lines off `said`; true and *e set when one of them names an error. */
bool helper_said(struct buf *said, struct err *e);
/* For child_spec.before_exec: a set-group-id program's group is for the data only; a helper needs no data. */
int helper_drop_group(void *unused);

#endif
