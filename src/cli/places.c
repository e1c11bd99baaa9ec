/* SPDX-License-Identifier: GPL-3.0-or-later */
/* company, participant, team. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "commands.h"
#include "desk/site.h"
#include "desk/upkeep.h"
#include "domain/credit_code.h"

#define ROWS 512

static int say_made(const struct cli *c, const char *uid)
{
	if (c->json)
		printf("{\"uid\":\"%s\"}\n", uid);
	else
		printf(_("已添加：%s\n"), uid);
	return 0;
}

static int need(const struct cli *c, const char *name, const char **out, struct err *e)
{
	*out = opt(c, name);
	return *out && **out ? 0 : err_set(e, ERR_USAGE, _("缺少 --%s"), name);
}

/* --- companies ---------------------------------------------------------------------------------------------------------------- */

static cJSON *company_json(const struct company_row *r)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddStringToObject(o, "uid", r->uid);
	cJSON_AddStringToObject(o, "credit_code", r->credit_code);
	cJSON_AddStringToObject(o, "name", r->name);
	cJSON_AddStringToObject(o, "short_name", r->short_name);
	cJSON_AddStringToObject(o, "area_code", r->area_code);
	add_date(o, "registered_on", r->registered_on);
	return o;
}

int run_company_list(struct cli *c, struct err *e)
{
	static const struct column columns[] = {
		{"credit_code", N_("统一社会信用代码"), 18}, {"short_name", N_("简称"), 16}, {"name", N_("名称"), 40}};
	struct company_row rows[32];
	char after[CREDIT_CODE_TEXT] = "";
	struct listing l;
	size_t n = 0;
	int ret;

	list_begin(&l, c, columns, ARRAY_LEN(columns));
	do {
		ret = desk_company_list(c->desk, after, rows, ARRAY_LEN(rows), &n, e);
		for (size_t i = 0; ret == 0 && i < n; i++)
			ret = list_add(&l, company_json(&rows[i]), e);
		if (ret == 0 && n)
			text_copy(after, sizeof(after), rows[n - 1].credit_code);
	} while (ret == 0 && n == ARRAY_LEN(rows));
	list_end(&l);
	return ret;
}

int run_company_add(struct cli *c, struct err *e)
{
	struct company_new new = {.short_name = opt(c, "short-name"), .area_code = opt(c, "area-code"), .registered_on = opt(c, "registered-on")};
	char uid[UID_TEXT];

	if (need(c, "credit-code", &new.credit_code, e) || need(c, "name", &new.name, e) || desk_company_add(c->desk, &new, uid, e))
		return -1;
	return say_made(c, uid);
}

/* --- participants --------------------------------------------------------------------------------------------------------------- */

static cJSON *participant_json(const struct participant_row *r)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddStringToObject(o, "uid", r->uid);
	cJSON_AddStringToObject(o, "credit_code", r->credit_code);
	cJSON_AddStringToObject(o, "company", r->company);
	cJSON_AddStringToObject(o, "short_name", r->short_name);
	cJSON_AddStringToObject(o, "type", r->type);
	cJSON_AddStringToObject(o, "type_word", r->type_word);
	cJSON_AddStringToObject(o, "state", state_name(CYCLE_PARTICIPANT, r->state));
	cJSON_AddStringToObject(o, "state_word", state_word(CYCLE_PARTICIPANT, r->state));
	add_date(o, "entered_on", r->entered_on);
	add_date(o, "exited_on", r->exited_on);
	cJSON_AddNumberToObject(o, "teams", (double)r->teams);
	cJSON_AddNumberToObject(o, "on_site", (double)r->on_site);
	return o;
}

int run_participant_list(struct cli *c, struct err *e)
{
	static const struct column columns[] = {{"credit_code", N_("统一社会信用代码"), 18}, {"type_word", N_("参建类型"), 12},
						{"state_word", N_("状态"), 8},   {"on_site", N_("在场人数"), 8},
						{"company", N_("名称"), 40}};
	struct participant_row *rows = calloc(ROWS, sizeof(*rows));
	struct listing l;
	size_t n = 0;
	int ret;

	if (!rows)
		return err_set(e, ERR_MEMORY, "participants");
	list_begin(&l, c, columns, ARRAY_LEN(columns));
	ret = desk_participant_list(c->desk, rows, ROWS, &n, e);
	for (size_t i = 0; ret == 0 && i < n && i < ROWS; i++)
		ret = list_add(&l, participant_json(&rows[i]), e);
	list_end(&l);
	free(rows);
	return ret;
}

