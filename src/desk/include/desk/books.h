/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Registers that are data (I1–I3, I5): a profile declares them (profile.h, struct book), and everything here — checks, lists, changing, deleting,
 * import, paper — follows from that. Entries are about one person of the project, or about several (a training session and who took part). What
 * was once filled stays where the field is `fixed`; other fields change as new facts; deleting is a fact too, and each can be taken back.
 */
#ifndef DESK_BOOKS_H
#define DESK_BOOKS_H

#include "desk/desk.h"
#include "office/client.h"

#define BOOK_VALUE 488
struct book_entry {
	int64_t id;                 /* 0: a new one */
	int64_t person;             /* 0: about several */
	char name[NAME_TEXT];       /* the person's */
	int64_t people;             /* how many took part */
	int64_t made_ms;
	char value[BOOK_FIELDS][BOOK_VALUE]; /* canonical, by the field's place; codes as codes */
};
/* What is wrong and where; -1: not a field's. */
struct book_finding { int field; char sentence[200]; };

/* A new entry about this person (0: about several), with what the registration knows already. */
int desk_book_begin(struct desk *d, const char *book, int64_t person, struct book_entry *out, struct err *e);
int desk_book_get(struct desk *d, const char *book, int64_t id, struct book_entry *out, struct err *e);
/* Newest first, before an id (0: from the newest); person 0: everybody's. */
int desk_book_list(struct desk *d, const char *book, int64_t person, int64_t before, struct book_entry *rows, size_t cap, size_t *n, struct err *e);
/*
 * By words: entries of those whom the roster finds by them (their subject, or who took part), and entries that say them in a column of the list or in
 * a field that the profile declares `find` (CD 3.3.5 6). Newest first, before an id. ERR_USAGE: they fit too many people.
 */
int desk_book_find(struct desk *d, const char *book, const char *typed, int64_t before, struct book_entry *rows, size_t cap, size_t *n, struct err *e);
/*
 * Values as they are typed. ERR_FINDINGS with *f; ERR_DUPLICATE: there is one of this person and key. persons: who took part, of a book that is
 * about several; NULL with n 0 leaves them as they are. *id: the entry's.
 */
int desk_book_save(struct desk *d, const char *book, const struct book_entry *entry, const int64_t *persons, size_t n, int64_t *id,
		   struct book_finding *f, struct err *e);
int desk_book_remove(struct desk *d, const char *book, int64_t id, const char *note, struct err *e);
int desk_book_people(struct desk *d, const char *book, int64_t id, int64_t after, int64_t *persons, size_t cap, size_t *n, struct err *e);
/* A value as it is shown: the word of a code. */
void desk_book_show(const struct desk *d, const struct book_field *f, const char *value, char *out, size_t size);
/* Its form on paper (print of the profile): a page, with who took part; rows of an office_out that is open for "pdf". */
int desk_book_paper(struct desk *d, const char *book, int64_t id, struct office_out *out, struct err *e);

#endif
