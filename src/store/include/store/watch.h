/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What alarms are reckoned from, besides the rows that others keep: what falls due first, first. */
#ifndef STORE_WATCH_H
#define STORE_WATCH_H

#include "base/dates.h"
#include "base/uid.h"
#include "store/store.h"

struct db_watch {
	int64_t id;	/* of the team, person, registration */
	int64_t person; /* 0: a team's */
	date_t on;	/* since when, until when: as the function says; DATE_NONE: unknown */
	char uid[UID_TEXT];
	char name[256];
};
/* Teams that are neither the company's own nor associated, with the day since when (C7); the longest first.
 */
int db_watch_teams(struct store *s, int64_t project, struct db_watch *rows, size_t cap, size_t *n,
		   struct err *e);
/* Registrations in the app that are under way, with the day since when (D12); the longest first. */
int db_watch_apps(struct store *s, int64_t project, struct db_watch *rows, size_t cap, size_t *n,
		  struct err *e);
/* Whose employment here stands and is of this trade; `on` is unknown. */
int db_watch_trade(struct store *s, int64_t project, const char *trade, struct db_watch *rows, size_t cap,
		   size_t *n, struct err *e);
/* The people of one roster view, a page by key: the day up to which the current document is valid, opened.
 * after: the last row's; NULL. */
struct db_watch_cursor {
	char sort_key[512];
	int64_t person;
};
int db_watch_cards(struct store *s, int64_t project, unsigned view, struct db_watch_cursor *after,
		   struct db_watch *rows, size_t cap, size_t *n, struct err *e);

/* The same people: the day of the latest training on record; DATE_NONE: none. */
int db_watch_trainings(struct store *s, int64_t project, unsigned view, struct db_watch_cursor *after,
		       struct db_watch *rows, size_t cap, size_t *n, struct err *e);

#endif
