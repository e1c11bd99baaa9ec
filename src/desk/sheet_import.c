/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/sheet_import.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/held.h"
#include "base/i18n.h"
#include "base/text.h"
#include "import_cells.h"
#include "office/client.h"
#include "table_in.h"

#define HEADINGS_WITHIN 10
#define LINE_MOST ((size_t)2 << 20)
#define ROWS_MOST 20000

struct waiting {
	unsigned long row;
	cJSON *cells;
};
struct sheet_import {
	struct desk *d;
	struct table_form form;
	struct office_in in;
	bool dry_run, headed, over;
	unsigned above;
	char (*heading)[IMPORT_HEADING]; /* of the file, as they stand there */
	int place[IMPORT_COLUMNS]; /* which column of the form a column of the file is; -1: none */
	size_t columns;
	struct waiting *waiting;
	size_t n, room;
	struct import_counts counts;
	struct import_verdict *verdict;
	size_t verdicts;
};

void table_refuse(struct table_row *r, const char *column, const char *sentence)
{
	import_why(r->why, column, sentence);
	r->outcome = IMPORT_REFUSED;
}

/* --- headings ------------------------------------------------------------------------------------------- */

static const char *label_of(const struct table_column *c)
{
	return _(c->label);
}

static bool heads(const struct table_column *c, const char *heading)
{
	if (import_heading_is(c->label, heading) || import_heading_is(label_of(c), heading) || import_heading_is(c->name, heading))
		return true;
	for (size_t i = 0; i < TABLE_ALSO && c->also[i]; i++)
		if (import_heading_is(c->also[i], heading))
			return true;
	return false;
}

static int column_headed(const struct table_form *f, const char *heading)
{
	for (size_t i = 0; i < f->n; i++)
		if (heads(&f->column[i], heading))
			return (int)i;
	return -1;
}

/* A row that names all columns that must be there is the headings; *taken false: a title, or notes. */
static int take_headings(struct sheet_import *i, const cJSON *cells, bool *taken, struct err *e)
{
	bool have[TABLE_COLUMNS] = {false};
	const cJSON *cell;
	size_t n = 0, found = 0;

	cJSON_ArrayForEach(cell, cells)
	{
		int at = cJSON_IsString(cell) ? column_headed(&i->form, cell->valuestring) : -1;

		if (n == IMPORT_COLUMNS)
			break;
		if (at >= 0 && have[at])
			return err_set(e, ERR_IMPORT_HEADINGS, _("标题“%s”出现了两次"), cell->valuestring);
		text_copy(i->heading[n], IMPORT_HEADING, cJSON_IsString(cell) ? cell->valuestring : "");
		i->place[n++] = at;
		if (at >= 0) {
			have[at] = true;
			found++;
		}
	}
	*taken = found >= 2;
	for (size_t k = 0; *taken && k < i->form.n; k++)
		if (i->form.column[k].needed && !have[k])
			return err_set(e, ERR_IMPORT_HEADINGS, _("缺少“%s”这一列"), label_of(&i->form.column[k]));
	i->columns = n;
	return 0;
}

/* --- reading -------------------------------------------------------------------------------------------- */

static int keep_row(struct sheet_import *i, unsigned long row, cJSON *cells, struct err *e)
{
	if (i->n == ROWS_MOST)
		return err_set(e, ERR_OFFICE_TOO_LARGE, "%d rows", ROWS_MOST);
	if (i->n == i->room) {
		size_t room = i->room ? 2 * i->room : 256;
		struct waiting *more = realloc(i->waiting, room * sizeof(*more));

		if (!more)
			return err_set(e, ERR_MEMORY, "rows");
		i->waiting = more;
		i->room = room;
	}
	i->waiting[i->n++] = (struct waiting){row, cells};
	return 0;
}

static int take_line(struct sheet_import *i, struct err *e)
{
	cJSON *line = NULL, *cells;
	int last = 0;

	if (json_parse(&line, i->in.line.data, i->in.line.len, LINE_MOST, e))
		return -1;
	cells = cJSON_DetachItemFromObjectCaseSensitive(line, "cells");
	if (cells && i->headed) {
		last = keep_row(i, (unsigned long)json_int(line, "row", 0), cells, e);
		if (!last)
			cells = NULL;
	} else if (cells) {
		last = take_headings(i, cells, &i->headed, e);
		if (!last && !i->headed && ++i->above == HEADINGS_WITHIN)
			last = err_set(e, ERR_IMPORT_HEADINGS, NULL);
	}
	cJSON_Delete(cells);
	cJSON_Delete(line);
	return last;
}

