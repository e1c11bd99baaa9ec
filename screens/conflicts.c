/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fields that were changed here and on the platform (DESIGN 9): what it was, what stands here, what stands there; the clerk chooses. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "desk/conflict.h"
#include "dialog.h"
#include "list.h"
#include "screen_list.h"

#define MANY 10 /* more than so many at once need a typed word (U11) */

struct conflicts {
	struct list list; /* first */
	int64_t *ids;     /* asked about */
	size_t n;
	enum conflict_choice choice;
};

static int conflicts_load(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n, void *next, bool *more,
			  struct err *e)
{
	const struct conflict *row = rows;
	int64_t after = 0;

	(void)owner;
	if (anchor)
		memcpy(&after, anchor, sizeof(after));
	if (desk_conflict_page(ui_desk(ui), after, rows, cap, n, more, e))
		return -1;
	if (*n)
		memcpy(next, &row[*n - 1].id, sizeof(after));
	return 0;
}

static int64_t conflict_id(const void *row)
{
	return ((const struct conflict *)row)->id;
}

static void col_name(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct conflict *)row)->name);
}

static void col_field(const void *row, char *out, size_t size)
{
	text_copy(out, size, _(((const struct conflict *)row)->label));
}

static const char *said(const char *value)
{
	return value[0] ? value : _("（空）");
}

static void col_mine(const void *row, char *out, size_t size)
{
	text_copy(out, size, said(((const struct conflict *)row)->mine));
}

static void col_theirs(const void *row, char *out, size_t size)
{
	text_copy(out, size, said(((const struct conflict *)row)->theirs));
}

static const struct column columns[] = {
	{.heading = N_("对象"), .width = 12, .text = col_name, .name = true},
	{.heading = N_("内容项"), .width = 16, .text = col_field},
	{.heading = N_("这里"), .width = 22, .text = col_mine},
	{.heading = N_("平台"), .width = 22, .text = col_theirs},
};

static const struct list_source source = {.row_size = sizeof(struct conflict), .load = conflicts_load, .id = conflict_id, .columns = columns,
	.n_columns = ARRAY_LEN(columns), .can_mark = true, .empty = N_("没有两边都改过的内容")};

static int conflicts_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	(void)ui;
	(void)arg;
	(void)e;
	list_init(state, &source, state);
	return 0;
}

static void conflicts_close(struct ui *ui, void *state)
{
	struct conflicts *c = state;

	(void)ui;
	free(c->ids);
	list_release(&c->list);
}

static void conflicts_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	struct area rows = {a.row, a.col, a.height - 3, a.width};
	const struct conflict *r;
	char text[CONFLICT_VALUE + 300], stamp[STAMP_TEXT];

	list_draw(ui, state, c, rows, true);
	r = list_selected(ui, state);
	if (!r)
		return;
	stamp_format(r->at_ms, stamp);
	text_format(text, sizeof(text), _("原来：%s。%s 改于 %.16s。选定以前以这里的为准。"), said(r->base), r->by[0] ? _(r->by) : _("平台"), stamp);
	canvas_paragraph(c, a.row + a.height - 2, a.col + 2, 2, a.width - 4, ATTR_PLAIN, text);
}

static void conflicts_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	if (ev->kind == UI_EVENT_CHANGED)
		list_reload(ui, state);
}

static bool conflicts_has_row(const void *state)
{
	return list_has_row(state);
}

/* --- choosing --- */

static void choose(struct ui *ui, struct conflicts *c)
{
	struct err e = {0};
	size_t done;

	if (desk_conflict_choose(ui_desk(ui), c->ids, c->n, c->choice, &done, &e)) {
		ui_fail_why(ui, &e);
		return;
	}
	list_unmark_all(&c->list);
	if (done < c->n)
		ui_say(ui, SAY_WARN, _("已选定 %zu 项；%zu 项是读卡得来的，只能用这里的，或重新读卡"), done, c->n - done);
	else
		ui_say(ui, SAY_DONE, c->choice == CONFLICT_MINE ? _("已选定 %zu 项用这里的，重新上传") : _("已选定 %zu 项用平台的"), done);
	ui_changed(ui);
}

static void chosen_bulk(struct ui *ui, void *owner, int answer, const char *input)
{
	(void)input;
	if (answer == 1)
		choose(ui, owner);
}

static void chosen_one(struct ui *ui, void *owner, int answer, const char *input)
{
	struct conflicts *c = owner;

	(void)input;
	if (answer < 1)
		return;
	c->choice = answer == 1 ? CONFLICT_MINE : CONFLICT_THEIRS;
	choose(ui, c);
}

