/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a newer copy of a box's file has told and the file that took over does not have (R11; DESIGN 9). The
 * box names the numbers of those operations with every batch; its clerk does the work again, under new uids.
 * A record that says the same of the same then takes the place of the lost one, which becomes "replaced" with
 * all that belongs to it: without that a worker could never be registered again. What is not done again
 * stays.
 */
#ifndef PLATFORM_LOST_H
#define PLATFORM_LOST_H

#include <cjson/cJSON.h>

#include "platform/pstore.h"

#define LOST_RANGES_MAX 64

/* Of the contract's form, or not there. */
bool lost_valid(const cJSON *ranges);
/* op: whose box, kind and subject count; body: its contents; ranges: the batch's, valid, NULL none. Borrowed all. In the operation's
 * transaction, which is rolled back where the operation is refused after all. -1: the store's errors. */
int lost_replace(struct pstore *s, const struct poperation *op, const cJSON *body, const cJSON *ranges,
		 struct err *e);

#endif
