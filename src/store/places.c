/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "places.h"

#include <string.h>

#include "base/text.h"
#include "store_private.h"

#define UID_OF(table, column) "(SELECT uid FROM " table " WHERE id = t." column ")"

/* Those that have no uid of their own, or seal under another name. */
static const struct {
	const char *tbl, *uid_sql, *as_sql;
} odd[] = {
	{"member", UID_OF("person", "person"), NULL},
	{"person_field", UID_OF("person", "owner"), "'person_field.' || t.field"},
	{"employment_field", UID_OF("employment", "owner"), "'employment_field.' || t.field"},
	{"attachment_content", UID_OF("attachment", "attachment"), NULL},
	{"outbox", "t.op", NULL},
	{"audit", "t.note_uid", NULL},
	{"setting", "t.project || ':' || t.name", NULL},
	{"particular",
	 "(CASE t.sheet WHEN 'company' THEN " UID_OF("company", "owner") " WHEN 'participant' THEN " UID_OF(
		 "participant",
		 "owner") " WHEN 'project' THEN " UID_OF("project", "owner") " ELSE " UID_OF("application",
											     "owner") " END)",
	 "'particular.' || t.field"},
};

static void read_place(struct query *q, struct place *p)
{
	*p = (struct place){.uid_sql = "t.uid",
			    .person = col_int(q, 2) != 0,
			    .project = col_int(q, 3) != 0,
			    .needed = col_int(q, 4) != 0};
	COL_TEXT(q, 0, p->tbl);
	COL_TEXT(q, 1, p->col);
	for (size_t i = 0; i < ARRAY_LEN(odd); i++)
		if (!strcmp(odd[i].tbl, p->tbl)) {
			p->uid_sql = odd[i].uid_sql;
			p->as_sql = odd[i].as_sql;
		}
}

int places_load(struct store *s, struct place *out, size_t *n, struct err *e)
{
	struct query q;
	int got = 0;

	*n = 0;
	query_open(
		&q, s,
		"SELECT v.tbl, v.col, (SELECT count(*) FROM pragma_table_info(v.tbl) WHERE name = 'person'),"
		" (SELECT count(*) FROM pragma_table_info(v.tbl) WHERE name = 'project'),"
		" (SELECT \"notnull\" FROM pragma_table_info(v.tbl) WHERE name = v.col) FROM vault_columns v "
		"ORDER BY v.tbl, v.col");
	while (*n < PLACES_MAX && (got = query_step(&q, e)) > 0)
		read_place(&q, &out[(*n)++]);
	query_close(&q);
	if (got > 0)
		return err_set(e, ERR_INTERNAL, "more than %d sealed columns", PLACES_MAX);
	return got;
}

int place_prepare(struct store *s, char *sql, sqlite3_stmt **out, struct err *e)
{
	int rc = sql ? sqlite3_prepare_v2(store_db(s), sql, -1, out, NULL) : SQLITE_NOMEM;
	int last = rc == SQLITE_OK ? 0 : sql_error(e, store_db(s), rc, sql ? sql : "statement");

	sqlite3_free(sql);
	return last;
}

int places_maintenance(struct store *s, bool on, struct err *e)
{
	return store_exec(s, on ? "INSERT INTO maintenance VALUES (1)" : "DELETE FROM maintenance", e);
}
