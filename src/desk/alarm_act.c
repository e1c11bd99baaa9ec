/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Alarms as platform and clerk have said them: raised, withdrawn, counted, deducted, appealed, void, upheld.
 */
#include <string.h>

#include "alarm.h"
#include "base/i18n.h"
#include "base/text.h"
#include "deed.h"
#include "sheets.h"
#include "store/person.h"

/* --- what it is about
 * ---------------------------------------------------------------------------------------- */

static void about(struct desk *d, const char *subject, char *out, size_t size)
{
	struct db_person p;
	struct db_team t;

	out[0] = '\0';
	if (d->profile && profile_code(d->profile, "trades", subject))
		text_copy(out, size, desk_code_word(d, "trades", subject));
	else if (uid_valid(subject) && db_person_by_uid(d->store, subject, &p, NULL) == 0)
		text_copy(out, size, p.name);
	else if (uid_valid(subject) && db_team_by_uid(d->store, subject, &t, NULL) == 0)
		text_copy(out, size, t.name);
}

void alarm_title(struct desk *d, const struct db_alarm *a, char *out, size_t size)
{
	char of[NAME_TEXT];

	about(d, a->subject, of, sizeof(of));
	text_copy(out, size, of[0] ? of : d->project.name);
}

int alarm_row_of(struct desk *d, const struct db_alarm *like, struct db_alarm *out, struct err *e)
{
	if (db_alarm_find(d->store, like, out, e))
		return -1;
	if (out->id)
		return 0;
	*out = *like;
	out->state = ALARM_NONE;
	out->since = out->raised_on = DATE_NONE;
	if (!out->uid[0])
		uid_new(out->uid);
	return db_alarm_insert(d->store, out, &out->id, e);
}

/* --- by a clerk
 * -------------------------------------------------------------------------------------------------- */

/* CD 3.2.6: an alarm of a post is not withdrawn and cannot be mended afterwards. */
static bool withdrawable(enum alarm_kind k)
{
	return k != WATCH_POST_RATE && k != WATCH_SUPERVISOR;
}

/* What the platform raises; the rest only falls due here. */
static bool recorded(enum alarm_kind k)
{
	static const enum alarm_kind kinds[] = {WATCH_POST_RATE, WATCH_SUPERVISOR, WATCH_MATCH,
						WATCH_ASSOCIATION, WATCH_MISMATCH};

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (kinds[i] == k)
			return true;
	return false;
}

static int forbidden(enum event event, enum alarm_kind kind, struct err *e)
{
	if (!recorded(kind))
		return err_set(e, ERR_FORBIDDEN, "%s", _("这一类不由平台预警，办好了自然消失"));
	if (event == EVENT_ALARM_WITHDRAW && !withdrawable(kind))
		return err_set(e, ERR_FORBIDDEN, "%s", _("岗位的预警不会消除，也不能补考勤；扣分时可提异议"));
	return 0;
}

static int act(struct desk *d, const struct alarm_act *a, struct err *e)
{
	struct situation situation = {.profile = d->profile,
				      .today = date_today(),
				      .on = a->on,
				      .event = a->event,
				      .not_before = DATE_NONE};
	struct db_alarm like = {.project = d->project.id, .month = a->month}, row;
	struct subject s = {.cycle = CYCLE_ALARM};

	text_copy(like.kind, sizeof(like.kind), alarm_kind_name(a->kind));
	text_copy(like.subject, sizeof(like.subject), a->subject ? a->subject : "");
	if (alarm_row_of(d, &like, &row, e))
		return -1;
	s.id = row.id;
	s.state = (int)row.state;
	situation.not_before = row.since;
	text_copy(s.uid, sizeof(s.uid), row.uid);
	alarm_title(d, &row, s.title, sizeof(s.title));
	if (site_judged(d, &s, a->event, &situation, e) ||
	    deed_do(d,
		    &(struct deed){.subject = &s,
				   .event = a->event,
				   .source = PLAN_DESK,
				   .situation = &situation,
				   .on = a->on,
				   .note = a->note,
				   .actor = a->event == EVENT_ALARM_APPEAL ? ACTOR_COMPANY : ACTOR_PLATFORM},
		    NULL, e))
		return -1;
	return desk_audit(d,
			  &(struct audit_entry){.action = event_name(a->event),
						.object = cycle_name(CYCLE_ALARM),
						.uid = row.uid,
						.detail = row.kind,
						.note = a->note},
			  e);
}

int desk_alarm_act(struct desk *d, const struct alarm_act *a, struct err *e)
{
	if (desk_may_in_project(d, 0, e))
		return -1;
	if (event_cycle(a->event) != CYCLE_ALARM)
		return err_set(e, ERR_USAGE, "%s is no event of an alarm", event_name(a->event));
	if (d->session.participant)
		return err_set(e, ERR_NOT_PERMITTED, "alarms are the whole site's");
	if (forbidden(a->event, a->kind, e) || store_begin(d->store, e))
		return -1;
	return store_end(d->store, act(d, a, e), e);
}

size_t desk_alarm_possible(struct desk *d, const struct alarm_row *r, enum event *events, size_t cap)
{
	const struct transition *rows = NULL;
	size_t n = lifecycle_rows(CYCLE_ALARM, &rows), count = 0;

	for (size_t i = 0; i < n && count < cap; i++)
		if (rows[i].from == (int)(r->record ? r->state : ALARM_NONE) &&
		    (rows[i].roles & d->session.roles) && !d->session.participant &&
		    forbidden(rows[i].event, r->kind, NULL) == 0)
			events[count++] = rows[i].event;
	return count;
}
