/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Private to the desk: what the import of a register needs of desk/books.h. */
#ifndef DESK_BOOKS_PRIVATE_H
#define DESK_BOOKS_PRIVATE_H

#include "desk/books.h"
#include "desk_private.h"

#define BOOKS_MAY (ROLE_CLERK | ROLE_SUBCONTRACTOR_CLERK | ROLE_PROJECT_MANAGER | ROLE_COMPANY_HR | ROLE_LEGAL_REPRESENTATIVE)

/* ERR_NO_SUCH: the region keeps none of that name. */
int book_of(struct desk *d, const char *name, const struct book **out, struct err *e);
/* Typed into canonical, in place. false: not of the field's kind; the sentence says what is expected. */
bool book_normalise(const struct desk *d, const struct book_field *f, char value[BOOK_VALUE], char *sentence, size_t size);
/* desk_book_save() inside the caller's transaction, values canonical already. *changed: something was written. */
int book_write(struct desk *d, const struct book *b, const struct book_entry *entry, const int64_t *persons, size_t n, int64_t *id, bool *changed,
	       struct book_finding *f, struct err *e);
/* An entry for the wire: whoever asks, of whatever book. Wiped by the caller. */
int book_told(struct desk *d, int64_t id, const struct book **b, struct book_entry *out, struct err *e);
/* The entry of this person and these key values; *id 0: none. */
int book_find(struct desk *d, const struct book *b, const struct book_entry *entry, int64_t *id, struct err *e);

#endif
