/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Contracts of the project by the day they end, or all of one person (D9): signing, renewing, ending, dissolving, the scan. */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "desk/contract.h"
#include "dialog.h"
#include "list.h"
#include "screen_list.h"

struct contract_list {
	struct list list; /* first */
	struct contract_query query;
	char person[NAME_TEXT]; /* whose, where it is one person's */
	int64_t id;             /* asked about */
	enum event event;
};

struct anchor { date_t due; int64_t id; };

static int contracts_load(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n, void *next, bool *more,
			  struct err *e)
{
	struct contract_query q = ((struct contract_list *)owner)->query;
	struct contract_page page = {.row = rows, .cap = cap};
	struct anchor at = {0};

	if (anchor)
		memcpy(&at, anchor, sizeof(at));
	q.after_due = at.due;
	q.after_id = at.id;
	if (desk_contracts(ui_desk(ui), &q, &page, e))
		return -1;
	*n = page.n;
	*more = page.more;
	at = (struct anchor){page.last_due, page.last_id};
	memcpy(next, &at, sizeof(at));
	return 0;
}

static int64_t contract_id(const void *row)
{
	return ((const struct contract_row *)row)->id;
}

static void col_name(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct contract_row *)row)->name);
}

static void col_kind(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct contract_row *)row)->kind_word);
}

static void col_from(const void *row, char *out, size_t size)
{
	(void)size;
	date_format(((const struct contract_row *)row)->starts_on, out);
}

static void col_to(const void *row, char *out, size_t size)
{
	const struct contract_row *r = row;

	if (r->ends_on == DATE_NONE)
		text_copy(out, size, _("未定"));
	else
		date_format(r->ends_on, out);
}

static void col_says(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct contract_row *)row)->says);
}

static unsigned attr_says(const void *row)
{
	const struct contract_row *r = row;

	if (r->state != CONTRACT_IN_FORCE || r->days_left > CONTRACT_WARN_DAYS)
		return 0;
	return r->days_left < 0 ? ATTR_RED : ATTR_YELLOW;
}

static void col_scan(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct contract_row *)row)->has_scan ? _("有") : "");
}

static void col_company(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct contract_row *)row)->company);
}

static const struct column columns[] = {
	{.heading = N_("姓名"), .width = 10, .text = col_name, .name = true},
	{.heading = N_("合同类型"), .width = 15, .text = col_kind},
	{.heading = N_("起"), .width = 11, .text = col_from},
	{.heading = N_("止"), .width = 11, .text = col_to},
	{.heading = N_("情况"), .width = 11, .text = col_says, .attr = attr_says},
	{.heading = N_("扫描"), .width = 5, .text = col_scan},
	{.heading = N_("单位"), .width = 12, .text = col_company},
};

static const struct list_source source = {.row_size = sizeof(struct contract_row), .load = contracts_load, .id = contract_id, .columns = columns,
	.n_columns = ARRAY_LEN(columns), .empty = N_("没有这样的合同")};

static int contracts_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct contract_list *l = state;
	const struct contracts_arg *from = arg;

	(void)ui;
	(void)e;
	list_init(&l->list, &source, l);
	if (!from)
		return 0;
	l->query.filter = (enum contract_filter)from->filter;
	l->query.person = from->person;
	text_copy(l->person, sizeof(l->person), from->name ? from->name : "");
	return 0;
}

static void contracts_close(struct ui *ui, void *state)
{
	(void)ui;
	list_release(state);
}

static void contracts_heading(struct ui *ui, const void *state, char *out, size_t size)
{
	const struct contract_list *l = state;

	(void)ui;
	if (l->query.person)
		text_format(out, size, _("%s 的全部合同"), l->person);
	else
		text_format(out, size, "%s%s", _("筛选："), contract_filter_word(l->query.filter));
}

static void contracts_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	struct contract_list *l = state;
	struct area rows = {a.row, a.col, a.height - 3, a.width};
	const struct contract_row *r;
	char text[700];

	list_draw(ui, &l->list, c, rows, true);
	r = list_selected(ui, &l->list);
	if (!r)
		return;
	text_format(text, sizeof(text), _("%s  %s  %s%s%s"), r->company, r->project, r->has_price ? _("计量单位：") : "", r->has_price ? r->unit_word : "",
		    r->renews ? _("  续签") : "");
	canvas_paragraph(c, a.row + a.height - 2, a.col + 2, 2, a.width - 4, ATTR_PLAIN, text);
}

static void contracts_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	if (ev->kind == UI_EVENT_CHANGED)
		list_reload(ui, state);
}

static bool contracts_has_row(const void *state)
{
	return list_has_row(state);
}

/* --- forms --- */

static enum reaction open_form(struct ui *ui, struct contract_list *l, enum hire_form_kind kind)
{
	const struct contract_row *r = list_selected(ui, &l->list);
	struct hire_form_arg a = {.kind = kind, .person = l->query.person ? l->query.person : r ? r->person : 0};

	if (!a.person) {
		ui_say(ui, SAY_INFO, "%s", _("先在名册或档案里打开要签合同的人，再按 k 打开合同"));
		return STAY;
	}
	if (kind != HIRE_FORM_CONTRACT && r)
		a.contract = r->id;
	ui_push(ui, &hire_form_screen, &a);
	return STAY;
}

static enum reaction act_open(struct ui *ui, void *state)
{
	const struct contract_row *r = list_selected(ui, state);

	if (r)
		ui_push(ui, &person_screen, &r->person);
	return STAY;
}

static enum reaction act_add(struct ui *ui, void *state)
{
	return open_form(ui, state, HIRE_FORM_CONTRACT);
}

static enum reaction act_edit(struct ui *ui, void *state)
{
	return open_form(ui, state, HIRE_FORM_EDIT);
}

