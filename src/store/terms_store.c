/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/terms.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "places.h"
#include "rows.h"
#include "store/member.h"
#include "store_private.h"
#include "turn.h"

#define WIPE_MS 3000 /* so long readers are given to leave the log */

struct erasing {
	struct store *s;
	struct db_erasure *out;
	struct place place[PLACES_MAX];
	size_t places;
	crypto_hash_sha256_state digest;
};

/* ?1: the project, ?2: the person. */
static int run(struct erasing *x, char *sql, int64_t person, struct err *e)
{
	sqlite3_stmt *st;
	int rc;

	if (place_prepare(x->s, sql, &st, e))
		return -1;
	sqlite3_bind_int64(st, 1, x->out->project);
	if (sqlite3_bind_parameter_count(st) > 1)
		sqlite3_bind_int64(st, 2, person);
	rc = sqlite3_step(st);
	if (rc == SQLITE_DONE)
		x->out->values += sqlite3_changes(store_db(x->s));
	sqlite3_finalize(st);
	return rc == SQLITE_DONE ? 0 : sql_error(e, store_db(x->s), rc, "erase");
}

/* In their order; all: of the person wherever it is. */
static int run_list(struct erasing *x, const char *const *list, int64_t person, struct err *e)
{
	for (; *list; list++)
		if (run(x, sqlite3_mprintf("%s", *list), person, e))
			return -1;
	return 0;
}

/* Every sealed value of a table that names person and project, or the person only. */
static int blank_places(struct erasing *x, int64_t person, bool whole, struct err *e)
{
	for (size_t i = 0; i < x->places; i++) {
		const struct place *p = &x->place[i];

		if (!p->person || (!whole && !p->project))
			continue;
		if (run(x,
			sqlite3_mprintf("UPDATE \"%w\" SET \"%w\" = %s WHERE person = ?2 AND length(\"%w\") "
					"> 0 AND (%s)",
					p->tbl, p->col, p->needed ? "x''" : "NULL", p->col,
					whole ? "?1 = ?1" : "project = ?1"),
			person, e))
			return -1;
	}
	return 0;
}

#define LINKS_HERE                                                                                           \
	"SELECT id FROM attachment_link WHERE person = ?2 AND (project = ?1 OR fact IN (SELECT id FROM "     \
	"fact WHERE project = ?1 AND person = ?2))"
#define LINKS_ALL "SELECT id FROM attachment_link WHERE person = ?2"

static const char *const in_project[] = {
	"DELETE FROM employment_field WHERE owner IN (SELECT id FROM employment WHERE person = ?2 AND "
	"project = ?1)",
	"UPDATE outbox SET title = '' WHERE person = ?2 AND project = ?1 AND title <> ''",
	"UPDATE message SET title = '' WHERE person = ?2 AND project = ?1 AND title <> ''",
	"DELETE FROM draft WHERE person = ?2 AND project = ?1",
	"DELETE FROM book_word WHERE entry IN (SELECT id FROM book_entry WHERE person = ?2 AND project = ?1)",
	/* before-images of rows: taking back is over with the term */
	"UPDATE act SET changes = NULL WHERE changes IS NOT NULL AND id IN (SELECT act FROM fact WHERE "
	"person = ?2 AND project = ?1)",
	"DELETE FROM attachment_upload WHERE link IN (" LINKS_HERE ")",
	"DELETE FROM attachment_link WHERE id IN (" LINKS_HERE ")",
	NULL,
};
static const char *const everywhere[] = {
	"DELETE FROM attachment_upload WHERE link IN (" LINKS_ALL ") AND ?1 = ?1",
	"DELETE FROM attachment_link WHERE id IN (" LINKS_ALL ") AND ?1 = ?1",
	"DELETE FROM person_field WHERE owner = ?2 AND ?1 = ?1",
	"DELETE FROM person_index WHERE person = ?2 AND ?1 = ?1",
	"DELETE FROM book_word WHERE entry IN (SELECT id FROM book_entry WHERE person = ?2 AND ?1 = ?1)",
	"DELETE FROM worker_code WHERE person = ?2 AND ?1 = ?1",
	"DELETE FROM work_history WHERE person = ?2 AND ?1 = ?1",
	"UPDATE document SET hash = randomblob(16) WHERE person = ?2 AND ?1 = ?1", /* a keyed hash of the
										      number */
	"UPDATE person SET name = '' WHERE id = ?2 AND ?1 = ?1",
	NULL,
};
/* What nobody links to any more; the hash names the content, and would find it again. */
static const char *const orphans[] = {
	"DELETE FROM attachment_content WHERE attachment IN (SELECT id FROM attachment a WHERE ?1 = ?1 AND "
	"NOT EXISTS"
	" (SELECT 1 FROM attachment_link l WHERE l.attachment = a.id))",
	"UPDATE attachment SET hash = 'erased:' || uid, bytes = 0 WHERE ?1 = ?1 AND bytes > 0 AND NOT EXISTS"
	" (SELECT 1 FROM attachment_content c WHERE c.attachment = attachment.id)",
	NULL,
};
/* What arrived names its subject in a sealed body only; drafts of people not registered yet. */
static const char *const of_project[] = {
	"UPDATE inbox SET body_sealed = NULL WHERE project = ?1 AND body_sealed IS NOT NULL",
	"DELETE FROM draft WHERE project = ?1",
	NULL,
};

