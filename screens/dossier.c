/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a person's file holds besides the record: training, certificates, marks, work history, and who may be the same person. Each list is one
 * row of `kinds` for what it shows and one screen for what can be done; of one person, or of everybody where there is no person.
 */
#include <stdlib.h>
#include <string.h>

#include "base/dates.h"
#include "base/i18n.h"
#include "base/text.h"
#include "desk/dossier.h"
#include "desk/merge.h"
#include "dialog.h"
#include "list.h"
#include "screen_list.h"

#define CELLS 5
#define PAGE 32 /* rows that the desk hands out at once */
#define REVEAL_MS 30000 /* a number shown whole hides itself again (S4) */

struct line { int64_t id, person, other, at; date_t until; char cell[CELLS][NAME_TEXT * 2]; unsigned attr; };

struct dossier {
	struct list list; /* first */
	int64_t person;   /* 0: everybody's */
	int64_t other;    /* compared with */
	int64_t chosen;
	int64_t revealed, reveal_until; /* the certificate whose number is shown whole, 0: none; until when */
	char whole[64];
};

/* --- rows ------------------------------------------------------------------------------------------------------------------------------ */

static void put(struct line *l, int cell, const char *text)
{
	text_copy(l->cell[cell], sizeof(l->cell[cell]), text);
}

static void put_date(struct line *l, int cell, date_t on)
{
	char text[DATE_TEXT];

	date_format(on, text);
	put(l, cell, on == DATE_LONG_TERM ? _("长期") : text);
}

static int training_lines(struct ui *ui, const struct dossier *s, struct line *out, size_t *n, struct err *e)
{
	struct training_row rows[PAGE];
	char hours[24];

	if (desk_training_list(ui_desk(ui), s->person, rows, PAGE, n, e))
		return -1;
	for (size_t i = 0; i < *n; i++) {
		out[i] = (struct line){.id = rows[i].id, .attr = rows[i].lapsed ? ATTR_YELLOW : 0};
		put_date(&out[i], 0, rows[i].on);
		put(&out[i], 1, rows[i].kind);
		text_format(hours, sizeof(hours), "%lld", (long long)rows[i].hours);
		put(&out[i], 2, rows[i].hours ? hours : "");
		put(&out[i], 3, rows[i].lapsed ? _("已失效") : _("有效"));
	}
	return 0;
}

static void certificate_line(const struct certificate_row *r, bool everybody, struct line *l)
{
	static const char *const standing[] = {N_("有效"), N_("快到期"), N_("已过期")};
	static const unsigned attr[] = {0, ATTR_YELLOW, ATTR_RED};

	*l = (struct line){.id = r->id, .person = r->person, .until = r->valid_to, .attr = attr[r->standing]};
	put(l, 0, everybody ? r->name : r->kind);
	put(l, 1, everybody ? r->kind : r->number);
	put_date(l, 2, r->valid_to);
	put(l, 3, _(standing[r->standing]));
	put(l, 4, r->issuer);
}

static int certificate_lines(struct ui *ui, const struct dossier *s, struct line *out, size_t *n, struct err *e)
{
	struct certificate_row rows[PAGE];

	if (desk_certificate_list(ui_desk(ui), s->person, rows, PAGE, n, e))
		return -1;
	for (size_t i = 0; i < *n; i++) {
		certificate_line(&rows[i], false, &out[i]);
		if (rows[i].id == s->revealed)
			put(&out[i], 1, s->whole);
	}
	return 0;
}

static int due_lines(struct ui *ui, const struct line *after, struct line *out, size_t *n, struct err *e)
{
	struct certificate_row rows[PAGE], from = {.id = after ? after->id : 0, .valid_to = after ? after->until : DATE_NONE};

	if (desk_certificate_due(ui_desk(ui), after ? &from : NULL, rows, PAGE, n, e))
		return -1;
	for (size_t i = 0; i < *n; i++)
		certificate_line(&rows[i], true, &out[i]);
	return 0;
}

