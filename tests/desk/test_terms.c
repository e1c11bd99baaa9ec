/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Terms of keeping (S8, L6): what falls due, who may erase it, that it is gone from the file and its log,
 * what stays; a person's own data whole. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/io.h"
#include "base/json.h"
#include "base/text.h"
#include "desk/attendance.h"
#include "desk/audit.h"
#include "desk/project.h"
#include "desk/terms.h"
#include "desk/upkeep.h"
#include "desk_private.h"
#include "desk_site.h"
#include "folk.h"
#include "store/person.h"

#define DAY_MS (24 * 3600 * 1000LL)
#define YEAR_MS (366 * DAY_MS)
#define REFUSED(call, expected)                                                                              \
	do {                                                                                                 \
		struct err e_ = {ERR_NONE};                                                                  \
		assert_int_equal((call), -1);                                                                \
		assert_int_equal(e_.code, (expected));                                                       \
	} while (0)

/* --- the bytes of the file ---------------------------------------------------------------------------- */

#define SEEN_MAX 400
static struct seen {
	size_t n;
	unsigned char bytes[32];
} seen[SEEN_MAX];
static size_t seens;

/* The beginnings of sealed values as they lie in the file: nonces, which nothing else has. */
static void remember(const char *dir, const char *sql)
{
	char path[400];
	sqlite3 *db;
	sqlite3_stmt *st;

	snprintf(path, sizeof(path), "%s/%s", dir, DESK_FILE);
	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
	while (sqlite3_step(st) == SQLITE_ROW && seens < SEEN_MAX) {
		size_t n = (size_t)sqlite3_column_bytes(st, 0);

		if (n < 8)
			continue;
		seen[seens].n = n < sizeof(seen[0].bytes) ? n : sizeof(seen[0].bytes);
		memcpy(seen[seens].bytes, sqlite3_column_blob(st, 0), seen[seens].n);
		seens++;
	}
	sqlite3_finalize(st);
	sqlite3_close(db);
}

static size_t found_in(const char *dir, const char *end)
{
	struct buf b;
	char path[400];
	size_t n = 0;

	snprintf(path, sizeof(path), "%s/%s%s", dir, DESK_FILE, end);
	buf_init(&b, 256 << 20);
	if (io_read_file(path, 256 << 20, &b, NULL) == 0)
		for (size_t i = 0; i < seens; i++)
			n += b.len && memmem(b.data, b.len, seen[i].bytes, seen[i].n) != NULL;
	buf_release(&b);
	return n;
}

static size_t found(const struct site *s)
{
	return found_in(s->dir, "") + found_in(s->dir, "-wal");
}

static const char *const everything[] = {
	"SELECT name FROM person",
	"SELECT number_sealed FROM document",
	"SELECT value_sealed FROM person_field",
	"SELECT value_sealed FROM employment_field",
	"SELECT content_sealed FROM attachment_content",
	"SELECT body_sealed FROM fact WHERE person IS NOT NULL",
	"SELECT note_sealed FROM fact WHERE person IS NOT NULL",
	"SELECT body_sealed FROM outbox WHERE person IS NOT NULL",
	"SELECT tail_sealed FROM member",
	"SELECT hash FROM person_index",
	"SELECT hash FROM document",
};

static void remember_all(const struct site *s)
{
	seens = 0;
	for (size_t i = 0; i < ARRAY_LEN(everything); i++)
		remember(s->dir, everything[i]);
	assert_true(seens > 20);
}

/* --- the site ------------------------------------------------------------------------------------------ */

static void as_manager(struct site *s)
{
	site_login(s, "manager");
}

/* As a device's delivery comes in. */
static void as_runner(struct site *s)
{
	unsigned char key[DESK_KEY_BYTES];

	OK(desk_export_key(s->d, key, E));
	OK(desk_adopt_key(s->d, key, E));
}

