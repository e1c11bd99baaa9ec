/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The wage ledger (F6, L7): one line a person, month and month of back pay. Amounts are whole fen, sealed at rest as bank and card are. */
#ifndef STORE_WAGE_H
#define STORE_WAGE_H

#include "base/uid.h"
#include "domain/post_rate.h"
#include "store/store.h"

struct db_wage {
	int64_t id; char uid[UID_TEXT];
	int64_t project, person;
	int month, back_month;           /* yyyymm; back_month 0: the month's own wage */
	int64_t owed, paid;              /* fen */
	date_t paid_on;                  /* DATE_NONE: not paid yet */
	int days;
	char bank[64], card[32], record[64];
	int64_t fact;
	char name[256];                  /* read only */
	bool attended;                   /* read only: some clocking in the wage's month */
};
int wage_month_key(struct month m);
struct month wage_month(int key);
int db_wage_insert(struct store *s, const struct db_wage *w, int64_t *id, struct err *e);
int db_wage_update(struct store *s, const struct db_wage *w, struct err *e); /* what the sheet says, and the fact */
int db_wage_find(struct store *s, int64_t project, int month, int64_t person, int back_month, struct db_wage *out, bool *found, struct err *e);
int db_wage_get(struct store *s, int64_t id, struct db_wage *out, struct err *e);
/* A month's lines in the order of the sheet, after an id. */
int db_wage_page(struct store *s, int64_t project, int month, int64_t after, struct db_wage *rows, size_t cap, size_t *n, struct err *e);
/* People of a month's own lines and back pay who are or will be paid; attended: of those who have a clocking in that month; the same of those
 * whose pay has left. */
struct db_wage_match { int planned, planned_attended, paid, paid_attended; };
int db_wage_match(struct store *s, int64_t project, int month, struct db_wage_match *out, struct err *e);
int db_wage_newest_month(struct store *s, int64_t project, int *month, struct err *e); /* 0: no sheet yet */

#endif
