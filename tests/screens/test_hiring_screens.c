/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hiring and leaving, contracts and their forms, as a clerk meets them at 80×24. */
#include "screens/stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DAY_MS (24 * 60 * 60 * 1000LL)

static int opened_in(void **state, const char *profile)
{
	struct stage *s = calloc(1, sizeof(*s));

	stage_open_in(s, "xterm-256color", profile);
	*state = s;
	return 0;
}

static int national(void **state)
{
	return opened_in(state, "national");
}

static int shanghai(void **state)
{
	return opened_in(state, "shanghai");
}

static int closed(void **state)
{
	stage_close(*state);
	free(*state);
	return 0;
}

/* From home to the screen of that name, by the menu. */
static void open_from_menu(struct stage *s, const char *row, const char *screen)
{
	char at[64];

	stage_keys(s, "o");
	stage_on(s, "menu");
	snprintf(at, sizeof(at), "▶ %s", row);
	for (int i = 0; i < 40 && !stage_shows(s, at); i++)
		stage_keys(s, "<Down>");
	stage_keys(s, "<Enter>");
	stage_on(s, screen);
}

static void contracts__renewed_scanned_dissolved(void **state)
{
	struct stage *s = *state;
	char path[] = "/tmp/shiming-scan-XXXXXX";
	static const char pdf[] = "%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n";
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, pdf, sizeof(pdf) - 1), sizeof(pdf) - 1);
	close(fd);
	stage_people(s, 1);
	stage_login(s, "clerk");
	stage_keys(s, "r<Enter>k");
	stage_on(s, "contracts");
	stage_expect(s, "2026-11-20 2028-12-31 在期");
	stage_assert_footer(s);
	stage_assert_cursor(s);
	stage_keys(s, "e<Tab><Enter>"); /* not before its day */
	stage_expect(s, "2028-12-31 才到期");
	stage_keys(s, "r");
	stage_on(s, "hire_form");
	stage_expect(s, "2029-01-01"); /* follows the one before */
	stage_assert_cursor(s);
	stage_keys(s, "2028-01-01<F2>");
	stage_expect(s, "合同终止日早于起始日");
	stage_on(s, "hire_form");
	stage_keys(s, "<F6>2029-12-31<Tab><Tab>45.5<F2>");
	stage_expect(s, "请选计量单位"); /* a price of what? */
	stage_keys(s, "<F6>平方米<F2>");
	stage_on(s, "contracts");
	stage_expect(s, "2029-01-01 2029-12-31 在期");
	stage_keys(s, "z");
	stage_keys(s, "/nowhere/at/all.pdf<Enter><Enter>");
	stage_expect(s, "2029-01-01 2029-12-31 在期");
	stage_keys(s, "z");
	stage_keys(s, path);
	stage_keys(s, "<Enter><Enter>");
	stage_expect(s, "已放入扫描件");
	unlink(path);
	stage_keys(s, "t双方同意<Enter><Enter>"); /* whoever has typed goes on */
	stage_expect(s, "已解除");
}

/* What was typed stands there again when the form is opened anew (U6). */
static void contracts__a_draft_for_each(void **state)
{
	struct stage *s = *state;

	stage_people(s, 2);
	stage_login(s, "clerk");
	stage_keys(s, "r<Enter>kr");
	stage_on(s, "hire_form");
	stage_keys(s, "2031-05-06<Esc>");
	stage_on(s, "contracts");
	stage_keys(s, "<Esc><Esc><Down><Enter>kr"); /* another person's is not filled with it */
	stage_on(s, "hire_form");
	stage_expect_not(s, "2031-05-06");
	stage_keys(s, "<Esc><Esc><Esc><Up><Enter>kr");
	stage_expect(s, "2031-05-06");
}

static void hiring__offers_and_counts(void **state)
{
	struct stage *s = *state;
	char number[19];

	person_number(3, number);
	stage_login(s, "clerk");
	open_from_menu(s, "聘用与离职", "hiring");
	stage_expect(s, "没有人在等");
	stage_assert_footer(s);
	stage_keys(s, "n");
	stage_on(s, "hire_form");
	stage_keys(s, "<F2>");
	stage_expect(s, "请填写证件号码");
	stage_keys(s, number);
	stage_keys(s, "<Tab>赵试民<Tab>青禾<F2>");
	stage_on(s, "hiring");
	stage_expect(s, "▶   赵试民");
	stage_expect(s, "等本人在手机上同意聘用");
	stage_expect(s, "手机登记：未登记");
	stage_assert_cursor(s);
	stage_keys(s, "p2026-11-20<Enter><Enter>");
	stage_expect(s, "第 0 个工作日，一般 15 个以内");
	stage_keys(s, "ff"); /* those who leave on a day: nobody */
	stage_expect(s, "筛选：定期离职");
	stage_expect_not(s, "赵试民");
}

/* A day and a reason are asked for before anything is done. */
static void leaving__asks_for_the_day_first(void **state)
{
	struct stage *s = *state;
	char employment[UID_TEXT];
	int64_t p;

	stage_people(s, 1);
	stage_login(s, "clerk");
	{
		struct roster_row row;
		struct roster_page page = {.row = &row, .cap = 1};

		OK(desk_roster(s->site.d, &(struct roster_query){.filter = ROSTER_ALL}, &page, E));
		p = row.person;
	}
	person_employment(&s->site, p, employment);
	change_arrives(&s->site, "employment.consent", employment, APPLIED);
	stage_keys(s, "rl");
	stage_on(s, "acts");
	stage_expect(s, "还没有填离职日期");
	stage_keys(s, "<F2>2026-11-25<Enter><Enter>");
	stage_on(s, "acts");
	stage_expect(s, "能办 1 人");
	stage_keys(s, "<F2><Tab><Enter>");
	stage_expect(s, "定期离职");
	stage_keys(s, "<Esc>");
	stage_expect(s, "离职与解聘");
	open_from_menu(s, "聘用与离职", "hiring");
	stage_expect(s, "将于 2026-11-25 离职");
}

/* The day's screen says it, and opens what it counts: what is past before what is coming. */
static void home__contracts_running_out(void **state)
{
	struct stage *s = *state;
	date_t last;

	assert_true(date_parse("2028-12-31", &last)); /* the contract of tests/desk's people */
	stage_people(s, 1);
	clock_add((last - 2 - date_today()) * DAY_MS);
	stage_login(s, "clerk");
	stage_expect(s, "已到期 0 份，30 天内到期 1 份");
	for (int i = 0; i < 12 && !stage_shows(s, "▶ 合同到期"); i++)
		stage_keys(s, "<Down>");
	stage_keys(s, "<Enter>");
	stage_on(s, "contracts");
	stage_expect(s, "还有 2 天");
	clock_add(3 * DAY_MS);
	stage_drop_ui(s);
	stage_start_ui(s);
	stage_login(s, "clerk");
	stage_expect(s, "已到期 1 份，30 天内到期 0 份");
	for (int i = 0; i < 12 && !stage_shows(s, "▶ 合同到期"); i++)
		stage_keys(s, "<Down>");
	stage_keys(s, "<Enter>");
	stage_expect(s, "已过 1 天");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(contracts__renewed_scanned_dissolved, national, closed),
		cmocka_unit_test_setup_teardown(contracts__a_draft_for_each, national, closed),
		cmocka_unit_test_setup_teardown(hiring__offers_and_counts, shanghai, closed),
		cmocka_unit_test_setup_teardown(home__contracts_running_out, national, closed),
		cmocka_unit_test_setup_teardown(leaving__asks_for_the_day_first, national, closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
