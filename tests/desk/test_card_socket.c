/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which pcscd is chosen, and why a forwarded one is not: every state of the place, the words, the version
 * exchange. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/text.h"
#include "desk/card_socket.h"

static char dir[64], path[CARD_SOCKET_PATH];

static int begin(void **state)
{
	(void)state;
	strcpy(dir, "/tmp/shiming-socket-XXXXXX");
	assert_non_null(mkdtemp(dir));
	text_format(path, sizeof(path), "%s/" CARD_SOCKET_NAME, dir);
	setenv("XDG_RUNTIME_DIR", dir, 1);
	unsetenv(CARD_SOCKET_VARIABLE);
	return 0;
}

static int end(void **state)
{
	(void)state;
	chmod(dir, 0700);
	unlink(path);
	return rmdir(dir);
}

static int listener(void)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	unlink(path);
	text_copy(a.sun_path, sizeof(a.sun_path), path);
	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(listen(fd, 4), 0);
	return fd;
}

static void test_nothing_there(void **state)
{
	struct card_socket s;

	(void)state;
	card_socket_find(&s);
	assert_int_equal(s.forward, CARD_FORWARD_NONE);
	assert_int_equal(s.place, CARD_SOCKET_IS_SYSTEM);
	assert_string_equal(s.path, CARD_SOCKET_SYSTEM);
	assert_string_equal(s.forwarded, path);
	assert_null(card_socket_env(&s));
	assert_int_equal(card_socket_cause(&s, ERR_CARD_SERVICE), ERR_CARD_SERVICE);
	assert_int_equal(card_socket_cause(&s, ERR_CARD_REFUSED_SERVICE), ERR_CARD_REFUSED_SERVICE);
}

static void test_forwarded(void **state)
{
	struct card_socket s;
	char want[160];
	int fd = listener();

	(void)state;
	card_socket_find(&s);
	assert_int_equal(s.forward, CARD_FORWARD_LISTENING);
	assert_int_equal(s.place, CARD_SOCKET_IS_FORWARD);
	text_format(want, sizeof(want), CARD_SOCKET_VARIABLE "=%s", path);
	assert_string_equal(card_socket_env(&s)[0], want);
	assert_null(card_socket_env(&s)[1]);
	/* The service beyond is away while the line stands; then the line is gone as well. */
	assert_int_equal(card_socket_cause(&s, ERR_CARD_SERVICE), ERR_CARD_FORWARD_FAR);
	assert_int_equal(card_socket_cause(&s, ERR_CARD_REFUSED_SERVICE), ERR_CARD_FORWARD_FAR);
	assert_int_equal(card_socket_cause(&s, ERR_CARD_NO_READER), ERR_CARD_NO_READER);
	close(fd);
	assert_int_equal(card_socket_cause(&s, ERR_CARD_SERVICE), ERR_CARD_FORWARD_STALE);
	unlink(path);
	assert_int_equal(card_socket_cause(&s, ERR_CARD_SERVICE), ERR_CARD_FORWARD_STALE);
}

/* An administrator's or practice's own choice goes first. */
static void test_given(void **state)
{
	struct card_socket s;
	int fd = listener();

	(void)state;
	setenv(CARD_SOCKET_VARIABLE, "/nonexistent/x", 1);
	card_socket_find(&s);
	assert_int_equal(s.place, CARD_SOCKET_IS_GIVEN);
	assert_string_equal(card_socket_env(&s)[0], CARD_SOCKET_VARIABLE "=/nonexistent/x");
	assert_int_equal(card_socket_cause(&s, ERR_CARD_SERVICE), ERR_CARD_SERVICE);
	assert_false(card_socket_changed(&s));
	setenv(CARD_SOCKET_VARIABLE, "", 1);
	card_socket_find(&s);
	assert_int_equal(s.place, CARD_SOCKET_IS_FORWARD);
	unsetenv(CARD_SOCKET_VARIABLE);
	close(fd);
}

