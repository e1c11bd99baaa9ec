/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Projects (B1, B2, B5, B8, B9): the current one with what does not agree, all of this box, those the platform offers, applications. */
#include "base/i18n.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "clear_out.h"
#include "desk/paper.h"
#include "desk/particulars.h"
#include "desk/project.h"
#include "dialog.h"
#include "form.h"
#include "list.h"
#include "paper_one.h"
#include "screen_list.h"

static void list_close(struct ui *ui, void *state)
{
	(void)ui;
	if (((struct list *)state)->src)
		list_release(state);
}

static void list_paint(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	list_draw(ui, state, c, a, true);
}

static void list_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	if (ev->kind == UI_EVENT_CHANGED)
		list_reload(ui, state);
}

static bool has_row(const void *state)
{
	return list_has_row(state);
}

/* --- the current project --------------------------------------------------------------------------------------------------------------------- */

struct project_line { int64_t id; char label[64], text[300]; unsigned attr; };

struct project_state_of_screen {
	struct list list; /* first */
	enum event event; /* asked about */
	struct clearing clearing;
};

#define LINES_MOST (PROJECT_NOTES + PARTICULARS_MAX + 6)

struct filling { struct project_line *line; size_t n, cap; };

static struct project_line *add(struct filling *f, const char *label, const char *text)
{
	static struct project_line beyond;
	struct project_line *l = f->n < f->cap ? &f->line[f->n] : &beyond;

	*l = (struct project_line){.id = (int64_t)f->n + 1};
	text_copy(l->label, sizeof(l->label), label);
	text_copy(l->text, sizeof(l->text), text);
	f->n += f->n < f->cap;
	return l;
}

static void add_view(struct filling *f, const struct project_view *v)
{
	char text[64];

	add(f, _("合同名称"), v->title);
	text_format(text, sizeof(text), _("%s，在场 %lld 人"), state_word(CYCLE_PROJECT, v->state), (long long)v->on_site);
	add(f, _("项目状态"), text);
	if (v->manager[0])
		add(f, _("项目经理"), v->manager);
	for (size_t i = 0; i < v->notes; i++)
		add(f, v->note[i].severity == SEVERITY_NONE ? _("请留意") : _("请核对"), v->note[i].sentence)->attr =
			v->note[i].severity == SEVERITY_BLOCK ? ATTR_RED : v->note[i].severity == SEVERITY_WARN ? ATTR_YELLOW : 0;
}

/* A code's word, of the table that the profile has for it. */
static const char *word_of(struct ui *ui, const struct particular *row, const char *value, struct sheet_choice *c)
{
	for (size_t k = 0; row->codes && desk_sheet_choice(ui_desk(ui), row, k, c); k++)
		if (!strcmp(c->code, value))
			return c->word;
	return value;
}

static void add_sheet(struct ui *ui, struct filling *f, const struct particulars *p)
{
	const struct particular *rows = NULL;
	size_t n = particulars_rows(p->sheet, &rows);
	struct sheet_choice c;

	for (size_t i = 0; i < n; i++)
		if (p->value[i][0] && strcmp(rows[i].name, "contract_name")) /* that stands above as the title */
			add(f, _(rows[i].label), word_of(ui, &rows[i], p->value[i], &c));
}

static int project_load(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n, void *next, bool *more, struct err *e)
{
	struct filling f = {.line = rows, .cap = cap < LINES_MOST ? cap : LINES_MOST};
	struct particulars p;
	struct project_view v;

	(void)owner;
	(void)anchor;
	(void)next;
	if (desk_project_view(ui_desk(ui), &v, e) || desk_sheet_masked(ui_desk(ui), SHEET_PROJECT, desk_project(ui_desk(ui))->uid, &p, e))
		return -1;
	add_view(&f, &v);
	add_sheet(ui, &f, &p);
	wipe(&p, sizeof(p));
	*n = f.n;
	*more = false;
	return 0;
}

static int64_t line_id(const void *row)
{
	return ((const struct project_line *)row)->id;
}

static void col_label(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct project_line *)row)->label);
}

