/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The outbox: changes of state. */
#include <sodium.h>
#include <string.h>

#include "outbox_private.h"
#include "store/upload.h"
#include "undo.h"

int db_outbox_state(struct store *s, int64_t id, enum outbox_state from, enum outbox_state to, struct err *e)
{
	struct query q;

	query_open(&q, s, "UPDATE outbox SET state = ? WHERE id = ? AND state = ?");
	bind_int(&q, to);
	bind_int(&q, id);
	bind_int(&q, from);
	if (query_run_one(&q, ERR_CONFLICT, e))
		return -1;
	return to == OUTBOX_WITHDRAWN || to == OUTBOX_SUPERSEDED ? undo_retired(s, id, e) : 0;
}

static int many(struct store *s, struct query *q, int64_t *changed, struct err *e)
{
	if (query_run(q, e))
		return -1;
	*changed = sqlite3_changes64(store_db(s));
	return 0;
}

/* --- held
 * ------------------------------------------------------------------------------------------------------------------------
 */

int db_outbox_due(struct store *s, int64_t project, int64_t now_ms, bool *due, int64_t *next_ms,
		  struct err *e)
{
	struct query q;
	int last;

	query_open(&q, s,
		   "SELECT min(held_until_ms), max(made_ms) FROM outbox WHERE project = ? AND state = 0");
	bind_int(&q, project);
	last = query_one(&q, "held", e);
	if (!last) {
		bool any = !col_null(&q, 0);
		int64_t first = col_int(&q, 0), newest = col_int(&q, 1);

		*due = any && (first <= now_ms || newest > now_ms);
		*next_ms = any ? first : 0;
	}
	query_close(&q);
	return last;
}

int db_outbox_release(struct store *s, int64_t project, int64_t now_ms, bool all, int64_t *changed,
		      int64_t *next_ms, struct err *e)
{
	int64_t n;
	struct query q;
	bool due;

	query_open(&q, s,
		   "UPDATE outbox SET state = 1 WHERE project = ?1 AND state = 0 AND (?2 OR held_until_ms <= "
		   "?3 OR made_ms > ?3)");
	bind_int(&q, project);
	bind_int(&q, all);
	bind_int(&q, now_ms);
	if (many(s, &q, &n, e) || db_outbox_due(s, project, now_ms, &due, next_ms, e))
		return -1;
	*changed = n;
	return 0;
}

int db_outbox_release_with(struct store *s, int64_t id, struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "WITH RECURSIVE with_it(id) AS (VALUES (?1) UNION SELECT o.id FROM with_it w JOIN outbox_need n ON n.outbox = w.id "
		   "JOIN outbox o ON o.fact = n.fact WHERE o.state = 0) UPDATE outbox SET state = 1 WHERE state = 0 AND id IN with_it");
	bind_int(&q, id);
	return query_run(&q, e);
}

/* --- sending
 * ------------------------------------------------------------------------------------------------------------------------
 */

static int next_number(struct store *s, int64_t project, int64_t *epoch, int64_t *sequence, struct err *e)
{
	struct query q;
	int last;

	query_open(&q, s, "UPDATE line SET sequence = sequence + 1 WHERE project = ?");
	bind_int(&q, project);
	if (query_run_one(&q, ERR_NO_SUCH, e))
		return -1;
	query_open(&q, s, "SELECT epoch, sequence FROM line WHERE project = ?");
	bind_int(&q, project);
	last = query_one(&q, "line", e);
	if (!last) {
		*epoch = col_int(&q, 0);
		*sequence = col_int(&q, 1);
	}
	query_close(&q);
	return last;
}

