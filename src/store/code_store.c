/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Worker codes (E4): one valid code a person; the former ones name nobody. */
#include "rows.h"
#include "store/person.h"

int db_worker_code_set(struct store *s, int64_t person, const char *code, int64_t made_ms, struct err *e)
{
	struct query q;

	query_open(&q, s, "UPDATE worker_code SET void = 1 WHERE person = ? AND void = 0");
	bind_int(&q, person);
	if (query_run(&q, e))
		return -1;
	query_open(&q, s, "INSERT INTO worker_code(person, code, made_ms) VALUES (?, ?, ?)");
	bind_int(&q, person);
	bind_text(&q, code);
	bind_int(&q, made_ms);
	return query_run(&q, e);
}

int db_worker_code_of(struct store *s, int64_t person, char out[WORKER_CODE_TEXT], struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, "SELECT code FROM worker_code WHERE person = ? AND void = 0 ORDER BY id DESC LIMIT 1");
	bind_int(&q, person);
	got = query_step(&q, e);
	out[0] = '\0';
	if (got > 0)
		col_text(&q, 0, out, WORKER_CODE_TEXT);
	query_close(&q);
	return got < 0 ? -1 : 0;
}

int db_worker_code_person(struct store *s, const char *code, int64_t *person, struct err *e)
{
	struct query q;

	query_open(&q, s, "SELECT person FROM worker_code WHERE code = ? AND void = 0");
	bind_text(&q, code);
	return query_int(&q, person, 0, e);
}
