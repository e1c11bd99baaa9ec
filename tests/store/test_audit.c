/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The audit chain (S4): a changed, removed, reordered, forged or cut row is found and named. */
#include "fixture.h"

static void write_rows(struct fixture *f, int n)
{
	for (int i = 0; i < n; i++) {
		struct db_audit a = {.account = f->account,
				     .who = "clerk",
				     .project = f->project,
				     .action = "reveal",
				     .object = "person",
				     .object_uid = "u",
				     .result = "done",
				     .detail = "phone",
				     .at_ms = 1000 + i};

		snprintf(a.note, sizeof(a.note), "原因 %d", i);
		ok(store_begin(f->s, &err));
		ok(db_audit_append(f->s, &a, &err));
		ok(store_commit(f->s, &err));
	}
}

static void sound(struct fixture *f, bool expected, int64_t id)
{
	struct audit_fault fault = {0};
	bool got;

	ok(db_audit_verify(f->s, NULL, &got, &fault, &err));
	if (got != expected || (!expected && fault.id != id))
		fail_msg("%s, row %lld: %s", got ? "sound" : "not sound", (long long)fault.id, fault.what);
}

static void what_was_written_is_sound(void **state)
{
	struct fixture *f = *state;
	struct db_audit rows[4];
	struct audit_head head;
	size_t n;

	sound(f, true, 0); /* none at all */
	write_rows(f, 10);
	sound(f, true, 0);
	ok(db_audit_head(f->s, &head, &err));
	assert_int_equal(head.count, 10);
	ok(db_audit_page(f->s, 0, rows, 4, &n, &err));
	assert_int_equal(n, 4);
	assert_int_equal(rows[0].id, 10);
	assert_string_equal(rows[0].note, "原因 9");
	ok(db_audit_page(f->s, rows[3].id, rows, 4, &n, &err));
	assert_int_equal(rows[0].id, 6);
}

/* Done behind the program's back, triggers and all. */
static void tampering_is_found(void **state)
{
	static const struct {
		const char *sql;
		int64_t id;
	} cases[] = {
		{"UPDATE audit SET who = 'nobody' WHERE id = 4", 4},
		{"UPDATE audit SET at_ms = at_ms + 1 WHERE id = 1", 1},
		{"UPDATE audit SET account = 0 WHERE id = 10", 10},
		{"UPDATE audit SET note_sealed = NULL WHERE id = 5", 5},
		{"UPDATE audit SET result = 'done ', detail = 'phone' WHERE id = 6", 6},
		{"UPDATE audit SET object = 'person' || 'u', object_uid = '' WHERE id = 6", 6},
		{"DELETE FROM audit WHERE id = 7", 7},
		{"DELETE FROM audit WHERE id = 1", 1},
		{"DELETE FROM audit WHERE id > 8", 9},
		{"DELETE FROM audit", 1},
		{"UPDATE audit SET id = 99 WHERE id = 3; UPDATE audit SET id = 3 WHERE id = 4; UPDATE audit "
		 "SET id = 4 WHERE id = 99",
		 3},
		{"DELETE FROM audit WHERE id = 7; UPDATE audit SET id = id - 1 WHERE id > 7", 7},
		{"INSERT INTO audit SELECT 11, at_ms, account, who, project, action, object, object_uid, "
		 "result, detail, note_uid, note_sealed, hash"
		 " FROM audit WHERE id = 10",
		 11},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct fixture *f;

		fixture_setup((void **)&f);
		write_rows(f, 10);
		tamper(f, "DROP TRIGGER audit_never_changed; DROP TRIGGER audit_never_deleted");
		sound(f, true, 0);
		tamper(f, cases[i].sql);
		sound(f, false, cases[i].id);
		fixture_teardown((void **)&f);
	}
}

static void a_witness_finds_what_the_file_hides(void **state)
{
	struct fixture *f = *state;
	struct audit_head head, old;
	struct audit_fault fault;
	bool good;

	write_rows(f, 6);
	ok(db_audit_head(f->s, &old, &err));
	write_rows(f, 4);
	ok(db_audit_head(f->s, &head, &err));
	ok(db_audit_verify(f->s, &head, &good, &fault, &err));
	assert_true(good);
	ok(db_audit_verify(f->s, &old, &good, &fault, &err));
	assert_true(good);
	tamper(f, "DROP TRIGGER audit_never_deleted; DELETE FROM audit WHERE id > 8; UPDATE sqlite_sequence "
		  "SET seq = 8 WHERE name = 'audit'");
	sound(f, true, 0); /* cut, and the traces removed: the file alone cannot tell */
	ok(db_audit_verify(f->s, &head, &good, &fault, &err));
	assert_false(good);
	assert_int_equal(fault.id, 9);
	old.hash[0] ^= 1; /* written anew by somebody who holds the key */
	ok(db_audit_verify(f->s, &old, &good, &fault, &err));
	assert_false(good);
	assert_int_equal(fault.id, 6);
}

static void rows_without_a_key_wait_for_one(void **state)
{
	struct fixture *f = *state;
	struct db_audit a = {.who = "intruder",
			     .action = "login",
			     .result = "ERR_LOGIN",
			     .note = "dropped",
			     .at_ms = 5},
			rows[8];
	unsigned char key[VAULT_KEY_BYTES];
	struct audit_fault fault;
	bool good;
	size_t n;

	ok(vault_export_key(store_vault(f->s), key, &err));
	vault_lock(store_vault(f->s));
	ok(store_begin(f->s, &err));
	for (int i = 0; i < 3; i++)
		ok(db_audit_append(f->s, &a, &err));
	ok(store_commit(f->s, &err));
	ok(db_audit_page(f->s, 0, rows, 8, &n, &err));
	assert_int_equal(n, 0);
	fails(db_audit_verify(f->s, NULL, &good, &fault, &err), ERR_NO_SESSION);
	ok(vault_adopt_key(f->s, key, &err));
	write_rows(f, 1);
	ok(db_audit_page(f->s, 0, rows, 8, &n, &err));
	assert_int_equal(n, 4);
	assert_string_equal(rows[3].who, "intruder");
	assert_int_equal(rows[3].at_ms, 5); /* when it happened */
	assert_string_equal(rows[0].who, "clerk");
	sound(f, true, 0);
	write_rows(f, 1);
	ok(db_audit_page(f->s, 0, rows, 8, &n, &err));
	assert_int_equal(n, 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define WITH(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
		WITH(what_was_written_is_sound),
		cmocka_unit_test(tampering_is_found),
		WITH(a_witness_finds_what_the_file_hides),
		WITH(rows_without_a_key_wait_for_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
