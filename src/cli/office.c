/* SPDX-License-Identifier: GPL-3.0-or-later */
/* import, export, print: rosters in, lists out, forms and badges on paper. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/text.h"
#include "commands.h"
#include "desk/export.h"
#include "desk/import.h"
#include "desk/paper.h"
#include "exporting.h"

#define PAGE 100

/* --- import ------------------------------------------------------------------------------------------- */

static void say_progress(const struct import *i, bool last)
{
	const struct import_counts *n = desk_import_counts(i);

	if (!isatty(STDERR_FILENO))
		return;
	fputs("\r", stderr);
	fprintf(stderr, _("已处理 %lu 行，不能导入 %lu 行"), n->rows, n->n[IMPORT_REFUSED]);
	fputs(last ? "\n" : "", stderr);
}

static int take_all(struct cli *c, struct import *i, struct err *e)
{
	bool over = false;
	int last = 0;

	while (!last && !over) {
		struct pollfd p = {.fd = desk_import_fd(i), .events = POLLIN};

		if (poll(&p, 1, -1) < 0 && errno != EINTR)
			return err_errno(e, "poll");
		last = desk_import_step(i, &over, e);
		if (!c->json)
			say_progress(i, over);
	}
	return last;
}

static int write_report(struct import *i, const char *path, bool overwrite, struct err *e)
{
	const char *kind = office_kind_of(path);
	struct office_file f;

	if (!kind || !strcmp(kind, "pdf"))
		return err_set(e, ERR_USAGE, "--report: .xlsx, .csv");
	if (office_file_new(&f, path, overwrite, e))
		return -1;
	return office_file_end(&f, desk_import_report(i, kind, f.fd, e), e);
}

static cJSON *verdict_json(const struct import_verdict *v)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "row", (double)v->row);
	cJSON_AddStringToObject(o, "outcome", import_outcome_name(v->outcome));
	cJSON_AddStringToObject(o, "name", v->name);
	if (v->person)
		cJSON_AddNumberToObject(o, "person", (double)v->person);
	if (v->why)
		cJSON_AddStringToObject(o, "why", v->why);
	return o;
}

static int print_json(const struct import *i, bool dry_run, struct err *e)
{
	const struct import_counts *n = desk_import_counts(i);
	const struct import_verdict *v;
	cJSON *o = cJSON_CreateObject(), *list;

	cJSON_AddBoolToObject(o, "dry_run", dry_run);
	cJSON_AddNumberToObject(o, "rows", (double)n->rows);
	for (int k = 0; k < IMPORT_OUTCOMES; k++)
		cJSON_AddNumberToObject(o, import_outcome_name((enum import_outcome)k), (double)n->n[k]);
	cJSON_AddStringToObject(o, "ignored", desk_import_ignored(i));
	list = cJSON_AddArrayToObject(o, "verdicts");
	for (size_t k = 0; (v = desk_import_verdict(i, k)); k++)
		cJSON_AddItemToArray(list, verdict_json(v));
	return print_object(o, e);
}

static void print_words(const struct import *i, bool dry_run)
{
	const struct import_counts *n = desk_import_counts(i);
	const struct import_verdict *v;

	for (size_t k = 0; (v = desk_import_verdict(i, k)); k++) {
		if (v->outcome != IMPORT_REFUSED)
			continue;
		printf(_("第 %lu 行 "), v->row);
		print_text(stdout, v->name);
		fputs("  ", stdout);
		print_text(stdout, v->why);
		fputs("\n", stdout);
	}
	if (desk_import_ignored(i)[0]) {
		fputs(_("没有采用的列："), stdout);
		print_text(stdout, desk_import_ignored(i));
		fputs("\n", stdout);
	}
	printf(dry_run ? _("试算：共 %lu 行，新登记 %lu，更新 %lu，没有变化 %lu，不能导入 "
			   "%lu；没有写入任何内容\n")
		       : _("共 %lu 行，新登记 %lu，更新 %lu，没有变化 %lu，不能导入 %lu\n"),
	       n->rows, n->n[IMPORT_NEW], n->n[IMPORT_CHANGED], n->n[IMPORT_SAME], n->n[IMPORT_REFUSED]);
}

int run_import_roster(struct cli *c, struct err *e)
{
	bool dry_run = opt(c, "dry-run") != NULL;
	const char *report = opt(c, "report");
	struct import *i = NULL;
	int last;

	signal(SIGPIPE, SIG_IGN); /* office/client.h */
	if (report && !office_kind_of(report))
		return err_set(e, ERR_USAGE, "--report: .xlsx, .csv");
	last = desk_import_open(c->desk, &(struct import_options){.path = c->argv[0], .dry_run = dry_run}, &i,
				e);
	if (!last)
		last = take_all(c, i, e);
	if (!last && c->json)
		last = print_json(i, dry_run, e);
	else if (!last)
		print_words(i, dry_run);
	if (!last && report && desk_import_counts(i)->n[IMPORT_REFUSED])
		last = write_report(i, report, opt(c, "overwrite") != NULL, e);
	if (!last && desk_import_counts(i)->n[IMPORT_REFUSED])
		last = 1; /* everything is said */
	desk_import_close(i);
	return last;
}

