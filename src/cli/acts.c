/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One event for the persons named: who can and who cannot and why, then one transaction for all who can (U11). */
#include "desk/acts.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "base/text.h"
#include "commands.h"

static cJSON *verdict_json(const struct verdict *v)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "person", (double)v->person);
	cJSON_AddStringToObject(o, "name", v->name);
	cJSON_AddBoolToObject(o, "can", v->can);
	cJSON_AddStringToObject(o, "why", v->why);
	cJSON_AddStringToObject(o, "would", v->would);
	cJSON_AddStringToObject(o, "warning", v->warning);
	return o;
}

static cJSON *verdict_row(const struct verdict *v)
{
	cJSON *o = verdict_json(v);
	char words[500];

	text_format(words, sizeof(words), "%s%s%s%s", v->can ? v->warning : v->why, !v->can && *v->would ? _("（") : "",
		    v->can ? "" : v->would, !v->can && *v->would ? _("）") : "");
	cJSON_AddStringToObject(o, "can_word", v->can ? _("可以") : _("不行"));
	cJSON_AddStringToObject(o, "words", words);
	return o;
}

static int print_verdicts(struct cli *c, const struct verdict *v, size_t n, struct err *e)
{
	static const struct column columns[] = {
		{"person", N_("编号"), 6}, {"name", N_("姓名"), 12}, {"can_word", N_("结果"), 4}, {"words", N_("说明"), 40}};
	struct listing l;
	int ret = 0;

	list_begin(&l, c, columns, ARRAY_LEN(columns));
	for (size_t i = 0; ret == 0 && i < n; i++)
		ret = list_add(&l, c->json ? verdict_json(&v[i]) : verdict_row(&v[i]), e);
	list_end(&l);
	return ret;
}

static int persons_of(struct cli *c, int64_t *persons, struct err *e)
{
	for (int i = 0; i < c->argc; i++)
		if (ask_person(c, c->argv[i], &persons[i], e))
			return -1;
	return 0;
}

int run_act(struct cli *c, struct err *e)
{
	size_t n = (size_t)c->argc, able = 0;
	struct verdict *v = calloc(n, sizeof(*v));
	int64_t *persons = calloc(n, sizeof(*persons));
	struct act act = {.event = c->command->event, .persons = persons, .n = n, .note = opt(c, "note")};
	int ret = -1;

	if (!v || !persons) {
		err_set(e, ERR_MEMORY, "verdicts");
		goto out;
	}
	if (opt_date(c, "on", &act.on, e) || persons_of(c, persons, e))
		goto out;
	ret = opt(c, "dry-run") ? desk_preview(c->desk, &act, v, &able, e) : desk_act(c->desk, &act, v, &able, e);
	if (ret == 0 || e->code == ERR_FORBIDDEN)
		print_verdicts(c, v, n, e);
	if (ret == 0 && !c->json && !opt(c, "dry-run"))
		printf(_("%s：已办理 %zu 人，共 %zu 人\n"), event_word(act.event), able, n);
	if (ret == 0 && able < n)
		ret = 1;
out:
	free(persons);
	free(v);
	return ret;
}
