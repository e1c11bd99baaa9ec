/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/association.h"

#include <string.h>

#include "base/text.h"
#include "desk/photo.h"
#include "json_out.h"
#include "sheets.h"
#include "store/person.h"

#define COUNT_MOST 1000

/* --- the attachment ------------------------------------------------------------------------------------- */

static const char *mime_of(const struct buf *b)
{
	static const struct {
		const char *magic, *mime;
		size_t n;
	} kinds[] = {{"%PDF-", "application/pdf", 5}, {"\xFF\xD8\xFF", "image/jpeg", 3}, {"\x89PNG\r\n\x1A\n", "image/png", 8}};

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (b->len > kinds[i].n && memcmp(b->data, kinds[i].magic, kinds[i].n) == 0)
			return kinds[i].mime;
	return NULL;
}

int desk_evidence_read(const char *path, struct buf *out, const char **mime, struct err *e)
{
	struct err own = {ERR_NONE};

	if (desk_photo_read_file(path, out, &own))
		return err_set(e, own.code == ERR_PICTURE_EMPTY || own.code == ERR_PICTURE_TOO_LARGE ? ERR_EVIDENCE_FORMAT : own.code,
			       "%s", own.detail);
	*mime = mime_of(out);
	return *mime && out->len <= ASSOCIATION_FILE_MAX ? 0 : err_set(e, ERR_EVIDENCE_FORMAT, "%zu bytes", out->len);
}

/* --- asking, answering, unbinding ---------------------------------------------------------------------- */

struct relating {
	struct desk *d;
	enum event event;
	const struct association *a;
	struct db_team team;
	struct db_company partner; /* id 0: none */
	struct subject subject;
	struct situation situation;
};

/* The company that the account acts for; 0: the general contractor's whole site. */
static int own_company(struct desk *d, int64_t *out, struct err *e)
{
	struct db_participant p;

	*out = 0;
	if (!d->session.participant)
		return 0;
	if (db_participant_get(d->store, d->session.participant, &p, e))
		return -1;
	*out = p.company;
	return 0;
}

/* The account's own team, or one whose association its company was asked for. */
static int find_team(struct relating *r, struct err *e)
{
	struct err own = {ERR_NONE};
	int64_t company;

	if (team_here(r->d, r->a->team_uid, &r->team, &own) && own.code != ERR_NO_SUCH)
		return err_set(e, own.code, "%s", own.detail);
	if (own_company(r->d, &company, e))
		return -1;
	r->situation.partners_clerk = company && company == r->team.partner;
	if (own.code == ERR_NO_SUCH &&
	    (!r->situation.partners_clerk || r->team.project != r->d->project.id || r->team.state == SITE_NONE))
		return err_set(e, ERR_NO_SUCH, "team of another project");
	return 0;
}

static int find_partner(struct relating *r, struct err *e)
{
	struct err own = {ERR_NONE};
	int rc;

	if (r->event == EVENT_ASSOCIATE)
		rc = db_company_by_name(r->d->store, r->a->company ? r->a->company : "", &r->partner, &own);
	else if (r->team.partner)
		rc = db_company_get(r->d->store, r->team.partner, &r->partner, &own);
	else
		return 0;
	if (rc && own.code != ERR_NO_SUCH)
		return err_set(e, own.code, "%s", own.detail);
	if (rc)
		r->partner.id = 0;
	return 0;
}

static int look(struct relating *r, struct err *e)
{
	struct situation *s = &r->situation;

	*s = (struct situation){.profile = r->d->profile,
				.today = date_today(),
				.on = r->a->on,
				.event = r->event,
				.has_team = true,
				.not_before = DATE_NONE};
	if (find_team(r, e) || find_partner(r, e))
		return -1;
	text_copy(s->team, sizeof(s->team), r->team.name);
	text_copy(s->team_kind, sizeof(s->team_kind), r->team.kind);
	s->relation = r->team.relation;
	s->partner = r->partner.id ? r->partner.name : NULL;
	s->partner_on_platform = r->partner.on_platform_since != DATE_NONE;
	s->evidence = r->a->evidence && r->a->evidence_bytes;
	r->subject = team_subject(&r->team, CYCLE_TEAM);
	return site_judged(r->d, &r->subject, r->event, s, e);
}

