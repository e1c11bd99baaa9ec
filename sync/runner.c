/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/runner.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/log.h"
#include "base/dates.h"
#include "base/text.h"
#include "sync/witness.h"

#define STOPPED 1 /* asked to end: neither done nor in trouble */
#define CURSOR_BYTES 256
#define CODE_BYTES 32
#define REASON_BYTES 300

static bool go_on(const struct runner *r)
{
	return !r->go_on || r->go_on(r->go_on_arg);
}

/* As fast as the dialect allows. 1: asked to end meanwhile. */
static int pace(struct runner *r, const struct request *q)
{
	int64_t wait;

	if (!r->dialect->pause_ms)
		return 0;
	while ((wait = r->dialect->pause_ms(r->self, q, clock_steady_ms())) > 0) {
		if (!r->pause(r->go_on_arg, wait))
			return STOPPED;
	}
	return 0;
}

static int call(struct runner *r, const struct request *q, struct http_answer *a, struct err *e)
{
	struct http_request ask = {.method = q->method,
				   .path = q->path.data,
				   .body = q->body.len ? q->body.data : NULL,
				   .body_bytes = q->body.len,
				   .form = q->form,
				   .offset = q->offset};
	int last = pace(r, q);

	if (last)
		return last;
	r->counts.requests++;
	r->retry_after_ms = 0;
	if (r->line.call(r->line.self, &ask, a, e))
		return -1;
	r->retry_after_ms = a->retry_after_ms;
	return a->date_ms ? desk_set_clock(r->desk, a->date_ms - clock_now_ms(), e) : 0;
}

