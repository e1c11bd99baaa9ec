/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * D5: one employer, several projects of one box. Who is employed through one of them is assigned in another
 * under that employment: no second offer, nothing told twice; where two platforms are told, each has its own.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "desk/import.h"
#include "desk/merge.h"
#include "desk/photo.h"
#include "desk/project.h"
#include "desk/undo.h"
#include "desk_site.h"
#include "folk.h"
#include "store/outbox.h"
#include "store/site.h"
#include "store/upload.h"

/* One site, two projects; `at` says which the site's names are of. */
struct pair {
	struct site s;
	int64_t project[2];
	char labour[2][UID_TEXT], contractor[2][UID_TEXT], team[2][UID_TEXT];
	int at;
};

static void go(struct pair *p, int to)
{
	OK(desk_project_use(p->s.d, p->project[to], E));
	memcpy(p->s.labour, p->labour[to], UID_TEXT);
	memcpy(p->s.contractor, p->contractor[to], UID_TEXT);
	memcpy(p->s.team, p->team[to], UID_TEXT);
	p->at = to;
}

static void pair_make(struct pair *p, const char *profile)
{
	struct second other;

	memset(p, 0, sizeof(*p));
	site_make(&p->s, profile);
	p->project[0] = desk_project(p->s.d)->id;
	memcpy(p->labour[0], p->s.labour, UID_TEXT);
	memcpy(p->contractor[0], p->s.contractor, UID_TEXT);
	memcpy(p->team[0], p->s.team, UID_TEXT);
	site_second(&p->s, profile, &other);
	p->project[1] = other.project;
	memcpy(p->labour[1], other.labour, UID_TEXT);
	memcpy(p->contractor[1], other.contractor, UID_TEXT);
	memcpy(p->team[1], other.team, UID_TEXT);
	go(p, 0);
}

/* Person n registered in the first project, with his consent and the platform's word where the region asks
 * for them. */
static int64_t employed(struct pair *p, unsigned n)
{
	char employment[UID_TEXT];
	int64_t person = person_register(&p->s, n, NULL);

	if (person_employment(&p->s, person, employment) == EMPLOYMENT_OFFERED)
		change_arrives(&p->s, "employment.consent", employment, APPLIED);
	if (person_employment(&p->s, person, employment) == EMPLOYMENT_ACCEPTED) {
		person_act(&p->s, person, EVENT_REGISTER);
		change_arrives(&p->s, "employment.done", employment, APPLIED);
	}
	assert_int_equal(person_employment(&p->s, person, NULL), EMPLOYMENT_REGISTERED);
	return person;
}

static struct folk folk_in(struct pair *p, int project, int64_t person)
{
	int was = p->at;
	struct folk f;

	go(p, project);
	OK(folk_load(p->s.d, person, &f, E));
	go(p, was);
	return f;
}

static size_t employments(struct pair *p, int64_t person)
{
	struct db_employment rows[8];
	size_t n;

	OK(db_employment_list(p->s.d->store, person, rows, 8, &n, E));
	return n;
}

static void drain(struct pair *p, struct platform *platform, int project)
{
	int was = p->at;

	go(p, project);
	site_drain(&p->s, platform, NULL);
	go(p, was);
}

static int64_t listed(struct pair *p, int project)
{
	struct roster_query q = {.filter = ROSTER_ALL};
	int was = p->at;
	int64_t n;

	go(p, project);
	OK(desk_roster_count(p->s.d, &q, 1000, &n, E));
	go(p, was);
	return n;
}

/* Registered in one, then by hand in the other: one employment, one offer, two assignments, in whatever order
 * the lines are served. */
static void employed_once(void **state)
{
	for (int first = 0; first < 2; first++) {
		struct platform *platform = calloc(1, sizeof(*platform));
		struct registered b;
		struct folk a;
		struct pair p;
		int64_t person;

		(void)state;
		pair_make(&p, "national");
		person = employed(&p, 1);
		a = folk_in(&p, 0, person);
		go(&p, 1);
		assert_int_equal(person_register(&p.s, 1, &b), person);
		assert_int_equal(b.employment, a.employment.id);
		assert_int_not_equal(b.assignment, a.assignment.id);
		assert_int_equal(employments(&p, person), 1);
		person_act(&p.s, person, EVENT_SUBMIT);
		go(&p, 0);
		person_act(&p.s, person, EVENT_SUBMIT);
		drain(&p, platform, first);
		drain(&p, platform, !first);
		drain(&p, platform, first);
		assert_int_equal(platform->out_of_order, 0);
		assert_int_equal(platform_count(platform, "company.add"), 2); /* two companies, once each */
		assert_int_equal(platform_count(platform, "person.add"), 1);
		assert_int_equal(platform_count(platform, "person.amend"), 0);
		assert_int_equal(platform_count(platform, "employment.offer"), 1);
		assert_int_equal(platform_count(platform, "employment.amend"), 0);
		assert_int_equal(platform_count(platform, "assignment.submit"), 2);
		site_drop(&p.s);
		free(platform);
	}
}

