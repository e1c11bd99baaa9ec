/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole work flow under two profiles: same program, two behaviours (E, D; issue 2 items 2, 3, 8). */
#include <string.h>

#include "base/text.h"
#include "desk_private.h"
#include "desk_site.h"
#include "folk.h"
#include "store/store.h"

static struct platform platform;

static void fold_is_state(struct site *s, int64_t person)
{
	struct folk f;
	int state;

	OK(folk_load(s->d, person, &f, E));
	OK(deed_fold(s->d, CYCLE_EMPLOYMENT, f.employment.id, &state, E));
	assert_int_equal(state, f.employment.state);
	if (f.assignment.id) {
		OK(deed_fold(s->d, CYCLE_ASSIGNMENT, f.assignment.id, &state, E));
		assert_int_equal(state, f.assignment.state);
	}
}

/* The clerk registers; the person consents on the platform; the clerk submits, the manager confirms, the
 * clerk lets in and out. */
static void national(void **state)
{
	char employment[UID_TEXT], assignment[UID_TEXT];
	struct registered r;
	struct verdict v;
	struct day day;
	struct site s;
	int64_t p;

	(void)state;
	memset(&platform, 0, sizeof(platform));
	site_make(&s, "national");
	p = person_register(&s, 1, &r);
	assert_int_equal(r.employment_state, EMPLOYMENT_OFFERED);
	assert_int_equal(r.assignment_state, ASSIGNMENT_DRAFTED);
	assert_int_equal(person_employment(&s, p, employment), EMPLOYMENT_OFFERED);
	person_cannot(&s, p, EVENT_SUBMIT, &v);	 /* the person has not consented */
	person_cannot(&s, p, EVENT_CONSENT, &v); /* and nobody can for him */
	site_drain(&s, &platform, NULL);
	assert_int_equal(platform_count(&platform, "person.add"), 1);
	assert_int_equal(platform_count(&platform, "employment.offer"), 1);

	change_arrives(&s, "employment.consent", employment, APPLIED);
	assert_int_equal(person_employment(&s, p, NULL), EMPLOYMENT_REGISTERED);
	person_act(&s, p, EVENT_SUBMIT);
	assert_int_equal(person_assignment(&s, p, assignment), ASSIGNMENT_ACCEPTED);
	person_cannot(&s, p, EVENT_CONFIRM, &v); /* a clerk may not (E3) */
	person_cannot(&s, p, EVENT_ENTER, &v);
	site_login(&s, "manager");
	person_act(&s, p, EVENT_CONFIRM);
	assert_int_equal(person_assignment(&s, p, NULL), ASSIGNMENT_CONFIRMED);
	site_login(&s, "clerk");
	person_act(&s, p, EVENT_ENTER);
	assert_int_equal(person_assignment(&s, p, NULL), ASSIGNMENT_ON_SITE);
	OK(desk_day(s.d, &day, E));
	assert_int_equal(day.on_site, 1);
	assert_int_equal(day.entered_today, 1);
	assert_int_equal(day.registered_today, 1);
	person_act(&s, p, EVENT_EXIT);
	assert_int_equal(person_assignment(&s, p, NULL), ASSIGNMENT_EXITED);
	assert_int_equal(person_employment(&s, p, NULL),
			 EMPLOYMENT_REGISTERED); /* exit is not leaving (D8) */
	fold_is_state(&s, p);
	site_drain(&s, &platform, NULL);
	assert_int_equal(platform_count(&platform, "assignment.submit"), 1);
	assert_int_equal(platform_count(&platform, "assignment.confirm"), 1);
	assert_int_equal(platform_count(&platform, "assignment.enter"), 1);
	assert_int_equal(platform_count(&platform, "assignment.exit"), 1);
	assert_int_equal(platform.out_of_order, 0);
	OK(desk_day(s.d, &day, E));
	assert_int_equal(day.outbox.state[OUTBOX_READY] + day.outbox.state[OUTBOX_HELD] +
				 day.outbox.state[OUTBOX_SENDING] + day.outbox.state[OUTBOX_REJECTED],
			 0);
	assert_int_equal(day.exited_today, 1);
	assert_int_equal(day.unseen_messages, 1);
	site_drop(&s);
}

