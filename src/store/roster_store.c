/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The roster's pages: three ways in (list, suffixes, blind index), each forwards and backwards, all by
 * keyset. */
#include <stdlib.h>
#include <string.h>

#include "blind.h"
#include "member_private.h"
#include "search_keys.h"

#define LAST_KEY "\xF4\x8F\xBF\xBF" /* U+10FFFF: after every text */
#define SMALL_LIST                                                                                           \
	1000 /* a list this short is matched row by row, instead of the suffixes filtered by list */

#define LIST_FROM                                                                                            \
	"FROM member_view v CROSS JOIN member m ON m.project = v.project AND m.person = "                    \
	"v.person" MEMBER_JOINS
#define LIST_WHERE                                                                                           \
	"WHERE v.project = ?1 AND v.view = ?2 AND v.scope = ?3 AND v.scope_id = ?4 AND (v.sort_key, "        \
	"v.person) "
#define FILTER(view, scope, id, one, two)                                                                    \
	" AND m.views & " view " <> 0 AND (" scope " = 0 OR (" scope " = 1 AND m.team = " id ") OR (" scope  \
	" = 2 AND m.participant = " id ")) AND instr(m.texts, " one ") > 0 AND instr(m.texts, " two ") > 0"
#define TEXT_FROM "FROM search s CROSS JOIN member m ON m.project = s.project AND m.person = s.person"
#define TEXT_WHERE(back, limit)                                                                              \
	"WHERE s.project = ?1 AND s.key " limit " ?2 AND s.shared < ?3 AND (s.key, s.person) " back          \
	" (?4, ?5)"
#define INDEX_FROM "FROM person_index i CROSS JOIN member m ON m.project = ?2 AND m.person = i.person"
#define INDEX_WHERE_OF(hash, back) "WHERE i.hash = " hash " AND i.person " back " ?3" FILTER("?4", "?5", "?6", "?7", "?8")
#define INDEX_WHERE(back) INDEX_WHERE_OF("?1", back)

static const char list_forward[] =
	MEMBER_COLUMNS("v.sort_key") LIST_FROM LIST_WHERE "> (?5, ?6) ORDER BY v.sort_key, v.person LIMIT ?7";
static const char list_back[] = MEMBER_COLUMNS("v.sort_key") LIST_FROM LIST_WHERE
	"< (?5, ?6) ORDER BY v.sort_key DESC, v.person DESC LIMIT ?7";
static const char text_forward[] = MEMBER_COLUMNS("s.key") TEXT_FROM MEMBER_JOINS TEXT_WHERE(">", "<")
	FILTER("?6", "?7", "?8", "?9", "?10") " ORDER BY s.key, s.person LIMIT ?11";
static const char text_back[] = MEMBER_COLUMNS("s.key") TEXT_FROM MEMBER_JOINS TEXT_WHERE("<", ">=")
	FILTER("?6", "?7", "?8", "?9", "?10") " ORDER BY s.key DESC, s.person DESC LIMIT ?11";
static const char text_count_all[] = "SELECT s.person FROM search s " TEXT_WHERE(">", "<") " LIMIT ?6";
static const char text_count[] =
	"SELECT s.person " TEXT_FROM " " TEXT_WHERE(">", "<") FILTER("?6", "?7", "?8", "?9", "?10") " LIMIT ?11";
static const char index_forward[] =
	MEMBER_COLUMNS("''") INDEX_FROM MEMBER_JOINS INDEX_WHERE(">") " ORDER BY i.person LIMIT ?9";
static const char index_back[] =
	MEMBER_COLUMNS("''") INDEX_FROM MEMBER_JOINS INDEX_WHERE("<") " ORDER BY i.person DESC LIMIT ?9";
static const char index_count[] =
	"SELECT i.person " INDEX_FROM " " INDEX_WHERE(">") " ORDER BY i.person LIMIT ?9";
/* While the index turns to a new key (blind.h): in the order of both. */
#define INDEX_BOTH(columns, joins, back) \
	columns INDEX_FROM joins INDEX_WHERE(back) " UNION ALL " columns INDEX_FROM joins INDEX_WHERE_OF("?10", back)
