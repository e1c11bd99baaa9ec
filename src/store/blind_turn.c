/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blind indexes under a new data key: every number and phone on file, hashed both ways; a group at a time
 * (blind.h). */
#include "blind.h"

#include <string.h>

#include "base/json.h"
#include "base/text.h"
#include "base/uid.h"
#include "domain/record.h"
#include "store_private.h"

#define BOX_COLUMN "rekey.index_box"
#define SOURCE_PHONE 0

int blind_turn_begin(struct store *s, const unsigned char former[VAULT_KEY_BYTES], unsigned char id,
		     const unsigned char with[VAULT_KEY_BYTES], struct err *e)
{
	struct query q;
	struct buf box;
	int last;

	buf_init(&box, VAULT_KEY_BYTES + VAULT_OVERHEAD);
	query_open(&q, s, "INSERT INTO rekey(one, key_id, begun_ms, index_box) VALUES (1, ?, ?, ?)");
	bind_int(&q, id);
	bind_int(&q, clock_now_ms());
	last = vault_wrap(with, id, VAULT_UID, BOX_COLUMN, former, VAULT_KEY_BYTES, &box, e);
	if (!last) {
		bind_blob(&q, box.data, box.len);
		last = query_run(&q, e);
	}
	query_close(&q);
	buf_release(&box);
	return last;
}

int blind_former(struct store *s, unsigned char id, const unsigned char with[VAULT_KEY_BYTES],
		 unsigned char former[VAULT_KEY_BYTES], bool *there, struct err *e)
{
	struct query q;
	struct buf clear;
	const void *box;
	size_t n;
	int got;

	buf_init(&clear, VAULT_KEY_BYTES);
	query_open(&q, s,
		   "SELECT index_box FROM rekey WHERE one = 1 AND key_id = ? AND index_box IS NOT NULL");
	bind_int(&q, id);
	got = query_step(&q, e);
	*there = got > 0;
	if (*there) {
		box = col_blob(&q, 0, &n);
		got = vault_unwrap(with, VAULT_UID, BOX_COLUMN, box, n, &clear, e);
	}
	if (*there && !got)
		got = clear.len == VAULT_KEY_BYTES
			      ? 0
			      : err_set(e, ERR_SEAL, "index key of %zu bytes", clear.len);
	if (*there && !got)
		memcpy(former, clear.data, VAULT_KEY_BYTES);
	query_close(&q);
	buf_wipe_release(&clear);
	return got;
}

/* --- one row of each
 * ------------------------------------------------------------------------------------------ */

struct turning {
	struct store *s;
	struct group group;
	int64_t stage, upto;
	bool half; /* the last row is not done yet */
};

static int hashes(struct store *s, enum vault_index kind, const char *text, struct blind *b, struct err *e)
{
	b->turning = true;
	return vault_blind_with(s->vault.keys->former_index, kind, text, b->was, e) ||
			       vault_blind_with(s->vault.keys->index, kind, text, b->now, e)
		       ? -1
		       : 0;
}

static int changed(struct turning *t, struct query *q, struct err *e)
{
	if (query_run(q, e))
		return -1;
	t->group.rows += sqlite3_changes(t->s->db);
	return 0;
}

struct where {
	int64_t person, source;
};

/* Two files that became one may have the same number under both keys: then it stands there once. */
static int turn_hash(struct turning *t, enum vault_index kind, const char *text, const struct where *at,
		     struct err *e)
{
	struct blind b;
	struct query q;

	if (hashes(t->s, kind, text, &b, e))
		return -1;
	query_open(&q, t->s,
		   "UPDATE OR REPLACE person_index SET hash = ?1 WHERE hash = ?2 AND person = ?3 AND source "
		   "= ?4");
	bind_blind(&q, &b);
	bind_int(&q, at->person);
	bind_int(&q, at->source);
	return changed(t, &q, e);
}

static int turn_number(struct turning *t, enum vault_index whole, const char *text, const struct where *at,
		       struct err *e)
{
	size_t n = strlen(text);

