/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Attendance of key posts and of those who are paid, in figures. Pure: days in, figures and days out; no
 * clock, no file.
 *
 * F4, from CD 3.2.6: the rate belongs to the post, not to whoever holds it: days on which it stood vacant
 * count like any other. A month's days that count begin on the day after the grace, which itself begins on
 * the day after the start; less the days filed as absent (3.2.6: "报备完成的当天不进行考勤率的计算") and
 * those on which the project stood still (F1: a stopped project counts no rates). A day that does not count
 * is in neither number of the rate, clocked or not. Where a post needs several people each seat is reckoned
 * by itself (DECIDED: the document counts "每个岗位" and names no other way; the strict one).
 *
 * Days of a month are bits: bit 0 its first day. A rate is in hundredths of a percent, rounded down: 28 of 31
 * days is 9032.
 */
#ifndef DOMAIN_POST_RATE_H
#define DOMAIN_POST_RATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/dates.h"

struct month {
	date_t first;
	int days;
};
struct month month_of(date_t any);
struct month month_next(struct month m, int by); /* by: may be negative */
/* The bits of the days `from` to `to`, both with it, that lie in the month; 0 where there is none. DATE_NONE
 * for `to`: without an end. */
uint32_t month_span(struct month m, date_t from, date_t to);
uint32_t month_day(struct month m, date_t on); /* 0: not of this month */
int days_in(uint32_t days);

/* So many of `of` are at least `percent`; rounded as the profile says (alarm_rounding). */
int share_needed(int of, int percent, bool round_up);
int rate_of(int part, int of); /* hundredths of a percent; 0 of 0 is 0 */

/* The first day that counts. DATE_NONE where nothing has started. */
date_t post_counts_from(date_t start, int grace_days);

struct post_month {
	struct month month;
	date_t counts_from; /* post_counts_from() */
	date_t today;
	uint32_t clocked; /* by whoever held the post that day */
	uint32_t excused; /* filed as absent, stood still */
	bool held;	  /* somebody holds it today */
	int percent;
	bool round_up;
};
struct post_rate {
	int counting, needed; /* of the whole month */
	int present;	      /* so far */
	int missing;	      /* days still needed */
	int left; /* counting days on which somebody can still clock in: today if it has no clock-in yet, and
		     what follows */
	int so_far;   /* rate of the counting days gone by and today's clock-in */
	int expected; /* rate at the month's end if nothing changes: the days left go like those gone by; a
			 vacant post stays vacant */
	bool met;     /* needed is reached */
	bool lost;    /* it cannot be reached any more */
	date_t last_start; /* the last day from which clocking in daily still reaches it; DATE_NONE: met, lost
			      or nothing counts */
};
struct post_rate post_month_rate(const struct post_month *m);

/* Who held a seat from when to when, both days with it; to DATE_NONE: still. On a day of handing over either
 * one's clock-in counts. */
struct tenure {
	int64_t person;
	date_t from, to;
};
/* The days of a month on which a holder clocked in. days: bits of the month for one person; the callback's
 * `arg` is handed over. */
uint32_t post_clocked(struct month m, const struct tenure *held, size_t n,
		      uint32_t (*days)(int64_t person, struct month m, void *arg), void *arg);

/*
 * The chief supervisor's alarm: `limit` days in a row without a clock-in (CD 3.2.3, 3.2.6). A day that does
 * not count neither breaks the row nor lengthens it. One alarm a month at most; an absence that goes on
 * begins its row anew with the month after (DECIDED: one alarm per post and month, and no month is charged
 * with days that have been charged for).
 */
struct absence {
	date_t counts_from, today;
	int limit; /* 0: there is no such alarm */
	/* Bits of a month's days on which it was clocked, on which nothing counts. */
	uint32_t (*clocked)(struct month m, void *arg);
	uint32_t (*excused)(struct month m, void *arg);
	void *arg;
};
struct absence_now {
	int days;	 /* in a row, up to yesterday */
	date_t alarm_on; /* the last day of the row: when it is over without a clock-in the alarm stands, not
			    before. DATE_NONE: the row cannot become full within this month */
	bool raised;	 /* this month's has been raised, on alarm_on */
};
/* Every alarm up to today is handed to `each`, oldest first. */
struct absence_now absence_alarms(const struct absence *a, void (*each)(date_t on, void *arg), void *arg);

/* Whole months of a contract period, the begun one counted; at least 1. 0: a day is not known. */
int contract_months(date_t from, date_t to);
/* Whether so many alarms cost credit: `most` in all, or one in every `share` months of the period
 * (CD 3.2.6, 3.3.4). 0: no such limit. */
bool alarms_cost(int alarms, int months, int most, int share);
/* How many alarms are enough to. 0: never. */
int alarms_until_cost(int months, int most, int share);

/* F6, CD 3.3.4: those paid in a month who have at least one entry or exit record in it. */
struct match {
	int paid, attended;
};
struct match_rate {
	int rate, needed;
	bool met;
	int more; /* so many more people with attendance, paid as well, bring it up; -1: none is enough */
};
struct match_rate match_rate(struct match m, int percent, bool round_up);
/* The day on which the real figure of a month is taken. */
date_t match_day(struct month wages, int day);

#endif
