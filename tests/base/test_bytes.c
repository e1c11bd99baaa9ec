/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Buffers, whole reads and writes, lines, names of things, the log. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/dates.h"
#include "base/io.h"
#include "base/log.h"
#include "base/text.h"
#include "base/uid.h"

static void buffer_has_a_ceiling(void **state)
{
	struct buf b = {0};

	(void)state;
	assert_int_equal(buf_add(&b, "x", 1), -1); /* zeroed: none was named */
	buf_release(&b);
	buf_init(&b, 10);
	assert_int_equal(buf_adds(&b, "12345"), 0);
	assert_int_equal(buf_addf(&b, "%d", 678), 0);
	assert_int_equal(buf_adds(&b, "90!"), -1);
	assert_true(b.failed);
	assert_string_equal(b.data, "12345678");
	assert_int_equal(buf_adds(&b, "9"), -1); /* it would close a gap */
	assert_null(buf_detach(&b));
	buf_reset(&b);
	assert_int_equal(buf_addf(&b, "%s", "1234567890"), 0);
	assert_int_equal(buf_addf(&b, "%s", "1"), -1);
	assert_int_equal(b.len, 10);
	buf_release(&b);
	buf_release(&b);
}

static void buffer_moves(void **state)
{
	struct buf b;
	char *s;

	(void)state;
	buf_init(&b, 1 << 20);
	for (int i = 0; i < 100000; i++)
		assert_int_equal(buf_add(&b, "abcdefghij" + i % 10, 1), 0);
	assert_int_equal(strlen(b.data), 100000);
	buf_drop_front(&b, 99990);
	assert_string_equal(b.data, "abcdefghij");
	buf_drop_front(&b, 99);
	assert_int_equal(b.len, 0);
	buf_adds(&b, "left");
	s = buf_detach(&b);
	assert_string_equal(s, "left");
	free(s);
	assert_null(b.data);
	s = buf_detach(&b);
	assert_string_equal(s, "");
	free(s);
	buf_add(&b, NULL, 0);
	buf_wipe_release(&b);
	buf_drop_front(&b, 1);
}

static void takes_lines(void **state)
{
	struct buf in, line;

	(void)state;
	buf_init(&in, 100);
	buf_init(&line, 8);
	buf_adds(&in, "one\r\n\n三\nmuch too long\nrest");
	assert_true(io_take_line(&in, &line));
	assert_string_equal(line.data, "one");
	assert_true(io_take_line(&in, &line));
	assert_int_equal(line.len, 0);
	assert_true(io_take_line(&in, &line));
	assert_string_equal(line.data, "三");
	assert_true(io_take_line(&in, &line));
	assert_true(line.failed);
	assert_false(io_take_line(&in, &line));
	assert_string_equal(in.data, "rest");
	buf_release(&in);
	buf_release(&line);
}

static void *slow_reader(void *arg)
{
	static char all[300000];
	size_t got = 0;
	ssize_t n;

	while ((n = io_read_some(*(int *)arg, all + got, 1000)) > 0)
		got += (size_t)n;
	return got == sizeof(all) && all[299999] == 'z' ? arg : NULL;
}

/* More than a pipe holds, into a non-blocking end. */
static void writes_all(void **state)
{
	static char data[300000];
	pthread_t reader;
	void *result;
	int fd[2];

	(void)state;
	memset(data, 'z', sizeof(data));
	assert_int_equal(pipe2(fd, O_CLOEXEC), 0);
	fcntl(fd[1], F_SETFL, O_NONBLOCK);
	pthread_create(&reader, NULL, slow_reader, &fd[0]);
	assert_int_equal(io_write_all(fd[1], data, sizeof(data), NULL), 0);
	close(fd[1]);
	pthread_join(reader, &result);
	assert_ptr_equal(result, &fd[0]);
	close(fd[0]);
}

static void write_to_nobody_fails(void **state)
{
	struct err e = {0};
	int fd[2];

	(void)state;
	signal(SIGPIPE, SIG_IGN);
	assert_int_equal(pipe2(fd, O_CLOEXEC), 0);
	close(fd[0]);
	assert_int_equal(io_write_all(fd[1], "x", 1, &e), -1);
	assert_int_equal(e.code, ERR_SYSTEM);
	close(fd[1]);
}

static void fills(void **state)
{
	struct buf in;
	int fd[2];

	(void)state;
	buf_init(&in, 10);
	assert_int_equal(pipe2(fd, O_CLOEXEC | O_NONBLOCK), 0);
	assert_int_equal(io_fill(fd[0], &in), 0);
	assert_int_equal(write(fd[1], "12345678", 8), 8);
	assert_int_equal(io_fill(fd[0], &in), 1);
	assert_string_equal(in.data, "12345678");
	assert_int_equal(write(fd[1], "9012", 4), 4);
	assert_int_equal(io_fill(fd[0], &in), -1);
	assert_true(in.failed);
	close(fd[1]);
	assert_int_equal(io_fill(fd[0], &in), -1);
	close(fd[0]);
	buf_release(&in);
}

static void reads_files(void **state)
{
	char dir[] = "/tmp/shiming-bytes-XXXXXX", path[64];
	struct buf out;
	struct err e = {0};
	int fd;

	(void)state;
	assert_non_null(mkdtemp(dir));
	text_format(path, sizeof(path), "%s/f", dir);
	buf_init(&out, 100);
	assert_int_equal(io_read_file(path, 100, &out, &e), -1);
	assert_int_equal(e.code, ERR_NOT_FOUND);
	fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	assert_int_equal(io_write_all(fd, "0123456789", 10, &e), 0);
	close(fd);
	assert_int_equal(io_read_file(path, 9, &out, &e), -1);
	assert_int_equal(e.code, ERR_TOO_LARGE);
	assert_int_equal(out.len, 0);
	assert_int_equal(io_read_file(path, 10, &out, &e), 0);
	assert_string_equal(out.data, "0123456789");
	assert_int_equal(io_read_file(dir, 10, &out, &e), -1);
	unlink(path);
	rmdir(dir);
	buf_release(&out);
}

