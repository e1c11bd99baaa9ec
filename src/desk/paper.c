/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/paper.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "desk/acts.h"
#include "desk/export.h"
#include "desk/terms.h"
#include "desk_private.h"
#include "paper_lines.h"

static const struct {
	const char *name, *word;
} sorts[PAPER_SORTS] = {
	[PAPER_FORM] = {"form", N_("用工登记表")},
	[PAPER_BADGE] = {"badge", N_("工牌")},
	[PAPER_ENTRY_SHEET] = {"entry-sheet", N_("进场登记表")},
};

const char *paper_name(enum paper_sort s)
{
	return sorts[s].name;
}

const char *paper_word(enum paper_sort s)
{
	return _(sorts[s].word);
}

bool paper_parse(const char *name, enum paper_sort *out)
{
	for (size_t i = 0; i < PAPER_SORTS; i++)
		if (strcmp(sorts[i].name, name) == 0) {
			*out = (enum paper_sort)i;
			return true;
		}
	return false;
}

static void made_by(const struct desk *d, char *out, size_t size)
{
	char now[STAMP_TEXT];

	stamp_format(clock_now_ms(), now);
	text_format(out, size, _("制表：%s  %s"), d->session.display, now);
}

static int send(struct office_out *out, cJSON *line, struct err *e)
{
	int last = line ? office_out_line(out, line, e) : err_set(e, ERR_MEMORY, "paper");

	cJSON_Delete(line);
	return last;
}

cJSON *paper_head(const struct desk *d, const char *title)
{
	cJSON *head = cJSON_CreateObject();
	char foot[NAME_TEXT + 64], note[NAME_TEXT + 40];

	if (!head)
		return NULL;
	made_by(d, foot, sizeof(foot));
	text_format(note, sizeof(note), _("项目：%s"), d->project.name);
	cJSON_AddStringToObject(head, "form", title);
	office_notes(head, note, foot);
	return head;
}

int paper_begin(const struct desk *d, const char *title, struct office_out *out, struct err *e)
{
	return send(out, paper_head(d, title), e);
}

int paper_pair(struct office_out *out, const char *label, const char *value, struct err *e)
{
	return office_out_row(out, (const char *const[]){label, value}, 2, e);
}

/* --- the registration form ---------------------------------------------------------------------------- */

static const struct {
	enum field_group group;
	const char *word;
} groups[] = {{GROUP_IDENTITY, N_("身份")},
	      {GROUP_WORK, N_("工作")},
	      {GROUP_CONTRACT, N_("合同与工资")},
	      {GROUP_PERSONAL, N_("个人情况")}};

static bool on_form(const struct desk *d, const struct person_file *file, enum field_id f)
{
	return file->masked[f][0] || profile_offers(d->profile, FORM_REGISTER, f) ||
	       profile_offers(d->profile, FORM_MANUAL, f);
}

static int form_group(struct desk *d, struct office_out *out, const struct person_file *file, size_t g,
		      struct err *e)
{
	int last = office_out_row(out, (const char *const[]){_(groups[g].word)}, 1, e);

	for (enum field_id f = 0; f < FIELD_COUNT && !last; f++)
		if (field_get(f)->group == groups[g].group && on_form(d, file, f))
			last = paper_pair(out, _(field_get(f)->label), file->masked[f], e);
	return last;
}

static int form_states(struct office_out *out, const struct person_file *file, struct err *e)
{
	char entered[DATE_TEXT], exited[DATE_TEXT];

	date_format(file->entered_on, entered);
	date_format(file->exited_on, exited);
	return office_out_row(out, (const char *const[]){_("办理情况")}, 1, e) ||
			       paper_pair(out, _("用工"), state_word(CYCLE_EMPLOYMENT, (int)file->row.employment),
				    e) ||
			       paper_pair(out, _("分配"), state_word(CYCLE_ASSIGNMENT, (int)file->row.assignment),
				    e) ||
			       paper_pair(out, _("进场日期"), entered, e) || paper_pair(out, _("退场日期"), exited, e) ||
			       paper_pair(out, _("录入方式"), file->manual ? _("手工录入") : _("读卡"), e)
		       ? -1
		       : 0;
}

