/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A field changed here and elsewhere (DESIGN 9): different fields merge, the same one asks, nothing is lost. */
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "desk/accounts.h"
#include "desk/audit.h"
#include "desk/conflict.h"
#include "desk/particulars.h"
#include "desk/undo.h"
#include "desk/upkeep.h"
#include "desk_site.h"
#include "folk.h"
#include "store/fact.h"
#include "store/site.h"

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
	assert_string_equal(c.field, "phone");
	assert_string_equal(c.about, "person");
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

/* --- companies, participants, teams -------------------------------------------------------------------- */

/* One kind: two of its fields. The values of `asked` travel as they stand. */
struct thing_kind {
	const char *change, *about, *amend;
	enum sheet_of sheet; /* SHEET_OF_COUNT: a team */
	struct thing_field { const char *name, *wire, *base, *here, *there; } asked, other;
	const char *shown_there; /* of asked: as the question shows it */
};

static const struct thing_kind things[] = {
	{"company.changed", "company", "company.amend", SHEET_COMPANY,
	 {"short_name", "corpShortName", "试劳务", "试劳务甲", "试劳务乙"},
	 {"area_code", "areaCode", "110199", "110198", "110197"}, "试劳务乙"},
	{"participant.changed", "participant", "participant.amend", SHEET_PARTICIPANT,
	 {"manager_phone", "pmPhone", "13800000009", "13800000010", "13800000011"},
	 {"manager_name", "pmName", "赵试理", "钱试理", "孙试理"}, "138****0011"},
	{"team.changed", "team", "team.amend", SHEET_OF_COUNT,
	 {"name", "teamName", "木工一班", "木工甲班", "木工乙班"},
	 {"kind", "teamKind", "worker", "other", "other"}, "木工乙班"},
};

static void uid_of_thing(struct site *s, const struct thing_kind *k, char uid[UID_TEXT])
{
	struct db_participant p;

	if (k->sheet == SHEET_COMPANY) {
		OK(db_participant_by_uid(s->d->store, s->labour, &p, E));
		memcpy(uid, p.company_uid, UID_TEXT);
	} else {
		memcpy(uid, k->sheet == SHEET_PARTICIPANT ? s->labour : s->team, UID_TEXT);
	}
}

static void thing_says(struct site *s, const struct thing_kind *k, const struct thing_field *f, char out[200])
{
	struct particulars p;
	struct team_row t;
	char uid[UID_TEXT];

	uid_of_thing(s, k, uid);
	if (k->sheet == SHEET_OF_COUNT) {
		OK(desk_team_get(s->d, uid, &t, E));
		text_copy(out, 200, strcmp(f->name, "name") ? t.kind : t.name);
		return;
	}
	OK(desk_sheet(s->d, k->sheet, uid, &p, E));
	text_copy(out, 200, particulars_get(&p, f->name));
	wipe(&p, sizeof(p));
}

static void thing_stands(struct site *s, const struct thing_kind *k, const struct thing_field *f, const char *expect)
{
	char says[200];

	thing_says(s, k, f, says);
	assert_string_equal(says, expect);
}

static void clerk_sets(struct site *s, const struct thing_kind *k, const struct thing_field *f, const char *to)
{
	struct sheet_findings findings;
	struct particulars p;
	char uid[UID_TEXT];
	size_t changed;

	uid_of_thing(s, k, uid);
	if (k->sheet == SHEET_OF_COUNT) {
		bool name = !strcmp(f->name, "name");

		OK(desk_team_edit(s->d, uid, name ? to : NULL, name ? NULL : to, E));
		return;
	}
	OK(desk_sheet(s->d, k->sheet, uid, &p, E));
	particulars_set(&p, f->name, to);
	OK(desk_sheet_save(s->d, &p, uid, &findings, &changed, E));
	assert_int_equal(changed, 1);
	wipe(&p, sizeof(p));
}

static enum applied they_set(struct site *s, const struct thing_kind *k, const struct thing_field *f, const char *from, const char *to)
{
	struct changed_field field = {f->wire, from, to};
	char uid[UID_TEXT], subject[UID_TEXT];
	struct box box;

	uid_new(uid);
	uid_of_thing(s, k, subject);
	OK(desk_box(s->d, &box, E));
	return they_change_as(s, uid, k->change, subject, &field, 1, box.sequence);
}

