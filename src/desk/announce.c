/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "announce.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "folk.h"
#include "store/outbox.h"

#define OF_ONE_SUBJECT 32 /* the newest are enough: what is older has left long ago */

/* What became of those before: the fact that the newest of them told of, if it may be there; whether that was its removal. */
struct told {
	int64_t fact;
	bool removed;
};

static bool is_done_with(const struct db_outbox *row)
{
	return row->state == OUTBOX_WITHDRAWN || row->state == OUTBOX_SUPERSEDED;
}

static int put_aside(struct desk *d, const struct announcing *t, struct told *told, struct err *e)
{
	struct db_outbox rows[OF_ONE_SUBJECT];
	size_t n, prefix = strlen(t->entity);

	*told = (struct told){.fact = 0};
	if (db_outbox_about(d->store, d->project.id, t->uid, rows, ARRAY_LEN(rows), &n, e))
		return -1;
	for (size_t i = 0; i < n; i++) {
		if (strncmp(rows[i].kind, t->entity, prefix) || rows[i].kind[prefix] != '.' || is_done_with(&rows[i]))
			continue;
		if (db_outbox_is_here(&rows[i])) {
			if (db_outbox_state(d->store, rows[i].id, rows[i].state, t->removed ? OUTBOX_WITHDRAWN : OUTBOX_SUPERSEDED, e))
				return -1;
		} else if (!told->fact) {
			told->fact = rows[i].fact;
			told->removed = !strcmp(rows[i].kind + prefix, ".remove");
		}
	}
	return 0;
}

int announce(struct desk *d, const struct announcing *t, struct err *e)
{
	struct operation op = {.uid = t->uid, .title = t->title, .fact = t->fact, .person = t->person};
	struct told told;
	int64_t *needs;
	char kind[32];
	int rc;

	if (put_aside(d, t, &told, e))
		return -1;
	if (told.removed)
		told.fact = 0;
	if (t->removed && !told.fact)
		return 0;
	text_format(kind, sizeof(kind), "%s.%s", t->entity, t->removed ? "remove" : told.fact ? "amend" : "add");
	needs = calloc(t->n_needs + 1, sizeof(*needs));
	if (!needs)
		return err_set(e, ERR_MEMORY, "needs");
	op.kind = kind;
	op.needs = needs;
	needs[op.n_needs++] = told.fact;
	for (size_t i = 0; i < t->n_needs; i++)
		needs[op.n_needs++] = t->needs[i];
	rc = deed_queue(d, &op, e);
	free(needs);
	return rc;
}

int announce_need(struct desk *d, int64_t person, int64_t *fact, struct err *e)
{
	struct folk f;

	*fact = 0;
	if (!person)
		return 0;
	if (folk_load(d, person, &f, e))
		return -1;
	return f.assignment.id ? deed_reported(d, CYCLE_ASSIGNMENT, f.assignment.id, fact, e) : 0;
}
