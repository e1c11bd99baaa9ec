/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Projects, applications, associations, all that is known of companies and participants, everybody out at one stroke. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "commands.h"
#include "desk/association.h"
#include "desk/clear_out.h"
#include "desk/particulars.h"
#include "desk/project.h"
#include "desk/upkeep.h"
#include "domain/credit_code.h"

#define ROWS 256

static int say_done(const struct cli *c, const char *uid)
{
	if (c->json)
		printf("{\"uid\":\"%s\"}\n", uid);
	else
		printf("%s\n", _("已办理"));
	return 0;
}

/* --- sheets: NAME=VALUE, the names as `show` prints them ------------------------------------------------------------------------------------ */

static int company_uid(struct cli *c, const char *word, char uid[UID_TEXT], struct err *e)
{
	char code[CREDIT_CODE_TEXT];
	struct company_row row;

	if (!credit_code_normalise(word, code))
		return err_set(e, ERR_USAGE, "%s", _("应是统一社会信用代码"));
	if (desk_company_by_code(c->desk, code, &row, e))
		return -1;
	text_copy(uid, UID_TEXT, row.uid);
	return 0;
}

/* Which sheet a command is about, and whose: the first argument names it but for the current project. */
static int sheet_subject(struct cli *c, enum sheet_of *sheet, char uid[UID_TEXT], int *first, struct err *e)
{
	*first = 1;
	if (!strcmp(c->command->name, "company")) {
		*sheet = SHEET_COMPANY;
		return company_uid(c, c->argv[0], uid, e);
	}
	if (!strcmp(c->command->name, "participant")) {
		*sheet = SHEET_PARTICIPANT;
		return ask_participant(c, c->argv[0], uid, e);
	}
	if (!strcmp(c->command->name, "application")) {
		*sheet = SHEET_APPLICATION;
		text_copy(uid, UID_TEXT, c->argv[0]);
		return 0;
	}
	*sheet = SHEET_PROJECT;
	*first = 0;
	if (!desk_project(c->desk))
		return err_set(e, ERR_NO_PROJECT, NULL);
	text_copy(uid, UID_TEXT, desk_project(c->desk)->uid);
	return 0;
}

static int print_sheet(struct cli *c, const struct particulars *p, const char *uid, struct err *e)
{
	const struct particular *rows = NULL;
	size_t n = particulars_rows(p->sheet, &rows);
	cJSON *o = c->json ? cJSON_CreateObject() : NULL;

	if (c->json)
		cJSON_AddStringToObject(o, "uid", uid);
	for (size_t i = 0; i < n; i++)
		if (c->json) {
			cJSON_AddStringToObject(o, rows[i].name, p->value[i]);
		} else if (p->value[i][0]) {
			printf("%s (%s)  ", rows[i].name, _(rows[i].label));
			print_text(stdout, p->value[i]);
			fputs("\n", stdout);
		}
	return c->json ? print_object(o, e) : 0;
}

int run_sheet_show(struct cli *c, struct err *e)
{
	struct particulars p;
	char uid[UID_TEXT];
	enum sheet_of s;
	int first, rc;

	if (sheet_subject(c, &s, uid, &first, e) || desk_sheet_masked(c->desk, s, uid, &p, e))
		return -1;
	rc = print_sheet(c, &p, uid, e);
	wipe(&p, sizeof(p));
	return rc;
}

static int take_values(struct cli *c, int first, struct particulars *p, struct err *e)
{
	for (int i = first; i < c->argc; i++) {
		char name[48];
		const char *equals = strchr(c->argv[i], '=');

		if (!equals || !text_format(name, sizeof(name), "%.*s", (int)(equals - c->argv[i]), c->argv[i]) ||
		    particulars_index(p->sheet, name) < 0)
			return err_set(e, ERR_USAGE, _("没有这一项：%s"), c->argv[i]);
		particulars_set(p, name, equals + 1);
	}
	return 0;
}

static int save_sheet(struct cli *c, struct particulars *p, char uid[UID_TEXT], struct err *e)
{
	struct sheet_findings found = {.n = 0};
	size_t changed = 0;

	if (desk_sheet_save(c->desk, p, uid, &found, &changed, e)) {
		for (size_t i = 0; e->code == ERR_FINDINGS && i < found.n; i++)
			fprintf(stderr, "%s\n", found.item[i].sentence);
		return -1;
	}
	if (c->json)
		printf("{\"uid\":\"%s\",\"changed\":%zu}\n", uid, changed);
	else
		printf(_("已保存，改动 %zu 项\n"), changed);
	return 0;
}

