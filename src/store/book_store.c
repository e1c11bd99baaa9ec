/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/book.h"

#include <string.h>

#include "base/text.h"
#include "blind.h"
#include "rows.h"
#include "store_private.h"

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

const char sql_book_took_part[] =
	"SELECT k.entry FROM book_people k CROSS JOIN book_entry b ON b.id = k.entry WHERE k.person = ?4 AND k.entry < ?3 AND b.project = ?1 AND "
	"b.book = ?2 AND b.removed = 0 ORDER BY k.entry DESC LIMIT ?5";

int db_book_of_person(struct store *s, int64_t project, const char *book, int64_t person, bool took_part, int64_t before, int64_t *ids, size_t cap,
		      size_t *n, struct err *e)
{
	struct query q;

	query_open(&q, s, took_part ? sql_book_took_part : sql_book_person);
	bind_int(&q, project);
	bind_text(&q, book);
	bind_int(&q, before ? before : INT64_MAX);
	bind_int(&q, person);
	bind_int(&q, (int64_t)cap);
	return rows_ids(&q, ids, cap, n, e);
}

/* --- words -------------------------------------------------------------------------------------------------- */

/* What is noted of an entry's words: by which declaration they were made, and above it under which data key, so that a new key makes them owed. */
#define GENERATION 40

static int64_t made_now(const struct store *s, int64_t declared)
{
	return declared + ((int64_t)(s->vault.key_id - 1) << GENERATION);
}

int64_t book_words_generation(int64_t words)
{
	return (words >> GENERATION) + 1;
}

/* Part of the hash is enough: who it finds is looked at. */
static int word_hash(struct store *s, const char *word, int64_t *out, struct err *e)
{
	unsigned char hash[VAULT_BLIND_BYTES];

	if (vault_blind(store_vault(s), INDEX_WORD, word, hash, e))
		return -1;
	*out = 0;
	for (int i = 0; i < 8; i++)
		*out = (int64_t)((uint64_t)*out << 8 | hash[i]);
	return 0;
}

int db_book_words_drop(struct store *s, int64_t entry, struct err *e)
{
	struct query q;

	query_open(&q, s, "DELETE FROM book_word WHERE entry = ?");
	bind_int(&q, entry);
	return query_run(&q, e);
}

static int put_word(struct store *s, const struct db_book_words *w, const char *word, struct err *e)
{
	struct query q;
	int64_t hash;

	if (word_hash(s, word, &hash, e))
		return -1;
	query_open(&q, s, "INSERT INTO book_word(project, book, hash, entry) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING");
	bind_int(&q, w->project);
	bind_text(&q, w->book);
	bind_int(&q, hash);
	bind_int(&q, w->entry);
	return query_run(&q, e);
}

int db_book_words(struct store *s, const struct db_book_words *w, struct err *e)
{
	struct query q;

	if (db_book_words_drop(s, w->entry, e))
		return -1;
	for (const char *word = w->list; *word; word += strlen(word) + 1)
		if (put_word(s, w, word, e))
			return -1;
	query_open(&q, s, "UPDATE book_entry SET words = ? WHERE id = ?");
	bind_int(&q, made_now(s, w->declared));
	bind_int(&q, w->entry);
	return query_run(&q, e);
}

const char sql_book_words_owed[] = "SELECT id FROM book_entry WHERE project = ?1 AND book = ?2 AND removed = 0 AND words < ?3 UNION ALL "
				   "SELECT id FROM book_entry WHERE project = ?1 AND book = ?2 AND removed = 0 AND words > ?3 LIMIT ?4";

int db_book_words_owed(struct store *s, int64_t project, const char *book, int64_t declared, int64_t *ids, size_t cap, size_t *n, struct err *e)
{
	struct query q;

	if (vault_need(store_vault(s), VAULT_DATA, e) || vault_fresh(s, e))
		return -1;
	query_open(&q, s, sql_book_words_owed);
	bind_int(&q, project);
	bind_text(&q, book);
	bind_int(&q, made_now(s, declared));
	bind_int(&q, (int64_t)cap);
	return rows_ids(&q, ids, cap, n, e);
}

/* The first word leads, the second is looked up for each: both are in the primary key. */
const char sql_book_word[] = "SELECT w.entry FROM book_word w WHERE w.project = ?1 AND w.book = ?2 AND w.hash = ?3 AND w.entry < ?5 AND EXISTS "
			     "(SELECT 1 FROM book_word a WHERE a.project = ?1 AND a.book = ?2 AND a.hash = ?4 AND a.entry = w.entry) "
			     "ORDER BY w.entry DESC LIMIT ?6";

static int word_page(struct store *s, const struct db_book_word *w, int64_t before, int64_t *ids, size_t cap, size_t *n, struct err *e)
{
	int64_t hash, also;
	struct query q;

	if (word_hash(s, w->word, &hash, e) || word_hash(s, w->also ? w->also : w->word, &also, e))
		return -1;
	query_open(&q, s, sql_book_word);
	bind_int(&q, w->project);
	bind_text(&q, w->book);
	bind_int(&q, hash);
	bind_int(&q, also);
	bind_int(&q, before ? before : INT64_MAX);
	bind_int(&q, (int64_t)cap);
	return rows_ids(&q, ids, cap, n, e);
}

/* All in one snapshot (blind.h): an entry whose words another key or declaration made would not be found. */
int db_book_word_page(struct store *s, const struct db_book_word *w, int64_t before, int64_t *ids, size_t cap, size_t *n, bool *owed, struct err *e)
{
	struct blind first;
	struct query hold;
	int64_t id;
	size_t some = 0;
	int last;

	if (blind_ask(&hold, s, INDEX_WORD, w->word, &first, e))
		return -1;
	last = db_book_words_owed(s, w->project, w->book, w->declared, &id, 1, &some, e);
	*owed = some > 0;
	*n = 0;
	if (!last && !*owed)
		last = word_page(s, w, before, ids, cap, n, e);
	query_close(&hold);
	return last;
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
