/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * R1 with real processes: the main job, and at each of its steps application, runner or platform is killed (SIGKILL). The application
 * right after the deciding key, without knowing whether it took; runner and platform while the step is on its way. Three runs, each with
 * another victim at each step. What the platform has in the end, and by which operations, must be what an undisturbed run leaves.
 */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "base/text.h"
#include "journeys/moves.h"
#include "journeys/world.h"

enum victim { APPLICATION, RUNNER, PLATFORM, VICTIMS, NOBODY };

struct run {
	struct world world;
	struct terminal *t;
	const char *account; /* who is logged in */
	enum victim victim;  /* of this step */
};

static const struct move_worker li = { "李秀兰", "13800001111", "gangjin", "青禾", "钢筋" };
static struct run run;

/* --- killing ----------------------------------------------------------------------------------------------------------------------------- */

static void open_again(struct run *r)
{
	r->t = world_shiming(&r->world);
	move_login(r->t, r->account);
}

static void kill_application(struct run *r)
{
	kill(terminal_pid(r->t), SIGKILL);
	terminal_close(r->t);
	open_again(r);
}

static void kill_runner(struct run *r)
{
	pid_t pid = world_find_process(&r->world, "shiming-sync");

	if (pid > 0)
		kill(pid, SIGKILL);
}

static void kill_platform(struct run *r)
{
	world_platform_kill(&r->world);
	world_platform_on(&r->world);
}

/* While the step is on its way, for those whom the screen does not wait for. */
static void strike(struct run *r)
{
	if (r->victim == RUNNER)
		kill_runner(r);
	if (r->victim == PLATFORM)
		kill_platform(r);
}

static bool has_operation(struct run *r, const char *kind)
{
	char sql[128], got[32];

	snprintf(sql, sizeof(sql), "SELECT count(*) FROM outbox WHERE kind = '%s'", kind);
	world_box_text(&r->world, sql, got, sizeof(got));
	return strcmp(got, "0") != 0;
}

/* --- steps --------------------------------------------------------------------------------------------------------------------------------- */

static void step_register(struct run *r)
{
	world_place(&r->world, "li-xiulan");
	if (r->victim == APPLICATION) {
		terminal_expect(r->t, "李秀兰");
		move_fill_unsaved(r->t, &li);
		terminal_keys(r->t, "<F2>");
		world_remove(&r->world);
		kill_application(r);
		if (has_operation(r, "person.add"))
			return;
		world_place(&r->world, "li-xiulan");
	}
	move_fill(r->t, &li);
	strike(r);
	world_remove(&r->world);
}

static void step_consent(struct run *r)
{
	world_expect(&r->world, "SELECT state FROM employments", "offered");
	world_decide(&r->world, "consent all");
	if (r->victim == APPLICATION)
		kill_application(r);
	else
		strike(r);
	terminal_expect(r->t, "待提交                  1");
}

struct deed { const char *account, *key, *done, *kind; };

static void step_act(struct run *r, const struct deed *d)
{
	if (strcmp(r->account, d->account) != 0) {
		move_switch(r->t, d->account);
		r->account = d->account;
	}
	if (r->victim == APPLICATION) {
		move_act_unawaited(r->t, "lxl", d->key);
		kill_application(r);
		if (has_operation(r, d->kind))
			return;
	}
	move_act(r->t, "lxl", d->key, d->done);
	strike(r);
}

static const struct deed deeds[] = {
	{ "clerk", "s", "已办理提交：李秀兰", "assignment.submit" },
	{ "manager", "c", "已办理确认：李秀兰", "assignment.confirm" },
	{ "clerk", "e", "已办理进场：李秀兰", "assignment.enter" },
	{ "clerk", "x", "已办理退场：李秀兰", "assignment.exit" },
};

/* --- runs ------------------------------------------------------------------------------------------------------------------------------------ */

#define END_STATE \
	"SELECT (SELECT group_concat(name || ' ' || document || ' ' || phone || ' ' || applied) FROM persons) || '; ' || " \
	"(SELECT group_concat(state || ' ' || applied) FROM employments) || '; ' || " \
	"(SELECT group_concat(state || ' ' || applied || ' ' || (entered_on = exited_on)) FROM assignments) || '; ' || " \
	"(SELECT group_concat(kind || ' ' || status) FROM (SELECT kind, status FROM operations ORDER BY sequence))"

/* offset: the victim of step n is (n + offset) mod 3; negative: nobody's. */
static void whole_job(int offset, char *end, size_t size)
{
	int step = 0;

	world_open(&run.world, "national", NULL);
	run.account = "clerk";
	run.t = world_shiming(&run.world);
	move_login(run.t, "clerk");
	world_wait_outbox_empty(&run.world); /* the site itself first: its operations are the same in every run */
#define VICTIM() (run.victim = offset < 0 ? NOBODY : (enum victim)((step++ + offset) % VICTIMS))
	VICTIM();
	step_register(&run);
	VICTIM();
	step_consent(&run);
	for (size_t i = 0; i < ARRAY_LEN(deeds); i++) {
		VICTIM();
		step_act(&run, &deeds[i]);
	}
	terminal_keys(run.t, "u");
	terminal_expect(run.t, "立即上传");
	terminal_keys(run.t, "n"); /* not to wait for the back-off */
	world_wait_outbox_empty(&run.world);
	world_platform_text(&run.world, END_STATE, end, size);
}

static char undisturbed[4096];

static void nobody_is_killed(void **state)
{
	(void)state;
	whole_job(-1, undisturbed, sizeof(undisturbed));
	assert_non_null(strstr(undisturbed, "exited 4"));
}

static void killed(int offset)
{
	char end[sizeof(undisturbed)];

	assert_true(undisturbed[0]);
	whole_job(offset, end, sizeof(end));
	assert_string_equal(end, undisturbed);
}

static void application_first(void **state)
{
	(void)state;
	killed(APPLICATION);
}

static void runner_first(void **state)
{
	(void)state;
	killed(RUNNER);
}

static void platform_first(void **state)
{
	(void)state;
	killed(PLATFORM);
}

static int teardown(void **state)
{
	(void)state;
	world_close(&run.world);
	return 0;
}

int main(void)
{
#define T(f) cmocka_unit_test_teardown(f, teardown)
	const struct CMUnitTest tests[] = { T(nobody_is_killed), T(application_first), T(runner_first), T(platform_first) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
