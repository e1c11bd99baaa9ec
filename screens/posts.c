/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Key posts (F3, F4): who holds them, how the month stands, what is still needed; setting, reviewing,
 * vacating, filing absence. */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "desk/post.h"
#include "dialog.h"
#include "list.h"
#include "screen_list.h"

struct posts {
	struct list list; /* first */
	struct post_site site;
	char stand_at[16];     /* the post to select once the rows are there; "" none */
	struct post_row asked; /* the row that the question is about */
	enum event event;
};

static int posts_load(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n,
		      void *next, bool *more, struct err *e)
{
	struct posts *p = owner;

	(void)anchor;
	(void)next;
	*more = false;
	return desk_post_site(ui_desk(ui), &p->site, e) || desk_posts(ui_desk(ui), rows, cap, n, e) ? -1 : 0;
}

static int64_t posts_id(const void *row)
{
	return ((const struct post_row *)row)->id;
}

static void col_post(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct post_row *)row)->word);
}

static void col_person(const void *row, char *out, size_t size)
{
	const struct post_row *r = row;

	text_copy(out, size, r->person ? r->name : r->proposed_name);
}

static void col_state(const void *row, char *out, size_t size)
{
	const struct post_row *r = row;

	text_copy(out, size, r->gone ? _("已离开") : state_word(CYCLE_POST, (int)r->state));
}

static void col_days(const void *row, char *out, size_t size)
{
	const struct post_row *r = row;

	if (r->rated)
		text_format(out, size, "%d/%d", r->rate.present, r->rate.needed);
	else
		text_copy(out, size, "");
}

static void col_says(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct post_row *)row)->says);
}

static bool missing(const struct post_row *r)
{
	return r->gone || (!r->person && r->state != POST_NOMINATED);
}

static unsigned attr_state(const void *row)
{
	return missing(row) ? ATTR_RED : 0;
}

static unsigned attr_days(const void *row)
{
	const struct post_row *r = row;

	return !r->rated || r->partial ? 0 : r->rate.met ? ATTR_GREEN : r->rate.lost ? ATTR_RED : ATTR_YELLOW;
}

static const struct column columns[] = {
	{.heading = N_("岗位"), .width = 18, .text = col_post, .name = true},
	{.heading = N_("人员"), .width = 10, .text = col_person},
	{.heading = N_("状态"), .width = 12, .text = col_state, .attr = attr_state},
	{.heading = N_("到/应到"), .width = 8, .text = col_days, .attr = attr_days},
	{.heading = N_("说明"), .width = 28, .text = col_says},
};

static const struct list_source source = {.row_size = sizeof(struct post_row),
					  .load = posts_load,
					  .id = posts_id,
					  .columns = columns,
					  .n_columns = ARRAY_LEN(columns),
					  .empty = N_("本地区没有规定关键岗位")};

static int posts_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct posts *p = state;

	(void)ui;
	(void)e;
	text_copy(p->stand_at, sizeof(p->stand_at), arg ? arg : "");
	list_init(&p->list, &source, p);
	return 0;
}

static void posts_close(struct ui *ui, void *state)
{
	(void)ui;
	if (((struct posts *)state)->list.src)
		list_release(state);
}

static void stand(struct ui *ui, struct posts *p)
{
	const struct post_row *r;

	for (size_t i = 0; p->stand_at[0] && (r = list_row(ui, &p->list, i)); i++)
		if (strcmp(r->post, p->stand_at) == 0) {
			list_select(ui, &p->list, i);
			break;
		}
	p->stand_at[0] = '\0';
}

/* Above the rows, what the site is taken for: everything else rests on it. */
static void posts_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	struct posts *p = state;
	struct area rows = {a.row + 2, a.col, a.height - 2, a.width};

	stand(ui, p);
	list_draw(ui, &p->list, c, rows, true);
	canvas_paragraph(c, a.row, a.col + 2, 2, a.width - 4, 0, p->site.says);
	list_hint(ui, &p->list, rows);
}

static void posts_heading(struct ui *ui, const void *state, char *out, size_t size)
{
	const struct posts *p = state;
	char from[DATE_TEXT];

	(void)ui;
	date_format(p->site.counts_from, from);
	if (p->site.rated && from[0])
		text_format(out, size, _("%s 起计考勤率，每月 %d%%"), from, p->site.percent);
	else
		out[0] = '\0';
}

static void posts_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	if (ev->kind == UI_EVENT_CHANGED)
		list_reload(ui, state);
}

static bool posts_has_row(const void *state)
{
	return list_has_row(state);
}

/* --- actions
 * -------------------------------------------------------------------------------------------------------------------------
 */

static enum reaction act_choose(struct ui *ui, void *state)
{
	const struct post_row *r = list_selected(ui, state);

	if (r)
		ui_push(ui, &candidates_screen,
			&(struct candidates_arg){
				.post = r->post, .word = r->word, .seat = r->seat, .locked = r->locked});
	return STAY;
}