	if (!n || turn_hash(t, whole, text, at, e))
		return n ? -1 : 0;
	return n < 4 ? 0 : turn_hash(t, INDEX_TAIL, text + n - 4, at, e);
}

static int turn_own_hash(struct turning *t, const char *sql, int64_t id, const char *text,
			 enum vault_index kind, struct err *e)
{
	struct blind b;
	struct query q;

	if (hashes(t->s, kind, text, &b, e))
		return -1;
	query_open(&q, t->s, sql);
	bind_blind(&q, &b);
	bind_int(&q, id);
	return changed(t, &q, e);
}

/* What does not open stays behind; anything else that goes wrong ends the group. */
static int unreadable(const struct err *own, struct err *e)
{
	return own->code == ERR_SEAL ? 0 : err_set(e, own->code, "%s", own->detail);
}

static int turn_document(struct turning *t, struct query *q, struct err *e)
{
	static const char own[] = "UPDATE document SET hash = ?1 WHERE hash = ?2 AND id = ?3";
	struct where at = {.person = col_int(q, 3), .source = col_int(q, 0)};
	char uid[UID_TEXT], type[32], number[128], both[192];
	struct err why = {ERR_NONE};
	int last;

	COL_TEXT(q, 1, uid);
	COL_TEXT(q, 2, type);
	if (col_sealed_text(q, 4, uid, "document.number_sealed", number, sizeof(number), &why))
		return unreadable(&why, e);
	last = !text_format(both, sizeof(both), "%s %s", type, number)
		       ? err_set(e, ERR_TOO_LARGE, "document number")
		       : 0;
	last = last || turn_own_hash(t, own, at.source, both, INDEX_DOCUMENT, e) ||
			       turn_number(t, INDEX_NUMBER, number, &at, e)
		       ? -1
		       : 0;
	wipe(number, sizeof(number));
	wipe(both, sizeof(both));
	return last;
}

/* Under whoever stands for this person now. */
static int turn_phone(struct turning *t, struct query *q, struct err *e)
{
	struct where at = {.person = col_int(q, 2), .source = SOURCE_PHONE};
	struct err why = {ERR_NONE};
	char uid[UID_TEXT], phone[128];
	int last;

	COL_TEXT(q, 1, uid);
	if (col_sealed_text(q, 3, uid, "person_field.phone", phone, sizeof(phone), &why))
		return unreadable(&why, e);
	last = turn_number(t, INDEX_PHONE, phone, &at, e);
	wipe(phone, sizeof(phone));
	return last;
}

static int number_of_body(const struct buf *body, char *out, size_t size, struct err *e)
{
	struct record r;
	cJSON *json = NULL;
	int last = 0;

	record_init(&r);
	out[0] = '\0';
	if (body->len)
		last = json_parse(&json, body->data, body->len, body->len, e) || record_from_json(&r, json, e)
			       ? -1
			       : 0;
	if (!last)
		text_copy(out, size, record_get(&r, F_NUMBER));
	cJSON_Delete(json);
	record_release(&r);
	return last;
}

static int turn_collected(struct turning *t, struct query *q, struct err *e)
{
	static const char own[] = "UPDATE device_collected SET hash = ?1 WHERE hash = ?2 AND id = ?3";
	struct err why = {ERR_NONE};
	char uid[UID_TEXT], number[128];
	struct buf body;
	int last = 0;

	buf_init(&body, VAULT_MAX);
	COL_TEXT(q, 1, uid);
	if (col_sealed(q, 2, uid, "device_collected.body_sealed", &body, &why))
		last = unreadable(&why, e);
	else if (!number_of_body(&body, number, sizeof(number), e))
		last = number[0] ? turn_own_hash(t, own, col_int(q, 0), number, INDEX_NUMBER, e) : 0;
	else
		last = -1;
	buf_wipe_release(&body);
	wipe(number, sizeof(number));
	return last;
}

