/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The photograph's screen over the real desk and the real shiming-picture: cells, resize, camera, file, and what is said without them. */
#include "screens/stage.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/io.h"
#include "base/text.h"
#include "desk/photo.h"
#include "samples.h"

#define DEADLINE_MS 30000

static char home[64];

static void path_of(const char *name, char out[160])
{
	text_format(out, 160, "%s/%s", home, name);
}

static void put(const char *name, const void *data, size_t n, mode_t mode)
{
	char path[160];
	FILE *f;

	path_of(name, path);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, mode), 0);
}

/* @ stands for the directory. */
static void configure(const char *text)
{
	char path[160];
	struct buf out;

	path_of("shiming", path);
	mkdir(path, 0700);
	buf_init(&out, 1000);
	for (; *text; text++)
		assert_int_equal(*text == '@' ? buf_adds(&out, home) : buf_add(&out, text, 1), 0);
	put("shiming/commands.conf", out.data, out.len, 0600);
	buf_release(&out);
}

static int opened(void **state)
{
	static const char script[] = "#!/bin/sh\ncd \"${0%/*}\" || exit 9\ncase $1 in\nshot) cat shot.jpg;;\nfail) exit 3;;\n"
				     "hang) sleep 1000;;\nbmp) cat > /dev/null; cat shot.bmp;;\nesac\n";
	struct jpeg_sample s = {.width = 1280, .height = 960};
	struct stage *stage = calloc(1, sizeof(*stage));
	struct buf shot;

	strcpy(home, "/tmp/shiming-photo.XXXXXX");
	assert_non_null(mkdtemp(home));
	setenv("XDG_CONFIG_HOME", home, 1);
	setenv("HOME", home, 1);
	unsetenv("SSH_CONNECTION");
	buf_init(&shot, SAMPLE_CEILING);
	sample_jpeg(&s, &shot);
	put("shot.jpg", shot.data, shot.len, 0600);
	buf_reset(&shot);
	sample_bmp(102, 126, false, &shot);
	put("shot.bmp", shot.data, shot.len, 0600);
	buf_release(&shot);
	put("camera", script, strlen(script), 0700);
	configure("[camera]\ncommand = @/camera shot\n[wlt]\ndecoder = @/camera bmp\n");
	stage_open(stage, "xterm-256color");
	setenv("SHIMING_LIBEXEC", BIN_DIR, 1);
	stage_people(stage, 2);
	*state = stage;
	return 0;
}

static int closed(void **state)
{
	char command[100];

	stage_close(*state);
	free(*state);
	text_format(command, sizeof(command), "rm -rf %s", home);
	return system(command);
}

/* As the loop does: waits for the screens' descriptors, ticks, paints; until the screen shows it. */
static void until_shows(struct stage *s, const char *text, bool shows)
{
	int64_t until = clock_steady_ms() + DEADLINE_MS;
	struct pollfd fds[4 * UI_FDS];

	while (stage_shows(s, text) != shows) {
		if (clock_steady_ms() > until) {
			glass_print(s->glass);
			fail_msg("%s: %s", shows ? "never shown" : "always shown", text);
		}
		poll(fds, ui_fds(s->ui, fds, ARRAY_LEN(fds)), 20);
		stage_tick(s, 0);
	}
}

/* Nothing under way any more. */
static void until_idle(struct stage *s)
{
	int64_t until = clock_steady_ms() + DEADLINE_MS;
	struct pollfd fds[4 * UI_FDS];
	size_t n;

	stage_tick(s, 0);
	while ((n = ui_fds(s->ui, fds, ARRAY_LEN(fds))) > 0) {
		assert_true(clock_steady_ms() < until);
		poll(fds, n, 1000);
		stage_tick(s, 0);
	}
	stage_assert_cursor(s);
}

static int coloured(struct stage *s, int from, int to)
{
	int n = 0, rows = term_canvas(s->term)->rows;

	for (int y = 0; y < rows; y++)
		for (int x = from; x < to; x++) {
			struct glass_cell cell;

			glass_cell(s->glass, y, x, &cell);
			n += cell.fg >= 16 || cell.bg >= 16;
		}
	return n;
}

