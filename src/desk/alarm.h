/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Private to the desk: the day that is believed, and alarms as they arrive. */
#ifndef DESK_ALARM_PRIVATE_H
#define DESK_ALARM_PRIVATE_H

#include "desk/alarm.h"
#include "desk_private.h"
#include "store/post.h"

/* Now by the platform's clock where it was heard, and no earlier than the moment at which it was (QUALITY R10);
 * and its day. */
int64_t desk_checked_ms(struct desk *d);
date_t desk_checked_day(struct desk *d);
/* How a recorded alarm is called: its kind, and what it is about. */
void alarm_title(struct desk *d, const struct db_alarm *a, char *out, size_t size);
/* The row of this kind, subject and month, made in state none where there is none. In a transaction. */
int alarm_row_of(struct desk *d, const struct db_alarm *like, struct db_alarm *out, struct err *e);

#endif