static void mark_line(const struct mark_row *r, bool everybody, struct line *l)
{
	*l = (struct line){.id = r->id, .person = r->person, .attr = r->over || r->overridden ? 0 : ATTR_RED};
	put(l, 0, everybody ? r->name : r->platform ? _("平台") : _("本单位"));
	put(l, 1, r->author);
	put_date(l, 2, r->until);
	put(l, 3, r->over ? _("已过期") : r->overridden ? _("本项目已放行") : _("有效"));
	put(l, 4, r->reason);
}

static int mark_lines(struct ui *ui, const struct dossier *s, const struct line *after, struct line *out, size_t *n, struct err *e)
{
	struct mark_row rows[PAGE];
	int rc = s->person ? desk_mark_list(ui_desk(ui), s->person, rows, PAGE, n, e)
			   : desk_mark_page(ui_desk(ui), after ? after->id : 0, rows, PAGE, n, e);

	for (size_t i = 0; !rc && i < *n; i++)
		mark_line(&rows[i], !s->person, &out[i]);
	return rc;
}

static int work_lines(struct ui *ui, const struct dossier *s, struct line *out, size_t *n, struct err *e)
{
	struct work_row rows[PAGE];

	if (desk_work_history(ui_desk(ui), s->person, rows, PAGE, n, e))
		return -1;
	for (size_t i = 0; i < *n; i++) {
		out[i] = (struct line){.id = rows[i].id};
		put_date(&out[i], 0, rows[i].entered_on);
		put_date(&out[i], 1, rows[i].exited_on);
		put(&out[i], 2, rows[i].project);
		put(&out[i], 3, rows[i].state);
		text_format(out[i].cell[4], sizeof(out[i].cell[4]), "%s %s %s", rows[i].contractor, rows[i].team, rows[i].trade);
	}
	return 0;
}

/* Of one person: who may be the same. Of everybody: the pairs that were found alike. */
static int alike_lines(struct ui *ui, const struct dossier *s, const struct line *after, struct line *out, size_t *n, struct err *e)
{
	struct roster_row alike[PAGE];
	struct offer_row pair[PAGE];

	if (s->person ? desk_person_alike(ui_desk(ui), s->person, alike, PAGE, n, e)
		      : desk_merge_offers(ui_desk(ui), after ? after->id : 0, pair, PAGE, n, e))
		return -1;
	for (size_t i = 0; i < *n; i++) {
		out[i] = s->person ? (struct line){.id = alike[i].person, .person = s->person, .other = alike[i].person}
				   : (struct line){.id = pair[i].id, .person = pair[i].other, .other = pair[i].person};
		put(&out[i], 0, s->person ? alike[i].name : pair[i].name);
		put(&out[i], 1, s->person ? alike[i].tail : pair[i].other_name);
		put(&out[i], 2, s->person ? alike[i].team : pair[i].platform ? _("平台发现") : _("登记时发现"));
		put(&out[i], 3, s->person ? state_word(CYCLE_EMPLOYMENT, alike[i].employment) : "");
	}
	return 0;
}

static int compare_lines(struct ui *ui, const struct dossier *s, struct line *out, size_t *n, struct err *e)
{
	static const char *const words[] = {N_("相同"), N_("不同"), N_("只有一份有")};
	static const unsigned attr[] = {ATTR_GREEN, ATTR_RED, 0};
	struct compared *rows = calloc(FIELD_COUNT, sizeof(*rows));
	int rc = rows ? desk_person_compare(ui_desk(ui), s->person, s->other, rows, n, e) : err_set(e, ERR_MEMORY, "comparison");

	for (size_t i = 0; !rc && i < *n; i++) {
		out[i] = (struct line){.id = (int64_t)rows[i].field + 1, .attr = attr[rows[i].alike]};
		put(&out[i], 0, _(field_get(rows[i].field)->label));
		put(&out[i], 1, rows[i].a);
		put(&out[i], 2, rows[i].b);
		put(&out[i], 3, _(words[rows[i].alike]));
	}
	free(rows);
	return rc;
}

