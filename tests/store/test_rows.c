/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows: site, people, fields, documents, attachments, facts, drafts, the line and what arrives. */
#include "fixture.h"

#include "base/buf.h"
#include "store_private.h"

static void begin(struct fixture *f)
{
	ok(store_begin(f->s, &err));
}

static void commit(struct fixture *f)
{
	ok(store_commit(f->s, &err));
}

static void settings(void **state)
{
	struct fixture *f = *state;
	char value[64], small[4];

	begin(f);
	ok(db_setting_set(f->s, 0, "platform.url", "https://localhost", false, &err));
	ok(db_setting_set(f->s, f->project, "platform.url", "https://other", false, &err));
	ok(db_setting_set(f->s, 0, "platform.token", "geheim", true, &err));
	commit(f);
	ok(db_setting_get(f->s, 0, "platform.url", value, sizeof(value), &err));
	assert_string_equal(value, "https://localhost");
	ok(db_setting_get(f->s, f->project, "platform.url", value, sizeof(value), &err));
	assert_string_equal(value, "https://other");
	ok(db_setting_get(f->s, 0, "platform.token", value, sizeof(value), &err));
	assert_string_equal(value, "geheim");
	fails(db_setting_get(f->s, 0, "platform.token", small, sizeof(small), &err), ERR_TOO_LARGE);
	begin(f);
	ok(db_setting_set(f->s, 0, "platform.token", "", true, &err));
	commit(f);
	ok(db_setting_get(f->s, 0, "platform.token", value, sizeof(value), &err));
	assert_string_equal(value, "");
}

static void companies_and_participants(void **state)
{
	struct fixture *f = *state;
	struct db_company c,
		again = {.credit_code = "91990101MA00000001", .name = "另一公司", .registered_on = DATE_NONE};
	struct db_participant p, rows[4],
		same = {.project = f->project,
			.company = f->company,
			.type = "009",
			.state = SITE_NOT_ENTERED};
	size_t n;

	ok(db_company_by_code(f->s, "91990101MA00000001", &c, &err));
	assert_int_equal(c.registered_on, 17000);
	ok(db_company_by_uid(f->s, c.uid, &c, &err));
	fails(db_company_by_uid(f->s, "x", &c, &err), ERR_NO_SUCH);
	begin(f);
	fails(db_company_insert(f->s, &again, NULL, &err), ERR_DUPLICATE);
	store_rollback(f->s);
	begin(f);
	fails(db_participant_insert(f->s, &same, NULL, &err), ERR_DUPLICATE);
	store_rollback(f->s);
	ok(db_participant_list(f->s, f->project, 0, rows, 4, &n, &err));
	assert_int_equal(n, 1);
	p = rows[0];
	assert_string_equal(p.short_name, "某某建工");
	assert_string_equal(p.manager_phone, "19900000001");
	assert_int_equal(p.teams, 1);
	assert_int_equal(p.state, SITE_ENTERED);
	begin(f);
	fails(db_participant_state(f->s, p.id, SITE_NOT_ENTERED, SITE_ENTERED, 1, DATE_NONE, &err),
	      ERR_CONFLICT);
	ok(db_participant_state(f->s, p.id, SITE_ENTERED, SITE_EXITED, DATE_NONE, 20800, &err));
	commit(f);
	ok(db_participant_by_uid(f->s, p.uid, &p, &err));
	assert_int_equal(p.state, SITE_EXITED);
	assert_int_equal(p.entered_on, 20000);
	assert_int_equal(p.exited_on, 20800);
}

