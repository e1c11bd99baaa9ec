/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * R1, the site's, the accounts' and the registers' use cases: each killed at its commits (killing.h), on a
 * site that rates key posts, one whose people register in the city's app, and one with registers of its own.
 * People and the outbox: test_kill_each.c.
 */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "desk/accounts.h"
#include "desk/alarm.h"
#include "desk/association.h"
#include "desk/attendance.h"
#include "desk/books.h"
#include "desk/contract.h"
#include "desk/device.h"
#include "desk/dossier.h"
#include "desk/gateway.h"
#include "desk/hiring.h"
#include "desk/merge.h"
#include "desk/particulars.h"
#include "desk/photo.h"
#include "desk/post.h"
#include "desk/project.h"
#include "desk/results.h"
#include "desk/terms.h"
#include "desk/upkeep.h"
#include "desk_private.h"
#include "domain/credit_code.h"
#include "folk.h"
#include "killing.h"
#include "own_profile.h"
#include "query.h"

#define SAFETY "P08" /* a key post that asks for two certificates */
#define PEOPLE 3     /* confirmed and no worker's code yet, offered, confirmed too */
#define YEARS 4

static struct platform platform;
static int64_t person[PEOPLE];

/* --- accounts ------------------------------------------------------------------------------------------- */

static void account_add(struct site *s)
{
	OK(desk_account_add(s->d,
			    &(struct account_new){
				    .name = "third", .password = PASSWORD, .roles = ROLE_CLERK, .kdf_mib = 8},
			    E));
}

static void account_disable(struct site *s)
{
	OK(desk_account_disable(s->d, "manager", true, E));
}

static void lend(struct site *s)
{
	OK(desk_lend(s->d, "clerk", ROLE_PROJECT_MANAGER, date_today() + 1, E));
}

static void loan_end(struct site *s)
{
	struct loan row;
	size_t n;

	OK(desk_loan_list(s->d, &row, 1, &n, E));
	assert_int_equal(n, 1);
	OK(desk_loan_end(s->d, row.id, E));
}

static void unattended(struct site *s)
{
	unsigned char secret[DESK_KEY_BYTES];

	OK(desk_unattended_make(s->d, secret, E));
}

static void unattended_end(struct site *s)
{
	OK(desk_unattended_end(s->d, E));
}

/* --- the line ---------------------------------------------------------------------------------------------
 */

static void photo(struct site *s)
{
	unsigned char jpeg[4000] = {0xFF, 0xD8, 0xFF, 0xDA, 0x00, 0x02};

	jpeg[sizeof(jpeg) - 2] = 0xFF;
	jpeg[sizeof(jpeg) - 1] = 0xD9;
	OK(desk_photo_set(s->d, person[0], PHOTO_FACE, jpeg, sizeof(jpeg), E));
}

static void attachments_mark(struct site *s)
{
	struct outgoing_attachment rows[8];
	int64_t ids[8];
	size_t n;

	OK(desk_attachments_open(s->d, 0, rows, ARRAY_LEN(rows), &n, E));
	assert_true(n > 0);
	for (size_t i = 0; i < n; i++)
		ids[i] = rows[i].id;
	OK(desk_attachments_mark(s->d, ids, n, true, E));
}

static void waits_by_hand(struct site *s)
{
	struct batch b;
	int64_t next;

	person_register(s, PEOPLE + 1, NULL);
	site_send_all(s);
	OK(desk_take_batch(s->d, 1, 1 << 19, &b, &next, E));
	assert_int_equal(b.n, 1);
	OK(desk_take_answers(
		s->d,
		&(struct answer){.op = b.item[0].op, .kind = ANSWER_WAITING, .reason_code = OUTBOX_BY_HAND},
		1, E));
	desk_release_batch(&b);
}

static void by_hand_done(struct site *s)
{
	struct outbox_row row;
	struct outbox_page page = {.row = &row, .cap = 1};

	OK(desk_by_hand(s->d, 0, &page, E));
	assert_int_equal(page.n, 1);
	OK(desk_by_hand_done(s->d, row.id, "P-17", E));
}

