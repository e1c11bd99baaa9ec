/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes out and what is answered (DESIGN 9). */
#include "desk/exchange.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "doubt.h"
#include "folk.h"
#include "store/line.h"
#include "store/outbox.h"
#include "store/upload.h"
#include "wire.h"

#define BODY_MAX (2 * 1024 * 1024) /* a contract with its scan in the open.api */
#define SELECT_MAX 3000 /* no dialect sends more at once */
/* A group of rows is one transaction: a clerk's save waits no longer for it than this (P7), or what a few rows take. */
#define GROUP_MS 25
#define GROUP_FEW 32

/* --- taking a batch ---------------------------------------------------------------------------------- */

static int body_of(struct desk *d, const struct db_outbox *row, struct buf *body, struct err *e)
{
	return row->frozen ? db_outbox_body(d->store, row->id, body, e) : wire_body(d, row, body, e);
}

static int item_out(struct desk *d, int64_t id, struct buf *body, struct outgoing *out, struct err *e)
{
	struct db_outbox row;

	if (db_outbox_get(d->store, id, &row, e)) /* epoch and sequence are there now */
		return -1;
	*out = (struct outgoing){
		.id = row.id, .epoch = row.epoch, .sequence = row.sequence, .body_bytes = body->len};
	memcpy(out->op, row.op, UID_TEXT);
	text_copy(out->kind, sizeof(out->kind), row.kind);
	text_copy(out->number, sizeof(out->number), row.number);
	out->body = buf_detach(body);
	return out->body ? 0 : err_set(e, ERR_MEMORY, "body");
}

#define NOT_YET 2

/* 1: it does not fit into this batch any more; NOT_YET: not its turn, or no longer ready since it was selected. */
static int take_one(struct desk *d, int64_t id, size_t room, bool first, struct outgoing *out, struct err *e)
{
	struct db_outbox row;
	struct buf body;
	bool ready;
	int rc = -1;

	buf_init(&body, BODY_MAX);
	if (db_outbox_get(d->store, id, &row, e) || wire_ready(d, &row, &ready, e))
		goto out;
	if (row.state != OUTBOX_READY || !ready) {
		rc = NOT_YET;
		goto out;
	}
	if (body_of(d, &row, &body, e))
		goto out;
	if (!first && body.len > room) {
		rc = 1;
		goto out;
	}
	if (db_outbox_freeze(d->store, id, row.frozen ? NULL : body.data, body.len, clock_now_ms(), e) == 0)
		rc = item_out(d, id, &body, out, e);
out:
	buf_wipe_release(&body);
	return rc;
}

/* Once one of the list stays behind, whatever rests on a row of the list may rest on that one. */
static int rests_on_another(struct desk *d, int64_t id, bool *yes, struct err *e)
{
	char title[NAME_TEXT];

	if (db_outbox_waits_for(d->store, id, title, sizeof(title), e))
		return -1;
	*yes = title[0] != '\0';
	return 0;
}

/* What is being put together, over several transactions. */
struct picking {
	struct batch *batch;
	size_t max_items, max_bytes, used;
	int64_t ids[SELECT_MAX]; /* as they may go, from the first transaction */
	size_t n, at;
	bool left_behind, full;
};

static int select_rows(struct desk *d, struct picking *p, struct err *e)
{
	int64_t changed, next;

	p->left_behind = wire_in_steps(d);
	return db_outbox_release(d->store, d->project.id, clock_now_ms(), false, &changed, &next, e) ||
			       db_outbox_select(d->store, d->project.id, p->ids, SELECT_MAX, &p->n, e)
		       ? -1
		       : 0;
}

static int pick_one(struct desk *d, struct picking *p, int64_t id, struct err *e)
{
	struct batch *b = p->batch;
	bool rests = false;
	int rc;

	if (p->left_behind && rests_on_another(d, id, &rests, e))
		return -1;
	rc = rests ? NOT_YET : take_one(d, id, p->max_bytes - p->used, !b->n, &b->item[b->n], e);
	if (rc < 0)
		return -1;
	p->full = rc == 1;
	p->left_behind |= rc == NOT_YET;
	if (!rc) {
		size_t bytes = b->item[b->n++].body_bytes;

		p->used = bytes < p->max_bytes - p->used ? p->used + bytes : p->max_bytes;
	}
	return 0;
}

