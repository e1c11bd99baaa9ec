/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Old files opened by today's code. The old file is made of the schema texts as they were: what today's code
 * writes is copied, table by table and column by column as far as the old file has them, into one that knows
 * no later schema; sealed values open only under the uids and columns that they were sealed for.
 */
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fixture.h"
#include "migrate.h"
#include "store/upload.h"
#include "store_private.h"

#define BEFORE 16 /* schema 17 made the table of conflicts anew */

static void run(sqlite3 *db, const char *sql)
{
	char *why = NULL;

	if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%.120s: %s", sql, why);
}

/* Calls run() with the text that each row of the query is. The rows are read first: what is run may change
 * them. */
static void run_each(sqlite3 *db, const char *query)
{
	char *texts[256];
	sqlite3_stmt *st;
	size_t n = 0;

	assert_int_equal(sqlite3_prepare_v2(db, query, -1, &st, NULL), SQLITE_OK);
	while (sqlite3_step(st) == SQLITE_ROW && n < 256)
		texts[n++] = strdup((const char *)sqlite3_column_text(st, 0));
	sqlite3_finalize(st);
	assert_true(n > 0 && n < 256);
	for (size_t i = 0; i < n; i++) {
		run(db, texts[i]);
		free(texts[i]);
	}
}

/* Triggers watch over what is written; a copy is as it was. */
static void copy_tables(sqlite3 *db)
{
	run(db, "CREATE TEMP TABLE watch AS SELECT name, sql FROM main.sqlite_schema WHERE type = 'trigger'");
	run_each(db, "SELECT 'DROP TRIGGER ' || name FROM watch");
	run_each(db, "SELECT 'INSERT OR REPLACE INTO main.\"' || t.name || '\"(' || c.names || ') SELECT ' "
		     "|| c.names || ' FROM today.\"' || "
		     "t.name || '\"' FROM main.sqlite_schema t JOIN (SELECT o.name AS tbl, group_concat('\"' "
		     "|| i.name || '\"') AS names"
		     " FROM main.sqlite_schema o JOIN pragma_table_info(o.name, 'main') i WHERE o.type = "
		     "'table' AND EXISTS"
		     " (SELECT 1 FROM pragma_table_info(o.name, 'today') n WHERE n.name = i.name) GROUP BY "
		     "o.name) c ON c.tbl = t.name"
		     " WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%'");
	run_each(db, "SELECT sql FROM watch");
}

static void old_file(const char *path, const char *today, size_t version)
{
	char sql[400];
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	run(db, "PRAGMA foreign_keys = OFF");
	for (size_t i = 0; i < version; i++)
		run(db, schema_text[i]);
	snprintf(sql, sizeof(sql),
		 "ATTACH '%s' AS today; PRAGMA application_id = %d; PRAGMA user_version = %zu", today,
		 STORE_APPLICATION, version);
	run(db, sql);
	copy_tables(db);
	run(db, "DETACH today; PRAGMA journal_mode = WAL");
	sqlite3_close(db);
}

/* The fixture's file becomes one that knows so much only, and is opened by today's code. */
static void grown_from(struct fixture *f, size_t version)
{
	struct store_options o = fixture_options(f);
	unsigned char key[VAULT_KEY_BYTES];
	char path[128], today[128];
	int64_t now;

	ok(vault_export_key(store_vault(f->s), key, &err));
	store_close(f->s);
	f->s = NULL;
	snprintf(path, sizeof(path), "%s/%s", f->dir, FILE_NAME);
	snprintf(today, sizeof(today), "%s/today", f->dir);
	assert_int_equal(rename(path, today), 0);
	old_file(path, today, version);
	assert_int_equal(chmod(path, 0600), 0);
	ok(store_open(&f->s, &o, &err));
	ok(vault_adopt_key(f->s, key, &err));
	ok(migrate_version(f->s, &now, &err));
	assert_int_equal(now, schema_count);
}

