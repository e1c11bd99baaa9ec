/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/device.h"

#include <string.h>

#include "blind.h"
#include "query.h"
#include "rows.h"

/* --- the register ------------------------------------------------------------------------------------ */

#define DEVICE_COLUMNS                                                                                       \
	"SELECT id, uid, project, kind, serial, maker, place, model, method, biometric, way, allowed, gone, heard_ms, last_ms, made_ms FROM device "

static int read_device(struct query *q, void *row, struct err *e)
{
	struct db_device *d = row;

	(void)e;
	*d = (struct db_device){.id = col_int(q, 0),
				.project = col_int(q, 2),
				.allowed = col_int(q, 11) != 0,
				.gone = col_int(q, 12) != 0,
				.heard_ms = col_int(q, 13),
				.last_ms = col_int(q, 14),
				.made_ms = col_int(q, 15)};
	COL_TEXT(q, 1, d->uid);
	COL_TEXT(q, 3, d->kind);
	COL_TEXT(q, 4, d->serial);
	COL_TEXT(q, 5, d->maker);
	COL_TEXT(q, 6, d->place);
	COL_TEXT(q, 7, d->model);
	COL_TEXT(q, 8, d->method);
	COL_TEXT(q, 9, d->biometric);
	COL_TEXT(q, 10, d->way);
	return 0;
}

static void bind_words(struct query *q, const struct db_device *d)
{
	bind_text(q, d->kind);
	bind_text(q, d->serial);
	bind_text(q, d->maker);
	bind_text(q, d->place);
	bind_text(q, d->model);
	bind_text(q, d->method);
	bind_text(q, d->biometric);
	bind_text(q, d->way);
	bind_int(q, d->allowed);
	bind_int(q, d->last_ms);
}

int db_device_insert(struct store *s, const struct db_device *d, int64_t *id, struct err *e)
{
	char uid[UID_TEXT];
	struct query q;

	uid_or_new(uid, d->uid);
	query_open(&q, s,
		   "INSERT INTO device(uid, project, made_ms, kind, serial, maker, place, model, method, biometric, way, allowed, last_ms) VALUES "
		   "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	bind_text(&q, uid);
	bind_int(&q, d->project);
	bind_int(&q, d->made_ms);
	bind_words(&q, d);
	return query_insert(&q, id, e);
}

int db_device_update(struct store *s, const struct db_device *d, struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "UPDATE device SET kind = ?, serial = ?, maker = ?, place = ?, model = ?, method = ?, biometric = ?, way = ?, allowed = ?, last_ms = ?, "
		   "gone = ? WHERE id = ?");
	bind_words(&q, d);
	bind_int(&q, d->gone);
	bind_int(&q, d->id);
	return query_run_one(&q, ERR_NO_SUCH, e);
}

int db_device_get(struct store *s, int64_t id, struct db_device *out, struct err *e)
{
	struct query q;

	query_open(&q, s, DEVICE_COLUMNS "WHERE id = ?");
	bind_int(&q, id);
	return rows_one(&q, read_device, out, "device", e);
}

int db_device_by_serial(struct store *s, const char *serial, struct db_device *out, struct err *e)
{
	struct query q;

	query_open(&q, s, DEVICE_COLUMNS "WHERE serial = ? AND gone = 0");
	bind_text(&q, serial);
	return rows_one(&q, read_device, out, "device", e);
}

const char sql_device_list[] = DEVICE_COLUMNS "WHERE project = ? AND gone = 0 AND id > ? ORDER BY id LIMIT ?";

int db_device_list(struct store *s, int64_t project, int64_t after, struct db_device *rows, size_t cap, size_t *n, struct err *e)
{
	struct query q;

	query_open(&q, s, sql_device_list);
	bind_int(&q, project);
	bind_int(&q, after);
	bind_int(&q, (int64_t)cap);
	return rows_all(&q, read_device, rows, sizeof(*rows), cap, n, e);
}

const char sql_device_silent[] = DEVICE_COLUMNS "INDEXED BY device_silent WHERE project = ?1 AND gone = 0 AND allowed = 1 AND last_ms <= ?2 "
						"AND (last_ms, id) > (?3, ?4) ORDER BY last_ms, id LIMIT ?5";

