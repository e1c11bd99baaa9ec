/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A filled-in table into a wage ledger or a register (F6, I3, U13): the file, a try that writes nothing, a verdict a row, then, confirmed, the
 * import, which is one undo. The file is read beside the live screen; Esc stops it and nothing was written.
 */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "desk/sheet_import.h"
#include "dialog.h"
#include "edit.h"
#include "list.h"
#include "office/client.h"
#include "screen_list.h"

#define WORD_ABOVE 10
#define PATH_CHARS 300

enum phase { PHASE_FILE, PHASE_TRYING, PHASE_TRIED, PHASE_TAKING, PHASE_TAKEN };

struct importing {
	struct list list; /* first: the verdicts */
	struct edit path;
	bool typing;
	enum phase phase;
	char form[64], title[80];
	struct month month;
	struct sheet_import *import;
	char saving[PATH_CHARS * 4 + 1];
};

static bool running(const struct importing *m)
{
	return m->phase == PHASE_TRYING || m->phase == PHASE_TAKING;
}

static unsigned long count(const struct importing *m, enum import_outcome o)
{
	return m->import ? desk_sheet_import_counts(m->import)->n[o] : 0;
}

/* --- verdicts: what has to be looked at first ------------------------------------------------------------------- */

struct line { int64_t id; const struct import_verdict *v; };

static int verdicts_load(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n, void *next, bool *more, struct err *e)
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
	for (; m->import && *n < cap && (v = desk_sheet_import_verdict(m->import, at)); at++)
		line[(*n)++] = (struct line){.id = (int64_t)at + 1, .v = v};
	memcpy(next, &at, sizeof(at));
	*more = m->import && v && *n == cap;
	return 0;
}

static int64_t verdict_id(const void *row)
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

static void col_outcome(const void *row, char *out, size_t size)
{
	static const char *const words[IMPORT_OUTCOMES] = {N_("新的"), N_("有改动"), N_("没有变化"), N_("不能导入")};

	text_copy(out, size, _(words[((const struct line *)row)->v->outcome]));
}

static unsigned attr_outcome(const void *row)
{
	const struct import_verdict *v = ((const struct line *)row)->v;

	return v->outcome == IMPORT_REFUSED ? ATTR_RED : v->why ? ATTR_YELLOW : 0;
}

static void col_why(const void *row, char *out, size_t size)
{
	const char *why = ((const struct line *)row)->v->why;

	text_copy(out, size, why ? why : "");
}

static const struct column columns[] = {
	{.heading = N_("行"), .width = 7, .text = col_row},
	{.heading = N_("姓名"), .width = 12, .text = col_name, .name = true},
	{.heading = N_("结果"), .width = 10, .text = col_outcome, .attr = attr_outcome},
	{.heading = N_("说明"), .width = 40, .text = col_why},
};

static const struct list_source source = {.row_size = sizeof(struct line), .load = verdicts_load, .id = verdict_id, .columns = columns,
	.n_columns = ARRAY_LEN(columns), .empty = N_("每一行的结果会列在这里")};

/* --- trying and taking ------------------------------------------------------------------------------------------ */

static void begin(struct ui *ui, struct importing *m, bool dry_run)
{
	struct sheet_import_options o = {.path = m->path.text, .form = m->form, .month = m->month, .dry_run = dry_run};
	struct err e = {0};

	desk_sheet_import_close(m->import);
	m->import = NULL;
	list_restart(ui, &m->list);
	m->phase = PHASE_FILE;
	if (desk_sheet_import_open(ui_desk(ui), &o, &m->import, &e)) {
		ui_fail(ui, &e);
		return;
	}
	m->phase = dry_run ? PHASE_TRYING : PHASE_TAKING;
	m->typing = false;
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
	unsigned long rows = count(m, IMPORT_NEW) + count(m, IMPORT_CHANGED);
	char text[300];
	struct dialog_arg a = {.title = N_("请确认"), .text = text, .button = {N_("不导入"), N_("导入")}, .n_buttons = 2, .focus = 0,
			       .done = answered, .owner = m};

	text_format(text, sizeof(text), _("新的 %lu 行，有改动 %lu 行；没有变化 %lu 行；不能导入的 %lu 行不动，改好后再导入。"), count(m, IMPORT_NEW),
		    count(m, IMPORT_CHANGED), count(m, IMPORT_SAME), count(m, IMPORT_REFUSED));
	if (rows > WORD_ABOVE)
		a.word = _("导入");
	dialog_ask(ui, &a);
}

