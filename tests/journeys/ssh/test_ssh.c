/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The reader on the clerk's own PC, the program on the site box: real sshd and ssh, real pcscd, the shipped
 * configurations. As an ordinary user, and as root with two accounts as well.
 */
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/json.h"
#include "base/text.h"
#include "desk/card_socket.h"
#include "journeys/ssh/box.h"

static struct box box;
static bool accounts;

static int begin(void **state)
{
	(void)state;
	box_open(&box, accounts);
	return 0;
}

static int end(void **state)
{
	(void)state;
	box_close(&box);
	return 0;
}

static void place(size_t clerk, const char *card)
{
	char command[64];

	text_format(command, sizeof(command), "place %s", card);
	rig_sim(&box.clerk[clerk].pc, 0, command);
}

static void status_is(int want, int got)
{
	if (want != got)
		fail_msg("status %d, not %d: %s%s", got, want, box.out, box.err);
}

static void said(enum err_code code)
{
	if (!strstr(box.err, err_sentence(code)))
		fail_msg("'%s' is not in: %s%s", err_sentence(code), box.out, box.err);
}

static cJSON *answered(void)
{
	struct err e = {0};
	cJSON *json = NULL;

	if (json_parse(&json, box.out, strlen(box.out), BOX_OUTPUT, &e))
		fail_msg("%s: %s%s", e.detail, box.out, box.err);
	return json;
}

static const char *text_of(const cJSON *object, const char *key)
{
	const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));

	return text ? text : "";
}

static void card_is(const char *name)
{
	cJSON *card = answered();

	assert_string_equal(text_of(card, "name"), name);
	cJSON_Delete(card);
}

/* What doctor says of one thing, run on the box itself; words that must be in it. */
static void doctor_says(size_t clerk, const char *check, const char *health, const char *words)
{
	cJSON *rows;
	const cJSON *row;

	box_run(&box, clerk, box_shiming(&box, "doctor --json"));
	rows = answered();
	cJSON_ArrayForEach(row, rows) if (!strcmp(text_of(row, "check"), check))
	{
		if (strcmp(text_of(row, "health"), health) || !strstr(text_of(row, "found"), words))
			fail_msg("%s: %s: %s", check, text_of(row, "health"), text_of(row, "found"));
		if (strcmp(health, "good") && !*text_of(row, "cure"))
			fail_msg("%s: no cure", check);
		cJSON_Delete(rows);
		return;
	}
	fail_msg("doctor says nothing of %s", check);
}

/* Where nothing else serves cards on this machine, a forward that cannot be used is what is named. */
static bool box_has_readers_of_its_own(void)
{
	return access(CARD_SOCKET_SYSTEM, F_OK) == 0;
}

/* --- the way
 * ------------------------------------------------------------------------------------------------- */

