/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/line.h"

#include <string.h>

#include "rows.h"

/* --- the line
 * ------------------------------------------------------------------------------------------------------------------
 */

static int read_line(struct query *q, void *row, struct err *e)
{
	struct db_line *l = row;

	(void)e;
	*l = (struct db_line){
		.epoch = col_int(q, 1),
		.sequence = col_int(q, 2),
		.trouble = (int)col_int(q, 4),
		.trouble_ms = col_int(q, 5),
		.next_try_ms = col_int(q, 6),
		.confirmed_ms = col_int(q, 8),
		.clock_off_ms = col_int(q, 9),
		.clock_at_ms = col_int(q, 10),
		.far_epoch = col_int(q, 11),
		.far_sequence = col_int(q, 12),
	};
	COL_TEXT(q, 0, l->box);
	COL_TEXT(q, 3, l->cursor);
	COL_TEXT(q, 7, l->detail);
	return 0;
}

int db_line_get(struct store *s, int64_t project, struct db_line *out, struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "SELECT box, epoch, sequence, cursor, trouble, trouble_ms, next_try_ms, detail, "
		   "confirmed_ms, clock_off_ms, clock_at_ms, far_epoch, far_sequence FROM line WHERE project = ?");
	bind_int(&q, project);
	return rows_one(&q, read_line, out, "line", e);
}

int db_line_cursor(struct store *s, int64_t project, const char *cursor, struct err *e)
{
	struct query q;

	if (strlen(cursor) >= sizeof(((struct db_line *)0)->cursor))
		return err_set(e, ERR_TOO_LARGE, "cursor of %zu bytes", strlen(cursor));
	query_open(&q, s, "UPDATE line SET cursor = ? WHERE project = ?");
	bind_text(&q, cursor);
	bind_int(&q, project);
	return query_run_one(&q, ERR_NO_SUCH, e);
}

int db_line_trouble(struct store *s, int64_t project, int trouble, int64_t at_ms, int64_t next_try_ms,
		    const char *detail, struct err *e)
{
	struct query q;

	query_open(
		&q, s,
		"UPDATE line SET trouble = ?, trouble_ms = ?, next_try_ms = ?, detail = ? WHERE project = ?");
	bind_int(&q, trouble);
	bind_int(&q, at_ms);
	bind_int(&q, next_try_ms);
	bind_text(&q, detail);
	bind_int(&q, project);
	return query_run_one(&q, ERR_NO_SUCH, e);
}

int db_line_confirmed(struct store *s, int64_t project, int64_t at_ms, struct err *e)
{
	struct query q;

	query_open(&q, s, "UPDATE line SET confirmed_ms = ? WHERE project = ?");
	bind_int(&q, at_ms);
	bind_int(&q, project);
	return query_run_one(&q, ERR_NO_SUCH, e);
}

int db_line_clock(struct store *s, int64_t project, int64_t off_ms, int64_t at_ms, struct err *e)
{
	struct query q;

	query_open(&q, s, "UPDATE line SET clock_off_ms = ?, clock_at_ms = ? WHERE project = ?");
	bind_int(&q, off_ms);
	bind_int(&q, at_ms);
	bind_int(&q, project);
	return query_run_one(&q, ERR_NO_SUCH, e);
}

int db_line_behind(struct store *s, int64_t project, int64_t far_epoch, int64_t far_sequence, struct err *e)
{
	struct query q;

	query_open(&q, s, "UPDATE line SET far_epoch = max(far_epoch, ?, 1), far_sequence = max(far_sequence, ?) WHERE project = ?");
	bind_int(&q, far_epoch);
	bind_int(&q, far_sequence);
	bind_int(&q, project);
	return query_run_one(&q, ERR_NO_SUCH, e);
}

static int lose(struct store *s, int64_t project, int64_t sequence, struct err *e)
{
	struct query q;

	query_open(&q, s, "INSERT INTO line_lost(project, first, last) SELECT project, sequence + 1, ?2 FROM line WHERE project = ?1 AND sequence < ?2");
	bind_int(&q, project);
	bind_int(&q, sequence);
	return query_run(&q, e);
}

