/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * R1, one intention after the other: each use case that writes about people and the outbox, on a site where
 * somebody is at every stage, killed at its commits (killing.h). The site's, the accounts' and the registers':
 * test_kill_more.c. Whole flows are walked in test_kill.c, mixed work in test_cuts.c, every send in
 * tests/sync/test_runner.c.
 *
 * kill_each.sh holds the rows of both against the desk's sources: a new use case that writes has a row, or is
 * named among those that are walked elsewhere.
 */
#include <string.h>

#include "base/text.h"
#include "desk/contract.h"
#include "desk/dossier.h"
#include "desk/merge.h"
#include "desk/photo.h"
#include "desk/results.h"
#include "desk/undo.h"
#include "desk_private.h"
#include "killing.h"
#include "store/outbox.h"

#define PEOPLE 4 /* confirmed, registered, offered, not sent yet */

static struct platform platform;
static int64_t person[PEOPLE];

/* --- the intentions ---------------------------------------------------------------------------------------
 */

static void register_one(struct site *s)
{
	person_register(s, 9, NULL);
}

static void amend(struct site *s)
{
	struct findings f;
	struct record r;
	int changed;

	record_init(&r);
	OK(desk_person_record(s->d, person[0], &r, E));
	assert_int_equal(record_set(&r, F_PHONE, "13900005555", ORIGIN_TYPED), 0);
	assert_int_equal(record_set(&r, F_WAGE, "777700", ORIGIN_TYPED), 0);
	OK(desk_amend(s->d, person[0], &r, &f, &changed, E));
	record_release(&r);
}

/* A second project with a platform of its own, where the same person works. */
static void two_lines(struct site *s)
{
	struct second other;

	OK(desk_setting_set(s->d, "platform.url", "https://a.example.invalid", E));
	site_second(s, "national", &other);
	OK(desk_setting_set(s->d, "platform.url", "https://b.example.invalid", E));
	memcpy(s->labour, other.labour, UID_TEXT);
	memcpy(s->team, other.team, UID_TEXT);
	assert_int_equal(person_register(s, 1, NULL), person[0]);
}

static void act(struct site *s)
{
	person_act(s, person[0], EVENT_ENTER);
}

static void act_on_many(struct site *s)
{
	struct act a = {.event = EVENT_SUBMIT, .persons = person, .n = PEOPLE, .on = DATE_NONE};
	struct verdict v[PEOPLE];
	size_t done;

	OK(desk_act(s->d, &a, v, &done, E));
	assert_int_equal(done, 1);
}

static void alter(struct site *s)
{
	struct alteration a = {
		.kind = ALTER_TRADE, .value = "010", .persons = person, .n = 2, .note = "试验"};
	struct verdict v[2];
	size_t done;

	OK(desk_alter(s->d, &a, v, &done, E));
	assert_true(done > 0);
}

static void lead(struct site *s)
{
	OK(desk_team_lead(s->d, s->team, person[0], E));
}

static void worker_code(struct site *s)
{
	char code[WORKER_CODE_TEXT];

	OK(desk_worker_code(s->d, person[0], false, code, E));
}

static void undo(struct site *s)
{
	struct undo_row row;
	bool more;
	size_t n;

	OK(desk_undo_list(s->d, true, 0, &row, 1, &n, &more, E));
	OK(desk_undo(s->d, row.act, E));
}

static void training(struct site *s)
{
	const struct code *kinds;

	assert_true(profile_codes(desk_profile(s->d), "training_kinds", &kinds) > 0);
	OK(desk_training_add(
		s->d,
		&(struct training_new){
			.persons = person, .n = 2, .kind = kinds[0].code, .on = date_today(), .hours = 4},
		E));
}

static void certificate(struct site *s)
{
	const struct code *kinds;

	assert_true(profile_codes(desk_profile(s->d), "certificate_kinds", &kinds) > 0);
	OK(desk_certificate_add(s->d,
				&(struct certificate_new){.person = person[0],
							  .kind = kinds[0].code,
							  .number = "T0001",
							  .issuer = "某处",
							  .valid_to = date_today() + 100},
				E));
}

static void mark(struct site *s)
{
	OK(desk_mark_set(s->d, &(struct mark_new){.person = person[2], .reason = "试验", .until = DATE_NONE},
			 E));
}

