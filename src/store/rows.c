/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "rows.h"

#include <string.h>

int rows_one(struct query *q, row_reader *read, void *out, const char *what, struct err *e)
{
	int last = query_one(q, what, e);

	if (!last)
		last = read(q, out, e);
	query_close(q);
	return last;
}

int rows_all(struct query *q, row_reader *read, void *rows, size_t size, size_t cap, size_t *n, struct err *e)
{
	size_t k = 0;
	int got = 0;

	while (k < cap && (got = query_step(q, e)) > 0) {
		if (read(q, (char *)rows + k * size, e)) {
			got = -1;
			break;
		}
		k++;
	}
	query_close(q);
	if (got < 0)
		return -1;
	*n = k;
	return 0;
}

int rows_page(struct query *q, row_reader *read, void *rows, size_t size, size_t cap, size_t *n, bool *more,
	      struct err *e)
{
	size_t k = 0;
	int got;

	while ((got = query_step(q, e)) > 0 && k < cap) {
		if (read(q, (char *)rows + k * size, e)) {
			got = -1;
			break;
		}
		k++;
	}
	query_close(q);
	if (got < 0)
		return -1;
	*n = k;
	*more = got > 0;
	return 0;
}

void rows_reverse(void *rows, size_t size, size_t n)
{
	for (size_t i = 0; i + 1 < n - i; i++) {
		char *a = (char *)rows + i * size, *b = (char *)rows + (n - 1 - i) * size;

		for (size_t k = 0; k < size; k++) {
			char t = a[k];

			a[k] = b[k];
			b[k] = t;
		}
	}
}

int rows_ids(struct query *q, int64_t *ids, size_t cap, size_t *n, struct err *e)
{
	size_t k = 0;
	int got = 0;

	while (k < cap && (got = query_step(q, e)) > 0)
		ids[k++] = col_int(q, 0);
	query_close(q);
	if (got < 0)
		return -1;
	*n = k;
	return 0;
}

void uid_or_new(char out[UID_TEXT], const char *uid)
{
	if (uid && *uid)
		text_copy(out, UID_TEXT, uid);
	else
		uid_new(out);
}

void bind_state(struct query *q, enum cycle c, int state)
{
	bind_text(q, state_name(c, state));
}

int col_state(struct query *q, int col, enum cycle c)
{
	char name[32];
	int state;

	COL_TEXT(q, col, name);
	return state_parse(c, name, &state) ? state : 0;
}
