/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fields that were changed here and on the platform while the upload stood still (DESIGN 9): nothing is lost, the clerk lays them side by side
 * and decides, one for ours, one for theirs; afterwards both sides say the same. */
#include <stdio.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "base/text.h"
#include "journeys/crowd.h"
#include "journeys/moves.h"
#include "journeys/world.h"

static const struct move_worker li = {"李秀兰", "13800001111", "gangjin", "青禾", "钢筋"};

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

static void change_there(const char *uid, const char *field, const char *to)
{
	char line[200];

	assert_true(text_format(line, sizeof(line), "change %s %s %s", uid, field, to));
	world_decide(&world, line);
}

static void change_here(const char *line)
{
	char out[600];

	crowd_command(&world, "clerk", 0, line, out, sizeof(out));
}

/* Both change the telephone number and a team's name, knowing nothing of each other. */
static void changed_on_both_sides(struct terminal *t)
{
	char person[64], team[64], line[160];

	world_platform_text(&world, "SELECT uid FROM records WHERE entity = 'person' AND body LIKE '%李秀兰%'", person, sizeof(person));
	world_platform_text(&world, "SELECT uid FROM records WHERE entity = 'team' AND body LIKE '%钢筋%' LIMIT 1", team, sizeof(team));
	terminal_keys(t, "u");
	terminal_keys(t, "x");
	terminal_expect(t, "已暂停");
	change_here("person edit 1 --phone 13800002222");
	text_format(line, sizeof(line), "team edit %s --name 钢筋甲班", team);
	change_here(line);
	change_there(person, "cellPhone", "13800003333");
	change_there(team, "teamName", "钢筋乙班");
	terminal_keys(t, "x");
	terminal_expect(t, "继续上传");
	terminal_keys(t, "n");
	move_home(t);
	terminal_expect(t, "两边不一致");
}

static void decided(void **state)
{
	struct terminal *t = world_shiming(&world);

	(void)state;
	move_login(t, "clerk");
	world_place(&world, "li-xiulan");
	move_fill(t, &li);
	world_remove(&world);
	terminal_expect(t, "已登记 李秀兰");
	terminal_keys(t, "u");
	terminal_keys(t, "n");
	move_home(t);
	world_wait_outbox_empty(&world);
	changed_on_both_sides(t);
	move_menu(t, "两边不一致");
	terminal_expect(t, "138****2222"); /* masked in the list … */
	terminal_expect(t, "138****3333");
	terminal_expect(t, "钢筋乙班");
	terminal_keys(t, "<Enter>");
	terminal_expect(t, "原来：13800001111"); /* … and whole where it is decided */
	terminal_expect(t, "这里：13800002222");
	terminal_expect(t, "平台：13800003333");
	terminal_keys(t, "<Tab><Enter>");
	terminal_expect(t, "已选定 1 项用这里的");
	terminal_keys(t, "<Enter>");
	terminal_expect(t, "平台：钢筋乙班");
	terminal_keys(t, "<Tab><Tab><Enter>");
	terminal_expect(t, "已选定 1 项用平台的");
	terminal_expect(t, "没有两边都改过的内容");
	terminal_keys(t, "<Esc>u");
	terminal_keys(t, "n");
	world_wait_outbox_empty(&world);
	world_expect(&world, "SELECT body->>'$.cellPhone' FROM records WHERE entity = 'person' AND body LIKE '%李秀兰%'", "13800002222");
	world_expect(&world, "SELECT count(*) FROM records WHERE entity = 'team' AND body LIKE '%钢筋乙班%'", "1");
	world_wait_box(&world, "SELECT count(*) FROM team WHERE name = '钢筋乙班'", "1");
	world_wait_box(&world, "SELECT count(*) FROM conflict WHERE choice = 0", "0");
	move_leave(t);
	terminal_close(t);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(decided, setup, teardown)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
