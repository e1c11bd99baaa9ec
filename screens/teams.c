/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Teams and participants of the project: lists, entry and exit, association. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "desk/acts.h"
#include "associations.h"
#include "clear_out.h"
#include "dialog.h"
#include "list.h"
#include "members.h"
#include "screen_list.h"

#define ROWS_MOST 1000

/* --- rows: both lists are short enough for the desk to give whole; a page is a window on them ------------------------------------------------- */

struct site_list {
	struct list list;      /* first */
	void *rows;            /* all of them */
	size_t n;
	enum event event;      /* asked about */
	char uid[UID_TEXT];    /* of the row asked about */
	int (*act)(struct desk *, const char *uid, enum event, date_t on, struct err *); /* what is being asked for */
	struct association_ask association;
	struct clearing clearing;
	bool adding;           /* the form for a new one was opened from here: what it adds is selected */
	int64_t newest;        /* when it was opened */
};

static int64_t newest(const struct site_list *s)
{
	const struct list_source *src = s->list.src;
	int64_t most = 0;

	for (size_t i = 0; i < s->n; i++) {
		int64_t id = src->id((const char *)s->rows + i * src->row_size);

		most = id > most ? id : most;
	}
	return most;
}

static void begin_adding(struct site_list *s)
{
	s->adding = true;
	s->newest = newest(s);
}

static int fetch(struct ui *ui, struct site_list *s, size_t row_size, int (*list)(struct desk *, void *, size_t *, struct err *), struct err *e)
{
	void *rows = calloc(ROWS_MOST, row_size);
	size_t n = 0;

	if (!rows)
		return err_set(e, ERR_MEMORY, "rows");
	if (list(ui_desk(ui), rows, &n, e)) {
		free(rows);
		return -1;
	}
	free(s->rows);
	s->rows = rows;
	s->n = n;
	return 0;
}

static int window(const struct site_list *s, size_t row_size, const void *anchor, void *rows, size_t cap, size_t *n, void *next, bool *more)
{
	size_t from = 0;

	if (anchor)
		memcpy(&from, anchor, sizeof(from));
	*n = s->n - from < cap ? s->n - from : cap;
	memcpy(rows, (const char *)s->rows + from * row_size, *n * row_size);
	from += *n;
	memcpy(next, &from, sizeof(from));
	*more = from < s->n;
	return 0;
}

static void site_close(struct ui *ui, void *state)
{
	struct site_list *s = state;

	(void)ui;
	if (s->list.src)
		list_release(&s->list);
	free(s->rows);
}

static bool site_has_row(const void *state)
{
	return list_has_row(state);
}

static void site_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	list_draw(ui, state, c, a, true);
	list_hint(ui, state, a);
}

static const char *dated(enum site_state state, date_t entered, date_t exited, char *out, size_t size)
{
	char on[DATE_TEXT];

	date_format(state == SITE_EXITED ? exited : entered, on);
	text_format(out, size, "%s %s", state_word(CYCLE_PARTICIPANT, (int)state), state == SITE_NOT_ENTERED ? "" : on);
	return out;
}

/* --- teams --------------------------------------------------------------------------------------------------------------------------------------- */

static int list_teams(struct desk *d, void *rows, size_t *n, struct err *e)
{
	return desk_team_list(d, rows, ROWS_MOST, n, e);
}

static int teams_load(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n, void *next, bool *more, struct err *e)
{
	if (!anchor && fetch(ui, owner, sizeof(struct team_row), list_teams, e))
		return -1;
	return window(owner, sizeof(struct team_row), anchor, rows, cap, n, next, more);
}

static int64_t team_id(const void *row)
{
	return ((const struct team_row *)row)->id;
}

static void col_team(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct team_row *)row)->name);
}

static void col_kind(const void *row, char *out, size_t size)
{
	const struct team_row *t = row;

	text_copy(out, size, !strcmp(t->kind, "worker") ? _("普通工人") : !strcmp(t->kind, "management") ? _("管理人员") : _("其他人员"));
}

static void col_team_company(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct team_row *)row)->company);
}

static void col_relation(const void *row, char *out, size_t size)
{
	text_copy(out, size, state_word(CYCLE_TEAM, (int)((const struct team_row *)row)->relation));
}

static void col_team_state(const void *row, char *out, size_t size)
{
	const struct team_row *t = row;

	dated(t->state, t->entered_on, t->exited_on, out, size);
}

static void col_leader(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct team_row *)row)->leader);
}

static void col_team_people(const void *row, char *out, size_t size)
{
	text_format(out, size, "%lld", (long long)((const struct team_row *)row)->on_site);
}