static void contract(struct site *s)
{
	struct contract_new c = {.person = person[1], .kind = "0", .price = -1};
	int64_t id;

	c.starts_on = date_today();
	c.ends_on = c.starts_on + 365;
	OK(desk_contract_add(s->d, &c, NULL, &id, E));
}

static void two(struct site *s)
{
	OK(desk_person_two(s->d, person[0], person[1], "看过了", E));
}

static void photo(struct site *s)
{
	unsigned char jpeg[4000] = {0xFF, 0xD8, 0xFF, 0xDA, 0x00, 0x02};

	jpeg[sizeof(jpeg) - 2] = 0xFF;
	jpeg[sizeof(jpeg) - 1] = 0xD9;
	OK(desk_photo_set(s->d, person[0], PHOTO_FACE, jpeg, sizeof(jpeg), E));
}

static void team_add(struct site *s)
{
	char uid[UID_TEXT];

	OK(desk_team_add(s->d,
			 &(struct team_new){.name = "瓦工班", .kind = "worker", .participant_uid = s->labour},
			 uid, E));
}

static void team_edit(struct site *s)
{
	OK(desk_team_edit(s->d, s->team, "木工甲班", "worker", E));
}

static void team_exit(struct site *s)
{
	OK(desk_team_act(s->d, s->office, EVENT_SITE_EXIT, DATE_NONE, E));
}

static void setting(struct site *s)
{
	OK(desk_setting_set(s->d, "hold_seconds", "5", E));
}

static void send_now(struct site *s)
{
	OK(desk_outbox_send_now(s->d, E));
}

static void send_one(struct site *s)
{
	int64_t id;
	size_t n;

	OK(db_outbox_in_state(s->d->store, s->d->project.id, OUTBOX_HELD, 0, &id, 1, &n, E));
	assert_int_equal(n, 1);
	OK(desk_outbox_send_one(s->d, id, E));
}

static void take_batch(struct site *s)
{
	struct batch b;
	int64_t next;

	clock_fix_ms(now_ms + 60000);
	OK(desk_take_batch(s->d, 100, 1 << 19, &b, &next, E));
	assert_true(b.n > 0);
	desk_release_batch(&b);
	clock_fix_ms(now_ms);
}

static void sending(struct site *s)
{
	take_batch(s);
}

static void recover(struct site *s)
{
	OK(desk_recover_sending(s->d, E));
}

static void answers(struct site *s)
{
	struct answer a[16];
	char ops[16][UID_TEXT];
	int64_t ids[16];
	size_t n;

	OK(db_outbox_in_state(s->d->store, s->d->project.id, OUTBOX_SENDING, 0, ids, 16, &n, E));
	assert_true(n > 0);
	for (size_t i = 0; i < n; i++) {
		struct db_outbox row;

		OK(db_outbox_get(s->d->store, ids[i], &row, E));
		memcpy(ops[i], row.op, UID_TEXT);
		a[i] = (struct answer){.op = ops[i],
				       .kind = i ? ANSWER_ACCEPTED : ANSWER_REJECTED,
				       .reason_code = i ? NULL : "phone"};
	}
	OK(desk_take_answers(s->d, a, n, E));
}

static void refused(struct site *s)
{
	take_batch(s);
	answers(s);
}

static int64_t refused_row(struct site *s)
{
	int64_t id;
	size_t n;

	OK(db_outbox_in_state(s->d->store, s->d->project.id, OUTBOX_REJECTED, 0, &id, 1, &n, E));
	assert_int_equal(n, 1);
	return id;
}

static void retry(struct site *s)
{
	OK(desk_outbox_retry(s->d, refused_row(s), E));
}

static void retry_all(struct site *s)
{
	int64_t n;

	OK(desk_outbox_retry_all(s->d, 0, &n, E));
	assert_int_equal(n, 1);
}

static void give_up(struct site *s)
{
	struct given_up done;

	OK(desk_outbox_give_up(s->d, refused_row(s), &done, E));
}

