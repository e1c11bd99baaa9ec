/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Private to the store: the search rows of a member. Pure. */
#ifndef STORE_SEARCH_KEYS_H
#define STORE_SEARCH_KEYS_H

#include <stddef.h>

#include "base/err.h"
#include "store/member.h"

#define SEARCH_TEXTS (MEMBER_TEXTS * 256) /* bytes of all texts of a member, a line each */

struct search_key {
	const char *text; /* into the texts */
	int shared;	  /* characters shared with the key before it */
};
/* Every suffix of every line, sorted by bytes, each once. Cuts `texts` into lines in place. keys has
 * SEARCH_TEXTS elements at most. Returns how many. */
size_t cut_search_keys(char *texts, struct search_key *keys, size_t cap);
/* The smallest suffix of a line of `texts` (unchanged) that begins with prefix; copied to out. false: none.
 */
bool search_first(const char *texts, const char *prefix, char *out, size_t size);

#endif
