/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Twenty people's numbers, telephones and wage cards (S1, S9), planted through the form, a card, an import,
 * the command line and an attendance device, and then looked for everywhere: memory behind the lock, files, backups, exports,
 * logs, temporary files, arguments and environments, what a terminal keeps, what a crash leaves. A needle is
 * found as it stands, a byte in two or four (UTF-16, UTF-32), or one in each cell of a screen.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/dates.h"
#include "base/text.h"
#include "canvas.h"
#include "sync/device_line.h"
#include "journeys/crowd.h"
#include "journeys/moves.h"
#include "practice_site.h"

#define PEOPLE 20
#define TYPED 900 /* by hand, and left in a form */
#define COLLECTED 901 /* by the device */
#define NEEDLES (3 * (PEOPLE + 2) + 1)
#define SAID (256 * 1024)

static struct world world;
static char needle[NEEDLES][24];
static size_t needles;
static char said[SAID], gateway[32];

static const struct crowd workers = {1, PEOPLE, "青禾建筑劳务有限公司（练习）", "木工一班", "木工"};
static const struct move_worker li = {"李秀兰", "13900008011", "gangjin", "青禾", "钢筋"};

static void plant(unsigned i)
{
	crowd_number(i, needle[needles++]);
	crowd_phone(i, needle[needles++]);
	crowd_card(i, needle[needles++]);
}

/* --- looking
 * ------------------------------------------------------------------------------------------------------------------------------
 */

static const size_t strides[] = {1, 2, 4, sizeof(struct cell)};

/* Is this needle at p, one byte in `stride`? In UTF-16 and -32 the bytes between are zero; in cells they are
 * anything. */
__attribute__((no_sanitize("address", "undefined"))) static bool
stands_at(const unsigned char *p, size_t left, const char *what, size_t stride)
{
	size_t n = strlen(what);

	if (left < (n - 1) * stride + 1)
		return false;
	for (size_t i = 0; i < n; i++)
		if (p[i * stride] != (unsigned char)what[i] ||
		    (stride > 1 && stride <= 4 && i + 1 < n && p[i * stride + 1]))
			return false;
	return true;
}

__attribute__((no_sanitize("address", "undefined"))) static const char *first_needle(const unsigned char *p,
										     size_t n)
{
	for (size_t at = 0; at + 11 <= n; at++) {
		if (p[at] != '4' && p[at] != '1' && p[at] != '6')
			continue;
		for (size_t s = 0; s < ARRAY_LEN(strides); s++) {
			if (at + 2 * strides[s] >= n || p[at + strides[s]] < '0' ||
			    p[at + strides[s]] > '9' || p[at + 2 * strides[s]] < '0' ||
			    p[at + 2 * strides[s]] > '9')
				continue;
			for (size_t k = 0; k < needles; k++)
				if (stands_at(p + at, n - at, needle[k], strides[s]))
					return needle[k];
		}
	}
	return NULL;
}

static void none_in(const char *where, const void *bytes, size_t n)
{
	const char *found = first_needle(bytes, n);

	if (found)
		fail_msg("%s in %s", found, where);
}

/* --- memory
 * -------------------------------------------------------------------------------------------------------------------------------
 */

#define PAGE 4096ul
#define CHUNK (256 * PAGE)
#define OVERLAP 1024ul	   /* a needle in cells */
#define SHADOW (1ul << 36) /* a sanitizer's own notes, which hold no text, are terabytes of address space */

/* Is anything of it there, in memory or in swap? */
static bool any_page(int pagemap, unsigned long at, size_t pages)
{
	static uint64_t bits[CHUNK / PAGE];
	ssize_t got = pread(pagemap, bits, pages * sizeof(*bits), (off_t)(at / PAGE * sizeof(*bits)));

	for (ssize_t i = 0; i < got / (ssize_t)sizeof(*bits); i++)
		if (bits[i] >> 62)
			return true;
	return false;
}

static const char *in_mapping(int mem, int pagemap, unsigned long from, unsigned long to)
{
	static unsigned char bytes[OVERLAP + CHUNK];
	const char *found = NULL;

	memset(bytes, 0, OVERLAP);
	for (unsigned long at = from; to - from < SHADOW && at < to && !found; at += CHUNK) {
		size_t size = to - at < CHUNK ? to - at : CHUNK;
		ssize_t got =
			any_page(pagemap, at, size / PAGE) ? pread(mem, bytes + OVERLAP, size, (off_t)at) : 0;

		if (got > 0)
			found = first_needle(bytes, OVERLAP + (size_t)got);
		if (got == (ssize_t)CHUNK)
			memcpy(bytes, bytes + CHUNK, OVERLAP);
		else
			memset(bytes, 0, OVERLAP);
	}
	return found;
}