static void col_text(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct project_line *)row)->text);
}

static unsigned attr_text(const void *row)
{
	return ((const struct project_line *)row)->attr;
}

static const struct column project_columns[] = {
	{.heading = N_("项目"), .width = 18, .text = col_label, .name = true},
	{.heading = N_("内容"), .width = 58, .text = col_text, .attr = attr_text},
};

static const struct list_source project_source = {.row_size = sizeof(struct project_line), .load = project_load, .id = line_id,
	.columns = project_columns, .n_columns = ARRAY_LEN(project_columns), .empty = N_("没有项目")};

static int project_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	(void)arg;
	if (!desk_project(ui_desk(ui)))
		return err_set(e, ERR_NO_PROJECT, NULL);
	list_init(state, &project_source, state);
	return 0;
}

static void project_heading(struct ui *ui, const void *state, char *out, size_t size)
{
	(void)state;
	text_copy(out, size, desk_project(ui_desk(ui)) ? desk_project(ui_desk(ui))->name : "");
}

static void moved(struct ui *ui, void *owner, int answer, const char *input)
{
	struct project_state_of_screen *s = owner;
	struct err e = {0};
	date_t on = DATE_NONE;

	if (answer != 1)
		return;
	if (input[0] && (!date_parse(input, &on) || on == DATE_LONG_TERM)) {
		ui_say(ui, SAY_ERROR, "%s", _("日期不对：例如 2026-11-20，不填为今天"));
		return;
	}
	if (desk_project_act(ui_desk(ui), s->event, on, &e)) {
		ui_fail_why(ui, &e);
		return;
	}
	ui_say(ui, SAY_DONE, _("已办理%s"), event_word(s->event));
	ui_changed(ui);
	if (s->event == EVENT_COMPLETE)
		clear_out_ask(ui, &s->clearing, CLEAR_PROJECT, "", desk_project(ui_desk(ui))->name);
}

static void event_picked(struct ui *ui, void *owner, const struct form_choice *choice)
{
	struct project_state_of_screen *s = owner;
	char text[200];

	if (!event_parse(choice->value, &s->event))
		return;
	text_format(text, sizeof(text), _("项目：%s。不填日期为今天。"), choice->label);
	dialog_ask(ui, &(struct dialog_arg){.title = N_("请确认"), .text = text, .button = {N_("不办"), N_("办理")}, .n_buttons = 2, .focus = 0,
					    .input_label = N_("日期"), .input_chars = 10, .done = moved, .owner = s});
}

static enum reaction act_status(struct ui *ui, void *state)
{
	enum event events[8];
	size_t n = desk_project_possible(ui_desk(ui), events, ARRAY_LEN(events));
	struct form_choice *all = calloc(ARRAY_LEN(events), sizeof(*all));

	if (!n || !all) {
		free(all);
		ui_say(ui, SAY_INFO, "%s", _("项目现在没有您的帐号可以办理的状态变更"));
		return STAY;
	}
	for (size_t i = 0; i < n; i++) {
		text_copy(all[i].value, sizeof(all[i].value), event_name(events[i]));
		text_copy(all[i].label, sizeof(all[i].label), event_word(events[i]));
	}
	ui_push(ui, &picker_screen, &(struct picker_arg){.title = N_("项目状态"), .choices = all, .n = n, .typed = "", .done = event_picked, .owner = state});
	return STAY;
}

static enum reaction act_edit(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &sheet_form_screen, &(struct sheet_form_arg){.sheet = SHEET_PROJECT, .uid = desk_project(ui_desk(ui))->uid});
	return STAY;
}

static enum reaction act_clear(struct ui *ui, void *state)
{
	struct project_state_of_screen *s = state;

	clear_out_ask(ui, &s->clearing, CLEAR_PROJECT, "", desk_project(ui_desk(ui))->name);
	return STAY;
}

#define OPENS(name, screen)                                                                                                                \
	static enum reaction name(struct ui *ui, void *state)                                                                              \
	{                                                                                                                                  \
		(void)state;                                                                                                               \
		ui_push(ui, &screen, NULL);                                                                                                \
		return STAY;                                                                                                               \
	}