static void teams(void **state)
{
	struct fixture *f = *state;
	struct db_team t = {.project = f->project,
			    .participant = f->participant,
			    .name = "钢筋一班",
			    .kind = "worker",
			    .relation = TEAM_OWN,
			    .state = SITE_NOT_ENTERED,
			    .entered_on = DATE_NONE,
			    .exited_on = DATE_NONE},
		       rows[8];
	struct db_team_cursor at = {0};
	size_t n, all = 0;
	int64_t id;

	begin(f);
	fails(db_team_insert(f->s, &t, NULL, &err), ERR_DUPLICATE);
	store_rollback(f->s);
	begin(f);
	t.foreign = true; /* from the platform: accepted (C6) */
	ok(db_team_insert(f->s, &t, &id, &err));
	t.foreign = false;
	for (int i = 0; i < 9; i++) {
		snprintf(t.name, sizeof(t.name), "班组%d", 9 - i);
		t.automatic = i == 4;
		ok(db_team_insert(f->s, &t, NULL, &err));
	}
	ok(db_team_relation(f->s, id, TEAM_OWN, TEAM_REQUESTED, 20700, &err));
	fails(db_team_relation(f->s, id, TEAM_OWN, TEAM_REQUESTED, 20700, &err), ERR_CONFLICT);
	ok(db_team_state(f->s, id, SITE_NOT_ENTERED, SITE_ENTERED, 20700, DATE_NONE, &err));
	commit(f);
	for (;;) { /* pages of three, in order, each once */
		ok(db_team_list(f->s, f->project, &at, rows, 3, &n, &err));
		if (!n)
			break;
		for (size_t i = 0; i < n; i++) {
			assert_true(strcmp(at.name, rows[i].name) <= 0);
			text_copy(at.name, sizeof(at.name), rows[i].name);
		}
		all += n;
		at.participant = rows[n - 1].participant;
		at.id = rows[n - 1].id;
	}
	assert_int_equal(all, 11);
	ok(db_team_automatic(f->s, f->participant, &id, &err));
	ok(db_team_get(f->s, id, &rows[0], &err));
	assert_string_equal(rows[0].name, "班组5");
	assert_string_equal(rows[0].company, "某某建工");
	ok(db_team_by_uid(f->s, rows[0].uid, &rows[1], &err));
	assert_int_equal(rows[1].id, id);
}

static void one_number_one_person(void **state)
{
	struct fixture *f = *state;
	struct db_document d = {.type = "01",
				.current = true,
				.valid_from = DATE_NONE,
				.valid_to = DATE_NONE},
			   rows[4];
	struct registered a, b;
	char one[19], two[19];
	int64_t who, found[4];
	size_t n;

	fixture_number(one, 1);
	fixture_number(two, 2);
	begin(f);
	a = fixture_register(f, 1, "吴试六", "wushiliu", one, "19900000001");
	b = fixture_register(f, 2, "郑试七", "zhengshiqi", two, "19900000001");
	commit(f);
	begin(f);
	d.person = b.person;
	text_copy(d.number, sizeof(d.number), one);
	fails(db_document_insert(f->s, &d, NULL, &err), ERR_DUPLICATE);
	store_rollback(f->s);
	begin(f); /* the same number of another type is another document */
	d.type[1] = '2';
	ok(db_document_insert(f->s, &d, NULL, &err));
	commit(f);
	ok(db_document_list(f->s, b.person, rows, 4, &n, &err));
	assert_int_equal(n, 2);
	assert_true(rows[0].current &&
		    !rows[1].current); /* the former one stays, and still finds the person */
	ok(db_person_by_document(f->s, "01", two, &who, &err));
	assert_int_equal(who, b.person);
	ok(db_person_by_document(f->s, "01", one, &who, &err));
	assert_int_equal(who, a.person);
	ok(db_person_by_document(f->s, "09", one, &who, &err));
	assert_int_equal(who, 0);
	ok(db_persons_by_phone(f->s, "19900000001", found, 4, &n, &err));
	assert_int_equal(n, 2);
	begin(f);
	ok(db_phone_set(f->s, a.person, "19900000009", &err));
	commit(f);
	ok(db_persons_by_phone(f->s, "19900000001", found, 4, &n, &err));
	assert_int_equal(n, 1);
	assert_int_equal(found[0], b.person);
	begin(f); /* a typing mistake is mended: the wrong number finds nobody any more */
	ok(db_document_current(f->s, a.person, &d, &err));
	fixture_number(d.number, 3);
	d.valid_to = DATE_LONG_TERM;
	ok(db_document_update(f->s, &d, &err));
	commit(f);
	ok(db_person_by_document(f->s, "01", one, &who, &err));
	assert_int_equal(who, 0);
	ok(db_person_by_document(f->s, "01", d.number, &who, &err));
	assert_int_equal(who, a.person);
	ok(db_document_current(f->s, a.person, &d, &err));
	assert_int_equal(d.valid_to, DATE_LONG_TERM);
}

