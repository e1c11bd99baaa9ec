/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What ui.c (stack, dispatch), frame.c (header, status, footer), loop.c (events, helpers) and session.c (login, lock, cards) share. */
#ifndef SCREENS_UI_PRIVATE_H
#define SCREENS_UI_PRIVATE_H

#include "desk/held.h"
#include "desk/runner_link.h"
#include "reader_link.h"
#include "ui.h"

#define STACK_MAX 16
#define CARDS_WAITING 8
#define TICK_MS 1000
#define IDLE_LOCK_MS (10 * 60 * 1000) /* where no setting says otherwise */
#define MIN_ROWS 16
#define MIN_COLS 60

struct entry { const struct screen_ops *ops; void *state; };

struct ui {
	struct desk *desk;
	struct term *term;
	const struct screens_options *options;
	struct entry stack[STACK_MAX];
	size_t depth;
	bool done, hangup, locked;
	struct held_seal *seal;  /* locked: what lies below the lock's screen is sealed; nobody but held_open() touches it */
	size_t sealed;           /* … and is the first so many of the stack */

	char status[512];
	enum say status_kind;
	char hint[512];          /* of this painting: what the screen on top has to say when the status line is empty */
	enum say hint_kind;
	struct err last_error;

	struct outbox_counts counts;
	struct line_state line;
	int64_t change_count;
	bool told; /* runner or gateway have spoken since it was last taken */

	struct reader_link reader;
	struct runner_link *runner;
	struct runner_link *gateway; /* serves the site's devices (H2); NULL: none is set up */
	struct id_card *card[CARDS_WAITING]; /* owned; in the order in which they were read */
	size_t cards;
	bool card_missed;        /* a card could not be taken: laid down again at once it is to be read, though it is the same one */
	struct record last_record;
	int placed_card;         /* practice: lies on the reader; -1: none */
	int next_card;           /* waits until the reader has noticed that the last one is gone; -1: none */
	int64_t next_card_since;
	unsigned form_slots;

	int64_t last_tick, last_key, idle_lock_ms;
	int64_t wake_at;         /* a tick was asked for; 0: none */
	bool idle_done;
};

/* frame.c */
int frame_footer_height(struct ui *ui);
void frame_draw(struct ui *ui, struct canvas *c);
/* loop.c */
int loop_run(struct ui *ui, struct err *e);
/* ui.c */
void ui_send_event(struct ui *ui, const struct ui_event *ev);
void ui_count_again(struct ui *ui);
struct entry *ui_entry(struct ui *ui); /* the top; NULL when empty */
/* session.c */
void session_release(struct ui *ui);
void session_link_runner(struct ui *ui); /* where there is none, and a project has a platform by now */
void session_card(struct ui *ui, const struct card_event *ev);
void session_next_card(struct ui *ui, int64_t now, bool gone);
void session_idle(struct ui *ui, int64_t now, bool working);
void session_open_seal(struct ui *ui); /* where there is one */
void session_open_waiting(struct ui *ui);

#endif
