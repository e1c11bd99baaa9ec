/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The open.api without a network: signature, seal, form, arguments, answers; the worked examples of
 * tests/data in both directions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/io.h"
#include "base/json.h"
#include "base/text.h"
#include "open_api/answer.h"

#define SECRET "0123456789abcdef0123456789abcdef"
static const struct open_api_key key = {.appid = "TEST0000000001", .secret = SECRET};
static const struct open_api_manner national = {0};

static cJSON *vectors(void)
{
	struct buf text;
	struct err e = {0};
	cJSON *doc = NULL;

	buf_init(&text, 1u << 20);
	assert_int_equal(io_read_file(TEST_DATA "/open_api/vectors.json", 1u << 20, &text, &e), 0);
	assert_int_equal(json_parse(&doc, text.data, text.len, 1u << 20, &e), 0);
	buf_release(&text);
	return doc;
}

/* --- vectors --- */

static void open_api__seals_as_the_examples(void **state)
{
	cJSON *doc = vectors(), *one;
	struct err e = {0};
	struct buf out;

	(void)state;
	buf_init(&out, 1024);
	cJSON_ArrayForEach(one, json_get(doc, "sealed"))
	{
		buf_reset(&out);
		assert_int_equal(
			open_api_seal(json_string(one, "secret"), json_string(one, "plain"), &out, &e), 0);
		assert_string_equal(out.data, json_string(one, "sealed"));
		buf_reset(&out);
		assert_int_equal(
			open_api_unseal(json_string(one, "secret"), json_string(one, "sealed"), &out, &e), 0);
		assert_string_equal(out.data, json_string(one, "plain"));
	}
	buf_release(&out);
	cJSON_Delete(doc);
}

static void open_api__opens_nothing_else(void **state)
{
	static const char *const bad[] = {"", "Pd0v", "not base64!", "Pd0vMXi8duONTDrCFWgg8g==",
					  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="};
	struct err e = {0};
	struct buf out;

	(void)state;
	buf_init(&out, 1024);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		assert_int_equal(open_api_unseal(SECRET, bad[i], &out, &e), -1);
		assert_int_equal(e.code, ERR_SEAL);
	}
	assert_int_equal(open_api_seal("short", "x", &out, &e), -1);
	assert_int_equal(e.code, ERR_NET_NOT_CONFIGURED);
	buf_release(&out);
}

static struct open_api_manner manner_of(const cJSON *one)
{
	struct open_api_manner m = {0};

	assert_true(open_api_time_parse(json_string(one, "time"), &m.time));
	return m;
}

/* The signature over raw values as the examples print them, and our own body of the same call. */
static void open_api__signs_as_the_examples(void **state)
{
	static const char *const sent[] = {"method",	"version", "appid", "format",
					   "timestamp", "nonce",   "data",  "corpsign"};
	cJSON *doc = vectors(), *one;
	char sign[OPEN_API_SIGN];
	struct err e = {0};

	(void)state;
	cJSON_ArrayForEach(one, json_get(doc, "signed"))
	{
		struct open_api_param p[ARRAY_LEN(sent)];
		struct open_api_manner m = manner_of(one);
		size_t n = 0;

		for (size_t i = 0; i < ARRAY_LEN(sent); i++) {
			if (json_string(one, sent[i]))
				p[n++] = (struct open_api_param){sent[i], json_string(one, sent[i])};
		}
		assert_int_equal(open_api_sign(&m, p, n, json_string(one, "secret"), sign, &e), 0);
		assert_string_equal(sign, json_string(one, "sign"));
	}
	cJSON_Delete(doc);
}

static void check_body(const cJSON *one, struct buf *body)
{
	struct open_api_param p[OPEN_API_PARAMS];
	const char *corp = json_string(one, "corpsign");
	struct err e = {0};
	size_t n;

	assert_int_equal(open_api_form_read(body, p, OPEN_API_PARAMS, &n, &e), 0);
	assert_string_equal(open_api_value(p, n, "timestamp"), json_string(one, "timestamp"));
	assert_string_equal(open_api_value(p, n, "sign"), json_string(one, "sign"));
	assert_string_equal(open_api_value(p, n, "data"), json_string(one, "data"));
	if (corp)
		assert_string_equal(open_api_value(p, n, "corpsign"), corp);
	else
		assert_null(open_api_value(p, n, "corpsign"));
}