static void changes(struct site *s)
{
	char uid[UID_TEXT];
	enum applied result;
	struct change c = {.uid = "018f0000-0000-7000-8000-0000000000cc",
			   .kind = "employment.consent",
			   .subject = uid,
			   .at_ms = now_ms};

	person_employment(s, person[2], uid);
	OK(desk_take_changes(s->d, &c, 1, "77", &result, E));
}

static void behind(struct site *s)
{
	OK(desk_set_behind(s->d, &(struct box){.epoch = 3, .sequence = 500}, E));
}

static void take_over(struct site *s)
{
	OK(desk_take_over(s->d, E));
}

static void count_on(struct site *s)
{
	OK(desk_count_on(s->d, 900, E));
}

static void line_state(struct site *s)
{
	OK(desk_set_line_state(s->d, ERR_NET_OFFLINE, now_ms + 5000, "试验", E));
}

static void clock_off(struct site *s)
{
	OK(desk_set_clock(s->d, 600000, E));
}

static const struct intention intentions[] = {
	{"desk_register", NULL, register_one, true},
	{"desk_amend", NULL, amend, true},
	{"desk_amend on two lines", two_lines, amend, true},
	{"desk_photo_set on two lines", two_lines, photo, true},
	{"desk_act", NULL, act, true},
	{"desk_act many", NULL, act_on_many, true},
	{"desk_alter", NULL, alter, true},
	{"desk_team_lead", NULL, lead},
	{"desk_worker_code", NULL, worker_code, true},
	{"desk_undo", NULL, undo, true},
	{"desk_undo act", act, undo, true},
	{"desk_undo amend", amend, undo, true},
	{"desk_training_add", NULL, training, true},
	{"desk_certificate_add", NULL, certificate, true},
	{"desk_mark_set", NULL, mark, true},
	{"desk_contract_add", NULL, contract, true},
	{"desk_person_two", NULL, two, true},
	{"desk_photo_set", NULL, photo, true},
	{"desk_team_add", NULL, team_add, true},
	{"desk_team_edit", NULL, team_edit},
	{"desk_team_act", NULL, team_exit, true},
	{"desk_setting_set", NULL, setting},
	{"desk_outbox_send_now", NULL, send_now, true},
	{"desk_outbox_send_one", NULL, send_one, true},
	{"desk_take_batch", NULL, take_batch, true},
	{"desk_recover_sending", sending, recover, true},
	{"desk_take_answers", sending, answers, true},
	{"desk_outbox_retry", refused, retry, true},
	{"desk_outbox_retry_all", refused, retry_all, true},
	{"desk_outbox_give_up", refused, give_up, true},
	{"desk_take_changes", NULL, changes, true},
	{"desk_set_behind", NULL, behind},
	{"desk_take_over", behind, take_over, true},
	{"desk_count_on", NULL, count_on},
	{"desk_set_line_state", NULL, line_state},
	{"desk_set_clock", NULL, clock_off},
};

/* --- the site
 * -------------------------------------------------------------------------------------------------- */

static void consent(struct site *s, int64_t p)
{
	char uid[UID_TEXT];

	person_employment(s, p, uid);
	change_arrives(s, "employment.consent", uid, APPLIED);
}

static void prepare(struct site *s)
{
	site_make(s, "national");
	site_login(s, "manager");
	OK(desk_account_add(s->d,
			    &(struct account_new){.name = "both",
						  .password = PASSWORD,
						  .roles = ROLE_CLERK | ROLE_PROJECT_MANAGER,
						  .kdf_mib = 8},
			    E));
	site_login(s, "both");
	for (unsigned i = 0; i < PEOPLE - 1; i++)
		person[i] = person_register(s, i + 1, NULL);
	site_drain(s, &platform, NULL);
	consent(s, person[0]);
	consent(s, person[1]);
	person_act(s, person[0], EVENT_SUBMIT);
	site_drain(s, &platform, NULL);
	person[3] = person_register(s, PEOPLE, NULL);
	desk_close(s->d);
	s->d = NULL;
}

static void every_intention(void **state)
{
	struct site origin;

	(void)state;
	prepare(&origin);
	for (size_t i = 0; i < ARRAY_LEN(intentions); i++)
		killed_everywhere(&origin, &intentions[i]);
	print_message("R1: %zu intentions, each killed before its commit and after it\n",
		      ARRAY_LEN(intentions));
	site_drop(&origin);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(every_intention)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
