/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A field changed here and elsewhere (DESIGN 9): different fields merge, the same one asks, nothing is lost. */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "desk/conflict.h"
#include "desk/undo.h"
#include "desk/upkeep.h"
#include "desk_site.h"
#include "folk.h"
#include "store/fact.h"

static struct platform *platform;

#define PHONE_BEFORE "13900000001"
#define PHONE_MINE "13900000002"
#define PHONE_THEIRS "13900000003"

static void begin(struct site *s)
{
	platform = test_calloc(1, sizeof(*platform));
	site_make(s, "national");
}

static void end(struct site *s)
{
	struct audit_report report;

	OK(desk_audit_verify(s->d, &report, E));
	assert_true(report.sound);
	site_drop(s);
	test_free(platform);
}

static struct record record_of(struct site *s, int64_t person)
{
	struct record r;
	struct folk f;

	record_init(&r);
	OK(folk_load(s->d, person, &f, E));
	OK(folk_record(s->d, &f, &r, E));
	return r;
}

static void stands(struct site *s, int64_t person, enum field_id f, const char *expect)
{
	struct record r = record_of(s, person);

	assert_string_equal(record_get(&r, f), expect);
	record_release(&r);
}

static void clerk_changes(struct site *s, int64_t person, enum field_id f, const char *to)
{
	struct record r = record_of(s, person);
	struct findings findings;
	int changed;

	record_set(&r, f, to, ORIGIN_TYPED);
	OK(desk_amend(s->d, person, &r, &findings, &changed, E));
	assert_int_equal(changed, 1);
	record_release(&r);
}

static enum applied they_change_as(struct site *s, const char *uid, const char *kind, const char *subject,
				   const struct changed_field *fields, size_t n, int64_t base)
{
	struct change c = {.uid = uid,
			   .kind = kind,
			   .subject = subject,
			   .at_ms = now_ms,
			   .by = "平台",
			   .field = fields,
			   .n_fields = n,
			   .base = base};
	enum applied result;

	OK(desk_take_changes(s->d, &c, 1, "c", &result, E));
	return result;
}

static enum applied they_change(struct site *s, int64_t person, const char *wire, const char *from, const char *to)
{
	struct changed_field f = {wire, from, to};
	char uid[UID_TEXT], subject[UID_TEXT];
	struct folk folk;
	struct box box;

	uid_new(uid);
	OK(folk_load(s->d, person, &folk, E));
	OK(desk_box(s->d, &box, E));
	memcpy(subject, folk.person.uid, UID_TEXT);
	return they_change_as(s, uid, "person.changed", subject, &f, 1, box.sequence);
}

static size_t open_conflicts(struct site *s, struct conflict *rows, size_t cap)
{
	size_t n;
	bool more;

	OK(desk_conflict_page(s->d, 0, rows, cap, &n, &more, E));
	assert_false(more);
	return n;
}

/* Registered, told, and known by a telephone number. */
static int64_t known(struct site *s, unsigned n)
{
	int64_t p = person_register(s, n, NULL);

	clerk_changes(s, p, F_PHONE, PHONE_BEFORE);
	site_drain(s, platform, NULL);
	return p;
}

