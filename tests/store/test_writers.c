/* SPDX-License-Identifier: GPL-3.0-or-later */
/* P7, the part that is no timing: eight processes write flat out, and a reader reads, with no error and
 * nothing lost. The figures are printed. */
#include "fixture.h"

#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/dates.h"
#include "base/uid.h"
#include "store_private.h"

#define WRITERS 8
#define EACH 60

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static int writer(struct fixture *f, const unsigned char *key, int who, int out)
{
	struct store_options o = fixture_options(f);
	struct db_message m = {.project = f->project, .kind = "person.message", .subject = "s"};
	struct db_audit a = {.who = "clerk", .action = "write"};
	int64_t waits[EACH];

	if (store_open(&f->s, &o, &err) || vault_adopt_key(f->s, key, &err))
		return 1;
	snprintf(m.title, sizeof(m.title), "%d", who);
	for (int i = 0; i < EACH; i++) {
		int64_t start = clock_steady_ms();

		if (store_begin(f->s, &err))
			return 2;
		waits[i] = clock_steady_ms() - start;
		if (db_message_insert(f->s, &m, NULL, &err) || db_audit_append(f->s, &a, &err) ||
		    store_commit(f->s, &err))
			return 3;
	}
	store_close(f->s);
	return write(out, waits, sizeof(waits)) == (ssize_t)sizeof(waits) ? 0 : 4;
}

static int64_t ask(struct fixture *f, const char *sql)
{
	struct query q;
	int64_t n;

	query_open(&q, f->s, sql);
	ok(query_int(&q, &n, -1, &err));
	return n;
}

static void start(struct fixture *f, const unsigned char *key, int pipes[WRITERS][2], pid_t pids[WRITERS])
{
	for (int i = 0; i < WRITERS; i++) {
		assert_int_equal(pipe(pipes[i]), 0);
		pids[i] = fork();
		if (!pids[i]) {
			int last = writer(f, key, i, pipes[i][1]);

			if (last)
				print_error("writer %d: %d: %s: %s\n", i, last, err_name(err.code),
					    err.detail);
			_exit(last);
		}
	}
}

static void eight_write_flat_out(void **state)
{
	static int64_t waits[WRITERS * EACH];
	struct fixture *f = *state;
	unsigned char key[VAULT_KEY_BYTES];
	int pipes[WRITERS][2], status, failed = 0;
	struct store_options o = fixture_options(f);
	struct audit_fault fault;
	pid_t pids[WRITERS];
	int64_t seen = 0, now;
	bool sound;

	ok(vault_export_key(store_vault(f->s), key, &err));
	store_close(f->s); /* a connection must not be carried across fork */
	f->s = NULL;
	start(f, key, pipes, pids);
	ok(store_open(&f->s, &o, &err));
	ok(vault_adopt_key(f->s, key, &err));
	for (int i = 0; i < 200; i++) { /* readers wait for nobody, and see whole transactions only */
		now = ask(f, "SELECT count(*) FROM message");
		assert_true(now >= seen);
		seen = now;
		assert_int_equal(
			ask(f, "SELECT (SELECT count(*) FROM message) - (SELECT count(*) FROM audit)"), 0);
	}
	for (int i = 0; i < WRITERS; i++) {
		waitpid(pids[i], &status, 0);
		failed += !WIFEXITED(status) || WEXITSTATUS(status);
		assert_int_equal(read(pipes[i][0], waits + i * EACH, sizeof(int64_t) * EACH),
				 sizeof(int64_t) * EACH);
		close(pipes[i][0]);
		close(pipes[i][1]);
	}
	assert_int_equal(failed, 0);
	assert_int_equal(ask(f, "SELECT count(*) FROM message"), WRITERS * EACH);
	ok(db_audit_verify(f->s, NULL, &sound, &fault, &err)); /* one chain, no gap */
	assert_true(sound);
	ok(store_check(f->s, &err));
	qsort(waits, WRITERS * EACH, sizeof(waits[0]), by_value);
	print_message("wait for the write lock: median %lld ms, p99 %lld ms, longest %lld ms\n",
		      (long long)waits[WRITERS * EACH / 2], (long long)waits[WRITERS * EACH * 99 / 100],
		      (long long)waits[WRITERS * EACH - 1]);
}

/* A stopped writer that holds the turnstile but not SQLite's lock holds nobody up for long. */
static void a_stopped_one_stops_nobody(void **state)
{
	struct fixture *f = *state;
	int ready[2], done[2];
	char c;
	pid_t pid;

	assert_int_equal(pipe(ready) | pipe(done), 0);
	pid = fork();
	if (!pid) {
		struct store_options o = fixture_options(f);
		struct store *s;

		close(f->s->dir_fd); /* inherited: would share the lock */
		if (store_open(&s, &o, &err) || flock(s->dir_fd, LOCK_EX))
			_exit(1);
		_exit(write(ready[1], "x", 1) != 1 || read(done[0], &c, 1) != 1);
	}
	assert_int_equal(read(ready[0], &c, 1), 1);
	ok(store_begin(f->s, &err));
	ok(db_setting_set(f->s, 0, "a", "1", false, &err));
	ok(store_commit(f->s, &err));
	assert_int_equal(write(done[1], "x", 1), 1);
	waitpid(pid, NULL, 0);
}

/* Who writes hears that another waits, and until then that nobody does. */
static void a_waiting_one_is_heard(void **state)
{
	struct fixture *f = *state;
	int begin[2], status = 1;
	char c = 0;
	pid_t pid;

	assert_int_equal(pipe(begin), 0);
	pid = fork();
	if (!pid) {
		struct store_options o = fixture_options(f);
		struct store *s;

		close(f->s->dir_fd);
		_exit(store_open(&s, &o, &err) || read(begin[0], &c, 1) != 1 || store_begin(s, &err) || store_commit(s, &err));
	}
	assert_false(store_awaited(f->s)); /* whoever writes nothing keeps nobody waiting */
	ok(store_begin(f->s, &err));
	assert_false(store_awaited(f->s));
	assert_int_equal(write(begin[1], "x", 1), 1);
	while (!store_awaited(f->s))
		assert_int_equal(waitpid(pid, &status, WNOHANG), 0);
	ok(store_commit(f->s, &err));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	ok(store_begin(f->s, &err));
	assert_false(store_awaited(f->s));
	store_rollback(f->s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define WITH(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
		WITH(eight_write_flat_out),
		WITH(a_stopped_one_stops_nobody),
		WITH(a_waiting_one_is_heard),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