static void answered(struct ui *ui, void *owner, int answer, const char *input)
{
	struct posts *p = owner;
	struct post_act a = {.event = p->event,
			     .post = p->asked.post,
			     .seat = p->asked.seat,
			     .on = DATE_NONE,
			     .note = input};
	struct err e = {0};

	if (answer != 1)
		return;
	if (desk_post_act(ui_desk(ui), &a, &e)) {
		ui_fail_why(ui, &e);
		return;
	}
	ui_say(ui, SAY_DONE, "%s：%s", p->asked.word, event_word(p->event));
	ui_changed(ui);
}

static enum reaction ask(struct ui *ui, struct posts *p, enum event event)
{
	const struct post_row *r = list_selected(ui, &p->list);
	char text[NAME_TEXT * 2 + 100];

	if (!r)
		return STAY;
	p->asked = *r;
	p->event = event;
	text_format(text, sizeof(text), "%s %s：%s", r->word, r->proposed ? r->proposed_name : r->name,
		    event_word(event));
	dialog_ask(ui, &(struct dialog_arg){.title = N_("关键岗位"),
					    .text = text,
					    .button = {N_("不办"), N_("办理")},
					    .n_buttons = 2,
					    .focus = 0,
					    .input_label = N_("说明"),
					    .done = answered,
					    .owner = p});
	return STAY;
}

static enum reaction act_vacate(struct ui *ui, void *state)
{
	return ask(ui, state, EVENT_POST_VACATE);
}

static enum reaction act_approve(struct ui *ui, void *state)
{
	return ask(ui, state, EVENT_POST_APPROVE);
}

static enum reaction act_turn_down(struct ui *ui, void *state)
{
	return ask(ui, state, EVENT_POST_TURN_DOWN);
}

static void filed(struct ui *ui, void *owner, int answer, const char *input)
{
	struct posts *p = owner;
	struct absence_new a = {.post = p->asked.post,
				.seat = p->asked.seat,
				.from = date_today(),
				.to = DATE_NONE,
				.reason = input};
	struct err e = {0};

	if (answer != 1)
		return;
	if (desk_absence_file(ui_desk(ui), &a, &e)) {
		ui_fail_why(ui, &e);
		return;
	}
	ui_say(ui, SAY_DONE, _("%s 今天的缺勤已报备，须在今天传到平台"), p->asked.word);
	ui_changed(ui);
}

static enum reaction act_absence(struct ui *ui, void *state)
{
	struct posts *p = state;
	const struct post_row *r = list_selected(ui, state);
	char text[NAME_TEXT * 2 + 200];

	if (!r)
		return STAY;
	p->asked = *r;
	text_format(text, sizeof(text), _("%s %s 今天不能到岗：报备完成的当天不计考勤，不能补报。"), r->word,
		    r->name);
	dialog_ask(ui, &(struct dialog_arg){.title = N_("缺勤报备"),
					    .text = text,
					    .button = {N_("不办"), N_("报备")},
					    .n_buttons = 2,
					    .focus = 0,
					    .input_label = N_("原因"),
					    .input_needed = true,
					    .done = filed,
					    .owner = p});
	return STAY;
}

static enum reaction act_filings(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &filings_screen, NULL);
	return STAY;
}

static enum reaction act_person(struct ui *ui, void *state)
{
	const struct post_row *r = list_selected(ui, state);
	int64_t person = r && r->person ? r->person : r ? r->proposed : 0;

	if (person)
		ui_push(ui, &person_screen, &person);
	else
		ui_say(ui, SAY_INFO, "%s", _("这个岗位还没有人"));
	return STAY;
}

static enum reaction act_project(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &project_screen, NULL);
	return STAY;
}

static const struct action actions[] = {
	{K_ENTER, 0, "choose", N_("选人"), N_("谁可以担任这个岗位，别人为什么不能；选中即设置或提交审核"),
	 act_choose, NEEDS_ROW},
	{'v', 0, "vacate", N_("撤下"), N_("撤下岗位人员，岗位空缺；空缺的天数也算缺勤"), act_vacate,
	 NEEDS_ROW},
	{'y', 0, "approve", N_("审核通过"), N_("信用系统的审核通过了，记下来"), act_approve, NEEDS_ROW},
	{'n', 0, "turn_down", N_("不通过"), N_("信用系统的审核没有通过，记下来"), act_turn_down, NEEDS_ROW},
	{'b', 0, "absence", N_("缺勤报备"), N_("今天不能到岗：当天报备，当天不计考勤"), act_absence,
	 NEEDS_ROW},
	{'l', 0, "filings", N_("报备记录"), N_("缺勤报备和设备离线报备"), act_filings, 0},
	{'i', 0, "person", N_("档案"), N_("打开岗位人员的档案"), act_person, NEEDS_ROW},
	{'p', 0, "project", N_("项目"), N_("打开当前项目：工程类型、面积、造价、备案日期"), act_project, 0},
};

const struct screen_ops posts_screen = {
	.name = "posts",
	.title = N_("关键岗位"),
	.state_size = sizeof(struct posts),
	.open = posts_open,
	.heading = posts_heading,
	.draw = posts_draw,
	.event = posts_event,
	.close = posts_close,
	.has_row = posts_has_row,
	.flags = SCREEN_TAKES_CARD,
	.actions = actions,
	.n_actions = ARRAY_LEN(actions),
	.shared = list_actions,
	.n_shared = LIST_ACTIONS,
};
