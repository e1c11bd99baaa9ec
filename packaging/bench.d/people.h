/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Invented people for measuring: the i-th one is always the same. Names follow roughly how often surnames and given characters occur,
 * so that searches meet as many like-named people as they would; numbers carry the district 110199, which does not exist.
 */
#ifndef BENCH_PEOPLE_H
#define BENCH_PEOPLE_H

#include "desk/people.h"

struct bench_person { char name[32]; char number[ID_NUMBER_TEXT]; char phone[12]; };
void bench_person(struct bench_person *out, unsigned i);

/* A whole registration of that person: what the profile requires is filled, codes from its tables, in one of the teams. */
int bench_record(struct record *r, const struct profile *p, const struct bench_person *who, unsigned i, const char *participant, const char *team);

#endif