static int64_t asked(struct fixture *f, int64_t person, const char *field, const char *base,
		     const char *theirs)
{
	struct db_conflict c = {.project = f->project, .person = person, .at_ms = 1000};
	int64_t id;

	text_copy(c.about, sizeof(c.about), "person");
	text_copy(c.field, sizeof(c.field), field);
	text_copy(c.base, sizeof(c.base), base);
	text_copy(c.mine, sizeof(c.mine), "13900000002");
	text_copy(c.theirs, sizeof(c.theirs), theirs);
	text_copy(c.by, sizeof(c.by), "平台");
	ok(store_begin(f->s, &err));
	ok(db_conflict_insert(f->s, &c, &id, &err));
	ok(store_commit(f->s, &err));
	return id;
}

static void chosen(struct fixture *f, int64_t id, enum db_choice choice, int64_t account)
{
	ok(store_begin(f->s, &err));
	ok(db_conflict_choose(f->s, id, choice, account, 2000, &err));
	ok(store_commit(f->s, &err));
}

/* Open ones, one whose former value is empty, one of each choice, one that the platform took back itself. */
static void conflicts(void **state)
{
	struct fixture *f = *state;
	struct registered who;
	struct db_conflict rows[8];
	int64_t ids[5], n;
	char number[19];
	size_t got;
	bool more;

	fixture_number(number, 1);
	ok(store_begin(f->s, &err));
	who = fixture_register(f, 1, "张试工", "zhang shi gong", number, "19900000011");
	ok(store_commit(f->s, &err));
	ids[0] = asked(f, who.person, "phone", "13900000001", "13900000003");
	ids[1] = asked(f, who.person, "native_place", "", "某省某县");
	ids[2] = asked(f, who.person, "wage", "650000", "700000");
	ids[3] = asked(f, who.person, "address", "甲", "乙");
	ids[4] = asked(f, who.person, "authority", "丙", "丁");
	chosen(f, ids[2], CHOICE_MINE, f->account);
	chosen(f, ids[3], CHOICE_THEIRS, f->account);
	chosen(f, ids[4], CHOICE_THEIRS, 0);
	grown_from(f, BEFORE);
	ok(db_conflict_count(f->s, f->project, 100, &n, &err));
	assert_int_equal(n, 2);
	ok(db_conflict_page(f->s, f->project, 0, rows, 8, &got, &more, &err));
	assert_int_equal(got, 2);
	assert_int_equal(rows[0].id, ids[0]);
	assert_int_equal(rows[0].person, who.person);
	assert_string_equal(rows[0].about, "person");
	assert_string_equal(rows[0].subject, "");
	assert_string_equal(rows[0].base, "13900000001"); /* sealed under the row's uid, which it kept */
	assert_string_equal(rows[0].theirs, "13900000003");
	assert_string_equal(rows[0].by, "平台");
	assert_string_equal(rows[1].base, "");
	ok(db_conflict_get(f->s, ids[2], &rows[2], &err));
	assert_int_equal(rows[2].choice, CHOICE_MINE);
	assert_string_equal(rows[2].theirs, "700000");
	ok(db_conflict_get(f->s, ids[3], &rows[3], &err));
	assert_int_equal(rows[3].choice, CHOICE_THEIRS);
	ok(db_conflict_get(f->s, ids[4], &rows[4], &err));
	assert_int_equal(rows[4].choice, CHOICE_THEIRS);
	/* and today's rows stand beside them, under numbers of their own */
	assert_true(asked(f, who.person, "phone", "13900000003", "13900000004") > ids[4]);
	chosen(f, ids[0], CHOICE_MINE, f->account);
	ok(store_begin(f->s, &err));
	fails(db_conflict_choose(f->s, ids[2], CHOICE_MINE, f->account, 3000, &err), ERR_CONFLICT);
	store_rollback(f->s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(conflicts, fixture_setup, fixture_teardown)};

	return cmocka_run_group_tests_name("store: migrations", tests, NULL, NULL);
}
