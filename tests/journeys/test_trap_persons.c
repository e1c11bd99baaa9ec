/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What users of Shanghai's system wrote in about, in four rounds (SH-QA), and what must never come back here: about persons. Duplicates after receiving
 * (first round 进场 1, second round 进场 3, 4), masked numbers that nobody can compare (first round 进场 2), edits that do not stick (first round
 * 基本信息 5, second round 8), a search that finds nothing (first round 4), other staff that cannot be registered (first round 6). And the
 * do-not-hire mark at the card (L3).
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "journeys/crowd.h"
#include "journeys/moves.h"
#include "journeys/world.h"

#define LI_NUMBER "440199198309050029"
#define PEOPLE "SELECT count(*) FROM persons"
#define KNOWN "SELECT count(*) FROM person"

static const struct move_worker li = {"李秀兰", "13800001111", "gangjin", "青禾", "钢筋"};

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

static void finds(struct terminal *t, const char *typed, const char *count)
{
	terminal_keys(t, "<Esc>");
	terminal_expect(t, "按 / 后键入");
	terminal_keys(t, "/");
	terminal_keys(t, typed);
	terminal_expect_text(t, count);
}

/* The form for somebody without a card, up to the telephone; the number tells birth and sex. */
static void type_person(struct terminal *t, const char *number, const char *name)
{
	terminal_keys(t, "n");
	terminal_expect(t, "手工录入");
	move_field(t, "证件号码", number);
	move_field(t, "姓名", name);
	move_on_to(t, "证件住址");
	move_field(t, "证件住址", "某省某市虚构区示例路2号");
	move_on_to(t, "手机号码");
}

/* --- one person, once --------------------------------------------------------------------------------------------------------------------- */

/* Two clerks at two screens have the same worker before them, one by card, one by hand: whoever saves second is told and loses nothing. */
static void two_clerks_one_person(void **state)
{
	struct terminal *a = world_shiming(&world), *b;
	char verdict[16];

	(void)state;
	move_login(a, "clerk");
	terminal_expect(a, "读卡器就绪");
	world_place(&world, "li-xiulan");
	move_fill_unsaved(a, &li);
	world_remove(&world);
	b = world_shiming(&world);
	move_login(b, "company");
	type_person(b, LI_NUMBER, "李秀兰");
	move_fill(b, &(struct move_worker){"李秀兰", "13800002222", "mugong", "青禾", "木工"});
	terminal_keys(a, "<F2>");
	terminal_expect(a, "已经登记过");
	move_up_to(a, "手机号码");
	terminal_expect(a, "13800001111");
	terminal_keys(a, "<F3>");
	terminal_expect(a, "尾号 0029");
	terminal_expect(a, "138****2222");
	/* The foreman's sheet has her too, and once more by the fifteen digits of before 1999. */
	crowd_row_come(&world, &(struct crowd_row){"李秀兰", LI_NUMBER, "13800002222", "青禾建筑劳务有限公司（练习）", "木工一班", "木工"}, verdict);
	assert_string_not_equal(verdict, "new");
	crowd_row_come(&world, &(struct crowd_row){"李秀兰", "440199830905002", "13800002222", "青禾建筑劳务有限公司（练习）", "木工一班", "木工"}, verdict);
	assert_string_not_equal(verdict, "new");
	world_wait_outbox_empty(&world);
	world_wait_box(&world, KNOWN, "1");
	assert_int_equal(world_platform_number(&world, PEOPLE), 1);
	move_home(b);
	terminal_keys(b, "r");
	terminal_expect(b, "全部  1 人");
}

/* SH-QA 进场 1: shown several times after receiving. The answers are lost, everything is sent again, the news arrive twice: one row, one effect. */
static void received_on_a_bad_line(void **state)
{
	struct terminal *t = world_shiming(&world);

	(void)state;
	move_login(t, "clerk");
	world_place(&world, "li-xiulan");
	world_wait_outbox_empty(&world);
	world_decide(&world, "fault post:drop");
	move_fill(t, &li);
	world_remove(&world);
	terminal_expect(t, "离线"); /* taken by the platform, and the box does not know */
	world_expect(&world, PEOPLE, "1");
	world_decide(&world, "no-faults");
	world_decide(&world, "fault post:twice");
	terminal_keys(t, "u");
	terminal_expect(t, "立即上传");
	terminal_keys(t, "n");
	terminal_expect(t, "待传 0");
	move_home(t);
	terminal_expect(t, "待提交                  1");
	move_act(t, "lxl", "s", "已办理提交：李秀兰");
	move_switch(t, "manager");
	move_act(t, "lxl", "c", "已办理确认：李秀兰");
	world_wait_outbox_empty(&world);
	terminal_keys(t, "r");
	terminal_expect(t, "全部  1 人");
	assert_int_equal(world_platform_number(&world, PEOPLE), 1);
	assert_int_equal(world_platform_number(&world, "SELECT count(*) FROM assignments"), 1);
	assert_int_equal(world_platform_number(&world, "SELECT applied FROM assignments"), 2); /* submitted and confirmed, each once */
	move_home(t);
	move_leave(t);
	terminal_close(t);
}

