/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The vault: what opens, what does not, which columns are sealed (DESIGN 5), and that nothing personal lies
 * on the disk (S1). */
#include "fixture.h"

#include <sqlite3.h>

#include "base/buf.h"
#include "store_private.h"

static void a_value_opens_only_where_it_was_sealed(void **state)
{
	struct fixture *f = *state;
	const struct vault *v = store_vault(f->s);
	static const struct {
		const char *uid, *column;
		bool opens;
	} places[] = {
		{"u-1", "person_field.phone", true},	{"u-2", "person_field.phone", false},
		{"u-1", "person_field.address", false}, {"u-1p", "erson_field.phone", false},
		{"", "u-1person_field.phone", false},
	};
	struct buf sealed, again, clear;

	buf_init(&sealed, 1000);
	buf_init(&again, 1000);
	buf_init(&clear, 1000);
	ok(vault_seal(v, "u-1", "person_field.phone", "19900001234", 11, &sealed, &err));
	ok(vault_seal(v, "u-1", "person_field.phone", "19900001234", 11, &again, &err));
	assert_int_equal(sealed.len, 11 + VAULT_OVERHEAD);
	assert_memory_not_equal(sealed.data, again.data, sealed.len); /* a fresh nonce each time */
	assert_int_equal(sealed.data[0], 1);
	assert_int_equal(sealed.data[1], 1); /* version and key id */
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		int last =
			vault_open(v, places[i].uid, places[i].column, sealed.data, sealed.len, &clear, &err);

		assert_int_equal(last == 0, places[i].opens);
	}
	assert_int_equal(clear.len, 11);
	assert_memory_equal(clear.data, "19900001234", 11);
	for (size_t i = 0; i < sealed.len;
	     i++) { /* every byte counts (the key id is not used for opening yet) */
		if (i == 1)
			continue;
		sealed.data[i] ^= 1;
		fails(vault_open(v, "u-1", "person_field.phone", sealed.data, sealed.len, &clear, &err),
		      ERR_SEAL);
		sealed.data[i] ^= 1;
	}
	for (size_t n = 0; n < sealed.len; n++)
		fails(vault_open(v, "u-1", "person_field.phone", sealed.data, n, &clear, &err), ERR_SEAL);
	buf_release(&sealed);
	buf_release(&again);
	buf_release(&clear);
}

static void a_locked_vault_gives_and_takes_nothing(void **state)
{
	struct fixture *f = *state;
	unsigned char key[VAULT_KEY_BYTES], other[VAULT_KEY_BYTES] = {1}, hash[VAULT_BLIND_BYTES];
	struct registered r;
	struct db_document d;
	char number[19];
	int64_t who;

	fixture_number(number, 5);
	ok(store_begin(f->s, &err));
	r = fixture_register(f, 5, "钱试二", "qianshier", number, "19900005555");
	ok(store_commit(f->s, &err));
	ok(vault_export_key(store_vault(f->s), key, &err));
	vault_lock(store_vault(f->s));
	assert_int_equal(vault_level(store_vault(f->s)), VAULT_LOCKED);
	fails(vault_export_key(store_vault(f->s), other, &err), ERR_NO_SESSION);
	fails(db_document_current(f->s, r.person, &d, &err), ERR_NO_SESSION);
	fails(db_person_by_document(f->s, "01", number, &who, &err), ERR_NO_SESSION);
	fails(vault_blind(store_vault(f->s), INDEX_PHONE, "1", hash, &err), ERR_NO_SESSION);
	ok(store_begin(f->s, &err));
	fails(db_setting_set(f->s, 0, "token", "t", true, &err), ERR_NO_SESSION);
	store_rollback(f->s);
	fails(vault_adopt_key(f->s, other, &err), ERR_SEAL);
	assert_int_equal(vault_level(store_vault(f->s)), VAULT_LOCKED);
	ok(vault_adopt_key(f->s, key, &err));
	ok(db_document_current(f->s, r.person, &d, &err));
	assert_string_equal(d.number, number);
	ok(db_person_by_document(f->s, "01", number, &who, &err));
	assert_int_equal(who, r.person);
}

