/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "doubt.h"

#include <sodium.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "deed.h"
#include "domain/upload_way.h"
#include "folk.h"
#include "store/fact.h"
#include "store/line.h"
#include "store/undo.h"
#include "undo_parts.h"
#include "wire.h"

#define AT_ONCE 64
#define CONTENT_HEX (2 * crypto_hash_sha256_BYTES + 1)

/* --- answers ----------------------------------------------------------------------------------------- */

static bool is_there(const struct answer *a)
{
	return a->kind == ANSWER_ACCEPTED && !(a->reason_code && !strcmp(a->reason_code, OUTBOX_TOLD_WITH));
}

/* Of what waits there or has no word yet it is asked again. By hand nothing was sent. */
static bool says_nothing(const struct answer *a)
{
	return a->kind == ANSWER_UNKNOWN ||
	       (a->kind == ANSWER_WAITING && !(a->reason_code && !strcmp(a->reason_code, OUTBOX_BY_HAND)));
}

int doubt_answer(struct desk *d, const struct db_outbox *row, const struct answer *a, struct err *e)
{
	struct db_answer said = {.state = OUTBOX_ACCEPTED, .at_ms = clock_now_ms(), .number = a->number};
	bool doubted;

	return says_nothing(a) ? 0
			       : db_outbox_doubt_answer(d->store, row->id, is_there(a), &said, &doubted, e);
}

/* --- one operation that the platform has -------------------------------------------------------------- */

struct way_back {
	struct desk *d;
	struct db_outbox row; /* the last of the subject that is to be reversed; id 0: none */
	struct db_fact fact;
	struct subject subject;
	bool gone;	  /* the subject is not there any more */
	enum event event; /* the reversing one */
};

static int has_operation(struct desk *d, int64_t fact, bool *yes, struct err *e)
{
	struct err own = {ERR_NONE};
	struct db_outbox row;

	*yes = false;
	if (db_outbox_by_fact(d->store, fact, &row, &own))
		return own.code == ERR_NO_SUCH ? 0 : err_set(e, own.code, "%s", own.detail);
	*yes = row.state != OUTBOX_WITHDRAWN && row.state != OUTBOX_SUPERSEDED;
	return 0;
}

static int queue(struct desk *d, const struct db_outbox *like, const char *kind, int64_t fact, struct err *e)
{
	struct operation op = {.kind = kind,
			       .uid = like->subject,
			       .title = like->title,
			       .fact = fact,
			       .person = like->person,
			       .needs = &like->fact,
			       .n_needs = 1};
	struct folk f;

	if (like->person) {
		if (folk_load(d, like->person, &f, e))
			return -1;
		if (!f.employment.id && !f.assignment.id) /* the roster does not know him, and is not to */
			op.person = 0;
	}
	return deed_queue(d, &op, e);
}

static const char *upload_of(enum cycle cycle, enum event event)
{
	const struct transition *rows = NULL;
	size_t n = lifecycle_rows(cycle, &rows);

	for (size_t i = 0; i < n; i++)
		if (rows[i].event == event && rows[i].upload)
			return rows[i].upload;
	return NULL;
}

/* The subject's last event, where it is the way back of `was`. *id 0: it is not. */
static int reversal_here(struct desk *d, const struct db_fact *was, int64_t *id, struct err *e)
{
	enum event back = undo_reversing(was->cycle, was->event), event;
	enum cycle cycle;
	int64_t found;

	*id = 0;
	if (back == EVENT_NONE || !cycle_parse(was->cycle, &cycle))
		return 0;
	if (deed_last(d, cycle, was->subject, &event, &found, e))
		return -1;
	if (event == back)
		*id = found;
	return 0;
}

/* It told of other contents only, and of no event that another could reverse. */
static bool corrects(const struct db_outbox *row)
{
	const char *dot = strrchr(row->kind, '.');

	return dot && !strcmp(dot, ".amend");
}

static int tell_once(struct desk *d, const struct db_outbox *row, const char *kind, int64_t fact, struct err *e)
{
	bool told;

	if (has_operation(d, fact, &told, e))
		return -1;
	return told ? 0 : queue(d, row, kind, fact, e);
}

/* --- contents that a newer copy sent -------------------------------------------------------------------- */

