/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The main job through the real application where the platform speaks the open.api: card → registered → submitted → confirmed by the manager → on site
 * → exited, results coming later, with the line up and after a cut. The profile is the test's own: no region that ships is documented to take it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "base/text.h"
#include "journeys/crowd.h"
#include "journeys/moves.h"
#include "journeys/world.h"
#include "own_profile.h"

static const struct move_worker li = { "李秀兰", "13800001111", "gangjin", "青禾", "钢筋" };

#define STATE "SELECT a.state FROM assignments a JOIN persons p ON p.uid = a.person WHERE p.name = '李秀兰'"

static struct world world;
static struct own_profile profile;

static int setup(void **state)
{
	(void)state;
	own_profile_make(&profile, "open_api/open_api.json");
	world_open(&world, "open_api", NULL);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	world_close(&world);
	own_profile_drop(&profile);
	return 0;
}

/* The site's device is applied for on the platform's page (upload_way.h): ticked, so that what is open afterwards is the test's own. */
static void tick_device(void)
{
	char out[600];

	world_wait_box(&world, "SELECT count(*) FROM outbox WHERE kind = 'device.add' AND code = 'by-hand'", "1");
	crowd_command(&world, "clerk", 0, "outbox done-kind device.add", out, sizeof(out));
}

/* With the line down from the submission on: what follows is done without it and reaches the platform in order. */
static void from_the_card_to_the_gate(void **state)
{
	struct terminal *t = world_shiming(&world);

	(void)state;
	move_login(t, "clerk");
	terminal_expect(t, "读卡器就绪");
	tick_device();
	world_place(&world, "li-xiulan");
	move_fill(t, &li);
	world_remove(&world);
	move_act(t, "lxl", "s", "已办理提交：李秀兰");
	world_expect(&world, "SELECT count(*) FROM persons", "1");
	world_platform_off(&world);
	move_switch(t, "manager");
	move_act(t, "秀兰", "c", "已办理确认：李秀兰");
	move_switch(t, "clerk");
	move_act(t, "1111", "e", "已办理进场：李秀兰");
	world_platform_on(&world);
	world_expect(&world, STATE, "on_site");
	move_act(t, "lxl", "x", "已办理退场：李秀兰");
	world_expect(&world, STATE, "exited");
	world_wait_outbox_empty(&world);
	terminal_expect(t, "待传 0");
	move_leave(t);
	terminal_close(t);
	assert_int_equal(world_platform_number(&world, "SELECT count(*) FROM persons"), 1);
	assert_int_equal(world_platform_number(&world, "SELECT count(*) FROM assignments"), 1);
	assert_int_equal(world_platform_number(&world, "SELECT applied FROM assignments"), 3); /* in the team, in, out: once each */
	assert_int_equal(world_platform_number(&world, "SELECT document = '440199198309050029' AND phone = '13800001111' FROM persons"), 1);
	assert_int_equal(world_platform_number(&world, "SELECT count(*) FROM tickets WHERE status = 10"), 0);
}

/* K4: what no call carries stands on the list of what is to be done on the platform's page, is ticked there with the platform's number, and is
 * then a confirmed record like any other. */
static void by_hand_on_the_page(void **state)
{
	struct terminal *t = world_shiming(&world);
	char out[600];

	(void)state;
	move_login(t, "clerk");
	tick_device();
	world_wait_outbox_empty(&world);
	crowd_command(&world, "clerk", 0, "company edit 91990101MA0XMXB23L short_name=青禾", out, sizeof(out));
	terminal_keys(t, "u");
	terminal_keys(t, "n");
	terminal_keys(t, "<Esc>");
	move_menu(t, "平台页面待办");
	terminal_expect(t, "企业信息更正");
	terminal_keys(t, "<Enter>");
	terminal_expect(t, "平台给的编号可一并记下");
	terminal_keys(t, "P-20261120<Enter><Enter>");
	terminal_expect(t, "已记为在平台页面办完");
	terminal_expect_gone(t, "企业信息更正 ");
	move_home(t);
	terminal_keys(t, "uff");
	terminal_expect(t, "企业信息更正");
	terminal_keys(t, "<Enter>");
	terminal_expect(t, "P-20261120");
	move_home(t);
	move_leave(t);
	terminal_close(t);
}

int main(void)
{
	static const struct CMUnitTest tests[] = { cmocka_unit_test_setup_teardown(from_the_card_to_the_gate, setup, teardown),
						   cmocka_unit_test_setup_teardown(by_hand_on_the_page, setup, teardown) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
