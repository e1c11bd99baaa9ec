/* SPDX-License-Identifier: GPL-3.0-or-later */
/* attendance clock, list, days, month (F1, F2). */
#include "desk/attendance.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "commands.h"

#define PAGE 100

static int month_option(struct cli *c, struct month *out, struct err *e)
{
	const char *said = opt(c, "month");

	*out = month_of(date_today());
	return !said || month_parse(said, out) ? 0 : err_set(e, ERR_USAGE, "--month 2026-11");
}

/* --- clock
 * ------------------------------------------------------------------------------------------------------------
 */

static int say_clocked(struct cli *c, const struct verdict *v, const struct clocked *k, struct err *e)
{
	cJSON *o;
	char stamp[STAMP_TEXT];

	if (!c->json) {
		stamp_format(k->at_ms, stamp);
		printf("%s  %s  %s%s\n", v->name, clock_way_word(k->way), stamp,
		       k->again ? _("  刚刚已经记过") : "");
		return 0;
	}
	o = cJSON_CreateObject();
	cJSON_AddNumberToObject(o, "person", (double)v->person);
	cJSON_AddStringToObject(o, "name", v->name);
	cJSON_AddStringToObject(o, "direction", clock_way_name(k->way));
	add_stamp(o, "at", k->at_ms);
	cJSON_AddBoolToObject(o, "again", k->again);
	cJSON_AddBoolToObject(o, "reported", k->reported);
	return print_object(o, e);
}

int run_attendance_clock(struct cli *c, struct err *e)
{
	struct clocking k = {.means = CLOCK_WORKER_CODE, .source = CLOCK_AT_DESK};
	const char *way = opt(c, "direction");
	struct clocked out;
	struct verdict v;

	if (way && (!clock_way_parse(way, &k.way) || k.way == CLOCK_UNKNOWN))
		return err_set(e, ERR_USAGE, "--direction in|out");
	if (desk_person_by_code(c->desk, c->argv[0], &k.person, e) || desk_clock(c->desk, &k, &v, &out, e))
		return -1;
	if (!v.can)
		return err_set(e, ERR_FORBIDDEN, "%s%s%s", v.why, v.would[0] ? _("；") : "", v.would);
	return say_clocked(c, &v, &out, e);
}

/* --- list
 * -------------------------------------------------------------------------------------------------------------
 */

static cJSON *clocking_json(const struct clock_row *r)
{
	cJSON *o = cJSON_CreateObject();

	cJSON_AddNumberToObject(o, "person", (double)r->person);
	cJSON_AddStringToObject(o, "name", r->name);
	add_stamp(o, "at", r->at_ms);
	cJSON_AddStringToObject(o, "direction", clock_way_name(r->way));
	cJSON_AddStringToObject(o, "direction_word", clock_way_word(r->way));
	cJSON_AddStringToObject(o, "means", clock_means_name(r->means));
	cJSON_AddStringToObject(o, "means_word", clock_means_word(r->means));
	cJSON_AddStringToObject(o, "device", r->device);
	cJSON_AddStringToObject(o, "source", clock_source_name(r->source));
	cJSON_AddBoolToObject(o, "picture", r->picture);
	return o;
}

static int print_clockings(struct cli *c, int64_t person, struct clock_row *rows, long limit,
			   struct listing *l, struct err *e)
{
	struct clock_row before;
	size_t n = 0;
	bool first = true;

	do {
		if (desk_clock_list(c->desk, person, first ? NULL : &before, rows, PAGE, &n, e))
			return -1;
		for (size_t i = 0; i < n && limit > 0; i++, limit--)
			if (list_add(l, clocking_json(&rows[i]), e))
				return -1;
		if (n)
			before = rows[n - 1];
		first = false;
	} while (n == PAGE && limit > 0);
	return 0;
}

int run_attendance_list(struct cli *c, struct err *e)
{
	static const struct column columns[] = {{"at", N_("时间"), 19},
						{"name", N_("姓名"), 12},
						{"direction_word", N_("上下班"), 10},
						{"means_word", N_("方式"), 14},
						{"device", N_("设备"), 16},
						{"source", N_("来源"), 8}};
	struct clock_row *rows;
	struct listing l;
	int64_t person = 0;
	long limit = 10000000;
	int ret;

	if (!opt_number(c, "limit", 1, 10000000, &limit))
		return err_set(e, ERR_USAGE, "--limit");
	if (opt(c, "person") && ask_person(c, opt(c, "person"), &person, e))
		return -1;
	rows = calloc(PAGE, sizeof(*rows));
	if (!rows)
		return err_set(e, ERR_MEMORY, "clockings");
	list_begin(&l, c, columns, ARRAY_LEN(columns));
	ret = print_clockings(c, person, rows, limit, &l, e);
	list_end(&l);
	free(rows);
	return ret;
}

/* --- days
 * -------------------------------------------------------------------------------------------------------------
 */

