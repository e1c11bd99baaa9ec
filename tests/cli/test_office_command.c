/* SPDX-License-Identifier: GPL-3.0-or-later */
/* import, export and print with the real program and the real shiming-office. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/io.h"
#include "base/text.h"
#include "cli/program.h"

#define CODE "91990101MA0XMXA19G"
#define NUMBER "110199199003070017"
#define PW " --password-file pw"
#define HEADINGS "姓名,身份证号,性别,民族,住址,手机,人员类型,工种,用工单位,班组,合同类型,合同开始日期,合同结束日期,计酬方式\n"
#define GOOD "测试甲," NUMBER ",男,汉,练习路1号,13800000011,建筑工人,钢筋工,云溪建设,钢筋一班,固定期限合同,2026-11-20,2028-12-31,按日\n"
#define BAD "测试乙,1.10199E+17,男,汉,练习路1号,13800000012,建筑工人,钢筋工,云溪建设,钢筋一班,固定期限合同,2026-11-20,2028-12-31,按日\n"

static int make_site(void **state)
{
	static const char *const lines[] = {
		"init --profile national --project 测试项目 --account clerk" PW " --data site",
		"company add --credit-code " CODE " --name 云溪建设集团有限公司 --short-name 云溪建设" PW,
		"participant add --company " CODE " --type 总承包单位 --manager 钱经理 --manager-phone 13800000001" PW,
		"participant enter 云溪建设" PW,
		"team add --name 钢筋一班 --company 云溪建设" PW,
		"team enter 钢筋一班" PW,
	};

	(void)state;
	program_begin();
	write_file("pw", "Lianxi-2026\n");
	setenv("SHIMING_USER", "clerk", 1);
	set_env("SHIMING_DATA", "/site");
	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		expect(0, lines[i]);
	write_file("roster.csv", HEADINGS GOOD BAD);
	return 0;
}

static int drop_site(void **state)
{
	(void)state;
	program_end();
	return 0;
}

static bool file_has(const char *name, const char *text)
{
	struct buf b;
	bool has;

	buf_init(&b, 1 << 20);
	assert_int_equal(io_read_file(name, 1 << 20, &b, NULL), 0);
	has = memmem(b.data, b.len, text, strlen(text)) != NULL;
	buf_release(&b);
	return has;
}

static void import__tried_taken_and_again(void **state)
{
	const cJSON *o;

	(void)state;
	o = expect_json(1, "import roster roster.csv --dry-run --json" PW);
	assert_int_equal(json_int(o, "new", -1), 1);
	assert_int_equal(json_int(o, "refused", -1), 1);
	assert_int_equal(cJSON_GetArraySize(json_get(o, "verdicts")), 2);
	assert_int_equal(cJSON_GetArraySize(expect_json(0, "person list --json" PW)), 0);
	expect(1, "import roster roster.csv --report bad.csv" PW);
	expect_said("第 3 行");
	expect_said("丢失");
	assert_int_equal(cJSON_GetArraySize(expect_json(0, "person list --json" PW)), 1);
	assert_true(file_has("bad.csv", "1.10199E+17"));
	assert_true(file_has("bad.csv", "退回原因"));
	o = expect_json(1, "import roster roster.csv --json" PW);
	assert_int_equal(json_int(o, "same", -1), 1);
	assert_int_equal(json_int(o, "new", -1), 0);
	expect(1, "import roster nowhere.csv" PW);
	expect(0, "import template template.xlsx" PW);
	assert_true(file_has("template.xlsx", "PK"));
}

static void export__masked_whole_and_never_over_another(void **state)
{
	(void)state;
	expect(0, "export roster roster-out.csv --every-column" PW);
	assert_true(file_has("roster-out.csv", "测试甲"));
	assert_false(file_has("roster-out.csv", NUMBER));
	expect(1, "export roster roster-out.csv" PW);
	expect(2, "export roster whole.csv --whole" PW); /* without a reason */
	assert_int_equal(access("whole.csv", F_OK), -1);
	expect(0, "export roster whole.csv --whole --reason 核对" PW);
	assert_true(file_has("whole.csv", "\t" NUMBER));
	expect(0, "export teams teams.csv" PW);
	assert_true(file_has("teams.csv", "钢筋一班"));
	expect(0, "export contracts contracts.csv" PW);
	assert_true(file_has("contracts.csv", "固定期限合同") && file_has("contracts.csv", "2028-12-31"));
	expect(0, "export contracts none.csv --filter expired" PW);
	assert_false(file_has("none.csv", "2028-12-31"));
	expect(2, "export training training.csv" PW); /* whose? */
	expect(0, "export outbox outbox.csv --all" PW);
	expect(2, "export nothing nothing.csv" PW);
	assert_int_equal(access("nothing.csv", F_OK), -1);
	expect(2, "export teams teams.doc" PW);
}

