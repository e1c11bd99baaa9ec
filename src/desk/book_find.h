/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Private to the desk: entries of registers by what they say (CD 3.3.5 6: 健康卡信息). Entries are sealed; what finds them are keyed words that are
 * written with every entry: whole values of phones (and their last four), days, amounts and codes, and of texts every character and every pair of
 * neighbours. What the words find is looked at before it counts.
 */
#ifndef DESK_BOOK_FIND_H
#define DESK_BOOK_FIND_H

#include "books.h"

/* Inside the caller's transaction, after the entry itself; canonical values. */
int book_words_write(struct desk *d, const struct book *b, const struct book_entry *entry, int64_t id, struct err *e);
/* Whether an entry of this person says it in a field that is found by; blanks, width and the case of letters do not count. */
int book_person_says(struct desk *d, const char *book, int64_t person, const char *typed, bool *says, struct err *e);

#endif
