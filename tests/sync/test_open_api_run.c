/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The runner between a real desk and the real platform by the open.api, over real TLS: the main job under a
 * profile that names this dialect, results that come later, lost answers, restarts, duplicates, a wrong
 * secret, a wrong clock, the pace. Whatever happens on the way, each action takes effect once (K5).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "desk/photo.h"
#include "desk/results.h"
#include "desk/attendance.h"
#include "desk/device.h"
#include "desk/dossier.h"
#include "desk/desk_site.h"

#include "base/io.h"
#include "base/json.h"
#include "base/text.h"
#include "own_profile.h"
#include "sync/place.h"
#include "sync/runner.h"

#define SECRET "0123456789abcdef0123456789abcdef"
#define APP "TEST0001"
#define PASSES 200

struct rig {
	struct place place;
	struct site site;
	struct dialect_link link;
	struct runner runner;
	struct own_profile profile;
	int64_t person[64];
	unsigned persons;
};

/* --- the rig ----------------------------------------------------------------------------------------- */

static void set(struct rig *r, const char *name, const char *value)
{
	OK(desk_setting_set(r->site.d, name, value, E));
}

static void rig_connect(struct rig *r)
{
	struct dialect_at at = {.desk = r->site.d, .dir = r->site.dir};
	struct runner_counts counts = r->runner.counts;
	struct err e = {0};

	dialect_open_api.close(&r->link);
	if (dialect_open_api.open(&at, &r->link, &e))
		fail_msg("open: %s: %s", err_name(e.code), e.detail);
	r->runner = (struct runner){.desk = r->site.d,
				    .dialect = &dialect_open_api,
				    .self = r->link.self,
				    .line = r->link.line,
				    .counts = counts};
}

static void rig_open(struct rig *r, const char *const *more)
{
	const char *args[24] = {"--open-api", APP "=" SECRET,	  "--open-api-pace",
				"0",	      "--open-api-delay", "0"};
	size_t n = 6;

	while (more && *more)
		args[n++] = *more++;
	args[n] = NULL;
	*r = (struct rig){0};
	own_profile_make(&r->profile, "open_api/open_api.json");
	site_profiles = r->profile.dir;
	place_open(&r->place);
	setenv("SHIMING_CLOCK", "2026-11-20T14:00:00", 1); /* both ends have the same day */
	place_start(&r->place, args);
	site_make(&r->site, "open_api");
	set(r, "platform.url", r->place.url);
	set(r, "platform.token", SECRET);
	set(r, "platform.appid", APP);
	set(r, "platform.ca_file", r->place.ca);
	rig_connect(r);
}

static void rig_close(struct rig *r)
{
	dialect_open_api.close(&r->link);
	site_drop(&r->site);
	place_close(&r->place);
	own_profile_drop(&r->profile);
	site_profiles = PROFILE_DIR;
	unsetenv("SHIMING_CLOCK");
}

static int64_t in_state(struct rig *r, enum outbox_state state)
{
	struct outbox_counts c;

	OK(desk_outbox_counts(r->site.d, &c, E));
	return c.state[state];
}

static int64_t open_rows(struct rig *r)
{
	struct outbox_counts c;
	int64_t n = 0;

	OK(desk_outbox_counts(r->site.d, &c, E));
	for (enum outbox_state s = 0; s < OUTBOX_STATE_COUNT; s++)
		n += s == OUTBOX_ACCEPTED || s == OUTBOX_WITHDRAWN || s == OUTBOX_SUPERSEDED ? 0 : c.state[s];
	return n;
}

static enum err_code pass_code(struct rig *r)
{
	struct err e = {0};

	return runner_pass(&r->runner, true, &e) ? e.code : ERR_NONE;
}

static void show_open(struct rig *r)
{
	struct outbox_row rows[20];
	struct outbox_page page = {.row = rows, .cap = ARRAY_LEN(rows)};
	struct outbox_query q = {.view = OUTBOX_VIEW_OPEN};

	OK(desk_outbox(r->site.d, &q, &page, E));
	for (size_t i = 0; i < page.n; i++)
		print_message("%s %s %s %s %s %s\n", rows[i].kind, outbox_state_name(rows[i].state),
			      rows[i].reason_code, rows[i].reason, rows[i].number, rows[i].waits_for);
}