static void a_value_moved_in_the_file_is_noticed(void **state)
{
	struct fixture *f = *state;
	struct registered a, b;
	char number[19], phone[32];

	ok(store_begin(f->s, &err));
	fixture_number(number, 1);
	a = fixture_register(f, 1, "孙试三", "sunshisan", number, "19900000001");
	fixture_number(number, 2);
	b = fixture_register(f, 2, "李试四", "lishisi", number, "19900000002");
	ok(store_commit(f->s, &err));
	ok(db_field_load(f->s, OWNER_PERSON, b.person, F_PHONE, phone, sizeof(phone), &err));
	assert_string_equal(phone, "19900000002");
	tamper(f, "UPDATE person_field SET value_sealed = (SELECT value_sealed FROM person_field WHERE owner "
		  "= 1 AND field = 'phone')"
		  " WHERE owner = 2 AND field = 'phone'");
	assert_int_equal(a.person, 1);
	assert_int_equal(b.person, 2);
	fails(db_field_load(f->s, OWNER_PERSON, b.person, F_PHONE, phone, sizeof(phone), &err), ERR_SEAL);
}

/* --- every column
 * ----------------------------------------------------------------------------------------------------------------
 */

/* What may stand in clear (DESIGN 5: name, pinyin, trade, team, company, dates of employment and attendance,
 * codes), and what serves order. */
