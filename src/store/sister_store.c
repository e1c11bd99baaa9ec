/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom a company employs through other projects of this box and nobody has assigned in this one (D5). */
#include "rows.h"
#include "store/person.h"

const char sql_sister_free[] = "SELECT 1 FROM employment m WHERE m.id = ?1 AND m.project = ?2 AND NOT EXISTS (SELECT 1 FROM "
			       "assignment a WHERE a.employment = m.id AND a.project = ?3 AND a.state NOT IN ('exited', "
			       "'withdrawn'))";

int db_sister_free(struct store *s, int64_t employment, int64_t home, int64_t here, bool *yes, struct err *e)
{
	int64_t got;
	struct query q;

	query_open(&q, s, sql_sister_free);
	bind_int(&q, employment);
	bind_int(&q, home);
	bind_int(&q, here);
	if (query_int(&q, &got, 0, e))
		return -1;
	*yes = got != 0;
	return 0;
}
