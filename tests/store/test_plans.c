/* SPDX-License-Identifier: GPL-3.0-or-later */
/* P9: no statement of a list screen scans or sorts. The program never runs ANALYZE, so plans do not depend on
 * what is in the tables. */
#include "fixture.h"

#include <sqlite3.h>

#include "rows.h"
#include "store_private.h"

static int plan(struct fixture *f, const char *sql, bool say)
{
	char *explain = sqlite3_mprintf("EXPLAIN QUERY PLAN %s", sql);
	sqlite3_stmt *st;
	int bad = 0, rows = 0;

	assert_int_equal(sqlite3_prepare_v2(f->s->db, explain, -1, &st, NULL), SQLITE_OK);
	while (sqlite3_step(st) == SQLITE_ROW) {
		const char *line = (const char *)sqlite3_column_text(st, 3);

		rows++;
		if (strstr(line, "SCAN") || strstr(line, "TEMP B-TREE") || strstr(line, "AUTOMATIC")) {
			bad++;
			if (say)
				print_error("%s\n  in %s\n", line, sql);
		}
	}
	assert_true(rows > 0);
	sqlite3_finalize(st);
	sqlite3_free(explain);
	return bad;
}

static const char *const *lists(void)
{
	static const char *all[] = {sql_participant_list,
				    sql_member_persons,
				    sql_sister_free,
				    sql_team_list,
				    sql_association_list,
				    sql_association_due,
				    sql_project_find,
				    sql_project_offers,
				    sql_application_list,
				    sql_fact_history,
				    sql_message_page,
				    sql_message_unseen,
				    sql_audit_page,
				    sql_audit_account,
				    sql_audit_action,
				    sql_audit_object,
				    sql_outbox_open,
				    sql_outbox_refused,
				    sql_outbox_all,
				    sql_outbox_about,
				    sql_outbox_counts,
				    sql_training_list,
				    sql_training_of_entry,
				    sql_listed_unasked,
				    sql_certificate_list,
				    sql_certificate_due,
				    sql_mark_list,
				    sql_mark_page,
				    sql_work_list,
				    sql_offer_page,
				    sql_hiring_pending,
				    sql_hiring_count,
				    sql_contract_project,
				    sql_contract_participant,
				    sql_contract_person,
				    sql_contract_count,
				    sql_outbox_area,
				    sql_outbox_by_hand,
				    sql_outbox_by_hand_count,
				    sql_area_counts,
				    sql_area_counts_of,
				    sql_outbox_counts_of,
				    sql_attachment_open,
				    sql_attachment_left,
				    sql_attachment_left_of,
				    sql_attachment_in_role,
				    sql_conflict_page,
				    sql_conflict_count,
				    sql_act_page,
				    sql_fact_late,
				    sql_post_list,
				    sql_filing_list,
				    sql_alarm_list,
				    sql_watch_teams,
				    sql_watch_apps,
				    sql_watch_trade,
				    sql_watch_cards,
				    sql_watch_trainings,
				    sql_attendance_last,
				    sql_attendance_of,
				    sql_attendance_page,
				    sql_attendance_days,
				    sql_erasure_page,
				    sql_wage_page,
				    sql_wage_match,
				    sql_book_page,
				    sql_book_person,
				    sql_book_took_part,
				    sql_book_words_owed,
				    sql_book_word,
				    sql_device_list,
				    sql_device_silent,
				    sql_push_leftover,
				    sql_on_site,
				    sql_collected_list,
				    sql_collected_count,
				    NULL};

	return all;
}

static void all_of_them(struct fixture *f)
{
	int bad = 0, n = 0;

	for (const char *const *sql = sql_roster; *sql; sql++, n++)
		bad += plan(f, *sql, true);
	for (const char *const *sql = lists(); *sql; sql++, n++)
		bad += plan(f, *sql, true);
	assert_int_equal(bad, 0);
	assert_true(n > 35); /* every list, however many are added */
}

static void no_list_scans_or_sorts(void **state)
{
	struct fixture *f = *state;
	int64_t statistics;
	struct query q;
	char number[19];

	all_of_them(f);
	ok(store_begin(f->s, &err));
	for (int i = 0; i < 30; i++) {
		fixture_number(number, i);
		fixture_register(f, i, "朱试庚", "zhushigeng", number, "19900000001");
	}
	ok(store_commit(f->s, &err));
	fixture_reopen(f);
	all_of_them(f);
	query_open(&q, f->s, "SELECT count(*) FROM sqlite_schema WHERE name LIKE 'sqlite_stat%'");
	ok(query_int(&q, &statistics, -1, &err));
	assert_int_equal(statistics, 0);
}

static void the_test_can_tell(void **state)
{
	struct fixture *f = *state;

	assert_true(plan(f, "SELECT * FROM member WHERE name LIKE '%a%'", false) > 0);
	assert_true(plan(f, "SELECT * FROM member WHERE project = 1 ORDER BY name", false) > 0);
}

/* Every other statement that runs in daily work, caught as it is prepared: searched, not scanned. */
static void daily_work_searches(void **state)
{
	struct fixture *f = *state;
	static const char *const may_scan[] = {
		"audit_pending", "vault_key",	"vault_recovery", /* a handful of rows, ever */
		"sqlite_schema", "PRAGMA",	"chain",
		"VALUES",	 "INSERT INTO", /* the walk along a chain of facts; what is being written */
	};
	char number[19], title[64];
	struct db_outbox o;
	struct db_fact facts[4];
	bool waiting, refused, due;
	int64_t n, ids[4], counts[OUTBOX_STATE_COUNT];
	struct registered r;
	int bad = 0;
	size_t k;

	fixture_number(number, 1);
	ok(store_begin(f->s, &err));
	r = fixture_register(f, 1, "秦试辛", "qinshixin", number, "19900000001");
	ok(db_outbox_of_person(f->s, f->project, r.person, &waiting, &refused, &err));
	ok(db_outbox_waits_for(f->s, r.outbox, title, sizeof(title), &err));
	ok(db_outbox_select(f->s, f->project, ids, 4, &k, &err));
	ok(db_outbox_due(f->s, f->project, 1, &due, &n, &err));
	ok(db_outbox_release(f->s, f->project, 1, false, &n, &n, &err));
	ok(db_outbox_counts(f->s, f->project, counts, &err));
	assert_int_equal(db_outbox_refusal(f->s, f->project, r.person, &o, &err), -1);
	ok(db_fact_latest(f->s, "person", r.person, NULL, &n, &err));
	ok(db_fact_of_subject(f->s, "person", r.person, 0, facts, 4, &k, &err));
	ok(db_fact_count_on(f->s, f->project, "register", 20700, &n, &err));
	ok(db_outbox_freeze(f->s, r.outbox, "{}", 2, 1, &err));
	ok(db_outbox_recover(f->s, f->project, &n, &err));
	ok(store_commit(f->s, &err));
	for (size_t i = 0; i < CACHE_SLOTS; i++) {
		const char *sql = f->s->cache[i].sql;
		bool excused = !sql;

		for (size_t j = 0; !excused && j < ARRAY_LEN(may_scan); j++)
			excused = strstr(sql, may_scan[j]) != NULL;
		if (!excused)
			bad += plan(f, sql, true);
	}
	assert_int_equal(bad, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define WITH(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
		WITH(no_list_scans_or_sorts),
		WITH(the_test_can_tell),
		WITH(daily_work_searches),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
