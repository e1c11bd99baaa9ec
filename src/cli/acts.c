/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One event for the persons named: who can and who cannot and why, then one transaction for all who can (U11). */
#include "desk/acts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static int persons_of(struct cli *c, char **words, size_t n, int64_t *persons, struct err *e)
{
	for (size_t i = 0; i < n; i++)
		if (ask_person(c, words[i], &persons[i], e))
			return -1;
	return 0;
}

#define EVIDENCE_FILE_MAX EVIDENCE_MAX

static const struct {
	const char *magic, *mime;
} kinds[] = {{"\xFF\xD8\xFF", "image/jpeg"}, {"\x89PNG", "image/png"}, {"%PDF-", "application/pdf"}};

/* What the file is, its first bytes say. */
static int evidence_of(const char *path, struct buf *data, struct evidence *out, struct err *e)
{
	if (!path)
		return 0;
	if (ask_read_file(path, EVIDENCE_FILE_MAX, data, e))
		return -1;
	*out = (struct evidence){.data = data->data, .bytes = data->len};
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (data->len > 8 && memcmp(data->data, kinds[i].magic, strlen(kinds[i].magic)) == 0)
			out->mime = kinds[i].mime;
	return out->mime ? 0 : err_set(e, ERR_USAGE, "%s", _("印证材料须是 JPEG、PNG 或 PDF"));
}

static int act_options_of(struct cli *c, struct act *act, struct err *e)
{
	const char *successor = opt(c, "successor");

	if (opt_date(c, "on", &act->on, e) || opt_date(c, "true-date", &act->true_on, e))
		return -1;
	return successor ? ask_person(c, successor, &act->successor, e) : 0;
}

int run_act(struct cli *c, struct err *e)
{
	struct evidence evidence = {.mime = NULL};
	struct buf data;
	size_t n = (size_t)c->argc, able = 0;
	struct verdict *v = calloc(n, sizeof(*v));
	int64_t *persons = calloc(n, sizeof(*persons));
	struct act act = {.event = c->command->event, .persons = persons, .n = n, .note = opt(c, "note")};
	int ret = -1;

	buf_init(&data, EVIDENCE_FILE_MAX + 1);
	if (!v || !persons) {
		err_set(e, ERR_MEMORY, "verdicts");
		goto out;
	}
	if (act_options_of(c, &act, e) || persons_of(c, c->argv, n, persons, e) || evidence_of(opt(c, "evidence"), &data, &evidence, e))
		goto out;
	if (evidence.data)
		act.evidence = &evidence;
	ret = opt(c, "dry-run") ? desk_preview(c->desk, &act, v, &able, e) : desk_act(c->desk, &act, v, &able, e);
	if (ret == 0 || e->code == ERR_FORBIDDEN)
		print_verdicts(c, v, n, e);
	if (ret == 0 && !c->json && !opt(c, "dry-run"))
		printf(_("%s：已办理 %zu 人，共 %zu 人\n"), event_word(act.event), able, n);
	if (ret == 0 && able < n)
		ret = 1;
out:
	buf_wipe_release(&data);
	free(persons);
	free(v);
	return ret;
}

/* --- what an assignment says ------------------------------------------------------------------------------------------------ */

static int alter(struct cli *c, enum alteration_kind kind, const char *value, struct err *e)
{
	size_t n = (size_t)c->argc - 1, able = 0;
	struct verdict *v = calloc(n, sizeof(*v));
	int64_t *persons = calloc(n, sizeof(*persons));
	struct alteration a = {.kind = kind, .value = value, .persons = persons, .n = n, .note = opt(c, "note")};
	int ret = -1;

	if (!v || !persons) {
		err_set(e, ERR_MEMORY, "verdicts");
		goto out;
	}
	if (persons_of(c, c->argv + 1, n, persons, e))
		goto out;
	ret = opt(c, "dry-run") ? desk_alter_preview(c->desk, &a, v, &able, e) : desk_alter(c->desk, &a, v, &able, e);
	if (ret == 0)
		ret = print_verdicts(c, v, n, e);
	if (ret == 0 && able < n)
		ret = 1;
out:
	free(persons);
	free(v);
	return ret;
}

int run_alter_team(struct cli *c, struct err *e)
{
	char uid[UID_TEXT];

	return ask_team(c, c->argv[0], NULL, uid, e) ? -1 : alter(c, ALTER_TEAM, uid, e);
}

/* A code, or its word. */
int run_alter_trade(struct cli *c, struct err *e)
{
	const struct code *code = profile_code_said(desk_profile(c->desk), field_get(F_TRADE)->codes, c->argv[0]);

	return code ? alter(c, ALTER_TRADE, code->code, e) : err_set(e, ERR_NO_SUCH, "%s", c->argv[0]);
}

int run_alter_wage(struct cli *c, struct err *e)
{
	return alter(c, ALTER_WAGE, c->argv[0], e);
}

int run_team_leader(struct cli *c, struct err *e)
{
	char uid[UID_TEXT];
	int64_t person;

	if (ask_team(c, c->argv[0], NULL, uid, e) || ask_person(c, c->argv[1], &person, e) || desk_team_lead(c->desk, uid, person, e))
		return -1;
	if (!c->json)
		puts(_("已指定班组长"));
	return 0;
}

/* --- recorded afterwards ------------------------------------------------------------------------------------------------------ */

