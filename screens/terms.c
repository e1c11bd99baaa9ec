/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Terms of keeping (S8, L6): per kind of data how long it is kept, what is due, erasing it after a preview and a typed word; and what stays as
 * proof of each erasure. Nothing here goes by itself.
 */
#include <stdlib.h>
#include <string.h>

#include "base/dates.h"
#include "base/i18n.h"
#include "base/text.h"
#include "desk/terms.h"
#include "dialog.h"
#include "list.h"
#include "screen_list.h"

#define TEXT_BELOW 6 /* rows below the list */

struct term_line { enum term_kind kind; struct term term; };

struct terms {
	struct list list;   /* first: the list's own actions are given the state */
	enum term_kind kind; /* which kind a question is about: the list may move on beneath it */
};

static int terms_load(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n, void *next, bool *more, struct err *e)
{
	struct term terms[TERM_KINDS];
	struct term_line *line = rows;

	(void)owner;
	(void)anchor;
	(void)next;
	*more = false;
	*n = 0;
	if (desk_terms(ui_desk(ui), terms, e))
		return -1;
	for (; *n < TERM_KINDS && *n < cap; ++*n)
		line[*n] = (struct term_line){.kind = (enum term_kind)*n, .term = terms[*n]};
	return 0;
}

static int64_t term_id(const void *row)
{
	return (int64_t)((const struct term_line *)row)->kind + 1;
}

static void day(date_t on, char *out, size_t size)
{
	char text[DATE_TEXT];

	date_format(on, text);
	text_copy(out, size, on == DATE_NONE ? _("未登记") : text);
}

static void col_kind(const void *row, char *out, size_t size)
{
	text_copy(out, size, term_word(((const struct term_line *)row)->kind));
}

static void col_years(const void *row, char *out, size_t size)
{
	text_format(out, size, _("%d 年"), ((const struct term_line *)row)->term.years);
}

/* Pictures are due one by one, whenever the project ends. */
static void of_facts(const void *row, date_t on, char *out, size_t size)
{
	if (((const struct term_line *)row)->kind == TERM_FACTS)
		day(on, out, size);
	else
		text_copy(out, size, "—");
}

static void col_completed(const void *row, char *out, size_t size)
{
	of_facts(row, ((const struct term_line *)row)->term.completed_on, out, size);
}

static void col_settled(const void *row, char *out, size_t size)
{
	of_facts(row, ((const struct term_line *)row)->term.settled_on, out, size);
}

static void due_words(const struct term_line *l, char *out, size_t size)
{
	char text[DATE_TEXT];

	date_format(l->term.due_on, text);
	if (l->term.n)
		text_format(out, size, l->kind == TERM_FACTS ? _("%lld 人到期") : _("%lld 张到期"), (long long)l->term.n);
	else if (l->kind == TERM_FACTS && l->term.due_on == DATE_NONE)
		text_copy(out, size, _("还没有起算"));
	else if (l->kind == TERM_FACTS && l->term.due_on > date_today())
		text_format(out, size, _("%s 到期"), text);
	else
		text_copy(out, size, _("没有到期的"));
}

static void col_due(const void *row, char *out, size_t size)
{
	due_words(row, out, size);
}

static unsigned attr_due(const void *row)
{
	return ((const struct term_line *)row)->term.n ? ATTR_YELLOW : 0;
}

static const struct column columns[] = {
	{.heading = N_("种类"), .width = 23, .text = col_kind, .name = true},
	{.heading = N_("保存年限"), .width = 9, .text = col_years},
	{.heading = N_("竣工日期"), .width = 15, .text = col_completed},
	{.heading = N_("工资结清"), .width = 15, .text = col_settled},
	{.heading = N_("到期"), .width = 16, .text = col_due, .attr = attr_due},
};

static const struct list_source source = {.row_size = sizeof(struct term_line), .load = terms_load, .id = term_id, .columns = columns,
	.n_columns = ARRAY_LEN(columns)};

static int terms_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	(void)ui;
	(void)arg;
	(void)e;
	list_init(state, &source, state);
	return 0;
}

static void explain(const struct term_line *l, char *out, size_t size)
{
	if (l->kind == TERM_FACTS)
		text_format(out, size, _("档案、聘用、合同、考勤和工资，保存到工程竣工并且工资结清以后 %d 年（本地区至少 %d 年）。竣工或工资结清没有登记，就不起算，什么也不会到期。"),
			    l->term.years, l->term.least);
	else
		text_format(out, size, _("考勤时拍的照片，每张从拍摄那天起保存 %d 年（本地区至少 %d 年）；考勤记录本身不受影响。"), l->term.years,
			    l->term.least);
}

