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
#include "base/log.h"
#include "base/text.h"
#include "desk/upkeep.h"
#include "domain/credit_code.h"
#include "form.h"
#include "screen_list.h"

#define ROWS_MOST 500
#define DRAFT_MS 1000

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
	struct sheet sheet; /* first */
	bool team;
	bool changed, kept; /* typed since the last draft; a draft is stored */
	int64_t kept_at;
	bool saved;
};

static const struct site_line *lines_of(const struct site_form *s, size_t *n)
{
	*n = s->team ? ARRAY_LEN(team_lines) : ARRAY_LEN(company_lines);
	return s->team ? team_lines : company_lines;
}

/* --- drafts ---------------------------------------------------------------------------------------------------------------------------- */

static const char *draft_form(const struct site_form *s)
{
	return s->team ? DRAFT_TEAM : DRAFT_COMPANY;
}

static void keep_draft(struct ui *ui, struct site_form *s, int64_t now)
{
	struct draft_text texts[DRAFT_TEXTS_MAX];
	size_t n;
	const struct site_line *lines = lines_of(s, &n);
	struct err e = {0};

	if (!s->changed || s->saved || !desk_session(ui_desk(ui))->has_key)
		return;
	for (size_t i = 0; i < n; i++) {
		const struct form_line *l = form_find(&s->sheet, (int)lines[i].id);

		texts[i] = (struct draft_text){lines[i].name, l->choice && l->value[0] ? l->value : l->text};
	}
	s->kept_at = now;
	if (desk_draft_save_texts(ui_desk(ui), draft_form(s), texts, n, &e)) {
		log_err("keeping a draft", &e);
		ui_fail(ui, &e);
		return;
	}
	s->changed = false;
	s->kept = true;
}

static void drop_draft(struct ui *ui, struct site_form *s)
{
	struct err e = {0};

	if (s->kept && desk_draft_drop(ui_desk(ui), draft_form(s), &e))
		log_err("dropping a draft", &e);
	s->kept = s->changed = false;
}

/* --- lines ----------------------------------------------------------------------------------------------------------------------------- */

static const char *text_of(struct site_form *s, enum line_id id)
{
	struct form_line *l = form_find(&s->sheet, (int)id);

	return l ? (l->choice ? l->value : l->text) : "";
}

