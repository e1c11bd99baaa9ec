/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "platform/pstore.h"

#include <sqlite3.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/json.h"
#include "base/text.h"

#define CACHE 48
#define SCHEMA_VERSION 1

struct pstore {
	sqlite3 *db;
	struct {
		const char *sql;
		sqlite3_stmt *stmt;
	} cache[CACHE];
};

/* The data dictionary. Facts of people stand in clear here: this is the platform's own machine; the file is
 * 0600. */
static const char schema[] =
	"CREATE TABLE boxes (id INTEGER PRIMARY KEY, label TEXT NOT NULL UNIQUE, token BLOB NOT NULL UNIQUE,"
	" uid TEXT NOT NULL DEFAULT '', epoch INTEGER NOT NULL DEFAULT 0, sequence INTEGER NOT NULL DEFAULT "
	"0);"
	/* an operation that was decided, with the hash of its content; those refused for a missing dependency
	   are not kept */
	"CREATE TABLE operations (id INTEGER PRIMARY KEY, box INTEGER NOT NULL REFERENCES boxes, op TEXT NOT "
	"NULL, kind TEXT NOT NULL,"
	" subject TEXT NOT NULL, sequence INTEGER NOT NULL, hash BLOB NOT NULL, status TEXT NOT NULL, code "
	"TEXT NOT NULL,"
	" reason TEXT NOT NULL, field TEXT NOT NULL, received_ms INTEGER NOT NULL, UNIQUE (box, op));"
	"CREATE TABLE records (uid TEXT PRIMARY KEY, box INTEGER NOT NULL REFERENCES boxes, entity TEXT NOT "
	"NULL, state TEXT NOT NULL,"
	" relation TEXT NOT NULL, person TEXT NOT NULL, parent TEXT NOT NULL, corp TEXT NOT NULL, entered_on "
	"TEXT NOT NULL,"
	" exited_on TEXT NOT NULL, body TEXT NOT NULL, applied INTEGER NOT NULL, changed_ms INTEGER NOT "
	"NULL) WITHOUT ROWID;"
	"CREATE INDEX records_state ON records (entity, state, changed_ms);"
	"CREATE INDEX records_person ON records (person, entity) WHERE person <> '';"
	"CREATE INDEX records_parent ON records (parent, entity) WHERE parent <> '';"
	"CREATE INDEX records_document ON records (json_extract(body, '$.idCardType'), json_extract(body, "
	"'$.idCardNumber'))"
	" WHERE entity = 'person';"
	"CREATE TABLE changes (seq INTEGER PRIMARY KEY AUTOINCREMENT, box INTEGER NOT NULL REFERENCES boxes, "
	"uid TEXT NOT NULL UNIQUE,"
	" kind TEXT NOT NULL, subject TEXT NOT NULL, at_ms INTEGER NOT NULL, on_date TEXT NOT NULL, by TEXT "
	"NOT NULL, note TEXT NOT NULL);"
	"CREATE INDEX changes_box ON changes (box, seq);"
	/* calls of the open.api: accepted, judged later */
	"CREATE TABLE tickets (id INTEGER PRIMARY KEY, box INTEGER NOT NULL REFERENCES boxes, serial TEXT NOT NULL, "
	"method TEXT NOT NULL,"
	" data TEXT NOT NULL, due_ms INTEGER NOT NULL, status INTEGER NOT NULL, result TEXT NOT NULL, UNIQUE (box, "
	"serial));"
	"CREATE INDEX tickets_due ON tickets (id) WHERE status = 0;"
	"CREATE VIEW persons AS SELECT uid, body->>'$.workerName' AS name, body->>'$.idCardType' AS "
	"document_type,"
	" body->>'$.idCardNumber' AS document, body->>'$.cellPhone' AS phone, body, applied FROM records "
	"WHERE entity = 'person';"
	"CREATE VIEW employments AS SELECT uid, person, state, corp, parent AS participant, "
	"body->>'$.workType' AS trade,"
	" body->>'$.wage' AS wage, body, applied FROM records WHERE entity = 'employment';"
	"CREATE VIEW assignments AS SELECT uid, person, parent AS employment, state, body->>'$.team' AS "
	"team, entered_on, exited_on, body,"
	" applied FROM records WHERE entity = 'assignment';"
	"CREATE VIEW teams AS SELECT uid, body->>'$.teamName' AS name, state, relation, parent AS "
	"participant, entered_on, exited_on,"
	" applied FROM records WHERE entity = 'team';"
	"CREATE VIEW participants AS SELECT uid, body->>'$.corpName' AS name, corp, state, entered_on, "
	"exited_on, applied FROM records"
	" WHERE entity = 'participant';"
	"CREATE VIEW companies AS SELECT uid, body->>'$.corpName' AS name, corp, applied FROM records WHERE "
	"entity = 'company';"
	"PRAGMA user_version = 1;";

