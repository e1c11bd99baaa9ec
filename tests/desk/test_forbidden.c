/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is forbidden says why and what would allow it (C3, D4, E3, E4, L1); rights are the desk's (S3). */
#include <string.h>

#include "base/text.h"
#include "desk_site.h"
#include "domain/credit_code.h"
#include "own_profile.h"

static void expect(const struct verdict *v, const char *why, const char *would)
{
	if (!strstr(v->why, why) || !strstr(v->would, would))
		fail_msg("why: %s | would: %s (expected %s | %s)", v->why, v->would, why, would);
}

static void registered_person(struct site *s, unsigned n, int64_t *p)
{
	char employment[UID_TEXT];

	*p = person_register(s, n, NULL);
	person_employment(s, *p, employment);
	change_arrives(s, "employment.consent", employment, APPLIED);
}

static void reasons(void **state)
{
	struct verdict v;
	struct site s;
	int64_t p;

	(void)state;
	site_make(&s, "national");
	p = person_register(&s, 1, NULL);
	person_cannot(&s, p, EVENT_SUBMIT, &v);
	expect(&v, "待本人同意", "本人");
	person_cannot(&s, p, EVENT_ENTER, &v);
	expect(&v, "待提交", "提交");
	person_cannot(&s, p, EVENT_CONSENT, &v);
	expect(&v, "本人或平台", "等");
	person_cannot(&s, p, EVENT_EXIT, &v);
	expect(&v, "不能退场", "");
	registered_person(&s, 2, &p);
	person_act(&s, p, EVENT_SUBMIT);
	person_cannot(&s, p, EVENT_CONFIRM, &v);
	expect(&v, "无权", "项目经理");
	person_cannot(&s, p, EVENT_DISMISS, &v);
	expect(&v, "无权", "");
	site_drop(&s);
}

/* C3: not before the team, which is not before its participant. */
static void team_first(void **state)
{
	char team[UID_TEXT], employment[UID_TEXT];
	struct registered done;
	struct findings f;
	struct verdict v;
	struct record r;
	struct site s;
	int64_t p;

	(void)state;
	site_make(&s, "national");
	OK(desk_team_add(
		s.d, &(struct team_new){.name = "未进场班组", .kind = "worker", .participant_uid = s.labour},
		team, E));
	person_record(&s, &r, 1, true);
	assert_int_equal(record_set(&r, F_TEAM, team, ORIGIN_TYPED), 0);
	OK(desk_register(s.d, &r, &f, &done, E));
	p = done.person;
	record_release(&r);
	person_employment(&s, p, employment);
	change_arrives(&s, "employment.consent", employment, APPLIED);
	site_login(&s, "manager");
	person_act(&s, p, EVENT_SUBMIT);
	person_cannot(&s, p, EVENT_ENTER, &v);
	expect(&v, "未进场班组", "班组进场");
	OK(desk_team_act(s.d, team, EVENT_SITE_ENTER, DATE_NONE, E));
	person_act(&s, p, EVENT_ENTER);
	site_drop(&s);
}

