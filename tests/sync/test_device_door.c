/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reference platform's device door without a network: the order of commands, who is on the whitelist,
 * punches kept once (H1, H5). */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/dates.h"
#include "base/json.h"
#include "base/text.h"
#include "platform/device.h"

#define MAKER "TESTVENDOR0000000000000000000001"
#define DEVICE "TESTDEVICE0000000000000000000001"
#define NOW 1795163400000 /* 2026-11-20 16:30:00 in China */
#define NUMBER "440499199001011236"
#define PERSON "00000000-0000-7000-8000-000000000001"
#define PARTICIPANT "00000000-0000-7000-8000-000000000002"
#define TEAM "00000000-0000-7000-8000-000000000003"
#define EMPLOYMENT "00000000-0000-7000-8000-000000000004"
#define ASSIGNMENT "00000000-0000-7000-8000-000000000005"

struct site {
	char path[64], device[DEVICE_CODE];
	struct pstore *store;
	struct device_door door;
	pthread_mutex_t lock;
};

static int set_up(void **state)
{
	struct site *s = calloc(1, sizeof(*s));
	struct err e = {0};
	int fd;

	strcpy(s->path, "/tmp/device-door-XXXXXX");
	fd = mkstemp(s->path);
	assert_true(fd >= 0);
	close(fd);
	clock_fix_ms(NOW);
	assert_int_equal(pthread_mutex_init(&s->lock, NULL), 0);
	assert_int_equal(pstore_open(&s->store, s->path, &e), 0);
	device_door_init(&s->door, s->store, &s->lock);
	assert_int_equal(device_door_add(&s->door, MAKER "/" DEVICE, &e), 0);
	for (enum event event = 0; event < EVENT_COUNT; event++)
		s->door.office.left_out[event] = lifecycle_may_leave_out(event);
	*state = s;
	return 0;
}

static int tear_down(void **state)
{
	static const char *const more[] = {"", "-wal", "-shm"};
	struct site *s = *state;
	char path[80];

	device_door_stop(&s->door);
	pstore_close(s->store);
	for (size_t i = 0; i < ARRAY_LEN(more); i++) {
		text_format(path, sizeof(path), "%s%s", s->path, more[i]);
		unlink(path);
	}
	pthread_mutex_destroy(&s->lock);
	clock_fix_ms(0);
	free(s);
	return 0;
}

/* --- asking ------------------------------------------------------------------------------------------ */

/* The reply's frame, borrowed from out; false when the connection would be closed. */
static bool ask(struct site *s, uint16_t command, const struct buf *content, struct buf *out,
		struct device_frame *reply)
{
	static const struct device_manner annex = {0};
	struct device_frame f = {
		.command = command, .content = (const unsigned char *)content->data, .n = content->len};
	struct buf frame;
	struct err e = {0};
	size_t used;
	bool by_frame, answered;

	buf_init(&frame, 1u << 20);
	buf_init(out, 1u << 20);
	assert_int_equal(device_frame_write(&annex, &f, command != DEVICE_HEARTBEAT, &frame, &e), 0);
	assert_int_equal(device_frame_read(&annex, frame.data, frame.len, &f, &used, &e), DEVICE_WHOLE);
	answered = !device_door_answer(&s->door, s->device, &f, out, &e);
	if (answered) {
		assert_int_equal(device_frame_read(&annex, out->data, out->len, reply, &used, &e),
				 DEVICE_WHOLE);
		if (!reply->flag && reply->n)
			assert_true(device_frame_sum(reply, &by_frame));
	}
	buf_release(&frame);
	return answered;
}

static void log_in(struct site *s)
{
	static const struct device_login l = {MAKER, DEVICE};
	static const struct device_manner annex = {0};
	struct device_frame reply;
	struct buf content, out;

	buf_init(&content, 256);
	device_login_write(&annex, &l, &content);
	assert_true(ask(s, DEVICE_LOGIN, &content, &out, &reply));
	assert_int_equal(reply.flag, 0);
	buf_release(&content);
	buf_release(&out);
}

static void apply(struct site *s, const char *kind, const char *body)
{
	struct pbox box = {.id = 1};
	struct poperation op;
	struct err e = {0};
	cJSON *doc = NULL;

	assert_int_equal(json_parse(&doc, body, strlen(body), 1u << 16, &e), 0);
	if (office_apply(&s->door.office, &box, kind, doc, &op, &e))
		fail_msg("%s: %s %s", kind, op.reason, e.detail);
	cJSON_Delete(doc);
}

static void let_somebody_in(struct site *s)
{
	apply(s, "participant.add",
	      "{\"uid\":\"" PARTICIPANT
	      "\",\"corpCode\":\"91440499MA00000011\",\"corpName\":\"青禾建筑劳务有限公司\"}");
	apply(s, "team.add",
	      "{\"uid\":\"" TEAM "\",\"participant\":\"" PARTICIPANT "\",\"teamName\":\"钢筋一班\"}");
	apply(s, "person.add",
	      "{\"uid\":\"" PERSON
	      "\",\"workerName\":\"欧阳明月\",\"idCardType\":\"01\",\"idCardNumber\":\"" NUMBER "\"}");
	apply(s, "employment.offer",
	      "{\"uid\":\"" EMPLOYMENT "\",\"person\":\"" PERSON "\",\"participant\":\"" PARTICIPANT "\"}");
	apply(s, "assignment.submit",
	      "{\"uid\":\"" ASSIGNMENT "\",\"employment\":\"" EMPLOYMENT "\",\"person\":\"" PERSON
	      "\",\"team\":\"" TEAM "\"}");
	apply(s, "assignment.enter", "{\"uid\":\"" ASSIGNMENT "\",\"date\":\"2026-11-20\"}");
}