/* What came later; made on opening, in stores of any age. */
static const char additions[] =
	/* contents by hash, in parts as they came; complete once they hash to their name */
	"CREATE TABLE IF NOT EXISTS attachments (sha256 TEXT PRIMARY KEY, mime TEXT NOT NULL, bytes INTEGER NOT NULL, "
	"complete INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;"
	"CREATE TABLE IF NOT EXISTS attachment_parts (sha256 TEXT NOT NULL REFERENCES attachments, at INTEGER NOT NULL, "
	"data BLOB NOT NULL, PRIMARY KEY (sha256, at));"
	"CREATE TABLE IF NOT EXISTS attachment_links (box INTEGER NOT NULL REFERENCES boxes, sha256 TEXT NOT NULL REFERENCES "
	"attachments, person TEXT NOT NULL, role TEXT NOT NULL, PRIMARY KEY (box, sha256, person, role)) WITHOUT ROWID;"
	/* what a change says of fields: JSON array of {name, from, to}, and the box's highest sequence then */
	"CREATE TABLE IF NOT EXISTS change_fields (change TEXT PRIMARY KEY, base INTEGER NOT NULL, fields TEXT NOT NULL) "
	"WITHOUT ROWID;"
	/* whose document a person's record bears: SHA-256 of the number */
	"CREATE TABLE IF NOT EXISTS person_documents (person TEXT PRIMARY KEY, hash TEXT NOT NULL) WITHOUT ROWID;"
	"CREATE INDEX IF NOT EXISTS person_documents_hash ON person_documents (hash);"
	/* which assignment a person.history is about */
	"CREATE TABLE IF NOT EXISTS change_works (change TEXT PRIMARY KEY, work TEXT NOT NULL) WITHOUT ROWID;"
	"CREATE INDEX IF NOT EXISTS operations_sequence ON operations (box, sequence);"
	"CREATE TABLE IF NOT EXISTS box_names (label TEXT PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID;"
	/* one-time codes by their hash; box: who used it */
	"CREATE TABLE IF NOT EXISTS enrolments (hash BLOB PRIMARY KEY, label TEXT NOT NULL, box TEXT NOT NULL, expires_ms "
	"INTEGER NOT NULL);"
	/* people of the company who confirm */
	"CREATE TABLE IF NOT EXISTS accounts (name TEXT PRIMARY KEY, hash TEXT NOT NULL, failures INTEGER NOT NULL, "
	"locked_until_ms INTEGER NOT NULL) WITHOUT ROWID;";

static int db_err(struct pstore *s, struct err *e, const char *what)
{
	int code = sqlite3_errcode(s->db) & 0xFF;

	return err_set(e,
		       code == SQLITE_FULL   ? ERR_DISK_FULL
		       : code == SQLITE_BUSY ? ERR_BUSY
					     : ERR_SYSTEM,
		       "platform store: %.60s: %s", what, sqlite3_errstr(code));
}

static sqlite3_stmt *statement(struct pstore *s, const char *sql)
{
	size_t i = 0;

	while (i < CACHE - 1 && s->cache[i].sql && s->cache[i].sql != sql)
		i++;
	if (s->cache[i].sql != sql) {
		sqlite3_finalize(s->cache[i].stmt);
		s->cache[i].sql = NULL;
		s->cache[i].stmt = NULL;
		if (sqlite3_prepare_v3(s->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &s->cache[i].stmt, NULL) !=
		    SQLITE_OK)
			return NULL;
		s->cache[i].sql = sql;
	}
	return s->cache[i].stmt;
}

/* t: text, i: int64_t, h: hash of PSTORE_HASH bytes. sql must be a literal: its address is its name in the
 * cache. */
static sqlite3_stmt *bind(struct pstore *s, const char *sql, const char *types, ...)
{
	sqlite3_stmt *q = statement(s, sql);
	va_list ap;
	int bad = SQLITE_OK;

	if (!q)
		return NULL;
	va_start(ap, types);
	for (int i = 1; types[i - 1]; i++) {
		if (types[i - 1] == 't')
			bad |= sqlite3_bind_text(q, i, va_arg(ap, const char *), -1, SQLITE_TRANSIENT);
		else if (types[i - 1] == 'i')
			bad |= sqlite3_bind_int64(q, i, va_arg(ap, int64_t));
		else
			bad |= sqlite3_bind_blob(q, i, va_arg(ap, const void *), PSTORE_HASH,
						 SQLITE_TRANSIENT);
	}
	va_end(ap);
	return bad == SQLITE_OK ? q : NULL;
}

/* 1: a row, 0: none, -1: failed. The statement is reset but for a row. */
static int step(struct pstore *s, sqlite3_stmt *q, struct err *e)
{
	int got = q ? sqlite3_step(q) : SQLITE_ERROR;

	if (got == SQLITE_ROW)
		return 1;
	if (got != SQLITE_DONE)
		db_err(s, e, q ? sqlite3_sql(q) : "prepare");
	if (q)
		sqlite3_reset(q);
	return got == SQLITE_DONE ? 0 : -1;
}

static void text_of(sqlite3_stmt *q, int column, char *out, size_t size)
{
	const char *t = (const char *)sqlite3_column_text(q, column);

	text_copy(out, size, t ? t : "");
}

static int run(struct pstore *s, const char *sql, struct err *e)
{
	return step(s, bind(s, sql, ""), e);
}

int pstore_begin(struct pstore *s, struct err *e)
{
	return run(s, "BEGIN IMMEDIATE", e);
}

int pstore_end(struct pstore *s, bool keep, struct err *e)
{
	int last = run(s, keep ? "COMMIT" : "ROLLBACK", e);

	if (last && keep)
		run(s, "ROLLBACK", NULL);
	return last;
}

int pstore_mark(struct pstore *s, struct err *e)
{
	return run(s, "SAVEPOINT one", e);
}

int pstore_unmark(struct pstore *s, bool keep, struct err *e)
{
	if (!keep && run(s, "ROLLBACK TO one", e))
		return -1;
	return run(s, "RELEASE one", e);
}

/* --- opening --- */

static int add_tables(struct pstore *s, struct err *e)
{
	return sqlite3_exec(s->db, additions, NULL, NULL, NULL) == SQLITE_OK ? 0 : db_err(s, e, "schema");
}

