/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * U4. What has not left the box is taken back whole: after any acts and the taking back of all of them,
 * newest first, every row that shows a state is what it was, and the platform hears of nothing. What was
 * sent, what later work rests on and what is another's stays.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "desk/clear_out.h"
#include "desk/contract.h"
#include "desk/hiring.h"
#include "desk/particulars.h"
#include "desk/project.h"
#include "desk/rekey.h"
#include "desk/undo.h"
#include "desk/upkeep.h"
#include "desk_private.h"
#include "desk_site.h"
#include "store/undo.h"

/* --- what the rows show ------------------------------------------------------------------------------- */

/* Ids may be given again, and what is sealed anew differs in its bytes: neither is part of what is shown. */
static const char *const shown[] = {
	"SELECT e.uid, e.person, e.state, e.role, e.trade, e.starts_on, e.ends_on, e.leaves_on, e.contract "
	"FROM employment e ORDER BY e.id",
	"SELECT uid, person, team, participant, state, trade, leader, entered_on, exited_on, exit_cause, "
	"exit_actor FROM assignment ORDER BY id",
	"SELECT uid, name, leader, relation, state, entered_on, exited_on FROM team ORDER BY id",
	"SELECT uid, type, state, entered_on, exited_on FROM participant ORDER BY id",
	"SELECT owner, field, hex(value_sealed) FROM person_field ORDER BY owner, field",
	"SELECT owner, field, hex(value_sealed) FROM employment_field ORDER BY owner, field",
	"SELECT person, type, hex(hash), current, from_card FROM document ORDER BY id",
	"SELECT person, name, sort_key, team, participant, trade, employment_state, assignment_state, "
	"entered_on, exited_on, views, texts"
	" FROM member ORDER BY person",
	"SELECT view, scope, scope_id, sort_key, person FROM member_view ORDER BY 1, 2, 3, 4, 5",
	"SELECT view, scope, scope_id, n FROM tally WHERE n > 0 ORDER BY 1, 2, 3",
	"SELECT key, person FROM search ORDER BY 1, 2",
	"SELECT hex(hash), person FROM person_index ORDER BY 1, 2",
	"SELECT uid, name, code, status FROM project ORDER BY id",
	"SELECT uid, name, short_name FROM company ORDER BY id",
	"SELECT sheet, owner, field, hex(value_sealed) FROM particular ORDER BY 1, 2, 3",
	"SELECT uid, state, kind, starts_on, ends_on, hex(price_sealed) FROM contract ORDER BY id",
	"SELECT uid, person, state, since FROM app_registration ORDER BY id",
	"SELECT p.name FROM person p WHERE EXISTS (SELECT 1 FROM member m WHERE m.person = p.id) ORDER BY "
	"p.id",
	"SELECT kind, subject, title FROM outbox WHERE state IN (0, 1, 2, 3) ORDER BY 1, 2, 3",
};

static char *picture(struct site *s)
{
	sqlite3 *db = NULL;
	char path[300], *all = sqlite3_mprintf("");

	snprintf(path, sizeof(path), "%s/" DESK_FILE, s->dir);
	assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	for (size_t i = 0; i < ARRAY_LEN(shown); i++) {
		sqlite3_stmt *st = NULL;

		if (sqlite3_prepare_v2(db, shown[i], -1, &st, NULL))
			fail_msg("%s", sqlite3_errmsg(db));
		while (sqlite3_step(st) == SQLITE_ROW) {
			all = sqlite3_mprintf("%z%d", all, (int)i);
			for (int c = 0; c < sqlite3_column_count(st); c++)
				all = sqlite3_mprintf("%z|%s", all, (const char *)sqlite3_column_text(st, c));
			all = sqlite3_mprintf("%z\n", all);
		}
		sqlite3_finalize(st);
	}
	sqlite3_close(db);
	return all;
}

static void assert_same_picture(char *was, char *is)
{
	const char *a = was, *b = is;

	while (*a && *a == *b)
		a++, b++;
	if (*a || *b) {
		while (a > was && a[-1] != '\n')
			a--, b--;
		fail_msg("was: %.300s\nis: %.300s", a, b);
	}
	sqlite3_free(was);
	sqlite3_free(is);
}

