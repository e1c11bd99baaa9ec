/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Accounts (S2, S3): passwords, locks by the clock's stand-in, history, wraps, the recovery code. */
#include "fixture.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/dates.h"
#include "store_private.h"

#define NOON 1763640000000 /* the clock stands still here */

static int setup(void **state)
{
	clock_fix_ms(NOON);
	return fixture_setup(state);
}

static int teardown(void **state)
{
	clock_fix_ms(0);
	return fixture_teardown(state);
}

static int64_t add(struct fixture *f, const char *name, unsigned roles, const char *password)
{
	struct db_account a = {.roles = roles};
	struct db_secret secret;
	int64_t id;

	text_copy(a.name, sizeof(a.name), name);
	ok(db_secret_new(&secret, password, 1, &err));
	ok(store_begin(f->s, &err));
	ok(db_account_insert(f->s, &a, &secret, &id, &err));
	ok(store_commit(f->s, &err));
	return id;
}

static void login_done(struct fixture *f, int64_t id)
{
	ok(store_begin(f->s, &err));
	ok(db_login_done(f->s, id, &err));
	ok(store_commit(f->s, &err));
}

static void weak_passwords(void **state)
{
	static const struct {
		const char *password;
		bool strong;
	} cases[] = {
		{"", false},	       {"Ab1!", false},	    {"abcdefgh1", false},
		{"ABCDEFG1", false},   {"Abcdefg1", true},  {"abcdef1!", true},
		{"12345678", false},   {"Abcdefgh", false}, {"口令口令口令Ab1", true},
		{"口令口令Ab", false}, {"ABCDEF1-", true},
	};
	struct db_secret secret;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(db_password_strong(cases[i].password, &err) == 0, cases[i].strong);
	fails(db_secret_new(&secret, "short", 1, &err), ERR_PASSWORD_WEAK);
	assert_true(db_kdf_mib() == 64 || db_kdf_mib() == 32 || db_kdf_mib() == 16);
}

static void the_strength_is_stored_and_used(void **state)
{
	struct fixture *f = *state;
	struct query q;
	int64_t kib, passes;

	query_open(&q, f->s, "SELECT kib FROM account_wrap");
	ok(query_int(&q, &kib, 0, &err));
	query_open(&q, f->s, "SELECT passes FROM account_wrap");
	ok(query_int(&q, &passes, 0, &err));
	assert_int_equal(kib, 1024);
	assert_int_equal(passes, 3);
}

static void logging_in(void **state)
{
	struct fixture *f = *state;
	struct db_account a;

	vault_lock(store_vault(f->s));
	fails(db_login(f->s, "nobody", PASSWORD, &a, &err), ERR_LOGIN);
	fails(db_login(f->s, "clerk", "Falsch-7-x", &a, &err), ERR_LOGIN);
	assert_int_equal(vault_level(store_vault(f->s)), VAULT_LOCKED);
	ok(db_login(f->s, "CLERK", PASSWORD, &a, &err)); /* names without case */
	assert_int_equal(vault_level(store_vault(f->s)), VAULT_DATA);
	assert_string_equal(a.name, "clerk");
	assert_true(a.has_key);
	login_done(f, a.id);
	ok(db_account_get(f->s, a.id, &a, &err));
	assert_int_equal(a.failures, 0);
	ok(store_begin(f->s, &err));
	fails(db_login(f->s, "clerk", PASSWORD, &a, &err),
	      ERR_INTERNAL); /* never while the write lock is held */
	store_rollback(f->s);
}

static void five_failures_lock_for_ten_minutes(void **state)
{
	struct fixture *f = *state;
	struct db_account a;

	for (int i = 0; i < ACCOUNT_FAILURES; i++)
		fails(db_login(f->s, "clerk", "Falsch-7-x", &a, &err), ERR_LOGIN);
	fails(db_login(f->s, "clerk", PASSWORD, &a, &err), ERR_ACCOUNT_LOCKED);
	clock_fix_ms(NOON + ACCOUNT_LOCK_MS - 1);
	fails(db_login(f->s, "clerk", PASSWORD, &a, &err), ERR_ACCOUNT_LOCKED);
	clock_fix_ms(NOON + ACCOUNT_LOCK_MS);
	ok(db_login(f->s, "clerk", PASSWORD, &a, &err));
	login_done(f, a.id);
}