static int set_up(struct pstore *s, struct err *e)
{
	sqlite3_stmt *q;
	int64_t version = -1;

	sqlite3_busy_timeout(s->db, 10000);
	if (sqlite3_exec(s->db,
			 "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON",
			 NULL, NULL, NULL) != SQLITE_OK)
		return db_err(s, e, "open");
	q = bind(s, "PRAGMA user_version", "");
	if (step(s, q, e) == 1)
		version = sqlite3_column_int64(q, 0);
	sqlite3_reset(q);
	if (version == SCHEMA_VERSION)
		return add_tables(s, e);
	if (version != 0)
		return err_set(e, ERR_DATA_NEWER, "platform store of version %lld", (long long)version);
	if (pstore_begin(s, e))
		return -1;
	if (sqlite3_exec(s->db, schema, NULL, NULL, NULL) != SQLITE_OK) {
		db_err(s, e, "schema");
		pstore_end(s, false, NULL);
		return -1;
	}
	return pstore_end(s, true, e) ? -1 : add_tables(s, e);
}

int pstore_open(struct pstore **out, const char *path, struct err *e)
{
	struct pstore *s = calloc(1, sizeof(*s));
	mode_t mask = umask(077);
	int bad;

	if (!s) {
		umask(mask);
		return err_set(e, ERR_MEMORY, "platform store");
	}
	bad = sqlite3_open_v2(path, &s->db,
			      SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX,
			      NULL) != SQLITE_OK
		      ? db_err(s, e, path)
		      : set_up(s, e);
	umask(mask);
	if (bad) {
		pstore_close(s);
		return -1;
	}
	*out = s;
	return 0;
}

void pstore_close(struct pstore *s)
{
	if (!s)
		return;
	for (size_t i = 0; i < CACHE; i++)
		sqlite3_finalize(s->cache[i].stmt);
	sqlite3_close(s->db);
	free(s);
}

/* --- boxes --- */

int pstore_token_put(struct pstore *s, const char *label, const unsigned char hash[PSTORE_HASH],
		     struct err *e)
{
	/* a label that is a box's uid binds it from the start */
	return step(s,
		    bind(s,
			 "INSERT INTO boxes (label, token, uid) VALUES (?, ?, ?) ON CONFLICT (label) DO "
			 "UPDATE SET token = excluded.token",
			 "tht", label, hash, uid_valid(label) ? label : ""),
		    e);
}

int pstore_box_by_token(struct pstore *s, const unsigned char hash[PSTORE_HASH], struct pbox *out,
			bool *found, struct err *e)
{
	sqlite3_stmt *q =
		bind(s, "SELECT id, label, uid, epoch, sequence FROM boxes WHERE token = ?", "h", hash);
	int got = step(s, q, e);

	*found = got == 1;
	if (got == 1) {
		*out = (struct pbox){.id = sqlite3_column_int64(q, 0),
				     .epoch = sqlite3_column_int64(q, 3),
				     .sequence = sqlite3_column_int64(q, 4)};
		text_of(q, 1, out->label, sizeof(out->label));
		text_of(q, 2, out->uid, sizeof(out->uid));
		sqlite3_reset(q);
	}
	return got < 0 ? -1 : 0;
}

int pstore_box_seen(struct pstore *s, const struct pbox *box, struct err *e)
{
	return step(s,
		    bind(s,
			 "UPDATE boxes SET uid = ?1, epoch = ?2, sequence = CASE WHEN epoch < ?2 THEN ?3 "
			 "ELSE max(sequence, ?3) END"
			 " WHERE id = ?4 AND epoch <= ?2",
			 "tiii", box->uid, box->epoch, box->sequence, box->id),
		    e);
}

/* --- operations --- */

int pstore_operation_get(struct pstore *s, int64_t box, const char *op, struct poperation *out, bool *found,
			 struct err *e)
{
	sqlite3_stmt *q = bind(s,
			       "SELECT id, kind, subject, sequence, hash, status, code, reason, field, "
			       "received_ms FROM operations"
			       " WHERE box = ? AND op = ?",
			       "it", box, op);
	int got = step(s, q, e);

	*found = got == 1;
	if (got != 1)
		return got;
	*out = (struct poperation){.id = sqlite3_column_int64(q, 0),
				   .box = box,
				   .sequence = sqlite3_column_int64(q, 3),
				   .received_ms = sqlite3_column_int64(q, 9)};
	text_copy(out->op, sizeof(out->op), op);
	text_of(q, 1, out->kind, sizeof(out->kind));
	text_of(q, 2, out->subject, sizeof(out->subject));
	if (sqlite3_column_bytes(q, 4) == PSTORE_HASH)
		memcpy(out->hash, sqlite3_column_blob(q, 4), PSTORE_HASH);
	text_of(q, 5, out->status, sizeof(out->status));
	text_of(q, 6, out->code, sizeof(out->code));
	text_of(q, 7, out->reason, sizeof(out->reason));
	text_of(q, 8, out->field, sizeof(out->field));
	sqlite3_reset(q);
	return 0;
}

int pstore_operation_put(struct pstore *s, struct poperation *op, struct err *e)
{
	int last = step(s,
			bind(s,
			     "INSERT INTO operations (box, op, kind, subject, sequence, hash, status, code, "
			     "reason, field, received_ms)"
			     " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			     "itttihtttti", op->box, op->op, op->kind, op->subject, op->sequence, op->hash,
			     op->status, op->code, op->reason, op->field, op->received_ms),
			e);

	if (!last)
		op->id = sqlite3_last_insert_rowid(s->db);
	return last;
}

/* --- records --- */

void precord_release(struct precord *r)
{
	if (r->body)
		wipe(r->body, strlen(r->body));
	free(r->body);
	*r = (struct precord){0};
}

