/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Attachments on their way, counts by kind, conflicts. */
#include <string.h>

#include "rows.h"
#include "store/upload.h"

/* --- by kind --- */

const char sql_area_counts[] = "SELECT area, state, n FROM outbox_area_count WHERE project = ?";

int db_area_counts(struct store *s, int64_t project, struct db_area_counts *out, struct err *e)
{
	struct db_area_counts found = {0};
	struct query q;
	int got;

	query_open(&q, s, sql_area_counts);
	bind_int(&q, project);
	while ((got = query_step(&q, e)) > 0) {
		int64_t area = col_int(&q, 0), state = col_int(&q, 1);

		if (area > 0 && area < AREA_END && state >= 0 && state < OUTBOX_STATE_COUNT)
			found.n[area][state] = col_int(&q, 2);
	}
	query_close(&q);
	if (got < 0)
		return -1;
	*out = found;
	return 0;
}

#define SUMS                                                                                                                 \
	"sum(o.state = 0), sum(o.state = 1), sum(o.state = 2), sum(o.state = 3), sum(o.state = 4), sum(o.state = 5), sum(o.state = 6)," \
	" sum(o.state = 7), sum(o.state = 8)"
#define CONCERNS                                                                                                             \
	" AND (EXISTS (SELECT 1 FROM member m WHERE m.project = o.project AND m.person = o.person AND m.participant = ?2)"         \
	" OR (o.person IS NULL AND (EXISTS (SELECT 1 FROM team t WHERE t.uid = o.subject AND t.participant = ?2)"                   \
	" OR EXISTS (SELECT 1 FROM participant p JOIN company c ON c.id = p.company WHERE p.id = ?2 AND o.subject IN (p.uid, c.uid)))))"

const char sql_area_counts_of[] = "SELECT o.area, " SUMS " FROM outbox o WHERE o.project = ?1" CONCERNS " GROUP BY o.area";
const char sql_outbox_counts_of[] = "SELECT " SUMS " FROM outbox o WHERE o.project = ?1 AND o.rank < 9" CONCERNS;

static void read_sums(struct query *q, int from, int64_t counts[OUTBOX_STATE_COUNT])
{
	for (int i = 0; i < OUTBOX_STATE_COUNT; i++)
		counts[i] = col_int(q, from + i);
}

int db_area_counts_of(struct store *s, int64_t project, int64_t participant, struct db_area_counts *out, struct err *e)
{
	struct db_area_counts found = {0};
	struct query q;
	int got;

	query_open(&q, s, sql_area_counts_of);
	bind_int(&q, project);
	bind_int(&q, participant);
	while ((got = query_step(&q, e)) > 0) {
		int64_t area = col_int(&q, 0);

		if (area > 0 && area < AREA_END)
			read_sums(&q, 1, found.n[area]);
	}
	query_close(&q);
	if (got < 0)
		return -1;
	*out = found;
	return 0;
}

int db_outbox_counts_of(struct store *s, int64_t project, int64_t participant, int64_t counts[OUTBOX_STATE_COUNT], struct err *e)
{
	struct query q;
	int last;

	query_open(&q, s, sql_outbox_counts_of);
	bind_int(&q, project);
	bind_int(&q, participant);
	last = query_one(&q, "counts", e);
	if (!last)
		read_sums(&q, 0, counts);
	query_close(&q);
	return last;
}

/* --- attachments --- */

static int read_upload(struct query *q, void *row, struct err *e)
{
	struct db_attachment_upload *a = row;

	(void)e;
	*a = (struct db_attachment_upload){
		.attachment = col_int(q, 0), .bytes = col_int(q, 1), .announced = col_int(q, 6) != 0};
	COL_TEXT(q, 2, a->hash);
	COL_TEXT(q, 3, a->mime);
	COL_TEXT(q, 4, a->role);
	COL_TEXT(q, 5, a->person);
	return 0;
}

/* A person whom no operation of this project reports at all was reported by another project of this box. */
const char sql_attachment_open[] =
	"SELECT u.attachment, a.bytes, a.hash, a.mime, l.role, p.uid, u.announced FROM attachment_upload u "
	"CROSS JOIN attachment a ON a.id = u.attachment "
	"CROSS JOIN attachment_link l ON l.id = u.link LEFT JOIN person p ON p.id = l.person"
	" WHERE u.project = ?1 AND u.done_ms IS NULL AND u.attachment > ?2"
	" AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.project = ?1 AND o.person = l.person AND o.rank < 9 "
	"AND "
	"o.area = 5)"
	" ORDER BY u.attachment LIMIT ?3";

int db_attachment_open(struct store *s, int64_t project, int64_t after, struct db_attachment_upload *rows,
		       size_t cap, size_t *n, struct err *e)
{
	struct query q;

	query_open(&q, s, sql_attachment_open);
	bind_int(&q, project);
	bind_int(&q, after);
	bind_int(&q, (int64_t)cap);
	return rows_all(&q, read_upload, rows, sizeof(*rows), cap, n, e);
}

