/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list of everything that can be opened (更多): one row a screen, in the table at the head of menu.c. */
#ifndef SCREENS_MENU_H
#define SCREENS_MENU_H

#include "ui.h"

struct menu_row {
	const char *word;  /* msgid: what the list is called */
	const char *help;  /* msgid: one sentence */
	const struct screen_ops *screen;
	const void *arg;   /* for its open(); lives for ever */
	unsigned needs;    /* enum needs bits: else the row is not shown */
};

size_t menu_rows(const struct menu_row **rows); /* for the tests that open each */

#endif
