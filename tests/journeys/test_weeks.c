/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The weeks after entry, as the clerk goes through them on a site that has a fortnight behind it: posts, alarms from the day's count to what
 * mends them, clocking with a scanner, the month sheet on paper, devices, registers.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "base/dates.h"
#include "base/text.h"
#include "journeys/crowd.h"
#include "journeys/moves.h"
#include "journeys/world.h"

static struct world world;
static struct terminal *t;

static int begin(const char *profile)
{
	world_open_weeks(&world, profile);
	t = world_shiming(&world);
	move_login(t, "clerk");
	return 0;
}

static int chengdu(void **state)
{
	(void)state;
	return begin("chengdu");
}

static int shanghai(void **state)
{
	(void)state;
	return begin("shanghai");
}

static int closed(void **state)
{
	(void)state;
	world_close(&world);
	return 0;
}

/* By the key that stands before it in the menu. */
static void open_place(const char *key, const char *shows)
{
	terminal_keys(t, "o");
	terminal_expect(t, "人员与合同");
	terminal_keys(t, key);
	terminal_expect_text(t, shows);
}

/* Down to the row that begins with this; the cursor stands there then. */
static void row(const char *text)
{
	char at[96];

	snprintf(at, sizeof(at), "▶ %s", text);
	terminal_keys(t, "<Home>");
	for (int i = 0; i < 40 && !terminal_wait_for(t, at, 150); i++)
		terminal_keys(t, "<Down>");
	terminal_expect_text(t, at);
}

#define RECORDS(entity) "SELECT count(*) FROM records WHERE entity = '" entity "'"
#define FILLED "SELECT count(*) FROM records WHERE entity = 'post' AND state = 'filled'"

/* F3, F5: a vacancy is filled by whoever may, is left again, and the day's absence is filed; the platform hears of each. */
static void a_post_is_filled_left_and_excused(void **state)
{
	(void)state;
	world_expect(&world, FILLED, "4");
	open_place("w", "智慧工地");
	row("质检员");
	terminal_keys(t, "<Enter>");
	terminal_expect(t, "选岗位人员");
	terminal_expect(t, "已任施工员；先撤下原来的岗位");
	row("孔练检");
	terminal_keys(t, "<Enter>");
	terminal_expect(t, "质检员：设置 孔练检 吗？");
	terminal_keys(t, "<Tab><Tab><Enter>");
	terminal_expect(t, "质检员：已设置 孔练检");
	world_expect(&world, FILLED, "5");
	row("施工员");
	terminal_keys(t, "v");
	terminal_expect(t, "撤下");
	terminal_keys(t, "调走<Tab><Tab><Enter>");
	world_expect(&world, FILLED, "4");
	row("安全员");
	terminal_keys(t, "b");
	terminal_expect(t, "缺勤报备");
	terminal_keys(t, "住院<Tab><Tab><Enter>");
	terminal_expect(t, "今天的缺勤已报备");
	world_expect(&world, RECORDS("absence"), "1");
	terminal_keys(t, "l");
	terminal_expect(t, "住院");
}

/* F9: from the count on the day's screen to the row, to what mends it, and back: the row is gone. */
static void an_alarm_is_mended(void **state)
{
	(void)state;
	row("预警");
	terminal_keys(t, "<Enter>");
	terminal_expect(t, "筛选：未办结");
	terminal_keys(t, "<End>");
	for (int i = 0; i < 20 && !terminal_wait_for(t, "质检员  没有岗位人员", 150); i++)
		terminal_keys(t, "<Up>");
	terminal_expect(t, "质检员  没有岗位人员");
	terminal_keys(t, "<Enter>");
	terminal_expect(t, "智慧工地");
	terminal_expect(t, "▶ 质检员");
	terminal_keys(t, "<Enter>");
	terminal_expect(t, "选岗位人员");
	row("孔练检");
	terminal_keys(t, "<Enter>");
	terminal_expect(t, "质检员：设置 孔练检 吗？");
	terminal_keys(t, "<Tab><Tab><Enter>");
	terminal_expect(t, "已设置 孔练检");
	terminal_keys(t, "<Esc>");
	terminal_expect(t, "筛选：未办结");
	terminal_expect_gone(t, "岗位空缺    质检员");
}

