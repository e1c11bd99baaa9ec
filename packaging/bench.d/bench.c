/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

double bench_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1000 + (double)ts.tv_nsec / 1e6;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

void bench_sort(double *v, size_t n)
{
	qsort(v, n, sizeof(*v), compare);
}

double bench_percentile(const double *sorted, size_t n, double p)
{
	size_t i = (size_t)(p / 100 * (double)(n - 1) + 0.5);

	return n ? sorted[i < n ? i : n - 1] : 0;
}

void bench_row(const char *what, double *values, size_t n, const char *promise)
{
	bench_sort(values, n);
	printf("%-46s %6zu %9.3f %9.3f %9.3f   %s\n", what, n, bench_percentile(values, n, 50), bench_percentile(values, n, 99),
		bench_percentile(values, n, 100), promise);
	fflush(stdout);
}
