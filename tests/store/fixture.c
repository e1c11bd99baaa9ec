/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fixture.h"

#include <sqlite3.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/io.h"
#include "domain/id_number.h"

struct err err;

void ok_at(int last, const char *call, const char *file, int line)
{
	if (last) {
		print_error("%s:%d: %s: %s: %s\n", file, line, call, err_name(err.code), err.detail);
		_fail(file, line);
	}
	err_clear(&err);
}

void fails_at(int last, enum err_code code, const char *call, const char *file, int line)
{
	if (last != -1 || err.code != code) {
		print_error("%s:%d: %s: %d, %s (%s), not %s\n", file, line, call, last, err_name(err.code),
			    err.detail, err_name(code));
		_fail(file, line);
	}
	err_clear(&err);
}

void fixture_dir(struct fixture *f)
{
	snprintf(f->dir, sizeof(f->dir), "/tmp/shiming-store-XXXXXX");
	if (!mkdtemp(f->dir))
		fail_msg("mkdtemp");
}

struct store_options fixture_options(const struct fixture *f)
{
	return (struct store_options){.dir = f->dir, .file = FILE_NAME};
}

static void add_account(struct fixture *f, const char *name, unsigned roles)
{
	struct db_account a = {.roles = roles};
	struct db_secret secret;

	text_copy(a.name, sizeof(a.name), name);
	text_copy(a.display, sizeof(a.display), "劳资专管员甲");
	ok(db_secret_new(&secret, PASSWORD, 1, &err)); /* 1 MiB: the tests need no strength */
	ok(store_begin(f->s, &err));
	ok(db_account_insert(f->s, &a, &secret, &f->account, &err));
	ok(store_commit(f->s, &err));
	db_secret_wipe(&secret);
}

static void add_site(struct fixture *f)
{
	struct db_project project = {.name = "练习项目", .profile = "national", .code = "P1"};
	struct db_company company = {.credit_code = "91990101MA00000001",
				     .name = "某某建筑工程有限公司",
				     .short_name = "某某建工",
				     .registered_on = 17000};
	struct db_participant participant = {.type = "009",
					     .state = SITE_ENTERED,
					     .entered_on = 20000,
					     .exited_on = DATE_NONE,
					     .manager_phone = "19900000001"};
	struct db_team team = {.name = "钢筋一班",
			       .kind = "worker",
			       .relation = TEAM_OWN,
			       .state = SITE_ENTERED,
			       .entered_on = 20001,
			       .exited_on = DATE_NONE};

	ok(store_begin(f->s, &err));
	ok(db_project_insert(f->s, &project, &f->project, &err));
	ok(db_company_insert(f->s, &company, &f->company, &err));
	participant.project = team.project = f->project;
	participant.company = f->company;
	ok(db_participant_insert(f->s, &participant, &f->participant, &err));
	team.participant = f->participant;
	ok(db_team_insert(f->s, &team, &f->team, &err));
	ok(store_commit(f->s, &err));
}

int fixture_setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct store_options o;

	fixture_dir(f);
	o = fixture_options(f);
	ok(store_create(&f->s, &o, &err));
	ok(store_begin(f->s, &err));
	ok(db_vault_create(f->s, f->code, &err));
	ok(store_commit(f->s, &err));
	ok(store_publish(f->s, &err));
	add_account(f, "clerk", ROLE_CLERK);
	add_site(f);
	*state = f;
	return 0;
}

void fixture_remove(struct fixture *f)
{
	char command[128];

	snprintf(command, sizeof(command), "rm -rf '%s'", f->dir);
	if (system(command))
		print_error("%s is left behind\n", f->dir);
}

int fixture_teardown(void **state)
{
	struct fixture *f = *state;

	store_close(f->s);
	fixture_remove(f);
	free(f);
	return 0;
}

void fixture_reopen(struct fixture *f)
{
	struct store_options o = fixture_options(f);
	unsigned char key[VAULT_KEY_BYTES];

	ok(vault_export_key(store_vault(f->s), key, &err));
	store_close(f->s);
	f->s = NULL;
	ok(store_open(&f->s, &o, &err));
	ok(vault_adopt_key(f->s, key, &err));
}

void fixture_number(char out[19], int n)
{
	unsigned k = (unsigned)n;
	char digits[32];

	snprintf(digits, sizeof(digits), "990101%04u%02u%02u%03u", 1960 + k / 336000 % 40, 1 + k / 28000 % 12,
		 1 + k / 1000 % 28, k % 1000);
	snprintf(out, 19, "%.17s%c", digits, id_number_check_digit(digits));
}

