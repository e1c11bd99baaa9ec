/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The main job through the real application: card → registered → consent → assigned → submitted → confirmed by the manager → on site →
 * exited; with the line up, with the line down and then up; the last word is the platform's own database.
 */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "journeys/moves.h"
#include "journeys/world.h"

static const struct move_worker li = { "李秀兰", "13800001111", "gangjin", "青禾", "钢筋" };
static const struct move_worker ouyang = { "欧阳明月", "13800002222", "", "", "" };

#define STATE(name) "SELECT a.state FROM assignments a JOIN persons p ON p.uid = a.person WHERE p.name = '" name "'"
#define EMPLOYED(name) "SELECT e.state FROM employments e JOIN persons p ON p.uid = e.person WHERE p.name = '" name "'"

static struct world world;

static int setup(void **state)
{
	(void)state;
	world_open(&world, "national", NULL);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	world_close(&world);
	return 0;
}

static void online(void **state)
{
	struct terminal *t = world_shiming(&world);

	(void)state;
	move_login(t, "clerk");
	terminal_expect(t, "读卡器就绪");
	world_place(&world, "li-xiulan");
	move_fill(t, &li);
	world_remove(&world);
	world_expect(&world, EMPLOYED("李秀兰"), "offered");
	terminal_expect(t, "待传 0");
	move_act_refused(t, "lxl", "s", "李秀兰");
	world_decide(&world, "consent all");
	terminal_expect(t, "待提交                  1");
	move_act(t, "lixiulan", "s", "已办理提交：李秀兰");
	world_expect(&world, STATE("李秀兰"), "accepted");
	move_act_refused(t, "0029", "c", "李秀兰"); /* the clerk confirms nothing (E3) */
	move_switch(t, "manager");
	move_act(t, "秀兰", "c", "已办理确认：李秀兰");
	world_expect(&world, STATE("李秀兰"), "confirmed");
	move_switch(t, "clerk");
	move_act(t, "1111", "e", "已办理进场：李秀兰");
	world_expect(&world, STATE("李秀兰"), "on_site");
	move_act(t, "lxl", "x", "已办理退场：李秀兰");
	world_expect(&world, STATE("李秀兰"), "exited");
	world_wait_outbox_empty(&world);
	terminal_expect(t, "待传 0");
	move_leave(t);
	terminal_close(t);
	assert_int_equal(world_platform_number(&world, "SELECT count(*) FROM persons"), 1);
	/* submit, confirm, enter, exit: each took effect once */
	assert_int_equal(world_platform_number(&world, "SELECT applied FROM assignments"), 4);
	assert_int_equal(world_platform_number(&world, "SELECT document = '440199198309050029' AND phone = '13800001111' FROM persons"), 1);
}

/* The line goes after the offer was sent: all that follows the consent is done without it and reaches the platform in order. */
static void offline_and_then_online(void **state)
{
	struct terminal *t = world_shiming(&world);

	(void)state;
	move_login(t, "clerk");
	world_place(&world, "li-xiulan");
	move_fill(t, &li);
	world_remove(&world);
	world_expect(&world, EMPLOYED("李秀兰"), "offered");
	world_decide(&world, "consent all");
	terminal_expect(t, "待提交                  1");
	world_wait_outbox_empty(&world);

	world_platform_off(&world);
	world_place(&world, "ouyang-mingyue");
	move_fill_carried(t, &ouyang);
	world_remove(&world);
	move_act(t, "lxl", "s", "已办理提交：李秀兰");
	move_switch(t, "manager");
	move_act(t, "lxl", "c", "已办理确认：李秀兰");
	move_switch(t, "clerk");
	move_act(t, "lxl", "e", "已办理进场：李秀兰");
	move_act(t, "lxl", "x", "已办理退场：李秀兰");
	assert_int_equal(world_platform_number(&world, "SELECT count(*) FROM assignments"), 0);
	assert_true(world_outbox_open(&world) >= 6); /* person, offer; submit, confirm, enter, exit */

	world_platform_on(&world);
	terminal_keys(t, "u");
	terminal_expect(t, "立即上传");
	terminal_keys(t, "n");
	world_wait_outbox_empty(&world);
	assert_int_equal(world_platform_number(&world, "SELECT count(*) FROM persons"), 2);
	world_expect(&world, STATE("李秀兰"), "exited");
	world_expect(&world, EMPLOYED("欧阳明月"), "offered");
	assert_int_equal(world_platform_number(&world, "SELECT applied FROM assignments"), 4);
	/* in causal order, as they were made */
	assert_int_equal(world_platform_number(&world,
		"SELECT count(*) FROM operations a JOIN operations b ON a.id < b.id AND a.sequence > b.sequence"), 0);
	terminal_keys(t, "<Esc>");
	world_decide(&world, "consent all");
	terminal_expect(t, "待提交                  1");
	move_leave(t);
	terminal_close(t);
}

/* Nothing of it is left when the program is killed: card helper and runner go by themselves, the world's own three stay. */
static void leaves_no_process_behind(void **state)
{
	pid_t pids[16];
	int services = world_processes(&world, pids, 16);
	struct terminal *t = world_shiming(&world);

	(void)state;
	assert_int_equal(services, 3);
	move_login(t, "clerk");
	terminal_expect(t, "读卡器就绪");
	assert_int_equal(world_processes(&world, pids, 16), services + 3);
	kill(terminal_pid(t), SIGKILL);
	for (int i = 0; world_processes(&world, pids, 16) > services && i < 500; i++)
		poll(NULL, 0, 20);
	assert_int_equal(world_processes(&world, pids, 16), services);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = { T(online), T(offline_and_then_online), T(leaves_no_process_behind) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
