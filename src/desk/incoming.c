/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decisions from elsewhere (G3): each change is applied once, becomes a fact and a message, or is kept and
 * shown as it came. */
#include <stdlib.h>
#include <string.h>

#include "attendance.h"
#include "alarm.h"
#include "base/json.h"
#include "base/text.h"
#include "conflict.h"
#include "deed.h"
#include "dossier.h"
#include "elsewhere.h"
#include "desk/exchange.h"
#include "folk.h"
#include "hiring.h"
#include "incoming.h"
#include "json_out.h"
#include "store/dossier.h"
#include "store/hiring.h"
#include "store/line.h"
#include "store/post.h"
#include "store/project.h"

#define CHANGE_MAX 65536

struct arriving {
	struct desk *d;
	const struct change *change;
	enum cycle cycle;
	enum event event;
	struct subject subject; /* id 0: nobody of ours */
	date_t on;
};

/* "<cycle>.<event>": both of the life cycles, and the event of that cycle. Devices answer to this box alone: no platform speaks for them. */
static bool kind_parse(const char *kind, enum cycle *cycle, enum event *event)
{
	const char *dot = strchr(kind, '.');
	char name[32];

	if (!dot || (size_t)(dot - kind) >= sizeof(name) || !event_parse(dot + 1, event))
		return false;
	memcpy(name, kind, (size_t)(dot - kind));
	name[dot - kind] = '\0';
	for (enum cycle c = 0; c < CYCLE_COUNT; c++)
		if (c != CYCLE_PUSH && strcmp(cycle_name(c), name) == 0) {
			*cycle = c;
			return event_cycle(*event) == c ||
			       (c == CYCLE_PARTICIPANT && event_cycle(*event) == CYCLE_TEAM_SITE);
		}
	return false;
}

static void name_it(struct arriving *a, int64_t id, const char *uid, int state, int64_t person)
{
	a->subject.id = id;
	a->subject.state = state;
	a->subject.person = person;
	text_copy(a->subject.uid, sizeof(a->subject.uid), uid);
}

static int find_employment(struct arriving *a, struct err *e)
{
	struct db_employment m;

	if (db_employment_by_uid(a->d->store, a->change->subject, &m, e))
		return -1;
	if (m.project == a->d->project.id)
		name_it(a, m.id, m.uid, m.state, m.person);
	return 0;
}

static int find_assignment(struct arriving *a, struct err *e)
{
	struct db_assignment m;

	if (db_assignment_by_uid(a->d->store, a->change->subject, &m, e))
		return -1;
	if (m.project == a->d->project.id)
		name_it(a, m.id, m.uid, m.state, m.person);
	return 0;
}

static int find_team(struct arriving *a, struct err *e)
{
	struct db_team t;

	if (db_team_by_uid(a->d->store, a->change->subject, &t, e))
		return -1;
	if (t.project == a->d->project.id) {
		name_it(a, t.id, t.uid, a->cycle == CYCLE_TEAM ? (int)t.relation : (int)t.state, 0);
		text_copy(a->subject.title, sizeof(a->subject.title), t.name);
	}
	return 0;
}

static int find_participant(struct arriving *a, struct err *e)
{
	struct db_participant p;

	if (db_participant_by_uid(a->d->store, a->change->subject, &p, e))
		return -1;
	if (p.project == a->d->project.id) {
		name_it(a, p.id, p.uid, p.state, 0);
		text_copy(a->subject.title, sizeof(a->subject.title), p.company_name);
	}
	return 0;
}

static int find_contract(struct arriving *a, struct err *e)
{
	struct db_contract c;

	if (db_contract_by_uid(a->d->store, a->change->subject, &c, e))
		return -1;
	if (c.project == a->d->project.id)
		name_it(a, c.id, c.uid, c.state, c.person);
	return 0;
}

/* A registration in the app is the person's: its messages name the person. */
static int find_app(struct arriving *a, struct err *e)
{
	struct db_person p;
	struct db_app app;

	if (db_person_by_uid(a->d->store, a->change->subject, &p, e) || app_load(a->d, p.id, &app, e))
		return -1;
	name_it(a, app.id, p.uid, app.state, p.id);
	return 0;
}

