/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The data key replaced while others work (store/rekey.h): who comes along, who does not, what opens afterwards, killed at every commit. */
#include "fixture.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/json.h"
#include "blind.h"
#include "store/backup.h"
#include "store/device.h"
#include "store/dossier.h"
#include "store/rekey.h"
#include "store_private.h"

#define PEOPLE 7
#define PHONE "1990000000%d"
#define NOTE "本人当面核对"

#define HASHES "SELECT hash FROM document UNION ALL SELECT hash FROM person_index UNION ALL SELECT hash FROM device_collected"

static int64_t ask(struct store *s, const char *sql);

static void remember_hashes(struct store *s)
{
	assert_int_equal(sqlite3_exec(store_db(s), "CREATE TEMP TABLE was AS " HASHES, NULL, NULL, NULL), SQLITE_OK);
	assert_true(ask(s, "SELECT count(*) FROM temp.was") > 0);
}

static int64_t remembered_hashes(struct store *s)
{
	return ask(s, "SELECT count(*) FROM (" HASHES ") WHERE hash IN (SELECT hash FROM temp.was)");
}

static void note(struct store *s)
{
	struct db_audit a = {.action = "reveal", .object = "person", .result = "done", .note = NOTE};

	ok(store_begin(s, &err));
	ok(db_audit_append(s, &a, &err));
	ok(store_commit(s, &err));
}

static void login(struct store *s)
{
	struct db_account a;

	ok(db_login(s, "clerk", PASSWORD, &a, &err));
}

static struct store *another(const struct fixture *f)
{
	struct store_options o = fixture_options(f);
	struct store *s;

	ok(store_open(&s, &o, &err));
	return s;
}

static void people(struct fixture *f, int from, int to)
{
	char number[19], phone[16];

	for (int i = from; i < to; i++) {
		snprintf(phone, sizeof(phone), PHONE, i % 10);
		fixture_number(number, 100 + i);
		ok(store_begin(f->s, &err));
		fixture_register(f, i, "杨试己", "yangshiji", number, phone);
		ok(store_commit(f->s, &err));
	}
}

static int setup(void **state)
{
	struct fixture *f;

	fixture_setup(state);
	f = *state;
	login(f->s);
	people(f, 1, PEOPLE + 1);
	note(f->s);
	return 0;
}

static int64_t ask(struct store *s, const char *sql)
{
	struct query q;
	int64_t n;

	query_open(&q, s, sql);
	ok(query_int(&q, &n, -1, &err));
	return n;
}

static void begin(struct store *s, char code[RECOVERY_TEXT])
{
	bool ended;

	ok(store_begin(s, &err));
	ok(db_rekey_begin(s, code, &ended, &err));
	ok(store_commit(s, &err));
}

static bool step(struct store *s)
{
	bool more;

	ok(store_begin(s, &err));
	ok(db_rekey_step(s, &more, &err));
	ok(store_commit(s, &err));
	return more;
}

static void to_the_end(struct store *s)
{
	while (step(s))
		;
}

/* Sealed values, the audit log's apart, that are not under key `id`. */
static int64_t others(struct store *s, int id)
{
	struct query q;
	char tbl[64], col[64], sql[400];
	int64_t n = 0;

	query_open(&q, s, "SELECT tbl, col FROM vault_columns WHERE tbl <> 'audit'");
	while (query_step(&q, &err) > 0) {
		sqlite3_stmt *st;

		COL_TEXT(&q, 0, tbl);
		COL_TEXT(&q, 1, col);
		snprintf(sql, sizeof(sql), "SELECT count(*) FROM %s WHERE length(%s) > 1 AND substr(%s, 2, 1) <> x'%02x'", tbl, col, col, id);
		assert_int_equal(sqlite3_prepare_v2(store_db(s), sql, -1, &st, NULL), SQLITE_OK);
		assert_int_equal(sqlite3_step(st), SQLITE_ROW);
		n += sqlite3_column_int64(st, 0);
		sqlite3_finalize(st);
	}
	query_close(&q);
	return n;
}

static bool among(const int64_t *ids, size_t n, int64_t id)
{
	for (size_t i = 0; i < n; i++)
		if (ids[i] == id)
			return true;
	return false;
}

