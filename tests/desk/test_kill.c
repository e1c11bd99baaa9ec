/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * R1, this side of it: the flow from registration to exit, killed before every commit in turn and started
 * again, reaches the state that it reaches undisturbed, and the platform has each effect once. The platform
 * lives in memory that outlives the killed process. Each start goes on from what the file says, as a clerk
 * and a runner would.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "desk/conflict.h"
#include "desk/contract.h"
#include "desk_private.h"
#include "desk_site.h"
#include "folk.h"
#include "store/audit.h"

static struct platform *platform; /* shared with the children */
#define KILLED 77
#define MOST_COMMITS 200

static void kill_before(void *arg, long n)
{
	if (n == *(const long *)arg)
		_exit(KILLED);
}

/* The runner: what was sending is looked up, then all that is ready goes out. */
static void carry(struct site *s)
{
	struct batch asked;

	OK(desk_recover_sending(s->d, E));
	OK(desk_to_look_up(s->d, 64, false, &asked, E));
	for (size_t i = 0; i < asked.n; i++)
		OK(desk_take_answers(s->d,
				     &(struct answer){.op = asked.item[i].op,
						      .kind = platform_has(platform, asked.item[i].op)
								      ? ANSWER_ACCEPTED
								      : ANSWER_NOT_SENT},
				     1, E));
	desk_release_batch(&asked);
	site_drain(s, platform, NULL);
}

/* The person consents on the platform once it has the offer; the change has the same uid however often it is
 * fetched. */
static void consent(struct site *s)
{
	static const char *const uid = "018f0000-0000-7000-8000-0000000000aa";
	enum applied result;

	for (size_t i = 0; i < platform->n; i++)
		if (strcmp(platform->taken[i].kind, "employment.offer") == 0) {
			struct change c = {.uid = uid,
					   .kind = "employment.consent",
					   .subject = platform->taken[i].uid,
					   .at_ms = now_ms};

			OK(desk_take_changes(s->d, &c, 1, "1", &result, E));
		}
}

static int64_t who(struct site *s)
{
	char number[19];
	int64_t person;

	person_number(1, number);
	OK(desk_person_by_document(s->d, "01", number, &person, E));
	return person;
}

/* One step on; false: the way is done. */
static bool go_on(struct site *s)
{
	int64_t p = who(s);
	struct folk f;

	if (!p) {
		person_register(s, 1, NULL);
		return true;
	}
	OK(folk_load(s->d, p, &f, E));
	if (f.employment.state == EMPLOYMENT_OFFERED) {
		carry(s);
		consent(s);
		return true;
	}
	switch (f.assignment.state) {
	case ASSIGNMENT_DRAFTED:
		person_act(s, p, EVENT_SUBMIT); /* as manager: confirms in the same act */
		return true;
	case ASSIGNMENT_CONFIRMED:
		person_act(s, p, EVENT_ENTER);
		return true;
	case ASSIGNMENT_ON_SITE:
		person_act(s, p, EVENT_EXIT);
		return true;
	default:
		carry(s);
		return false;
	}
}

/* D9, D11: a renewed contract, a day of leaving, and the day itself. */
static bool leave(struct site *s)
{
	struct contract_row rows[4];
	struct contract_page page = {.row = rows, .cap = 4};
	int64_t p = who(s);
	struct verdict v;
	struct folk f;
	size_t done;

	if (p)
		OK(folk_load(s->d, p, &f, E));
	if (!p || f.employment.state == EMPLOYMENT_OFFERED)
		return go_on(s);
	if (f.employment.state == EMPLOYMENT_LEFT) {
		carry(s);
		return false;
	}
	if (f.employment.state == EMPLOYMENT_LEAVING_ON) {
		if (date_today() < f.employment.leaves_on)
			clock_add((f.employment.leaves_on - date_today()) * 24 * 60 * 60 * 1000LL);
		person_act(s, p, EVENT_LEAVING_DAY);
		return true;
	}
	OK(desk_contracts(s->d, &(struct contract_query){.person = p}, &page, E));
	if (page.n == 1) {
		struct contract_new c = {.person = p, .kind = "0", .price = -1, .renews = rows[0].id};
		int64_t id;

		c.starts_on = rows[0].ends_on + 1;
		c.ends_on = rows[0].ends_on + 365;
		OK(desk_contract_add(s->d, &c, NULL, &id, E));
		return true;
	}
	OK(desk_act(s->d, &(struct act){.event = EVENT_RECORD_LEAVING, .persons = &p, .n = 1, .on = date_of_ms(CLOCK_START) + 1}, &v, &done, E));
	assert_int_equal(done, 1);
	return true;
}

