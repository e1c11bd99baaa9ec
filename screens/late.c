/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was recorded after it had happened (E9): the day it counts for, the day it was, why, and whether something shows it. */
#include <string.h>

#include "base/dates.h"
#include "base/i18n.h"
#include "base/text.h"
#include "desk/association.h"
#include "desk/paper.h"
#include "dialog.h"
#include "list.h"
#include "paper_one.h"
#include "screen_list.h"

#define PATH_CHARS 300

static int late_load(struct ui *ui, void *owner, int64_t id, void *rows, size_t cap, size_t *n, struct err *e)
{
	(void)owner;
	return desk_late_list(ui_desk(ui), id, rows, cap, n, e);
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

static const struct list_source source = {.row_size = sizeof(struct late_row), .behind = late_load, .id = late_id, .columns = columns,
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

/* The list and the record that a file is asked for: the list may move on beneath the question. */
struct late {
	struct list list; /* first: the list's own actions are given the state */
	int64_t fact;
	struct paper_one one;
};

static void add_file(struct ui *ui, struct late *l, const char *path)
{
	struct evidence v = {.mime = NULL};
	struct err e = {0};
	struct buf file;
	int rc;

	buf_init(&file, EVIDENCE_MAX * 8 + 4096);
	rc = desk_evidence_read(path, &file, &v.mime, &e);
	v.data = file.data;
	v.bytes = file.len;
	if (!rc)
		rc = desk_late_evidence_add(ui_desk(ui), l->fact, &v, &e);
	buf_wipe_release(&file);
	if (rc) {
		ui_fail_why(ui, &e);
		return;
	}
	ui_say(ui, SAY_DONE, "%s", _("印证材料已放入"));
	ui_changed(ui);
}

static void file_named(struct ui *ui, void *owner, int answer, const char *input)
{
	char path[DIALOG_INPUT];

	if (answer != 1)
		return;
	text_copy(path, sizeof(path), input);
	text_trim(path);
	add_file(ui, owner, path);
}

static enum reaction act_evidence(struct ui *ui, void *state)
{
	struct late *l = state;
	const struct late_row *row = list_selected(ui, &l->list);
	char text[NAME_TEXT * 2 + 200], on[DATE_TEXT];

	if (!row)
		return STAY;
	l->fact = row->fact;
	date_format(row->true_on, on);
	text_format(text, sizeof(text), _("%s，%s，实际日期 %s。附上印证材料（PDF、JPEG 或 PNG，不超过 5 MiB）。放入后不能取走，只能再放新的。"), row->name,
		    event_word(row->event), on);
	dialog_ask(ui, &(struct dialog_arg){.title = N_("印证材料"), .text = text, .button = {N_("返回"), N_("放入")}, .n_buttons = 2, .focus = 0,
					    .input_label = N_("文件"), .input_chars = PATH_CHARS, .input_needed = true, .done = file_named, .owner = l});
	return STAY;
}

static int put_paper(struct desk *d, const struct paper_one *one, struct office_out *out, struct err *e)
{
	cJSON *sheet = NULL;

	return desk_paper_fact(d, one->id, &sheet, e) ? -1 : paper_one_put(sheet, out, e);
}

static enum reaction act_paper(struct ui *ui, void *state)
{
	struct late *l = state;
	const struct late_row *row = list_selected(ui, &l->list);

	if (!row)
		return STAY;
	l->one = (struct paper_one){.list = "record", .put = put_paper, .id = row->fact};
	paper_one_ask(ui, &l->one);
	return STAY;
}

static const struct action actions[] = {
	{K_ENTER, 0, "open", N_("档案"), N_("打开这个人的档案"), act_open, NEEDS_ROW},
	{'f', 0, "evidence", N_("印证材料"), N_("从文件给这一条补充印证材料（PDF、JPEG 或 PNG）"), act_evidence, NEEDS_ROW | NEEDS_KEY},
	{'w', 0, "paper", N_("打印一条"), N_("把选中的一条写成 PDF 或送打印机，签字用"), act_paper, NEEDS_ROW | NEEDS_KEY},
};

const struct screen_ops late_screen = {
	.name = "late",
	.title = N_("事后补记"),
	.state_size = sizeof(struct late),
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
