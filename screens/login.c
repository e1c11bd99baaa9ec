/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Logging in, the idle lock, and leaving. */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "dialog.h"
#include "edit.h"
#include "screen_list.h"

enum { LINE_ACCOUNT, LINE_PASSWORD, LINES };

struct login {
	struct edit line[LINES];
	int focus;
};

static const char *const labels[LINES] = {N_("帐号"), N_("口令")};

static int login_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct login *l = state;

	(void)ui;
	(void)arg;
	(void)e;
	l->line[LINE_ACCOUNT].max_chars = 60;
	l->line[LINE_PASSWORD].max_chars = 200;
	l->line[LINE_PASSWORD].secret = true;
	return 0;
}

static void login_close(struct ui *ui, void *state)
{
	(void)ui;
	wipe(state, sizeof(struct login));
}

static void draw_line(struct login *l, struct canvas *c, int i, int row, int col, int width)
{
	int label = text_width(_(labels[i])) + 2;

	if (l->focus == i)
		canvas_text(c, row, col - 2, 2, ATTR_PLAIN, ui_marker());
	canvas_text(c, row, col, label, ATTR_PLAIN, _(labels[i]));
	for (int x = 0; x < width; x++)
		canvas_text(c, row, col + label + x, 1, ATTR_PLAIN, "_");
	edit_draw(&l->line[i], c, row, col + label, width, ATTR_PLAIN, l->focus == i);
}

static void login_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	struct login *l = state;
	const char *notice = ui_options(ui)->notice;
	int row = a.row + 1, col = a.col + 4;

	canvas_text(c, row, col, a.width - col, ATTR_PLAIN, _("工地实名制用工登记"));
	for (int i = 0; i < LINES; i++)
		draw_line(l, c, i, row + 2 + i * 2, col, 24);
	if (notice)
		canvas_paragraph(c, row + 7, col, a.row + a.height - row - 7, a.width - 2 * col, ATTR_PLAIN, notice);
}

static enum reaction act_next(struct ui *ui, void *state)
{
	struct login *l = state;

	(void)ui;
	l->focus = (l->focus + 1) % LINES;
	return STAY;
}

static enum reaction act_clear(struct ui *ui, void *state)
{
	struct login *l = state;

	(void)ui;
	edit_wipe(&l->line[l->focus]);
	return STAY;
}

static void log_in(struct ui *ui, struct login *l)
{
	struct err e = {0};
	char name[EDIT_TEXT];
	int last;

	text_copy(name, sizeof(name), l->line[LINE_ACCOUNT].text);
	text_trim(name);
	ui_say(ui, SAY_INFO, "%s", _("正在核对口令…"));
	ui_paint(ui, NULL); /* the password takes a moment on purpose */
	last = desk_login(ui_desk(ui), name, l->line[LINE_PASSWORD].text, &e);
	edit_wipe(&l->line[LINE_PASSWORD]);
	ui_say(ui, SAY_INFO, "%s", "");
	if (last) {
		l->focus = LINE_PASSWORD;
		ui_fail(ui, &e);
		return;
	}
	edit_wipe(&l->line[LINE_ACCOUNT]);
	l->focus = LINE_ACCOUNT;
	ui_logged_in(ui);
}

static enum reaction act_enter(struct ui *ui, void *state)
{
	struct login *l = state;

	if (!l->line[LINE_ACCOUNT].text[0])
		l->focus = LINE_ACCOUNT;
	else if (!l->line[LINE_PASSWORD].text[0])
		l->focus = LINE_PASSWORD;
	else
		log_in(ui, l);
	return STAY;
}

static enum reaction login_key(struct ui *ui, void *state, int key)
{
	struct login *l = state;

	(void)ui;
	return edit_key(&l->line[l->focus], key, NULL) ? STAY : NOT_MINE;
}

static bool always(const void *state)
{
	(void)state;
	return true;
}

static const struct action login_actions[] = {
	{K_ENTER, 0, "enter", N_("登录"), N_("登录；帐号或口令还空着时先移过去"), act_enter, 0},
	{K_TAB, K_DOWN, "next", N_("下一项"), N_("在帐号和口令之间移动"), act_next, 0},
	{K_BACKTAB, K_UP, "previous", NULL, N_("在帐号和口令之间移动"), act_next, 0},
	{K_F6, K_CTRL('u'), "clear", NULL, N_("清空这一项"), act_clear, 0},
};

const struct screen_ops login_screen = {
	.name = "login",
	.title = N_("登录"),
	.state_size = sizeof(struct login),
	.open = login_open,
	.draw = login_draw,
	.key = login_key,
	.close = login_close,
	.typing = always,
	.flags = SCREEN_NO_LOGIN,
	.actions = login_actions,
	.n_actions = ARRAY_LEN(login_actions),
};

/* --- the idle lock -------------------------------------------------------------------------------------------------------------------- */

static int lock_open(struct ui *ui, void *state, const void *arg, struct err *e)
{
	struct edit *password = state;

	(void)ui;
	(void)arg;
	(void)e;
	password->max_chars = 200;
	password->secret = true;
	return 0;
}

static void lock_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	char text[NAME_TEXT + 100];
	int col = a.col + 4, label = text_width(_("口令")) + 2;

	text_format(text, sizeof(text), _("%s 已离开。没有保存的内容留作草稿；键入口令继续。"), desk_session(ui_desk(ui))->display);
	canvas_paragraph(c, a.row + 1, col, 3, a.width - 8, ATTR_PLAIN, text);
	canvas_text(c, a.row + 5, col, label, ATTR_PLAIN, _("口令"));
	for (int x = 0; x < 24; x++)
		canvas_text(c, a.row + 5, col + label + x, 1, ATTR_PLAIN, "_");
	edit_draw(state, c, a.row + 5, col + label, 24, ATTR_PLAIN, true);
}