/* Those whose data is pure ASCII: ours always is. */
static void open_api__makes_the_calls_of_the_examples(void **state)
{
	cJSON *doc = vectors(), *one;
	struct err e = {0};
	struct buf body;
	int made = 0;

	(void)state;
	buf_init(&body, 1u << 20);
	cJSON_ArrayForEach(one, json_get(doc, "signed"))
	{
		const char *raw =
			json_string(one, "raw") ? json_string(one, "raw") : json_string(one, "data");
		struct open_api_key who = {json_string(one, "appid"), json_string(one, "secret"),
					   json_string(one, "corpSecret")};
		struct open_api_call call = {.method = json_string(one, "method"),
					     .data = raw,
					     .data_bytes = strlen(raw),
					     .now_ms = json_int(one, "instant", 0),
					     .nonce = json_string(one, "nonce")};
		struct open_api_manner m = manner_of(one);
		bool ascii = true;

		for (const char *c = json_string(one, "data"); *c; c++)
			ascii = ascii && (unsigned char)*c < 0x80;
		if (!ascii)
			continue;
		assert_int_equal(open_api_body(&m, &who, &call, &body, &e), 0);
		check_body(one, &body);
		made++;
	}
	assert_int_equal(made, 3);
	buf_release(&body);
	cJSON_Delete(doc);
}

static void open_api__reads_the_printed_body(void **state)
{
	cJSON *doc = vectors();
	struct open_api_param p[OPEN_API_PARAMS];
	char sign[OPEN_API_SIGN];
	struct err e = {0};
	struct buf body;
	size_t n;

	(void)state;
	buf_init(&body, 4096);
	buf_adds(&body, json_string(doc, "body"));
	assert_int_equal(open_api_form_read(&body, p, OPEN_API_PARAMS, &n, &e), 0);
	assert_int_equal(n, 8);
	assert_int_equal(open_api_sign(&national, p, n, SECRET, sign, &e), 0);
	assert_true(open_api_sign_equal(sign, open_api_value(p, n, "sign")));
	buf_release(&body);
	cJSON_Delete(doc);
}

/* --- edges --- */

static void open_api__sign_ignores_case_of_hex_and_nothing_else(void **state)
{
	(void)state;
	assert_true(open_api_sign_equal("ab0F", "AB0f"));
	assert_false(open_api_sign_equal("ab0f", "ab0e"));
	assert_false(open_api_sign_equal("ab0f", "ab0"));
	assert_false(open_api_sign_equal("", ""));
}

static void open_api__md5_and_case_are_settings(void **state)
{
	/* md5 of "a=B&appsecret=S" and of its lower case, by md5sum */
	static const struct open_api_param p[] = {{"a", "B"}};
	struct open_api_manner m = {.digest = OPEN_API_MD5, .keep_case = true};
	char kept[OPEN_API_SIGN], lowered[OPEN_API_SIGN];
	struct err e = {0};

	(void)state;
	assert_int_equal(open_api_sign(&m, p, 1, "S", kept, &e), 0);
	m.keep_case = false;
	assert_int_equal(open_api_sign(&m, p, 1, "S", lowered, &e), 0);
	assert_string_equal(kept, "50f794d2d48ff65826f3e6ddcf4c0fb5");
	assert_string_equal(lowered, "8a7519e03d48c7ab1bf05100e19a0a87");
}

static void open_api__ascii_is_exact(void **state)
{
	struct err e = {0};
	struct buf out;

	(void)state;
	buf_init(&out, 1024);
	assert_int_equal(open_api_ascii("{\"a\":\"钢·𠮷\"}", strlen("{\"a\":\"钢·𠮷\"}"), &out, &e), 0);
	assert_string_equal(out.data, "{\"a\":\"\\u94a2\\u00b7\\ud842\\udfb7\"}");
	buf_reset(&out);
	assert_int_equal(open_api_ascii("\xff", 1, &out, &e), -1);
	assert_int_equal(e.code, ERR_JSON);
	buf_release(&out);
}

