/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The helper itself, started and asked as the screens do. */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "picture_checks.h"

#include "base/dates.h"
#include "base/io.h"
#include "base/text.h"
#include "base/confine.h"
#include "picture/client.h"

static struct buf source, result;

static int set_up(void **state)
{
	(void)state;
	signal(SIGPIPE, SIG_IGN);
	setenv("SHIMING_LIBEXEC", BIN_DIR, 1);
	buf_init(&source, SAMPLE_CEILING);
	buf_init(&result, PICTURE_BASE64_MOST);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	buf_release(&source);
	buf_release(&result);
	return 0;
}

#define DONE(call)                                                                                           \
	do {                                                                                                 \
		if (call)                                                                                    \
			fail_msg("%s: %s %s", #call, err_name(e.code), e.detail);                            \
	} while (0)

static void fit__a_photograph(void **state)
{
	struct jpeg_sample how = {3000, 4000, .metadata = true, .orientation = 8};
	struct err e = {0};
	struct seen s;

	(void)state;
	sample_jpeg(&how, &source);
	DONE(picture_client_fit(source.data, source.len, 0, &result, &e));
	look(&result, &s);
	assert_int_equal(s.width, 800);
	assert_int_equal(s.height, 600);
	assert_true(s.bare && (result.len + 2) / 3 * 4 <= PICTURE_BASE64_LIMIT);
	DONE(picture_client_fit(source.data, source.len, 4000, &result, &e));
	assert_true((result.len + 2) / 3 * 4 <= 4000);
}

static void cells__as_the_library(void **state)
{
	struct picture_cells_options o = {.columns = 30, .rows = 20, .colours = GRID_256};
	struct png_sample how = {200, 300, 6, 8, .noise = true};
	struct grid here, there;
	struct err e = {0};

	(void)state;
	sample_png(&how, &source);
	for (int width = 1; width <= 2; width++) {
		text_set_ambiguous_width(width);
		DONE(picture_cells(source.data, source.len, &o, &here, &e));
		DONE(picture_client_cells(source.data, source.len, 30, 20, GRID_256, &there, &e));
		assert_int_equal(there.columns, here.columns);
		assert_int_equal(there.rows, here.rows);
		assert_memory_equal(there.cells, here.cells,
				    (size_t)here.columns * here.rows * sizeof(*here.cells));
		grid_release(&here);
		grid_release(&there);
	}
	text_set_ambiguous_width(1);
}

static void portrait__through_the_decoder(void **state)
{
	static const uint8_t red[3] = {220, 0, 0}, blue[3] = {0, 0, 220};
	uint8_t wlt[PICTURE_WLT_BYTES] = {'W', [PICTURE_WLT_BYTES - 1] = 0xA5};
	struct err e = {0};
	struct seen s;

	(void)state;
	DONE(picture_client_wlt(wlt, FAKE_DECODER " file {in} {out}", &result, &e));
	look(&result, &s);
	assert_int_equal(s.width, 102);
	assert_int_equal(s.height, 126);
	assert_colour(s.corner[0], red, 12, "left");
	assert_colour(s.corner[3], blue, 12, "right");
	DONE(picture_client_wlt(wlt, FAKE_DECODER " pipe", &result, &e));
}

static void portrait__failures_keep_their_names(void **state)
{
	static const struct {
		const char *command;
		enum err_code code;
	} cases[] = {
		{NULL, ERR_PICTURE_NO_DECODER},
		{"", ERR_PICTURE_NO_DECODER},
		{"  ", ERR_PICTURE_NO_DECODER},
		{"relative {in}", ERR_PICTURE_DECODER_COMMAND},
		{"/nonexistent/decoder", ERR_PICTURE_DECODER_MISSING},
		{FAKE_DECODER " crash", ERR_PICTURE_DECODER_CRASHED},
		{FAKE_DECODER " fail", ERR_PICTURE_DECODER_FAILED},
		{FAKE_DECODER " nothing", ERR_PICTURE_DECODER_OUTPUT},
		{FAKE_DECODER " short {in} {out}", ERR_PICTURE_DECODER_OUTPUT},
		{FAKE_DECODER " text {in} {out}", ERR_PICTURE_DECODER_OUTPUT},
		{FAKE_DECODER " flood", ERR_PICTURE_DECODER_OUTPUT},
	};
	uint8_t wlt[PICTURE_WLT_BYTES] = {'W', [PICTURE_WLT_BYTES - 1] = 0xA5};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err e = {0};

		assert_int_equal(picture_client_wlt(wlt, cases[i].command, &result, &e), -1);
		if (e.code != cases[i].code)
			fail_msg("%s: %s %s", cases[i].command, err_name(e.code), e.detail);
	}
}