static void to_photo(struct stage *s)
{
	stage_login(s, "clerk");
	stage_keys(s, "r<Enter>z");
	stage_on(s, "photo");
}

static int64_t person_of(struct stage *s)
{
	struct roster_row row[1];
	struct roster_page page = {.row = row, .cap = 1};
	struct roster_query q = {.filter = ROSTER_ALL};

	OK(desk_roster(s->site.d, &q, &page, E));
	assert_int_equal(page.n, 1);
	return row[0].person;
}

static void photo_on_file(struct stage *s, struct photo *out)
{
	OK(desk_photo_info(s->site.d, person_of(s), PHOTO_FACE, out, E));
}

/* --- */

static void camera__shown_then_saved(void **state)
{
	struct stage *s = *state;
	struct photo info;

	to_photo(s);
	stage_expect(s, "还没有照片");
	stage_expect(s, "作为附件上传到平台");
	stage_keys(s, "<C-s>"); /* nothing to save yet */
	photo_on_file(s, &info);
	assert_int_equal(info.fact, 0);
	stage_keys(s, "c");
	stage_expect(s, "正在拍照");
	until_shows(s, "新照片（未保存）", true);
	until_idle(s);
	assert_true(coloured(s, 0, 40) > 100);  /* the photograph */
	assert_true(coloured(s, 41, 80) > 100); /* the portrait, decoded */
	photo_on_file(s, &info);
	assert_int_equal(info.fact, 0); /* shown, not saved */
	stage_keys(s, "<F2>");
	stage_expect(s, "照片已保存在本机");
	photo_on_file(s, &info);
	assert_true(info.fact && info.bytes > 1000 && info.bytes <= 38400);
	until_idle(s);
	assert_true(coloured(s, 0, 40) > 100);
	stage_keys(s, "<Esc>");
	stage_on(s, "person");
	assert_int_equal(coloured(s, 0, 80), 0);
	stage_keys(s, "<PgDn><PgDn>");
	stage_expect(s, "照片              劳资员甲"); /* its history */
}

static void side_on_file(struct stage *s, enum photo_kind kind, struct photo *out)
{
	OK(desk_photo_info(s->site.d, person_of(s), kind, out, E));
}

/* A11: the same keys for both sides of the card; what is not saved does not become another picture. */
static void card__both_sides(void **state)
{
	struct stage *s = *state;
	struct photo info;

	to_photo(s);
	stage_keys(s, "n");
	stage_expect(s, "证件正面照");
	stage_expect(s, "还没有这一面的证件照");
	stage_keys(s, "c");
	until_shows(s, "证件正面照  新照片（未保存）", true);
	until_idle(s);
	stage_keys(s, "n");
	stage_expect(s, "先保存");
	stage_expect(s, "证件正面照");
	stage_keys(s, "<F2>");
	stage_expect(s, "照片已保存在本机");
	side_on_file(s, PHOTO_CARD_FRONT, &info);
	assert_true(info.fact);
	side_on_file(s, PHOTO_FACE, &info);
	assert_int_equal(info.fact, 0);
	stage_keys(s, "n");
	stage_expect(s, "证件反面照");
	stage_keys(s, "f~/shot.jpg<Enter><Enter>");
	until_shows(s, "证件反面照  新照片（未保存）", true);
	stage_keys(s, "<F2>");
	side_on_file(s, PHOTO_CARD_BACK, &info);
	assert_true(info.fact);
	stage_keys(s, "n");
	stage_expect(s, "还没有照片");
	until_idle(s);
	stage_keys(s, "n"); /* drawn from the file */
	until_idle(s);
	stage_expect(s, "证件正面照");
	assert_true(coloured(s, 0, 40) > 100);
	stage_assert_footer(s);
}

static void on_file__drawn_at_once(void **state)
{
	struct stage *s = *state;

	to_photo(s);
	stage_keys(s, "c");
	until_shows(s, "新照片（未保存）", true);
	stage_keys(s, "<F2><Esc>z");
	until_idle(s);
	assert_true(coloured(s, 0, 40) > 100);
	stage_keys(s, "v"); /* put away */
	assert_int_equal(coloured(s, 0, 80), 0);
	stage_expect(s, "为节省流量没有显示图片");
}