/* Pass after pass until nothing is open; cuts of the line are what the test wants them to be. */
static void until_done(struct rig *r)
{
	for (int i = 0; i < PASSES && open_rows(r) && !in_state(r, OUTBOX_REJECTED); i++) {
		struct err e = {0};

		if (runner_pass(&r->runner, true, &e) && e.code != ERR_NET_OFFLINE)
			fail_msg("pass: %s: %s", err_name(e.code), e.detail);
	}
	if (open_rows(r)) {
		show_open(r);
		fail_msg("%d rows are open", (int)open_rows(r));
	}
}

static void register_some(struct rig *r, unsigned n)
{
	for (unsigned i = 0; i < n; i++, r->persons++) {
		r->person[r->persons] = person_register(&r->site, r->persons, NULL);
		person_act(&r->site, r->person[r->persons], EVENT_SUBMIT);
	}
}

static void let_in(struct rig *r)
{
	site_login(&r->site, "manager");
	for (unsigned i = 0; i < r->persons; i++)
		person_act(&r->site, r->person[i], EVENT_CONFIRM);
	site_login(&r->site, "clerk");
	for (unsigned i = 0; i < r->persons; i++)
		person_act(&r->site, r->person[i], EVENT_ENTER);
	site_send_all(&r->site);
}

/* Once each, whatever happened on the way. */
static void assert_effects(struct rig *r, const char *state)
{
	assert_int_equal(place_applied(&r->place, "company"), 2);
	assert_int_equal(place_count(&r->place, "participant", "entered"), 2);
	assert_int_equal(place_applied(&r->place, "team"), 2);
	assert_int_equal(place_count(&r->place, "person", ""), r->persons);
	assert_int_equal(place_applied(&r->place, "person"), r->persons);
	assert_int_equal(place_applied(&r->place, "employment"), r->persons);
	assert_int_equal(place_count(&r->place, "assignment", state), r->persons);
	assert_int_equal(place_count(&r->place, "assignment", ""), r->persons);
	assert_int_equal(place_count(&r->place, "contract", ""), r->persons);
	assert_int_equal(place_applied(&r->place, "contract"), r->persons);
}

/* --- tests ------------------------------------------------------------------------------------------- */

static int64_t pay(struct rig *r, unsigned n, const char *paid_on)
{
	struct person_file file;
	char csv[400], number[19];

	person_number(n, number);
	OK(desk_person_file(r->site.d, r->person[n], &file, E));
	text_format(csv, sizeof(csv), "姓名,证件号码,应发金额,实发金额,发放日期,开户行,银行卡号\n%s,%s,6500,6500,%s,中国工商银行,6222020000000000019\n", file.row.name,
		    number, paid_on);
	return site_sheet(&r->site, "wages", csv);
}

static bool by_hand(struct rig *r, const char *kind, struct outbox_row *out)
{
	struct outbox_row row[32];
	struct outbox_page page = {.row = row, .cap = ARRAY_LEN(row)};

	OK(desk_by_hand(r->site.d, 0, &page, E));
	for (size_t i = 0; i < page.n; i++)
		if (!strcmp(row[i].kind, kind)) {
			*out = row[i];
			return true;
		}
	return false;
}

static struct outbox_row newest(struct rig *r, const char *kind)
{
	struct outbox_row row[64];
	struct outbox_page page = {.row = row, .cap = ARRAY_LEN(row)};
	struct outbox_query q = {.view = OUTBOX_VIEW_ALL};

	OK(desk_outbox(r->site.d, &q, &page, E));
	for (size_t i = 0; i < page.n; i++)
		if (!strcmp(row[i].kind, kind))
			return row[i];
	fail_msg("no %s", kind);
	return row[0];
}