/* Everything that this process may write; NULL: none of the needles. */
static const char *in_memory(pid_t pid, char *where, size_t size)
{
	char path[64], line[512];
	const char *found = NULL;
	FILE *maps;
	int mem, pagemap;

	snprintf(path, sizeof(path), "/proc/%ld/mem", (long)pid);
	mem = open(path, O_RDONLY | O_CLOEXEC);
	snprintf(path, sizeof(path), "/proc/%ld/pagemap", (long)pid);
	pagemap = open(path, O_RDONLY | O_CLOEXEC);
	snprintf(path, sizeof(path), "/proc/%ld/maps", (long)pid);
	maps = fopen(path, "r");
	assert_true(mem >= 0 && pagemap >= 0 && maps);
	while (!found && fgets(line, sizeof(line), maps)) {
		unsigned long from, to;
		char rights[8];

		if (sscanf(line, "%lx-%lx %7s", &from, &to, rights) == 3 && rights[1] == 'w')
			found = in_mapping(mem, pagemap, from, to);
		if (found)
			text_copy(where, size, line);
	}
	fclose(maps);
	close(mem);
	close(pagemap);
	return found;
}

static void none_in_memory(const char *program)
{
	pid_t pid = world_find_process(&world, program);
	char where[512] = "";
	const char *found;

	if (!pid)
		fail_msg("%s does not run", program);
	found = in_memory(pid, where, sizeof(where));
	if (found)
		fail_msg("%s in the memory of %s: %s", found, program, where);
}

static void behind_the_lock(struct terminal *t)
{
	terminal_keys(t, "<F12>");
	terminal_expect(t, "已离开");
	none_in_memory("shiming-gateway");
	none_in_memory("shiming");
	none_in_memory("shiming-reader");
	none_in_memory("shiming-sync");
}

static void unlock(struct terminal *t, const char *back)
{
	terminal_keys(t, PRACTICE_PASSWORD "<Enter>");
	terminal_expect_text(t, back);
}

/* --- files
 * --------------------------------------------------------------------------------------------------------------------------------
 */

static size_t files;

static void look_into(const char *path)
{
	static unsigned char bytes[32 << 20];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, bytes, sizeof(bytes)) : -1;

	if (fd >= 0)
		close(fd);
	assert_true(n >= 0 && n < (ssize_t)sizeof(bytes));
	none_in(path, bytes, (size_t)n);
	files++;
}

/* The platform's own folder is passed over: it was lawfully told. */
static int look(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)ftw;
	if (type == FTW_F && S_ISREG(st->st_mode) &&
	    strncmp(path, world.platform, strlen(world.platform)) != 0)
		look_into(path);
	return 0;
}

static void none_in_files(const char *dir)
{
	files = 0;
	assert_int_equal(nftw(dir, look, 16, FTW_PHYS), 0);
}

/* --- arguments and environments
 * ------------------------------------------------------------------------------------------------------------
 */

static void none_in_process_list(void)
{
	static char text[256 * 1024];
	static const char *const what[] = {"cmdline", "environ", "comm"};
	pid_t pids[32];
	int n = world_processes(&world, pids, ARRAY_LEN(pids));

	assert_true(n >= 4);
	for (int i = 0; i < n; i++)
		for (size_t k = 0; k < ARRAY_LEN(what); k++) {
			char path[64];
			int fd;
			ssize_t got;

			snprintf(path, sizeof(path), "/proc/%ld/%s", (long)pids[i], what[k]);
			fd = open(path, O_RDONLY | O_CLOEXEC);
			got = fd >= 0 ? read(fd, text, sizeof(text)) : 0;
			if (fd >= 0)
				close(fd);
			none_in(path, text, got > 0 ? (size_t)got : 0);
		}
}

/* --- the tests
 * ------------------------------------------------------------------------------------------------------------------------------
 */

