/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wages list, match, missing, import, template (F6, L7); tables into wage ledgers and registers. */
#include "desk/wages.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "commands.h"
#include "desk/attendance.h"
#include "desk/export.h"
#include "desk/sheet_import.h"
#include "domain/record.h"
#include "office/client.h"

#define PAGE 100

static int month_said(struct cli *c, struct month *out, struct err *e)
{
	const char *said = opt(c, "month");

	if (!said)
		return desk_wage_month(c->desk, out, e);
	return month_parse(said, out) ? 0 : err_set(e, ERR_USAGE, "--month 2026-11");
}

static void add_month(cJSON *o, const char *key, struct month m)
{
	char day[DATE_TEXT];

	date_format(m.first, day);
	day[7] = '\0';
	cJSON_AddStringToObject(o, key, day);
}

static void add_day(cJSON *o, const char *key, date_t on)
{
	char day[DATE_TEXT];

	date_format(on, day);
	cJSON_AddStringToObject(o, key, day);
}

/* Whole fen for programs, yuan for people. */
static void add_money(cJSON *o, const struct cli *c, const char *key, int64_t fen)
{
	char text[32];

	money_show(fen, text, sizeof(text));
	if (c->json && !c->exporting)
		cJSON_AddItemToObject(o, key, cJSON_CreateNumber((double)fen));
	else
		cJSON_AddItemToObject(o, key, cJSON_CreateString(text));
}

/* --- list ------------------------------------------------------------------------------------------------------------- */

static cJSON *wage_json(const struct cli *c, const struct wage_row *r)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "person", (double)r->person);
	cJSON_AddStringToObject(o, "name", r->name);
	cJSON_AddStringToObject(o, "team", r->team);
	add_month(o, "month", r->month);
	if (r->back)
		add_month(o, "back_month", r->back_month);
	add_money(o, c, "owed", r->owed);
	add_money(o, c, "paid", r->paid);
	add_day(o, "paid_on", r->paid_on);
	cJSON_AddNumberToObject(o, "sheet_days", r->sheet_days);
	cJSON_AddNumberToObject(o, "attended", r->days);
	cJSON_AddStringToObject(o, "bank", r->bank);
	cJSON_AddStringToObject(o, "card", r->card);
	cJSON_AddStringToObject(o, "record", r->record);
	return o;
}

static int filter_of(struct cli *c, enum wage_filter *out, struct err *e)
{
	static const char *const names[WAGE_FILTERS] = {"all", "unpaid", "not-attended"};
	const char *said = opt(c, "filter");

	*out = WAGES_ALL;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (!said || !strcmp(said, names[i])) {
			*out = (enum wage_filter)i;
			return 0;
		}
	return err_set(e, ERR_USAGE, "--filter all|unpaid|not-attended");
}

int run_wages_list(struct cli *c, struct err *e)
{
	static const struct column columns[] = {{"name", N_("姓名"), 10},	{"team", N_("班组"), 12},     {"owed", N_("应发金额"), 10},
						{"paid", N_("实发金额"), 10},	{"paid_on", N_("发放日期"), 10}, {"attended", N_("考勤天数"), 8},
						{"back_month", N_("补发"), 8}, {"card", N_("银行卡号"), 20}, {"record", N_("银行流水号"), 12}};
	struct wage_page page = {.row = calloc(PAGE, sizeof(*page.row)), .cap = PAGE};
	enum wage_filter filter;
	struct month month;
	struct listing l;
	int ret = page.row ? 0 : err_set(e, ERR_MEMORY, "wages");

	if (ret || month_said(c, &month, e) || filter_of(c, &filter, e)) {
		free(page.row);
		return -1;
	}
	list_begin(&l, c, columns, ARRAY_LEN(columns));
	do {
		ret = desk_wages(c->desk, month, filter, page.last, &page, e);
		for (size_t i = 0; ret == 0 && i < page.n; i++)
			ret = list_add(&l, wage_json(c, &page.row[i]), e);
	} while (ret == 0 && page.more && page.n);
	list_end(&l);
	free(page.row);
	return ret;
}

/* --- match, missing ----------------------------------------------------------------------------------------------------- */

static void say_rate(const char *what, const struct match *who, const struct match_rate *r)
{
	printf(_("%s  %d 人中 %d 人有考勤，%d.%02d%%"), what, who->paid, who->attended, r->rate / 100, r->rate % 100);
	if (!r->met && r->more >= 0)
		printf(_("，再给 %d 个有考勤的人发放即可"), r->more);
	puts("");
}