/* Not used, the system's instead, and the fault in words. */
static void test_not_used(void **state)
{
	static const struct {
		const char *what;
		mode_t dir, socket;
		bool close, file;
		enum card_forward forward;
		enum err_code cause;
	} cases[] = {
		{"nobody listens", 0700, 0600, true, false, CARD_FORWARD_STALE, ERR_CARD_FORWARD_STALE},
		{"a file", 0700, 0600, true, true, CARD_FORWARD_FOREIGN, ERR_CARD_FORWARD_UNSAFE},
		{"others may write the directory", 0777, 0600, false, false, CARD_FORWARD_FOREIGN,
		 ERR_CARD_FORWARD_UNSAFE},
		{"the group may", 0770, 0600, false, false, CARD_FORWARD_FOREIGN, ERR_CARD_FORWARD_UNSAFE},
		{"others can reach it", 0755, 0666, false, false, CARD_FORWARD_OPEN, ERR_CARD_FORWARD_UNSAFE},
		{"the group can", 0710, 0660, false, false, CARD_FORWARD_OPEN, ERR_CARD_FORWARD_UNSAFE},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct card_socket s;
		int fd = cases[i].file ? (unlink(path), open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600))
				       : listener();

		assert_true(fd >= 0);
		chmod(path, cases[i].socket);
		chmod(dir, cases[i].dir);
		if (cases[i].close)
			close(fd);
		card_socket_find(&s);
		if (s.forward != cases[i].forward || s.place != CARD_SOCKET_IS_SYSTEM ||
		    card_socket_cause(&s, ERR_CARD_SERVICE) != cases[i].cause)
			fail_msg("%s: forward %d, place %d", cases[i].what, (int)s.forward, (int)s.place);
		if (!cases[i].close)
			close(fd);
		chmod(dir, 0700);
		unlink(path);
	}
}

/* Reachable by nobody else: the directory is shut, or the socket is. */
static void test_shut_either_way(void **state)
{
	static const struct {
		mode_t dir, socket;
	} cases[] = {{0700, 0666}, {0755, 0600}, {0711, 0644}, {0744, 0666}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct card_socket s;
		int fd = listener();

		chmod(path, cases[i].socket);
		chmod(dir, cases[i].dir);
		card_socket_find(&s);
		assert_int_equal(s.forward, CARD_FORWARD_LISTENING);
		close(fd);
		chmod(dir, 0700);
	}
}

/* Another user's socket, and one that its owner shut out; needs the right to give files away. */
static void test_foreign_owner(void **state)
{
	struct card_socket s;
	int fd;

	(void)state;
	if (geteuid())
		skip();
	fd = listener();
	assert_int_equal(chown(path, 65101, 65101), 0);
	card_socket_find(&s);
	assert_int_equal(s.forward, CARD_FORWARD_FOREIGN);
	assert_int_equal(s.owner, 65101);
	close(fd);
	/* XDG_RUNTIME_DIR of somebody else, as su leaves it: ours is looked for at its usual place */
	assert_int_equal(chown(dir, 65101, 65101), 0);
	card_socket_find(&s);
	assert_string_equal(s.forwarded, "/run/user/0/" CARD_SOCKET_NAME);
	assert_int_equal(chown(dir, 0, 0), 0);
}

static void test_denied(void **state)
{
	struct card_socket s;
	int fd;

	(void)state;
	if (!geteuid())
		skip(); /* root is denied nothing */
	fd = listener();
	chmod(path, 0);
	card_socket_find(&s);
	assert_int_equal(s.forward, CARD_FORWARD_DENIED);
	assert_int_equal(card_socket_cause(&s, ERR_CARD_SERVICE), ERR_CARD_FORWARD_UNSAFE);
	close(fd);
}

static void test_changes(void **state)
{
	struct card_socket s;
	int fd;

	(void)state;
	card_socket_find(&s);
	assert_false(card_socket_changed(&s));
	fd = listener();
	assert_true(card_socket_changed(&s)); /* came */
	card_socket_find(&s);
	assert_false(card_socket_changed(&s));
	close(fd);
	assert_false(card_socket_changed(&s)); /* nothing is asked of the line */
	fd = listener();
	assert_true(card_socket_changed(&s)); /* replaced */
	close(fd);
	unlink(path);
	fd = listener();
	assert_true(card_socket_moved(&s, false));
	assert_false(card_socket_moved(&s, true)); /* a helper that looks finds this one */
	assert_false(card_socket_changed(&s));
	close(fd);
	chmod(path, 0640);
	assert_true(card_socket_moved(&s, true)); /* nobody listens: the helper has to be sent elsewhere */
	fd = listener();
	card_socket_find(&s);
	chmod(path, 0666);
	assert_true(card_socket_changed(&s)); /* other rights */
	card_socket_find(&s);
	unlink(path);
	assert_true(card_socket_changed(&s)); /* went */
	close(fd);
}