/* Reported, and both fields as the table says they are to begin with. */
static void begin_thing(struct site *s, const struct thing_kind *k)
{
	char says[200];

	begin(s);
	thing_says(s, k, &k->asked, says);
	if (strcmp(says, k->asked.base))
		clerk_sets(s, k, &k->asked, k->asked.base);
	thing_stands(s, k, &k->other, k->other.base);
	site_send_all(s);
	site_drain(s, platform, NULL);
}

static struct conflict thing_at_odds(struct site *s, const struct thing_kind *k)
{
	struct conflict rows[4];

	clerk_sets(s, k, &k->asked, k->asked.here);
	assert_int_equal(they_set(s, k, &k->asked, k->asked.base, k->asked.there), APPLIED);
	thing_stands(s, k, &k->asked, k->asked.here);
	assert_int_equal(open_conflicts(s, rows, 4), 1);
	return rows[0];
}

/* Not changed here: taken and told to nobody; different fields merge; what stood already is no change. */
static void thing_merges(const struct thing_kind *k)
{
	struct outbox_counts before, after;
	struct conflict rows[4];
	struct site s;

	begin_thing(&s, k);
	OK(desk_outbox_counts(s.d, &before, E));
	assert_int_equal(they_set(&s, k, &k->asked, k->asked.base, k->asked.there), APPLIED);
	thing_stands(&s, k, &k->asked, k->asked.there);
	OK(desk_outbox_counts(s.d, &after, E));
	assert_memory_equal(&before, &after, sizeof(before));
	assert_int_equal(they_set(&s, k, &k->asked, k->asked.base, k->asked.there), APPLIED_BEFORE);
	clerk_sets(&s, k, &k->asked, k->asked.here);
	assert_int_equal(they_set(&s, k, &k->other, k->other.base, k->other.there), APPLIED);
	thing_stands(&s, k, &k->asked, k->asked.here);
	thing_stands(&s, k, &k->other, k->other.there);
	assert_int_equal(open_conflicts(&s, rows, 4), 0);
	site_drain(&s, platform, NULL);
	assert_int_equal(platform->out_of_order, 0);
	assert_int_equal(platform->changed_content, 0);
	end(&s);
}

/* The same field asks; once more there, the same question; taken over by itself when both say the same. */
static void thing_asks(const struct thing_kind *k)
{
	struct conflict c, rows[4];
	char uid[UID_TEXT];
	struct site s;

	begin_thing(&s, k);
	c = thing_at_odds(&s, k);
	uid_of_thing(&s, k, uid);
	assert_int_equal(c.person, 0);
	assert_string_equal(c.about, k->about);
	assert_string_equal(c.uid, uid);
	assert_string_equal(c.field, k->asked.name);
	assert_true(c.name[0] != '\0');
	assert_string_equal(c.theirs, k->shown_there);
	assert_int_equal(they_set(&s, k, &k->asked, k->asked.base, k->asked.there), APPLIED);
	assert_int_equal(open_conflicts(&s, rows, 4), 1);
	clerk_sets(&s, k, &k->asked, k->asked.there);
	assert_int_equal(they_set(&s, k, &k->asked, k->asked.base, k->asked.there), APPLIED_BEFORE);
	assert_int_equal(open_conflicts(&s, rows, 4), 0);
	end(&s);
}