static const char index_forward_both[] = INDEX_BOTH(MEMBER_COLUMNS_OF("i.person", "''"), MEMBER_JOINS, ">") " ORDER BY 2 LIMIT ?9";
static const char index_back_both[] = INDEX_BOTH(MEMBER_COLUMNS_OF("i.person", "''"), MEMBER_JOINS, "<") " ORDER BY 2 DESC LIMIT ?9";
static const char index_count_both[] = INDEX_BOTH("SELECT i.person ", " ", ">") " ORDER BY 1 LIMIT ?9";
static const char code_one[] = MEMBER_COLUMNS("''") "FROM worker_code i CROSS JOIN member m ON m.project = ?2 AND "
	"m.person = i.person" MEMBER_JOINS "WHERE i.code = ?1 AND i.void = 0" FILTER("?3", "?4", "?5", "?6", "?7");
static const char small_list[] = "SELECT v.person, m.texts FROM member_view v CROSS JOIN member m ON "
				 "m.project = v.project AND m.person = v.person"
				 " WHERE v.project = ?1 AND v.view = ?2 AND v.scope = ?3 AND v.scope_id = ?4";
static const char tally_of[] =
	"SELECT n FROM tally WHERE project = ? AND view = ? AND scope = ? AND scope_id = ?";

const char *const sql_roster[] = {list_forward,	  list_back,  text_forward,  text_back,
				  text_count_all, text_count, index_forward, index_back,
				  index_count,	  small_list, tally_of,	     code_one,	   index_forward_both,
				  index_back_both, index_count_both, NULL};

static bool has_cursor(const struct db_roster_query *q)
{
	return q->after_person != 0;
}

static const char *cursor_key(const struct db_roster_query *q, const char *start)
{
	return has_cursor(q) ? (q->after_key ? q->after_key : "") : start;
}

static int64_t cursor_person(const struct db_roster_query *q)
{
	return has_cursor(q) ? q->after_person : q->backwards ? INT64_MAX : 0;
}

static void bind_filter(struct query *q, const struct db_roster_query *r)
{
	bind_int(q, (int64_t)1 << r->view);
	bind_int(q, r->scope);
	bind_int(q, r->scope_id);
	bind_text(q, r->also[0]);
	bind_text(q, r->also[1]);
}

static void bind_list(struct query *q, const struct db_roster_query *r)
{
	bind_int(q, r->project);
	bind_int(q, r->view);
	bind_int(q, r->scope);
	bind_int(q, r->scope == SCOPE_PROJECT ? 0 : r->scope_id);
}

static int finish_page(struct query *q, bool backwards, struct db_member *rows, size_t cap, size_t *n,
		       bool *more, struct err *e)
{
	if (rows_page(q, read_member, rows, sizeof(*rows), cap, n, more, e))
		return -1;
	if (backwards)
		rows_reverse(rows, sizeof(*rows), *n);
	return 0;
}

/* --- the plain list
 * ----------------------------------------------------------------------------------------------------------------
 */

static int list_page(struct store *s, const struct db_roster_query *r, struct db_member *rows, size_t cap,
		     size_t *n, bool *more, struct err *e)
{
	struct query q;

	query_open(&q, s, r->backwards ? list_back : list_forward);
	bind_list(&q, r);
	bind_text(&q, cursor_key(r, r->backwards ? LAST_KEY : ""));
	bind_int(&q, cursor_person(r));
	bind_int(&q, (int64_t)cap + 1);
	return finish_page(&q, r->backwards, rows, cap, n, more, e);
}

int db_tally(struct store *s, int64_t project, unsigned view, enum db_scope scope, int64_t scope_id,
	     int64_t *out, struct err *e)
{
	struct db_roster_query r = {.project = project, .view = view, .scope = scope, .scope_id = scope_id};
	struct query q;

	query_open(&q, s, tally_of);
	bind_list(&q, &r);
	return query_int(&q, out, 0, e);
}

/* --- suffixes
 * -------------------------------------------------------------------------------------------------------------------------
 */

struct range {
	char first[MEMBER_KEY], end[MEMBER_KEY];
	int chars;
};

