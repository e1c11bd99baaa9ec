/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The device protocol as an upload path (K4): off until everything that must allow it does, then who was
 * collected arrives, once; the rest waits for a clerk by hand. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "desk/desk_site.h"

#include "base/json.h"
#include "desk/attendance.h"
#include "desk/results.h"
#include "base/text.h"
#include "domain/role.h"
#include "own_profile.h"
#include "sync/place.h"
#include "sync/runner.h"

#define MAKER "TESTVENDOR0000000000000000000001"
#define DEVICE "TESTDEVICE0000000000000000000001"
#define PLAIN "明文传输"

struct rig {
	struct place place;
	struct site site;
	struct own_profile profile;
	struct dialect_link link;
	struct runner runner;
	char url[64];
};

static void set(struct rig *r, const char *name, const char *value)
{
	OK(desk_setting_set(r->site.d, name, value, E));
}

static void add_administrator(struct rig *r)
{
	site_login(&r->site, "manager");
	OK(desk_account_add(r->site.d,
			    &(struct account_new){.name = "admin",
						  .display = "孙试管",
						  .password = PASSWORD,
						  .roles = ROLE_ADMINISTRATOR,
						  .kdf_mib = 8},
			    E));
	site_login(&r->site, "clerk");
}

static void rig_open(struct rig *r)
{
	cJSON *status;

	*r = (struct rig){0};
	place_open(&r->place);
	setenv("SHIMING_CLOCK", "2026-11-20T14:00:00", 1);
	place_start(&r->place, (const char *const[]){"--device", MAKER "/" DEVICE, NULL});
	status = place_say(&r->place, "status");
	text_format(r->url, sizeof(r->url), "tcp://127.0.0.1:%d", (int)json_int(status, "device_port", 0));
	cJSON_Delete(status);
	own_profile_make(&r->profile, "device/device.json");
	site_profiles = r->profile.dir;
	site_make(&r->site, "device");
	add_administrator(r);
}

static void rig_close(struct rig *r)
{
	dialect_device.close(&r->link);
	site_drop(&r->site);
	place_close(&r->place);
	own_profile_drop(&r->profile);
	site_profiles = PROFILE_DIR;
	unsetenv("SHIMING_CLOCK");
}

static void allow_plain(struct rig *r)
{
	site_login(&r->site, "admin");
	set(r, "platform.plain", PLAIN);
	site_login(&r->site, "clerk");
}

static enum err_code connect_code(struct rig *r)
{
	struct dialect_at at = {.desk = r->site.d, .dir = r->site.dir};
	struct err e = {0};

	dialect_device.close(&r->link);
	if (dialect_device.open(&at, &r->link, &e))
		return e.code;
	r->runner = (struct runner){
		.desk = r->site.d, .dialect = &dialect_device, .self = r->link.self, .line = r->link.line};
	return ERR_NONE;
}

static void set_all(struct rig *r)
{
	allow_plain(r);
	set(r, "platform.url", r->url);
	set(r, "platform.device_maker", MAKER);
	set(r, "platform.device_id", DEVICE);
	assert_int_equal(connect_code(r), ERR_NONE);
}

static enum err_code pass_code(struct rig *r)
{
	struct err e = {0};

	return runner_pass(&r->runner, true, &e) ? e.code : ERR_NONE;
}

static int64_t in_state(struct rig *r, enum outbox_state state)
{
	struct outbox_counts c;

	OK(desk_outbox_counts(r->site.d, &c, E));
	return c.state[state];
}

static void device__is_off_until_all_allow_it(void **state)
{
	struct err e = {0};
	struct rig r;

	(void)state;
	rig_open(&r);
	assert_int_equal(connect_code(&r), ERR_PLAIN_FORBIDDEN);
	assert_int_equal(desk_setting_set(r.site.d, "platform.plain", PLAIN, &e), -1); /* a clerk may not */
	assert_int_equal(e.code, ERR_NOT_PERMITTED);
	site_login(&r.site, "admin");
	assert_int_equal(desk_setting_set(r.site.d, "platform.plain", "yes", &e), -1);
	assert_int_equal(e.code, ERR_PLAIN_WORD);
	allow_plain(&r);
	assert_int_equal(connect_code(&r), ERR_DEVICE_CODES); /* H6 */
	set(&r, "platform.device_maker", "short");
	assert_int_equal(connect_code(&r), ERR_DEVICE_CODES);
	set(&r, "platform.device_maker", MAKER);
	assert_int_equal(connect_code(&r), ERR_DEVICE_CODES);
	set(&r, "platform.device_id", DEVICE);
	set(&r, "platform.url", "https://127.0.0.1:1");
	assert_int_equal(connect_code(&r), ERR_NET_NOT_CONFIGURED);
	set(&r, "platform.url", r.url);
	assert_int_equal(connect_code(&r), ERR_NONE);
	site_login(&r.site, "admin");
	set(&r, "platform.plain", "");
	site_login(&r.site, "clerk");
	assert_int_equal(connect_code(&r), ERR_PLAIN_FORBIDDEN);
	rig_close(&r);
}

