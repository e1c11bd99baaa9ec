/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "query.h"
#include "store/company.h"

/* Keyset by the unique credit code: each page costs what it shows (P9). */
int db_company_list(struct store *s, const char *after, struct db_company *rows, size_t cap, size_t *n,
		    struct err *e)
{
	struct query q;
	size_t count = 0;
	int got = 0;

	query_open(&q, s,
		   "SELECT id, uid, credit_code, name, short_name, area_code, registered_on, on_platform_since FROM company"
		   " WHERE credit_code > ? ORDER BY credit_code LIMIT ?");
	bind_text(&q, after);
	bind_int(&q, (int64_t)cap);
	while (count < cap && (got = query_step(&q, e)) > 0) {
		struct db_company *c = &rows[count++];

		c->id = col_int(&q, 0);
		COL_TEXT(&q, 1, c->uid);
		COL_TEXT(&q, 2, c->credit_code);
		COL_TEXT(&q, 3, c->name);
		COL_TEXT(&q, 4, c->short_name);
		COL_TEXT(&q, 5, c->area_code);
		c->registered_on = col_date(&q, 6);
		c->on_platform_since = col_date(&q, 7);
	}
	query_close(&q);
	if (got < 0)
		return -1;
	*n = count;
	return 0;
}
