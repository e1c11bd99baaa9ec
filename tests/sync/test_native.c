/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dialect alone: what is built, and what becomes of answers that are wrong in every way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/json.h"
#include "base/text.h"
#include "sync/contract.h"
#include "sync/http.h"
#include "sync/native.h"
#include "sync/people.h"

#define A "0193483c-b000-7000-8000-00000000000a"
#define B "0193483c-b000-7000-8000-00000000000b"
#define C "0193483c-b000-7000-8000-00000000000c"
static const char *const ops[] = {A, B};

static void native__request_keeps_the_contract(void **state)
{
	struct contract *c = contract_open(OPENAPI);
	char why[CONTRACT_WHY];
	struct people p;
	struct buf out;
	struct err e = {0};

	(void)state;
	people_make(&p, 3, 1);
	people_step(&p, "assignment.exit", p.team, "2026-11-21");
	buf_init(&out, 1u << 20);
	assert_int_equal(native_request(&p.box, p.item, p.n, &out, &e), 0);
	if (!contract_request(c, "POST", NATIVE_OPERATIONS, out.data, out.len, why))
		fail_msg("%s", why);
	assert_int_equal(native_lookup_request((const char *const[]){A, B}, 2, &out, &e), 0);
	if (!contract_request(c, "POST", NATIVE_LOOKUP, out.data, out.len, why))
		fail_msg("%s", why);
	buf_release(&out);
	people_release(&p);
	contract_close(c);
}

/* A judge that lets everything pass judges nothing. */
static void native__contract_refuses(void **state)
{
	static const struct {
		const char *body, *part;
	} bad[] = {
		{"{\"box\":\"" A "\",\"epoch\":1,\"operations\":[]}", "too few"},
		{"{\"box\":\"nobody\",\"epoch\":1,\"operations\":[]}", "pattern"},
		{"{\"box\":\"" A "\",\"epoch\":1.5,\"operations\":[]}", "type"},
		{"{\"box\":\"" A "\",\"epoch\":-1,\"operations\":[]}", "small"},
		{"{\"box\":\"" A "\",\"epoch\":1,\"more\":1,\"operations\":[]}", "more"},
		{"{\"box\":\"" A "\",\"operations\":[]}", "epoch"},
		{"{\"box\":\"" A "\",\"epoch\":1,\"operations\":[{\"op\":\"" B
		 "\",\"kind\":\"person.add\",\"sequence\":1,\"madeAt\":1,"
		 "\"body\":{\"uid\":\"" C
		 "\",\"workerName\":\"\",\"idCardType\":\"01\",\"idCardNumber\":\"1\"}}]}",
		 "short"},
		{"{\"box\":\"" A "\",\"epoch\":1,\"operations\":[{\"op\":\"" B
		 "\",\"kind\":\"person.burn\",\"sequence\":1,\"madeAt\":1,"
		 "\"body\":{\"uid\":\"" C "\"}}]}",
		 "allowed"},
		{"{\"box\":\"" A "\",\"epoch\":1,\"operations\":[{\"op\":\"" B
		 "\",\"kind\":\"team.enter\",\"sequence\":1,\"madeAt\":1,"
		 "\"body\":{\"uid\":\"" C "\",\"date\":\"today\"}}]}",
		 "pattern"},
		{"[", "JSON"},
	};
	struct contract *c = contract_open(OPENAPI);
	char why[CONTRACT_WHY];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		if (contract_request(c, "POST", NATIVE_OPERATIONS, bad[i].body, strlen(bad[i].body), why))
			fail_msg("passed: %s", bad[i].body);
		if (!strstr(why, bad[i].part))
			fail_msg("%s: said %s", bad[i].body, why);
	}
	assert_false(contract_request(c, "PUT", NATIVE_OPERATIONS, "{}", 2, why));
	assert_false(contract_answer(c, "GET", "/v1/box", 418, "{}", 2, why));
	assert_non_null(contract_unused(c));
	contract_close(c);
}

static void native__made_at_is_in_the_op(void **state)
{
	struct outgoing o = {.op = "0193483c-b001-7abc-8000-000000000001",
			     .kind = "team.enter",
			     .epoch = 4,
			     .sequence = 9,
			     .body = (char *)"{}",
			     .body_bytes = 2};
	struct box box = {.uid = A, .epoch = 5};
	struct buf out;

	(void)state;
	buf_init(&out, 4096);
	assert_int_equal(native_request(&box, &o, 1, &out, NULL), 0);
	assert_string_equal(out.data,
			    "{\"box\":\"" A
			    "\",\"epoch\":4,\"operations\":[{\"op\":\"0193483c-b001-7abc-8000-000000000001\","
			    "\"kind\":\"team.enter\",\"sequence\":9,\"madeAt\":1732083757057,\"body\":{}}]}");
	buf_release(&out);
}

