/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A roster from a table (E7, U13): the file, a try that writes nothing, its verdicts, then, confirmed, the import; refused rows can be saved
 * with their reasons, mended and taken again. The file is read beside the live screen, rows are counted, Esc stops (U14): what was done
 * stays done.
 */
#include <stdlib.h>
#include <string.h>

#include "base/dates.h"
#include "base/i18n.h"
#include "base/text.h"
#include "desk/import.h"
#include "dialog.h"
#include "edit.h"
#include "list.h"
#include "office/client.h"
#include "screen_list.h"

#define WORD_ABOVE 10
#define PATH_CHARS 300

enum phase { PHASE_FILE, PHASE_TRYING, PHASE_TRIED, PHASE_TAKING, PHASE_TAKEN };

struct importing {
	struct list list; /* first: the refused rows */
	struct edit path;
	bool typing;
	enum phase phase;
	struct import *import; /* of the try, then of the import; its verdicts are shown */
	char saving[OFFICE_PATH]; /* a file that exists, while it is asked whether to overwrite it */
	bool saving_template;
};

static bool running(const struct importing *m)
{
	return m->phase == PHASE_TRYING || m->phase == PHASE_TAKING;
}

static unsigned long count(const struct importing *m, enum import_outcome o)
{
	return m->import ? desk_import_counts(m->import)->n[o] : 0;
}

/* --- the refused rows --------------------------------------------------------------------------------------------------------------- */

struct line { int64_t id; const struct import_verdict *v; };

static int import_load(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n, void *next, bool *more, struct err *e)
{
	const struct importing *m = owner;
	const struct import_verdict *v = NULL;
	struct line *line = rows;
	size_t at = 0;

	(void)ui;
	(void)e;
	if (anchor)
		memcpy(&at, anchor, sizeof(at));
	*n = 0;
	for (; m->import && *n < cap && (v = desk_import_verdict(m->import, at)); at++)
		if (v->outcome == IMPORT_REFUSED)
			line[(*n)++] = (struct line){.id = (int64_t)at + 1, .v = v};
	memcpy(next, &at, sizeof(at));
	*more = m->import && v && *n == cap;
	return 0;
}

static int64_t import_id(const void *row)
{
	return ((const struct line *)row)->id;
}

static void col_row(const void *row, char *out, size_t size)
{
	text_format(out, size, "%lu", ((const struct line *)row)->v->row);
}

static void col_name(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct line *)row)->v->name);
}

static void col_why(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct line *)row)->v->why);
}

static const struct column columns[] = {
	{.heading = N_("行"), .width = 7, .text = col_row},
	{.heading = N_("姓名"), .width = 14, .text = col_name, .name = true},
	{.heading = N_("不能导入的原因"), .width = 40, .text = col_why},
};

static const struct list_source source = {.row_size = sizeof(struct line), .load = import_load, .id = import_id, .columns = columns,
					  .n_columns = ARRAY_LEN(columns), .empty = N_("不能导入的行会列在这里，连同原因")};

/* --- trying and taking --------------------------------------------------------------------------------------------------------------- */

static void drop(struct importing *m)
{
	desk_import_close(m->import);
	m->import = NULL;
}

static int begin(struct ui *ui, struct importing *m, bool dry_run)
{
	struct err e = {0};

	drop(m);
	list_restart(ui, &m->list);
	if (desk_import_open(ui_desk(ui), &(struct import_options){.path = m->path.text, .dry_run = dry_run}, &m->import, &e)) {
		m->phase = PHASE_FILE;
		ui_fail(ui, &e);
		return -1;
	}
	m->phase = dry_run ? PHASE_TRYING : PHASE_TAKING;
	m->typing = false;
	return 0;
}

static void answered(struct ui *ui, void *owner, int answer, const char *input)
{
	(void)input;
	if (answer == 1)
		begin(ui, owner, false);
}

