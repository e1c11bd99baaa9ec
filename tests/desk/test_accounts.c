/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Accounts, roles, keys, recovery (S2, S3). */
#include <string.h>

#include "base/text.h"
#include "desk/audit.h"
#include "desk_site.h"

#define OTHER "Xinmima-77"

static enum err_code code_of(int rc, const struct err *e)
{
	return rc ? e->code : ERR_NONE;
}
#define CODE(call)                                                                                           \
	({                                                                                                   \
		struct err e_ = {ERR_NONE};                                                                  \
		int rc_ = (call);                                                                            \
		code_of(rc_, &e_);                                                                           \
	})

static void login(void **state)
{
	struct site s;

	(void)state;
	site_make(&s, "national");
	assert_int_equal(CODE(desk_login(s.d, "clerk", "Falsch-2026", E)), ERR_LOGIN);
	assert_int_equal(desk_session(s.d)->account, 0);
	assert_int_equal(CODE(desk_login(s.d, "nobody", PASSWORD, E)), ERR_LOGIN);
	for (int i = 0; i < 4; i++)
		assert_int_equal(CODE(desk_login(s.d, "clerk", "Falsch-2026", E)), ERR_LOGIN);
	assert_int_equal(CODE(desk_login(s.d, "clerk", PASSWORD, E)), ERR_ACCOUNT_LOCKED);
	clock_add(10 * 60 * 1000 + 1000);
	site_login(&s, "clerk");
	assert_true(desk_session(s.d)->has_key);
	assert_int_equal(CODE(desk_password_check(s.d, "Falsch-2026", E)), ERR_LOGIN);
	OK(desk_password_check(s.d, PASSWORD, E));
	site_drop(&s);
}

static void passwords(void **state)
{
	struct site s;

	(void)state;
	site_make(&s, "national");
	assert_int_equal(CODE(desk_password_change(s.d, PASSWORD, "short1A", E)), ERR_PASSWORD_WEAK);
	assert_int_equal(CODE(desk_password_change(s.d, PASSWORD, PASSWORD, E)), ERR_PASSWORD_REUSED);
	assert_int_equal(CODE(desk_password_change(s.d, "Falsch-2026", OTHER, E)), ERR_LOGIN);
	OK(desk_password_change(s.d, PASSWORD, OTHER, E));
	assert_int_equal(CODE(desk_login(s.d, "clerk", PASSWORD, E)), ERR_LOGIN);
	OK(desk_login(s.d, "clerk", OTHER, E));
	person_register(&s, 1, NULL); /* the same data key */
	site_drop(&s);
}

static void recovery(void **state)
{
	char code[RECOVERY_CODE_TEXT];
	struct site s;
	struct desk_init init = {.profile_dir = PROFILE_DIR,
				 .profile = "national",
				 .project_name = "试",
				 .account = "first",
				 .password = PASSWORD,
				 .roles = ROLE_CLERK,
				 .kdf_mib = 8};
	char dir[300];

	(void)state;
	site_make(&s, "national");
	text_format(dir, sizeof(dir), "%s/second", s.dir);
	init.dir = dir;
	OK(desk_init(&init, code, E));
	assert_int_equal(CODE(desk_init(&init, code, E)), ERR_DATA_EXISTS);
	desk_close(s.d);
	s.d = NULL;
	OK(desk_open(&s.d, &(struct desk_options){.dir = dir, .profile_dir = PROFILE_DIR}, E));
	assert_int_equal(CODE(desk_password_recover(s.d, "AAAAA-AAAAA-AAAAA-AAAAA-AAAAA-AAAAA-AAAAA-AAAAA",
						    "first", OTHER, E)),
			 ERR_RECOVERY);
	OK(desk_password_recover(s.d, code, "first", OTHER, E));
	assert_int_equal(desk_session(s.d)->account, 0); /* recovered is not logged in */
	OK(desk_login(s.d, "first", OTHER, E));
	assert_true(desk_session(s.d)->has_key);
	site_drop(&s);
}

