/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Everything that can be opened (更多), in groups, each with a key of its own: one row a screen, in the table at the head of menu.c. */
#ifndef SCREENS_MENU_H
#define SCREENS_MENU_H

#include "ui.h"

enum menu_group { MENU_PEOPLE, MENU_SITE, MENU_ATTENDANCE, MENU_POSTS, MENU_UPLOAD, MENU_SYSTEM, MENU_GROUPS };

struct menu_row {
	enum menu_group group; /* the rows of a group stand together */
	int key;           /* opens it at once: a letter or a digit that no other row has, and that stays the row's own */
	const char *word;  /* msgid: what it is called */
	const char *help;  /* msgid: one sentence */
	const struct screen_ops *screen;
	const void *arg;   /* for its open(); lives for ever */
	unsigned needs;    /* enum needs bits: else the row is not shown */
	unsigned roles;    /* enum role bits: of whom one must be held to see anything there; 0: none in particular */
};

size_t menu_rows(const struct menu_row **rows); /* for the tests that open each */
bool menu_offers(struct ui *ui, const struct menu_row *row); /* to whoever is logged in */

#endif