/* The sides of a card go with their worker where he is not told yet, and by themselves where he is (STD ProjectWorker.Update). */
static void open_api__sides_of_the_card(void **state)
{
	static const unsigned char jpeg[2][12] = {{0xFF, 0xD8, 0xFF, 0xDA, 0, 2, 1, 1, 1, 1, 0xFF, 0xD9}, {0xFF, 0xD8, 0xFF, 0xDA, 0, 2, 2, 2, 2, 2, 0xFF, 0xD9}};
	struct rig r;

	(void)state;
	rig_open(&r, NULL);
	r.person[r.persons++] = person_register(&r.site, 0, NULL);
	OK(desk_photo_set(r.site.d, r.person[0], PHOTO_CARD_FRONT, jpeg[0], sizeof(jpeg[0]), E));
	person_act(&r.site, r.person[0], EVENT_SUBMIT);
	let_in(&r);
	until_done(&r);
	assert_int_equal(newest(&r, "card.front").state, OUTBOX_ACCEPTED);
	for (size_t i = 0; i < 2; i++) {
		OK(desk_photo_set(r.site.d, r.person[0], PHOTO_CARD_BACK, jpeg[i], sizeof(jpeg[i]), E));
		site_send_all(&r.site);
		until_done(&r);
		assert_int_equal(newest(&r, "card.back").state, OUTBOX_ACCEPTED);
		assert_string_equal(newest(&r, "card.back").reason_code, "");
	}
	rig_close(&r);
}

/* Issue 6, line 7: what comes after entry goes up where the standard has a method for it, once, though every third answer is lost; the rest waits for
 * the clerk, with words, and nothing of a wage leaves before it is paid (STD Payroll.Add balanceDate). */
static void open_api__the_weeks_after_entry(void **state)
{
	struct training_new lesson = {.kind = "special", .hours = 4};
	struct outbox_row row;
	struct device_new device = {.serial = "SN-9"};
	char uid[UID_TEXT];
	struct rig r;

	(void)state;
	rig_open(&r, (const char *const[]){"--fault", "drop%30", NULL});
	set(&r, SETTING_WAGE_ACCOUNT, "62220200000000000009");
	set(&r, SETTING_WAGE_BANK, "中国工商银行");
	register_some(&r, 2);
	let_in(&r);
	until_done(&r);
	lesson.persons = r.person;
	lesson.n = 2;
	lesson.on = date_of_ms(now_ms);
	OK(desk_training_add(r.site.d, &lesson, E));
	site_send_all(&r.site);
	until_done(&r);
	assert_int_equal(place_count(&r.place, "training", ""), 2); /* each his own */
	assert_int_equal(place_applied(&r.place, "training"), 2);
	assert_int_equal(pay(&r, 0, ""), 1);
	site_send_all(&r.site);
	until_done(&r);
	assert_int_equal(place_count(&r.place, "payroll", ""), 0);
	pay(&r, 0, "2026-11-20");
	site_send_all(&r.site);
	until_done(&r);
	assert_int_equal(place_count(&r.place, "payroll", ""), 1);
	assert_int_equal(place_applied(&r.place, "payroll"), 1);
	pay(&r, 0, "2026-11-19"); /* nothing amends a wage there */
	OK(desk_device_add(r.site.d, &device, uid, E));
	site_send_all(&r.site);
	for (int i = 0; i < 20 && !by_hand(&r, "device.add", &row); i++)
		pass_code(&r);
	assert_true(by_hand(&r, "payroll.amend", &row));
	assert_non_null(strstr(row.reason, "接口不接收"));
	OK(desk_by_hand_done(r.site.d, row.id, "", E));
	assert_true(by_hand(&r, "device.add", &row));
	assert_non_null(strstr(row.reason, "设备接入申请"));
	OK(desk_by_hand_done(r.site.d, row.id, "D-7", E));
	until_done(&r);
	rig_close(&r);
}

static void open_api__a_person_s_way(void **state)
{
	struct rig r;

	(void)state;
	rig_open(&r, NULL);
	register_some(&r, 1);
	let_in(&r);
	until_done(&r);
	assert_effects(&r, "on_site");
	person_act(&r.site, r.person[0], EVENT_EXIT);
	site_send_all(&r.site);
	until_done(&r);
	assert_effects(&r, "exited");
	rig_close(&r);
}

