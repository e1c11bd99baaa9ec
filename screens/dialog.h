/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Questions over a screen. The button that has the focus at first is the safe one (U4): callers name it. Where more than ten people are
 * concerned, a word must be typed before the other button works.
 */
#ifndef SCREENS_DIALOG_H
#define SCREENS_DIALOG_H

#include "ui.h"

#define DIALOG_BUTTONS 3
#define DIALOG_INPUT 400

/* answer: index of the button, -1: Esc. input: what was typed into the field, "" without one. owner: as given. */
typedef void dialog_done(struct ui *ui, void *owner, int answer, const char *input);

struct dialog_arg {
	const char *title;  /* msgid */
	const char *text;   /* translated */
	const char *button[DIALOG_BUTTONS]; /* msgids; the first is what Esc means */
	int n_buttons, focus;
	const char *input_label; /* msgid; NULL: no field. With a field, the focus is in it at first */
	int input_chars;         /* characters that fit into it; 0: 100 */
	bool input_needed;       /* buttons other than the first work only when something was typed */
	const char *word, *word2;/* translated; one of them must be typed before buttons other than the first work */
	dialog_done *done;
	void *owner;
};

extern const struct screen_ops dialog_screen;
int dialog_ask(struct ui *ui, const struct dialog_arg *arg);

/* A frame in the middle of the area with a title; returns the area inside. width, height: of the inside. */
struct area dialog_frame(struct canvas *c, struct area a, int width, int height, const char *title);

#endif
