/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asking a labour subcontractor for a team, and unbinding (C4), from every list that shows teams. */
#ifndef SCREENS_ASSOCIATIONS_H
#define SCREENS_ASSOCIATIONS_H

#include "desk/site.h"
#include "ui.h"

/* In the asking screen's state: it must last until the dialogs are answered. */
struct association_ask { char team_uid[UID_TEXT], team[NAME_TEXT], company[NAME_TEXT]; bool unbind; };
void association_ask(struct ui *ui, struct association_ask *q, const struct team_row *team, bool unbind);

#endif