enum kind { TRAINING, CERTIFICATES, DUE, MARKS, WORK, ALIKE, COMPARED };

static int lines_of(struct ui *ui, enum kind kind, const struct dossier *s, const struct line *after, struct line *out, size_t *n, struct err *e)
{
	switch (kind) {
	case TRAINING: return training_lines(ui, s, out, n, e);
	case CERTIFICATES: return certificate_lines(ui, s, out, n, e);
	case DUE: return due_lines(ui, after, out, n, e);
	case MARKS: return mark_lines(ui, s, after, out, n, e);
	case WORK: return work_lines(ui, s, out, n, e);
	case ALIKE: return alike_lines(ui, s, after, out, n, e);
	default: return compare_lines(ui, s, out, n, e);
	}
}

struct place { int64_t id; date_t until; };

static int load(struct ui *ui, enum kind kind, const struct dossier *s, const void *anchor, struct line *rows, size_t *n, void *next, bool *more,
		struct err *e)
{
	struct place at = {0};
	struct line after;

	if (anchor)
		memcpy(&at, anchor, sizeof(at));
	after = (struct line){.id = at.id, .until = at.until};
	if (lines_of(ui, kind, s, anchor ? &after : NULL, rows, n, e))
		return -1;
	*more = *n == PAGE && (kind == DUE || ((kind == MARKS || kind == ALIKE) && !s->person));
	if (*n)
		at = (struct place){rows[*n - 1].id, rows[*n - 1].until};
	memcpy(next, &at, sizeof(at));
	return 0;
}

#define LOAD(name, kind)                                                                                                                   \
	static int name(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n, void *next, bool *more,         \
			struct err *e)                                                                                                     \
	{                                                                                                                                  \
		(void)cap;                                                                                                                 \
		return load(ui, kind, owner, anchor, rows, n, next, more, e);                                                              \
	}
LOAD(training_load, TRAINING)
LOAD(certificates_load, CERTIFICATES)
LOAD(due_load, DUE)
LOAD(marks_load, MARKS)
LOAD(work_load, WORK)
LOAD(alike_load, ALIKE)
LOAD(compare_load, COMPARED)

static int64_t line_id(const void *row)
{
	return ((const struct line *)row)->id;
}

#define CELL(i)                                                                                                                            \
	static void cell##i(const void *row, char *out, size_t size)                                                                       \
	{                                                                                                                                  \
		text_copy(out, size, ((const struct line *)row)->cell[i]);                                                                 \
	}
CELL(0)
CELL(1)
CELL(2)
CELL(3)
CELL(4)

static unsigned line_attr(const void *row)
{
	return ((const struct line *)row)->attr;
}

#define COLUMNS(table, a, wa, b, wb, c, wc, d, wd, e, we)                                                                                   \
	static const struct column table[] = {                                                                                             \
		{.heading = a, .width = wa, .text = cell0, .name = true},                                                                  \
		{.heading = b, .width = wb, .text = cell1},                                                                                \
		{.heading = c, .width = wc, .text = cell2},                                                                                \
		{.heading = d, .width = wd, .text = cell3, .attr = line_attr},                                                             \
		{.heading = e, .width = we, .text = cell4},                                                                                \
	};
COLUMNS(training_columns, N_("日期"), 12, N_("种类"), 28, N_("学时"), 8, N_("是否有效"), 14, "", 4)
COLUMNS(certificate_columns, N_("证书"), 24, N_("编号"), 20, N_("有效期至"), 12, N_("是否有效"), 14, N_("发证机关"), 8)
COLUMNS(due_columns, N_("姓名"), 14, N_("证书"), 24, N_("有效期至"), 12, N_("是否有效"), 14, N_("发证机关"), 8)
COLUMNS(mark_columns, N_("姓名或来源"), 13, N_("谁加的"), 13, N_("最后一天"), 12, N_("是否有效"), 16, N_("原因"), 20)
COLUMNS(work_columns, N_("进场日期"), 12, N_("退场日期"), 12, N_("项目"), 24, N_("状态"), 11, N_("单位、班组、工种"), 16)
COLUMNS(alike_columns, N_("姓名"), 16, N_("尾号或另一人"), 16, N_("班组或来源"), 20, N_("聘用状态"), 14, "", 4)
COLUMNS(compare_columns, N_("栏目"), 14, N_("这一份"), 25, N_("另一份"), 25, N_("比较结果"), 12, "", 2)