static void over(struct ui *ui, struct importing *m)
{
	bool taken = m->phase == PHASE_TAKING;

	m->phase = taken ? PHASE_TAKEN : PHASE_TRIED;
	list_restart(ui, &m->list);
	if (taken)
		ui_changed(ui);
	ui_say(ui, count(m, IMPORT_REFUSED) ? SAY_WARN : SAY_DONE, taken ? _("已导入：新的 %lu 行，有改动 %lu 行，不能导入 %lu 行") :
	       _("试过了，还没有写入：新的 %lu 行，有改动 %lu 行，不能导入 %lu 行；按 F2 导入"), count(m, IMPORT_NEW), count(m, IMPORT_CHANGED),
	       count(m, IMPORT_REFUSED));
}

static void step(struct ui *ui, struct importing *m)
{
	struct err e = {0};
	bool done;

	if (desk_sheet_import_step(m->import, &done, &e)) {
		m->phase = PHASE_FILE;
		m->typing = true;
		ui_fail_why(ui, &e);
	} else if (done) {
		over(ui, m);
	}
}

/* --- the screen ---------------------------------------------------------------------------------------------------- */

static int import_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct importing *m = state;
	const struct sheet_import_arg *a = arg;

	(void)ui;
	(void)e;
	list_init(&m->list, &source, m);
	text_copy(m->form, sizeof(m->form), a->form);
	text_copy(m->title, sizeof(m->title), a->title);
	m->month = a->month;
	m->path.max_chars = PATH_CHARS;
	edit_set(&m->path, "~/");
	m->typing = true;
	return 0;
}

static void import_close(struct ui *ui, void *state)
{
	struct importing *m = state;

	(void)ui;
	desk_sheet_import_close(m->import);
	edit_wipe(&m->path);
	list_release(&m->list);
}

static void import_heading(struct ui *ui, const void *state, char *out, size_t size)
{
	(void)ui;
	text_copy(out, size, ((const struct importing *)state)->title);
}

static void import_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	struct importing *m = state;
	struct area rows = {a.row + 2, a.col, a.height - 2, a.width};
	int used = canvas_text(c, a.row, a.col, a.width, ATTR_PLAIN, _("表格文件  "));

	list_draw(ui, &m->list, c, rows, !m->typing && !running(m));
	list_hint(ui, &m->list, rows);
	edit_draw(&m->path, c, a.row, a.col + used, a.width - used, ATTR_UNDERLINE, m->typing);
	if (running(m)) {
		canvas_cut(c, a.row + 1, a.col, a.width, ATTR_BOLD, _("正在读表……  Esc 停止"));
		canvas_cursor(c, a.row + 1, a.col);
	}
}

static enum reaction import_key(struct ui *ui, void *state, int key)
{
	struct importing *m = state;

	(void)ui;
	return m->typing && edit_key(&m->path, key, NULL) ? STAY : NOT_MINE;
}

static size_t import_fds(const void *state, struct pollfd fds[UI_FDS])
{
	const struct importing *m = state;

	if (!running(m) || desk_sheet_import_fd(m->import) < 0)
		return 0;
	fds[0] = (struct pollfd){.fd = desk_sheet_import_fd(m->import), .events = POLLIN};
	return 1;
}

static void import_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	struct importing *m = state;

	if (ev->kind == UI_EVENT_TICK && running(m))
		step(ui, m);
}

static bool import_typing(const void *state)
{
	return ((const struct importing *)state)->typing;
}

static bool import_has_row(const void *state)
{
	return list_has_row(state);
}

static enum reaction act_go(struct ui *ui, void *state)
{
	struct importing *m = state;

	if (running(m))
		return STAY;
	if (m->phase == PHASE_TRIED && count(m, IMPORT_NEW) + count(m, IMPORT_CHANGED))
		ask(ui, m);
	else
		begin(ui, m, true);
	return STAY;
}

static enum reaction act_enter(struct ui *ui, void *state)
{
	struct importing *m = state;
	const struct line *line = list_selected(ui, &m->list);

	if (m->typing)
		return act_go(ui, state);
	if (line && line->v->person)
		ui_push(ui, &person_screen, &line->v->person);
	return STAY;
}

static enum reaction act_path(struct ui *ui, void *state)
{
	struct importing *m = state;

	(void)ui;
	if (running(m))
		return STAY;
	m->typing = !m->typing;
	m->phase = m->typing ? PHASE_FILE : m->phase;
	return STAY;
}

/* The template lies beside the file that is named. */
static enum reaction act_template(struct ui *ui, void *state)
{
	struct importing *m = state;
	struct office_file f;
	struct err e = {0};
	const char *kind = office_kind_of(m->path.text);