/* More than ten people at once need the word (U4). */
static void ask(struct ui *ui, struct importing *m)
{
	unsigned long people = count(m, IMPORT_NEW) + count(m, IMPORT_CHANGED);
	char text[400];
	struct dialog_arg a = {.title = N_("请确认"), .text = text, .button = {N_("不导入"), N_("导入")}, .n_buttons = 2, .focus = 0,
			       .done = answered, .owner = m};

	text_format(text, sizeof(text), _("新登记 %lu 人，更新 %lu 人；没有变化 %lu 人；不能导入的 %lu 行不动，可存成文件改好再导入。"),
		    count(m, IMPORT_NEW), count(m, IMPORT_CHANGED), count(m, IMPORT_SAME), count(m, IMPORT_REFUSED));
	if (people > WORD_ABOVE) {
		a.word = _("导入");
		a.word2 = "import";
	}
	if (people)
		dialog_ask(ui, &a);
	else
		ui_say(ui, count(m, IMPORT_REFUSED) ? SAY_WARN : SAY_DONE, "%s",
		       count(m, IMPORT_REFUSED) ? _("没有可以导入的行，原因见列表") : _("文件里的内容都已登记，没有变化"));
}

static void over(struct ui *ui, struct importing *m)
{
	bool tried = m->phase == PHASE_TRYING;

	m->phase = tried ? PHASE_TRIED : PHASE_TAKEN;
	list_restart(ui, &m->list);
	if (tried) {
		ask(ui, m);
		return;
	}
	ui_say(ui, count(m, IMPORT_REFUSED) ? SAY_WARN : SAY_DONE, _("已导入：新登记 %lu，更新 %lu，没有变化 %lu，不能导入 %lu"),
	       count(m, IMPORT_NEW), count(m, IMPORT_CHANGED), count(m, IMPORT_SAME), count(m, IMPORT_REFUSED));
	ui_changed(ui);
}

static void step(struct ui *ui, struct importing *m)
{
	struct err e = {0};
	bool done = false;

	if (desk_import_step(m->import, &done, &e)) {
		m->phase = m->phase == PHASE_TAKING ? PHASE_TAKEN : PHASE_FILE;
		list_restart(ui, &m->list);
		ui_fail_why(ui, &e);
	} else if (done) {
		over(ui, m);
	}
}

/* --- files that it gives back ----------------------------------------------------------------------------------------------------------- */

static int write_it(struct ui *ui, struct importing *m, const char *path, bool overwrite, struct err *e)
{
	struct office_file f;
	int last;

	if (office_file_new(&f, path, overwrite, e))
		return -1;
	last = m->saving_template ? desk_import_template(ui_desk(ui), f.fd, e)
				  : desk_import_report(m->import, office_kind_of(path), f.fd, e);
	return office_file_end(&f, last, e);
}

static void save(struct ui *ui, struct importing *m, bool overwrite);

static void overwrite_answered(struct ui *ui, void *owner, int answer, const char *input)
{
	(void)input;
	if (answer == 1)
		save(ui, owner, true);
}

static void save(struct ui *ui, struct importing *m, bool overwrite)
{
	const char *kind = office_kind_of(m->saving);
	struct err e = {0};

	if (!kind || strcmp(kind, "pdf") == 0 || (m->saving_template && strcmp(kind, "xlsx")))
		ui_say(ui, SAY_ERROR, "%s", m->saving_template ? _("文件名要以 .xlsx 结尾") : _("文件名要以 .xlsx 或 .csv 结尾"));
	else if (write_it(ui, m, m->saving, overwrite, &e) == 0)
		ui_say(ui, SAY_DONE, _("已写到 %s"), m->saving);
	else if (e.code == ERR_FILE_EXISTS && !overwrite)
		dialog_ask(ui, &(struct dialog_arg){.title = N_("请确认"), .text = _("同名文件已经存在，里面的内容会被替换。"),
						    .button = {N_("返回"), N_("覆盖")}, .n_buttons = 2, .focus = 0,
						    .done = overwrite_answered, .owner = m});
	else
		ui_fail(ui, &e);
}

