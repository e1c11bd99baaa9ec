/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading the audit log: what stands there, narrowed, and who sees whose (S4). */
#include <string.h>

#include "base/text.h"
#include "desk/audit.h"
#include "desk_site.h"

#define ROWS 300

static struct audit_row rows[ROWS];

static size_t list(struct site *s, struct audit_query q)
{
	size_t n;

	OK(desk_audit_list(s->d, &q, rows, ROWS, &n, E));
	return n;
}

static void rows_say_who_what_whom(void **state)
{
	char phone[64];
	struct site s;
	int64_t person;
	size_t n;

	(void)state;
	site_make(&s, "national");
	person = person_register(&s, 1, NULL);
	OK(desk_person_reveal(s.d, person, F_PHONE, "核对电话", phone, sizeof(phone), E));
	n = list(&s, (struct audit_query){.day = DATE_NONE});
	assert_true(n >= 3);
	assert_string_equal(rows[0].action, "reveal");
	assert_string_equal(rows[0].action_word, "显示完整号码");
	assert_string_equal(rows[0].note, "核对电话");
	assert_true(rows[0].about[0] != '\0');
	assert_string_equal(rows[0].result, "done");
	assert_string_equal(rows[0].result_word, "完成");
	assert_null(strstr(rows[0].detail, phone)); /* never what was shown */
	for (size_t i = 1; i < n; i++)
		assert_true(rows[i - 1].id > rows[i].id);
	for (size_t i = 0; i < n; i++)
		assert_true(rows[i].action_word[0] && strcmp(rows[i].action_word, rows[i].action)); /* a word for each */
	site_drop(&s);
}

static struct audit_query kind_of(const char *action)
{
	struct audit_query q = {.day = DATE_NONE};

	text_copy(q.action, sizeof(q.action), action);
	return q;
}

static void narrowed(void **state)
{
	struct audit_query about = {.day = DATE_NONE};
	struct site s;
	size_t all, n;

	(void)state;
	site_make(&s, "national");
	site_login(&s, "manager");
	site_login(&s, "clerk");
	person_register(&s, 1, NULL);
	person_register(&s, 2, NULL);
	assert_int_equal(list(&s, kind_of("register")), 2); /* a clerk's own, narrowed */
	assert_int_equal(list(&s, kind_of("init")), 1);
	assert_int_equal(list(&s, kind_of("account_add")), 1);
	site_login(&s, "manager"); /* sees everybody's */
	assert_int_equal(list(&s, (struct audit_query){.day = DATE_NONE, .account = desk_session(s.d)->account, .action = "register"}), 0);
	all = list(&s, (struct audit_query){.day = DATE_NONE});
	assert_int_equal(list(&s, kind_of("register")), 2);
	text_copy(about.object_uid, sizeof(about.object_uid), rows[0].object_uid);
	n = list(&s, about);
	assert_true(n >= 1 && n < all);
	for (size_t i = 0; i < n; i++)
		assert_string_equal(rows[i].object_uid, about.object_uid);
	n = list(&s, (struct audit_query){.day = DATE_NONE, .account = desk_session(s.d)->account});
	assert_true(n >= 2 && n < all);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(rows[i].account, desk_session(s.d)->account);
	site_drop(&s);
}

static void from_a_day_backwards(void **state)
{
	struct site s;
	size_t before;
	date_t first;

	(void)state;
	site_make(&s, "national");
	site_login(&s, "manager");
	first = date_today();
	before = list(&s, (struct audit_query){.day = DATE_NONE});
	clock_add(24 * 60 * 60 * 1000LL);
	site_login(&s, "clerk");
	site_login(&s, "manager");
	assert_int_equal(list(&s, (struct audit_query){.day = first}), before);
	assert_int_equal(list(&s, (struct audit_query){.day = first + 1}), before + 2);
	assert_int_equal(list(&s, (struct audit_query){.day = first - 1}), 0);
	site_drop(&s);
}

/* In pages of one, nothing twice and nothing left out. */
static void pages(void **state)
{
	struct audit_query q = {.day = DATE_NONE};
	struct audit_row one;
	size_t all, n, count = 0;
	struct site s;

	(void)state;
	site_make(&s, "national");
	site_login(&s, "manager");
	all = list(&s, q);
	for (;; count++) {
		OK(desk_audit_list(s.d, &q, &one, 1, &n, E));
		if (!n)
			break;
		assert_int_equal(one.id, rows[count].id);
		q.before = one.id;
	}
	assert_int_equal(count, all);
	site_drop(&s);
}

static void who_sees_whose(void **state)
{
	struct account_new auditor = {.name = "auditor", .display = "审计甲", .password = "Shenji-2026", .roles = ROLE_AUDITOR, .kdf_mib = 8};
	struct err e = {ERR_NONE};
	char phone[64];
	struct site s;
	int64_t person;
	size_t n;

	(void)state;
	site_make(&s, "national");
	site_login(&s, "manager");
	OK(desk_account_add(s.d, &auditor, E));
	site_login(&s, "clerk");
	person = person_register(&s, 1, NULL);
	OK(desk_person_reveal(s.d, person, F_PHONE, "核对电话", phone, sizeof(phone), E));
	n = list(&s, (struct audit_query){.day = DATE_NONE});
	for (size_t i = 0; i < n; i++) /* a clerk: what he did himself, whatever he asks for */
		assert_int_equal(rows[i].account, desk_session(s.d)->account);
	assert_int_equal(list(&s, (struct audit_query){.day = DATE_NONE, .account = 2}), n);
	OK(desk_login(s.d, "auditor", "Shenji-2026", E));
	n = list(&s, (struct audit_query){.day = DATE_NONE});
	assert_string_equal(rows[1].action, "reveal");
	assert_string_equal(rows[1].note, ""); /* holds no key: the clerk's words stay sealed */
	desk_logout(s.d);
	assert_int_equal(desk_audit_list(s.d, &(struct audit_query){.day = DATE_NONE}, rows, ROWS, &n, &e), -1);
	assert_int_equal(e.code, ERR_NO_SESSION);
	site_drop(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_say_who_what_whom), cmocka_unit_test(narrowed),	    cmocka_unit_test(from_a_day_backwards),
		cmocka_unit_test(pages),		  cmocka_unit_test(who_sees_whose),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
