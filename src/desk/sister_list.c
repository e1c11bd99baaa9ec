/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The manual's list of the unassigned, as far as it reaches beyond this project (D5). */
#include <string.h>

#include "base/text.h"
#include "desk/acts.h"
#include "folk.h"
#include "sister.h"
#include "store/project.h"

#define PAGE 32

struct reading {
	struct desk *d;
	const struct sister_query *q;
	struct sister_page *page;
	int64_t project; /* the last one asked about */
	bool one;	 /* does it report to the same platform? */
};

static int tail_of(struct desk *d, int64_t person, char *out, size_t size, struct err *e)
{
	struct db_document doc;
	size_t bytes;

	if (db_document_current(d->store, person, &doc, e))
		return -1;
	bytes = strlen(doc.number);
	text_copy(out, size, doc.number + (bytes > 4 ? bytes - 4 : 0));
	wipe(&doc, sizeof(doc));
	return 0;
}

static int on_one_platform(struct reading *r, int64_t project, bool *one, struct err *e)
{
	if (r->project != project && sister_one_platform(r->d, project, &r->one, e))
		return -1;
	r->project = project;
	*one = r->one;
	return 0;
}

static int row_out(struct reading *r, const struct db_participant *as, const struct db_sister *m,
		   struct err *e)
{
	const struct code *trade = profile_code(r->d->profile, field_get(F_TRADE)->codes, m->trade);
	struct sister_row *out = &r->page->row[r->page->n];
	bool one;

	if (lifecycle_final(CYCLE_EMPLOYMENT, m->state))
		return 0;
	if (on_one_platform(r, m->project, &one, e))
		return -1;
	if (!one)
		return 0;
	*out = (struct sister_row){.person = m->person, .state = m->state};
	text_copy(out->name, sizeof(out->name), m->name);
	text_copy(out->project, sizeof(out->project), m->project_name);
	text_copy(out->company, sizeof(out->company), as->short_name[0] ? as->short_name : as->company_name);
	text_copy(out->trade, sizeof(out->trade), trade ? code_word(trade) : m->trade);
	r->page->n++;
	return tail_of(r->d, m->person, out->tail, sizeof(out->tail), e);
}

/* As long as there is room and the company has further ones. A company that takes part twice is read once, as
 * its first. */
static int of_company(struct reading *r, const struct db_participant *as, struct err *e)
{
	struct db_sister rows[PAGE];
	struct sister_cursor *at = &r->page->last;
	size_t got = PAGE;

	while (r->page->n < r->page->cap && got == PAGE) {
		struct db_sister_query w = {.company = as->company,
					    .after = at->employment,
					    .project = r->d->project.id,
					    .name = r->q->name};

		if (db_sister_list(r->d->store, &w, rows, PAGE, &got, e))
			return -1;
		for (size_t i = 0; i < got; i++) {
			if (r->page->n == r->page->cap) {
				r->page->more = true;
				return 0;
			}
			if (row_out(r, as, &rows[i], e))
				return -1;
			at->employment = rows[i].employment;
		}
	}
	r->page->more = got == PAGE;
	return 0;
}

static int first_as(struct desk *d, const struct db_participant *p, bool *first, struct err *e)
{
	struct db_participant rows[16];
	int64_t after = 0;
	size_t n;

	*first = true;
	do {
		if (db_participant_list(d->store, d->project.id, after, rows, ARRAY_LEN(rows), &n, e))
			return -1;
		for (size_t i = 0; i < n && rows[i].id < p->id; i++)
			*first = *first && rows[i].company != p->company;
		after = n ? rows[n - 1].id : after;
	} while (n == ARRAY_LEN(rows) && after < p->id);
	return 0;
}

/* Company after company; the cursor says which, and how far in it. */
static int all_companies(struct reading *r, struct err *e)
{
	struct sister_cursor *at = &r->page->last;
	struct db_participant p;
	size_t n;
	bool first;

	*at = r->q->after;
	while (!r->page->more) {
		int64_t before = at->participant ? at->participant - 1 : 0;

		if (db_participant_list(r->d->store, r->d->project.id, before, &p, 1, &n, e))
			return -1;
		if (!n)
			return 0;
		if (p.id != at->participant)
			*at = (struct sister_cursor){.participant = p.id};
		if (first_as(r->d, &p, &first, e) ||
		    (first && folk_in_scope(r->d, p.id) && of_company(r, &p, e)))
			return -1;
		if (!r->page->more)
			*at = (struct sister_cursor){.participant = p.id + 1};
	}
	return 0;
}

int desk_sister_list(struct desk *d, const struct sister_query *q, struct sister_page *page, struct err *e)
{
	struct reading r = {.d = d, .q = q, .page = page};

	page->n = 0;
	page->more = false;
	return desk_may_in_project(d, 0, e) ? -1 : all_companies(&r, e);
}
