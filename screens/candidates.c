/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who could hold a key post (F3): found while typing; each that cannot says why; Enter sets the post, or
 * notes that a review was asked for. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "desk/post.h"
#include "dialog.h"
#include "edit.h"
#include "list.h"
#include "screen_list.h"

#define SEARCH_CHARS 30

struct candidates {
	struct list list; /* first */
	struct edit search;
	char post[16], word[64];
	int seat;
	bool locked, all;
	int64_t asked; /* the person that the question is about */
	char name[NAME_TEXT];
};

static int candidates_load(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n,
			   void *next, bool *more, struct err *e)
{
	struct candidates *s = owner;
	struct candidate_query q = {.post = s->post, .seat = s->seat, .all = s->all};
	struct candidate_page page = {.row = rows, .cap = cap};

	_Static_assert(sizeof(struct roster_cursor) <= LIST_ANCHOR, "an anchor holds a cursor");
	text_copy(q.text, sizeof(q.text), s->search.text);
	if (anchor)
		memcpy(&q.after, anchor, sizeof(q.after));
	if (desk_post_candidates(ui_desk(ui), &q, &page, e))
		return -1;
	memcpy(next, &page.last, sizeof(page.last));
	*n = page.n;
	*more = page.more;
	return 0;
}

static int64_t candidates_id(const void *row)
{
	return ((const struct candidate *)row)->person;
}

static void col_name(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct candidate *)row)->name);
}

static void col_tail(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct candidate *)row)->tail);
}

static void col_trade(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct candidate *)row)->trade);
}

static void col_can(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct candidate *)row)->can ? _("可以") : _("不能"));
}

static unsigned attr_can(const void *row)
{
	return ((const struct candidate *)row)->can ? ATTR_GREEN : ATTR_RED;
}

static void col_why(const void *row, char *out, size_t size)
{
	const struct candidate *r = row;

	text_format(out, size, "%s%s%s", r->can ? r->warning : r->why, r->would[0] ? _("；") : "", r->would);
}

static const struct column columns[] = {
	{.heading = N_("姓名"), .width = 10, .text = col_name, .name = true},
	{.heading = N_("证件尾号"), .width = 9, .text = col_tail, .drop = 70},
	{.heading = N_("工种"), .width = 12, .text = col_trade},
	{.heading = N_("能否"), .width = 6, .text = col_can, .attr = attr_can},
	{.heading = N_("原因和办法"), .width = 36, .text = col_why},
};

static const struct list_source source = {.row_size = sizeof(struct candidate),
					  .load = candidates_load,
					  .id = candidates_id,
					  .columns = columns,
					  .n_columns = ARRAY_LEN(columns),
					  .people = true,
					  .empty = N_("没有管理人员可选：按 F6 看全部人员，或先登记")};

static int candidates_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct candidates *s = state;
	const struct candidates_arg *a = arg;

	(void)ui;
	(void)e;
	text_copy(s->post, sizeof(s->post), a->post);
	text_copy(s->word, sizeof(s->word), a->word);
	s->seat = a->seat;
	s->locked = a->locked;
	s->search.max_chars = SEARCH_CHARS;
	list_init(&s->list, &source, s);
	return 0;
}

static void candidates_close(struct ui *ui, void *state)
{
	(void)ui;
	if (((struct candidates *)state)->list.src)
		list_release(state);
}

static void candidates_heading(struct ui *ui, const void *state, char *out, size_t size)
{
	const struct candidates *s = state;

	(void)ui;
	text_format(out, size, "%s  %s", s->word, s->all ? _("全部人员") : _("管理人员"));
}

static void candidates_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	struct candidates *s = state;
	struct area rows = {a.row + 1, a.col, a.height - 1, a.width};
	int used;

	list_draw(ui, &s->list, c, rows, false);
	list_hint(ui, &s->list, rows);
	used = canvas_text(c, a.row, a.col, a.width, ATTR_PLAIN, _("找：")) + 1;
	edit_draw(&s->search, c, a.row, a.col + used, a.width - used, ATTR_PLAIN, true);
}

static void candidates_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	if (ev->kind == UI_EVENT_CHANGED)
		list_reload(ui, state);
}

static enum reaction candidates_key(struct ui *ui, void *state, int key)
{
	struct candidates *s = state;
	bool changed = false;

