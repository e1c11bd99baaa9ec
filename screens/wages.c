/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The wage ledger of a month (F6, L7): who is owed and paid what, and how that agrees with attendance; who clocked and is in no line. */
#include <string.h>

#include "base/dates.h"
#include "base/i18n.h"
#include "base/text.h"
#include "desk/export.h"
#include "desk/wages.h"
#include "dialog.h"
#include "office/client.h"
#include "domain/record.h"
#include "list.h"
#include "screen_list.h"

struct ledger {
	struct list list; /* first */
	struct month month;
	enum wage_filter filter;
	struct wage_match match;
};

static int ledger_load(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n, void *next, bool *more, struct err *e)
{
	const struct ledger *l = owner;
	struct wage_page page = {.row = rows, .cap = cap};
	int64_t after = 0;

	if (anchor)
		memcpy(&after, anchor, sizeof(after));
	if (desk_wages(ui_desk(ui), l->month, l->filter, after, &page, e))
		return -1;
	*n = page.n;
	*more = page.more;
	memcpy(next, &page.last, sizeof(page.last));
	return 0;
}

static int64_t wage_id(const void *row)
{
	return ((const struct wage_row *)row)->id;
}

static void col_name(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct wage_row *)row)->name);
}

static void col_team(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct wage_row *)row)->team);
}

static void col_tail(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct wage_row *)row)->tail);
}

static void yuan(int64_t fen, char *out, size_t size)
{
	char text[32];

	money_show(fen, text, sizeof(text));
	text_format(out, size, "%11s", text);
}

static void col_owed(const void *row, char *out, size_t size)
{
	yuan(((const struct wage_row *)row)->owed, out, size);
}

static void col_paid(const void *row, char *out, size_t size)
{
	yuan(((const struct wage_row *)row)->paid, out, size);
}

static void col_paid_on(const void *row, char *out, size_t size)
{
	const struct wage_row *r = row;
	char day[DATE_TEXT];

	date_format(r->paid_on, day);
	text_copy(out, size, r->paid_on == DATE_NONE ? _("未发") : day);
}

static unsigned attr_paid_on(const void *row)
{
	return ((const struct wage_row *)row)->paid_on == DATE_NONE ? ATTR_YELLOW : 0;
}

static void col_days(const void *row, char *out, size_t size)
{
	const struct wage_row *r = row;

	if (r->sheet_days && r->sheet_days != r->days)
		text_format(out, size, _("%d（表上 %d）"), r->days, r->sheet_days);
	else
		text_format(out, size, "%d", r->days);
}

static unsigned attr_days(const void *row)
{
	return ((const struct wage_row *)row)->days ? 0 : ATTR_RED;
}

static void col_what(const void *row, char *out, size_t size)
{
	const struct wage_row *r = row;
	char first[DATE_TEXT];

	text_copy(out, size, "");
	if (!r->back)
		return;
	date_format(r->back_month.first, first);
	text_format(out, size, _("补发 %.7s"), first);
}

static void col_bank(const void *row, char *out, size_t size)
{
	const struct wage_row *r = row;

	text_format(out, size, "%s%s%s", r->bank, r->bank[0] ? " " : "", r->card);
}

static void col_record(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct wage_row *)row)->record);
}

static void col_sign(const void *row, char *out, size_t size)
{
	(void)row;
	text_copy(out, size, "");
}

static const struct column columns[] = {
	{.heading = N_("姓名"), .width = 10, .text = col_name, .name = true},
	{.heading = N_("班组"), .width = 12, .text = col_team, .drop = 78},
	{.heading = N_("   应发金额"), .width = 13, .text = col_owed},
	{.heading = N_("   实发金额"), .width = 13, .text = col_paid},
	{.heading = N_("发放日期"), .width = 11, .text = col_paid_on, .attr = attr_paid_on},
	{.heading = N_("考勤天数"), .width = 10, .text = col_days, .attr = attr_days},
	{.heading = N_("补发"), .width = 12, .text = col_what},
};

