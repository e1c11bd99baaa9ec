/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * packaging/HANDOVER.md followed word for word (L9): its commands are read out of it and run, each section on
 * its computer, with the real platform. What was waiting on the old computer is sent by the new one, and the
 * old one can send nothing any more. Two directories with a witness each are the two computers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/io.h"
#include "base/text.h"
#include "practice_services.h"
#include "program.h"

#define TOKEN "box-token-of-a-test"
#define PW " --user zhang --password-file pw"
#define PW2 " --user jingli --password-file pw2"
#define PLATFORM_FILE "platform.db"

static struct practice_services services;
static struct buf guide;

static void computer(const char *data, const char *witness)
{
	setenv("SHIMING_DATA", data, 1);
	set_env("SHIMING_WITNESS", witness);
}

static int setup(void **state)
{
	struct err e = {0};

	(void)state;
	program_begin();
	setenv("SHIMING_LIBEXEC", BIN_DIR, 1);
	write_file("pw", "Lianxi-2026\n");
	write_file("pw2", "Jingli-2026\n");
	write_file("pw3", "Xinren-2026\n");
	write_file("token", TOKEN "\n");
	if (practice_services_init(&services, dir, &e))
		fail_msg("%s: %s", err_name(e.code), e.detail);
	buf_init(&guide, 1 << 20);
	assert_int_equal(io_read_file(HANDOVER, 1 << 20, &guide, NULL), 0);
	assert_int_equal(buf_add(&guide, "", 1), 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	buf_release(&guide);
	practice_services_stop(&services);
	program_end();
	return 0;
}

/* --- the guide -------------------------------------------------------------------------------------------
 */

/* What a person does at the place of a word of the guide. */
static const struct {
	const char *words, *instead;
} at_place[] = {
	{"/media/usb", "stick"},
	{"--user zhang", "--user zhang --password-file pw"},
	{"--user jingli", "--user jingli --password-file pw2"},
	{"user add wang", "user add wang --new-password-file pw3"},
};

static void translate(const char *line, size_t n, char *words, size_t size)
{
	char now[600], next[600];

	text_format(now, sizeof(now), "%.*s", (int)n, line);
	for (size_t i = 0; i < ARRAY_LEN(at_place); i++) {
		char *at = strstr(now, at_place[i].words);

		if (!at)
			continue;
		text_format(next, sizeof(next), "%.*s%s%s", (int)(at - now), now, at_place[i].instead,
			    at + strlen(at_place[i].words));
		text_copy(now, sizeof(now), next);
	}
	text_copy(words, size, now);
}

static unsigned followed; /* commands of the guide */

static int follow_block(const char *at)
{
	char line[700];
	const char *end;
	int n = 0;

	for (; strncmp(at, "```", 3); at = end + 1, n++) {
		end = strchr(at, '\n');
		assert_non_null(end);
		assert_int_equal(strncmp(at, "shiming ", 8), 0);
		translate(at + 8, (size_t)(end - at - 8), line, sizeof(line));
		if (!strcmp(line, "doctor"))
			assert_in_range(run(line), 0, 1); /* a machine of tests has no reader: it says so */
		else
			expect(0, line);
	}
	return n;
}

/* All commands of a section, in their order; returns how many. */
static int follow(const char *section)
{
	const char *at = strstr(guide.data, section), *next;
	int n = 0;

	assert_non_null(at);
	next = strstr(at + 1, "\n## ");
	while ((at = strstr(at, "```sh\n")) && (!next || at < next)) {
		at += strlen("```sh\n");
		n += follow_block(at);
		at = strstr(at, "```\n") + strlen("```\n");
	}
	followed += (unsigned)n;
	return n;
}

/* A command that stands outside the blocks would be followed by people and not by this test. */
static unsigned commands(void)
{
	unsigned n = 0;

	for (const char *at = guide.data; (at = strstr(at, "shiming ")); at += strlen("shiming "))
		n += at[-1] == '\n' || at[-1] == '`' || !strncmp(at - 4, "    ", 4);
	return n;
}

/* --- the two computers ------------------------------------------------------------------------------------
 */

static void make_site(void)
{
	static const char *const lines[] = {
		"init --profile national --project 测试项目 --project-code TEST0001 --account zhang "
		"--password-file pw",
		"user add jingli --display 钱经理 --roles project_manager --new-password-file pw2" PW,
		"company add --credit-code 91990101MA0XMXA19G --name 云溪建设集团有限公司 --short-name "
		"云溪建设 --area-code 990101 --registered-on 2015-06-01" PW,
		"participant add --company 91990101MA0XMXA19G --type 总承包单位 --manager 钱经理 "
		"--manager-phone 13800000001" PW,
		"participant enter 云溪建设" PW,
		"team add --name 钢筋一班 --company 云溪建设" PW,
		"team enter 钢筋一班" PW,
	};

	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		expect(0, lines[i]);
}

static void start_platform(void)
{
	char db[128], line[512];
	struct err e = {0};

	text_format(db, sizeof(db), "%s/" PLATFORM_FILE, dir);
	if (practice_platform_start(&services, db, TOKEN, NULL, &e))
		fail_msg("%s: %s", err_name(e.code), e.detail);
	text_format(line, sizeof(line), "setting platform.url %s" PW2, services.url);
	expect(0, line);
	text_format(line, sizeof(line), "setting platform.ca_file %s" PW2, services.ca_file);
	expect(0, line);
	expect(0, "setting platform.token --value-file token" PW2);
}

static int teams_waiting(void)
{
	return cJSON_GetArraySize(expect_json(0, "outbox list --json" PW));
}

static void word_for_word(void **state)
{
	int waiting;

	(void)state;
	assert_int_equal(mkdir("stick", 0700), 0);
	computer("old", "/witness.old");
	make_site();
	start_platform();
	assert_int_equal(follow("## 1."), 3);
	assert_int_equal(teams_waiting(), 0);

	/* once more, with something that did not get out any more: it goes along */
	assert_int_equal(unlink("stick/shiming.backup"), 0);
	expect(0, "team add --name 抹灰一班 --company 云溪建设" PW);
	expect(0, "backup stick/shiming.backup" PW);
	computer("new", "/witness.new");
	assert_int_equal(follow("## 2."), 4);
	assert_true(teams_waiting() > 0);
	assert_int_equal(follow("## 3."), 3);
	expect(0, "team add --name 木工一班 --company 云溪建设" PW);
	expect(0, "sync --now" PW);
	assert_int_equal(teams_waiting(), 0);

	/* the old one goes on as if nothing had been said */
	computer("old", "/witness.old");
	expect(0, "team add --name 瓦工一班 --company 云溪建设" PW);
	waiting = teams_waiting();
	assert_true(waiting > 0);
	expect(1, "sync --now" PW);
	expect_said("已停止上传");
	assert_int_equal(teams_waiting(), waiting);

	computer("new", "/witness.new");
	expect(0, "sync --now" PW);
	assert_int_equal(follow("## 5."), 3);
	expect_said("恢复码");
	assert_int_equal(followed, commands());
	assert_int_not_equal(run("person list" PW), 0); /* zhang is out */
	expect(0, "person list --user wang --password-file pw3");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(word_for_word),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
