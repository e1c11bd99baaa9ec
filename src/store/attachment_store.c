/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sodium.h>

#include "rows.h"
#include "store/person.h"

#define SEALED_AS "attachment_content.content_sealed"

static void hash_text(const void *data, size_t bytes, char out[ATTACHMENT_HASH])
{
	unsigned char hash[crypto_hash_sha256_BYTES];

	crypto_hash_sha256(hash, data, bytes);
	sodium_bin2hex(out, ATTACHMENT_HASH, hash, sizeof(hash));
}

static int put_content(struct store *s, int64_t id, const char *uid, const void *data, size_t bytes,
		       struct err *e)
{
	struct query q;

	query_open(&q, s, "INSERT INTO attachment_content(attachment, content_sealed) VALUES (?, ?)");
	bind_int(&q, id);
	bind_sealed(&q, uid, SEALED_AS, data, bytes);
	return query_run(&q, e);
}

static int put_attachment(struct store *s, const char *hash, const char *mime, const void *data, size_t bytes,
			  int64_t *id, struct err *e)
{
	char uid[UID_TEXT];
	struct query q;

	query_open(&q, s, "SELECT id FROM attachment WHERE hash = ?");
	bind_text(&q, hash);
	if (query_int(&q, id, 0, e) || *id)
		return *id ? 0 : -1;
	uid_new(uid);
	query_open(&q, s, "INSERT INTO attachment(uid, hash, mime, bytes, made_ms) VALUES (?, ?, ?, ?, ?)");
	bind_text(&q, uid);
	bind_text(&q, hash);
	bind_text(&q, mime);
	bind_int(&q, (int64_t)bytes);
	bind_int(&q, clock_now_ms());
	if (query_insert(&q, id, e))
		return -1;
	return put_content(s, *id, uid, data, bytes, e);
}

int db_attachment_add(struct store *s, int64_t project, int64_t person, int64_t fact, const char *role,
		      const char *mime, const void *data, size_t bytes, int64_t *id, struct err *e)
{
	char hash[ATTACHMENT_HASH];
	int64_t made = 0;
	struct query q;

	if (!bytes || bytes > VAULT_MAX)
		return err_set(e, ERR_TOO_LARGE, "attachment of %zu bytes", bytes);
	hash_text(data, bytes, hash);
	if (put_attachment(s, hash, mime, data, bytes, &made, e))
		return -1;
	query_open(&q, s,
		   "INSERT INTO attachment_link(attachment, project, person, fact, role, made_ms) VALUES (?, "
		   "?, ?, ?, ?, ?)");
	bind_int(&q, made);
	bind_ref(&q, project);
	bind_ref(&q, person);
	bind_ref(&q, fact);
	bind_text(&q, role);
	bind_int(&q, clock_now_ms());
	if (query_run(&q, e))
		return -1;
	if (id)
		*id = made;
	return 0;
}

int db_attachment_share(struct store *s, int64_t attachment, int64_t person, int64_t fact, const char *role, struct err *e)
{
	struct query q;

	query_open(&q, s, "INSERT INTO attachment_link(attachment, person, fact, role, made_ms) VALUES (?, ?, ?, ?, ?)");
	bind_int(&q, attachment);
	bind_int(&q, person);
	bind_int(&q, fact);
	bind_text(&q, role);
	bind_int(&q, clock_now_ms());
	return query_run(&q, e);
}

static int read_attachment(struct query *q, void *row, struct err *e)
{
	struct db_attachment *a = row;

	(void)e;
	*a = (struct db_attachment){
		.id = col_int(q, 0), .bytes = col_int(q, 3), .link = col_int(q, 5), .made_ms = col_int(q, 6)};
	COL_TEXT(q, 1, a->hash);
	COL_TEXT(q, 2, a->mime);
	COL_TEXT(q, 4, a->role);
	return 0;
}

int db_attachment_latest(struct store *s, int64_t person, const char *role, struct db_attachment *out,
			 struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "SELECT a.id, a.hash, a.mime, a.bytes, l.role, l.id, l.made_ms FROM attachment_link l "
		   "JOIN attachment a ON a.id = l.attachment"
		   " WHERE l.person = ? AND l.role = ? ORDER BY l.id DESC LIMIT 1");
	bind_int(&q, person);
	bind_text(&q, role);
	return rows_one(&q, read_attachment, out, "attachment", e);
}

int db_attachment_get(struct store *s, int64_t id, struct db_attachment *out, struct err *e)
{
	struct query q;

	query_open(&q, s, "SELECT id, hash, mime, bytes, '', 0, made_ms FROM attachment WHERE id = ?");
	bind_int(&q, id);
	return rows_one(&q, read_attachment, out, "attachment", e);
}

int db_attachment_by_hash(struct store *s, const char *hash, struct db_attachment *out, struct err *e)
{
	struct query q;

	query_open(&q, s, "SELECT id, hash, mime, bytes, '', 0, made_ms FROM attachment WHERE hash = ?");
	bind_text(&q, hash);
	return rows_one(&q, read_attachment, out, "attachment", e);
}

int db_attachment_content(struct store *s, int64_t id, struct buf *out, struct err *e)
{
	char uid[UID_TEXT];
	struct query q;
	int last;

	query_open(&q, s,
		   "SELECT a.uid, c.content_sealed FROM attachment a JOIN attachment_content c ON "
		   "c.attachment = a.id WHERE a.id = ?");
	bind_int(&q, id);
	last = query_one(&q, "attachment", e);
	if (!last) {
		COL_TEXT(&q, 0, uid);
		last = col_sealed(&q, 1, uid, SEALED_AS, out, e);
	}
	query_close(&q);
	return last;
}

int db_attachment_by_fact(struct store *s, int64_t fact, struct db_attachment *out, struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "SELECT a.id, a.hash, a.mime, a.bytes, l.role, l.id, l.made_ms FROM attachment_link l "
		   "JOIN attachment a ON a.id = l.attachment WHERE l.fact = ? ORDER BY l.id DESC LIMIT 1");
	bind_int(&q, fact);
	return rows_one(&q, read_attachment, out, "attachment", e);
}

int db_attachment_of_fact(struct store *s, int64_t fact, bool *any, struct err *e)
{
	int64_t found;
	struct query q;

	query_open(&q, s, "SELECT 1 FROM attachment_link WHERE fact = ? LIMIT 1");
	bind_int(&q, fact);
	if (query_int(&q, &found, 0, e))
		return -1;
	*any = found != 0;
	return 0;
}