int db_line_count_on(struct store *s, int64_t project, int64_t sequence, struct err *e)
{
	struct query q;

	if (lose(s, project, sequence, e))
		return -1;
	query_open(&q, s, "UPDATE line SET sequence = max(sequence, ?2) WHERE project = ?1");
	bind_int(&q, project);
	bind_int(&q, sequence);
	return query_run_one(&q, ERR_NO_SUCH, e);
}

/* Its range becomes two, one or none. */
int db_line_found(struct store *s, int64_t project, int64_t sequence, struct err *e)
{
	static const char *const steps[] = {
		"INSERT INTO line_lost(project, first, last) SELECT project, ?2 + 1, last FROM line_lost WHERE project = ?1 AND first <= ?2 AND last > ?2",
		"DELETE FROM line_lost WHERE project = ?1 AND first = ?2",
		"UPDATE line_lost SET last = ?2 - 1 WHERE project = ?1 AND first < ?2 AND last >= ?2",
	};
	struct query q;

	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		query_open(&q, s, steps[i]);
		bind_int(&q, project);
		bind_int(&q, sequence);
		if (query_run(&q, e))
			return -1;
	}
	return 0;
}

static int read_lost(struct query *q, void *row, struct err *e)
{
	struct db_lost *out = row;

	(void)e;
	*out = (struct db_lost){.first = col_int(q, 0), .last = col_int(q, 1)};
	return 0;
}

int db_line_lost(struct store *s, int64_t project, struct db_lost *rows, size_t cap, size_t *n, struct err *e)
{
	struct query q;

	query_open(&q, s, "SELECT first, last FROM line_lost WHERE project = ? ORDER BY first DESC LIMIT ?");
	bind_int(&q, project);
	bind_int(&q, (int64_t)cap);
	return rows_all(&q, read_lost, rows, sizeof(*rows), cap, n, e);
}

int db_line_new_epoch(struct store *s, int64_t project, struct err *e)
{
	struct db_line line;
	struct query q;

	if (db_line_get(s, project, &line, e) || db_line_count_on(s, project, line.far_sequence, e))
		return -1;
	query_open(&q, s, "UPDATE line SET epoch = max(epoch, far_epoch) + 1, far_epoch = 0, far_sequence = 0 WHERE project = ?");
	bind_int(&q, project);
	return query_run_one(&q, ERR_NO_SUCH, e);
}

/* --- what arrived
 * ----------------------------------------------------------------------------------------------------------------
 */

int db_inbox_seen(struct store *s, const char *uid, bool *seen, struct err *e)
{
	struct query q;
	int64_t id;

	query_open(&q, s, "SELECT id FROM inbox WHERE uid = ?");
	bind_text(&q, uid);
	if (query_int(&q, &id, 0, e))
		return -1;
	*seen = id != 0;
	return 0;
}