/* L1, A9: contract, training, validity as the profile says. */
static void papers(void **state)
{
	struct registered done;
	struct findings f;
	struct verdict v;
	struct record r;
	struct site s;
	struct act a = {.event = EVENT_ENTER, .n = 1, .on = DATE_NONE};
	size_t able;

	(void)state;
	site_make(&s, "jiangmen");
	person_record(&s, &r, 1, true);
	assert_int_equal(record_set(&r, F_CONTRACT_KIND, "", ORIGIN_NONE), 0);
	assert_int_equal(record_set(&r, F_TRAINED_ON, "", ORIGIN_NONE), 0);
	assert_int_equal(record_set(&r, F_VALID_TO, "2026-01-01", ORIGIN_CARD), 0);
	OK(desk_register(s.d, &r, &f, &done, E));
	person_cannot(&s, done.person, EVENT_ENTER, &v);
	expect(&v, "劳动合同", "合同类型"); /* the dates stand there */
	a.persons = &done.person;
	/* With the contract on record the rest only warns here. */
	assert_int_equal(record_set(&r, F_CONTRACT_KIND, "0", ORIGIN_TYPED), 0);
	{
		int changed;

		OK(desk_amend(s.d, done.person, &r, &f, &changed, E));
		assert_int_equal(changed, 1);
	}
	OK(desk_preview(s.d, &a, &v, &able, E));
	assert_int_equal(able, 1);
	assert_non_null(strstr(v.warning, "培训"));
	assert_non_null(strstr(v.warning, "有效期"));
	record_release(&r);
	site_drop(&s);
	site_make(&s, "national");
	person_record(&s, &r, 1, true);
	assert_int_equal(record_set(&r, F_TRAINED_ON, "", ORIGIN_NONE), 0);
	OK(desk_register(s.d, &r, &f, &done, E));
	{
		char employment[UID_TEXT];

		person_employment(&s, done.person, employment);
		change_arrives(&s, "employment.consent", employment, APPLIED);
	}
	site_login(&s, "manager");
	person_act(&s, done.person, EVENT_SUBMIT);
	person_cannot(&s, done.person, EVENT_ENTER, &v); /* the same thing is refused there */
	expect(&v, "培训", "培训");
	record_release(&r);
	site_drop(&s);
}

/* Marked rows: who can goes, who cannot stays, one transaction (U11). */
static void marked_rows(void **state)
{
	int64_t p[4];
	struct act a = {.event = EVENT_SUBMIT, .persons = p, .n = 4, .on = DATE_NONE};
	struct verdict v[4];
	struct site s;
	size_t n;

	(void)state;
	site_make(&s, "national");
	registered_person(&s, 1, &p[0]);
	p[1] = person_register(&s, 2, NULL);
	registered_person(&s, 3, &p[2]);
	registered_person(&s, 4, &p[3]);
	OK(desk_preview(s.d, &a, v, &n, E));
	assert_int_equal(n, 3);
	OK(desk_act(s.d, &a, v, &n, E));
	assert_int_equal(n, 3);
	assert_true(v[0].can && !v[1].can && v[2].can && v[3].can);
	assert_int_equal(person_assignment(&s, p[1], NULL), ASSIGNMENT_DRAFTED);
	assert_int_equal(person_assignment(&s, p[3], NULL), ASSIGNMENT_ACCEPTED);
	site_drop(&s);
}

static void possible(void **state)
{
	struct possible rows[16];
	struct site s;
	size_t n;
	int64_t p;

	(void)state;
	site_make(&s, "national");
	registered_person(&s, 1, &p);
	OK(desk_possible(s.d, p, rows, 16, &n, E));
	assert_true(n >= 2);
	assert_int_equal(rows[0].event, EVENT_SUBMIT); /* the main way first */
	assert_true(rows[0].verdict.can);
	for (size_t i = 0; i < n; i++)
		assert_true(rows[i].verdict.can || rows[i].verdict.why[0]);
	site_drop(&s);
}

/* No session, no key, no role: each door says no by itself. */
static void doors(void **state)
{
	struct roster_row rows[2];
	struct roster_page page = {.row = rows, .cap = 2};
	struct roster_query q = {.filter = ROSTER_ALL};
	struct registered done;
	struct findings f;
	struct record r;
	struct batch b;
	struct site s;
	int64_t p, next;
	char text[64];

	(void)state;
	site_make(&s, "national");
	p = person_register(&s, 1, NULL);
	person_record(&s, &r, 2, true);
	desk_logout(s.d);
	{
		struct err e = {ERR_NONE};

		assert_int_not_equal(desk_roster(s.d, &q, &page, &e), 0);
		assert_int_equal(e.code, ERR_NO_SESSION);
		assert_int_not_equal(desk_register(s.d, &r, &f, &done, &e), 0);
		assert_int_not_equal(desk_person_reveal(s.d, p, F_NUMBER, "x", text, sizeof(text), &e), 0);
		assert_int_not_equal(desk_take_batch(s.d, 1, 1000, &b, &next, &e), 0);
		assert_int_not_equal(desk_setting_set(s.d, "hold_seconds", "0", &e), 0);
		assert_int_equal(e.code, ERR_NO_SESSION);
	}
	site_login(&s, "manager"); /* a manager does not hire (I6) */
	{
		struct err e = {ERR_NONE};

		assert_int_not_equal(desk_register(s.d, &r, &f, &done, &e), 0);
		assert_int_equal(e.code, ERR_NOT_PERMITTED);
	}
	record_release(&r);
	site_drop(&s);
}