static enum err_code register_as(struct pair *p, unsigned n, const char *company, const char *team,
				 struct findings *f)
{
	struct registered done;
	struct err e = {ERR_NONE};
	struct record r;

	person_record(&p->s, &r, n, true);
	person_fill(desk_profile(p->s.d), &r);
	assert_int_equal(record_set(&r, F_COMPANY, company, ORIGIN_TYPED), 0);
	assert_int_equal(record_set(&r, F_TEAM, team, ORIGIN_TYPED), 0);
	desk_register(p->s.d, &r, f, &done, &e);
	record_release(&r);
	return e.code;
}

static bool says(const struct findings *f, const char *rule, const char *words)
{
	for (size_t i = 0; i < f->n; i++)
		if (!strcmp(f->item[i].rule, rule) && strstr(f->item[i].sentence, words))
			return true;
	return false;
}

/* D4 stands: another employer is refused; and joining twice is no second assignment. */
static void what_is_refused(void **state)
{
	char team[UID_TEXT];
	struct findings f;
	struct pair p;

	(void)state;
	pair_make(&p, "national");
	person_register(&p.s, 1, NULL);
	go(&p, 1);
	OK(desk_team_add(
		p.s.d,
		&(struct team_new){.name = "电工班", .kind = "worker", .participant_uid = p.contractor[1]},
		team, E));
	assert_int_equal(register_as(&p, 1, p.contractor[1], team, &f), ERR_FINDINGS);
	assert_true(says(&f, "one_employer", "尚未离职"));
	assert_int_equal(listed(&p, 1), 0);
	assert_int_equal(register_as(&p, 1, p.labour[1], p.team[1], &f), ERR_NONE);
	assert_int_equal(register_as(&p, 1, p.labour[1], p.team[1], &f), ERR_DUPLICATE);
	site_drop(&p.s);
}

/* Where the form need not name a team, joining must: there is nothing else to do in this project. */
static void joining_needs_a_team(void **state)
{
	struct findings f;
	struct pair p;

	(void)state;
	pair_make(&p, "shanghai");
	person_register(&p.s, 1, NULL);
	go(&p, 1);
	assert_int_equal(register_as(&p, 1, p.labour[1], "", &f), ERR_FINDINGS);
	assert_true(says(&f, "joined", "项目“云溪花园一期（试验）”"));
	assert_int_equal(listed(&p, 1), 0);
	site_drop(&p.s);
}

/* The form of the second project is filled with what the employment says; what nobody typed does not change
 * it, what was typed does. */
static void the_form_says_what_stands(void **state)
{
	struct registered done;
	char project[NAME_TEXT];
	struct findings f;
	struct record r;
	struct pair p;
	struct folk who;
	int64_t person;

	(void)state;
	pair_make(&p, "national");
	person = person_register(&p.s, 1, NULL);
	go(&p, 1);
	person_record(&p.s, &r, 1, true);
	assert_int_equal(record_set(&r, F_CONTRACT_TO, "2027-01-31", ORIGIN_CARRIED), 0);
	assert_int_equal(record_set(&r, F_WAGE, "", ORIGIN_NONE), 0);
	assert_int_equal(record_set(&r, F_COMPANY, "", ORIGIN_NONE), 0);
	OK(desk_employment_known(p.s.d, &r, project, sizeof(project), E));
	assert_string_equal(project, "云溪花园一期（试验）");
	assert_string_equal(record_get(&r, F_CONTRACT_TO), "2028-12-31");
	assert_string_equal(record_get(&r, F_WAGE), "650000");
	assert_string_equal(record_get(&r, F_COMPANY), p.labour[1]);
	assert_int_equal(record_set(&r, F_WAGE, "700000", ORIGIN_TYPED), 0);
	OK(desk_register(p.s.d, &r, &f, &done, E));
	record_release(&r);
	record_init(&r);
	who = folk_in(&p, 0, person);
	go(&p, 0);
	OK(folk_record(p.s.d, &who, &r, E));
	assert_string_equal(record_get(&r, F_WAGE), "700000");
	assert_string_equal(record_get(&r, F_COMPANY), p.labour[0]);
	record_release(&r);
	person_number(2, project);
	record_init(&r);
	assert_int_equal(record_set(&r, F_NUMBER, project, ORIGIN_TYPED), 0);
	OK(desk_employment_known(p.s.d, &r, project, sizeof(project), E));
	assert_string_equal(project, "");
	record_release(&r);
	site_drop(&p.s);
}

