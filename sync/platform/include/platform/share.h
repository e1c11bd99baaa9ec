/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Several boxes of one firm (L8): a worker whom one site registered is known at the next, with what he worked at before, where the platform
 * shares it (office.share). The same document is the same person, whatever uid each box gave; each box keeps a record of its own, and hears
 * of the others' entries and exits as changes of the kind person.history.
 *
 * A box asks by the SHA-256 of a document's number, so that a number which nobody has registered is not told; what belongs to a box itself
 * (team, wage, contract) is not handed on.
 */
#ifndef PLATFORM_SHARE_H
#define PLATFORM_SHARE_H

#include <cjson/cJSON.h>

#include "platform/office.h"

#define SHARE_HISTORY "person.history"

/* After a record was put, in the same transaction: the document of a person is noted, the other boxes that know the person are told of an
 * entry or an exit, and a box that has just come to know somebody is told what there was. */
int share_put(struct office *o, const struct precord *r, struct err *e);
/* What a change of the kind person.history is about, as it stands now. */
int share_add_work(struct office *o, const struct pchange *c, cJSON *to, struct err *e);
/* {"document"} → who that is: an HTTP status, *out a JSON text. 403: nothing is shared here. */
int share_look_up(struct office *o, const struct pbox *box, const cJSON *request, struct buf *out);

#endif
