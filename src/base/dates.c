/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/dates.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"

#define DAY_MS 86400000LL
#define ZONE_MS (8 * 3600000LL) /* +08:00 */
#define DAYS_OF_400_YEARS 146097
#define DAYS_TO_1970 719468 /* from 0000-03-01 */
#define YEAR_MIN 1800
#define YEAR_MAX 9999

/* What the clock shows: it stands at `fixed` when that is not 0, else it runs `ahead` of the machine's. */
static int64_t clock_fixed, clock_ahead;

static bool leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int month_days(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return days[month - 1] + (month == 2 && leap(year));
}

/* Years begin on 1 March here, so that the leap day is a year's last; years are not negative (YEAR_MIN). */
bool date_from_ymd(int year, int month, int day, date_t *out)
{
	int y, day_of_year;

	if (year < YEAR_MIN || year > YEAR_MAX || month < 1 || month > 12 || day < 1 ||
	    day > month_days(year, month))
		return false;
	y = month <= 2 ? year - 1 : year;
	day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
	*out = y * 365 + y / 4 - y / 100 + y / 400 + day_of_year - DAYS_TO_1970;
	return true;
}

/* For dates that date_from_ymd() can give; others are clamped to that range. */
void date_to_ymd(date_t d, int *year, int *month, int *day)
{
	date_t first = 0, last = 0;
	int rest, y, day_of_year, m;

	date_from_ymd(YEAR_MIN, 1, 1, &first);
	date_from_ymd(YEAR_MAX, 12, 31, &last);
	d = d < first ? first : d > last ? last : d;
	rest = (d + DAYS_TO_1970) % DAYS_OF_400_YEARS;
	y = (rest - rest / 1460 + rest / 36524 - rest / 146096) / 365;
	day_of_year = rest - (365 * y + y / 4 - y / 100);
	m = (5 * day_of_year + 2) / 153;
	*day = day_of_year - (153 * m + 2) / 5 + 1;
	*month = m < 10 ? m + 3 : m - 9;
	*year = y + (d + DAYS_TO_1970) / DAYS_OF_400_YEARS * 400 + (*month <= 2);
}

/* Reads `least` to `most` digits; NULL when there are fewer. */
static const char *take_number(const char *s, int least, int most, int *out)
{
	int n = 0, value = 0;

	while (n < most && s[n] >= '0' && s[n] <= '9')
		value = value * 10 + (s[n++] - '0');
	if (n < least)
		return NULL;
	*out = value;
	return s + n;
}

static bool parse_separated(const char *s, int *year, int *month, int *day)
{
	char mark;

	s = take_number(s, 4, 4, year);
	if (!s || !*s || !strchr("-/.", *s))
		return false;
	mark = *s;
	s = take_number(s + 1, 1, 2, month);
	if (!s || *s != mark)
		return false;
	s = take_number(s + 1, 1, 2, day);
	return s && !*s;
}

static bool parse_digits(const char *s, int *year, int *month, int *day)
{
	return strlen(s) == 8 && (s = take_number(s, 4, 4, year)) && (s = take_number(s, 2, 2, month)) &&
	       take_number(s, 2, 2, day);
}

bool date_parse(const char *s, date_t *out)
{
	int year, month, day;

	if (!strcmp(s, "long-term") || !strcmp(s, "长期")) {
		*out = DATE_LONG_TERM;
		return true;
	}
	if (!parse_digits(s, &year, &month, &day) && !parse_separated(s, &year, &month, &day))
		return false;
	return date_from_ymd(year, month, day, out);
}

void date_format(date_t d, char out[DATE_TEXT])
{
	int year, month, day;

	if (d == DATE_NONE || d == DATE_LONG_TERM) {
		text_copy(out, DATE_TEXT, d == DATE_NONE ? "" : "long-term");
		return;
	}
	date_to_ymd(d, &year, &month, &day);
	text_format(out, DATE_TEXT, "%04d-%02d-%02d", year, month, day);
}

int date_years_between(date_t born, date_t on)
{
	int by, bm, bd, y, m, d;

	date_to_ymd(born, &by, &bm, &bd);
	date_to_ymd(on, &y, &m, &d);
	return y - by - (m < bm || (m == bm && d < bd));
}

/* Day 0, 1970-01-01, was a Thursday. */
static bool is_weekend(date_t d)
{
	int weekday = (d % 7 + 7 + 3) % 7; /* 0: Monday */

	return weekday >= 5;
}

int date_working_days(date_t from, date_t to)
{
	int days = 0;

	if (from == DATE_NONE || to == DATE_NONE || to == DATE_LONG_TERM)
		return 0;
	for (date_t d = from + 1; d <= to; d++)
		days += !is_weekend(d);
	return days;
}

static int64_t machine_ms(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t clock_now_ms(void)
{
	if (clock_fixed)
		return clock_fixed;
	return machine_ms(CLOCK_REALTIME) + clock_ahead;
}

int64_t clock_steady_ms(void)
{
	return machine_ms(CLOCK_MONOTONIC);
}

void clock_fix_ms(int64_t now)
{
	clock_fixed = now;
	if (!now)
		clock_ahead = 0;
}

/* "2026-11-20T06:00:00" is the site's time, with a Z behind it UTC. */
static bool parse_stamp(const char *s, int64_t *out)
{
	char day[DATE_TEXT];
	date_t date;
	int h, m, sec;
	char zone = '\0', more = '\0';
	int n = sscanf(s, "%10[0-9-]T%2d:%2d:%2d%c%c", day, &h, &m, &sec, &zone, &more);

	if ((n != 4 && !(n == 5 && zone == 'Z')) || !date_parse(day, &date) || date == DATE_LONG_TERM)
		return false;
	if (h < 0 || h > 23 || m < 0 || m > 59 || sec < 0 || sec > 59)
		return false;
	*out = date * DAY_MS + ((h * 60 + m) * 60 + sec) * 1000LL - (n == 5 ? 0 : ZONE_MS);
	return true;
}

void clock_init(void)
{
	/* secure_: a set-group-id program must not take the time from its user */
	const char *s = secure_getenv("SHIMING_CLOCK");
	int64_t start;

	if (!s || !*s)
		return;
	if (!parse_stamp(s, &start)) {
		fprintf(stderr, "SHIMING_CLOCK: not YYYY-MM-DDTHH:MM:SS[Z]; the machine's clock is used\n");
		return;
	}
	clock_ahead = start - machine_ms(CLOCK_REALTIME);
}

date_t date_of_ms(int64_t ms)
{
	int64_t local = ms + ZONE_MS;

	return (date_t)(local / DAY_MS - (local % DAY_MS < 0));
}

int64_t date_begin_ms(date_t d)
{
	return (int64_t)d * DAY_MS - ZONE_MS;
}

date_t date_today(void)
{
	return date_of_ms(clock_now_ms());
}

void stamp_format(int64_t ms, char out[STAMP_TEXT])
{
	char day[DATE_TEXT];
	int64_t rest = (ms + ZONE_MS) % DAY_MS;
	int sec = (int)((rest < 0 ? rest + DAY_MS : rest) / 1000);

	date_format(date_of_ms(ms), day);
	text_format(out, STAMP_TEXT, "%s %02d:%02d:%02d", day, sec / 3600, sec / 60 % 60, sec % 60);
}
