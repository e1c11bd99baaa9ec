/* SPDX-License-Identifier: GPL-3.0-or-later */
/* People who were registered by an older version are found by team, company and trade without anybody touching them (A8). */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "desk_private.h"
#include "desk_site.h"

#define PEOPLE 120 /* more than are done at once */

static int64_t found(struct site *s, const char *text)
{
	struct roster_query q = {.filter = ROSTER_ALL};
	int64_t n;

	text_copy(q.text, sizeof(q.text), text);
	OK(desk_roster_count(s->d, &q, 1000, &n, E));
	return n;
}

/* As schema 3 left a file: names only, and no word about texts. */
static void make_old(const struct site *s)
{
	static const char sql[] = "DELETE FROM search; UPDATE member SET texts = name; "
				  "INSERT INTO search(project, key, person, shared) SELECT project, name, person, 0 FROM member; "
				  "DELETE FROM setting WHERE name = 'search.texts'";
	char path[300], *why = NULL;
	sqlite3 *db = NULL;

	snprintf(path, sizeof(path), "%s/" DESK_FILE, s->dir);
	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, &why))
		fail_msg("%s", why);
	sqlite3_close(db);
}

static void old_people_are_found_again(void **state)
{
	struct site s;
	bool more = true;
	int calls = 0;

	(void)state;
	site_make(&s, "national");
	OK(desk_group_begin(s.d, E));
	for (unsigned n = 1; n <= PEOPLE; n++)
		person_register(&s, n, NULL);
	OK(desk_group_end(s.d, true, E));
	assert_int_equal(found(&s, "木工一班"), PEOPLE);
	make_old(&s);
	assert_int_equal(found(&s, "木工一班"), 0);
	desk_logout(s.d); /* nobody's key: nothing happens */
	OK(desk_idle(s.d, &more, E));
	assert_false(more);
	site_login(&s, "clerk");
	OK(desk_idle(s.d, &more, E));
	assert_true(more);
	assert_true(found(&s, "木工一班") > 0 && found(&s, "木工一班") < PEOPLE);
	site_reopen(&s, "clerk"); /* goes on where it was */
	for (calls = 1; more; calls++)
		OK(desk_idle(s.d, &more, E));
	assert_int_equal(calls, 3);
	assert_int_equal(found(&s, "木工一班"), PEOPLE);
	assert_int_equal(found(&s, "mgyb"), 0); /* readings are of names */
	site_drop(&s);
}

/* Once done it is done: an idle screen writes nothing. */
static void nothing_more_is_written(void **state)
{
	struct site s;
	bool more = true;
	long commits;

	(void)state;
	site_make(&s, "national");
	person_register(&s, 1, NULL);
	OK(desk_idle(s.d, &more, E));
	assert_false(more);
	commits = store_commits(s.d->store);
	OK(desk_idle(s.d, &more, E));
	assert_false(more);
	assert_int_equal(store_commits(s.d->store), commits);
	site_drop(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(old_people_are_found_again), cmocka_unit_test(nothing_more_is_written)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
