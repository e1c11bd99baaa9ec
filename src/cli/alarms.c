/* SPDX-License-Identifier: GPL-3.0-or-later */
/* alarm list, raise, withdraw, count, deduct, appeal, void, uphold. */
#include "desk/alarm.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "commands.h"

#define MOST 5000

static const char *const standings[] = {
	[ALARM_COMES] = "comes", [ALARM_STANDS] = "stands", [ALARM_OVER] = "over"};

static const char *standing_word(const struct alarm_row *r)
{
	return r->record		     ? state_word(CYCLE_ALARM, (int)r->state)
	       : r->standing == ALARM_STANDS ? _("已到期")
					     : _("将到期");
}

static cJSON *alarm_json(const struct alarm_row *r)
{
	cJSON *o = cJSON_CreateObject();
	char due[DATE_TEXT];

	date_format(r->due_on, due);
	cJSON_AddStringToObject(o, "kind", alarm_kind_name(r->kind));
	cJSON_AddStringToObject(o, "kind_word", alarm_kind_word(r->kind));
	cJSON_AddStringToObject(o, "standing", standings[r->standing]);
	cJSON_AddStringToObject(o, "standing_word", standing_word(r));
	cJSON_AddStringToObject(o, "due_on", due);
	cJSON_AddStringToObject(o, "who", r->who);
	cJSON_AddStringToObject(o, "what", r->what);
	cJSON_AddStringToObject(o, "cost", r->cost);
	cJSON_AddStringToObject(o, "remedy", alarm_remedy_word(r->remedy));
	cJSON_AddStringToObject(o, "subject", r->subject);
	cJSON_AddNumberToObject(o, "month", r->month);
	cJSON_AddNumberToObject(o, "person", (double)r->person);
	cJSON_AddStringToObject(o, "state", r->record ? state_name(CYCLE_ALARM, (int)r->state) : "");
	return o;
}

int run_alarm_list(struct cli *c, struct err *e)
{
	static const struct column columns[] = {
		{"due_on", N_("到期"), 10}, {"standing_word", N_("状态"), 8}, {"kind_word", N_("种类"), 12},
		{"who", N_("谁"), 16},	    {"what", N_("情况"), 40},	      {"cost", N_("后果"), 30}};
	struct alarm_query q = {.most = MOST, .people = true, .over = opt(c, "all") != NULL};
	struct alarm_set set;
	struct listing l;
	int ret = desk_alarms(c->desk, &q, &set, e);

	list_begin(&l, c, columns, ARRAY_LEN(columns));
	for (size_t i = 0; ret == 0 && i < set.n; i++)
		ret = list_add(&l, alarm_json(&set.row[i]), e);
	list_end(&l);
	if (ret == 0 && set.unchecked && !c->json)
		fprintf(stderr, "%s\n", _("一天多没有和平台核对过时钟：到期的日子按本机日期算"));
	desk_alarms_free(&set);
	return ret;
}

/* A person may be named as everywhere, a post by its word. */
static int subject_of(struct cli *c, const char *word, char *out, size_t size, struct err *e)
{
	const struct code *codes;
	size_t n = profile_codes(desk_profile(c->desk), "trades", &codes);

	text_copy(out, size, word);
	for (size_t i = 0; i < n; i++)
		if (strcmp(codes[i].name, word) == 0)
			text_copy(out, size, codes[i].code);
	return out[0] ? 0 : err_set(e, ERR_USAGE, "--subject");
}

int run_alarm_act(struct cli *c, struct err *e)
{
	struct alarm_act a = {.event = c->command->event, .note = opt(c, "note")};
	char subject[64] = "";
	long month = 0;

	if (!alarm_kind_parse(c->argv[0], &a.kind))
		return err_set(e, ERR_USAGE, "%s", _("预警的种类见 shiming alarm list --json 的 kind"));
	if (opt(c, "month") && !opt_number(c, "month", 200001, 299912, &month))
		return err_set(e, ERR_USAGE, "--month");
	if (opt_date(c, "on", &a.on, e) ||
	    (opt(c, "subject") && subject_of(c, opt(c, "subject"), subject, sizeof(subject), e)))
		return -1;
	a.month = (int)month;
	a.subject = subject;
	if (desk_alarm_act(c->desk, &a, e))
		return -1;
	if (!c->json)
		printf("%s\n", event_word(a.event));
	return 0;
}