/* S3: administrator and auditor hold no key; who may make whom. */
static void roles(void **state)
{
	struct account_new admin = {
		.name = "xitong", .password = PASSWORD, .roles = ROLE_ADMINISTRATOR, .kdf_mib = 8};
	struct account_new mixed = {
		.name = "both", .password = PASSWORD, .roles = ROLE_ADMINISTRATOR | ROLE_CLERK, .kdf_mib = 8};
	struct account_new clerk = {
		.name = "clerk2", .password = PASSWORD, .roles = ROLE_CLERK, .kdf_mib = 8};
	struct roster_row rows[2];
	struct roster_page page = {.row = rows, .cap = 2};
	struct roster_query q = {.filter = ROSTER_ALL};
	struct account_row list[8];
	struct site s;
	size_t n;

	(void)state;
	site_make(&s, "national");
	assert_int_equal(CODE(desk_account_add(s.d, &admin, E)),
			 ERR_NOT_PERMITTED); /* there is a manager by now: accounts are his */
	site_login(&s, "manager");
	assert_int_equal(CODE(desk_account_add(s.d, &mixed, E)), ERR_USAGE);
	OK(desk_account_add(s.d, &admin, E));
	assert_int_equal(CODE(desk_account_add(s.d, &admin, E)), ERR_ACCOUNT_EXISTS);
	site_login(&s, "xitong");
	assert_false(desk_session(s.d)->has_key);
	assert_int_equal(CODE(desk_roster(s.d, &q, &page, E)), ERR_NOT_PERMITTED);
	assert_int_equal(CODE(desk_account_add(s.d, &clerk, E)), ERR_NOT_PERMITTED); /* has no key to give */
	OK(desk_account_disable(s.d, "clerk", true, E));
	assert_int_equal(CODE(desk_account_disable(s.d, "xitong", true, E)), ERR_FORBIDDEN);
	assert_int_equal(CODE(desk_login(s.d, "clerk", PASSWORD, E)), ERR_ACCOUNT_DISABLED);
	site_login(&s, "manager");
	OK(desk_account_add(s.d, &clerk, E));
	OK(desk_account_list(s.d, list, 8, &n, E));
	assert_int_equal(n, 4);
	site_login(&s, "clerk2");
	person_register(&s, 1, NULL);
	site_drop(&s);
}

static size_t audited(struct site *s, const char *action)
{
	struct audit_query q = {.day = DATE_NONE};
	struct audit_row rows[8];
	size_t n;

	text_copy(q.action, sizeof(q.action), action);
	OK(desk_audit_list(s->d, &q, rows, ARRAY_LEN(rows), &n, E));
	return n;
}

/* The runner's key comes by a pipe; another file's does not open this one. */
static void runner_key(void **state)
{
	unsigned char key[DESK_KEY_BYTES], wrong[DESK_KEY_BYTES] = {1};
	struct desk *runner = NULL;
	struct batch b;
	struct site s;
	int64_t next;

	(void)state;
	site_make(&s, "national");
	OK(desk_export_key(s.d, key, E));
	OK(desk_open(&runner, &(struct desk_options){.dir = s.dir, .profile_dir = PROFILE_DIR}, E));
	assert_int_equal(CODE(desk_adopt_key(runner, wrong, E)), ERR_SEAL);
	OK(desk_adopt_key(runner, key, E));
	assert_true(desk_session(runner)->roles & ROLE_RUNNER);
	OK(desk_outbox_send_now(runner, E));
	OK(desk_take_batch(runner, 10, 100000, &b, &next, E));
	assert_true(b.n > 0);
	desk_release_batch(&b);
	wipe(key, sizeof(key));
	desk_close(runner);
	site_drop(&s);
}

/* Allowed by somebody with the key, void when made anew or ended; recorded. */
static void unattended(void **state)
{
	unsigned char first[DESK_KEY_BYTES], second[DESK_KEY_BYTES];
	struct desk *runner = NULL;
	struct site s;

	(void)state;
	site_make(&s, "national");
	OK(desk_open(&runner, &(struct desk_options){.dir = s.dir, .profile_dir = PROFILE_DIR, .shared = true}, E));
	memset(first, 7, sizeof(first));
	assert_false(desk_unattended_is(s.d));
	assert_int_equal(CODE(desk_unattended_adopt(runner, first, E)), ERR_UNATTENDED);
	OK(desk_unattended_make(s.d, first, E));
	assert_true(desk_unattended_is(s.d));
	OK(desk_unattended_adopt(runner, first, E));
	assert_true(desk_session(runner)->roles == ROLE_RUNNER && desk_session(runner)->has_key);
	assert_int_equal(CODE(desk_unattended_make(runner, second, E)), ERR_NOT_PERMITTED); /* not by itself */
	assert_int_equal(CODE(desk_adopt_key(runner, first, E)), ERR_SEAL);		   /* it is not the data key */
	OK(desk_unattended_make(s.d, second, E));
	assert_int_equal(CODE(desk_unattended_adopt(runner, first, E)), ERR_UNATTENDED);
	assert_int_equal(desk_session(runner)->roles, 0);
	OK(desk_unattended_adopt(runner, second, E));
	OK(desk_unattended_end(s.d, E));
	assert_false(desk_unattended_is(s.d));
	assert_int_equal(CODE(desk_unattended_adopt(runner, second, E)), ERR_UNATTENDED);
	assert_int_equal(audited(&s, "unattended"), 2);
	assert_int_equal(audited(&s, "unattended_end"), 1);
	desk_logout(s.d);
	assert_int_equal(CODE(desk_unattended_make(s.d, first, E)), ERR_NO_SESSION);
	desk_close(runner);
	site_drop(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(login), cmocka_unit_test(passwords),  cmocka_unit_test(recovery),
		cmocka_unit_test(roles), cmocka_unit_test(runner_key),
		cmocka_unit_test(unattended),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