static int range_of(struct range *x, const char *text, struct err *e)
{
	if (!text_copy(x->first, sizeof(x->first), text) ||
	    !text_format(x->end, sizeof(x->end), "%s%s", text, LAST_KEY))
		return err_set(e, ERR_TOO_LARGE, "search for %zu bytes", strlen(text));
	x->chars = (int)text_chars(text);
	return 0;
}

static void bind_range(struct query *q, const struct db_roster_query *r, const struct range *x)
{
	bind_int(q, r->project);
	bind_text(q, r->backwards ? x->first : x->end);
	bind_int(q, x->chars);
	bind_text(q, cursor_key(r, r->backwards ? x->end : x->first));
	bind_int(q, cursor_person(r));
}

static int text_page(struct store *s, const struct db_roster_query *r, struct db_member *rows, size_t cap,
		     size_t *n, bool *more, struct err *e)
{
	struct range x;
	struct query q;

	if (range_of(&x, r->text, e))
		return -1;
	query_open(&q, s, r->backwards ? text_back : text_forward);
	bind_range(&q, r, &x);
	bind_filter(&q, r);
	bind_int(&q, (int64_t)cap + 1);
	return finish_page(&q, r->backwards, rows, cap, n, more, e);
}

static int count_rows(struct query *q, int64_t *out, struct err *e)
{
	int64_t n = 0, person = 0;
	int got;

	while ((got = query_step(q, e)) > 0) {
		n += col_int(q, 0) != person;
		person = col_int(q, 0);
	}
	query_close(q);
	if (got < 0)
		return -1;
	*out = n;
	return 0;
}

static int text_counted(struct store *s, const struct db_roster_query *r, int64_t limit, int64_t *out,
			struct err *e)
{
	struct db_roster_query whole = *r;
	bool filtered = r->view || r->scope != SCOPE_PROJECT || r->also[0] || r->also[1];
	struct range x;
	struct query q;

	whole.after_person = 0;
	whole.backwards = false;
	if (range_of(&x, r->text, e))
		return -1;
	query_open(&q, s, filtered ? text_count : text_count_all);
	bind_range(&q, &whole, &x);
	if (filtered)
		bind_filter(&q, r);
	bind_int(&q, limit);
	return count_rows(&q, out, e);
}

/* --- suffixes within a short list
 * -------------------------------------------------------------------------------------------------------- */

struct hit {
	int64_t person;
	char *key;
};
struct hits {
	struct hit *hit;
	size_t n, size;
};

static void hits_release(struct hits *h)
{
	for (size_t i = 0; i < h->n; i++)
		free(h->hit[i].key);
	free(h->hit);
}

static int add_hit(struct hits *h, int64_t person, const char *key, struct err *e)
{
	if (h->n == h->size) {
		size_t size = h->size ? h->size * 2 : 64;
		struct hit *more = realloc(h->hit, size * sizeof(*more));

		if (!more)
			return err_set(e, ERR_MEMORY, "search");
		h->hit = more;
		h->size = size;
	}
	h->hit[h->n] = (struct hit){.person = person, .key = strdup(key)};
	if (!h->hit[h->n].key)
		return err_set(e, ERR_MEMORY, "search");
	h->n++;
	return 0;
}

static int compare_place(const char *key, int64_t person, const char *other_key, int64_t other)
{
	int c = strcmp(key, other_key);

	return c ? c : (person > other) - (person < other);
}

static int by_place(const void *a, const void *b)
{
	const struct hit *x = a, *y = b;

	return compare_place(x->key, x->person, y->key, y->person);
}

static bool holds(const char *texts, const char *word)
{
	return !word || strstr(texts, word);
}

static int find_hits(struct store *s, const struct db_roster_query *r, struct hits *h, struct err *e)
{
	char key[MEMBER_KEY];
	struct query q;
	int got;

	query_open(&q, s, small_list);
	bind_list(&q, r);
	while ((got = query_step(&q, e)) > 0) {
		const char *texts = (const char *)sqlite3_column_text(q.st, 1);

		if (texts && holds(texts, r->also[0]) && holds(texts, r->also[1]) &&
		    search_first(texts, r->text, key, sizeof(key)) &&
		    add_hit(h, col_int(&q, 0), key, e)) {
			got = -1;
			break;
		}
	}
	query_close(&q);
	if (h->n)
		qsort(h->hit, h->n, sizeof(*h->hit), by_place);
	return got;
}