static void terms_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	struct terms *t = state;
	const struct term_line *l;
	char text[600];
	int used;

	list_draw(ui, &t->list, c, (struct area){a.row, a.col, a.height > TEXT_BELOW ? a.height - TEXT_BELOW : a.height, a.width}, true);
	l = list_selected(ui, &t->list);
	if (!l || a.height <= TEXT_BELOW)
		return;
	explain(l, text, sizeof(text));
	used = canvas_paragraph(c, a.row + a.height - TEXT_BELOW + 1, a.col + 2, 3, a.width - 4, ATTR_PLAIN, text);
	canvas_paragraph(c, a.row + a.height - TEXT_BELOW + 1 + used, a.col + 2, TEXT_BELOW - 1 - used, a.width - 4, ATTR_DIM,
			 _("到期的资料不会自己消失：要有人清除。清除后不能恢复，留下记录：谁、什么时候、多少、摘要。"));
}

static void terms_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	if (ev->kind == UI_EVENT_CHANGED)
		list_reload(ui, state);
}

static void terms_close(struct ui *ui, void *state)
{
	(void)ui;
	list_release(state);
}

static bool terms_has_row(const void *state)
{
	return list_has_row(state);
}

/* --- what can be done with a kind ----------------------------------------------------------------------------------------------------------- */

static void erased(struct ui *ui, void *owner, int answer, const char *input)
{
	struct terms *t = owner;
	struct erasure_row r;
	struct err e = {0};
	bool clean;

	(void)input;
	if (answer != 1)
		return;
	/* The dialog has seen the word, in either language. */
	if (desk_term_erase(ui_desk(ui), t->kind, TERM_WORD, &r, &clean, &e)) {
		ui_fail_why(ui, &e);
		return;
	}
	ui_changed(ui);
	ui_push(ui, &erasures_screen, NULL);
	ui_say(ui, clean ? SAY_DONE : SAY_WARN,
	       clean ? _("已清除：%lld 人，%lld 张照片，共 %lld 项。旧备份里还有，请一并销毁")
		     : _("已清除：%lld 人，%lld 张照片，共 %lld 项；残余等别的会话都退出时清掉。旧备份里还有"),
	       (long long)r.people, (long long)r.pictures, (long long)r.values);
}

static void preview(const struct term_line *l, char *out, size_t size)
{
	char due[DATE_TEXT];

	date_format(l->term.due_on, due);
	if (l->kind == TERM_FACTS)
		text_format(out, size, _("本项目 %lld 人的用工和工资资料已于 %s 到期。还在别的项目上的人，共用的身份资料留下；其余全部清除，不能恢复。"), (long long)l->term.n, due);
	else
		text_format(out, size, _("%s 以前拍的考勤照片共 %lld 张已到期，全部清除，不能恢复；考勤记录留下。"), due, (long long)l->term.n);
}

static enum reaction act_erase(struct ui *ui, void *state)
{
	struct terms *t = state;
	const struct term_line *l = list_selected(ui, &t->list);
	char text[500];

	if (!l)
		return STAY;
	if (!l->term.n) {
		due_words(l, text, sizeof(text));
		ui_say(ui, SAY_INFO, _("%s：%s，没有什么要清除"), term_word(l->kind), text);
		return STAY;
	}
	t->kind = l->kind;
	preview(l, text, sizeof(text));
	dialog_ask(ui, &(struct dialog_arg){.title = N_("清除到期资料"), .text = text, .button = {N_("不清除"), N_("清除")}, .n_buttons = 2,
					    .word = _("清除资料"), .word2 = "erase", .done = erased, .owner = t});
	return STAY;
}

static void kept(struct ui *ui, void *owner, int answer, const char *input)
{
	const struct terms *t = owner;
	struct err e = {0};
	int years = text_is_digits(input) && strlen(input) <= 3 ? atoi(input) : -1;

	if (answer != 1)
		return;
	if (years < 0) {
		ui_say(ui, SAY_ERROR, "%s", _("年数是一个整数"));
	} else if (desk_term_keep(ui_desk(ui), t->kind, years, &e)) {
		ui_fail_why(ui, &e);
	} else {
		ui_say(ui, SAY_DONE, _("%s：改为保存 %d 年"), term_word(t->kind), years);
		ui_changed(ui);
	}
}

static enum reaction act_years(struct ui *ui, void *state)
{
	struct terms *t = state;
	const struct term_line *l = list_selected(ui, &t->list);
	char text[200];

	if (!l)
		return STAY;
	t->kind = l->kind;
	text_format(text, sizeof(text), _("%s现在保存 %d 年；可以比本地区规定的 %d 年长，不能短。"), term_word(l->kind), l->term.years, l->term.least);
	dialog_ask(ui, &(struct dialog_arg){.title = N_("保存年数"), .text = text, .button = {N_("不改"), N_("保存")}, .n_buttons = 2,
					    .input_label = N_("年数"), .input_chars = 2, .input_needed = true, .done = kept, .owner = t});
	return STAY;
}

static void settled(struct ui *ui, void *owner, int answer, const char *input)
{
	struct err e = {0};
	date_t on = DATE_NONE;

	(void)owner;
	if (answer != 1)
		return;
	if (input[0] && (!date_parse(input, &on) || on == DATE_LONG_TERM)) {
		ui_say(ui, SAY_ERROR, "%s", _("日期不对：例如 2026-11-20，不填为收回"));
	} else if (desk_term_settled(ui_desk(ui), on, &e)) {
		ui_fail_why(ui, &e);
	} else {
		ui_say(ui, SAY_DONE, "%s", on == DATE_NONE ? _("已收回工资结清日") : _("已登记工资结清日"));
		ui_changed(ui);
	}
}

