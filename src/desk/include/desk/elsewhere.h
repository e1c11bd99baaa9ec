/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Somebody whom another site of the firm has registered (L8, SH-QA r3 4): asked when a card is read or a number typed, where the platform is of
 * the native dialect and shares what boxes know. Nothing waits for it: the form is there at once (A5), the answer fills what is empty when it
 * comes, and stays away without a line.
 *
 * What leaves the box is the SHA-256 of the document's number. The answer is foreign: values that a field cannot be are left out.
 */
#ifndef DESK_ELSEWHERE_H
#define DESK_ELSEWHERE_H

#include "desk/connection.h"
#include "desk/dossier.h"
#include "domain/record.h"

#define ELSEWHERE_WORKS 8

/* One question under way; desk_errand_fd(), desk_errand_end() serve it too. ERR_NET_NOT_CONFIGURED: nobody to ask, or the platform has said
 * before that it shares nothing. */
int desk_elsewhere_ask(struct desk *d, const char *number, struct errand **out, struct err *e);

struct elsewhere {
	bool known;
	struct record record; /* the person's own fields, origin ORIGIN_PLATFORM; nothing of work and wages */
	struct work_row work[ELSEWHERE_WORKS];
	size_t n;
};
/* 1: ended, *out is filled, released by the caller in any case but 0; 0: still under way; -1. */
int desk_elsewhere_read(struct errand *r, struct elsewhere *out, struct err *e);
void desk_elsewhere_release(struct elsewhere *x); /* wipes */

#endif