static const struct column team_columns[] = {
	{.heading = N_("班组"), .width = 13, .text = col_team, .name = true},
	{.heading = N_("班组长"), .width = 9, .text = col_leader},
	{.heading = N_("类别"), .width = 9, .drop = 90, .text = col_kind},
	{.heading = N_("单位"), .width = 12, .text = col_team_company},
	{.heading = N_("关联"), .width = 15, .text = col_relation},
	{.heading = N_("进退场"), .width = 19, .text = col_team_state},
	{.heading = N_("在场数"), .width = 7, .text = col_team_people},
};

static const struct list_source team_source = {.row_size = sizeof(struct team_row), .load = teams_load, .id = team_id, .columns = team_columns,
	.n_columns = ARRAY_LEN(team_columns), .empty = N_("还没有班组：按 a 添加")};

static int teams_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	(void)ui;
	(void)arg;
	(void)e;
	list_init(state, &team_source, state);
	return 0;
}

static void site_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	struct site_list *s = state;

	if (ev->kind == UI_EVENT_TICK && ui_top_state(ui) == state)
		s->adding = false;
	if (ev->kind != UI_EVENT_CHANGED)
		return;
	list_reload(ui, &s->list);
	if (s->adding && newest(s) > s->newest)
		list_find_loaded(ui, &s->list, newest(s));
}

/* --- one act on the selected team or participant: asked first, then done --- */

static void site_done(struct ui *ui, void *owner, int answer, const char *input)
{
	struct site_list *s = owner;
	struct err e = {0};

	(void)input;
	if (answer != 1)
		return;
	if (s->act(ui_desk(ui), s->uid, s->event, DATE_NONE, &e)) {
		ui_fail_why(ui, &e);
		return;
	}
	ui_say(ui, SAY_DONE, _("已办理%s"), event_word(s->event));
	ui_changed(ui);
}

static enum reaction ask_site(struct ui *ui, struct site_list *s, const char *uid, const char *text)
{
	text_copy(s->uid, sizeof(s->uid), uid);
	dialog_ask(ui, &(struct dialog_arg){.title = N_("请确认"), .text = text, .button = {N_("不办"), N_("办理")}, .n_buttons = 2, .done = site_done, .owner = s});
	return STAY;
}

static enum reaction ask_team(struct ui *ui, struct site_list *s, enum event event)
{
	const struct team_row *t = list_selected(ui, &s->list);
	char text[NAME_TEXT + 100];

	if (!t)
		return STAY;
	s->event = event;
	s->act = desk_team_act;
	text_format(text, sizeof(text), _("班组“%s”：%s，日期为今天。"), t->name, event_word(event));
	return ask_site(ui, s, t->uid, text);
}

#define TEAM_ACT(name, event)                                                                                                              \
	static enum reaction name(struct ui *ui, void *state)                                                                              \
	{                                                                                                                                  \
		return ask_team(ui, state, event);                                                                                         \
	}
TEAM_ACT(act_team_enter, EVENT_SITE_ENTER)
TEAM_ACT(act_own, EVENT_SET_OWN)

/* With people on site the refusal offers to let all of them out at one stroke (C8). */
static enum reaction act_team_exit(struct ui *ui, void *state)
{
	struct site_list *s = state;
	const struct team_row *t = list_selected(ui, &s->list);

	if (!t || t->automatic || !t->on_site)
		return ask_team(ui, s, EVENT_SITE_EXIT);
	clear_out_ask(ui, &s->clearing, CLEAR_TEAM, t->uid, t->name);
	return STAY;
}

static enum reaction act_associate(struct ui *ui, void *state)
{
	struct site_list *s = state;
	const struct team_row *t = list_selected(ui, &s->list);

	if (t)
		association_ask(ui, &s->association, t, false);
	return STAY;
}

static enum reaction act_unbind(struct ui *ui, void *state)
{
	struct site_list *s = state;
	const struct team_row *t = list_selected(ui, &s->list);

	if (t)
		association_ask(ui, &s->association, t, true);
	return STAY;
}

static void edited(struct ui *ui, struct site_list *s, const char *name, const char *kind)
{
	struct err e = {0};

	if (desk_team_edit(ui_desk(ui), s->uid, name, kind, &e)) {
		ui_fail_why(ui, &e);
		return;
	}
	ui_say(ui, SAY_DONE, "%s", _("班组已修改"));
	ui_changed(ui);
}

static void renamed(struct ui *ui, void *owner, int answer, const char *input)
{
	if (answer == 1)
		edited(ui, owner, input, NULL);
}

