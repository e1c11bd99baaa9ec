/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * bench-alarms DIR: the fold from facts to alarms over the people of a filled data directory, as the day's screen counts it and as the alarms' own
 * screen reads it, which looks through the people's documents besides.
 */
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "bench.h"
#include "desk/alarm.h"

#define ROUNDS 20

static int counts(struct desk *d, struct err *e)
{
	struct alarm_counts c;

	return desk_alarm_counts(d, &c, e);
}

static int whole(struct desk *d, struct err *e)
{
	const struct alarm_query q = {.most = 500, .people = true, .over = true};
	struct alarm_set set;
	int rc = desk_alarms(d, &q, &set, e);

	desk_alarms_free(&set);
	return rc;
}

static int measure(struct desk *d, const char *what, int (*run)(struct desk *, struct err *), struct err *e)
{
	double ms[ROUNDS];

	for (size_t i = 0; i < ROUNDS; i++) {
		double begin = bench_ms();

		if (run(d, e))
			return -1;
		ms[i] = bench_ms() - begin;
	}
	bench_row(what, ms, ROUNDS, "");
	return 0;
}

int main(int argc, char **argv)
{
	struct desk *d = NULL;
	struct err e = {0};
	int rc = 1;

	if (argc != 2) {
		fprintf(stderr, "usage: bench-alarms DIR\n");
		return 2;
	}
	i18n_init("zh");
	if (desk_open(&d, &(struct desk_options){.dir = argv[1]}, &e) == 0 && desk_login(d, BENCH_ACCOUNT, BENCH_PASSWORD, &e) == 0 &&
	    measure(d, "alarms: counted for the day's screen", counts, &e) == 0 && measure(d, "alarms: the whole list, documents too", whole, &e) == 0)
		rc = 0;
	if (rc)
		fprintf(stderr, "bench-alarms: %s: %s\n", err_name(e.code), e.detail);
	desk_close(d);
	return rc;
}
