/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The roster: search as you type, filters, marks, and the acts for one person or for all that are marked. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "dialog.h"
#include "form.h"
#include "list.h"
#include "screen_list.h"
#include "search_box.h"

#define COUNT_LIMIT 1000

struct roster {
	struct list list;          /* first: the shared actions find it there */
	struct roster_query query;
	struct search_box search;
	int64_t count;
	char team[NAME_TEXT];
	char book[96];             /* in words: who stands in a register, or does not */
};

/* --- rows -------------------------------------------------------------------------------------------------------------------------------- */

static int roster_load(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n, void *next, bool *more, struct err *e)
{
	struct roster *r = owner;
	struct roster_query q = r->query;
	struct roster_page page = {.row = rows, .cap = cap};

	_Static_assert(sizeof(q.after) <= LIST_ANCHOR, "a cursor fits an anchor");
	if (anchor)
		memcpy(&q.after, anchor, sizeof(q.after));
	if (desk_roster(ui_desk(ui), &q, &page, e))
		return -1;
	*n = page.n;
	*more = page.more;
	memcpy(next, &page.last, sizeof(page.last));
	return 0;
}

static int64_t roster_id(const void *row)
{
	return ((const struct roster_row *)row)->person;
}

static void col_name(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct roster_row *)row)->name);
}

static void col_tail(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct roster_row *)row)->tail);
}

static void col_team(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct roster_row *)row)->team);
}

static void col_trade(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct roster_row *)row)->trade);
}

static void col_company(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct roster_row *)row)->company);
}

/* The state that the clerk works with: before the assignment counts, the employment's. */
static void col_state(const void *row, char *out, size_t size)
{
	const struct roster_row *r = row;
	bool by_employment = r->gone || r->assignment == ASSIGNMENT_NONE || r->employment < EMPLOYMENT_REGISTERED || r->employment > EMPLOYMENT_REGISTERED;

	if (r->assignment == ASSIGNMENT_ON_SITE)
		by_employment = false;
	text_copy(out, size, by_employment && r->employment != EMPLOYMENT_NONE ? roster_employment_word(r)
									      : state_word(CYCLE_ASSIGNMENT, (int)r->assignment));
}

static void col_upload(const void *row, char *out, size_t size)
{
	const struct roster_row *r = row;

	text_format(out, size, "%s%s", r->refused ? P_("upload", "退回") : r->waiting ? _("待传") : "", r->manual ? _(" 手工") : "");
}

static unsigned attr_upload(const void *row)
{
	const struct roster_row *r = row;

	return r->refused ? ATTR_RED : r->waiting ? ATTR_YELLOW : 0;
}

static const struct column columns[] = {
	{.heading = N_("姓名"), .width = 14, .text = col_name, .name = true},
	{.heading = N_("证件尾号"), .width = 9, .text = col_tail},
	{.heading = N_("班组"), .width = 14, .text = col_team},
	{.heading = N_("工种"), .width = 11, .text = col_trade},
	{.heading = N_("单位"), .width = 26, .drop = 104, .text = col_company},
	{.heading = N_("状态"), .width = 15, .text = col_state},
	{.heading = N_("上传"), .width = 10, .text = col_upload, .attr = attr_upload},
};

static const struct list_source source = {
	.row_size = sizeof(struct roster_row), .load = roster_load, .id = roster_id, .columns = columns, .n_columns = ARRAY_LEN(columns),
	.can_mark = true, .people = true, .empty = N_("没有相符的人。放身份证到读卡器上即可登记；Esc 取消筛选")};

/* --- the screen ------------------------------------------------------------------------------------------------------------------------------ */

static void count(struct ui *ui, struct roster *r)
{
	if (desk_roster_count(ui_desk(ui), &r->query, COUNT_LIMIT, &r->count, NULL))
		r->count = -1;
}

static void query_again(struct ui *ui, struct roster *r)
{
	text_copy(r->query.text, sizeof(r->query.text), r->search.edit.text);
	list_restart(ui, &r->list);
	count(ui, r);
}

static int roster_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct roster *r = state;
	const struct roster_arg *a = arg;

	(void)e;
	list_init(&r->list, &source, r);
	search_box_init(&r->search);
	if (a) {
		r->query.filter = a->filter;
		r->query.team = a->team;
		r->query.participant = a->participant;
		text_copy(r->team, sizeof(r->team), a->team_name ? a->team_name : "");
	}
	query_again(ui, r);
	return 0;
}

static void roster_close(struct ui *ui, void *state)
{
	(void)ui;
	if (((struct roster *)state)->list.src)
		list_release(state);
}

