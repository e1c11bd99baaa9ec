/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Companies, teams, associations, projects: keys in, screen out, over the real desk. */
#include "screens/stage.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "desk/association.h"
#include "desk/particulars.h"
#include "desk/project.h"

static void open_with(void **state, const char *profile)
{
	struct stage *s = calloc(1, sizeof(*s));

	stage_open_in(s, "xterm-256color", profile);
	*state = s;
}

static int national(void **state)
{
	open_with(state, "national");
	return 0;
}

static int chengdu(void **state)
{
	open_with(state, "chengdu");
	return 0;
}

static int closed(void **state)
{
	stage_close(*state);
	free(*state);
	return 0;
}

/* Opens a line of the menu by its word. */
static void go_to(struct stage *s, const char *word)
{
	stage_keys(s, "o");
	for (int i = 0; i < 30; i++) {
		int row, col;

		glass_cursor(s->glass, &row, &col);
		if (strstr(glass_row(s->glass, row), word)) {
			stage_keys(s, "<Enter>");
			return;
		}
		stage_keys(s, "<Down>");
	}
	fail_msg("not in the menu: %s", word);
}

static void select_row(struct stage *s, const char *word)
{
	for (int i = 0; i < 60; i++) {
		int row, col;

		glass_cursor(s->glass, &row, &col);
		if (strstr(glass_row(s->glass, row), word))
			return;
		stage_keys(s, i < 30 ? "<Down>" : "<Up>");
	}
	glass_print(s->glass);
	fail_msg("no row %s", word);
}

static void library__finds_edits_and_keeps_a_draft(void **state)
{
	struct stage *s = *state;

	stage_login(s, "clerk");
	go_to(s, "企业库");
	stage_on(s, "companies");
	stage_expect(s, "云溪试建有限公司");
	stage_assert_cursor(s);
	stage_keys(s, "/青禾<Tab><Tab><Enter>");
	stage_on(s, "companies");
	stage_expect(s, "青禾试劳有限公司");
	stage_expect_not(s, "云溪试建有限公司");
	stage_keys(s, "<Enter>");
	stage_on(s, "sheet_form");
	stage_assert_cursor(s);
	stage_to_field(s, "注册资本");
	stage_keys(s, "many<Tab>");
	stage_expect(s, "不对"); /* said on leaving, what was typed stands */
	stage_expect(s, "many");
	stage_keys(s, "<Esc>");
	stage_on(s, "companies");
	stage_keys(s, "<Esc><Esc>o");
	select_row(s, "草稿");
	stage_keys(s, "<Enter>");
	stage_expect(s, "企业资料");
	stage_keys(s, "<Enter>");
	stage_on(s, "sheet_form");
	stage_expect(s, "many"); /* nothing typed is lost */
	stage_to_field(s, "注册资本");
	stage_keys(s, "<F6>5000.5<F2>");
	stage_expect(s, "改动 1 项");
}

static void on_site(struct stage *s, unsigned n)
{
	char employment[UID_TEXT];
	int64_t p;

	site_login(&s->site, "clerk");
	p = person_register(&s->site, n, NULL);
	person_employment(&s->site, p, employment);
	change_arrives(&s->site, "employment.consent", employment, APPLIED);
	person_act(&s->site, p, EVENT_SUBMIT);
	site_login(&s->site, "manager");
	person_act(&s->site, p, EVENT_CONFIRM);
	person_act(&s->site, p, EVENT_ENTER);
	desk_logout(s->site.d);
}

/* C8: the exit of a team with people offers to let all out; the safe button has the focus; nothing goes on Enter alone. */
static void team__is_left_at_one_stroke(void **state)
{
	struct stage *s = *state;
	struct team_row t;

	on_site(s, 1);
	on_site(s, 2);
	stage_login(s, "manager");
	stage_keys(s, "t");
	select_row(s, "木工一班");
	stage_keys(s, "x");
	stage_expect(s, "2 人、1 个班组");
	stage_keys(s, "<Esc>");
	OK(desk_team_get(s->site.d, s->site.team, &t, E));
	assert_int_equal(t.on_site, 2);
	stage_keys(s, "x<Tab><Tab><Enter>");
	stage_expect(s, "已退场：2 人、1 个班组");
	OK(desk_team_get(s->site.d, s->site.team, &t, E));
	assert_int_equal(t.on_site, 0);
	assert_int_equal(t.state, SITE_EXITED);
	select_row(s, "木工一班");
	stage_keys(s, "d<Tab><Enter>");
	stage_expect(s, "进过场");
	select_row(s, "后勤组");
	stage_keys(s, "i新名<Tab><Tab><Enter>");
	stage_expect(s, "普通工人班组"); /* only those are edited */
}

/* More than ten people need a typed word (U4). */
static void many__need_a_word(void **state)
{
	struct stage *s = *state;
	struct team_row t;

	for (unsigned n = 1; n <= 11; n++)
		on_site(s, n);
	stage_login(s, "manager");
	stage_keys(s, "c");
	select_row(s, "青禾");
	stage_keys(s, "x");
	stage_expect(s, "11 人");
	stage_keys(s, "<Tab><Tab><Enter>");
	OK(desk_team_get(s->site.d, s->site.team, &t, E));
	assert_int_equal(t.on_site, 11);
	stage_keys(s, "退场<Tab><Tab><Enter>");
	stage_expect(s, "已退场：11 人、1 个班组、1 个参建单位");
	stage_keys(s, "<Enter>"); /* B6: whom the company employs */
	stage_on(s, "roster");
	stage_expect(s, "青禾");
}

