/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the runner says to a session, whoever sits before it: the test is the runner. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>
#include <poll.h>

#include "base/text.h"
#include "stage.h"

#include "../../screens/ui_private.h"
#include "desk/runner_link.h"

#define TICK 1000

static int listen_as_runner(const struct stage *s)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_true(text_format(at.sun_path, sizeof(at.sun_path), "%s/" DESK_SOCKET, s->site.dir));
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(fd, 4), 0);
	return fd;
}

/* Would the loop's wait end at once? */
static bool waits(const struct ui *ui)
{
	struct pollfd p = {.fd = runner_link_fd(ui->runner), .events = POLLIN};

	assert_true(p.fd >= 0);
	return poll(&p, 1, 0) == 0;
}

static void speak(int peer)
{
	assert_int_equal(write(peer, "changed\n", 8), 8);
}

/* A desk that is locked over night must not keep a processor busy: what is said is read, and told to whoever
 * comes back. */
static void links__are_read_behind_a_locked_screen(void **state)
{
	struct stage s;
	int listening, peer;

	(void)state;
	stage_open(&s, "xterm-256color");
	listening = listen_as_runner(&s);
	site_login(&s.site, "manager");
	assert_int_equal(desk_setting_set(s.site.d, "platform.url", "https://127.0.0.1:1", NULL), 0);
	desk_logout(s.site.d);
	stage_login(&s, "clerk");
	peer = accept(listening, NULL, NULL);
	assert_true(peer >= 0);
	speak(peer);
	assert_false(waits(s.ui));
	stage_tick(&s, TICK);
	assert_true(waits(s.ui));
	assert_false(s.ui->told);
	stage_keys(&s, "<F12>");
	assert_true(s.ui->locked);
	speak(peer);
	assert_false(waits(s.ui));
	stage_tick(&s, 3 * TICK);
	assert_true(waits(s.ui));
	assert_true(s.ui->told);
	close(peer);
	close(listening);
	stage_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(links__are_read_behind_a_locked_screen)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