static const struct column paper[] = {
	{.heading = N_("姓名"), .width = 10, .text = col_name},	      {.heading = N_("证件尾号"), .width = 9, .text = col_tail},
	{.heading = N_("班组"), .width = 12, .text = col_team},	      {.heading = N_("考勤天数"), .width = 10, .text = col_days},
	{.heading = N_("应发金额"), .width = 12, .text = col_owed},    {.heading = N_("实发金额"), .width = 12, .text = col_paid},
	{.heading = N_("补发"), .width = 10, .text = col_what},	      {.heading = N_("发放日期"), .width = 11, .text = col_paid_on},
	{.heading = N_("开户行及卡号"), .width = 20, .text = col_bank}, {.heading = N_("银行流水号"), .width = 14, .text = col_record},
	{.heading = N_("签名"), .width = 10, .text = col_sign},
};

static void says(struct ui *ui, const void *owner, char *out, size_t size)
{
	const struct ledger *l = owner;
	char first[DATE_TEXT];

	(void)ui;
	date_format(l->month.first, first);
	text_format(out, size, "%.7s  %s", first, wage_filter_word(l->filter));
}

static const struct list_source source = {.row_size = sizeof(struct wage_row), .load = ledger_load, .id = wage_id, .columns = columns,
	.n_columns = ARRAY_LEN(columns), .paper = paper, .n_paper = ARRAY_LEN(paper), .says = says, .empty = N_("这个月还没有工资表；按 i 导入")};

/* --- the screen -------------------------------------------------------------------------------------------------- */

static void again(struct ui *ui, struct ledger *l)
{
	struct err e = {0};

	if (desk_wage_match(ui_desk(ui), l->month, &l->match, &e))
		ui_fail(ui, &e);
	list_restart(ui, &l->list);
}

static int ledger_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct ledger *l = state;

	(void)arg;
	list_init(&l->list, &source, l);
	return desk_wage_month(ui_desk(ui), &l->month, e) || desk_wage_match(ui_desk(ui), l->month, &l->match, e) ? -1 : 0;
}

static void ledger_close(struct ui *ui, void *state)
{
	(void)ui;
	list_release(state);
}

static void ledger_heading(struct ui *ui, const void *state, char *out, size_t size)
{
	says(ui, state, out, size);
}

/* "9 人中 7 人有考勤，77.77%，还差 1 人" */
static void rate_text(const struct wage_match *m, const struct match *who, const struct match_rate *r, char *out, size_t size)
{
	if (!who->paid) {
		text_copy(out, size, _("还没有"));
		return;
	}
	text_format(out, size, _("%d 人中 %d 人有考勤，%d.%02d%%"), who->paid, who->attended, r->rate / 100, r->rate % 100);
	if (m->rated && !r->met && r->more >= 0)
		text_format(out + strlen(out), size - strlen(out), _("，不足 %d%%，再给 %d 个有考勤的人发放即可"), m->percent, r->more);
	else if (m->rated && !r->met)
		text_format(out + strlen(out), size - strlen(out), _("，不足 %d%%"), m->percent);
}

static unsigned rate_attr(const struct wage_match *m, const struct match *who, const struct match_rate *r)
{
	return m->rated && who->paid && !r->met ? ATTR_RED : ATTR_PLAIN;
}

static void draw_match(struct canvas *c, struct area a, const struct ledger *l)
{
	const struct wage_match *m = &l->match;
	char rate[160], text[260], on[DATE_TEXT], owed[32], paid[32];

	rate_text(m, &m->planned, &m->forecast, rate, sizeof(rate));
	text_format(text, sizeof(text), "%s%s", _("预计匹配率  "), rate);
	canvas_cut(c, a.row, a.col, a.width, rate_attr(m, &m->planned, &m->forecast), text);
	rate_text(m, &m->paid, &m->real, rate, sizeof(rate));
	date_format(m->real_on, on);
	text_format(text, sizeof(text), "%s%s%s%s", _("实际匹配率  "), rate, on[0] ? _("；计算日 ") : "", on);
	canvas_cut(c, a.row + 1, a.col, a.width, rate_attr(m, &m->paid, &m->real), text);
	money_show(m->owed, owed, sizeof(owed));
	money_show(m->paid_fen, paid, sizeof(paid));
	text_format(text, sizeof(text), _("应发合计 %s 元  已发合计 %s 元"), owed, paid);
	canvas_cut(c, a.row + 2, a.col, a.width, ATTR_DIM, text);
}

