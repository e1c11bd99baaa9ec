/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Private to the store: the blind indexes (keyed hashes by which numbers, phones and words are found), and
 * how they turn to a new data key in groups while people look up and write (store/rekey.h, P7).
 *
 * Invariant. While rekey.index_box is set, every hash of document, person_index and device_collected is under
 * the former index subkey or under the present one. Writers write under the present one only; hashes go from
 * former to present and never back, because nothing can be taken back meanwhile (store/undo.h). So who asks
 * for both finds exactly what one finds otherwise. What is unique stays so by the table's own constraint:
 * whoever writes a hash first turns the row of its twin, if that has not turned yet. Once index_box is NULL
 * there is no former hash left, and nobody asks for one. Words of registers (book_word) are not asked for
 * twice: from the first moment those of the former key are owed anew, as after a change of what the profile
 * declares (store/book.h); turning only takes them away.
 *
 * The state of the turning, the key and the rows are seen in one snapshot: blind_ask() leaves its statement
 * open, and SQLite's snapshot lasts until the last statement of a connection is closed. In a transaction
 * nobody else can change the key.
 */
#ifndef STORE_BLIND_H
#define STORE_BLIND_H

#include "query.h"

struct blind {
	bool turning; /* look for both; else was is not set */
	unsigned char now[VAULT_BLIND_BYTES], was[VAULT_BLIND_BYTES];
};

/* Takes the newest key first, where another session has replaced it. `hold` is closed by the caller after the
 * last of his rows; on failure it is closed already. ERR_NO_SESSION, ERR_KEY_CHANGED: as vault_blind(). */
int blind_ask(struct query *hold, struct store *s, enum vault_index kind, const char *text, struct blind *out,
	      struct err *e);
/* One value, or both while it is turning: statements come in pairs, for = ? and for IN (?, ?). */
void bind_blind(struct query *q, const struct blind *b);

/* The beginning of every rekeying: from here on the invariant above. with: what the former subkeys are sealed
 * under. */
int blind_turn_begin(struct store *s, const unsigned char former[VAULT_KEY_BYTES], unsigned char id,
		     const unsigned char with[VAULT_KEY_BYTES], struct err *e);
/* The former index subkey, where it is still asked for; *there false: none. */
int blind_former(struct store *s, unsigned char id, const unsigned char with[VAULT_KEY_BYTES],
		 unsigned char former[VAULT_KEY_BYTES], bool *there, struct err *e);
/* One group; *turned: the indexes have turned, before or with this. A number that does not open (somebody
 * changed it) cannot turn: that row is found by it no more. */
int blind_turn_step(struct store *s, bool *turned, struct err *e);

/* Under which data key an entry's words were made (book_store.c), from what is noted of them. */
int64_t book_words_generation(int64_t words);

/* How long one transaction of a rekeying may be: a number of changed rows that no size of file changes, and
 * less where it takes long, above all while somebody waits to write. */
#define GROUP_ROWS 256
struct group {
	struct store *s;
	int64_t began_ms, rows;
};
struct group group_begin(struct store *s);
int64_t group_most(const struct group *g); /* GROUP_ROWS, or what a test's seam says */
bool group_full(const struct group *g);

#endif
