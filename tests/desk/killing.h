/* SPDX-License-Identifier: GPL-3.0-or-later */
/* R1, one intention at a time: killed before every commit and right after it. Before its commit nothing of it
 * is there; after it all of it is; done again after the kill, the file holds what it holds undisturbed. */
#ifndef TESTS_DESK_KILLING_H
#define TESTS_DESK_KILLING_H

#include "desk_site.h"

/* before: what must have happened first, undisturbed; NULL: nothing. Both act as the account "both". */
struct intention {
	const char *name; /* of the function; a word after it tells two rows apart */
	void (*before)(struct site *s);
	void (*deed)(struct site *s);
	bool shows; /* rows come, operations move, or numbers in rows change; else rows are only written anew
		     */
};
/* The origin has an account "both" and is closed; it is left as it is. Everything asserts. */
void killed_everywhere(const struct site *origin, const struct intention *what);

#endif
