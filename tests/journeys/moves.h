/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a clerk does, as keys and the words that must follow. Each move begins and ends on the home screen unless it says otherwise. */
#ifndef TESTS_JOURNEYS_MOVES_H
#define TESTS_JOURNEYS_MOVES_H

#include "journeys/terminal.h"

void move_login(struct terminal *t, const char *account);       /* from the login screen; leaves drafts for later */
void move_switch(struct terminal *t, const char *account);      /* logs out, whatever is unsent, and in as the other */
void move_leave(struct terminal *t);                            /* F10 and yes: the program ends with 0 */

struct move_worker { const char *name, *phone, *trade, *company, *team; };
/* phone NULL: it stands there already, the focus is on the trade. Dates are of today: training was today, the contract lasts a year. */
/* The form of this person is open and filled from the card: the rest, and saved. Lands where the form was opened from. */
void move_fill(struct terminal *t, const struct move_worker *w);
void move_fill_unsaved(struct terminal *t, const struct move_worker *w); /* all but the saving */
/* Moves the focus of an open form up to the field of that label. */
void move_up_to(struct terminal *t, const char *label);
/* On, field by field, to the one of that label. */
void move_on_to(struct terminal *t, const char *label);
/* The same where company, team, trade … are carried over from the record before. */
void move_fill_carried(struct terminal *t, const struct move_worker *w);
/* Opens the person's file through the roster: exactly one fits `text`. */
void move_open(struct terminal *t, const char *text);
/* From any screen above it, and from an open search. */
void move_home(struct terminal *t);
/* One line of "more", by its first column. */
void move_menu(struct terminal *t, const char *place);
/* A field of an open form that has the focus: typed and left. */
void move_field(struct terminal *t, const char *label, const char *typed);
/* The preview stands there: does it, in one dialogue. `word` where more than ten are asked about, else NULL. */
void move_do(struct terminal *t, const char *word, const char *done);
/* Undoes the newest act of one's own; `word` as above. */
void move_undo(struct terminal *t, const char *word);
/* Through the roster: finds the person by `text`, does the act of that key, confirms. `done`: the words in the status line. */
void move_act(struct terminal *t, const char *text, const char *key, const char *done);
/* The same up to the deciding key; what it did is not waited for. */
void move_act_unawaited(struct terminal *t, const char *text, const char *key);
/* The same, but it must be refused, with this reason on the screen. */
void move_act_refused(struct terminal *t, const char *text, const char *key, const char *why);

#endif
