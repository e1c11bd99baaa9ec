/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/runner.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/log.h"
#include "base/text.h"
#include "sync/native.h"

#define STOPPED 1	    /* asked to end: neither done nor in trouble */
#define LOOKUP_ONE_BY_ONE 3 /* so few are asked for one by one */
#define CURSOR_BYTES (NATIVE_CURSOR_BYTES + 1)
#define REQUEST_MAX (16u << 20)

static bool go_on(const struct runner *r)
{
	return !r->go_on || r->go_on(r->go_on_arg);
}

static int call(struct runner *r, const struct http_request *q, struct http_answer *a, struct err *e)
{
	r->counts.requests++;
	r->retry_after_ms = 0;
	if (r->line.call(r->line.self, q, a, e))
		return -1;
	r->retry_after_ms = a->retry_after_ms;
	return 0;
}

/* A GET whose answer is to be read; anything else is trouble. FATE_ABSENT is the caller's when `absent` is
 * given. */
static int get(struct runner *r, const char *path, struct http_answer *a, bool *absent, struct err *e)
{
	struct http_request q = {.method = "GET", .path = path};
	enum err_code trouble;
	enum fate fate;

	if (call(r, &q, a, e))
		return -1;
	fate = http_fate(a, &trouble);
	if (absent)
		*absent = fate == FATE_ABSENT;
	if (fate == FATE_READ || (absent && *absent))
		return 0;
	return err_set(e, trouble ? trouble : ERR_NET_ANSWER, "HTTP %d", a->status);
}

/* --- answers into the desk --- */

static void count_answers(struct runner *r, const struct answer *answers, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		r->counts.accepted += answers[i].kind == ANSWER_ACCEPTED;
		r->counts.waiting += answers[i].kind == ANSWER_WAITING;
		r->counts.rejected += answers[i].kind == ANSWER_REJECTED;
		r->counts.unknown += answers[i].kind == ANSWER_UNKNOWN;
	}
}

static int take_answers(struct runner *r, const struct answer *answers, size_t n, struct err *e)
{
	if (!n)
		return 0;
	if (desk_take_answers(r->desk, answers, n, e)) {
		r->recovered = false; /* rows stand as sending: begin with them next time */
		return -1;
	}
	count_answers(r, answers, n);
	r->changed = true;
	return 0;
}

/* The same word for a whole range. Keeps the trouble that is already in *e unless the desk fails too. */
static int answer_all(struct runner *r, const struct outgoing *items, size_t n, struct answer like,
		      struct err *e)
{
	struct answer *all = calloc(n + 1, sizeof(*all));
	struct err why = {0};
	int last;

	if (!all) {
		r->recovered = false;
		return err_set(e, ERR_MEMORY, "answers");
	}
	for (size_t i = 0; i < n; i++) {
		all[i] = like;
		all[i].op = items[i].op;
	}
	last = take_answers(r, all, n, &why);
	free(all);
	if (last && e)
		*e = why;
	return last;
}

/* --- sending --- */

struct sending {
	const struct box *box;
	bool refused_before; /* something of this batch was not accepted: what depends on it comes back as
				"dependency" */
	size_t settled;	     /* how many have a final word */
};

/* An operation refused only because what it depends on was refused in this batch is not refused itself: the
 * platform has nothing of it, and the desk sends it once the other is mended. Without such a cause the
 * platform's refusal stands, for a human to see. */
static void hold_dependants(struct sending *s, struct answer *answers, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct answer *a = &answers[i];

		if (a->kind == ANSWER_REJECTED && a->reason_code && !strcmp(a->reason_code, "dependency") &&
		    s->refused_before)
			*a = (struct answer){.op = a->op, .kind = ANSWER_NOT_SENT};
		if (a->kind == ANSWER_ACCEPTED || a->kind == ANSWER_WAITING)
			s->settled++;
		else
			s->refused_before = true;
		s->settled += a->kind == ANSWER_REJECTED;
	}
}

