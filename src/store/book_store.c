/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/book.h"

#include <string.h>

#include "base/text.h"
#include "rows.h"

#define BODY_AS "book_entry.body_sealed"

/* Keyed: dates and the like of a person's health are nobody's business. */
static int key_hash(struct store *s, const char *key, unsigned char out[VAULT_PRINT_BYTES], struct err *e)
{
	return vault_fingerprint(store_vault(s), key, strlen(key), out, e);
}

static void bind_key(struct query *q, const char *key, const unsigned char hash[VAULT_PRINT_BYTES])
{
	if (key[0])
		bind_blob(q, hash, VAULT_PRINT_BYTES);
	else
		bind_null(q);
}

static int one_only(struct store *s, const struct db_book_entry *b, const char *key, struct err *e)
{
	int64_t there = 0;

	if (!key[0] || !b->person)
		return 0;
	if (db_book_find(s, b->project, b->book, b->person, key, &there, e))
		return -1;
	return there && there != b->id ? err_set(e, ERR_DUPLICATE, "%s", b->book) : 0;
}

int db_book_insert(struct store *s, const struct db_book_entry *b, const char *key, int64_t *id, struct err *e)
{
	unsigned char hash[VAULT_PRINT_BYTES];
	struct query q;

	if (one_only(s, b, key, e) || (key[0] && key_hash(s, key, hash, e)))
		return -1;
	query_open(&q, s,
		   "INSERT INTO book_entry(id, uid, project, book, person, key_hash, body_sealed, fact, made_ms) VALUES "
		   "(" FRESH_ID("book_entry", "book") ", ?, ?, ?, ?, ?, ?, ?, ?)");
	bind_text(&q, b->uid);
	bind_int(&q, b->project);
	bind_text(&q, b->book);
	bind_ref(&q, b->person);
	bind_key(&q, key, hash);
	bind_sealed(&q, b->uid, BODY_AS, b->body->data, b->body->len);
	bind_int(&q, b->fact);
	bind_int(&q, clock_now_ms());
	return query_insert(&q, id, e);
}

int db_book_update(struct store *s, const struct db_book_entry *b, const char *key, struct err *e)
{
	unsigned char hash[VAULT_PRINT_BYTES];
	struct query q;

	if (one_only(s, b, key, e) || (key[0] && key_hash(s, key, hash, e)))
		return -1;
	query_open(&q, s, "UPDATE book_entry SET key_hash = ?, body_sealed = ?, fact = ? WHERE id = ? AND removed = 0");
	bind_key(&q, key, hash);
	bind_sealed(&q, b->uid, BODY_AS, b->body->data, b->body->len);
	bind_int(&q, b->fact);
	bind_int(&q, b->id);
	return query_run_one(&q, ERR_CONFLICT, e);
}

int db_book_remove(struct store *s, int64_t id, int64_t fact, struct err *e)
{
	struct query q;

	query_open(&q, s, "UPDATE book_entry SET removed = 1, fact = ? WHERE id = ? AND removed = 0");
	bind_int(&q, fact);
	bind_int(&q, id);
	return query_run_one(&q, ERR_CONFLICT, e);
}

static int read_entry(struct query *q, void *row, struct err *e)
{
	struct db_book_entry *b = row;

	b->id = col_int(q, 0);
	COL_TEXT(q, 1, b->uid);
	b->project = col_int(q, 2);
	COL_TEXT(q, 3, b->book);
	b->person = col_int(q, 4);
	b->fact = col_int(q, 6);
	b->made_ms = col_int(q, 7);
	COL_TEXT(q, 8, b->name);
	b->people = col_int(q, 9);
	return b->body ? col_sealed(q, 5, b->uid, BODY_AS, b->body, e) : 0;
}

int db_book_get(struct store *s, int64_t id, struct db_book_entry *out, struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "SELECT b.id, b.uid, b.project, b.book, b.person, b.body_sealed, b.fact, b.made_ms, ifnull(p.name, ''), (SELECT count(*) FROM "
		   "book_people k WHERE k.entry = b.id) FROM book_entry b LEFT JOIN person p ON p.id = b.person WHERE b.id = ? AND b.removed = 0");
	bind_int(&q, id);
	return rows_one(&q, read_entry, out, "entry", e);
}

int db_book_find(struct store *s, int64_t project, const char *book, int64_t person, const char *key, int64_t *id, struct err *e)
{
	unsigned char hash[VAULT_PRINT_BYTES];
	struct query q;

	if (key_hash(s, key, hash, e))
		return -1;
	query_open(&q, s, "SELECT id FROM book_entry WHERE project = ? AND book = ? AND person = ? AND key_hash = ? AND removed = 0");
	bind_int(&q, project);
	bind_text(&q, book);
	bind_int(&q, person);
	bind_blob(&q, hash, sizeof(hash));
	return query_int(&q, id, 0, e);
}

const char sql_book_page[] = "SELECT id FROM book_entry WHERE project = ? AND book = ? AND removed = 0 AND id < ? ORDER BY id DESC LIMIT ?";
const char sql_book_person[] =
	"SELECT id FROM book_entry WHERE person = ?4 AND project = ?1 AND book = ?2 AND id < ?3 AND removed = 0 ORDER BY id DESC LIMIT ?5";

int db_book_page(struct store *s, int64_t project, const char *book, int64_t person, int64_t before, int64_t *ids, size_t cap, size_t *n,
		 struct err *e)
{
	struct query q;

	query_open(&q, s, person ? sql_book_person : sql_book_page);
	bind_int(&q, project);
	bind_text(&q, book);
	bind_int(&q, before ? before : INT64_MAX);
	if (person)
		bind_int(&q, person);
	bind_int(&q, (int64_t)cap);
	return rows_ids(&q, ids, cap, n, e);
}

int db_book_person_add(struct store *s, int64_t entry, int64_t person, struct err *e)
{
	struct query q;

	query_open(&q, s, "INSERT INTO book_people(entry, person) VALUES (?, ?)");
	bind_int(&q, entry);
	bind_int(&q, person);
	return query_run(&q, e);
}

int db_book_persons(struct store *s, int64_t entry, int64_t after, int64_t *persons, size_t cap, size_t *n, struct err *e)
{
	struct query q;

	query_open(&q, s, "SELECT person FROM book_people WHERE entry = ? AND person > ? ORDER BY person LIMIT ?");
	bind_int(&q, entry);
	bind_int(&q, after);
	bind_int(&q, (int64_t)cap);
	return rows_ids(&q, persons, cap, n, e);
}

int db_book_persons_clear(struct store *s, int64_t entry, struct err *e)
{
	struct query q;

	query_open(&q, s, "DELETE FROM book_people WHERE entry = ?");
	bind_int(&q, entry);
	return query_run(&q, e);
}