/* DESIGN 9: changed here and there; one field is kept, the other taken. */
#define PHONE_MINE "13900000002"
#define PHONE_THEIRS "13900000003"
#define KIN_MINE "赵试三"
#define KIN_THEIRS "赵试四"

static void clerk_writes(struct site *s, int64_t person)
{
	struct findings found;
	struct record r;
	int changed;

	record_init(&r);
	OK(desk_person_record(s->d, person, &r, E));
	record_set(&r, F_PHONE, PHONE_MINE, ORIGIN_TYPED);
	record_set(&r, F_EMERGENCY_NAME, KIN_MINE, ORIGIN_TYPED);
	OK(desk_amend(s->d, person, &r, &found, &changed, E));
	assert_int_equal(changed, 2);
	record_release(&r);
}

/* The same change however often it is fetched. */
static void they_write(struct site *s, const char *subject)
{
	static const struct changed_field fields[] = {{"cellPhone", "13900000001", PHONE_THEIRS}, {"urgentLinkMan", "赵试二", KIN_THEIRS}};
	struct change c = {.uid = "018f0000-0000-7000-8000-0000000000bb",
			   .kind = "person.changed",
			   .subject = subject,
			   .at_ms = now_ms,
			   .by = "平台",
			   .field = fields,
			   .n_fields = ARRAY_LEN(fields),
			   .base = -1};
	enum applied result;

	OK(desk_take_changes(s->d, &c, 1, "2", &result, E));
}

static bool says(struct site *s, int64_t person, enum field_id f, const char *value)
{
	struct record r;
	bool same;

	record_init(&r);
	OK(desk_person_record(s->d, person, &r, E));
	same = !strcmp(record_get(&r, f), value);
	record_release(&r);
	return same;
}

static bool choose(struct site *s)
{
	struct conflict rows[4];
	int64_t p = who(s);
	size_t n, done;
	struct folk f;
	bool more;

	if (p)
		OK(folk_load(s->d, p, &f, E));
	if (!p || f.employment.state == EMPLOYMENT_OFFERED)
		return go_on(s);
	if (!says(s, p, F_PHONE, PHONE_MINE)) {
		clerk_writes(s, p);
		return true;
	}
	they_write(s, f.person.uid);
	OK(desk_conflict_page(s->d, 0, rows, ARRAY_LEN(rows), &n, &more, E));
	if (!n) {
		carry(s);
		return false;
	}
	OK(desk_conflict_choose(s->d, &rows[0].id, 1, !strcmp(rows[0].field, "phone") ? CONFLICT_MINE : CONFLICT_THEIRS, &done, E));
	assert_int_equal(done, 1);
	return true;
}

static bool (*way)(struct site *) = go_on; /* the one that is walked */

/* Both accounts work on one desk each, so that the commits are counted in one place: the clerk registers, the
 * manager does the rest. */
static void whole_way(const char *dir, long kill_at)
{
	struct store_seam seam = {.arg = &kill_at, .before_commit = kill_before};
	struct site s = {.d = NULL};
	bool more = true;

	text_copy(s.dir, sizeof(s.dir), dir);
	s.d = site_open_another(&s, "both");
	{
		struct team_row teams[4];
		size_t n;

		OK(desk_team_list(s.d, teams, 4, &n, E));
		for (size_t i = 0; i < n; i++)
			if (strcmp(teams[i].name, "木工一班") == 0) {
				memcpy(s.team, teams[i].uid, UID_TEXT);
				memcpy(s.labour, teams[i].participant_uid, UID_TEXT);
			}
	}
	if (kill_at) {
		kill_at += store_commits(s.d->store); /* logging in has committed too */
		store_set_seam(s.d->store, &seam);
	}
	while (more)
		more = way(&s);
	store_set_seam(s.d->store, NULL);
	desk_close(s.d);
}

/* In a process of its own; true: it was killed on the way. */
static bool child_way(const char *dir, long kill_at)
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (!pid) {
		whole_way(dir, kill_at);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == KILLED));
	return WEXITSTATUS(status) == KILLED;
}

struct outcome {
	int employment, assignment;
	date_t entered, exited;
	size_t facts, effects;
	bool phone, kin; /* as they were chosen */
	int64_t states[OUTBOX_STATE_COUNT];
	char kinds[4000]; /* what the platform has taken, in its order */
};