OPENS(act_projects, projects_screen)
OPENS(act_applications, applications_screen)

static const struct action project_actions[] = {
	{'i', 0, "edit", N_("资料"), N_("查看和修改项目的全部资料"), act_edit, NEEDS_KEY},
	{'s', 0, "status", N_("状态"), N_("开工、停工、复工、竣工、终止监督"), act_status, NEEDS_KEY},
	{'x', 0, "clear", N_("全部退场"), N_("工程完工：人员、班组、参建单位一次办理退场"), act_clear, NEEDS_KEY},
	{'p', 0, "projects", N_("换项目"), N_("本机的全部项目：切换、添加、从平台获取"), act_projects, 0},
	{'k', 0, "applications", N_("项目申报"), N_("项目申报的资料、结果和所得账号"), act_applications, NEEDS_KEY},
};

const struct screen_ops project_screen = {
	.name = "project",
	.title = N_("当前项目"),
	.state_size = sizeof(struct project_state_of_screen),
	.open = project_open,
	.heading = project_heading,
	.draw = list_paint,
	.event = list_event,
	.close = list_close,
	.has_row = has_row,
	.flags = SCREEN_TAKES_CARD,
	.actions = project_actions,
	.n_actions = ARRAY_LEN(project_actions),
	.shared = list_actions,
	.n_shared = LIST_ACTIONS,
};

/* --- all projects of this box ------------------------------------------------------------------------------------------------------------------ */

struct projects {
	struct list list; /* first */
	char text[100];
};

static int projects_load(struct ui *ui, void *owner, int64_t id, void *rows, size_t cap, size_t *n, struct err *e)
{
	return desk_project_search(ui_desk(ui), ((const struct projects *)owner)->text, id, rows, cap, n, e);
}

static int64_t project_id(const void *row)
{
	return ((const struct project *)row)->id;
}

static void col_project(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct project *)row)->name);
}

static void col_code(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct project *)row)->code);
}

static void col_status(const void *row, char *out, size_t size)
{
	int state = 0;

	state_parse(CYCLE_PROJECT, ((const struct project *)row)->status, &state);
	text_copy(out, size, state_word(CYCLE_PROJECT, state));
}

static void col_rules(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct project *)row)->profile);
}

static const struct column projects_columns[] = {
	{.heading = N_("项目名称"), .width = 38, .text = col_project, .name = true},
	{.heading = N_("项目编码"), .width = 18, .text = col_code},
	{.heading = N_("状态"), .width = 9, .text = col_status},
	{.heading = N_("地区规则"), .width = 10, .text = col_rules},
};

static const struct list_source projects_source = {.row_size = sizeof(struct project), .behind = projects_load, .id = project_id,
	.columns = projects_columns, .n_columns = ARRAY_LEN(projects_columns), .empty = N_("没有相符的项目：按 / 另找")};

static int projects_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	(void)ui;
	(void)arg;
	(void)e;
	list_init(state, &projects_source, state);
	return 0;
}

static void projects_heading(struct ui *ui, const void *state, char *out, size_t size)
{
	const struct projects *s = state;

	text_format(out, size, _("现在是 %s%s%s"), desk_project(ui_desk(ui)) ? desk_project(ui_desk(ui))->name : "", s->text[0] ? _("  找：") : "",
		    s->text);
}

static enum reaction act_use(struct ui *ui, void *state)
{
	const struct project *p = list_selected(ui, state);
	struct err e = {0};
	char name[NAME_TEXT];

	if (!p)
		return STAY;
	text_copy(name, sizeof(name), p->name);
	if (desk_project_use(ui_desk(ui), p->id, &e)) {
		ui_fail(ui, &e);
		return STAY;
	}
	ui_changed(ui);
	ui_to_home(ui); /* what lies open belongs to the other project */
	ui_say(ui, SAY_DONE, _("当前项目：%s"), name);
	return STAY;
}

