/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A roster from a table (E7, U13): bad rows of twelve kinds among good ones, the verdicts exactly; the mended
 * rows; the same file again changes nothing. How much reaches the disk is counted.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "counting_vfs.h"
#include "desk/import.h"
#include "desk/undo.h"
#include "desk_site.h"
#include "office/client.h"
#include <sqlite3.h>

#ifndef ROWS
#define ROWS 600
#define EVERY 10 /* a bad row in so many */
#endif

enum kind {
	GOOD,
	ROUNDED,
	NOUGHTS,
	CHECK_DIGIT,
	TWICE,
	TEAM,
	TRADE,
	PHONE,
	ORDER,
	NAME,
	AGE,
	BANK,
	DAY,
	KINDS
};
static const struct {
	const char *column, *words; /* in the refusal */
} refusal[KINDS] = {
	[ROUNDED] = {"身份证号", "丢失"},
	[NOUGHTS] = {"身份证号", "丢失"},
	[CHECK_DIGIT] = {"身份证号", "校验码"},
	[TWICE] = {"身份证号", "同一个证件号码"},
	[TEAM] = {"班组名称", "不是本项目的班组"},
	[TRADE] = {"工种", "不在可选的项目里"},
	[PHONE] = {"联系电话", "手机号码"},
	[ORDER] = {"合同结束日期", "早于起始日"},
	[NAME] = {"姓名", "请填写"},
	[AGE] = {"出生", "周岁"},
	[BANK] = {"银行卡号", "丢失"},
	[DAY] = {"合同开始日期", "应为日期"},
};
#define HEADINGS                                                                                                                                        \
	"备注,姓 "                                                                                                                                   \
	"名,身份证号（必填）,性别,民族,出生年月,家庭住址,联系电话,人员类型,工种,用工单位,班组名称,合同类型," \
	"合同开始日期,合同结束日期,"                                                                                                        \
	"计酬方式,工资(元),银行卡号,安全教育日期\n"

static enum kind kind_of(unsigned n)
{
	return n % EVERY ? GOOD : (enum kind)(n / EVERY % (KINDS - 1) + 1);
}

struct words {
	char number[24], birth[11], name[40], phone[24], bank[24], team[40], trade[24], from[24], to[24];
};

static void good_words(unsigned n, struct words *w)
{
	person_number(n, w->number);
	snprintf(w->birth, sizeof(w->birth), "%.4s-%.2s-%.2s", w->number + 6, w->number + 10, w->number + 12);
	snprintf(w->name, sizeof(w->name), "张试%s", n % 2 ? "工" : "𠮷");
	snprintf(w->phone, sizeof(w->phone), "138%08u", 10000000 + n);
	snprintf(w->bank, sizeof(w->bank), "62220%014u", n * 7 + 100);
	strcpy(w->team, "木工一班");
	strcpy(w->trade, "木工");
	strcpy(w->from, "2026/11/20");
	strcpy(w->to, "2028年12月31日");
}

static void make_number(char *number, const char *birth, bool noughts)
{
	memcpy(number + 6, birth, 8);
	if (noughts)
		memcpy(number + 14, "100", 3);
	number[17] = id_number_check_digit(number);
	if (noughts)
		strcpy(number + 15, number[17] == '0' ? "001" : "000");
}

/* A child of each day of 2015: of the same day, two of five thousand would bear one number. */
static void too_young(struct words *w)
{
	unsigned n = (unsigned)strtoul(w->phone + 3, NULL, 10);
	char birth[9];

	snprintf(birth, sizeof(birth), "2015%02u%02u", n / 28 % 12 + 1, n % 28 + 1);
	make_number(w->number, birth, false);
	snprintf(w->birth, sizeof(w->birth), "%.4s-%.2s-%.2s", birth, birth + 4, birth + 6);
}

static void spoil(enum kind k, struct words *w)
{
	switch (k) {
	case ROUNDED:
		strcpy(w->number, "1.10199E+17");
		break;
	case NOUGHTS:
		make_number(w->number, "19900101", true);
		break;
	case CHECK_DIGIT:
		w->number[17] = w->number[17] == '1' ? '2' : '1';
		break;
	case TWICE:
		person_number(1, w->number);
		break;
	case TEAM:
		strcpy(w->team, "没有的班");
		break;
	case TRADE:
		strcpy(w->trade, "魔术师");
		break;
	case PHONE:
		strcpy(w->phone, "12345");
		break;
	case ORDER:
		strcpy(w->to, "2026-11-01");
		break;
	case NAME:
		w->name[0] = '\0';
		break;
	case AGE:
		too_young(w);
		break;
	case BANK:
		strcpy(w->bank, "6.22202E+18");
		break;
	case DAY:
		strcpy(w->from, "2026-13-45");
		break;
	default:
		break;
	}
}

