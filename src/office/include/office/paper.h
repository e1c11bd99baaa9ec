/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What shiming-office is told to make, one JSON line after the other: an object begins a part, an array is a
 * row of the part under way.
 *
 *   a table
 * {"title":"花名册","columns":[{"title":"姓名","width":14,"number":true,"choices":["男","女"]}…],"note":"…","foot":"…",
 *              "landscape":true}            then a row each: ["张三","440…",…]
 *             xlsx: a sheet each; csv: the first table only; pdf: headings repeated on each page, note under
 * the title, foot at the foot. a form    {"form":"用工登记表","note":"…","foot":"…"}   pdf only; rows:
 * ["标签","值"] a line, ["小标题"] a heading, ["","签名："] as it is badges    {"badges":"…"} pdf only; rows:
 * [name, company, team, trade, number, code]; the code stands as QR
 *
 * Cells are text. "number" columns: cells of at most 15 digits become numbers in a spreadsheet; everything
 * else is text there and is never run: not a formula, not a link (QUALITY U13). "choices" makes a list to
 * choose from for the first PAPER_CHOICE_ROWS rows.
 *
 * Makers write to a descriptor that the caller opened; what passes through files lies on tmpfs.
 */
#ifndef OFFICE_PAPER_H
#define OFFICE_PAPER_H

#include <stdbool.h>

#include "base/err.h"
#include "base/json.h"

#define PAPER_LINE_MAX 262144
#define PAPER_COLUMNS_MAX 96
#define PAPER_CHOICE_ROWS 5000
#define PAPER_CELL_CHARS 32767 /* what a spreadsheet's cell takes */

struct paper; /* one being made */

struct paper_kind {
	const char *name; /* "xlsx" */
	/* fd: where it is to be written; borrowed. *out is freed by release(), always. */
	int (*begin)(struct paper **out, int fd, struct err *e);
	int (*part)(struct paper *p, const cJSON *head, struct err *e);
	int (*row)(struct paper *p, const cJSON *cells, struct err *e);
	int (*end)(struct paper *p, struct err *e); /* everything is written */
	void (*release)(struct paper *p);
};
extern const struct paper_kind paper_xlsx, paper_csv, paper_pdf;
const struct paper_kind *paper_kind(const char *name); /* NULL: no such */

/* One line of n bytes. ERR_JSON for what is not as above. */
int paper_line(const struct paper_kind *k, struct paper *p, const char *line, size_t n, struct err *e);

/* Would a spreadsheet that opens this as csv run it, or make it a number and round it? What stands before it
 * to prevent that. */
const char *paper_csv_guard(const char *cell);

#endif