static void fields_one_by_one(void **state)
{
	struct fixture *f = *state;
	static const enum field_id two[] = {F_ADDRESS, F_PHONE};
	struct registered r;
	struct record in, out;
	struct query q;
	char number[19], text[256];
	int64_t rows;

	fixture_number(number, 1);
	begin(f);
	r = fixture_register(f, 1, "王试八", "wangshiba", number, "19900000001");
	commit(f);
	record_init(&in);
	record_init(&out);
	record_set(&in, F_ADDRESS, "", ORIGIN_NONE);
	record_set(&in, F_PHONE, "19900000002", ORIGIN_TYPED);
	record_set(&in, F_SEX, "female", ORIGIN_TYPED); /* not among those to write */
	begin(f);
	ok(db_fields_save(f->s, OWNER_PERSON, r.person, &in, two, 2, &err));
	commit(f);
	ok(db_fields_load(f->s, OWNER_PERSON, r.person, &out, &err));
	assert_string_equal(record_get(&out, F_ADDRESS), "");
	assert_string_equal(record_get(&out, F_PHONE), "19900000002");
	assert_int_equal(out.origin[F_PHONE], ORIGIN_TYPED);
	assert_string_equal(record_get(&out, F_SEX), "male");
	assert_int_equal(out.origin[F_SEX], ORIGIN_CARD);
	ok(db_field_load(f->s, OWNER_PERSON, r.person, F_NUMBER, text, sizeof(text), &err));
	assert_string_equal(text, number);
	ok(db_field_load(f->s, OWNER_PERSON, r.person, F_ADDRESS, text, sizeof(text), &err));
	assert_string_equal(text, "");
	query_open(&q, f->s, "SELECT count(*) FROM person_field");
	ok(query_int(&q, &rows, 0, &err));
	assert_int_equal(rows, 5);
	fails(db_fields_load(f->s, OWNER_EMPLOYMENT, 999, &out, &err), ERR_NO_SUCH);
	record_release(&in);
	record_release(&out);
}

static void attachments_once(void **state)
{
	struct fixture *f = *state;
	unsigned char picture[1024];
	struct db_attachment a;
	struct registered r;
	char number[19];
	int64_t one, two;
	struct buf out;

	for (size_t i = 0; i < sizeof(picture); i++)
		picture[i] = (unsigned char)(i * 7);
	fixture_number(number, 1);
	begin(f);
	r = fixture_register(f, 1, "冯试九", "fengshijiu", number, "19900000001");
	ok(db_attachment_add(f->s, 0, r.person, r.fact, "portrait", "image/x-wlt", picture, sizeof(picture),
			     &one, &err));
	ok(db_attachment_add(f->s, 0, r.person, 0, "portrait", "image/x-wlt", picture, sizeof(picture), &two,
			     &err));
	commit(f);
	assert_int_equal(one, two);
	ok(db_attachment_latest(f->s, r.person, "portrait", &a, &err));
	assert_int_equal(a.bytes, 1024);
	assert_int_equal(strlen(a.hash), 64);
	buf_init(&out, 4096);
	ok(db_attachment_content(f->s, a.id, &out, &err));
	assert_int_equal(out.len, 1024);
	assert_memory_equal(out.data, picture, 1024);
	buf_release(&out);
	fails(db_attachment_latest(f->s, r.person, "card_front", &a, &err), ERR_NO_SUCH);
}