static void complete(struct site *s)
{
	as_manager(s);
	OK(desk_project_act(s->d, EVENT_COMPLETE, DATE_NONE, E));
	OK(desk_term_settled(s->d, date_today(), E));
}

static int64_t due(struct site *s, enum term_kind kind)
{
	struct term t[TERM_KINDS];

	OK(desk_terms(s->d, t, E));
	return t[kind].n;
}

static void due_when_settled_and_three_years_on(void **state)
{
	struct erasure_row r;
	struct term t[TERM_KINDS];
	struct site s;
	bool clean;

	(void)state;
	site_make(&s, "national");
	person_register(&s, 1, NULL);
	as_manager(&s);
	OK(desk_terms(s.d, t, E));
	assert_int_equal(t[TERM_FACTS].years, 3);
	assert_int_equal(t[TERM_PICTURES].years, 2);
	assert_true(t[TERM_FACTS].due_on == DATE_NONE && t[TERM_FACTS].n == 0);
	OK(desk_project_act(s.d, EVENT_COMPLETE, DATE_NONE, E));
	clock_add(5 * YEAR_MS);
	as_manager(&s);
	assert_int_equal(due(&s, TERM_FACTS), 0); /* wages are not settled */
	REFUSED(desk_term_settled(s.d, date_today() + 1, &e_), ERR_FORBIDDEN);
	OK(desk_term_settled(s.d, date_today(), E));
	clock_add(3 * YEAR_MS - 4 * DAY_MS);
	as_manager(&s);
	assert_int_equal(due(&s, TERM_FACTS), 0);
	REFUSED(desk_term_erase(s.d, TERM_FACTS, TERM_WORD, &r, &clean, &e_), ERR_FORBIDDEN);
	clock_add(4 * DAY_MS);
	as_manager(&s);
	assert_int_equal(due(&s, TERM_FACTS), 1);
	REFUSED(desk_term_keep(s.d, TERM_FACTS, 2, &e_), ERR_FORBIDDEN);
	OK(desk_term_keep(s.d, TERM_FACTS, 5, E));
	assert_int_equal(due(&s, TERM_FACTS), 0);
	site_drop(&s);
}

static void only_who_may_with_the_word(void **state)
{
	struct erasure_row r;
	struct site s;
	bool clean;

	(void)state;
	site_make(&s, "national");
	person_register(&s, 1, NULL);
	complete(&s);
	clock_add(4 * YEAR_MS);
	site_login(&s, "clerk");
	REFUSED(desk_term_erase(s.d, TERM_FACTS, TERM_WORD, &r, &clean, &e_), ERR_NOT_PERMITTED);
	REFUSED(desk_term_keep(s.d, TERM_FACTS, 9, &e_), ERR_NOT_PERMITTED);
	as_manager(&s);
	REFUSED(desk_term_erase(s.d, TERM_FACTS, "清除", &r, &clean, &e_), ERR_TERM_WORD);
	REFUSED(desk_term_erase(s.d, TERM_FACTS, NULL, &r, &clean, &e_), ERR_TERM_WORD);
	assert_int_equal(due(&s, TERM_FACTS), 1);
	site_drop(&s);
}

static void proof_stands(struct site *s, const struct erasure_row *r)
{
	struct audit_row rows[4];
	struct erasure_row kept[2];
	struct audit_report report;
	size_t n;

	OK(desk_audit_list(s->d, &(struct audit_query){.day = DATE_NONE, .action = "erase"}, rows, 4, &n, E));
	assert_int_equal(n, 1);
	assert_non_null(strstr(rows[0].detail, r->digest));
	assert_non_null(strstr(rows[0].detail, "people=3"));
	OK(desk_erasures(s->d, 0, kept, 2, &n, E));
	assert_int_equal(n, 1);
	assert_string_equal(kept[0].digest, r->digest);
	OK(desk_audit_verify(s->d, &report, E));
	assert_true(report.sound);
	OK(desk_check_file(s->d, E));
}

