/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The file: where it may lie, what is refused untouched, transactions, groups, failures, two processes. */
#include "fixture.h"

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/io.h"
#include "counting_vfs.h"
#include "dir.h"
#include "migrate.h"
#include "store_private.h"

static void path_of(const struct fixture *f, char out[128], const char *end)
{
	snprintf(out, 128, "%s/%s%s", f->dir, FILE_NAME, end);
}

static void modes_are_the_users_own(void **state)
{
	struct fixture *f = *state;
	static const char *const ends[] = {"", "-wal", "-shm"};
	struct stat st;
	char path[128];

	assert_int_equal(stat(f->dir, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	for (size_t i = 0; i < 3; i++) {
		path_of(f, path, ends[i]);
		assert_int_equal(stat(path, &st), 0);
		assert_int_equal(st.st_mode & 07777, 0600);
	}
}

static void a_new_directory_is_made_closed(void **state)
{
	struct fixture *f = *state, other = {0};
	struct store_options o = {.file = FILE_NAME};
	char dir[128], path[256];
	struct store *s;
	struct stat st;
	mode_t old = umask(0);

	(void)other;
	snprintf(dir, sizeof(dir), "%s/a/b", f->dir);
	o.dir = dir;
	ok(store_create(&s, &o, &err));
	umask(old);
	assert_int_equal(stat(dir, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	snprintf(path, sizeof(path), "%s/%s", dir, FILE_NAME);
	assert_int_equal(access(path, F_OK), -1); /* nobody sees it before it is published */
	fails(store_open(&s, &o, &err), ERR_NO_DATA);
	store_close(s);
	snprintf(path, sizeof(path), "rmdir '%s'", dir); /* and nothing is left of it */
	assert_int_equal(system(path), 0);
}

static void publishing_twice_keeps_the_first(void **state)
{
	struct fixture *f = *state;
	struct store_options o = fixture_options(f);
	struct store *s = NULL;

	fails(store_create(&s, &o, &err), ERR_DATA_EXISTS);
	fails(store_publish(f->s, &err), ERR_INTERNAL);
}

static void two_beginnings_one_wins(void **state)
{
	struct fixture f = {0};
	struct store_options o;
	struct store *a, *b;

	(void)state;
	fixture_dir(&f);
	o = fixture_options(&f);
	ok(store_create(&a, &o, &err));
	if (fork() == 0) { /* another process: a name of its own */
		_exit(store_create(&b, &o, &err) || store_publish(b, &err) ? 1 : (store_close(b), 0));
	}
	int status;
	wait(&status);
	assert_int_equal(status, 0);
	fails(store_publish(a, &err), ERR_DATA_EXISTS);
	store_close(a);
	ok(store_open(&a, &o, &err));
	store_close(a);
	fixture_remove(&f);
}

struct bytes {
	struct buf b;
	struct stat st;
};

static void snap(const struct fixture *f, struct bytes *out)
{
	char path[128];

	path_of(f, path, "");
	buf_init(&out->b, 1 << 24);
	ok(io_read_file(path, 1 << 24, &out->b, &err));
	assert_int_equal(stat(path, &out->st), 0);
}

static void refused_untouched(struct fixture *f, enum err_code code)
{
	struct store_options o = fixture_options(f);
	struct bytes before, after;
	struct store *s = NULL;
	char path[128];

	snap(f, &before);
	fails(store_open(&s, &o, &err), code);
	assert_null(s);
	snap(f, &after);
	assert_int_equal(before.b.len, after.b.len);
	assert_memory_equal(before.b.data, after.b.data, before.b.len);
	assert_int_equal(before.st.st_mtim.tv_sec, after.st.st_mtim.tv_sec);
	assert_int_equal(before.st.st_mtim.tv_nsec, after.st.st_mtim.tv_nsec);
	path_of(f, path, "-wal");
	assert_int_equal(access(path, F_OK), -1);
	buf_release(&before.b);
	buf_release(&after.b);
}

static void a_newer_file_is_refused_untouched(void **state)
{
	struct fixture *f = *state;

	store_close(f->s);
	f->s = NULL;
	tamper(f, "PRAGMA user_version = 900");
	refused_untouched(f, ERR_DATA_NEWER);
}

static void another_programs_file_is_refused_untouched(void **state)
{
	struct fixture *f = *state;

	store_close(f->s);
	f->s = NULL;
	tamper(f, "PRAGMA application_id = 7");
	refused_untouched(f, ERR_DATA_FOREIGN);
}

static void newer_in_the_log_only(void **state)
{
	struct fixture *f = *state;
	struct store_options o = fixture_options(f);
	char path[128], wal[128];
	struct store *s;
	struct stat before, after;
	sqlite3 *db;

	store_close(f->s);
	f->s = NULL;
	path_of(f, path, "");
	path_of(f, wal, "-wal");
	if (fork() == 0) { /* a newer program that is killed: its version stands in the log */
		sqlite3_open(path, &db);
		sqlite3_exec(db, "PRAGMA wal_autocheckpoint = 0; PRAGMA user_version = 900", NULL, NULL,
			     NULL);
		_exit(0);
	}
	wait(NULL);
	assert_int_equal(stat(wal, &before), 0);
	assert_true(before.st_size > 0);
	fails(store_open(&s, &o, &err), ERR_DATA_NEWER);
	assert_int_equal(stat(wal, &after), 0); /* and stays there */
	assert_int_equal(before.st_size, after.st_size);
}

static void damage(struct fixture *f, const char *how)
{
	struct store_options o = fixture_options(f);
	struct store *s = NULL;
	char path[128];
	int fd;

	path_of(f, path, "");
	fd = open(path, O_RDWR);
	if (!strcmp(how, "empty"))
		assert_int_equal(ftruncate(fd, 0), 0);
	else if (!strcmp(how, "short"))
		assert_int_equal(ftruncate(fd, 40960), 0);
	else if (!strcmp(how, "head"))
		assert_int_equal(pwrite(fd, "rubbish", 7, 0), 7);
	else
		for (int i = 0; i < 512; i++)
			assert_int_equal(pwrite(fd, "\xff\xff\xff\xff\xff\xff\xff\xff", 8, 100 + 8 * i), 8);
	close(fd);
	fails(store_open(&s, &o, &err), ERR_DATA_DAMAGED);
}

static void damage_is_found_at_the_door(void **state)
{
	static const char *const how[] = {"short", "schema", "head", "empty"};

	for (size_t i = 0; i < ARRAY_LEN(how); i++) {
		struct fixture *f;

		fixture_setup((void **)&f);
		store_close(f->s);
		f->s = NULL;
		damage(f, how[i]);
		fixture_teardown((void **)&f);
	}
	(void)state;
}

static void places_that_are_refused(void **state)
{
	struct fixture *f = *state;
	struct store_options o = fixture_options(f);
	struct store *s;
	char path[128];

	store_close(f->s);
	f->s = NULL;
	o.dir = "/tmp/there-is-no-such-directory";
	fails(store_open(&s, &o, &err), ERR_NO_DATA);
	o = fixture_options(f);
	o.file = "other.db";
	fails(store_open(&s, &o, &err), ERR_NO_DATA);
	o = fixture_options(f);
	chmod(f->dir, 0750);
	fails(store_open(&s, &o, &err), ERR_DATA_MODE);
	chmod(f->dir, 0700);
	path_of(f, path, "");
	chmod(path, 0604);
	fails(store_open(&s, &o, &err), ERR_DATA_MODE);
	chmod(path, 0600);
	o.dir = "/proc/self"; /* a file system that takes no files */
	assert_int_equal(store_open(&s, &o, &err), -1);
	if (geteuid() == 0) {
		o = fixture_options(f);
		assert_int_equal(chown(f->dir, 65534, 65534), 0);
		fails(store_open(&s, &o, &err), ERR_DATA_MODE);
		assert_int_equal(chown(f->dir, 0, 0), 0);
	}
	o = fixture_options(f);
	ok(store_open(&f->s, &o, &err));
}

static void network_file_systems(void **state)
{
	static const struct {
		unsigned long type;
		const char *fuse;
		bool network;
	} cases[] = {
		{0x6969, "", true},	 {0xFF534D42, "", true},	   {0xFE534D42, "", true},
		{0x00C36400, "", true},	 {0x01021997, "", true},	   {0xEF53, "", false},
		{0x01021994, "", false}, {0x9123683E, "", false},	   {0x58465342, "", false},
		{0x794C7630, "", false}, {0x65735546, "fuse.sshfs", true}, {0x65735546, "fuseblk", false},
		{0x65735546, "", true},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(dir_is_network(cases[i].type, cases[i].fuse), cases[i].network);
}

static void locked_by_another(void **state)
{
	struct fixture *f = *state;
	struct store_options o = fixture_options(f);
	char path[128], c;
	int ready[2], done[2];
	struct store *s;
	pid_t pid;

	store_close(f->s);
	f->s = NULL;
	path_of(f, path, "");
	assert_int_equal(pipe(ready) | pipe(done), 0);
	pid = fork();
	if (!pid) {
		sqlite3 *db;

		sqlite3_open(path, &db);
		sqlite3_exec(db, "PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE", NULL, NULL, NULL);
		_exit(write(ready[1], "x", 1) != 1 || read(done[0], &c, 1) != 1);
	}
	assert_int_equal(read(ready[0], &c, 1), 1);
	fails(store_open(&s, &o, &err), ERR_DATA_LOCKED);
	assert_int_equal(write(done[1], "x", 1), 1);
	waitpid(pid, NULL, 0);
}

/* --- transactions
 * -------------------------------------------------------------------------------------------------------------
 */

static void set(struct fixture *f, const char *name, const char *value)
{
	ok(db_setting_set(f->s, 0, name, value, false, &err));
}

static void expect(struct fixture *f, const char *name, const char *value)
{
	char got[64];

	ok(db_setting_get(f->s, 0, name, got, sizeof(got), &err));
	assert_string_equal(got, value);
}

static void transactions(void **state)
{
	struct fixture *f = *state;

	fails(db_setting_set(f->s, 0, "a", "1", false, &err), ERR_INTERNAL); /* a write wants a transaction */
	ok(store_begin(f->s, &err));
	set(f, "a", "1");
	assert_int_equal(store_begin(f->s, &err), -1);
	assert_int_equal(err.code, ERR_INTERNAL);
	assert_non_null(strstr(err.detail, "test_file.c")); /* names the first */
	store_rollback(f->s);
	expect(f, "a", "");
	ok(store_begin(f->s, &err));
	set(f, "a", "2");
	ok(store_end(f->s, 0, &err));
	expect(f, "a", "2");
	ok(store_begin(f->s, &err));
	set(f, "a", "3");
	assert_int_equal(store_end(f->s, -1, &err), -1);
	expect(f, "a", "2");
	fails(store_commit(f->s, &err), ERR_INTERNAL);
	store_rollback(f->s);
}

static void groups(void **state)
{
	struct fixture *f = *state;
	long commits = store_commits(f->s);

	ok(store_group_begin(f->s, &err));
	fails(store_group_begin(f->s, &err), ERR_INTERNAL);
	ok(store_begin(f->s, &err));
	set(f, "a", "1");
	ok(store_commit(f->s, &err));
	ok(store_begin(f->s, &err));
	set(f, "b", "1");
	store_rollback(f->s); /* this one alone */
	ok(store_begin(f->s, &err));
	set(f, "c", "1");
	ok(store_commit(f->s, &err));
	assert_int_equal(store_commits(f->s), commits);
	ok(store_group_end(f->s, true, &err));
	assert_int_equal(store_commits(f->s), commits + 1);
	expect(f, "a", "1");
	expect(f, "b", "");
	expect(f, "c", "1");
	ok(store_group_begin(f->s, &err));
	ok(store_begin(f->s, &err));
	set(f, "a", "9");
	ok(store_commit(f->s, &err));
	ok(store_group_end(f->s, false, &err));
	expect(f, "a", "1");
	fails(store_group_end(f->s, true, &err), ERR_INTERNAL);
}

static void others_commits_are_noticed(void **state)
{
	struct fixture *f = *state;
	struct store_options o = fixture_options(f);
	int64_t a, b, c, d;
	int status;

	ok(store_change_count(f->s, &a, &err));
	ok(store_begin(f->s, &err));
	set(f, "a", "1");
	ok(store_commit(f->s, &err));
	ok(store_change_count(f->s, &b, &err));
	assert_true(b > a);
	if (fork() == 0) {
		struct store *s;

		_exit(store_open(&s, &o, &err) || store_begin(s, &err) ||
		      db_setting_set(s, 0, "b", "2", false, &err) || store_commit(s, &err));
	}
	wait(&status);
	assert_int_equal(status, 0);
	ok(store_change_count(f->s, &c, &err));
	assert_true(c > b);
	ok(store_change_count(f->s, &d, &err));
	assert_int_equal(c, d);
	expect(f, "b", "2");
}

/* --- migrations
 * ------------------------------------------------------------------------------------------------------------------
 */

#define TEXTS_MOST 64
static void migrations_are_whole(void **state)
{
	struct fixture *f = *state;
	const char *texts[TEXTS_MOST + 2];
	size_t now = schema_count;
	struct query q;
	int64_t version, n;

	assert_true(now <= TEXTS_MOST);
	memcpy(texts, schema_text, now * sizeof(*texts));
	texts[now] = "CREATE TABLE later(a INTEGER) STRICT; INSERT INTO later VALUES (1);";
	texts[now + 1] = "CREATE TABLE half(a INTEGER) STRICT; INSERT INTO half VALUES ('no integer');";
	ok(migrate_run(f->s, texts, now + 1, &err));
	ok(migrate_version(f->s, &version, &err));
	assert_int_equal(version, now + 1);
	assert_int_equal(migrate_run(f->s, texts, now + 2, &err), -1);
	ok(migrate_version(f->s, &version, &err));
	assert_int_equal(version, now + 1);
	query_open(&q, f->s, "SELECT count(*) FROM sqlite_schema WHERE name = 'half'");
	ok(query_int(&q, &n, -1, &err));
	assert_int_equal(n, 0);
	ok(migrate_run(f->s, texts, now + 1, &err)); /* nothing to do */
	fails(migrate_run(f->s, texts, now, &err), ERR_DATA_NEWER);
}

/* --- fsync and failures
 * ------------------------------------------------------------------------------------------------------------
 */

static void through_counting(struct fixture *f)
{
	struct store_options o = fixture_options(f);
	unsigned char key[VAULT_KEY_BYTES];

	ok(vault_export_key(store_vault(f->s), key, &err));
	store_close(f->s);
	f->s = NULL;
	o.vfs = COUNTING_VFS;
	ok(store_open(&f->s, &o, &err));
	ok(vault_adopt_key(f->s, key, &err));
}

static void one_registration(struct fixture *f, int n)
{
	char number[19];

	fixture_number(number, n);
	fixture_register(f, n, "赵试一", "zhaoshiyi", number, "19900001234");
}

static void a_registration_is_one_fsync(void **state)
{
	struct fixture *f = *state;

	through_counting(f);
	ok(store_begin(f->s, &err)); /* the first one also makes the log */
	one_registration(f, 1);
	ok(store_commit(f->s, &err));
	for (int i = 2; i < 12; i++) {
		counting_reset();
		ok(store_begin(f->s, &err));
		one_registration(f, i);
		assert_int_equal(counting.syncs, 0);
		ok(store_commit(f->s, &err));
		assert_int_equal(counting.syncs, 1);
	}
	counting_reset();
	ok(store_group_begin(f->s, &err));
	for (int i = 20; i < 40; i++) {
		ok(store_begin(f->s, &err));
		one_registration(f, i);
		ok(store_commit(f->s, &err));
	}
	ok(store_group_end(f->s, true, &err));
	assert_int_equal(counting.syncs, 1);
}

static void a_full_disk_loses_nothing(void **state)
{
	struct fixture *f = *state;
	static const struct {
		int rc;
		enum err_code code;
	} cases[] = {{SQLITE_FULL, ERR_DISK_FULL}, {SQLITE_IOERR_WRITE, ERR_SYSTEM}};
	struct db_person before[8], after[8];
	size_t n, m;

	through_counting(f);
	ok(store_begin(f->s, &err));
	one_registration(f, 1);
	ok(store_commit(f->s, &err));
	ok(db_person_list(f->s, 0, before, 8, &n, &err));
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		for (long at = 1; at < 6; at++) {
			counting_reset();
			ok(store_begin(f->s, &err));
			one_registration(f, 2);
			counting.fail_write_at = at;
			counting.with = cases[i].rc;
			fails(store_commit(f->s, &err), cases[i].code);
			counting_reset();
			ok(db_person_list(f->s, 0, after, 8, &m, &err));
			assert_int_equal(n, m);
		}
	}
	ok(store_begin(f->s, &err)); /* space again: the same key saves */
	one_registration(f, 2);
	ok(store_commit(f->s, &err));
	ok(store_check(f->s, &err));
	counting_reset();
	ok(store_begin(f->s, &err));
	set(f, "a", "1");
	counting.fail_sync_at = 1;
	counting.with = SQLITE_IOERR_FSYNC;
	fails(store_commit(f->s, &err), ERR_SYSTEM);
	counting_reset();
	assert_false(store_in_transaction(f->s));
	expect(f, "a", "");
}

static enum err_code fail_at(void *arg, long n)
{
	return n == *(long *)arg ? ERR_MEMORY : ERR_NONE;
}

/* Every statement of a transaction fails once in turn: an error, the way it was, and no leak (the sanitizer
 * looks). */
static void every_step_fails_once(void **state)
{
	struct fixture *f = *state;
	struct db_message m = {.project = f->project,
			       .kind = "employment.consent",
			       .subject = "x",
			       .title = "赵试一",
			       .note = "同意"};
	struct db_audit audit = {.who = "clerk", .action = "try", .note = "why"};
	struct db_fact fact = {.project = f->project,
			       .cycle = "team",
			       .subject = f->team,
			       .event = "add",
			       .actor = "site",
			       .authority = "desk",
			       .on = DATE_NONE,
			       .true_on = DATE_NONE,
			       .note = "note"};
	long at = 0, failed = 0;
	struct store_seam seam = {.arg = &at, .before_step = fail_at};
	struct audit_fault fault;
	int64_t n;
	bool sound;

	store_set_seam(f->s, &seam);
	for (int i = 1; i < 200; i++) {
		struct query q;
		int last;

		at = f->s->steps + i;
		if (store_begin(f->s, &err)) {
			failed++;
			continue;
		}
		last = db_message_insert(f->s, &m, NULL, &err) ||
		       db_fact_insert(f->s, &fact, "{}", NULL, &err) ||
		       db_setting_set(f->s, 0, "token", "secret", true, &err) ||
		       db_audit_append(f->s, &audit, &err);
		last = store_end(f->s, last ? -1 : 0, &err);
		at = 0;
		query_open(&q, f->s, "SELECT count(*) FROM message");
		ok(query_int(&q, &n, -1, &err));
		if (!last) {
			assert_int_equal(n, 1);
			break;
		}
		failed++;
		assert_int_equal(n, 0);
	}
	assert_true(failed >= 8);
	store_set_seam(f->s, NULL);
	ok(db_audit_verify(f->s, NULL, &sound, &fault, &err));
	assert_true(sound);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define WITH(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
		WITH(modes_are_the_users_own),
		WITH(a_new_directory_is_made_closed),
		WITH(publishing_twice_keeps_the_first),
		cmocka_unit_test(two_beginnings_one_wins),
		WITH(a_newer_file_is_refused_untouched),
		WITH(another_programs_file_is_refused_untouched),
		WITH(newer_in_the_log_only),
		cmocka_unit_test(damage_is_found_at_the_door),
		WITH(places_that_are_refused),
		cmocka_unit_test(network_file_systems),
		WITH(locked_by_another),
		WITH(transactions),
		WITH(groups),
		WITH(others_commits_are_noticed),
		WITH(migrations_are_whole),
		WITH(a_registration_is_one_fsync),
		WITH(a_full_disk_loses_nothing),
		WITH(every_step_fails_once),
	};

	counting_register();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