static int find_project(struct arriving *a, struct err *e)
{
	struct db_project p;
	int state = PROJECT_NONE;

	if (strcmp(a->change->subject, a->d->project.uid))
		return 0;
	if (db_project_get(a->d->store, a->d->project.id, &p, e))
		return -1;
	state_parse(CYCLE_PROJECT, p.status, &state);
	name_it(a, p.id, p.uid, state, 0);
	text_copy(a->subject.title, sizeof(a->subject.title), p.name);
	return 0;
}

static int find_application(struct arriving *a, struct err *e)
{
	struct db_application m;

	if (db_application_by_uid(a->d->store, a->change->subject, &m, e))
		return -1;
	if (m.project == a->d->project.id) {
		name_it(a, m.id, m.uid, m.state, 0);
		text_copy(a->subject.title, sizeof(a->subject.title), m.name);
	}
	return 0;
}

/* Whom a review is about is who was proposed. */
static int find_post(struct arriving *a, struct err *e)
{
	struct db_post p;

	if (db_post_by_uid(a->d->store, a->change->subject, &p, e))
		return -1;
	if (p.project == a->d->project.id)
		name_it(a, p.id, p.uid, p.state, p.proposed ? p.proposed : p.person);
	return 0;
}

static int find_alarm(struct arriving *a, struct err *e)
{
	struct db_alarm m;

	if (db_alarm_by_uid(a->d->store, a->change->subject, &m, e))
		return -1;
	if (m.project == a->d->project.id) {
		name_it(a, m.id, m.uid, m.state, 0);
		alarm_title(a->d, &m, a->subject.title, sizeof(a->subject.title));
	}
	return 0;
}

static int (*const find[CYCLE_COUNT])(struct arriving *, struct err *) = {
	[CYCLE_EMPLOYMENT] = find_employment,
	[CYCLE_ASSIGNMENT] = find_assignment,
	[CYCLE_TEAM] = find_team,
	[CYCLE_TEAM_SITE] = find_team,
	[CYCLE_PARTICIPANT] = find_participant,
	[CYCLE_CONTRACT] = find_contract,
	[CYCLE_APP] = find_app,
	[CYCLE_PROJECT] = find_project,
	[CYCLE_APPLICATION] = find_application,
	[CYCLE_POST] = find_post,
	[CYCLE_ALARM] = find_alarm,
};

/* A note to a person ("person.message"), or what we have no word for: the subject may still be somebody of
 * ours. */
static int find_person(struct arriving *a, struct err *e)
{
	struct db_person p;

	if (db_person_by_uid(a->d->store, a->change->subject, &p, e))
		return -1;
	a->subject.person = p.id;
	return 0;
}

static int find_subject(struct arriving *a, bool known_kind, struct err *e)
{
	struct err own = {ERR_NONE};
	struct db_person p;
	int rc;

	if (!a->change->subject || !uid_valid(a->change->subject))
		return 0;
	rc = known_kind ? find[a->cycle](a, &own) : find_person(a, &own);
	if (rc && own.code != ERR_NO_SUCH)
		return err_set(e, own.code, "%s", own.detail);
	if (!a->subject.person)
		return 0;
	if (db_person_get(a->d->store, a->subject.person, &p, e))
		return -1;
	text_copy(a->subject.title, sizeof(a->subject.title), p.name);
	return 0;
}

/* What a person alone decides; the rest is the platform's, or another site's through it. */
static enum actor actor_of(enum event event)
{
	static const enum event own[] = {EVENT_CONSENT, EVENT_REFUSE, EVENT_ASK_LEAVE, EVENT_FINISH_LEAVE,
					 EVENT_CONSENT_DISMISSAL, EVENT_APP_APPLY};

	for (size_t i = 0; i < ARRAY_LEN(own); i++)
		if (own[i] == event)
			return ACTOR_PERSON;
	return ACTOR_PLATFORM;
}

/* Does the straight way on lead from this event to where the subject stands? */
static bool behind_us(const struct arriving *a, int state)
{
	const struct transition *row;
	enum event next;

	while (state != a->subject.state) {
		next = lifecycle_forward(a->cycle, state);
		row = next == EVENT_NONE ? NULL : lifecycle_find(a->cycle, state, next);
		if (!row)
			return false;
		state = row->to;
	}
	return true;
}