static void roster_heading(struct ui *ui, const void *state, char *out, size_t size)
{
	const struct roster *r = state;
	char many[24], marks[48] = "";

	(void)ui;
	text_format(many, sizeof(many), r->count >= COUNT_LIMIT ? "%d+" : "%d", (int)(r->count < 0 ? 0 : r->count));
	if (r->list.marks)
		text_format(marks, sizeof(marks), _("  已标记 %zu 人"), r->list.marks);
	text_format(out, size, _("%s%s%s%s  %s 人%s"), _("筛选："), roster_filter_word(r->query.filter), r->team[0] ? " · " : "", r->team, many, marks);
	if (r->book[0])
		text_format(out + strlen(out), size - strlen(out), "  %s", r->book);
}

static void roster_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	struct roster *r = state;
	struct area rows = search_box_draw(&r->search, c, a, _("按 / 后键入姓名、拼音、证件或手机号后四位、班组、单位、工种、状态"));

	list_draw(ui, &r->list, c, rows, !r->search.focused);
}

static void roster_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	struct roster *r = state;

	if (ev->kind != UI_EVENT_CHANGED)
		return;
	list_reload(ui, &r->list);
	count(ui, r);
}

static enum reaction roster_key(struct ui *ui, void *state, int key)
{
	struct roster *r = state;
	bool changed;

	if (!search_box_key(&r->search, key, &changed))
		return NOT_MINE;
	if (changed)
		query_again(ui, r);
	return STAY;
}

static bool roster_typing(const void *state)
{
	return ((const struct roster *)state)->search.focused;
}

static bool roster_has_row(const void *state)
{
	return list_has_row(state);
}

/* --- actions --------------------------------------------------------------------------------------------------------------------------------- */

static enum reaction act_open(struct ui *ui, void *state)
{
	struct roster *r = state;
	const struct roster_row *row = list_selected(ui, &r->list);

	r->search.focused = false;
	if (row)
		ui_push(ui, &person_screen, &row->person);
	return STAY;
}

static enum reaction act_search(struct ui *ui, void *state)
{
	(void)ui;
	search_box_focus(&((struct roster *)state)->search);
	return STAY;
}

static enum reaction act_rows(struct ui *ui, void *state)
{
	(void)ui;
	((struct roster *)state)->search.focused = false;
	return STAY;
}

static enum reaction act_back(struct ui *ui, void *state)
{
	struct roster *r = state;

	if (!r->search.focused && r->list.marks) {
		list_unmark_all(&r->list);
		return STAY;
	}
	if (!search_box_leave(&r->search))
		return CLOSE;
	query_again(ui, r);
	return STAY;
}

static enum reaction act_filter(struct ui *ui, void *state)
{
	struct roster *r = state;

	r->query.filter = (r->query.filter + 1) % ROSTER_FILTER_COUNT;
	list_unmark_all(&r->list);
	query_again(ui, r);
	return STAY;
}

/* Registers that are filled in once a person: a health card (CD 3.3.5: 是否持有健康卡). */
static const struct book *once_book(struct ui *ui, size_t from)
{
	const struct book *books;
	size_t n = profile_books(desk_profile(ui_desk(ui)), &books);

	while (from < n && !books[from].once)
		from++;
	return from < n ? &books[from] : NULL;
}

/* Those who have it, those who have it not, the next register, everybody. */
static void next_book(struct ui *ui, struct roster *r)
{
	const struct book *books, *now = r->query.book[0] ? profile_book(desk_profile(ui_desk(ui)), r->query.book) : NULL;

	profile_books(desk_profile(ui_desk(ui)), &books);
	if (now && !r->query.without) {
		r->query.without = true;
		r->query.says[0] = '\0';
		text_format(r->book, sizeof(r->book), _("没有%s"), _(now->title));
		return;
	}
	now = once_book(ui, now ? (size_t)(now - books) + 1 : 0);
	r->query.without = false;
	r->query.says[0] = '\0';
	text_copy(r->query.book, sizeof(r->query.book), now ? now->name : "");
	text_format(r->book, sizeof(r->book), now ? _("有%s") : "%s", now ? _(now->title) : "");
}

static enum reaction act_book(struct ui *ui, void *state)
{
	struct roster *r = state;

	next_book(ui, r);
	list_unmark_all(&r->list);
	query_again(ui, r);
	return STAY;
}

/* CD 3.3.5 6: 健康卡信息. */
static void said(struct ui *ui, void *owner, int answer, const char *input)
{
	struct roster *r = owner;
	const struct book *b = once_book(ui, 0);

	if (answer != 1 || !b)
		return;
	r->query.without = false;
	text_copy(r->query.book, sizeof(r->query.book), input[0] ? b->name : "");
	text_copy(r->query.says, sizeof(r->query.says), input);
	text_format(r->book, sizeof(r->book), input[0] ? _("%s写着“%s”") : "%s%s", input[0] ? _(b->title) : "", input);
	list_unmark_all(&r->list);
	query_again(ui, r);
}

