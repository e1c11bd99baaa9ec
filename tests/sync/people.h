/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Operations about invented people, as a desk would freeze them: each registration is person.add,
 * employment.offer, assignment.submit, with random but realistic facts (so that packing them tells
 * something). District 110199 does not exist. Same seed, same people.
 */
#ifndef TESTS_SYNC_PEOPLE_H
#define TESTS_SYNC_PEOPLE_H

#include "desk/exchange.h"

struct people {
	struct outgoing *item;
	size_t n;
	struct box box;
	char team[UID_TEXT], participant[UID_TEXT];
};

/* The site first (company, participant, team: 3 operations, and their entry: 2), then registrations of 3
 * each. */
#define PEOPLE_SITE 5
void people_make(struct people *p, unsigned registrations, unsigned seed);
void people_release(struct people *p);
/* More steps of the same person (0…): "assignment.enter" with a date. Appends one operation and returns its
 * index. */
size_t people_step(struct people *p, const char *kind, const char *subject, const char *date);
const char *people_subject(const struct people *p, size_t item, char uid[UID_TEXT]); /* body.uid */

#endif
