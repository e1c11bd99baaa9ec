/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * R1, R16: three clerks at one file, mixed work, and the power goes, or the process is killed, at a random
 * write, sync or truncation. Then: the file passes its check, the audit chain is whole up to the last row
 * that anybody was told of and beyond, every person, fact, operation and phone that was acknowledged is there
 * (what was under way may be there or not, whole), and every state is the fold of its facts. The next round
 * goes on with what the cut left, log and all, so that recovering is cut too. SHIMING_POWER_CUTS,
 * SHIMING_KILLS: how many of each; SHIMING_CUT_SEED: other dice.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/text.h"
#include "desk_private.h"
#include "desk_site.h"
#include "folk.h"
#include "query.h"
#include "store/account.h"
#include "store/audit.h"
#include "store/vault.h"
#include "desk/attendance.h"
#include "desk/dossier.h"
#include "profile/profile.h"
#include "tearing_vfs.h"

#define PEOPLE 8
#define CLERKS 3
#define STEPS 40
#define CUT 77
#define CALLS_MOST 3000

static const char *const clerks[CLERKS] = {"clerk", "manager", "clerk2"};

static struct told { /* what somebody was told is done; outlives the process */
	int64_t now_ms;
	struct audit_head head;
	int64_t fact, outbox;
	char phone[PEOPLE][24], trying[PEOPLE][24];
	bool known[PEOPLE];
	long done;
} * told;

static unsigned char key[DESK_KEY_BYTES];
static uint64_t seed;

static unsigned any(unsigned n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed % n);
}

static struct desk *open_as(const char *dir, const char *account, bool checkpoint)
{
	struct desk *d = NULL;
	struct db_account a;

	OK(desk_open(
		&d,
		&(struct desk_options){.dir = dir, .profile_dir = site_profiles, .checkpoint = checkpoint},
		E));
	OK(desk_adopt_key(d, key, E));
	OK(db_account_find(d->store, account, &a, E));
	d->session =
		(struct session){.account = a.id, .roles = a.roles, .has_key = true, .lent_until = DATE_NONE};
	text_copy(d->session.name, sizeof(d->session.name), a.name);
	text_copy(d->session.display, sizeof(d->session.display), a.display);
	return d;
}

static int64_t who(struct desk *d, unsigned i)
{
	char number[19];
	int64_t person;

	person_number(i + 1, number);
	OK(db_person_by_document(d->store, "01", number, &person, E));
	return person;
}

static int64_t count(struct desk *d, const char *sql)
{
	struct query q;
	int64_t n;

	query_open(&q, d->store, sql);
	OK(query_int(&q, &n, 0, E));
	return n;
}

static int64_t facts(struct desk *d)
{
	return count(d, "SELECT ifnull(max(id), 0) FROM fact");
}

static int64_t operations(struct desk *d)
{
	return count(d, "SELECT ifnull(max(id), 0) FROM outbox");
}

/* The desk has returned: from here on it must be there. */
static void note(struct desk *d)
{
	OK(db_audit_head(d->store, &told->head, E));
	told->fact = facts(d);
	told->outbox = operations(d);
	told->done++;
}

/* --- the work ------------------------------------------------------------------------------------------ */

static void do_register(struct site *s, unsigned i)
{
	struct registered done;
	struct findings f;
	struct record r;

	person_record(s, &r, i + 1, true);
	text_copy(told->trying[i], sizeof(told->trying[i]), record_get(&r, F_PHONE));
	OK(desk_register(s->d, &r, &f, &done, E));
	text_copy(told->phone[i], sizeof(told->phone[i]), record_get(&r, F_PHONE));
	told->known[i] = true;
	record_release(&r);
	note(s->d);
}

static void do_amend(struct desk *d, unsigned i, int64_t person)
{
	struct findings f;
	struct record r;
	char phone[24];
	int changed;

	record_init(&r);
	OK(desk_person_record(d, person, &r, E));
	snprintf(phone, sizeof(phone), "139%08u", any(100000000));
	assert_int_equal(record_set(&r, F_PHONE, phone, ORIGIN_TYPED), 0);
	text_copy(told->trying[i], sizeof(told->trying[i]), phone);
	if (desk_amend(d, person, &r, &f, &changed, NULL) == 0) {
		text_copy(told->phone[i], sizeof(told->phone[i]), phone);
		note(d);
	}
	record_release(&r);
}