static struct undo_row newest(struct desk *d)
{
	struct undo_row row;
	bool more;
	size_t n;

	OK(desk_undo_list(d, false, 0, &row, 1, &n, &more, E));
	assert_int_equal(n, 1);
	return row;
}

static void undo_refused(struct desk *d, int64_t act, enum err_code code, const char *says)
{
	struct err e = {ERR_NONE};

	assert_int_equal(desk_undo(d, act, &e), -1);
	if (e.code != code || !strstr(e.detail, says))
		fail_msg("%s: %s", err_name(e.code), e.detail);
}

/* --- one by one ------------------------------------------------------------------------------------------
 */

static int64_t ready_person(struct site *s, unsigned n)
{
	int64_t p = person_register(s, n, NULL);
	char employment[UID_TEXT];

	person_employment(s, p, employment);
	change_arrives(s, "employment.consent", employment, APPLIED);
	return p;
}

/* A registration in a region where all follows at once: five facts of three subjects, and as if it had not
 * been. */
static void registering(void **state)
{
	struct platform *p = calloc(1, sizeof(*p));
	struct registered again;
	struct undo_row row;
	struct site s;
	int64_t person;
	char *was;

	(void)state;
	site_make(&s, "jiangmen");
	was = picture(&s);
	person = person_register(&s, 1, NULL);
	row = newest(s.d);
	assert_int_equal(row.state, UNDO_POSSIBLE);
	assert_string_equal(row.what, "登记");
	assert_int_equal(row.people, 1);
	OK(desk_undo(s.d, row.act, E));
	assert_same_picture(was, picture(&s));
	row = newest(s.d);
	assert_int_equal(row.state, UNDO_DONE);
	undo_refused(s.d, row.act, ERR_FORBIDDEN, "已撤销");
	/* The same card again is a registration like any other. */
	person_register(&s, 1, &again);
	assert_int_not_equal(again.person, person);
	person_act(&s, again.person, EVENT_ENTER);
	site_drain(&s, p, NULL);
	assert_int_equal(platform_count(p, "person.add"), 1);
	assert_int_equal(platform_count(p, "assignment.enter"), 1);
	assert_int_equal(p->out_of_order, 0);
	site_drop(&s);
	free(p);
}

/* Several steps, after a restart; a correction taken back is the record as it was, and goes out as that. */
static void several_steps(void **state)
{
	struct platform *platform = calloc(1, sizeof(*platform));
	char *was[3];
	struct findings f;
	struct record r;
	struct site s;
	int64_t p;
	int changed;

	(void)state;
	site_make(&s, "national");
	p = ready_person(&s, 1);
	site_drain(&s, platform, NULL);
	was[0] = picture(&s);
	person_act(&s, p, EVENT_SUBMIT);
	was[1] = picture(&s);
	record_init(&r);
	OK(desk_person_record(s.d, p, &r, E));
	assert_int_equal(record_set(&r, F_PHONE, "13900000001", ORIGIN_TYPED), 0);
	assert_int_equal(record_set(&r, F_NAME, "改名", r.origin[F_NAME]), 0);
	r.from_card = true;
	OK(desk_amend(s.d, p, &r, &f, &changed, E));
	was[2] = picture(&s);
	assert_int_equal(record_set(&r, F_PHONE, "13900000002", ORIGIN_TYPED), 0);
	assert_int_equal(record_set(&r, F_WAGE, "700000", ORIGIN_TYPED), 0);
	OK(desk_amend(s.d, p, &r, &f, &changed, E));
	record_release(&r);
	for (int i = 2; i >= 0; i--) {
		struct undo_row rows[8];
		size_t n, k = 0;
		bool more;

		site_reopen(&s, "clerk");
		OK(desk_undo_list(s.d, true, 0, rows, 8, &n, &more, E));
		while (k < n && rows[k].state != UNDO_POSSIBLE)
			k++;
		assert_true(k < n);
		OK(desk_undo(s.d, rows[k].act, E));
		assert_same_picture(was[i], picture(&s));
	}
	site_drain(&s, platform, NULL);
	assert_int_equal(platform_count(platform, "person.amend"), 0);
	assert_int_equal(platform_count(platform, "employment.amend"), 0);
	assert_int_equal(platform_count(platform, "assignment.submit"), 0);
	site_drop(&s);
	free(platform);
}

