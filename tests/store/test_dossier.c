/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Training, certificates, marks, merging (A6, A12, L1–L3), below the desk. */
#include "fixture.h"

#include <string.h>

#include "rows.h"
#include "store/dossier.h"

static int64_t a_fact(struct fixture *f, int64_t person)
{
	struct db_fact fact = {.project = f->project,
			       .cycle = "mark",
			       .event = "set",
			       .subject = person,
			       .person = person,
			       .actor = "site",
			       .authority = "desk",
			       .on = DATE_NONE,
			       .true_on = DATE_NONE};
	int64_t id;

	ok(db_fact_insert(f->s, &fact, NULL, &id, &err));
	return id;
}

static int64_t count(struct fixture *f, const char *sql)
{
	struct query q;
	int64_t n = -1;

	query_open(&q, f->s, sql);
	ok(query_int(&q, &n, -1, &err));
	return n;
}

struct two {
	struct registered a, b;
	char number_a[19], number_b[19];
};

static void register_two(struct fixture *f, struct two *t)
{
	fixture_number(t->number_a, 1);
	fixture_number(t->number_b, 2);
	t->a = fixture_register(f, 1, "孔试一", "kongshiyi", t->number_a, "19900000001");
	t->b = fixture_register(f, 2, "孔试壹", "kongshiyi", t->number_b, "19900000002");
}

static void merging_moves_and_gives_back(void **state)
{
	struct fixture *f = *state;
	struct db_merge m;
	struct db_person p;
	struct db_employment e[4];
	struct two t;
	int64_t who, id;
	size_t n;

	ok(store_begin(f->s, &err));
	register_two(f, &t);
	ok(db_merge_do(f->s, t.a.person, t.b.person, a_fact(f, t.a.person), &id, &err));
	ok(db_person_by_document(f->s, "01", t.number_b, &who, &err));
	assert_int_equal(who, t.a.person);
	ok(db_number_owner(f->s, t.number_b, &who, &err));
	assert_int_equal(who, t.a.person);
	ok(db_persons_by_phone(f->s, "19900000002", &who, 1, &n, &err));
	assert_int_equal(n, 1);
	assert_int_equal(who, t.a.person);
	ok(db_employment_list(f->s, t.a.person, e, 4, &n, &err));
	assert_int_equal(n, 2);
	ok(db_person_get(f->s, t.b.person, &p, &err));
	assert_int_equal(p.merged_into, t.a.person);
	ok(db_person_by_uid(f->s, p.uid, &p, &err));
	assert_int_equal(p.id, t.a.person);
	assert_int_equal(count(f, "SELECT count(*) FROM member WHERE person = 2"), 0);
	assert_int_equal(count(f, "SELECT count(*) FROM member_view WHERE person = 2"), 0);
	assert_int_equal(count(f, "SELECT count(*) FROM search WHERE person = 2"), 0);
	assert_int_equal(count(f, "SELECT n FROM tally WHERE view = 0 AND scope = 0"), 1);
	assert_int_equal(count(f, "SELECT count(*) FROM document WHERE person = 1 AND current = 1"), 1);

	ok(db_merge_latest(f->s, t.b.person, &m, &err));
	assert_int_equal(m.id, id);
	ok(db_merge_undo(f->s, &m, a_fact(f, t.a.person), &err));
	ok(db_person_by_document(f->s, "01", t.number_b, &who, &err));
	assert_int_equal(who, t.b.person);
	ok(db_number_owner(f->s, t.number_b, &who, &err));
	assert_int_equal(who, t.b.person);
	ok(db_number_owner(f->s, t.number_a, &who, &err));
	assert_int_equal(who, t.a.person);
	ok(db_employment_list(f->s, t.b.person, e, 4, &n, &err));
	assert_int_equal(n, 1);
	assert_int_equal(count(f, "SELECT count(*) FROM document WHERE person = 2 AND current = 1"), 1);
	assert_int_equal(count(f, "SELECT count(*) FROM alias"), 0);
	fails(db_merge_latest(f->s, t.b.person, &m, &err), ERR_NO_SUCH);
	ok(store_commit(f->s, &err));
}

/* Whoever adds a table about people is told here that merging has to know it. */
static void every_table_of_people_goes_over(void **state)
{
	struct fixture *f = *state;
	static const char *const stay[] = {
		"alias",  "fact",	  "member",	 "member_view",
		"search", "person_index", "merge_offer", "attendance_day", "attendance_month", /* dealt with one by one, or kept as they were */
	};
	struct query q;
	int bad = 0, got, seen = 0;

	ok(store_begin(f->s, &err));
	query_open(&q, f->s,
		   "SELECT t.name FROM sqlite_schema t JOIN pragma_table_xinfo(t.name) c WHERE t.type = "
		   "'table' AND c.name = 'person'");
	while ((got = query_step(&q, &err)) > 0) {
		char table[64];
		bool known = false;

		COL_TEXT(&q, 0, table);
		for (size_t i = 0; i < ARRAY_LEN(stay); i++)
			known |= !strcmp(stay[i], table);
		for (size_t i = 0; sql_merge_moves(i); i++) {
			char words[128];

			snprintf(words, sizeof(words), "UPDATE %s SET person ", table);
			known |= !strncmp(sql_merge_moves(i), words, strlen(words));
		}
		if (!known) {
			print_error("%s.person: merging does not know it (src/store/merge_store.c)\n", table);
			bad++;
		}
		seen++;
	}
	ok(got);
	query_close(&q);
	ok(store_commit(f->s, &err));
	assert_true(seen > 10);
	assert_int_equal(bad, 0);
}