/* A change made in the one project is told on the line of the other, once, and the assignments of both
 * follow. */
static void changes_go_home(void **state)
{
	struct platform *platform = calloc(1, sizeof(*platform));
	struct outbox_counts counts;
	struct findings f;
	struct record r;
	struct pair p;
	int64_t person;
	int changed;

	(void)state;
	pair_make(&p, "national");
	person = person_register(&p.s, 1, NULL);
	go(&p, 1);
	person_register(&p.s, 1, NULL);
	drain(&p, platform, 0);
	drain(&p, platform, 1);
	record_init(&r);
	OK(desk_person_record(p.s.d, person, &r, E));
	assert_string_equal(record_get(&r, F_COMPANY), p.labour[1]);
	assert_int_equal(record_set(&r, F_TRADE, "040", ORIGIN_TYPED), 0);
	assert_int_equal(record_set(&r, F_PHONE, "13900000001", ORIGIN_TYPED), 0);
	OK(desk_amend(p.s.d, person, &r, &f, &changed, E));
	record_release(&r);
	assert_int_equal(changed, 2);
	assert_string_equal(folk_in(&p, 0, person).assignment.trade, "040");
	assert_string_equal(folk_in(&p, 1, person).assignment.trade, "040");
	assert_int_equal(folk_in(&p, 0, person).employment.participant,
			 folk_in(&p, 0, person).participant.id);
	OK(desk_outbox_counts(p.s.d, &counts, E));
	assert_int_equal(counts.state[OUTBOX_HELD], 0);
	go(&p, 0);
	OK(desk_outbox_counts(p.s.d, &counts, E));
	assert_int_equal(counts.state[OUTBOX_HELD], 2);
	drain(&p, platform, 0);
	assert_int_equal(platform_count(platform, "person.amend"), 1);
	assert_int_equal(platform_count(platform, "employment.amend"), 1);
	assert_int_equal(platform->out_of_order, 0);
	site_drop(&p.s);
	free(platform);
}

static struct roster_row row_of(struct pair *p, int project, int64_t person)
{
	struct person_file *file = calloc(1, sizeof(*file));
	struct roster_row row;
	int was = p->at;

	go(p, project);
	OK(desk_person_file(p->s.d, person, file, E));
	row = file->row;
	free(file);
	go(p, was);
	return row;
}

static int64_t joined(struct pair *p, const char *profile)
{
	int64_t person;

	pair_make(p, profile);
	person = person_on_site(&p->s, 1);
	go(p, 1);
	person_register(&p->s, 1, NULL);
	return person;
}

/* Exit of one project is that project's; leaving is of both. Taken back where it was done. */
static void leaving_is_of_both(void **state)
{
	struct undo_row row;
	struct pair p;
	int64_t person = joined(&p, "national");
	struct act leave = {
		.event = EVENT_RECORD_LEAVING, .persons = &person, .n = 1, .on = date_today() + 3};
	struct verdict v;
	size_t n, done;
	bool more;

	(void)state;
	person_act(&p.s, person, EVENT_SUBMIT);
	go(&p, 0);
	person_act(&p.s, person, EVENT_EXIT);
	assert_int_equal(row_of(&p, 0, person).assignment, ASSIGNMENT_EXITED);
	assert_int_not_equal(row_of(&p, 1, person).assignment, ASSIGNMENT_EXITED);
	assert_int_equal(row_of(&p, 1, person).employment, EMPLOYMENT_REGISTERED);
	go(&p, 1);
	OK(desk_act(p.s.d, &leave, &v, &done, E));
	assert_int_equal(done, 1);
	assert_int_equal(row_of(&p, 0, person).employment, EMPLOYMENT_LEAVING_ON);
	assert_int_equal(row_of(&p, 1, person).employment, EMPLOYMENT_LEAVING_ON);
	OK(desk_undo_list(p.s.d, true, 0, &row, 1, &n, &more, E));
	assert_int_equal(row.state, UNDO_POSSIBLE);
	OK(desk_undo(p.s.d, row.act, E));
	assert_int_equal(row_of(&p, 0, person).employment, EMPLOYMENT_REGISTERED);
	assert_int_equal(row_of(&p, 1, person).employment, EMPLOYMENT_REGISTERED);
	person_act(&p.s, person, EVENT_CONTRACT_ENDED);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(row_of(&p, i, person).employment, EMPLOYMENT_ENDED);
		assert_true(lifecycle_final(CYCLE_ASSIGNMENT, (int)row_of(&p, i, person).assignment));
	}
	OK(desk_undo_list(p.s.d, true, 0, &row, 1, &n, &more, E));
	OK(desk_undo(p.s.d, row.act, E));
	assert_int_equal(row_of(&p, 0, person).assignment, ASSIGNMENT_EXITED);
	assert_false(lifecycle_final(CYCLE_ASSIGNMENT, (int)row_of(&p, 1, person).assignment));
	site_drop(&p.s);
}

