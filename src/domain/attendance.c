/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "domain/attendance.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

#define HOUR_MS 3600000LL

/* --- names --- */

static const struct {
	const char *name, *word;
} ways[] = {[CLOCK_UNKNOWN] = {"unknown", N_("不分上下班")},
	    [CLOCK_IN] = {"in", N_("上班")},
	    [CLOCK_OUT] = {"out", N_("下班")}};

static const struct {
	const char *name, *word, *rule;
} means[CLOCK_MEANS_COUNT] = {
	[CLOCK_WORKER_CODE] = {"worker_code", N_("扫工人码"), "clock.worker_code"},
	[CLOCK_SITE_CODE] = {"site_code", N_("扫工地码"), "clock.site_code"},
	[CLOCK_FACE] = {"device_face", N_("设备人脸"), "clock.face"},
	[CLOCK_DEVICE] = {"device_other", N_("设备（非人脸）"), "clock.device"},
	[CLOCK_CARD] = {"card_at_desk", N_("刷身份证"), "clock.card"},
};

static const char *const sources[CLOCK_SOURCES] = {
	[CLOCK_AT_DESK] = "desk", [CLOCK_BY_DEVICE] = "device", [CLOCK_BY_PLATFORM] = "platform"};

const char *clock_way_name(enum clock_way w)
{
	return ways[w].name;
}

const char *clock_way_word(enum clock_way w)
{
	return _(ways[w].word);
}

bool clock_way_parse(const char *name, enum clock_way *out)
{
	for (size_t i = 0; i < ARRAY_LEN(ways); i++)
		if (!strcmp(ways[i].name, name)) {
			*out = (enum clock_way)i;
			return true;
		}
	return false;
}

const char *clock_means_name(enum clock_means m)
{
	return means[m].name;
}

const char *clock_means_word(enum clock_means m)
{
	return _(means[m].word);
}

const char *clock_means_rule(enum clock_means m)
{
	return means[m].rule;
}

bool clock_means_parse(const char *name, enum clock_means *out)
{
	for (size_t i = 0; i < ARRAY_LEN(means); i++)
		if (!strcmp(means[i].name, name)) {
			*out = (enum clock_means)i;
			return true;
		}
	return false;
}

const char *clock_source_name(enum clock_source s)
{
	return sources[s];
}

bool clock_source_parse(const char *name, enum clock_source *out)
{
	for (size_t i = 0; i < ARRAY_LEN(sources); i++)
		if (!strcmp(sources[i], name)) {
			*out = (enum clock_source)i;
			return true;
		}
	return false;
}

/* --- the fold --- */

struct shift {
	date_t day;
	int64_t began_ms, last_ms;
	bool over;
};

bool clock_cut(const struct clock_rules *r, const struct clock_mark *last, const struct clock_mark *next)
{
	int64_t gap = next->at_ms - last->at_ms;

	if (date_of_ms(last->at_ms) == date_of_ms(next->at_ms)) /* two shifts of one day make one row */
		return false;
	return gap > r->shift_hours * HOUR_MS || (next->way == CLOCK_IN && gap >= r->break_hours * HOUR_MS);
}

static bool goes_on(const struct clock_rules *r, const struct shift *s, const struct clock_mark *m)
{
	int64_t age = m->at_ms - s->began_ms;

	if (age > r->shift_hours * HOUR_MS)
		return false;
	if (m->at_ms - s->last_ms < r->break_hours * HOUR_MS)
		return true;
	return m->way != CLOCK_IN && !s->over;
}

static void add_mark(struct clock_day *d, const struct clock_mark *m)
{
	d->last_ms = m->at_ms;
	if (m->way == CLOCK_IN && !d->first_in_ms)
		d->first_in_ms = m->at_ms;
	if (m->way == CLOCK_OUT)
		d->last_out_ms = m->at_ms;
	d->n++;
}

static void move_on(struct shift *s, const struct clock_mark *m)
{
	s->last_ms = m->at_ms;
	s->over = m->way == CLOCK_OUT || (m->way == CLOCK_UNKNOWN && !s->over);
}

size_t clock_fold(const struct clock_rules *r, const struct clock_mark *marks, size_t n,
		  struct clock_day *days)
{
	struct shift s = {.day = DATE_NONE};
	size_t made = 0;

	for (size_t i = 0; i < n; i++) {
		const struct clock_mark *m = &marks[i];

		if (s.day == DATE_NONE || !goes_on(r, &s, m))
			s = (struct shift){.day = date_of_ms(m->at_ms),
					   .began_ms = m->at_ms,
					   .over = m->way == CLOCK_UNKNOWN};
		if (!made || days[made - 1].day != s.day)
			days[made++] = (struct clock_day){.day = s.day, .first_ms = m->at_ms};
		add_mark(&days[made - 1], m);
		move_on(&s, m);
	}
	return made;
}

bool month_parse(const char *text, struct month *out)
{
	char digits[8];
	size_t n = 0;
	date_t first;
	int number;

	for (const char *c = text; *c; c++) {
		if (*c == '-' && c - text == 4)
			continue;
		if (*c < '0' || *c > '9' || n == 6)
			return false;
		digits[n++] = *c;
	}
	digits[n] = '\0';
	number = (int)strtol(digits, NULL, 10);
	if (n != 6 || !date_from_ymd(number / 100, number % 100, 1, &first))
		return false;
	*out = month_of(first);
	return true;
}
