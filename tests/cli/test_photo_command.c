/* SPDX-License-Identifier: GPL-3.0-or-later */
/* person photo with the real program and the real shiming-picture: files of any size, garbage, cameras that work, fail and hang. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/dates.h"
#include "base/io.h"
#include "base/text.h"
#include "cli/program.h"
#include "samples.h"

#define CODE "91990101MA0XMXA19G"
#define LIMIT 51200
#define PW " --password-file pw"

static struct buf picture;

static void write_bytes(const char *name, const void *data, size_t n, mode_t mode)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);

	assert_true(fd >= 0);
	assert_int_equal(io_write_all(fd, data, n, NULL), 0);
	assert_int_equal(close(fd), 0);
}

static void configure(const char *camera, const char *rest)
{
	char text[400];

	mkdir("config", 0700);
	mkdir("config/shiming", 0700);
	text_format(text, sizeof(text), "[camera]\ncommand = %s/camera %s\n%s", dir, camera, rest);
	write_bytes("config/shiming/commands.conf", text, strlen(text), 0600);
}

static int make_site(void **state)
{
	static const char camera[] = "#!/bin/sh\ncd \"${0%/*}\" || exit 9\ncase $1 in\nshot) cat big.jpg > \"$2\";;\nfail) exit 3;;\n"
				     "hang) sleep 1000;;\nesac\n";
	static const char *const lines[] = {
		"init --profile national --project 测试项目 --account clerk" PW " --data site",
		"company add --credit-code " CODE " --name 云溪建设集团有限公司 --short-name 云溪建设 --area-code 990101 --registered-on 2015-06-01" PW,
		"participant add --company " CODE " --type 总承包单位 --manager 钱经理 --manager-phone 13800000001" PW,
		"participant enter 云溪建设" PW,
		"team add --name 钢筋一班 --company 云溪建设" PW,
		"team enter 钢筋一班" PW,
		"person add --number 110199199003070017 --name 测试甲 --sex 男 --nation 汉族 --birth 19900307 --address 练习路1号 --trade 钢筋工"
		" --company 云溪建设 --team 钢筋一班 --phone 13800000011 --contract-to 2028-12-31 --wage-kind 1" PW,
	};
	struct jpeg_sample noise = {.width = 4000, .height = 3000, .noise = true, .metadata = true, .orientation = 6};
	struct png_sample png = {.width = 640, .height = 480, .type = 6, .depth = 8, .metadata = true};

	(void)state;
	program_begin();
	write_file("pw", "Lianxi-2026\n");
	setenv("SHIMING_USER", "clerk", 1);
	set_env("SHIMING_DATA", "/site");
	set_env("XDG_CONFIG_HOME", "/config");
	for (size_t i = 0; i < ARRAY_LEN(lines); i++)
		expect(0, lines[i]);
	buf_init(&picture, SAMPLE_CEILING);
	sample_jpeg(&noise, &picture); /* 12 megapixels of noise: nothing compresses worse */
	assert_true(picture.len > 1000000);
	write_bytes("big.jpg", picture.data, picture.len, 0600);
	buf_reset(&picture);
	sample_png(&png, &picture);
	write_bytes("alpha.png", picture.data, picture.len, 0600);
	write_bytes("camera", camera, sizeof(camera) - 1, 0700);
	configure("shot {out}", "");
	return 0;
}

static int drop_site(void **state)
{
	(void)state;
	buf_release(&picture);
	program_end();
	return 0;
}

static void read_back(const char *name)
{
	buf_reset(&picture);
	assert_int_equal(io_read_file(name, SAMPLE_CEILING, &picture, NULL), 0);
}

static void expect_bare_within_limit(void)
{
	assert_true(picture.len > 1000);
	assert_true((picture.len + 2) / 3 * 4 <= LIMIT);
	assert_memory_equal(picture.data, "\xFF\xD8", 2);
	assert_null(memmem(picture.data, picture.len, SAMPLE_SECRET, strlen(SAMPLE_SECRET)));
	assert_null(memmem(picture.data, picture.len, "Exif", 4));
}