/* Not changed here since: taken, a fact of the platform's, in the log, reported to nobody. */
static void taken(void **state)
{
	struct outbox_counts before, after;
	struct message_row messages[4];
	struct conflict rows[4];
	struct db_fact fact;
	struct site s;
	int64_t p, id;
	size_t n;

	(void)state;
	begin(&s);
	p = known(&s, 1);
	OK(desk_outbox_counts(s.d, &before, E));
	assert_int_equal(they_change(&s, p, "cellPhone", PHONE_BEFORE, PHONE_THEIRS), APPLIED);
	stands(&s, p, F_PHONE, PHONE_THEIRS);
	assert_int_equal(open_conflicts(&s, rows, 4), 0);
	OK(desk_outbox_counts(s.d, &after, E));
	assert_memory_equal(&before, &after, sizeof(before));
	OK(db_fact_latest(s.d->store, "person", p, "register", &id, E));
	OK(db_fact_get(s.d->store, id, &fact, E));
	assert_string_equal(fact.actor, "platform");
	assert_true(fact.supersedes > 0);
	OK(desk_messages(s.d, 0, messages, 4, &n, E));
	assert_int_equal(n, 1);
	assert_non_null(strstr(messages[0].text, "平台改了人员信息"));
	assert_null(strstr(messages[0].text, PHONE_THEIRS));
	assert_int_equal(they_change(&s, p, "cellPhone", PHONE_BEFORE, PHONE_THEIRS), APPLIED_BEFORE);
	/* and what the clerk does later is an amendment of what the platform has */
	clerk_changes(&s, p, F_PHONE, PHONE_MINE);
	site_drain(&s, platform, NULL);
	assert_int_equal(platform->out_of_order, 0);
	assert_int_equal(platform_count(platform, "person.amend"), 1);
	end(&s);
}

/* Different fields merge. */
static void merged(void **state)
{
	struct conflict rows[4];
	struct site s;
	int64_t p;

	(void)state;
	begin(&s);
	p = known(&s, 1);
	clerk_changes(&s, p, F_NATIVE_PLACE, "四川省达州市");
	assert_int_equal(they_change(&s, p, "cellPhone", PHONE_BEFORE, PHONE_THEIRS), APPLIED);
	stands(&s, p, F_PHONE, PHONE_THEIRS);
	stands(&s, p, F_NATIVE_PLACE, "四川省达州市");
	assert_int_equal(open_conflicts(&s, rows, 4), 0);
	end(&s);
}

/* An operation of ours that the platform did not have when it changed the field has overwritten it there: told again. */
static void overtaken(void **state)
{
	struct changed_field f = {"cellPhone", PHONE_BEFORE, PHONE_THEIRS};
	char uid[UID_TEXT];
	struct folk folk;
	struct site s;
	int64_t p;

	(void)state;
	begin(&s);
	p = known(&s, 1);
	uid_new(uid);
	OK(folk_load(s.d, p, &folk, E));
	assert_int_equal(they_change_as(&s, uid, "person.changed", folk.person.uid, &f, 1, 0), APPLIED);
	stands(&s, p, F_PHONE, PHONE_THEIRS);
	site_drain(&s, platform, NULL);
	assert_int_equal(platform_count(platform, "person.amend"), 1);
	end(&s);
}

/* Makes one conflict about the telephone number. */
static struct conflict at_odds(struct site *s, int64_t p)
{
	struct conflict rows[4];

	clerk_changes(s, p, F_PHONE, PHONE_MINE);
	assert_int_equal(they_change(s, p, "cellPhone", PHONE_BEFORE, PHONE_THEIRS), APPLIED);
	stands(s, p, F_PHONE, PHONE_MINE); /* ours stands meanwhile */
	assert_int_equal(open_conflicts(s, rows, 4), 1);
	return rows[0];
}

/* The same field asks: base, mine, theirs, masked. */
static void asks(void **state)
{
	struct conflict c;
	struct site s;
	int64_t p, n;

	(void)state;
	begin(&s);
	p = known(&s, 1);
	c = at_odds(&s, p);
	assert_int_equal(c.person, p);
	assert_int_equal(c.field, F_PHONE);
	assert_string_equal(c.by, "平台");
	assert_non_null(strstr(c.base, "0001"));
	assert_non_null(strstr(c.mine, "0002"));
	assert_non_null(strstr(c.theirs, "0003"));
	assert_null(strstr(c.theirs, PHONE_THEIRS));
	/* once more there: the same question with the newer value */
	assert_int_equal(they_change(&s, p, "cellPhone", PHONE_THEIRS, "13900000004"), APPLIED);
	OK(desk_conflict_count(s.d, 10, &n, E));
	assert_int_equal(n, 1);
	OK(desk_conflict_get(s.d, c.id, &c, E));
	assert_non_null(strstr(c.theirs, "0004"));
	/* both say the same by now: nothing to ask */
	clerk_changes(&s, p, F_PHONE, "13900000005");
	assert_int_equal(they_change(&s, p, "cellPhone", "13900000004", "13900000005"), APPLIED_BEFORE);
	OK(desk_conflict_count(s.d, 10, &n, E));
	assert_int_equal(n, 0);
	end(&s);
}