/* The code of a participant type, or its word. */
static const char *type_code(const struct profile *p, const char *word)
{
	const struct code *code = p ? profile_code_said(p, "participant_types", word) : NULL;

	return code ? code->code : word;
}

int run_participant_add(struct cli *c, struct err *e)
{
	struct participant_new new = {.manager_name = opt(c, "manager"), .manager_phone = opt(c, "manager-phone")};
	const char *typed, *type;
	char code[CREDIT_CODE_TEXT], uid[UID_TEXT];
	struct company_row company;

	if (need(c, "company", &typed, e) || need(c, "type", &type, e))
		return -1;
	if (!credit_code_normalise(typed, code))
		return err_set(e, ERR_USAGE, _("--company 应是统一社会信用代码"));
	if (desk_company_by_code(c->desk, code, &company, e))
		return -1;
	new.company_uid = company.uid;
	new.type = type_code(desk_profile(c->desk), type);
	return desk_participant_add(c->desk, &new, uid, e) ? -1 : say_made(c, uid);
}

static int say_acted(const struct cli *c, const char *uid)
{
	if (c->json)
		printf("{\"uid\":\"%s\",\"event\":\"%s\"}\n", uid, event_name(c->command->event));
	else
		printf(_("已办理%s\n"), event_word(c->command->event));
	return 0;
}

int run_participant_act(struct cli *c, struct err *e)
{
	char uid[UID_TEXT];
	date_t on;

	if (opt_date(c, "on", &on, e) || ask_participant(c, c->argv[0], uid, e) ||
	    desk_participant_act(c->desk, uid, c->command->event, on, e))
		return -1;
	return say_acted(c, uid);
}

/* --- teams ------------------------------------------------------------------------------------------------------------------------ */

static cJSON *team_json(const struct team_row *r)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddStringToObject(o, "uid", r->uid);
	cJSON_AddStringToObject(o, "name", r->name);
	cJSON_AddStringToObject(o, "kind", r->kind);
	cJSON_AddStringToObject(o, "participant", r->participant_uid);
	cJSON_AddStringToObject(o, "company", r->company);
	cJSON_AddStringToObject(o, "leader", r->leader);
	cJSON_AddStringToObject(o, "relation", state_name(CYCLE_TEAM, r->relation));
	cJSON_AddStringToObject(o, "state", state_name(CYCLE_TEAM_SITE, r->state));
	cJSON_AddStringToObject(o, "state_word", state_word(CYCLE_TEAM_SITE, r->state));
	cJSON_AddBoolToObject(o, "automatic", r->automatic);
	add_date(o, "entered_on", r->entered_on);
	add_date(o, "exited_on", r->exited_on);
	cJSON_AddNumberToObject(o, "on_site", (double)r->on_site);
	return o;
}

int run_team_list(struct cli *c, struct err *e)
{
	static const struct column columns[] = {{"name", N_("班组"), 20},      {"kind", N_("种类"), 10},     {"state_word", N_("状态"), 8},
						{"on_site", N_("在场人数"), 8}, {"leader", N_("班组长"), 10}, {"company", N_("所属单位"), 30}};
	struct team_row *rows = calloc(ROWS, sizeof(*rows));
	struct listing l;
	size_t n = 0;
	int ret;

	if (!rows)
		return err_set(e, ERR_MEMORY, "teams");
	list_begin(&l, c, columns, ARRAY_LEN(columns));
	ret = desk_team_list(c->desk, rows, ROWS, &n, e);
	for (size_t i = 0; ret == 0 && i < n && i < ROWS; i++)
		ret = list_add(&l, team_json(&rows[i]), e);
	list_end(&l);
	free(rows);
	return ret;
}

int run_team_add(struct cli *c, struct err *e)
{
	struct team_new new = {.kind = opt(c, "kind") ? opt(c, "kind") : "worker"};
	char participant[UID_TEXT], uid[UID_TEXT];
	const char *company;

	if (need(c, "name", &new.name, e) || need(c, "company", &company, e) || ask_participant(c, company, participant, e))
		return -1;
	new.participant_uid = participant;
	return desk_team_add(c->desk, &new, uid, e) ? -1 : say_made(c, uid);
}

int run_team_act(struct cli *c, struct err *e)
{
	char participant[UID_TEXT] = "", uid[UID_TEXT];
	date_t on;

	if (opt_date(c, "on", &on, e) || (opt(c, "company") && ask_participant(c, opt(c, "company"), participant, e)) ||
	    ask_team(c, c->argv[0], participant, uid, e) || desk_team_act(c->desk, uid, c->command->event, on, e))
		return -1;
	return say_acted(c, uid);
}
