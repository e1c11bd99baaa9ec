/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The outbox: order, needs, freezing, answers once, counts that are kept. */
#include "fixture.h"

#include "base/buf.h"
#include "store_private.h"

static int64_t fact(struct fixture *f, int64_t supersedes)
{
	struct db_fact x = {.project = f->project,
			    .cycle = "team",
			    .subject = 1,
			    .event = "add",
			    .actor = "site",
			    .authority = "desk",
			    .on = DATE_NONE,
			    .true_on = DATE_NONE,
			    .supersedes = supersedes};
	int64_t id;

	ok(db_fact_insert(f->s, &x, NULL, &id, &err));
	return id;
}

static int64_t put(struct fixture *f, int64_t reports, const char *title, int64_t need, int64_t held)
{
	struct db_outbox_new o = {.project = f->project,
				  .kind = "team.add",
				  .fact = reports,
				  .subject = "s",
				  .title = title,
				  .made_ms = 1000,
				  .held_until_ms = held,
				  .needs = &need,
				  .n_needs = 1};
	int64_t id;

	ok(db_outbox_insert(f->s, &o, &id, &err));
	return id;
}

static void send(struct fixture *f, int64_t id, enum outbox_state answer)
{
	struct db_answer a = {.state = answer,
			      .at_ms = 9,
			      .reason = "原因",
			      .code = "c",
			      .field = "cellPhone",
			      .number = "N1"};
	bool taken;

	ok(db_outbox_freeze(f->s, id, "{}", 2, 5, &err));
	if (answer == OUTBOX_SENDING)
		return;
	ok(db_outbox_answer(f->s, id, &a, &taken, &err));
	assert_true(taken);
}

static void expect(struct fixture *f, const int64_t *want, size_t n)
{
	int64_t ids[16];
	size_t got;

	ok(db_outbox_select(f->s, f->project, ids, 16, &got, &err));
	assert_int_equal(got, n);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(ids[i], want[i]);
}
#define EXPECT(f, ...)                                                                                       \
	do {                                                                                                 \
		const int64_t want[] = {__VA_ARGS__};                                                        \
		expect((f), want, ARRAY_LEN(want));                                                          \
	} while (0)

static void a_batch_carries_its_own_needs(void **state)
{
	struct fixture *f = *state;
	int64_t fa, fb, fc, fd, a, b, c, d, two[2];
	size_t n;

	ok(store_begin(f->s, &err));
	fa = fact(f, 0), fb = fact(f, 0), fc = fact(f, 0), fd = fact(f, 0);
	a = put(f, fa, "甲", 0, 0);
	b = put(f, fb, "乙", fa, 0);
	c = put(f, fc, "丙", fb, 0);
	d = put(f, fd, "丁", 0, 0);
	EXPECT(f, a, b, c, d);
	ok(db_outbox_select(f->s, f->project, two, 2, &n, &err)); /* a prefix is a batch too */
	assert_int_equal(n, 2);
	send(f, a, OUTBOX_SENDING); /* on its way alone: its dependants wait for the answer */
	EXPECT(f, d);
	ok(db_outbox_recover(f->s, f->project, two, &err));
	assert_int_equal(two[0], 1);
	EXPECT(f, d);
	ok(db_outbox_state(f->s, a, OUTBOX_UNKNOWN, OUTBOX_ACCEPTED, &err));
	EXPECT(f, b, c, d);
	ok(store_commit(f->s, &err));
}

static void a_refused_one_holds_up_only_its_own(void **state)
{
	struct fixture *f = *state;
	int64_t fa, fb, fx, fa2, fa3, a, b, x, a2, a3;
	char title[64];

	ok(store_begin(f->s, &err));
	fa = fact(f, 0), fb = fact(f, 0), fx = fact(f, 0);
	a = put(f, fa, "甲", 0, 0);
	b = put(f, fb, "乙", fa, 0);
	x = put(f, fx, "己", 0, 0);
	send(f, a, OUTBOX_REJECTED);
	EXPECT(f, x);
	ok(db_outbox_waits_for(f->s, b, title, sizeof(title), &err));
	assert_string_equal(title, "甲");
	fa2 = fact(f, fa); /* mended: a new fact supersedes, a new operation reports it */
	a2 = put(f, fa2, "甲二", 0, 0);
	ok(db_outbox_state(f->s, a, OUTBOX_REJECTED, OUTBOX_SUPERSEDED, &err));
	EXPECT(f, x, a2); /* in order of ids: what stood before its need goes with the next batch */
	ok(db_outbox_waits_for(f->s, b, title, sizeof(title), &err));
	assert_string_equal(title, "甲二");
	send(f, a2, OUTBOX_REJECTED);
	fa3 = fact(f, fa2); /* and again */
	a3 = put(f, fa3, "甲三", 0, 0);
	ok(db_outbox_state(f->s, a2, OUTBOX_REJECTED, OUTBOX_SUPERSEDED, &err));
	EXPECT(f, x, a3);
	send(f, a3, OUTBOX_ACCEPTED);
	EXPECT(f, b, x);
	ok(db_outbox_waits_for(f->s, b, title, sizeof(title), &err));
	assert_string_equal(title, "");
	ok(store_commit(f->s, &err));
}