static enum reaction act_says(struct ui *ui, void *state)
{
	dialog_ask(ui, &(struct dialog_arg){.title = N_("按登记的内容查人"),
					    .text = _("健康卡（或本地区别的一人一份的登记簿）里写着的文字的一部分，或电话全部、后四位；不填为全部。"),
					    .button = {N_("返回"), N_("查找")}, .n_buttons = 2, .focus = 1, .input_label = N_("写着"),
					    .input_chars = 20, .done = said, .owner = state});
	return STAY;
}

static bool roster_fits(struct ui *ui, const void *state, const struct action *row)
{
	if (row->key == K_TAB)
		return ((const struct roster *)state)->search.focused;
	return desk_profile(ui_desk(ui)) && once_book(ui, 0);
}

static enum reaction act_all(struct ui *ui, void *state)
{
	struct roster *r = state;

	r->query.filter = ROSTER_ALL;
	r->query.team = 0;
	r->query.participant = 0;
	r->team[0] = '\0';
	r->query.book[0] = r->query.says[0] = r->book[0] = '\0';
	search_box_leave(&r->search);
	query_again(ui, r);
	return STAY;
}

static enum reaction act_on(struct ui *ui, struct roster *r, enum event event)
{
	struct acts_arg a = {.event = event};
	int64_t *ids = list_chosen(ui, &r->list, &a.n);

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
ACTS(act_register, EVENT_REGISTER)
ACTS(act_submit, EVENT_SUBMIT)
ACTS(act_enter, EVENT_ENTER)
ACTS(act_exit, EVENT_EXIT)
ACTS(act_withdraw, EVENT_WITHDRAW)
ACTS(act_leaving, EVENT_RECORD_LEAVING)
ACTS(act_dismiss, EVENT_DISMISS)

/* Confirmed in two tiers where the region asks for it (E3): who waits for the first one is received. */
static enum reaction act_confirm(struct ui *ui, void *state)
{
	const struct roster_row *row = list_selected(ui, state);

	return act_on(ui, state, row && row->assignment == ASSIGNMENT_SUBMITTED ? EVENT_ACCEPT : EVENT_CONFIRM);
}

static void alter(struct ui *ui, struct roster *r, enum alteration_kind kind, const char *value, const char *name)
{
	struct acts_arg a = {.alter = kind, .value = value, .value_name = name};
	int64_t *ids = list_chosen(ui, &r->list, &a.n);

	a.persons = ids;
	if (a.n)
		ui_push(ui, &acts_screen, &a);
	free(ids);
}

static void team_picked(struct ui *ui, void *owner, const struct form_choice *choice)
{
	struct roster *r = owner;
	alter(ui, r, ALTER_TEAM, choice->value, choice->label);
}

static enum reaction act_team(struct ui *ui, void *state)
{
	picker_of_teams(ui, team_picked, state);
	return STAY;
}

/* D5: who is employed through another project, and is wanted in a team of this one. */
static enum reaction act_sisters(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &sisters_screen, NULL);
	return STAY;
}

static void trade_picked(struct ui *ui, void *owner, const struct form_choice *choice)
{
	alter(ui, owner, ALTER_TRADE, choice->value, choice->label);
}

static enum reaction act_trade(struct ui *ui, void *state)
{
	const struct code *codes = NULL;
	size_t n = profile_codes(desk_profile(ui_desk(ui)), field_get(F_TRADE)->codes, &codes);
	struct form_choice *all = calloc(n ? n : 1, sizeof(*all));
	struct err e = {0};

	if (!all) {
		err_set(&e, ERR_MEMORY, "trades");
		ui_fail(ui, &e);
		return STAY;
	}
	for (size_t i = 0; i < n; i++)
		form_choice_of_code(&all[i], &codes[i]);
	ui_push(ui, &picker_screen, &(struct picker_arg){.title = N_("改工种"), .choices = all, .n = n, .typed = "", .done = trade_picked, .owner = state});
	return STAY;
}

static void wage_given(struct ui *ui, void *owner, int answer, const char *input)
{
	if (answer == 1)
		alter(ui, owner, ALTER_WAGE, input, input);
}

static enum reaction act_wage(struct ui *ui, void *state)
{
	dialog_ask(ui, &(struct dialog_arg){.title = N_("改工资"), .text = _("选中或标记的人的工资标准，单位元，如 6500 或 320.50。"), .button = {N_("不改"), N_("采用")},
					    .n_buttons = 2, .focus = 1, .input_label = N_("工资"), .input_needed = true, .input_chars = 12, .done = wage_given, .owner = state});
	return STAY;
}

