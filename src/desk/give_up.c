/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One refused record is given up (DESIGN 6): what it reported is reversed, what waits for it goes with it. */
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "deed.h"
#include "desk/results.h"
#include "folk.h"
#include "incoming.h"
#include "merge.h"
#include "outbox_scope.h"
#include "revive.h"
#include "store/line.h"
#include "store/outbox.h"
#include "store/person.h"
#include "store/undo.h"
#include "undo_parts.h"

struct giving {
	struct desk *d;
	struct db_outbox row;
	struct db_fact fact; /* what stands for the fact that the row reports */
	struct given_up *out;
};

static int refuse(struct err *e, const char *why, const char *would)
{
	return err_set(e, ERR_FORBIDDEN, _("%s；%s"), why, would);
}

static int withdraw_all(struct giving *g, struct err *e)
{
	return db_outbox_give_up(g->d->store, g->row.fact, e);
}

/* --- a registration, an offer ------------------------------------------------------------------------- */

static int may(const struct desk *d, const struct transition *row, struct err *e)
{
	return d->session.roles & row->roles ? 0
					     : err_set(e, ERR_NOT_PERMITTED, "%s", event_name(row->event));
}

/* Of what never left the platform is told nothing (deed.c); where it only asks for withdrawals, there is nothing to ask. */
static int offer_over(struct giving *g, const struct db_employment *m, struct err *e)
{
	struct subject s = {
		.cycle = CYCLE_EMPLOYMENT, .id = m->id, .person = m->person, .state = (int)m->state};
	const struct transition *row = lifecycle_find(CYCLE_EMPLOYMENT, s.state, EVENT_WITHDRAW_OFFER);
	bool asks = profile_authority(g->d->profile, EVENT_WITHDRAW_OFFER) == AUTHORITY_PLATFORM;
	char why[160];

	if (lifecycle_final(CYCLE_EMPLOYMENT, s.state))
		return 0;
	if (!row) {
		text_format(why, sizeof(why), _("聘用已办到“%s”"), state_word(CYCLE_EMPLOYMENT, s.state));
		return refuse(e, why, _("先撤销后来的手续，或办理退场和离职，再放弃"));
	}
	text_copy(s.uid, sizeof(s.uid), m->uid);
	text_copy(s.title, sizeof(s.title), g->row.title);
	return may(g->d, row, e) || deed_do(g->d,
					    &(struct deed){.subject = &s,
							   .event = EVENT_WITHDRAW_OFFER,
							   .source = asks ? PLAN_EFFECT : PLAN_DESK,
							   .on = DATE_NONE,
							   .note = _("被退回，放弃"),
							   .actor = deed_actor(g->d, CYCLE_EMPLOYMENT)},
					    NULL, e)
		       ? -1
		       : 0;
}

static int nobody_on_site(struct giving *g, struct err *e)
{
	struct folk f;

	if (folk_load(g->d, g->row.person, &f, e))
		return -1;
	return f.assignment.id && f.assignment.state == ASSIGNMENT_ON_SITE
		       ? refuse(e, _("此人在场"), _("先办理退场，再放弃"))
		       : 0;
}

static int each_employment(struct giving *g, int64_t only, struct err *e)
{
	struct db_employment rows[32];
	size_t n;

	if (nobody_on_site(g, e) ||
	    db_employment_list(g->d->store, g->row.person, rows, ARRAY_LEN(rows), &n, e))
		return -1;
	for (size_t i = 0; i < n; i++)
		if (rows[i].project == g->d->project.id && (!only || rows[i].id == only) &&
		    offer_over(g, &rows[i], e))
			return -1;
	return 0;
}

/* Two files are one: the platform goes by the one that was kept, and what was done under the other goes out under that. Employments stay. */
static int give_up_merged(struct giving *g, int64_t stands, struct err *e)
{
	text_copy(g->out->says, sizeof(g->out->says), _("两份档案已经合并，平台上用留下的那一份；这一份的登记不再上传"));
	return merge_lay_down(g->d, g->row.subject, stands, e);
}

/* Whoever is registered again is told to the platform anew. */
static int give_up_registration(struct giving *g, struct err *e)
{
	struct db_outbox kept;

	if (merge_stands_for_both(g->d, &g->row, &kept, e))
		return -1;
	if (kept.id)
		return give_up_merged(g, kept.fact, e);
	text_copy(g->out->says, sizeof(g->out->says),
		  _("登记作废，聘用一并撤回；此人的资料留在本机，可以重新登记"));
	return withdraw_all(g, e) || each_employment(g, 0, e) ||
			       (!g->fact.reversed_by && revive_reverse(g->d, &g->fact, e))
		       ? -1
		       : 0;
}

