/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Taking back (U4). What an account did in one transaction — one person, a whole marked list, an import — is taken back at once, in one
 * transaction: every fact is reversed (a correction is restated as it was before), the rows are as they were, its operations are withdrawn
 * and those that it had withdrawn are queued again. The list is on file: several steps, after a restart too.
 *
 * Only what has not left the box is taken back; what was sent gets its life cycle's reversing action, where there is one. One's own work is
 * taken back by oneself; another's by the site's project manager. Where something rests on it that was done later, that is taken back first.
 * A decision that arrived meanwhile and could not be because of it is applied after all.
 */
#ifndef DESK_UNDO_H
#define DESK_UNDO_H

#include "desk/desk.h"
#include "domain/lifecycle.h"

enum undo_state { UNDO_POSSIBLE, UNDO_DONE, UNDO_SENT, UNDO_OTHERS, UNDO_OLD, UNDO_NEVER };

struct undo_row {
	int64_t act, at_ms, people;
	char what[80];          /* translated: 进场, 登记, 更正 … */
	char title[NAME_TEXT];  /* the first person's or subject's name */
	char by[NAME_TEXT];
	bool mine;
	enum undo_state state;
	char why[200], would[200]; /* translated; "" where it is possible */
	enum event reverse;     /* the reversing act on people, of what was sent; EVENT_NONE: none */
};
/* Newest first; before 0: from the newest. mine: only this account's. */
int desk_undo_list(struct desk *d, bool mine, int64_t before, struct undo_row *rows, size_t cap, size_t *n, bool *more, struct err *e);
int desk_undo_get(struct desk *d, int64_t act, struct undo_row *out, struct err *e);
/* ERR_FORBIDDEN with the sentence where it cannot be taken back; then nothing has changed. */
int desk_undo(struct desk *d, int64_t act, struct err *e);
/* Whom the act concerned, by id, after an id: for its reversing action. */
int desk_undo_persons(struct desk *d, int64_t act, int64_t after, int64_t *persons, size_t cap, size_t *n, struct err *e);

#endif
