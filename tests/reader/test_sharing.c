/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two clerks on one reader, one clerk with two readers, and both at once: every session hears of every card
 * on every reader, by the reader's name, and none keeps another waiting for good. No test expects an order
 * between sessions: pcscd gives none.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "base/text.h"
#include "reader/rig.h"

#define SESSIONS 3

static struct rig rig;		      /* modules, pcscd, and the first session */
static struct rig more[SESSIONS - 1]; /* the others: a reader's helper each, nothing else */

static struct rig *session(size_t i)
{
	return i ? &more[i - 1] : &rig;
}

static const char *const names[RIG_MODULES] = {"Test Reader A 00 00", "Test Reader B 01 00"};

static void join(size_t i, size_t readers)
{
	struct card_event ev;

	if (i) {
		text_copy(session(i)->csock, sizeof(rig.csock), rig.csock);
		rig_start_reader(session(i), NULL);
	}
	for (size_t n = 0; n < readers; n++) {
		rig_expect(session(i), CARD_EVENT_READER, &ev);
		assert_string_equal(ev.reader, names[n]);
	}
}

static void start(size_t sessions, size_t readers)
{
	for (size_t i = 1; i < SESSIONS; i++)
		*session(i) = (struct rig){.reader = CHILD_NONE};
	rig_start(&rig, readers, NULL);
	for (size_t i = 0; i < sessions; i++)
		join(i, readers);
}

static int stop(void **state)
{
	(void)state;
	for (size_t i = 1; i < SESSIONS; i++) {
		child_release(&session(i)->reader);
		buf_release(&session(i)->reader_in);
	}
	rig_stop(&rig);
	return 0;
}

static void reads(size_t i, const char *reader, const char *name)
{
	struct card_event ev;

	do {
		rig_expect(session(i), CARD_EVENT_READ, &ev);
	} while (strcmp(ev.reader, reader) != 0);
	if (strcmp(ev.card.name, name) != 0)
		fail_msg("session %zu: another card than the one on %s", i, reader);
}

static void gone(size_t i, const char *reader)
{
	struct card_event ev;

	do {
		rig_next(session(i), &ev);
		if (ev.kind == CARD_EVENT_FAILED || ev.kind == CARD_EVENT_TROUBLE)
			fail_msg("session %zu: %s %s", i, err_name(ev.cause), ev.detail);
	} while (ev.kind != CARD_EVENT_CARD_GONE || strcmp(ev.reader, reader) != 0);
}

/* Card after card: each is read by every session, and nobody is told of trouble that is none. */
static void test_sessions_on_one_reader(void **state)
{
	static const char *const card[] = {"sun-jianguo", "li-xiulan", "wang-daqiang", "ouyang-mingyue",
					   "adil-memet"};
	static const char *const name[] = {"孙建国", "李秀兰", "王大强", "欧阳明月", "阿迪力·买买提"};
	char command[64];

	(void)state;
	start(SESSIONS, 1);
	for (size_t round = 0; round < ARRAY_LEN(card); round++) {
		text_format(command, sizeof(command), "place %s", card[round]);
		rig_sim(&rig, 0, command);
		for (size_t i = 0; i < SESSIONS; i++)
			reads(i, names[0], name[round]);
		rig_sim(&rig, 0, "remove");
		for (size_t i = 0; i < SESSIONS; i++)
			gone(i, names[0]);
	}
}

/* A slow module: whoever comes second waits for the whole unit, and is served; so is whoever comes in the
 * middle. */
static void test_slow_read_shared(void **state)
{
	(void)state;
	start(2, 1);
	rig_sim(&rig, 0, "fault slow 700 read x3");
	rig_sim(&rig, 0, "place li-xiulan");
	join(2, 1);
	for (size_t i = 0; i < SESSIONS; i++)
		reads(i, names[0], "李秀兰");
}

