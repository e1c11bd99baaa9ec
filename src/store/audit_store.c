/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/audit.h"

#include <sodium.h>
#include <string.h>

#include "rows.h"
#include "vault_private.h"

#define NOTE_AS "audit.note_sealed"

/* --- the hash of a row
 * ---------------------------------------------------------------------------------------------------------------
 */

/* Unambiguous: every number as eight bytes, little end first, every text with its length before it. */
static void hash_int(crypto_generichash_state *h, int64_t v)
{
	unsigned char bytes[8];

	for (int i = 0; i < 8; i++)
		bytes[i] = (unsigned char)((uint64_t)v >> (8 * i));
	crypto_generichash_update(h, bytes, sizeof(bytes));
}

static void hash_bytes(crypto_generichash_state *h, const void *p, size_t n)
{
	hash_int(h, (int64_t)n);
	if (n)
		crypto_generichash_update(h, p, n);
}

struct sealed {
	char uid[UID_TEXT];
	const void *box;
	size_t bytes;
}; /* the note as stored */

static void hash_row(const unsigned char *key, const unsigned char before[AUDIT_HASH],
		     const struct db_audit *a, const struct sealed *note, unsigned char out[AUDIT_HASH])
{
	const char *const texts[] = {a->who,	a->action, a->object, a->object_uid,
				     a->result, a->detail, note->uid};
	const int64_t numbers[] = {a->id, a->at_ms, a->account, a->project};
	crypto_generichash_state h;

	crypto_generichash_init(&h, key, VAULT_KEY_BYTES, AUDIT_HASH);
	crypto_generichash_update(&h, before, AUDIT_HASH);
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		hash_int(&h, numbers[i]);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		hash_bytes(&h, texts[i], strlen(texts[i]));
	hash_bytes(&h, note->box, note->bytes);
	crypto_generichash_final(&h, out, AUDIT_HASH);
}

/* --- appending
 * -------------------------------------------------------------------------------------------------------------------------
 */

static void bind_common(struct query *q, const struct db_audit *a)
{
	bind_int(q, a->at_ms);
	bind_int(q, a->account);
	bind_text(q, a->who);
	bind_int(q, a->project);
	bind_text(q, a->action);
	bind_text(q, a->object);
	bind_text(q, a->object_uid);
	bind_text(q, a->result);
	bind_text(q, a->detail);
}

static int append_pending(struct store *s, const struct db_audit *a, struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "INSERT INTO audit_pending(at_ms, account, who, project, action, object, object_uid, "
		   "result, detail)"
		   " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
	bind_common(&q, a);
	return query_run(&q, e);
}

int db_audit_head(struct store *s, struct audit_head *out, struct err *e)
{
	struct audit_head head = {0};
	struct query q;
	int got;

	query_open(&q, s, "SELECT id, hash FROM audit WHERE id = (SELECT max(id) FROM audit)");
	got = query_step(&q, e);
	if (got > 0) {
		size_t n;
		const void *hash = col_blob(&q, 1, &n);

		head.count = col_int(&q, 0);
		if (n == AUDIT_HASH)
			memcpy(head.hash, hash, n);
	}
	query_close(&q);
	if (got < 0)
		return -1;
	*out = head;
	return 0;
}

static int insert_chained(struct store *s, const struct db_audit *a, const struct sealed *note,
			  const unsigned char hash[AUDIT_HASH], struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "INSERT INTO audit(at_ms, account, who, project, action, object, object_uid, result, "
		   "detail, id, note_uid, note_sealed, hash)"
		   " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	bind_common(&q, a);
	bind_int(&q, a->id);
	bind_text(&q, note->uid);
	if (note->bytes)
		bind_blob(&q, note->box, note->bytes);
	else
		bind_null(&q);
	bind_blob(&q, hash, AUDIT_HASH);
	return query_run(&q, e);
}

