/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The box as a collecting device towards the real platform, over real TCP on loopback: who may log in, all
 * six commands in the annex's order, what is there once however often it is told, and the upload path under a
 * profile that names this dialect (H1, H6, K4).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "desk/desk_site.h"

#include "base/json.h"
#include "base/text.h"
#include "sync/device_line.h"
#include "sync/place.h"
#include "sync/runner.h"

#define MAKER "TESTVENDOR0000000000000000000001"
#define DEVICE "TESTDEVICE0000000000000000000001"

struct rig {
	struct place place;
	struct device_line *line;
	struct device_line_options o;
};

static int device_port(struct place *p)
{
	cJSON *status = place_say(p, "status");
	int port = (int)json_int(status, "device_port", 0);

	cJSON_Delete(status);
	assert_true(port > 0);
	return port;
}

static void dial(struct rig *r, const char *maker, const char *device)
{
	device_line_close(r->line);
	r->o = (struct device_line_options){
		.host = "127.0.0.1", .port = device_port(&r->place), .reply_ms = 5000, .manner = r->o.manner};
	text_copy(r->o.who.maker, sizeof(r->o.who.maker), maker);
	text_copy(r->o.who.device, sizeof(r->o.who.device), device);
	OK(device_line_open(&r->line, &r->o, E));
}

static void rig_open(struct rig *r)
{
	*r = (struct rig){0};
	place_open(&r->place);
	setenv("SHIMING_CLOCK", "2026-11-20T14:00:00", 1);
	place_start(&r->place, (const char *const[]){"--device", MAKER "/" DEVICE, "--left-out", "consent",
						     "--left-out", "register", "--left-out", "done",
						     "--left-out", "submit", "--left-out", "confirm", NULL});
	dial(r, MAKER, DEVICE);
}

static void rig_close(struct rig *r)
{
	device_line_close(r->line);
	place_close(&r->place);
	unsetenv("SHIMING_CLOCK");
}

static enum err_code ask(struct rig *r, uint16_t command, const struct buf *content,
			 struct device_reply *reply)
{
	struct err e = {0};
	bool left;

	return device_line_ask(r->line, command, content, reply, &left, &e) ? e.code : ERR_NONE;
}

static struct device_person somebody(void)
{
	struct device_person p = {.number = "440499199001011236",
				  .name = "欧阳明月",
				  .sex = DEVICE_FEMALE,
				  .nation = 15,
				  .address = "虚构市示例路1号"};

	date_parse("1990-01-01", &p.birth);
	date_parse("2017-04-09", &p.valid_from);
	p.valid_to = DATE_LONG_TERM;
	return p;
}

static bool collect(struct rig *r, const struct device_person *p, char reason[DEVICE_REASON])
{
	struct device_reply reply;
	struct buf content;
	bool ok;

	buf_init(&content, 1u << 20);
	device_reply_init(&reply);
	device_person_write(&r->o.manner, p, &content);
	assert_int_equal(ask(r, DEVICE_COLLECT, &content, &reply), ERR_NONE);
	device_person_reply_read(&r->o.manner, &reply.frame, &ok, reason);
	buf_release(&content);
	device_reply_release(&reply);
	return ok;
}

/* --- the line ---------------------------------------------------------------------------------------- */

static void device__strangers_are_refused(void **state)
{
	struct device_reply reply;
	struct buf none = {0};
	struct rig r;

	(void)state;
	rig_open(&r);
	device_reply_init(&reply);
	assert_int_equal(ask(&r, DEVICE_HEARTBEAT, &none, &reply), ERR_NONE);
	dial(&r, MAKER, "TESTDEVICE0000000000000000000002");
	assert_int_equal(ask(&r, DEVICE_HEARTBEAT, &none, &reply), ERR_NET_REFUSED);
	dial(&r, "TESTVENDOR0000000000000000000002", DEVICE);
	assert_int_equal(ask(&r, DEVICE_HEARTBEAT, &none, &reply), ERR_NET_REFUSED);
	place_kill(&r.place);
	r.o.port = 1;
	device_line_close(r.line);
	OK(device_line_open(&r.line, &r.o, E));
	assert_int_equal(ask(&r, DEVICE_HEARTBEAT, &none, &reply), ERR_NET_OFFLINE);
	device_reply_release(&reply);
	rig_close(&r);
}

