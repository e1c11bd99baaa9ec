/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Clockings and the days made of them (domain/attendance.h, F1, F2). Clockings are append-only (triggers).
 * One that comes twice is one row: the same device, person and second, and the device's own number where it
 * gives one.
 */
#ifndef STORE_ATTENDANCE_H
#define STORE_ATTENDANCE_H

#include "base/uid.h"
#include "domain/attendance.h"
#include "store/store.h"

#define CLOCK_DEVICE_TEXT 64
#define CLOCK_PICTURE_TEXT 65

struct db_attendance {
	int64_t id;
	char uid[UID_TEXT]; /* uid "" when inserting: a new one */
	int64_t project, person, assignment, at_ms;
	enum clock_way way;
	enum clock_means means;
	char device[CLOCK_DEVICE_TEXT]; /* serial number; "" at the desk */
	char number[32];		/* the device's own of this clocking, "" none; not read back */
	enum clock_source source;
	char picture[CLOCK_PICTURE_TEXT]; /* hash of the attachment, "" none */
	int64_t account;		  /* 0: nobody's */
	int64_t fact;			  /* of its report; 0: this box does not report it */
	char name[256];			  /* read only: the person's */
};
/* *fresh false: it was there already; *id is that one's then. */
int db_attendance_insert(struct store *s, const struct db_attendance *a, bool *fresh, int64_t *id,
			 struct err *e);
/* The row that this one would be again; 0: none. */
int db_attendance_known(struct store *s, const struct db_attendance *a, int64_t *id, struct err *e);
int db_attendance_reported(struct store *s, int64_t id, int64_t fact, struct err *e); /* once: ERR_CONFLICT */
int db_attendance_get(struct store *s, int64_t id, struct db_attendance *out, struct err *e);
int db_attendance_by_uid(struct store *s, const char *uid, struct db_attendance *out, struct err *e);
/* The newest of a person in a project not later than until_ms; *found false: none. */
int db_attendance_last(struct store *s, int64_t project, int64_t person, int64_t until_ms,
		       struct db_attendance *out, bool *found, struct err *e);
/* Of one person from..before (ms), ascending. */
int db_attendance_of(struct store *s, int64_t project, int64_t person, int64_t from_ms, int64_t before_ms,
		     struct db_attendance *rows, size_t cap, size_t *n, struct err *e);
/* Of a project, newest first, before (at_ms, id); at_ms 0: from the newest. */
int db_attendance_page(struct store *s, int64_t project, int64_t before_ms, int64_t before_id,
		       struct db_attendance *rows, size_t cap, size_t *n, struct err *e);

/* --- the fold --- */

/* Makes the days and months anew that a clocking at at_ms touches; at_ms INT64_MIN: all of the person's. In
 * the clocking's transaction. */
int db_attendance_fold(struct store *s, const struct clock_rules *r, int64_t project, int64_t person,
		       int64_t at_ms, struct err *e);
/* *days: bits of the month (domain/attendance.h); *last_ms: the month's last clocking, 0: none. */
int db_attendance_month(struct store *s, int64_t project, int64_t person, struct month month, uint32_t *days,
			int64_t *last_ms, struct err *e);
/* Days of a person from..to, ascending. */
int db_attendance_days(struct store *s, int64_t project, int64_t person, date_t from, date_t to,
		       struct clock_day *rows, size_t cap, size_t *n, struct err *e);

#endif