static size_t listed(struct site *s, uint32_t *worker)
{
	static const struct device_manner annex = {0};
	struct device_list list;
	struct device_frame reply;
	struct buf content, out;
	struct err e = {0};
	size_t n;

	buf_init(&content, 16);
	device_list_ask_write(0, 0, &content);
	assert_true(ask(s, DEVICE_WHITELIST, &content, &out, &reply));
	assert_int_equal(device_list_read(&annex, &reply, &list, &e), 0);
	n = list.n;
	if (n) {
		*worker = list.item[0].worker;
		assert_string_equal(list.item[0].number, NUMBER);
		assert_string_equal(list.item[0].name, "欧阳明");
	}
	device_list_release(&list);
	buf_release(&content);
	buf_release(&out);
	return n;
}

/* The reply's flag. */
static int punch(struct site *s, uint32_t worker, int64_t at_ms)
{
	static const struct device_manner annex = {0};
	struct device_punch p = {.worker = worker, .at_ms = at_ms, .mode = DEVICE_FACE};
	struct device_frame reply;
	struct buf content, out;
	int flag;

	buf_init(&content, 64);
	device_punch_write(&annex, &p, &content);
	assert_true(ask(s, DEVICE_PUNCH, &content, &out, &reply));
	flag = reply.flag;
	buf_release(&content);
	buf_release(&out);
	return flag;
}

static int64_t kept(struct site *s)
{
	int64_t n = -1;

	assert_int_equal(pstore_count(s->store, "punch", &n, NULL), 0);
	return n;
}

/* --- tests ------------------------------------------------------------------------------------------- */

static void door__nothing_before_the_login(void **state)
{
	static const uint16_t commands[] = {DEVICE_HEARTBEAT, DEVICE_COLLECT, DEVICE_WHITELIST,
					    DEVICE_FEATURES,  DEVICE_PUNCH,   1};
	struct device_frame reply;
	struct buf none = {0}, out;

	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		assert_false(ask(*state, commands[i], &none, &out, &reply));
		buf_release(&out);
	}
	log_in(*state);
	assert_true(ask(*state, DEVICE_HEARTBEAT, &none, &out, &reply));
	assert_int_equal(reply.n, 0);
	buf_release(&out);
}

static void door__a_wrong_checksum_is_told(void **state)
{
	struct site *s = *state;
	unsigned char raw[DEVICE_FRAME + 7] = {0x01, 7};
	static const struct device_manner annex = {0};
	struct device_frame f, reply;
	struct err e = {0};
	struct buf out;
	size_t used;

	log_in(s);
	raw[13] = 1;
	raw[14] = DEVICE_WHITELIST & 0xFF;
	raw[15] = DEVICE_WHITELIST >> 8;
	raw[DEVICE_HEAD + 6] = 0x77;
	raw[sizeof(raw) - 1] = 1;
	buf_init(&out, 4096);
	assert_int_equal(device_frame_read(&annex, raw, sizeof(raw), &f, &used, &e), DEVICE_WHOLE);
	assert_int_equal(device_door_answer(&s->door, s->device, &f, &out, &e), 0);
	assert_int_equal(device_frame_read(&annex, out.data, out.len, &reply, &used, &e), DEVICE_WHOLE);
	assert_int_equal(reply.flag, 1);
	buf_release(&out);
}

static void door__who_is_on_site_is_listed_and_punches(void **state)
{
	uint32_t worker = 0;

	log_in(*state);
	assert_int_equal(listed(*state, &worker), 0);
	let_somebody_in(*state);
	assert_int_equal(listed(*state, &worker), 1);
	assert_int_equal(punch(*state, worker, NOW), 0);
	assert_int_equal(punch(*state, worker, NOW), 0); /* the same again: answered the same, kept once */
	assert_int_equal(kept(*state), 1);
	assert_int_equal(punch(*state, worker, NOW + 60000), 0);
	assert_int_equal(kept(*state), 2);
	assert_int_equal(punch(*state, worker, NOW - 3 * 86400000LL),
			 0); /* kept by the device while the line was down */
	assert_int_equal(punch(*state, worker, NOW + DEVICE_AHEAD_MS + 1000), 1);
	assert_int_equal(punch(*state, worker + 1, NOW), 1);
	assert_int_equal(kept(*state), 3);
	apply(*state, "assignment.exit", "{\"uid\":\"" ASSIGNMENT "\",\"date\":\"2026-11-20\"}");
	assert_int_equal(listed(*state, &worker), 0);
	assert_int_equal(punch(*state, worker, NOW + 120000), 1);
}

static void door__listens_near_only(void **state)
{
	struct site *s = *state;
	struct err e = {0};

	assert_int_equal(device_door_start(&s->door, "0.0.0.0", 0, &e), -1);
	assert_int_equal(e.code, ERR_USAGE);
	assert_int_equal(device_door_start(&s->door, "8.8.8.8", 0, &e), -1);
	assert_int_equal(device_door_start(&s->door, "127.0.0.1", 0, &e), 0);
	assert_true(s->door.port > 0);
}

static void door__takes_no_crooked_devices(void **state)
{
	static const char *const bad[] = {"", "a/b", MAKER, MAKER "/", MAKER "/" DEVICE "x"};
	struct site *s = *state;
	struct err e = {0};

	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(device_door_add(&s->door, bad[i], &e), -1);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	static const struct CMUnitTest tests[] = {
		TEST(door__nothing_before_the_login),
		TEST(door__a_wrong_checksum_is_told),
		TEST(door__who_is_on_site_is_listed_and_punches),
		TEST(door__listens_near_only),
		TEST(door__takes_no_crooked_devices),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
