/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The reference platform's open.api door: the national interface before the same office as the native one, so
 * that what comes this way lands in the same records and life cycles. Forms in, JSON out; no network here.
 *
 * It verifies signature, clock, nonce and pace before anything else; opens sealed fields; Adds are accepted
 * with a serial number and judged later (delay_ms), as real platforms do; AsyncHandleResult.Query tells what
 * became of them. Records have no uid on this wire: theirs is made from what names them there (credit code,
 * team number, document). What is there already is refused in words, as real platforms do.
 *
 * Known limits: one project an appid; pay is not taken.
 */
#ifndef PLATFORM_OPEN_API_H
#define PLATFORM_OPEN_API_H

#include "open_api/envelope.h"
#include "platform/office.h"

#define OPEN_API_PATH "/open.api"
#define OPEN_API_APPS 16
#define OPEN_API_CLOCK_MS (10 * 60 * 1000) /* how far a caller's clock may be off */

struct open_api_app {
	char appid[PSTORE_LABEL], secret[33];
};
struct open_api_door {
	struct office office; /* of the same store; every step that may be left out is: this wire has none of
				 them */
	struct open_api_manner manner;
	struct open_api_app app[OPEN_API_APPS];
	size_t apps;
	int64_t delay_ms; /* until what was accepted is judged */
	int64_t pace_ms;  /* least time between two calls of one method by one appid; 0: none */
	bool photo;	  /* a worker without a photograph is refused */
	struct {
		char who[PSTORE_LABEL + 48];
		int64_t at_ms; /* steady clock */
	} called[64];
	size_t next_called;
	char nonce[1024][OPEN_API_NONCE]; /* the last ones; one is refused a second time */
	size_t next_nonce;
};
void open_api_door_init(struct open_api_door *d, struct pstore *store);
/* "APPID=SECRET"; the secret has 16, 24 or 32 characters. ERR_USAGE. */
int open_api_door_app(struct open_api_door *d, const char *line, struct err *e);
/* One call; returns the HTTP status. The body is taken apart in place and wiped by the caller. */
int open_api_door_call(struct open_api_door *d, struct buf *body, struct buf *out);
/* Judges what is due; with `all` everything that waits. *n: how many. */
int open_api_door_judge(struct open_api_door *d, bool all, size_t *n, struct err *e);

#endif