static const char *const clear_columns[] = {
	/* order, names, codes, states, times, keyed hashes, wraps */
	"*.id",
	"*.uid",
	"*.made_ms",
	"*.project",
	"*.person",
	"*.account",
	"*.state",
	"*.kind",
	"*.role",
	"*.roles",
	"*.form",
	"*.trade",
	"*.type",
	"*.hash",
	"*.origin",
	"*.field",
	"*.owner",
	"*.key_id",
	"*.salt",
	"*.box",
	"*.passes",
	"*.kib",
	"vault_key.kept",
	"account_wrap.public",
	"account_wrap.sealed",
	"rekey.one",
	"rekey.begun_ms",
	"rekey.tbl",
	"rekey.col",
	"rekey.upto",
	"rekey.upto2",
	"rekey.upto3",
	"rekey.resealed",
	"rekey.index_box", /* a key under a key */
	"rekey.stage",
	"rekey.stage_upto",
	"*.participant",
	"*.company",
	"*.employment",
	"*.at_ms",
	"*.event",
	"*.subject",
	"*.fact",
	"*.team",
	"*.scope",
	"*.scope_id",
	"*.view",
	"*.views",
	"*.n",
	"*.entered_on",
	"*.exited_on",
	/* names of people, teams, companies, as lists show and search them */
	"account.name",
	"account.display",
	"project.name",
	"project.code",
	"project.profile",
	"project.status",
	"company.name",
	"company.short_name",
	"company.credit_code",
	"company.area_code",
	"company.registered_on",
	"participant.manager_name",
	"company.on_platform_since",
	"particular.sheet",
	"project_number.number",
	"project_number.kind",
	"application.name",
	"application.applied_on",
	"application.answered_on",
	"project_offer.name",
	"project_offer.code",
	"project_offer.realname_code",
	"project_offer.levy_code",
	"project_offer.contract_code",
	"project_offer.permit",
	"project_offer.taken",
	"team.partner",
	"team.unassociated_on",
	"team.name",
	"team.automatic",
	"team.from_platform",
	"team.leader",
	"team.relation",
	"person.name",
	"person.manual",
	"person.merged_into",
	"member.name",
	"member.sort_key",
	"member.texts",
	"member.manual",
	"member.waiting",
	"member.refused",
	"member.assignment",
	"member.employment_state",
	"member.assignment_state",
	"member_view.sort_key",
	"search.key",
	"search.shared",
	"outbox.title",
	"message.title",
	"audit.who",
	"audit_pending.who",
	/* dates of employment, marks */
	"employment.starts_on",
	"employment.ends_on",
	"employment.leaves_on",
	"employment.trained_on",
	"employment.contract",
	"employment.since_ms",
	"employment.pending",
	"contract.starts_on",
	"contract.ends_on",
	"contract.unit",
	"contract.scan",
	"contract.renews",
	"contract.rank",
	"contract.due",
	"app_registration.since",
	"assignment.leader",
	"assignment.exit_cause",
	"assignment.exit_actor",
	/* the rest, table by table */
	"vault_columns.tbl",
	"vault_columns.col",
	"vault_columns.holds",
	"vault_key.data_check",
	"vault_key.audit_check",
	"account.disabled",
	"account.failures",
	"account.locked_until_ms",
	"account_wrap.level",
	"account_password.mark",
	"setting.name",
	"setting.value",
	"document.from_card",
	"document.current",
	"document.read_ms",
	"person_index.source",
	"attachment.mime",
	"attachment.bytes",
	"attachment_content.attachment",
	"attachment_link.attachment",
	"fact.cycle",
	"fact.actor",
	"fact.authority",
	"fact.on_date",
	"fact.true_date",
	"fact.supersedes",
	"fact.reverses",
	"fact.superseded_by",
	"fact.reversed_by",
	"outbox.op",
	"outbox.rank",
	"outbox.held_until_ms",
	"outbox.epoch",
	"outbox.sequence",
	"outbox.fingerprint",
	"outbox.attempts",
	"outbox.sent_ms",
	"outbox.answered_ms",
	"outbox.code",
	"outbox.number",
	"outbox_need.outbox",
	"line_lost.first",
	"line_lost.last",
	"line.box",
	"line.epoch",
	"line.sequence",
	"line.cursor",
	"line.trouble",
	"line.trouble_ms",
	"line.next_try_ms",
	"line.detail",
	"line.confirmed_ms",
	"maintenance.one",
	"erasure.people",
	"erasure.whole",
	"erasure.pictures",
	"erasure.vals",
	"erasure.digest",
	"delegation.by_account",
	"delegation.until_on",
	"delegation.ended_ms",
	"line.clock_off_ms",
	"line.clock_at_ms",
	"line.far_epoch",
	"line.far_sequence",
	"outbox.area",
	"outbox_area_count.area",
	"device.kind",
	"device.serial",
	"device.maker",
	"device.place",
	"device.model",
	"device.method",
	"device.biometric",
	"device.way",
	"device.allowed",
	"device.heard_ms",
	"device.last_ms",
	"device.gone",
	"device_push.device",
	"device_push.worker",
	"device_push.state",
	"device_push.why",
	"device_push.photo",
	"device_push.at_ms",
	"device_collected.device",
	"device_collected.at_ms",
	"device_collected.settled_ms",
	"device_collected.taken",
	"attachment_upload.attachment",
	"attachment_upload.link",
	"attachment_upload.announced",
	"attachment_upload.done_ms",
	"conflict.about",
	"conflict.subject",
	"conflict.choice",
	"conflict.chosen_ms",
	"inbox.received_ms",
	"inbox.result",
	"message_seen.up_to",
	"delegation.by_account",
	"delegation.until_on",
	"delegation.ended_ms",
	"audit.action",
	"audit.object",
	"audit.object_uid",
	"audit.result",
	"audit.detail",
	"audit.note_uid",
	"audit_pending.action",
	"audit_pending.object",
	"audit_pending.object_uid",
	"audit_pending.result",
	"audit_pending.detail",
	/* people: dates of training and validity, hours, sources, who became whom */
	"*.removed",
	"training.on_date",
	"training.hours",
	"certificate.valid_to",
	"mark.source",
	"mark.until",
	"mark_override.mark",
	"work_history.project_name",
	"work_history.place",
	"work_history.status",
	"work_history.contractor",
	"work_history.received_ms",
	"merge.kept",
	"merge.gone",
	"merge.undone",
	"merge_row.merge",
	"merge_row.tbl",
	"merge_row.row",
	"merge_offer.other",
	"merge_offer.source",
	"merge_offer.settled",
	"fact.act",
	"fact.restates",
	"act.part_of",
	"act.cycle",
	"act.people",
	"act.changes", /* rows as they are on file: what is sealed there is sealed here */
	"act.undone_ms",
	"act.undone_by",
	"outbox_doubt.outbox",
	"outbox_doubt.subject",
	"outbox_doubt.found",
	"act_outbox.act",
	"act_outbox.outbox",
	"delegation.by_account",
	"delegation.until_on",
	"delegation.ended_ms",
	"worker_code.code", /* random: says nothing outside this file */
	"worker_code.void",
	/* attendance: instants, means, devices, hashes of pictures */
	"attendance.assignment",
	"attendance.natural_key",
	"attendance.direction",
	"attendance.means",
	"attendance.device",
	"attendance.source",
	"attendance.picture",
	"attendance.received_ms",
	"attendance_day.day",
	"attendance_day.first_ms",
	"attendance_day.last_ms",
	"attendance_day.first_in_ms",
	"attendance_day.last_out_ms",
	"attendance_day.n",
	"book_entry.book",
	"book_entry.key_hash",
	"book_entry.words",
	"book_word.book",
	"book_word.hash",
	"book_word.entry",
	"book_people.entry",
	"book_training.training",
	"platform_list.worker",
	"platform_list.since_ms",
	"platform_list.heard_ms",
	"platform_list.gone_ms",
	"platform_list.asked_ms",
	"platform_list.differs",
	"book_training.entry",
	"wage.month",
	"wage.back_month",
	"wage.pays",
	"wage.paid_on",
	"wage.days",
	"attendance_month.month",
	"attendance_month.days",
	"attendance_month.last_ms",
	/* key posts, filings, alarms: codes and days; reasons are notes of facts, which are sealed */
	"key_post.post",
	"key_post.seat",
	"key_post.proposed",
	"key_post.since",
	"tenure.key_post",
	"tenure.from_on",
	"tenure.to_on",
	"filing.key_post",
	"filing.from_on",
	"filing.to_on",
	"filing.devices",
	"filing.covered",
	"alarm.month",
	"alarm.since",
	"alarm.raised_on",
};