int db_attachment_announced(struct store *s, int64_t project, int64_t attachment, struct err *e)
{
	struct query q;

	query_open(&q, s, "UPDATE attachment_upload SET announced = 1 WHERE project = ? AND attachment = ?");
	bind_int(&q, project);
	bind_int(&q, attachment);
	return query_run_one(&q, ERR_NO_SUCH, e);
}

int db_attachment_done(struct store *s, int64_t project, int64_t attachment, int64_t at_ms, struct err *e)
{
	struct query q;

	query_open(&q, s, "UPDATE attachment_upload SET done_ms = ? WHERE project = ? AND attachment = ?");
	bind_int(&q, at_ms);
	bind_int(&q, project);
	bind_int(&q, attachment);
	return query_run_one(&q, ERR_NO_SUCH, e);
}

/* Whose they are: a person's, or evidence of what was done to a team. */
#define ITS                                                                                                                  \
	" AND EXISTS (SELECT 1 FROM attachment_link l WHERE l.id = u.link"                                                         \
	" AND (EXISTS (SELECT 1 FROM member m WHERE m.project = u.project AND m.person = l.person AND m.participant = ?2)"           \
	" OR (l.person IS NULL AND EXISTS (SELECT 1 FROM fact f JOIN team t ON t.id = f.subject"                                    \
	" WHERE f.id = l.fact AND f.cycle = 'team' AND t.participant = ?2))))"
#define LEFT                                                                                                                 \
	"SELECT count(*), ifnull(sum(a.bytes), 0) FROM attachment_upload u CROSS JOIN attachment a ON a.id = u.attachment"          \
	" WHERE u.project = ?1 AND u.done_ms IS NULL"

const char sql_attachment_left[] = LEFT;
const char sql_attachment_left_of[] = LEFT ITS;

static void ask_of(struct query *q, struct store *s, const char *all, const char *of, int64_t project, int64_t participant)
{
	query_open(q, s, participant ? of : all);
	bind_int(q, project);
	if (participant)
		bind_int(q, participant);
}

int db_attachment_left(struct store *s, int64_t project, int64_t participant, int64_t *n, int64_t *bytes, struct err *e)
{
	struct query q;
	int last;

	ask_of(&q, s, sql_attachment_left, sql_attachment_left_of, project, participant);
	last = query_one(&q, "attachments", e);
	if (!last) {
		*n = col_int(&q, 0);
		*bytes = col_int(&q, 1);
	}
	query_close(&q);
	return last;
}

#define ALL "SELECT count(*) FROM attachment_upload u WHERE u.project = ?1"

int db_attachment_all(struct store *s, int64_t project, int64_t participant, int64_t *n, struct err *e)
{
	struct query q;

	ask_of(&q, s, ALL, ALL ITS, project, participant);
	return query_int(&q, n, 0, e);
}

const char sql_attachment_in_role[] =
	ALL " AND (?2 = 0 OR (1" ITS "))"
	    " AND EXISTS (SELECT 1 FROM attachment_link l WHERE l.id = u.link AND l.role = ?3 AND NOT EXISTS"
	    " (SELECT 1 FROM outbox o WHERE o.fact = l.fact AND o.state = 4 AND o.code = '" OUTBOX_BY_HAND "'))";

int db_attachment_in_role(struct store *s, int64_t project, int64_t participant, const char *role, int64_t *n, struct err *e)
{
	struct query q;

	query_open(&q, s, sql_attachment_in_role);
	bind_int(&q, project);
	bind_int(&q, participant);
	bind_text(&q, role);
	return query_int(&q, n, 0, e);
}

int db_on_site_confirmed(struct store *s, int64_t project, int64_t participant, int64_t *n, struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "SELECT count(*) FROM assignment a WHERE a.project = ?1 AND a.state = 'on_site' AND (?2 = 0 OR a.participant = ?2) AND NOT "
		   "EXISTS "
		   "(SELECT 1 FROM outbox o WHERE o.project = ?1 AND o.subject = a.uid AND o.kind = "
		   "'assignment.enter' AND o.state NOT IN (4, 7, 8))");
	bind_int(&q, project);
	bind_int(&q, participant);
	return query_int(&q, n, 0, e);
}

/* --- conflicts --- */

#define BASE_AS "conflict.base_sealed"
#define MINE_AS "conflict.mine_sealed"
#define THEIRS_AS "conflict.theirs_sealed"
#define CONFLICT_BY_AS "conflict.by_sealed"
#define CONFLICT_COLUMNS                                                                                     \
	"SELECT c.id, c.project, c.person, c.field, c.base_sealed, c.mine_sealed, c.theirs_sealed, "         \
	"c.by_sealed, c.at_ms, c.choice, c.about, c.subject, c.uid FROM conflict c "

int db_conflict_insert(struct store *s, const struct db_conflict *c, int64_t *id, struct err *e)
{
	char uid[UID_TEXT];
	struct query q;

	uid_new(uid);
	query_open(
		&q, s,
		"INSERT INTO conflict(uid, project, person, field, base_sealed, mine_sealed, theirs_sealed, "
		"by_sealed, at_ms, about, subject) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, nullif(?, ''))");
	bind_text(&q, uid);
	bind_int(&q, c->project);
	bind_ref(&q, c->person);
	bind_text(&q, c->field);
	bind_sealed_text(&q, uid, BASE_AS, c->base);
	bind_sealed_text(&q, uid, MINE_AS, c->mine);
	bind_sealed_text(&q, uid, THEIRS_AS, c->theirs);
	bind_sealed_text(&q, uid, CONFLICT_BY_AS, c->by);
	bind_int(&q, c->at_ms);
	bind_text(&q, c->about);
	bind_text(&q, c->subject);
	return query_insert(&q, id, e);
}

