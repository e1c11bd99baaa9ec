/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A person's file: what is known, masked; what happened, newest first; what can be done now. */
#include <stdlib.h>
#include <string.h>

#include "base/dates.h"
#include "base/held.h"
#include "base/i18n.h"
#include "base/text.h"
#include "desk/dossier.h"
#include "desk/paper.h"
#include "dialog.h"
#include "list.h"
#include "paper_one.h"
#include "screen_list.h"

#define REVEAL_MS 30000 /* a number shown whole hides itself again (S4) */

struct file_row {
	int64_t id;      /* field + 1, or -fact */
	int64_t fact;    /* of the history; 0: no such row */
	int field;       /* enum field_id, -1: none */
	char label[80];
	char text[NAME_TEXT * 2];
	char mark[40];
	unsigned attr;
};

struct person {
	struct list list;        /* first */
	int64_t person;
	struct person_file *file;
	int revealed;            /* field shown whole, -1: none */
	int64_t reveal_until;
	char whole[NAME_TEXT];
	char presence[120];      /* E6; "" where presence does not rest on attendance */
	struct warning warning[WARNINGS_MAX];
	size_t warnings;
	struct paper_one one;
};

/* --- rows ---------------------------------------------------------------------------------------------------------------------------- */

#define EVENT_LEAST 14
#define EVENT_MOST 20
#define BY_WIDTH 10

struct file_anchor { int64_t before_fact; };

static void dates_text(const struct person_file *f, char *out, size_t size)
{
	char entered[DATE_TEXT], exited[DATE_TEXT];

	date_format(f->entered_on, entered);
	date_format(f->exited_on, exited);
	text_format(out, size, "%s%s%s%s", entered[0] ? _("进场 ") : "", entered, exited[0] ? _("  退场 ") : "", exited);
}

static struct file_row *add(struct file_row *rows, size_t cap, size_t *n, int64_t id, const char *label, const char *text)
{
	struct file_row *r = *n < cap ? &rows[(*n)++] : &rows[cap - 1];

	*r = (struct file_row){.id = id, .field = -1};
	text_copy(r->label, sizeof(r->label), label);
	text_copy(r->text, sizeof(r->text), text);
	return r;
}

static void state_rows(const struct person *p, struct file_row *rows, size_t cap, size_t *n)
{
	const struct person_file *f = p->file;
	char text[NAME_TEXT], dates[80];

	add(rows, cap, n, -1000001, P_("档案", "聘用"), roster_employment_word(&f->row));
	dates_text(f, dates, sizeof(dates));
	text_format(text, sizeof(text), "%s  %s", state_word(CYCLE_ASSIGNMENT, (int)f->row.assignment), dates);
	add(rows, cap, n, -1000002, _("项目分配"), text);
	if (p->presence[0])
		add(rows, cap, n, -1000007, _("在场情况"), p->presence);
	if (f->row.waiting || f->row.refused)
		add(rows, cap, n, -1000006, _("上传"), f->row.refused ? _("有内容被平台退回") : _("有内容还没有得到平台确认"))->attr =
			f->row.refused ? ATTR_RED : ATTR_YELLOW;
	if (f->refusal[0])
		add(rows, cap, n, -1000003, _("退回原因"), f->refusal)->attr = ATTR_RED;
}

static void warning_rows(const struct person *p, struct file_row *rows, size_t cap, size_t *n)
{
	for (size_t i = 0; i < p->warnings; i++)
		add(rows, cap, n, -1000100 - (int64_t)i, _("注意"), p->warning[i].sentence)->attr = p->warning[i].block ? ATTR_RED : ATTR_YELLOW;
}

/* Columns inside a cell: the text, and blanks up to the width; one at least. */
static void put_padded(char *out, size_t size, const char *text, int width)
{
	int blanks = width - text_width(text);

	text_format(out, size, "%s%*s", text, blanks > 1 ? blanks : 1, "");
}

static const char *mark_word(enum value_origin o)
{
	return o == ORIGIN_CARD || o == ORIGIN_DERIVED ? origin_word(o) : "";
}

