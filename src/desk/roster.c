/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The roster (A8): keyset pages over what the store keeps in order. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/i18n.h"
#include "base/text.h"
#include "domain/id_number.h"
#include "domain/phone.h"
#include "domain/worker_code.h"
#include "hiring.h"
#include "roster.h"
#include "book_find.h"
#include "store/book.h"

static const char *const filter_words[ROSTER_FILTER_COUNT] = {
	[ROSTER_ALL] = N_("全部"),	   [ROSTER_WAITING_CONSENT] = N_("待本人同意"),
	[ROSTER_TO_SUBMIT] = N_("待提交"), [ROSTER_TO_CONFIRM] = N_("待确认"),
	[ROSTER_TO_ENTER] = N_("待进场"),  [ROSTER_ON_SITE] = N_("在场"),
	[ROSTER_EXITED] = N_("已退场"),	   [ROSTER_REFUSED] = N_("平台退回"),
};

const char *roster_filter_word(enum roster_filter f)
{
	return (unsigned)f < ROSTER_FILTER_COUNT ? _(filter_words[f]) : "";
}

/* A whole number finds its one holder, four digits a tail; other digits are nobody's, since nothing else of a
 * number is kept to look in. */
static void ask_digits(struct roster_asking *a)
{
	char number[ID_NUMBER_TEXT];
	size_t n = strlen(a->text);

	if (n == 4) {
		a->q.match = MATCH_TAIL;
	} else if (phone_is_mobile(a->text)) {
		a->q.match = MATCH_PHONE;
	} else if (id_number_normalise(a->text, number)) {
		a->q.match = MATCH_DOCUMENT;
		text_copy(a->text, sizeof(a->text), number);
		wipe(number, sizeof(number));
	} else if (n >= 7) {
		a->q.match = n <= 12 && a->text[0] == '0' ? MATCH_PHONE : MATCH_DOCUMENT;
	} else {
		a->nothing = true;
	}
}

/* Documents that are not all digits (a pass, an old permanent residence card): capitals and digits, eight
 * places at least. */