static int64_t participant_id(struct site *s, const char *uid)
{
	struct participant_row rows[8];
	size_t n;

	OK(desk_participant_list(s->d, rows, 8, &n, E));
	for (size_t i = 0; i < n; i++)
		if (strcmp(rows[i].uid, uid) == 0)
			return rows[i].id;
	fail_msg("no such participant");
	return 0;
}

static int64_t team_id(struct site *s, const char *uid)
{
	struct team_row row;

	OK(desk_team_get(s->d, uid, &row, E));
	return row.id;
}

static void manager_of(struct site *s, const char *name, const char *participant)
{
	OK(desk_account_add(s->d,
			    &(struct account_new){.name = name,
						  .password = PASSWORD,
						  .roles = ROLE_PROJECT_MANAGER,
						  .participant = participant_id(s, participant),
						  .kdf_mib = 8},
			    E));
}

struct specialist {
	char participant[UID_TEXT], team[UID_TEXT];
};

/* A specialist subcontractor with a team of its own, and a manager "special" who acts for it. */
static void specialist_make(struct site *s, struct specialist *x)
{
	char company[UID_TEXT], code[19] = "91110199MA0TEXTC3";
	struct company_new c = {.name = "专试机电有限公司", .area_code = "110199", .credit_code = code};

	code[17] = credit_code_check_digit(code);
	OK(desk_company_add(s->d, &c, company, E));
	OK(desk_participant_add(s->d, &(struct participant_new){.company_uid = company, .type = "001"}, x->participant, E));
	OK(desk_participant_act(s->d, x->participant, EVENT_SITE_ENTER, DATE_NONE, E));
	OK(desk_team_add(s->d, &(struct team_new){.name = "机电班", .kind = "worker", .participant_uid = x->participant}, x->team, E));
	site_login(s, "manager");
	manager_of(s, "special", x->participant);
	site_login(s, "clerk");
}

static int64_t specialist_person(struct site *s, const struct specialist *x, unsigned n)
{
	struct registered done;
	struct findings f;
	struct record r;

	person_record(s, &r, n, true);
	assert_int_equal(record_set(&r, F_COMPANY, x->participant, ORIGIN_TYPED), 0);
	assert_int_equal(record_set(&r, F_TEAM, x->team, ORIGIN_TYPED), 0);
	OK(desk_register(s->d, &r, &f, &done, E));
	record_release(&r);
	return done.person;
}

/* E3: a labour subcontractor's people are confirmed by the general contractor's manager, a specialist's by his own, and nobody's by another. */
static void who_confirms(void **state)
{
	char employment[UID_TEXT];
	struct specialist x;
	struct verdict v;
	struct site s;
	int64_t own, other, foreign;

	(void)state;
	site_make(&s, "national");
	specialist_make(&s, &x);
	registered_person(&s, 1, &own); /* of the labour subcontractor */
	other = specialist_person(&s, &x, 2);
	person_employment(&s, other, employment);
	change_arrives(&s, "employment.consent", employment, APPLIED);
	person_act(&s, own, EVENT_SUBMIT);
	person_act(&s, other, EVENT_SUBMIT);
	site_login(&s, "manager");
	manager_of(&s, "labour", s.labour);
	foreign = team_id(&s, x.team);
	person_cannot(&s, other, EVENT_CONFIRM, &v);
	expect(&v, "接收单位", "专试机电");
	site_login(&s, "labour");
	person_cannot(&s, own, EVENT_CONFIRM, &v);
	expect(&v, "接收单位", "总承包");
	{
		struct act a = {.event = EVENT_CONFIRM, .persons = &other, .n = 1, .on = DATE_NONE};
		struct roster_row rows[4];
		struct roster_page page = {.row = rows, .cap = 4};
		struct roster_query q = {.filter = ROSTER_ALL};
		struct err e = {ERR_NONE};
		size_t done_n;

		assert_int_not_equal(desk_act(s.d, &a, &v, &done_n, &e), 0); /* not his people at all */
		assert_int_equal(e.code, ERR_NO_SUCH);
		OK(desk_roster(s.d, &q, &page, E));
		assert_int_equal(page.n, 1);
		assert_int_equal(rows[0].person, own);
		q.team = foreign; /* nor by way of another unit's team (I6) */
		assert_int_equal(desk_roster(s.d, &q, &page, &e), -1);
		assert_int_equal(e.code, ERR_NO_SUCH);
		assert_int_equal(desk_roster_count(s.d, &q, 10, &(int64_t){0}, &e), -1);
		q.team = team_id(&s, s.team); /* his own */
		OK(desk_roster(s.d, &q, &page, E));
		assert_int_equal(page.n, 1);
	}
	site_login(&s, "special");
	person_act(&s, other, EVENT_CONFIRM);
	site_login(&s, "manager");
	person_act(&s, own, EVENT_CONFIRM);
	site_drop(&s);
}