/* The person and the files that were merged into his, at any remove. */
static int ids_of(struct store *s, const char *sql, int64_t arg, int64_t **ids, size_t *n, struct err *e)
{
	size_t room = 0;
	struct query q;
	int got;

	*ids = NULL;
	*n = 0;
	query_open(&q, s, sql);
	bind_int(&q, arg);
	while ((got = query_step(&q, e)) > 0) {
		if (*n == room) {
			int64_t *more = realloc(*ids, (room = room ? 2 * room : 64) * sizeof(**ids));

			if (!more) {
				got = err_set(e, ERR_MEMORY, "people");
				break;
			}
			*ids = more;
		}
		(*ids)[(*n)++] = col_int(&q, 0);
	}
	query_close(&q);
	return got;
}

static int stands_elsewhere(struct store *s, int64_t person, bool *elsewhere, struct err *e)
{
	struct query q;
	int64_t any;

	query_open(&q, s, "SELECT 1 FROM member WHERE person = ? LIMIT 1");
	bind_int(&q, person);
	if (query_int(&q, &any, 0, e))
		return -1;
	*elsewhere = any != 0;
	return 0;
}

static int note_digest(struct erasing *x, const char *sql, int64_t id, struct err *e)
{
	char text[DIGEST_TEXT] = "";
	struct query q;
	int got;

	query_open(&q, x->s, sql);
	bind_int(&q, id);
	got = query_step(&q, e);
	if (got > 0)
		COL_TEXT(&q, 0, text);
	query_close(&q);
	crypto_hash_sha256_update(&x->digest, (const unsigned char *)text, strlen(text) + 1);
	return got < 0 ? -1 : 0;
}

static int erase_files(struct erasing *x, const int64_t *ids, size_t n, struct err *e)
{
	bool elsewhere;

	for (size_t i = 0; i < n; i++)
		if (blank_places(x, ids[i], false, e) || run_list(x, in_project, ids[i], e) ||
		    db_member_drop(x->s, x->out->project, ids[i], e))
			return -1;
	if (stands_elsewhere(x->s, ids[0], &elsewhere, e))
		return -1;
	for (size_t i = 0; i < n && !elsewhere; i++)
		if (blank_places(x, ids[i], true, e) || run_list(x, everywhere, ids[i], e))
			return -1;
	x->out->whole += !elsewhere;
	return 0;
}

static int erase_person(struct erasing *x, int64_t person, struct err *e)
{
	int64_t *ids = NULL;
	size_t n = 0;
	int last;

	last = note_digest(x, "SELECT uid FROM person WHERE id = ?", person, e) ||
			       ids_of(x->s,
				      "WITH RECURSIVE them(id, step) AS (SELECT ?1, 0 UNION SELECT p.id, "
				      "step + 1 FROM person p JOIN them ON "
				      "p.merged_into = them.id) SELECT id FROM them ORDER BY step",
				      person, &ids, &n, e) ||
			       erase_files(x, ids, n, e)
		       ? -1
		       : 0;
	free(ids);
	x->out->people++;
	return last;
}