static void ledger_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	struct ledger *l = state;

	list_draw(ui, &l->list, c, (struct area){a.row, a.col, a.height - 4, a.width}, true);
	draw_match(c, (struct area){a.row + a.height - 3, a.col + 2, 3, a.width - 4}, l);
}

static void ledger_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	struct ledger *l = state;

	if (ev->kind != UI_EVENT_CHANGED)
		return;
	if (desk_wage_match(ui_desk(ui), l->month, &l->match, NULL) == 0)
		list_reload(ui, state);
}

static bool ledger_has_row(const void *state)
{
	return list_has_row(state);
}

static enum reaction act_open(struct ui *ui, void *state)
{
	struct ledger *l = state;
	const struct wage_row *r = list_selected(ui, &l->list);

	if (r)
		ui_push(ui, &days_screen, &(struct days_arg){.person = r->person, .month = r->back_month, .name = r->name});
	return STAY;
}

static enum reaction turn(struct ui *ui, struct ledger *l, int by)
{
	struct month next = month_next(l->month, by);

	if (next.first > date_today())
		return STAY;
	l->month = next;
	again(ui, l);
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

static enum reaction act_filter(struct ui *ui, void *state)
{
	struct ledger *l = state;

	l->filter = (l->filter + 1) % WAGE_FILTERS;
	again(ui, l);
	return STAY;
}

static enum reaction act_import(struct ui *ui, void *state)
{
	struct ledger *l = state;
	char first[DATE_TEXT], title[80];

	date_format(l->month.first, first);
	text_format(title, sizeof(title), _("工资表 %.7s"), first);
	ui_push(ui, &sheet_import_screen, &(struct sheet_import_arg){.form = "wages", .title = title, .month = l->month});
	return STAY;
}

static enum reaction act_missing(struct ui *ui, void *state)
{
	ui_push(ui, &wage_missing_screen, &((struct ledger *)state)->month);
	return STAY;
}

/* 二本台账: both in one file. */
static int write_ledgers(struct ui *ui, const struct ledger *l, const char *path, struct office_file *f, struct err *e)
{
	struct export_spec spec = {.list = "two_ledgers", .form = "pdf"};
	struct office_out out;
	struct err own = {0};
	long rows = 0;
	int last;

	if (office_file_new(f, path, false, e))
		return -1;
	if (desk_export_begin(ui_desk(ui), &spec, e))
		return office_file_end(f, -1, e);
	last = office_out_open(&out, "pdf", f->fd, e);
	if (!last) {
		last = desk_two_ledgers(ui_desk(ui), l->month, &out, &rows, e) || office_out_end(&out, e) ? -1 : 0;
		office_out_release(&out);
	}
	if (desk_export_end(ui_desk(ui), &spec, last ? -1 : rows, last ? &own : e) && !last)
		last = -1;
	return office_file_end(f, last, e);
}

static void ledgers_named(struct ui *ui, void *owner, int answer, const char *input)
{
	struct office_file f;
	struct err e = {0};
	const char *kind = office_kind_of(input);

	if (answer != 1)
		return;
	if (!kind || strcmp(kind, "pdf"))
		ui_say(ui, SAY_ERROR, "%s", _("文件名要以 .pdf 结尾"));
	else if (write_ledgers(ui, owner, input, &f, &e))
		ui_fail(ui, &e);
	else
		ui_say(ui, SAY_DONE, _("已写出：%s"), f.path);
}

static enum reaction act_ledgers(struct ui *ui, void *state)
{
	dialog_ask(ui, &(struct dialog_arg){.title = N_("二本台账"), .text = _("用工台账和这个月的工资台账，写成一个 PDF 文件，在现场留存。"),
					    .button = {N_("返回"), N_("写出")}, .n_buttons = 2, .focus = 1, .input_label = N_("文件"), .input_chars = 300,
					    .input_needed = true, .done = ledgers_named, .owner = state});
	return STAY;
}

static const struct action actions[] = {
	{K_ENTER, 0, "open", N_("逐日考勤"), N_("选中的人这个月每天的考勤"), act_open, NEEDS_ROW},
	{'i', 0, "import", N_("导入"), N_("从表格导入这个月的工资表：先试算，再导入；同一张表可以再导入来更正"), act_import, NEEDS_KEY},
	{'f', 0, "filter", N_("筛选"), N_("依次看：全部、还没有发放的、当月没有考勤的"), act_filter, 0},
	{'m', 0, "missing", N_("漏发"), N_("这个月有考勤、工资表上没有的人"), act_missing, 0},
	{'w', 0, "ledgers", N_("二本台账"), N_("用工台账和这个月的工资台账写成一个 PDF，在现场留存"), act_ledgers, NEEDS_KEY},
	{'b', K_LEFT, "earlier", N_("上月"), N_("看上一个月"), act_earlier, 0},
	{'n', K_RIGHT, "later", N_("下月"), N_("看下一个月"), act_later, 0},
};

const struct screen_ops wages_screen = {
	.name = "wages",
	.title = N_("工资台账"),
	.state_size = sizeof(struct ledger),
	.open = ledger_open,
	.heading = ledger_heading,
	.draw = ledger_draw,
	.event = ledger_event,
	.close = ledger_close,
	.has_row = ledger_has_row,
	.flags = SCREEN_TAKES_CARD,
	.actions = actions,
	.n_actions = ARRAY_LEN(actions),
	.shared = list_actions,
	.n_shared = LIST_ACTIONS,
};

/* --- who is missing ---------------------------------------------------------------------------------------------- */

struct missing {
	struct list list; /* first */
	struct month month;
};

static int missing_load(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n, void *next, bool *more, struct err *e)
{
	struct unpaid_page page = {.row = rows, .cap = cap};

	if (anchor)
		memcpy(page.after, anchor, sizeof(page.after));
	if (desk_wage_missing(ui_desk(ui), ((struct missing *)owner)->month, &page, e))
		return -1;
	*n = page.n;
	*more = page.more;
	memcpy(next, page.after, sizeof(page.after));
	return 0;
}
_Static_assert(sizeof(((struct unpaid_page *)0)->after) <= LIST_ANCHOR, "where a page ends is an anchor");

static int64_t missing_id(const void *row)
{
	return ((const struct unpaid_row *)row)->person;
}

static void col_missing_name(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct unpaid_row *)row)->name);
}