static void made_other(struct ui *ui, void *owner, int answer, const char *input)
{
	(void)input;
	if (answer == 1)
		edited(ui, owner, NULL, "other");
}

static enum reaction act_rename(struct ui *ui, void *state)
{
	struct site_list *s = state;
	const struct team_row *t = list_selected(ui, &s->list);
	char text[NAME_TEXT + 100];

	if (!t)
		return STAY;
	text_copy(s->uid, sizeof(s->uid), t->uid);
	text_format(text, sizeof(text), _("班组“%s”改名。同一项目内不重名。"), t->name);
	dialog_ask(ui, &(struct dialog_arg){.title = N_("修改班组"), .text = text, .button = {N_("返回"), N_("保存")}, .n_buttons = 2, .focus = 0,
					    .input_label = N_("名称"), .input_chars = 40, .input_needed = true, .done = renamed, .owner = s});
	return STAY;
}

static enum reaction act_other_staff(struct ui *ui, void *state)
{
	struct site_list *s = state;
	const struct team_row *t = list_selected(ui, &s->list);
	char text[NAME_TEXT + 100];

	if (!t)
		return STAY;
	text_copy(s->uid, sizeof(s->uid), t->uid);
	text_format(text, sizeof(text), _("普通工人班组“%s”改为其他人员班组；不能再改回来。"), t->name);
	dialog_ask(ui, &(struct dialog_arg){.title = N_("修改班组"), .text = text, .button = {N_("返回"), N_("修改")}, .n_buttons = 2, .focus = 0,
					    .done = made_other, .owner = s});
	return STAY;
}

static void gone(struct ui *ui, struct site_list *s, int (*drop)(struct desk *, const char *, struct err *))
{
	struct err e = {0};

	if (drop(ui_desk(ui), s->uid, &e)) {
		ui_fail_why(ui, &e);
		return;
	}
	ui_say(ui, SAY_DONE, "%s", _("已删除"));
	ui_changed(ui);
}

static void team_gone(struct ui *ui, void *owner, int answer, const char *input)
{
	(void)input;
	if (answer == 1)
		gone(ui, owner, desk_team_delete);
}

static void participant_gone(struct ui *ui, void *owner, int answer, const char *input)
{
	(void)input;
	if (answer == 1)
		gone(ui, owner, desk_participant_delete);
}

static enum reaction ask_gone(struct ui *ui, struct site_list *s, const char *uid, const char *text, dialog_done *done)
{
	text_copy(s->uid, sizeof(s->uid), uid);
	dialog_ask(ui, &(struct dialog_arg){.title = N_("删除"), .text = text, .button = {N_("保留"), N_("删除")}, .n_buttons = 2, .focus = 0,
					    .done = done, .owner = s});
	return STAY;
}

static enum reaction act_team_delete(struct ui *ui, void *state)
{
	struct site_list *s = state;
	const struct team_row *t = list_selected(ui, &s->list);
	char text[NAME_TEXT + 100];

	if (!t)
		return STAY;
	text_format(text, sizeof(text), _("删除班组“%s”？只能删除没有进过场、没有上传过的班组。"), t->name);
	return ask_gone(ui, s, t->uid, text, team_gone);
}

static void leader_picked(struct ui *ui, void *owner, const struct form_choice *choice)
{
	struct site_list *s = owner;
	struct err e = {0};

	if (desk_team_lead(ui_desk(ui), s->uid, members_person(choice), &e)) {
		ui_fail_why(ui, &e);
		return;
	}
	ui_say(ui, SAY_DONE, _("班组长已换为 %s，全班组一起换"), choice->label);
	ui_changed(ui);
}

/* C5, C6: one of the team's own people, for all of them at once. */
static enum reaction act_leader(struct ui *ui, void *state)
{
	struct site_list *s = state;
	const struct team_row *t = list_selected(ui, &s->list);

	if (!t)
		return STAY;
	text_copy(s->uid, sizeof(s->uid), t->uid);
	members_pick(ui, &(struct members){.team = t->id, .title = N_("班组长"), .done = leader_picked, .owner = s});
	return STAY;
}

static enum reaction act_associations(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &associations_screen, NULL);
	return STAY;
}

static enum reaction act_team_add(struct ui *ui, void *state)
{
	begin_adding(state);
	ui_push(ui, &site_form_screen, &(struct site_form_arg){.kind = SITE_FORM_TEAM});
	return STAY;
}

static enum reaction act_team_open(struct ui *ui, void *state)
{
	struct site_list *s = state;
	const struct team_row *t = list_selected(ui, &s->list);

	if (t)
		ui_push(ui, &roster_screen, &(struct roster_arg){.team = t->id, .team_name = t->name});
	return STAY;
}