static void uids_are_in_order(void **state)
{
	char last[UID_TEXT] = "", uid[UID_TEXT];

	(void)state;
	for (int i = 0; i < 20000; i++) {
		if (i == 10000)
			clock_fix_ms(1000); /* the clock jumps back by years */
		uid_new(uid);
		assert_true(uid_valid(uid));
		assert_int_equal(uid[14], '7');
		assert_non_null(strchr("89ab", uid[19]));
		assert_true(strcmp(uid, last) > 0);
		strcpy(last, uid);
	}
	clock_fix_ms(0);
}

/* A child counts on from the same tick: its uids must be others all the same. */
static void uids_of_a_fork_differ(void **state)
{
	char ours[UID_TEXT], theirs[UID_TEXT] = "";
	int ends[2], status;
	pid_t pid;

	(void)state;
	uid_new(ours);
	assert_int_equal(pipe(ends), 0);
	pid = fork();
	if (!pid) {
		uid_new(theirs);
		_exit(write(ends[1], theirs, UID_TEXT) != UID_TEXT);
	}
	uid_new(ours);
	assert_int_equal(read(ends[0], theirs, UID_TEXT), UID_TEXT);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_string_not_equal(ours + 19, theirs + 19);
	close(ends[0]);
	close(ends[1]);
}

/* RFC 9562, appendix A.6: 2022-02-22T19:22:22Z is 017f22e2-79b0-7. Only a process without newer uids can show
 * it: see main(). */
static void uid_holds_the_time(void **state)
{
	char uid[UID_TEXT];

	(void)state;
	clock_fix_ms(1645557742000);
	uid_new(uid);
	assert_memory_equal(uid, "017f22e2-79b0-7", 15);
	clock_fix_ms(0);
}

static void uids_are_checked(void **state)
{
	static const struct {
		const char *s;
		bool valid;
	} cases[] = {
		{"017f22e2-79b0-7cc3-98c4-dc0c0c07398f", true},
		{"017F22E2-79b0-7cc3-98c4-dc0c0c07398f", false},
		{"017f22e2-79b0-7cc3-98c4-dc0c0c07398", false},
		{"017f22e2-79b0-7cc3-98c4-dc0c0c07398f0", false},
		{"017f22e2079b0-7cc3-98c4-dc0c0c07398f", false},
		{"", false},
		{"017f22e2-79b0-7cc3-98c4-dc0c0c07398g", false},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		assert_int_equal(uid_valid(cases[i].s), cases[i].valid);
}

static void random_differs(void **state)
{
	unsigned char a[1000] = {0}, b[1000] = {0};
	int zeros = 0;

	(void)state;
	random_bytes(a, sizeof(a));
	random_bytes(b, sizeof(b));
	assert_memory_not_equal(a, b, sizeof(a));
	for (size_t i = 0; i < sizeof(a); i++)
		zeros += !a[i];
	assert_true(zeros < 40); /* 4 expected */
	random_bytes(a, 0);
}

static size_t read_log(int fd, char *out, size_t size)
{
	ssize_t n = io_read_some(fd, out, size - 1);

	n = n < 0 ? 0 : n;
	out[n] = '\0';
	return (size_t)n;
}

static void logs_lines(void **state)
{
	struct err e = {.code = ERR_BUSY, .detail = "row 7"};
	char got[4096], expected[128];
	int fd[2];

	(void)state;
	assert_int_equal(pipe2(fd, O_CLOEXEC | O_NONBLOCK), 0);
	clock_fix_ms(1795154400123);
	log_open("shiming-test", fd[1], LOG_INF);
	log_write(LOG_DBG, "not wanted");
	assert_int_equal(read_log(fd[0], got, sizeof(got)), 0);
	log_write(LOG_INF, "two\nlines %d", 2);
	read_log(fd[0], got, sizeof(got));
	text_format(expected, sizeof(expected),
		    "2026-11-20T06:00:00.123Z shiming-test[%d] info: two lines 2\n", (int)getpid());
	assert_string_equal(got, expected);
	log_err("saving", &e);
	read_log(fd[0], got, sizeof(got));
	assert_non_null(strstr(got, " error: saving: ERR_BUSY: row 7\n"));
	log_write(LOG_WRN, "%02000d", 1);
	read_log(fd[0], got, sizeof(got));
	assert_true(strlen(got) < 1024 && got[strlen(got) - 1] == '\n');
	log_open("shiming-test", -1, LOG_DBG);
	log_write(LOG_ERR, "to nobody");
	assert_int_equal(read_log(fd[0], got, sizeof(got)), 0);
	clock_fix_ms(0);
	close(fd[0]);
	close(fd[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(uid_holds_the_time), /* before any other uid is made */
		cmocka_unit_test(buffer_has_a_ceiling),
		cmocka_unit_test(buffer_moves),
		cmocka_unit_test(takes_lines),
		cmocka_unit_test(writes_all),
		cmocka_unit_test(write_to_nobody_fails),
		cmocka_unit_test(fills),
		cmocka_unit_test(reads_files),
		cmocka_unit_test(uids_of_a_fork_differ),
		cmocka_unit_test(uids_are_in_order),
		cmocka_unit_test(uids_are_checked),
		cmocka_unit_test(random_differs),
		cmocka_unit_test(logs_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
