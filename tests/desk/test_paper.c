/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Forms, badges and sheets of people (L5): what stands on them, what does not, and the printer's command. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "desk/export.h"
#include "desk/paper.h"
#include "desk/particulars.h"
#include "desk/project.h"
#include "desk_site.h"

static int make(struct site *s, enum paper_sort sort, const int64_t *person, int n, bool whole)
{
	struct export_spec spec = {
		.list = paper_name(sort), .form = "pdf", .whole = whole, .reason = whole ? "存档" : NULL};
	int fd = memfd_create("paper", 0);
	struct office_out out;

	assert_true(fd >= 0);
	OK(desk_export_begin(s->d, &spec, E));
	OK(office_out_open(&out, "pdf", fd, E));
	OK(desk_paper_begin(s->d, sort, &out, E));
	for (int i = 0; i < n; i++)
		OK(desk_paper_person(s->d, sort, &out, person[i], i + 1, E));
	OK(office_out_end(&out, E));
	office_out_release(&out);
	OK(desk_export_end(s->d, &spec, n, E));
	return fd;
}

/* The text that poppler finds; pages: how many there are. */
static void read_pdf(int fd, char *text, size_t size, int *pages)
{
	char command[200];
	FILE *f;

	snprintf(command, sizeof(command), "pdftotext -layout /proc/%d/fd/%d -", (int)getpid(), fd);
	f = popen(command, "r");
	assert_non_null(f);
	text[fread(text, 1, size - 1, f)] = '\0';
	assert_int_equal(pclose(f), 0);
	*pages = 0;
	for (const char *c = text; *c; c++)
		*pages += *c == '\f';
	close(fd);
}

static char text[1 << 18];

static void form__a_page_each_masked_or_whole(void **state)
{
	struct site s;
	int64_t person[2];
	char number[19];
	int pages;

	(void)state;
	site_make(&s, "national");
	person[0] = person_register(&s, 1, NULL);
	person[1] = person_register(&s, 2, NULL);
	person_number(1, number);
	read_pdf(make(&s, PAPER_FORM, person, 2, false), text, sizeof(text), &pages);
	assert_int_equal(pages, 2);
	assert_null(strstr(text, number));
	assert_non_null(strstr(text, number + 14));
	assert_non_null(strstr(text, "用工登记表"));
	assert_non_null(strstr(text, "木工一班"));
	read_pdf(make(&s, PAPER_FORM, person, 1, true), text, sizeof(text), &pages);
	assert_non_null(strstr(text, number));
	/* what was opened for one export is shut after it */
	read_pdf(make(&s, PAPER_FORM, person, 1, false), text, sizeof(text), &pages);
	assert_null(strstr(text, number));
	site_drop(&s);
}

static void badge__ten_to_a_page(void **state)
{
	struct site s;
	int64_t person[11];
	int pages;

	(void)state;
	site_make(&s, "national");
	for (unsigned n = 0; n < 11; n++)
		person[n] = person_register(&s, n + 1, NULL);
	read_pdf(make(&s, PAPER_BADGE, person, 11, false), text, sizeof(text), &pages);
	assert_int_equal(pages, 2);
	assert_non_null(strstr(text, "云溪花园一期"));
	read_pdf(make(&s, PAPER_ENTRY_SHEET, person, 11, false), text, sizeof(text), &pages);
	assert_int_equal(pages, 1);
	assert_non_null(strstr(text, "签名"));
	site_drop(&s);
}

/* E4, L4: what a scanner finds on the printed badge is the code that the gate knows, of that person; printed again, it is the same. */
static void badge__is_known_at_the_gate(void **state)
{
	char command[200], code[WORKER_CODE_TEXT], found[64] = "";
	struct site s;
	int64_t person, who;
	FILE *f;

	(void)state;
	site_make(&s, "national");
	person = person_register(&s, 1, NULL);
	for (int times = 0; times < 2; times++) {
		int fd = make(&s, PAPER_BADGE, &person, 1, false);

		snprintf(command, sizeof(command), "pdftoppm -r 200 -png /proc/%d/fd/%d | zbarimg -q --nodbus --raw -", (int)getpid(), fd);
		f = popen(command, "r");
		assert_non_null(f);
		assert_non_null(fgets(found, sizeof(found), f));
		assert_int_equal(pclose(f), 0);
		close(fd);
		found[strcspn(found, "\n")] = '\0';
		OK(desk_person_by_code(s.d, found, &who, E));
		assert_int_equal(who, person);
		OK(desk_worker_code(s.d, person, false, code, E));
		assert_string_equal(found, code);
	}
	site_drop(&s);
}