/* Where the page lies among the hits. */
static void cut_page(const struct hits *h, const struct db_roster_query *r, size_t cap, size_t *from,
		     size_t *to, bool *more)
{
	size_t at = 0;

	while (at < h->n && has_cursor(r) &&
	       compare_place(h->hit[at].key, h->hit[at].person, cursor_key(r, ""), r->after_person) < 0)
		at++; /* first that is not before the cursor */
	if (r->backwards) {
		*to = has_cursor(r) ? at : h->n;
		*from = *to > cap ? *to - cap : 0;
		*more = *from > 0;
		return;
	}
	if (at < h->n && has_cursor(r) &&
	    !compare_place(h->hit[at].key, h->hit[at].person, cursor_key(r, ""), r->after_person))
		at++;
	*from = at;
	*to = h->n - at > cap ? at + cap : h->n;
	*more = *to < h->n;
}

static int small_page(struct store *s, const struct db_roster_query *r, struct db_member *rows, size_t cap,
		      size_t *n, bool *more, struct err *e)
{
	struct hits h = {0};
	size_t from, to, k = 0;
	int last = find_hits(s, r, &h, e);

	if (last)
		goto out;
	cut_page(&h, r, cap, &from, &to, more);
	for (size_t i = from; i < to && !last; i++, k++) {
		last = db_member_get(s, r->project, h.hit[i].person, &rows[k], e);
		text_copy(rows[k].key, sizeof(rows[k].key), h.hit[i].key);
	}
	if (!last)
		*n = k;
out:
	hits_release(&h);
	return last;
}

static int small_counted(struct store *s, const struct db_roster_query *r, int64_t limit, int64_t *out,
			 struct err *e)
{
	struct hits h = {0};
	int last = find_hits(s, r, &h, e);

	if (!last)
		*out = (int64_t)h.n < limit ? (int64_t)h.n : limit;
	hits_release(&h);
	return last;
}

/* Filtering the suffixes by a list that few stand in would walk far for a page; the list itself is the
 * shorter way then. */
static int is_small(struct store *s, const struct db_roster_query *r, bool *small, struct err *e)
{
	int64_t n;

	*small = false;
	if (!r->view && r->scope == SCOPE_PROJECT)
		return 0;
	if (db_tally(s, r->project, r->view, r->scope, r->scope_id, &n, e))
		return -1;
	*small = n <= SMALL_LIST;
	return 0;
}

/* --- the blind index
 * --------------------------------------------------------------------------------------------------------------------
 */

struct index_statement {
	const char *one, *both;
};

/* `hold` is closed after the last row (blind.h). */
static int bind_index(struct query *q, struct query *hold, struct store *s, struct index_statement sql, const struct db_roster_query *r,
		      int64_t limit, struct err *e)
{
	enum vault_index kind = r->match == MATCH_TAIL	  ? INDEX_TAIL
				: r->match == MATCH_PHONE ? INDEX_PHONE
							  : INDEX_NUMBER;
	struct blind hash;

	if (blind_ask(hold, s, kind, r->text, &hash, e))
		return -1;
	query_open(q, s, hash.turning ? sql.both : sql.one);
	bind_blob(q, hash.now, sizeof(hash.now));
	bind_int(q, r->project);
	bind_int(q, cursor_person(r));
	bind_filter(q, r);
	bind_int(q, limit);
	if (hash.turning)
		bind_blob(q, hash.was, sizeof(hash.was));
	return 0;
}

/* One person may have the same tail in phone and document: rows of one person come together, and count once.
 */