static void test_card_through_ssh(void **state)
{
	struct stat st;

	(void)state;
	box_plug(&box, 0);
	place(0, "wang-daqiang");
	status_is(0, box_ssh(&box, 0, BOX_FORWARD, box_shiming(&box, "card read --json --timeout 20")));
	card_is("王大强");
	box_line_up(&box, 0);
	assert_int_equal(stat(box.clerk[0].socket, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(st.st_uid, box.clerk[0].uid);
	doctor_says(0, "forward", "good", box.clerk[0].socket);
	doctor_says(0, "pcscd", "good", "4:");
	doctor_says(0, "readers", "good", "1");
}

static void test_two_clerks(void **state)
{
	static const char *const card[CLERKS] = {"wang-daqiang", "li-xiulan"}, *const name[CLERKS] = {
										       "王大强", "李秀兰"};
	struct card_event ev;

	(void)state;
	for (size_t i = 0; i < CLERKS; i++) {
		box_plug(&box, i);
		box_ssh_watch(&box, i, BOX_FORWARD);
		rig_expect(&box.clerk[i].pc, CARD_EVENT_READER, &ev);
	}
	for (size_t i = 0; i < CLERKS; i++)
		place(i, card[i]);
	for (size_t i = 0; i < CLERKS; i++) {
		rig_expect(&box.clerk[i].pc, CARD_EVENT_READ, &ev);
		assert_string_equal(ev.card.name, name[i]);
	}
	for (size_t i = 0; i < CLERKS; i++) { /* and nothing of the other's */
		rig_sim(&box.clerk[i].pc, 0, "remove");
		rig_next(&box.clerk[i].pc, &ev);
		assert_int_equal(ev.kind, CARD_EVENT_CARD_GONE);
	}
}

/* What the first login left behind is named where no line is, and does not stand in the next one's way. */
static void test_second_login_over_stale_socket(void **state)
{
	struct stat st;

	(void)state;
	box_plug(&box, 0);
	place(0, "li-xiulan");
	box_line_up(&box, 0);
	box_sshd_cut(&box);
	assert_int_equal(stat(box.clerk[0].socket, &st), 0);
	doctor_says(0, "forward", "bad", box.clerk[0].socket);
	if (!box_has_readers_of_its_own()) {
		status_is(1, box_ssh(&box, 0, BOX_PLAIN, box_shiming(&box, "card readers")));
		said(ERR_CARD_FORWARD_STALE);
	}
	status_is(0, box_ssh(&box, 0, BOX_FORWARD, box_shiming(&box, "card read --json --timeout 20")));
	card_is("李秀兰");
}

/* A second window over the first one's line: neither takes the reader away from the other, and its end is no
 * end for the first. */
static void test_second_window(void **state)
{
	struct card_event ev;

	(void)state;
	box_plug(&box, 0);
	box_ssh_watch(&box, 0, BOX_SHARED);
	rig_expect(&box.clerk[0].pc, CARD_EVENT_READER, &ev);
	place(0, "wang-daqiang");
	rig_expect(&box.clerk[0].pc, CARD_EVENT_READ, &ev);
	status_is(0, box_ssh(&box, 0, BOX_SHARED, box_shiming(&box, "card read --json --timeout 20")));
	card_is("王大强");
	rig_sim(&box.clerk[0].pc, 0, "remove");
	rig_expect(&box.clerk[0].pc, CARD_EVENT_CARD_GONE, &ev);
	place(0, "sun-jianguo");
	rig_expect(&box.clerk[0].pc, CARD_EVENT_READ, &ev);
	assert_string_equal(ev.card.name, "孙建国");
}

/* --- trouble on the way
 * ------------------------------------------------------------------------------------------ */

/* The line is cut in the middle of a read, from either side; the session, in a terminal multiplexer, goes on.
 */
static void test_cut_in_mid_read(void **state)
{
	struct card_event ev;
	struct rig *pc = &box.clerk[0].pc;

	(void)state;
	box_plug(&box, 0);
	box_line_up(&box, 0);
	box_run_watch(&box, 0);
	for (int side = 0; side < 2; side++) {
		rig_expect(pc, CARD_EVENT_READER, &ev);
		rig_sim(pc, 0, "fault slow 1500 read");
		place(0, side ? "li-xiulan" : "wang-daqiang");
		rig_expect(pc, CARD_EVENT_READING, &ev);
		if (side)
			box_sshd_cut(&box);
		else
			box_line_cut(&box, 0);
		rig_expect(pc, CARD_EVENT_TROUBLE, &ev);
		assert_int_equal(ev.cause, ERR_CARD_FORWARD_STALE);
		rig_sim(pc, 0, "fault clear");
		box_line_up(&box, 0);
		rig_expect(pc, CARD_EVENT_READ, &ev);
		assert_string_equal(ev.card.name, side ? "李秀兰" : "王大强");
		rig_sim(pc, 0, "remove");
		rig_expect(pc, CARD_EVENT_CARD_GONE, &ev);
		if (!side) { /* the watch hears of a reader again for the second round */
			box_line_up(&box, 0);
		}
	}
}

/* `card read` waits for a card, and the line goes: it ends and says so; the next one reads. */
static void test_cut_under_card_read(void **state)
{
	struct card_event ev;

	(void)state;
	if (box_has_readers_of_its_own())
		skip();
	box_plug(&box, 0);
	box_line_up(&box, 0);
	box_run_watch(&box, 0);
	rig_expect(&box.clerk[0].pc, CARD_EVENT_READER, &ev);
	box_sshd_cut(&box);
	rig_expect(&box.clerk[0].pc, CARD_EVENT_TROUBLE, &ev);
	status_is(1, box_run(&box, 0, box_shiming(&box, "card read --timeout 20")));
	said(ERR_CARD_FORWARD_STALE);
	place(0, "wang-daqiang");
	box_line_up(&box, 0);
	status_is(0, box_run(&box, 0, box_shiming(&box, "card read --json --timeout 20")));
	card_is("王大强");
}

/* The line stands, and the clerk's own PC has no service: that PC is named, and found again. */
static void test_service_on_the_pc(void **state)
{
	struct rig *pc = &box.clerk[0].pc;
	struct card_event ev;

	(void)state;
	box_plug(&box, 0);
	box_line_up(&box, 0);
	box_run_watch(&box, 0);
	rig_expect(pc, CARD_EVENT_READER, &ev);
	pcscd_private_stop(&pc->pcscd);
	rig_expect(pc, CARD_EVENT_TROUBLE, &ev);
	assert_int_equal(ev.cause, ERR_CARD_FORWARD_FAR);
	status_is(1, box_run(&box, 0, box_shiming(&box, "card readers")));
	said(ERR_CARD_FORWARD_FAR);
	doctor_says(0, "forward", "good", box.clerk[0].socket);
	doctor_says(0, "pcscd", "bad", err_sentence(ERR_CARD_FORWARD_FAR));
	rig_start_pcscd(pc);
	rig_expect(pc, CARD_EVENT_READER, &ev);
	place(0, "wang-daqiang");
	rig_expect(pc, CARD_EVENT_READ, &ev);
}

/* Open to others, or somebody else's: not used, and said. */
static void test_permissions(void **state)
{
	struct clerk *c = &box.clerk[0];

	(void)state;
	box_plug(&box, 0);
	box_line_up(&box, 0);
	assert_int_equal(chmod(c->runtime, 0755), 0);
	assert_int_equal(chmod(c->socket, 0666), 0);
	doctor_says(0, "forward", "bad", "0666");
	if (!box_has_readers_of_its_own()) {
		status_is(4, box_run(&box, 0, box_shiming(&box, "card readers")));
		said(ERR_CARD_FORWARD_UNSAFE);
	}
	assert_int_equal(chmod(c->socket, 0600), 0);
	status_is(0, box_run(&box, 0, box_shiming(&box, "card readers")));
	if (accounts) {
		assert_int_equal(chown(c->socket, box.clerk[1].uid, (gid_t)-1), 0);
		doctor_says(0, "forward", "bad", "65102");
		assert_int_equal(chown(c->socket, c->uid, (gid_t)-1), 0);
	}
	assert_int_equal(chmod(c->runtime, 0700), 0);
}

/* As packaged the program is set-group-id; its helper finds the socket all the same, and has not that group.
 */
static void test_set_group_id(void **state)
{
	char command[640], own[64];

	(void)state;
	if (!accounts)
		skip();
	box_plug(&box, 0);
	box_line_up(&box, 0);
	text_format(command, sizeof(command),
		    "exec /usr/bin/setpriv --ruid %u --euid %u --rgid %u --egid 65109 --clear-groups "
		    "/bin/sh -pc '%s'",
		    BOX_FIRST_UID, BOX_FIRST_UID, BOX_FIRST_UID, box_shiming(&box, "card readers --json"));
	/* the answer, not the status: a sanitizer's leak check cannot look into such a process, and says so
	 * at its end */
	box_run_as_is(&box, command);
	if (!strstr(box.out, "Test Reader A"))
		fail_msg("%s%s", box.out, box.err);
	text_format(own, sizeof(own), "%s/own", box.dir); /* the same with a helper that tells its group */
	text_format(command, sizeof(command),
		    "mkdir %s && cp %s/shiming %s && printf '#!/bin/sh -p\\necho group $(id -g) >&2\\n' "
		    ">%s/shiming-reader && "
		    "chmod 755 %s/shiming-reader",
		    own, box.bin, own, own, own);
	status_is(0, box_run_as_is(&box, command));
	text_format(command, sizeof(command),
		    "exec /usr/bin/setpriv --ruid %u --euid %u --rgid %u --egid 65109 --clear-groups "
		    "%s/shiming card readers",
		    BOX_FIRST_UID, BOX_FIRST_UID, BOX_FIRST_UID, own);
	box_run_as_is(&box, command);
	if (!strstr(box.err, "group 65101"))
		fail_msg("%s%s", box.out, box.err);
}

/* --- versions
 * -------------------------------------------------------------------------------------------------------- */

/* A service that speaks 4:5 (pcsc-lite 2.3) and refuses the others', as its CMD_VERSION does. */
struct other_version {
	int fd;
};

static void *serve_other_version(void *arg)
{
	const struct other_version *o = arg;
	int fd;

	while ((fd = accept4(o->fd, NULL, NULL, SOCK_CLOEXEC)) >= 0) {
		uint32_t asked[5];
		struct {
			int32_t major, minor;
			uint32_t rv;
		} back = {4, 5, 0};

		if (recv(fd, asked, sizeof(asked), MSG_WAITALL) == (ssize_t)sizeof(asked)) {
			back.rv = asked[3] == 5 ? 0 : 0x8010001E;
			send(fd, &back, sizeof(back), MSG_NOSIGNAL);
		}
		close(fd);
	}
	return NULL;
}

static void test_versions_do_not_fit(void **state)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	struct clerk *c = &box.clerk[0];
	struct other_version other = {.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
	pthread_t thread;

	(void)state;
	text_copy(a.sun_path, sizeof(a.sun_path), c->socket);
	assert_int_equal(bind(other.fd, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(chmod(c->socket, 0600), 0);
	assert_int_equal(chown(c->socket, c->uid, (gid_t)-1), 0);
	assert_int_equal(listen(other.fd, 16), 0);
	assert_int_equal(pthread_create(&thread, NULL, serve_other_version, &other), 0);
	status_is(1, box_run(&box, 0, box_shiming(&box, "card readers")));
	said(ERR_CARD_VERSION);
	doctor_says(0, "pcscd", "good", "4:5");
	doctor_says(0, "readers", "bad", err_sentence(ERR_CARD_VERSION));
	shutdown(other.fd, SHUT_RDWR);
	pthread_join(thread, NULL);
	close(other.fd);
}

/* ---
 * ----------------------------------------------------------------------------------------------------------------------
 */

#define BOXED(f) cmocka_unit_test_setup_teardown(f, begin, end)

static int run_group(bool with_accounts)
{
	const struct CMUnitTest tests[] = {
		BOXED(test_card_through_ssh),
		BOXED(test_two_clerks),
		BOXED(test_second_login_over_stale_socket),
		BOXED(test_second_window),
		BOXED(test_cut_in_mid_read),
		BOXED(test_cut_under_card_read),
		BOXED(test_service_on_the_pc),
		BOXED(test_permissions),
		BOXED(test_set_group_id),
		BOXED(test_versions_do_not_fit),
	};

	accounts = with_accounts;
	return cmocka_run_group_tests_name(with_accounts ? "accounts" : "one user", tests, NULL, NULL);
}

/* As one of the made-up accounts: what an ordinary user's sshd, pcscd and programs do. */
static int run_as_ordinary_user(void)
{
	int status = -1;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid == 0) {
		if (setgid(BOX_FIRST_UID) || setuid(BOX_FIRST_UID))
			_exit(1);
		prctl(PR_SET_DUMPABLE, 1); /* as it is for someone who logged in with that uid */
		if (access(BIN_DIR "/shiming", X_OK) || access(LIB_DIR "/libifdsamv.so", R_OK) ||
		    access(PACKAGING_DIR "/ssh", R_OK)) {
			print_message("the build is not an ordinary user's to read: left out\n");
			_exit(0);
		}
		setenv("HOME", "/tmp", 1);
		exit(run_group(false));
	}
	if (waitpid(pid, &status, 0) != pid)
		return 1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

int main(void)
{
	int failed;

	unsetenv(CARD_SOCKET_VARIABLE);
	unsetenv("XDG_RUNTIME_DIR");
	if (!box_make_accounts())
		return run_group(false);
	failed = run_as_ordinary_user();
	return run_group(true) + failed;
}