/* --- one row -------------------------------------------------------------------------------------------- */

/* false: a cell cannot be read; said. */
static bool read_cells(const struct sheet_import *i, const cJSON *cells, struct table_row *r)
{
	const cJSON *cell = cells->child;
	bool good = true;

	for (size_t k = 0; k < i->columns && cell; k++, cell = cell->next) {
		int at = i->place[k];

		if (at >= 0 && !import_cell(i->form.column[at].cell, cell, r->cell[at], TABLE_CELL)) {
			table_refuse(r, label_of(&i->form.column[at]),
				     _("号码被表格软件当作数字，15 位以后的数字已丢失；把这一列设为文本，重新键入号码再导入"));
			good = false;
		}
	}
	for (size_t k = 0; k < i->form.n; k++)
		if (i->form.column[k].needed && !r->cell[k][0]) {
			table_refuse(r, label_of(&i->form.column[k]), _("不能为空"));
			good = false;
		}
	return good;
}

static bool blank(const struct sheet_import *i, const cJSON *cells)
{
	const cJSON *cell = cells->child;
	char text[TABLE_CELL];

	for (size_t k = 0; k < i->columns && cell; k++, cell = cell->next)
		if (i->place[k] >= 0 && (!import_cell(i->form.column[i->place[k]].cell, cell, text, sizeof(text)) || text[0]))
			return false;
	return true;
}

static int keep_cells(struct import_verdict *v, const cJSON *cells, struct err *e)
{
	v->cells = v->outcome == IMPORT_REFUSED ? json_held(cells) : NULL;
	return v->cells || v->outcome != IMPORT_REFUSED ? 0 : err_set(e, ERR_MEMORY, "refused row");
}

static int note_verdict(struct sheet_import *i, const struct table_row *r, const cJSON *cells, struct err *e)
{
	struct import_verdict *v = &i->verdict[i->verdicts];

	*v = (struct import_verdict){.row = r->row, .outcome = r->outcome, .person = r->person};
	text_copy(v->name, sizeof(v->name), r->name);
	v->why = r->why->len ? strdup(r->why->data) : NULL;
	if (r->why->len && !v->why)
		return err_set(e, ERR_MEMORY, "verdict");
	if (keep_cells(v, cells, e)) {
		free(v->why);
		return -1;
	}
	i->verdicts++;
	i->counts.rows++;
	i->counts.n[r->outcome]++;
	return 0;
}

static int one_row(struct sheet_import *i, const struct waiting *w, struct err *e)
{
	struct table_row *r = calloc(1, sizeof(*r));
	struct buf why;
	int last = 0;

	if (!r)
		return err_set(e, ERR_MEMORY, "row");
	buf_init(&why, 16384);
	r->row = w->row;
	r->why = &why;
	r->outcome = IMPORT_REFUSED;
	if (read_cells(i, w->cells, r))
		last = i->form.row(i->d, i->form.arg, r, e);
	if (!last)
		last = note_verdict(i, r, w->cells, e);
	buf_release(&why);
	wipe(r, sizeof(*r));
	free(r);
	return last;
}

/* --- all of them, in one transaction ---------------------------------------------------------------------- */

static int write_all(struct sheet_import *i, struct err *e)
{
	char detail[160];

	for (size_t k = 0; k < i->n; k++)
		if (!blank(i, i->waiting[k].cells) && one_row(i, &i->waiting[k], e))
			return -1;
	text_format(detail, sizeof(detail), "rows=%lu new=%lu changed=%lu same=%lu refused=%lu", i->counts.rows, i->counts.n[IMPORT_NEW],
		    i->counts.n[IMPORT_CHANGED], i->counts.n[IMPORT_SAME], i->counts.n[IMPORT_REFUSED]);
	return desk_audit(i->d, &(struct audit_entry){.action = "import", .object = i->form.audit, .uid = "", .detail = detail}, e);
}

/* A dry run does the same and takes it back: the verdicts are those of the real one. */
static int judge_all(struct sheet_import *i, struct err *e)
{
	int last;

	i->verdict = calloc(i->n ? i->n : 1, sizeof(*i->verdict));
	if (!i->verdict)
		return err_set(e, ERR_MEMORY, "verdicts");
	if (desk_group_begin(i->d, e))
		return -1;
	last = store_begin(i->d->store, e);
	if (!last)
		last = store_end(i->d->store, write_all(i, e), e);
	if (last) {
		desk_group_end(i->d, false, NULL);
		return -1;
	}
	return desk_group_end(i->d, !i->dry_run, e);
}