int run_wages_match(struct cli *c, struct err *e)
{
	struct wage_match m;
	struct month month;
	cJSON *o;

	if (month_said(c, &month, e) || desk_wage_match(c->desk, month, &m, e))
		return -1;
	if (!c->json) {
		say_rate(_("预计匹配率"), &m.planned, &m.forecast);
		say_rate(_("实际匹配率"), &m.paid, &m.real);
		return 0;
	}
	o = cJSON_CreateObject();
	add_month(o, "month", month);
	cJSON_AddNumberToObject(o, "percent", m.percent);
	cJSON_AddNumberToObject(o, "planned", m.planned.paid);
	cJSON_AddNumberToObject(o, "planned_attended", m.planned.attended);
	cJSON_AddNumberToObject(o, "forecast", m.forecast.rate);
	cJSON_AddBoolToObject(o, "forecast_met", m.forecast.met);
	cJSON_AddNumberToObject(o, "paid_people", m.paid.paid);
	cJSON_AddNumberToObject(o, "paid_attended", m.paid.attended);
	cJSON_AddNumberToObject(o, "real", m.real.rate);
	cJSON_AddBoolToObject(o, "real_met", m.real.met);
	add_day(o, "real_on", m.real_on);
	return print_object(o, e);
}

int run_wages_missing(struct cli *c, struct err *e)
{
	static const struct column columns[] = {{"name", N_("姓名"), 12}, {"team", N_("班组"), 16}, {"attended", N_("考勤天数"), 8}};
	struct unpaid_page page = {.row = calloc(PAGE, sizeof(*page.row)), .cap = PAGE};
	struct month month;
	struct listing l;
	int ret = page.row ? month_said(c, &month, e) : err_set(e, ERR_MEMORY, "wages");

	if (ret) {
		free(page.row);
		return ret;
	}
	list_begin(&l, c, columns, ARRAY_LEN(columns));
	do {
		ret = desk_wage_missing(c->desk, month, &page, e);
		for (size_t i = 0; ret == 0 && i < page.n; i++) {
			cJSON *o = cJSON_CreateObject();

			cJSON_AddNumberToObject(o, "person", (double)page.row[i].person);
			cJSON_AddStringToObject(o, "name", page.row[i].name);
			cJSON_AddStringToObject(o, "team", page.row[i].team);
			cJSON_AddNumberToObject(o, "attended", page.row[i].days);
			ret = list_add(&l, o, e);
		}
	} while (ret == 0 && page.more);
	list_end(&l);
	free(page.row);
	return ret;
}

/* --- tables --------------------------------------------------------------------------------------------------------------- */

static int take_all(struct sheet_import *i, struct err *e)
{
	bool over = false;

	while (!over) {
		struct pollfd p = {.fd = desk_sheet_import_fd(i), .events = POLLIN};

		poll(&p, 1, 1000);
		if (desk_sheet_import_step(i, &over, e))
			return -1;
	}
	return 0;
}

static int print_verdicts(const struct sheet_import *i, bool dry_run, struct err *e)
{
	const struct import_counts *n = desk_sheet_import_counts(i);
	const struct import_verdict *v;
	cJSON *o = cJSON_CreateObject(), *list = cJSON_AddArrayToObject(o, "verdicts");

	cJSON_AddBoolToObject(o, "dry_run", dry_run);
	cJSON_AddNumberToObject(o, "rows", (double)n->rows);
	cJSON_AddNumberToObject(o, "new", (double)n->n[IMPORT_NEW]);
	cJSON_AddNumberToObject(o, "changed", (double)n->n[IMPORT_CHANGED]);
	cJSON_AddNumberToObject(o, "same", (double)n->n[IMPORT_SAME]);
	cJSON_AddNumberToObject(o, "refused", (double)n->n[IMPORT_REFUSED]);
	for (size_t k = 0; (v = desk_sheet_import_verdict(i, k)); k++) {
		cJSON *row = cJSON_CreateObject();

		cJSON_AddNumberToObject(row, "row", (double)v->row);
		cJSON_AddStringToObject(row, "outcome", import_outcome_name(v->outcome));
		cJSON_AddStringToObject(row, "name", v->name);
		cJSON_AddNumberToObject(row, "person", (double)v->person);
		cJSON_AddStringToObject(row, "why", v->why ? v->why : "");
		cJSON_AddItemToArray(list, row);
	}
	return print_object(o, e);
}

