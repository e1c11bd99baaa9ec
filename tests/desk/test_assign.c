/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Assignments mended and changed (E1, E2, E9, E10, C5, C6): the traps that cost work elsewhere — an assignment that cannot be mended, people twice
 * after receiving, a leader who left and is still there, no batch — and what stands instead.
 */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "desk/undo.h"
#include "desk_private.h"
#include "desk_site.h"
#include "own_profile.h"
#include "folk.h"

static int64_t on_site(struct site *s, unsigned n)
{
	int64_t p = person_register(s, n, NULL);
	char employment[UID_TEXT];

	person_employment(s, p, employment);
	change_arrives(s, "employment.consent", employment, APPLIED);
	site_login(s, "manager");
	person_act(s, p, EVENT_SUBMIT); /* confirms in the same act */
	person_act(s, p, EVENT_ENTER);
	site_login(s, "clerk");
	return p;
}

static void another_team(struct site *s, const char *name, bool enter, char uid[UID_TEXT])
{
	OK(desk_team_add(s->d, &(struct team_new){.name = name, .kind = "worker", .participant_uid = s->labour}, uid, E));
	if (enter)
		OK(desk_team_act(s->d, uid, EVENT_SITE_ENTER, DATE_NONE, E));
}

static struct folk folk_of(struct site *s, int64_t p)
{
	struct folk f;

	OK(folk_load(s->d, p, &f, E));
	return f;
}

/* E10: after reception a team changes as a new fact; the platform is not told, the clerk is. Taken back like anything else. */
static void another_team_after_reception(void **state)
{
	struct platform *platform = calloc(1, sizeof(*platform));
	char team[UID_TEXT], later[UID_TEXT];
	struct undo_row row;
	struct verdict v[2];
	struct site s;
	size_t done, n;
	int64_t p[2];
	bool more;

	(void)state;
	site_make(&s, "national");
	another_team(&s, "瓦工班", true, team);
	another_team(&s, "油漆班", false, later);
	p[0] = on_site(&s, 1);
	p[1] = on_site(&s, 2);
	site_drain(&s, platform, NULL);
	n = platform->n;
	{
		struct alteration a = {.kind = ALTER_TEAM, .value = later, .persons = p, .n = 2};

		OK(desk_alter_preview(s.d, &a, v, &done, E));
		assert_int_equal(done, 0);
		assert_non_null(strstr(v[0].why, "新班组还没有进场"));
		a.value = s.office; /* another company's */
		OK(desk_alter_preview(s.d, &a, v, &done, E));
		assert_int_equal(done, 0);
		assert_non_null(strstr(v[0].would, "须先退场"));
		a.value = team;
		OK(desk_alter_preview(s.d, &a, v, &done, E));
		assert_int_equal(done, 2);
		assert_string_equal(v[0].warning, "");
		OK(desk_alter(s.d, &a, v, &done, E));
	}
	assert_string_equal(folk_of(&s, p[1]).team.uid, team);
	assert_int_equal(person_assignment(&s, p[1], NULL), ASSIGNMENT_ON_SITE);
	OK(desk_undo_list(s.d, true, 0, &row, 1, &done, &more, E));
	assert_string_equal(row.what, "换班组");
	OK(desk_undo(s.d, row.act, E));
	assert_string_equal(folk_of(&s, p[0]).team.uid, s.team);
	OK(desk_assign_team(s.d, p, 2, team, v, &done, E));
	site_drain(&s, platform, NULL);
	assert_int_equal(platform_count(platform, "assignment.amend"), 2);
	assert_int_equal(platform->n, n + 2); /* of what was taken back nothing was told */
	site_drop(&s);
	free(platform);
}

static void all_accepted(struct site *s)
{
	struct batch b;
	int64_t next;

	site_send_all(s);
	do {
		OK(desk_take_batch(s->d, 100, 1 << 19, &b, &next, E));
		for (size_t i = 0; i < b.n; i++)
			OK(desk_take_answers(s->d,
					     &(struct answer){.op = b.item[i].op, .kind = ANSWER_ACCEPTED, .number = "1"}, 1,
					     E));
		next = (int64_t)b.n;
		desk_release_batch(&b);
	} while (next);
}

