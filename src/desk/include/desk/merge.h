/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two files that are one person's (A6): found, compared, made one, taken apart again.
 *
 * The same number cannot become two persons; but a mistyped number, a second document, another box's registration can. Merging is a
 * recorded fact with a reason: the one that stays takes over documents, employments, assignments, training, certificates, marks and both
 * histories; what it lacks is filled in from the other. Old uids stay as aliases, both numbers and both names find it. Undoing gives back what went over.
 *
 * The platform goes by the one that stays. Where it has that one's registration in the project, or is to have it (and has not refused it), the other's
 * registration is needless: as long as it has not left this box, or stands refused, it is withdrawn by the merging, without a request, and what waited for it
 * waits for the one that stays. What may have left already is asked about as ever. Taken apart, the other is told after all.
 * What was filled in is told where the one that stays has been told of, and what stands after they were taken apart is told again.
 */
#ifndef DESK_MERGE_H
#define DESK_MERGE_H

#include "desk/people.h"

/* Side by side, masked, with a verdict on the whole values: what a mask hides can be compared all the same (SH-QA r2 进场 4). No birth date
 * stands beside the numbers, so their first six show (S5). */
enum alike { ALIKE_SAME, ALIKE_DIFFERENT, ALIKE_ONE /* only one has a value */ };
struct compared { enum field_id field; char a[NAME_TEXT], b[NAME_TEXT]; enum alike alike; };
int desk_person_compare(struct desk *d, int64_t a, int64_t b, struct compared rows[FIELD_COUNT], size_t *n, struct err *e);

/* Who in this file may be the same person as this one: the same phone, or the same name; at most cap. */
int desk_person_alike(struct desk *d, int64_t person, struct roster_row *rows, size_t cap, size_t *n, struct err *e);

/* ERR_FORBIDDEN, with what stands against it in the detail: both employed or both assigned on one project, or already one. */
int desk_person_merge(struct desk *d, int64_t kept, int64_t gone, const char *reason, struct err *e);
/* Takes the newest merging of this person apart. ERR_NO_SUCH: there is none. *gone: who stands for himself again. */
int desk_person_unmerge(struct desk *d, int64_t person, const char *reason, int64_t *gone, struct err *e);
/* They were looked at and are two: the pair is not offered again. */
int desk_person_two(struct desk *d, int64_t a, int64_t b, const char *reason, struct err *e);

/* Pairs that the platform or a registration found alike, and nobody has looked at yet; newest first. */
struct offer_row { int64_t id, person, other; char name[NAME_TEXT], other_name[NAME_TEXT]; bool platform; int64_t at_ms; };
int desk_merge_offers(struct desk *d, int64_t before, struct offer_row *rows, size_t cap, size_t *n, struct err *e);

#endif
