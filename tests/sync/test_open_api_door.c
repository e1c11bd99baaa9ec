/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reference platform's open.api door without a network: who may call, what is judged when, and that what
 * comes this way lands once in the same records as everything else. */
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
#include "open_api/answer.h"
#include "platform/open_api.h"

#define APP "P440499000000001"
#define SECRET "0123456789abcdef0123456789abcdef"
#define NOW 1795163400000 /* 2026-11-20 16:30:00 in China */

struct site {
	char path[64];
	struct pstore *store;
	struct open_api_door door;
};

static int set_up(void **state)
{
	struct site *s = calloc(1, sizeof(*s));
	struct err e = {0};
	int fd;

	strcpy(s->path, "/tmp/open-api-door-XXXXXX");
	fd = mkstemp(s->path);
	assert_true(fd >= 0);
	close(fd);
	clock_fix_ms(NOW);
	assert_int_equal(pstore_open(&s->store, s->path, &e), 0);
	open_api_door_init(&s->door, s->store);
	assert_int_equal(open_api_door_app(&s->door, APP "=" SECRET, &e), 0);
	*state = s;
	return 0;
}

static int tear_down(void **state)
{
	static const char *const more[] = {"", "-wal", "-shm"};
	struct site *s = *state;
	char path[80];

	pstore_close(s->store);
	for (size_t i = 0; i < ARRAY_LEN(more); i++) {
		text_format(path, sizeof(path), "%s%s", s->path, more[i]);
		unlink(path);
	}
	clock_fix_ms(0);
	free(s);
	return 0;
}

/* --- calling --- */

struct how {
	const char *secret, *nonce;
	int64_t now_ms;
};

static void call_as(struct site *s, const struct how *how, const char *method, const char *data,
		    struct buf *out)
{
	struct open_api_key key = {.appid = APP, .secret = how->secret ? how->secret : SECRET};
	struct open_api_call call = {.method = method,
				     .data = data,
				     .data_bytes = strlen(data),
				     .now_ms = how->now_ms ? how->now_ms : clock_now_ms(),
				     .nonce = how->nonce};
	struct open_api_manner m = {0};
	struct err e = {0};
	struct buf body;

	buf_init(&body, 1u << 20);
	assert_int_equal(open_api_body(&m, &key, &call, &body, &e), 0);
	assert_int_equal(open_api_door_call(&s->door, &body, out), 200);
	buf_release(&body);
}

static int64_t code_as(struct site *s, const struct how *how, const char *method, const char *data)
{
	cJSON *doc = NULL;
	struct buf out;
	int64_t code;

	buf_init(&out, 1u << 20);
	call_as(s, how, method, data, &out);
	assert_int_equal(json_parse(&doc, out.data, out.len, 1u << 20, NULL), 0);
	code = json_int(doc, "code", 77);
	cJSON_Delete(doc);
	buf_release(&out);
	return code;
}

/* An operation's body, sent as its method and judged: what became of it. */
static struct open_api_answer send_and_ask(struct site *s, const char *kind, const char *body)
{
	static const struct how plain = {0};
	const struct open_api_key key = {.appid = APP, .secret = SECRET};
	const struct open_api_manner m = {0};
	struct open_api_answer a;
	char ask[128];
	cJSON *doc = NULL;
	struct buf data, out;
	struct err e = {0};

	buf_init(&data, 1u << 20);
	buf_init(&out, 1u << 20);
	assert_int_equal(json_parse(&doc, body, strlen(body), 1u << 20, &e), 0);
	assert_int_equal(open_api_arguments(open_api_method(kind), &m, &key, (const cJSON *const[]){doc}, 1,
					    &data, &e),
			 0);
	call_as(s, &plain, open_api_method(kind)->name, data.data, &out);
	open_api_read_answer(out.data, out.len, &a);
	if (a.said == OPEN_API_TAKEN) {
		text_format(ask, sizeof(ask), "{\"requestSerialCode\":\"%s\"}", a.number);
		call_as(s, &plain, OPEN_API_RESULT, ask, &out);
		open_api_read_result(out.data, out.len, &a);
	}
	cJSON_Delete(doc);
	buf_release(&data);
	buf_release(&out);
	return a;
}