static void col_missing_team(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct unpaid_row *)row)->team);
}

static void col_missing_days(const void *row, char *out, size_t size)
{
	text_format(out, size, "%d", ((const struct unpaid_row *)row)->days);
}

static const struct column missing_columns[] = {
	{.heading = N_("姓名"), .width = 14, .text = col_missing_name, .name = true},
	{.heading = N_("班组"), .width = 24, .text = col_missing_team},
	{.heading = N_("考勤天数"), .width = 10, .text = col_missing_days},
};

static const struct list_source missing_source = {.row_size = sizeof(struct unpaid_row), .load = missing_load, .id = missing_id,
	.columns = missing_columns, .n_columns = ARRAY_LEN(missing_columns), .people = true, .empty = N_("有考勤的人都在工资表上")};

static int missing_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct missing *m = state;

	(void)ui;
	(void)e;
	list_init(&m->list, &missing_source, m);
	m->month = *(const struct month *)arg;
	return 0;
}

static void missing_heading(struct ui *ui, const void *state, char *out, size_t size)
{
	char first[DATE_TEXT];

	(void)ui;
	date_format(((const struct missing *)state)->month.first, first);
	text_format(out, size, "%.7s", first);
}

static void missing_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	list_draw(ui, state, c, a, true);
}

static enum reaction act_file(struct ui *ui, void *state)
{
	const struct unpaid_row *r = list_selected(ui, state);

	if (r)
		ui_push(ui, &person_screen, &r->person);
	return STAY;
}

static const struct action missing_actions[] = {
	{K_ENTER, 0, "open", N_("档案"), N_("打开这个人的档案"), act_file, NEEDS_ROW},
};

const struct screen_ops wage_missing_screen = {
	.name = "wage_missing",
	.title = N_("有考勤，工资表上没有"),
	.state_size = sizeof(struct missing),
	.open = missing_open,
	.heading = missing_heading,
	.draw = missing_draw,
	.close = ledger_close,
	.has_row = ledger_has_row,
	.flags = SCREEN_TAKES_CARD,
	.actions = missing_actions,
	.n_actions = ARRAY_LEN(missing_actions),
	.shared = list_actions,
	.n_shared = LIST_ACTIONS,
};