/* A whole marked list at once, with the operation that a withdrawal had put aside. */
static void bulk_at_once(void **state)
{
	enum { N = 30 };
	struct platform *platform = calloc(1, sizeof(*platform));
	struct verdict *v = calloc(N, sizeof(*v));
	int64_t p[N];
	struct act a = {.event = EVENT_WITHDRAW, .persons = p, .n = N, .on = DATE_NONE};
	struct undo_row row;
	struct site s;
	size_t done;
	char *was;

	(void)state;
	site_make(&s, "national");
	for (unsigned i = 0; i < N; i++)
		p[i] = ready_person(&s, i + 1);
	a.event = EVENT_SUBMIT;
	OK(desk_act(s.d, &a, v, &done, E));
	assert_int_equal(done, N);
	was = picture(&s);
	a.event = EVENT_WITHDRAW;
	OK(desk_act(s.d, &a, v, &done, E));
	assert_int_equal(done, N);
	row = newest(s.d);
	assert_int_equal(row.people, N);
	assert_string_equal(row.what, "撤回分配");
	OK(desk_undo(s.d, row.act, E));
	assert_same_picture(was, picture(&s));
	site_drain(&s, platform, NULL);
	assert_int_equal(platform_count(platform, "assignment.submit"), N);
	assert_int_equal(platform_count(platform, "assignment.withdraw"), 0);
	site_drop(&s);
	free(v);
	free(platform);
}

/* What was sent stays, and says which way back there is; so does what later work rests on. */
static void sent_and_rested_on(void **state)
{
	struct platform *platform = calloc(1, sizeof(*platform));
	struct undo_row row, enter;
	struct site s;
	char *was, team[UID_TEXT];
	int64_t p;

	(void)state;
	site_make(&s, "jiangmen");
	OK(desk_team_add(s.d,
			 &(struct team_new){.name = "瓦工班", .kind = "worker", .participant_uid = s.labour},
			 team, E));
	OK(desk_team_act(s.d, team, EVENT_SITE_ENTER, DATE_NONE, E));
	row = newest(s.d);
	assert_string_equal(row.what, "班组进场");
	p = person_register(&s, 1, NULL);
	{
		struct verdict v;
		size_t done;

		person_act(&s, p, EVENT_WITHDRAW);
		OK(desk_assign_team(s.d, &p, 1, team, &v, &done, E));
		assert_int_equal(done, 1);
	}
	person_act(&s, p, EVENT_ENTER);
	was = picture(&s);
	undo_refused(s.d, row.act, ERR_FORBIDDEN, "先撤销后来的");
	assert_same_picture(was, picture(&s));
	enter = newest(s.d);
	site_drain(&s, platform, NULL);
	was = picture(&s);
	undo_refused(s.d, enter.act, ERR_NOT_WITHDRAWABLE, "退场");
	assert_same_picture(was, picture(&s));
	OK(desk_undo_get(s.d, enter.act, &enter, E));
	assert_int_equal(enter.state, UNDO_SENT);
	assert_int_equal(enter.reverse, EVENT_EXIT);
	person_act(&s, p, EVENT_EXIT);
	site_drop(&s);
	free(platform);
}

/* Who leads a team has no operation of its own before the submission, which tells it: after that it is told, and stays. */
static void told_by_another(void **state)
{
	struct platform *platform = calloc(1, sizeof(*platform));
	struct undo_row row;
	struct site s;
	int64_t p;

	(void)state;
	site_make(&s, "national");
	p = ready_person(&s, 1);
	OK(desk_team_lead(s.d, s.team, p, E));
	row = newest(s.d);
	OK(desk_undo(s.d, row.act, E)); /* nobody has heard of it */
	OK(desk_team_lead(s.d, s.team, p, E));
	row = newest(s.d);
	person_act(&s, p, EVENT_SUBMIT);
	site_drain(&s, platform, NULL);
	undo_refused(s.d, row.act, ERR_NOT_WITHDRAWABLE, "不能再撤销");
	OK(desk_undo_get(s.d, row.act, &row, E));
	assert_int_equal(row.state, UNDO_SENT);
	site_drop(&s);
	free(platform);
}

