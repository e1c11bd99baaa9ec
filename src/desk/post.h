/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Private to the desk: what alarms ask of key posts. */
#ifndef DESK_POST_PRIVATE_H
#define DESK_POST_PRIVATE_H

#include "desk/post.h"
#include "desk_private.h"
#include "store/post.h"

#define FILINGS 256

/* What the reckoning of every seat rests on: read once for all of them. */
struct post_world {
	struct desk *d;
	struct post_site site;
	bool outside; /* as many seats as a firm from outside needs; so too where the sheet does not say */
	const struct post *first; /* the profile's */
	date_t today;
	struct db_filing filing[FILINGS];
	size_t filings;
	struct db_post seat[POST_SEATS];
	size_t seats;
};
/* The caller wipes nothing: no personal data but names. */
int post_world(struct desk *d, struct post_world *w, struct err *e);
int post_rows(const struct post_world *w, struct post_row *rows, size_t cap, size_t *n, struct err *e);
/* As desk_post_month(). */
int post_month(const struct post_world *w, const struct post_row *post, struct month m, struct post_rate *out,
	       bool *reckoned, struct err *e);
/* Every alarm of the chief supervisor's days up to today, the oldest first. */
int post_absences(const struct post_world *w, const struct post_row *post, void (*each)(date_t on, void *arg),
		  void *arg, struct err *e);
int post_seats(const struct post_world *w, const struct post *post);
/* Which certificates of the post's the person lacks today, in words; "" none. */
int post_lacks(struct desk *d, const struct post *post, int64_t person, char *out, size_t size,
	       struct err *e);
void post_word(const struct desk *d, const char *post, int seat, int seats, char *out, size_t size);

#endif
