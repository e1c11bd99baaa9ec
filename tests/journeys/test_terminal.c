/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The harness itself, on programs whose behaviour is known: a test that cannot fail would be worth nothing, so each sees it fail too. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "journeys/terminal.h"

static struct terminal *shell(const char *script)
{
	const char *argv[] = { "/bin/sh", "-c", script, NULL };

	return terminal_open(&(struct terminal_spec){ .argv = argv });
}

static void sees_text_and_its_absence(void **state)
{
	struct terminal *t = shell("printf '\\033[2J\\033[3;5H工人名册 𠮷 买买提·艾力'; read x; printf '\\033[2J'; read x");
	int col = -1;

	(void)state;
	terminal_expect(t, "买买提·艾力");
	assert_int_equal(terminal_find(t, "𠮷", &col), 2);
	assert_int_equal(col, 4 + 8 + 1);
	assert_int_equal(terminal_find(t, "买", &col), 2);
	assert_int_equal(col, 4 + 8 + 1 + 2 + 1);
	assert_false(terminal_wait_for(t, "不在屏幕上", 50));
	terminal_keys(t, "<Enter>");
	terminal_expect_gone(t, "工人名册");
	terminal_close(t);
}

static void cells_have_width_and_weight(void **state)
{
	struct terminal *t = shell("printf '\\033[2J\\033[Ha实\\033[1m名\\033[0m\\033[7mb\\033[0m.'; read x");
	struct terminal_cell cell;
	int row, col;

	(void)state;
	terminal_expect(t, "a实名b.");
	terminal_cell_at(t, 0, 1, &cell);
	assert_int_equal(cell.chars[0], 0x5b9e);
	assert_int_equal(cell.width, 2);
	assert_false(cell.bold);
	terminal_cell_at(t, 0, 3, &cell);
	assert_true(cell.bold);
	terminal_cell_at(t, 0, 5, &cell);
	assert_true(cell.reverse);
	terminal_cursor(t, &row, &col, NULL);
	assert_int_equal(row, 0);
	assert_int_equal(col, 7);
	terminal_close(t);
}

static void types_keys_as_a_terminal_does(void **state)
{
	/* od shows what arrives; the line discipline must not get at it first */
	struct terminal *t = shell("stty raw -echo; printf 'ready\\r\\n'; dd bs=1 count=14 2>/dev/null | od -An -tx1 -w14; read x");

	(void)state;
	terminal_expect(t, "ready");
	terminal_keys(t, "张<Lt><Up><F5><C-c><Enter>");
	terminal_expect(t, "e5 bc a0 3c 1b 5b 41 1b 5b 31 35 7e 03 0d");
	terminal_close(t);
}

static void answers_a_cursor_report(void **state)
{
	struct terminal *t = shell("stty raw -echo; printf '\\033[2;4H\\033[6n'; dd bs=1 count=6 2>/dev/null | od -An -c; read x");

	(void)state;
	terminal_expect(t, "033   [   2   ;   4   R");
	terminal_close(t);
}

static void resizes(void **state)
{
	struct terminal *t = shell("trap 'stty size; exit 0' WINCH; echo ready; while :; do read x; done");

	(void)state;
	terminal_expect(t, "ready");
	terminal_resize(t, 30, 100);
	terminal_expect(t, "30 100");
	terminal_expect_exit(t, 0);
	terminal_close(t);
}

static void tells_the_end_and_its_status(void **state)
{
	struct terminal *t = shell("echo last; exit 3");
	int status = 0;

	(void)state;
	assert_true(terminal_wait_end(t, TERMINAL_DEADLINE, &status));
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 3);
	assert_true(terminal_shows(t, "last"));
	terminal_close(t);
}

static void end_of_input_reaches_the_program(void **state)
{
	struct terminal *t = shell("trap '' HUP; echo ready; read x; exit 7");

	(void)state;
	terminal_expect(t, "ready");
	terminal_end_input(t);
	terminal_expect_exit(t, 7);
	terminal_close(t);
}

static void closing_kills(void **state)
{
	struct terminal *t = shell("trap '' HUP TERM; echo ready; while :; do read x; done");
	pid_t pid = terminal_pid(t);

	(void)state;
	terminal_expect(t, "ready");
	terminal_close(t);
	assert_int_equal(kill(pid, 0), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sees_text_and_its_absence), cmocka_unit_test(cells_have_width_and_weight),
		cmocka_unit_test(types_keys_as_a_terminal_does), cmocka_unit_test(answers_a_cursor_report),
		cmocka_unit_test(resizes), cmocka_unit_test(tells_the_end_and_its_status),
		cmocka_unit_test(end_of_input_reaches_the_program), cmocka_unit_test(closing_kills),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