/* The state is already what this change would make of it: an echo of what was done here. A person who agrees says so once: that is known where the
 * straight way has led on since. */
static bool echo(const struct arriving *a)
{
	const struct transition *rows;
	size_t n = lifecycle_rows(a->cycle, &rows);

	for (size_t i = 0; i < n; i++)
		if (rows[i].event == a->event && (rows[i].to == a->subject.state || (actor_of(a->event) == ACTOR_PERSON && behind_us(a, rows[i].to))))
			return true;
	return false;
}

static int situation_of(struct arriving *a, struct situation *out, struct err *e)
{
	struct folk f;

	if (folk_load(a->d, a->subject.person, &f, e))
		return -1;
	return folk_situation(a->d, &f, a->event, DATE_NONE, out, e);
}

static int apply(struct arriving *a, enum applied *result, struct err *e)
{
	struct situation situation;
	struct deed deed = {.subject = &a->subject,
			    .event = a->event,
			    .source = PLAN_MESSAGE,
			    .on = a->on,
			    .at_ms = clock_now_ms(),
			    .since_ms = a->change->at_ms < clock_now_ms() ? a->change->at_ms : clock_now_ms(),
			    .note = a->change->note,
			    .actor = actor_of(a->event)};
	struct err own = {ERR_NONE};

	if (echo(a)) {
		*result = APPLIED_BEFORE;
		return 0;
	}
	if (a->subject.person) {
		if (situation_of(a, &situation, e))
			return -1;
		deed.situation = &situation;
	}
	/* Forbidden is found out before anything is written (deed_do plans first). */
	if (deed_do(a->d, &deed, NULL, &own)) {
		if (own.code != ERR_FORBIDDEN)
			return err_set(e, own.code, "%s", own.detail);
		*result = APPLIED_FORBIDDEN;
		return 0;
	}
	*result = APPLIED;
	return a->subject.person ? folk_refresh(a->d, a->subject.person, false, e) : 0;
}

static int tell(struct arriving *a, struct err *e)
{
	struct db_message m = {
		.project = a->d->project.id, .person = a->subject.person, .at_ms = a->change->at_ms};
	int64_t id;

	text_copy(m.kind, sizeof(m.kind), a->change->kind);
	text_copy(m.subject, sizeof(m.subject), a->subject.uid);
	text_copy(m.title, sizeof(m.title), a->subject.title);
	text_copy(m.by, sizeof(m.by), a->change->by ? a->change->by : "");
	text_copy(m.note, sizeof(m.note), a->change->note ? a->change->note : "");
	return db_message_insert(a->d->store, &m, &id, e);
}

static int keep(struct arriving *a, enum applied result, bool *fresh, struct err *e)
{
	const struct change *c = a->change;
	struct db_inbox row = {.project = a->d->project.id,
			       .uid = c->uid,
			       .kind = c->kind,
			       .subject = c->subject ? c->subject : "",
			       .at_ms = c->at_ms,
			       .received_ms = clock_now_ms(),
			       .result = result};
	struct buf body;
	int rc;

	buf_init(&body, CHANGE_MAX);
	json_out_open(&body);
	json_out_text(&body, "on", c->on);
	json_out_text(&body, "by", c->by);
	json_out_text(&body, "note", c->note);
	for (size_t i = 0; i < c->n_fields; i++)
		json_out_text(&body, c->field[i].wire, c->field[i].to);
	json_out_close(&body);
	row.body = body.data;
	rc = body.failed ? err_set(e, ERR_TOO_LARGE, "change") : db_inbox_insert(a->d->store, &row, fresh, e);
	buf_wipe_release(&body);
	return rc;
}

static const char *const result_names[] = {"applied", "before", "unknown", "forbidden"};

