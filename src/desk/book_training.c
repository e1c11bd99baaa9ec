/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "book_training.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "dossier.h"
#include "store/book.h"

#define ROWS 32

static const char *value_of(const struct book *b, const struct book_entry *entry, enum book_training part)
{
	return b->training[part] >= 0 ? entry->value[b->training[part]] : "";
}

static int take_lesson(const struct book *b, const struct book_entry *entry, struct training_new *t, struct book_finding *f, struct err *e)
{
	*t = (struct training_new){.kind = value_of(b, entry, BOOK_TRAINED_KIND), .on = DATE_NONE, .hours = atoi(value_of(b, entry, BOOK_TRAINED_HOURS))};
	if (date_parse(value_of(b, entry, BOOK_TRAINED_ON), &t->on) && t->on != DATE_LONG_TERM && t->on <= date_today())
		return 0;
	f->field = b->training[BOOK_TRAINED_ON];
	text_copy(f->sentence, sizeof(f->sentence), _("培训日期应是今天或以前的一天"));
	return err_set(e, ERR_FINDINGS, "%s", f->sentence);
}

static int took_part(struct desk *d, int64_t entry, int64_t person, bool *yes, struct err *e)
{
	int64_t found;
	size_t n;

	if (db_book_persons(d->store, entry, person - 1, &found, 1, &n, e))
		return -1;
	*yes = n && found == person;
	return 0;
}

/* Takes away the entry's lessons that are not this one of somebody who took part; t NULL: all of them. */
static int clear_lessons(struct desk *d, int64_t entry, const struct training_new *t, struct err *e)
{
	struct db_training rows[ROWS];
	int64_t after = 0;
	size_t n;
	bool stays;

	do {
		if (db_training_of_entry(d->store, entry, after, rows, ROWS, &n, e))
			return -1;
		for (size_t i = 0; i < n; i++) {
			after = rows[i].id;
			stays = t && rows[i].on == t->on && rows[i].hours == t->hours && !strcmp(rows[i].kind, t->kind);
			if (stays && took_part(d, entry, rows[i].person, &stays, e))
				return -1;
			if (!stays && dossier_lesson_ends(d, &rows[i], e))
				return -1;
		}
	} while (n == ROWS);
	return 0;
}

int book_lessons_write(struct desk *d, const struct book *b, const struct book_entry *entry, int64_t id, struct book_finding *f, struct err *e)
{
	int64_t persons[ROWS], after = 0;
	struct training_new t;
	size_t n;

	if (!b->trains)
		return 0;
	if (take_lesson(b, entry, &t, f, e) || clear_lessons(d, id, &t, e))
		return -1;
	do {
		if (db_book_persons(d->store, id, after, persons, ROWS, &n, e))
			return -1;
		for (size_t i = 0; i < n; i++) {
			after = persons[i];
			if (dossier_lesson_of(d, persons[i], &t, id, e))
				return -1;
		}
	} while (n == ROWS);
	return 0;
}

int book_lessons_remove(struct desk *d, const struct book *b, int64_t id, struct err *e)
{
	return b->trains ? clear_lessons(d, id, NULL, e) : 0;
}
