/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Private to the store. */
#ifndef STORE_OUTBOX_PRIVATE_H
#define STORE_OUTBOX_PRIVATE_H

#include "rows.h"
#include "store/outbox.h"

#define OUTBOX_BODY_AS "outbox.body_sealed"
#define OUTBOX_REASON_AS "outbox.reason_sealed"

/* A fact and all that supersede it, one after the other; ?1: the fact. */
#define FACT_CHAIN                                                                                           \
	"WITH RECURSIVE chain(id) AS (VALUES (?1) UNION ALL SELECT f.superseded_by FROM chain CROSS JOIN "   \
	"fact f ON f.id = chain.id"                                                                          \
	" WHERE f.superseded_by IS NOT NULL) "

/* Are a fact's needs met when these operations (ascending ids) go before it in the same batch? */
int outbox_need_met(struct store *s, int64_t fact, const int64_t *batch, size_t n, bool *met, struct err *e);

#endif