static void open_api__times_go_both_ways(void **state)
{
	static const struct {
		enum open_api_time form;
		const char *text;
	} good[] = {{OPEN_API_TIME_COMPACT, "20261120163000"},
		    {OPEN_API_TIME_STAMP, "2026-11-20 16:30:00"},
		    {OPEN_API_TIME_MS, "1795163400123"}};
	static const char *const bad[] = {"",
					  "2026112016300",
					  "202611201630000",
					  "20261320163000",
					  "20261120243000",
					  "20261120166000",
					  "2026112016300a"};
	char text[OPEN_API_TIME];
	int64_t ms;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(good); i++) {
		assert_true(open_api_time_read(good[i].form, good[i].text, &ms));
		assert_true(ms >= 1795163400000 && ms < 1795163401000);
		open_api_time_format(good[i].form, ms, text);
		assert_string_equal(text, good[i].text);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		assert_false(open_api_time_read(OPEN_API_TIME_COMPACT, bad[i], &ms));
}

static void open_api__refuses_what_is_no_form(void **state)
{
	static const char *const bad[] = {"",	   "a",	    "=b",	"a=1&a=2", "a=%",
					  "a=%zz", "a=%00", "a=1&&b=2", "a=%ff"};
	struct open_api_param p[4];
	struct err e = {0};
	struct buf body;
	size_t n;

	(void)state;
	buf_init(&body, 1024);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		buf_reset(&body);
		buf_adds(&body, bad[i]);
		assert_int_equal(open_api_form_read(&body, p, 4, &n, &e), -1);
	}
	buf_release(&body);
}

/* --- arguments --- */

static char *arguments_of(const char *kind, const char *body)
{
	cJSON *doc = NULL;
	struct err e = {0};
	struct buf out;

	buf_init(&out, 1u << 20);
	assert_int_equal(json_parse(&doc, body, strlen(body), 1u << 20, &e), 0);
	assert_int_equal(open_api_arguments(open_api_method(kind), &national, &key,
					    (const cJSON *const[]){doc}, 1, &out, &e),
			 0);
	cJSON_Delete(doc);
	return buf_detach(&out);
}

static void open_api__entry_is_shaped_as_the_example(void **state)
{
	char *made = arguments_of("assignment.enter",
				  "{\"uid\":\"u\",\"projectCode\":\"TEST0000000001\",\"corpCode\":"
				  "\"91330000MA00000000\",\"corpName\":\"测试建设有限公司\","
				  "\"teamSysNo\":\"1500000001\",\"idCardType\":\"01\",\"idCardNumber\":"
				  "\"110101199003070011\",\"date\":\"2026-11-20\"}");
	cJSON *doc = vectors();

	(void)state;
	assert_string_equal(made, json_string(cJSON_GetArrayItem(json_get(doc, "signed"), 1), "data"));
	free(made);
	cJSON_Delete(doc);
}

static void open_api__types_are_the_standards(void **state)
{
	char *made = arguments_of("assignment.submit", "{\"projectCode\":\"P\",\"teamSysNo\":\"1500000001\","
						       "\"workerName\":\"测试甲\",\"isTeamLeader\":1,"
						       "\"workRole\":\"20\",\"expiryDate\":\"long-term\","
						       "\"headImage\":\"QUJD\",\"cellPhone\":\"\"}");

	(void)state;
	assert_string_equal(made, "{\"projectCode\":\"P\",\"teamSysNo\":1500000001,\"workerList\":[{"
				  "\"workerName\":\"测试甲\",\"isTeamLeader\":1,\"workRole\":20,"
				  "\"headImage\":\"data:image/jpeg;base64,QUJD\"}]}");
	free(made);
	made = arguments_of("contract.add",
			    "{\"projectCode\":\"P\",\"corpCode\":\"C\",\"contractPeriodType\":\"0\","
			    "\"endDate\":\"2027-01-01\",\"unit\":\"80\","
			    "\"unitPrice\":12305}");
	assert_string_equal(made, "{\"projectCode\":\"P\",\"contractList\":[{\"corpCode\":\"C\","
				  "\"contractPeriodType\":0,\"endDate\":\"2027-01-01\",\"unit\":80,"
				  "\"unitPrice\":123.05}]}");
	free(made);
}