int db_device_silent(struct store *s, int64_t project, int64_t before_ms, const struct db_device *after, struct db_device *rows, size_t cap, size_t *n,
		     struct err *e)
{
	struct query q;

	query_open(&q, s, sql_device_silent);
	bind_int(&q, project);
	bind_int(&q, before_ms);
	bind_int(&q, after ? after->last_ms : INT64_MIN);
	bind_int(&q, after ? after->id : 0);
	bind_int(&q, (int64_t)cap);
	return rows_all(&q, read_device, rows, sizeof(*rows), cap, n, e);
}

int db_device_heard(struct store *s, int64_t id, int64_t at_ms, struct err *e)
{
	struct query q;

	query_open(&q, s, "UPDATE device SET heard_ms = max(heard_ms, ?1), last_ms = max(last_ms, ?1) WHERE id = ?2");
	bind_int(&q, at_ms);
	bind_int(&q, id);
	return query_run(&q, e);
}

/* --- pushes ------------------------------------------------------------------------------------------ */

#define PUSH_COLUMNS "p.state, p.why, p.photo, p.at_ms"

static void read_push(struct query *q, int col, struct db_push *p)
{
	p->state = col_null(q, col) ? PUSH_NONE : (enum push_state)col_state(q, col, CYCLE_PUSH);
	p->why = (enum push_why)col_int(q, col + 1);
	COL_TEXT(q, col + 2, p->photo);
	p->at_ms = col_int(q, col + 3);
}

int db_push_get(struct store *s, int64_t device, int64_t worker, struct db_push *out, struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, "SELECT " PUSH_COLUMNS " FROM device_push p WHERE p.device = ? AND p.worker = ?");
	bind_int(&q, device);
	bind_int(&q, worker);
	got = query_step(&q, e);
	*out = (struct db_push){.device = device, .worker = worker};
	if (got > 0)
		read_push(&q, 0, out);
	query_close(&q);
	return got < 0 ? -1 : 0;
}

int db_push_save(struct store *s, const struct db_push *p, struct err *e)
{
	struct query q;

	query_open(&q, s,
		   "INSERT INTO device_push(device, worker, state, why, photo, at_ms) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET "
		   "state = excluded.state, why = excluded.why, photo = excluded.photo, at_ms = excluded.at_ms");
	bind_int(&q, p->device);
	bind_int(&q, p->worker);
	bind_state(&q, CYCLE_PUSH, (int)p->state);
	bind_int(&q, p->why);
	bind_text(&q, p->photo);
	bind_int(&q, p->at_ms);
	return query_run(&q, e);
}

int db_push_count(struct store *s, int64_t device, enum push_state state, int64_t *out, struct err *e)
{
	struct query q;

	query_open(&q, s, "SELECT count(*) FROM device_push WHERE device = ? AND state = ?");
	bind_int(&q, device);
	bind_state(&q, CYCLE_PUSH, (int)state);
	return query_int(&q, out, 0, e);
}

static int read_leftover(struct query *q, void *row, struct err *e)
{
	struct db_push *p = row;

	(void)e;
	*p = (struct db_push){.device = col_int(q, 0), .worker = col_int(q, 1)};
	read_push(q, 2, p);
	return 0;
}

const char sql_push_leftover[] = "SELECT p.device, p.worker, " PUSH_COLUMNS " FROM device_push p WHERE p.device = ?1 AND p.worker > ?2 AND "
				 "(?3 OR p.state <> 'withdrawn') AND NOT EXISTS (SELECT 1 FROM member m WHERE m.project = ?4 AND m.person = p.worker "
				 "AND m.assignment_state = 'on_site') ORDER BY p.worker LIMIT ?5";

int db_push_leftover(struct store *s, int64_t device, int64_t project, bool told, int64_t after, struct db_push *rows, size_t cap, size_t *n,
		     struct err *e)
{
	struct query q;

	query_open(&q, s, sql_push_leftover);
	bind_int(&q, device);
	bind_int(&q, after);
	bind_int(&q, told);
	bind_int(&q, project);
	bind_int(&q, (int64_t)cap);
	return rows_all(&q, read_leftover, rows, sizeof(*rows), cap, n, e);
}

/* --- who is on site ---------------------------------------------------------------------------------- */

