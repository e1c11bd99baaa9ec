/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Wages against attendance (F6, CD 3.3.4; L7). The wage sheet comes by import (desk/sheet_import.h, form "wages"): a line a person and month, or
 * for back pay of an earlier month; a later sheet corrects what an earlier one said, and the facts keep both.
 *
 * The forecast counts those the sheet pays or will pay; the real figure counts whose pay has left (a date of payment). Matched are those with at
 * least one clocking in the wage's month. Amounts are whole fen; bank and card sealed, masked in lists.
 */
#ifndef DESK_WAGES_H
#define DESK_WAGES_H

#include "desk/desk.h"
#include "domain/post_rate.h"

enum wage_filter { WAGES_ALL, WAGES_UNPAID, WAGES_NOT_ATTENDED, WAGE_FILTERS };
const char *wage_filter_word(enum wage_filter f); /* translated */

struct wage_row {
	int64_t id, person;
	char name[NAME_TEXT], team[NAME_TEXT], tail[5];
	struct month month;
	bool back; struct month back_month; /* back pay, and for which month */
	int64_t owed, paid;     /* fen */
	date_t paid_on;         /* DATE_NONE: not yet */
	int sheet_days, days;   /* as the sheet says; attended, as clocked */
	char bank[64], card[32], record[64]; /* card and record masked */
};
struct wage_page { struct wage_row *row; size_t cap, n; bool more; int64_t last; };
/* In the order of the sheet, after a line's id. */
int desk_wages(struct desk *d, struct month month, enum wage_filter filter, int64_t after, struct wage_page *page, struct err *e);

struct wage_match {
	bool rated;               /* the region has the rule (limits.match_percent) */
	int percent;
	struct match planned, paid;
	struct match_rate forecast, real;
	date_t real_on;           /* the day on which the real figure is taken; DATE_NONE: none */
	int64_t owed, paid_fen;   /* sums of the month's sheet */
};
int desk_wage_match(struct desk *d, struct month month, struct wage_match *out, struct err *e);
/* The month of the newest sheet; this month where there is none. */
int desk_wage_month(struct desk *d, struct month *out, struct err *e);
/* Who clocked in that month and stands in no line of it (paying them brings the rate up), by pinyin. */
struct unpaid_row { int64_t person; char name[NAME_TEXT], team[NAME_TEXT]; int days; };
struct unpaid_page { struct unpaid_row *row; size_t cap, n; bool more; char after[NAME_TEXT * 2 + 16]; /* opaque; zeroed: from the start */ };
int desk_wage_missing(struct desk *d, struct month month, struct unpaid_page *page, struct err *e);

/*
 * 二本台账 (L5, SH-QA 第四轮 信息 3: kept on paper on site): the ledger of workers and the wage ledger of the month, one after the other, as rows of
 * an office_out that is open for "pdf". *rows: of both.
 */
struct office_out;
int desk_two_ledgers(struct desk *d, struct month month, struct office_out *out, long *rows, struct err *e);

#endif