static bool picked(const struct picking *p)
{
	return p->full || p->at == p->n || p->batch->n == p->max_items;
}

/* As many as fit into one transaction's time, at least a few. */
static int pick_group(struct desk *d, struct picking *p, struct err *e)
{
	int64_t until = clock_steady_ms() + GROUP_MS;
	size_t few = p->at + GROUP_FEW;

	if (!p->n && select_rows(d, p, e))
		return -1;
	while (!picked(p)) {
		if (pick_one(d, p, p->ids[p->at++], e))
			return -1;
		if (p->at >= few && clock_steady_ms() >= until)
			break;
	}
	return 0;
}

/* Group after group. A group that fails leaves those before it `sending`: they have not left, and say so when they are looked up. */
static int pick_all(struct desk *d, struct picking *p, struct err *e)
{
	do {
		if (store_begin(d->store, e) || store_end(d->store, pick_group(d, p, e), e))
			return -1;
	} while (!picked(p));
	return 0;
}

/* Nothing ready and nothing falling due: an idle runner writes nothing. */
static int anything(struct desk *d, bool *any, int64_t *next_ms, struct err *e)
{
	int64_t id;
	size_t n;
	bool due;

	if (db_outbox_due(d->store, d->project.id, clock_now_ms(), &due, next_ms, e) ||
	    db_outbox_select(d->store, d->project.id, &id, 1, &n, e))
		return -1;
	*any = due || n;
	return 0;
}

int desk_take_batch(struct desk *d, size_t max_items, size_t max_bytes, struct batch *out, int64_t *next_ms,
		    struct err *e)
{
	struct batch batch = {.n = 0};
	struct picking *p;
	int64_t next = 0;
	bool any, due;
	int rc;

	if (desk_may_in_project(d, 0, e) || anything(d, &any, &next, e))
		return -1;
	if (!any || !max_items) {
		*out = batch;
		*next_ms = next;
		return 0;
	}
	if (max_items > SELECT_MAX)
		max_items = SELECT_MAX;
	batch.item = calloc(max_items, sizeof(*batch.item));
	p = calloc(1, sizeof(*p));
	if (p)
		*p = (struct picking){.batch = &batch, .max_items = max_items, .max_bytes = max_bytes};
	rc = p && batch.item ? pick_all(d, p, e) : err_set(e, ERR_MEMORY, "batch");
	free(p);
	if (!rc)
		rc = db_outbox_due(d->store, d->project.id, clock_now_ms(), &due, &next, e);
	if (rc) {
		desk_release_batch(&batch);
		return -1;
	}
	*out = batch;
	*next_ms = next;
	return 0;
}

void desk_release_batch(struct batch *b)
{
	for (size_t i = 0; i < b->n; i++) {
		if (b->item[i].body)
			wipe(b->item[i].body, b->item[i].body_bytes);
		free(b->item[i].body);
	}
	free(b->item);
	*b = (struct batch){.n = 0};
}

/* --- answers ----------------------------------------------------------------------------------------- */

static int back_to_ready(struct desk *d, const struct db_outbox *row, struct err *e)
{
	if (row->state != OUTBOX_SENDING && row->state != OUTBOX_UNKNOWN)
		return 0;
	return db_outbox_state(d->store, row->id, row->state, OUTBOX_READY, e);
}

/* Refused only for what it depends on, which is not there yet: nothing a clerk could mend; it goes again when
 * that is. */
static int only_waits(struct desk *d, const struct db_outbox *row, const struct answer *a, bool *waits,
		      struct err *e)
{
	char title[NAME_TEXT];