static void say_verdicts(const struct sheet_import *i, bool dry_run)
{
	const struct import_counts *n = desk_sheet_import_counts(i);
	const struct import_verdict *v;

	for (size_t k = 0; (v = desk_sheet_import_verdict(i, k)); k++)
		if (v->why)
			printf(_("第 %lu 行  %s  %s\n"), v->row, v->name, v->why);
	printf(dry_run ? _("试算，没有写入：") : _("已导入："));
	printf(_("新的 %lu 行，有改动 %lu 行，没有变化 %lu 行，不能导入 %lu 行\n"), n->n[IMPORT_NEW], n->n[IMPORT_CHANGED], n->n[IMPORT_SAME],
	       n->n[IMPORT_REFUSED]);
}

static int write_refused(struct cli *c, const struct sheet_import *i, const char *path, struct err *e)
{
	struct office_file f;

	if (office_file_new(&f, path, opt(c, "overwrite") != NULL, e))
		return -1;
	return office_file_end(&f, desk_sheet_import_report(i, office_kind_of(path), f.fd, e), e);
}

int sheet_import(struct cli *c, const char *form, const char *path, struct month month, struct err *e)
{
	bool dry_run = opt(c, "dry-run") != NULL;
	const char *report = opt(c, "report");
	struct sheet_import_options o = {.path = path, .form = form, .month = month, .dry_run = dry_run};
	struct sheet_import *i = NULL;
	int last;

	if (report && (!office_kind_of(report) || !strcmp(office_kind_of(report), "pdf")))
		return err_set(e, ERR_USAGE, "--report: .xlsx, .csv");
	signal(SIGPIPE, SIG_IGN);
	last = desk_sheet_import_open(c->desk, &o, &i, e) || take_all(i, e) ? -1 : 0;
	if (!last && c->json)
		last = print_verdicts(i, dry_run, e);
	else if (!last)
		say_verdicts(i, dry_run);
	if (!last && report && desk_sheet_import_counts(i)->n[IMPORT_REFUSED])
		last = write_refused(c, i, report, e);
	if (!last && desk_sheet_import_counts(i)->n[IMPORT_REFUSED])
		last = 1; /* everything is said */
	desk_sheet_import_close(i);
	return last;
}

int sheet_template(struct cli *c, const char *form, const char *path, struct err *e)
{
	const char *kind = office_kind_of(path);
	struct office_file f;

	signal(SIGPIPE, SIG_IGN);
	if (!kind || !strcmp(kind, "pdf"))
		return err_set(e, ERR_USAGE, ".xlsx, .csv");
	if (office_file_new(&f, path, opt(c, "overwrite") != NULL, e))
		return -1;
	return office_file_end(&f, desk_sheet_template(c->desk, form, kind, f.fd, e), e);
}

int run_wages_import(struct cli *c, struct err *e)
{
	struct month month = {.first = 0};

	if (opt(c, "month") && month_said(c, &month, e))
		return -1;
	return sheet_import(c, "wages", c->argv[0], month, e);
}

int run_wages_template(struct cli *c, struct err *e)
{
	return sheet_template(c, "wages", c->argv[0], e);
}

/* --- on paper -------------------------------------------------------------------------------------------------------------- */

static int ledgers(struct cli *c, struct month month, int fd, struct err *e)
{
	struct export_spec spec = {.list = "two_ledgers", .form = "pdf"};
	struct office_out out;
	struct err own = {0};
	long rows = 0;
	int last;

	if (desk_export_begin(c->desk, &spec, e))
		return -1;
	last = office_out_open(&out, "pdf", fd, e);
	if (!last) {
		last = desk_two_ledgers(c->desk, month, &out, &rows, e) || office_out_end(&out, e) ? -1 : 0;
		office_out_release(&out);
	}
	if (desk_export_end(c->desk, &spec, last ? -1 : rows, last ? &own : e) && !last)
		last = -1;
	if (!last)
		printf(c->json ? "{\"rows\":%ld}\n" : _("已写出 %ld 行\n"), rows);
	return last;
}

int run_wages_print(struct cli *c, struct err *e)
{
	const char *kind = office_kind_of(c->argv[0]);
	struct office_file f;
	struct month month;

	signal(SIGPIPE, SIG_IGN);
	if (!kind || strcmp(kind, "pdf"))
		return err_set(e, ERR_USAGE, ".pdf");
	if (month_said(c, &month, e) || office_file_new(&f, c->argv[0], opt(c, "overwrite") != NULL, e))
		return -1;
	return office_file_end(&f, ledgers(c, month, f.fd, e), e);
}