static void project_named(struct ui *ui, void *owner, int answer, const char *input)
{
	struct project made;
	struct err e = {0};

	(void)owner;
	if (answer != 1)
		return;
	if (desk_project_add(ui_desk(ui), &(struct project_new){.name = input}, &made, &e)) {
		ui_fail_why(ui, &e);
		return;
	}
	ui_say(ui, SAY_DONE, _("已建立项目 %s（筹备）；回车切换到它，再填写资料"), made.name);
	ui_changed(ui);
}

static enum reaction act_add_project(struct ui *ui, void *state)
{
	dialog_ask(ui, &(struct dialog_arg){.title = N_("添加项目"), .text = _("用当前项目的地区规则建立一个项目，状态为筹备。"),
					    .button = {N_("返回"), N_("建立")}, .n_buttons = 2, .focus = 1, .input_label = N_("名称"), .input_chars = 80,
					    .input_needed = true, .done = project_named, .owner = state});
	return STAY;
}

static void project_searched(struct ui *ui, void *owner, int answer, const char *input)
{
	struct projects *s = owner;

	if (answer != 1)
		return;
	text_copy(s->text, sizeof(s->text), input);
	list_restart(ui, &s->list);
}

static enum reaction act_find_project(struct ui *ui, void *state)
{
	dialog_ask(ui, &(struct dialog_arg){.title = N_("查找项目"), .text = _("名称的一部分，或项目编码、实名制编号、征管编号、合同编码的开头；不填为全部。"),
					    .button = {N_("返回"), N_("查找")}, .n_buttons = 2, .focus = 1, .input_label = N_("找："), .input_chars = 40,
					    .done = project_searched, .owner = state});
	return STAY;
}

OPENS(act_offers, offers_screen)

static const struct action projects_actions[] = {
	{K_ENTER, 0, "use", N_("切换"), N_("切换到选中的项目；各画面都换成这个项目的"), act_use, NEEDS_ROW},
	{'a', 0, "add", N_("添加项目"), N_("在本机再建立一个项目"), act_add_project, NEEDS_KEY},
	{'g', 0, "offers", N_("从平台获取"), N_("平台上已备案、还没有获取的项目"), act_offers, NEEDS_KEY},
	{'/', K_F3, "search", N_("查找"), N_("按名称或任一编号查找项目"), act_find_project, 0},
};

const struct screen_ops projects_screen = {
	.name = "projects",
	.title = N_("全部项目"),
	.state_size = sizeof(struct projects),
	.open = projects_open,
	.heading = projects_heading,
	.draw = list_paint,
	.event = list_event,
	.close = list_close,
	.has_row = has_row,
	.actions = projects_actions,
	.n_actions = ARRAY_LEN(projects_actions),
	.shared = list_actions,
	.n_shared = LIST_ACTIONS,
};

/* --- what the platform offers ---------------------------------------------------------------------------------------------------------------------- */

static int offers_load(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n, void *next, bool *more, struct err *e)
{
	struct project_offer *row = rows;
	int64_t after = 0;

	(void)owner;
	if (anchor)
		memcpy(&after, anchor, sizeof(after));
	if (desk_offer_list(ui_desk(ui), after, row, cap, n, e))
		return -1;
	if (*n)
		memcpy(next, &row[*n - 1].id, sizeof(after));
	*more = *n == cap;
	return 0;
}

static int64_t offer_id(const void *row)
{
	return ((const struct project_offer *)row)->id;
}

static void col_offer(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct project_offer *)row)->name);
}

static void col_levy(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct project_offer *)row)->levy_code);
}

static void col_offer_code(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct project_offer *)row)->code);
}

static const struct column offer_columns[] = {
	{.heading = N_("项目名称"), .width = 36, .text = col_offer, .name = true},
	{.heading = N_("项目编码"), .width = 20, .text = col_offer_code},
	{.heading = N_("征管编号"), .width = 20, .text = col_levy},
};

static const struct list_source offer_source = {.row_size = sizeof(struct project_offer), .load = offers_load, .id = offer_id, .columns = offer_columns,
	.n_columns = ARRAY_LEN(offer_columns), .empty = N_("平台没有送来可获取的项目；上传和接收时自动更新")};

