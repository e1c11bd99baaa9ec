/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Backups (R16, L9): those beside the data and those on a second disk or stick, how old the newest is; one more into a file now; is it sound; and the
 * way to another computer. Restoring is done where no data are yet, so it is a command: shiming restore.
 */
#include <stdlib.h>
#include <string.h>

#include "base/dates.h"
#include "base/i18n.h"
#include "base/text.h"
#include "desk/upkeep.h"
#include "dialog.h"
#include "list.h"
#include "office/client.h"
#include "screen_list.h"

#define OLD_HOURS 26 /* no working day without one */
#define TEXT_BELOW 12
#define PATH_CHARS 300

struct place_line { int64_t id; struct backup_place place; };

static int places_load(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n, void *next, bool *more, struct err *e)
{
	struct place_line *line = rows;
	struct backup_place *seen = calloc(BACKUP_PLACES, sizeof(*seen));
	char second[4096];
	int last = -1;

	(void)owner;
	(void)anchor;
	(void)next;
	*more = false;
	*n = 0;
	if (!seen)
		return err_set(e, ERR_MEMORY, "backups");
	if (!desk_setting_get(ui_desk(ui), "backup.dir", second, sizeof(second), e)) {
		desk_backups_seen(desk_dir(ui_desk(ui)), second, seen);
		for (; *n < BACKUP_PLACES && *n < cap; ++*n)
			line[*n] = (struct place_line){.id = (int64_t)*n + 1, .place = seen[*n]};
		last = 0;
	}
	free(seen);
	return last;
}

static int64_t place_id(const void *row)
{
	return ((const struct place_line *)row)->id;
}

static void col_place(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct place_line *)row)->id == 1 ? _("本机") : _("第二处"));
}

static void col_newest(const void *row, char *out, size_t size)
{
	const struct backup_place *p = &((const struct place_line *)row)->place;
	char stamp[STAMP_TEXT];

	stamp_format(p->made_ms, stamp);
	if (!p->dir[0])
		text_copy(out, size, _("没有设"));
	else if (p->made_ms)
		text_format(out, size, "%.16s", stamp);
	else
		text_copy(out, size, p->there || ((const struct place_line *)row)->id == 1 ? _("还没有") : _("不在"));
}

static unsigned attr_newest(const void *row)
{
	const struct backup_place *p = &((const struct place_line *)row)->place;

	return !p->made_ms || clock_now_ms() - p->made_ms > OLD_HOURS * 3600000LL ? ATTR_YELLOW : ATTR_GREEN;
}

static void col_count(const void *row, char *out, size_t size)
{
	text_format(out, size, _("%zu 份"), ((const struct place_line *)row)->place.n);
}

static void col_dir(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct place_line *)row)->place.dir);
}

static const struct column columns[] = {
	{.heading = N_("存放处"), .width = 13, .text = col_place, .name = true},
	{.heading = N_("最近一份"), .width = 18, .text = col_newest, .attr = attr_newest},
	{.heading = N_("份数"), .width = 10, .text = col_count},
	{.heading = N_("目录"), .width = 30, .text = col_dir},
};

static const struct list_source source = {.row_size = sizeof(struct place_line), .load = places_load, .id = place_id, .columns = columns,
	.n_columns = ARRAY_LEN(columns)};

static int backups_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	(void)ui;
	(void)arg;
	(void)e;
	list_init(state, &source, state);
	return 0;
}

/* Each paragraph on lines of its own; what finds no room is in the manual that the last one names. */
static void backups_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	static const char *const words[] = {
		N_("有新记录时，上传程序每小时备份一次，读回核对后才算；第二处最好是另一块磁盘或 U 盘。备份是加密的，恢复时要用恢复码，或任何一个帐号当时的口令。"),
		N_("换电脑：① 旧电脑上先传完（上传），按 b 备份到 U 盘，此后不要在旧电脑上办理；② 新电脑上 shiming restore 文件；"
		   "③ 核对人数和日志，shiming connection move --yes，平台从此只认新电脑；④ 销毁旧电脑的数据和 U 盘上的备份。"),
	};
	struct area rows = {a.row, a.col, a.height > TEXT_BELOW ? a.height - TEXT_BELOW : a.height, a.width};
	int at = a.row + rows.height;

	list_draw(ui, state, c, rows, true);
	for (size_t i = 0; i < ARRAY_LEN(words) && at < a.row + a.height; i++)
		at += 1 + canvas_paragraph(c, at, a.col + 2, a.row + a.height - at, a.width - 4, i ? ATTR_PLAIN : ATTR_DIM, _(words[i]));
}