static struct undo_row amended(struct site *s, int64_t person, enum field_id field, const char *value)
{
	struct findings f;
	struct record r;
	int changed = 0;

	record_init(&r);
	OK(desk_person_record(s->d, person, &r, E));
	assert_int_equal(record_set(&r, field, value, ORIGIN_TYPED), 0);
	OK(desk_amend(s->d, person, &r, &f, &changed, E));
	record_release(&r);
	assert_int_equal(changed, 1);
	return newest(s->d);
}

/* A correction of the person taken back, another made and taken back: what was done between them waits for neither. */
static void nothing_waits_for_what_is_taken_back(void **state)
{
	struct platform *platform = calloc(1, sizeof(*platform));
	struct outbox_counts c;
	struct undo_row row;
	struct site s;
	int64_t p;

	(void)state;
	site_make(&s, "national");
	p = ready_person(&s, 1);
	site_drain(&s, platform, NULL);
	row = amended(&s, p, F_PHONE, "13911112222");
	OK(desk_undo(s.d, row.act, E));
	amended(&s, p, F_WAGE, "777700");
	row = amended(&s, p, F_PHONE, "13911113333");
	OK(desk_undo(s.d, row.act, E));
	site_drain(&s, platform, NULL);
	assert_int_equal(platform_count(platform, "employment.amend"), 1);
	assert_int_equal(platform_count(platform, "person.amend"), 0);
	OK(desk_outbox_counts(s.d, &c, E));
	assert_int_equal(c.state[OUTBOX_READY] + c.state[OUTBOX_HELD], 0);
	site_drop(&s);
	free(platform);
}

/* Nobody takes back another's work without the right; an auditor takes back nothing. */
static void whose(void **state)
{
	struct undo_row row;
	struct site s;
	int64_t p;

	(void)state;
	site_make(&s, "national");
	p = ready_person(&s, 1);
	person_act(&s, p, EVENT_SUBMIT);
	site_login(&s, "manager");
	person_act(&s, p, EVENT_CONFIRM);
	row = newest(s.d);
	assert_true(row.mine);
	site_login(&s, "clerk");
	OK(desk_undo_get(s.d, row.act, &row, E));
	assert_int_equal(row.state, UNDO_OTHERS);
	undo_refused(s.d, row.act, ERR_NOT_PERMITTED, "由本人或项目经理撤销");
	site_login(&s, "manager");
	OK(desk_undo(s.d, row.act, E));
	row = newest(s.d); /* still that one: taken back */
	assert_int_equal(row.state, UNDO_DONE);
	{
		struct undo_row rows[2];
		size_t n;
		bool more;

		OK(desk_undo_list(s.d, false, 0, rows, 2, &n, &more, E));
		assert_false(rows[1].mine); /* the clerk's submission, by the manager */
		OK(desk_undo(s.d, rows[1].act, E));
	}
	assert_int_equal(person_assignment(&s, p, NULL), ASSIGNMENT_DRAFTED);
	site_drop(&s);
}

/* An import: registrations done as one are one intention. */
static void group_is_one(void **state)
{
	struct undo_row row;
	struct site s;
	char *was;

	(void)state;
	site_make(&s, "jiangmen");
	was = picture(&s);
	OK(desk_group_begin(s.d, E));
	for (unsigned n = 1; n <= 12; n++)
		person_register(&s, n, NULL);
	OK(desk_group_end(s.d, true, E));
	row = newest(s.d);
	assert_int_equal(row.people, 12);
	OK(desk_undo(s.d, row.act, E));
	assert_same_picture(was, picture(&s));
	site_drop(&s);
}

static void rekeying(struct site *s)
{
	enum role was = s->d->session.roles;
	char code[RECOVERY_CODE_TEXT];
	bool ended;

	s->d->session.roles |= ROLE_ADMINISTRATOR;
	OK(desk_rekey(s->d, REKEY_WORD, code, &ended, E));
	s->d->session.roles = was;
}

static bool rekeyed_on(struct site *s)
{
	struct rekey_progress now;

	OK(desk_rekey_step(s->d, &now, E));
	return now.under_way;
}

