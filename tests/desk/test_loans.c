/* SPDX-License-Identifier: GPL-3.0-or-later */
/* New passwords for others, and roles lent for a time (I4, I6). */
#include <string.h>

#include "desk/accounts.h"
#include "desk_site.h"

#define CODE(call) ({ struct err e_ = {ERR_NONE}; (call) ? e_.code : ERR_NONE; })
#define DAY_MS (24 * 60 * 60 * 1000LL)

static bool confirms(struct site *s)
{
	return desk_session(s->d)->roles & ROLE_PROJECT_MANAGER;
}

/* A manager's duties go to the clerk for two days: until then, not a day longer. */
static void until_the_last_day(void **state)
{
	struct loan rows[4];
	struct site s;
	int64_t person;
	struct verdict v;
	size_t n;

	(void)state;
	site_make(&s, "jiangmen");
	site_login(&s, "manager");
	OK(desk_lend(s.d, "clerk", ROLE_PROJECT_MANAGER, date_today() + 1, E));
	OK(desk_loan_list(s.d, rows, 4, &n, E));
	assert_int_equal(n, 1);
	assert_true(rows[0].mine);
	assert_string_equal(rows[0].name, "clerk");
	site_login(&s, "clerk");
	assert_true(confirms(&s));
	assert_int_equal(desk_session(s.d)->lent, ROLE_PROJECT_MANAGER);
	assert_int_equal(desk_session(s.d)->lent_until, date_today() + 1);
	person = person_register(&s, 1, NULL);
	clock_add(DAY_MS); /* the last day still counts */
	OK(desk_loan_list(s.d, rows, 4, &n, E));
	assert_true(confirms(&s));
	clock_add(DAY_MS); /* the session was open all the time */
	OK(desk_loan_list(s.d, rows, 4, &n, E));
	assert_int_equal(n, 0);
	assert_false(confirms(&s));
	assert_true(desk_session(s.d)->roles & ROLE_CLERK); /* his own stay */
	person_cannot(&s, person, EVENT_CONFIRM, &v);
	site_drop(&s);
}

static void taken_back_at_once(void **state)
{
	struct desk *other;
	struct loan rows[4];
	struct site s;
	size_t n;

	(void)state;
	site_make(&s, "national");
	site_login(&s, "manager");
	OK(desk_lend(s.d, "clerk", ROLE_PROJECT_MANAGER, date_today() + 30, E));
	other = site_open_another(&s, "clerk");
	assert_true(desk_session(other)->roles & ROLE_PROJECT_MANAGER);
	OK(desk_loan_list(other, rows, 4, &n, E));
	assert_false(rows[0].mine);
	assert_int_equal(CODE(desk_lend(other, "manager", ROLE_PROJECT_MANAGER, date_today(), &e_)), ERR_NOT_PERMITTED); /* never lent on */
	OK(desk_loan_end(s.d, rows[0].id, E));
	OK(desk_loan_list(other, rows, 4, &n, E)); /* the open session's next action */
	assert_false(desk_session(other)->roles & ROLE_PROJECT_MANAGER);
	assert_int_equal(CODE(desk_loan_end(s.d, 1, &e_)), ERR_CONFLICT);
	desk_close(other);
	site_drop(&s);
}

static void what_cannot_be_lent(void **state)
{
	struct account_new auditor = {.name = "auditor", .password = "Shenji-2026", .roles = ROLE_AUDITOR, .kdf_mib = 8};
	struct site s;

	(void)state;
	site_make(&s, "national");
	site_login(&s, "manager");
	OK(desk_account_add(s.d, &auditor, E));
	assert_int_equal(CODE(desk_lend(s.d, "clerk", ROLE_LEGAL_REPRESENTATIVE, date_today(), &e_)), ERR_NOT_PERMITTED);
	assert_int_equal(CODE(desk_lend(s.d, "clerk", 0, date_today(), &e_)), ERR_NOT_PERMITTED);
	assert_int_equal(CODE(desk_lend(s.d, "clerk", ROLE_PROJECT_MANAGER, date_today() - 1, &e_)), ERR_LOAN_DATE);
	assert_int_equal(CODE(desk_lend(s.d, "clerk", ROLE_PROJECT_MANAGER, date_today() + LEND_DAYS_MOST + 1, &e_)), ERR_LOAN_DATE);
	assert_int_equal(CODE(desk_lend(s.d, "clerk", ROLE_PROJECT_MANAGER, DATE_NONE, &e_)), ERR_LOAN_DATE);
	assert_int_equal(CODE(desk_lend(s.d, "manager", ROLE_PROJECT_MANAGER, date_today(), &e_)), ERR_FORBIDDEN);
	assert_int_equal(CODE(desk_lend(s.d, "auditor", ROLE_PROJECT_MANAGER, date_today(), &e_)), ERR_FORBIDDEN); /* holds no key */
	assert_int_equal(CODE(desk_lend(s.d, "niemand", ROLE_PROJECT_MANAGER, date_today(), &e_)), ERR_NO_SUCH);
	OK(desk_lend(s.d, "clerk", ROLE_PROJECT_MANAGER, date_today() + LEND_DAYS_MOST, E));
	OK(desk_account_disable(s.d, "clerk", true, E)); /* takes it along */
	OK(desk_account_disable(s.d, "clerk", false, E));
	OK(desk_account_password(s.d, "clerk", "Xinmima-77", E));
	OK(desk_login(s.d, "clerk", "Xinmima-77", E));
	assert_false(confirms(&s));
	site_drop(&s);
}

static void passwords_for_others(void **state)
{
	struct site s;

	(void)state;
	site_make(&s, "national");
	assert_int_equal(CODE(desk_account_password(s.d, "manager", "Xinmima-77", &e_)), ERR_NOT_PERMITTED); /* a clerk, once there is a manager */
	site_login(&s, "manager");
	assert_int_equal(CODE(desk_account_password(s.d, "manager", "Xinmima-77", &e_)), ERR_FORBIDDEN);
	assert_int_equal(CODE(desk_account_password(s.d, "clerk", "kurz1A", &e_)), ERR_PASSWORD_WEAK);
	assert_int_equal(CODE(desk_account_password(s.d, "clerk", PASSWORD, &e_)), ERR_PASSWORD_REUSED);
	OK(desk_account_disable(s.d, "clerk", true, E));
	assert_int_equal(CODE(desk_account_password(s.d, "clerk", "Xinmima-77", &e_)), ERR_ACCOUNT_DISABLED);
	OK(desk_account_disable(s.d, "clerk", false, E));
	OK(desk_account_password(s.d, "clerk", "Xinmima-77", E)); /* the way in of one that was enabled again */
	OK(desk_login(s.d, "clerk", "Xinmima-77", E));
	person_register(&s, 1, NULL); /* the same data key */
	site_drop(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(until_the_last_day),
		cmocka_unit_test(taken_back_at_once),
		cmocka_unit_test(what_cannot_be_lent),
		cmocka_unit_test(passwords_for_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