static void a_right_one_forgets_the_wrong_ones(void **state)
{
	struct fixture *f = *state;
	struct db_account a;

	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < ACCOUNT_FAILURES - 1; i++)
			fails(db_login(f->s, "clerk", "Falsch-7-x", &a, &err), ERR_LOGIN);
		ok(db_login(f->s, "clerk", PASSWORD, &a, &err)); /* the fifth attempt */
		login_done(f, a.id);
	}
}

static void a_clock_set_back_does_not_lock_for_years(void **state)
{
	struct fixture *f = *state;
	struct db_account a;

	for (int i = 0; i < ACCOUNT_FAILURES; i++)
		fails(db_login(f->s, "clerk", "Falsch-7-x", &a, &err), ERR_LOGIN);
	clock_fix_ms(NOON - 20ll * 365 * 86400 * 1000);
	fails(db_login(f->s, "clerk", PASSWORD, &a, &err), ERR_ACCOUNT_LOCKED);
	clock_fix_ms(NOON - 20ll * 365 * 86400 * 1000 + ACCOUNT_LOCK_MS);
	ok(db_login(f->s, "clerk", PASSWORD, &a, &err));
}

static void attempts_count_before_they_are_judged(void **state)
{
	struct fixture *f = *state;
	struct db_account a;

	ok(db_login(f->s, "clerk", PASSWORD, &a, &err)); /* and no db_login_done(): as if killed here */
	ok(db_account_get(f->s, f->account, &a, &err));
	assert_int_equal(a.failures, 1);
	ok(db_password_check(f->s, f->account, PASSWORD, &err));
	ok(db_account_get(f->s, f->account, &a, &err));
	assert_int_equal(a.failures, 0);
	fails(db_password_check(f->s, f->account, "Falsch-7-x", &err), ERR_LOGIN);
}

static void the_last_three_are_not_taken_again(void **state)
{
	static const char *const words[] = {"Eins-1-aa", "Zwei-2-bb", "Drei-3-cc"};
	struct fixture *f = *state;
	struct db_secret secret;
	struct db_account a;

	fails(db_account_reused(f->s, f->account, PASSWORD, &err), ERR_PASSWORD_REUSED);
	for (int i = 0; i < 3; i++) {
		ok(db_account_reused(f->s, f->account, words[i], &err));
		ok(db_secret_new(&secret, words[i], 1, &err));
		ok(store_begin(f->s, &err));
		ok(db_account_put_secret(f->s, f->account, &secret, &err));
		ok(store_commit(f->s, &err));
	}
	for (int i = 0; i < 3; i++)
		fails(db_account_reused(f->s, f->account, words[i], &err), ERR_PASSWORD_REUSED);
	ok(db_account_reused(f->s, f->account, PASSWORD, &err)); /* four ago */
	fails(db_login(f->s, "clerk", PASSWORD, &a, &err), ERR_LOGIN);
	ok(db_login(f->s, "clerk", words[2], &a, &err));
}

static void administrators_hold_no_key(void **state)
{
	struct fixture *f = *state;
	struct db_audit audit = {.who = "admin", .action = "account.disable", .note = "a reason"};
	struct db_account a;
	struct db_secret secret;
	struct db_message m[4];
	size_t n;

	add(f, "admin", ROLE_ADMINISTRATOR, "Admin-9-yy");
	vault_lock(store_vault(f->s));
	ok(db_login(f->s, "admin", "Admin-9-yy", &a, &err));
	assert_false(a.has_key);
	assert_int_equal(vault_level(store_vault(f->s)), VAULT_AUDIT);
	ok(db_message_page(f->s, f->project, a.id, 0, m, 4, &n, &err));
	ok(store_begin(f->s, &err));
	fails(db_setting_set(f->s, 0, "t", "x", true, &err), ERR_NO_SESSION);
	ok(db_audit_append(f->s, &audit, &err)); /* but what he does is chained */
	ok(store_commit(f->s, &err));
	ok(db_secret_new(&secret, "Neuer-4-kk", 1, &err));
	ok(store_begin(f->s, &err));
	text_copy(a.name, sizeof(a.name), "clerk2");
	a.roles = ROLE_CLERK;
	fails(db_account_insert(f->s, &a, &secret, NULL, &err),
	      ERR_NO_SESSION); /* he cannot give what he has not */
	store_rollback(f->s);
	ok(store_begin(f->s, &err));
	text_copy(a.name, sizeof(a.name), "auditor");
	a.roles = ROLE_AUDITOR;
	ok(db_account_insert(f->s, &a, &secret, NULL, &err));
	ok(store_commit(f->s, &err));
	vault_lock(store_vault(f->s));
	ok(db_login(f->s, "auditor", "Neuer-4-kk", &a, &err));
	assert_int_equal(vault_level(store_vault(f->s)), VAULT_AUDIT);
}

