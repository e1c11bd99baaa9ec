/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/wage.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "rows.h"

#define OWED_AS "wage.owed_sealed"
#define PAID_AS "wage.paid_sealed"
#define BANK_AS "wage.bank_sealed"
#define CARD_AS "wage.card_sealed"
#define RECORD_AS "wage.record_sealed"
#define ATTENDED                                                                                                      \
	"EXISTS (SELECT 1 FROM attendance_month m WHERE m.project = w.project AND m.month = CASE w.back_month WHEN 0 THEN w.month ELSE " \
	"w.back_month END AND m.person = w.person AND m.days <> 0)"
#define COLUMNS                                                                                                                         \
	"SELECT w.id, w.uid, w.project, w.person, w.month, w.back_month, w.owed_sealed, w.paid_sealed, w.paid_on, w.days, w.bank_sealed, " \
	"w.card_sealed, w.record_sealed, w.fact, p.name, " ATTENDED " FROM wage w CROSS JOIN person p ON p.id = w.person "

int wage_month_key(struct month m)
{
	int year, month, day;

	date_to_ymd(m.first, &year, &month, &day);
	return year * 100 + month;
}

struct month wage_month(int key)
{
	date_t first = 0;

	(void)date_from_ymd(key / 100, key % 100, 1, &first);
	return month_of(first);
}

static int col_fen(struct query *q, int col, const char *uid, const char *as, int64_t *out, struct err *e)
{
	char text[32];

	if (col_sealed_text(q, col, uid, as, text, sizeof(text), e))
		return -1;
	*out = strtoll(text, NULL, 10);
	return 0;
}

static int read_row(struct query *q, void *row, struct err *e)
{
	struct db_wage *w = row;

	*w = (struct db_wage){.id = col_int(q, 0), .project = col_int(q, 2), .person = col_int(q, 3), .month = (int)col_int(q, 4),
			      .back_month = (int)col_int(q, 5), .paid_on = col_date(q, 8), .days = (int)col_int(q, 9), .fact = col_int(q, 13),
			      .attended = col_int(q, 15) != 0};
	COL_TEXT(q, 1, w->uid);
	COL_TEXT(q, 14, w->name);
	if (col_fen(q, 6, w->uid, OWED_AS, &w->owed, e) || col_fen(q, 7, w->uid, PAID_AS, &w->paid, e) ||
	    col_sealed_text(q, 10, w->uid, BANK_AS, w->bank, sizeof(w->bank), e) ||
	    col_sealed_text(q, 11, w->uid, CARD_AS, w->card, sizeof(w->card), e))
		return -1;
	return col_sealed_text(q, 12, w->uid, RECORD_AS, w->record, sizeof(w->record), e);
}

/* The five sealed values, after what was bound before; owed and paid live as long as the query. */
struct amounts { char owed[24], paid[24]; };

static void bind_values(struct query *q, const struct db_wage *w, const char *uid, struct amounts *a)
{
	text_format(a->owed, sizeof(a->owed), "%lld", (long long)w->owed);
	text_format(a->paid, sizeof(a->paid), "%lld", (long long)w->paid);
	bind_int(q, w->paid > 0);
	bind_date(q, w->paid_on);
	bind_int(q, w->days);
	bind_sealed_text(q, uid, OWED_AS, a->owed);
	bind_sealed_text(q, uid, PAID_AS, a->paid);
	bind_sealed_text(q, uid, BANK_AS, w->bank);
	bind_sealed_text(q, uid, CARD_AS, w->card);
	bind_sealed_text(q, uid, RECORD_AS, w->record);
	bind_int(q, w->fact);
}

