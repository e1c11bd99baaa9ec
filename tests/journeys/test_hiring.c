/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Hiring and leaving where both sides have a say (SH-OP 二, 八, 九): a card, the person's consent, the registration, which the platform takes
 * in batches; leaving asked for on the phone and agreed to by the company; hired again by another one. The last word is the platform's.
 */
#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "base/dates.h"
#include "journeys/moves.h"
#include "journeys/world.h"

#define EMPLOYED "SELECT group_concat(state) FROM (SELECT state FROM employments ORDER BY applied, state)"

static struct world world;

static int setup(void **state)
{
	(void)state;
	world_open(&world, "shanghai", NULL);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	world_close(&world);
	return 0;
}

/* What a person or the platform decides about the one employment that is not over. */
static void decide(const char *event, const char *rest)
{
	char uid[64], command[200];

	world_platform_text(&world, "SELECT uid FROM employments WHERE state NOT IN ('left', 'dismissed')", uid, sizeof(uid));
	snprintf(command, sizeof(command), "decide %s %s %s", uid, event, rest);
	world_decide(&world, command);
}

static void field(struct terminal *t, const char *label, const char *typed)
{
	char at[64];

	snprintf(at, sizeof(at), "▶ %s", label);
	terminal_expect_text(t, at);
	terminal_keys(t, typed);
	terminal_keys(t, "<Enter>");
}

/* From the trade on, everything that this region asks for (SH-QA r1 2, r4 11). */
static void fill_work(struct terminal *t, const char *trade, const char *company, const char *team)
{
	char today[DATE_TEXT], from[32], to[DATE_TEXT], work[64];

	date_format(date_today(), today);
	date_format(date_today() + 365, to);
	snprintf(work, sizeof(work), "<F6>%s", trade);
	snprintf(from, sizeof(from), "<F6>%s", today);
	field(t, "工种", work);
	field(t, "所属单位", company);
	field(t, "班组", team);
	field(t, "是否班组长", "");
	field(t, "合同类型", "<F6>0");
	field(t, "合同起始", from);
	field(t, "合同终止", to);
	field(t, "用工形式", "");
	field(t, "计酬方式", "<F6>2");
	field(t, "工资标准", "");
	field(t, "基本工资", "4800");
	field(t, "试用期工资", "4500");
	field(t, "绩效发放次数", "3");
	field(t, "工资卡开户行", "<F6>其他");
	field(t, "工资卡号", "6222000000000000");
	field(t, "安全培训日期", today);
	terminal_keys(t, "<F2>");
	terminal_expect(t, "已登记 ");
}

/* The list of hiring and leaving is opened from the home screen's menu. */
static void open_hiring(struct terminal *t)
{
	terminal_keys(t, "o");
	terminal_expect(t, "聘用与离职");
	for (int i = 0; i < 30 && !terminal_shows(t, "▶ 聘用与离职"); i++) {
		terminal_keys(t, "<Down>");
		terminal_wait_for(t, "▶ 聘用与离职", 200);
	}
	terminal_keys(t, "<Enter>");
	terminal_expect(t, "等什么");
}

static void act(struct terminal *t, const char *key, const char *done)
{
	terminal_keys(t, key);
	terminal_expect(t, "能办 1 人");
	terminal_keys(t, "<F2>");
	terminal_expect(t, "请确认");
	terminal_keys(t, "<Tab><Enter>");
	terminal_expect_text(t, done);
}

static void home(struct terminal *t)
{
	for (int i = 0; i < 6 && !terminal_shows(t, "今天已办"); i++) {
		terminal_keys(t, "<Esc>");
		terminal_wait_for(t, "今天已办", 500);
	}
	terminal_expect(t, "今天已办");
}