static int give_up_offer(struct giving *g, struct err *e)
{
	text_copy(g->out->says, sizeof(g->out->says), _("聘用撤回"));
	return withdraw_all(g, e) || each_employment(g, g->fact.subject, e) ? -1 : 0;
}

/* --- an event of an employment or assignment ------------------------------------------------------------ */

static bool stands(const struct db_fact *f)
{
	return !f->superseded_by && !f->reversed_by && !f->reverses;
}

/* The fact that stood first where this one stands now. */
static int root_of(struct giving *g, const struct db_fact *f, int64_t *root, struct err *e)
{
	struct db_fact up = *f;

	while (up.supersedes)
		if (db_fact_get(g->d->store, up.supersedes, &up, e))
			return -1;
	*root = up.id;
	return 0;
}

/* A step that the profile leaves out came with this one: by the same hand at the same moment, and no
 * operation of its own. */
static int came_along(struct giving *g, const struct db_fact *f, struct err *e)
{
	struct err own = {ERR_NONE};
	struct db_outbox row;
	bool reported = db_outbox_by_fact(g->d->store, f->id, &row, &own) == 0;

	if (!reported && own.code != ERR_NO_SUCH)
		return err_set(e, own.code, "%s", own.detail);
	if (reported || f->at_ms != g->fact.at_ms || f->account != g->fact.account)
		return refuse(e, _("此后又办理过与它有关的手续"), _("先撤销后来的，再放弃"));
	return revive_reverse(g->d, f, e);
}

/* A correction of what was before it rests on nothing that goes now. */
static int after_it(struct giving *g, const struct db_fact *f, struct err *e)
{
	int64_t here, there;

	if (root_of(g, &g->fact, &here, e) || root_of(g, f, &there, e))
		return -1;
	return there < here ? 0 : came_along(g, f, e);
}

/* It and what came along with it, the newest first: facts of a subject are few. */
#define FACTS 64

static int reverse_it(struct giving *g, struct err *e)
{
	struct db_fact rows[FACTS];
	size_t n;

	if (db_fact_of_subject(g->d->store, g->fact.cycle, g->fact.subject, g->fact.id, rows, FACTS, &n, e))
		return -1;
	while (n-- > 0)
		if (stands(&rows[n]) && after_it(g, &rows[n], e))
			return -1;
	return revive_reverse(g->d, &g->fact, e);
}

static int give_up_asking(struct giving *g, struct err *e)
{
	text_copy(g->out->says, sizeof(g->out->says), _("申请作废"));
	return withdraw_all(g, e) || (stands(&g->fact) && revive_reverse(g->d, &g->fact, e)) ? -1 : 0;
}

/* It has come to an end since: there is nothing left to be reversed. */
static int give_up_moot(struct giving *g, const char *says, struct err *e)
{
	text_copy(g->out->says, sizeof(g->out->says), says);
	return withdraw_all(g, e);
}

/* The event that ended it; id 0: the refused one did. Corrections made since stand where what they correct stood. */
static int ended_by(struct giving *g, enum cycle cycle, struct db_fact *end, struct err *e)
{
	enum event event;
	int64_t fact;

	*end = (struct db_fact){.id = 0};
	if (deed_last(g->d, cycle, g->fact.subject, &event, &fact, e))
		return -1;
	return fact && fact != g->fact.id ? db_fact_get(g->d->store, fact, end, e) : 0;
}

/* The platform said so itself, or has taken it from here: what it refused before that decides nothing any more. */
static int over_there(struct giving *g, enum cycle cycle, bool *yes, struct err *e)
{
	struct err own = {ERR_NONE};
	struct db_outbox row;
	struct db_fact end;

	*yes = false;
	if (ended_by(g, cycle, &end, e))
		return -1;
	if (!end.id)
		return 0;
	*yes = !strcmp(end.authority, "platform");
	if (db_outbox_by_fact(g->d->store, end.id, &row, &own))
		return own.code == ERR_NO_SUCH ? 0 : err_set(e, own.code, "%s", own.detail);
	*yes |= row.state == OUTBOX_ACCEPTED;
	return 0;
}

/* *gone: it was taken back here, and the platform was to be told. */
static int state_now(struct giving *g, enum cycle cycle, int *was, bool *gone, struct err *e)
{
	struct err own = {ERR_NONE};

	*gone = undo_state_of(g->d, cycle, g->fact.subject, was, &own) != 0;
	return *gone && own.code != ERR_NO_SUCH ? err_set(e, own.code, "%s", own.detail) : 0;
}

