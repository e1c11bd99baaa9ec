/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the register, the gateway and the collected persons share of pushes (H3). */
#ifndef DESK_DEVICE_ROWS_H
#define DESK_DEVICE_ROWS_H

#include "store/device.h"

/* Where somebody on site stands with a device: what it was handed counts only while the photograph is the one it was handed with. */
enum push_state push_now(const struct db_on_site *p);
/* By the life cycle's table; false: it has no such way. */
bool push_move(enum push_state from, enum event event, enum push_state *to);

#endif