static void leaving__asks_for_what_is_not_saved(void **state)
{
	struct stage *s = *state;
	struct photo info;

	to_photo(s);
	stage_keys(s, "c");
	until_shows(s, "新照片（未保存）", true);
	stage_keys(s, "<Esc>");
	stage_on(s, "dialog");
	stage_keys(s, "<Enter>"); /* the safe button has the focus */
	stage_on(s, "photo");
	stage_expect(s, "新照片（未保存）");
	stage_keys(s, "<Esc><Tab><Enter>");
	stage_on(s, "person");
	photo_on_file(s, &info);
	assert_int_equal(info.fact, 0);
	stage_keys(s, "zc");
	until_shows(s, "新照片（未保存）", true);
	stage_keys(s, "<Esc><Tab><Tab><Enter>");
	stage_on(s, "person");
	photo_on_file(s, &info);
	assert_true(info.fact);
}

static void file__fitted_or_refused(void **state)
{
	static const struct {
		const char *name, *said;
	} bad[] = {
		{"nowhere.jpg", "找不到"}, {"camera", "不是可以使用的图片格式"}, {"empty", "没有收到图片内容"}, {"half.jpg", "图片已损坏"}, {"", "找不到"},
	};
	struct png_sample png = {.width = 2000, .height = 1500, .type = 2, .depth = 8, .noise = true};
	struct stage *s = *state;
	struct photo info;
	char path[160];
	struct buf b;

	buf_init(&b, SAMPLE_CEILING);
	path_of("shot.jpg", path);
	OK(io_read_file(path, SAMPLE_CEILING, &b, E));
	put("half.jpg", b.data, b.len / 2, 0600);
	put("empty", "", 0, 0600);
	buf_reset(&b);
	sample_png(&png, &b);
	put("noise.png", b.data, b.len, 0600);
	buf_release(&b);
	to_photo(s);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		stage_keys(s, "f");
		stage_on(s, "dialog");
		stage_keys(s, "~/");
		stage_keys(s, bad[i].name);
		stage_keys(s, "<Enter><Enter>");
		until_shows(s, bad[i].said, true);
		stage_on(s, "photo");
		stage_expect(s, "还没有照片");
	}
	stage_keys(s, "f~/noise.png<Enter><Enter>");
	until_shows(s, "新照片（未保存）", true);
	stage_keys(s, "<F2>");
	photo_on_file(s, &info);
	assert_true(info.fact && (info.bytes + 2) / 3 * 4 <= 51200);
}

static void camera__says_what_went_wrong(void **state)
{
	static const struct {
		const char *conf, *said;
	} cases[] = {
		{"[camera]\ncommand = @/camera fail\n", "摄像头命令报告失败"},
		{"[camera]\ncommand = @/camera hang\nseconds = 1\n", "摄像头超过时限"},
		{"[camera]\ncommand = @/no-camera\n", "摄像头命令不存在"},
		{"[wlt]\n", "没有设置摄像头命令"},
		{"[camera]\ncomand = x\n", "配置文件写得不对"},
	};
	struct stage *s = *state;

	to_photo(s);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		configure(cases[i].conf);
		stage_keys(s, "c");
		until_shows(s, cases[i].said, true);
		until_idle(s);
		stage_expect(s, "还没有照片");
	}
}

/* A camera that hangs does not hold the screen: keys work, and leaving ends it. */
static void camera__never_holds_the_screen(void **state)
{
	struct stage *s = *state;
	int64_t from = clock_steady_ms();

	configure("[camera]\ncommand = @/camera hang\nseconds = 60\n");
	to_photo(s);
	stage_keys(s, "cc");
	stage_expect(s, "正在拍照");
	stage_keys(s, "<F1>");
	stage_on(s, "help");
	stage_keys(s, "<Esc><Esc>");
	stage_on(s, "person");
	assert_true(clock_steady_ms() - from < 20000);
}

static void decoder__none_or_broken(void **state)
{
	struct stage *s = *state;

	configure("[camera]\ncommand = @/camera shot\n");
	to_photo(s);
	stage_expect(s, "没有设置证件照片解码程序");
	configure("[wlt]\ndecoder = @/camera fail\n");
	stage_keys(s, "<Esc>z");
	until_shows(s, "证件照片解码程序报告失败", true);
	stage_expect(s, "还没有照片");
}