#define SOURCE(name, loads, cols, none)                                                                                                    \
	static const struct list_source name = {.row_size = sizeof(struct line), .load = loads, .id = line_id, .columns = cols,            \
						.n_columns = ARRAY_LEN(cols), .empty = none};
SOURCE(training_source, training_load, training_columns, N_("没有培训记录"))
SOURCE(certificate_source, certificates_load, certificate_columns, N_("没有资格证书"))
SOURCE(due_source, due_load, due_columns, N_("没有快到期或已过期的资格证书"))
SOURCE(mark_source, marks_load, mark_columns, N_("没有不宜录用标记"))
SOURCE(work_source, work_load, work_columns, N_("没有履历"))
SOURCE(alike_source, alike_load, alike_columns, N_("没有疑似同一人的档案"))
SOURCE(compare_source, compare_load, compare_columns, N_("没有可以比较的内容"))

/* --- what all of them share ------------------------------------------------------------------------------------------------------------ */

#define OPEN(name, source)                                                                                                                 \
	static int name(struct ui *ui, void *state, const void *arg, struct err *e)                                                        \
	{                                                                                                                                  \
		struct dossier *s = state;                                                                                                 \
                                                                                                                                           \
		(void)ui;                                                                                                                  \
		(void)e;                                                                                                                   \
		s->person = arg ? *(const int64_t *)arg : 0;                                                                               \
		list_init(&s->list, &source, s);                                                                                           \
		return 0;                                                                                                                  \
	}
OPEN(training_open, training_source)
OPEN(certificates_open, certificate_source)
OPEN(due_open, due_source)
OPEN(marks_open, mark_source)
OPEN(work_open, work_source)
OPEN(alike_open, alike_source)

static int compare_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	const struct compare_arg *from = arg;
	struct dossier *s = state;

	(void)ui;
	(void)e;
	s->person = from->kept;
	s->other = from->gone;
	list_init(&s->list, &compare_source, s);
	return 0;
}

static void dossier_close(struct ui *ui, void *state)
{
	(void)ui;
	list_release(state);
}

static void dossier_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	list_draw(ui, state, c, a, true);
	list_hint(ui, state, a);
}

/* Below the rows: how records older than the system are asked for (A12). */
static void work_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	struct area rows = {a.row, a.col, a.height - 3, a.width};

	list_draw(ui, state, c, rows, true);
	list_hint(ui, state, rows);
	canvas_paragraph(c, a.row + a.height - 2, a.col + 2, 2, a.width - 4, ATTR_PLAIN, desk_work_older(ui_desk(ui)));
}

static void hide(struct ui *ui, struct dossier *s)
{
	wipe(s->whole, sizeof(s->whole));
	s->revealed = 0;
	list_reload(ui, &s->list);
}

static void dossier_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	struct dossier *s = state;

	if (s->revealed && (ev->kind == UI_EVENT_LEAVING || (ev->kind == UI_EVENT_TICK && ev->now >= s->reveal_until)))
		hide(ui, s);
	if (ev->kind == UI_EVENT_CHANGED)
		list_reload(ui, state);
}

static bool dossier_has_row(const void *state)
{
	return list_has_row(state);
}

/* --- one value typed, in the words of the file -------------------------------------------------------------------------------------------- */

