/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The audit log: who did what, when, on whom; narrowed to one account, one action, one subject, or begun at a day; the chain verified. */
#include <string.h>

#include "base/dates.h"
#include "base/i18n.h"
#include "base/text.h"
#include "desk/audit.h"
#include "desk/upkeep.h"
#include "dialog.h"
#include "list.h"
#include "screen_list.h"

struct audit {
	struct list list;      /* first */
	struct audit_query q;  /* before is the anchor's */
	char narrowed[NAME_TEXT * 2]; /* translated: to what */
};

static int audit_load(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n, void *next, bool *more, struct err *e)
{
	const struct audit_row *row = rows;
	struct audit_query q = ((struct audit *)owner)->q;

	if (anchor)
		memcpy(&q.before, anchor, sizeof(q.before));
	if (desk_audit_list(ui_desk(ui), &q, rows, cap, n, e))
		return -1;
	if (*n)
		memcpy(next, &row[*n - 1].id, sizeof(row->id));
	*more = *n == cap;
	return 0;
}

static int64_t audit_id(const void *row)
{
	return ((const struct audit_row *)row)->id;
}

static void col_when(const void *row, char *out, size_t size)
{
	char stamp[STAMP_TEXT];

	stamp_format(((const struct audit_row *)row)->at_ms, stamp);
	text_copy(out, size, stamp);
}

static void col_who(const void *row, char *out, size_t size)
{
	const char *who = ((const struct audit_row *)row)->who;

	text_copy(out, size, *who ? who : _("未登录"));
}

static void col_action(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct audit_row *)row)->action_word);
}

static void col_about(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct audit_row *)row)->about);
}

static void col_result(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct audit_row *)row)->result_word);
}

static unsigned attr_result(const void *row)
{
	return strcmp(((const struct audit_row *)row)->result, "done") ? ATTR_RED : 0;
}

static const struct column columns[] = {
	{.heading = N_("时间"), .width = 20, .text = col_when},
	{.heading = N_("谁"), .width = 12, .text = col_who, .name = true},
	{.heading = N_("做了什么"), .width = 18, .text = col_action},
	{.heading = N_("对谁"), .width = 14, .text = col_about},
	{.heading = N_("结果"), .width = 10, .text = col_result, .attr = attr_result},
};

static const struct list_source source = {.row_size = sizeof(struct audit_row), .load = audit_load, .id = audit_id, .columns = columns,
	.n_columns = ARRAY_LEN(columns), .empty = N_("没有这样的记录")};

static int audit_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct audit *s = state;

	(void)ui;
	(void)arg;
	(void)e;
	s->q.day = DATE_NONE;
	list_init(&s->list, &source, s);
	return 0;
}

static void audit_heading(struct ui *ui, const void *state, char *out, size_t size)
{
	(void)ui;
	text_copy(out, size, ((const struct audit *)state)->narrowed);
}

static void audit_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	list_draw(ui, state, c, a, true);
	list_hint(ui, state, a);
}

static void audit_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	if (ev->kind == UI_EVENT_CHANGED)
		list_reload(ui, state);
}

static void audit_close(struct ui *ui, void *state)
{
	(void)ui;
	list_release(state);
}

static bool audit_has_row(const void *state)
{
	return list_has_row(state);
}

/* --- narrowing ---------------------------------------------------------------------------------------------------------------------- */

static enum reaction narrow(struct ui *ui, struct audit *s, struct audit_query q, const char *to)
{
	s->q = q;
	text_copy(s->narrowed, sizeof(s->narrowed), to);
	list_restart(ui, &s->list);
	return STAY;
}

static enum reaction act_account(struct ui *ui, void *state)
{
	const struct audit_row *r = list_selected(ui, state);
	char to[NAME_TEXT * 2];

	if (!r || !r->account)
		return STAY;
	text_format(to, sizeof(to), _("只看 %s 做的"), r->who);
	return narrow(ui, state, (struct audit_query){.day = DATE_NONE, .account = r->account}, to);
}

static enum reaction act_action(struct ui *ui, void *state)
{
	const struct audit_row *r = list_selected(ui, state);
	struct audit_query q = {.day = DATE_NONE};
	char to[NAME_TEXT * 2];

	if (!r)
		return STAY;
	text_copy(q.action, sizeof(q.action), r->action);
	text_format(to, sizeof(to), _("只看“%s”"), r->action_word);
	return narrow(ui, state, q, to);
}

static enum reaction act_about(struct ui *ui, void *state)
{
	const struct audit_row *r = list_selected(ui, state);
	struct audit_query q = {.day = DATE_NONE};
	char to[NAME_TEXT * 2];

	if (!r || !r->object_uid[0])
		return STAY;
	text_copy(q.object_uid, sizeof(q.object_uid), r->object_uid);
	text_format(to, sizeof(to), _("只看有关 %s 的"), r->about[0] ? r->about : r->action_word);
	return narrow(ui, state, q, to);
}