/* JM-3 849 and 845. */
static void take_list(struct site *s)
{
	struct listed row = {.worker = 10001};

	person_number(1, row.number);
	OK(desk_take_list(s->d, &row, 1, E));
}

static void take_features(struct site *s)
{
	struct unasked who;
	size_t n;

	OK(desk_list_unasked(s->d, &who, 1, &n, E));
	assert_int_equal(n, 1);
	OK(desk_take_features(s->d, who.person, &(struct listed_features){.known = true, .female = true, .name = "张", .birth = DATE_NONE}, E));
}

static void by_hand_kind_done(struct site *s)
{
	struct outbox_row row;
	struct outbox_page page = {.row = &row, .cap = 1};
	int64_t n;

	OK(desk_by_hand(s->d, 0, &page, E));
	OK(desk_by_hand_done_kind(s->d, row.kind, 1, &n, E));
	assert_int_equal(n, 1);
}

static void move_box(struct site *s)
{
	OK(desk_move_box(s->d, E));
}

static void told(struct site *s)
{
	struct folk f;

	OK(folk_load(s->d, person[1], &f, E));
	change_arrives(s, "person.message", f.person.uid, APPLIED);
}

static void messages_seen(struct site *s)
{
	struct message_row row;
	size_t n;

	OK(desk_messages(s->d, 0, &row, 1, &n, E));
	assert_int_equal(n, 1);
	OK(desk_messages_seen(s->d, row.id, E));
}

/* --- what a person's file holds
 * ------------------------------------------------------------------------------ */

static void training(struct site *s)
{
	const struct code *kinds;
	struct training_new t = {.persons = person, .n = 1, .on = date_today(), .hours = 4};

	assert_true(profile_codes(desk_profile(s->d), "training_kinds", &kinds) > 0);
	t.kind = kinds[0].code;
	OK(desk_training_add(s->d, &t, E));
}

static void training_remove(struct site *s)
{
	struct training_row rows[8];
	size_t n;

	OK(desk_training_list(s->d, person[0], rows, ARRAY_LEN(rows), &n, E));
	assert_true(n > 0);
	OK(desk_training_remove(s->d, rows[0].id, "记错了", E));
}

static void holds(struct site *s, const char *kind)
{
	OK(desk_certificate_add(s->d,
				&(struct certificate_new){.person = person[0],
							  .kind = kind,
							  .number = "T0001",
							  .issuer = "某处",
							  .valid_to = date_today() + 400},
				E));
}

static void certificates(struct site *s)
{
	holds(s, "AQY");
	holds(s, "AKC");
}

static int64_t a_certificate(struct site *s)
{
	struct certificate_row row;
	size_t n;

	OK(desk_certificate_list(s->d, person[0], &row, 1, &n, E));
	assert_int_equal(n, 1);
	return row.id;
}

static void certificate_remove(struct site *s)
{
	OK(desk_certificate_remove(s->d, a_certificate(s), "记错了", E));
}

static void certificate_reveal(struct site *s)
{
	char number[64];

	OK(desk_certificate_reveal(s->d, a_certificate(s), "核对", number, sizeof(number), E));
	assert_string_equal(number, "T0001");
}

static void marked(struct site *s)
{
	OK(desk_mark_set(s->d, &(struct mark_new){.person = person[0], .reason = "试验", .until = DATE_NONE},
			 E));
}

static int64_t the_mark(struct site *s)
{
	struct mark_row row;
	size_t n;

	OK(desk_mark_list(s->d, person[0], &row, 1, &n, E));
	assert_int_equal(n, 1);
	return row.id;
}

static void mark_lift(struct site *s)
{
	OK(desk_mark_lift(s->d, the_mark(s), "已经查清", E));
}

static void mark_override(struct site *s)
{
	OK(desk_mark_override(s->d, the_mark(s), "已经谈话", E));
}

static void person_whole(struct site *s)
{
	struct buf out;

	buf_init(&out, 8 << 20);
	OK(desk_person_whole(s->d, person[0], "本人要求", &out, E));
	assert_true(out.len > 100);
	buf_wipe_release(&out);
}

/* Nobody is employed twice on one project. */
static void leaves(struct site *s)
{
	person_act(s, person[1],
		   person_employment(s, person[1], NULL) == EMPLOYMENT_OFFERED ? EVENT_WITHDRAW_OFFER
									       : EVENT_CONTRACT_ENDED);
}

