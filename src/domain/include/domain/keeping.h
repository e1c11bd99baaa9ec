/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which of the backups that were made by themselves stay (QUALITY R16): the newest of each of the last 24 hours, 14 days, 8 weeks and 12
 * months of 30 days that have one. Hours and days are the site's (+08:00). What counts is what there is, not what time it is: a box that stood still for
 * a year loses none, and a clock that was wrong only spends a place.
 */
#ifndef DOMAIN_KEEPING_H
#define DOMAIN_KEEPING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KEEPING_MOST (24 + 14 + 8 + 12) /* never more than these stay */

/* made_ms: instants, newest first. keep[i] is set for each; the newest always stays. */
void keeping_choose(const int64_t *made_ms, size_t n, bool *keep);

#endif