static int read_results(struct runner *r, struct sending *s, const struct outgoing *items, size_t n,
			const struct http_answer *a, struct err *e)
{
	const char **ops = calloc(n + 1, sizeof(*ops));
	struct native_answers answers;
	struct err why = {0};
	int last;

	native_answers_init(&answers);
	for (size_t i = 0; ops && i < n; i++)
		ops[i] = items[i].op;
	if (!ops ||
	    native_parse_results(&answers, ops, n, a->body.data ? a->body.data : "", a->body.len, &why)) {
		free(ops);
		err_set(e, ops ? why.code : ERR_MEMORY, "%s", why.detail);
		answer_all(r, items, n, (struct answer){.kind = ANSWER_UNKNOWN}, e);
		return -1;
	}
	if (answers.foreign)
		log_write(LOG_WRN, "%zu results for operations that were not sent", answers.foreign);
	hold_dependants(s, answers.item, n);
	last = take_answers(r, answers.item, n, e);
	native_answers_release(&answers);
	free(ops);
	return last;
}

/* One operation that the platform will not take as a request goes aside alone (R7). */
static int put_aside(struct runner *r, struct sending *s, const struct outgoing *item,
		     const struct http_answer *a, struct err *e)
{
	char code[NATIVE_CODE_BYTES + 1] = "", reason[NATIVE_REASON_BYTES + 1] = "";
	struct answer aside = {.kind = ANSWER_REJECTED, .reason_code = code, .reason = reason};

	native_parse_refusal(a->body.data ? a->body.data : "", a->body.len, code, sizeof(code), reason,
			     sizeof(reason));
	if (!*code)
		text_format(code, sizeof(code), "http-%d", a->status);
	s->refused_before = true;
	s->settled++;
	return answer_all(r, item, 1, aside, e);
}

static int post(struct runner *r, struct sending *s, const struct outgoing *items, size_t n,
		struct http_answer *a, struct err *e)
{
	struct http_request q = {.method = "POST", .path = NATIVE_OPERATIONS};
	struct buf body;
	int last;

	buf_init(&body, REQUEST_MAX);
	last = native_request(s->box, items, n, &body, e);
	if (!last) {
		q.body = body.data;
		q.body_bytes = body.len;
		r->counts.sent += (int64_t)n;
		last = call(r, &q, a, e);
	}
	buf_wipe_release(&body);
	return last;
}

static int send_range(struct runner *r, struct sending *s, const struct outgoing *items, size_t n,
		      struct err *e);

static int send_halves(struct runner *r, struct sending *s, const struct outgoing *items, size_t n,
		       struct err *e)
{
	size_t half = n / 2;
	int last = send_range(r, s, items, half, e);

	if (!last)
		return send_range(r, s, items + half, n - half, e);
	answer_all(r, items + half, n - half, (struct answer){.kind = ANSWER_NOT_SENT}, e);
	return last;
}

/* Sends these and gives each of them an answer, whatever happens. */
static int send_range(struct runner *r, struct sending *s, const struct outgoing *items, size_t n,
		      struct err *e)
{
	struct answer lost = {.kind = ANSWER_UNKNOWN};
	enum err_code trouble = ERR_NONE;
	struct http_answer a;
	enum fate fate;
	int last = -1;

	http_answer_init(&a);
	if (!go_on(r)) {
		lost.kind = ANSWER_NOT_SENT;
		last = answer_all(r, items, n, lost, e) ? -1 : STOPPED;
		goto out;
	}
	if (post(r, s, items, n, &a, e)) {
		if (!a.may_have_left)
			lost.kind = ANSWER_NOT_SENT;
		answer_all(r, items, n, lost, e);
		goto out;
	}
	fate = http_fate(&a, &trouble);
	if (fate == FATE_READ) {
		last = read_results(r, s, items, n, &a, e);
	} else if (fate == FATE_SPLIT) {
		last = n > 1 ? send_halves(r, s, items, n, e) : put_aside(r, s, items, &a, e);
	} else {
		if (fate != FATE_UNKNOWN)
			lost.kind = ANSWER_NOT_SENT;
		err_set(e, trouble ? trouble : ERR_NET_ANSWER, "HTTP %d", a.status);
		answer_all(r, items, n, lost, e);
	}
out:
	http_answer_release(&a);
	return last;
}

static int send_batch(struct runner *r, const struct box *box, size_t *taken, size_t *settled, struct err *e)
{
	struct sending s = {.box = box};
	struct batch batch = {0};
	int last;

	if (desk_take_batch(r->desk, r->max_items ? r->max_items : NATIVE_BATCH_MAX,
			    r->max_bytes ? r->max_bytes : NATIVE_BATCH_BYTES, &batch, &r->next_held_ms, e)) {
		r->recovered = false;
		return -1;
	}
	*taken = batch.n;
	last = batch.n ? send_range(r, &s, batch.item, batch.n, e) : 0;
	*settled = s.settled;
	desk_release_batch(&batch);
	return last;
}