	*waits = false;
	if (a->kind != ANSWER_REJECTED || !a->reason_code || strcmp(a->reason_code, "dependency"))
		return 0;
	if (db_outbox_waits_for(d->store, row->id, title, sizeof(title), e))
		return -1;
	*waits = title[0] != '\0';
	return 0;
}

/* Done with, though the platform said nothing. */
static bool told_with_another(const struct answer *a)
{
	return a->reason_code && !strcmp(a->reason_code, OUTBOX_TOLD_WITH);
}

static int take_answer(struct desk *d, const struct answer *a, struct err *e)
{
	static const enum outbox_state states[] = {[ANSWER_ACCEPTED] = OUTBOX_ACCEPTED,
						   [ANSWER_WAITING] = OUTBOX_WAITING,
						   [ANSWER_REJECTED] = OUTBOX_REJECTED,
						   [ANSWER_UNKNOWN] = OUTBOX_UNKNOWN};
	struct db_answer answer = {.at_ms = clock_now_ms(),
				   .code = a->reason_code,
				   .reason = a->reason,
				   .field = a->field,
				   .number = a->number};
	struct err own = {ERR_NONE};
	struct db_outbox row;
	bool waits, taken;

	if (db_outbox_by_op(d->store, a->op, &row, &own)) /* foreign: nobody asked */
		return own.code == ERR_NO_SUCH ? 0 : err_set(e, own.code, "%s", own.detail);
	if (a->sequence > 0 && !row.frozen && db_line_found(d->store, row.project, a->sequence, e))
		return -1;
	if (row.state == OUTBOX_WITHDRAWN || row.state == OUTBOX_SUPERSEDED)
		return doubt_answer(d, &row, a, e);
	if (only_waits(d, &row, a, &waits, e))
		return -1;
	if (a->kind == ANSWER_NOT_SENT || waits)
		return back_to_ready(d, &row, e);
	answer.state = states[a->kind];
	if (db_outbox_answer(d->store, row.id, &answer, &taken, e))
		return -1;
	if (!taken)
		return 0;
	if (a->kind == ANSWER_ACCEPTED && doubt_contents(d, &row, a->content, e))
		return -1;
	if (a->kind == ANSWER_ACCEPTED && !told_with_another(a) && db_line_confirmed(d->store, row.project, answer.at_ms, e))
		return -1;
	if (a->kind == ANSWER_ACCEPTED && !strncmp(row.kind, "attendance.", 11) && row.state != OUTBOX_REJECTED)
		return 0; /* marks nobody (db_outbox_of_person) */
	return row.person ? folk_refresh(d, row.person, false, e) : 0;
}

/* As many as fit into one transaction's time, at least a few. */
static int take_group(struct desk *d, const struct answer *answers, size_t n, size_t *at, struct err *e)
{
	int64_t until = clock_steady_ms() + GROUP_MS;
	size_t few = *at + GROUP_FEW;

	do {
		if (take_answer(d, &answers[(*at)++], e))
			return -1;
	} while (*at < n && (*at < few || clock_steady_ms() < until));
	return doubt_settle(d, e);
}

int desk_take_answers(struct desk *d, const struct answer *answers, size_t n, struct err *e)
{
	size_t at = 0;

	if (desk_may_in_project(d, 0, e))
		return -1;
	while (at < n) {
		if (store_begin(d->store, e) || store_end(d->store, take_group(d, answers, n, &at, e), e))
			return -1;
	}
	return 0;
}

/* --- looking up -------------------------------------------------------------------------------------- */

#define RESULT_SECONDS 60 /* an operation that the platform took to decide later is asked about so often */

static int64_t look_wait_ms(const struct desk *d)
{
	return 1000 * (d->profile ? profile_number(d->profile, "upload.result_seconds", RESULT_SECONDS) : RESULT_SECONDS);
}

struct looked {
	struct batch *batch;
	size_t cap;
	bool bodies;
};