/* No consent, no submission, no confirmation: registering leads to the gate, and the platform hears of each
 * step all the same. */
static void jiangmen(void **state)
{
	struct act enter = {.event = EVENT_ENTER, .n = 1, .on = DATE_NONE};
	struct registered r;
	struct verdict v;
	struct site s;
	size_t done;
	int64_t p;

	(void)state;
	memset(&platform, 0, sizeof(platform));
	site_make(&s, "jiangmen");
	p = person_register(&s, 1, &r);
	assert_int_equal(r.employment_state, EMPLOYMENT_REGISTERED);
	assert_int_equal(r.assignment_state, ASSIGNMENT_CONFIRMED);
	fold_is_state(&s, p);
	enter.persons = &p;
	enter.on = date_today() - 1; /* the date may be set here (E4) … */
	OK(desk_act(s.d, &enter, &v, &done, E));
	assert_int_equal(done, 1);
	person_act(&s, p, EVENT_EXIT);
	fold_is_state(&s, p);
	site_drain(&s, &platform, NULL);
	assert_int_equal(platform_count(&platform, "employment.offer"), 1);
	assert_int_equal(platform_count(&platform, "assignment.submit"), 1);
	assert_int_equal(platform_count(&platform, "assignment.confirm"), 1);
	assert_int_equal(platform_count(&platform, "assignment.enter"), 1);
	assert_int_equal(platform.out_of_order, 0);
	site_drop(&s);
}

/* … and not there. */
static void entry_moment(void **state)
{
	char employment[UID_TEXT];
	struct act enter = {.event = EVENT_ENTER, .n = 1};
	struct verdict v;
	struct site s;
	size_t able;
	int64_t p;

	(void)state;
	site_make(&s, "national");
	p = person_register(&s, 1, NULL);
	person_employment(&s, p, employment);
	change_arrives(&s, "employment.consent", employment, APPLIED);
	site_login(&s, "manager");
	person_act(&s, p,
		   EVENT_SUBMIT); /* a manager assigning to his own project confirms in the same act (E3) */
	assert_int_equal(person_assignment(&s, p, NULL), ASSIGNMENT_CONFIRMED);
	fold_is_state(&s, p);
	enter.persons = &p;
	enter.on = date_today() - 1;
	OK(desk_preview(s.d, &enter, &v, &able, E));
	assert_int_equal(able, 0);
	enter.on = DATE_NONE;
	OK(desk_preview(s.d, &enter, &v, &able, E));
	assert_int_equal(able, 1);
	site_drop(&s);
}

/* Managers' teams come into being with the participant, go with it, and nobody enters them by hand (C2). */
static void automatic_teams(void **state)
{
	struct team_row teams[8];
	struct err e = {ERR_NONE};
	size_t n, automatic = 0;
	struct site s;

	(void)state;
	site_make(&s, "jiangmen");
	OK(desk_team_list(s.d, teams, 8, &n, E));
	for (size_t i = 0; i < n; i++) {
		if (!teams[i].automatic)
			continue;
		automatic++;
		assert_int_equal(teams[i].state, SITE_ENTERED);
		assert_int_not_equal(desk_team_act(s.d, teams[i].uid, EVENT_SITE_EXIT, DATE_NONE, &e), 0);
		assert_int_equal(e.code, ERR_FORBIDDEN);
	}
	assert_int_equal(automatic, 2);
	site_drop(&s);
	site_make(&s, "national");
	OK(desk_team_list(s.d, teams, 8, &n, E));
	assert_int_equal(n, 2);
	site_drop(&s);
}

