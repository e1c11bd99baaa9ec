/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom a company employs through other projects of this box and nobody has assigned in this one (D5). */
#include "rows.h"
#include "store/person.h"

const char sql_sister_list[] = "SELECT m.id, m.person, p.name, m.trade, m.state, m.project, r.name FROM "
			       "employment m JOIN person p ON p.id = m.person"
			       " JOIN project r ON r.id = m.project WHERE m.company = ?1 AND m.id > ?2 AND "
			       "m.project <> ?3 AND p.merged_into IS NULL"
			       " AND instr(p.name, ?4) AND NOT EXISTS (SELECT 1 FROM assignment a WHERE "
			       "a.employment = m.id AND a.project = ?3"
			       " AND a.state NOT IN ('exited', 'withdrawn')) ORDER BY m.id LIMIT ?5";

static int read_sister(struct query *q, void *row, struct err *e)
{
	struct db_sister *m = row;

	(void)e;
	*m = (struct db_sister){.employment = col_int(q, 0),
				.person = col_int(q, 1),
				.state = (enum employment_state)col_state(q, 4, CYCLE_EMPLOYMENT),
				.project = col_int(q, 5)};
	COL_TEXT(q, 2, m->name);
	COL_TEXT(q, 3, m->trade);
	COL_TEXT(q, 6, m->project_name);
	return 0;
}

int db_sister_list(struct store *s, const struct db_sister_query *w, struct db_sister *rows, size_t cap,
		   size_t *n, struct err *e)
{
	struct query q;

	query_open(&q, s, sql_sister_list);
	bind_int(&q, w->company);
	bind_int(&q, w->after);
	bind_int(&q, w->project);
	bind_text(&q, w->name);
	bind_int(&q, (int64_t)cap);
	return rows_all(&q, read_sister, rows, sizeof(*rows), cap, n, e);
}
