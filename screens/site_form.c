/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Adding a company with its part in the project, and adding a team. Lines are rows of a table; the desk checks.
 *
 * What was typed is kept as a draft from the first key, as in the registration form (U6). There is one such form of a kind at a time:
 * opening it again goes on with its draft.
 */
#include <stdlib.h>
#include <string.h>

#include "base/dates.h"
#include "base/i18n.h"
#include "base/text.h"
#include "desk/upkeep.h"
#include "domain/credit_code.h"
#include "screen_list.h"
#include "short_form.h"

enum line_id { L_CREDIT, L_COMPANY, L_SHORT, L_AREA, L_REGISTERED, L_TYPE, L_MANAGER, L_PHONE, L_TEAM, L_KIND, L_PARTICIPANT };

struct site_line { enum line_id id; const char *name /* as the desk names it in a finding */, *label, *help; unsigned max_chars; bool choice, required; };

static const struct site_line company_lines[] = {
	{L_CREDIT, "credit_code", N_("统一信用代码"), N_("18 位，营业执照上的统一社会信用代码"), 18, false, true},
	{L_COMPANY, "name", N_("单位名称"), N_("与营业执照一致的全称"), 80, false, true},
	{L_SHORT, "short_name", N_("简称"), N_("列表里显示的短名"), 20, false, false},
	{L_AREA, "area_code", N_("注册地区"), N_("六位行政区划代码，可不填"), 6, false, false},
	{L_REGISTERED, "registered_on", N_("企业注册日期"), N_("例如 2010-05-18，可不填"), 10, false, false},
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
	struct short_form form; /* first */
	bool team;
};

static const struct site_line *lines_of(const struct site_form *s, size_t *n)
{
	*n = s->team ? ARRAY_LEN(team_lines) : ARRAY_LEN(company_lines);
	return s->team ? team_lines : company_lines;
}

/* --- lines ----------------------------------------------------------------------------------------------------------------------------- */

/* A company that the library knows, from this project or another one of this box, need not be typed again. */
static void fill_company(struct ui *ui, struct site_form *s)
{
	struct form_line *name = form_find(&s->form.sheet, L_COMPANY);
	char code[CREDIT_CODE_TEXT];
	struct company_row known;

	if (!credit_code_normalise(short_form_text(&s->form, L_CREDIT), code) || desk_company_by_code(ui_desk(ui), code, &known, NULL))
		return;
	form_set(&s->form.sheet, name, known.name, NULL);
	form_find_out(&s->form.sheet, name, SEVERITY_NONE, "");
	ui_say(ui, SAY_INFO, _("这个单位已在企业库里：%s"), known.name);
}

static void site_leave(struct ui *ui, void *owner, struct sheet *f, size_t line)
{
	struct form_line *l = &f->line[line];

	text_narrow(l->text);
	text_trim(l->text);
	if (l->severity == SEVERITY_BLOCK && l->text[0])
		form_find_out(f, l, SEVERITY_NONE, "");
	if (l->id == L_CREDIT && f->touched)
		fill_company(ui, owner);
}

static const struct { const char *value, *word; } kinds[] = {
	{"worker", N_("普通工人")}, {"management", N_("管理人员")}, {"other", N_("其他人员")}};