static void write_row(FILE *f, const struct words *w)
{
	fprintf(f,
		"x,%s,%s,男,汉,%s,某省某县某镇试验村八组十二号,%s,建筑工人,%s,青禾试劳有限公司,%s,"
		"固定期限合同,%s,%s,按月,6500,%s,2026-11-19\n",
		w->name, w->number, w->birth, w->phone, w->trade, w->team, w->from, w->to, w->bank);
}

/* Rows 1…ROWS; which: 0 all, as they are; 1 only the bad ones, mended. */
static void write_file(const char *path, bool mended)
{
	FILE *f = fopen(path, "w");
	struct words w;

	assert_non_null(f);
	fputs(HEADINGS, f);
	for (unsigned n = 1; n <= ROWS; n++) {
		good_words(n, &w);
		if (!mended)
			spoil(kind_of(n), &w);
		if (!mended || kind_of(n) != GOOD)
			write_row(f, &w);
	}
	assert_int_equal(fclose(f), 0);
}

static struct import *take(struct site *s, const char *path, bool dry_run)
{
	struct import *i = NULL;
	bool over = false;

	OK(desk_import_open(s->d, &(struct import_options){.path = path, .dry_run = dry_run}, &i, E));
	while (!over) {
		struct pollfd p = {.fd = desk_import_fd(i), .events = POLLIN};

		assert_true(poll(&p, 1, 60000) == 1);
		OK(desk_import_step(i, &over, E));
	}
	return i;
}

static void path_of(const struct site *s, const char *name, char out[300])
{
	snprintf(out, 300, "%s/%s", s->dir, name);
}

/* good: of the good ones; nameless: of those without a name, once somebody has mended them: an empty cell
 * says nothing. */
static void verdicts_are_exact(const struct import *i, enum import_outcome good, enum import_outcome nameless)
{
	for (unsigned n = 1; n <= ROWS; n++) {
		const struct import_verdict *v = desk_import_verdict(i, n - 1);
		enum kind k = kind_of(n);

		assert_non_null(v);
		assert_int_equal(v->row, n + 1);
		if (v->outcome != (k == GOOD ? good : k == NAME ? nameless : IMPORT_REFUSED))
			fail_msg("row %u, kind %d: %s, %s", n, (int)k, import_outcome_name(v->outcome),
				 v->why ? v->why : "");
		if (v->outcome == IMPORT_REFUSED &&
		    (!strstr(v->why, refusal[k].column) || !strstr(v->why, refusal[k].words)))
			fail_msg("row %u, kind %d: %s", n, (int)k, v->why);
	}
	assert_null(desk_import_verdict(i, ROWS));
	assert_int_equal(desk_import_counts(i)->rows, ROWS);
	assert_string_equal(desk_import_ignored(i), "备注");
}

static int64_t people(struct site *s)
{
	struct roster_query q = {.filter = ROSTER_ALL};
	int64_t n;

	OK(desk_roster_count(s->d, &q, 1000000, &n, E));
	return n;
}

static int64_t operations(struct site *s)
{
	struct outbox_counts c;
	int64_t n = 0;

	OK(desk_outbox_counts(s->d, &c, E));
	for (int k = 0; k < OUTBOX_STATE_COUNT; k++)
		n += c.state[k];
	return n;
}

static void roster__bad_rows_then_mended_then_again(void **state)
{
	struct site s;
	char file[300], mended[300];
	const unsigned bad = ROWS / EVERY;
	struct import *i;
	int64_t queued;

	(void)state;
	site_make(&s, "national");
	path_of(&s, "roster.csv", file);
	path_of(&s, "mended.csv", mended);
	write_file(file, false);
	write_file(mended, true);

	queued = operations(&s);
	i = take(&s, file, true); /* a dry run writes nothing */
	verdicts_are_exact(i, IMPORT_NEW, IMPORT_REFUSED);
	desk_import_close(i);
	assert_int_equal(people(&s), 0);
	assert_int_equal(operations(&s), queued);

	counting_reset();
	i = take(&s, file, false);
	verdicts_are_exact(i, IMPORT_NEW, IMPORT_REFUSED);
	desk_import_close(i);
	assert_int_equal(people(&s), ROWS - bad);
	/* a transaction a group, and the record of the import */
	assert_true(counting.syncs <= (ROWS + IMPORT_GROUP_FEW - 1) / IMPORT_GROUP_FEW + 1);

	i = take(&s, mended, false);
	assert_int_equal(desk_import_counts(i)->n[IMPORT_NEW], bad);
	desk_import_close(i);
	assert_int_equal(people(&s), ROWS);

	queued = operations(&s);
	i = take(&s, file, false); /* the same file again: nothing */
	verdicts_are_exact(i, IMPORT_SAME, IMPORT_SAME);
	desk_import_close(i);
	i = take(&s, mended, false);
	assert_int_equal(desk_import_counts(i)->n[IMPORT_SAME], bad);
	desk_import_close(i);
	assert_int_equal(people(&s), ROWS);
	assert_int_equal(operations(&s), queued);
	site_drop(&s);
}

