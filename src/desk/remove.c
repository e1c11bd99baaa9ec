/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Editing teams (C2) and deleting what never was: teams and participants that neither entered nor were uploaded (C8). */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "json_out.h"
#include "personal.h"
#include "sheets.h"
#include "store/outbox.h"

/* --- deleting ------------------------------------------------------------------------------------------ */

static int refused(struct err *e, const char *why, const char *would)
{
	return err_set(e, ERR_FORBIDDEN, _("%s；%s"), why, would);
}

/* The operation of this fact is withdrawn, if there is one; ERR_FORBIDDEN when it has left. */
static int withdraw(struct desk *d, int64_t fact, struct err *e)
{
	struct err own = {ERR_NONE};
	struct db_outbox row;

	if (db_outbox_by_fact(d->store, fact, &row, &own))
		return own.code == ERR_NO_SUCH ? 0 : err_set(e, own.code, "%s", own.detail);
	if (row.state == OUTBOX_WITHDRAWN || row.state == OUTBOX_SUPERSEDED)
		return 0;
	if (!db_outbox_is_here(&row))
		return refused(e, _("已经上传过，不能删除"), _("不再使用的，请办理退场"));
	return db_outbox_state(d->store, row.id, row.state, OUTBOX_WITHDRAWN, e);
}

static int reverse(struct desk *d, const struct db_fact *was, struct err *e)
{
	struct db_fact row = {.project = was->project,
			      .subject = was->subject,
			      .account = d->session.account,
			      .at_ms = clock_now_ms(),
			      .on = date_today(),
			      .true_on = DATE_NONE,
			      .reverses = was->id};
	int64_t id;

	text_copy(row.cycle, sizeof(row.cycle), was->cycle);
	text_copy(row.event, sizeof(row.event), was->event);
	text_copy(row.actor, sizeof(row.actor), actor_name(ACTOR_SITE));
	text_copy(row.authority, sizeof(row.authority), "desk");
	return db_fact_insert(d->store, &row, NULL, &id, e);
}

/* Every standing fact of the subject is taken back: the fold is "none" again. */
static int take_back(struct desk *d, enum cycle cycle, int64_t subject, struct err *e)
{
	struct db_fact rows[16];
	int64_t after = 0;
	size_t n;

	do {
		if (db_fact_of_subject(d->store, cycle_name(cycle), subject, after, rows, ARRAY_LEN(rows), &n, e))
			return -1;
		for (size_t i = 0; i < n; i++) {
			after = rows[i].id;
			if (rows[i].superseded_by || rows[i].reversed_by || rows[i].reverses)
				continue;
			if (withdraw(d, rows[i].id, e) || reverse(d, &rows[i], e))
				return -1;
		}
	} while (n == ARRAY_LEN(rows));
	return 0;
}

static int team_gone(struct desk *d, const struct db_team *t, struct err *e)
{
	if (take_back(d, CYCLE_TEAM_SITE, t->id, e) || take_back(d, CYCLE_TEAM, t->id, e) ||
	    db_team_state(d->store, t->id, t->state, SITE_NONE, DATE_NONE, DATE_NONE, e) ||
	    db_team_relation(d->store, t->id, t->relation, TEAM_NONE, DATE_NONE, e))
		return -1;
	return desk_audit(d, &(struct audit_entry){.action = "team_delete", .object = "team", .uid = t->uid}, e);
}

static int team_may_go(struct desk *d, const struct db_team *t, struct err *e)
{
	int64_t members;

	if (t->automatic)
		return refused(e, _("管理班组随参建单位自动产生，不能修改或删除"), _("删除参建单位时一并删除"));
	if (t->state != SITE_NOT_ENTERED)
		return refused(e, _("班组进过场，不能删除"), _("不再使用的，请办理退场"));
	if (t->relation != TEAM_OWN)
		return refused(e, _("班组有与劳务单位的关联，不能删除"), _("先解除关联并设为本单位班组"));
	if (db_team_members(d->store, t->id, &members, e))
		return -1;
	return members ? refused(e, _("班组分配过人员，不能删除"), _("不再使用的，进场后办理退场")) : 0;
}

static int team_delete(struct desk *d, const char *uid, struct err *e)
{
	struct db_team t;

	return team_here(d, uid, &t, e) || team_may_go(d, &t, e) || team_gone(d, &t, e) ? -1 : 0;
}

int desk_team_delete(struct desk *d, const char *uid, struct err *e)
{
	if (desk_may_in_project(d, site_adders(CYCLE_TEAM_SITE), e) || store_begin(d->store, e))
		return -1;
	return store_end(d->store, team_delete(d, uid, e), e);
}

