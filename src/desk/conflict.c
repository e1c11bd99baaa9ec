/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conflict.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "conflict_kind.h"

/* --- kinds ------------------------------------------------------------------------------------------- */

static unsigned keep_people(void)
{
	return ROLE_CLERK | ROLE_COMPANY_HR | ROLE_LEGAL_REPRESENTATIVE | ROLE_PROJECT_MANAGER;
}

static unsigned keep_participants(void)
{
	return site_adders(CYCLE_PARTICIPANT);
}

static unsigned keep_teams(void)
{
	return site_adders(CYCLE_TEAM_SITE);
}

static unsigned keep_assignments(void)
{
	return lifecycle_find(CYCLE_ASSIGNMENT, ASSIGNMENT_NONE, EVENT_DRAFT)->roles;
}

static unsigned choosers(void)
{
	return keep_people() | keep_participants() | keep_teams() | keep_assignments();
}

static const struct conflict_kind kinds[] = {
	{"person.changed", "person", "person.add", keep_people, &people_ways, NULL},
	{"employment.changed", "person", "employment.offer", keep_people, &people_ways, NULL},
	{"assignment.changed", "assignment", NULL, keep_assignments, &assignment_ways, NULL},
	{"company.changed", "company", NULL, keep_participants, &site_ways, &company_kind},
	{"participant.changed", "participant", NULL, keep_participants, &site_ways, &participant_kind},
	{"team.changed", "team", NULL, keep_teams, &site_ways, &team_kind},
};

static const struct conflict_kind *kind_of_change(const char *change)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (!strcmp(kinds[i].change, change))
			return &kinds[i];
	return NULL;
}

static const struct conflict_kind *kind_of_row(const struct db_conflict *row)
{
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (!strcmp(kinds[i].about, row->about))
			return &kinds[i];
	return NULL;
}

static void conflict_end(struct holding *h)
{
	record_release(&h->r);
	wipe(&h->sheet, sizeof(h->sheet));
}

/* Ended by the caller, whatever it returns. */
static int conflict_begin(struct holding *h, const char *subject, struct err *e)
{
	record_init(&h->r);
	return h->kind->ways->open(h, subject, e);
}

/* Of a row: its subject and the field. */
static int begin_row(struct holding *h, const struct db_conflict *row, struct facet *f, struct err *e)
{
	record_init(&h->r);
	h->kind = kind_of_row(row);
	h->person = row->person;
	text_copy(h->uid, sizeof(h->uid), row->subject);
	if (!h->kind)
		return err_set(e, ERR_DATA_DAMAGED, "about %s", row->about);
	if (h->kind->ways->open(h, NULL, e))
		return -1;
	return h->kind->ways->by_name(h, row->field, f) ? 0 : err_set(e, ERR_DATA_DAMAGED, "field %s", row->field);
}

/* --- a change arrives -------------------------------------------------------------------------------- */

struct taking {
	struct holding h;
	const struct change *c;
	char detail[300]; /* names of fields, for the audit */
	int taken, asked;
	bool agreed;  /* a field says already what it was changed to there */
	bool refused; /* another team made here has the name */
};

struct both {
	bool ours;
	struct facet f;
	char from[CONFLICT_VALUE], to[CONFLICT_VALUE];
};

/* What belongs to nobody of our fields is passed over: ours false. False: it cannot be read. */
static bool read_field(const struct taking *t, const struct changed_field *from, struct both *out)
{
	const struct conflict_ways *w = t->h.kind->ways;

	out->ours = w->by_wire(&t->h, from->wire, &out->f);
	if (!out->ours)
		return true;
	if (out->f.needed && !from->to[0])
		return false;
	if (!w->read(&t->h, &out->f, from->from, out->from, sizeof(out->from)))
		out->from[0] = '\0'; /* what it was there before is only shown; it is not what stands here */
	return text_chars(from->to) <= out->f.max_chars * 4 && w->read(&t->h, &out->f, from->to, out->to, sizeof(out->to));
}

/* What tells one question from another. */
static struct db_conflict about(const struct taking *t, const struct both *b)
{
	struct db_conflict row = {.project = t->h.d->project.id, .person = t->h.person};

	text_copy(row.about, sizeof(row.about), t->h.kind->about);
	text_copy(row.field, sizeof(row.field), b->f.name);
	if (!row.person)
		text_copy(row.subject, sizeof(row.subject), t->h.uid);
	return row;
}