/* Person i by number, and what is sealed of him. */
static void person_opens(struct store *s, int i)
{
	struct db_document doc;
	char number[19], phone[32], expected[16];
	int64_t who, ids[32];
	size_t n;

	fixture_number(number, 100 + i);
	snprintf(expected, sizeof(expected), PHONE, i % 10);
	ok(db_person_by_document(s, "01", number, &who, &err));
	assert_true(who > 0);
	ok(db_document_current(s, who, &doc, &err));
	assert_string_equal(doc.number, number);
	ok(db_field_load(s, OWNER_PERSON, who, F_PHONE, phone, sizeof(phone), &err));
	assert_string_equal(phone, expected);
	ok(db_persons_by_phone(s, expected, ids, 32, &n, &err));
	assert_true(n > 0 && among(ids, n, who));
	ok(db_number_owner(s, number, ids, &err));
	assert_int_equal(ids[0], who);
}

static void all_open(struct store *s, int people_there)
{
	struct audit_fault fault;
	struct db_audit row;
	bool sound;
	size_t n;

	for (int i = 1; i <= people_there; i++)
		person_opens(s, i);
	ok(db_audit_find(s, &(struct db_audit_filter){.action = "reveal"}, &row, 1, &n, &err));
	assert_int_equal(n, 1);
	assert_string_equal(row.note, NOTE); /* never sealed anew, and still opens */
	ok(db_audit_verify(s, NULL, &sound, &fault, &err));
	assert_true(sound);
	ok(store_check(s, &err));
}

static void end_state(struct store *s, int people_there)
{
	struct db_rekey now;

	ok(db_rekey_state(s, &now, &err));
	assert_false(now.under_way);
	assert_int_equal(others(s, 2), 0);
	assert_int_equal(ask(s, "SELECT count(*) FROM vault_recovery WHERE key_id = 1"), 0);
	assert_int_equal(ask(s, "SELECT count(*) FROM account_wrap WHERE level = 2 AND key_id = 1"), 0);
	all_open(s, people_there);
}

static void the_old_key_is_gone(void **state)
{
	struct fixture *f = *state;
	unsigned char old[VAULT_KEY_BYTES];
	char code[RECOVERY_TEXT];
	int64_t indexed = ask(f->s, "SELECT count(*) FROM person_index");

	ok(vault_export_key(store_vault(f->s), old, &err));
	remember_hashes(f->s);
	begin(f->s, code);
	assert_true(others(f->s, 2) > PEOPLE);
	assert_int_equal(remembered_hashes(f->s), ask(f->s, "SELECT count(*) FROM temp.was"));
	all_open(f->s, PEOPLE);
	to_the_end(f->s);
	assert_int_equal(ask(f->s, "SELECT count(*) FROM person_index"), indexed);
	assert_int_equal(remembered_hashes(f->s), 0);
	end_state(f->s, PEOPLE);
	vault_lock(store_vault(f->s));
	fails(vault_adopt_key(f->s, old, &err), ERR_SEAL);
	fails(db_recover(f->s, f->code, &err), ERR_RECOVERY);
	ok(db_recover(f->s, code, &err));
	all_open(f->s, PEOPLE);
	vault_lock(store_vault(f->s));
	login(f->s); /* first by the pair, then by the box that this login made */
	all_open(f->s, PEOPLE);
	assert_int_equal(ask(f->s, "SELECT length(box) FROM account_wrap"), VAULT_KEY_BYTES + VAULT_OVERHEAD);
	login(f->s);
	all_open(f->s, PEOPLE);
}

/* Another session neither logs in anew nor is disturbed: it reads both, writes under the new key, and goes on when the old one is gone. */
static void others_go_on_working(void **state)
{
	struct fixture *f = *state, second = *f;
	char code[RECOVERY_TEXT];

	second.s = another(f);
	login(second.s);
	all_open(second.s, PEOPLE);
	begin(f->s, code);
	person_opens(second.s, 1); /* looked up before it has written anything */
	people(&second, PEOPLE + 1, PEOPLE + 3);
	for (int i = PEOPLE + 1; i < PEOPLE + 3; i++)
		person_opens(f->s, i);
	assert_true(step(f->s));
	people(&second, PEOPLE + 3, PEOPLE + 5);
	to_the_end(f->s);
	end_state(second.s, PEOPLE + 4);
	end_state(f->s, PEOPLE + 4);
	begin(second.s, code); /* and once more, from the other side */
	to_the_end(f->s);
	assert_int_equal(others(f->s, 3), 0);
	all_open(f->s, PEOPLE + 4);
	all_open(second.s, PEOPLE + 4);
	store_close(second.s);
}

