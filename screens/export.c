/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A list, as it is filtered, into a file: xlsx, csv or pdf by the name's ending (E8, L5). Masked as on the screen; where the rows are people,
 * every column of their files can be had, forms and badges, and whole numbers for a reason, which is recorded. Marked rows, if there are any. Rows are walked beside the live screen, in a
 * buffer of their own; how many is shown, and Esc stops (U14).
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/dates.h"
#include "base/held.h"
#include "base/i18n.h"
#include "base/text.h"
#include "desk/export.h"
#include "desk/paper.h"
#include "dialog.h"
#include "edit.h"
#include "export.h"
#include "office/client.h"
#include "screen_list.h"

#define CELL_TEXT 1024
#define EXPORT_COLUMNS 48
#define WIDTH 66
#define PAGES_A_STEP 4

enum place { ON_PATH, ON_REASON };

struct exporting {
	struct export_arg below;
	struct edit path, reason;
	enum place focus;
	bool every, whole, printer;
	int paper; /* enum paper_sort, for people; PAPER_SORTS: the list itself */
	/* under way */
	bool running, first;
	struct export_spec spec;
	struct office_file file;
	struct office_out out;
	char *rows;
	char anchor[LIST_ANCHOR];
	struct person_file *person;
	long done;
};

static bool as_list(const struct exporting *x)
{
	return x->paper == PAPER_SORTS;
}

static bool of_people(const struct exporting *x)
{
	return x->below.list->src->people;
}

static const struct column *columns_of(const struct exporting *x, size_t *n)
{
	const struct list_source *src = x->below.list->src;

	*n = src->paper ? src->n_paper : src->n_columns;
	return src->paper ? src->paper : src->columns;
}

/* --- what is written ---------------------------------------------------------------------------------------------------------------- */

static cJSON *head_of(struct ui *ui, const struct exporting *x)
{
	const struct list_source *src = x->below.list->src;
	const struct project *p = desk_project(ui_desk(ui));
	cJSON *head = office_table(_(x->below.title));
	char foot[NAME_TEXT + 64], now[STAMP_TEXT], note[NAME_TEXT * 3], what[NAME_TEXT * 2] = "";
	int last = head ? 0 : -1;
	size_t n;
	const struct column *column = columns_of(x, &n);

	stamp_format(clock_now_ms(), now);
	text_format(foot, sizeof(foot), _("制表：%s  %s"), desk_session(ui_desk(ui))->display, now);
	if (src->says)
		src->says(ui, x->below.list->owner, what, sizeof(what));
	text_format(note, sizeof(note), "%s%s%s", p ? p->name : "", what[0] ? "  " : "", what);
	if (head)
		office_notes(head, note, foot);
	for (size_t i = 0; i < n && !last && !x->every; i++)
		last = office_column(head, _(column[i].heading), column[i].width, false);
	for (enum field_id f = 0; f < FIELD_COUNT && !last && x->every; f++)
		last = office_column(head, _(field_get(f)->label), field_get(f)->max_chars < 20 ? (int)field_get(f)->max_chars : 20, false);
	if (!last && x->every)
		last = office_column(head, _("进场日期"), 10, false) || office_column(head, _("退场日期"), 10, false) ? -1 : 0;
	if (!last)
		return head;
	cJSON_Delete(head);
	return NULL;
}

static int as_on_screen(struct exporting *x, const void *row, struct err *e)
{
	char text[EXPORT_COLUMNS][CELL_TEXT];
	const char *cell[EXPORT_COLUMNS];
	size_t n;
	const struct column *column = columns_of(x, &n);
	int last;

	for (size_t i = 0; i < n; i++) {
		column[i].text(row, text[i], CELL_TEXT);
		text_trim(text[i]);
		cell[i] = text[i];
	}
	last = office_out_row(&x->out, cell, n, e);
	wipe(text, sizeof(text));
	return last;
}

static int every_column(struct ui *ui, struct exporting *x, const void *row, struct err *e)
{
	const char *cell[FIELD_COUNT + 2];
	char entered[DATE_TEXT], exited[DATE_TEXT];

	if (desk_export_person(ui_desk(ui), x->below.list->src->id(row), x->person, e))
		return -1;
	for (enum field_id f = 0; f < FIELD_COUNT; f++)
		cell[f] = x->person->masked[f];
	date_format(x->person->entered_on, entered);
	date_format(x->person->exited_on, exited);
	cell[FIELD_COUNT] = entered;
	cell[FIELD_COUNT + 1] = exited;
	return office_out_row(&x->out, cell, ARRAY_LEN(cell), e);
}

