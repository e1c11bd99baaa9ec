/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * D5 from the card to the platform: one employer, two projects of one box, each with its own line to the same
 * platform. The worker is hired once; her card in the second project fills the form, and a colleague comes
 * over from the list. The platform has one employment and two assignments of each.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "journeys/crowd.h"
#include "journeys/moves.h"
#include "journeys/world.h"

#define SECOND "二期（练习）"

static const struct move_worker li = {"李秀兰", "13800001111", "gangjin", "青禾", "钢筋"};
static const struct move_worker sun = {"孙建国", "13800002222", "mugong", "青禾", "木工"};

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

static void command(const char *line)
{
	char out[4096];

	crowd_command(&world, "clerk", 0, line, out, sizeof(out));
}

/* The second project, its line enrolled at the same platform under a name of its own. */
static void second_project(void)
{
	const char *argv[] = {BIN_DIR "/shiming-platform", "enrol", "--dir", world.platform, "second", NULL};
	char line[600], code[64], url[120], ca[200];

	command("project add --name " SECOND " --code LX2");
	command("project start --project LX2");
	command("setting hold_seconds 0 --project LX2");
	command("participant add --project LX2 --company 91990101MA0XMXB23L --type 劳务分包 --manager 赵试 "
		"--manager-phone 13800000009");
	command("participant enter --project LX2 青禾劳务");
	command("team add --project LX2 --name 二期班组 --company 青禾劳务");
	command("team enter --project LX2 二期班组");
	assert_int_equal(world_run(&world, argv, code, sizeof(code)), 0);
	code[strcspn(code, "\n")] = '\0';
	world_box_text(&world, "SELECT value FROM setting WHERE name = 'platform.url'", url, sizeof(url));
	world_box_text(&world, "SELECT value FROM setting WHERE name = 'platform.ca_file'", ca, sizeof(ca));
	text_format(line, sizeof(line), "enrol --project LX2 --ca %s %s %s", ca, url, code);
	command(line);
}

static void go_to(struct terminal *t, const char *project)
{
	move_menu(t, "当前项目");
	terminal_keys(t, "p");
	terminal_expect(t, "全部项目");
	terminal_keys(t, !strcmp(project, SECOND) ? "<Down><Enter>" : "<Enter>");
	terminal_expect(t, "当前项目：");
	move_home(t);
}

static void hired(struct terminal *t, const char *card, const struct move_worker *w)
{
	world_place(&world, card);
	move_fill(t, w);
	world_remove(&world);
	terminal_expect(t, "读卡器就绪");
}

static void one_employer_two_projects(void **state)
{
	struct terminal *t = world_shiming(&world);

	(void)state;
	move_login(t, "clerk");
	terminal_expect(t, "读卡器就绪");
	hired(t, "li-xiulan", &li);
	hired(t, "sun-jianguo", &sun);
	world_wait_outbox_empty(&world);
	second_project();
	go_to(t, SECOND);
	/* her card: the form says that she is employed, the focus is on the team, nothing else is to be typed
	 */
	world_place(&world, "li-xiulan");
	terminal_expect(t, "不再聘用，资料沿用，选班组即可");
	terminal_expect(t, "▶ 班组");
	terminal_keys(t, "<F4><Enter><F2>");
	terminal_expect(t, "已登记 李秀兰");
	world_remove(&world);
	/* he comes over from the list */
	move_home(t);
	terminal_keys(t, "rj");
	terminal_expect(t, "本单位在其他项目的人");
	terminal_expect(t, "孙建国");
	terminal_keys(t, "/lxl");
	terminal_expect(t, "没有相符的人"); /* she is here already */
	terminal_keys(t, "<Esc>/sjg<Tab>");
	terminal_expect(t, "孙建国");
	terminal_keys(t, "g");
	terminal_expect(t, "二期班组");
	terminal_keys(t, "<Enter>");
	move_do(t, NULL, "孙建国");
	move_home(t);
	move_act(t, "lxl", "s", "已办理提交：李秀兰");
	move_act(t, "sjg", "s", "已办理提交：孙建国");
	world_wait_box(&world, "SELECT count(*) FROM employment", "2");
	world_wait_box(&world, "SELECT count(*) FROM assignment", "4");
	world_wait_outbox_empty(&world);
	terminal_expect(t, "退回 0");
	assert_int_equal(
		world_platform_number(&world, "SELECT count(*) FROM records WHERE entity = 'employment'"), 2);
	assert_int_equal(world_platform_number(&world, "SELECT count(*) FROM persons"), 2);
	world_expect(&world,
		     "SELECT count(*) FROM records WHERE entity = 'assignment' AND box <> (SELECT min(box) "
		     "FROM records)",
		     "2");
	move_leave(t);
	terminal_close(t);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(one_employer_two_projects, setup, teardown)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