static bool document_like(const char *typed, char *out, size_t size)
{
	char text[64];
	size_t n, digits = 0;

	if (!text_copy(text, sizeof(text), typed))
		return false;
	text_narrow(text);
	text_trim(text);
	n = strlen(text);
	for (size_t i = 0; i < n; i++) {
		char c = text[i];

		if (c >= 'a' && c <= 'z')
			text[i] = (char)(c - 'a' + 'A');
		else if (!((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')))
			return false;
		digits += c >= '0' && c <= '9';
	}
	return n >= 8 && digits >= 4 && text_copy(out, size, text);
}

static void ask_word(struct roster_asking *a, const char *word)
{
	if (document_like(word, a->text, sizeof(a->text)) && !text_is_digits(a->text)) {
		a->q.match = MATCH_DOCUMENT;
		return;
	}
	switch (search_query(word, a->text, sizeof(a->text))) {
	case QUERY_EMPTY:
		a->q.match = MATCH_ALL;
		break;
	case QUERY_DIGITS:
		ask_digits(a);
		break;
	case QUERY_LETTERS:
	case QUERY_TEXT:
		a->q.match = MATCH_TEXT;
		break;
	}
}

#define WORDS 4

/* Words between blanks; what is more than WORDS of them stays with the last. Blanks of full width divide too. */
static size_t cut_words(char *text, char *words[WORDS])
{
	size_t n = 0;

	text_narrow(text);
	for (char *rest = text, *word; n < WORDS && (word = strsep(&rest, " \t"));)
		if (*word)
			words[n++] = word;
	return n;
}

/* A8: a state's word narrows to its list: 在场, 待确认, or a part of two characters at least (退场); in letters the whole word. */
static bool is_state(const char *word, enum roster_filter *out)
{
	bool letters = !((unsigned char)word[0] & 0x80);

	if (text_chars(word) < 2)
		return false;
	for (enum roster_filter f = ROSTER_ALL + 1; f < ROSTER_FILTER_COUNT; f++)
		if (letters ? !strcasecmp(roster_filter_word(f), word) : strstr(roster_filter_word(f), word) != NULL) {
			*out = f;
			return true;
		}
	return false;
}

/* One word leads (the index is walked by it), two more must stand in some search text; numbers lead, names come before the rest. */
static void ask_words(struct roster_asking *a, char *const words[], size_t n)
{
	char key[SEARCH_KEY_SIZE];
	size_t lead = 0, more = 0;

	for (size_t i = 0; i < n; i++)
		if (search_query(words[i], key, sizeof(key)) == QUERY_DIGITS)
			lead = i;
	ask_word(a, n ? words[lead] : "");
	for (size_t i = 0; i < n && more < ARRAY_LEN(a->also); i++)
		if (i != lead && search_query(words[i], a->also[more], sizeof(a->also[more])) != QUERY_EMPTY) {
			a->q.also[more] = a->also[more];
			more++;
		}
}

void roster_ask_text(struct roster_asking *a, const char *typed)
{
	char text[sizeof(((struct roster_query *)0)->text)], code[WORKER_CODE_TEXT], *words[WORDS];
	enum roster_filter state;
	size_t n, kept = 0;

	if (worker_code_read(typed, code)) { /* scanned into the box (E4) */
		text_copy(a->text, sizeof(a->text), code);
		a->q.match = MATCH_CODE;
		return;
	}
	text_copy(text, sizeof(text), typed);
	words[0] = text;
	n = 1; /* a number may be typed in groups */
	if (search_query(typed, a->text, sizeof(a->text)) != QUERY_DIGITS)
		n = cut_words(text, words);
	for (size_t i = 0; i < n; i++)
		if (a->q.view == ROSTER_ALL && is_state(words[i], &state))
			a->q.view = state;
		else
			words[kept++] = words[i];
	ask_words(a, words, kept);
	wipe(text, sizeof(text));
}

/* A team of another participant than the account acts for is none of its business (I6). */
static int check_team(struct desk *d, int64_t team, struct err *e)
{
	struct db_team t;

	if (!team || !d->session.participant)
		return 0;
	if (db_team_get(d->store, team, &t, e))
		return -1;
	return folk_in_scope(d, t.participant) ? 0 : err_set(e, ERR_NO_SUCH, "team of another participant");
}

static int ask(struct desk *d, const struct roster_query *q, struct roster_asking *a, struct err *e)
{
	if (check_team(d, q->team, e))
		return -1;
	*a = (struct roster_asking){.q = {.project = d->project.id,
				   .view = (unsigned)q->filter,
				   .scope = SCOPE_PROJECT,
				   .text = a->text,
				   .after_key = q->after.key,
				   .after_person = q->after.id,
				   .backwards = q->backwards}};
	if (q->team) {
		a->q.scope = SCOPE_TEAM;
		a->q.scope_id = q->team;
	} else if (d->session.participant || q->participant) {
		a->q.scope = SCOPE_PARTICIPANT;
		a->q.scope_id = d->session.participant ? d->session.participant : q->participant;
	}
	roster_ask_text(a, q->text);
	return 0;
}

const char *roster_employment_word(const struct roster_row *r)
{
	return state_word(CYCLE_EMPLOYMENT, r->gone ? EMPLOYMENT_LEFT : r->employment);
}

void roster_row_out(const struct desk *d, const struct db_member *m, struct roster_row *out)
{
	*out = (struct roster_row){.person = m->person,
				   .employment = m->employment_state,
				   .assignment = m->assignment_state,
				   .manual = m->manual,
				   .waiting = m->waiting,
				   .refused = m->refused,
				   .gone = hiring_gone(d, m->employment_state, m->assignment_state)};
	text_copy(out->name, sizeof(out->name), m->name);
	text_copy(out->tail, sizeof(out->tail), m->tail);
	text_copy(out->team, sizeof(out->team), m->team_name);
	text_copy(out->company, sizeof(out->company), m->company_name);
	text_copy(out->trade, sizeof(out->trade), desk_code_word(d, field_get(F_TRADE)->codes, m->trade));
}

static void cursor_of(const struct db_member *m, struct roster_cursor *c)
{
	text_copy(c->key, sizeof(c->key), m->key);
	c->id = m->person;
}

/* --- by a register ------------------------------------------------------------------------------------- */

static int in_book(struct desk *d, const struct roster_query *q, int64_t person, bool *fits, struct err *e)
{
	int64_t id;
	size_t n;

	if (q->says[0] && !q->without)
		return book_person_says(d, q->book, person, q->says, fits, e);
	if (db_book_page(d->store, d->project.id, q->book, person, 0, &id, 1, &n, e))
		return -1;
	*fits = (n > 0) != q->without;
	return 0;
}

/* Closes the gaps: rows[0..n) keeps those that fit. */
static int sift(struct desk *d, const struct roster_query *q, struct db_member *rows, size_t *n, struct err *e)
{
	size_t kept = 0;

	for (size_t i = 0; i < *n; i++) {
		bool fits;

		if (in_book(d, q, rows[i].person, &fits, e))
			return -1;
		if (fits && kept != i)
			rows[kept] = rows[i];
		kept += fits;
	}
	*n = kept;
	return 0;
}

/* Pages of the roster, sifted, until cap rows fit or nobody is left. */
static int sifted(struct desk *d, const struct roster_query *q, struct db_roster_query *at, struct db_member *rows, size_t cap, size_t *n,
		  bool *more, struct err *e)
{
	struct roster_cursor last = {.id = at->after_person};
	size_t got;

	text_copy(last.key, sizeof(last.key), at->after_key ? at->after_key : "");
	*n = 0;
	*more = true;
	at->backwards = false;
	while (*more && *n < cap) {
		at->after_key = last.key;
		at->after_person = last.id;
		if (db_roster(d->store, at, rows + *n, cap - *n, &got, more, e))
			return -1;
		if (!got)
			break;
		text_copy(last.key, sizeof(last.key), rows[*n + got - 1].key);
		last.id = rows[*n + got - 1].person;
		if (sift(d, q, rows + *n, &got, e))
			return -1;
		*n += got;
	}
	return 0;
}

static int page_of(struct desk *d, const struct roster_query *q, struct db_roster_query *at, struct db_member *rows, size_t cap, size_t *n,
		   bool *more, struct err *e)
{
	return q->book[0] ? sifted(d, q, at, rows, cap, n, more, e) : db_roster(d->store, at, rows, cap, n, more, e);
}

#define COUNT_PAGE 64
static int count_sifted(struct desk *d, const struct roster_query *q, struct db_roster_query *at, int64_t limit, int64_t *out, struct err *e)
{
	struct db_member *rows = malloc(COUNT_PAGE * sizeof(*rows));
	struct roster_cursor last;
	bool more = true;
	size_t n;
	int rc = rows ? 0 : err_set(e, ERR_MEMORY, "roster");

	*out = 0;
	at->after_person = 0;
	while (!rc && more && *out < limit) {
		rc = sifted(d, q, at, rows, COUNT_PAGE, &n, &more, e);
		if (rc || !n)
			break;
		*out += (int64_t)n;
		text_copy(last.key, sizeof(last.key), rows[n - 1].key);
		at->after_key = last.key;
		at->after_person = rows[n - 1].person;
	}
	*out = *out < limit ? *out : limit;
	if (rows)
		wipe(rows, COUNT_PAGE * sizeof(*rows));
	free(rows);
	return rc;
}

int desk_roster(struct desk *d, const struct roster_query *q, struct roster_page *page, struct err *e)
{
	struct db_member *rows;
	struct roster_asking a;
	size_t n = 0;
	bool more = false;
	int rc = -1;

	if (desk_may_in_project(d, 0, e) || ask(d, q, &a, e))
		return -1;
	rows = malloc((page->cap ? page->cap : 1) * sizeof(*rows));
	if (!rows)
		return err_set(e, ERR_MEMORY, "roster");
	if (!a.nothing && page_of(d, q, &a.q, rows, page->cap, &n, &more, e))
		goto out;
	for (size_t i = 0; i < n; i++)
		roster_row_out(d, &rows[i], &page->row[i]);
	page->n = n;
	page->more = more;
	page->first = page->last = (struct roster_cursor){.id = 0};
	if (n) {
		cursor_of(&rows[0], &page->first);
		cursor_of(&rows[n - 1], &page->last);
	}
	rc = 0;
out:
	wipe(rows, (rc || q->book[0] ? page->cap : n) * sizeof(*rows)); /* sifted: what did not fit lies behind */
	free(rows);
	return rc;
}

int desk_roster_count(struct desk *d, const struct roster_query *q, int64_t limit, int64_t *out,
		      struct err *e)
{
	struct roster_asking a;

	if (desk_may_in_project(d, 0, e) || ask(d, q, &a, e))
		return -1;
	if (a.nothing) {
		*out = 0;
		return 0;
	}
	return q->book[0] ? count_sifted(d, q, &a.q, limit, out, e) : db_roster_count(d->store, &a.q, limit, out, e);
}
