/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whom devices have collected (H1, H2): looked at, registered in the form or taken into a file, or put aside. */
#include <string.h>

#include "base/dates.h"
#include "base/i18n.h"
#include "base/text.h"
#include "desk/device.h"
#include "dialog.h"
#include "list.h"
#include "screen_list.h"

static int collected_load(struct ui *ui, void *owner, int64_t id, void *rows, size_t cap, size_t *n, struct err *e)
{
	(void)owner;
	return desk_collected_list(ui_desk(ui), id, rows, cap, n, e);
}

static int64_t collected_id(const void *row)
{
	return ((const struct collected_row *)row)->id;
}

static void col_name(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct collected_row *)row)->name);
}

static void col_tail(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct collected_row *)row)->tail);
}

static void col_at(const void *row, char *out, size_t size)
{
	char stamp[STAMP_TEXT];

	stamp_format(((const struct collected_row *)row)->at_ms, stamp);
	text_format(out, size, "%.11s", stamp + 5);
}

static void col_how(const void *row, char *out, size_t size)
{
	const struct collected_row *r = row;

	text_format(out, size, "%s%s", r->typed ? _("设备上手工录入") : _("设备读卡"), r->photo ? _("，有照片") : "");
}

static void col_file(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct collected_row *)row)->person ? _("已有档案") : _("没有档案"));
}

static void col_place(const void *row, char *out, size_t size)
{
	const struct collected_row *r = row;

	text_copy(out, size, r->place[0] ? r->place : r->serial);
}

static const struct column columns[] = {
	{.heading = N_("姓名"), .width = 14, .text = col_name, .name = true},
	{.heading = N_("后四位"), .width = 7, .text = col_tail},
	{.heading = N_("时间"), .width = 12, .text = col_at},
	{.heading = N_("档案"), .width = 9, .text = col_file},
	{.heading = N_("怎么来的"), .width = 22, .text = col_how},
	{.heading = N_("设备"), .width = 12, .text = col_place},
};

static const struct list_source source = {.row_size = sizeof(struct collected_row), .behind = collected_load, .id = collected_id, .columns = columns,
	.n_columns = ARRAY_LEN(columns), .empty = N_("没有等着核对的人")};

static int collected_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	(void)ui;
	(void)arg;
	(void)e;
	list_init(state, &source, state);
	return 0;
}

static void collected_close(struct ui *ui, void *state)
{
	(void)ui;
	list_release(state);
}

static void collected_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	list_draw(ui, state, c, a, true);
	list_hint(ui, state, a);
}

static void collected_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	if (ev->kind == UI_EVENT_CHANGED)
		list_reload(ui, state);
}

static bool collected_has_row(const void *state)
{
	return list_has_row(state);
}

/* Who is on file is looked at there: the photograph and the row are taken over with 'k'. */
static enum reaction act_open(struct ui *ui, void *state)
{
	const struct collected_row *r = list_selected(ui, state);

	if (r && r->person)
		ui_push(ui, &person_screen, &r->person);
	else if (r)
		ui_push(ui, &register_screen, &(struct register_arg){.collected = r->id});
	return STAY;
}

static void told(struct ui *ui, int last, const struct err *e, const char *done)
{
	if (last) {
		ui_fail(ui, e);
		return;
	}
	ui_say(ui, SAY_DONE, "%s", done);
	ui_changed(ui);
}

static enum reaction act_take(struct ui *ui, void *state)
{
	const struct collected_row *r = list_selected(ui, state);
	struct err e = {0};

	if (!r)
		return STAY;
	if (!r->person)
		ui_say(ui, SAY_INFO, "%s", _("此人还没有档案：按回车登记"));
	else
		told(ui, desk_collected_take(ui_desk(ui), r->id, r->person, &e), &e, _("已采用；档案里没有照片的，放入了设备拍的照片"));
	return STAY;
}

static void dropped(struct ui *ui, void *owner, int answer, const char *input)
{
	const struct collected_row *r = list_selected(ui, owner);
	struct err e = {0};

	(void)input;
	if (answer == 1 && r)
		told(ui, desk_collected_drop(ui_desk(ui), r->id, &e), &e, _("已搁置，不登记"));
}

static enum reaction act_drop(struct ui *ui, void *state)
{
	const struct collected_row *r = list_selected(ui, state);
	char text[NAME_TEXT + 100];

	if (!r)
		return STAY;
	text_format(text, sizeof(text), _("不采用设备采集的 %s？不登记，也不再列出。"), r->name);
	dialog_ask(ui, &(struct dialog_arg){.title = N_("搁置"), .text = text, .button = {N_("留着"), N_("搁置")}, .n_buttons = 2, .focus = 0,
					    .done = dropped, .owner = state});
	return STAY;
}

static const struct action actions[] = {
	{K_ENTER, 0, "open", N_("核对"), N_("没有档案的在登记表里核对并登记；已有档案的打开档案"), act_open, NEEDS_ROW},
	{'k', 0, "take", N_("采用"), N_("已有档案的：采用，没有照片的放入设备拍的照片"), act_take, NEEDS_ROW},
	{'x', 0, "drop", N_("搁置"), N_("不采用，也不再列出"), act_drop, NEEDS_ROW},
};

const struct screen_ops collected_screen = {
	.name = "collected",
	.title = N_("设备采集的人员"),
	.state_size = sizeof(struct list),
	.open = collected_open,
	.draw = collected_draw,
	.event = collected_event,
	.close = collected_close,
	.has_row = collected_has_row,
	.flags = SCREEN_TAKES_CARD,
	.actions = actions,
	.n_actions = ARRAY_LEN(actions),
	.shared = list_actions,
	.n_shared = LIST_ACTIONS,
};