/* Of an entry whose words were made under a former key: owed anew since this one began. */
static int drop_words(struct turning *t, struct query *q, struct err *e)
{
	int64_t before = t->group.rows;
	struct query drop;

	if (book_words_generation(col_int(q, 1)) >= t->s->vault.key_id)
		return 0;
	query_open(&drop, t->s,
		   "DELETE FROM book_word WHERE (project, book, hash, entry) IN (SELECT project, book, hash, "
		   "entry FROM book_word WHERE entry = ? LIMIT ?)");
	bind_int(&drop, col_int(q, 0));
	bind_int(&drop, group_most(&t->group) - before);
	if (changed(t, &drop, e))
		return -1;
	t->half = t->group.rows == group_most(&t->group);
	return 0;
}

/* --- a group
 * --------------------------------------------------------------------------------------------------- */

/* Rows that are written meanwhile come under the present key, wherever they stand; those that are gone
 * through again stay as they are. */
static const struct {
	const char *sql; /* its id first */
	int (*turn)(struct turning *t, struct query *q, struct err *e);
} stages[] = {
	{"SELECT id, uid, type, person, number_sealed FROM document WHERE id > ?1 ORDER BY id LIMIT ?2",
	 turn_document},
	{"SELECT p.id, p.uid, ifnull(p.merged_into, p.id), (SELECT f.value_sealed FROM person_field f WHERE "
	 "f.owner = p.id AND f.field = 'phone') "
	 "FROM person p WHERE p.id > ?1 ORDER BY p.id LIMIT ?2",
	 turn_phone},
	{"SELECT id, uid, body_sealed FROM device_collected WHERE id > ?1 ORDER BY id LIMIT ?2",
	 turn_collected},
	{"SELECT id, words FROM book_entry WHERE id > ?1 ORDER BY id LIMIT ?2", drop_words},
};

static int where_it_stands(struct turning *t, bool *turned, struct err *e)
{
	struct query q;
	int last;

	query_open(&q, t->s, "SELECT stage, stage_upto, index_box IS NULL FROM rekey WHERE one = 1");
	last = query_one(&q, "rekey", e);
	if (!last) {
		t->stage = col_int(&q, 0);
		t->upto = col_int(&q, 1);
		*turned = col_int(&q, 2) != 0;
	}
	query_close(&q);
	return last;
}

/* *ended: no row of this stage is left. */
static int one_group(struct turning *t, bool *ended, struct err *e)
{
	struct query q;
	int got = 1, seen = 0;

	query_open(&q, t->s, stages[t->stage].sql);
	bind_int(&q, t->upto);
	bind_int(&q, GROUP_ROWS);
	while (!group_full(&t->group) && (got = query_step(&q, e)) > 0) {
		if (stages[t->stage].turn(t, &q, e)) {
			got = -1;
			break;
		}
		seen++;
		if (!t->half)
			t->upto = col_int(&q, 0);
	}
	query_close(&q);
	*ended = !got && seen < GROUP_ROWS;
	return got < 0 ? -1 : 0;
}

static int stand(const struct turning *t, bool turned, struct err *e)
{
	struct query q;

	query_open(&q, t->s,
		   "UPDATE rekey SET stage = ?1, stage_upto = ?2, resealed = resealed + ?3, index_box = CASE "
		   "WHEN ?4 THEN NULL ELSE index_box END");
	bind_int(&q, t->stage);
	bind_int(&q, t->upto);
	bind_int(&q, t->group.rows);
	bind_int(&q, turned);
	return query_run(&q, e);
}

int blind_turn_step(struct store *s, bool *turned, struct err *e)
{
	struct turning t = {.s = s, .group = group_begin(s)};
	bool ended = false;

	if (where_it_stands(&t, turned, e) || *turned)
		return *turned ? 0 : -1;
	while (t.stage < (int64_t)ARRAY_LEN(stages) && !group_full(&t.group)) {
		if (one_group(&t, &ended, e))
			return -1;
		if (!ended)
			break;
		t.stage++;
		t.upto = 0;
	}
	*turned = t.stage == (int64_t)ARRAY_LEN(stages);
	return stand(&t, *turned, e);
}
