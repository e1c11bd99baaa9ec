/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The large counts of QUALITY R2–R5, with a real desk, the real runner and the real office in one process on
 * a clock of the test's own (sync/nearby.h). SHIMING_RECORDS: how many registrations R2 takes through the bad
 * line (quick 1,000; the promise is 10,000).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk/desk_site.h"

#include "base/json.h"
#include "base/text.h"
#include "desk/merge.h"
#include "platform/fault.h"
#include "sync/backoff.h"
#include "sync/native.h"
#include "sync/nearby.h"
#include "sync/runner.h"

#define FATES 65536

struct hall {
	struct site site;
	struct nearby office;
	struct nearby_line line;
	struct native_self native;
	struct runner run;
	unsigned persons;
	char fate[FATES + 1];
};

static uint64_t dice = 88172645463325252u;

static unsigned any(unsigned n)
{
	dice ^= dice << 13;
	dice ^= dice >> 7;
	dice ^= dice << 17;
	return (unsigned)((dice >> 11) % n);
}

static void hall_open(struct hall *h, unsigned persons)
{
	memset(h, 0, sizeof(*h));
	nearby_open(&h->office);
	h->office.office.left_out[EVENT_REGISTER] = h->office.office.left_out[EVENT_DONE] = true;
	site_make(&h->site, "national");
	h->line = (struct nearby_line){.at = &h->office, .label = "box"};
	h->run = (struct runner){.desk = h->site.d,
				 .dialect = &dialect_native,
				 .self = &h->native,
				 .line = nearby_transport(&h->line)};
	for (; h->persons < persons; h->persons++) {
		clock_add(20000);
		person_register(&h->site, h->persons, NULL);
	}
	site_send_all(&h->site);
}

static void hall_close(struct hall *h)
{
	site_drop(&h->site);
	nearby_close(&h->office);
}

static int64_t in_state(struct hall *h, enum outbox_state state)
{
	struct outbox_counts c;

	OK(desk_outbox_counts(h->site.d, &c, E));
	return c.state[state];
}

static int64_t open_rows(struct hall *h)
{
	return in_state(h, OUTBOX_HELD) + in_state(h, OUTBOX_READY) + in_state(h, OUTBOX_SENDING) +
	       in_state(h, OUTBOX_WAITING) + in_state(h, OUTBOX_REJECTED) + in_state(h, OUTBOX_UNKNOWN);
}

static enum err_code pass(struct hall *h)
{
	struct err e = {0};

	return runner_pass(&h->run, true, &e) ? e.code : ERR_NONE;
}