	if (!edit_key(&s->search, key, &changed))
		return NOT_MINE;
	if (changed)
		list_restart(ui, &s->list);
	return STAY;
}

static bool candidates_typing(const void *state)
{
	(void)state;
	return true;
}

static bool candidates_has_row(const void *state)
{
	return list_has_row(state);
}

/* --- actions
 * -------------------------------------------------------------------------------------------------------------------------
 */

static void set(struct ui *ui, void *owner, int answer, const char *input)
{
	struct candidates *s = owner;
	struct post_act a = {.event = s->locked ? EVENT_POST_PROPOSE : EVENT_POST_FILL,
			     .post = s->post,
			     .seat = s->seat,
			     .person = s->asked,
			     .on = DATE_NONE};
	struct err e = {0};

	if (answer != 1)
		return;
	if (input[0] && !date_parse(input, &a.on)) {
		ui_say(ui, SAY_ERROR, "%s", _("日期应写成 2026-11-20"));
		return;
	}
	if (desk_post_act(ui_desk(ui), &a, &e)) {
		ui_fail_why(ui, &e);
		return;
	}
	ui_say(ui, SAY_DONE, s->locked ? _("%s：已记下 %s 待审核") : _("%s：已设置 %s"), s->word, s->name);
	ui_changed(ui);
	ui_pop_state(ui, s);
}

static enum reaction act_set(struct ui *ui, void *state)
{
	struct candidates *s = state;
	const struct candidate *r = list_selected(ui, state);
	char text[NAME_TEXT * 2 + 200];

	if (!r)
		return STAY;
	if (!r->can) {
		ui_say(ui, SAY_ERROR, "%s%s%s", r->why, r->would[0] ? _("；") : "", r->would);
		return STAY;
	}
	s->asked = r->person;
	text_copy(s->name, sizeof(s->name), r->name);
	text_format(text, sizeof(text),
		    s->locked ? _("%s 由信用系统锁定。已在信用系统提交 %s 的变更，等待审核：记下来吗？")
			      : _("%s：设置 %s 吗？"),
		    s->word, r->name);
	dialog_ask(ui, &(struct dialog_arg){.title = N_("关键岗位"),
					    .text = text,
					    .button = {N_("不办"), N_("办理")},
					    .n_buttons = 2,
					    .focus = 0,
					    .input_label = N_("自哪一天（空着是今天）"),
					    .input_chars = 10,
					    .done = set,
					    .owner = s});
	return STAY;
}

static enum reaction act_all(struct ui *ui, void *state)
{
	struct candidates *s = state;

	s->all = !s->all;
	list_restart(ui, &s->list);
	return STAY;
}

static enum reaction act_certificates(struct ui *ui, void *state)
{
	const struct candidate *r = list_selected(ui, state);

	if (r)
		ui_push(ui, &certificates_screen, &r->person);
	return STAY;
}

static enum reaction act_back(struct ui *ui, void *state)
{
	struct candidates *s = state;

	if (!s->search.text[0])
		return CLOSE;
	edit_set(&s->search, "");
	list_restart(ui, &s->list);
	return STAY;
}

static const struct action actions[] = {
	{K_ENTER, 0, "set", N_("设置"), N_("设置这个人；由信用系统锁定的岗位，记下已提交审核"), act_set,
	 NEEDS_ROW},
	{K_F6, K_CTRL('t'), "all", N_("全部人员"), N_("在管理人员和全部人员之间切换"), act_all, 0},
	{K_F4, K_CTRL('v'), "certificates", N_("证书"), N_("打开此人的证书页，登记或延期"), act_certificates,
	 NEEDS_ROW},
	{K_ESC, 0, "back", N_("返回"), N_("先清除键入的文字，再按返回上一画面"), act_back, 0},
};

const struct screen_ops candidates_screen = {
	.name = "candidates",
	.title = N_("选岗位人员"),
	.state_size = sizeof(struct candidates),
	.open = candidates_open,
	.heading = candidates_heading,
	.draw = candidates_draw,
	.key = candidates_key,
	.event = candidates_event,
	.close = candidates_close,
	.typing = candidates_typing,
	.has_row = candidates_has_row,
	.flags = SCREEN_TAKES_CARD,
	.actions = actions,
	.n_actions = ARRAY_LEN(actions),
	.shared = list_actions,
	.n_shared = LIST_ACTIONS,
};
