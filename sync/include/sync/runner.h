/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The runner: one pass takes what is ready to the platform and brings back what was decided there (DESIGN 9).
 *
 * A pass: is this file as new as what platform and witness have seen (R11); look up what is unknown, before anything is
 * sent again; send batch after batch; fetch the changes, where the last batch's answer did not bring them; then the contents of attachments, a piece at a time (R12).
 * Trouble with the line or the platform as a whole ends the pass and changes no record; a record's own
 * trouble stays with that record. Killed at any instant, the next runner begins with desk_recover_sending()
 * and both ends come to the same state (R1).
 *
 * Owns nothing but its counts: desk and transport are the caller's. One thread.
 */
#ifndef SYNC_RUNNER_H
#define SYNC_RUNNER_H

#include "desk/exchange.h"
#include "sync/dialect.h"

struct runner_counts {
	int64_t sent, accepted, waiting, rejected, unknown, looked_up, changes, requests;
	int64_t attachments, attachment_bytes; /* named by the platform; sent on the way */
};
struct runner {
	struct desk *desk;
	const struct dialect *dialect;
	void *self; /* the dialect's */
	struct transport line;
	size_t max_items, max_bytes; /* of a batch; 0: the dialect's */
	bool (*go_on)(void *arg);    /* asked between requests; false ends the pass cleanly. May be NULL */
	/* Waits, as the dialect's pacing asks; false: end the pass. Never NULL where the dialect paces. */
	bool (*pause)(void *arg, int64_t ms);
	void *go_on_arg;
	bool (*hurry)(void *arg);    /* asked between attachments: true, texts wait, the pass is to end. May be NULL */
	bool (*give_way)(void *arg); /* asked between batches: true, another line waits, the pass is to end. May be NULL */
	const char *witness;	     /* file of the witness (sync/witness.h); NULL: none is kept */
	/* outputs */
	struct runner_counts counts; /* grow over all passes */
	int64_t next_held_ms;	     /* wall clock: when a held row falls due; 0 none */
	int64_t retry_after_ms;	     /* of the trouble that ended the last pass */
	bool left;		     /* the last pass ended before all that could go was sent */
	bool changed;		     /* something was written since the caller cleared it */
	/* inside */
	bool recovered, box_checked;
	int64_t listed_ms; /* steady: when the platform's list was last fetched */
	bool up_to_date; /* the last answer carried the last of the changes */
};

/* With `fetch` false the changes are asked for only when something was sent. 0: done, nothing ready is left;
 * -1: *e is the trouble. */
int runner_pass(struct runner *r, bool fetch, struct err *e);

#endif