/* What the platform says of the employment comes on its own line, and both rosters show it. */
static void the_platforms_word(void **state)
{
	char employment[UID_TEXT];
	struct pair p;
	int64_t person;

	(void)state;
	pair_make(&p, "shanghai");
	person = person_register(&p.s, 1, NULL);
	assert_int_equal(person_employment(&p.s, person, employment), EMPLOYMENT_OFFERED);
	go(&p, 1);
	person_register(&p.s, 1, NULL);
	assert_int_equal(row_of(&p, 1, person).assignment, ASSIGNMENT_DRAFTED);
	go(&p, 0);
	change_arrives(&p.s, "employment.consent", employment, APPLIED);
	assert_int_equal(row_of(&p, 1, person).employment, EMPLOYMENT_ACCEPTED);
	go(&p, 1);
	person_act(&p.s, person, EVENT_REGISTER); /* asked for in the second, told by the first */
	assert_int_equal(row_of(&p, 0, person).employment, EMPLOYMENT_PROCESSING);
	go(&p, 0);
	change_arrives(&p.s, "employment.done", employment, APPLIED);
	go(&p, 1);
	person_act(&p.s, person, EVENT_SUBMIT);
	assert_int_equal(employments(&p, person), 1);
	site_drop(&p.s);
}

static int64_t last_act(struct pair *p)
{
	struct undo_row row;
	bool more;
	size_t n;

	OK(desk_undo_list(p->s.d, true, 0, &row, 1, &n, &more, E));
	assert_int_equal(n, 1);
	return row.act;
}

/* Joining is taken back in the second project and leaves the first as it was; the offer cannot be, while
 * somebody works under it. */
static void joining_is_taken_back(void **state)
{
	struct err e = {ERR_NONE};
	struct pair p;
	int64_t person, act;

	(void)state;
	pair_make(&p, "national");
	person = person_register(&p.s, 1, NULL);
	act = last_act(&p);
	go(&p, 1);
	person_register(&p.s, 1, NULL);
	assert_int_equal(listed(&p, 1), 1);
	go(&p, 0);
	assert_int_equal(desk_undo(p.s.d, act, &e), -1);
	assert_int_equal(e.code, ERR_FORBIDDEN);
	go(&p, 1);
	OK(desk_undo(p.s.d, last_act(&p), E));
	assert_int_equal(listed(&p, 1), 0);
	assert_int_equal(listed(&p, 0), 1);
	assert_int_equal(row_of(&p, 0, person).employment, EMPLOYMENT_OFFERED);
	go(&p, 0);
	OK(desk_undo(p.s.d, act, E));
	assert_int_equal(listed(&p, 0), 0);
	site_drop(&p.s);
}