/* A second login with the same identifier ends the older line, which logs in again when it is used. */
static void device__one_line_a_device(void **state)
{
	struct device_reply reply;
	struct device_line *second;
	struct buf none = {0};
	struct err e = {0};
	struct rig r;
	bool left;

	(void)state;
	rig_open(&r);
	device_reply_init(&reply);
	assert_int_equal(ask(&r, DEVICE_HEARTBEAT, &none, &reply), ERR_NONE);
	OK(device_line_open(&second, &r.o, E));
	assert_int_equal(device_line_ask(second, DEVICE_HEARTBEAT, &none, &reply, &left, &e), 0);
	assert_int_equal(ask(&r, DEVICE_HEARTBEAT, &none, &reply), ERR_NET_OFFLINE);
	assert_int_equal(ask(&r, DEVICE_HEARTBEAT, &none, &reply), ERR_NONE);
	device_line_close(second);
	device_reply_release(&reply);
	rig_close(&r);
}

/* --- the six commands -------------------------------------------------------------------------------- */

static void device__collecting_twice_is_one_person(void **state)
{
	struct device_person p = somebody();
	char reason[DEVICE_REASON];
	struct rig r;

	(void)state;
	rig_open(&r);
	assert_true(collect(&r, &p, reason));
	assert_true(collect(&r, &p, reason));
	assert_int_equal(place_count(&r.place, "person", ""), 1);
	assert_int_equal(place_applied(&r.place, "person"), 1);
	text_copy(p.address, sizeof(p.address), "虚构市示例路2号");
	assert_true(collect(&r, &p, reason)); /* changed: overwritten by ID number */
	assert_int_equal(place_count(&r.place, "person", ""), 1);
	p.name[0] = '\0';
	assert_false(collect(&r, &p, reason));
	assert_string_equal(reason, "采集内容有误");
	rig_close(&r);
}

static void device__by_either_checksum(void **state)
{
	struct device_person p = somebody();
	char reason[DEVICE_REASON];
	struct rig r;

	(void)state;
	rig_open(&r);
	r.o.manner.xor_frame = true;
	dial(&r, MAKER, DEVICE);
	assert_true(collect(&r, &p, reason));
	rig_close(&r);
}

static void device__features_of_who_was_collected(void **state)
{
	struct device_person p = somebody();
	struct device_features x;
	struct device_reply reply;
	char reason[DEVICE_REASON];
	struct buf content;
	struct err e = {0};
	struct rig r;

	(void)state;
	rig_open(&r);
	device_reply_init(&reply);
	buf_init(&content, 4096);
	device_features_ask_write(&r.o.manner, DEVICE, p.number, &content);
	assert_int_equal(ask(&r, DEVICE_FEATURES, &content, &reply), ERR_NONE);
	assert_int_equal(reply.frame.flag, 1);
	assert_true(collect(&r, &p, reason));
	assert_int_equal(ask(&r, DEVICE_FEATURES, &content, &reply), ERR_NONE);
	assert_int_equal(device_features_read(&r.o.manner, &reply.frame, &x, &e), 0);
	assert_string_equal(x.person.name, p.name);
	assert_int_equal(x.person.nation, 15);
	assert_int_equal(x.person.sex, DEVICE_FEMALE);
	assert_int_equal(x.person.valid_to, DATE_LONG_TERM);
	buf_release(&content);
	device_reply_release(&reply);
	rig_close(&r);
}

static void device__punches_are_of_the_listed_and_kept_once(void **state)
{
	struct device_punch punch = {.worker = 1, .mode = DEVICE_FACE};
	struct device_reply reply;
	struct device_list list;
	struct buf content;
	struct err e = {0};
	struct rig r;

	(void)state;
	rig_open(&r);
	clock_fix_ms(CLOCK_START);
	punch.at_ms = CLOCK_START;
	device_reply_init(&reply);
	buf_init(&content, 4096);
	device_list_ask_write(0, 0, &content);
	assert_int_equal(ask(&r, DEVICE_WHITELIST, &content, &reply), ERR_NONE);
	assert_int_equal(device_list_read(&r.o.manner, &reply.frame, &list, &e), 0);
	assert_int_equal(list.n, 0); /* collected is not entered */
	device_list_release(&list);
	buf_reset(&content);
	device_punch_write(&r.o.manner, &punch, &content);
	assert_int_equal(ask(&r, DEVICE_PUNCH, &content, &reply), ERR_NONE);
	assert_int_equal(reply.frame.flag, 1);
	assert_int_equal(place_count(&r.place, "punch", ""), 0);
	buf_release(&content);
	device_reply_release(&reply);
	clock_fix_ms(0);
	rig_close(&r);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(device__strangers_are_refused),
		cmocka_unit_test(device__one_line_a_device),
		cmocka_unit_test(device__collecting_twice_is_one_person),
		cmocka_unit_test(device__by_either_checksum),
		cmocka_unit_test(device__features_of_who_was_collected),
		cmocka_unit_test(device__punches_are_of_the_listed_and_kept_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