static void none__said(void **state)
{
	(void)state;
	expect(0, "person photo 测试甲" PW);
	expect_said("此人还没有照片");
	assert_null(json_get(expect_json(0, "person photo 测试甲 --json" PW), "photo"));
	expect(1, "person photo 测试甲 --out none.jpg" PW);
	expect_said("此人还没有照片");
	assert_int_equal(access("none.jpg", F_OK), -1);
}

static void file__any_size(void **state)
{
	static const char *const files[] = {"big.jpg", "alpha.png"};
	char line[200], out_name[32];
	struct stat st;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		const cJSON *photo;

		text_format(line, sizeof(line), "person photo 测试甲 --file %s --json" PW, files[i]);
		photo = json_get(expect_json(0, line), "photo");
		assert_int_equal(strlen(json_string(photo, "sha256")), 64);
		assert_string_equal(json_string(photo, "by"), "clerk");
		text_format(out_name, sizeof(out_name), "out%zu.jpg", i);
		text_format(line, sizeof(line), "person photo 测试甲 --out %s" PW, out_name);
		expect(0, line);
		read_back(out_name);
		assert_int_equal(cJSON_GetObjectItem(photo, "bytes")->valuedouble, picture.len);
		expect_bare_within_limit();
		assert_int_equal(stat(out_name, &st), 0);
		assert_int_equal(st.st_mode & 0777, 0600);
		expect(2, line); /* never over another file */
		expect_said("不会覆盖");
	}
	expect(0, "person photo 测试甲 --out -" PW);
	assert_memory_equal(stdout_text(), picture.data, picture.len);
	expect(0, "person photo 测试甲" PW);
	expect_said("作为附件上传到平台");
}

static void card__both_sides(void **state)
{
	const cJSON *o;

	(void)state;
	expect(2, "person photo 测试甲 --picture side --file alpha.png" PW);
	expect_said("front");
	expect(1, "person photo 测试甲 --picture back --out back.jpg" PW);
	expect_said("还没有这一面");
	o = expect_json(0, "person photo 测试甲 --picture front --file alpha.png --json" PW);
	assert_int_equal(strlen(json_string(json_get(o, "card_front"), "sha256")), 64);
	assert_null(json_get(o, "card_back"));
	expect(0, "person photo 测试甲 --picture front --out front.jpg" PW);
	read_back("front.jpg");
	expect_bare_within_limit();
	expect(0, "person photo 测试甲" PW);
	expect_said("证件反面照：没有");
}

static void garbage__refused_with_a_sentence(void **state)
{
	static const struct {
		int status;
		const char *options, *said;
	} cases[] = {
		{1, "--file pw", "不是可以使用的图片格式"},
		{1, "--file empty", "没有收到图片内容"},
		{1, "--file half.jpg", "图片已损坏"},
		{1, "--file nowhere.jpg", "找不到"},
		{1, "--file .", "找不到"},
		{1, "--file pipe", "找不到"},
		{1, "--file huge", "40 MiB"},
		{2, "--file big.jpg --camera", "只能用一个"},
		{2, "--out - --json", "不能一起用"},
	};
	char line[200], before[80];

	(void)state;
	read_back("big.jpg");
	write_bytes("half.jpg", picture.data, picture.len / 2, 0600);
	write_bytes("empty", "", 0, 0600);
	assert_int_equal(mkfifo("pipe", 0600), 0);
	write_bytes("huge", "\xFF\xD8", 2, 0600);
	assert_int_equal(truncate("huge", 41l << 20), 0);
	text_copy(before, sizeof(before), json_string(json_get(expect_json(0, "person photo 测试甲 --json" PW), "photo"), "sha256"));
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		text_format(line, sizeof(line), "person photo 测试甲 %s" PW, cases[i].options);
		expect(cases[i].status, line);
		expect_said(cases[i].said);
	}
	expect(1, "person photo 99999 --file alpha.png" PW);
	expect_said("没有这条记录");
	assert_string_equal(json_string(json_get(expect_json(0, "person photo 测试甲 --json" PW), "photo"), "sha256"), before);
}

