/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Terminals and data directories as they should not be: a clear sentence each, the right exit status, nothing lost, nothing touched. */
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "base/text.h"
#include "journeys/moves.h"
#include "journeys/world.h"
#include "practice_site.h"

#define SHIMING BIN_DIR "/shiming"
#define NOBODY 65534

static char base[48], data[64];

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

/* A site without platform and reader: what is tested here needs neither. */
static int setup(void **state)
{
	struct practice_site site = { .profile = "national", .token = "token", .admin_password = "Admin-of-a-test-1", .hold_seconds = "0",
		.poll_seconds = "1", .dir = data };
	struct err e = { 0 };

	(void)state;
	setenv("SHIMING_LIBEXEC", BIN_DIR, 1);
	strcpy(base, "/tmp/shiming-ground-XXXXXX");
	if (!mkdtemp(base))
		return -1;
	snprintf(data, sizeof(data), "%s/data", base);
	if (practice_site_make(&site, &e) != 0) {
		fprintf(stderr, "%s: %s\n", err_name(e.code), e.detail);
		return -1;
	}
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	terminal_close_all();
	return nftw(base, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static struct terminal *open_at(const char *dir, int rows, int cols, uid_t uid)
{
	char bin[128], program[160];
	const char *argv[] = { program, "--data", dir, NULL };

	world_programs_for(uid, base, bin, sizeof(bin));
	snprintf(program, sizeof(program), "%s/shiming", bin);
	return terminal_open(&(struct terminal_spec){ .argv = argv, .rows = rows, .cols = cols, .uid = uid, .cwd = base });
}

static void sql(const char *text)
{
	char path[96];
	sqlite3 *db;

	snprintf(path, sizeof(path), "%s/shiming.db", data);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, text, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static bool anything(struct terminal *t, void *arg)
{
	(void)arg;
	for (int row = 0; row < 24; row++)
		if (*terminal_row(t, row))
			return true;
	return false;
}

/* 20×5: one sentence; made large again the same form is there with what was typed. */
static void a_small_terminal(void **state)
{
	struct terminal *t = open_at(data, 24, 80, 0);

	(void)state;
	move_login(t, "clerk");
	terminal_keys(t, "n");
	terminal_expect(t, "手工录入");
	terminal_keys(t, "<Enter>990101");
	terminal_expect(t, "990101");
	terminal_resize(t, 5, 20);
	terminal_expect(t, "窗口太小");
	terminal_resize(t, 24, 80);
	terminal_expect(t, "990101");
	terminal_close(t);
	t = open_at(data, 5, 20, 0);
	terminal_expect(t, "窗口太小");
	terminal_keys(t, "q<Esc><F10>");
	terminal_resize(t, 24, 80);
	assert_true(terminal_wait_until(t, anything, NULL, TERMINAL_DEADLINE));
	terminal_close(t);
}

/* The line hangs up: the program ends, and by itself; what was being typed is a draft. */
static void end_of_input(void **state)
{
	struct terminal *t = open_at(data, 24, 80, 0);
	int status;

	(void)state;
	move_login(t, "clerk");
	terminal_keys(t, "n");
	terminal_expect(t, "手工录入");
	terminal_keys(t, "<Enter>990101");
	terminal_expect(t, "990101");
	terminal_end_input(t);
	assert_true(terminal_wait_end(t, TERMINAL_DEADLINE, &status));
	terminal_close(t);
	t = open_at(data, 24, 80, 0);
	terminal_expect(t, "口令  ");
	terminal_keys(t, "clerk<Enter>" PRACTICE_PASSWORD "<Enter>");
	terminal_expect(t, "草稿 1 份");
	terminal_close(t);
}

static void no_terminal_at_all(void **state)
{
	const char *const argv[] = { "/bin/sh", "-c", SHIMING " --data \"$0\" </dev/null >\"$0.out\" 2>&1; echo status $?; cat \"$0.out\"", data, NULL };
	struct terminal *t = terminal_open(&(struct terminal_spec){ .argv = argv });

	(void)state;
	terminal_expect(t, "status 1");
	terminal_expect(t, "无法使用终端");
	terminal_close(t);
}

static void a_terminal_that_can_do_nothing(void **state)
{
	const char *argv[] = { SHIMING, "--data", data, NULL };
	struct terminal *t = terminal_open(&(struct terminal_spec){ .argv = argv, .term = "dumb" });

	(void)state;
	terminal_expect(t, "无法使用终端");
	terminal_expect_exit(t, 1);
	terminal_close(t);
}

/* The status and the sentence of a program that does not come as far as a screen. */
static void refused(const char *dir, uid_t uid, int status, const char *sentence)
{
	struct terminal *t = open_at(dir, 24, 80, uid);
	int got;

	if (!terminal_wait_end(t, TERMINAL_DEADLINE, &got))
		terminal_fail(t, "waited for the end", __FILE__, __LINE__);
	if (!WIFEXITED(got) || WEXITSTATUS(got) != status || !terminal_shows(t, sentence)) {
		fprintf(stderr, "wait status %x, wanted exit %d and: %s\n", (unsigned)got, status, sentence);
		terminal_fail(t, "not refused as it should be", __FILE__, __LINE__);
	}
	terminal_close(t);
}

static void data_that_is_missing(void **state)
{
	char dir[96];

	(void)state;
	snprintf(dir, sizeof(dir), "%s/nowhere", base);
	refused(dir, 0, 3, "没有找到数据目录");
	assert_int_equal(access(dir, F_OK), -1);
}

static void data_from_a_newer_program(void **state)
{
	(void)state;
	sql("PRAGMA user_version = 9999");
	refused(data, 0, 3, "更新版本");
}

static void data_of_another_program(void **state)
{
	(void)state;
	sql("PRAGMA application_id = 1196444487");
	refused(data, 0, 3, "不是 shiming 的数据文件");
}

static void data_that_is_no_database(void **state)
{
	char path[96];
	FILE *f;

	(void)state;
	snprintf(path, sizeof(path), "%s/shiming.db", data);
	f = fopen(path, "w");
	fputs("these are somebody's notes, not a database; they must stay as they are. ", f);
	fclose(f);
	refused(data, 0, 3, "数据文件已损坏，程序不会自行修复");
	f = fopen(path, "r");
	assert_int_equal(fgetc(f), 't');
	fclose(f);
}

static void data_that_others_can_read(void **state)
{
	(void)state;
	assert_int_equal(chmod(data, 0755), 0);
	refused(data, 0, 3, "属主或权限不对");
}

/* Only root can play another user. */
static void data_of_another_user(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(chmod(base, 0755), 0);
	refused(data, NOBODY, 3, "属主或权限不对");
}

/* Somebody holds the write lock for good: said, not waited for without end; what was typed stays. */
static void data_that_is_locked(void **state)
{
	struct terminal *t = open_at(data, 24, 80, 0);
	char path[96];
	sqlite3 *db;

	(void)state;
	terminal_expect(t, "口令  ");
	snprintf(path, sizeof(path), "%s/shiming.db", data);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	terminal_keys(t, "clerk<Enter>" PRACTICE_PASSWORD "<Enter>");
	terminal_expect(t, "数据库正忙");
	assert_int_equal(sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	terminal_close(t);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(a_small_terminal), T(end_of_input), T(no_terminal_at_all), T(a_terminal_that_can_do_nothing), T(data_that_is_missing),
		T(data_from_a_newer_program), T(data_of_another_program), T(data_that_is_no_database), T(data_that_others_can_read), T(data_of_another_user), T(data_that_is_locked),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
