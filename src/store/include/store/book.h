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
/* Ids of those whom one of these people is the subject of, or took part in; as db_book_page(). */
int db_book_of_person(struct store *s, int64_t project, const char *book, int64_t person, bool took_part, int64_t before, int64_t *ids, size_t cap,
		      size_t *n, struct err *e);

/* --- words: what a sealed entry is found by. A word is any text; the store keeps keyed hashes only. --------------------------------- */

struct db_book_words {
	int64_t entry, project;
	const char *book;
	const char *list;        /* each ends with NUL, an empty one ends them all */
	int64_t declared;        /* by which declaration of the book they were made; not 0 */
};
int db_book_words(struct store *s, const struct db_book_words *w, struct err *e); /* in place of those it had */
int db_book_words_drop(struct store *s, int64_t entry, struct err *e);
/* Ids of entries whose words were made by another declaration, under another data key, or never. */
int db_book_words_owed(struct store *s, int64_t project, const char *book, int64_t declared, int64_t *ids, size_t cap, size_t *n, struct err *e);
struct db_book_word {
	int64_t project, declared;
	const char *book, *word, *also; /* NULL, or a second word that it must have too */
};
/* Ids, newest first, before an id (0: from the newest). *owed: nothing was looked for, because words are owed (again). */
int db_book_word_page(struct store *s, const struct db_book_word *w, int64_t before, int64_t *ids, size_t cap, size_t *n, bool *owed, struct err *e);
int db_book_person_add(struct store *s, int64_t entry, int64_t person, struct err *e);
int db_book_persons(struct store *s, int64_t entry, int64_t after, int64_t *persons, size_t cap, size_t *n, struct err *e);
int db_book_persons_clear(struct store *s, int64_t entry, struct err *e);

#endif