static enum reaction act_companies(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &participants_screen, NULL);
	return STAY;
}

static const struct action team_actions[] = {
	{K_ENTER, 0, "open", N_("成员"), N_("打开这个班组的人员名册"), act_team_open, NEEDS_ROW},
	{'a', 0, "add", N_("新增班组"), N_("在参建单位下添加班组"), act_team_add, 0},
	{'e', 0, "enter", N_("进场"), N_("班组进场；人员在班组进场之后才能进场"), act_team_enter, NEEDS_ROW},
	{'x', 0, "exit", N_("退场"), N_("班组退场；还有人员在场时先人员后班组一次办理"), act_team_exit, NEEDS_ROW},
	{'b', 0, "leader", N_("班组长"), N_("指定或更换班组长，全班组一起换；离场的人不在列表里"), act_leader, NEEDS_ROW},
	{'l', 0, "associate", N_("申请关联"), N_("向登录过平台的劳务单位申请班组关联，附上劳务合同，由对方确认"), act_associate, NEEDS_ROW},
	{'v', 0, "associations", N_("关联列表"), N_("待确认、已关联、已解绑的班组"), act_associations, 0},
	{'u', 0, "unbind", NULL, N_("解除班组关联，附上材料；不必对方确认"), act_unbind, NEEDS_ROW},
	{'o', 0, "own", NULL, N_("把解绑的班组设为本单位班组"), act_own, NEEDS_ROW},
	{'i', 0, "rename", N_("改名"), N_("修改普通工人班组的名称"), act_rename, NEEDS_ROW},
	{'k', 0, "other", NULL, N_("把普通工人班组改为其他人员班组"), act_other_staff, NEEDS_ROW},
	{'d', K_DELETE, "delete", NULL, N_("删除没有进过场、没有上传过的班组"), act_team_delete, NEEDS_ROW},
	{'c', 0, "companies", N_("参建单位"), N_("参建单位的列表、添加、进场、退场"), act_companies, 0},
};

const struct screen_ops teams_screen = {
	.name = "teams",
	.title = N_("项目的班组"),
	.state_size = sizeof(struct site_list),
	.open = teams_open,
	.draw = site_draw,
	.event = site_event,
	.close = site_close,
	.has_row = site_has_row,
	.flags = SCREEN_TAKES_CARD,
	.actions = team_actions,
	.n_actions = ARRAY_LEN(team_actions),
	.shared = list_actions,
	.n_shared = LIST_ACTIONS,
};

/* --- participants ------------------------------------------------------------------------------------------------------------------------------------ */

static int list_participants(struct desk *d, void *rows, size_t *n, struct err *e)
{
	return desk_participant_list(d, rows, ROWS_MOST, n, e);
}

static int participants_load(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n, void *next, bool *more,
			     struct err *e)
{
	if (!anchor && fetch(ui, owner, sizeof(struct participant_row), list_participants, e))
		return -1;
	return window(owner, sizeof(struct participant_row), anchor, rows, cap, n, next, more);
}

static int64_t participant_id(const void *row)
{
	return ((const struct participant_row *)row)->id;
}

static void col_company(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct participant_row *)row)->company);
}

static void col_type(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct participant_row *)row)->type_word);
}

static void col_credit(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct participant_row *)row)->credit_code);
}

static void col_participant_state(const void *row, char *out, size_t size)
{
	const struct participant_row *p = row;

	dated(p->state, p->entered_on, p->exited_on, out, size);
}

static void col_numbers(const void *row, char *out, size_t size)
{
	const struct participant_row *p = row;

	text_format(out, size, "%lld/%lld", (long long)p->teams, (long long)p->on_site);
}

static const struct column participant_columns[] = {
	{.heading = N_("单位"), .width = 32, .text = col_company, .name = true},
	{.heading = N_("类型"), .width = 13, .text = col_type},
	{.heading = N_("信用代码"), .width = 20, .drop = 102, .text = col_credit},
	{.heading = N_("进退场"), .width = 19, .text = col_participant_state},
	{.heading = N_("班组/在场"), .width = 10, .text = col_numbers},
};

static const struct list_source participant_source = {.row_size = sizeof(struct participant_row), .load = participants_load, .id = participant_id,
	.columns = participant_columns, .n_columns = ARRAY_LEN(participant_columns), .empty = N_("还没有参建单位：按 a 添加")};

static int participants_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	(void)ui;
	(void)arg;
	(void)e;
	list_init(state, &participant_source, state);
	return 0;
}

static enum reaction ask_participant(struct ui *ui, struct site_list *s, enum event event)
{
	const struct participant_row *p = list_selected(ui, &s->list);
	char text[NAME_TEXT + 100];