/* --- masked, and told apart all the same --------------------------------------------------------------------------------------------------- */

/* Two of one name whose numbers differ in the middle, where the mask is: rows tell them apart, and the comparison says 'different' of what it hides. */
static void masked_numbers_compared(void **state)
{
	struct terminal *t = world_shiming(&world);
	char verdict[16], one[ID_NUMBER_TEXT] = "44049919800101001", two[ID_NUMBER_TEXT] = "44049919800102001";

	(void)state;
	one[17] = id_number_check_digit(one);
	two[17] = id_number_check_digit(two);
	crowd_row_come(&world, &(struct crowd_row){"周试明", one, "13900000001", "青禾建筑劳务有限公司（练习）", "木工一班", "木工"}, verdict);
	crowd_row_come(&world, &(struct crowd_row){"周试明", two, "13900000001", "青禾建筑劳务有限公司（练习）", "木工一班", "木工"}, verdict);
	assert_string_equal(verdict, "new");
	move_login(t, "clerk");
	terminal_keys(t, "r");
	terminal_expect(t, "  2 人");
	terminal_expect_text(t, one + 14);
	terminal_expect_text(t, two + 14);
	move_home(t);
	move_open(t, one + 14);
	terminal_keys(t, "u");
	terminal_expect(t, "疑似同一人");
	terminal_keys(t, "<Enter>");
	terminal_expect(t, "比较两份档案");
	terminal_expect(t, "440499********");
	for (const char *const *s = (const char *const[]){one, two, NULL}; *s; s++)
		assert_false(terminal_shows(t, *s));
	{
		int row = terminal_find(t, "证件号码", NULL), phone = terminal_find(t, "手机号码", NULL);

		assert_true(row >= 0 && phone >= 0);
		assert_non_null(strstr(terminal_row(t, row), "不同"));
		assert_non_null(strstr(terminal_row(t, phone), "相同"));
	}
	terminal_keys(t, "t");
	terminal_expect(t, "是两个人");
	terminal_keys(t, "身份证看过<Enter><Enter>");
	terminal_expect(t, "已记录：是两个人");
}

/* --- edits stick -------------------------------------------------------------------------------------------------------------------------- */

static void amend(struct terminal *t, const char *label, const char *typed)
{
	terminal_keys(t, "m");
	terminal_expect(t, "修改资料");
	move_up_to(t, label);
	terminal_keys(t, "<F6>");
	terminal_keys(t, typed);
	terminal_keys(t, "<F2>");
	terminal_expect(t, "已修改 1 项");
}

/* Edited, saved, left and come back to, the program ended and begun again, killed and begun again: what was saved last stands there and there only. */
static void edits_stick(void **state)
{
	struct terminal *t = world_shiming(&world);

	(void)state;
	move_login(t, "clerk");
	world_place(&world, "li-xiulan");
	move_fill(t, &li);
	world_remove(&world);
	move_open(t, "lxl");
	amend(t, "手机号码", "13800007777");
	terminal_expect(t, "138****7777");
	move_home(t);
	move_open(t, "7777"); /* found by the new one, not by the old */
	terminal_expect(t, "138****7777");
	move_home(t);
	terminal_keys(t, "r/1111");
	terminal_expect(t, "没有相符的人");
	move_home(t);
	move_leave(t);
	terminal_close(t);
	t = world_shiming(&world);
	move_login(t, "clerk");
	move_open(t, "lxl");
	terminal_expect(t, "138****7777");
	amend(t, "工种", "mugong");
	terminal_expect(t, "木工");
	kill(terminal_pid(t), SIGKILL);
	terminal_close(t);
	t = world_shiming(&world);
	move_login(t, "clerk");
	move_open(t, "lxl");
	terminal_expect(t, "木工");
	terminal_expect(t, "138****7777");
	world_wait_outbox_empty(&world);
	world_expect(&world, "SELECT phone FROM persons", "13800007777");
}

/* --- found ------------------------------------------------------------------------------------------------------------------------------- */

