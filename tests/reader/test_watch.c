/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the watch tells, over a source that follows a script and with a clock of ours. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "reader/card_text.h"
#include "reader/hex.h"
#include "reader/sam_status.h"
#include "reader/watch.h"

static int64_t now;

static int64_t test_clock(void)
{
	return now;
}

/* The source: what the next wait shows, and what reading answers. */
static struct script {
	struct seats seats;
	enum err_code service;   /* wait fails with this */
	enum err_code first, again; /* read fails with these; ERR_NONE: it succeeds */
	const char *card;        /* tests/data/cards */
	int waited;              /* the time-out that wait was given last */
	unsigned reads;
	const char *read_from;
	bool closed;
} script;

static int script_wait(void *self, int timeout_ms, struct seats *out, struct err *e)
{
	struct script *s = self;

	s->waited = timeout_ms;
	now += timeout_ms < 60000 ? timeout_ms : 0;
	if (s->service != ERR_NONE)
		return err_set(e, s->service, "scripted");
	*out = s->seats;
	return 0;
}

static int script_read(void *self, const char *reader, bool again, struct card_raw *out, struct err *e)
{
	struct script *s = self;
	enum err_code code = again ? s->again : s->first;

	s->reads++;
	s->read_from = reader;
	if (code != ERR_NONE)
		return err_set(e, code, "find: scripted");
	memset(out, 0, sizeof(*out));
	hex_card(out->text, sizeof(out->text), s->card);
	return 0;
}

static void script_close(void *self)
{
	((struct script *)self)->closed = true;
}

/* What was told since the last look: "event[:cause]" with blanks between. */
static char told[1024];
static struct watch watch;

static void on_event(void *arg, const struct card_event *ev)
{
	size_t n = strlen(told);

	(void)arg;
	snprintf(told + n, sizeof(told) - n, "%s%s%s%s", n ? " " : "", card_event_kind_name(ev->kind),
		 ev->cause ? ":" : "", ev->cause ? err_name(ev->cause) + 4 : "");
}

static const char *step(void)
{
	told[0] = '\0';
	watch_step(&watch, 60000);
	return told;
}

static void seat(size_t i, const char *name, bool card)
{
	struct seat *s = &script.seats.seat[i];

	if (script.seats.n <= i)
		script.seats.n = i + 1;
	text_copy(s->name, sizeof(s->name), name);
	s->kind = CARD_READER_SAMV;
	s->arrivals += card && !s->card;
	s->card = card;
}

static int setup(void **state)
{
	static const struct card_source_ops ops = { script_wait, script_read, script_close };
	const struct card_source source = { &ops, &script };

	(void)state;
	now = 100000;
	clock_fix_ms(1795140000000);
	memset(&script, 0, sizeof(script));
	script.card = "resident";
	watch_init(&watch, &source, on_event, NULL);
	watch.steady_ms = test_clock;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	watch_release(&watch);
	assert_true(script.closed);
	clock_fix_ms(0);
	return 0;
}

static void ready(void)
{
	seat(0, "A", false);
	assert_string_equal(step(), "reader");
}

static void test_card(void **state)
{
	(void)state;
	ready();
	assert_string_equal(step(), "");
	seat(0, "A", true);
	assert_string_equal(step(), "card reading read");
	assert_string_equal(step(), "");
	assert_int_equal(script.reads, 1);
	assert_int_equal(script.waited, 60000);
	seat(0, "A", false);
	assert_string_equal(step(), "card-gone");
}

static void test_card_at_start(void **state)
{
	(void)state;
	seat(0, "A", true);
	assert_string_equal(step(), "reader card reading read");
}

/* The same content within 5 s is one card; after that, or another card, is not. */
static void test_same_card(void **state)
{
	(void)state;
	ready();
	seat(0, "A", true);
	assert_string_equal(step(), "card reading read");
	now += 60000; /* it may lie there as long as it likes */
	seat(0, "A", false);
	assert_string_equal(step(), "card-gone");
	now += 4999;
	seat(0, "A", true);
	assert_string_equal(step(), "card reading same");
	seat(0, "A", false);
	assert_string_equal(step(), "card-gone");
	now += 5000;
	seat(0, "A", true);
	assert_string_equal(step(), "card reading read");
	seat(0, "A", false);
	step();
	script.card = "hmt";
	seat(0, "A", true);
	assert_string_equal(step(), "card reading read");
}

/* Another card with no gap that anyone saw. */
static void test_exchanged(void **state)
{
	(void)state;
	ready();
	seat(0, "A", true);
	step();
	script.card = "hmt";
	script.seats.seat[0].arrivals++;
	assert_string_equal(step(), "card-gone card reading read");
}

/* What a moving hand explains is tried again before it is told, and told once. */
static void test_patience(void **state)
{
	(void)state;
	ready();
	script.first = ERR_CARD_REMOVED;
	script.again = ERR_CARD_UNREADABLE;
	seat(0, "A", true);
	assert_string_equal(step(), "card reading");
	assert_string_equal(step(), "");
	assert_int_equal(script.waited, 150);
	assert_string_equal(step(), "failed:CARD_UNREADABLE");
	assert_string_equal(step(), "");
	assert_int_equal(script.waited, 1000);
	assert_int_equal(script.reads, 4);
	script.again = ERR_CARD_MODULE; /* a new cause is told */
	assert_string_equal(step(), "failed:CARD_MODULE");
	script.again = ERR_NONE;
	assert_string_equal(step(), "read");
	seat(0, "A", false);
	assert_string_equal(step(), "card-gone");
}

