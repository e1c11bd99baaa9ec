/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The company library (B3): search, all fields, adding. Of no project. */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "desk/upkeep.h"
#include "dialog.h"
#include "list.h"
#include "screen_list.h"

struct companies {
	struct list list; /* first */
	char text[100];   /* what is searched for */
};

struct company_line { int64_t id; struct company_row row; };

/* Rows have no number here: the place on the page of its code does for one. */
static int64_t id_of(const struct company_row *r)
{
	uint64_t h = 1469598103934665603u; /* FNV-1a of the credit code, which is unique */

	for (const char *s = r->credit_code; *s; s++)
		h = (h ^ (unsigned char)*s) * 1099511628211u;
	return (int64_t)(h >> 1);
}

static int companies_load(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n, void *next, bool *more, struct err *e)
{
	const struct companies *s = owner;
	struct company_line *line = rows;
	struct company_row page[16];
	size_t got, count = 0;
	char after[24];

	text_copy(after, sizeof(after), anchor ? anchor : "");
	do {
		size_t room = cap - count < ARRAY_LEN(page) ? cap - count : ARRAY_LEN(page);

		if (desk_company_search(ui_desk(ui), s->text, after, page, room, &got, e))
			return -1;
		for (size_t i = 0; i < got; i++)
			line[count++] = (struct company_line){id_of(&page[i]), page[i]};
		if (got)
			text_copy(after, sizeof(after), page[got - 1].credit_code);
	} while (got && count < cap);
	text_copy(next, LIST_ANCHOR, after);
	*n = count;
	*more = count == cap;
	return 0;
}

static int64_t company_id(const void *row)
{
	return ((const struct company_line *)row)->id;
}

static void col_name(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct company_line *)row)->row.name);
}

static void col_code(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct company_line *)row)->row.credit_code);
}

static void col_short(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct company_line *)row)->row.short_name);
}

static void col_on_platform(const void *row, char *out, size_t size)
{
	char on[DATE_TEXT];

	date_format(((const struct company_line *)row)->row.on_platform_since, on);
	text_copy(out, size, on);
}

static const struct column columns[] = {
	{.heading = N_("单位"), .width = 32, .text = col_name, .name = true},
	{.heading = N_("简称"), .width = 14, .text = col_short},
	{.heading = N_("信用代码"), .width = 20, .text = col_code},
	{.heading = N_("登录平台"), .width = 11, .text = col_on_platform},
};

static const struct list_source source = {.row_size = sizeof(struct company_line), .load = companies_load, .id = company_id, .columns = columns,
	.n_columns = ARRAY_LEN(columns), .empty = N_("没有相符的单位：按 a 添加，按 / 另找")};

static int companies_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	(void)ui;
	(void)arg;
	(void)e;
	list_init(state, &source, state);
	return 0;
}

static void companies_close(struct ui *ui, void *state)
{
	(void)ui;
	if (((struct companies *)state)->list.src)
		list_release(state);
}

static void companies_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	list_draw(ui, state, c, a, true);
}

static void companies_heading(struct ui *ui, const void *state, char *out, size_t size)
{
	const struct companies *s = state;

	(void)ui;
	text_format(out, size, "%s%s", s->text[0] ? _("找：") : "", s->text);
}

static void companies_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	if (ev->kind == UI_EVENT_CHANGED)
		list_reload(ui, state);
}

static bool companies_has_row(const void *state)
{
	return list_has_row(state);
}

static enum reaction act_open(struct ui *ui, void *state)
{
	const struct company_line *l = list_selected(ui, state);

	if (l)
		ui_push(ui, &sheet_form_screen, &(struct sheet_form_arg){.sheet = SHEET_COMPANY, .uid = l->row.uid});
	return STAY;
}

static enum reaction act_add(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &sheet_form_screen, &(struct sheet_form_arg){.sheet = SHEET_COMPANY});
	return STAY;
}

static void searched(struct ui *ui, void *owner, int answer, const char *input)
{
	struct companies *s = owner;

	if (answer != 1)
		return;
	text_copy(s->text, sizeof(s->text), input);
	list_restart(ui, &s->list);
}

static enum reaction act_search(struct ui *ui, void *state)
{
	dialog_ask(ui, &(struct dialog_arg){.title = N_("查找单位"), .text = _("名称、简称或信用代码的一部分；不填为全部。"),
					    .button = {N_("返回"), N_("查找")}, .n_buttons = 2, .focus = 1, .input_label = N_("找："),
					    .input_chars = 30, .done = searched, .owner = state});
	return STAY;
}

static const struct action actions[] = {
	{K_ENTER, 0, "open", N_("资料"), N_("打开这个单位的资料，查看和修改"), act_open, NEEDS_ROW},
	{'a', 0, "add", N_("添加单位"), N_("按统一社会信用代码添加单位到企业库"), act_add, NEEDS_KEY},
	{'/', K_F3, "search", N_("查找"), N_("按名称、简称或信用代码查找"), act_search, 0},
};

const struct screen_ops companies_screen = {
	.name = "companies",
	.title = N_("企业库"),
	.state_size = sizeof(struct companies),
	.open = companies_open,
	.heading = companies_heading,
	.draw = companies_draw,
	.event = companies_event,
	.close = companies_close,
	.has_row = companies_has_row,
	.flags = SCREEN_TAKES_CARD,
	.actions = actions,
	.n_actions = ARRAY_LEN(actions),
	.shared = list_actions,
	.n_shared = LIST_ACTIONS,
};
