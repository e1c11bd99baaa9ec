/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The roster's way of asking, and a row of it as screens see it, from the store's. */
#ifndef DESK_ROSTER_H
#define DESK_ROSTER_H

#include "desk_private.h"
#include "domain/pinyin.h"
#include "store/member.h"

/* A question to the store that owns its texts. Never copied: q points into it. */
struct roster_asking {
	struct db_roster_query q;
	char text[SEARCH_KEY_SIZE];
	char also[2][SEARCH_KEY_SIZE]; /* the query's further words */
	bool nothing;		       /* the text cannot be anybody's */
};
/* What was typed into the search box: q.text, q.also and q.match; the word of a state sets q.view where that is ROSTER_ALL. */
void roster_ask_text(struct roster_asking *a, const char *typed);

void roster_row_out(const struct desk *d, const struct db_member *m, struct roster_row *out);

#endif