/* "person.add" → "person.amend"; false: what it tells of is no contents, or none that may be told again. */
static bool correction_of(const char *kind, char out[32])
{
	static const char *const tell_contents[] = {"add", "offer", "submit", "amend"};
	const char *dot = strrchr(kind, '.');
	bool contents = false;

	for (size_t i = 0; dot && i < ARRAY_LEN(tell_contents); i++)
		contents |= !strcmp(dot + 1, tell_contents[i]);
	if (!contents)
		return false;
	text_format(out, 32, "%.*s.amend", (int)(dot - kind), kind);
	for (unsigned i = 0; upload_kind_at(i); i++)
		if (!strcmp(upload_kind_at(i)->kind, out))
			return true;
	return false;
}

/* Of a person merged into another, and of an employment that another has followed, the platform keeps what it has. */
static int is_current(struct desk *d, const struct db_outbox *row, bool *yes, struct err *e)
{
	struct folk f;

	*yes = true;
	if (!row->person || (strncmp(row->kind, "person.", 7) && strncmp(row->kind, "employment.", 11)))
		return 0;
	if (folk_load(d, row->person, &f, e))
		return -1;
	*yes = !strcmp(f.person.uid, row->subject) || !strcmp(f.employment.uid, row->subject);
	wipe(&f, sizeof(f));
	return 0;
}

/* Not reversed, and not over. What is never taken back has no such state; what is gone has no contents (is_same). */
static int stands_here(struct desk *d, const struct db_fact *end, bool *yes, struct err *e)
{
	struct err own = {ERR_NONE};
	enum cycle cycle;
	int state;

	*yes = !end->reversed_by;
	if (!*yes || !cycle_parse(end->cycle, &cycle))
		return 0;
	*yes = undo_state_of(d, cycle, end->subject, &state, &own) || !lifecycle_final(cycle, state);
	return own.code && own.code != ERR_NO_SUCH ? err_set(e, own.code, "%s", own.detail) : 0;
}

/* One that was made after it tells the contents, or is compared itself. */
static int is_told_later(struct desk *d, const struct db_outbox *row, const char *correction, bool *yes, struct err *e)
{
	struct db_outbox rows[DB_OUTBOX_ABOUT];
	size_t n;

	*yes = false;
	if (db_outbox_about(d->store, row->project, row->subject, rows, DB_OUTBOX_ABOUT, &n, e))
		return -1;
	for (size_t i = 0; i < n; i++)
		*yes |= rows[i].id > row->id && !strcmp(rows[i].kind, correction) && rows[i].state != OUTBOX_WITHDRAWN &&
			rows[i].state != OUTBOX_SUPERSEDED;
	wipe(rows, sizeof(rows));
	return 0;
}

static int hash_of(const char *kind, const struct buf *body, char hex[CONTENT_HEX], struct err *e)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	crypto_hash_sha256_state s;

	crypto_hash_sha256_init(&s);
	crypto_hash_sha256_update(&s, (const unsigned char *)kind, strlen(kind) + 1);
	crypto_hash_sha256_update(&s, (const unsigned char *)body->data, body->len);
	crypto_hash_sha256_final(&s, hash);
	sodium_bin2hex(hex, CONTENT_HEX, hash, sizeof(hash));
	return body->failed ? err_set(e, ERR_MEMORY, "body") : 0;
}

/* Is what the platform took what would be sent now? Of what is here no more nothing would be. */
static int is_same(struct desk *d, const struct db_outbox *row, const char *content, bool *same, struct err *e)
{
	struct err own = {ERR_NONE};
	char hex[CONTENT_HEX];
	struct buf body;
	int rc;

	*same = true;
	buf_init(&body, 1u << 20);
	rc = wire_body(d, row, &body, &own);
	if (rc == 0 && (rc = hash_of(row->kind, &body, hex, &own)) == 0)
		*same = !strcmp(hex, content);
	buf_wipe_release(&body);
	return rc && own.code != ERR_NO_SUCH ? err_set(e, own.code, "%s", own.detail) : 0;
}

