/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The traps of SH-QA about teams and assignments: a leader who left and is still there (first round 人员项目分配 1, fourth round 信息 2), two teams of
 * one name (the same place), an assignment that cannot be mended (人员项目分配 2), a trade that cannot be changed (3), a confirmation that the network breaks off (网络 1).
 */
#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "journeys/crowd.h"
#include "journeys/moves.h"
#include "journeys/world.h"

#define LABOUR "青禾建筑劳务有限公司（练习）"
#define STATES "SELECT group_concat(state) FROM (SELECT state FROM assignments ORDER BY state)"

static struct world world;

static int setup(void **state)
{
	(void)state;
	world_open(&world, "national", "0");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	world_close(&world);
	return 0;
}

/* All rows of the roster, by the manager, at one stroke. */
static void all_do(struct terminal *t, const char *key, const char *done)
{
	terminal_keys(t, "r");
	terminal_expect(t, "工人名册");
	terminal_keys(t, "*");
	terminal_expect(t, "已标记 3 人");
	terminal_keys(t, key);
	terminal_expect(t, "能办 3 人");
	move_do(t, NULL, done);
	terminal_keys(t, "<Esc>");
	move_home(t);
}

static void select_team(struct terminal *t, const char *team)
{
	char at[64];

	snprintf(at, sizeof(at), "▶ %s", team);
	terminal_keys(t, "t");
	terminal_expect(t, "项目的班组");
	for (int i = 0; i < 10 && !terminal_wait_for(t, at, i ? 300 : 0); i++)
		terminal_keys(t, "<Down>");
	terminal_expect_text(t, at);
}

static bool leads(struct terminal *t, void *name)
{
	int row = terminal_find(t, "▶ 木工一班", NULL);

	return row >= 0 && strstr(terminal_row(t, row), name);
}

static void led_by(struct terminal *t, char *name)
{
	if (!terminal_wait_until(t, leads, name, TERMINAL_DEADLINE))
		terminal_fail(t, name, __FILE__, __LINE__);
}

static void three_on_site(struct terminal *t)
{
	crowd_come(&world, &(struct crowd){11, 3, LABOUR, "木工一班", "木工"}); /* 钱试二一, 孙试二一, 周试二一 */
	terminal_expect(t, "待提交                  3");
	all_do(t, "s", "已办理提交：3 人");
	all_do(t, "e", "已办理进场：3 人");
	world_wait_outbox_empty(&world);
}

/* --- the leader --------------------------------------------------------------------------------------------------------------------------- */

static void a_leader_leaves(void **state)
{
	struct terminal *t = world_shiming(&world);

	(void)state;
	move_login(t, "manager");
	three_on_site(t);
	select_team(t, "木工一班");
	terminal_keys(t, "b");
	terminal_expect(t, "孙试二一");
	terminal_keys(t, "钱试<Enter>");
	terminal_expect(t, "班组长已换为 钱试二一");
	led_by(t, "钱试");
	move_home(t);
	world_platform_off(&world);
	/* He goes; who takes over is asked for in the same step, and he is not among those who can. */
	move_open(t, "钱试");
	terminal_keys(t, "x");
	terminal_expect(t, "是班组长：请同时指定接任的人");
	terminal_keys(t, "<F7>");
	terminal_expect(t, "接任的班组长");
	terminal_keys(t, "钱试");
	terminal_expect(t, "没有相符的");
	terminal_keys(t, "<Backspace><Backspace>周试<Enter>");
	terminal_expect(t, "办理后由 周试二一");
	move_do(t, NULL, "已办理退场：钱试二一");
	move_home(t);
	select_team(t, "木工一班");
	led_by(t, "周试");
	terminal_keys(t, "b");
	terminal_expect(t, "孙试二一");
	terminal_keys(t, "钱试");
	terminal_expect(t, "没有相符的"); /* who left is never offered again */
	terminal_keys(t, "<Esc>");
	move_home(t);
	/* One undo gives both back: the worker and his team's leader. */
	move_undo(t, NULL);
	select_team(t, "木工一班");
	led_by(t, "钱试");
	move_home(t);
	world_platform_on(&world);
	world_wait_outbox_empty(&world);
	assert_int_equal(world_platform_number(&world, "SELECT count(*) FROM assignments WHERE state = 'on_site'"), 3);
	/* Nobody else goes: nothing about a successor is offered. */
	move_open(t, "孙试");
	terminal_keys(t, "x");
	terminal_expect(t, "能办 1 人");
	assert_false(terminal_shows(t, "接任"));
}

static void teams_of_one_name(void **state)
{
	struct terminal *t = world_shiming(&world);

	(void)state;
	move_login(t, "clerk");
	terminal_keys(t, "t");
	terminal_expect(t, "项目的班组");
	terminal_keys(t, "a");
	move_field(t, "所属单位", "云溪");
	move_field(t, "班组名称", "木工一班");
	move_field(t, "班组类别", "");
	terminal_keys(t, "<F2>");
	terminal_expect(t, "同名"); /* whoever's it is: one name, one team (Team.Add) */
	terminal_expect(t, "木工一班"); /* as typed */
	move_up_to(t, "班组名称");
	terminal_keys(t, "<F6>木工二班<F2>");
	terminal_expect(t, "▶ 木工二班");
	terminal_expect(t, "云溪");
	move_home(t);
	crowd_come(&world, &(struct crowd){11, 1, LABOUR, "木工一班", "木工"});
	move_open(t, "钱试");
	move_home(t);
	terminal_keys(t, "r");
	terminal_expect(t, "钱试二一");
	terminal_keys(t, "g"); /* each stands there with its company */
	terminal_expect(t, "木工一班 · 青禾");
	terminal_expect(t, "木工二班 · 云溪");
}