static int offers_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	(void)ui;
	(void)arg;
	(void)e;
	list_init(state, &offer_source, state);
	return 0;
}

static void offer_taken(struct ui *ui, void *owner, int answer, const char *input)
{
	const struct project_offer *o = list_selected(ui, owner);
	struct project made;
	struct err e = {0};

	(void)input;
	if (answer != 1 || !o)
		return;
	if (desk_offer_take(ui_desk(ui), o->id, &made, &e)) {
		ui_fail_why(ui, &e);
		return;
	}
	ui_say(ui, SAY_DONE, _("已获取项目 %s；在全部项目中切换到它"), made.name);
	ui_changed(ui);
}

static enum reaction act_take(struct ui *ui, void *state)
{
	const struct project_offer *o = list_selected(ui, state);
	char text[NAME_TEXT + 100];

	if (!o)
		return STAY;
	text_format(text, sizeof(text), _("获取项目“%s”到本机？"), o->name);
	dialog_ask(ui, &(struct dialog_arg){.title = N_("从平台获取"), .text = text, .button = {N_("返回"), N_("获取")}, .n_buttons = 2, .focus = 1,
					    .done = offer_taken, .owner = state});
	return STAY;
}

static const struct action offer_actions[] = {
	{K_ENTER, 0, "take", N_("获取"), N_("把选中的项目获取到本机"), act_take, NEEDS_ROW},
};

const struct screen_ops offers_screen = {
	.name = "offers",
	.title = N_("可获取的项目"),
	.state_size = sizeof(struct list),
	.open = offers_open,
	.draw = list_paint,
	.event = list_event,
	.close = list_close,
	.has_row = has_row,
	.actions = offer_actions,
	.n_actions = ARRAY_LEN(offer_actions),
	.shared = list_actions,
	.n_shared = LIST_ACTIONS,
};

/* --- applications ------------------------------------------------------------------------------------------------------------------------------------ */

struct applications {
	struct list list; /* first */
	struct paper_one one;
	enum event event;
	char uid[UID_TEXT];
};

static int applications_load(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n, void *next, bool *more,
			     struct err *e)
{
	struct application_row *row = rows;
	int64_t after = 0;

	(void)owner;
	if (anchor)
		memcpy(&after, anchor, sizeof(after));
	if (desk_application_list(ui_desk(ui), after, row, cap, n, e))
		return -1;
	if (*n)
		memcpy(next, &row[*n - 1].id, sizeof(after));
	*more = *n == cap;
	return 0;
}

static int64_t application_id(const void *row)
{
	return ((const struct application_row *)row)->id;
}

static void col_application(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct application_row *)row)->name);
}

static void col_answer(const void *row, char *out, size_t size)
{
	text_copy(out, size, state_word(CYCLE_APPLICATION, (int)((const struct application_row *)row)->state));
}

static void col_applied(const void *row, char *out, size_t size)
{
	char on[DATE_TEXT];

	date_format(((const struct application_row *)row)->applied_on, on);
	text_copy(out, size, on);
}

static void col_answered(const void *row, char *out, size_t size)
{
	char on[DATE_TEXT];

	date_format(((const struct application_row *)row)->answered_on, on);
	text_copy(out, size, on);
}

static const struct column application_columns[] = {
	{.heading = N_("项目名称"), .width = 38, .text = col_application, .name = true},
	{.heading = N_("结果"), .width = 13, .text = col_answer},
	{.heading = N_("申报日期"), .width = 12, .text = col_applied},
	{.heading = N_("答复日期"), .width = 12, .text = col_answered},
};

static const struct list_source application_source = {.row_size = sizeof(struct application_row), .load = applications_load, .id = application_id,
	.columns = application_columns, .n_columns = ARRAY_LEN(application_columns),
	.empty = N_("没有申报：按 a 填写；填好后在平台网页上申报，结果登记在这里")};

static int applications_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	(void)ui;
	(void)arg;
	(void)e;
	list_init(state, &application_source, state);
	return 0;
}

