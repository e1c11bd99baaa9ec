/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom the employers of this project have on other projects of this box (D5): found while typing, marked, put
 * into a team here. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "desk/acts.h"
#include "form.h"
#include "list.h"
#include "screen_list.h"

static int sisters_load(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n,
			void *next, bool *more, struct err *e)
{
	struct sister_query q = {.name = ""};
	struct sister_page page = {.row = rows, .cap = cap};

	(void)owner;
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
	.empty = N_("本机其他项目上没有本项目参建单位的人；在平台不同的项目上的，须另行登记")};

static int sisters_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	(void)ui;
	(void)arg;
	(void)e;
	list_init(state, &source, state);
	return 0;
}

static void sisters_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	list_draw(ui, state, c, a, true);
	list_hint(ui, state, a);
}

static void sisters_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	if (ev->kind == UI_EVENT_CHANGED)
		list_restart(ui, state);
}

static void sisters_close(struct ui *ui, void *state)
{
	(void)ui;
	list_release(state);
}

static bool sisters_has_row(const void *state)
{
	return list_has_row(state);
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
	const struct sister_row *row = list_selected(ui, state);

	if (row)
		ui_push(ui, &person_screen, &row->person);
	return STAY;
}

static const struct action actions[] = {
	{K_ENTER, 0, "open", N_("档案"), N_("打开这个人的档案"), act_open, NEEDS_ROW},
	{'g', 0, "team", N_("分配班组"), N_("把选中或标记的人分配到本项目的班组：沿用聘用和合同，不再聘用"),
	 act_team, NEEDS_ROW},
};

const struct screen_ops sisters_screen = {
	.name = "sisters",
	.title = N_("本单位在其他项目的人"),
	.state_size = sizeof(struct list),
	.open = sisters_open,
	.draw = sisters_draw,
	.event = sisters_event,
	.close = sisters_close,
	.has_row = sisters_has_row,
	.flags = SCREEN_TAKES_CARD,
	.actions = actions,
	.n_actions = ARRAY_LEN(actions),
	.shared = list_mark_actions,
	.n_shared = LIST_MARK_ACTIONS,
};
