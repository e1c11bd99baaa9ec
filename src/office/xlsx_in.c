/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * xlsx: which sheet (the workbook and its relations), which cells are dates (styles), the texts that are
 * shared, then the sheet itself. References: ECMA-376-1 18.2 (workbook), 18.3 (sheets), 18.4 (shared
 * strings), 18.8.30 (number formats; 27–36 and 50–58 are dates in Chinese locales), 18.17.4 (days' serials:
 * from 1900 with the 29 February that never was, or from 1904).
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cells.h"
#include "xlsx_part.h"

#define SHEETS_MAX 256
#define FORMATS_MAX 512
#define STYLES_MAX 65536
#define NAME_MAX_BYTES 200
#define TEXTS_MAX ((size_t)64 << 20)
#define TEXT_COUNT_MAX 2000000u
#define EPOCH_1900 (-25569) /* serial 0 as days since 1970, for serials after February 1900 */
#define EPOCH_1904 (-24107)
#define DAY_LEAST 10000 /* 1927: an unformatted number below is rather a number */
#define DAY_MOST 90000	/* 2146 */

struct book {
	struct xlsx *zip;
	char relation[64]; /* of the first visible sheet */
	char path[NAME_MAX_BYTES];
	bool from_1904;
	/* styles */
	int date_format[FORMATS_MAX]; /* own formats that show dates */
	size_t date_formats;
	bool in_styles; /* inside cellXfs */
	bool *dated;	/* by style */
	size_t styles;
	/* shared texts */
	struct buf texts;
	size_t *at; /* where each begins; at[n]: where the next would */
	size_t shared, shared_room;
	bool in_text, in_phonetic;
	/* the sheet */
	struct cells cells;
	const struct table_sink *sink;
	unsigned long row;
	size_t column, next_column;
	char kind[12]; /* of the cell: t="…" */
	size_t style;
	bool in_value, in_cell;
	struct buf value;
};

static size_t number_of(const char *s, size_t most)
{
	size_t n = 0;

	if (!s || !*s)
		return 0;
	for (; *s >= '0' && *s <= '9'; s++) {
		n = n * 10 + (size_t)(*s - '0');
		if (n > most)
			return most + 1;
	}
	return *s ? most + 1 : n;
}

static int nothing_ends(void *arg, const char *name, struct err *e)
{
	(void)arg, (void)name, (void)e;
	return 0;
}

/* --- which sheet -------------------------------------------------------------------------------------- */

static int workbook_begin(void *arg, const char *name, const char **attr, struct err *e)
{
	struct book *b = arg;
	const char *state = xml_attr(attr, "state"), *epoch = xml_attr(attr, "date1904");
	const char *id = NULL;

	(void)e;
	if (!strcmp(name, "workbookPr") && epoch)
		b->from_1904 = !strcmp(epoch, "1") || !strcmp(epoch, "true");
	if (strcmp(name, "sheet") || b->relation[0] || (state && strcmp(state, "visible")))
		return 0;
	/* r:id beside sheetId: the one with a prefix */
	for (const char **a = attr; a[0]; a += 2)
		if (strchr(a[0], ':') && !strcmp(strchr(a[0], ':') + 1, "id"))
			id = a[1];
	if (id)
		text_copy(b->relation, sizeof(b->relation), id);
	return 0;
}

static int relation_begin(void *arg, const char *name, const char **attr, struct err *e)
{
	struct book *b = arg;
	const char *id = xml_attr(attr, "Id"), *target = xml_attr(attr, "Target");

	(void)e;
	if (strcmp(name, "Relationship") || !id || !target || strcmp(id, b->relation))
		return 0;
	if (target[0] == '/')
		text_copy(b->path, sizeof(b->path), target + 1);
	else
		text_format(b->path, sizeof(b->path), "xl/%s", target);
	return 0;
}

static int find_sheet(struct book *b, struct err *e)
{
	struct xml_sink book = {workbook_begin, nothing_ends, NULL, b},
			relations = {relation_begin, nothing_ends, NULL, b};

	if (xlsx_part(b->zip, "xl/workbook.xml", &book, NULL, e))
		return -1;
	if (!b->relation[0])
		return err_set(e, ERR_OFFICE_EMPTY, "no visible sheet");
	if (xlsx_part(b->zip, "xl/_rels/workbook.xml.rels", &relations, NULL, e))
		return -1;
	return b->path[0] ? 0 : err_set(e, ERR_OFFICE_DAMAGED, "the sheet has no part");
}

/* --- which styles are dates --------------------------------------------------------------------------- */