/* E1: assigned from the list, without filling in anything. */
static void assigned_from_the_list(void **state)
{
	struct verdict v[2];
	struct sister_row row[4];
	struct sister_page page = {.row = row, .cap = 4};
	struct pair p;
	int64_t people[2];
	size_t done;

	(void)state;
	pair_make(&p, "national");
	people[0] = employed(&p, 1);
	people[1] = employed(&p, 2);
	person_act(&p.s, people[1], EVENT_CONTRACT_ENDED);
	go(&p, 1);
	OK(desk_sister_list(p.s.d, &(struct sister_query){.text = ""}, &page, E));
	assert_int_equal(page.n, 1); /* who has left is not offered */
	assert_false(page.more);
	assert_int_equal(row[0].person, people[0]);
	assert_string_equal(row[0].project, "云溪花园一期（试验）");
	assert_string_equal(row[0].company, "青禾试劳有限公司");
	OK(desk_sister_list(p.s.d, &(struct sister_query){.text = "没有"}, &page, E));
	assert_int_equal(page.n, 0);
	OK(desk_assign_team(p.s.d, people, 2, p.team[1], v, &done, E));
	assert_int_equal(done, 1);
	assert_true(v[0].can);
	assert_false(v[1].can); /* has left */
	assert_int_equal(employments(&p, people[0]), 1);
	assert_int_equal(listed(&p, 1), 1);
	OK(desk_sister_list(p.s.d, &(struct sister_query){.text = ""}, &page, E));
	assert_int_equal(page.n, 0);
	OK(desk_undo(p.s.d, last_act(&p), E));
	assert_int_equal(listed(&p, 1), 0);
	site_drop(&p.s);
}

#define CROWD 40

/* Everybody whom the list finds, page after page of 7; each comes once. */
static size_t found(struct pair *p, const char *text, int64_t people[CROWD])
{
	struct sister_row row[7];
	struct sister_page page = {.row = row, .cap = 7, .more = true};
	struct sister_query q = {.text = text};
	size_t n = 0;

	while (page.more) {
		OK(desk_sister_list(p->s.d, &q, &page, E));
		for (size_t i = 0; i < page.n; i++) {
			for (size_t k = 0; k < n; k++)
				assert_int_not_equal(people[k], row[i].person);
			assert_true(n < CROWD);
			people[n++] = row[i].person;
		}
		q.after = page.last;
	}
	return n;
}

/* A8 on this list too: one among many is found by any part of the name, pinyin, initials, numbers, worker code. */
static void found_among_many(void **state)
{
	static const struct {
		const char *text;
		size_t n;
	} cases[] = {{"", CROWD - 1}, {"吕", 5}, {"lv", 5}, {"lu", 5}, {"ouyang", 5}, {"欧阳试强", 1}, {"oysq", 1},
		     {"试工 zhang", 0}, {"zhang 试工", 0}, {"zhang 试伟", 1}, {"木工一班", CROWD - 1}, {"没有", 0}, {"12345", 0}};
	char code[WORKER_CODE_TEXT], number[19];
	int64_t person[CROWD], people[CROWD];
	struct verdict v;
	struct pair p;
	size_t done;

	(void)state;
	pair_make(&p, "national");
	for (unsigned i = 0; i < CROWD; i++)
		person[i] = person_register(&p.s, i, NULL);
	OK(desk_worker_code(p.s.d, person[7], false, code, E));
	go(&p, 1);
	OK(desk_assign_team(p.s.d, &person[0], 1, p.team[1], &v, &done, E)); /* 张试工 */
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		if (found(&p, cases[i].text, people) != cases[i].n)
			fail_msg("“%s” finds %zu", cases[i].text, found(&p, cases[i].text, people));
	assert_int_equal(found(&p, code, people), 1);
	assert_int_equal(people[0], person[7]);
	person_number(9, number);
	assert_int_equal(found(&p, number, people), 1);
	assert_int_equal(people[0], person[9]);
	assert_true(found(&p, number + 14, people) >= 1);
	assert_int_equal(found(&p, "13810000011", people), 1);
	assert_int_equal(people[0], person[11]);
	go(&p, 0);
	assert_int_equal(found(&p, "", people), 0); /* nobody's home is elsewhere */
	site_drop(&p.s);
}

/* The roster's box takes a scanned worker code too; a void one names nobody. */
static void code_in_the_roster(void **state)
{
	struct roster_query q = {.filter = ROSTER_ALL};
	char code[WORKER_CODE_TEXT];
	struct roster_row row[4];
	struct roster_page page = {.row = row, .cap = 4};
	struct pair p;
	int64_t person, n;

	(void)state;
	pair_make(&p, "national");
	person = person_register(&p.s, 1, NULL);
	person_register(&p.s, 2, NULL);
	OK(desk_worker_code(p.s.d, person, false, code, E));
	text_copy(q.text, sizeof(q.text), code);
	OK(desk_roster(p.s.d, &q, &page, E));
	assert_int_equal(page.n, 1);
	assert_int_equal(row[0].person, person);
	OK(desk_roster_count(p.s.d, &q, 10, &n, E));
	assert_int_equal(n, 1);
	q.filter = ROSTER_ON_SITE;
	OK(desk_roster_count(p.s.d, &q, 10, &n, E));
	assert_int_equal(n, 0);
	q.filter = ROSTER_ALL;
	OK(desk_worker_code(p.s.d, person, true, code, E));
	OK(desk_roster(p.s.d, &q, &page, E));
	assert_int_equal(page.n, 0);
	site_drop(&p.s);
}