/* --- taking back ---------------------------------------------------------------------------------------- */

#define UNDONE 320

/* n good rows; alike: this one has the phone of the row before (0: none). */
static void good_file(const char *path, unsigned n, unsigned alike)
{
	FILE *f = fopen(path, "w");
	struct words w;

	assert_non_null(f);
	fputs(HEADINGS, f);
	for (unsigned k = 1; k <= n; k++) {
		good_words(k, &w);
		if (k == alike)
			snprintf(w.phone, sizeof(w.phone), "138%08u", 10000000 + k - 1);
		write_row(f, &w);
	}
	assert_int_equal(fclose(f), 0);
}

static struct undo_row newest(struct site *s)
{
	struct undo_row row;
	size_t n;
	bool more;

	OK(desk_undo_list(s->d, false, 0, &row, 1, &n, &more, E));
	assert_int_equal(n, 1);
	return row;
}

static int64_t rows_in(const struct site *s, const char *sql)
{
	char path[300];
	sqlite3 *db = NULL;
	sqlite3_stmt *st = NULL;
	int64_t n;

	path_of(s, DESK_FILE, path);
	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(st), SQLITE_ROW);
	n = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	sqlite3_close(db);
	return n;
}

/* U4, U11: one line in the list, one taking back; nothing is left, nothing goes out, the audit says so; the same file is new again. */
static void undo__the_whole_import_at_once(void **state)
{
	struct undo_row row;
	struct site s;
	char file[300];
	int64_t queued;

	(void)state;
	site_make(&s, "national");
	path_of(&s, "a.csv", file);
	good_file(file, UNDONE, 0);
	queued = operations(&s);
	desk_import_close(take(&s, file, false));
	assert_int_equal(people(&s), UNDONE);
	row = newest(&s);
	assert_string_equal(row.what, "导入花名册");
	assert_int_equal(row.people, UNDONE);
	assert_int_equal(row.state, UNDO_POSSIBLE);
	OK(desk_undo(s.d, row.act, E));
	assert_int_equal(people(&s), 0);
	assert_int_equal(rows_in(&s, "SELECT count(*) FROM employment"), 0);
	assert_int_equal(rows_in(&s, "SELECT count(*) FROM contract"), 0);
	assert_int_equal(rows_in(&s, "SELECT count(*) FROM search"), 0);
	assert_int_equal(rows_in(&s, "SELECT count(*) FROM outbox WHERE state < 4"), queued);
	assert_int_equal(rows_in(&s, "SELECT count(*) FROM audit WHERE action = 'undo'"), 1);
	assert_int_equal(newest(&s).state, UNDO_DONE);
	assert_int_equal(newest(&s).act, row.act); /* one line, before and after */
	desk_import_close(take(&s, file, false));
	assert_int_equal(people(&s), UNDONE);
	assert_int_not_equal(newest(&s).act, row.act);
	site_drop(&s);
}

/* Stopped in the middle, as by a power cut: what was imported is one act, and the same file brings the rest. */
static void undo__of_half_an_import(void **state)
{
	struct import *i = NULL;
	struct undo_row row;
	struct site s;
	char file[300];
	bool over = false;
	int64_t half;

	(void)state;
	site_make(&s, "national");
	path_of(&s, "a.csv", file);
	good_file(file, UNDONE, 0);
	OK(desk_import_open(s.d, &(struct import_options){.path = file}, &i, E));
	while (desk_import_counts(i)->rows < 2 * IMPORT_GROUP_FEW) {
		struct pollfd p = {.fd = desk_import_fd(i), .events = POLLIN};

		assert_true(poll(&p, 1, 60000) == 1);
		OK(desk_import_step(i, &over, E));
		assert_false(over);
	}
	half = people(&s);
	desk_import_close(i);
	row = newest(&s);
	assert_int_equal(row.people, half);
	desk_import_close(take(&s, file, false));
	assert_int_equal(people(&s), UNDONE);
	assert_int_equal(newest(&s).people, UNDONE - half);
	OK(desk_undo(s.d, newest(&s).act, E));
	assert_int_equal(people(&s), half);
	OK(desk_undo(s.d, row.act, E));
	assert_int_equal(people(&s), 0);
	site_drop(&s);
}