static enum reaction act_everything(struct ui *ui, void *state)
{
	return narrow(ui, state, (struct audit_query){.day = DATE_NONE}, "");
}

static void day_typed(struct ui *ui, void *owner, int answer, const char *input)
{
	struct audit *s = owner;
	struct audit_query q = s->q;
	char to[NAME_TEXT * 2], day[DATE_TEXT];

	if (answer != 1)
		return;
	if (!date_parse(input, &q.day) || q.day == DATE_LONG_TERM) {
		ui_say(ui, SAY_ERROR, _("日期不对，写成 2026-03-08 这样"));
		return;
	}
	date_format(q.day, day);
	text_format(to, sizeof(to), _("%s 及以前"), day);
	narrow(ui, s, q, to);
}

static enum reaction act_day(struct ui *ui, void *state)
{
	dialog_ask(ui, &(struct dialog_arg){.title = N_("到某一天"), .text = _("从这一天的最后一条往前看，例如 2026-03-08。"),
					    .button = {N_("不去"), N_("去")}, .n_buttons = 2, .focus = 0, .input_label = N_("日期"),
					    .input_chars = 10, .input_needed = true, .done = day_typed, .owner = state});
	return STAY;
}

/* --- one row whole, and the chain ------------------------------------------------------------------------------------------------------- */

static void closed(struct ui *ui, void *owner, int answer, const char *input)
{
	(void)ui;
	(void)owner;
	(void)answer;
	(void)input;
}

static void tell(struct ui *ui, const char *title, const char *text)
{
	dialog_ask(ui, &(struct dialog_arg){.title = title, .text = text, .button = {N_("关闭")}, .n_buttons = 1, .done = closed});
}

static enum reaction act_whole(struct ui *ui, void *state)
{
	const struct audit_row *r = list_selected(ui, state);
	char text[1100], stamp[STAMP_TEXT];

	if (!r)
		return STAY;
	stamp_format(r->at_ms, stamp);
	text_format(text, sizeof(text), _("第 %lld 条，%s\n%s：%s %s\n结果：%s"), (long long)r->id, stamp, r->who[0] ? r->who : _("未登录"),
		    r->action_word, r->about, r->result_word);
	if (r->detail[0])
		text_format(text + strlen(text), sizeof(text) - strlen(text), "\n%s", r->detail);
	if (r->note[0])
		text_format(text + strlen(text), sizeof(text) - strlen(text), _("\n说明：%s"), r->note);
	tell(ui, N_("操作记录"), text);
	return STAY;
}

static enum reaction act_verify(struct ui *ui, void *state)
{
	struct audit_report r;
	struct err e = {0};
	char text[400];

	(void)state;
	if (desk_audit_verify(ui_desk(ui), &r, &e)) {
		ui_fail(ui, &e);
		return STAY;
	}
	if (r.sound)
		text_format(text, sizeof(text), _("操作日志完整：%lld 条，没有一条被改动、删除或调换。\n最后一条的摘要：\n%s"), (long long)r.rows, r.head);
	else
		text_format(text, sizeof(text), _("操作日志被改动过：从第 %lld 条起不符。\n请保留原文件，通知审计员和系统管理员。"), (long long)r.fault);
	tell(ui, N_("核对操作日志"), text);
	return STAY;
}

static const struct action actions[] = {
	{K_ENTER, 0, "whole", N_("全文"), N_("这一条的全部内容"), act_whole, NEEDS_ROW},
	{'u', 0, "account", N_("此人"), N_("只看这个帐号做的"), act_account, NEEDS_ROW},
	{'k', 0, "action", N_("此类"), N_("只看同一种操作"), act_action, NEEDS_ROW},
	{'b', 0, "about", N_("此对象"), N_("只看有关同一个人、班组或单位的"), act_about, NEEDS_ROW},
	{'d', 0, "day", N_("日期"), N_("从某一天往前看"), act_day, 0},
	{'a', 0, "everything", N_("全部"), N_("不再限定，看全部"), act_everything, 0},
	{'v', 0, "verify", N_("核对"), N_("核对操作日志有没有被改动、删除或调换"), act_verify, 0},
};

const struct screen_ops audit_screen = {
	.name = "audit",
	.title = N_("操作日志"),
	.state_size = sizeof(struct audit),
	.open = audit_open,
	.heading = audit_heading,
	.draw = audit_draw,
	.event = audit_event,
	.close = audit_close,
	.has_row = audit_has_row,
	.flags = SCREEN_TAKES_CARD,
	.actions = actions,
	.n_actions = ARRAY_LEN(actions),
	.shared = list_actions,
	.n_shared = LIST_ACTIONS,
};