int pstore_record_get(struct pstore *s, const char *uid, struct precord *out, bool *found, struct err *e)
{
	sqlite3_stmt *q = bind(s,
			       "SELECT box, entity, state, relation, person, parent, corp, entered_on, "
			       "exited_on, body, applied, changed_ms"
			       " FROM records WHERE uid = ?",
			       "t", uid);
	int got = step(s, q, e);

	*found = got == 1;
	if (got != 1)
		return got;
	*out = (struct precord){.box = sqlite3_column_int64(q, 0),
				.applied = sqlite3_column_int64(q, 10),
				.changed_ms = sqlite3_column_int64(q, 11)};
	text_copy(out->uid, sizeof(out->uid), uid);
	text_of(q, 1, out->entity, sizeof(out->entity));
	text_of(q, 2, out->state, sizeof(out->state));
	text_of(q, 3, out->relation, sizeof(out->relation));
	text_of(q, 4, out->person, sizeof(out->person));
	text_of(q, 5, out->parent, sizeof(out->parent));
	text_of(q, 6, out->corp, sizeof(out->corp));
	text_of(q, 7, out->entered_on, sizeof(out->entered_on));
	text_of(q, 8, out->exited_on, sizeof(out->exited_on));
	out->body = strdup(sqlite3_column_text(q, 9) ? (const char *)sqlite3_column_text(q, 9) : "{}");
	sqlite3_reset(q);
	return out->body ? 0 : err_set(e, ERR_MEMORY, "record");
}

int pstore_record_put(struct pstore *s, const struct precord *r, struct err *e)
{
	return step(s,
		    bind(s,
			 "INSERT OR REPLACE INTO records (uid, box, entity, state, relation, person, parent, "
			 "corp, entered_on, exited_on,"
			 " body, applied, changed_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
			 "titttttttttii", r->uid, r->box, r->entity, r->state, r->relation, r->person,
			 r->parent, r->corp, r->entered_on, r->exited_on, r->body, r->applied, r->changed_ms),
		    e);
}

int pstore_document_owner(struct pstore *s, const char *type, const char *number, const char *but,
			  char uid[UID_TEXT], struct err *e)
{
	sqlite3_stmt *q = bind(
		s,
		"SELECT uid FROM records WHERE entity = 'person' AND json_extract(body, '$.idCardType') = ?"
		" AND json_extract(body, '$.idCardNumber') = ? AND uid <> ? AND state <> 'replaced' LIMIT 1",
		"ttt", type, number, but);
	int got = step(s, q, e);

	uid[0] = '\0';
	if (got == 1) {
		text_of(q, 0, uid, UID_TEXT);
		sqlite3_reset(q);
	}
	return got < 0 ? -1 : 0;
}

int pstore_document_owner_in(struct pstore *s, int64_t box, const char *type, const char *number, const char *but,
			     char uid[UID_TEXT], struct err *e)
{
	sqlite3_stmt *q = bind(
		s,
		"SELECT uid FROM records WHERE entity = 'person' AND json_extract(body, '$.idCardType') = ?"
		" AND json_extract(body, '$.idCardNumber') = ? AND uid <> ? AND box = ? AND state <> 'replaced' LIMIT 1",
		"ttti", type, number, but, box);
	int got = step(s, q, e);

	uid[0] = '\0';
	if (got == 1) {
		text_of(q, 0, uid, UID_TEXT);
		sqlite3_reset(q);
	}
	return got < 0 ? -1 : 0;
}

int pstore_made_by(struct pstore *s, struct pstore_made *by, char (*uids)[UID_TEXT], size_t cap, size_t *n, struct err *e)
{
	sqlite3_stmt *q = bind(s,
			       "SELECT r.uid, o.sequence FROM operations o CROSS JOIN records r ON r.uid = o.subject WHERE o.box = ? AND o.sequence BETWEEN ? "
			       "AND ? AND o.kind = ? AND o.status = 'accepted' AND r.box = o.box AND r.uid <> ? AND r.state <> 'replaced' "
			       "ORDER BY o.sequence",
			       "iiitt", by->box, by->first, by->last, by->kind, by->but);
	int got = 0;

	*n = 0;
	while (*n < cap && (got = step(s, q, e)) == 1) {
		by->first = sqlite3_column_int64(q, 1) + 1;
		text_of(q, 0, uids[(*n)++], UID_TEXT);
	}
	if (got == 1)
		sqlite3_reset(q);
	return got < 0 ? -1 : 0;
}

int pstore_replace(struct pstore *s, const char *uid, struct err *e)
{
	return step(s,
		    bind(s,
			 "UPDATE records SET state = 'replaced' WHERE uid IN (WITH RECURSIVE of(uid) AS (SELECT ? UNION SELECT r.uid FROM of, "
			 "records r WHERE (r.person <> '' AND r.person = of.uid) OR (r.parent <> '' AND r.parent = of.uid)) SELECT uid FROM of)",
			 "t", uid),
		    e);
}

int pstore_given_up(struct pstore *s, const char *person, bool *yes, struct err *e)
{
	sqlite3_stmt *q = bind(s,
			       "SELECT 1 FROM records WHERE entity = 'employment' AND person = ?1 AND NOT EXISTS (SELECT 1 FROM "
			       "records o WHERE o.entity = 'employment' AND o.person = ?1 AND o.state NOT IN ('refused', "
			       "'withdrawn', 'left', 'dismissed', 'ended')) LIMIT 1",
			       "t", person);
	int got = step(s, q, e);

	*yes = got == 1;
	if (got == 1)
		sqlite3_reset(q);
	return got < 0 ? -1 : 0;
}

