/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Operations within an account's scope (I6): every list and every act on one goes through here. */
#ifndef DESK_OUTBOX_SCOPE_H
#define DESK_OUTBOX_SCOPE_H

#include "row_out.h"

int outbox_sees(struct desk *d, const struct db_outbox *row, bool *sees, struct err *e);
/* An operation of this project that the account sees; else ERR_NO_SUCH. */
int outbox_open(struct desk *d, int64_t id, struct db_outbox *row, struct err *e);

/* Where rows come from, in keyset order. */
struct outbox_source {
	int (*load)(struct desk *d, const struct outbox_source *from, int after_rank, int64_t after_id, struct db_outbox *rows, size_t cap,
		    size_t *n, bool *more, struct err *e);
	int what; /* the source's own: a view, an area */
};
/* How many stand where, of those that are seen; an account with a scope is told of open ones only. */
int outbox_counts(struct desk *d, int64_t counts[OUTBOX_STATE_COUNT], struct err *e);
/* Fills the page with those that are seen, however many others stand between. */
int outbox_seen(struct desk *d, const struct outbox_source *from, int after_rank, int64_t after_id, struct outbox_page *page, struct err *e);

#endif