static enum reaction act_unlock(struct ui *ui, void *state)
{
	struct edit *password = state;
	struct err e = {0};
	int last;

	if (!password->text[0])
		return STAY;
	last = desk_password_check(ui_desk(ui), password->text, &e);
	edit_wipe(password);
	if (last) {
		ui_fail(ui, &e);
		return STAY;
	}
	ui_pop_state(ui, state);
	ui_unlocked(ui);
	return STAY;
}

static enum reaction act_other(struct ui *ui, void *state)
{
	(void)state;
	ui_logout(ui);
	return STAY;
}

static enum reaction lock_key(struct ui *ui, void *state, int key)
{
	(void)ui;
	return edit_key(state, key, NULL) ? STAY : NOT_MINE;
}

static void lock_close(struct ui *ui, void *state)
{
	(void)ui;
	edit_wipe(state);
}

static const struct action lock_actions[] = {
	{K_ENTER, 0, "unlock", N_("继续"), N_("口令正确则回到原来的画面"), act_unlock, 0},
	{K_F3, K_CTRL('v'), "other", N_("换人登录"), N_("退出这个帐号，由别人登录；草稿为原来的人保留"), act_other, 0},
};

const struct screen_ops lock_screen = {
	.name = "lock",
	.title = N_("已锁定"),
	.state_size = sizeof(struct edit),
	.open = lock_open,
	.draw = lock_draw,
	.key = lock_key,
	.close = lock_close,
	.typing = always,
	.flags = SCREEN_NO_LOGIN,
	.actions = lock_actions,
	.n_actions = ARRAY_LEN(lock_actions),
};

/* --- leaving: says what is unsent (R6) ---------------------------------------------------------------------------------------------------- */

struct quit { int focus; };

static const char *const quit_buttons[] = {N_("不退出"), N_("换人登录"), N_("退出程序")};

static void quit_text(struct ui *ui, char *out, size_t size)
{
	const struct outbox_counts *n = ui_counts(ui);
	long long waiting = (long long)(n->state[OUTBOX_HELD] + n->state[OUTBOX_READY] + n->state[OUTBOX_SENDING] + n->state[OUTBOX_WAITING] +
					n->state[OUTBOX_UNKNOWN]);

	if (!desk_session(ui_desk(ui))->account)
		text_copy(out, size, _("退出程序？"));
	else if (waiting || n->state[OUTBOX_REJECTED])
		text_format(out, size, _("还有 %lld 条没有得到平台确认，%lld 条被退回。它们都已保存在本机，下次登录后自动继续上传。"), waiting,
			    (long long)n->state[OUTBOX_REJECTED]);
	else
		text_copy(out, size, _("全部内容都已保存，并得到平台确认。"));
}

static int quit_width(struct area a)
{
	return a.width - 8 < 52 ? a.width - 8 : 52;
}

static bool quit_skips(struct ui *ui, int button)
{
	return button == 1 && !desk_session(ui_desk(ui))->account;
}

static void quit_draw(struct ui *ui, void *state, struct canvas *c, struct area a)
{
	struct quit *q = state;
	char text[400], label[60];
	struct area in;
	int row, x;

	quit_text(ui, text, sizeof(text));
	in = dialog_frame(c, a, quit_width(a), canvas_wrap(text, quit_width(a), NULL, NULL) + 2, _("退出"));
	row = in.row + canvas_paragraph(c, in.row, in.col, in.height, in.width, ATTR_PLAIN, text) + 1;
	x = in.col;
	for (int i = 0; i < (int)ARRAY_LEN(quit_buttons); i++) {
		if (quit_skips(ui, i))
			continue;
		text_format(label, sizeof(label), q->focus == i ? "[%s]" : " %s ", _(quit_buttons[i]));
		if (q->focus == i)
			canvas_cursor(c, row, x);
		x += canvas_text(c, row, x, in.col + in.width - x, q->focus == i ? ATTR_BOLD : 0, label) + 2;
	}
}

static void quit_move(struct ui *ui, struct quit *q, int by)
{
	int n = (int)ARRAY_LEN(quit_buttons);

	do
		q->focus = (q->focus + by + n) % n;
	while (quit_skips(ui, q->focus));
}

static enum reaction act_quit_next(struct ui *ui, void *state)
{
	quit_move(ui, state, 1);
	return STAY;
}

static enum reaction act_quit_previous(struct ui *ui, void *state)
{
	quit_move(ui, state, -1);
	return STAY;
}

static enum reaction act_quit_choose(struct ui *ui, void *state)
{
	int answer = ((struct quit *)state)->focus;

	if (answer == 0)
		return CLOSE;
	if (answer == 1)
		ui_logout(ui);
	else
		ui_quit(ui);
	return STAY;
}

static enum reaction act_quit_back(struct ui *ui, void *state)
{
	(void)ui;
	(void)state;
	return CLOSE;
}

static const struct action quit_actions[] = {
	{K_TAB, K_RIGHT, "next", N_("下一个"), N_("移到下一个按钮"), act_quit_next, 0},
	{K_BACKTAB, K_LEFT, "previous", NULL, N_("移到上一个按钮"), act_quit_previous, 0},
	{K_ENTER, 0, "choose", N_("确定"), N_("按下方括号里的按钮"), act_quit_choose, 0},
	{K_ESC, 0, "back", N_("返回"), N_("不退出"), act_quit_back, 0},
};

const struct screen_ops quit_screen = {
	.name = "quit",
	.title = N_("退出"),
	.state_size = sizeof(struct quit),
	.draw = quit_draw,
	.flags = SCREEN_OVERLAY,
	.actions = quit_actions,
	.n_actions = ARRAY_LEN(quit_actions),
};