/* --- answers --- */

static void open_api__understands_answers(void **state)
{
	static const struct {
		const char *text;
		enum open_api_said said;
		enum err_code trouble;
		const char *number, *field;
	} said[] = {
		{"{\"code\":\"0\",\"message\":\"\",\"data\":{\"requestSerialCode\":\"team-add-1\"}}",
		 OPEN_API_TAKEN, ERR_NONE, "team-add-1", ""},
		{"{\"code\":0,\"message\":\"\",\"data\":null}", OPEN_API_DONE, ERR_NONE, "", ""},
		{"{\"code\":-1,\"message\":\"[workerList][0][headImage]不能为空!\"}", OPEN_API_REFUSED,
		 ERR_NONE, "", "headImage"},
		{"{\"code\":\"-2\",\"message\":\"签名错误\"}", OPEN_API_AWAY, ERR_NET_UNAUTHORIZED, "", ""},
		{"{\"code\":-1,\"message\":\"appid无效\"}", OPEN_API_AWAY, ERR_NET_UNAUTHORIZED, "", ""},
		{"{\"code\":-3}", OPEN_API_AWAY, ERR_NET_REFUSED, "", ""},
		{"{\"code\":-4}", OPEN_API_AWAY, ERR_NET_REFUSED, "", ""},
		{"{\"code\":-5}", OPEN_API_AWAY, ERR_NET_SLOW_DOWN, "", ""},
		{"{\"code\":9999,\"message\":\"error\"}", OPEN_API_UNCLEAR, ERR_NONE, "", ""},
		{"{\"code\":7,\"message\":\"该班组已存在，班组编号：1500000001\"}", OPEN_API_PRESENT,
		 ERR_NONE, "1500000001", ""},
		{"{\"code\":\"zero\"}", OPEN_API_UNCLEAR, ERR_NONE, "", ""},
		{"{}", OPEN_API_UNCLEAR, ERR_NONE, "", ""},
		{"[]", OPEN_API_UNCLEAR, ERR_NONE, "", ""},
		{"<html>", OPEN_API_UNCLEAR, ERR_NONE, "", ""},
	};
	struct open_api_answer a;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(said); i++) {
		open_api_read_answer(said[i].text, strlen(said[i].text), &a);
		assert_int_equal(a.said, said[i].said);
		assert_int_equal(a.trouble, said[i].trouble);
		assert_string_equal(a.number, said[i].number);
		assert_string_equal(a.field, said[i].field);
	}
}

static void open_api__understands_results(void **state)
{
	static const struct {
		const char *text;
		enum open_api_said said;
		const char *number;
	} said[] = {
		{"{\"code\":0,\"data\":{\"status\":0}}", OPEN_API_LATER, ""},
		{"{\"code\":0,\"data\":{\"status\":\"20\",\"result\":\"{\\\"teamSysNo\\\":1500000001}\"}}",
		 OPEN_API_DONE, "1500000001"},
		{"{\"code\":0,\"data\":{\"status\":20,\"result\":{\"teamSysNo\":\"1500000001\"}}}",
		 OPEN_API_DONE, "1500000001"},
		{"{\"code\":0,\"data\":{\"status\":20,\"result\":[{\"payrollCode\":\"P1\"}]}}", OPEN_API_DONE,
		 "P1"},
		{"{\"code\":0,\"data\":{\"status\":20,\"result\":null}}", OPEN_API_DONE, ""},
		{"{\"code\":0,\"data\":{\"status\":10,\"result\":\"该分包企业已存在\"}}", OPEN_API_PRESENT,
		 ""},
		{"{\"code\":0,\"data\":{\"status\":10,\"result\":\"人员信息有误\"}}", OPEN_API_REFUSED, ""},
		{"{\"code\":0,\"data\":{\"status\":77}}", OPEN_API_UNCLEAR, ""},
		{"{\"code\":0,\"data\":null}", OPEN_API_UNCLEAR, ""},
	};
	struct open_api_answer a;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(said); i++) {
		open_api_read_result(said[i].text, strlen(said[i].text), &a);
		assert_int_equal(a.said, said[i].said);
		assert_string_equal(a.number, said[i].number);
	}
}

