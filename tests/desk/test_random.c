/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Random sequences of acts, messages, corrections, sending and losing answers, by two accounts at two desks.
 * After each step: what the preview says the act does; every state is the fold of its facts; the roster's row
 * is the state. At the end: the chain of the audit is whole, the platform had no effect before its cause and
 * no operation twice with other content, and the outbox drains. SHIMING_RANDOM_RUNS: more runs than the quick
 * ones.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "desk_private.h"
#include "desk_site.h"
#include "folk.h"
#include "store/audit.h"

#define PEOPLE 6
#define STEPS 220

static struct platform platform;
static uint64_t seed;

static unsigned any(unsigned n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (unsigned)(seed % n);
}

struct world {
	struct site site; /* the clerk's desk */
	struct desk *manager;
	int64_t person[PEOPLE]; /* 0: not registered yet */
	unsigned acted, refused, changed;
};

static void check_person(struct world *w, int64_t person)
{
	struct folk f;
	int state;

	person_employment(&w->site, person, NULL); /* compare roster and subject */
	person_assignment(&w->site, person, NULL);
	OK(folk_load(w->site.d, person, &f, E));
	OK(deed_fold(w->site.d, CYCLE_EMPLOYMENT, f.employment.id, &state, E));
	assert_int_equal(state, f.employment.state);
	if (!f.assignment.id)
		return;
	OK(deed_fold(w->site.d, CYCLE_ASSIGNMENT, f.assignment.id, &state, E));
	assert_int_equal(state, f.assignment.state);
}

static void do_register(struct world *w, unsigned i)
{
	struct err e = {ERR_NONE};
	struct registered done;
	struct findings f;
	struct record r;

	person_record(&w->site, &r, i + 1, any(2) == 0);
	if (any(4) == 0) {
		assert_int_equal(record_set(&r, F_COMPANY, w->site.contractor, ORIGIN_TYPED), 0);
		assert_int_equal(record_set(&r, F_TEAM, w->site.office, ORIGIN_TYPED), 0);
	}
	if (desk_register(w->site.d, &r, &f, &done, &e) == 0) {
		assert_true(!w->person[i] ||
			    w->person[i] == done.person); /* the same document is the same person */
		w->person[i] = done.person;
	} else {
		assert_true(e.code == ERR_DUPLICATE || e.code == ERR_FINDINGS);
	}
	record_release(&r);
}

/* Mostly what is possible, sometimes anything at all. */
static enum event any_event(struct desk *d, int64_t person)
{
	struct possible rows[16];
	size_t n;

	OK(desk_possible(d, person, rows, 16, &n, E));
	if (n && any(3))
		return rows[any((unsigned)n)].event;
	return (enum event)(EVENT_CONSENT + any(EVENT_MISMATCH - EVENT_CONSENT + 1));
}

static void do_act(struct world *w, unsigned i)
{
	struct desk *d = any(2) ? w->site.d : w->manager;
	enum event event = any_event(d, w->person[i]);
	struct act a = {.event = event, .persons = &w->person[i], .n = 1, .on = DATE_NONE, .note = "试验"};
	struct verdict before, after;
	size_t able, done;

	if (event == EVENT_DRAFT)
		return;
	if (event == EVENT_RECORD_LEAVING)
		a.on = date_today() + 1 + (date_t)any(3);
	OK(desk_preview(d, &a, &before, &able, E));
	OK(desk_act(d, &a, &after, &done, E));
	assert_int_equal(able, done);
	assert_int_equal(before.can, after.can);
	if (!done)
		assert_true(after.why[0] != '\0');
	done ? w->acted++ : w->refused++;
}

static void do_change(struct world *w, unsigned i)
{
	static const char *const kinds[] = {
		"employment.consent",	"employment.consent",	   "employment.consent", "employment.refuse",
		"employment.ask_leave", "employment.finish_leave", "employment.died",	 "assignment.confirm",
		"assignment.return",	"assignment.exit",
	};
	char employment[UID_TEXT], assignment[UID_TEXT], uid[UID_TEXT];
	const char *kind = kinds[any(ARRAY_LEN(kinds))];
	enum applied result;
	struct change c = {.uid = uid, .kind = kind, .at_ms = now_ms};

	person_employment(&w->site, w->person[i], employment);
	person_assignment(&w->site, w->person[i], assignment);
	c.subject = kind[0] == 'e' ? employment : assignment;
	uid_new(uid);
	OK(desk_take_changes(w->site.d, &c, 1, NULL, &result, E));
	w->changed += result == APPLIED;
	OK(desk_take_changes(w->site.d, &c, 1, NULL, &result, E));
	assert_int_equal(result, APPLIED_BEFORE);
}

static void do_amend(struct world *w, unsigned i)
{
	struct err e = {ERR_NONE};
	char phone[24];
	struct findings f;
	struct record r;
	int changed;

	record_init(&r);
	OK(desk_person_record(w->site.d, w->person[i], &r, E));
	snprintf(phone, sizeof(phone), "139%08u", any(100000000));
	assert_int_equal(record_set(&r, any(2) ? F_PHONE : F_EMERGENCY_PHONE, phone, ORIGIN_TYPED), 0);
	if (any(3) == 0)
		assert_int_equal(record_set(&r, F_WAGE, phone + 5, ORIGIN_TYPED), 0);
	if (desk_amend(w->site.d, w->person[i], &r, &f, &changed, &e))
		assert_int_equal(e.code, ERR_FINDINGS);
	record_release(&r);
}