int pstore_employed_elsewhere(struct pstore *s, const char *person, const char *corp, bool *yes,
			      struct err *e)
{
	sqlite3_stmt *q =
		bind(s,
		     "SELECT 1 FROM records WHERE entity = 'employment' AND corp <> ?2 AND state IN "
		     "('processing', 'registered', 'leaving',"
		     " 'dismissing', 'leaving_on') AND person IN (SELECT p.uid FROM records p, records me "
		     "WHERE me.uid = ?1 AND p.entity = 'person'"
		     " AND json_extract(p.body, '$.idCardType') = json_extract(me.body, '$.idCardType')"
		     " AND json_extract(p.body, '$.idCardNumber') = json_extract(me.body, '$.idCardNumber')) "
		     "LIMIT 1",
		     "tt", person, corp);
	int got = step(s, q, e);

	*yes = got == 1;
	if (got == 1)
		sqlite3_reset(q);
	return got < 0 ? -1 : 0;
}

int pstore_due(struct pstore *s, const char *entity, const char *state, bool by_relation, int64_t before_ms,
	       char (*uids)[UID_TEXT], size_t cap, size_t *n, struct err *e)
{
	sqlite3_stmt *q = by_relation ? bind(s,
					     "SELECT uid FROM records WHERE entity = ? AND relation = ? AND "
					     "changed_ms <= ? ORDER BY changed_ms LIMIT ?",
					     "ttii", entity, state, before_ms, (int64_t)cap)
				      : bind(s,
					     "SELECT uid FROM records WHERE entity = ? AND state = ? AND "
					     "changed_ms <= ? ORDER BY changed_ms LIMIT ?",
					     "ttii", entity, state, before_ms, (int64_t)cap);
	int got;

	*n = 0;
	while ((got = step(s, q, e)) == 1)
		text_of(q, 0, uids[(*n)++], UID_TEXT);
	return got;
}

int pstore_children(struct pstore *s, const char *parent, const char *entity, char (*uids)[UID_TEXT],
		    size_t cap, size_t *n, struct err *e)
{
	sqlite3_stmt *q = bind(s, "SELECT uid FROM records WHERE parent = ? AND entity = ? LIMIT ?", "tti",
			       parent, entity, (int64_t)cap);
	int got;

	*n = 0;
	while ((got = step(s, q, e)) == 1)
		text_of(q, 0, uids[(*n)++], UID_TEXT);
	return got;
}

int pstore_on_site(struct pstore *s, char (*uids)[UID_TEXT], size_t cap, size_t *n, struct err *e)
{
	sqlite3_stmt *q = bind(s,
			       "SELECT DISTINCT person FROM records WHERE entity = 'assignment' AND state = 'on_site' "
			       "ORDER BY person LIMIT ?",
			       "i", (int64_t)cap);
	int got;

	*n = 0;
	while ((got = step(s, q, e)) == 1)
		text_of(q, 0, uids[(*n)++], UID_TEXT);
	return got;
}

int pstore_unassigned(struct pstore *s, int64_t before_ms, char (*uids)[UID_TEXT], size_t cap, size_t *n, struct err *e)
{
	sqlite3_stmt *q = bind(s,
			       "SELECT uid FROM records WHERE entity = 'person' AND changed_ms <= ? AND uid NOT IN (SELECT person FROM records "
			       "WHERE entity = 'assignment') ORDER BY uid LIMIT ?",
			       "ii", before_ms, (int64_t)cap);
	int got;

	*n = 0;
	while ((got = step(s, q, e)) == 1)
		text_of(q, 0, uids[(*n)++], UID_TEXT);
	return got;
}

int pstore_count(struct pstore *s, const char *entity, int64_t *n, struct err *e)
{
	sqlite3_stmt *q = bind(s, "SELECT count(*) FROM records WHERE entity = ?", "t", entity);
	int got = step(s, q, e);

	if (got != 1)
		return -1;
	*n = sqlite3_column_int64(q, 0);
	sqlite3_reset(q);
	return 0;
}

int pstore_find_number(struct pstore *s, const char *entity, const char *path, int64_t number, char uid[UID_TEXT],
		       struct err *e)
{
	sqlite3_stmt *q = bind(s, "SELECT uid FROM records WHERE entity = ? AND json_extract(body, ?) = ? LIMIT 1",
			       "tti", entity, path, number);
	int got = step(s, q, e);

	uid[0] = '\0';
	if (got == 1) {
		text_of(q, 0, uid, UID_TEXT);
		sqlite3_reset(q);
	}
	return got < 0 ? -1 : 0;
}

/* --- tickets --- */

void pticket_release(struct pticket *t)
{
	if (t->data)
		wipe(t->data, strlen(t->data));
	free(t->data);
	free(t->result);
	*t = (struct pticket){0};
}

int pstore_ticket_put(struct pstore *s, struct pticket *t, struct err *e)
{
	if (step(s,
		 bind(s,
		      "INSERT INTO tickets (id, box, serial, method, data, due_ms, status, result) VALUES "
		      "(nullif(?, 0), ?, ?, ?, ?, ?, ?, ?)"
		      " ON CONFLICT (id) DO UPDATE SET status = excluded.status, result = excluded.result",
		      "iitttiit", t->id, t->box, t->serial, t->method, t->data, t->due_ms, (int64_t)t->status,
		      t->result ? t->result : ""),
		 e))
		return -1;
	if (!t->id)
		t->id = sqlite3_last_insert_rowid(s->db);
	return 0;
}

