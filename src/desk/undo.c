/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/undo.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/json.h"
#include "base/text.h"
#include "deed.h"
#include "folk.h"
#include "incoming.h"
#include "personal.h"
#include "sister.h"
#include "store/hiring.h"
#include "store/outbox.h"
#include "store/post.h"
#include "store/rekey.h"
#include "store/undo.h"
#include "undo_parts.h"

#define BODY_MAX 65536
#define ASK "ask:"
#define IMPORTED "import" /* what desk/import.c calls its series */

/* --- what it is called, and what goes the other way -------------------------------------------------- */

/* Facts that are no event of a life cycle and can be taken back all the same; what stands neither here nor in
 * a life cycle cannot. */
static const struct {
	const char *cycle, *event, *word;
} plain[] = {
	{"person", "register", N_("登记")},
	{"person", "amend", N_("更正")},
	{"company", "add", N_("添加企业")},
	{"assignment", "move", N_("换班组")},
	{"assignment", "leader", N_("指定班组长")},
	{"training", "add", N_("安全培训")},
	{"training", "remove", N_("删除安全培训")},
	{"certificate", "add", N_("登记资格证书")},
	{"book", "add", N_("登记簿登记")},
	{"book", "amend", N_("登记簿更正")},
	{"book", "remove", N_("登记簿删除")},
	{"wage", "add", N_("导入工资表")},
	{"wage", "amend", N_("更正工资表")},
	{"mark", "set", N_("加不宜录用标记")},
	{"operation", "by_hand", N_("记下平台页面已办")},
	{"filing", "absence", N_("缺勤报备")},
	{"filing", "outage", N_("设备离线报备")},
};

static const struct {
	enum cycle cycle;
	enum event event;
	const char *word;
} named[] = {
	{CYCLE_TEAM_SITE, EVENT_ADD, N_("添加班组")},
	{CYCLE_TEAM_SITE, EVENT_SITE_ENTER, N_("班组进场")},
	{CYCLE_TEAM_SITE, EVENT_SITE_EXIT, N_("班组退场")},
	{CYCLE_PARTICIPANT, EVENT_ADD, N_("添加参建单位")},
	{CYCLE_PARTICIPANT, EVENT_SITE_ENTER, N_("参建单位进场")},
	{CYCLE_PARTICIPANT, EVENT_SITE_EXIT, N_("参建单位退场")},
	{CYCLE_TEAM, EVENT_SET_OWN, N_("添加班组")},
};

static const struct {
	enum event done, reverse;
} reverses[] = {
	{EVENT_OFFER, EVENT_WITHDRAW_OFFER}, {EVENT_RECORD_LEAVING, EVENT_TAKE_BACK},
	{EVENT_DISMISS, EVENT_TAKE_BACK},    {EVENT_DRAFT, EVENT_WITHDRAW},
	{EVENT_SUBMIT, EVENT_WITHDRAW},	     {EVENT_CONFIRM, EVENT_WITHDRAW},
	{EVENT_ENTER, EVENT_EXIT},	     {EVENT_SITE_ENTER, EVENT_SITE_EXIT},
	{EVENT_ASSOCIATE, EVENT_UNBIND},     {EVENT_POST_FILL, EVENT_POST_VACATE},
};

static const char *plain_word(const char *cycle, const char *event)
{
	for (size_t i = 0; i < ARRAY_LEN(plain); i++)
		if (strcmp(plain[i].cycle, cycle) == 0 && strcmp(plain[i].event, event) == 0)
			return _(plain[i].word);
	return NULL;
}

static const char *what_word(const char *cycle, const char *event)
{
	const char *bare = strncmp(event, ASK, strlen(ASK)) ? event : event + strlen(ASK);
	const char *word = plain_word(cycle, event);
	enum cycle c;
	enum event e;

	if (word)
		return word;
	if (strcmp(event, IMPORTED) == 0)
		return _("导入花名册");
	if (strcmp(event, "amend") == 0)
		return _("更正");
	if (!cycle_parse(cycle, &c) || !event_parse(bare, &e))
		return NULL;
	for (size_t i = 0; i < ARRAY_LEN(named); i++)
		if (named[i].cycle == c && named[i].event == e)
			return _(named[i].word);
	return event_word(e);
}

enum event undo_reversing(const char *cycle, const char *name)
{
	const char *bare = strncmp(name, ASK, strlen(ASK)) ? name : name + strlen(ASK);
	enum event event = EVENT_NONE;

