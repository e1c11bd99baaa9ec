/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes wrong in a clerk's day: killed in mid-form, a record refused by the platform, another region's rules. */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "base/dates.h"
#include "journeys/moves.h"
#include "journeys/world.h"

static const struct move_worker li = { "李秀兰", "13800001111", "gangjin", "青禾", "钢筋" };

static struct world world;

static int teardown(void **state)
{
	(void)state;
	world_close(&world);
	return 0;
}

/* U6: what was typed is there again, to the last second before the kill, and the card's fields are still the card's. */
static void a_draft_survives_kill_9(void **state)
{
	struct terminal *t;

	(void)state;
	world_open(&world, "national", NULL);
	t = world_shiming(&world);
	move_login(t, "clerk");
	world_place(&world, "zhou-jian");
	terminal_expect(t, "周𠮷安");
	terminal_keys(t, "13800003333");
	terminal_expect(t, "13800003333");
	world_wait_box(&world, "SELECT count(*) FROM draft", "1");
	kill(terminal_pid(t), SIGKILL);
	terminal_close(t);
	world_remove(&world);

	t = world_shiming(&world);
	terminal_expect(t, "口令  ");
	terminal_keys(t, "clerk<Enter>Lianxi-2026<Enter>");
	terminal_expect(t, "草稿 1 份");
	terminal_keys(t, "<Enter>");
	terminal_expect(t, "继续填写");
	terminal_keys(t, "<Enter>");
	terminal_expect(t, "周𠮷安");
	terminal_expect(t, "13800003333");
	terminal_expect(t, "读卡登记");
	/* the same form goes on to be saved, and the draft with it */
	move_fill(t, &(struct move_worker){ "周𠮷安", NULL, "gangjin", "青禾", "钢筋" });
	world_wait_box(&world, "SELECT count(*) FROM draft", "0");
	world_expect(&world, "SELECT phone FROM persons WHERE name = '周𠮷安'", "13800003333");
}

/* A refused record stays as typed, says why, holds up its own followers only; mended, it goes as a new operation. */
static void refused_mended_and_sent_again(void **state)
{
	struct terminal *t;
	char rule[64];

	(void)state;
	world_open(&world, "national", NULL);
	t = world_shiming(&world);
	move_login(t, "clerk");
	world_wait_outbox_empty(&world);
	snprintf(rule, sizeof(rule), "fault refuse=%lld", (long long)world_platform_number(&world, "SELECT count(*) + 1 FROM operations"));
	world_decide(&world, rule);
	world_place(&world, "li-xiulan");
	move_fill(t, &li);
	world_remove(&world);
	terminal_expect(t, "退回 1");
	assert_int_equal(world_platform_number(&world, "SELECT count(*) FROM persons"), 0);
	terminal_keys(t, "u");
	terminal_expect(t, "按测试要求退回");
	world_decide(&world, "no-faults");
	terminal_keys(t, "m");
	terminal_expect(t, "13800001111");
	move_up_to(t, "手机号码");
	terminal_keys(t, "<F6>13800004444<F2>");
	terminal_expect(t, "退回 0");
	world_wait_outbox_empty(&world);
	world_expect(&world, "SELECT phone FROM persons WHERE name = '李秀兰'", "13800004444");
	world_expect(&world, "SELECT state FROM employments", "offered");
}

/* The platform's words and ours on the upload screen; Enter leads to the very field; saving sends again; the old row says so. */
static void refused_for_its_phone(void **state)
{
	struct terminal *t;
	char rule[64];

	(void)state;
	world_open(&world, "national", NULL);
	t = world_shiming(&world);
	move_login(t, "clerk");
	world_wait_outbox_empty(&world);
	snprintf(rule, sizeof(rule), "fault refuse-phone=%lld", (long long)world_platform_number(&world, "SELECT count(*) + 1 FROM operations"));
	world_decide(&world, rule);
	world_place(&world, "li-xiulan");
	move_fill(t, &li);
	world_remove(&world);
	terminal_expect(t, "退回 1");
	terminal_keys(t, "u");
	terminal_expect(t, "手机号码与姓名核验不一致");
	terminal_expect(t, "打开此人，改正手机号码后保存，会自动重新上传");
	terminal_keys(t, "<Enter>");
	terminal_expect(t, "修改资料");
	terminal_expect(t, "▶ 手机号码");
	terminal_expect(t, "13800001111"); /* as it was typed */
	terminal_keys(t, "<F6>13800004444<F2>");
	terminal_expect(t, "已修改 1 项");
	terminal_expect(t, "退回 0");
	world_wait_outbox_empty(&world);
	terminal_keys(t, "ff");
	terminal_expect(t, "全部");
	terminal_expect(t, "已更正");
	world_expect(&world, "SELECT phone FROM persons WHERE name = '李秀兰'", "13800004444");
}

/* The same build under other rules: no consent, no steps before entry, its date may be set (E4). */
static void jiangmen(void **state)
{
	struct terminal *t;
	char yesterday[DATE_TEXT];

	(void)state;
	date_format(date_today() - 1, yesterday);
	world_open(&world, "jiangmen", NULL);
	t = world_shiming(&world);
	move_login(t, "clerk");
	terminal_expect(t, "江门");
	world_place(&world, "li-xiulan");
	move_fill(t, &li);
	world_remove(&world);
	terminal_expect(t, "待进场                  1");
	terminal_keys(t, "r");
	terminal_expect(t, "李秀兰");
	terminal_keys(t, "e");
	terminal_expect(t, "能办 1 人");
	terminal_keys(t, "<F5>");
	terminal_expect(t, "办理的日期");
	terminal_keys(t, "<C-u>");
	terminal_keys(t, yesterday);
	terminal_keys(t, "<Enter>");
	terminal_expect(t, "[采用]");
	terminal_keys(t, "<Enter>");
	terminal_expect_gone(t, "采用");
	terminal_expect_text(t, yesterday);
	terminal_keys(t, "<F2>");
	terminal_expect(t, "请确认");
	terminal_keys(t, "<Tab><Enter>");
	terminal_expect(t, "已办理进场：李秀兰");
	world_expect(&world, "SELECT state FROM assignments", "on_site");
	world_expect(&world, "SELECT entered_on FROM assignments", yesterday);
	terminal_keys(t, "<Esc>");
	move_act(t, "lxl", "x", "已办理退场：李秀兰");
	world_expect(&world, "SELECT state FROM assignments", "exited");
}

int main(void)
{
#define T(f) cmocka_unit_test_teardown(f, teardown)
	const struct CMUnitTest tests[] = { T(a_draft_survives_kill_9), T(refused_mended_and_sent_again), T(refused_for_its_phone),
		T(jiangmen) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