static enum reaction act_settled(struct ui *ui, void *state)
{
	dialog_ask(ui, &(struct dialog_arg){.title = N_("工资结清日"),
					    .text = _("本项目全部工人的工资在哪一天结清？用工和工资资料从竣工和结清中较晚的一天起算。不填为收回。"),
					    .button = {N_("不改"), N_("登记")}, .n_buttons = 2, .input_label = N_("日期"), .input_chars = 10,
					    .done = settled, .owner = state});
	return STAY;
}

static enum reaction act_proofs(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &erasures_screen, NULL);
	return STAY;
}

static const struct action actions[] = {
	{'x', 0, "erase", N_("清除到期的"), N_("清除选中的一种里已到期的：先看多少，再键入确认"), act_erase, NEEDS_ROW},
	{'y', 0, "years", N_("保存年数"), N_("改选中的一种保存几年"), act_years, NEEDS_ROW},
	{'j', 0, "settled", N_("工资结清日"), N_("登记或收回本项目的工资结清日"), act_settled, 0},
	{'z', 0, "proofs", N_("清除记录"), N_("清除过什么：时间、谁、多少、摘要"), act_proofs, 0},
};

const struct screen_ops terms_screen = {
	.name = "terms",
	.title = N_("保存期限"),
	.state_size = sizeof(struct terms),
	.open = terms_open,
	.draw = terms_draw,
	.event = terms_event,
	.close = terms_close,
	.has_row = terms_has_row,
	.actions = actions,
	.n_actions = ARRAY_LEN(actions),
	.shared = list_actions,
	.n_shared = LIST_ACTIONS,
};

/* --- the proofs ----------------------------------------------------------------------------------------------------------------------------- */

static int erasures_load(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n, void *next, bool *more, struct err *e)
{
	const struct erasure_row *row = rows;
	size_t got = 0;
	int64_t before = 0;

	(void)owner;
	if (anchor)
		memcpy(&before, anchor, sizeof(before));
	*n = 0;
	do { /* the desk's pages are smaller than the list's */
		if (desk_erasures(ui_desk(ui), before, (struct erasure_row *)rows + *n, cap - *n, &got, e))
			return -1;
		*n += got;
		before = got ? row[*n - 1].id : before;
	} while (got && *n < cap);
	memcpy(next, &before, sizeof(before));
	*more = got != 0;
	return 0;
}

static int64_t erasure_id(const void *row)
{
	return ((const struct erasure_row *)row)->id;
}

static void col_at(const void *row, char *out, size_t size)
{
	char stamp[STAMP_TEXT];

	stamp_format(((const struct erasure_row *)row)->at_ms, stamp);
	text_format(out, size, "%.16s", stamp);
}

static void col_what(const void *row, char *out, size_t size)
{
	text_copy(out, size, term_word(((const struct erasure_row *)row)->kind));
}

static void col_by(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct erasure_row *)row)->by);
}

static void col_much(const void *row, char *out, size_t size)
{
	const struct erasure_row *r = row;

	text_format(out, size, _("%lld 人、%lld 张照片"), (long long)r->people, (long long)r->pictures);
}

static void col_digest(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct erasure_row *)row)->digest);
}

static const struct column proof_columns[] = {
	{.heading = N_("时间"), .width = 18, .text = col_at, .name = true},
	{.heading = N_("种类"), .width = 18, .text = col_what},
	{.heading = N_("谁"), .width = 11, .text = col_by},
	{.heading = N_("多少"), .width = 22, .text = col_much},
	{.heading = N_("摘要"), .width = 12, .text = col_digest},
};

static const struct list_source proof_source = {.row_size = sizeof(struct erasure_row), .load = erasures_load, .id = erasure_id,
	.columns = proof_columns, .n_columns = ARRAY_LEN(proof_columns), .empty = N_("还没有清除过")};

static int erasures_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	(void)ui;
	(void)arg;
	(void)e;
	list_init(state, &proof_source, state);
	return 0;
}

static void erasures_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	struct list *l = state;
	const struct erasure_row *r;
	char text[300];

	list_draw(ui, l, c, (struct area){a.row, a.col, a.height > 3 ? a.height - 3 : a.height, a.width}, true);
	r = list_selected(ui, l);
	if (!r || a.height <= 3)
		return;
	text_format(text, sizeof(text), _("其中 %lld 人的资料全部清除，共 %lld 项；摘要 %s"), (long long)r->whole, (long long)r->values, r->digest);
	canvas_paragraph(c, a.row + a.height - 2, a.col + 2, 2, a.width - 4, ATTR_PLAIN, text);
}

const struct screen_ops erasures_screen = {
	.name = "erasures",
	.title = N_("清除记录"),
	.state_size = sizeof(struct list),
	.open = erasures_open,
	.draw = erasures_draw,
	.event = terms_event,
	.close = terms_close,
	.has_row = terms_has_row,
	.shared = list_actions,
	.n_shared = LIST_ACTIONS,
};