/* --- looking up --- */

/* A waiting one is asked about again another time. */
static bool is_settled(enum answer_kind kind)
{
	return kind != ANSWER_UNKNOWN && kind != ANSWER_WAITING;
}

static int look_up_one(struct runner *r, const char *op, struct answer *into, struct native_answers *keep,
		       struct err *e)
{
	char path[sizeof(NATIVE_OPERATIONS) + UID_TEXT + 1];
	struct http_answer a;
	bool absent;
	int last;

	http_answer_init(&a);
	text_format(path, sizeof(path), NATIVE_OPERATIONS "/%s", op);
	last = get(r, path, &a, &absent, e);
	*into = (struct answer){.op = op, .kind = ANSWER_NOT_SENT};
	if (!last && !absent) {
		last = native_parse_result(keep, op, a.body.data ? a.body.data : "", a.body.len, e);
		if (!last)
			*into = keep->item[0];
	}
	http_answer_release(&a);
	return last;
}

static int look_up_singly(struct runner *r, const char (*ops)[UID_TEXT], size_t n, size_t *settled,
			  struct err *e)
{
	for (size_t i = 0; i < n; i++) {
		struct native_answers keep;
		struct answer one;
		int last;

		if (!go_on(r))
			return STOPPED;
		native_answers_init(&keep);
		last = look_up_one(r, ops[i], &one, &keep, e);
		if (!last && one.kind != ANSWER_UNKNOWN) {
			last = take_answers(r, &one, 1, e);
			*settled += !last && is_settled(one.kind);
		}
		native_answers_release(&keep);
		if (last)
			return last;
	}
	return 0;
}

/* Many at once; *served false: this platform has no such look-up. */
static int look_up_together(struct runner *r, const char (*ops)[UID_TEXT], size_t n, size_t *settled,
			    bool *served, struct err *e)
{
	struct http_request q = {.method = "POST", .path = NATIVE_LOOKUP};
	const char *asked[NATIVE_BATCH_MAX];
	struct native_answers answers;
	struct http_answer a;
	struct buf body;
	enum err_code trouble;
	enum fate fate;
	int last = -1;

	native_answers_init(&answers);
	http_answer_init(&a);
	buf_init(&body, REQUEST_MAX);
	for (size_t i = 0; i < n; i++)
		asked[i] = ops[i];
	if (native_lookup_request(ops, n, &body, e))
		goto out;
	q.body = body.data;
	q.body_bytes = body.len;
	if (call(r, &q, &a, e))
		goto out;
	fate = http_fate(&a, &trouble);
	*served = fate == FATE_READ;
	if (fate == FATE_ABSENT || fate == FATE_SPLIT || a.status == 405) {
		last = 0;
		goto out;
	}
	if (fate != FATE_READ) {
		err_set(e, trouble ? trouble : ERR_NET_ANSWER, "HTTP %d", a.status);
		goto out;
	}
	if (native_parse_results(&answers, asked, n, a.body.data ? a.body.data : "", a.body.len, e))
		goto out;
	for (size_t i = 0; i < n; i++)
		*settled += is_settled(answers.item[i].kind);
	last = take_answers(r, answers.item, n, e);
out:
	buf_release(&body);
	http_answer_release(&a);
	native_answers_release(&answers);
	return last;
}

/* Until nothing is unknown, or the platform has no word on what remains: that stays unknown and holds up what
 * depends on it only. */
static int look_up(struct runner *r, struct err *e)
{
	char(*ops)[UID_TEXT] = calloc(NATIVE_BATCH_MAX, UID_TEXT);
	size_t n = 0, before = SIZE_MAX, settled;
	bool served;
	int last = ops ? 0 : err_set(e, ERR_MEMORY, "look-up");

	while (!last) {
		settled = 0;
		served = false;
		last = desk_to_look_up(r->desk, ops, NATIVE_BATCH_MAX, &n, e);
		if (last || !n || (n >= before && n < NATIVE_BATCH_MAX))
			break;
		before = n;
		if (!go_on(r)) {
			last = STOPPED;
			break;
		}
		if (n > LOOKUP_ONE_BY_ONE)
			last = look_up_together(r, (const char(*)[UID_TEXT])ops, n, &settled, &served, e);
		if (!last && !served)
			last = look_up_singly(r, (const char(*)[UID_TEXT])ops, n, &settled, e);
		r->counts.looked_up += (int64_t)settled;
		if (!last && !settled)
			break;
	}
	free(ops);
	return last;
}