static struct import_verdict imported(struct pair *p, const char *path)
{
	struct import_verdict out;
	struct import *i = NULL;
	bool over = false;

	OK(desk_import_open(p->s.d, &(struct import_options){.path = path}, &i, E));
	while (!over) {
		struct pollfd fd = {.fd = desk_import_fd(i), .events = POLLIN};

		assert_true(poll(&fd, 1, 60000) == 1);
		OK(desk_import_step(i, &over, E));
	}
	assert_non_null(desk_import_verdict(i, 0));
	out = *desk_import_verdict(i, 0);
	desk_import_close(i);
	return out;
}

/* E7: a row of the second project's list names somebody who is employed already. */
static void imported_under_the_employment(void **state)
{
	char number[19], path[300];
	struct pair p;
	int64_t person;
	FILE *f;

	(void)state;
	pair_make(&p, "national");
	person = person_register(&p.s, 1, NULL);
	go(&p, 1);
	snprintf(path, sizeof(path), "%s/二期.csv", p.s.dir);
	f = fopen(path, "w");
	assert_non_null(f);
	person_number(1, number);
	fprintf(f, "姓名,身份证号,班组名称\n王试工,%s,木工二班\n", number);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(imported(&p, path).outcome, IMPORT_NEW);
	assert_int_equal(employments(&p, person), 1);
	assert_int_equal(folk_in(&p, 1, person).employment.project, p.project[0]);
	assert_int_equal(imported(&p, path).outcome, IMPORT_SAME);
	site_drop(&p.s);
}

/* A6: two files of one person with work in the same project do not become one. */
static void merging_minds_assignments(void **state)
{
	struct err e = {ERR_NONE};
	struct pair p;
	int64_t a = joined(&p, "national"), b;

	(void)state;
	b = person_register(&p.s, 2, NULL); /* in the second project, which a is assigned in only */
	assert_int_equal(desk_person_merge(p.s.d, a, b, "试验", &e), -1);
	assert_int_equal(e.code, ERR_FORBIDDEN);
	site_drop(&p.s);
}

/* Two platforms: each is told of a person and an employment of its own. */
static void two_platforms(void **state)
{
	struct registered a, b;
	struct platform *one = calloc(1, sizeof(*one)), *other = calloc(1, sizeof(*other));
	struct pair p;

	(void)state;
	pair_make(&p, "national");
	OK(desk_setting_set(p.s.d, "platform.url", "https://a.example.invalid", E));
	person_register(&p.s, 1, &a);
	go(&p, 1);
	OK(desk_setting_set(p.s.d, "platform.url", "https://b.example.invalid", E));
	person_register(&p.s, 1, &b);
	assert_int_equal(a.person, b.person);
	assert_int_not_equal(a.employment, b.employment);
	drain(&p, one, 0);
	drain(&p, other, 1);
	assert_int_equal(platform_count(one, "person.add") + platform_count(other, "person.add"), 2);
	assert_int_equal(platform_count(one, "employment.offer"), 1);
	assert_int_equal(platform_count(other, "employment.offer"), 1);
	assert_int_equal(one->out_of_order + other->out_of_order, 0);
	site_drop(&p.s);
	free(one);
	free(other);
}

static void amend(struct pair *p, int project, int64_t person, enum field_id field, const char *value)
{
	struct findings f;
	struct record r;
	int was = p->at, changed;

	go(p, project);
	record_init(&r);
	OK(desk_person_record(p->s.d, person, &r, E));
	assert_int_equal(record_set(&r, field, value, ORIGIN_TYPED), 0);
	OK(desk_amend(p->s.d, person, &r, &f, &changed, E));
	assert_int_equal(changed, 1);
	record_release(&r);
	go(p, was);
}