static void native__a_ceiling_holds(void **state)
{
	struct people p;
	struct buf out;
	struct err e = {0};

	(void)state;
	people_make(&p, 3, 1);
	buf_init(&out, 500);
	assert_int_equal(native_request(&p.box, p.item, p.n, &out, &e), -1);
	assert_int_equal(e.code, ERR_TOO_LARGE);
	buf_release(&out);
	people_release(&p);
}

static void native__results(void **state)
{
#define U ANSWER_UNKNOWN
	static const struct {
		const char *text;
		enum answer_kind a, b;
		size_t foreign;
	} cases[] = {
		{"{\"results\":[{\"op\":\"" A "\",\"status\":\"accepted\",\"number\":\"7\"},{\"op\":\"" B
		 "\",\"status\":\"rejected\"}]}",
		 ANSWER_ACCEPTED, ANSWER_REJECTED, 0},
		{"{\"results\":[{\"op\":\"" B "\",\"status\":\"waiting\"},{\"op\":\"" A
		 "\",\"status\":\"accepted\"}]}",
		 ANSWER_ACCEPTED, ANSWER_WAITING, 0},
		{"{\"results\":[{\"op\":\"" B "\",\"status\":\"accepted\"}]}", U, ANSWER_ACCEPTED, 0},
		{"{\"results\":[]}", U, U, 0},
		{"{\"results\":[{\"op\":\"" C "\",\"status\":\"accepted\"},{\"op\":\"" A
		 "\",\"status\":\"accepted\"}]}",
		 ANSWER_ACCEPTED, U, 1},
		/* the same twice is the same; two words about one thing are none */
		{"{\"results\":[{\"op\":\"" A "\",\"status\":\"accepted\"},{\"op\":\"" A
		 "\",\"status\":\"accepted\"}]}",
		 ANSWER_ACCEPTED, U, 0},
		{"{\"results\":[{\"op\":\"" A "\",\"status\":\"accepted\"},{\"op\":\"" A
		 "\",\"status\":\"rejected\"}]}",
		 U, U, 0},
		{"{\"results\":[{\"op\":\"" A "\",\"status\":\"rejected\"},{\"op\":\"" A
		 "\",\"status\":\"accepted\"},{\"op\":\"" A "\",\"status\":\"accepted\"}]}",
		 U, U, 0},
		{"{\"results\":[{\"op\":\"" A "\",\"status\":\"perhaps\"},{\"op\":\"" B "\"}]}", U, U, 0},
		{"{\"results\":[{\"op\":\"" A "\",\"status\":7},{\"op\":7,\"status\":\"accepted\"}]}", U, U,
		 1},
		{"{\"results\":[7,\"" A "\",null,[],{\"status\":\"accepted\"}]}", U, U, 5},
		{"{\"results\":[{\"op\":\"" A "\",\"status\":\"Accepted\"}]}", U, U, 0},
		{"{\"results\":[{\"op\":\"" A "\",\"status\":\"absent\"}]}", ANSWER_NOT_SENT, U, 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct answers got;
		struct err e = {0};

		answers_init(&got);
		if (native_parse_results(&got, ops, 2, cases[i].text, strlen(cases[i].text), &e))
			fail_msg("%s: %s", cases[i].text, e.detail);
		if (got.item[0].kind != cases[i].a || got.item[1].kind != cases[i].b ||
		    got.foreign != cases[i].foreign)
			fail_msg("%s: %d %d, foreign %zu", cases[i].text, got.item[0].kind, got.item[1].kind,
				 got.foreign);
		assert_string_equal(got.item[0].op, A);
		assert_string_equal(got.item[1].op, B);
		answers_release(&got);
	}
}

/* What the platform took, where it says so in the contract's form; of what is not accepted it says nothing. */
static void native__content(void **state)
{
#define H "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
	static const struct {
		const char *status, *content;
		bool taken;
	} cases[] = {{"accepted", "\"" H "\"", true},	 {"accepted", "\"" H "0\"", false}, {"accepted", "\"\"", false},
		     {"accepted", "\"A" H "\"", false}, {"accepted", "64", false},	   {"rejected", "\"" H "\"", false},
		     {"waiting", "\"" H "\"", false},	 {"absent", "\"" H "\"", false}};
	char text[400];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct answers got;

		text_format(text, sizeof(text), "{\"results\":[{\"op\":\"" A "\",\"status\":\"%s\",\"content\":%s}]}", cases[i].status,
			    cases[i].content);
		answers_init(&got);
		assert_int_equal(native_parse_results(&got, ops, 2, text, strlen(text), NULL), 0);
		assert_int_equal(got.item[0].content != NULL, cases[i].taken);
		if (cases[i].taken)
			assert_string_equal(got.item[0].content, H);
		answers_release(&got);
	}
#undef H
}

