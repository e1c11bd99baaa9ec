/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A terminal for tests: a program on a pty, what it paints held by libvterm, keys sent as an xterm sends them.
 *
 * Nothing here sleeps: a test waits for a named thing (a text on the screen, the end of the program) with a deadline, and when it does
 * not come the screen is printed and the test fails with the place of the call. The program's process group is killed on close.
 * What the program asks of the terminal (cursor report) is answered. Nothing needs an installed locale.
 */
#ifndef TESTS_JOURNEYS_TERMINAL_H
#define TESTS_JOURNEYS_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define TERMINAL_DEADLINE 20000 /* ms; sanitizers, two cores, other tests beside us */

struct terminal;

struct terminal_spec {
	const char *const *argv;   /* NULL-terminated; argv[0] is a path */
	const char *const *env;    /* "K=V" over the inherited environment; "K" alone removes; may be NULL */
	const char *term;          /* NULL: xterm-256color */
	int rows, cols;            /* 0: 24, 80 */
	const char *cwd;           /* NULL: inherited */
	const char *stderr_file;   /* NULL: the pty, as a person would have it */
	uid_t uid;                 /* 0: as the test itself; else the program runs as this user */
};

/* NULL when the pty or the process could not be made (the test has failed then). */
struct terminal *terminal_open(const struct terminal_spec *spec);
void terminal_close(struct terminal *t);   /* accepts NULL; kills what still runs */
void terminal_close_all(void);             /* for teardown: a test that failed has closed nothing */
pid_t terminal_pid(const struct terminal *t);

/*
 * Keys: text is typed as it stands, names in angle brackets are keys: <Enter> <Esc> <Tab> <BackTab> <Backspace> <Del> <Up> <Down>
 * <Left> <Right> <Home> <End> <PgUp> <PgDn> <F1> … <F12> <C-a> … <C-z> <Lt> (the sign itself). An unknown name fails the test.
 */
void terminal_keys(struct terminal *t, const char *keys);
void terminal_bytes(struct terminal *t, const void *bytes, size_t n); /* raw */
void terminal_end_input(struct terminal *t);                          /* hangs up our end: the program sees EOF or EIO */
void terminal_resize(struct terminal *t, int rows, int cols);

/* What is on the screen. Rows and columns count from 0. */
const char *terminal_row(struct terminal *t, int row);       /* UTF-8, trailing blanks off; valid until the next call of the same row */
bool terminal_shows(struct terminal *t, const char *text);   /* as it is now, after reading what has come */
int terminal_find(struct terminal *t, const char *text, int *col); /* the row, -1: not on the screen */
void terminal_cursor(struct terminal *t, int *row, int *col, bool *visible);
struct terminal_cell { uint32_t chars[6]; int width; bool bold, reverse; };
void terminal_cell_at(struct terminal *t, int row, int col, struct terminal_cell *out);
/* What has gone out of the screen upwards, as a terminal keeps it to be scrolled back to: lines of UTF-8, the oldest first. */
const char *terminal_scrolled_off(struct terminal *t);
void terminal_print(struct terminal *t);                     /* the screen to stderr, with a frame */

/* Bytes the program has sent since the last call (P3). */
size_t terminal_count_bytes(struct terminal *t);
/* When its last byte came: CLOCK_MONOTONIC in milliseconds. */
double terminal_last_byte_ms(const struct terminal *t);
/* Reads until nothing has come for `quiet_ms`: for counting, never for synchronising. */
void terminal_drain(struct terminal *t, int quiet_ms);

/* Waiting. The macros fail the test with their own place. */
bool terminal_wait_for(struct terminal *t, const char *text, int deadline_ms);
bool terminal_wait_gone(struct terminal *t, const char *text, int deadline_ms);
bool terminal_wait_end(struct terminal *t, int deadline_ms, int *status); /* status as waitpid's */
bool terminal_wait_until(struct terminal *t, bool (*holds)(struct terminal *t, void *arg), void *arg, int deadline_ms);
void terminal_fail(struct terminal *t, const char *what, const char *file, int line); /* prints the screen, fails the test */

#define terminal_expect_in(t, text, ms) \
	do { if (!terminal_wait_for((t), (text), (ms))) terminal_fail((t), "waited for: " text, __FILE__, __LINE__); } while (0)
#define terminal_expect(t, text) terminal_expect_in(t, text, TERMINAL_DEADLINE)
#define terminal_expect_text(t, text) /* a text that is no literal */ \
	do { if (!terminal_wait_for((t), (text), TERMINAL_DEADLINE)) terminal_fail((t), (text), __FILE__, __LINE__); } while (0)
#define terminal_expect_gone(t, text) \
	do { if (!terminal_wait_gone((t), (text), TERMINAL_DEADLINE)) terminal_fail((t), "still there: " text, __FILE__, __LINE__); } while (0)
#define terminal_expect_exit(t, code) \
	do { int st_; if (!terminal_wait_end((t), TERMINAL_DEADLINE, &st_)) terminal_fail((t), "waited for the end", __FILE__, __LINE__); \
		if (!WIFEXITED(st_) || WEXITSTATUS(st_) != (code)) { fprintf(stderr, "status 0x%x\n", (unsigned)st_); \
			terminal_fail((t), "ended otherwise than with exit status " #code, __FILE__, __LINE__); } } while (0)

#endif
