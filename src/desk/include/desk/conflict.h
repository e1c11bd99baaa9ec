/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One field, changed here and elsewhere since both last agreed (DESIGN 9): different fields merge, the same field asks. Until a clerk has
 * chosen, what stands here stands; nothing is lost on either side. Every merge and every choice is in the audit log.
 *
 * Which is which is told by the values: a change from the platform says what the field was there. Where it is the same here, nobody changed
 * it here and the new value is taken; where it is not, both did. What a card said is never changed by a message: that asks too.
 */
#ifndef DESK_CONFLICT_H
#define DESK_CONFLICT_H

#include "desk/people.h"

#define CONFLICT_VALUE 512

/* Of a person (and the employment), an assignment, a company, a participant, a team. Values as their files show them: words for codes, numbers masked.
 * mine: what stands here now. */
struct conflict {
	int64_t id, at_ms;
	int64_t person;   /* whose file it stands in; 0: something of the site */
	char about[16];   /* "person", "assignment", "company", "participant", "team" */
	char uid[UID_TEXT], name[NAME_TEXT]; /* of the subject */
	char field[32];   /* its name among the subject's fields */
	const char *label; /* msgid */
	bool locked; /* a card said what stands here: only a card can change it */
	char base[CONFLICT_VALUE], mine[CONFLICT_VALUE], theirs[CONFLICT_VALUE];
	char by[128];
};
enum conflict_choice { CONFLICT_MINE = 1, CONFLICT_THEIRS };

/* Open ones of the project, oldest first, after the id `after`. */
int desk_conflict_page(struct desk *d, int64_t after, struct conflict *rows, size_t cap, size_t *n, bool *more, struct err *e);
int desk_conflict_get(struct desk *d, int64_t id, struct conflict *out, struct err *e);
/* The same with its values whole, for whoever may choose: two masked ones may look the same. Recorded before they are handed out (S4). */
int desk_conflict_open(struct desk *d, int64_t id, struct conflict *out, struct err *e);
int desk_conflict_count(struct desk *d, int64_t limit, int64_t *n, struct err *e); /* no further than limit */

/*
 * Mine: sent again as a new operation. Theirs: a fact that supersedes, reported too. All in one transaction. Among several, those that
 * cannot be chosen so (locked) are passed over and stay open; one alone is refused. *done: how many were chosen.
 * Who may: who may amend the subject, each of them (ERR_NOT_PERMITTED). ERR_CONFLICT: somebody has chosen already. ERR_FORBIDDEN: locked. ERR_DUPLICATE: theirs is another person's document,
 * another team's name.
 */
int desk_conflict_choose(struct desk *d, const int64_t *ids, size_t n, enum conflict_choice choice, size_t *done, struct err *e);

#endif