/* Every third answer is lost after the platform has acted. */
static void open_api__lost_answers(void **state)
{
	struct rig r;

	(void)state;
	rig_open(&r, (const char *const[]){"--fault", "drop%30", NULL});
	register_some(&r, 12);
	let_in(&r);
	until_done(&r);
	assert_true(r.runner.counts.unknown > 0);
	assert_effects(&r, "on_site");
	rig_close(&r);
}

static void clock_all(struct rig *r, int days)
{
	struct clocking c = {.means = CLOCK_FACE, .source = CLOCK_BY_DEVICE, .device = "SN-1"};
	unsigned char key[DESK_KEY_BYTES];
	struct clocked out;
	struct verdict v;

	OK(desk_export_key(r->site.d, key, E));
	OK(desk_adopt_key(r->site.d, key, E));
	OK(desk_project_use(r->site.d, 1, E));
	for (unsigned i = 0; i < r->persons; i++)
		for (int k = 0; k < days; k++) {
			c.person = r->person[i];
			c.way = k % 2 ? CLOCK_OUT : CLOCK_IN;
			c.at_ms = now_ms - 3600000LL + k * 60000LL + (int64_t)i * 1000;
			OK(desk_clock(r->site.d, &c, &v, &out, E));
			assert_true(v.can && out.reported);
		}
	c.way = CLOCK_UNKNOWN; /* the standard wants in or out: stays here */
	c.at_ms = now_ms - 60000;
	OK(desk_clock(r->site.d, &c, &v, &out, E));
	assert_true(v.can && !out.reported);
	site_login(&r->site, "clerk");
	site_send_all(&r->site);
}

/* F1: WorkerAttendance.Add, twenty in a call, each once though every third answer is lost. */
static void open_api__clockings(void **state)
{
	struct rig r;

	(void)state;
	rig_open(&r, (const char *const[]){"--fault", "drop%30", NULL});
	register_some(&r, 3);
	let_in(&r);
	until_done(&r);
	clock_all(&r, 8);
	until_done(&r);
	assert_int_equal(place_count(&r.place, "attendance", ""), 24);
	assert_int_equal(place_applied(&r.place, "attendance"), 24);
	rig_close(&r);
}

/* The serial numbers of results outlive runner and platform. */
static void open_api__restarts_while_results_wait(void **state)
{
	struct rig r;
	int64_t waiting;

	(void)state;
	rig_open(&r, (const char *const[]){"--open-api-delay", "3600000", NULL});
	register_some(&r, 2);
	site_send_all(&r.site);
	assert_int_equal(pass_code(&r), ERR_NONE);
	waiting = in_state(&r, OUTBOX_WAITING);
	assert_true(waiting > 0);
	assert_int_equal(place_count(&r.place, "company", ""), 0); /* accepted is not stored */
	site_reopen(&r.site, "clerk");
	rig_connect(&r);
	assert_int_equal(pass_code(&r), ERR_NONE);
	assert_int_equal(in_state(&r, OUTBOX_WAITING), waiting); /* asked, too early, nothing sent again */
	place_kill(&r.place);
	place_start(&r.place, (const char *const[]){"--open-api", APP "=" SECRET, "--open-api-pace", "0",
						    "--open-api-delay", "0", NULL});
	cJSON_Delete(place_say(&r.place, "judge"));
	let_in(&r);
	until_done(&r);
	assert_effects(&r, "on_site");
	rig_close(&r);
}

static void amend_phone(struct rig *r, int64_t person, const char *phone)
{
	struct findings f;
	struct record rec;
	int changed = 0;

	record_init(&rec);
	OK(desk_person_record(r->site.d, person, &rec, E));
	assert_int_equal(record_set(&rec, F_PHONE, phone, ORIGIN_TYPED), 0);
	OK(desk_amend(r->site.d, person, &rec, &f, &changed, E));
	assert_int_equal(changed, 1);
	record_release(&rec);
	site_send_all(&r->site);
}

/* Typed in, without the issuing authority, which the standard requires and our form does not. */
static int64_t register_without_authority(struct rig *r, unsigned n)
{
	struct registered done;
	struct findings f;
	struct record rec;

	person_record(&r->site, &rec, n, false);
	assert_int_equal(record_set(&rec, F_AUTHORITY, "", ORIGIN_TYPED), 0);
	OK(desk_register(r->site.d, &rec, &f, &done, E));
	record_release(&rec);
	person_act(&r->site, done.person, EVENT_SUBMIT);
	return done.person;
}

