/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Telling the platform of a record that has no life cycle of its own (a wage, a session, an entry of a register, a device): as it is now, once. What
 * of it still waits here is put aside; the platform is told "add" as long as nothing has left, "amend" afterwards, and of a removal only what
 * it may know of. Where the dialect has no place for it the same operations wait for the clerk on the platform's page (domain/upload_way.h).
 */
#ifndef DESK_ANNOUNCE_H
#define DESK_ANNOUNCE_H

#include "deed.h"

struct announcing {
	const char *entity; /* "payroll": of the kinds payroll.add, .amend, .remove */
	const char *uid, *title;
	int64_t fact, person;
	bool removed; /* the record is gone */
	const int64_t *needs; /* facts that must be there first; zeros are passed over */
	size_t n_needs;
};
/* In the use case's transaction. */
int announce(struct desk *d, const struct announcing *t, struct err *e);
/* The fact of this person that the platform must have before anything is said about him here; 0: none. */
int announce_need(struct desk *d, int64_t person, int64_t *fact, struct err *e);

#endif
