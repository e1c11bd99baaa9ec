/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A form: lines of fields, one of them being typed into. What the fields mean is the owner's: the form edits, moves, scrolls, draws, offers
 * values and shows findings beside the field.
 *
 * The form is the first member of its screen's state; the shared actions find it there. Leaving a field hands its text to owner->leave(),
 * which checks and may change any line; it never moves the focus (U3). Typed text is never cleared by a finding.
 */
#ifndef SCREENS_FORM_H
#define SCREENS_FORM_H

#include "desk/people.h"
#include "edit.h"
#include "ui.h"

#define FORM_LINES 48
#define CHOICES_MAX 1000

/* also: what it is called besides, "" nothing. In English a code is found by its Chinese name too. */
struct form_choice { char value[40]; char label[160]; char also[64]; };
struct code;
void form_choice_of_code(struct form_choice *out, const struct code *code);

struct form_line {
	int id;                 /* the owner's */
	const char *label;      /* msgid */
	const char *help;       /* msgid: what is expected */
	const char *group;      /* msgid of a heading above this line; NULL: none */
	unsigned max_chars;
	bool choice, required, locked, secret;
	bool hidden;            /* not asked now: no row, never the focus; its text is kept. A line with a heading is never hidden */
	const char *mark;       /* translated: 读卡, 沿用; NULL: none */
	char text[EDIT_TEXT];   /* as shown and typed */
	char value[40];         /* a choice's code; "" while the text names none */
	char finding[200];      /* translated; "" none */
	enum severity severity; /* of the finding */
	int row, col, width;    /* where it was laid out, from the top of the form; width of the value */
};

struct sheet;
struct form_owner {
	void (*leave)(struct ui *ui, void *owner, struct sheet *f, size_t line);
	/* All values of a choice line; returns how many. May be NULL where no line is a choice. */
	size_t (*choices)(struct ui *ui, void *owner, const struct sheet *f, size_t line, struct form_choice *out, size_t cap);
	void (*same)(struct ui *ui, void *owner, struct sheet *f, size_t line);    /* F5: as in the last record */
	void (*restore)(struct ui *ui, void *owner, struct sheet *f, size_t line); /* F7 once more: as the form began; may be NULL */
	void (*typed)(struct ui *ui, void *owner, struct sheet *f);                /* some text changed; may be NULL */
	enum reaction (*save)(struct ui *ui, void *owner, struct sheet *f);        /* F2, the focused field has been left */
};

struct sheet {
	const struct form_owner *ops;
	void *owner;
	struct form_line line[FORM_LINES];
	size_t n;
	size_t focus;           /* never a locked line, unless all are */
	struct edit edit;       /* of the focused line */
	char at_focus[EDIT_TEXT]; /* its text when it got the focus: what F7 brings back */
	bool touched;           /* the focused line was changed since it got the focus */
	int64_t focus_since;    /* clock_steady_ms() */
	bool rested;            /* the focus has been here for a moment: what was cut beside the field stands whole in the status line */
	int scroll, rows;       /* first row shown; rows of the layout */
	int height;             /* rows that the last paint showed */
	int drawn_scroll;       /* scroll of the last paint: for the hint to the terminal */
};

void form_init(struct sheet *f, const struct form_owner *ops, void *owner);
void form_release(struct sheet *f);  /* wipes */
struct form_line *form_add(struct sheet *f, int id, const char *label, const char *help, unsigned max_chars); /* NULL: full */
struct form_line *form_find(struct sheet *f, int id); /* NULL: not on this form */
void form_begin(struct sheet *f, int id);             /* gives the focus to this line, or, with -1, to the first that is empty and not locked */
void form_set(struct sheet *f, struct form_line *line, const char *text, const char *value); /* also in the editor when it has the focus */
void form_settle(struct ui *ui, struct sheet *f, struct form_line *line); /* what was typed into a choice becomes one, if it can only be one; else says so */
void form_find_out(struct sheet *f, struct form_line *line, enum severity severity, const char *sentence); /* "" clears */
void form_leave(struct ui *ui, struct sheet *f);      /* the focused line is final: checks it; the focus stays */
void form_focus(struct ui *ui, struct sheet *f, size_t line); /* leaves the old one, enters the new one */
bool form_focus_first_block(struct ui *ui, struct sheet *f);  /* the first line with a blocking finding; false: none */
void form_draw(struct ui *ui, struct sheet *f, struct canvas *c, struct area a);
enum reaction form_key(struct ui *ui, struct sheet *f, int key);
void form_tick(struct ui *ui, struct sheet *f, int64_t now);  /* UI_EVENT_TICK */
bool form_typing(const void *state);

/* Finds what was typed among the choices: exactly, or the only one that fits by code, words, pinyin or initials. Returns how many fit; 1: *out. */
size_t form_resolve(const struct form_choice *choices, size_t n, const char *typed, struct form_choice *out);
bool form_choice_fits(const struct form_choice *choice, const char *typed);

#define FORM_ACTIONS 11
extern const struct action form_actions[FORM_ACTIONS];

/* --- the list of values ---------------------------------------------------------------------------------------------------------- */

typedef void picker_done(struct ui *ui, void *owner, const struct form_choice *choice);
struct picker_arg { const char *title; struct form_choice *choices; size_t n; /* the picker frees choices */ const char *typed; picker_done *done; void *owner; };
extern const struct screen_ops picker_screen;
/* The teams of the project, with their companies; value: the uid. */
void picker_of_teams(struct ui *ui, picker_done *done, void *owner);

#endif