	if (strcmp(name, IMPORTED) == 0 || (strcmp(cycle, "person") == 0 && strcmp(name, "register") == 0))
		event = EVENT_OFFER;
	else if (!event_parse(bare, &event))
		return EVENT_NONE;
	for (size_t i = 0; i < ARRAY_LEN(reverses); i++)
		if (reverses[i].done == event)
			return reverses[i].reverse;
	return EVENT_NONE;
}

static bool on_people(enum event event)
{
	return event_cycle(event) == CYCLE_EMPLOYMENT || event_cycle(event) == CYCLE_ASSIGNMENT;
}

/* --- judging ------------------------------------------------------------------------------------------ */

static void refuse(struct undo_row *r, enum undo_state state, const char *why, const char *would)
{
	r->state = state;
	text_copy(r->why, sizeof(r->why), why);
	text_copy(r->would, sizeof(r->would), would);
}

static void refuse_sent(struct undo_row *r, const char *cycle, const char *event, int64_t sent)
{
	enum event reverse = undo_reversing(cycle, event);
	char why[200], would[200];

	text_format(why, sizeof(why), _("已有 %d 条上传，不能再撤销"), (int)sent);
	if (reverse == EVENT_NONE)
		text_copy(would, sizeof(would), _("内容有误的，打开此人更正；平台不能更正的，与平台联系"));
	else
		text_format(would, sizeof(would), _("可办理相反的手续：%s"), event_word(reverse));
	refuse(r, UNDO_SENT, why, would);
	r->reverse = on_people(reverse) ? reverse : EVENT_NONE;
}

/* Another's work is the project manager's to take back, of the whole site. */
static bool may_take_back(const struct desk *d, const struct db_act *a)
{
	return a->account == d->session.account ||
	       ((d->session.roles & ROLE_PROJECT_MANAGER) && !d->session.participant);
}

/* What it would put back is kept no more, or is not to be put back now. */
static int not_kept(struct desk *d, struct undo_row *r, struct err *e)
{
	struct db_rekey now;

	if (db_rekey_state(d->store, &now, e))
		return -1;
	if (now.under_way)
		refuse(r, UNDO_OLD, _("正在更换数据密钥，期间不能撤销"), _("请用相反的手续办理"));
	else
		refuse(r, UNDO_OLD, _("时间已久，或换过密钥，不能再撤销"), _("请用相反的手续办理"));
	return 0;
}

static int judge(struct desk *d, const struct db_act *a, struct undo_row *r, struct err *e)
{
	const char *word = what_word(a->cycle, a->event);
	int64_t sent;

	*r = (struct undo_row){.act = a->id,
			       .at_ms = a->at_ms,
			       .people = a->people,
			       .mine = a->account == d->session.account};
	text_copy(r->what, sizeof(r->what), word ? word : a->event);
	text_copy(r->title, sizeof(r->title), a->title);
	text_copy(r->by, sizeof(r->by), a->by);
	if (db_act_sent(d->store, a->id, &sent, e))
		return -1;
	if (a->undone_ms) {
		refuse(r, UNDO_DONE, _("已撤销"), "");
		text_format(r->would, sizeof(r->would), _("由%s撤销"), a->undone_by);
	} else if (sent) {
		refuse_sent(r, a->cycle, a->event, sent);
	} else if (!word) {
		refuse(r, UNDO_NEVER, _("这类记录不能撤销"), _("请用相应的手续更正"));
	} else if (!may_take_back(d, a)) {
		refuse(r, UNDO_OTHERS, _("是别人办理的"), _("由本人或项目经理撤销"));
	} else if (!a->kept) {
		return not_kept(d, r, e);
	}
	return 0;
}

static int act_here(struct desk *d, int64_t id, struct db_act *a, struct err *e)
{
	if (db_act_get(d->store, id, a, e))
		return -1;
	if (d->session.participant && a->account != d->session.account)
		return err_set(e, ERR_NO_SUCH, "act of another account");
	return a->project == d->project.id && !a->part_of ? 0
							  : err_set(e, ERR_NO_SUCH, "act of another project");
}

