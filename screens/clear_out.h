/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Exit of everybody at one stroke (C8), asked from teams, participants and the project: what it concerns first, a word where it is many. */
#ifndef SCREENS_CLEAR_OUT_H
#define SCREENS_CLEAR_OUT_H

#include "desk/clear_out.h"
#include "ui.h"

/* In the asking screen's state: it must last until the dialog is answered. */
struct clearing { enum clear_scope scope; char uid[UID_TEXT], name[NAME_TEXT]; };
void clear_out_ask(struct ui *ui, struct clearing *c, enum clear_scope scope, const char *uid, const char *name);

#endif