static void merge(struct site *s)
{
	OK(desk_person_merge(s->d, person[0], person[1], "同一人", E));
}

static void merged(struct site *s)
{
	leaves(s);
	merge(s);
}

static void unmerge(struct site *s)
{
	int64_t gone;

	OK(desk_person_unmerge(s->d, person[0], "核对有误", &gone, E));
	assert_int_equal(gone, person[1]);
}

static void app_record(struct site *s)
{
	OK(desk_app_record(s->d, person[0], EVENT_APP_APPLY, DATE_NONE, E));
}

/* --- contracts
 * ------------------------------------------------------------------------------------------------ */

static struct contract_new terms_of(int64_t who)
{
	struct contract_new c = {.person = who, .kind = "0", .price = -1};

	c.starts_on = date_today();
	c.ends_on = c.starts_on + 365;
	return c;
}

static void contract(struct site *s)
{
	struct contract_new c = terms_of(person[0]);
	int64_t id;

	OK(desk_contract_add(s->d, &c, NULL, &id, E));
}

static int64_t the_contract(struct site *s)
{
	struct contract_row rows[8];
	struct contract_page page = {.row = rows, .cap = ARRAY_LEN(rows)};

	OK(desk_contracts(s->d, &(struct contract_query){.person = person[0]}, &page, E));
	assert_true(page.n > 0);
	return rows[0].id;
}

static void contract_edit(struct site *s)
{
	struct contract_new c = terms_of(person[0]);

	c.ends_on += 30;
	OK(desk_contract_edit(s->d, the_contract(s), &c, NULL, E));
}

static void contract_act(struct site *s)
{
	OK(desk_contract_act(s->d, the_contract(s), EVENT_CONTRACT_TERMINATE, DATE_NONE, "试验", NULL, E));
}

static void contract_set_scan(struct site *s)
{
	static const char pdf[] = "%PDF-1.4 scan\n%%EOF\n";

	OK(desk_contract_set_scan(s->d, the_contract(s), pdf, sizeof(pdf) - 1, E));
}

/* --- on site
 * -------------------------------------------------------------------------------------------------- */

static void entered(struct site *s)
{
	person_act(s, person[0], EVENT_ENTER);
}

static void entered_late(struct site *s)
{
	struct act a = {.event = EVENT_ENTER,
			.persons = person,
			.n = 1,
			.on = DATE_NONE,
			.true_on = date_today() - 1,
			.note = "断网一天"};
	struct verdict v;
	size_t done;

	OK(desk_act(s->d, &a, &v, &done, E));
	if (done != 1)
		fail_msg("%s", v.why);
}

static void late_evidence(struct site *s)
{
	static const unsigned char pdf[] = "%PDF-1.4 evidence";
	struct evidence v = {"application/pdf", pdf, sizeof(pdf)};
	struct late_row row;
	size_t n;

	OK(desk_late_list(s->d, 0, &row, 1, &n, E));
	assert_int_equal(n, 1);
	OK(desk_late_evidence_add(s->d, row.fact, &v, E));
}

static void clocked(struct site *s)
{
	struct clocking c = {.person = person[0], .means = CLOCK_WORKER_CODE, .source = CLOCK_AT_DESK};
	struct clocked out;
	struct verdict v;

	OK(desk_clock(s->d, &c, &v, &out, E));
	if (!v.can)
		fail_msg("%s; %s", v.why, v.would);
}

static void device_add(struct site *s)
{
	char uid[UID_TEXT];

	OK(desk_device_add(s->d, &(struct device_new){.serial = "KQ-0009", .place = "南门"}, uid, E));
}

static int64_t device_id(struct site *s)
{
	struct device_row row;

	OK(desk_device_by_serial(s->d, "KQ-0009", &row, E));
	return row.id;
}

static void device_edit(struct site *s)
{
	OK(desk_device_edit(s->d, device_id(s), &(struct device_new){.place = "北门"}, E));
}

static void device_stop(struct site *s)
{
	OK(desk_device_allow(s->d, device_id(s), false, E));
}

