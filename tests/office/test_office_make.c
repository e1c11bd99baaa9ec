/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the helper makes, through the client: read back, and looked at with poppler's tools. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <poll.h>

#include <cmocka.h>

#include "base/io.h"
#include "base/text.h"
#include "office/client.h"
#include "office/paper.h"

static int new_file(void)
{
	int fd = memfd_create("made", 0);

	assert_true(fd >= 0);
	return fd;
}

static void row(struct office_out *o, const char *a, const char *b, const char *c)
{
	const char *const cells[] = {a, b, c};
	struct err e = {0};

	if (office_out_row(o, cells, 3, &e))
		fail_msg("%s: %s", err_name(e.code), e.detail);
}

static void begin(struct office_out *o, const char *kind, int fd)
{
	cJSON *head = office_table("花名册：[一]");
	struct err e = {0};

	assert_non_null(head);
	assert_int_equal(office_column(head, "姓名", 12, false), 0);
	assert_int_equal(office_column(head, "证件号码", 18, false), 0);
	assert_int_equal(office_column(head, "人数", 6, true), 0);
	if (office_out_open(o, kind, fd, &e) || office_out_line(o, head, &e))
		fail_msg("%s: %s", err_name(e.code), e.detail);
	cJSON_Delete(head);
}

static void finish(struct office_out *o)
{
	struct err e = {0};

	if (office_out_end(o, &e))
		fail_msg("%s: %s", err_name(e.code), e.detail);
	office_out_release(o);
}

/* All the rows that the helper reads from fd, as it writes them. */
static void read_back(int fd, struct buf *out)
{
	struct office_in in;
	struct err e = {0};
	int got;

	buf_init(out, 1 << 20);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	if (office_in_open(&in, fd, &e))
		fail_msg("%s: %s", err_name(e.code), e.detail);
	while ((got = office_in_next(&in, &e)) >= 0) {
		struct pollfd p = {.fd = office_in_fd(&in), .events = POLLIN};

		if (!got)
			poll(&p, 1, 10000);
		else
			buf_addf(out, "%s\n", in.line.data);
	}
	assert_int_equal(e.code, ERR_NONE);
	office_in_release(&in);
}

static const char evil[] = "=cmd|' /C calc'!A0";

static void round_trip(const char *kind, const char *number)
{
	struct office_out o;
	char expected[1000];
	struct buf back;
	int fd = new_file();

	begin(&o, kind, fd);
	row(&o, "欧阳明月𠮷", "440499199106180063", "12");
	row(&o, evil, "0012", "0012");
	row(&o, "买买提·艾山", "-1", "");
	finish(&o);
	read_back(fd, &back);
	text_format(expected, sizeof(expected),
		    "{\"cells\":[\"姓名\",\"证件号码\",\"人数\"],\"row\":1}\n{\"cells\":[\"欧阳明月𠮷\","
		    "\"440499199106180063\",%s],"
		    "\"row\":2}\n{\"cells\":[\"%s\",\"0012\",\"0012\"],\"row\":3}\n{\"cells\":["
		    "\"买买提·艾山\",\"-1\"],\"row\":4}\n",
		    number, evil);
	assert_string_equal(back.data, expected);
	buf_release(&back);
	close(fd);
}

static void xlsx__reads_back(void **state)
{
	(void)state;
	round_trip("xlsx", "{\"n\":\"12\"}");
}

static void csv__reads_back(void **state)
{
	(void)state;
	round_trip("csv", "\"12\"");
}