#define ON_SITE_COLUMNS                                                                                      \
	"SELECT m.person, m.name, m.sort_key, m.participant, a.id, a.hash, a.bytes, " PUSH_COLUMNS
/* The newest photograph is the one that counts (desk/photo.h). */
#define ON_SITE_JOINS                                                                                        \
	" LEFT JOIN device_push p ON p.device = ?1 AND p.worker = m.person LEFT JOIN attachment a ON a.id = " \
	"(SELECT l.attachment FROM attachment_link l WHERE l.person = m.person AND l.role = 'photo' ORDER BY l.id DESC LIMIT 1) "

static int read_on_site(struct query *q, void *row, struct err *e)
{
	struct db_on_site *r = row;

	(void)e;
	*r = (struct db_on_site){
		.person = col_int(q, 0), .participant = col_int(q, 3), .photo_id = col_int(q, 4), .photo_bytes = col_int(q, 6)};
	COL_TEXT(q, 1, r->name);
	COL_TEXT(q, 2, r->sort_key);
	COL_TEXT(q, 5, r->photo);
	read_push(q, 7, &r->push);
	r->push.worker = r->person;
	return 0;
}

const char sql_on_site[] = ON_SITE_COLUMNS " FROM member_view v CROSS JOIN member m ON m.project = v.project AND m.person = v.person" ON_SITE_JOINS
					   "WHERE v.project = ?2 AND v.view = ?3 AND v.scope = ?4 AND v.scope_id = ?5 AND (v.sort_key, v.person) > (?6, ?7) "
					   "ORDER BY v.sort_key, v.person LIMIT ?8";

int db_on_site(struct store *s, const struct db_on_site_query *w, struct db_on_site *rows, size_t cap, size_t *n, struct err *e)
{
	struct query q;

	query_open(&q, s, sql_on_site);
	bind_int(&q, w->device);
	bind_int(&q, w->project);
	bind_int(&q, w->view);
	bind_int(&q, w->scope);
	bind_int(&q, w->scope_id);
	bind_text(&q, w->after_key ? w->after_key : "");
	bind_int(&q, w->after_person);
	bind_int(&q, (int64_t)cap);
	return rows_all(&q, read_on_site, rows, sizeof(*rows), cap, n, e);
}

int db_on_site_get(struct store *s, int64_t project, int64_t device, int64_t person, struct db_on_site *out, struct err *e)
{
	struct query q;

	query_open(&q, s, ON_SITE_COLUMNS " FROM member m" ON_SITE_JOINS "WHERE m.project = ?2 AND m.person = ?3 AND m.assignment_state = 'on_site'");
	bind_int(&q, device);
	bind_int(&q, project);
	bind_int(&q, person);
	return rows_one(&q, read_on_site, out, "on site", e);
}

/* --- collected persons ------------------------------------------------------------------------------- */

#define BODY_AS "device_collected.body_sealed"
#define PHOTO_AS "device_collected.photo_sealed"

/* The uid stays: what is sealed is sealed under it. */
static int open_one(struct store *s, int64_t project, const unsigned char *hash, char uid[UID_TEXT], struct err *e)
{
	struct query q;
	int got;

	query_open(&q, s, "SELECT uid FROM device_collected WHERE project = ? AND hash = ? AND settled_ms IS NULL");
	bind_int(&q, project);
	bind_blob(&q, hash, VAULT_BLIND_BYTES);
	got = query_step(&q, e);
	uid[0] = '\0';
	if (got > 0)
		col_text(&q, 0, uid, UID_TEXT);
	query_close(&q);
	if (!uid[0])
		uid_new(uid);
	return got < 0 ? -1 : 0;
}

/* The same number under the former key turns first: it is one person, collected again. */
static int collected_hash(struct store *s, int64_t project, const char *number, struct blind *out, struct err *e)
{
	struct query hold, twin;

	if (blind_ask(&hold, s, INDEX_NUMBER, number, out, e))
		return -1;
	query_close(&hold);
	if (!out->turning)
		return 0;
	query_open(&twin, s, "UPDATE device_collected SET hash = ?1 WHERE hash = ?2 AND project = ?3 AND settled_ms IS NULL");
	bind_blind(&twin, out);
	bind_int(&twin, project);
	return query_run(&twin, e);
}