static int index_page(struct store *s, const struct db_roster_query *r, struct db_member *rows, size_t cap,
		      size_t *n, bool *more, struct err *e)
{
	static const struct index_statement forward = {index_forward, index_forward_both}, back = {index_back, index_back_both};
	size_t k = 0;
	struct query hold, q;
	int got;

	if (bind_index(&q, &hold, s, r->backwards ? back : forward, r, INT64_MAX, e))
		return -1;
	*more = false;
	while ((got = query_step(&q, e)) > 0) {
		if (k && rows[k - 1].person == col_int(&q, 1))
			continue;
		if (k == cap) {
			*more = true;
			break;
		}
		if (read_member(&q, &rows[k], e)) {
			got = -1;
			break;
		}
		k++;
	}
	query_close(&q);
	query_close(&hold);
	if (got < 0)
		return -1;
	*n = k;
	if (r->backwards)
		rows_reverse(rows, sizeof(*rows), k);
	return 0;
}

static int index_counted(struct store *s, const struct db_roster_query *r, int64_t limit, int64_t *out,
			 struct err *e)
{
	static const struct index_statement count = {index_count, index_count_both};
	struct db_roster_query whole = *r;
	struct query hold, q;
	int64_t n;
	int last;

	whole.after_person = 0;
	whole.backwards = false;
	if (bind_index(&q, &hold, s, count, &whole, limit * 2, e))
		return -1;
	last = count_rows(&q, &n, e);
	query_close(&hold);
	if (!last)
		*out = n < limit ? n : limit;
	return last;
}

/* --- the worker code: one person at most
 * --------------------------------------------------------------------------------------------------
 */

static int code_page(struct store *s, const struct db_roster_query *r, struct db_member *rows, size_t cap, size_t *n,
		     bool *more, struct err *e)
{
	struct query q;

	*n = 0;
	*more = false;
	if (has_cursor(r))
		return 0;
	query_open(&q, s, code_one);
	bind_text(&q, r->text);
	bind_int(&q, r->project);
	bind_filter(&q, r);
	return finish_page(&q, false, rows, cap, n, more, e);
}

static int code_counted(struct store *s, const struct db_roster_query *r, int64_t *out, struct err *e)
{
	struct db_roster_query whole = *r;
	struct db_member one;
	bool more;
	size_t n;
	int rc;

	whole.after_person = 0;
	rc = code_page(s, &whole, &one, 1, &n, &more, e);
	wipe(&one, sizeof(one));
	*out = (int64_t)n;
	return rc;
}

/* --- which way
 * ----------------------------------------------------------------------------------------------------------------------------
 */

static enum db_match match_of(const struct db_roster_query *r)
{
	return r->text && *r->text ? r->match : MATCH_ALL;
}

int db_roster(struct store *s, const struct db_roster_query *r, struct db_member *rows, size_t cap, size_t *n,
	      bool *more, struct err *e)
{
	bool small;

	switch (match_of(r)) {
	case MATCH_ALL:
		return list_page(s, r, rows, cap, n, more, e);
	case MATCH_TEXT:
		if (is_small(s, r, &small, e))
			return -1;
		return small ? small_page(s, r, rows, cap, n, more, e)
			     : text_page(s, r, rows, cap, n, more, e);
	case MATCH_CODE:
		return code_page(s, r, rows, cap, n, more, e);
	default:
		return index_page(s, r, rows, cap, n, more, e);
	}
}

static int list_counted(struct store *s, const struct db_roster_query *r, int64_t limit, int64_t *out,
			struct err *e)
{
	int64_t n;

	if (db_tally(s, r->project, r->view, r->scope, r->scope_id, &n, e))
		return -1;
	*out = n < limit ? n : limit;
	return 0;
}

int db_roster_count(struct store *s, const struct db_roster_query *r, int64_t limit, int64_t *out,
		    struct err *e)
{
	bool small;

	switch (match_of(r)) {
	case MATCH_ALL:
		return list_counted(s, r, limit, out, e);
	case MATCH_TEXT:
		if (is_small(s, r, &small, e))
			return -1;
		return small ? small_counted(s, r, limit, out, e) : text_counted(s, r, limit, out, e);
	case MATCH_CODE:
		return code_counted(s, r, out, e);
	default:
		return index_counted(s, r, limit, out, e);
	}
}