static cJSON *late_json(const struct late_row *r)
{
	cJSON *o = cJSON_CreateObject();
	char on[DATE_TEXT], true_on[DATE_TEXT];

	date_format(r->on, on);
	date_format(r->true_on, true_on);
	cJSON_AddNumberToObject(o, "fact", (double)r->fact);
	cJSON_AddNumberToObject(o, "person", (double)r->person);
	cJSON_AddStringToObject(o, "name", r->name);
	cJSON_AddStringToObject(o, "event", event_name(r->event));
	cJSON_AddStringToObject(o, "event_word", event_word(r->event));
	cJSON_AddStringToObject(o, "on", on);
	cJSON_AddStringToObject(o, "true_date", true_on);
	cJSON_AddStringToObject(o, "by", r->by);
	cJSON_AddStringToObject(o, "note", r->note);
	cJSON_AddBoolToObject(o, "evidence", r->evidence);
	return o;
}

#define LATE_PAGE 50

int run_late(struct cli *c, struct err *e)
{
	static const struct column columns[] = {{"name", N_("姓名"), 12}, {"event_word", N_("手续"), 8}, {"true_date", N_("实际日期"), 10},
						{"on", N_("办理日期"), 10}, {"evidence", N_("印证材料"), 8}, {"note", N_("原因"), 30}};
	struct late_row *rows = calloc(LATE_PAGE, sizeof(*rows));
	struct listing l;
	int64_t before = 0;
	size_t n = LATE_PAGE;
	int ret = 0;

	if (!rows)
		return err_set(e, ERR_MEMORY, "late");
	list_begin(&l, c, columns, ARRAY_LEN(columns));
	while (ret == 0 && n == LATE_PAGE) {
		ret = desk_late_list(c->desk, before, rows, LATE_PAGE, &n, e);
		for (size_t i = 0; ret == 0 && i < n; i++)
			ret = list_add(&l, late_json(&rows[i]), e);
		before = ret == 0 && n ? rows[n - 1].fact : before;
	}
	list_end(&l);
	free(rows);
	return ret;
}

/* --- from other projects (D5) ------------------------------------------------------------------------------------------------------ */

static cJSON *sister_json(const struct sister_row *r)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "person", (double)r->person);
	cJSON_AddStringToObject(o, "name", r->name);
	cJSON_AddStringToObject(o, "tail", r->tail);
	cJSON_AddStringToObject(o, "trade", r->trade);
	cJSON_AddStringToObject(o, "company", r->company);
	cJSON_AddStringToObject(o, "employment", state_name(CYCLE_EMPLOYMENT, (int)r->state));
	cJSON_AddStringToObject(o, "employment_word", state_word(CYCLE_EMPLOYMENT, (int)r->state));
	cJSON_AddStringToObject(o, "project", r->project);
	return o;
}

#define SISTERS_PAGE 50

int run_assignment_others(struct cli *c, struct err *e)
{
	static const struct column columns[] = {{"person", N_("编号"), 6}, {"name", N_("姓名"), 12}, {"tail", N_("证件尾号"), 8}, {"trade", N_("工种"), 10},
						{"company", N_("单位"), 14}, {"employment_word", N_("用工"), 10}, {"project", N_("所在项目"), 24}};
	struct sister_row *rows = calloc(SISTERS_PAGE, sizeof(*rows));
	struct sister_query q = {.text = opt(c, "search") ? opt(c, "search") : ""};
	struct sister_page page = {.row = rows, .cap = SISTERS_PAGE, .more = true};
	struct listing l;
	int ret = 0;

	if (!rows)
		return err_set(e, ERR_MEMORY, "people");
	list_begin(&l, c, columns, ARRAY_LEN(columns));
	while (ret == 0 && page.more) {
		ret = desk_sister_list(c->desk, &q, &page, e);
		for (size_t i = 0; ret == 0 && i < page.n; i++)
			ret = list_add(&l, sister_json(&rows[i]), e);
		q.after = page.last;
	}
	list_end(&l);
	free(rows);
	return ret;
}

/* --- the worker code ------------------------------------------------------------------------------------------------------------ */

int run_worker_code(struct cli *c, struct err *e)
{
	char code[WORKER_CODE_TEXT];
	int64_t person;
	cJSON *o;

	if (ask_person(c, c->argv[0], &person, e) || desk_worker_code(c->desk, person, opt(c, "renew") != NULL, code, e))
		return -1;
	if (!c->json) {
		puts(code);
		return 0;
	}
	o = cJSON_CreateObject();
	cJSON_AddNumberToObject(o, "person", (double)person);
	cJSON_AddStringToObject(o, "worker_code", code);
	return print_object(o, e);
}

static int add_late_evidence(struct cli *c, int64_t fact, const char *path, struct buf *data, struct err *e)
{
	struct evidence evidence = {.mime = NULL};

	if (evidence_of(path, data, &evidence, e) || desk_late_evidence_add(c->desk, fact, &evidence, e))
		return -1;
	printf(c->json ? "{\"bytes\":%zu}\n" : _("已放入 %zu 字节\n"), data->len);
	return 0;
}

static int write_late_evidence(struct cli *c, int64_t fact, const char *path, struct buf *data, struct err *e)
{
	if (desk_late_evidence(c->desk, fact, data, e) || ask_write_new(path, data, e))
		return -1;
	if (strcmp(path, "-"))
		printf(c->json ? "{\"bytes\":%zu}\n" : _("已写出 %zu 字节\n"), data->len);
	return 0;
}

int run_late_evidence(struct cli *c, struct err *e)
{
	const char *file = opt(c, "file"), *out = opt(c, "out");
	struct buf data;
	char *end;
	int64_t fact = strtoll(c->argv[0], &end, 10);
	int ret;

	if (!file == !out || *end)
		return err_set(e, ERR_USAGE, "%s", _("--file 和 --out 要写一个，只能写一个"));
	buf_init(&data, EVIDENCE_FILE_MAX + 1);
	ret = file ? add_late_evidence(c, fact, file, &data, e) : write_late_evidence(c, fact, out, &data, e);
	buf_wipe_release(&data);
	return ret;
}