static void do_act(struct desk *d, int64_t person)
{
	struct possible rows[16];
	struct act a = {.persons = &person, .n = 1, .on = DATE_NONE, .note = "试验"};
	struct verdict v;
	size_t n, done = 0;

	OK(desk_possible(d, person, rows, 16, &n, E));
	if (!n)
		return;
	a.event = rows[any((unsigned)n)].event;
	if (a.event == EVENT_RECORD_LEAVING)
		a.on = date_today() + 1;
	OK(desk_act(d, &a, &v, &done, E));
	if (done)
		note(d);
}

static void do_clock(struct desk *d, int64_t person)
{
	struct clocking c = {.person = person, .means = CLOCK_CARD, .source = CLOCK_AT_DESK};
	struct clocked out;
	struct verdict v;

	OK(desk_clock(d, &c, &v, &out, E));
	if (v.can && !out.again)
		note(d);
}

/* A lesson that he has had already is refused. */
static void do_training(struct desk *d, int64_t person)
{
	struct training_new t = {.persons = &person, .n = 1, .on = date_today() - (date_t)any(200), .hours = 4};
	const struct code *kinds;
	size_t n = profile_codes(desk_profile(d), "training_kinds", &kinds);

	assert_true(n > 0);
	t.kind = kinds[any((unsigned)n)].code;
	if (desk_training_add(d, &t, NULL) == 0)
		note(d);
}

static void do_send(struct desk *d)
{
	struct batch b;
	int64_t next;

	OK(desk_outbox_send_now(d, E));
	OK(desk_take_batch(d, 8, 1 << 19, &b, &next, E));
	for (size_t i = 0; i < b.n; i++)
		OK(desk_take_answers(d,
				     &(struct answer){.op = b.item[i].op,
						      .kind = any(5) ? ANSWER_ACCEPTED : ANSWER_UNKNOWN},
				     1, E));
	desk_release_batch(&b);
}

static void step(struct site *s, struct desk **d)
{
	unsigned i = any(PEOPLE), what = any(14);
	int64_t person = who(s->d, i);

	now_ms = told->now_ms += any(9000);
	clock_fix_ms(now_ms);
	s->d = d[any(CLERKS)];
	if (!person && (s->d->session.roles & ROLE_CLERK))
		do_register(s, i);
	else if (person && what < 4)
		do_amend(s->d, i, person);
	else if (person && what < 8)
		do_act(s->d, person);
	else if (what == 8)
		do_send(s->d);
	else if (what == 9)
		OK(desk_idle(s->d, &(bool){false}, E)); /* a checkpoint */
	else if (person && what < 12)
		do_clock(s->d, person);
	else if (person)
		do_training(s->d, person);
}

static void work(struct site *s)
{
	struct desk *d[CLERKS];

	for (size_t i = 0; i < CLERKS; i++)
		d[i] = open_as(s->dir, clerks[i], i == 2);
	s->d = d[0];
	for (int i = 0; i < STEPS; i++)
		step(s, d);
	tearing_cut();
}

/* --- what is found afterwards -------------------------------------------------------------------------- */

static void same_states(struct desk *d, int64_t person)
{
	struct folk f;
	int state;

	OK(folk_load(d, person, &f, E));
	OK(deed_fold(d, CYCLE_EMPLOYMENT, f.employment.id, &state, E));
	assert_int_equal(state, f.employment.state);
	if (f.assignment.id) {
		OK(deed_fold(d, CYCLE_ASSIGNMENT, f.assignment.id, &state, E));
		assert_int_equal(state, f.assignment.state);
	}
}

static void person_there(struct desk *d, unsigned i)
{
	int64_t person = who(d, i);
	struct db_member m;
	char phone[24];

	if (!person) {
		assert_false(told->known[i]);
		return;
	}
	OK(db_member_get(d->store, d->project.id, person, &m, E));
	OK(db_field_load(d->store, OWNER_PERSON, person, F_PHONE, phone, sizeof(phone), E));
	if (strcmp(phone, told->phone[i]) && strcmp(phone, told->trying[i]))
		fail_msg("person %u: the phone is neither what was told nor what was under way", i);
	text_copy(told->phone[i], sizeof(told->phone[i]), phone); /* if it was under way it is there now */
	told->known[i] = true;
	same_states(d, person);
}

