/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The watch over a source: what happens on the readers, told as events, each once.
 *
 * A card is read at once. A failure that a moving hand explains is tried again a few times before it is told,
 * and goes on being tried once a second while the card lies there; a change of cause is told again. What was
 * told as read and is read again within SAME_CARD_MS of having last been seen is one card (CARD_EVENT_SAME).
 * No thread, no allocation. Nothing of a card is left in memory once it was told.
 */
#ifndef READER_WATCH_H
#define READER_WATCH_H

#include <stdint.h>

#include "reader/source.h"

#define SAME_CARD_MS 5000
#define WATCH_PRINT 32 /* bytes */

typedef void (*watch_emit)(void *arg, const struct card_event *ev);

struct watch_seat {
	struct seat seen;
	bool told_card;      /* CARD_EVENT_CARD was told and CARD_GONE not yet */
	bool done;           /* read, or hopeless until another card comes */
	unsigned tries;
	enum err_code told;  /* cause told last for this card */
	enum err_code last;  /* cause met last */
	char detail[200];    /* of `last` */
	int64_t next_try;    /* steady ms */
};

struct watch {
	struct card_source source;
	watch_emit emit;
	void *emit_arg;
	int64_t (*steady_ms)(void); /* clock_steady_ms, or a test's */
	char only[CARD_READER_NAME]; /* "": every reader; digits: the nth (from 1); else: those whose name contains it */
	struct watch_seat seat[SEATS_MAX];
	size_t n;
	enum err_code trouble;      /* of the whole service, or of what is plugged in and no reader, told last */
	bool settling;
	/* The card read last is not kept, only a keyed print of what id_card_same() compares: this process lives on behind a locked screen (S1). */
	unsigned char last[WATCH_PRINT], print_key[WATCH_PRINT];
	bool has_last;
	char last_reader[CARD_READER_NAME];
	int64_t last_seen;          /* when it lay there last */
};

void watch_init(struct watch *w, const struct card_source *source, watch_emit emit, void *arg);
void watch_release(struct watch *w); /* closes the source */
/* Waits for at most timeout_ms (less when a try is due) and tells what happened. */
void watch_step(struct watch *w, int timeout_ms);
/* Tells which readers there are, as CARD_EVENT_READER each, and reads nothing. */
void watch_list(struct watch *w);

#endif
