/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The outbox as the clerk sees it, and the day. The runner's side is desk/exchange.h.
 *
 * States (DESIGN 9): held → ready → sending → waiting → accepted | rejected | unknown; withdrawn; superseded.
 */
#ifndef DESK_UPLOAD_H
#define DESK_UPLOAD_H

#include "desk/desk.h"
#include "domain/outbox_state.h"

const char *outbox_state_name(enum outbox_state s); /* "rejected": stored, --json */
const char *outbox_state_word(enum outbox_state s); /* 退回, translated */
bool outbox_state_parse(const char *name, enum outbox_state *out);

struct outbox_row {
	int64_t id; char op[UID_TEXT]; char kind[32]; char kind_word[64]; /* 进场 … translated */
	enum outbox_state state; char subject[NAME_TEXT]; /* name of person, team, company */ int64_t person; /* 0: not a person's */
	int64_t made_ms, sent_ms, answered_ms, held_until_ms /* 0: not held */; int attempts; bool by_hand; /* to be done on the platform's page (K4) */
	bool ours;           /* no word of the platform's: the dialect has no call for it (by hand, or told with another record) */
	char reason_code[32]; char reason[300]; /* the platform's words; ours, translated, where `ours` */ char advice[300]; /* ours: the profile's prompt, or the error table's */
	char field[32];      /* the field that was refused, "" unknown */
	char number[64];     /* the platform's number once accepted */
	char listed[300];    /* where the dialect tells it: does the platform have the person on its list, and under which number; translated, "" */
	char waits_for[NAME_TEXT]; /* what it waits for when a dependency is not yet accepted; "" */
};
enum outbox_view { OUTBOX_VIEW_OPEN /* refused first, then waiting */, OUTBOX_VIEW_REFUSED, OUTBOX_VIEW_ALL /* newest first */ };
/* Keyset: after_state/after_id of the last row; zero for the first page. */
struct outbox_query { enum outbox_view view; int64_t after_id; int after_rank; };
struct outbox_page { struct outbox_row *row; size_t cap, n; int64_t last_id; int last_rank; bool more; };
int desk_outbox(struct desk *d, const struct outbox_query *q, struct outbox_page *page, struct err *e);
int desk_outbox_get(struct desk *d, int64_t id, struct outbox_row *out, struct err *e);
/* What became of one record: every operation about the same subject that its account sees, the newest first, at most OUTBOX_HISTORY. */
#define OUTBOX_HISTORY 12
int desk_outbox_history(struct desk *d, int64_t id, struct outbox_row *rows, size_t cap, size_t *n, struct err *e);
int desk_outbox_retry(struct desk *d, int64_t id, struct err *e);    /* a refused or unknown one, as it stands, as a new operation */
int desk_outbox_send_now(struct desk *d, struct err *e);             /* held ones become ready */

struct outbox_counts { int64_t state[OUTBOX_STATE_COUNT]; int64_t confirmed_ms; /* when the platform last confirmed, 0 never */ };
int desk_outbox_counts(struct desk *d, struct outbox_counts *out, struct err *e); /* an indexed count; cheap enough for each repaint. Of an
	account with a scope (I6), what it sees, and of that what is not done with */

/* What is still to go now (U14): records that are not held, and contents after them, in bytes, where the dialect sends contents by themselves. Of what the
 * account sees. */
struct upload_progress { int64_t records, files, bytes; };
int desk_upload_progress(struct desk *d, struct upload_progress *out, struct err *e);

/* The line of the current project stands still until it is told to go on: what is under way ends after the request that is out (U14). */
int desk_upload_pause(struct desk *d, bool pause, struct err *e);
bool desk_upload_paused(struct desk *d);

/* What the runner last said about the line: for header and upload screen. */
struct line_state { enum err_code trouble; /* ERR_NONE: fine */ int64_t at_ms; int64_t next_try_ms; char detail[200]; bool runner_alive; bool plain; /* transport in clear is on: to be named wherever the line is (DESIGN 9) */
	int64_t clock_off_ms; /* the platform's clock minus ours, as last heard (R10) */ bool paused; /* by a clerk; of the current project */ bool behind; /* an older copy of the data: nothing is sent (R11) */ };
#define CLOCK_OFF_SHOWN_MS (5 * 60 * 1000) /* from here on both times are shown */
int desk_line_state(struct desk *d, struct line_state *out, struct err *e);

/* Messages: decisions that arrived (G3), newest first. */
struct message_row { int64_t id; int64_t at_ms; char text[300]; /* translated: 张某 同意聘用 */ int64_t person; bool seen; };
int desk_messages(struct desk *d, int64_t before_id, struct message_row *rows, size_t cap, size_t *n, struct err *e);
int desk_messages_seen(struct desk *d, int64_t up_to_id, struct err *e); /* of those there are; INT64_MAX: all of them */

/* The home screen: who is waiting for what, what falls due, what has not been uploaded and why. */
struct day {
	int64_t waiting_consent, to_submit, to_confirm, to_enter, on_site, returned, registered_today, entered_today, exited_today;
	int64_t leaderless; /* teams whose leader has left and has no successor (C6) */
	int64_t unseen_messages; struct outbox_counts outbox; struct line_state line;
};
int desk_day(struct desk *d, struct day *out, struct err *e);

#endif