static void employments_and_assignments(void **state)
{
	struct fixture *f = *state;
	struct db_employment m[2];
	struct db_assignment a[2];
	struct registered r;
	char number[19];
	size_t n;

	fixture_number(number, 1);
	begin(f);
	r = fixture_register(f, 1, "陈试十", "chenshishi", number, "19900000001");
	ok(db_employment_state(f->s, r.employment, EMPLOYMENT_OFFERED, EMPLOYMENT_ACCEPTED, &err));
	fails(db_employment_state(f->s, r.employment, EMPLOYMENT_OFFERED, EMPLOYMENT_ACCEPTED, &err),
	      ERR_CONFLICT);
	ok(db_employment_get(f->s, r.employment, &m[0], &err));
	m[0].ends_on = 21000;
	m[0].contract = true;
	text_copy(m[0].trade, sizeof(m[0].trade), "020");
	ok(db_employment_update(f->s, &m[0], &err));
	ok(db_assignment_state(f->s, r.assignment, ASSIGNMENT_DRAFTED, ASSIGNMENT_SUBMITTED, &err));
	ok(db_assignment_get(f->s, r.assignment, &a[0], &err));
	a[0].leader = true;
	a[0].entered_on = 20750;
	text_copy(a[0].exit_cause, sizeof(a[0].exit_cause), "died");
	ok(db_assignment_update(f->s, &a[0], &err));
	commit(f);
	ok(db_employment_list(f->s, r.person, m, 2, &n, &err));
	assert_int_equal(n, 1);
	assert_int_equal(m[0].state, EMPLOYMENT_ACCEPTED);
	assert_int_equal(m[0].ends_on, 21000);
	assert_true(m[0].contract);
	assert_string_equal(m[0].trade, "020");
	ok(db_employment_by_uid(f->s, m[0].uid, &m[1], &err));
	ok(db_assignment_list(f->s, r.person, a, 2, &n, &err));
	assert_int_equal(n, 1);
	assert_int_equal(a[0].state, ASSIGNMENT_SUBMITTED);
	assert_true(a[0].leader);
	assert_int_equal(a[0].entered_on, 20750);
	assert_int_equal(a[0].exited_on, DATE_NONE);
	ok(db_assignment_by_uid(f->s, a[0].uid, &a[1], &err));
	assert_int_equal(a[1].team, f->team);
}

static int64_t fact(struct fixture *f, int64_t person, const char *event, int64_t supersedes,
		    int64_t reverses)
{
	struct db_fact fact = {.project = f->project,
			       .cycle = "assignment",
			       .subject = 7,
			       .person = person,
			       .actor = "site",
			       .authority = "desk",
			       .account = f->account,
			       .on = 20700,
			       .true_on = 20699,
			       .supersedes = supersedes,
			       .reverses = reverses,
			       .note = "说明"};
	int64_t id;

	text_copy(fact.event, sizeof(fact.event), event);
	ok(db_fact_insert(f->s, &fact, NULL, &id, &err));
	return id;
}

static void facts_fold(void **state)
{
	struct fixture *f = *state;
	struct db_fact rows[8], one;
	struct registered r;
	int64_t enter, mended, undone, latest, n;
	char number[19];
	size_t k;
	struct buf body;

	fixture_number(number, 1);
	begin(f);
	r = fixture_register(f, 1, "褚试甲", "chushijia", number, "19900000001");
	enter = fact(f, r.person, "enter", 0, 0);
	commit(f);
	ok(db_fact_count_on(f->s, f->project, "enter", 20700, &n, &err));
	assert_int_equal(n, 1);
	begin(f);
	mended = fact(f, r.person, "enter", enter, 0);
	commit(f);
	ok(db_fact_latest(f->s, "assignment", 7, NULL, &latest, &err));
	assert_int_equal(latest, mended);
	begin(f);
	fails(db_fact_insert(f->s,
			     &(struct db_fact){.cycle = "assignment",
					       .subject = 7,
					       .event = "enter",
					       .actor = "site",
					       .authority = "desk",
					       .on = DATE_NONE,
					       .true_on = DATE_NONE,
					       .supersedes = enter},
			     NULL, NULL, &err),
	      ERR_CONFLICT); /* two people mended it */
	store_rollback(f->s);
	begin(f);
	undone = fact(f, r.person, "undo", 0, mended);
	commit(f);
	ok(db_fact_latest(f->s, "assignment", 7, NULL, &latest, &err));
	assert_int_equal(latest, 0);
	ok(db_fact_count_on(f->s, f->project, "enter", 20700, &n, &err));
	assert_int_equal(n, 0);
	ok(db_fact_history(f->s, f->project, r.person, 0, rows, 2, &k, &err));
	assert_int_equal(k, 2);
	assert_int_equal(rows[0].id, undone);
	assert_int_equal(rows[0].reverses, mended);
	assert_int_equal(rows[1].reversed_by, undone);
	assert_string_equal(rows[0].note, "说明");
	assert_string_equal(rows[0].by, "劳资专管员甲");
	assert_int_equal(rows[0].true_on, 20699);
	ok(db_fact_history(f->s, f->project, r.person, rows[1].id, rows, 8, &k, &err));
	assert_int_equal(k, 2);
	assert_int_equal(rows[0].superseded_by, mended);
	assert_string_equal(rows[1].event, "register");
	assert_true(rows[1].has_body);
	buf_init(&body, 100);
	ok(db_fact_body(f->s, rows[1].id, &body, &err));
	assert_string_equal(body.data, "{\"a\":1}");
	buf_release(&body);
	ok(db_fact_by_uid(f->s, rows[1].uid, &one, &err));
	ok(db_fact_of_subject(f->s, "assignment", 7, 0, rows, 8, &k, &err));
	assert_int_equal(k, 3);
	assert_int_equal(rows[0].id, enter);
}

