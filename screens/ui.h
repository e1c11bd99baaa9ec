/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The application: a stack of screens, one event loop, one frame around them.
 *
 * A screen is one struct screen_ops at the foot of one file. An action is one row: key, second key, name, footer word, help, function, what
 * it needs. Dispatch, footer and F1 come from the rows; nothing repeats a key (a test walks the tables). A key is looked for in the
 * screen's own actions, then in those it shares with its kind (list, form), then handed to screen->key (typing), then in the global actions.
 * An action on a printable key is not looked at while the screen is typing, so that letters typed into a field run no command (U5).
 *
 * State belongs to the ui: zeroed memory of state_size bytes, given to every function of the screen, wiped and freed after close().
 * draw() draws from the state. A screen asks to be closed by returning CLOSE.
 */
#ifndef SCREENS_UI_H
#define SCREENS_UI_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "canvas.h"
#include "desk/desk.h"
#include "desk/upload.h"
#include "domain/id_card.h"
#include "domain/record.h"
#include "keys.h"
#include "screens/screens.h"
#include "terminal.h"

struct ui;

enum reaction { STAY, CLOSE, NOT_MINE };

enum needs {
	NEEDS_ROW = 1 << 0,      /* a selected row */
	NEEDS_PRACTICE = 1 << 1, /* made-up cards */
	NEEDS_CARD = 1 << 2,     /* a card waits to be opened */
	NEEDS_LOGIN = 1 << 3,    /* somebody is logged in and the screen is not locked */
	NEEDS_KEY = 1 << 4,      /* the account may open personal data */
	NEEDS_PLATFORM = 1 << 5, /* a runner is linked */
	NEEDS_FIT = 1 << 6       /* the screen's fits() agrees: what is shown now can take it */
};

typedef enum reaction action_fn(struct ui *ui, void *state);

struct action {
	int key, key2;     /* key2 0: none; every function key has one (U5) */
	const char *name;  /* "save": for scripts and the manual */
	const char *word;  /* in the footer; NULL: not there */
	const char *help;  /* one sentence for F1 */
	action_fn *run;
	unsigned needs;    /* enum needs bits: else the action is neither shown nor done */
};

enum ui_event_kind {
	UI_EVENT_TICK,    /* after each paint, and once a second */
	UI_EVENT_CHANGED, /* something was committed, here or by another process: load again */
	UI_EVENT_CARD_GONE,
	UI_EVENT_LEAVING  /* the program, the session or the lock takes the screen away: keep what was typed */
};
struct ui_event { enum ui_event_kind kind; int64_t now; };

enum screen_flags {
	SCREEN_OVERLAY = 1 << 0,    /* drawn over the screen below */
	SCREEN_TAKES_CARD = 1 << 1, /* a card laid down here is opened at once; elsewhere it waits */
	SCREEN_NO_LOGIN = 1 << 2    /* shown while nobody is logged in or while locked: header without project and person */
};

struct area { int row, col, height, width; };
#define UI_FDS 4 /* descriptors that one screen may wait for */

struct screen_ops {
	const char *name;
	const char *title;
	size_t state_size;
	int (*open)(struct ui *ui, void *state, const void *arg, struct err *e); /* may fail; close() is then called too */
	void (*heading)(struct ui *ui, const void *state, char *out, size_t size); /* beside the title; may be NULL */
	void (*draw)(struct ui *ui, void *state, struct canvas *c, struct area a); /* places the cursor */
	enum reaction (*key)(struct ui *ui, void *state, int key);              /* keys that no action has; may be NULL */
	void (*event)(struct ui *ui, void *state, const struct ui_event *ev);   /* may be NULL */
	void (*close)(struct ui *ui, void *state);                              /* accepts a half-opened state; may be NULL */
	bool (*typing)(const void *state);                                      /* may be NULL: never */
	bool (*has_row)(const void *state);                                     /* for NEEDS_ROW; may be NULL: no */
	bool (*fits)(struct ui *ui, const void *state, const struct action *row); /* for NEEDS_FIT; may be NULL: no */
	/* What the loop is to wait for besides; UI_EVENT_TICK follows when it comes. May be NULL: nothing. */
	size_t (*fds)(const void *state, struct pollfd fds[UI_FDS]);
	/* With SCREEN_TAKES_CARD: a card laid down here is handed over instead of opened. May be NULL. */
	void (*card)(struct ui *ui, void *state, const struct id_card *card);
	unsigned flags;
	const struct action *actions;
	size_t n_actions;
	const struct action *shared; /* of its kind: list_actions, form_actions */
	size_t n_shared;
};

/* Every screen there is, for the tests that walk the tables. */
extern const struct screen_ops *const screen_table[];
extern const size_t screen_table_size;
extern const struct action ui_global_actions[];
extern const size_t ui_global_actions_size;

