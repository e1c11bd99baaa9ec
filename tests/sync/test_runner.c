/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The runner between a real desk and the real platform over real TLS: each fault leaves the outbox right,
 * everything takes effect once (QUALITY R1–R8, R11 in small; the large counts are the long tests' affair).
 * Requests and answers pass the contract's judge.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "desk/desk_site.h"

#include "base/json.h"
#include "base/text.h"
#include "folk.h"
#include "sync/contract.h"
#include "sync/native.h"
#include "sync/place.h"
#include "desk/conflict.h"
#include "desk/photo.h"
#include "desk/results.h"
#include "desk/undo.h"
#include "sync/runner.h"
#include "sync/witness.h"

#define SITE_OPERATIONS 10 /* companies, participants, teams and their entries */

static const char *const left_out[] = {"--left-out", "register", "--left-out", "done", NULL};

struct rig {
	struct place place;
	struct site site;
	struct http *http;
	struct judged judged;
	struct native_self native;
	struct runner runner;
	int64_t person[600];
	unsigned persons;
};

static void rig_connect(struct rig *r, bool judge_answers)
{
	struct runner_counts counts = r->runner.counts;

	http_close(r->http);
	r->http = place_http(&r->place);
	r->judged.inner = http_transport(r->http);
	r->judged.answers = judge_answers;
	r->runner =
		(struct runner){.desk = r->site.d,
				.dialect = &dialect_native,
				.self = &r->native,
				.line = judged_transport(&r->judged),
				.counts = counts};
}

static void rig_open(struct rig *r, const char *profile, const char *const *more)
{
	const char *args[24];
	size_t n = 0;

	for (const char *const *a = left_out; *a; a++)
		args[n++] = *a;
	while (more && *more)
		args[n++] = *more++;
	args[n] = NULL;
	*r = (struct rig){0};
	r->judged.contract = contract_open(OPENAPI);
	place_open(&r->place);
	place_start(&r->place, args);
	site_make(&r->site, profile);
	rig_connect(r, !more);
}

static void rig_close(struct rig *r)
{
	http_close(r->http);
	site_drop(&r->site);
	place_close(&r->place);
	contract_close(r->judged.contract);
}

static void rig_register(struct rig *r, unsigned n)
{
	for (unsigned i = 0; i < n; i++, r->persons++)
		r->person[r->persons] = person_register(&r->site, r->persons, NULL);
	site_send_all(&r->site);
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

static void pass(struct rig *r)
{
	struct err e = {0};

	if (runner_pass(&r->runner, true, &e))
		fail_msg("pass: %s: %s", err_name(e.code), e.detail);
}

static enum err_code pass_code(struct rig *r)
{
	struct err e = {0};

	return runner_pass(&r->runner, true, &e) ? e.code : ERR_NONE;
}

/* Every registration is there, once, and nothing is left over. */
static void all_there(struct rig *r)
{
	assert_int_equal(open_rows(r), 0);
	assert_int_equal(place_count(&r->place, "person", ""), r->persons);
	assert_int_equal(place_applied(&r->place, "person"), r->persons);
	assert_int_equal(place_applied(&r->place, "employment"), r->persons);
	assert_int_equal(place_operations(&r->place, "accepted"), in_state(r, OUTBOX_ACCEPTED));
	assert_int_equal(place_operations(&r->place, "rejected"), 0);
}

/* Card to gate: registered, agreed on the phone, assigned, confirmed, in, out; each told to the platform and
 * back. */
static void runner__a_person_s_way(void **state)
{
	struct registered done;
	char uid[UID_TEXT];
	struct rig r;
	int64_t p;

	(void)state;
	rig_open(&r, "national", NULL);
	p = person_register(&r.site, 1, &done);
	site_send_all(&r.site);
	pass(&r);
	assert_int_equal(open_rows(&r), 0);
	assert_int_equal(person_employment(&r.site, p, NULL), EMPLOYMENT_OFFERED);
	cJSON_Delete(place_say(&r.place, "consent all"));
	pass(&r);
	assert_int_equal(person_employment(&r.site, p, NULL), EMPLOYMENT_REGISTERED);
	assert_int_equal(place_count(&r.place, "employment", "registered"), 1);
	person_act(&r.site, p, EVENT_SUBMIT);
	site_send_all(&r.site);
	pass(&r);
	person_assignment(&r.site, p, uid);
	site_login(&r.site, "manager");
	person_act(&r.site, p, EVENT_CONFIRM);
	site_login(&r.site, "clerk");
	person_act(&r.site, p, EVENT_ENTER);
	site_send_all(&r.site);
	pass(&r);
	assert_int_equal(place_count(&r.place, "assignment", "on_site"), 1);
	person_act(&r.site, p, EVENT_EXIT);
	site_send_all(&r.site);
	pass(&r);
	assert_int_equal(place_count(&r.place, "assignment", "exited"), 1);
	assert_int_equal(person_assignment(&r.site, p, NULL), ASSIGNMENT_EXITED);
	assert_int_equal(open_rows(&r), 0);
	assert_int_equal(http_stats(r.http).connections, 1);
	rig_close(&r);
}

static void stands(struct rig *r, int64_t person, enum field_id f, const char *expect)
{
	struct record is;
	struct folk folk;

	record_init(&is);
	OK(folk_load(r->site.d, person, &folk, E));
	OK(folk_record(r->site.d, &folk, &is, E));
	assert_string_equal(record_get(&is, f), expect);
	record_release(&is);
}

static void export_of(struct rig *r, struct buf *out);

/* The platform's export says so. */
static void there(struct rig *r, const char *text)
{
	struct buf all;

	buf_init(&all, 4u << 20);
	export_of(r, &all);
	assert_non_null(strstr(all.data, text));
	buf_release(&all);
}

static void amend_phone(struct rig *r, int64_t person, const char *phone)
{
	struct findings findings;
	struct record is;
	struct folk folk;
	int changed;

	record_init(&is);
	OK(folk_load(r->site.d, person, &folk, E));
	OK(folk_record(r->site.d, &folk, &is, E));
	record_set(&is, F_PHONE, phone, ORIGIN_TYPED);
	OK(desk_amend(r->site.d, person, &is, &findings, &changed, E));
	record_release(&is);
}

/* A record changed on the platform; the command's words after the uid. */
static void changed_there(struct rig *r, const char *uid, const char *what)
{
	char command[160];

	text_format(command, sizeof(command), "change %s %s", uid, what);
	cJSON_Delete(place_say(&r->place, command));
}

/* Fields changed on the platform: taken where nobody changed them here, asked about where both did (DESIGN 9). */
static void runner__changed_elsewhere(void **state)
{
	char employment[UID_TEXT];
	struct conflict c[2];
	struct folk folk;
	struct rig r;
	size_t n, done;
	int64_t p;
	bool more;

	(void)state;
	rig_open(&r, "national", NULL);
	p = person_register(&r.site, 3, NULL);
	amend_phone(&r, p, "13900000001");
	site_send_all(&r.site);
	pass(&r);
	OK(folk_load(r.site.d, p, &folk, E));
	person_employment(&r.site, p, employment);
	changed_there(&r, folk.person.uid, "cellPhone 13900000003");
	changed_there(&r, folk.person.uid, "nativePlace 某省 某县");
	changed_there(&r, employment, "wage 41000");
	pass(&r);
	stands(&r, p, F_PHONE, "13900000003");
	stands(&r, p, F_NATIVE_PLACE, "某省 某县");
	stands(&r, p, F_WAGE, "41000");
	assert_int_equal(open_rows(&r), 0); /* told by the platform: nothing to tell it */
	/* both at once */
	amend_phone(&r, p, "13900000004");
	changed_there(&r, folk.person.uid, "cellPhone 13900000005");
	pass(&r);
	stands(&r, p, F_PHONE, "13900000004");
	OK(desk_conflict_page(r.site.d, 0, c, 2, &n, &more, E));
	assert_int_equal(n, 1);
	OK(desk_conflict_choose(r.site.d, &c[0].id, 1, CONFLICT_MINE, &done, E));
	site_send_all(&r.site);
	pass(&r);
	assert_int_equal(open_rows(&r), 0);
	/* the platform has ours again: its next change says so, and is taken */
	changed_there(&r, folk.person.uid, "cellPhone 13900000006");
	pass(&r);
	stands(&r, p, F_PHONE, "13900000006");
	OK(desk_conflict_page(r.site.d, 0, c, 2, &n, &more, E));
	assert_int_equal(n, 0);
	rig_close(&r);
}

/* A confirmation made elsewhere comes back as a change. */
static void runner__confirmed_elsewhere(void **state)
{
	char command[80], uid[UID_TEXT];
	struct rig r;
	int64_t p;

	(void)state;
	rig_open(&r, "national", NULL);
	p = person_register(&r.site, 2, NULL);
	site_send_all(&r.site);
	pass(&r);
	cJSON_Delete(place_say(&r.place, "consent all"));
	pass(&r);
	person_act(&r.site, p, EVENT_SUBMIT);
	site_send_all(&r.site);
	pass(&r);
	person_assignment(&r.site, p, uid);
	text_format(command, sizeof(command), "return %s 班组不符", uid);
	cJSON_Delete(place_say(&r.place, command));
	pass(&r);
	assert_int_equal(person_assignment(&r.site, p, NULL), ASSIGNMENT_RETURNED);
	person_act(&r.site, p, EVENT_SUBMIT);
	site_send_all(&r.site);
	pass(&r);
	text_format(command, sizeof(command), "confirm %s", uid);
	cJSON_Delete(place_say(&r.place, command));
	pass(&r);
	assert_int_equal(person_assignment(&r.site, p, NULL), ASSIGNMENT_CONFIRMED);
	pass(&r); /* the same changes are not there a second time */
	assert_int_equal(r.runner.counts.changes, 3);
	rig_close(&r);
}

/* R2: three answers in ten are lost after the platform has acted. */
static void runner__r2_lost_answers(void **state)
{
	struct rig r;
	int troubles = 0;

	(void)state;
	rig_open(&r, "national",
		 (const char *const[]){"--fault", "post:drop%30", "--fault", "lookup:drop%30", NULL});
	rig_register(&r, 300);
	r.runner.max_items = 20;
	for (int i = 0; i < 300 && open_rows(&r); i++)
		troubles += pass_code(&r) != ERR_NONE;
	assert_true(troubles > 5); /* the faults were there */
	all_there(&r);
	rig_close(&r);
}

/* R3: one record in a hundred is poisoned: the others are confirmed in the same run, it stays with reason and
 * field. */
static void runner__r3_one_poisoned(void **state)
{
	struct outbox_page page = {.row = calloc(8, sizeof(struct outbox_row)), .cap = 8};
	struct outbox_query q = {.view = OUTBOX_VIEW_REFUSED};
	struct rig r;

	(void)state;
	rig_open(&r, "national", (const char *const[]){"--fault", "refuse=111", NULL});
	rig_register(&r, 100);
	pass(&r);
	assert_int_equal(in_state(&r, OUTBOX_REJECTED), 1);
	assert_true(open_rows(&r) <= 2); /* it, and what depends on it */
	assert_int_equal(in_state(&r, OUTBOX_UNKNOWN), 0);
	OK(desk_outbox(r.site.d, &q, &page, E));
	assert_int_equal(page.n, 1);
	assert_string_equal(page.row[0].reason_code, "poisoned");
	assert_true(*page.row[0].reason);
	OK(desk_outbox_retry(r.site.d, page.row[0].id, E));
	site_send_all(&r.site);
	pass(&r);
	assert_int_equal(open_rows(&r), 0);
	assert_int_equal(place_applied(&r.place, "person"), 100);
	assert_int_equal(place_applied(&r.place, "employment"), 100);
	free(page.row);
	rig_close(&r);
}

/* R4–R8: global trouble stops the run, is named, and changes no record; gone, the same run goes through. */
static void runner__troubles(void **state)
{
	static const struct {
		const char *rule;
		enum err_code code;
		bool known; /* the platform surely has none of it */
		int64_t retry_ms;
	} cases[] = {
		{"401", ERR_NET_UNAUTHORIZED, true, 0},
		{"403", ERR_NET_REFUSED, true, 0},
		{"407", ERR_NET_PROXY, true, 0},
		{"429=7", ERR_NET_SLOW_DOWN, true, 7000},
		{"503=120", ERR_NET_SERVER, true, 120000},
		{"511", ERR_NET_LOGIN, true, 0},
		{"portal-302", ERR_NET_REDIRECT, true, 0},
		{"portal-html", ERR_NET_PORTAL, true, 0},
		{"foreign-json", ERR_NET_FOREIGN, false, 0},
		{"500", ERR_NET_SERVER, false, 0},
		{"502", ERR_NET_SERVER, false, 0},
		{"truncated", ERR_NET_ANSWER, false, 0},
		{"deep=5000", ERR_NET_ANSWER, false, 0},
		{"huge=5000000", ERR_NET_ANSWER, false, 0},
		{"types", ERR_NET_ANSWER, false, 0},
		{"drop", ERR_NET_OFFLINE, false, 0},
		{"cut-answer=30", ERR_NET_OFFLINE, false, 0},
		{"cut-request=200", ERR_NET_OFFLINE, false, 0},
	};
	struct rig r;

	(void)state;
	rig_open(&r, "national", NULL);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char command[64];
		enum err_code code;
		int64_t ready;

		rig_connect(&r, false);
		rig_register(&r, 2);
		ready = in_state(&r, OUTBOX_READY);
		assert_true(ready >= 4);
		text_format(command, sizeof(command), "fault %s", cases[i].rule);
		cJSON_Delete(place_say(&r.place, command));
		code = pass_code(&r);
		if (code != cases[i].code || r.runner.retry_after_ms != cases[i].retry_ms)
			fail_msg("%s: %s, again after %d", cases[i].rule, err_name(code),
				 (int)r.runner.retry_after_ms);
		if (in_state(&r, OUTBOX_READY) != (cases[i].known ? ready : 0) ||
		    in_state(&r, OUTBOX_UNKNOWN) != (cases[i].known ? 0 : ready))
			fail_msg("%s: %d ready, %d unknown of %d", cases[i].rule,
				 (int)in_state(&r, OUTBOX_READY), (int)in_state(&r, OUTBOX_UNKNOWN),
				 (int)ready);
		assert_int_equal(in_state(&r, OUTBOX_SENDING), 0);
		cJSON_Delete(place_say(&r.place, "no-faults"));
		pass(&r);
		all_there(&r);
	}
	rig_close(&r);
}

/* R4: a platform that is not there is asked once a pass, however much waits. R6: 401 in mid-run leaves the
 * rest untouched. */
static void runner__one_attempt(void **state)
{
	int64_t before;
	struct rig r;

	(void)state;
	rig_open(&r, "national", (const char *const[]){"--fault", "post:401@2-", NULL});
	rig_register(&r, 50);
	r.runner.max_items = 30;
	assert_int_equal(pass_code(&r), ERR_NET_UNAUTHORIZED);
	assert_int_equal(in_state(&r, OUTBOX_ACCEPTED), 30);
	assert_int_equal(in_state(&r, OUTBOX_READY), open_rows(&r));
	before = r.runner.counts.requests;
	assert_int_equal(pass_code(&r), ERR_NET_UNAUTHORIZED);
	assert_int_equal(r.runner.counts.requests, before + 2); /* the box, one batch */
	place_kill(&r.place);
	before = r.runner.counts.requests;
	assert_int_equal(pass_code(&r), ERR_NET_OFFLINE);
	assert_int_equal(r.runner.counts.requests, before + 1);
	assert_int_equal(in_state(&r, OUTBOX_READY), open_rows(&r));
	place_start(&r.place, left_out);
	rig_connect(&r, true);
	pass(&r);
	all_there(&r);
	rig_close(&r);
}

/* R7: halved on 413; the one record that is too large even alone goes aside, the others go through. */
static void runner__r7_too_large(void **state)
{
	struct record rec;
	struct findings f;
	struct registered done;
	char long_text[301] = "";
	struct rig r;

	(void)state;
	rig_open(&r, "national", (const char *const[]){"--max-body", "850", NULL});
	rig_register(&r, 10);
	for (int i = 0; i < 90; i++)
		strcat(long_text, "远");
	person_record(&r.site, &rec, 11, true);
	record_set(&rec, F_LOCAL_ADDRESS, long_text, ORIGIN_TYPED);
	record_set(&rec, F_ADDRESS, long_text, ORIGIN_CARD);
	OK(desk_register(r.site.d, &rec, &f, &done, E));
	record_release(&rec);
	site_send_all(&r.site);
	pass(&r);
	assert_int_equal(in_state(&r, OUTBOX_REJECTED), 1);
	assert_int_equal(place_applied(&r.place, "person"), 10);
	assert_true(open_rows(&r) <= 3);
	assert_int_equal(in_state(&r, OUTBOX_SENDING) + in_state(&r, OUTBOX_UNKNOWN), 0);
	rig_close(&r);
}

/* R8: answers shorter than the request, reordered, doubled, about strangers. */
static void runner__r8_crooked_answers(void **state)
{
	static const char *const rules[] = {"missing=3@1", "missing=100@1", "reorder@1", "twice@1",
					    "foreign-ids@1"};
	struct rig r;

	(void)state;
	rig_open(&r, "national", NULL);
	for (size_t i = 0; i < ARRAY_LEN(rules); i++) {
		char command[64];

		rig_connect(&r, false);
		rig_register(&r, 4);
		text_format(command, sizeof(command), "fault %s", rules[i]);
		cJSON_Delete(place_say(&r.place, "no-faults"));
		cJSON_Delete(place_say(&r.place, command));
		pass(&r);
		pass(&r); /* what was missing is looked up */
		all_there(&r);
	}
	rig_close(&r);
}

/* A platform without the look-up of many is asked one by one. */
static int no_lookup(void *self, const struct http_request *q, struct http_answer *a, struct err *e)
{
	struct rig *r = self;

	if (strcmp(q->path, NATIVE_LOOKUP))
		return r->judged.inner.call(r->judged.inner.self, q, a, e);
	a->status = 405;
	a->may_have_left = true;
	text_copy(a->content_type, sizeof(a->content_type), "application/json");
	buf_reset(&a->body);
	return buf_adds(&a->body, "{\"code\":\"method\"}");
}

static void runner__looks_up_one_by_one(void **state)
{
	struct rig r;

	(void)state;
	rig_open(&r, "national", (const char *const[]){"--fault", "drop@1", NULL});
	rig_register(&r, 8);
	r.runner.line = (struct transport){.self = &r, .call = no_lookup};
	assert_int_equal(pass_code(&r), ERR_NET_OFFLINE);
	assert_true(in_state(&r, OUTBOX_UNKNOWN) > 10);
	pass(&r);
	all_there(&r);
	rig_close(&r);
}

/* R11: an old copy of the data put back is noticed before it sends; another box's token too. */
static void runner__r11_old_copy(void **state)
{
	char copy[300], command[700];
	struct err e = {0};
	struct rig r;

	(void)state;
	rig_open(&r, "national", NULL);
	rig_register(&r, 2);
	pass(&r);
	desk_close(r.site.d);
	r.site.d = NULL;
	text_format(copy, sizeof(copy), "%s.copy", r.site.dir);
	text_format(command, sizeof(command), "cp -a '%s' '%s'", r.site.dir, copy);
	assert_int_equal(system(command), 0);
	r.site.d = site_open_another(&r.site, "clerk");
	rig_connect(&r, true);
	rig_register(&r, 2);
	pass(&r);
	desk_close(r.site.d);
	text_format(command, sizeof(command), "rm -rf '%s' && mv '%s' '%s'", r.site.dir, copy, r.site.dir);
	assert_int_equal(system(command), 0);
	r.site.d = site_open_another(&r.site, "clerk");
	rig_connect(&r, true);
	rig_register(&r, 1);
	assert_int_equal(runner_pass(&r.runner, true, &e), -1);
	assert_int_equal(e.code, ERR_NET_BEHIND);
	assert_int_equal(in_state(&r, OUTBOX_READY), open_rows(&r));
	assert_int_equal(place_applied(&r.place, "person"), 4);
	rig_close(&r);
}

static void put_back(struct rig *r, const char *copy)
{
	char command[700];

	desk_close(r->site.d);
	text_format(command, sizeof(command), "rm -rf '%s' && mv '%s' '%s'", r->site.dir, copy, r->site.dir);
	assert_int_equal(system(command), 0);
	r->site.d = site_open_another(&r->site, "clerk");
}

static void set_aside(struct rig *r, char copy[300])
{
	char command[700];

	desk_close(r->site.d);
	text_format(copy, 300, "%s.copy", r->site.dir);
	text_format(command, sizeof(command), "cp -a '%s' '%s'", r->site.dir, copy);
	assert_int_equal(system(command), 0);
	r->site.d = site_open_another(&r->site, "clerk");
}

/* R11: the old copy is gone on with. What it still holds ready had been sent by the newer one: looked up, not sent again. */
static void runner__r11_take_over(void **state)
{
	char copy[300];
	struct box box;
	struct err e = {0};
	struct rig r;

	(void)state;
	rig_open(&r, "national", NULL);
	rig_register(&r, 2);
	assert_int_equal(desk_take_over(r.site.d, &e), -1); /* not behind: nothing to take over */
	assert_int_equal(e.code, ERR_FORBIDDEN);
	set_aside(&r, copy);
	rig_connect(&r, true);
	pass(&r);
	assert_int_equal(place_applied(&r.place, "person"), 2);
	put_back(&r, copy);
	rig_connect(&r, true);
	assert_int_equal(pass_code(&r), ERR_NET_BEHIND);
	assert_int_equal(pass_code(&r), ERR_NET_BEHIND); /* until a human decides */
	OK(desk_take_over(r.site.d, E));
	assert_int_equal(in_state(&r, OUTBOX_READY), 0);
	assert_true(in_state(&r, OUTBOX_UNKNOWN) > 0);
	OK(desk_box(r.site.d, &box, E));
	assert_int_equal(box.epoch, 2);
	pass(&r);
	all_there(&r);
	rig_register(&r, 1);
	pass(&r);
	all_there(&r);
	rig_close(&r);
}

/* R11: what was taken back on the old copy before its first pass had been sent by the newer one: looked up, and reversed there as well. */
static void act_undone(struct rig *r)
{
	struct undo_row row;
	size_t n;
	bool more;

	OK(desk_undo_list(r->site.d, true, 0, &row, 1, &n, &more, E));
	assert_int_equal(n, 1);
	OK(desk_undo(r->site.d, row.act, E));
}

/* The file goes back to how it was before `send`: the newer copy's operations stay on the platform. */
static void send_and_put_back(struct rig *r)
{
	char copy[300];

	set_aside(r, copy);
	site_send_all(&r->site);
	rig_connect(r, true);
	pass(r);
	assert_int_equal(open_rows(r), 0);
	put_back(r, copy);
	rig_connect(r, true);
}

static void taken_over(struct rig *r)
{
	assert_int_equal(pass_code(r), ERR_NET_BEHIND);
	OK(desk_take_over(r->site.d, E));
	pass(r);
	site_send_all(&r->site);
	pass(r);
	assert_int_equal(open_rows(r), 0);
}

static void runner__r11_taken_back(void **state)
{
	struct message_row messages[4];
	int64_t before, p, q;
	struct rig r;
	size_t n;

	(void)state;
	rig_open(&r, "national", NULL);
	site_send_all(&r.site);
	pass(&r);
	p = person_register(&r.site, 1, NULL);
	site_send_all(&r.site);
	pass(&r);
	cJSON_Delete(place_say(&r.place, "consent all"));
	pass(&r);
	/* A submission: undone here, it was there; withdrawn at both ends. */
	person_act(&r.site, p, EVENT_SUBMIT);
	send_and_put_back(&r);
	act_undone(&r);
	assert_int_equal(person_assignment(&r.site, p, NULL), ASSIGNMENT_DRAFTED);
	taken_over(&r);
	assert_int_equal(person_assignment(&r.site, p, NULL), ASSIGNMENT_WITHDRAWN);
	assert_int_equal(place_count(&r.place, "assignment", "withdrawn"), 1);
	/* A registration, gone here with its rows: the offer is withdrawn there; that the person stays is said. */
	q = person_register(&r.site, 2, NULL);
	send_and_put_back(&r);
	act_undone(&r);
	taken_over(&r);
	assert_int_equal(place_count(&r.place, "employment", "withdrawn"), 1);
	assert_int_equal(person_employment(&r.site, p, NULL), EMPLOYMENT_REGISTERED);
	OK(desk_messages(r.site.d, 0, messages, 4, &n, E));
	assert_true(n >= 1);
	assert_int_equal(messages[0].person, q);
	assert_non_null(strstr(messages[0].text, "平台上还有"));
	/* A correction taken back: the platform has the former value again. */
	amend_phone(&r, p, "13900000001");
	site_send_all(&r.site);
	pass(&r);
	amend_phone(&r, p, "13900000002");
	send_and_put_back(&r);
	act_undone(&r);
	taken_over(&r);
	stands(&r, p, F_PHONE, "13900000001");
	there(&r, "13900000001");
	/* What never left anywhere is no news to anybody. */
	before = place_operations(&r.place, "accepted");
	person_register(&r.site, 3, NULL);
	act_undone(&r);
	send_and_put_back(&r);
	pass(&r);
	assert_int_equal(place_operations(&r.place, "accepted"), before);
	rig_close(&r);
}

/* Withdrawn on the old copy by its own event, which nothing seemed to have to be told. */
static void runner__r11_withdrawn(void **state)
{
	struct rig r;
	int64_t p;

	(void)state;
	rig_open(&r, "national", NULL);
	p = person_register(&r.site, 1, NULL);
	site_send_all(&r.site);
	pass(&r);
	cJSON_Delete(place_say(&r.place, "consent all"));
	pass(&r);
	person_act(&r.site, p, EVENT_SUBMIT);
	send_and_put_back(&r);
	person_act(&r.site, p, EVENT_WITHDRAW);
	site_send_all(&r.site);
	assert_int_equal(open_rows(&r), 0);
	taken_over(&r);
	assert_int_equal(place_count(&r.place, "assignment", "withdrawn"), 1);
	assert_int_equal(person_assignment(&r.site, p, NULL), ASSIGNMENT_WITHDRAWN);
	/* Corrected before it went: the correction goes, and stands. */
	p = person_register(&r.site, 2, NULL);
	send_and_put_back(&r);
	amend_phone(&r, p, "13900000009");
	site_send_all(&r.site);
	taken_over(&r);
	there(&r, "13900000009");
	stands(&r, p, F_PHONE, "13900000009");
	assert_int_equal(place_count(&r.place, "person", ""), 2);
	rig_close(&r);
}

/* A worker's way up to the gate, at both ends. */
static void worker_enters(struct rig *r)
{
	int64_t p = person_register(&r->site, 1, NULL);

	site_send_all(&r->site);
	pass(r);
	cJSON_Delete(place_say(&r->place, "consent all"));
	pass(r);
	person_act(&r->site, p, EVENT_SUBMIT);
	site_send_all(&r->site);
	pass(r);
	assert_int_equal(open_rows(r), 0);
	assert_int_not_equal(person_assignment(&r->site, p, NULL), ASSIGNMENT_DRAFTED);
}

/* A new team at the old name, as a clerk makes it who finds it missing. */
static void team_made(struct rig *r)
{
	char uid[UID_TEXT];

	OK(desk_team_add(r->site.d, &(struct team_new){.name = "油漆班", .kind = "worker", .participant_uid = r->site.labour}, uid, E));
	site_send_all(&r->site);
	pass(r);
}

#define CROWD 70 /* more than the platform looks at in one page of lost records */

static void crowd_registered(struct rig *r)
{
	for (unsigned i = 0; i < CROWD; i++)
		person_register(&r->site, 10 + i, NULL);
	site_send_all(&r->site);
	pass(r);
}

static void replaced(struct rig *r, int64_t n)
{
	static const char *const entities[] = {"person", "employment", "assignment", "team"};

	for (size_t i = 0; i < ARRAY_LEN(entities); i++)
		assert_int_equal(place_count(&r->place, entities[i], "replaced"), n);
}

/* R11, L9: what the newer copy did is lost with it and can only be done again; the platform takes it, in place of what it had. Whether the old copy was
 * found to be behind, or was brought to another computer knowingly and knows of no newer one. */
static void runner__r11_done_again(void **state)
{
	(void)state;
	for (int moved = 0; moved < 2; moved++) {
		struct box box;
		char copy[300];
		struct rig r;

		rig_open(&r, "national", NULL);
		rig_connect(&r, true);
		site_send_all(&r.site);
		pass(&r);
		person_register(&r.site, 2, NULL); /* the newer copy sends him, and this one has him */
		set_aside(&r, copy);
		rig_connect(&r, true);
		crowd_registered(&r);
		worker_enters(&r);
		team_made(&r);
		replaced(&r, 0);
		put_back(&r, copy);
		rig_connect(&r, true);
		if (moved)
			OK(desk_move_box(r.site.d, E));
		else
			assert_int_equal(pass_code(&r), ERR_NET_BEHIND);
		if (!moved)
			OK(desk_take_over(r.site.d, E));
		pass(&r);
		OK(desk_box(r.site.d, &box, E));
		assert_int_equal(box.n_lost, 1);
		assert_int_equal(box.lost[0].last, box.sequence);
		assert_int_equal(box.lost[0].last - box.lost[0].first + 1, 4 + 2 * CROWD); /* person, offer, submission, team; the crowd */
		worker_enters(&r);
		team_made(&r);
		replaced(&r, 1);
		assert_int_equal(place_count(&r.place, "person", "known"), 2 + CROWD);
		assert_int_equal(open_rows(&r), 0);
		rig_close(&r);
	}
}

/* The witness alone: the platform has seen nothing of this box yet, and the file is older than the one that was here. */
static void runner__r11_witness(void **state)
{
	char dir[] = "/tmp/shiming-witness-XXXXXX", path[300], copy[300], command[400];
	struct line_state line;
	struct head seen;
	struct box box;
	struct rig r;
	bool found;

	(void)state;
	assert_non_null(mkdtemp(dir));
	setenv("SHIMING_WITNESS", dir, 1);
	rig_open(&r, "national", NULL);
	OK(desk_box(r.site.d, &box, E));
	assert_true(witness_path(&(struct witness_of){r.site.dir, "", box.uid}, path, sizeof(path)));
	rig_connect(&r, true);
	r.runner.witness = path;
	pass(&r);
	OK(witness_read(path, &seen, &found, E));
	assert_true(found);
	assert_string_equal(seen.box.uid, box.uid);
	set_aside(&r, copy);
	OK(desk_setting_set(r.site.d, "hold_seconds", "5", E)); /* only the audit log grows */
	rig_connect(&r, true);
	r.runner.witness = path;
	pass(&r);
	put_back(&r, copy);
	rig_connect(&r, true);
	r.runner.witness = path;
	assert_int_equal(pass_code(&r), ERR_NET_BEHIND);
	OK(desk_line_state(r.site.d, &line, E));
	assert_true(line.behind);
	OK(desk_take_over(r.site.d, E));
	rig_register(&r, 1);
	pass(&r);
	all_there(&r);
	/* what is no witness of ours is passed over */
	text_format(command, sizeof(command), "echo nonsense > '%s'", path);
	assert_int_equal(system(command), 0);
	r.runner.box_checked = false;
	pass(&r);
	OK(witness_read(path, &seen, &found, E));
	assert_true(found); /* written anew */
	rig_close(&r);
	unsetenv("SHIMING_WITNESS");
	text_format(command, sizeof(command), "rm -rf '%s'", dir);
	assert_int_equal(system(command), 0);
}

/* R10: a clock that is wrong changes neither order nor result; how far off it is, is known to the minute. */
static void runner__r10_clock(void **state)
{
	static const int64_t offs[] = {-20 * 365 * 86400000LL, 86400000LL, 0};
	int64_t real = time(NULL) * 1000LL;
	struct line_state line;
	struct rig r;

	(void)state;
	rig_open(&r, "national", NULL);
	for (size_t i = 0; i < ARRAY_LEN(offs); i++) {
		rig_register(&r, 1); /* on the day the site's people are made for */
		real = time(NULL) * 1000LL;
		clock_fix_ms(real + offs[i]);
		r.runner.box_checked = false;
		pass(&r);
		clock_fix_ms(now_ms);
		OK(desk_line_state(r.site.d, &line, E));
		assert_true(line.clock_off_ms + offs[i] > -120000 && line.clock_off_ms + offs[i] < 120000);
		all_there(&r);
	}
	rig_close(&r);
}

/* --- R12 --- */

#define PHOTO_BYTES 30000

static struct dialect texts_only; /* the native one without contents */

static void add_photo(struct rig *r, unsigned i)
{
	unsigned char jpeg[PHOTO_BYTES] = {0xFF, 0xD8, 0xFF, 0xDA, 0x00, 0x02};

	for (size_t k = 6; k < sizeof(jpeg) - 2; k++)
		jpeg[k] = (unsigned char)((k * 7919 + i * 31) % 251);
	jpeg[sizeof(jpeg) - 2] = 0xFF;
	jpeg[sizeof(jpeg) - 1] = 0xD9;
	OK(desk_photo_set(r->site.d, r->person[i], PHOTO_FACE, jpeg, sizeof(jpeg), E));
}

static int64_t photos_left(struct rig *r)
{
	struct outgoing_attachment rows[64];
	size_t n;

	OK(desk_attachments_open(r->site.d, 0, rows, ARRAY_LEN(rows), &n, E));
	return (int64_t)n;
}

static int64_t bytes_in(struct rig *r)
{
	cJSON *doc = place_say(&r->place, "status");
	int64_t n = json_int(doc, "bytes_in", -1);

	cJSON_Delete(doc);
	return n;
}

/* Texts first; cut again and again in the middle of a content, it goes on where it was: the bytes that arrive are at most
 * 1.2 times the contents; done is what the platform named. */
static void runner__r12_attachments(void **state)
{
	enum { PHOTOS = 12, PASSES = 200 };
	int64_t before, came;
	int passes = 0;
	struct rig r;

	(void)state;
	rig_open(&r, "national", (const char *const[]){"--fault", "attachment:cut-request=9000%40", NULL});
	rig_register(&r, PHOTOS);
	for (unsigned i = 0; i < PHOTOS; i++)
		add_photo(&r, i);
	assert_int_equal(photos_left(&r), 0); /* nobody's whom the platform does not know yet */
	r.runner.dialect = &texts_only;
	pass(&r);
	before = bytes_in(&r);
	r.runner.dialect = &dialect_native;
	while (photos_left(&r) && passes++ < PASSES)
		pass_code(&r);
	came = bytes_in(&r) - before;
	print_message("R12: %d contents of %d bytes: %lld bytes came in %d passes\n", PHOTOS, PHOTO_BYTES, (long long)came,
		      passes);
	assert_int_equal(photos_left(&r), 0);
	assert_int_equal(r.runner.counts.attachments, PHOTOS);
	assert_true(passes > PHOTOS / 4); /* it was cut */
	assert_true(came >= PHOTOS * PHOTO_BYTES && came * 10 <= 12 * PHOTOS * PHOTO_BYTES);
	all_there(&r);
	rig_close(&r);
}

/* A11: both sides of a card are contents like the photograph, each in its own role. */
static void runner__card_s_sides(void **state)
{
	static const enum photo_kind kinds[] = {PHOTO_CARD_FRONT, PHOTO_CARD_BACK};
	static const char *const roles[] = {"card_front", "card_back"};
	unsigned char jpeg[12] = {0xFF, 0xD8, 0xFF, 0xDA, 0, 2, 1, 1, 1, 1, 0xFF, 0xD9};
	struct outgoing_attachment rows[4];
	struct rig r;
	size_t n;

	(void)state;
	rig_open(&r, "national", NULL);
	rig_register(&r, 1);
	for (unsigned i = 0; i < 2; i++) {
		jpeg[6] = (unsigned char)(i + 1);
		OK(desk_photo_set(r.site.d, r.person[0], kinds[i], jpeg, sizeof(jpeg), E));
	}
	r.runner.dialect = &texts_only;
	pass(&r);
	OK(desk_attachments_open(r.site.d, 0, rows, ARRAY_LEN(rows), &n, E));
	assert_int_equal(n, 2);
	for (size_t i = 0; i < n; i++)
		assert_string_equal(rows[i].role, roles[i]);
	r.runner.dialect = &dialect_native;
	pass(&r);
	assert_int_equal(photos_left(&r), 0);
	assert_int_equal(r.runner.counts.attachments, 2);
	rig_close(&r);
}

/* --- R1: killed at every send --- */

enum blow { KILL_RUNNER_BEFORE, KILL_RUNNER_AFTER, KILL_PLATFORM_BEFORE, KILL_PLATFORM_AFTER, BLOWS };
struct killer {
	struct transport inner;
	struct place *place;
	enum blow blow;
	int at, calls;
};

static int kill_at(void *self, const struct http_request *q, struct http_answer *a, struct err *e)
{
	struct killer *k = self;
	bool now = ++k->calls == k->at;
	int last;

	if (now && k->blow == KILL_RUNNER_BEFORE)
		_exit(99); /* as kill -9: no handler, nothing flushed */
	if (now && k->blow == KILL_PLATFORM_BEFORE)
		place_kill(k->place);
	last = k->inner.call(k->inner.self, q, a, e);
	if (now && k->blow == KILL_RUNNER_AFTER)
		_exit(99);
	if (now && k->blow == KILL_PLATFORM_AFTER) {
		place_kill(k->place);
		a->status = 0;
		a->may_have_left = true;
		last = err_set(e, ERR_NET_OFFLINE, "killed");
	}
	return last;
}

static const char *const *platform_args(void)
{
	return left_out;
}

/* In a process of its own: opens the data, runs until nothing is left or the blow falls. */
static void run_in_child(struct rig *r, enum blow blow, int at, int *calls)
{
	int ends[2], status;
	pid_t pid;

	assert_int_equal(pipe(ends), 0);
	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		struct killer k = {.place = &r->place, .blow = blow, .at = at};
		struct desk *d = site_open_another(&r->site, "clerk");
		struct http *h = place_http(&r->place);
		struct native_self native = {.http = h};
		struct runner run = {.desk = d,
				     .dialect = &dialect_native,
				     .self = &native,
				     .line = {.self = &k, .call = kill_at},
				     .max_items = 7};
		struct err e = {0};

		k.inner = http_transport(h);
		runner_pass(&run, true, &e);
		if (write(ends[1], &k.calls, sizeof(k.calls)) != sizeof(k.calls))
			_exit(98);
		_exit(0);
	}
	close(ends[1]);
	if (read(ends[0], calls, sizeof(*calls)) != sizeof(*calls))
		*calls = 0;
	close(ends[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), *calls ? 0 : 99);
}

