/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One line of text being typed: characters, the caret, a window that follows it. Never cuts inside a character. */
#ifndef SCREENS_EDIT_H
#define SCREENS_EDIT_H

#include <stdbool.h>

#include "canvas.h"

#define EDIT_TEXT 512

struct edit {
	char text[EDIT_TEXT];
	size_t at;          /* the caret, in bytes, at a character's beginning */
	size_t max_chars;   /* 0: as many as fit */
	size_t first;       /* the first byte shown */
	bool secret;        /* stars instead of characters */
};

void edit_set(struct edit *e, const char *text);  /* the caret at the end */
void edit_wipe(struct edit *e);
/* Typing, pasting, moving, deleting. true: the key was one of these. *changed (may be NULL): the text is different now. */
bool edit_key(struct edit *e, int key, bool *changed);
/* Draws within width columns and, when focused, places the canvas' cursor. */
void edit_draw(struct edit *e, struct canvas *c, int row, int col, int width, unsigned attr, bool focused);

#endif