static bool pass_and_judge(struct rig *r)
{
	assert_int_equal(pass_code(r), ERR_NONE);
	cJSON_Delete(place_say(&r->place, "judge"));
	return place_count(&r->place, "person", "") > 0;
}

/* A correction made while the worker's own call is under way is not lost in it: it follows. */
static void open_api__a_correction_on_the_way_follows(void **state)
{
	struct rig r;
	bool there = false;

	(void)state;
	rig_open(&r, (const char *const[]){"--open-api-delay", "3600000", NULL});
	register_some(&r, 1);
	site_send_all(&r.site);
	for (int i = 0; i < PASSES && !there; i++)
		there = pass_and_judge(
			&r); /* judged at the platform; here the worker's result is still waited for */
	assert_true(in_state(&r, OUTBOX_WAITING) > 0);
	amend_phone(&r, r.person[0], "13900009999");
	for (int i = 0; i < PASSES && open_rows(&r); i++)
		pass_and_judge(&r);
	assert_int_equal(open_rows(&r), 0);
	assert_int_equal(place_applied(&r.place, "person"), 2); /* made, corrected */
	rig_close(&r);
}

/* Twelve people of one team: five a call as they are registered, all at once through the gate. */
static void open_api__people_of_a_team_go_together(void **state)
{
	struct rig r;
	int64_t before;

	(void)state;
	rig_open(&r, NULL);
	site_send_all(&r.site);
	until_done(&r); /* companies and teams */
	register_some(&r, 12);
	let_in(&r);
	before = r.runner.counts.requests;
	until_done(&r);
	assert_effects(&r, "on_site");
	/* three calls for registering, one for the gate, three for the contracts, one question about each */
	assert_int_equal(r.runner.counts.requests - before, 14);
	rig_close(&r);
}

/* One whom the platform will not have: the others of his call arrive, he is refused with the reason. */
static void open_api__one_bad_keeps_nobody_back(void **state)
{
	struct outbox_row rows[8];
	struct outbox_page page = {.row = rows, .cap = ARRAY_LEN(rows)};
	struct outbox_query q = {.view = OUTBOX_VIEW_REFUSED};
	struct rig r;
	int64_t bad;

	(void)state;
	rig_open(&r, NULL);
	register_some(&r, 2);
	bad = register_without_authority(&r, 40);
	register_some(&r, 2);
	site_send_all(&r.site);
	for (int i = 0; i < PASSES && (in_state(&r, OUTBOX_READY) || in_state(&r, OUTBOX_WAITING) ||
				       in_state(&r, OUTBOX_UNKNOWN));
	     i++)
		assert_int_equal(pass_code(&r), ERR_NONE);
	OK(desk_outbox(r.site.d, &q, &page, E));
	assert_int_equal(page.n, 1);
	assert_string_equal(rows[0].kind, "assignment.submit");
	assert_int_equal(rows[0].person, bad);
	assert_string_equal(rows[0].field, "authority"); /* the form's own name: the cursor goes there */
	assert_int_equal(place_count(&r.place, "person", ""), 4);
	assert_int_equal(place_applied(&r.place, "person"), 4);
	rig_close(&r);
}

/* --- killed at any call ------------------------------------------------------------------------------ */

struct dying {
	struct transport inner;
	int left;
	bool before; /* the call does not leave any more; else its answer is never seen */
};

static int dying_call(void *self, const struct http_request *q, struct http_answer *a, struct err *e)
{
	struct dying *d = self;
	int last;

	d->left--;
	if (!d->left && d->before)
		_exit(9);
	last = d->inner.call(d->inner.self, q, a, e);
	if (!d->left)
		_exit(9);
	return last;
}