static void needs_of_other_kinds(void **state)
{
	struct fixture *f = *state;
	int64_t unreported, pending, withdrawn, again, x, y, z, w, v, fresh;

	ok(store_begin(f->s, &err));
	unreported = fact(f, 0), pending = fact(f, 0), withdrawn = fact(f, 0), again = fact(f, 0);
	x = put(f, fact(f, 0), "x", unreported, 0); /* reported by nobody: nothing to wait for */
	y = put(f, withdrawn, "y", 0, 1001);	    /* held, then withdrawn */
	z = put(f, fact(f, 0), "z", withdrawn, 0);
	w = put(f, pending, "w", 0, 1001);
	v = put(f, fact(f, 0), "v", pending, 0); /* waits for one that is held */
	EXPECT(f, x);
	ok(db_outbox_state(f->s, y, OUTBOX_HELD, OUTBOX_WITHDRAWN, &err));
	EXPECT(f, x);
	ok(db_outbox_state(f->s, w, OUTBOX_HELD, OUTBOX_READY, &err));
	EXPECT(f, x, w, v);
	fresh = put(f, again, "a", 0, 0); /* sent again as it stands: a new operation for the same fact */
	send(f, fresh, OUTBOX_REJECTED);
	put(f, fact(f, 0), "b", again, 0);
	ok(db_outbox_state(f->s, fresh, OUTBOX_REJECTED, OUTBOX_SUPERSEDED, &err));
	EXPECT(f, x, w, v);
	send(f, put(f, again, "a", 0, 0), OUTBOX_ACCEPTED);
	EXPECT(f, x, w, v, fresh + 1);
	(void)z;
	fails(db_outbox_state(f->s, x, OUTBOX_HELD, OUTBOX_READY, &err), ERR_CONFLICT);
	ok(store_commit(f->s, &err));
}

static int64_t reported(struct fixture *f, int64_t project)
{
	int64_t id = -1;

	ok(db_outbox_reported(f->s, &(struct db_reported){ .cycle = "team", .but = "ask:", .subject = 1, .project = project }, &id, &err));
	return id;
}

/* The newest fact with an operation counts, its newest operation decides; not what asks, not what was withdrawn, not another project's. */
static void the_newest_reported_fact(void **state)
{
	struct db_fact asking = { .cycle = "team", .subject = 1, .event = "ask:add", .actor = "site", .authority = "desk", .on = DATE_NONE, .true_on = DATE_NONE };
	struct fixture *f = *state;
	int64_t first, second, again, ask;

	ok(store_begin(f->s, &err));
	assert_int_equal(reported(f, f->project), 0);
	first = fact(f, 0), second = fact(f, 0);
	assert_int_equal(reported(f, f->project), 0); /* told to nobody */
	put(f, first, "a", 0, 0);
	again = put(f, second, "b", 0, 1001);
	asking.project = f->project;
	ok(db_fact_insert(f->s, &asking, NULL, &ask, &err));
	put(f, ask, "c", 0, 0);
	assert_int_equal(reported(f, f->project), second);
	assert_int_equal(reported(f, 0), second);
	assert_int_equal(reported(f, f->project + 1), 0);
	ok(db_outbox_state(f->s, again, OUTBOX_HELD, OUTBOX_WITHDRAWN, &err));
	assert_int_equal(reported(f, f->project), first);
	put(f, second, "b", 0, 0);
	assert_int_equal(reported(f, f->project), second);
	ok(store_commit(f->s, &err));
}

static void held_until_their_time(void **state)
{
	struct fixture *f = *state;
	int64_t a, b, n, next;
	bool due;

	ok(store_begin(f->s, &err));
	a = put(f, fact(f, 0), "a", 0, 31000);
	b = put(f, fact(f, 0), "b", 0, 41000);
	ok(store_commit(f->s, &err));
	ok(db_outbox_due(f->s, f->project, 30999, &due, &next, &err));
	assert_false(due);
	assert_int_equal(next, 31000);
	ok(db_outbox_due(f->s, f->project, 500, &due, &next,
			 &err)); /* the clock was set back behind their making */
	assert_true(due);
	ok(store_begin(f->s, &err));
	ok(db_outbox_release(f->s, f->project, 31000, false, &n, &next, &err));
	assert_int_equal(n, 1);
	assert_int_equal(next, 41000);
	EXPECT(f, a);
	ok(db_outbox_release(f->s, f->project, 31000, true, &n, &next, &err));
	assert_int_equal(n, 1);
	assert_int_equal(next, 0);
	EXPECT(f, a, b);
	ok(store_commit(f->s, &err));
}

