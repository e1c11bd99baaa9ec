/* SPDX-License-Identifier: GPL-3.0-or-later */
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

#include "base/i18n.h"
#include "base/text.h"
#include "broken.h"
#include "profile/profile.h"

static char dir[] = "/tmp/shiming-profile-XXXXXX";

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

/* A directory with the real common.json and codes, and room for a broken file. */
static int make_dir(void **state)
{
	char path[256];

	(void)state;
	if (!mkdtemp(dir))
		return -1;
	text_format(path, sizeof(path), "%s/common.json", dir);
	if (symlink(PROFILE_DIR "/common.json", path))
		return -1;
	text_format(path, sizeof(path), "%s/codes", dir);
	return symlink(PROFILE_DIR "/codes", path);
}

static int remove_dir(void **state)
{
	static const char *const names[] = {"common.json", "codes", "broken.json", "good.json", "not-a-profile.txt"};
	char path[256];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		text_format(path, sizeof(path), "%s/%s", dir, names[i]);
		unlink(path);
	}
	return rmdir(dir);
}

static struct profile *load(const char *name)
{
	struct profile *p = NULL;
	struct err e = {0};

	if (profile_load(&p, PROFILE_DIR, name, &e))
		fail_msg("%s: %s", name, e.detail);
	return p;
}

/* --- one build, two behaviours (J2) --------------------------------------------------------------------------------------- */

static void test_shipped_profiles_are_clean(void **state)
{
	static const char *const regions[] = {"chengdu", "jiangmen", "nanjing", "national", "shanghai"};
	static const char *const files[] = {PROFILE_DIR "/common.json",	 PROFILE_DIR "/chengdu.json",  PROFILE_DIR "/jiangmen.json",
					    PROFILE_DIR "/nanjing.json", PROFILE_DIR "/national.json", PROFILE_DIR "/shanghai.json"};
	struct profile_fault faults[8];
	char names[8][32];
	struct err e = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		int n = profile_check(NULL, files[i], faults, ARRAY_LEN(faults), &e);

		if (n)
			fail_msg("%s: %s", n > 0 ? faults[0].place : files[i], n > 0 ? faults[0].reason : e.detail);
	}
	assert_int_equal(profile_list(PROFILE_DIR, names, ARRAY_LEN(names)), ARRAY_LEN(regions));
	for (size_t i = 0; i < ARRAY_LEN(regions); i++)
		assert_string_equal(names[i], regions[i]);
}

static void test_required_fields_differ(void **state)
{
	struct profile *n = load("national"), *j = load("jiangmen");
	static const enum field_id national_only[] = {F_PHONE, F_CONTRACT_KIND, F_CONTRACT_FROM, F_CONTRACT_TO, F_WAGE_KIND};
	static const enum field_id both[] = {F_DOC_TYPE, F_NUMBER, F_NAME, F_ROLE, F_TRADE, F_TEAM, F_COMPANY};
	static const enum field_id by_hand_in_jiangmen[] = {F_NATION, F_AUTHORITY, F_VALID_FROM, F_VALID_TO};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(national_only); i++) {
		assert_true(profile_required(n, FORM_REGISTER, national_only[i]));
		assert_false(profile_required(j, FORM_REGISTER, national_only[i]));
		assert_true(profile_offers(j, FORM_REGISTER, national_only[i]));
		assert_true(strlen(profile_required_source(n, FORM_REGISTER, national_only[i])) > 4);
		assert_string_equal(profile_required_source(j, FORM_REGISTER, national_only[i]), "");
	}
	for (size_t i = 0; i < ARRAY_LEN(both); i++)
		assert_true(profile_required(n, FORM_REGISTER, both[i]) && profile_required(j, FORM_REGISTER, both[i]));
	for (size_t i = 0; i < ARRAY_LEN(by_hand_in_jiangmen); i++) {
		assert_true(profile_required(j, FORM_MANUAL, by_hand_in_jiangmen[i]));
		assert_false(profile_required(n, FORM_MANUAL, by_hand_in_jiangmen[i]));
	}
	assert_true(profile_required(j, FORM_ENTER, F_TEAM)); /* JM-1 2.7.4 */
	assert_false(profile_required(n, FORM_ENTER, F_TEAM));
	assert_string_equal(profile_required_source(j, FORM_ENTER, F_TEAM), "JM-1 2.7.4 选择所属班组");
	assert_string_equal(profile_default(n, F_CONTRACT_FROM), "today");
	assert_null(profile_default(j, F_CONTRACT_FROM));
	assert_null(profile_default(n, F_PHONE));
	profile_free(n);
	profile_free(j);
}