static void ask(struct ui *ui, struct dossier *s, const char *title, const char *text, const char *label, dialog_done *done)
{
	const struct line *row = list_selected(ui, &s->list);

	s->chosen = row ? row->id : 0;
	dialog_ask(ui, &(struct dialog_arg){.title = title, .text = text, .button = {N_("不办"), N_("办理")}, .n_buttons = 2, .focus = 1,
					    .input_label = label, .input_needed = true, .done = done, .owner = s});
}

static void said(struct ui *ui, struct dossier *s, int failed, const struct err *e)
{
	if (failed) {
		ui_fail_why(ui, e);
		return;
	}
	ui_say(ui, SAY_DONE, "%s", _("已记录"));
	list_reload(ui, &s->list);
	ui_changed(ui);
}

static void mark_lifted(struct ui *ui, void *owner, int answer, const char *input)
{
	struct dossier *s = owner;
	struct err e = {0};

	if (answer == 1)
		said(ui, s, desk_mark_lift(ui_desk(ui), s->chosen, input, &e), &e);
}

static void mark_passed(struct ui *ui, void *owner, int answer, const char *input)
{
	struct dossier *s = owner;
	struct err e = {0};

	if (answer == 1)
		said(ui, s, desk_mark_override(ui_desk(ui), s->chosen, input, &e), &e);
}

static enum reaction type_new(struct ui *ui, const struct dossier *s, enum dossier_form_kind kind)
{
	ui_push(ui, &dossier_form_screen, &(struct dossier_form_arg){.kind = kind, .persons = &s->person, .n = 1});
	return STAY;
}

static enum reaction act_mark(struct ui *ui, void *state)
{
	const struct dossier *s = state;

	if (s->person)
		return type_new(ui, s, DOSSIER_MARK);
	ui_say(ui, SAY_INFO, "%s", _("在某个人的档案里加标记"));
	return STAY;
}

static enum reaction act_lift(struct ui *ui, void *state)
{
	ask(ui, state, N_("解除标记"), _("标记从此不再提示；经过仍留在档案里。"), N_("原因"), mark_lifted);
	return STAY;
}

static enum reaction act_pass(struct ui *ui, void *state)
{
	ask(ui, state, N_("放行"), _("只在本项目放行；标记仍在，谁、何时、为什么放行都会记录。"), N_("原因"), mark_passed);
	return STAY;
}

static void training_removed(struct ui *ui, void *owner, int answer, const char *input)
{
	struct dossier *s = owner;
	struct err e = {0};

	if (answer == 1)
		said(ui, s, desk_training_remove(ui_desk(ui), s->chosen, input, &e), &e);
}

static enum reaction act_training_remove(struct ui *ui, void *state)
{
	ask(ui, state, N_("撤销培训记录"), _("选中的这一条不再算数；经过仍留在档案里。"), N_("原因"), training_removed);
	return STAY;
}

static void certificate_removed(struct ui *ui, void *owner, int answer, const char *input)
{
	struct dossier *s = owner;
	struct err e = {0};

	if (answer == 1)
		said(ui, s, desk_certificate_remove(ui_desk(ui), s->chosen, input, &e), &e);
}

static enum reaction act_certificate_remove(struct ui *ui, void *state)
{
	ask(ui, state, N_("撤销资格证书"), _("选中的这一张不再算数；经过仍留在档案里。"), N_("原因"), certificate_removed);
	return STAY;
}

static enum reaction act_training_add(struct ui *ui, void *state)
{
	return type_new(ui, state, DOSSIER_TRAINING);
}

static enum reaction act_certificate_add(struct ui *ui, void *state)
{
	return type_new(ui, state, DOSSIER_CERTIFICATE);
}

static void revealed(struct ui *ui, void *owner, int answer, const char *reason)
{
	struct dossier *s = owner;
	struct err e = {0};

	if (answer != 1)
		return;
	if (desk_certificate_reveal(ui_desk(ui), s->chosen, reason, s->whole, sizeof(s->whole), &e)) {
		ui_fail_why(ui, &e);
		return;
	}
	s->revealed = s->chosen;
	s->reveal_until = clock_steady_ms() + REVEAL_MS;
	list_reload(ui, &s->list);
}