/* H4: the silent device is an alarm; taken off the site it is none any more. A new one waits for whoever is on site. */
static void devices_come_and_go(void **state)
{
	(void)state;
	open_place("a", "筛选：未办结");
	for (int i = 0; i < 20 && !terminal_wait_for(t, "设备 LX-KQ-02 已 3 天没有联系", 150); i++)
		terminal_keys(t, "<Down>");
	terminal_expect(t, "回车：打开考勤设备");
	terminal_keys(t, "<Enter>");
	terminal_expect(t, "已下发");
	row("LX-KQ-02");
	terminal_keys(t, "x");
	terminal_expect(t, "撤下设备");
	terminal_keys(t, "<Tab><Enter>");
	terminal_expect(t, "已撤下");
	terminal_keys(t, "nSHEBEI07<Tab><Tab>东门<F2>");
	terminal_expect(t, "已登记设备");
	row("SHEBEI07");
	terminal_keys(t, "<Enter>");
	terminal_expect(t, "下发到设备");
	terminal_expect(t, "褚练施          待下发");
	terminal_keys(t, "<Esc><Esc>");
	terminal_expect(t, "筛选：未办结");
	terminal_expect_gone(t, "LX-KQ-02");
}

/* I2: the card is filled in once; the roster knows who has none (CD 3.3.5). */
static void a_health_card(void **state)
{
	(void)state;
	terminal_keys(t, "r");
	terminal_expect(t, "工人名册");
	terminal_keys(t, "hh");
	terminal_expect(t, "没有健康卡");
	terminal_expect(t, "蒋练木");
	terminal_expect_gone(t, "尤练砌");
	move_home(t);
	open_place("6", "登记簿");
	terminal_keys(t, "<Enter>");
	terminal_expect(t, "尤练砌");
	terminal_keys(t, "a蒋练木<Enter><Enter>");
	terminal_expect(t, "在蓉居住地址");
	move_field(t, "在蓉居住地址", "项目部宿舍");
	move_field(t, "健康状况", "良好");
	move_field(t, "近期行程", "无");
	move_field(t, "接触情况", "无");
	terminal_keys(t, "<F2>");
	terminal_expect(t, "已保存");
	terminal_expect(t, "蒋练木    138****1005   项目部宿舍");
	/* found by what it says, in the register and among the people */
	terminal_keys(t, "/1005<Enter><Enter>");
	terminal_expect(t, "查找：1005");
	terminal_expect(t, "蒋练木");
	terminal_expect_gone(t, "尤练砌");
	terminal_keys(t, "/北京<Enter><Enter>");
	terminal_expect(t, "没有找到");
	terminal_keys(t, "/<Enter><Enter>");
	terminal_expect(t, "尤练砌");
	move_home(t);
	terminal_keys(t, "r");
	terminal_expect(t, "工人名册");
	terminal_keys(t, "h");
	terminal_expect(t, "蒋练木");
	terminal_keys(t, "y1005<Enter><Enter>");
	terminal_expect(t, "健康卡写着“1005”");
	terminal_expect(t, "蒋练木");
	terminal_expect_gone(t, "尤练砌");
}

static void scan(const char *code, const char *shows)
{
	terminal_keys(t, code);
	terminal_keys(t, "<Enter>");
	terminal_expect_text(t, shows);
}

#define CLOCKED "SELECT count(*) FROM records WHERE entity = 'attendance' AND body LIKE '%worker_code%'"

/* F1, F2: a scanner types the worker's code; a card of somebody unknown is named; the month's sheet goes on paper. */
static void clocked_with_a_scanner(void **state)
{
	char code[256], path[128], head[5] = "";
	FILE *f;

	(void)state;
	crowd_command(&world, "clerk", 0, "assignment code 蒋练木", code, sizeof(code));
	code[strcspn(code, "\n")] = '\0';
	open_place("2", "上下班自动");
	scan(code, "蒋练木");
	terminal_expect(t, "已记 1 人次");
	terminal_expect(t, "退回 0");
	scan(code, "刚刚已经记过");
	world_place(&world, "li-xiulan");
	terminal_expect(t, "没有登记过；请先登记");
	world_remove(&world);
	move_home(t);
	open_place("4", "考勤月表");
	terminal_expect(t, "蒋练木");
	terminal_keys(t, "P");
	snprintf(path, sizeof(path), "%s/month.pdf", world.dir);
	terminal_expect(t, ".pdf");
	for (int i = 0; i < 40; i++) /* the name that is proposed */
		terminal_keys(t, "<Backspace>");
	terminal_keys(t, path);
	terminal_keys(t, "<F2>");
	terminal_expect(t, "已写出 13 行：");
	f = fopen(path, "r");
	assert_non_null(f);
	assert_int_equal(fread(head, 1, 4, f), 4);
	fclose(f);
	assert_string_equal(head, "%PDF");
}