static bool is_clear(const char *table, const char *column)
{
	char own[128], any[128];

	snprintf(own, sizeof(own), "%s.%s", table, column);
	snprintf(any, sizeof(any), "*.%s", column);
	for (size_t i = 0; i < ARRAY_LEN(clear_columns); i++) {
		if (!strcmp(clear_columns[i], own) || !strcmp(clear_columns[i], any))
			return true;
	}
	return false;
}

/* Taking back rests on SQLite's sessions, which know no generated columns. */
static void no_tracked_table_has_generated_columns(void **state)
{
	struct fixture *f = *state;
	struct query q;
	int64_t n;

	query_open(&q, f->s,
		   "SELECT count(*) FROM sqlite_schema t JOIN pragma_table_xinfo(t.name) c WHERE t.type = 'table' AND c.hidden IN (2, 3)"
		   " AND t.name NOT LIKE 'outbox%'");
	ok(query_int(&q, &n, -1, &err));
	assert_int_equal(n, 0);
}

static void every_column_is_sealed_or_known_to_be_clear(void **state)
{
	struct fixture *f = *state;
	int sealed = 0, clear = 0, listed = 0, bad = 0, got;
	struct query q;

	query_open(&q, f->s,
		   "SELECT t.name, c.name, c.type, v.col IS NOT NULL FROM sqlite_schema t JOIN "
		   "pragma_table_xinfo(t.name) c"
		   " LEFT JOIN vault_columns v ON v.tbl = t.name AND v.col = c.name WHERE t.type = 'table' "
		   "AND t.name NOT LIKE 'sqlite_%'");
	while ((got = query_step(&q, &err)) > 0) {
		char table[64], column[64], type[16];
		bool in_vault = col_int(&q, 3) != 0, named;

		COL_TEXT(&q, 0, table);
		COL_TEXT(&q, 1, column);
		COL_TEXT(&q, 2, type);
		named = strlen(column) > 7 && !strcmp(column + strlen(column) - 7, "_sealed");
		sealed += in_vault;
		clear += is_clear(table, column);
		if (in_vault != named || (in_vault && strcmp(type, "BLOB")) ||
		    in_vault == is_clear(table, column)) {
			print_error("%s.%s: neither one nor the other\n", table, column);
			bad++;
		}
	}
	ok(got);
	query_close(&q);
	query_open(&q, f->s, "SELECT count(*) FROM vault_columns");
	int64_t n;
	ok(query_int(&q, &n, 0, &err));
	listed = (int)n;
	assert_int_equal(bad, 0);
	assert_int_equal(sealed, listed); /* none of them names a column that is not there */
	assert_true(sealed > 15 && clear > 100);
}

/* --- S1
 * ------------------------------------------------------------------------------------------------------------------------------
 */

#define PLANTED 20

