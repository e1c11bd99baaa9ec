/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "book_find.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "desk/people.h"
#include "store/book.h"
#include "store/undo.h"

#define WORDS_TEXT 16384
#define PHRASE 200
#define PAGE 64
#define PEOPLE_MOST 2000
#define CODES_MOST 8
#define GROUP 256

/* --- texts as they are compared
 * ------------------------------------------------------------------------------ */

/* Narrow, small letters, without blanks. */
static void fold(const char *text, char *out, size_t size)
{
	char *to = out;

	text_copy(out, size, text);
	text_narrow(out);
	for (const char *c = out; *c; c++)
		if (!isspace((unsigned char)*c))
			*to++ = (char)tolower((unsigned char)*c);
	*to = '\0';
}

static bool holds(const char *text, const char *phrase)
{
	char folded[PARTICULAR_TEXT_MAX];
	bool found;

	fold(text, folded, sizeof(folded));
	found = strstr(folded, phrase) != NULL;
	wipe(folded, sizeof(folded));
	return found;
}

static bool is_phone(const char *phone, const char *phrase)
{
	size_t n = strlen(phone);

	return !strcmp(phone, phrase) || (n > 4 && strlen(phrase) == 4 &&
					  !strcmp(phone + n - 4, phrase)); /* S5: whole, or its last four */
}

static bool value_says(const struct desk *d, const struct book_field *f, const char *value,
		       const char *phrase)
{
	const struct code *code;

	if (!f->find || !value[0])
		return false;
	switch (f->kind) {
	case PARTICULAR_PHONE:
		return is_phone(value, phrase);
	case PARTICULAR_DATE:
	case PARTICULAR_AMOUNT:
		return !strcmp(value, phrase);
	case PARTICULAR_YES_NO:
		return false;
	case PARTICULAR_CODE:
		code = profile_code(d->profile, f->codes, value);
		return !strcmp(value, phrase) ||
		       (code && (holds(code->name, phrase) || holds(code_word(code), phrase)));
	default:
		return holds(value, phrase);
	}
}

static bool entry_says(const struct desk *d, const struct book *b, const struct book_entry *entry,
		       const char *phrase)
{
	for (size_t i = 0; i < b->n; i++)
		if (value_says(d, &b->field[i], entry->value[i], phrase))
			return true;
	return false;
}

int book_person_says(struct desk *d, const char *book, int64_t person, const char *typed, bool *says,
		     struct err *e)
{
	struct book_entry *entry = calloc(1, sizeof(*entry));
	char phrase[PHRASE];
	int64_t before = 0;
	const struct book *b;
	size_t n = 1;
	int rc = entry ? book_of(d, book, &b, e) : err_set(e, ERR_MEMORY, "register");

	*says = false;
	fold(typed, phrase, sizeof(phrase));
	while (!rc && n && !*says) {
		rc = desk_book_list(d, book, person, before, entry, 1, &n, e);
		*says = !rc && n && entry_says(d, b, entry, phrase);
		before = entry->id;
	}
	wipe(phrase, sizeof(phrase));
	if (entry)
		wipe(entry, sizeof(*entry));
	free(entry);
	return rc;
}

/* --- words of an entry: "=" before a whole value, "~" before one or two characters of a text
 * ------------------------ */

struct words {
	char text[WORDS_TEXT];
	size_t len;
};

static bool has_word(const struct words *w, const char *word)
{
	for (const char *have = w->text; *have; have += strlen(have) + 1)
		if (!strcmp(have, word))
			return true;
	return false;
}

/* What does not fit any more finds nothing; a book's texts are shorter. */
static void add_word(struct words *w, char kind, const char *text, size_t n)
{
	char word[PHRASE + 8];

	text_format(word, sizeof(word), "%c%.*s", kind, (int)n, text);
	n = strlen(word);
	if (n < 2 || w->len + n + 2 > sizeof(w->text) || has_word(w, word))
		return;
	memcpy(w->text + w->len, word, n + 1);
	w->len += n + 1;
	w->text[w->len] = '\0';
}

