/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * D5 over wires that know no uids: somebody whom one employer has on two projects of one box, each with its own
 * account at the same platform. There every project tells of its workers itself, so the worker has to appear in
 * the second project as a worker of that project's team, and what changes afterwards has to reach both.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk/desk_site.h"

#include "base/json.h"
#include "base/text.h"
#include "desk/photo.h"
#include "desk/results.h"
#include "domain/role.h"
#include "own_profile.h"
#include "sync/place.h"
#include "sync/runner.h"

#define SECRET "0123456789abcdef0123456789abcdef"
#define MAKER "TESTVENDOR0000000000000000000001"
#define FIRST "TESTDEVICE0000000000000000000001"
#define OTHER "TESTDEVICE0000000000000000000002"
#define PASSES 100

struct rig {
	struct place place;
	struct site site;
	struct own_profile profile;
	const struct dialect *dialect;
	int64_t project[2];
	struct second second;
	char labour[UID_TEXT], contractor[UID_TEXT], team[UID_TEXT]; /* the first project's */
};

static void set(struct rig *r, const char *name, const char *value)
{
	OK(desk_setting_set(r->site.d, name, value, E));
}

static void go(struct rig *r, int to)
{
	OK(desk_project_use(r->site.d, r->project[to], E));
	memcpy(r->site.labour, to ? r->second.labour : r->labour, UID_TEXT);
	memcpy(r->site.contractor, to ? r->second.contractor : r->contractor, UID_TEXT);
	memcpy(r->site.team, to ? r->second.team : r->team, UID_TEXT);
}

static void rig_open(struct rig *r, const struct dialect *dialect, const char *profile, const char *const *args)
{
	char file[64];

	*r = (struct rig){.dialect = dialect};
	text_format(file, sizeof(file), "%s/%s.json", profile, profile);
	own_profile_make(&r->profile, file);
	site_profiles = r->profile.dir;
	place_open(&r->place);
	setenv("SHIMING_CLOCK", "2026-11-20T14:00:00", 1);
	place_start(&r->place, args);
	site_make(&r->site, profile);
	r->project[0] = desk_project(r->site.d)->id;
	memcpy(r->labour, r->site.labour, UID_TEXT);
	memcpy(r->contractor, r->site.contractor, UID_TEXT);
	memcpy(r->team, r->site.team, UID_TEXT);
	site_second(&r->site, profile, &r->second);
	r->project[1] = r->second.project;
}

static void rig_close(struct rig *r)
{
	site_drop(&r->site);
	place_close(&r->place);
	own_profile_drop(&r->profile);
	site_profiles = PROFILE_DIR;
	unsetenv("SHIMING_CLOCK");
}

static int64_t unsettled(struct rig *r)
{
	struct outbox_counts c;

	OK(desk_outbox_counts(r->site.d, &c, E));
	return c.state[OUTBOX_HELD] + c.state[OUTBOX_READY] + c.state[OUTBOX_SENDING] + c.state[OUTBOX_UNKNOWN] + c.state[OUTBOX_REJECTED];
}

static int64_t waiting(struct rig *r)
{
	struct outbox_counts c;

	OK(desk_outbox_counts(r->site.d, &c, E));
	return c.state[OUTBOX_WAITING];
}

static void show_open(struct rig *r)
{
	struct outbox_row row[64];
	struct outbox_page page = {.row = row, .cap = ARRAY_LEN(row)};
	struct outbox_query q = {.view = OUTBOX_VIEW_OPEN};

	OK(desk_outbox(r->site.d, &q, &page, E));
	for (size_t i = 0; i < page.n; i++)
		print_message("%s %s %s %s %s\n", row[i].kind, outbox_state_name(row[i].state), row[i].reason_code, row[i].reason,
			      row[i].waits_for);
}

/* The project's line to its end, pass after pass. by_hand: what waits for a clerk stays. */
static void serve(struct rig *r, int project, bool by_hand)
{
	struct dialect_at at = {.desk = r->site.d, .dir = r->site.dir};
	struct dialect_link link;
	struct runner runner;

	go(r, project);
	site_send_all(&r->site);
	OK(r->dialect->open(&at, &link, E));
	runner = (struct runner){.desk = r->site.d, .dialect = r->dialect, .self = link.self, .line = link.line};
	for (int i = 0; i < PASSES && (!i || unsettled(r) || (!by_hand && waiting(r))); i++)
		OK(runner_pass(&runner, true, E));
	r->dialect->close(&link);
	if (by_hand || !(unsettled(r) + waiting(r)))
		return;
	show_open(r);
	fail_msg("project %d: %d rows are open", project, (int)(unsettled(r) + waiting(r)));
}

