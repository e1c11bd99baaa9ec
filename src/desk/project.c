/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk/project.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "folk.h"
#include "plan.h"
#include "sheets.h"

#define COMPLETION "project.completion" /* the setting that D3 asks */

static const char *const number_kinds[] = {"code", "realname_code", "levy_code", "contract_code"};

/* --- the values that are columns, numbers, a setting ------------------------------------------------------ */

int sheet_of_project(struct desk *d, const struct db_project *row, struct particulars *p, struct err *e)
{
	char text[64];

	particulars_set(p, "name", row->name);
	for (size_t i = 0; i < ARRAY_LEN(number_kinds); i++) {
		if (db_project_number(d->store, row->id, number_kinds[i], text, sizeof(text), e))
			return -1;
		particulars_set(p, number_kinds[i], text);
	}
	if (db_setting_get(d->store, row->id, COMPLETION, text, sizeof(text), e))
		return -1;
	particulars_set(p, "completes_on", text);
	return 0;
}

static int one_project_a_levy_code(struct desk *d, const struct particulars *p, int64_t project, struct err *e)
{
	const char *code = particulars_get(p, "levy_code");
	int64_t other;

	if (!code[0])
		return 0;
	if (db_project_with(d->store, "levy_code", code, &other, e))
		return -1;
	return other && other != project ? err_set(e, ERR_FORBIDDEN, "%s", _("这个征管编号已关联本机的另一个项目；核对后填写本项目的征管编号"))
					 : 0;
}

int sheet_to_project(struct desk *d, const struct particulars *p, struct db_project *row, struct err *e)
{
	if (one_project_a_levy_code(d, p, row->id, e))
		return -1;
	text_copy(row->name, sizeof(row->name), particulars_get(p, "name"));
	text_copy(row->code, sizeof(row->code), particulars_get(p, "code"));
	for (size_t i = 0; i < ARRAY_LEN(number_kinds); i++)
		if (db_project_number_set(d->store, row->id, number_kinds[i], particulars_get(p, number_kinds[i]), e))
			return -1;
	if (db_project_update(d->store, row, e))
		return -1;
	return db_setting_set(d->store, row->id, COMPLETION, particulars_get(p, "completes_on"), false, e);
}

/* --- making one -------------------------------------------------------------------------------------------- */

static struct subject project_subject(const struct db_project *p)
{
	struct subject s = {.cycle = CYCLE_PROJECT, .id = p->id};

	text_copy(s.uid, sizeof(s.uid), p->uid);
	text_copy(s.title, sizeof(s.title), p->name);
	state_parse(CYCLE_PROJECT, p->status, &s.state);
	return s;
}

static int move(struct desk *d, struct db_project *p, enum event event, date_t on, struct err *e)
{
	struct subject s = project_subject(p);
	struct deed deed = {
		.subject = &s, .event = event, .source = PLAN_DESK, .on = on, .actor = deed_actor(d, CYCLE_PROJECT)};

	if (deed_do(d, &deed, NULL, e))
		return -1;
	text_copy(p->status, sizeof(p->status), state_name(CYCLE_PROJECT, s.state));
	return desk_audit(
		d, &(struct audit_entry){.action = event_name(event), .object = "project", .uid = p->uid}, e);
}

static int project_rows(struct desk *d, struct db_project *p, struct err *e)
{
	text_copy(p->status, sizeof(p->status), state_name(CYCLE_PROJECT, PROJECT_NONE));
	if (db_project_insert(d->store, p, &p->id, e) || db_project_get(d->store, p->id, p, e))
		return -1;
	return move(d, p, EVENT_PREPARE, DATE_NONE, e);
}

/* Rules that cannot be loaded would leave a project that nobody can open. */
static int profile_loads(const struct desk *d, const char *name, struct err *e)
{
	struct profile *p;

	if (profile_load(&p, desk_profile_dir(d), name, e))
		return -1;
	profile_free(p);
	return 0;
}