/* A request whose answer is to be read; anything else is trouble. */
static int fetch(struct runner *r, const struct request *q, struct http_answer *a, struct err *e)
{
	enum err_code trouble;
	int last = call(r, q, a, e);

	if (last || r->dialect->fate(r->self, a, &trouble) == FATE_READ)
		return last;
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

/* --- decisions made elsewhere --- */

static int take_page(struct runner *r, const char *cursor, const struct changes *c, struct err *e)
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

/* A page of them, whichever answer it came in. */
static int take_changes(struct runner *r, const char *cursor, const struct changes *page, struct err *e)
{
	r->up_to_date = !page->more;
	if (page->more && !strcmp(cursor, page->cursor))
		return err_set(e, ERR_NET_ANSWER, "more changes, but the cursor does not move");
	return take_page(r, cursor, page, e);
}

/* --- what is not sent --- */

/* What this dialect has no call for needs no line: the platform hears of it with another operation, or from a
 * clerk on its own page, for whom it waits. */
static const struct answer ways[] = {
	[WAY_TOLD_WITH] = {.kind = ANSWER_ACCEPTED, .reason_code = OUTBOX_TOLD_WITH},
	[WAY_BY_HAND] = {.kind = ANSWER_WAITING, .reason_code = OUTBOX_BY_HAND},
};

static enum upload_way way_of(const struct runner *r, const struct outgoing *item, const char **why)
{
	*why = NULL;
	return r->dialect->carries ? r->dialect->carries(r->self, item, why) : WAY_SENDS;
}

static bool is_sent(const struct runner *r, const struct outgoing *item)
{
	const char *why;

	return way_of(r, item, &why) == WAY_SENDS;
}

/* Answers those at the front that are not sent; *n: how many they were. */
static int settle_unsent(struct runner *r, const struct outgoing *items, size_t most, size_t *n, struct err *e)
{
	enum upload_way way;
	const char *why;
	int last = 0;

	*n = 0;
	while (!last && *n < most && (way = way_of(r, &items[*n], &why)) != WAY_SENDS) {
		struct answer a = ways[way];

		a.reason = why;
		last = answer_all(r, &items[(*n)++], 1, a, e);
	}
	return last;
}

/* How many stand before the next that is not sent. */
static size_t sent_at_front(const struct runner *r, const struct outgoing *items, size_t n)
{
	size_t sent = 0;

	while (sent < n && is_sent(r, &items[sent]))
		sent++;
	return sent;
}

/* --- sending --- */

struct sending {
	const struct box *box;
	bool refused_before; /* something of this batch was not accepted: what depends on it comes back as
				"dependency" */
	size_t settled;	     /* how many have a final word */
	char cursor[CURSOR_BYTES]; /* the changes since it were asked for on the back of the last request */
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

/* The changes that came on the back of a batch's answer; it has been taken by now. */
static int take_inside(struct runner *r, const char *cursor, const struct http_answer *a, struct err *e)
{
	struct changes page;
	bool there;
	int last;

	if (!r->dialect->changes_inside)
		return 0;
	changes_init(&page);
	last = r->dialect->changes_inside(r->self, a, &page, &there, e);
	if (!last && there)
		last = take_changes(r, cursor, &page, e);
	changes_release(&page);
	return last;
}

static int read_results(struct runner *r, struct sending *s, const struct outgoing *items, size_t n,
			const struct http_answer *a, struct err *e)
{
	struct answers answers;
	struct err why = {0};
	int last;

	answers_init(&answers);
	if (r->dialect->results(r->self, items, n, a, &answers, &why)) {
		err_set(e, why.code, "%s", why.detail);
		answer_all(r, items, n, (struct answer){.kind = ANSWER_UNKNOWN}, e);
		return -1;
	}
	if (answers.foreign)
		log_write(LOG_WRN, "%zu results for operations that were not sent", answers.foreign);
	hold_dependants(s, answers.item, n);
	last = take_answers(r, answers.item, n, e);
	answers_release(&answers);
	return last ? last : take_inside(r, s->cursor, a, e);
}

/* One operation that the platform will not take as a request goes aside alone (R7). */
static int put_aside(struct runner *r, struct sending *s, const struct outgoing *item,
		     const struct http_answer *a, struct err *e)
{
	char code[CODE_BYTES] = "", reason[REASON_BYTES] = "";
	struct answer aside = {.kind = ANSWER_REJECTED, .reason_code = code, .reason = reason};

	if (r->dialect->refusal)
		r->dialect->refusal(r->self, a, code, sizeof(code), reason, sizeof(reason));
	if (!*code)
		text_format(code, sizeof(code), "http-%d", a->status);
	s->refused_before = true;
	s->settled++;
	return answer_all(r, item, 1, aside, e);
}

static int post(struct runner *r, struct sending *s, const struct outgoing *items, size_t n,
		struct http_answer *a, struct err *e)
{
	struct request q;
	int last;

	request_init(&q);
	r->up_to_date = false;
	last = r->dialect->request(r->self, s->box, items, n, &q, e);
	if (!last && r->dialect->ask_changes)
		last = desk_cursor(r->desk, s->cursor, sizeof(s->cursor), e) || r->dialect->ask_changes(r->self, s->cursor, &q, e) ? -1 : 0;
	if (!last) {
		last = call(r, &q, a, e);
		if (last != STOPPED)
			r->counts.sent += (int64_t)n;
	}
	request_release(&q);
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
	int last = STOPPED;

	http_answer_init(&a);
	if (go_on(r))
		last = post(r, s, items, n, &a, e);
	if (last) {
		if (!a.may_have_left)
			lost.kind = ANSWER_NOT_SENT;
		if (answer_all(r, items, n, lost, e))
			last = -1;
		goto out;
	}
	last = -1;
	fate = r->dialect->fate(r->self, &a, &trouble);
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

/* How many of these go in one request. */
static size_t next_portion(struct runner *r, const struct outgoing *items, size_t n)
{
	size_t sent = sent_at_front(r, items, n);

	return r->dialect->portion && sent ? r->dialect->portion(r->self, items, sent) : sent;
}

/* In requests of as many as the dialect puts together; after trouble the rest has not been sent. */
static int send_items(struct runner *r, struct sending *s, const struct outgoing *items, size_t n,
		      struct err *e)
{
	size_t at = 0, some;
	int last = 0;

	while (!last && at < n) {
		last = settle_unsent(r, items + at, n - at, &some, e);
		s->settled += some;
		at += some;
		some = last ? 0 : next_portion(r, items + at, n - at);
		if (some)
			last = send_range(r, s, items + at, some, e);
		at += some;
	}
	if (last && at < n && answer_all(r, items + at, n - at, (struct answer){.kind = ANSWER_NOT_SENT}, e))
		return -1;
	return last;
}

/* Before anything leaves, the witness knows how far this file has come. */
static int keep_witness(struct runner *r, struct err *e)
{
	struct head head;

	if (!r->witness)
		return 0;
	return desk_head(r->desk, &head, e) || witness_write(r->witness, &head, e) ? -1 : 0;
}

static size_t at_most(size_t wanted, size_t most)
{
	return wanted && wanted < most ? wanted : most;
}

static int send_batch(struct runner *r, const struct box *box, size_t *taken, size_t *settled, struct err *e)
{
	struct sending s = {.box = box};
	struct batch batch = {0};
	int last;

	if (desk_take_batch(r->desk, at_most(r->max_items, r->dialect->max_items),
			    at_most(r->max_bytes, r->dialect->max_bytes), &batch, &r->next_held_ms, e)) {
		r->recovered = false;
		return -1;
	}
	*taken = batch.n;
	last = batch.n ? keep_witness(r, e) : 0;
	if (last)
		answer_all(r, batch.item, batch.n, (struct answer){.kind = ANSWER_NOT_SENT}, NULL);
	else
		last = send_items(r, &s, batch.item, batch.n, e);
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

static int take_looked_up(struct runner *r, const struct answers *answers, size_t *settled, struct err *e)
{
	size_t done = 0;

	for (size_t i = 0; i < answers->n; i++)
		done += is_settled(answers->item[i].kind);
	if (take_answers(r, answers->item, answers->n, e))
		return -1;
	*settled += done;
	return 0;
}

/* One request about n operations. *otherwise: this platform is not asked in this form. */
static int look_up_some(struct runner *r, const struct outgoing *items, size_t n, size_t *settled,
			bool *otherwise, struct err *e)
{
	struct answers answers;
	struct http_answer a;
	struct request q;
	enum look look = LOOK_READ;
	int last;

	answers_init(&answers);
	http_answer_init(&a);
	request_init(&q);
	last = r->dialect->look_request(r->self, items, n, &q, e);
	if (!last)
		last = call(r, &q, &a, e);
	if (!last)
		look = r->dialect->look_results(r->self, items, n, &a, &answers, e);
	if (look == LOOK_FAILED)
		last = -1;
	*otherwise = look == LOOK_OTHERWISE;
	if (!last && look == LOOK_READ)
		last = take_looked_up(r, &answers, settled, e);
	request_release(&q);
	http_answer_release(&a);
	answers_release(&answers);
	return last;
}

static int look_up_all(struct runner *r, const struct outgoing *items, size_t n, size_t *settled,
		       struct err *e)
{
	bool otherwise;
	size_t at = 0, some;
	int last = 0;

	if (!r->dialect->look_request) { /* sent again, the platform recognises them */
		*settled += n;
		return answer_all(r, items, n, (struct answer){.kind = ANSWER_NOT_SENT}, e);
	}
	while (!last && at < n) {
		if (!go_on(r))
			return STOPPED;
		last = settle_unsent(r, items + at, n - at, &some, e); /* taken by a runner that died */
		at += some;
		*settled += some;
		some = last ? 0 : sent_at_front(r, items + at, n - at);
		if (!some)
			continue;
		if (r->dialect->look_portion)
			some = r->dialect->look_portion(r->self, items + at, some);
		last = look_up_some(r, items + at, some, settled, &otherwise, e);
		if (!otherwise)
			at += some;
	}
	return last;
}

/* Until nothing is unknown, or the platform has no word on what remains: that stays unknown and holds up what
 * depends on it only. */
static int look_up(struct runner *r, struct err *e)
{
	size_t most = r->dialect->max_items, n = 0, before = SIZE_MAX, settled;
	struct batch asked;
	int last = 0;

	do {
		settled = 0;
		if (desk_to_look_up(r->desk, most, r->dialect->bodies, &asked, e))
			return -1;
		n = asked.n;
		if (n && (n < before || n == most))
			last = look_up_all(r, asked.item, n, &settled, e);
		before = n;
		desk_release_batch(&asked);
		r->counts.looked_up += (int64_t)settled;
	} while (!last && settled);
	return last;
}

/* --- the pass --- */

/* R11: a file older than what the platform has seen of this box must not send. */
static int ask_box(struct runner *r, struct far_box *theirs, struct err *e)
{
	struct http_answer a;
	struct request q;
	int last;

	http_answer_init(&a);
	request_init(&q);
	last = r->dialect->box_request(r->self, &q, e);
	if (!last)
		last = fetch(r, &q, &a, e);
	if (!last)
		last = r->dialect->box_results(r->self, &a, theirs, e);
	request_release(&q);
	http_answer_release(&a);
	return last;
}

static int behind(struct runner *r, const struct box *ours, int64_t epoch, int64_t sequence, const char *who,
		  struct err *e)
{
	if (desk_set_behind(r->desk, &(struct box){.epoch = epoch, .sequence = sequence}, e))
		return -1;
	return err_set(e, ERR_NET_BEHIND, "%s has seen %lld.%lld, this file has made %lld.%lld", who,
		       (long long)epoch, (long long)sequence, (long long)ours->epoch, (long long)ours->sequence);
}

static bool is_older(const struct box *ours, int64_t epoch, int64_t sequence)
{
	return epoch > ours->epoch || (epoch == ours->epoch && sequence > ours->sequence);
}

static int check_witness(struct runner *r, struct err *e)
{
	struct head ours, seen;
	bool found;

	if (!r->witness)
		return 0;
	if (desk_head(r->desk, &ours, e) || witness_read(r->witness, &seen, &found, e))
		return -1;
	if (!found || strcmp(seen.box.uid, ours.box.uid))
		return 0;
	if (is_older(&ours.box, seen.box.epoch, seen.box.sequence) ||
	    (seen.box.epoch == ours.box.epoch && seen.audit_count > ours.audit_count))
		return behind(r, &ours.box, seen.box.epoch, seen.box.sequence, "the witness", e);
	return 0;
}

/* A file that was moved here knows of no newer copy: what that one has told the platform is learnt from the platform. */
static int check_platform(struct runner *r, struct box *ours, struct err *e)
{
	struct far_box theirs;
	int last = ask_box(r, &theirs, e);

	if (last)
		return last;
	if (theirs.known && strcmp(theirs.uid, ours->uid))
		return err_set(e, ERR_NET_REFUSED, "the token belongs to box %s", theirs.uid);
	if (is_older(ours, theirs.epoch, theirs.sequence))
		return behind(r, ours, theirs.epoch, theirs.sequence, "the platform", e);
	if (theirs.sequence <= ours->sequence)
		return 0;
	return desk_count_on(r->desk, theirs.sequence, e) || desk_box(r->desk, ours, e) ? -1 : 0;
}

static int check_box(struct runner *r, struct box *ours, struct err *e)
{
	int last = check_witness(r, e);

	if (!last && r->dialect->box_request)
		last = check_platform(r, ours, e);
	r->box_checked = !last;
	return last;
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
		r->left = r->give_way && r->give_way(r->go_on_arg);
		if (r->left)
			return STOPPED;
		idle = settled ? 0 : idle + 1;
		if (!settled)
			last = look_up(r, e);
	} while (!last && idle < 3);
	return last ? last : err_set(e, ERR_NET_ANSWER, "no result for any of %zu operations", taken);
}

static int read_page(struct runner *r, const char *cursor, const struct http_answer *a, bool *more,
		     struct err *e)
{
	struct changes page;
	int last;

	changes_init(&page);
	last = r->dialect->changes_results(r->self, a, &page, e);
	*more = !last && page.more;
	if (!last)
		last = take_changes(r, cursor, &page, e);
	changes_release(&page);
	return last;
}

static int fetch_page(struct runner *r, bool *more, struct err *e)
{
	char cursor[CURSOR_BYTES];
	struct http_answer a;
	struct request q;
	int last;

	http_answer_init(&a);
	request_init(&q);
	last = desk_cursor(r->desk, cursor, sizeof(cursor), e);
	if (!last)
		last = r->dialect->changes_request(r->self, cursor, &q, e);
	if (!last)
		last = fetch(r, &q, &a, e);
	if (!last)
		last = read_page(r, cursor, &a, more, e);
	request_release(&q);
	http_answer_release(&a);
	return last;
}

static int fetch_all(struct runner *r, struct err *e)
{
	bool more = r->dialect->changes_request != NULL;
	int last = 0;

	while (!last && more) {
		if (!go_on(r))
			return STOPPED;
		last = fetch_page(r, &more, e);
	}
	return last;
}

/* --- attachments --- */

#define AT_ONCE 32
#define PIECE_BYTES (256u << 10)
#define MISMATCHES 2 /* so often a content may arrive spoiled in one pass */

static bool hurried(const struct runner *r)
{
	return r->hurry && r->hurry(r->go_on_arg);
}

static int mark_where(struct runner *r, const struct outgoing_attachment *items, size_t n,
		      const struct far_attachment *far, bool done, struct err *e)
{
	int64_t ids[AT_ONCE];
	size_t k = 0;

	for (size_t i = 0; i < n; i++) {
		if (done ? far[i].done : far[i].known)
			ids[k++] = items[i].id;
	}
	if (done)
		r->counts.attachments += (int64_t)k;
	r->changed |= k > 0;
	return desk_attachments_mark(r->desk, ids, k, done, e);
}

/* Those not announced yet, all in one request; far[i] says what the platform has of them. */
static int announce(struct runner *r, const struct outgoing_attachment *items, size_t n,
		    struct far_attachment *far, struct err *e)
{
	struct http_answer a;
	struct request q;
	int last;

	http_answer_init(&a);
	request_init(&q);
	last = r->dialect->announce_request(r->self, items, n, &q, e);
	if (!last)
		last = fetch(r, &q, &a, e);
	if (!last)
		last = r->dialect->announce_results(r->self, items, n, &a, far, e);
	if (!last)
		last = mark_where(r, items, n, far, false, e) || mark_where(r, items, n, far, true, e) ? -1 : 0;
	request_release(&q);
	http_answer_release(&a);
	return last;
}

/* data NULL: asks how much is there. */
static int send_piece(struct runner *r, const struct outgoing_attachment *item, const char *data, size_t n,
		      struct far_attachment *far, struct err *e)
{
	struct http_answer a;
	struct request q;
	int last;

	http_answer_init(&a);
	request_init(&q);
	last = data ? r->dialect->piece_request(r->self, item, data, n, far->offset, &q, e)
		    : r->dialect->offset_request(r->self, item, &q, e);
	if (!last)
		last = call(r, &q, &a, e);
	if (!last) {
		r->counts.attachment_bytes += (int64_t)n;
		last = r->dialect->piece_results(r->self, item, &a, far, e);
	}
	request_release(&q);
	http_answer_release(&a);
	return last;
}

static int send_pieces(struct runner *r, const struct outgoing_attachment *item, const struct buf *content,
		       struct far_attachment *far, struct err *e)
{
	int mismatches = 0, last = 0;

	while (!last && far->known && !far->done && mismatches < MISMATCHES) {
		size_t left = content->len - (size_t)far->offset;

		if (!go_on(r) || hurried(r))
			return STOPPED;
		last = send_piece(r, item, content->data + far->offset, left < PIECE_BYTES ? left : PIECE_BYTES, far, e);
		if (far->mismatched) {
			mismatches++;
			*far = (struct far_attachment){.known = true};
		}
	}
	return last;
}

static int send_attachment(struct runner *r, const struct outgoing_attachment *item, struct far_attachment *far,
			   struct err *e)
{
	struct buf content;
	int last;

	buf_init(&content, (size_t)item->bytes + 1);
	last = desk_attachment_content(r->desk, item->id, &content, e);
	if (!last && content.len != (size_t)item->bytes)
		last = err_set(e, ERR_DATA_DAMAGED, "attachment of %zu bytes", content.len);
	if (!last)
		last = send_pieces(r, item, &content, far, e);
	if (!last)
		last = mark_where(r, item, 1, far, true, e);
	buf_wipe_release(&content);
	return last;
}

static int send_page(struct runner *r, const struct outgoing_attachment *items, size_t n, struct err *e)
{
	struct outgoing_attachment fresh[AT_ONCE];
	struct far_attachment far[AT_ONCE] = {0}, told[AT_ONCE];
	size_t at[AT_ONCE], k = 0;
	int last = 0;

	for (size_t i = 0; i < n; i++) {
		if (!items[i].announced) {
			at[k] = i;
			fresh[k++] = items[i];
		}
	}
	if (k)
		last = announce(r, fresh, k, told, e);
	for (size_t i = 0; !last && i < k; i++)
		far[at[i]] = told[i];
	for (size_t i = 0; !last && i < n; i++) {
		if (!go_on(r) || hurried(r))
			return STOPPED;
		if (items[i].announced)
			last = send_piece(r, &items[i], NULL, 0, &far[i], e);
		if (!last && far[i].known && !far[i].done)
			last = send_attachment(r, &items[i], &far[i], e);
	}
	return last;
}

/* After the texts. What the platform does not take now is asked about again in the next pass. */
static int send_attachments(struct runner *r, struct err *e)
{
	struct outgoing_attachment items[AT_ONCE];
	int64_t after = 0;
	size_t n = 0;
	int last = 0;

	if (!r->dialect->announce_request)
		return 0;
	do {
		if (desk_attachments_open(r->desk, after, items, AT_ONCE, &n, e))
			return -1;
		if (n)
			after = items[n - 1].id;
		last = send_page(r, items, n, e);
	} while (!last && n == AT_ONCE);
	r->left = last != 0;
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

#define LIST_MS (10 * 60 * 1000) /* the platform's list is asked for when something was sent, else no oftener */
#define FEATURES_A_PASS 8	 /* each carries photographs */

static int ask_features(struct runner *r, const struct unasked *who, struct err *e)
{
	struct listed_features said = {.known = false};
	struct http_answer a;
	struct request q;
	int last;

	http_answer_init(&a);
	request_init(&q);
	last = r->dialect->features_request(r->self, who->number, &q, e) ? -1 : call(r, &q, &a, e);
	if (!last)
		last = r->dialect->features_results(r->self, &a, &said, e) || desk_take_features(r->desk, who->person, &said, e) ? -1 : 0;
	wipe(&said, sizeof(said));
	request_release(&q);
	http_answer_release(&a);
	return last;
}

static int ask_about_listed(struct runner *r, struct err *e)
{
	struct unasked who[FEATURES_A_PASS];
	size_t n;
	int last = desk_list_unasked(r->desk, who, FEATURES_A_PASS, &n, e);

	for (size_t i = 0; !last && i < n; i++)
		last = go_on(r) ? ask_features(r, &who[i], e) : STOPPED;
	wipe(who, sizeof(who));
	return last;
}

static int fetch_list(struct runner *r, struct err *e)
{
	struct listed *rows = NULL;
	struct http_answer a;
	struct request q;
	size_t n = 0;
	int last;

	http_answer_init(&a);
	request_init(&q);
	last = r->dialect->list_request(r->self, &q, e) ? -1 : call(r, &q, &a, e);
	if (!last)
		last = r->dialect->list_results(r->self, &a, &rows, &n, e) || desk_take_list(r->desk, rows, n, e) ? -1 : 0;
	if (!last)
		r->listed_ms = clock_steady_ms();
	if (rows)
		wipe(rows, n * sizeof(*rows));
	free(rows);
	request_release(&q);
	http_answer_release(&a);
	return last ? last : ask_about_listed(r, e);
}

static bool wants_list(const struct runner *r, bool sent)
{
	return r->dialect->list_request && (sent || !r->listed_ms || clock_steady_ms() - r->listed_ms >= LIST_MS);
}

int runner_pass(struct runner *r, bool fetch, struct err *e)
{
	int64_t sent = r->counts.sent + r->counts.looked_up, left = r->counts.sent, requests = r->counts.requests;
	struct box box;
	int last;

	r->retry_after_ms = 0;
	r->left = r->up_to_date = false;
	last = prepare(r, &box, e);
	if (!last)
		last = look_up(r, e);
	if (!last && box.n_lost) /* of these some were found */
		last = desk_box(r->desk, &box, e);
	if (!last)
		last = send_all(r, &box, e);
	if (!last && !r->up_to_date && (fetch || sent != r->counts.sent + r->counts.looked_up))
		last = fetch_all(r, e);
	if (!last && wants_list(r, left != r->counts.sent))
		last = fetch_list(r, e);
	if (!last)
		last = send_attachments(r, e);
	if (last >= 0 && r->counts.requests != requests && keep_witness(r, e))
		last = -1;
	if (last < 0)
		r->box_checked = false;
	return last == STOPPED ? 0 : last;
}
