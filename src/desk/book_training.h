/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session of a register as training on record of each who took part (I1, L1). Private to the desk; inside the entry's transaction. */
#ifndef DESK_BOOK_TRAINING_H
#define DESK_BOOK_TRAINING_H

#include "books.h"

/* Everybody who took part has the lesson, nobody else has one of this session; what stands right already is left alone. Of a book that does not
 * train: nothing. ERR_FINDINGS with *f: no such lesson can have been. */
int book_lessons_write(struct desk *d, const struct book *b, const struct book_entry *entry, int64_t id, struct book_finding *f, struct err *e);
int book_lessons_remove(struct desk *d, const struct book *b, int64_t id, struct err *e);

#endif