static int uid_of(struct giving *g, enum cycle cycle, char uid[UID_TEXT], struct err *e)
{
	struct db_assignment a;
	struct db_employment m;

	if (cycle == CYCLE_ASSIGNMENT ? db_assignment_get(g->d->store, g->fact.subject, &a, e)
				      : db_employment_get(g->d->store, g->fact.subject, &m, e))
		return -1;
	text_copy(uid, UID_TEXT, cycle == CYCLE_ASSIGNMENT ? a.uid : m.uid);
	return 0;
}

/* Back to what stands without it; what the platform decided meanwhile, which it stood in the way of, is applied after all. */
static int go_back(struct giving *g, enum cycle cycle, int was, int *now, struct err *e)
{
	bool ended = cycle == CYCLE_EMPLOYMENT && lifecycle_final(cycle, was);
	char uid[UID_TEXT];

	if (withdraw_all(g, e) || reverse_it(g, e) || revive_row(g->d, cycle, g->fact.subject, now, e))
		return -1;
	if (cycle == CYCLE_ASSIGNMENT ? revive_leading(g->d, g->fact.subject, e) : ended && revive_others(g->d, &g->fact, e))
		return -1;
	return uid_of(g, cycle, uid, e) || incoming_kept(g->d, uid, e) || undo_state_of(g->d, cycle, g->fact.subject, now, e)
		       ? -1
		       : 0;
}

static bool ends(enum cycle cycle, const char *kind)
{
	const struct transition *rows = NULL;
	size_t n = lifecycle_rows(cycle, &rows);
	const char *dot = strchr(kind, '.');
	enum event event;

	if (!dot || !event_parse(dot + 1, &event))
		return false;
	for (size_t i = 0; i < n; i++)
		if (rows[i].event == event && lifecycle_final(cycle, rows[i].to))
			return true;
	return false;
}

/* The platform has decided meanwhile that it is over, which could not be applied because it was over here (an offer withdrawn while the worker
 * declined), and he is employed anew: nothing of it is to stand again. */
static int decided_over(struct giving *g, enum cycle cycle, bool *yes, struct err *e)
{
	struct db_kept row = {.id = 0};
	char uid[UID_TEXT];
	struct buf body;
	bool anew;
	int rc = uid_of(g, cycle, uid, e) || revive_employed_anew(g->d, &g->fact, &anew, e) ? -1 : 0;

	*yes = false;
	if (rc || !anew)
		return rc;
	buf_init(&body, 1u << 20);
	while (!rc && !*yes) {
		buf_reset(&body);
		rc = db_inbox_kept(g->d->store, g->d->project.id, uid, row.id, &row, &body, e);
		if (rc || !row.id)
			break;
		*yes = ends(cycle, row.kind);
	}
	buf_wipe_release(&body);
	return rc;
}

/* What there is nothing to go back from: *says is set, NULL where there is. */
static int moot(struct giving *g, enum cycle cycle, enum event event, int *was, const char **says, struct err *e)
{
	bool gone, over;

	*says = NULL;
	if (state_now(g, cycle, was, &gone, e))
		return -1;
	if (gone)
		*says = _("本机已没有这条记录，不再上传；平台上还有的，与平台联系撤销");
	else if (cycle == CYCLE_ASSIGNMENT && *was == ASSIGNMENT_WITHDRAWN && event != EVENT_WITHDRAW)
		*says = _("分配已经撤回，这一条不再上传");
	if (*says || cycle != CYCLE_EMPLOYMENT || !lifecycle_final(cycle, *was))
		return 0;
	if (over_there(g, cycle, &over, e) || (!over && decided_over(g, cycle, &over, e)))
		return -1;
	if (over)
		*says = _("聘用已经结束，这一条不再上传");
	return 0;
}

static int give_up_event(struct giving *g, struct err *e)
{
	const char *says;
	enum cycle cycle;
	enum event event;
	int was, now;

	if (!cycle_parse(g->fact.cycle, &cycle) ||
	    !event_parse(g->fact.event, &event)) /* only asked for: nothing has moved */
		return give_up_asking(g, e);
	if (moot(g, cycle, event, &was, &says, e))
		return -1;
	if (says)
		return give_up_moot(g, says, e);
	if (go_back(g, cycle, was, &now, e))
		return -1;
	text_format(g->out->says, sizeof(g->out->says), _("“%s”作废，回到“%s”"), event_word(event),
		    state_word(cycle, now));
	return 0;
}

/* --- others ------------------------------------------------------------------------------------------- */

/* A clocking stays for ever; it is only not sent any more. */
static int give_up_clocking(struct giving *g, struct err *e)
{
	text_copy(g->out->says, sizeof(g->out->says), _("这一次打卡留在本机，不再上传"));
	return withdraw_all(g, e);
}

static int give_up_correction(struct giving *g, struct err *e)
{
	(void)g;
	return refuse(e, _("更正不能单独放弃"), _("改回平台接受的内容后保存，会自动重新上传"));
}