int run_sheet_edit(struct cli *c, struct err *e)
{
	struct particulars p;
	char uid[UID_TEXT];
	enum sheet_of s;
	int first, rc;

	if (sheet_subject(c, &s, uid, &first, e) || desk_sheet(c->desk, s, uid, &p, e))
		return -1;
	rc = take_values(c, first, &p, e) || save_sheet(c, &p, uid, e) ? -1 : 0;
	wipe(&p, sizeof(p));
	return rc;
}

int run_application_add(struct cli *c, struct err *e)
{
	struct particulars p = {.sheet = SHEET_APPLICATION};
	char uid[UID_TEXT] = "";
	int rc = take_values(c, 0, &p, e) || save_sheet(c, &p, uid, e) ? -1 : 0;

	wipe(&p, sizeof(p));
	return rc;
}

/* --- projects --------------------------------------------------------------------------------------------------------------------------------- */

int run_project_list(struct cli *c, struct err *e)
{
	static const struct column columns[] = {{"code", N_("项目编码"), 20}, {"status_word", N_("状态"), 10}, {"profile", N_("地区规则"), 12},
						{"name", N_("项目名称"), 40}};
	struct project rows[32];
	struct listing l;
	int64_t after = 0;
	size_t n = 0;
	int rc, state;

	list_begin(&l, c, columns, ARRAY_LEN(columns));
	do {
		rc = desk_project_search(c->desk, opt(c, "search") ? opt(c, "search") : "", after, rows, ARRAY_LEN(rows), &n, e);
		for (size_t i = 0; rc == 0 && i < n; i++) {
			cJSON *o = cJSON_CreateObject();

			after = rows[i].id;
			state = 0;
			state_parse(CYCLE_PROJECT, rows[i].status, &state);
			cJSON_AddStringToObject(o, "uid", rows[i].uid);
			cJSON_AddStringToObject(o, "code", rows[i].code);
			cJSON_AddStringToObject(o, "name", rows[i].name);
			cJSON_AddStringToObject(o, "profile", rows[i].profile);
			cJSON_AddStringToObject(o, "status", rows[i].status);
			cJSON_AddStringToObject(o, "status_word", state_word(CYCLE_PROJECT, state));
			rc = list_add(&l, o, e);
		}
	} while (rc == 0 && n == ARRAY_LEN(rows));
	list_end(&l);
	return rc;
}

int run_project_add(struct cli *c, struct err *e)
{
	struct project_new new = {.name = opt(c, "name"), .code = opt(c, "code"), .profile = opt(c, "profile")};
	struct project made;

	if (!new.name || !new.name[0])
		return err_set(e, ERR_USAGE, _("缺少 --%s"), "name");
	return desk_project_add(c->desk, &new, &made, e) ? -1 : say_done(c, made.uid);
}

int run_project_act(struct cli *c, struct err *e)
{
	date_t on;

	if (opt_date(c, "on", &on, e) || desk_project_act(c->desk, c->command->event, on, e))
		return -1;
	return say_done(c, desk_project(c->desk)->uid);
}

/* What does not agree, a line each (B9). */
int run_project_check(struct cli *c, struct err *e)
{
	static const struct column columns[] = {{"severity", N_("轻重"), 6}, {"sentence", N_("内容"), 70}};
	static const char *const words[] = {"none", "warn", "block"};
	struct project_view v;
	struct listing l;
	int rc = desk_project_view(c->desk, &v, e);

	if (rc)
		return -1;
	list_begin(&l, c, columns, ARRAY_LEN(columns));
	for (size_t i = 0; rc == 0 && i < v.notes; i++) {
		cJSON *o = cJSON_CreateObject();

		cJSON_AddStringToObject(o, "severity", words[v.note[i].severity]);
		cJSON_AddStringToObject(o, "sentence", v.note[i].sentence);
		rc = list_add(&l, o, e);
	}
	list_end(&l);
	return rc;
}

int run_project_offers(struct cli *c, struct err *e)
{
	static const struct column columns[] = {{"offer", N_("编号"), 6}, {"code", N_("项目编码"), 20}, {"levy_code", N_("征管编号"), 20},
						{"name", N_("项目名称"), 40}};
	struct project_offer rows[32];
	struct listing l;
	int64_t after = 0;
	size_t n = 0;
	int rc;

	list_begin(&l, c, columns, ARRAY_LEN(columns));
	do {
		rc = desk_offer_list(c->desk, after, rows, ARRAY_LEN(rows), &n, e);
		for (size_t i = 0; rc == 0 && i < n; i++) {
			cJSON *o = cJSON_CreateObject();

			after = rows[i].id;
			cJSON_AddNumberToObject(o, "offer", (double)rows[i].id);
			cJSON_AddStringToObject(o, "name", rows[i].name);
			cJSON_AddStringToObject(o, "code", rows[i].code);
			cJSON_AddStringToObject(o, "realname_code", rows[i].realname_code);
			cJSON_AddStringToObject(o, "levy_code", rows[i].levy_code);
			cJSON_AddStringToObject(o, "contract_code", rows[i].contract_code);
			rc = list_add(&l, o, e);
		}
	} while (rc == 0 && n == ARRAY_LEN(rows));
	list_end(&l);
	return rc;
}

