/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 撤销 as a clerk does it: the safe button first, a typed word above ten, and what was sent says why it stays. */
#include "screens/stage.h"

#include <stdlib.h>

static int opened(void **state)
{
	struct stage *s = calloc(1, sizeof(*s));

	stage_open_in(s, "xterm-256color", "jiangmen");
	stage_people(s, 12);
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

static void undo__one_and_the_safe_button(void **state)
{
	struct stage *s = *state;

	stage_keys(s, "z");
	stage_on(s, "undo");
	stage_expect(s, "登记");
	stage_keys(s, "<F2>");
	stage_on(s, "dialog");
	stage_keys(s, "<Enter>"); /* the safe one */
	stage_on(s, "undo");
	stage_expect_not(s, "已撤销");
	stage_keys(s, "<F2><Tab><Enter>");
	stage_expect(s, "已撤销，恢复为办理以前的样子");
	stage_keys(s, "<F2>");
	stage_on(s, "undo"); /* not twice */
	stage_expect(s, "已撤销；由劳资员甲撤销");
	stage_keys(s, "<Esc>r");
	stage_expect(s, "11 人");
}

static void undo__many_need_the_word(void **state)
{
	struct stage *s = *state;

	stage_keys(s, "r*e<F2><Tab><Tab>");
	stage_keys(s, "enter<Tab><Tab><Enter>");
	stage_keys(s, "<Esc><Esc>z");
	stage_expect(s, "等 12 人");
	stage_keys(s, "<F2><Tab><Tab><Enter>");
	stage_on(s, "dialog"); /* nothing was typed: nothing is done */
	stage_keys(s, "<Esc>");
	stage_expect_not(s, "已撤销");
	stage_keys(s, "<F2>undo<Tab><Tab><Enter>");
	stage_expect(s, "已撤销，恢复为办理以前的样子");
}

static void undo__sent_opens_the_other_way(void **state)
{
	struct stage *s = *state;
	struct platform *p = calloc(1, sizeof(*p));

	stage_keys(s, "re<F2><Tab><Enter><Esc>");
	site_drain(&s->site, p, NULL);
	stage_keys(s, "z");
	stage_expect(s, "不能再撤销");
	stage_expect(s, "可办理相反的手续：退场");
	stage_keys(s, "r");
	stage_on(s, "acts");
	stage_expect(s, "退场");
	free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(undo__one_and_the_safe_button, opened, closed),
		cmocka_unit_test_setup_teardown(undo__many_need_the_word, opened, closed),
		cmocka_unit_test_setup_teardown(undo__sent_opens_the_other_way, opened, closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
