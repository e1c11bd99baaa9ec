/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was recorded after it had happened (E9): the day it counts for, the day it was, why, and whether something shows it. */
#include <string.h>

#include "base/dates.h"
#include "base/i18n.h"
#include "base/text.h"
#include "list.h"
#include "screen_list.h"

static int late_load(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n, void *next, bool *more, struct err *e)
{
	const struct late_row *row = rows;
	int64_t before = 0;

	(void)owner;
	if (anchor)
		memcpy(&before, anchor, sizeof(before));
	if (desk_late_list(ui_desk(ui), before, rows, cap, n, e))
		return -1;
	if (*n)
		before = row[*n - 1].fact;
	memcpy(next, &before, sizeof(before));
	*more = *n == cap;
	return 0;
}

static int64_t late_id(const void *row)
{
	return ((const struct late_row *)row)->fact;
}

static void col_name(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct late_row *)row)->name);
}

static void col_what(const void *row, char *out, size_t size)
{
	text_copy(out, size, event_word(((const struct late_row *)row)->event));
}

static void day(date_t on, char *out, size_t size)
{
	char text[DATE_TEXT];

	date_format(on, text);
	text_copy(out, size, text);
}

static void col_true(const void *row, char *out, size_t size)
{
	day(((const struct late_row *)row)->true_on, out, size);
}

static void col_on(const void *row, char *out, size_t size)
{
	day(((const struct late_row *)row)->on, out, size);
}

static void col_evidence(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct late_row *)row)->evidence ? _("有") : _("无"));
}

static void col_note(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct late_row *)row)->note);
}

static const struct column columns[] = {
	{.heading = N_("姓名"), .width = 12, .text = col_name, .name = true},
	{.heading = N_("手续"), .width = 10, .text = col_what},
	{.heading = N_("实际日期"), .width = 12, .text = col_true},
	{.heading = N_("办理日期"), .width = 12, .text = col_on},
	{.heading = N_("印证材料"), .width = 10, .text = col_evidence},
	{.heading = N_("原因"), .width = 24, .text = col_note},
};

static const struct list_source source = {.row_size = sizeof(struct late_row), .load = late_load, .id = late_id, .columns = columns,
	.n_columns = ARRAY_LEN(columns), .empty = N_("没有事后补记的手续")};

static int late_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	(void)ui;
	(void)arg;
	(void)e;
	list_init(state, &source, state);
	return 0;
}

static void late_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	list_draw(ui, state, c, a, true);
}

static void late_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	if (ev->kind == UI_EVENT_CHANGED)
		list_reload(ui, state);
}

static void late_close(struct ui *ui, void *state)
{
	(void)ui;
	list_release(state);
}

static bool late_has_row(const void *state)
{
	return list_has_row(state);
}

static enum reaction act_open(struct ui *ui, void *state)
{
	const struct late_row *row = list_selected(ui, state);

	if (row)
		ui_push(ui, &person_screen, &row->person);
	return STAY;
}

static const struct action actions[] = {
	{K_ENTER, 0, "open", N_("档案"), N_("打开这个人的档案"), act_open, NEEDS_ROW},
};

const struct screen_ops late_screen = {
	.name = "late",
	.title = N_("事后补记"),
	.state_size = sizeof(struct list),
	.open = late_open,
	.draw = late_draw,
	.event = late_event,
	.close = late_close,
	.has_row = late_has_row,
	.flags = SCREEN_TAKES_CARD,
	.actions = actions,
	.n_actions = ARRAY_LEN(actions),
	.shared = list_actions,
	.n_shared = LIST_ACTIONS,
};
