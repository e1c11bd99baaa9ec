/* SPDX-License-Identifier: GPL-3.0-or-later */
/* I2, I3 as the clerk meets them in a region that keeps registers: from the menu, from a person's file; nothing of them is in C. */
#include "screens/stage.h"

#include <stdlib.h>
#include <string.h>

static int opened(void **state)
{
	struct stage *s = calloc(1, sizeof(*s));

	stage_open_in(s, "xterm-256color", "chengdu");
	stage_people(s, 2);
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

static void books__temperature_from_the_menu(void **state)
{
	struct stage *s = *state;

	stage_keys(s, "o<Home>");
	for (int i = 0; i < 60 && !stage_shows(s, "▶ 登记簿"); i++)
		stage_keys(s, "<Down>");
	stage_keys(s, "<Enter>");
	stage_on(s, "books");
	stage_expect(s, "健康卡");
	stage_expect(s, "CD 3.3.6");
	stage_keys(s, "<Down><Enter>");
	stage_on(s, "book");
	stage_expect(s, "人员体温");
	stage_keys(s, "a王试工<Enter><Enter>");
	stage_on(s, "book_form");
	stage_expect(s, "2026-11-20");
	stage_assert_cursor(s);
	stage_keys(s, "36.5<Tab>无<Esc>"); /* U6: kept, and gone on with */
	stage_on(s, "book");
	stage_keys(s, "a王试工<Enter><Enter>");
	stage_expect(s, "接着上次没有填完的内容");
	stage_expect(s, "36.5");
	stage_keys(s, "<Tab><Tab><F2>");
	stage_on(s, "book_form"); /* 当日行程 is required too */
	stage_expect(s, "没有的写");
	stage_keys(s, "无<F2>");
	stage_on(s, "book");
	stage_expect(s, "王试工");
	stage_expect(s, "36.5");
	stage_keys(s, "a王试工<Enter><Enter>36.8<Tab>无<Tab>无<F2>");
	stage_expect(s, "这个人已有同样的一条");
	stage_keys(s, "<Esc>x");
	stage_expect(s, "删除这一条：王试工");
	stage_keys(s, "<Esc>");
	stage_on(s, "book");
	stage_assert_footer(s);
}

/* Once filled, only phone and address change. */
static void books__health_card_from_the_file(void **state)
{
	struct stage *s = *state;

	stage_keys(s, "r<Enter>f");
	stage_on(s, "books");
	stage_expect_not(s, "培训"); /* about several: not of one person */
	stage_keys(s, "<Enter>a");
	stage_on(s, "book_form");
	stage_keys(s, "锦江区试验路 1 号<Tab>良好<Tab>无<Tab>无<F2>");
	stage_on(s, "book");
	stage_expect(s, "锦江区");
	stage_keys(s, "<Enter>");
	stage_on(s, "book_form");
	stage_expect(s, "良好");
	stage_keys(s, "<Tab><F6>武侯区试验路 2 号<F2>");
	stage_on(s, "book");
	stage_expect(s, "武侯区");
}

/* CD 3.3.5: who holds a health card, who does not, everybody again. */
static void books__roster_by_health_card(void **state)
{
	struct stage *s = *state;

	stage_keys(s, "r");
	stage_on(s, "roster");
	stage_expect(s, "王试工");
	stage_keys(s, "h");
	stage_expect(s, "有健康卡");
	stage_expect_not(s, "王试工");
	stage_keys(s, "h");
	stage_expect(s, "没有健康卡");
	stage_expect(s, "王试工");
	stage_keys(s, "h");
	stage_expect_not(s, "健康卡");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(books__temperature_from_the_menu, opened, closed),
		cmocka_unit_test_setup_teardown(books__roster_by_health_card, opened, closed),
		cmocka_unit_test_setup_teardown(books__health_card_from_the_file, opened, closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
