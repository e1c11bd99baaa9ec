/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Days that count for no rate (F5): absence filed on the day itself; devices that were off, filed in the
 * city's channel and noted here. */
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "desk/post.h"
#include "dialog.h"
#include "list.h"
#include "screen_list.h"

struct filings {
	struct list list; /* first */
	int64_t asked;
	int devices, covered;
};

static int filings_load(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n,
			void *next, bool *more, struct err *e)
{
	(void)owner;
	(void)anchor;
	(void)next;
	*more = false;
	return desk_filing_list(ui_desk(ui), rows, cap, n, e);
}

static int64_t filings_id(const void *row)
{
	return ((const struct filing_row *)row)->id;
}

static void col_what(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct filing_row *)row)->what);
}

static void col_days(const void *row, char *out, size_t size)
{
	const struct filing_row *r = row;
	char from[DATE_TEXT], to[DATE_TEXT];

	date_format(r->from, from);
	date_format(r->to, to);
	if (r->from == r->to)
		text_copy(out, size, from);
	else
		text_format(out, size, "%s … %s", from, to + 5);
}

static void col_standing(const void *row, char *out, size_t size)
{
	const struct filing_row *r = row;

	if (r->counts)
		text_copy(out, size, _("不计考勤"));
	else
		text_format(out, size, _("只报备了 %d/%d 台，还没有生效"), r->covered, r->devices);
}

static unsigned attr_standing(const void *row)
{
	return ((const struct filing_row *)row)->counts ? 0 : ATTR_YELLOW;
}

static void col_reason(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct filing_row *)row)->reason);
}

static const struct column columns[] = {
	{.heading = N_("报备"), .width = 17, .text = col_what, .name = true},
	{.heading = N_("日期"), .width = 18, .text = col_days},
	{.heading = N_("情况"), .width = 28, .text = col_standing, .attr = attr_standing},
	{.heading = N_("原因"), .width = 12, .text = col_reason},
};

static const struct list_source source = {
	.row_size = sizeof(struct filing_row),
	.load = filings_load,
	.id = filings_id,
	.columns = columns,
	.n_columns = ARRAY_LEN(columns),
	.empty = N_("上月以来没有报备。设备离线按 o 记下；缺勤在关键岗位按 b")};

static int filings_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	(void)ui;
	(void)arg;
	(void)e;
	list_init(state, &source, state);
	return 0;
}

static void filings_close(struct ui *ui, void *state)
{
	(void)ui;
	if (((struct filings *)state)->list.src)
		list_release(state);
}

static void filings_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	list_draw(ui, state, c, a, true);
	list_hint(ui, state, a);
}

static void filings_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	if (ev->kind == UI_EVENT_CHANGED)
		list_reload(ui, state);
}

static bool filings_has_row(const void *state)
{
	return list_has_row(state);
}

/* --- actions
 * -------------------------------------------------------------------------------------------------------------------------
 */

static bool number_in(struct ui *ui, const char *input, int *out)
{
	char *end;
	long n = strtol(input, &end, 10);

	if (!input[0] || *end || n < 0 || n > 999) {
		ui_say(ui, SAY_ERROR, "%s", _("请键入台数，例如 2"));
		return false;
	}
	*out = (int)n;
	return true;
}

static void reason_named(struct ui *ui, void *owner, int answer, const char *input)
{
	struct filings *s = owner;
	struct outage_new o = {.from = date_today(),
			       .to = DATE_NONE,
			       .devices = s->devices,
			       .covered = s->covered,
			       .reason = input};
	struct err e = {0};

	if (answer != 1)
		return;
	if (desk_outage_file(ui_desk(ui), &o, &e)) {
		ui_fail_why(ui, &e);
		return;
	}
	ui_say(ui, SAY_DONE, "%s",
	       s->covered < s->devices ? _("已记下；全部设备报备后才生效") : _("已记下，今天不计考勤"));
	ui_changed(ui);
}

static void covered_named(struct ui *ui, void *owner, int answer, const char *input)
{
	struct filings *s = owner;

	if (answer != 1 || !number_in(ui, input, &s->covered))
		return;
	dialog_ask(ui, &(struct dialog_arg){.title = N_("设备离线"),
					    .text = _("今天为什么离线？例如断电、断网、不可抗力。"),
					    .button = {N_("不办"), N_("记下")},
					    .n_buttons = 2,
					    .focus = 0,
					    .input_label = N_("原因"),
					    .input_needed = true,
					    .done = reason_named,
					    .owner = s});
}