static void outcome_of(const struct site *s, struct outcome *o)
{
	struct history_row rows[64];
	struct audit_fault fault;
	struct outbox_counts c;
	struct site again = *s;
	struct folk f;
	bool sound;
	int state;

	memset(o, 0, sizeof(*o));
	again.d = site_open_another(s, "both");
	OK(folk_load(again.d, who(&again), &f, E));
	o->employment = f.employment.state;
	o->assignment = f.assignment.state;
	o->entered = f.assignment.entered_on;
	o->exited = f.assignment.exited_on;
	OK(deed_fold(again.d, CYCLE_EMPLOYMENT, f.employment.id, &state, E));
	assert_int_equal(state, o->employment);
	OK(deed_fold(again.d, CYCLE_ASSIGNMENT, f.assignment.id, &state, E));
	assert_int_equal(state, o->assignment);
	OK(desk_person_history(again.d, f.person.id, 0, rows, 64, &o->facts, E));
	OK(desk_outbox_counts(again.d, &c, E));
	memcpy(o->states, c.state, sizeof(o->states));
	o->phone = says(&again, f.person.id, F_PHONE, PHONE_MINE);
	o->kin = says(&again, f.person.id, F_EMERGENCY_NAME, KIN_THEIRS);
	o->effects = platform->n;
	for (size_t i = 0; i < platform->n; i++) {
		size_t len = strlen(o->kinds);

		text_format(o->kinds + len, sizeof(o->kinds) - len, "%s ", platform->taken[i].kind);
	}
	assert_int_equal(platform->out_of_order, 0);
	assert_int_equal(platform->changed_content, 0);
	OK(db_audit_verify(again.d->store, NULL, &sound, &fault, E));
	assert_true(sound);
	desk_close(again.d);
}

/* A site whose one account is clerk and manager, so that one process walks the whole way. */
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
	desk_close(s->d);
	s->d = NULL;
	memset(platform, 0, sizeof(*platform));
}

static void copy_site(const struct site *from, struct site *to)
{
	char command[600];

	*to = *from;
	snprintf(to->dir, sizeof(to->dir), "/tmp/shiming-desk-XXXXXX");
	assert_non_null(mkdtemp(to->dir));
	snprintf(command, sizeof(command), "cp -p '%s'/* '%s'/", from->dir, to->dir);
	assert_int_equal(system(command), 0);
}

static void killed_at_every_commit(enum employment_state employment, enum assignment_state assignment)
{
	struct outcome whole, cut;
	struct site origin, s;
	long n;

	prepare(&origin);
	copy_site(&origin, &s);
	assert_false(child_way(s.dir, 0));
	outcome_of(&s, &whole);
	site_drop(&s);
	clock_fix_ms(now_ms);
	assert_int_equal(whole.employment, employment);
	assert_int_equal(whole.assignment, assignment);
	assert_true(way != choose || (whole.phone && whole.kin));
	assert_int_equal(whole.states[OUTBOX_ACCEPTED], whole.effects);
	for (n = 1; n <= MOST_COMMITS; n++) {
		bool killed;

		memset(platform, 0, sizeof(*platform));
		copy_site(&origin, &s);
		killed = child_way(s.dir, n);
		if (killed)
			assert_false(child_way(s.dir, 0));
		outcome_of(&s, &cut);
		if (memcmp(&whole, &cut, sizeof(whole)))
			fail_msg("killed before commit %ld: employment %d assignment %d facts %zu effects "
				 "%zu\n%s\n%s",
				 n, cut.employment, cut.assignment, cut.facts, cut.effects, whole.kinds,
				 cut.kinds);
		site_drop(&s);
		clock_fix_ms(now_ms);
		if (!killed)
			break;
	}
	if (n <= 20 || n >= MOST_COMMITS)
		fail_msg("the way has %ld commits", n - 1);
	site_drop(&origin);
}

static void every_commit(void **state)
{
	(void)state;
	way = go_on;
	killed_at_every_commit(EMPLOYMENT_REGISTERED, ASSIGNMENT_EXITED);
}

static void every_commit_of_leaving(void **state)
{
	(void)state;
	way = leave;
	killed_at_every_commit(EMPLOYMENT_LEFT, ASSIGNMENT_WITHDRAWN);
}

static void every_commit_of_choices(void **state)
{
	(void)state;
	way = choose;
	killed_at_every_commit(EMPLOYMENT_REGISTERED, ASSIGNMENT_DRAFTED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(every_commit), cmocka_unit_test(every_commit_of_leaving), cmocka_unit_test(every_commit_of_choices)};

	platform = mmap(NULL, sizeof(*platform), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (platform == MAP_FAILED)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
