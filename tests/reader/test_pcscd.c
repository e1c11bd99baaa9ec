/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A card's whole way: simulated module on a pty, Debian's pcscd with the built driver, shiming-reader, event lines. */
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/text.h"
#include "reader/rig.h"

static struct rig rig;

static void start(void)
{
	struct card_event ev;

	rig_start(&rig, 1, NULL);
	rig_expect(&rig, CARD_EVENT_READER, &ev);
}

static int stop(void **state)
{
	(void)state;
	rig_stop(&rig);
	return 0;
}

static void next_is(enum card_event_kind kind, struct card_event *ev)
{
	rig_next(&rig, ev);
	if (ev->kind != kind)
		fail_msg("%s, not %s (%s)", card_event_kind_name(ev->kind), card_event_kind_name(kind), ev->detail);
}

static void lay_and_read(const char *card, struct card_event *ev)
{
	char command[64];

	text_format(command, sizeof(command), "place %s", card);
	rig_sim(&rig, 0, command);
	next_is(CARD_EVENT_CARD, ev);
	next_is(CARD_EVENT_READING, ev);
	next_is(CARD_EVENT_READ, ev);
}

static void lift(void)
{
	struct card_event ev;

	rig_sim(&rig, 0, "remove");
	next_is(CARD_EVENT_CARD_GONE, &ev);
}

/* All twelve practice cards, as people.tsv means them. */
static void test_every_card(void **state)
{
	static const struct {
		const char *card, *name;
		enum id_card_type type;
		const char *birth;
		unsigned checks;
	} cards[] = {
		{ "sun-jianguo", "孙建国", ID_CARD_RESIDENT, "1968-04-12", 0 },
		{ "li-xiulan", "李秀兰", ID_CARD_RESIDENT, "1983-09-05", 0 },
		{ "wang-daqiang", "王大强", ID_CARD_RESIDENT, "1994-01-23", 0 },
		{ "shan-zhigang", "单志刚", ID_CARD_RESIDENT, "1987-12-30", 0 },
		{ "ouyang-mingyue", "欧阳明月", ID_CARD_RESIDENT, "1991-06-18", 0 },
		{ "adil-memet", "阿迪力·买买提", ID_CARD_RESIDENT, "1989-03-21", 0 },
		{ "zhou-jian", "周𠮷安", ID_CARD_RESIDENT, "1985-11-02", 0 },
		{ "chen-xiaolei", "陈小磊", ID_CARD_RESIDENT, "2011-08-15", 0 },
		{ "wu-deshun", "吴德顺", ID_CARD_RESIDENT, "1980-02-29", ID_CARD_CHECK_EXPIRED },
		{ "huang-jiahao", "黄家豪", ID_CARD_HMT, "1988-06-21", 0 },
		{ "alba-garcia", "加西亚", ID_CARD_FOREIGNER_2017, "1985-03-15", 0 },
		{ "tom-sample", "汤姆", ID_CARD_FOREIGNER_2023, "1990-10-10", 0 },
	};
	struct card_event ev;

	(void)state;
	start();
	for (size_t i = 0; i < ARRAY_LEN(cards); i++) {
		lay_and_read(cards[i].card, &ev);
		assert_string_equal(ev.card.name, cards[i].name);
		assert_int_equal(ev.card.type, cards[i].type);
		assert_string_equal(ev.card.birth_text, cards[i].birth);
		assert_int_equal(ev.card.checks, cards[i].checks);
		assert_true(ev.card.has_photo);
		assert_string_equal(ev.reader, "Test Reader A 00 00");
		assert_string_equal(ev.module, "05.03-20160101-0001234567-1234567890");
		lift();
	}
}

/* The same card again at once is one card. */
static void test_same_card(void **state)
{
	struct card_event ev;

	(void)state;
	start();
	lay_and_read("wang-daqiang", &ev);
	lift();
	rig_sim(&rig, 0, "place wang-daqiang");
	rig_expect(&rig, CARD_EVENT_SAME, &ev);
}