static int step(struct sheet_import *i, struct err *e)
{
	struct err own = {ERR_NONE};
	int got;

	while ((got = office_in_next(&i->in, &own)) > 0)
		if (take_line(i, e))
			return -1;
	if (got == 0)
		return 0;
	i->over = true;
	if (own.code != ERR_NONE)
		return err_set(e, own.code, "%s", own.detail);
	return i->headed ? judge_all(i, e) : err_set(e, ERR_IMPORT_HEADINGS, NULL);
}

int desk_sheet_import_step(struct sheet_import *i, bool *over, struct err *e)
{
	int last = i->over ? 0 : step(i, e);

	i->over |= last != 0;
	*over = i->over;
	return last;
}

/* --- life ------------------------------------------------------------------------------------------------- */

static int form_of(struct desk *d, const struct sheet_import_options *o, struct table_form *out, struct err *e)
{
	if (!strcmp(o->form, "wages"))
		return wage_form(d, o, out, e);
	return book_form(d, o, out, e);
}

int desk_sheet_import_open(struct desk *d, const struct sheet_import_options *o, struct sheet_import **out, struct err *e)
{
	struct sheet_import *i = calloc(1, sizeof(*i));
	int fd = -1;

	if (!i)
		return err_set(e, ERR_MEMORY, "import");
	i->d = d;
	i->dry_run = o->dry_run;
	i->heading = calloc(IMPORT_COLUMNS, sizeof(*i->heading));
	if (!i->heading) {
		err_set(e, ERR_MEMORY, "import");
		goto fail;
	}
	if (form_of(d, o, &i->form, e))
		goto fail;
	fd = import_open_file(o->path, e);
	if (fd < 0 || office_in_open(&i->in, fd, e))
		goto fail;
	close(fd);
	*out = i;
	return 0;
fail:
	if (fd >= 0)
		close(fd);
	desk_sheet_import_close(i);
	return -1;
}

int desk_sheet_import_fd(const struct sheet_import *i)
{
	return i->over ? -1 : office_in_fd(&i->in);
}

const struct import_counts *desk_sheet_import_counts(const struct sheet_import *i)
{
	return &i->counts;
}

const struct import_verdict *desk_sheet_import_verdict(const struct sheet_import *i, size_t n)
{
	return n < i->verdicts ? &i->verdict[n] : NULL;
}

static const struct import_verdict *verdict_of(const void *of, size_t k)
{
	return desk_sheet_import_verdict(of, k);
}

int desk_sheet_import_report(const struct sheet_import *i, const char *kind, int fd, struct err *e)
{
	struct refused_rows rows = {.heading = i->heading, .n = i->columns, .verdict = verdict_of, .of = i};

	return import_report(&rows, kind, fd, e);
}

void desk_sheet_import_close(struct sheet_import *i)
{
	if (!i)
		return;
	office_in_release(&i->in);
	for (size_t k = 0; k < i->n; k++)
		cJSON_Delete(i->waiting[k].cells);
	free(i->waiting);
	for (size_t k = 0; k < i->verdicts; k++) {
		free(i->verdict[k].why);
		held_drop(i->verdict[k].cells);
	}
	free(i->heading);
	if (i->verdict)
		wipe(i->verdict, i->verdicts * sizeof(*i->verdict));
	free(i->verdict);
	if (i->form.drop)
		i->form.drop(i->form.arg);
	free(i);
}

int desk_sheet_template(struct desk *d, const char *form, const char *kind, int fd, struct err *e)
{
	struct sheet_import_options o = {.form = form, .month = month_of(date_today())};
	struct table_form f = {.n = 0};
	struct office_out out;
	cJSON *head;
	int last = -1;

	if (form_of(d, &o, &f, e))
		return -1;
	head = office_table(_("填写"));
	for (size_t i = 0; head && i < f.n; i++) {
		char title[140];

		text_format(title, sizeof(title), "%s%s", label_of(&f.column[i]), f.column[i].needed ? "*" : "");
		office_column(head, title, 16, false);
	}
	if (!head)
		err_set(e, ERR_MEMORY, "template");
	else if (office_out_open(&out, kind, fd, e) == 0) {
		last = office_out_line(&out, head, e) || office_out_end(&out, e) ? -1 : 0;
		office_out_release(&out);
	}
	cJSON_Delete(head);
	if (f.drop)
		f.drop(f.arg);
	return last;
}
