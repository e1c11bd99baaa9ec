/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lines of all projects of this box: one runner serves them all, each on its own line. */
#include <string.h>

#include "base/dates.h"
#include "base/i18n.h"
#include "base/text.h"
#include "desk/connection.h"
#include "list.h"
#include "screen_list.h"

struct lines { struct list list; /* first */ };

static int lines_load(struct ui *ui, void *owner, int64_t id, void *rows, size_t cap, size_t *n, struct err *e)
{
	(void)owner;
	return desk_line_list(ui_desk(ui), id, rows, cap, n, e);
}

static int64_t line_id(const void *row)
{
	return ((const struct line_row *)row)->project.id;
}

static void col_name(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct line_row *)row)->project.name);
}

static bool in_trouble(const struct line_row *r)
{
	return r->line.behind || r->line.paused || r->line.trouble;
}

static void col_line(const void *row, char *out, size_t size)
{
	const struct line_row *r = row;

	if (!r->url[0])
		text_copy(out, size, _("未设置"));
	else if (r->line.behind)
		text_copy(out, size, _("已停止"));
	else if (r->line.paused)
		text_copy(out, size, _("已暂停"));
	else
		text_copy(out, size, r->line.trouble ? _("受阻") : _("正常"));
}

static unsigned attr_line(const void *row)
{
	const struct line_row *r = row;

	return !r->url[0] ? 0 : in_trouble(r) ? ATTR_YELLOW : ATTR_GREEN;
}

static void number(int64_t n, char *out, size_t size)
{
	text_format(out, size, "%lld", (long long)n);
}

static void col_unsent(const void *row, char *out, size_t size)
{
	const int64_t *n = ((const struct line_row *)row)->counts.state;

	number(n[OUTBOX_HELD] + n[OUTBOX_READY] + n[OUTBOX_SENDING] + n[OUTBOX_WAITING] + n[OUTBOX_UNKNOWN], out, size);
}

static void col_refused(const void *row, char *out, size_t size)
{
	number(((const struct line_row *)row)->counts.state[OUTBOX_REJECTED], out, size);
}

static unsigned attr_refused(const void *row)
{
	return ((const struct line_row *)row)->counts.state[OUTBOX_REJECTED] ? ATTR_RED : 0;
}

static void col_confirmed(const void *row, char *out, size_t size)
{
	int64_t at = ((const struct line_row *)row)->counts.confirmed_ms;
	char stamp[STAMP_TEXT] = "";

	if (at)
		stamp_format(at, stamp);
	text_copy(out, size, stamp);
}

static const struct column columns[] = {
	{.heading = N_("项目名称"), .width = 28, .text = col_name, .name = true},
	{.heading = N_("线路"), .width = 8, .text = col_line, .attr = attr_line},
	{.heading = N_("待传"), .width = 8, .text = col_unsent},
	{.heading = N_("被退回"), .width = 8, .text = col_refused, .attr = attr_refused},
	{.heading = N_("最近确认"), .width = 19, .text = col_confirmed},
};

static const struct list_source source = {.row_size = sizeof(struct line_row), .behind = lines_load, .id = line_id, .columns = columns,
	.n_columns = ARRAY_LEN(columns), .empty = N_("本机还没有项目")};

static int lines_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	(void)ui;
	(void)arg;
	(void)e;
	list_init(state, &source, state);
	return 0;
}

static void lines_close(struct ui *ui, void *state)
{
	(void)ui;
	if (((struct list *)state)->src)
		list_release(state);
}

/* Below the list: the selected line's address, and what is the matter with it. */
static void lines_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	struct lines *s = state;
	struct area rows = {a.row, a.col, a.height - 4, a.width};
	char text[700], next[STAMP_TEXT] = "";
	const struct line_row *r;

	list_draw(ui, &s->list, c, rows, true);
	r = list_selected(ui, &s->list);
	if (!r || !r->url[0])
		return;
	canvas_cut(c, a.row + a.height - 4, a.col + 2, a.width - 4, 0, r->url);
	if (r->line.next_try_ms)
		stamp_format(r->line.next_try_ms, next);
	if (r->line.behind)
		text_copy(text, sizeof(text), _("这份数据比平台见过的旧，已停止上传：打开“平台连接”决定恢复还是接管"));
	else if (r->line.trouble)
		text_format(text, sizeof(text), "%s。%s%s%s", err_sentence(r->line.trouble), err_advice(r->line.trouble),
			    next[0] ? _("。下次尝试 ") : "", next);
	else
		return;
	canvas_paragraph(c, a.row + a.height - 3, a.col + 2, 3, a.width - 4, ATTR_YELLOW, text);
}

static void lines_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	if (ev->kind == UI_EVENT_CHANGED)
		list_reload(ui, state);
}

static bool lines_has_row(const void *state)
{
	return list_has_row(state);
}

static enum reaction act_open(struct ui *ui, void *state)
{
	const struct line_row *r = list_selected(ui, state);
	struct err e = {0};

	if (!r)
		return STAY;
	if (desk_project_use(ui_desk(ui), r->project.id, &e)) {
		ui_fail(ui, &e);
		return STAY;
	}
	ui_changed(ui);
	ui_to_home(ui); /* what lies open belongs to the other project */
	ui_push(ui, &connection_screen, NULL);
	return STAY;
}

static const struct action actions[] = {
	{K_ENTER, 0, "open", N_("切换并打开"), N_("切换到选中的项目，打开它的平台连接"), act_open, NEEDS_ROW},
};

const struct screen_ops lines_screen = {
	.name = "lines",
	.title = N_("各项目的线路"),
	.state_size = sizeof(struct lines),
	.open = lines_open,
	.draw = lines_draw,
	.event = lines_event,
	.close = lines_close,
	.has_row = lines_has_row,
	.flags = SCREEN_TAKES_CARD,
	.actions = actions,
	.n_actions = ARRAY_LEN(actions),
	.shared = list_actions,
	.n_shared = LIST_ACTIONS,
};
