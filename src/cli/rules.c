/* SPDX-License-Identifier: GPL-3.0-or-later */
/* profile list, check, show. No data directory is needed. */
#include "profile/profile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "commands.h"

#define PROFILES 64
#define FAULTS 200

int run_profile_list(struct cli *c, struct err *e)
{
	static const struct column columns[] = {{"name", N_("名称"), 16}, {"title", N_("地区"), 24}, {"state_word", N_("状态"), 10}};
	char names[PROFILES][32];
	int n = profile_list(NULL, names, PROFILES), ret = 0;
	struct listing l;

	if (n == 0)
		return err_set(e, ERR_NOT_FOUND, "%s", _("没有找到地区规则"));
	list_begin(&l, c, columns, ARRAY_LEN(columns));
	for (int i = 0; ret == 0 && i < n; i++) {
		struct profile *p = NULL;
		bool good = profile_load(&p, NULL, names[i], NULL) == 0;
		cJSON *row = cJSON_CreateObject();

		cJSON_AddStringToObject(row, "name", names[i]);
		cJSON_AddStringToObject(row, "title", good ? profile_title(p) : "");
		cJSON_AddBoolToObject(row, "sound", good);
		cJSON_AddStringToObject(row, "state_word", good ? _("可用") : _("有误"));
		ret = list_add(&l, row, e);
		profile_free(p);
	}
	list_end(&l);
	return ret;
}

static cJSON *fault_json(const struct profile_fault *f)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddStringToObject(o, "place", f->place);
	cJSON_AddStringToObject(o, "reason", f->reason);
	return o;
}

/* Faults are the answer, on stdout; the status says whether there are any. */
int run_profile_check(struct cli *c, struct err *e)
{
	struct profile_fault *faults = calloc(FAULTS, sizeof(*faults));
	struct listing l;
	int n, ret = 0;

	if (!faults)
		return err_set(e, ERR_MEMORY, "faults");
	n = profile_check(NULL, c->argv[0], faults, FAULTS, e);
	if (n >= 0 && c->json) {
		list_begin(&l, c, NULL, 0);
		for (int i = 0; ret == 0 && i < n && i < FAULTS; i++)
			ret = list_add(&l, fault_json(&faults[i]), e);
		list_end(&l);
	}
	for (int i = 0; !c->json && i < n && i < FAULTS; i++) {
		print_text(stdout, faults[i].place); /* a key of somebody's file may hold anything */
		fputs(": ", stdout);
		print_text(stdout, faults[i].reason);
		fputs("\n", stdout);
	}
	if (n == 0 && !c->json)
		puts(_("没有错误"));
	free(faults);
	return n < 0 || ret < 0 ? -1 : n > 0;
}

/* --- show -------------------------------------------------------------------------------------------------------------------- */

static const struct {
	enum form form;
	const char *name, *word;
} forms[] = {{FORM_REGISTER, "register", N_("登记")}, {FORM_MANUAL, "manual", N_("手工录入另需")}, {FORM_ENTER, "enter", N_("进场")}};

static const enum event steps[] = {EVENT_CONSENT, EVENT_REGISTER, EVENT_DONE, EVENT_SUBMIT, EVENT_ACCEPT, EVENT_CONFIRM, EVENT_ENTER,
				   EVENT_EXIT};
static const char *const severities[] = {"under_age", "over_age", "expired_card", "no_contract", "no_training"};
static const char *const numbers[] = {"limits.min_age", "limits.max_age_male", "limits.max_age_female", "limits.training_days",
				      "limits.max_open_assignments", "limits.hold_seconds"};

static const char *severity_name(enum severity s)
{
	return s == SEVERITY_BLOCK ? "block" : s == SEVERITY_WARN ? "warn" : "none";
}

static cJSON *step_json(const struct profile *p, enum event e)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddStringToObject(o, "event", event_name(e));
	cJSON_AddBoolToObject(o, "own", profile_has_step(p, e));
	cJSON_AddBoolToObject(o, "reported", profile_reports(p, e));
	cJSON_AddStringToObject(o, "authority", profile_authority(p, e) == AUTHORITY_DESK ? "desk" : "platform");
	cJSON_AddStringToObject(o, "date", profile_date_rule(p, e) == DATE_RULE_MOMENT ? "moment" : "settable");
	return o;
}

static cJSON *profile_json(const struct profile *p)
{
	cJSON *o = cJSON_CreateObject(), *part;

	cJSON_AddStringToObject(o, "name", profile_name(p));
	cJSON_AddStringToObject(o, "title", profile_title(p));
	part = cJSON_AddObjectToObject(o, "required");
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		cJSON *form = cJSON_AddObjectToObject(part, forms[i].name);

		for (int f = 0; f < FIELD_COUNT; f++)
			if (profile_required(p, forms[i].form, (enum field_id)f))
				cJSON_AddStringToObject(form, field_get((enum field_id)f)->name,
							profile_required_source(p, forms[i].form, (enum field_id)f));
	}
	part = cJSON_AddArrayToObject(o, "steps");
	for (size_t i = 0; i < ARRAY_LEN(steps); i++)
		cJSON_AddItemToArray(part, step_json(p, steps[i]));
	part = cJSON_AddObjectToObject(o, "rules");
	for (size_t i = 0; i < ARRAY_LEN(severities); i++)
		cJSON_AddStringToObject(part, severities[i], severity_name(profile_severity(p, severities[i])));
	for (size_t i = 0; i < ARRAY_LEN(numbers); i++)
		cJSON_AddNumberToObject(part, numbers[i], (double)profile_number(p, numbers[i], 0));
	cJSON_AddStringToObject(part, "leaving", profile_text(p, "leaving", ""));
	cJSON_AddBoolToObject(part, "teams.management_automatic", profile_flag(p, "teams.management_automatic", false));
	return o;
}

static void print_required(const struct profile *p)
{
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		printf("%s\n", _(forms[i].word));
		for (int f = 0; f < FIELD_COUNT; f++)
			if (profile_required(p, forms[i].form, (enum field_id)f))
				printf("  %s  [%s]\n", _(field_get((enum field_id)f)->label),
				       profile_required_source(p, forms[i].form, (enum field_id)f));
	}
}

static void print_steps(const struct profile *p)
{
	printf("%s\n", _("手续"));
	for (size_t i = 0; i < ARRAY_LEN(steps); i++) {
		enum event e = steps[i];

		printf(_("  %s：%s%s\n"), event_word(e),
		       !profile_has_step(p, e)                             ? _("没有这一步，随前一步完成")
		       : profile_authority(p, e) == AUTHORITY_PLATFORM ? _("由平台或本人办理，结果送达")
									 : _("在这里办理"),
		       profile_has_step(p, e) && profile_date_rule(p, e) == DATE_RULE_SETTABLE ? _("；日期可填") : "");
	}
}

int run_profile_show(struct cli *c, struct err *e)
{
	struct profile *p = NULL;
	int ret = 0;

	if (profile_load(&p, NULL, c->argv[0], e))
		return -1;
	if (c->json) {
		ret = print_object(profile_json(p), e);
	} else {
		printf(_("%s（%s）\n\n%s\n"), profile_title(p), profile_name(p), _("必填内容和出处"));
		print_required(p);
		fputs("\n", stdout);
		print_steps(p);
	}
	profile_free(p);
	return ret;
}