static enum reaction act_certificate_reveal(struct ui *ui, void *state)
{
	struct dossier *s = state;
	const struct line *row = list_selected(ui, &s->list);
	char text[300];

	s->chosen = row->id;
	text_format(text, sizeof(text), _("显示完整的%s，30 秒后自动隐藏。谁、何时、为什么查看都会记录。"), _("证书编号"));
	dialog_ask(ui, &(struct dialog_arg){.title = N_("显示完整内容"), .text = text, .button = {N_("不显示"), N_("显示")}, .n_buttons = 2, .focus = 1,
					    .input_label = N_("原因"), .input_needed = true, .done = revealed, .owner = s});
	return STAY;
}

static enum reaction act_person(struct ui *ui, void *state)
{
	const struct line *row = list_selected(ui, state);

	if (row && row->person)
		ui_push(ui, &person_screen, &row->person);
	return STAY;
}

/* --- two files --------------------------------------------------------------------------------------------------------------------------- */

static enum reaction act_compare(struct ui *ui, void *state)
{
	const struct line *row = list_selected(ui, state);

	if (row)
		ui_push(ui, &compare_screen, &(struct compare_arg){.kept = row->person, .gone = row->other});
	return STAY;
}

static void merged(struct ui *ui, void *owner, int answer, const char *input)
{
	struct dossier *s = owner;
	struct err e = {0};

	if (answer != 1)
		return;
	if (desk_person_merge(ui_desk(ui), s->person, s->other, input, &e)) {
		ui_fail_why(ui, &e);
		return;
	}
	ui_say(ui, SAY_DONE, "%s", _("已合并为一份档案；在档案的“疑似同一人”里可以取消合并"));
	ui_pop_state(ui, s);
	ui_changed(ui);
}

static void are_two(struct ui *ui, void *owner, int answer, const char *input)
{
	struct dossier *s = owner;
	struct err e = {0};

	if (answer != 1)
		return;
	if (desk_person_two(ui_desk(ui), s->person, s->other, input, &e)) {
		ui_fail_why(ui, &e);
		return;
	}
	ui_say(ui, SAY_DONE, "%s", _("已记录：是两个人"));
	ui_pop_state(ui, s);
	ui_changed(ui);
}

static enum reaction act_merge(struct ui *ui, void *state)
{
	ask(ui, state, N_("合并档案"), _("两份档案并成“这一份”，证件、聘用、经过都归它，缺的内容由另一份补上。以后可以取消合并。"), N_("原因"), merged);
	return STAY;
}

static enum reaction act_two(struct ui *ui, void *state)
{
	ask(ui, state, N_("是两个人"), _("记录已经核对过，是两个人；以后不再提示这一对。"), N_("原因"), are_two);
	return STAY;
}

static enum reaction act_swap(struct ui *ui, void *state)
{
	struct dossier *s = state;
	int64_t kept = s->other;

	s->other = s->person;
	s->person = kept;
	list_restart(ui, &s->list);
	return STAY;
}

static void unmerged(struct ui *ui, void *owner, int answer, const char *input)
{
	struct dossier *s = owner;
	struct err e = {0};
	int64_t gone;

	if (answer == 1)
		said(ui, s, desk_person_unmerge(ui_desk(ui), s->person, input, &gone, &e), &e);
}

static enum reaction act_unmerge(struct ui *ui, void *state)
{
	struct dossier *s = state;

	if (s->person)
		ask(ui, s, N_("取消合并"), _("最近一次合并的两份档案重新分开，各归各的。"), N_("原因"), unmerged);
	else
		ui_say(ui, SAY_INFO, "%s", _("在合并后的那份档案里取消合并"));
	return STAY;
}

/* --- the screens ------------------------------------------------------------------------------------------------------------------------- */