/* A session that has the key only, as the runner's, is told; nothing is written under the old key. */
static void without_a_pair_it_is_said(void **state)
{
	struct fixture *f = *state;
	unsigned char key[VAULT_KEY_BYTES];
	struct store *s = another(f);
	char code[RECOVERY_TEXT], number[19];
	int64_t who;

	ok(vault_export_key(store_vault(f->s), key, &err));
	ok(vault_adopt_key(s, key, &err));
	begin(f->s, code);
	fails(store_begin(s, &err), ERR_KEY_CHANGED);
	fixture_number(number, 101);
	fails(db_person_by_document(s, "01", number, &who, &err), ERR_KEY_CHANGED); /* not: nobody found */
	ok(vault_export_key(store_vault(f->s), key, &err));
	ok(vault_adopt_key(s, key, &err));
	person_opens(s, 1);
	store_close(s);
}

/* Accounts that never logged in since pairs are made are named before, and need a new password. */
static void left_out_are_named(void **state)
{
	struct fixture *f = *state;
	struct db_account a = {.roles = ROLE_CLERK, .name = "old"}, row[2], in;
	struct db_secret secret;
	char code[RECOVERY_TEXT];
	size_t n;

	ok(db_secret_new(&secret, PASSWORD, 1, &err));
	ok(store_begin(f->s, &err));
	ok(db_account_insert(f->s, &a, &secret, &a.id, &err));
	ok(store_commit(f->s, &err));
	tamper(f, "UPDATE account_wrap SET public = NULL WHERE account = (SELECT id FROM account WHERE name = 'old')");
	ok(db_rekey_left_out(f->s, row, 2, &n, &err));
	assert_int_equal(n, 1);
	assert_string_equal(row[0].name, "old");
	begin(f->s, code);
	to_the_end(f->s);
	vault_lock(store_vault(f->s));
	fails(db_login(f->s, "old", PASSWORD, &in, &err), ERR_ACCOUNT_DISABLED);
	login(f->s);
	ok(store_begin(f->s, &err));
	ok(db_account_put_secret(f->s, a.id, &secret, &err));
	ok(store_commit(f->s, &err));
	ok(db_login(f->s, "old", PASSWORD, &in, &err));
	all_open(f->s, PEOPLE);
}

/* One that logs in before the key is replaced gets its pair by that, also in a file of an older version. */
static void a_login_makes_the_pair(void **state)
{
	struct fixture *f = *state;
	char code[RECOVERY_TEXT];

	tamper(f, "UPDATE account_wrap SET public = NULL");
	vault_lock(store_vault(f->s));
	login(f->s);
	begin(f->s, code);
	to_the_end(f->s);
	vault_lock(store_vault(f->s));
	login(f->s);
	all_open(f->s, PEOPLE);
}

static void taken_back_when_it_fails(void **state)
{
	struct fixture *f = *state;
	char code[RECOVERY_TEXT];
	bool ended;

	ok(store_begin(f->s, &err));
	ok(db_rekey_begin(f->s, code, &ended, &err));
	store_rollback(f->s);
	all_open(f->s, PEOPLE);
	people(f, PEOPLE + 1, PEOPLE + 2);
	assert_int_equal(others(f->s, 1), 0);
	begin(f->s, code);
	ok(store_begin(f->s, &err));
	fails(db_rekey_begin(f->s, code, &ended, &err), ERR_FORBIDDEN); /* one at a time */
	store_rollback(f->s);
	to_the_end(f->s);
	end_state(f->s, PEOPLE + 1);
}