static int64_t held(struct pair *p, int project)
{
	struct outbox_counts c;
	int was = p->at;

	go(p, project);
	OK(desk_outbox_counts(p->s.d, &c, E));
	go(p, was);
	return c.state[OUTBOX_HELD];
}

static void phone_is(struct pair *p, int64_t person, const char *phone)
{
	struct record r;

	record_init(&r);
	OK(desk_person_record(p->s.d, person, &r, E));
	assert_string_equal(record_get(&r, F_PHONE), phone);
	record_release(&r);
}

/* Both platforms have been told so last. */
static bool both_told(const struct platform *one, const struct platform *other, const char *words)
{
	return strstr(one->watched, words) && strstr(other->watched, words);
}

static int64_t pictures_left(struct pair *p, int project)
{
	int64_t n, bytes;

	OK(db_attachment_left(p->s.d->store, p->project[project], 0, &n, &bytes, E));
	return n;
}

/* Somebody on two projects, each with a platform of its own that knows nothing of the other. */
static int64_t on_two_platforms(struct pair *p, struct platform *one, struct platform *other)
{
	int64_t person;

	text_copy(one->watch_kind, sizeof(one->watch_kind), "person.amend");
	text_copy(other->watch_kind, sizeof(other->watch_kind), "person.amend");
	pair_make(p, "national");
	OK(desk_setting_set(p->s.d, "platform.url", "https://a.example.invalid", E));
	person = employed(p, 1);
	person_act(&p->s, person, EVENT_SUBMIT);
	go(p, 1);
	OK(desk_setting_set(p->s.d, "platform.url", "https://b.example.invalid", E));
	assert_int_equal(employed(p, 1), person);
	person_act(&p->s, person, EVENT_SUBMIT);
	drain(p, one, 0);
	drain(p, other, 1);
	return person;
}

/* What is said of a person goes up on every line that knows him, once each, from whichever project it is said; taken back, on none. */
static void changes_reach_every_line(void **state)
{
	struct platform *one = calloc(1, sizeof(*one)), *other = calloc(1, sizeof(*other));
	struct pair p;
	int64_t person = on_two_platforms(&p, one, other);

	(void)state;
	amend(&p, 1, person, F_PHONE, "13900000001");
	assert_int_equal(held(&p, 0), 1);
	assert_int_equal(held(&p, 1), 1);
	OK(desk_undo(p.s.d, last_act(&p), E));
	phone_is(&p, person, "13810000001");
	assert_int_equal(held(&p, 0) + held(&p, 1), 0);
	drain(&p, one, 0);
	drain(&p, other, 1);
	assert_int_equal(platform_count(one, "person.amend") + platform_count(other, "person.amend"), 0);
	amend(&p, 1, person, F_PHONE, "13900000002");
	drain(&p, one, 0);
	drain(&p, other, 1);
	amend(&p, 0, person, F_PHONE, "13900000003");
	drain(&p, one, 0);
	drain(&p, other, 1);
	assert_int_equal(platform_count(one, "person.amend"), 2);
	assert_int_equal(platform_count(other, "person.amend"), 2);
	assert_true(both_told(one, other, "13900000003"));
	assert_int_equal(one->out_of_order + other->out_of_order, 0);
	/* whose work there is over is no business of that line any more */
	go(&p, 0);
	person_act(&p.s, person, EVENT_CONTRACT_ENDED);
	drain(&p, one, 0);
	amend(&p, 1, person, F_PHONE, "13900000004");
	assert_int_equal(held(&p, 0), 0);
	assert_int_equal(held(&p, 1), 1);
	site_drop(&p.s);
	free(one);
	free(other);
}

/* A change that was not sent yet and is mended goes up once, as it stands in the end. */
static void two_changes_one_word(void **state)
{
	struct platform *one = calloc(1, sizeof(*one)), *other = calloc(1, sizeof(*other));
	struct pair p;
	int64_t person = on_two_platforms(&p, one, other);

	(void)state;
	amend(&p, 1, person, F_PHONE, "13900000001");
	amend(&p, 0, person, F_PHONE, "13900000002");
	drain(&p, one, 0);
	drain(&p, other, 1);
	assert_int_equal(platform_count(one, "person.amend"), 1);
	assert_int_equal(platform_count(other, "person.amend"), 1);
	assert_true(both_told(one, other, "13900000002"));
	site_drop(&p.s);
	free(one);
	free(other);
}

