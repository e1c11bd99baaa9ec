/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/text.h"
#include "query.h"
#include "store/site.h"

#define SEALED_AS "setting.value_sealed"
#define NAME_BYTES 128

/* The row's name for sealing: it has no uid. */
static void row_name(char out[NAME_BYTES], int64_t project, const char *name)
{
	text_format(out, NAME_BYTES, "%lld:%s", (long long)project, name);
}

static int read_value(struct query *q, const char *row, char *out, size_t size, struct err *e)
{
	struct buf value;
	int last = 0;

	buf_init(&value, VAULT_MAX);
	if (!col_null(q, 1)) {
		last = col_sealed(q, 1, row, SEALED_AS, &value, e);
	} else {
		size_t n;
		const void *text = col_blob(q, 0, &n);

		last = buf_add(&value, text ? text : "", n) ? err_set(e, ERR_MEMORY, "setting") : 0;
	}
	if (!last && value.len >= size)
		last = err_set(e, ERR_TOO_LARGE, "setting of %zu bytes", value.len);
	if (!last)
		text_copy(out, size, value.data ? value.data : "");
	buf_wipe_release(&value);
	return last;
}

int db_setting_get(struct store *s, int64_t project, const char *name, char *out, size_t size, struct err *e)
{
	char row[NAME_BYTES];
	struct query q;
	int last;

	row_name(row, project, name);
	query_open(&q, s, "SELECT value, value_sealed FROM setting WHERE project = ? AND name = ?");
	bind_int(&q, project);
	bind_text(&q, name);
	last = query_step(&q, e);
	if (last > 0)
		last = read_value(&q, row, out, size, e);
	else if (!last)
		*out = '\0';
	query_close(&q);
	return last;
}

static int unset(struct store *s, int64_t project, const char *name, struct err *e)
{
	struct query q;

	query_open(&q, s, "DELETE FROM setting WHERE project = ? AND name = ?");
	bind_int(&q, project);
	bind_text(&q, name);
	return query_run(&q, e);
}

int db_setting_set(struct store *s, int64_t project, const char *name, const char *value, bool sealed,
		   struct err *e)
{
	char row[NAME_BYTES];
	struct query q;

	if (!value || !*value)
		return unset(s, project, name, e);
	row_name(row, project, name);
	query_open(&q, s,
		   "INSERT INTO setting(project, name, value, value_sealed) VALUES (?1, ?2, ?3, ?4)"
		   " ON CONFLICT(project, name) DO UPDATE SET value = ?3, value_sealed = ?4");
	bind_int(&q, project);
	bind_text(&q, name);
	if (sealed) {
		bind_null(&q);
		bind_sealed_text(&q, row, SEALED_AS, value);
	} else {
		bind_text(&q, value);
		bind_null(&q);
	}
	return query_run(&q, e);
}