static void test_steps_differ(void **state)
{
	struct profile *n = load("national"), *j = load("jiangmen");
	static const struct {
		enum event event;
		bool national, jiangmen, reported_in_jiangmen;
	} steps[] = {
		{EVENT_OFFER, true, true, true},      {EVENT_CONSENT, true, false, false}, {EVENT_REGISTER, false, false, false},
		{EVENT_DONE, false, false, false},    {EVENT_DRAFT, true, true, true},     {EVENT_SUBMIT, true, false, true},
		{EVENT_ACCEPT, false, false, false},  {EVENT_CONFIRM, true, false, true},  {EVENT_ENTER, true, true, true},
		{EVENT_EXIT, true, true, true},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		assert_int_equal(profile_has_step(n, steps[i].event), steps[i].national);
		assert_int_equal(profile_has_step(j, steps[i].event), steps[i].jiangmen);
		assert_int_equal(profile_reports(j, steps[i].event), steps[i].reported_in_jiangmen);
	}
	assert_int_equal(profile_authority(n, EVENT_CONSENT), AUTHORITY_PLATFORM);
	assert_int_equal(profile_authority(n, EVENT_CONFIRM), AUTHORITY_DESK);
	assert_int_equal(profile_authority(j, EVENT_CONSENT), AUTHORITY_DESK);
	profile_free(n);
	profile_free(j);
}

static void test_rules_differ(void **state)
{
	struct profile *n = load("national"), *j = load("jiangmen");

	(void)state;
	assert_int_equal(profile_date_rule(n, EVENT_ENTER), DATE_RULE_MOMENT);
	assert_int_equal(profile_date_rule(j, EVENT_ENTER), DATE_RULE_SETTABLE);
	assert_int_equal(profile_date_rule(n, EVENT_EXIT), DATE_RULE_SETTABLE);
	assert_false(profile_flag(n, "teams.management_automatic", true));
	assert_true(profile_flag(j, "teams.management_automatic", false));
	assert_string_equal(profile_text(n, "leaving", ""), "recorded");
	assert_string_equal(profile_text(j, "leaving", ""), "with_exit");
	assert_int_equal(profile_severity(n, "no_training"), SEVERITY_BLOCK);
	assert_int_equal(profile_severity(j, "no_training"), SEVERITY_WARN);
	for (int i = 0; i < 2; i++) {
		struct profile *p = i ? j : n;

		assert_int_equal(profile_severity(p, "no_contract"), SEVERITY_BLOCK);
		assert_int_equal(profile_severity(p, "under_age"), SEVERITY_BLOCK);
		assert_int_equal(profile_severity(p, "over_age"), SEVERITY_WARN);
		assert_int_equal(profile_severity(p, "expired_card"), SEVERITY_WARN);
		assert_int_equal(profile_number(p, "limits.min_age", 0), 16);
		assert_int_equal(profile_number(p, "limits.max_age_male", 0), 60);
	}
	assert_int_equal(profile_severity(n, "limits.min_age"), SEVERITY_NONE); /* another kind */
	assert_int_equal(profile_number(n, "no such", 7), 7);
	assert_string_equal(profile_text(n, "no such", "x"), "x");
	profile_free(n);
	profile_free(j);
}

static void test_codes(void **state)
{
	struct profile *p = load("jiangmen");
	const struct code *codes;

	(void)state;
	assert_int_equal(profile_codes(p, "team_kinds", &codes), 3);
	assert_string_equal(codes[1].code, "management");
	assert_string_equal(profile_code(p, "trades", "020")->name, "钢筋工");
	assert_string_equal(profile_code(p, "trades", "020")->group, "20");
	assert_string_equal(profile_code(p, "trades", "P12")->name, "劳资专管员");
	assert_string_equal(profile_code(p, "worker_roles", "30")->name, "其他人员");
	assert_null(profile_code(p, "trades", "260")); /* in no list */
	assert_null(profile_code(p, "no such", "1"));
	assert_int_equal(profile_codes(p, "no such", &codes), 0);
	assert_string_equal(profile_wire_code(p, "nations", "05"), "维吾尔");
	assert_string_equal(profile_wire_code(p, "sex", "male"), "0");
	assert_string_equal(profile_wire_code(p, "sex", "unstated"), "");
	assert_string_equal(profile_wire_code(p, "trades", "P12"), "900");
	assert_string_equal(profile_wire_code(p, "trades", "Q01"), "1000");
	assert_string_equal(profile_wire_code(p, "trades", "020"), "020");
	assert_string_equal(profile_wire_code(p, "education", "zz"), "zz");
	profile_free(p);
}

