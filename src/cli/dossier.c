/* SPDX-License-Identifier: GPL-3.0-or-later */
/* training, certificate, mark, person history: what a person's file holds besides the record (L1–L3, A12). */
#include "desk/dossier.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "commands.h"
#include "profile/profile.h"

#define ROWS 32

static int say_done(const struct cli *c)
{
	printf("%s\n", c->json ? "{\"done\":true}" : _("已办理"));
	return 0;
}

static int number_of(const char *word, int64_t *out, struct err *e)
{
	char *end;

	*out = strtoll(word, &end, 10);
	return *end || *out <= 0 ? err_set(e, ERR_USAGE, _("不是编号：%s"), word) : 0;
}

/* A code of a list, by itself or by its words. */
static int code_of(struct cli *c, const char *list, const char *word, const char **out, struct err *e)
{
	const struct code *codes;
	size_t n = profile_codes(desk_profile(c->desk), list, &codes);

	for (size_t i = 0; i < n; i++)
		if (!strcmp(word, codes[i].code) || !strcmp(word, codes[i].name)) {
			*out = codes[i].code;
			return 0;
		}
	return err_set(e, ERR_USAGE, _("没有这一种：%s"), word);
}

static int needed(const struct cli *c, const char *name, const char **out, struct err *e)
{
	*out = opt(c, name);
	return *out && **out ? 0 : err_set(e, ERR_USAGE, _("缺少 --%s"), name);
}

/* Of a row that is named by its number: taking it back, with the reason. */
static int by_number(struct cli *c, int (*end)(struct desk *, int64_t, const char *, struct err *),
		     struct err *e)
{
	const char *note;
	int64_t id;

	if (number_of(c->argv[0], &id, e) || needed(c, "note", &note, e) || end(c->desk, id, note, e))
		return -1;
	return say_done(c);
}

/* --- training ----------------------------------------------------------------------------------------- */

static cJSON *training_json(const struct training_row *r)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "training", (double)r->id);
	cJSON_AddStringToObject(o, "kind_word", r->kind);
	add_date(o, "on", r->on);
	cJSON_AddNumberToObject(o, "hours", (double)r->hours);
	cJSON_AddBoolToObject(o, "lapsed", r->lapsed);
	return o;
}

int run_training_list(struct cli *c, struct err *e)
{
	static const struct column columns[] = {{"training", N_("编号"), 6},
						{"on", N_("日期"), 10},
						{"kind_word", N_("培训种类"), 20},
						{"hours", N_("学时"), 4},
						{"lapsed", N_("已过期"), 6}};
	struct training_row rows[ROWS];
	struct listing l;
	int64_t person;
	size_t n = 0;
	int ret = 0;

	if (ask_person(c, c->argv[0], &person, e) || desk_training_list(c->desk, person, rows, ROWS, &n, e))
		return -1;
	list_begin(&l, c, columns, ARRAY_LEN(columns));
	for (size_t i = 0; !ret && i < n; i++)
		ret = list_add(&l, training_json(&rows[i]), e);
	list_end(&l);
	return ret;
}

static int preview_training(struct cli *c, const struct training_new *t, struct err *e)
{
	struct training_preview p;
	cJSON *o;

	if (desk_training_preview(c->desk, t, &p, e))
		return -1;
	if (!c->json) {
		printf(_("新增 %zu 人，已有 %zu 人\n"), p.able, p.already);
		return 0;
	}
	o = cJSON_CreateObject();
	cJSON_AddNumberToObject(o, "able", (double)p.able);
	cJSON_AddNumberToObject(o, "already", (double)p.already);
	return print_object(o, e);
}

static int training_of(struct cli *c, struct training_new *t, int64_t *persons, struct err *e)
{
	const char *kind = opt(c, "kind");
	long hours = 0;

	t->persons = persons;
	t->on = date_today();
	for (t->n = 0; t->n < (size_t)c->argc; t->n++)
		if (ask_person(c, c->argv[t->n], &persons[t->n], e))
			return -1;
	if (code_of(c, "training_kinds", kind ? kind : "basic", &t->kind, e) ||
	    (opt(c, "on") && opt_date(c, "on", &t->on, e)))
		return -1;
	if (!opt_number(c, "hours", 0, 1000, &hours))
		return err_set(e, ERR_USAGE, "--hours 0–1000");
	t->hours = hours;
	return 0;
}