static void backups_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	if (ev->kind == UI_EVENT_CHANGED)
		list_reload(ui, state);
}

static void backups_close(struct ui *ui, void *state)
{
	(void)ui;
	list_release(state);
}

static bool backups_has_row(const void *state)
{
	return list_has_row(state);
}

/* --- actions ----------------------------------------------------------------------------------------------------------------------------- */

static void said(struct ui *ui, const char *words, const struct backup *b)
{
	char stamp[STAMP_TEXT];

	stamp_format(b->made_ms, stamp);
	ui_say(ui, SAY_DONE, _("%s：%.16s 的数据，%lld KiB，%s"), words, stamp, (long long)((b->bytes + 1023) / 1024), b->path);
}

static void made(struct ui *ui, void *owner, int answer, const char *input)
{
	char path[OFFICE_PATH];
	struct err e = {0};
	struct backup b;

	(void)owner;
	if (answer != 1)
		return;
	if (office_path(input, path, &e) || desk_backup(ui_desk(ui), path, &b, &e)) {
		ui_fail_why(ui, &e);
		return;
	}
	ui_changed(ui);
	said(ui, _("已备份并读回核对"), &b);
}

static enum reaction act_backup(struct ui *ui, void *state)
{
	dialog_ask(ui, &(struct dialog_arg){.title = N_("现在备份"), .text = _("全部数据备份为一个加密文件，不会覆盖已有的文件。例如 /media/usb/shiming.backup"),
					    .button = {N_("返回"), N_("备份")}, .n_buttons = 2, .input_label = N_("文件"), .input_chars = PATH_CHARS,
					    .input_needed = true, .done = made, .owner = state});
	return STAY;
}

static enum reaction act_check(struct ui *ui, void *state)
{
	const struct place_line *l = list_selected(ui, state);
	struct err e = {0};
	struct backup b;

	if (!l)
		return STAY;
	if (!l->place.newest[0])
		ui_say(ui, SAY_INFO, "%s", _("这里还没有备份"));
	else if (desk_backup_check(ui_desk(ui), l->place.newest, &b, &e))
		ui_fail_why(ui, &e);
	else
		said(ui, _("备份完好"), &b);
	return STAY;
}

static void second_named(struct ui *ui, void *owner, int answer, const char *input)
{
	char path[OFFICE_PATH] = "";
	struct err e = {0};

	(void)owner;
	if (answer != 1)
		return;
	if ((input[0] && office_path(input, path, &e)) || desk_setting_set(ui_desk(ui), "backup.dir", path, &e)) {
		ui_fail_why(ui, &e);
		return;
	}
	ui_changed(ui);
	ui_say(ui, SAY_DONE, "%s", path[0] ? _("已设第二处；下一次备份时也放一份到那里") : _("已取消第二处"));
}

static enum reaction act_second(struct ui *ui, void *state)
{
	dialog_ask(ui, &(struct dialog_arg){.title = N_("第二处"), .text = _("另一块磁盘或 U 盘上的目录，要已经建好；不填为取消。"),
					    .button = {N_("返回"), N_("保存")}, .n_buttons = 2, .input_label = N_("目录"), .input_chars = PATH_CHARS,
					    .done = second_named, .owner = state});
	return STAY;
}

static const struct action actions[] = {
	{'b', 0, "backup", N_("现在备份"), N_("把全部数据备份为一个加密文件，并读回核对"), act_backup, NEEDS_KEY},
	{'c', 0, "check", N_("核对"), N_("从头到尾读一遍选中位置最近的一份备份"), act_check, NEEDS_ROW | NEEDS_KEY},
	{'d', 0, "second", N_("第二处"), N_("自动备份再放一份到哪个目录"), act_second, 0},
};

const struct screen_ops backups_screen = {
	.name = "backups",
	.title = N_("备份与换电脑"),
	.state_size = sizeof(struct list),
	.open = backups_open,
	.draw = backups_draw,
	.event = backups_event,
	.close = backups_close,
	.has_row = backups_has_row,
	.actions = actions,
	.n_actions = ARRAY_LEN(actions),
	.shared = list_actions,
	.n_shared = LIST_ACTIONS,
};