/* Choices: each can be taken back, and is then asked anew; mine is told again, theirs stands. */
static void thing_chosen(const struct thing_kind *k)
{
	static const enum conflict_choice choices[] = {CONFLICT_MINE, CONFLICT_THEIRS};
	struct undo_row row;
	struct conflict c;
	struct site s;
	size_t done, n, told;
	bool more;

	begin_thing(&s, k);
	c = thing_at_odds(&s, k);
	site_drain(&s, platform, NULL);
	told = platform_count(platform, k->amend);
	for (size_t i = 0; i < ARRAY_LEN(choices); i++) {
		OK(desk_conflict_choose(s.d, &c.id, 1, choices[i], &done, E));
		assert_int_equal(done, 1);
		thing_stands(&s, k, &k->asked, choices[i] == CONFLICT_MINE ? k->asked.here : k->asked.there);
		OK(desk_undo_list(s.d, true, 0, &row, 1, &n, &more, E));
		assert_int_equal(row.state, UNDO_POSSIBLE);
		OK(desk_undo(s.d, row.act, E));
		thing_stands(&s, k, &k->asked, k->asked.here);
		assert_int_equal(open_conflicts(&s, &c, 1), 1);
		assert_string_equal(c.theirs, k->shown_there);
	}
	OK(desk_conflict_choose(s.d, &c.id, 1, CONFLICT_MINE, &done, E));
	site_drain(&s, platform, NULL);
	assert_int_equal(platform_count(platform, k->amend), told + 1);
	assert_int_equal(platform->changed_content, 0);
	assert_int_equal(desk_conflict_choose(s.d, &c.id, 1, CONFLICT_THEIRS, &done, &(struct err){0}), -1);
	end(&s);
}

/* Who may not amend it may not choose: the gate's hand. */
static void thing_refused(const struct thing_kind *k)
{
	struct account_new gate = {.name = "gate", .password = PASSWORD, .roles = ROLE_SITE_OPERATOR, .kdf_mib = 8};
	struct err e = {0};
	struct conflict c;
	struct site s;
	size_t done;

	begin_thing(&s, k);
	c = thing_at_odds(&s, k);
	site_login(&s, "manager");
	OK(desk_account_add(s.d, &gate, E));
	site_login(&s, "gate");
	assert_int_equal(desk_conflict_choose(s.d, &c.id, 1, CONFLICT_THEIRS, &done, &e), -1);
	assert_int_equal(e.code, ERR_NOT_PERMITTED);
	site_login(&s, "clerk");
	thing_stands(&s, k, &k->asked, k->asked.here);
	assert_int_equal(open_conflicts(&s, &c, 1), 1);
	end(&s);
}

static void for_each_thing(void (*check)(const struct thing_kind *k))
{
	for (size_t i = 0; i < ARRAY_LEN(things); i++)
		check(&things[i]);
}

static void site_merges(void **state)
{
	(void)state;
	for_each_thing(thing_merges);
}

static void site_asks(void **state)
{
	(void)state;
	for_each_thing(thing_asks);
}

static void site_chosen(void **state)
{
	(void)state;
	for_each_thing(thing_chosen);
}

static void site_refused(void **state)
{
	(void)state;
	for_each_thing(thing_refused);
}

/* Kept and shown, nothing moved: what cannot be read, what C2 forbids, what is nobody's of ours; what is fixed is passed over. */
static void site_kept(void **state)
{
	static const struct thing_field phone = {.wire = "pmPhone"}, kind = {.wire = "teamKind"}, name = {.wire = "teamName"},
					code = {.wire = "corpCode"};
	const struct thing_kind *company = &things[0], *participant = &things[1], *team = &things[2];
	struct changed_field f = {"teamName", "木工一班", "木工乙班"};
	struct conflict rows[4];
	char uid[UID_TEXT];
	struct site s;

	(void)state;
	begin_thing(&s, team);
	assert_int_equal(they_set(&s, participant, &phone, "13800000009", "many"), APPLIED_FORBIDDEN);
	assert_int_equal(they_set(&s, team, &kind, "worker", "management"), APPLIED_FORBIDDEN);
	assert_int_equal(they_set(&s, team, &name, "木工一班", ""), APPLIED_FORBIDDEN);
	assert_int_equal(they_set(&s, company, &code, "x", "y"), APPLIED_BEFORE);
	OK(desk_team_add(s.d, &(struct team_new){.name = "木工乙班", .kind = "worker", .participant_uid = s.labour}, uid, E));
	assert_int_equal(they_set(&s, team, &name, "木工一班", "木工乙班"), APPLIED_FORBIDDEN); /* the name is taken */
	uid_new(uid);
	assert_int_equal(they_change_as(&s, uid, "team.changed", "018f0000-0000-7000-8000-000000000000", &f, 1, 0),
			 APPLIED_UNKNOWN_SUBJECT);
	thing_stands(&s, team, &team->asked, "木工一班");
	thing_stands(&s, team, &team->other, "worker");
	thing_stands(&s, participant, &participant->asked, "13800000009");
	assert_int_equal(open_conflicts(&s, rows, 4), 0);
	end(&s);
}