static int one_row(struct ui *ui, struct exporting *x, const void *row, struct err *e)
{
	const struct list *l = x->below.list;

	if (l->marks && !list_marked(l, l->src->id(row)))
		return 0;
	x->done++;
	if (!as_list(x))
		return desk_paper_person(ui_desk(ui), (enum paper_sort)x->paper, &x->out, l->src->id(row), x->done, e);
	return x->every ? every_column(ui, x, row, e) : as_on_screen(x, row, e);
}

/* The next page; *more false: that was the last. */
static int one_page(struct ui *ui, struct exporting *x, bool *more, struct err *e)
{
	const struct list_source *src = x->below.list->src;
	char next[LIST_ANCHOR] = {0};
	size_t n = 0;

	if (list_fetch(ui, src, x->below.list->owner, x->first ? NULL : x->anchor, x->rows, LIST_PAGE, &n, next, more, e))
		return -1;
	for (size_t i = 0; i < n; i++)
		if (one_row(ui, x, x->rows + i * src->row_size, e))
			return -1;
	x->first = false;
	*more = *more && n;
	memcpy(x->anchor, next, sizeof(next));
	return 0;
}

/* --- from beginning to end ---------------------------------------------------------------------------------------------------------- */

/* last: 0 it is whole, else what was made is taken away. */
static int finish(struct ui *ui, struct exporting *x, int last, struct err *e)
{
	struct err own = {0};

	if (!last)
		last = office_out_end(&x->out, e);
	office_out_release(&x->out);
	if (!last && x->printer)
		last = desk_printer_send(x->file.fd, e);
	last = office_file_end(&x->file, last, e);
	if (desk_export_end(ui_desk(ui), &x->spec, last ? -1 : x->done, last ? &own : e) && !last)
		last = -1;
	x->running = false;
	held_drop(x->rows);
	x->rows = NULL;
	held_drop(x->person);
	x->person = NULL;
	return last;
}

static int write_head(struct ui *ui, struct exporting *x, struct err *e)
{
	cJSON *head;
	int last;

	if (!as_list(x))
		return desk_paper_begin(ui_desk(ui), (enum paper_sort)x->paper, &x->out, e);
	head = head_of(ui, x);
	last = head ? office_out_line(&x->out, head, e) : err_set(e, ERR_MEMORY, "export");
	cJSON_Delete(head);
	return last;
}

static int start(struct ui *ui, struct exporting *x, struct err *e)
{
	int last = -1;

	x->done = 0;
	x->first = true;
	x->rows = held_new(LIST_PAGE * x->below.list->src->row_size);
	x->person = held_new(sizeof(*x->person));
	if (!x->rows || !x->person)
		err_set(e, ERR_MEMORY, "export");
	else if (office_out_open(&x->out, x->printer ? "pdf" : x->spec.form, x->file.fd, e) == 0)
		last = write_head(ui, x, e);
	if (last)
		return finish(ui, x, last, e);
	x->running = true;
	ui_wake(ui, clock_steady_ms());
	return 0;
}

static void over(struct ui *ui, struct exporting *x)
{
	if (x->printer)
		ui_say(ui, SAY_DONE, _("已送打印机：%ld 行"), x->done);
	else
		ui_say(ui, SAY_DONE, _("已写出 %ld 行：%s"), x->done, x->file.path);
	ui_pop_state(ui, x);
}

static void step(struct ui *ui, struct exporting *x)
{
	struct err e = {0};
	bool more = true;
	int last = 0;

	for (int i = 0; i < PAGES_A_STEP && more && !last; i++)
		last = one_page(ui, x, &more, &e);
	if (!last && more) {
		ui_wake(ui, clock_steady_ms());
		return;
	}
	if (finish(ui, x, last, &e))
		ui_fail(ui, &e);
	else
		over(ui, x);
}

static void begin(struct ui *ui, struct exporting *x, bool overwrite);

static void overwrite_answered(struct ui *ui, void *owner, int answer, const char *input)
{
	(void)input;
	if (answer == 1)
		begin(ui, owner, true);
}

static void ask_overwrite(struct ui *ui, struct exporting *x)
{
	dialog_ask(ui, &(struct dialog_arg){.title = N_("请确认"), .text = _("同名文件已经存在，里面的内容会被替换。"),
					    .button = {N_("返回"), N_("覆盖")}, .n_buttons = 2, .focus = 0, .done = overwrite_answered, .owner = x});
}

/* What goes to the printer passes through memory only. */
static int open_target(struct exporting *x, bool overwrite, struct err *e)
{
	if (!x->printer)
		return office_file_new(&x->file, x->path.text, overwrite, e);
	x->file = (struct office_file){.fd = memfd_create("paper", MFD_CLOEXEC)};
	return x->file.fd < 0 ? err_errno(e, "memfd_create") : 0;
}

