/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The line's state as the runner finds it, attachments on their way, an old copy put back (R10–R12). */
#include <sodium.h>
#include <string.h>

#include "base/text.h"
#include "doubt.h"
#include "desk/exchange.h"
#include "desk/results.h"
#include "desk_private.h"
#include "store/line.h"
#include "store/upload.h"

/* --- what the runner notes --------------------------------------------------------------------------- */

int desk_set_line_state(struct desk *d, enum err_code trouble, int64_t next_try_ms, const char *detail,
			struct err *e)
{
	if (desk_may_in_project(d, 0, e) || store_begin(d->store, e))
		return -1;
	return store_end(d->store,
			 db_line_trouble(d->store, d->project.id, trouble, clock_now_ms(), next_try_ms,
					 detail ? detail : "", e),
			 e);
}

int desk_box(struct desk *d, struct box *out, struct err *e)
{
	struct db_line line;
	struct db_lost lost[BOX_LOST_MAX];
	size_t n;

	if (desk_may_in_project(d, 0, e) || db_line_get(d->store, d->project.id, &line, e) ||
	    db_line_lost(d->store, d->project.id, lost, ARRAY_LEN(lost), &n, e))
		return -1;
	*out = (struct box){.epoch = line.epoch, .sequence = line.sequence, .n_lost = n};
	memcpy(out->uid, line.box, UID_TEXT);
	for (size_t i = 0; i < n; i++)
		out->lost[i] = (struct lost_numbers){lost[i].first, lost[i].last};
	return 0;
}

static bool same_minute(int64_t a, int64_t b)
{
	return a - b < 60000 && b - a < 60000;
}

int desk_set_clock(struct desk *d, int64_t off_ms, struct err *e)
{
	struct db_line line;

	if (desk_may_in_project(d, 0, e) || db_line_get(d->store, d->project.id, &line, e))
		return -1;
	if (line.clock_at_ms && same_minute(line.clock_off_ms, off_ms))
		return 0;
	if (store_begin(d->store, e))
		return -1;
	return store_end(d->store, db_line_clock(d->store, d->project.id, off_ms, clock_now_ms(), e), e);
}

int desk_head(struct desk *d, struct head *out, struct err *e)
{
	struct audit_head head;
	struct box box;

	if (desk_box(d, &box, e) || db_audit_head(d->store, &head, e))
		return -1;
	*out = (struct head){.box = box, .audit_count = head.count};
	sodium_bin2hex(out->audit_hash, sizeof(out->audit_hash), head.hash, sizeof(head.hash));
	return 0;
}

/* --- an old copy ------------------------------------------------------------------------------------- */

int desk_set_behind(struct desk *d, const struct box *far, struct err *e)
{
	struct db_line line;

	if (desk_may_in_project(d, 0, e) || db_line_get(d->store, d->project.id, &line, e))
		return -1;
	if (line.far_epoch && line.far_epoch >= far->epoch && line.far_sequence >= far->sequence)
		return 0;
	if (store_begin(d->store, e))
		return -1;
	return store_end(d->store, db_line_behind(d->store, d->project.id, far->epoch, far->sequence, e), e);
}

int desk_count_on(struct desk *d, int64_t sequence, struct err *e)
{
	if (desk_may_in_project(d, 0, e) || store_begin(d->store, e))
		return -1;
	return store_end(d->store, db_line_count_on(d->store, d->project.id, sequence, e), e);
}

/* moved: to another computer, knowingly; else because this file was found to be behind. */
static int take_over(struct desk *d, bool moved, struct err *e)
{
	struct db_line line;
	char detail[96];
	int64_t doubted, unasked;

	if (db_line_get(d->store, d->project.id, &line, e))
		return -1;
	if (!moved && !line.far_epoch)
		return err_set(e, ERR_FORBIDDEN, "this file was not found to be behind");
	if (db_outbox_doubt(d->store, d->project.id, &doubted, e) || doubt_unasked(d, &unasked, e) ||
	    db_line_new_epoch(d->store, d->project.id, e) ||
	    db_line_trouble(d->store, d->project.id, ERR_NONE, clock_now_ms(), 0, "", e))
		return -1;
	text_format(detail, sizeof(detail), "from epoch %lld, %lld to look up", (long long)line.epoch,
		    (long long)(doubted - unasked));
	return desk_audit(d,
			  &(struct audit_entry){
				  .action = moved ? "move_box" : "take_over", .object = "box", .uid = line.box, .detail = detail},
			  e);
}

#define MAY_TAKE_OVER (ROLE_CLERK | ROLE_PROJECT_MANAGER | ROLE_ADMINISTRATOR)

int desk_take_over(struct desk *d, struct err *e)
{
	if (desk_may_in_project(d, MAY_TAKE_OVER, e) || store_begin(d->store, e))
		return -1;
	return store_end(d->store, take_over(d, false, e), e);
}

int desk_move_box(struct desk *d, struct err *e)
{
	if (desk_may_in_project(d, MAY_TAKE_OVER, e) || store_begin(d->store, e))
		return -1;
	return store_end(d->store, take_over(d, true, e), e);
}

/* --- attachments ------------------------------------------------------------------------------------- */

static void attachment_out(const struct db_attachment_upload *from, struct outgoing_attachment *to)
{
	*to = (struct outgoing_attachment){
		.id = from->attachment, .bytes = from->bytes, .announced = from->announced};
	text_copy(to->hash, sizeof(to->hash), from->hash);
	text_copy(to->mime, sizeof(to->mime), from->mime);
	text_copy(to->role, sizeof(to->role), from->role);
	text_copy(to->person, sizeof(to->person), from->person);
}

int desk_attachments_open(struct desk *d, int64_t after, struct outgoing_attachment *rows, size_t cap,
			  size_t *n, struct err *e)
{
	struct db_attachment_upload page[16];
	size_t count = 0, got;

	if (desk_may_in_project(d, 0, e))
		return -1;
	do {
		size_t want = cap - count < ARRAY_LEN(page) ? cap - count : ARRAY_LEN(page);

		got = 0;
		if (want && db_attachment_open(d->store, d->project.id, after, page, want, &got, e))
			return -1;
		for (size_t i = 0; i < got; i++) {
			after = page[i].attachment;
			attachment_out(&page[i], &rows[count++]);
		}
	} while (got == ARRAY_LEN(page) && count < cap);
	*n = count;
	return 0;
}

int desk_attachment_content(struct desk *d, int64_t id, struct buf *out, struct err *e)
{
	return desk_may(d, 0, true, e) ? -1 : db_attachment_content(d->store, id, out, e);
}

static int mark(struct desk *d, int64_t id, bool done, struct err *e)
{
	if (!done)
		return db_attachment_announced(d->store, d->project.id, id, e);
	if (db_attachment_done(d->store, d->project.id, id, clock_now_ms(), e))
		return -1;
	return db_line_confirmed(d->store, d->project.id, clock_now_ms(), e);
}

static int mark_all(struct desk *d, const int64_t *ids, size_t n, bool done, struct err *e)
{
	for (size_t i = 0; i < n; i++)
		if (mark(d, ids[i], done, e))
			return -1;
	return 0;
}

int desk_attachments_mark(struct desk *d, const int64_t *ids, size_t n, bool done, struct err *e)
{
	if (!n)
		return 0;
	if (desk_may_in_project(d, 0, e) || store_begin(d->store, e))
		return -1;
	return store_end(d->store, mark_all(d, ids, n, done, e), e);
}
