/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The practice directory: made, recognised, locked, begun anew; what is not ours is never touched. */
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "practice_dir.h"

static char base[64], dir[96];

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

static int setup(void **state)
{
	(void)state;
	strcpy(base, "/tmp/shiming-test-XXXXXX");
	if (!mkdtemp(base))
		return -1;
	snprintf(dir, sizeof(dir), "%s/a/practice", base);
	setenv("XDG_STATE_HOME", base, 1);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	return nftw(base, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static void put(const char *name, const char *text)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void put_dir(const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	assert_int_equal(mkdir(path, 0700), 0);
}

static bool there(const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	return access(path, F_OK) == 0;
}

static void made_once_and_found_again(void **state)
{
	struct practice_dirs p;
	struct stat st;
	struct err e = { 0 };
	char secret[PRACTICE_SECRET], runtime[sizeof(p.runtime)];

	(void)state;
	assert_int_equal(practice_dirs_open(&p, dir, "jiangmen", false, &e), 0);
	assert_false(p.made);
	assert_string_equal(p.profile, "jiangmen");
	assert_int_equal(stat(dir, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	strcpy(secret, p.admin);
	strcpy(runtime, p.runtime);
	assert_int_equal(stat(runtime, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_int_equal(practice_dirs_made(&p, &e), 0);
	practice_dirs_close(&p);
	assert_int_equal(stat(runtime, &st), -1);

	assert_int_equal(practice_dirs_open(&p, dir, NULL, false, &e), 0);
	assert_true(p.made);
	assert_string_equal(p.profile, "jiangmen");
	assert_string_equal(p.admin, secret);
	practice_dirs_close(&p);
}

static void default_lies_under_the_state_directory(void **state)
{
	struct practice_dirs p;
	struct err e = { 0 };
	char want[256];

	(void)state;
	snprintf(want, sizeof(want), "%s/shiming/practice/national", base);
	assert_int_equal(practice_dirs_open(&p, NULL, NULL, false, &e), 0);
	assert_string_equal(p.dir, want);
	practice_dirs_close(&p);
}

static void another_profile_is_refused_unless_fresh(void **state)
{
	struct practice_dirs p;
	struct err e = { 0 };

	(void)state;
	assert_int_equal(practice_dirs_open(&p, dir, "jiangmen", false, &e), 0);
	assert_int_equal(practice_dirs_made(&p, &e), 0);
	practice_dirs_close(&p);
	assert_int_equal(practice_dirs_open(&p, dir, "national", false, &e), -1);
	assert_int_equal(e.code, ERR_PROFILE_UNKNOWN);
	practice_dirs_close(&p);
	assert_int_equal(practice_dirs_open(&p, dir, "national", true, &e), 0);
	assert_false(p.made);
	assert_string_equal(p.profile, "national");
	practice_dirs_close(&p);
}

static void fresh_removes_ours_and_nothing_else(void **state)
{
	struct practice_dirs p;
	struct err e = { 0 };

	(void)state;
	assert_int_equal(practice_dirs_open(&p, dir, NULL, false, &e), 0);
	assert_int_equal(mkdir(p.data, 0700), 0);
	assert_int_equal(practice_dirs_made(&p, &e), 0);
	practice_dirs_close(&p);
	put("data/shiming.db", "x");
	put_dir("platform");
	put("platform/platform.db", "x");
	put("notes.txt", "theirs");
	assert_int_equal(practice_dirs_open(&p, dir, NULL, true, &e), 0);
	assert_false(there("data"));
	assert_false(there("platform"));
	assert_true(there("notes.txt"));
	practice_dirs_close(&p);
}

static void a_foreign_directory_is_refused_untouched(void **state)
{
	struct practice_dirs p;
	struct err e = { 0 };

	(void)state;
	assert_int_equal(mkdir(dir, 0700), -1);
	snprintf(dir, sizeof(dir), "%s/theirs", base);
	assert_int_equal(mkdir(dir, 0700), 0);
	put("platform.db", "theirs");
	assert_int_equal(practice_dirs_open(&p, dir, NULL, true, &e), -1);
	assert_int_equal(e.code, ERR_DATA_FOREIGN);
	practice_dirs_close(&p);
	assert_true(there("platform.db"));
}

static void a_broken_marker_is_an_error_not_a_fresh_start(void **state)
{
	struct practice_dirs p;
	struct err e = { 0 };

	(void)state;
	snprintf(dir, sizeof(dir), "%s/broken", base);
	assert_int_equal(mkdir(dir, 0700), 0);
	put("practice.json", "{\"profile\":");
	put("platform.db", "work");
	assert_int_equal(practice_dirs_open(&p, dir, NULL, false, &e), -1);
	assert_int_equal(e.code, ERR_JSON);
	practice_dirs_close(&p);
	assert_true(there("platform.db"));
}

static void one_at_a_time(void **state)
{
	struct practice_dirs a, b;
	struct err e = { 0 };

	(void)state;
	assert_int_equal(practice_dirs_open(&a, dir, NULL, false, &e), 0);
	assert_int_equal(practice_dirs_open(&b, dir, NULL, true, &e), -1);
	assert_int_equal(e.code, ERR_DATA_LOCKED);
	practice_dirs_close(&b);
	practice_dirs_close(&a);
	assert_int_equal(practice_dirs_open(&b, dir, NULL, false, &e), 0);
	practice_dirs_close(&b);
}

/* Killed: lock free, a begun site begun again, the runtime directory of the dead one removed. */
static void what_a_killed_session_leaves_is_cleared(void **state)
{
	struct practice_dirs p;
	struct err e = { 0 };
	char left[sizeof(p.runtime)] = "";
	int pipefd[2], status;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(pipefd), 0);
	pid = fork();
	if (pid == 0) {
		if (practice_dirs_open(&p, dir, NULL, false, &e) != 0 || mkdir(p.data, 0700) != 0 ||
		    write(pipefd[1], p.runtime, sizeof(p.runtime)) < 0)
			_exit(1);
		raise(SIGKILL);
	}
	assert_int_equal(read(pipefd[0], left, sizeof(left)), sizeof(left));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(access(left, F_OK), 0);
	assert_int_equal(practice_dirs_open(&p, dir, NULL, false, &e), 0);
	assert_int_equal(access(left, F_OK), -1);
	assert_false(p.made);
	assert_false(there("data"));
	practice_dirs_close(&p);
	close(pipefd[0]);
	close(pipefd[1]);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(made_once_and_found_again), T(default_lies_under_the_state_directory), T(another_profile_is_refused_unless_fresh),
		T(fresh_removes_ours_and_nothing_else), T(a_foreign_directory_is_refused_untouched),
		T(a_broken_marker_is_an_error_not_a_fresh_start), T(one_at_a_time), T(what_a_killed_session_leaves_is_cleared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
