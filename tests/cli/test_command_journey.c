/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A clerk's whole work from the command line, on real parts: a card through the simulated module, our driver and pcscd; registration; the
 * reference platform over TLS; the worker's consent; submission, confirmation by the manager, entry and exit, all uploaded.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/dates.h"
#include "base/io.h"
#include "base/text.h"
#include "practice_services.h"
#include "program.h"

#define TOKEN "box-token-of-a-test"
#define CARD "ouyang-mingyue"
#define PERSON "欧阳明月"
#define PW " --password-file pw"
#define PW2 " --user manager --password-file pw2"

static struct practice_services services;
static char runtime[96];

static int setup(void **state)
{
	struct err e = {0};

	(void)state;
	program_begin();
	setenv("SHIMING_LIBEXEC", BIN_DIR, 1);
	setenv("SHIMING_USER", "clerk", 1);
	setenv("SHIMING_DATA", "data", 1);
	write_file("pw", "Lianxi-2026\n");
	write_file("pw2", "Jingli-2026\n");
	write_file("token", TOKEN "\n");
	text_format(runtime, sizeof(runtime), "%s", dir);
	if (practice_services_init(&services, runtime, &e) || practice_cards_start(&services, NULL, &e))
		fail_msg("%s: %s", err_name(e.code), e.detail);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	practice_services_stop(&services);
	program_end();
	return 0;
}

static void start_platform(void)
{
	static const char *const extra[] = {"--consent-after", "0", NULL};
	char db[128], line[512];
	struct err e = {0};

	text_format(db, sizeof(db), "%s/platform.db", dir);
	if (practice_platform_start(&services, db, TOKEN, extra, &e))
		fail_msg("%s: %s", err_name(e.code), e.detail);
	text_format(line, sizeof(line), "setting platform.url %s" PW2, services.url);
	expect(0, line);
	text_format(line, sizeof(line), "setting platform.ca_file %s" PW2, services.ca_file);
	expect(0, line);
	expect(0, "setting platform.token --value-file token" PW2);
}

static void make_site(void)
{
	static const char *const lines[] = {
		"init --profile national --project 测试项目 --project-code TEST0001 --account clerk" PW,
		"user add manager --display 钱经理 --roles project_manager --new-password-file pw2" PW,
		"company add --credit-code 91990101MA0XMXA19G --name 云溪建设集团有限公司 --short-name 云溪建设 --area-code 990101 --registered-on 2015-06-01" PW,
		"participant add --company 91990101MA0XMXA19G --type 总承包单位 --manager 钱经理 --manager-phone 13800000001" PW,
		"participant enter 云溪建设" PW,
		"team add --name 钢筋一班 --company 云溪建设" PW,
		"team enter 钢筋一班" PW,
	};

	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		expect(0, lines[i]);
}

static const char *assignment(void)
{
	return json_string(cJSON_GetArrayItem(expect_json(0, "person list --json --search " PERSON PW), 0), "assignment");
}

/* The platform decides in its own time: one run sends, a later one brings the answer. */
static void wait_for_employment(const char *wanted)
{
	int64_t until = clock_steady_ms() + 30000;
	const char *is = "";

	while (clock_steady_ms() < until) {
		expect(0, "sync --once --now" PW);
		is = json_string(cJSON_GetArrayItem(expect_json(0, "person list --json" PW), 0), "employment");
		if (strcmp(is, wanted) == 0)
			return;
	}
	fail_msg("still %s", is);
}

static void test_card(void **state)
{
	struct err e = {0};
	const cJSON *o;

	(void)state;
	o = cJSON_GetArrayItem(expect_json(0, "card readers --json"), 0);
	assert_string_equal(json_string(o, "state"), "ready");
	expect(1, "card read --timeout 1 --json");
	expect_said("超时");
	assert_int_equal(practice_cards_tell(&services, "place " CARD, &e), 0);
	o = expect_json(0, "card read --json --timeout 20");
	assert_string_equal(json_string(o, "name"), PERSON);
	assert_string_equal(json_string(o, "type"), "resident");
	assert_int_equal(strlen(json_string(o, "number")), 18);
	expect(0, "card read --timeout 20");
	expect_said(PERSON);
	o = expect_json(1, "doctor --json"); /* no data directory yet; everything about cards is well */
	for (const cJSON *row = o->child; row; row = row->next)
		if (!strcmp(json_string(row, "check"), "pcscd") || !strcmp(json_string(row, "check"), "readers"))
			assert_string_equal(json_string(row, "health"), "good");
}