static bool shows_date(const char *code)
{
	bool quoted = false, bracket = false;

	for (; *code; code++) {
		if (*code == '"')
			quoted = !quoted;
		else if (*code == '[' || *code == ']')
			bracket = *code == '[';
		else if (*code == '\\' && code[1])
			code++;
		else if (!quoted && !bracket && strchr("yYdD", *code))
			return true;
	}
	return false;
}

static bool is_date_format(const struct book *b, size_t format)
{
	if ((format >= 14 && format <= 17) || format == 22 || (format >= 27 && format <= 36) ||
	    (format >= 50 && format <= 58))
		return true;
	for (size_t i = 0; i < b->date_formats; i++)
		if ((size_t)b->date_format[i] == format)
			return true;
	return false;
}

static int add_style(struct book *b, const char **attr, struct err *e)
{
	if (b->styles == STYLES_MAX)
		return err_set(e, ERR_OFFICE_TOO_LARGE, "styles");
	if ((b->styles & 255) == 0) {
		bool *grown = realloc(b->dated, (b->styles + 256) * sizeof(*grown));

		if (!grown)
			return err_set(e, ERR_MEMORY, "styles");
		b->dated = grown;
	}
	b->dated[b->styles++] = is_date_format(b, number_of(xml_attr(attr, "numFmtId"), 100000));
	return 0;
}

static int styles_begin(void *arg, const char *name, const char **attr, struct err *e)
{
	struct book *b = arg;
	const char *code = xml_attr(attr, "formatCode");

	if (!strcmp(name, "numFmt") && code && b->date_formats < FORMATS_MAX && shows_date(code))
		b->date_format[b->date_formats++] = (int)number_of(xml_attr(attr, "numFmtId"), 100000);
	if (!strcmp(name, "cellXfs"))
		b->in_styles = true;
	return b->in_styles && !strcmp(name, "xf") ? add_style(b, attr, e) : 0;
}

static int styles_end(void *arg, const char *name, struct err *e)
{
	struct book *b = arg;

	(void)e;
	if (!strcmp(name, "cellXfs"))
		b->in_styles = false;
	return 0;
}

/* --- shared texts ------------------------------------------------------------------------------------- */

static int shared_begin(void *arg, const char *name, const char **attr, struct err *e)
{
	struct book *b = arg;

	(void)attr;
	if (!strcmp(name, "rPh"))
		b->in_phonetic = true;
	b->in_text = !strcmp(name, "t") && !b->in_phonetic;
	if (strcmp(name, "si"))
		return 0;
	if (b->shared == TEXT_COUNT_MAX)
		return err_set(e, ERR_OFFICE_TOO_LARGE, "texts");
	if (b->shared + 2 > b->shared_room) {
		size_t room = b->shared_room ? b->shared_room * 2 : 1024;
		size_t *grown = realloc(b->at, room * sizeof(*grown));

		if (!grown)
			return err_set(e, ERR_MEMORY, "texts");
		b->at = grown;
		b->shared_room = room;
	}
	b->at[b->shared] = b->texts.len;
	b->at[++b->shared] = b->texts.len;
	return 0;
}

static int shared_text(void *arg, const char *text, size_t n, struct err *e)
{
	struct book *b = arg;

	if (!b->in_text || !b->shared)
		return 0;
	if (buf_add(&b->texts, text, n))
		return err_set(e, ERR_OFFICE_TOO_LARGE, "texts");
	b->at[b->shared] = b->texts.len;
	return 0;
}

static int shared_end(void *arg, const char *name, struct err *e)
{
	struct book *b = arg;

	(void)e;
	if (!strcmp(name, "rPh"))
		b->in_phonetic = false;
	b->in_text = false;
	return 0;
}

/* --- the sheet ---------------------------------------------------------------------------------------- */

/* "AB12" → 27; TABLE_COLUMNS_MAX or more: too far, or no reference. */
static size_t column_of(const char *reference)
{
	size_t n = 0;

	for (; *reference >= 'A' && *reference <= 'Z'; reference++) {
		n = n * 26 + (size_t)(*reference - 'A') + 1;
		if (n > 20000)
			break;
	}
	return n ? n - 1 : TABLE_COLUMNS_MAX;
}

static void cell_begins(struct book *b, const char **attr)
{
	const char *reference = xml_attr(attr, "r"), *kind = xml_attr(attr, "t");

	b->in_cell = true;
	b->column = reference ? column_of(reference) : b->next_column;
	b->next_column = b->column + 1;
	b->style = number_of(xml_attr(attr, "s"), STYLES_MAX);
	text_copy(b->kind, sizeof(b->kind), kind ? kind : "n");
	buf_reset(&b->value);
}