/* Each fault, ordered before the card is laid down: what is told, and the next card reads. */
static void test_faults(void **state)
{
	static const struct {
		const char *fault;
		enum err_code told; /* ERR_NONE: mended without a word */
	} cases[] = {
		{ "fault sw 41 read x9", ERR_CARD_UNREADABLE },  { "fault sw 33 read x9", ERR_CARD_UNREADABLE },
		{ "fault sw 81 select x9", ERR_CARD_UNREADABLE }, { "fault sw 31 read x9", ERR_CARD_NOT_GENUINE },
		{ "fault sw 32 select x9", ERR_CARD_NOT_GENUINE }, { "fault sw 66 read x9", ERR_CARD_MODULE },
		{ "fault sw 10 read x99", ERR_CARD_LINE },       { "fault checksum read x99", ERR_CARD_LINE },
		{ "fault lift select", ERR_CARD_REMOVED },       { "fault lift read", ERR_CARD_REMOVED },
		{ "fault sw 41 read", ERR_NONE },                { "fault checksum read", ERR_NONE },
		{ "fault order select", ERR_NONE },              { "fault noise 30 read", ERR_NONE },
		{ "fault sw 81 select", ERR_NONE },
	};
	struct card_event ev;

	(void)state;
	start();
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		rig_sim(&rig, 0, cases[i].fault);
		rig_sim(&rig, 0, "place li-xiulan");
		next_is(CARD_EVENT_CARD, &ev);
		next_is(CARD_EVENT_READING, &ev);
		rig_next(&rig, &ev);
		if (cases[i].told != ERR_NONE && (ev.kind != CARD_EVENT_FAILED || ev.cause != cases[i].told))
			fail_msg("%s: %s %s", cases[i].fault, card_event_kind_name(ev.kind), err_name(ev.cause));
		if (cases[i].told == ERR_NONE && ev.kind != CARD_EVENT_READ && ev.kind != CARD_EVENT_SAME)
			fail_msg("%s: %s %s", cases[i].fault, card_event_kind_name(ev.kind), err_name(ev.cause));
		rig_sim(&rig, 0, "fault clear");
		rig_sim(&rig, 0, "remove");
		rig_expect(&rig, CARD_EVENT_CARD_GONE, &ev);
		lay_and_read(i % 2 ? "sun-jianguo" : "wang-daqiang", &ev);
		lift();
	}
}

/* A module that does not find a card again that it has read. */
static void test_once(void **state)
{
	struct card_event ev;

	(void)state;
	start();
	rig_sim(&rig, 0, "mode once");
	lay_and_read("wang-daqiang", &ev);
	next_is(CARD_EVENT_CARD_GONE, &ev); /* all that such a module lets anyone know */
	assert_true(rig_quiet(&rig, 1000, &ev));
	rig_sim(&rig, 0, "remove");
	lay_and_read("li-xiulan", &ev);
}

static void test_unplugged(void **state)
{
	struct card_event ev;

	(void)state;
	start();
	rig_sim(&rig, 0, "unplug");
	next_is(CARD_EVENT_READER, &ev);
	assert_int_equal(ev.cause, ERR_CARD_READER_GONE);
	rig_sim(&rig, 0, "plug");
	next_is(CARD_EVENT_READER, &ev);
	assert_int_equal(ev.cause, ERR_NONE);
	lay_and_read("wang-daqiang", &ev);
	/* In the middle of a read, at a few of its bytes. */
	static const char *const faults[] = { "fault unplug 0 read", "fault unplug 7 read", "fault unplug 1294 read" };
	for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
		rig_sim(&rig, 0, "remove");
		rig_expect(&rig, CARD_EVENT_CARD_GONE, &ev);
		rig_sim(&rig, 0, faults[i]);
		rig_sim(&rig, 0, "place li-xiulan");
		rig_expect(&rig, CARD_EVENT_CARD_GONE, &ev);
		rig_sim(&rig, 0, "remove");
		rig_sim(&rig, 0, "plug");
		rig_sim(&rig, 0, i % 2 ? "place wang-daqiang" : "place sun-jianguo");
		rig_expect(&rig, CARD_EVENT_READ, &ev);
	}
}