static void devices_named(struct ui *ui, void *owner, int answer, const char *input)
{
	struct filings *s = owner;

	if (answer != 1 || !number_in(ui, input, &s->devices))
		return;
	dialog_ask(ui, &(struct dialog_arg){.title = N_("设备离线"),
					    .text = _("其中已在城市的渠道报备了几台？全部报备才生效；几个标段"
						      "共用的，一个标段报备即可。"),
					    .button = {N_("不办"), N_("继续")},
					    .n_buttons = 2,
					    .focus = 0,
					    .input_label = N_("台数"),
					    .input_chars = 3,
					    .input_needed = true,
					    .done = covered_named,
					    .owner = s});
}

static enum reaction act_outage(struct ui *ui, void *state)
{
	dialog_ask(
		ui,
		&(struct dialog_arg){
			.title = N_("设备离线"),
			.text = _("断电、断网时先在城市的渠道报备，再记在这里。本项目的考勤设备一共几台？"),
			.button = {N_("不办"), N_("继续")},
			.n_buttons = 2,
			.focus = 0,
			.input_label = N_("台数"),
			.input_chars = 3,
			.input_needed = true,
			.done = devices_named,
			.owner = state});
	return STAY;
}

static void more_covered(struct ui *ui, void *owner, int answer, const char *input)
{
	struct filings *s = owner;
	struct err e = {0};
	int covered;

	if (answer != 1 || !number_in(ui, input, &covered))
		return;
	if (desk_outage_cover(ui_desk(ui), s->asked, covered, &e)) {
		ui_fail_why(ui, &e);
		return;
	}
	ui_say(ui, SAY_DONE, "%s", _("已更新"));
	ui_changed(ui);
}

static enum reaction act_cover(struct ui *ui, void *state)
{
	struct filings *s = state;
	const struct filing_row *r = list_selected(ui, state);

	if (!r)
		return STAY;
	if (!r->devices || r->counts) {
		ui_say(ui, SAY_INFO, "%s", _("这一条已经生效"));
		return STAY;
	}
	s->asked = r->id;
	dialog_ask(ui, &(struct dialog_arg){.title = N_("设备离线"),
					    .text = _("现在一共报备了几台？"),
					    .button = {N_("不办"), N_("更新")},
					    .n_buttons = 2,
					    .focus = 0,
					    .input_label = N_("台数"),
					    .input_chars = 3,
					    .input_needed = true,
					    .done = more_covered,
					    .owner = s});
	return STAY;
}

static void removed(struct ui *ui, void *owner, int answer, const char *input)
{
	struct filings *s = owner;
	struct err e = {0};

	if (answer != 1)
		return;
	if (desk_filing_remove(ui_desk(ui), s->asked, input, &e)) {
		ui_fail_why(ui, &e);
		return;
	}
	ui_say(ui, SAY_DONE, "%s", _("报备已取消"));
	ui_changed(ui);
}

static enum reaction act_remove(struct ui *ui, void *state)
{
	struct filings *s = state;
	const struct filing_row *r = list_selected(ui, state);

	if (!r)
		return STAY;
	s->asked = r->id;
	dialog_ask(ui, &(struct dialog_arg){.title = N_("取消报备"),
					    .text = _("取消后这一天照常计考勤。已经传到平台的不能取消。"),
					    .button = {N_("不办"), N_("取消报备")},
					    .n_buttons = 2,
					    .focus = 0,
					    .input_label = N_("原因"),
					    .done = removed,
					    .owner = s});
	return STAY;
}

static const struct action actions[] = {
	{'o', 0, "outage", N_("设备离线"), N_("记下今天的设备离线报备：断电、断网、不可抗力"), act_outage, 0},
	{'g', 0, "cover", N_("又报备了"), N_("又有设备报备了：更新台数"), act_cover, NEEDS_ROW},
	{'d', 0, "remove", N_("取消报备"), N_("取消选中的报备；已经传到平台的不能取消"), act_remove,
	 NEEDS_ROW},
};

const struct screen_ops filings_screen = {
	.name = "filings",
	.title = N_("报备记录"),
	.state_size = sizeof(struct filings),
	.open = filings_open,
	.draw = filings_draw,
	.event = filings_event,
	.close = filings_close,
	.has_row = filings_has_row,
	.flags = SCREEN_TAKES_CARD,
	.actions = actions,
	.n_actions = ARRAY_LEN(actions),
	.shared = list_actions,
	.n_shared = LIST_ACTIONS,
};