static void far_away__drawn_when_asked(void **state)
{
	struct stage *s = *state;
	uint64_t before;

	to_photo(s);
	stage_keys(s, "c");
	until_shows(s, "新照片（未保存）", true);
	stage_keys(s, "<F2><Esc>");
	setenv("SSH_CONNECTION", "192.0.2.1 1 192.0.2.2 22", 1);
	before = term_bytes(s->term);
	stage_keys(s, "z");
	until_idle(s);
	assert_true(term_bytes(s->term) - before < 2000);
	stage_expect(s, "为节省流量没有显示图片");
	assert_int_equal(coloured(s, 0, 80), 0);
	stage_keys(s, "v");
	until_idle(s);
	assert_true(coloured(s, 0, 40) > 100);
	stage_keys(s, "<Esc>");
	OK(desk_setting_set(s->site.d, "pictures", "on", E));
	stage_keys(s, "z");
	until_idle(s);
	assert_true(coloured(s, 0, 40) > 100);
	unsetenv("SSH_CONNECTION");
	OK(desk_setting_set(s->site.d, "pictures", "off", E));
	stage_keys(s, "<Esc>z");
	until_idle(s);
	assert_int_equal(coloured(s, 0, 80), 0);
}

static void resize__drawn_anew(void **state)
{
	static const int sizes[][2] = {{40, 130}, {16, 60}, {100, 300}, {10, 40}, {24, 80}};
	struct stage *s = *state;

	to_photo(s);
	stage_keys(s, "c");
	until_shows(s, "新照片（未保存）", true);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		glass_resize(s->glass, sizes[i][0], sizes[i][1]);
		ui_resized(s->ui);
		stage_paint(s);
		stage_assert_cursor(s); /* while the old cells may not fit any more */
		until_idle(s);
		if (sizes[i][1] >= 60)
			assert_true(coloured(s, 0, sizes[i][1] / 2) > 20);
		else
			stage_expect(s, "窗口太小");
	}
}

static void no_helper__a_sentence(void **state)
{
	struct stage *s = *state;

	to_photo(s);
	stage_keys(s, "c");
	until_shows(s, "新照片（未保存）", true);
	stage_keys(s, "<F2><Esc>");
	setenv("SHIMING_LIBEXEC", "/nonexistent", 1);
	stage_keys(s, "z");
	until_shows(s, "缺少辅助程序", true);
	assert_int_equal(coloured(s, 0, 80), 0);
	stage_keys(s, "c");
	until_shows(s, "重新安装 shiming", true);
	setenv("SHIMING_LIBEXEC", BIN_DIR, 1);
	stage_keys(s, "vv"); /* put away and asked for again: tried again */
	until_idle(s);
	assert_true(coloured(s, 0, 40) > 100);
}

static void vt100__braille_without_colours(void **state)
{
	struct stage *s = *state;
	int dots = 0;

	stage_close(s);
	stage_open(s, "vt100");
	setenv("SHIMING_LIBEXEC", BIN_DIR, 1);
	stage_people(s, 1);
	to_photo(s);
	stage_keys(s, "c");
	until_shows(s, "新照片（未保存）", true);
	until_idle(s);
	for (int y = 0; y < 24; y++)
		for (int x = 0; x < 80; x++) {
			struct glass_cell cell;

			glass_cell(s->glass, y, x, &cell);
			dots += cell.cp > 0x2800 && cell.cp < 0x2900;
		}
	assert_true(dots > 50);
	assert_int_equal(coloured(s, 0, 80), 0);
}

#define STAGED(test) cmocka_unit_test_setup_teardown(test, opened, closed)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STAGED(camera__shown_then_saved),
		STAGED(card__both_sides),
		STAGED(on_file__drawn_at_once),
		STAGED(leaving__asks_for_what_is_not_saved),
		STAGED(file__fitted_or_refused),
		STAGED(camera__says_what_went_wrong),
		STAGED(camera__never_holds_the_screen),
		STAGED(decoder__none_or_broken),
		STAGED(far_away__drawn_when_asked),
		STAGED(resize__drawn_anew),
		STAGED(no_helper__a_sentence),
		STAGED(vt100__braille_without_colours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
