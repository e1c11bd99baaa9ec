/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The line to the platform: box identity, cursor, what the runner last said; what arrived (inbox) and what is told of it (messages). One line a project. */
#ifndef STORE_LINE_H
#define STORE_LINE_H

#include "base/buf.h"
#include "base/dates.h"
#include "base/uid.h"
#include "store/store.h"

struct db_line {
	char box[UID_TEXT]; int64_t epoch, sequence;  /* sequence: the highest given to an operation */
	char cursor[256];
	int trouble; int64_t trouble_ms, next_try_ms; char detail[200]; /* enum err_code; the runner's last word */
	int64_t clock_off_ms, clock_at_ms;             /* the platform's clock minus ours when it was last heard; ours then, 0: never */
	int64_t far_epoch, far_sequence;               /* the highest of this box that platform or witness knew when this file was behind; epoch 0: it was not */
	int64_t confirmed_ms;                          /* when the platform last confirmed anything; 0: never */
};
int db_line_get(struct store *s, int64_t project, struct db_line *out, struct err *e);
int db_line_cursor(struct store *s, int64_t project, const char *cursor, struct err *e);
int db_line_trouble(struct store *s, int64_t project, int trouble, int64_t at_ms, int64_t next_try_ms, const char *detail, struct err *e);
int db_line_confirmed(struct store *s, int64_t project, int64_t at_ms, struct err *e);
int db_line_clock(struct store *s, int64_t project, int64_t off_ms, int64_t at_ms, struct err *e);
int db_line_behind(struct store *s, int64_t project, int64_t far_epoch, int64_t far_sequence, struct err *e);
int db_line_new_epoch(struct store *s, int64_t project, struct err *e); /* takeover: beyond every epoch known, counting on from the highest sequence known, no longer behind */
/* Counting on from there: the numbers between were given by a newer copy. Nothing happens where this file is as far. */
int db_line_count_on(struct store *s, int64_t project, int64_t sequence, struct err *e);
/* An operation of this file was sent by the newer copy with this number: that one is not lost. */
int db_line_found(struct store *s, int64_t project, int64_t sequence, struct err *e);
/* Those numbers, the latest ranges first. */
struct db_lost { int64_t first, last; };
int db_line_lost(struct store *s, int64_t project, struct db_lost *rows, size_t cap, size_t *n, struct err *e);

struct db_inbox { int64_t id, project; const char *uid, *kind, *subject; int64_t at_ms, received_ms; const char *body; int result; };
/* *fresh false: this change uid was there before, nothing was written. body (sealed): the change as it came. result: enum applied, the caller's. */
int db_inbox_insert(struct store *s, const struct db_inbox *in, bool *fresh, struct err *e);
int db_inbox_seen(struct store *s, const char *uid, bool *seen, struct err *e);
/* A subject's next change that was kept because it could not be (result APPLIED_FORBIDDEN of the desk), after an id. *id 0: no more. Its body is
 * added to `body`. */
struct db_kept { int64_t id, at_ms; char uid[UID_TEXT], kind[48]; };
int db_inbox_kept(struct store *s, int64_t project, const char *subject, int64_t after, struct db_kept *out, struct buf *body, struct err *e);
int db_inbox_result(struct store *s, int64_t id, int result, struct err *e);

struct db_message { int64_t id, project, person; char kind[48]; char subject[UID_TEXT]; int64_t at_ms; char title[256]; char by[256]; char note[512]; bool seen; }; /* by and note are sealed */
int db_message_insert(struct store *s, const struct db_message *m, int64_t *id, struct err *e);
int db_message_page(struct store *s, int64_t project, int64_t account, int64_t before, struct db_message *rows, size_t cap, size_t *n, struct err *e); /* newest first */
int db_message_mark_seen(struct store *s, int64_t project, int64_t account, int64_t up_to, struct err *e);
int db_message_unseen(struct store *s, int64_t project, int64_t account, int64_t limit, int64_t *out, struct err *e);

#endif
