/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Adding a company with its part in the project, and adding a team. Lines are rows of a table; the desk checks. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "form.h"
#include "screen_list.h"

#define ROWS_MOST 500

enum line_id { L_CREDIT, L_COMPANY, L_SHORT, L_AREA, L_REGISTERED, L_TYPE, L_MANAGER, L_PHONE, L_TEAM, L_KIND, L_PARTICIPANT };

struct site_line { enum line_id id; const char *name /* as the desk names it in a finding */, *label, *help; unsigned max_chars; bool choice, required; };

static const struct site_line company_lines[] = {
	{L_CREDIT, "credit_code", N_("统一信用代码"), N_("18 位，营业执照上的统一社会信用代码"), 18, false, true},
	{L_COMPANY, "name", N_("单位名称"), N_("与营业执照一致的全称"), 80, false, true},
	{L_SHORT, "short_name", N_("简称"), N_("列表里显示的短名"), 20, false, false},
	{L_AREA, "area_code", N_("注册地区"), N_("六位行政区划代码，可不填"), 6, false, false},
	{L_REGISTERED, "registered_on", N_("注册日期"), N_("例如 2010-05-18，可不填"), 10, false, false},
	{L_TYPE, "type", N_("参建类型"), N_("在本项目中是总承包、劳务分包……"), 30, true, true},
	{L_MANAGER, "manager_name", N_("项目经理"), N_("该单位在本项目的负责人"), 50, false, false},
	{L_PHONE, "manager_phone", N_("项目经理电话"), N_("11 位手机号"), 20, false, false},
};

static const struct site_line team_lines[] = {
	{L_PARTICIPANT, "participant", N_("所属单位"), N_("在参建单位中选择"), 80, true, true},
	{L_TEAM, "name", N_("班组名称"), N_("例如：木工一班；同一项目内不重名"), 40, false, true},
	{L_KIND, "kind", N_("班组类别"), N_("普通工人、管理人员或其他人员"), 20, true, true},
};

struct site_form {
	struct sheet sheet; /* first */
	bool team;
};

static const char *text_of(struct site_form *s, enum line_id id)
{
	struct form_line *l = form_find(&s->sheet, (int)id);

	return l ? (l->choice ? l->value : l->text) : "";
}

static void site_leave(struct ui *ui, void *owner, struct sheet *f, size_t line)
{
	struct form_line *l = &f->line[line];

	(void)ui;
	(void)owner;
	text_narrow(l->text);
	text_trim(l->text);
	if (l->severity == SEVERITY_BLOCK && l->text[0])
		form_find_out(f, l, SEVERITY_NONE, "");
}

static size_t type_choices(struct ui *ui, const char *table, struct form_choice *out, size_t cap)
{
	const struct code *codes;
	size_t n = profile_codes(desk_profile(ui_desk(ui)), table, &codes);

	n = n < cap ? n : cap;
	for (size_t i = 0; i < n; i++) {
		text_copy(out[i].value, sizeof(out[i].value), codes[i].code);
		text_copy(out[i].label, sizeof(out[i].label), codes[i].name);
	}
	return n;
}

static size_t participant_choices(struct ui *ui, struct form_choice *out, size_t cap)
{
	struct participant_row *rows = calloc(ROWS_MOST, sizeof(*rows));
	size_t n = 0;

	if (!rows || desk_participant_list(ui_desk(ui), rows, ROWS_MOST < cap ? ROWS_MOST : cap, &n, NULL))
		n = 0;
	for (size_t i = 0; i < n; i++) {
		text_copy(out[i].value, sizeof(out[i].value), rows[i].uid);
		text_copy(out[i].label, sizeof(out[i].label), rows[i].company);
	}
	free(rows);
	return n;
}

static const struct { const char *value, *word; } kinds[] = {
	{"worker", N_("普通工人")}, {"management", N_("管理人员")}, {"other", N_("其他人员")}};

static size_t site_choices(struct ui *ui, void *owner, const struct sheet *f, size_t line, struct form_choice *out, size_t cap)
{
	(void)owner;
	switch (f->line[line].id) {
	case L_TYPE:
		return type_choices(ui, "participant_types", out, cap);
	case L_PARTICIPANT:
		return participant_choices(ui, out, cap);
	case L_KIND:
		for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
			text_copy(out[i].value, sizeof(out[i].value), kinds[i].value);
			text_copy(out[i].label, sizeof(out[i].label), _(kinds[i].word));
		}
		return ARRAY_LEN(kinds);
	default:
		return 0;
	}
}

static bool complete(struct ui *ui, struct site_form *s)
{
	for (size_t i = 0; i < s->sheet.n; i++) {
		struct form_line *l = &s->sheet.line[i];
		char sentence[200];

		if (!l->required || (l->choice ? l->value : l->text)[0])
			continue;
		text_format(sentence, sizeof(sentence), _("请填写%s：%s"), _(l->label), _(l->help));
		form_find_out(&s->sheet, l, SEVERITY_BLOCK, sentence);
	}
	if (!form_focus_first_block(ui, &s->sheet))
		return true;
	ui_say(ui, SAY_ERROR, "%s", s->sheet.line[s->sheet.focus].finding);
	return false;
}