static void begin(struct ui *ui, struct exporting *x, bool overwrite)
{
	struct err e = {0};

	x->spec = (struct export_spec){.list = as_list(x) ? x->below.name : paper_name((enum paper_sort)x->paper),
				       .form = x->printer ? "printer" : office_kind_of(x->path.text), .whole = x->whole,
				       .reason = x->whole ? x->reason.text : NULL};
	if (open_target(x, overwrite, &e)) {
		if (e.code == ERR_FILE_EXISTS && !overwrite)
			ask_overwrite(ui, x);
		else
			ui_fail(ui, &e);
		return;
	}
	if (desk_export_begin(ui_desk(ui), &x->spec, &e)) {
		office_file_end(&x->file, -1, NULL);
		ui_fail_why(ui, &e);
		return;
	}
	if (start(ui, x, &e))
		ui_fail(ui, &e);
}

/* --- the screen ----------------------------------------------------------------------------------------------------------------------- */

static const char *title_of(const struct exporting *x)
{
	return as_list(x) ? _(x->below.title) : paper_word((enum paper_sort)x->paper);
}

static void propose_path(struct exporting *x, const char *kind)
{
	char path[300], today[DATE_TEXT];

	date_format(date_today(), today);
	text_format(path, sizeof(path), "~/%s-%s.%s", title_of(x), today, kind);
	edit_set(&x->path, path);
}

static int export_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct exporting *x = state;

	(void)ui;
	(void)e;
	x->below = *(const struct export_arg *)arg;
	x->paper = PAPER_SORTS;
	x->reason.max_chars = 100;
	propose_path(x, x->below.print ? "pdf" : "xlsx");
	return 0;
}

static void export_close(struct ui *ui, void *state)
{
	struct exporting *x = state;
	struct err e = {0};

	if (x->running)
		finish(ui, x, err_set(&e, ERR_OFFICE_STOPPED, NULL), &e);
	edit_wipe(&x->path);
	edit_wipe(&x->reason);
}

static void draw_choice(struct canvas *c, struct area a, int row, const char *label, const char *value, const char *hint)
{
	int used = canvas_text(c, row, a.col, a.width, ATTR_PLAIN, label);

	used += canvas_text(c, row, a.col + used, a.width - used, ATTR_BOLD, value);
	if (hint[0])
		canvas_cut(c, row, a.col + used + 2, a.width - used - 2, ATTR_DIM, hint);
}

static void draw_people(struct canvas *c, struct area a, struct exporting *x)
{
	draw_choice(c, a, a.row + 3, _("样式  "), as_list(x) ? _("名单") : title_of(x), _("F7 改：名单、登记表、工牌、进场表"));
	draw_choice(c, a, a.row + 4, _("内容  "), !as_list(x) ? _("按样式") : x->every ? _("档案的全部各列") : _("列表上的各列"),
		    as_list(x) ? _("F5 改") : "");
	draw_choice(c, a, a.row + 5, _("号码  "), x->whole ? _("完整") : _("掩码，与画面上一样"), _("F6 改；完整的要写原因，会留下记录"));
	if (x->whole) {
		int used = canvas_text(c, a.row + 6, a.col, a.width, ATTR_PLAIN, _("原因  "));

		edit_draw(&x->reason, c, a.row + 6, a.col + used, a.width - used, ATTR_UNDERLINE, !x->running && x->focus == ON_REASON);
	}
}

static void draw_target(struct canvas *c, struct area a, struct exporting *x)
{
	int used = canvas_text(c, a.row + 1, a.col, a.width, ATTR_PLAIN, x->printer ? _("打印机  ") : _("文件  "));

	if (x->printer) {
		canvas_cut(c, a.row + 1, a.col + used, a.width - used, ATTR_BOLD, _("直接打印，F8 改为文件"));
		canvas_cursor(c, a.row + 1, a.col + used);
		return;
	}
	edit_draw(&x->path, c, a.row + 1, a.col + used, a.width - used, ATTR_UNDERLINE, !x->running && x->focus == ON_PATH);
	canvas_cut(c, a.row + 2, a.col + used, a.width - used, ATTR_DIM, _(".xlsx、.csv 表格；.pdf 供打印（A4）；F8 直接打印"));
}

static void export_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	struct exporting *x = state;
	struct area in = dialog_frame(c, a, WIDTH, of_people(x) ? 9 : 5, x->below.print ? _("打印") : _("导出"));
	int bottom = in.row + in.height - 1;
	size_t marks = x->below.list->marks;
	char text[100];

	(void)ui;
	if (of_people(x))
		draw_people(c, in, x);
	draw_target(c, in, x);
	if (marks && !x->running) {
		text_format(text, sizeof(text), _("只写出标记的 %zu 行"), marks);
		canvas_cut(c, bottom, in.col, in.width, ATTR_PLAIN, text);
	}
	if (!x->running)
		return;
	text_format(text, sizeof(text), _("已写出 %ld 行……  Esc 停止"), x->done);
	canvas_cut(c, bottom, in.col, in.width, ATTR_BOLD, text);
	canvas_cursor(c, bottom, in.col);
}