static void test_module_fault(void **state)
{
	struct card_event ev;

	(void)state;
	start();
	rig_sim(&rig, 0, "module 66");
	next_is(CARD_EVENT_READER, &ev);
	assert_int_equal(ev.cause, ERR_CARD_MODULE);
	rig_sim(&rig, 0, "module 90");
	next_is(CARD_EVENT_READER, &ev);
	assert_int_equal(ev.cause, ERR_NONE);
	lay_and_read("wang-daqiang", &ev);
}

/* pcscd killed and started again: named, and recovered without a restart of ours. */
static void test_service_restarted(void **state)
{
	struct card_event ev;

	(void)state;
	start();
	kill(rig.pcscd.pid, SIGKILL);
	waitpid(rig.pcscd.pid, NULL, 0);
	rig.pcscd.pid = 0;
	rig_expect(&rig, CARD_EVENT_TROUBLE, &ev);
	assert_int_equal(ev.cause, ERR_CARD_SERVICE);
	rig_start_pcscd(&rig);
	rig_expect(&rig, CARD_EVENT_TROUBLE, &ev);
	assert_int_equal(ev.cause, ERR_NONE);
	rig_expect(&rig, CARD_EVENT_READER, &ev);
	lay_and_read("wang-daqiang", &ev);
}

static void test_no_service(void **state)
{
	struct card_event ev;

	(void)state;
	start();
	pcscd_private_stop(&rig.pcscd);
	rig_start_reader(&rig, NULL);
	rig_next(&rig, &ev);
	assert_int_equal(ev.kind, CARD_EVENT_TROUBLE);
	assert_int_equal(ev.cause, ERR_CARD_SERVICE);
	rig_start_pcscd(&rig);
	rig_expect(&rig, CARD_EVENT_READER, &ev);
}

static void test_two_readers(void **state)
{
	struct card_event ev, other;

	(void)state;
	rig_start(&rig, 2, NULL);
	rig_expect(&rig, CARD_EVENT_READER, &ev);
	rig_expect(&rig, CARD_EVENT_READER, &other);
	assert_string_not_equal(ev.reader, other.reader);
	rig_sim(&rig, 0, "place wang-daqiang");
	rig_expect(&rig, CARD_EVENT_READ, &ev);
	assert_string_equal(ev.reader, "Test Reader A 00 00");
	rig_sim(&rig, 1, "place li-xiulan");
	rig_expect(&rig, CARD_EVENT_READ, &ev);
	assert_string_equal(ev.reader, "Test Reader B 01 00");
	assert_string_equal(ev.card.name, "李秀兰");
}

static char trace_letter(const char *line)
{
	if (strncmp(line, "trace 20 01", 11) == 0)
		return 'f';
	if (strncmp(line, "trace 20 02", 11) == 0)
		return 'S';
	return strncmp(line, "trace 30", 8) == 0 ? 'r' : '.';
}

/* find, select and read stay together, whatever the look for a card does in between. */
static void test_unit_not_split(void **state)
{
	struct card_event ev;
	size_t reads = 0;
	char before = '.';

	(void)state;
	start();
	for (int i = 0; i < 8; i++) {
		lay_and_read(i % 2 ? "sun-jianguo" : "wang-daqiang", &ev);
		lift();
	}
	rig_sim(&rig, 0, "status");
	for (const char *line = rig.module[0].traces.data; *line; line = strchr(line, '\n') + 1) {
		char now = trace_letter(line);

		if ((now == 'S' && before != 'f') || (now == 'r') != (before == 'S'))
			fail_msg("split: %c after %c", now, before);
		reads += now == 'r';
		before = now;
	}
	assert_int_equal(reads, 8);
}

/* --- the other modes, and ends --- */

static int exit_of(struct child *c)
{
	if (!child_wait(c, 20000))
		fail_msg("still running");
	return WIFEXITED(c->status) ? WEXITSTATUS(c->status) : -1;
}