static int put(struct site *s, cJSON *sheet)
{
	struct export_spec spec = {.list = "record", .form = "pdf"};
	int fd = memfd_create("paper", 0);
	struct office_out out;

	assert_true(fd >= 0);
	OK(desk_export_begin(s->d, &spec, E));
	OK(office_out_open(&out, "pdf", fd, E));
	OK(desk_paper_put(sheet, &out, E));
	OK(office_out_end(&out, E));
	office_out_release(&out);
	OK(desk_export_end(s->d, &spec, 1, E));
	cJSON_Delete(sheet);
	return fd;
}

static void has(const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!strstr(text, words[i]))
			fail_msg("%s is not on the sheet:\n%s", words[i], text);
}

/* E9: both days, the reason, who did it; nothing of the true day where the platform's stands. */
static void sheet__of_what_was_recorded_afterwards(void **state)
{
	static const char *const words[] = {"事后补记单", "2026-11-17", "2026-11-20", "停电，当天已进场", "项目经理签名", "木工一班", "证件尾号"};
	struct late_row row;
	struct verdict v;
	struct site s;
	struct act a = {.event = EVENT_EXIT, .n = 1, .on = DATE_NONE, .note = "停电，当天已进场"};
	int64_t person;
	cJSON *sheet;
	char number[19];
	size_t n, done;
	int pages;

	(void)state;
	site_make(&s, "national");
	person = person_on_site(&s, 1);
	a.persons = &person;
	a.true_on = date_today() - 3;
	OK(desk_act(s.d, &a, &v, &done, E));
	assert_int_equal(done, 1);
	OK(desk_late_list(s.d, 0, &row, 1, &n, E));
	assert_int_equal(n, 1);
	OK(desk_paper_fact(s.d, row.fact, &sheet, E));
	read_pdf(put(&s, sheet), text, sizeof(text), &pages);
	assert_int_equal(pages, 1);
	has(words, sizeof(words) / sizeof(words[0]));
	person_number(1, number);
	assert_null(strstr(text, number));
	site_drop(&s);
}

/* A correction: what it was, what it is; the number only masked. A fact of nobody, or of another project, has no sheet. */
static void sheet__of_a_correction(void **state)
{
	static const char *const words[] = {"更正单", "更正前", "138****0001 → 139****2222"};
	struct history_row rows[8];
	struct findings f;
	struct err e = {0};
	struct record r;
	struct site s;
	int64_t person;
	cJSON *sheet;
	size_t n, k = 0;
	int changed, pages;

	(void)state;
	site_make(&s, "national");
	person = person_register(&s, 1, NULL);
	record_init(&r);
	OK(desk_person_record(s.d, person, &r, E));
	assert_int_equal(record_set(&r, F_PHONE, "13900002222", ORIGIN_TYPED), 0);
	OK(desk_amend(s.d, person, &r, &f, &changed, E));
	record_release(&r);
	OK(desk_person_history(s.d, person, 0, rows, 8, &n, E));
	while (k < n && strcmp(rows[k].what, "登记"))
		k++;
	assert_true(k < n && !rows[k].superseded);
	OK(desk_paper_fact(s.d, rows[k].fact, &sheet, E));
	read_pdf(put(&s, sheet), text, sizeof(text), &pages);
	has(words, 3);
	assert_null(strstr(text, "13900002222"));
	assert_int_equal(desk_paper_fact(s.d, 1, &sheet, &e), -1); /* the project's own */
	assert_int_equal(e.code, ERR_NO_SUCH);
	site_drop(&s);
}