static int ticket_of(struct pstore *s, sqlite3_stmt *q, struct pticket *out, bool *found, struct err *e)
{
	int got = step(s, q, e);

	*found = got == 1;
	*out = (struct pticket){0};
	if (got != 1)
		return got;
	out->id = sqlite3_column_int64(q, 0);
	out->box = sqlite3_column_int64(q, 1);
	text_of(q, 2, out->serial, sizeof(out->serial));
	text_of(q, 3, out->method, sizeof(out->method));
	out->data = strdup((const char *)sqlite3_column_text(q, 4));
	out->due_ms = sqlite3_column_int64(q, 5);
	out->status = sqlite3_column_int(q, 6);
	out->result = strdup((const char *)sqlite3_column_text(q, 7));
	sqlite3_reset(q);
	if (out->data && out->result)
		return 0;
	pticket_release(out);
	return err_set(e, ERR_MEMORY, "ticket");
}

#define TICKET "SELECT id, box, serial, method, data, due_ms, status, result FROM tickets"

int pstore_ticket_get(struct pstore *s, int64_t box, const char *serial, struct pticket *out, bool *found, struct err *e)
{
	return ticket_of(s, bind(s, TICKET " WHERE box = ? AND serial = ?", "it", box, serial), out, found, e);
}

int pstore_ticket_due(struct pstore *s, int64_t until_ms, struct pticket *out, bool *found, struct err *e)
{
	return ticket_of(s, bind(s, TICKET " WHERE status = 0 AND due_ms <= ? ORDER BY id LIMIT 1", "i", until_ms), out,
			 found, e);
}

int pstore_ticket_count(struct pstore *s, int64_t *n, struct err *e)
{
	sqlite3_stmt *q = bind(s, "SELECT count(*) FROM tickets", "");
	int got = step(s, q, e);

	if (got != 1)
		return -1;
	*n = sqlite3_column_int64(q, 0);
	sqlite3_reset(q);
	return 0;
}

/* --- changes --- */

int pstore_change_add(struct pstore *s, const struct pchange *c, struct err *e)
{
	return step(s,
		    bind(s,
			 "INSERT INTO changes (box, uid, kind, subject, at_ms, on_date, by, note) VALUES (?, "
			 "?, ?, ?, ?, ?, ?, ?)",
			 "itttittt", c->box, c->uid, c->kind, c->subject, c->at_ms, c->on, c->by, c->note),
		    e);
}

int pstore_changes(struct pstore *s, int64_t box, int64_t after, struct pchange *rows, size_t cap, size_t *n,
		   struct err *e)
{
	sqlite3_stmt *q = bind(s,
			       "SELECT seq, uid, kind, subject, at_ms, on_date, by, note FROM changes WHERE "
			       "box = ? AND seq > ?"
			       " ORDER BY seq LIMIT ?",
			       "iii", box, after, (int64_t)cap);
	int got;

	*n = 0;
	while ((got = step(s, q, e)) == 1) {
		struct pchange *c = &rows[(*n)++];

		*c = (struct pchange){
			.seq = sqlite3_column_int64(q, 0), .box = box, .at_ms = sqlite3_column_int64(q, 4)};
		text_of(q, 1, c->uid, sizeof(c->uid));
		text_of(q, 2, c->kind, sizeof(c->kind));
		text_of(q, 3, c->subject, sizeof(c->subject));
		text_of(q, 5, c->on, sizeof(c->on));
		text_of(q, 6, c->by, sizeof(c->by));
		text_of(q, 7, c->note, sizeof(c->note));
	}
	return got;
}

int pstore_change_fields_add(struct pstore *s, const struct pchange *c, const char *fields, struct err *e)
{
	return step(s,
		    bind(s, "INSERT INTO change_fields SELECT ?, sequence, ? FROM boxes WHERE id = ?", "tti", c->uid, fields,
			 c->box),
		    e);
}

int pstore_change_fields(struct pstore *s, const char *uid, int64_t *base, char **fields, struct err *e)
{
	sqlite3_stmt *q = bind(s, "SELECT base, fields FROM change_fields WHERE change = ?", "t", uid);
	int got = step(s, q, e);

	*fields = NULL;
	if (got != 1)
		return got;
	*base = sqlite3_column_int64(q, 0);
	*fields = strdup((const char *)sqlite3_column_text(q, 1));
	sqlite3_reset(q);
	return *fields ? 0 : err_set(e, ERR_MEMORY, "fields");
}

/* --- the same person in several boxes --- */

int pstore_document_put(struct pstore *s, const char *person, const char *hash, struct err *e)
{
	return step(s, bind(s, "INSERT OR REPLACE INTO person_documents (person, hash) VALUES (?, ?)", "tt", person, hash), e);
}

static int persons_of(struct pstore *s, sqlite3_stmt *q, struct pperson *rows, size_t cap, size_t *n, struct err *e)
{
	int got = 0;

	*n = 0;
	while (*n < cap && (got = step(s, q, e)) == 1) {
		rows[*n].box = sqlite3_column_int64(q, 1);
		text_of(q, 0, rows[(*n)++].uid, UID_TEXT);
	}
	if (got == 1)
		sqlite3_reset(q);
	return got < 0 ? -1 : 0;
}

int pstore_with_document(struct pstore *s, const char *hash, struct pperson *rows, size_t cap, size_t *n, struct err *e)
{
	return persons_of(s,
			  bind(s,
			       "SELECT r.uid, r.box FROM person_documents d JOIN records r ON r.uid = d.person WHERE d.hash = ? "
			       "ORDER BY r.changed_ms DESC",
			       "t", hash),
			  rows, cap, n, e);
}