static void named(struct ui *ui, void *owner, int answer, const char *input)
{
	struct importing *m = owner;

	if (answer != 1)
		return;
	text_copy(m->saving, sizeof(m->saving), input);
	save(ui, m, false);
}

static void ask_name(struct ui *ui, struct importing *m, bool template)
{
	m->saving_template = template;
	dialog_ask(ui, &(struct dialog_arg){.title = template ? N_("导入模板") : N_("保存不能导入的行"),
					    .text = template ? _("写到哪个文件？例如 ~/花名册模板.xlsx")
							     : _("写到哪个文件？例如 ~/待改正.xlsx；改好后可以再导入"),
					    .button = {N_("返回"), N_("保存")}, .n_buttons = 2, .focus = 1, .input_label = N_("文件"),
					    .input_chars = PATH_CHARS, .input_needed = true, .done = named, .owner = m});
}

/* --- the screen -------------------------------------------------------------------------------------------------------------------------- */

static int import_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct importing *m = state;

	(void)arg;
	(void)e;
	list_init(&m->list, &source, m);
	list_restart(ui, &m->list);
	m->path.max_chars = PATH_CHARS;
	edit_set(&m->path, "~/");
	m->typing = true;
	return 0;
}

static void import_close(struct ui *ui, void *state)
{
	struct importing *m = state;

	(void)ui;
	drop(m);
	edit_wipe(&m->path);
	if (m->list.src)
		list_release(&m->list);
}

static void progress(const struct importing *m, char *out, size_t size)
{
	static const char *const words[] = {N_("填好文件名，按 F2 先试算一遍；表格可以先取模板（F7）"), N_("正在试算，Esc 停止"),
					    N_("试算完毕，没有写入任何内容"), N_("正在导入，Esc 停止"), N_("已导入")};
	const char *ignored = m->import ? desk_import_ignored(m->import) : "";

	if (!m->import) {
		text_copy(out, size, _(words[PHASE_FILE]));
		return;
	}
	text_format(out, size, _("%s：共 %lu 行，新登记 %lu，更新 %lu，没有变化 %lu，不能导入 %lu%s%s"), _(words[m->phase]),
		    desk_import_counts(m->import)->rows, count(m, IMPORT_NEW), count(m, IMPORT_CHANGED), count(m, IMPORT_SAME),
		    count(m, IMPORT_REFUSED), ignored[0] ? _("；没有采用的列：") : "", ignored);
}

#define WHY_ROWS 4 /* of the selected row's whole reason */

static void import_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	struct importing *m = state;
	int used = canvas_text(c, a.row, a.col, a.width, ATTR_PLAIN, _("文件："));
	int detail = a.height >= 3 + WHY_ROWS + 5 ? WHY_ROWS : 0;
	struct area rows = {a.row + 3, a.col, a.height - 3 - detail, a.width};
	const struct line *line;
	char text[1000];

	edit_draw(&m->path, c, a.row, a.col + used, a.width - used, ATTR_UNDERLINE, m->typing);
	progress(m, text, sizeof(text));
	canvas_paragraph(c, a.row + 1, a.col, 2, a.width, running(m) ? ATTR_BOLD : ATTR_PLAIN, text);
	list_draw(ui, &m->list, c, rows, !m->typing);
	line = detail ? list_selected(ui, &m->list) : NULL;
	if (line)
		canvas_paragraph(c, a.row + a.height - detail, a.col + 2, detail, a.width - 4, ATTR_PLAIN, line->v->why);
}

static enum reaction import_key(struct ui *ui, void *state, int key)
{
	struct importing *m = state;
	bool changed = false;

	(void)ui;
	if (!m->typing || !edit_key(&m->path, key, &changed))
		return NOT_MINE;
	if (changed && m->phase != PHASE_FILE) {
		drop(m);
		m->phase = PHASE_FILE;
		list_restart(ui, &m->list);
	}
	return STAY;
}

static void import_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	struct importing *m = state;

	if (ev->kind == UI_EVENT_TICK && running(m) && ui_top_state(ui) == state)
		step(ui, m);
}