/* Sum of a number over the office's lines that hold `key`: `name`. */
static int64_t there(struct hall *h, const char *key, const char *name, const char *number)
{
	struct err e = {0};
	char *line, *rest;
	struct buf said;
	int64_t sum = 0;

	buf_init(&said, 1u << 20);
	assert_int_equal(pstore_status(h->office.office.store, &said, &e), 0);
	for (line = strtok_r(said.data, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		const char *is;
		cJSON *doc;

		OK(json_parse(&doc, line, strlen(line), 1u << 20, E));
		is = json_string(doc, key);
		if (is && !strcmp(is, name))
			sum += json_int(doc, number, 0);
		cJSON_Delete(doc);
	}
	buf_release(&said);
	return sum;
}

/* R2: three answers in ten are lost after the platform has acted, of whatever request: each record has one
 * effect, nothing is left. */
static void counts__r2_lost_answers(void **state)
{
	const char *more = getenv("SHIMING_RECORDS");
	unsigned records = more ? (unsigned)atoi(more) : 1000, troubles = 0, passes = 0;
	static struct hall h;

	(void)state;
	hall_open(&h, records);
	h.run.max_items = 20;
	for (size_t i = 0; i < FATES; i++)
		h.fate[i] = any(10) < 3 ? '>' : '.';
	h.line.fate = h.fate;
	while (open_rows(&h) && passes++ < records)
		troubles += pass(&h) != ERR_NONE;
	print_message("R2: %u registrations, %lld requests, %u passes, %u of them cut\n", records,
		      (long long)h.office.requests, passes, troubles);
	assert_int_equal(open_rows(&h), 0);
	assert_true(troubles * 100 > records / 2);
	assert_int_equal(there(&h, "entity", "person", "count"), records);
	assert_int_equal(there(&h, "entity", "person", "applied"), records);
	assert_int_equal(there(&h, "entity", "employment", "applied"), records);
	assert_int_equal(there(&h, "operations", "accepted", "count"), in_state(&h, OUTBOX_ACCEPTED));
	hall_close(&h);
}

/* R3: one of a thousand is refused: the others are confirmed in the same run; it stands unchanged with reason
 * and field. */
static void counts__r3_one_poisoned(void **state)
{
	struct outbox_row rows[4];
	struct outbox_page page = {.row = rows, .cap = 4};
	struct outbox_query q = {.view = OUTBOX_VIEW_REFUSED};
	static struct person_file file;
	static struct hall h;
	int64_t total;

	(void)state;
	hall_open(&h, 1000);
	h.office.office.refuse_at = 1111;
	h.office.office.refuse_phone = true;
	total = in_state(&h, OUTBOX_READY);
	assert_int_equal(pass(&h), ERR_NONE);
	assert_int_equal(in_state(&h, OUTBOX_REJECTED), 1);
	assert_true(in_state(&h, OUTBOX_READY) <= 1); /* what rests on it */
	assert_int_equal(in_state(&h, OUTBOX_ACCEPTED) + in_state(&h, OUTBOX_READY) + 1, total);
	assert_int_equal(there(&h, "operations", "accepted", "count"), in_state(&h, OUTBOX_ACCEPTED));
	assert_int_equal(there(&h, "entity", "person", "applied"), 999);
	assert_int_equal(there(&h, "entity", "person", "count"), 999);
	OK(desk_outbox(h.site.d, &q, &page, E));
	assert_int_equal(page.n, 1);
	OK(desk_person_file(h.site.d, rows[0].person, &file, E)); /* as it was typed */
	assert_true(*file.refusal && *file.masked[F_PHONE]);
	assert_string_equal(rows[0].field, "phone");
	assert_true(*rows[0].reason && *rows[0].advice);
	hall_close(&h);
}

/* R4, one client: however much waits, a dead platform is asked once a step. */
static void counts__r4_one_attempt_a_step(void **state)
{
	struct backoff b = {0};
	static struct hall h;
	int64_t ready, began;
	int attempts = 0;

	(void)state;
	hall_open(&h, 300);
	ready = in_state(&h, OUTBOX_READY);
	assert_true(ready > 600);
	memset(h.fate, '<', FATES);
	h.line.fate = h.fate;
	for (began = now_ms; now_ms - began < 2 * 3600 * 1000; attempts++) {
		const char *before = h.line.fate;

		assert_int_equal(pass(&h), ERR_NET_OFFLINE);
		assert_int_equal(h.line.fate - before, 1);
		clock_add(backoff_failed(&b, 0, (uint32_t)any(UINT32_MAX)));
	}
	print_message("R4: %d attempts in two hours with %lld waiting\n", attempts, (long long)ready);
	assert_in_range(attempts, 15, 20); /* eight steps to a quarter of an hour, then one each */
	assert_int_equal(in_state(&h, OUTBOX_READY), ready);
	hall_close(&h);
}

#define CLIENTS 500
#define OUTAGE_MS (2 * 3600 * 1000)
#define WINDOW_MS 60000
#define WINDOWS (BACKOFF_MOST_MS / WINDOW_MS + 1)
#define OUTAGES 10

static int64_t comes_back_after(void)
{
	struct backoff b = {0};
	int64_t at = any(60000);

	while (at < OUTAGE_MS)
		at += backoff_failed(&b, 0, (uint32_t)any(UINT32_MAX));
	assert_true(at - OUTAGE_MS <= BACKOFF_MOST_MS);
	return at - OUTAGE_MS;
}

/* R4, five hundred: all lose the platform within a minute, for two hours; what comes back to it in any minute
 * is at most twice the mean of the time in which they come. Ten such outages. */
static void counts__r4_after_an_outage(void **state)
{
	int worst = 0, mean = 0;

	(void)state;
	dice = 88172645463325252u;
	for (int outage = 0; outage < OUTAGES; outage++) {
		int in_window[WINDOWS] = {0}, windows = 0, most = 0;

		for (int i = 0; i < CLIENTS; i++)
			in_window[comes_back_after() / WINDOW_MS]++;
		for (int i = 0; i < WINDOWS; i++) {
			most = in_window[i] > most ? in_window[i] : most;
			windows = in_window[i] ? i + 1 : windows;
		}
		mean = CLIENTS / windows;
		worst = most > worst ? most : worst;
		assert_true(most * windows <= 2 * CLIENTS);
	}
	print_message("R4: after %d outages %d clients come back, at most %d in a minute; the mean is %d\n",
		      OUTAGES, CLIENTS, worst, mean);
}

/* R5: each has a sentence and an advice of its own. */
static void counts__r5_sentences(void **state)
{
	static const enum err_code codes[] = {ERR_NET_REDIRECT, ERR_NET_PORTAL, ERR_NET_FOREIGN,
					      ERR_NET_LOGIN,	ERR_NET_TLS,	ERR_NET_PROXY,
					      ERR_NET_OFFLINE,	ERR_NET_ANSWER};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(codes); i++) {
		assert_true(*err_sentence(codes[i]) && *err_advice(codes[i]));
		for (size_t k = 0; k < i; k++)
			assert_string_not_equal(err_sentence(codes[i]), err_sentence(codes[k]));
	}
}

