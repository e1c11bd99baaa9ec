/* SPDX-License-Identifier: GPL-3.0-or-later */
/* post list, candidates, fill, propose, approve, turn-down, vacate, absence, outage, cover, filings, unfile.
 */
#include "desk/post.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "commands.h"

#define PAGE 50
#define FILINGS_MOST 200

/* The code of a post, or its word. */
static const char *post_named(const struct cli *c)
{
	const struct profile *p = desk_profile(c->desk);
	const struct code *codes;
	size_t n = p ? profile_codes(p, "trades", &codes) : 0;

	for (size_t i = 0; i < n; i++)
		if (strcmp(codes[i].name, c->argv[0]) == 0)
			return codes[i].code;
	return c->argv[0];
}

static int seat_named(const struct cli *c, int *out, struct err *e)
{
	long seat = 1;

	if (!opt_number(c, "seat", 1, 99, &seat))
		return err_set(e, ERR_USAGE, "--seat");
	*out = (int)seat;
	return 0;
}

/* --- lists --- */

static void rate_json(cJSON *o, const struct post_row *r)
{
	char text[24];

	if (r->rated) {
		cJSON_AddNumberToObject(o, "counting", r->rate.counting);
		cJSON_AddNumberToObject(o, "needed", r->rate.needed);
		cJSON_AddNumberToObject(o, "present", r->rate.present);
		cJSON_AddNumberToObject(o, "missing", r->rate.missing);
		cJSON_AddNumberToObject(o, "left", r->rate.left);
		text_format(text, sizeof(text), "%d.%02d", r->rate.so_far / 100, r->rate.so_far % 100);
		cJSON_AddStringToObject(o, "rate", text);
		text_format(text, sizeof(text), "%d.%02d", r->rate.expected / 100, r->rate.expected % 100);
		cJSON_AddStringToObject(o, "expected", text);
		cJSON_AddBoolToObject(o, "met", r->rate.met);
		cJSON_AddBoolToObject(o, "lost", r->rate.lost);
		add_date(o, "last_start", r->rate.last_start);
	}
	if (r->five_days) {
		cJSON_AddNumberToObject(o, "days_absent", r->absence.days);
		add_date(o, "alarm_on", r->absence.alarm_on);
		cJSON_AddBoolToObject(o, "raised", r->absence.raised);
	}
}

static cJSON *post_json(const struct post_row *r)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddStringToObject(o, "post", r->post);
	cJSON_AddNumberToObject(o, "seat", r->seat);
	cJSON_AddStringToObject(o, "post_word", r->word);
	cJSON_AddStringToObject(o, "uid", r->uid);
	cJSON_AddStringToObject(o, "state", state_name(CYCLE_POST, (int)r->state));
	cJSON_AddStringToObject(o, "state_word", state_word(CYCLE_POST, (int)r->state));
	cJSON_AddNumberToObject(o, "person", (double)r->person);
	cJSON_AddStringToObject(o, "name", r->name);
	cJSON_AddStringToObject(o, "proposed", r->proposed_name);
	cJSON_AddBoolToObject(o, "locked", r->locked);
	cJSON_AddBoolToObject(o, "gone", r->gone);
	cJSON_AddBoolToObject(o, "lapsed", r->lapsed);
	cJSON_AddBoolToObject(o, "filed_today", r->filed_today);
	cJSON_AddStringToObject(o, "certificates", r->certificates);
	add_date(o, "since", r->since);
	cJSON_AddStringToObject(o, "says", r->says);
	rate_json(o, r);
	return o;
}

int run_post_list(struct cli *c, struct err *e)
{
	static const struct column columns[] = {
		{"post", N_("岗位"), 5},    {"post_word", N_("名称"), 16},    {"state_word", N_("状态"), 10},
		{"name", N_("人员"), 10},   {"present", N_("已到"), 5},	      {"needed", N_("应到"), 5},
		{"missing", N_("还差"), 5}, {"expected", N_("月末预计%"), 9}, {"says", N_("说明"), 20}};
	struct post_row *rows = calloc(POST_SEATS, sizeof(*rows));
	struct post_site site;
	struct listing l;
	size_t n = 0;
	int ret;

	if (!rows)
		return err_set(e, ERR_MEMORY, "posts");
	ret = desk_post_site(c->desk, &site, e) || desk_posts(c->desk, rows, POST_SEATS, &n, e) ? -1 : 0;
	if (ret == 0 && !c->json)
		printf("%s\n", site.says);
	list_begin(&l, c, columns, ARRAY_LEN(columns));
	for (size_t i = 0; ret == 0 && i < n; i++)
		ret = list_add(&l, post_json(&rows[i]), e);
	list_end(&l);
	free(rows);
	return ret;
}

static cJSON *candidate_json(const struct candidate *r)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "person", (double)r->person);
	cJSON_AddStringToObject(o, "name", r->name);
	cJSON_AddStringToObject(o, "company", r->company);
	cJSON_AddStringToObject(o, "trade", r->trade);
	cJSON_AddBoolToObject(o, "can", r->can);
	cJSON_AddStringToObject(o, "can_word", r->can ? _("可以") : _("不能"));
	cJSON_AddStringToObject(o, "why", r->can ? r->warning : r->why);
	cJSON_AddStringToObject(o, "would", r->would);
	return o;
}

