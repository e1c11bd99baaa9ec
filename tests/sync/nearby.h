/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The reference platform's office in this very process, and lines to it that fail as told: no network, no
 * other process, the clock is the test's. What the office keeps lies in a file of a directory of its own, so
 * that a forked child that dies in the middle leaves what was committed.
 */
#ifndef TESTS_SYNC_NEARBY_H
#define TESTS_SYNC_NEARBY_H

#include "platform/office.h"
#include "sync/http.h"

struct nearby {
	char dir[64];
	struct office office;
	int64_t requests, bytes; /* of bodies, both ways, as JSON */
};
void nearby_open(struct nearby *n);   /* asserts, as all here */
void nearby_reopen(struct nearby *n); /* in a forked child: a connection of its own to the same file */
void nearby_close(struct nearby *n);
void nearby_box(struct nearby *n, const char *label, struct pbox *out); /* as it stands now */

/* What the line does to the next requests, one letter each: '.' nothing, '<' cut before the request arrives,
 * '>' the answer is lost after the platform has acted, '!' the process dies before the request, '*' it dies
 * after the platform has acted. At the end of the word: nothing. */
struct nearby_line {
	struct nearby *at;
	const char *label; /* the box's name at the platform */
	const char *fate;
};
#define NEARBY_DEAD 77 /* exit status of a process that a line killed */
struct transport nearby_transport(struct nearby_line *line);

/* Status of an operation at the platform: "accepted", "rejected"; "" it does not know it. */
void nearby_status(struct nearby *n, const char *label, const char *op, char out[16]);

#endif
