/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The external decoder, with a stand-in that behaves well and badly. */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "picture_checks.h"

#include "base/dates.h"
#include "base/text.h"
#include "picture/wlt.h"
#include "scratch.h"
#include "words.h"

#define BMP_BYTES 38862

static char room[] = "/tmp/shiming-portrait.XXXXXX", lock[64];
static uint8_t portrait[WLT_BYTES] = {'W'};
static struct buf picture;

static int set_up(void **state)
{
	(void)state;
	signal(SIGPIPE, SIG_IGN);
	portrait[WLT_BYTES - 1] = 0xA5;
	buf_init(&picture, WLT_PICTURE_MAX);
	if (!mkdtemp(room) || !text_format(lock, sizeof(lock), "%s/lock", room))
		return -1;
	return close(open(lock, O_CREAT | O_RDWR | O_CLOEXEC, 0600));
}

static size_t names_in(const char *path)
{
	DIR *list = opendir(path);
	struct dirent *entry;
	size_t n = 0;

	while (list && (entry = readdir(list)))
		n += entry->d_name[0] != '.';
	closedir(list);
	return n;
}

static int tear_down(void **state)
{
	(void)state;
	buf_release(&picture);
	unlink(lock);
	return rmdir(room); /* fails when something was left */
}

static int decode(const char *how, int timeout_ms, struct err *e)
{
	char command[1024];
	struct wlt_options o = {.command = command, .timeout_ms = timeout_ms, .directory = room};

	text_format(command, sizeof(command), "%s %s", FAKE_DECODER, how);
	return wlt_decode(portrait, sizeof(portrait), &o, &picture, e);
}

static void works__in_every_way(void **state)
{
	static const char *const ways[] = {"file {in} {out}",
					   "beside {in}",
					   "pipe",
					   "deaf",
					   "chatter {in} {out}",
					   "room {in} {out}",
					   "litter {in} {out}",
					   "\"file\" \"{in}\" {out}"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		struct err e = {0};

		if (decode(ways[i], 0, &e))
			fail_msg("%s: %s %s", ways[i], err_name(e.code), e.detail);
		assert_int_equal(picture.len, BMP_BYTES);
		assert_memory_equal(picture.data, "BM", 2);
		assert_int_equal(names_in(room), 1); /* the lock only */
	}
}

static void fails__by_name(void **state)
{
	static const struct {
		const char *how;
		enum err_code code;
	} ways[] = {
		{"crash", ERR_PICTURE_DECODER_CRASHED},
		{"segv", ERR_PICTURE_DECODER_CRASHED},
		{"crash {in} {out}", ERR_PICTURE_DECODER_CRASHED},
		{"fail", ERR_PICTURE_DECODER_FAILED},
		{"memory", ERR_PICTURE_DECODER_FAILED},
		{"nothing", ERR_PICTURE_DECODER_OUTPUT},
		{"nothing {in} {out}", ERR_PICTURE_DECODER_OUTPUT},
		{"empty {in} {out}", ERR_PICTURE_DECODER_OUTPUT},
		{"link {in} {out}", ERR_PICTURE_DECODER_OUTPUT},
		{"flood-file {in} {out}", ERR_PICTURE_DECODER_OUTPUT},
		{"flood", ERR_PICTURE_DECODER_OUTPUT},
		{"\"open", ERR_PICTURE_DECODER_COMMAND},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		struct err e = {0};

		assert_int_equal(decode(ways[i].how, 0, &e), -1);
		if (e.code != ways[i].code)
			fail_msg("%s: %s %s", ways[i].how, err_name(e.code), e.detail);
		assert_int_equal(names_in(room), 1);
	}
}

static void slow__ended_with_all_it_started(void **state)
{
	static const char *const ways[] = {"stay", "closed", "spin"};
	int fd = open(lock, O_RDWR | O_CLOEXEC);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(ways); i++) {
		int64_t from = clock_steady_ms();
		struct err e = {0};
		char how[200];

		text_format(how, sizeof(how), "%s %s", ways[i], lock);
		assert_int_equal(decode(how, 300, &e), -1);
		assert_int_equal(e.code, ERR_PICTURE_DECODER_SLOW);
		assert_true(clock_steady_ms() - from >= 300);
		assert_int_equal(flock(fd, LOCK_EX), 0); /* waits until nobody holds it any more */
		flock(fd, LOCK_UN);
		assert_int_equal(names_in(room), 1);
	}
	close(fd);
}

static void refused__before_anything_runs(void **state)
{
	static const struct {
		const char *command;
		size_t n;
		enum err_code code;
	} cases[] = {
		{"/nonexistent/decoder {in} {out}", WLT_BYTES, ERR_PICTURE_DECODER_MISSING},
		{"/etc/passwd", WLT_BYTES, ERR_PICTURE_DECODER_MISSING},
		{"decoder {in} {out}", WLT_BYTES, ERR_PICTURE_DECODER_COMMAND},
		{"", WLT_BYTES, ERR_PICTURE_NO_DECODER},
		{" \t ", WLT_BYTES, ERR_PICTURE_NO_DECODER},
		{FAKE_DECODER " pipe", WLT_BYTES - 1, ERR_PICTURE_PORTRAIT},
		{FAKE_DECODER " pipe", 0, ERR_PICTURE_PORTRAIT},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct wlt_options o = {.command = cases[i].command, .directory = room};
		struct err e = {0};

		assert_int_equal(wlt_decode(portrait, cases[i].n, &o, &picture, &e), -1);
		if (e.code != cases[i].code)
			fail_msg("%s: %s %s", cases[i].command, err_name(e.code), e.detail);
	}
}

