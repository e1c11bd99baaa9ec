/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the wire says, as a record holds it: the other way of wire.h. What arrives is foreign. */
#ifndef DESK_WIRE_READ_H
#define DESK_WIRE_READ_H

#include "desk_private.h"

/* A value as the wire says it (numbers as decimal text; "" empty) into the field's canonical text. False: nothing that this field can be. */
bool wire_read(const struct desk *d, const struct field *f, const char *wire, char *out, size_t size);

#endif