static int give_up_none(struct giving *g, struct err *e)
{
	(void)g;
	return refuse(e, _("这一条不能单独放弃"), _("改正后重新上传，或办理相反的手续"));
}

/* By the beginning of its kind; the first that fits. */
static const struct {
	const char *kind;
	int (*give_up)(struct giving *g, struct err *e);
} ways[] = {
	{"person.add", give_up_registration},	  {"employment.offer", give_up_offer},
	{"employment.amend", give_up_correction}, {"person.amend", give_up_correction},
	{"employment.", give_up_event},		  {"assignment.", give_up_event},
	{"attendance.", give_up_clocking},	  {"", give_up_none},
};

static int by_its_way(struct giving *g, struct err *e)
{
	for (size_t i = 0; i < ARRAY_LEN(ways); i++)
		if (!strncmp(g->row.kind, ways[i].kind, strlen(ways[i].kind)))
			return ways[i].give_up(g, e);
	return 0;
}

static int give_up_one(struct giving *g, struct err *e)
{
	db_act_none(g->d->store);
	if (by_its_way(g, e))
		return -1;
	return g->row.person ? folk_refresh(g->d, g->row.person, false, e) : 0;
}

/* --- the whole ------------------------------------------------------------------------------------------ */

static int open_refused(struct giving *g, int64_t id, struct err *e)
{
	if (outbox_open(g->d, id, &g->row, e) || deed_chain_end(g->d, g->row.fact, &g->fact, e))
		return -1;
	return g->row.state == OUTBOX_REJECTED
		       ? 0
		       : err_set(e, ERR_FORBIDDEN, "%s", outbox_state_word(g->row.state));
}

static int withdrawn(struct desk *d, int64_t *n, struct err *e)
{
	int64_t counts[OUTBOX_STATE_COUNT];

	if (db_outbox_counts(d->store, d->project.id, counts, e))
		return -1;
	*n = counts[OUTBOX_WITHDRAWN];
	return 0;
}

/* The whole act, where it is this person's alone and nothing rests on it: as if it had never been done. */
static int whole_act(struct giving *g, struct err *e)
{
	struct db_act a;
	int64_t act;

	if (db_act_of_fact(g->d->store, g->row.fact, &act, e))
		return -1;
	if (!act || db_act_get(g->d->store, act, &a, e) || a.people != 1)
		return err_set(e, ERR_FORBIDDEN, "no act of its own");
	text_copy(g->out->says, sizeof(g->out->says), _("整次办理撤销，如同没有办过"));
	return undo_take_back(g->d, act, e);
}

static int give_up(struct giving *g, int64_t id, int (*how)(struct giving *, struct err *), struct err *e)
{
	int64_t before, after;

	*g->out = (struct given_up){.withdrawn = 0};
	if (open_refused(g, id, e) || withdrawn(g->d, &before, e) || how(g, e) || withdrawn(g->d, &after, e))
		return -1;
	g->out->withdrawn = after - before;
	return desk_audit(
		g->d,
		&(struct audit_entry){
			.action = "give_up", .object = "operation", .uid = g->row.op, .detail = g->row.kind},
		e);
}

static int in_transaction(struct giving *g, int64_t id, int (*how)(struct giving *, struct err *), bool keep,
			  struct err *e)
{
	int rc;

	if (store_begin(g->d->store, e))
		return -1;
	rc = give_up(g, id, how, e);
	if (rc || keep)
		return store_end(g->d->store, rc, e);
	store_rollback(g->d->store);
	return 0;
}

static bool cannot(enum err_code code)
{
	return code == ERR_FORBIDDEN || code == ERR_NOT_WITHDRAWABLE || code == ERR_NOT_PERMITTED ||
	       code == ERR_CONFLICT;
}

static int either_way(struct desk *d, int64_t id, bool keep, struct given_up *out, struct err *e)
{
	struct giving g = {.d = d, .out = out};
	struct err own = {ERR_NONE};

	if (in_transaction(&g, id, whole_act, keep, &own) == 0)
		return 0;
	return cannot(own.code) ? in_transaction(&g, id, give_up_one, keep, e)
				: err_set(e, own.code, "%s", own.detail);
}

int desk_outbox_give_up_preview(struct desk *d, int64_t id, struct given_up *out, struct err *e)
{
	return desk_may_in_project(d, ROLES_WITH_KEY, e) ? -1 : either_way(d, id, false, out, e);
}

int desk_outbox_give_up(struct desk *d, int64_t id, struct given_up *out, struct err *e)
{
	if (desk_may_in_project(d, ROLES_WITH_KEY, e) || either_way(d, id, true, out, e))
		return -1;
	return desk_refresh_project(d, e);
}
