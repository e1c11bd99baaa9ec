/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The files that an import gives back: the template to fill in, and the refused rows with their reasons. */
#include "desk/import.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "import_cells.h"
#include "office/client.h"

#define REASON N_("退回原因")
#define CHOICES_MOST 400
#define SITE_MOST 400

/* --- the refused rows --------------------------------------------------------------------------------- */

/* Reasons of an earlier time are replaced, not kept beside the new ones. */
static bool is_reason(const char *heading)
{
	return strcmp(heading, REASON) == 0 || strcmp(heading, _(REASON)) == 0;
}

static const char *text_of(const cJSON *cell)
{
	const char *text = cJSON_IsString(cell) ? cell->valuestring : json_string(cell, "n");

	return text ? text : "";
}

struct reporting {
	struct office_out out;
	size_t n; /* columns of the file */
	bool skip[IMPORT_COLUMNS];
};

static int report_row(struct reporting *r, const struct import_verdict *v, struct err *e)
{
	const char *cell[IMPORT_COLUMNS + 1];
	cJSON *cells = cJSON_Parse(v->cells);
	const cJSON *at = cells ? cells->child : NULL;
	size_t n = 0;
	int last;

	for (size_t i = 0; i < r->n; i++) {
		if (!r->skip[i])
			cell[n++] = at ? text_of(at) : "";
		at = at ? at->next : NULL;
	}
	cell[n++] = v->why;
	last = office_out_row(&r->out, cell, n, e);
	cJSON_Delete(cells);
	return last;
}

static cJSON *report_head(struct reporting *r, const struct refused_rows *rows)
{
	cJSON *head = office_table(_("不能导入的行"));
	size_t columns = 0;

	r->n = rows->n;
	for (size_t i = 0; head && i < rows->n; i++) {
		r->skip[i] = is_reason(rows->heading[i]) || columns + 1 >= 96;
		columns += !r->skip[i];
		if (!r->skip[i] && office_column(head, rows->heading[i], 18, false))
			goto fail;
	}
	if (head && office_column(head, _(REASON), 50, false) == 0)
		return head;
fail:
	cJSON_Delete(head);
	return NULL;
}

int import_report(const struct refused_rows *rows, const char *kind, int fd, struct err *e)
{
	struct reporting r = {.n = 0};
	const struct import_verdict *v;
	cJSON *head = report_head(&r, rows);
	int last = -1;

	if (!head)
		return err_set(e, ERR_MEMORY, "report");
	if (office_out_open(&r.out, kind, fd, e))
		goto out;
	last = office_out_line(&r.out, head, e);
	for (size_t k = 0; !last && (v = rows->verdict(rows->of, k)); k++)
		if (v->outcome == IMPORT_REFUSED)
			last = report_row(&r, v, e);
	if (!last)
		last = office_out_end(&r.out, e);
	office_out_release(&r.out);
out:
	cJSON_Delete(head);
	return last;
}

/* --- the template ------------------------------------------------------------------------------------- */

static bool offered(const struct profile *p, enum field_id f)
{
	return profile_offers(p, FORM_REGISTER, f) || profile_offers(p, FORM_MANUAL, f);
}

static bool required(const struct profile *p, enum field_id f)
{
	return profile_required(p, FORM_REGISTER, f) || profile_required(p, FORM_MANUAL, f);
}

static int add_choice(cJSON *to, const char *word)
{
	return cJSON_AddItemToArray(to, cJSON_CreateString(word)) ? 0 : -1;
}

static int add_codes(const struct profile *p, const char *table, cJSON *to)
{
	const struct code *codes;
	size_t n = profile_codes(p, table, &codes);

	for (size_t i = 0; i < n && n <= CHOICES_MOST; i++)
		if (add_choice(to, code_word(&codes[i])))
			return -1;
	return 0;
}

static int add_names(const struct import_sheet *s, enum field_kind kind, cJSON *to)
{
	size_t n = kind == FIELD_TEAM ? s->teams : s->participants;

	for (size_t i = 0; i < n && n <= SITE_MOST; i++)
		if (add_choice(to, kind == FIELD_TEAM ? s->team[i].name : s->participant[i].company))
			return -1;
	return 0;
}