static void add_pieces(struct words *w, const char *text)
{
	char folded[PARTICULAR_TEXT_MAX];
	size_t n, next;
	uint32_t cp;

	fold(text, folded, sizeof(folded));
	for (const char *c = folded; *c; c += n) {
		n = text_decode(c, strlen(c), &cp);
		if (!n)
			break;
		next = text_decode(c + n, strlen(c + n), &cp);
		add_word(w, '~', c, n);
		if (next)
			add_word(w, '~', c, n + next);
	}
	wipe(folded, sizeof(folded));
}

static void add_value(const struct desk *d, const struct book_field *f, const char *value, struct words *w)
{
	const struct code *code =
		f->kind == PARTICULAR_CODE ? profile_code(d->profile, f->codes, value) : NULL;
	size_t n = strlen(value);

	if (!f->find || f->kind == PARTICULAR_YES_NO)
		return;
	if (f->kind == PARTICULAR_PHONE && n > 4)
		add_word(w, '=', value + n - 4, 4);
	if (f->kind == PARTICULAR_PHONE || f->kind == PARTICULAR_DATE || f->kind == PARTICULAR_AMOUNT ||
	    f->kind == PARTICULAR_CODE)
		add_word(w, '=', value, n);
	else
		add_pieces(w, value);
	if (code)
		add_pieces(w, code->name);
}

#define WORDS_MADE 2 /* changes when words are made in another way: under the index's key since 2 */

/* Which fields they are made of, and how: entries of another declaration are gone through again. FNV-1a. */
static int64_t declared(const struct book *b)
{
	uint32_t hash = 2166136261u ^ WORDS_MADE;

	for (size_t i = 0; i < b->n; i++)
		for (const char *c = b->field[i].find ? b->field[i].name : ""; *c; c++)
			hash = (hash ^ (unsigned char)*c) * 16777619u;
	return (int64_t)hash + 1;
}

int book_words_write(struct desk *d, const struct book *b, const struct book_entry *entry, int64_t id,
		     struct err *e)
{
	struct words *w = calloc(1, sizeof(*w));
	struct db_book_words row = {
		.entry = id, .project = d->project.id, .book = b->name, .declared = declared(b)};
	int rc;

	if (!w)
		return err_set(e, ERR_MEMORY, "register");
	for (size_t i = 0; i < b->n; i++)
		add_value(d, &b->field[i], entry->value[i], w);
	row.list = w->text;
	rc = db_book_words(d->store, &row, e);
	wipe(w, sizeof(*w));
	free(w);
	return rc;
}

/* --- entries from before there were words, or before the profile said what is found
 * --------------------------------- */

static int words_of(struct desk *d, int64_t id, struct book_entry *entry, struct err *e)
{
	const struct book *b;

	return book_told(d, id, &b, entry, e) || book_words_write(d, b, entry, id, e) ? -1 : 0;
}

static int write_group(struct desk *d, const int64_t *ids, size_t n, struct err *e)
{
	struct book_entry *entry = calloc(1, sizeof(*entry));
	int rc = entry ? 0 : err_set(e, ERR_MEMORY, "register");

	db_act_none(d->store);
	for (size_t i = 0; !rc && i < n; i++)
		rc = words_of(d, ids[i], entry, e);
	if (entry)
		wipe(entry, sizeof(*entry));
	free(entry);
	return rc;
}

static int words_owed(struct desk *d, const struct book *b, struct err *e)
{
	int64_t ids[GROUP];
	size_t n;

	do {
		if (db_book_words_owed(d->store, d->project.id, b->name, declared(b), ids, GROUP, &n, e))
			return -1;
		if (n && (store_begin(d->store, e) || store_end(d->store, write_group(d, ids, n, e), e)))
			return -1;
	} while (n == GROUP);
	return 0;
}

/* --- finding: entries of those whom the roster finds, and entries that say it, newest first
 * -------------------------- */

