/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of forms on paper (desk/paper.h), for all that prints one. */
#ifndef DESK_PAPER_LINES_H
#define DESK_PAPER_LINES_H

#include "desk/paper.h"

/* What every form has at its head and foot: its title, the project, who made it when. The caller deletes it;
 * NULL: no memory. */
cJSON *paper_head(const struct desk *d, const char *title);
int paper_begin(const struct desk *d, const char *title, struct office_out *out, struct err *e);
int paper_pair(struct office_out *out, const char *label, const char *value, struct err *e);

#endif