static int put_body(struct store *s, const struct db_outbox *o, const char *body, size_t bytes, struct err *e)
{
	unsigned char print[VAULT_PRINT_BYTES];
	int64_t epoch, sequence;
	struct query q;

	if (!body || !bytes)
		return err_set(e, ERR_INTERNAL, "operation %lld without a body", (long long)o->id);
	if (vault_fingerprint(store_vault(s), body, bytes, print, e) ||
	    next_number(s, o->project, &epoch, &sequence, e))
		return -1;
	query_open(
		&q, s,
		"UPDATE outbox SET body_sealed = ?, fingerprint = ?, epoch = ?, sequence = ? WHERE id = ?");
	bind_sealed(&q, o->op, OUTBOX_BODY_AS, body, bytes);
	bind_blob(&q, print, sizeof(print));
	bind_int(&q, epoch);
	bind_int(&q, sequence);
	bind_int(&q, o->id);
	return query_run_one(&q, ERR_NO_SUCH, e);
}

int db_outbox_freeze(struct store *s, int64_t id, const char *body, size_t bytes, int64_t now_ms,
		     struct err *e)
{
	struct db_outbox o;
	struct query q;

	if (db_outbox_get(s, id, &o, e))
		return -1;
	if (o.state != OUTBOX_READY)
		return err_set(e, ERR_CONFLICT, "operation %lld is in state %d", (long long)id, o.state);
	if (!o.frozen && put_body(s, &o, body, bytes, e))
		return -1;
	query_open(&q, s,
		   "UPDATE outbox SET state = 2, attempts = attempts + 1, sent_ms = ? WHERE id = ? AND state "
		   "= 1");
	bind_int(&q, now_ms);
	bind_int(&q, id);
	return query_run_one(&q, ERR_CONFLICT, e);
}

static int check_print(struct query *q, const struct buf *body, struct err *e)
{
	unsigned char print[VAULT_PRINT_BYTES];
	size_t n;
	const void *known = col_blob(q, 2, &n);

	if (vault_fingerprint(store_vault(q->s), body->data, body->len, print, e))
		return -1;
	if (n != sizeof(print) || sodium_memcmp(known, print, sizeof(print)))
		return err_set(e, ERR_SEAL, "the body of an operation is not the frozen one");
	return 0;
}

int db_outbox_body(struct store *s, int64_t id, struct buf *out, struct err *e)
{
	char op[UID_TEXT];
	struct buf body;
	struct query q;
	int last;

	buf_init(&body, VAULT_MAX);
	query_open(
		&q, s,
		"SELECT op, body_sealed, fingerprint FROM outbox WHERE id = ? AND body_sealed IS NOT NULL");
	bind_int(&q, id);
	last = query_one(&q, "body", e);
	if (!last) {
		COL_TEXT(&q, 0, op);
		last = col_sealed(&q, 1, op, OUTBOX_BODY_AS, &body, e);
	}
	if (!last)
		last = check_print(&q, &body, e);
	if (!last && buf_add(out, body.data, body.len))
		last = err_set(e, ERR_MEMORY, "body");
	query_close(&q);
	buf_wipe_release(&body);
	return last;
}

int db_outbox_recover(struct store *s, int64_t project, int64_t *changed, struct err *e)
{
	struct query q;

	query_open(&q, s, "UPDATE outbox SET state = 6 WHERE project = ? AND state = 2");
	bind_int(&q, project);
	return many(s, &q, changed, e);
}

int db_outbox_give_up(struct store *s, int64_t fact, struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "WITH RECURSIVE gone(fact) AS (VALUES (?1)"
		   " UNION SELECT f.supersedes FROM gone g JOIN fact f ON f.id = g.fact WHERE f.supersedes IS NOT NULL"
		   " AND NOT EXISTS (SELECT 1 FROM outbox a WHERE a.fact = f.supersedes AND a.state = 4)"
		   " UNION SELECT o.fact FROM gone g JOIN outbox_need n ON n.fact = g.fact JOIN outbox o ON o.id = n.outbox"
		   " WHERE o.state IN (0, 1, 5))"
		   " UPDATE outbox SET state = 7 WHERE state IN (0, 1, 5) AND fact IN gone");
	bind_int(&q, fact);
	return query_run(&q, e);
}

int db_outbox_rest_on(struct store *s, int64_t fact, int64_t instead, struct err *e)
{
	struct query q;

	query_open(&q, s,
		   FACT_CHAIN "UPDATE OR REPLACE outbox_need SET fact = ?2 WHERE fact IN (SELECT id FROM chain)"
			      " AND outbox IN (SELECT id FROM outbox WHERE state IN (0, 1, 5))");
	bind_int(&q, fact);
	bind_int(&q, instead);
	return query_run(&q, e);
}