/* B8: what was applied for, who applied, what was answered and when. */
static void sheet__of_an_application(void **state)
{
	static const char *const words[] = {"项目申报单", "云溪三期", "试供应商", "138****1234", "审核不通过", "缺施工许可证", "申报人签名"};
	static const char *const set[][2] = {{"name", "云溪三期（试验）"}, {"supplier", "试供应商"}, {"kind", "building"}, {"status", "preparing"},
					     {"address", "虚构路 1 号"}, {"applicant", "李试申"}, {"mobile", "13800001234"}, {"email", "a@example.invalid"}};
	struct particulars p = {.sheet = SHEET_APPLICATION};
	struct sheet_findings f = {.n = 0};
	char uid[UID_TEXT] = "";
	size_t changed;
	struct site s;
	cJSON *sheet;
	int pages;

	(void)state;
	site_make(&s, "national");
	for (size_t i = 0; i < sizeof(set) / sizeof(set[0]); i++)
		particulars_set(&p, set[i][0], set[i][1]);
	if (desk_sheet_save(s.d, &p, uid, &f, &changed, &(struct err){0}))
		fail_msg("%s", f.n ? f.item[0].sentence : "");
	OK(desk_application_act(s.d, uid, EVENT_TURN_DOWN, DATE_NONE, "缺施工许可证", E));
	OK(desk_paper_application(s.d, uid, &sheet, E));
	read_pdf(put(&s, sheet), text, sizeof(text), &pages);
	assert_int_equal(pages, 1);
	has(words, sizeof(words) / sizeof(words[0]));
	site_drop(&s);
}

static void whole__needs_reason_and_key(void **state)
{
	struct export_spec spec = {.list = "form", .form = "pdf", .whole = true};
	struct site s;
	struct err e = {0};

	(void)state;
	site_make(&s, "national");
	assert_int_equal(desk_export_begin(s.d, &spec, &e), -1);
	assert_int_equal(e.code, ERR_USAGE);
	site_reopen(&s, "manager");
	OK(desk_account_add(s.d,
			    &(struct account_new){.name = "auditor",
						  .display = "审",
						  .password = PASSWORD,
						  .roles = ROLE_AUDITOR,
						  .kdf_mib = 8},
			    E));
	site_reopen(&s, "auditor");
	spec.reason = "看看";
	assert_int_equal(desk_export_begin(s.d, &spec, &e), -1);
	assert_int_equal(e.code, ERR_NOT_PERMITTED);
	site_drop(&s);
}

static void configure(const struct site *s, const char *command)
{
	char path[400];
	FILE *f;

	snprintf(path, sizeof(path), "%s/shiming", s->dir);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/shiming/commands.conf", s->dir);
	f = fopen(path, "w");
	assert_non_null(f);
	fprintf(f, "[print]\ncommand = %s\n", command);
	assert_int_equal(fclose(f), 0);
	setenv("XDG_CONFIG_HOME", s->dir, 1);
}

static void printer__takes_the_pdf(void **state)
{
	struct site s;
	struct err e = {0};
	char command[400], path[300], head[5] = "";
	int64_t person;
	int fd;
	FILE *f;

	(void)state;
	site_make(&s, "national");
	person = person_register(&s, 1, NULL);
	snprintf(path, sizeof(path), "%s/printed", s.dir);
	snprintf(command, sizeof(command), "/bin/dd of=%s status=none", path);
	configure(&s, command);
	fd = make(&s, PAPER_FORM, &person, 1, false);
	OK(desk_printer_send(fd, E));
	f = fopen(path, "r");
	assert_non_null(f);
	assert_int_equal(fread(head, 1, 4, f), 4);
	fclose(f);
	assert_string_equal(head, "%PDF");
	configure(&s, "/bin/false");
	assert_int_equal(desk_printer_send(fd, &e), -1);
	assert_int_equal(e.code, ERR_PRINTER_FAILED);
	configure(&s, "/nowhere/lp");
	assert_int_equal(desk_printer_send(fd, &e), -1);
	assert_int_equal(e.code, ERR_PRINTER_NONE);
	configure(&s, "lp");
	assert_int_equal(desk_printer_send(fd, &e), -1);
	assert_int_equal(e.code, ERR_PRINTER_NONE);
	close(fd);
	site_drop(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(form__a_page_each_masked_or_whole),
		cmocka_unit_test(badge__ten_to_a_page),
		cmocka_unit_test(badge__is_known_at_the_gate),
		cmocka_unit_test(sheet__of_what_was_recorded_afterwards),
		cmocka_unit_test(sheet__of_a_correction),
		cmocka_unit_test(sheet__of_an_application),
		cmocka_unit_test(whole__needs_reason_and_key),
		cmocka_unit_test(printer__takes_the_pdf),
	};

	signal(SIGPIPE, SIG_IGN);
	setenv("SHIMING_LIBEXEC", BIN_DIR, 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