static int look_at(struct desk *d, const struct db_outbox *row, bool body, struct outgoing *out, struct err *e)
{
	struct buf frozen;
	int rc = 0;

	*out = (struct outgoing){.id = row->id, .epoch = row->epoch, .sequence = row->sequence};
	memcpy(out->op, row->op, UID_TEXT);
	text_copy(out->kind, sizeof(out->kind), row->kind);
	text_copy(out->number, sizeof(out->number), row->number);
	if (!body)
		return 0;
	buf_init(&frozen, BODY_MAX);
	if (body_of(d, row, &frozen, e)) { /* taken over: another copy may have sent it */
		rc = -1;
	} else {
		out->body_bytes = frozen.len;
		out->body = buf_detach(&frozen);
		if (!out->body)
			rc = err_set(e, ERR_MEMORY, "body");
	}
	buf_wipe_release(&frozen);
	return rc;
}

static int add_in_state(struct desk *d, enum outbox_state state, int64_t answered_before, struct looked *l,
			struct err *e)
{
	int64_t ids[64], after = 0;
	struct db_outbox row;
	size_t n;

	do {
		if (db_outbox_in_state(d->store, d->project.id, state, after, ids, ARRAY_LEN(ids), &n, e))
			return -1;
		for (size_t i = 0; i < n && l->batch->n < l->cap; i++) {
			if (db_outbox_get(d->store, ids[i], &row, e))
				return -1;
			if (!strcmp(row.code, OUTBOX_BY_HAND)) /* a clerk's turn */
				continue;
			if (answered_before && row.answered_ms > answered_before)
				continue;
			if (look_at(d, &row, l->bodies, &l->batch->item[l->batch->n], e))
				return -1;
			l->batch->n++;
		}
		if (n)
			after = ids[n - 1];
	} while (n == ARRAY_LEN(ids) && l->batch->n < l->cap);
	return 0;
}

/* A thing that was taken back may be there no more: no body can be made that a platform could be asked with. */
static int add_doubt(struct desk *d, int64_t id, struct looked *l, struct err *e)
{
	struct err own = {ERR_NONE};
	struct db_outbox row;

	if (db_outbox_get(d->store, id, &row, e))
		return -1;
	if (look_at(d, &row, l->bodies, &l->batch->item[l->batch->n], &own))
		return own.code == ERR_NO_SUCH ? 0 : err_set(e, own.code, "%s", own.detail);
	l->batch->n++;
	return 0;
}

static int add_doubts(struct desk *d, struct looked *l, struct err *e)
{
	int64_t ids[64], after = 0;
	size_t n;

	do {
		if (db_outbox_doubts(d->store, d->project.id, after, ids, ARRAY_LEN(ids), &n, e))
			return -1;
		for (size_t i = 0; i < n && l->batch->n < l->cap; i++) {
			after = ids[i];
			if (add_doubt(d, ids[i], l, e))
				return -1;
		}
	} while (n == ARRAY_LEN(ids) && l->batch->n < l->cap);
	return 0;
}

int desk_to_look_up(struct desk *d, size_t max_items, bool bodies, struct batch *out, struct err *e)
{
	struct batch batch = {.item = calloc(max_items + 1, sizeof(*batch.item))};
	struct looked l = {.batch = &batch, .cap = max_items, .bodies = bodies};

	if (!batch.item)
		return err_set(e, ERR_MEMORY, "look-up");
	if (desk_may_in_project(d, 0, e) || add_in_state(d, OUTBOX_UNKNOWN, 0, &l, e) ||
	    add_doubts(d, &l, e) || add_in_state(d, OUTBOX_WAITING, clock_now_ms() - look_wait_ms(d), &l, e)) {
		desk_release_batch(&batch);
		return -1;
	}
	*out = batch;
	return 0;
}

int desk_recover_sending(struct desk *d, struct err *e)
{
	int64_t id, changed;
	size_t n;

	if (desk_may_in_project(d, 0, e) ||
	    db_outbox_in_state(d->store, d->project.id, OUTBOX_SENDING, 0, &id, 1, &n, e))
		return -1;
	if (!n)
		return 0;
	if (store_begin(d->store, e))
		return -1;
	return store_end(d->store, db_outbox_recover(d->store, d->project.id, &changed, e), e);
}
