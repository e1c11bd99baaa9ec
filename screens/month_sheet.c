/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The month sheet (F2): a line a person, √ a day with attendance, · a day on site without, days and rate. By team, company, trade or post;
 * exported and printed with a column a day.
 */
#include <string.h>

#include "base/dates.h"
#include "base/i18n.h"
#include "base/text.h"
#include "desk/attendance.h"
#include "edit.h"
#include "list.h"
#include "screen_list.h"

struct month_list {
	struct list list; /* first */
	struct sheet_query query;
	struct edit search;
	bool searching;
	char scope[NAME_TEXT]; /* the team's or company's name */
	char trade[64];
	uint32_t stopped;
};

static int sheet_load(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n, void *next, bool *more, struct err *e)
{
	const struct month_list *l = owner;
	struct sheet_query q = l->query;
	struct sheet_page page = {.row = rows, .cap = cap};

	if (anchor)
		memcpy(&q.after, anchor, sizeof(q.after));
	if (desk_month_sheet(ui_desk(ui), &q, &page, e))
		return -1;
	*n = page.n;
	*more = page.more;
	memcpy(next, &page.last, sizeof(page.last));
	return 0;
}
_Static_assert(sizeof(struct roster_cursor) <= LIST_ANCHOR, "a roster's cursor is an anchor");

static int64_t sheet_id(const void *row)
{
	return ((const struct sheet_row *)row)->person;
}

static void col_name(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct sheet_row *)row)->name);
}

static void col_team(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct sheet_row *)row)->team);
}

static void col_company(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct sheet_row *)row)->company);
}

static void col_trade(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct sheet_row *)row)->trade);
}

static void col_tail(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct sheet_row *)row)->tail);
}

static void col_attended(const void *row, char *out, size_t size)
{
	text_format(out, size, "%2d", ((const struct sheet_row *)row)->attended);
}

static void col_rate(const void *row, char *out, size_t size)
{
	int rate = ((const struct sheet_row *)row)->rate;

	if (rate < 0)
		text_copy(out, size, _("停工"));
	else
		text_format(out, size, "%3d.%02d", rate / 100, rate % 100);
}

/* Where √ is two columns wide a letter stands for it, so that the days stay below their numbers. */
static const char *sign(void)
{
	return text_width("√") == 1 ? "√" : "v";
}

static void col_days(const void *row, char *out, size_t size)
{
	const struct sheet_row *r = row;
	char text[128] = "";

	for (int i = 0; i < 31; i++)
		strcat(text, r->days >> i & 1 ? sign() : r->there >> i & 1 ? "." : " ");
	text_copy(out, size, text);
}

#define DAY(i)                                                                                                                             \
	static void day_##i(const void *row, char *out, size_t size)                                                                       \
	{                                                                                                                                  \
		text_copy(out, size, ((const struct sheet_row *)row)->days >> ((i) - 1) & 1 ? "√" : "");                                   \
	}
DAY(1) DAY(2) DAY(3) DAY(4) DAY(5) DAY(6) DAY(7) DAY(8) DAY(9) DAY(10) DAY(11) DAY(12) DAY(13) DAY(14) DAY(15) DAY(16)
DAY(17) DAY(18) DAY(19) DAY(20) DAY(21) DAY(22) DAY(23) DAY(24) DAY(25) DAY(26) DAY(27) DAY(28) DAY(29) DAY(30) DAY(31)

static const struct column columns[] = {
	{.heading = N_("姓名"), .width = 9, .text = col_name, .name = true},
	{.heading = N_("班组"), .width = 13, .text = col_team, .drop = 78},
	{.heading = "1...5....0....5....0....5....0.", .width = 33, .text = col_days},
	{.heading = N_("天数"), .width = 6, .text = col_attended},
	{.heading = N_("考勤率%"), .width = 8, .text = col_rate},
};

#define ON(i) {.heading = #i, .width = 3, .text = day_##i}
static const struct column paper[] = {
	{.heading = N_("姓名"), .width = 10, .text = col_name}, {.heading = N_("证件尾号"), .width = 9, .text = col_tail},
	{.heading = N_("单位"), .width = 14, .text = col_company}, {.heading = N_("班组"), .width = 12, .text = col_team},
	{.heading = N_("工种"), .width = 10, .text = col_trade}, ON(1), ON(2), ON(3), ON(4), ON(5), ON(6), ON(7), ON(8), ON(9), ON(10), ON(11),
	ON(12), ON(13), ON(14), ON(15), ON(16), ON(17), ON(18), ON(19), ON(20), ON(21), ON(22), ON(23), ON(24), ON(25), ON(26), ON(27), ON(28),
	ON(29), ON(30), ON(31), {.heading = N_("天数"), .width = 5, .text = col_attended}, {.heading = N_("考勤率%"), .width = 8, .text = col_rate},
};