/* A team does not exit with people on site, a participant not before its teams (C8). */
static void exit_order(void **state)
{
	struct err e = {ERR_NONE};
	struct site s;
	int64_t p;

	(void)state;
	site_make(&s, "jiangmen");
	p = person_register(&s, 1, NULL);
	person_act(&s, p, EVENT_ENTER);
	assert_int_not_equal(desk_team_act(s.d, s.team, EVENT_SITE_EXIT, DATE_NONE, &e), 0);
	assert_int_equal(e.code, ERR_FORBIDDEN);
	assert_int_not_equal(desk_participant_act(s.d, s.labour, EVENT_SITE_EXIT, DATE_NONE, &e), 0);
	person_act(&s, p, EVENT_EXIT);
	OK(desk_team_act(s.d, s.team, EVENT_SITE_EXIT, DATE_NONE, E));
	OK(desk_participant_act(s.d, s.labour, EVENT_SITE_EXIT, DATE_NONE, E));
	site_drop(&s);
}

/* The same document is the same person (A6), whoever lays it down where. */
static void same_document(void **state)
{
	struct registered again;
	struct findings f;
	struct err e = {ERR_NONE};
	struct record r;
	struct desk *other;
	struct site s;
	int64_t p, found;
	bool told = false;

	(void)state;
	site_make(&s, "jiangmen");
	p = person_register(&s, 1, NULL);
	other = site_open_another(&s, "clerk");
	person_record(&s, &r, 1, true);
	OK(desk_person_by_document(other, "01", record_get(&r, F_NUMBER), &found, E));
	assert_int_equal(found, p);
	assert_int_not_equal(desk_register(other, &r, &f, &again, &e), 0); /* still here */
	assert_int_equal(e.code, ERR_DUPLICATE);
	person_act(&s, p, EVENT_ENTER);
	person_act(&s, p, EVENT_EXIT);
	OK(desk_register(other, &r, &f, &again,
			 E)); /* coming back is a new assignment of the same person and employment */
	assert_int_equal(again.person, p);
	assert_int_equal(again.assignment_state, ASSIGNMENT_CONFIRMED);
	fold_is_state(&s, p);
	/* Another employer must wait until this one lets go (D4). */
	assert_int_equal(record_set(&r, F_COMPANY, s.contractor, ORIGIN_TYPED), 0);
	assert_int_equal(record_set(&r, F_TEAM, s.office, ORIGIN_TYPED), 0);
	assert_int_not_equal(desk_register(other, &r, &f, &again, &e), 0);
	assert_int_equal(e.code, ERR_FINDINGS);
	for (size_t i = 0; i < f.n; i++)
		if (strcmp(f.item[i].rule, "one_employer") == 0)
			told = strstr(f.item[i].sentence, "青禾") != NULL;
	assert_true(told);
	record_release(&r);
	desk_close(other);
	site_drop(&s);
}

/* Who was read from a card stays as the card said, whoever types what later (A4). */
static void typed_after_card(void **state)
{
	struct person_file *file = test_calloc(1, sizeof(*file));
	struct registered again;
	struct findings f;
	struct err e = {ERR_NONE};
	struct record r;
	struct site s;
	int64_t p;
	int changed;

	(void)state;
	site_make(&s, "jiangmen");
	p = person_register(&s, 1, NULL);
	person_act(&s, p, EVENT_ENTER);
	person_act(&s, p, EVENT_EXIT);
	person_record(&s, &r, 1, false);
	assert_int_equal(record_set(&r, F_NAME, "王试错", ORIGIN_TYPED), 0);
	OK(desk_register(s.d, &r, &f, &again, E));
	assert_int_equal(again.person, p);
	OK(desk_person_file(s.d, p, file, E));
	assert_string_equal(file->masked[F_NAME], "王试工");
	assert_false(file->manual);
	record_release(&r);
	record_init(&r);
	OK(desk_person_record(s.d, p, &r, E));
	assert_int_equal(record_set(&r, F_NAME, "王试错", ORIGIN_TYPED), 0);
	assert_int_not_equal(desk_amend(s.d, p, &r, &f, &changed, &e), 0);
	assert_int_equal(e.code, ERR_FINDINGS);
	assert_int_equal(f.item[0].field, F_NAME);
	assert_string_equal(f.item[0].rule, "card_locked");
	record_release(&r);
	test_free(file);
	site_drop(&s);
}

