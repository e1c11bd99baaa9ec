/* SPDX-License-Identifier: GPL-3.0-or-later */
/* F6, L7, CD 3.3.4: the wage sheet row by row, the forecast and the real figure, who is missing, back pay, corrections, upload, taking back. */
#include "desk/wages.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "desk/attendance.h"
#include "desk/sheet_import.h"
#include "desk/undo.h"
#include "desk_site.h"
#include "office/client.h"

#define HOUR 3600000LL
#define DAY 86400000LL
#define PEOPLE 10

static struct site s;
static int64_t person[PEOPLE + 1];
static struct month november;
static char path[300];

static void clock_on(int64_t who, date_t day)
{
	struct clocking c = {.person = who, .means = CLOCK_FACE, .source = CLOCK_BY_DEVICE, .device = "SN-1", .at_ms = date_begin_ms(day) + 8 * HOUR};
	unsigned char key[DESK_KEY_BYTES];
	struct clocked out;
	struct verdict v;

	OK(desk_export_key(s.d, key, E));
	OK(desk_adopt_key(s.d, key, E));
	OK(desk_project_use(s.d, 1, E));
	OK(desk_clock(s.d, &c, &v, &out, E));
	assert_true(v.can);
	site_login(&s, "clerk");
}

static int opened(void **state)
{
	(void)state;
	signal(SIGPIPE, SIG_IGN);
	setenv("SHIMING_LIBEXEC", BIN_DIR, 1);
	site_make(&s, "chengdu");
	november = month_of(date_today());
	for (unsigned n = 1; n <= PEOPLE; n++)
		person[n] = person_on_site(&s, n);
	snprintf(path, sizeof(path), "%s/wages.csv", s.dir);
	return 0;
}

static int closed(void **state)
{
	(void)state;
	unlink(path);
	site_drop(&s);
	return 0;
}

static void line(FILE *f, unsigned n, const char *owed, const char *paid, const char *on, const char *back)
{
	char number[19];
	struct person_file file;

	person_number(n, number);
	OK(desk_person_file(s.d, person[n], &file, E));
	fprintf(f, "%s,%s,%s,%s,%s,62220200000000%04u,%s,1\n", file.row.name, number, owed, paid, on, n, back);
}

static FILE *sheet(void)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs("某某公司工资表\n姓名,身份证号,应发工资,实发工资,发放日期,银行卡号,补发月份,出勤天数\n", f);
	return f;
}

static struct import_counts import(bool dry, struct import_verdict *v, char (*why)[IMPORT_WHY])
{
	struct sheet_import_options o = {.path = path, .form = "wages", .month = november, .dry_run = dry};
	struct import_counts counts;
	struct sheet_import *i;
	bool over = false;

	OK(desk_sheet_import_open(s.d, &o, &i, E));
	while (!over) {
		struct pollfd p = {.fd = desk_sheet_import_fd(i), .events = POLLIN};

		poll(&p, 1, 1000);
		OK(desk_sheet_import_step(i, &over, E));
	}
	counts = *desk_sheet_import_counts(i);
	for (size_t k = 0; v && desk_sheet_import_verdict(i, k); k++) {
		v[k] = *desk_sheet_import_verdict(i, k);
		text_copy(why[k], IMPORT_WHY, v[k].why ? v[k].why : "");
	}
	desk_sheet_import_close(i);
	return counts;
}

static void match_is(int planned, int attended, int paid, int paid_attended, bool forecast, bool real)
{
	struct wage_match m;

	OK(desk_wage_match(s.d, november, &m, E));
	assert_true(m.rated);
	assert_int_equal(m.percent, 80);
	assert_int_equal(m.planned.paid, planned);
	assert_int_equal(m.planned.attended, attended);
	assert_int_equal(m.paid.paid, paid);
	assert_int_equal(m.paid.attended, paid_attended);
	assert_int_equal(m.forecast.met, forecast);
	assert_int_equal(m.real.met, real);
}

/* 80 % at each import by what is to be paid; the real one by what was. */
static void forecast_and_real(void **state)
{
	struct import_counts c;
	struct wage_match m;
	char number[19];
	FILE *f;

	(void)state;
	for (unsigned n = 1; n <= 7; n++)
		clock_on(person[n], date_today());
	f = sheet();
	for (unsigned n = 1; n <= 9; n++)
		line(f, n, "6500.50", "6000", "", "");
	fclose(f);
	c = import(true, NULL, NULL);
	assert_int_equal(c.n[IMPORT_NEW], 9);
	OK(desk_wage_match(s.d, november, &m, E));
	assert_int_equal(m.planned.paid, 0); /* a dry run writes nothing */
	c = import(false, NULL, NULL);
	assert_int_equal(c.n[IMPORT_NEW], 9);
	match_is(9, 7, 0, 0, false, true); /* 77.77 %; nobody paid yet: nothing to fall short */
	c = import(false, NULL, NULL);
	assert_int_equal(c.n[IMPORT_SAME], 9); /* twice is once */
	clock_on(person[8], date_today());
	match_is(9, 8, 0, 0, true, true);
	clock_add(5 * DAY);
	f = sheet();
	for (unsigned n = 1; n <= 9; n++) /* paid, but 7 and 8 are left out of the payment */
		line(f, n, "6500.50", "6000", n == 7 || n == 8 ? "" : "2026-11-25", "");
	fclose(f);
	c = import(false, NULL, NULL);
	assert_int_equal(c.n[IMPORT_CHANGED], 7);
	match_is(9, 8, 7, 6, true, true); /* 85.71 % */
	OK(desk_wage_match(s.d, november, &m, E));
	assert_int_equal(m.owed, 9 * 650050LL);
	assert_int_equal(m.paid_fen, 7 * 600000LL);
	date_format(m.real_on, number);
	assert_string_equal(number, "2026-12-11");
}