static void export_of(struct rig *r, struct buf *out)
{
	char command[200], line[8192];
	FILE *f;

	text_format(command, sizeof(command), BIN_DIR "/shiming-platform export --dir %s", r->place.dir);
	f = popen(command, "r");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f))
		buf_adds(out, line);
	assert_int_equal(pclose(f), 0);
	assert_false(out->failed);
}

static void copy_site(struct rig *r, const char *from)
{
	char command[700];

	text_format(command, sizeof(command), "rm -rf '%s' && cp -a '%s' '%s'", r->site.dir, from,
		    r->site.dir);
	assert_int_equal(system(command), 0);
}

static void fresh_platform(struct rig *r)
{
	char command[200];

	place_kill(&r->place);
	text_format(command, sizeof(command), "rm -f %s/platform.db*", r->place.dir);
	assert_int_equal(system(command), 0);
	place_start(&r->place, platform_args());
}

/* From the same prepared data, with a blow at call `at`, to the end; how many calls there were without one
 * (at 0). */
static int one_run(struct rig *r, const char *prepared, enum blow blow, int at, struct buf *end)
{
	int calls = 0, again = 0;

	copy_site(r, prepared);
	fresh_platform(r);
	run_in_child(r, blow, at, &calls);
	if (at && blow >= KILL_PLATFORM_BEFORE) {
		r->place.platform =
			(struct child)CHILD_NONE; /* the child process killed it; this one starts it again */
		place_start(&r->place, platform_args());
	}
	for (int i = 0; at && i < 3; i++)
		run_in_child(r, blow, 0, &again);
	r->site.d = site_open_another(&r->site, "clerk");
	assert_int_equal(open_rows(r), 0);
	desk_close(r->site.d);
	r->site.d = NULL;
	buf_reset(end);
	export_of(r, end);
	return calls;
}