static void device_gone(struct site *s)
{
	OK(desk_device_withdraw(s->d, device_id(s), E));
}

/* --- what devices ask and bring: with the runner's key, as the gateway has it ----------------------------- */

static struct device_caller caller(struct site *s)
{
	struct device_caller c = {.id = device_id(s), .project = desk_project(s->d)->id, .serial = "KQ-0009"};
	unsigned char key[DESK_KEY_BYTES];

	OK(desk_export_key(s->d, key, E));
	OK(desk_adopt_key(s->d, key, E));
	return c;
}

static void gate_ready(struct site *s)
{
	entered(s);
	photo(s);
	device_add(s);
}

static void features(struct site *s)
{
	struct device_caller c = caller(s);
	struct gateway_features f;
	char number[19];
	struct buf jpeg;

	person_number(1, number);
	buf_init(&jpeg, 1u << 16);
	OK(desk_gateway_features(s->d, &c, number, &f, &jpeg, E));
	assert_int_equal(f.who.worker, person[0]);
	buf_wipe_release(&jpeg);
}

static void on_device_and_gone(struct site *s)
{
	gate_ready(s);
	features(s);
	site_login(s, "both");
	person_act(s, person[0], EVENT_EXIT);
}

static void list_fetched(struct site *s)
{
	struct device_caller c = caller(s);
	struct gateway_person *rows;
	size_t n;

	OK(desk_gateway_list(s->d, &c, 100, &rows, &n, E));
	assert_int_equal(n, 0);
	free(rows);
}

static void punched(struct site *s)
{
	static const unsigned char jpeg[] = {0xFF, 0xD8, 0xFF, 0xDA, 0x00, 0x02, 0xFF, 0xD9};
	struct device_caller c = caller(s);
	struct gateway_punch p = {.worker = (uint32_t)person[0], .at_ms = now_ms, .mode = GATEWAY_FACE, .picture = jpeg, .picture_bytes = sizeof(jpeg)};
	enum punched out;
	char words[200];

	OK(desk_gateway_punch(s->d, &c, &p, &out, words, sizeof(words), E));
	if (out == PUNCH_REFUSED)
		fail_msg("%s", words);
}

static void collects(struct site *s)
{
	struct device_caller c = caller(s);
	struct record r;

	person_record(s, &r, 1, true);
	OK(desk_gateway_collected(s->d, &c, &r, NULL, 0, E));
	record_release(&r);
}

static void collected(struct site *s)
{
	device_add(s);
	collects(s);
	site_login(s, "both");
}

static int64_t collected_id(struct site *s)
{
	struct collected_row row;
	size_t n;

	OK(desk_collected_list(s->d, 0, &row, 1, &n, E));
	assert_int_equal(n, 1);
	return row.id;
}

static void collected_take(struct site *s)
{
	OK(desk_collected_take(s->d, collected_id(s), person[0], E));
}

static void collected_drop(struct site *s)
{
	OK(desk_collected_drop(s->d, collected_id(s), E));
}

/* --- teams of a labour subcontractor (CD 3.3.3) --- */

static struct association papers(struct site *s)
{
	static const char pdf[] = "%PDF-1.4 association";

	return (struct association){.team_uid = s->office, .company = "青禾试劳有限公司", .evidence = pdf, .evidence_bytes = sizeof(pdf),
				    .mime = "application/pdf", .on = DATE_NONE};
}

/* The subcontractor must have logged in to the platform. */
static void partner_known(struct site *s)
{
	struct participant_row rows[8];
	struct sheet_findings f;
	struct company_row company;
	struct particulars p;
	size_t n, changed;

	OK(desk_participant_list(s->d, rows, ARRAY_LEN(rows), &n, E));
	for (size_t i = 0; i < n; i++)
		if (!strcmp(rows[i].uid, s->labour))
			OK(desk_company_by_code(s->d, rows[i].credit_code, &company, E));
	OK(desk_sheet(s->d, SHEET_COMPANY, company.uid, &p, E));
	particulars_set(&p, "on_platform_since", "2026-01-05");
	OK(desk_sheet_save(s->d, &p, company.uid, &f, &changed, E));
}