static void plant(struct fixture *f, int i, char number[19], char phone[16], char card[24])
{
	static const enum field_id fields[] = {F_BANK_NUMBER, F_WAGE, F_EMERGENCY_PHONE};
	struct db_draft draft = {.account = f->account, .form = "register", .project = f->project};
	struct db_message m = {
		.project = f->project, .kind = "person.message", .subject = "x", .title = "周试五"};
	struct db_audit audit = {.who = "clerk", .action = "reveal", .object = "person"};
	char body[256], change[64];
	struct db_inbox in = {
		.project = f->project, .kind = "person.message", .subject = "x", .uid = change, .body = body};
	struct db_fact fact = {.project = f->project,
			       .cycle = "person",
			       .event = "amend",
			       .actor = "site",
			       .authority = "desk",
			       .on = DATE_NONE,
			       .true_on = DATE_NONE};
	struct db_answer answer = {
		.state = OUTBOX_REJECTED, .at_ms = 5, .code = "phone", .reason = body, .field = "cellPhone"};
	struct registered r;
	struct record rec;
	bool yes;

	fixture_number(number, 770000 + i * 1117);
	snprintf(phone, 16, "1990077%04d", i * 31);
	snprintf(card, 24, "62170077%011d", i * 1234577);
	snprintf(body, sizeof(body),
		 "{\"idCardNumber\":\"%s\",\"cellPhone\":\"%s\",\"payRollBankCardNumber\":\"%s\"}", number,
		 phone, card);
	snprintf(change, sizeof(change), "change-%d", i);
	ok(store_begin(f->s, &err));
	r = fixture_register(f, i, "周试五", "zhoushiwu", number, phone);
	record_init(&rec);
	record_set(&rec, F_BANK_NUMBER, card, ORIGIN_TYPED);
	record_set(&rec, F_WAGE, "450000", ORIGIN_TYPED);
	record_set(&rec, F_EMERGENCY_PHONE, phone, ORIGIN_TYPED);
	ok(db_fields_save(f->s, OWNER_EMPLOYMENT, r.employment, &rec, fields, ARRAY_LEN(fields), &err));
	record_release(&rec);
	ok(db_draft_save(f->s, &draft, body, &err));
	text_copy(m.note, sizeof(m.note), body);
	ok(db_message_insert(f->s, &m, NULL, &err));
	ok(db_inbox_insert(f->s, &in, &yes, &err));
	text_copy(audit.note, sizeof(audit.note), body);
	ok(db_audit_append(f->s, &audit, &err));
	fact.subject = fact.person = r.person;
	text_copy(fact.note, sizeof(fact.note), body);
	ok(db_fact_insert(f->s, &fact, body, NULL, &err));
	ok(db_outbox_freeze(f->s, r.outbox, body, strlen(body), 4, &err));
	ok(db_outbox_answer(f->s, r.outbox, &answer, &yes, &err));
	ok(db_attachment_add(f->s, f->project, r.person, 0, "portrait", "text/plain", body, strlen(body),
			     NULL, &err));
	ok(db_setting_set(f->s, 0, "platform.token", card, true, &err));
	ok(store_commit(f->s, &err));
}

static void twenty_planted_numbers_are_found_nowhere(void **state)
{
	static const char *const ends[] = {"", "-wal", "-shm"};
	struct fixture *f = *state;
	char number[PLANTED][19], phone[PLANTED][16], card[PLANTED][24], path[128];

	for (int i = 0; i < PLANTED; i++)
		plant(f, i, number[i], phone[i], card[i]);
	for (int round = 0; round < 2; round++) { /* with the log full, and written back */
		bool sees = false;

		for (size_t k = 0; k < 3; k++) {
			snprintf(path, sizeof(path), "%s/%s%s", f->dir, FILE_NAME, ends[k]);
			sees = sees || file_has(path, "zhoushiwu", 9);
			for (int i = 0; i < PLANTED; i++) {
				assert_false(file_has(path, number[i], 18));
				assert_false(file_has(path, number[i], 14)); /* nor the most of it */
				assert_false(file_has(path, phone[i], 11));
				assert_false(file_has(path, card[i], 19));
			}
		}
		assert_true(sees); /* the search of this test does find what is there */
		ok(store_checkpoint(f->s, &err));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define WITH(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
		WITH(a_value_opens_only_where_it_was_sealed),
		WITH(a_locked_vault_gives_and_takes_nothing),
		WITH(a_value_moved_in_the_file_is_noticed),
		WITH(every_column_is_sealed_or_known_to_be_clear),
		WITH(no_tracked_table_has_generated_columns),
		WITH(twenty_planted_numbers_are_found_nowhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
