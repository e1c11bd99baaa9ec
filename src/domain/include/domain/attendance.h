/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Clockings and the days they make (F1, F2). Pure.
 *
 * A clocking keeps for ever by what means it was really made. A day has attendance when at least one clocking
 * belongs to it ("at least one entry or exit record", CD 3.3.4); the night shift belongs to the day on which
 * it began. Shifts are found as follows, in the order of time:
 *
 *   an entry begins a shift, unless it ends a break shorter than break_hours (then it goes on with the shift
 * it came back to); any other clocking belongs to the shift before it while that is not over and no more than
 * shift_hours old, or was left less than break_hours ago; else it begins one; a shift is over with an exit,
 * and with every second clocking whose direction is not known.
 *
 * All clockings of a shift belong to the civil day (+08:00) of its first one. On a later day than the
 * clocking before it, an entry after break_hours or more, and anything after shift_hours of nothing, begins a
 * shift whatever came before: what lies on its two sides can be folded apart (clock_cut()). So the days
 * follow from the clockings alone, in whatever order they arrived.
 */
#ifndef DOMAIN_ATTENDANCE_H
#define DOMAIN_ATTENDANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/dates.h"
#include "domain/post_rate.h"

enum clock_way { CLOCK_UNKNOWN, CLOCK_IN, CLOCK_OUT }; /* stored by number */

enum clock_means {
	CLOCK_WORKER_CODE, /* the site scans the worker's code */
	CLOCK_SITE_CODE,   /* the worker scans the site's code */
	CLOCK_FACE,	   /* a device knew the face */
	CLOCK_DEVICE,	   /* a device, by card, fingerprint or code */
	CLOCK_CARD,	   /* the identity card on the desk's reader */
	CLOCK_MEANS_COUNT
};
/* Who delivered it. */
enum clock_source { CLOCK_AT_DESK, CLOCK_BY_DEVICE, CLOCK_BY_PLATFORM, CLOCK_SOURCES };

const char *clock_way_name(enum clock_way w); /* "in", "out", "unknown" */
const char *clock_way_word(enum clock_way w); /* 上班, 下班, translated */
bool clock_way_parse(const char *name, enum clock_way *out);
const char *clock_means_name(enum clock_means m); /* "worker_code" … */
const char *clock_means_word(enum clock_means m);
bool clock_means_parse(const char *name, enum clock_means *out);
const char *
clock_means_rule(enum clock_means m); /* the profile's flag that permits it: "clock.worker_code" … */
const char *clock_source_name(enum clock_source s);
bool clock_source_parse(const char *name, enum clock_source *out);

struct clock_rules {
	int shift_hours, break_hours;
};
struct clock_mark {
	int64_t at_ms;
	enum clock_way way;
};
struct clock_day {
	date_t day;
	int64_t first_ms, last_ms;
	int64_t first_in_ms, last_out_ms; /* 0: none */
	int n;
};
/* marks: one person's, ascending. Writes at most n days, ascending, and returns how many. */
size_t clock_fold(const struct clock_rules *r, const struct clock_mark *marks, size_t n,
		  struct clock_day *days);
/* Does `next` begin a shift whatever stood before `last`? */
bool clock_cut(const struct clock_rules *r, const struct clock_mark *last, const struct clock_mark *next);

bool month_parse(const char *text, struct month *out); /* 2026-11, 202611 */

#endif