/* His picture too, to both; and a platform that hears of him later gets the one that is on file. */
static void pictures_reach_every_line(void **state)
{
	static const unsigned char jpeg[] = {0xFF, 0xD8, 0xFF, 0xDA, 0, 2, 1, 1, 1, 1, 0xFF, 0xD9},
				   another[] = {0xFF, 0xD8, 0xFF, 0xDA, 0, 2, 2, 2, 2, 2, 0xFF, 0xD9};
	struct platform *one = calloc(1, sizeof(*one)), *other = calloc(1, sizeof(*other));
	struct photo info;
	struct pair p;
	int64_t person = on_two_platforms(&p, one, other), second;

	(void)state;
	assert_int_equal(pictures_left(&p, 0) + pictures_left(&p, 1), 0);
	OK(desk_photo_set(p.s.d, person, PHOTO_FACE, jpeg, sizeof(jpeg), E));
	assert_int_equal(pictures_left(&p, 0), 1);
	assert_int_equal(pictures_left(&p, 1), 1);
	OK(desk_photo_info(p.s.d, person, PHOTO_FACE, &info, E));
	assert_int_equal(info.bytes, sizeof(jpeg));
	go(&p, 0);
	second = person_register(&p.s, 2, NULL);
	OK(desk_photo_set(p.s.d, second, PHOTO_CARD_BACK, another, sizeof(another), E));
	assert_int_equal(pictures_left(&p, 0), 2);
	assert_int_equal(pictures_left(&p, 1), 1);
	go(&p, 1);
	person_register(&p.s, 2, NULL);
	assert_int_equal(pictures_left(&p, 1), 2);
	site_drop(&p.s);
	free(one);
	free(other);
}

/* One main trade (SH-QA r2 人员项目分配 6): changed after the submission, every assignment under the employment is corrected on its own line. */
static void trade_goes_with_every_assignment(void **state)
{
	struct platform *platform = calloc(1, sizeof(*platform));
	struct pair p;
	int64_t person;

	(void)state;
	text_copy(platform->watch_kind, sizeof(platform->watch_kind), "assignment.amend");
	pair_make(&p, "national");
	person = employed(&p, 1);
	person_act(&p.s, person, EVENT_SUBMIT);
	go(&p, 1);
	person_register(&p.s, 1, NULL);
	drain(&p, platform, 0);
	drain(&p, platform, 1);
	amend(&p, 1, person, F_TRADE, "030"); /* drafted here, submitted there */
	assert_int_equal(held(&p, 0), 2);
	assert_int_equal(held(&p, 1), 0);
	drain(&p, platform, 0);
	person_act(&p.s, person, EVENT_SUBMIT);
	drain(&p, platform, 1);
	amend(&p, 1, person, F_TRADE, "040");
	assert_int_equal(held(&p, 0), 2);
	assert_int_equal(held(&p, 1), 1);
	OK(desk_undo(p.s.d, last_act(&p), E));
	assert_int_equal(held(&p, 0) + held(&p, 1), 0);
	assert_string_equal(folk_in(&p, 0, person).assignment.trade, "030");
	amend(&p, 1, person, F_TRADE, "040");
	drain(&p, platform, 0);
	drain(&p, platform, 1);
	assert_int_equal(platform_count(platform, "employment.amend"), 2);
	assert_int_equal(platform_count(platform, "assignment.amend"), 3);
	assert_non_null(strstr(platform->watched, "\"workType\":\"040\""));
	assert_int_equal(platform->out_of_order, 0);
	site_drop(&p.s);
	free(platform);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(employed_once),
		cmocka_unit_test(what_is_refused),
		cmocka_unit_test(joining_needs_a_team),
		cmocka_unit_test(the_form_says_what_stands),
		cmocka_unit_test(changes_go_home),
		cmocka_unit_test(leaving_is_of_both),
		cmocka_unit_test(the_platforms_word),
		cmocka_unit_test(joining_is_taken_back),
		cmocka_unit_test(assigned_from_the_list),
		cmocka_unit_test(found_among_many),
		cmocka_unit_test(code_in_the_roster),
		cmocka_unit_test(imported_under_the_employment),
		cmocka_unit_test(merging_minds_assignments),
		cmocka_unit_test(two_platforms),
		cmocka_unit_test(changes_reach_every_line),
		cmocka_unit_test(two_changes_one_word),
		cmocka_unit_test(pictures_reach_every_line),
		cmocka_unit_test(trade_goes_with_every_assignment),
	};

	setenv("SHIMING_LIBEXEC", BIN_DIR, 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