int desk_project_add(struct desk *d, const struct project_new *p, struct project *out, struct err *e)
{
	struct db_project row = {.id = 0};

	if (desk_may_in_project(d, site_adders(CYCLE_PROJECT), e))
		return -1;
	if (!p->name || !p->name[0] || !text_copy(row.name, sizeof(row.name), p->name))
		return err_set(e, ERR_FINDINGS, "name");
	text_copy(row.code, sizeof(row.code), p->code ? p->code : "");
	text_copy(row.profile, sizeof(row.profile), p->profile ? p->profile : d->project.profile);
	if (profile_loads(d, row.profile, e) || store_begin(d->store, e) || store_end(d->store, project_rows(d, &row, e), e))
		return -1;
	desk_project_as(&row, out);
	return 0;
}

/* --- status -------------------------------------------------------------------------------------------------- */

static int judge_and_move(struct desk *d, enum event event, date_t on, struct err *e)
{
	struct situation situation = {
		.profile = d->profile, .today = date_today(), .on = on, .event = event, .not_before = DATE_NONE};
	struct db_project p;
	struct subject s;

	if (db_project_get(d->store, d->project.id, &p, e))
		return -1;
	s = project_subject(&p);
	return site_judged(d, &s, event, &situation, e) || move(d, &p, event, on, e) ? -1 : 0;
}

int desk_project_act(struct desk *d, enum event event, date_t on, struct err *e)
{
	if (desk_may_in_project(d, 0, e))
		return -1;
	if (event_cycle(event) != CYCLE_PROJECT || event == EVENT_PREPARE)
		return err_set(e, ERR_USAGE, "%s is no act on a project", event_name(event));
	if (store_begin(d->store, e) || store_end(d->store, judge_and_move(d, event, on, e), e))
		return -1;
	return desk_refresh_project(d, e);
}

size_t desk_project_possible(struct desk *d, enum event *events, size_t cap)
{
	const struct transition *rows = NULL;
	size_t n = lifecycle_rows(CYCLE_PROJECT, &rows), count = 0;
	enum project_state state;

	if (desk_may_in_project(d, 0, NULL) || desk_project_state(d, &state, NULL))
		return 0;
	for (size_t i = 0; i < n && count < cap; i++)
		if (rows[i].from == (int)state && (rows[i].roles & d->session.roles))
			events[count++] = rows[i].event;
	return count;
}

/* --- finding --------------------------------------------------------------------------------------------------- */

static bool bears_number(struct desk *d, const char *text, int64_t project, struct err *e, bool *failed)
{
	int64_t id = 0;
	size_t n = 0;

	*failed = db_project_find(d->store, text, project - 1, &id, 1, &n, e) != 0;
	return n && id == project;
}

int desk_project_search(struct desk *d, const char *text, int64_t after, struct project *rows, size_t cap, size_t *n, struct err *e)
{
	struct db_project page[16];
	size_t got, count = 0;
	bool failed = false;

	if (desk_may(d, 0, false, e))
		return -1;
	do {
		if (db_project_list(d->store, after, page, ARRAY_LEN(page), &got, e))
			return -1;
		for (size_t i = 0; i < got && count < cap; i++) {
			after = page[i].id;
			if (!text[0] || strstr(page[i].name, text) || bears_number(d, text, page[i].id, e, &failed))
				desk_project_as(&page[i], &rows[count++]);
			if (failed)
				return -1;
		}
	} while (got == ARRAY_LEN(page) && count < cap);
	*n = count;
	return 0;
}

/* --- what does not agree (NJ 5–8, SH-QA r4 信息 1) -------------------------------------------------------------- */

static void note(struct project_view *v, enum severity severity, const char *sentence)
{
	struct project_note *n = &v->note[v->notes];

	if (v->notes == PROJECT_NOTES)
		return;
	v->notes++;
	n->severity = severity;
	text_copy(n->sentence, sizeof(n->sentence), sentence);
}

static void title_of(const struct particulars *p, const char *name, struct project_view *out)
{
	const char *contract = particulars_get(p, "contract_name"), *reported = particulars_get(p, "reported_name");

	if (contract[0])
		text_copy(out->title, sizeof(out->title), contract);
	else if (reported[0])
		text_format(out->title, sizeof(out->title), _("%s（报建名称）"), reported);
	else
		text_copy(out->title, sizeof(out->title), name);
}

