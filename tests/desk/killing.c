/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "killing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sqlite3.h>

#include "base/text.h"
#include "desk_private.h"
#include "store/audit.h"

#define KILLED 77
#define STATE_MOST 16384

/* One value, as text; the caller's own SQL. */
static void ask(sqlite3 *db, const char *sql, char *out, size_t size)
{
	sqlite3_stmt *st;

	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(st), SQLITE_ROW);
	assert_true(text_format(out, size, "%s",
				sqlite3_column_text(st, 0) ? (const char *)sqlite3_column_text(st, 0) : ""));
	sqlite3_finalize(st);
}

/* What a table holds, in one line: how many rows, what its numbers come to and how long its texts are (what
 * is sealed differs each time, and so do uids). Of the outbox, where each operation stands. */
static void state_of_table(sqlite3 *db, const char *name, char *out, size_t size)
{
	char sql[4096], sums[3000];

	text_format(sql, sizeof(sql),
		    "SELECT group_concat(CASE type WHEN 'INTEGER' THEN 'total(\"' || name || '\")' ELSE "
		    "'total(length(\"' || name || "
		    "'\"))' END, '+') FROM pragma_table_info('%s') WHERE type IN ('INTEGER', 'TEXT')%s",
		    name, strcmp(name, "account") ? "" : " AND name <> 'failures'");
	ask(db, sql, sums, sizeof(sums));
	text_format(sql, sizeof(sql), "SELECT count(*) || ' ' || printf('%%.0f', %s)%s FROM \"%s\"",
		    sums[0] ? sums : "0", strcmp(name, "outbox") ? "" : " || ' ' || group_concat(state)",
		    name);
	ask(db, sql, out, size);
}

/* Every table, a line each. Logging in is recorded: neither the audit's rows are looked at nor the attempts
 * at a password. */
static void state_of_file(const char *dir, char out[STATE_MOST])
{
	static const char tables[] = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE "
				     "'sqlite%' AND name NOT LIKE "
				     "'audit%' ORDER BY name";
	char path[300], line[2000];
	sqlite3_stmt *names;
	sqlite3 *db;

	text_format(path, sizeof(path), "%s/shiming.db", dir);
	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, tables, -1, &names, NULL), SQLITE_OK);
	out[0] = '\0';
	while (sqlite3_step(names) == SQLITE_ROW) {
		const char *name = (const char *)sqlite3_column_text(names, 0);
		size_t at = strlen(out);

		state_of_table(db, name, line, sizeof(line));
		assert_true(text_format(out + at, STATE_MOST - at, "%s %s\n", name, line));
	}
	sqlite3_finalize(names);
	sqlite3_close(db);
	assert_true(strlen(out) > 500);
}

static void kill_before(void *arg, long n)
{
	if (n == *(const long *)arg)
		_exit(KILLED);
}

/* In a process of its own, killed before its n-th commit; true: it was. Else it dies after the last. */
static bool do_in_child(const struct site *from, const struct intention *what, long n)
{
	struct store_seam seam = {.arg = &n, .before_commit = kill_before};
	struct site s = *from;
	pid_t pid;
	int status;

	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		s.d = site_open_another(&s, "both");
		if (n) {
			n += store_commits(s.d->store);
			store_set_seam(s.d->store, &seam);
		}
		what->deed(&s);
		_exit(0); /* nothing is closed */
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == KILLED));
	return WEXITSTATUS(status) == KILLED;
}

/* The lines that are not the same: a table each. */
static void say_differences(const char *whole, const char *cut)
{
	while (*whole && *cut) {
		int a = (int)strcspn(whole, "\n"), b = (int)strcspn(cut, "\n");

		if (a != b || memcmp(whole, cut, (size_t)a))
			print_error("whole: %.*s\ncut:   %.*s\n", a, whole, b, cut);
		whole += a + 1;
		cut += b + 1;
	}
}

static void copy_site(const struct site *from, struct site *to)
{
	char command[700];

	*to = *from;
	text_format(to->dir, sizeof(to->dir), "%s.each", from->dir);
	text_format(command, sizeof(command), "rm -rf '%s' && cp -a '%s' '%s'", to->dir, from->dir, to->dir);
	assert_int_equal(system(command), 0);
	clock_fix_ms(now_ms);
}

static void sound(const struct site *s)
{
	struct desk *d = site_open_another(s, "both");
	struct audit_fault fault;
	bool whole;

	OK(db_audit_verify(d->store, NULL, &whole, &fault, E));
	assert_true(whole);
	desk_close(d);
}

void killed_everywhere(const struct site *origin, const struct intention *what)
{
	char start[STATE_MOST], whole[STATE_MOST], cut[STATE_MOST];
	struct site from, s;
	bool killed = true;
	long n = 0;

	copy_site(origin, &from);
	if (what->before) {
		from.d = site_open_another(&from, "both");
		what->before(&from);
		desk_close(from.d);
		from.d = NULL;
	}
	state_of_file(from.dir, start);
	while (killed) { /* 0: undisturbed, but for dying at the end */
		copy_site(&from, &s);
		killed = do_in_child(&s, what, n) || !n;
		state_of_file(s.dir, cut);
		if (n && !strcmp(cut, start)) /* nothing of it is there */
			assert_false(do_in_child(&s, what, 0));
		state_of_file(s.dir, cut);
		if (!n++)
			memcpy(whole, cut, sizeof(whole));
		if (strcmp(cut, whole)) { /* all of it is, then or now */
			say_differences(whole, cut);
			fail_msg("%s: killed before commit %ld", what->name, n - 1);
		}
		sound(&s);
		site_drop(&s);
	}
	if (n < 3 || (what->shows && !strcmp(whole, start)))
		fail_msg("%s: %ld rounds, nothing done", what->name, n);
	site_drop(&from);
	clock_fix_ms(now_ms);
}