static void project__status_and_others(void **state)
{
	struct stage *s = *state;

	stage_login(s, "clerk");
	go_to(s, "当前项目");
	stage_on(s, "project");
	stage_expect(s, "在建，在场 0 人");
	stage_keys(s, "s停工<Enter><Tab><Tab><Enter>");
	stage_on(s, "project");
	stage_expect(s, "不计考勤率");
	stage_assert_footer(s);
	stage_keys(s, "p");
	stage_on(s, "projects");
	stage_expect(s, "停工");
	stage_keys(s, "a云溪花园二期<Tab><Tab><Enter>");
	stage_expect(s, "已建立项目 云溪花园二期");
	select_row(s, "二期");
	stage_keys(s, "<Enter>");
	stage_on(s, "home");
	assert_string_equal(desk_project(s->site.d)->name, "云溪花园二期");
	go_to(s, "当前项目");
	stage_expect(s, "筹备");
	stage_keys(s, "i");
	stage_on(s, "sheet_form");
	stage_to_field(s, "工程类型");
	stage_keys(s, "市政<Tab>");
	stage_to_field(s, "管理员手机");
	stage_keys(s, "13800001234<F2>");
	stage_on(s, "project");
	stage_expect(s, "市政工程");
	stage_expect(s, "138****1234"); /* S5 */
	stage_expect_not(s, "13800001234");
}

static void application__is_kept(void **state)
{
	struct stage *s = *state;

	stage_login(s, "clerk");
	go_to(s, "项目申报");
	stage_keys(s, "a");
	stage_on(s, "sheet_form");
	stage_keys(s, "<F2>");
	stage_on(s, "sheet_form"); /* the first of what is needed has the focus */
	stage_expect(s, "请填写项目名称");
	stage_keys(s, "云溪三期<Tab>试验供应商<Tab>市政<Tab>筹备<Tab><Tab>某市某路<Tab>李试申<Tab>13800005555<Tab>a@example.com<F2>");
	stage_on(s, "applications");
	stage_expect(s, "云溪三期");
	stage_expect(s, "待审核");
	stage_keys(s, "n许可证不清楚<Tab><Tab><Enter>");
	stage_expect(s, "审核不通过");
}

/* C4, C7: a company that has logged in, a file, the days that run; the day's screen counts them. */
static void association__asks_with_a_file(void **state)
{
	static const char pdf[] = "%PDF-1.4 a labour contract";
	char path[] = "/tmp/shiming-contract-XXXXXX", keys[100], credit[19] = "";
	struct participant_row rows[4];
	struct stage *s = *state;
	int fd = mkstemp(path);
	size_t n;

	assert_int_equal(write(fd, pdf, sizeof(pdf)), (int)sizeof(pdf));
	close(fd);
	stage_login(s, "clerk");
	stage_keys(s, "t");
	select_row(s, "后勤组");
	stage_keys(s, "l");
	stage_expect(s, "没有登录过平台的单位");
	OK(desk_participant_list(s->site.d, rows, 4, &n, E));
	for (size_t i = 0; i < n; i++)
		if (!strcmp(rows[i].uid, s->site.labour))
			memcpy(credit, rows[i].credit_code, sizeof(credit));
	stage_keys(s, "<Esc>");
	go_to(s, "企业库");
	select_row(s, credit);
	stage_keys(s, "<Enter>");
	stage_to_field(s, "已登录平台");
	stage_keys(s, "2026-01-05<F2><Esc><Esc>t");
	select_row(s, "后勤组");
	stage_keys(s, "l");
	stage_on(s, "values");
	stage_expect(s, "青禾试劳有限公司");
	stage_keys(s, "<Enter>");
	snprintf(keys, sizeof(keys), "%s<Tab><Tab><Enter>", path);
	stage_keys(s, keys);
	stage_expect(s, "等对方确认");
	stage_keys(s, "v");
	stage_on(s, "associations");
	stage_expect(s, "青禾试劳有限公司");
	stage_expect(s, "2026-12-20 前没有完成关联产生预警");
	stage_keys(s, "c确认<Tab><Tab><Enter>");
	stage_expect(s, "无权"); /* not this account's to confirm */
	stage_keys(s, "<Esc><Esc>");
	stage_on(s, "home");
	stage_expect(s, "未关联的班组");
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(library__finds_edits_and_keeps_a_draft, national, closed),
		cmocka_unit_test_setup_teardown(team__is_left_at_one_stroke, national, closed),
		cmocka_unit_test_setup_teardown(many__need_a_word, national, closed),
		cmocka_unit_test_setup_teardown(project__status_and_others, national, closed),
		cmocka_unit_test_setup_teardown(application__is_kept, national, closed),
		cmocka_unit_test_setup_teardown(association__asks_with_a_file, chengdu, closed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