static void field_rows(const struct person *p, struct file_row *rows, size_t cap, size_t *n)
{
	for (int i = 0; i < FIELD_COUNT; i++) {
		const struct field *f = field_get((enum field_id)i);
		struct file_row *r;

		if (!p->file->masked[i][0])
			continue;
		r = add(rows, cap, n, i + 1, _(f->label), p->revealed == i ? p->whole : p->file->masked[i]);
		r->field = i;
		put_padded(r->mark, sizeof(r->mark), mark_word(p->file->origin[i]), text_width(_("读卡")) + 1);
		if (p->revealed == i)
			text_copy(r->mark, sizeof(r->mark), _("30 秒后隐藏"));
		else if (f->flags & FIELD_MASKED)
			text_format(r->mark + strlen(r->mark), sizeof(r->mark) - strlen(r->mark), "%s", _("v 显示"));
	}
}

/* As wide as the longest event, so that the names stand below one another. */
static int event_width(void)
{
	int most = EVENT_LEAST;

	for (int i = 0; i < EVENT_COUNT; i++) {
		int w = text_width(event_word((enum event)i)) + 2;

		most = w > most ? w : most;
	}
	return most < EVENT_MOST ? most : EVENT_MOST;
}

static void history_row(const struct history_row *h, struct file_row *r)
{
	char stamp[STAMP_TEXT], on[DATE_TEXT], what[100], by[NAME_TEXT + BY_WIDTH];
	enum outbox_state state;

	*r = (struct file_row){.id = -h->fact, .field = -1, .fact = h->fact};
	stamp_format(h->at_ms, stamp);
	text_copy(r->label, sizeof(r->label), stamp);
	date_format(h->on, on);
	text_format(what, sizeof(what), "%s%s", h->what, h->reversed ? _("（已撤回）") : h->superseded ? _("（已更正）") : "");
	put_padded(r->text, sizeof(r->text), what, event_width());
	put_padded(by, sizeof(by), h->by, BY_WIDTH);
	text_format(r->text + strlen(r->text), sizeof(r->text) - strlen(r->text), "%s%s%s%s", by, strncmp(on, stamp, strlen(on)) ? on : "",
		    h->note[0] ? "  " : "", h->note);
	if (h->upload[0] && outbox_state_parse(h->upload, &state))
		text_copy(r->mark, sizeof(r->mark), outbox_state_word(state));
}

static int history_rows(struct ui *ui, const struct person *p, int64_t before, struct file_row *rows, size_t cap, size_t *n, bool *more, int64_t *last,
			struct err *e)
{
	struct history_row *h = calloc(cap, sizeof(*h));
	size_t got = 0;
	int result = -1;

	if (!h)
		return err_set(e, ERR_MEMORY, "history");
	if (desk_person_history(ui_desk(ui), p->person, before, h, cap, &got, e))
		goto out;
	for (size_t i = 0; i < got; i++)
		history_row(&h[i], &rows[(*n)++]);
	*more = got == cap;
	*last = got ? h[got - 1].fact : before;
	result = 0;
out:
	free(h);
	return result;
}

static int file_load(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n, void *next, bool *more, struct err *e)
{
	const struct person *p = owner;
	struct file_anchor at = {0};

	*n = 0;
	if (anchor)
		memcpy(&at, anchor, sizeof(at));
	if (!anchor) {
		state_rows(p, rows, cap, n);
		warning_rows(p, rows, cap, n);
		field_rows(p, rows, cap, n);
		if (*n < cap)
			add(rows, cap, n, -1000005, _("经过"), _("最近的在前"))->attr = ATTR_BOLD;
		if (*n == cap) {
			*more = true;
			memcpy(next, &at, sizeof(at));
			return 0;
		}
	}
	if (history_rows(ui, p, at.before_fact, rows, cap - *n, n, more, &at.before_fact, e))
		return -1;
	memcpy(next, &at, sizeof(at));
	return 0;
}

static int64_t file_id(const void *row)
{
	return ((const struct file_row *)row)->id;
}

static void col_label(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct file_row *)row)->label);
}

static void col_text(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct file_row *)row)->text);
}

static void col_mark(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct file_row *)row)->mark);
}

static unsigned attr_text(const void *row)
{
	return ((const struct file_row *)row)->attr;
}

static const struct column columns[] = {
	{.heading = N_("栏目"), .width = 21, .text = col_label, .name = true},
	{.heading = N_("内容"), .width = 42, .text = col_text, .attr = attr_text},
	{.heading = N_("标记"), .width = 12, .text = col_mark},
};

