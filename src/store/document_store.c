/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Documents and phones: sealed values, and the blind index by which people are found. */
#include <string.h>

#include "blind.h"
#include "rows.h"
#include "store/person.h"

#define SOURCE_PHONE 0
#define HASH_TEXT 128

/* --- the index
 * ----------------------------------------------------------------------------------------------------------------
 */

static int index_add(struct store *s, enum vault_index kind, const char *text, int64_t person, int64_t source,
		     struct err *e)
{
	unsigned char hash[VAULT_BLIND_BYTES];
	struct query q;

	if (vault_blind(store_vault(s), kind, text, hash, e))
		return -1;
	query_open(&q, s,
		   "INSERT INTO person_index(hash, person, source) VALUES (?, ?, ?) ON CONFLICT DO NOTHING");
	bind_blob(&q, hash, sizeof(hash));
	bind_int(&q, person);
	bind_int(&q, source);
	return query_run(&q, e);
}

static int index_drop(struct store *s, int64_t person, int64_t source, struct err *e)
{
	struct query q;

	query_open(&q, s, "DELETE FROM person_index WHERE person = ? AND source = ?");
	bind_int(&q, person);
	bind_int(&q, source);
	return query_run(&q, e);
}

/* The whole text and its last four characters (numbers are ASCII). */
/* Of a source that has none there yet. */
static int index_new(struct store *s, enum vault_index whole, const char *text, int64_t person, int64_t source, struct err *e)
{
	size_t n = strlen(text);

	if (!n)
		return 0;
	if (index_add(s, whole, text, person, source, e))
		return -1;
	return n < 4 ? 0 : index_add(s, INDEX_TAIL, text + n - 4, person, source, e);
}

static int index_number(struct store *s, enum vault_index whole, const char *text, int64_t person,
			int64_t source, struct err *e)
{
	return index_drop(s, person, source, e) || index_new(s, whole, text, person, source, e) ? -1 : 0;
}

static int ask_document(struct query *hold, struct store *s, const char *type, const char *number, struct blind *out, struct err *e)
{
	char text[HASH_TEXT];
	int last;

	if (!text_format(text, sizeof(text), "%s %s", type, number))
		return err_set(e, ERR_TOO_LARGE, "document number");
	last = blind_ask(hold, s, INDEX_DOCUMENT, text, out, e);
	wipe(text, sizeof(text));
	return last;
}

/* Of a document that is about to be written. The same number under the former key turns first: then one of the two is refused. */
static int document_hash(struct store *s, const char *type, const char *number, struct blind *out, struct err *e)
{
	struct query hold, twin;

	if (ask_document(&hold, s, type, number, out, e))
		return -1;
	query_close(&hold);
	if (!out->turning)
		return 0;
	query_open(&twin, s, "UPDATE document SET hash = ?1 WHERE hash = ?2");
	bind_blind(&twin, out);
	return query_run(&twin, e);
}

/* --- documents
 * ----------------------------------------------------------------------------------------------------------------
 */

#define DOCUMENT_COLUMNS                                                                                     \
	"SELECT id, uid, person, type, number_sealed, valid_from_sealed, valid_to_sealed, from_card, "       \
	"current, read_ms FROM document "

static int read_document(struct query *q, void *row, struct err *e)
{
	struct db_document *d = row;

	*d = (struct db_document){
		.id = col_int(q, 0),
		.person = col_int(q, 2),
		.from_card = col_int(q, 7) != 0,
		.current = col_int(q, 8) != 0,
		.read_ms = col_int(q, 9),
	};
	COL_TEXT(q, 1, d->uid);
	COL_TEXT(q, 3, d->type);
	if (col_sealed_text(q, 4, d->uid, "document.number_sealed", d->number, sizeof(d->number), e) ||
	    col_sealed_date(q, 5, d->uid, "document.valid_from_sealed", &d->valid_from, e))
		return -1;
	return col_sealed_date(q, 6, d->uid, "document.valid_to_sealed", &d->valid_to, e);
}

static int others_former(struct store *s, int64_t person, int64_t but, struct err *e)
{
	struct query q;

	query_open(&q, s, "UPDATE document SET current = 0 WHERE person = ? AND current = 1 AND id <> ?");
	bind_int(&q, person);
	bind_int(&q, but);
	return query_run(&q, e);
}

