/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Attendance (F1, F2): clocking on and off, and what it adds up to.
 *
 * A clocking says when, by what means and where it was really made, for ever; none is altered, taken back, or
 * made for several people at once. Only who was on site at that moment has one (SH-OP 六; JM-N 三(五)). The
 * means must be among those the region permits (profile clock.*). At the desk the moment is now. Days, months
 * and rates are folds of the clockings (domain/attendance.h).
 *
 * What goes up: every clocking made at this box, where the project's dialect has a place for its means: a
 * desk punch is never sent as a face (desk_clock_carried()). What came from the platform is not sent back.
 */
#ifndef DESK_ATTENDANCE_H
#define DESK_ATTENDANCE_H

#include "desk/acts.h"
#include "domain/attendance.h"

struct clocking {
	int64_t person;
	enum clock_means means;
	enum clock_source
		source; /* the desk: accounts who may let people in; otherwise the runner's session only */
	enum clock_way
		way;   /* at the desk CLOCK_UNKNOWN stands for what comes next: in, or out when he is in */
	int64_t at_ms; /* 0: now; always 0 at the desk. Later than five minutes from now is refused */
	const char *device; /* serial number; NULL or "" at the desk */
	const char *number; /* the device's own number of this record; NULL: none */
	const void *picture;
	size_t picture_bytes; /* taken with it, JPEG; NULL: none */
	const char *uid;      /* the platform's, of what arrives; NULL: a new one */
};
struct clocked {
	int64_t id;
	bool again; /* received before, or the same at the desk within limits.clock_again_seconds: counted
		       once */
	enum clock_way way;
	int64_t at_ms;
	date_t day; /* to which it belongs */
	char team[NAME_TEXT], company[NAME_TEXT], trade[64];
	bool reported; /* goes up to the platform */
};
/* v->can false: refused, why and what would allow it; nothing is written. What a device or the platform
 * delivers is not in the audit log: the clocking itself says who delivered it. */
int desk_clock(struct desk *d, const struct clocking *c, struct verdict *v, struct clocked *out,
	       struct err *e);
/* Does the project's dialect take clockings of this means? why (translated, "" when it does) says what
 * happens instead. */
bool desk_clock_carried(const struct desk *d, enum clock_means means, char *why, size_t size);
/* May this be done at the desk here? By the profile alone. */
bool desk_clock_permitted(const struct desk *d, enum clock_means means);

struct clock_row {
	int64_t id, person, at_ms;
	char name[NAME_TEXT];
	enum clock_way way;
	enum clock_means means;
	enum clock_source source;
	char device[64];
	bool picture;
};
/* Newest first, of the project, or of a person; before NULL: from the newest. */
int desk_clock_list(struct desk *d, int64_t person, const struct clock_row *before, struct clock_row *rows,
		    size_t cap, size_t *n, struct err *e);

/*
 * What a person attended of a month in the current project: bit 0 is the 1st. The fold for rates: key posts
 * (F3), wages (F6), the month sheet. last_ms: the month's last clocking, 0: none; may be NULL.
 */
int desk_attended(struct desk *d, int64_t person, struct month month, uint32_t *days, int64_t *last_ms, struct err *e);
/* Day by day, from..to, ascending; days without a clocking are left out. */
int desk_attended_days(struct desk *d, int64_t person, date_t from, date_t to, struct clock_day *rows,
		       size_t cap, size_t *n, struct err *e);
/* E6: the newest clocking at all; *found false: none. */
int desk_last_clocking(struct desk *d, int64_t person, struct clock_row *out, bool *found, struct err *e);

/* --- the month sheet (F2) ------------------------------------------------------------------------------------ */

struct sheet_row {
	int64_t person;
	char name[NAME_TEXT], tail[5];
	char team[NAME_TEXT], company[NAME_TEXT], trade[64];
	int64_t team_id, participant_id; char trade_code[16];
	uint32_t days;         /* with attendance, bit 0 the 1st */
	uint32_t there;        /* on which the person belonged to the site */
	int attended, counted; /* days; counted: the month's days less those the project stood still (B5) */
	int rate;              /* hundredths of a percent, 28 of 31 is 9032 (JM-5 2.11.1); -1: no day counts */
	date_t entered_on, exited_on;
};
struct sheet_query {
	struct month month;
	char text[128];        /* as in the roster */
	int64_t team, participant;
	char trade[16];        /* code of trade or post; "" all */
	struct roster_cursor after;
};
struct sheet_page { struct sheet_row *row; size_t cap, n; struct roster_cursor last; bool more; };
/* Whoever was on site in the month or clocked in it, by pinyin; page->row and cap are the caller's. */
int desk_month_sheet(struct desk *d, const struct sheet_query *q, struct sheet_page *page, struct err *e);
/* B5: the days of the month on which the project stood still: they are in no rate, clocked or not. */
int desk_stopped_days(struct desk *d, struct month month, uint32_t *days, struct err *e);
/* E6: what presence rests on where the profile says `attendance`: "最近考勤 11-27 18:02，1 天前"; "" where it does not, or he is not on site. */
int desk_presence_words(struct desk *d, int64_t person, char *out, size_t size, struct err *e);

#endif