static enum reaction export_key(struct ui *ui, void *state, int key)
{
	struct exporting *x = state;

	(void)ui;
	return !x->running && !(x->printer && x->focus == ON_PATH) && edit_key(x->focus == ON_PATH ? &x->path : &x->reason, key, NULL) ? STAY : NOT_MINE;
}

static void export_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	struct exporting *x = state;

	if (ev->kind == UI_EVENT_TICK && x->running && ui_top_state(ui) == state)
		step(ui, x);
}

static bool export_typing(const void *state)
{
	(void)state;
	return true;
}

static enum reaction act_do(struct ui *ui, void *state)
{
	struct exporting *x = state;

	if (x->running)
		return STAY;
	if (!x->printer && !office_kind_of(x->path.text)) {
		ui_say(ui, SAY_ERROR, "%s", _("文件名要以 .xlsx、.csv 或 .pdf 结尾"));
		return STAY;
	}
	if (!x->printer && !as_list(x) && strcmp(office_kind_of(x->path.text), "pdf")) {
		ui_say(ui, SAY_ERROR, "%s", _("这种样式只能写成 .pdf"));
		return STAY;
	}
	begin(ui, x, false);
	return STAY;
}

static enum reaction act_next(struct ui *ui, void *state)
{
	struct exporting *x = state;

	(void)ui;
	x->focus = x->whole && x->focus == ON_PATH ? ON_REASON : ON_PATH;
	return STAY;
}

static enum reaction act_columns(struct ui *ui, void *state)
{
	struct exporting *x = state;

	(void)ui;
	if (!x->running && of_people(x) && as_list(x)) {
		x->every = !x->every;
		x->whole = x->whole && x->every;
	}
	return STAY;
}

static enum reaction act_whole(struct ui *ui, void *state)
{
	struct exporting *x = state;

	(void)ui;
	if (x->running || !of_people(x))
		return STAY;
	x->whole = !x->whole;
	x->every = x->every || x->whole;
	x->focus = x->whole ? ON_REASON : ON_PATH;
	return STAY;
}

static enum reaction act_paper(struct ui *ui, void *state)
{
	struct exporting *x = state;

	(void)ui;
	if (x->running || !of_people(x))
		return STAY;
	x->paper = (x->paper + 1) % (PAPER_SORTS + 1);
	propose_path(x, as_list(x) && !x->below.print ? "xlsx" : "pdf");
	return STAY;
}

static enum reaction act_printer(struct ui *ui, void *state)
{
	struct exporting *x = state;

	(void)ui;
	if (!x->running)
		x->printer = !x->printer;
	return STAY;
}

static enum reaction act_back(struct ui *ui, void *state)
{
	struct exporting *x = state;

	if (x->running)
		ui_say(ui, SAY_WARN, "%s", _("已停止，没有留下文件"));
	return CLOSE;
}

static const struct action actions[] = {
	{K_F2, K_CTRL('s'), "do", N_("写出"), N_("把列表按当前的筛选写到这个文件；同名文件先问再覆盖"), act_do, 0},
	{K_ENTER, 0, "enter", NULL, N_("写出"), act_do, 0},
	{K_F5, K_CTRL('y'), "columns", N_("各列"), N_("人员名单：改为档案的全部各列，或列表上的各列"), act_columns, 0},
	{K_F6, K_CTRL('u'), "whole", N_("掩码"), N_("人员名单：号码、电话、工资完整写出，或与画面上一样掩码；完整的要写原因，会留下记录"), act_whole, NEEDS_KEY},
	{K_F7, K_CTRL('t'), "paper", N_("样式"), N_("人员名单：名单、登记表（每人一页）、工牌、进场登记表"), act_paper, 0},
	{K_F8, K_CTRL('r'), "printer", N_("打印机"), N_("直接送打印机，或写成文件"), act_printer, 0},
	{K_TAB, 0, "next", NULL, N_("到下一栏"), act_next, 0},
	{K_ESC, 0, "back", N_("返回"), N_("返回列表；正在写出时停止，不留下文件"), act_back, 0},
};

const struct screen_ops export_screen = {
	.name = "export",
	.title = N_("导出"),
	.state_size = sizeof(struct exporting),
	.open = export_open,
	.draw = export_draw,
	.key = export_key,
	.event = export_event,
	.close = export_close,
	.typing = export_typing,
	.flags = SCREEN_OVERLAY,
	.actions = actions,
	.n_actions = ARRAY_LEN(actions),
};