static void says(struct ui *ui, const void *owner, char *out, size_t size)
{
	const struct month_list *l = owner;
	char first[DATE_TEXT];

	(void)ui;
	date_format(l->query.month.first, first);
	text_format(out, size, "%.7s%s%s%s%s", first, l->scope[0] ? "  " : "", l->scope, l->trade[0] ? "  " : "", l->trade);
}

static const struct list_source source = {.row_size = sizeof(struct sheet_row), .load = sheet_load, .id = sheet_id, .columns = columns,
	.n_columns = ARRAY_LEN(columns), .paper = paper, .n_paper = ARRAY_LEN(paper), .says = says,
	.empty = N_("这个月没有在场或打卡的人")};

/* --- the screen -------------------------------------------------------------------------------------------------------------------- */

static void again(struct ui *ui, struct month_list *l)
{
	struct err e = {0};

	text_copy(l->query.text, sizeof(l->query.text), l->search.text);
	if (desk_stopped_days(ui_desk(ui), l->query.month, &l->stopped, &e))
		ui_fail(ui, &e);
	list_restart(ui, &l->list);
}

static int sheet_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct month_list *l = state;
	const struct roster_arg *a = arg;

	list_init(&l->list, &source, l);
	l->query.month = month_of(date_today());
	l->search.max_chars = 30;
	if (a) {
		l->query.team = a->team;
		l->query.participant = a->participant;
		text_copy(l->scope, sizeof(l->scope), a->team_name ? a->team_name : "");
	}
	return desk_stopped_days(ui_desk(ui), l->query.month, &l->stopped, e);
}

static void sheet_close(struct ui *ui, void *state)
{
	(void)ui;
	edit_wipe(&((struct month_list *)state)->search);
	list_release(state);
}

static void sheet_heading(struct ui *ui, const void *state, char *out, size_t size)
{
	const struct month_list *l = state;
	char what[NAME_TEXT * 2];

	says(ui, l, what, sizeof(what));
	text_format(out, size, "%s%s%s%s", what, l->stopped ? _("  停工的日子不计考勤率") : "", l->search.text[0] ? _("  查找：") : "",
		    l->search.text);
}

static void sheet_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	struct month_list *l = state;
	struct area rows = {a.row, a.col, a.height - 1, a.width};
	char text[100];
	int used;

	list_draw(ui, &l->list, c, rows, !l->searching);
	if (!l->searching) {
		text_format(text, sizeof(text), _("%s 有考勤  . 在场没有考勤  空白 不在场"), sign());
		canvas_cut(c, a.row + a.height - 1, a.col + 2, a.width - 2, ATTR_DIM, text);
		return;
	}
	used = canvas_text(c, a.row + a.height - 1, a.col, a.width, ATTR_PLAIN, _("查找："));
	edit_draw(&l->search, c, a.row + a.height - 1, a.col + used, a.width - used, ATTR_PLAIN, true);
}

static enum reaction sheet_key(struct ui *ui, void *state, int key)
{
	struct month_list *l = state;
	bool changed = false;

	if (!l->searching || !edit_key(&l->search, key, &changed))
		return NOT_MINE;
	if (changed)
		again(ui, l);
	return STAY;
}

static void sheet_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	if (ev->kind == UI_EVENT_CHANGED)
		list_reload(ui, state);
}

static bool sheet_typing(const void *state)
{
	return ((const struct month_list *)state)->searching;
}

static bool sheet_has_row(const void *state)
{
	return list_has_row(state);
}

/* --- actions ----------------------------------------------------------------------------------------------------------------------- */

static enum reaction act_open(struct ui *ui, void *state)
{
	struct month_list *l = state;
	const struct sheet_row *r = list_selected(ui, &l->list);

	l->searching = false;
	if (r)
		ui_push(ui, &days_screen, &(struct days_arg){.person = r->person, .month = l->query.month, .name = r->name});
	return STAY;
}

static enum reaction act_file(struct ui *ui, void *state)
{
	const struct sheet_row *r = list_selected(ui, state);