/* --- two files of one person (A6) ----------------------------------------------------------------------- */

/* What the one that stays had here is over before the other is registered. */
static void registered_twice(struct hall *h, int64_t person[2])
{
	hall_open(h, 0);
	person[0] = person_register(&h->site, 0, NULL);
	person_act(&h->site, person[0], EVENT_WITHDRAW_OFFER);
	person[1] = person_register(&h->site, 1, NULL);
	site_send_all(&h->site);
}

static void made_one(struct hall *h, const int64_t person[2])
{
	OK(desk_person_merge(h->site.d, person[0], person[1], "同一人", E));
	site_send_all(&h->site);
}

/* Each operation that was sent was sent once and taken. */
static void sent_once(struct hall *h, int64_t people)
{
	assert_int_equal(open_rows(h), 0);
	assert_int_equal(there(h, "operations", "rejected", "count"), 0);
	assert_int_equal(there(h, "operations", "accepted", "count"), in_state(h, OUTBOX_ACCEPTED));
	assert_int_equal(h->run.counts.sent, in_state(h, OUTBOX_ACCEPTED));
	assert_int_equal(there(h, "entity", "person", "applied"), people);
}

/* Made one before anything was sent: the needless registration costs no request and no refusal. */
static void counts__merged_before_sending(void **state)
{
	static struct hall h;
	int64_t person[2];

	(void)state;
	registered_twice(&h, person);
	made_one(&h, person);
	assert_true(in_state(&h, OUTBOX_WITHDRAWN) > 0);
	assert_int_equal(pass(&h), ERR_NONE);
	sent_once(&h, 1);
	assert_int_equal(h.office.requests, 2); /* the box, one batch */
	hall_close(&h);
}

/* The answer to both registrations was lost: they are asked about, though they are one by now, and neither goes again. */
static void counts__merged_after_sending(void **state)
{
	static struct hall h;
	int64_t person[2];

	(void)state;
	registered_twice(&h, person);
	h.line.fate = ".>";
	assert_int_equal(pass(&h), ERR_NET_OFFLINE);
	assert_true(in_state(&h, OUTBOX_UNKNOWN) > 3);
	made_one(&h, person);
	assert_int_equal(pass(&h), ERR_NONE);
	assert_true(h.run.counts.looked_up > 3);
	sent_once(&h, 2);
	hall_close(&h);
}

/* --- R7 ------------------------------------------------------------------------------------------------ */

#define GATE_BYTES 20000 /* what the platform takes at once … */
#define BATCH_BYTES 150000 /* … and what the runner is told to send at most */

/* A gate before the office. */
struct gate {
	struct hall *h;
	int64_t posts, refused, passed;
	size_t most, bodies; /* bytes: of the largest request; at least so many were bodies in one */
};

#define AROUND 200 /* bytes of what stands around a body, at most */

static size_t operations_in(const struct http_request *q)
{
	size_t n = 0;

	for (const char *at = q->body; (at = strstr(at, "\"madeAt\":")); at++)
		n++;
	return n;
}

static int through_the_gate(void *self, const struct http_request *q, struct http_answer *a, struct err *e)
{
	struct gate *g = self;
	struct transport inner = nearby_transport(&g->h->line);

	if (strcmp(q->method, "POST") || strcmp(q->path, NATIVE_OPERATIONS))
		return inner.call(inner.self, q, a, e);
	g->posts++;
	g->most = q->body_bytes > g->most ? q->body_bytes : g->most;
	if (q->body_bytes > g->bodies + AROUND * operations_in(q))
		g->bodies = q->body_bytes - AROUND * operations_in(q);
	if (q->body_bytes <= GATE_BYTES) {
		g->passed++;
		return inner.call(inner.self, q, a, e);
	}
	g->refused++;
	a->status = 413;
	a->may_have_left = true;
	text_copy(a->content_type, sizeof(a->content_type), "application/json");
	buf_reset(&a->body);
	return buf_adds(&a->body, "{\"code\":\"too-large\",\"reason\":\"请求过大\"}");
}