int desk_undo_list(struct desk *d, bool mine, int64_t before, struct undo_row *rows, size_t cap, size_t *n,
		   bool *more, struct err *e)
{
	struct db_act page[8];
	size_t count = 0, got;
	bool further = true, own = mine || d->session.participant; /* I6: others' acts name others' people */

	if (desk_may_in_project(d, 0, e))
		return -1;
	while (count < cap && further) {
		size_t want = cap - count < ARRAY_LEN(page) ? cap - count : ARRAY_LEN(page);

		if (db_act_page(d->store, d->project.id, own ? d->session.account : 0, before, page, want,
				&got, &further, e))
			return -1;
		for (size_t i = 0; i < got; i++)
			if (judge(d, &page[i], &rows[count++], e))
				return -1;
		before = got ? page[got - 1].id : before;
	}
	*n = count;
	*more = further;
	return 0;
}

int desk_undo_get(struct desk *d, int64_t act, struct undo_row *out, struct err *e)
{
	struct db_act a;

	return desk_may_in_project(d, 0, e) || act_here(d, act, &a, e) ? -1 : judge(d, &a, out, e);
}

int desk_undo_persons(struct desk *d, int64_t act, int64_t after, int64_t *persons, size_t cap, size_t *n,
		      struct err *e)
{
	struct db_act a;

	return desk_may_in_project(d, 0, e) || act_here(d, act, &a, e)
		       ? -1
		       : db_act_persons(d->store, act, after, persons, cap, n, e);
}

/* --- taking back: facts ------------------------------------------------------------------------------- */

static int rests_on_it(struct err *e)
{
	return err_set(e, ERR_FORBIDDEN, "%s", _("此后又办理过与它有关的手续；先撤销后来的"));
}

/* The last of a fact's chain of corrections, which stands for it: the fact itself, or one that says again
 * what it said. */
static int standing_end(struct desk *d, const struct db_fact *f, struct db_fact *end, struct err *e)
{
	*end = *f;
	while (end->superseded_by)
		if (db_fact_get(d->store, end->superseded_by, end, e))
			return -1;
	return end->reversed_by || (end->id != f->id && end->restates != (f->restates ? f->restates : f->id)) ? rests_on_it(e) : 0;
}

static int withdraw_operation(struct desk *d, int64_t fact, struct err *e)
{
	struct err own = {ERR_NONE};
	struct db_outbox row;

	if (db_outbox_by_fact(d->store, fact, &row, &own))
		return own.code == ERR_NO_SUCH ? 0 : err_set(e, own.code, "%s", own.detail);
	if (db_outbox_is_here(&row))
		return db_outbox_state(d->store, row.id, row.state, OUTBOX_WITHDRAWN, e);
	return row.state == OUTBOX_WITHDRAWN || row.state == OUTBOX_SUPERSEDED
		       ? 0
		       : err_set(e, ERR_NOT_WITHDRAWABLE, NULL);
}

static struct db_fact fact_like(const struct desk *d, const struct db_fact *f)
{
	struct db_fact row = *f;

	row.uid[0] = '\0';
	row.account = d->session.account;
	row.at_ms = clock_now_ms();
	row.supersedes = row.reverses = row.restates = 0;
	text_copy(row.authority, sizeof(row.authority), "desk");
	return row;
}

/* A name is the person's own column, which no changeset holds. */
static int rename_back(struct desk *d, int64_t person, const struct buf *body, struct err *e)
{
	cJSON *said;
	const char *name;
	int rc = 0;

	if (json_parse(&said, body->data, body->len, BODY_MAX, e))
		return -1;
	name = json_string(said, field_get(F_NAME)->name);
	if (name && name[0])
		rc = db_person_rename(d->store, person, name, e);
	cJSON_Delete(said);
	return rc;
}

/* The correction `end` is taken back: what it corrected is said again. */
static int restate(struct desk *d, const struct db_fact *corrected, const struct db_fact *end, int64_t *made, struct err *e)
{
	struct db_fact row = fact_like(d, corrected);
	struct buf body;
	int rc = -1;

	row.supersedes = end->id;
	row.restates = corrected->restates ? corrected->restates : corrected->id;
	buf_init(&body, BODY_MAX);
	if (db_fact_body(d->store, corrected->id, &body, e) ||
	    db_fact_insert(d->store, &row, body.len ? body.data : NULL, made, e))
		goto out;
	rc = strcmp(row.cycle, "person") == 0 && body.len ? rename_back(d, row.person, &body, e) : 0;
out:
	buf_wipe_release(&body);
	return rc;
}