/* The list masks as the file does; whoever chooses sees the values whole, which is recorded. */
static void opened_whole(void **state)
{
	struct conflict rows[4], whole;
	struct audit_row audit[4];
	struct site s;
	int64_t p;
	size_t n;

	(void)state;
	begin(&s);
	p = known(&s, 1);
	clerk_changes(&s, p, F_PHONE, PHONE_MINE);
	assert_int_equal(they_change(&s, p, "cellPhone", PHONE_BEFORE, PHONE_THEIRS), APPLIED);
	assert_int_equal(open_conflicts(&s, rows, 4), 1);
	assert_string_not_equal(rows[0].theirs, PHONE_THEIRS);
	OK(desk_conflict_open(s.d, rows[0].id, &whole, E));
	assert_string_equal(whole.base, PHONE_BEFORE);
	assert_string_equal(whole.mine, PHONE_MINE);
	assert_string_equal(whole.theirs, PHONE_THEIRS);
	OK(desk_audit_list(s.d, &(struct audit_query){.day = DATE_NONE, .action = "open"}, audit, 4, &n, E));
	assert_true(n > 0 && !strcmp(audit[0].detail, "conflict"));
	end(&s);
}

/* --- assignments: the team, and who leads it -------------------------------------------------------------- */

/* On site in 木工一班, as the platform knows; two more teams of the same participant. */
struct assigned {
	struct site s;
	int64_t person;
	char uid[UID_TEXT], second[UID_TEXT], third[UID_TEXT];
};

static void another_team(struct site *s, const char *name, char uid[UID_TEXT])
{
	OK(desk_team_add(s->d, &(struct team_new){.name = name, .kind = "worker", .participant_uid = s->labour}, uid, E));
	OK(desk_team_act(s->d, uid, EVENT_SITE_ENTER, DATE_NONE, E));
}

static void begin_assigned(struct assigned *a)
{
	begin(&a->s);
	another_team(&a->s, "木工二班", a->second);
	another_team(&a->s, "木工三班", a->third);
	a->person = person_on_site(&a->s, 1);
	person_assignment(&a->s, a->person, a->uid);
	site_drain(&a->s, platform, NULL);
}

static enum applied they_assign(struct assigned *a, const char *wire, const char *from, const char *to)
{
	struct changed_field f = {wire, from, to};
	char uid[UID_TEXT];
	struct box box;

	uid_new(uid);
	OK(desk_box(a->s.d, &box, E));
	return they_change_as(&a->s, uid, "assignment.changed", a->uid, &f, 1, box.sequence);
}

static void belongs_to(struct assigned *a, const char *team)
{
	struct folk f;
	int state;

	OK(folk_load(a->s.d, a->person, &f, E));
	assert_string_equal(f.team.uid, team);
	OK(deed_fold(a->s.d, CYCLE_ASSIGNMENT, f.assignment.id, &state, E));
	assert_int_equal(state, ASSIGNMENT_ON_SITE); /* a correction moves no state */
}

static void moves_to(struct assigned *a, const char *team)
{
	struct verdict v;
	size_t done;

	OK(desk_assign_team(a->s.d, &a->person, 1, team, &v, &done, E));
	assert_int_equal(done, 1);
}

/* Not changed here since: taken, and not told back; whoever leads is the only one. */
static void assignment_merges(void **state)
{
	struct conflict rows[4];
	struct assigned a;
	struct db_team team;
	int64_t other;
	size_t told;

	(void)state;
	begin_assigned(&a);
	other = person_on_site(&a.s, 2);
	site_drain(&a.s, platform, NULL);
	OK(desk_team_lead(a.s.d, a.s.team, other, E));
	site_drain(&a.s, platform, NULL);
	told = platform_count(platform, "assignment.amend");
	assert_int_equal(told, 1);
	assert_int_equal(they_assign(&a, "isTeamLeader", "0", "1"), APPLIED);
	OK(db_team_by_uid(a.s.d->store, a.s.team, &team, E));
	assert_int_equal(team.leader, a.person);
	assert_int_equal(they_assign(&a, "team", a.s.team, a.second), APPLIED);
	belongs_to(&a, a.second);
	OK(db_team_by_uid(a.s.d->store, a.s.team, &team, E));
	assert_int_equal(team.leader, 0); /* he leads where he is */
	OK(db_team_by_uid(a.s.d->store, a.second, &team, E));
	assert_int_equal(team.leader, a.person);
	assert_int_equal(open_conflicts(&a.s, rows, 4), 0);
	site_drain(&a.s, platform, NULL);
	assert_int_equal(platform_count(platform, "assignment.amend"), told + 1); /* that the other one leads no more */
	end(&a.s);
}