static void camera__works_fails_hangs(void **state)
{
	int64_t from;

	(void)state;
	expect(0, "person photo 测试甲 --camera" PW);
	expect_said("正在拍照");
	unlink("shot.jpg");
	expect(0, "person photo 测试甲 --out shot.jpg" PW);
	read_back("shot.jpg");
	expect_bare_within_limit();
	configure("fail", "");
	expect(1, "person photo 测试甲 --camera" PW);
	expect_said("摄像头命令报告失败");
	configure("hang", "seconds = 1\n");
	from = clock_steady_ms();
	expect(1, "person photo 测试甲 --camera" PW);
	expect_said("摄像头超过时限");
	assert_true(clock_steady_ms() - from < 30000);
	configure("shot {out}", "sekonds = 1\n");
	expect(1, "person photo 测试甲 --camera" PW);
	expect_said("commands.conf:3");
	configure("shot {out}", "");
	assert_int_equal(chmod("config/shiming/commands.conf", 0666), 0);
	expect(1, "person photo 测试甲 --camera" PW);
	expect_said("别人可以改写");
	unlink("config/shiming/commands.conf");
	expect(1, "person photo 测试甲 --camera" PW);
	expect_said("没有设置摄像头命令");
	configure("shot {out}", "");
}

/* What a clerk types, and what lies in the database, names no command. */
static void camera__never_from_a_setting(void **state)
{
	char line[300];

	(void)state;
	unlink("config/shiming/commands.conf");
	text_format(line, sizeof(line), "setting camera.command %s/camera" PW, dir);
	run(line);
	expect(1, "person photo 测试甲 --camera" PW);
	expect_said("没有设置摄像头命令");
	configure("shot {out}", "");
}

static void doctor__weighs_the_commands(void **state)
{
	static const struct {
		const char *rest, *health, *found;
	} cases[] = {
		{"", "good", "摄像头：已设置；证件照片解码：未设置"},
		{"[wlt]\ndecoder = /nonexistent/wlt {in} {out}\n", "bad", "证件照片解码：无法运行"},
		{"sekonds = 1\n", "bad", "commands.conf:3"},
	};
	const cJSON *row;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		bool seen = false;

		configure("shot {out}", cases[i].rest);
		run("doctor --json");
		cJSON_Delete(answer);
		answer = cJSON_Parse(stdout_text());
		cJSON_ArrayForEach(row, answer) {
			if (strcmp(json_string(row, "check"), "commands"))
				continue;
			seen = true;
			assert_string_equal(json_string(row, "health"), cases[i].health);
			if (!strstr(json_string(row, "found"), cases[i].found))
				fail_msg("%s", json_string(row, "found"));
			assert_int_equal(*json_string(row, "cure") != 0, strcmp(cases[i].health, "good") != 0);
		}
		assert_true(seen);
	}
	configure("shot {out}", "");
}

static void english(void **state)
{
	(void)state;
	setenv("SHIMING_LANG", "en", 1);
	expect(0, "person photo --help");
	expect_said("--camera");
	for (const char *s = stdout_text(); *s; s++)
		assert_false((unsigned char)*s >= 0xE3 && (unsigned char)*s <= 0xE9); /* no Chinese */
	expect(1, "person photo 测试甲 --file pw" PW);
	expect_said("Not a picture format");
	setenv("SHIMING_LANG", "zh", 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(none__said),
		cmocka_unit_test(file__any_size),
		cmocka_unit_test(card__both_sides),
		cmocka_unit_test(garbage__refused_with_a_sentence),
		cmocka_unit_test(camera__works_fails_hangs),
		cmocka_unit_test(camera__never_from_a_setting),
		cmocka_unit_test(doctor__weighs_the_commands),
		cmocka_unit_test(english),
	};

	return cmocka_run_group_tests(tests, make_site, drop_site);
}
