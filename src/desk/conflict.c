/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "conflict.h"

#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "personal.h"
#include "store/upload.h"
#include "wire_read.h"

#define PERSON_KIND "person.changed"

/* --- writing what is to stand ------------------------------------------------------------------------ */

/* One person's file with what is to become of it. */
struct holding {
	struct desk *d;
	struct folk folk;
	struct record r;
	bool touched[3]; /* by enum folk_part */
	bool theirs, again, renamed;
	int64_t base;
};

/* Released by the caller, whatever it returns. */
static int hold(struct holding *h, int64_t person, struct err *e)
{
	record_init(&h->r);
	return folk_open(h->d, person, &h->folk, e) || folk_record(h->d, &h->folk, &h->r, e) ? -1 : 0;
}

static int put(struct holding *h, enum field_id f, const char *value, struct err *e)
{
	h->touched[folk_part_of(f)] = true;
	h->renamed |= f == F_NAME || f == F_TRADE;
	return record_set(&h->r, f, value, ORIGIN_STORED) ? err_set(e, ERR_MEMORY, "field") : 0;
}

static int write_person(struct holding *h, int64_t *fact, struct err *e)
{
	struct personal p = {.d = h->d,
			     .r = &h->r,
			     .person = &h->folk.person,
			     .theirs = h->theirs,
			     .base = h->base,
			     .again = h->again};

	return personal_update(&p, e) || personal_report(&p, fact, e) ? -1 : 0;
}

/* The assignment shows and sends the employment's trade. */
static int follow_trade(struct holding *h, struct err *e)
{
	struct db_assignment *a = &h->folk.assignment;

	if (!a->id || lifecycle_final(CYCLE_ASSIGNMENT, a->state) || !strcmp(a->trade, h->folk.employment.trade))
		return 0;
	text_copy(a->trade, sizeof(a->trade), h->folk.employment.trade);
	return db_assignment_update(h->d->store, a, e);
}

static int write_employment(struct holding *h, int64_t person_fact, struct err *e)
{
	struct employment_change c = {.d = h->d,
				      .r = &h->r,
				      .folk = &h->folk,
				      .person_fact = person_fact,
				      .theirs = h->theirs,
				      .base = h->base};
	struct db_participant participant;
	int64_t fact;

	c.participant = &participant;
	return db_participant_get(h->d->store, h->folk.employment.participant, &participant, e) ||
			       employment_amend(&c, &fact, e) || follow_trade(h, e)
		       ? -1
		       : 0;
}

static int write_all(struct holding *h, struct err *e)
{
	int64_t fact = 0;

	if (h->touched[PART_PERSON] && write_person(h, &fact, e))
		return -1;
	if (h->touched[PART_EMPLOYMENT] && write_employment(h, fact, e))
		return -1;
	return folk_refresh(h->d, h->folk.person.id, h->renamed, e);
}

/* --- a change arrives -------------------------------------------------------------------------------- */

struct taking {
	struct holding h;
	const struct change *c;
	const char *kind; /* as field_by_wire() knows them */
	char detail[300]; /* names of fields, for the audit */
	int taken, asked;
};

static bool fixed(const struct field *f)
{
	return f->id == F_COMPANY || f->id == F_TEAM || f->id == F_LEADER;
}

struct both {
	const struct field *f;
	char from[CONFLICT_VALUE], to[CONFLICT_VALUE];
};

/* What belongs to nobody of our fields is passed over: f NULL. False: it cannot be read. */
static bool read_field(const struct taking *t, const struct changed_field *from, struct both *out)
{
	out->f = field_by_wire(t->kind, from->wire);
	if (out->f && fixed(out->f))
		out->f = NULL;
	if (!out->f)
		return true;
	if ((out->f->id == F_NAME || out->f->id == F_NUMBER || out->f->id == F_DOC_TYPE) && !from->to[0])
		return false;
	if (!wire_read(t->h.d, out->f, from->from, out->from, sizeof(out->from)))
		out->from[0] = '\0'; /* what it was there before is only shown; it is not what stands here */
	return text_chars(from->to) <= out->f->max_chars * 4 &&
	       wire_read(t->h.d, out->f, from->to, out->to, sizeof(out->to));
}

static bool locked(const struct record *r, const struct field *f)
{
	return (f->flags & FIELD_FROM_CARD) && r->from_card && r->origin[f->id] == ORIGIN_CARD;
}

