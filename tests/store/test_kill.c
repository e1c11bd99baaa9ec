/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Killed at every commit, before and after it: what was committed is there, what was not is not, and the work
 * goes on (R1). */
#include "fixture.h"

#include <sys/wait.h>
#include <unistd.h>

#include "store_private.h"

#define PEOPLE 6
#define COMMITS 3 /* a person: registered, frozen, answered */

static void kill_here(void *arg, long n)
{
	if (n == *(long *)arg)
		_exit(42);
}

static void open_with(struct fixture *f, const unsigned char key[VAULT_KEY_BYTES])
{
	struct store_options o = fixture_options(f);

	ok(store_open(&f->s, &o, &err));
	ok(vault_adopt_key(f->s, key, &err));
}

static void number_of(int i, char number[19])
{
	fixture_number(number, 100 + i);
}

/* Goes on from wherever the file is: each step looks at what is there already. */
static void step_register(struct fixture *f, int i)
{
	char number[19];
	int64_t who;

	number_of(i, number);
	ok(db_person_by_document(f->s, "01", number, &who, &err));
	if (who)
		return;
	ok(store_begin(f->s, &err));
	fixture_register(f, i, "杨试己", "yangshiji", number, "19900000001");
	ok(store_commit(f->s, &err));
}

static void step_send(struct fixture *f)
{
	struct db_answer yes = {.state = OUTBOX_ACCEPTED, .at_ms = 7, .number = "N"};
	int64_t changed, ids[4];
	bool taken;
	size_t n;

	ok(db_outbox_in_state(f->s, f->project, OUTBOX_SENDING, 0, ids, 4, &n, &err));
	if (!n) {
		ok(db_outbox_select(f->s, f->project, ids, 1, &n, &err));
		if (!n)
			return;
		ok(store_begin(f->s, &err));
		ok(db_outbox_freeze(f->s, ids[0], "{}", 2, 5, &err));
		ok(store_commit(f->s, &err));
	}
	ok(store_begin(f->s, &err));
	ok(db_outbox_recover(f->s, f->project, &changed, &err));
	ok(db_outbox_answer(f->s, ids[0], &yes, &taken, &err));
	ok(store_commit(f->s, &err));
}

static void work(struct fixture *f)
{
	for (int i = 0; i < PEOPLE; i++) {
		step_register(f, i);
		step_send(f);
	}
	step_send(f); /* what an earlier life left behind */
}

static int run_killed(struct fixture *f, const unsigned char *key, long at)
{
	struct store_seam seam = {.arg = &at, .before_commit = kill_here};
	int status;
	pid_t pid = fork();

	if (!pid) {
		open_with(f, key);
		store_set_seam(f->s, &seam);
		work(f);
		store_close(f->s);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static int64_t ask(struct fixture *f, const char *sql)
{
	struct query q;
	int64_t n;

	query_open(&q, f->s, sql);
	ok(query_int(&q, &n, -1, &err));
	return n;
}

static void end_state(struct fixture *f)
{
	struct audit_fault fault;
	bool sound;

	assert_int_equal(ask(f, "SELECT count(*) FROM person"), PEOPLE);
	assert_int_equal(ask(f, "SELECT count(*) FROM outbox WHERE state = 4"), PEOPLE);
	assert_int_equal(ask(f, "SELECT count(*) FROM outbox"), PEOPLE);
	assert_int_equal(ask(f, "SELECT max(sequence) FROM outbox"),
			 PEOPLE); /* a number lost to a kill was never used */
	assert_int_equal(ask(f, "SELECT n FROM tally WHERE view = 0 AND scope = 0"), PEOPLE);
	assert_int_equal(ask(f, "SELECT count(*) FROM fact"), PEOPLE);
	assert_int_equal(ask(f, "SELECT count(*) FROM member_view"), PEOPLE * 6);
	assert_int_equal(ask(f, "SELECT count(*) FROM audit"), PEOPLE);
	ok(db_audit_verify(f->s, NULL, &sound, &fault, &err));
	assert_true(sound);
	ok(store_check(f->s, &err));
}

static void one_life_after_the_other(struct fixture *f, long every)
{
	unsigned char key[VAULT_KEY_BYTES];
	int lives = 0;

	ok(vault_export_key(store_vault(f->s), key, &err));
	store_close(f->s);
	f->s = NULL;
	for (int status = 42; status == 42; lives++) {
		status = run_killed(f, key, every);
		assert_true(status == 0 || status == 42);
		assert_true(lives < 100);
	}
	assert_true(lives > 1);
	open_with(f, key);
	end_state(f);
}

/* Killed before commit n, then left alone; and killed before every n-th commit of every life. */
static void killed_at_each_commit(void **state)
{
	(void)state;
	for (long at = 1; at <= PEOPLE * COMMITS; at++) {
		unsigned char key[VAULT_KEY_BYTES];
		struct fixture *f;

		fixture_setup((void **)&f);
		ok(vault_export_key(store_vault(f->s), key, &err));
		store_close(f->s);
		f->s = NULL;
		assert_int_equal(run_killed(f, key, at), 42);
		assert_int_equal(run_killed(f, key, 0), 0);
		open_with(f, key);
		end_state(f);
		fixture_teardown((void **)&f);
	}
}

static void killed_again_and_again(void **state)
{
	one_life_after_the_other(*state, 2);
}

static void killed_in_the_beginning(void **state)
{
	(void)state;
	for (long at = 1; at <= 2; at++) { /* the schema, the key */
		struct fixture f = {0};
		struct store_options o;
		struct store *s;
		int status;

		fixture_dir(&f);
		o = fixture_options(&f);
		if (!fork()) {
			struct store_seam seam = {.arg = &at, .before_commit = kill_here};

			if (store_create(&s, &o, &err))
				_exit(1);
			s->commits = 1; /* the schema's */
			store_set_seam(s, &seam);
			if (at == 1)
				_exit(42);
			if (store_begin(s, &err) || db_vault_create(s, f.code, &err) || store_commit(s, &err))
				_exit(2);
			_exit(3);
		}
		wait(&status);
		assert_int_equal(WEXITSTATUS(status), 42);
		fails(store_open(&s, &o, &err), ERR_NO_DATA); /* nothing that looks like data */
		ok(store_create(&s, &o, &err)); /* and nothing in the way of the next beginning */
		ok(store_publish(s, &err));
		store_close(s);
		fixture_remove(&f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(killed_at_each_commit),
		cmocka_unit_test_setup_teardown(killed_again_and_again, fixture_setup, fixture_teardown),
		cmocka_unit_test(killed_in_the_beginning),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