static int append_chained(struct store *s, const struct db_audit *a, struct err *e)
{
	const struct vault *v = store_vault(s);
	unsigned char hash[AUDIT_HASH];
	struct db_audit row = *a;
	struct audit_head head;
	struct sealed note = {0};
	struct buf box;
	int last = -1;

	buf_init(&box, sizeof(a->note) + VAULT_OVERHEAD);
	if (db_audit_head(s, &head, e))
		goto out;
	if (a->note[0] && vault_level(v) == VAULT_DATA) {
		uid_new(note.uid);
		if (vault_seal(v, note.uid, NOTE_AS, a->note, strlen(a->note), &box, e))
			goto out;
		note.box = box.data;
		note.bytes = box.len;
	}
	row.id = head.count + 1;
	hash_row(v->keys->audit, head.hash, &row, &note, hash);
	last = insert_chained(s, &row, &note, hash, e);
out:
	buf_release(&box);
	return last;
}

static void read_common(struct query *q, struct db_audit *a)
{
	*a = (struct db_audit){.id = col_int(q, 0),
			       .at_ms = col_int(q, 1),
			       .account = col_int(q, 2),
			       .project = col_int(q, 4)};
	COL_TEXT(q, 3, a->who);
	COL_TEXT(q, 5, a->action);
	COL_TEXT(q, 6, a->object);
	COL_TEXT(q, 7, a->object_uid);
	COL_TEXT(q, 8, a->result);
	COL_TEXT(q, 9, a->detail);
}

static int chain_pending(struct store *s, struct err *e)
{
	struct db_audit a;
	struct query q;
	bool any = false;
	int got;

	query_open(&q, s,
		   "SELECT id, at_ms, account, who, project, action, object, object_uid, result, detail FROM "
		   "audit_pending ORDER BY id");
	while ((got = query_step(&q, e)) > 0) {
		read_common(&q, &a);
		any = true;
		if (append_chained(s, &a, e)) {
			got = -1;
			break;
		}
	}
	query_close(&q);
	if (got < 0 || !any)
		return got;
	query_open(&q, s, "DELETE FROM audit_pending");
	return query_run(&q, e);
}

int db_audit_append(struct store *s, const struct db_audit *a, struct err *e)
{
	struct db_audit row = *a;

	if (!row.at_ms)
		row.at_ms = clock_now_ms();
	if (vault_level(store_vault(s)) < VAULT_AUDIT)
		return append_pending(s, &row, e);
	return chain_pending(s, e) ? -1 : append_chained(s, &row, e);
}

/* --- reading
 * ---------------------------------------------------------------------------------------------------------------------------
 */

#define AUDIT_COLUMNS                                                                                        \
	"SELECT id, at_ms, account, who, project, action, object, object_uid, result, detail, note_uid, "    \
	"note_sealed, hash FROM audit "

static int read_audit(struct query *q, void *row, struct err *e)
{
	struct db_audit *a = row;
	char uid[UID_TEXT];

	read_common(q, a);
	COL_TEXT(q, 10, uid);
	return col_sealed_text_if_open(q, 11, uid, NOTE_AS, a->note, sizeof(a->note), e);
}

const char sql_audit_page[] = AUDIT_COLUMNS "WHERE id < ?1 ORDER BY id DESC LIMIT ?2";
const char sql_audit_account[] = AUDIT_COLUMNS "WHERE id < ?1 AND account = ?3 ORDER BY id DESC LIMIT ?2";
const char sql_audit_action[] = AUDIT_COLUMNS "WHERE id < ?1 AND action = ?3 AND (?4 IS NULL OR account = ?4) ORDER BY id DESC LIMIT ?2";
const char sql_audit_object[] = AUDIT_COLUMNS "WHERE id < ?1 AND object_uid = ?3 AND (?4 IS NULL OR account = ?4) ORDER BY id DESC LIMIT ?2";

