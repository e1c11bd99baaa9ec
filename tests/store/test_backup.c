/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Backups: whole, sealed, read back; what is cut or changed is refused and leaves nothing behind. */
#include "fixture.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/io.h"
#include "query.h"
#include "store/backup.h"

#define PEOPLE 20

static char file[160], target[160];

static void fill(struct fixture *f)
{
	char number[19], phone[12], name[32];

	ok(store_begin(f->s, &err));
	for (int n = 0; n < PEOPLE; n++) {
		fixture_number(number, n);
		snprintf(phone, sizeof(phone), "1990000%04d", n);
		snprintf(name, sizeof(name), "钱存样%d", n);
		fixture_register(f, n, name, "qiancunyang", number, phone);
	}
	ok(store_commit(f->s, &err));
}

static int setup(void **state)
{
	struct fixture *f;

	if (fixture_setup(state))
		return -1;
	f = *state;
	fill(f);
	snprintf(file, sizeof(file), "%s/copy.bak", f->dir);
	snprintf(target, sizeof(target), "%s/other", f->dir);
	return 0;
}

static void backup(struct fixture *f, struct backup_info *info)
{
	int fd = open(file, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	assert_true(fd >= 0);
	ok(store_backup(f->s, fd, info, &err));
	close(fd);
}

static int restore(const struct backup_way *way)
{
	struct store_options o = {.dir = target, .file = FILE_NAME};
	struct backup_info info;
	int fd = open(file, O_RDONLY | O_CLOEXEC), last;

	assert_true(fd >= 0);
	last = store_restore(&o, fd, way, &info, &err);
	close(fd);
	return last;
}

/* Names in a directory, dots apart. */
static int names_in(const char *path)
{
	DIR *d = opendir(path);
	int n = 0;

	for (struct dirent *at; d && (at = readdir(d));)
		n += at->d_name[0] != '.';
	if (d)
		closedir(d);
	return n;
}

static int64_t count(struct store *s, const char *sql)
{
	struct query q;
	int64_t n = -1;

	query_open(&q, s, sql);
	ok(query_int(&q, &n, -1, &err));
	return n;
}

static void expect_whole(const struct fixture *f)
{
	struct store_options o = {.dir = target, .file = FILE_NAME};
	struct audit_fault fault;
	struct db_account a;
	struct store *s;
	bool sound = false;

	ok(store_open(&s, &o, &err));
	ok(store_check(s, &err));
	ok(db_recover(s, f->code, &err));
	ok(db_audit_verify(s, NULL, &sound, &fault, &err));
	assert_true(sound);
	assert_int_equal(count(s, "SELECT count(*) FROM person"), count(f->s, "SELECT count(*) FROM person"));
	assert_int_equal(count(s, "SELECT max(id) FROM audit"), count(f->s, "SELECT max(id) FROM audit"));
	assert_int_equal(count(s, "SELECT seq FROM sqlite_sequence WHERE name = 'outbox'"),
			 count(f->s, "SELECT seq FROM sqlite_sequence WHERE name = 'outbox'")); /* the order goes on, never again */
	ok(db_account_get(s, f->account, &a, &err));
	store_close(s);
}

static void by_code_and_by_password(void **state)
{
	struct fixture *f = *state;
	struct backup_info info, again;
	struct db_account a;
	char name[200];
	int fd;

	backup(f, &info);
	assert_int_equal(info.schema, store_version());
	fd = open(file, O_RDONLY | O_CLOEXEC);
	ok(store_backup_check(f->s, fd, &again, &err));
	close(fd);
	assert_int_equal(again.bytes, info.bytes);
	ok(restore(&(struct backup_way){.recovery_code = f->code}));
	expect_whole(f);
	fails(restore(&(struct backup_way){.recovery_code = f->code}), ERR_DATA_EXISTS);
	snprintf(name, sizeof(name), "%s/%s", target, FILE_NAME);
	assert_int_equal(unlink(name), 0);
	ok(db_account_get(f->s, f->account, &a, &err));
	ok(restore(&(struct backup_way){.account = a.name, .password = PASSWORD}));
	expect_whole(f);
}

static void what_does_not_open_it(void **state)
{
	struct fixture *f = *state;
	struct backup_info info;
	struct db_account a;

	backup(f, &info);
	ok(db_account_get(f->s, f->account, &a, &err));
	fails(restore(&(struct backup_way){.recovery_code = "00000-00000-00000-00000-00000-00000-00000-00000"}), ERR_RECOVERY);
	fails(restore(&(struct backup_way){.account = a.name, .password = "Falsch-8-Wort"}), ERR_LOGIN);
	fails(restore(&(struct backup_way){.account = "niemand", .password = PASSWORD}), ERR_LOGIN);
	assert_int_equal(access(target, F_OK), -1); /* not even the directory was made */
	vault_lock(store_vault(f->s));
	fails(store_backup(f->s, STDERR_FILENO, &info, &err), ERR_NO_SESSION);
}

static void write_part(const struct buf *whole, size_t n, size_t flip)
{
	int fd = open(file, O_WRONLY | O_TRUNC | O_CLOEXEC);

	assert_true(fd >= 0);
	if (flip < n)
		whole->data[flip] ^= 0x10;
	ok(io_write_all(fd, whole->data, n, &err));
	if (flip < n)
		whole->data[flip] ^= 0x10;
	close(fd);
}

/* Every place of the head and of both ends of the stream, and a spread between. */
static void cut_or_changed(void **state)
{
	struct fixture *f = *state;
	struct backup_way way = {.recovery_code = f->code};
	struct backup_info info;
	struct buf whole;
	size_t head;

	backup(f, &info);
	buf_init(&whole, 64 << 20);
	ok(io_read_file(file, 64 << 20, &whole, &err));
	head = 12 + (size_t)(unsigned char)whole.data[8] + 256 * (size_t)(unsigned char)whole.data[9];
	for (size_t at = 0; at < whole.len; at += at < head + 64 || at + 64 > whole.len ? 1 : 7919) {
		write_part(&whole, whole.len, at);
		if (!restore(&way))
			fail_msg("byte %zu changed, and restored", at);
		write_part(&whole, at, whole.len);
		if (!restore(&way))
			fail_msg("cut at %zu, and restored", at);
		if (names_in(target) > 0)
			fail_msg("byte %zu: something was left in the directory", at);
	}
	write_part(&whole, whole.len, whole.len);
	ok(restore(&way));
	buf_wipe_release(&whole);
}

static void nothing_shows_and_nothing_stays(void **state)
{
	struct fixture *f = *state;
	struct backup_info info;
	char number[19], left[200];
	int before;

	fixture_number(number, 3);
	snprintf(left, sizeof(left), "%s/%s.backup99999", f->dir, FILE_NAME); /* of a killed one */
	close(open(left, O_WRONLY | O_CREAT, 0600));
	before = names_in(f->dir);
	backup(f, &info);
	assert_int_equal(names_in(f->dir), before); /* one came, the old copy went */
	assert_int_equal(access(left, F_OK), -1);
	assert_false(file_has(file, number, 18));
	assert_false(file_has(file, "19900000003", 11));
	assert_false(file_has(file, "钱存样3", strlen("钱存样3"))); /* clear in the data file, sealed here */
}

/* A backup is one moment: what is being written meanwhile is in it whole or not at all, and waits for nothing. */
static void others_go_on(void **state)
{
	struct fixture *f = *state;
	struct store_options o = fixture_options(f);
	struct backup_info info;
	struct store *other;

	ok(store_open(&other, &o, &err));
	ok(store_begin(other, &err));
	tamper(f, "PRAGMA user_version"); /* a reader beside */
	backup(f, &info);
	ok(db_setting_set(other, 0, "language", "en", false, &err));
	ok(store_commit(other, &err));
	store_close(other);
	ok(restore(&(struct backup_way){.recovery_code = f->code}));
	expect_whole(f);
}

static void a_full_disk_is_told(void **state)
{
	struct fixture *f = *state;
	struct backup_info info;
	int fd = open("/dev/full", O_RDWR | O_CLOEXEC);

	assert_true(fd >= 0);
	fails(store_backup(f->s, fd, &info, &err), ERR_DISK_FULL);
	close(fd);
}

static int teardown(void **state)
{
	return fixture_teardown(state);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(by_code_and_by_password), TEST(what_does_not_open_it), TEST(cut_or_changed), TEST(nothing_shows_and_nothing_stays),
		TEST(others_go_on),	       TEST(a_full_disk_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
