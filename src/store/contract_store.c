/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/hiring.h"

#include <stdlib.h>

#include "rows.h"

#define PRICE_AS "contract.price_sealed"
#define NO_DAY "9999-12-31" /* how the schema orders a contract without a last day */
#define CONTRACT_COLUMNS                                                                                     \
	"SELECT c.id, c.uid, c.project, c.person, c.employment, c.participant, c.company, c.state, c.kind, " \
	"c.starts_on, c.ends_on, c.unit, c.price_sealed, c.scan, c.renews, c.made_ms, p.name, "              \
	"ifnull(nullif(o.short_name, ''), ifnull(o.name, '')), j.name FROM contract c "                      \
	"JOIN person p ON p.id = c.person JOIN project j ON j.id = c.project LEFT JOIN company o ON o.id = c.company "

static int read_contract(struct query *q, void *row, struct err *e)
{
	struct db_contract *c = row;
	char price[24];

	*c = (struct db_contract){
		.id = col_int(q, 0),
		.project = col_int(q, 2),
		.person = col_int(q, 3),
		.employment = col_int(q, 4),
		.participant = col_int(q, 5),
		.company = col_int(q, 6),
		.state = (enum contract_state)col_state(q, 7, CYCLE_CONTRACT),
		.starts_on = col_date(q, 9),
		.ends_on = col_date(q, 10),
		.scan = col_int(q, 13),
		.renews = col_int(q, 14),
		.made_ms = col_int(q, 15),
	};
	COL_TEXT(q, 1, c->uid);
	COL_TEXT(q, 8, c->kind);
	COL_TEXT(q, 11, c->unit);
	COL_TEXT(q, 16, c->person_name);
	COL_TEXT(q, 17, c->company_name);
	COL_TEXT(q, 18, c->project_name);
	if (col_sealed_text_if_open(q, 12, c->uid, PRICE_AS, price, sizeof(price), e))
		return -1;
	c->price = price[0] ? strtoll(price, NULL, 10) : -1;
	wipe(price, sizeof(price));
	return 0;
}

/* Kind, dates, unit, price, scan. `price` lives until the query is closed. */
static void bind_terms(struct query *q, const char *uid, const struct db_contract *c, char price[24])
{
	price[0] = '\0';
	if (c->price >= 0)
		text_format(price, 24, "%lld", (long long)c->price);
	bind_text(q, c->kind);
	bind_date(q, c->starts_on);
	bind_date(q, c->ends_on);
	bind_text(q, c->unit);
	bind_sealed_text(q, uid, PRICE_AS, price);
	bind_ref(q, c->scan);
}

int db_contract_insert(struct store *s, const struct db_contract *c, int64_t *id, struct err *e)
{
	char uid[UID_TEXT], price[24];
	struct query q;

	uid_or_new(uid, c->uid);
	query_open(&q, s,
		   "INSERT INTO contract(kind, starts_on, ends_on, unit, price_sealed, scan, uid, project, person, "
		   "employment, participant, company, state, renews, made_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, "
		   "?, ?, ?, ?)");
	bind_terms(&q, uid, c, price);
	bind_text(&q, uid);
	bind_int(&q, c->project);
	bind_int(&q, c->person);
	bind_int(&q, c->employment);
	bind_ref(&q, c->participant);
	bind_ref(&q, c->company);
	bind_state(&q, CYCLE_CONTRACT, c->state);
	bind_ref(&q, c->renews);
	bind_int(&q, c->made_ms ? c->made_ms : clock_now_ms());
	return query_insert(&q, id, e);
}

int db_contract_update(struct store *s, const struct db_contract *c, struct err *e)
{
	char price[24];
	struct query q;

	query_open(&q, s,
		   "UPDATE contract SET kind = ?, starts_on = ?, ends_on = ?, unit = ?, price_sealed = ?, scan = ? WHERE "
		   "id = ?");
	bind_terms(&q, c->uid, c, price);
	bind_int(&q, c->id);
	return query_run_one(&q, ERR_NO_SUCH, e);
}

int db_contract_state(struct store *s, int64_t id, enum contract_state from, enum contract_state to, struct err *e)
{
	struct query q;

	query_open(&q, s, "UPDATE contract SET state = ? WHERE id = ? AND state = ?");
	bind_state(&q, CYCLE_CONTRACT, to);
	bind_int(&q, id);
	bind_state(&q, CYCLE_CONTRACT, from);
	return query_run_one(&q, ERR_CONFLICT, e);
}

int db_contract_get(struct store *s, int64_t id, struct db_contract *out, struct err *e)
{
	struct query q;

	query_open(&q, s, CONTRACT_COLUMNS "WHERE c.id = ?");
	bind_int(&q, id);
	return rows_one(&q, read_contract, out, "contract", e);
}

