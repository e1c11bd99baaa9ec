/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Entries of the registers that a profile declares (I5): their fields are one sealed JSON object, which the desk makes and reads. */
#ifndef STORE_BOOK_H
#define STORE_BOOK_H

#include "base/buf.h"
#include "base/uid.h"
#include "store/store.h"

struct db_book_entry {
	int64_t id; char uid[UID_TEXT];
	int64_t project; char book[32];
	int64_t person;          /* 0: about several */
	int64_t fact, made_ms;
	char name[256];          /* read only: the person's */
	int64_t people;          /* read only: how many took part */
	struct buf *body;        /* the caller's, as JSON; wiped by him. NULL when reading: not wanted */
};
/* key: text of the key fields, "" for none. ERR_DUPLICATE: the same key for this person stands there. */
int db_book_insert(struct store *s, const struct db_book_entry *b, const char *key, int64_t *id, struct err *e);
int db_book_update(struct store *s, const struct db_book_entry *b, const char *key, struct err *e); /* body, key, fact */
int db_book_remove(struct store *s, int64_t id, int64_t fact, struct err *e);
int db_book_get(struct store *s, int64_t id, struct db_book_entry *out, struct err *e); /* not removed; out->body may be set */
/* The entry of this person and key; *id 0: none. */
int db_book_find(struct store *s, int64_t project, const char *book, int64_t person, const char *key, int64_t *id, struct err *e);
/* Ids, newest first, before an id (0: from the newest); person 0: everybody's. */
int db_book_page(struct store *s, int64_t project, const char *book, int64_t person, int64_t before, int64_t *ids, size_t cap, size_t *n, struct err *e);
int db_book_person_add(struct store *s, int64_t entry, int64_t person, struct err *e);
int db_book_persons(struct store *s, int64_t entry, int64_t after, int64_t *persons, size_t cap, size_t *n, struct err *e);
int db_book_persons_clear(struct store *s, int64_t entry, struct err *e);

#endif
