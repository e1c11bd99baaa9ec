/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/clear_out.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "desk/acts.h"
#include "desk/site.h"
#include "folk.h"
#include "sheets.h"

struct clearing {
	struct desk *d;
	const struct clear_out *c;
	enum db_scope scope;
	int64_t scope_id;
	int64_t *person;
	struct verdict *verdict;
	size_t n, room;
};

static int find_scope(struct clearing *w, struct err *e)
{
	struct db_participant p;
	struct db_team t;

	w->scope = SCOPE_PROJECT;
	if (w->c->scope == CLEAR_TEAM) {
		if (team_here(w->d, w->c->uid, &t, e))
			return -1;
		w->scope = SCOPE_TEAM;
		w->scope_id = t.id;
	}
	if (w->c->scope == CLEAR_PARTICIPANT) {
		if (participant_here(w->d, w->c->uid, &p, e))
			return -1;
		w->scope = SCOPE_PARTICIPANT;
		w->scope_id = p.id;
	}
	return 0;
}

static int add_person(struct clearing *w, int64_t person, struct err *e)
{
	if (w->n == w->room) {
		size_t room = w->room ? w->room * 2 : 64;
		int64_t *more = realloc(w->person, room * sizeof(*more));

		if (!more)
			return err_set(e, ERR_MEMORY, "people");
		w->person = more;
		w->room = room;
	}
	w->person[w->n++] = person;
	return 0;
}

static int gather(struct clearing *w, struct err *e)
{
	struct db_roster_query q = {
		.project = w->d->project.id, .view = ROSTER_ON_SITE, .scope = w->scope, .scope_id = w->scope_id};
	struct db_member page[16];
	char after[MEMBER_KEY];
	bool more;
	size_t n;

	do {
		if (db_roster(w->d->store, &q, page, ARRAY_LEN(page), &n, &more, e))
			return -1;
		for (size_t i = 0; i < n; i++)
			if (add_person(w, page[i].person, e))
				return -1;
		if (n) {
			text_copy(after, sizeof(after), page[n - 1].key);
			q.after_key = after;
			q.after_person = page[n - 1].person;
		}
	} while (more);
	w->verdict = calloc(w->n ? w->n : 1, sizeof(*w->verdict));
	return w->verdict ? 0 : err_set(e, ERR_MEMORY, "verdicts");
}

static struct act exit_of(const struct clearing *w)
{
	return (struct act){.event = w->c->scope == CLEAR_PROJECT ? EVENT_WORKS_COMPLETED : EVENT_EXIT,
			    .persons = w->person,
			    .n = w->n,
			    .on = w->c->on};
}

static bool concerns_team(const struct clearing *w, const struct team_row *t, const char *participant)
{
	if (t->state != SITE_ENTERED || t->automatic)
		return false;
	if (w->c->scope == CLEAR_TEAM)
		return strcmp(t->uid, w->c->uid) == 0;
	return !participant || strcmp(t->participant_uid, participant) == 0;
}

#define PLACES_MOST 4096

/* Teams, then participants; act false: only counted. */
static int each_team(struct clearing *w, bool act, int64_t *n, struct err *e)
{
	const char *participant = w->c->scope == CLEAR_PARTICIPANT ? w->c->uid : NULL;
	struct team_row *rows = calloc(PLACES_MOST, sizeof(*rows));
	size_t count = 0;
	int rc = rows ? desk_team_list(w->d, rows, PLACES_MOST, &count, e) : err_set(e, ERR_MEMORY, "teams");

	*n = 0;
	for (size_t i = 0; !rc && i < count; i++) {
		if (!concerns_team(w, &rows[i], participant))
			continue;
		++*n;
		if (act)
			rc = desk_team_act(w->d, rows[i].uid, EVENT_SITE_EXIT, w->c->on, e);
	}
	free(rows);
	return rc;
}

static int each_participant(struct clearing *w, bool act, int64_t *n, struct err *e)
{
	struct participant_row *rows = w->c->scope == CLEAR_TEAM ? NULL : calloc(PLACES_MOST, sizeof(*rows));
	size_t count = 0;
	int rc = 0;

	*n = 0;
	if (w->c->scope == CLEAR_TEAM)
		return 0;
	rc = rows ? desk_participant_list(w->d, rows, PLACES_MOST, &count, e) : err_set(e, ERR_MEMORY, "participants");
	for (size_t i = 0; !rc && i < count; i++) {
		if (rows[i].state != SITE_ENTERED || (w->c->scope == CLEAR_PARTICIPANT && strcmp(rows[i].uid, w->c->uid)))
			continue;
		++*n;
		if (act)
			rc = desk_participant_act(w->d, rows[i].uid, EVENT_SITE_EXIT, w->c->on, e);
	}
	free(rows);
	return rc;
}

static int look(struct clearing *w, struct clear_out_view *out, struct err *e)
{
	struct act a;
	size_t able = 0;

	*out = (struct clear_out_view){.people = 0};
	if (find_scope(w, e) || gather(w, e))
		return -1;
	a = exit_of(w);
	if (desk_preview(w->d, &a, w->verdict, &able, e) || each_team(w, false, &out->teams, e) ||
	    each_participant(w, false, &out->participants, e))
		return -1;
	out->people = (int64_t)w->n;
	out->held_up = (int64_t)(w->n - able);
	for (size_t i = 0; i < w->n; i++)
		if (!w->verdict[i].can) {
			text_copy(out->name, sizeof(out->name), w->verdict[i].name);
			text_copy(out->why, sizeof(out->why), w->verdict[i].why);
			text_copy(out->would, sizeof(out->would), w->verdict[i].would);
			break;
		}
	return 0;
}

static void release(struct clearing *w)
{
	free(w->person);
	free(w->verdict);
}

int desk_clear_out_preview(struct desk *d, const struct clear_out *c, struct clear_out_view *out, struct err *e)
{
	struct clearing w = {.d = d, .c = c};
	int rc = desk_may_in_project(d, 0, e) ? -1 : look(&w, out, e);

	release(&w);
	return rc;
}

static int clear(struct clearing *w, struct clear_out_view *out, struct err *e)
{
	int64_t teams, participants;
	struct act a;
	size_t done = 0;

	if (look(w, out, e))
		return -1;
	if (out->held_up)
		return err_set(e, ERR_FORBIDDEN, _("有 %d 人不能退场；%s"), (int)out->held_up, out->why);
	a = exit_of(w);
	if (desk_act(w->d, &a, w->verdict, &done, e))
		return -1;
	return each_team(w, true, &teams, e) || each_participant(w, true, &participants, e) ? -1 : 0;
}

int desk_clear_out(struct desk *d, const struct clear_out *c, struct clear_out_view *out, struct err *e)
{
	struct clearing w = {.d = d, .c = c};
	int rc;

	if (desk_may_in_project(d, 0, e) || store_group_begin(d->store, e))
		return -1;
	rc = clear(&w, out, e);
	release(&w);
	if (!rc)
		return store_group_end(d->store, true, e);
	store_group_end(d->store, false, NULL);
	return -1;
}