/* Some answers are lost, some operations never leave, some are refused. */
static void do_send(struct world *w)
{
	struct batch b;
	int64_t next;

	OK(desk_take_batch(w->site.d, 1 + any(20), 1 << 19, &b, &next, E));
	for (size_t i = 0; i < b.n; i++) {
		struct answer a = {.op = b.item[i].op, .kind = ANSWER_ACCEPTED};
		unsigned luck = any(10);

		platform.refuse_kind[0] = '\0';
		if (luck == 0 && strncmp(b.item[i].kind, "person.", 7) == 0) {
			text_copy(platform.refuse_kind, sizeof(platform.refuse_kind), b.item[i].kind);
			text_copy(platform.refuse_code, sizeof(platform.refuse_code), "phone");
		}
		if (luck == 1) {
			a.kind = ANSWER_NOT_SENT;
		} else {
			a.reason_code = platform_take(&platform, &b.item[i]);
			if (a.reason_code)
				a.kind = ANSWER_REJECTED;
			if (luck == 2)
				a = (struct answer){.op = b.item[i].op, .kind = ANSWER_UNKNOWN};
		}
		OK(desk_take_answers(w->site.d, &a, 1, E));
	}
	platform.refuse_kind[0] = '\0';
	desk_release_batch(&b);
}

static void do_look_up(struct world *w)
{
	struct batch asked;

	OK(desk_to_look_up(w->site.d, 64, false, &asked, E));
	for (size_t i = 0; i < asked.n; i++) {
		const char *op = asked.item[i].op;
		struct answer a = {.op = op,
				   .kind = platform_has(&platform, op) ? ANSWER_ACCEPTED : ANSWER_NOT_SENT};

		OK(desk_take_answers(w->site.d, &a, 1, E));
	}
	desk_release_batch(&asked);
}

static void step(struct world *w)
{
	unsigned i = any(PEOPLE), what = any(20);

	clock_add(any(20000));
	if (!w->person[i] || what < 2)
		do_register(w, i);
	else if (what < 11)
		do_act(w, i);
	else if (what < 14)
		do_change(w, i);
	else if (what < 16)
		do_amend(w, i);
	else if (what < 19)
		do_send(w);
	else
		do_look_up(w);
	for (unsigned k = 0; k < PEOPLE; k++)
		if (w->person[k])
			check_person(w, w->person[k]);
}

static void stuck(struct world *w)
{
	struct outbox_row rows[32];
	struct outbox_page page = {.row = rows, .cap = 32};
	struct outbox_query q = {.view = OUTBOX_VIEW_OPEN};

	OK(desk_outbox(w->site.d, &q, &page, E));
	for (size_t i = 0; i < page.n; i++)
		print_error("%lld %s %s code %s waits for %s\n", (long long)rows[i].id, rows[i].kind,
			    outbox_state_name(rows[i].state), rows[i].reason_code,
			    rows[i].waits_for[0] ? "something" : "nothing");
	fail_msg("the outbox does not drain");
}

/* Everything refused is mended by sending it again; then nothing may be left. */
static void settle(struct world *w)
{
	struct outbox_row rows[32];
	struct outbox_page page = {.row = rows, .cap = 32};
	struct outbox_query q = {.view = OUTBOX_VIEW_REFUSED};
	struct outbox_counts c;
	int rounds = 0;

	do {
		if (++rounds == 50)
			stuck(w);
		do_look_up(w);
		site_drain(&w->site, &platform, NULL);
		OK(desk_outbox(w->site.d, &q, &page, E));
		for (size_t i = 0; i < page.n; i++)
			OK(desk_outbox_retry(w->site.d, rows[i].id, E));
		OK(desk_outbox_counts(w->site.d, &c, E));
	} while (page.n || c.state[OUTBOX_READY] || c.state[OUTBOX_HELD] || c.state[OUTBOX_UNKNOWN]);
}

static void run(const char *profile, uint64_t start)
{
	struct audit_fault fault;
	struct world w;
	bool sound;

	memset(&w, 0, sizeof(w));
	memset(&platform, 0, sizeof(platform));
	seed = start * 0x9E3779B97F4A7C15ull + 1;
	site_make(&w.site, profile);
	w.manager = site_open_another(&w.site, "manager");
	for (int i = 0; i < STEPS; i++)
		step(&w);
	settle(&w);
	assert_int_equal(platform.changed_content, 0);
	OK(db_audit_verify(w.site.d->store, NULL, &sound, &fault, E));
	assert_true(sound);
	assert_true(w.acted > 5 && w.refused > 5); /* the dice reached something */
	desk_close(w.manager);
	site_drop(&w.site);
}

static unsigned runs(void)
{
	const char *more = getenv("SHIMING_RANDOM_RUNS");

	return more ? (unsigned)atoi(more) : 3;
}

static void national(void **state)
{
	(void)state;
	for (unsigned i = 1; i <= runs(); i++)
		run("national", i);
}

static void jiangmen(void **state)
{
	(void)state;
	for (unsigned i = 1; i <= runs(); i++)
		run("jiangmen", 1000 + i);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(national), cmocka_unit_test(jiangmen)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