static void refused__with_the_helpers_words(void **state)
{
	static const char text[] = "no picture at all";
	struct err e = {0};
	size_t huge = PICTURE_SOURCE_BYTES + 100000;
	char *much = calloc(1, huge);

	(void)state;
	assert_int_equal(picture_client_fit(text, sizeof(text), 0, &result, &e), -1);
	assert_int_equal(e.code, ERR_PICTURE_FORMAT);
	assert_string_equal(e.detail, "unknown format");
	assert_int_equal(picture_client_fit(text, 0, 0, &result, &e), -1);
	assert_int_equal(e.code, ERR_PICTURE_EMPTY);
	assert_int_equal(picture_client_fit(much, huge, 0, &result, &e), -1);
	assert_int_equal(e.code, ERR_PICTURE_TOO_LARGE);
	free(much);
	sample_png(&(struct png_sample){10, 10, 2, 8}, &source);
	assert_int_equal(picture_client_fit(source.data, source.len - 30, 0, &result, &e), -1);
	assert_int_equal(e.code, ERR_PICTURE_DAMAGED);
}

static void until_over(struct picture_run *r)
{
	struct pollfd fds[PICTURE_RUN_FDS];

	while (!picture_run_step(r))
		poll(fds, picture_run_fds(r, fds), picture_run_left(r));
}

/* A runtime directory of the test's own, on tmpfs, so that what is left in it can be seen. False: this
 * machine has none. */
static bool own_runtime(char path[64])
{
	text_copy(path, 64, "/dev/shm/shiming-test.XXXXXX");
	return mkdtemp(path) && !setenv("XDG_RUNTIME_DIR", path, 1);
}

/* Waits until the decoder has its portrait and is running: its directory has two names then. */
static void wait_for_portrait(const char *runtime)
{
	int64_t until = clock_steady_ms() + 20000;
	char pattern[128];
	glob_t found;

	text_format(pattern, sizeof(pattern), "%s/*/photo.wlt", runtime);
	while (glob(pattern, 0, NULL, &found)) {
		if (clock_steady_ms() > until)
			fail_msg("no portrait in %s", runtime);
		poll(NULL, 0, 5);
	}
	globfree(&found);
}

/* Waits until it is empty again; takes it away. */
static void assert_emptied(const char *runtime)
{
	int64_t until = clock_steady_ms() + 20000;

	while (rmdir(runtime)) {
		if (clock_steady_ms() > until)
			fail_msg("something stays in %s", runtime);
		poll(NULL, 0, 5);
	}
	unsetenv("XDG_RUNTIME_DIR");
}

static const char *const never_ending[] = {"wlt", "--timeout", "60", "--decoder", FAKE_DECODER " closed {in}",
					   NULL};

/* A helper that does not answer, because its decoder never does: given up in time, and nothing of it stays.
 */
static void late__given_up(void **state)
{
	uint8_t wlt[PICTURE_WLT_BYTES] = {'W'};
	int64_t from = clock_steady_ms();
	struct picture_run r;
	struct err e = {0};
	char runtime[64];
	pid_t pid;

	(void)state;
	if (!own_runtime(runtime))
		skip();
	DONE(picture_run_start(&r, never_ending, wlt, sizeof(wlt), 1500, &e));
	pid = r.child.pid;
	assert_int_equal(picture_run_result(&r, &result, &e), -1); /* not yet */
	until_over(&r);
	assert_true(clock_steady_ms() - from >= 1500);
	assert_int_equal(picture_run_result(&r, &result, &e), -1);
	assert_int_equal(e.code, ERR_PICTURE_SLOW);
	picture_run_release(&r);
	picture_run_release(&r);
	assert_int_equal(kill(pid, 0), -1);
	assert_emptied(runtime);
}

/* The screen is closed while the decoder works. */
static void released__in_the_middle(void **state)
{
	uint8_t wlt[PICTURE_WLT_BYTES] = {'W'};
	struct picture_run r;
	struct err e = {0};
	char runtime[64];

	(void)state;
	if (!own_runtime(runtime))
		skip();
	DONE(picture_run_start(&r, never_ending, wlt, sizeof(wlt), 0, &e));
	assert_false(picture_run_step(&r));
	wait_for_portrait(runtime);
	picture_run_release(&r);
	assert_emptied(runtime);
}

/* kill -9 on whoever asked, while the decoder works: helper and decoder end, the portrait goes. */
static void parent_killed__portrait_goes(void **state)
{
	uint8_t wlt[PICTURE_WLT_BYTES] = {'W'};
	char runtime[64];
	int status;
	pid_t pid;

	(void)state;
	if (!own_runtime(runtime))
		skip();
	pid = fork();
	if (!pid) {
		struct picture_run r;

		if (picture_run_start(&r, never_ending, wlt, sizeof(wlt), 0, NULL) || picture_run_step(&r))
			_exit(1);
		for (;;)
			pause();
	}
	wait_for_portrait(runtime);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_emptied(runtime);
}

static void killed__named(void **state)
{
	static const char *const args[] = {"fit", NULL};
	static const int signals[] = {SIGKILL, SIGSYS}; /* SIGSYS: the seal. No SIGSEGV: a sanitizer that is still starting hangs on it */
	struct err e = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(signals); i++) {
		struct picture_run r;

		DONE(picture_run_start(&r, args, "x", 1, 0, &e));
		kill(r.child.pid, signals[i]); /* it still waits for the end of its input */
		until_over(&r);
		assert_int_equal(picture_run_result(&r, &result, &e), -1);
		assert_int_equal(e.code, ERR_HELPER_DIED);
		picture_run_release(&r);
	}
}