/* How many of the platform's records of an entity hold these words. */
static int records(struct rig *r, const char *entity, const char *words)
{
	char command[300], line[8192];
	FILE *f;
	int n = 0;

	text_format(command, sizeof(command), BIN_DIR "/shiming-platform export --dir %s %s", r->place.dir, entity);
	f = popen(command, "r");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f))
		n += strstr(line, words) != NULL;
	assert_int_equal(pclose(f), 0);
	return n;
}

static void amend(struct rig *r, int64_t person, enum field_id field, const char *value)
{
	struct findings f;
	struct record rec;
	int changed;

	record_init(&rec);
	OK(desk_person_record(r->site.d, person, &rec, E));
	assert_int_equal(record_set(&rec, field, value, ORIGIN_TYPED), 0);
	OK(desk_amend(r->site.d, person, &rec, &f, &changed, E));
	assert_int_equal(changed, 1);
	record_release(&rec);
}

static int64_t rows(struct rig *r, int project, enum outbox_view view, const char *kind, bool accepted)
{
	struct outbox_row row[64];
	struct outbox_page page = {.row = row, .cap = ARRAY_LEN(row)};
	struct outbox_query q = {.view = view};
	int64_t n = 0;

	go(r, project);
	OK(desk_outbox(r->site.d, &q, &page, E));
	for (size_t i = 0; i < page.n; i++)
		n += !strcmp(row[i].kind, kind) && (!accepted || row[i].state == OUTBOX_ACCEPTED);
	return n;
}

static int64_t queued(struct rig *r, int project, const char *kind)
{
	return rows(r, project, OUTBOX_VIEW_OPEN, kind, false);
}

static int64_t accepted(struct rig *r, int project, const char *kind)
{
	return rows(r, project, OUTBOX_VIEW_ALL, kind, true);
}

/* --- the open.api -------------------------------------------------------------------------------------- */

static void account(struct rig *r, int project, const char *app)
{
	go(r, project);
	set(r, "platform.url", r->place.url);
	set(r, "platform.token", SECRET);
	set(r, "platform.appid", app);
	set(r, "platform.ca_file", r->place.ca);
}

static void open_api__a_worker_of_both_projects(void **state)
{
	struct registered a, b;
	struct rig r;
	int64_t person;

	(void)state;
	rig_open(&r, &dialect_open_api, "open_api",
		 (const char *const[]){"--open-api", "TEST0001=" SECRET, "--open-api", "TEST0002=" SECRET, "--open-api-pace", "0",
				       "--open-api-delay", "0", NULL});
	account(&r, 1, "TEST0002");
	account(&r, 0, "TEST0001");
	person = person_register(&r.site, 1, &a);
	person_act(&r.site, person, EVENT_SUBMIT);
	go(&r, 1);
	assert_int_equal(person_register(&r.site, 1, &b), person);
	assert_int_equal(a.employment, b.employment); /* hired once */
	person_act(&r.site, person, EVENT_SUBMIT);
	serve(&r, 0, false);
	serve(&r, 1, false);
	assert_int_equal(place_count(&r.place, "assignment", ""), 2);
	assert_int_equal(records(&r, "team", "木工二班"), 1);
	assert_int_equal(place_count(&r.place, "person", ""), 2); /* one an account */
	assert_int_equal(place_applied(&r.place, "person"), 2);
	/* a phone: one call on each line */
	amend(&r, person, F_PHONE, "13900000001");
	assert_int_equal(queued(&r, 0, "person.amend"), 1);
	assert_int_equal(queued(&r, 1, "person.amend"), 1);
	serve(&r, 0, false);
	serve(&r, 1, false);
	assert_int_equal(records(&r, "person", "13900000001"), 2);
	assert_int_equal(place_applied(&r.place, "person"), 4);
	/* the trade is the employment's, which the first project tells of; the second has its own worker */
	amend(&r, person, F_TRADE, "040");
	assert_int_equal(queued(&r, 0, "employment.amend"), 1);
	assert_int_equal(queued(&r, 0, "person.amend"), 0);
	assert_int_equal(queued(&r, 1, "person.amend"), 1);
	serve(&r, 0, false);
	serve(&r, 1, false);
	assert_int_equal(records(&r, "employment", "\"workType\":\"040\""), 2);
	go(&r, 1);
	site_login(&r.site, "manager");
	go(&r, 1);
	person_act(&r.site, person, EVENT_CONFIRM);
	site_login(&r.site, "clerk");
	go(&r, 1);
	person_act(&r.site, person, EVENT_ENTER);
	serve(&r, 1, false);
	assert_int_equal(place_count(&r.place, "assignment", "on_site"), 1); /* of the second alone */
	rig_close(&r);
}

