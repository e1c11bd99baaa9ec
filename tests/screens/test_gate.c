/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The gate (E4): one card after the other and nobody touches a key; worker codes from a scanner; who may not pass is told why. */
#include "screens/stage.h"

#include <stdlib.h>
#include <string.h>

static int opened(void **state)
{
	struct stage *s = calloc(1, sizeof(*s));

	stage_open_in(s, "xterm-256color", "jiangmen");
	stage_people(s, 4);
	stage_login(s, "clerk");
	stage_keys(s, "o");
	while (!strstr(ui_top(s->ui)->name, "gate"))
		stage_keys(s, stage_shows(s, "▶ 门岗") ? "<Enter>" : "<Down>");
	stage_on(s, "gate");
	*state = s;
	return 0;
}

static int closed(void **state)
{
	stage_close(*state);
	free(*state);
	return 0;
}

static void gate__card_after_card(void **state)
{
	struct stage *s = *state;

	for (unsigned n = 1; n <= 3; n++)
		stage_card(s, n);
	stage_on(s, "gate");
	stage_expect(s, "已放行 3 人");
	stage_card(s, 3); /* twice is once */
	stage_expect(s, "已放行 3 人");
	stage_expect(s, "不能进场");
	stage_card(s, 40);
	stage_expect(s, "没有登记过");
	stage_on(s, "gate"); /* no form in the way of the next one */
	stage_card(s, 4);
	stage_expect(s, "已放行 4 人");
	stage_keys(s, "<Tab>");
	stage_expect(s, "办理退场");
	stage_card(s, 4);
	stage_expect(s, "已放行 5 人");
	stage_keys(s, "<Esc><Esc>");
	stage_on(s, "home");
}

static void gate__codes(void **state)
{
	struct stage *s = *state;
	struct roster_row row;
	struct roster_page page = {.row = &row, .cap = 1};
	struct roster_query q = {.filter = ROSTER_TO_ENTER};
	char code[WORKER_CODE_TEXT], again[WORKER_CODE_TEXT];

	OK(desk_roster(s->site.d, &q, &page, E));
	OK(desk_worker_code(s->site.d, row.person, false, code, E));
	OK(desk_worker_code(s->site.d, row.person, false, again, E));
	assert_string_equal(code, again);
	OK(desk_worker_code(s->site.d, row.person, true, again, E));
	assert_string_not_equal(code, again);
	stage_keys(s, code);
	stage_keys(s, "<Enter>");
	stage_expect(s, "旧码已作废");
	again[4] = again[4] == '7' ? '8' : '7';
	stage_keys(s, again);
	stage_keys(s, "<Enter>");
	stage_expect(s, "有一位不对");
	OK(desk_worker_code(s->site.d, row.person, false, again, E));
	stage_keys(s, again);
	stage_keys(s, "<Enter>");
	stage_expect(s, "已放行 1 人");
	stage_expect(s, row.name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(gate__card_after_card, opened, closed),
		cmocka_unit_test_setup_teardown(gate__codes, opened, closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
