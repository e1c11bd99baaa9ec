/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All that the file holds about one person, table by table as the schema has them: what a later schema adds
 * is in it without a word here. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "places.h"
#include "store/terms.h"
#include "vault_private.h"

#define THEM                                                                                                 \
	"(WITH RECURSIVE them(id) AS (SELECT ?1 UNION SELECT p.id FROM person p JOIN them ON p.merged_into " \
	"= them.id) SELECT id FROM them)"

/* Which rows of a table are the person's, beside those that name him in a column `person`. */
static const struct {
	const char *tbl, *where;
} odd[] = {
	{"person", "t.id IN " THEM},
	{"person_field", "t.owner IN " THEM},
	{"employment_field", "t.owner IN (SELECT id FROM employment WHERE person IN " THEM ")"},
	{"attachment_content",
	 "t.attachment IN (SELECT attachment FROM attachment_link WHERE person IN " THEM ")"},
	{"attachment", "t.id IN (SELECT attachment FROM attachment_link WHERE person IN " THEM ")"},
};
/* Made of the rest so that people are found and listed. */
static const char *const derived[] = {"search",	      "member_view",  "member",
				      "person_index", "outbox_count", "tally"};
/* Numbers that mean something inside the file only are said in words. */
static const struct {
	const char *column, *said;
} words[] = {
	{"project", "(SELECT name FROM project WHERE id = t.project)"},
	{"company", "(SELECT name FROM company WHERE id = t.company)"},
	{"team", "(SELECT name FROM team WHERE id = t.team)"},
	{"participant",
	 "(SELECT c.name FROM participant p JOIN company c ON c.id = p.company WHERE p.id = t.participant)"},
	{"account", "(SELECT display FROM account WHERE id = t.account)"},
};

struct whole {
	struct store *s;
	int64_t person;
	whole_taker *take;
	void *arg;
	struct place place[PLACES_MAX];
	size_t places;
};

static const struct place *sealed_place(const struct whole *w, const char *tbl, const char *col)
{
	for (size_t i = 0; i < w->places; i++)
		if (!strcmp(w->place[i].tbl, tbl) && !strcmp(w->place[i].col, col))
			return &w->place[i];
	return NULL;
}

/* The uid and the name that a row's values are sealed under, beside its columns. */
static const struct place *any_place(const struct whole *w, const char *tbl)
{
	for (size_t i = 0; i < w->places; i++)
		if (!strcmp(w->place[i].tbl, tbl))
			return &w->place[i];
	return NULL;
}

static bool is_said(sqlite3_stmt *st, int columns, const char *name)
{
	for (int i = 0; i < columns; i++)
		if (!strcmp(sqlite3_column_name(st, i), name))
			return true;
	return false;
}

struct row {
	sqlite3_stmt *st;
	const char *tbl;
	int64_t number;
	int columns; /* the table's own; then uid, name, words */
};

static const char *column_text(sqlite3_stmt *st, int i)
{
	const unsigned char *text = sqlite3_column_text(st, i);

	return text ? (const char *)text : "";
}

static int take_sealed(struct whole *w, const struct row *r, int i, struct err *e)
{
	const char *col = sqlite3_column_name(r->st, i), *as = column_text(r->st, r->columns + 1);
	char column[120], name[64];
	struct whole_value v = {.table = r->tbl, .column = name, .row = r->number};
	struct buf clear;
	int last;

	text_format(column, sizeof(column), "%s.%s", r->tbl, col);
	text_format(name, sizeof(name), "%.*s", (int)(strlen(col) - strlen("_sealed")), col);
	buf_init(&clear, VAULT_MAX);
	last = vault_open(store_vault(w->s), column_text(r->st, r->columns), as[0] ? as : column,
			  sqlite3_column_blob(r->st, i), (size_t)sqlite3_column_bytes(r->st, i), &clear, e);
	if (!last) {
		v.bytes = clear.data ? clear.data : "";
		v.n = clear.len;
		v.text = text_valid(v.bytes, v.n) && !memchr(v.bytes, 0, v.n) ? v.bytes : NULL;
		last = w->take(w->arg, &v, e);
	}
	buf_wipe_release(&clear);
	return last;
}