static enum reaction act_application(struct ui *ui, void *state)
{
	const struct application_row *a = list_selected(ui, state);

	if (a)
		ui_push(ui, &sheet_form_screen, &(struct sheet_form_arg){.sheet = SHEET_APPLICATION, .uid = a->uid});
	return STAY;
}

static enum reaction act_apply(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &sheet_form_screen, &(struct sheet_form_arg){.sheet = SHEET_APPLICATION});
	return STAY;
}

static void application_answered(struct ui *ui, void *owner, int answer, const char *input)
{
	struct applications *s = owner;
	struct err e = {0};

	if (answer != 1)
		return;
	if (desk_application_act(ui_desk(ui), s->uid, s->event, DATE_NONE, input, &e)) {
		ui_fail_why(ui, &e);
		return;
	}
	ui_say(ui, SAY_DONE, _("已办理%s"), event_word(s->event));
	ui_changed(ui);
}

static enum reaction ask_application(struct ui *ui, struct applications *s, enum event event)
{
	const struct application_row *a = list_selected(ui, &s->list);
	char text[NAME_TEXT + 100];

	if (!a)
		return STAY;
	s->event = event;
	text_copy(s->uid, sizeof(s->uid), a->uid);
	text_format(text, sizeof(text), _("项目“%s”：%s。"), a->name, event_word(event));
	dialog_ask(ui, &(struct dialog_arg){.title = N_("请确认"), .text = text, .button = {N_("不办"), N_("办理")}, .n_buttons = 2, .focus = 0,
					    .input_label = N_("说明"), .done = application_answered, .owner = s});
	return STAY;
}

#define ANSWER(name, event)                                                                                                                \
	static enum reaction name(struct ui *ui, void *state)                                                                              \
	{                                                                                                                                  \
		return ask_application(ui, state, event);                                                                                  \
	}
ANSWER(act_approved, EVENT_APPROVE)
ANSWER(act_turned_down, EVENT_TURN_DOWN)
ANSWER(act_again, EVENT_APPLY)

static int put_application(struct desk *d, const struct paper_one *one, struct office_out *out, struct err *e)
{
	cJSON *sheet = NULL;

	return desk_paper_application(d, one->uid, &sheet, e) ? -1 : paper_one_put(sheet, out, e);
}

static enum reaction act_application_paper(struct ui *ui, void *state)
{
	struct applications *s = state;
	const struct application_row *a = list_selected(ui, &s->list);

	if (!a)
		return STAY;
	s->one = (struct paper_one){.list = "application", .put = put_application};
	text_copy(s->one.uid, sizeof(s->one.uid), a->uid);
	paper_one_ask(ui, &s->one);
	return STAY;
}

static const struct action application_actions[] = {
	{K_ENTER, 0, "open", N_("资料"), N_("打开申报资料；通过后把所得账号填在这里"), act_application, NEEDS_ROW},
	{'a', 0, "add", N_("填写申报"), N_("准备一份申报资料，填好后照着在平台网页上申报"), act_apply, NEEDS_KEY},
	{'y', 0, "approved", N_("已通过"), N_("登记平台的答复：审核通过"), act_approved, NEEDS_ROW},
	{'n', 0, "refused", N_("不通过"), N_("登记平台的答复：审核不通过，写明原因"), act_turned_down, NEEDS_ROW},
	{'r', 0, "again", N_("重新申报"), N_("改好资料后重新申报"), act_again, NEEDS_ROW},
	{'w', 0, "paper", N_("打印一条"), N_("把选中的申报写成 PDF 或送打印机，签字用"), act_application_paper, NEEDS_ROW | NEEDS_KEY},
};

const struct screen_ops applications_screen = {
	.name = "applications",
	.title = N_("项目申报"),
	.state_size = sizeof(struct applications),
	.open = applications_open,
	.draw = list_paint,
	.event = list_event,
	.close = list_close,
	.has_row = has_row,
	.actions = application_actions,
	.n_actions = ARRAY_LEN(application_actions),
	.shared = list_actions,
	.n_shared = LIST_ACTIONS,
};