/* R7: no request is larger than the runner's bound; halved as often as it takes, and no oftener. (One that is too large alone: test_runner.c.) */
static void counts__r7_halved(void **state)
{
	static struct hall h;
	struct gate gate = {.h = &h};
	int64_t total;

	(void)state;
	hall_open(&h, 500);
	h.run.max_bytes = BATCH_BYTES;
	h.run.line = (struct transport){.self = &gate, .call = through_the_gate};
	total = in_state(&h, OUTBOX_READY);
	assert_int_equal(pass(&h), ERR_NONE);
	print_message("R7: %lld operations in %lld requests, %lld of them too large, the largest of %zu bytes\n", (long long)total,
		      (long long)gate.posts, (long long)gate.refused, gate.most);
	assert_int_equal(open_rows(&h), 0);
	assert_int_equal(there(&h, "entity", "person", "applied"), 500);
	assert_int_equal(there(&h, "operations", "accepted", "count"), total);
	assert_in_range(gate.bodies, 1, BATCH_BYTES);
	assert_true(gate.refused > 0 && gate.refused < gate.passed);
	hall_close(&h);
}

/* --- R8 ------------------------------------------------------------------------------------------------ */

/* The office's first answer to a batch is spoilt; the others arrive as they are. */
struct crooked {
	struct hall *h;
	struct fault fault;
	bool spoilt;
};

static int crookedly(void *self, const struct http_request *q, struct http_answer *a, struct err *e)
{
	struct crooked *c = self;
	struct transport inner = nearby_transport(&c->h->line);
	int last = inner.call(inner.self, q, a, e);

	if (!last && !c->spoilt && !strcmp(q->path, NATIVE_OPERATIONS)) {
		c->spoilt = true;
		fault_spoil(&c->fault, &a->body);
	}
	return last;
}

/* R8: so many results of a batch are missing, the others out of order, doubled or beside a stranger's: exactly the missing are looked up, by their id; nothing is sent a second time. */
static void counts__r8_crooked_answers(void **state)
{
	static const struct {
		struct fault fault;
		int64_t unanswered; /* -1: all of the batch */
	} cases[] = {{{.kind = FAULT_MISSING, .arg = 3}, 3}, {{.kind = FAULT_MISSING, .arg = 1000}, -1}, {{.kind = FAULT_REORDER}, 0},
		     {{.kind = FAULT_TWICE}, 0}, {{.kind = FAULT_FOREIGN_IDS}, 0}};
	static struct hall h;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct crooked c = {.h = &h, .fault = cases[i].fault};
		int64_t total;

		hall_open(&h, 50);
		total = in_state(&h, OUTBOX_READY);
		h.run.line = (struct transport){.self = &c, .call = crookedly};
		assert_int_equal(pass(&h), ERR_NONE);
		assert_int_equal(pass(&h), ERR_NONE);
		assert_true(c.spoilt);
		assert_int_equal(open_rows(&h), 0);
		assert_int_equal(h.run.counts.sent, total);
		assert_int_equal(h.run.counts.looked_up, cases[i].unanswered < 0 ? total : cases[i].unanswered);
		assert_int_equal(there(&h, "operations", "accepted", "count"), total);
		assert_int_equal(there(&h, "entity", "person", "applied"), 50);
		hall_close(&h);
	}
}

/* R10: the clock jumps before every request of a run, by decades too: order and result are those of a clock
 * that stands. */
static int jumping(void *self, const struct http_request *q, struct http_answer *a, struct err *e)
{
	static const int64_t by[] = {-20 * 365 * 86400000LL, 86400000, -3600000, 20 * 365 * 86400000LL, 0};
	struct hall *h = self;
	struct transport inner = nearby_transport(&h->line);

	clock_fix_ms(now_ms + by[any(ARRAY_LEN(by))]);
	return inner.call(inner.self, q, a, e);
}

static void counts__r10_jumping(void **state)
{
	static struct hall h;
	int64_t total;

	(void)state;
	hall_open(&h, 100);
	total = in_state(&h, OUTBOX_READY);
	h.run.line = (struct transport){.self = &h, .call = jumping};
	h.run.max_items = 3;
	assert_int_equal(pass(&h), ERR_NONE);
	assert_int_equal(open_rows(&h), 0);
	assert_int_equal(there(&h, "operations", "accepted", "count"), total);
	assert_int_equal(there(&h, "operations", "rejected", "count"), 0); /* nothing came before its cause */
	assert_int_equal(there(&h, "entity", "person", "applied"), 100);
	hall_close(&h);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(counts__r2_lost_answers),	 cmocka_unit_test(counts__r3_one_poisoned),
		cmocka_unit_test(counts__r4_one_attempt_a_step), cmocka_unit_test(counts__r4_after_an_outage),
		cmocka_unit_test(counts__r5_sentences),		 cmocka_unit_test(counts__r7_halved), cmocka_unit_test(counts__r8_crooked_answers),
		cmocka_unit_test(counts__merged_before_sending), cmocka_unit_test(counts__merged_after_sending),
	       		 cmocka_unit_test(counts__r10_jumping),
	};

	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