static void device__people_arrive_once_the_rest_is_by_hand(void **state)
{
	struct rig r;

	(void)state;
	rig_open(&r);
	set_all(&r);
	for (unsigned n = 0; n < 3; n++)
		person_register(&r.site, n, NULL);
	site_send_all(&r.site);
	assert_int_equal(pass_code(&r), ERR_NONE);
	assert_int_equal(in_state(&r, OUTBOX_ACCEPTED), 3);
	assert_int_equal(place_count(&r.place, "person", ""), 3);
	assert_int_equal(place_applied(&r.place, "person"), 3);
	/* companies, participants, teams, their entries, employments: for a clerk, in their order */
	assert_int_equal(in_state(&r, OUTBOX_WAITING), 13);
	assert_int_equal(pass_code(&r), ERR_NONE);
	assert_int_equal(place_applied(&r.place, "person"), 3);
	rig_close(&r);
}

/* The platform goes while a reply is awaited: what was sent is sent again, and is there once. */
static void device__sent_again_is_there_once(void **state)
{
	struct rig r;
	int port;

	(void)state;
	rig_open(&r);
	set_all(&r);
	person_register(&r.site, 0, NULL);
	site_send_all(&r.site);
	port = atoi(strrchr(r.url, ':') + 1);
	place_kill(&r.place);
	assert_int_equal(pass_code(&r), ERR_NET_OFFLINE);
	assert_int_equal(in_state(&r, OUTBOX_UNKNOWN), 0); /* it never left */
	assert_int_equal(in_state(&r, OUTBOX_REJECTED), 0);
	text_format(r.url, sizeof(r.url), "%d", port);
	place_start(&r.place,
		    (const char *const[]){"--device", MAKER "/" DEVICE, "--device-port", r.url, NULL});
	assert_int_equal(pass_code(&r), ERR_NONE);
	assert_int_equal(place_count(&r.place, "person", ""), 1);
	rig_close(&r);
}