static void test_recovers_silently(void **state)
{
	(void)state;
	ready();
	script.first = ERR_CARD_LINE;
	seat(0, "A", true);
	assert_string_equal(step(), "card reading");
	script.first = ERR_NONE;
	assert_string_equal(step(), "read");
}

/* Lifted before the failure had lasted: the clerk learns why nothing came of it. */
static void test_lifted_too_soon(void **state)
{
	(void)state;
	ready();
	script.first = ERR_CARD_REMOVED;
	seat(0, "A", true);
	assert_string_equal(step(), "card reading");
	seat(0, "A", false);
	assert_string_equal(step(), "failed:CARD_REMOVED card-gone");
	script.first = ERR_NONE;
	seat(0, "A", true);
	assert_string_equal(step(), "card reading read");
}

static void test_causes(void **state)
{
	static const struct {
		enum err_code cause;
		unsigned tries; /* before it is told */
		bool tried_later;
	} cases[] = {
		{ ERR_CARD_MODULE, 1, true },      { ERR_CARD_READER_BUSY, 1, true },  { ERR_CARD_NOT_GENUINE, 2, true },
		{ ERR_CARD_CONTENT, 2, true },     { ERR_CARD_LINE, 3, true },         { ERR_CARD_NO_MODULE, 1, false },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char want[64];

		setup(state);
		ready();
		script.first = script.again = cases[i].cause;
		seat(0, "A", true);
		snprintf(want, sizeof(want), "failed:%s", err_name(cases[i].cause) + 4);
		for (unsigned n = 1; n < cases[i].tries; n++)
			assert_null(strstr(step(), "failed"));
		assert_non_null(strstr(step(), want));
		assert_int_equal(script.reads, cases[i].tries);
		assert_string_equal(step(), "");
		assert_int_equal(script.reads, cases[i].tries + cases[i].tried_later);
		seat(0, "A", false);
		assert_string_equal(step(), "card-gone");
	}
}

static void test_readers(void **state)
{
	(void)state;
	assert_string_equal(step(), "");
	seat(0, "A", false);
	seat(1, "B", true);
	assert_string_equal(step(), "reader reader card reading read");
	assert_string_equal(script.read_from, "B");
	script.seats.seat[0] = script.seats.seat[1]; /* A went, B moved up: B's card was not read again */
	script.seats.n = 1;
	assert_string_equal(step(), "reader-gone");
	script.seats.n = 0;
	assert_string_equal(step(), "card-gone reader-gone");
	seat(0, "B", false);
	script.seats.seat[0].trouble = ERR_CARD_READER_BUSY;
	assert_string_equal(step(), "reader:CARD_READER_BUSY");
	script.seats.seat[0].trouble = ERR_NONE;
	assert_string_equal(step(), "reader");
	strcpy(script.seats.seat[0].module, "05.03-1-1-1");
	assert_string_equal(step(), "reader");
}

static void test_service(void **state)
{
	(void)state;
	ready();
	seat(0, "A", true);
	step();
	script.service = ERR_CARD_SERVICE;
	assert_string_equal(step(), "card-gone reader-gone:CARD_SERVICE trouble:CARD_SERVICE");
	assert_string_equal(step(), "");
	script.service = ERR_CARD_REFUSED_SERVICE;
	assert_string_equal(step(), "trouble:CARD_REFUSED_SERVICE");
	script.service = ERR_NONE;
	assert_string_equal(step(), "trouble reader card reading same");
}

static void test_only(void **state)
{
	static const struct {
		const char *only, *from;
	} cases[] = { { "1", "Reader A" }, { "2", "Reader B" }, { "A", "Reader A" }, { "der B", "Reader B" }, { "C", NULL } };

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		setup(state);
		strcpy(watch.only, cases[i].only);
		seat(0, "Reader A", true);
		seat(1, "Reader B", true);
		step();
		assert_int_equal(script.reads, cases[i].from != NULL);
		if (cases[i].from)
			assert_string_equal(script.read_from, cases[i].from);
	}
}

static void test_list(void **state)
{
	(void)state;
	seat(0, "A", false);
	seat(1, "B", true);
	told[0] = '\0';
	watch_list(&watch);
	assert_string_equal(told, "reader reader card");
	assert_int_equal(script.reads, 0);
}

/* Every status has a cause that is one of ours, both times. */
static void test_statuses(void **state)
{
	(void)state;
	for (unsigned sw = 0; sw < 256; sw++) {
		const struct sam_status *row = sam_status((uint8_t)sw);
		bool good = sw == SAM_DONE || sw == SAM_FOUND;

		assert_int_equal(row->first == ERR_NONE, good);
		assert_int_equal(row->again == ERR_NONE, good);
		assert_true(*row->meaning);
		if (!good)
			assert_true(*err_sentence(sam_status_cause((uint8_t)sw, true)));
	}
	assert_int_equal(sam_status_cause(0x66, false), ERR_CARD_MODULE);
	assert_int_equal(sam_status_cause(0x31, false), ERR_CARD_NOT_GENUINE);
	assert_int_equal(sam_status_cause(0x41, false), ERR_CARD_REMOVED);
	assert_int_equal(sam_status_cause(0x41, true), ERR_CARD_UNREADABLE);
	assert_int_equal(sam_status_cause(0x80, true), ERR_CARD_REMOVED);
}

#define WATCHED(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WATCHED(test_card),     WATCHED(test_card_at_start), WATCHED(test_same_card),
		WATCHED(test_exchanged), WATCHED(test_patience),     WATCHED(test_recovers_silently),
		WATCHED(test_lifted_too_soon), WATCHED(test_causes), WATCHED(test_readers),
		WATCHED(test_service),  WATCHED(test_only),          WATCHED(test_list),
		cmocka_unit_test(test_statuses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