static int read_conflict(struct query *q, void *row, struct err *e)
{
	struct db_conflict *c = row;
	char uid[UID_TEXT];

	*c = (struct db_conflict){.id = col_int(q, 0),
				  .project = col_int(q, 1),
				  .person = col_int(q, 2),
				  .at_ms = col_int(q, 8),
				  .choice = (enum db_choice)col_int(q, 9)};
	COL_TEXT(q, 3, c->field);
	COL_TEXT(q, 10, c->about);
	COL_TEXT(q, 11, c->subject);
	COL_TEXT(q, 12, uid);
	if (col_sealed_text_if_open(q, 4, uid, BASE_AS, c->base, sizeof(c->base), e) ||
	    col_sealed_text_if_open(q, 5, uid, MINE_AS, c->mine, sizeof(c->mine), e) ||
	    col_sealed_text_if_open(q, 6, uid, THEIRS_AS, c->theirs, sizeof(c->theirs), e))
		return -1;
	return col_sealed_text_if_open(q, 7, uid, CONFLICT_BY_AS, c->by, sizeof(c->by), e);
}

int db_conflict_get(struct store *s, int64_t id, struct db_conflict *out, struct err *e)
{
	struct query q;

	query_open(&q, s, CONFLICT_COLUMNS "WHERE c.id = ?");
	bind_int(&q, id);
	return rows_one(&q, read_conflict, out, "conflict", e);
}

const char sql_conflict_page[] =
	CONFLICT_COLUMNS "WHERE c.project = ? AND c.choice = 0 AND c.id > ? ORDER BY c.id LIMIT ?";

int db_conflict_page(struct store *s, int64_t project, int64_t after, struct db_conflict *rows, size_t cap,
		     size_t *n, bool *more, struct err *e)
{
	struct query q;

	query_open(&q, s, sql_conflict_page);
	bind_int(&q, project);
	bind_int(&q, after);
	bind_int(&q, (int64_t)cap + 1);
	return rows_page(&q, read_conflict, rows, sizeof(*rows), cap, n, more, e);
}

int db_conflict_about(struct store *s, const struct db_conflict *about, int64_t *id, struct err *e)
{
	struct query q;

	query_open(&q, s,
		   about->person
			   ? "SELECT id FROM conflict WHERE person = ? AND field = ? AND choice = 0 AND project = ?"
			   : "SELECT id FROM conflict WHERE subject = ? AND field = ? AND choice = 0 AND project = ?");
	if (about->person)
		bind_int(&q, about->person);
	else
		bind_text(&q, about->subject);
	bind_text(&q, about->field);
	bind_int(&q, about->project);
	return query_int(&q, id, 0, e);
}

static int uid_of(struct store *s, int64_t id, char uid[UID_TEXT], struct err *e)
{
	struct query q;
	int last;

	query_open(&q, s, "SELECT uid FROM conflict WHERE id = ?");
	bind_int(&q, id);
	last = query_one(&q, "conflict", e);
	if (!last)
		col_text(&q, 0, uid, UID_TEXT);
	query_close(&q);
	return last;
}

int db_conflict_theirs(struct store *s, int64_t id, const char *theirs, const char *by, int64_t at_ms,
		       struct err *e)
{
	char uid[UID_TEXT];
	struct query q;

	if (uid_of(s, id, uid, e))
		return -1;
	query_open(
		&q, s,
		"UPDATE conflict SET theirs_sealed = ?, by_sealed = ?, at_ms = ? WHERE id = ? AND choice = "
		"0");
	bind_sealed_text(&q, uid, THEIRS_AS, theirs);
	bind_sealed_text(&q, uid, CONFLICT_BY_AS, by);
	bind_int(&q, at_ms);
	bind_int(&q, id);
	return query_run_one(&q, ERR_CONFLICT, e);
}

int db_conflict_choose(struct store *s, int64_t id, enum db_choice choice, int64_t account, int64_t at_ms,
		       struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "UPDATE conflict SET choice = ?, account = ?, chosen_ms = ? WHERE id = ? AND choice = 0");
	bind_int(&q, choice);
	bind_ref(&q, account);
	bind_int(&q, at_ms);
	bind_int(&q, id);
	return query_run_one(&q, ERR_CONFLICT, e);
}

const char sql_conflict_count[] = "SELECT id FROM conflict WHERE project = ? AND choice = 0 LIMIT ?";

int db_conflict_count(struct store *s, int64_t project, int64_t limit, int64_t *out, struct err *e)
{
	struct query q;

	query_open(&q, s, sql_conflict_count);
	bind_int(&q, project);
	bind_int(&q, limit);
	return query_rows(&q, out, e);
}
