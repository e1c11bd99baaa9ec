/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A fifth city is one JSON file, a table if it needs one, and its cases (J1, J2): an invented one is added to
 * the shipped files, and the same program takes a person through its steps, its words, its required fields
 * and its prompts.
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/text.h"
#include "judge.h"
#include "profile/profile.h"

static char dir[] = "/tmp/shiming-fifth-XXXXXX";

static const char rules[] =
	"{\n"
	"\"format\": 1,\n"
	"\"name\": \"yunxi\",\n"
	"\"title\": \"云溪\",\n"
	"\"sources\": {\"YX\": \"云溪市实名制办法（虚构）\"},\n"
	"\"tables\": {\"trades\": {\"file\": \"yunxi_trades.tsv\", \"wire\": {\"map\": {\"M1\": \"010\", "
	"\"G1\": \"020\"}}, \n"
	"\"source\": \"YX 附表\"}, \"worker_roles\": {\"file\": \"worker_roles.tsv\", \"only\": [\"10\", "
	"\"20\"], \n"
	"\"words\": {\"20\": \"务工人员\"}, \"source\": \"YX 二\"}},\n"
	"\"forms\": {\"register\": {\"required\": {\"company\": {\"required\": true, \"source\": \"YX 三\"}, "
	"\n"
	"\"team\": {\"required\": true, \"source\": \"YX 三\"}, \"trade\": {\"required\": true, \"source\": "
	"\"YX 三\"}, \n"
	"\"emergency_phone\": {\"required\": true, \"source\": \"YX 三\"}}, \"source\": \"YX 三\"}},\n"
	"\"defaults\": {\"trade\": {\"value\": \"M1\", \"source\": \"YX 三\"}},\n"
	"\"steps\": {\"consent\": {\"own\": false, \"source\": \"YX 四\"}, \"register\": {\"source\": \"YX "
	"四\"}, \n"
	"\"done\": {\"own\": false, \"source\": \"YX 四\"}, \"submit\": {\"source\": \"YX 五\"}, \n"
	"\"accept\": {\"source\": \"YX 五\"}, \"confirm\": {\"authority\": \"platform\", \"source\": \"YX "
	"五\"}},\n"
	"\"dates\": {\"enter\": {\"rule\": \"settable\", \"source\": \"YX 六\"}},\n"
	"\"rules\": {\"no_training\": {\"value\": \"none\", \"source\": \"YX 六\"}, \"limits.min_age\": "
	"{\"value\": 18, \n"
	"\"source\": \"YX 一\"}},\n"
	"\"prompts\": [{\"match\": \"云溪码失效\", \"cause\": \"码过了一年。\", \"remedy\": "
	"\"请本人重新申领，再办理进场。\", \n"
	"\"action\": \"enter\", \"source\": \"YX 七\"}]\n"
	"}\n";
static const char trades[] =
	"# source: "
	"云溪市实名制办法（虚构）附表\ncode\tname\tshort\tgroup\nM1\t木作工\t\t20\nG1\t钢作工\t\t20\n";
static const char cases[] = "[YX 1-2 | 年满十八岁]\n"
			    "rule limits.min_age 18\n"
			    "given age=17\n"
			    "guard employment none offer refuse 年龄\n"
			    "[YX 3 | 必填和默认，用自己的词]\n"
			    "required register company team trade emergency_phone\n"
			    "optional register phone wage_kind\n"
			    "default trade M1\n"
			    "word trades G1 钢作工\n"
			    "word trades 240 -\n"
			    "word worker_roles 20 务工人员\n"
			    "word worker_roles 30 -\n"
			    "wire native trades G1 020\n"
			    "[YX 4-6 | 单位登记；提交以后先接收，再等平台确认；进场日期可填]\n"
			    "step consent left-out\n"
			    "step register desk\n"
			    "step done left-out\n"
			    "step accept desk\n"
			    "step confirm platform\n"
			    "date enter settable\n"
			    "hire trade=G1 trained_on= emergency_phone=13900000001\n"
			    "employment accepted\n"
			    "cannot submit 0 用工登记\n"
			    "does register\n"
			    "employment registered\n"
			    "does submit\n"
			    "assignment submitted\n"
			    "login manager\n"
			    "does accept\n"
			    "assignment accepted\n"
			    "does confirm\n"
			    "assignment accepted\n"
			    "comes assignment.confirm\n"
			    "assignment confirmed\n"
			    "login clerk\n"
			    "does enter -1\n"
			    "assignment on_site\n"
			    "sent employment.register 1\n"
			    "sent assignment.enter 1\n"
			    "[YX 7 | 提示]\n"
			    "prompt enter 提示：云溪码失效，请处理\n"
			    "prompt retry 未离职\n";

static void write_text(const char *name, const char *text)
{
	char path[256];
	FILE *f;

	text_format(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, strlen(text), f), strlen(text));
	assert_int_equal(fclose(f), 0);
}

static int link_codes(void)
{
	DIR *codes = opendir(PROFILE_DIR "/codes");
	struct dirent *entry;
	char from[512], to[512];

	if (!codes)
		return -1;
	while ((entry = readdir(codes))) {
		text_format(from, sizeof(from), PROFILE_DIR "/codes/%s", entry->d_name);
		text_format(to, sizeof(to), "%s/codes/%s", dir, entry->d_name);
		if (entry->d_name[0] != '.' && symlink(from, to))
			return -1;
	}
	return closedir(codes);
}

static int make_city(void **state)
{
	char path[256];

	(void)state;
	if (!mkdtemp(dir))
		return -1;
	text_format(path, sizeof(path), "%s/codes", dir);
	if (mkdir(path, 0700) || link_codes())
		return -1;
	text_format(path, sizeof(path), "%s/common.json", dir);
	if (symlink(PROFILE_DIR "/common.json", path))
		return -1;
	write_text("yunxi.json", rules);
	write_text("codes/yunxi_trades.tsv", trades);
	write_text("yunxi.cases", cases);
	return 0;
}

static int remove_city(void **state)
{
	char command[300];

	(void)state;
	text_format(command, sizeof(command), "rm -rf '%s'", dir);
	return system(command);
}

static void test_it_is_offered_and_clean(void **state)
{
	char path[256], names[8][32];
	struct profile_fault fault;
	struct err e = {0};

	(void)state;
	text_format(path, sizeof(path), "%s/yunxi.json", dir);
	if (profile_check(dir, path, &fault, 1, &e))
		fail_msg("%s: %s", fault.place, fault.reason);
	assert_int_equal(profile_list(dir, names, ARRAY_LEN(names)), 1);
	assert_string_equal(names[0], "yunxi");
}

static void test_a_person_goes_through_it(void **state)
{
	char path[256];

	(void)state;
	text_format(path, sizeof(path), "%s/yunxi.cases", dir);
	assert_int_equal(judge_cases(dir, path), 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_it_is_offered_and_clean),
		cmocka_unit_test(test_a_person_goes_through_it),
	};

	return cmocka_run_group_tests(tests, make_city, remove_city);
}