static int ask(struct taking *t, const struct both *b, int64_t open, struct err *e)
{
	struct db_conflict row = about(t, b);
	const char *by = t->c->by ? t->c->by : "";
	int rc;

	t->asked++;
	row.at_ms = clock_now_ms();
	if (open)
		return db_conflict_theirs(t->h.d->store, open, b->to, by, row.at_ms, e);
	text_copy(row.base, sizeof(row.base), b->from);
	text_copy(row.mine, sizeof(row.mine), t->h.kind->ways->get(&t->h, &b->f));
	text_copy(row.theirs, sizeof(row.theirs), b->to);
	text_copy(row.by, sizeof(row.by), by);
	rc = db_conflict_insert(t->h.d->store, &row, &row.id, e);
	wipe(&row, sizeof(row));
	return rc;
}

static void note(struct taking *t, const struct both *b, const char *mark)
{
	desk_append(t->detail, sizeof(t->detail), t->detail[0] ? " " : "");
	desk_append(t->detail, sizeof(t->detail), b->f.name);
	desk_append(t->detail, sizeof(t->detail), mark);
}

/* Both sides say the same now. What was said here first is theirs too from now on: taken back here alone, it would stand there. */
static int agree(struct taking *t, const struct both *b, int64_t open, struct err *e)
{
	if (open && db_conflict_choose(t->h.d->store, open, CHOICE_THEIRS, 0, clock_now_ms(), e))
		return -1;
	if (!strcmp(b->from, b->to))
		return 0;
	t->agreed = t->h.how.again = true;
	note(t, b, "=");
	return t->h.kind->ways->put(&t->h, &b->f, b->to, e);
}

static int take_field(struct taking *t, const struct both *b, struct err *e)
{
	const struct conflict_ways *w = t->h.kind->ways;
	const char *mine = w->get(&t->h, &b->f);
	struct db_conflict row = about(t, b);
	struct store *s = t->h.d->store;
	int64_t open;

	if (db_conflict_about(s, &row, &open, e))
		return -1;
	if (!strcmp(mine, b->to))
		return agree(t, b, open, e);
	if (open || strcmp(mine, b->from) || w->locked(&t->h, &b->f)) {
		note(t, b, "?");
		return ask(t, b, open, e);
	}
	t->taken++;
	note(t, b, "");
	return w->put(&t->h, &b->f, b->to, e);
}

static bool all_readable(const struct taking *t)
{
	struct both b;
	bool right = t->c->n_fields > 0;

	for (size_t i = 0; right && i < t->c->n_fields; i++)
		right = read_field(t, &t->c->field[i], &b);
	wipe(&b, sizeof(b));
	return right;
}

/* A team's row is the first thing written: where its name is taken nothing has been. */
static int write_taken(struct taking *t, struct err *e)
{
	struct err own = {ERR_NONE};

	if (t->h.kind->ways->write(&t->h, &own) == 0)
		return 0;
	t->refused = own.code == ERR_DUPLICATE && !t->h.person;
	return t->refused ? 0 : err_set(e, own.code, "%s", own.detail);
}

static int take_fields(struct taking *t, struct err *e)
{
	struct both b;
	int rc = 0;

	for (size_t i = 0; !rc && i < t->c->n_fields; i++)
		if (read_field(t, &t->c->field[i], &b) && b.ours)
			rc = take_field(t, &b, e);
	wipe(&b, sizeof(b));
	if (rc || !(t->taken || t->asked || t->agreed))
		return rc;
	if ((t->taken || t->agreed) && write_taken(t, e))
		return -1;
	if (t->refused)
		return 0;
	return desk_audit(t->h.d,
			  &(struct audit_entry){.action = "merge_fields",
						.object = t->h.kind->about,
						.uid = t->h.uid,
						.detail = t->detail},
			  e);
}

/* The subject of a change, opened. *found false: nobody of ours. */
static int begin_change(struct taking *t, bool *found, struct err *e)
{
	struct err own = {ERR_NONE};
	int rc = conflict_begin(&t->h, t->c->subject, &own);

	*found = rc == 0;
	return rc && own.code != ERR_NO_SUCH ? err_set(e, own.code, "%s", own.detail) : 0;
}