int pstore_same_document(struct pstore *s, const char *person, struct pperson *rows, size_t cap, size_t *n, struct err *e)
{
	return persons_of(s,
			  bind(s,
			       "SELECT r.uid, r.box FROM person_documents me JOIN person_documents d ON d.hash = me.hash "
			       "JOIN records r ON r.uid = d.person WHERE me.person = ? ORDER BY r.changed_ms DESC",
			       "t", person),
			  rows, cap, n, e);
}

int pstore_works(struct pstore *s, const char *person, char (*uids)[UID_TEXT], size_t cap, size_t *n, struct err *e)
{
	sqlite3_stmt *q = bind(s,
			       "SELECT uid FROM records WHERE person = ? AND entity = 'assignment' AND entered_on <> '' ORDER BY "
			       "entered_on DESC LIMIT ?",
			       "ti", person, (int64_t)cap);
	int got;

	*n = 0;
	while ((got = step(s, q, e)) == 1)
		text_of(q, 0, uids[(*n)++], UID_TEXT);
	return got;
}

int pstore_change_work_add(struct pstore *s, const char *change, const char *work, struct err *e)
{
	return step(s, bind(s, "INSERT INTO change_works (change, work) VALUES (?, ?)", "tt", change, work), e);
}

/* One text, "" where there is no row. */
static int one_text(struct pstore *s, sqlite3_stmt *q, char *out, size_t size, struct err *e)
{
	int got = step(s, q, e);

	out[0] = '\0';
	if (got == 1) {
		text_of(q, 0, out, size);
		sqlite3_reset(q);
	}
	return got < 0 ? -1 : 0;
}

int pstore_change_work(struct pstore *s, const char *change, char work[UID_TEXT], struct err *e)
{
	return one_text(s, bind(s, "SELECT work FROM change_works WHERE change = ?", "t", change), work, UID_TEXT, e);
}

int pstore_box_name_put(struct pstore *s, const char *label, const char *name, struct err *e)
{
	return step(s, bind(s, "INSERT OR REPLACE INTO box_names (label, name) VALUES (?, ?)", "tt", label, name), e);
}

int pstore_box_name(struct pstore *s, int64_t box, char *out, size_t size, struct err *e)
{
	return one_text(s,
			bind(s,
			     "SELECT ifnull(n.name, b.label) FROM boxes b LEFT JOIN box_names n ON n.label = b.label WHERE b.id = ?",
			     "i", box),
			out, size, e);
}

/* --- contents of attachments --- */

int pstore_attachment_get(struct pstore *s, const char *sha256, struct pattachment *out, bool *found, struct err *e)
{
	sqlite3_stmt *q = bind(s,
			       "SELECT mime, bytes, complete, (SELECT ifnull(sum(length(data)), 0) FROM attachment_parts WHERE "
			       "sha256 = ?1) FROM attachments WHERE sha256 = ?1",
			       "t", sha256);
	int got = step(s, q, e);

	*found = got == 1;
	if (got != 1)
		return got;
	*out = (struct pattachment){.bytes = sqlite3_column_int64(q, 1),
				    .complete = sqlite3_column_int(q, 2) != 0,
				    .offset = sqlite3_column_int64(q, 3)};
	text_copy(out->sha256, sizeof(out->sha256), sha256);
	text_of(q, 0, out->mime, sizeof(out->mime));
	sqlite3_reset(q);
	return 0;
}

int pstore_attachment_put(struct pstore *s, const struct pattachment *a, struct err *e)
{
	return step(s,
		    bind(s, "INSERT INTO attachments (sha256, mime, bytes) VALUES (?, ?, ?)", "tti", a->sha256, a->mime,
			 a->bytes),
		    e);
}

int pstore_attachment_link(struct pstore *s, int64_t box, const char *sha256, const char *person, const char *role,
			   struct err *e)
{
	return step(s,
		    bind(s,
			 "INSERT INTO attachment_links (box, sha256, person, role) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
			 "ittt", box, sha256, person, role),
		    e);
}

int pstore_attachment_part(struct pstore *s, const char *sha256, int64_t at, const void *data, size_t n, struct err *e)
{
	sqlite3_stmt *q = bind(s, "INSERT INTO attachment_parts (sha256, at, data) VALUES (?, ?, ?)", "ti", sha256, at);

	if (q && sqlite3_bind_blob64(q, 3, data, n, SQLITE_TRANSIENT) != SQLITE_OK)
		q = NULL;
	return step(s, q, e);
}

int pstore_attachment_content(struct pstore *s, const char *sha256, struct buf *out, struct err *e)
{
	sqlite3_stmt *q = bind(s, "SELECT data FROM attachment_parts WHERE sha256 = ? ORDER BY at", "t", sha256);
	int got;

	while ((got = step(s, q, e)) == 1)
		buf_add(out, sqlite3_column_blob(q, 0), (size_t)sqlite3_column_bytes(q, 0));
	if (got < 0)
		return -1;
	return out->failed ? err_set(e, ERR_TOO_LARGE, "attachment") : 0;
}

int pstore_attachment_done(struct pstore *s, const char *sha256, struct err *e)
{
	return step(s, bind(s, "UPDATE attachments SET complete = 1 WHERE sha256 = ?", "t", sha256), e);
}

int pstore_attachment_drop(struct pstore *s, const char *sha256, struct err *e)
{
	return step(s, bind(s, "DELETE FROM attachment_parts WHERE sha256 = ?", "t", sha256), e);
}

/* --- enrolment, accounts --- */