/* Rules as they are, but for one: who looks like somebody known is refused, which is found out after he was written. */
static void strict_rules(char dir[300])
{
	char command[1000];

	snprintf(dir, 300, "/tmp/shiming-rules-XXXXXX");
	assert_non_null(mkdtemp(dir));
	snprintf(command, sizeof(command),
		 "cp -r '%s'/. '%s' && sed -i 's/\"same_person\": {\"value\": \"warn\"/\"same_person\": {\"value\": \"block\"/' '%s/common.json' && "
		 "grep -q '\"same_person\": {\"value\": \"block\"' '%s/common.json'",
		 PROFILE_DIR, dir, dir, dir);
	assert_int_equal(system(command), 0);
	site_profiles = dir;
}

/* A row that is refused only after it was written takes its group with it, which is then done again row by row: no other row suffers. */
static void group__lost_and_done_again(void **state)
{
	char file[300], rules[300], command[320];
	const struct import_verdict *v;
	struct import *i;
	struct site s;

	(void)state;
	strict_rules(rules);
	site_make(&s, "national");
	path_of(&s, "a.csv", file);
	good_file(file, UNDONE, 70);
	i = take(&s, file, false);
	assert_int_equal(desk_import_counts(i)->n[IMPORT_NEW], UNDONE - 1);
	assert_int_equal(desk_import_counts(i)->n[IMPORT_REFUSED], 1);
	v = desk_import_verdict(i, 69);
	if (v->outcome != IMPORT_REFUSED || !strstr(v->why, "手机号码相同"))
		fail_msg("%s: %s", import_outcome_name(v->outcome), v->why ? v->why : "");
	desk_import_close(i);
	assert_int_equal(people(&s), UNDONE - 1);
	assert_int_equal(rows_in(&s, "SELECT count(*) FROM person"), UNDONE - 1);
	assert_int_equal(newest(&s).people, UNDONE - 1);
	OK(desk_undo(s.d, newest(&s).act, E));
	assert_int_equal(people(&s), 0);
	site_drop(&s);
	site_profiles = PROFILE_DIR;
	snprintf(command, sizeof(command), "rm -rf '%s'", rules);
	assert_int_equal(system(command), 0);
}

/* --- smaller ones -------------------------------------------------------------------------------------- */

static void two_rows(const char *path, const char *first, const char *second)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	fputs(HEADINGS, f);
	fputs(first, f);
	fputs(second, f);
	assert_int_equal(fclose(f), 0);
}

static void known__only_what_is_said_changes(void **state)
{
	struct site s;
	struct import *i;
	struct record r;
	char file[300], line[200], number[19];
	int64_t person;

	(void)state;
	site_make(&s, "national");
	path_of(&s, "a.csv", file);
	person = person_register(&s, 5, NULL);
	person_number(5, number);
	snprintf(line, sizeof(line), ",,%s,,,,,13900000005,,,,,,,,,,,\n", number);
	two_rows(file, line, "");
	i = take(&s, file, false);
	assert_int_equal(desk_import_counts(i)->n[IMPORT_CHANGED], 1);
	assert_int_equal(desk_import_verdict(i, 0)->person, person);
	desk_import_close(i);
	record_init(&r);
	OK(desk_person_record(s.d, person, &r, E));
	assert_string_equal(record_get(&r, F_PHONE), "13900000005");
	assert_string_equal(record_get(&r, F_TRADE), "240");
	record_release(&r);
	/* what a card said is not changed by a list */
	snprintf(line, sizeof(line), ",张别名,%s,,,,,,,,,,,,,,,,\n", number);
	two_rows(file, line, "");
	i = take(&s, file, false);
	assert_int_equal(desk_import_counts(i)->n[IMPORT_REFUSED], 1);
	assert_non_null(strstr(desk_import_verdict(i, 0)->why, "读卡"));
	desk_import_close(i);
	site_drop(&s);
}

