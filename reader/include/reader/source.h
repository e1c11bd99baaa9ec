/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Where cards come from, behind three functions: PC/SC (reader/pcsc.h), or a script in the tests.
 *
 * A source shows its readers as seats. It translates foreign codes into ours, never waits for longer than it
 * is told, and may be called again at once after a failure: it then paces itself and finds its own way back
 * (service restarted, reader gone and come).
 */
#ifndef READER_SOURCE_H
#define READER_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "domain/id_card.h"
#include "reader/card_raw.h"

#define SEATS_MAX 16 /* pcscd has no more */

struct seat {
	char name[CARD_READER_NAME];
	char module[48];               /* the security module's number, "" when not known */
	enum card_reader_kind kind;
	enum err_code trouble;         /* ERR_NONE: usable */
	bool card;                     /* something lies there that may be an identity card */
	unsigned arrivals;             /* counts cards laid down; a new card with no gap seen shows here */
};

struct seats {
	struct seat seat[SEATS_MAX];
	size_t n;
	enum err_code why;   /* a device that is plugged in is no reader, because…; ERR_NONE: nothing of the kind */
	char why_detail[80];
	bool settling;       /* one was plugged in that may yet become a reader */
};

struct card_source_ops {
	/* Waits until something differs from what was handed out last, at most timeout_ms; fills *out whole
	 * (in the order of the service). ERR_CARD_SERVICE, ERR_CARD_REFUSED_SERVICE, …: no reader can be seen
	 * at all. */
	int (*wait)(void *self, int timeout_ms, struct seats *out, struct err *e);
	/* Reads the card that lies on that reader. *lasting says whether the same answer from a card lying
	 * still would mean the lasting (sam_status.h); the detail is technical, never the card's content. */
	int (*read)(void *self, const char *reader, bool again, struct card_raw *out, struct err *e);
	void (*close)(void *self);
};

struct card_source {
	const struct card_source_ops *ops;
	void *self;
};

#endif