/* Shown in the program's language, found in both; what is stored and sent does not depend on it. */
static void test_codes_in_english(void **state)
{
	struct profile *p;
	struct err e = {0};

	(void)state;
	assert_int_equal(profile_load(&p, NULL, "chengdu", &e), 0);
	assert_string_equal(code_word(profile_code(p, "nations", "05")), "维吾尔族");
	assert_null(profile_code_said(p, "nations", "Uygur"));
	i18n_init("en");
	assert_string_equal(code_word(profile_code(p, "nations", "05")), "Uygur");
	assert_string_equal(code_word(profile_code(p, "trades", "P09")), "Quality inspector"); /* the profile's own word */
	assert_string_equal(profile_code_said(p, "nations", "uygur")->code, "05");
	assert_string_equal(profile_code_said(p, "nations", "维吾尔族")->code, "05");
	assert_string_equal(profile_code_said(p, "nations", "05")->code, "05");
	assert_null(profile_code_said(p, "nations", "Uyg"));
	assert_string_equal(profile_wire_code(p, "nations", "05"), "维吾尔");
	i18n_init("zh");
	profile_free(p);
}

static void test_prompts(void **state)
{
	struct profile *p = load("national");
	const struct prompt *found = profile_prompt(p, "提交失败：手机号码格式不正确");

	(void)state;
	assert_non_null(found);
	assert_string_equal(found->action, "amend");
	assert_null(profile_prompt(p, "完全不同的话"));
	profile_free(p);
}

/* Every code that a form can hold has a table with it, and no default is refused by the form that uses it. */
static void test_every_code_field_has_a_table(void **state)
{
	static const char *const names[] = {"national", "jiangmen"};
	const struct code *codes;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct profile *p = load(names[i]);

		for (int f = 0; f < FIELD_COUNT; f++)
			if (field_get((enum field_id)f)->kind == FIELD_CODE)
				assert_true(profile_codes(p, field_get((enum field_id)f)->codes, &codes) > 1);
		profile_free(p);
	}
}

/* --- broken files (J3) ------------------------------------------------------------------------------------------------------ */

static void check_broken(size_t i)
{
	char path[256], place[160];
	struct profile_fault faults[16];
	struct profile *p = NULL;
	struct err e = {0};
	int n;

	write_text("broken.json", broken[i].text);
	text_format(path, sizeof(path), "%s/broken.json", dir);
	n = profile_check(dir, path, faults, ARRAY_LEN(faults), &e);
	if (n < 1)
		fail_msg("case %zu: %d faults, %s", i, n, e.detail);
	text_format(place, sizeof(place), "broken.json%s%s", broken[i].place ? ":" : "", broken[i].place ? broken[i].place : "");
	if (strcmp(faults[0].place, place) || !strstr(faults[0].reason, broken[i].reason))
		fail_msg("case %zu: %s: %s", i, faults[0].place, faults[0].reason);
	assert_int_equal(profile_load(&p, dir, "broken", &e), -1);
	assert_int_equal(e.code, ERR_PROFILE);
	assert_null(p);
	if (strncmp(e.detail, place, strlen(place)) != 0)
		fail_msg("case %zu: detail %s", i, e.detail);
}

static void test_broken_files(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(broken); i++)
		check_broken(i);
}

/* All faults at once, and no more kept than asked for. */
static void test_every_fault_is_reported(void **state)
{
	char path[256];
	struct profile_fault faults[2];
	struct err e = {0};

	(void)state;
	write_text("broken.json", HEAD " \"a\": 1, \"b\": 2,\n \"steps\": {\"dance\": {}},\n \"rules\": {\"x\": 1, \"over_age\": {}}}");
	text_format(path, sizeof(path), "%s/broken.json", dir);
	assert_int_equal(profile_check(dir, path, faults, ARRAY_LEN(faults), &e), 5);
	assert_string_equal(faults[0].place, "broken.json:3:2 a");
	assert_string_equal(faults[1].place, "broken.json:3:10 b");
	assert_int_equal(profile_check(dir, path, NULL, 0, &e), 5);
}