/* What an operation reported, reported again by another one for this fact. */
static int queue_like(struct desk *d, const struct db_outbox *row, int64_t fact, struct err *e)
{
	struct operation op = {.kind = row->kind, .uid = row->subject, .title = row->title, .fact = fact, .person = row->person};
	int64_t *needs;
	int rc;

	if (db_outbox_needs_all(d->store, row->id, &needs, &op.n_needs, e))
		return -1;
	op.needs = needs;
	rc = deed_queue(d, &op, e);
	free(needs);
	return rc;
}

struct retold {
	const struct db_fact *f;
	int64_t made;
};

/* Where the platform may have heard of the correction all the same, it is told what stands again; in the fact's project. */
static int tell_again(struct desk *d, void *arg, struct err *e)
{
	const struct db_fact *f = ((const struct retold *)arg)->f;
	struct err own = {ERR_NONE};
	struct db_outbox row;
	bool told;

	if (correction_told_anew(d, f->supersedes, &told, e))
		return -1;
	if (!told)
		return 0;
	if (db_outbox_by_fact(d->store, f->id, &row, &own))
		return own.code == ERR_NO_SUCH ? 0 : err_set(e, own.code, "%s", own.detail);
	return queue_like(d, &row, ((const struct retold *)arg)->made, e);
}

/* Noted as done on the platform's page: it waits there again, unless what rests on it has gone on. */
static int wait_again(struct desk *d, int64_t operation, struct err *e)
{
	struct err own = {ERR_NONE};
	int64_t n;

	if (db_outbox_rested_on(d->store, operation, &n, e))
		return -1;
	if (n)
		return err_set(e, ERR_FORBIDDEN, "%s", _("依据它的事项已经上传，不能再撤销；没有办的，请在平台网页上补办"));
	if (db_outbox_by_hand_again(d->store, operation, &own) == 0)
		return 0;
	return own.code == ERR_CONFLICT ? rests_on_it(e) : err_set(e, own.code, "%s", own.detail);
}

static int take_back_fact(struct desk *d, const struct db_fact *f, struct err *e)
{
	struct db_fact end, corrected, row;
	int64_t made;

	if (standing_end(d, f, &end, e) || withdraw_operation(d, f->id, e) ||
	    (end.id != f->id && withdraw_operation(d, end.id, e)))
		return -1;
	if (f->supersedes) {
		if (db_fact_get(d->store, f->supersedes, &corrected, e))
			return -1;
		if (restate(d, &corrected, &end, &made, e))
			return -1;
		return sister_do(d, f->project ? f->project : d->project.id, tell_again, &(struct retold){f, made}, e);
	}
	if (!strcmp(f->cycle, "operation") && wait_again(d, f->subject, e))
		return -1;
	row = fact_like(d, f);
	row.on = date_of_ms(row.at_ms);
	row.note[0] = '\0';
	row.reverses = end.id;
	return db_fact_insert(d->store, &row, NULL, &made, e);
}

/* --- taking back: operations ---------------------------------------------------------------------------- */

/* An operation that the act had put aside goes out after all, for the fact that now stands for what it
 * reported. */
static int queue_again(struct desk *d, void *arg, struct err *e)
{
	const struct db_outbox row = *(const struct db_outbox *)arg;
	struct db_fact f, end;

	if (db_fact_get(d->store, row.fact, &f, e))
		return -1;
	if ((row.state != OUTBOX_WITHDRAWN && row.state != OUTBOX_SUPERSEDED) || f.reversed_by)
		return 0;
	return standing_end(d, &f, &end, e) ? -1 : queue_like(d, &row, end.id, e);
}

static int queue_again_all(struct desk *d, int64_t part, struct err *e)
{
	struct db_outbox row;
	int64_t ids[32], after = 0;
	size_t n;

	do {
		if (db_act_retired(d->store, part, after, ids, ARRAY_LEN(ids), &n, e))
			return -1;
		for (size_t i = 0; i < n; i++) {
			after = ids[i];
			if (db_outbox_get(d->store, ids[i], &row, e) || sister_do(d, row.project, queue_again, &row, e))
				return -1;
		}
	} while (n == ARRAY_LEN(ids));
	return 0;
}

/* --- taking back: rows ---------------------------------------------------------------------------------- */

