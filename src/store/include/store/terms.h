/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Erasing what is due, and all that is kept about a person (QUALITY S8; REQUIREMENTS L6; PIPL articles 19, 45, 47).
 *
 * Erased is a person's part in a project: every sealed value of it, pictures, drafts, search rows, roster row. Whoever stands in no other project is erased
 * altogether: name, documents, fields, indexes. What stays are rows without a person behind them: facts (event, day, who recorded), operations, the
 * audit log. Connections overwrite what they delete (PRAGMA secure_delete); store_wipe_log() takes the bytes out of the log too. Backups that were
 * made before still have them.
 */
#ifndef STORE_TERMS_H
#define STORE_TERMS_H

#include "base/uid.h"
#include "store/store.h"

#define DIGEST_TEXT 65
/* The role of attachments that are pictures of clocking on and off. */
#define ROLE_CLOCK "clock"

struct db_erasure {
	int64_t id, project, account, at_ms;
	char uid[UID_TEXT], kind[16]; /* "facts", "pictures" */
	int64_t people, whole, pictures, values;
	char digest[DIGEST_TEXT];
	char by[256]; /* read only: display name */
};

/* What there is to erase: people on the project's roster; attendance pictures made before an instant. */
int db_terms_people(struct store *s, int64_t project, int64_t *out, struct err *e);
int db_terms_pictures(struct store *s, int64_t project, int64_t before_ms, int64_t *out, struct err *e);
/* In a transaction. out: project, kind and account as given; the rest is set, and the row is written. */
int db_erase_facts(struct store *s, struct db_erasure *out, struct err *e);
int db_erase_pictures(struct store *s, int64_t before_ms, struct db_erasure *out, struct err *e);
int db_erasure_page(struct store *s, int64_t project, int64_t before, struct db_erasure *rows, size_t cap, size_t *n, struct err *e); /* newest first */

/*
 * Everything that the file holds about a person, merged files of his among it: row by row, sealed values opened. value: text, or bytes where text is
 * NULL. A picture's bytes are the column "content" of the table "attachment_content". Needs the data key.
 */
struct whole_value { const char *table, *column, *text; const void *bytes; size_t n; int64_t row; /* counts from 1 in each table */ };
typedef int whole_taker(void *arg, const struct whole_value *v, struct err *e);
int db_person_whole(struct store *s, int64_t person, whole_taker *take, void *arg, struct err *e);

/* Outside transactions: everything out of the log and the log emptied. *clean false: others were reading; it is emptied when the last of them leaves. */
int store_wipe_log(struct store *s, bool *clean, struct err *e);
/* Outside transactions, in the middle of long work: the log begins anew where nobody is in the way, so that it does not grow with the work. Waits for
 * nobody, and nobody waits for it longer than the last pages take. */
int store_short_log(struct store *s, struct err *e);

#endif