int db_audit_find(struct store *s, const struct db_audit_filter *f, struct db_audit *rows, size_t cap, size_t *n, struct err *e)
{
	const char *sql = f->action ? sql_audit_action : f->object_uid ? sql_audit_object : f->account ? sql_audit_account : sql_audit_page;
	struct query q;

	query_open(&q, s, sql);
	bind_int(&q, f->before ? f->before : INT64_MAX);
	bind_int(&q, (int64_t)cap);
	if (f->action || f->object_uid)
		bind_text(&q, f->action ? f->action : f->object_uid);
	if (f->account)
		bind_int(&q, f->account);
	else if (f->action || f->object_uid)
		bind_null(&q);
	return rows_all(&q, read_audit, rows, sizeof(*rows), cap, n, e);
}

int db_audit_page(struct store *s, int64_t before, struct db_audit *rows, size_t cap, size_t *n,
		  struct err *e)
{
	return db_audit_find(s, &(struct db_audit_filter){.before = before}, rows, cap, n, e);
}

int db_audit_before(struct store *s, int64_t at_ms, int64_t *before, struct err *e)
{
	struct query q;
	int64_t id;

	query_open(&q, s, "SELECT id FROM audit WHERE at_ms < ?1 ORDER BY at_ms DESC, id DESC LIMIT 1");
	bind_int(&q, at_ms);
	if (query_int(&q, &id, 0, e))
		return -1;
	*before = id + 1;
	return 0;
}

/* --- verifying
 * ---------------------------------------------------------------------------------------------------------------------------
 */

struct check {
	struct audit_head head;
	const struct audit_head *witness;
	struct audit_fault *fault;
};

static bool wrong(struct check *c, int64_t id, const char *what)
{
	c->fault->id = id;
	text_copy(c->fault->what, sizeof(c->fault->what), what);
	return false;
}

/* The row under the query, against the chain so far. */
static bool row_is_sound(struct query *q, struct check *c)
{
	unsigned char hash[AUDIT_HASH];
	struct sealed note = {0};
	struct db_audit a;
	const void *known;
	size_t n;

	read_common(q, &a);
	if (a.id != c->head.count + 1)
		return wrong(c, c->head.count + 1, "the row is missing");
	COL_TEXT(q, 10, note.uid);
	note.box = col_blob(q, 11, &note.bytes);
	hash_row(store_vault(q->s)->keys->audit, c->head.hash, &a, &note, hash);
	known = col_blob(q, 12, &n);
	if (n != AUDIT_HASH || sodium_memcmp(known, hash, AUDIT_HASH))
		return wrong(c, a.id, "the row is not the one that was written after the row before it");
	c->head.count = a.id;
	memcpy(c->head.hash, hash, AUDIT_HASH);
	if (c->witness && c->witness->count == a.id && sodium_memcmp(c->witness->hash, hash, AUDIT_HASH))
		return wrong(c, a.id, "the chain was written anew since it was witnessed");
	return true;
}

/* SQLite remembers the highest id ever given, a witness what it saw. */
static int end_is_sound(struct store *s, struct check *c, bool *sound, struct err *e)
{
	int64_t given, expected = c->witness ? c->witness->count : 0;
	struct query q;

	query_open(&q, s, "SELECT seq FROM sqlite_sequence WHERE name = 'audit'");
	if (query_int(&q, &given, 0, e))
		return -1;
	if (given > expected)
		expected = given;
	*sound =
		c->head.count >= expected || wrong(c, c->head.count + 1, "the rows from here on are missing");
	return 0;
}

int db_audit_verify(struct store *s, const struct audit_head *witness, bool *sound, struct audit_fault *fault,
		    struct err *e)
{
	struct check c = {.witness = witness, .fault = fault};
	struct query q;
	bool good = true;
	int got = 0;

	if (vault_need(store_vault(s), VAULT_AUDIT, e))
		return -1;
	query_open(&q, s, AUDIT_COLUMNS "ORDER BY id");
	while (good && (got = query_step(&q, e)) > 0)
		good = row_is_sound(&q, &c);
	query_close(&q);
	if (got < 0)
		return -1;
	if (!good) {
		*sound = false;
		return 0;
	}
	return end_is_sound(s, &c, sound, e);
}
