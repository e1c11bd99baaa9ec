/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An assignment's team and whether its worker leads it, for conflict.c. The trade is the employment's, which
 * merges by itself; company and project change by exit and a new assignment only (E10). */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "conflict_kind.h"
#include "json_out.h"
#include "personal.h"

enum { ROW_TEAM, ROW_LEADER };

static const struct {
	const char *wire;
	enum field_id as; /* name and label */
} rows[] = {
	[ROW_TEAM] = {"team", F_TEAM},
	[ROW_LEADER] = {"isTeamLeader", F_LEADER},
};

/* --- opening ----------------------------------------------------------------------------------------- */

static int open_assignment(struct holding *h, const char *subject, struct err *e)
{
	struct db_assignment a;

	if (db_assignment_by_uid(h->d->store, subject ? subject : h->uid, &a, e))
		return -1;
	if (a.project != h->d->project.id)
		return err_set(e, ERR_NO_SUCH, "assignment of another project");
	if (folk_open(h->d, a.person, &h->folk, e) || db_team_get(h->d->store, a.team, &h->team, e))
		return -1;
	h->over = h->folk.assignment.id != a.id || lifecycle_final(CYCLE_ASSIGNMENT, a.state);
	h->folk.assignment = a;
	h->folk.team = h->team;
	h->file = a.person;
	text_copy(h->leads, sizeof(h->leads), a.leader ? "1" : "0");
	text_copy(h->uid, sizeof(h->uid), a.uid);
	text_copy(h->name, sizeof(h->name), h->folk.person.name);
	return 0;
}

/* --- fields ------------------------------------------------------------------------------------------ */

static bool facet_at(int at, struct facet *out)
{
	const struct field *f = field_get(rows[at].as);

	*out = (struct facet){.name = f->name,
			      .label = f->label,
			      .max_chars = UID_TEXT,
			      .needed = at == ROW_TEAM,
			      .at = at};
	return true;
}

static bool by_wire(const struct holding *h, const char *wire, struct facet *out)
{
	(void)h;
	for (int i = 0; i < (int)ARRAY_LEN(rows); i++)
		if (!strcmp(rows[i].wire, wire))
			return facet_at(i, out);
	return false;
}

static bool by_name(const struct holding *h, const char *name, struct facet *out)
{
	(void)h;
	for (int i = 0; i < (int)ARRAY_LEN(rows); i++)
		if (!strcmp(field_get(rows[i].as)->name, name))
			return facet_at(i, out);
	return false;
}

/* What the clerk may not make of it, the platform's word does not make of it either (C2, E10). */
static bool takes_team(const struct holding *h, const char *uid)
{
	struct db_team t;

	return uid_valid(uid) && !db_team_by_uid(h->d->store, uid, &t, NULL) &&
	       t.project == h->d->project.id && t.participant == h->folk.assignment.participant &&
	       t.state != SITE_NONE && t.state != SITE_EXITED;
}

static bool read_value(const struct holding *h, const struct facet *f, const char *wire, char *out,
		       size_t size)
{
	if (f->at == ROW_TEAM)
		return takes_team(h, wire) && text_copy(out, size, wire);
	if (strcmp(wire, "1") && strcmp(wire, "0") && wire[0])
		return false;
	return text_copy(out, size, wire[0] ? wire : "0");
}

static const char *get_value(const struct holding *h, const struct facet *f)
{
	return f->at == ROW_TEAM ? h->team.uid : h->leads;
}

static bool locked(const struct holding *h, const struct facet *f)
{
	(void)h;
	(void)f;
	return false; /* no card says anything of it */
}

static int show(const struct holding *h, const struct facet *f, const char *value, char *out, size_t size,
		struct err *e)
{
	struct err own = {ERR_NONE};
	struct db_team t;

	if (f->at == ROW_LEADER) {
		text_copy(out, size, !strcmp(value, "1") ? _("是") : _("否"));
		return 0;
	}
	out[0] = '\0';
	if (!value[0])
		return 0;
	if (db_team_by_uid(h->d->store, value, &t, &own))
		return own.code == ERR_NO_SUCH ? 0 : err_set(e, own.code, "%s", own.detail);
	text_copy(out, size, t.name);
	return 0;
}

static int put_value(struct holding *h, const struct facet *f, const char *value, struct err *e)
{
	if (f->at == ROW_TEAM)
		return db_team_by_uid(h->d->store, value, &h->team, e);
	text_copy(h->leads, sizeof(h->leads), value);
	return 0;
}

/* --- writing ----------------------------------------------------------------------------------------- */

static int leads_no_more(struct holding *h, const struct db_team *team, struct err *e)
{
	return team->leader == h->folk.person.id ? db_team_leader(h->d->store, team->id, 0, e) : 0;
}

static int who_leads(struct holding *h, bool leads, struct err *e)
{
	if (!leads)
		return leads_no_more(h, &h->team, e);
	return team_leader_gone(h->d, &h->team, e) ||
			       db_team_leader(h->d->store, h->team.id, h->folk.person.id, e)
		       ? -1
		       : 0;
}

static int write_rows(struct holding *h, struct err *e)
{
	struct db_assignment *a = &h->folk.assignment;
	bool leads = !strcmp(h->leads, "1");

	if (a->team != h->team.id && leads_no_more(h, &h->folk.team, e))
		return -1;
	if ((a->team != h->team.id || leads != a->leader) && who_leads(h, leads, e))
		return -1;
	a->team = h->team.id;
	a->leader = leads;
	return db_assignment_update(h->d->store, a, e);
}

static int report(struct holding *h, struct err *e)
{
	struct db_assignment *a = &h->folk.assignment;
	struct correction c = {.cycle = cycle_name(CYCLE_ASSIGNMENT),
			       .event = event_name(EVENT_SUBMIT),
			       .add_kind = "assignment.submit",
			       .amend_kind = "assignment.amend",
			       .subject = a->id,
			       .person = a->person,
			       .uid = a->uid,
			       .title = h->folk.person.name,
			       .theirs = h->how.theirs,
			       .base = h->how.base};
	int64_t needs[2], fact;
	struct buf body;
	int rc = -1;

	buf_init(&body, 4096);
	json_out_open(&body);
	json_out_text(&body, "team", h->team.uid);
	json_out_text(&body, "leader", h->leads);
	json_out_close(&body);
	c.body = body.data;
	c.needs = needs;
	c.n_needs = ARRAY_LEN(needs);
	if (body.failed)
		err_set(e, ERR_MEMORY, "body of a fact");
	else if (!db_fact_latest(h->d->store, c.cycle, c.subject, c.event, &c.fact, e) &&
		 !deed_reported(h->d, CYCLE_EMPLOYMENT, a->employment, &needs[0], e) &&
		 !deed_reported(h->d, CYCLE_TEAM_SITE, h->team.id, &needs[1], e))
		rc = correction_write(h->d, &c, &fact, e);
	buf_release(&body);
	return rc;
}

static int write_assignment(struct holding *h, struct err *e)
{
	return write_rows(h, e) || report(h, e) || folk_refresh(h->d, h->folk.person.id, true, e) ? -1 : 0;
}

const struct conflict_ways assignment_ways = {
	.open = open_assignment,
	.by_wire = by_wire,
	.by_name = by_name,
	.read = read_value,
	.get = get_value,
	.locked = locked,
	.show = show,
	.put = put_value,
	.write = write_assignment,
};