int conflict_take(struct desk *d, const struct change *c, struct conflict_subject *whose, enum applied *result, struct err *e)
{
	struct taking t = {.h = {.d = d, .kind = kind_of_change(c->kind), .how = {.theirs = true, .base = c->base}}, .c = c};
	bool found;
	int rc;

	*result = APPLIED_UNKNOWN_SUBJECT;
	if (!t.h.kind || !c->subject || !uid_valid(c->subject))
		return 0;
	rc = begin_change(&t, &found, e);
	if (!rc && found) {
		whose->person = t.h.file;
		text_copy(whose->name, sizeof(whose->name), t.h.name);
		*result = APPLIED_FORBIDDEN;
		if (all_readable(&t) && !t.h.over) {
			rc = take_fields(&t, e);
			*result = t.refused ? APPLIED_FORBIDDEN : t.taken || t.asked ? APPLIED : APPLIED_BEFORE;
		}
	}
	conflict_end(&t.h);
	return rc;
}

/* --- looking ----------------------------------------------------------------------------------------- */

static int values_out(const struct holding *h, const struct facet *f, const struct db_conflict *row, struct conflict *out, struct err *e)
{
	const struct conflict_ways *w = h->kind->ways;

	return w->show(h, f, row->base, out->base, sizeof(out->base), e) ||
			       w->show(h, f, w->get(h, f), out->mine, sizeof(out->mine), e) ||
			       w->show(h, f, row->theirs, out->theirs, sizeof(out->theirs), e)
		       ? -1
		       : 0;
}

/* ERR_NO_SUCH: about something out of the account's scope. */
static int row_out(struct desk *d, const struct db_conflict *row, bool whole, struct conflict *out, struct err *e)
{
	struct holding h = {.d = d, .whole = whole};
	struct facet f;
	int rc = begin_row(&h, row, &f, e);

	*out = (struct conflict){.id = row->id, .person = row->person, .at_ms = row->at_ms};
	text_copy(out->by, sizeof(out->by), row->by);
	text_copy(out->about, sizeof(out->about), row->about);
	text_copy(out->uid, sizeof(out->uid), h.uid);
	text_copy(out->name, sizeof(out->name), h.name);
	if (!rc) {
		out->person = h.file;
		text_copy(out->field, sizeof(out->field), f.name);
		out->label = f.label;
		out->locked = h.kind->ways->locked(&h, &f);
		rc = values_out(&h, &f, row, out, e);
	}
	conflict_end(&h);
	return rc;
}

static int row_if_seen(struct desk *d, const struct db_conflict *row, struct conflict *out, bool *seen, struct err *e)
{
	struct err own = {ERR_NONE};
	int rc = row_out(d, row, false, out, &own);

	*seen = rc == 0;
	return rc && own.code != ERR_NO_SUCH ? err_set(e, own.code, "%s", own.detail) : 0;
}

#define PAGE 16

int desk_conflict_page(struct desk *d, int64_t after, struct conflict *rows, size_t cap, size_t *n, bool *more, struct err *e)
{
	struct db_conflict page[PAGE];
	size_t count = 0, got = 0, i;
	bool further = true;
	int rc = 0;

	if (desk_may_in_project(d, 0, e))
		return -1;
	while (!rc && further && count < cap) {
		if (db_conflict_page(d->store, d->project.id, after, page, PAGE, &got, &further, e))
			return -1;
		for (i = 0; !rc && i < got && count < cap; i++) {
			bool seen = false;

			after = page[i].id;
			rc = row_if_seen(d, &page[i], &rows[count], &seen, e);
			count += seen;
		}
		further = further || i < got;
		wipe(page, sizeof(page));
	}
	*n = count;
	*more = further;
	return rc;
}

static int open_row(struct desk *d, int64_t id, bool whole, struct conflict *out, struct err *e)
{
	struct db_conflict row;
	int rc;

	if (desk_may_in_project(d, 0, e) || db_conflict_get(d->store, id, &row, e))
		return -1;
	rc = row.project != d->project.id || row.choice != CHOICE_OPEN ? err_set(e, ERR_NO_SUCH, "conflict") : row_out(d, &row, whole, out, e);
	wipe(&row, sizeof(row));
	return rc;
}

int desk_conflict_get(struct desk *d, int64_t id, struct conflict *out, struct err *e)
{
	return open_row(d, id, false, out, e);
}