static int64_t moved_on_both_sides(struct assigned *a)
{
	struct conflict row;

	begin_assigned(a);
	moves_to(a, a->second);
	assert_int_equal(they_assign(a, "team", a->s.team, a->third), APPLIED);
	assert_int_equal(open_conflicts(&a->s, &row, 1), 1);
	assert_string_equal(row.about, "assignment");
	assert_int_equal(row.person, a->person);
	assert_string_equal(row.base, "木工一班");
	assert_string_equal(row.mine, "木工二班");
	assert_string_equal(row.theirs, "木工三班");
	belongs_to(a, a->second);
	return row.id;
}

static void assignment_mine(void **state)
{
	struct assigned a;
	int64_t id;
	size_t done;

	(void)state;
	id = moved_on_both_sides(&a);
	OK(desk_conflict_choose(a.s.d, &id, 1, CONFLICT_MINE, &done, E));
	belongs_to(&a, a.second);
	site_drain(&a.s, platform, NULL);
	assert_int_equal(platform_count(platform, "assignment.amend"), 1);
	end(&a.s);
}

static void assignment_theirs(void **state)
{
	struct assigned a;
	int64_t id;
	size_t done;

	(void)state;
	id = moved_on_both_sides(&a);
	OK(desk_conflict_choose(a.s.d, &id, 1, CONFLICT_THEIRS, &done, E));
	belongs_to(&a, a.third);
	end(&a.s);
}

/* Another company's team, an unknown one, no word; after exit; of nobody. */
static void assignment_refused(void **state)
{
	struct conflict rows[4];
	struct assigned a;

	(void)state;
	begin_assigned(&a);
	assert_int_equal(they_assign(&a, "team", a.s.team, a.s.office), APPLIED_FORBIDDEN);
	assert_int_equal(they_assign(&a, "team", a.s.team, "018f0000-0000-7000-8000-000000000000"), APPLIED_FORBIDDEN);
	assert_int_equal(they_assign(&a, "team", a.s.team, ""), APPLIED_FORBIDDEN);
	assert_int_equal(they_assign(&a, "isTeamLeader", "0", "perhaps"), APPLIED_FORBIDDEN);
	assert_int_equal(they_assign(&a, "workType", "240", "010"), APPLIED_BEFORE); /* the employment's */
	belongs_to(&a, a.s.team);
	person_act(&a.s, a.person, EVENT_EXIT);
	assert_int_equal(they_assign(&a, "team", a.s.team, a.second), APPLIED_FORBIDDEN);
	memcpy(a.uid, "018f0000-0000-7000-8000-000000000000", UID_TEXT);
	assert_int_equal(they_assign(&a, "team", a.s.team, a.second), APPLIED_UNKNOWN_SUBJECT);
	assert_int_equal(open_conflicts(&a.s, rows, 4), 0);
	end(&a.s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(taken),      cmocka_unit_test(merged), cmocka_unit_test(overtaken),
		cmocka_unit_test(asks),	      cmocka_unit_test(mine),	cmocka_unit_test(theirs),
		cmocka_unit_test(choice_taken_back),
		cmocka_unit_test(card),	      cmocka_unit_test(employment), cmocka_unit_test(nobody_logged_in),
		cmocka_unit_test(site_merges), cmocka_unit_test(site_asks), cmocka_unit_test(site_chosen),
		cmocka_unit_test(site_refused), cmocka_unit_test(site_kept),
		cmocka_unit_test(opened_whole), cmocka_unit_test(assignment_merges), cmocka_unit_test(assignment_mine), cmocka_unit_test(assignment_theirs),
		cmocka_unit_test(assignment_refused),
	};

	return cmocka_run_group_tests_name("desk: conflicts", tests, NULL, NULL);
}
