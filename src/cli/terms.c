/* SPDX-License-Identifier: GPL-3.0-or-later */
/* terms list, keep, settled, erase; person export. */
#include <stdlib.h>

#include "base/i18n.h"
#include "base/text.h"
#include "commands.h"
#include "desk/terms.h"

#define WHOLE_MOST (256u << 20)
#define ERASURES 16

static int kind_of(const char *word, enum term_kind *out, struct err *e)
{
	return term_parse(word, out) ? 0
				     : err_set(e, ERR_USAGE, "%s",
					       _("种类是 facts（用工和工资资料）或 pictures（考勤照片）"));
}

static void add_day(cJSON *o, const char *key, date_t day)
{
	char text[DATE_TEXT];

	date_format(day, text);
	cJSON_AddStringToObject(o, key, text);
}

static cJSON *term_json(enum term_kind kind, const struct term *t)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddStringToObject(o, "kind", term_name(kind));
	cJSON_AddStringToObject(o, "word", term_word(kind));
	cJSON_AddNumberToObject(o, "years", t->years);
	cJSON_AddNumberToObject(o, "least", t->least);
	add_day(o, "completed_on", t->completed_on);
	add_day(o, "settled_on", t->settled_on);
	add_day(o, "due_on", t->due_on);
	cJSON_AddNumberToObject(o, "due", (double)t->n);
	return o;
}

static cJSON *erasure_json(const struct erasure_row *r)
{
	cJSON *o = cJSON_CreateObject();

	add_stamp(o, "at", r->at_ms);
	cJSON_AddStringToObject(o, "kind", term_name(r->kind));
	cJSON_AddStringToObject(o, "by", r->by);
	cJSON_AddNumberToObject(o, "people", (double)r->people);
	cJSON_AddNumberToObject(o, "whole", (double)r->whole);
	cJSON_AddNumberToObject(o, "pictures", (double)r->pictures);
	cJSON_AddNumberToObject(o, "values", (double)r->values);
	cJSON_AddStringToObject(o, "sha256", r->digest);
	return o;
}

int run_terms_list(struct cli *c, struct err *e)
{
	static const struct column columns[] = {
		{"word", N_("种类"), 16},	  {"years", N_("保存年数"), 8},
		{"completed_on", N_("竣工"), 10}, {"settled_on", N_("工资结清"), 10},
		{"due_on", N_("到期"), 10},	  {"due", N_("到期数"), 6}};
	struct term terms[TERM_KINDS];
	struct listing l;
	int ret = desk_terms(c->desk, terms, e);

	if (ret)
		return -1;
	list_begin(&l, c, columns, ARRAY_LEN(columns));
	for (size_t i = 0; i < TERM_KINDS && !ret; i++)
		ret = list_add(&l, term_json((enum term_kind)i, &terms[i]), e);
	list_end(&l);
	return ret;
}

int run_terms_erased(struct cli *c, struct err *e)
{
	static const struct column columns[] = {{"at", N_("时间"), 19},	     {"kind", N_("种类"), 8},
						{"by", N_("谁"), 14},	     {"people", N_("人数"), 6},
						{"pictures", N_("照片"), 6}, {"values", N_("项数"), 8},
						{"sha256", N_("摘要"), 64}};
	struct erasure_row rows[ERASURES];
	struct listing l;
	int64_t before = 0;
	size_t n = 0;
	int ret;

	list_begin(&l, c, columns, ARRAY_LEN(columns));
	do {
		ret = desk_erasures(c->desk, before, rows, ERASURES, &n, e);
		for (size_t i = 0; ret == 0 && i < n; i++)
			ret = list_add(&l, erasure_json(&rows[i]), e);
		before = ret == 0 && n ? rows[n - 1].id : 0;
	} while (ret == 0 && n == ERASURES);
	list_end(&l);
	return ret;
}

int run_terms_keep(struct cli *c, struct err *e)
{
	enum term_kind kind;
	char *end;
	long years = strtol(c->argv[1], &end, 10);

	if (kind_of(c->argv[0], &kind, e))
		return -1;
	if (end == c->argv[1] || *end || years < 0 || years > 100)
		return err_set(e, ERR_USAGE, "%s", _("年数是一个整数"));
	return desk_term_keep(c->desk, kind, (int)years, e);
}

int run_terms_settled(struct cli *c, struct err *e)
{
	date_t on = DATE_NONE;

	if (c->argc && !date_parse(c->argv[0], &on))
		return err_set(e, ERR_USAGE, "%s", _("日期写作 2026-11-20"));
	return desk_term_settled(c->desk, on, e);
}

int run_terms_erase(struct cli *c, struct err *e)
{
	enum term_kind kind;
	struct erasure_row r;
	bool clean;
	cJSON *o;

	if (kind_of(c->argv[0], &kind, e) || desk_term_erase(c->desk, kind, opt(c, "word"), &r, &clean, e))
		return -1;
	if (c->json) {
		o = erasure_json(&r);
		cJSON_AddBoolToObject(o, "clean", clean);
		return print_object(o, e);
	}
	printf(_("已清除：%lld 人的资料（其中 %lld 人全部），%lld 张照片，共 %lld 项；摘要 %s\n"),
	       (long long)r.people, (long long)r.whole, (long long)r.pictures, (long long)r.values, r.digest);
	if (!clean)
		puts(_("还有别的会话开着，日志文件里的残余等最后一个会话退出时清掉"));
	puts(_("此前的备份里仍有这些资料，请一并销毁旧备份"));
	return 0;
}

/* --- a person's own data ------------------------------------------------------------------------------- */

int run_person_export(struct cli *c, struct err *e)
{
	struct buf b;
	int64_t person;
	int ret;

	if (ask_person(c, c->argv[0], &person, e))
		return -1;
	buf_init(&b, WHOLE_MOST);
	ret = desk_person_whole(c->desk, person, opt(c, "note"), &b, e);
	if (ret == 0)
		ret = ask_write_new(c->argv[1], &b, e);
	buf_wipe_release(&b);
	return ret;
}