static void a_body_is_frozen_once(void **state)
{
	struct fixture *f = *state;
	struct db_outbox o, p;
	struct db_answer back = {.state = OUTBOX_READY};
	struct db_line line;
	struct buf body;
	int64_t a, b;
	bool taken;

	buf_init(&body, 100);
	ok(store_begin(f->s, &err));
	a = put(f, fact(f, 0), "a", 0, 0);
	b = put(f, fact(f, 0), "b", 0, 0);
	fails(db_outbox_freeze(f->s, a, NULL, 0, 5, &err), ERR_INTERNAL);
	store_rollback(f->s);
	ok(store_begin(f->s, &err));
	a = put(f, fact(f, 0), "a", 0, 0);
	b = put(f, fact(f, 0), "b", 0, 0);
	ok(db_outbox_freeze(f->s, a, "{\"x\":1}", 7, 5, &err));
	fails(db_outbox_freeze(f->s, a, "{\"x\":1}", 7, 5, &err), ERR_CONFLICT);
	ok(db_outbox_freeze(f->s, b, "{}", 2, 6, &err));
	ok(db_outbox_answer(f->s, a, &back, &taken, &err)); /* it never left */
	ok(db_outbox_freeze(f->s, a, "{\"other\":2}", 11, 7, &err));
	ok(store_commit(f->s, &err));
	ok(db_outbox_body(f->s, a, &body, &err));
	assert_string_equal(body.data, "{\"x\":1}");
	ok(db_outbox_get(f->s, a, &o, &err));
	ok(db_outbox_get(f->s, b, &p, &err));
	assert_int_equal(o.sequence, 1);
	assert_int_equal(p.sequence, 2);
	assert_int_equal(o.attempts, 2);
	assert_int_equal(o.sent_ms, 7);
	assert_true(o.frozen);
	ok(db_line_get(f->s, f->project, &line, &err));
	assert_int_equal(line.sequence, 2);
	tamper(f,
	       "DROP TRIGGER outbox_frozen; UPDATE outbox SET fingerprint = zeroblob(32) WHERE sequence = 1");
	buf_reset(&body);
	fails(db_outbox_body(f->s, a, &body, &err), ERR_SEAL);
	buf_release(&body);
}

static void answers_are_taken_once(void **state)
{
	struct fixture *f = *state;
	struct db_answer yes = {.state = OUTBOX_ACCEPTED, .at_ms = 8, .number = "P-1"},
			 no = {.state = OUTBOX_REJECTED, .at_ms = 9, .reason = "迟到"};
	struct db_outbox o;
	int64_t a;
	bool taken;

	ok(store_begin(f->s, &err));
	a = put(f, fact(f, 0), "a", 0, 0);
	ok(db_outbox_answer(f->s, a, &yes, &taken, &err)); /* an answer to what was never sent */
	assert_false(taken);
	ok(db_outbox_freeze(f->s, a, "{}", 2, 5, &err));
	ok(db_outbox_answer(f->s, a, &(struct db_answer){.state = OUTBOX_WAITING, .at_ms = 7}, &taken, &err));
	assert_true(taken);
	ok(db_outbox_answer(f->s, a, &yes, &taken, &err));
	assert_true(taken);
	ok(db_outbox_answer(f->s, a, &no, &taken, &err));
	assert_false(taken);
	ok(store_commit(f->s, &err));
	ok(db_outbox_get(f->s, a, &o, &err));
	assert_int_equal(o.state, OUTBOX_ACCEPTED);
	assert_string_equal(o.number, "P-1");
	assert_string_equal(o.reason, "");
	assert_int_equal(o.answered_ms, 8);
	ok(db_outbox_by_op(f->s, o.op, &o, &err));
	ok(db_outbox_by_fact(f->s, o.fact, &o, &err));
	assert_int_equal(o.id, a);
	fails(db_outbox_by_op(f->s, "x", &o, &err), ERR_NO_SUCH);
}