static const struct list_source source = {
	.row_size = sizeof(struct file_row), .load = file_load, .id = file_id, .columns = columns, .n_columns = ARRAY_LEN(columns)};

/* --- the screen --------------------------------------------------------------------------------------------------------------------------- */

/* What is to be told at once, at the card too (A9, L1–L3): the gravest in the status line, all of it among the rows. */
static int read_warnings(struct ui *ui, struct person *p, struct err *e)
{
	return desk_person_warnings(ui_desk(ui), p->person, p->warning, &p->warnings, e);
}

static void say_warnings(struct ui *ui, const struct person *p)
{
	size_t worst = 0;

	for (size_t i = 0; i < p->warnings; i++)
		if (p->warning[i].block && !p->warning[worst].block)
			worst = i;
	if (p->warnings)
		ui_say(ui, p->warning[worst].block ? SAY_ERROR : SAY_WARN, "%s", p->warning[worst].sentence);
}

static int read_file(struct ui *ui, struct person *p, struct err *e)
{
	return desk_person_file(ui_desk(ui), p->person, p->file, e) || read_warnings(ui, p, e) ||
			       desk_presence_words(ui_desk(ui), p->person, p->presence, sizeof(p->presence), e)
		       ? -1
		       : 0;
}

static int person_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct person *p = state;

	p->person = *(const int64_t *)arg;
	p->revealed = -1;
	p->file = held_new(sizeof(*p->file));
	list_init(&p->list, &source, p);
	if (!p->file)
		return err_set(e, ERR_MEMORY, "person file");
	if (read_file(ui, p, e))
		return -1;
	say_warnings(ui, p);
	return 0;
}

static void person_close(struct ui *ui, void *state)
{
	struct person *p = state;

	(void)ui;
	if (p->list.src)
		list_release(&p->list);
	held_drop(p->file);
}

static void person_heading(struct ui *ui, const void *state, char *out, size_t size)
{
	const struct person *p = state;
	char age[32] = "";

	(void)ui;
	if (p->file->age >= 0)
		text_format(age, sizeof(age), _("  %d 岁"), p->file->age);
	text_format(out, size, "%s  %s%s%s%s", p->file->row.name, _("尾号 "), p->file->row.tail, age, p->file->manual ? _("  手工录入") : "");
}

static void person_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	list_draw(ui, state, c, a, true);
	list_hint(ui, state, a);
}

static void hide(struct ui *ui, struct person *p)
{
	wipe(p->whole, sizeof(p->whole));
	p->revealed = -1;
	list_reload(ui, &p->list);
}

static void person_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	struct person *p = state;
	struct err e = {0};

	if (p->revealed >= 0 && (ev->kind == UI_EVENT_LEAVING || (ev->kind == UI_EVENT_TICK && ev->now >= p->reveal_until)))
		hide(ui, p);
	if (ev->kind != UI_EVENT_CHANGED)
		return;
	if (read_file(ui, p, &e))
		ui_fail(ui, &e);
	list_reload(ui, &p->list);
}

static bool person_has_row(const void *state)
{
	return list_has_row(state);
}

/* --- actions -------------------------------------------------------------------------------------------------------------------------------- */

static void reveal(struct ui *ui, void *owner, int answer, const char *reason)
{
	struct person *p = owner;
	const struct file_row *row = list_selected(ui, &p->list);
	struct err e = {0};

	if (answer != 1 || !row || row->field < 0)
		return;
	if (desk_person_reveal(ui_desk(ui), p->person, (enum field_id)row->field, reason, p->whole, sizeof(p->whole), &e)) {
		ui_fail(ui, &e);
		return;
	}
	p->revealed = row->field;
	p->reveal_until = clock_steady_ms() + REVEAL_MS;
	list_reload(ui, &p->list);
}

static enum reaction act_reveal(struct ui *ui, void *state)
{
	struct person *p = state;
	const struct file_row *row = list_selected(ui, &p->list);
	char text[300];