/* What an act would put back was sealed and hashed under the former key: not behind the groups that are done, and not afterwards. */
static void not_while_the_key_turns(void **state)
{
	struct undo_row row, meanwhile;
	struct err e = {ERR_NONE};
	struct site s;

	(void)state;
	site_make(&s, "jiangmen");
	person_register(&s, 1, NULL);
	row = newest(s.d);
	assert_int_equal(row.state, UNDO_POSSIBLE);
	rekeying(&s);
	person_register(&s, 2, NULL);
	meanwhile = newest(s.d);
	assert_int_equal(meanwhile.state, UNDO_OLD);
	undo_refused(s.d, meanwhile.act, ERR_FORBIDDEN, "正在更换数据密钥");
	do {
		undo_refused(s.d, row.act, ERR_FORBIDDEN, "正在更换数据密钥");
		OK(store_begin(s.d->store, E)); /* one that was looked at a moment before */
		assert_int_equal(db_act_revert(s.d->store, row.act, &e), -1);
		store_rollback(s.d->store);
	} while (rekeyed_on(&s));
	undo_refused(s.d, row.act, ERR_FORBIDDEN, "换过密钥");
	undo_refused(s.d, meanwhile.act, ERR_FORBIDDEN, "换过密钥");
	person_register(&s, 3, NULL);
	row = newest(s.d);
	assert_int_equal(row.state, UNDO_POSSIBLE);
	OK(desk_undo(s.d, row.act, E));
	site_drop(&s);
}

static void take_back_newest(struct site *s, const char *what, char *was)
{
	struct undo_row row = newest(s->d);

	if (row.state != UNDO_POSSIBLE || strcmp(row.what, what))
		fail_msg("%s: %s", row.what, row.why);
	OK(desk_undo(s->d, row.act, E));
	assert_same_picture(was, picture(s));
}

/* A whole participant left at one stroke: people, teams and the company are back where they were. */
static void clear_out_is_one(void **state)
{
	struct clear_out c = {.scope = CLEAR_PARTICIPANT, .on = DATE_NONE};
	struct clear_out_view v;
	struct site s;
	char *was;

	(void)state;
	site_make(&s, "jiangmen");
	for (unsigned n = 1; n <= 3; n++)
		person_act(&s, person_register(&s, n, NULL), EVENT_ENTER);
	was = picture(&s);
	c.uid = s.labour;
	OK(desk_clear_out(s.d, &c, &v, E));
	assert_int_equal(v.people, 3);
	assert_int_equal(newest(s.d).people, 3);
	take_back_newest(&s, "退场", was);
	site_drop(&s);
}

static void amend_sheet(struct site *s, enum sheet_of sheet, const char *of, const char *field, const char *value)
{
	struct sheet_findings f;
	char uid[UID_TEXT];
	struct particulars p;
	size_t changed;

	text_copy(uid, sizeof(uid), of);
	OK(desk_sheet(s->d, sheet, uid, &p, E));
	particulars_set(&p, field, value);
	OK(desk_sheet_save(s->d, &p, uid, &f, &changed, E));
	assert_int_equal(changed, 1);
}

/* Corrections of a company's, a participant's and the project's sheet, clear columns and sealed values alike. */
static void sheets_as_they_were(void **state)
{
	struct participant_row rows[4];
	struct company_row company;
	struct site s;
	size_t n;
	char *was;

	(void)state;
	site_make(&s, "national");
	OK(desk_participant_list(s.d, rows, 4, &n, E));
	OK(desk_company_by_code(s.d, rows[0].credit_code, &company, E));
	was = picture(&s);
	amend_sheet(&s, SHEET_COMPANY, company.uid, "short_name", "试劳");
	take_back_newest(&s, "更正", was);
	was = picture(&s);
	amend_sheet(&s, SHEET_PARTICIPANT, s.labour, "manager_name", "钱试理");
	take_back_newest(&s, "更正", was);
	site_login(&s, "manager");
	was = picture(&s);
	amend_sheet(&s, SHEET_PROJECT, desk_project(s.d)->uid, "name", "云溪花园二期（试验）");
	take_back_newest(&s, "更正", was);
	assert_string_equal(desk_project(s.d)->name, "云溪花园一期（试验）"); /* the header's too */
	was = picture(&s);
	OK(desk_project_act(s.d, EVENT_STOP, DATE_NONE, E));
	take_back_newest(&s, "停工", was);
	assert_string_equal(desk_project(s.d)->status, "running");
	site_drop(&s);
}