static void test_read_mode(void **state)
{
	static const char *const read_one[] = { BIN_DIR "/shiming-reader", "read", "--timeout", "10", NULL };
	static const char *const read_b[] = { BIN_DIR "/shiming-reader", "read", "--reader", "B", "--timeout", "1", NULL };
	static const char *const list[] = { BIN_DIR "/shiming-reader", "list", NULL };
	static const char *const odd[] = { BIN_DIR "/shiming-reader", "odd", NULL };
	struct card_event ev;

	(void)state;
	start();
	rig_sim(&rig, 0, "place wang-daqiang");
	rig_expect(&rig, CARD_EVENT_READ, &ev);
	rig_start_reader(&rig, read_one);
	rig_expect(&rig, CARD_EVENT_READ, &ev);
	assert_int_equal(exit_of(&rig.reader), 0);
	rig_start_reader(&rig, read_b);
	rig_expect(&rig, CARD_EVENT_FAILED, &ev);
	assert_int_equal(ev.cause, ERR_CARD_TIMEOUT);
	assert_int_equal(exit_of(&rig.reader), 1);
	rig_start_reader(&rig, list);
	rig_next(&rig, &ev);
	assert_int_equal(ev.kind, CARD_EVENT_READER);
	assert_int_equal(ev.reader_kind, CARD_READER_SAMV);
	assert_int_equal(exit_of(&rig.reader), 0);
	rig_start_reader(&rig, odd);
	assert_int_equal(exit_of(&rig.reader), 2);
	pcscd_private_stop(&rig.pcscd);
	rig_start_reader(&rig, list);
	rig_expect(&rig, CARD_EVENT_TROUBLE, &ev);
	assert_int_equal(exit_of(&rig.reader), 1);
}

static void test_ends_with_stdin(void **state)
{
	(void)state;
	start();
	close(rig.reader.in);
	rig.reader.in = -1;
	assert_int_equal(exit_of(&rig.reader), 0);
	close(rig.module[0].sim.in);
	rig.module[0].sim.in = -1;
	assert_int_equal(exit_of(&rig.module[0].sim), 0);
	assert_int_equal(access(rig.module[0].link, F_OK), -1);
}

/* The state letter of a process, 0 when there is none: a zombie that nobody reaps is as good as gone. */
static char process_state(pid_t pid)
{
	char path[64], line[512] = "";
	char *p;
	FILE *f;

	text_format(path, sizeof(path), "/proc/%ld/stat", (long)pid);
	f = fopen(path, "r");
	if (!f)
		return 0;
	if (!fgets(line, sizeof(line), f))
		line[0] = '\0';
	fclose(f);
	p = strrchr(line, ')');
	return p ? p[2] : 0;
}

static bool gone_within(pid_t pid, int ms)
{
	int64_t until = clock_steady_ms() + ms;

	while (clock_steady_ms() < until) {
		char s = process_state(pid);

		if (s == 0 || s == 'Z')
			return true;
		poll(NULL, 0, 5);
	}
	return false;
}

/* Starts a pcscd in a process of its own, as `uid`, and says its pid through the pipe; then it waits to be killed. */
static void owner(int report, const char *dir, uid_t uid)
{
	const struct pcscd_device device = { "Owned", "/nonexistent/dev:samv" };
	struct pcscd_private p;
	char driver[96];
	pid_t pid = 0;

	text_format(driver, sizeof(driver), "%s/libifdsamv.so", dir);

	if (uid && (setgid(uid) < 0 || setuid(uid) < 0))
		_exit(1);
	prctl(PR_SET_DUMPABLE, 1); /* as it is for someone who logged in with that uid */
	if (pcscd_private_start(&p, dir, driver, &device, 1, -1, NULL) == 0)
		pid = p.pid;
	if (write(report, &pid, sizeof(pid)) != sizeof(pid))
		_exit(1);
	for (;;)
		pause();
}

static pid_t start_owner(const char *dir, uid_t uid, pid_t *pcscd)
{
	int report[2];
	pid_t pid;

	assert_int_equal(pipe(report), 0);
	pid = fork();
	if (pid == 0)
		owner(report[1], dir, uid);
	close(report[1]);
	assert_int_equal(read(report[0], pcscd, sizeof(*pcscd)), sizeof(*pcscd));
	close(report[0]);
	return pid;
}

static void lists_reader(const char *dir, const char *name)
{
	static const char *const argv[] = { BIN_DIR "/shiming-reader", "watch", NULL };
	struct card_event ev;

	text_format(rig.csock, sizeof(rig.csock), "PCSCLITE_CSOCK_NAME=%s/pcscd.sock", dir);
	rig_start_reader(&rig, argv);
	rig_expect(&rig, CARD_EVENT_READER, &ev);
	assert_string_equal(ev.reader, name);
	assert_int_equal(ev.cause, ERR_CARD_READER_GONE);
}

