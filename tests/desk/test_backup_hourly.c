/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Backups by themselves (R16, L9): when, where, which stay, what a clock, a kill, a missing stick and a full disk do. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "desk/upkeep.h"
#include "desk_site.h"

#define HOUR (3600 * 1000LL)

static struct backup_place places[BACKUP_PLACES];

static const struct backup_place *seen(const struct site *s, const char *second)
{
	desk_backups_seen(s->dir, second, places);
	return places;
}

static enum backup_step step(struct site *s)
{
	enum backup_step done;

	OK(desk_backup_hourly(s->d, &done, E));
	return done;
}

static void something_happens(struct site *s)
{
	static int n;

	OK(desk_setting_set(s->d, "language", n++ % 2 ? "zh_CN" : "en", E)); /* recorded like everything */
}

static void second_place(const struct site *s, char out[300])
{
	snprintf(out, 300, "%s.stick", s->dir);
}

static int remove_all(const char *path)
{
	char line[400];
	DIR *dir = opendir(path);

	for (struct dirent *at; dir && (at = readdir(dir));) {
		snprintf(line, sizeof(line), "%s/%.90s", path, at->d_name);
		unlink(line);
	}
	if (dir)
		closedir(dir);
	return rmdir(path);
}

static void every_hour_something_happened(void **state)
{
	struct site s;

	(void)state;
	site_make(&s, "national");
	assert_int_equal(seen(&s, "")[0].n, 0);
	assert_int_equal(step(&s), BACKUP_MADE); /* the first at once */
	assert_int_equal(step(&s), BACKUP_NOT_DUE);
	clock_add(2 * HOUR);
	assert_int_equal(step(&s), BACKUP_NOT_DUE); /* nothing happened since */
	something_happens(&s);
	assert_int_equal(step(&s), BACKUP_MADE);
	something_happens(&s);
	clock_add(HOUR - 1000);
	assert_int_equal(step(&s), BACKUP_NOT_DUE); /* not an hour yet */
	clock_add(1000);
	assert_int_equal(step(&s), BACKUP_MADE);
	assert_int_equal(seen(&s, "")[0].n, 3);
	assert_int_equal(places[0].made_ms, now_ms);
	OK(desk_setting_set(s.d, "backup.minutes", "off", E));
	clock_add(48 * HOUR);
	assert_int_equal(step(&s), BACKUP_NOT_DUE);
	site_drop(&s);
}

/* What lies there opens, with this site's people in it. */
static void it_can_be_restored(void **state)
{
	struct desk_restore r = {.account = "clerk", .password = PASSWORD};
	struct backup made;
	struct site s;
	char other[300];

	(void)state;
	site_make(&s, "national");
	person_register(&s, 1, NULL);
	assert_int_equal(step(&s), BACKUP_MADE);
	snprintf(other, sizeof(other), "%s.other", s.dir);
	r.dir = other;
	r.path = seen(&s, "")[0].newest;
	OK(desk_restore(&r, &made, E));
	assert_true(made.bytes > 0);
	assert_true(remove_all(other) == 0);
	site_drop(&s);
}

static void months_of_work_leave_few(void **state)
{
	struct site s;

	(void)state;
	site_make(&s, "national");
	for (int i = 0; i < 60; i++) {
		something_happens(&s);
		assert_int_equal(step(&s), BACKUP_MADE);
		clock_add(i < 30 ? HOUR : 24 * HOUR);
	}
	assert_true(seen(&s, "")[0].n <= 24 + 14 + 8 + 12);
	assert_true(places[0].n >= 24);
	assert_true(places[0].n < 60);
	site_drop(&s);
}

/* A clock that jumps makes a backup more, never one less; the one just made stays. */
static void the_clock_jumps(void **state)
{
	struct site s;
	int64_t years = 20 * 365 * 24 * HOUR;

	(void)state;
	site_make(&s, "national");
	assert_int_equal(step(&s), BACKUP_MADE);
	something_happens(&s);
	clock_add(-years);
	assert_int_equal(step(&s), BACKUP_MADE);
	assert_int_equal(seen(&s, "")[0].n, 2);
	something_happens(&s);
	clock_add(years + 2 * HOUR);
	assert_int_equal(step(&s), BACKUP_MADE);
	assert_int_equal(seen(&s, "")[0].n, 3);
	assert_int_equal(places[0].made_ms, now_ms);
	site_drop(&s);
}

static void a_second_place(void **state)
{
	struct site s;
	enum backup_step done;
	struct err e = {0};
	char stick[300], stray[400];

	(void)state;
	site_make(&s, "national");
	second_place(&s, stick);
	OK(desk_setting_set(s.d, "backup.dir", stick, E));
	assert_int_equal(desk_backup_hourly(s.d, &done, &e), -1); /* the stick is not in; the first place has its own all the same */
	assert_int_equal(e.code, ERR_BACKUP_PLACE);
	assert_int_equal(seen(&s, stick)[0].n, 1);
	assert_false(places[1].there);
	assert_int_equal(mkdir(stick, 0700), 0);
	snprintf(stray, sizeof(stray), "%s/shiming-0123456789ab-20200101-000000-7.backup", stick); /* another box's */
	close(open(stray, O_WRONLY | O_CREAT, 0600));
	for (int i = 0; i < 40; i++) {
		assert_int_equal(step(&s), BACKUP_MADE); /* the first time: what was missing there */
		something_happens(&s);
		clock_add(HOUR);
	}
	seen(&s, stick);
	assert_true(places[1].there);
	assert_int_equal(places[1].made_ms, places[0].made_ms);
	assert_int_equal(access(stray, F_OK), 0); /* nobody else's is touched */
	{
		struct backup b;

		OK(desk_backup_check(s.d, places[1].newest, &b, E));
	}
	assert_int_equal(remove_all(stick), 0);
	site_drop(&s);
}

static void a_killed_one_goes(void **state)
{
	struct site s;
	char part[4200];

	(void)state;
	site_make(&s, "national");
	assert_int_equal(step(&s), BACKUP_MADE);
	snprintf(part, sizeof(part), "%s.part", seen(&s, "")[0].newest);
	close(open(part, O_WRONLY | O_CREAT, 0600));
	something_happens(&s);
	clock_add(2 * HOUR);
	assert_int_equal(step(&s), BACKUP_MADE);
	assert_int_equal(access(part, F_OK), -1);
	assert_int_equal(seen(&s, "")[0].n, 2);
	site_drop(&s);
}

static void nobody_without_the_key(void **state)
{
	enum backup_step done;
	struct err e = {0};
	struct site s;

	(void)state;
	site_make(&s, "national");
	desk_logout(s.d);
	assert_int_equal(desk_backup_hourly(s.d, &done, &e), -1);
	assert_int_equal(e.code, ERR_NO_SESSION);
	assert_int_equal(seen(&s, "")[0].n, 0);
	site_drop(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_hour_something_happened), cmocka_unit_test(it_can_be_restored),
		cmocka_unit_test(months_of_work_leave_few),	 cmocka_unit_test(the_clock_jumps),
		cmocka_unit_test(a_second_place),		 cmocka_unit_test(a_killed_one_goes),
		cmocka_unit_test(nobody_without_the_key),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