struct found {
	int64_t id;
	bool sure;
}; /* sure: of somebody who was asked for; else the entry is looked at */
struct finding_by {
	struct desk *d;
	const struct book *b;
	char phrase[PHRASE];
	int64_t *person;
	size_t persons;
	char word[2 + CODES_MOST][PHRASE], also[PHRASE]; /* also: of word[1] */
	size_t words;
	struct found *found;
	size_t n, room;
	int64_t floor; /* below it, not everything has been fetched */
};

static int add_persons(struct finding_by *f, const struct roster_page *page, struct err *e)
{
	int64_t *more = realloc(f->person, (f->persons + page->n) * sizeof(*more));

	if (!more)
		return err_set(e, ERR_MEMORY, "register");
	f->person = more;
	for (size_t i = 0; i < page->n; i++)
		f->person[f->persons++] = page->row[i].person;
	return f->persons > PEOPLE_MOST ? err_set(e, ERR_USAGE, "%s", _("符合的人太多，请再多写几个字")) : 0;
}

static int persons_named(struct finding_by *f, const char *typed, struct err *e)
{
	struct roster_query q = {.filter = ROSTER_ALL};
	struct roster_page page = {.row = calloc(PAGE, sizeof(*page.row)), .cap = PAGE, .more = true};
	int rc = page.row ? 0 : err_set(e, ERR_MEMORY, "register");

	text_copy(q.text, sizeof(q.text), typed);
	while (!rc && page.more) {
		rc = desk_roster(f->d, &q, &page, e);
		q.after = page.last;
		if (!page.n)
			break;
		rc = rc ? rc : add_persons(f, &page, e);
	}
	if (page.row)
		wipe(page.row, PAGE * sizeof(*page.row));
	free(page.row);
	return rc;
}

/* A code is found by its word in the program's language too. */
static void codes_said(struct finding_by *f, const struct book_field *field)
{
	const struct code *codes = NULL;
	size_t n = field->find && field->kind == PARTICULAR_CODE
			   ? profile_codes(f->d->profile, field->codes, &codes)
			   : 0;

	for (size_t i = 0; i < n && f->words < ARRAY_LEN(f->word); i++)
		if (holds(code_word(&codes[i]), f->phrase))
			text_format(f->word[f->words++], PHRASE, "=%s", codes[i].code);
}

/* The first two characters and the last two: what begins alike (an address) often ends differently. */
static void words_said(struct finding_by *f)
{
	const char *last = f->phrase;
	size_t n, first;
	uint32_t cp;

	text_format(f->word[f->words++], PHRASE, "=%s", f->phrase);
	for (const char *c = f->phrase; (n = text_decode(c, strlen(c), &cp)) > 0; c += n)
		if (c[n])
			last = c;
	n = text_decode(f->phrase, strlen(f->phrase), &cp);
	first = n + text_decode(f->phrase + n, strlen(f->phrase + n), &cp);
	text_format(f->word[f->words++], PHRASE, "~%.*s", (int)first, f->phrase);
	text_format(f->also, sizeof(f->also), "~%s", last);
	for (size_t i = 0; i < f->b->n; i++)
		codes_said(f, &f->b->field[i]);
}

static int add_found(struct finding_by *f, const int64_t *ids, size_t n, bool sure, struct err *e)
{
	if (f->n + n > f->room) {
		struct found *more = realloc(f->found, (f->room = 2 * (f->n + n)) * sizeof(*more));

		if (!more)
			return err_set(e, ERR_MEMORY, "register");
		f->found = more;
	}
	for (size_t i = 0; i < n; i++)
		f->found[f->n++] = (struct found){ids[i], sure};
	if (n == PAGE && ids[n - 1] > f->floor)
		f->floor = ids[n - 1];
	return 0;
}

static int newest_first(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	if (x->id != y->id)
		return x->id < y->id ? 1 : -1;
	return (int)y->sure - (int)x->sure;
}