int run_import_template(struct cli *c, struct err *e)
{
	const char *kind = office_kind_of(c->argv[0]);
	struct office_file f;

	signal(SIGPIPE, SIG_IGN);
	if (!kind || strcmp(kind, "xlsx"))
		return err_set(e, ERR_USAGE, ".xlsx");
	if (office_file_new(&f, c->argv[0], opt(c, "overwrite") != NULL, e))
		return -1;
	return office_file_end(&f, desk_import_template(c->desk, f.fd, e), e);
}

/* --- rows of a list command, into a file -------------------------------------------------------------- */

static cJSON *head_of(const struct exporting *x, struct cli *c)
{
	cJSON *head = office_table(x->title);
	char foot[NAME_TEXT + 64], now[STAMP_TEXT];
	const struct project *p = desk_project(c->desk);

	stamp_format(clock_now_ms(), now);
	text_format(foot, sizeof(foot), _("制表：%s  %s"), desk_session(c->desk)->display, now);
	office_notes(head, p ? p->name : "", foot);
	return head;
}

int exporting_begin(struct exporting *x, struct cli *c, const struct column *columns, size_t n, struct err *e)
{
	cJSON *head = head_of(x, c);
	int last = head ? 0 : err_set(e, ERR_MEMORY, "export");

	x->column = columns;
	x->n = n;
	for (size_t i = 0; i < n && !last; i++)
		if (office_column(head, _(columns[i].heading), columns[i].width, false))
			last = err_set(e, ERR_MEMORY, "export");
	if (!last)
		last = office_out_line(&x->out, head, e);
	cJSON_Delete(head);
	return last;
}

static void cell_text(const cJSON *value, char *out, size_t size)
{
	out[0] = '\0';
	if (cJSON_IsString(value))
		text_copy(out, size, value->valuestring);
	else if (cJSON_IsNumber(value))
		text_format(out, size, "%.0f", value->valuedouble);
	else if (cJSON_IsTrue(value))
		text_copy(out, size, _("是"));
}

#define CELL 1024
#define COLUMNS 40

int exporting_row(struct exporting *x, const cJSON *row, struct err *e)
{
	char text[COLUMNS][CELL];
	const char *cell[COLUMNS];
	size_t n = x->n < COLUMNS ? x->n : COLUMNS;

	for (size_t i = 0; i < n; i++) {
		cell_text(json_get(row, x->column[i].key), text[i], CELL);
		cell[i] = text[i];
	}
	x->rows++;
	return office_out_row(&x->out, cell, n, e);
}

/* --- people with all their fields --------------------------------------------------------------------- */

struct people {
	struct exporting *x;
	struct cli *c;
	enum field_id field[FIELD_COUNT];
	size_t n;
};

#define AFTER 4 /* states and days follow the fields */

static int people_head(struct people *p, struct err *e)
{
	cJSON *head = head_of(p->x, p->c);
	int last = head ? 0 : -1;

	for (size_t i = 0; i < p->n && !last; i++) {
		const struct field *f = field_get(p->field[i]);

		last = office_column(head, _(f->label), f->max_chars < 20 ? (int)f->max_chars : 20, false);
	}
	if (last || office_column(head, _("用工"), 10, false) || office_column(head, _("分配"), 8, false) ||
	    office_column(head, _("进场日期"), 10, false) || office_column(head, _("退场日期"), 10, false))
		last = err_set(e, ERR_MEMORY, "export");
	else
		last = office_out_line(&p->x->out, head, e);
	cJSON_Delete(head);
	return last;
}

static int one_person(struct people *p, int64_t person, struct person_file *file, struct err *e)
{
	const char *cell[FIELD_COUNT + AFTER];
	char entered[DATE_TEXT], exited[DATE_TEXT];
	size_t n = 0;

	if (desk_export_person(p->c->desk, person, file, e))
		return -1;
	for (size_t i = 0; i < p->n; i++)
		cell[n++] = file->masked[p->field[i]];
	date_format(file->entered_on, entered);
	date_format(file->exited_on, exited);
	cell[n++] = state_word(CYCLE_EMPLOYMENT, file->row.employment);
	cell[n++] = state_word(CYCLE_ASSIGNMENT, file->row.assignment);
	cell[n++] = entered;
	cell[n++] = exited;
	p->x->rows++;
	return office_out_row(&p->x->out, cell, n, e);
}