static void association_ask(struct site *s)
{
	struct association a = papers(s);

	OK(desk_association_ask(s->d, &a, E));
}

static void associated(struct site *s)
{
	partner_known(s);
	association_ask(s);
	change_arrives(s, "team.association_confirmed", s->office, APPLIED);
}

static void association_unbind(struct site *s)
{
	struct association a = papers(s);

	OK(desk_association_unbind(s->d, &a, E));
}

/* --- terms of keeping --- */

static void term_keep(struct site *s)
{
	OK(desk_term_keep(s->d, TERM_FACTS, 5, E));
}

static void term_settled(struct site *s)
{
	OK(desk_term_settled(s->d, date_today(), E));
}

/* --- the site's companies and teams
 * ----------------------------------------------------------------------------- */

static const char *credit_code(void)
{
	static char code[19] = "91440499MA0TEXTD4";

	code[17] = credit_code_check_digit(code);
	return code;
}

static void company(struct site *s, char uid[UID_TEXT])
{
	struct particulars p = {.sheet = SHEET_COMPANY};
	struct sheet_findings f;
	size_t changed;

	particulars_set(&p, "credit_code", credit_code());
	particulars_set(&p, "name", "试建机电有限公司");
	particulars_set(&p, "short_name", "试机电");
	particulars_set(&p, "area_code", "440499");
	particulars_set(&p, "registered_on", "2018-03-07");
	uid[0] = '\0';
	OK(desk_sheet_save(s->d, &p, uid, &f, &changed, E));
}

static void company_save(struct site *s)
{
	char uid[UID_TEXT];

	company(s, uid);
}

static void participant_add(struct site *s)
{
	struct company_row row;
	char uid[UID_TEXT];

	OK(desk_company_by_code(s->d, credit_code(), &row, E));
	OK(desk_participant_add(s->d, &(struct participant_new){.company_uid = row.uid, .type = "006"}, uid,
				E));
}

static void with_participant(struct site *s)
{
	company_save(s);
	participant_add(s);
}

static void newest_participant(struct site *s, char uid[UID_TEXT])
{
	struct participant_row rows[8];
	size_t n;

	OK(desk_participant_list(s->d, rows, ARRAY_LEN(rows), &n, E));
	assert_int_equal(n, 3);
	memcpy(uid, rows[n - 1].uid, UID_TEXT);
}

static void participant_act(struct site *s)
{
	char uid[UID_TEXT];

	newest_participant(s, uid);
	OK(desk_participant_act(s->d, uid, EVENT_SITE_ENTER, DATE_NONE, E));
}

static void participant_delete(struct site *s)
{
	char uid[UID_TEXT];

	newest_participant(s, uid);
	OK(desk_participant_delete(s->d, uid, E));
}

static void team_made(struct site *s)
{
	char uid[UID_TEXT];

	OK(desk_team_add(
		s->d, &(struct team_new){.name = "错建班组", .kind = "worker", .participant_uid = s->labour},
		uid, E));
}

static void team_delete(struct site *s)
{
	struct team_row rows[16];
	size_t n;

	OK(desk_team_list(s->d, rows, ARRAY_LEN(rows), &n, E));
	for (size_t i = 0; i < n; i++)
		if (!strcmp(rows[i].name, "错建班组"))
			OK(desk_team_delete(s->d, rows[i].uid, E));
}

/* --- the project
 * -------------------------------------------------------------------------------------------------- */

static void project_add(struct site *s)
{
	struct project made;

	OK(desk_project_add(s->d, &(struct project_new){.name = "云溪花园二期（试验）"}, &made, E));
}

static void project_act(struct site *s)
{
	OK(desk_project_act(s->d, EVENT_STOP, DATE_NONE, E));
}

static void offered(struct site *s)
{
	enum applied result;
	struct change c = {.uid = "018f0000-0000-7000-8000-0000000000c1",
			   .kind = "project.offer",
			   .subject = "018f0000-0000-7000-8000-0000000000c2",
			   .at_ms = CLOCK_START,
			   .project = {.name = "五期（试验）", .levy_code = "ZG-5"}};

	OK(desk_take_changes(s->d, &c, 1, "c1", &result, E));
	assert_int_equal(result, APPLIED);
}

