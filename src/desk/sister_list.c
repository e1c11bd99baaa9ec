/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The manual's list of the unassigned, as far as it reaches beyond this project (D5): the rosters of the other projects, one employer's part
 * after the other, without those who are assigned here. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "desk/acts.h"
#include "folk.h"
#include "roster.h"
#include "sister.h"
#include "store/project.h"

#define PAGE 32

struct reading {
	struct desk *d;
	struct sister_page *page;
	struct roster_asking ask;
	struct sister_cursor *at;  /* the page's last */
	struct db_project project; /* the one under way */
	struct db_member member[PAGE];
};

static int row_out(struct reading *r, const struct db_member *m, struct err *e)
{
	struct sister_row *out = &r->page->row[r->page->n];
	bool is_free = false;

	if (!m->employment || lifecycle_final(CYCLE_EMPLOYMENT, m->employment_state))
		return 0;
	if (db_sister_free(r->d->store, m->employment, r->at->project, r->d->project.id, &is_free, e))
		return -1;
	if (!is_free)
		return 0;
	*out = (struct sister_row){.person = m->person, .state = m->employment_state};
	text_copy(out->name, sizeof(out->name), m->name);
	text_copy(out->tail, sizeof(out->tail), m->tail);
	text_copy(out->trade, sizeof(out->trade), desk_code_word(r->d, field_get(F_TRADE)->codes, m->trade));
	text_copy(out->company, sizeof(out->company), m->company_name);
	text_copy(out->project, sizeof(out->project), r->project.name);
	r->page->n++;
	return 0;
}

/* Pages of that employer's part of the roster until there is no room or nobody is left; *more: there may be further ones. */
static int of_participant(struct reading *r, bool *more, struct err *e)
{
	struct db_roster_query *q = &r->ask.q;
	struct roster_cursor *at = &r->at->at;
	size_t got = 1;

	q->project = r->at->project;
	q->scope = SCOPE_PARTICIPANT;
	q->scope_id = r->at->participant;
	*more = true;
	while (*more && got && r->page->n < r->page->cap) {
		size_t room = r->page->cap - r->page->n;

		q->after_key = at->key;
		q->after_person = at->id;
		if (db_roster(r->d->store, q, r->member, room < PAGE ? room : PAGE, &got, more, e))
			return -1;
		for (size_t i = 0; i < got; i++)
			if (row_out(r, &r->member[i], e))
				return -1;
		if (got) {
			text_copy(at->key, sizeof(at->key), r->member[got - 1].key);
			at->id = r->member[got - 1].person;
		}
	}
	*more = *more && got;
	return 0;
}

/* Does that company take part here, as far as the account sees? */
static int is_ours(struct desk *d, int64_t company, bool *yes, struct err *e)
{
	struct db_participant as;

	if (d->session.participant) {
		if (db_participant_get(d->store, d->session.participant, &as, e))
			return -1;
		*yes = as.company == company;
		return 0;
	}
	if (sister_takes_part(d, company, &as, e))
		return -1;
	*yes = as.id != 0;
	return 0;
}

/* Participant after participant; the cursor says which, and how far in it. */
static int of_project(struct reading *r, struct err *e)
{
	struct sister_cursor *at = r->at;
	struct db_participant p;
	size_t n;
	bool ours;

	while (!r->page->more) {
		int64_t before = at->participant ? at->participant - 1 : 0;

		if (db_participant_list(r->d->store, at->project, before, &p, 1, &n, e))
			return -1;
		if (!n)
			return 0;
		if (p.id != at->participant)
			*at = (struct sister_cursor){.project = at->project, .participant = p.id};
		if (is_ours(r->d, p.company, &ours, e) || (ours && of_participant(r, &r->page->more, e)))
			return -1;
		if (!r->page->more)
			*at = (struct sister_cursor){.project = at->project, .participant = p.id + 1};
	}
	return 0;
}

static int all_projects(struct reading *r, struct err *e)
{
	struct sister_cursor *at = r->at;
	struct db_project *p = &r->project;
	size_t n;
	bool one;

	while (!r->page->more) {
		if (db_project_list(r->d->store, at->project ? at->project - 1 : 0, p, 1, &n, e))
			return -1;
		if (!n)
			return 0;
		if (p->id != at->project)
			*at = (struct sister_cursor){.project = p->id};
		one = false;
		if (p->id != r->d->project.id && sister_one_platform(r->d, p->id, &one, e))
			return -1;
		if (one && of_project(r, e))
			return -1;
		if (!r->page->more)
			*at = (struct sister_cursor){.project = p->id + 1};
	}
	return 0;
}

int desk_sister_list(struct desk *d, const struct sister_query *q, struct sister_page *page, struct err *e)
{
	struct reading *r;
	int rc = 0;

	page->n = 0;
	page->more = false;
	page->last = q->after;
	if (desk_may_in_project(d, 0, e))
		return -1;
	r = calloc(1, sizeof(*r));
	if (!r)
		return err_set(e, ERR_MEMORY, "people on other projects");
	r->d = d;
	r->page = page;
	r->at = &page->last;
	r->ask.q.text = r->ask.text;
	roster_ask_text(&r->ask, q->text);
	if (!r->ask.nothing)
		rc = all_projects(r, e);
	wipe(r, sizeof(*r));
	free(r);
	return rc;
}