/* A page a person. */
static int form_person(struct desk *d, struct office_out *out, const struct person_file *file, struct err *e)
{
	char notice[1200];
	int last = paper_begin(d, paper_word(PAPER_FORM), out, e);

	for (size_t g = 0; g < ARRAY_LEN(groups) && !last; g++)
		last = form_group(d, out, file, g, e);
	if (last || form_states(out, file, e))
		return -1;
	if (desk_notice(d, notice, sizeof(notice), e) || paper_pair(out, "", notice, e))
		return -1;
	return paper_pair(out, "", _("本人确认以上内容属实。"), e) ||
			       paper_pair(out, "",
				    _("本人签名：                              劳资专管员：                  "
				      "            日期："),
				    e)
		       ? -1
		       : 0;
}

/* --- badges and the entry sheet ------------------------------------------------------------------------ */

static int badge_begin(struct desk *d, struct office_out *out, struct err *e)
{
	cJSON *head = cJSON_CreateObject();

	cJSON_AddStringToObject(head, "badges", d->project.name);
	return send(out, head, e);
}

static int badge_person(struct desk *d, struct office_out *out, const struct person_file *file, struct err *e)
{
	const struct roster_row *r = &file->row;
	char tail[60], code[WORKER_CODE_TEXT];

	if (desk_worker_code(d, r->person, false, code, e))
		return -1;
	text_format(tail, sizeof(tail), _("证件尾号 %s"), r->tail);
	return office_out_row(out, (const char *const[]){r->name, r->company, r->team, r->trade, tail, code}, 6,
			      e);
}

static const struct {
	const char *heading;
	int width;
} entry_columns[] = {{N_("序号"), 5},  {N_("姓名"), 12}, {N_("证件尾号"), 8},  {N_("工种"), 12},
		     {N_("班组"), 14}, {N_("单位"), 22}, {N_("进场日期"), 11}, {N_("签名"), 12}};

static int entry_begin(struct desk *d, struct office_out *out, struct err *e)
{
	cJSON *head = office_table(paper_word(PAPER_ENTRY_SHEET));
	char foot[NAME_TEXT + 64];

	made_by(d, foot, sizeof(foot));
	office_notes(head, d->project.name, foot);
	for (size_t i = 0; i < ARRAY_LEN(entry_columns); i++)
		if (office_column(head, _(entry_columns[i].heading), entry_columns[i].width, false)) {
			cJSON_Delete(head);
			return err_set(e, ERR_MEMORY, "sheet");
		}
	return send(out, head, e);
}

static int entry_person(struct office_out *out, const struct person_file *file, long number, struct err *e)
{
	const struct roster_row *r = &file->row;
	char at[24], entered[DATE_TEXT];

	text_format(at, sizeof(at), "%ld", number);
	date_format(file->entered_on, entered);
	return office_out_row(
		out, (const char *const[]){at, r->name, r->tail, r->trade, r->team, r->company, entered, ""},
		8, e);
}

/* --- both ---------------------------------------------------------------------------------------------- */

int desk_paper_begin(struct desk *d, enum paper_sort s, struct office_out *out, struct err *e)
{
	switch (s) {
	case PAPER_BADGE:
		return badge_begin(d, out, e);
	case PAPER_ENTRY_SHEET:
		return entry_begin(d, out, e);
	default:
		return 0; /* each form has its own head */
	}
}

int desk_paper_person(struct desk *d, enum paper_sort s, struct office_out *out, int64_t person, long number,
		      struct err *e)
{
	struct person_file *file = calloc(1, sizeof(*file));
	int last = -1;

	if (!file)
		return err_set(e, ERR_MEMORY, "paper");
	if (desk_export_person(d, person, file, e) == 0)
		last = s == PAPER_FORM	  ? form_person(d, out, file, e)
		       : s == PAPER_BADGE ? badge_person(d, out, file, e)
					  : entry_person(out, file, number, e);
	wipe(file, sizeof(*file));
	free(file);
	return last;
}