/* L3: a platform's own mark on a person of ours: its reason is the note, its last day the date. Other notes are to be read. */
static int about_person(struct arriving *a, struct err *e)
{
	const struct change *c = a->change;
	struct told_mark m = {.uid = c->uid, .reason = c->note ? c->note : "", .author = c->by ? c->by : "", .person = a->subject.person};

	if (strcmp(c->kind, "person.unmark") == 0)
		return dossier_told_unmark(a->d, m.person, m.reason, e);
	if (strcmp(c->kind, "person.mark") || !m.reason[0])
		return 0;
	if (!c->on || !date_parse(c->on, &m.until))
		m.until = DATE_NONE;
	return dossier_told_mark(a->d, &m, e);
}

static void take_text(char *to, size_t size, const char *from)
{
	text_copy(to, size, from ? from : "");
}

/* B2: a project that may be fetched; it moves nothing until somebody fetches it. */
static int take_offer(struct arriving *a, enum applied *result, struct err *e)
{
	const struct change_project *p = &a->change->project;
	struct db_project_offer o = {.project = a->d->project.id};

	*result = APPLIED_UNKNOWN_SUBJECT;
	if (!p->name || !p->name[0] || !a->change->subject || !uid_valid(a->change->subject))
		return 0;
	take_text(o.uid, sizeof(o.uid), a->change->subject);
	take_text(o.name, sizeof(o.name), p->name);
	take_text(o.code, sizeof(o.code), p->code);
	take_text(o.realname_code, sizeof(o.realname_code), p->realname_code);
	take_text(o.levy_code, sizeof(o.levy_code), p->levy_code);
	take_text(o.contract_code, sizeof(o.contract_code), p->contract_code);
	take_text(o.kind, sizeof(o.kind), p->kind);
	take_text(o.permit, sizeof(o.permit), p->permit);
	text_copy(a->subject.uid, sizeof(a->subject.uid), o.uid);
	text_copy(a->subject.title, sizeof(a->subject.title), o.name);
	*result = APPLIED;
	return db_project_offer_put(a->d->store, &o, e);
}

/* C4: a company has logged in to the platform: teams can be associated with it from now on. */
static int take_login(struct arriving *a, enum applied *result, struct err *e)
{
	struct err own = {ERR_NONE};
	struct db_company c;

	*result = APPLIED_UNKNOWN_SUBJECT;
	if (db_company_by_uid(a->d->store, a->change->subject ? a->change->subject : "", &c, &own))
		return own.code == ERR_NO_SUCH ? 0 : err_set(e, own.code, "%s", own.detail);
	text_copy(a->subject.uid, sizeof(a->subject.uid), c.uid);
	text_copy(a->subject.title, sizeof(a->subject.title), c.name);
	*result = c.on_platform_since == DATE_NONE ? APPLIED : APPLIED_BEFORE;
	if (*result == APPLIED_BEFORE)
		return 0;
	c.on_platform_since = a->on;
	return db_company_update(a->d->store, &c, e);
}

static int take_fields(struct arriving *a, enum applied *result, struct err *e)
{
	struct conflict_subject whose = {.person = 0};

	if (conflict_take(a->d, a->change, &whose, result, e))
		return -1;
	a->subject.person = whose.person;
	if (*result != APPLIED_UNKNOWN_SUBJECT) {
		text_copy(a->subject.title, sizeof(a->subject.title), whose.name);
		text_copy(a->subject.uid, sizeof(a->subject.uid), a->change->subject);
	}
	return 0;
}

static const char *field_of(const struct change *c, const char *wire)
{
	for (size_t i = 0; i < c->n_fields; i++)
		if (strcmp(c->field[i].wire, wire) == 0)
			return c->field[i].to;
	return "";
}

/* F1: a clocking made elsewhere: the site's code scanned by the worker, a device that speaks to the platform. What was made here comes back
 * under its own uid. */