static int employment_state_of(struct desk *d, int64_t id, int *state, struct err *e)
{
	struct db_employment m;

	if (db_employment_get(d->store, id, &m, e))
		return -1;
	*state = (int)m.state;
	return 0;
}

static int assignment_state_of(struct desk *d, int64_t id, int *state, struct err *e)
{
	struct db_assignment a;

	if (db_assignment_get(d->store, id, &a, e))
		return -1;
	*state = (int)a.state;
	return 0;
}

static int team_state_of(struct desk *d, int64_t id, int *state, struct err *e)
{
	struct db_team t;

	if (db_team_get(d->store, id, &t, e))
		return -1;
	*state = (int)t.relation;
	return 0;
}

static int team_site_of(struct desk *d, int64_t id, int *state, struct err *e)
{
	struct db_team t;

	if (db_team_get(d->store, id, &t, e))
		return -1;
	*state = (int)t.state;
	return 0;
}

static int participant_state_of(struct desk *d, int64_t id, int *state, struct err *e)
{
	struct db_participant p;

	if (db_participant_get(d->store, id, &p, e))
		return -1;
	*state = (int)p.state;
	return 0;
}

static int contract_state_of(struct desk *d, int64_t id, int *state, struct err *e)
{
	struct db_contract c;

	if (db_contract_get(d->store, id, &c, e))
		return -1;
	*state = (int)c.state;
	wipe(&c, sizeof(c));
	return 0;
}

static int app_state_of(struct desk *d, int64_t id, int *state, struct err *e)
{
	struct db_app a;

	if (db_app_by_id(d->store, id, &a, e))
		return -1;
	*state = (int)a.state;
	return 0;
}

static int post_state_of(struct desk *d, int64_t id, int *state, struct err *e)
{
	struct db_post p;

	if (db_post_get(d->store, id, &p, e))
		return -1;
	*state = (int)p.state;
	return 0;
}

/* Not the project's own: one that is older than its facts is running by none of them. */
static int (*const state_of[CYCLE_COUNT])(struct desk *, int64_t, int *, struct err *) = {
	[CYCLE_EMPLOYMENT] = employment_state_of,
	[CYCLE_ASSIGNMENT] = assignment_state_of,
	[CYCLE_TEAM] = team_state_of,
	[CYCLE_TEAM_SITE] = team_site_of,
	[CYCLE_PARTICIPANT] = participant_state_of,
	[CYCLE_CONTRACT] = contract_state_of,
	[CYCLE_APP] = app_state_of,
	[CYCLE_POST] = post_state_of,
};

int undo_state_of(struct desk *d, enum cycle cycle, int64_t subject, int *state, struct err *e)
{
	return state_of[cycle] ? state_of[cycle](d, subject, state, e) : err_set(e, ERR_NO_SUCH, "%s", cycle_name(cycle));
}

/* What the rows show is what the facts say: else nothing is taken back. A row that the act had made is gone
 * again. */
static int check_fold(struct desk *d, const struct db_fact *f, struct err *e)
{
	struct err own = {ERR_NONE};
	int shown = 0, folded;
	enum cycle c;

	if (!cycle_parse(f->cycle, &c) || !state_of[c])
		return 0;
	if (undo_state_of(d, c, f->subject, &shown, &own) && own.code != ERR_NO_SUCH)
		return err_set(e, own.code, "%s", own.detail);
	if (deed_fold(d, c, f->subject, &folded, e))
		return -1;
	return shown == folded ? 0
			       : err_set(e, ERR_INTERNAL, "taking back %s: %s, by its facts %s", f->cycle,
					 state_name(c, shown), state_name(c, folded));
}

static int each_fact(struct desk *d, int64_t part,
		     int (*each)(struct desk *, const struct db_fact *, struct err *), struct err *e)
{
	struct db_fact rows[8];
	int64_t before = 0;
	size_t n;

	do {
		if (db_act_facts(d->store, part, before, rows, ARRAY_LEN(rows), &n, e))
			return -1;
		for (size_t i = 0; i < n; i++) {
			before = rows[i].id;
			if (each(d, &rows[i], e))
				return -1;
		}
	} while (n == ARRAY_LEN(rows));
	return 0;
}

/* The roster's row names employment, assignment and team: it is away while these go back. */
static int show_no_more(struct desk *d, int64_t person, struct err *e)
{
	return db_member_drop(d->store, d->project.id, person, e);
}

