/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Civil dates of Asia/Shanghai and instants.
 *
 * A date is a count of days since 1970-01-01 (proleptic Gregorian); its text form is YYYY-MM-DD. An instant is milliseconds of
 * UTC since 1970. The site's zone is a fixed +08:00: China has had no other since 1991 (DESIGN 5). The clock has a stand-in:
 * everything that asks for the time asks clock_now_ms(), and tests fix it.
 */
#ifndef BASE_DATES_H
#define BASE_DATES_H

#include <stdbool.h>
#include <stdint.h>

typedef int32_t date_t;                 /* days since 1970-01-01 */
#define DATE_NONE INT32_MIN             /* no date known */
#define DATE_LONG_TERM INT32_MAX        /* a document without an end: 长期 */
#define DATE_TEXT 11                    /* "YYYY-MM-DD" and NUL */
#define STAMP_TEXT 20                   /* "YYYY-MM-DD HH:MM:SS" and NUL */

bool date_from_ymd(int year, int month, int day, date_t *out); /* false when there is no such day; years 1800..9999 */
void date_to_ymd(date_t d, int *year, int *month, int *day);
/* "YYYY-MM-DD", "YYYYMMDD", also '/' and '.' between, one-digit months and days; "long-term" and "长期" give DATE_LONG_TERM. */
bool date_parse(const char *s, date_t *out);
void date_format(date_t d, char out[DATE_TEXT]);  /* "" for DATE_NONE, "long-term" for DATE_LONG_TERM */
int date_years_between(date_t born, date_t on);   /* whole years of age; born on 29 February comes of age on 1 March */

/* Mondays to Fridays after `from` up to and with `to`; 0 when `to` is not later. Public holidays are decreed year by year and not known here. */
int date_working_days(date_t from, date_t to);

int64_t clock_now_ms(void);                       /* the wall clock or its stand-in */
int64_t clock_steady_ms(void);                    /* never jumps back; only for waiting and measuring */
void clock_fix_ms(int64_t now);                   /* stand-in: the clock stands still here; 0 returns to the wall clock */
/* SHIMING_CLOCK=2026-11-20T06:00:00 in the environment (the site's time, +08:00; with a Z at its end UTC) fixes the wall clock's
 * start; it runs on from there. Read once, by main. Ignored in a set-group-id program: a clerk must not choose the time. */
void clock_init(void);
date_t date_of_ms(int64_t ms);                    /* the civil date in +08:00 */
date_t date_today(void);
int64_t date_begin_ms(date_t d);                  /* the instant at which this day begins in +08:00 */
void stamp_format(int64_t ms, char out[STAMP_TEXT]); /* local, +08:00 */

#endif
