/* SPDX-License-Identifier: GPL-3.0-or-later */
/* F1, F2 as the clerk meets them: worker codes one after the other, the month sheet, the days, the clockings.
 */
#include "screens/stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk/attendance.h"

static int64_t person;

static int opened(void **state)
{
	struct stage *s = calloc(1, sizeof(*s));

	stage_open_in(s, "xterm-256color", "shanghai");
	site_login(&s->site, "clerk");
	person = person_on_site(&s->site, 1);
	desk_logout(s->site.d);
	stage_login(s, "clerk");
	*state = s;
	return 0;
}

static int closed(void **state)
{
	stage_close(*state);
	free(*state);
	return 0;
}

static void open_from_menu(struct stage *s, const char *line)
{
	char selected[80];

	snprintf(selected, sizeof(selected), "▶ %s", line);
	stage_keys(s, "o<Home>");
	for (int i = 0; i < 60 && !stage_shows(s, selected); i++)
		stage_keys(s, "<Down>");
	stage_expect(s, selected);
	stage_keys(s, "<Enter>");
}

static void attendance__from_code_to_sheet(void **state)
{
	struct stage *s = *state;
	char code[WORKER_CODE_TEXT];

	OK(desk_worker_code(s->site.d, person, false, code, E));
	open_from_menu(s, "考勤打卡");
	stage_on(s, "gate");
	stage_expect(s, "上下班自动");
	stage_keys(s, code);
	stage_keys(s, "<Enter>");
	stage_expect(s, "上班 14:00");
	stage_expect(s, "已记 1 人次");
	stage_keys(s, code);
	stage_keys(s, "<Enter>");
	stage_expect(s, "刚刚已经记过");
	stage_expect(s, "已记 1 人次");
	clock_add(4 * 3600000LL);
	stage_keys(s, code);
	stage_keys(s, "<Enter>");
	stage_expect(s, "下班 18:00");
	stage_card(s, 1); /* 刷身份证 is off by default */
	stage_expect(s, "本地区规则不许");
	stage_assert_cursor(s);
	stage_keys(s, "<F6>");
	stage_expect(s, "打卡：上班");
	stage_keys(s, "<Esc>");
	open_from_menu(s, "考勤月表");
	stage_on(s, "month_sheet");
	stage_expect(s, "2026-11");
	stage_expect(s, "√..........");
	stage_expect(s, "3.33"); /* 1 of 30 */
	stage_assert_footer(s);
	stage_keys(s, "b");
	stage_expect(s, "2026-10");
	stage_expect(s, "没有在场或打卡的人");
	stage_keys(s, "nc");
	stage_expect(s, "青禾试劳有限公司");
	stage_keys(s, "c");
	stage_expect_not(s, "青禾试劳有限公司");
	stage_keys(s, "<Enter>");
	stage_on(s, "days");
	stage_expect(s, "2026-11-20");
	stage_expect(s, "4 小时 00 分");
	stage_keys(s, "<Enter>");
	stage_on(s, "clockings");
	stage_expect(s, "扫工人码");
	stage_keys(s, "<Enter>");
	stage_on(s, "person");
	stage_expect(s, "最近考勤 2026-11-20 18:00，今天");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(attendance__from_code_to_sheet, opened, closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