static int write_deed(struct relating *r, struct err *e)
{
	int64_t needs[2] = {0, 0};
	struct deed_done done;
	struct buf body;
	struct deed deed = {.subject = &r->subject,
			    .event = r->event,
			    .source = PLAN_DESK,
			    .situation = &r->situation,
			    .on = r->a->on,
			    .note = r->a->note,
			    .actor = deed_actor(r->d, CYCLE_TEAM),
			    .needs = needs,
			    .n_needs = ARRAY_LEN(needs)};
	int rc = -1;

	buf_init(&body, 2048);
	json_out_open(&body);
	json_out_text(&body, "partner", r->partner.uid);
	json_out_text(&body, "company", r->partner.name);
	json_out_close(&body);
	deed.body = body.data;
	if (body.failed)
		err_set(e, ERR_TOO_LARGE, "association");
	else if (!(r->event == EVENT_ASSOCIATE && (db_team_partner(r->d->store, r->team.id, r->partner.id, e) ||
						    company_known_here(r->d, &r->partner, &needs[0], e))) &&
		 deed_reported(r->d, CYCLE_TEAM_SITE, r->team.id, &needs[1], e) == 0 && deed_do(r->d, &deed, &done, e) == 0)
		rc = !r->situation.evidence ? 0
					    : db_attachment_add(r->d->store, r->d->project.id, 0, done.first, "association",
								r->a->mime, r->a->evidence, r->a->evidence_bytes, NULL, e);
	buf_wipe_release(&body);
	return rc;
}

static int relate(struct relating *r, struct err *e)
{
	if (look(r, e) || write_deed(r, e))
		return -1;
	return desk_audit(r->d,
			  &(struct audit_entry){.action = event_name(r->event),
						.object = cycle_name(CYCLE_TEAM),
						.uid = r->team.uid,
						.note = r->a->note},
			  e);
}

static int act(struct desk *d, enum event event, const struct association *a, struct err *e)
{
	struct relating r = {.d = d, .event = event, .a = a};

	if (desk_may_in_project(d, 0, e))
		return -1;
	if (a->evidence_bytes > ASSOCIATION_FILE_MAX || (a->evidence && !a->mime))
		return err_set(e, ERR_EVIDENCE_FORMAT, "%zu bytes", a->evidence_bytes);
	if (store_begin(d->store, e))
		return -1;
	return store_end(d->store, relate(&r, e), e);
}

int desk_association_ask(struct desk *d, const struct association *a, struct err *e)
{
	return act(d, EVENT_ASSOCIATE, a, e);
}

int desk_association_unbind(struct desk *d, const struct association *a, struct err *e)
{
	return act(d, EVENT_UNBIND, a, e);
}

int desk_association_answer(struct desk *d, const char *team_uid, bool confirm, const char *note, struct err *e)
{
	struct association a = {.team_uid = team_uid, .on = DATE_NONE, .note = note};

	return act(d, confirm ? EVENT_ASSOCIATION_CONFIRMED : EVENT_ASSOCIATION_REFUSED, &a, e);
}

/* --- lists and days ------------------------------------------------------------------------------------- */

int desk_association_list(struct desk *d, enum team_state relation, const struct team_row *after, struct team_row *rows, size_t cap,
			  size_t *n, struct err *e)
{
	struct db_team_cursor key = {.id = after ? after->id : 0};
	struct db_team page[8];
	size_t got, count = 0;
	int64_t company;

	if (desk_may_in_project(d, 0, e) || own_company(d, &company, e))
		return -1;
	text_copy(key.name, sizeof(key.name), after ? after->name : "");
	do {
		size_t room = cap - count < ARRAY_LEN(page) ? cap - count : ARRAY_LEN(page);

		if (db_association_list(d->store, d->project.id, relation, &key, page, room, &got, e))
			return -1;
		for (size_t i = 0; i < got; i++) {
			key.id = page[i].id;
			text_copy(key.name, sizeof(key.name), page[i].name);
			if (company && page[i].partner != company && page[i].participant != d->session.participant)
				continue;
			if (team_out(d, &page[i], &rows[count++], e))
				return -1;
		}
	} while (got && count < cap);
	*n = count;
	return 0;
}

struct association_days desk_association_days(const struct desk *d, date_t since)
{
	struct association_days none = {DATE_NONE, DATE_NONE}, days;

	if (since == DATE_NONE || !d->profile)
		return none;
	days.alarm_on = since + (date_t)profile_number(d->profile, "limits.association_days", 30);
	days.credit_on = days.alarm_on + (date_t)profile_number(d->profile, "limits.association_credit_days", 30);
	return days;
}

int desk_association_due(struct desk *d, struct association_due *out, struct err *e)
{
	date_t since = DATE_NONE;

	*out = (struct association_due){.first = {DATE_NONE, DATE_NONE}};
	if (desk_may_in_project(d, 0, e))
		return -1;
	if (!profile_flag(d->profile, "teams.association", false))
		return 0;
	if (db_association_due(d->store, d->project.id, COUNT_MOST, &out->teams, &since, e))
		return -1;
	out->first = desk_association_days(d, since);
	return 0;
}
