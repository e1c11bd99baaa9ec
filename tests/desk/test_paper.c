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
		cmocka_unit_test(whole__needs_reason_and_key),
		cmocka_unit_test(printer__takes_the_pdf),
	};

	signal(SIGPIPE, SIG_IGN);
	setenv("SHIMING_LIBEXEC", BIN_DIR, 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
