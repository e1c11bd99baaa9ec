/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Hiring and leaving: who waits for whom, how long yet, and what there is to do (D1, D6, D7, D11, D12). What is done to one or to the marked
 * goes by way of the preview; the way there from a person who is not in this list is the roster or the file.
 */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "desk/hiring.h"
#include "dialog.h"
#include "list.h"
#include "screen_list.h"

struct hiring_list {
	struct list list; /* first */
	struct hiring_query query;
	int64_t person;   /* of the app's dialog */
	enum app_state app;
};

static int hiring_load(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n, void *next, bool *more, struct err *e)
{
	struct hiring_query q = ((struct hiring_list *)owner)->query;
	struct hiring_page page = {.row = rows, .cap = cap};

	if (anchor)
		memcpy(&q.after, anchor, sizeof(q.after));
	if (desk_hiring(ui_desk(ui), &q, &page, e))
		return -1;
	*n = page.n;
	*more = page.more;
	memcpy(next, &page.last, sizeof(page.last));
	return 0;
}

/* A row is its person: what is done is done to people. */
static int64_t hiring_id(const void *row)
{
	return ((const struct hiring_row *)row)->person;
}

static void col_name(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct hiring_row *)row)->name);
}

static void col_state(const void *row, char *out, size_t size)
{
	text_copy(out, size, state_word(CYCLE_EMPLOYMENT, ((const struct hiring_row *)row)->state));
}

static void col_company(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct hiring_row *)row)->company);
}

static void col_says(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct hiring_row *)row)->says);
}

static unsigned attr_says(const void *row)
{
	const struct hiring_row *r = row;

	return r->due ? ATTR_RED : r->due_ms ? ATTR_YELLOW : 0;
}

static const struct column columns[] = {
	{.heading = N_("姓名"), .width = 12, .text = col_name, .name = true},
	{.heading = N_("用工"), .width = 11, .text = col_state},
	{.heading = N_("单位"), .width = 16, .drop = 70, .text = col_company},
	{.heading = N_("等什么"), .width = 36, .text = col_says, .attr = attr_says},
};

static const struct list_source source = {.row_size = sizeof(struct hiring_row), .load = hiring_load, .id = hiring_id, .columns = columns,
	.n_columns = ARRAY_LEN(columns), .can_mark = true, .empty = N_("没有人在等聘用、离职或解聘")};

static int hiring_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct hiring_list *h = state;

	(void)ui;
	(void)e;
	list_init(&h->list, &source, h);
	if (arg)
		h->query.filter = *(const enum hiring_filter *)arg;
	return 0;
}

static void hiring_close(struct ui *ui, void *state)
{
	(void)ui;
	list_release(state);
}

static void hiring_heading(struct ui *ui, const void *state, char *out, size_t size)
{
	const struct hiring_list *h = state;

	(void)ui;
	text_format(out, size, "%s%s", _("筛选："), hiring_filter_word(h->query.filter));
	if (h->list.marks)
		text_format(out, size, _("%s%s  已标记 %zu 人"), _("筛选："), hiring_filter_word(h->query.filter), h->list.marks);
}

/* The selected row whole: since when, in whose words, and what the clerk does. */
static void hiring_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	struct hiring_list *h = state;
	struct area rows = {a.row, a.col, a.height - 5, a.width};
	const struct hiring_row *r;
	char text[900], since[STAMP_TEXT];

	list_draw(ui, &h->list, c, rows, true);
	r = list_selected(ui, &h->list);
	if (!r)
		return;
	stamp_format(r->since_ms, since);
	text_format(text, sizeof(text), _("%s 起：%s"), since, r->says);
	canvas_paragraph(c, a.row + a.height - 4, a.col + 2, 1, a.width - 4, ATTR_PLAIN, text);
	text_format(text, sizeof(text), "%s%s", r->reason[0] ? _("原因：") : "", r->reason);
	canvas_paragraph(c, a.row + a.height - 3, a.col + 2, 1, a.width - 4, ATTR_PLAIN, text);
	canvas_paragraph(c, a.row + a.height - 2, a.col + 2, 2, a.width - 4, ATTR_BOLD, r->todo);
}

static void hiring_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	if (ev->kind == UI_EVENT_CHANGED)
		list_reload(ui, state);
}

static bool hiring_has_row(const void *state)
{
	return list_has_row(state);
}

/* --- actions --- */

static enum reaction act_open(struct ui *ui, void *state)
{
	const struct hiring_row *r = list_selected(ui, state);

	if (r)
		ui_push(ui, &person_screen, &r->person);
	return STAY;
}

static enum reaction act_filter(struct ui *ui, void *state)
{
	struct hiring_list *h = state;

	h->query.filter = (h->query.filter + 1) % HIRING_FILTER_COUNT;
	list_unmark_all(&h->list);
	list_restart(ui, &h->list);
	return STAY;
}

static enum reaction act_on(struct ui *ui, void *state, enum event event)
{
	struct acts_arg a = {.event = event};
	int64_t *ids = list_chosen(ui, state, &a.n);

	a.persons = ids;
	if (a.n)
		ui_push(ui, &acts_screen, &a);
	free(ids);
	return STAY;
}