/* Who has no employment here any more was never a member. */
static int show_again(struct desk *d, int64_t person, struct err *e)
{
	struct folk f;

	if (folk_load(d, person, &f, e))
		return -1;
	return f.employment.id || f.assignment.id ? folk_refresh(d, person, true, e) : folk_refresh_sisters(d, person, true, e);
}

/* What the platform decided meanwhile, which the act stood in the way of. */
static int decided_meanwhile(struct desk *d, int64_t person, struct err *e)
{
	struct folk f;

	if (folk_load(d, person, &f, e) || (f.employment.id && incoming_kept(d, f.employment.uid, e)))
		return -1;
	return f.assignment.id ? incoming_kept(d, f.assignment.uid, e) : 0;
}

static int each_person(struct desk *d, int64_t act, int (*each)(struct desk *, int64_t, struct err *),
		       struct err *e)
{
	int64_t ids[32], after = 0;
	size_t n;

	do {
		if (db_act_persons(d->store, act, after, ids, ARRAY_LEN(ids), &n, e))
			return -1;
		for (size_t i = 0; i < n; i++) {
			after = ids[i];
			if (each(d, ids[i], e))
				return -1;
		}
	} while (n == ARRAY_LEN(ids));
	return 0;
}

static int in_scope(struct desk *d, int64_t person, struct err *e)
{
	struct folk f;

	return folk_open(d, person, &f, e);
}

/* Life cycles and what the table says; one other fact in it forbids the whole. */
static int takes_back(struct desk *d, const struct db_fact *f, struct err *e)
{
	enum cycle c;

	(void)d;
	if (!f->reverses && (cycle_parse(f->cycle, &c) || plain_word(f->cycle, f->event)))
		return 0;
	return err_set(e, ERR_FORBIDDEN, "%s", _("这类记录不能撤销；请用相应的手续更正"));
}

/* --- the whole ------------------------------------------------------------------------------------------ */

static int take_back_part(struct desk *d, int64_t part, struct err *e)
{
	struct err own = {ERR_NONE};

	if (each_fact(d, part, takes_back, e) || each_fact(d, part, take_back_fact, e) ||
	    queue_again_all(d, part, e))
		return -1;
	if (db_act_revert(d->store, part, &own))
		return own.code == ERR_CONFLICT ? rests_on_it(e) : err_set(e, own.code, "%s", own.detail);
	return each_fact(d, part, check_fold, e);
}

static int take_back_parts(struct desk *d, int64_t act, struct err *e)
{
	int64_t ids[32], before = 0;
	size_t n;

	do {
		if (db_act_parts(d->store, act, before, ids, ARRAY_LEN(ids), &n, e))
			return -1;
		for (size_t i = 0; i < n; i++) {
			before = ids[i];
			if (take_back_part(d, ids[i], e))
				return -1;
		}
	} while (n == ARRAY_LEN(ids));
	return 0;
}

int undo_take_back(struct desk *d, int64_t id, struct err *e)
{
	struct undo_row said;
	struct db_act a;
	int64_t needed;

	if (act_here(d, id, &a, e) || judge(d, &a, &said, e))
		return -1;
	if (said.state != UNDO_POSSIBLE)
		return err_set(e,
			       said.state == UNDO_SENT	   ? ERR_NOT_WITHDRAWABLE
			       : said.state == UNDO_OTHERS ? ERR_NOT_PERMITTED
							   : ERR_FORBIDDEN,
			       "%s%s%s", said.why, said.would[0] ? _("；") : "", said.would);
	if (db_act_needed(d->store, id, &needed, e))
		return -1;
	if (needed)
		return rests_on_it(e);
	db_act_none(d->store);
	if (each_person(d, id, in_scope, e) || each_person(d, id, show_no_more, e) ||
	    take_back_parts(d, id, e) || each_person(d, id, show_again, e) || each_person(d, id, decided_meanwhile, e) ||
	    db_act_undone(d->store, id, d->session.account, clock_now_ms(), e))
		return -1;
	return desk_audit(d, &(struct audit_entry){.action = "undo", .object = a.cycle, .detail = a.event},
			  e);
}

int desk_undo(struct desk *d, int64_t act, struct err *e)
{
	if (desk_may_in_project(d, ROLES_WITH_KEY, e) || store_begin(d->store, e))
		return -1;
	return store_end(d->store, undo_take_back(d, act, e), e) ? -1 : desk_refresh_project(d, e);
}