/* --- life -------------------------------------------------------------------------------------------------------------------- */

/* The ui borrows desk, terminal and options. */
int ui_new(struct ui **out, struct desk *desk, struct term *term, const struct screens_options *options, struct err *e);
void ui_free(struct ui *ui);                      /* closes every screen; accepts NULL */
int ui_run(struct ui *ui, struct err *e);         /* until the clerk leaves, the terminal goes, or a signal comes */
/* One step each, for ui_run() and for tests. */
int ui_paint(struct ui *ui, struct err *e);
void ui_key(struct ui *ui, int key);
void ui_tick(struct ui *ui, int64_t now);
void ui_card_event(struct ui *ui, const struct card_event *ev);
void ui_resized(struct ui *ui);
bool ui_done(const struct ui *ui);

/* --- for screens --------------------------------------------------------------------------------------------------------------- */

struct desk *ui_desk(struct ui *ui);
const struct screens_options *ui_options(const struct ui *ui);
/* Puts a screen on top. arg is only used during open(). On failure nothing is pushed and the error stands in the status line. */
int ui_push(struct ui *ui, const struct screen_ops *ops, const void *arg);
void ui_to_home(struct ui *ui);                   /* closes everything above the first screen (login stays below) */
const struct screen_ops *ui_top(const struct ui *ui);
void *ui_top_state(const struct ui *ui);
void ui_close_all_above(struct ui *ui, const void *state); /* closes what lies above this screen */
void ui_pop_state(struct ui *ui, const void *state); /* closes this screen at once; its state is gone afterwards */
void ui_quit(struct ui *ui);                      /* leave the loop */
unsigned *ui_form_slots(struct ui *ui);           /* bits: which drafts' slots are taken by forms that are open */

enum say { SAY_INFO, SAY_DONE, SAY_WARN, SAY_ERROR };
void ui_say(struct ui *ui, enum say kind, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void ui_fail(struct ui *ui, const struct err *e); /* sentence and advice in the status line; F1 has the detail */
/* The same where the detail may be a translated sentence (what forbids, what would allow): then that is shown. */
void ui_fail_why(struct ui *ui, const struct err *e);
const struct err *ui_last_error(const struct ui *ui);
const char *ui_status(const struct ui *ui);
/* While drawing, by the screen on top: stands in the status line for as long as it is drawn and nothing else is said there. */
void ui_hint(struct ui *ui, enum say kind, const char *text);
void ui_wake(struct ui *ui, int64_t at);          /* a tick at this time (clock_steady_ms()) even when nothing happens */

void ui_changed(struct ui *ui);                   /* after a use case that wrote: nudges the runner, counts again, tells the screens */
void ui_send_now(struct ui *ui);
void ui_stop_sending(struct ui *ui);              /* after a line was paused: what is under way ends too */
bool ui_has_runner(const struct ui *ui);
void ui_logged_in(struct ui *ui);                 /* starts the helpers, home screen, drafts */
void ui_logout(struct ui *ui);                    /* keeps drafts, closes the screens, wipes what is remembered */
void ui_lock(struct ui *ui);
void ui_unlocked(struct ui *ui);
const struct outbox_counts *ui_counts(const struct ui *ui);
const struct line_state *ui_line(const struct ui *ui);
void ui_save_drafts(struct ui *ui);

/* The record last saved in this session, for 沿用 and F5. Wiped at logout. Empty at first. */
struct record *ui_last_record(struct ui *ui);
/* The card that waits to be opened; NULL: none. */
const struct id_card *ui_waiting_card(const struct ui *ui);
void ui_drop_card(struct ui *ui);
void ui_open_card(struct ui *ui);                 /* opens the waiting card: known → file, new → form */
/* Practice: puts a made-up card (index into options->card) on the reader, -1: takes off the one that lies there. Where another one lies there
 * it is taken off first and the new one waits until the reader has noticed, as with real cards. */
int ui_place_card(struct ui *ui, int index, struct err *e);
int ui_placed_card(const struct ui *ui); /* what lies there or is about to: index, or -1 */

int ui_palette(const struct ui *ui); /* term_palette() */
bool ui_console(const struct ui *ui); /* term_console() */
size_t ui_fds(const struct ui *ui, struct pollfd *fds, size_t cap); /* of all screens; for the loop and for tests */
void ui_scrolled(struct ui *ui, int top, int bottom, int lines); /* the hint of term_scrolled() */
bool ui_action_applies(struct ui *ui, const struct screen_ops *ops, const void *state, const struct action *a);
void ui_repaint(struct ui *ui);
const char *ui_marker(void); /* "▶", or ">" where nothing wider than ASCII is to be trusted */
/* Opens help about the screen on top. */
enum reaction ui_help(struct ui *ui, void *state);

#endif
