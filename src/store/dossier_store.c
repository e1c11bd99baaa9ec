/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Training, certificates, marks and work elsewhere. */
#include "store/dossier.h"

#include "rows.h"

/* --- training ---------------------------------------------------------------------------------------- */

#define TRAINING_COLUMNS "SELECT id, uid, project, person, kind, on_date, hours, fact FROM training "

static int read_training(struct query *q, void *row, struct err *e)
{
	struct db_training *t = row;

	(void)e;
	*t = (struct db_training){.id = col_int(q, 0),
				  .project = col_int(q, 2),
				  .person = col_int(q, 3),
				  .on = col_date(q, 5),
				  .hours = col_int(q, 6),
				  .fact = col_int(q, 7)};
	COL_TEXT(q, 1, t->uid);
	COL_TEXT(q, 4, t->kind);
	return 0;
}

int db_training_insert(struct store *s, const struct db_training *t, int64_t *id, struct err *e)
{
	char uid[UID_TEXT];
	struct query q;

	uid_or_new(uid, t->uid);
	query_open(&q, s,
		   "INSERT INTO training(uid, project, person, kind, on_date, hours, fact, made_ms) VALUES "
		   "(?, ?, ?, ?, ?, ?, ?, ?)");
	bind_text(&q, uid);
	bind_int(&q, t->project);
	bind_int(&q, t->person);
	bind_text(&q, t->kind);
	bind_date(&q, t->on);
	bind_int(&q, t->hours);
	bind_int(&q, t->fact);
	bind_int(&q, clock_now_ms());
	return query_insert(&q, id, e);
}

int db_training_get(struct store *s, int64_t id, struct db_training *out, struct err *e)
{
	struct query q;

	query_open(&q, s, TRAINING_COLUMNS "WHERE id = ? AND removed IS NULL");
	bind_int(&q, id);
	return rows_one(&q, read_training, out, "training", e);
}

int db_training_by_fact(struct store *s, int64_t fact, struct db_training *out, struct err *e)
{
	struct query q;

	query_open(&q, s, TRAINING_COLUMNS "WHERE fact = ?");
	bind_int(&q, fact);
	return rows_one(&q, read_training, out, "training", e);
}

int db_training_link(struct store *s, int64_t training, int64_t entry, struct err *e)
{
	struct query q;

	query_open(&q, s, "INSERT INTO book_training(training, entry) VALUES (?, ?)");
	bind_int(&q, training);
	bind_int(&q, entry);
	return query_run(&q, e);
}

const char sql_training_of_entry[] =
	"SELECT t.id, t.uid, t.project, t.person, t.kind, t.on_date, t.hours, t.fact FROM book_training b CROSS JOIN training t ON t.id = b.training "
	"WHERE b.entry = ? AND b.training > ? AND t.removed IS NULL ORDER BY b.training LIMIT ?";

int db_training_of_entry(struct store *s, int64_t entry, int64_t after, struct db_training *rows, size_t cap, size_t *n, struct err *e)
{
	struct query q;

	query_open(&q, s, sql_training_of_entry);
	bind_int(&q, entry);
	bind_int(&q, after);
	bind_int(&q, (int64_t)cap);
	return rows_all(&q, read_training, rows, sizeof(*rows), cap, n, e);
}

static int remove_row(struct store *s, const char *sql, int64_t id, int64_t fact, struct err *e)
{
	struct query q;

	query_open(&q, s, sql);
	bind_int(&q, fact);
	bind_int(&q, id);
	return query_run_one(&q, ERR_CONFLICT, e);
}

int db_training_remove(struct store *s, int64_t id, int64_t fact, struct err *e)
{
	return remove_row(s, "UPDATE training SET removed = ? WHERE id = ? AND removed IS NULL", id, fact, e);
}

const char sql_training_list[] =
	TRAINING_COLUMNS "WHERE person = ? AND removed IS NULL ORDER BY on_date DESC, id DESC LIMIT ?";

int db_training_list(struct store *s, int64_t person, struct db_training *rows, size_t cap, size_t *n,
		     struct err *e)
{
	struct query q;

	query_open(&q, s, sql_training_list);
	bind_int(&q, person);
	bind_int(&q, (int64_t)cap);
	return rows_all(&q, read_training, rows, sizeof(*rows), cap, n, e);
}

/* --- certificates ------------------------------------------------------------------------------------ */

#define NUMBER_AS "certificate.number_sealed"
#define ISSUER_AS "certificate.issuer_sealed"
#define CERTIFICATE_COLUMNS                                                                                  \
	"SELECT c.id, c.uid, c.person, c.kind, c.number_sealed, c.issuer_sealed, c.valid_to, c.fact, "       \
	"p.name "
#define CERTIFICATE_FROM CERTIFICATE_COLUMNS "FROM certificate c JOIN person p ON p.id = c.person "