/* --- the pass --- */

/* R11: a file older than what the platform has seen of this box must not send. */
static int check_box(struct runner *r, const struct box *ours, struct err *e)
{
	struct native_box theirs;
	struct http_answer a;
	int last;

	http_answer_init(&a);
	last = get(r, NATIVE_BOX, &a, NULL, e);
	if (!last)
		last = native_parse_box(&theirs, a.body.data ? a.body.data : "", a.body.len, e);
	http_answer_release(&a);
	if (last)
		return -1;
	if (theirs.known && strcmp(theirs.uid, ours->uid))
		return err_set(e, ERR_NET_REFUSED, "the token belongs to box %s", theirs.uid);
	if (theirs.epoch > ours->epoch || (theirs.epoch == ours->epoch && theirs.sequence > ours->sequence))
		return err_set(e, ERR_NET_BEHIND, "platform has seen %lld.%lld, this file has made %lld.%lld",
			       (long long)theirs.epoch, (long long)theirs.sequence, (long long)ours->epoch,
			       (long long)ours->sequence);
	r->box_checked = true;
	return 0;
}

static int send_all(struct runner *r, const struct box *box, struct err *e)
{
	size_t taken = 0, settled = 0;
	int idle = 0, last;

	do {
		if (!go_on(r))
			return STOPPED;
		last = send_batch(r, box, &taken, &settled, e);
		if (last || !taken)
			return last;
		idle = settled ? 0 : idle + 1;
		if (!settled)
			last = look_up(r, e);
	} while (!last && idle < 3);
	return last ? last : err_set(e, ERR_NET_ANSWER, "no result for any of %zu operations", taken);
}

static int take_page(struct runner *r, const char *cursor, const struct native_changes *c, struct err *e)
{
	enum applied *results;
	int last;

	if (!c->n && !strcmp(cursor, c->cursor))
		return 0;
	results = calloc(c->n + 1, sizeof(*results));
	if (!results)
		return err_set(e, ERR_MEMORY, "changes");
	last = desk_take_changes(r->desk, c->item, c->n, c->cursor, results, e);
	free(results);
	if (!last) {
		r->counts.changes += (int64_t)c->n;
		r->changed = true;
	}
	return last;
}

static int fetch_page(struct runner *r, bool *more, struct err *e)
{
	char cursor[CURSOR_BYTES];
	struct native_changes page;
	struct http_answer a;
	struct buf path;
	int last = -1;

	native_changes_init(&page);
	http_answer_init(&a);
	buf_init(&path, 1024);
	if (desk_cursor(r->desk, cursor, sizeof(cursor), e))
		goto out;
	if (native_changes_path(cursor, &path)) {
		err_set(e, ERR_INTERNAL, "cursor of %zu bytes", strlen(cursor));
		goto out;
	}
	if (get(r, path.data, &a, NULL, e) ||
	    native_parse_changes(&page, a.body.data ? a.body.data : "", a.body.len, e))
		goto out;
	*more = page.more;
	if (page.more && !strcmp(cursor, page.cursor)) {
		err_set(e, ERR_NET_ANSWER, "more changes, but the cursor does not move");
		goto out;
	}
	last = take_page(r, cursor, &page, e);
out:
	buf_release(&path);
	http_answer_release(&a);
	native_changes_release(&page);
	return last;
}

static int fetch_all(struct runner *r, struct err *e)
{
	bool more = true;
	int last = 0;

	while (!last && more) {
		if (!go_on(r))
			return STOPPED;
		last = fetch_page(r, &more, e);
	}
	return last;
}

static int prepare(struct runner *r, struct box *box, struct err *e)
{
	if (!r->recovered && desk_recover_sending(r->desk, e))
		return -1;
	r->recovered = true;
	if (desk_box(r->desk, box, e))
		return -1;
	return r->box_checked ? 0 : check_box(r, box, e);
}

int runner_pass(struct runner *r, bool fetch, struct err *e)
{
	int64_t sent = r->counts.sent + r->counts.looked_up;
	struct box box;
	int last;

	r->retry_after_ms = 0;
	last = prepare(r, &box, e);
	if (!last)
		last = look_up(r, e);
	if (!last)
		last = send_all(r, &box, e);
	if (!last && (fetch || sent != r->counts.sent + r->counts.looked_up))
		last = fetch_all(r, e);
	if (last < 0)
		r->box_checked = false;
	return last == STOPPED ? 0 : last;
}