static void the_unattended_runner_comes_along(void **state)
{
	struct fixture *f = *state;
	unsigned char secret[VAULT_KEY_BYTES];
	struct store *s = another(f);
	char code[RECOVERY_TEXT];

	ok(store_begin(f->s, &err));
	ok(db_unattended_make(f->s, secret, &err));
	ok(store_commit(f->s, &err));
	ok(db_unattended_open(s, secret, &err));
	begin(f->s, code);
	person_opens(s, 2); /* while it runs */
	to_the_end(s);	    /* it may do the work too */
	vault_lock(store_vault(s));
	ok(db_unattended_open(s, secret, &err)); /* and when it is started again */
	all_open(s, PEOPLE);
	store_close(s);
}

static void old_backups_open_by_what_opened_them(void **state)
{
	struct fixture *f = *state;
	struct store_options o = fixture_options(f);
	char code[RECOVERY_TEXT], file[128], target[128];
	struct backup_info info;
	struct store *s;
	int fd;

	snprintf(file, sizeof(file), "%s/old.backup", f->dir);
	snprintf(target, sizeof(target), "%s/restored", f->dir);
	fd = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	ok(store_backup(f->s, fd, &info, &err));
	begin(f->s, code);
	to_the_end(f->s);
	o.dir = target;
	lseek(fd, 0, SEEK_SET);
	fails(store_restore(&o, fd, &(struct backup_way){.recovery_code = code}, &info, &err), ERR_RECOVERY);
	lseek(fd, 0, SEEK_SET);
	ok(store_restore(&o, fd, &(struct backup_way){.recovery_code = f->code}, &info, &err));
	ok(store_open(&s, &o, &err));
	login(s);
	all_open(s, PEOPLE);
	assert_int_equal(others(s, 1), 0);
	store_close(s);
	/* one of today opens by today's code */
	assert_int_equal(ftruncate(fd, 0), 0);
	lseek(fd, 0, SEEK_SET);
	ok(store_backup(f->s, fd, &info, &err));
	snprintf(target, sizeof(target), "%s/again", f->dir);
	lseek(fd, 0, SEEK_SET);
	ok(store_restore(&o, fd, &(struct backup_way){.recovery_code = code}, &info, &err));
	close(fd);
}

/* --- in the middle ------------------------------------------------------------------------------------------------ */

static const struct store_seam small = {.group_rows = 1};

/* One after the other by pages of one, forwards and backwards: the same people, in order, none twice. */
static size_t pages(const struct fixture *f, struct store *s, enum db_match match, const char *text, bool backwards, int64_t *out, size_t cap)
{
	struct db_roster_query q = {.project = f->project, .match = match, .text = text, .also = {"", ""}, .backwards = backwards};
	struct db_member row;
	bool more = true;
	size_t n, k = 0;

	while (more) {
		ok(db_roster(s, &q, &row, 1, &n, &more, &err));
		if (!n)
			break;
		assert_true(k < cap);
		out[k++] = row.person;
		q.after_person = row.person;
	}
	return k;
}

static void roster_finds(const struct fixture *f, struct store *s, enum db_match match, const char *text, size_t expected)
{
	struct db_roster_query q = {.project = f->project, .match = match, .text = text, .also = {"", ""}};
	int64_t on[32], back[32], counted;
	size_t n = pages(f, s, match, text, false, on, 32);

	assert_int_equal(n, expected);
	assert_int_equal(pages(f, s, match, text, true, back, 32), n);
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(on[i], back[n - 1 - i]);
		assert_true(!i || on[i] > on[i - 1]);
	}
	ok(db_roster_count(s, &q, 100, &counted, &err));
	assert_int_equal(counted, expected);
}

static size_t how_many(enum db_match match, const char *text, int there)
{
	char number[19], phone[16];
	size_t n = 0;

	for (int i = 1; i <= there; i++) {
		fixture_number(number, 100 + i);
		snprintf(phone, sizeof(phone), PHONE, i % 10);
		n += match == MATCH_TAIL    ? !strcmp(number + 14, text) || !strcmp(phone + 7, text)
		     : match == MATCH_PHONE ? !strcmp(phone, text)
					    : !strcmp(number, text);
	}
	return n;
}