static int add_choices(const struct import_sheet *s, const struct field *f, cJSON *to)
{
	switch (f->kind) {
	case FIELD_CODE:
		return add_codes(s->d->profile, f->codes, to);
	case FIELD_COMPANY:
	case FIELD_TEAM:
		return add_names(s, f->kind, to);
	case FIELD_YES_NO:
		return add_choice(to, _("是")) || add_choice(to, _("否")) ? -1 : 0;
	default:
		return 0;
	}
}

static int template_column(const struct import_sheet *s, const struct field *f, cJSON *head)
{
	cJSON *columns = cJSON_GetObjectItemCaseSensitive(head, "columns"), *choices = cJSON_CreateArray();
	char title[120];

	text_format(title, sizeof(title), "%s%s", _(f->label), required(s->d->profile, f->id) ? "*" : "");
	if (!choices || add_choices(s, f, choices) ||
	    office_column(head, title, f->max_chars < 20 ? (int)f->max_chars : 20, false)) {
		cJSON_Delete(choices);
		return -1;
	}
	if (!choices->child) {
		cJSON_Delete(choices);
		return 0;
	}
	return cJSON_AddItemToObject(cJSON_GetArrayItem(columns, cJSON_GetArraySize(columns) - 1), "choices",
				     choices)
		       ? 0
		       : -1;
}

static int write_sheet(const struct import_sheet *s, struct office_out *out, struct err *e)
{
	cJSON *head = office_table(_("花名册"));
	int last = head ? 0 : -1;

	for (enum field_id f = 0; f < FIELD_COUNT && !last; f++)
		if (offered(s->d->profile, f))
			last = template_column(s, field_get(f), head);
	last = last ? err_set(e, ERR_MEMORY, "template") : office_out_line(out, head, e);
	cJSON_Delete(head);
	return last;
}

static const char *const instructions[] = {
	N_("在“花名册”工作表里每人填一行；列的次序可以调换，不需要的列可以删去，标题不要改。"),
	N_("带 * 的列必须填写。单元格都已设为文本：身份证号、卡号请直接键入，不要改成数字或常规格式。"),
	N_("有下拉箭头的列请从列表里选；班组写名称，单位写名称、简称或统一社会信用代码。"),
	N_("日期写成 2026-03-08；证件长期有效写“长期”；工资按元填写。"),
	N_("导入前可以先试算：每一行能不能导入、为什么不能，都会列出来，不写入任何内容。"),
	N_("空着的单元格不改动已有的内容；同一个文件导入两次，第二次没有任何变化。"),
};

static int write_help_row(const struct import_sheet *s, const struct field *f, struct office_out *out,
			  struct err *e)
{
	const char *const cells[] = {_(f->label), required(s->d->profile, f->id) ? _("必填") : "",
				     _(f->help)};

	return office_out_row(out, cells, ARRAY_LEN(cells), e);
}

static int write_help(const struct import_sheet *s, struct office_out *out, struct err *e)
{
	cJSON *head = office_table(_("填写说明"));
	int last = -1;

	if (!head || office_column(head, _("列"), 20, false) || office_column(head, _("要求"), 8, false) ||
	    office_column(head, _("说明"), 58, false))
		err_set(e, ERR_MEMORY, "template");
	else
		last = office_out_line(out, head, e);
	for (size_t i = 0; i < ARRAY_LEN(instructions) && !last; i++)
		last = office_out_row(out, (const char *const[]){"", "", _(instructions[i])}, 3, e);
	for (enum field_id f = 0; f < FIELD_COUNT && !last; f++)
		if (offered(s->d->profile, f))
			last = write_help_row(s, field_get(f), out, e);
	cJSON_Delete(head);
	return last;
}

int desk_import_template(struct desk *d, int fd, struct err *e)
{
	struct import_sheet s = {0};
	struct office_out out;
	int last = -1;

	if (desk_may_in_project(d, 0, e) || import_sheet_open(&s, d, e) ||
	    office_out_open(&out, "xlsx", fd, e))
		goto out;
	last = write_sheet(&s, &out, e) || write_help(&s, &out, e) ? -1 : office_out_end(&out, e);
	office_out_release(&out);
out:
	import_sheet_release(&s);
	return last;
}