int run_project_fetch(struct cli *c, struct err *e)
{
	struct project made;
	char *end;
	long long id = strtoll(c->argv[0], &end, 10);

	if (*end || id <= 0)
		return err_set(e, ERR_USAGE, "%s", _("应是 project offers 列出的编号"));
	return desk_offer_take(c->desk, id, &made, e) ? -1 : say_done(c, made.uid);
}

/* --- applications ------------------------------------------------------------------------------------------------------------------------------ */

int run_application_list(struct cli *c, struct err *e)
{
	static const struct column columns[] = {{"uid", N_("编号"), 37}, {"state_word", N_("结果"), 12}, {"applied_on", N_("申报日期"), 11},
						{"name", N_("项目名称"), 40}};
	struct application_row rows[32];
	struct listing l;
	int64_t after = 0;
	size_t n = 0;
	int rc;

	list_begin(&l, c, columns, ARRAY_LEN(columns));
	do {
		rc = desk_application_list(c->desk, after, rows, ARRAY_LEN(rows), &n, e);
		for (size_t i = 0; rc == 0 && i < n; i++) {
			cJSON *o = cJSON_CreateObject();

			after = rows[i].id;
			cJSON_AddStringToObject(o, "uid", rows[i].uid);
			cJSON_AddStringToObject(o, "name", rows[i].name);
			cJSON_AddStringToObject(o, "state", state_name(CYCLE_APPLICATION, (int)rows[i].state));
			cJSON_AddStringToObject(o, "state_word", state_word(CYCLE_APPLICATION, (int)rows[i].state));
			add_date(o, "applied_on", rows[i].applied_on);
			add_date(o, "answered_on", rows[i].answered_on);
			rc = list_add(&l, o, e);
		}
	} while (rc == 0 && n == ARRAY_LEN(rows));
	list_end(&l);
	return rc;
}

int run_application_act(struct cli *c, struct err *e)
{
	date_t on;

	if (opt_date(c, "on", &on, e) || desk_application_act(c->desk, c->argv[0], c->command->event, on, opt(c, "note"), e))
		return -1;
	return say_done(c, c->argv[0]);
}

/* --- teams, participants ------------------------------------------------------------------------------------------------------------------------ */

static int team_uid(struct cli *c, char uid[UID_TEXT], struct err *e)
{
	char participant[UID_TEXT] = "";

	if (opt(c, "company") && ask_participant(c, opt(c, "company"), participant, e))
		return -1;
	return ask_team(c, c->argv[0], participant, uid, e);
}

int run_team_edit(struct cli *c, struct err *e)
{
	char uid[UID_TEXT];

	if (team_uid(c, uid, e) || desk_team_edit(c->desk, uid, opt(c, "name"), opt(c, "kind"), e))
		return -1;
	return say_done(c, uid);
}

int run_team_delete(struct cli *c, struct err *e)
{
	char uid[UID_TEXT];

	return team_uid(c, uid, e) || desk_team_delete(c->desk, uid, e) ? -1 : say_done(c, uid);
}

int run_participant_delete(struct cli *c, struct err *e)
{
	char uid[UID_TEXT];

	return ask_participant(c, c->argv[0], uid, e) || desk_participant_delete(c->desk, uid, e) ? -1 : say_done(c, uid);
}

static int print_clearing(struct cli *c, const struct clear_out_view *v, struct err *e)
{
	cJSON *o;

	if (!c->json) {
		printf(_("%lld 人、%lld 个班组、%lld 个参建单位；不能退场的 %lld 人\n"), (long long)v->people, (long long)v->teams,
		       (long long)v->participants, (long long)v->held_up);
		return 0;
	}
	o = cJSON_CreateObject();
	cJSON_AddNumberToObject(o, "people", (double)v->people);
	cJSON_AddNumberToObject(o, "teams", (double)v->teams);
	cJSON_AddNumberToObject(o, "participants", (double)v->participants);
	cJSON_AddNumberToObject(o, "held_up", (double)v->held_up);
	cJSON_AddStringToObject(o, "name", v->name);
	cJSON_AddStringToObject(o, "why", v->why);
	cJSON_AddStringToObject(o, "would", v->would);
	return print_object(o, e);
}

