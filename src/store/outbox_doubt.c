/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The outbox: what a newer copy of the file may have sent (R11). */
#include "outbox_private.h"

static int each_open(struct store *s, int64_t project, int64_t *changed, struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "UPDATE outbox SET state = 6 WHERE project = ? AND (state IN (0, 1, 2) OR (state = 3 AND "
		   "code <> "
		   "'by-hand'))");
	bind_int(&q, project);
	if (query_run(&q, e))
		return -1;
	*changed = sqlite3_changes64(store_db(s));
	return 0;
}

/* Those that were sent from here too: what had not arrived when it was taken back may have been sent by the newer copy. */
static int each_taken_back(struct store *s, int64_t project, int64_t *changed, struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "INSERT OR IGNORE INTO outbox_doubt(outbox, project, subject) SELECT id, project, subject "
		   "FROM outbox"
		   " WHERE project = ? AND state IN (7, 8)");
	bind_int(&q, project);
	if (query_run(&q, e))
		return -1;
	*changed = sqlite3_changes64(store_db(s));
	return 0;
}

int db_outbox_doubt(struct store *s, int64_t project, int64_t *changed, struct err *e)
{
	int64_t open = 0, taken_back = 0;

	if (each_open(s, project, &open, e) || each_taken_back(s, project, &taken_back, e))
		return -1;
	*changed = open + taken_back;
	return 0;
}

int db_outbox_doubts(struct store *s, int64_t project, int64_t after, int64_t *ids, size_t cap, size_t *n,
		     struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "SELECT outbox FROM outbox_doubt WHERE outbox > ?2 AND project = ?1 AND found = 0 ORDER "
		   "BY outbox "
		   "LIMIT ?3");
	bind_int(&q, project);
	bind_int(&q, after);
	bind_int(&q, (int64_t)cap);
	return rows_ids(&q, ids, cap, n, e);
}

int db_outbox_doubt_over(struct store *s, int64_t id, struct err *e)
{
	struct query q;

	query_open(&q, s, "DELETE FROM outbox_doubt WHERE outbox = ?");
	bind_int(&q, id);
	return query_run(&q, e);
}

static int is_doubted(struct store *s, int64_t id, bool *yes, struct err *e)
{
	int64_t n;
	struct query q;

	query_open(&q, s, "SELECT count(*) FROM outbox_doubt WHERE outbox = ? AND found = 0");
	bind_int(&q, id);
	if (query_int(&q, &n, 0, e))
		return -1;
	*yes = n > 0;
	return 0;
}

static int found_there(struct store *s, int64_t id, const struct db_answer *a, struct err *e)
{
	struct query q;

	query_open(
		&q, s,
		"UPDATE outbox SET state = 4, answered_ms = ?, number = ? WHERE id = ? AND state IN (7, 8)");
	bind_int(&q, a->at_ms);
	bind_text(&q, a->number);
	bind_int(&q, id);
	if (query_run_one(&q, ERR_CONFLICT, e))
		return -1;
	query_open(&q, s, "UPDATE outbox_doubt SET found = 1 WHERE outbox = ?");
	bind_int(&q, id);
	return query_run_one(&q, ERR_NO_SUCH, e);
}

int db_outbox_doubt_answer(struct store *s, int64_t id, bool there, const struct db_answer *a, bool *doubted,
			   struct err *e)
{
	if (is_doubted(s, id, doubted, e))
		return -1;
	if (!*doubted)
		return 0;
	return there ? found_there(s, id, a, e) : db_outbox_doubt_over(s, id, e);
}

int db_outbox_doubt_settled(struct store *s, int64_t project, int64_t *ids, size_t cap, size_t *n,
			    struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "SELECT outbox FROM outbox_doubt WHERE project = ?1 AND found = 1 AND subject = (SELECT "
		   "d.subject FROM "
		   "outbox_doubt d WHERE d.project = ?1 AND d.found = 1 AND NOT EXISTS (SELECT 1 FROM "
		   "outbox_doubt o WHERE "
		   "o.project = ?1 AND o.found = 0 AND o.subject = d.subject) ORDER BY d.subject LIMIT 1) "
		   "ORDER BY outbox "
		   "LIMIT ?2");
	bind_int(&q, project);
	bind_int(&q, (int64_t)cap);
	return rows_ids(&q, ids, cap, n, e);
}