int db_collected_save(struct store *s, const struct db_collected *c, const char *number, const struct buf *body, const void *photo, size_t photo_bytes,
		      struct err *e)
{
	struct blind hash;
	char uid[UID_TEXT];
	struct query q;

	if (collected_hash(s, c->project, number, &hash, e) || open_one(s, c->project, hash.now, uid, e))
		return -1;
	query_open(&q, s,
		   "INSERT INTO device_collected(uid, project, device, hash, at_ms, body_sealed, photo_sealed) VALUES (?, ?, ?, ?, ?, ?, ?) "
		   "ON CONFLICT (project, hash) WHERE settled_ms IS NULL DO UPDATE SET device = excluded.device, at_ms = excluded.at_ms, "
		   "body_sealed = excluded.body_sealed, photo_sealed = excluded.photo_sealed");
	bind_text(&q, uid);
	bind_int(&q, c->project);
	bind_int(&q, c->device);
	bind_blob(&q, hash.now, sizeof(hash.now));
	bind_int(&q, c->at_ms);
	bind_sealed(&q, uid, BODY_AS, body->data, body->len);
	bind_sealed(&q, uid, PHOTO_AS, photo, photo_bytes);
	return query_run(&q, e);
}

#define COLLECTED_COLUMNS                                                                                    \
	"SELECT c.id, c.uid, c.project, c.device, c.at_ms, d.serial, d.place, c.photo_sealed IS NOT NULL"

static int read_collected(struct query *q, void *row, struct err *e)
{
	struct db_collected *c = row;

	(void)e;
	*c = (struct db_collected){.id = col_int(q, 0),
				   .project = col_int(q, 2),
				   .device = col_int(q, 3),
				   .at_ms = col_int(q, 4),
				   .photo = col_int(q, 7) != 0};
	COL_TEXT(q, 1, c->uid);
	COL_TEXT(q, 5, c->serial);
	COL_TEXT(q, 6, c->place);
	return 0;
}

const char sql_collected_list[] = COLLECTED_COLUMNS " FROM device_collected c CROSS JOIN device d ON d.id = c.device WHERE c.project = ? AND "
						    "c.settled_ms IS NULL AND c.id > ? ORDER BY c.id LIMIT ?";

int db_collected_list(struct store *s, int64_t project, int64_t after, struct db_collected *rows, size_t cap, size_t *n, struct err *e)
{
	struct query q;

	query_open(&q, s, sql_collected_list);
	bind_int(&q, project);
	bind_int(&q, after);
	bind_int(&q, (int64_t)cap);
	return rows_all(&q, read_collected, rows, sizeof(*rows), cap, n, e);
}

const char sql_collected_count[] = "SELECT id FROM device_collected WHERE project = ? AND settled_ms IS NULL LIMIT ?";

int db_collected_count(struct store *s, int64_t project, int64_t limit, int64_t *out, struct err *e)
{
	struct query q;

	query_open(&q, s, sql_collected_count);
	bind_int(&q, project);
	bind_int(&q, limit);
	return query_rows(&q, out, e);
}

int db_collected_get(struct store *s, int64_t id, struct db_collected *out, struct buf *body, struct buf *photo, struct err *e)
{
	struct query q;
	int last;

	query_open(&q, s,
		   COLLECTED_COLUMNS ", c.body_sealed, c.photo_sealed FROM device_collected c CROSS JOIN device d ON d.id = c.device WHERE c.id = ? AND "
				     "c.settled_ms IS NULL");
	bind_int(&q, id);
	last = query_one(&q, "collected person", e);
	if (!last)
		last = read_collected(&q, out, e);
	if (!last && body)
		last = col_sealed(&q, 8, out->uid, BODY_AS, body, e);
	if (!last && photo)
		last = col_sealed(&q, 9, out->uid, PHOTO_AS, photo, e);
	query_close(&q);
	return last;
}

int db_collected_settle(struct store *s, int64_t id, bool taken, int64_t account, int64_t at_ms, struct err *e)
{
	struct query q;

	query_open(&q, s, "UPDATE device_collected SET settled_ms = ?, taken = ?, account = ? WHERE id = ? AND settled_ms IS NULL");
	bind_int(&q, at_ms);
	bind_int(&q, taken);
	bind_ref(&q, account);
	bind_int(&q, id);
	return query_run_one(&q, ERR_CONFLICT, e);
}