/* Where the dialect has no place for it, it stands here alone and the clerk is told so. */
static void another_team_kept_here(void **state)
{
	char team[UID_TEXT];
	struct verdict v;
	struct outbox_counts before, after;
	struct own_profile own;
	struct site s;
	int64_t p;
	size_t done;

	(void)state;
	own_profile_make(&own, "open_api/open_api.json");
	site_profiles = own.dir;
	site_make(&s, "open_api");
	another_team(&s, "瓦工班", true, team);
	p = person_on_site(&s, 1);
	all_accepted(&s);
	OK(desk_outbox_counts(s.d, &before, E));
	OK(desk_assign_team(s.d, &p, 1, team, &v, &done, E));
	assert_int_equal(done, 1);
	assert_non_null(strstr(v.warning, "平台没有换班组的手续"));
	assert_string_equal(folk_of(&s, p).team.uid, team);
	OK(desk_outbox_counts(s.d, &after, E));
	assert_memory_equal(before.state, after.state, sizeof(before.state));
	site_drop(&s);
	own_profile_drop(&own);
	site_profiles = PROFILE_DIR;
}

/* E2: before the platform has it, the submission itself is corrected and goes out once, with the new team. */
static void mended_before_it_is_received(void **state)
{
	struct platform *platform = calloc(1, sizeof(*platform));
	char team[UID_TEXT], employment[UID_TEXT];
	struct verdict v;
	struct site s;
	size_t done;
	int64_t p;

	(void)state;
	site_make(&s, "national");
	p = person_register(&s, 1, NULL);
	person_employment(&s, p, employment);
	change_arrives(&s, "employment.consent", employment, APPLIED);
	person_act(&s, p, EVENT_SUBMIT);
	another_team(&s, "瓦工班", true, team); /* reported after the submission was queued */
	OK(desk_assign_team(s.d, &p, 1, team, &v, &done, E));
	assert_int_equal(done, 1);
	assert_string_equal(v.warning, "");
	site_drain(&s, platform, NULL);
	assert_int_equal(platform_count(platform, "assignment.submit"), 1);
	assert_int_equal(platform->out_of_order, 0);
	person_act(&s, p, EVENT_WITHDRAW);
	OK(desk_assign_team(s.d, &p, 1, s.team, &v, &done, E)); /* E1: assigned anew */
	assert_int_equal(done, 1);
	assert_int_equal(person_assignment(&s, p, NULL), ASSIGNMENT_DRAFTED);
	site_drop(&s);
	free(platform);
}

/* C5. */
static void trade_and_wage_of_many(void **state)
{
	enum { N = 12 };
	struct verdict *v = calloc(N, sizeof(*v));
	struct person_file *file = calloc(1, sizeof(*file));
	int64_t p[N];
	struct record r;
	struct alteration a = {.kind = ALTER_TRADE, .value = "040", .persons = p, .n = N};
	struct site s;
	size_t done;

	(void)state;
	site_make(&s, "jiangmen");
	for (unsigned i = 0; i < N; i++)
		p[i] = person_register(&s, i + 1, NULL);
	OK(desk_alter(s.d, &a, v, &done, E));
	assert_int_equal(done, N);
	OK(desk_person_file(s.d, p[N - 1], file, E));
	assert_string_equal(file->row.trade, "混凝土工");
	OK(desk_alter(s.d, &a, v, &done, E)); /* again: nothing to do, said of each */
	assert_int_equal(done, 0);
	assert_non_null(strstr(v[0].why, "已经是"));
	a.kind = ALTER_WAGE;
	a.value = "很多";
	OK(desk_alter(s.d, &a, v, &done, E));
	assert_int_equal(done, 0);
	assert_true(v[0].why[0] != '\0');
	a.value = "7200";
	OK(desk_alter(s.d, &a, v, &done, E));
	assert_int_equal(done, N);
	record_init(&r);
	OK(desk_person_record(s.d, p[0], &r, E));
	assert_string_equal(record_get(&r, F_WAGE), "720000");
	record_release(&r);
	site_drop(&s);
	free(file);
	free(v);
}