int db_wage_insert(struct store *s, const struct db_wage *w, int64_t *id, struct err *e)
{
	struct amounts a;
	char uid[UID_TEXT];
	struct query q;

	uid_or_new(uid, w->uid);
	query_open(&q, s,
		   "INSERT INTO wage(id, uid, project, month, person, back_month, pays, paid_on, days, owed_sealed, paid_sealed, bank_sealed, "
		   "card_sealed, record_sealed, fact, made_ms) VALUES (" FRESH_ID("wage", "wage") ", ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	bind_text(&q, uid);
	bind_int(&q, w->project);
	bind_int(&q, w->month);
	bind_int(&q, w->person);
	bind_int(&q, w->back_month);
	bind_values(&q, w, uid, &a);
	bind_int(&q, clock_now_ms());
	return query_insert(&q, id, e);
}

int db_wage_update(struct store *s, const struct db_wage *w, struct err *e)
{
	struct amounts a;
	struct query q;

	query_open(&q, s,
		   "UPDATE wage SET pays = ?, paid_on = ?, days = ?, owed_sealed = ?, paid_sealed = ?, bank_sealed = ?, card_sealed = ?, "
		   "record_sealed = ?, fact = ? WHERE id = ?");
	bind_values(&q, w, w->uid, &a);
	bind_int(&q, w->id);
	return query_run_one(&q, ERR_NO_SUCH, e);
}

int db_wage_find(struct store *s, int64_t project, int month, int64_t person, int back_month, struct db_wage *out, bool *found,
		 struct err *e)
{
	struct query q;
	size_t n;

	query_open(&q, s, COLUMNS "WHERE w.project = ? AND w.month = ? AND w.person = ? AND w.back_month = ?");
	bind_int(&q, project);
	bind_int(&q, month);
	bind_int(&q, person);
	bind_int(&q, back_month);
	if (rows_all(&q, read_row, out, sizeof(*out), 1, &n, e))
		return -1;
	*found = n > 0;
	return 0;
}

int db_wage_get(struct store *s, int64_t id, struct db_wage *out, struct err *e)
{
	struct query q;

	query_open(&q, s, COLUMNS "WHERE w.id = ?");
	bind_int(&q, id);
	return rows_one(&q, read_row, out, "wage", e);
}

const char sql_wage_page[] = COLUMNS "WHERE w.project = ? AND w.month = ? AND w.id > ? ORDER BY w.id LIMIT ?";

int db_wage_page(struct store *s, int64_t project, int month, int64_t after, struct db_wage *rows, size_t cap, size_t *n, struct err *e)
{
	struct query q;

	query_open(&q, s, sql_wage_page);
	bind_int(&q, project);
	bind_int(&q, month);
	bind_int(&q, after);
	bind_int(&q, (int64_t)cap);
	return rows_all(&q, read_row, rows, sizeof(*rows), cap, n, e);
}

/* A person with several lines counts once; back pay of earlier months is no wage of this one. */
const char sql_wage_match[] =
	"SELECT w.paid_on IS NOT NULL, " ATTENDED " FROM wage w WHERE w.project = ? AND w.month = ? AND w.back_month = 0 AND w.pays = 1";

int db_wage_match(struct store *s, int64_t project, int month, struct db_wage_match *out, struct err *e)
{
	struct query q;
	int got;

	*out = (struct db_wage_match){.planned = 0};
	query_open(&q, s, sql_wage_match);
	bind_int(&q, project);
	bind_int(&q, month);
	while ((got = query_step(&q, e)) > 0) {
		bool paid = col_int(&q, 0) != 0, attended = col_int(&q, 1) != 0;

		out->planned++;
		out->planned_attended += attended;
		out->paid += paid;
		out->paid_attended += paid && attended;
	}
	query_close(&q);
	return got < 0 ? -1 : 0;
}

int db_wage_newest_month(struct store *s, int64_t project, int *month, struct err *e)
{
	struct query q;
	int64_t newest;

	query_open(&q, s, "SELECT max(month) FROM wage WHERE project = ?");
	bind_int(&q, project);
	if (query_int(&q, &newest, 0, e))
		return -1;
	*month = (int)newest;
	return 0;
}
