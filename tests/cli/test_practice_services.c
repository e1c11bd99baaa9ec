/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The helpers of practice as real processes: ready, answering, stopped and started again, and gone with whoever started them. */
#include <arpa/inet.h>
#include <errno.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <cmocka.h>

#include "base/dates.h"
#include "base/text.h"
#include "practice_services.h"

#define DEADLINE 10000

static char base[64], platform[96];

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

static int setup(void **state)
{
	(void)state;
	strcpy(base, "/tmp/shiming-test-XXXXXX");
	setenv("SHIMING_LIBEXEC", BIN_DIR, 1);
	signal(SIGPIPE, SIG_IGN);
	if (!mkdtemp(base))
		return -1;
	snprintf(platform, sizeof(platform), "%s/platform", base);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	return nftw(base, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

/* Ended: no such process, or one that only waits for its parent to look (in a container nobody may). */
static bool has_ended(pid_t pid)
{
	char path[64], text[256] = "";
	FILE *f;
	char *paren;

	snprintf(path, sizeof(path), "/proc/%ld/stat", (long)pid);
	f = fopen(path, "r");
	if (!f)
		return true;
	if (!fgets(text, sizeof(text), f))
		text[0] = '\0';
	fclose(f);
	paren = strrchr(text, ')');
	return !paren || paren[2] == 'Z' || paren[2] == 'X';
}

static bool ends_in_time(pid_t pid)
{
	int64_t until = clock_steady_ms() + DEADLINE;

	while (!has_ended(pid) && clock_steady_ms() < until)
		poll(NULL, 0, 5);
	return has_ended(pid);
}

static bool listens(int port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool yes = connect(fd, (struct sockaddr *)&a, sizeof(a)) == 0;

	close(fd);
	return yes;
}

static void twelve_cards_of_all_types(void **state)
{
	struct practice_services s;
	struct err e = { 0 };

	(void)state;
	assert_int_equal(practice_services_init(&s, base, &e), 0);
	assert_int_equal(practice_cards_start(&s, NULL, &e), 0);
	assert_int_equal(s.n_cards, 12);
	for (size_t i = 0; i < s.n_cards; i++) {
		char line[96];

		assert_true(s.card[i].label[0]);
		snprintf(line, sizeof(line), "place %s", s.card[i].name);
		assert_int_equal(practice_cards_tell(&s, line, &e), 0);
	}
	assert_int_equal(practice_cards_tell(&s, "remove", &e), 0);
	assert_int_equal(practice_cards_tell(&s, "place nobody-of-that-name", &e), -1);
	assert_int_equal(e.code, ERR_USAGE);
	assert_string_equal(getenv("PCSCLITE_CSOCK_NAME"), s.pcscd.socket);
	practice_services_stop(&s);
}

/* The helper that the screens start reads the card that lies there, through pcscd and the driver. */
static void a_card_is_read_through_pcscd(void **state)
{
	const char *const argv[] = { BIN_DIR "/shiming-reader", "watch", NULL };
	const struct child_spec spec = { .argv = argv, .want_stdin = true, .want_stdout = true };
	struct practice_services s;
	struct child reader = CHILD_NONE;
	struct err e = { 0 };
	char text[65536];
	size_t n = 0;
	int64_t until;

	(void)state;
	assert_int_equal(practice_services_init(&s, base, &e), 0);
	assert_int_equal(practice_cards_start(&s, NULL, &e), 0);
	assert_int_equal(practice_cards_tell(&s, "place ouyang-mingyue", &e), 0);
	assert_int_equal(child_start(&reader, &spec, &e), 0);
	until = clock_steady_ms() + DEADLINE;
	for (text[0] = '\0'; !strstr(text, "欧阳明月") && n < sizeof(text) - 1 && clock_steady_ms() < until;) {
		struct pollfd p = { .fd = reader.out, .events = POLLIN };
		ssize_t got = poll(&p, 1, 100) > 0 ? read(reader.out, text + n, sizeof(text) - 1 - n) : 0;

		n += got > 0 ? (size_t)got : 0;
		text[n] = '\0';
	}
	assert_non_null(strstr(text, "欧阳明月"));
	child_release(&reader);
	practice_services_stop(&s);
}

static void the_platform_comes_back_on_its_port(void **state)
{
	struct practice_services s;
	struct err e = { 0 };
	int port;

	(void)state;
	assert_int_equal(practice_services_init(&s, base, &e), 0);
	assert_int_equal(practice_platform_start(&s, platform, "token-of-a-test", NULL, &e), 0);
	port = s.port;
	assert_true(listens(port));
	practice_platform_stop(&s, false);
	assert_false(listens(port));
	assert_int_equal(practice_platform_start(&s, platform, "token-of-a-test", NULL, &e), 0);
	assert_int_equal(s.port, port);
	assert_true(listens(port));
	practice_services_stop(&s);
	assert_false(listens(port));
}

/* kill -9 of whoever started them: none is left, and this without anybody's doing. */
static void none_outlives_its_parent(void **state)
{
	struct practice_services s;
	struct err e = { 0 };
	pid_t pids[3], parent;
	int told[2];

	(void)state;
	assert_int_equal(pipe(told), 0);
	parent = fork();
	if (parent == 0) {
		if (practice_services_init(&s, base, &e) != 0 || practice_cards_start(&s, NULL, &e) != 0 ||
		    practice_platform_start(&s, platform, "token-of-a-test", NULL, &e) != 0)
			_exit(1);
		pids[0] = s.platform.pid;
		pids[1] = s.module.pid;
		pids[2] = s.pcscd.pid;
		if (write(told[1], pids, sizeof(pids)) < 0)
			_exit(1);
		pause();
	}
	close(told[1]);
	assert_int_equal(read(told[0], pids, sizeof(pids)), sizeof(pids));
	for (size_t i = 0; i < ARRAY_LEN(pids); i++)
		assert_false(has_ended(pids[i]));
	kill(parent, SIGKILL);
	assert_int_equal(waitpid(parent, NULL, 0), parent);
	for (size_t i = 0; i < ARRAY_LEN(pids); i++)
		assert_true(ends_in_time(pids[i]));
	close(told[0]);
}

static void a_missing_helper_is_named(void **state)
{
	struct practice_services s;
	struct err e = { 0 };

	(void)state;
	setenv("SHIMING_LIBEXEC", "/nonexistent", 1);
	assert_int_equal(practice_services_init(&s, base, &e), 0);
	assert_int_equal(practice_platform_start(&s, platform, "token-of-a-test", NULL, &e), -1);
	assert_int_equal(e.code, ERR_HELPER_MISSING);
	assert_non_null(strstr(e.detail, "shiming-platform"));
	practice_services_stop(&s);
}

int main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(twelve_cards_of_all_types), T(a_card_is_read_through_pcscd), T(the_platform_comes_back_on_its_port),
		T(none_outlives_its_parent), T(a_missing_helper_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
