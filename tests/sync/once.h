/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The real shiming-sync --once --json on the data of an open desk. */
#ifndef TESTS_SYNC_ONCE_H
#define TESTS_SYNC_ONCE_H

#include "base/buf.h"
#include "desk/desk.h"

/* Exit status; what it printed. key NULL: the session's. more: a further argument, may be NULL. */
int sync_once(struct desk *d, const unsigned char *key, const char *more, struct buf *said);

#endif
