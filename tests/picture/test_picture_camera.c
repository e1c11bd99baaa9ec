/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The camera's command: scripts that behave well and badly, through the real helper. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "picture_checks.h"
#include "samples.h"

#include "base/dates.h"
#include "base/io.h"
#include "base/text.h"
#include "picture/camera.h"
#include "picture/client.h"
#include "picture/picture.h"

static char dir[] = "/tmp/shiming-camera.XXXXXX";
static struct buf taken, shot;

static void path_of(const char *name, char out[128])
{
	text_format(out, 128, "%s/%s", dir, name);
}

static void put(const char *name, const void *data, size_t n, mode_t mode)
{
	char path[128];
	int fd;

	path_of(name, path);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	assert_true(fd >= 0);
	assert_int_equal(io_write_all(fd, data, n, NULL), 0);
	assert_int_equal(close(fd), 0);
}

static int set_up(void **state)
{
	static const char script[] = "#!/bin/sh\n"
				     "cd \"${0%/*}\" || exit 9\n"
				     "case $1 in\n"
				     "file) echo warming up; cat shot.jpg > \"$2\";;\n"
				     "stdout) cat shot.jpg;;\n"
				     "hang) exec 9> lock; flock 9; sleep 1000 & sleep 1000;;\n"
				     "fail) echo no device >&2; exit 3;;\n"
				     "crash) kill -SEGV $$;;\n"
				     "nothing) ;;\n"
				     "text) echo this is no picture;;\n"
				     "half) head -c 2000 shot.jpg;;\n"
				     "tty) (true < /dev/tty) 2> /dev/null && exit 7; cat shot.jpg;;\n"
				     "esac\n";
	struct jpeg_sample s = {.width = 1280, .height = 960, .noise = true, .metadata = true};

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	setenv("SHIMING_LIBEXEC", BIN_DIR, 1);
	buf_init(&taken, PICTURE_SOURCE_BYTES);
	buf_init(&shot, SAMPLE_CEILING);
	if (!mkdtemp(dir))
		return -1;
	sample_jpeg(&s, &shot);
	put("camera", script, strlen(script), 0700);
	put("shot.jpg", shot.data, shot.len, 0600);
	return 0;
}

static int tear_down(void **state)
{
	static const char *const names[] = {"camera", "shot.jpg", "lock"};
	char path[128];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		path_of(names[i], path);
		unlink(path);
	}
	buf_release(&taken);
	buf_release(&shot);
	return rmdir(dir);
}

static int take(const char *how, unsigned seconds, struct err *e)
{
	char command[256];

	text_format(command, sizeof(command), "%s/camera %s", dir, how);
	return picture_client_camera(command, seconds, 0, &taken, e);
}

static void works__fitted_and_bare(void **state)
{
	static const char *const ways[] = {"file {out}", "stdout", "tty"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		struct err e = {0};

		if (take(ways[i], 0, &e))
			fail_msg("%s: %s %s", ways[i], err_name(e.code), e.detail);
		assert_true(taken.len > 1000 && (taken.len + 2) / 3 * 4 <= PICTURE_BASE64_LIMIT);
		assert_memory_equal(taken.data, "\xFF\xD8", 2);
		assert_null(memmem(taken.data, taken.len, SAMPLE_SECRET, strlen(SAMPLE_SECRET)));
	}
}

static void fails__by_name(void **state)
{
	static const struct {
		const char *how;
		enum err_code code;
	} ways[] = {
		{"fail {out}", ERR_CAMERA_FAILED},    {"crash", ERR_CAMERA_FAILED},
		{"nothing", ERR_CAMERA_OUTPUT},	      {"nothing {out}", ERR_CAMERA_OUTPUT},
		{"text", ERR_CAMERA_OUTPUT},	      {"half", ERR_CAMERA_OUTPUT},
		{"stdout {in}", ERR_CAMERA_COMMAND},  {"stdout \"open", ERR_CAMERA_COMMAND},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		struct err e = {0};

		assert_int_equal(take(ways[i].how, 0, &e), -1);
		if (e.code != ways[i].code)
			fail_msg("%s: %s %s", ways[i].how, err_name(e.code), e.detail);
		assert_true(err_sentence(e.code)[0] && err_advice(e.code)[0]);
	}
}

static void refused__before_anything_runs(void **state)
{
	static const struct {
		const char *command;
		enum err_code code;
	} cases[] = {
		{NULL, ERR_CAMERA_NONE},
		{"", ERR_CAMERA_NONE},
		{"  ", ERR_CAMERA_NONE},
		{"camera {out}", ERR_CAMERA_COMMAND},
		{"/nonexistent/camera {out}", ERR_CAMERA_MISSING},
		{"/etc/passwd", ERR_CAMERA_MISSING},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct err e = {0};

		assert_int_equal(picture_client_camera(cases[i].command, 0, 0, &taken, &e), -1);
		if (e.code != cases[i].code)
			fail_msg("%s: %s %s", cases[i].command ? cases[i].command : "(none)", err_name(e.code),
				 e.detail);
	}
}

/* It holds a lock, as does what it has started: the lock is free when both are gone. */
static void slow__ended_with_all_it_started(void **state)
{
	int64_t from = clock_steady_ms();
	char path[128];
	struct err e = {0};
	int fd;

	(void)state;
	assert_int_equal(take("hang", 1, &e), -1);
	assert_int_equal(e.code, ERR_CAMERA_SLOW);
	assert_true(clock_steady_ms() - from >= 1000 && clock_steady_ms() - from < 20000);
	path_of("lock", path);
	fd = open(path, O_RDWR | O_CLOEXEC);
	assert_true(fd >= 0);
	assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
	close(fd);
}

/* The screen goes away while the camera adjusts: so does the camera. */
static void given_up__ends_the_camera(void **state)
{
	struct pollfd fds[PICTURE_RUN_FDS];
	struct picture_args a;
	struct picture_run r;
	char command[256], path[128];
	int64_t until = clock_steady_ms() + 20000;
	int fd;

	(void)state;
	path_of("lock", path);
	unlink(path);
	text_format(command, sizeof(command), "%s/camera hang", dir);
	picture_args_camera(&a, command, 50, 0);
	assert_int_equal(picture_run_start(&r, a.arg, NULL, 0, 0, NULL), 0);
	do {
		assert_false(picture_run_step(&r));
		poll(fds, picture_run_fds(&r, fds), 20);
		fd = open(path, O_RDWR | O_CLOEXEC);
	} while (fd < 0 && clock_steady_ms() < until);
	assert_true(fd >= 0);
	picture_run_release(&r);
	assert_int_equal(flock(fd, LOCK_EX), 0); /* waits until nobody holds it any more */
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(works__fitted_and_bare),	  cmocka_unit_test(fails__by_name),
		cmocka_unit_test(refused__before_anything_runs),  cmocka_unit_test(slow__ended_with_all_it_started),
		cmocka_unit_test(given_up__ends_the_camera),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