static void runner__r1_killed_at_every_send(void **state)
{
	struct buf undisturbed, end;
	char prepared[300];
	struct rig r;
	int calls;

	(void)state;
	rig_open(&r, "national", NULL);
	rig_register(&r, 6);
	desk_close(r.site.d);
	r.site.d = NULL;
	text_format(prepared, sizeof(prepared), "%s.prepared", r.site.dir);
	char command[700];
	text_format(command, sizeof(command), "cp -a '%s' '%s'", r.site.dir, prepared);
	assert_int_equal(system(command), 0);
	buf_init(&undisturbed, 4u << 20);
	buf_init(&end, 4u << 20);
	calls = one_run(&r, prepared, KILL_RUNNER_BEFORE, 0, &undisturbed);
	assert_true(calls >= 5);
	assert_true(undisturbed.len > 1000);
	for (enum blow blow = 0; blow < BLOWS; blow++) {
		for (int at = 1; at <= calls; at++) {
			one_run(&r, prepared, blow, at, &end);
			if (strcmp(end.data, undisturbed.data))
				fail_msg("blow %d at call %d of %d: another end", blow, at, calls);
		}
	}
	print_message("R1: %d sends, %d blows each, the same end\n", calls, BLOWS);
	text_format(command, sizeof(command), "rm -rf '%s'", prepared);
	assert_int_equal(system(command), 0);
	buf_release(&undisturbed);
	buf_release(&end);
	rig_close(&r);
}