	if (!row || row->field < 0 || !(field_get((enum field_id)row->field)->flags & FIELD_MASKED)) {
		ui_say(ui, SAY_INFO, "%s", _("先选中一项带星号的内容"));
		return STAY;
	}
	text_format(text, sizeof(text), _("显示完整的%s，30 秒后自动隐藏。谁、何时、为什么查看都会记录。"), row->label);
	dialog_ask(ui, &(struct dialog_arg){.title = N_("显示完整内容"), .text = text, .button = {N_("不显示"), N_("显示")}, .n_buttons = 2, .focus = 1,
					    .input_label = N_("原因"), .input_needed = true, .done = reveal, .owner = p});
	return STAY;
}

static enum reaction act_amend(struct ui *ui, void *state)
{
	struct person *p = state;
	const struct file_row *row = list_selected(ui, &p->list);
	struct register_arg a = {.amend = p->person, .focus = row && row->field >= 0 ? field_get((enum field_id)row->field)->name : NULL};

	ui_push(ui, &register_screen, &a);
	return STAY;
}

static enum reaction act_on(struct ui *ui, struct person *p, enum event event)
{
	ui_push(ui, &acts_screen, &(struct acts_arg){.event = event, .persons = &p->person, .n = 1});
	return STAY;
}

#define ACTS(name, event)                                                                                                                  \
	static enum reaction name(struct ui *ui, void *state)                                                                              \
	{                                                                                                                                  \
		return act_on(ui, state, event);                                                                                           \
	}
ACTS(act_submit, EVENT_SUBMIT)
ACTS(act_enter, EVENT_ENTER)
ACTS(act_exit, EVENT_EXIT)
ACTS(act_withdraw, EVENT_WITHDRAW)
ACTS(act_leaving, EVENT_RECORD_LEAVING)
ACTS(act_dismiss, EVENT_DISMISS)

/* As in the roster. */
static enum reaction act_confirm(struct ui *ui, void *state)
{
	struct person *p = state;

	return act_on(ui, p, p->file->row.assignment == ASSIGNMENT_SUBMITTED ? EVENT_ACCEPT : EVENT_CONFIRM);
}

static enum reaction act_possible(struct ui *ui, void *state)
{
	ui_push(ui, &possible_screen, &((struct person *)state)->person);
	return STAY;
}

#define OPENS(name, screen)                                                                                                                \
	static enum reaction name(struct ui *ui, void *state)                                                                              \
	{                                                                                                                                  \
		ui_push(ui, &screen, &((struct person *)state)->person);                                                                   \
		return STAY;                                                                                                               \
	}
OPENS(act_training, training_screen)
OPENS(act_certificates, certificates_screen)
OPENS(act_marks, marks_screen)
OPENS(act_work, work_screen)
OPENS(act_alike, alike_screen)

static enum reaction act_devices(struct ui *ui, void *state)
{
	const struct person *p = state;

	ui_push(ui, &pushes_screen, &(struct pushes_arg){.person = p->person, .title = p->file->row.name});
	return STAY;
}

static enum reaction act_photo(struct ui *ui, void *state)
{
	ui_push(ui, &photo_screen, &((struct person *)state)->person);
	return STAY;
}

static enum reaction act_again(struct ui *ui, void *state)
{
	const struct person *p = state;
	enum employment_state s = p->file->row.employment;

	if (s != EMPLOYMENT_NONE && !lifecycle_final(CYCLE_EMPLOYMENT, (int)s))
		ui_say(ui, SAY_INFO, _("此人现在是“%s”，不必再次聘用"), state_word(CYCLE_EMPLOYMENT, (int)s));
	else
		ui_push(ui, &register_screen, &(struct register_arg){.again = p->person});
	return STAY;
}

static enum reaction act_contracts(struct ui *ui, void *state)
{
	struct person *p = state;

	ui_push(ui, &contracts_screen, &(struct contracts_arg){.person = p->person, .name = p->file->row.name});
	return STAY;
}

static enum reaction act_attendance(struct ui *ui, void *state)
{
	const struct person *p = state;

	ui_push(ui, &days_screen, &(struct days_arg){.person = p->person, .month = month_of(date_today()), .name = p->file->row.name});
	return STAY;
}

static enum reaction act_books(struct ui *ui, void *state)
{
	const struct person *p = state;

	ui_push(ui, &books_screen, &(struct books_arg){.person = p->person, .name = p->file->row.name});
	return STAY;
}