static int take_column(struct whole *w, const struct row *r, int i, struct err *e)
{
	const char *col = sqlite3_column_name(r->st, i);
	struct whole_value v = {.table = r->tbl, .column = col, .row = r->number};
	int type = sqlite3_column_type(r->st, i);

	if (type == SQLITE_NULL || !sqlite3_column_bytes(r->st, i))
		return 0;
	if (sealed_place(w, r->tbl, col))
		return take_sealed(w, r, i, e);
	if (type == SQLITE_BLOB) /* keyed hashes, changesets: nothing that could be read */
		return 0;
	v.text = column_text(r->st, i);
	v.bytes = v.text;
	v.n = strlen(v.text);
	return w->take(w->arg, &v, e);
}

static int take_row(struct whole *w, const struct row *r, struct err *e)
{
	int all = sqlite3_column_count(r->st);

	for (int i = 0; i < r->columns; i++) {
		char said[64];

		text_format(said, sizeof(said), "%s_name", sqlite3_column_name(r->st, i));
		if (!is_said(r->st, all, said) && take_column(w, r, i, e))
			return -1;
	}
	for (int i = r->columns + 2; i < all; i++)
		if (take_column(w, r, i, e))
			return -1;
	return 0;
}

/* The table's columns, uid and name of its seals, then what its numbers mean. */
static char *select_of(struct whole *w, const char *tbl, const char *where)
{
	const struct place *p = any_place(w, tbl);
	sqlite3_str *sql = sqlite3_str_new(store_db(w->s));

	sqlite3_str_appendf(sql, "SELECT t.*, %s, %s", p ? p->uid_sql : "''",
			    p && p->as_sql ? p->as_sql : "''");
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (sqlite3_table_column_metadata(store_db(w->s), "main", tbl, words[i].column, NULL, NULL,
						  NULL, NULL, NULL) == SQLITE_OK)
			sqlite3_str_appendf(sql, ", %s AS %s_name", words[i].said, words[i].column);
	sqlite3_str_appendf(sql, " FROM \"%w\" t WHERE %s", tbl, where);
	return sqlite3_str_finish(sql);
}

static int columns_of(struct whole *w, const char *tbl, int *out, struct err *e)
{
	sqlite3_stmt *st;

	if (place_prepare(w->s, sqlite3_mprintf("SELECT * FROM \"%w\"", tbl), &st, e))
		return -1;
	*out = sqlite3_column_count(st);
	sqlite3_finalize(st);
	return 0;
}

static int take_table(struct whole *w, const char *tbl, const char *where, struct err *e)
{
	struct row r = {.tbl = tbl};
	int rc, last = 0;

	if (columns_of(w, tbl, &r.columns, e) || place_prepare(w->s, select_of(w, tbl, where), &r.st, e))
		return -1;
	if (sqlite3_bind_parameter_count(r.st))
		sqlite3_bind_int64(r.st, 1, w->person);
	while (!last && (rc = sqlite3_step(r.st)) == SQLITE_ROW) {
		r.number++;
		last = take_row(w, &r, e);
	}
	if (!last && rc != SQLITE_DONE)
		last = sql_error(e, store_db(w->s), rc, tbl);
	sqlite3_finalize(r.st);
	return last;
}

static const char *rows_of(const char *tbl, bool person)
{
	for (size_t i = 0; i < ARRAY_LEN(derived); i++)
		if (!strcmp(derived[i], tbl))
			return NULL;
	for (size_t i = 0; i < ARRAY_LEN(odd); i++)
		if (!strcmp(odd[i].tbl, tbl))
			return odd[i].where;
	return person ? "t.person IN " THEM : NULL;
}

int db_person_whole(struct store *s, int64_t person, whole_taker *take, void *arg, struct err *e)
{
	struct whole *w = calloc(1, sizeof(*w));
	struct query q;
	char tbl[64];
	int got = -1;

	if (!w)
		return err_set(e, ERR_MEMORY, "person");
	w->s = s;
	w->person = person;
	w->take = take;
	w->arg = arg;
	query_open(&q, s,
		   "SELECT m.name, (SELECT count(*) FROM pragma_table_info(m.name) WHERE name = 'person') "
		   "FROM sqlite_schema m WHERE m.type = 'table'"
		   " ORDER BY m.name");
	if (vault_need(store_vault(s), VAULT_DATA, e) || places_load(s, w->place, &w->places, e))
		goto out;
	while ((got = query_step(&q, e)) > 0) {
		const char *where;

		COL_TEXT(&q, 0, tbl);
		where = rows_of(tbl, col_int(&q, 1) != 0);
		if (where && take_table(w, tbl, where, e)) {
			got = -1;
			break;
		}
	}
out:
	query_close(&q);
	wipe(w, sizeof(*w));
	free(w);
	return got;
}