static void hired_left_and_hired_by_another(void **state)
{
	struct terminal *t = world_shiming(&world);

	(void)state;
	move_login(t, "clerk");
	terminal_expect(t, "读卡器就绪");
	world_place(&world, "li-xiulan");
	terminal_expect(t, "李秀兰");
	field(t, "手机号码", "13800001111");
	field(t, "人员类别", "<F6>工人");
	fill_work(t, "gangjin", "青禾", "钢筋");
	world_remove(&world);
	world_expect(&world, EMPLOYED, "offered");
	world_decide(&world, "consent all");
	open_hiring(t);
	terminal_expect(t, "本人已同意聘用");
	act(t, "u", "已办理用工登记：李秀兰");
	world_expect(&world, EMPLOYED, "processing");
	terminal_expect(t, "不必重复登记");
	decide("done", "");
	terminal_expect(t, "没有人在等");
	/* The person asks; the clerk sees how long yet and may not agree; the company does. */
	decide("ask_leave", "2026-11-20 回家收麦");
	terminal_expect(t, "申请离职");
	terminal_expect(t, "原因：回家收麦");
	terminal_keys(t, "g");
	terminal_expect(t, "不能办 1 人");
	home(t);
	terminal_expect(t, "离职与解聘");
	move_switch(t, "company");
	open_hiring(t);
	act(t, "g", "已办理同意离职：李秀兰");
	world_expect(&world, EMPLOYED, "left");
	home(t);
	/* Another company of the site hires the same person: nothing of him is typed again. */
	move_switch(t, "clerk");
	terminal_keys(t, "r");
	terminal_expect(t, "工人名册");
	terminal_keys(t, "/lxl");
	terminal_expect(t, "  1 人");
	terminal_keys(t, "<Enter><Enter>");
	terminal_expect(t, "再次聘用");
	terminal_keys(t, "a");
	terminal_expect(t, "再次聘用");
	fill_work(t, "gangjin", "云溪", "后勤");
	world_wait_outbox_empty(&world);
	assert_int_equal(world_platform_number(&world, "SELECT count(*) FROM persons"), 1);
	assert_int_equal(world_platform_number(&world, "SELECT count(*) FROM employments WHERE state = 'offered'"), 1);
	home(t);
	move_leave(t);
	terminal_close(t);
}

/* SH-OP 九: a manager exits first; then the dismissal waits for the person's word, with its reason. */
static void a_manager_exits_before_dismissal(void **state)
{
	struct terminal *t = world_shiming(&world);

	(void)state;
	move_login(t, "clerk");
	terminal_expect(t, "读卡器就绪");
	world_place(&world, "li-xiulan");
	terminal_expect(t, "李秀兰");
	field(t, "手机号码", "13800001111");
	field(t, "人员类别", "<F6>管理人员");
	fill_work(t, "P03", "云溪", "后勤");
	world_remove(&world);
	world_expect(&world, EMPLOYED, "offered");
	world_decide(&world, "consent all");
	open_hiring(t);
	terminal_expect(t, "本人已同意聘用");
	act(t, "u", "已办理用工登记：李秀兰");
	world_expect(&world, EMPLOYED, "processing");
	decide("done", "");
	terminal_expect(t, "没有人在等");
	home(t);
	move_switch(t, "manager");
	move_act(t, "lxl", "s", "已办理提交：李秀兰");
	move_act(t, "lxl", "e", "已办理进场：李秀兰");
	move_switch(t, "company");
	move_act_refused(t, "lxl", "d", "管理人员还在场");
	move_switch(t, "manager");
	move_act(t, "lxl", "x", "已办理退场：李秀兰");
	move_switch(t, "company");
	terminal_keys(t, "r");
	terminal_expect(t, "工人名册");
	terminal_keys(t, "d");
	terminal_expect(t, "能办 1 人");
	terminal_keys(t, "<F2>");
	terminal_expect(t, "采用");
	terminal_keys(t, "工程缩减<Enter><Enter>");
	terminal_expect(t, "原因：工程缩减");
	terminal_keys(t, "<F2>");
	terminal_expect(t, "请确认");
	terminal_keys(t, "<Tab><Enter>");
	terminal_expect(t, "已办理解聘：李秀兰");
	world_expect(&world, EMPLOYED, "dismissing");
	home(t);
	open_hiring(t);
	terminal_expect(t, "等本人在手机上同意");
	decide("consent_dismissal", "");
	terminal_expect(t, "没有人在等");
	world_expect(&world, EMPLOYED, "dismissed");
	home(t);
	move_leave(t);
	terminal_close(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_manager_exits_before_dismissal, setup, teardown),
		cmocka_unit_test_setup_teardown(hired_left_and_hired_by_another, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