/* Not of the contract's form at all: no answer, nothing counts. */
static void native__no_results(void **state)
{
	static const char *const bad[] = {
		"",
		" ",
		"null",
		"7",
		"[]",
		"\"results\"",
		"{}",
		"{\"results\":{}}",
		"{\"results\":null}",
		"{\"results\":\"\"}",
		"{\"Results\":[]}",
		"{\"success\":true,\"data\":{}}",
		"<html></html>",
		"{\"results\":[",
		"{\"results\":[]}x",
		"{\"results\":[]",
		"{\"results\":[],\"results\":[]}",
		"{\"results\":[\"\xff\"]}",
	};
	struct answers got;
	char *deep = malloc(400000);
	struct err e;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		e = (struct err){0};
		answers_init(&got);
		if (!native_parse_results(&got, ops, 2, bad[i], strlen(bad[i]), &e))
			fail_msg("passed: %s", bad[i]);
		assert_true(e.code == ERR_NET_ANSWER || (e.code == ERR_NET_FOREIGN && !strstr(bad[i], "\"results\"")));
		assert_null(got.item);
	}
	assert_non_null(deep);
	memset(deep, '[', 400000);
	memcpy(deep, "{\"results\":", 11);
	assert_int_equal(native_parse_results(&got, ops, 2, deep, 400000, &e), -1);
	assert_int_equal(e.code, ERR_NET_ANSWER);
	free(deep);
	deep = calloc(1, HTTP_ANSWER_MAX + 100);
	assert_non_null(deep);
	memset(deep, ' ', HTTP_ANSWER_MAX + 99);
	memcpy(deep, "{\"results\":[]}", 14);
	assert_int_equal(native_parse_results(&got, ops, 2, deep, HTTP_ANSWER_MAX + 99, &e), -1);
	free(deep);
}

/* A platform's words reach a terminal: no control characters, no end of them. */
static void native__words_are_tamed(void **state)
{
	char text[4096], many[2000];
	struct answers got;

	(void)state;
	memset(many, 'x', sizeof(many) - 1);
	many[sizeof(many) - 1] = '\0';
	text_format(
		text, sizeof(text),
		"{\"results\":[{\"op\":\"" A
		"\",\"status\":\"rejected\",\"code\":\"a\\u001b[2J\",\"reason\":\"姓名\\u0007错\\u009b%s\","
		"\"field\":\"cellPhone\",\"number\":\"9\"},{\"op\":\"" B
		"\",\"status\":\"accepted\",\"number\":5,\"reason\":\"x\"}]}",
		many);
	answers_init(&got);
	assert_int_equal(native_parse_results(&got, ops, 2, text, strlen(text), NULL), 0);
	assert_string_equal(got.item[0].reason_code, "a [2J");
	assert_int_equal(strncmp(got.item[0].reason, "姓名 错", strlen("姓名 错")), 0);
	assert_true(strlen(got.item[0].reason) <= NATIVE_REASON_BYTES);
	assert_null(strchr(got.item[0].reason, 0x1b));
	assert_true(text_valid(got.item[0].reason, strlen(got.item[0].reason)));
	assert_string_equal(got.item[0].field, "cellPhone");
	assert_null(got.item[0].number);
	assert_null(got.item[1].number);
	assert_null(got.item[1].reason);
	answers_release(&got);
}