static int our_manager(struct desk *d, char *out, size_t size, struct err *e)
{
	const char *general = profile_text(d->profile, "participants.general", "009"); /* 总承包单位 */
	struct db_participant page[8];
	int64_t after = 0;
	size_t n;

	*out = '\0';
	do {
		if (db_participant_list(d->store, d->project.id, after, page, ARRAY_LEN(page), &n, e))
			return -1;
		for (size_t i = 0; i < n; i++) {
			after = page[i].id;
			if (!*out && strcmp(page[i].type, general) == 0 && page[i].state != SITE_EXITED)
				text_copy(out, size, page[i].manager_name);
		}
	} while (n == ARRAY_LEN(page));
	return 0;
}

static void managers(const struct profile *rules, struct project_view *v)
{
	char sentence[sizeof(v->note[0].sentence)];

	if (profile_severity(rules, "manager_differs") == SEVERITY_NONE || !v->province_manager[0] || !v->manager[0] || strcmp(v->province_manager, v->manager) == 0)
		return;
	text_format(sentence, sizeof(sentence), _("项目经理不一致：本项目为%s，省厅合同为%s。先在省平台更新，再更新工程信息"), v->manager,
		    v->province_manager);
	note(v, profile_severity(rules, "manager_differs"), sentence);
}

static void contracts(const struct profile *rules, const struct particulars *p, struct project_view *v)
{
	const char *attendance = particulars_get(p, "attendance_contract"), *contract = particulars_get(p, "contract_code");

	if (attendance[0] && contract[0] && strcmp(attendance, contract))
		note(v, SEVERITY_WARN, _("考勤合同与实名制合同不是同一份：核对合同编码，重新选择考勤合同"));
	if (profile_flag(rules, "project.identifiers", false) && !particulars_get(p, "levy_code")[0])
		note(v, profile_severity(rules, "project_unregistered"), _("没有征管编号：请在平台选择征管编号，并填入项目资料"));
	if (!particulars_get(p, "contract_name")[0] && !particulars_get(p, "reported_name")[0])
		note(v, SEVERITY_NONE, _("没有合同名称和报建名称：显示的是项目名称"));
}

static void supervisor(const struct profile *rules, const struct particulars *p, struct project_view *v)
{
	const char *linked = particulars_get(p, "supervisor_code"), *of = particulars_get(p, "supervisor_project"),
		   *code = particulars_get(p, "code");

	if (!profile_flag(rules, "project.identifiers", false))
		return;
	if (!linked[0])
		note(v, SEVERITY_NONE, _("没有关联监理：双方都申请考勤后，在考勤管理中关联监理方的考勤工程"));
	else if (of[0] && strcmp(of, code))
		note(v, SEVERITY_WARN, _("关联的监理考勤工程属于另一个项目：双方须属于同一个项目，请核对后重新关联"));
}

static void status(struct project_view *v)
{
	char sentence[sizeof(v->note[0].sentence)];

	if (v->state == PROJECT_STOPPED)
		note(v, SEVERITY_WARN, _("停工中：不计考勤率；确有人施工的仍要打卡"));
	if (v->state == PROJECT_PREPARING)
		note(v, SEVERITY_NONE, _("筹备中：实名制自实际开工之日起；开工时请更新项目状态"));
	if ((v->state != PROJECT_COMPLETED && v->state != PROJECT_SUPERVISION_ENDED) || !v->on_site)
		return;
	text_format(sentence, sizeof(sentence), _("项目已%s，还有 %lld 人在场：可按“全部退场”一次办理"), state_word(CYCLE_PROJECT, v->state),
		    (long long)v->on_site);
	note(v, SEVERITY_WARN, sentence);
}

