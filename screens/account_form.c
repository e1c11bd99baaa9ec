/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is typed about accounts: a new one, a new password for another one or for oneself, a role lent for a time. Lines are rows of a table; the
 * desk checks. Passwords are never kept as a draft.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/dates.h"
#include "base/i18n.h"
#include "base/text.h"
#include "desk/accounts.h"
#include "desk/site.h"
#include "screen_list.h"
#include "short_form.h"

enum line_id { L_NAME, L_DISPLAY, L_ROLE, L_ROLE_TOO, L_SCOPE, L_OLD, L_NEW, L_AGAIN, L_LENT_ROLE, L_UNTIL };

struct account_line { enum line_id id; const char *label, *help; unsigned max_chars; bool choice, required, secret; };

static const struct account_line new_lines[] = {
	{L_NAME, N_("帐号"), N_("登录时输入，例如姓名拼音"), 20, false, true, false},
	{L_DISPLAY, N_("使用人"), N_("真实姓名，显示在屏幕上方和操作日志里"), 20, false, true, false},
	{L_ROLE, N_("角色"), N_("系统管理员和审计员不能兼任，也看不到个人信息"), 20, true, true, false},
	{L_ROLE_TOO, N_("兼任角色"), N_("没有则不填"), 20, true, false, false},
	{L_SCOPE, N_("所属单位"), N_("分包人员选其单位，只看得到本单位的人；总包人员不填"), 60, true, false, false},
	{L_NEW, N_("口令"), N_("至少 8 个字符，大写、小写、数字、符号中的三种"), 100, false, true, true},
	{L_AGAIN, N_("再输一次"), N_("与上一行相同"), 100, false, true, true},
};
static const struct account_line password_lines[] = {
	{L_NEW, N_("新口令"), N_("至少 8 个字符，大写、小写、数字、符号中的三种"), 100, false, true, true},
	{L_AGAIN, N_("再输一次"), N_("与上一行相同"), 100, false, true, true},
};
static const struct account_line own_lines[] = {
	{L_OLD, N_("现在的口令"), N_("现在登录用的口令"), 100, false, true, true},
	{L_NEW, N_("新口令"), N_("至少 8 个字符，大写、小写、数字、符号中的三种"), 100, false, true, true},
	{L_AGAIN, N_("再输一次"), N_("与上一行相同"), 100, false, true, true},
};
static const struct account_line lend_lines[] = {
	{L_LENT_ROLE, N_("授权的角色"), N_("您自己的角色之一；对方以自己的名义办理"), 20, true, true, false},
	{L_UNTIL, N_("最后一天"), N_("到这一天为止，至多三个月，例如 2026-03-08"), 10, false, true, false},
};

struct account_form;
typedef int save_fn(struct ui *ui, struct account_form *s, struct err *e);
static save_fn save_new, save_password, save_own, save_loan;

static const struct account_mode {
	const char *title; /* msgid */
	const struct account_line *lines;
	size_t n;
	save_fn *save;
	const char *done; /* msgid */
} modes[] = {
	[ACCOUNT_FORM_NEW] = {N_("新建帐号"), new_lines, ARRAY_LEN(new_lines), save_new, N_("帐号已建立")},
	[ACCOUNT_FORM_PASSWORD] = {N_("重设口令"), password_lines, ARRAY_LEN(password_lines), save_password, N_("口令已重设，请当面告诉本人")},
	[ACCOUNT_FORM_OWN] = {N_("更改自己的口令"), own_lines, ARRAY_LEN(own_lines), save_own, N_("口令已更改")},
	[ACCOUNT_FORM_LEND] = {N_("授权"), lend_lines, ARRAY_LEN(lend_lines), save_loan, N_("已授权，对方下次登录起有效")},
};

struct account_form {
	struct short_form form; /* first; without a draft */
	const struct account_mode *mode;
	char name[64];          /* the account it is about; "" a new one */
};

/* --- choices ------------------------------------------------------------------------------------------------------------------------------ */

static size_t role_choices(unsigned among, struct form_choice *out, size_t cap)
{
	size_t n = 0;

	for (unsigned bit = 1; bit < ROLE_RUNNER && n < cap; bit <<= 1)
		if (among & bit) {
			text_copy(out[n].value, sizeof(out[n].value), role_name((enum role)bit));
			text_copy(out[n++].label, sizeof(out[0].label), role_word((enum role)bit));
		}
	return n;
}

#define SCOPES_MOST 300
static size_t scope_choices(struct ui *ui, struct form_choice *out, size_t cap)
{
	struct participant_row *rows = calloc(SCOPES_MOST, sizeof(*rows));
	size_t n = 0;

	if (!rows || desk_participant_list(ui_desk(ui), rows, SCOPES_MOST < cap ? SCOPES_MOST : cap, &n, NULL))
		n = 0;
	for (size_t i = 0; i < n; i++) {
		text_format(out[i].value, sizeof(out[i].value), "%lld", (long long)rows[i].id);
		text_format(out[i].label, sizeof(out[i].label), _("%s（%s）"), rows[i].company, rows[i].type_word);
	}
	free(rows);
	return n;
}

static size_t choices(struct ui *ui, void *owner, const struct sheet *f, size_t line, struct form_choice *out, size_t cap)
{
	const struct session *me = desk_session(ui_desk(ui));

	(void)owner;
	switch (f->line[line].id) {
	case L_ROLE:
		return role_choices(ROLE_RUNNER - 1, out, cap);
	case L_ROLE_TOO:
		return role_choices(ROLES_WITH_KEY, out, cap);
	case L_LENT_ROLE:
		return role_choices(me->roles & ~me->lent & ROLES_WITH_KEY, out, cap);
	case L_SCOPE:
		return scope_choices(ui, out, cap);
	default:
		return 0;
	}
}