static enum reaction act_renew(struct ui *ui, void *state)
{
	return open_form(ui, state, HIRE_FORM_RENEW);
}

static enum reaction act_filter(struct ui *ui, void *state)
{
	struct contract_list *l = state;

	if (l->query.person)
		return STAY;
	l->query.filter = (l->query.filter + 1) % CONTRACT_FILTER_COUNT;
	list_restart(ui, &l->list);
	return STAY;
}

/* --- signing, ending, dissolving --- */

static void acted(struct ui *ui, void *owner, int answer, const char *input)
{
	struct contract_list *l = owner;
	char warning[200] = "";
	struct err e = {0};

	if (answer != 1)
		return;
	if (desk_contract_act(ui_desk(ui), l->id, l->event, DATE_NONE, input[0] ? input : NULL, warning, &e)) {
		ui_fail_why(ui, &e);
		return;
	}
	if (warning[0])
		ui_say(ui, SAY_WARN, _("已办理%s。%s"), event_word(l->event), warning);
	else
		ui_say(ui, SAY_DONE, _("已办理%s"), event_word(l->event));
	ui_changed(ui);
}

static enum reaction act_on(struct ui *ui, struct contract_list *l, enum event event)
{
	const struct contract_row *r = list_selected(ui, &l->list);
	char text[400], from[DATE_TEXT], to[DATE_TEXT];

	if (!r)
		return STAY;
	l->id = r->id;
	l->event = event;
	date_format(r->starts_on, from);
	date_format(r->ends_on, to);
	text_format(text, sizeof(text), _("%s 的%s（%s 至 %s）：%s，日期为今天。"), r->name, r->kind_word, from, to, event_word(event));
	dialog_ask(ui, &(struct dialog_arg){.title = N_("请确认"), .text = text, .button = {N_("不办"), N_("办理")}, .n_buttons = 2, .focus = 0,
					    .input_label = event == EVENT_CONTRACT_TERMINATE ? N_("原因") : NULL, .done = acted, .owner = l});
	return STAY;
}

#define ACTS(name, event)                                                                                                                  \
	static enum reaction name(struct ui *ui, void *state)                                                                              \
	{                                                                                                                                  \
		return act_on(ui, state, event);                                                                                           \
	}
ACTS(act_sign, EVENT_CONTRACT_SIGN)
ACTS(act_end, EVENT_CONTRACT_END)
ACTS(act_terminate, EVENT_CONTRACT_TERMINATE)

/* --- the scan --- */

static void scan_given(struct ui *ui, void *owner, int answer, const char *input)
{
	struct contract_list *l = owner;
	struct err e = {0};
	struct buf pdf;

	if (answer != 1)
		return;
	buf_init(&pdf, CONTRACT_SCAN_MAX + 1);
	if (desk_contract_read_file(input, &pdf, &e) || desk_contract_set_scan(ui_desk(ui), l->id, pdf.data, pdf.len, &e)) {
		ui_fail(ui, &e);
	} else {
		ui_say(ui, SAY_DONE, _("已放入扫描件，%zu KiB"), (pdf.len + 1023) / 1024);
		ui_changed(ui);
	}
	buf_wipe_release(&pdf);
}

static enum reaction act_scan(struct ui *ui, void *state)
{
	struct contract_list *l = state;
	const struct contract_row *r = list_selected(ui, &l->list);

	if (!r)
		return STAY;
	l->id = r->id;
	dialog_ask(ui, &(struct dialog_arg){.title = N_("合同扫描件"), .text = _("一个 PDF 文件，不超过 10 MiB；原有的扫描件会被替换，仍留在记录里。"),
					    .button = {N_("不放"), N_("放入")}, .n_buttons = 2, .focus = 1, .input_label = N_("文件"), .input_chars = 300,
					    .input_needed = true, .done = scan_given, .owner = l});
	return STAY;
}

static const struct action actions[] = {
	{K_ENTER, 0, "open", N_("档案"), N_("打开选中的人的档案"), act_open, NEEDS_ROW},
	{'f', 0, "filter", N_("筛选"), N_("依次筛选：在期、将到期、已到期、未签订、已终止或解除"), act_filter, 0},
	{'a', 0, "add", N_("新合同"), N_("为此人另签一份合同或书面协议"), act_add, NEEDS_KEY},
	{'r', 0, "renew", N_("续签"), N_("续签选中的合同；已过期的原合同随签订终止"), act_renew, NEEDS_ROW | NEEDS_KEY},
	{'m', 0, "edit", N_("修改"), N_("改选中的合同的日期、类型、计量单位和单价"), act_edit, NEEDS_ROW | NEEDS_KEY},
	{'s', 0, "sign", N_("签订"), N_("选中的合同双方已签字，开始生效"), act_sign, NEEDS_ROW},
	{'e', 0, "end", N_("终止合同"), N_("选中的合同到期终止"), act_end, NEEDS_ROW},
	{'t', 0, "terminate", N_("解除"), N_("提前解除选中的合同"), act_terminate, NEEDS_ROW},
	{'z', 0, "scan", N_("扫描件"), N_("放入选中的合同的扫描件（PDF）"), act_scan, NEEDS_ROW | NEEDS_KEY},
};

const struct screen_ops contracts_screen = {
	.name = "contracts",
	.title = N_("合同"),
	.state_size = sizeof(struct contract_list),
	.open = contracts_open,
	.heading = contracts_heading,
	.draw = contracts_draw,
	.event = contracts_event,
	.close = contracts_close,
	.has_row = contracts_has_row,
	.flags = SCREEN_TAKES_CARD,
	.actions = actions,
	.n_actions = ARRAY_LEN(actions),
	.shared = list_actions,
	.n_shared = LIST_ACTIONS,
};