static int participant_may_go(struct desk *d, const struct db_participant *p, int64_t managers, struct err *e)
{
	int64_t people;

	if (p->state != SITE_NOT_ENTERED)
		return refused(e, _("参建单位进过场，不能删除"), _("不再参建的，请办理退场"));
	if (p->teams > (managers != 0))
		return refused(e, _("参建单位还有班组，不能删除"), _("先删除没有进过场的班组"));
	if (db_participant_people(d->store, p->id, &people, e))
		return -1;
	return people ? refused(e, _("参建单位登记过人员，不能删除"), _("不再参建的，请办理退场")) : 0;
}

static int participant_delete(struct desk *d, const char *uid, struct err *e)
{
	struct db_participant p;
	struct db_team managers;
	int64_t team;

	if (participant_here(d, uid, &p, e) || db_team_automatic(d->store, p.id, &team, e) ||
	    participant_may_go(d, &p, team, e))
		return -1;
	if (team && (db_team_get(d->store, team, &managers, e) || team_gone(d, &managers, e)))
		return -1;
	if (take_back(d, CYCLE_PARTICIPANT, p.id, e) ||
	    db_participant_state(d->store, p.id, p.state, SITE_NONE, DATE_NONE, DATE_NONE, e))
		return -1;
	return desk_audit(
		d, &(struct audit_entry){.action = "participant_delete", .object = "participant", .uid = p.uid}, e);
}

int desk_participant_delete(struct desk *d, const char *uid, struct err *e)
{
	if (desk_may_in_project(d, site_adders(CYCLE_PARTICIPANT), e) || store_begin(d->store, e))
		return -1;
	return store_end(d->store, participant_delete(d, uid, e), e);
}

/* --- editing a team ------------------------------------------------------------------------------------ */

int team_may_change(const struct db_team *t, const char *kind, struct err *e)
{
	if (t->automatic || strcmp(t->kind, "management") == 0)
		return refused(e, _("管理班组随参建单位自动产生，不能修改或删除"), _("名称和进退场随参建单位"));
	if (strcmp(t->kind, "worker"))
		return refused(e, _("只有普通工人班组可以修改"), _("另建一个班组"));
	if (kind && strcmp(kind, "worker") && strcmp(kind, "other"))
		return refused(e, _("普通工人班组只能改为其他人员班组"), _("管理人员由管理班组登记"));
	return 0;
}

static int write_edit(struct desk *d, const struct db_team *t, const struct site_change *how, struct err *e)
{
	struct correction c = {.cycle = cycle_name(CYCLE_TEAM_SITE),
			       .event = event_name(EVENT_ADD),
			       .add_kind = "team.add",
			       .amend_kind = "team.amend",
			       .subject = t->id,
			       .uid = t->uid,
			       .title = t->name,
			       .theirs = how->theirs,
			       .base = how->base};
	int64_t needs[1], made;
	struct buf body;
	int rc = -1;

	buf_init(&body, 2048);
	json_out_open(&body);
	json_out_text(&body, "name", t->name);
	json_out_text(&body, "kind", t->kind);
	json_out_close(&body);
	c.body = body.data;
	c.needs = needs;
	c.n_needs = ARRAY_LEN(needs);
	if (body.failed)
		err_set(e, ERR_TOO_LARGE, "team");
	else if (db_fact_latest(d->store, c.cycle, t->id, c.event, &c.fact, e) == 0 &&
		 deed_reported(d, CYCLE_PARTICIPANT, t->participant, &needs[0], e) == 0)
		rc = correction_write(d, &c, &made, e);
	buf_wipe_release(&body);
	return rc;
}

int team_write(struct desk *d, const struct db_team *t, const struct site_change *how, struct err *e)
{
	return db_team_update(d->store, t, e) || write_edit(d, t, how, e) ? -1 : 0;
}

static int team_edit(struct desk *d, const char *uid, const char *name, const char *kind, struct err *e)
{
	struct db_team t;
	bool same;

	if (team_here(d, uid, &t, e) || team_may_change(&t, kind, e))
		return -1;
	same = (!name || !strcmp(name, t.name)) && (!kind || !strcmp(kind, t.kind));
	if (same)
		return 0;
	if (name && (!name[0] || !text_copy(t.name, sizeof(t.name), name)))
		return err_set(e, ERR_FINDINGS, "name");
	if (kind)
		text_copy(t.kind, sizeof(t.kind), kind);
	if (team_write(d, &t, &(struct site_change){.base = 0}, e))
		return -1;
	return desk_audit(d, &(struct audit_entry){.action = "team_edit", .object = "team", .uid = t.uid}, e);
}

int desk_team_edit(struct desk *d, const char *uid, const char *name, const char *kind, struct err *e)
{
	if (desk_may_in_project(d, site_adders(CYCLE_TEAM_SITE), e) || store_begin(d->store, e))
		return -1;
	return store_end(d->store, team_edit(d, uid, name, kind, e), e);
}