/* What is wrong with a reader stands in doctor with its sentence and its advice. */
static void test_doctor_names_it(void **state)
{
	static const struct {
		const char *tell, *undo, *said;
	} cases[] = {
		{"module 66", "module 90", "安全模块故障或未授权"},
		{"unplug", "plug", "读卡器已断开"},
	};
	struct err e = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		int64_t until = clock_steady_ms() + 20000;

		assert_int_equal(practice_cards_tell(&services, cases[i].tell, &e), 0);
		do {
			run("doctor");
		} while (!strstr(stdout_text(), cases[i].said) && clock_steady_ms() < until);
		expect_said(cases[i].said);
		assert_int_equal(practice_cards_tell(&services, cases[i].undo, &e), 0);
	}
	for (int64_t until = clock_steady_ms() + 20000; clock_steady_ms() < until;) {
		run("card readers --json");
		if (strstr(stdout_text(), "\"ready\""))
			return;
	}
	fail_msg("the reader did not come back");
}

static void test_journey(void **state)
{
	(void)state;
	make_site();
	expect(0, "person add --card --timeout 20 --phone 13800000021 --trade 木工 --company 云溪建设 --team 钢筋一班 --contract-to 2036-11-20"
		  " --wage-kind 日结 --trained-on 2026-11-20" PW);
	assert_false(json_bool(cJSON_GetArrayItem(expect_json(0, "person list --json" PW), 0), "manual", true));
	start_platform();
	wait_for_employment("registered");
	expect(0, "assignment submit " PERSON PW);
	expect(1, "assignment confirm " PERSON PW); /* the clerk confirms nothing (E3) */
	expect(0, "assignment confirm " PERSON PW2);
	assert_string_equal(assignment(), "confirmed");
	expect(0, "assignment enter " PERSON PW);
	assert_string_equal(assignment(), "on_site");
	expect(0, "assignment exit " PERSON PW);
	expect_json(0, "sync --now --json" PW);
	assert_int_equal(json_int(answer, "rejected", -1), 0);
	assert_int_equal(json_int(answer, "accepted", -1), 4);
	assert_int_equal(cJSON_GetArraySize(expect_json(0, "outbox list --json" PW)), 0);
	assert_string_equal(assignment(), "exited");
}

/* Nothing of the work is lost while the platform is away, and it says why. */
static void test_platform_away(void **state)
{
	(void)state;
	practice_platform_stop(&services, false);
	expect(0, "team add --name 木工一班 --company 云溪建设" PW);
	expect(1, "sync --now" PW);
	expect_said("连接不上平台");
	assert_true(cJSON_GetArraySize(expect_json(0, "outbox list --json" PW)) >= 1);
}

/* A report for support, made while a card was just read and people are registered: readers, module, versions, exchanges, and of all
 * that is personal here, nothing: card, phone, accounts, companies, project, directories, this computer's name. */
static void test_report(void **state)
{
	static const char *const kept[] = {"module=05.03-20160101-", "kind=samv", "frame 30 01 answered status=90 bytes=1284",
					   "frame 20 02 answered", "interface=1", "check readers good", "package pcscd ", "kernel Linux",
					   "libpcsclite "};
	static const char *const planted[] = {PERSON, "欧阳", "明月", "ouyang", "13800000021", "13800000001", "钱经理", "云溪", "钢筋一班", "测试项目",
					      "TEST0001", "91990101MA0XMXA19G", "Lianxi-2026", TOKEN, "clerk", "manager"};
	const cJSON *o;
	char *report, number[32], address[256], host[256] = "no host name at all";
	struct buf text;

	(void)state;
	o = expect_json(0, "card read --json --timeout 20");
	text_copy(number, sizeof(number), json_string(o, "number"));
	text_copy(address, sizeof(address), json_string(o, "address"));
	assert_true(strlen(number) == 18 && *address);
	run("doctor --report report.txt" PW);
	expect_said("report.txt");
	buf_init(&text, 1 << 20);
	assert_int_equal(io_read_file("report.txt", 1 << 20, &text, NULL), 0);
	assert_int_equal(buf_add(&text, "", 1), 0);
	report = text.data;
	for (size_t i = 0; i < ARRAY_LEN(kept); i++)
		if (!strstr(report, kept[i]))
			fail_msg("'%s' is missing in:\n%s", kept[i], report);
	for (size_t i = 0; i < ARRAY_LEN(planted); i++)
		if (strstr(report, planted[i]))
			fail_msg("'%s' stands in the report", planted[i]);
	gethostname(host, sizeof(host) - 1);
	assert_null(strstr(report, number));
	assert_null(strstr(report, number + 12));
	assert_null(strstr(report, address));
	assert_null(strstr(report, dir));
	assert_null(strstr(report, "/tmp"));
	assert_null(strstr(report, "/home"));
	assert_null(strstr(report, host));
	/* What the driver gives has no room for content: a frame's line is command, outcome, status, length and time. */
	for (const char *line = strstr(report, "  frame "); line; line = strstr(line + 1, "  frame "))
		assert_true(strcspn(line, "\n") < 64);
	buf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_card),
		cmocka_unit_test(test_doctor_names_it),
		cmocka_unit_test(test_journey),
		cmocka_unit_test(test_report),
		cmocka_unit_test(test_platform_away),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