static size_t site_choices(struct ui *ui, void *owner, const struct sheet *f, size_t line, struct form_choice *out, size_t cap)
{
	(void)owner;
	switch (f->line[line].id) {
	case L_TYPE:
		return short_form_codes(ui, "participant_types", out, cap);
	case L_PARTICIPANT:
		return short_form_participants(ui, out, cap);
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

static int participant_rows(struct ui *ui, struct site_form *s, struct err *e)
{
	char uid[UID_TEXT] = "", participant[UID_TEXT], code[CREDIT_CODE_TEXT];
	struct company_row known;
	struct company_new c = {.credit_code = short_form_text(&s->form, L_CREDIT), .name = short_form_text(&s->form, L_COMPANY), .short_name = short_form_text(&s->form, L_SHORT),
				.area_code = short_form_text(&s->form, L_AREA), .registered_on = short_form_text(&s->form, L_REGISTERED)};
	struct participant_new p = {.company_uid = uid, .type = short_form_text(&s->form, L_TYPE), .manager_name = short_form_text(&s->form, L_MANAGER),
				    .manager_phone = short_form_text(&s->form, L_PHONE)};

	if (credit_code_normalise(c.credit_code, code) && !desk_company_by_code(ui_desk(ui), code, &known, NULL))
		text_copy(uid, sizeof(uid), known.uid); /* the company is there already: it only takes part */
	else if (desk_company_add(ui_desk(ui), &c, uid, e))
		return -1;
	return desk_participant_add(ui_desk(ui), &p, participant, e);
}

/* Both or neither: what is refused leaves nothing behind that would stand in the way of the next try. */
static int add_company(struct ui *ui, struct site_form *s, struct err *e)
{
	int last;

	if (desk_group_begin(ui_desk(ui), e))
		return -1;
	last = participant_rows(ui, s, e);
	if (last) {
		desk_group_end(ui_desk(ui), false, NULL);
		return last;
	}
	return desk_group_end(ui_desk(ui), true, e);
}

static int add_team(struct ui *ui, struct site_form *s, struct err *e)
{
	char uid[UID_TEXT];
	struct team_new t = {.name = short_form_text(&s->form, L_TEAM), .kind = short_form_text(&s->form, L_KIND), .participant_uid = short_form_text(&s->form, L_PARTICIPANT)};

	return desk_team_add(ui_desk(ui), &t, uid, e);
}

static void say_at(struct ui *ui, struct site_form *s, enum line_id line, const char *sentence)
{
	form_find_out(&s->form.sheet, form_find(&s->form.sheet, (int)line), SEVERITY_BLOCK, sentence);
	form_focus_first_block(ui, &s->form.sheet);
	ui_say(ui, SAY_ERROR, "%s", sentence);
}

/* A refusal that names a field is shown beside it; of two alike, what makes them alike. */
static void refused(struct ui *ui, struct site_form *s, const struct err *e)
{
	size_t n, len = strcspn(e->detail, ":");
	const struct site_line *rows = lines_of(s, &n);
	char sentence[200];

	if (e->code == ERR_DUPLICATE) {
		say_at(ui, s, s->team ? L_TEAM : L_TYPE, s->team ? _("本项目已有同名的班组：换一个名称") : _("这个单位已经以这个类型参建"));
		return;
	}
	for (size_t i = 0; e->code == ERR_FINDINGS && i < n; i++) {
		if (strlen(rows[i].name) != len || strncmp(rows[i].name, e->detail, len))
			continue;
		text_format(sentence, sizeof(sentence), _("%s不对：%s"), _(rows[i].label), _(rows[i].help));
		say_at(ui, s, rows[i].id, sentence);
		return;
	}
	ui_fail_why(ui, e);
}

static enum reaction site_save(struct ui *ui, void *owner, struct sheet *f)
{
	struct site_form *s = owner;
	struct err e = {0};

	(void)f;
	if (!short_form_complete(ui, &s->form))
		return STAY;
	if (s->team ? add_team(ui, s, &e) : add_company(ui, s, &e)) {
		refused(ui, s, &e);
		return STAY;
	}
	short_form_done(ui, &s->form);
	ui_say(ui, SAY_DONE, _("已添加 %s"), short_form_text(&s->form, s->team ? L_TEAM : L_COMPANY));
	ui_changed(ui);
	return CLOSE;
}

static const struct form_owner owner_ops = {.leave = site_leave, .choices = site_choices, .typed = short_form_typed, .save = site_save};

static int site_form_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct site_form *s = state;
	const struct site_form_arg *a = arg;
	size_t n;
	const struct site_line *lines;

	form_init(&s->form.sheet, &owner_ops, s);
	if (!desk_profile(ui_desk(ui)))
		return err_set(e, ERR_NO_PROJECT, NULL);
	s->team = a->kind == SITE_FORM_TEAM;
	lines = lines_of(s, &n);
	for (size_t i = 0; i < n; i++) {
		struct form_line *l = short_form_add(&s->form, (int)lines[i].id, lines[i].name, lines[i].label, lines[i].help, lines[i].max_chars);

		l->choice = lines[i].choice;
		l->required = lines[i].required;
	}
	text_copy(s->form.draft, sizeof(s->form.draft), s->team ? DRAFT_TEAM : DRAFT_COMPANY);
	short_form_resume(ui, &s->form, NULL);
	if (s->team && !form_find(&s->form.sheet, L_KIND)->text[0]) /* most teams are (JM-1 2.6.1) */
		short_form_choose(ui, &s->form, form_find(&s->form.sheet, L_KIND), "worker");
	if (s->team && a->participant_uid)
		short_form_choose(ui, &s->form, form_find(&s->form.sheet, L_PARTICIPANT), a->participant_uid);
	form_begin(&s->form.sheet, -1);
	return 0;
}

static void site_form_close(struct ui *ui, void *state)
{
	struct site_form *s = state;

	short_form_keep(ui, &s->form, clock_steady_ms());
	form_release(&s->form.sheet);
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
	.draw = short_form_draw,
	.key = short_form_key,
	.event = short_form_event,
	.close = site_form_close,
	.typing = form_typing,
	.actions = short_form_actions,
	.n_actions = SHORT_FORM_ACTIONS,
	.shared = form_actions,
	.n_shared = FORM_ACTIONS,
};
