/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A register filled by a table (I3): its fields are the columns, beside name and document number; all that is required must be there. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "books.h"
#include "folk.h"
#include "store/dossier.h"
#include "table_in.h"

#define NAME_AT 0
#define NUMBER_AT 1
#define FIELDS_AT 2

struct taking {
	const struct book *book;
	struct table_column column[FIELDS_AT + BOOK_FIELDS];
};

static enum field_kind cell_kind(enum particular_kind kind)
{
	return kind == PARTICULAR_DATE ? FIELD_DATE : kind == PARTICULAR_PHONE ? FIELD_PHONE : FIELD_TEXT;
}

static void name_columns(struct taking *t)
{
	t->column[NAME_AT] = (struct table_column){"name", N_("姓名"), {"人员姓名"}, FIELD_TEXT, true};
	t->column[NUMBER_AT] = (struct table_column){"number", N_("证件号码"), {"身份证号", "身份证号码", "证件号"}, FIELD_DOCUMENT, true};
	for (size_t i = 0; i < t->book->n; i++) {
		const struct book_field *f = &t->book->field[i];
		struct table_column *c = &t->column[FIELDS_AT + i];

		*c = (struct table_column){.name = f->name, .label = f->label, .cell = cell_kind(f->kind), .needed = f->required};
		for (size_t k = 0; k < BOOK_ALSO && f->also[k][0]; k++)
			c->also[k] = f->also[k];
	}
}

static int take_person(struct desk *d, struct table_row *r, struct book_entry *entry, bool *good, struct err *e)
{
	struct folk f;
	int64_t person;

	*good = false;
	if (db_number_owner(d->store, r->cell[NUMBER_AT], &person, e))
		return -1;
	if (person && folk_load(d, person, &f, e))
		return -1;
	if (!person || (!f.assignment.id && !f.employment.id) || !folk_in_scope(d, f.participant.id))
		table_refuse(r, _("证件号码"), _("项目上没有此人"));
	else if (strcmp(f.person.name, r->name))
		table_refuse(r, _("姓名"), _("与证件号码的主人姓名不符"));
	else
		*good = true;
	entry->person = r->person = *good ? f.person.id : 0;
	return 0;
}

static bool take_values(const struct desk *d, const struct book *b, struct table_row *r, struct book_entry *entry)
{
	char sentence[160];
	bool good = true;

	for (size_t i = 0; i < b->n; i++) {
		text_copy(entry->value[i], BOOK_VALUE, r->cell[FIELDS_AT + i]);
		if (!book_normalise(d, &b->field[i], entry->value[i], sentence, sizeof(sentence))) {
			table_refuse(r, _(b->field[i].label), sentence);
			good = false;
		}
	}
	return good;
}

/* Refusals are the row's; what else went wrong is everybody's. */
static int write_row(struct desk *d, const struct book *b, struct table_row *r, struct book_entry *entry, struct err *e)
{
	struct err own = {ERR_NONE};
	struct book_finding f = {.field = -1};
	bool known, changed;
	int64_t id;

	if (book_find(d, b, entry, &entry->id, e))
		return -1;
	known = entry->id != 0;
	if (book_write(d, b, entry, NULL, 0, &id, &changed, &f, &own)) {
		if (own.code != ERR_FINDINGS)
			return err_set(e, own.code, "%s", own.detail);
		table_refuse(r, f.field >= 0 ? _(b->field[f.field].label) : _("姓名"), f.sentence);
		return 0;
	}
	r->outcome = !known ? IMPORT_NEW : changed ? IMPORT_CHANGED : IMPORT_SAME;
	return 0;
}

static int take_row(struct desk *d, void *arg, struct table_row *r, struct err *e)
{
	const struct book *b = ((struct taking *)arg)->book;
	struct book_entry *entry = calloc(1, sizeof(*entry));
	bool good;
	int rc;

	if (!entry)
		return err_set(e, ERR_MEMORY, "entry");
	text_copy(r->name, sizeof(r->name), r->cell[NAME_AT]);
	rc = take_person(d, r, entry, &good, e);
	if (!rc)
		good = take_values(d, b, r, entry) && good;
	if (!rc && good)
		rc = write_row(d, b, r, entry, e);
	wipe(entry, sizeof(*entry));
	free(entry);
	return rc;
}

int book_form(struct desk *d, const struct sheet_import_options *o, struct table_form *out, struct err *e)
{
	const struct book *b;
	struct taking *t;

	if (desk_may_in_project(d, BOOKS_MAY, e) || book_of(d, o->form, &b, e))
		return -1;
	if (b->people)
		return err_set(e, ERR_USAGE, "%s", _("这个登记簿一条记一次多人参加的事，不能按人导入"));
	t = calloc(1, sizeof(*t));
	if (!t)
		return err_set(e, ERR_MEMORY, "register");
	t->book = b;
	name_columns(t);
	*out = (struct table_form){.column = t->column, .n = FIELDS_AT + b->n, .audit = "register", .row = take_row, .drop = free, .arg = t};
	return 0;
}