/* Each row its own verdict, with the column. */
static void verdicts(void **state)
{
	static struct import_verdict v[16];
	static char why[16][IMPORT_WHY];
	static const char *const expected[] = {"没有一条考勤", "应发", "不应多于应发", "今天或以前", "出现了两次", "没有这个人", "丢失", "姓名不符", "早于"};
	struct import_counts c;
	struct unpaid_row missing[4];
	struct unpaid_page page = {.row = missing, .cap = 4};
	struct wage_row rows[8];
	struct wage_page ledger = {.row = rows, .cap = 8};
	FILE *f = sheet();

	(void)state;
	line(f, 1, "5000", "5000", "", "");
	line(f, 2, "five", "5", "", "");
	line(f, 3, "5000", "5001", "", "");
	line(f, 4, "5000", "5000", "2026-12-30", "");
	line(f, 1, "1", "1", "", "");
	fputs("王试工,110101199001011237,5000,5000,,,,\n", f);
	fputs("王试工,1.10199E+17,5000,5000,,,,\n", f);
	{
		char number[19];

		person_number(5, number);
		fprintf(f, "别的人,%s,5000,5000,,,,\n", number);
	}
	line(f, 6, "100", "100", "2026-11-20", "2026-12");
	line(f, 7, "300", "300", "2026-11-20", "2026-10"); /* back pay beside … */
	line(f, 7, "5000", "5000", "", "");		   /* … the month's own */
	fclose(f);
	c = import(false, v, why);
	assert_int_equal(c.rows, 11);
	assert_int_equal(c.n[IMPORT_NEW], 3);
	assert_int_equal(c.n[IMPORT_REFUSED], 8);
	for (size_t i = 0; i < ARRAY_LEN(expected); i++)
		if (!strstr(why[i], expected[i]))
			fail_msg("row %lu: %s", v[i].row, why[i]);
	assert_int_equal(v[0].row, 3);
	OK(desk_wages(s.d, november, WAGES_ALL, 0, &ledger, E));
	assert_int_equal(ledger.n, 3);
	assert_true(rows[1].back);
	assert_string_equal(rows[1].card, "**************0007");
	OK(desk_wages(s.d, november, WAGES_NOT_ATTENDED, 0, &ledger, E));
	assert_int_equal(ledger.n, 3);
	clock_on(person[9], date_today());
	OK(desk_wage_missing(s.d, november, &page, E));
	assert_int_equal(page.n, 1); /* clocked and in no line */
	assert_int_equal(missing[0].person, person[9]);
}

/* Up line by line, after the entry; a correction by the same uid; taken back whole while nothing has left. */
static void up_and_back(void **state)
{
	static struct platform p;
	struct undo_row undo;
	bool more;
	size_t n;
	FILE *f = sheet();

	(void)state;
	line(f, 1, "5000", "5000", "", "");
	line(f, 2, "5000", "5000", "", "");
	fclose(f);
	import(false, NULL, NULL);
	OK(desk_undo_list(s.d, true, 0, &undo, 1, &n, &more, E));
	assert_string_equal(undo.what, "导入工资表");
	assert_int_equal(undo.people, 2);
	OK(desk_undo(s.d, undo.act, E));
	match_is(0, 0, 0, 0, true, true);
	assert_int_equal(import(false, NULL, NULL).n[IMPORT_NEW], 2);
	memset(&p, 0, sizeof(p));
	site_send_all(&s);
	site_drain(&s, &p, NULL);
	assert_int_equal(platform_count(&p, "payroll.add"), 2);
	assert_int_equal(p.out_of_order, 0);
	f = sheet();
	line(f, 1, "5000", "4800", "2026-11-20", "");
	fclose(f);
	assert_int_equal(import(false, NULL, NULL).n[IMPORT_CHANGED], 1);
	site_send_all(&s);
	site_drain(&s, &p, NULL);
	assert_int_equal(platform_count(&p, "payroll.amend"), 1);
}

/* 二本台账: both in one file, whatever there is of either. */
static void two_ledgers(void **state)
{
	struct office_file pdf = {.fd = -1};
	struct office_out out;
	long rows;
	FILE *f = sheet();

	(void)state;
	line(f, 1, "5000", "5000", "2026-11-20", "");
	line(f, 2, "300", "300", "2026-11-20", "2026-10");
	fclose(f);
	import(false, NULL, NULL);
	unlink(path);
	snprintf(path, sizeof(path), "%s/ledgers.pdf", s.dir);
	OK(office_file_new(&pdf, path, true, E));
	OK(office_out_open(&out, "pdf", pdf.fd, E));
	OK(desk_two_ledgers(s.d, november, &out, &rows, E));
	OK(office_out_end(&out, E));
	office_out_release(&out);
	assert_int_equal(rows, PEOPLE + 2);
	assert_true(lseek(pdf.fd, 0, SEEK_END) > 2000);
	OK(office_file_end(&pdf, 0, E));
}

static void not_everybodys(void **state)
{
	struct sheet_import_options o = {.path = path, .form = "wages"};
	struct wage_match m;
	struct sheet_import *i;
	struct err e = {0};

	(void)state;
	fclose(sheet());
	desk_logout(s.d);
	assert_int_equal(desk_sheet_import_open(s.d, &o, &i, &e), -1);
	assert_int_equal(e.code, ERR_NO_SESSION);
	assert_int_equal(desk_wage_match(s.d, november, &m, &e), -1);
	site_login(&s, "clerk");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define EACH(t) cmocka_unit_test_setup_teardown(t, opened, closed)
		EACH(forecast_and_real), EACH(verdicts), EACH(up_and_back), EACH(two_ledgers), EACH(not_everybodys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