/* C6: the leader goes, the successor leads in the same transaction; who left leads nothing and can lead nothing. */
static void leader_goes(void **state)
{
	struct err e = {ERR_NONE};
	struct team_row team;
	struct verdict v;
	struct site s;
	int64_t p[3];
	size_t done;
	struct act a = {.event = EVENT_EXIT, .persons = &p[0], .n = 1, .on = DATE_NONE};

	(void)state;
	site_make(&s, "national");
	for (unsigned i = 0; i < 3; i++)
		p[i] = on_site(&s, i + 1);
	OK(desk_team_lead(s.d, s.team, p[0], E));
	assert_true(folk_of(&s, p[0]).assignment.leader);
	OK(desk_preview(s.d, &a, &v, &done, E));
	assert_int_equal(v.leads, folk_of(&s, p[0]).team.id);
	assert_non_null(strstr(v.warning, "指定接任的人"));
	a.successor = p[0]; /* himself: he goes */
	assert_int_equal(desk_act(s.d, &a, &v, &done, &e), -1);
	assert_int_equal(e.code, ERR_FORBIDDEN);
	assert_int_equal(person_assignment(&s, p[0], NULL), ASSIGNMENT_ON_SITE); /* nothing of it happened */
	a.successor = p[2];
	OK(desk_act(s.d, &a, &v, &done, E));
	OK(desk_team_get(s.d, s.team, &team, E));
	assert_string_equal(team.leader, folk_of(&s, p[2]).person.name);
	assert_true(folk_of(&s, p[2]).assignment.leader);
	assert_int_equal(desk_team_lead(s.d, s.team, p[0], &e), -1); /* who left is never a leader again */
	assert_int_equal(e.code, ERR_FORBIDDEN);
	person_act(&s, p[2], EVENT_EXIT);
	OK(desk_team_get(s.d, s.team, &team, E));
	assert_string_equal(team.leader, "");
	site_drop(&s);
}

/* SH-QA r4 信息 2: the leader leaves his employer and is still on site: the team is asked for, whoever takes over leads; he is leader no more. */
static void leader_leaves_his_employer(void **state)
{
	struct team_row team;
	struct verdict v;
	struct site s;
	struct day day;
	int64_t p[3];
	size_t done;
	struct act leaving = {.event = EVENT_RECORD_LEAVING, .persons = &p[0], .n = 1}, gone = {.event = EVENT_LEAVING_DAY, .persons = &p[0], .n = 1, .on = DATE_NONE};

	(void)state;
	site_make(&s, "national");
	for (unsigned i = 0; i < 3; i++)
		p[i] = on_site(&s, i + 1);
	OK(desk_team_lead(s.d, s.team, p[0], E));
	leaving.on = date_today() + 1;
	OK(desk_act(s.d, &leaving, &v, &done, E));
	assert_int_equal(done, 1);
	clock_add(2 * 86400000LL);
	OK(desk_preview(s.d, &gone, &v, &done, E));
	assert_int_equal(v.leads, folk_of(&s, p[0]).team.id); /* asked at once */
	OK(desk_act(s.d, &gone, &v, &done, E));
	assert_int_equal(done, 1);
	assert_int_equal(person_assignment(&s, p[0], NULL), ASSIGNMENT_ON_SITE);
	OK(desk_team_get(s.d, s.team, &team, E));
	assert_string_equal(team.leader, "");
	OK(desk_day(s.d, &day, E));
	assert_int_equal(day.leaderless, 1);
	OK(desk_team_lead(s.d, s.team, p[2], E));
	OK(desk_day(s.d, &day, E));
	assert_int_equal(day.leaderless, 0);
	site_drop(&s);
}

