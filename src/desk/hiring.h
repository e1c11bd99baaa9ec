/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of this folder share of contracts (D9) and of registration in the app (D12). Inside the use case's transaction. */
#ifndef DESK_HIRING_PRIVATE_H
#define DESK_HIRING_PRIVATE_H

#include "folk.h"
#include "store/hiring.h"

/* This person's registration in the app; made, 未登记, where nothing was known. ERR_NO_SUCH: nobody of this project. */
int app_load(struct desk *d, int64_t person, struct db_app *out, struct err *e);

/* D8 with_exit: has this person left with the exit? */
bool hiring_gone(const struct desk *d, enum employment_state employment, enum assignment_state assignment);

/*
 * What a saved registration says of the contract: the first one of the employment becomes a row, a changed one is corrected. It is not
 * uploaded as an operation of its own: the employment's carries it. Where the dates are those of a contract that is over, there is none
 * and the employment's mark says so.
 */
int contract_of_record(struct desk *d, const struct folk *f, const struct record *r, struct err *e);

#endif
