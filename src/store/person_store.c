/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/person.h"

#include "rows.h"

#define PERSON_COLUMNS "SELECT p.id, p.uid, p.name, p.manual, p.made_ms, p.merged_into FROM person p "

static int read_person(struct query *q, void *row, struct err *e)
{
	struct db_person *p = row;

	(void)e;
	*p = (struct db_person){.id = col_int(q, 0),
				.manual = col_int(q, 3) != 0,
				.made_ms = col_int(q, 4),
				.merged_into = col_int(q, 5)};
	COL_TEXT(q, 1, p->uid);
	COL_TEXT(q, 2, p->name);
	return 0;
}

int db_person_insert(struct store *s, const struct db_person *p, int64_t *id, struct err *e)
{
	char uid[UID_TEXT];
	struct query q;

	uid_or_new(uid, p->uid);
	query_open(&q, s, "INSERT INTO person(uid, name, manual, made_ms) VALUES (?, ?, ?, ?)");
	bind_text(&q, uid);
	bind_text(&q, p->name);
	bind_int(&q, p->manual);
	bind_int(&q, p->made_ms ? p->made_ms : clock_now_ms());
	return query_insert(&q, id, e);
}

int db_person_get(struct store *s, int64_t id, struct db_person *out, struct err *e)
{
	struct query q;

	query_open(&q, s, PERSON_COLUMNS "WHERE p.id = ?");
	bind_int(&q, id);
	return rows_one(&q, read_person, out, "person", e);
}

int db_person_by_uid(struct store *s, const char *uid, struct db_person *out, struct err *e)
{
	struct query q;

	query_open(&q, s,
		   PERSON_COLUMNS "WHERE p.id = coalesce((SELECT person FROM alias WHERE uid = ?1), (SELECT "
				  "id FROM person WHERE uid = ?1))");
	bind_text(&q, uid);
	return rows_one(&q, read_person, out, "person", e);
}

int db_person_rename(struct store *s, int64_t id, const char *name, struct err *e)
{
	struct query q;

	query_open(&q, s, "UPDATE person SET name = ? WHERE id = ?");
	bind_text(&q, name);
	bind_int(&q, id);
	return query_run_one(&q, ERR_NO_SUCH, e);
}

int db_person_list(struct store *s, int64_t after, struct db_person *rows, size_t cap, size_t *n,
		   struct err *e)
{
	struct query q;

	query_open(&q, s, PERSON_COLUMNS "WHERE p.id > ? ORDER BY p.id LIMIT ?");
	bind_int(&q, after);
	bind_int(&q, (int64_t)cap);
	return rows_all(&q, read_person, rows, sizeof(*rows), cap, n, e);
}

int db_alias_add(struct store *s, const char *old_uid, int64_t person, int64_t fact, struct err *e)
{
	struct query q;

	query_open(&q, s, "INSERT INTO alias(uid, person, fact) VALUES (?, ?, ?)");
	bind_text(&q, old_uid);
	bind_int(&q, person);
	bind_ref(&q, fact);
	return query_run(&q, e);
}