/* Training, certificates, marks, history, what shows a thing recorded afterwards: each listed, added, taken back, refused without its reason. */
static void dossier__kept_from_the_command_line(void **state)
{
	const cJSON *o;

	(void)state;
	o = expect_json(0, "training add 测试甲 --kind 三级教育（公司级） --on 2026-11-18 --hours 8 --dry-run --json" PW);
	assert_int_equal(json_int(o, "able", -1), 1);
	expect(0, "training add 测试甲 --kind company --on 2026-11-18 --hours 8" PW);
	expect(2, "training add 测试甲 --kind nothing" PW);
	o = expect_json(0, "training list 测试甲 --json" PW);
	assert_int_equal(cJSON_GetArraySize(o), 1);
	assert_string_equal(json_string(cJSON_GetArrayItem(o, 0), "kind_word"), "三级教育（公司级）");
	assert_int_equal(json_int(cJSON_GetArrayItem(o, 0), "hours", -1), 8);
	expect(2, "training remove 1" PW); /* why? */
	expect(0, "training remove 1 --note 记错了人" PW);
	assert_int_equal(cJSON_GetArraySize(expect_json(0, "training list 测试甲 --json" PW)), 0);
	expect(2, "certificate add 测试甲 --kind 建筑电工" PW);
	expect(0, "certificate add 测试甲 --kind 建筑电工 --number T440499000123 --issuer 某省住建厅 --valid-to 2026-12-20" PW);
	o = expect_json(0, "certificate list 测试甲 --json" PW);
	assert_int_equal(cJSON_GetArraySize(o), 1);
	assert_null(strstr(json_string(cJSON_GetArrayItem(o, 0), "number"), "440499000"));
	expect(0, "export certificates certificates.csv" PW);
	assert_true(file_has("certificates.csv", "建筑电工"));
	expect(0, "certificate remove 1 --note 证书作废" PW);
	expect(2, "mark set 测试甲" PW);
	expect(0, "mark set 测试甲 --note 屡次违章" PW);
	o = expect_json(0, "mark list --json" PW);
	assert_string_equal(json_string(cJSON_GetArrayItem(o, 0), "reason"), "屡次违章");
	expect(4, "mark override 1 --note 已教育" PW); /* neither is a clerk's business */
	expect(4, "mark lift 1 --note 已改正" PW);
	o = expect_json(0, "person history 测试甲 --json" PW);
	assert_int_equal(cJSON_GetArraySize(o), 1);
	assert_string_equal(json_string(cJSON_GetArrayItem(o, 0), "team"), "钢筋一班");
	expect(1, "assignment evidence 1 --out shown.pdf" PW); /* nothing was recorded afterwards */
	assert_int_equal(access("shown.pdf", F_OK), -1);
	write_file("gate.pdf", "%PDF-1.4 a gate's list");
	write_file("words.txt", "no evidence that anybody could open");
	expect(1, "assignment evidence 1 --file gate.pdf" PW);
	expect_said("没有这条记录");
	expect(2, "assignment evidence 1 --file words.txt" PW);
	expect(2, "assignment evidence 1 --file gate.pdf --out shown.pdf" PW);
	expect(2, "assignment evidence 1" PW);
	expect_said("只能写一个");
}

static void print__lists_forms_badges(void **state)
{
	(void)state;
	assert_int_equal(json_int(expect_json(0, "print list roster roster.pdf --json" PW), "rows", -1), 1);
	assert_true(file_has("roster.pdf", "%PDF"));
	expect(0, "print form 测试甲 --out form.pdf" PW);
	expect(0, "print badge 测试甲 --out badge.pdf" PW);
	expect(0, "print entry-sheet 测试甲 --out sheet.pdf" PW);
	assert_true(file_has("badge.pdf", "%PDF"));
	expect(2, "print form 测试甲" PW); /* where to? */
	expect(1, "print form 没有这个人 --out nobody.pdf" PW);
	assert_int_equal(access("nobody.pdf", F_OK), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(import__tried_taken_and_again),
		cmocka_unit_test(export__masked_whole_and_never_over_another),
		cmocka_unit_test(dossier__kept_from_the_command_line),
		cmocka_unit_test(print__lists_forms_badges),
	};

	return cmocka_run_group_tests(tests, make_site, drop_site);
}