int desk_conflict_open(struct desk *d, int64_t id, struct conflict *out, struct err *e)
{
	struct audit_entry opened = {.action = "open", .detail = "conflict"};

	if (desk_may_in_project(d, choosers(), e) || open_row(d, id, true, out, e))
		return -1;
	opened.object = out->about;
	opened.uid = out->uid;
	if (store_begin(d->store, e) == 0 && store_end(d->store, desk_audit(d, &opened, e), e) == 0)
		return 0;
	wipe(out, sizeof(*out)); /* what cannot be recorded is not handed out */
	return -1;
}

/* Of an account with a scope, those that it is shown. */
static int count_seen(struct desk *d, int64_t limit, int64_t *n, struct err *e)
{
	struct conflict rows[4];
	int64_t after = 0, count = 0;
	bool more = true;
	size_t got;

	while (more && count < limit) {
		if (desk_conflict_page(d, after, rows, ARRAY_LEN(rows), &got, &more, e))
			return -1;
		count += (int64_t)got;
		after = got ? rows[got - 1].id : after;
	}
	*n = count < limit ? count : limit;
	return 0;
}

int desk_conflict_count(struct desk *d, int64_t limit, int64_t *n, struct err *e)
{
	if (desk_may_in_project(d, 0, e))
		return -1;
	return d->session.participant ? count_seen(d, limit, n, e) : db_conflict_count(d->store, d->project.id, limit, n, e);
}

/* --- choosing ---------------------------------------------------------------------------------------- */

struct choosing {
	struct desk *d;
	enum conflict_choice choice;
	bool alone;
	size_t done;
};

static int record_choice(struct choosing *c, const struct holding *h, const struct facet *f, struct err *e)
{
	char detail[64];

	text_format(detail, sizeof(detail), "%s %s", f->name, c->choice == CONFLICT_THEIRS ? "theirs" : "mine");
	return desk_audit(c->d,
			  &(struct audit_entry){.action = "choose", .object = h->kind->about, .uid = h->uid, .detail = detail}, e);
}

static int choose_held(struct choosing *c, struct holding *h, const struct facet *f, const struct db_conflict *row, struct err *e)
{
	const struct conflict_ways *w = h->kind->ways;
	bool theirs = c->choice == CONFLICT_THEIRS;

	if (desk_may_in_project(c->d, h->kind->choosers(), e))
		return -1;
	if (theirs && w->locked(h, f))
		return c->alone ? err_set(e, ERR_FORBIDDEN, "%s", _("这一项是读卡得来的，不能手工改；请重新读卡")) : 0;
	h->how.again = !theirs;
	if (w->put(h, f, theirs ? row->theirs : w->get(h, f), e) || w->write(h, e) ||
	    db_conflict_choose(c->d->store, row->id, (enum db_choice)c->choice, c->d->session.account, clock_now_ms(), e))
		return -1;
	c->done++;
	return record_choice(c, h, f, e);
}

static int choose_one(struct choosing *c, int64_t id, struct err *e)
{
	struct holding h = {.d = c->d, .how.base = -1};
	struct db_conflict row;
	struct facet f;
	int rc;

	if (db_conflict_get(c->d->store, id, &row, e))
		return -1;
	if (row.project != c->d->project.id)
		return err_set(e, ERR_NO_SUCH, "conflict");
	if (row.choice != CHOICE_OPEN)
		return err_set(e, ERR_CONFLICT, "chosen already");
	rc = begin_row(&h, &row, &f, e) ? -1 : choose_held(c, &h, &f, &row, e);
	conflict_end(&h);
	wipe(&row, sizeof(row));
	return rc;
}

static int choose_all(struct choosing *c, const int64_t *ids, size_t n, struct err *e)
{
	for (size_t i = 0; i < n; i++)
		if (choose_one(c, ids[i], e))
			return -1;
	return 0;
}

int desk_conflict_choose(struct desk *d, const int64_t *ids, size_t n, enum conflict_choice choice, size_t *done, struct err *e)
{
	struct choosing c = {.d = d, .choice = choice, .alone = n == 1};

	if (desk_may_in_project(d, choosers(), e) || store_begin(d->store, e) ||
	    store_end(d->store, choose_all(&c, ids, n, e), e))
		return -1;
	*done = c.done;
	return 0;
}
