/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `shiming practice` as a newcomer meets it: one command, a card by a key, and nothing left when it goes. */
#include <dirent.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "journeys/moves.h"
#include "journeys/world.h"

#define NOBODY 65534

static char base[48], dir[64];
static struct terminal *t;

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

static int setup(void **state)
{
	(void)state;
	strcpy(base, "/tmp/shiming-practising-XXXXXX");
	if (!mkdtemp(base))
		return -1;
	snprintf(dir, sizeof(dir), "%s/site", base);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	terminal_close_all();
	return nftw(base, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static struct terminal *practise(const char *profile, uid_t uid)
{
	char bin[128], program[160], libexec[160];
	const char *argv[] = { program, "practice", "--dir", dir, profile ? "--profile" : NULL, profile, NULL };
	const char *env[] = { libexec, NULL };

	world_programs_for(uid, base, bin, sizeof(bin));
	snprintf(program, sizeof(program), "%s/shiming", bin);
	snprintf(libexec, sizeof(libexec), "SHIMING_LIBEXEC=%s", bin);
	return terminal_open(&(struct terminal_spec){ .argv = argv, .env = env, .uid = uid, .cwd = base });
}

static int naming(const char *path)
{
	struct world w = { 0 };
	pid_t pids[16];

	snprintf(w.dir, sizeof(w.dir), "%s", path);
	return world_processes(&w, pids, 16);
}

/* All processes of this practice: application, platform and runner name its directory; module, pcscd and card helper the runtime
 * directory, which the lock file tells while it runs. */
static int left(void)
{
	static char runtime[48];
	char path[96], line[48] = "";
	FILE *f;

	snprintf(path, sizeof(path), "%s/practice.lock", dir);
	f = fopen(path, "r");
	if (f && fgets(line, sizeof(line), f))
		snprintf(runtime, sizeof(runtime), "%s", line);
	if (f)
		fclose(f);
	return naming(base) + (runtime[0] ? naming(runtime) : 0);
}

static void a_card_by_a_key(const char *name)
{
	terminal_keys(t, "<F9>");
	terminal_expect(t, "练习用的身份证");
	terminal_keys(t, "<Enter>");
	terminal_expect_text(t, name);
	terminal_expect(t, "读卡登记");
}

static void first_and_second_time(void **state)
{
	static const struct move_worker sun = { "孙建国", "13800005555", "gangjin", "青禾", "钢筋" };

	(void)state;
	t = practise(NULL, 0);
	terminal_expect(t, "clerk");
	terminal_expect(t, "manager");
	move_login(t, "clerk");
	terminal_expect(t, "读卡器就绪");
	a_card_by_a_key("孙建国");
	move_fill(t, &sun);
	terminal_expect(t, "待提交                  1"); /* his consent came from the platform, by itself */
	move_leave(t);
	assert_int_equal(left(), 0);
	terminal_close(t);

	t = practise(NULL, 0);
	move_login(t, "clerk");
	terminal_expect(t, "待提交                  1"); /* what was practised is still there, the platform is new and answers */
	terminal_expect(t, "待传 0");
	move_leave(t);
	assert_int_equal(left(), 0);
}

/* From the day's screen to a place of the menu, and back. */
static void visit(const char *key, const char *const *shows)
{
	terminal_keys(t, "o");
	terminal_expect(t, "人员与合同");
	terminal_keys(t, key);
	for (; *shows; shows++)
		terminal_expect_text(t, *shows);
	terminal_keys(t, "<Esc><Esc>");
	terminal_expect(t, "今天已办");
}

#define SHOWS(...) (const char *const[]){ __VA_ARGS__, NULL }

/* Nobody learns from empty lists: a fortnight lies behind the site, in a region that has all of it. */
static void a_fortnight_lies_behind(void **state)
{
	(void)state;
	t = practise("chengdu", 0);
	move_login(t, "clerk");
	terminal_expect(t, "在场                   13");
	terminal_expect(t, "预警");
	terminal_expect(t, "设备采集的人员          1");
	terminal_expect(t, "未读消息                0");
	visit("3", SHOWS("打卡记录", "尤练砌", "设备人脸"));
	visit("4", SHOWS("考勤月表", "褚练施", "√√√√√√"));
	visit("5", SHOWS("工资台账", "预计匹配率  12 人中 11 人有考勤"));
	visit("6", SHOWS("登记簿", "健康卡"));
	visit("7", SHOWS("LX-KQ-01", "LX-KQ-02", "离线", "12/13")); /* one has no photograph */
	visit("8", SHOWS("何练新", "没有档案"));
	visit("a", SHOWS("岗位", "北门 2 号通道"));
	visit("w", SHOWS("智慧工地", "冯练安", "未设置"));
	visit("y", SHOWS("秦练架"));
	visit("k", SHOWS("尤练砌"));
	terminal_expect(t, "待传 0");
	terminal_expect(t, "退回 0");
	move_leave(t);
}

static void one_at_a_time(void **state)
{
	struct terminal *second;

	(void)state;
	t = practise(NULL, 0);
	terminal_expect(t, "口令  ");
	second = practise(NULL, 0);
	terminal_expect(second, "占用");
	terminal_expect_exit(second, 3);
	terminal_close(second);
}

static void kill_9_leaves_nothing(void **state)
{
	(void)state;
	t = practise("jiangmen", 0);
	move_login(t, "clerk");
	terminal_expect(t, "读卡器就绪");
	assert_true(left() >= 6);
	kill(terminal_pid(t), SIGKILL);
	for (int i = 0; left() > 0 && i < 500; i++)
		poll(NULL, 0, 20);
	assert_int_equal(left(), 0);
}

/* Root tries it as somebody else; everybody else is that already. */
static void as_an_ordinary_user(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	assert_int_equal(chown(base, NOBODY, NOBODY), 0);
	umask(022); /* what root copies for him he must be able to read */
	t = practise(NULL, NOBODY);
	move_login(t, "clerk");
	terminal_expect(t, "读卡器就绪");
	a_card_by_a_key("孙建国");
	terminal_keys(t, "<Esc>");
	move_leave(t);
	assert_int_equal(left(), 0);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(first_and_second_time), T(a_fortnight_lies_behind), T(one_at_a_time), T(kill_9_leaves_nothing), T(as_an_ordinary_user),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