static struct own_profile own;

static void two_tiers(struct site *s, struct specialist *x)
{
	own_profile_make(&own, "profiles/two_tiers.json");
	site_profiles = own.dir;
	site_make(s, "two_tiers");
	specialist_make(s, x);
}

/* E3: where the region asks for both, the specialist's manager receives and the general contractor's confirms; neither does the other's part. */
static void confirmed_again_by_the_general_contractor(void **state)
{
	struct specialist x;
	struct verdict v;
	struct site s;
	int64_t theirs, labours;

	(void)state;
	two_tiers(&s, &x);
	theirs = specialist_person(&s, &x, 1);
	labours = person_register(&s, 2, NULL);
	person_act(&s, theirs, EVENT_SUBMIT);
	person_act(&s, labours, EVENT_SUBMIT);
	assert_int_equal(person_assignment(&s, theirs, NULL), ASSIGNMENT_SUBMITTED);
	assert_int_equal(person_assignment(&s, labours, NULL), ASSIGNMENT_ACCEPTED); /* one tier, as before */
	site_login(&s, "manager");
	person_cannot(&s, theirs, EVENT_ACCEPT, &v);
	expect(&v, "接收单位", "专试机电");
	person_cannot(&s, theirs, EVENT_CONFIRM, &v);
	expect(&v, "不能", "接收");
	site_login(&s, "special");
	person_act(&s, theirs, EVENT_ACCEPT);
	person_cannot(&s, theirs, EVENT_CONFIRM, &v);
	expect(&v, "接收单位", "总承包");
	site_login(&s, "manager");
	person_act(&s, theirs, EVENT_CONFIRM);
	person_act(&s, labours, EVENT_CONFIRM);
	assert_int_equal(person_assignment(&s, theirs, NULL), ASSIGNMENT_CONFIRMED);
	site_drop(&s);
	own_profile_drop(&own);
	site_profiles = PROFILE_DIR;
}

/* The specialist's manager who submits his own people receives them in the same act, and no more than that. */
static void one_act_is_one_tier(void **state)
{
	struct specialist x;
	struct site s;
	int64_t p;

	(void)state;
	two_tiers(&s, &x);
	p = specialist_person(&s, &x, 1);
	site_login(&s, "special");
	person_act(&s, p, EVENT_SUBMIT);
	assert_int_equal(person_assignment(&s, p, NULL), ASSIGNMENT_ACCEPTED);
	site_drop(&s);
	own_profile_drop(&own);
	site_profiles = PROFILE_DIR;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reasons),     cmocka_unit_test(team_first), cmocka_unit_test(papers),
		cmocka_unit_test(marked_rows), cmocka_unit_test(possible),   cmocka_unit_test(doors),
		cmocka_unit_test(who_confirms), cmocka_unit_test(confirmed_again_by_the_general_contractor), cmocka_unit_test(one_act_is_one_tier),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