static int ask(struct taking *t, const struct both *b, int64_t open, struct err *e)
{
	struct db_conflict row = {.project = t->h.d->project.id,
				  .person = t->h.folk.person.id,
				  .at_ms = clock_now_ms()};
	const char *by = t->c->by ? t->c->by : "";
	int rc;

	t->asked++;
	if (open)
		return db_conflict_theirs(t->h.d->store, open, b->to, by, row.at_ms, e);
	text_copy(row.field, sizeof(row.field), b->f->name);
	text_copy(row.base, sizeof(row.base), b->from);
	text_copy(row.mine, sizeof(row.mine), record_get(&t->h.r, b->f->id));
	text_copy(row.theirs, sizeof(row.theirs), b->to);
	text_copy(row.by, sizeof(row.by), by);
	rc = db_conflict_insert(t->h.d->store, &row, &row.id, e);
	wipe(&row, sizeof(row));
	return rc;
}

static void note(struct taking *t, const struct both *b, const char *mark)
{
	desk_append(t->detail, sizeof(t->detail), t->detail[0] ? " " : "");
	desk_append(t->detail, sizeof(t->detail), b->f->name);
	desk_append(t->detail, sizeof(t->detail), mark);
}

static int take_field(struct taking *t, const struct both *b, struct err *e)
{
	const char *mine = record_get(&t->h.r, b->f->id);
	struct store *s = t->h.d->store;
	int64_t open;

	if (db_conflict_about(s, t->h.d->project.id, t->h.folk.person.id, b->f->name, &open, e))
		return -1;
	if (!strcmp(mine, b->to)) /* both sides say the same now */
		return open ? db_conflict_choose(s, open, CHOICE_THEIRS, 0, clock_now_ms(), e) : 0;
	if (open || strcmp(mine, b->from) || locked(&t->h.r, b->f)) {
		note(t, b, "?");
		return ask(t, b, open, e);
	}
	t->taken++;
	note(t, b, "");
	return put(&t->h, b->f->id, b->to, e);
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

static int take_fields(struct taking *t, struct err *e)
{
	struct both b;
	int rc = 0;

	for (size_t i = 0; !rc && i < t->c->n_fields; i++)
		if (read_field(t, &t->c->field[i], &b) && b.f)
			rc = take_field(t, &b, e);
	wipe(&b, sizeof(b));
	if (rc || !(t->taken || t->asked))
		return rc;
	if (t->taken && write_all(&t->h, e))
		return -1;
	return desk_audit(t->h.d,
			  &(struct audit_entry){.action = "merge_fields",
						.object = "person",
						.uid = t->h.folk.person.uid,
						.detail = t->detail},
			  e);
}

/* Whose; *employment: the one named, 0 where the person is. */
static int whose(struct desk *d, const struct change *c, int64_t *person, int64_t *employment, struct err *e)
{
	struct err own = {ERR_NONE};
	struct db_employment m;
	struct db_person p;
	int rc;

	*person = *employment = 0;
	if (!strcmp(c->kind, PERSON_KIND)) {
		rc = db_person_by_uid(d->store, c->subject, &p, &own);
		*person = rc ? 0 : p.id;
	} else {
		rc = db_employment_by_uid(d->store, c->subject, &m, &own);
		*person = rc || m.project != d->project.id ? 0 : m.person;
		*employment = rc ? 0 : m.id;
	}
	return rc && own.code != ERR_NO_SUCH ? err_set(e, own.code, "%s", own.detail) : 0;
}

int conflict_take(struct desk *d, const struct change *c, int64_t *person, enum applied *result, struct err *e)
{
	struct taking t = {.h = {.d = d, .theirs = true, .base = c->base}, .c = c};
	int64_t employment;
	int rc;

	*result = APPLIED_UNKNOWN_SUBJECT;
	if (whose(d, c, person, &employment, e))
		return -1;
	if (!*person)
		return 0;
	t.kind = employment ? "employment.offer" : "person.add";
	rc = hold(&t.h, *person, e);
	if (!rc && (!all_readable(&t) || (employment && t.h.folk.employment.id != employment)))
		*result = APPLIED_FORBIDDEN;
	else if (!rc) {
		rc = take_fields(&t, e);
		*result = t.taken || t.asked ? APPLIED : APPLIED_BEFORE;
	}
	record_release(&t.h.r);
	return rc;
}

/* --- looking ----------------------------------------------------------------------------------------- */

static int shown(struct desk *d, enum field_id f, const char *value, char *out, size_t size, struct err *e)
{
	struct record r;
	int rc;

	record_init(&r);
	rc = record_set(&r, f, value, ORIGIN_STORED) ? err_set(e, ERR_MEMORY, "field")
						     : file_show_masked(d, &r, f, out, size, e);
	record_release(&r);
	return rc;
}

static int row_out(struct desk *d, const struct db_conflict *row, struct conflict *out, struct err *e)
{
	const struct field *f = field_by_name(row->field);
	struct holding h = {.d = d};
	int rc = -1;

	*out = (struct conflict){.id = row->id, .person = row->person, .at_ms = row->at_ms};
	text_copy(out->name, sizeof(out->name), row->name);
	text_copy(out->by, sizeof(out->by), row->by);
	if (!f)
		return err_set(e, ERR_DATA_DAMAGED, "field %s", row->field);
	out->field = f->id;
	if (hold(&h, row->person, e) == 0) {
		out->locked = locked(&h.r, f);
		rc = shown(d, f->id, row->base, out->base, sizeof(out->base), e) ||
				     shown(d, f->id, record_get(&h.r, f->id), out->mine, sizeof(out->mine), e) ||
				     shown(d, f->id, row->theirs, out->theirs, sizeof(out->theirs), e)
			     ? -1
			     : 0;
	}
	record_release(&h.r);
	return rc;
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
			bool sees = false;

			after = page[i].id;
			rc = folk_sees(d, page[i].person, &sees, e);
			if (!rc && sees)
				rc = row_out(d, &page[i], &rows[count++], e);
		}
		further = further || i < got;
		wipe(page, sizeof(page));
	}
	*n = count;
	*more = further;
	return rc;
}