/* One runner that lives for so many calls; whether it came to the end of its pass. */
static bool live_for(struct rig *r, int calls, bool before)
{
	pid_t pid = fork();
	int status = 0;

	assert_true(pid >= 0);
	if (!pid) {
		struct dying dying = {.left = calls, .before = before};
		struct err e = {0};

		r->link = (struct dialect_link){0}; /* the parent's own */
		r->site.d = site_open_another(&r->site, "clerk");
		rig_connect(r);
		dying.inner = r->runner.line;
		r->runner.line = (struct transport){.self = &dying, .call = dying_call};
		if (!runner_pass(&r->runner, true, &e))
			_exit(0);
		print_message("pass: %s: %s\n", err_name(e.code), e.detail);
		_exit(1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && (WEXITSTATUS(status) == 9 || !WEXITSTATUS(status)));
	return !WEXITSTATUS(status);
}

/* R1, K5: runners that die at their second, third, fourth call …, before it or with its answer, over and
 * over: what they leave is what an undisturbed one would have left. */
static void open_api__killed_at_any_call(void **state)
{
	struct rig r;
	int killed = 0;

	(void)state;
	rig_open(&r, NULL);
	register_some(&r, 3);
	let_in(&r);
	for (int i = 0; i < PASSES && open_rows(&r); i++)
		killed += !live_for(&r, 2 + i % 3, i % 2);
	assert_int_equal(open_rows(&r), 0);
	assert_true(killed > 10);
	assert_effects(&r, "on_site");
	rig_close(&r);
}

/* Somebody else, or a copy of this box, has uploaded all of it: it is there already, which is done. */
static void open_api__what_is_there_is_done(void **state)
{
	struct rig r;
	struct site first;

	(void)state;
	rig_open(&r, NULL);
	register_some(&r, 2);
	let_in(&r);
	until_done(&r);
	first = r.site; /* another box of the same site, with the same people */
	site_make(&r.site, "open_api");
	set(&r, "platform.url", r.place.url);
	set(&r, "platform.token", SECRET);
	set(&r, "platform.appid", APP);
	set(&r, "platform.ca_file", r.place.ca);
	rig_connect(&r);
	r.persons = 0;
	register_some(&r, 2);
	let_in(&r);
	until_done(&r);
	assert_effects(&r, "on_site");
	site_drop(&first);
	rig_close(&r);
}

static void open_api__a_refusal_names_its_field_and_holds_up_only_its_own(void **state)
{
	struct outbox_row rows[8];
	struct outbox_page page = {.row = rows, .cap = ARRAY_LEN(rows)};
	struct outbox_query q = {.view = OUTBOX_VIEW_REFUSED};
	struct rig r;

	(void)state;
	rig_open(&r, (const char *const[]){"--open-api-photo", NULL});
	register_some(&r, 1);
	site_send_all(&r.site);
	for (int i = 0; i < PASSES && !in_state(&r, OUTBOX_REJECTED); i++)
		assert_int_equal(pass_code(&r), ERR_NONE);
	OK(desk_outbox(r.site.d, &q, &page, E));
	assert_int_equal(page.n, 1);
	assert_string_equal(rows[0].kind, "assignment.submit");
	assert_string_equal(rows[0].field, "headImage");
	assert_int_equal(place_count(&r.place, "team", ""), 2);
	assert_int_equal(place_count(&r.place, "person", ""), 0);
	rig_close(&r);
}

static void open_api__global_trouble_leaves_the_outbox(void **state)
{
	struct rig r;
	int64_t ready;

	(void)state;
	rig_open(&r, NULL);
	register_some(&r, 1);
	site_send_all(&r.site);
	ready = in_state(&r, OUTBOX_READY);
	set(&r, "platform.token", "1123456789abcdef0123456789abcdef");
	rig_connect(&r);
	assert_int_equal(pass_code(&r), ERR_NET_UNAUTHORIZED);
	assert_int_equal(in_state(&r, OUTBOX_READY), ready);
	set(&r, "platform.token", SECRET);
	rig_connect(&r);
	clock_fix_ms(now_ms + 3600000); /* our clock is an hour off */
	assert_int_equal(pass_code(&r), ERR_NET_UNAUTHORIZED);
	assert_int_equal(in_state(&r, OUTBOX_READY), ready);
	clock_fix_ms(now_ms);
	let_in(&r);
	until_done(&r);
	assert_effects(&r, "on_site");
	rig_close(&r);
}

/* Who is faster than the platform allows is refused as a whole, which is no record's fault. */
static void open_api__too_fast_is_the_line_s_trouble(void **state)
{
	struct rig r;

	(void)state;
	rig_open(&r, (const char *const[]){"--open-api-pace", "3600000", NULL});
	site_send_all(&r.site);
	assert_int_equal(pass_code(&r), ERR_NET_SLOW_DOWN); /* two companies: one method twice */
	assert_int_equal(in_state(&r, OUTBOX_REJECTED), 0);
	assert_int_equal(in_state(&r, OUTBOX_UNKNOWN), 0);
	rig_close(&r);
}

/* The standard's pace, by the rules that ship: one call of a method a second, each method for itself. */
static void open_api__keeps_the_pace(void **state)
{
	struct request team = {.name = "Team.Add"}, query = {.name = "Team.Query"};
	struct dialect_link link;
	struct site site;

	(void)state;
	site_make(&site, "national");
	OK(desk_setting_set(site.d, "platform.url", "https://127.0.0.1:1", E));
	OK(desk_setting_set(site.d, "platform.token", SECRET, E));
	OK(desk_setting_set(site.d, "platform.appid", APP, E));
	OK(dialect_open_api.open(&(struct dialect_at){.desk = site.d, .dir = site.dir}, &link, E));
	assert_int_equal(dialect_open_api.pause_ms(link.self, &team, 5000), 0);
	assert_int_equal(dialect_open_api.pause_ms(link.self, &team, 5000), 1000);
	assert_int_equal(dialect_open_api.pause_ms(link.self, &query, 5000), 0);
	assert_int_equal(dialect_open_api.pause_ms(link.self, &team, 5999), 1);
	assert_int_equal(dialect_open_api.pause_ms(link.self, &team, 6000), 0);
	assert_int_equal(dialect_open_api.pause_ms(link.self, &team, 6001), 999);
	dialect_open_api.close(&link);
	site_drop(&site);
}

static void open_api__plain_is_for_administrators_and_a_typed_word(void **state)
{
	struct err e = {0};
	struct rig r;

	(void)state;
	rig_open(&r, NULL);
	assert_false(desk_plain_allowed(r.site.d));
	assert_int_equal(desk_setting_set(r.site.d, "platform.plain", "yes", &e), -1);
	site_login(&r.site, "manager");
	assert_int_equal(desk_setting_set(r.site.d, "platform.plain", "明文传输", &e), -1);
	assert_int_equal(e.code, ERR_NOT_PERMITTED);
	assert_false(desk_plain_allowed(r.site.d));
	site_login(&r.site, "clerk");
	set(&r, "platform.url", "http://127.0.0.1:1");
	assert_int_equal(dialect_open_api.open(&(struct dialect_at){.desk = r.site.d, .dir = r.site.dir},
					       &(struct dialect_link){0}, &e),
			 -1);
	assert_int_equal(e.code, ERR_NET_NOT_CONFIGURED);
	rig_close(&r);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(open_api__a_person_s_way),
		cmocka_unit_test(open_api__sides_of_the_card),
		cmocka_unit_test(open_api__the_weeks_after_entry),
		cmocka_unit_test(open_api__lost_answers),
		cmocka_unit_test(open_api__clockings),
		cmocka_unit_test(open_api__restarts_while_results_wait),
		cmocka_unit_test(open_api__a_correction_on_the_way_follows),
		cmocka_unit_test(open_api__people_of_a_team_go_together),
		cmocka_unit_test(open_api__one_bad_keeps_nobody_back),
		cmocka_unit_test(open_api__killed_at_any_call),
		cmocka_unit_test(open_api__what_is_there_is_done),
		cmocka_unit_test(open_api__a_refusal_names_its_field_and_holds_up_only_its_own),
		cmocka_unit_test(open_api__global_trouble_leaves_the_outbox),
		cmocka_unit_test(open_api__too_fast_is_the_line_s_trouble),
		cmocka_unit_test(open_api__keeps_the_pace),
		cmocka_unit_test(open_api__plain_is_for_administrators_and_a_typed_word),
	};

	setenv("SHIMING_LIBEXEC", BIN_DIR, 1); /* sheets are read by shiming-office */
	return cmocka_run_group_tests(tests, NULL, NULL);
}