static enum reaction act_own_data(struct ui *ui, void *state)
{
	ui_push(ui, &own_data_screen, &((const struct person *)state)->person);
	return STAY;
}

static int put_paper(struct desk *d, const struct paper_one *one, struct office_out *out, struct err *e)
{
	cJSON *sheet = NULL;

	return desk_paper_fact(d, one->id, &sheet, e) ? -1 : paper_one_put(sheet, out, e);
}

static enum reaction act_paper(struct ui *ui, void *state)
{
	struct person *p = state;
	const struct file_row *row = list_selected(ui, &p->list);

	if (!row || !row->fact) {
		ui_say(ui, SAY_INFO, "%s", _("先选中“经过”里的一条，再打印"));
		return STAY;
	}
	p->one = (struct paper_one){.list = "record", .put = put_paper, .id = row->fact};
	paper_one_ask(ui, &p->one);
	return STAY;
}

static const struct action actions[] = {
	{'s', 0, "submit", N_("提交"), N_("提交给班组的接收单位"), act_submit, 0},
	{'c', 0, "confirm", N_("确认"), N_("由接收单位的项目经理确认"), act_confirm, 0},
	{'e', 0, "enter", N_("进场"), N_("办理进场"), act_enter, 0},
	{'x', 0, "exit", N_("退场"), N_("办理退场"), act_exit, 0},
	{'w', 0, "withdraw", N_("撤回"), N_("撤回分配（进场之前）"), act_withdraw, 0},
	{'p', 0, "possible", N_("现在能办什么"), N_("列出现在能办和不能办的手续、原因，和怎样才能办"), act_possible, 0},
	{'m', 0, "amend", N_("修改"), N_("修改资料：在选中的一项上开始；手机、班组、工种、合同等"), act_amend, NEEDS_KEY},
	{'l', 0, "leaving", NULL, N_("登记离职日期（地区规则允许时）"), act_leaving, 0},
	{'d', 0, "dismiss", NULL, N_("由用人单位发起解聘，本人同意后生效"), act_dismiss, 0},
	{'a', 0, "again", N_("再次聘用"), N_("此人的聘用已结束：重新登记聘用，身份资料不必再填"), act_again, NEEDS_KEY},
	{'k', 0, "contracts", N_("合同"), N_("此人的全部合同：签订、续签、解除、扫描件"), act_contracts, 0},
	{'z', 0, "photo", N_("照片"), N_("看、拍或从文件放入照片和证件正反面照，与证件照片对照"), act_photo, NEEDS_KEY},
	{'t', 0, "training", N_("培训"), N_("安全培训的记录：登记、撤销"), act_training, NEEDS_KEY},
	{'q', 0, "certificates", N_("证书"), N_("特种作业资格证书：登记、撤销"), act_certificates, NEEDS_KEY},
	{'b', 0, "marks", N_("标记"), N_("不宜录用标记：原因、放行、解除"), act_marks, NEEDS_KEY},
	{'n', 0, "attendance", N_("考勤"), N_("此人逐日的考勤和每一次打卡"), act_attendance, NEEDS_KEY},
	{'f', 0, "books", N_("登记簿"), N_("此人的健康卡、体温等登记"), act_books, NEEDS_KEY},
	{'h', 0, "work", N_("履历"), N_("在哪些项目上、跟哪个单位和班组、什么时候"), act_work, 0},
	{'j', 0, "devices", NULL, N_("在哪些考勤设备上：已下发、失败和原因、已撤下"), act_devices, NEEDS_KEY},
	{'u', 0, "alike", N_("同一人"), N_("可能是同一个人的其他档案：比较、合并、取消合并"), act_alike, NEEDS_KEY},
	{'y', 0, "own_data", NULL, N_("本人要求时：此人的全部资料写成一个文件；要填原因，会留下记录"), act_own_data, NEEDS_KEY},
	{'i', 0, "paper", NULL, N_("把“经过”里选中的一条写成 PDF 或送打印机，签字用：更正的前后、谁办、谁批"), act_paper, NEEDS_KEY},
	{'v', 0, "reveal", N_("显示全号"), N_("显示完整的号码 30 秒；要填原因，会留下记录"), act_reveal, NEEDS_KEY},
};