#define ACTS(name, event)                                                                                                                  \
	static enum reaction name(struct ui *ui, void *state)                                                                              \
	{                                                                                                                                  \
		return act_on(ui, state, event);                                                                                           \
	}
ACTS(act_agree, EVENT_AGREE_LEAVE)
ACTS(act_take_back, EVENT_TAKE_BACK)
ACTS(act_leave, EVENT_LEAVING_DAY)
ACTS(act_register, EVENT_REGISTER)
ACTS(act_withdraw, EVENT_WITHDRAW_OFFER)

static enum reaction act_offer(struct ui *ui, void *state)
{
	(void)state;
	if (desk_offers_alone(ui_desk(ui)))
		ui_push(ui, &hire_form_screen, &(struct hire_form_arg){.kind = HIRE_FORM_OFFER});
	else
		ui_push(ui, &register_screen, &(struct register_arg){0});
	return STAY;
}

/* --- the person's registration in the app (D12) --- */

/* Which event each button of the dialog is, by the state it begins from; the first button changes nothing. */
static const struct {
	const char *button[2];
	enum event event[2];
} app_ways[APP_STATE_COUNT] = {
	[APP_NONE] = {{N_("已提交"), N_("已完成")}, {EVENT_APP_APPLY, EVENT_APP_DONE}},
	[APP_PROCESSING] = {{N_("未通过"), N_("已完成")}, {EVENT_APP_FAIL, EVENT_APP_DONE}},
};

static void app_given(struct ui *ui, void *owner, int answer, const char *input)
{
	struct hiring_list *h = owner;
	struct err e = {0};
	date_t on = DATE_NONE;

	if (answer < 1)
		return;
	if (input[0] && (!date_parse(input, &on) || on == DATE_LONG_TERM)) {
		ui_say(ui, SAY_WARN, "%s", _("应为日期，如 2026-03-08"));
		return;
	}
	if (desk_app_record(ui_desk(ui), h->person, app_ways[h->app].event[answer - 1], on, &e)) {
		ui_fail_why(ui, &e);
		return;
	}
	ui_say(ui, SAY_DONE, _("已记下：%s"), event_word(app_ways[h->app].event[answer - 1]));
	ui_changed(ui);
}

static enum reaction act_app(struct ui *ui, void *state)
{
	struct hiring_list *h = state;
	const struct hiring_row *r = list_selected(ui, &h->list);
	char text[300];

	if (!r)
		return STAY;
	if (!r->app.limit || r->app.state == APP_DONE) {
		ui_say(ui, SAY_INFO, "%s", r->app.limit ? _("本人的手机登记已经完成") : _("本地区没有本人手机登记的手续"));
		return STAY;
	}
	h->person = r->person;
	h->app = r->app.state;
	text_format(text, sizeof(text), _("%s 的手机登记：%s。按本人手机上显示的填；日期不填为今天。"), r->name, state_word(CYCLE_APP, (int)h->app));
	dialog_ask(ui, &(struct dialog_arg){.title = N_("手机登记"), .text = text,
					    .button = {N_("不改"), app_ways[h->app].button[0], app_ways[h->app].button[1]}, .n_buttons = 3, .focus = 0,
					    .input_label = N_("日期"), .input_chars = 10, .done = app_given, .owner = h});
	return STAY;
}

static const struct action actions[] = {
	{K_ENTER, 0, "open", N_("打开"), N_("打开选中的人的档案"), act_open, NEEDS_ROW},
	{'f', 0, "filter", N_("筛选"), N_("依次筛选：全部、申请离职、定期离职、解聘中、聘用中、待用工登记"), act_filter, 0},
	{'g', 0, "agree", N_("同意离职"), N_("由用人单位同意选中或标记的人的离职申请"), act_agree, NEEDS_ROW},
	{'b', 0, "take_back", N_("取消"), N_("取消选中或标记的人的离职或解聘"), act_take_back, NEEDS_ROW},
	{'l', 0, "leave", N_("到期离职"), N_("离职日期到了的人，办理离职"), act_leave, NEEDS_ROW},
	{'u', 0, "register", N_("用工登记"), N_("本人已同意的人，办理用工登记"), act_register, NEEDS_ROW},
	{'w', 0, "withdraw", N_("撤回聘用"), N_("撤回本人尚未同意的聘用"), act_withdraw, NEEDS_ROW},
	{'p', 0, "app", N_("手机登记"), N_("记下本人在手机上登记个人信息的情况（本地区有此手续时）"), act_app, NEEDS_ROW},
	{'n', 0, "offer", N_("新建聘用"), N_("按姓名和证件号码发起聘用，等本人同意"), act_offer, NEEDS_KEY},
};

const struct screen_ops hiring_screen = {
	.name = "hiring",
	.title = N_("聘用与离职"),
	.state_size = sizeof(struct hiring_list),
	.open = hiring_open,
	.heading = hiring_heading,
	.draw = hiring_draw,
	.event = hiring_event,
	.close = hiring_close,
	.has_row = hiring_has_row,
	.flags = SCREEN_TAKES_CARD,
	.actions = actions,
	.n_actions = ARRAY_LEN(actions),
	.shared = list_mark_actions,
	.n_shared = LIST_MARK_ACTIONS,
};