static void pages_and_counts(void **state)
{
	static const enum outbox_state mix[] = {OUTBOX_READY,	OUTBOX_REJECTED, OUTBOX_ACCEPTED,
						OUTBOX_UNKNOWN, OUTBOX_WAITING,	 OUTBOX_SENDING};
	struct fixture *f = *state;
	struct db_outbox_query w = {.project = f->project};
	struct db_outbox rows[5];
	int64_t counts[OUTBOX_STATE_COUNT], refused = 0, n;
	bool more = true;
	size_t k, seen = 0;
	struct query q;

	ok(store_begin(f->s, &err));
	for (int i = 0; i < 60; i++) {
		int64_t id = put(f, fact(f, 0), "t", 0, 0);

		if (mix[i % 6] != OUTBOX_READY)
			send(f, id, mix[i % 6]);
	}
	ok(store_commit(f->s, &err));
	for (int rank = 0; more;) { /* refused first, nothing done with, each once */
		ok(db_outbox_page(f->s, &w, rows, 5, &k, &more, &err));
		for (size_t i = 0; i < k; i++, seen++) {
			assert_true(rows[i].rank >= rank);
			rank = rows[i].rank;
			assert_int_not_equal(rows[i].state, OUTBOX_ACCEPTED);
			refused += rows[i].state == OUTBOX_REJECTED;
			assert_int_equal(rows[i].state == OUTBOX_REJECTED, rank == 0);
		}
		w.after_rank = rows[k - 1].rank;
		w.after_id = rows[k - 1].id;
	}
	assert_int_equal(seen, 50);
	assert_int_equal(refused, 10);
	w = (struct db_outbox_query){.project = f->project, .view = DB_OUTBOX_REFUSED};
	ok(db_outbox_page(f->s, &w, rows, 5, &k, &more, &err));
	assert_true(more);
	assert_string_equal(rows[0].reason, "原因");
	w.view = DB_OUTBOX_ALL;
	for (seen = 0, more = true; more;) {
		ok(db_outbox_page(f->s, &w, rows, 5, &k, &more, &err));
		assert_true(!w.after_id || rows[0].id < w.after_id);
		w.after_id = rows[k - 1].id;
		seen += k;
	}
	assert_int_equal(seen, 60);
	ok(db_outbox_counts(f->s, f->project, counts, &err));
	for (int s = 0; s < OUTBOX_STATE_COUNT; s++) {
		query_open(&q, f->s, "SELECT count(*) FROM outbox WHERE state = ?");
		bind_int(&q, s);
		ok(query_int(&q, &n, -1, &err));
		assert_int_equal(counts[s], n);
	}
	assert_int_equal(counts[OUTBOX_REJECTED], 10);
}

static void a_persons_flags(void **state)
{
	struct fixture *f = *state;
	struct registered r;
	struct db_outbox o;
	bool waiting, refused;
	char number[19];

	fixture_number(number, 1);
	ok(store_begin(f->s, &err));
	r = fixture_register(f, 1, "韩试戊", "hanshiwu", number, "19900000001");
	ok(db_outbox_of_person(f->s, f->project, r.person, &waiting, &refused, &err));
	assert_true(waiting && !refused);
	fails(db_outbox_refusal(f->s, f->project, r.person, &o, &err), ERR_NO_SUCH);
	send(f, r.outbox, OUTBOX_REJECTED);
	ok(db_outbox_of_person(f->s, f->project, r.person, &waiting, &refused, &err));
	assert_true(!waiting && refused);
	ok(db_outbox_refusal(f->s, f->project, r.person, &o, &err));
	assert_string_equal(o.field, "cellPhone");
	ok(store_commit(f->s, &err));
}

static void ten_thousand_behind_one(void **state)
{
	struct fixture *f = *state;
	int64_t root, id, ids[8];
	size_t n;

	ok(store_begin(f->s, &err));
	root = fact(f, 0);
	id = put(f, root, "班组", 0, 0);
	send(f, id, OUTBOX_REJECTED);
	for (int i = 0; i < 10000; i++)
		put(f, fact(f, 0), "人", root, 0);
	id = put(f, fact(f, 0), "别人", 0, 0);
	ok(store_commit(f->s, &err));
	ok(db_outbox_select(f->s, f->project, ids, 8, &n, &err));
	assert_int_equal(n, 1);
	assert_int_equal(ids[0], id);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define WITH(test) cmocka_unit_test_setup_teardown(test, fixture_setup, fixture_teardown)
		WITH(a_batch_carries_its_own_needs),
		WITH(a_refused_one_holds_up_only_its_own),
		WITH(needs_of_other_kinds),
		WITH(the_newest_reported_fact),
		WITH(held_until_their_time),
		WITH(a_body_is_frozen_once),
		WITH(answers_are_taken_once),
		WITH(pages_and_counts),
		WITH(a_persons_flags),
		WITH(ten_thousand_behind_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