/* A contract that renews the first, drafted and signed. */
static void contracts_go_back(void **state)
{
	struct contract_new c = {.kind = "0", .draft = true, .price = -1};
	struct site s;
	int64_t id;
	char *was;

	(void)state;
	site_make(&s, "national");
	c.person = person_register(&s, 1, NULL);
	c.renews = 1;
	assert_true(date_parse("2029-01-01", &c.starts_on) && date_parse("2029-12-31", &c.ends_on));
	was = picture(&s);
	OK(desk_contract_add(s.d, &c, NULL, &id, E));
	take_back_newest(&s, event_word(EVENT_CONTRACT_DRAFT), was);
	OK(desk_contract_add(s.d, &c, NULL, &id, E));
	was = picture(&s);
	OK(desk_contract_act(s.d, id, EVENT_CONTRACT_SIGN, DATE_NONE, NULL, NULL, E));
	take_back_newest(&s, event_word(EVENT_CONTRACT_SIGN), was);
	site_drop(&s);
}

/* D12: what was recorded of somebody's own registration. */
static void apps_go_back(void **state)
{
	struct site s;
	int64_t p;
	char *was;

	(void)state;
	site_make(&s, "shanghai");
	p = person_register(&s, 1, NULL);
	was = picture(&s);
	OK(desk_app_record(s.d, p, EVENT_APP_APPLY, DATE_NONE, E));
	take_back_newest(&s, event_word(EVENT_APP_APPLY), was);
	OK(desk_app_record(s.d, p, EVENT_APP_APPLY, DATE_NONE, E));
	was = picture(&s);
	OK(desk_app_record(s.d, p, EVENT_APP_DONE, DATE_NONE, E));
	take_back_newest(&s, event_word(EVENT_APP_DONE), was);
	site_drop(&s);
}

/* --- any acts ----------------------------------------------------------------------------------------------
 */

#define PEOPLE 5
#define STEPS 60

static uint64_t seed;

static unsigned any(unsigned n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed % n);
}

static void any_register(struct site *s, int64_t *person, unsigned i)
{
	struct err e = {ERR_NONE};
	struct registered done;
	struct findings f;
	struct record r;

	person_record(s, &r, i + 1, any(2) == 0);
	if (desk_register(s->d, &r, &f, &done, &e) == 0)
		*person = done.person;
	record_release(&r);
}

static void any_act(struct desk *d, int64_t person)
{
	struct possible rows[16];
	struct act a = {.persons = &person, .n = 1, .on = DATE_NONE, .note = "试"};
	struct verdict v;
	size_t n, done;

	OK(desk_possible(d, person, rows, 16, &n, E));
	if (!n)
		return;
	a.event = rows[any((unsigned)n)].event;
	if (a.event == EVENT_RECORD_LEAVING)
		a.on = date_today() + 3;
	OK(desk_act(d, &a, &v, &done, E));
}

static void any_amend(struct site *s, int64_t person)
{
	struct err e = {ERR_NONE};
	char phone[24];
	struct findings f;
	struct record r;
	int changed;

	record_init(&r);
	OK(desk_person_record(s->d, person, &r, E));
	snprintf(phone, sizeof(phone), "139%08u", any(100000000));
	assert_int_equal(record_set(&r, any(2) ? F_PHONE : F_EMERGENCY_PHONE, phone, ORIGIN_TYPED), 0);
	if (any(2))
		assert_int_equal(record_set(&r, F_WAGE, phone + 5, ORIGIN_TYPED), 0);
	if (any(3) == 0)
		assert_int_equal(record_set(&r, F_LEADER, any(2) ? "1" : "0", ORIGIN_TYPED), 0);
	if (any(3) == 0)
		assert_int_equal(record_set(&r, F_TRADE, any(2) ? "020" : "040", ORIGIN_TYPED), 0);
	(void)desk_amend(s->d, person, &r, &f, &changed, &e);
	record_release(&r);
}