static int insert_document(struct store *s, const struct db_document *d, int64_t *id, struct err *e)
{
	struct blind hash;
	char uid[UID_TEXT];
	struct query q;

	if (document_hash(s, d->type, d->number, &hash, e))
		return -1;
	uid_or_new(uid, d->uid);
	query_open(&q, s,
		   "INSERT INTO document(uid, person, type, number_sealed, hash, valid_from_sealed, "
		   "valid_to_sealed, from_card, current, read_ms)"
		   " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	bind_text(&q, uid);
	bind_int(&q, d->person);
	bind_text(&q, d->type);
	bind_sealed_text(&q, uid, "document.number_sealed", d->number);
	bind_blob(&q, hash.now, sizeof(hash.now));
	bind_sealed_date(&q, uid, "document.valid_from_sealed", d->valid_from);
	bind_sealed_date(&q, uid, "document.valid_to_sealed", d->valid_to);
	bind_int(&q, d->from_card);
	bind_int(&q, d->current);
	bind_ref(&q, d->read_ms);
	return query_insert(&q, id, e);
}

int db_document_insert(struct store *s, const struct db_document *d, int64_t *id, struct err *e)
{
	int64_t made;

	if (insert_document(s, d, &made, e) || index_new(s, INDEX_NUMBER, d->number, d->person, made, e))
		return -1;
	if (d->current && others_former(s, d->person, made, e))
		return -1;
	if (id)
		*id = made;
	return 0;
}

static int uid_of_document(struct store *s, int64_t id, char uid[UID_TEXT], struct err *e)
{
	struct query q;
	int last;

	query_open(&q, s, "SELECT uid FROM document WHERE id = ?");
	bind_int(&q, id);
	last = query_one(&q, "document", e);
	if (!last)
		col_text(&q, 0, uid, UID_TEXT);
	query_close(&q);
	return last;
}

int db_document_update(struct store *s, const struct db_document *d, struct err *e)
{
	struct blind hash;
	char uid[UID_TEXT];
	struct query q;

	if (uid_of_document(s, d->id, uid, e) || document_hash(s, d->type, d->number, &hash, e))
		return -1;
	query_open(&q, s,
		   "UPDATE document SET type = ?, number_sealed = ?, hash = ?, valid_from_sealed = ?, "
		   "valid_to_sealed = ?, from_card = ?,"
		   " current = ?, read_ms = ? WHERE id = ?");
	bind_text(&q, d->type);
	bind_sealed_text(&q, uid, "document.number_sealed", d->number);
	bind_blob(&q, hash.now, sizeof(hash.now));
	bind_sealed_date(&q, uid, "document.valid_from_sealed", d->valid_from);
	bind_sealed_date(&q, uid, "document.valid_to_sealed", d->valid_to);
	bind_int(&q, d->from_card);
	bind_int(&q, d->current);
	bind_ref(&q, d->read_ms);
	bind_int(&q, d->id);
	if (query_run_one(&q, ERR_NO_SUCH, e) ||
	    index_number(s, INDEX_NUMBER, d->number, d->person, d->id, e))
		return -1;
	return d->current ? others_former(s, d->person, d->id, e) : 0;
}

int db_document_current(struct store *s, int64_t person, struct db_document *out, struct err *e)
{
	struct query q;

	query_open(&q, s, DOCUMENT_COLUMNS "WHERE person = ? AND current = 1");
	bind_int(&q, person);
	return rows_one(&q, read_document, out, "document", e);
}

int db_document_list(struct store *s, int64_t person, struct db_document *rows, size_t cap, size_t *n,
		     struct err *e)
{
	struct query q;

	query_open(&q, s, DOCUMENT_COLUMNS "WHERE person = ? ORDER BY current DESC, id DESC");
	bind_int(&q, person);
	return rows_all(&q, read_document, rows, sizeof(*rows), cap, n, e);
}

#define BY_DOCUMENT "SELECT coalesce(p.merged_into, p.id) FROM document d JOIN person p ON p.id = d.person WHERE d.hash "
static const char *const by_document[] = {BY_DOCUMENT "= ?1", BY_DOCUMENT "IN (?1, ?2)"};

int db_person_by_document(struct store *s, const char *type, const char *number, int64_t *person,
			  struct err *e)
{
	struct query hold, q;
	struct blind hash;
	int last;

	if (ask_document(&hold, s, type, number, &hash, e))
		return -1;
	query_open(&q, s, by_document[hash.turning]);
	bind_blind(&q, &hash);
	last = query_int(&q, person, 0, e);
	query_close(&hold);
	return last;
}

/* --- phones
 * -------------------------------------------------------------------------------------------------------------------
 */

int db_phone_set(struct store *s, int64_t person, const char *phone, struct err *e)
{
	return index_number(s, INDEX_PHONE, phone, person, SOURCE_PHONE, e);
}

/* The same person may stand there under both keys, where two files became one. */
static const char *const by_phone[] = {"SELECT person FROM person_index WHERE hash = ?1 ORDER BY person",
				       "SELECT DISTINCT person FROM person_index WHERE hash IN (?1, ?2) ORDER BY person"};

int db_persons_by_phone(struct store *s, const char *phone, int64_t *persons, size_t cap, size_t *n,
			struct err *e)
{
	struct query hold, q;
	struct blind hash;
	int last;

	if (blind_ask(&hold, s, INDEX_PHONE, phone, &hash, e))
		return -1;
	query_open(&q, s, by_phone[hash.turning]);
	bind_blind(&q, &hash);
	last = rows_ids(&q, persons, cap, n, e);
	query_close(&hold);
	return last;
}