int run_clear_out(struct cli *c, struct err *e)
{
	char uid[UID_TEXT] = "";
	struct clear_out out = {.scope = CLEAR_PROJECT, .uid = uid};
	struct clear_out_view v;

	if (!strcmp(c->command->name, "team"))
		out.scope = CLEAR_TEAM;
	if (!strcmp(c->command->name, "participant"))
		out.scope = CLEAR_PARTICIPANT;
	if (opt_date(c, "on", &out.on, e) || (out.scope == CLEAR_TEAM && team_uid(c, uid, e)) ||
	    (out.scope == CLEAR_PARTICIPANT && ask_participant(c, c->argv[0], uid, e)))
		return -1;
	if (opt(c, "dry-run") ? desk_clear_out_preview(c->desk, &out, &v, e) : desk_clear_out(c->desk, &out, &v, e))
		return -1;
	return print_clearing(c, &v, e);
}

/* --- associations ---------------------------------------------------------------------------------------------------------------------------------- */

static int with_file(struct cli *c, int (*act)(struct desk *, const struct association *, struct err *), struct association *a, struct err *e)
{
	struct buf file;
	int rc;

	buf_init(&file, ASSOCIATION_FILE_MAX * 4 + 4096);
	rc = desk_evidence_read(opt(c, "file"), &file, &a->mime, e);
	a->evidence = file.data;
	a->evidence_bytes = file.len;
	if (!rc)
		rc = act(c->desk, a, e);
	buf_wipe_release(&file);
	return rc;
}

int run_associate(struct cli *c, struct err *e)
{
	char uid[UID_TEXT];
	struct association a = {.team_uid = uid, .company = opt(c, "with"), .note = opt(c, "note")};
	bool asks = c->command->event == EVENT_ASSOCIATE;

	if (!opt(c, "file") || (asks && !a.company))
		return err_set(e, ERR_USAGE, _("缺少 --%s"), opt(c, "file") ? "with" : "file");
	if (opt_date(c, "on", &a.on, e) || team_uid(c, uid, e) ||
	    with_file(c, asks ? desk_association_ask : desk_association_unbind, &a, e))
		return -1;
	return say_done(c, uid);
}

/* The team is named by its uid: it need not be one of the account's own. */
int run_association_answer(struct cli *c, struct err *e)
{
	if (desk_association_answer(c->desk, c->argv[0], c->command->event == EVENT_ASSOCIATION_CONFIRMED, opt(c, "note"), e))
		return -1;
	return say_done(c, c->argv[0]);
}

static cJSON *association_json(struct cli *c, const struct team_row *r)
{
	struct association_days days = desk_association_days(c->desk, r->unassociated_on);
	cJSON *o = cJSON_CreateObject();

	cJSON_AddStringToObject(o, "uid", r->uid);
	cJSON_AddStringToObject(o, "name", r->name);
	cJSON_AddStringToObject(o, "company", r->company);
	cJSON_AddStringToObject(o, "partner", r->partner);
	cJSON_AddStringToObject(o, "relation", state_name(CYCLE_TEAM, (int)r->relation));
	cJSON_AddStringToObject(o, "relation_word", state_word(CYCLE_TEAM, (int)r->relation));
	add_date(o, "unassociated_on", r->unassociated_on);
	add_date(o, "alarm_on", days.alarm_on);
	add_date(o, "credit_on", days.credit_on);
	return o;
}

int run_association_list(struct cli *c, struct err *e)
{
	static const struct column columns[] = {{"name", N_("班组"), 18}, {"relation_word", N_("关联"), 18}, {"alarm_on", N_("预警日"), 11},
						{"partner", N_("劳务单位"), 36}};
	static const enum team_state relations[] = {TEAM_REQUESTED, TEAM_ASSOCIATED, TEAM_UNBOUND};
	struct team_row *rows = calloc(ROWS, sizeof(*rows)), after;
	struct listing l;
	size_t n = 0;
	int rc = rows ? 0 : err_set(e, ERR_MEMORY, "teams");

	list_begin(&l, c, columns, ARRAY_LEN(columns));
	for (size_t k = 0; rc == 0 && k < ARRAY_LEN(relations); k++) {
		bool first = true;

		do {
			rc = desk_association_list(c->desk, relations[k], first ? NULL : &after, rows, ROWS, &n, e);
			for (size_t i = 0; rc == 0 && i < n; i++)
				rc = list_add(&l, association_json(c, &rows[i]), e);
			if (n)
				after = rows[n - 1];
			first = false;
		} while (rc == 0 && n == ROWS);
	}
	list_end(&l);
	free(rows);
	return rc;
}
