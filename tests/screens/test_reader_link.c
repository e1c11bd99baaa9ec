/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The header's word on a reader that ssh brings: the socket comes, goes stale, is replaced and is opened to
 * others while the application runs. The socket is that of a real pcscd, moved to where sshd would have bound
 * it.
 */
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/dates.h"
#include "base/text.h"
#include "reader/rig.h"
#include "reader_link.h"

#define DEADLINE_MS 20000

static struct rig rig;
static struct reader_link the_link, *const link_ = &the_link;
static char socket_path[128], read_name[128];
static int reads;

static int begin(void **state)
{
	(void)state;
	rig_start(&rig, 1, NULL);
	child_release(&rig.reader);
	setenv("XDG_RUNTIME_DIR", rig.dir, 1);
	setenv("SHIMING_LIBEXEC", BIN_DIR, 1);
	text_format(socket_path, sizeof(socket_path), "%s/" CARD_SOCKET_NAME, rig.dir);
	reader_link_init(link_);
	reads = 0;
	return 0;
}

static int end(void **state)
{
	(void)state;
	reader_link_stop(link_);
	rig_stop(&rig);
	return 0;
}

/* As sshd binds it: in the place of what lies there. */
static void bring_socket(void)
{
	assert_int_equal(rename(rig.pcscd.socket, socket_path), 0);
}

static void on_event(void *arg, const struct card_event *ev)
{
	(void)arg;
	if (ev->kind != CARD_EVENT_READ)
		return;
	reads++;
	text_copy(read_name, sizeof(read_name), ev->card.name);
}

/* Turns the application's loop until the header says so. */
static void until_word(const char *word)
{
	int64_t until = clock_steady_ms() + DEADLINE_MS;

	while (strcmp(reader_link_word(link_), word) != 0) {
		struct pollfd p = {.fd = reader_link_fd(link_), .events = POLLIN};

		if (clock_steady_ms() > until)
			fail_msg("the header says '%s', not '%s'", reader_link_word(link_), word);
		poll(&p, 1, 20);
		reader_link_step(link_, clock_steady_ms(), on_event, NULL);
	}
}

static void lose_pcscd(void)
{
	kill(rig.pcscd.pid, SIGKILL);
	waitpid(rig.pcscd.pid, NULL, 0);
	rig.pcscd.pid = 0;
}

static void test_comes_goes_and_comes(void **state)
{
	(void)state;
	if (access(CARD_SOCKET_SYSTEM, F_OK) == 0)
		skip(); /* this machine's own service would answer meanwhile */
	reader_link_start(link_, clock_steady_ms());
	until_word("读卡服务未运行");
	bring_socket();
	until_word("读卡器就绪");
	rig_sim(&rig, 0, "place wang-daqiang");
	until_word("读取完成");
	assert_int_equal(reads, 1);
	assert_string_equal(read_name, "王大强");
	lose_pcscd(); /* its socket stays, as sshd's does */
	until_word("读卡转发已断开");
	rig_sim(&rig, 0, "remove");
	rig_start_pcscd(&rig);
	bring_socket();
	until_word("读卡器就绪");
	rig_sim(&rig, 0, "place li-xiulan");
	until_word("读取完成");
	assert_int_equal(reads, 2);
	assert_string_equal(read_name, "李秀兰");
}

/* Met at the start already: named at once, not as a service that is missing here. */
static void test_stale_at_the_start(void **state)
{
	(void)state;
	if (access(CARD_SOCKET_SYSTEM, F_OK) == 0)
		skip();
	bring_socket();
	lose_pcscd();
	reader_link_start(link_, clock_steady_ms());
	until_word("读卡转发已断开");
	assert_int_equal(unlink(socket_path), 0);
	until_word("读卡服务未运行");
}

/* A second login takes the place while the first one's line still stands: the reader is followed to the new
 * one. */
static void test_replaced_while_alive(void **state)
{
	struct rig second;

	(void)state;
	bring_socket();
	reader_link_start(link_, clock_steady_ms());
	until_word("读卡器就绪");
	rig_start(&second, 1, NULL);
	child_release(&second.reader);
	assert_int_equal(rename(second.pcscd.socket, socket_path), 0);
	rig_sim(&second, 0, "place li-xiulan");
	until_word("读取完成");
	assert_string_equal(read_name, "李秀兰");
	rig_stop(&second);
}

/* The line breaks and comes back under a card that lies there: the helper finds its way itself, and the card
 * is one card. */
static void test_card_stays(void **state)
{
	int64_t until;

	(void)state;
	bring_socket();
	reader_link_start(link_, clock_steady_ms());
	rig_sim(&rig, 0, "place wang-daqiang");
	until_word("读取完成");
	lose_pcscd();
	until_word("读卡转发已断开");
	rig_start_pcscd(&rig);
	bring_socket();
	until_word("读取完成");
	for (until = clock_steady_ms() + 2500;
	     clock_steady_ms() < until;) { /* longer than the socket is looked at again */
		struct pollfd p = {.fd = reader_link_fd(link_), .events = POLLIN};

		poll(&p, 1, 20);
		reader_link_step(link_, clock_steady_ms(), on_event, NULL);
	}
	assert_int_equal(reads, 1);
}

static void test_opened_to_others(void **state)
{
	(void)state;
	if (access(CARD_SOCKET_SYSTEM, F_OK) == 0)
		skip();
	bring_socket();
	reader_link_start(link_, clock_steady_ms());
	until_word("读卡器就绪");
	assert_int_equal(chmod(rig.dir, 0755), 0);
	assert_int_equal(chmod(socket_path, 0666), 0);
	until_word("读卡转发权限不对");
	assert_int_equal(chmod(socket_path, 0600), 0);
	until_word("读卡器就绪");
}

#define LINKED(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		LINKED(test_comes_goes_and_comes), LINKED(test_stale_at_the_start),
		LINKED(test_replaced_while_alive), LINKED(test_card_stays),
		LINKED(test_opened_to_others),
	};

	unsetenv(CARD_SOCKET_VARIABLE);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