/* --- what only triggers prevent
 * -------------------------------------------------------------------------------------------------- */

static void forbidden(struct fixture *f, const char *sql)
{
	begin(f);
	if (!store_exec(f->s, sql, &err))
		fail_msg("was let through: %s", sql);
	err_clear(&err);
	store_rollback(f->s);
}

static void append_only(void **state)
{
	struct fixture *f = *state;
	static const char *const sql[] = {
		"DELETE FROM fact",
		"UPDATE fact SET event = 'exit'",
		"UPDATE fact SET at_ms = 1",
		"UPDATE fact SET body_sealed = NULL",
		"UPDATE fact SET superseded_by = 1 WHERE id = 2",
		"UPDATE fact SET superseded_by = NULL WHERE id = 2",
		"REPLACE INTO fact SELECT * FROM fact WHERE id = 1",
		"DELETE FROM audit",
		"UPDATE audit SET who = 'x'",
		"REPLACE INTO audit SELECT * FROM audit WHERE id = 1",
		"DELETE FROM outbox",
		"UPDATE outbox SET sequence = 9 WHERE id = 1",
		"INSERT INTO fact(uid, cycle, subject, event, actor, authority, at_ms) VALUES ('u', 'team', "
		"1, 'add', 'site', 'somebody', 1)",
		"INSERT INTO team SELECT 99, 'u99', project, 12345, 'x', kind, 0, 0, NULL, relation, state, "
		"NULL, NULL, 1 FROM team",
	};
	struct registered r;
	char number[19];

	fixture_number(number, 1);
	begin(f);
	r = fixture_register(f, 1, "卫试乙", "weishiyi", number, "19900000001");
	fact(f, r.person, "enter", 0, 0);
	fact(f, r.person, "enter", 2, 0);
	ok(db_outbox_freeze(f->s, r.outbox, "{}", 2, 1, &err));
	commit(f);
	for (size_t i = 0; i < ARRAY_LEN(sql); i++)
		forbidden(f, sql[i]);
}

static void drafts(void **state)
{
	struct fixture *f = *state;
	struct db_draft d = {.account = f->account, .form = "register", .project = f->project, .at_ms = 5},
			got, rows[2];
	struct buf body;
	bool found;
	size_t n;

	buf_init(&body, 1000);
	ok(db_draft_load(f->s, f->account, "register", &got, &body, &found, &err));
	assert_false(found);
	begin(f);
	ok(db_draft_save(f->s, &d, "{\"name\":\"a\"}", &err));
	d.at_ms = 6;
	ok(db_draft_save(f->s, &d, "{\"name\":\"ab\"}", &err));
	commit(f);
	fixture_reopen(f);
	ok(db_draft_load(f->s, f->account, "register", &got, &body, &found, &err));
	assert_true(found);
	assert_string_equal(body.data, "{\"name\":\"ab\"}");
	assert_int_equal(got.at_ms, 6);
	ok(db_draft_list(f->s, 0, rows, 2, &n, &err));
	assert_int_equal(n, 1);
	assert_string_equal(rows[0].account_name, "clerk");
	begin(f);
	ok(db_draft_drop(f->s, f->account, "register", &err));
	commit(f);
	ok(db_draft_list(f->s, 0, rows, 2, &n, &err));
	assert_int_equal(n, 0);
	buf_release(&body);
}