int run_attendance_days(struct cli *c, struct err *e)
{
	static const struct column columns[] = {{"day", N_("日期"), 10},
						{"first", N_("上班"), 19},
						{"last", N_("下班"), 19},
						{"clockings", N_("打卡次数"), 8}};
	struct clock_day rows[31];
	struct month month;
	struct listing l;
	int64_t person;
	size_t n;
	int ret = 0;

	if (month_option(c, &month, e) || ask_person(c, c->argv[0], &person, e) ||
	    desk_attended_days(c->desk, person, month.first, month.first + month.days - 1, rows,
			       ARRAY_LEN(rows), &n, e))
		return -1;
	list_begin(&l, c, columns, ARRAY_LEN(columns));
	for (size_t i = 0; ret == 0 && i < n; i++) {
		cJSON *o = cJSON_CreateObject();
		char day[DATE_TEXT];

		date_format(rows[i].day, day);
		cJSON_AddStringToObject(o, "day", day);
		add_stamp(o, "first", rows[i].first_ms);
		add_stamp(o, "last", rows[i].last_ms);
		cJSON_AddNumberToObject(o, "clockings", rows[i].n);
		ret = list_add(&l, o, e);
	}
	list_end(&l);
	return ret;
}

/* --- month
 * ------------------------------------------------------------------------------------------------------------
 */

/* Days by number: a list for programs, a column each for tables. */
static void add_days(cJSON *o, uint32_t days, bool columns)
{
	cJSON *list = columns ? NULL : cJSON_AddArrayToObject(o, "days");

	for (int i = 0; i < 31; i++) {
		char key[8];

		if (!(days >> i & 1))
			continue;
		if (list)
			cJSON_AddItemToArray(list, cJSON_CreateNumber(i + 1));
		text_format(key, sizeof(key), "d%d", i + 1);
		if (columns)
			cJSON_AddItemToObject(o, key, cJSON_CreateString("√"));
	}
}

static cJSON *sheet_json(const struct cli *c, const struct sheet_row *r)
{
	cJSON *o = cJSON_CreateObject();
	char rate[16] = "";

	if (r->rate >= 0)
		text_format(rate, sizeof(rate), "%d.%02d", r->rate / 100, r->rate % 100);
	cJSON_AddNumberToObject(o, "person", (double)r->person);
	cJSON_AddStringToObject(o, "name", r->name);
	cJSON_AddStringToObject(o, "tail", r->tail);
	cJSON_AddStringToObject(o, "company", r->company);
	cJSON_AddStringToObject(o, "team", r->team);
	cJSON_AddStringToObject(o, "trade", r->trade);
	add_days(o, r->days, c->exporting || !c->json);
	cJSON_AddNumberToObject(o, "attended", r->attended);
	cJSON_AddNumberToObject(o, "counted", r->counted);
	cJSON_AddStringToObject(o, "rate", rate);
	return o;
}

static int print_sheet(struct cli *c, struct sheet_query *q, long limit, struct listing *l, struct err *e)
{
	struct sheet_page page = {.row = calloc(PAGE, sizeof(*page.row)), .cap = PAGE};
	int ret = page.row ? 0 : err_set(e, ERR_MEMORY, "month sheet");

	do {
		if (!ret)
			ret = desk_month_sheet(c->desk, q, &page, e);
		for (size_t i = 0; !ret && i < page.n && limit > 0; i++, limit--)
			ret = list_add(l, sheet_json(c, &page.row[i]), e);
		q->after = page.last;
	} while (!ret && page.more && limit > 0);
	free(page.row);
	return ret;
}

#define ON(i)                                                                                                \
	{                                                                                                    \
		"d" #i, #i, 2                                                                                \
	}

int run_attendance_month(struct cli *c, struct err *e)
{
	static const struct column columns[] = {{"name", N_("姓名"), 10},
						{"team", N_("班组"), 12},
						{"trade", N_("工种"), 10},
						ON(1),
						ON(2),
						ON(3),
						ON(4),
						ON(5),
						ON(6),
						ON(7),
						ON(8),
						ON(9),
						ON(10),
						ON(11),
						ON(12),
						ON(13),
						ON(14),
						ON(15),
						ON(16),
						ON(17),
						ON(18),
						ON(19),
						ON(20),
						ON(21),
						ON(22),
						ON(23),
						ON(24),
						ON(25),
						ON(26),
						ON(27),
						ON(28),
						ON(29),
						ON(30),
						ON(31),
						{"attended", N_("天数"), 4},
						{"rate", N_("考勤率%"), 8}};
	struct roster_query roster = {.filter = ROSTER_ALL};
	struct sheet_query q = {.team = 0};
	struct listing l;
	long limit = 10000000;
	int ret;

	if (month_option(c, &q.month, e) || roster_query_of(c, &roster, &limit, e))
		return -1;
	q.team = roster.team;
	text_copy(q.text, sizeof(q.text), roster.text);
	list_begin(&l, c, columns, ARRAY_LEN(columns));
	ret = print_sheet(c, &q, limit, &l, e);
	list_end(&l);
	return ret;
}
