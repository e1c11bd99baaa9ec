/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Picking one of a team's people: who leads, who takes over. Who is gone is never offered (C6). */
#ifndef SCREENS_MEMBERS_H
#define SCREENS_MEMBERS_H

#include "form.h"

struct members {
	int64_t team;
	bool on_site;                                       /* only who is on site; else everybody whose assignment is not over */
	bool (*left_out)(const void *owner, int64_t person); /* may be NULL: nobody */
	const char *title;                                  /* msgid */
	picker_done *done;                                  /* its choice: members_person() */
	void *owner;
};

/* Opens the picker; with nobody to pick it says so instead. */
void members_pick(struct ui *ui, const struct members *m);
int64_t members_person(const struct form_choice *choice);

#endif