static void found_by(const struct fixture *f, struct store *s, enum db_match match, const char *text, int there)
{
	roster_finds(f, s, match, text, how_many(match, text, there));
}

static void all_found(const struct fixture *f, struct store *s, int there)
{
	char number[19], phone[16];

	for (int i = 1; i <= there; i++) {
		person_opens(s, i);
		fixture_number(number, 100 + i);
		snprintf(phone, sizeof(phone), PHONE, i % 10);
		found_by(f, s, MATCH_DOCUMENT, number, there);
		found_by(f, s, MATCH_PHONE, phone, there);
		found_by(f, s, MATCH_TAIL, number + 14, there);
		found_by(f, s, MATCH_TAIL, phone + 7, there);
	}
}

static void refused_twice(struct store *s, int i)
{
	struct db_document d = {.type = "01", .person = 1};

	fixture_number(d.number, 100 + i);
	ok(store_begin(s, &err));
	assert_int_equal(db_document_insert(s, &d, NULL, &err), -1);
	store_rollback(s);
}

/* After every row that turns: everybody is found, in both sessions, by everything; nobody is written twice, whether his row has turned or not. */
static void found_and_refused_all_the_way(void **state)
{
	struct fixture *f = *state, second = *f;
	char code[RECOVERY_TEXT];
	struct db_rekey now;
	int there = PEOPLE, steps = 0;
	int64_t most, before;

	second.s = another(f);
	login(second.s);
	all_found(f, second.s, there);
	begin(f->s, code);
	store_set_seam(f->s, &small);
	do {
		all_found(f, second.s, there);
		all_found(f, f->s, there);
		for (int i = 1; i <= there; i++) {
			refused_twice(second.s, i);
			refused_twice(f->s, i);
		}
		if (steps % 4 == 1) { /* and people come in on both sides */
			people(steps % 8 == 1 ? f : &second, there + 1, there + 2);
			there++;
		}
		before = ask(f->s, "SELECT total_changes()");
		step(f->s);
		most = ask(f->s, "SELECT total_changes()") - before;
		assert_true(most <= 5); /* a document: its own hash, number, last four; where it stands */
		steps++;
		ok(db_rekey_state(f->s, &now, &err));
	} while (!now.turned);
	assert_true(steps > 2 * PEOPLE);
	all_found(f, second.s, there);
	all_found(f, f->s, there);
	to_the_end(second.s);
	end_state(second.s, there);
	all_found(f, f->s, there);
	store_close(second.s);
}

static void collect(struct store *s, int64_t project, int64_t device, const char *number)
{
	struct db_collected c = {.project = project, .device = device, .at_ms = 1};
	struct record r;
	struct buf body;
	cJSON *json;
	char *text;

	record_init(&r);
	record_set(&r, F_NUMBER, number, ORIGIN_TYPED);
	json = record_to_json(&r);
	text = json_text(json);
	buf_init(&body, 4096);
	assert_int_equal(buf_add(&body, text, strlen(text)), 0);
	cJSON_Delete(json);
	free(text);
	record_release(&r);
	ok(store_begin(s, &err));
	ok(db_collected_save(s, &c, number, &body, NULL, 0, &err));
	ok(store_commit(s, &err));
	buf_release(&body);
}

/* Whom a device collects twice is one person all the way, turned or not; and his hash turns. */
static void collected_once(void **state)
{
	struct db_device dev = {.kind = "face", .serial = "T-0001", .method = "face", .way = "in", .allowed = true};
	struct fixture *f = *state;
	char code[RECOVERY_TEXT], first[19], second[19];
	struct db_rekey now;
	int64_t device;

	fixture_number(first, 900);
	fixture_number(second, 901);
	text_copy(dev.uid, sizeof(dev.uid), "01890000-0000-7000-8000-000000000001");
	dev.project = f->project;
	ok(store_begin(f->s, &err));
	ok(db_device_insert(f->s, &dev, &device, &err));
	ok(store_commit(f->s, &err));
	collect(f->s, f->project, device, first);
	collect(f->s, f->project, device, second);
	remember_hashes(f->s);
	begin(f->s, code);
	store_set_seam(f->s, &small);
	collect(f->s, f->project, device, first);
	do {
		assert_int_equal(ask(f->s, "SELECT count(*) FROM device_collected"), 2);
		step(f->s);
		collect(f->s, f->project, device, second);
		ok(db_rekey_state(f->s, &now, &err));
	} while (!now.turned);
	collect(f->s, f->project, device, first);
	assert_int_equal(ask(f->s, "SELECT count(*) FROM device_collected"), 2);
	assert_int_equal(remembered_hashes(f->s), 0);
}

