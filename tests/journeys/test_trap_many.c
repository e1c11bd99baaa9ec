/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The traps of SH-QA about many at once (first round 基本信息 3, third round 3): entry, exit and dismissal in bulk, with a preview of who can and who
 * cannot, a typed word for more than ten, and one undo for all; the network away all the while.
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
#define ON_SITE "SELECT count(*) FROM assignments WHERE state = 'on_site'"
#define EMPLOYED(state) "SELECT count(*) FROM employments WHERE state = '" state "'"

static struct world world;

static int teardown(void **state)
{
	(void)state;
	world_close(&world);
	return 0;
}

/* Marks all, asks for the act; the preview says who can. */
static void mark_all(struct terminal *t, const char *marked, const char *key, const char *can)
{
	terminal_keys(t, "r");
	terminal_expect(t, "工人名册");
	terminal_keys(t, "*");
	terminal_expect_text(t, marked);
	terminal_keys(t, key);
	terminal_expect_text(t, can);
}

static void in_and_out_in_bulk(void **state)
{
	struct terminal *t;

	(void)state;
	world_open(&world, "jiangmen", NULL);
	t = world_shiming(&world);
	move_login(t, "clerk");
	crowd_come(&world, &(struct crowd){1, 14, LABOUR, "木工一班", "木工"});
	terminal_expect(t, "待进场                 14");
	world_wait_outbox_empty(&world);
	world_platform_off(&world);
	mark_all(t, "已标记 14 人", "e", "能办 14 人");
	/* Enter alone does nothing, nor does another word. */
	terminal_keys(t, "<F2>");
	terminal_expect(t, "请确认");
	terminal_keys(t, "<Tab><Tab><Enter>");
	terminal_expect(t, "请先键入");
	terminal_keys(t, "退场<Enter><Enter>");
	terminal_expect(t, "请先键入");
	terminal_keys(t, "<Backspace><Backspace>进场<Enter><Enter>");
	terminal_expect(t, "已办理进场：14 人");
	move_home(t);
	terminal_expect(t, "在场                   14");
	mark_all(t, "已标记 14 人", "x", "能办 14 人");
	move_do(t, "退场", "已办理退场：14 人");
	move_home(t);
	terminal_expect(t, "在场                    0");
	move_undo(t, "撤销");
	terminal_expect(t, "在场                   14");
	assert_int_equal(world_platform_number(&world, ON_SITE), 0);
	world_platform_on(&world);
	terminal_keys(t, "u");
	terminal_expect(t, "立即上传");
	terminal_keys(t, "n");
	world_expect(&world, ON_SITE, "14");
	world_wait_outbox_empty(&world);
	assert_int_equal(world_platform_number(&world, "SELECT count(*) FROM persons"), 14);
}

static void dismissed_in_bulk(void **state)
{
	struct terminal *t;

	(void)state;
	world_open(&world, "shanghai", "0");
	t = world_shiming(&world);
	move_login(t, "company");
	crowd_come(&world, &(struct crowd){1, 12, LABOUR, "木工一班", "木工"});
	world_expect(&world, EMPLOYED("accepted"), "12");
	move_menu(t, "聘用与离职");
	terminal_expect(t, "等什么");
	terminal_expect(t, "本人已同意聘用");
	terminal_keys(t, "*u");
	terminal_expect(t, "能办 12 人");
	move_do(t, "用工登记", "已办理用工登记：12 人");
	world_expect(&world, EMPLOYED("registered"), "12"); /* this platform takes them at once */
	move_home(t);
	world_wait_box(&world, "SELECT count(*) FROM employment WHERE state = 'registered'", "12");
	/* A thirteenth whom the platform has not taken yet: the preview says that he cannot, and why. */
	crowd_come(&world, &(struct crowd){13, 1, LABOUR, "木工一班", "木工"});
	world_wait_outbox_empty(&world);
	world_platform_off(&world);
	mark_all(t, "已标记 13 人", "d", "能办 12 人，不能办 1 人");
	terminal_keys(t, "<F2>");
	terminal_expect(t, "采用");
	terminal_keys(t, "工程缩减<Enter><Enter>");
	terminal_expect(t, "原因：工程缩减");
	move_do(t, "解聘", "1 人没有办");
	world_wait_box(&world, "SELECT count(*) FROM employment WHERE state = 'dismissing'", "12");
	move_home(t);
	move_undo(t, "撤销");
	world_wait_box(&world, "SELECT count(*) FROM employment WHERE state = 'registered'", "12");
	world_platform_on(&world);
	world_wait_outbox_empty(&world);
	assert_int_equal(world_platform_number(&world, EMPLOYED("dismissing")), 0);
	assert_int_equal(world_platform_number(&world, EMPLOYED("registered")), 12);
}

int main(void)
{
#define T(f) cmocka_unit_test_teardown(f, teardown)
	const struct CMUnitTest tests[] = {T(in_and_out_in_bulk), T(dismissed_in_bulk)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