static enum open_api_said asked(struct site *s, const char *kind, const char *body,
				char number[OPEN_API_NUMBER])
{
	static const struct how plain = {0};
	const struct open_api_key key = {.appid = APP, .secret = SECRET};
	struct open_api_answer a;
	cJSON *doc = NULL;
	struct buf data, out;
	struct err e = {0};

	buf_init(&data, 1u << 20);
	buf_init(&out, 1u << 20);
	assert_int_equal(json_parse(&doc, body, strlen(body), 1u << 20, &e), 0);
	assert_int_equal(open_api_query_arguments(open_api_method(kind), &key, doc, &data, &e), 0);
	call_as(s, &plain, open_api_method(kind)->query, data.data, &out);
	open_api_read_rows(out.data, out.len, open_api_method(kind), &key, doc, &a);
	text_copy(number, OPEN_API_NUMBER, a.number);
	cJSON_Delete(doc);
	buf_release(&data);
	buf_release(&out);
	return a.said;
}

#define CORP                                                                                                 \
	"\"projectCode\":\"" APP                                                                             \
	"\",\"corpCode\":\"91440499MA00000011\",\"corpName\":\"青禾建筑劳务有限公司\""
#define COMPANY                                                                                              \
	"{\"corpCode\":\"91440499MA00000011\",\"corpName\":\"青禾建筑劳务有限公司\",\"areaCode\":" \
	"\"440499\",\"registerDate\":\"2020-01-02\"}"
#define PART "{" CORP ",\"corpType\":\"006\"}"
#define TEAM "{" CORP ",\"teamName\":\"钢筋一班\"}"
#define IN_TEAM                                                                                              \
	CORP ",\"teamSysNo\":\"1500000001\",\"teamName\":\"钢筋一班\",\"idCardType\":\"01\","            \
	     "\"idCardNumber\":\"440499199001011236\""
#define WORKER                                                                                               \
	"{" IN_TEAM ",\"workerName\":\"欧阳明月\",\"workType\":\"020\",\"workRole\":\"20\","             \
	"\"isTeamLeader\":0,\"nation\":\"汉\",\"address\":\""                                               \
	"虚构市示例路1号\",\"cellPhone\":\"13800001234\",\"grantOrg\":\"虚构市公安局\"}"
#define PASS(day) "{" IN_TEAM ",\"date\":\"" day "\"}"
#define CONTRACT                                                                                             \
	"{" IN_TEAM ",\"contractPeriodType\":\"0\",\"startDate\":\"2026-11-20\",\"endDate\":\"2027-11-19\"}"

static const struct {
	const char *kind, *body;
} job[] = {
	{"company.add", COMPANY},
	{"participant.add", PART},
	{"participant.enter", "{" CORP ",\"corpType\":\"006\",\"entryTime\":\"2026-11-01 00:00:00\"}"},
	{"team.add", TEAM},
	{"assignment.submit", WORKER},
	{"assignment.enter", PASS("2026-11-20")},
	{"contract.add", CONTRACT},
};

static void do_job(struct site *s)
{
	for (size_t i = 0; i < ARRAY_LEN(job); i++) {
		struct open_api_answer a = send_and_ask(s, job[i].kind, job[i].body);

		if (a.said != OPEN_API_DONE)
			fail_msg("%s: %d %s", job[i].kind, a.said, a.reason);
		if (!strcmp(job[i].kind, "team.add"))
			assert_string_equal(a.number, "1500000001");
	}
}

static void assert_records(struct site *s, const char *line)
{
	struct buf out;
	struct err e = {0};

	buf_init(&out, 1u << 20);
	assert_int_equal(pstore_status(s->store, &out, &e), 0);
	if (!strstr(out.data, line))
		fail_msg("no %s in %s", line, out.data);
	buf_release(&out);
}

