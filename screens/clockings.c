/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Clockings as they were made, newest first (F1), and a person's month day by day (F2). */
#include <string.h>

#include "base/dates.h"
#include "base/i18n.h"
#include "base/text.h"
#include "desk/attendance.h"
#include "list.h"
#include "screen_list.h"

static bool any_has_row(const void *state)
{
	return list_has_row(state);
}

static void any_close(struct ui *ui, void *state)
{
	(void)ui;
	list_release(state);
}

static void any_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	list_draw(ui, state, c, a, true);
}

static void any_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	if (ev->kind == UI_EVENT_CHANGED)
		list_reload(ui, state);
}

/* --- clockings
 * --------------------------------------------------------------------------------------------------- */

struct clockings {
	struct list list; /* first */
	int64_t person;	  /* 0: everybody's */
};

static int clockings_load(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n,
			  void *next, bool *more, struct err *e)
{
	const struct clockings *l = owner;
	const struct clock_row *row = rows;
	struct clock_row before = {0};

	if (anchor)
		memcpy(&before, anchor, sizeof(before));
	if (desk_clock_list(ui_desk(ui), l->person, anchor ? &before : NULL, rows, cap, n, e))
		return -1;
	if (*n)
		memcpy(next, &row[*n - 1], sizeof(*row));
	*more = *n == cap;
	return 0;
}
_Static_assert(sizeof(struct clock_row) <= LIST_ANCHOR, "a row is an anchor");

static int64_t clocking_id(const void *row)
{
	return ((const struct clock_row *)row)->id;
}

static void col_at(const void *row, char *out, size_t size)
{
	char stamp[STAMP_TEXT];

	stamp_format(((const struct clock_row *)row)->at_ms, stamp);
	text_copy(out, size, stamp);
}

static void col_name(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct clock_row *)row)->name);
}

static void col_way(const void *row, char *out, size_t size)
{
	text_copy(out, size, clock_way_word(((const struct clock_row *)row)->way));
}

static void col_means(const void *row, char *out, size_t size)
{
	text_copy(out, size, clock_means_word(((const struct clock_row *)row)->means));
}

static void col_from(const void *row, char *out, size_t size)
{
	const struct clock_row *r = row;
	const char *where = r->device[0] ? r->device : r->source == CLOCK_BY_PLATFORM ? _("平台") : _("本机");

	text_format(out, size, "%s%s", where, r->picture ? _("  有照片") : "");
}

static const struct column clocking_columns[] = {
	{.heading = N_("时间"), .width = 20, .text = col_at},
	{.heading = N_("姓名"), .width = 12, .text = col_name, .name = true},
	{.heading = N_("上下班"), .width = 11, .text = col_way},
	{.heading = N_("方式"), .width = 15, .text = col_means},
	{.heading = N_("来源"), .width = 18, .text = col_from},
};

static const struct list_source clocking_source = {.row_size = sizeof(struct clock_row),
						   .load = clockings_load,
						   .id = clocking_id,
						   .columns = clocking_columns,
						   .n_columns = ARRAY_LEN(clocking_columns),
						   .empty = N_("还没有打卡记录")};

static int clockings_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct clockings *l = state;

	(void)ui;
	(void)e;
	list_init(&l->list, &clocking_source, l);
	l->person = arg ? *(const int64_t *)arg : 0;
	return 0;
}

static enum reaction act_file(struct ui *ui, void *state)
{
	const struct clock_row *row = list_selected(ui, state);

	if (row)
		ui_push(ui, &person_screen, &row->person);
	return STAY;
}

static const struct action clocking_actions[] = {
	{K_ENTER, 0, "open", N_("档案"), N_("打开这个人的档案"), act_file, NEEDS_ROW},
};

const struct screen_ops clockings_screen = {
	.name = "clockings",
	.title = N_("打卡记录"),
	.state_size = sizeof(struct clockings),
	.open = clockings_open,
	.draw = any_draw,
	.event = any_event,
	.close = any_close,
	.has_row = any_has_row,
	.flags = SCREEN_TAKES_CARD,
	.actions = clocking_actions,
	.n_actions = ARRAY_LEN(clocking_actions),
	.shared = list_actions,
	.n_shared = LIST_ACTIONS,
};

/* --- day by day
 * --------------------------------------------------------------------------------------------------- */

struct days {
	struct list list; /* first */
	int64_t person;
	struct month month;
	char name[NAME_TEXT];
};

static int days_load(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n,
		     void *next, bool *more, struct err *e)
{
	const struct days *l = owner;

	(void)anchor;
	(void)next;
	*more = false;
	return desk_attended_days(ui_desk(ui), l->person, l->month.first, l->month.first + l->month.days - 1,
				  rows, cap, n, e);
}