static void test_odd_places(void **state)
{
	static const char *const values[] = {"", "relative", "/nonexistent/dir"};
	char usual[64], longest[200];
	struct card_socket s;

	(void)state;
	text_format(usual, sizeof(usual), "/run/user/%u/" CARD_SOCKET_NAME, (unsigned)getuid());
	for (size_t i = 0; i < ARRAY_LEN(values); i++) {
		setenv("XDG_RUNTIME_DIR", values[i], 1);
		card_socket_find(&s);
		assert_string_equal(s.forwarded, usual);
	}
	text_format(longest, sizeof(longest), "%s/%0120d", dir, 0);
	assert_int_equal(mkdir(longest, 0700), 0);
	setenv("XDG_RUNTIME_DIR", longest, 1);
	card_socket_find(&s);
	assert_string_equal(s.forwarded, ""); /* no socket can lie there */
	assert_int_equal(s.place, CARD_SOCKET_IS_SYSTEM);
	assert_false(card_socket_changed(&s));
	rmdir(longest);
}

/* --- the version exchange
 * ------------------------------------------------------------------------------------ */

struct service {
	int fd;
	uint32_t asked[5];
	size_t answer; /* bytes of the answer that are sent */
	int32_t minor;
};

static void *serve(void *arg)
{
	struct service *s = arg;
	int fd = accept4(s->fd, NULL, NULL, SOCK_CLOEXEC);
	int32_t back[3] = {4, s->minor, 0};

	if (recv(fd, s->asked, sizeof(s->asked), MSG_WAITALL) != (ssize_t)sizeof(s->asked) ||
	    send(fd, back, s->answer, MSG_NOSIGNAL) != (ssize_t)s->answer)
		s->answer = SIZE_MAX;
	close(fd);
	return NULL;
}

static int ask(struct service *with, struct card_protocol *p, struct err *e)
{
	struct card_socket s;
	pthread_t thread;
	int ret;

	with->fd = listener();
	card_socket_find(&s); /* connects once; the service takes that one first */
	close(accept4(with->fd, NULL, NULL, SOCK_CLOEXEC));
	assert_int_equal(pthread_create(&thread, NULL, serve, with), 0);
	ret = card_socket_ask(&s, 5000, p, e);
	pthread_join(thread, NULL);
	close(with->fd);
	return ret;
}

static void test_version(void **state)
{
	struct service good = {.answer = 12, .minor = 5}, cut = {.answer = 11, .minor = 5},
		       none = {.answer = 0};
	static const uint32_t question[5] = {12, 0x11, 4, 4, 0};
	struct card_protocol p = {9, 9};
	struct card_socket s;
	struct err e = {0};

	(void)state;
	assert_int_equal(ask(&none, &p, &e), -1);
	assert_int_equal(e.code, ERR_CARD_FORWARD_FAR);
	assert_int_equal(ask(&cut, &p, &e), -1);
	assert_int_equal(p.major, 9);
	assert_int_equal(ask(&good, &p, &e), 0);
	assert_int_equal(p.major, 4);
	assert_int_equal(p.minor, 5);
	assert_memory_equal(good.asked, question, sizeof(question));
	assert_string_equal(card_protocol_releases(&p), "2.3 – 2.4");
	p.minor = 99;
	assert_string_equal(card_protocol_releases(&p), "");
	unlink(path);
	setenv(CARD_SOCKET_VARIABLE, path, 1);
	card_socket_find(&s);
	assert_int_equal(card_socket_ask(&s, 1000, &p, &e), -1);
	assert_int_equal(e.code, ERR_CARD_SERVICE);
}

#define PLACED(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PLACED(test_nothing_there), PLACED(test_forwarded),	  PLACED(test_given),
		PLACED(test_not_used),	    PLACED(test_shut_either_way), PLACED(test_foreign_owner),
		PLACED(test_denied),	    PLACED(test_changes),	  PLACED(test_odd_places),
		PLACED(test_version),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