static void disabling_deletes_the_way_in(void **state)
{
	struct fixture *f = *state;
	struct db_account a;
	struct db_secret secret;
	struct query q;
	int64_t n;

	ok(store_begin(f->s, &err));
	ok(db_account_disable(f->s, f->account, true, &err));
	ok(store_commit(f->s, &err));
	query_open(&q, f->s, "SELECT count(*) FROM account_wrap");
	ok(query_int(&q, &n, -1, &err));
	assert_int_equal(n, 0);
	fails(db_login(f->s, "clerk", PASSWORD, &a, &err), ERR_ACCOUNT_DISABLED);
	ok(store_begin(f->s, &err));
	ok(db_account_disable(f->s, f->account, false, &err));
	ok(store_commit(f->s, &err));
	fails(db_login(f->s, "clerk", PASSWORD, &a, &err), ERR_ACCOUNT_DISABLED);
	ok(db_secret_new(&secret, "Wieder-5-da", 1, &err));
	ok(store_begin(f->s, &err));
	ok(db_account_put_secret(f->s, f->account, &secret, &err));
	ok(store_commit(f->s, &err));
	ok(db_login(f->s, "clerk", "Wieder-5-da", &a, &err));
}

static void names_are_taken_once(void **state)
{
	struct fixture *f = *state;
	struct db_account a = {.roles = ROLE_CLERK, .name = "Clerk"}, rows[4];
	struct db_secret secret;
	size_t n;

	ok(db_secret_new(&secret, "Wieder-5-da", 1, &err));
	ok(store_begin(f->s, &err));
	fails(db_account_insert(f->s, &a, &secret, NULL, &err), ERR_ACCOUNT_EXISTS);
	store_rollback(f->s);
	add(f, "anna", ROLE_CLERK, "Wieder-5-da");
	ok(db_account_list(f->s, "", rows, 4, &n, &err));
	assert_int_equal(n, 2);
	assert_string_equal(rows[0].name, "anna");
	ok(db_account_list(f->s, "anna", rows, 4, &n, &err));
	assert_int_equal(n, 1);
	assert_string_equal(rows[0].name, "clerk");
}

static void the_recovery_code(void **state)
{
	struct fixture *f = *state;
	char typed[RECOVERY_TEXT * 2], path[128];
	size_t n = 0;

	assert_int_equal(strlen(f->code), RECOVERY_TEXT - 1);
	vault_lock(store_vault(f->s));
	fails(db_recover(f->s, "", &err), ERR_RECOVERY);
	fails(db_recover(f->s, "00000-00000-00000-00000-00000-00000-00000-00000", &err), ERR_RECOVERY);
	fails(db_recover(f->s, "00000-00000-00000-00000-00000-00000-00000-0000$", &err), ERR_RECOVERY);
	assert_int_equal(vault_level(store_vault(f->s)), VAULT_LOCKED);
	for (const char *c = f->code; *c; c++) { /* as a person types it */
		if (*c == '-')
			typed[n++] = ' ';
		else if (*c == '0')
			typed[n++] = 'o';
		else if (*c == '1')
			typed[n++] = 'l';
		else
			typed[n++] = (char)(*c >= 'A' ? *c + 32 : *c);
	}
	typed[n] = '\0';
	ok(db_recover(f->s, typed, &err));
	assert_int_equal(vault_level(store_vault(f->s)), VAULT_DATA);
	for (int k = 0; k < 2; k++) {
		snprintf(path, sizeof(path), "%s/%s%s", f->dir, FILE_NAME, k ? "-wal" : "");
		assert_false(file_has(path, f->code, 11));
		assert_false(file_has(path, PASSWORD, strlen(PASSWORD)));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define WITH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
		cmocka_unit_test(weak_passwords),
		WITH(the_strength_is_stored_and_used),
		WITH(logging_in),
		WITH(five_failures_lock_for_ten_minutes),
		WITH(a_right_one_forgets_the_wrong_ones),
		WITH(a_clock_set_back_does_not_lock_for_years),
		WITH(attempts_count_before_they_are_judged),
		WITH(the_last_three_are_not_taken_again),
		WITH(administrators_hold_no_key),
		WITH(disabling_deletes_the_way_in),
		WITH(names_are_taken_once),
		WITH(the_recovery_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
