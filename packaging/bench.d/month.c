/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bench-month DIR: everybody of a filled directory (bench-fill DIR N chengdu) enters and clocks in and out on each day of the month that
 * follows; then the month sheet is read as its screen reads it. The clock is a stand-in.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "bench.h"
#include "desk/acts.h"
#include "desk/attendance.h"
#include "desk/people.h"

#define PEOPLE_MOST 20000
#define PAGE 64
#define ROUNDS 50
#define HOUR 3600000LL

static int64_t person[PEOPLE_MOST];

static int everybody(struct desk *d, size_t *n, struct err *e)
{
	struct roster_row rows[PAGE];
	struct roster_query q = { .filter = ROSTER_ALL };
	struct roster_page page = { .row = rows, .cap = PAGE, .more = true };

	for (*n = 0; page.more && *n < PEOPLE_MOST; q.after = page.last) {
		if (desk_roster(d, &q, &page, e) != 0)
			return -1;
		for (size_t i = 0; i < page.n && *n < PEOPLE_MOST; i++)
			person[(*n)++] = rows[i].person;
	}
	return 0;
}

static int enter_all(struct desk *d, size_t n, struct err *e)
{
	struct verdict *v = calloc(n, sizeof(*v));
	struct act a = { .event = EVENT_ENTER, .persons = person, .n = n, .on = DATE_NONE };
	double begin = bench_ms(), took;
	size_t done = 0;
	int rc = v ? desk_act(d, &a, v, &done, e) : err_set(e, ERR_MEMORY, "verdicts");

	took = bench_ms() - begin;
	if (rc == 0 && done < n)
		rc = err_set(e, ERR_INTERNAL, "%zu of %zu entered: %s", done, n, v[0].why);
	if (rc == 0)
		bench_row("entry of all at once", &took, 1, "P8: 500 people <= 1 s");
	free(v);
	return rc;
}

static int clock_day(struct desk *d, size_t n, date_t day, struct err *e)
{
	struct clocking c = { .means = CLOCK_FACE, .source = CLOCK_BY_DEVICE, .device = "BENCH-1" };
	struct clocked out;
	struct verdict v;

	for (size_t i = 0; i < n; i++)
		for (int half = 0; half < 2; half++) {
			c.person = person[i];
			c.way = half ? CLOCK_OUT : CLOCK_IN;
			c.at_ms = date_begin_ms(day) + (half ? 18 : 7) * HOUR + (int64_t)(i % 3000) * 1000;
			if (desk_clock(d, &c, &v, &out, e) != 0)
				return -1;
			if (!v.can)
				return err_set(e, ERR_INTERNAL, "%s", v.why);
		}
	return 0;
}

static int clock_month(struct desk *d, size_t n, struct month m, struct err *e)
{
	double day[31];

	for (int i = 0; i < m.days; i++) {
		double begin = bench_ms();

		if (desk_group_begin(d, e) != 0 || clock_day(d, n, m.first + i, e) != 0 || desk_group_end(d, true, e) != 0)
			return -1;
		day[i] = bench_ms() - begin;
	}
	bench_row("a day's clockings of all, one transaction", day, (size_t)m.days, "");
	return 0;
}

static int sheet(struct desk *d, struct month m, double *first, double *whole, double *page, size_t *pages, struct err *e)
{
	struct sheet_row rows[PAGE];
	struct sheet_query q = { .month = m };
	struct sheet_page p = { .row = rows, .cap = PAGE, .more = true };
	double begin = bench_ms();

	for (*pages = 0; p.more; q.after = p.last) {
		double at = bench_ms();

		if (desk_month_sheet(d, &q, &p, e) != 0)
			return -1;
		page[(*pages)++] = bench_ms() - at;
	}
	*first = page[0];
	*whole = bench_ms() - begin;
	return 0;
}

static int read_sheets(struct desk *d, struct month m, struct err *e)
{
	static double first[ROUNDS], whole[ROUNDS], page[PEOPLE_MOST / PAGE + 2];
	size_t pages = 0;

	for (int i = 0; i < ROUNDS; i++)
		if (sheet(d, m, &first[i], &whole[i], page, &pages, e) != 0)
			return -1;
	bench_row("month sheet, first page of 64", first, ROUNDS, "opens at once");
	bench_row("month sheet, each further page", page, pages, "scrolls without waiting");
	bench_row("month sheet, all of it", whole, ROUNDS, "");
	return 0;
}

static int as_runner(struct desk *d, struct err *e)
{
	unsigned char key[DESK_KEY_BYTES];

	return desk_export_key(d, key, e) != 0 || desk_adopt_key(d, key, e) != 0 || desk_project_use(d, 1, e) != 0 ? -1 : 0;
}

int main(int argc, char **argv)
{
	struct desk *d = NULL;
	struct err e = { 0 };
	struct month m = month_next(month_of(date_today()), 1);
	size_t n = 0;
	int rc = 1;

	if (argc != 2) {
		fprintf(stderr, "usage: bench-month DIR\n");
		return 2;
	}
	i18n_init("zh");
	if (desk_open(&d, &(struct desk_options){ .dir = argv[1], .checkpoint = true }, &e) == 0 &&
	    desk_login(d, BENCH_ACCOUNT, BENCH_PASSWORD, &e) == 0 && everybody(d, &n, &e) == 0) {
		clock_fix_ms(date_begin_ms(m.first) + HOUR);
		rc = enter_all(d, n, &e);
		clock_fix_ms(date_begin_ms(m.first + m.days));
		if (rc == 0)
			rc = as_runner(d, &e) || clock_month(d, n, m, &e) || read_sheets(d, m, &e) ? 1 : 0;
	}
	if (rc != 0)
		fprintf(stderr, "bench-month: %s: %s\n", err_name(e.code), e.detail);
	desk_close(d);
	return rc ? 1 : 0;
}
