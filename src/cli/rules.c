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

/* Numbers and flags as such, words as text: as the file has them. */
static void add_rules(const struct profile *p, cJSON *part)
{
	struct rule_view r;

	for (size_t i = 0; profile_rule_at(p, i, &r); i++) {
		cJSON *value = cJSON_Parse(r.value); /* a word is no JSON */

		cJSON_AddItemToObject(part, r.key, value ? value : cJSON_CreateString(r.value));
	}
}

static void add_posts(const struct profile *p, cJSON *part)
{
	const struct post *post;
	size_t n = profile_posts(p, &post);

	for (size_t i = 0; i < n; i++) {
		cJSON *o = cJSON_CreateObject(), *certificates;

		cJSON_AddStringToObject(o, "post", post[i].code);
		cJSON_AddStringToObject(o, "name", code_word(profile_code(p, "trades", post[i].code)));
		cJSON_AddNumberToObject(o, "count", post[i].count);
		cJSON_AddNumberToObject(o, "outside", post[i].outside);
		cJSON_AddBoolToObject(o, "locked", post[i].locked);
		certificates = cJSON_AddArrayToObject(o, "certificates");
		for (size_t c = 0; c < post[i].certificates; c++)
			cJSON_AddItemToArray(certificates, cJSON_CreateString(post[i].certificate[c]));
		cJSON_AddItemToArray(part, o);
	}
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
	add_rules(p, cJSON_AddObjectToObject(o, "rules"));
	add_posts(p, cJSON_AddArrayToObject(o, "posts"));
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

static void print_rules(const struct profile *p)
{
	struct rule_view r;

	printf("\n%s\n", _("规则"));
	for (size_t i = 0; profile_rule_at(p, i, &r); i++)
		printf("  %s = %s  [%s]\n", r.key, r.value, r.source);
}

static void print_posts(const struct profile *p)
{
	const struct post *post;
	size_t n = profile_posts(p, &post);

	if (n)
		printf("\n%s\n", _("关键岗位"));
	for (size_t i = 0; i < n; i++) {
		printf(_("  %s：%d 人，外地企业 %d 人"), code_word(profile_code(p, "trades", post[i].code)), post[i].count, post[i].outside);
		for (size_t c = 0; c < post[i].certificates; c++)
			printf(" · %s", code_word(profile_code(p, "post_certificates", post[i].certificate[c])));
		printf("  [%s]\n", post[i].source);
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
		print_rules(p);
		print_posts(p);
	}
	profile_free(p);
	return ret;
}

/* --- explain ------------------------------------------------------------------------------------------------------------------ */

#define FOUND_MAX 256

static cJSON *prompt_json(const struct profile *p, const struct prompt *prompt)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddStringToObject(o, "profile", profile_name(p));
	cJSON_AddStringToObject(o, "match", prompt->match);
	cJSON_AddStringToObject(o, "cause", prompt->cause);
	cJSON_AddStringToObject(o, "remedy", prompt->remedy);
	cJSON_AddStringToObject(o, "action", prompt->action);
	cJSON_AddStringToObject(o, "source", prompt->source);
	return o;
}

static void print_prompt(const struct profile *p, const struct prompt *prompt, bool first)
{
	printf("%s%s  [%s · %s]\n", first ? "" : "\n", prompt->match, _(profile_title(p)), prompt->source);
	printf(_("  原因：%s\n  办法：%s\n"), _(prompt->cause), _(prompt->remedy));
}

/* What the region's own file says: what every region says is told once, with the first. */
static int explain_one(struct listing *l, const struct profile *p, struct cli *c, bool first, struct err *e)
{
	const struct prompt *found[FOUND_MAX];
	size_t n = profile_prompts(p, c->argv[0], found, FOUND_MAX);

	for (size_t i = 0; i < n; i++) {
		if (!first && !profile_prompt_own(p, found[i]))
			continue;
		if (c->json && list_add(l, prompt_json(p, found[i]), e))
			return -1;
		if (!c->json)
			print_prompt(p, found[i], c->printed++ == 0);
	}
	return 0;
}

int run_explain(struct cli *c, struct err *e)
{
	const char *only = opt(c, "profile");
	char names[PROFILES][32];
	int n = 1, ret = 0;
	struct listing l = {.cli = c};

	if (only)
		text_copy(names[0], sizeof(names[0]), only);
	else
		n = profile_list(NULL, names, PROFILES);
	if (c->json)
		list_begin(&l, c, NULL, 0);
	c->printed = 0;
	for (int i = 0; ret == 0 && i < n; i++) {
		struct profile *p = NULL;

		ret = profile_load(&p, NULL, names[i], e) ? -1 : explain_one(&l, p, c, i == 0, e);
		profile_free(p);
	}
	if (c->json)
		list_end(&l);
	if (ret == 0 && c->printed == 0)
		return err_set(e, ERR_NO_SUCH, "%s", _("没有哪条提示有这几个字"));
	return ret;
}