static void assert_once(struct site *s, const char *state)
{
	char line[128];

	assert_records(s, "{\"entity\":\"company\",\"state\":\"known\",\"count\":1,\"applied\":1}");
	assert_records(s, "{\"entity\":\"participant\",\"state\":\"entered\",\"count\":1,\"applied\":2}");
	assert_records(s, "{\"entity\":\"person\",\"state\":\"known\",\"count\":1,\"applied\":1}");
	assert_records(s, "{\"entity\":\"contract\",\"state\":\"in_force\",\"count\":1,\"applied\":1}");
	text_format(line, sizeof(line), "{\"entity\":\"assignment\",\"state\":\"%s\"", state);
	assert_records(s, line);
}

/* --- tests --- */

static void door__the_whole_job_lands_once(void **state)
{
	do_job(*state);
	assert_once(*state, "on_site");
	/* all of it again: nothing more happens, and every Add says that it was there */
	for (size_t i = 0; i < ARRAY_LEN(job); i++) {
		struct open_api_answer a = send_and_ask(*state, job[i].kind, job[i].body);

		if (a.said !=
		    (strstr(open_api_method(job[i].kind)->name, ".Add") ? OPEN_API_PRESENT : OPEN_API_DONE))
			fail_msg("%s: %d %s", job[i].kind, a.said, a.reason);
	}
	assert_once(*state, "on_site");
}

static void door__knows_what_it_has(void **state)
{
	char number[OPEN_API_NUMBER];

	for (size_t i = 0; i < ARRAY_LEN(job); i++) {
		if (open_api_method(job[i].kind)->match)
			assert_int_equal(asked(*state, job[i].kind, job[i].body, number), OPEN_API_LATER);
	}
	do_job(*state);
	for (size_t i = 0; i < ARRAY_LEN(job); i++) {
		if (!open_api_method(job[i].kind)->match)
			continue;
		if (asked(*state, job[i].kind, job[i].body, number) != OPEN_API_PRESENT)
			fail_msg("%s", job[i].kind);
		assert_string_equal(number, strcmp(job[i].kind, "team.add") ? "" : "1500000001");
	}
	assert_int_equal(asked(*state, "assignment.exit", PASS("2026-11-20"), number), OPEN_API_LATER);
}

static void door__exit_and_return(void **state)
{
	struct site *s = *state;

	do_job(s);
	clock_fix_ms(NOW + 3 * 86400000LL);
	assert_int_equal(send_and_ask(s, "assignment.exit", PASS("2026-11-22")).said, OPEN_API_DONE);
	assert_int_equal(send_and_ask(s, "assignment.exit", PASS("2026-11-22")).said, OPEN_API_PRESENT);
	assert_int_equal(send_and_ask(s, "assignment.exit", PASS("2026-11-23")).said, OPEN_API_REFUSED);
	assert_int_equal(send_and_ask(s, "assignment.submit", WORKER).said, OPEN_API_DONE);
	assert_int_equal(send_and_ask(s, "assignment.enter", PASS("2026-11-23")).said, OPEN_API_DONE);
	assert_records(s, "{\"entity\":\"assignment\",\"state\":\"exited\",\"count\":1");
	assert_records(s, "{\"entity\":\"assignment\",\"state\":\"on_site\",\"count\":1");
	assert_records(s, "{\"entity\":\"person\",\"state\":\"known\",\"count\":1");
}

static void door__refuses_out_of_order_and_future(void **state)
{
	struct open_api_answer a = send_and_ask(*state, "assignment.submit", WORKER);

	assert_int_equal(a.said, OPEN_API_REFUSED); /* no such team */
	assert_int_equal(send_and_ask(*state, "team.add", TEAM).said,
			 OPEN_API_REFUSED); /* no such participant */
	do_job(*state);
	assert_int_equal(send_and_ask(*state, "assignment.exit", PASS("2026-11-21")).said, OPEN_API_REFUSED);
}