static void mine(void **state)
{
	struct conflict c;
	struct site s;
	size_t done, told;
	int64_t p;

	(void)state;
	begin(&s);
	p = known(&s, 1);
	c = at_odds(&s, p);
	site_drain(&s, platform, NULL);
	told = platform_count(platform, "person.amend");
	OK(desk_conflict_choose(s.d, &c.id, 1, CONFLICT_MINE, &done, E));
	assert_int_equal(done, 1);
	stands(&s, p, F_PHONE, PHONE_MINE);
	site_drain(&s, platform, NULL);
	assert_int_equal(platform_count(platform, "person.amend"), told + 1); /* another operation */
	assert_int_equal(platform->changed_content, 0);
	assert_int_equal(desk_conflict_choose(s.d, &c.id, 1, CONFLICT_THEIRS, &done, &(struct err){0}), -1);
	end(&s);
}

static void theirs(void **state)
{
	struct conflict c;
	struct err e = {0};
	struct site s;
	size_t done;
	int64_t p;

	(void)state;
	begin(&s);
	p = known(&s, 1);
	c = at_odds(&s, p);
	OK(desk_conflict_choose(s.d, &c.id, 1, CONFLICT_THEIRS, &done, E));
	stands(&s, p, F_PHONE, PHONE_THEIRS);
	assert_int_equal(desk_conflict_get(s.d, c.id, &c, &e), -1);
	assert_int_equal(e.code, ERR_NO_SUCH);
	site_drain(&s, platform, NULL);
	assert_int_equal(platform->changed_content, 0);
	e = (struct err){0};
	assert_int_equal(desk_conflict_choose(s.d, &c.id, 1, CONFLICT_MINE, &done, &e), -1);
	assert_int_equal(e.code, ERR_CONFLICT);
	end(&s);
}

/* U4: a choice is an act: taken back, what stood here stands again, its operation is withdrawn, and the question is asked anew. */
static void choice_taken_back(void **state)
{
	static const enum conflict_choice choices[] = {CONFLICT_MINE, CONFLICT_THEIRS};
	struct undo_row row;
	struct conflict c;
	struct site s;
	size_t done, n, told;
	bool more;
	int64_t p;

	(void)state;
	begin(&s);
	p = known(&s, 1);
	c = at_odds(&s, p);
	site_drain(&s, platform, NULL);
	told = platform_count(platform, "person.amend");
	for (size_t i = 0; i < ARRAY_LEN(choices); i++) {
		OK(desk_conflict_choose(s.d, &c.id, 1, choices[i], &done, E));
		stands(&s, p, F_PHONE, choices[i] == CONFLICT_MINE ? PHONE_MINE : PHONE_THEIRS);
		OK(desk_undo_list(s.d, true, 0, &row, 1, &n, &more, E));
		assert_int_equal(row.state, UNDO_POSSIBLE);
		OK(desk_undo(s.d, row.act, E));
		stands(&s, p, F_PHONE, PHONE_MINE);
		assert_int_equal(open_conflicts(&s, &c, 1), 1);
		assert_non_null(strstr(c.theirs, "0003"));
	}
	site_drain(&s, platform, NULL);
	assert_int_equal(platform_count(platform, "person.amend"), told);
	/* sent, it is not taken back any more: the other value is chosen by changing the record */
	OK(desk_conflict_choose(s.d, &c.id, 1, CONFLICT_THEIRS, &done, E));
	site_drain(&s, platform, NULL);
	OK(desk_undo_list(s.d, true, 0, &row, 1, &n, &more, E));
	assert_int_equal(row.state, UNDO_SENT);
	end(&s);
}