	if (!p)
		return STAY;
	s->event = event;
	s->act = desk_participant_act;
	text_format(text, sizeof(text), _("参建单位“%s”：%s，日期为今天。"), p->company, event_word(event));
	return ask_site(ui, s, p->uid, text);
}

static enum reaction act_participant_enter(struct ui *ui, void *state)
{
	return ask_participant(ui, state, EVENT_SITE_ENTER);
}

/* C8: with people or teams on site all of them are let out in order, at one stroke. */
static enum reaction act_participant_exit(struct ui *ui, void *state)
{
	struct site_list *s = state;
	const struct participant_row *p = list_selected(ui, &s->list);

	if (p && p->state == SITE_ENTERED && (p->on_site || p->teams))
		clear_out_ask(ui, &s->clearing, CLEAR_PARTICIPANT, p->uid, p->company);
	else
		ask_participant(ui, s, EVENT_SITE_EXIT);
	return STAY;
}

static enum reaction act_participant_delete(struct ui *ui, void *state)
{
	struct site_list *s = state;
	const struct participant_row *p = list_selected(ui, &s->list);
	char text[NAME_TEXT + 160];

	if (!p)
		return STAY;
	text_format(text, sizeof(text), _("删除参建单位“%s”？只能删除没有进过场、没有上传过的；企业库保留这个单位。"), p->company);
	return ask_gone(ui, s, p->uid, text, participant_gone);
}

static enum reaction act_participant_edit(struct ui *ui, void *state)
{
	struct site_list *s = state;
	const struct participant_row *p = list_selected(ui, &s->list);

	if (p)
		ui_push(ui, &sheet_form_screen, &(struct sheet_form_arg){.sheet = SHEET_PARTICIPANT, .uid = p->uid});
	return STAY;
}

/* B6: whom this company employs here. */
static enum reaction act_participant_people(struct ui *ui, void *state)
{
	struct site_list *s = state;
	const struct participant_row *p = list_selected(ui, &s->list);

	if (p)
		ui_push(ui, &roster_screen, &(struct roster_arg){.participant = p->id, .team_name = p->short_name[0] ? p->short_name : p->company});
	return STAY;
}

static enum reaction act_library(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &companies_screen, NULL);
	return STAY;
}

static enum reaction act_participant_add(struct ui *ui, void *state)
{
	begin_adding(state);
	ui_push(ui, &site_form_screen, &(struct site_form_arg){.kind = SITE_FORM_COMPANY});
	return STAY;
}

static enum reaction act_participant_team(struct ui *ui, void *state)
{
	struct site_list *s = state;
	const struct participant_row *p = list_selected(ui, &s->list);

	if (p)
		ui_push(ui, &site_form_screen, &(struct site_form_arg){.kind = SITE_FORM_TEAM, .participant_uid = p->uid});
	return STAY;
}

static const struct action participant_actions[] = {
	{K_ENTER, 0, "open", N_("名册"), N_("打开这个单位用工的人员名册"), act_participant_people, NEEDS_ROW},
	{'a', 0, "add", N_("新增单位"), N_("按统一社会信用代码添加参建单位"), act_participant_add, 0},
	{'t', 0, "team", N_("新增班组"), N_("在选中的单位下添加班组"), act_participant_team, NEEDS_ROW},
	{'e', 0, "enter", N_("进场"), N_("参建单位进场；班组在单位进场之后才能进场"), act_participant_enter, NEEDS_ROW},
	{'x', 0, "exit", N_("退场"), N_("参建单位退场；还有人员、班组在场时按顺序一次办理"), act_participant_exit, NEEDS_ROW},
	{'i', 0, "edit", N_("资料"), N_("项目经理的姓名、证件和电话"), act_participant_edit, NEEDS_ROW},
	{'d', K_DELETE, "delete", NULL, N_("删除没有进过场、没有上传过的参建单位；企业库保留"), act_participant_delete, NEEDS_ROW},
	{'l', 0, "library", N_("企业库"), N_("企业的全部资料、查找、添加"), act_library, 0},
};

const struct screen_ops participants_screen = {
	.name = "participants",
	.title = N_("项目的参建单位"),
	.state_size = sizeof(struct site_list),
	.open = participants_open,
	.draw = site_draw,
	.event = site_event,
	.close = site_close,
	.has_row = site_has_row,
	.flags = SCREEN_TAKES_CARD,
	.actions = participant_actions,
	.n_actions = ARRAY_LEN(participant_actions),
	.shared = list_actions,
	.n_shared = LIST_ACTIONS,
};
