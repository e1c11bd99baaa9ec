/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A large batch is taken, and answered, in groups of rows, each in a transaction of its own (desk/exchange.h,
 * P7). The runner is killed before each of them in turn: what the groups before had written stands, nothing
 * of the next. The next runner brings everything to the platform, once (R1).
 *
 * Statements are slow here, so that a group holds the fewest rows it may.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "desk/desk_site.h"

#include "base/json.h"
#include "base/text.h"
#include "desk_private.h"
#include "store/outbox.h"
#include "sync/native.h"
#include "sync/nearby.h"
#include "sync/runner.h"

#define PEOPLE 30
#define OPERATIONS (10 + 2 * PEOPLE) /* the site's own, and each person with an offer */
#define BOX "box-one"

static struct site prepared;
static struct nearby office;

static void die(void *arg, long n)
{
	if (n == *(const long *)arg)
		_exit(NEARBY_DEAD);
}

/* Each statement waits for the next millisecond: the fewest rows of a group fill its time. */
static enum err_code take_long(void *arg, long n)
{
	int64_t until = clock_steady_ms() + 1;

	(void)arg, (void)n;
	while (clock_steady_ms() < until)
		;
	return ERR_NONE;
}

struct end {
	struct site site;
	struct nearby_line line;
	struct native_self native;
	struct runner run;
};

static void open_end(struct end *e, const struct site *site)
{
	unsigned char key[DESK_KEY_BYTES];
	struct desk *runner;

	*e = (struct end){.site = *site, .line = {.at = &office, .label = BOX}};
	e->site.d = site_open_another(site, "clerk");
	OK(desk_open(&runner, &(struct desk_options){.dir = site->dir, .profile_dir = site_profiles}, E));
	OK(desk_export_key(e->site.d, key, E));
	OK(desk_adopt_key(runner, key, E));
	e->run = (struct runner){.desk = runner,
				 .dialect = &dialect_native,
				 .self = &e->native,
				 .line = nearby_transport(&e->line)};
}

static void close_end(struct end *e)
{
	desk_close(e->run.desk);
	desk_close(e->site.d);
}

/* In a process of its own; true: it was killed before its n-th commit, false: it ended before. */
static bool pass_killed(const struct site *site, long n)
{
	int status;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		struct store_seam seam = {.arg = &n, .before_commit = die, .before_step = take_long};
		struct end e;

		nearby_reopen(&office);
		open_end(&e, site);
		n += store_commits(e.run.desk->store);
		store_set_seam(e.run.desk->store, &seam);
		runner_pass(&e.run, true, NULL);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == NEARBY_DEAD));
	return WEXITSTATUS(status) == NEARBY_DEAD;
}

static int64_t accepted_there(struct end *e)
{
	int64_t ids[OPERATIONS + 1], n = 0;
	struct db_outbox row;
	char status[16];
	size_t got;

	OK(db_outbox_in_state(e->site.d->store, e->site.d->project.id, OUTBOX_ACCEPTED, 0, ids,
			      ARRAY_LEN(ids), &got, E));
	for (size_t i = 0; i < got; i++) {
		OK(db_outbox_get(e->site.d->store, ids[i], &row, E));
		nearby_status(&office, BOX, row.op, status);
		n += !strcmp(status, "accepted");
	}
	return n;
}

static int64_t people_there(void)
{
	struct err e = {ERR_NONE};
	int64_t n = 0;

	if (pstore_count(office.office.store, "person", &n, &e))
		fail_msg("%s", e.detail);
	return n;
}

/* Everything is told, by whichever runner, and once; nothing stands as being sent. */
static void all_there(struct end *e)
{
	struct outbox_counts c;

	OK(desk_outbox_counts(e->site.d, &c, E));
	assert_int_equal(c.state[OUTBOX_ACCEPTED], OPERATIONS);
	for (enum outbox_state s = 0; s < OUTBOX_STATE_COUNT; s++)
		if (s != OUTBOX_ACCEPTED)
			assert_int_equal(c.state[s], 0);
	assert_int_equal(accepted_there(e), OPERATIONS);
	assert_int_equal(people_there(), PEOPLE);
}

/* What a killed runner left, before another comes: which of the two kinds of groups it was in the midst of.
 */
struct cuts {
	int taking, answering;
};

static void look_at_cut(struct end *e, struct cuts *cuts)
{
	struct outbox_counts c;
	int64_t sending, ready, accepted;

	OK(desk_outbox_counts(e->site.d, &c, E));
	sending = c.state[OUTBOX_SENDING];
	ready = c.state[OUTBOX_READY];
	accepted = c.state[OUTBOX_ACCEPTED];
	assert_int_equal(sending + ready + accepted, OPERATIONS);
	cuts->taking += sending && ready && !accepted && !people_there();
	cuts->answering += sending && accepted && people_there() == PEOPLE;
}

static void copy_of(const struct site *from, struct site *to)
{
	char command[700];

	*to = *from;
	text_format(to->dir, sizeof(to->dir), "%s.cut", from->dir);
	text_format(command, sizeof(command), "rm -rf '%s' && cp -a '%s' '%s'", to->dir, from->dir, to->dir);
	assert_int_equal(system(command), 0);
}

/* true: killed there, and all came right. */
static bool cut_at(long n, struct cuts *cuts)
{
	struct site site;
	struct end e;
	bool killed;

	nearby_open(&office);
	copy_of(&prepared, &site);
	killed = pass_killed(&site, n);
	open_end(&e, &site);
	if (killed)
		look_at_cut(&e, cuts);
	OK(runner_pass(&e.run, true, E));
	all_there(&e);
	close_end(&e);
	nearby_close(&office);
	return killed;
}

static void groups__killed_between_any_two(void **state)
{
	struct cuts cuts = {0};
	long n = 1;

	(void)state;
	while (cut_at(n, &cuts))
		n++;
	if (cuts.taking < 2 || cuts.answering < 2) /* 70 rows are three groups */
		fail_msg("%ld kills, of them %d between groups that are taken, %d between answered ones",
			 n - 1, cuts.taking, cuts.answering);
}

static int prepare(void **state)
{
	(void)state;
	site_make(&prepared, "national");
	for (unsigned i = 0; i < PEOPLE; i++)
		person_register(&prepared, i + 1, NULL);
	site_send_all(&prepared);
	desk_close(prepared.d);
	prepared.d = NULL;
	return 0;
}

static int drop(void **state)
{
	char command[600];

	(void)state;
	text_format(command, sizeof(command), "rm -rf '%s' '%s.cut'", prepared.dir, prepared.dir);
	return system(command);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(groups__killed_between_any_two)};

	return cmocka_run_group_tests(tests, prepare, drop);
}
