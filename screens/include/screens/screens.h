/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The terminal application, as one call: from login to the last goodbye.
 *
 * screens_main() takes over the terminal, opens the data directory, runs until the clerk leaves, the terminal goes away or a signal
 * ends it, and gives the terminal back in every case. What was being typed is kept as a draft on every one of these ways (U6).
 * It starts two helpers: shiming-reader (cards) and, through the desk's runner link, shiming-sync.
 */
#ifndef SCREENS_SCREENS_H
#define SCREENS_SCREENS_H

#include <stddef.h>

#include "base/err.h"

/* Practice: a made-up card that can be put on the simulated reader with a key. */
struct screens_card {
	const char *name;  /* as the control line says it: "place NAME" */
	const char *label; /* as the list shows it: 王小明 · 居民身份证 */
};

struct screens_options {
	const char *dir;         /* the data directory */
	const char *profile_dir; /* NULL: as profile_load() */
	const char *language;    /* "zh", "en"; NULL: the setting or the environment */
	const char *notice;      /* shown on the login screen, line by line (practice: accounts and passwords); may be NULL */
	int card_control_fd;     /* practice: "place NAME\n" and "remove\n" go here; -1: no such thing */
	const struct screens_card *card; /* practice: the made-up cards; the caller's, kept until screens_main() returns */
	size_t n_cards;
	int ambiguous_width;     /* 1 or 2; 0: SHIMING_AMBIGUOUS, else measured once at start (DESIGN 10) */
};

/* 0 when the clerk left; -1 with *e when it could not start or the terminal failed: the terminal is restored, the caller says it on stderr. */
int screens_main(const struct screens_options *options, struct err *e);

#endif