static void missing__named(void **state)
{
	struct err e = {0};

	(void)state;
	setenv("SHIMING_LIBEXEC", "/nonexistent", 1);
	if (!picture_client_fit("x", 1, 0, &result, &e))
		fail_msg("answered from nowhere");
	assert_true(e.code == ERR_HELPER_MISSING ||
		    e.code == ERR_PICTURE_FORMAT); /* the second: an installed helper was found */
	setenv("SHIMING_LIBEXEC", BIN_DIR, 1);
}

/* Starts the helper and stays. A process beside it keeps the helper's input open, so that no end of input
 * ends the helper. */
static void start_and_stay(const int told[2], const int hold[2])
{
	static const char *const argv[] = {"shiming-picture", "fit", NULL};
	struct child_spec spec = {.argv = argv, .want_stdin = true, .pass_fd = {told[1]}, .pass_to = {3}};
	struct child c;
	char byte;

	close(hold[1]);
	if (child_start(&c, &spec, NULL))
		_exit(1);
	if (!fork()) {
		close(told[0]);
		close(told[1]);
		_exit(read(hold[0], &byte, 1) != 0); /* until the test lets go */
	}
	if (write(told[1], "x", 1) != 1)
		_exit(1);
	for (;;)
		pause();
}

/* kill -9 on whoever asked: the helper, which waits for its input, ends too. */
static void parent_killed__helper_ends(void **state)
{
	int told[2], hold[2], status;
	char byte;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(told), 0);
	assert_int_equal(pipe(hold), 0);
	pid = fork();
	if (!pid)
		start_and_stay(told, hold);
	close(told[1]);
	close(hold[0]);
	assert_int_equal(read(told[0], &byte, 1), 1);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(read(told[0], &byte, 1), 0); /* the helper held the last writing end */
	close(told[0]);
	close(hold[1]);
}

/* --- what it takes from itself --- */

/* Runs in a child; 0 is good. Not _exit(): the sanitizer would do something before it that a sealed process
 * may not. */
static int in_child(int (*what)(void))
{
	int status;
	pid_t pid = fork();

	while (!pid)
		syscall(SYS_exit_group, what());
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 256 + WTERMSIG(status);
}

static int refused_call(long result_of)
{
	return result_of == -1 && errno == EPERM ? 0 : 1;
}

#define NO_SECCOMP 77

static int sealed(void)
{
	int pipes[2], before = open("/dev/null", O_RDONLY);
	void *memory;

	if (pipe(pipes) || before < 0)
		return 1;
	if (!confine_seal())
		return NO_SECCOMP;
	memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED || write(pipes[1], "x", 1) != 1)
		return 2;
	if (refused_call(open("/etc/passwd", O_RDONLY)))
		return 3;
	if (refused_call(socket(AF_INET, SOCK_STREAM, 0)))
		return 4;
	if (refused_call(fork()))
		return 5;
	if (refused_call(execl("/bin/true", "true", NULL)))
		return 6;
	if (refused_call(unlink("/nonexistent")))
		return 7;
	if (refused_call((long)mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)))
		return 8;
	if (refused_call(mprotect(memory, 4096, PROT_READ | PROT_EXEC)))
		return 9;
	if (refused_call(kill(getppid(), 0)))
		return 10;
	return 0;
}

static void seal__leaves_computing_and_writing(void **state)
{
	int how = in_child(sealed);

	(void)state;
	if (how == NO_SECCOMP)
		skip();
	assert_int_equal(how, 0);
}

static int limited(void)
{
	struct rlimit core, files, file, cpu;

	close(STDOUT_FILENO);
	close(STDERR_FILENO);
	confine_start(&(struct confine_limits){.memory = 1ul << 30, .cpu_s = 60, .files = 16}, NULL);
	getrlimit(RLIMIT_CORE, &core);
	getrlimit(RLIMIT_NOFILE, &files);
	getrlimit(RLIMIT_FSIZE, &file);
	getrlimit(RLIMIT_CPU, &cpu);
	if (core.rlim_max || files.rlim_max > 16 || file.rlim_max || cpu.rlim_cur > 60)
		return 1;
	return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? 0 : 2;
}

static void limits__taken(void **state)
{
	(void)state;
	assert_int_equal(in_child(limited), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fit__a_photograph),
		cmocka_unit_test(cells__as_the_library),
		cmocka_unit_test(portrait__through_the_decoder),
		cmocka_unit_test(portrait__failures_keep_their_names),
		cmocka_unit_test(refused__with_the_helpers_words),
		cmocka_unit_test(late__given_up),
		cmocka_unit_test(released__in_the_middle),
		cmocka_unit_test(parent_killed__portrait_goes),
		cmocka_unit_test(killed__named),
		cmocka_unit_test(missing__named),
		cmocka_unit_test(parent_killed__helper_ends),
		cmocka_unit_test(seal__leaves_computing_and_writing),
		cmocka_unit_test(limits__taken),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