static char said[16384];

static void command(int status, const char *line, const char *shows)
{
	crowd_command(&world, "clerk", status, line, said, sizeof(said));
	if (!strstr(said, shows))
		fail_msg("%s: not in what it says: %s\n%s", line, shows, said);
}

/* The same from the command line: what stands, what the platform did about it, step by step, and what it cannot do. */
static void alarms_by_command(void **state)
{
	(void)state;
	command(0, "alarm list", "北门 2 号通道");
	command(0, "alarm list --json", "\"kind\":\"post_vacant\"");
	command(0, "alarm raise match --month 202610", "");
	command(0, "alarm list --json", "\"month\":202610");
	command(0, "alarm withdraw match --month 202610", "");
	command(1, "alarm count match --month 202610", "");
	command(0, "alarm list --all --json", "\"withdrawn\"");
	command(0, "alarm raise post_rate --subject 安全员 --month 202610", "");
	command(1, "alarm withdraw post_rate --subject 安全员 --month 202610", ""); /* CD 3.2.6: not to be mended */
	command(0, "alarm count post_rate --subject 安全员 --month 202610", "");
	command(0, "alarm deduct post_rate --subject 安全员 --month 202610", "");
	command(0, "alarm appeal post_rate --subject 安全员 --month 202610", "");
	command(0, "alarm void post_rate --subject 安全员 --month 202610", "");
	command(0, "alarm list --all --json", "\"void\"");
	command(2, "alarm raise nonsense", "");
}

static void lists(const char *line, const char *one, const char *other)
{
	command(0, line, one);
	if (strstr(said, other))
		fail_msg("%s: lists %s\n%s", line, other, said);
}

/* CD 3.3.5 6 from the command line: who holds a health card, who does not, and what it says. */
static void registers_by_command(void **state)
{
	(void)state;
	command(0, "register books --json", "\"register\":\"health_card\"");
	lists("person list --with health_card --json", "\"尤练砌\"", "\"蒋练木\"");
	lists("person list --without health_card --json", "\"蒋练木\"", "\"尤练砌\"");
	lists("person list --with health_card --says 1011 --json", "\"尤练砌\"", "\"许练砌\"");
	lists("attendance month --search 蒋练木 --json", "\"蒋练木\"", "\"尤练砌\"");
	command(2, "attendance month --with health_card", ""); /* of the roster only */
	command(2, "person list --with no_such_register", "");
	command(2, "person list --with health_card --without health_card", "");
	command(2, "person list --says 宿舍", "");
	command(0, "register list health_card --search 宿舍 --json", "\"尤练砌\"");
	lists("register list health_card --search 尤练砌 --json", "\"尤练砌\"", "\"许练砌\"");
	lists("register list 健康卡 --search 1011", "尤练砌", "许练砌");
	command(0, "register list health_card --search 北京 --json", "[]");
	command(0, "register add health_card 蒋练木 local_address=民工公寓3栋 health=良好 travel=无 contact=无 --json", "\"entry\":");
	lists("register list health_card --search 公寓3栋 --json", "\"蒋练木\"", "\"尤练砌\"");
	command(1, "register add health_card 蒋练木 health=良好 travel=无 contact=无", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_post_is_filled_left_and_excused, chengdu, closed),
		cmocka_unit_test_setup_teardown(an_alarm_is_mended, chengdu, closed),
		cmocka_unit_test_setup_teardown(devices_come_and_go, chengdu, closed),
		cmocka_unit_test_setup_teardown(a_health_card, chengdu, closed),
		cmocka_unit_test_setup_teardown(alarms_by_command, chengdu, closed),
		cmocka_unit_test_setup_teardown(registers_by_command, chengdu, closed),
		cmocka_unit_test_setup_teardown(clocked_with_a_scanner, shanghai, closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