int db_outbox_rest_first(struct store *s, int64_t person, int64_t fact, struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "INSERT INTO outbox_need(outbox, fact) SELECT id, ?2 FROM outbox WHERE person = ?1 AND state IN (0, 1, 5) AND fact <> ?2"
		   " ON CONFLICT DO NOTHING");
	bind_int(&q, person);
	bind_int(&q, fact);
	return query_run(&q, e);
}

int db_outbox_rest_free(struct store *s, int64_t person, int64_t fact, struct err *e)
{
	struct query q;

	query_open(&q, s,
		   FACT_CHAIN "DELETE FROM outbox_need WHERE fact IN (SELECT id FROM chain)"
			      " AND outbox IN (SELECT id FROM outbox WHERE person = ?2 AND state IN (0, 1, 5))");
	bind_int(&q, fact);
	bind_int(&q, person);
	return query_run(&q, e);
}

int db_outbox_by_hand_again(struct store *s, int64_t id, struct err *e)
{
	struct query q;

	query_open(&q, s, "UPDATE outbox SET state = 3, number = '' WHERE id = ? AND state = 4 AND code = '" OUTBOX_BY_HAND "'");
	bind_int(&q, id);
	return query_run_one(&q, ERR_CONFLICT, e);
}

int db_outbox_rested_on(struct store *s, int64_t id, int64_t *n, struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "WITH RECURSIVE told(fact) AS (SELECT fact FROM outbox WHERE id = ?1"
		   " UNION SELECT f.supersedes FROM told t JOIN fact f ON f.id = t.fact WHERE f.supersedes IS NOT NULL)"
		   " SELECT count(*) FROM told t JOIN outbox_need n ON n.fact = t.fact JOIN outbox o ON o.id = n.outbox"
		   " WHERE o.state IN (2, 4, 6) OR (o.state = 3 AND o.code IS NOT '" OUTBOX_BY_HAND "')");
	bind_int(&q, id);
	return query_int(&q, n, 0, e);
}

/* --- answers
 * ----------------------------------------------------------------------------------------------------------------------------
 */

static int op_of(struct store *s, int64_t id, char op[UID_TEXT], struct err *e)
{
	struct query q;
	int last;

	query_open(&q, s, "SELECT op FROM outbox WHERE id = ?");
	bind_int(&q, id);
	last = query_one(&q, "operation", e);
	if (!last)
		col_text(&q, 0, op, UID_TEXT);
	query_close(&q);
	return last;
}

bool db_outbox_is_here(const struct db_outbox *row)
{
	return row->state == OUTBOX_HELD || row->state == OUTBOX_READY || row->state == OUTBOX_REJECTED ||
	       (row->state == OUTBOX_WAITING && !strcmp(row->code, OUTBOX_BY_HAND));
}

int db_outbox_answer(struct store *s, int64_t id, const struct db_answer *a, bool *taken, struct err *e)
{
	bool word = a->state != OUTBOX_READY && a->state != OUTBOX_UNKNOWN; /* the platform said something */
	char op[UID_TEXT];
	int64_t changed;
	struct query q;

	if (op_of(s, id, op, e))
		return -1;
	query_open(&q, s,
		   "UPDATE outbox SET state = ?1, answered_ms = CASE WHEN ?2 THEN ?3 ELSE answered_ms END, "
		   "code = ?4, reason_sealed = ?5,"
		   " field = ?6, number = ?7 WHERE id = ?8 AND state IN (2, 3, 6)");
	bind_int(&q, a->state);
	bind_int(&q, word);
	bind_int(&q, a->at_ms);
	bind_text(&q, a->code);
	bind_sealed_text(&q, op, OUTBOX_REASON_AS, a->reason);
	bind_text(&q, a->field);
	bind_text(&q, a->number);
	bind_int(&q, id);
	if (many(s, &q, &changed, e))
		return -1;
	*taken = changed > 0;
	return 0;
}
