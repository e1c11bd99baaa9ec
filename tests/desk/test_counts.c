/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counts that no machine changes: one fsync a registration, one for all marked rows (P6, P8's one transaction), none for looking. */
#include <sqlite3.h>
#include <stdlib.h>

#include "counting_vfs.h"
#include "desk_site.h"

#define MARKED 60

static void one_fsync(void **state)
{
	struct site s;
	struct day day;

	(void)state;
	site_make(&s, "national");
	person_register(&s, 1, NULL);
	for (unsigned n = 2; n <= 6; n++) {
		counting_reset();
		person_register(&s, n, NULL);
		assert_int_equal(counting.syncs, 1);
	}
	counting_reset();
	OK(desk_day(s.d, &day, E));
	assert_int_equal(counting.syncs, 0);
	assert_int_equal(counting.writes, 0);
	site_drop(&s);
}

static void marked_rows(void **state)
{
	int64_t p[MARKED];
	struct act a = { .event = EVENT_ENTER, .persons = p, .n = MARKED, .on = DATE_NONE };
	struct verdict *v = calloc(MARKED, sizeof(*v));
	struct site s;
	size_t done;

	(void)state;
	assert_non_null(v);
	site_make(&s, "jiangmen");
	OK(desk_group_begin(s.d, E)); /* an import: many registrations, one fsync */
	counting_reset();
	for (unsigned n = 0; n < MARKED; n++)
		p[n] = person_register(&s, n + 1, NULL);
	OK(desk_group_end(s.d, true, E));
	assert_int_equal(counting.syncs, 1);
	counting_reset();
	OK(desk_act(s.d, &a, v, &done, E));
	assert_int_equal(done, MARKED);
	assert_int_equal(counting.syncs, 1);
	free(v);
	site_drop(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(one_fsync), cmocka_unit_test(marked_rows) };

	counting_register();
	sqlite3_vfs_register(sqlite3_vfs_find(COUNTING_VFS), 1); /* the desk names none: it gets this one */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
