/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * csv as people's programs write it: UTF-8 with or without a mark, UTF-16 with one ("Unicode text"), else
 * GB18030 (of which GBK and GB2312 are parts); separated by comma, semicolon or tab; ="123" and a leading tab
 * or apostrophe, with which programs keep numbers text, taken off.
 */
#include <csv.h>
#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cells.h"

static iconv_t gb = (iconv_t)-1, wide_le = (iconv_t)-1, wide_be = (iconv_t)-1;

void table_before_confinement(void)
{
	gb = iconv_open("UTF-8", "GB18030");
	wide_le = iconv_open("UTF-8", "UTF-16LE");
	wide_be = iconv_open("UTF-8", "UTF-16BE");
}

static int convert(iconv_t how, const char *data, size_t n, struct buf *out, struct err *e)
{
	char *in = (char *)data, block[16384];
	size_t got = 0;

	if (how == (iconv_t)-1)
		return err_set(e, ERR_OFFICE_ENCODING, "iconv");
	iconv(how, NULL, NULL, NULL, NULL);
	while (n && got != (size_t)-1) {
		char *to = block;
		size_t room = sizeof(block);

		got = iconv(how, &in, &n, &to, &room);
		if (got == (size_t)-1 && errno == E2BIG)
			got = 0;
		if (buf_add(out, block, (size_t)(to - block)))
			return err_set(e, ERR_OFFICE_TOO_LARGE, "text");
		wipe(block, sizeof(block));
	}
	return n ? err_set(e, ERR_OFFICE_ENCODING, "byte %zu", (size_t)(in - data)) : 0;
}

/* The file as UTF-8: *text and *len point into data, or into `made`. */
static int decode(const char *data, size_t n, struct buf *made, const char **text, size_t *len, struct err *e)
{
	iconv_t how = (iconv_t)-1;

	*text = data;
	*len = n;
	if (n >= 3 && !memcmp(data, "\xEF\xBB\xBF", 3)) {
		*text += 3;
		*len -= 3;
	}
	if (n >= 2 && !memcmp(data, "\xFF\xFE", 2))
		how = wide_le;
	else if (n >= 2 && !memcmp(data, "\xFE\xFF", 2))
		how = wide_be;
	else if (text_valid(*text, *len))
		return 0;
	else
		return convert(gb, data, n, made, e)
			       ? -1
			       : (*text = made->data ? made->data : "", *len = made->len, 0);
	if (convert(how, data + 2, n - 2, made, e))
		return -1;
	*text = made->data ? made->data : "";
	*len = made->len;
	return 0;
}

/* The separator that the first line with one has most of, outside quotes. */
static char separator(const char *text, size_t n)
{
	static const char all[] = ",;\t";
	size_t count[3] = {0}, best = 0;
	bool quoted = false;

	for (size_t i = 0; i < n; i++) {
		const char *is = quoted || !text[i] ? NULL : strchr(all, text[i]);

		quoted ^= text[i] == '"';
		if (is)
			count[is - all]++;
		if (!quoted && text[i] == '\n' && count[0] + count[1] + count[2])
			break;
	}
	for (size_t i = 1; i < 3; i++)
		if (count[i] > count[best])
			best = i;
	return all[best];
}

struct parsing {
	struct cells cells;
	const struct table_sink *sink;
	size_t column;
	unsigned long row;
	bool after_return; /* CR has ended the row: LF belongs to it */
	int last;
	struct err *e;
};

/* ="0123" → 0123; a leading tab or apostrophe goes. */
static void unwrap(const char **s, size_t *n)
{
	if (*n >= 3 && (*s)[0] == '=' && (*s)[1] == '"' && (*s)[*n - 1] == '"') {
		*s += 2;
		*n -= 3;
	} else if (*n && ((*s)[0] == '\t' || (*s)[0] == '\'')) {
		*s += 1;
		*n -= 1;
	}
}

static void field(void *data, size_t n, void *arg)
{
	struct parsing *p = arg;
	const char *s = data ? data : "";

	p->after_return = false;
	unwrap(&s, &n);
	if (!p->last)
		p->last = cells_put(&p->cells, p->column++, s, n, false, p->e);
}

static void record(int end, void *arg)
{
	struct parsing *p = arg;

	if (p->after_return && end == '\n') {
		p->after_return = false;
		return;
	}
	p->after_return = end == '\r';
	p->row++;
	p->column = 0;
	if (!p->last)
		p->last = cells_row(&p->cells, p->row, p->sink, p->e);
}

static int parse(const char *text, size_t n, const struct table_sink *sink, struct err *e)
{
	struct parsing p = {.sink = sink, .e = e};
	struct csv_parser csv;

	/* empty lines count as rows, as in a spreadsheet */
	if (csv_init(&csv, CSV_APPEND_NULL | CSV_REPALL_NL))
		return err_set(e, ERR_MEMORY, "csv");
	csv_set_delim(&csv, (unsigned char)separator(text, n));
	cells_init(&p.cells);
	for (size_t at = 0; at < n && !p.last; at += 4096) {
		size_t k = n - at < 4096 ? n - at : 4096;

		if (csv_parse(&csv, text + at, k, field, record, &p) != k)
			p.last = err_set(e, csv_error(&csv) == CSV_ENOMEM ? ERR_MEMORY : ERR_OFFICE_DAMAGED,
					 "%s", csv_strerror(csv_error(&csv)));
	}
	if (!p.last && csv_fini(&csv, field, record, &p))
		p.last = err_set(e, ERR_OFFICE_DAMAGED, "%s", csv_strerror(csv_error(&csv)));
	csv_free(&csv);
	cells_release(&p.cells);
	return p.last;
}

int csv_read(const void *data, size_t n, const struct table_sink *sink, struct err *e)
{
	struct buf made;
	const char *text;
	size_t len;
	int last = -1;

	buf_init(&made, 4 * TABLE_FILE_MAX);
	if (decode(data, n, &made, &text, &len, e))
		goto out;
	if (memchr(text, '\0', len))
		err_set(e, ERR_OFFICE_FORMAT, "no text");
	else
		last = parse(text, len, sink, e);
out:
	buf_wipe_release(&made);
	return last;
}