int db_contract_by_uid(struct store *s, const char *uid, struct db_contract *out, struct err *e)
{
	struct query q;

	query_open(&q, s, CONTRACT_COLUMNS "WHERE c.uid = ?");
	bind_text(&q, uid);
	return rows_one(&q, read_contract, out, "contract", e);
}

int db_contract_current(struct store *s, int64_t employment, struct db_contract *out, struct err *e)
{
	struct query q;
	size_t n;

	query_open(&q, s, CONTRACT_COLUMNS "WHERE c.employment = ? AND c.rank = 0 ORDER BY c.due DESC LIMIT 1");
	bind_int(&q, employment);
	*out = (struct db_contract){.id = 0, .starts_on = DATE_NONE, .ends_on = DATE_NONE, .price = -1};
	return rows_all(&q, read_contract, out, sizeof(*out), 1, &n, e);
}

int db_contract_of_employment(struct store *s, int64_t employment, struct db_contract *rows, size_t cap, size_t *n, struct err *e)
{
	struct query q;

	query_open(&q, s, CONTRACT_COLUMNS "WHERE c.employment = ? ORDER BY c.rank, c.due");
	bind_int(&q, employment);
	return rows_all(&q, read_contract, rows, sizeof(*rows), cap, n, e);
}

/* --- lists --- */

#define PAGE_OF_RANK "c.rank = ? AND (c.due, c.id) > (?, ?) AND c.due <= ? ORDER BY c.due, c.id LIMIT ?"

const char sql_contract_project[] = CONTRACT_COLUMNS "WHERE c.project = ? AND " PAGE_OF_RANK;
const char sql_contract_participant[] = CONTRACT_COLUMNS "WHERE c.participant = ? AND " PAGE_OF_RANK;
const char sql_contract_person[] = CONTRACT_COLUMNS "WHERE c.person = ? AND c.id < ? ORDER BY c.id DESC LIMIT ?";
/* ?2 0: the whole project. Two searches, of which one finds nothing, rather than one that cannot use an index. */
const char sql_contract_count[] =
	"SELECT id FROM contract WHERE project = ?1 AND ?2 = 0 AND rank = 0 AND due BETWEEN ?3 AND ?4 "
	"UNION ALL SELECT id FROM contract WHERE participant = ?2 AND rank = 0 AND due BETWEEN ?3 AND ?4 LIMIT ?5";

static const char *due_text(date_t d, const char *open, char out[DATE_TEXT])
{
	if (d == DATE_NONE)
		text_copy(out, DATE_TEXT, open);
	else if (d == DATE_LONG_TERM)
		text_copy(out, DATE_TEXT, NO_DAY);
	else
		date_format(d, out);
	return out;
}

int db_contract_list(struct store *s, const struct db_contract_query *q, struct db_contract *rows, size_t cap, size_t *n, bool *more,
		     struct err *e)
{
	char after[DATE_TEXT], to[DATE_TEXT];
	struct query query;

	query_open(&query, s, q->participant ? sql_contract_participant : sql_contract_project);
	bind_int(&query, q->participant ? q->participant : q->project);
	bind_int(&query, q->rank);
	bind_text(&query, due_text(q->after_id ? q->after_due : q->from, "", after));
	bind_int(&query, q->after_id);
	bind_text(&query, due_text(q->to, NO_DAY, to));
	bind_int(&query, (int64_t)cap + 1);
	return rows_page(&query, read_contract, rows, sizeof(*rows), cap, n, more, e);
}

int db_contract_of_person(struct store *s, int64_t person, int64_t before_id, struct db_contract *rows, size_t cap, size_t *n, bool *more,
			  struct err *e)
{
	struct query q;

	query_open(&q, s, sql_contract_person);
	bind_int(&q, person);
	bind_int(&q, before_id ? before_id : INT64_MAX);
	bind_int(&q, (int64_t)cap + 1);
	return rows_page(&q, read_contract, rows, sizeof(*rows), cap, n, more, e);
}

int db_contract_count(struct store *s, int64_t project, int64_t participant, date_t from, date_t to, int64_t limit, int64_t *out,
		      struct err *e)
{
	char first[DATE_TEXT], last[DATE_TEXT];
	int64_t count = 0;
	struct query q;
	int got;

	query_open(&q, s, sql_contract_count);
	bind_int(&q, project);
	bind_int(&q, participant);
	bind_text(&q, due_text(from, "", first));
	bind_text(&q, due_text(to, NO_DAY, last));
	bind_int(&q, limit);
	while ((got = query_step(&q, e)) > 0)
		count++;
	query_close(&q);
	if (got < 0)
		return -1;
	*out = count;
	return 0;
}