/* --- saving ------------------------------------------------------------------------------------------------------------------------------- */

static const char *text_of(struct account_form *s, enum line_id id)
{
	return short_form_text(&s->form, (int)id);
}

static unsigned role_of(struct account_form *s, enum line_id id)
{
	enum role role;

	return role_parse(text_of(s, id), &role) ? (unsigned)role : 0;
}

static int save_new(struct ui *ui, struct account_form *s, struct err *e)
{
	struct account_new a = {.name = text_of(s, L_NAME), .display = text_of(s, L_DISPLAY), .password = text_of(s, L_NEW),
				.roles = role_of(s, L_ROLE) | role_of(s, L_ROLE_TOO)};
	long long scope = 0;

	if (sscanf(text_of(s, L_SCOPE), "%lld", &scope) == 1)
		a.participant = scope;
	return desk_account_add(ui_desk(ui), &a, e);
}

static int save_password(struct ui *ui, struct account_form *s, struct err *e)
{
	return desk_account_password(ui_desk(ui), s->name, text_of(s, L_NEW), e);
}

static int save_own(struct ui *ui, struct account_form *s, struct err *e)
{
	return desk_password_change(ui_desk(ui), text_of(s, L_OLD), text_of(s, L_NEW), e);
}

static int save_loan(struct ui *ui, struct account_form *s, struct err *e)
{
	date_t until = DATE_NONE;

	if (!date_parse(text_of(s, L_UNTIL), &until))
		until = DATE_NONE;
	return desk_lend(ui_desk(ui), s->name, role_of(s, L_LENT_ROLE), until, e);
}

static void find_out(struct account_form *s, enum line_id id, const char *sentence)
{
	struct form_line *l = form_find(&s->form.sheet, (int)id);

	if (l)
		form_find_out(&s->form.sheet, l, SEVERITY_BLOCK, sentence);
}

static bool complete(struct ui *ui, struct account_form *s)
{
	if (form_find(&s->form.sheet, L_AGAIN) && strcmp(text_of(s, L_NEW), text_of(s, L_AGAIN)) && text_of(s, L_AGAIN)[0])
		find_out(s, L_AGAIN, _("两次输入的口令不一样"));
	return short_form_complete(ui, &s->form);
}

/* Which line a refusal is about. */
static const struct { enum err_code code; enum line_id line; } about[] = {
	{ERR_PASSWORD_WEAK, L_NEW}, {ERR_PASSWORD_REUSED, L_NEW}, {ERR_LOGIN, L_OLD}, {ERR_ACCOUNT_EXISTS, L_NAME}, {ERR_LOAN_DATE, L_UNTIL},
};

static void refused(struct ui *ui, struct account_form *s, const struct err *e)
{
	for (size_t i = 0; i < ARRAY_LEN(about); i++)
		if (about[i].code == e->code)
			find_out(s, about[i].line, err_sentence(e->code));
	form_focus_first_block(ui, &s->form.sheet);
	ui_fail(ui, e);
}

static enum reaction save(struct ui *ui, void *owner, struct sheet *f)
{
	struct account_form *s = owner;
	struct err e = {0};

	(void)f;
	if (!complete(ui, s))
		return STAY;
	ui_say(ui, SAY_INFO, "%s", _("正在保存…"));
	ui_paint(ui, NULL); /* a password takes a moment on purpose */
	if (s->mode->save(ui, s, &e)) {
		refused(ui, s, &e);
		return STAY;
	}
	ui_say(ui, SAY_DONE, "%s", _(s->mode->done));
	ui_changed(ui);
	return CLOSE;
}

static const struct form_owner owner_ops = {.leave = short_form_leave, .choices = choices, .save = save};

/* --- the screen ---------------------------------------------------------------------------------------------------------------------------- */

static int form_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct account_form *s = state;
	const struct account_form_arg *a = arg;

	(void)ui;
	(void)e;
	s->mode = &modes[a ? a->kind : ACCOUNT_FORM_OWN];
	text_copy(s->name, sizeof(s->name), a && a->name ? a->name : "");
	form_init(&s->form.sheet, &owner_ops, s);
	for (size_t i = 0; i < s->mode->n; i++) {
		const struct account_line *row = &s->mode->lines[i];
		struct form_line *l = form_add(&s->form.sheet, (int)row->id, row->label, row->help, row->max_chars);

		l->choice = row->choice;
		l->required = row->required;
		l->secret = row->secret;
	}
	form_begin(&s->form.sheet, -1);
	return 0;
}

static void form_close(struct ui *ui, void *state)
{
	(void)ui;
	form_release(state);
}

static void form_heading(struct ui *ui, const void *state, char *out, size_t size)
{
	const struct account_form *s = state;

	(void)ui;
	text_format(out, size, "%s%s%s", _(s->mode->title), s->name[0] ? "  " : "", s->name);
}

static enum reaction act_back(struct ui *ui, void *state)
{
	(void)ui;
	(void)state;
	return CLOSE;
}

static const struct action actions[] = {
	{K_ESC, 0, "back", N_("返回"), N_("返回，不保存"), act_back, 0},
};

const struct screen_ops account_form_screen = {
	.name = "account_form",
	.title = N_("帐号管理"),
	.state_size = sizeof(struct account_form),
	.open = form_open,
	.heading = form_heading,
	.draw = short_form_draw,
	.key = short_form_key,
	.event = short_form_event,
	.close = form_close,
	.typing = form_typing,
	.actions = actions,
	.n_actions = ARRAY_LEN(actions),
	.shared = form_actions,
	.n_shared = FORM_ACTIONS,
};