/* A session that dies in the middle of a read takes nobody's reader with it. */
static void test_one_killed_in_mid_read(void **state)
{
	struct card_event ev;
	struct rig *victim = session(1);

	(void)state;
	start(2, 1);
	rig_sim(&rig, 0, "fault slow 700 read x2");
	rig_sim(&rig, 0, "place wang-daqiang");
	rig_expect(victim, CARD_EVENT_READING, &ev);
	kill(victim->reader.pid, SIGKILL);
	reads(0, names[0], "王大强");
	rig_sim(&rig, 0, "remove");
	gone(0, names[0]);
	rig_sim(&rig, 0, "place li-xiulan");
	reads(0, names[0], "李秀兰");
}

/* Cards on both at the same moment, one module slow: both are read, each with its reader's name. */
static void test_two_readers(void **state)
{
	(void)state;
	start(1, 2);
	for (size_t slow = 0; slow < 2; slow++) {
		rig_sim(&rig, slow, "fault slow 1000 read");
		rig_sim(&rig, slow, "place wang-daqiang");
		rig_sim(&rig, !slow, "place li-xiulan");
		/* whichever came first: an event of the other is not lost behind it */
		struct card_event ev;
		unsigned seen = 0;

		while (seen != 3) {
			rig_expect(&rig, CARD_EVENT_READ, &ev);
			if (strcmp(ev.reader, names[slow]) == 0 && strcmp(ev.card.name, "王大强") == 0)
				seen |= 1;
			else if (strcmp(ev.reader, names[!slow]) == 0 && strcmp(ev.card.name, "李秀兰") == 0)
				seen |= 2;
			else
				fail_msg("a card told of the wrong reader");
		}
		rig_sim(&rig, 0, "remove");
		gone(0, names[0]);
		rig_sim(&rig, 1, "remove");
		gone(0, names[1]);
		/* the same people on the other readers in the second round: not the same card just read */
		rig_sim(&rig, 0, "place sun-jianguo");
		reads(0, names[0], "孙建国");
		rig_sim(&rig, 0, "remove");
		gone(0, names[0]);
	}
}

/* One reader away, or its card lifted, is nothing to the other. */
static void test_readers_apart(void **state)
{
	struct card_event ev;

	(void)state;
	start(1, 2);
	rig_sim(&rig, 0, "place wang-daqiang");
	reads(0, names[0], "王大强");
	rig_sim(&rig, 1, "unplug");
	do {
		rig_expect(&rig, CARD_EVENT_READER, &ev);
	} while (ev.cause != ERR_CARD_READER_GONE);
	assert_string_equal(ev.reader, names[1]);
	rig_sim(&rig, 0, "remove");
	gone(0, names[0]);
	rig_sim(&rig, 0, "place li-xiulan");
	reads(0, names[0], "李秀兰");
	rig_sim(&rig, 1, "plug");
	do {
		rig_expect(&rig, CARD_EVENT_READER, &ev);
	} while (ev.cause != ERR_NONE || strcmp(ev.reader, names[1]) != 0);
	rig_sim(&rig, 1, "place sun-jianguo");
	reads(0, names[1], "孙建国");
}

static void test_sessions_on_two_readers(void **state)
{
	struct card_event ev;

	(void)state;
	start(2, 2);
	rig_sim(&rig, 0, "place wang-daqiang");
	rig_sim(&rig, 1, "place li-xiulan");
	for (size_t i = 0; i < 2; i++) {
		unsigned seen = 0;

		while (seen != 3) {
			rig_expect(session(i), CARD_EVENT_READ, &ev);
			seen |= strcmp(ev.reader, names[0]) == 0 ? 1 : 2;
			assert_string_equal(ev.card.name,
					    strcmp(ev.reader, names[0]) == 0 ? "王大强" : "李秀兰");
		}
	}
}

#define SHARED(f) cmocka_unit_test_teardown(f, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SHARED(test_sessions_on_one_reader), SHARED(test_slow_read_shared),
		SHARED(test_one_killed_in_mid_read), SHARED(test_two_readers),
		SHARED(test_readers_apart),	     SHARED(test_sessions_on_two_readers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
