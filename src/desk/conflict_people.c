/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A person's and an employment's fields, for conflict.c. */
#include <string.h>

#include "base/text.h"
#include "conflict_kind.h"
#include "personal.h"
#include "wire_read.h"

/* --- opening ----------------------------------------------------------------------------------------- */

static int named(struct holding *h, const char *subject, int64_t *employment, struct err *e)
{
	struct db_employment m;
	struct db_person p;

	*employment = 0;
	if (!strcmp(h->kind->operation, "person.add")) {
		if (db_person_by_uid(h->d->store, subject, &p, e))
			return -1;
		h->person = p.id;
		return 0;
	}
	if (db_employment_by_uid(h->d->store, subject, &m, e))
		return -1;
	if (m.project != h->d->project.id)
		return err_set(e, ERR_NO_SUCH, "employment of another project");
	h->person = m.person;
	*employment = m.id;
	return 0;
}

static int open_person(struct holding *h, const char *subject, struct err *e)
{
	int64_t employment = 0;

	if ((subject && named(h, subject, &employment, e)) || folk_open(h->d, h->person, &h->folk, e) ||
	    folk_record(h->d, &h->folk, &h->r, e))
		return -1;
	h->file = h->person;
	h->over = employment && h->folk.employment.id != employment;
	text_copy(h->uid, sizeof(h->uid), h->folk.person.uid);
	text_copy(h->name, sizeof(h->name), h->folk.person.name);
	return 0;
}

/* --- fields ------------------------------------------------------------------------------------------ */

static bool facet_of(const struct field *f, struct facet *out)
{
	if (!f)
		return false;
	*out = (struct facet){.name = f->name,
			      .label = f->label,
			      .max_chars = f->max_chars,
			      .needed = f->id == F_NAME || f->id == F_NUMBER || f->id == F_DOC_TYPE,
			      .at = (int)f->id};
	return true;
}

static bool fixed(const struct field *f)
{
	return f->id == F_COMPANY || f->id == F_TEAM || f->id == F_LEADER;
}

static bool by_wire(const struct holding *h, const char *wire, struct facet *out)
{
	const struct field *f = field_by_wire(h->kind->operation, wire);

	return f && !fixed(f) && facet_of(f, out);
}

static bool by_name(const struct holding *h, const char *name, struct facet *out)
{
	(void)h;
	return facet_of(field_by_name(name), out);
}

static bool read_value(const struct holding *h, const struct facet *f, const char *wire, char *out,
		       size_t size)
{
	return wire_read(h->d, field_get((enum field_id)f->at), wire, out, size);
}

static const char *get_value(const struct holding *h, const struct facet *f)
{
	return record_get(&h->r, (enum field_id)f->at);
}

static bool locked(const struct holding *h, const struct facet *f)
{
	const struct field *field = field_get((enum field_id)f->at);

	return (field->flags & FIELD_FROM_CARD) && h->r.from_card && h->r.origin[field->id] == ORIGIN_CARD;
}

static int show(const struct holding *h, const struct facet *f, const char *value, char *out, size_t size,
		struct err *e)
{
	enum field_id id = (enum field_id)f->at;
	struct record r;
	int rc;

	record_init(&r);
	rc = record_set(&r, id, value, ORIGIN_STORED) ? err_set(e, ERR_MEMORY, "field")
						      : (h->whole ? file_show : file_show_masked)(h->d, &r, id, out, size, e);
	record_release(&r);
	return rc;
}

/* --- writing what is to stand ------------------------------------------------------------------------ */

static int put_value(struct holding *h, const struct facet *f, const char *value, struct err *e)
{
	enum field_id id = (enum field_id)f->at;

	h->touched[folk_part_of(id)] = true;
	h->renamed |= id == F_NAME || id == F_TRADE;
	return record_set(&h->r, id, value, ORIGIN_STORED) ? err_set(e, ERR_MEMORY, "field") : 0;
}

static int write_person(struct holding *h, int64_t *fact, struct err *e)
{
	struct personal p = {.d = h->d,
			     .r = &h->r,
			     .person = &h->folk.person,
			     .theirs = h->how.theirs,
			     .base = h->how.base,
			     .again = h->how.again};

	return personal_update(&p, e) || personal_report(&p, fact, e) ? -1 : 0;
}

static int write_employment(struct holding *h, int64_t person_fact, struct err *e)
{
	struct employment_change c = {.d = h->d,
				      .r = &h->r,
				      .folk = &h->folk,
				      .person_fact = person_fact,
				      .theirs = h->how.theirs,
				      .base = h->how.base};
	struct db_participant participant;
	int64_t fact;

	c.participant = &participant;
	return db_participant_get(h->d->store, h->folk.employment.participant, &participant, e) ||
			       employment_amend(&c, &fact, e)
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

const struct conflict_ways people_ways = {
	.open = open_person,
	.by_wire = by_wire,
	.by_name = by_name,
	.read = read_value,
	.get = get_value,
	.locked = locked,
	.show = show,
	.put = put_value,
	.write = write_all,
};