static void native__one_result(void **state)
{
	static const struct {
		const char *text;
		bool fine;
		enum answer_kind kind;
	} cases[] = {
		{"{\"op\":\"" A "\",\"status\":\"accepted\"}", true, ANSWER_ACCEPTED},
		{"{\"op\":\"" B "\",\"status\":\"accepted\"}", false, 0},
		{"{\"status\":\"accepted\"}", false, 0},
		{"{\"op\":\"" A "\",\"status\":\"?\"}", true, ANSWER_UNKNOWN},
		{"[]", false, 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct answers got;

		answers_init(&got);
		if (!native_parse_result(&got, A, cases[i].text, strlen(cases[i].text), NULL) !=
		    cases[i].fine)
			fail_msg("%s", cases[i].text);
		if (cases[i].fine)
			assert_int_equal(got.item[0].kind, cases[i].kind);
		answers_release(&got);
	}
}

#define CHANGE "\"uid\":\"" A "\",\"kind\":\"employment.consent\",\"subject\":\"" B "\",\"at\":1795200000000"

static void native__changes(void **state)
{
	static const struct {
		const char *text;
		bool fine;
		size_t n;
	} cases[] = {
		{"{\"changes\":[{" CHANGE
		 ",\"on\":\"2026-11-20\",\"by\":\"本人\",\"note\":\"\"}],\"cursor\":\"5\",\"more\":false}",
		 true, 1},
		{"{\"changes\":[{" CHANGE ",\"on\":null}],\"cursor\":\"5\",\"more\":true}", true, 1},
		{"{\"changes\":[{" CHANGE ",\"project\":{\"name\":\"三期\",\"levyCode\":7}}],\"cursor\":\"5\",\"more\":false}", true, 1},
		{"{\"changes\":[],\"cursor\":\"0\",\"more\":false}", true, 0},
		{"{\"changes\":[],\"cursor\":\"0\"}", true, 0},
		{"{\"changes\":[],\"more\":false}", false, 0},
		{"{\"changes\":[],\"cursor\":7,\"more\":false}", false, 0},
		{"{\"changes\":[],\"cursor\":\"\",\"more\":false}", false, 0},
		{"{\"changes\":{},\"cursor\":\"5\",\"more\":false}", false, 0},
		{"{\"changes\":[7],\"cursor\":\"5\",\"more\":false}", false, 0},
		{"{\"changes\":[{}],\"cursor\":\"5\",\"more\":false}", false, 0},
		{"{\"changes\":[{" CHANGE ",\"on\":\"31 November\"}],\"cursor\":\"5\",\"more\":false}", false,
		 0},
		{"{\"changes\":[{" CHANGE ",\"on\":\"2026-02-30\"}],\"cursor\":\"5\",\"more\":false}", false,
		 0},
		{"{\"changes\":[{\"uid\":\"" A "\",\"kind\":\"Drop Table\",\"subject\":\"" B
		 "\",\"at\":1}],\"cursor\":\"5\",\"more\":false}",
		 false, 0},
		{"{\"changes\":[{\"uid\":\"" A
		 "\",\"kind\":\"a.b\",\"subject\":\"all\",\"at\":1}],\"cursor\":\"5\",\"more\":false}",
		 false, 0},
		{"{\"changes\":[{\"uid\":\"" A "\",\"kind\":\"a.b\",\"subject\":\"" B
		 "\",\"at\":\"1\"}],\"cursor\":\"5\",\"more\":false}",
		 false, 0},
		{"{\"changes\":[{\"uid\":\"" A "\",\"kind\":\"a.b\",\"subject\":\"" B
		 "\",\"at\":-1}],\"cursor\":\"5\",\"more\":false}",
		 false, 0},
		{"{\"changes\":[{\"uid\":\"../etc\",\"kind\":\"a.b\",\"subject\":\"" B
		 "\",\"at\":1}],\"cursor\":\"5\",\"more\":false}",
		 false, 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct changes got;
		struct err e = {0};

		changes_init(&got);
		if (!native_parse_changes(&got, cases[i].text, strlen(cases[i].text), &e) != cases[i].fine)
			fail_msg("%s: %s", cases[i].text, e.detail);
		assert_int_equal(got.n, cases[i].n);
		if (!cases[i].fine)
			assert_int_equal(e.code, ERR_NET_ANSWER);
		changes_release(&got);
	}
}

static void native__cursor_is_encoded(void **state)
{
	struct buf path;

	(void)state;
	buf_init(&path, 1000);
	assert_int_equal(native_changes_path("a b&c=d/é\"%", &path), 0);
	assert_string_equal(path.data, "/v1/changes?cursor=a%20b%26c%3Dd%2F%C3%A9%22%25");
	buf_release(&path);
}

static void native__box(void **state)
{
	static const struct {
		const char *text;
		bool fine, known;
	} cases[] = {
		{"{\"box\":\"" A "\",\"epoch\":2,\"sequence\":7}", true, true},
		{"{\"box\":null,\"epoch\":0,\"sequence\":0}", true, false},
		{"{\"box\":\"x\",\"epoch\":2,\"sequence\":7}", false, false},
		{"{\"box\":\"" A "\",\"epoch\":2}", false, false},
		{"{\"box\":\"" A "\",\"epoch\":-2,\"sequence\":7}", false, false},
		{"{}", false, false},
		{"{\"box\":\"" A "\",\"epoch\":1e300,\"sequence\":7}", false, false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct far_box got = {0};

		if (!native_parse_box(&got, cases[i].text, strlen(cases[i].text), NULL) != cases[i].fine ||
		    got.known != cases[i].known)
			fail_msg("%s", cases[i].text);
	}
}

/* R4, R5, R6, R7: what an answer's head means. */
static void native__fates(void **state)
{
	static const struct {
		int status;
		const char *type, *body;
		enum fate fate;
		enum err_code trouble;
	} cases[] = {
		{200, "application/json", "{}", FATE_READ, ERR_NONE},
		{200, "text/html", "<html>", FATE_NOT_SENT, ERR_NET_PORTAL},
		{200, "", "  <!DOCTYPE", FATE_NOT_SENT, ERR_NET_PORTAL},
		{200, "text/plain", "ok", FATE_UNKNOWN, ERR_NET_ANSWER},
		{200, "", "", FATE_UNKNOWN, ERR_NET_ANSWER},
		{204, "", "", FATE_UNKNOWN, ERR_NET_ANSWER},
		{301, "application/json", "{}", FATE_NOT_SENT, ERR_NET_REDIRECT},
		{302, "text/html", "", FATE_NOT_SENT, ERR_NET_REDIRECT},
		{307, "", "", FATE_NOT_SENT, ERR_NET_REDIRECT},
		{400, "application/json", "{}", FATE_SPLIT, ERR_NONE},
		{400, "text/html", "<h1>400", FATE_NOT_SENT, ERR_NET_PORTAL},
		{401, "application/json", "{}", FATE_NOT_SENT, ERR_NET_UNAUTHORIZED},
		{403, "text/html", "<", FATE_NOT_SENT, ERR_NET_REFUSED},
		{404, "application/json", "{}", FATE_ABSENT, ERR_NONE},
		{404, "text/html", "<h1>404", FATE_NOT_SENT, ERR_NET_PORTAL},
		{407, "", "", FATE_NOT_SENT, ERR_NET_PROXY},
		{413, "text/html", "<h1>413", FATE_SPLIT, ERR_NONE},
		{418, "application/json", "{}", FATE_UNKNOWN, ERR_NET_ANSWER},
		{422, "application/json", "{}", FATE_SPLIT, ERR_NONE},
		{429, "", "", FATE_NOT_SENT, ERR_NET_SLOW_DOWN},
		{500, "", "", FATE_UNKNOWN, ERR_NET_SERVER},
		{502, "text/html", "<", FATE_UNKNOWN, ERR_NET_SERVER},
		{503, "text/html", "<", FATE_NOT_SENT, ERR_NET_SERVER},
		{511, "text/html", "<", FATE_NOT_SENT, ERR_NET_LOGIN},
		{100, "", "", FATE_UNKNOWN, ERR_NET_ANSWER},
		{999, "", "", FATE_UNKNOWN, ERR_NET_ANSWER},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		enum err_code trouble;
		struct http_answer a;
		enum fate fate;

		http_answer_init(&a);
		a.status = cases[i].status;
		text_copy(a.content_type, sizeof(a.content_type), cases[i].type);
		buf_adds(&a.body, cases[i].body);
		fate = http_fate(&a, &trouble);
		if (fate != cases[i].fate || trouble != cases[i].trouble)
			fail_msg("%d %s %s: fate %d, %s", cases[i].status, cases[i].type, cases[i].body, fate,
				 err_name(trouble));
		http_answer_release(&a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(native__request_keeps_the_contract),
		cmocka_unit_test(native__contract_refuses),
		cmocka_unit_test(native__made_at_is_in_the_op),
		cmocka_unit_test(native__a_ceiling_holds),
		cmocka_unit_test(native__results),
		cmocka_unit_test(native__content),
		cmocka_unit_test(native__no_results),
		cmocka_unit_test(native__words_are_tamed),
		cmocka_unit_test(native__one_result),
		cmocka_unit_test(native__changes),
		cmocka_unit_test(native__cursor_is_encoded),
		cmocka_unit_test(native__box),
		cmocka_unit_test(native__fates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
