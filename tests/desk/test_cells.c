/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Every cell (state, event, role) of the life cycles of people, at the desk: what the table forbids is refused in the words of its class (no way from
 * here; somebody else's to do; the person's or the platform's to decide) and nothing is written; what it allows is refused, if at all, for a fact.
 * Teams, participants, contracts and the project: a probe of each class. The tables themselves are walked in tests/domain/test_lifecycle.c.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "desk/contract.h"
#include "desk/project.h"
#include "desk_private.h"
#include "desk_site.h"
#include "folk.h"
#include "store/hiring.h"
#include "store/project.h"

static const struct {
	const char *name;
	enum role role;
} who[] = {
	{"clerk", ROLE_CLERK},		 {"manager", ROLE_PROJECT_MANAGER}, {"operator", ROLE_SITE_OPERATOR}, {"sub", ROLE_SUBCONTRACTOR_CLERK},
	{"personnel", ROLE_COMPANY_HR}, {"legal", ROLE_LEGAL_REPRESENTATIVE}, {"admin", ROLE_ADMINISTRATOR}, {"auditor", ROLE_AUDITOR},
};

static struct site site;
static int64_t person;
static sqlite3 *watcher;

static void add_accounts(void)
{
	site_login(&site, "manager");
	for (size_t i = 2; i < ARRAY_LEN(who); i++)
		OK(desk_account_add(site.d, &(struct account_new){.name = who[i].name, .password = PASSWORD, .roles = who[i].role, .kdf_mib = 8}, E));
	site_login(&site, "clerk");
}

static int setup(void **state)
{
	char path[300], employment[UID_TEXT];

	(void)state;
	site_make(&site, "national");
	person = person_register(&site, 1, NULL);
	person_employment(&site, person, employment);
	change_arrives(&site, "employment.consent", employment, APPLIED);
	add_accounts();
	snprintf(path, sizeof(path), "%s/shiming.db", site.dir);
	assert_int_equal(sqlite3_open_v2(path, &watcher, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	sqlite3_close(watcher);
	site_drop(&site);
	return 0;
}

/* Another number whenever somebody has committed a change. */
static int version(void)
{
	sqlite3_stmt *q = NULL;
	int n;

	assert_int_equal(sqlite3_prepare_v2(watcher, "PRAGMA data_version", -1, &q, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(q), SQLITE_ROW);
	n = sqlite3_column_int(q, 0);
	sqlite3_finalize(q);
	return n;
}

/* --- people ------------------------------------------------------------------------------------------------------------------------------ */

static void put_state(enum cycle cycle, int to)
{
	struct folk f;
	struct err e = {ERR_NONE};

	OK(folk_load(site.d, person, &f, E));
	OK(store_begin(site.d->store, E));
	if (cycle == CYCLE_EMPLOYMENT)
		db_employment_state(site.d->store, f.employment.id, f.employment.state, (enum employment_state)to, &e);
	else
		db_assignment_state(site.d->store, f.assignment.id, f.assignment.state, (enum assignment_state)to, &e);
	OK(store_end(site.d->store, e.code == ERR_NONE ? 0 : -1, E));
	assert_int_equal(e.code, ERR_NONE);
}

static bool says(const struct verdict *v, const char *words)
{
	return strstr(v->why, words) != NULL;
}

/* The class of a refusal by its words. */
static void judge_words(const struct verdict *v, const struct transition *row, enum role role, const char *cell)
{
	bool no_way = says(v, "，不能"), rights = says(v, "无权"), elsewhere = says(v, "本人或平台");

	if (!row ? !no_way : !row->roles ? !elsewhere : !(row->roles & role) ? !rights : no_way || rights || elsewhere)
		fail_msg("%s: %s", cell, v->why);
	assert_true(v->why[0] != '\0');
}

/* Events of the cycle that an act on people can be. */
static bool acts_on_people(enum cycle c, enum event e)
{
	return event_cycle(e) == c && e != EVENT_OFFER && e != EVENT_DRAFT;
}

static void probe(enum cycle c, int state, enum event event, enum role role)
{
	struct act a = {.event = event, .persons = &person, .n = 1, .on = DATE_NONE, .note = "试"};
	const struct transition *row = lifecycle_find(c, state, event);
	struct verdict v;
	struct err e = {ERR_NONE};
	size_t able = 0;
	char cell[120];
	int before = version();

	snprintf(cell, sizeof(cell), "%s %s %s %s", cycle_name(c), state_name(c, state), event_name(event), role_name(role));
	if (desk_preview(site.d, &a, &v, &able, &e)) {
		if (role != ROLE_ADMINISTRATOR && role != ROLE_AUDITOR)
			fail_msg("%s: %s", cell, err_name(e.code)); /* who works with people is told in words */
		assert_int_equal(e.code, ERR_NOT_PERMITTED);
		return;
	}
	if (v.can) {
		if (!row || !(row->roles & role))
			fail_msg("%s: allowed", cell);
		return;
	}
	judge_words(&v, row, role, cell);
	OK(desk_act(site.d, &a, &v, &able, E));
	assert_int_equal(able, 0);
	if (version() != before)
		fail_msg("%s: refused, and something was written", cell);
}

static void walk_people(enum cycle c)
{
	int was = c == CYCLE_EMPLOYMENT ? (int)EMPLOYMENT_REGISTERED : (int)ASSIGNMENT_DRAFTED;

	for (size_t i = 0; i < ARRAY_LEN(who); i++) {
		site_login(&site, who[i].name);
		for (int s = 1; s < lifecycle_state_count(c); s++) {
			put_state(c, s);
			for (int e = EVENT_NONE + 1; e < EVENT_COUNT; e++)
				if (acts_on_people(c, (enum event)e))
					probe(c, s, (enum event)e, who[i].role);
		}
		put_state(c, was);
	}
}

static void employments(void **state)
{
	(void)state;
	walk_people(CYCLE_EMPLOYMENT);
}

static void assignments(void **state)
{
	(void)state;
	walk_people(CYCLE_ASSIGNMENT);
}

/* What is no act on people at all. */
static void foreign_events(void **state)
{
	static const enum event events[] = {EVENT_OFFER, EVENT_DRAFT, EVENT_SITE_ENTER, EVENT_ASSOCIATE, EVENT_CONTRACT_SIGN, EVENT_START};
	int before = version();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(events); i++) {
		struct act a = {.event = events[i], .persons = &person, .n = 1, .on = DATE_NONE};
		struct err e = {ERR_NONE};
		struct verdict v;
		size_t n;

		assert_int_equal(desk_act(site.d, &a, &v, &n, &e), -1);
		assert_int_equal(e.code, ERR_USAGE);
	}
	assert_int_equal(version(), before);
}

/* --- the rest: each class once ------------------------------------------------------------------------------------------------------------- */

enum subject_kind { TEAM, PARTICIPANT, CONTRACT, PROJECT };

static int64_t contract_id(void)
{
	struct contract_row row[4];
	struct contract_page page = {.row = row, .cap = 4};

	OK(desk_contracts(site.d, &(struct contract_query){.person = person}, &page, E));
	assert_true(page.n > 0);
	return row[0].id;
}

static int try(enum subject_kind k, enum event event, struct err *e)
{
	switch (k) {
	case TEAM:
		return desk_team_act(site.d, site.team, event, DATE_NONE, e);
	case PARTICIPANT:
		return desk_participant_act(site.d, site.labour, event, DATE_NONE, e);
	case CONTRACT:
		return desk_contract_act(site.d, contract_id(), event, DATE_NONE, NULL, NULL, e);
	default:
		return desk_project_act(site.d, event, DATE_NONE, e);
	}
}

static void refused(const char *account, enum subject_kind k, enum event event, enum err_code code)
{
	struct err e = {ERR_NONE};
	int before;

	if (account)
		site_login(&site, account);
	before = version();
	if (try(k, event, &e) != -1)
		fail_msg("%s, %d %s: done", account ? account : "", (int)k, event_name(event));
	if (e.code != code)
		fail_msg("%s, %d %s: %s %s", account ? account : "", (int)k, event_name(event), err_name(e.code), e.detail);
	assert_int_equal(version(), before);
}

static void places_and_papers(void **state)
{
	(void)state;
	/* no way from here: both are on site, the contract is in force, the project is running */
	refused("manager", TEAM, EVENT_SITE_ENTER, ERR_FORBIDDEN);
	refused(NULL, PARTICIPANT, EVENT_SITE_ENTER, ERR_FORBIDDEN);
	refused(NULL, TEAM, EVENT_SET_OWN, ERR_FORBIDDEN);
	refused(NULL, PROJECT, EVENT_START, ERR_FORBIDDEN);
	refused(NULL, PROJECT, EVENT_RESUME, ERR_FORBIDDEN);
	refused("clerk", CONTRACT, EVENT_CONTRACT_SIGN, ERR_FORBIDDEN);
	/* somebody else's to do */
	refused("personnel", TEAM, EVENT_SITE_EXIT, ERR_NOT_PERMITTED);
	refused(NULL, PARTICIPANT, EVENT_SITE_EXIT, ERR_NOT_PERMITTED);
	refused("operator", CONTRACT, EVENT_CONTRACT_TERMINATE, ERR_NOT_PERMITTED);
	refused(NULL, PROJECT, EVENT_STOP, ERR_NOT_PERMITTED);
	refused("auditor", TEAM, EVENT_SITE_EXIT, ERR_NOT_PERMITTED);
	refused("admin", PROJECT, EVENT_STOP, ERR_NOT_PERMITTED);
	/* a fact forbids it: a team of it is still there (C8) */
	refused("manager", PARTICIPANT, EVENT_SITE_EXIT, ERR_FORBIDDEN);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {T(employments), T(assignments), T(foreign_events), T(places_and_papers)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
