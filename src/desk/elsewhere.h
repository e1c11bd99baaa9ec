/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Work on other sites as the platform tells it (A12, L8): in a change, or in the answer to a question. */
#ifndef DESK_ELSEWHERE_PRIVATE_H
#define DESK_ELSEWHERE_PRIVATE_H

#include "desk/elsewhere.h"
#include "desk/exchange.h"
#include "store/dossier.h"

/* person stays 0. False: it does not say what it is about. */
bool work_of_change(const struct desk *d, const struct change_work *from, struct db_work *out);
/* As a person's file shows it. */
void work_elsewhere(const struct db_work *w, struct work_row *out);

#endif
