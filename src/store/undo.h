/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Private to the store: how transactions, facts and the outbox tell the act of their transaction
 * (store/undo.h). */
#ifndef STORE_UNDO_PRIVATE_H
#define STORE_UNDO_PRIVATE_H

#include "store/fact.h"

int undo_begin(struct store *s, struct err *e); /* a transaction or a whole group begins: one act, if it writes such facts */
int undo_keep(struct store *s, struct err *e);	/* before its commit: the changes go with it */
void undo_end(struct store *s);			/* it was committed */
void undo_drop(struct store *s);		/* it was rolled back */
void undo_mark(struct store *s); /* a part of a group begins … */
void undo_back(struct store *s); /* … and is rolled back alone */
/* Groups from here on are parts of one act, called that; NULL: no more. */
void undo_series(struct store *s, const char *name);
/* The act that a new fact belongs to; 0: none. Makes the row with the first. */
int undo_act_of(struct store *s, const struct db_fact *f, int64_t *act, struct err *e);
int undo_retired(struct store *s, int64_t outbox,
		 struct err *e); /* this transaction withdrew or superseded an operation */

#endif
