/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Errands of a session that need the network: testing the connection, enrolling this box. Each writes one line of JSON:
 * {"trouble","cause","detail","clock_off_ms"} and, of an enrolment, "token". desk/connection.h reads it.
 */
#ifndef SYNC_ERRAND_H
#define SYNC_ERRAND_H

#include "sync/dialect.h"

/* Asks the platform about this box in the project's dialect and says what is wrong, if anything. */
int errand_probe(struct desk *d, const char *dir, struct buf *out);
/* A one-time code for a token (native dialect). */
int errand_enrol(struct desk *d, const char *dir, const char *code, struct buf *out);

/* Whether another box of the firm knows whoever has this document (the SHA-256 of its number; native dialect): as above, and "known",
 * "person", "history" of the answer. Cause "unshared": the platform does not share. */
int errand_look_up(struct desk *d, const char *dir, const char *document, struct buf *out);

#endif