static void the_line(void **state)
{
	struct fixture *f = *state;
	struct db_inbox in = {.project = f->project,
			      .uid = "c-1",
			      .kind = "employment.consent",
			      .subject = "s",
			      .at_ms = 5,
			      .body = "{}"};
	struct db_line l, m;
	char long_cursor[400];
	bool fresh;

	ok(db_line_get(f->s, f->project, &l, &err));
	assert_true(uid_valid(l.box));
	assert_int_equal(l.epoch, 1);
	begin(f);
	ok(db_line_cursor(f->s, f->project, "c-77", &err));
	ok(db_line_trouble(f->s, f->project, ERR_NET_OFFLINE, 10, 20, "no route", &err));
	ok(db_line_confirmed(f->s, f->project, 9, &err));
	ok(db_line_new_epoch(f->s, f->project, &err));
	ok(db_inbox_insert(f->s, &in, &fresh, &err));
	assert_true(fresh);
	ok(db_inbox_insert(f->s, &in, &fresh, &err));
	assert_false(fresh);
	commit(f);
	ok(db_line_get(f->s, f->project, &m, &err));
	assert_string_equal(m.cursor, "c-77");
	assert_int_equal(m.trouble, ERR_NET_OFFLINE);
	assert_int_equal(m.epoch, 2);
	assert_int_equal(m.sequence, 0);
	assert_int_equal(m.confirmed_ms, 9);
	memset(long_cursor, 'x', sizeof(long_cursor));
	long_cursor[sizeof(long_cursor) - 1] = '\0';
	begin(f);
	fails(db_line_cursor(f->s, f->project, long_cursor, &err),
	      ERR_TOO_LARGE); /* kept whole or not at all */
	store_rollback(f->s);
}

static void messages_are_seen_by_each(void **state)
{
	struct fixture *f = *state;
	struct db_message m = {.project = f->project,
			       .kind = "employment.consent",
			       .subject = "s",
			       .title = "蒋试丙",
			       .by = "本人",
			       .note = "同意"},
			  rows[8];
	int64_t n, id = 0;
	size_t k;

	begin(f);
	for (int i = 0; i < 5; i++)
		ok(db_message_insert(f->s, &m, &id, &err));
	ok(db_message_mark_seen(f->s, f->project, f->account, id - 2, &err));
	ok(db_message_mark_seen(f->s, f->project, f->account, 1, &err)); /* never back */
	commit(f);
	ok(db_message_unseen(f->s, f->project, f->account, 1000, &n, &err));
	assert_int_equal(n, 2);
	ok(db_message_unseen(f->s, f->project, 99, 3, &n, &err));
	assert_int_equal(n, 3); /* counted no further than asked */
	ok(db_message_page(f->s, f->project, f->account, 0, rows, 3, &k, &err));
	assert_int_equal(k, 3);
	assert_false(rows[0].seen);
	assert_true(rows[2].seen);
	assert_string_equal(rows[0].note, "同意");
	assert_string_equal(rows[0].by, "本人");
	ok(db_message_page(f->s, f->project, f->account, rows[2].id, rows, 8, &k, &err));
	assert_int_equal(k, 2);
}

static void old_uids_lead_on(void **state)
{
	struct fixture *f = *state;
	struct registered r;
	struct db_person p;
	char number[19];

	fixture_number(number, 1);
	begin(f);
	r = fixture_register(f, 1, "沈试丁", "shenshiding", number, "19900000001");
	ok(db_alias_add(f->s, "01900000-0000-7000-8000-00000000abcd", r.person, r.fact, &err));
	ok(db_person_rename(f->s, r.person, "沈试丁丁", &err));
	commit(f);
	ok(db_person_by_uid(f->s, "01900000-0000-7000-8000-00000000abcd", &p, &err));
	assert_int_equal(p.id, r.person);
	assert_string_equal(p.name, "沈试丁丁");
	ok(db_person_by_uid(f->s, p.uid, &p, &err));
	fails(db_person_by_uid(f->s, "nobody", &p, &err), ERR_NO_SUCH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define WITH(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
		WITH(settings),
		WITH(companies_and_participants),
		WITH(teams),
		WITH(one_number_one_person),
		WITH(fields_one_by_one),
		WITH(attachments_once),
		WITH(employments_and_assignments),
		WITH(facts_fold),
		WITH(append_only),
		WITH(drafts),
		WITH(the_line),
		WITH(messages_are_seen_by_each),
		WITH(old_uids_lead_on),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