/* A photograph goes in the worker's call; taken later, that call is made again. */
static void open_api__a_later_photograph(void **state)
{
	static const unsigned char jpeg[] = {0xFF, 0xD8, 0xFF, 0xDA, 0, 2, 1, 1, 1, 1, 0xFF, 0xD9};
	struct rig r;
	int64_t person;

	(void)state;
	rig_open(&r, &dialect_open_api, "open_api",
		 (const char *const[]){"--open-api", "TEST0001=" SECRET, "--open-api", "TEST0002=" SECRET, "--open-api-pace", "0",
				       "--open-api-delay", "0", NULL});
	account(&r, 1, "TEST0002");
	account(&r, 0, "TEST0001");
	person = person_register(&r.site, 1, NULL);
	OK(desk_photo_set(r.site.d, person, PHOTO_FACE, jpeg, sizeof(jpeg), E));
	assert_int_equal(queued(&r, 0, "person.amend"), 0); /* nothing has left: it goes with the worker */
	person_act(&r.site, person, EVENT_SUBMIT);
	go(&r, 1);
	person_register(&r.site, 1, NULL);
	person_act(&r.site, person, EVENT_SUBMIT);
	serve(&r, 0, false);
	serve(&r, 1, false);
	go(&r, 0);
	OK(desk_photo_set(r.site.d, person, PHOTO_FACE, "\xFF\xD8\xFF\xDA\0\2\2\2\2\2\xFF\xD9", 12, E));
	assert_int_equal(queued(&r, 0, "person.amend"), 1);
	assert_int_equal(queued(&r, 1, "person.amend"), 1);
	serve(&r, 0, false);
	serve(&r, 1, false);
	rig_close(&r);
}

/* --- the device protocol -------------------------------------------------------------------------------- */

static void device_settings(struct rig *r, int project, const char *device)
{
	cJSON *status = place_say(&r->place, "status");
	char url[64];

	text_format(url, sizeof(url), "tcp://127.0.0.1:%d", (int)json_int(status, "device_port", 0));
	cJSON_Delete(status);
	go(r, project);
	site_login(&r->site, "admin");
	go(r, project);
	set(r, "platform.plain", "明文传输");
	site_login(&r->site, "clerk");
	go(r, project);
	set(r, "platform.url", url);
	set(r, "platform.device_maker", MAKER);
	set(r, "platform.device_id", device);
}

static void device__collected_in_both_projects(void **state)
{
	struct rig r;
	int64_t person;

	(void)state;
	rig_open(&r, &dialect_device, "device", (const char *const[]){"--device", MAKER "/" FIRST, "--device", MAKER "/" OTHER, NULL});
	site_login(&r.site, "manager");
	OK(desk_account_add(r.site.d,
			    &(struct account_new){.name = "admin", .display = "孙试管", .password = PASSWORD, .roles = ROLE_ADMINISTRATOR, .kdf_mib = 8}, E));
	device_settings(&r, 1, OTHER);
	device_settings(&r, 0, FIRST);
	person = person_register(&r.site, 1, NULL);
	go(&r, 1);
	assert_int_equal(person_register(&r.site, 1, NULL), person);
	person_act(&r.site, person, EVENT_SUBMIT);
	serve(&r, 0, true);
	serve(&r, 1, true);
	assert_int_equal(accepted(&r, 0, "person.add") + accepted(&r, 1, "person.add"), 2); /* 852 by each project's own device */
	assert_int_equal(place_count(&r.place, "person", ""), 1);			     /* one person by the number */
	/* his team in the second project is for the clerk to put in there */
	assert_int_equal(queued(&r, 1, "assignment.submit"), 1);
	assert_int_equal(queued(&r, 1, "person.add"), 0);
	go(&r, 0);
	amend(&r, person, F_PHONE, "13900000001");
	assert_int_equal(queued(&r, 0, "person.amend"), 1);
	assert_int_equal(queued(&r, 1, "person.amend"), 1);
	serve(&r, 0, true);
	serve(&r, 1, true);
	assert_int_equal(accepted(&r, 0, "person.amend") + accepted(&r, 1, "person.amend"), 2);
	assert_int_equal(place_count(&r.place, "person", ""), 1);
	rig_close(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(open_api__a_worker_of_both_projects),
		cmocka_unit_test(open_api__a_later_photograph),
		cmocka_unit_test(device__collected_in_both_projects),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