/* Two desks on one file: what one does the other sees, and sees that there is something to see. */
static void two_desks(void **state)
{
	struct roster_row rows[4];
	struct roster_page page = {.row = rows, .cap = 4};
	struct roster_query q = {.filter = ROSTER_TO_ENTER};
	int64_t before, after;
	struct desk *other;
	struct site s;

	(void)state;
	site_make(&s, "jiangmen");
	other = site_open_another(&s, "manager");
	OK(desk_change_count(other, &before, E));
	person_register(&s, 1, NULL);
	OK(desk_change_count(other, &after, E));
	assert_int_not_equal(before, after);
	OK(desk_roster(other, &q, &page, E));
	assert_int_equal(page.n, 1);
	desk_close(other);
	site_drop(&s);
}

/* Registering is one transaction (P6: one fsync). */
static void one_transaction(void **state)
{
	struct site s;
	long before;

	(void)state;
	site_make(&s, "national");
	before = store_commits(s.d->store);
	person_register(&s, 1, NULL);
	assert_int_equal(store_commits(s.d->store) - before, 1);
	site_drop(&s);
}

/* A draft outlives the desk; registering does not touch it, dropping does. */
static void drafts(void **state)
{
	struct draft_row rows[4];
	struct record r, back;
	struct site s;
	int64_t person;
	bool found;
	size_t n;

	(void)state;
	site_make(&s, "national");
	person_record(&s, &r, 3, true);
	record_init(&back);
	OK(desk_draft_save(s.d, "register", 0, &r, E));
	site_reopen(&s, "clerk");
	OK(desk_draft_load(s.d, "register", &person, &back, &found, E));
	assert_true(found);
	for (enum field_id f = 0; f < FIELD_COUNT; f++)
		assert_string_equal(record_get(&back, f), record_get(&r, f));
	assert_true(back.has_portrait);
	site_login(&s, "manager");
	OK(desk_draft_load(s.d, "register", &person, &back, &found, E));
	assert_false(found); /* another's */
	OK(desk_draft_list(s.d, rows, 4, &n, E));
	assert_int_equal(n, 1);
	assert_false(rows[0].mine);
	site_login(&s, "clerk");
	OK(desk_draft_drop(s.d, "register", E));
	OK(desk_draft_load(s.d, "register", &person, &back, &found, E));
	assert_false(found);
	record_release(&r);
	record_release(&back);
	site_drop(&s);
}

static void keep_text(void *arg, const struct draft_text *text)
{
	char *out = arg;

	text_format(out + strlen(out), 200 - strlen(out), "%s=%s;", text->name, text->text);
}

static void drafts_of_texts(void **state)
{
	struct site s;
	char got[200] = "";
	bool found = true;

	(void)state;
	site_make(&s, "national");
	OK(desk_draft_load_texts(s.d, "team", keep_text, got, &found, E));
	assert_false(found);
	OK(desk_draft_save_texts(s.d, "team", (const struct draft_text[]){{"name", "油漆\"班"}, {"kind", ""}}, 2, E));
	site_reopen(&s, "clerk");
	OK(desk_draft_load_texts(s.d, "team", keep_text, got, &found, E));
	assert_true(found);
	assert_string_equal(got, "name=油漆\"班;kind=;");
	site_login(&s, "manager");
	got[0] = '\0';
	OK(desk_draft_load_texts(s.d, "team", keep_text, got, &found, E));
	assert_false(found);
	assert_string_equal(got, "");
	site_drop(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(national),	cmocka_unit_test(jiangmen),
		cmocka_unit_test(entry_moment), cmocka_unit_test(automatic_teams),
		cmocka_unit_test(exit_order),	cmocka_unit_test(same_document),
		cmocka_unit_test(two_desks),
		cmocka_unit_test(typed_after_card),	cmocka_unit_test(one_transaction),
		cmocka_unit_test(drafts),	cmocka_unit_test(drafts_of_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
