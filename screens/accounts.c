/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Accounts: new ones, disabling and enabling, passwords, roles lent for a time and taken back. */
#include <string.h>

#include "base/dates.h"
#include "base/i18n.h"
#include "base/text.h"
#include "desk/accounts.h"
#include "desk/rekey.h"
#include "dialog.h"
#include "list.h"
#include "screen_list.h"

static int accounts_load(struct ui *ui, void *owner, const void *anchor, void *rows, size_t cap, size_t *n, void *next, bool *more, struct err *e)
{
	(void)owner;
	(void)anchor;
	(void)next;
	*more = false; /* an installation has a handful */
	return desk_account_list(ui_desk(ui), rows, cap, n, e);
}

static int64_t account_id(const void *row)
{
	return ((const struct account_row *)row)->id;
}

static void col_name(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct account_row *)row)->name);
}

static void col_display(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct account_row *)row)->display);
}

static void col_state(const void *row, char *out, size_t size)
{
	text_copy(out, size, ((const struct account_row *)row)->disabled ? _("已停用") : _("可用"));
}

static void add_roles(unsigned roles, char *out, size_t size)
{
	for (unsigned bit = 1; bit < ROLE_RUNNER; bit <<= 1) {
		size_t used = strlen(out);

		if (roles & bit)
			text_format(out + used, size - used, "%s%s", used ? _("、") : "", role_word((enum role)bit));
	}
}

static void col_roles(const void *row, char *out, size_t size)
{
	const struct account_row *r = row;
	char day[DATE_TEXT], lent[200] = "";

	*out = '\0';
	add_roles(r->roles, out, size);
	if (!r->lent)
		return;
	add_roles(r->lent, lent, sizeof(lent));
	date_format(r->lent_until, day);
	text_format(out + strlen(out), size - strlen(out), _("；受权%s至 %s"), lent, day);
}

static unsigned attr_state(const void *row)
{
	return ((const struct account_row *)row)->disabled ? ATTR_YELLOW : 0;
}

static const struct column columns[] = {
	{.heading = N_("帐号"), .width = 14, .text = col_name, .name = true},
	{.heading = N_("使用人"), .width = 14, .text = col_display},
	{.heading = N_("状态"), .width = 8, .text = col_state, .attr = attr_state},
	{.heading = N_("角色"), .width = 34, .text = col_roles},
};

static const struct list_source source = {.row_size = sizeof(struct account_row), .load = accounts_load, .id = account_id, .columns = columns,
	.n_columns = ARRAY_LEN(columns)};

static int accounts_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	(void)ui;
	(void)arg;
	(void)e;
	list_init(state, &source, state);
	return 0;
}

static void accounts_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	list_draw(ui, state, c, a, true);
	list_hint(ui, state, a);
}

static void accounts_event(struct ui *ui, void *state, const struct ui_event *ev)
{
	if (ev->kind == UI_EVENT_CHANGED)
		list_reload(ui, state);
}

static void accounts_close(struct ui *ui, void *state)
{
	(void)ui;
	list_release(state);
}

static bool accounts_has_row(const void *state)
{
	return list_has_row(state);
}

/* --- actions ---------------------------------------------------------------------------------------------------------------------------- */

static enum reaction open_form(struct ui *ui, void *state, enum account_form_kind kind)
{
	const struct account_row *r = list_selected(ui, state);

	if (r || kind == ACCOUNT_FORM_NEW)
		ui_push(ui, &account_form_screen, &(struct account_form_arg){.kind = kind, .name = kind == ACCOUNT_FORM_NEW ? NULL : r->name});
	return STAY;
}

static enum reaction act_new(struct ui *ui, void *state)
{
	return open_form(ui, state, ACCOUNT_FORM_NEW);
}

static enum reaction act_password(struct ui *ui, void *state)
{
	const struct account_row *r = list_selected(ui, state);

	return open_form(ui, state, r && r->id == desk_session(ui_desk(ui))->account ? ACCOUNT_FORM_OWN : ACCOUNT_FORM_PASSWORD);
}

static enum reaction act_lend(struct ui *ui, void *state)
{
	return open_form(ui, state, ACCOUNT_FORM_LEND);
}

static void told(struct ui *ui, int last, const struct err *e, const char *done)
{
	if (last) {
		ui_fail(ui, e);
		return;
	}
	ui_say(ui, SAY_DONE, "%s", done);
	ui_changed(ui);
}

static void disabled(struct ui *ui, void *owner, int answer, const char *input)
{
	const struct account_row *r = list_selected(ui, owner);
	struct err e = {0};

	(void)input;
	if (answer == 1 && r)
		told(ui, desk_account_disable(ui_desk(ui), r->name, true, &e), &e, _("已停用该帐号；他可能留有副本的，按 k 更换数据密钥"));
}