static void found_by_any_part(void **state)
{
	static const struct {
		const char *typed, *count;
	} searches[] = {
		{"试三", "  2 人"}, {"试", "  12 人"}, {"zhengshi", "  1 人"}, {"zse", "  3 人"}, {"木工一", "  12 人"}, {"青禾", "  12 人"},
		{"待提交", "  12 人"}, {"王小", "没有相符的人"},
	};
	struct terminal *t = world_shiming(&world);
	char number[ID_NUMBER_TEXT];

	(void)state;
	crowd_come(&world, &(struct crowd){10, 12, "青禾建筑劳务有限公司（练习）", "木工一班", "木工"});
	move_login(t, "clerk");
	terminal_keys(t, "r");
	terminal_expect(t, "  12 人");
	terminal_keys(t, "/");
	for (size_t i = 0; i < sizeof(searches) / sizeof(searches[0]); i++)
		finds(t, searches[i].typed, searches[i].count);
	crowd_number(13, number);
	finds(t, number, "  1 人"); /* the whole number */
	finds(t, number + 14, "  1 人");
	finds(t, "13900000017", "  1 人");
}

/* --- other staff, and who must not be hired ------------------------------------------------------------------------------------------------ */

/* SH-QA r2 基本信息 6: a cook has no company of the building trade: the general contractor is the employer, as 其他人员, in a team of such. */
static void a_cook_is_registered(void **state)
{
	struct terminal *t = world_shiming(&world);

	(void)state;
	move_login(t, "clerk");
	world_place(&world, "li-xiulan");
	terminal_expect(t, "李秀兰");
	move_field(t, "手机号码", "13800001111");
	move_field(t, "人员类别", "<F6>其他人员");
	move_fill(t, &(struct move_worker){"李秀兰", NULL, "Q01", "云溪", "后勤"});
	world_remove(&world);
	terminal_expect(t, "待提交                  1");
	move_switch(t, "manager");
	move_act(t, "lxl", "s", "已办理提交：李秀兰");
	move_act(t, "lxl", "e", "已办理进场：李秀兰");
	world_expect(&world, "SELECT state FROM assignments", "on_site");
	assert_int_equal(world_platform_number(&world, "SELECT count(*) FROM employments WHERE state = 'registered'"), 1);
}

/* L3: the mark stands at the card; who may not override is refused; who may says why; then the worker comes in like anybody. */
static void marked_passed_and_registered(void **state)
{
	struct terminal *t = world_shiming(&world);

	(void)state;
	move_login(t, "clerk");
	world_place(&world, "li-xiulan");
	move_fill(t, &li);
	world_remove(&world);
	terminal_expect(t, "待提交                  1");
	move_act(t, "lxl", "s", "已办理提交：李秀兰");
	move_open(t, "lxl");
	terminal_keys(t, "b");
	terminal_expect(t, "不宜录用");
	terminal_keys(t, "a");
	move_field(t, "原因", "上一工地打架");
	terminal_keys(t, "<F2>");
	terminal_expect(t, "上一工地打架");
	move_home(t);
	world_place(&world, "wang-daqiang"); /* the same card within five seconds would be one card */
	terminal_expect(t, "王大强");
	world_remove(&world);
	move_home(t);
	terminal_expect(t, "读卡器就绪");
	world_place(&world, "li-xiulan"); /* the card tells at once */
	terminal_expect(t, "尾号 0029");
	terminal_expect(t, "不宜录用");
	world_remove(&world);
	terminal_keys(t, "b");
	terminal_expect(t, "上一工地打架");
	terminal_keys(t, "o");
	terminal_expect(t, "只在本项目放行");
	terminal_keys(t, "缺人<Enter><Enter>");
	terminal_expect(t, "无权");
	move_home(t);
	move_switch(t, "manager");
	move_act(t, "lxl", "c", "已办理确认：李秀兰");
	move_act_refused(t, "lxl", "e", "不宜录用");
	move_open(t, "lxl");
	terminal_keys(t, "b");
	terminal_expect(t, "上一工地打架");
	terminal_keys(t, "o");
	terminal_expect(t, "只在本项目放行");
	terminal_keys(t, "已与本人谈过<Enter><Enter>");
	terminal_expect(t, "已放行");
	move_home(t);
	move_act(t, "lxl", "e", "已办理进场：李秀兰");
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(two_clerks_one_person), T(received_on_a_bad_line), T(masked_numbers_compared),      T(edits_stick),
		T(found_by_any_part),	  T(a_cook_is_registered),   T(marked_passed_and_registered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