static int sheet_begin(void *arg, const char *name, const char **attr, struct err *e)
{
	struct book *b = arg;
	const char *row = xml_attr(attr, "r");

	(void)e;
	if (!strcmp(name, "row")) {
		b->row = row ? number_of(row, 10000000) : b->row + 1;
		b->next_column = 0;
	} else if (!strcmp(name, "c")) {
		cell_begins(b, attr);
	} else if (!strcmp(name, "rPh")) {
		b->in_phonetic = true;
	}
	b->in_value = b->in_cell && !b->in_phonetic && (!strcmp(name, "v") || !strcmp(name, "t"));
	return 0;
}

static int sheet_text(void *arg, const char *text, size_t n, struct err *e)
{
	struct book *b = arg;

	(void)e;
	if (b->in_value && b->value.len + n <= TABLE_CELL_MAX)
		buf_add(&b->value, text, n);
	return 0;
}

/* The day of a serial; the time of day is left out. */
static bool day_of(const struct book *b, const char *number, size_t least, size_t most, char out[DATE_TEXT])
{
	char *end;
	double serial = strtod(number, &end);

	if (*end || !(serial >= (double)least) || !(serial < (double)most))
		return false;
	date_format((date_t)serial + (b->from_1904 ? EPOCH_1904 : EPOCH_1900), out);
	return true;
}

static int put_number(struct book *b, const char *number, struct err *e)
{
	bool dated = b->style < b->styles && b->dated[b->style];
	char day[DATE_TEXT];

	if (dated && day_of(b, number, 61, 2958466, day))
		return cells_put(&b->cells, b->column, day, strlen(day), false, e);
	if (cells_put(&b->cells, b->column, number, strlen(number), true, e))
		return -1;
	if (!strpbrk(number, ".eE") && day_of(b, number, DAY_LEAST, DAY_MOST, day))
		cells_date(&b->cells, b->column, day);
	return 0;
}

static int cell_ends(struct book *b, struct err *e)
{
	const char *value = b->value.len ? b->value.data : "";
	size_t i;

	b->in_cell = false;
	if (!*value || !strcmp(b->kind, "e"))
		return 0;
	if (!strcmp(b->kind, "n"))
		return put_number(b, value, e);
	if (!strcmp(b->kind, "b"))
		value = !strcmp(value, "1") ? "1" : "0";
	if (strcmp(b->kind, "s"))
		return cells_put(&b->cells, b->column, value, strlen(value), false, e);
	i = number_of(value, TEXT_COUNT_MAX);
	if (i >= b->shared)
		return err_set(e, ERR_OFFICE_DAMAGED, "a text that is not there");
	return b->at[i + 1] == b->at[i] ? 0
					: cells_put(&b->cells, b->column, b->texts.data + b->at[i],
						    b->at[i + 1] - b->at[i], false, e);
}

static int sheet_end(void *arg, const char *name, struct err *e)
{
	struct book *b = arg;

	b->in_value = false;
	if (!strcmp(name, "rPh"))
		b->in_phonetic = false;
	if (!strcmp(name, "c"))
		return cell_ends(b, e);
	return strcmp(name, "row") ? 0 : cells_row(&b->cells, b->row, b->sink, e);
}

/* --- all of it ---------------------------------------------------------------------------------------- */

static int read_book(struct book *b, struct err *e)
{
	struct xml_sink styles = {styles_begin, styles_end, NULL, b},
			shared = {shared_begin, shared_end, shared_text, b},
			sheet = {sheet_begin, sheet_end, sheet_text, b};
	bool found;

	if (find_sheet(b, e) || xlsx_part(b->zip, "xl/styles.xml", &styles, &found, e) ||
	    xlsx_part(b->zip, "xl/sharedStrings.xml", &shared, &found, e))
		return -1;
	b->in_phonetic = false;
	return xlsx_part(b->zip, b->path, &sheet, NULL, e);
}

int xlsx_read(const void *data, size_t n, const struct table_sink *sink, struct err *e)
{
	struct book *b = calloc(1, sizeof(*b));
	int last = -1;

	if (!b)
		return err_set(e, ERR_MEMORY, "xlsx");
	b->sink = sink;
	cells_init(&b->cells);
	buf_init(&b->texts, TEXTS_MAX);
	buf_init(&b->value, TABLE_CELL_MAX);
	if (xlsx_open(&b->zip, data, n, e) == 0)
		last = read_book(b, e);
	xlsx_close(b->zip);
	cells_release(&b->cells);
	buf_wipe_release(&b->texts);
	buf_wipe_release(&b->value);
	free(b->at);
	free(b->dated);
	free(b);
	return last;
}