static void certificates_fall_due_in_order(void **state)
{
	struct fixture *f = *state;
	struct db_certificate c = {.kind = "01", .number = "苏A000000001", .issuer = "虚构省住建厅"}, rows[4];
	struct two t;
	date_t day;
	size_t n;

	assert_true(date_parse("2027-01-31", &day));
	ok(store_begin(f->s, &err));
	register_two(f, &t);
	c.person = t.a.person;
	c.fact = a_fact(f, c.person);
	c.valid_to = day;
	ok(db_certificate_insert(f->s, &c, NULL, &err));
	c.person = t.b.person;
	c.valid_to = day - 30;
	ok(db_certificate_insert(f->s, &c, NULL, &err));
	c.kind[1] = '2';
	c.valid_to = DATE_LONG_TERM;
	ok(db_certificate_insert(f->s, &c, NULL, &err));
	ok(db_certificate_due(f->s, f->project, day + 400, DATE_NONE, 0, rows, 1, &n, &err));
	assert_int_equal(n, 1);
	assert_int_equal(rows[0].person, t.b.person);
	assert_string_equal(rows[0].issuer, "虚构省住建厅");
	ok(db_certificate_due(f->s, f->project, day + 400, rows[0].valid_to, rows[0].id, rows, 4, &n, &err));
	assert_int_equal(n, 1);
	assert_int_equal(rows[0].person, t.a.person);
	ok(db_certificate_remove(f->s, rows[0].id, c.fact, &err));
	fails(db_certificate_remove(f->s, rows[0].id, c.fact, &err), ERR_CONFLICT);
	ok(db_certificate_due(f->s, f->project, day, day - 30, 99, rows, 4, &n, &err));
	assert_int_equal(n, 0);
	ok(store_commit(f->s, &err));
}

static void marks_and_overrides(void **state)
{
	struct fixture *f = *state;
	struct db_mark m = {.reason = "多次不戴安全帽", .author = "劳资员甲", .until = DATE_NONE}, rows[4];
	struct two t;
	size_t n;
	int64_t id;

	ok(store_begin(f->s, &err));
	register_two(f, &t);
	m.person = t.a.person;
	m.fact = a_fact(f, m.person);
	ok(db_mark_insert(f->s, &m, &id, &err));
	ok(db_mark_list(f->s, f->project, t.a.person, rows, 4, &n, &err));
	assert_int_equal(n, 1);
	assert_string_equal(rows[0].reason, m.reason);
	assert_false(rows[0].overridden);
	ok(db_mark_override(f->s, id, f->project, m.fact, &err));
	ok(db_mark_page(f->s, f->project, 0, rows, 4, &n, &err));
	assert_int_equal(n, 1);
	assert_true(rows[0].overridden);
	ok(db_mark_page(f->s, f->project, rows[0].id, rows, 4, &n, &err));
	assert_int_equal(n, 0);
	ok(store_commit(f->s, &err));
}

static void a_pair_is_offered_once(void **state)
{
	struct fixture *f = *state;
	struct db_offer rows[4];
	struct two t;
	size_t n;

	ok(store_begin(f->s, &err));
	register_two(f, &t);
	ok(db_offer_add(f->s, f->project, t.a.person, t.b.person, false, &err));
	ok(db_offer_add(f->s, f->project, t.b.person, t.a.person, true, &err));
	ok(db_offer_page(f->s, f->project, 0, rows, 4, &n, &err));
	assert_int_equal(n, 1);
	assert_string_equal(rows[0].other_name, "孔试壹");
	ok(db_offer_settle(f->s, f->project, t.b.person, t.a.person, a_fact(f, t.a.person), &err));
	ok(db_offer_add(f->s, f->project, t.a.person, t.b.person, false, &err));
	ok(db_offer_page(f->s, f->project, 0, rows, 4, &n, &err));
	assert_int_equal(n, 0);
	ok(store_commit(f->s, &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define WITH(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
		WITH(merging_moves_and_gives_back),   WITH(every_table_of_people_goes_over),
		WITH(certificates_fall_due_in_order), WITH(marks_and_overrides),
		WITH(a_pair_is_offered_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
