/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the measuring programs share. Figures, not pass or fail: they belong to the machine they were taken on. */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stddef.h>

#define BENCH_ACCOUNT "clerk"
#define BENCH_PASSWORD "Bench-2026"

double bench_ms(void);                                            /* steady, with fractions */
void bench_sort(double *v, size_t n);
double bench_percentile(const double *sorted, size_t n, double p); /* p: 0 to 100 */
/* One row of the table: what, p50, p99, most, the promise. */
void bench_row(const char *what, double *values, size_t n, const char *promise);

#endif