static int setup(void **state)
{
	const char *was = getenv("ASAN_OPTIONS");
	char options[512], temporary[96];

	(void)state;
	/* a sanitizer's heap keeps what was given back for a while; our own, without one, overwrites it
	 * (base/wipe_free.c) */
	snprintf(options, sizeof(options), "%s%smax_free_fill_size=268435456:free_fill_byte=0",
		 was ? was : "", was ? ":" : "");
	setenv("ASAN_OPTIONS", options, 1);
	needles = 0;
	for (unsigned i = 1; i <= PEOPLE; i++)
		plant(i);
	plant(TYPED);
	crowd_number(COLLECTED, needle[needles++]);
	text_copy(needle[needles++], sizeof(needle[0]), "440199198309050029"); /* on the card of 李秀兰 */
	text_copy(needle[needles++], sizeof(needle[0]), li.phone);
	world_open(&world, "national", NULL);
	world_gateway(&world, gateway);
	snprintf(temporary, sizeof(temporary), "%s/tmp", world.dir);
	assert_int_equal(mkdir(temporary, 0700), 0);
	setenv("TMPDIR", temporary, 1);
	crowd_come(&world, &workers);
	snprintf(temporary, sizeof(temporary), "%s/sheet.csv", world.dir); /* the clerk's own file */
	assert_int_equal(unlink(temporary), 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	world_close(&world);
	unsetenv("TMPDIR");
	return 0;
}

/* A device of the site tells the gateway of somebody it has collected; the answer comes when it is stored. */
static void collect(void)
{
	struct device_person p = {.name = "张试收", .sex = DEVICE_MALE, .nation = 1, .address = "虚构市示例路9号", .valid_to = DATE_LONG_TERM};
	struct device_line_options o = {.host = "127.0.0.1", .port = atoi(strchr(gateway, ':') + 1), .reply_ms = TERMINAL_DEADLINE,
					.who.device = PRACTICE_DEVICE};
	struct device_reply reply;
	struct device_line *line;
	struct buf content;
	char number[24], reason[DEVICE_REASON] = "";
	bool ok = false, left;

	crowd_number(COLLECTED, number);
	text_copy(p.number, sizeof(p.number), number);
	assert_true(date_parse("1990-01-01", &p.birth) && date_parse("2017-04-09", &p.valid_from));
	buf_init(&content, 1u << 20);
	device_reply_init(&reply);
	device_person_write(&o.manner, &p, &content);
	assert_int_equal(device_line_open(&line, &o, NULL), 0);
	assert_int_equal(device_line_ask(line, DEVICE_COLLECT, &content, &reply, &left, NULL), 0);
	device_person_reply_read(&o.manner, &reply.frame, &ok, reason);
	if (!ok)
		fail_msg("the gateway does not take him: %s", reason);
	device_line_close(line);
	device_reply_release(&reply);
	buf_wipe_release(&content);
	world_wait_box(&world, "SELECT count(*) FROM device_collected", "1");
}

static void type_into_the_form(struct terminal *t)
{
	char number[24], phone[24];

	crowd_number(TYPED, number);
	crowd_phone(TYPED, phone);
	terminal_keys(t, "n");
	terminal_expect(t, "▶ 证件号码");
	move_field(t, "证件号码", number);
	move_field(t, "姓名", "张试种");
	move_on_to(t, "手机号码");
	terminal_keys(t, phone);
	terminal_expect_text(t, phone);
}

static void memory_and_files(void **state)
{
	struct terminal *t = world_shiming(&world);
	char where[512], number[24];

	(void)state;
	crowd_number(TYPED, number);
	move_login(t, "clerk");
	terminal_expect(t, "读卡器就绪");
	world_place(&world, "li-xiulan");
	move_fill(t, &li);
	world_remove(&world);
	terminal_expect(t, "读卡器就绪");
	none_in_memory("shiming-reader"); /* nor while everything runs on */
	world_wait_outbox_empty(&world); /* it went through the runner */
	collect();
	none_in_memory("shiming-gateway");
	type_into_the_form(t);
	assert_non_null(in_memory(terminal_pid(t), where,
				  sizeof(where))); /* here it is: the look does find what is there */
	none_in_process_list();
	behind_the_lock(t);
	none_in_process_list();
	unlock(t, number); /* the form is as it was */
	terminal_expect(t, "▶ 手机号码");
	move_home(t);
	/* a whole number in the search of the roster, and the file behind it */
	move_open(t, needle[0]);
	behind_the_lock(t);
	unlock(t, "档案");
	none_in_files(world.dir);
	assert_true(files >= 4);
	move_home(t);
	move_leave(t);
	terminal_close(t);
}

static void what_is_handed_out(void **state)
{
	char line[200];

	(void)state;
	snprintf(line, sizeof(line), "backup %s/all.backup", world.dir);
	crowd_command(&world, "manager", 0, line, said, sizeof(said));
	none_in("what backup says", said, strlen(said));
	snprintf(line, sizeof(line), "export roster %s/roster.csv", world.dir);
	crowd_command(&world, "clerk", 0, line, said, sizeof(said));
	crowd_command(&world, "clerk", 0, "person list --json", said, sizeof(said));
	none_in("person list", said, strlen(said));
	crowd_command(&world, "clerk", 0, "person show 1 --json", said, sizeof(said));
	none_in("person show", said, strlen(said));
	crowd_command(&world, "clerk", 0, "outbox list --json", said, sizeof(said));
	none_in("outbox list", said, strlen(said));
	crowd_command(&world, "manager", 0, "audit list --json", said, sizeof(said));
	none_in("audit list", said, strlen(said));
	none_in_files(world.dir);
	assert_true(files >= 5);
}

/* What a command was given is not shown to whoever looks at the list of processes: it waits for its password
 * meanwhile. */
static void what_the_process_list_shows(void **state)
{
	char password[96], path[64], text[1024] = "";
	int64_t until = clock_steady_ms() + TERMINAL_DEADLINE;
	ssize_t n = 0;
	pid_t pid;

	(void)state;
	snprintf(password, sizeof(password), "%s/waits", world.dir);
	assert_int_equal(mkfifo(password, 0600), 0);
	pid = fork();
	if (!pid) {
		execl(BIN_DIR "/shiming", "shiming", "person", "list", "--search", needle[0], "--data",
		      world.data, "--user", "clerk", "--password-file", password, (char *)NULL);
		_exit(127);
	}
	snprintf(path, sizeof(path), "/proc/%ld/cmdline", (long)pid);
	do {
		int fd = open(path, O_RDONLY | O_CLOEXEC);

		n = fd >= 0 ? read(fd, text, sizeof(text)) : 0;
		close(fd);
		poll(NULL, 0, 5);
	} while (!memmem(text, n > 0 ? (size_t)n : 0, "****", 4) && clock_steady_ms() < until);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_non_null(memmem(text, n > 0 ? (size_t)n : 0, "****", 4));
	none_in(path, text, (size_t)n);
	assert_int_equal(unlink(password), 0);
}

static void nothing_in_the_terminal(struct terminal *t)
{
	const char *off = terminal_scrolled_off(t);

	none_in("what was scrolled off", off, strlen(off));
	for (int row = 0; row < 24; row++)
		none_in("the screen", terminal_row(t, row), strlen(terminal_row(t, row)));
}

/* With a second screen and without one. */
static void what_a_terminal_keeps(void **state)
{
	static const char *const types[] = {"xterm-256color", "vt100"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		const char *argv[] = {BIN_DIR "/shiming", "--data", world.data, NULL};
		struct terminal *t = terminal_open(&(struct terminal_spec){.argv = argv, .term = types[i]});

		move_login(t, "clerk");
		type_into_the_form(t);
		terminal_keys(t, "<F12>");
		terminal_expect(t, "已离开");
		nothing_in_the_terminal(t);
		terminal_keys(t, PRACTICE_PASSWORD "<Enter>");
		terminal_expect(t, "▶ 手机号码");
		move_home(t);
		move_leave(t);
		nothing_in_the_terminal(t);
		terminal_close(t);
	}
}

static void what_a_crash_leaves(void **state)
{
	const char *argv[] = {BIN_DIR "/shiming", "--data", world.data, NULL};
	char dir[96], log[128];
	struct rlimit was, all = {RLIM_INFINITY, RLIM_INFINITY};
	struct terminal *t;
	int status;

	(void)state;
	snprintf(dir, sizeof(dir), "%s/crash", world.dir);
	snprintf(log, sizeof(log), "%s/stderr.log", dir);
	assert_int_equal(mkdir(dir, 0700), 0);
	assert_int_equal(getrlimit(RLIMIT_CORE, &was), 0);
	all.rlim_max = was.rlim_max;
	all.rlim_cur = was.rlim_max;
	assert_int_equal(setrlimit(RLIMIT_CORE, &all), 0);
	t = terminal_open(&(struct terminal_spec){.argv = argv, .cwd = dir, .stderr_file = log});
	move_login(t, "clerk");
	type_into_the_form(t);
	assert_int_equal(kill(terminal_pid(t), SIGSEGV), 0);
	assert_true(terminal_wait_end(t, TERMINAL_DEADLINE, &status));
	assert_true(WIFSIGNALED(status) && !WCOREDUMP(status));
	assert_int_equal(setrlimit(RLIMIT_CORE, &was), 0);
	nothing_in_the_terminal(t);
	terminal_close(t);
	none_in_files(world.dir);
	assert_int_equal(access(log, F_OK), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_and_files),
		cmocka_unit_test(what_is_handed_out),
		cmocka_unit_test(what_the_process_list_shows),
		cmocka_unit_test(what_a_terminal_keeps),
		cmocka_unit_test(what_a_crash_leaves),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