static void door__judges_later(void **state)
{
	struct site *s = *state;

	s->door.delay_ms = 5000;
	assert_int_equal(send_and_ask(s, "company.add", COMPANY).said, OPEN_API_LATER);
	clock_fix_ms(NOW + 5000);
	assert_int_equal(code_as(s, &(struct how){0}, "Corp.Query", "{\"corpCode\":\"x\"}"), 0);
	assert_records(s, "{\"entity\":\"company\"");
}

static void door__names_the_missing_field(void **state)
{
	struct site *s = *state;
	struct open_api_answer a;

	do_job(s);
	a = send_and_ask(s, "assignment.submit", "{" IN_TEAM ",\"workerName\":\"某\"}");
	assert_int_equal(a.said, OPEN_API_REFUSED);
	assert_string_equal(a.field, "workType");
	s->door.photo = true;
	a = send_and_ask(s, "assignment.submit", WORKER);
	assert_string_equal(a.field, "headImage");
}

static void door__lets_nobody_else_in(void **state)
{
	struct site *s = *state;
	static const char data[] = "{\"corpCode\":\"x\"}";

	assert_int_equal(code_as(s, &(struct how){0}, "Corp.Query", data), 0);
	assert_int_equal(
		code_as(s, &(struct how){.secret = "0123456789abcdef0123456789abcdeF"}, "Corp.Query", data),
		0); /* the signature has no case … */
	assert_int_equal(
		code_as(s, &(struct how){.secret = "1123456789abcdef0123456789abcdef"}, "Corp.Query", data),
		-2);
	assert_int_equal(
		code_as(s, &(struct how){.now_ms = NOW + OPEN_API_CLOCK_MS + 1000}, "Corp.Query", data), -2);
	assert_int_equal(
		code_as(s, &(struct how){.now_ms = NOW - OPEN_API_CLOCK_MS - 1000}, "Corp.Query", data), -2);
	assert_int_equal(code_as(s, &(struct how){.nonce = "once"}, "Corp.Query", data), 0);
	assert_int_equal(code_as(s, &(struct how){.nonce = "once"}, "Corp.Query", data), -2);
	assert_int_equal(code_as(s, &(struct how){0}, "Worker.Delete", data), -3);
	assert_int_equal(code_as(s, &(struct how){0}, "Corp.Query", "{}"), -1);
	assert_int_equal(code_as(s, &(struct how){0}, "Corp.Query", "[1]"), -1);
	s->door.pace_ms = 60000;
	assert_int_equal(code_as(s, &(struct how){0}, "Corp.Query", data), -5);
	assert_int_equal(code_as(s, &(struct how){0}, "Team.Query", "{\"projectCode\":\"x\"}"),
			 0); /* another method is its own */
}

/* … but sealed fields of another secret cannot be opened. */
static void door__wants_sealed_fields_sealed(void **state)
{
	static const char data[] = "{\"projectCode\":\"x\",\"corpCode\":\"y\",\"teamSysNo\":1,\"idCardType\":"
				   "\"01\",\"idCardNumber\":\"440499199001011236\"}";

	assert_int_equal(code_as(*state, &(struct how){0}, "ProjectWorker.Query", data), -1);
}

static void door__takes_no_crooked_accounts(void **state)
{
	static const char *const bad[] = {"", "a", "=" SECRET, "a=short", "a=" SECRET "x"};
	struct site *s = *state;
	struct err e = {0};

	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_int_equal(open_api_door_app(&s->door, bad[i], &e), -1);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	static const struct CMUnitTest tests[] = {
		TEST(door__the_whole_job_lands_once),
		TEST(door__knows_what_it_has),
		TEST(door__exit_and_return),
		TEST(door__refuses_out_of_order_and_future),
		TEST(door__judges_later),
		TEST(door__names_the_missing_field),
		TEST(door__lets_nobody_else_in),
		TEST(door__wants_sealed_fields_sealed),
		TEST(door__takes_no_crooked_accounts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
