/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom the employers of this project have on other projects of this box (D5): found while typing, as in the roster,
 * marked, put into a team here. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "desk/acts.h"
#include "form.h"
#include "list.h"
#include "screen_list.h"
#include "search_box.h"

struct sisters {
	struct list list; /* first: the shared actions find it there */
	struct search_box search;
};

static int sisters_load(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n,
			void *next, bool *more, struct err *e)
{
	struct sister_query q = {.text = ((const struct sisters *)owner)->search.edit.text};
	struct sister_page page = {.row = rows, .cap = cap};

	_Static_assert(sizeof(q.after) <= LIST_ANCHOR, "a cursor fits an anchor");
	if (anchor)
		memcpy(&q.after, anchor, sizeof(q.after));
	if (desk_sister_list(ui_desk(ui), &q, &page, e))
		return -1;
	memcpy(next, &page.last, sizeof(page.last));
	*n = page.n;
	*more = page.more;
	return 0;
}

static int64_t sister_id(const void *row)
{
	return ((const struct sister_row *)row)->person;
}

#define COLUMN(field)                                                                                        \
	static void col_##field(const void *row, char *out, size_t size)                                     \
	{                                                                                                    \
		text_copy(out, size, ((const struct sister_row *)row)->field);                               \
	}
COLUMN(name)
COLUMN(tail)
COLUMN(trade)
COLUMN(company)
COLUMN(project)

static void col_state(const void *row, char *out, size_t size)
{
	text_copy(out, size, state_word(CYCLE_EMPLOYMENT, (int)((const struct sister_row *)row)->state));
}

static const struct column columns[] = {
	{.heading = N_("姓名"), .width = 12, .text = col_name, .name = true},
	{.heading = N_("证件尾号"), .width = 9, .text = col_tail, .drop = 70},
	{.heading = N_("工种"), .width = 10, .text = col_trade},
	{.heading = N_("单位"), .width = 12, .text = col_company},
	{.heading = N_("用工"), .width = 10, .text = col_state},
	{.heading = N_("所在项目"), .width = 20, .text = col_project},
};

static const struct list_source source = {
	.row_size = sizeof(struct sister_row),
	.load = sisters_load,
	.id = sister_id,
	.columns = columns,
	.n_columns = ARRAY_LEN(columns),
	.can_mark = true,
	.empty = N_("没有相符的人：只列本项目参建单位在本机其他项目上、平台相同、这里没有分配的人")};

static int sisters_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct sisters *s = state;

	(void)ui;
	(void)arg;
	(void)e;
	list_init(&s->list, &source, s);
	search_box_init(&s->search);
	return 0;
}

static void sisters_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	struct sisters *s = state;
	struct area rows = search_box_draw(&s->search, c, a, _("按 / 后键入姓名、拼音、证件或手机号后四位、工人码、班组、工种"));

	list_draw(ui, &s->list, c, rows, !s->search.focused);
	list_hint(ui, &s->list, rows);
}

static void sisters_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	if (ev->kind == UI_EVENT_CHANGED)
		list_reload(ui, state);
}

static enum reaction sisters_key(struct ui *ui, void *state, int key)
{
	struct sisters *s = state;
	bool changed;

	if (!search_box_key(&s->search, key, &changed))
		return NOT_MINE;
	if (changed)
		list_restart(ui, &s->list);
	return STAY;
}

static bool sisters_typing(const void *state)
{
	return ((const struct sisters *)state)->search.focused;
}

static void sisters_close(struct ui *ui, void *state)
{
	(void)ui;
	if (((struct sisters *)state)->list.src)
		list_release(state);
}

static bool sisters_has_row(const void *state)
{
	return list_has_row(state);
}

/* Only Tab asks: out of the box, while one is in it. */
static bool sisters_fits(struct ui *ui, const void *state, const struct action *row)
{
	(void)ui;
	(void)row;
	return sisters_typing(state);
}

/* --- actions ------------------------------------------------------------------------------------------- */

static void team_picked(struct ui *ui, void *owner, const struct form_choice *choice)
{
	struct acts_arg a = {.alter = ALTER_TEAM, .value = choice->value, .value_name = choice->label};
	int64_t *ids = list_chosen(ui, owner, &a.n);

	a.persons = ids;
	if (a.n)
		ui_push(ui, &acts_screen, &a);
	free(ids);
}

static enum reaction act_team(struct ui *ui, void *state)
{
	picker_of_teams(ui, team_picked, state);
	return STAY;
}

static enum reaction act_open(struct ui *ui, void *state)
{
	struct sisters *s = state;
	const struct sister_row *row = list_selected(ui, &s->list);

	s->search.focused = false;
	if (row)
		ui_push(ui, &person_screen, &row->person);
	return STAY;
}

static enum reaction act_search(struct ui *ui, void *state)
{
	(void)ui;
	search_box_focus(&((struct sisters *)state)->search);
	return STAY;
}

static enum reaction act_rows(struct ui *ui, void *state)
{
	(void)ui;
	((struct sisters *)state)->search.focused = false;
	return STAY;
}

static enum reaction act_back(struct ui *ui, void *state)
{
	struct sisters *s = state;

	if (!s->search.focused && s->list.marks) {
		list_unmark_all(&s->list);
		return STAY;
	}
	if (!search_box_leave(&s->search))
		return CLOSE;
	list_restart(ui, &s->list);
	return STAY;
}

static const struct action actions[] = {
	{K_ENTER, 0, "open", N_("档案"), N_("打开这个人的档案"), act_open, NEEDS_ROW},
	{'/', K_F3, "search", N_("查找"), N_("键入姓名的任一部分、拼音、首字母、证件或手机号（全部或后四位）、工人码、班组、工种；边键入边筛选"), act_search, 0},
	{K_TAB, 0, "rows", N_("到名单"), N_("离开查找框，找到的人留着：按键办理"), act_rows, NEEDS_FIT},
	{'g', 0, "team", N_("分配班组"), N_("把选中或标记的人分配到本项目的班组：沿用聘用和合同，不再聘用"),
	 act_team, NEEDS_ROW},
	{K_ESC, 0, "back", N_("返回"), N_("先取消查找或标记，再按返回上一画面"), act_back, 0},
};

const struct screen_ops sisters_screen = {
	.name = "sisters",
	.title = N_("本单位在其他项目的人"),
	.state_size = sizeof(struct sisters),
	.open = sisters_open,
	.draw = sisters_draw,
	.key = sisters_key,
	.event = sisters_event,
	.close = sisters_close,
	.typing = sisters_typing,
	.has_row = sisters_has_row,
	.fits = sisters_fits,
	.flags = SCREEN_TAKES_CARD,
	.actions = actions,
	.n_actions = ARRAY_LEN(actions),
	.shared = list_mark_actions,
	.n_shared = LIST_MARK_ACTIONS,
};
