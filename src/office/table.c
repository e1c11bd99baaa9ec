/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "office/table.h"

struct counted {
	const struct table_sink *sink;
	bool any;
};

static int count(void *arg, unsigned long row, const struct table_cell *cells, size_t n, struct err *e)
{
	struct counted *c = arg;

	c->any = true;
	return c->sink->row(c->sink->arg, row, cells, n, e);
}

static bool begins(const void *data, size_t n, const char *magic, size_t k)
{
	return n >= k && !memcmp(data, magic, k);
}

int table_read(const void *data, size_t n, const struct table_sink *sink, struct err *e)
{
	struct counted c = {.sink = sink};
	struct table_sink counting = {.row = count, .arg = &c};
	int last;

	if (n > TABLE_FILE_MAX)
		return err_set(e, ERR_OFFICE_TOO_LARGE, "%zu bytes", n);
	/* compound files: .xls of 97–2003, and every workbook with a password to open it */
	if (begins(data, n, "\xD0\xCF\x11\xE0", 4))
		return err_set(e, ERR_OFFICE_OLD, NULL);
	if (begins(data, n, "PK\3\4", 4))
		last = xlsx_read(data, n, &counting, e);
	else if (begins(data, n, "%PDF", 4) || begins(data, n, "\x89PNG", 4) ||
		 begins(data, n, "\xFF\xD8\xFF", 3))
		return err_set(e, ERR_OFFICE_FORMAT, NULL);
	else
		last = csv_read(data, n, &counting, e);
	return last || c.any ? last : err_set(e, ERR_OFFICE_EMPTY, NULL);
}