static int take_clocking(struct arriving *a, enum applied *result, struct err *e)
{
	const struct change *ch = a->change;
	struct clocking c = {.source = CLOCK_BY_PLATFORM, .at_ms = ch->at_ms, .device = field_of(ch, "device"), .uid = ch->subject};
	struct err own = {ERR_NONE};
	struct db_attendance there;
	struct db_person p;
	struct verdict v;
	struct clocked out;

	*result = APPLIED_BEFORE;
	if (!uid_valid(ch->subject ? ch->subject : "") || db_attendance_by_uid(a->d->store, ch->subject, &there, &own) == 0)
		return 0;
	*result = APPLIED_UNKNOWN_SUBJECT;
	if (!clock_means_parse(field_of(ch, "means"), &c.means) || !clock_way_parse(field_of(ch, "direction"), &c.way))
		return 0;
	own = (struct err){ERR_NONE};
	if (db_person_by_uid(a->d->store, field_of(ch, "person"), &p, &own))
		return own.code == ERR_NO_SUCH ? 0 : err_set(e, own.code, "%s", own.detail);
	c.person = a->subject.person = p.id;
	text_copy(a->subject.title, sizeof(a->subject.title), p.name);
	text_copy(a->subject.uid, sizeof(a->subject.uid), ch->subject);
	if (attendance_take(a->d, &c, &v, &out, e))
		return -1;
	*result = !v.can ? APPLIED_FORBIDDEN : out.again ? APPLIED_BEFORE : APPLIED;
	return 0;
}

/* A12, L8: where a person of ours worked on another site; a later word replaces the earlier. */
static int take_history(struct arriving *a, enum applied *result, struct err *e)
{
	const struct change_work *from = &a->change->work;
	struct err own = {ERR_NONE};
	struct db_work w;
	struct db_person p;

	*result = APPLIED_UNKNOWN_SUBJECT;
	if (db_person_by_uid(a->d->store, a->change->subject, &p, &own))
		return own.code == ERR_NO_SUCH ? 0 : err_set(e, own.code, "%s", own.detail);
	*result = APPLIED_FORBIDDEN;
	if (!work_of_change(a->d, from, &w))
		return 0;
	w.person = p.id;
	*result = APPLIED;
	return db_work_save(a->d->store, &w, e);
}

/* What is no event of a life cycle. quiet: nobody is told of it where it took effect: there are too many. */
/* F4, F6, F7: the platform raises an alarm: its subject is the alarm, its fields say what of: kind, subject (the code of a post, the uid of a team
 * or person), month (yyyymm). What it says later is an event of that one. */
static int take_alarm(struct arriving *a, enum applied *result, struct err *e)
{
	const struct change *ch = a->change;
	struct db_alarm like = {.project = a->d->project.id, .month = (int)strtol(field_of(ch, "month"), NULL, 10)}, row;
	enum alarm_kind kind;

	*result = APPLIED_UNKNOWN_SUBJECT;
	if (!uid_valid(ch->subject ? ch->subject : "") || !alarm_kind_parse(field_of(ch, "kind"), &kind) ||
	    !text_copy(like.subject, sizeof(like.subject), field_of(ch, "subject")))
		return 0;
	text_copy(like.uid, sizeof(like.uid), ch->subject);
	text_copy(like.kind, sizeof(like.kind), alarm_kind_name(kind));
	if (alarm_row_of(a->d, &like, &row, e))
		return -1;
	a->cycle = CYCLE_ALARM;
	a->event = EVENT_ALARM_RAISE;
	a->subject.cycle = CYCLE_ALARM;
	name_it(a, row.id, row.uid, row.state, 0);
	alarm_title(a->d, &row, a->subject.title, sizeof(a->subject.title));
	return apply(a, result, e);
}

static const struct other {
	const char *kind;
	int (*take)(struct arriving *a, enum applied *result, struct err *e);
	bool quiet;
} others[] = {{"project.offer", take_offer, false}, {"company.logged_in", take_login, false},
	    {"person.changed", take_fields, false}, {"employment.changed", take_fields, false},
	    {"assignment.changed", take_fields, false},
	    {"company.changed", take_fields, false}, {"participant.changed", take_fields, false}, {"team.changed", take_fields, false},
	    {"attendance.clock", take_clocking, true},
	    {"alarm.alarm_raise", take_alarm, false}, {"person.history", take_history, true}};

static const struct other *other_kind(const char *kind)
{
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		if (strcmp(others[i].kind, kind) == 0)
			return &others[i];
	return NULL;
}

