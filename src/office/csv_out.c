/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * csv: UTF-8 with its mark (without it spreadsheets take it for the machine's old encoding), every cell
 * quoted, CR LF (RFC 4180).
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/io.h"
#include "base/text.h"
#include "office/paper.h"

#define BLOCK 65536

struct paper {
	int fd;
	int parts;
	struct buf out;
};

/* Twelve digits and more are shown as 1.1E+17 and lose their end beyond fifteen; a leading nought goes. */
static bool misread(const char *cell)
{
	size_t n = strlen(cell), digits = strspn(cell, "0123456789");

	return digits == n && n > 1 && (n >= 11 || cell[0] == '0');
}

const char *paper_csv_guard(const char *cell)
{
	if (strchr("=+-@\t\r\n", cell[0]) && cell[0])
		return "'";
	return misread(cell) ? "\t" : "";
}

static int flush(struct paper *p, struct err *e)
{
	int last = p->out.failed ? err_set(e, ERR_MEMORY, "csv")
				 : io_write_all(p->fd, p->out.data, p->out.len, e);

	wipe(p->out.data, p->out.len);
	buf_reset(&p->out);
	return last;
}

static void add_cell(struct paper *p, const char *text, const char *guard, bool first)
{
	const char *quote;

	buf_adds(&p->out, first ? "\"" : ",\"");
	buf_adds(&p->out, guard);
	for (; (quote = strchr(text, '"')); text = quote + 1) {
		buf_add(&p->out, text, (size_t)(quote - text));
		buf_adds(&p->out, "\"\"");
	}
	buf_adds(&p->out, text);
	buf_adds(&p->out, "\"");
}

static int end_row(struct paper *p, struct err *e)
{
	buf_adds(&p->out, "\r\n");
	return p->out.len < BLOCK && !p->out.failed ? 0 : flush(p, e);
}

static int begin(struct paper **out, int fd, struct err *e)
{
	struct paper *p = calloc(1, sizeof(*p));

	if (!p)
		return err_set(e, ERR_MEMORY, "csv");
	p->fd = fd;
	buf_init(&p->out, BLOCK + 2 * PAPER_LINE_MAX);
	buf_adds(&p->out, "\xEF\xBB\xBF");
	*out = p;
	return 0;
}

static int part(struct paper *p, const cJSON *head, struct err *e)
{
	const cJSON *columns = json_get(head, "columns"), *column;
	bool first = true;

	if (p->parts++)
		return 0; /* a file of csv is one table */
	if (!cJSON_IsArray(columns))
		return err_set(e, ERR_JSON, "no columns");
	cJSON_ArrayForEach(column, columns)
	{
		const char *title = json_string(column, "title");

		add_cell(p, title ? title : "", "", first);
		first = false;
	}
	return end_row(p, e);
}

static int row(struct paper *p, const cJSON *cells, struct err *e)
{
	const cJSON *cell;

	if (p->parts != 1)
		return 0;
	cJSON_ArrayForEach(cell, cells)
		add_cell(p, cell->valuestring, paper_csv_guard(cell->valuestring), cell == cells->child);
	return end_row(p, e);
}

static void release(struct paper *p)
{
	buf_wipe_release(&p->out);
	free(p);
}

const struct paper_kind paper_csv = {"csv", begin, part, row, flush, release};