/* P4 by the whole way: desk, runner, platform. */
static void runner__p4(void **state)
{
	struct http_stats s;
	struct rig r;

	(void)state;
	rig_open(&r, "national", NULL);
	pass(&r);
	site_send_all(&r.site);
	pass(&r); /* the site is there before */
	rig_connect(&r, true);
	for (unsigned i = 0; i < 500; i++) {
		clock_add(20000 + i * 7919 % 200000);
		r.person[i] = person_register(&r.site, i, NULL);
	}
	r.persons = 500;
	site_send_all(&r.site);
	rig_connect(&r, false);
	r.runner.line = http_transport(r.http);
	pass(&r);
	s = http_stats(r.http);
	print_message("P4: 500 registrations by desk and runner: %d requests, %d bytes both ways\n",
		      (int)s.requests, (int)(s.bytes_in + s.bytes_out));
	all_there(&r);
	assert_int_equal(s.connections, 1);
	assert_true(s.requests <= 8);
	assert_true(s.bytes_in + s.bytes_out <= 85000);
	rig_close(&r);
}

/* With an argument: the tests of that name only ('*' and '?' stand for others). */
int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(runner__a_person_s_way),
		cmocka_unit_test(runner__changed_elsewhere),
		cmocka_unit_test(runner__confirmed_elsewhere),
		cmocka_unit_test(runner__r2_lost_answers),
		cmocka_unit_test(runner__r3_one_poisoned),
		cmocka_unit_test(runner__troubles),
		cmocka_unit_test(runner__one_attempt),
		cmocka_unit_test(runner__r7_too_large),
		cmocka_unit_test(runner__r8_crooked_answers),
		cmocka_unit_test(runner__looks_up_one_by_one),
		cmocka_unit_test(runner__r11_old_copy),
		cmocka_unit_test(runner__r11_take_over),
		cmocka_unit_test(runner__r11_taken_back),
		cmocka_unit_test(runner__r11_withdrawn),
		cmocka_unit_test(runner__r11_done_again),
		cmocka_unit_test(runner__r11_witness),
		cmocka_unit_test(runner__r10_clock),
		cmocka_unit_test(runner__r12_attachments),
		cmocka_unit_test(runner__card_s_sides),
		cmocka_unit_test(runner__p4),
		cmocka_unit_test(runner__r1_killed_at_every_send),
	};

	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	texts_only = dialect_native;
	texts_only.announce_request = NULL;
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
