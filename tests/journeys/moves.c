/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "journeys/moves.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "base/dates.h"
#include "practice_site.h"

#define HOME "今天已办"
#define LOGIN "口令  "

static void expect(struct terminal *t, const char *text, int line)
{
	char what[160];

	snprintf(what, sizeof(what), "waited for: %.100s", text);
	if (!terminal_wait_for(t, text, TERMINAL_DEADLINE))
		terminal_fail(t, what, __FILE__, line);
}

void move_login(struct terminal *t, const char *account)
{
	terminal_expect(t, LOGIN);
	terminal_keys(t, account);
	terminal_keys(t, "<Enter>" PRACTICE_PASSWORD "<Enter>");
	terminal_expect(t, HOME);
	if (terminal_shows(t, "以后再说")) /* a draft is offered, painted together with the home screen */
		terminal_keys(t, "<Esc>");
	terminal_expect_gone(t, "以后再说");
}

static bool asks_or_logged_out(struct terminal *t, void *arg)
{
	(void)arg;
	return terminal_find(t, LOGIN, NULL) >= 0 || terminal_find(t, "换人登录", NULL) >= 0;
}

void move_switch(struct terminal *t, const char *account)
{
	terminal_keys(t, "s");
	if (!terminal_wait_until(t, asks_or_logged_out, NULL, TERMINAL_DEADLINE))
		terminal_fail(t, "waited for the question or the login screen", __FILE__, __LINE__);
	if (terminal_shows(t, "换人登录"))
		terminal_keys(t, "<Tab><Enter>");
	move_login(t, account);
}

void move_leave(struct terminal *t)
{
	terminal_keys(t, "<F10>");
	terminal_expect(t, "退出程序");
	terminal_keys(t, "<BackTab><Enter>"); /* the last button; the first, safe one has the focus */
	terminal_expect_exit(t, 0);
}

static void save(struct terminal *t, const struct move_worker *w)
{
	char done[128];

	terminal_keys(t, "<F2>");
	snprintf(done, sizeof(done), "已登记 %s", w->name);
	expect(t, done, __LINE__);
}

void move_field(struct terminal *t, const char *label, const char *typed)
{
	char at[64];

	snprintf(at, sizeof(at), "▶ %s", label);
	expect(t, at, __LINE__);
	terminal_keys(t, typed);
	terminal_keys(t, "<Enter>");
}

static void fill_from_trade(struct terminal *t, const struct move_worker *w)
{
	char today[DATE_TEXT], from[32], in_a_year[DATE_TEXT];

	date_format(date_today(), today);
	date_format(date_today() + 365, in_a_year);
	snprintf(from, sizeof(from), "<F6>%s", today); /* whether it stands there already is the profile's business */
	move_field(t, "工种", w->trade);
	move_field(t, "所属单位", w->company);
	move_field(t, "班组", w->team);
	move_field(t, "是否班组长", "");
	move_field(t, "合同类型", "<F6>0");
	move_field(t, "合同起始", from);
	move_field(t, "合同终止", in_a_year);
	move_field(t, "用工形式", "");
	move_field(t, "计酬方式", "2");
	move_field(t, "工资标准", "380");
	move_field(t, "工资卡开户行", "");
	move_field(t, "工资卡号", "");
	move_field(t, "安全培训日期", today);
}

static void step_to(struct terminal *t, const char *label, const char *key)
{
	char at[64];

	snprintf(at, sizeof(at), "▶ %s", label);
	for (int i = 0; i < 60 && !terminal_wait_for(t, at, i ? 200 : 0); i++)
		terminal_keys(t, key);
	expect(t, at, __LINE__);
}

void move_up_to(struct terminal *t, const char *label)
{
	step_to(t, label, "<BackTab>");
}

void move_on_to(struct terminal *t, const char *label)
{
	step_to(t, label, "<Enter>");
}

void move_fill_unsaved(struct terminal *t, const struct move_worker *w)
{
	expect(t, w->name, __LINE__);
	if (w->phone) {
		move_field(t, "手机号码", w->phone);
		move_field(t, "人员类别", "<F6>工人");
	}
	fill_from_trade(t, w);
}

void move_fill(struct terminal *t, const struct move_worker *w)
{
	move_fill_unsaved(t, w);
	save(t, w);
}

void move_fill_carried(struct terminal *t, const struct move_worker *w)
{
	expect(t, w->name, __LINE__);
	move_field(t, "手机号码", w->phone);
	terminal_expect(t, "沿用");
	save(t, w);
}

void move_open(struct terminal *t, const char *text)
{
	terminal_keys(t, "r");
	terminal_expect(t, "工人名册");
	terminal_keys(t, "/");
	terminal_keys(t, text);
	terminal_expect(t, "  1 人");
	terminal_keys(t, "<Enter>");
}

void move_home(struct terminal *t)
{
	for (int i = 0; i < 6 && !terminal_shows(t, HOME); i++) {
		terminal_keys(t, "<Esc>");
		terminal_wait_for(t, HOME, 500);
	}
	terminal_expect(t, HOME);
}

void move_act_unawaited(struct terminal *t, const char *text, const char *key)
{
	move_open(t, text);
	terminal_keys(t, key);
	terminal_expect(t, "能办 1 人");
	terminal_keys(t, "<F2>");
	terminal_expect(t, "请确认");
	terminal_keys(t, "<Tab><Enter>");
}

/* The typed word of a dialogue, where it asks for one; the deciding button follows the safe one, which has the focus. */
static void decide(struct terminal *t, const char *word)
{
	if (word) {
		terminal_expect(t, "请键入");
		terminal_keys(t, word);
		terminal_keys(t, "<Enter><Enter>");
	} else {
		terminal_keys(t, "<Tab><Enter>");
	}
}

void move_do(struct terminal *t, const char *word, const char *done)
{
	terminal_keys(t, "<F2>");
	terminal_expect(t, "请确认");
	decide(t, word);
	expect(t, done, __LINE__);
}

void move_undo(struct terminal *t, const char *word)
{
	terminal_keys(t, "z");
	terminal_expect(t, "自己办理的");
	terminal_expect(t, "可撤销");
	terminal_keys(t, "<F2>");
	terminal_expect(t, "整批一起恢复");
	decide(t, word);
	terminal_expect(t, "已撤销");
	move_home(t);
}

void move_menu(struct terminal *t, const char *place)
{
	char at[64];

	snprintf(at, sizeof(at), "▶ %s", place);
	terminal_keys(t, "o");
	terminal_expect(t, "更多");
	for (int i = 0; i < 60 && !terminal_wait_for(t, at, i ? 200 : 0); i++)
		terminal_keys(t, "<Down>");
	expect(t, at, __LINE__);
	terminal_keys(t, "<Enter>");
}

void move_act(struct terminal *t, const char *text, const char *key, const char *done)
{
	move_act_unawaited(t, text, key);
	expect(t, done, __LINE__);
	move_home(t);
}

void move_act_refused(struct terminal *t, const char *text, const char *key, const char *why)
{
	move_open(t, text);
	terminal_keys(t, key);
	terminal_expect(t, "不能办 1 人");
	expect(t, why, __LINE__);
	move_home(t);
}