static void offer_take(struct site *s)
{
	struct project_offer row;
	struct project made;
	size_t n;

	OK(desk_offer_list(s->d, 0, &row, 1, &n, E));
	assert_int_equal(n, 1);
	OK(desk_offer_take(s->d, row.id, &made, E));
}

static void applied_for(struct site *s)
{
	static const char *const said[][2] = {{"name", "云溪花园三期（试验）"},
					      {"supplier", "试验供应商"},
					      {"kind", "市政工程"},
					      {"status", "在建"},
					      {"address", "某市某路"},
					      {"applicant", "李试申"},
					      {"mobile", "13800005555"},
					      {"email", "a@example.com"}};
	struct particulars p = {.sheet = SHEET_APPLICATION};
	struct sheet_findings f;
	char uid[UID_TEXT] = "";
	size_t changed;

	for (size_t i = 0; i < ARRAY_LEN(said); i++)
		particulars_set(&p, said[i][0], said[i][1]);
	OK(desk_sheet_save(s->d, &p, uid, &f, &changed, E));
}

static void application_act(struct site *s)
{
	struct application_row row;
	size_t n;

	OK(desk_application_list(s->d, 0, &row, 1, &n, E));
	assert_int_equal(n, 1);
	OK(desk_application_act(s->d, row.uid, EVENT_TURN_DOWN, DATE_NONE, "许可证不清楚", E));
}

static void over_for_years(struct site *s)
{
	OK(desk_project_act(s->d, EVENT_COMPLETE, DATE_NONE, E));
	OK(desk_term_settled(s->d, date_today(), E));
}

static void term_erase(struct site *s)
{
	struct erasure_row row;
	bool clean;

	clock_fix_ms(now_ms + YEARS * 366 * 86400000LL);
	site_login(s, "both");
	OK(desk_term_erase(s->d, TERM_FACTS, TERM_WORD, &row, &clean, E));
	clock_fix_ms(now_ms);
}

/* --- key posts, alarms, filings
 * ------------------------------------------------------------------------------------ */

static void post_act(struct site *s)
{
	OK(desk_post_act(s->d,
			 &(struct post_act){.event = EVENT_POST_FILL,
					    .post = SAFETY,
					    .seat = 1,
					    .person = person[0],
					    .on = DATE_NONE},
			 E));
}

static void officer(struct site *s)
{
	certificates(s);
	post_act(s);
}

static void absence_file(struct site *s)
{
	struct absence_new a = {
		.post = SAFETY, .seat = 1, .from = date_today(), .to = DATE_NONE, .reason = "开会"};

	OK(desk_absence_file(s->d, &a, E));
}

static void outage_file(struct site *s)
{
	struct outage_new o = {
		.from = date_today(), .to = DATE_NONE, .devices = 2, .covered = 1, .reason = "断电"};

	OK(desk_outage_file(s->d, &o, E));
}

static int64_t the_filing(struct site *s)
{
	struct filing_row row;
	size_t n;

	OK(desk_filing_list(s->d, &row, 1, &n, E));
	assert_int_equal(n, 1);
	return row.id;
}

static void outage_cover(struct site *s)
{
	OK(desk_outage_cover(s->d, the_filing(s), 2, E));
}

static void filing_remove(struct site *s)
{
	OK(desk_filing_remove(s->d, the_filing(s), "记错了", E));
}

static void alarm_act(struct site *s)
{
	struct alarm_act a = {.event = EVENT_ALARM_RAISE,
			      .kind = WATCH_POST_RATE,
			      .subject = SAFETY,
			      .month = 202611,
			      .on = DATE_NONE};

	OK(desk_alarm_act(s->d, &a, E));
}

/* --- registers
 * ---------------------------------------------------------------------------------------------------------
 */

static void book_save(struct site *s)
{
	struct book_finding f;
	struct book_entry e;
	int64_t id;

	OK(desk_book_begin(s->d, "tools", person[0], &e, E));
	text_copy(e.value[1], BOOK_VALUE, "电钻");
	text_copy(e.value[2], BOOK_VALUE, "2");
	OK(desk_book_save(s->d, "tools", &e, NULL, 0, &id, &f, E));
}