static int begin(struct erasing *x, struct store *s, struct db_erasure *out, struct err *e)
{
	x->s = s;
	x->out = out;
	out->people = out->whole = out->pictures = out->values = 0;
	crypto_hash_sha256_init(&x->digest);
	return places_load(s, x->place, &x->places, e) || places_maintenance(s, true, e) ? -1 : 0;
}

static int write_erasure(struct store *s, struct db_erasure *r, struct err *e)
{
	struct query q;

	uid_new(r->uid);
	r->at_ms = clock_now_ms();
	query_open(&q, s,
		   "INSERT INTO erasure(uid, project, kind, account, at_ms, people, whole, pictures, vals, "
		   "digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	bind_text(&q, r->uid);
	bind_int(&q, r->project);
	bind_text(&q, r->kind);
	bind_int(&q, r->account);
	bind_int(&q, r->at_ms);
	bind_int(&q, r->people);
	bind_int(&q, r->whole);
	bind_int(&q, r->pictures);
	bind_int(&q, r->values);
	bind_text(&q, r->digest);
	return query_insert(&q, &r->id, e);
}

static int content_gone(struct erasing *x, struct err *e)
{
	if (run(x, sqlite3_mprintf("%s", orphans[0]), 0, e))
		return -1;
	x->out->pictures = sqlite3_changes(store_db(x->s));
	return run(x, sqlite3_mprintf("%s", orphans[1]), 0, e);
}

static int finish(struct erasing *x, struct err *e)
{
	unsigned char hash[crypto_hash_sha256_BYTES];

	if (content_gone(x, e) || places_maintenance(x->s, false, e))
		return -1;
	crypto_hash_sha256_final(&x->digest, hash);
	sodium_bin2hex(x->out->digest, DIGEST_TEXT, hash, sizeof(hash));
	return write_erasure(x->s, x->out, e);
}

/* Whoever the project ever knew; those on the roster of a person that somebody was merged into come with him.
 */
static const char people_of_project[] =
	"SELECT p.id FROM person p WHERE p.merged_into IS NULL AND p.id IN (SELECT person FROM member WHERE "
	"project = ?1 UNION SELECT person FROM "
	"employment WHERE project = ?1 UNION SELECT person FROM fact WHERE project = ?1 AND person IS NOT "
	"NULL) ORDER BY p.id";

int db_erase_facts(struct store *s, struct db_erasure *out, struct err *e)
{
	struct erasing *x = calloc(1, sizeof(*x));
	int64_t *people = NULL;
	size_t n = 0;
	int last;

	if (!x)
		return err_set(e, ERR_MEMORY, "erase");
	last = begin(x, s, out, e) || ids_of(s, people_of_project, out->project, &people, &n, e) ? -1 : 0;
	for (size_t i = 0; i < n && !last; i++)
		last = erase_person(x, people[i], e);
	last = last || run_list(x, of_project, 0, e) || finish(x, e) ? -1 : 0;
	free(people);
	free(x);
	return last;
}

/* --- attendance pictures -------------------------------------------------------------------------------- */

#define OLD_PICTURES                                                                                         \
	"FROM attachment_link WHERE role = '" ROLE_CLOCK "' AND made_ms < ?2 AND (project = ?1 OR fact IN (SELECT id FROM fact WHERE project = ?1))"

static const char *const old_pictures[] = {
	"DELETE FROM attachment_upload WHERE link IN (SELECT id " OLD_PICTURES ")",
	"DELETE " OLD_PICTURES,
	NULL,
};

static int digest_pictures(struct erasing *x, int64_t before_ms, struct err *e)
{
	struct query q;
	char hash[DIGEST_TEXT];
	int got;

	query_open(&q, x->s,
		   "SELECT a.hash FROM attachment a WHERE a.id IN (SELECT attachment " OLD_PICTURES
		   ") ORDER BY a.id");
	bind_int(&q, x->out->project);
	bind_int(&q, before_ms);
	while ((got = query_step(&q, e)) > 0) {
		COL_TEXT(&q, 0, hash);
		crypto_hash_sha256_update(&x->digest, (const unsigned char *)hash, strlen(hash) + 1);
	}
	query_close(&q);
	return got;
}

int db_erase_pictures(struct store *s, int64_t before_ms, struct db_erasure *out, struct err *e)
{
	struct erasing *x = calloc(1, sizeof(*x));
	int last;

	if (!x)
		return err_set(e, ERR_MEMORY, "erase");
	last = begin(x, s, out, e) || digest_pictures(x, before_ms, e) ||
			       run_list(x, old_pictures, before_ms, e) || finish(x, e)
		       ? -1
		       : 0;
	free(x);
	return last;
}

int db_terms_people(struct store *s, int64_t project, int64_t *out, struct err *e)
{
	struct query q;

	query_open(&q, s, "SELECT count(*) FROM member WHERE project = ?");
	bind_int(&q, project);
	return query_int(&q, out, 0, e);
}

int db_terms_pictures(struct store *s, int64_t project, int64_t before_ms, int64_t *out, struct err *e)
{
	struct query q;

	query_open(&q, s, "SELECT count(*) " OLD_PICTURES);
	bind_int(&q, project);
	bind_int(&q, before_ms);
	return query_int(&q, out, 0, e);
}

/* --- what was erased ---------------------------------------------------------------------------------------
 */

static int read_erasure(struct query *q, void *row, struct err *e)
{
	struct db_erasure *r = row;

	(void)e;
	*r = (struct db_erasure){.id = col_int(q, 0),
				 .project = col_int(q, 2),
				 .account = col_int(q, 4),
				 .at_ms = col_int(q, 5),
				 .people = col_int(q, 6),
				 .whole = col_int(q, 7),
				 .pictures = col_int(q, 8),
				 .values = col_int(q, 9)};
	COL_TEXT(q, 1, r->uid);
	COL_TEXT(q, 3, r->kind);
	COL_TEXT(q, 10, r->digest);
	COL_TEXT(q, 11, r->by);
	return 0;
}

const char sql_erasure_page[] =
	"SELECT r.id, r.uid, r.project, r.kind, r.account, r.at_ms, r.people, r.whole, r.pictures, r.vals, "
	"r.digest, a.display FROM erasure r JOIN "
	"account a ON a.id = r.account WHERE r.project = ?1 AND r.id < ?2 ORDER BY r.id DESC LIMIT ?3";

int db_erasure_page(struct store *s, int64_t project, int64_t before, struct db_erasure *rows, size_t cap,
		    size_t *n, struct err *e)
{
	struct query q;

	query_open(&q, s, sql_erasure_page);
	bind_int(&q, project);
	bind_int(&q, before ? before : INT64_MAX);
	bind_int(&q, (int64_t)cap);
	return rows_all(&q, read_erasure, rows, sizeof(*rows), cap, n, e);
}

/* Without waiting for anybody: whoever waited in the middle of it would keep writers out as long as somebody reads. First what can be done beside
 * them, so that next to nothing is left. */
static int begin_log_anew(struct store *s, int mode, bool *done, struct err *e)
{
	int rc;

	if (store_checkpoint(s, e))
		return -1;
	s->hasty = true;
	rc = sqlite3_wal_checkpoint_v2(store_db(s), NULL, mode, NULL, NULL);
	s->hasty = false;
	*done = rc == SQLITE_OK;
	return rc == SQLITE_OK || (rc & 0xFF) == SQLITE_BUSY ? 0 : sql_error(e, store_db(s), rc, "checkpoint");
}

int store_short_log(struct store *s, struct err *e)
{
	bool done;

	return begin_log_anew(s, SQLITE_CHECKPOINT_RESTART, &done, e);
}

int store_wipe_log(struct store *s, bool *clean, struct err *e)
{
	int64_t began = clock_steady_ms(), waited = 0;

	do {
		if (begin_log_anew(s, SQLITE_CHECKPOINT_TRUNCATE, clean, e))
			return -1;
		if (!*clean)
			turn_pause(WIPE_MS, false);
		waited = clock_steady_ms() - began;
	} while (!*clean && waited < WIPE_MS);
	return 0;
}
