/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "rows.h"
#include "store/project.h"

static void sealed_as(char out[64], const char *field)
{
	text_format(out, 64, "particular.%s", field);
}

static int take_value(struct query *q, struct particulars *p, const char *uid, struct err *e)
{
	char field[48], column[64];
	int i;

	COL_TEXT(q, 0, field);
	i = particulars_index(p->sheet, field);
	if (i < 0)
		return 0; /* a field that this program does not know any more */
	sealed_as(column, field);
	return col_sealed_text(q, 1, uid, column, p->value[i], sizeof(p->value[i]), e);
}

int db_particulars_load(struct store *s, struct particulars *p, int64_t owner, const char *uid, struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, "SELECT field, value_sealed FROM particular WHERE sheet = ? AND owner = ?");
	bind_text(&q, sheet_of_name(p->sheet));
	bind_int(&q, owner);
	while ((got = query_step(&q, e)) > 0)
		if (take_value(&q, p, uid, e)) {
			got = -1;
			break;
		}
	query_close(&q);
	return got;
}

static int put_value(struct store *s, const struct particulars *p, const struct particular *row, const char *value, int64_t owner,
		     const char *uid, struct err *e)
{
	char column[64];
	struct query q;

	sealed_as(column, row->name);
	if (*value)
		query_open(&q, s,
			   "INSERT INTO particular(sheet, owner, field, value_sealed) VALUES (?, ?, ?, ?)"
			   " ON CONFLICT DO UPDATE SET value_sealed = excluded.value_sealed");
	else
		query_open(&q, s, "DELETE FROM particular WHERE sheet = ? AND owner = ? AND field = ?");
	bind_text(&q, sheet_of_name(p->sheet));
	bind_int(&q, owner);
	bind_text(&q, row->name);
	if (*value)
		bind_sealed_text(&q, uid, column, value);
	return query_run(&q, e);
}

int db_particulars_save(struct store *s, const struct particulars *p, int64_t owner, const char *uid, struct err *e)
{
	const struct particular *rows = NULL;
	size_t n = particulars_rows(p->sheet, &rows);

	for (size_t i = 0; i < n; i++)
		if (!(rows[i].flags & PARTICULAR_CLEAR) && put_value(s, p, &rows[i], p->value[i], owner, uid, e))
			return -1;
	return 0;
}