int desk_conflict_get(struct desk *d, int64_t id, struct conflict *out, struct err *e)
{
	struct db_conflict row;
	bool sees = false;
	int rc;

	if (desk_may_in_project(d, 0, e) || db_conflict_get(d->store, id, &row, e))
		return -1;
	rc = folk_sees(d, row.person, &sees, e);
	if (!rc)
		rc = !sees || row.project != d->project.id || row.choice != CHOICE_OPEN ? err_set(e, ERR_NO_SUCH, "conflict")
										       : row_out(d, &row, out, e);
	wipe(&row, sizeof(row));
	return rc;
}

int desk_conflict_count(struct desk *d, int64_t limit, int64_t *n, struct err *e)
{
	return desk_may_in_project(d, 0, e) ? -1 : db_conflict_count(d->store, d->project.id, limit, n, e);
}

/* --- choosing ---------------------------------------------------------------------------------------- */

struct choosing {
	struct desk *d;
	enum conflict_choice choice;
	bool alone;
	size_t done;
};

static int choose_held(struct choosing *c, struct holding *h, const struct db_conflict *row, struct err *e)
{
	const struct field *f = field_by_name(row->field);
	bool theirs = c->choice == CONFLICT_THEIRS;
	char detail[64];

	if (!f)
		return err_set(e, ERR_DATA_DAMAGED, "field %s", row->field);
	if (theirs && locked(&h->r, f))
		return c->alone ? err_set(e, ERR_FORBIDDEN, "%s", _("这一项是读卡得来的，不能手工改；请重新读卡")) : 0;
	h->again = !theirs;
	if (put(h, f->id, theirs ? row->theirs : record_get(&h->r, f->id), e) || write_all(h, e) ||
	    db_conflict_choose(c->d->store, row->id, (enum db_choice)c->choice, c->d->session.account, clock_now_ms(), e))
		return -1;
	c->done++;
	text_format(detail, sizeof(detail), "%s %s", f->name, theirs ? "theirs" : "mine");
	return desk_audit(c->d,
			  &(struct audit_entry){.action = "choose",
						.object = "person",
						.uid = h->folk.person.uid,
						.detail = detail},
			  e);
}

static int choose_one(struct choosing *c, int64_t id, struct err *e)
{
	struct holding h = {.d = c->d, .base = -1};
	struct db_conflict row;
	int rc;

	if (db_conflict_get(c->d->store, id, &row, e))
		return -1;
	if (row.project != c->d->project.id)
		return err_set(e, ERR_NO_SUCH, "conflict");
	if (row.choice != CHOICE_OPEN)
		return err_set(e, ERR_CONFLICT, "chosen already");
	rc = hold(&h, row.person, e) ? -1 : choose_held(c, &h, &row, e);
	record_release(&h.r);
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

#define MAY_CHOOSE (ROLE_CLERK | ROLE_COMPANY_HR | ROLE_LEGAL_REPRESENTATIVE | ROLE_PROJECT_MANAGER)

int desk_conflict_choose(struct desk *d, const int64_t *ids, size_t n, enum conflict_choice choice, size_t *done, struct err *e)
{
	struct choosing c = {.d = d, .choice = choice, .alone = n == 1};

	if (desk_may_in_project(d, MAY_CHOOSE, e) || store_begin(d->store, e) ||
	    store_end(d->store, choose_all(&c, ids, n, e), e))
		return -1;
	*done = c.done;
	return 0;
}