/* The company may be in the library already: then it only takes part. */
static int add_company(struct ui *ui, struct site_form *s, struct err *e)
{
	char uid[UID_TEXT] = "", participant[UID_TEXT];
	struct company_new c = {.credit_code = text_of(s, L_CREDIT), .name = text_of(s, L_COMPANY), .short_name = text_of(s, L_SHORT),
				.area_code = text_of(s, L_AREA), .registered_on = text_of(s, L_REGISTERED)};
	struct participant_new p = {.company_uid = uid, .type = text_of(s, L_TYPE), .manager_name = text_of(s, L_MANAGER),
				    .manager_phone = text_of(s, L_PHONE)};

	if (desk_company_add(ui_desk(ui), &c, uid, e))
		return -1;
	return desk_participant_add(ui_desk(ui), &p, participant, e);
}

static int add_team(struct ui *ui, struct site_form *s, struct err *e)
{
	char uid[UID_TEXT];
	struct team_new t = {.name = text_of(s, L_TEAM), .kind = text_of(s, L_KIND), .participant_uid = text_of(s, L_PARTICIPANT)};

	return desk_team_add(ui_desk(ui), &t, uid, e);
}

/* A refusal that names a field is shown beside it. */
static void refused(struct ui *ui, struct site_form *s, const struct err *e)
{
	const struct site_line *rows = s->team ? team_lines : company_lines;
	size_t n = s->team ? ARRAY_LEN(team_lines) : ARRAY_LEN(company_lines), len = strcspn(e->detail, ":");
	char sentence[200];

	for (size_t i = 0; e->code == ERR_FINDINGS && i < n; i++) {
		if (strlen(rows[i].name) != len || strncmp(rows[i].name, e->detail, len))
			continue;
		text_format(sentence, sizeof(sentence), _("%s不对：%s"), _(rows[i].label), _(rows[i].help));
		form_find_out(&s->sheet, form_find(&s->sheet, (int)rows[i].id), SEVERITY_BLOCK, sentence);
		form_focus_first_block(ui, &s->sheet);
		ui_say(ui, SAY_ERROR, "%s", sentence);
		return;
	}
	ui_fail_why(ui, e);
}

static enum reaction site_save(struct ui *ui, void *owner, struct sheet *f)
{
	struct site_form *s = owner;
	struct err e = {0};

	(void)f;
	if (!complete(ui, s))
		return STAY;
	if (s->team ? add_team(ui, s, &e) : add_company(ui, s, &e)) {
		refused(ui, s, &e);
		return STAY;
	}
	ui_say(ui, SAY_DONE, _("已添加 %s"), text_of(s, s->team ? L_TEAM : L_COMPANY));
	ui_changed(ui);
	return CLOSE;
}

static const struct form_owner owner_ops = {.leave = site_leave, .choices = site_choices, .save = site_save};

static int site_form_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct site_form *s = state;
	const struct site_form_arg *a = arg;
	const struct site_line *lines = a->kind == SITE_FORM_TEAM ? team_lines : company_lines;
	size_t n = a->kind == SITE_FORM_TEAM ? ARRAY_LEN(team_lines) : ARRAY_LEN(company_lines);

	form_init(&s->sheet, &owner_ops, s);
	if (!desk_profile(ui_desk(ui)))
		return err_set(e, ERR_NO_PROJECT, NULL);
	s->team = a->kind == SITE_FORM_TEAM;
	for (size_t i = 0; i < n; i++) {
		struct form_line *l = form_add(&s->sheet, (int)lines[i].id, lines[i].label, lines[i].help, lines[i].max_chars);

		l->choice = lines[i].choice;
		l->required = lines[i].required;
	}
	form_begin(&s->sheet, -1);
	if (s->team && a->participant_uid) {
		struct form_line *l = form_find(&s->sheet, L_PARTICIPANT);
		struct form_choice one, *all = calloc(CHOICES_MAX, sizeof(*all));

		if (all && form_resolve(all, participant_choices(ui, all, CHOICES_MAX), a->participant_uid, &one) == 1)
			form_set(&s->sheet, l, one.label, one.value);
		free(all);
		form_begin(&s->sheet, -1);
	}
	return 0;
}

static void site_form_close(struct ui *ui, void *state)
{
	(void)ui;
	form_release(&((struct site_form *)state)->sheet);
}

static void site_form_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	form_draw(ui, &((struct site_form *)state)->sheet, c, a);
}

static enum reaction site_form_key(struct ui *ui, void *state, int key)
{
	return form_key(ui, &((struct site_form *)state)->sheet, key);
}

static void site_form_heading(struct ui *ui, const void *state, char *out, size_t size)
{
	(void)ui;
	text_copy(out, size, ((const struct site_form *)state)->team ? _("班组") : _("参建单位"));
}

const struct screen_ops site_form_screen = {
	.name = "site_form",
	.title = N_("添加"),
	.state_size = sizeof(struct site_form),
	.open = site_form_open,
	.heading = site_form_heading,
	.draw = site_form_draw,
	.key = site_form_key,
	.close = site_form_close,
	.typing = form_typing,
	.shared = form_actions,
	.n_shared = FORM_ACTIONS,
};