static void erased_is_gone(void **state)
{
	struct roster_row rows[4];
	struct roster_page page = {.row = rows, .cap = 4};
	struct registered one;
	struct erasure_row r;
	struct record again;
	struct site s;
	bool clean;

	(void)state;
	site_make(&s, "national");
	for (unsigned i = 1; i <= 3; i++)
		person_register(&s, i, &one);
	complete(&s);
	OK(desk_idle(s.d, &(bool){false}, E));
	remember_all(&s);
	assert_true(found(&s) >= seens);
	clock_add(4 * YEAR_MS);
	as_manager(&s);
	OK(desk_term_erase(s.d, TERM_FACTS, TERM_WORD, &r, &clean, E));
	assert_true(clean);
	assert_int_equal(r.people, 3);
	assert_int_equal(r.whole, 3);
	assert_true(r.pictures >= 3);
	assert_int_equal(found(&s), 0);
	proof_stands(&s, &r);
	OK(desk_roster(s.d, &(struct roster_query){.filter = ROSTER_ALL}, &page, E));
	assert_int_equal(page.n, 0);
	assert_int_equal(due(&s, TERM_FACTS), 0);
	/* nobody is found by the number any more: who comes again is somebody new */
	site_login(&s, "clerk");
	person_record(&s, &again, 1, true);
	OK(db_person_by_document(s.d->store, "01", record_get(&again, F_NUMBER), &one.person, E));
	assert_int_equal(one.person, 0);
	record_release(&again);
	site_drop(&s);
}

/* Whoever works on another project of the box stays known; what belonged to this one goes. */
static void another_project_keeps_the_person(void **state)
{
	struct project second;
	struct erasure_row r;
	struct registered done;
	struct db_document doc;
	struct db_person p;
	struct site s;
	int64_t first;
	bool clean;

	(void)state;
	site_make(&s, "national");
	first = desk_project(s.d)->id;
	person_register(&s, 1, &done);
	person_register(&s, 2, NULL);
	as_manager(&s);
	OK(desk_project_add(s.d, &(struct project_new){.name = "云溪花园二期（试验）"}, &second, E));
	{
		struct store *st = s.d->store;
		struct db_employment m = {.project = second.id,
					  .person = done.person,
					  .state = EMPLOYMENT_REGISTERED,
					  .starts_on = DATE_NONE,
					  .ends_on = DATE_NONE,
					  .leaves_on = DATE_NONE,
					  .trained_on = DATE_NONE};

		OK(store_begin(st, E));
		OK(db_employment_insert(st, &m, &m.id, E));
		OK(store_commit(st, E));
		OK(desk_project_use(s.d, second.id, E));
		OK(store_begin(st, E));
		OK(folk_refresh(s.d, done.person, true, E));
		OK(store_commit(st, E));
		OK(desk_project_use(s.d, first, E));
	}
	complete(&s);
	clock_add(4 * YEAR_MS);
	as_manager(&s);
	OK(desk_term_erase(s.d, TERM_FACTS, TERM_WORD, &r, &clean, E));
	assert_int_equal(r.people, 2);
	assert_int_equal(r.whole, 1);
	OK(db_person_get(s.d->store, done.person, &p, E));
	assert_true(p.name[0]);
	OK(db_document_current(s.d->store, done.person, &doc, E));
	assert_int_equal(strlen(doc.number), 18);
	site_drop(&s);
}