static void book_remove(struct site *s)
{
	struct book_entry row;
	size_t n;

	OK(desk_book_list(s->d, "tools", 0, 0, &row, 1, &n, E));
	assert_int_equal(n, 1);
	OK(desk_book_remove(s->d, "tools", row.id, "记错了", E));
}

/* Entries of a former version: found when somebody looks, and from then on. */
static void words_missing(struct site *s)
{
	struct query q;

	book_save(s);
	OK(store_begin(s->d->store, E));
	query_open(&q, s->d->store, "DELETE FROM book_word");
	OK(query_run(&q, E));
	query_open(&q, s->d->store, "UPDATE book_entry SET words = 0");
	OK(query_run(&q, E));
	OK(store_commit(s->d->store, E));
}

static void book_find(struct site *s)
{
	struct book_entry row;
	size_t n;

	OK(desk_book_find(s->d, "tools", "电钻", 0, &row, 1, &n, E));
	assert_int_equal(n, 1);
}

/* --- the rows
 * ------------------------------------------------------------------------------------------------------------
 */

/* A site whose key posts' attendance counts. */
static const struct intention rated[] = {
	{"desk_account_add", NULL, account_add, true},
	{"desk_account_disable", NULL, account_disable, true},
	{"desk_lend", NULL, lend, true},
	{"desk_loan_end", lend, loan_end, true},
	{"desk_unattended_make", NULL, unattended, true},
	{"desk_unattended_end", unattended, unattended_end, true},
	{"desk_attachments_mark", photo, attachments_mark, true},
	{"desk_take_list", NULL, take_list, true},
	{"desk_take_features", take_list, take_features, true},
	{"desk_by_hand_done", waits_by_hand, by_hand_done, true},
	{"desk_by_hand_done_kind", waits_by_hand, by_hand_kind_done, true},
	{"desk_move_box", NULL, move_box, true},
	{"desk_messages_seen", told, messages_seen, true},
	{"desk_training_remove", training, training_remove, true},
	{"desk_certificate_remove", certificates, certificate_remove, true},
	{"desk_certificate_reveal", certificates, certificate_reveal}, /* only recorded */
	{"desk_mark_lift", marked, mark_lift, true},
	{"desk_mark_override", marked, mark_override, true},
	{"desk_person_whole", NULL, person_whole}, /* only recorded */
	{"desk_person_merge", leaves, merge, true},
	{"desk_person_unmerge", merged, unmerge, true},
	{"desk_contract_edit", contract, contract_edit, true},
	{"desk_contract_act", contract, contract_act, true},
	{"desk_contract_set_scan", contract, contract_set_scan, true},
	{"desk_late_evidence_add", entered_late, late_evidence, true},
	{"desk_device_add", NULL, device_add, true},
	{"desk_device_edit", device_add, device_edit, true},
	{"desk_device_allow", device_add, device_stop, true},
	{"desk_device_withdraw", device_add, device_gone, true},
	{"desk_gateway_features", gate_ready, features, true},
	{"desk_gateway_list", on_device_and_gone, list_fetched, true},
	{"desk_gateway_punch", gate_ready, punched, true},
	{"desk_gateway_collected", device_add, collects, true},
	{"desk_collected_take", collected, collected_take, true},
	{"desk_collected_drop", collected, collected_drop, true},
	{"desk_association_ask", partner_known, association_ask, true},
	{"desk_association_unbind", associated, association_unbind, true},
	{"desk_term_keep", NULL, term_keep, true},
	{"desk_term_settled", NULL, term_settled, true},
	{"desk_sheet_save", NULL, company_save, true},
	{"desk_participant_add", company_save, participant_add, true},
	{"desk_participant_act", with_participant, participant_act, true},
	{"desk_participant_delete", with_participant, participant_delete, true},
	{"desk_team_delete", team_made, team_delete, true},
	{"desk_project_add", NULL, project_add, true},
	{"desk_project_act", NULL, project_act, true},
	{"desk_offer_take", offered, offer_take, true},
	{"desk_application_act", applied_for, application_act, true},
	{"desk_term_erase", over_for_years, term_erase, true},
	{"desk_post_act", certificates, post_act, true},
	{"desk_absence_file", officer, absence_file, true},
	{"desk_outage_file", NULL, outage_file, true},
	{"desk_outage_cover", outage_file, outage_cover, true},
	{"desk_filing_remove", outage_file, filing_remove, true},
	{"desk_alarm_act", NULL, alarm_act, true},
};