int pstore_enrolment_put(struct pstore *s, const struct penrolment *p, struct err *e)
{
	return step(s,
		    bind(s,
			 "INSERT INTO enrolments (hash, label, box, expires_ms) VALUES (?, ?, ?, ?) ON CONFLICT (hash) DO "
			 "UPDATE SET box = excluded.box",
			 "htti", p->hash, p->label, p->box, p->expires_ms),
		    e);
}

int pstore_enrolment_get(struct pstore *s, const unsigned char hash[PSTORE_HASH], struct penrolment *out, bool *found,
			 struct err *e)
{
	sqlite3_stmt *q = bind(s, "SELECT label, box, expires_ms FROM enrolments WHERE hash = ?", "h", hash);
	int got = step(s, q, e);

	*found = got == 1;
	if (got != 1)
		return got;
	text_of(q, 0, out->label, sizeof(out->label));
	text_of(q, 1, out->box, sizeof(out->box));
	out->expires_ms = sqlite3_column_int64(q, 2);
	sqlite3_reset(q);
	return 0;
}

int pstore_box_bind(struct pstore *s, const char *label, const char *uid, struct err *e)
{
	if (step(s, bind(s, "UPDATE boxes SET uid = ?1 WHERE label = ?2 AND uid IN ('', ?1)", "tt", uid, label), e))
		return -1;
	return sqlite3_changes(s->db) ? 0 : err_set(e, ERR_CONFLICT, "%s is another box", label);
}

int pstore_account_put(struct pstore *s, const struct paccount *a, struct err *e)
{
	return step(s,
		    bind(s, "INSERT OR REPLACE INTO accounts (name, hash, failures, locked_until_ms) VALUES (?, ?, ?, ?)",
			 "ttii", a->name, a->hash, a->failures, a->locked_until_ms),
		    e);
}

int pstore_account_get(struct pstore *s, const char *name, struct paccount *out, bool *found, struct err *e)
{
	sqlite3_stmt *q =
		bind(s, "SELECT hash, failures, locked_until_ms FROM accounts WHERE name = ?", "t", name);
	int got = step(s, q, e);

	*found = got == 1;
	if (got != 1)
		return got;
	*out = (struct paccount){.failures = sqlite3_column_int64(q, 1), .locked_until_ms = sqlite3_column_int64(q, 2)};
	text_copy(out->name, sizeof(out->name), name);
	text_of(q, 0, out->hash, sizeof(out->hash));
	sqlite3_reset(q);
	return 0;
}

int pstore_pending(struct pstore *s, int64_t most, struct buf *out, struct err *e)
{
	sqlite3_stmt *q = bind(s,
			       "SELECT json_object('subject', r.uid, 'entity', r.entity, 'state', CASE WHEN r.entity = 'team' THEN "
			       "r.relation ELSE r.state END, 'name', coalesce(p.body->>'$.workerName', r.body->>'$.teamName', ''), "
			       "'since', r.changed_ms) FROM records r LEFT JOIN records p ON p.uid = r.person WHERE (r.entity = "
			       "'employment' AND r.state IN ('offered', 'processing', 'dismissing', 'leaving')) OR (r.entity = "
			       "'assignment' AND r.state = 'accepted') OR (r.entity = 'team' AND r.relation = 'requested') ORDER BY "
			       "r.changed_ms LIMIT ?",
			       "i", most);
	int got;

	while ((got = step(s, q, e)) == 1) {
		buf_adds(out, out->len ? "," : "");
		buf_adds(out, (const char *)sqlite3_column_text(q, 0));
	}
	if (got < 0)
		return -1;
	return out->failed ? err_set(e, ERR_TOO_LARGE, "pending") : 0;
}

int pstore_backup(struct pstore *s, const char *path, struct err *e)
{
	mode_t mask = umask(077);
	int last = step(s, bind(s, "VACUUM INTO ?", "t", path), e);

	umask(mask);
	return last;
}

/* --- status and export --- */

static int each_line(struct pstore *s, sqlite3_stmt *q, struct buf *out, struct err *e)
{
	int got;

	while ((got = step(s, q, e)) == 1) {
		buf_adds(out, (const char *)sqlite3_column_text(q, 0));
		buf_adds(out, "\n");
	}
	return got < 0 ? -1 : out->failed ? err_set(e, ERR_TOO_LARGE, "export") : 0;
}

int pstore_status(struct pstore *s, struct buf *out, struct err *e)
{
	if (each_line(s,
		      bind(s,
			   "SELECT json_object('entity', entity, 'state', state, 'count', count(*), "
			   "'applied', sum(applied)) FROM records"
			   " GROUP BY entity, state ORDER BY entity, state",
			   ""),
		      out, e))
		return -1;
	if (each_line(s,
		      bind(s,
			   "SELECT json_object('operations', status, 'count', count(*)) FROM operations "
			   "GROUP BY status ORDER BY status",
			   ""),
		      out, e))
		return -1;
	return each_line(s,
			 bind(s,
			      "SELECT json_object('box', label, 'uid', uid, 'epoch', epoch, 'sequence', "
			      "sequence) FROM boxes ORDER BY id",
			      ""),
			 out, e);
}

int pstore_export(struct pstore *s, const char *entity, struct buf *out, struct err *e)
{
	return each_line(s,
			 bind(s,
			      "SELECT json_object('uid', uid, 'entity', entity, 'state', state, 'relation', "
			      "relation, 'person', person,"
			      " 'parent', parent, 'corp', corp, 'entered_on', entered_on, 'exited_on', "
			      "exited_on, 'applied', applied,"
			      " 'body', json(body)) FROM records WHERE ?1 = '' OR entity = ?1 ORDER BY uid",
			      "t", entity),
			 out, e);
}