/* What a card said is changed by a card only: it asks, and theirs cannot be chosen; among several it is passed over. */
static void card(void **state)
{
	struct conflict rows[4];
	struct err e = {0};
	struct site s;
	struct record r;
	int64_t p, ids[2];
	size_t done;
	char was[200];

	(void)state;
	begin(&s);
	person_record(&s, &r, 3, true);
	{
		struct registered out;
		struct findings f;

		OK(desk_register(s.d, &r, &f, &out, E));
		p = out.person;
	}
	record_release(&r);
	r = record_of(&s, p);
	text_copy(was, sizeof(was), record_get(&r, F_ADDRESS));
	record_release(&r);
	assert_int_equal(they_change(&s, p, "address", was, "别处路 9 号"), APPLIED);
	stands(&s, p, F_ADDRESS, was);
	assert_int_equal(open_conflicts(&s, rows, 4), 1);
	assert_true(rows[0].locked);
	assert_int_equal(desk_conflict_choose(s.d, &rows[0].id, 1, CONFLICT_THEIRS, &done, &e), -1);
	assert_int_equal(e.code, ERR_FORBIDDEN);
	ids[0] = rows[0].id;
	clerk_changes(&s, p, F_PHONE, PHONE_MINE);
	they_change(&s, p, "cellPhone", PHONE_BEFORE, PHONE_THEIRS);
	assert_int_equal(open_conflicts(&s, rows, 4), 2);
	ids[1] = rows[1].id;
	OK(desk_conflict_choose(s.d, ids, 2, CONFLICT_THEIRS, &done, E));
	assert_int_equal(done, 1);
	stands(&s, p, F_PHONE, PHONE_THEIRS);
	stands(&s, p, F_ADDRESS, was);
	assert_int_equal(open_conflicts(&s, rows, 4), 1);
	end(&s);
}

/* The employment's fields: money in fen, codes by the wire's words; the assignment follows the trade. */
static void employment(void **state)
{
	struct changed_field f[2] = {{"wage", "", ""}, {"workRole", "20", "20"}};
	char uid[UID_TEXT], subject[UID_TEXT], fen[24];
	struct record r;
	struct site s;
	int64_t p;

	(void)state;
	begin(&s);
	p = known(&s, 1);
	r = record_of(&s, p);
	text_copy(fen, sizeof(fen), record_get(&r, F_WAGE));
	record_release(&r);
	f[0].from = fen;
	f[0].to = "41000";
	person_employment(&s, p, subject);
	uid_new(uid);
	assert_int_equal(they_change_as(&s, uid, "employment.changed", subject, f, 2, 100), APPLIED);
	stands(&s, p, F_WAGE, "41000");
	uid_new(uid);
	f[0].to = "many";
	assert_int_equal(they_change_as(&s, uid, "employment.changed", subject, f, 2, 100), APPLIED_FORBIDDEN);
	uid_new(uid);
	assert_int_equal(they_change_as(&s, uid, "employment.changed", "018f0000-0000-7000-8000-000000000000", f, 1, 100),
			 APPLIED_UNKNOWN_SUBJECT);
	stands(&s, p, F_WAGE, "41000");
	end(&s);
}

static void nobody_logged_in(void **state)
{
	struct conflict c;
	struct err e = {0};
	struct site s;
	size_t done;
	int64_t p;

	(void)state;
	begin(&s);
	p = known(&s, 1);
	c = at_odds(&s, p);
	desk_logout(s.d);
	assert_int_equal(desk_conflict_choose(s.d, &c.id, 1, CONFLICT_MINE, &done, &e), -1);
	site_login(&s, "clerk");
	stands(&s, p, F_PHONE, PHONE_MINE);
	end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(taken),      cmocka_unit_test(merged), cmocka_unit_test(overtaken),
		cmocka_unit_test(asks),	      cmocka_unit_test(mine),	cmocka_unit_test(theirs),
		cmocka_unit_test(choice_taken_back),
		cmocka_unit_test(card),	      cmocka_unit_test(employment), cmocka_unit_test(nobody_logged_in),
	};

	return cmocka_run_group_tests_name("desk: conflicts", tests, NULL, NULL);
}
