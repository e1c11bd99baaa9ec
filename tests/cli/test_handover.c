/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * packaging/HANDOVER.md followed word for word (L9): its commands are read out of it and run, each section on
 * its computer, with the real platform. What was waiting on the old computer is sent by the new one, and the
 * old one can send nothing any more; then the same once more to a third one, by the recovery code, without
 * the password. Three directories with a witness each are the three computers.
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
#define PW4 " --user zhang --password-file pw4" /* after the recovery code */
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
	write_file("pw4", "Chongshe-2026\n");
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
static struct {
	const char *words, *instead;
} at_place[] = {
	{"--user zhang", PW + 1}, /* his own is the first */
	{"/media/usb", "stick"},
	{"restore stick/shiming.backup --recovery", "restore stick/shiming.backup --recovery-file code"},
	{"user passwd --recovery", "user passwd --recovery-file code --new-password-file pw4"},
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

static const char *followed[64]; /* commands of the guide */
static unsigned n_followed;

static void note(const char *at)
{
	for (unsigned i = 0; i < n_followed; i++)
		if (followed[i] == at)
			return;
	assert_true(n_followed < ARRAY_LEN(followed));
	followed[n_followed++] = at;
}

static void follow_line(const char *at, const char *end)
{
	char line[700];

	assert_int_equal(strncmp(at, "shiming ", 8), 0);
	translate(at + 8, (size_t)(end - at - 8), line, sizeof(line));
	note(at);
	if (!strcmp(line, "doctor"))
		assert_in_range(run(line), 0, 1); /* a machine of tests has no reader: it says so */
	else
		expect(0, line);
}

/* All commands of a block but its first `but`, in their order; returns how many. */
static int follow_block(const char *at, int but)
{
	const char *end;
	int n = 0;

	for (; strncmp(at, "```", 3); at = end + 1, n++) {
		end = strchr(at, '\n');
		assert_non_null(end);
		if (n >= but)
			follow_line(at, end);
	}
	return n - but;
}

/* A block after a heading or a sentence, which stands there once. */
static int follow_after(const char *words, int but)
{
	const char *at = strstr(guide.data, words);

	assert_non_null(at);
	assert_null(strstr(at + 1, words));
	at = strstr(at, "```sh\n");
	assert_non_null(at);
	return follow_block(at + strlen("```sh\n"), but);
}

static int follow_another(const char **at, const char *end)
{
	*at = strstr(*at, "```sh\n");
	if (!*at || (end && *at > end))
		return 0;
	*at += strlen("```sh\n");
	return follow_block(*at, 0);
}

/* All commands of a section, in their order; returns how many. */
static int follow(const char *section)
{
	const char *at = strstr(guide.data, section), *next;
	int n = 0, more;

	assert_non_null(at);
	next = strstr(at + 1, "\n## ");
	while ((more = follow_another(&at, next)))
		n += more;
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
		"user add jingli --display 钱经理 --roles project_manager --new-password-file pw2" PW,
		"company add --credit-code 91990101MA0XMXA19G --name 云溪建设集团有限公司 --short-name "
		"云溪建设 --area-code 990101 --registered-on 2015-06-01" PW,
		"participant add --company 91990101MA0XMXA19G --type 总承包单位 --manager 钱经理 "
		"--manager-phone 13800000001" PW,
		"participant enter 云溪建设" PW,
		"team add --name 钢筋一班 --company 云溪建设" PW,
		"team enter 钢筋一班" PW,
	};

	write_file("code", cJSON_GetStringValue(cJSON_GetObjectItem(
				   expect_json(0, "init --profile national --project 测试项目 --project-code "
						  "TEST0001 --account zhang "
						  "--password-file pw --json"),
				   "recovery_code")));
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
	return cJSON_GetArraySize(expect_json(0, "outbox list --json --user jingli --password-file pw2"));
}

static void team(const char *name)
{
	char line[200];

	text_format(line, sizeof(line), "team add --name %s --company 云溪建设 %s", name,
		    at_place[0].instead);
	expect(0, line);
}

static void sync_now(int status)
{
	char line[100];

	text_format(line, sizeof(line), "sync --now %s", at_place[0].instead);
	expect(status, line);
}

/* The one before goes on as if nothing had been said. */
static void can_send_nothing(const char *data, const char *witness)
{
	int waiting;

	computer(data, witness);
	team("瓦工一班");
	waiting = teams_waiting();
	assert_true(waiting > 0);
	sync_now(1);
	expect_said("已停止上传");
	assert_int_equal(teams_waiting(), waiting);
}

static void sends(const char *name)
{
	team(name);
	sync_now(0);
	assert_int_equal(teams_waiting(), 0);
}

static void word_for_word(void **state)
{
	(void)state;
	assert_int_equal(mkdir("stick", 0700), 0);
	computer("old", "/witness.old");
	make_site();
	start_platform();
	assert_int_equal(follow("## 1."), 3);
	assert_int_equal(teams_waiting(), 0);

	/* once more, with something that did not get out any more: it goes along */
	assert_int_equal(unlink("stick/shiming.backup"), 0);
	team("抹灰一班");
	expect(0, "backup stick/shiming.backup" PW);
	computer("new", "/witness.new");
	assert_int_equal(follow_after("## 2.", 0), 4);
	assert_true(teams_waiting() > 0);
	assert_int_equal(follow("## 3."), 3);
	sends("木工一班");
	can_send_nothing("old", "/witness.old");

	computer("new", "/witness.new");
	sync_now(0);
}

/* The clerk of the second computer has left without a word; his firm has the stick and the recovery code. */
static void without_the_password(void **state)
{
	(void)state;
	computer("new", "/witness.new");
	assert_int_equal(unlink("stick/shiming.backup"), 0);
	assert_int_equal(follow("## 1."), 3);
	computer("third", "/witness.third");
	assert_int_equal(follow_after("口令忘了，有恢复码", 0), 2);
	assert_int_not_equal(run("person list" PW), 0);
	at_place[0].instead = PW4 + 1;
	assert_int_equal(follow_after("## 2.", 1), 3);
	assert_int_equal(follow("## 3."), 3);
	sends("架子一班");
	at_place[0].instead = PW + 1;
	can_send_nothing("new", "/witness.new");

	computer("third", "/witness.third");
	at_place[0].instead = PW4 + 1;
	sync_now(0);
}

static void a_new_clerk(void **state)
{
	(void)state;
	computer("third", "/witness.third");
	assert_int_equal(follow("## 5."), 3);
	expect_said("恢复码");
	assert_int_equal(n_followed, commands());
	assert_int_not_equal(run("person list" PW4), 0); /* zhang is out */
	expect(0, "person list --user wang --password-file pw3");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(word_for_word),
		cmocka_unit_test(without_the_password),
		cmocka_unit_test(a_new_clerk),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