static void headings__unknown_or_twice_are_refused(void **state)
{
	static const char *const files[] = {"a,b,c\n1,2,3\n", "姓名,手机,身份证号,电话\n甲,1,2,3\n"};
	struct site s;
	char path[300];

	(void)state;
	site_make(&s, "national");
	path_of(&s, "a.csv", path);
	for (size_t k = 0; k < ARRAY_LEN(files); k++) {
		FILE *f = fopen(path, "w");
		struct import *i = NULL;
		struct err e = {0};
		bool over = false;

		fputs(files[k], f);
		fclose(f);
		OK(desk_import_open(s.d, &(struct import_options){.path = path}, &i, E));
		while (!over) {
			struct pollfd p = {.fd = desk_import_fd(i), .events = POLLIN};

			poll(&p, 1, 60000);
			desk_import_step(i, &over, &e);
		}
		assert_int_equal(e.code, ERR_IMPORT_HEADINGS);
		desk_import_close(i);
	}
	site_drop(&s);
}

static void rights__who_may_not_register_may_not_import(void **state)
{
	struct site s;
	struct import *i = NULL;
	struct err e = {0};

	(void)state;
	site_make(&s, "national");
	site_reopen(&s, "manager");
	OK(desk_account_add(s.d,
			    &(struct account_new){.name = "auditor",
						  .display = "审",
						  .password = PASSWORD,
						  .roles = ROLE_AUDITOR,
						  .kdf_mib = 8},
			    E));
	site_reopen(&s, "auditor");
	assert_int_equal(desk_import_open(s.d, &(struct import_options){.path = "/dev/null"}, &i, &e), -1);
	assert_int_equal(e.code, ERR_NOT_PERMITTED);
	site_drop(&s);
}

/* The refused rows come back as a file that can be imported; the template's headings are all known. */
static void files__report_and_template_read_back(void **state)
{
	struct site s;
	struct import *i;
	char file[300], report[300], template[300];
	struct words w;
	struct office_file f;
	FILE *out;

	(void)state;
	site_make(&s, "national");
	path_of(&s, "a.csv", file);
	path_of(&s, "report.xlsx", report);
	path_of(&s, "template.xlsx", template);
	out = fopen(file, "w");
	fputs(HEADINGS, out);
	good_words(1, &w);
	spoil(TEAM, &w);
	write_row(out, &w);
	good_words(2, &w);
	spoil(ROUNDED, &w);
	write_row(out, &w);
	fclose(out);
	i = take(&s, file, false);
	assert_int_equal(desk_import_counts(i)->n[IMPORT_REFUSED], 2);
	OK(office_file_new(&f, report, false, E));
	OK(office_file_end(&f, desk_import_report(i, "xlsx", f.fd, E), E));
	desk_import_close(i);
	i = take(&s, report, false); /* mended by adding the team that was missing */
	assert_int_equal(desk_import_counts(i)->n[IMPORT_REFUSED], 2);
	assert_non_null(strstr(desk_import_verdict(i, 1)->why, "丢失"));
	desk_import_close(i);
	{
		char uid[UID_TEXT];

		OK(desk_team_add(
			s.d,
			&(struct team_new){.name = "没有的班", .kind = "worker", .participant_uid = s.labour},
			uid, E));
	}
	i = take(&s, report, false);
	if (desk_import_counts(i)->n[IMPORT_NEW] != 1)
		fail_msg("%s", desk_import_verdict(i, 0)->why);
	desk_import_close(i);
	assert_int_equal(office_file_new(&f, report, false, NULL),
			 -1); /* never over another without being told */
	OK(office_file_new(&f, template, false, E));
	OK(office_file_end(&f, desk_import_template(s.d, f.fd, E), E));
	i = take(&s, template, false);
	assert_int_equal(desk_import_counts(i)->rows, 0);
	assert_string_equal(desk_import_ignored(i), "");
	desk_import_close(i);
	site_drop(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(roster__bad_rows_then_mended_then_again),
		cmocka_unit_test(undo__the_whole_import_at_once),
		cmocka_unit_test(undo__of_half_an_import),
		cmocka_unit_test(group__lost_and_done_again),
		cmocka_unit_test(known__only_what_is_said_changes),
		cmocka_unit_test(headings__unknown_or_twice_are_refused),
		cmocka_unit_test(rights__who_may_not_register_may_not_import),
		cmocka_unit_test(files__report_and_template_read_back),
	};

	signal(SIGPIPE, SIG_IGN);
	setenv("SHIMING_LIBEXEC", BIN_DIR, 1);
	counting_register();
	sqlite3_vfs_register(sqlite3_vfs_find(COUNTING_VFS), 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
