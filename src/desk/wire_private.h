/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the makers of bodies share: the operation being made, and the fields of a record in the words of the wire. */
#ifndef DESK_WIRE_PRIVATE_H
#define DESK_WIRE_PRIVATE_H

#include "folk.h"
#include "store/fact.h"
#include "wire.h"

#define OPEN_ATTACHMENT_MAX (1u << 20) /* Base64 of one attachment of the open.api */

struct making {
	struct desk *d;
	const struct db_outbox *row;
	const struct db_fact *fact;
	struct buf *out;
};

/* Left out when empty; a date as YYYY-MM-DD. */
void wire_text(const struct making *m, const char *key, const char *value);
void wire_date(const struct making *m, const char *key, date_t on);
/* One part of a record, or one field of it, as the profile writes it on the wire; empty ones are left out. */
void wire_part(const struct making *m, const struct record *r, enum folk_part which);
void wire_field(const struct making *m, const struct record *r, enum field_id id);
/* projectCode: the project's code, its uid where it has none. */
void wire_project(const struct making *m);

bool wire_speaks(const struct desk *d, const char *dialect); /* is it the project's? */
/* headImage: the person's photograph as Base64, if there is one. */
int wire_photo(const struct making *m, struct err *e);

/* wire_weeks.c: what comes after entry. Of a removal: which and when. */
int wire_payroll(const struct making *m, struct err *e);
int wire_training(const struct making *m, struct err *e);
int wire_book(const struct making *m, struct err *e);
int wire_device(const struct making *m, struct err *e);
int wire_open_payroll(const struct making *m, const struct record *r, struct err *e); /* beside who and in which team */

/* photo: a clocking's picture as Base64, if it is still kept and no larger than a device may send. */
int wire_clock_picture(const struct making *m, const char *hash, struct err *e);

/* A body for the open.api (wire_open.c), where no uid names anything: flat, with all that its method asks for. */
int wire_open_body(const struct making *m, struct err *e);

#endif