int desk_project_view(struct desk *d, struct project_view *out, struct err *e)
{
	struct particulars p = {.sheet = SHEET_PROJECT};
	struct project_view v = {.notes = 0};
	struct db_project row;
	int rc = -1;

	if (desk_may_in_project(d, 0, e) || db_project_get(d->store, d->project.id, &row, e))
		return -1;
	if (sheet_of_project(d, &row, &p, e) == 0 && db_particulars_load(d->store, &p, row.id, row.uid, e) == 0 &&
	    desk_project_state(d, &v.state, e) == 0 &&
	    db_tally(d->store, row.id, ROSTER_ON_SITE, SCOPE_PROJECT, 0, &v.on_site, e) == 0 &&
	    our_manager(d, v.manager, sizeof(v.manager), e) == 0) {
		text_copy(v.province_manager, sizeof(v.province_manager), particulars_get(&p, "province_manager"));
		title_of(&p, row.name, &v);
		status(&v);
		managers(d->profile, &v);
		contracts(d->profile, &p, &v);
		supervisor(d->profile, &p, &v);
		*out = v;
		rc = 0;
	}
	wipe(&p, sizeof(p));
	return rc;
}

/* --- what the platform offers ------------------------------------------------------------------------------------- */

int desk_offer_list(struct desk *d, int64_t after, struct project_offer *rows, size_t cap, size_t *n, struct err *e)
{
	struct db_project_offer page[8];
	size_t got, count = 0;

	if (desk_may_in_project(d, 0, e))
		return -1;
	do {
		size_t room = cap - count < ARRAY_LEN(page) ? cap - count : ARRAY_LEN(page);

		if (db_project_offer_list(d->store, d->project.id, after, page, room, &got, e))
			return -1;
		for (size_t i = 0; i < got; i++) {
			struct project_offer *o = &rows[count++];

			after = o->id = page[i].id;
			text_copy(o->name, sizeof(o->name), page[i].name);
			text_copy(o->code, sizeof(o->code), page[i].code);
			text_copy(o->realname_code, sizeof(o->realname_code), page[i].realname_code);
			text_copy(o->levy_code, sizeof(o->levy_code), page[i].levy_code);
			text_copy(o->contract_code, sizeof(o->contract_code), page[i].contract_code);
			text_copy(o->kind_word, sizeof(o->kind_word), desk_code_word(d, "project_kinds", page[i].kind));
		}
	} while (got && count < cap);
	*n = count;
	return 0;
}

static int take_offer(struct desk *d, const struct db_project_offer *o, struct db_project *row, struct err *e)
{
	struct particulars p = {.sheet = SHEET_PROJECT};

	text_copy(row->uid, sizeof(row->uid), o->uid);
	text_copy(row->name, sizeof(row->name), o->name);
	text_copy(row->code, sizeof(row->code), o->code);
	text_copy(row->profile, sizeof(row->profile), d->project.profile);
	particulars_set(&p, "name", o->name);
	particulars_set(&p, "code", o->code);
	particulars_set(&p, "realname_code", o->realname_code);
	particulars_set(&p, "levy_code", o->levy_code);
	particulars_set(&p, "contract_code", o->contract_code);
	particulars_set(&p, "kind", o->kind);
	particulars_set(&p, "permit", o->permit);
	if (project_rows(d, row, e) || sheet_to_project(d, &p, row, e) ||
	    db_particulars_save(d->store, &p, row->id, row->uid, e))
		return -1;
	return db_project_offer_take(d->store, o->id, row->id, e);
}

int desk_offer_take(struct desk *d, int64_t offer, struct project *out, struct err *e)
{
	struct db_project row = {.id = 0};
	struct db_project_offer o;

	if (desk_may_in_project(d, site_adders(CYCLE_PROJECT), e) || db_project_offer_get(d->store, offer, &o, e))
		return -1;
	if (o.project != d->project.id)
		return err_set(e, ERR_NO_SUCH, "offer on another line");
	if (o.taken)
		return err_set(e, ERR_DUPLICATE, "taken before");
	if (store_begin(d->store, e) || store_end(d->store, take_offer(d, &o, &row, e), e))
		return -1;
	desk_project_as(&row, out);
	return 0;
}
