/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Roles that an account holds for another for a time (REQUIREMENTS I6). Over by their last day or taken back, never deleted. */
#ifndef STORE_DELEGATION_H
#define STORE_DELEGATION_H

#include "base/dates.h"
#include "base/uid.h"
#include "store/store.h"

struct db_delegation {
	int64_t id, account, by_account;
	char uid[UID_TEXT];
	unsigned roles;
	int64_t made_ms, ended_ms; /* ended_ms 0: not taken back */
	date_t until_on;           /* the last day */
	char name[64], by_name[64]; /* read only: the accounts' names */
};
int db_delegation_insert(struct store *s, const struct db_delegation *d, int64_t *id, struct err *e);
int db_delegation_get(struct store *s, int64_t id, struct db_delegation *out, struct err *e);
/* Those that hold on this day, of one account or (0) of all; by id. */
int db_delegation_list(struct store *s, int64_t account, date_t on, struct db_delegation *rows, size_t cap, size_t *n, struct err *e);
int db_delegation_end(struct store *s, int64_t id, int64_t now_ms, struct err *e); /* ERR_CONFLICT when it was over already */

#endif