static int gather_words(struct finding_by *f, int64_t before, bool *owed, struct err *e)
{
	struct desk *d = f->d;
	int64_t ids[PAGE];
	size_t n;

	*owed = false;
	for (size_t i = 0; i < f->words && !*owed; i++) {
		struct db_book_word w = {.project = d->project.id,
					 .declared = declared(f->b),
					 .book = f->b->name,
					 .word = f->word[i],
					 .also = i == 1 ? f->also : NULL};

		if (db_book_word_page(d->store, &w, before, ids, PAGE, &n, owed, e) ||
		    add_found(f, ids, n, false, e))
			return -1;
	}
	return 0;
}

static int gather_persons(struct finding_by *f, int64_t before, struct err *e)
{
	struct desk *d = f->d;
	int64_t ids[PAGE];
	size_t n;

	f->n = 0;
	f->floor = 0;
	for (size_t i = 0; i < f->persons; i++)
		if (db_book_of_person(d->store, d->project.id, f->b->name, f->person[i], f->b->people, before,
				      ids, PAGE, &n, e) ||
		    add_found(f, ids, n, true, e))
			return -1;
	return 0;
}

/* A page of every source, below `before`; complete down to f->floor. A data key that another session replaces meanwhile makes all words owed. */
static int gather(struct finding_by *f, int64_t before, struct err *e)
{
	bool owed = false;

	do {
		if ((owed && words_owed(f->d, f->b, e)) || gather_persons(f, before, e) || gather_words(f, before, &owed, e))
			return -1;
	} while (owed);
	if (f->n)
		qsort(f->found, f->n, sizeof(*f->found), newest_first);
	return 0;
}

/* ERR_NO_SUCH: out of the account's scope, or deleted meanwhile: not among the rows. */
static int take(struct finding_by *f, const struct found *at, struct book_entry *row, bool *fits,
		struct err *e)
{
	struct err own = {ERR_NONE};

	*fits = false;
	if (desk_book_get(f->d, f->b->name, at->id, row, &own))
		return own.code == ERR_NO_SUCH ? 0 : err_set(e, own.code, "%s", own.detail);
	*fits = at->sure || entry_says(f->d, f->b, row, f->phrase);
	if (!*fits)
		wipe(row, sizeof(*row));
	return 0;
}

static int fill(struct finding_by *f, int64_t *before, struct book_entry *rows, size_t cap, size_t *n,
		struct err *e)
{
	for (size_t i = 0; i < f->n && *n < cap; i++) {
		bool fits;

		if (f->found[i].id < f->floor)
			break;
		if (i && f->found[i].id == f->found[i - 1].id)
			continue;
		*before = f->found[i].id;
		if (take(f, &f->found[i], &rows[*n], &fits, e))
			return -1;
		*n += fits;
	}
	return 0;
}

static int find(struct finding_by *f, const char *typed, int64_t before, struct book_entry *rows, size_t cap,
		size_t *n, struct err *e)
{
	int rc = words_owed(f->d, f->b, e) || persons_named(f, typed, e) ? -1 : 0;

	if (!rc)
		words_said(f);
	do {
		rc = rc ? rc : gather(f, before, e);
		rc = rc ? rc : fill(f, &before, rows, cap, n, e);
	} while (!rc && f->floor && *n < cap);
	free(f->person);
	free(f->found);
	wipe(f, sizeof(*f));
	return rc;
}

int desk_book_find(struct desk *d, const char *book, const char *typed, int64_t before,
		   struct book_entry *rows, size_t cap, size_t *n, struct err *e)
{
	struct finding_by f = {.d = d};

	*n = 0;
	if (desk_may_in_project(d, 0, e) || book_of(d, book, &f.b, e))
		return -1;
	fold(typed, f.phrase, sizeof(f.phrase));
	if (!f.phrase[0])
		return desk_book_list(d, book, 0, before, rows, cap, n, e);
	return find(&f, typed, before, rows, cap, n, e);
}
