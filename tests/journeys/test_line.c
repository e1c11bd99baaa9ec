/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The line to the platform, as a clerk meets it: a token that is void, a code that is wrong, the box enrolled anew; work goes on all the while. */
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

static void type_code(struct terminal *t, const char *code)
{
	terminal_keys(t, "e");
	terminal_expect(t, "登记码");
	terminal_keys(t, code);
	terminal_keys(t, "<Enter><Enter>");
}

/* As if the platform had withdrawn it. */
static void void_the_token(void)
{
	char path[96], line[160], out[600];
	FILE *f;

	assert_true(text_format(path, sizeof(path), "%s/token", world.dir));
	f = fopen(path, "w");
	assert_non_null(f);
	assert_true(fputs("void-by-now\n", f) >= 0);
	assert_int_equal(fclose(f), 0);
	text_format(line, sizeof(line), "setting platform.token --value-file %s", path);
	crowd_command(&world, "clerk", 0, line, out, sizeof(out));
}

/* R6: 401 in mid-run: nothing is lost, work goes on; enrolled anew, all of it goes out once. */
static void enrolled_anew(void **state)
{
	const char *argv[] = {BIN_DIR "/shiming-platform", "enrol", "--dir", world.platform, "practice", NULL};
	struct terminal *t = world_shiming(&world);
	char out[600], code[64];

	(void)state;
	move_login(t, "clerk");
	terminal_expect(t, "读卡器就绪");
	world_wait_outbox_empty(&world);
	void_the_token();
	world_platform_off(&world); /* the runner reads its settings anew after trouble */
	terminal_keys(t, "u");
	terminal_keys(t, "n");
	terminal_expect(t, "离线 · ");
	world_platform_on(&world);
	terminal_keys(t, "n");
	terminal_expect(t, "上传受阻 · ");
	terminal_expect(t, "平台不认可本机的令牌（401）");
	move_home(t);
	world_place(&world, "li-xiulan");
	move_fill(t, &li);
	world_remove(&world);
	terminal_expect(t, "已登记 李秀兰");

	move_menu(t, "平台连接");
	terminal_keys(t, "t");
	terminal_expect(t, "平台不认可本机的令牌：请重新登记本机");
	type_code(t, "00000-00000-00000");
	terminal_expect(t, "平台不认可这个登记码");
	assert_int_equal(world_run(&world, argv, out, sizeof(out)), 0);
	assert_true(text_copy(code, sizeof(code), out));
	code[strcspn(code, "\n")] = '\0';
	type_code(t, code);
	terminal_expect(t, "本机已登记。连接正常");
	move_home(t);
	world_wait_outbox_empty(&world);
	terminal_expect(t, "待传 0 · 退回 0");
	world_expect(&world, "SELECT count(*) FROM persons WHERE name = '李秀兰'", "1");
	world_expect(&world, "SELECT max(applied) FROM persons", "1");
	move_leave(t);
	terminal_close(t);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(enrolled_anew, setup, teardown)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