static void any_consent(struct site *s, int64_t person)
{
	char employment[UID_TEXT], uid[UID_TEXT];
	struct change c = {.uid = uid, .kind = "employment.consent", .subject = employment, .at_ms = now_ms};
	enum applied result;

	person_employment(s, person, employment);
	uid_new(uid);
	OK(desk_take_changes(s->d, &c, 1, NULL, &result, E));
}

static void any_step(struct site *s, struct desk *manager, int64_t person[PEOPLE], bool messages)
{
	unsigned i = any(PEOPLE), what = any(10);
	struct verdict v;
	struct err e = {ERR_NONE};
	size_t done;

	clock_add(1 + any(3000));
	if (!person[i] || what == 0)
		any_register(s, &person[i], i);
	else if (what < 6)
		any_act(any(2) ? s->d : manager, person[i]);
	else if (what < 8)
		any_amend(s, person[i]);
	else if (what == 8)
		(void)desk_assign_team(s->d, &person[i], 1, any(2) ? s->team : s->office, &v, &done, &e);
	else if (messages)
		any_consent(s, person[i]);
}

/* Newest first: each can be taken back. */
static void undo_all(struct desk *manager, size_t acts)
{
	struct undo_row rows[16];
	int64_t before = 0;
	size_t n, seen = 0;
	bool more = true;

	while (more && seen < acts) {
		OK(desk_undo_list(manager, false, before, rows, 16, &n, &more, E));
		for (size_t i = 0; i < n && seen < acts; i++, seen++) {
			if (rows[i].state != UNDO_POSSIBLE)
				fail_msg("%s: %s", rows[i].what, rows[i].why);
			OK(desk_undo(manager, rows[i].act, E));
			before = rows[i].act;
		}
	}
}

static size_t acts_so_far(struct desk *d)
{
	struct undo_row rows[64];
	int64_t before = 0;
	size_t n, all = 0;
	bool more = true;

	while (more) {
		OK(desk_undo_list(d, false, before, rows, 64, &n, &more, E));
		before = n ? rows[n - 1].act : before;
		all += n;
	}
	return all;
}

static void any_acts(const char *profile, uint64_t start)
{
	struct platform *platform = calloc(1, sizeof(*platform));
	int64_t person[PEOPLE] = {0};
	struct desk *manager;
	size_t before, taken;
	struct site s;
	char *was;

	seed = start * 0x9E3779B97F4A7C15ull + 1;
	site_make(&s, profile);
	manager = site_open_another(&s, "manager");
	for (int i = 0; i < STEPS / 2; i++)
		any_step(&s, manager, person, true);
	site_drain(&s, platform, NULL);
	taken = platform->n;
	platform->out_of_order = 0;
	before = acts_so_far(s.d);
	was = picture(&s);
	for (int i = 0; i < STEPS; i++)
		any_step(&s, manager, person, false);
	assert_true(acts_so_far(s.d) > before + 5); /* the dice reached something */
	undo_all(manager, acts_so_far(s.d) - before);
	assert_same_picture(was, picture(&s));
	site_drain(&s, platform, NULL);
	assert_int_equal(platform->n, taken);
	assert_int_equal(platform->out_of_order, 0);
	assert_int_equal(platform->changed_content, 0);
	desk_close(manager);
	site_drop(&s);
	free(platform);
}

static unsigned runs(void)
{
	const char *more = getenv("SHIMING_RANDOM_RUNS");

	return more ? (unsigned)atoi(more) : 4;
}

static void any_acts_and_all_taken_back(void **state)
{
	(void)state;
	for (unsigned i = 1; i <= runs(); i++) {
		any_acts("national", i);
		any_acts("jiangmen", 1000 + i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(registering),
		cmocka_unit_test(several_steps),
		cmocka_unit_test(bulk_at_once),
		cmocka_unit_test(sent_and_rested_on),
		cmocka_unit_test(told_by_another),
		cmocka_unit_test(nothing_waits_for_what_is_taken_back),
		cmocka_unit_test(whose),
		cmocka_unit_test(group_is_one),
		cmocka_unit_test(not_while_the_key_turns),
		cmocka_unit_test(clear_out_is_one),
		cmocka_unit_test(sheets_as_they_were),
		cmocka_unit_test(contracts_go_back),
		cmocka_unit_test(apps_go_back),
		cmocka_unit_test(any_acts_and_all_taken_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