static int take_change(struct desk *d, const struct change *c, enum applied *result, struct err *e)
{
	struct arriving a = {.d = d, .change = c, .on = DATE_NONE};
	const struct other *other = other_kind(c->kind);
	bool seen, fresh, known;

	if (db_inbox_seen(d->store, c->uid, &seen, e))
		return -1;
	*result = APPLIED_BEFORE;
	if (seen)
		return 0;
	known = !other && kind_parse(c->kind, &a.cycle, &a.event);
	a.subject.cycle = a.cycle;
	if (c->on && !date_parse(c->on, &a.on))
		a.on = DATE_NONE;
	if (a.on == DATE_NONE)
		a.on = date_of_ms(c->at_ms);
	if (other ? other->take(&a, result, e) : find_subject(&a, known, e))
		return -1;
	if (!known && !other)
		*result = a.subject.person ? APPLIED
					   : APPLIED_UNKNOWN_SUBJECT; /* a note: to be read, moves nothing */
	else if (known && !a.subject.id)
		*result = APPLIED_UNKNOWN_SUBJECT;
	else if (known && apply(&a, result, e))
		return -1;
	if (!known && a.subject.person && about_person(&a, e))
		return -1;
	if (keep(&a, *result, &fresh, e))
		return -1;
	if (other && other->quiet && *result == APPLIED)
		return 0;
	if (*result != APPLIED_BEFORE && tell(&a, e))
		return -1;
	return desk_audit(d,
			  &(struct audit_entry){.action = "change",
						.object = known ? cycle_name(a.cycle) : "",
						.uid = c->subject,
						.detail = result_names[*result]},
			  e);
}

static int take_changes(struct desk *d, const struct change *changes, size_t n, const char *cursor,
			enum applied *results, struct err *e)
{
	for (size_t i = 0; i < n; i++)
		if (take_change(d, &changes[i], &results[i], e))
			return -1;
	return cursor ? db_line_cursor(d->store, d->project.id, cursor, e) : 0;
}

int desk_take_changes(struct desk *d, const struct change *changes, size_t n, const char *cursor,
		      enum applied *results, struct err *e)
{
	if (desk_may_in_project(d, 0, e) || store_begin(d->store, e))
		return -1;
	return store_end(d->store, take_changes(d, changes, n, cursor, results, e), e);
}

/* --- kept ones ---------------------------------------------------------------------------------------- */

static int apply_kept(struct desk *d, const struct db_kept *row, const char *subject, const cJSON *said, struct err *e)
{
	struct change c = {.uid = row->uid,
			   .kind = row->kind,
			   .subject = subject,
			   .at_ms = row->at_ms,
			   .on = json_string(said, "on"),
			   .by = json_string(said, "by"),
			   .note = json_string(said, "note")};
	struct arriving a = {.d = d, .change = &c, .on = DATE_NONE};
	enum applied result;

	if (!kind_parse(c.kind, &a.cycle, &a.event))
		return 0;
	a.subject.cycle = a.cycle;
	if (!c.on || !date_parse(c.on, &a.on))
		a.on = date_of_ms(c.at_ms);
	if (find_subject(&a, true, e) || !a.subject.id)
		return a.subject.id ? -1 : 0;
	return apply(&a, &result, e) || db_inbox_result(d->store, row->id, result, e) ? -1 : 0;
}

int incoming_kept(struct desk *d, const char *subject, struct err *e)
{
	struct db_kept row = {.id = 0};
	struct buf body;
	cJSON *said;
	int rc = 0;

	buf_init(&body, CHANGE_MAX);
	while (!rc) {
		buf_reset(&body);
		rc = db_inbox_kept(d->store, d->project.id, subject, row.id, &row, &body, e);
		if (rc || !row.id)
			break;
		rc = json_parse(&said, body.data, body.len, CHANGE_MAX, e);
		if (!rc) {
			rc = apply_kept(d, &row, subject, said, e);
			cJSON_Delete(said);
		}
	}
	buf_wipe_release(&body);
	return rc;
}

int desk_cursor(struct desk *d, char *out, size_t size, struct err *e)
{
	struct db_line line;

	if (desk_may_in_project(d, 0, e) || db_line_get(d->store, d->project.id, &line, e))
		return -1;
	text_copy(out, size, line.cursor);
	return 0;
}