int doubt_contents(struct desk *d, const struct db_outbox *row, const char *content, struct err *e)
{
	bool yes, told = false, same;
	char correction[32];
	struct db_fact end;

	if (row->frozen || !correction_of(row->kind, correction))
		return 0;
	if (deed_chain_end(d, row->fact, &end, e) || stands_here(d, &end, &yes, e))
		return -1;
	if (!yes)
		return 0;
	if (is_current(d, row, &yes, e) || is_told_later(d, row, correction, &told, e))
		return -1;
	if (!yes || told)
		return 0;
	same = end.id == row->fact;
	if (content && is_same(d, row, content, &same, e))
		return -1;
	return same ? 0 : queue(d, row, correction, end.id, e);
}

/* What it reported still stands here, perhaps corrected, perhaps reversed by an event that was not reported
 * because nothing seemed to have been sent: the platform is told, unless an operation does so already. Of an employment both may hold. */
static int correct_there(struct desk *d, const struct db_outbox *row, const struct db_fact *end,
			 struct err *e)
{
	const char *upload = NULL;
	enum cycle cycle;
	int64_t back;

	if (reversal_here(d, end, &back, e))
		return -1;
	if (back && !corrects(row) && cycle_parse(end->cycle, &cycle))
		upload = upload_of(cycle, undo_reversing(end->cycle, end->event));
	if (!upload)
		return tell_once(d, row, row->kind, end->id, e);
	if (tell_once(d, row, upload, back, e))
		return -1;
	return end->id != row->fact && cycle == CYCLE_EMPLOYMENT ? tell_once(d, row, "employment.amend", end->id, e) : 0;
}

static int tell(struct desk *d, const char *kind, const struct db_outbox *row, struct err *e)
{
	struct db_message m = {.project = d->project.id, .person = row->person, .at_ms = clock_now_ms()};
	int64_t id;

	text_copy(m.kind, sizeof(m.kind), kind);
	text_copy(m.subject, sizeof(m.subject), row->subject);
	text_copy(m.title, sizeof(m.title), row->title);
	return db_message_insert(d->store, &m, &id, e);
}

static int left_there(struct desk *d, const struct db_outbox *row, struct err *e)
{
	return tell(d, DOUBT_MESSAGE, row, e);
}

static struct deed deed_of(struct way_back *w, enum event event, enum plan_source source)
{
	return (struct deed){.subject = &w->subject,
			     .event = event,
			     .source = source,
			     .on = w->fact.on,
			     .note = source == PLAN_EFFECT ? _("较新的数据已经上传，补记") : NULL,
			     .actor = deed_actor(w->d, w->subject.cycle)};
}

static int load_subject(struct way_back *w, enum cycle cycle, struct err *e)
{
	struct err own = {ERR_NONE};

	w->subject = (struct subject){.cycle = cycle, .id = w->fact.subject, .person = w->row.person};
	text_copy(w->subject.uid, sizeof(w->subject.uid), w->row.subject);
	text_copy(w->subject.title, sizeof(w->subject.title), w->row.title);
	w->gone = undo_state_of(w->d, cycle, w->fact.subject, &w->subject.state, &own) != 0;
	return w->gone && own.code != ERR_NO_SUCH ? err_set(e, own.code, "%s", own.detail) : 0;
}

/* What was taken back here did take place: said again as it was, without being reported. */
static int do_again(struct way_back *w, enum event event, bool *done, struct err *e)
{
	struct deed again = deed_of(w, event, PLAN_EFFECT);

	*done = !w->gone && lifecycle_find(w->subject.cycle, w->subject.state, event);
	return *done ? deed_do(w->d, &again, NULL, e) : 0;
}

/* An event that no other reverses stands, here as there; with it there is nothing left to be reversed. */
static int say_again(struct way_back *w, const struct db_outbox *row, const struct db_fact *fact,
		     struct err *e)
{
	enum event event;
	enum cycle cycle;
	bool done;

	if (!cycle_parse(fact->cycle, &cycle) || !event_parse(fact->event, &event))
		return left_there(w->d, row, e);
	w->row = *row;
	w->fact = *fact;
	w->event = undo_reversing(fact->cycle, fact->event);
	if (load_subject(w, cycle, e) || do_again(w, event, &done, e))
		return -1;
	if (w->event != EVENT_NONE)
		return 0;
	w->row.id = 0;
	return done ? tell(w->d, DOUBT_FOLLOWED, row, e) : left_there(w->d, row, e);
}