/* Disabling asks: the way in is deleted, and only a new password brings it back. */
static enum reaction act_disable(struct ui *ui, void *state)
{
	const struct account_row *r = list_selected(ui, state);
	struct err e = {0};
	char text[300];

	if (!r)
		return STAY;
	if (r->disabled) {
		told(ui, desk_account_disable(ui_desk(ui), r->name, false, &e), &e, _("帐号已启用；还要重设口令才能登录"));
		return STAY;
	}
	text_format(text, sizeof(text), _("停用 %s？他不能再登录，授出和受到的权一并收回。再启用时要重设口令。"), r->display);
	dialog_ask(ui, &(struct dialog_arg){.title = N_("停用帐号"), .text = text, .button = {N_("不停用"), N_("停用")}, .n_buttons = 2,
					    .done = disabled, .owner = state});
	return STAY;
}

#define LOANS_MOST 64
static enum reaction act_take_back(struct ui *ui, void *state)
{
	const struct account_row *r = list_selected(ui, state);
	struct loan rows[LOANS_MOST];
	struct err e = {0};
	size_t n, ended = 0;

	if (!r)
		return STAY;
	if (desk_loan_list(ui_desk(ui), rows, LOANS_MOST, &n, &e)) {
		ui_fail(ui, &e);
		return STAY;
	}
	for (size_t i = 0; i < n; i++)
		if (!strcmp(rows[i].name, r->name)) {
			if (desk_loan_end(ui_desk(ui), rows[i].id, &e)) {
				ui_fail(ui, &e);
				return STAY;
			}
			ended++;
		}
	if (!ended)
		ui_say(ui, SAY_INFO, "%s", _("该帐号没有受到授权"));
	else
		told(ui, 0, &e, _("授权已收回"));
	return STAY;
}

static void agreed_to_rekey(struct ui *ui, void *owner, int answer, const char *input)
{
	(void)owner;
	(void)input;
	if (answer == 1)
		ui_push(ui, &rekey_screen, REKEY_WORD); /* the dialog has seen the word, in either language */
}

static void rekey_words(const struct rekey_preview *p, char *out, size_t size)
{
	text_copy(out, size, _("有人离开，或数据文件的副本外流以后，换一把新的数据密钥：他从前的口令和恢复码打不开以后的数据。各人口令照旧，别人可以照常工作；会给出新的恢复码。"
			       "此前办的手续不能再撤销。"));
	for (size_t i = 0; i < p->n; i++)
		text_format(out + strlen(out), size - strlen(out), "%s%s", i ? _("、") : _("要重设口令才能登录的帐号："), p->left_out[i]);
}

static enum reaction act_rekey(struct ui *ui, void *state)
{
	struct rekey_preview p;
	struct err e = {0};
	char text[700 + REKEY_LEFT_OUT * 64];

	if (desk_rekey_preview(ui_desk(ui), &p, &e)) {
		ui_fail_why(ui, &e);
		return STAY;
	}
	if (p.under_way) {
		ui_push(ui, &rekey_screen, NULL);
		return STAY;
	}
	rekey_words(&p, text, sizeof(text));
	dialog_ask(ui, &(struct dialog_arg){.title = N_("更换数据密钥"), .text = text, .button = {N_("不更换"), N_("更换")}, .n_buttons = 2,
					    .word = _("更换密钥"), .word2 = "rotate", .done = agreed_to_rekey, .owner = state});
	return STAY;
}

static const struct action actions[] = {
	{'n', 0, "new", N_("新建"), N_("新建一个帐号"), act_new, NEEDS_KEY},
	{'p', 0, "password", N_("口令"), N_("为选中的帐号重设口令；选中自己时更改自己的口令"), act_password, NEEDS_ROW},
	{'x', 0, "disable", N_("停用/启用"), N_("停用选中的帐号，或再启用"), act_disable, NEEDS_ROW},
	{'g', 0, "lend", N_("授权"), N_("把自己的角色借给选中的帐号，到某一天为止"), act_lend, NEEDS_ROW | NEEDS_KEY},
	{'k', 0, "rekey", N_("换密钥"), N_("更换数据密钥：有人离开或副本外流以后；没有换完的接着换"), act_rekey, NEEDS_KEY},
	{'t', 0, "take_back", N_("收回授权"), N_("收回选中的帐号受到的授权"), act_take_back, NEEDS_ROW},
};

const struct screen_ops accounts_screen = {
	.name = "accounts",
	.title = N_("帐号管理"),
	.state_size = sizeof(struct list),
	.open = accounts_open,
	.draw = accounts_draw,
	.event = accounts_event,
	.close = accounts_close,
	.has_row = accounts_has_row,
	.flags = SCREEN_TAKES_CARD,
	.actions = actions,
	.n_actions = ARRAY_LEN(actions),
	.shared = list_actions,
	.n_shared = LIST_ACTIONS,
};