/* E9: true time stands apart, with its reason; what is sent knows nothing of it. */
static void recorded_afterwards(void **state)
{
	static const unsigned char png[] = {0x89, 'P', 'N', 'G', 13, 10, 26, 10, 0};
	struct evidence shows = {"image/png", png, sizeof(png)};
	struct late_row rows[4];
	struct verdict v;
	struct site s;
	int64_t p;
	struct act a = {.event = EVENT_EXIT, .persons = &p, .n = 1, .on = DATE_NONE};
	size_t n;

	(void)state;
	site_make(&s, "national");
	p = on_site(&s, 1);
	a.true_on = date_today() + 1;
	a.note = "断网";
	OK(desk_preview(s.d, &a, &v, &n, E));
	assert_non_null(strstr(v.why, "今天之后"));
	a.true_on = date_today() - 3;
	a.note = NULL;
	OK(desk_preview(s.d, &a, &v, &n, E));
	assert_non_null(strstr(v.why, "写明原因"));
	a.note = "断网三天";
	a.evidence = &shows;
	OK(desk_act(s.d, &a, &v, &n, E));
	assert_int_equal(n, 1);
	OK(desk_late_list(s.d, 0, rows, 4, &n, E));
	assert_int_equal(n, 1);
	assert_int_equal(rows[0].true_on, date_today() - 3);
	assert_int_equal(rows[0].on, date_today());
	assert_string_equal(rows[0].note, "断网三天");
	assert_true(rows[0].evidence);
	{
		static const unsigned char newer[] = "%PDF-1.4 rather";
		struct evidence better = {"application/pdf", newer, sizeof(newer)}, large = {"application/pdf", newer, EVIDENCE_MAX + 1},
				unnamed = {NULL, newer, sizeof(newer)};
		struct err e = {0};
		struct buf got;

		/* afterwards too: the newest is handed out */
		buf_init(&got, EVIDENCE_MAX);
		OK(desk_late_evidence(s.d, rows[0].fact, &got, E));
		assert_memory_equal(got.data, png, sizeof(png));
		OK(desk_late_evidence_add(s.d, rows[0].fact, &better, E));
		OK(desk_late_evidence(s.d, rows[0].fact, &got, E));
		assert_int_equal(got.len, sizeof(newer));
		assert_memory_equal(got.data, newer, sizeof(newer));
		assert_int_equal(desk_late_evidence_add(s.d, rows[0].fact, &large, &e), -1);
		assert_int_equal(e.code, ERR_TOO_LARGE);
		assert_int_equal(desk_late_evidence_add(s.d, rows[0].fact, &unnamed, &e), -1);
		assert_int_equal(e.code, ERR_EVIDENCE_FORMAT);
		assert_int_equal(desk_late_evidence_add(s.d, rows[0].fact - 1, &better, &e), -1); /* happened as recorded */
		assert_int_equal(e.code, ERR_NO_SUCH);
		site_login(&s, "manager");
		OK(desk_account_add(s.d, &(struct account_new){.name = "watch", .display = "watch", .password = PASSWORD, .roles = ROLE_SITE_OPERATOR, .kdf_mib = 8}, E));
		site_login(&s, "watch");
		assert_int_equal(desk_late_evidence_add(s.d, rows[0].fact, &better, &e), -1);
		assert_int_equal(e.code, ERR_NOT_PERMITTED);
		site_login(&s, "clerk");
		buf_release(&got);
	}
	{
		struct batch b;
		int64_t next;
		char text[DATE_TEXT];

		date_format(date_today() - 3, text);
		site_send_all(&s);
		OK(desk_take_batch(s.d, 100, 1 << 19, &b, &next, E));
		for (size_t i = 0; i < b.n; i++)
			assert_null(strstr(b.item[i].body, text));
		desk_release_batch(&b);
	}
	site_drop(&s);
}

/* Received twice — a second clerk, then the platform's message — is received once, and the person stands in the list once. */
static void received_once(void **state)
{
	struct roster_row rows[8];
	struct roster_page page = {.row = rows, .cap = 8};
	struct roster_query q = {.filter = ROSTER_TO_ENTER};
	char employment[UID_TEXT], assignment[UID_TEXT];
	struct desk *second;
	struct verdict v;
	struct site s;
	int64_t p;
	struct act a = {.event = EVENT_CONFIRM, .persons = &p, .n = 1, .on = DATE_NONE};
	size_t done;

	(void)state;
	site_make(&s, "national");
	p = person_register(&s, 1, NULL);
	person_employment(&s, p, employment);
	change_arrives(&s, "employment.consent", employment, APPLIED);
	person_act(&s, p, EVENT_SUBMIT);
	second = site_open_another(&s, "manager");
	OK(desk_act(second, &a, &v, &done, E));
	assert_int_equal(done, 1);
	site_login(&s, "manager");
	OK(desk_act(s.d, &a, &v, &done, E));
	assert_int_equal(done, 0);
	assert_true(v.why[0] != '\0');
	person_assignment(&s, p, assignment);
	change_arrives(&s, "assignment.confirm", assignment, APPLIED_BEFORE);
	OK(desk_roster(s.d, &q, &page, E));
	assert_int_equal(page.n, 1);
	desk_close(second);
	site_drop(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(another_team_after_reception), cmocka_unit_test(another_team_kept_here), cmocka_unit_test(mended_before_it_is_received),
		cmocka_unit_test(trade_and_wage_of_many),	cmocka_unit_test(leader_goes), cmocka_unit_test(leader_leaves_his_employer),
		cmocka_unit_test(recorded_afterwards),		cmocka_unit_test(received_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
