/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The line above a list that is narrowed while one types: 找：…. Printable keys are the list's commands until the
 * box has the focus; an ideograph is no command and gives it the focus (U5). Esc leaves the box and empties it.
 */
#ifndef SCREENS_SEARCH_BOX_H
#define SCREENS_SEARCH_BOX_H

#include "edit.h"
#include "list.h"

#define SEARCH_BOX_CHARS 40

struct search_box {
	struct edit edit; /* what is looked for: edit.text */
	bool focused;
};

void search_box_init(struct search_box *b);
void search_box_focus(struct search_box *b);
/* In the first row of `a`; what is left for the list. `hint`: what can be typed, shown dim while nothing is. */
struct area search_box_draw(struct search_box *b, struct canvas *c, struct area a, const char *hint);
/* false: not the box's key. *changed: another text. */
bool search_box_key(struct search_box *b, int key, bool *changed);
/* What Esc does here: true, the box had the focus or a text and is left and empty now; false, it is the screen's turn. */
bool search_box_leave(struct search_box *b);

#endif