/* A site whose people register in the city's app and show their code at the gate. */
static const struct intention with_app[] = {
	{"desk_app_record", NULL, app_record, true},
	{"desk_clock", entered, clocked, true},
};

/* A site with registers of its own. */
static const struct intention with_books[] = {
	{"desk_book_save", NULL, book_save, true},
	{"desk_book_remove", book_save, book_remove, true},
	{"desk_book_find", words_missing, book_find, true},
};

/* --- the sites
 * -------------------------------------------------------------------------------------------------------------
 */

static void consents(struct site *s, int64_t p)
{
	char uid[UID_TEXT];

	if (person_employment(s, p, uid) == EMPLOYMENT_OFFERED)
		change_arrives(s, "employment.consent", uid, APPLIED);
	if (person_employment(s, p, uid) == EMPLOYMENT_ACCEPTED) {
		person_act(s, p, EVENT_REGISTER);
		change_arrives(s, "employment.done", uid, APPLIED);
	}
}

static void settle_in(struct site *s)
{
	for (unsigned i = 0; i < PEOPLE; i++)
		person[i] = person_register(s, i + 1, NULL);
	site_drain(s, &platform, NULL);
	consents(s, person[0]);
	consents(s, person[2]);
	if (person_assignment(s, person[0], NULL) < ASSIGNMENT_CONFIRMED)
		person_act(s, person[0], EVENT_SUBMIT);
}

static void prepare(struct site *s, const char *profile)
{
	struct account_new both = {.name = "both", .password = PASSWORD, .kdf_mib = 8};

	both.roles = ROLE_CLERK | ROLE_PROJECT_MANAGER | ROLE_COMPANY_HR | ROLE_LEGAL_REPRESENTATIVE;
	site_make(s, profile);
	site_login(s, "manager");
	OK(desk_account_add(s->d, &both, E));
	site_login(s, "both");
	settle_in(s);
}

static void close_origin(struct site *s)
{
	desk_close(s->d);
	s->d = NULL;
}

static void each(const struct site *origin, const struct intention *rows, size_t n)
{
	for (size_t i = 0; i < n; i++)
		killed_everywhere(origin, &rows[i]);
	print_message("R1: %zu intentions, each killed before its commit and after it\n", n);
}

static void project_says(struct site *s, const char *name, const char *value)
{
	struct particulars p;
	struct sheet_findings f;
	char uid[UID_TEXT];
	size_t changed;

	text_copy(uid, sizeof(uid), s->d->project.uid);
	OK(desk_sheet(s->d, SHEET_PROJECT, uid, &p, E));
	particulars_set(&p, name, value);
	OK(desk_sheet_save(s->d, &p, uid, &f, &changed, E));
}

static void rated_site(void **state)
{
	struct site origin;

	(void)state;
	prepare(&origin, "chengdu");
	project_says(&origin, "kind", "房建");
	project_says(&origin, "area", "32000");
	project_says(&origin, "standing", "local");
	project_says(&origin, "filed_on", "2026-11-10");
	close_origin(&origin);
	each(&origin, rated, ARRAY_LEN(rated));
	site_drop(&origin);
}

static void app_site(void **state)
{
	struct site origin;

	(void)state;
	prepare(&origin, "shanghai");
	close_origin(&origin);
	each(&origin, with_app, ARRAY_LEN(with_app));
	site_drop(&origin);
}

static void books_site(void **state)
{
	struct own_profile own;
	struct site origin;

	(void)state;
	own_profile_make(&own, "books/own.json");
	site_profiles = own.dir;
	prepare(&origin, "own");
	close_origin(&origin);
	each(&origin, with_books, ARRAY_LEN(with_books));
	site_drop(&origin);
	own_profile_drop(&own);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(rated_site), cmocka_unit_test(app_site),
					   cmocka_unit_test(books_site)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