/* Pictures of clocking go two years after they were taken, the clockings stay. */
static void clocking_pictures(void **state)
{
	static const char jpeg[] = "\xff\xd8\xff picture of a face at the gate";
	struct clocking c = {.means = CLOCK_FACE,
			     .source = CLOCK_BY_DEVICE,
			     .device = "SN-1",
			     .way = CLOCK_IN,
			     .picture = jpeg,
			     .picture_bytes = sizeof(jpeg)};
	struct clock_row rows[4];
	struct erasure_row r;
	struct clocked out;
	struct verdict v;
	struct site s;
	bool clean;
	size_t n;

	(void)state;
	site_make(&s, "shanghai");
	c.person = person_on_site(&s, 1);
	clock_add(DAY_MS);
	c.at_ms = now_ms;
	as_runner(&s);
	OK(desk_clock(s.d, &c, &v, &out, E));
	as_manager(&s);
	seens = 0;
	remember(s.dir, "SELECT c.content_sealed FROM attachment_content c JOIN attachment_link l ON "
			"l.attachment = c.attachment WHERE l.role = 'clock'");
	assert_int_equal(seens, 1);
	clock_add(2 * YEAR_MS - 3 * DAY_MS);
	as_manager(&s);
	assert_int_equal(due(&s, TERM_PICTURES), 0);
	clock_add(4 * DAY_MS);
	as_manager(&s);
	assert_int_equal(due(&s, TERM_PICTURES), 1);
	OK(desk_term_erase(s.d, TERM_PICTURES, TERM_WORD, &r, &clean, E));
	assert_int_equal(r.pictures, 1);
	assert_int_equal(r.people, 0);
	assert_int_equal(found(&s), 0);
	assert_int_equal(due(&s, TERM_PICTURES), 0);
	OK(desk_clock_list(s.d, c.person, NULL, rows, 4, &n, E));
	assert_int_equal(n, 1);
	site_drop(&s);
}

/* --- a person's own data ------------------------------------------------------------------------------- */

static void own_data_whole(void **state)
{
	struct registered done;
	struct record r;
	struct buf out;
	cJSON *json;
	struct site s;

	(void)state;
	site_make(&s, "national");
	person_register(&s, 1, &done);
	person_register(&s, 2, NULL);
	buf_init(&out, 16 << 20);
	REFUSED(desk_person_whole(s.d, done.person, "", &out, &e_), ERR_FINDINGS);
	assert_int_equal(out.len, 0);
	OK(desk_person_whole(s.d, done.person, "本人要求", &out, E));
	person_record(&s, &r, 1, true);
	OK(json_parse(&json, out.data, out.len, 16 << 20, E));
	assert_non_null(memmem(out.data, out.len, record_get(&r, F_NUMBER), 18));
	assert_non_null(memmem(out.data, out.len, record_get(&r, F_PHONE), 11));
	assert_non_null(memmem(out.data, out.len, record_get(&r, F_BANK_NUMBER),
			       strlen(record_get(&r, F_BANK_NUMBER))));
	assert_int_equal(cJSON_GetArraySize(json_get(json, "person")), 1);
	assert_non_null(json_string(cJSON_GetArrayItem(json_get(json, "attachment_content"), 0), "content"));
	record_release(&r);
	person_record(&s, &r, 2, true);
	assert_null(memmem(out.data, out.len, record_get(&r, F_NUMBER), 18)); /* nobody else's */
	record_release(&r);
	cJSON_Delete(json);
	buf_wipe_release(&out);
	site_drop(&s);
}

static void told_in_the_projects_words(void **state)
{
	char text[1200];
	struct site s;

	(void)state;
	site_make(&s, "national");
	OK(desk_notice(s.d, text, sizeof(text), E));
	assert_non_null(strstr(text, "实名制"));
	assert_non_null(strstr(text, "3 年"));
	OK(desk_setting_set(s.d, "notice", "本项目另行告知如下内容，", E));
	OK(desk_notice(s.d, text, sizeof(text), E));
	assert_non_null(strstr(text, "另行告知"));
	site_drop(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(due_when_settled_and_three_years_on),
		cmocka_unit_test(only_who_may_with_the_word),
		cmocka_unit_test(erased_is_gone),
		cmocka_unit_test(another_project_keeps_the_person),
		cmocka_unit_test(clocking_pictures),
		cmocka_unit_test(own_data_whole),
		cmocka_unit_test(told_in_the_projects_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