static size_t import_fds(const void *state, struct pollfd fds[UI_FDS])
{
	const struct importing *m = state;

	if (!running(m) || desk_import_fd(m->import) < 0)
		return 0;
	fds[0] = (struct pollfd){.fd = desk_import_fd(m->import), .events = POLLIN};
	return 1;
}

static bool import_typing(const void *state)
{
	return ((const struct importing *)state)->typing;
}

static bool import_has_row(const void *state)
{
	return list_has_row(state);
}

static enum reaction act_do(struct ui *ui, void *state)
{
	struct importing *m = state;

	if (running(m))
		return STAY;
	/* nothing to take: the file has been mended meanwhile, and is read again */
	if (m->phase == PHASE_TRIED && count(m, IMPORT_NEW) + count(m, IMPORT_CHANGED))
		ask(ui, m);
	else
		begin(ui, m, true);
	return STAY;
}

static enum reaction act_next(struct ui *ui, void *state)
{
	struct importing *m = state;

	(void)ui;
	m->typing = !running(m) && !m->typing;
	return STAY;
}

static enum reaction act_open(struct ui *ui, void *state)
{
	struct importing *m = state;
	const struct line *line = m->typing ? NULL : list_selected(ui, &m->list);

	if (m->typing)
		return act_do(ui, state);
	if (line)
		dialog_ask(ui, &(struct dialog_arg){.title = N_("不能导入的原因"), .text = line->v->why, .button = {N_("返回")}, .n_buttons = 1});
	return STAY;
}

static enum reaction act_save(struct ui *ui, void *state)
{
	struct importing *m = state;

	if (running(m))
		return STAY;
	if (count(m, IMPORT_REFUSED))
		ask_name(ui, m, false);
	else
		ui_say(ui, SAY_INFO, "%s", _("没有不能导入的行"));
	return STAY;
}

static enum reaction act_template(struct ui *ui, void *state)
{
	struct importing *m = state;

	if (!running(m))
		ask_name(ui, m, true);
	return STAY;
}

static enum reaction act_back(struct ui *ui, void *state)
{
	struct importing *m = state;
	bool took = m->phase == PHASE_TAKING;

	if (!running(m))
		return CLOSE;
	m->phase = took ? PHASE_TAKEN : PHASE_TRIED;
	ui_say(ui, SAY_WARN, "%s", took ? _("已停止：已经导入的行有效，再导入一次同一个文件即可接着做完") : _("已停止试算，没有写入任何内容"));
	if (took) {
		ui_changed(ui);
		return STAY;
	}
	drop(m);
	m->phase = PHASE_FILE;
	m->typing = true;
	list_restart(ui, &m->list);
	return STAY;
}

static const struct action actions[] = {
	{K_F2, K_CTRL('s'), "do", N_("导入"), N_("先试算一遍，看过结果再确认导入"), act_do, 0},
	{K_ENTER, 0, "open", NULL, N_("在文件名上：试算；在行上：看全部原因"), act_open, 0},
	{K_F6, K_CTRL('u'), "save", N_("存不能导入的行"), N_("把不能导入的行连同原因存成文件，改好后再导入"), act_save, 0},
	{K_F7, K_CTRL('y'), "template", N_("取模板"), N_("写出可以填写的模板，带本项目的单位、班组和可选的项目"), act_template, 0},
	{K_TAB, 0, "next", N_("换栏"), N_("在文件名和列表之间切换"), act_next, 0},
	{K_ESC, 0, "back", N_("返回"), N_("返回；正在导入时停止，已经导入的行有效"), act_back, 0},
};

const struct screen_ops import_screen = {
	.name = "import",
	.title = N_("导入花名册"),
	.state_size = sizeof(struct importing),
	.open = import_open,
	.draw = import_draw,
	.key = import_key,
	.event = import_event,
	.close = import_close,
	.typing = import_typing,
	.has_row = import_has_row,
	.fds = import_fds,
	.actions = actions,
	.n_actions = ARRAY_LEN(actions),
	.shared = list_move_actions,
	.n_shared = LIST_MOVE_ACTIONS,
};