	if (running(m))
		return STAY;
	if (!kind || !strcmp(kind, "pdf")) {
		ui_say(ui, SAY_ERROR, "%s", _("先写文件名，以 .xlsx 或 .csv 结尾，例如 ~/模板.xlsx"));
		return STAY;
	}
	if (office_file_new(&f, m->path.text, false, &e) ||
	    office_file_end(&f, desk_sheet_template(ui_desk(ui), m->form, kind, f.fd, &e), &e))
		ui_fail(ui, &e);
	else
		ui_say(ui, SAY_DONE, _("已写出模板：%s"), f.path);
	return STAY;
}

/* --- the refused rows, to be mended and imported again ----------------------------------------------------------- */

static void save(struct ui *ui, struct importing *m, bool overwrite);

static void overwrite_answered(struct ui *ui, void *owner, int answer, const char *input)
{
	(void)input;
	if (answer == 1)
		save(ui, owner, true);
}

static int write_refused(struct importing *m, const char *kind, bool overwrite, struct err *e)
{
	struct office_file f;

	if (office_file_new(&f, m->saving, overwrite, e))
		return -1;
	return office_file_end(&f, desk_sheet_import_report(m->import, kind, f.fd, e), e);
}

static void save(struct ui *ui, struct importing *m, bool overwrite)
{
	const char *kind = office_kind_of(m->saving);
	struct err e = {0};

	if (!kind || !strcmp(kind, "pdf"))
		ui_say(ui, SAY_ERROR, "%s", _("文件名要以 .xlsx 或 .csv 结尾"));
	else if (write_refused(m, kind, overwrite, &e) == 0)
		ui_say(ui, SAY_DONE, _("已写到 %s"), m->saving);
	else if (e.code == ERR_FILE_EXISTS && !overwrite)
		dialog_ask(ui, &(struct dialog_arg){.title = N_("请确认"), .text = _("同名文件已经存在，里面的内容会被替换。"), .button = {N_("返回"), N_("覆盖")},
						    .n_buttons = 2, .focus = 0, .done = overwrite_answered, .owner = m});
	else
		ui_fail(ui, &e);
}

static void named(struct ui *ui, void *owner, int answer, const char *input)
{
	struct importing *m = owner;

	if (answer != 1 || !m->import)
		return;
	text_copy(m->saving, sizeof(m->saving), input);
	save(ui, m, false);
}

static enum reaction act_refused(struct ui *ui, void *state)
{
	struct importing *m = state;

	if (running(m) || !count(m, IMPORT_REFUSED)) {
		ui_say(ui, SAY_WARN, "%s", _("没有不能导入的行；先试算"));
		return STAY;
	}
	dialog_ask(ui, &(struct dialog_arg){.title = N_("保存不能导入的行"), .text = _("写到哪个文件？例如 ~/待改正.xlsx；改好后可以再导入"),
					    .button = {N_("返回"), N_("保存")}, .n_buttons = 2, .focus = 0, .input_label = N_("文件"),
					    .input_chars = PATH_CHARS, .input_needed = true, .done = named, .owner = m});
	return STAY;
}

static enum reaction act_back(struct ui *ui, void *state)
{
	struct importing *m = state;

	if (!running(m))
		return CLOSE;
	desk_sheet_import_close(m->import);
	m->import = NULL;
	m->phase = PHASE_FILE;
	m->typing = true;
	list_restart(ui, &m->list);
	ui_say(ui, SAY_WARN, "%s", _("已停止，什么也没有写入"));
	return STAY;
}

static const struct action actions[] = {
	{K_F2, K_CTRL('s'), "go", N_("试算/导入"), N_("先试算，列出每一行的结果，不写入；再按一次，确认后导入"), act_go, 0},
	{K_ENTER, 0, "enter", NULL, N_("键入文件名之后：试算；在结果上：打开这个人的档案"), act_enter, 0},
	{K_TAB, 0, "path", N_("文件"), N_("换到文件名，或换到结果"), act_path, 0},
	{K_F6, K_CTRL('u'), "template", N_("模板"), N_("按文件名写出一个空的模板，只有标题"), act_template, 0},
	{K_F8, K_CTRL('r'), "refused", N_("存退回行"), N_("把不能导入的行连同原因写到一个文件，改好后再导入"), act_refused, 0},
	{K_ESC, 0, "back", N_("返回"), N_("返回；正在读表时停止"), act_back, 0},
};

const struct screen_ops sheet_import_screen = {
	.name = "sheet_import",
	.title = N_("导入表格"),
	.state_size = sizeof(struct importing),
	.open = import_open,
	.heading = import_heading,
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