static int64_t day_id(const void *row)
{
	return ((const struct clock_day *)row)->day;
}

static void col_day(const void *row, char *out, size_t size)
{
	char text[DATE_TEXT];

	date_format(((const struct clock_day *)row)->day, text);
	text_copy(out, size, text);
}

/* The day is said where it is not the row's: the night shift ends on the next one. */
static void moment(const struct clock_day *d, int64_t at_ms, char *out, size_t size)
{
	char stamp[STAMP_TEXT];

	stamp_format(at_ms, stamp);
	if (!at_ms)
		text_copy(out, size, _("没有"));
	else
		text_format(out, size, "%s%.5s", date_of_ms(at_ms) == d->day ? "" : _("次日 "), stamp + 11);
}

static void col_in(const void *row, char *out, size_t size)
{
	const struct clock_day *d = row;

	moment(d, d->first_in_ms ? d->first_in_ms : d->first_ms, out, size);
}

static void col_out(const void *row, char *out, size_t size)
{
	const struct clock_day *d = row;

	moment(d, d->last_out_ms ? d->last_out_ms : d->n > 1 ? d->last_ms : 0, out, size);
}

static void col_hours(const void *row, char *out, size_t size)
{
	const struct clock_day *d = row;
	int64_t minutes = (d->last_ms - d->first_ms) / 60000;

	text_format(out, size, _("%lld 小时 %02lld 分"), (long long)(minutes / 60),
		    (long long)(minutes % 60));
}

static void col_count(const void *row, char *out, size_t size)
{
	text_format(out, size, "%d", ((const struct clock_day *)row)->n);
}

static const struct column day_columns[] = {
	{.heading = N_("日期"), .width = 12, .text = col_day, .name = true},
	{.heading = N_("上班"), .width = 12, .text = col_in},
	{.heading = N_("下班"), .width = 12, .text = col_out},
	{.heading = N_("起止相距"), .width = 16, .text = col_hours},
	{.heading = N_("打卡次数"), .width = 10, .text = col_count},
};

static void days_says(struct ui *ui, const void *owner, char *out, size_t size)
{
	const struct days *l = owner;
	char first[DATE_TEXT];

	(void)ui;
	date_format(l->month.first, first);
	text_format(out, size, "%s  %.7s", l->name, first);
}

static const struct list_source day_source = {.row_size = sizeof(struct clock_day),
					      .load = days_load,
					      .id = day_id,
					      .columns = day_columns,
					      .n_columns = ARRAY_LEN(day_columns),
					      .says = days_says,
					      .empty = N_("这个月没有考勤")};

static int days_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct days *l = state;
	const struct days_arg *a = arg;

	(void)ui;
	(void)e;
	list_init(&l->list, &day_source, l);
	l->person = a->person;
	l->month = a->month;
	text_copy(l->name, sizeof(l->name), a->name);
	return 0;
}

static void days_heading(struct ui *ui, const void *state, char *out, size_t size)
{
	days_says(ui, state, out, size);
}

static enum reaction turn(struct ui *ui, struct days *l, int by)
{
	struct month next = month_next(l->month, by);

	if (next.first > date_today())
		return STAY;
	l->month = next;
	list_restart(ui, &l->list);
	return STAY;
}

static enum reaction act_earlier(struct ui *ui, void *state)
{
	return turn(ui, state, -1);
}

static enum reaction act_later(struct ui *ui, void *state)
{
	return turn(ui, state, 1);
}

static enum reaction act_clockings(struct ui *ui, void *state)
{
	ui_push(ui, &clockings_screen, &((struct days *)state)->person);
	return STAY;
}

static const struct action day_actions[] = {
	{K_ENTER, 0, "clockings", N_("打卡记录"), N_("这个人的每一次打卡：方式、来源"), act_clockings, 0},
	{'b', K_LEFT, "earlier", N_("上月"), N_("看上一个月"), act_earlier, 0},
	{'n', K_RIGHT, "later", N_("下月"), N_("看下一个月"), act_later, 0},
};

const struct screen_ops days_screen = {
	.name = "days",
	.title = N_("逐日考勤"),
	.state_size = sizeof(struct days),
	.open = days_open,
	.heading = days_heading,
	.draw = any_draw,
	.event = any_event,
	.close = any_close,
	.has_row = any_has_row,
	.flags = SCREEN_TAKES_CARD,
	.actions = day_actions,
	.n_actions = ARRAY_LEN(day_actions),
	.shared = list_actions,
	.n_shared = LIST_ACTIONS,
};