static int read_certificate(struct query *q, void *row, struct err *e)
{
	struct db_certificate *c = row;

	*c = (struct db_certificate){.id = col_int(q, 0),
				     .person = col_int(q, 2),
				     .valid_to = col_date(q, 6),
				     .fact = col_int(q, 7)};
	COL_TEXT(q, 1, c->uid);
	COL_TEXT(q, 3, c->kind);
	COL_TEXT(q, 8, c->name);
	if (col_sealed_text(q, 4, c->uid, NUMBER_AS, c->number, sizeof(c->number), e))
		return -1;
	return col_sealed_text(q, 5, c->uid, ISSUER_AS, c->issuer, sizeof(c->issuer), e);
}

int db_certificate_insert(struct store *s, const struct db_certificate *c, int64_t *id, struct err *e)
{
	char uid[UID_TEXT];
	struct query q;

	uid_or_new(uid, c->uid);
	query_open(&q, s,
		   "INSERT INTO certificate(uid, person, kind, number_sealed, issuer_sealed, valid_to, fact, "
		   "made_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
	bind_text(&q, uid);
	bind_int(&q, c->person);
	bind_text(&q, c->kind);
	bind_sealed_text(&q, uid, NUMBER_AS, c->number);
	bind_sealed_text(&q, uid, ISSUER_AS, c->issuer);
	bind_date(&q, c->valid_to);
	bind_int(&q, c->fact);
	bind_int(&q, clock_now_ms());
	return query_insert(&q, id, e);
}

int db_certificate_get(struct store *s, int64_t id, struct db_certificate *out, struct err *e)
{
	struct query q;

	query_open(&q, s, CERTIFICATE_FROM "WHERE c.id = ? AND c.removed IS NULL");
	bind_int(&q, id);
	return rows_one(&q, read_certificate, out, "certificate", e);
}

int db_certificate_remove(struct store *s, int64_t id, int64_t fact, struct err *e)
{
	return remove_row(s, "UPDATE certificate SET removed = ? WHERE id = ? AND removed IS NULL", id, fact,
			  e);
}

const char sql_certificate_list[] =
	CERTIFICATE_FROM "WHERE c.person = ? AND c.removed IS NULL ORDER BY c.kind, c.id LIMIT ?";
const char sql_certificate_due[] = CERTIFICATE_COLUMNS
	"FROM certificate c CROSS JOIN member m ON m.project = ?1 AND m.person = c.person CROSS JOIN person "
	"p ON "
	"p.id = c.person WHERE c.removed IS NULL AND c.valid_to <= ?2 AND (c.valid_to, c.id) > (?3, ?4)"
	" ORDER BY c.valid_to, c.id LIMIT ?5";

int db_certificate_list(struct store *s, int64_t person, struct db_certificate *rows, size_t cap, size_t *n,
			struct err *e)
{
	struct query q;

	query_open(&q, s, sql_certificate_list);
	bind_int(&q, person);
	bind_int(&q, (int64_t)cap);
	return rows_all(&q, read_certificate, rows, sizeof(*rows), cap, n, e);
}

/* 'long-term' stands behind every date: it never falls due. */
int db_certificate_due(struct store *s, int64_t project, date_t until, date_t after, int64_t after_id,
		       struct db_certificate *rows, size_t cap, size_t *n, struct err *e)
{
	struct query q;

	query_open(&q, s, sql_certificate_due);
	bind_int(&q, project);
	bind_date(&q, until);
	if (after == DATE_NONE)
		bind_text(&q, "");
	else
		bind_date(&q, after);
	bind_int(&q, after_id);
	bind_int(&q, (int64_t)cap);
	return rows_all(&q, read_certificate, rows, sizeof(*rows), cap, n, e);
}

/* --- marks ------------------------------------------------------------------------------------------- */

#define REASON_AS "mark.reason_sealed"
#define AUTHOR_AS "mark.author_sealed"
/* ?1: the project in which an override is asked about. */
#define MARK_FROM                                                                                            \
	"SELECT k.id, k.uid, k.person, k.source, k.reason_sealed, k.author_sealed, k.until, k.fact, "        \
	"k.made_ms, o.fact IS NOT NULL, p.name FROM mark k CROSS JOIN person p ON p.id = k.person LEFT "     \
	"JOIN mark_override o ON o.mark = k.id AND o.project = ?1 "

static int read_mark(struct query *q, void *row, struct err *e)
{
	struct db_mark *m = row;
	char source[16];

	*m = (struct db_mark){.id = col_int(q, 0),
			      .person = col_int(q, 2),
			      .until = col_date(q, 6),
			      .fact = col_int(q, 7),
			      .made_ms = col_int(q, 8),
			      .overridden = col_int(q, 9) != 0};
	COL_TEXT(q, 1, m->uid);
	COL_TEXT(q, 3, source);
	COL_TEXT(q, 10, m->name);
	m->platform = source[0] == 'p';
	if (col_sealed_text(q, 4, m->uid, REASON_AS, m->reason, sizeof(m->reason), e))
		return -1;
	return col_sealed_text(q, 5, m->uid, AUTHOR_AS, m->author, sizeof(m->author), e);
}

int db_mark_insert(struct store *s, const struct db_mark *m, int64_t *id, struct err *e)
{
	char uid[UID_TEXT];
	struct query q;

	uid_or_new(uid, m->uid);
	query_open(
		&q, s,
		"INSERT INTO mark(uid, person, source, reason_sealed, author_sealed, until, fact, made_ms) "
		"VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
	bind_text(&q, uid);
	bind_int(&q, m->person);
	bind_text(&q, m->platform ? "platform" : "firm");
	bind_sealed_text(&q, uid, REASON_AS, m->reason);
	bind_sealed_text(&q, uid, AUTHOR_AS, m->author);
	bind_date(&q, m->until);
	bind_int(&q, m->fact);
	bind_int(&q, clock_now_ms());
	return query_insert(&q, id, e);
}

int db_mark_get(struct store *s, int64_t project, int64_t id, struct db_mark *out, struct err *e)
{
	struct query q;

	query_open(&q, s, MARK_FROM "WHERE k.id = ?2 AND k.removed IS NULL");
	bind_int(&q, project);
	bind_int(&q, id);
	return rows_one(&q, read_mark, out, "mark", e);
}

int db_mark_remove(struct store *s, int64_t id, int64_t fact, struct err *e)
{
	return remove_row(s, "UPDATE mark SET removed = ? WHERE id = ? AND removed IS NULL", id, fact, e);
}

int db_mark_override(struct store *s, int64_t id, int64_t project, int64_t fact, struct err *e)
{
	struct query q;

	query_open(
		&q, s,
		"INSERT INTO mark_override(mark, project, fact) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET "
		"fact = excluded.fact");
	bind_int(&q, id);
	bind_int(&q, project);
	bind_int(&q, fact);
	return query_run(&q, e);
}

const char sql_mark_list[] =
	MARK_FROM "WHERE k.person = ?2 AND k.removed IS NULL ORDER BY k.id DESC LIMIT ?3";
const char sql_mark_page[] = MARK_FROM "WHERE k.removed IS NULL AND k.id < ?2 ORDER BY k.id DESC LIMIT ?3";

static int mark_rows(struct store *s, const char *sql, int64_t project, int64_t key, struct db_mark *rows,
		     size_t cap, size_t *n, struct err *e)
{
	struct query q;

	query_open(&q, s, sql);
	bind_int(&q, project);
	bind_int(&q, key);
	bind_int(&q, (int64_t)cap);
	return rows_all(&q, read_mark, rows, sizeof(*rows), cap, n, e);
}

int db_mark_list(struct store *s, int64_t project, int64_t person, struct db_mark *rows, size_t cap,
		 size_t *n, struct err *e)
{
	return mark_rows(s, sql_mark_list, project, person, rows, cap, n, e);
}

int db_mark_page(struct store *s, int64_t project, int64_t before, struct db_mark *rows, size_t cap,
		 size_t *n, struct err *e)
{
	return mark_rows(s, sql_mark_page, project, before ? before : INT64_MAX, rows, cap, n, e);
}

/* --- work elsewhere ---------------------------------------------------------------------------------- */

static int read_work(struct query *q, void *row, struct err *e)
{
	struct db_work *w = row;

	(void)e;
	*w = (struct db_work){.id = col_int(q, 0),
			      .person = col_int(q, 2),
			      .entered_on = col_date(q, 9),
			      .exited_on = col_date(q, 10)};
	COL_TEXT(q, 1, w->uid);
	COL_TEXT(q, 3, w->project);
	COL_TEXT(q, 4, w->place);
	COL_TEXT(q, 5, w->status);
	COL_TEXT(q, 6, w->contractor);
	COL_TEXT(q, 7, w->team);
	COL_TEXT(q, 8, w->trade);
	return 0;
}

int db_work_save(struct store *s, const struct db_work *w, struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "INSERT INTO work_history(uid, person, project_name, place, status, contractor, team, "
		   "trade, entered_on, exited_on, received_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
		   "?10, ?11) ON CONFLICT(uid) DO UPDATE SET person = ?2, project_name = ?3, place = ?4, "
		   "status = ?5, contractor = ?6, team = ?7, trade = ?8, entered_on = ?9, exited_on = ?10, "
		   "received_ms = ?11");
	bind_text(&q, w->uid);
	bind_int(&q, w->person);
	bind_text(&q, w->project);
	bind_text(&q, w->place);
	bind_text(&q, w->status);
	bind_text(&q, w->contractor);
	bind_text(&q, w->team);
	bind_text(&q, w->trade);
	bind_date(&q, w->entered_on);
	bind_date(&q, w->exited_on);
	bind_int(&q, clock_now_ms());
	return query_run(&q, e);
}

const char sql_work_list[] = "SELECT id, uid, person, project_name, place, status, contractor, team, trade, "
			     "entered_on, exited_on FROM "
			     "work_history WHERE person = ? ORDER BY entered_on DESC, id DESC LIMIT ?";

int db_work_list(struct store *s, int64_t person, struct db_work *rows, size_t cap, size_t *n, struct err *e)
{
	struct query q;

	query_open(&q, s, sql_work_list);
	bind_int(&q, person);
	bind_int(&q, (int64_t)cap);
	return rows_all(&q, read_work, rows, sizeof(*rows), cap, n, e);
}
