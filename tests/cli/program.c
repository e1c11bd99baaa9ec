/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
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

#include "base/text.h"

#define ARGS 64

char dir[64];
struct buf out, err;
cJSON *answer;

/* --- running ---------------------------------------------------------------------------------------------------------------- */

static void in_child(char **argv, int in, const int o[2], const int e[2])
{
	dup2(in, 0);
	dup2(o[1], 1);
	dup2(e[1], 2);
	for (int fd = 3; fd < 64; fd++)
		close(fd);
	setsid(); /* no terminal: nothing may ask one */
	alarm(60);
	execv(argv[0], argv);
	_exit(127);
}

static void drain(int o, int e)
{
	struct pollfd p[2] = {{.fd = o, .events = POLLIN}, {.fd = e, .events = POLLIN}};
	struct buf *to[2] = {&out, &err};
	char some[4096];

	while (p[0].fd >= 0 || p[1].fd >= 0) {
		assert_true(poll(p, 2, 60000) > 0);
		for (int i = 0; i < 2; i++) {
			ssize_t n = p[i].fd >= 0 && p[i].revents ? read(p[i].fd, some, sizeof(some)) : -2;

			if (n > 0)
				assert_int_equal(buf_add(to[i], some, (size_t)n), 0);
			else if (n != -2)
				p[i].fd = -1;
		}
	}
}

int run_input(const char *input, char **argv)
{
	char path[128];
	int o[2], e[2], in, status;
	pid_t pid;

	text_format(path, sizeof(path), "%s/input", dir);
	in = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	assert_true(in >= 0);
	assert_int_equal(write(in, input, strlen(input)), (ssize_t)strlen(input));
	lseek(in, 0, SEEK_SET);
	assert_int_equal(pipe2(o, O_CLOEXEC), 0);
	assert_int_equal(pipe2(e, O_CLOEXEC), 0);
	buf_reset(&out);
	buf_reset(&err);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		in_child(argv, in, o, e);
	close(in);
	close(o[1]);
	close(e[1]);
	drain(o[0], e[0]);
	close(o[0]);
	close(e[0]);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (!WIFEXITED(status))
		fail_msg("%s: ended by signal %d: %s", argv[1], WTERMSIG(status), err.len ? err.data : "");
	return WEXITSTATUS(status);
}

/* "person list --json": words between blanks. */
int run_words(const char *input, const char *line)
{
	char copy[2048], *argv[ARGS] = {(char *)(uintptr_t)(BIN_DIR "/shiming")}, *rest = copy, *word;
	int n = 1;

	assert_true(text_copy(copy, sizeof(copy), line));
	while ((word = strsep(&rest, " ")) && n < ARGS - 1)
		if (*word)
			argv[n++] = word;
	return run_input(input, argv);
}

int run(const char *line)
{
	return run_words("", line);
}

const char *stdout_text(void)
{
	return out.len ? out.data : "";
}

const char *stderr_text(void)
{
	return err.len ? err.data : "";
}

void expect(int status, const char *line)
{
	int got = run(line);

	if (got != status)
		fail_msg("%s: status %d: %s%s", line, got, stdout_text(), stderr_text());
}

const cJSON *expect_json(int status, const char *line)
{
	struct err e = {0};

	expect(status, line);
	cJSON_Delete(answer);
	answer = NULL;
	if (json_parse(&answer, stdout_text(), out.len, OUTPUT, &e))
		fail_msg("%s: %s: %s", line, e.detail, stdout_text());
	return answer;
}

void expect_said(const char *words)
{
	if (!strstr(stdout_text(), words) && !strstr(stderr_text(), words))
		fail_msg("'%s' is not in: %s%s", words, stdout_text(), stderr_text());
}

void write_file(const char *name, const char *text)
{
	char path[128];
	FILE *f;

	text_format(path, sizeof(path), "%s/%s", dir, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

void set_env(const char *name, const char *rest)
{
	char value[128];

	text_format(value, sizeof(value), "%s%s", dir, rest);
	assert_int_equal(setenv(name, value, 1), 0);
}

void program_begin(void)
{
	strcpy(dir, "/tmp/shiming-cli-XXXXXX");
	assert_non_null(mkdtemp(dir));
	assert_int_equal(chdir(dir), 0);
	buf_init(&out, OUTPUT);
	buf_init(&err, OUTPUT);
	set_env("HOME", "/home");
}

void program_end(void)
{
	char *argv[] = {(char *)(uintptr_t) "/bin/rm", (char *)(uintptr_t) "-rf", dir, NULL};

	cJSON_Delete(answer);
	answer = NULL;
	assert_int_equal(chdir("/"), 0);
	run_input("", argv);
	buf_release(&out);
	buf_release(&err);
}