int run_training_add(struct cli *c, struct err *e)
{
	int64_t *persons = calloc((size_t)c->argc, sizeof(*persons));
	struct training_new t = {.n = 0};
	int ret = persons ? training_of(c, &t, persons, e) : err_set(e, ERR_MEMORY, "training");

	if (!ret && opt(c, "dry-run"))
		ret = preview_training(c, &t, e);
	else if (!ret)
		ret = desk_training_add(c->desk, &t, e) ? -1 : say_done(c);
	free(persons);
	return ret;
}

int run_training_remove(struct cli *c, struct err *e)
{
	return by_number(c, desk_training_remove, e);
}

/* --- certificates ------------------------------------------------------------------------------------- */

static cJSON *certificate_json(const struct certificate_row *r)
{
	static const char *const standings[] = {
		[CERTIFICATE_VALID] = "valid", [CERTIFICATE_DUE] = "due", [CERTIFICATE_LAPSED] = "lapsed"};
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "certificate", (double)r->id);
	cJSON_AddNumberToObject(o, "person", (double)r->person);
	cJSON_AddStringToObject(o, "name", r->name);
	cJSON_AddStringToObject(o, "kind_word", r->kind);
	cJSON_AddStringToObject(o, "number", r->number);
	cJSON_AddStringToObject(o, "issuer", r->issuer);
	add_date(o, "valid_to", r->valid_to);
	cJSON_AddStringToObject(o, "standing", standings[r->standing]);
	return o;
}

static int certificates(struct cli *c, const char *person, struct certificate_row *rows, struct listing *l,
			struct err *e)
{
	struct certificate_row after;
	int64_t id;
	size_t n = 0;
	bool more = false;
	int ret = 0;

	if (person &&
	    (ask_person(c, person, &id, e) || desk_certificate_list(c->desk, id, rows, ROWS, &n, e)))
		return -1;
	do {
		if (!person && desk_certificate_due(c->desk, more ? &after : NULL, rows, ROWS, &n, e))
			return -1;
		for (size_t i = 0; !ret && i < n; i++)
			ret = list_add(l, certificate_json(&rows[i]), e);
		more = !person && n == ROWS;
		if (more)
			after = rows[n - 1];
	} while (!ret && more);
	return ret;
}

int run_certificate_list(struct cli *c, struct err *e)
{
	static const struct column columns[] = {
		{"certificate", N_("编号"), 6},	   {"name", N_("姓名"), 12},
		{"kind_word", N_("证书种类"), 20}, {"number", N_("证书编号"), 18},
		{"valid_to", N_("有效期至"), 10},  {"issuer", N_("发证机关"), 20}};
	struct certificate_row *rows = calloc(ROWS, sizeof(*rows));
	struct listing l;
	int ret;

	if (!rows)
		return err_set(e, ERR_MEMORY, "certificates");
	list_begin(&l, c, columns, ARRAY_LEN(columns));
	ret = certificates(c, c->argc ? c->argv[0] : NULL, rows, &l, e);
	list_end(&l);
	wipe(rows, ROWS * sizeof(*rows));
	free(rows);
	return ret;
}

int run_certificate_add(struct cli *c, struct err *e)
{
	struct certificate_new n = {.issuer = opt(c, "issuer")};
	const char *kind, *to;

	if (ask_person(c, c->argv[0], &n.person, e) || needed(c, "kind", &kind, e) ||
	    needed(c, "number", &n.number, e) || needed(c, "valid-to", &to, e) ||
	    code_of(c, "certificate_kinds", kind, &n.kind, e))
		return -1;
	if (!date_parse(to, &n.valid_to))
		return err_set(e, ERR_USAGE, "--valid-to 2028-12-31, long-term");
	return desk_certificate_add(c->desk, &n, e) ? -1 : say_done(c);
}