static void device__a_stranger_s_login_stops_everything_and_changes_nothing(void **state)
{
	struct rig r;

	(void)state;
	rig_open(&r);
	set_all(&r);
	set(&r, "platform.device_id", "TESTDEVICE0000000000000000000009");
	assert_int_equal(connect_code(&r), ERR_NONE);
	person_register(&r.site, 0, NULL);
	site_send_all(&r.site);
	assert_int_equal(pass_code(&r), ERR_NET_REFUSED);
	assert_int_equal(in_state(&r, OUTBOX_REJECTED), 0);
	assert_int_equal(place_count(&r.place, "person", ""), 0);
	rig_close(&r);
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

/* Ticks everything that waits on the platform's page, and what waits for that, but this kind. */
static void tick_all(struct rig *r, const char *but)
{
	struct outbox_row row[64];
	struct outbox_page page = {.row = row, .cap = ARRAY_LEN(row)};
	size_t ticked;

	do {
		assert_int_equal(pass_code(r), ERR_NONE);
		OK(desk_by_hand(r->site.d, 0, &page, E));
		ticked = 0;
		for (size_t i = 0; i < page.n; i++)
			if (strcmp(row[i].kind, but)) {
				OK(desk_by_hand_done(r->site.d, row[i].id, "", E));
				ticked++;
			}
	} while (ticked);
}

static void clock_in(struct rig *r, int64_t person, enum clock_means means, int64_t ago_ms)
{
	struct clocking c = {.person = person, .means = means, .source = CLOCK_BY_DEVICE, .device = "SN-1", .way = CLOCK_IN, .at_ms = now_ms - ago_ms};
	unsigned char key[DESK_KEY_BYTES];
	struct clocked out;
	struct verdict v;

	OK(desk_export_key(r->site.d, key, E));
	OK(desk_adopt_key(r->site.d, key, E));
	OK(desk_project_use(r->site.d, 1, E));
	OK(desk_clock(r->site.d, &c, &v, &out, E));
	assert_true(v.can);
	site_login(&r->site, "clerk");
	site_send_all(&r->site);
}

/* 849: who is on the list, and 848: faces of those who are; one who is not says so, in words and with a remedy. */
static void device__faces_of_the_listed(void **state)
{
	struct outbox_row row;
	int64_t person;
	struct rig r;

	(void)state;
	rig_open(&r);
	set_all(&r);
	person = person_on_site(&r.site, 1);
	site_send_all(&r.site);
	tick_all(&r, "");
	assert_non_null(strstr(newest(&r, "person.add").listed, "还不在平台的白名单里"));
	clock_in(&r, person, CLOCK_FACE, 3600000);
	assert_int_equal(pass_code(&r), ERR_NONE);
	row = newest(&r, "attendance.clock");
	assert_int_equal(row.state, OUTBOX_REJECTED);
	assert_string_equal(row.reason_code, "device-849");
	assert_non_null(strstr(row.reason, "白名单"));
	assert_non_null(strstr(row.advice, "进场"));
	assert_int_equal(place_count(&r.place, "punch", ""), 0);
	cJSON_Delete(place_say(&r.place, "page")); /* somebody enters them on the platform's page */
	assert_int_equal(connect_code(&r), ERR_NONE);
	OK(desk_outbox_retry(r.site.d, row.id, E));
	site_send_all(&r.site);
	assert_int_equal(pass_code(&r), ERR_NONE);
	row = newest(&r, "attendance.clock");
	assert_int_equal(row.state, OUTBOX_ACCEPTED);
	assert_true(row.number[0] >= '1'); /* the platform's own number of the worker */
	assert_int_equal(place_count(&r.place, "punch", ""), 1);
	assert_non_null(strstr(newest(&r, "person.add").listed, row.number));
	assert_null(strstr(newest(&r, "person.add").listed, "不一样")); /* 845 agrees */
	rig_close(&r);
}

/* 845 with another sex than the card's: said, never written over ours; who is off the list is said too, an empty list says nothing. */
static void device__what_the_list_says(void **state)
{
	struct listed_features f = {.known = true, .female = true};
	struct listed rows[2] = {{.worker = 10001}, {.worker = 10002}};
	struct unasked who[4];
	struct outbox_row row;
	struct rig r;
	size_t n;

	(void)state;
	rig_open(&r);
	set_all(&r);
	for (unsigned i = 1; i <= 2; i++) {
		person_on_site(&r.site, i);
		person_number(i, rows[i - 1].number);
	}
	site_send_all(&r.site);
	tick_all(&r, "");
	OK(desk_take_list(r.site.d, rows, 2, E));
	OK(desk_list_unasked(r.site.d, who, 4, &n, E));
	assert_int_equal(n, 2);
	text_copy(f.name, sizeof(f.name), "张");
	OK(desk_take_features(r.site.d, who[1].person, &f, E));
	row = newest(&r, "person.add");
	assert_int_equal(row.person, who[1].person);
	assert_non_null(strstr(row.listed, "10002"));
	assert_non_null(strstr(row.listed, "不一样"));
	OK(desk_list_unasked(r.site.d, who, 4, &n, E));
	assert_int_equal(n, 1);
	clock_add(60000);
	OK(desk_take_list(r.site.d, rows, 0, E)); /* nobody: no word */
	assert_non_null(strstr(newest(&r, "person.add").listed, "起在平台"));
	OK(desk_take_list(r.site.d, rows, 1, E));
	assert_non_null(strstr(newest(&r, "person.add").listed, "不在平台"));
	rig_close(&r);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(device__is_off_until_all_allow_it),
		cmocka_unit_test(device__people_arrive_once_the_rest_is_by_hand),
		cmocka_unit_test(device__sent_again_is_there_once),
		cmocka_unit_test(device__faces_of_the_listed),
		cmocka_unit_test(device__what_the_list_says),
		cmocka_unit_test(device__a_stranger_s_login_stops_everything_and_changes_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