static void look(const char *dir)
{
	struct desk *d = open_as(dir, clerks[0], false);
	struct audit_fault fault = {0};
	bool sound;

	OK(store_check(d->store, E));
	OK(db_audit_verify(d->store, &told->head, &sound, &fault, E));
	if (!sound)
		fail_msg("audit row %lld: %s (told of %lld)", (long long)fault.id, fault.what,
			 (long long)told->head.count);
	assert_true(facts(d) >= told->fact);
	assert_true(operations(d) >= told->outbox);
	for (unsigned i = 0; i < PEOPLE; i++)
		person_there(d, i);
	desk_close(d);
}

static void copy(const char *from, const char *to)
{
	char line[700];

	snprintf(line, sizeof(line), "rm -rf '%s' && mkdir -m 700 '%s' && cp -p '%s'/shiming.db* '%s'/", to,
		 to, from, to);
	assert_int_equal(system(line), 0);
}

/* --- rounds -------------------------------------------------------------------------------------------- */

static void round_of(struct site *s, enum cut how, unsigned n)
{
	char beside[300];
	int status;
	pid_t pid;

	fflush(NULL);
	seed = seed * 6364136223846793005ull + 1442695040888963407ull;
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		seed ^= n + 1;
		any(2);
		tearing = (struct tearing){
			.how = how, .at = 1 + (long)any(CALLS_MOST), .seed = seed | 1, .status = CUT};
		work(s);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != CUT)
		fail_msg("round %u: the work itself failed (status %d)", n, status);
	now_ms = told->now_ms;
	clock_fix_ms(now_ms);
	snprintf(beside, sizeof(beside), "%s.look", s->dir);
	copy(s->dir, beside);
	look(beside);
}

static void begin(struct site *s)
{
	const char *more = getenv("SHIMING_CUT_SEED");

	seed = 0x9E3779B97F4A7C15ull + (more ? strtoull(more, NULL, 10) : 0);
	tearing = (struct tearing){.how = CUT_NONE};
	told = mmap(NULL, sizeof(*told), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(told != MAP_FAILED);
	site_make(s, "national");
	site_login(s, "manager");
	OK(desk_account_add(s->d,
			    &(struct account_new){.name = clerks[2],
						  .display = "劳资员丙",
						  .password = PASSWORD,
						  .roles = ROLE_CLERK,
						  .kdf_mib = 8},
			    E));
	OK(desk_export_key(s->d, key, E));
	told->now_ms = now_ms;
	note(s->d);
	desk_close(s->d);
	s->d = NULL;
}

static void end(struct site *s, unsigned rounds)
{
	char line[320];

	snprintf(line, sizeof(line), "rm -rf '%s.look'", s->dir);
	assert_int_equal(system(line), 0);
	print_message("%u cuts, %ld intentions acknowledged\n", rounds, told->done);
	assert_true(told->done > (long)rounds / 2); /* the dice reached something */
	site_drop(s);
	munmap(told, sizeof(*told));
}

/* A site that is full is put aside for a fresh one, so that registering goes on being cut. */
static void rounds(enum cut how, const char *variable, unsigned quick)
{
	const char *more = getenv(variable);
	unsigned all = more ? (unsigned)atoi(more) : quick, part = 50;
	struct site s;

	for (unsigned n = 0; n < all; n += part) {
		unsigned here = all - n < part ? all - n : part;

		begin(&s);
		seed += n;
		for (unsigned i = 0; i < here; i++)
			round_of(&s, how, n + i);
		end(&s, here);
	}
}

static void power(void **state)
{
	(void)state;
	rounds(CUT_POWER, "SHIMING_POWER_CUTS", 60);
}

static void killed(void **state)
{
	(void)state;
	rounds(CUT_KILL, "SHIMING_KILLS", 60);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(power), cmocka_unit_test(killed)};

	tearing_register();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
