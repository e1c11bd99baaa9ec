/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the platform refused is given up: one out of many, with what waits for it, and what stands in the way.
 */
#include <string.h>

#include "base/text.h"
#include "desk/merge.h"
#include "desk/results.h"
#include "desk/undo.h"
#include "desk_private.h"
#include "desk_site.h"
#include "folk.h"
#include "store/hiring.h"
#include "store/outbox.h"
#include "store/person.h"
#include "wire.h"

#define REFUSED_WHY(call, expected, words)                                                                   \
	do {                                                                                                 \
		struct err e_ = {ERR_NONE};                                                                  \
		assert_int_not_equal((call), 0);                                                             \
		if (e_.code != (expected) || !strstr(e_.detail, words))                                      \
			fail_msg("%s: %s: %s (expected %s)", #call, err_name(e_.code), e_.detail, words);    \
	} while (0)

#define PEOPLE 3

static struct given_up done;

/* Everything that may go goes; one after the other; what is of this kind and person is refused. The row; 0:
 * none was. */
static int64_t answered(struct site *s, const char *kind, int64_t person)
{
	int64_t next, refused = 0;
	struct db_outbox row;
	struct batch b;

	site_send_all(s);
	for (;;) {
		OK(desk_take_batch(s->d, 1, 1 << 19, &b, &next, E));
		if (!b.n)
			return refused;
		for (size_t i = 0; i < b.n; i++) {
			struct answer a = {.op = b.item[i].op, .kind = ANSWER_ACCEPTED};

			OK(db_outbox_get(s->d->store, b.item[i].id, &row, E));
			if (kind && row.person == person && !strcmp(row.kind, kind)) {
				a = (struct answer){.op = b.item[i].op,
						    .kind = ANSWER_REJECTED,
						    .reason_code = "wrong-state"};
				refused = row.id;
			}
			OK(desk_take_answers(s->d, &a, 1, E));
		}
		desk_release_batch(&b);
	}
}

static int64_t in_state(struct site *s, enum outbox_state state)
{
	struct outbox_counts c;

	OK(desk_outbox_counts(s->d, &c, E));
	return c.state[state];
}

static int64_t open_rows(struct site *s)
{
	return in_state(s, OUTBOX_HELD) + in_state(s, OUTBOX_READY) + in_state(s, OUTBOX_SENDING) +
	       in_state(s, OUTBOX_REJECTED);
}

static void act_on(struct site *s, enum event event, const int64_t *persons, size_t n)
{
	struct act a = {.event = event, .persons = persons, .n = n, .on = DATE_NONE};
	struct verdict v[PEOPLE];
	size_t count;

	OK(desk_act(s->d, &a, v, &count, E));
	if (count != n)
		fail_msg("%s: %s", event_name(event), v[0].why);
}

static void consents(struct site *s, int64_t person)
{
	char uid[UID_TEXT];

	person_employment(s, person, uid);
	change_arrives(s, "employment.consent", uid, APPLIED);
}

/* All of them are ready to enter, and the platform knows it. */
static void confirmed(struct site *s, int64_t person[PEOPLE])
{
	site_make(s, "national");
	for (unsigned i = 0; i < PEOPLE; i++)
		person[i] = person_register(s, i + 1, NULL);
	answered(s, NULL, 0);
	for (unsigned i = 0; i < PEOPLE; i++)
		consents(s, person[i]);
	act_on(s, EVENT_SUBMIT, person, PEOPLE);
	site_login(s, "manager");
	if (person_assignment(s, person[0], NULL) != ASSIGNMENT_CONFIRMED)
		act_on(s, EVENT_CONFIRM, person, PEOPLE);
	answered(s, NULL, 0);
	assert_int_equal(open_rows(s), 0);
}

/* 40 enter at once, one is refused: the others stay where they are. */
static void one_of_many(void **state)
{
	int64_t person[PEOPLE], refused, before;
	struct site s;

	(void)state;
	confirmed(&s, person);
	act_on(&s, EVENT_ENTER, person, PEOPLE);
	refused = answered(&s, "assignment.enter", person[1]);
	assert_true(refused > 0);
	before = in_state(&s, OUTBOX_WITHDRAWN);
	OK(desk_outbox_give_up_preview(s.d, refused, &done, E));
	assert_int_equal(done.withdrawn, 1);
	assert_int_equal(in_state(&s, OUTBOX_REJECTED), 1); /* nothing is written */
	assert_int_equal(person_assignment(&s, person[1], NULL), ASSIGNMENT_ON_SITE);
	OK(desk_outbox_give_up(s.d, refused, &done, E));
	assert_non_null(strstr(done.says, "进场"));
	assert_int_equal(in_state(&s, OUTBOX_WITHDRAWN), before + 1);
	assert_int_equal(open_rows(&s), 0);
	assert_int_equal(person_assignment(&s, person[0], NULL), ASSIGNMENT_ON_SITE);
	assert_int_equal(person_assignment(&s, person[1], NULL), ASSIGNMENT_CONFIRMED);
	assert_int_equal(person_assignment(&s, person[2], NULL), ASSIGNMENT_ON_SITE);
	act_on(&s, EVENT_ENTER, &person[1], 1); /* and enters another day */
	assert_int_equal(answered(&s, NULL, 0), 0);
	assert_int_equal(open_rows(&s), 0);
	site_drop(&s);
}

/* What was done since stands in the way, until it is taken back. */
static void later_ones_first(void **state)
{
	int64_t person[PEOPLE], refused;
	struct undo_row row;
	struct site s;
	size_t n;
	bool more;

	(void)state;
	confirmed(&s, person);
	act_on(&s, EVENT_ENTER, person, PEOPLE);
	refused = answered(&s, "assignment.enter", person[1]);
	clock_add(60000);
	act_on(&s, EVENT_EXIT, &person[1], 1);
	REFUSED_WHY(desk_outbox_give_up(s.d, refused, &done, E), ERR_FORBIDDEN, "先撤销后来的");
	assert_int_equal(person_assignment(&s, person[1], NULL), ASSIGNMENT_EXITED);
	assert_int_equal(in_state(&s, OUTBOX_REJECTED), 1);
	OK(desk_undo_list(s.d, true, 0, &row, 1, &n, &more, E));
	OK(desk_undo(s.d, row.act, E));
	OK(desk_outbox_give_up(s.d, refused, &done, E));
	assert_int_equal(person_assignment(&s, person[1], NULL), ASSIGNMENT_CONFIRMED);
	site_drop(&s);
}

/* Of one who is to leave in two days the platform does not hear. The refused row. */
static int64_t refused_leaving(struct site *s, int64_t person)
{
	struct act a = {.event = EVENT_RECORD_LEAVING, .persons = &person, .n = 1, .on = date_today() + 2};
	struct verdict v;
	size_t count;

	OK(desk_act(s->d, &a, &v, &count, E));
	if (!count)
		fail_msg("%s", v.why);
	return answered(s, "employment.record_leaving", person);
}

/* The platform says that the employment is over: the day of leaving that it refused before may be laid down. */
static void over_on_the_platform(void **state)
{
	int64_t person[PEOPLE], refused;
	char uid[UID_TEXT];
	struct site s;

	(void)state;
	confirmed(&s, person);
	site_login(&s, "clerk");
	refused = refused_leaving(&s, person[1]);
	assert_true(refused > 0);
	person_employment(&s, person[1], uid);
	change_arrives(&s, "employment.died", uid, APPLIED);
	OK(desk_outbox_give_up_preview(s.d, refused, &done, E));
	assert_int_equal(in_state(&s, OUTBOX_REJECTED), 1);
	OK(desk_outbox_give_up(s.d, refused, &done, E));
	assert_non_null(strstr(done.says, "不再上传"));
	assert_int_equal(done.withdrawn, 1);
	assert_int_equal(open_rows(&s), 0);
	assert_int_equal(person_employment(&s, person[1], NULL), EMPLOYMENT_ENDED);
	assert_int_equal(person_assignment(&s, person[1], NULL), ASSIGNMENT_WITHDRAWN);
	site_drop(&s);
}

/* What ended it here waits behind the refused one: laid down alone, the platform would never hear of the end. */
static void over_here_only(void **state)
{
	int64_t person[PEOPLE], refused;
	struct undo_row row;
	struct site s;
	size_t n;
	bool more;

	(void)state;
	confirmed(&s, person);
	site_login(&s, "clerk");
	refused = refused_leaving(&s, person[1]);
	clock_add(60000);
	act_on(&s, EVENT_DIED, &person[1], 1);
	assert_int_equal(answered(&s, NULL, 0), 0);
	REFUSED_WHY(desk_outbox_give_up(s.d, refused, &done, E), ERR_FORBIDDEN, "撤销");
	assert_int_equal(person_employment(&s, person[1], NULL), EMPLOYMENT_ENDED);
	OK(desk_undo_list(s.d, true, 0, &row, 1, &n, &more, E));
	OK(desk_undo(s.d, row.act, E));
	OK(desk_outbox_give_up(s.d, refused, &done, E));
	assert_int_equal(person_employment(&s, person[1], NULL), EMPLOYMENT_REGISTERED);
	act_on(&s, EVENT_DIED, &person[1], 1);
	assert_int_equal(answered(&s, NULL, 0), 0);
	assert_int_equal(open_rows(&s), 0);
	site_drop(&s);
}

/* The registration is refused, the offer waits, and has been corrected since: nothing of it goes any more,
 * and whoever is registered again is told to the platform anew. */
static void registration(void **state)
{
	struct findings f;
	struct record r;
	struct site s;
	int64_t person, refused, again;
	int changed;

	(void)state;
	site_make(&s, "national");
	person = person_register(&s, 1, NULL);
	refused = answered(&s, "person.add", person);
	assert_int_equal(in_state(&s, OUTBOX_READY), 1); /* the offer */
	record_init(&r);
	OK(desk_person_record(s.d, person, &r, E));
	assert_int_equal(record_set(&r, F_WAGE, "777700", ORIGIN_TYPED), 0);
	OK(desk_amend(s.d, person, &r, &f, &changed, E));
	record_release(&r);
	OK(desk_outbox_give_up(s.d, refused, &done, E));
	assert_int_equal(open_rows(&s), 0);
	assert_int_equal(person_employment(&s, person, NULL), EMPLOYMENT_WITHDRAWN);
	again = person_register(&s, 1, NULL);
	assert_int_equal(again, person);
	assert_int_equal(answered(&s, NULL, 0), 0);
	assert_int_equal(open_rows(&s), 0);
	assert_int_equal(person_employment(&s, person, NULL), EMPLOYMENT_OFFERED);
	site_drop(&s);
}

static void registered_there(struct site *s, const char *uid, enum outbox_state state)
{
	struct db_outbox row;

	OK(db_outbox_of_subject(s->d->store, s->d->project.id, uid, "person.add", &row, E));
	assert_int_equal(row.state, state);
}

/* Whoever led the team before the refused exit leads it again. */
static void exit_of_a_leader(void **state)
{
	int64_t person[PEOPLE], refused;
	struct site s;
	struct folk f;

	(void)state;
	confirmed(&s, person);
	act_on(&s, EVENT_ENTER, person, PEOPLE);
	OK(desk_team_lead(s.d, s.team, person[1], E));
	answered(&s, NULL, 0);
	clock_add(60000);
	act_on(&s, EVENT_EXIT, person, 2);
	refused = answered(&s, "assignment.exit", person[1]);
	OK(folk_load(s.d, person[1], &f, E));
	assert_int_equal(f.team.leader, 0);
	OK(desk_outbox_give_up(s.d, refused, &done, E));
	OK(folk_load(s.d, person[1], &f, E));
	assert_int_equal(f.assignment.state, ASSIGNMENT_ON_SITE);
	assert_true(f.team.leader == person[1]);
	site_drop(&s);
}

/* The one that goes next is under way; what it is is handed out, its answer is still to come. */
static void under_way(struct site *s, struct batch *b)
{
	int64_t next;

	site_send_all(s);
	OK(desk_take_batch(s->d, 1, 1 << 19, b, &next, E));
	assert_int_equal(b->n, 1);
}

static void refused_on_its_way(struct site *s, struct batch *b)
{
	struct answer a = {.op = b->item[0].op, .kind = ANSWER_REJECTED, .reason_code = "duplicate-person"};

	OK(desk_take_answers(s->d, &a, 1, E));
	desk_release_batch(b);
}

/* Two files of one person: the platform has one of them, and the other's registration is under way when they become one. Laying it down lays down no
 * employment; taken apart again, it is told after all. */
static void merged(void **state)
{
	int64_t kept, gone, apart, refused;
	struct batch b;
	char uid[UID_TEXT];
	struct db_person p;
	struct site s;

	(void)state;
	site_make(&s, "national");
	kept = person_register(&s, 1, NULL);
	answered(&s, NULL, 0);
	act_on(&s, EVENT_WITHDRAW_OFFER, &kept, 1);
	answered(&s, NULL, 0);
	gone = person_register(&s, 2, NULL);
	OK(db_person_get(s.d->store, gone, &p, E));
	person_employment(&s, gone, uid);
	under_way(&s, &b);
	assert_string_equal(b.item[0].kind, "person.add");
	refused = b.item[0].id;
	OK(desk_person_merge(s.d, kept, gone, "同一人", E));
	refused_on_its_way(&s, &b);
	assert_int_equal(in_state(&s, OUTBOX_READY), 1); /* the offer */
	OK(desk_outbox_give_up(s.d, refused, &done, E));
	assert_non_null(strstr(done.says, "合并"));
	assert_int_equal(done.withdrawn, 1);
	assert_int_equal(person_employment(&s, kept, NULL), EMPLOYMENT_OFFERED);
	assert_int_equal(answered(&s, NULL, 0), 0);
	assert_int_equal(open_rows(&s), 0);
	change_arrives(&s, "employment.consent", uid, APPLIED);
	registered_there(&s, p.uid, OUTBOX_WITHDRAWN);
	OK(desk_person_unmerge(s.d, kept, "核对有误", &apart, E));
	assert_int_equal(apart, gone);
	assert_int_equal(answered(&s, NULL, 0), 0);
	assert_int_equal(open_rows(&s), 0);
	registered_there(&s, p.uid, OUTBOX_ACCEPTED);
	site_drop(&s);
}

/* Registered, merged into one whose own registration stands refused, sent as one, taken apart: the platform hears of the parted file as it is, before
 * what else is to go of it. */
static void parted_after_sending(void **state)
{
	int64_t kept, gone, apart, refused;
	struct db_outbox row;
	struct db_person p;
	struct buf body;
	char number[19];
	struct site s;

	(void)state;
	site_make(&s, "national");
	kept = person_register(&s, 1, NULL);
	refused = answered(&s, "person.add", kept);
	assert_true(refused > 0);
	act_on(&s, EVENT_WITHDRAW_OFFER, &kept, 1);
	answered(&s, NULL, 0);
	gone = person_register(&s, 2, NULL);
	person_number(2, number);
	OK(db_person_get(s.d->store, gone, &p, E));
	OK(desk_person_merge(s.d, kept, gone, "同一人", E));
	answered(&s, NULL, 0);
	assert_int_equal(open_rows(&s), 1); /* the refused one */
	OK(desk_person_unmerge(s.d, kept, "核对有误", &apart, E));
	OK(db_outbox_of_subject(s.d->store, s.d->project.id, p.uid, "person.add", &row, E));
	assert_int_equal(row.state, OUTBOX_HELD);
	buf_init(&body, 1u << 20);
	OK(wire_body(s.d, &row, &body, E));
	assert_non_null(strstr(body.data, number));
	buf_wipe_release(&body);
	answered(&s, NULL, 0);
	assert_int_equal(open_rows(&s), 1);
	registered_there(&s, p.uid, OUTBOX_ACCEPTED);
	site_drop(&s);
}

/* Just registered, nothing done since: as if it had never been. */
static void whole_act(void **state)
{
	struct site s;
	int64_t person, refused, found;
	char number[19];

	(void)state;
	site_make(&s, "national");
	person = person_register(&s, 1, NULL);
	refused = answered(&s, "person.add", person);
	OK(desk_outbox_give_up(s.d, refused, &done, E));
	assert_int_equal(open_rows(&s), 0);
	person_number(1, number);
	OK(desk_person_by_document(s.d, "01", number, &found, E));
	assert_int_equal(found, 0);
	site_drop(&s);
}

/* Two offers are withdrawn at once; one withdrawal is refused, for the person had agreed already. The refused row. */
static int64_t refused_withdrawal(struct site *s, int64_t person[2])
{
	site_make(s, "national");
	for (unsigned i = 0; i < 2; i++)
		person[i] = person_register(s, i + 1, NULL);
	answered(s, NULL, 0);
	act_on(s, EVENT_WITHDRAW_OFFER, person, 2);
	assert_int_equal(person_assignment(s, person[1], NULL), ASSIGNMENT_WITHDRAWN);
	clock_add(60000);
	return answered(s, "employment.withdraw_offer", person[1]);
}

static void another_wage(struct site *s, int64_t person, const char *wage)
{
	struct findings f;
	struct record r;
	int changed;

	record_init(&r);
	OK(desk_person_record(s->d, person, &r, E));
	assert_int_equal(record_set(&r, F_WAGE, wage, ORIGIN_TYPED), 0);
	OK(desk_amend(s->d, person, &r, &f, &changed, E));
	record_release(&r);
}

/* The employment is there again with what had ended along with it, with a correction made since, and with the answer that its end had kept out. */
static void ending(void **state)
{
	int64_t person[2], refused;
	char uid[UID_TEXT], wage[32];
	struct record r;
	struct site s;

	(void)state;
	refused = refused_withdrawal(&s, person);
	another_wage(&s, person[1], "777700");
	person_employment(&s, person[1], uid);
	change_arrives(&s, "employment.consent", uid, APPLIED_FORBIDDEN);
	OK(desk_outbox_give_up_preview(s.d, refused, &done, E));
	assert_int_equal(person_employment(&s, person[1], NULL), EMPLOYMENT_WITHDRAWN);
	OK(desk_outbox_give_up(s.d, refused, &done, E));
	assert_non_null(strstr(done.says, "作废"));
	assert_in_range(person_employment(&s, person[1], NULL), EMPLOYMENT_ACCEPTED, EMPLOYMENT_REGISTERED);
	assert_int_equal(person_assignment(&s, person[1], NULL), ASSIGNMENT_DRAFTED);
	assert_int_equal(person_employment(&s, person[0], NULL), EMPLOYMENT_WITHDRAWN);
	record_init(&r);
	OK(desk_person_record(s.d, person[1], &r, E));
	text_copy(wage, sizeof(wage), record_get(&r, F_WAGE));
	record_release(&r);
	assert_string_equal(wage, "777700");
	assert_int_equal(answered(&s, NULL, 0), 0);
	assert_int_equal(open_rows(&s), 0);
	act_on(&s, EVENT_SUBMIT, &person[1], 1);
	site_drop(&s);
}

/* Who is employed anew is not employed twice. */
static void ending_and_anew(void **state)
{
	int64_t person[2], refused;
	struct site s;

	(void)state;
	refused = refused_withdrawal(&s, person);
	assert_int_equal(person_register(&s, 2, NULL), person[1]);
	REFUSED_WHY(desk_outbox_give_up(s.d, refused, &done, E), ERR_FORBIDDEN, "先撤回新的聘用");
	assert_int_equal(person_employment(&s, person[1], NULL), EMPLOYMENT_OFFERED);
	assert_int_equal(in_state(&s, OUTBOX_REJECTED), 1);
	site_drop(&s);
}

/* A death that was not one: he is on site and leads his team as before, under his contract. */
static void ending_on_site(void **state)
{
	int64_t person[PEOPLE], refused;
	struct db_contract contract;
	struct site s;
	struct folk f;

	(void)state;
	confirmed(&s, person);
	act_on(&s, EVENT_ENTER, person, PEOPLE);
	OK(desk_team_lead(s.d, s.team, person[1], E));
	answered(&s, NULL, 0);
	site_login(&s, "clerk");
	act_on(&s, EVENT_DIED, person, 2);
	assert_int_equal(person_assignment(&s, person[1], NULL), ASSIGNMENT_EXITED);
	refused = answered(&s, "employment.died", person[1]);
	OK(desk_outbox_give_up(s.d, refused, &done, E));
	assert_int_equal(person_employment(&s, person[1], NULL), EMPLOYMENT_REGISTERED);
	assert_int_equal(person_assignment(&s, person[1], NULL), ASSIGNMENT_ON_SITE);
	assert_int_equal(person_assignment(&s, person[0], NULL), ASSIGNMENT_EXITED);
	OK(folk_load(s.d, person[1], &f, E));
	assert_true(f.team.leader == person[1]);
	OK(db_contract_current(s.d->store, f.employment.id, &contract, E));
	assert_true(contract.id != 0);
	assert_int_equal(open_rows(&s), 0);
	site_drop(&s);
}

static void not_these(void **state)
{
	int64_t person[PEOPLE], refused, id;
	struct alteration a = {.kind = ALTER_WAGE, .value = "888800", .persons = person, .n = PEOPLE};
	struct verdict v[PEOPLE];
	struct site s;
	size_t n;

	(void)state;
	confirmed(&s, person);
	OK(db_outbox_in_state(s.d->store, s.d->project.id, OUTBOX_ACCEPTED, 0, &id, 1, &n, E));
	REFUSED_WHY(desk_outbox_give_up(s.d, id, &done, E), ERR_FORBIDDEN, "已确认"); /* it was not refused */
	OK(desk_alter(s.d, &a, v, &n, E));
	assert_int_equal(n, PEOPLE);
	refused = answered(&s, "employment.amend", person[1]);
	REFUSED_WHY(desk_outbox_give_up(s.d, refused, &done, E), ERR_FORBIDDEN, "改回");
	REFUSED_WHY(desk_outbox_give_up_preview(s.d, refused, &done, E), ERR_FORBIDDEN, "改回");
	site_login(&s, "manager");
	OK(desk_account_add(
		s.d,
		&(struct account_new){
			.name = "audit", .password = PASSWORD, .roles = ROLE_AUDITOR, .kdf_mib = 8},
		E));
	site_login(&s, "audit");
	REFUSED_WHY(desk_outbox_give_up(s.d, refused, &done, E), ERR_NOT_PERMITTED, "");
	site_drop(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(one_of_many), cmocka_unit_test(later_ones_first),
					   cmocka_unit_test(over_on_the_platform), cmocka_unit_test(over_here_only),
					   cmocka_unit_test(registration), cmocka_unit_test(merged), cmocka_unit_test(parted_after_sending), cmocka_unit_test(whole_act), cmocka_unit_test(ending),
					   cmocka_unit_test(ending_and_anew), cmocka_unit_test(ending_on_site),
					   cmocka_unit_test(exit_of_a_leader),
					   cmocka_unit_test(not_these)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