static void test_region_overrides_by_key(void **state)
{
	struct profile *p = NULL;
	struct err e = {0};

	(void)state;
	write_text("good.json",
		   "{\"format\":1,\"name\":\"good\",\"title\":\"好的\",\"sources\":{\"X\":\"某文件\"},"
		   "\"forms\":{\"manual\":{\"required\":{\"address\":{\"required\":false,\"source\":\"X 一\"}},\"source\":\"X 一\"}},"
		   "\"tables\":{\"sex\":{\"file\":\"sex.tsv\",\"only\":[\"male\",\"female\"],\"words\":{\"male\":\"男性\"},"
		   "\"wire\":{\"map\":{\"male\":\"1\"}},\"source\":\"X 一\"}},"
		   "\"rules\":{\"limits.min_age\":{\"value\":18,\"source\":\"X 一\"}},"
		   "\"prompts\":[{\"match\":\"手机\",\"cause\":\"甲\",\"remedy\":\"乙\",\"action\":\"none\",\"source\":\"X 一\"}]}");
	assert_int_equal(profile_load(&p, dir, "good", &e), 0);
	assert_false(profile_required(p, FORM_MANUAL, F_ADDRESS));
	assert_true(profile_required(p, FORM_MANUAL, F_BIRTH)); /* common's */
	assert_int_equal(profile_number(p, "limits.min_age", 0), 18);
	assert_int_equal(profile_number(p, "limits.max_age_male", 0), 60);
	assert_null(profile_code(p, "sex", "unstated"));
	assert_string_equal(profile_code(p, "sex", "male")->name, "男性");
	assert_string_equal(profile_wire_code(p, "sex", "male"), "1");
	assert_string_equal(profile_wire_code(p, "sex", "female"), "female");
	assert_string_equal(profile_prompt(p, "手机号码格式不正确")->action, "none"); /* the region's first */
	profile_free(p);
}

static void test_unknown_and_unreadable(void **state)
{
	struct profile *p = NULL;
	struct profile_fault fault;
	struct err e = {0};

	(void)state;
	assert_int_equal(profile_load(&p, PROFILE_DIR, "atlantis", &e), -1);
	assert_int_equal(e.code, ERR_PROFILE_UNKNOWN);
	assert_int_equal(profile_load(&p, PROFILE_DIR, "../profile/national", &e), -1);
	assert_int_equal(e.code, ERR_PROFILE_UNKNOWN);
	assert_int_equal(profile_load(&p, PROFILE_DIR, "common", &e), -1);
	assert_int_equal(e.code, ERR_PROFILE_UNKNOWN);
	assert_int_equal(profile_check(PROFILE_DIR, "/nonexistent/x.json", &fault, 1, &e), -1);
	assert_int_equal(e.code, ERR_NOT_FOUND);
	assert_int_equal(profile_load(&p, "/nonexistent", "national", &e), -1);
	assert_int_equal(profile_list("/nonexistent", NULL, 0), 0);
	profile_free(NULL);
}

static void test_where_profiles_lie(void **state)
{
	struct profile *p = NULL;
	struct err e = {0};
	char found[4096];

	(void)state;
	assert_int_equal(setenv("SHIMING_PROFILES", PROFILE_DIR, 1), 0);
	assert_int_equal(profile_directory(found, sizeof(found), &e), 0);
	assert_string_equal(found, PROFILE_DIR);
	assert_int_equal(unsetenv("SHIMING_PROFILES"), 0);
	assert_int_equal(profile_load(&p, NULL, "national", &e), 0); /* the build tree's copy beside this program */
	assert_string_equal(profile_name(p), "national");
	assert_string_equal(profile_title(p), "全国通用");
	profile_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shipped_profiles_are_clean), cmocka_unit_test(test_required_fields_differ),
		cmocka_unit_test(test_steps_differ),               cmocka_unit_test(test_rules_differ),
		cmocka_unit_test(test_codes),                      cmocka_unit_test(test_codes_in_english),
		cmocka_unit_test(test_prompts),
		cmocka_unit_test(test_every_code_field_has_a_table), cmocka_unit_test(test_broken_files),
		cmocka_unit_test(test_every_fault_is_reported),    cmocka_unit_test(test_region_overrides_by_key),
		cmocka_unit_test(test_unknown_and_unreadable),     cmocka_unit_test(test_where_profiles_lie),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