/* One lesson for all who are chosen; preview and confirmation are the form's. */
static enum reaction act_training(struct ui *ui, void *state)
{
	struct roster *r = state;
	struct dossier_form_arg a = {.kind = DOSSIER_TRAINING};
	int64_t *ids = list_chosen(ui, &r->list, &a.n);

	a.persons = ids;
	if (a.n)
		ui_push(ui, &dossier_form_screen, &a);
	free(ids);
	return STAY;
}

static enum reaction act_manual(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &register_screen, &(struct register_arg){0});
	return STAY;
}

static enum reaction act_undo(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &undo_screen, NULL);
	return STAY;
}

static const struct action actions[] = {
	{K_ENTER, 0, "open", N_("打开"), N_("打开选中的人的档案"), act_open, NEEDS_ROW},
	{'/', K_F3, "search", N_("查找"), N_("键入姓名的任一部分、拼音、首字母、证件或手机号（全部或后四位）、工人码、班组、单位、工种、状态；边键入边筛选"), act_search, 0},
	{K_TAB, 0, "rows", N_("到名单"), N_("离开查找框，找到的人留着：按键办理"), act_rows, NEEDS_FIT},
	{'f', 0, "filter", N_("筛选"), N_("依次按状态筛选：全部、待同意、待提交、待确认……"), act_filter, 0},
	{'h', 0, "book", NULL, N_("依次只看有健康卡（或本地区别的一人一份的登记簿）的人、没有的人、全部"), act_book, NEEDS_FIT},
	{'y', 0, "says", NULL, N_("按健康卡（或本地区别的一人一份的登记簿）里登记的内容查人"), act_says, NEEDS_FIT | NEEDS_KEY},
	{'a', 0, "all", NULL, N_("取消筛选和查找，显示全部"), act_all, 0},
	{'s', 0, "submit", N_("提交"), N_("把选中或标记的人提交给班组的接收单位"), act_submit, NEEDS_ROW},
	{'u', 0, "register", NULL, N_("为选中或标记的人办理用工登记（地区有这一步、本人已同意时）"), act_register, NEEDS_ROW},
	{'c', 0, "confirm", N_("确认"), N_("由接收单位的项目经理确认选中或标记的人"), act_confirm, NEEDS_ROW},
	{'e', 0, "enter", N_("进场"), N_("为选中或标记的人办理进场"), act_enter, NEEDS_ROW},
	{'x', 0, "exit", N_("退场"), N_("为选中或标记的人办理退场"), act_exit, NEEDS_ROW},
	{'w', 0, "withdraw", N_("撤回"), N_("撤回选中或标记的人的分配（进场之前）"), act_withdraw, NEEDS_ROW},
	{'l', 0, "leaving", N_("登记离职"), N_("为选中或标记的人登记离职日期（地区规则允许时）"), act_leaving, NEEDS_ROW},
	{'d', 0, "dismiss", N_("解聘"), N_("由用人单位对选中或标记的人发起解聘，本人同意后生效"), act_dismiss, NEEDS_ROW},
	{'g', 0, "team", N_("分配班组"), N_("把选中或标记的人分配或换到另一个班组，提交以后也可以"), act_team, NEEDS_ROW},
	{'j', 0, "sisters", NULL, N_("本单位在本机其他项目的人：分配到本项目的班组，沿用聘用"), act_sisters, 0},
	{'t', 0, "trade", NULL, N_("成批改选中或标记的人的工种"), act_trade, NEEDS_ROW},
	{'p', 0, "wage", NULL, N_("成批改选中或标记的人的工资"), act_wage, NEEDS_ROW},
	{'b', 0, "training", NULL, N_("为选中或标记的人一起登记一次安全培训"), act_training, NEEDS_ROW | NEEDS_KEY},
	{'z', 0, "undo", NULL, N_("撤销刚才的办理：还没有上传的整批恢复原样"), act_undo, 0},
	{'n', 0, "manual", NULL, N_("手工登记没有身份证可读的人"), act_manual, NEEDS_KEY},
	{K_ESC, 0, "back", N_("返回"), N_("先取消查找或标记，再按返回上一画面"), act_back, 0},
};

const struct screen_ops roster_screen = {
	.name = "roster",
	.title = N_("工人名册"),
	.state_size = sizeof(struct roster),
	.open = roster_open,
	.heading = roster_heading,
	.draw = roster_draw,
	.key = roster_key,
	.event = roster_event,
	.close = roster_close,
	.typing = roster_typing,
	.has_row = roster_has_row,
	.fits = roster_fits,
	.flags = SCREEN_TAKES_CARD,
	.actions = actions,
	.n_actions = ARRAY_LEN(actions),
	.shared = list_mark_actions,
	.n_shared = LIST_MARK_ACTIONS,
};