static int export_people(struct cli *c, struct err *e)
{
	struct people p = {.x = c->exporting, .c = c};
	struct person_file *file = calloc(1, sizeof(*file));
	struct roster_query q = {.filter = ROSTER_ALL};
	struct roster_page page = {.cap = PAGE};
	long limit = 10000000;
	int last = -1;

	for (enum field_id f = 0; f < FIELD_COUNT; f++)
		p.field[p.n++] = f;
	page.row = calloc(PAGE, sizeof(*page.row));
	if (!file || !page.row)
		err_set(e, ERR_MEMORY, "export");
	else if (!roster_query_of(c, &q, &limit, e))
		last = people_head(&p, e);
	page.more = true;
	while (!last && page.more && limit > 0) {
		last = desk_roster(c->desk, &q, &page, e);
		for (size_t i = 0; !last && i < page.n && limit > 0; i++, limit--)
			last = one_person(&p, page.row[i].person, file, e);
		q.after = page.last;
	}
	if (file)
		wipe(file, sizeof(*file));
	free(file);
	free(page.row);
	return last;
}

/* --- export and print --------------------------------------------------------------------------------- */

/* Names as people say them; any other NAME stands for the command "NAME list". */
static const struct {
	const char *said, *command, *verb;
} lists[] = {{"roster", "person", "list"},     {"contracts", "contract", "list"}, {"late", "assignment", "late"}, {"certificates", "certificate", "list"},
	     {"marks", "mark", "list"},     {"teams", "team", "list"},    {"participants", "participant", "list"},
	     {"companies", "company", "list"}, {"outbox", "outbox", "list"}, {"accounts", "user", "list"},
	     {"attendance", "attendance", "month"}, {"clockings", "attendance", "list"}, {"wages", "wages", "list"},
	     {"alarms", "alarm", "list"},      {"posts", "post", "list"}};

static const struct command *list_command(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(lists); i++)
		if (!strcmp(lists[i].said, name))
			return command_find(lists[i].command, lists[i].verb);
	return command_find(name, "list");
}

static bool every_field(const struct cli *c, const char *name)
{
	return !strcmp(name, "roster") && (opt(c, "every-column") || opt(c, "whole"));
}

static int rows_of(struct cli *c, const char *name, const struct command *list, struct err *e)
{
	int last;

	if (every_field(c, name))
		return export_people(c, e);
	c->argc = 0;
	last = list->run(c, e);
	return last || c->exporting->failed.code == ERR_NONE
		       ? last
		       : err_set(e, c->exporting->failed.code, "%s", c->exporting->failed.detail);
}

static int into_file(struct cli *c, const char *name, const struct command *list, const char *kind, int fd,
		     struct err *e)
{
	struct exporting x = {.title = _(list->help)};
	struct export_spec spec = {
		.list = name, .form = kind, .whole = opt(c, "whole") != NULL, .reason = opt(c, "reason")};
	struct err own = {0};
	int last;

	if (desk_export_begin(c->desk, &spec, e))
		return -1;
	last = office_out_open(&x.out, kind, fd, e);
	if (!last) {
		c->exporting = &x;
		last = rows_of(c, name, list, e);
		c->exporting = NULL;
		if (!last)
			last = office_out_end(&x.out, e);
		office_out_release(&x.out);
	}
	if (desk_export_end(c->desk, &spec, last ? -1 : x.rows, last ? &own : e) && !last)
		last = -1;
	if (!last && c->json)
		printf("{\"rows\":%ld}\n", x.rows);
	else if (!last)
		printf(_("已写出 %ld 行\n"), x.rows);
	return last;
}

static int list_to(struct cli *c, const char *name, const char *path, const char *kind, struct err *e)
{
	const struct command *list = list_command(name);
	struct office_file f;

	signal(SIGPIPE, SIG_IGN);
	if (!list || list->least)
		return err_set(e, ERR_USAGE, _("没有“%s”这个名单"), name);
	if (opt(c, "whole") && !every_field(c, name))
		return err_set(e, ERR_USAGE, "--whole: roster");
	if (office_file_new(&f, path, opt(c, "overwrite") != NULL, e))
		return -1;
	return office_file_end(&f, into_file(c, name, list, kind, f.fd, e), e);
}

int run_export(struct cli *c, struct err *e)
{
	const char *kind = office_kind_of(c->argv[1]);

	if (!kind || !strcmp(kind, "pdf"))
		return err_set(e, ERR_USAGE, ".xlsx, .csv");
	return list_to(c, c->argv[0], c->argv[1], kind, e);
}