/* U13: no cell of a csv begins with what a spreadsheet runs, and no long number stands bare. */
static void csv__nothing_runs(void **state)
{
	static const struct {
		const char *cell, *guard;
	} cases[] = {
		{"=1", "'"},
		{"+1", "'"},
		{"-1", "'"},
		{"@a", "'"},
		{"\ta", "'"},
		{"\ra", "'"},
		{"13800001234", "\t"},
		{"0012", "\t"},
		{"0", ""},
		{"4500", ""},
		{"44049919910618006X", ""},
		{"", ""},
		{"a=1", ""},
		{"2026-03-08", ""},
		{"440499199106180063", "\t"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_string_equal(paper_csv_guard(cases[i].cell), cases[i].guard);
}

/* Without the last line nothing is made: a program that dies in the middle leaves no half a file. */
static void stopped__nothing_is_made(void **state)
{
	struct office_out o;
	int fd = new_file();

	(void)state;
	begin(&o, "xlsx", fd);
	row(&o, "a", "b", "1");
	office_out_release(&o);
	assert_int_equal(lseek(fd, 0, SEEK_END), 0);
	close(fd);
}

static void errors__have_their_name(void **state)
{
	struct office_out o;
	struct office_in in;
	struct err e = {0};
	int fd = new_file();

	(void)state;
	assert_int_equal(office_out_open(&o, "xlsx", fd, &e), 0);
	row(&o, "a row", "before", "its table");
	assert_int_equal(office_out_end(&o, &e), -1);
	assert_int_equal(e.code, ERR_JSON);
	office_out_release(&o);
	assert_int_equal(office_in_open(&in, fd, &e), 0);
	while (office_in_next(&in, &e) >= 0)
		poll(&(struct pollfd){.fd = office_in_fd(&in), .events = POLLIN}, 1, 10000);
	assert_int_equal(e.code, ERR_OFFICE_EMPTY);
	office_in_release(&in);
	close(fd);
}

/* --- paper -------------------------------------------------------------------------------------------------
 */

static void ask(const char *command, int fd, struct buf *out)
{
	char line[300], block[4096];
	FILE *f;
	size_t n;

	text_format(line, sizeof(line), "%s /proc/%d/fd/%d", command, (int)getpid(), fd);
	if (strstr(command, "-layout"))
		text_format(line, sizeof(line), "%s /proc/%d/fd/%d -", command, (int)getpid(), fd);
	buf_init(out, 1 << 20);
	f = popen(line, "r");
	assert_non_null(f);
	while ((n = fread(block, 1, sizeof(block), f)) > 0)
		buf_add(out, block, n);
	assert_int_equal(pclose(f), 0);
	buf_adds(out, "");
}

static void told(int fd, const char *command, const char *expected, bool there)
{
	struct buf out;

	ask(command, fd, &out);
	if ((strstr(out.data ? out.data : "", expected) != NULL) != there)
		fail_msg("%s: %s %s:\n%s", command, expected, there ? "missing" : "there", out.data);
	buf_release(&out);
}

static void pdf__table_with_fonts_and_pages(void **state)
{
	struct office_out o;
	int fd = new_file();

	(void)state;
	begin(&o, "pdf", fd);
	for (int i = 0; i < 100; i++)
		row(&o, i ? "欧阳明月" : "𠮷田", "440499199106180063", "1");
	finish(&o);
	told(fd, "pdfinfo", "Pages:           3", true);
	told(fd, "pdfinfo", "(A4)", true);
	told(fd, "pdffonts", " no  ", false); /* none that is not embedded */
	told(fd, "pdftotext -layout", "𠮷田", true);
	told(fd, "pdftotext -layout", "440499199106180063", true);
	told(fd, "pdftotext -layout", "第3页", true);
	close(fd);
}

static void line(struct office_out *o, const char *text)
{
	cJSON *told_line = cJSON_Parse(text);
	struct err e = {0};

	if (office_out_line(o, told_line, &e))
		fail_msg("%s: %s", err_name(e.code), e.detail);
	cJSON_Delete(told_line);
}

static void pdf__form_and_badges(void **state)
{
	struct office_out o;
	struct err e = {0};
	int fd = new_file();

	(void)state;
	assert_int_equal(office_out_open(&o, "pdf", fd, &e), 0);
	line(&o, "{\"form\":\"用工登记表\",\"note\":\"云溪花园\",\"foot\":\"甲\"}");
	line(&o, "[\"身份\"]");
	line(&o, "[\"姓名\",\"欧阳明月\"]");
	line(&o, "[\"民族\",\"汉族\"]");
	line(&o,
	     "[\"证件住址\",\"某省某市虚构区示例路6号某小区某栋某单元某室某房间某床位某某某某某某某某\"]");
	line(&o, "[\"性别\",\"女\"]");
	line(&o, "[\"\",\"本人签名：\"]");
	line(&o, "{\"form\":\"用工登记表\"}");
	line(&o, "[\"姓名\",\"赵文\"]");
	line(&o, "{\"badges\":\"云溪花园\"}");
	for (int i = 0; i < 11; i++)
		line(&o, "[\"欧阳明月\",\"青禾建筑劳务有限公司\",\"钢筋一班\",\"钢筋工\",\"0063\",\"SM1-"
			 "ABCDEFGH\"]");
	finish(&o);
	told(fd, "pdfinfo", "Pages:           4", true);
	told(fd, "pdftotext -layout", "本人签名：", true);
	told(fd, "pdftotext -layout", "第0页", false);
	told(fd, "pdftotext -layout", "钢筋一班", true);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(xlsx__reads_back),	   cmocka_unit_test(csv__reads_back),
		cmocka_unit_test(csv__nothing_runs),	   cmocka_unit_test(stopped__nothing_is_made),
		cmocka_unit_test(errors__have_their_name), cmocka_unit_test(pdf__table_with_fonts_and_pages),
		cmocka_unit_test(pdf__form_and_badges),
	};

	signal(SIGPIPE, SIG_IGN);
	setenv("SHIMING_LIBEXEC", BIN_DIR, 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