static int64_t add_person(struct fixture *f, const char *name, const char *number, const char *phone, int n)
{
	struct db_person p = {.manual = n % 7 == 0};
	struct db_document d = {.type = "01",
				.valid_from = 18000,
				.valid_to = DATE_LONG_TERM,
				.from_card = true,
				.current = true};
	static const enum field_id fields[] = {F_SEX, F_NATION, F_BIRTH, F_ADDRESS, F_PHONE, F_NUMBER};
	struct record r;
	int64_t id;

	text_copy(p.name, sizeof(p.name), name);
	ok(db_person_insert(f->s, &p, &id, &err));
	d.person = id;
	text_copy(d.number, sizeof(d.number), number);
	ok(db_document_insert(f->s, &d, NULL, &err));
	ok(db_phone_set(f->s, id, phone, &err));
	record_init(&r);
	record_set(&r, F_SEX, "male", ORIGIN_CARD);
	record_set(&r, F_NATION, "01", ORIGIN_CARD);
	record_set(&r, F_BIRTH, "1980-01-01", ORIGIN_CARD);
	record_set(&r, F_ADDRESS, "某省某市某县某镇某村一百零一号", ORIGIN_CARD);
	record_set(&r, F_PHONE, phone, ORIGIN_TYPED);
	record_set(&r, F_NUMBER, number, ORIGIN_CARD);
	ok(db_fields_save(f->s, OWNER_PERSON, id, &r, fields, ARRAY_LEN(fields), &err));
	record_release(&r);
	return id;
}

static void add_facts(struct fixture *f, struct registered *r, const char *name)
{
	struct db_fact fact = {.project = f->project,
			       .cycle = "person",
			       .subject = r->person,
			       .person = r->person,
			       .event = "register",
			       .actor = "site",
			       .authority = "desk",
			       .account = f->account,
			       .on = 20700,
			       .true_on = DATE_NONE};
	struct db_outbox_new o = {.project = f->project,
				  .kind = "person.add",
				  .subject = "01900000-0000-7000-8000-000000000000",
				  .title = name,
				  .person = r->person,
				  .made_ms = 1000,
				  .held_until_ms = 0};
	struct db_audit audit = {.account = f->account,
				 .who = "clerk",
				 .project = f->project,
				 .action = "register",
				 .object = "person",
				 .result = "done"};

	ok(db_fact_insert(f->s, &fact, "{\"a\":1}", &r->fact, &err));
	o.fact = r->fact;
	ok(db_outbox_insert(f->s, &o, &r->outbox, &err));
	ok(db_audit_append(f->s, &audit, &err));
}

struct registered fixture_register(struct fixture *f, int n, const char *name, const char *pinyin,
				   const char *number, const char *phone)
{
	struct registered r = {.person = add_person(f, name, number, phone, n)};
	struct db_employment m = {.project = f->project,
				  .person = r.person,
				  .participant = f->participant,
				  .company = f->company,
				  .state = EMPLOYMENT_OFFERED,
				  .starts_on = 20700,
				  .ends_on = DATE_NONE,
				  .leaves_on = DATE_NONE,
				  .trained_on = DATE_NONE};
	struct db_assignment a = {.project = f->project,
				  .person = r.person,
				  .team = f->team,
				  .participant = f->participant,
				  .state = ASSIGNMENT_DRAFTED,
				  .entered_on = DATE_NONE,
				  .exited_on = DATE_NONE};
	struct db_member row = {.project = f->project,
				.person = r.person,
				.team = f->team,
				.participant = f->participant,
				.employment_state = EMPLOYMENT_OFFERED,
				.assignment_state = ASSIGNMENT_DRAFTED,
				.waiting = true,
				.views = 3,
				.entered_on = DATE_NONE,
				.exited_on = DATE_NONE};
	const char *texts[] = {name, pinyin};

	ok(db_employment_insert(f->s, &m, &r.employment, &err));
	a.employment = row.employment = r.employment;
	ok(db_assignment_insert(f->s, &a, &r.assignment, &err));
	row.assignment = r.assignment;
	text_copy(row.name, sizeof(row.name), name);
	text_format(row.sort_key, sizeof(row.sort_key), "%s %s", pinyin, name);
	text_copy(row.tail, sizeof(row.tail), number + strlen(number) - 4);
	ok(db_member_save(f->s, &row, texts, 2, &err));
	add_facts(f, &r, name);
	return r;
}

bool file_has(const char *path, const void *bytes, size_t n)
{
	struct buf all;
	bool found;

	buf_init(&all, 64 * 1024 * 1024);
	if (io_read_file(path, 64 * 1024 * 1024, &all, &err)) {
		err_clear(&err);
		return false;
	}
	found = all.len && memmem(all.data, all.len, bytes, n);
	buf_release(&all);
	return found;
}

void tamper(const struct fixture *f, const char *sql)
{
	char path[128], *why = NULL;
	sqlite3 *db;

	snprintf(path, sizeof(path), "%s/%s", f->dir, FILE_NAME);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s: %s", sql, why);
	sqlite3_close(db);
}