/* Dies with its owner, kill -9 included; as an ordinary user too, for whom the driver is copied: the tree may be closed to him. */
static void test_owner_killed(void **state)
{
	static const uid_t uids[] = { 0, 65534 };

	(void)state;
	start();
	for (size_t i = 0; i < (geteuid() == 0 ? 2u : 1u); i++) {
		char dir[] = "/tmp/shiming-own-XXXXXX", command[512];
		pid_t pcscd = 0, pid;

		assert_non_null(mkdtemp(dir));
		text_format(command, sizeof(command), "install -m 755 '" LIB_DIR "/libifdsamv.so' %s/", dir);
		assert_int_equal(system(command), 0);
		assert_int_equal(chown(dir, uids[i] ? uids[i] : geteuid(), (gid_t)-1), 0);
		pid = start_owner(dir, uids[i], &pcscd);
		assert_true(pcscd > 0);
		lists_reader(dir, "Owned 00 00");
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		assert_true(gone_within(pcscd, 5000));
		text_format(command, sizeof(command), "rm -rf %s", dir);
		assert_int_equal(system(command), 0);
	}
}

/* A module at any rate is found; that takes no more than a moment. */
static void test_rates(void **state)
{
	static const char *const rates[] = { "115200", "57600", "38400", "19200", "9600" };

	for (size_t i = 0; i < ARRAY_LEN(rates); i++) {
		const char *const options[] = { "--rate", rates[i], NULL };
		int64_t before = clock_steady_ms();
		struct card_event ev;

		rig_start(&rig, 1, options);
		do {
			rig_expect(&rig, CARD_EVENT_READER, &ev);
		} while (ev.cause != ERR_NONE);
		rig_sim(&rig, 0, "place wang-daqiang");
		rig_expect(&rig, CARD_EVENT_READ, &ev);
		assert_true(clock_steady_ms() - before < 10000);
		if (i + 1 < ARRAY_LEN(rates))
			stop(state);
	}
}

/* Two lines, two programs: whoever comes second is told, and the first goes on. */
static void test_held(void **state)
{
	char dir[] = "/tmp/shiming-own-XXXXXX", device[160], command[64];
	struct pcscd_private second;
	struct pcscd_device d = { "Second", device };
	struct card_event ev;

	(void)state;
	start();
	assert_non_null(mkdtemp(dir));
	text_format(device, sizeof(device), "%s:samv", rig.module[0].link);
	assert_int_equal(pcscd_private_start(&second, dir, LIB_DIR "/libifdsamv.so", &d, 1, -1, NULL), 0);
	text_format(rig.csock, sizeof(rig.csock), "PCSCLITE_CSOCK_NAME=%s", second.socket);
	rig_start_reader(&rig, NULL);
	do {
		rig_expect(&rig, CARD_EVENT_READER, &ev);
	} while (ev.cause != ERR_CARD_READER_HELD);
	text_format(rig.csock, sizeof(rig.csock), "PCSCLITE_CSOCK_NAME=%s", rig.pcscd.socket);
	rig_start_reader(&rig, NULL);
	rig_expect(&rig, CARD_EVENT_READER, &ev);
	lay_and_read("wang-daqiang", &ev);
	pcscd_private_stop(&second);
	text_format(command, sizeof(command), "rm -rf %s", dir);
	assert_int_equal(system(command), 0);
}

#define RIGGED(f) cmocka_unit_test_teardown(f, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		RIGGED(test_every_card),   RIGGED(test_same_card),    RIGGED(test_faults),
		RIGGED(test_once),         RIGGED(test_unplugged),    RIGGED(test_module_fault),
		RIGGED(test_service_restarted), RIGGED(test_no_service), RIGGED(test_two_readers),
		RIGGED(test_unit_not_split), RIGGED(test_read_mode),  RIGGED(test_ends_with_stdin),
		RIGGED(test_owner_killed), RIGGED(test_held),
		RIGGED(test_rates),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