/* A company that the library knows, from this project or another one of this box, need not be typed again. */
static void fill_company(struct ui *ui, struct site_form *s)
{
	struct form_line *name = form_find(&s->sheet, L_COMPANY);
	char code[CREDIT_CODE_TEXT];
	struct company_row known;

	if (!credit_code_normalise(text_of(s, L_CREDIT), code) || desk_company_by_code(ui_desk(ui), code, &known, NULL))
		return;
	form_set(&s->sheet, name, known.name, NULL);
	form_find_out(&s->sheet, name, SEVERITY_NONE, "");
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

static void site_typed(struct ui *ui, void *owner, struct sheet *f)
{
	(void)ui;
	(void)f;
	((struct site_form *)owner)->changed = true;
}

static size_t type_choices(struct ui *ui, const char *table, struct form_choice *out, size_t cap)
{
	const struct code *codes;
	size_t n = profile_codes(desk_profile(ui_desk(ui)), table, &codes);

	n = n < cap ? n : cap;
	for (size_t i = 0; i < n; i++)
		form_choice_of_code(&out[i], &codes[i]);
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

static int participant_rows(struct ui *ui, struct site_form *s, struct err *e)
{
	char uid[UID_TEXT] = "", participant[UID_TEXT], code[CREDIT_CODE_TEXT];
	struct company_row known;
	struct company_new c = {.credit_code = text_of(s, L_CREDIT), .name = text_of(s, L_COMPANY), .short_name = text_of(s, L_SHORT),
				.area_code = text_of(s, L_AREA), .registered_on = text_of(s, L_REGISTERED)};
	struct participant_new p = {.company_uid = uid, .type = text_of(s, L_TYPE), .manager_name = text_of(s, L_MANAGER),
				    .manager_phone = text_of(s, L_PHONE)};

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
	struct team_new t = {.name = text_of(s, L_TEAM), .kind = text_of(s, L_KIND), .participant_uid = text_of(s, L_PARTICIPANT)};

	return desk_team_add(ui_desk(ui), &t, uid, e);
}

static void say_at(struct ui *ui, struct site_form *s, enum line_id line, const char *sentence)
{
	form_find_out(&s->sheet, form_find(&s->sheet, (int)line), SEVERITY_BLOCK, sentence);
	form_focus_first_block(ui, &s->sheet);
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
	if (!complete(ui, s))
		return STAY;
	if (s->team ? add_team(ui, s, &e) : add_company(ui, s, &e)) {
		refused(ui, s, &e);
		return STAY;
	}
	drop_draft(ui, s);
	s->saved = true;
	ui_say(ui, SAY_DONE, _("已添加 %s"), text_of(s, s->team ? L_TEAM : L_COMPANY));
	ui_changed(ui);
	return CLOSE;
}

static const struct form_owner owner_ops = {.leave = site_leave, .choices = site_choices, .typed = site_typed, .save = site_save};

/* A value that stands in the list shows its word; what names nothing any more is shown as it was typed, and checked at leaving. */
static void set_choice(struct ui *ui, struct site_form *s, struct form_line *l, const char *value)
{
	struct form_choice *all = calloc(CHOICES_MAX, sizeof(*all));
	size_t n = all ? site_choices(ui, s, &s->sheet, (size_t)(l - s->sheet.line), all, CHOICES_MAX) : 0;

	for (size_t i = 0; i < n; i++)
		if (!strcmp(all[i].value, value)) {
			form_set(&s->sheet, l, all[i].label, all[i].value);
			free(all);
			return;
		}
	free(all);
	form_set(&s->sheet, l, value, NULL);
}

struct resuming { struct ui *ui; struct site_form *s; };

static void take_text(void *arg, const struct draft_text *text)
{
	struct resuming *r = arg;
	size_t n;
	const struct site_line *lines = lines_of(r->s, &n);

	for (size_t i = 0; i < n; i++)
		if (!strcmp(lines[i].name, text->name)) {
			struct form_line *l = form_find(&r->s->sheet, (int)lines[i].id);

			if (l->choice)
				set_choice(r->ui, r->s, l, text->text);
			else
				form_set(&r->s->sheet, l, text->text, NULL);
		}
}

static void resume(struct ui *ui, struct site_form *s)
{
	struct resuming r = {ui, s};
	struct err e = {0};

	if (!desk_session(ui_desk(ui))->has_key)
		return;
	if (desk_draft_load_texts(ui_desk(ui), draft_form(s), take_text, &r, &s->kept, &e)) {
		log_err("loading a draft", &e);
		ui_fail(ui, &e);
	} else if (s->kept) {
		ui_say(ui, SAY_INFO, "%s", _("接着上次没有填完的内容"));
	}
}

static int site_form_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct site_form *s = state;
	const struct site_form_arg *a = arg;
	size_t n;
	const struct site_line *lines;

	form_init(&s->sheet, &owner_ops, s);
	if (!desk_profile(ui_desk(ui)))
		return err_set(e, ERR_NO_PROJECT, NULL);
	s->team = a->kind == SITE_FORM_TEAM;
	lines = lines_of(s, &n);
	for (size_t i = 0; i < n; i++) {
		struct form_line *l = form_add(&s->sheet, (int)lines[i].id, lines[i].label, lines[i].help, lines[i].max_chars);

		l->choice = lines[i].choice;
		l->required = lines[i].required;
	}
	resume(ui, s);
	if (s->team && !form_find(&s->sheet, L_KIND)->text[0]) /* most teams are (JM-1 2.6.1) */
		set_choice(ui, s, form_find(&s->sheet, L_KIND), "worker");
	if (s->team && a->participant_uid)
		set_choice(ui, s, form_find(&s->sheet, L_PARTICIPANT), a->participant_uid);
	form_begin(&s->sheet, -1);
	return 0;
}

static void site_form_close(struct ui *ui, void *state)
{
	struct site_form *s = state;

	keep_draft(ui, s, clock_steady_ms());
	form_release(&s->sheet);
}

static void site_form_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	struct site_form *s = state;

	if (ev->kind == UI_EVENT_TICK)
		form_tick(ui, &s->sheet, ev->now);
	if (ev->kind == UI_EVENT_LEAVING || (ev->kind == UI_EVENT_TICK && s->changed && ev->now - s->kept_at >= DRAFT_MS))
		keep_draft(ui, s, ev->now);
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

static enum reaction act_back(struct ui *ui, void *state)
{
	struct site_form *s = state;

	keep_draft(ui, s, clock_steady_ms());
	if (s->kept) {
		ui_changed(ui);
		ui_say(ui, SAY_INFO, "%s", _("没有保存：填了的内容留作草稿，再打开这张表接着填"));
	}
	return CLOSE;
}

static const struct action actions[] = {
	{K_ESC, 0, "back", N_("返回"), N_("返回；没有保存的内容留作草稿"), act_back, 0},
};

const struct screen_ops site_form_screen = {
	.name = "site_form",
	.title = N_("添加"),
	.state_size = sizeof(struct site_form),
	.open = site_form_open,
	.heading = site_form_heading,
	.draw = site_form_draw,
	.key = site_form_key,
	.event = site_form_event,
	.close = site_form_close,
	.typing = form_typing,
	.actions = actions,
	.n_actions = ARRAY_LEN(actions),
	.shared = form_actions,
	.n_shared = FORM_ACTIONS,
};
