/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists into files and rosters out of tables, at the keys and on the screen (E7, E8, U14). */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "office/client.h"
#include "stage.h"

#define PEOPLE 70 /* more than a page of a list */

/* Until the screen shows it: what a helper says is waited for, nothing else. */
static void until(struct stage *s, const char *text)
{
	struct pollfd fds[16];

	for (int i = 0; i < 2000 && !stage_shows(s, text); i++) {
		size_t n = ui_fds(s->ui, fds, 16);

		poll(fds, n, n ? 50 : 0);
		stage_tick(s, 1);
	}
	stage_expect(s, text);
}

static void open_roster(struct stage *s)
{
	stage_open(s, "xterm-256color");
	stage_people(s, PEOPLE);
	stage_login(s, "clerk");
	setenv("HOME", s->site.dir, 1);
	setenv("SHIMING_LIBEXEC", BIN_DIR, 1); /* the stage has none: no reader, no runner */
	stage_keys(s, "r");
	stage_on(s, "roster");
}

/* Rows of a file in the site's directory, as the helper reads them. */
static void read_rows(struct stage *s, const char *name, struct buf *out, int *rows)
{
	struct office_in in;
	char path[400];
	struct err e = {0};
	FILE *f;
	int got;

	snprintf(path, sizeof(path), "%s/%s", s->site.dir, name);
	f = fopen(path, "r");
	assert_non_null(f);
	buf_init(out, 1 << 20);
	assert_int_equal(office_in_open(&in, fileno(f), &e), 0);
	fclose(f);
	for (*rows = 0; (got = office_in_next(&in, &e)) >= 0; *rows += got)
		if (got)
			buf_addf(out, "%s\n", in.line.data);
		else
			poll(&(struct pollfd){.fd = office_in_fd(&in), .events = POLLIN}, 1, 10000);
	assert_int_equal(e.code, ERR_NONE);
	office_in_release(&in);
}

#define ROSTER "工人名册-2026-11-20"

static void export__as_on_the_screen(void **state)
{
	struct stage s;
	char number[19];
	struct buf text;
	int rows;

	(void)state;
	open_roster(&s);
	stage_keys(&s, "E");
	stage_on(&s, "export");
	stage_assert_cursor(&s);
	stage_assert_footer(&s);
	stage_keys(&s, "<F2>");
	until(&s, "已写出 70 行");
	stage_on(&s, "roster");
	read_rows(&s, ROSTER ".xlsx", &text, &rows);
	assert_int_equal(rows, PEOPLE + 1);
	person_number(7, number);
	assert_null(strstr(text.data, number)); /* masked as on the screen */
	assert_non_null(strstr(text.data, number + 14));
	buf_wipe_release(&text);
	/* the same name again: asked first, and nothing without a yes */
	stage_keys(&s, "E<F2>");
	stage_on(&s, "dialog");
	stage_keys(&s, "<Esc>");
	stage_on(&s, "export");
	stage_keys(&s, "<F2><Tab><Enter>");
	until(&s, "已写出 70 行");
	stage_close(&s);
}

static void export__whole_needs_a_reason(void **state)
{
	struct stage s;
	char number[19];
	struct buf text;
	int rows;

	(void)state;
	open_roster(&s);
	stage_keys(&s, "E<F6><F2>");
	stage_expect(&s, "原因");
	stage_on(&s, "export");
	stage_keys(&s, "核对<F2>");
	until(&s, "已写出 70 行");
	read_rows(&s, ROSTER ".xlsx", &text, &rows);
	person_number(7, number);
	assert_non_null(strstr(text.data, number));
	buf_wipe_release(&text);
	stage_close(&s);
}

static void print__a_pdf(void **state)
{
	struct stage s;
	char path[400], head[5] = "";
	FILE *f;

	(void)state;
	open_roster(&s);
	stage_keys(&s, "P<F2>");
	until(&s, "已写出 70 行");
	snprintf(path, sizeof(path), "%s/" ROSTER ".pdf", s.site.dir);
	f = fopen(path, "r");
	assert_non_null(f);
	assert_int_equal(fread(head, 1, 4, f), 4);
	fclose(f);
	assert_string_equal(head, "%PDF");
	stage_close(&s);
}

static void import__tried_then_confirmed_then_saved(void **state)
{
	struct stage s;
	struct buf text;
	char path[400], number[19];
	int rows;
	FILE *f;

	(void)state;
	stage_open(&s, "xterm-256color");
	stage_login(&s, "clerk");
	setenv("HOME", s.site.dir, 1);
	setenv("SHIMING_LIBEXEC", BIN_DIR, 1);
	snprintf(path, sizeof(path), "%s/a.csv", s.site.dir);
	f = fopen(path, "w");
	fputs("姓名,身份证号,性别,住址,手机,人员类型,工种,用工单位,班组,合同类型,合同开始日期,合同结束日期,计酬方式,工资\n", f);
	for (unsigned n = 1; n <= 12; n++) {
		person_number(n, number);
		fprintf(f, "张试工,%s,男,某省某县某镇,138%08u,建筑工人,木工,青禾试劳有限公司,%s,固定期限合同,2026-11-20,2028-12-31,按月,6500\n", number, n,
			n == 5 ? "没有的班" : "木工一班");
	}
	fclose(f);
	stage_keys(&s, "o");
	stage_on(&s, "menu");
	stage_keys(&s, "<Down><Down><Enter>");
	stage_on(&s, "import");
	stage_assert_cursor(&s);
	stage_keys(&s, "a.csv<F2>");
	until(&s, "请键入"); /* eleven people: a word */
	stage_expect(&s, "新登记 11 人");
	stage_keys(&s, "<Esc>");
	stage_expect(&s, "不是本项目的班组");
	stage_keys(&s, "<F2>导入<Tab><Tab><Enter>");
	until(&s, "已导入：新登记 11");
	stage_assert_cursor(&s);
	stage_keys(&s, "<F6>~/b.csv<Tab><Tab><Enter>");
	stage_expect(&s, "已写到");
	read_rows(&s, "b.csv", &text, &rows);
	assert_int_equal(rows, 2);
	assert_non_null(strstr(text.data, "退回原因"));
	buf_wipe_release(&text);
	stage_keys(&s, "<F2>"); /* the same file again */
	until(&s, "没有变化 11");
	stage_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(export__as_on_the_screen),
		cmocka_unit_test(export__whole_needs_a_reason),
		cmocka_unit_test(print__a_pdf),
		cmocka_unit_test(import__tried_then_confirmed_then_saved),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