const struct screen_ops person_screen = {
	.name = "person",
	.title = N_("档案"),
	.state_size = sizeof(struct person),
	.open = person_open,
	.heading = person_heading,
	.draw = person_draw,
	.event = person_event,
	.close = person_close,
	.has_row = person_has_row,
	.flags = SCREEN_TAKES_CARD,
	.actions = actions,
	.n_actions = ARRAY_LEN(actions),
	.shared = list_actions,
	.n_shared = LIST_ACTIONS,
};

/* --- what can be done now -------------------------------------------------------------------------------------------------------------------- */

struct possible_list { struct list list; int64_t person; };

static int possible_load(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n, void *next, bool *more, struct err *e)
{
	(void)anchor;
	(void)next;
	*more = false;
	return desk_possible(ui_desk(ui), ((struct possible_list *)owner)->person, rows, cap < 16 ? cap : 16, n, e);
}

static int64_t possible_id(const void *row)
{
	return ((const struct possible *)row)->event;
}

static void col_event(const void *row, char *out, size_t size)
{
	text_copy(out, size, event_word(((const struct possible *)row)->event));
}

static void col_can(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct possible *)row)->verdict.can ? _("能办") : _("不能"));
}

static void col_why(const void *row, char *out, size_t size)
{
	const struct verdict *v = &((const struct possible *)row)->verdict;

	if (v->can)
		text_copy(out, size, v->warning);
	else
		text_format(out, size, "%s%s%s", v->why, v->would[0] ? _("；") : "", v->would);
}

static unsigned attr_can(const void *row)
{
	return ((const struct possible *)row)->verdict.can ? ATTR_GREEN : 0;
}

static const struct column possible_columns[] = {
	{.heading = N_("手续"), .width = 22, .text = col_event, .name = true},
	{.heading = N_("能否"), .width = 9, .text = col_can, .attr = attr_can},
	{.heading = N_("原因和办法"), .width = 40, .text = col_why},
};

static const struct list_source possible_source = {.row_size = sizeof(struct possible), .load = possible_load, .id = possible_id,
	.columns = possible_columns, .n_columns = ARRAY_LEN(possible_columns), .empty = N_("现在没有可办的手续")};

static int possible_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct possible_list *p = state;

	(void)ui;
	(void)e;
	p->person = *(const int64_t *)arg;
	list_init(&p->list, &possible_source, p);
	return 0;
}

static void possible_close(struct ui *ui, void *state)
{
	(void)ui;
	list_release(state);
}

/* The reason of the selected row whole, below the list: it seldom fits its column. */
static void possible_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	struct possible_list *p = state;
	struct area rows = {a.row, a.col, a.height - 4, a.width};
	const struct possible *row;
	char text[700];

	list_draw(ui, &p->list, c, rows, true);
	row = list_selected(ui, &p->list);
	if (!row)
		return;
	if (row->verdict.can)
		text_copy(text, sizeof(text), row->verdict.warning);
	else
		text_format(text, sizeof(text), "%s%s%s", row->verdict.why, row->verdict.would[0] ? "\n" : "", row->verdict.would);
	canvas_paragraph(c, a.row + a.height - 3, a.col + 2, 3, a.width - 4, ATTR_PLAIN, text);
}

static void possible_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	if (ev->kind == UI_EVENT_CHANGED)
		list_reload(ui, state);
}

static enum reaction act_do(struct ui *ui, void *state)
{
	struct possible_list *p = state;
	const struct possible *row = list_selected(ui, &p->list);

	if (row)
		ui_push(ui, &acts_screen, &(struct acts_arg){.event = row->event, .persons = &p->person, .n = 1});
	return STAY;
}

static const struct action possible_actions[] = {
	{K_ENTER, 0, "do", N_("办理"), N_("办理选中的手续；先看能否，再确认"), act_do, NEEDS_ROW},
};

const struct screen_ops possible_screen = {
	.name = "possible",
	.title = N_("现在能办什么"),
	.state_size = sizeof(struct possible_list),
	.open = possible_open,
	.draw = possible_draw,
	.event = possible_event,
	.close = possible_close,
	.has_row = person_has_row,
	.actions = possible_actions,
	.n_actions = ARRAY_LEN(possible_actions),
	.shared = list_actions,
	.n_shared = LIST_ACTIONS,
};