	if (r)
		ui_push(ui, &person_screen, &r->person);
	return STAY;
}

static enum reaction turn(struct ui *ui, struct month_list *l, int by)
{
	struct month next = month_next(l->query.month, by);

	if (next.first > date_today()) {
		ui_say(ui, SAY_INFO, "%s", _("还没到那个月"));
		return STAY;
	}
	l->query.month = next;
	again(ui, l);
	return STAY;
}

static enum reaction act_earlier(struct ui *ui, void *state)
{
	return turn(ui, state, -1);
}

static enum reaction act_later(struct ui *ui, void *state)
{
	return turn(ui, state, 1);
}

static enum reaction act_search(struct ui *ui, void *state)
{
	struct month_list *l = state;

	(void)ui;
	l->searching = true;
	l->search.at = strlen(l->search.text);
	return STAY;
}

static enum reaction act_back(struct ui *ui, void *state)
{
	struct month_list *l = state;

	if (!l->searching && !l->search.text[0])
		return CLOSE;
	l->searching = false;
	edit_set(&l->search, "");
	again(ui, l);
	return STAY;
}

/* The selected person's team, company or trade; the same key again: everybody. */
static enum reaction act_team(struct ui *ui, void *state)
{
	struct month_list *l = state;
	const struct sheet_row *r = list_selected(ui, &l->list);

	l->query.participant = 0;
	l->query.team = !l->query.team && r ? r->team_id : 0;
	text_copy(l->scope, sizeof(l->scope), l->query.team ? r->team : "");
	again(ui, l);
	return STAY;
}

static enum reaction act_company(struct ui *ui, void *state)
{
	struct month_list *l = state;
	const struct sheet_row *r = list_selected(ui, &l->list);

	l->query.team = 0;
	l->query.participant = !l->query.participant && r ? r->participant_id : 0;
	text_copy(l->scope, sizeof(l->scope), l->query.participant ? r->company : "");
	again(ui, l);
	return STAY;
}

static enum reaction act_trade(struct ui *ui, void *state)
{
	struct month_list *l = state;
	const struct sheet_row *r = list_selected(ui, &l->list);
	bool narrow = !l->query.trade[0] && r;

	text_copy(l->trade, sizeof(l->trade), narrow ? r->trade : "");
	text_copy(l->query.trade, sizeof(l->query.trade), narrow ? r->trade_code : "");
	again(ui, l);
	return STAY;
}

static enum reaction act_clock(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &gate_screen, &(enum gate_mode){GATE_CLOCK});
	return STAY;
}

static const struct action actions[] = {
	{K_ENTER, 0, "open", N_("逐日"), N_("选中的人这个月每天的上下班时间"), act_open, NEEDS_ROW},
	{'b', K_LEFT, "earlier", N_("上月"), N_("看上一个月"), act_earlier, 0},
	{'n', K_RIGHT, "later", N_("下月"), N_("看下一个月"), act_later, 0},
	{'/', K_F3, "search", N_("查找"), N_("键入姓名、拼音、首字母、号码后四位，边键入边筛选"), act_search, 0},
	{'g', 0, "team", N_("班组"), N_("只看选中的人的班组；再按一次看全部"), act_team, 0},
	{'c', 0, "company", N_("单位"), N_("只看选中的人的单位；再按一次看全部"), act_company, 0},
	{'t', 0, "trade", N_("工种"), N_("只看选中的人的工种或岗位；再按一次看全部"), act_trade, 0},
	{'v', 0, "file", N_("档案"), N_("打开选中的人的档案"), act_file, NEEDS_ROW},
	{'k', 0, "clock", N_("打卡"), N_("扫工人码或刷身份证打卡"), act_clock, NEEDS_KEY},
	{K_ESC, 0, "back", N_("返回"), N_("先取消查找，再按返回上一画面"), act_back, 0},
};

const struct screen_ops month_sheet_screen = {
	.name = "month_sheet",
	.title = N_("考勤月表"),
	.state_size = sizeof(struct month_list),
	.open = sheet_open,
	.heading = sheet_heading,
	.draw = sheet_draw,
	.key = sheet_key,
	.event = sheet_event,
	.close = sheet_close,
	.typing = sheet_typing,
	.has_row = sheet_has_row,
	.flags = SCREEN_TAKES_CARD,
	.actions = actions,
	.n_actions = ARRAY_LEN(actions),
	.shared = list_actions,
	.n_shared = LIST_ACTIONS,
};