int run_print_list(struct cli *c, struct err *e)
{
	const char *kind = office_kind_of(c->argv[1]);

	if (!kind || strcmp(kind, "pdf"))
		return err_set(e, ERR_USAGE, ".pdf");
	return list_to(c, c->argv[0], c->argv[1], kind, e);
}

/* --- forms, badges, sheets ---------------------------------------------------------------------------- */

/* What goes onto paper, and how it is called for the record. */
struct papers {
	const char *list;
	enum paper_sort sort; /* of people */
	int (*sheet)(struct cli *c, cJSON **out, struct err *e); /* one matter; NULL: people */
	int rows;
};

static int sheet_into(struct cli *c, const struct papers *p, struct office_out *out, struct err *e)
{
	cJSON *sheet = NULL;
	int last;

	if (p->sheet(c, &sheet, e))
		return -1;
	last = desk_paper_put(sheet, out, e);
	cJSON_Delete(sheet);
	return last ? -1 : office_out_end(out, e);
}

static int paper_rows(struct cli *c, const struct papers *p, struct office_out *out, struct err *e)
{
	int64_t person;

	if (p->sheet)
		return sheet_into(c, p, out, e);
	if (desk_paper_begin(c->desk, p->sort, out, e))
		return -1;
	for (int i = 0; i < c->argc; i++)
		if (ask_person(c, c->argv[i], &person, e) ||
		    desk_paper_person(c->desk, p->sort, out, person, i + 1, e))
			return -1;
	return office_out_end(out, e);
}

static int paper_into(struct cli *c, const struct papers *p, bool printer, int fd, struct err *e)
{
	struct export_spec spec = {.list = p->list,
				   .form = printer ? "printer" : "pdf",
				   .whole = opt(c, "whole") != NULL,
				   .reason = opt(c, "reason")};
	struct office_out out;
	struct err own = {0};
	int last;

	if (desk_export_begin(c->desk, &spec, e))
		return -1;
	last = office_out_open(&out, "pdf", fd, e);
	if (!last) {
		last = paper_rows(c, p, &out, e);
		office_out_release(&out);
	}
	if (!last && printer)
		last = desk_printer_send(fd, e);
	if (desk_export_end(c->desk, &spec, last ? -1 : p->rows, last ? &own : e) && !last)
		last = -1;
	return last;
}

static int paper_to_printer(struct cli *c, const struct papers *p, struct err *e)
{
	int fd = memfd_create("paper", MFD_CLOEXEC), last;

	if (fd < 0)
		return err_errno(e, "memfd_create");
	last = paper_into(c, p, true, fd, e);
	close(fd);
	return last;
}

static int paper_out(struct cli *c, const struct papers *p, struct err *e)
{
	const char *path = opt(c, "out");
	struct office_file f;

	signal(SIGPIPE, SIG_IGN);
	if (!path)
		return paper_to_printer(c, p, e);
	if (office_file_new(&f, path, opt(c, "overwrite") != NULL, e))
		return -1;
	return office_file_end(&f, paper_into(c, p, false, f.fd, e), e);
}

int run_print_people(struct cli *c, struct err *e)
{
	struct papers p = {.list = c->command->verb, .rows = c->argc};
	int last;

	if (!paper_parse(c->command->verb, &p.sort) || !opt(c, "out") == !opt(c, "printer"))
		return err_set(e, ERR_USAGE, "--out, --printer");
	last = paper_out(c, &p, e);
	if (!last)
		printf(c->json ? "{\"rows\":%d}\n" : _("已打印 %d 人\n"), c->argc);
	return last;
}

static int sheet_named(struct cli *c, cJSON **out, struct err *e)
{
	char *end;
	int64_t fact;

	if (!strcmp(c->command->verb, "application"))
		return desk_paper_application(c->desk, c->argv[0], out, e);
	fact = strtoll(c->argv[0], &end, 10);
	return *end ? err_set(e, ERR_USAGE, "%s", c->argv[0]) : desk_paper_fact(c->desk, fact, out, e);
}

int run_print_sheet(struct cli *c, struct err *e)
{
	struct papers p = {.list = c->command->verb, .sheet = sheet_named, .rows = 1};
	bool paper = opt(c, "out") || opt(c, "printer");
	cJSON *sheet = NULL;
	int last;

	if ((opt(c, "out") && opt(c, "printer")) || (!paper && !c->json))
		return err_set(e, ERR_USAGE, "--out, --printer, --json");
	if (!paper)
		return sheet_named(c, &sheet, e) ? -1 : print_object(sheet, e);
	last = paper_out(c, &p, e);
	if (!last)
		printf(c->json ? "{\"rows\":%d}\n" : _("已打印 %d 张\n"), 1);
	return last;
}