static const struct action training_actions[] = {
	{'a', 0, "add", N_("登记培训"), N_("登记一次安全培训"), act_training_add, NEEDS_KEY},
	{'r', 0, "remove", N_("撤销"), N_("撤销选中的培训记录；要填原因"), act_training_remove, NEEDS_ROW},
};
static const struct action certificate_actions[] = {
	{'a', 0, "add", N_("登记证书"), N_("登记特种作业资格证书；同一种的新证书取代旧的"), act_certificate_add, NEEDS_KEY},
	{'r', 0, "remove", N_("撤销"), N_("撤销选中的证书；要填原因"), act_certificate_remove, NEEDS_ROW},
	{'v', 0, "reveal", N_("显示全号"), N_("显示完整的证书编号 30 秒；要填原因，会留下记录"), act_certificate_reveal, NEEDS_ROW | NEEDS_KEY},
};
static const struct action due_actions[] = {
	{K_ENTER, 0, "open", N_("档案"), N_("打开这个人的档案"), act_person, NEEDS_ROW},
};
static const struct action mark_actions[] = {
	{'a', 0, "set", N_("加标记"), N_("加不宜录用标记：原因、最后一天"), act_mark, NEEDS_KEY},
	{'o', 0, "override", N_("放行"), N_("在本项目放行；项目经理或企业才能办，要填原因"), act_pass, NEEDS_ROW},
	{'l', 0, "lift", N_("解除"), N_("解除选中的标记；项目经理或企业才能办，要填原因"), act_lift, NEEDS_ROW},
	{K_ENTER, 0, "open", N_("档案"), N_("打开这个人的档案"), act_person, NEEDS_ROW},
};
static const struct action alike_actions[] = {
	{K_ENTER, 0, "compare", N_("比较"), N_("两份档案并排比较，再决定是否合并"), act_compare, NEEDS_ROW | NEEDS_KEY},
	{'u', 0, "unmerge", N_("取消合并"), N_("把最近一次合并的两份档案重新分开；要填原因"), act_unmerge, 0},
};
static const struct action compare_actions[] = {
	{'m', 0, "merge", N_("合并"), N_("是同一个人：并成“这一份”；要填原因"), act_merge, 0},
	{'t', 0, "two", N_("是两个人"), N_("是两个人：以后不再提示这一对；要填原因"), act_two, 0},
	{'x', 0, "swap", N_("对调"), N_("改由另一份留下"), act_swap, 0},
};

#define SCREEN(ops, called, words, opens, draws, rows)                                                                                     \
	const struct screen_ops ops = {.name = called, .title = words, .state_size = sizeof(struct dossier), .open = opens, .draw = draws,  \
				       .event = dossier_event, .close = dossier_close, .has_row = dossier_has_row,                         \
				       .flags = SCREEN_TAKES_CARD, .actions = rows, .n_actions = ARRAY_LEN(rows), .shared = list_actions,  \
				       .n_shared = LIST_ACTIONS}
SCREEN(training_screen, "training", N_("培训记录"), training_open, dossier_draw, training_actions);
SCREEN(certificates_screen, "certificates", N_("特种作业证书"), certificates_open, dossier_draw, certificate_actions);
SCREEN(due_screen, "due", N_("证书到期"), due_open, dossier_draw, due_actions);
SCREEN(marks_screen, "marks", N_("不宜录用名单"), marks_open, dossier_draw, mark_actions);
SCREEN(alike_screen, "alike", N_("疑似同一人"), alike_open, dossier_draw, alike_actions);
SCREEN(compare_screen, "compare", N_("比较两份档案"), compare_open, dossier_draw, compare_actions);
const struct screen_ops work_screen = {.name = "work", .title = N_("从业履历"), .state_size = sizeof(struct dossier), .open = work_open,
	.draw = work_draw, .event = dossier_event, .close = dossier_close, .has_row = dossier_has_row, .flags = SCREEN_TAKES_CARD,
	.shared = list_actions, .n_shared = LIST_ACTIONS};