/* A number that two files have, one of them written since the beginning, becomes one row when they become one file. */
static void two_files_become_one(void **state)
{
	struct fixture *f = *state;
	char code[RECOVERY_TEXT];
	int64_t ids[8], merge;
	struct db_merge m;
	size_t n;

	begin(f->s, code);
	ok(store_begin(f->s, &err));
	ok(db_phone_set(f->s, 2, "19900000001", &err)); /* under the new key; the first person's stands there under the old one */
	ok(db_merge_do(f->s, 1, 2, ask(f->s, "SELECT max(id) FROM fact"), &merge, &err));
	ok(store_commit(f->s, &err));
	ok(db_persons_by_phone(f->s, "19900000001", ids, 8, &n, &err));
	assert_int_equal(n, 1);
	assert_int_equal(ids[0], 1);
	to_the_end(f->s);
	ok(db_persons_by_phone(f->s, "19900000001", ids, 8, &n, &err));
	assert_int_equal(n, 1);
	assert_int_equal(ids[0], 1);
	ok(db_merge_latest(f->s, 1, &m, &err));
	ok(store_begin(f->s, &err));
	ok(db_merge_undo(f->s, &m, ask(f->s, "SELECT max(id) FROM fact"), &err));
	ok(store_commit(f->s, &err));
	for (int i = 1; i <= 2; i++) {
		char number[19];

		fixture_number(number, 100 + i);
		ok(db_person_by_document(f->s, "01", number, ids, &err));
		assert_int_equal(ids[0], i);
		ok(db_number_owner(f->s, number, ids, &err));
		assert_int_equal(ids[0], i);
	}
}

/* --- killed at every commit -------------------------------------------------------------------------------------- */

static void kill_here(void *arg, long n)
{
	if (n == *(long *)arg)
		_exit(42);
}

static void whole(struct store *s)
{
	struct db_rekey now;
	char code[RECOVERY_TEXT];

	ok(db_rekey_state(s, &now, &err));
	if (!now.under_way && ask(s, "SELECT max(id) FROM vault_key") == 1)
		begin(s, code);
	to_the_end(s);
}

static int life(struct fixture *f, long at)
{
	struct store_seam seam = {.arg = &at, .before_commit = kill_here, .group_rows = 8};
	int status;
	pid_t pid = fork();

	if (!pid) {
		struct store *s = another(f);

		login(s);
		s->commits = 0;
		store_set_seam(s, &seam); /* small groups: many places to be killed at */
		whole(s);
		store_close(s);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void killed_at_every_commit(void **state)
{
	int status = 42;

	(void)state;
	for (long at = 1; status == 42; at++) {
		struct fixture *f;

		setup((void **)&f);
		store_close(f->s);
		f->s = NULL;
		status = life(f, at);
		f->s = another(f);
		login(f->s);
		all_open(f->s, PEOPLE); /* half done, everything opens, and everybody is found */
		all_found(f, f->s, PEOPLE);
		if (status == 42)
			assert_int_equal(life(f, 0), 0);
		end_state(f->s, PEOPLE);
		fixture_teardown((void **)&f);
		assert_true(at < 400);
		if (status == 0)
			assert_true(at > 10);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, fixture_teardown)
int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_old_key_is_gone),
		TEST(others_go_on_working),
		TEST(without_a_pair_it_is_said),
		TEST(left_out_are_named),
		TEST(a_login_makes_the_pair),
		TEST(taken_back_when_it_fails),
		TEST(the_unattended_runner_comes_along),
		TEST(old_backups_open_by_what_opened_them),
		TEST(found_and_refused_all_the_way),
		TEST(collected_once),
		TEST(two_files_become_one),
		cmocka_unit_test(killed_at_every_commit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
