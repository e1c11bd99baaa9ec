/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A foreman's list of a whole team (SH-QA r2 进场 5; E7, U13): read, tried, taken; what was wrong saved with its reasons, mended in that very file
 * and taken from there; the first file again changes nothing; the import is undone as one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "base/text.h"
#include "journeys/crowd.h"
#include "journeys/moves.h"
#include "journeys/world.h"

#define PEOPLE "SELECT count(*) FROM person"
#define LABOUR "青禾建筑劳务有限公司（练习）"

static struct world world;

static int setup(void **state)
{
	(void)state;
	world_open(&world, "national", "60");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	world_close(&world);
	return 0;
}

/* Three rows; the number of the second is mistyped, the third names a team that is not there. */
static void write_list(const char *path)
{
	char number[ID_NUMBER_TEXT], name[CROWD_NAME], phone[12];
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs("姓名,身份证号,家庭住址,联系电话,人员类型,工种,用工单位,班组名称,合同类型,合同开始日期,合同结束日期,计酬方式,工资标准\n", f);
	for (unsigned i = 1; i <= 3; i++) {
		crowd_number(i, number);
		crowd_name(i, name);
		crowd_phone(i, phone);
		if (i == 2)
			number[17] = number[17] == '0' ? '1' : '0';
		fprintf(f, "%s,%s,虚构市示例路%u号,%s,建筑工人,木工,%s,%s,固定期限合同,2026-11-20,2028-12-31,按月,6500\n", name, number, i, phone, LABOUR,
			i == 3 ? "没有的班组" : "木工一班");
	}
	assert_int_equal(fclose(f), 0);
}

/* What stands for `from` everywhere in the file stands as `to`. */
static void replace(const char *path, const char *from, const char *to)
{
	static char text[65536], made[65536];
	FILE *f = fopen(path, "r");
	char *at = text, *hit;
	size_t n;

	assert_non_null(f);
	n = fread(text, 1, sizeof(text) - 1, f);
	text[n] = made[0] = '\0';
	fclose(f);
	assert_non_null(strstr(text, from));
	for (; (hit = strstr(at, from)); at = hit + strlen(from)) {
		*hit = '\0';
		strcat(strcat(made, at), to);
	}
	strcat(made, at);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_true(fputs(made, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void type_path(struct terminal *t, const char *path)
{
	terminal_keys(t, path);
	terminal_keys(t, "<F2>");
}

static void a_list_with_bad_rows(void **state)
{
	char list[120], bad[120], wrong[ID_NUMBER_TEXT], number[ID_NUMBER_TEXT];
	struct terminal *t = world_shiming(&world);

	(void)state;
	snprintf(list, sizeof(list), "%s/list.csv", world.dir);
	snprintf(bad, sizeof(bad), "%s/bad.csv", world.dir);
	write_list(list);
	move_login(t, "clerk");
	move_menu(t, "导入花名册");
	type_path(t, list);
	terminal_expect(t, "新登记 1 人");
	world_wait_box(&world, PEOPLE, "0"); /* only tried */
	terminal_keys(t, "<Tab><Enter>");
	terminal_expect(t, "已导入：新登记 1");
	terminal_expect(t, "不是本项目的班组");
	world_wait_box(&world, PEOPLE, "1");
	/* what was wrong, mended where it stands, and taken from there */
	terminal_keys(t, "<F6>");
	terminal_keys(t, bad);
	terminal_keys(t, "<Tab><Tab><Enter>");
	terminal_expect(t, "已写到");
	crowd_number(2, number);
	text_copy(wrong, sizeof(wrong), number);
	wrong[17] = wrong[17] == '0' ? '1' : '0';
	replace(bad, wrong, number);
	replace(bad, "没有的班组", "木工一班");
	terminal_keys(t, "<Esc>");
	move_home(t);
	world_wait_outbox_empty(&world);
	world_decide(&world, "fault any:503"); /* nothing of what follows leaves: it can be undone */
	move_menu(t, "导入花名册");
	type_path(t, bad);
	terminal_expect(t, "新登记 2 人");
	terminal_keys(t, "<Tab><Enter>");
	terminal_expect(t, "已导入：新登记 2");
	world_wait_box(&world, PEOPLE, "3");
	/* the same file again: nothing to take */
	terminal_keys(t, "<F2>");
	terminal_expect(t, "没有变化 2");
	world_wait_box(&world, PEOPLE, "3");
	terminal_keys(t, "<Esc>");
	move_home(t);
	move_undo(t, NULL);
	terminal_keys(t, "r");
	terminal_expect(t, "1 人"); /* the second import's two are gone, the first one's is not */
}

int main(void)
{
	static const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(a_list_with_bad_rows, setup, teardown)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