int run_certificate_remove(struct cli *c, struct err *e)
{
	return by_number(c, desk_certificate_remove, e);
}

/* --- marks -------------------------------------------------------------------------------------------- */

static cJSON *mark_json(const struct mark_row *r)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "mark", (double)r->id);
	cJSON_AddNumberToObject(o, "person", (double)r->person);
	cJSON_AddStringToObject(o, "name", r->name);
	cJSON_AddStringToObject(o, "reason", r->reason);
	cJSON_AddStringToObject(o, "by", r->author);
	add_date(o, "until", r->until);
	add_stamp(o, "at", r->at_ms);
	cJSON_AddBoolToObject(o, "platform", r->platform);
	cJSON_AddBoolToObject(o, "overridden", r->overridden);
	cJSON_AddBoolToObject(o, "over", r->over);
	return o;
}

static int marks(struct cli *c, const char *person, struct mark_row *rows, struct listing *l, struct err *e)
{
	int64_t id, before = 0;
	size_t n = 0;
	int ret = 0;

	if (person && (ask_person(c, person, &id, e) || desk_mark_list(c->desk, id, rows, ROWS, &n, e)))
		return -1;
	do {
		if (!person && desk_mark_page(c->desk, before, rows, ROWS, &n, e))
			return -1;
		for (size_t i = 0; !ret && i < n; i++)
			ret = list_add(l, mark_json(&rows[i]), e);
		before = n ? rows[n - 1].id : 0;
	} while (!ret && !person && n == ROWS);
	return ret;
}

int run_mark_list(struct cli *c, struct err *e)
{
	static const struct column columns[] = {{"mark", N_("编号"), 6},
						{"name", N_("姓名"), 12},
						{"until", N_("到期"), 10},
						{"by", N_("谁标记的"), 12},
						{"reason", N_("原因"), 30}};
	struct mark_row *rows = calloc(ROWS, sizeof(*rows));
	struct listing l;
	int ret;

	if (!rows)
		return err_set(e, ERR_MEMORY, "marks");
	list_begin(&l, c, columns, ARRAY_LEN(columns));
	ret = marks(c, c->argc ? c->argv[0] : NULL, rows, &l, e);
	list_end(&l);
	wipe(rows, ROWS * sizeof(*rows));
	free(rows);
	return ret;
}

int run_mark_set(struct cli *c, struct err *e)
{
	struct mark_new m = {.until = DATE_NONE};

	if (ask_person(c, c->argv[0], &m.person, e) || needed(c, "note", &m.reason, e) ||
	    (opt(c, "until") && opt_date(c, "until", &m.until, e)))
		return -1;
	return desk_mark_set(c->desk, &m, e) ? -1 : say_done(c);
}

int run_mark_lift(struct cli *c, struct err *e)
{
	return by_number(c, desk_mark_lift, e);
}

int run_mark_override(struct cli *c, struct err *e)
{
	return by_number(c, desk_mark_override, e);
}

/* --- work history ------------------------------------------------------------------------------------- */

int run_person_history(struct cli *c, struct err *e)
{
	static const struct column columns[] = {
		{"project", N_("项目"), 24}, {"contractor", N_("单位"), 16}, {"team", N_("班组"), 12},
		{"trade", N_("工种"), 10},   {"entered_on", N_("进场"), 10}, {"exited_on", N_("退场"), 10}};
	struct work_row *rows = calloc(2 * ROWS, sizeof(*rows));
	struct listing l;
	int64_t person;
	size_t n = 0;
	int ret;

	if (!rows)
		return err_set(e, ERR_MEMORY, "history");
	ret = ask_person(c, c->argv[0], &person, e) ||
			      desk_work_history(c->desk, person, rows, 2 * ROWS, &n, e)
		      ? -1
		      : 0;
	if (!ret) {
		list_begin(&l, c, columns, ARRAY_LEN(columns));
		for (size_t i = 0; !ret && i < n; i++)
			ret = list_add(&l, work_json(&rows[i]), e);
		list_end(&l);
	}
	free(rows);
	return ret;
}