static void open_api__hides_people_in_sentences(void **state)
{
	static const struct {
		const char *said, *shown;
	} s[] = {
		{"证件号440499199001011236的人员已在项目中", "证件号**************1236的人员已在项目中"},
		{"44049919900101123X、13800001234", "**************123X、*******1234"},
		{"卡号6222020000000000000", "卡号***************0000"},
		{"通行证H12345678", "通行证*****5678"},
		{"班组编号：1500000001", "班组编号：1500000001"},
		{"[workerList][12][headImage]超过50KB", "[workerList][12][headImage]超过50KB"},
	};
	char text[128];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(s); i++) {
		text_copy(text, sizeof(text), s[i].said);
		open_api_mask(text);
		assert_string_equal(text, s[i].shown);
	}
}

static void open_api__finds_its_own_row_only(void **state)
{
	static const char body[] = "{\"teamSysNo\":\"1500000001\",\"idCardNumber\":\"110101199003070011\","
				   "\"date\":\"2026-11-20\"}";
	static const struct {
		const char *kind, *row;
		enum open_api_said said;
	} rows[] = {
		{"assignment.enter",
		 "{\"teamSysNo\":1500000001,\"idCardNumber\":\"Pd0vMXi8duONTDrCFWgg8vB2aSMXgyQOQIsobzrLl1Q="
		 "\",\"date\":\"2026-11-20\",\"type\":1}",
		 OPEN_API_PRESENT},
		{"assignment.exit",
		 "{\"teamSysNo\":1500000001,\"idCardNumber\":\"Pd0vMXi8duONTDrCFWgg8vB2aSMXgyQOQIsobzrLl1Q="
		 "\",\"date\":\"2026-11-20\",\"type\":1}",
		 OPEN_API_LATER},
		{"assignment.enter",
		 "{\"teamSysNo\":1500000002,\"idCardNumber\":\"Pd0vMXi8duONTDrCFWgg8vB2aSMXgyQOQIsobzrLl1Q="
		 "\",\"date\":\"2026-11-20\",\"type\":1}",
		 OPEN_API_LATER},
		{"assignment.enter",
		 "{\"teamSysNo\":1500000001,\"idCardNumber\":\"kpdiTHTSuJGP7d0JO8QFDsbAEyRlG30Dc3r5ZZHa1dM="
		 "\",\"date\":\"2026-11-20\",\"type\":1}",
		 OPEN_API_LATER},
		{"assignment.enter", "{\"teamSysNo\":1500000001}", OPEN_API_LATER},
	};
	struct open_api_answer a;
	char text[512];
	cJSON *doc = NULL;

	(void)state;
	assert_int_equal(json_parse(&doc, body, strlen(body), 1024, NULL), 0);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		text_format(text, sizeof(text), "{\"code\":0,\"data\":{\"totalCount\":1,\"rows\":[%s]}}",
			    rows[i].row);
		open_api_read_rows(text, strlen(text), open_api_method(rows[i].kind), &key, doc, &a);
		assert_int_equal(a.said, rows[i].said);
	}
	cJSON_Delete(doc);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(open_api__seals_as_the_examples),
		cmocka_unit_test(open_api__opens_nothing_else),
		cmocka_unit_test(open_api__signs_as_the_examples),
		cmocka_unit_test(open_api__makes_the_calls_of_the_examples),
		cmocka_unit_test(open_api__reads_the_printed_body),
		cmocka_unit_test(open_api__sign_ignores_case_of_hex_and_nothing_else),
		cmocka_unit_test(open_api__md5_and_case_are_settings),
		cmocka_unit_test(open_api__ascii_is_exact),
		cmocka_unit_test(open_api__times_go_both_ways),
		cmocka_unit_test(open_api__refuses_what_is_no_form),
		cmocka_unit_test(open_api__entry_is_shaped_as_the_example),
		cmocka_unit_test(open_api__types_are_the_standards),
		cmocka_unit_test(open_api__understands_answers),
		cmocka_unit_test(open_api__understands_results),
		cmocka_unit_test(open_api__hides_people_in_sentences),
		cmocka_unit_test(open_api__finds_its_own_row_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