int run_post_candidates(struct cli *c, struct err *e)
{
	static const struct column columns[] = {{"person", N_("编号"), 6}, {"name", N_("姓名"), 10},
						{"trade", N_("工种"), 12}, {"can_word", "", 5},
						{"why", N_("原因"), 30},   {"would", N_("办法"), 30}};
	struct candidate_query q = {.post = post_named(c), .all = opt(c, "all") != NULL};
	struct candidate_page page = {.cap = PAGE};
	struct listing l;
	int ret = 0;

	if (seat_named(c, &q.seat, e))
		return -1;
	text_copy(q.text, sizeof(q.text), opt(c, "search") ? opt(c, "search") : "");
	page.row = calloc(PAGE, sizeof(*page.row));
	if (!page.row)
		return err_set(e, ERR_MEMORY, "candidates");
	list_begin(&l, c, columns, ARRAY_LEN(columns));
	do {
		ret = desk_post_candidates(c->desk, &q, &page, e);
		for (size_t i = 0; ret == 0 && i < page.n; i++)
			ret = list_add(&l, candidate_json(&page.row[i]), e);
		q.after = page.last;
	} while (ret == 0 && page.more);
	list_end(&l);
	free(page.row);
	return ret;
}

/* --- acts --- */

int run_post_act(struct cli *c, struct err *e)
{
	struct post_act a = {.event = c->command->event, .post = post_named(c), .note = opt(c, "note")};

	if (seat_named(c, &a.seat, e) || opt_date(c, "on", &a.on, e) ||
	    (c->argc > 1 && ask_person(c, c->argv[1], &a.person, e)) || desk_post_act(c->desk, &a, e))
		return -1;
	if (!c->json)
		printf("%s\n", event_word(a.event));
	return 0;
}

int run_post_absence(struct cli *c, struct err *e)
{
	struct absence_new a = {.post = post_named(c), .reason = opt(c, "note")};

	if (seat_named(c, &a.seat, e) || opt_date(c, "on", &a.from, e) || opt_date(c, "to", &a.to, e))
		return -1;
	if (a.from == DATE_NONE)
		a.from = date_today();
	return desk_absence_file(c->desk, &a, e);
}

int run_post_outage(struct cli *c, struct err *e)
{
	struct outage_new o = {.reason = opt(c, "note")};
	long devices = 0, covered = 0;

	if (!opt_number(c, "devices", 1, 999, &devices) || !opt_number(c, "covered", 0, 999, &covered))
		return err_set(e, ERR_USAGE, "--devices, --covered");
	if (opt_date(c, "on", &o.from, e) || opt_date(c, "to", &o.to, e))
		return -1;
	if (o.from == DATE_NONE)
		o.from = date_today();
	o.devices = (int)devices;
	o.covered = (int)covered;
	return desk_outage_file(c->desk, &o, e);
}

static int filing_named(const struct cli *c, int64_t *out, struct err *e)
{
	char *end;

	*out = strtoll(c->argv[0], &end, 10);
	return *end || *out <= 0 ? err_set(e, ERR_USAGE, "%s", _("报备按编号指定，见 shiming post filings"))
				 : 0;
}

int run_post_cover(struct cli *c, struct err *e)
{
	long covered = 0;
	int64_t id;

	if (!opt(c, "covered") || !opt_number(c, "covered", 0, 999, &covered))
		return err_set(e, ERR_USAGE, "--covered");
	return filing_named(c, &id, e) ? -1 : desk_outage_cover(c->desk, id, (int)covered, e);
}

int run_post_unfile(struct cli *c, struct err *e)
{
	int64_t id;

	return filing_named(c, &id, e) ? -1 : desk_filing_remove(c->desk, id, opt(c, "note"), e);
}

static cJSON *filing_json(const struct filing_row *r)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "filing", (double)r->id);
	cJSON_AddStringToObject(o, "what", r->what);
	add_date(o, "from", r->from);
	add_date(o, "to", r->to);
	cJSON_AddNumberToObject(o, "devices", r->devices);
	cJSON_AddNumberToObject(o, "covered", r->covered);
	cJSON_AddBoolToObject(o, "counts", r->counts);
	cJSON_AddStringToObject(o, "reason", r->reason);
	return o;
}

int run_post_filings(struct cli *c, struct err *e)
{
	static const struct column columns[] = {{"filing", N_("编号"), 5},  {"what", N_("报备"), 16},
						{"from", N_("起"), 10},	    {"to", N_("止"), 10},
						{"devices", N_("设备"), 5}, {"covered", N_("已报备"), 6},
						{"reason", N_("原因"), 24}};
	struct filing_row *rows = calloc(FILINGS_MOST, sizeof(*rows));
	struct listing l;
	size_t n = 0;
	int ret;

	if (!rows)
		return err_set(e, ERR_MEMORY, "filings");
	ret = desk_filing_list(c->desk, rows, FILINGS_MOST, &n, e);
	list_begin(&l, c, columns, ARRAY_LEN(columns));
	for (size_t i = 0; ret == 0 && i < n; i++)
		ret = list_add(&l, filing_json(&rows[i]), e);
	list_end(&l);
	free(rows);
	return ret;
}