/* --- a wrong assignment ------------------------------------------------------------------------------------------------------------------- */

static void to_team(struct terminal *t, const char *team)
{
	terminal_keys(t, "r");
	terminal_expect(t, "钱试二一");
	terminal_keys(t, "g");
	terminal_expect(t, "分配到班组");
	terminal_keys(t, team);
	terminal_keys(t, "<Enter>");
	terminal_expect(t, "能办 1 人");
	move_do(t, NULL, "已办理分配班组：钱试二一");
	move_home(t);
}

static void a_wrong_assignment_is_mended(void **state)
{
	struct terminal *t = world_shiming(&world);

	(void)state;
	move_login(t, "clerk");
	crowd_come(&world, &(struct crowd){11, 1, LABOUR, "木工一班", "木工"});
	terminal_expect(t, "待提交                  1");
	to_team(t, "砌筑"); /* before it is submitted */
	move_act(t, "钱试", "s", "已办理提交：钱试二一");
	world_expect(&world, STATES, "accepted");
	to_team(t, "钢筋"); /* submitted, not received */
	move_act(t, "钱试", "w", "已办理撤回分配：钱试二一");
	world_expect(&world, STATES, "withdrawn");
	to_team(t, "架子"); /* assigned anew */
	move_act(t, "钱试", "s", "已办理提交：钱试二一");
	move_switch(t, "manager");
	move_act(t, "钱试", "c", "已办理确认：钱试二一");
	move_act(t, "钱试", "e", "已办理进场：钱试二一");
	world_expect(&world, STATES, "on_site,withdrawn");
	to_team(t, "木工"); /* received: a new fact, and the platform is told */
	move_open(t, "钱试");
	terminal_expect(t, "木工一班");
	move_home(t);
	world_wait_outbox_empty(&world);
	assert_int_equal(world_platform_number(&world, "SELECT count(*) FROM persons"), 1);
	assert_int_equal(world_platform_number(&world, "SELECT count(*) FROM assignments WHERE state = 'on_site'"), 1);
	assert_int_equal(world_platform_number(&world, "SELECT count(*) FROM records a JOIN records t ON t.uid = json_extract(a.body, '$.team') "
						       "WHERE a.state = 'on_site' AND json_extract(t.body, '$.teamName') = '木工一班'"), 1);
}

/* SH-QA r1 人员项目分配 3 (one main trade), r4 信息 2 (nothing to be changed after confirming): changed on site, and the platform is told of it. */
static void a_trade_changed_after_receiving(void **state)
{
	struct terminal *t = world_shiming(&world);

	(void)state;
	move_login(t, "manager");
	three_on_site(t);
	move_switch(t, "clerk");
	terminal_keys(t, "r");
	terminal_expect(t, "钱试二一");
	terminal_keys(t, "t");
	terminal_expect(t, "改工种");
	terminal_keys(t, "gangjin<Enter>");
	terminal_expect(t, "能办 1 人");
	move_do(t, NULL, "钱试二一");
	move_home(t);
	world_wait_outbox_empty(&world);
	terminal_expect(t, "退回 0");
	world_expect(&world, "SELECT count(*) FROM assignments WHERE body->>'$.workType' = (SELECT trade FROM employments GROUP BY trade HAVING count(*) = 1)", "1");
	world_expect(&world, "SELECT count(*) FROM assignments WHERE state = 'on_site'", "3");
}

/* --- the network breaks off ----------------------------------------------------------------------------------------------------------------- */

/* SH-QA 网络 1: "confirming says: network error". Here it is done at once and goes out when the platform answers again. */
static void confirmed_while_the_platform_is_busy(void **state)
{
	struct terminal *t = world_shiming(&world);

	(void)state;
	move_login(t, "clerk");
	crowd_come(&world, &(struct crowd){11, 1, LABOUR, "木工一班", "木工"});
	terminal_expect(t, "待提交                  1");
	move_act(t, "钱试", "s", "已办理提交：钱试二一");
	world_expect(&world, STATES, "accepted");
	world_decide(&world, "fault any:503");
	move_switch(t, "manager");
	move_act(t, "钱试", "c", "已办理确认：钱试二一");
	terminal_expect(t, "离线");
	terminal_expect(t, "待进场                  1");
	move_act(t, "钱试", "e", "已办理进场：钱试二一");
	terminal_expect(t, "待传 2");
	world_expect(&world, STATES, "accepted");
	world_decide(&world, "no-faults");
	terminal_keys(t, "u");
	terminal_expect(t, "立即上传");
	terminal_keys(t, "n");
	world_expect(&world, STATES, "on_site");
	terminal_expect(t, "待传 0");
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {T(a_leader_leaves), T(teams_of_one_name), T(a_wrong_assignment_is_mended), T(a_trade_changed_after_receiving),
					   T(confirmed_while_the_platform_is_busy)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