static void refused__no_room(void **state)
{
	struct wlt_options o = {.command = FAKE_DECODER " file {in} {out}", .directory = "/nonexistent"};
	struct err e = {0};

	(void)state;
	assert_int_equal(wlt_decode(portrait, WLT_BYTES, &o, &picture, &e), -1);
	assert_int_equal(e.code, ERR_PICTURE_DECODER_ROOM);
}

/* A run that is killed leaves its directory; the next run takes it away, and leaves alone what is in use. */
static void scratch__swept_after_a_kill(void **state)
{
	struct scratch in_use = SCRATCH_NONE, next = SCRATCH_NONE;
	int told[2], status;
	char byte;
	pid_t pid;

	(void)state;
	assert_int_equal(pipe(told), 0);
	assert_int_equal(scratch_open(&in_use, room, NULL), 0);
	assert_int_equal(scratch_write(&in_use, "mine", "x", 1, NULL), 0);
	pid = fork();
	if (!pid) {
		struct scratch s;

		if (!scratch_open(&s, room, NULL) &&
		    !scratch_write(&s, "photo.wlt", portrait, sizeof(portrait), NULL) &&
		    write(told[1], "x", 1) == 1)
			pause();
		_exit(1);
	}
	assert_int_equal(read(told[0], &byte, 1), 1);
	assert_int_equal(names_in(room), 3); /* lock, two directories */
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(names_in(room), 3);
	assert_int_equal(scratch_open(&next, room, NULL), 0);
	assert_int_equal(names_in(room), 3); /* lock, in use, next */
	buf_reset(&picture);
	assert_int_equal(scratch_read(&in_use, "mine", 10, &picture, NULL), 0);
	scratch_close(&next);
	scratch_close(&in_use);
	scratch_close(&in_use);
	assert_int_equal(names_in(room), 1);
	close(told[0]);
	close(told[1]);
}

static void scratch__on_tmpfs_and_ours_alone(void **state)
{
	struct scratch s;
	struct stat st;
	struct err e = {0};

	(void)state;
	if (scratch_open(&s, NULL, &e)) {
		assert_int_equal(e.code, ERR_NOT_FOUND); /* a machine without any tmpfs */
		skip();
	}
	assert_int_equal(fstat(s.dir, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	assert_true(strncmp(s.path, "/tmp/", 5) && strncmp(s.path, "/home/", 6));
	scratch_close(&s);
	assert_int_equal(stat(s.path, &st), -1);
}

static void words__cases(void **state)
{
	static const struct {
		const char *command, *words[6];
		bool in, out;
	} cases[] = {
		{"/a", {"/a"}, false, false},
		{"  /a\t b ", {"/a", "b"}, false, false},
		{"/a {in} {out}", {"/a", "IN", "OUT"}, true, true},
		{"/a --from={in},x", {"/a", "--from=IN,x"}, true, false},
		{"\"/my dir/a\" \"\" b\"c d\"e", {"/my dir/a", "", "bc de"}, false, false},
		{"/a {ins} {in", {"/a", "{ins}", "{in"}, false, false},
		{"/a $HOME `id` ;rm *", {"/a", "$HOME", "`id`", ";rm", "*"}, false, false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct place places[] = {
			{.name = "{in}", .value = "IN"}, {.name = "{out}", .value = "OUT"}, {.name = NULL}};
		struct words w;

		assert_int_equal(words_split(cases[i].command, places, &w, NULL), 0);
		for (size_t k = 0; k < 6; k++) {
			if (!cases[i].words[k]) {
				assert_null(w.argv[k]);
				break;
			}
			assert_string_equal(w.argv[k], cases[i].words[k]);
		}
		assert_int_equal(places[0].used, cases[i].in);
		assert_int_equal(places[1].used, cases[i].out);
	}
}

static void words__bounded(void **state)
{
	struct place places[] = {{.name = "{in}", .value = "0123456789012345678901234567890123456789"},
				 {.name = NULL}};
	char many[2 * (WLT_WORDS + 1) + 1], grown[WLT_COMMAND + 1];
	struct words w;
	struct err e = {0};

	(void)state;
	for (size_t i = 0; i <= WLT_WORDS; i++)
		memcpy(many + 2 * i, "/ ", 3);
	assert_int_equal(words_split(many, places, &w, &e), -1);
	assert_int_equal(e.code, ERR_PICTURE_DECODER_COMMAND);
	many[2 * WLT_WORDS] = '\0';
	assert_int_equal(words_split(many, places, &w, &e), 0);
	memset(grown, '/', sizeof(grown));
	for (size_t i = 1; i + 4 < sizeof(grown); i += 4)
		memcpy(grown + i, "{in}", 4);
	grown[sizeof(grown) - 1] = '\0';
	assert_int_equal(words_split(grown, places, &w, &e), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(works__in_every_way),
		cmocka_unit_test(fails__by_name),
		cmocka_unit_test(slow__ended_with_all_it_started),
		cmocka_unit_test(refused__before_anything_runs),
		cmocka_unit_test(refused__no_room),
		cmocka_unit_test(scratch__swept_after_a_kill),
		cmocka_unit_test(scratch__on_tmpfs_and_ours_alone),
		cmocka_unit_test(words__cases),
		cmocka_unit_test(words__bounded),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