int db_inbox_insert(struct store *s, const struct db_inbox *in, bool *fresh, struct err *e)
{
	struct query q;
	bool seen;

	if (db_inbox_seen(s, in->uid, &seen, e))
		return -1;
	*fresh = !seen;
	if (seen)
		return 0;
	query_open(&q, s,
		   "INSERT INTO inbox(uid, project, kind, subject, at_ms, received_ms, result, body_sealed) "
		   "VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
	bind_text(&q, in->uid);
	bind_int(&q, in->project);
	bind_text(&q, in->kind);
	bind_text(&q, in->subject);
	bind_int(&q, in->at_ms);
	bind_int(&q, in->received_ms ? in->received_ms : clock_now_ms());
	bind_int(&q, in->result);
	bind_sealed_text(&q, in->uid, "inbox.body_sealed", in->body);
	return query_run(&q, e);
}

int db_inbox_kept(struct store *s, int64_t project, const char *subject, int64_t after, struct db_kept *out, struct buf *body,
		  struct err *e)
{
	struct query q;
	int got;

	*out = (struct db_kept){.id = 0};
	query_open(&q, s,
		   "SELECT id, at_ms, uid, kind, body_sealed FROM inbox WHERE project = ? AND subject = ? AND id > ? AND "
		   "result = 3 ORDER BY id LIMIT 1");
	bind_int(&q, project);
	bind_text(&q, subject);
	bind_int(&q, after);
	got = query_step(&q, e);
	if (got > 0) {
		*out = (struct db_kept){.id = col_int(&q, 0), .at_ms = col_int(&q, 1)};
		COL_TEXT(&q, 2, out->uid);
		COL_TEXT(&q, 3, out->kind);
		got = col_sealed(&q, 4, out->uid, "inbox.body_sealed", body, e) ? -1 : 1;
	}
	query_close(&q);
	return got < 0 ? -1 : 0;
}

int db_inbox_result(struct store *s, int64_t id, int result, struct err *e)
{
	struct query q;

	query_open(&q, s, "UPDATE inbox SET result = ? WHERE id = ?");
	bind_int(&q, result);
	bind_int(&q, id);
	return query_run_one(&q, ERR_NO_SUCH, e);
}

/* --- messages
 * ---------------------------------------------------------------------------------------------------------------------
 */

#define BY_AS "message.by_sealed"
#define NOTE_AS "message.note_sealed"

int db_message_insert(struct store *s, const struct db_message *m, int64_t *id, struct err *e)
{
	char uid[UID_TEXT];
	struct query q;

	uid_new(uid);
	query_open(&q, s,
		   "INSERT INTO message(uid, project, person, kind, subject, title, at_ms, by_sealed, "
		   "note_sealed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
	bind_text(&q, uid);
	bind_int(&q, m->project);
	bind_ref(&q, m->person);
	bind_text(&q, m->kind);
	bind_text(&q, m->subject);
	bind_text(&q, m->title);
	bind_int(&q, m->at_ms);
	bind_sealed_text(&q, uid, BY_AS, m->by);
	bind_sealed_text(&q, uid, NOTE_AS, m->note);
	return query_insert(&q, id, e);
}

static int read_message(struct query *q, void *row, struct err *e)
{
	struct db_message *m = row;
	char uid[UID_TEXT];

	*m = (struct db_message){.id = col_int(q, 0),
				 .project = col_int(q, 1),
				 .person = col_int(q, 2),
				 .at_ms = col_int(q, 6),
				 .seen = col_int(q, 9) != 0};
	COL_TEXT(q, 3, m->kind);
	COL_TEXT(q, 4, m->subject);
	COL_TEXT(q, 5, m->title);
	COL_TEXT(q, 10, uid);
	if (col_sealed_text_if_open(q, 7, uid, BY_AS, m->by, sizeof(m->by), e))
		return -1;
	return col_sealed_text_if_open(q, 8, uid, NOTE_AS, m->note, sizeof(m->note), e);
}

#define SEEN_UP_TO "ifnull((SELECT up_to FROM message_seen WHERE project = ?1 AND account = ?2), 0)"

const char sql_message_page[] =
	"SELECT id, project, person, kind, subject, title, at_ms, by_sealed, note_sealed, id <= " SEEN_UP_TO
	", uid FROM message WHERE project = ?1 AND id < ?3 ORDER BY id DESC LIMIT ?4";

int db_message_page(struct store *s, int64_t project, int64_t account, int64_t before,
		    struct db_message *rows, size_t cap, size_t *n, struct err *e)
{
	struct query q;

	query_open(&q, s, sql_message_page);
	bind_int(&q, project);
	bind_int(&q, account);
	bind_int(&q, before ? before : INT64_MAX);
	bind_int(&q, (int64_t)cap);
	return rows_all(&q, read_message, rows, sizeof(*rows), cap, n, e);
}

int db_message_mark_seen(struct store *s, int64_t project, int64_t account, int64_t up_to, struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "INSERT INTO message_seen(project, account, up_to) VALUES (?1, ?2, ?3)"
		   " ON CONFLICT(project, account) DO UPDATE SET up_to = max(up_to, ?3)");
	bind_int(&q, project);
	bind_int(&q, account);
	bind_int(&q, up_to);
	return query_run(&q, e);
}

const char sql_message_unseen[] =
	"SELECT id FROM message WHERE project = ?1 AND id > " SEEN_UP_TO " LIMIT ?3";

int db_message_unseen(struct store *s, int64_t project, int64_t account, int64_t limit, int64_t *out,
		      struct err *e)
{
	struct query q;

	query_open(&q, s, sql_message_unseen);
	bind_int(&q, project);
	bind_int(&q, account);
	bind_int(&q, limit);
	return query_rows(&q, out, e);
}