static bool take_chosen(struct ui *ui, struct conflicts *c)
{
	free(c->ids);
	c->ids = list_chosen(ui, &c->list, &c->n);
	return c->n > 0;
}

static enum reaction act_compare(struct ui *ui, void *state)
{
	const struct conflict *r = list_selected(ui, state);
	struct conflicts *c = state;
	char text[CONFLICT_VALUE * 3 + 400];
	struct conflict whole;
	struct err e = {0};
	bool locked;

	if (!r)
		return STAY;
	if (desk_conflict_open(ui_desk(ui), r->id, &whole, &e)) {
		ui_fail_why(ui, &e);
		return STAY;
	}
	free(c->ids);
	c->n = 0;
	c->ids = malloc(sizeof(*c->ids));
	if (!c->ids)
		return STAY;
	c->ids[c->n++] = whole.id;
	text_format(text, sizeof(text), _("%s 的%s\n原来：%s\n这里：%s\n平台：%s"), whole.name, _(whole.label), said(whole.base),
		    said(whole.mine), said(whole.theirs));
	locked = whole.locked;
	wipe(&whole, sizeof(whole));
	dialog_ask(ui, &(struct dialog_arg){.title = N_("两边都改过"), .text = text,
					    .button = {N_("先不定"), N_("用这里的"), N_("用平台的")}, .n_buttons = locked ? 2 : 3,
					    .focus = 0, .done = chosen_one, .owner = c});
	wipe(text, sizeof(text)); /* the dialog has its own */
	return STAY;
}

static enum reaction bulk(struct ui *ui, struct conflicts *c, enum conflict_choice choice)
{
	struct dialog_arg ask = {.title = N_("请确认"), .n_buttons = 2, .focus = 0, .done = chosen_bulk, .owner = c};
	char text[300];

	if (!take_chosen(ui, c))
		return STAY;
	c->choice = choice;
	ask.text = text;
	ask.button[0] = N_("先不定");
	ask.button[1] = choice == CONFLICT_MINE ? N_("用这里的") : N_("用平台的");
	text_format(text, sizeof(text), choice == CONFLICT_MINE ? _("%zu 项用这里的值，重新上传平台。") : _("%zu 项改为平台的值。"), c->n);
	if (c->n > MANY) {
		ask.word = choice == CONFLICT_MINE ? _("这里") : _("平台");
		ask.word2 = choice == CONFLICT_MINE ? "mine" : "theirs";
	}
	dialog_ask(ui, &ask);
	return STAY;
}

static enum reaction act_mine(struct ui *ui, void *state)
{
	return bulk(ui, state, CONFLICT_MINE);
}

static enum reaction act_theirs(struct ui *ui, void *state)
{
	return bulk(ui, state, CONFLICT_THEIRS);
}

/* A team has no file of its own: it stands under its participant. */
static enum reaction act_file(struct ui *ui, void *state)
{
	const struct conflict *r = list_selected(ui, state);

	if (!r)
		return STAY;
	if (r->person)
		ui_push(ui, &person_screen, &r->person);
	else if (!strcmp(r->about, "team"))
		ui_push(ui, &participants_screen, NULL);
	else
		ui_push(ui, &sheet_form_screen,
			&(struct sheet_form_arg){.sheet = strcmp(r->about, "company") ? SHEET_PARTICIPANT : SHEET_COMPANY, .uid = r->uid});
	return STAY;
}

static const struct action actions[] = {
	{K_ENTER, 0, "compare", N_("对照"), N_("对照原来的、这里的和平台的，选定一个"), act_compare, NEEDS_ROW},
	{'z', 0, "mine", N_("用这里的"), N_("选中或标记的都用这里的值，重新上传"), act_mine, NEEDS_ROW},
	{'t', 0, "theirs", N_("用平台的"), N_("选中或标记的都改为平台的值"), act_theirs, NEEDS_ROW},
	{'d', 0, "file", N_("档案"), N_("打开选中的人或单位的档案；班组则打开参建单位"), act_file, NEEDS_ROW},
};

const struct screen_ops conflicts_screen = {
	.name = "conflicts",
	.title = N_("两边不一致"),
	.state_size = sizeof(struct conflicts),
	.open = conflicts_open,
	.draw = conflicts_draw,
	.event = conflicts_event,
	.close = conflicts_close,
	.has_row = conflicts_has_row,
	.flags = SCREEN_TAKES_CARD,
	.actions = actions,
	.n_actions = ARRAY_LEN(actions),
	.shared = list_mark_actions,
	.n_shared = LIST_MARK_ACTIONS,
};