/* The way back, here and there; or there only, where it was gone here since without being reported. */
static int reverse_there(struct way_back *w, struct err *e)
{
	const char *upload = upload_of(w->subject.cycle, w->event);
	struct deed back = deed_of(w, w->event, PLAN_DESK);
	enum event last;
	int64_t fact;

	if (w->gone && upload && w->fact.reversed_by)
		return queue(w->d, &w->row, upload, w->fact.reversed_by, e);
	if (!w->gone && deed_last(w->d, w->subject.cycle, w->subject.id, &last, &fact, e))
		return -1;
	if (!w->gone && upload && last == w->event)
		return tell_once(w->d, &w->row, upload, fact, e);
	if (w->gone || !lifecycle_find(w->subject.cycle, w->subject.state, w->event))
		return left_there(w->d, &w->row, e);
	back.on = DATE_NONE;
	return deed_do(w->d, &back, NULL, e);
}

/* --- one subject --------------------------------------------------------------------------------------- */

static int settle_one(struct way_back *w, int64_t id, struct err *e)
{
	struct db_outbox row;
	struct db_fact end;

	if (db_outbox_get(w->d->store, id, &row, e) || deed_chain_end(w->d, row.fact, &end, e))
		return -1;
	if (end.reversed_by ? say_again(w, &row, &end, e) : correct_there(w->d, &row, &end, e))
		return -1;
	return db_outbox_doubt_over(w->d->store, id, e);
}

static int settle_subject(struct desk *d, const int64_t *ids, size_t n, struct err *e)
{
	struct way_back w = {.d = d};
	struct folk f;
	bool back;

	for (size_t i = 0; i < n; i++)
		if (settle_one(&w, ids[i], e))
			return -1;
	if (!w.row.op[0])
		return 0;
	back = w.row.id != 0;
	if ((back && reverse_there(&w, e)) || (w.row.person && folk_load(d, w.row.person, &f, e)))
		return -1;
	if (w.row.person && (f.employment.id || f.assignment.id) && folk_refresh(d, w.row.person, false, e))
		return -1;
	return desk_audit(d,
			  &(struct audit_entry){.action = back ? "reverse_there" : "take_over",
						.object = "operation",
						.uid = w.row.op,
						.detail = w.row.kind},
			  e);
}

int doubt_settle(struct desk *d, struct err *e)
{
	int64_t ids[AT_ONCE];
	size_t n;

	do {
		if (db_outbox_doubt_settled(d->store, d->project.id, ids, ARRAY_LEN(ids), &n, e))
			return -1;
		if (n)
			db_act_none(d->store);
		if (n && settle_subject(d, ids, n, e))
			return -1;
	} while (n);
	return 0;
}

/* --- what cannot be asked about -------------------------------------------------------------------------- */

/* Can a body be made that the platform could be asked with? */
static int askable(struct desk *d, const struct db_outbox *row, bool *yes, struct err *e)
{
	struct err own = {ERR_NONE};
	struct buf body;

	buf_init(&body, 1u << 20);
	*yes = wire_body(d, row, &body, &own) == 0;
	buf_wipe_release(&body);
	return *yes || own.code == ERR_NO_SUCH ? 0 : err_set(e, own.code, "%s", own.detail);
}

static int unasked_one(struct desk *d, int64_t id, int64_t *n, struct err *e)
{
	struct db_outbox row;
	bool yes;

	if (db_outbox_get(d->store, id, &row, e) || askable(d, &row, &yes, e))
		return -1;
	if (yes)
		return 0;
	++*n;
	return tell(d, DOUBT_UNASKED, &row, e) || db_outbox_doubt_over(d->store, id, e) ? -1 : 0;
}

int doubt_unasked(struct desk *d, int64_t *n, struct err *e)
{
	int64_t ids[AT_ONCE], after = 0;
	size_t got;

	*n = 0;
	if (!wire_in_steps(d))
		return 0;
	do {
		if (db_outbox_doubts(d->store, d->project.id, after, ids, ARRAY_LEN(ids), &got, e))
			return -1;
		for (size_t i = 0; i < got; i++) {
			after = ids[i];
			if (unasked_one(d, ids[i], n, e))
				return -1;
		}
	} while (got == ARRAY_LEN(ids));
	return 0;
}
